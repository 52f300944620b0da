#include "oba-limits-section.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-request.h"
#include "periods/oba-limits.h"
#include "widgets/oba-field.h"

#define MAX_CHANGES 50
#define MAX_POINTS G_GINT64_CONSTANT (1000000000000)
#define MAX_WIDTH 640

struct _ObaLimitsSection
{
  ObaSection     parent_instance;

  ObaLimits     *limits;       /* (nullable): as they are */
  gboolean       touched;      /* something was typed and is not saved: it stays when somebody else changes the limits */
  gboolean       filling;
  ObaField      *fields[OBA_LIMITS_N_ENTRIES];
  GtkEditable   *entries[OBA_LIMITS_N_ENTRIES];
  GtkSwitch     *own;
  GtkWidget     *save_button;
  GtkBox        *history;
};

G_DEFINE_FINAL_TYPE (ObaLimitsSection, oba_limits_section, OBA_TYPE_SECTION)

static gboolean
may_change (ObaLimitsSection *self)
{
  return oba_session_has_role (oba_section_get_session (OBA_SECTION (self)), OBA_ROLE_ADMIN);
}

/* ---- what was typed */

static gboolean
read_number (GtkEditable *entry, gint64 max, gint64 *number)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  return g_ascii_string_to_signed (text, 10, 0, max, number, NULL);
}

/* FALSE, and said beside each, when something is none. */
static gboolean
read_form (ObaLimitsSection *self, ObaLimits *limits)
{
  gint64 days = 0;
  gboolean amount = oba_money_parse (gtk_editable_get_text (self->entries[OBA_LIMITS_AMOUNT]), &limits->amount, NULL) && limits->amount >= 0;
  gboolean points = read_number (self->entries[OBA_LIMITS_POINTS], MAX_POINTS, &limits->points);
  gboolean adjust = read_number (self->entries[OBA_LIMITS_ADJUST], MAX_POINTS, &limits->adjust_points);
  gboolean age = read_number (self->entries[OBA_LIMITS_AGE], OBA_LIMITS_MAX_DAYS, &days);

  oba_field_set_problem (self->fields[OBA_LIMITS_AMOUNT], amount ? NULL : _("An amount of money, such as 50.00"));
  oba_field_set_problem (self->fields[OBA_LIMITS_POINTS], points ? NULL : _("A whole number of points, 0 or more"));
  oba_field_set_problem (self->fields[OBA_LIMITS_AGE], age ? NULL : _("A number of days from 0 to 36 600"));
  oba_field_set_problem (self->fields[OBA_LIMITS_ADJUST], adjust ? NULL : _("A whole number of points, 0 or more"));
  limits->age_days = (int) days;
  limits->own_receipts = gtk_switch_get_active (self->own);
  return amount && points && age && adjust;
}

static gboolean
are_equal (const ObaLimits *a, const ObaLimits *b)
{
  return a->amount == b->amount && a->points == b->points && a->age_days == b->age_days && a->own_receipts == b->own_receipts && a->adjust_points == b->adjust_points;
}

static void
update (ObaLimitsSection *self)
{
  ObaLimits typed = { 0 };
  gboolean valid = self->limits != NULL && read_form (self, &typed);

  self->touched = self->limits != NULL && (!valid || !are_equal (&typed, self->limits));
  gtk_widget_set_sensitive (self->save_button, valid && self->touched && !oba_section_is_saving (OBA_SECTION (self)));
}

static void
changed_cb (ObaLimitsSection *self)
{
  if (!self->filling)
    update (self);
}

/* What is below 0 in @limits stays as it was typed. */
static void
fill_form (ObaLimitsSection *self, const ObaLimits *limits)
{
  g_autofree char *amount = oba_money_format_plain (limits->amount);
  g_autofree char *points = g_strdup_printf ("%" G_GINT64_FORMAT, limits->points);
  g_autofree char *days = g_strdup_printf ("%d", limits->age_days);
  g_autofree char *adjust = g_strdup_printf ("%" G_GINT64_FORMAT, limits->adjust_points);

  self->filling = TRUE;
  if (limits->amount >= 0)
    gtk_editable_set_text (self->entries[OBA_LIMITS_AMOUNT], amount);
  if (limits->points >= 0)
    gtk_editable_set_text (self->entries[OBA_LIMITS_POINTS], points);
  if (limits->age_days >= 0)
    gtk_editable_set_text (self->entries[OBA_LIMITS_AGE], days);
  if (limits->adjust_points >= 0)
    gtk_editable_set_text (self->entries[OBA_LIMITS_ADJUST], adjust);
  gtk_switch_set_active (self->own, limits->own_receipts);
  self->filling = FALSE;
}

/* What was not typed over follows what somebody else has changed. */
static void
follow (ObaLimitsSection *self, const ObaLimits *before)
{
  ObaLimits typed = { 0 };
  ObaLimits now = *self->limits;
  gboolean own = gtk_switch_get_active (self->own);

  read_form (self, &typed);
  if (typed.amount != before->amount)
    now.amount = -1;
  if (typed.points != before->points)
    now.points = -1;
  if (typed.age_days != before->age_days)
    now.age_days = -1;
  if (typed.adjust_points != before->adjust_points)
    now.adjust_points = -1;
  fill_form (self, &now);
  if (own != before->own_receipts)
    gtk_switch_set_active (self->own, own);
}

/* What holds now, beside what is being typed over it. */
static void
show_notes (ObaLimitsSection *self, gboolean changed)
{
  g_autofree char *amount = oba_money_format (self->limits->amount);
  g_autofree char *points = oba_customer_text_points (self->limits->points);
  g_autofree char *days = g_strdup_printf (ngettext ("%d day", "%d days", (gulong) self->limits->age_days), self->limits->age_days);
  g_autofree char *adjust = oba_customer_text_points (self->limits->adjust_points);
  const char *now[] = { [OBA_LIMITS_AMOUNT] = amount, [OBA_LIMITS_POINTS] = points, [OBA_LIMITS_AGE] = days, [OBA_LIMITS_ADJUST] = adjust };

  for (guint i = 0; i < OBA_LIMITS_N_ENTRIES; i++)
    {
      g_autofree char *note = g_strdup_printf (_("Now: %s"), now[i]);

      oba_field_set_note (self->fields[i], changed ? note : NULL);
    }
}

/* ---- history */

static void
append_change (GString *text, const char *name, const char *before, const char *after)
{
  if (g_strcmp0 (before, after) != 0)
    g_string_append_printf (text, "%s%s: %s → %s", text->len > 0 ? " · " : "", name, before, after);
}

static char *
describe_change (const ObaLimitsChange *change)
{
  GString *text = g_string_new (NULL);
  g_autofree char *amount_1 = oba_money_format (change->before.amount);
  g_autofree char *amount_2 = oba_money_format (change->after.amount);
  g_autofree char *points_1 = oba_number_format (change->before.points);
  g_autofree char *points_2 = oba_number_format (change->after.points);
  g_autofree char *adjust_1 = oba_number_format (change->before.adjust_points);
  g_autofree char *adjust_2 = oba_number_format (change->after.adjust_points);
  g_autofree char *days_1 = oba_number_format (change->before.age_days);
  g_autofree char *days_2 = oba_number_format (change->after.age_days);

  append_change (text, _("Amount"), amount_1, amount_2);
  append_change (text, _("Points"), points_1, points_2);
  append_change (text, _("Age in days"), days_1, days_2);
  append_change (text, _("Points adjusted in a day"), adjust_1, adjust_2);
  append_change (text, _("Own receipts"), change->before.own_receipts ? _("two persons") : _("alone"), change->after.own_receipts ? _("two persons") : _("alone"));
  return g_string_free (text, FALSE);
}

static GtkWidget *
change_new (const ObaLimitsChange *change)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *moment = oba_customer_text_moment (change->at);
  g_autofree char *what = describe_change (change);
  /* Translators: the name of a colleague, a moment. */
  g_autofree char *who = g_strdup_printf (_("%s, %s"), change->who, moment);

  gtk_box_append (GTK_BOX (box), oba_profile_label_new (what, NULL));
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (who, "dim-label"));
  return box;
}

static void
show_history (ObaLimitsSection *self, GPtrArray *changes)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->history))) != NULL)
    gtk_box_remove (self->history, child);
  gtk_box_append (self->history, oba_profile_label_new (_("Changes"), "heading"));
  for (guint i = 0; i < changes->len; i++)
    gtk_box_append (self->history, change_new (changes->pdata[i]));
  if (changes->len == 0)
    gtk_box_append (self->history, oba_profile_label_new (_("Nobody has changed the limits yet."), "dim-label"));
}

/* ---- reading */

static void
history_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaLimitsSection *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = oba_limits_history_finish (result, &error);

  if (oba_section_end_reading (self, error))
    show_history (self, changes);
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaLimitsSection *self = user_data;
  g_autoptr (GError) error = NULL;
  ObaLimits *limits = oba_limits_read_finish (result, &error);
  g_autofree ObaLimits *before = NULL;

  if (limits == NULL)
    {
      oba_section_end_reading (self, error);
      return;
    }
  before = self->limits;
  self->limits = limits;
  if (before != NULL && self->touched)
    follow (self, before);
  else
    fill_form (self, limits);
  update (self);
  show_notes (self, self->touched);
  oba_limits_history_async (OBA_DB_POOL (pool), MAX_CHANGES, g_task_get_cancellable (G_TASK (result)), history_cb, self);
}

static void
oba_limits_section_read (ObaSection *section, GCancellable *cancellable)
{
  oba_limits_read_async (oba_section_get_pool (section), cancellable, read_cb, section);
}

/* ---- saving */

static void
oba_limits_section_saved (ObaSection *section, JsonObject *answer)
{
  ObaLimitsSection *self = OBA_LIMITS_SECTION (section);

  oba_limits_from_json (self->limits, answer);
  oba_section_toast (section, _("The limits were changed"));
}

static void
oba_limits_section_update (ObaSection *section)
{
  update (OBA_LIMITS_SECTION (section));
}

static void
save_cb (ObaLimitsSection *self)
{
  ObaLimits typed = { 0 };
  g_autoptr (JsonNode) request = NULL;

  if (oba_section_is_saving (OBA_SECTION (self)) || !may_change (self) || !read_form (self, &typed))
    return;
  typed.version = self->limits->version;
  request = oba_limits_to_json (&typed);
  oba_section_save (OBA_SECTION (self), "set_correction_limits", request);
}

/* ---- the object */

static void
oba_limits_section_dispose (GObject *object)
{
  ObaLimitsSection *self = OBA_LIMITS_SECTION (object);

  g_clear_pointer (&self->limits, g_free);

  G_OBJECT_CLASS (oba_limits_section_parent_class)->dispose (object);
}

static void
oba_limits_section_class_init (ObaLimitsSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_limits_section_dispose;
  OBA_SECTION_CLASS (klass)->read = oba_limits_section_read;
  OBA_SECTION_CLASS (klass)->saved = oba_limits_section_saved;
  OBA_SECTION_CLASS (klass)->update = oba_limits_section_update;

}

static void
oba_limits_section_init (ObaLimitsSection *self)
{
}

static void
add_entry (ObaLimitsSection *self, GtkBox *box, ObaLimitsEntry which, const char *title)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *field = oba_field_new (title, entry, NULL);

  gtk_entry_set_max_length (GTK_ENTRY (entry), 20);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), which == OBA_LIMITS_AMOUNT ? GTK_INPUT_PURPOSE_NUMBER : GTK_INPUT_PURPOSE_DIGITS);
  gtk_editable_set_editable (GTK_EDITABLE (entry), may_change (self));
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (save_cb), self);
  self->entries[which] = GTK_EDITABLE (entry);
  self->fields[which] = OBA_FIELD (field);
  gtk_box_append (box, field);
}

static void
add_own (ObaLimitsSection *self, GtkBox *box)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = oba_profile_label_new (_("A receipt that one has entered oneself is corrected by two persons"), NULL);

  self->own = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->own), GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->own), may_change (self));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->own), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->own), GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_label_get_text (GTK_LABEL (label)), -1);
  g_signal_connect_swapped (self->own, "notify::active", G_CALLBACK (changed_cb), self);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->own));
  gtk_box_append (box, line);
}

static void
add_form (ObaLimitsSection *self, GtkBox *box)
{
  GtkBox *card = oba_section_add_card (box);

  add_entry (self, card, OBA_LIMITS_AMOUNT, _("Amount in ₼"));
  add_entry (self, card, OBA_LIMITS_POINTS, _("Points of one customer"));
  add_entry (self, card, OBA_LIMITS_AGE, _("Age of the receipt in days"));
  add_own (self, card);
  add_entry (self, card, OBA_LIMITS_ADJUST, _("Points that one person gives to or takes from a customer in a day"));
  self->save_button = gtk_button_new_with_mnemonic (_("_Save"));
  gtk_widget_add_css_class (self->save_button, "suggested-action");
  gtk_widget_set_halign (self->save_button, GTK_ALIGN_END);
  gtk_widget_set_visible (self->save_button, may_change (self));
  g_signal_connect_swapped (self->save_button, "clicked", G_CALLBACK (save_cb), self);
  gtk_box_append (card, self->save_button);
  if (!may_change (self))
    gtk_box_append (card, oba_profile_label_new (_("An administrator changes the limits."), "dim-label"));
}

GtkWidget *
oba_limits_section_new (ObaSession *session)
{
  ObaLimitsSection *self = g_object_new (OBA_TYPE_LIMITS_SECTION, NULL);
  GtkBox *box = oba_section_build (OBA_SECTION (self), session, MAX_WIDTH,
                                   _("Up to these limits one person corrects a receipt, or adjusts points, alone. What is more, in any of them, waits for a second one and changes nothing until then."));

  self->history = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  add_form (self, box);
  gtk_box_append (box, GTK_WIDGET (self->history));
  return GTK_WIDGET (self);
}

GtkEditable *
oba_limits_section_get_entry (ObaLimitsSection *self, ObaLimitsEntry which)
{
  return self->entries[which];
}
