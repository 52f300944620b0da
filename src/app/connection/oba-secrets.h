#pragma once

#include "oba-connection-settings.h"

G_BEGIN_DECLS

/** The password of a central database in the person's keyring (Secret Service). A missing keyring is an error here and none to the sign-in. */

/** Finishes with NULL and no error when nothing is kept. */
void      oba_secrets_lookup_async  (const ObaConnectionSettings *settings, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char     *oba_secrets_lookup_finish (GAsyncResult *result, GError **error);      /* free with oba_secrets_free */
void      oba_secrets_free          (char *password);

/** @password NULL forgets what is kept. */
void      oba_secrets_store_async   (const ObaConnectionSettings *settings, const char *password, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
gboolean  oba_secrets_store_finish  (GAsyncResult *result, GError **error);

G_END_DECLS
