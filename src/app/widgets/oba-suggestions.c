#include "oba-suggestions.h"

#include "base/oba-text.h"
#include "db/oba-db-sql.h"

#define TYPING_MS 200
#define MAX_CHARS 100

struct _ObaSuggestions
{
  AdwBin        parent_instance;

  GtkEntry     *entry;        /* above it, in the same form */
  ObaDbPool    *pool;
  const char   *query;
  GCancellable *reading;
  guint         typing_id;

  GtkListBox   *list;
};

enum { CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaSuggestions, oba_suggestions, ADW_TYPE_BIN)

static void
clear (ObaSuggestions *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
oba_suggestions_stop (ObaSuggestions *self)
{
  g_clear_handle_id (&self->typing_id, g_source_remove);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  clear (self);
}

static void
add_row (ObaSuggestions *self,
         ObaDbResult    *result,
         guint           i)
{
  GtkWidget *row = adw_action_row_new ();
  gint64 id = oba_db_result_get_int64 (result, i, 0);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), oba_db_result_get_text (result, i, 1));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), oba_db_result_get_text (result, i, 2));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "oba-id", g_memdup2 (&id, sizeof id), g_free);
  gtk_list_box_append (self->list, row);
}

/* Nothing is suggested while the server is away: what is typed is looked up when it is added. */
static void
read_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  ObaSuggestions *self = user_data;
  guint n = result != NULL ? oba_db_result_get_n_rows (result) : 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  clear (self);
  for (guint i = 0; i < n; i++)
    add_row (self, result, i);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

static void
typing_cb (gpointer user_data)
{
  ObaSuggestions *self = user_data;
  g_autofree char *text = oba_text_clean (gtk_editable_get_text (GTK_EDITABLE (self->entry)), MAX_CHARS, NULL);
  g_autoptr (ObaDbParams) params = NULL;

  self->typing_id = 0;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  if (text == NULL || *text == '\0')
    {
      clear (self);
      return;
    }
  params = oba_db_params_build ("t", text);
  self->reading = g_cancellable_new ();
  oba_db_pool_read_async (self->pool, oba_db_sql (self->query), params, self->reading, read_cb, self);
}

static void
typed_cb (ObaSuggestions *self)
{
  g_clear_handle_id (&self->typing_id, g_source_remove);
  self->typing_id = g_timeout_add_once (TYPING_MS, typing_cb, self);
}

static void
activated_cb (ObaSuggestions *self,
              GtkListBoxRow  *row)
{
  gint64 *id = g_object_get_data (G_OBJECT (row), "oba-id");
  g_autofree char *text = g_strdup (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  gint64 chosen = *id;

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  oba_suggestions_stop (self);
  g_signal_emit (self, signals[CHOSEN], 0, chosen, text);
}

static gboolean
entry_key_cb (GtkEventControllerKey *controller,
              guint                  keyval,
              guint                  keycode,
              GdkModifierType        state,
              ObaSuggestions        *self)
{
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->list, 0);

  if ((keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down) || first == NULL)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_grab_focus (GTK_WIDGET (first));
  return GDK_EVENT_STOP;
}

static gboolean
list_key_cb (GtkEventControllerKey *controller,
             guint                  keyval,
             guint                  keycode,
             GdkModifierType        state,
             ObaSuggestions        *self)
{
  if (keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  oba_suggestions_stop (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  return GDK_EVENT_STOP;
}

GtkWidget *
oba_suggestions_new (GtkEntry   *entry,
                     ObaDbPool  *pool,
                     const char *query)
{
  ObaSuggestions *self = g_object_new (OBA_TYPE_SUGGESTIONS, NULL);
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->entry = entry;
  self->pool = g_object_ref (pool);
  self->query = query;
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (entry_key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (entry), keys);
  g_signal_connect_object (entry, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

static void
oba_suggestions_dispose (GObject *object)
{
  ObaSuggestions *self = OBA_SUGGESTIONS (object);

  g_clear_handle_id (&self->typing_id, g_source_remove);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_suggestions_parent_class)->dispose (object);
}

static void
oba_suggestions_class_init (ObaSuggestionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_suggestions_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", OBA_TYPE_SUGGESTIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_STRING);
}

static void
oba_suggestions_init (ObaSuggestions *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (list_key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
