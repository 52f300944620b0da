#include "oba-record-missed.h"

#include "oba-correction-open.h"
#include "oba-missed-form.h"
#include "oba-page.h"

#define MAY_RECORD (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

gboolean
oba_record_missed_may (ObaSession *session)
{
  return oba_session_has_role (session, MAY_RECORD);
}

void
oba_record_missed_open (GtkWidget *widget, ObaSession *session, gint64 customer_id, const char *name)
{
  if (oba_record_missed_may (session))
    oba_correction_open (widget, session, NULL, oba_missed_form_new (oba_session_get_pool (session), customer_id, name), NULL);
}

/* ---- on the page of receipts */

static void
record_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_record_missed_open (widget, oba_page_get_session (OBA_PAGE (widget)), 0, NULL);
}

void
oba_record_missed_install (GtkWidgetClass *page_class)
{
  gtk_widget_class_install_action (page_class, "page.record-missed", NULL, record_action);
  gtk_widget_class_add_binding_action (page_class, GDK_KEY_n, GDK_CONTROL_MASK, "page.record-missed", NULL);
}
