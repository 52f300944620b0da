#include "oba-profile-tier.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-customer-json.h"
#include "customers/oba-customers.h"
#include "db/oba-db-pool.h"
#include "oba-customer-text.h"
#include "oba-profile-section.h"
#include "oba-tier-dialog.h"
#include "oba-tier-text.h"
#include "tiers/oba-tiers.h"

struct _ObaProfileTier
{
  AdwBin             parent_instance;

  ObaProfileSection *section;
  GCancellable      *reading;    /* NULL: nothing is under way */
  gint64             customer_id;
  gboolean           may_give;
  JsonObject        *read;       /* (nullable): of oba_tiers_standing_async() */
};

G_DEFINE_FINAL_TYPE (ObaProfileTier, oba_profile_tier, ADW_TYPE_BIN)

static const char *
name_of (ObaProfileTier *self, JsonObject *object, const char *member)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, oba_customer_json_member_int (object, member, 0));

  return json_object_get_string_member_with_default (json_object_get_object_member (self->read, "names"), id, "");
}

static char *
day_of (JsonObject *object, const char *member)
{
  g_autofree char *iso = oba_customer_json_member_text (object, member);

  return oba_tier_text_day (iso);
}

/* The day before: the last on which the tier is there. */
static char *
last_day (JsonObject *standing)
{
  g_autoptr (GDate) lost = oba_customer_json_member_date (standing, "lost_on");

  if (lost == NULL)
    return NULL;
  g_date_subtract_days (lost, 1);
  return oba_customer_text_date (lost);
}

/* ---- the lines */

static void
show_override (ObaProfileTier *self, JsonObject *override)
{
  g_autofree char *until = day_of (override, "until");
  g_autofree char *who = oba_customer_json_member_text (override, "given_by");
  g_autofree char *holds = oba_customer_json_member_text (override, "holds");
  g_autofree char *reason = oba_customer_json_member_text (self->read, "override_reason");
  /* Translators: the name of a tier, a day, the name of a colleague. */
  g_autofree char *text = g_strdup_printf (g_str_equal (holds, "at_most") ? _("At most %s until %s, by %s") : _("At least %s until %s, by %s"),
                                           name_of (self, override, "tier"), until, who);

  oba_profile_section_add_fact (self->section, _("By hand"), text, NULL);
  /* Where the tier was reached anyway there is no change that would say why. */
  oba_profile_section_add_fact (self->section, _("Reason"), reason, NULL);
}

static void
show_until (ObaProfileTier *self, JsonObject *standing)
{
  g_autofree char *below = day_of (standing, "below_since");
  g_autofree char *kept = last_day (standing);
  g_autofree char *text = NULL;

  if (kept == NULL && *below != '\0')
    /* Translators: a day. */
    text = g_strdup_printf (_("No longer reached since %s, and kept"), below);
  else if (kept != NULL && *below != '\0')
    /* Translators: a day, a day, the name of a tier. */
    text = g_strdup_printf (_("No longer reached since %s. Kept until %s, then %s"), below, kept, name_of (self, standing, "goes_to"));
  else if (kept != NULL)
    /* Translators: a day, the name of a tier. */
    text = g_strdup_printf (_("Until %s without a purchase, then %s"), kept, name_of (self, standing, "goes_to"));
  if (text != NULL)
    oba_profile_section_add_fact (self->section, *below != '\0' ? _("Grace") : _("Safe"), text, NULL);
}

static void
show_next (ObaProfileTier *self, JsonObject *standing, const char *basis, gint64 amount)
{
  gint64 next = oba_customer_json_member_int (standing, "next_threshold", 0);
  g_autofree char *missing = oba_tier_text_amount (basis, next - amount);
  g_autofree char *from = oba_tier_text_amount (basis, next);
  g_autofree char *text = NULL;

  if (next == 0)
    return;
  /* Translators: an amount, the name of a tier, the amount from which on it begins. */
  text = g_strdup_printf (_("%s more to %s, which begins at %s"), missing, name_of (self, standing, "next"), from);
  oba_profile_section_add_fact (self->section, _("Next tier"), text, NULL);
}

static GtkWidget *
change_new (JsonObject *change)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *from = oba_customer_json_member_text (change, "from_name");
  g_autofree char *to = oba_customer_json_member_text (change, "to_name");
  g_autoptr (GDateTime) at = oba_customer_json_member_time (change, "at");
  g_autofree char *day = oba_customer_text_day (at);
  g_autofree char *what = g_strdup_printf ("%s → %s · %s", from, to, day);
  g_autofree char *why = oba_tier_text_why (change);

  gtk_box_append (GTK_BOX (box), oba_profile_label_new (what, NULL));
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (why, "dim-label"));
  return box;
}

static void
show_changes (ObaProfileTier *self)
{
  JsonArray *changes = json_object_get_array_member (self->read, "changes");
  guint n = json_array_get_length (changes);
  g_autofree char *title = g_strdup_printf (ngettext ("%u change, and why", "%u changes, and why", n), n);
  GtkWidget *expander = gtk_expander_new (title);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  if (n == 0)
    {
      oba_profile_section_add_note (self->section, _("The tier has never changed."));
      return;
    }
  for (guint i = 0; i < n; i++)
    gtk_box_append (GTK_BOX (box), change_new (json_array_get_object_element (changes, i)));
  gtk_widget_set_margin_top (box, 6);
  gtk_expander_set_child (GTK_EXPANDER (expander), box);
  oba_profile_section_add (self->section, expander);
}

static void
give_cb (ObaProfileTier *self)
{
  oba_tier_dialog_present (GTK_WIDGET (self), self->customer_id, self->read);
}

static void
end_cb (ObaProfileTier *self)
{
  oba_tier_dialog_present_end (GTK_WIDGET (self), self->customer_id, self->read);
}

static GtkWidget *
button_new (ObaProfileTier *self, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static void
show (ObaProfileTier *self)
{
  JsonObject *standing = oba_customer_json_member_object (self->read, "standing");
  JsonObject *override;
  GtkWidget *buttons;
  g_autofree char *basis = NULL;
  g_autofree char *amount = NULL;

  oba_profile_section_clear (self->section);
  if (standing == NULL)
    return;
  basis = oba_customer_json_member_text (standing, "basis");
  amount = oba_tier_text_amount (basis, oba_customer_json_member_int (standing, "amount", 0));
  override = oba_customer_json_member_object (standing, "override");
  oba_profile_section_add_fact (self->section, _("Tier"), name_of (self, standing, "tier"), NULL);
  oba_profile_section_add_fact (self->section, _("In twelve months"), amount, NULL);
  show_next (self, standing, basis, oba_customer_json_member_int (standing, "amount", 0));
  if (override != NULL)
    show_override (self, override);
  else
    show_until (self, standing);
  if (json_object_get_boolean_member_with_default (standing, "changing", FALSE))
    oba_profile_section_add_note (self->section, _("The new scheme is being carried out and has not come to this customer yet."));
  show_changes (self);
  if (!self->may_give)
    return;
  buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (buttons), button_new (self, _("_Tier by Hand…"), G_CALLBACK (give_cb)));
  if (override != NULL)
    gtk_box_append (GTK_BOX (buttons), button_new (self, _("_End It…"), G_CALLBACK (end_cb)));
  oba_profile_section_add (self->section, buttons);
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaProfileTier *self = user_data;
  g_autoptr (GError) error = NULL;
  JsonObject *read = oba_tiers_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  if (read == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      /* What is there stays: it is old, not wrong. */
      if (self->read == NULL)
        oba_profile_section_add_note (self->section, sentence);
      return;
    }
  g_clear_pointer (&self->read, json_object_unref);
  self->read = read;
  show (self);
}

/* ---- the object */

static void
oba_profile_tier_dispose (GObject *object)
{
  ObaProfileTier *self = OBA_PROFILE_TIER (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->read, json_object_unref);

  G_OBJECT_CLASS (oba_profile_tier_parent_class)->dispose (object);
}

static void
oba_profile_tier_class_init (ObaProfileTierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_profile_tier_dispose;
}

static void
oba_profile_tier_init (ObaProfileTier *self)
{
  self->section = g_object_new (OBA_TYPE_PROFILE_SECTION, "title", _("Tier"), NULL);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->section));
}

void
oba_profile_tier_load (ObaProfileTier *self, ObaDbPool *pool, const ObaCustomerProfile *profile, gboolean may_give)
{
  g_return_if_fail (OBA_IS_PROFILE_TIER (self));

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  if (self->customer_id != profile->id)
    {
      g_clear_pointer (&self->read, json_object_unref);
      oba_profile_section_clear (self->section);
    }
  self->customer_id = profile->id;
  self->may_give = may_give && profile->status == OBA_CUSTOMER_ACTIVE;
  gtk_widget_set_visible (GTK_WIDGET (self), profile->status == OBA_CUSTOMER_ACTIVE || profile->status == OBA_CUSTOMER_BLOCKED);
  self->reading = g_cancellable_new ();
  oba_tiers_standing_async (pool, profile->id, oba_customers_get_language (), self->reading, read_cb, self);
}

gboolean
oba_profile_tier_is_settled (ObaProfileTier *self)
{
  return self->reading == NULL;
}
