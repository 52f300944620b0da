#include "oba-customers-page.h"

#include <glib/gi18n-lib.h>

#include "oba-profile-view.h"

void
oba_customers_page_open_profile (ObaCustomersPage *self, gint64 customer_id)
{
  ObaSubpages *subpages = oba_customers_page_get_subpages (self);
  GtkWidget *top = oba_subpages_get_top (subpages);

  if (top != NULL && OBA_IS_PROFILE_VIEW (top) && oba_profile_view_get_customer_id (OBA_PROFILE_VIEW (top)) == customer_id)
    return;
  oba_subpages_push (subpages, oba_profile_view_new (oba_page_get_session (OBA_PAGE (self)), customer_id), _("Customer"));
}
