#include "oba-telegram-poller.h"

#include "db/oba-db-sql.h"
#include "http/oba-log.h"
#include "oba-telegram-batch.h"
#include "oba-telegram-update.h"

#define WAIT_SECONDS 20  /* that Telegram holds a call without updates: shorter than the client's patience */
#define LEASE_SECONDS 60 /* longer than a call and its record may take */
#define BATCH 100
#define OTHER_MS 5000    /* until it is looked again whether the one that asks is gone */
#define TROUBLE_MS 3000

struct _ObaTelegramPoller
{
  GObject parent_instance;

  ObaDbPool *pool;
  ObaTelegramClient *client;
  ObaTelegramWorker *worker;
  GCancellable *stopping;
  char *name;
  gint64 next_update;
  guint pause_ms; /* after what is being stored */
  guint timer_id;
  gboolean under_way;
  gboolean released;
};

G_DEFINE_FINAL_TYPE (ObaTelegramPoller, oba_telegram_poller, G_TYPE_OBJECT)

static void claim (ObaTelegramPoller *self);

static gboolean
timer_over (gpointer user_data)
{
  ObaTelegramPoller *self = user_data;

  self->timer_id = 0;
  claim (self);
  return G_SOURCE_REMOVE;
}

/* The end of one round. */
static void
rest (ObaTelegramPoller *self, guint milliseconds)
{
  self->under_way = FALSE;
  if (!g_cancellable_is_cancelled (self->stopping))
    self->timer_id = g_timeout_add (milliseconds, timer_over, self);
}

/* Keeping what came. */

static void
stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTelegramPoller) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    {
      oba_log (OBA_LOG_WARNING, "telegram", "what", "store", "why", error->message, NULL);
      rest (self, TROUBLE_MS); /* asked for again: Telegram was not told that they arrived */
      return;
    }
  if (oba_db_result_get_int64 (rows, 0, 0) > 0)
    oba_telegram_worker_kick (self->worker);
  rest (self, self->pause_ms);
}

static void
store (ObaTelegramPoller *self, const char *updates, const char *problem)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ttt", self->name, updates, problem);

  oba_db_pool_write_async (self->pool, oba_db_sql ("telegram/poll-store.sql"), params, NULL, stored, g_object_ref (self));
}

/* Takes @rows. What Telegram cannot be told of comes again: not at once. */
static void
store_all (ObaTelegramPoller *self, JsonArray *rows)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *text = NULL;
  gboolean goes_on = json_array_get_length (rows) == 0 || oba_telegram_batch_highest (rows) >= MAX (self->next_update, 1);

  self->pause_ms = goes_on ? 0 : TROUBLE_MS;
  json_node_take_array (root, rows);
  text = json_to_string (root, FALSE);
  store (self, text, NULL);
}

/* Asking. */

static void
answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTelegramPoller) self = user_data;
  g_autoptr (ObaTelegramReply) reply = oba_telegram_client_call_finish (OBA_TELEGRAM_CLIENT (source), result);
  g_autoptr (JsonArray) rows = NULL;

  if (reply->unreadable != NULL)
    rows = oba_telegram_batch_split (g_bytes_get_data (reply->unreadable, NULL), g_bytes_get_size (reply->unreadable));
  if (g_cancellable_is_cancelled (self->stopping))
    rest (self, 0);
  else if (reply->outcome == OBA_TELEGRAM_SENT && JSON_NODE_HOLDS_ARRAY (reply->result))
    store_all (self, oba_telegram_batch_rows (json_node_get_array (reply->result)));
  else if (rows != NULL && json_array_get_length (rows) > 0)
    store_all (self, g_steal_pointer (&rows));
  else
    {
      self->pause_ms = MAX (TROUBLE_MS, reply->retry_after * 1000);
      oba_log (OBA_LOG_WARNING, "telegram", "what", "poll", "why", reply->problem, NULL);
      store (self, "[]", reply->problem != NULL ? reply->problem : "Telegram's answer cannot be read.");
    }
}

static void
ask (ObaTelegramPoller *self)
{
  g_autoptr (JsonNode) parameters = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_node_take_object (parameters, object);
  if (self->next_update != 0)
    json_object_set_int_member (object, "offset", self->next_update);
  json_object_set_int_member (object, "limit", BATCH);
  json_object_set_int_member (object, "timeout", WAIT_SECONDS);
  json_object_set_array_member (object, "allowed_updates", oba_telegram_update_kinds ());
  oba_telegram_client_call_async (self->client, "getUpdates", parameters, self->stopping, answered, g_object_ref (self));
}

static void
claimed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTelegramPoller) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    {
      oba_log (OBA_LOG_WARNING, "telegram", "what", "claim-poll", "why", error->message, NULL);
      rest (self, TROUBLE_MS);
    }
  else if (g_cancellable_is_cancelled (self->stopping) || oba_db_result_is_null (rows, 0, 0))
    rest (self, OTHER_MS);
  else
    {
      self->next_update = oba_db_result_get_int64 (rows, 0, 0);
      ask (self);
    }
}

static void
claim (ObaTelegramPoller *self)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ti", self->name, (gint64) LEASE_SECONDS);

  self->under_way = TRUE;
  oba_db_pool_write_async (self->pool, oba_db_sql ("telegram/poll-claim.sql"), params, NULL, claimed, g_object_ref (self));
}

static void
released (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTelegramPoller) self = user_data;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, NULL);

  self->under_way = FALSE; /* not released: the lease runs out */
}

/* The object. */

static void
oba_telegram_poller_finalize (GObject *object)
{
  ObaTelegramPoller *self = OBA_TELEGRAM_POLLER (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_object (&self->stopping);
  g_clear_object (&self->pool);
  g_clear_object (&self->client);
  g_clear_object (&self->worker);
  g_free (self->name);
  G_OBJECT_CLASS (oba_telegram_poller_parent_class)->finalize (object);
}

static void
oba_telegram_poller_class_init (ObaTelegramPollerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_telegram_poller_finalize;
}

static void
oba_telegram_poller_init (ObaTelegramPoller *self)
{
  self->stopping = g_cancellable_new ();
}

ObaTelegramPoller *
oba_telegram_poller_new (ObaDbPool *pool, const char *name, ObaTelegramClient *client, ObaTelegramWorker *worker)
{
  ObaTelegramPoller *self = g_object_new (OBA_TYPE_TELEGRAM_POLLER, NULL);

  self->pool = g_object_ref (pool);
  self->name = g_strdup (name);
  self->client = g_object_ref (client);
  self->worker = g_object_ref (worker);
  return self;
}

void
oba_telegram_poller_start (ObaTelegramPoller *self)
{
  claim (self);
}

gboolean
oba_telegram_poller_stop (ObaTelegramPoller *self)
{
  g_cancellable_cancel (self->stopping);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (!self->under_way && !self->released)
    {
      g_autoptr (ObaDbParams) params = oba_db_params_build ("t", self->name);

      self->under_way = self->released = TRUE;
      oba_db_pool_write_async (self->pool, oba_db_sql ("telegram/poll-release.sql"), params, NULL, released, g_object_ref (self));
    }
  return !self->under_way;
}
