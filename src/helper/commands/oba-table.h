#pragma once

#include <stdio.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * ObaTable: rows to show: aligned columns for people, JSON (an array of objects) and CSV (RFC 4180, with a heading) for machines.
 * Machine formats are UTF-8 with the same keys and plain values in every language.
 */
typedef struct _ObaTable ObaTable;

typedef enum
{
  OBA_TABLE_HUMAN,
  OBA_TABLE_JSON,
  OBA_TABLE_CSV,
} ObaTableFormat;

typedef enum
{
  OBA_COLUMN_TEXT,
  OBA_COLUMN_INTEGER,   /* an amount: digits grouped for people */
  OBA_COLUMN_ID,        /* a number that is a name: never grouped */
  OBA_COLUMN_MONEY,     /* gint64 qəpik: "1 234,50 ₼" for people, 1234.50 in files */
  OBA_COLUMN_REAL,
  OBA_COLUMN_BOOLEAN,
  OBA_COLUMN_TIME,      /* local time for people, ISO 8601 in files */
} ObaColumnType;

/** "table", "json" or "csv" */
gboolean  oba_table_format_parse (const char *text, ObaTableFormat *format);

ObaTable *oba_table_new          (void);
void      oba_table_free         (ObaTable *self);

/** @key: the name in JSON and CSV; @title: (nullable): the heading for people, translated. All columns before the first row. */
void      oba_table_add_column   (ObaTable *self, const char *key, const char *title, ObaColumnType type);

/* A row's cells, from left to right; the next call after the last column begins a new row. */
void      oba_table_add_text     (ObaTable *self, const char *value);   /* NULL: no value */
void      oba_table_add_integer  (ObaTable *self, gint64 value);        /* also for ID and MONEY */
void      oba_table_add_real     (ObaTable *self, double value, int decimals);
void      oba_table_add_boolean  (ObaTable *self, gboolean value);
void      oba_table_add_time     (ObaTable *self, GDateTime *value);    /* NULL: no value */
void      oba_table_add_null     (ObaTable *self);

/** For one thing with many properties: people get a line a column instead of one wide row. */
void      oba_table_set_upright  (ObaTable *self);

guint     oba_table_get_n_rows   (ObaTable *self);

/** Returns: (transfer full): the whole as text, with a last newline. */
char     *oba_table_to_string    (ObaTable *self, ObaTableFormat format);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTable, oba_table_free)

G_END_DECLS
