#include "oba-rule-form.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "customers/oba-category-picker.h"
#include "customers/oba-customer-json.h"
#include "oba-rule-names.h"
#include "oba-rule-text.h"
#include "rewards/oba-reward-text.h"
#include "rules/oba-rules.h"
#include "widgets/oba-field.h"

#define MAX_NAME 200
#define MAX_POINTS 1000000
#define MAX_MONEY 100000000
#define MAX_FACTOR 100000
#define DEFAULT_ORDER 100

static const char *const pers[] = { "receipt", "amount", "piece", "registration" };
static const char *const stackings[] = { "add", "best", "exclusive" };
static const char *const onces[] = { "", "day", "year", "ever" };

struct _ObaRuleForm
{
  GtkBox           parent_instance;

  ObaDbPool       *pool;
  char            *kind;
  GHashTable      *fields;         /* name -> ObaField */
  gboolean         filling;
  GtkToggleButton *days[7];
  GPtrArray       *cards;          /* of GtkBox */
  GtkWidget       *for_receipts[3];   /* the cards that a gift for registering does not have */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRuleForm, oba_rule_form, GTK_TYPE_BOX)

static ObaField *
field_of (ObaRuleForm *self, const char *name)
{
  return g_hash_table_lookup (self->fields, name);
}

GtkWidget *
oba_rule_form_get_control (ObaRuleForm *self, const char *name)
{
  ObaField *field = field_of (self, name);

  return field != NULL ? oba_field_get_target (field) : NULL;
}

const char *
oba_rule_form_get_problem (ObaRuleForm *self, const char *name)
{
  ObaField *field = field_of (self, name);

  return field != NULL ? oba_field_get_problem (field) : NULL;
}

gboolean
oba_rule_form_say (ObaRuleForm *self, const char *name, const char *sentence)
{
  ObaField *field = field_of (self, name);

  if (field != NULL)
    oba_field_set_problem (field, sentence);
  return field != NULL;
}

static gboolean
is_kind (ObaRuleForm *self, const char *kind)
{
  return g_str_equal (self->kind, kind);
}

static guint
chosen (ObaRuleForm *self, const char *name)
{
  GtkWidget *list = oba_rule_form_get_control (self, name);

  return list != NULL ? gtk_drop_down_get_selected (GTK_DROP_DOWN (list)) : 0;
}

/* What the choices leave to be typed. */
static void
update_shown (ObaRuleForm *self)
{
  const char *per = pers[MIN (chosen (self, "per"), 3)];
  gboolean registers = is_kind (self, "bonus") && g_str_equal (per, "registration");

  if (is_kind (self, "bonus"))
    gtk_widget_set_visible (GTK_WIDGET (field_of (self, "qepik")), g_str_equal (per, "amount"));
  for (guint i = 0; i < G_N_ELEMENTS (self->for_receipts); i++)
    if (self->for_receipts[i] != NULL)
      gtk_widget_set_visible (self->for_receipts[i], !registers);
  if (field_of (self, "group") != NULL)
    {
      gtk_widget_set_visible (GTK_WIDGET (field_of (self, "group")), chosen (self, "stacking") == 1);
      /* What is given once is added, whatever else is given. */
      gtk_widget_set_visible (GTK_WIDGET (field_of (self, "stacking")), chosen (self, "once") == 0);
    }
}

static void
changed_cb (ObaRuleForm *self)
{
  if (self->filling)
    return;
  update_shown (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- filling */

static void
set_text (ObaRuleForm *self, const char *name, const char *text)
{
  GtkWidget *control = oba_rule_form_get_control (self, name);

  if (control != NULL)
    gtk_editable_set_text (GTK_EDITABLE (control), text);
}

static void
set_number (ObaRuleForm *self, const char *name, JsonObject *p)
{
  g_autofree char *text = json_object_has_member (p, name) ? g_strdup_printf ("%" G_GINT64_FORMAT, json_object_get_int_member (p, name)) : g_strdup ("");

  set_text (self, name, text);
}

static void
set_money (ObaRuleForm *self, const char *name, JsonObject *p)
{
  g_autofree char *text = json_object_has_member (p, name) ? oba_money_format_plain (json_object_get_int_member (p, name)) : g_strdup ("");

  set_text (self, name, text);
}

static void
set_choice (ObaRuleForm *self, const char *name, const char *const *words, guint n, const char *word)
{
  GtkWidget *list = oba_rule_form_get_control (self, name);

  for (guint i = 0; list != NULL && i < n; i++)
    if (g_str_equal (words[i], word))
      gtk_drop_down_set_selected (GTK_DROP_DOWN (list), i);
}

/* "3,17" */
static char *
ids_text (JsonArray *ids)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; ids != NULL && i < json_array_get_length (ids); i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", json_array_get_int_element (ids, i));
  return g_string_free (text, FALSE);
}

static void
set_picker (ObaRuleForm *self, const char *name, JsonObject *read, JsonObject *p)
{
  ObaField *field = field_of (self, name);
  ObaCategoryPicker *picker = field != NULL ? OBA_CATEGORY_PICKER (gtk_widget_get_ancestor (oba_field_get_target (field), OBA_TYPE_CATEGORY_PICKER)) : NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *value = ids_text (oba_customer_json_member_array (p, name));
  JsonArray *things = json_object_get_array_member (read, name);

  if (picker == NULL)
    return;
  for (guint i = 0; i < json_array_get_length (things); i++)
    {
      JsonObject *rule = g_str_equal (name, "rules") ? json_array_get_object_element (things, i) : NULL;
      gint64 id = rule != NULL ? json_object_get_int_member (rule, "rule_id") : json_array_get_int_element (json_array_get_array_element (things, i), 0);

      if (rule != NULL && (rule != oba_rules_find (read, id, 0) || !(g_str_equal (json_object_get_string_member (rule, "kind"), "multiplier")
                                                                    || g_str_equal (json_object_get_string_member (rule, "kind"), "bonus"))))
        continue;
      g_array_append_val (ids, id);
      g_ptr_array_add (names, (char *) (rule != NULL ? json_object_get_string_member (rule, "name") : json_array_get_string_element (json_array_get_array_element (things, i), 1)));
    }
  oba_category_picker_set_choices (picker, ids, names);
  oba_category_picker_set_value (picker, value);
}

static void
set_names (ObaRuleForm *self, const char *name, JsonObject *read, JsonObject *p)
{
  ObaField *field = field_of (self, name);
  JsonArray *ids = oba_customer_json_member_array (p, name);
  ObaRuleNames *names = field != NULL ? OBA_RULE_NAMES (gtk_widget_get_ancestor (oba_field_get_target (field), OBA_TYPE_RULE_NAMES)) : NULL;

  if (names == NULL)
    return;
  oba_rule_names_clear (names);
  for (guint i = 0; ids != NULL && i < json_array_get_length (ids); i++)
    oba_rule_names_add (names, json_array_get_int_element (ids, i), oba_rules_name (read, name, json_array_get_int_element (ids, i)));
}

static void
set_times (ObaRuleForm *self, JsonObject *p)
{
  JsonArray *days = oba_customer_json_member_array (p, "weekdays");
  JsonArray *hours = oba_customer_json_member_array (p, "hours");
  JsonArray *birthday = oba_customer_json_member_array (p, "birthday");
  g_autofree char *from = oba_reward_text_minute (hours != NULL ? json_array_get_int_element (hours, 0) : -1);
  g_autofree char *to = oba_reward_text_minute (hours != NULL ? json_array_get_int_element (hours, 1) : -1);
  g_autofree char *before = birthday != NULL ? g_strdup_printf ("%d", (int) json_array_get_int_element (birthday, 0)) : g_strdup ("");
  g_autofree char *after = birthday != NULL ? g_strdup_printf ("%d", (int) json_array_get_int_element (birthday, 1)) : g_strdup ("");

  if (self->days[0] == NULL)
    return;
  for (guint day = 0; day < 7; day++)
    gtk_toggle_button_set_active (self->days[day], FALSE);
  for (guint i = 0; days != NULL && i < json_array_get_length (days); i++)
    gtk_toggle_button_set_active (self->days[CLAMP (json_array_get_int_element (days, i), 1, 7) - 1], TRUE);
  set_text (self, "hours", from);
  set_text (self, "hours_to", to);
  set_text (self, "birthday", before);
  set_text (self, "birthday_after", after);
  gtk_switch_set_active (GTK_SWITCH (oba_rule_form_get_control (self, "first_purchase")), json_object_has_member (p, "first_purchase"));
}

static void
set_day (ObaRuleForm *self, const char *name, JsonObject *rule, gboolean last)
{
  g_autoptr (GDateTime) moment = oba_customer_json_member_time (rule, name);
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *text = NULL;
  GDate day;

  g_date_clear (&day, 1);
  if (moment != NULL)
    {
      /* A rule ends before the midnight of its end. */
      g_autoptr (GDateTime) inside = g_date_time_add (moment, last ? -1 : 0);

      local = g_date_time_to_timezone (inside, oba_day_zone ());
      g_date_set_dmy (&day, (GDateDay) g_date_time_get_day_of_month (local), (GDateMonth) g_date_time_get_month (local), (GDateYear) g_date_time_get_year (local));
    }
  text = oba_day_format (&day);
  set_text (self, name, text);
}

static void
be_fresh (ObaRuleForm *self)
{
  GHashTableIter iter;
  gpointer field;

  g_hash_table_iter_init (&iter, self->fields);
  while (g_hash_table_iter_next (&iter, NULL, &field))
    oba_field_set_fresh (field);
}

void
oba_rule_form_set_rule (ObaRuleForm *self, JsonObject *read, JsonObject *rule)
{
  JsonObject *p = json_object_get_object_member (rule, "parameters");
  g_autofree char *factor = json_object_has_member (p, "factor") ? oba_rule_text_factor (json_object_get_int_member (p, "factor")) : g_strdup ("");

  g_return_if_fail (OBA_IS_RULE_FORM (self));

  self->filling = TRUE;
  set_text (self, "name", json_object_get_string_member (rule, "name"));
  set_text (self, "factor", factor);
  set_number (self, "points", p);
  set_money (self, "qepik", p);
  set_money (self, "qepik_per_point", p);
  set_money (self, "min_basket", p);
  set_number (self, "order", p);
  set_number (self, "valid_months", p);
  set_text (self, "group", json_object_get_string_member_with_default (p, "group", ""));
  set_choice (self, "per", pers, G_N_ELEMENTS (pers), json_object_has_member (p, "event") ? "registration" : json_object_get_string_member_with_default (p, "per", "receipt"));
  set_choice (self, "stacking", stackings, G_N_ELEMENTS (stackings), json_object_get_string_member_with_default (p, "stacking", "add"));
  set_choice (self, "once", onces, G_N_ELEMENTS (onces), json_object_get_string_member_with_default (p, "once", ""));
  set_times (self, p);
  set_picker (self, "tiers", read, p);
  set_picker (self, "categories", read, p);
  set_picker (self, "rules", read, p);
  set_names (self, "products", read, p);
  set_names (self, "stores", read, p);
  set_day (self, "valid_from", rule, FALSE);
  set_day (self, "valid_to", rule, TRUE);
  self->filling = FALSE;
  if (oba_customer_json_member_int (rule, "version", 0) == 0)
    be_fresh (self);
  update_shown (self);
}

/* Nothing is said in it. */
static gboolean
is_empty (GtkWidget *control)
{
  if (GTK_IS_EDITABLE (control))
    return *gtk_editable_get_text (GTK_EDITABLE (control)) == '\0';
  if (GTK_IS_SWITCH (control))
    return !gtk_switch_get_active (GTK_SWITCH (control));
  if (GTK_IS_DROP_DOWN (control))
    return gtk_drop_down_get_selected (GTK_DROP_DOWN (control)) == 0;
  for (GtkWidget *parent = control; parent != NULL; parent = gtk_widget_get_parent (parent))
    {
      if (OBA_IS_CATEGORY_PICKER (parent))
        return *oba_category_picker_get_value (OBA_CATEGORY_PICKER (parent)) == '\0';
      if (OBA_IS_RULE_NAMES (parent))
        return oba_rule_names_is_empty (OBA_RULE_NAMES (parent));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (control); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_TOGGLE_BUTTON (child) && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (child)))
      return FALSE;
  return TRUE;
}

/* Of what cannot be changed only what it says is shown; a card that says nothing is not. */
void
oba_rule_form_set_editable (ObaRuleForm *self, gboolean editable)
{
  GHashTableIter iter;
  gpointer name, field;

  g_return_if_fail (OBA_IS_RULE_FORM (self));

  for (guint i = 0; i < self->cards->len; i++)
    {
      gtk_widget_set_sensitive (self->cards->pdata[i], editable);
      gtk_widget_set_visible (self->cards->pdata[i], editable);
    }
  g_hash_table_iter_init (&iter, self->fields);
  while (g_hash_table_iter_next (&iter, &name, &field))
    {
      GtkWidget *card = gtk_widget_get_parent (field);
      gboolean shown = editable || g_str_equal (name, "per") || !is_empty (oba_field_get_target (field));

      gtk_widget_set_visible (field, shown);
      while (shown && !gtk_widget_has_css_class (card, "card"))
        card = gtk_widget_get_parent (card);
      if (shown)
        gtk_widget_set_visible (card, TRUE);
    }
  if (editable)
    update_shown (self);
}

/* ---- reading */

static char *
get_text (ObaRuleForm *self, const char *name)
{
  GtkWidget *control = oba_rule_form_get_control (self, name);

  return control != NULL ? g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (control)))) : g_strdup ("");
}

static gboolean
say (ObaRuleForm *self, const char *name, const char *problem)
{
  oba_rule_form_say (self, name, problem);
  return problem == NULL;
}

static gboolean
read_number (ObaRuleForm *self, JsonObject *p, const char *name, gboolean needed, gint64 min, gint64 max)
{
  g_autofree char *text = get_text (self, name);
  g_autofree char *least = oba_number_format (min), *most = oba_number_format (max);
  /* Translators: two numbers. */
  g_autofree char *problem = g_strdup_printf (_("A whole number from %s to %s"), least, most);
  gint64 number = 0;
  gboolean typed = *text != '\0';
  gboolean good = typed ? g_ascii_string_to_signed (text, 10, min, max, &number, NULL) : !needed;

  if (typed && good)
    json_object_set_int_member (p, name, number);
  return say (self, name, good ? NULL : problem);
}

static gboolean
read_money (ObaRuleForm *self, JsonObject *p, const char *name, gboolean needed, gint64 max)
{
  g_autofree char *text = get_text (self, name);
  gint64 amount = 0;
  gboolean typed = *text != '\0';
  gboolean good = typed ? oba_money_parse (text, &amount, NULL) && amount >= 1 && amount <= max : !needed;

  if (typed && good)
    json_object_set_int_member (p, name, amount);
  return say (self, name, good ? NULL : _("An amount of money, such as 50.00"));
}

static gboolean
read_factor (ObaRuleForm *self, JsonObject *p)
{
  g_autofree char *text = g_strdelimit (get_text (self, "factor"), ",", '.');
  char *end = NULL;
  double factor = g_ascii_strtod (text, &end);
  gint64 thousandths = factor > 0 && factor < 1000 ? (gint64) (factor * 1000 + 0.5) : 0;
  gboolean good = *text != '\0' && *end == '\0' && thousandths > 1000 && thousandths <= MAX_FACTOR;

  if (good)
    json_object_set_int_member (p, "factor", thousandths);
  return say (self, "factor", good ? NULL : _("A number over 1 and up to 100, such as 2 or 1.5"));
}

static gboolean
read_pair (ObaRuleForm *self, JsonObject *p, const char *name, gint64 first, gint64 second)
{
  JsonArray *pair = json_array_new ();

  json_array_add_int_element (pair, first);
  json_array_add_int_element (pair, second);
  json_object_set_array_member (p, name, pair);
  return TRUE;
}

static gboolean
read_hours (ObaRuleForm *self, JsonObject *p)
{
  g_autofree char *from = get_text (self, "hours");
  g_autofree char *to = get_text (self, "hours_to");
  gint64 begins = -1, ends = -1;
  gboolean good_from = oba_reward_text_parse_minute (from, &begins) && begins < 1440;
  gboolean good_to = oba_reward_text_parse_minute (to, &ends);
  gboolean both = (begins < 0) == (ends < 0) && (begins < 0 || begins != ends);

  say (self, "hours", good_from ? NULL : _("A time, such as 09:30"));
  say (self, "hours_to", !good_to ? _("A time, such as 18:00") : good_from && !both ? _("Hours have a beginning and another end, or none of the two") : NULL);
  if (!good_from || !good_to || !both)
    return FALSE;
  return begins < 0 || read_pair (self, p, "hours", begins, ends);
}

static gboolean
read_birthday (ObaRuleForm *self, JsonObject *p)
{
  g_autofree char *before = get_text (self, "birthday");
  g_autofree char *after = get_text (self, "birthday_after");
  gint64 days_before = 0, days_after = 0;
  gboolean none = *before == '\0' && *after == '\0';
  gboolean good_before = *before == '\0' || g_ascii_string_to_signed (before, 10, 0, 31, &days_before, NULL);
  gboolean good_after = *after == '\0' || g_ascii_string_to_signed (after, 10, 0, 31, &days_after, NULL);

  say (self, "birthday", good_before ? NULL : _("A number of days from 0 to 31"));
  say (self, "birthday_after", good_after ? NULL : _("A number of days from 0 to 31"));
  if (!good_before || !good_after)
    return FALSE;
  return none || read_pair (self, p, "birthday", days_before, days_after);
}

static void
read_days (ObaRuleForm *self, JsonObject *p)
{
  JsonArray *days = json_array_new ();

  for (guint day = 0; day < 7; day++)
    if (gtk_toggle_button_get_active (self->days[day]))
      json_array_add_int_element (days, day + 1);
  if (json_array_get_length (days) > 0 && json_array_get_length (days) < 7)
    json_object_set_array_member (p, "weekdays", json_array_ref (days));
  json_array_unref (days);
}

static void
read_picker (ObaRuleForm *self, JsonObject *p, const char *name)
{
  ObaField *field = field_of (self, name);
  g_auto (GStrv) ids = NULL;
  JsonArray *list;

  if (field == NULL)
    return;
  ids = g_strsplit (oba_category_picker_get_value (OBA_CATEGORY_PICKER (gtk_widget_get_ancestor (oba_field_get_target (field), OBA_TYPE_CATEGORY_PICKER))), ",", -1);
  if (ids[0] == NULL || *ids[0] == '\0')
    return;
  list = json_array_new ();
  for (guint i = 0; ids[i] != NULL; i++)
    json_array_add_int_element (list, g_ascii_strtoll (ids[i], NULL, 10));
  json_object_set_array_member (p, name, list);
}

static gboolean
read_names (ObaRuleForm *self, JsonObject *p, const char *name, guint most)
{
  ObaRuleNames *names = OBA_RULE_NAMES (gtk_widget_get_ancestor (oba_rule_form_get_control (self, name), OBA_TYPE_RULE_NAMES));
  JsonArray *ids = oba_rule_names_get_ids (names);
  /* Translators: a number. */
  g_autofree char *problem = g_strdup_printf (_("At most %u"), most);
  gboolean good = json_array_get_length (ids) <= most;

  if (json_array_get_length (ids) > 0)
    json_object_set_array_member (p, name, json_array_ref (ids));
  json_array_unref (ids);
  return say (self, name, good ? NULL : problem);
}

static gboolean
read_standing (ObaRuleForm *self, JsonObject *p)
{
  gboolean first = gtk_switch_get_active (GTK_SWITCH (oba_rule_form_get_control (self, "first_purchase")));
  const char *once = first ? "ever" : onces[MIN (chosen (self, "once"), 3)];
  const char *stacking = *once != '\0' ? "add" : stackings[MIN (chosen (self, "stacking"), 2)];
  g_autofree char *group = get_text (self, "group");
  gboolean best = g_str_equal (stacking, "best");
  gboolean good = !best || (*group != '\0' && g_utf8_strlen (group, -1) <= 60);

  if (first)
    json_object_set_boolean_member (p, "first_purchase", TRUE);
  if (*once != '\0')
    json_object_set_string_member (p, "once", once);
  json_object_set_string_member (p, "stacking", stacking);
  if (best && good)
    json_object_set_string_member (p, "group", group);
  say (self, "group", good ? NULL : _("A name for the group, of 1 to 60 characters"));
  return read_number (self, p, "order", FALSE, 0, 999) && good;
}

/* Midnight of Bakı with which the day begins; @after: the next one. */
static char *
midnight (const GDate *day, gboolean after)
{
  GDate date = *day;

  if (after)
    g_date_add_days (&date, 1);
  return g_strdup_printf ("%04d-%02d-%02dT00:00:00 Asia/Baku", g_date_get_year (&date), (int) g_date_get_month (&date), (int) g_date_get_day (&date));
}

static gboolean
read_validity (ObaRuleForm *self, JsonObject *rule)
{
  g_autofree char *from = get_text (self, "valid_from");
  g_autofree char *to = get_text (self, "valid_to");
  GDate first, last;
  gboolean has_from = oba_day_parse (from, &first), has_to = oba_day_parse (to, &last);
  gboolean good = say (self, "valid_from", *from == '\0' || has_from ? NULL : _("A day, such as 31.03.2026"));

  if (has_from && has_to && g_date_compare (&last, &first) < 0)
    return say (self, "valid_to", _("The last day is not before the first"));
  good = say (self, "valid_to", *to == '\0' || has_to ? NULL : _("A day, such as 31.03.2026")) && good;
  if (has_from)
    {
      g_autofree char *moment = midnight (&first, FALSE);

      json_object_set_string_member (rule, "valid_from", moment);
    }
  if (has_to)
    {
      g_autofree char *moment = midnight (&last, TRUE);

      json_object_set_string_member (rule, "valid_to", moment);
    }
  return good;
}

static gboolean
read_what (ObaRuleForm *self, JsonObject *p, gboolean registers)
{
  const char *per = pers[MIN (chosen (self, "per"), 3)];
  gboolean good;

  if (is_kind (self, "base"))
    return read_money (self, p, "qepik_per_point", TRUE, MAX_POINTS);
  if (is_kind (self, "multiplier"))
    return read_factor (self, p);
  good = read_number (self, p, "points", TRUE, 1, MAX_POINTS);
  if (is_kind (self, "cap"))
    {
      read_picker (self, p, "rules");
      return good;
    }
  json_object_set_string_member (p, registers ? "event" : "per", per);
  return !g_str_equal (per, "amount") || (read_money (self, p, "qepik", TRUE, MAX_MONEY) && good) ? good : FALSE;
}

static gboolean
read_conditions (ObaRuleForm *self, JsonObject *p, gboolean registers)
{
  gboolean good = read_names (self, p, "stores", 2000);

  if (registers)
    return good;
  read_days (self, p);
  read_picker (self, p, "tiers");
  read_picker (self, p, "categories");
  good = read_names (self, p, "products", 200) && good;
  good = read_hours (self, p) && good;
  good = read_birthday (self, p) && good;
  good = read_money (self, p, "min_basket", FALSE, MAX_MONEY) && good;
  good = read_standing (self, p) && good;
  if (good && g_str_equal (json_object_get_string_member_with_default (p, "per", ""), "piece") && !json_object_has_member (p, "products") && !json_object_has_member (p, "categories"))
    good = say (self, "products", _("Points a piece need products or categories"));
  return good;
}

JsonObject *
oba_rule_form_read (ObaRuleForm *self, gboolean *good)
{
  JsonObject *rule = json_object_new ();
  JsonObject *p = json_object_new ();
  g_autofree char *name = get_text (self, "name");
  gboolean registers = is_kind (self, "bonus") && chosen (self, "per") == 3;
  gboolean named = *name != '\0' && g_utf8_strlen (name, -1) <= MAX_NAME;
  gboolean fine = say (self, "name", named ? NULL : _("A name of 1 to 200 characters"));

  json_object_set_string_member (rule, "name", name);
  fine = read_what (self, p, registers) && fine;
  if (is_kind (self, "multiplier") || is_kind (self, "bonus"))
    fine = read_conditions (self, p, registers) && fine;
  if (!is_kind (self, "cap"))
    fine = read_number (self, p, "valid_months", FALSE, 1, 1200) && fine;
  fine = read_validity (self, rule) && fine;
  json_object_set_object_member (rule, "parameters", p);
  if (good != NULL)
    *good = fine;
  return rule;
}

/* ---- building */

static GtkBox *
card_new (ObaRuleForm *self, const char *title)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *label = gtk_label_new (title);

  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "panel");
  gtk_widget_add_css_class (label, "heading");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (card), label);
  gtk_box_append (GTK_BOX (self), card);
  g_ptr_array_add (self->cards, card);
  return GTK_BOX (card);
}

static GtkBox *
line_new (GtkBox *card)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_box_set_homogeneous (GTK_BOX (line), TRUE);
  gtk_box_append (card, line);
  return GTK_BOX (line);
}

static void
keep (ObaRuleForm *self, GtkBox *place, const char *name, const char *title, GtkWidget *control, GtkWidget *target, const char *note)
{
  GtkWidget *field = oba_field_new (title, control, target);

  g_hash_table_insert (self->fields, g_strdup (name), field);
  gtk_box_append (place, field);
  oba_field_set_note (OBA_FIELD (field), note);
}

static void
add_entry (ObaRuleForm *self, GtkBox *place, const char *name, const char *title, const char *note)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_max_length (GTK_ENTRY (entry), 300);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 10);
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  keep (self, place, name, title, entry, NULL, note);
}

static void
add_list (ObaRuleForm *self, GtkBox *place, const char *name, const char *title, const char *const *words, const char *note)
{
  GtkWidget *list = gtk_drop_down_new_from_strings (words);

  g_signal_connect_object (list, "notify::selected", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  keep (self, place, name, title, list, NULL, note);
}

static void
add_picker (ObaRuleForm *self, GtkBox *place, const char *name, const char *title, const char *note)
{
  GtkWidget *picker = oba_category_picker_new ();

  g_signal_connect_object (picker, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  keep (self, place, name, title, picker, oba_category_picker_get_button (OBA_CATEGORY_PICKER (picker)), note);
}

static void
add_names (ObaRuleForm *self, GtkBox *place, const char *name, const char *title, const char *note)
{
  GtkWidget *names = oba_rule_names_new (self->pool, g_str_equal (name, "stores"));

  g_signal_connect_object (names, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  keep (self, place, name, title, names, oba_rule_names_get_target (OBA_RULE_NAMES (names)), note);
}

static void
add_weekdays (ObaRuleForm *self, GtkBox *card)
{
  GtkWidget *days = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (days, "linked");
  for (guint day = 0; day < 7; day++)
    {
      /* 1 January 2024 is a Monday. */
      g_autoptr (GDateTime) moment = g_date_time_new_utc (2024, 1, (int) day + 1, 12, 0, 0);
      g_autofree char *name = g_date_time_format (moment, "%a");
      g_autofree char *whole = g_date_time_format (moment, "%A");

      self->days[day] = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (name));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->days[day]), GTK_ACCESSIBLE_PROPERTY_LABEL, whole, -1);
      g_signal_connect_object (self->days[day], "toggled", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (days), GTK_WIDGET (self->days[day]));
    }
  keep (self, card, "weekdays", _("Weekdays"), days, NULL, _("None chosen: every day"));
}

static void
build_what (ObaRuleForm *self)
{
  const char *const words[] = { _("a receipt"), _("a full amount"), _("a piece"), _("registering as a customer"), NULL };
  GtkBox *card = card_new (self, _("What It Gives"));
  GtkBox *line;

  add_entry (self, card, "name", _("Name"), NULL);
  if (is_kind (self, "base"))
    add_entry (self, card, "qepik_per_point", _("Amount for a point, in ₼"), NULL);
  else if (is_kind (self, "multiplier"))
    add_entry (self, card, "factor", _("How many times the base"), _("2 gives every point twice. Multipliers add up; they do not multiply each other."));
  else if (is_kind (self, "cap"))
    {
      add_entry (self, card, "points", _("Points at most, a person and day"), NULL);
      add_picker (self, card, "rules", _("Of these rules"), _("None chosen: of all together. The base and what is given once are not limited."));
    }
  else
    {
      line = line_new (card);
      add_entry (self, line, "points", _("Points"), NULL);
      add_list (self, line, "per", _("For"), words, NULL);
      add_entry (self, line, "qepik", _("Amount in ₼"), NULL);
    }
}

static void
build_when (ObaRuleForm *self)
{
  GtkBox *card = card_new (self, _("For Whom, and When"));
  GtkWidget *first = gtk_switch_new ();
  GtkBox *line = line_new (card);

  self->for_receipts[0] = GTK_WIDGET (card);
  add_picker (self, line, "tiers", _("Tiers"), _("None chosen: every tier"));
  add_entry (self, line, "min_basket", _("Receipts from, in ₼"), _("Empty: of any amount"));
  add_weekdays (self, card);
  line = line_new (card);
  add_entry (self, line, "hours", _("Hours: from"), _("By the clock of Baku"));
  add_entry (self, line, "hours_to", _("Hours: to"), _("Before the beginning: on the next day"));
  line = line_new (card);
  add_entry (self, line, "birthday", _("Days before the birthday"), _("Both empty: any day; both 0: the day itself"));
  add_entry (self, line, "birthday_after", _("Days after it"), NULL);
  gtk_widget_set_halign (first, GTK_ALIGN_START);
  g_signal_connect_object (first, "notify::active", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  keep (self, card, "first_purchase", _("Only on the first purchase"), first, NULL, NULL);
}

static void
build_standing (ObaRuleForm *self)
{
  const char *const stacks[] = { _("It is added to the others"), _("The best of a group counts"), _("It alone counts"), NULL };
  const char *const times[] = { _("Every time"), _("Once a day"), _("Once a year, or birthday"), _("Once ever"), NULL };
  GtkBox *card = card_new (self, _("How It Stands with Others"));
  GtkBox *line = line_new (card);

  self->for_receipts[2] = GTK_WIDGET (card);
  add_list (self, line, "once", _("A person is given it"), times, _("What is given once is added, whatever else is given."));
  add_list (self, line, "stacking", _("With other rules"), stacks, NULL);
  line = line_new (card);
  add_entry (self, line, "group", _("Group"), _("Of all rules of a group the one that gives most counts."));
  add_entry (self, line, "order", _("Order"), _("0 comes first, 999 last. Empty: 100. It decides between equals, and which of several that count alone does."));
}

static void
build (ObaRuleForm *self)
{
  GtkBox *card, *line;

  build_what (self);
  if (is_kind (self, "multiplier") || is_kind (self, "bonus"))
    {
      build_when (self);
      card = card_new (self, _("Of What"));
      self->for_receipts[1] = GTK_WIDGET (card);
      add_names (self, card, "products", _("Products"), _("None: of the whole receipt"));
      add_picker (self, card, "categories", _("Categories"), _("With what is below them"));
      card = card_new (self, _("Where"));
      add_names (self, card, "stores", _("Stores"), _("None: in every store"));
      build_standing (self);
    }
  card = card_new (self, _("How Long"));
  line = line_new (card);
  add_entry (self, line, "valid_from", _("First day"), _("Empty: from when it is put live"));
  add_entry (self, line, "valid_to", _("Last day"), _("Empty: without end"));
  if (is_kind (self, "base"))
    gtk_widget_set_visible (GTK_WIDGET (field_of (self, "valid_to")), FALSE);
  if (!is_kind (self, "cap"))
    add_entry (self, card, "valid_months", _("Months that its points last"), _("Empty: as long as all points"));
}

static void
oba_rule_form_finalize (GObject *object)
{
  ObaRuleForm *self = OBA_RULE_FORM (object);

  g_clear_object (&self->pool);
  g_free (self->kind);
  g_hash_table_unref (self->fields);
  g_ptr_array_unref (self->cards);

  G_OBJECT_CLASS (oba_rule_form_parent_class)->finalize (object);
}

static void
oba_rule_form_class_init (ObaRuleFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_rule_form_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_RULE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_rule_form_init (ObaRuleForm *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cards = g_ptr_array_new ();
}

GtkWidget *
oba_rule_form_new (ObaDbPool *pool, const char *kind)
{
  ObaRuleForm *self = g_object_new (OBA_TYPE_RULE_FORM, NULL);

  self->pool = g_object_ref (pool);
  self->kind = g_strdup (kind);
  self->filling = TRUE;
  build (self);
  self->filling = FALSE;
  update_shown (self);
  return GTK_WIDGET (self);
}
