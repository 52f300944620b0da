#include "oba-points-section.h"

#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-request.h"
#include "oba-month-text.h"
#include "points/oba-expiry-policy.h"
#include "widgets/oba-field.h"

#define MAX_WIDTH 640

struct _ObaPointsSection
{
  ObaSection     parent_instance;

  GCancellable  *forecasting;
  GPtrArray     *policies;       /* of ObaExpiryPolicy, the last first; NULL: not yet */
  gboolean       filled;

  GtkDropDown   *mode;
  GtkEditable   *months;
  ObaField      *months_field;
  GtkDropDown   *ends_on;
  GtkEditable   *minimum;
  ObaField      *minimum_field;
  GtkDropDown   *begins;
  GtkWidget     *save_button;
  GtkWidget     *ask_button;
  GtkSpinner    *spinner;
  GtkLabel      *now_label;
  GtkLabel      *summary;
  GtkGrid       *table;
  GtkBox        *history;
};

G_DEFINE_FINAL_TYPE (ObaPointsSection, oba_points_section, OBA_TYPE_SECTION)

static gboolean
may_change (ObaPointsSection *self)
{
  return oba_session_has_role (oba_section_get_session (OBA_SECTION (self)), OBA_ROLE_ADMIN);
}

/* ---- in words */

static char *
describe (const ObaExpiryPolicy *policy)
{
  g_autofree char *period = g_strdup_printf (ngettext ("%d month", "%d months", (gulong) policy->months), policy->months);
  g_autofree char *least = oba_customer_text_points (policy->warn_minimum);
  g_autofree char *what = NULL;

  /* Translators: "24 months" */
  if (policy->by_purchase)
    what = g_strdup_printf (policy->whole_months ? _("%s after the last purchase, to the end of that month") : _("%s after the last purchase, to the day"), period);
  else
    what = g_strdup_printf (policy->whole_months ? _("%s after they were earned, to the end of that month") : _("%s after they were earned, to the day"), period);
  /* Translators: how long points are good; "100 points". */
  return g_strdup_printf (_("%s; customers are warned of %s and more"), what, least);
}

/* ---- what was typed */

static gboolean
read_number (GtkEditable *entry, gint64 max, gint64 *number)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  return g_ascii_string_to_signed (text, 10, 1, max, number, NULL);
}

static void
set_begin (ObaPointsSection *self, GDate *day)
{
  oba_day_today (day);
  if (gtk_drop_down_get_selected (self->begins) == 0)
    {
      g_date_add_days (day, 1);
      return;
    }
  g_date_set_day (day, 1);
  g_date_add_months (day, 1);
}

/* FALSE, and said beside each, when something is none. */
static gboolean
read_form (ObaPointsSection *self, ObaExpiryPolicy *policy)
{
  gint64 months = 0;
  gboolean fine = read_number (self->months, OBA_EXPIRY_MAX_MONTHS, &months);
  gboolean minimum = read_number (self->minimum, OBA_EXPIRY_MAX_MINIMUM, &policy->warn_minimum);

  oba_field_set_problem (self->months_field, fine ? NULL : _("A number of months from 1 to 120"));
  oba_field_set_problem (self->minimum_field, minimum ? NULL : _("A whole number of points, from 1 to 10 000 000"));
  policy->by_purchase = gtk_drop_down_get_selected (self->mode) == 1;
  policy->whole_months = gtk_drop_down_get_selected (self->ends_on) == 1;
  policy->months = (int) months;
  policy->version = self->policies != NULL && self->policies->len > 0 ? ((ObaExpiryPolicy *) self->policies->pdata[0])->version : 0;
  set_begin (self, &policy->valid_from);
  return fine && minimum;
}

/* The newest holds already, or will from the same day on: setting it again, as by a double click, would say nothing. */
static gboolean
is_news (ObaPointsSection *self, const ObaExpiryPolicy *typed)
{
  const ObaExpiryPolicy *last = self->policies->len > 0 ? self->policies->pdata[0] : NULL;

  return last == NULL || typed->by_purchase != last->by_purchase || typed->whole_months != last->whole_months || typed->months != last->months || typed->warn_minimum != last->warn_minimum
         || (!last->holds && g_date_valid (&last->valid_from) && g_date_compare (&typed->valid_from, &last->valid_from) != 0);
}

static void
update (ObaPointsSection *self)
{
  ObaExpiryPolicy typed = { 0 };
  gboolean valid = self->policies != NULL && read_form (self, &typed);

  gtk_widget_set_sensitive (self->save_button, valid && is_news (self, &typed) && !oba_section_is_saving (OBA_SECTION (self)));
  gtk_widget_set_sensitive (self->ask_button, valid && self->forecasting == NULL);
  gtk_spinner_set_spinning (self->spinner, self->forecasting != NULL);
}

static void
clear_grid (GtkGrid *grid)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
}

/* What was forecast is of another policy now. */
static void
changed_cb (ObaPointsSection *self)
{
  g_cancellable_cancel (self->forecasting);
  g_clear_object (&self->forecasting);
  clear_grid (self->table);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->table), FALSE);
  update (self);
}

static void
fill_form (ObaPointsSection *self, const ObaExpiryPolicy *policy)
{
  g_autofree char *months = g_strdup_printf ("%d", policy->months);
  g_autofree char *minimum = g_strdup_printf ("%" G_GINT64_FORMAT, policy->warn_minimum);

  gtk_drop_down_set_selected (self->mode, policy->by_purchase ? 1 : 0);
  gtk_drop_down_set_selected (self->ends_on, policy->whole_months ? 1 : 0);
  gtk_editable_set_text (self->months, months);
  gtk_editable_set_text (self->minimum, minimum);
}

/* ---- what it would do */

static GtkWidget *
cell_new (const char *text, gboolean number, const char *css_class)
{
  GtkWidget *label = oba_profile_label_new (text, css_class);

  gtk_widget_set_hexpand (label, !number);
  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  if (number)
    gtk_widget_add_css_class (label, "numeric");
  return label;
}

static void
show_forecast (ObaPointsSection *self, const ObaExpiryForecast *forecast)
{
  g_autofree char *all = oba_customer_text_points (forecast->points);
  g_autofree char *gone = oba_customer_text_points (forecast->gone);
  /* Translators: "1 000 points", "30 points". */
  g_autofree char *text = g_strdup_printf (_("Of the %s that customers have, %s would be lost by now, had this policy held when they were given. What customers have keeps its day in truth: a new policy is for what they get from its first day on."), all, gone);

  gtk_label_set_label (self->summary, text);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->table), TRUE);
  clear_grid (self->table);
  gtk_grid_attach (self->table, cell_new (_("Lost in"), FALSE, "caption-heading"), 0, 0, 1, 1);
  gtk_grid_attach (self->table, cell_new (_("As it is"), TRUE, "caption-heading"), 1, 0, 1, 1);
  gtk_grid_attach (self->table, cell_new (_("Under this policy"), TRUE, "caption-heading"), 2, 0, 1, 1);
  for (guint i = 0; i < forecast->months->len; i++)
    {
      const ObaExpiryMonth *month = &g_array_index (forecast->months, ObaExpiryMonth, i);
      g_autofree char *name = oba_month_text_name (&month->month);
      g_autofree char *now = oba_number_format (month->now);
      g_autofree char *then = oba_number_format (month->then);

      gtk_grid_attach (self->table, cell_new (name, FALSE, NULL), 0, (int) i + 1, 1, 1);
      gtk_grid_attach (self->table, cell_new (now, TRUE, NULL), 1, (int) i + 1, 1, 1);
      gtk_grid_attach (self->table, cell_new (then, TRUE, NULL), 2, (int) i + 1, 1, 1);
    }
}

static void
forecast_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaPointsSection) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaExpiryForecast) forecast = oba_expiry_forecast_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->forecasting);
  if (forecast != NULL)
    show_forecast (self, forecast);
  else
    oba_section_fail (OBA_SECTION (self), error);
  update (self);
}

static void
ask_cb (ObaPointsSection *self)
{
  ObaExpiryPolicy typed = { 0 };

  if (self->forecasting != NULL || !read_form (self, &typed))
    return;
  self->forecasting = g_cancellable_new ();
  oba_section_clear_problem (OBA_SECTION (self));
  oba_expiry_forecast_async (oba_section_get_pool (OBA_SECTION (self)), &typed, self->forecasting, forecast_cb, g_object_ref (self));
  update (self);
}

/* ---- reading */

static GtkWidget *
version_new (const ObaExpiryPolicy *policy)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *what = describe (policy);
  g_autofree char *from = g_date_valid (&policy->valid_from) ? oba_customer_text_date (&policy->valid_from) : NULL;
  g_autofree char *moment = oba_customer_text_moment (policy->at);
  /* Translators: the day on which a policy begins, who set it, a moment. */
  g_autofree char *who = from != NULL ? g_strdup_printf (_("from %s on, set by %s, %s"), from, policy->who, moment) : g_strdup (_("from the beginning"));

  gtk_box_append (GTK_BOX (box), oba_profile_label_new (what, policy->holds ? "heading" : NULL));
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (who, "dim-label"));
  return box;
}

static void
show_policies (ObaPointsSection *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->history))) != NULL)
    gtk_box_remove (self->history, child);
  gtk_box_append (self->history, oba_profile_label_new (_("Policies"), "heading"));
  for (guint i = 0; i < self->policies->len; i++)
    {
      const ObaExpiryPolicy *policy = self->policies->pdata[i];
      g_autofree char *what = describe (policy);
      /* Translators: how long points are good. */
      g_autofree char *now = g_strdup_printf (_("Points can be used for %s."), what);

      if (policy->holds)
        gtk_label_set_label (self->now_label, now);
      if (policy->holds && !self->filled)
        fill_form (self, policy);
      gtk_box_append (self->history, version_new (policy));
    }
  self->filled = TRUE;
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaPointsSection *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) policies = oba_expiry_policies_finish (result, &error);

  if (!oba_section_end_reading (self, error))
    return;
  g_clear_pointer (&self->policies, g_ptr_array_unref);
  self->policies = g_steal_pointer (&policies);
  show_policies (self);
  update (self);
}

static void
oba_points_section_read (ObaSection *section, GCancellable *cancellable)
{
  oba_expiry_policies_async (oba_section_get_pool (section), cancellable, read_cb, section);
}

/* ---- saving */

static void
oba_points_section_saved (ObaSection *section, JsonObject *answer)
{
  oba_section_toast (section, _("The policy was set"));
}

static void
oba_points_section_update (ObaSection *section)
{
  update (OBA_POINTS_SECTION (section));
}

static void
save_cb (ObaPointsSection *self)
{
  ObaExpiryPolicy typed = { 0 };
  g_autoptr (JsonNode) request = NULL;

  if (oba_section_is_saving (OBA_SECTION (self)) || !may_change (self) || !gtk_widget_get_sensitive (self->save_button) || !read_form (self, &typed))
    return;
  request = oba_expiry_policy_to_json (&typed);
  oba_section_save (OBA_SECTION (self), "set_expiry_policy", request);
}

gboolean
oba_points_section_is_settled (ObaPointsSection *self)
{
  return self->forecasting == NULL && oba_section_is_settled (OBA_SECTION (self));
}

/* ---- the object */

static void
oba_points_section_dispose (GObject *object)
{
  ObaPointsSection *self = OBA_POINTS_SECTION (object);

  g_cancellable_cancel (self->forecasting);
  g_clear_object (&self->forecasting);
  g_clear_pointer (&self->policies, g_ptr_array_unref);

  G_OBJECT_CLASS (oba_points_section_parent_class)->dispose (object);
}

static void
oba_points_section_class_init (ObaPointsSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_points_section_dispose;
  OBA_SECTION_CLASS (klass)->read = oba_points_section_read;
  OBA_SECTION_CLASS (klass)->saved = oba_points_section_saved;
  OBA_SECTION_CLASS (klass)->update = oba_points_section_update;

}

static void
oba_points_section_init (ObaPointsSection *self)
{
}

static GtkDropDown *
add_list (ObaPointsSection *self, GtkBox *box, const char *title, const char *first, const char *second)
{
  const char *const names[] = { first, second, NULL };
  GtkWidget *list = gtk_drop_down_new_from_strings (names);

  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect_object (list, "notify::selected", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (box, oba_field_new (title, list, NULL));
  return GTK_DROP_DOWN (list);
}

static GtkEditable *
add_entry (ObaPointsSection *self, GtkBox *box, const char *title, ObaField **field)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_max_length (GTK_ENTRY (entry), 12);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_DIGITS);
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  *field = OBA_FIELD (oba_field_new (title, entry, NULL));
  gtk_box_append (box, GTK_WIDGET (*field));
  return GTK_EDITABLE (entry);
}

static GtkWidget *
make_buttons (ObaPointsSection *self)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  self->ask_button = gtk_button_new_with_mnemonic (_("_What Would It Do?"));
  self->save_button = gtk_button_new_with_mnemonic (_("_Set"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  gtk_widget_add_css_class (self->save_button, "suggested-action");
  gtk_widget_set_visible (self->save_button, may_change (self));
  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  g_signal_connect_swapped (self->ask_button, "clicked", G_CALLBACK (ask_cb), self);
  g_signal_connect_swapped (self->save_button, "clicked", G_CALLBACK (save_cb), self);
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (buttons), self->ask_button);
  gtk_box_append (GTK_BOX (buttons), self->save_button);
  return buttons;
}

static void
add_form (ObaPointsSection *self, GtkBox *box)
{
  GtkBox *card = oba_section_add_card (box);

  self->mode = add_list (self, card, _("Points can be used"), _("a period after they were earned"), _("a period after the last purchase"));
  self->months = add_entry (self, card, _("Months"), &self->months_field);
  self->ends_on = add_list (self, card, _("They are lost"), _("to the day"), _("at the end of that month"));
  self->minimum = add_entry (self, card, _("Customers are warned, 30 and 7 days before, of so many points and more"), &self->minimum_field);
  self->begins = add_list (self, card, _("It begins"), _("tomorrow"), _("on the first of next month"));
  gtk_box_append (card, make_buttons (self));
  if (!may_change (self))
    gtk_box_append (card, oba_profile_label_new (_("An administrator sets the policy."), "dim-label"));
  self->summary = GTK_LABEL (oba_profile_label_new (NULL, "dim-label"));
  self->table = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->table, 18);
  gtk_grid_set_row_spacing (self->table, 3);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->table), FALSE);
  gtk_box_append (card, GTK_WIDGET (self->summary));
  gtk_box_append (card, GTK_WIDGET (self->table));
}

GtkWidget *
oba_points_section_new (ObaSession *session)
{
  ObaPointsSection *self = g_object_new (OBA_TYPE_POINTS_SECTION, NULL);
  GtkBox *box = oba_section_build (OBA_SECTION (self), session, MAX_WIDTH, NULL);

  self->history = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  self->now_label = GTK_LABEL (oba_profile_label_new (NULL, NULL));
  gtk_box_append (box, GTK_WIDGET (self->now_label));
  add_form (self, box);
  gtk_box_append (box, GTK_WIDGET (self->history));
  update (self);
  return GTK_WIDGET (self);
}
