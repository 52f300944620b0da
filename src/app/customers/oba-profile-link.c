#include "oba-profile-link.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-error.h"
#include "db/oba-db-sql.h"
#include "oba-customer-text.h"
#include "widgets/oba-link-window.h"

#define MAY_LINK (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

static void
made_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  GWeakRef *where = user_data;
  g_autoptr (ObaLinkWindow) window = g_weak_ref_get (where);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) row = oba_db_pool_write_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (GDateTime) until = row != NULL ? oba_db_result_get_time (row, 0, 1) : NULL;
  g_autofree char *moment = until != NULL ? oba_customer_text_moment (until) : NULL;
  /* Translators: a moment. */
  g_autofree char *note = moment != NULL ? g_strdup_printf (_("For one use, until %s. Earlier links of this customer no longer work."), moment) : oba_db_error_describe (error);

  g_weak_ref_clear (where);
  g_free (where);
  if (window != NULL)
    oba_link_window_show (window, row != NULL ? oba_db_result_get_text (row, 0, 0) : NULL, note);
}

static void
link_telegram_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *view = OBA_PROFILE_VIEW (widget);
  ObaLinkWindow *window = oba_link_window_new (GTK_WINDOW (gtk_widget_get_root (widget)), _("Link Telegram"),
                                               _("The customer reads this code with the phone’s camera, or opens the link. The bot asks whether they agree, and then shows them their card and points."));
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", oba_profile_view_get_customer_id (view));
  GWeakRef *where = g_new0 (GWeakRef, 1);

  g_weak_ref_init (where, window);
  oba_link_window_show (window, NULL, _("Making the link…"));
  gtk_window_present (GTK_WINDOW (window));
  oba_db_pool_write_async (oba_session_get_pool (oba_profile_view_get_session (view)), oba_db_sql ("staff/staff-link.sql"), params, NULL, made_cb, where);
}

void
oba_profile_link_install (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "profile.link-telegram", NULL, link_telegram_action);
}

void
oba_profile_link_update (ObaProfileView *view)
{
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);

  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.link-telegram",
                                 profile != NULL && (profile->status == OBA_CUSTOMER_ACTIVE || profile->status == OBA_CUSTOMER_BLOCKED)
                                     && oba_session_has_role (oba_profile_view_get_session (view), MAY_LINK));
}
