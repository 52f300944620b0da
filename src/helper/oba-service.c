#include "oba-config.h"
#include "oba-service.h"

#include <string.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <glib/gi18n-lib.h>

#include "api/oba-api.h"
#include "http/oba-health.h"
#include "http/oba-http-server.h"
#include "http/oba-log.h"
#include "jobs/oba-job-scheduler.h"
#include "telegram/oba-telegram-house.h"
#include "telegram/oba-telegram-menu.h"
#include "telegram/oba-telegram-poller.h"
#include "telegram/oba-telegram-report.h"
#include "telegram/oba-telegram-sender.h"
#include "telegram/oba-telegram-settings.h"
#include "telegram/oba-telegram-webhook.h"
#include "telegram/oba-telegram-worker.h"

#define DRAIN_MS 10000
#define LAST_MS 5000 /* after the drain, for what nobody waits for: messages under way, jobs */
#define DESCRIPTORS 8192
#define CONNECTIONS 6
#define MESSAGE_CONNECTIONS 3
#define JOB_CONNECTIONS 2

struct _ObaService
{
  ObaMetrics *metrics;
  ObaDbPool *pool;     /* for those who wait for an answer */
  ObaDbPool *messages; /* of their own, as a statement queues behind others on its connection: */
  ObaDbPool *jobs;     /* nobody is to wait behind a long job */
  ObaHttpListener *listener;
  ObaHttpServer *server;
  ObaHealth *health;
  ObaApi *api;
  ObaJobScheduler *scheduler;
  ObaTelegramClient *telegram; /* (nullable): without a token */
  ObaTelegramSender *sender;   /* (nullable): likewise */
  ObaTelegramReport *report;   /* (nullable): without a token */
  ObaTelegramPoller *poller;   /* (nullable): with a webhook */
  ObaTelegramWorker *worker;   /* (nullable): without Telegram */
  ObaTelegramWebhook *webhook; /* (nullable): without a secret */
  GMainLoop *loop;
  gint64 last_call; /* monotonic: when to give up waiting */
};

/* Making it. */

static void
read_limits (ObaConfigFile *config, ObaHttpLimits *limits)
{
  g_autofree char *log = oba_config_file_get_string (config, "http", "log", "problems");

  *limits = oba_http_default_limits;
  limits->max_connections =
      (guint) CLAMP (oba_config_file_get_int (config, "http", "connections", limits->max_connections), 1, 100000);
  limits->rate = (double) CLAMP (oba_config_file_get_int (config, "http", "rate", (gint64) limits->rate), 0, 1000000);
  limits->burst =
      (double) CLAMP (oba_config_file_get_int (config, "http", "burst", (gint64) limits->burst), 1, 1000000);
  limits->header_ms =
      (guint) CLAMP (oba_config_file_get_int (config, "http", "header_ms", limits->header_ms), 100, 600000);
  limits->body_ms = (guint) CLAMP (oba_config_file_get_int (config, "http", "body_ms", limits->body_ms), 100, 600000);
  limits->request_ms =
      (guint) CLAMP (oba_config_file_get_int (config, "http", "request_ms", limits->request_ms), 100, 600000);
  limits->log_all = g_str_equal (log, "all");
}

static gboolean
make_api (ObaService *self, ObaConfigFile *config, GError **error)
{
  g_autofree char *directory = oba_config_file_get_string (config, "api", "keys_dir", NULL);
  g_autoptr (ObaApiKeys) keys = oba_api_keys_load (directory, error);

  if (keys == NULL)
    return FALSE;
  if (oba_api_keys_get_n (keys) == 0)
    oba_log (OBA_LOG_INFO, "api", "what", "no keys: every bearer token is refused", NULL);
  self->api = oba_api_new (self->pool, g_steal_pointer (&keys));
  oba_api_add_routes (self->api, self->server);
  return TRUE;
}

static void
answered (gpointer user_data)
{
  ObaService *self = user_data;

  if (self->sender != NULL)
    oba_telegram_sender_kick (self->sender);
}

static gboolean
make_telegram (ObaService *self, ObaConfigFile *config, const char *name, GError **error)
{
  g_autoptr (ObaTelegramSettings) settings = oba_telegram_settings_load (config, error);

  if (settings == NULL)
    return FALSE;
  if (settings->token == NULL && settings->secret == NULL)
    {
      oba_log (OBA_LOG_INFO, "telegram", "what", "no token and no secret: the bot is off", NULL);
      return TRUE;
    }
  self->telegram = oba_telegram_settings_new_client (settings);
  if (self->telegram != NULL)
    {
      self->sender = oba_telegram_sender_new (self->messages, name, self->telegram, self->metrics);
      self->report = oba_telegram_report_new (self->messages, self->telegram, settings->polling);
    }
  self->worker = oba_telegram_worker_new (self->messages, name, self->telegram, settings->bot_username, self->metrics, answered, self);
  if (settings->polling && self->telegram != NULL)
    self->poller = oba_telegram_poller_new (self->messages, name, self->telegram, self->worker);
  if (settings->polling || settings->secret == NULL)
    return TRUE;
  self->webhook = oba_telegram_webhook_new (self->pool, settings->secret, self->worker);
  oba_telegram_webhook_add_route (self->webhook, self->server);
  return TRUE;
}

/* The default of 1,024 descriptors would be the limit of connections, and everything else needs some too. */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= DESCRIPTORS)
    return;
  limit.rlim_cur = MIN (limit.rlim_max, DESCRIPTORS);
  setrlimit (RLIMIT_NOFILE, &limit);
}

ObaService *
oba_service_new (ObaConfigFile *config, const char *conninfo, const char *listen, guint number, GError **error)
{
  g_autoptr (ObaService) self = g_new0 (ObaService, 1);
  g_autofree char *name = g_strdup_printf ("%s/%s/%u", g_get_host_name (), listen, number);
  ObaHttpLimits limits;

  raise_descriptor_limit ();
  self->listener = oba_http_listener_new (listen, error);
  if (self->listener == NULL)
    return NULL;
  read_limits (config, &limits);
  self->metrics = oba_metrics_new ();
  self->pool = oba_db_pool_new (
      conninfo, (guint) CLAMP (oba_config_file_get_int (config, "database", "connections", CONNECTIONS), 1, 64),
      OBA_DB_CONNECTION_DEFAULT);
  self->messages = oba_db_pool_new (conninfo, MESSAGE_CONNECTIONS, OBA_DB_CONNECTION_DEFAULT);
  self->jobs = oba_db_pool_new (conninfo, JOB_CONNECTIONS, OBA_DB_CONNECTION_DEFAULT);
  self->server = oba_http_server_new (&limits, self->metrics);
  self->health = oba_health_new (self->pool, self->server, self->metrics);
  oba_health_add_routes (self->health);
  if (!make_api (self, config, error) || !make_telegram (self, config, name, error))
    return NULL;
  self->scheduler = oba_job_scheduler_new (self->jobs, oba_jobs, self->metrics);
  self->loop = g_main_loop_new (NULL, FALSE);
  return g_steal_pointer (&self);
}

void
oba_service_free (ObaService *self)
{
  g_clear_object (&self->scheduler);
  g_clear_pointer (&self->webhook, oba_telegram_webhook_free);
  g_clear_object (&self->report);
  g_clear_object (&self->poller);
  g_clear_object (&self->worker);
  g_clear_object (&self->sender);
  g_clear_object (&self->telegram);
  g_clear_object (&self->server);
  g_clear_pointer (&self->api, oba_api_free);
  g_clear_pointer (&self->health, oba_health_free);
  g_clear_object (&self->listener);
  g_clear_object (&self->pool);
  g_clear_object (&self->messages);
  g_clear_object (&self->jobs);
  g_clear_pointer (&self->metrics, oba_metrics_free);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_free (self);
}

const char *
oba_service_get_uri (ObaService *self)
{
  return oba_http_listener_get_uri (self->listener);
}

/* Running it. */

static gboolean
is_quiet (ObaService *self)
{
  gboolean jobs = oba_job_scheduler_stop (self->scheduler);
  gboolean report = self->report == NULL || oba_telegram_report_stop (self->report);
  gboolean poller = self->poller == NULL || oba_telegram_poller_stop (self->poller);
  gboolean worker = self->worker == NULL || oba_telegram_worker_stop (self->worker);
  gboolean sender = self->sender == NULL || oba_telegram_sender_stop (self->sender);

  return jobs && report && poller && worker && sender;
}

static gboolean
quit_when_quiet (gpointer user_data)
{
  ObaService *self = user_data;

  if (!is_quiet (self) && g_get_monotonic_time () < self->last_call)
    return G_SOURCE_CONTINUE;
  oba_db_pool_close (self->pool);
  oba_db_pool_close (self->messages);
  oba_db_pool_close (self->jobs);
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static void
drained (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaService *self = user_data;

  oba_http_server_drain_finish (OBA_HTTP_SERVER (source), result);
  self->last_call = g_get_monotonic_time () + (gint64) LAST_MS * 1000;
  g_timeout_add (20, quit_when_quiet, self);
}

static gboolean
stop (GCancellable *cancellable, gpointer user_data)
{
  ObaService *self = user_data;

  sd_notify (0, "STOPPING=1");
  oba_log (OBA_LOG_INFO, "service", "what", "stopping", NULL);
  is_quiet (self);
  oba_http_server_drain_async (self->server, DRAIN_MS, drained, self);
  return G_SOURCE_REMOVE;
}

static gboolean
feed_watchdog (gpointer user_data)
{
  sd_notify (0, "WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

static void
pool_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!oba_db_pool_start_finish (OBA_DB_POOL (source), result, &error))
    oba_log (OBA_LOG_WARNING, "database", "what", "not reachable yet, trying again", "why", error->message, NULL);
}

static void
start_parts (ObaService *self)
{
  oba_db_pool_start_async (self->pool, NULL, pool_started, NULL);
  oba_job_scheduler_start (self->scheduler);
  if (self->worker != NULL)
    oba_telegram_worker_start (self->worker); /* which starts the sender, through answered() */
  if (self->telegram != NULL)
    {
      oba_telegram_menu_send (self->telegram);
      oba_telegram_report_start (self->report);
      oba_telegram_house_ask (self->telegram, self->messages, self->worker);
    }
  if (self->poller != NULL)
    oba_telegram_poller_start (self->poller);
}

gboolean
oba_service_run (ObaService *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSource) source = g_cancellable_source_new (cancellable);
  guint watchdog_id = 0;
  guint64 watchdog_us = 0;

  if (!oba_http_server_start (self->server, self->listener, error))
    return FALSE;
  g_source_set_callback (source, G_SOURCE_FUNC (stop), self, NULL);
  g_source_attach (source, NULL);
  if (sd_watchdog_enabled (0, &watchdog_us) > 0)
    watchdog_id = g_timeout_add ((guint) (watchdog_us / 2000), feed_watchdog, NULL);
  start_parts (self);
  sd_notify (0, "READY=1");

  g_main_loop_run (self->loop);

  g_clear_handle_id (&watchdog_id, g_source_remove);
  g_source_destroy (source);
  return TRUE;
}
