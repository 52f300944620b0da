#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** ObaDbResult: rows of one statement, owned. Strings live as long as it does. Row and column out of range are programming errors. */
typedef struct _ObaDbResult ObaDbResult;

ObaDbResult *oba_db_result_ref         (ObaDbResult *self);
void         oba_db_result_unref       (ObaDbResult *self);
guint        oba_db_result_get_n_rows  (ObaDbResult *self);
guint        oba_db_result_get_n_columns (ObaDbResult *self);
gint64       oba_db_result_get_affected (ObaDbResult *self);                 /* rows of INSERT/UPDATE/DELETE/COPY; 0 when none */
const char  *oba_db_result_get_column_name (ObaDbResult *self, guint column);
int          oba_db_result_find_column (ObaDbResult *self, const char *name); /* -1 when there is none */

gboolean     oba_db_result_is_null     (ObaDbResult *self, guint row, guint column);
const char  *oba_db_result_get_text    (ObaDbResult *self, guint row, guint column);   /* "" for NULL */
gint64       oba_db_result_get_int64   (ObaDbResult *self, guint row, guint column);   /* 0 for NULL */
double       oba_db_result_get_double  (ObaDbResult *self, guint row, guint column);
gboolean     oba_db_result_get_bool    (ObaDbResult *self, guint row, guint column);
GDateTime   *oba_db_result_get_time    (ObaDbResult *self, guint row, guint column);   /* timestamptz; (transfer full) (nullable) */
GDate       *oba_db_result_get_date    (ObaDbResult *self, guint row, guint column);   /* (transfer full) (nullable) */

/* The same by the name of a column, which is there. */
const char  *oba_db_row_text           (ObaDbResult *self, guint row, const char *column);
gint64       oba_db_row_int64          (ObaDbResult *self, guint row, const char *column);
gboolean     oba_db_row_bool           (ObaDbResult *self, guint row, const char *column);
GDateTime   *oba_db_row_time           (ObaDbResult *self, guint row, const char *column);
GDate       *oba_db_row_date           (ObaDbResult *self, guint row, const char *column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaDbResult, oba_db_result_unref)

G_END_DECLS
