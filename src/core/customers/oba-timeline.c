#include "oba-timeline.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"
#include "oba-customers.h"

#define LARGEST_PAGE 500

struct _ObaTimelineEvent
{
  GObject parent_instance;

  ObaTimelineFacts facts;
  gint64           place;                 /* microseconds since the epoch: exact, where the GDateTime is for people */
};

G_DEFINE_FINAL_TYPE (ObaTimelineEvent, oba_timeline_event, G_TYPE_OBJECT)

/* In the order of timeline.sql. */
enum
{
  COLUMN_AT,
  COLUMN_PLACE,
  COLUMN_RANK,
  COLUMN_ID,
  COLUMN_WHAT,
  COLUMN_BEFORE,
  COLUMN_NAME,
  COLUMN_AMOUNT,
  COLUMN_POINTS,
  COLUMN_GRANTED,
  COLUMN_STORE,
  COLUMN_WHO,
  COLUMN_THROUGH,
  COLUMN_STATE,
  COLUMN_REASON,
  COLUMN_OWNER,
  COLUMN_RECEIPT_ID,
  COLUMN_REDEMPTION_ID,
  COLUMN_RULE_ID,
  COLUMN_RULE_VERSION,
  COLUMN_DAYS,
  COLUMN_USUAL_DAYS,
  COLUMN_VALUES_SHOWN,
  COLUMN_CHANGES,
};

static void
change_free (gpointer data)
{
  ObaTimelineChange *change = data;

  g_free (change->field);
  g_free (change->before);
  g_free (change->after);
  g_free (change);
}

static void
oba_timeline_event_finalize (GObject *object)
{
  ObaTimelineFacts *facts = &OBA_TIMELINE_EVENT (object)->facts;

  g_clear_pointer (&facts->at, g_date_time_unref);
  g_free (facts->what);
  g_free (facts->before);
  g_free (facts->name);
  g_free (facts->store);
  g_free (facts->who);
  g_free (facts->through);
  g_free (facts->state);
  g_free (facts->reason);
  g_clear_pointer (&facts->changes, g_ptr_array_unref);
  G_OBJECT_CLASS (oba_timeline_event_parent_class)->finalize (object);
}

static void
oba_timeline_event_class_init (ObaTimelineEventClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_timeline_event_finalize;
}

static void
oba_timeline_event_init (ObaTimelineEvent *self)
{
  self->facts.changes = g_ptr_array_new_with_free_func (change_free);
}

const ObaTimelineFacts *
oba_timeline_event_get_facts (ObaTimelineEvent *self)
{
  return &self->facts;
}

/* ---- reading */

/* Audit keeps values of any type; people read text. */
static char *
value_text (JsonNode *node)
{
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("");
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  return json_to_string (node, FALSE);
}

static void
add_change (JsonObject *object,
            const char *field,
            JsonNode   *values,
            gpointer    user_data)
{
  ObaTimelineChange *change = g_new0 (ObaTimelineChange, 1);
  JsonArray *pair = JSON_NODE_HOLDS_ARRAY (values) ? json_node_get_array (values) : NULL;
  gboolean both = pair != NULL && json_array_get_length (pair) == 2;

  change->field = g_strdup (field);
  change->before = both ? value_text (json_array_get_element (pair, 0)) : g_strdup ("");
  change->after = value_text (both ? json_array_get_element (pair, 1) : values);
  g_ptr_array_add (user_data, change);
}

static void
read_changes (ObaTimelineFacts *facts,
              const char       *json)
{
  g_autoptr (JsonNode) root = *json != '\0' ? json_from_string (json, NULL) : NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    json_object_foreach_member (json_node_get_object (root), add_change, facts->changes);
}

static char *
text (ObaDbResult *result,
      guint        row,
      guint        column)
{
  return g_strdup (oba_db_result_get_text (result, row, column));
}

static ObaTimelineEvent *
event_new (ObaDbResult *result,
           guint        row)
{
  ObaTimelineEvent *self = g_object_new (OBA_TYPE_TIMELINE_EVENT, NULL);
  ObaTimelineFacts *facts = &self->facts;

  self->place = oba_db_result_get_int64 (result, row, COLUMN_PLACE);
  facts->kind = 1 << oba_db_result_get_int64 (result, row, COLUMN_RANK);
  facts->id = oba_db_result_get_int64 (result, row, COLUMN_ID);
  facts->at = oba_db_result_get_time (result, row, COLUMN_AT);
  facts->what = text (result, row, COLUMN_WHAT);
  facts->before = text (result, row, COLUMN_BEFORE);
  facts->name = text (result, row, COLUMN_NAME);
  facts->amount = oba_db_result_get_int64 (result, row, COLUMN_AMOUNT);
  facts->points = oba_db_result_get_int64 (result, row, COLUMN_POINTS);
  facts->granted = oba_db_result_get_bool (result, row, COLUMN_GRANTED);
  facts->store = text (result, row, COLUMN_STORE);
  facts->who = text (result, row, COLUMN_WHO);
  facts->through = text (result, row, COLUMN_THROUGH);
  facts->state = text (result, row, COLUMN_STATE);
  facts->reason = text (result, row, COLUMN_REASON);
  facts->customer_id = oba_db_result_get_int64 (result, row, COLUMN_OWNER);
  facts->receipt_id = oba_db_result_get_int64 (result, row, COLUMN_RECEIPT_ID);
  facts->redemption_id = oba_db_result_get_int64 (result, row, COLUMN_REDEMPTION_ID);
  facts->rule_id = oba_db_result_get_int64 (result, row, COLUMN_RULE_ID);
  facts->rule_version = oba_db_result_get_int64 (result, row, COLUMN_RULE_VERSION);
  facts->days = oba_db_result_get_int64 (result, row, COLUMN_DAYS);
  facts->usual_days = oba_db_result_get_int64 (result, row, COLUMN_USUAL_DAYS);
  facts->values_shown = oba_db_result_get_bool (result, row, COLUMN_VALUES_SHOWN);
  read_changes (facts, oba_db_result_get_text (result, row, COLUMN_CHANGES));
  return self;
}

static void
read_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GPtrArray *events;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  events = g_ptr_array_new_full (oba_db_result_get_n_rows (result), g_object_unref);
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    g_ptr_array_add (events, event_new (result, i));
  g_task_return_pointer (task, events, (GDestroyNotify) g_ptr_array_unref);
}

static void
add_place (ObaDbParams      *params,
           ObaTimelineEvent *after)
{
  int rank = 0;

  if (after == NULL)
    {
      for (guint i = 0; i < 3; i++)
        oba_db_params_add_null (params);
      return;
    }
  while (after->facts.kind >> rank > 1)
    rank++;
  oba_db_params_add_int64 (params, after->place);
  oba_db_params_add_int64 (params, rank);
  oba_db_params_add_int64 (params, after->facts.id);
}

void
oba_timeline_read_async (ObaDbPool           *pool,
                         gint64               customer,
                         ObaTimelineKinds     kinds,
                         ObaTimelineEvent    *after,
                         guint                n,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ii", customer, (gint64) kinds);

  g_task_set_source_tag (task, oba_timeline_read_async);
  add_place (params, after);
  oba_db_params_add_int64 (params, CLAMP (n, 1, LARGEST_PAGE));
  oba_db_params_add_text (params, oba_customers_get_language ());
  oba_db_pool_read_async (pool, oba_db_sql ("customers/timeline.sql"), params, cancellable, read_cb, task);
}

GPtrArray *
oba_timeline_read_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- why */

static void
why_cb (GObject      *pool,
        GAsyncResult *answer,
        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  ObaPointsReason *reason = NULL;

  if (result == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (oba_db_result_get_n_rows (result) == 0 || (reason = oba_points_reason_parse (oba_db_result_get_text (result, 0, 0))) == NULL)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("These points are not there any more."));
  else
    g_task_return_pointer (task, reason, (GDestroyNotify) oba_points_reason_free);
}

void
oba_timeline_why_async (ObaDbPool           *pool,
                        ObaTimelineEvent    *event,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = NULL;

  g_task_set_source_tag (task, oba_timeline_why_async);
  if (event->facts.kind != OBA_TIMELINE_POINTS)
    {
      g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_INVALID_INPUT, "%s", _("Only points have a rule behind them."));
      g_object_unref (task);
      return;
    }
  params = oba_db_params_build ("iiit", event->facts.customer_id, event->facts.id, event->place, oba_customers_get_language ());
  oba_db_pool_read_async (pool, oba_db_sql ("customers/why.sql"), params, cancellable, why_cb, task);
}

ObaPointsReason *
oba_timeline_why_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
