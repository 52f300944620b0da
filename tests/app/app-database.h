#pragma once

#include "oba-session.h"
#include "oba-test-postgres.h"

G_BEGIN_DECLS

/** A fresh, migrated, empty database on a private PostgreSQL of this test program. */
typedef struct _AppDatabase AppDatabase;

AppDatabase     *app_database_new          (void);
void             app_database_free         (AppDatabase *self);
ObaTestPostgres *app_database_get_server   (AppDatabase *self);
const char      *app_database_get_conninfo (AppDatabase *self);      /* as the owner */

/** Runs a script as the owner. */
void             app_database_run          (AppDatabase *self, const char *sql);
/** The first value of a query's first row. (transfer full) */
char            *app_database_ask          (AppDatabase *self, const char *sql);
/** Two stores, two products, and no sale. */
void             app_database_add_chain    (AppDatabase *self);
/** A till posts a receipt of @qepik now, and the helper's job folds it into the rollups. */
void             app_database_sell         (AppDatabase *self, gint64 qepik);

/** Signs in as the owner and waits until it is done. (transfer full) */
ObaSession      *app_database_sign_in      (AppDatabase *self);
/** The same by another way or as somebody else. (transfer full) */
ObaSession      *app_database_sign_in_at   (const char *conninfo);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AppDatabase, app_database_free)

G_END_DECLS
