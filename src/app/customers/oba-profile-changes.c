#include "oba-profile-changes.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-request.h"

typedef struct
{
  ObaProfileChanges *changes;
  char              *action;
  char              *key;
  JsonNode          *request;
  char              *said;
  GVariant          *undo;
} Change;

struct _ObaProfileChanges
{
  GObject    parent_instance;

  ObaDbPool *pool;
  GWeakRef   view;
  GQueue     queue;       /* of Change; the first is under way */
};

enum
{
  DONE,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaProfileChanges, oba_profile_changes, G_TYPE_OBJECT)

static void
change_free (Change *change)
{
  g_clear_object (&change->changes);
  g_free (change->action);
  g_free (change->key);
  json_node_unref (change->request);
  g_free (change->said);
  g_clear_pointer (&change->undo, g_variant_unref);
  g_free (change);
}

static void
undo_cb (AdwToast *toast, gpointer user_data)
{
  Change *change = user_data;

  oba_profile_changes_ask (change->changes, change->action, change->undo, _("Taken back"), NULL);
}

static void
undo_data_free (gpointer data, GClosure *closure)
{
  change_free (data);
}

/* (transfer full): @change */
static void
say (ObaProfileChanges *self, Change *change)
{
  g_autoptr (GtkWidget) view = g_weak_ref_get (&self->view);
  GtkWidget *overlay = view != NULL ? gtk_widget_get_ancestor (view, ADW_TYPE_TOAST_OVERLAY) : NULL;
  g_autofree char *escaped = g_markup_escape_text (change->said, -1);
  AdwToast *toast;

  if (overlay == NULL)
    {
      change_free (change);
      return;
    }
  toast = adw_toast_new (escaped);
  if (change->undo != NULL)
    {
      adw_toast_set_button_label (toast, _("_Undo"));
      g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), change, undo_data_free, 0);
    }
  else
    change_free (change);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

static void send_first (ObaProfileChanges *self);

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaProfileChanges) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);
  Change *change = g_queue_pop_head (&self->queue);

  if (answer != NULL)
    {
      say (self, change);
      g_signal_emit (self, signals[DONE], 0);
    }
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      g_signal_emit (self, signals[FAILED], 0, sentence);
      change_free (change);
    }
  if (!g_queue_is_empty (&self->queue))
    send_first (self);
}

static void
send_first (ObaProfileChanges *self)
{
  Change *change = g_queue_peek_head (&self->queue);

  oba_db_request_async (self->pool, change->action, change->request, change->key, NULL, answered_cb, g_object_ref (self));
}

void
oba_profile_changes_ask (ObaProfileChanges *self, const char *action, GVariant *request, const char *said, GVariant *undo)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (request);
  Change *change = g_new0 (Change, 1);

  g_return_if_fail (OBA_IS_PROFILE_CHANGES (self));

  change->changes = g_object_ref (self);
  change->action = g_strdup (action);
  change->key = oba_db_request_new_key ();
  change->request = json_gvariant_serialize (owned);
  change->said = g_strdup (said);
  change->undo = undo != NULL ? g_variant_ref_sink (undo) : NULL;
  g_queue_push_tail (&self->queue, change);
  if (g_queue_get_length (&self->queue) == 1)
    send_first (self);
}

gboolean
oba_profile_changes_is_busy (ObaProfileChanges *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_CHANGES (self), FALSE);

  return !g_queue_is_empty (&self->queue);
}

static void
oba_profile_changes_finalize (GObject *object)
{
  ObaProfileChanges *self = OBA_PROFILE_CHANGES (object);

  g_clear_object (&self->pool);
  g_weak_ref_clear (&self->view);

  G_OBJECT_CLASS (oba_profile_changes_parent_class)->finalize (object);
}

static void
oba_profile_changes_class_init (ObaProfileChangesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_profile_changes_finalize;

  signals[DONE] = g_signal_new ("done", OBA_TYPE_PROFILE_CHANGES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", OBA_TYPE_PROFILE_CHANGES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
oba_profile_changes_init (ObaProfileChanges *self)
{
  g_weak_ref_init (&self->view, NULL);
  g_queue_init (&self->queue);
}

ObaProfileChanges *
oba_profile_changes_new (ObaDbPool *pool, GtkWidget *view)
{
  ObaProfileChanges *self = g_object_new (OBA_TYPE_PROFILE_CHANGES, NULL);

  self->pool = g_object_ref (pool);
  g_weak_ref_set (&self->view, view);
  return self;
}
