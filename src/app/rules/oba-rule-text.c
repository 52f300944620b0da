#include "oba-rule-text.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-customer-text.h"
#include "rewards/oba-reward-text.h"
#include "rules/oba-rules.h"

/* More names than these are counted. */
#define MAX_NAMES 3

const char *
oba_rule_text_kind (const char *kind)
{
  if (g_str_equal (kind, "base"))
    return _("Base");
  if (g_str_equal (kind, "multiplier"))
    return _("Multiplier");
  return g_str_equal (kind, "bonus") ? _("Bonus") : _("Limit of a day");
}

const char *
oba_rule_text_state (const char *state)
{
  static const char *const words[][2] = {
    { "draft", N_("Draft") }, { "test", N_("Test") }, { "live", N_("Live") }, { "coming", N_("To come") }, { "ended", N_("Ended") }, { "retired", N_("Retired") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i][0], state))
      return _(words[i][1]);
  return "";
}

const char *
oba_rule_text_state_class (const char *state)
{
  if (g_str_equal (state, "live"))
    return "success";
  if (g_str_equal (state, "test") || g_str_equal (state, "coming"))
    return "accent";
  return g_str_equal (state, "draft") ? "warning" : "dim-label";
}

char *
oba_rule_text_factor (gint64 thousandths)
{
  char *text = g_strdup_printf ("%d.%03d", (int) (thousandths / 1000), (int) (thousandths % 1000));
  gsize length = strlen (text);

  while (text[length - 1] == '0')
    text[--length] = '\0';
  if (text[length - 1] == '.')
    text[length - 1] = '\0';
  return text;
}

/* ---- what it gives */

static char *
gives (JsonObject *read, const char *kind, JsonObject *p)
{
  const char *per = json_object_get_string_member_with_default (p, "per", "");
  g_autofree char *points = oba_customer_text_points (oba_customer_json_member_int (p, "points", 0));
  g_autofree char *amount = oba_money_format (oba_customer_json_member_int (p, "qepik", 0));

  if (g_str_equal (kind, "base"))
    {
      g_autofree char *each = oba_money_format (oba_customer_json_member_int (p, "qepik_per_point", 0));

      /* Translators: an amount. */
      return g_strdup_printf (_("A point for every full %s"), each);
    }
  if (g_str_equal (kind, "multiplier"))
    {
      g_autofree char *factor = oba_rule_text_factor (oba_customer_json_member_int (p, "factor", 0));

      return g_strdup_printf ("×%s", factor);
    }
  if (g_str_equal (kind, "cap"))
    /* Translators: "100 points". */
    return g_strdup_printf (_("At most %s a person and day"), points);
  if (json_object_has_member (p, "event"))
    /* Translators: "100 points". */
    return g_strdup_printf (_("%s for registering"), points);
  if (g_str_equal (per, "amount"))
    /* Translators: "3 points", an amount. */
    return g_strdup_printf (_("%s for every full %s"), points, amount);
  /* Translators: "3 points". */
  return g_strdup_printf (g_str_equal (per, "piece") ? _("%s a piece") : _("%s a receipt"), points);
}

/* ---- when */

static char *
names_of (JsonObject *read, JsonObject *p, const char *list)
{
  JsonArray *ids = oba_customer_json_member_array (p, list);
  GString *text = g_string_new (NULL);
  guint n = ids != NULL ? json_array_get_length (ids) : 0;

  for (guint i = 0; i < MIN (n, MAX_NAMES); i++)
    {
      gint64 id = json_array_get_int_element (ids, i);
      JsonObject *rule = g_str_equal (list, "rules") ? oba_rules_find (read, id, 0) : NULL;
      const char *name = rule != NULL ? json_object_get_string_member (rule, "name") : g_str_equal (list, "rules") ? "" : oba_rules_name (read, list, id);
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", *name != '\0' ? name : number);
    }
  if (n > MAX_NAMES)
    {
      g_autofree char *rest = g_strdup_printf (ngettext (" and %u more", " and %u more", n - MAX_NAMES), n - MAX_NAMES);

      g_string_append (text, rest);
    }
  return g_string_free (text, FALSE);
}

static char *
day_name (gint64 isodow)
{
  /* 1 January 2024 is a Monday. */
  g_autoptr (GDateTime) moment = g_date_time_new_utc (2024, 1, (int) CLAMP (isodow, 1, 7), 12, 0, 0);

  return g_date_time_format (moment, "%a");
}

/* "Mon–Fri", "Sat, Sun" */
static char *
days_of (JsonObject *p)
{
  JsonArray *days = oba_customer_json_member_array (p, "weekdays");
  gboolean chosen[9] = { FALSE };
  GString *text = g_string_new (NULL);

  for (guint i = 0; days != NULL && i < json_array_get_length (days); i++)
    chosen[CLAMP (json_array_get_int_element (days, i), 1, 7)] = TRUE;
  for (gint64 day = 1; day <= 7; day++)
    {
      gint64 last = day;
      g_autofree char *first = NULL;

      if (!chosen[day])
        continue;
      while (chosen[last + 1])
        last++;
      first = day_name (day);
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", first);
      if (last >= day + 2)
        {
          g_autofree char *end = day_name (last);

          g_string_append_printf (text, "–%s", end);
          day = last;
        }
    }
  return g_string_free (text, FALSE);
}

static void
add (GString *text, char *part)
{
  if (part != NULL && *part != '\0')
    g_string_append_printf (text, ", %s", part);
  g_free (part);
}

static void
add_names (GString *text, JsonObject *read, JsonObject *p, const char *list, const char *format)
{
  g_autofree char *names = names_of (read, p, list);
  g_auto (GStrv) parts = g_strsplit (format, "%s", 2);

  if (*names != '\0')
    add (text, g_strconcat (parts[0], names, parts[1], NULL));
}

static void
add_times (GString *text, JsonObject *p)
{
  JsonArray *hours = oba_customer_json_member_array (p, "hours");
  JsonArray *birthday = oba_customer_json_member_array (p, "birthday");

  add (text, days_of (p));
  if (hours != NULL && json_array_get_length (hours) == 2)
    {
      g_autofree char *from = oba_reward_text_minute (json_array_get_int_element (hours, 0));
      g_autofree char *to = oba_reward_text_minute (json_array_get_int_element (hours, 1));

      add (text, g_strdup_printf ("%s–%s", from, to));
    }
  if (birthday != NULL && json_array_get_length (birthday) == 2)
    {
      gint64 before = json_array_get_int_element (birthday, 0), after = json_array_get_int_element (birthday, 1);

      /* Translators: two numbers of days. */
      add (text, before + after == 0 ? g_strdup (_("on the birthday")) : g_strdup_printf (_("%d days before to %d days after the birthday"), (int) before, (int) after));
    }
  if (json_object_has_member (p, "first_purchase"))
    add (text, g_strdup (_("on the first purchase")));
}

static void
add_standing (GString *text, JsonObject *p)
{
  const char *once = json_object_get_string_member_with_default (p, "once", "");
  const char *stacking = json_object_get_string_member_with_default (p, "stacking", "add");

  if (g_str_equal (once, "day"))
    add (text, g_strdup (_("once a day")));
  else if (g_str_equal (once, "year"))
    add (text, g_strdup (_("once a year")));
  else if (g_str_equal (once, "ever") && !json_object_has_member (p, "first_purchase"))
    add (text, g_strdup (_("once")));
  if (g_str_equal (stacking, "exclusive"))
    add (text, g_strdup (_("alone")));
  else if (g_str_equal (stacking, "best"))
    /* Translators: the name of a group of rules. */
    add (text, g_strdup_printf (_("the best of “%s”"), json_object_get_string_member_with_default (p, "group", "")));
}

char *
oba_rule_text_terms (JsonObject *read, const char *kind, JsonObject *parameters)
{
  g_autofree char *what = gives (read, kind, parameters);
  GString *text = g_string_new (what);
  g_autofree char *tiers = names_of (read, parameters, "tiers");

  if (*tiers != '\0')
    /* Translators: " for Gold, Platinum", after what a rule gives. */
    g_string_append_printf (text, _(" for %s"), tiers);
  add_times (text, parameters);
  /* Translators: names of products or categories. */
  add_names (text, read, parameters, "products", _("of %s"));
  add_names (text, read, parameters, "categories", _("of %s"));
  /* Translators: names of stores. */
  add_names (text, read, parameters, "stores", _("in %s"));
  /* Translators: names of rules. */
  add_names (text, read, parameters, "rules", _("of what these give: %s"));
  if (json_object_has_member (parameters, "min_basket"))
    {
      g_autofree char *amount = oba_money_format (json_object_get_int_member (parameters, "min_basket"));

      /* Translators: an amount: what a receipt comes to at least. */
      add (text, g_strdup_printf (_("receipts from %s on"), amount));
    }
  add_standing (text, parameters);
  return g_string_free (text, FALSE);
}

char *
oba_rule_text_validity (JsonObject *rule)
{
  g_autoptr (GDateTime) from = oba_customer_json_member_time (rule, "valid_from");
  g_autoptr (GDateTime) to = oba_customer_json_member_time (rule, "valid_to");
  g_autofree char *first = oba_customer_text_moment (from);
  g_autofree char *last = oba_customer_text_moment (to);
  const char *state = json_object_get_string_member_with_default (rule, "state", "");

  if (from == NULL && (g_str_equal (state, "draft") || g_str_equal (state, "test")))
    return to != NULL ? g_strdup_printf (_("from when it is live, until %s"), last) : g_strdup (_("from when it is live"));
  if (from != NULL && to != NULL)
    return g_strdup_printf ("%s – %s", first, last);
  if (from != NULL)
    return g_strdup_printf (_("from %s on"), first);
  return to != NULL ? g_strdup_printf (_("until %s"), last) : g_strdup (_("always"));
}
