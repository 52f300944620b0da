#pragma once

#include "oba-csv-reader.h"
#include "oba-import-fields.h"
#include "oba-import-value.h"

G_BEGIN_DECLS

/** Makes rows of COPY's text format of the records of a file; everything that one value can say about itself is checked here. */
typedef struct
{
  ObaImportKind           kind;
  const ObaImportMapping *mapping;
  ObaDecimalMark          decimal;
  const char             *null_text;       /* (nullable) */
  gint64                  max_quantity;    /* thousandths */
  gboolean                daily_numbers;   /* put the day into the receipt number */
  int                     today;           /* 20170128, of the business */
  int                     tomorrow;

  /* What was kept, but not as it stood in the file. */
  gint64 rounded;
  gint64 zero_quantity;

  GPtrArray *cells;
  GString   *scratch;
} ObaImportRows;

void oba_import_rows_init   (ObaImportRows *self, ObaImportKind kind, const ObaImportMapping *mapping);
void oba_import_rows_clear  (ObaImportRows *self);
/** Appends one line. A row that is no good has only its line, the code of its fault and what is known of its key. */
void oba_import_rows_append (ObaImportRows *self, const ObaCsvRecord *record, GString *copy);

G_END_DECLS
