/* One field of a customer: from what somebody typed to what is stored, and back. */

#include "oba-customer-draft.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/oba-error.h"
#include "base/oba-phone.h"
#include "base/oba-text.h"

#define MAX_NAME 100
#define MAX_EMAIL 254
#define MAX_NOTES 4000
#define FIRST_YEAR 1900

const char *
oba_customer_field_get_title (ObaCustomerField field)
{
  static const char *const titles[] = {
    N_("Family name"), N_("Given name"), N_("Patronymic"), N_("Phone"), N_("E-mail"), N_("Birth date"), N_("Language"), N_("City"),
    N_("Preferred store"), N_("Preferred categories"), N_("Notes"),
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (titles) == OBA_CUSTOMER_N_FIELDS);
  return _(titles[field]);
}

static char *
refuse (GError     **error,
        const char  *sentence)
{
  g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, sentence);
  return NULL;
}

/* "21.03.1985", "21/3/1985", "21031985" or "1985-03-21". */
static gboolean
read_date (const char *text,
           int        *year,
           int        *month,
           int        *day)
{
  int end = 0;

  if (strspn (text, "0123456789") == 8 && text[8] == '\0')
    return sscanf (text, "%2d%2d%4d", day, month, year) == 3;
  if (sscanf (text, "%4d-%2d-%2d%n", year, month, day, &end) == 3 && text[end] == '\0' && *year >= 1000)
    return TRUE;
  return sscanf (text, "%2d%*1[./ -]%2d%*1[./ -]%4d%n", day, month, year, &end) == 3 && end > 0 && text[end] == '\0';
}

static gboolean
is_past (const GDate *date)
{
  g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
  g_autoptr (GDateTime) now = baku != NULL ? g_date_time_new_now (baku) : g_date_time_new_now_utc ();
  g_autoptr (GDate) today = g_date_new_dmy ((GDateDay) g_date_time_get_day_of_month (now), g_date_time_get_month (now),
                                            (GDateYear) g_date_time_get_year (now));

  return g_date_compare (date, today) <= 0;
}

static char *
normalize_date (const char  *text,
                GError     **error)
{
  g_autofree char *plain = g_strstrip (g_strdup (text));
  g_autoptr (GDate) date = NULL;
  int year = 0;
  int month = 0;
  int day = 0;

  if (*plain == '\0')
    return g_strdup ("");
  if (strpbrk (plain, "+") != NULL || !read_date (plain, &year, &month, &day) || year < 1000)
    return refuse (error, _("This is not a date. Write day, month and year, such as 21.03.1985"));
  if (day < 1 || month < 1 || month > 12 || !g_date_valid_dmy ((GDateDay) day, month, (GDateYear) year))
    return refuse (error, _("There is no such day in the calendar"));
  date = g_date_new_dmy ((GDateDay) day, month, (GDateYear) year);
  if (year < FIRST_YEAR || !is_past (date))
    return refuse (error, _("A birth date lies between 1900 and today"));
  return g_strdup_printf ("%04d-%02d-%02d", year, month, day);
}

static char *
normalize_email (const char  *text,
                 GError     **error)
{
  g_autofree char *clean = oba_text_clean (text, MAX_EMAIL, error);
  const char *at = clean != NULL ? strchr (clean, '@') : NULL;

  if (clean == NULL || *clean == '\0')
    return g_steal_pointer (&clean);
  if (at == NULL || at == clean || at[1] == '\0' || strchr (at + 1, '@') != NULL || strchr (clean, ' ') != NULL)
    return refuse (error, _("This is not an e-mail address. Write it like name@example.az"));
  return g_steal_pointer (&clean);
}

/* Lines stay lines; each is cleaned as a name is. */
static char *
normalize_notes (const char  *text,
                 GError     **error)
{
  g_auto (GStrv) lines = NULL;
  g_autofree char *joined = NULL;

  if (strnlen (text, MAX_NOTES * 16 + 1) > MAX_NOTES * 16)
    return refuse (error, _("The notes are longer than 4,000 characters"));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *clean = oba_text_clean (lines[i], MAX_NOTES, error);

      if (clean == NULL)
        return NULL;
      g_free (lines[i]);
      lines[i] = clean;
    }
  joined = g_strstrip (g_strjoinv ("\n", lines));
  if (g_utf8_strlen (joined, -1) > MAX_NOTES)
    return refuse (error, _("The notes are longer than 4,000 characters"));
  return g_steal_pointer (&joined);
}

static char *
normalize_phone (const char  *text,
                 GError     **error)
{
  g_autofree char *plain = g_strstrip (g_strdup (text));

  return *plain == '\0' ? g_steal_pointer (&plain) : oba_phone_normalize (plain, error);
}

char *
oba_customer_field_normalize (ObaCustomerField   field,
                              const char        *text,
                              GError           **error)
{
  switch (field)
    {
    case OBA_CUSTOMER_FAMILY_NAME:
    case OBA_CUSTOMER_GIVEN_NAME:
    case OBA_CUSTOMER_PATRONYMIC:
    case OBA_CUSTOMER_CITY:
      return oba_text_clean (text, MAX_NAME, error);
    case OBA_CUSTOMER_PHONE:
      return normalize_phone (text, error);
    case OBA_CUSTOMER_EMAIL:
      return normalize_email (text, error);
    case OBA_CUSTOMER_BIRTH_DATE:
      return normalize_date (text, error);
    case OBA_CUSTOMER_NOTES:
      return normalize_notes (text, error);
    case OBA_CUSTOMER_LANGUAGE:
    case OBA_CUSTOMER_PREFERRED_STORE:
    case OBA_CUSTOMER_CATEGORIES:
    case OBA_CUSTOMER_N_FIELDS:
    default:
      return g_strdup (text);
    }
}

char *
oba_customer_field_format (ObaCustomerField  field,
                           const char       *value)
{
  int year = 0;
  int month = 0;
  int day = 0;

  if (field == OBA_CUSTOMER_PHONE)
    return oba_phone_format (value);
  if (field == OBA_CUSTOMER_BIRTH_DATE && sscanf (value, "%4d-%2d-%2d", &year, &month, &day) == 3)
    return g_strdup_printf ("%02d.%02d.%04d", day, month, year);
  return g_strdup (value);
}
