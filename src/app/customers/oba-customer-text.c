#include "oba-customer-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/oba-day.h"
#include "base/oba-money.h"

static char *
oba_customer_text_format (GDateTime  *moment,
                          const char *format)
{
  g_autoptr (GDateTime) local = moment != NULL ? g_date_time_to_timezone (moment, oba_day_zone ()) : NULL;

  return local != NULL ? g_date_time_format (local, format) : g_strdup ("");
}

char *
oba_customer_text_name (const char        *name,
                        ObaCustomerStatus  status)
{
  if (*name != '\0')
    return g_strdup (name);
  return g_strdup (status == OBA_CUSTOMER_ERASED ? _("Erased customer") : _("Without a name"));
}

char *
oba_customer_text_day (GDateTime *moment)
{
  /* Translators: a day, see strftime(3). */
  return oba_customer_text_format (moment, _("%-d %b %Y"));
}

char *
oba_customer_text_unix_day (gint64 seconds)
{
  g_autoptr (GDateTime) moment = seconds != 0 ? g_date_time_new_from_unix_utc (seconds) : NULL;

  return oba_customer_text_day (moment);
}

char *
oba_customer_text_moment (GDateTime *moment)
{
  /* Translators: a day and the time of the day, see strftime(3). */
  return oba_customer_text_format (moment, _("%-d %b %Y, %H:%M"));
}

char *
oba_customer_text_date (const GDate *date)
{
  g_autoptr (GDateTime) noon = NULL;

  if (date == NULL || !g_date_valid (date))
    return g_strdup ("");
  noon = g_date_time_new (oba_day_zone (), g_date_get_year (date), (int) g_date_get_month (date),
                          g_date_get_day (date), 12, 0, 0);
  return oba_customer_text_day (noon);
}

char *
oba_customer_text_points (gint64 points)
{
  g_autofree char *number = oba_number_format (points);

  return g_strdup_printf (ngettext ("%s point", "%s points", (gulong) ABS (points)), number);
}

char *
oba_customer_text_signed (gint64 points)
{
  g_autofree char *number = oba_number_format (ABS (points));

  if (points == 0)
    return g_steal_pointer (&number);
  return g_strconcat (points > 0 ? "+" : "−", number, NULL);
}

char *
oba_customer_text_quantity (gint64      thousandths,
                            const char *unit)
{
  g_autofree char *number = g_strdup_printf ("%'.3f", (double) thousandths / 1000);
  char *end = number + strlen (number);

  /* "2.000" is two, "1.250" one and a quarter. */
  while (end[-1] == '0')
    *--end = '\0';
  if (!g_ascii_isdigit (end[-1]))
    end[-1] = '\0';
  if (g_str_equal (unit, "kg"))
    return g_strdup_printf (_("%s kg"), number);
  if (g_str_equal (unit, "l"))
    return g_strdup_printf (_("%s l"), number);
  if (g_str_equal (unit, "m"))
    return g_strdup_printf (_("%s m"), number);
  return g_strdup_printf ("%s ×", number);
}

const char *
oba_customer_text_through (const char *through)
{
  if (g_str_equal (through, "staff"))
    return _("by staff");
  if (g_str_equal (through, "telegram"))
    return _("through Telegram");
  if (g_str_equal (through, "import"))
    return _("from a file");
  if (g_str_equal (through, "till"))
    return _("at the till");
  return g_str_equal (through, "demo") ? _("sample data") : "";
}

char *
oba_customer_text_registered (const ObaCustomerProfile *profile)
{
  g_autofree char *day = oba_customer_text_day (profile->registered_at);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();

  g_ptr_array_add (parts, day);
  if (*profile->registered_store != '\0')
    g_ptr_array_add (parts, profile->registered_store);
  if (*oba_customer_text_through (profile->registered_through) != '\0')
    g_ptr_array_add (parts, (gpointer) oba_customer_text_through (profile->registered_through));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **) parts->pdata);
}

char *
oba_customer_text_progress (const ObaCustomerProfile *profile)
{
  gboolean points = profile->tier_by_points;
  gint64 left = profile->next_threshold - profile->tier_amount;
  g_autofree char *amount = points ? oba_customer_text_points (profile->tier_amount) : oba_money_format (profile->tier_amount);
  g_autofree char *missing = points ? oba_customer_text_points (left) : oba_money_format (left);

  if (*profile->next_tier == '\0')
    return g_strdup_printf (points ? _("%s collected in twelve months: the highest tier") : _("%s spent in twelve months: the highest tier"), amount);
  if (left <= 0)
    return g_strdup_printf (points ? _("%s collected in twelve months") : _("%s spent in twelve months"), amount);
  /* Translators: an amount (money or points), an amount, a tier. */
  return g_strdup_printf (points ? _("%s collected in twelve months, %s more to %s") : _("%s spent in twelve months, %s more to %s"), amount, missing, profile->next_tier);
}

const char *
oba_customer_text_status (ObaCustomerStatus status)
{
  switch (status)
    {
    case OBA_CUSTOMER_BLOCKED:
      return _("Blocked");
    case OBA_CUSTOMER_ERASED:
      return _("Erased");
    case OBA_CUSTOMER_MERGED:
      return _("Merged");
    case OBA_CUSTOMER_ACTIVE:
    default:
      return _("Active");
    }
}

const char *
oba_customer_text_language (const char *code)
{
  if (g_str_equal (code, "az"))
    return _("Azerbaijani");
  if (g_str_equal (code, "ru"))
    return _("Russian");
  return g_str_equal (code, "en") ? _("English") : code;
}

const char *
oba_customer_text_erasure_reason (const char *code)
{
  if (g_str_equal (code, "request"))
    return _("The customer asked for it");
  if (g_str_equal (code, "consent"))
    return _("The customer withdrew the consent");
  if (g_str_equal (code, "purpose"))
    return _("It is not needed any more");
  if (g_str_equal (code, "mistake"))
    return _("Registered by mistake");
  return g_str_equal (code, "law") ? _("The law or an authority demands it") : code;
}

const char *
oba_customer_text_channel (const char *channel)
{
  if (g_str_equal (channel, "telegram"))
    return _("Telegram");
  if (g_str_equal (channel, "sms"))
    return _("SMS");
  if (g_str_equal (channel, "email"))
    return _("E-mail");
  if (g_str_equal (channel, "phone"))
    return _("Phone calls");
  return g_str_equal (channel, "profiling") ? _("Profiling") : channel;
}

const char *
oba_customer_text_card_state (const char *state)
{
  if (g_str_equal (state, "active"))
    return _("active");
  if (g_str_equal (state, "blocked"))
    return _("blocked");
  return g_str_equal (state, "lost") ? _("lost") : state;
}

const char *
oba_customer_text_receipt_kind (const char *kind)
{
  if (g_str_equal (kind, "return"))
    return _("Return");
  if (g_str_equal (kind, "void"))
    return _("Voided");
  return g_str_equal (kind, "correction") ? _("Correction") : "";
}

const char *
oba_customer_text_lifecycle (const char *state)
{
  if (g_str_equal (state, "new"))
    /* Translators: a customer who has just begun to buy. */
    return C_("lifecycle", "New");
  if (g_str_equal (state, "active"))
    return C_("lifecycle", "Active");
  if (g_str_equal (state, "lapsing"))
    return C_("lifecycle", "Lapsing");
  if (g_str_equal (state, "lost"))
    return C_("lifecycle", "Lost");
  return g_str_equal (state, "won_back") ? C_("lifecycle", "Won back") : state;
}

char *
oba_customer_text_lifecycle_since (const char *state,
                                   const char *day)
{
  /* Translators: where somebody stands ("Active"), since which day. */
  return g_strdup_printf (_("%s since %s"), oba_customer_text_lifecycle (state), day);
}
