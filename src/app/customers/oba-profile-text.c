#include "oba-profile-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "oba-customer-text.h"

#define SOON_DAYS 30

/* Between brackets behind what was done: by whom, and where. */
static char *
by_whom (const char *through, const char *who, const char *store)
{
  GString *text = g_string_new (NULL);

  if (*oba_customer_text_through (through) != '\0')
    g_string_append_printf (text, ", %s", oba_customer_text_through (through));
  if (*store != '\0')
    g_string_append_printf (text, ", %s", store);
  if (*who != '\0' && g_str_equal (through, "staff"))
    g_string_append_printf (text, " (%s)", who);
  return g_string_free (text, FALSE);
}

char *
oba_profile_text_consent (const ObaConsentEntry *consent)
{
  g_autofree char *day = NULL;
  g_autofree char *since = NULL;
  g_autofree char *by = NULL;

  if (consent == NULL)
    return g_strdup (_("Never asked"));
  day = oba_customer_text_day (consent->at);
  since = g_strdup_printf (consent->granted ? _("Yes, since %s") : _("No, since %s"), day);
  by = by_whom (consent->through, consent->who, consent->store);
  return g_strconcat (since, by, NULL);
}

char *
oba_profile_text_card (const ObaHeldCard *card)
{
  g_autofree char *issued = oba_customer_text_day (card->issued_at);
  g_autofree char *since = oba_customer_text_day (card->state_since);

  if (g_str_equal (card->state, "active") && *card->issued_by == '\0')
    /* Translators: a day. */
    return g_strdup_printf (_("Handed out on %s"), issued);
  if (g_str_equal (card->state, "active"))
    /* Translators: a day, a login. */
    return g_strdup_printf (_("Handed out on %s by %s"), issued, card->issued_by);
  /* Translators: a day. */
  return g_strdup_printf (_("Since %s"), since);
}

char *
oba_profile_text_account (const ObaCustomerProfile *profile)
{
  g_autofree char *since = oba_customer_text_day (profile->tier_since);
  g_autofree char *lifetime = oba_customer_text_points (profile->lifetime);
  g_autofree char *owed = oba_customer_text_points (profile->owed);
  GString *text = g_string_new (NULL);

  if (*profile->tier != '\0' && *since != '\0')
    /* Translators: a tier, a day. */
    g_string_append_printf (text, _("%s since %s."), profile->tier, since);
  if (text->len > 0)
    g_string_append_c (text, ' ');
  /* Translators: "1 234 points". */
  g_string_append_printf (text, _("Ever earned: %s."), lifetime);
  if (profile->owed > 0)
    {
      g_string_append_c (text, ' ');
      /* Translators: "12 points". */
      g_string_append_printf (text, _("Taken back after they were spent: %s; what is earned next goes there first."), owed);
    }
  return g_string_free (text, FALSE);
}

/* "5 Nov 2026, by aysel" */
static char *
status_moment (const ObaCustomerProfile *profile)
{
  g_autofree char *moment = oba_customer_text_moment (profile->status_since);

  if (*profile->status_by == '\0')
    return g_steal_pointer (&moment);
  /* Translators: a day and time, a login. */
  return g_strdup_printf (_("%s by %s"), moment, profile->status_by);
}

char *
oba_profile_text_banner (const ObaCustomerProfile *profile)
{
  g_autofree char *moment = status_moment (profile);

  if (profile->status == OBA_CUSTOMER_ERASED)
    /* Translators: a day, perhaps a login. */
    return g_strdup_printf (_("Erased on %s. Who it was is not known any more; receipts and points stay without a name."), moment);
  if (profile->status == OBA_CUSTOMER_MERGED)
    {
      g_autofree char *survivor = oba_customer_text_name (profile->merged_into_name, OBA_CUSTOMER_ACTIVE);

      /* Translators: the name of a customer; a day, perhaps a login. */
      return g_strdup_printf (_("Merged into %s on %s: points, cards and what comes in now belong there."), survivor, moment);
    }
  if (profile->status == OBA_CUSTOMER_BLOCKED)
    /* Translators: a day, perhaps a login; a reason. */
    return g_strdup_printf (_("Blocked on %s: %s"), moment, profile->blocked_reason);
  return NULL;
}

/* Days of Baku, wherever the clerk sits. */
static int
days_until (const GDate *day)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) baku = g_date_time_add_hours (now, 4);
  GDate today;

  g_date_clear (&today, 1);
  g_date_set_dmy (&today, (GDateDay) g_date_time_get_day_of_month (baku), g_date_time_get_month (baku), (GDateYear) g_date_time_get_year (baku));
  return g_date_days_between (&today, day);
}

char *
oba_profile_text_days_left (const GDate *day)
{
  int days = g_date_valid (day) ? days_until (day) : -1;

  if (days < 0)
    return g_strdup ("");
  if (days == 0)
    return g_strdup (_("today"));
  if (days >= 60)
    return g_strdup_printf (ngettext ("in %d month", "in %d months", (gulong) (days / 30)), days / 30);
  return g_strdup_printf (ngettext ("in %d day", "in %d days", (gulong) days), days);
}

gboolean
oba_profile_text_is_soon (const GDate *day)
{
  return g_date_valid (day) && days_until (day) >= 0 && days_until (day) <= SOON_DAYS;
}

/* ---- lifecycle, rhythm, risk */

const char *
oba_profile_text_lifecycle_class (const char *state)
{
  if (g_str_equal (state, "lost"))
    return "error";
  return g_str_equal (state, "lapsing") ? "warning" : "success";
}

/* "6", "6.5": half days are told, more is noise. */
static char *
format_days (double days)
{
  double halves = (double) (gint64) (days * 2 + 0.5) / 2;

  return halves == (double) (gint64) halves ? g_strdup_printf ("%d", (int) halves) : g_strdup_printf ("%.1f", halves);
}

char *
oba_profile_text_lifecycle_since (const ObaCustomerInsight *insight)
{
  g_autofree char *day = oba_customer_text_day (insight->lifecycle_since);

  if (*insight->lifecycle == '\0')
    return NULL;
  return oba_customer_text_lifecycle_since (insight->lifecycle, day);
}

char *
oba_profile_text_lifecycle_due (const ObaCustomerInsight *insight)
{
  g_autofree char *day = oba_customer_text_date (insight->lifecycle_due);
  gboolean lapsing = g_str_equal (insight->lifecycle, "lapsing");

  if (insight->lifecycle_due == NULL || *day == '\0')
    return NULL;
  /* Translators: where somebody will stand ("Lost"), from which day on. */
  return g_strdup_printf (_("%s from %s on, without a visit until then"), oba_customer_text_lifecycle (lapsing ? "lost" : "lapsing"), day);
}

char *
oba_profile_text_away (gint64 days, double usual_days)
{
  g_autofree char *usual = format_days (usual_days);
  g_autofree char *number = oba_number_format (days);

  if (days < 0)
    return g_strdup (_("first visit"));
  if (days == 0)
    return NULL;
  if (usual_days <= 0)
    /* Translators: a number of days. */
    return g_strdup_printf (ngettext ("%s day without a visit", "%s days without a visit", (gulong) days), number);
  /* Translators: a number of days, twice. */
  return g_strdup_printf (ngettext ("%s day without a visit, usually %s", "%s days without a visit, usually %s", (gulong) days), number, usual);
}

char *
oba_profile_text_churn (const ObaCustomerInsight *insight)
{
  const char *grade = insight->churn == OBA_CHURN_HIGH ? C_("risk", "High") : insight->churn == OBA_CHURN_MEDIUM ? C_("risk", "Medium") : C_("risk", "Low");

  /* Translators: "High", a number: "High, 78 %". */
  return insight->churn_percent >= 0 ? g_strdup_printf (_("%s, %d %%"), grade, insight->churn_percent) : g_strdup (grade);
}

char *
oba_profile_text_churn_reason (const ObaCustomerInsight *insight)
{
  g_autofree char *away = oba_number_format (insight->days_away);
  g_autofree char *usual = format_days (insight->usual_days);
  g_autofree char *limit = oba_number_format (insight->lapsing_after);

  if (insight->usual_days <= 0)
    /* Translators: two numbers of days. */
    return g_strdup_printf (ngettext ("Too few visits for a rhythm; %s day since the last one, and up to %s are usual.",
                                      "Too few visits for a rhythm; %s days since the last one, and up to %s are usual.", (gulong) insight->days_away),
                            away, limit);
  if (insight->days_away < insight->lapsing_after)
    /* Translators: three numbers of days. */
    return g_strdup_printf (ngettext ("Away for %s day; comes every %s days, and would be missed after %s.",
                                      "Away for %s days; comes every %s days, and would be missed after %s.", (gulong) insight->days_away),
                            away, usual, limit);
  /* Translators: three numbers of days. */
  return g_strdup_printf (ngettext ("Away for %s day, though they came every %s days; missed since day %s.",
                                    "Away for %s days, though they came every %s days; missed since day %s.", (gulong) insight->days_away),
                          away, usual, limit);
}

char *
oba_profile_text_last_visit (const ObaCustomerInsight *insight)
{
  g_autofree char *day = oba_customer_text_date (insight->last_visit);
  g_autofree char *away = oba_number_format (insight->days_away);

  if (insight->days_away < 0)
    return NULL;
  if (insight->days_away == 0)
    return g_strdup (_("Today"));
  /* Translators: a day, a number of days. */
  return g_strdup_printf (ngettext ("%s, %s day ago", "%s, %s days ago", (gulong) insight->days_away), day, away);
}

char *
oba_profile_text_rhythm (const ObaCustomerInsight *insight)
{
  g_autofree char *usual = format_days (insight->usual_days);
  g_autofree char *spread = format_days (insight->usual_spread);
  g_autofree char *visits = oba_number_format (insight->visits);

  if (insight->visits == 0)
    return NULL;
  if (insight->usual_days <= 0)
    return g_strdup_printf (ngettext ("%s visit so far", "%s visits so far", (gulong) insight->visits), visits);
  /* Translators: number of days, of days, of visits. */
  return g_strdup_printf (_("Every %s days, give or take %s; %s visits in all"), usual, spread, visits);
}

static guint
busiest (const gint64 *counts, guint n)
{
  guint best = 0;

  for (guint i = 1; i < n; i++)
    if (counts[i] > counts[best])
      best = i;
  return best;
}

char *
oba_profile_text_usual_time (const ObaCustomerInsight *insight)
{
  guint weekday = busiest (insight->weekdays, 7);
  guint hour = busiest (insight->hours, 24);
  /* 1 January 2024 was a Monday. */
  g_autoptr (GDateTime) monday = g_date_time_new_utc (2024, 1, (int) weekday + 1, 12, 0, 0);
  g_autofree char *day = g_date_time_format (monday, "%A");

  if (insight->weekdays[weekday] == 0)
    return NULL;
  /* Translators: a day of the week, an hour, an hour. */
  return g_strdup_printf (_("%s, between %u:00 and %u:00"), day, hour, (hour + 1) % 24);
}
