#include "oba-valuation-window.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "liability/oba-liability-rule.h"
#include "widgets/oba-field.h"
#include "widgets/oba-problem-box.h"

#define MAX_RULES 50
#define MAX_VALUE 1000000
#define MAX_BREAKAGE 10000
#define MAX_REASON 1000

struct _ObaValuationWindow
{
  AdwWindow      parent_instance;

  ObaSession    *session;
  GCancellable  *reading;      /* (nullable) */
  gboolean       saving;
  gboolean       touched;      /* something was typed */
  gboolean       filling;
  int            version;      /* that is being looked at; 0: none yet */
  gint64         points;       /* that are valued */
  gint64         till_value;   /* what a point pays, hundredths of a qəpik; 0: not known */
  gint64         expected;     /* as it is now */
  ObaField      *fields[OBA_VALUATION_N_ENTRIES];
  GtkEditable   *entries[OBA_VALUATION_N_ENTRIES];
  GtkLabel      *effect;
  GtkWidget     *save_button;
  GtkBox        *history;
  ObaProblemBox *problem;
};

enum { SAVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaValuationWindow, oba_valuation_window, ADW_TYPE_WINDOW)

static gboolean
may_change (ObaValuationWindow *self)
{
  return oba_session_has_role (self->session, OBA_ROLE_ADMIN);
}

/* ---- what was typed */

static char *
get_text (ObaValuationWindow *self, ObaValuationEntry which)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->entries[which])));
}

/* FALSE, and said beside each, when something is wrong. @value: 0 for what a point pays. */
static gboolean
read_form (ObaValuationWindow *self, gint64 *value, gint64 *breakage)
{
  g_autofree char *value_text = get_text (self, OBA_VALUATION_VALUE);
  g_autofree char *breakage_text = get_text (self, OBA_VALUATION_BREAKAGE);
  g_autofree char *reason = get_text (self, OBA_VALUATION_REASON);
  gboolean value_well, breakage_well, reason_well;

  *value = 0;
  value_well = *value_text == '\0' || (oba_liability_parse_hundredths (value_text, MAX_VALUE, value) && *value > 0);
  breakage_well = oba_liability_parse_hundredths (breakage_text, MAX_BREAKAGE, breakage);
  reason_well = g_utf8_strlen (reason, -1) <= MAX_REASON;
  oba_field_set_problem (self->fields[OBA_VALUATION_VALUE], value_well ? NULL : _("A value from 0.01 to 10 000 qəpik, or nothing"));
  oba_field_set_problem (self->fields[OBA_VALUATION_BREAKAGE], breakage_well ? NULL : _("A share from 0 to 100 per cent, such as 12.5"));
  oba_field_set_problem (self->fields[OBA_VALUATION_REASON], reason_well ? NULL : _("At most 1,000 characters"));
  return value_well && breakage_well && reason_well && *reason != '\0';
}

static void
update (ObaValuationWindow *self)
{
  gint64 value = 0, breakage = 0;
  gboolean valid = read_form (self, &value, &breakage);
  gint64 used = value > 0 ? value : self->till_value;
  g_autofree char *before = oba_money_format (self->expected);
  g_autofree char *after = oba_money_format (llround ((double) self->points * (double) used * (10000 - (double) breakage) / 1000000));
  /* Translators: two amounts of money. */
  g_autofree char *text = g_strdup_printf (_("The expected value of all points becomes %s; it is %s now. Months that are past keep the valuation of their time."), after, before);

  gtk_label_set_label (self->effect, text);
  gtk_widget_set_visible (GTK_WIDGET (self->effect), self->touched && used > 0 && oba_field_get_problem (self->fields[OBA_VALUATION_VALUE]) == NULL
                                                         && oba_field_get_problem (self->fields[OBA_VALUATION_BREAKAGE]) == NULL);
  gtk_widget_set_sensitive (self->save_button, valid && self->touched && self->version > 0 && !self->saving);
}

static void
changed_cb (ObaValuationWindow *self)
{
  if (self->filling)
    return;
  self->touched = TRUE;
  update (self);
}

/* ---- what holds */

static char *
format_hundredths (gint64 hundredths)
{
  return oba_money_format_plain (hundredths);
}

static void
fill (ObaValuationWindow *self, const ObaLiabilityRule *rule)
{
  g_autofree char *value = rule->point_value > 0 ? format_hundredths (rule->point_value) : g_strdup ("");
  g_autofree char *breakage = format_hundredths (rule->breakage);

  self->filling = TRUE;
  gtk_editable_set_text (self->entries[OBA_VALUATION_VALUE], value);
  gtk_editable_set_text (self->entries[OBA_VALUATION_BREAKAGE], breakage);
  self->filling = FALSE;
}

static char *
describe (const ObaLiabilityRule *rule)
{
  g_autofree char *value = rule->point_value > 0 ? oba_liability_format_value (rule->point_value) : g_strdup (_("as at the till"));
  g_autofree char *breakage = oba_share_format ((double) rule->breakage / 10000, 2);

  /* Translators: what a point is valued at; a share. */
  return g_strdup_printf (_("A point: %s · breakage: %s"), value, breakage);
}

static GtkWidget *
rule_new (const ObaLiabilityRule *rule)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *what = describe (rule);
  g_autofree char *moment = rule->valid_from != NULL ? oba_customer_text_moment (rule->valid_from) : NULL;
  /* Translators: the name of a colleague, a moment. */
  g_autofree char *who = moment != NULL ? g_strdup_printf (_("%s, %s"), rule->who, moment) : g_strdup (_("From the beginning"));

  gtk_box_append (GTK_BOX (box), oba_profile_label_new (what, NULL));
  if (rule->valid_from != NULL)
    gtk_box_append (GTK_BOX (box), oba_profile_label_new (rule->reason, NULL));
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (who, "dim-label"));
  return box;
}

static void
show_rules (ObaValuationWindow *self, GPtrArray *rules)
{
  const ObaLiabilityRule *last = rules->pdata[0];
  g_autofree char *now = describe (last);
  g_autofree char *note = g_strdup_printf (_("Now: %s"), now);
  gboolean other = self->version > 0 && self->version != last->version;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->history))) != NULL)
    gtk_box_remove (self->history, child);
  for (guint i = 0; i < rules->len; i++)
    gtk_box_append (self->history, rule_new (rules->pdata[i]));
  /* What was typed stays, beside what somebody else has set meanwhile. */
  if (!self->touched)
    fill (self, last);
  oba_field_set_note (self->fields[OBA_VALUATION_BREAKAGE], self->touched && other ? note : NULL);
  self->version = last->version;
  update (self);
}

static void
rules_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaValuationWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rules = oba_liability_rules_finish (result, &error);
  g_autofree char *problem = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  if (rules != NULL && rules->len > 0)
    {
      show_rules (self, rules);
      return;
    }
  problem = error != NULL ? oba_db_error_describe (error) : g_strdup ("");
  oba_problem_box_set_text (self->problem, problem);
}

static void
load (ObaValuationWindow *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  oba_liability_rules_async (oba_session_get_pool (self->session), MAX_RULES, self->reading, rules_cb, self);
}

/* ---- saving */

static void
saved_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaValuationWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);
  g_autofree char *problem = NULL;

  self->saving = FALSE;
  if (self->session == NULL)
    return;   /* the window was closed meanwhile */
  if (answer != NULL)
    {
      g_signal_emit (self, signals[SAVED], 0);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  problem = oba_db_error_describe (error);
  oba_problem_box_set_text (self->problem, problem);
  load (self);
}

static void
save_cb (ObaValuationWindow *self)
{
  gint64 value = 0, breakage = 0;
  g_autofree char *reason = get_text (self, OBA_VALUATION_REASON);
  g_autofree char *key = oba_db_request_new_key ();
  g_autoptr (JsonNode) request = NULL;

  if (!gtk_widget_get_sensitive (self->save_button) || !may_change (self) || !read_form (self, &value, &breakage))
    return;
  request = oba_liability_rule_to_json (value, (int) breakage, reason, self->version);
  self->saving = TRUE;
  oba_problem_box_set_text (self->problem, NULL);
  update (self);
  oba_db_request_async (oba_session_get_pool (self->session), "set_liability_rule", request, key, NULL, saved_cb, g_object_ref (self));
}

/* ---- the object */

static void
oba_valuation_window_dispose (GObject *object)
{
  ObaValuationWindow *self = OBA_VALUATION_WINDOW (object);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_valuation_window_parent_class)->dispose (object);
}

static void
oba_valuation_window_class_init (ObaValuationWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_valuation_window_dispose;
  signals[SAVED] = g_signal_new ("saved", OBA_TYPE_VALUATION_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
oba_valuation_window_init (ObaValuationWindow *self)
{
}

static void
add_entry (ObaValuationWindow *self, GtkBox *box, ObaValuationEntry which, const char *title)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_editable_set_editable (GTK_EDITABLE (entry), may_change (self));
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "activate", G_CALLBACK (save_cb), self, G_CONNECT_SWAPPED);
  self->entries[which] = GTK_EDITABLE (entry);
  self->fields[which] = OBA_FIELD (oba_field_new (title, entry, NULL));
  gtk_box_append (box, GTK_WIDGET (self->fields[which]));
}

static void
add_observed (ObaValuationWindow *self, GtkBox *box, const ObaLiability *l)
{
  guint n = l->months->len;
  guint year = n > 12 ? n - 12 : 0;
  double redeemed = oba_liability_redemption_rate (l, year, n), expired = oba_liability_breakage_rate (l, year, n);
  g_autofree char *redeemed_text = isnan (redeemed) ? g_strdup ("–") : oba_share_format (redeemed, 1);
  g_autofree char *expired_text = isnan (expired) ? g_strdup ("–") : oba_share_format (expired, 1);
  /* Translators: two shares. */
  g_autofree char *text = g_strdup_printf (_("Seen in the last 12 months: %s of what was issued was redeemed, and %s of what went had expired."), redeemed_text, expired_text);

  gtk_box_append (box, oba_profile_label_new (text, "dim-label"));
}

static void
add_form (ObaValuationWindow *self, GtkBox *box, const ObaLiability *l)
{
  self->effect = GTK_LABEL (oba_profile_label_new ("", "changed-note"));
  self->save_button = gtk_button_new_with_mnemonic (_("_Change the Valuation"));
  add_entry (self, box, OBA_VALUATION_VALUE, _("Value of a point in qəpik; empty: what it pays at the till"));
  add_entry (self, box, OBA_VALUATION_BREAKAGE, _("Breakage in per cent: points that nobody will ever use"));
  add_observed (self, box, l);
  add_entry (self, box, OBA_VALUATION_REASON, _("Reason of the change"));
  gtk_box_append (box, GTK_WIDGET (self->effect));
  gtk_widget_add_css_class (self->save_button, "suggested-action");
  gtk_widget_set_halign (self->save_button, GTK_ALIGN_END);
  g_signal_connect_object (self->save_button, "clicked", G_CALLBACK (save_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (box, self->save_button);
  gtk_widget_set_visible (self->save_button, may_change (self));
  gtk_widget_set_visible (GTK_WIDGET (self->fields[OBA_VALUATION_REASON]), may_change (self));
  if (!may_change (self))
    gtk_box_append (box, oba_profile_label_new (_("An administrator changes the valuation."), "dim-label"));
}

ObaValuationWindow *
oba_valuation_window_new (GtkWindow *parent, ObaSession *session, const ObaLiability *l)
{
  ObaValuationWindow *self = g_object_new (OBA_TYPE_VALUATION_WINDOW, "transient-for", parent, "modal", TRUE, "title", _("Valuation of Points"), "default-width", 520, "default-height", 620, NULL);
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  GtkBox *content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->session = g_object_ref (session);
  self->points = l->total.points;
  self->expected = l->total.expected;
  self->till_value = l->till_value;
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->history = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  gtk_box_append (content, GTK_WIDGET (self->problem));
  add_form (self, content, l);
  gtk_box_append (content, oba_profile_label_new (_("Changes"), "heading"));
  gtk_box_append (content, GTK_WIDGET (self->history));
  g_object_set (content, "margin-top", 12, "margin-bottom", 18, "margin-start", 18, "margin-end", 18, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (content));
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (box, adw_header_bar_new ());
  gtk_box_append (box, scrolled);
  adw_window_set_content (ADW_WINDOW (self), GTK_WIDGET (box));
  update (self);
  load (self);
  return self;
}

GtkEditable *
oba_valuation_window_get_entry (ObaValuationWindow *self, ObaValuationEntry which)
{
  return self->entries[which];
}

GtkWidget *
oba_valuation_window_get_button (ObaValuationWindow *self)
{
  return self->save_button;
}

gboolean
oba_valuation_window_is_settled (ObaValuationWindow *self)
{
  return self->reading == NULL && !self->saving;
}

const char *
oba_valuation_window_get_problem (ObaValuationWindow *self)
{
  return oba_problem_box_get_text (self->problem);
}
