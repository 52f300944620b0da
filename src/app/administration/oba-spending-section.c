#include "oba-spending-section.h"

#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-page.h"
#include "oba-spending-text.h"
#include "widgets/oba-field.h"

#define MAX_VERSIONS 100
#define MAX_WIDTH 640

static const struct
{
  const char *title;
  const char *problem;
  gint64      min, max;
} fields[OBA_SPENDING_N_ENTRIES] = {
  [OBA_SPENDING_VALUE] = { N_("What a point pays, in qəpik"), N_("A whole number of qəpik, 1 to 10 000"), 1, 10000 },
  [OBA_SPENDING_DAILY] = { N_("Points that a customer can spend in a day; empty: any number"), N_("A whole number of points, 1 to 10 000 000, or nothing"), 1, 10000000 },
  [OBA_SPENDING_CODE] = { N_("How long a spend code is good, in seconds"), N_("60 to 120 seconds"), 60, 120 },
  [OBA_SPENDING_WRONG] = { N_("Wrong codes after which none works for a while"), N_("A whole number from 1 to 20"), 1, 20 },
  [OBA_SPENDING_LOCK] = { N_("How long that is, in minutes"), N_("1 to 1 440 minutes"), 1, 1440 },
  [OBA_SPENDING_FROM] = { N_("From which day on; empty: at once"), N_("A day from tomorrow on, such as 31.12.2026"), 0, 0 },
};

struct _ObaSpendingSection
{
  ObaSection     parent_instance;

  GPtrArray        *rules;        /* (nullable) of ObaSpendingRules */
  ObaSpendingRules *asked;        /* (nullable): what the question is about */
  AdwMessageDialog *question;     /* (nullable) */
  gboolean          touched;      /* something was typed and is not saved */
  gboolean          filling;
  ObaField         *fields[OBA_SPENDING_N_ENTRIES];
  GtkEditable      *entries[OBA_SPENDING_N_ENTRIES];
  GtkSwitch        *earns;
  GtkWidget        *save_button;
  GtkBox           *history;
};

G_DEFINE_FINAL_TYPE (ObaSpendingSection, oba_spending_section, OBA_TYPE_SECTION)

static gboolean
may_change (ObaSpendingSection *self)
{
  return oba_session_has_role (oba_section_get_session (OBA_SECTION (self)), OBA_ROLE_ADMIN);
}

static const ObaSpendingRules *
last_rules (ObaSpendingSection *self)
{
  return self->rules != NULL && self->rules->len > 0 ? self->rules->pdata[0] : NULL;
}

/* ---- what was typed */

/* What an entry shows for @rules; "" for nothing. */
static char *
text_of (const ObaSpendingRules *rules, ObaSpendingEntry which)
{
  const gint64 numbers[OBA_SPENDING_N_ENTRIES] = { rules->point_value, rules->daily_points, rules->code_seconds, rules->wrong_codes, rules->lock_minutes, 0 };

  return numbers[which] > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, numbers[which]) : g_strdup ("");
}

static char *
get_text (ObaSpendingSection *self, ObaSpendingEntry which)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->entries[which])));
}

/* The midnight of Bakı with which a day begins; NULL when it is none that is still to come. */
static GDateTime *
read_day (const char *text)
{
  g_autoptr (GDateTime) now = oba_day_now ();
  g_autoptr (GDateTime) start = NULL;
  GDate day;

  if (!oba_day_parse (text, &day))
    return NULL;
  start = g_date_time_new (oba_day_zone (), g_date_get_year (&day), (int) g_date_get_month (&day), g_date_get_day (&day), 0, 0, 0);
  return start != NULL && g_date_time_compare (start, now) > 0 ? g_steal_pointer (&start) : NULL;
}

/* NULL, and said beside each, when something is wrong. (transfer full) */
static ObaSpendingRules *
read_form (ObaSpendingSection *self)
{
  g_autoptr (ObaSpendingRules) typed = g_new0 (ObaSpendingRules, 1);
  gint64 numbers[OBA_SPENDING_N_ENTRIES] = { 0 };
  gboolean well = TRUE;

  for (guint i = 0; i < OBA_SPENDING_N_ENTRIES; i++)
    {
      g_autofree char *text = get_text (self, i);
      gboolean fine;

      if (i == OBA_SPENDING_FROM)
        fine = *text == '\0' || (typed->valid_from = read_day (text)) != NULL;
      else
        fine = (i == OBA_SPENDING_DAILY && *text == '\0') || g_ascii_string_to_signed (text, 10, fields[i].min, fields[i].max, &numbers[i], NULL);
      oba_field_set_problem (self->fields[i], fine ? NULL : _(fields[i].problem));
      well = well && fine;
    }
  typed->point_value = numbers[OBA_SPENDING_VALUE];
  typed->daily_points = numbers[OBA_SPENDING_DAILY];
  typed->code_seconds = (int) numbers[OBA_SPENDING_CODE];
  typed->wrong_codes = (int) numbers[OBA_SPENDING_WRONG];
  typed->lock_minutes = (int) numbers[OBA_SPENDING_LOCK];
  typed->earns = gtk_switch_get_active (self->earns);
  return well ? g_steal_pointer (&typed) : NULL;
}

static gboolean
are_equal (const ObaSpendingRules *a, const ObaSpendingRules *b)
{
  return a->point_value == b->point_value && a->daily_points == b->daily_points && a->earns == b->earns && a->code_seconds == b->code_seconds
         && a->wrong_codes == b->wrong_codes && a->lock_minutes == b->lock_minutes;
}

static void
update (ObaSpendingSection *self)
{
  const ObaSpendingRules *last = last_rules (self);
  g_autoptr (ObaSpendingRules) typed = last != NULL ? read_form (self) : NULL;

  self->touched = last != NULL && (typed == NULL || typed->valid_from != NULL || !are_equal (typed, last));
  gtk_widget_set_sensitive (self->save_button, typed != NULL && !are_equal (typed, last) && !oba_section_is_saving (OBA_SECTION (self)));
}

static void
changed_cb (ObaSpendingSection *self)
{
  if (!self->filling)
    update (self);
}

/* What was not typed over follows what somebody else has changed; beside what was typed stands what holds now. */
static void
fill_form (ObaSpendingSection *self, const ObaSpendingRules *before)
{
  const ObaSpendingRules *last = last_rules (self);

  self->filling = TRUE;
  for (guint i = 0; i < OBA_SPENDING_N_ENTRIES; i++)
    {
      g_autofree char *old_text = before != NULL ? text_of (before, i) : NULL;
      g_autofree char *text = get_text (self, i);
      g_autofree char *new_text = text_of (last, i);
      g_autofree char *note = g_strdup_printf (_("Now: %s"), *new_text != '\0' ? new_text : _("any number of points"));
      gboolean typed = self->touched && old_text != NULL && g_strcmp0 (text, old_text) != 0;

      if (!typed)
        gtk_editable_set_text (self->entries[i], new_text);
      oba_field_set_note (self->fields[i], typed && i != OBA_SPENDING_FROM && g_strcmp0 (old_text, new_text) != 0 ? note : NULL);
    }
  if (before == NULL || gtk_switch_get_active (self->earns) == before->earns)
    gtk_switch_set_active (self->earns, last->earns);
  self->filling = FALSE;
  update (self);
}

/* ---- versions */

static GtkWidget *
version_new (const ObaSpendingRules *rules)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  g_autofree char *what = oba_spending_text_rules (rules);
  g_autofree char *when = oba_spending_text_when (rules);

  gtk_box_append (GTK_BOX (line), oba_profile_label_new (when, rules->holds ? "heading" : "dim-label"));
  if (rules->holds || rules->coming)
    gtk_box_append (GTK_BOX (line), oba_profile_pill_new (rules->holds ? _("Now") : _("To come"), rules->holds ? "success" : "accent"));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (what, NULL));
  return box;
}

static void
show_versions (ObaSpendingSection *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->history))) != NULL)
    gtk_box_remove (self->history, child);
  gtk_box_append (self->history, oba_profile_label_new (_("Versions"), "heading"));
  for (guint i = 0; i < self->rules->len; i++)
    gtk_box_append (self->history, version_new (self->rules->pdata[i]));
}

/* ---- reading */

static void
rules_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaSpendingSection *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rules = oba_spending_rules_finish (result, &error);
  g_autoptr (GPtrArray) before = NULL;

  if (!oba_section_end_reading (self, error) || rules->len == 0)
    return;
  before = g_steal_pointer (&self->rules);
  self->rules = g_steal_pointer (&rules);
  fill_form (self, before != NULL ? before->pdata[0] : NULL);
  show_versions (self);
}

static void
oba_spending_section_read (ObaSection *section, GCancellable *cancellable)
{
  oba_spending_rules_async (oba_section_get_pool (section), MAX_VERSIONS, cancellable, rules_cb, section);
}

/* ---- saving */

static void
oba_spending_section_saved (ObaSection *section, JsonObject *answer)
{
  OBA_SPENDING_SECTION (section)->touched = FALSE;
  oba_section_toast (section, _("The rules of paying with points were changed"));
}

static void
oba_spending_section_update (ObaSection *section)
{
  if (OBA_SPENDING_SECTION (section)->touched)
    update (OBA_SPENDING_SECTION (section));
}

static void
answered_cb (ObaSpendingSection *self, const char *response)
{
  g_autoptr (ObaSpendingRules) asked = g_steal_pointer (&self->asked);
  g_autoptr (JsonNode) request = NULL;

  self->question = NULL;
  if (g_strcmp0 (response, "change") != 0 || asked == NULL || oba_section_get_session (OBA_SECTION (self)) == NULL)
    return;
  request = oba_spending_rules_to_json (asked);
  oba_section_save (OBA_SECTION (self), "set_spending_rules", request);
}

/* What @typed takes the place of: at once that of now, later the last one. */
static const ObaSpendingRules *
replaced_by (ObaSpendingSection *self, const ObaSpendingRules *typed)
{
  for (guint i = 0; typed->valid_from == NULL && i < self->rules->len; i++)
    if (((const ObaSpendingRules *) self->rules->pdata[i])->holds)
      return self->rules->pdata[i];
  return last_rules (self);
}

static void
save_cb (ObaSpendingSection *self)
{
  const ObaSpendingRules *last = last_rules (self);
  g_autoptr (ObaSpendingRules) typed = last != NULL ? read_form (self) : NULL;
  g_autofree char *consequence = NULL;

  if (typed == NULL || self->question != NULL || !may_change (self) || !gtk_widget_get_sensitive (self->save_button))
    return;
  typed->version = last->version;
  consequence = oba_spending_text_consequence (replaced_by (self, typed), typed);
  self->asked = g_steal_pointer (&typed);
  self->question = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _("Change How Points Pay?"), consequence));
  adw_message_dialog_add_responses (self->question, "cancel", _("_Cancel"), "change", _("C_hange"), NULL);
  adw_message_dialog_set_response_appearance (self->question, "change", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (self->question, "cancel");
  adw_message_dialog_set_close_response (self->question, "cancel");
  g_signal_connect_object (self->question, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->question));
}

/* ---- the object */

static void
oba_spending_section_dispose (GObject *object)
{
  ObaSpendingSection *self = OBA_SPENDING_SECTION (object);

  g_clear_pointer (&self->rules, g_ptr_array_unref);
  g_clear_pointer (&self->asked, oba_spending_rules_free);

  G_OBJECT_CLASS (oba_spending_section_parent_class)->dispose (object);
}

static void
oba_spending_section_class_init (ObaSpendingSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_spending_section_dispose;
  OBA_SECTION_CLASS (klass)->read = oba_spending_section_read;
  OBA_SECTION_CLASS (klass)->saved = oba_spending_section_saved;
  OBA_SECTION_CLASS (klass)->update = oba_spending_section_update;
}

static void
oba_spending_section_init (ObaSpendingSection *self)
{
}

static void
add_earns (ObaSpendingSection *self, GtkBox *box)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = oba_profile_label_new (_("The part of a bill that is paid with points earns points, too"), NULL);

  self->earns = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->earns), GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->earns), may_change (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->earns), GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_label_get_text (GTK_LABEL (label)), -1);
  g_signal_connect_swapped (self->earns, "notify::active", G_CALLBACK (changed_cb), self);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->earns));
  gtk_box_append (box, line);
}

static void
add_form (ObaSpendingSection *self, GtkBox *box)
{
  GtkBox *card = oba_section_add_card (box);

  for (guint i = 0; i < OBA_SPENDING_N_ENTRIES; i++)
    {
      GtkWidget *entry = gtk_entry_new ();

      gtk_entry_set_max_length (GTK_ENTRY (entry), 20);
      gtk_editable_set_editable (GTK_EDITABLE (entry), may_change (self));
      g_signal_connect_swapped (entry, "changed", G_CALLBACK (changed_cb), self);
      g_signal_connect_swapped (entry, "activate", G_CALLBACK (save_cb), self);
      self->entries[i] = GTK_EDITABLE (entry);
      self->fields[i] = OBA_FIELD (oba_field_new (_(fields[i].title), entry, NULL));
      gtk_widget_set_visible (GTK_WIDGET (self->fields[i]), i != OBA_SPENDING_FROM || may_change (self));
      gtk_box_append (card, GTK_WIDGET (self->fields[i]));
      if (i == OBA_SPENDING_DAILY)
        add_earns (self, card);
    }
  self->save_button = gtk_button_new_with_mnemonic (_("_Change…"));
  gtk_widget_add_css_class (self->save_button, "suggested-action");
  gtk_widget_set_halign (self->save_button, GTK_ALIGN_END);
  gtk_widget_set_visible (self->save_button, may_change (self));
  g_signal_connect_swapped (self->save_button, "clicked", G_CALLBACK (save_cb), self);
  gtk_box_append (card, self->save_button);
  if (!may_change (self))
    gtk_box_append (card, oba_profile_label_new (_("An administrator changes how points pay."), "dim-label"));
}

GtkWidget *
oba_spending_section_new (ObaSession *session)
{
  ObaSpendingSection *self = g_object_new (OBA_TYPE_SPENDING_SECTION, NULL);
  GtkBox *box = oba_section_build (OBA_SECTION (self), session, MAX_WIDTH,
                                   _("So customers pay a bill, or a part of it, with points. What points are valued at in the books follows what they pay, unless Analytics has a value of its own."));

  self->history = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  add_form (self, box);
  gtk_box_append (box, GTK_WIDGET (self->history));
  return GTK_WIDGET (self);
}

GtkEditable *
oba_spending_section_get_entry (ObaSpendingSection *self, ObaSpendingEntry which)
{
  return self->entries[which];
}

GtkSwitch *
oba_spending_section_get_earns (ObaSpendingSection *self)
{
  return self->earns;
}

GtkWidget *
oba_spending_section_get_button (ObaSpendingSection *self)
{
  return self->save_button;
}

AdwMessageDialog *
oba_spending_section_get_question (ObaSpendingSection *self)
{
  return self->question;
}
