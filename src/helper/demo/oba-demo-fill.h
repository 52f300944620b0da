#pragma once

#include "oba-demo-chain.h"
#include "db/oba-db-connection.h"

G_BEGIN_DECLS

/** What a fill tells on its way; on the caller's thread. */
typedef struct
{
  /** A stage begins; @total is what it will count to, 0 when it cannot tell. @label is translated. */
  void (*stage)    (const char *label, gint64 total, gpointer user_data);
  void (*progress) (gint64 done, gpointer user_data);
} ObaDemoReporter;

/**
 * oba_demo_fill: fills an empty, migrated database, as its owner, in one transaction: when it fails or is cancelled, or the computer
 * stops, the database is as empty as before. Only the dashboards' totals come after it, as they do in daily life.
 * Returns: how many receipts it holds now, returns included; -1 on error
 * Errors: OBA_ERROR_REFUSED when there is something in it already (nothing was changed), else the database's.
 */
gint64 oba_demo_fill (ObaDbConnection *connection, const ObaDemoOptions *options, const ObaDemoReporter *reporter, gpointer user_data,
                      GCancellable *cancellable, GError **error);

G_END_DECLS
