#include "oba-telegram-worker.h"

#include "db/oba-db-sql.h"
#include "http/oba-json-guard.h"
#include "http/oba-log.h"
#include "oba-telegram-bot.h"

#define BATCH 32
#define LEASE_SECONDS 30
#define SWEEP_MS 1000 /* what another helper stored and left, or a claim that ran out */
#define TROUBLE_MS 2000
#define GAP_MS 10 /* between two claims in a rush: the database has other work too */

struct _ObaTelegramWorker
{
  GObject parent_instance;

  ObaDbPool *pool;
  ObaTelegramBot *bot;
  ObaMetrics *metrics; /* (unowned) */
  char *name;
  char *bot_username;
  ObaTelegramAnswered answered;
  gpointer user_data;
  guint timer_id;
  guint open;        /* statements and updates under way */
  gboolean released; /* the claims of the one before us are taken back */
  gint64 claimed_at; /* monotonic */
  gboolean claiming;
  gboolean again; /* kicked while claiming */
  gboolean stopped;
};

G_DEFINE_FINAL_TYPE (ObaTelegramWorker, oba_telegram_worker, G_TYPE_OBJECT)

/* The columns of claim-updates.sql. */
enum
{
  UPDATE_ID,
  CHAT_ID,
  PAYLOAD,
  CUSTOMER_ID,
  LANGUAGE,
  STATUS,
  STEP,
  DATA,
};

typedef struct
{
  ObaTelegramWorker *self;
  gint64 update_id;
  gboolean answering;
} Work;

static void claim (ObaTelegramWorker *self);

static void
work_free (Work *work)
{
  work->self->open--;
  g_object_unref (work->self);
  g_free (work);
}

static gboolean
timer_over (gpointer user_data)
{
  ObaTelegramWorker *self = user_data;

  self->timer_id = 0;
  claim (self);
  return G_SOURCE_REMOVE;
}

static void
wait_ms (ObaTelegramWorker *self, guint milliseconds)
{
  if (self->timer_id == 0 && !self->stopped)
    self->timer_id = g_timeout_add (milliseconds, timer_over, self);
}

static void
log_trouble (const char *what, const GError *error)
{
  oba_log (OBA_LOG_WARNING, "telegram", "what", what, "why", error->message, NULL);
}

/* The end of one update. */

static void
finished (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Work *work = user_data;
  ObaTelegramWorker *self = work->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    log_trouble ("finish", error); /* the claim runs out and it is handled again: the answer was not written either */
  else
    {
      oba_metrics_count (self->metrics, "oba_telegram_updates_handled_total", NULL, 1);
      if (work->answering)
        self->answered (self->user_data);
      if (self->open == 1) /* the last of its batch: the next ones of these chats wait for it */
        claim (self);
    }
  work_free (work);
}

static void
finish (Work *work, const char *problem, const char *answers, const char *step)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("titt", work->self->name, work->update_id, problem, answers);

  oba_db_params_add_text (params, step);
  work->answering = !g_str_equal (answers, "[]");
  oba_db_pool_write_async (work->self->pool, oba_db_sql ("telegram/finish-update.sql"), params, NULL, finished, work);
}

static void
thought_out (const char *answers, const char *step, const GError *error, gpointer user_data)
{
  Work *work = user_data;

  if (answers != NULL)
    {
      finish (work, NULL, answers, step);
      return;
    }
  /* Not the update's fault: it stays claimed and comes again; five times, then it is poison. */
  log_trouble ("answer", error);
  work_free (work);
}

static void
handle (ObaTelegramWorker *self, ObaDbResult *rows, guint row)
{
  const char *payload = oba_db_result_get_text (rows, row, PAYLOAD);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = oba_json_guard_parse (payload, strlen (payload), &text, NULL);
  g_autoptr (JsonNode) data =
      oba_db_result_is_null (rows, row, DATA) ? NULL : json_from_string (oba_db_result_get_text (rows, row, DATA), NULL);
  const ObaTelegramCaller caller = {
    .customer_id = oba_db_result_is_null (rows, row, CUSTOMER_ID) ? 0 : oba_db_result_get_int64 (rows, row, CUSTOMER_ID),
    .language = oba_db_result_is_null (rows, row, LANGUAGE) ? NULL : oba_db_result_get_text (rows, row, LANGUAGE),
    .status = oba_db_result_is_null (rows, row, STATUS) ? NULL : oba_db_result_get_text (rows, row, STATUS),
    .step = oba_db_result_is_null (rows, row, STEP) ? NULL : oba_db_result_get_text (rows, row, STEP),
    .data = data != NULL && JSON_NODE_HOLDS_OBJECT (data) ? json_node_get_object (data) : NULL,
  };
  Work *work = g_new0 (Work, 1);

  work->self = g_object_ref (self);
  work->update_id = oba_db_result_get_int64 (rows, row, UPDATE_ID);
  self->open++;
  if (root == NULL)
    finish (work, "The update cannot be read.", "[]", NULL);
  else
    oba_telegram_bot_answer (self->bot, oba_telegram_update_parse (root, self->bot_username), &caller, thought_out, work);
}

/* Claiming. */

static void
claimed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTelegramWorker) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);
  guint n_rows = rows != NULL ? oba_db_result_get_n_rows (rows) : 0;

  self->claiming = FALSE;
  self->open--;
  if (rows == NULL)
    {
      log_trouble ("claim", error);
      wait_ms (self, TROUBLE_MS);
      return;
    }
  for (guint row = 0; row < n_rows; row++)
    handle (self, rows, row);
  if (n_rows == BATCH)
    self->claimed_at = 0; /* more are waiting */
  if (self->again || n_rows == BATCH)
    claim (self);
  else
    wait_ms (self, SWEEP_MS);
}

static void
released (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTelegramWorker) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  self->claiming = FALSE;
  self->open--;
  self->released = rows != NULL;
  self->claimed_at = 0;
  if (rows != NULL)
    {
      self->answered (self->user_data); /* only now: what the sender claims must not be taken for a dead one's */
      claim (self);
    }
  else
    wait_ms (self, TROUBLE_MS);
}

static void
claim (ObaTelegramWorker *self)
{
  g_autoptr (ObaDbParams) params = NULL;
  gint64 now = g_get_monotonic_time ();

  if (self->stopped)
    return;
  if (self->claiming)
    {
      self->again = TRUE;
      return;
    }
  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (now - self->claimed_at < GAP_MS * 1000)
    {
      wait_ms (self, GAP_MS);
      return;
    }
  self->claimed_at = now;
  self->claiming = TRUE;
  self->again = FALSE;
  self->open++;
  if (!self->released)
    {
      params = oba_db_params_build ("t", self->name);
      oba_db_pool_write_async (self->pool, oba_db_sql ("telegram/release.sql"), params, NULL, released,
                               g_object_ref (self));
      return;
    }
  params = oba_db_params_build ("tii", self->name, (gint64) BATCH, (gint64) LEASE_SECONDS);
  oba_db_pool_write_async (self->pool, oba_db_sql ("telegram/claim-updates.sql"), params, NULL, claimed,
                           g_object_ref (self));
}

/* The object. */

static void
oba_telegram_worker_dispose (GObject *object)
{
  oba_telegram_worker_stop (OBA_TELEGRAM_WORKER (object));
  G_OBJECT_CLASS (oba_telegram_worker_parent_class)->dispose (object);
}

static void
oba_telegram_worker_finalize (GObject *object)
{
  ObaTelegramWorker *self = OBA_TELEGRAM_WORKER (object);

  g_clear_object (&self->bot);
  g_clear_object (&self->pool);
  g_free (self->name);
  g_free (self->bot_username);
  G_OBJECT_CLASS (oba_telegram_worker_parent_class)->finalize (object);
}

static void
oba_telegram_worker_class_init (ObaTelegramWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_telegram_worker_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_telegram_worker_finalize;
}

static void
oba_telegram_worker_init (ObaTelegramWorker *self)
{
}

ObaTelegramWorker *
oba_telegram_worker_new (ObaDbPool *pool,
                         const char *name,
                         ObaTelegramClient *client,
                         const char *bot_username,
                         ObaMetrics *metrics,
                         ObaTelegramAnswered answered,
                         gpointer user_data)
{
  ObaTelegramWorker *self = g_object_new (OBA_TYPE_TELEGRAM_WORKER, NULL);

  self->pool = g_object_ref (pool);
  self->bot = oba_telegram_bot_new (pool, client, bot_username);
  self->metrics = metrics;
  self->name = g_strdup (name);
  self->bot_username = g_strdup (bot_username);
  self->answered = answered;
  self->user_data = user_data;
  return self;
}

void
oba_telegram_worker_start (ObaTelegramWorker *self)
{
  claim (self);
}

void
oba_telegram_worker_kick (ObaTelegramWorker *self)
{
  claim (self);
}

void
oba_telegram_worker_take_username (ObaTelegramWorker *self, const char *bot_username)
{
  if (self->bot_username != NULL)
    return;
  self->bot_username = g_strdup (bot_username);
  oba_telegram_bot_take_username (self->bot, bot_username);
}

gboolean
oba_telegram_worker_stop (ObaTelegramWorker *self)
{
  self->stopped = TRUE;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  return self->open == 0;
}
