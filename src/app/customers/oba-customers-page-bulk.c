/* What is done to many customers at once: the bar under the list, its actions, and taking back. */
#include "oba-customers-page-private.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "oba-bulk-dialog.h"
#include "oba-bulk-history.h"
#include "oba-bulk-undo.h"
#include "files/oba-export-window.h"

/* Long enough to read it and to think again. */
#define UNDO_SECONDS 20
#define STILL_READING _("The list is still being read. Try again in a moment.")

GArray *
oba_customers_page_dup_chosen (ObaCustomersPage *self)
{
  ObaLazyView *view = oba_customers_page_get_view (self);

  return oba_lazy_view_get_n_selected (view) > 1 ? oba_lazy_selection_dup_ids (oba_lazy_view_get_selection (view)) : NULL;
}

static void
open_dialog (GtkWidget         *widget,
             ObaBulkDialogKind  kind)
{
  ObaCustomersPage *self = OBA_CUSTOMERS_PAGE (widget);
  g_autoptr (GArray) ids = oba_customers_page_dup_chosen (self);

  if (ids == NULL)
    oba_page_toast (OBA_PAGE (self), STILL_READING);
  else
    gtk_window_present (GTK_WINDOW (oba_bulk_dialog_new (self, kind, ids)));
}

static void
segment_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  open_dialog (widget, OBA_BULK_DIALOG_SEGMENT);
}

static void
consent_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  open_dialog (widget, OBA_BULK_DIALOG_CONSENT);
}

static void
block_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  open_dialog (widget, OBA_BULK_DIALOG_BLOCK);
}

static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ObaCustomersPage *self = OBA_CUSTOMERS_PAGE (widget);
  g_autoptr (GArray) ids = oba_customers_page_dup_chosen (self);

  if (ids == NULL)
    oba_page_toast (OBA_PAGE (self), STILL_READING);
  else
    oba_export_window_open (self, ids);
}

static void
clear_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  oba_lazy_view_select (oba_customers_page_get_view (OBA_CUSTOMERS_PAGE (widget)), GTK_INVALID_LIST_POSITION);
}

static void
history_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  gtk_window_present (oba_bulk_history_new (OBA_CUSTOMERS_PAGE (widget)));
}

static void
undo_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  oba_bulk_undo_start (OBA_CUSTOMERS_PAGE (widget), GTK_WINDOW (gtk_widget_get_root (widget)), g_variant_get_int64 (parameter));
}

void
oba_customers_page_tell_bulk (ObaCustomersPage *self,
                              const char       *message,
                              gint64            action_id)
{
  if (action_id != 0)
    oba_page_toast_undo (OBA_PAGE (self), message, UNDO_SECONDS, "page.undo-bulk", g_variant_new_int64 (action_id));
  else
    oba_page_toast (OBA_PAGE (self), message);
  oba_page_refresh (OBA_PAGE (self));
}

void
oba_customers_page_show_chosen (ObaCustomersPage *self,
                                GtkRevealer      *revealer,
                                GtkLabel         *label,
                                GtkWidget        *many,
                                GtkWidget        *remove)
{
  gboolean members = oba_customers_page_show_remove (self, remove);
  guint n = oba_lazy_view_get_n_selected (oba_customers_page_get_view (self));
  g_autofree char *number = oba_number_format (n);
  g_autofree char *text = g_strdup_printf (ngettext ("%s chosen", "%s chosen", n), number);

  if (n > 0)
    gtk_label_set_label (label, text);
  gtk_widget_set_visible (many, n > 1);
  gtk_revealer_set_reveal_child (revealer, n > 1 || (n == 1 && members));
}

/* What one may not do is not shown: the bar and the menu leave out what is not enabled. */
void
oba_customers_page_setup_bulk (ObaCustomersPage *self,
                               GtkWidget        *segment_button,
                               GtkWidget        *head_box)
{
  ObaSession *session = oba_page_get_session (OBA_PAGE (self));
  gboolean head = oba_session_has_role (session, OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN);
  gboolean segments = head || oba_session_has_role (session, OBA_ROLE_MARKETING);

  gtk_widget_set_visible (segment_button, segments);
  gtk_widget_set_visible (head_box, head);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.bulk-segment", segments);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.bulk-consent", head);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.bulk-block", head);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.bulk-history", segments || oba_session_has_role (session, OBA_ROLE_AUDITOR));
}

void
oba_customers_page_install_bulk (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "page.bulk-segment", NULL, segment_action);
  gtk_widget_class_install_action (widget_class, "page.bulk-consent", NULL, consent_action);
  gtk_widget_class_install_action (widget_class, "page.bulk-block", NULL, block_action);
  gtk_widget_class_install_action (widget_class, "page.bulk-history", NULL, history_action);
  gtk_widget_class_install_action (widget_class, "page.export-chosen", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "page.undo-bulk", "x", undo_action);
  gtk_widget_class_install_action (widget_class, "page.clear-selection", NULL, clear_action);
}
