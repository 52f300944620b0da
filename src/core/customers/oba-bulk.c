#include "oba-bulk.h"

#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"

#define MAX_EXAMPLES 5

struct _ObaBulk
{
  GObject     parent_instance;

  ObaDbPool  *pool;
  GArray     *ids;
  char       *kind;
  JsonNode   *parameters;
  char       *key;          /* each request's own begins with it: asked again, nothing happens twice */
  gint64      action_id;    /* 0: not begun */
  guint64     seen;
  gboolean    undoing;      /* takes action_id back */
  guint64     n;            /* of an undo: how many there are to take back, once the first part has told */
  guint       part;
  gboolean    stopping;
  ObaBulkReport *report;
};

enum { PROP_SEEN = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ObaBulk, oba_bulk, G_TYPE_OBJECT)

static void oba_bulk_next (GTask *task);

/* --- reports --- */

static void
oba_bulk_group_free (gpointer data)
{
  ObaBulkGroup *group = data;

  g_free (group->reason);
  g_array_unref (group->examples);
  g_free (group);
}

static ObaBulkReport *
oba_bulk_report_new (void)
{
  ObaBulkReport *self = g_new0 (ObaBulkReport, 1);

  self->skipped = g_ptr_array_new_with_free_func (oba_bulk_group_free);
  self->examples = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

void
oba_bulk_report_free (ObaBulkReport *self)
{
  g_ptr_array_unref (self->skipped);
  g_array_unref (self->examples);
  g_free (self);
}

static int
oba_bulk_group_compare (gconstpointer a,
                        gconstpointer b)
{
  const ObaBulkGroup *first = *(ObaBulkGroup *const *) a;
  const ObaBulkGroup *second = *(ObaBulkGroup *const *) b;

  return first->n == second->n ? g_strcmp0 (first->reason, second->reason) : first->n < second->n ? 1 : -1;
}

static ObaBulkGroup *
oba_bulk_report_get_group (ObaBulkReport *self,
                           const char    *reason)
{
  ObaBulkGroup *group;

  for (guint i = 0; i < self->skipped->len; i++)
    if (g_str_equal (((ObaBulkGroup *) self->skipped->pdata[i])->reason, reason))
      return self->skipped->pdata[i];
  group = g_new0 (ObaBulkGroup, 1);
  group->reason = g_strdup (reason);
  group->examples = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_ptr_array_add (self->skipped, group);
  return group;
}

static void
oba_bulk_add_examples (GArray     *examples,
                       JsonObject *lists,
                       const char *reason)
{
  JsonArray *list = lists != NULL && json_object_has_member (lists, reason) ? json_object_get_array_member (lists, reason) : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list) && examples->len < MAX_EXAMPLES; i++)
    {
      gint64 id = json_array_get_int_element (list, i);

      g_array_append_val (examples, id);
    }
}

/* Of an answer's "skipped". */
static void
oba_bulk_report_add_skipped (ObaBulkReport *self,
                             JsonObject    *skipped,
                             JsonObject    *examples)
{
  JsonObjectIter iter;
  const char *reason;
  JsonNode *n;

  if (skipped == NULL)
    return;
  json_object_iter_init (&iter, skipped);
  while (json_object_iter_next (&iter, &reason, &n))
    {
      ObaBulkGroup *group = oba_bulk_report_get_group (self, reason);

      group->n += json_node_get_int (n);
      oba_bulk_add_examples (group->examples, examples, reason);
    }
  g_ptr_array_sort (self->skipped, oba_bulk_group_compare);
}

/* Of bulk_answer() in 0042: it counts from the beginning. */
static ObaBulkReport *
oba_bulk_report_new_from_answer (JsonObject *answer)
{
  ObaBulkReport *self = oba_bulk_report_new ();

  self->action_id = json_object_get_int_member_with_default (answer, "action_id", 0);
  self->seen = json_object_get_int_member_with_default (answer, "seen", 0);
  self->changed = json_object_get_int_member_with_default (answer, "changed", 0);
  self->undone = json_object_get_int_member_with_default (answer, "undone", 0);
  self->kept = json_object_get_int_member_with_default (answer, "kept", 0);
  self->cancelled = g_strcmp0 (json_object_get_string_member_with_default (answer, "state", ""), "cancelled") == 0;
  oba_bulk_report_add_skipped (self, json_object_has_member (answer, "skipped") ? json_object_get_object_member (answer, "skipped") : NULL, NULL);
  return self;
}

/* --- requests --- */

static void
oba_bulk_take_seen (ObaBulk *self,
                    guint64  seen)
{
  if (self->seen == seen)
    return;
  self->seen = seen;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SEEN]);
}

/* The next part from @from on. (transfer full) */
static JsonNode *
oba_bulk_make_part (ObaBulk *self,
                    guint64  from,
                    gboolean preview)
{
  JsonObject *part = json_object_new ();
  JsonArray *ids = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (guint64 i = from; i < self->ids->len && i < from + OBA_BULK_PART; i++)
    json_array_add_int_element (ids, g_array_index (self->ids, gint64, i));
  if (preview)
    {
      json_object_set_string_member (part, "kind", self->kind);
      json_object_set_member (part, "parameters", json_node_copy (self->parameters));
    }
  else
    {
      json_object_set_int_member (part, "action_id", self->action_id);
      json_object_set_int_member (part, "from", (gint64) from);
    }
  json_object_set_array_member (part, "ids", ids);
  json_node_take_object (node, part);
  return node;
}

static JsonNode *
oba_bulk_make_start (ObaBulk *self)
{
  JsonObject *start = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (start, "kind", self->kind);
  json_object_set_member (start, "parameters", json_node_copy (self->parameters));
  json_object_set_int_member (start, "total", self->ids->len);
  json_node_take_object (node, start);
  return node;
}

static JsonNode *
oba_bulk_make_id (gint64 action_id)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "action_id", action_id);
  json_node_take_object (node, object);
  return node;
}

/* --- dry run --- */

static void oba_bulk_preview_next (GTask *task);

static void
oba_bulk_preview_cb (GObject      *pool,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaBulk *self = g_task_get_source_object (task);
  ObaBulkReport *report = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (JsonNode) node = rows != NULL ? json_from_string (oba_db_result_get_text (rows, 0, 0), &error) : NULL;
  JsonObject *answer;
  JsonObject *examples;

  if (node == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  answer = json_node_get_object (node);
  examples = json_object_get_object_member (answer, "examples");
  report->changed += json_object_get_int_member (answer, "change");
  oba_bulk_add_examples (report->examples, examples, "change");
  oba_bulk_report_add_skipped (report, json_object_get_object_member (answer, "skipped"), examples);
  report->seen = MIN (report->seen + OBA_BULK_PART, (gint64) self->ids->len);
  oba_bulk_take_seen (self, (guint64) report->seen);
  if (report->seen < (gint64) self->ids->len)
    {
      oba_bulk_preview_next (g_steal_pointer (&task));
      return;
    }
  oba_bulk_take_seen (self, 0);
  g_task_return_boolean (task, TRUE);
}

static void
oba_bulk_preview_next (GTask *task)
{
  ObaBulk *self = g_task_get_source_object (task);
  ObaBulkReport *report = g_task_get_task_data (task);
  g_autoptr (JsonNode) part = oba_bulk_make_part (self, (guint64) report->seen, TRUE);
  g_autofree char *text = json_to_string (part, FALSE);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", text);

  oba_db_pool_read_async (self->pool, oba_db_sql ("customers/bulk-preview.sql"), params, g_task_get_cancellable (task), oba_bulk_preview_cb, task);
}

void
oba_bulk_preview_async (ObaBulk             *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_bulk_preview_async);
  g_task_set_task_data (task, oba_bulk_report_new (), (GDestroyNotify) oba_bulk_report_free);
  oba_bulk_preview_next (task);
}

ObaBulkReport *
oba_bulk_preview_finish (ObaBulk       *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  ObaBulkReport *report = g_task_get_task_data (G_TASK (result));
  ObaBulkReport *own;

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  own = oba_bulk_report_new ();
  own->seen = report->seen;
  own->changed = report->changed;
  g_ptr_array_unref (own->skipped);
  own->skipped = g_ptr_array_ref (report->skipped);
  g_array_append_vals (own->examples, report->examples->data, report->examples->len);
  return own;
}

/* --- doing it, and taking it back --- */

static void
oba_bulk_take_answer (ObaBulk    *self,
                      JsonObject *answer)
{
  g_clear_pointer (&self->report, oba_bulk_report_free);
  self->report = oba_bulk_report_new_from_answer (answer);
  self->n = (guint64) self->report->changed;
  self->part++;
  oba_bulk_take_seen (self, (guint64) (self->undoing ? self->report->undone + self->report->kept : self->report->seen));
}

/* What is taken back until it is stopped stays so, and the rest as it was. */
static gboolean
oba_bulk_is_over (ObaBulk *self)
{
  if (self->report == NULL)
    return FALSE;
  return self->report->cancelled || self->seen >= oba_bulk_get_n (self) || (self->undoing && self->stopping);
}

static void
oba_bulk_answered_cb (GObject      *pool,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaBulk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->action_id = json_object_get_int_member (answer, "action_id");
  if (json_object_has_member (answer, "seen"))
    oba_bulk_take_answer (self, answer);
  if (oba_bulk_is_over (self))
    g_task_return_pointer (task, g_steal_pointer (&self->report), (GDestroyNotify) oba_bulk_report_free);
  else
    oba_bulk_next (g_steal_pointer (&task));
}

static void
oba_bulk_next (GTask *task)
{
  ObaBulk *self = g_task_get_source_object (task);
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *key = NULL;
  const char *action;

  if (self->undoing)
    {
      action = "undo_bulk";
      key = g_strdup_printf ("%s-%u", self->key, self->part);
      request = oba_bulk_make_id (self->action_id);
    }
  else if (self->action_id == 0)
    {
      action = "start_bulk";
      key = g_strdup_printf ("%s-start", self->key);
      request = oba_bulk_make_start (self);
    }
  else if (self->stopping)
    {
      action = "cancel_bulk";
      key = g_strdup_printf ("%s-cancel", self->key);
      request = oba_bulk_make_id (self->action_id);
    }
  else
    {
      action = "run_bulk";
      key = g_strdup_printf ("%s-%" G_GUINT64_FORMAT, self->key, self->seen);
      request = oba_bulk_make_part (self, self->seen, FALSE);
    }
  oba_db_request_async (self->pool, action, request, key, NULL, oba_bulk_answered_cb, task);
}

void
oba_bulk_run_async (ObaBulk             *self,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, oba_bulk_run_async);
  oba_bulk_next (task);
}

ObaBulkReport *
oba_bulk_run_finish (ObaBulk       *self,
                     GAsyncResult  *result,
                     GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
oba_bulk_stop (ObaBulk *self)
{
  self->stopping = TRUE;
}

/* --- history --- */

void
oba_bulk_action_free (ObaBulkAction *self)
{
  g_free (self->kind);
  g_free (self->what);
  g_free (self->state);
  g_free (self->by_whom);
  g_clear_pointer (&self->at, g_date_time_unref);
  g_free (self);
}

static ObaBulkAction *
oba_bulk_action_new_from_result (ObaDbResult *rows,
                                 guint        row)
{
  ObaBulkAction *self = g_new0 (ObaBulkAction, 1);

  self->action_id = oba_db_result_get_int64 (rows, row, 0);
  self->kind = g_strdup (oba_db_result_get_text (rows, row, 1));
  self->what = g_strdup (oba_db_result_get_text (rows, row, 2));
  self->granted = oba_db_result_get_bool (rows, row, 3);
  self->state = g_strdup (oba_db_result_get_text (rows, row, 4));
  self->wanted = oba_db_result_get_int64 (rows, row, 5);
  self->changed = oba_db_result_get_int64 (rows, row, 6);
  self->undone = oba_db_result_get_int64 (rows, row, 7);
  self->kept = oba_db_result_get_int64 (rows, row, 8);
  self->by_whom = g_strdup (oba_db_result_get_text (rows, row, 9));
  self->at = oba_db_result_get_time (rows, row, 10);
  self->may_undo = oba_db_result_get_bool (rows, row, 11);
  return self;
}

static void
oba_bulk_history_cb (GObject      *pool,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  GPtrArray *actions;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  actions = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_bulk_action_free);
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    g_ptr_array_add (actions, oba_bulk_action_new_from_result (rows, i));
  g_task_return_pointer (task, actions, (GDestroyNotify) g_ptr_array_unref);
}

void
oba_bulk_history_async (ObaDbPool           *pool,
                        guint                limit,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) limit);

  g_task_set_source_tag (task, oba_bulk_history_async);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/bulk-history.sql"), params, cancellable, oba_bulk_history_cb, task);
}

GPtrArray *
oba_bulk_history_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- the object --- */

static ObaBulk *
oba_bulk_new (ObaDbPool  *pool,
              GArray     *ids,
              const char *kind,
              JsonObject *parameters)
{
  ObaBulk *self = g_object_new (OBA_TYPE_BULK, NULL);

  self->pool = g_object_ref (pool);
  self->ids = g_array_ref (ids);
  self->kind = g_strdup (kind);
  self->parameters = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (self->parameters, parameters);
  self->key = oba_db_request_new_key ();
  return self;
}

ObaBulk *
oba_bulk_new_segment (ObaDbPool *pool,
                      GArray    *ids,
                      gint64     segment_id)
{
  JsonObject *parameters = json_object_new ();

  json_object_set_int_member (parameters, "segment_id", segment_id);
  return oba_bulk_new (pool, ids, "segment", parameters);
}

ObaBulk *
oba_bulk_new_consent (ObaDbPool  *pool,
                      GArray     *ids,
                      const char *channel,
                      gboolean    granted)
{
  JsonObject *parameters = json_object_new ();

  json_object_set_string_member (parameters, "channel", channel);
  json_object_set_boolean_member (parameters, "granted", granted);
  return oba_bulk_new (pool, ids, "consent", parameters);
}

ObaBulk *
oba_bulk_new_block (ObaDbPool  *pool,
                    GArray     *ids,
                    const char *reason)
{
  JsonObject *parameters = json_object_new ();

  json_object_set_string_member (parameters, "reason", reason);
  return oba_bulk_new (pool, ids, "block", parameters);
}

ObaBulk *
oba_bulk_new_undo (ObaDbPool *pool,
                   gint64     action_id)
{
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (gint64));
  ObaBulk *self = oba_bulk_new (pool, none, "undo", json_object_new ());

  self->action_id = action_id;
  self->undoing = TRUE;
  return self;
}

guint
oba_bulk_get_n (ObaBulk *self)
{
  return self->undoing ? (guint) self->n : self->ids->len;
}

guint64
oba_bulk_get_seen (ObaBulk *self)
{
  return self->seen;
}

static void
oba_bulk_get_property (GObject    *object,
                       guint       prop_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  if (prop_id == PROP_SEEN)
    g_value_set_uint64 (value, OBA_BULK (object)->seen);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
oba_bulk_finalize (GObject *object)
{
  ObaBulk *self = OBA_BULK (object);

  g_object_unref (self->pool);
  g_array_unref (self->ids);
  g_free (self->kind);
  json_node_unref (self->parameters);
  g_free (self->key);
  g_clear_pointer (&self->report, oba_bulk_report_free);

  G_OBJECT_CLASS (oba_bulk_parent_class)->finalize (object);
}

static void
oba_bulk_class_init (ObaBulkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = oba_bulk_get_property;
  object_class->finalize = oba_bulk_finalize;
  props[PROP_SEEN] = g_param_spec_uint64 ("seen", NULL, NULL, 0, G_MAXUINT64, 0, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
oba_bulk_init (ObaBulk *self)
{
}
