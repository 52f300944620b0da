#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ObaSupervisor: several processes of `oba-helper serve` that share a port (SO_REUSEPORT), or a Unix socket each
 * ("PATH", "PATH.2", …).
 */

/**
 * Returns: (transfer full) (nullable): where the worker @number (from 1) listens; NULL with @error when @listen cannot
 * be shared
 */
char    *oba_supervisor_address (const char *listen, guint number, GError **error);

/**
 * oba_supervisor_run: starts @n_workers of this program with @arguments ("serve" and its options), says on stdout
 * where they listen when all do, starts one that died again, and ends them when @cancellable is cancelled.
 * Returns: FALSE with @error when they could not be started, or one did not stop well
 */
gboolean oba_supervisor_run     (const char *const *arguments, const char *listen, guint n_workers, GCancellable *cancellable, GError **error);

G_END_DECLS
