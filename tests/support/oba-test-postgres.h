#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ObaTestPostgres: a private PostgreSQL for one test program, on a Unix socket in a folder of its own (in memory where there is room), without fsync. As root it
 * runs as the user postgres. It and its folder go when it is freed, and also when the program dies. The cluster is copied from one that is made once
 * for all programs (in the temporary folder; a day without use removes it).
 */
typedef struct _ObaTestPostgres ObaTestPostgres;

typedef enum
{
  OBA_TEST_POSTGRES_EMPTY,      /* nothing but PostgreSQL */
  OBA_TEST_POSTGRES_MIGRATED,   /* with the roles, and a template that has all migrations */
} ObaTestPostgresKind;

/** Where a test's servers live: in memory where there is room, else the temporary folder. TMPDIR says otherwise. */
const char      *oba_test_postgres_get_parent         (void);

/** Aborts the program with the server's log when there is no way to a server. */
ObaTestPostgres *oba_test_postgres_new                (ObaTestPostgresKind kind);
void             oba_test_postgres_free               (ObaTestPostgres *self);

/** Returns: (transfer full): the conninfo of a fresh database, migrated for OBA_TEST_POSTGRES_MIGRATED. The user is a superuser. */
char            *oba_test_postgres_new_database       (ObaTestPostgres *self);
/** The same without any migration. */
char            *oba_test_postgres_new_empty_database (ObaTestPostgres *self);
const char      *oba_test_postgres_get_directory      (ObaTestPostgres *self);
/** Returns: (transfer full): the path of a program of the server's installation, such as pgbench */
char            *oba_test_postgres_find_program       (ObaTestPostgres *self, const char *name);

void             oba_test_postgres_stop               (ObaTestPostgres *self);   /* as an administrator would */
void             oba_test_postgres_kill               (ObaTestPostgres *self);   /* as a power cut would */
void             oba_test_postgres_start              (ObaTestPostgres *self);
/** Ends every other session of the database, as pg_terminate_backend does. Returns: how many */
guint            oba_test_postgres_terminate_clients  (ObaTestPostgres *self, const char *conninfo);
/** From now on @role must give its password (SCRAM). */
void             oba_test_postgres_require_password   (ObaTestPostgres *self, const char *role);

/**
 * Restarts the server so that it also takes TLS connections on 127.0.0.1, with a certificate for "localhost" (DIRECTORY/server.crt, its own root; a
 * stranger's is DIRECTORY/other.crt). Databases that were made before have another conninfo then.
 * Returns: the port
 */
guint            oba_test_postgres_serve_tls          (ObaTestPostgres *self);
/** The same port, but without TLS. */
void             oba_test_postgres_stop_tls           (ObaTestPostgres *self);

/**
 * Runs SQL with plain libpq, apart from the code under test; an error fails the test.
 * Returns: (transfer full) (nullable): the first value of the last statement
 */
char            *oba_test_postgres_exec               (const char *conninfo, const char *sql);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTestPostgres, oba_test_postgres_free)

G_END_DECLS
