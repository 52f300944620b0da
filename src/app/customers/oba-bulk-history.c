#include "oba-bulk-history.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-error.h"
#include "customers/oba-bulk.h"
#include "oba-bulk-text.h"
#include "oba-bulk-undo.h"

#define SHOWN 200

struct _ObaBulkHistory
{
  AdwWindow         parent_instance;

  ObaCustomersPage *page;         /* this is a window over it */
  ObaDbPool        *pool;
  GCancellable     *cancellable;

  AdwToastOverlay  *toasts;
  GtkStack         *stack;
  GtkListBox       *list;
  AdwStatusPage    *failed_page;
};

G_DEFINE_FINAL_TYPE (ObaBulkHistory, oba_bulk_history, ADW_TYPE_WINDOW)

static void read_history (ObaBulkHistory *self);

static void
undone_cb (ObaBulkHistory *self,
           ObaBulkUndo    *undo)
{
  g_autofree char *escaped = g_markup_escape_text (oba_bulk_undo_get_message (undo), -1);

  if (self->cancellable == NULL)
    return;
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
  read_history (self);
}

static void
undo_clicked_cb (ObaBulkHistory *self,
                 GtkWidget      *button)
{
  const gint64 *id = g_object_get_data (G_OBJECT (button), "oba-action");

  gtk_widget_set_sensitive (button, FALSE);
  g_signal_connect_object (oba_bulk_undo_start (self->page, GTK_WINDOW (self), *id), "destroy", G_CALLBACK (undone_cb), self, G_CONNECT_SWAPPED);
}

static GtkWidget *
undo_new (ObaBulkHistory      *self,
          const ObaBulkAction *action,
          const char          *title)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Undo"));
  /* Translators: something that was done, for example “Blocked: cards copied”. */
  g_autofree char *name = g_strdup_printf (_("Undo “%s”"), title);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "oba-action", g_memdup2 (&action->action_id, sizeof action->action_id), g_free);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (undo_clicked_cb), self);
  return button;
}

static void
add_row (ObaBulkHistory      *self,
         const ObaBulkAction *action)
{
  g_autofree char *title = oba_bulk_text_title (action);
  g_autofree char *state = oba_bulk_text_state (action);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), state);
  if (action->may_undo)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), undo_new (self, action, title));
  gtk_list_box_append (self->list, row);
}

static void
history_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ObaBulkHistory *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) actions = oba_bulk_history_finish (result, &error);
  GtkListBoxRow *row;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (actions == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);
      g_autofree char *escaped = g_markup_escape_text (sentence, -1);

      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < actions->len; i++)
    add_row (self, actions->pdata[i]);
  gtk_stack_set_visible_child_name (self->stack, actions->len > 0 ? "list" : "empty");
}

static void
read_history (ObaBulkHistory *self)
{
  oba_bulk_history_async (self->pool, SHOWN, self->cancellable, history_cb, self);
}

static void
oba_bulk_history_dispose (GObject *object)
{
  ObaBulkHistory *self = OBA_BULK_HISTORY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_bulk_history_parent_class)->dispose (object);
}

static void
oba_bulk_history_class_init (ObaBulkHistoryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_bulk_history_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-bulk-history.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaBulkHistory, toasts);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkHistory, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkHistory, list);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkHistory, failed_page);
  gtk_widget_class_bind_template_callback (widget_class, read_history);
}

static void
oba_bulk_history_init (ObaBulkHistory *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
oba_bulk_history_new (ObaCustomersPage *page)
{
  GtkRoot *parent = gtk_widget_get_root (GTK_WIDGET (page));
  ObaBulkHistory *self = g_object_new (OBA_TYPE_BULK_HISTORY, "transient-for", parent, "destroy-with-parent", TRUE, NULL);

  self->page = page;
  self->pool = g_object_ref (oba_session_get_pool (oba_page_get_session (OBA_PAGE (page))));
  read_history (self);
  return GTK_WINDOW (self);
}
