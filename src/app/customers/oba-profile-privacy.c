#include "oba-profile-privacy.h"

#include <glib/gi18n-lib.h>

#include "oba-access-window.h"
#include "oba-customer-text.h"
#include "oba-erase-window.h"
#include "oba-page.h"

#define MAY_ANSWER (OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

static GtkWindow *
get_window (ObaProfileView *view)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view)));
}

static void
export_data_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *view = OBA_PROFILE_VIEW (widget);

  gtk_window_present (GTK_WINDOW (oba_access_window_new (get_window (view), oba_profile_view_get_session (view), oba_profile_view_get_customer_id (view),
                                                         oba_profile_view_get_profile (view)->language)));
}

static void
erase_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *view = OBA_PROFILE_VIEW (widget);
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);
  g_autofree char *full_name = oba_customer_profile_get_name (profile);
  g_autofree char *shown = oba_customer_text_name (full_name, profile->status);

  gtk_window_present (GTK_WINDOW (oba_erase_window_new (get_window (view), oba_profile_view_get_session (view), profile->id, shown)));
}

void
oba_profile_privacy_install (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "profile.export-data", NULL, export_data_action);
  gtk_widget_class_install_action (widget_class, "profile.erase", NULL, erase_action);
}

/* Somebody is being edited who was erased: nobody can save that any more, and who it was does not stay on the screen. */
static void
drop_edit (ObaProfileView *view)
{
  ObaEditPane *pane = oba_profile_view_get_edit_pane (view);
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (view), OBA_TYPE_PAGE);

  if (!oba_edit_pane_is_editing (pane))
    return;
  oba_edit_pane_drop (pane);
  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), _("This customer was erased meanwhile. What you typed is not saved."));
}

void
oba_profile_privacy_update (ObaProfileView *view)
{
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);
  gboolean erased = profile != NULL && profile->status == OBA_CUSTOMER_ERASED;
  gboolean may = profile != NULL && !erased && oba_session_has_role (oba_profile_view_get_session (view), MAY_ANSWER);

  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.export-data", may);
  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.erase", may);
  if (erased)
    drop_edit (view);
}
