#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  OBA_IMPORT_STORES,
  OBA_IMPORT_PRODUCTS,
  OBA_IMPORT_CUSTOMERS,
  OBA_IMPORT_SALES,
} ObaImportKind;

typedef enum
{
  OBA_IMPORT_TEXT,
  OBA_IMPORT_PATH,           /* several columns are the levels of one path */
  OBA_IMPORT_BARCODE,
  OBA_IMPORT_PHONE,
  OBA_IMPORT_EMAIL,
  OBA_IMPORT_LANGUAGE,
  OBA_IMPORT_UNIT,
  OBA_IMPORT_DAY,
  OBA_IMPORT_TIME,
  OBA_IMPORT_INTEGER,
  OBA_IMPORT_DEGREES,
  OBA_IMPORT_PERCENT,        /* stored as a thousandth */
  OBA_IMPORT_MONEY,          /* several columns are added up */
  OBA_IMPORT_QUANTITY,
} ObaImportType;

/** A value that a file may give, and where it goes. */
typedef struct
{
  const char   *name;        /* as in --map */
  ObaImportType type;
  const char   *column;      /* of the staging table; neighbours with the same column: the first that is not empty counts */
  const char   *prefix;      /* (nullable): tells them apart there */
  gint64        max;         /* characters, or the largest value */
  guint         flags;
  const char   *synonyms;    /* header names that mean it, without spaces and signs, with a bar between them */
} ObaImportField;

enum
{
  OBA_IMPORT_REQUIRED = 1 << 0,     /* the column must be there, and no row may leave it empty */
  OBA_IMPORT_EITHER = 1 << 1,       /* one of those with this flag and the same column (customers: of all) is required */
  OBA_IMPORT_KEY = 1 << 2,          /* kept of a faulty row, so that the receipt is known */
  OBA_IMPORT_LINES = 1 << 3,        /* a text that may have several lines */
};

gboolean              oba_import_kind_parse (const char *text, ObaImportKind *kind);
/** Ends with a field without a name. */
const ObaImportField *oba_import_kind_fields (ObaImportKind kind);

/** What people call the field @name: "Birth date". */
const char           *oba_import_field_title (const char *name);
/** The same within a sentence; English sentences say the field's own name, as commands do. */
const char           *oba_import_field_word  (const char *name);

/** Which columns of a file give which fields. */
typedef struct
{
  const ObaImportField *fields;
  guint                 n_fields;
  GArray              **columns;      /* of each field: int column numbers */
} ObaImportMapping;

/**
 * oba_import_mapping_new:
 * @map: (nullable): "field=column+column,field=column"; "field=" leaves a field out that would be found by its name
 *
 * Fields that @map does not name are found by their names and their synonyms, whatever the case.
 * OBA_ERROR_INVALID_INPUT names what is missing and what the file has.
 */
ObaImportMapping     *oba_import_mapping_new  (ObaImportKind kind, const char *const *header, const char *map, GError **error);
/** What the names of the columns tell, even when something needed is missing. */
ObaImportMapping     *oba_import_mapping_guess (ObaImportKind kind, const char *const *header);
/** @columns: of each field its column, -1 for none, as somebody chose them. OBA_ERROR_INVALID_INPUT when something needed is missing. */
ObaImportMapping     *oba_import_mapping_new_columns (ObaImportKind kind, const char *const *header, const int *columns, guint n_columns, GError **error);
void                  oba_import_mapping_free (ObaImportMapping *self);
/** {"field": ["column", ...]}: kept with the batch. (transfer full) */
char                 *oba_import_mapping_to_json (const ObaImportMapping *self, const char *const *header);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaImportMapping, oba_import_mapping_free)

G_END_DECLS
