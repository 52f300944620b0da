#include "oba-profile-missed.h"

#include "corrections/oba-record-missed.h"

static void
record_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *view = OBA_PROFILE_VIEW (widget);
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);
  g_autofree char *full_name = oba_customer_profile_get_name (profile);

  oba_record_missed_open (widget, oba_profile_view_get_session (view), profile->id, full_name);
}

void
oba_profile_missed_install (GtkWidgetClass *view_class)
{
  gtk_widget_class_install_action (view_class, "profile.record-missed", NULL, record_action);
}

void
oba_profile_missed_update (ObaProfileView *view)
{
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);
  gboolean living = profile != NULL && (profile->status == OBA_CUSTOMER_ACTIVE || profile->status == OBA_CUSTOMER_BLOCKED);

  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.record-missed", living && oba_record_missed_may (oba_profile_view_get_session (view)));
}
