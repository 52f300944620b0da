#include "oba-profile-redemptions.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "oba-page.h"
#include "oba-redeem-window.h"
#include "oba-redemption-columns.h"
#include "redemptions/oba-redemptions.h"

#define N_LAST 5

struct _ObaProfileRedemptions
{
  AdwBin             parent_instance;

  ObaSession        *session;
  GCancellable      *cancellable;
  gint64             customer_id;
  gboolean           loading;
  gboolean           more;
  ObaProfileSection *section;
};

G_DEFINE_FINAL_TYPE (ObaProfileRedemptions, oba_profile_redemptions, ADW_TYPE_BIN)

static void read_last (ObaProfileRedemptions *self);

/* ---- what is said */

static void
add_row (ObaProfileRedemptions *self, ObaRedemption *redemption)
{
  const ObaRedemptionFacts *facts = oba_redemption_get (redemption);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *reward = oba_redemption_text_reward (redemption), *state = oba_redemption_text_state (facts), *at = oba_redemption_text_moment (facts->requested_at);
  GtkWidget *label = gtk_label_new (state);

  gtk_box_append (GTK_BOX (left), oba_profile_label_new (reward, NULL));
  gtk_box_append (GTK_BOX (left), oba_profile_label_new (at, "caption"));
  gtk_widget_set_hexpand (left, TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, facts->overdue ? "warning" : "dim-label");
  gtk_box_append (GTK_BOX (box), left);
  gtk_box_append (GTK_BOX (box), label);
  oba_profile_section_add (self->section, box);
}

static void
rows_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaProfileRedemptions *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = oba_redemptions_rows_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->loading = FALSE;
  oba_profile_section_clear (self->section);
  if (records == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_profile_section_add_note (self->section, sentence);
      return;
    }
  if (records->len == 0)
    oba_profile_section_add_note (self->section, _("Nothing was redeemed yet."));
  for (guint i = 0; i < records->len; i++)
    {
      /* They come in no order. */
      guint newest = i;
      gpointer swap;

      for (guint k = i + 1; k < records->len; k++)
        if (oba_redemption_get (records->pdata[k])->id > oba_redemption_get (records->pdata[newest])->id)
          newest = k;
      swap = records->pdata[i];
      records->pdata[i] = records->pdata[newest];
      records->pdata[newest] = swap;
      add_row (self, records->pdata[i]);
    }
  if (self->more)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (_("Show All in _Redemptions"));

      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", self->customer_id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open-redemptions");
      gtk_widget_set_halign (button, GTK_ALIGN_START);
      oba_profile_section_add (self->section, button);
    }
}

static void
ids_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaProfileRedemptions *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = oba_redemptions_ids_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (ids == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      self->loading = FALSE;
      oba_profile_section_clear (self->section);
      oba_profile_section_add_note (self->section, sentence);
      return;
    }
  self->more = ids->len > N_LAST;
  g_array_set_size (ids, MIN (ids->len, N_LAST));
  oba_redemptions_rows_async (OBA_DB_POOL (pool), ids, self->cancellable, rows_cb, self);
}

static void
read_last (ObaProfileRedemptions *self)
{
  ObaRedemptionFilter filter = { .customer_id = self->customer_id };

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->loading = TRUE;
  oba_redemptions_ids_async (oba_session_get_pool (self->session), &filter, TRUE, 0, N_LAST + 1, self->cancellable, ids_cb, self);
}

/* Each customer has few, and the section is small: whoever redeems, it is looked again. */
static void
happened_cb (ObaProfileRedemptions *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    read_last (self);
}

void
oba_profile_redemptions_show (ObaProfileRedemptions *self, ObaProfileView *view)
{
  g_return_if_fail (OBA_IS_PROFILE_REDEMPTIONS (self));

  if (self->session == NULL)
    {
      self->session = g_object_ref (oba_profile_view_get_session (view));
      g_signal_connect_object (oba_session_get_listener (self->session), "notification::oba_redemptions", G_CALLBACK (happened_cb), self, G_CONNECT_SWAPPED);
      if (oba_session_has_role (self->session, OBA_REDEEM_ROLES))
        {
          GtkWidget *button = gtk_button_new_with_mnemonic (_("_Redeem…"));

          gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "profile.redeem");
          oba_profile_section_set_end (self->section, button);
        }
    }
  self->customer_id = oba_profile_view_get_customer_id (view);
  read_last (self);
}

gboolean
oba_profile_redemptions_is_loaded (ObaProfileRedemptions *self)
{
  return !self->loading;
}

/* ---- from the profile */

static void
redeemed_cb (ObaProfileView *view, const char *sentence)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (view), OBA_TYPE_PAGE);

  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), sentence);
  gtk_widget_activate_action (GTK_WIDGET (view), "profile.refresh", NULL);
}

static void
redeem_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *view = OBA_PROFILE_VIEW (widget);
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);
  g_autofree char *full_name = oba_customer_profile_get_name (profile);
  GtkWindow *window = oba_redeem_window_new (GTK_WINDOW (gtk_widget_get_root (widget)), oba_profile_view_get_session (view), profile->id, full_name);

  g_signal_connect_object (window, "redeemed", G_CALLBACK (redeemed_cb), view, G_CONNECT_SWAPPED);
  gtk_window_present (window);
}

void
oba_profile_redemptions_install (GtkWidgetClass *view_class)
{
  gtk_widget_class_install_action (view_class, "profile.redeem", NULL, redeem_action);
}

void
oba_profile_redemptions_update (ObaProfileView *view)
{
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);

  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.redeem",
                                 profile != NULL && profile->status == OBA_CUSTOMER_ACTIVE && oba_session_has_role (oba_profile_view_get_session (view), OBA_REDEEM_ROLES));
}

/* ---- the object */

static void
oba_profile_redemptions_dispose (GObject *object)
{
  ObaProfileRedemptions *self = OBA_PROFILE_REDEMPTIONS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_profile_redemptions_parent_class)->dispose (object);
}

static void
oba_profile_redemptions_finalize (GObject *object)
{
  g_object_unref (OBA_PROFILE_REDEMPTIONS (object)->cancellable);

  G_OBJECT_CLASS (oba_profile_redemptions_parent_class)->finalize (object);
}

static void
oba_profile_redemptions_class_init (ObaProfileRedemptionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_profile_redemptions_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_profile_redemptions_finalize;
}

static void
oba_profile_redemptions_init (ObaProfileRedemptions *self)
{
  self->cancellable = g_cancellable_new ();
  self->section = g_object_new (OBA_TYPE_PROFILE_SECTION, "title", _("Redemptions"), NULL);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->section));
}
