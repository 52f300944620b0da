#include "oba-tiers-section.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-customers.h"
#include "customers/oba-profile-section.h"
#include "customers/oba-tier-text.h"
#include "tiers/oba-tiers.h"

#define MAX_WIDTH 720

struct _ObaTiersSection
{
  ObaSection     parent_instance;

  JsonObject    *read;         /* (nullable) */
  GtkBox        *content;
  GtkWidget     *edit_button;
};

G_DEFINE_FINAL_TYPE (ObaTiersSection, oba_tiers_section, OBA_TYPE_SECTION)

static GtkBox *
card_new (ObaTiersSection *self)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "panel");
  gtk_box_append (self->content, card);
  return GTK_BOX (card);
}

/* ---- the tiers */

static void
add_benefits (GtkBox *card, JsonObject *tier)
{
  JsonArray *benefits = oba_customer_json_member_array (tier, "benefits");
  const char *language = oba_customers_get_language ();

  for (guint i = 0; benefits != NULL && i < json_array_get_length (benefits); i++)
    {
      JsonObject *benefit = json_array_get_object_element (benefits, i);
      const char *text = json_object_get_string_member_with_default (benefit, language, "");
      g_autofree char *line = g_strdup_printf ("• %s", *text != '\0' ? text : json_object_get_string_member_with_default (benefit, "az", ""));

      gtk_box_append (card, oba_profile_label_new (line, "dim-label"));
    }
}

static void
add_tier (ObaTiersSection *self, JsonObject *tier, const char *basis)
{
  GtkBox *card = card_new (self);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gint64 members = oba_customer_json_member_int (tier, "members", 0);
  gint64 threshold = oba_customer_json_member_int (tier, "threshold", 0);
  g_autofree char *number = oba_number_format (members);
  g_autofree char *count = g_strdup_printf (ngettext ("%s customer", "%s customers", (gulong) members), number);
  g_autofree char *amount = oba_tier_text_amount (basis, threshold);
  /* Translators: an amount of money, or points. */
  g_autofree char *from = threshold > 0 ? g_strdup_printf (_("From %s in twelve months"), amount) : g_strdup (_("From the beginning"));
  GtkWidget *name = oba_profile_label_new (json_object_get_string_member_with_default (tier, "name", ""), "heading");
  GtkWidget *counted = gtk_label_new (count);

  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (counted, "numeric");
  gtk_box_append (GTK_BOX (line), name);
  gtk_box_append (GTK_BOX (line), counted);
  gtk_box_append (card, line);
  gtk_box_append (card, oba_profile_label_new (from, NULL));
  add_benefits (card, tier);
}

static void
add_scheme (ObaTiersSection *self, JsonObject *scheme, JsonObject *carrying)
{
  const char *downgrade = json_object_get_string_member_with_default (scheme, "downgrade", "");
  g_autofree char *text = oba_tier_text_downgrade (downgrade, oba_customer_json_member_int (scheme, "grace_days", 0));
  gboolean points = g_str_equal (json_object_get_string_member_with_default (scheme, "basis", ""), "points");

  gtk_box_append (self->content, oba_profile_label_new (points ? _("What counts are the points that were earned in twelve months, to the day.")
                                                               : _("What counts is what was spent in twelve months, to the day."), NULL));
  gtk_box_append (self->content, oba_profile_label_new (text, NULL));
  if (carrying != NULL && !json_object_get_boolean_member_with_default (carrying, "done", TRUE))
    {
      g_autofree char *up = oba_number_format (oba_customer_json_member_int (carrying, "raised", 0));
      g_autofree char *down = oba_number_format (oba_customer_json_member_int (carrying, "lowered", 0));
      /* Translators: two numbers of customers. */
      g_autofree char *note = g_strdup_printf (_("It is being carried out: %s up and %s down so far."), up, down);

      gtk_box_append (self->content, oba_profile_label_new (note, "changed-note"));
    }
}

static void
add_retired (ObaTiersSection *self)
{
  JsonArray *retired = json_object_get_array_member (self->read, "retired");
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < json_array_get_length (retired); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", json_array_get_string_element (retired, i));
  if (names->len == 0)
    return;
  /* Translators: names of tiers. */
  text = g_strdup_printf (_("Retired: %s"), names->str);
  gtk_box_append (self->content, oba_profile_label_new (text, "dim-label"));
}

/* ---- history */

static void
add_version (ObaTiersSection *self, JsonObject *scheme)
{
  const char *basis = json_object_get_string_member_with_default (scheme, "basis", "");
  JsonArray *steps = json_object_get_array_member (scheme, "steps");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GDateTime) at = oba_customer_json_member_time (scheme, "made_at");
  g_autofree char *moment = oba_customer_text_moment (at);
  g_autofree char *up = oba_number_format (oba_customer_json_member_int (scheme, "raised", 0));
  g_autofree char *down = oba_number_format (oba_customer_json_member_int (scheme, "lowered", 0));
  g_autofree char *note = oba_customer_json_member_text (scheme, "note");
  g_autofree char *rule = oba_tier_text_downgrade (json_object_get_string_member_with_default (scheme, "downgrade", ""), oba_customer_json_member_int (scheme, "grace_days", 0));
  /* Translators: a number, the name of a colleague, a moment, two numbers of customers. */
  g_autofree char *head = g_strdup_printf (_("Version %d · %s, %s · %s up, %s down"), (int) oba_customer_json_member_int (scheme, "version", 0),
                                           json_object_get_string_member_with_default (scheme, "who", ""), moment, up, down);

  for (guint i = 0; i < json_array_get_length (steps); i++)
    {
      JsonArray *step = json_array_get_array_element (steps, i);
      g_autofree char *amount = oba_tier_text_amount (basis, json_array_get_int_element (step, 1));

      g_string_append_printf (text, "%s%s: %s", i > 0 ? " · " : "", json_array_get_string_element (step, 0), amount);
    }
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (head, NULL));
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (text->str, "dim-label"));
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (rule, "dim-label"));
  if (*note != '\0')
    gtk_box_append (GTK_BOX (box), oba_profile_label_new (note, "dim-label"));
  gtk_box_append (self->content, box);
}

static void
show (ObaTiersSection *self)
{
  JsonArray *tiers = json_object_get_array_member (self->read, "tiers");
  JsonArray *history = json_object_get_array_member (self->read, "history");
  JsonObject *scheme = json_object_get_object_member (self->read, "scheme");
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->content))) != NULL)
    gtk_box_remove (self->content, child);
  add_scheme (self, scheme, oba_customer_json_member_object (self->read, "carrying"));
  for (guint i = 0; i < json_array_get_length (tiers); i++)
    add_tier (self, json_array_get_object_element (tiers, i), json_object_get_string_member_with_default (scheme, "basis", ""));
  add_retired (self);
  gtk_box_append (self->content, oba_profile_label_new (_("Schemes"), "heading"));
  for (guint i = 0; i < json_array_get_length (history); i++)
    add_version (self, json_array_get_object_element (history, i));
}

/* ---- reading */

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaTiersSection *self = user_data;
  g_autoptr (GError) error = NULL;
  JsonObject *read = oba_tiers_finish (result, &error);

  if (!oba_section_end_reading (self, error))
    return;
  g_clear_pointer (&self->read, json_object_unref);
  self->read = read;
  gtk_widget_set_sensitive (self->edit_button, TRUE);
  show (self);
}

static void
oba_tiers_section_read (ObaSection *section, GCancellable *cancellable)
{
  oba_tiers_read_async (oba_section_get_pool (section), oba_customers_get_language (), cancellable, read_cb, section);
}

static void
saved_cb (ObaTiersSection *self)
{
  oba_section_toast (OBA_SECTION (self), _("The tiers were saved, and are carried out now"));
  oba_section_refresh (OBA_SECTION (self));
}

ObaTierWindow *
oba_tiers_section_edit (ObaTiersSection *self)
{
  ObaTierWindow *window;

  if (self->read == NULL || !oba_session_has_role (oba_section_get_session (OBA_SECTION (self)), OBA_ROLE_ADMIN))
    return NULL;
  window = oba_tier_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), oba_section_get_pool (OBA_SECTION (self)), self->read);
  g_signal_connect_object (window, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

/* ---- the object */

static void
oba_tiers_section_dispose (GObject *object)
{
  ObaTiersSection *self = OBA_TIERS_SECTION (object);

  g_clear_pointer (&self->read, json_object_unref);

  G_OBJECT_CLASS (oba_tiers_section_parent_class)->dispose (object);
}

static void
oba_tiers_section_class_init (ObaTiersSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_tiers_section_dispose;
  OBA_SECTION_CLASS (klass)->read = oba_tiers_section_read;

}

static void
oba_tiers_section_init (ObaTiersSection *self)
{
}

static void
edit_cb (ObaTiersSection *self)
{
  oba_tiers_section_edit (self);
}

GtkWidget *
oba_tiers_section_new (ObaSession *session)
{
  ObaTiersSection *self = g_object_new (OBA_TYPE_TIERS_SECTION, NULL);
  GtkBox *box = oba_section_build (OBA_SECTION (self), session, MAX_WIDTH, NULL);

  self->content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  self->edit_button = gtk_button_new_with_mnemonic (_("_Change…"));
  gtk_widget_set_halign (self->edit_button, GTK_ALIGN_END);
  gtk_widget_set_sensitive (self->edit_button, FALSE);
  gtk_widget_set_visible (self->edit_button, oba_session_has_role (session, OBA_ROLE_ADMIN));
  g_signal_connect_object (self->edit_button, "clicked", G_CALLBACK (edit_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (box, self->edit_button);
  gtk_box_append (box, GTK_WIDGET (self->content));
  return GTK_WIDGET (self);
}
