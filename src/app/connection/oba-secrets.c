#include "oba-secrets.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>


static const SecretSchema schema = {
  "az.oba.BackOffice.Password",
  SECRET_SCHEMA_NONE,
  {
    { "host", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "port", SECRET_SCHEMA_ATTRIBUTE_INTEGER },
    { "database", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "user", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static void
lookup_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *password = secret_password_lookup_finish (result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, password, (GDestroyNotify) secret_password_free);
}

void
oba_secrets_lookup_async (const ObaConnectionSettings *settings, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_secrets_lookup_async);
  secret_password_lookup (&schema, cancellable, lookup_cb, task, "host", settings->host, "port", (int) settings->port,
                          "database", settings->database, "user", settings->user, NULL);
}

char *
oba_secrets_lookup_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
oba_secrets_free (char *password)
{
  secret_password_free (password);
}

static void
store_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
clear_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
oba_secrets_store_async (const ObaConnectionSettings *settings,
                         const char                  *password,
                         GCancellable                *cancellable,
                         GAsyncReadyCallback          callback,
                         gpointer                     user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *label = NULL;

  g_task_set_source_tag (task, oba_secrets_store_async);
  if (password == NULL)
    {
      secret_password_clear (&schema, cancellable, clear_cb, task, "host", settings->host, "port", (int) settings->port,
                             "database", settings->database, "user", settings->user, NULL);
      return;
    }
  /* Translators: the name of the password in the person's keyring; %s are user and host. */
  label = g_strdup_printf (_ ("OBA Back Office: %s at %s"), settings->user, settings->host);
  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, password, cancellable, store_cb, task, "host", settings->host,
                         "port", (int) settings->port, "database", settings->database, "user", settings->user, NULL);
}

gboolean
oba_secrets_store_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
