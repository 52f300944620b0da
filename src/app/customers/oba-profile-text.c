#include "oba-profile-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "oba-customer-text.h"

#define SOON_DAYS 30

char *
oba_profile_text_consent (const ObaCustomerConsent *consent)
{
  g_autofree char *day = NULL;

  if (consent == NULL)
    return g_strdup (_("Never asked"));
  day = oba_customer_text_unix_day (consent->since);
  return g_strdup_printf (consent->granted ? _("Yes, since %s") : _("No, since %s"), day);
}

char *
oba_profile_text_card (const ObaCustomerCard *card)
{
  return g_strdup ("");
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

char *
oba_profile_text_banner (const ObaCustomerProfile *profile)
{
  g_autofree char *day = oba_customer_text_day (profile->status_since);

  if (profile->status == OBA_CUSTOMER_ERASED)
    /* Translators: a day. */
    return g_strdup_printf (_("Erased on %s. Who it was is not known any more; receipts and points stay without a name."), day);
  if (profile->status == OBA_CUSTOMER_BLOCKED)
    /* Translators: a day, a reason. */
    return g_strdup_printf (_("Blocked since %s: %s"), day, profile->blocked_reason);
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
