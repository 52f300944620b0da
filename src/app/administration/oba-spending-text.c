#include "oba-spending-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"

char *
oba_spending_text_days (gint64 daily_points)
{
  return daily_points > 0 ? oba_customer_text_points (daily_points) : g_strdup (_("any number of points"));
}

char *
oba_spending_text_rules (const ObaSpendingRules *rules)
{
  g_autofree char *value = oba_money_format (rules->point_value);
  g_autofree char *days = oba_spending_text_days (rules->daily_points);
  const char *earns = rules->earns ? _("the part paid with points earns") : _("the part paid with points earns nothing");
  g_autofree char *code = g_strdup_printf (ngettext ("a code is good for %d second", "a code is good for %d seconds", (gulong) rules->code_seconds), rules->code_seconds);
  /* Translators: how many wrong codes, how many minutes. */
  g_autofree char *wrong = g_strdup_printf (_("after %d wrong codes none works for %d min"), rules->wrong_codes, rules->lock_minutes);

  /* Translators: what a point pays; how many can be spent a day; whether that part earns; how long a code is good; what wrong codes do. */
  return g_strdup_printf (_("A point pays %s · %s a day · %s · %s · %s"), value, days, earns, code, wrong);
}

char *
oba_spending_text_when (const ObaSpendingRules *rules)
{
  g_autofree char *from = rules->valid_from != NULL ? oba_customer_text_moment (rules->valid_from) : g_strdup (_("the beginning"));
  g_autofree char *entered = rules->valid_from != NULL && rules->created_at != NULL ? oba_customer_text_moment (rules->created_at) : NULL;
  /* Translators: a moment. */
  g_autofree char *since = g_strdup_printf (_("From %s"), from);

  /* Translators: "From …"; the name of a colleague; when it was entered. */
  return entered != NULL ? g_strdup_printf (_("%s · entered by %s, %s"), since, rules->who, entered) : g_steal_pointer (&since);
}

static void
say_value (GString *text, const ObaSpendingRules *now, const ObaSpendingRules *to)
{
  g_autofree char *before = oba_money_format (now->point_value);
  g_autofree char *after = oba_money_format (to->point_value);
  g_autofree char *held = oba_customer_text_points (now->held);
  g_autofree char *worth_before = oba_money_format (now->held * now->point_value);
  g_autofree char *worth_after = oba_money_format (now->held * to->point_value);

  if (now->point_value != to->point_value)
    /* Translators: amounts of money; "38 990 points"; amounts of money. */
    g_string_append_printf (text, _("A point pays %s instead of %s: the %s that customers have buy for %s instead of %s.\n"), after, before, held, worth_after, worth_before);
}

char *
oba_spending_text_consequence (const ObaSpendingRules *now, const ObaSpendingRules *to)
{
  GString *text = g_string_new (NULL);
  g_autofree char *days = oba_spending_text_days (to->daily_points);
  g_autofree char *from = to->valid_from != NULL ? oba_customer_text_moment (to->valid_from) : NULL;

  say_value (text, now, to);
  if (now->daily_points != to->daily_points)
    /* Translators: "50 000 points". */
    g_string_append_printf (text, _("A customer can spend %s a day.\n"), days);
  if (now->earns != to->earns)
    g_string_append_printf (text, "%s\n", to->earns ? _("What is paid with points earns points, too.") : _("What is paid with points earns no points any more."));
  if (now->code_seconds != to->code_seconds)
    g_string_append_printf (text, ngettext ("A spend code is good for %d second.\n", "A spend code is good for %d seconds.\n", (gulong) to->code_seconds), to->code_seconds);
  if (now->wrong_codes != to->wrong_codes || now->lock_minutes != to->lock_minutes)
    /* Translators: how many wrong codes, how many minutes. */
    g_string_append_printf (text, _("After %d wrong codes none works for %d min.\n"), to->wrong_codes, to->lock_minutes);
  if (from != NULL)
    /* Translators: a moment. */
    g_string_append_printf (text, _("This holds from %s on, at every till."), from);
  else
    g_string_append (text, _("This holds at once, at every till."));
  g_string_append_printf (text, " %s", _("Returns of what was paid before go by the rules of then."));
  return g_string_free (text, FALSE);
}
