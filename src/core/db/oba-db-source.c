#include "oba-config.h"
#include "oba-db-source.h"

#include <libpq-fe.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "oba-migrator.h"

static const char *
non_empty (const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

char *
oba_db_source_choose (const char *given, const char *configured, GError **error)
{
  const char *chosen = non_empty (given);
  char *problem = NULL;
  PQconninfoOption *options;

  if (chosen == NULL)
    chosen = non_empty (g_getenv ("OBA_DATABASE"));
  if (chosen == NULL)
    chosen = non_empty (configured);
  if (chosen == NULL)
    return g_strdup ("");

  options = PQconninfoParse (chosen, &problem);
  if (options == NULL)
    {
      g_autofree char *reason = g_strchomp (g_strdup (problem != NULL ? problem : ""));

      g_set_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION,
                   _ ("The name of the database is not understood (%s). It looks like “host=db.example.az dbname=oba "
                      "user=aysel” or “postgresql://aysel@db.example.az/oba”."),
                   reason);
      PQfreemem (problem);
      return NULL;
    }
  PQconninfoFree (options);

  return g_strdup (chosen);
}

static const char *
option_value (const PQconninfoOption *options, const char *keyword)
{
  for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
    if (strcmp (option->keyword, keyword) == 0)
      return non_empty (option->val);
  return NULL;
}

char *
oba_db_source_describe (const char *conninfo)
{
  PQconninfoOption *given = PQconninfoParse (conninfo, NULL);
  PQconninfoOption *defaults = PQconndefaults ();
  const char *keywords[] = { "dbname", "host", "user" };
  const char *values[G_N_ELEMENTS (keywords)] = { NULL };
  char *text;

  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    {
      if (given != NULL)
        values[i] = option_value (given, keywords[i]);
      if (values[i] == NULL && defaults != NULL)
        values[i] = option_value (defaults, keywords[i]);
    }
  /* Translators: a database, its server, a user. */
  text = g_strdup_printf (_ ("%s on %s as %s"), values[0] != NULL ? values[0] : "?",
                          values[1] == NULL || values[1][0] == '/' ? _ ("this computer") : values[1],
                          values[2] != NULL ? values[2] : "?");
  PQconninfoFree (given);
  PQconninfoFree (defaults);

  return text;
}

char *
oba_db_source_open_local (ObaLocalServer *server, GCancellable *cancellable, GError **error)
{
  g_autoptr (ObaLocalServer) local = server != NULL ? g_object_ref (server) : oba_local_server_new (NULL);
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autofree char *conninfo = NULL;

  if (!oba_local_server_start (local, cancellable, error))
    return NULL;
  conninfo = oba_local_server_get_uri (local);
  connection = oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, cancellable, error);
  if (connection == NULL || oba_migrator_apply (connection, NULL, NULL, NULL, cancellable, error) < 0)
    return NULL;

  return g_steal_pointer (&conninfo);
}

static void
open_local_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  /* Without a context of its own, its connection would be watched by the main thread, too. */
  g_autoptr (GMainContext) own = g_main_context_new ();
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (own);
  GError *error = NULL;
  char *conninfo = oba_db_source_open_local (task_data, cancellable, &error);

  if (conninfo != NULL)
    g_task_return_pointer (task, conninfo, g_free);
  else
    g_task_return_error (task, error);
}

void
oba_db_source_open_local_async (ObaLocalServer *server,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_db_source_open_local_async);
  if (server != NULL)
    g_task_set_task_data (task, g_object_ref (server), g_object_unref);
  g_task_run_in_thread (task, open_local_in_thread);
}

char *
oba_db_source_open_local_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
