#include "oba-approvals-view.h"

#include <glib/gi18n-lib.h>

#include "transactions/oba-transactions-page.h"

struct _ObaApprovalsView
{
  AdwBin            parent_instance;

  ObaApprovalsBar  *bar;
  ObaApprovalsList *list;
};

G_DEFINE_FINAL_TYPE (ObaApprovalsView, oba_approvals_view, ADW_TYPE_BIN)

static void
filter_changed_cb (ObaApprovalsView *self)
{
  ObaApprovalsFilter filter = { 0 };
  ObaApprovalsShow show = oba_approvals_bar_get_filter (self->bar, &filter);

  oba_approvals_list_set_filter (self->list, &filter, show);
}

static void
oba_approvals_view_class_init (ObaApprovalsViewClass *klass)
{
}

static void
oba_approvals_view_init (ObaApprovalsView *self)
{
}

GtkWidget *
oba_approvals_view_new (ObaSession *session)
{
  ObaApprovalsView *self = g_object_new (OBA_TYPE_APPROVALS_VIEW, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->bar = OBA_APPROVALS_BAR (oba_approvals_bar_new (session));
  self->list = OBA_APPROVALS_LIST (oba_approvals_list_new (session, OBA_APPROVALS_EVERYTHING));
  gtk_widget_set_margin_top (GTK_WIDGET (self->bar), 9);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->bar), 9);
  gtk_widget_set_vexpand (GTK_WIDGET (self->list), TRUE);
  g_signal_connect_object (self->bar, "changed", G_CALLBACK (filter_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "loaded", G_CALLBACK (oba_approvals_bar_refresh), self->bar, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->bar));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), box);
  return GTK_WIDGET (self);
}

void
oba_approvals_view_push (ObaSubpages *subpages, ObaSession *session)
{
  GtkWidget *top = oba_subpages_get_top (subpages);

  if (top == NULL || !OBA_IS_APPROVALS_VIEW (top))
    oba_subpages_push (subpages, oba_approvals_view_new (session), _("Waiting for Approval"));
}

static void
approvals_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_approvals_view_push (oba_transactions_page_get_subpages (OBA_TRANSACTIONS_PAGE (widget)), oba_page_get_session (OBA_PAGE (widget)));
}

void
oba_approvals_view_install (GtkWidgetClass *page_class)
{
  gtk_widget_class_install_action (page_class, "page.approvals", NULL, approvals_action);
}

void
oba_approvals_view_allow (ObaPage *page)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.approvals", oba_session_has_role (oba_page_get_session (page), OBA_APPROVALS_ROLES));
}

static void
posed_cb (ObaPage *page)
{
  oba_page_set_state (page, OBA_PAGE_READY, NULL);
}

gboolean
oba_approvals_view_pose (ObaPage *page)
{
  ObaSubpages *subpages = oba_transactions_page_get_subpages (OBA_TRANSACTIONS_PAGE (page));

  if (!oba_session_has_role (oba_page_get_session (page), OBA_APPROVALS_ROLES))
    return FALSE;
  oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
  oba_approvals_view_push (subpages, oba_page_get_session (page));
  g_signal_connect_object (OBA_APPROVALS_VIEW (oba_subpages_get_top (subpages))->list, "loaded", G_CALLBACK (posed_cb), page, G_CONNECT_SWAPPED);
  return TRUE;
}

ObaApprovalsList *
oba_approvals_view_get_list (ObaApprovalsView *self)
{
  return self->list;
}

ObaApprovalsBar *
oba_approvals_view_get_bar (ObaApprovalsView *self)
{
  return self->bar;
}
