#include "oba-health.h"

#include "db/oba-db-sql.h"
#include "db/oba-migrator.h"

#define PATIENCE_MS 2000
#define SCHEMA_GOOD_FOR (10 * G_USEC_PER_SEC)

struct _ObaHealth
{
  ObaDbPool *pool;
  ObaHttpServer *server; /* (unowned) */
  ObaMetrics *metrics;   /* (unowned) */
  gint64 schema_checked; /* monotonic; 0: never well */
};

/* A question to the database for somebody who will not wait long. */
typedef struct
{
  ObaHealth *self;
  ObaHttpRequest *request;
  GCancellable *cancellable;
  guint timer_id;
  double lag;
} Probe;

static gboolean
patience_over (gpointer user_data)
{
  Probe *probe = user_data;

  probe->timer_id = 0;
  g_cancellable_cancel (probe->cancellable);
  return G_SOURCE_REMOVE;
}

static Probe *
probe_new (ObaHealth *self, ObaHttpRequest *request)
{
  Probe *probe = g_new0 (Probe, 1);

  probe->self = self;
  probe->request = g_object_ref (request);
  probe->cancellable = g_cancellable_new ();
  probe->timer_id = g_timeout_add (PATIENCE_MS, patience_over, probe);
  return probe;
}

static void
probe_free (Probe *probe)
{
  g_clear_handle_id (&probe->timer_id, g_source_remove);
  g_object_unref (probe->cancellable);
  g_object_unref (probe->request);
  g_free (probe);
}

/* /healthz */

static void
get_health (ObaHttpRequest *request, gpointer user_data)
{
  oba_http_request_respond_text (request, SOUP_STATUS_OK, "text/plain; charset=utf-8", "alive\n");
}

/* /readyz */

static void
respond_ready (Probe *probe, const char *database, const char *schema)
{
  gboolean ready = g_str_equal (database, "online") && g_str_equal (schema, "current");
  char lag[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text = NULL;

  g_ascii_formatd (lag, sizeof lag, "%.3f", probe->lag);
  text = g_strdup_printf ("{\"ready\":%s,\"database\":\"%s\",\"schema\":\"%s\",\"fold_lag_seconds\":%s}\n",
                          ready ? "true" : "false", database, schema, lag);
  oba_http_request_respond_text (probe->request, ready ? SOUP_STATUS_OK : SOUP_STATUS_SERVICE_UNAVAILABLE,
                                 "application/json", text);
  probe_free (probe);
}

static void
check_schema_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection =
      oba_db_connection_open_sync (task_data, OBA_DB_CONNECTION_DEFAULT, cancellable, &error);

  if (connection != NULL && oba_migrator_check (connection, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
  if (connection != NULL)
    oba_db_connection_close (connection);
}

static void
schema_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Probe *probe = user_data;
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      probe->self->schema_checked = g_get_monotonic_time ();
      respond_ready (probe, "online", "current");
    }
  else if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_SCHEMA))
    respond_ready (probe, "online", "other");
  else
    respond_ready (probe, "offline", "unknown");
}

static void
check_schema (Probe *probe)
{
  g_autoptr (GTask) task = NULL;

  if (probe->self->schema_checked != 0 && g_get_monotonic_time () - probe->self->schema_checked < SCHEMA_GOOD_FOR)
    {
      respond_ready (probe, "online", "current");
      return;
    }
  probe->self->schema_checked = 0;
  task = g_task_new (NULL, probe->cancellable, schema_checked, probe);
  g_task_set_task_data (task, g_strdup (oba_db_pool_get_conninfo (probe->self->pool)), g_free);
  g_task_run_in_thread (task, check_schema_in_thread);
}

static void
lag_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Probe *probe = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  const char *sqlstate = rows == NULL ? oba_db_error_get_sqlstate (error) : "";

  if (rows != NULL)
    {
      if (oba_db_result_get_n_rows (rows) > 0)
        probe->lag = oba_db_result_get_double (rows, 0, 0);
      check_schema (probe);
    }
  else if (g_str_has_prefix (sqlstate, "42") || g_str_has_prefix (sqlstate, "3F"))
    check_schema (probe); /* no such table: the schema check says what is the matter */
  else
    respond_ready (probe, "offline", "unknown");
}

static void
get_ready (ObaHttpRequest *request, gpointer user_data)
{
  ObaHealth *self = user_data;
  Probe *probe = probe_new (self, request);

  oba_db_pool_read_async (self->pool, oba_db_sql ("http/ready.sql"), NULL, probe->cancellable, lag_read, probe);
}

/* /metrics */

static void
append_queues (GString *text, ObaDbResult *rows)
{
  static const struct
  {
    const char *name;
    const char *label;
  } gauges[] = {
    { "oba_telegram_updates", "state=\"new\"" },    { "oba_telegram_updates", "state=\"working\"" },
    { "oba_telegram_updates", "state=\"poison\"" }, { "oba_outbox_messages", "state=\"queued\"" },
    { "oba_outbox_messages", "state=\"sending\"" }, { "oba_outbox_messages", "state=\"dead\"" },
    { "oba_outbox_oldest_seconds", NULL },          { "oba_outbox_messages", "state=\"failed\"" },
    { "oba_outbox_messages", "state=\"blocked\"" }, { "oba_outbox_messages", "state=\"unknown\"" },
    { "oba_outbox_errors_day", NULL },              { "oba_outbox_pace", NULL },
    { "oba_broadcasts_running", NULL },             { "oba_broadcast_messages_waiting", NULL },
    { "oba_telegram_updates_oldest_seconds", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (gauges); i++)
    oba_metrics_append_gauge (text, gauges[i].name, gauges[i].label, oba_db_result_get_double (rows, 0, i));
}

static void
respond_metrics (Probe *probe, GString *text)
{
  ObaHealth *self = probe->self;

  oba_metrics_append_all (self->metrics, text);
  oba_metrics_append_gauge (text, "oba_http_connections", NULL, oba_http_server_get_connections (self->server));
  oba_metrics_append_gauge (text, "oba_database_online", NULL,
                            oba_db_pool_get_state (self->pool) == OBA_DB_POOL_ONLINE);
  oba_metrics_append_gauge (text, "oba_database_connections", NULL, oba_db_pool_get_n_connections (self->pool));
  oba_metrics_append_gauge (text, "oba_database_statements", NULL, oba_db_pool_get_n_statements (self->pool));
  oba_http_request_respond_text (probe->request, SOUP_STATUS_OK, "text/plain; version=0.0.4; charset=utf-8", text->str);
  g_string_free (text, TRUE);
  probe_free (probe);
}

static void
queues_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Probe *probe = user_data;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, NULL);
  GString *text = g_string_new (NULL);

  if (rows != NULL && oba_db_result_get_n_rows (rows) > 0)
    {
      append_queues (text, rows);
      oba_metrics_append_gauge (text, "oba_rollup_lag_seconds", NULL, probe->lag);
    }
  respond_metrics (probe, text);
}

static void
metrics_lag_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Probe *probe = user_data;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, NULL);

  if (rows == NULL || oba_db_result_get_n_rows (rows) == 0)
    {
      respond_metrics (probe, g_string_new (NULL)); /* what this process knows is worth having then more than ever */
      return;
    }
  probe->lag = oba_db_result_get_double (rows, 0, 0);
  oba_db_pool_read_async (OBA_DB_POOL (source), oba_db_sql ("http/queues.sql"), NULL, probe->cancellable, queues_read,
                          probe);
}

static void
get_metrics (ObaHttpRequest *request, gpointer user_data)
{
  ObaHealth *self = user_data;
  Probe *probe = probe_new (self, request);

  oba_db_pool_read_async (self->pool, oba_db_sql ("http/ready.sql"), NULL, probe->cancellable, metrics_lag_read, probe);
}

ObaHealth *
oba_health_new (ObaDbPool *pool, ObaHttpServer *server, ObaMetrics *metrics)
{
  ObaHealth *self = g_new0 (ObaHealth, 1);

  self->pool = g_object_ref (pool);
  self->server = server;
  self->metrics = metrics;
  return self;
}

void
oba_health_free (ObaHealth *self)
{
  g_object_unref (self->pool);
  g_free (self);
}

void
oba_health_add_routes (ObaHealth *self)
{
  const ObaHttpRouteFlags flags = OBA_HTTP_ROUTE_UNLIMITED | OBA_HTTP_ROUTE_QUIET;
  const ObaHttpRoute routes[] = {
    { "GET", "/healthz", "health", 0, flags, get_health, self },
    { "GET", "/readyz", "ready", 0, flags, get_ready, self },
    { "GET", "/metrics", "metrics", 0, flags, get_metrics, self },
  };

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    oba_http_server_add_route (self->server, &routes[i]);
}
