#include "oba-db-result-private.h"

#include <stdlib.h>
#include <string.h>

struct _ObaDbResult
{
  gatomicrefcount ref_count;
  PGresult *result;
  guint n_rows;
  guint n_columns;
};

ObaDbResult *
oba_db_result_new (PGresult *result)
{
  ObaDbResult *self = g_new (ObaDbResult, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->result = result;
  self->n_rows = (guint) PQntuples (result);
  self->n_columns = (guint) PQnfields (result);
  return self;
}

ObaDbResult *
oba_db_result_ref (ObaDbResult *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
oba_db_result_unref (ObaDbResult *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  PQclear (self->result);
  g_free (self);
}

guint
oba_db_result_get_n_rows (ObaDbResult *self)
{
  return self->n_rows;
}

guint
oba_db_result_get_n_columns (ObaDbResult *self)
{
  return self->n_columns;
}

gint64
oba_db_result_get_affected (ObaDbResult *self)
{
  return strtoll (PQcmdTuples (self->result), NULL, 10);
}

const char *
oba_db_result_get_command (ObaDbResult *self)
{
  return PQcmdStatus (self->result);
}

const char *
oba_db_result_get_column_name (ObaDbResult *self, guint column)
{
  g_return_val_if_fail (column < self->n_columns, "");
  return PQfname (self->result, (int) column);
}

/* Not PQfnumber: that folds case and wants quotes. */
int
oba_db_result_find_column (ObaDbResult *self, const char *name)
{
  for (guint i = 0; i < self->n_columns; i++)
    if (strcmp (PQfname (self->result, (int) i), name) == 0)
      return (int) i;
  return -1;
}

gboolean
oba_db_result_is_null (ObaDbResult *self, guint row, guint column)
{
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, TRUE);
  return PQgetisnull (self->result, (int) row, (int) column);
}

const char *
oba_db_result_get_text (ObaDbResult *self, guint row, guint column)
{
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, "");
  return PQgetvalue (self->result, (int) row, (int) column);
}

gint64
oba_db_result_get_int64 (ObaDbResult *self, guint row, guint column)
{
  return strtoll (oba_db_result_get_text (self, row, column), NULL, 10);
}

double
oba_db_result_get_double (ObaDbResult *self, guint row, guint column)
{
  return g_ascii_strtod (oba_db_result_get_text (self, row, column), NULL);
}

gboolean
oba_db_result_get_bool (ObaDbResult *self, guint row, guint column)
{
  return *oba_db_result_get_text (self, row, column) == 't';
}

/**
 * oba_db_result_get_time:
 *
 * Returns: (transfer full) (nullable): a timestamptz with the session's offset (Asia/Baku); NULL for NULL and for
 * infinity
 */
GDateTime *
oba_db_result_get_time (ObaDbResult *self, guint row, guint column)
{
  return g_date_time_new_from_iso8601 (oba_db_result_get_text (self, row, column), NULL);
}

/**
 * oba_db_result_get_date:
 *
 * Returns: (transfer full) (nullable): a date, or the day of a timestamp; NULL for NULL and for what GDate cannot hold
 */
GDate *
oba_db_result_get_date (ObaDbResult *self, guint row, guint column)
{
  const char *text = oba_db_result_get_text (self, row, column);
  char *end = NULL;
  guint64 year = g_ascii_strtoull (text, &end, 10);
  guint64 month;
  guint64 day;

  if (*end != '-' || year == 0 || year > 9999)
    return NULL;
  month = g_ascii_strtoull (end + 1, &end, 10);
  if (*end != '-')
    return NULL;
  day = g_ascii_strtoull (end + 1, &end, 10);
  if (month > 12 || day > 31 || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return NULL;
  return g_date_new_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year);
}

static guint
column_of (ObaDbResult *self, const char *name)
{
  int column = oba_db_result_find_column (self, name);

  g_assert (column >= 0);
  return (guint) column;
}

const char *
oba_db_row_text (ObaDbResult *self, guint row, const char *column)
{
  return oba_db_result_get_text (self, row, column_of (self, column));
}

gint64
oba_db_row_int64 (ObaDbResult *self, guint row, const char *column)
{
  return oba_db_result_get_int64 (self, row, column_of (self, column));
}

gboolean
oba_db_row_bool (ObaDbResult *self, guint row, const char *column)
{
  return oba_db_result_get_bool (self, row, column_of (self, column));
}

GDateTime *
oba_db_row_time (ObaDbResult *self, guint row, const char *column)
{
  return oba_db_result_get_time (self, row, column_of (self, column));
}

GDate *
oba_db_row_date (ObaDbResult *self, guint row, const char *column)
{
  return oba_db_result_get_date (self, row, column_of (self, column));
}
