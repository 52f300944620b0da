#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  OBA_EXPORT_CUSTOMERS,
  OBA_EXPORT_SALES,          /* a row is a line of a receipt, returns included */
  OBA_EXPORT_POINTS,         /* a row is an entry of the ledger */
  OBA_EXPORT_N_KINDS,
} ObaExportKind;

typedef enum
{
  OBA_EXPORT_TEXT,
  OBA_EXPORT_PHONE,
  OBA_EXPORT_INTEGER,
  OBA_EXPORT_MONEY,          /* comes as qəpik, goes out as 12.34 */
  OBA_EXPORT_QUANTITY,       /* comes as thousandths, goes out as 1.250 */
  OBA_EXPORT_DAY,
  OBA_EXPORT_TIME,           /* local time of Baku */
} ObaExportType;

enum
{
  OBA_EXPORT_PERSONAL = 1 << 0,      /* tells who somebody is: not for the role marketing */
  OBA_EXPORT_USUAL = 1 << 1,         /* is there when no columns are chosen */
};

/** A column that can be exported. */
typedef struct
{
  const char   *name;        /* of the CSV header, in --columns; what the import calls the same field by */
  const char   *title;       /* of the workbook's header; N_() */
  ObaExportType type;
  guint         flags;
  const char   *sql;         /* in the statement of its kind; {language} is az, ru or en */
} ObaExportColumn;

/** "customers", "sales", "points" */
const char            *oba_export_kind_get_name (ObaExportKind kind);
gboolean               oba_export_kind_parse    (const char *name, ObaExportKind *kind);
/** Ends with a column without a name. */
const ObaExportColumn *oba_export_kind_columns  (ObaExportKind kind);
/** (nullable) */
const ObaExportColumn *oba_export_column_find   (ObaExportKind kind, const char *name);
/** Its title in the language of the program. */
const char            *oba_export_column_get_title (const ObaExportColumn *self);

G_END_DECLS
