#include "oba-job-scheduler.h"

#include "db/oba-db-sql.h"
#include "http/oba-log.h"

#define FIRST_PAUSE_MS 1000
#define LONGEST_PAUSE_MS 60000

const ObaJob oba_jobs[] = {
  { "fold-rollups", 500, 1000 }, /* a receipt is on every screen within two seconds */
  { "fold-liability", 1000, 2000 },
  { "fold-store-sales", 20000, 20000 }, /* more seldom: in larger pieces it costs less */
  { "ensure-partitions", 60000, 6 * 3600 * 1000 },
  { "expire-points", 20, 10 * 60 * 1000 },    /* a batch takes some 3 ms: others have their turn between two */
  { "expire-redemptions", 500, 60000 },
  { "fill-broadcasts", 500, 2000 },
  { "tell-birthdays", 200, 10 * 60 * 1000 },
  { "warn-expiry", 200, 10 * 60 * 1000 },
  { "refresh-lifecycle", 500, 5000 },
  { "find-duplicates", 200, 10000 },
  { "refresh-tiers", 500, 60 * 1000 },
  { "change-tiers", 200, 10000 }, /* a new scheme is carried out from then on */
  { "seal-audit", 2000, 30000 },
  { "check-tills", 1000, 30000 },
  { "clean-up", 5000, 3600 * 1000 },
  { NULL },
};

typedef struct
{
  ObaJobScheduler *scheduler; /* (unowned) */
  const ObaJob *job;
  guint timer_id;
  guint pause_ms; /* after an error; 0: the last run was well */
  char *label;
} Slot;

struct _ObaJobScheduler
{
  GObject parent_instance;

  ObaDbPool *pool;
  ObaMetrics *metrics; /* (unowned) */
  GPtrArray *slots;
  guint running;
  gboolean stopped;
};

G_DEFINE_FINAL_TYPE (ObaJobScheduler, oba_job_scheduler, G_TYPE_OBJECT)

static void run (Slot *slot);

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  g_clear_handle_id (&slot->timer_id, g_source_remove);
  g_free (slot->label);
  g_free (slot);
}

static gboolean
timer_over (gpointer user_data)
{
  Slot *slot = user_data;

  slot->timer_id = 0;
  run (slot);
  return G_SOURCE_REMOVE;
}

static void
run_later (Slot *slot, guint milliseconds)
{
  if (!slot->scheduler->stopped)
    slot->timer_id = g_timeout_add (milliseconds, timer_over, slot);
}

static void
failed (Slot *slot, const GError *error)
{
  gboolean first = slot->pause_ms == 0;

  slot->pause_ms = first ? FIRST_PAUSE_MS : MIN (slot->pause_ms * 2, LONGEST_PAUSE_MS);
  oba_metrics_count (slot->scheduler->metrics, "oba_job_errors_total", slot->label, 1);
  if (first)
    oba_log (OBA_LOG_WARNING, "job", "name", slot->job->name, "why", error->message, NULL);
  run_later (slot, slot->pause_ms);
}

static void
done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Slot *slot = user_data;
  g_autoptr (ObaJobScheduler) self = slot->scheduler; /* the reference of run() */
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);
  gint64 amount;

  self->running--;
  if (rows == NULL)
    {
      failed (slot, error);
      return;
    }
  if (slot->pause_ms > 0)
    oba_log (OBA_LOG_INFO, "job", "name", slot->job->name, "what", "works again", NULL);
  slot->pause_ms = 0;
  amount = oba_db_result_get_n_rows (rows) > 0 ? oba_db_result_get_int64 (rows, 0, 0) : 0;
  if (amount > 0)
    oba_metrics_count (self->metrics, "oba_job_work_total", slot->label, (guint64) amount);
  oba_metrics_count (self->metrics, "oba_job_runs_total", slot->label, 1);
  run_later (slot, amount > 0 ? slot->job->busy_ms : slot->job->idle_ms);
}

static void
run (Slot *slot)
{
  ObaJobScheduler *self = slot->scheduler;
  g_autofree char *name = g_strdup_printf ("jobs/%s.sql", slot->job->name);

  self->running++;
  g_object_ref (self);
  oba_db_pool_write_async (self->pool, oba_db_sql (name), NULL, NULL, done, slot);
}

static void
oba_job_scheduler_finalize (GObject *object)
{
  ObaJobScheduler *self = OBA_JOB_SCHEDULER (object);

  g_ptr_array_unref (self->slots);
  g_clear_object (&self->pool);
  G_OBJECT_CLASS (oba_job_scheduler_parent_class)->finalize (object);
}

static void
oba_job_scheduler_class_init (ObaJobSchedulerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_job_scheduler_finalize;
}

static void
oba_job_scheduler_init (ObaJobScheduler *self)
{
  self->slots = g_ptr_array_new_with_free_func (slot_free);
}

ObaJobScheduler *
oba_job_scheduler_new (ObaDbPool *pool, const ObaJob *jobs, ObaMetrics *metrics)
{
  ObaJobScheduler *self = g_object_new (OBA_TYPE_JOB_SCHEDULER, NULL);

  self->pool = g_object_ref (pool);
  self->metrics = metrics;
  for (const ObaJob *job = jobs; job->name != NULL; job++)
    {
      Slot *slot = g_new0 (Slot, 1);

      slot->scheduler = self;
      slot->job = job;
      slot->label = g_strdup_printf ("job=\"%s\"", job->name);
      g_ptr_array_add (self->slots, slot);
    }
  return self;
}

void
oba_job_scheduler_start (ObaJobScheduler *self)
{
  for (guint i = 0; i < self->slots->len; i++)
    run_later (g_ptr_array_index (self->slots, i), 100 + 50 * i);
}

gboolean
oba_job_scheduler_stop (ObaJobScheduler *self)
{
  self->stopped = TRUE;
  for (guint i = 0; i < self->slots->len; i++)
    g_clear_handle_id (&((Slot *) g_ptr_array_index (self->slots, i))->timer_id, g_source_remove);
  return self->running == 0;
}
