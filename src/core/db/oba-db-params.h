#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ObaDbParams: the $1, $2... of a statement, in order. Reference counted; not changed after it is handed to a query. */
typedef struct _ObaDbParams ObaDbParams;

ObaDbParams *oba_db_params_new   (void);
ObaDbParams *oba_db_params_ref   (ObaDbParams *self);
void         oba_db_params_unref (ObaDbParams *self);

/* Each returns @self, so that calls chain. NULL text is SQL NULL. Types are given to the server, text stays "unknown". */
ObaDbParams *oba_db_params_add_null        (ObaDbParams *self);
ObaDbParams *oba_db_params_add_bool        (ObaDbParams *self, gboolean value);
ObaDbParams *oba_db_params_add_int64       (ObaDbParams *self, gint64 value);
ObaDbParams *oba_db_params_add_double      (ObaDbParams *self, double value);
ObaDbParams *oba_db_params_add_text        (ObaDbParams *self, const char *value);
ObaDbParams *oba_db_params_add_bytes       (ObaDbParams *self, GBytes *value);
ObaDbParams *oba_db_params_add_int64_array (ObaDbParams *self, const gint64 *values, gsize n);
ObaDbParams *oba_db_params_add_text_array  (ObaDbParams *self, const char *const *values);

/** One line for the frequent case; @types has a letter a parameter: i gint64, d double, b gboolean, t const char*. "" for none. */
ObaDbParams *oba_db_params_build           (const char *types, ...);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaDbParams, oba_db_params_unref)

G_END_DECLS
