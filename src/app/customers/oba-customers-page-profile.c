#include "oba-customers-page.h"

#include <glib/gi18n-lib.h>

#include "oba-profile-edit.h"
#include "oba-profile-view.h"

/* ---- for pictures */

static void
posed_cb (ObaPage *page)
{
  oba_page_set_state (page, OBA_PAGE_READY, NULL);
}

/* 1: the profile of the chosen customer; 2: the review of duplicates. */
const char *
oba_customers_page_pose_also (ObaPage *page, guint n)
{
  ObaCustomersPage *self = OBA_CUSTOMERS_PAGE (page);
  ObaSubpages *subpages = oba_customers_page_get_subpages (self);

  if (n == 1 && oba_customers_page_get_selected (self) != 0 && oba_customers_page_sees_people (self))
    {
      oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
      oba_customers_page_open_profile (self, oba_customers_page_get_selected (self));
      g_signal_connect_object (oba_subpages_get_top (subpages), "loaded", G_CALLBACK (posed_cb), page, G_CONNECT_SWAPPED);
      return "profile";
    }
  if (oba_subpages_get_top (subpages) != NULL)
    oba_subpages_close (subpages, oba_subpages_get_top (subpages));
  if (n == 2)
    gtk_widget_activate_action (GTK_WIDGET (page), "page.duplicates", NULL);
  if (oba_subpages_get_top (subpages) != NULL)
    {
      oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
      g_signal_connect_object (oba_subpages_get_top (subpages), "loaded", G_CALLBACK (posed_cb), page, G_CONNECT_SWAPPED);
      return "duplicates";
    }
  return NULL;
}

/* ---- public */

void
oba_customers_page_open_profile (ObaCustomersPage *self, gint64 customer_id)
{
  ObaSubpages *subpages = oba_customers_page_get_subpages (self);
  GtkWidget *top = oba_subpages_get_top (subpages);

  if (!oba_customers_page_sees_people (self))
    return;
  if (top != NULL && OBA_IS_PROFILE_VIEW (top) && oba_profile_view_get_customer_id (OBA_PROFILE_VIEW (top)) == customer_id)
    return;
  top = oba_profile_view_new (oba_page_get_session (OBA_PAGE (self)), customer_id);
  oba_subpages_push (subpages, top, _("Customer"));
  oba_subpages_add_end (subpages, top, g_object_new (GTK_TYPE_STACK_SWITCHER, "stack", oba_profile_view_get_content (OBA_PROFILE_VIEW (top)), NULL));
  oba_subpages_set_guard (subpages, top, oba_profile_edit_guard, subpages);
}

void
oba_customers_page_toggle_table (ObaCustomersPage *self)
{
  GtkWidget *top = oba_subpages_get_top (oba_customers_page_get_subpages (self));

  if (top != NULL && OBA_IS_PROFILE_VIEW (top))
    gtk_widget_activate_action (top, "profile.toggle-table", NULL);
}

void
oba_customers_page_refresh_profile (ObaCustomersPage *self)
{
  GtkWidget *top = oba_subpages_get_top (oba_customers_page_get_subpages (self));

  if (top != NULL && OBA_IS_PROFILE_VIEW (top))
    oba_profile_view_refresh (OBA_PROFILE_VIEW (top));
}
