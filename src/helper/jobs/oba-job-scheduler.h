#pragma once

#include "db/oba-db-pool.h"
#include "http/oba-metrics.h"

G_BEGIN_DECLS

/**
 * ObaJobScheduler: work that the database does for itself when somebody asks it to, again and again. A job is one
 * statement that gives one number: how much it has done, 0 when there was nothing, NULL when another helper is at it.
 * Each has its own lock there, so any number of helpers may run. An error is logged and tried again later, ever less
 * often, up to a minute.
 */
#define OBA_TYPE_JOB_SCHEDULER (oba_job_scheduler_get_type ())
G_DECLARE_FINAL_TYPE (ObaJobScheduler, oba_job_scheduler, OBA, JOB_SCHEDULER, GObject)

typedef struct
{
  const char *name;      /* of the query too: "jobs/NAME.sql" */
  guint busy_ms;         /* to the next run when there was work */
  guint idle_ms;         /* when there was none */
} ObaJob;

extern const ObaJob oba_jobs[];   /* all of them; ends with a NULL name */

ObaJobScheduler *oba_job_scheduler_new   (ObaDbPool *pool, const ObaJob *jobs, ObaMetrics *metrics);
void             oba_job_scheduler_start (ObaJobScheduler *self);
/** Starts no more. Returns: TRUE when none is running */
gboolean         oba_job_scheduler_stop  (ObaJobScheduler *self);

G_END_DECLS
