#include "oba-bulk-undo.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-bulk.h"
#include "db/oba-db-error.h"
#include "oba-bulk-text.h"

struct _ObaBulkUndo
{
  AdwWindow         parent_instance;

  ObaCustomersPage *page;          /* a window over it: it cannot go before */
  ObaBulk          *bulk;
  char             *message;

  AdwStatusPage    *status_page;
  GtkProgressBar   *bar;
  GtkLabel         *label;
};

G_DEFINE_FINAL_TYPE (ObaBulkUndo, oba_bulk_undo, ADW_TYPE_WINDOW)

/* The first part has told how many there are. */
static void
seen_cb (ObaBulkUndo *self)
{
  guint n = oba_bulk_get_n (self->bulk);
  g_autofree char *seen = oba_number_format ((gint64) oba_bulk_get_seen (self->bulk));
  g_autofree char *all = oba_number_format (n);
  /* Translators: how many are done, of how many. */
  g_autofree char *text = g_strdup_printf (_("%s of %s"), seen, all);

  gtk_progress_bar_set_fraction (self->bar, (double) oba_bulk_get_seen (self->bulk) / MAX (n, 1));
  gtk_label_set_label (self->label, text);
  if (oba_bulk_get_seen (self->bulk) < n && !gtk_widget_get_visible (GTK_WIDGET (self)))
    gtk_window_present (GTK_WINDOW (self));
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (ObaBulkUndo) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaBulkReport) report = oba_bulk_run_finish (OBA_BULK (source), result, &error);

  if (self->page == NULL)
    return;
  self->message = report != NULL ? oba_bulk_text_undone (report) : oba_db_error_describe (error);
  oba_customers_page_tell_bulk (self->page, self->message, 0);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
stop_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ObaBulkUndo *self = OBA_BULK_UNDO (widget);

  oba_bulk_stop (self->bulk);
  gtk_widget_action_set_enabled (widget, "undo.stop", FALSE);
  adw_status_page_set_description (self->status_page, _("Stopping after the part that is under way…"));
}

static gboolean
oba_bulk_undo_close_request (GtkWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "undo.stop", NULL);
  return GDK_EVENT_STOP;
}

/* Gone with the window under it: the part that is under way is the last one. */
static void
oba_bulk_undo_dispose (GObject *object)
{
  ObaBulkUndo *self = OBA_BULK_UNDO (object);

  self->page = NULL;
  if (self->bulk != NULL)
    oba_bulk_stop (self->bulk);
  g_clear_object (&self->bulk);

  G_OBJECT_CLASS (oba_bulk_undo_parent_class)->dispose (object);
}

static void
oba_bulk_undo_finalize (GObject *object)
{
  g_free (OBA_BULK_UNDO (object)->message);

  G_OBJECT_CLASS (oba_bulk_undo_parent_class)->finalize (object);
}

static void
oba_bulk_undo_class_init (ObaBulkUndoClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_bulk_undo_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_bulk_undo_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = oba_bulk_undo_close_request;
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-bulk-undo.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaBulkUndo, status_page);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkUndo, bar);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkUndo, label);
  gtk_widget_class_install_action (widget_class, "undo.stop", NULL, stop_action);
}

static void
oba_bulk_undo_init (ObaBulkUndo *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

ObaBulkUndo *
oba_bulk_undo_start (ObaCustomersPage *page,
                     GtkWindow        *over,
                     gint64            action_id)
{
  ObaBulkUndo *self = g_object_new (OBA_TYPE_BULK_UNDO, "transient-for", over, "destroy-with-parent", TRUE, NULL);

  self->page = page;
  self->bulk = oba_bulk_new_undo (oba_session_get_pool (oba_page_get_session (OBA_PAGE (page))), action_id);
  g_signal_connect_object (self->bulk, "notify::seen", G_CALLBACK (seen_cb), self, G_CONNECT_SWAPPED);
  oba_bulk_run_async (self->bulk, done_cb, g_object_ref (self));
  return self;
}

const char *
oba_bulk_undo_get_message (ObaBulkUndo *self)
{
  return self->message != NULL ? self->message : "";
}
