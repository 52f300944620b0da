#pragma once

#include "db/oba-db-connection.h"

G_BEGIN_DECLS

/**
 * What must always be true of the data. Each invariant is a read-only query (a .sql file here, or in the resource /az/oba/verify) that gives one
 * sentence for each thing that is broken, and nothing when all is well. All run in one REPEATABLE READ, READ ONLY snapshot, so that work may go on.
 * Needs to read every table: an auditor, an administrator, the owner.
 */
typedef struct
{
  char      *name;          /* "balances" */
  char      *title;         /* what is true: the first line of the query, English */
  gint64     n_broken;      /* all of them */
  GPtrArray *broken;        /* (element-type utf8): the first OBA_VERIFY_MAX_SHOWN sentences */
  double     seconds;
} ObaInvariant;

#define OBA_VERIFY_MAX_SHOWN 100

void       oba_invariant_free   (ObaInvariant *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaInvariant, oba_invariant_free)

/** Called when an invariant is about to be checked: its name, its place from 0, how many there are. */
typedef void (*ObaVerifyProgress) (const char *name, guint place, guint n, gpointer user_data);

/**
 * oba_verify_run_async:
 *
 * Checks every invariant on @connection, which must be outside a transaction and is left so. A million receipts take about a minute.
 * Errors are of OBA_DB_ERROR: the database's own. Something broken is no error, but a row of the answer.
 */
void       oba_verify_run_async  (ObaDbConnection     *connection,
                                  ObaVerifyProgress    progress,
                                  gpointer             progress_data,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data);
/** Returns: (transfer full) (element-type ObaInvariant): all of them, in the order of their names */
GPtrArray *oba_verify_run_finish (GAsyncResult *result, GError **error);

/** The same for commands without a main loop of their own. */
GPtrArray *oba_verify_run_sync   (ObaDbConnection   *connection,
                                  ObaVerifyProgress  progress,
                                  gpointer           progress_data,
                                  GCancellable      *cancellable,
                                  GError           **error);

/** How many of them are broken. */
guint      oba_verify_count_broken (GPtrArray *invariants);

G_END_DECLS
