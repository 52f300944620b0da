#include "oba-tier-text.h"

#include <stdio.h>
#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-json.h"
#include "oba-customer-text.h"

char *
oba_tier_text_amount (const char *basis, gint64 amount)
{
  return g_strcmp0 (basis, "points") == 0 ? oba_customer_text_points (amount) : oba_money_format (amount);
}

char *
oba_tier_text_downgrade (const char *downgrade, gint64 grace_days)
{
  gulong days = (gulong) grace_days;

  if (g_strcmp0 (downgrade, "never") == 0)
    return g_strdup (_("A tier that was reached is never lost."));
  if (g_strcmp0 (downgrade, "at_once") == 0)
    return g_strdup (_("Whoever falls below a tier loses it on that day."));
  if (g_strcmp0 (downgrade, "one_step") == 0)
    return g_strdup_printf (ngettext ("Whoever falls below a tier goes down one step after %lu day, and the next one after as long again.",
                                      "Whoever falls below a tier goes down one step after %lu days, and the next one after as long again.", days), days);
  return g_strdup_printf (ngettext ("Whoever falls below a tier keeps it for %lu day.", "Whoever falls below a tier keeps it for %lu days.", days), days);
}

char *
oba_tier_text_day (const char *iso)
{
  unsigned year, month, day;
  GDate date;

  if (iso == NULL || sscanf (iso, "%4u-%2u-%2u", &year, &month, &day) != 3 || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return g_strdup ("");
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return oba_customer_text_date (&date);
}

/* By what was counted then, and what was needed. */
static char *
counted (JsonObject *change, const char *format_known, const char *otherwise)
{
  g_autofree char *basis = oba_customer_json_member_text (change, "basis");
  g_autofree char *iso = oba_customer_json_member_text (change, "spend_day");
  g_autofree char *day = oba_tier_text_day (iso);
  g_autofree char *amount = oba_tier_text_amount (basis, oba_customer_json_member_int (change, "spend", 0));
  g_autofree char *needed = oba_tier_text_amount (basis, oba_customer_json_member_int (change, "threshold", 0));
  GString *text;

  if (*day == '\0')
    return g_strdup (otherwise);
  text = g_string_new (format_known);
  g_string_replace (text, "{amount}", amount, 1);
  g_string_replace (text, "{day}", day, 1);
  g_string_replace (text, "{needed}", needed, 1);
  return g_string_free (text, FALSE);
}

char *
oba_tier_text_why (JsonObject *change)
{
  g_autofree char *why = oba_customer_json_member_text (change, "why");
  g_autofree char *reason = oba_customer_json_member_text (change, "reason");
  g_autofree char *who = oba_customer_json_member_text (change, "who");

  if (g_str_equal (why, "spend"))
    /* Translators: {amount}, {day} and {needed} stay as they are: two amounts, and a day between them. */
    return counted (change, _("Reached: {amount} in the twelve months up to {day}, {needed} are needed"), _("Reached"));
  if (g_str_equal (why, "downgrade"))
    /* Translators: {amount}, {day} and {needed} stay as they are: two amounts, and a day between them. */
    return counted (change, _("No longer reached: {amount} in the twelve months up to {day}, {needed} are needed"), _("No longer reached"));
  if (g_str_equal (why, "scheme"))
    return g_strdup_printf (_("The scheme was changed (version %d)"), (int) oba_customer_json_member_int (change, "scheme_version", 0));
  if (g_str_equal (why, "merge"))
    return g_strdup (_("Two records of one person were merged, or taken apart"));
  if (g_str_equal (why, "override"))
    /* Translators: the name of a colleague, their reason. */
    return *reason != '\0' ? g_strdup_printf (_("By hand, by %s: %s"), who, reason) : g_strdup_printf (_("By hand, by %s"), who);
  /* Translators: the name of a colleague, their reason. */
  return *reason != '\0' ? g_strdup_printf (_("The tier by hand was ended by %s: %s"), who, reason) : g_strdup (_("The tier by hand is over"));
}
