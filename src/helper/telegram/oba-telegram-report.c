#include "oba-telegram-report.h"

#include "db/oba-db-sql.h"
#include "http/oba-log.h"

#define PAUSE_SECONDS 60

struct _ObaTelegramReport
{
  GObject parent_instance;

  ObaDbPool *pool;
  ObaTelegramClient *client;
  GCancellable *stopping;
  guint timer_id;
  gboolean polling;
  gboolean under_way;
};

G_DEFINE_FINAL_TYPE (ObaTelegramReport, oba_telegram_report, G_TYPE_OBJECT)

static gboolean
timer_over (gpointer user_data)
{
  ObaTelegramReport *self = user_data;

  self->timer_id = 0;
  oba_telegram_report_start (self);
  return G_SOURCE_REMOVE;
}

static void
noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTelegramReport) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_log (OBA_LOG_WARNING, "telegram", "what", "report", "why", error->message, NULL);
  self->under_way = FALSE;
  if (!g_cancellable_is_cancelled (self->stopping))
    self->timer_id = g_timeout_add_seconds (PAUSE_SECONDS, timer_over, self);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramReport *self = user_data;
  g_autoptr (ObaTelegramReply) reply = oba_telegram_client_call_finish (OBA_TELEGRAM_CLIENT (source), result);
  gboolean fine = reply->outcome == OBA_TELEGRAM_SENT && JSON_NODE_HOLDS_OBJECT (reply->result);
  g_autofree char *info = fine ? json_to_string (reply->result, FALSE) : NULL;
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tt", self->polling ? "polling" : "webhook", info);

  if (g_cancellable_is_cancelled (self->stopping))
    {
      self->under_way = FALSE;
      g_object_unref (self);
      return;
    }
  oba_db_params_add_text (params, fine ? NULL : reply->problem != NULL ? reply->problem : "Telegram's answer cannot be read.");
  oba_db_pool_write_async (self->pool, oba_db_sql ("telegram/note-report.sql"), params, NULL, noted, self);
}

static void
oba_telegram_report_finalize (GObject *object)
{
  ObaTelegramReport *self = OBA_TELEGRAM_REPORT (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_object (&self->stopping);
  g_clear_object (&self->client);
  g_clear_object (&self->pool);
  G_OBJECT_CLASS (oba_telegram_report_parent_class)->finalize (object);
}

static void
oba_telegram_report_class_init (ObaTelegramReportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_telegram_report_finalize;
}

static void
oba_telegram_report_init (ObaTelegramReport *self)
{
  self->stopping = g_cancellable_new ();
}

ObaTelegramReport *
oba_telegram_report_new (ObaDbPool *pool, ObaTelegramClient *client, gboolean polling)
{
  ObaTelegramReport *self = g_object_new (OBA_TYPE_TELEGRAM_REPORT, NULL);

  self->pool = g_object_ref (pool);
  self->client = g_object_ref (client);
  self->polling = polling;
  return self;
}

void
oba_telegram_report_start (ObaTelegramReport *self)
{
  g_autoptr (JsonNode) parameters = json_node_init_object (json_node_alloc (), json_object_new ());

  json_object_unref (json_node_get_object (parameters));
  self->under_way = TRUE;
  oba_telegram_client_call_async (self->client, "getWebhookInfo", parameters, self->stopping, answered, g_object_ref (self));
}

gboolean
oba_telegram_report_stop (ObaTelegramReport *self)
{
  g_cancellable_cancel (self->stopping);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  return !self->under_way;
}
