#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The sample database, made ready from whatever is there: the private server started, its tables made, the sample chain filled in by the
 * helper when there are no sales yet.
 * ObaSampleProgress: @stage is a title, @detail (nullable) a line under it, @fraction 0-1 or negative when it is not known.
 */
typedef void (*ObaSampleProgress) (const char *stage, const char *detail, double fraction, gpointer user_data);

void  oba_sample_setup_async  (ObaSampleProgress    progress,
                               gpointer             progress_data,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data);
/** Returns: (transfer full) (nullable): its connection string */
char *oba_sample_setup_finish (GAsyncResult *result, GError **error);

G_END_DECLS
