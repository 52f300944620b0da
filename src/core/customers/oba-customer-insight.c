#include "oba-customer-insight.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"
#include "oba-customer-json.h"
#include "oba-customers.h"

#define MEDIUM_PERCENT 30
#define HIGH_PERCENT 70

/* ---- what lists hold */

static void
change_free (gpointer data)
{
  ObaLifecycleChange *change = data;

  g_free (change->from);
  g_free (change->to);
  g_clear_pointer (&change->at, g_date_time_unref);
  g_free (change);
}

static gpointer
change_parse (JsonArray *fields)
{
  ObaLifecycleChange *change = g_new0 (ObaLifecycleChange, 1);

  change->from = oba_customer_json_text (fields, 0);
  change->to = oba_customer_json_text (fields, 1);
  change->at = oba_customer_json_time (fields, 2);
  change->days = oba_customer_json_int (fields, 3);
  change->usual_days = oba_customer_json_double (fields, 4);
  return change;
}

static gpointer
month_parse (JsonArray *fields)
{
  ObaCustomerMonth *month = g_new0 (ObaCustomerMonth, 1);

  month->year = (int) oba_customer_json_int (fields, 0);
  month->month = (int) oba_customer_json_int (fields, 1);
  month->receipts = oba_customer_json_int (fields, 2);
  month->revenue = oba_customer_json_int (fields, 3);
  return month;
}

static void
habit_free (gpointer data)
{
  ObaCustomerHabit *habit = data;

  g_free (habit->name);
  g_free (habit);
}

static gpointer
habit_parse (JsonArray *fields)
{
  ObaCustomerHabit *habit = g_new0 (ObaCustomerHabit, 1);

  habit->id = oba_customer_json_int (fields, 0);
  habit->name = oba_customer_json_text (fields, 1);
  habit->receipts = oba_customer_json_int (fields, 2);
  habit->revenue = oba_customer_json_int (fields, 3);
  habit->stated = oba_customer_json_flag (fields, 4);
  return habit;
}

static gpointer
expiry_parse (JsonArray *fields)
{
  ObaPointsExpiry *expiry = g_new0 (ObaPointsExpiry, 1);

  oba_customer_json_date (fields, 0, &expiry->last_day);
  expiry->points = oba_customer_json_int (fields, 1);
  return expiry;
}

static void
consent_free (gpointer data)
{
  ObaConsentEntry *consent = data;

  g_free (consent->channel);
  g_clear_pointer (&consent->at, g_date_time_unref);
  g_free (consent->through);
  g_free (consent->store);
  g_free (consent->who);
  g_free (consent->wording);
  g_free (consent);
}

static gpointer
consent_parse (JsonArray *fields)
{
  ObaConsentEntry *consent = g_new0 (ObaConsentEntry, 1);

  consent->channel = oba_customer_json_text (fields, 0);
  consent->granted = oba_customer_json_flag (fields, 1);
  consent->at = oba_customer_json_time (fields, 2);
  consent->through = oba_customer_json_text (fields, 3);
  consent->store = oba_customer_json_text (fields, 4);
  consent->who = oba_customer_json_text (fields, 5);
  consent->wording = oba_customer_json_text (fields, 6);
  return consent;
}

static void
card_free (gpointer data)
{
  ObaHeldCard *card = data;

  g_free (card->number);
  g_free (card->state);
  g_clear_pointer (&card->issued_at, g_date_time_unref);
  g_free (card->issued_by);
  g_clear_pointer (&card->state_since, g_date_time_unref);
  g_free (card);
}

static gpointer
card_parse (JsonArray *fields)
{
  ObaHeldCard *card = g_new0 (ObaHeldCard, 1);

  card->number = oba_customer_json_text (fields, 0);
  card->state = oba_customer_json_text (fields, 1);
  card->issued_at = oba_customer_json_time (fields, 2);
  card->issued_by = oba_customer_json_text (fields, 3);
  card->state_since = oba_customer_json_time (fields, 4);
  return card;
}

static void
segment_free (gpointer data)
{
  ObaCustomerSegment *segment = data;

  g_free (segment->name);
  g_free (segment->kind);
  g_clear_pointer (&segment->added_at, g_date_time_unref);
  g_free (segment);
}

static gpointer
segment_parse (JsonArray *fields)
{
  ObaCustomerSegment *segment = g_new0 (ObaCustomerSegment, 1);

  segment->id = oba_customer_json_int (fields, 0);
  segment->name = oba_customer_json_text (fields, 1);
  segment->kind = oba_customer_json_text (fields, 2);
  segment->added_at = oba_customer_json_time (fields, 3);
  return segment;
}

/* ---- the whole */

static ObaChurnGrade
grade (int percent)
{
  if (percent < 0)
    return OBA_CHURN_UNKNOWN;
  if (percent < MEDIUM_PERCENT)
    return OBA_CHURN_LOW;
  return percent < HIGH_PERCENT ? OBA_CHURN_MEDIUM : OBA_CHURN_HIGH;
}

static void
read_rhythm (ObaCustomerInsight *self,
             JsonObject         *object)
{
  self->lifecycle = oba_customer_json_member_text (object, "lifecycle");
  self->lifecycle_since = oba_customer_json_member_time (object, "lifecycle_since");
  self->lifecycle_due = oba_customer_json_member_date (object, "lifecycle_due");
  self->changes = oba_customer_json_list (object, "changes", change_parse, change_free);
  self->visits = oba_customer_json_member_int (object, "visits", 0);
  self->last_visit = oba_customer_json_member_date (object, "last_visit");
  self->days_away = oba_customer_json_member_int (object, "days_away", -1);
  self->usual_days = oba_customer_json_member_double (object, "usual_days");
  self->usual_spread = oba_customer_json_member_double (object, "usual_spread");
  self->lapsing_after = oba_customer_json_member_int (object, "lapsing_after", 0);
  self->lost_after = oba_customer_json_member_int (object, "lost_after", 0);
  self->churn_percent = (int) oba_customer_json_member_int (object, "churn_percent", -1);
  self->churn = grade (self->churn_percent);
}

/* {"0": 12, "5": 30}: what is not there is 0. */
static void
read_counts (JsonObject *object,
             const char *name,
             gint64     *counts,
             guint       n)
{
  JsonObject *found = oba_customer_json_member_object (object, name);

  for (guint i = 0; found != NULL && i < n; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      counts[i] = oba_customer_json_member_int (found, key, 0);
    }
}

static void
read_telegram (ObaCustomerInsight *self,
               JsonObject         *object)
{
  g_autoptr (JsonArray) none = json_array_new ();
  JsonArray *link = oba_customer_json_member_array (object, "telegram");

  self->telegram_linked = link != NULL;
  link = link != NULL ? link : none;
  self->telegram_username = oba_customer_json_text (link, 0);
  self->telegram_linked_at = oba_customer_json_time (link, 1);
  self->telegram_linked_by = oba_customer_json_text (link, 2);
  self->telegram_unreachable_at = oba_customer_json_time (link, 3);
}

static ObaCustomerInsight *
insight_parse (const char *json, const char *categories)
{
  g_autoptr (JsonNode) root = *json != '\0' ? json_from_string (json, NULL) : NULL;
  ObaCustomerInsight *self;
  JsonObject *object;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = json_node_get_object (root);
  if (*categories != '\0')
    json_object_set_member (object, "categories", json_from_string (categories, NULL));
  self = g_new0 (ObaCustomerInsight, 1);
  self->id = oba_customer_json_member_int (object, "id", 0);
  read_rhythm (self, object);
  read_counts (object, "weekdays", self->weekdays, G_N_ELEMENTS (self->weekdays));
  read_counts (object, "hours", self->hours, G_N_ELEMENTS (self->hours));
  self->months = oba_customer_json_list (object, "months", month_parse, g_free);
  self->stores = oba_customer_json_list (object, "stores", habit_parse, habit_free);
  self->categories = oba_customer_json_list (object, "categories", habit_parse, habit_free);
  self->expiries = oba_customer_json_list (object, "expiries", expiry_parse, g_free);
  self->consents = oba_customer_json_list (object, "consents", consent_parse, consent_free);
  self->consent_history = oba_customer_json_list (object, "consent_history", consent_parse, consent_free);
  self->cards = oba_customer_json_list (object, "cards", card_parse, card_free);
  self->segments = oba_customer_json_list (object, "segments", segment_parse, segment_free);
  read_telegram (self, object);
  return self;
}

void
oba_customer_insight_free (ObaCustomerInsight *self)
{
  GPtrArray *lists[] = {
    self->changes, self->months, self->stores, self->categories, self->expiries, self->consents, self->consent_history,
    self->cards, self->segments,
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_ptr_array_unref (lists[i]);
  g_free (self->lifecycle);
  g_free (self->telegram_username);
  g_free (self->telegram_linked_by);
  g_clear_pointer (&self->lifecycle_since, g_date_time_unref);
  g_clear_pointer (&self->telegram_linked_at, g_date_time_unref);
  g_clear_pointer (&self->telegram_unreachable_at, g_date_time_unref);
  g_clear_pointer (&self->lifecycle_due, g_date_free);
  g_clear_pointer (&self->last_visit, g_date_free);
  g_free (self);
}

/* ---- reading: what takes long for whoever buys most, in two halves at a time */

enum
{
  TOLD,
  CATEGORIES,
  N_HALVES,
};

typedef struct
{
  ObaDbResult *halves[N_HALVES];
  GError      *error;
  guint        pending;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  for (guint i = 0; i < N_HALVES; i++)
    g_clear_pointer (&reading->halves[i], oba_db_result_unref);
  g_clear_error (&reading->error);
  g_free (reading);
}

static void
take_half (GTask        *task,
           guint         half,
           ObaDbPool    *pool,
           GAsyncResult *answer)
{
  Reading *reading = g_task_get_task_data (task);
  ObaCustomerInsight *insight;

  reading->halves[half] = oba_db_pool_read_finish (pool, answer, reading->error == NULL ? &reading->error : NULL);
  if (--reading->pending > 0)
    return;
  if (reading->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&reading->error));
      return;
    }
  insight = insight_parse (oba_db_result_get_text (reading->halves[TOLD], 0, 0), oba_db_result_get_text (reading->halves[CATEGORIES], 0, 0));
  if (insight == NULL)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("There is no such customer any more."));
  else
    g_task_return_pointer (task, insight, (GDestroyNotify) oba_customer_insight_free);
}

static void
told_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;

  take_half (task, TOLD, OBA_DB_POOL (pool), answer);
}

static void
categories_cb (GObject      *pool,
               GAsyncResult *answer,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;

  take_half (task, CATEGORIES, OBA_DB_POOL (pool), answer);
}

void
oba_customers_insight_async (ObaDbPool           *pool,
                             gint64               id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("it", id, oba_customers_get_language ());
  Reading *reading = g_new0 (Reading, 1);

  g_task_set_source_tag (task, oba_customers_insight_async);
  reading->pending = N_HALVES;
  g_task_set_task_data (task, reading, reading_free);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/insight.sql"), params, cancellable, told_cb, g_object_ref (task));
  oba_db_pool_read_async (pool, oba_db_sql ("customers/insight-categories.sql"), params, cancellable, categories_cb, g_object_ref (task));
}

ObaCustomerInsight *
oba_customers_insight_finish (GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
