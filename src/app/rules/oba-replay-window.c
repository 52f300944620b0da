#include "oba-replay-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "oba-rule-text.h"
#include "rules/oba-rule-replay.h"
#include "rules/oba-rules.h"
#include "widgets/oba-chart-panel.h"
#include "widgets/oba-field.h"
#include "widgets/oba-problem-box.h"

#define DEFAULT_DAYS 90
#define MAX_DAYS 3660
#define MAX_TOP 10

struct _ObaReplayWindow
{
  AdwWindow       parent_instance;

  ObaSession     *session;
  JsonObject     *read;
  JsonObject     *rule;
  GCancellable   *running;       /* (nullable) */

  ObaField       *from_field;
  ObaField       *to_field;
  GtkEditable    *from;
  GtkEditable    *to;
  GtkWidget      *run_button;
  GtkWidget      *cancel_button;
  GtkStack       *stack;
  GtkProgressBar *progress;
  GtkLabel       *progress_label;
  GtkBox         *result;
  ObaProblemBox  *problem;
};

G_DEFINE_FINAL_TYPE (ObaReplayWindow, oba_replay_window, ADW_TYPE_WINDOW)

/* ---- what came of it */

static GtkGrid *
grid_new (ObaReplayWindow *self, GtkBox *box, const char *title)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *grid = gtk_grid_new ();

  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "panel");
  gtk_widget_set_hexpand (card, TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 3);
  gtk_box_append (GTK_BOX (card), oba_profile_label_new (title, "heading"));
  gtk_box_append (GTK_BOX (card), grid);
  gtk_box_append (box, card);
  return GTK_GRID (grid);
}

static void
put (GtkGrid *grid, const char *text, int column, int row, const char *css_class)
{
  GtkWidget *label = oba_profile_label_new (text, css_class);

  gtk_widget_set_hexpand (label, column == 0);
  if (column > 0)
    {
      gtk_label_set_xalign (GTK_LABEL (label), 1);
      gtk_label_set_wrap (GTK_LABEL (label), FALSE);
      gtk_widget_add_css_class (label, "numeric");
    }
  gtk_grid_attach (grid, label, column, row, 1, 1);
}

static void
put_number (GtkGrid *grid, gint64 number, int column, int row)
{
  g_autofree char *text = oba_number_format (number);

  put (grid, text, column, row, NULL);
}

static void
put_fact (GtkGrid *grid, const char *name, gint64 number, gboolean money, int row)
{
  g_autofree char *text = money ? oba_money_format (number) : oba_number_format (number);

  put (grid, name, 0, row, NULL);
  put (grid, text, 1, row, "heading");
}

static void
add_totals (ObaReplayWindow *self, GtkBox *box, JsonObject *answer)
{
  GtkGrid *grid = grid_new (self, box, _("What It Would Have Cost"));
  gint64 fewer = json_object_get_int_member (answer, "fewer");

  put_fact (grid, _("Points"), json_object_get_int_member (answer, "points"), FALSE, 0);
  put_fact (grid, _("In money, at the present value of a point"), json_object_get_int_member (answer, "worth"), TRUE, 1);
  put_fact (grid, _("Receipts it was run over"), json_object_get_int_member (answer, "receipts"), FALSE, 2);
  put_fact (grid, _("Receipts that would have given something else"), json_object_get_int_member (answer, "touched"), FALSE, 3);
  put_fact (grid, _("Customers who would have got more"), json_object_get_int_member (answer, "customers"), FALSE, 4);
  if (fewer > 0)
    put_fact (grid, _("Customers who would have got less"), fewer, FALSE, 5);
}

static void
add_tiers (ObaReplayWindow *self, GtkBox *box, JsonObject *answer)
{
  JsonArray *tiers = json_object_get_array_member (answer, "tiers");
  GtkGrid *grid = grid_new (self, box, _("Who Would Have Got More"));

  put (grid, _("Tier on the last day"), 0, 0, "caption-heading");
  put (grid, _("Customers"), 1, 0, "caption-heading");
  put (grid, _("Points"), 2, 0, "caption-heading");
  for (guint i = 0; i < json_array_get_length (tiers); i++)
    {
      JsonArray *tier = json_array_get_array_element (tiers, i);

      put (grid, oba_rules_name (self->read, "tiers", json_array_get_int_element (tier, 0)), 0, (int) i + 1, NULL);
      put_number (grid, json_array_get_int_element (tier, 1), 1, (int) i + 1);
      put_number (grid, json_array_get_int_element (tier, 2), 2, (int) i + 1);
    }
}

static void
add_moves (ObaReplayWindow *self, GtkBox *box, JsonObject *answer)
{
  JsonArray *moves = json_object_get_array_member (answer, "moves");
  GtkGrid *grid = grid_new (self, box, _("Who Would Stand in Another Tier"));
  gboolean by_points = g_str_equal (json_object_get_string_member (answer, "basis"), "points");

  if (json_array_get_length (moves) == 0)
    put (grid, by_points ? _("Nobody, when the last day was over.") : _("Nobody: tiers count what customers spend, not their points."), 0, 0, "dim-label");
  for (guint i = 0; i < json_array_get_length (moves); i++)
    {
      JsonArray *move = json_array_get_array_element (moves, i);
      /* Translators: the names of two tiers. */
      g_autofree char *text = g_strdup_printf (_("from %s to %s"), oba_rules_name (self->read, "tiers", json_array_get_int_element (move, 0)),
                                               oba_rules_name (self->read, "tiers", json_array_get_int_element (move, 1)));

      put (grid, text, 0, (int) i, NULL);
      put_number (grid, json_array_get_int_element (move, 2), 1, (int) i);
    }
}

static void
add_top (ObaReplayWindow *self, GtkBox *box, JsonObject *answer)
{
  JsonArray *top = json_object_get_array_member (answer, "top");
  GtkGrid *grid;

  if (json_array_get_length (top) == 0)
    return;
  grid = grid_new (self, box, _("Who Would Have Got Most"));
  put (grid, _("Customer"), 0, 0, "caption-heading");
  put (grid, _("Points"), 1, 0, "caption-heading");
  put (grid, _("Receipts"), 2, 0, "caption-heading");
  for (guint i = 0; i < MIN (json_array_get_length (top), MAX_TOP); i++)
    {
      JsonArray *row = json_array_get_array_element (top, i);
      /* Translators: the number of a customer. */
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, json_array_get_int_element (row, 0));
      g_autofree char *who = g_strdup_printf (_("No. %s"), number);

      put (grid, who, 0, (int) i + 1, NULL);
      put_number (grid, json_array_get_int_element (row, 1), 1, (int) i + 1);
      put_number (grid, json_array_get_int_element (row, 2), 2, (int) i + 1);
    }
}

static void
add_stores (ObaReplayWindow *self, GtkBox *box, JsonObject *answer)
{
  JsonArray *stores = json_object_get_array_member (answer, "stores");
  GtkGrid *grid;

  if (json_array_get_length (stores) == 0)
    return;
  grid = grid_new (self, box, _("Where"));
  put (grid, _("Store"), 0, 0, "caption-heading");
  put (grid, _("Points"), 1, 0, "caption-heading");
  put (grid, _("Receipts"), 2, 0, "caption-heading");
  for (guint i = 0; i < MIN (json_array_get_length (stores), MAX_TOP); i++)
    {
      JsonArray *row = json_array_get_array_element (stores, i);

      put (grid, json_array_get_string_element (row, 1), 0, (int) i + 1, NULL);
      put_number (grid, json_array_get_int_element (row, 2), 1, (int) i + 1);
      put_number (grid, json_array_get_int_element (row, 3), 2, (int) i + 1);
    }
}

/* A day on which it gives nothing is one, too. */
static void
add_days (ObaReplayWindow *self, JsonObject *answer)
{
  JsonArray *days = json_object_get_array_member (answer, "days");
  g_autoptr (GDate) first = oba_customer_json_member_date (answer, "from");
  g_autoptr (GDate) last = oba_customer_json_member_date (answer, "to");
  guint n = first != NULL && last != NULL ? g_date_get_julian (last) - g_date_get_julian (first) + 1 : 0;
  g_autofree double *points = g_new0 (double, n + 1);
  g_autoptr (ObaChart) chart = oba_chart_new (_("Points a Day"), OBA_CHART_VALUE_NUMBER);
  GtkWidget *panel = g_object_new (OBA_TYPE_CHART_PANEL, NULL);

  for (guint i = 0; i < json_array_get_length (days); i++)
    {
      JsonArray *row = json_array_get_array_element (days, i);
      GDate day;

      oba_customer_json_date (row, 0, &day);
      if (g_date_valid (&day) && g_date_get_julian (&day) - g_date_get_julian (first) < n)
        points[g_date_get_julian (&day) - g_date_get_julian (first)] = (double) oba_customer_json_int (row, 1);
    }
  if (n < 2 || json_array_get_length (days) == 0)
    {
      g_object_unref (g_object_ref_sink (panel));
      return;
    }
  oba_chart_set_days (chart, g_date_get_julian (first), n);
  oba_chart_add_series (chart, _("Points"), n > 62 ? OBA_CHART_AREA : OBA_CHART_BARS, points, n);
  oba_chart_panel_set_chart (OBA_CHART_PANEL (panel), chart);
  gtk_widget_set_size_request (panel, -1, 240);
  gtk_box_append (self->result, panel);
}

static GtkBox *
column_new (GtkBox *line)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_box_append (line, column);
  return GTK_BOX (column);
}

static GtkBox *
line_new (ObaReplayWindow *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_box_set_homogeneous (GTK_BOX (line), TRUE);
  gtk_box_append (self->result, line);
  return GTK_BOX (line);
}

static void
show_answer (ObaReplayWindow *self, JsonObject *answer)
{
  GtkBox *line, *left;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->result))) != NULL)
    gtk_box_remove (self->result, child);
  line = line_new (self);
  add_totals (self, line, answer);
  add_tiers (self, line, answer);
  add_days (self, answer);
  line = line_new (self);
  left = column_new (line);
  add_moves (self, left, answer);
  add_stores (self, left, answer);
  add_top (self, column_new (line), answer);
}

/* ---- running */

static void
update (ObaReplayWindow *self)
{
  gtk_widget_set_sensitive (self->run_button, self->running == NULL);
  gtk_widget_set_visible (self->cancel_button, self->running != NULL);
  gtk_editable_set_editable (self->from, self->running == NULL);
  gtk_editable_set_editable (self->to, self->running == NULL);
}

static void
progress_cb (guint done, guint all, gpointer user_data)
{
  ObaReplayWindow *self = user_data;
  /* Translators: two numbers of months. */
  g_autofree char *text = done < all ? g_strdup_printf (_("Month %u of %u"), done + 1, all) : g_strdup (_("Adding it up"));

  gtk_progress_bar_set_fraction (self->progress, all > 0 ? (double) done / all : 1);
  gtk_label_set_label (self->progress_label, text);
}

static void
answer_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaReplayWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_rule_replay_finish (result, &error);

  if (self->running != g_task_get_cancellable (G_TASK (result)))
    return;   /* cancelled, or closed */
  g_clear_object (&self->running);
  if (answer != NULL)
    {
      show_answer (self, answer);
      gtk_stack_set_visible_child_name (self->stack, "result");
    }
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_problem_box_set_text (self->problem, sentence);
      gtk_stack_set_visible_child_name (self->stack, "start");
    }
  update (self);
}

static gboolean
read_period (ObaReplayWindow *self, GDate *from, GDate *to)
{
  gboolean good_from = oba_day_parse (gtk_editable_get_text (self->from), from);
  gboolean good_to = oba_day_parse (gtk_editable_get_text (self->to), to);
  int days = good_from && good_to ? g_date_days_between (from, to) : 0;

  oba_field_set_problem (self->from_field, good_from ? NULL : _("A day, such as 31.03.2026"));
  oba_field_set_problem (self->to_field, !good_to ? _("A day, such as 31.03.2026") : days < 0 ? _("The last day is not before the first") : days > MAX_DAYS ? _("At most ten years") : NULL);
  return good_from && good_to && days >= 0 && days <= MAX_DAYS;
}

void
oba_replay_window_run (ObaReplayWindow *self)
{
  GDate from, to;

  g_return_if_fail (OBA_IS_REPLAY_WINDOW (self));

  if (self->running != NULL || !read_period (self, &from, &to))
    return;
  oba_problem_box_set_text (self->problem, NULL);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_label_set_label (self->progress_label, _("Looking up what was sold"));
  gtk_stack_set_visible_child_name (self->stack, "running");
  self->running = g_cancellable_new ();
  update (self);
  oba_rule_replay_async (oba_session_get_pool (self->session), json_object_get_int_member (self->rule, "rule_id"), json_object_get_int_member (self->rule, "version"), &from, &to,
                         progress_cb, self, self->running, answer_cb, g_object_ref (self));
}

void
oba_replay_window_cancel (ObaReplayWindow *self)
{
  if (self->running == NULL)
    return;
  g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  gtk_stack_set_visible_child_name (self->stack, "start");
  update (self);
}

/* ---- the object */

static void
oba_replay_window_dispose (GObject *object)
{
  ObaReplayWindow *self = OBA_REPLAY_WINDOW (object);

  g_cancellable_cancel (self->running);
  g_clear_object (&self->running);

  G_OBJECT_CLASS (oba_replay_window_parent_class)->dispose (object);
}

static void
oba_replay_window_finalize (GObject *object)
{
  ObaReplayWindow *self = OBA_REPLAY_WINDOW (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->read, json_object_unref);
  g_clear_pointer (&self->rule, json_object_unref);

  G_OBJECT_CLASS (oba_replay_window_parent_class)->finalize (object);
}

static gboolean
close_cb (ObaReplayWindow *self)
{
  oba_replay_window_cancel (self);
  return FALSE;
}

static void
oba_replay_window_class_init (ObaReplayWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_replay_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_replay_window_finalize;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
oba_replay_window_init (ObaReplayWindow *self)
{
  g_signal_connect (self, "close-request", G_CALLBACK (close_cb), NULL);
}

static GtkEditable *
day_new (ObaReplayWindow *self, GtkBox *line, const char *title, const GDate *day, ObaField **field)
{
  GtkWidget *entry = gtk_entry_new ();
  g_autofree char *text = oba_day_format (day);

  gtk_entry_set_max_length (GTK_ENTRY (entry), 20);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 12);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_connect_object (entry, "activate", G_CALLBACK (oba_replay_window_run), self, G_CONNECT_SWAPPED);
  *field = OBA_FIELD (oba_field_new (title, entry, NULL));
  gtk_box_append (line, GTK_WIDGET (*field));
  return GTK_EDITABLE (entry);
}

/* The ninety days up to yesterday: today is not over. */
static GtkWidget *
period_new (ObaReplayWindow *self)
{
  GtkBox *line = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12));
  GDate to, from;

  oba_day_today (&to);
  g_date_subtract_days (&to, 1);
  from = to;
  g_date_subtract_days (&from, DEFAULT_DAYS - 1);
  self->from = day_new (self, line, _("From"), &from, &self->from_field);
  self->to = day_new (self, line, _("To"), &to, &self->to_field);
  self->run_button = gtk_button_new_with_mnemonic (_("_Run"));
  self->cancel_button = gtk_button_new_with_mnemonic (_("_Cancel"));
  gtk_widget_add_css_class (self->run_button, "suggested-action");
  /* Beside the entries, under whose names there is a line more. */
  g_object_set (self->run_button, "valign", GTK_ALIGN_START, "margin-top", 18, NULL);
  g_object_set (self->cancel_button, "valign", GTK_ALIGN_START, "margin-top", 18, NULL);
  g_signal_connect_object (self->run_button, "clicked", G_CALLBACK (oba_replay_window_run), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->cancel_button, "clicked", G_CALLBACK (oba_replay_window_cancel), self, G_CONNECT_SWAPPED);
  gtk_box_append (line, self->run_button);
  gtk_box_append (line, self->cancel_button);
  return GTK_WIDGET (line);
}

static GtkWidget *
running_new (ObaReplayWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  self->progress = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  self->progress_label = GTK_LABEL (oba_profile_label_new (NULL, "dim-label"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress"), -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->progress));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->progress_label));
  return box;
}

static void
build (ObaReplayWindow *self)
{
  GtkWidget *whole = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  g_autofree char *terms = oba_rule_text_terms (self->read, json_object_get_string_member (self->rule, "kind"), json_object_get_object_member (self->rule, "parameters"));

  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->stack = GTK_STACK (gtk_stack_new ());
  self->result = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_add_named (self->stack, oba_profile_label_new (_("What would have been different, had this rule held all along, with the others as they held then. Nothing is changed by it."), "dim-label"), "start");
  gtk_stack_add_named (self->stack, running_new (self), "running");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->result), "result");
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (terms, "heading"));
  gtk_box_append (GTK_BOX (box), period_new (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  g_object_set (box, "margin-top", 12, "margin-bottom", 18, "margin-start", 18, "margin-end", 18, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (whole), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (whole), scrolled);
  adw_window_set_content (ADW_WINDOW (self), whole);
  update (self);
}

ObaReplayWindow *
oba_replay_window_new (GtkWindow *parent, ObaSession *session, JsonObject *read, JsonObject *rule)
{
  /* Translators: the name of a rule of earning. */
  g_autofree char *title = g_strdup_printf (_("Replay of “%s”"), json_object_get_string_member (rule, "name"));
  ObaReplayWindow *self = g_object_new (OBA_TYPE_REPLAY_WINDOW, "transient-for", parent, "modal", TRUE, "title", title, "default-width", 900, "default-height", 660, NULL);

  self->session = g_object_ref (session);
  self->read = json_object_ref (read);
  self->rule = json_object_ref (rule);
  build (self);
  return self;
}

/* ---- for tests */

void
oba_replay_window_set_period (ObaReplayWindow *self, const char *from, const char *to)
{
  gtk_editable_set_text (self->from, from);
  gtk_editable_set_text (self->to, to);
}

gboolean
oba_replay_window_is_running (ObaReplayWindow *self)
{
  return self->running != NULL;
}

const char *
oba_replay_window_get_shown (ObaReplayWindow *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

const char *
oba_replay_window_get_problem (ObaReplayWindow *self)
{
  return oba_problem_box_get_text (self->problem);
}
