#include "oba-till-finding.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"

#define MICROSECONDS 1000000
/* What a link to Transactions shows around a moment. */
#define AROUND_MINUTES 60

static const struct
{
  const char *list;
  const char *detail;
} queries[] = {
  [OBA_TILL_LIST_TILLS] = { "tills/findings.sql", "tills/finding.sql" },
  [OBA_TILL_LIST_CASHIERS] = { "tills/reviews.sql", "tills/review.sql" },
};

/* ---- one */

void
oba_till_finding_free (ObaTillFinding *self)
{
  g_free (self->kind);
  g_free (self->state);
  g_free (self->store);
  g_free (self->cashier);
  g_free (self->customer);
  g_free (self->series);
  g_clear_pointer (&self->figures, json_object_unref);
  g_free (self);
}

ObaTillFinding *
oba_till_finding_copy (const ObaTillFinding *self)
{
  ObaTillFinding *copy = g_memdup2 (self, sizeof *self);

  copy->kind = g_strdup (self->kind);
  copy->state = g_strdup (self->state);
  copy->store = g_strdup (self->store);
  copy->cashier = g_strdup (self->cashier);
  copy->customer = g_strdup (self->customer);
  copy->series = g_strdup (self->series);
  copy->figures = json_object_ref (self->figures);
  return copy;
}

gint64
oba_till_finding_get_figure (const ObaTillFinding *self, const char *name)
{
  return json_object_get_int_member_with_default (self->figures, name, 0);
}

double
oba_till_finding_get_norm (const ObaTillFinding *self, const char *name)
{
  return json_object_get_double_member_with_default (self->figures, name, 0);
}

static JsonObject *
object_of (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();
}

static ObaTillFinding *
finding_from_result (ObaTillList list, ObaDbResult *rows, guint row)
{
  ObaTillFinding *self = g_new0 (ObaTillFinding, 1);

  self->list = list;
  self->id = oba_db_result_get_int64 (rows, row, 0);
  self->kind = g_strdup (oba_db_result_get_text (rows, row, 1));
  self->state = g_strdup (oba_db_result_get_text (rows, row, 2));
  self->store_id = oba_db_result_get_int64 (rows, row, 3);
  self->store = g_strdup (oba_db_result_get_text (rows, row, 4));
  self->till = oba_db_result_get_int64 (rows, row, 5);
  self->cashier = g_strdup (oba_db_result_get_text (rows, row, 6));
  self->customer_id = oba_db_result_get_int64 (rows, row, 7);
  self->customer = g_strdup (oba_db_result_get_text (rows, row, 8));
  self->series = g_strdup (oba_db_result_get_text (rows, row, 9));
  self->first_no = oba_db_result_get_int64 (rows, row, 10);
  self->last_no = oba_db_result_get_int64 (rows, row, 11);
  self->receipts = oba_db_result_get_int64 (rows, row, 12);
  self->begins_at = oba_db_result_get_int64 (rows, row, 13);
  self->ends_at = oba_db_result_get_int64 (rows, row, 14);
  self->figures = object_of (oba_db_result_get_text (rows, row, 15));
  self->version = oba_db_result_get_int64 (rows, row, 16);
  return self;
}

/* ---- the list */

typedef struct
{
  ObaTillList list;
  gint64 total;
} Reading;

static void
rows_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_till_finding_free);

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      g_ptr_array_add (list, finding_from_result (reading->list, rows, i));
      reading->total = oba_db_result_get_int64 (rows, i, 17);
    }
  g_task_return_pointer (task, g_steal_pointer (&list), (GDestroyNotify) g_ptr_array_unref);
}

/* Where the page of @last ends, as the queries order. */
static void
add_place (ObaDbParams *params, ObaTillList list, const ObaTillFinding *last)
{
  if (last == NULL)
    oba_db_params_add_null (params);
  else
    oba_db_params_add_int64 (params, list == OBA_TILL_LIST_TILLS ? last->begins_at : oba_till_finding_get_figure (last, "weight"));
  oba_db_params_add_int64 (params, last != NULL ? last->id : 0);
}

void
oba_till_findings_read_async (ObaDbPool *pool, ObaTillList list, const ObaTillFilter *filter, const ObaTillFinding *last, guint limit, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();
  Reading *reading = g_new0 (Reading, 1);

  reading->list = list;
  g_task_set_source_tag (task, oba_till_findings_read_async);
  g_task_set_task_data (task, reading, g_free);
  oba_db_params_add_text (params, filter->kind);
  oba_db_params_add_text (params, filter->state);
  if (filter->store_id != 0)
    oba_db_params_add_int64 (params, filter->store_id);
  else
    oba_db_params_add_null (params);
  add_place (params, list, last);
  oba_db_params_add_int64 (params, limit);
  oba_db_pool_read_async (pool, oba_db_sql (queries[list].list), params, cancellable, rows_cb, task);
}

GPtrArray *
oba_till_findings_read_finish (GAsyncResult *result, gint64 *total, GError **error)
{
  const Reading *reading = g_task_get_task_data (G_TASK (result));

  if (total != NULL)
    *total = reading->total;
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- one in full */

static void
event_free (ObaTillEvent *event)
{
  g_free (event->who);
  g_free (event->state);
  g_free (event->reason);
  g_free (event->note);
  g_free (event);
}

static void
receipt_free (ObaTillReceipt *receipt)
{
  g_free (receipt->number);
  g_free (receipt->cashier);
  g_free (receipt->kind);
  g_free (receipt);
}

static void
refusal_free (ObaTillRefusal *refusal)
{
  g_free (refusal->number);
  g_free (refusal->code);
  g_free (refusal);
}

static void
figure_free (ObaTillFigure *figure)
{
  g_free (figure->name);
  g_free (figure);
}

void
oba_till_detail_free (ObaTillDetail *self)
{
  g_free (self->state);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->receipts);
  g_ptr_array_unref (self->refusals);
  g_ptr_array_unref (self->cashiers);
  g_array_unref (self->days);
  g_free (self);
}

static gpointer
event_of (JsonArray *row)
{
  ObaTillEvent *event = g_new0 (ObaTillEvent, 1);

  event->at = json_array_get_int_element (row, 0);
  event->who = g_strdup (json_array_get_string_element (row, 1));
  event->state = g_strdup (json_array_get_string_element (row, 2));
  event->reason = g_strdup (json_array_get_string_element (row, 3));
  event->note = g_strdup (json_array_get_string_element (row, 4));
  event->receipts = json_array_get_int_element (row, 5);
  return event;
}

static gpointer
receipt_of (JsonArray *row)
{
  ObaTillReceipt *receipt = g_new0 (ObaTillReceipt, 1);

  receipt->key.customer_id = json_array_get_int_element (row, 0);
  receipt->key.at = json_array_get_int_element (row, 1);
  receipt->key.receipt_id = json_array_get_int_element (row, 2);
  receipt->number = g_strdup (json_array_get_string_element (row, 3));
  receipt->cashier = g_strdup (json_array_get_string_element (row, 4));
  receipt->total = json_array_get_int_element (row, 5);
  receipt->kind = g_strdup (json_array_get_string_element (row, 6));
  receipt->arrived_at = json_array_get_int_element (row, 7);
  return receipt;
}

static gpointer
refusal_of (JsonArray *row)
{
  ObaTillRefusal *refusal = g_new0 (ObaTillRefusal, 1);

  refusal->number = g_strdup (json_array_get_string_element (row, 0));
  refusal->code = g_strdup (json_array_get_string_element (row, 1));
  refusal->times = json_array_get_int_element (row, 2);
  refusal->last_at = json_array_get_int_element (row, 3);
  return refusal;
}

static gpointer
figure_of (JsonArray *row)
{
  ObaTillFigure *figure = g_new0 (ObaTillFigure, 1);

  figure->name = g_strdup (json_array_get_string_element (row, 0));
  figure->value = json_array_get_int_element (row, 1);
  return figure;
}

static GPtrArray *
list_of (JsonObject *object, const char *name, gpointer (*parse) (JsonArray *row), GDestroyNotify destroy)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (destroy);
  JsonArray *rows = json_object_has_member (object, name) ? json_object_get_array_member (object, name) : NULL;

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    g_ptr_array_add (list, parse (json_array_get_array_element (rows, i)));
  return list;
}

static void
read_days (ObaTillDetail *self, JsonObject *object)
{
  JsonArray *rows = json_object_get_array_member (object, "days");

  self->days = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonArray *row = json_array_get_array_element (rows, i);
      double sales = (double) json_array_get_int_element (row, 1);

      if (i == 0)
        self->first_day = (guint32) json_array_get_int_element (row, 0);
      g_array_append_val (self->days, sales);
    }
}

static ObaTillDetail *
detail_of (gint64 id, JsonObject *object)
{
  ObaTillDetail *self = g_new0 (ObaTillDetail, 1);

  self->id = id;
  self->version = json_object_get_int_member (object, "version");
  self->state = g_strdup (json_object_get_string_member (object, "state"));
  self->events = list_of (object, "events", event_of, (GDestroyNotify) event_free);
  self->receipts = list_of (object, "receipts", receipt_of, (GDestroyNotify) receipt_free);
  self->refusals = list_of (object, "refused", refusal_of, (GDestroyNotify) refusal_free);
  self->cashiers = list_of (object, "cashiers", figure_of, (GDestroyNotify) figure_free);
  read_days (self, object);
  return self;
}

static void
detail_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const gint64 *id = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (JsonObject) object = NULL;

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (oba_db_result_get_n_rows (rows) == 0)
    {
      g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("There is no such finding."));
      return;
    }
  object = object_of (oba_db_result_get_text (rows, 0, 0));
  g_task_return_pointer (task, detail_of (*id, object), (GDestroyNotify) oba_till_detail_free);
}

void
oba_till_detail_read_async (ObaDbPool *pool, ObaTillList list, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", id);

  g_task_set_source_tag (task, oba_till_detail_read_async);
  g_task_set_task_data (task, g_memdup2 (&id, sizeof id), g_free);
  oba_db_pool_read_async (pool, oba_db_sql (queries[list].detail), params, cancellable, detail_cb, task);
}

ObaTillDetail *
oba_till_detail_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- deciding */

void
oba_till_decide_async (ObaDbPool *pool, ObaTillList list, gint64 id, gint64 version, const char *state, const char *reason, const char *note, const char *key,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  gboolean tills = list == OBA_TILL_LIST_TILLS;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *request = json_object_new ();

  json_object_set_int_member (request, tills ? "finding_id" : "review_id", id);
  json_object_set_int_member (request, "version", version);
  json_object_set_string_member (request, "state", state);
  if (reason != NULL)
    json_object_set_string_member (request, "reason_code", reason);
  if (note != NULL)
    json_object_set_string_member (request, "note", note);
  json_node_take_object (node, request);
  oba_db_request_async (pool, tills ? "explain_finding" : "decide_review", node, key, cancellable, callback, user_data);
}

gboolean
oba_till_decide_finish (ObaDbPool *pool, GAsyncResult *result, GError **error)
{
  g_autoptr (JsonObject) answer = oba_db_request_finish (pool, result, error);

  return answer != NULL;
}

/* ---- in Transactions */

static gint64
minute_of (gint64 at, gint64 more)
{
  g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at / MICROSECONDS + more * 60);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, baku);
  GDate day;

  g_date_set_dmy (&day, (GDateDay) g_date_time_get_day_of_month (local), (GDateMonth) g_date_time_get_month (local), (GDateYear) g_date_time_get_year (local));
  return oba_filter_minute (&day, (guint) g_date_time_get_hour (local), (guint) g_date_time_get_minute (local));
}

static void
add_cashier (const ObaTillFinding *self, ObaReceiptFilter *filter)
{
  oba_filter_add_name (filter, OBA_RECEIPT_FILTER_CASHIERS, self->cashier);
  if (self->customer_id != 0)
    oba_filter_add_number (filter, OBA_RECEIPT_FILTER_CUSTOMERS, self->customer_id);
  else
    {
      oba_filter_add_name (filter, OBA_RECEIPT_FILTER_KINDS, "return");
      oba_filter_add_name (filter, OBA_RECEIPT_FILTER_KINDS, "void");
    }
  oba_filter_set_range (filter, OBA_RECEIPT_FILTER_TIME, minute_of (self->begins_at, 0), minute_of (self->ends_at, 24 * 60 - 1));
}

ObaReceiptFilter *
oba_till_finding_filter (const ObaTillFinding *self)
{
  ObaReceiptFilter *filter = oba_receipt_filter_new ();
  gint64 ends_at = self->ends_at != 0 ? self->ends_at : self->begins_at;

  oba_filter_add_number (filter, OBA_RECEIPT_FILTER_STORES, self->store_id);
  if (self->list == OBA_TILL_LIST_CASHIERS)
    {
      add_cashier (self, filter);
      return filter;
    }
  if (self->till != 0)
    oba_filter_add_number (filter, OBA_RECEIPT_FILTER_TILLS, self->till);
  if (g_str_equal (self->kind, "duplicate"))
    oba_filter_set_text (filter, OBA_RECEIPT_FILTER_RECEIPT_NO, self->series);
  else
    oba_filter_set_range (filter, OBA_RECEIPT_FILTER_TIME, minute_of (self->begins_at, -AROUND_MINUTES), minute_of (ends_at, AROUND_MINUTES));
  return filter;
}
