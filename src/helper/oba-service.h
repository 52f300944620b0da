#pragma once

#include "base/oba-config-file.h"

G_BEGIN_DECLS

/** ObaService: all of `oba-helper serve` in one process: HTTP, API, Telegram, jobs, around one pool of connections. */
typedef struct _ObaService ObaService;

/**
 * oba_service_new: reads the configuration and its secrets and listens; serves nothing yet. The database need not be
 * there.
 * @listen: "127.0.0.1:8080", "unix:PATH"; @number: of this process among those that serve together
 * Returns: (transfer full) (nullable): NULL with @error
 */
ObaService *oba_service_new     (ObaConfigFile *config, const char *conninfo, const char *listen, guint number, GError **error);
void        oba_service_free    (ObaService *self);
const char *oba_service_get_uri (ObaService *self);
/** Serves until @cancellable is cancelled and what was running has finished (or its time is over). */
gboolean    oba_service_run     (ObaService *self, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaService, oba_service_free)

G_END_DECLS
