#pragma once

#include "oba-demo-rows.h"
#include "db/oba-db-connection.h"

G_BEGIN_DECLS

/** COPY of @text (rows) into "oba.receipts (columns)". An empty text is nothing to do. */
gboolean oba_demo_copy (ObaDbConnection *connection, const char *target, const char *columns, const GString *text,
                        GCancellable *cancellable, GError **error);

typedef void (*ObaDemoCount) (gint64 receipts, gpointer user_data);

/**
 * oba_demo_write_receipts: runs the chain in a thread of its own and copies what it makes into the database from this one, at most some
 * megabytes behind. Months that are not in @old_months (NULL-terminated, "2026_11") must have been given their partitions in this very
 * transaction: their rows are written frozen, so that nobody has to visit them again.
 * What was redeemed goes into the temporary table demo_redemptions.
 * Returns: how many receipts, returns included; -1 on error
 */
gint64 oba_demo_write_receipts (ObaDemoRows *rows, ObaDbConnection *connection, const char *const *old_months, ObaDemoCount count,
                                gpointer user_data, GCancellable *cancellable, GError **error);

G_END_DECLS
