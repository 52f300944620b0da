#pragma once

#include <gio/gio.h>

#include "db/oba-db-connection.h"

G_BEGIN_DECLS

/*
 * Runs the real oba-helper as a person would, with a home of its own under /tmp: nothing of the user's configuration or servers is seen.
 * HelperHome also is the fixture's private server: start it with "local start"; helper_home_free() stops it and removes all.
 */
typedef struct
{
  char *path;        /* everybody may enter it, as postgres must */
  char *data_home;
  char *program;
  gboolean as_nobody;
  const char *locale;   /* (nullable): instead of C.UTF-8 */
  GSubprocess *guard;
} HelperHome;

typedef struct
{
  int status;        /* exit code, or 128 + signal */
  char *out;
  char *err;
} HelperRun;

/** @data_name: the folder in it that XDG_DATA_HOME names */
HelperHome  *helper_home_new  (gboolean as_nobody, const char *data_name);
void         helper_home_free (HelperHome *home);

/** The arguments end with NULL. */
HelperRun   *helper_run       (HelperHome *home, const char *argument, ...) G_GNUC_NULL_TERMINATED;
GSubprocess *helper_spawn     (HelperHome *home, const char *argument, ...) G_GNUC_NULL_TERMINATED;
HelperRun   *helper_wait      (GSubprocess *process);
void         helper_run_free  (HelperRun *run);

/** A connection to a new, empty database @name of the home's server, and its URI. */
ObaDbConnection *helper_new_database (HelperHome *home, const char *name, char **uri);
/** The text of column 0 of row 0 */
char            *helper_query        (ObaDbConnection *connection, const char *sql);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HelperHome, helper_home_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HelperRun, helper_run_free)

#define helper_assert_run(run, expected_status, expected_out, expected_err) \
  G_STMT_START { \
    const HelperRun *r_ = (run); \
    if (r_->status != (expected_status) || strstr (r_->out, (expected_out)) == NULL || strstr (r_->err, (expected_err)) == NULL) \
      g_error ("expected exit code %d, “%s” and “%s”, got %d\nstdout: %s\nstderr: %s", \
               (expected_status), (expected_out), (expected_err), r_->status, r_->out, r_->err); \
  } G_STMT_END

G_END_DECLS
