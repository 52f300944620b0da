#include "oba-profile-edit.h"

#include "oba-block-dialog.h"
#include "oba-profile-layout.h"
#include "widgets/oba-subpages.h"

#define MAY_EDIT (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)
#define MAY_BLOCK (OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ObaProfileView *view = OBA_PROFILE_VIEW (widget);
  ObaEditPane *pane = oba_profile_view_get_edit_pane (view);
  GtkWidget *layout = gtk_widget_get_ancestor (GTK_WIDGET (pane), OBA_TYPE_PROFILE_LAYOUT);

  oba_profile_layout_show_content (OBA_PROFILE_LAYOUT (layout), FALSE);
  oba_edit_pane_edit (pane, oba_profile_view_get_session (view), oba_profile_view_get_customer_id (view));
}

static void
block_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  oba_block_dialog_present (OBA_PROFILE_VIEW (widget), TRUE);
}

static void
unblock_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  oba_block_dialog_present (OBA_PROFILE_VIEW (widget), FALSE);
}

void
oba_profile_edit_install (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "profile.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "profile.block", NULL, block_action);
  gtk_widget_class_install_action (widget_class, "profile.unblock", NULL, unblock_action);
}

/* Whatever has the focus, while the profile is what is seen. */
static gboolean
shortcut_cb (GtkWidget *widget,
             GVariant  *arguments,
             gpointer   user_data)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_activate_action (widget, "profile.edit", NULL);
}

/* The form went, and the focus with it: the keyboard stays in the profile. */
static void
changed_cb (ObaProfileView *view)
{
  oba_profile_edit_update (view);
  if (!oba_edit_pane_is_editing (oba_profile_view_get_edit_pane (view)) && gtk_widget_get_mapped (GTK_WIDGET (view)))
    gtk_widget_child_focus (GTK_WIDGET (view), GTK_DIR_TAB_FORWARD);
}

void
oba_profile_edit_set_up (ObaProfileView *view)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_e, GDK_CONTROL_MASK),
                                                          gtk_callback_action_new (shortcut_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (view), controller);
  g_signal_connect_swapped (oba_profile_view_get_edit_pane (view), "changed", G_CALLBACK (changed_cb), view);
  oba_profile_edit_update (view);
}

void
oba_profile_edit_update (ObaProfileView *view)
{
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);
  ObaSession *session = oba_profile_view_get_session (view);
  gboolean may_edit = profile != NULL && (profile->status == OBA_CUSTOMER_ACTIVE || profile->status == OBA_CUSTOMER_BLOCKED)
                      && oba_session_has_role (session, MAY_EDIT);
  gboolean may_block = profile != NULL && oba_session_has_role (session, MAY_BLOCK);
  gboolean editing = oba_edit_pane_is_editing (oba_profile_view_get_edit_pane (view));

  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.edit", may_edit && !editing);
  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.block", may_block && profile->status == OBA_CUSTOMER_ACTIVE);
  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.unblock", may_block && profile->status == OBA_CUSTOMER_BLOCKED);
}

static void
close_view (GtkWidget *view)
{
  GtkWidget *subpages = gtk_widget_get_ancestor (view, OBA_TYPE_SUBPAGES);

  if (subpages != NULL)
    oba_subpages_close (OBA_SUBPAGES (subpages), view);
}

gboolean
oba_profile_edit_guard (GtkWidget *view,
                        gpointer   subpages)
{
  ObaEditPane *pane = oba_profile_view_get_edit_pane (OBA_PROFILE_VIEW (view));

  if (!oba_edit_pane_is_dirty (pane))
    return FALSE;
  oba_edit_pane_leave (pane, close_view, view);
  return TRUE;
}
