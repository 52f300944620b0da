#include "oba-filter-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "oba-customer-text.h"

/* More values of one field are counted. */
#define MAX_VALUES 6

static void
part_free (gpointer data)
{
  ObaFilterPart *part = data;

  g_free (part->name);
  g_free (part->text);
  g_free (part);
}

static void
add_part (GPtrArray              *parts,
          ObaCustomerFilterField  field,
          gint64                  number,
          const char             *name,
          char                   *text)
{
  ObaFilterPart *part = g_new0 (ObaFilterPart, 1);

  part->field = field;
  part->number = number;
  part->name = g_strdup (name);
  part->text = text;
  g_ptr_array_add (parts, part);
}

/* A pattern for each field of values: Translators: what is asked for and what it must be. */
static const char *
get_pattern (ObaCustomerFilterField field)
{
  switch (field)
    {
    case OBA_CUSTOMER_FILTER_STORES:
      return _("Store: %s");
    case OBA_CUSTOMER_FILTER_CITIES:
      return _("City: %s");
    case OBA_CUSTOMER_FILTER_TIERS:
      return _("Tier: %s");
    case OBA_CUSTOMER_FILTER_STATUS:
      return _("Status: %s");
    case OBA_CUSTOMER_FILTER_LIFECYCLE:
      return _("Lifecycle: %s");
    case OBA_CUSTOMER_FILTER_SEGMENTS:
      return _("Segment: %s");
    case OBA_CUSTOMER_FILTER_BIRTH_MONTHS:
      return _("Birthday: %s");
    case OBA_CUSTOMER_FILTER_BATCH:
      return _("Import: no. %s");
    default:
      return "%s";
    }
}

static char *
get_month (gint64 month)
{
  g_autoptr (GDateTime) first = g_date_time_new_utc (2024, (int) month, 1, 0, 0, 0);

  return first != NULL ? g_date_time_format (first, "%OB") : g_strdup ("");
}

static char *
get_status (const char *name)
{
  return g_strdup (g_str_equal (name, "merged") ? _("Merged") : oba_customer_text_status (oba_customer_status_parse (name)));
}

char *
oba_filter_text_value (ObaCustomerFilterField  field,
                       gint64                  number,
                       const char             *name,
                       ObaCustomerChoices     *choices)
{
  const char *known = choices != NULL && name == NULL ? oba_customer_choices_get_name (choices, field, number) : NULL;

  if (field == OBA_CUSTOMER_FILTER_STATUS)
    return get_status (name);
  if (field == OBA_CUSTOMER_FILTER_LIFECYCLE)
    return g_strdup (oba_customer_text_lifecycle (name));
  if (field == OBA_CUSTOMER_FILTER_BIRTH_MONTHS)
    return get_month (number);
  if (name != NULL || known != NULL)
    return g_strdup (name != NULL ? name : known);
  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

static void
add_value (GPtrArray              *parts,
           ObaCustomerFilterField  field,
           gint64                  number,
           const char             *name,
           ObaCustomerChoices     *choices)
{
  g_autofree char *value = oba_filter_text_value (field, number, name, choices);
  GString *text = g_string_new (get_pattern (field));

  g_string_replace (text, "%s", value, 1);
  add_part (parts, field, number, name, g_string_free (text, FALSE));
}

/* Fifty stores are one condition, not fifty chips. */
static void
add_many (GPtrArray              *parts,
          ObaCustomerFilterField  field,
          guint                   n)
{
  /* Translators: what is asked for may be one of so many, for example “Store: 50 chosen”. */
  g_autofree char *value = g_strdup_printf (ngettext ("%u chosen", "%u chosen", n), n);
  GString *text = g_string_new (get_pattern (field));

  g_string_replace (text, "%s", value, 1);
  add_part (parts, field, 0, NULL, g_string_free (text, FALSE));
}

/* "a to b", "from a", "to b" */
static char *
get_range (const char *from,
           const char *to)
{
  if (*from != '\0' && *to != '\0')
    /* Translators: the two ends of a range. */
    return g_strdup_printf (_("%s to %s"), from, to);
  if (*from != '\0')
    return g_strdup_printf (_("from %s"), from);
  return g_strdup_printf (_("up to %s"), to);
}

static char *
get_days (const ObaCustomerFilter *filter,
          ObaCustomerFilterField   field)
{
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  GDate from;
  GDate to;

  oba_customer_filter_get_days (filter, field, &from, &to);
  first = oba_customer_text_date (&from);
  last = oba_customer_text_date (&to);
  return get_range (first, last);
}

static char *
get_numbers (const ObaCustomerFilter *filter,
             ObaCustomerFilterField   field)
{
  gboolean money = field == OBA_CUSTOMER_FILTER_SPEND;
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  gint64 min;
  gint64 max;

  oba_customer_filter_get_range (filter, field, &min, &max);
  if (min != OBA_CUSTOMER_FILTER_NO_MIN)
    first = money ? oba_money_format (min) : oba_number_format (min);
  if (max != OBA_CUSTOMER_FILTER_NO_MAX)
    last = money ? oba_money_format (max) : oba_number_format (max);
  return get_range (first != NULL ? first : "", last != NULL ? last : "");
}

static void
add_range (GPtrArray               *parts,
           const ObaCustomerFilter *filter,
           ObaCustomerFilterField   field)
{
  gboolean days = field == OBA_CUSTOMER_FILTER_REGISTERED || field == OBA_CUSTOMER_FILTER_LAST_PURCHASE;
  g_autofree char *range = days ? get_days (filter, field) : get_numbers (filter, field);
  char *text;

  if (field == OBA_CUSTOMER_FILTER_REGISTERED)
    text = g_strdup_printf (_("Registered: %s"), range);
  else if (field == OBA_CUSTOMER_FILTER_LAST_PURCHASE)
    text = g_strdup_printf (_("Last purchase: %s"), range);
  else if (field == OBA_CUSTOMER_FILTER_SPEND)
    text = g_strdup_printf (_("Year’s spend: %s"), range);
  else
    text = g_strdup_printf (_("Points: %s"), range);
  add_part (parts, field, 0, NULL, text);
}

static void
add_consents (GPtrArray               *parts,
              const ObaCustomerFilter *filter)
{
  const char *const *channels = oba_customer_filter_get_channels ();
  gboolean granted;

  for (guint i = 0; channels[i] != NULL; i++)
    if (oba_customer_filter_get_consent (filter, channels[i], &granted))
      add_part (parts, OBA_CUSTOMER_FILTER_CONSENTS, 0, channels[i],
                /* Translators: a way to reach people, to which they consented or not. */
                g_strdup_printf (granted ? _("%s: consented") : _("%s: no consent"), oba_customer_text_channel (channels[i])));
}

static void
add_field (GPtrArray               *parts,
           const ObaCustomerFilter *filter,
           ObaCustomerFilterField   field,
           ObaCustomerChoices      *choices)
{
  GArray *numbers;
  GPtrArray *names;

  switch (field)
    {
    case OBA_CUSTOMER_FILTER_STORES:
    case OBA_CUSTOMER_FILTER_TIERS:
    case OBA_CUSTOMER_FILTER_SEGMENTS:
    case OBA_CUSTOMER_FILTER_BIRTH_MONTHS:
    case OBA_CUSTOMER_FILTER_BATCH:
      numbers = oba_customer_filter_get_numbers (filter, field);
      if (numbers->len > MAX_VALUES)
        add_many (parts, field, numbers->len);
      for (guint i = 0; i < numbers->len && numbers->len <= MAX_VALUES; i++)
        add_value (parts, field, g_array_index (numbers, gint64, i), NULL, choices);
      break;
    case OBA_CUSTOMER_FILTER_CITIES:
    case OBA_CUSTOMER_FILTER_STATUS:
    case OBA_CUSTOMER_FILTER_LIFECYCLE:
      names = oba_customer_filter_get_names (filter, field);
      if (names->len > MAX_VALUES)
        add_many (parts, field, names->len);
      for (guint i = 0; i < names->len && names->len <= MAX_VALUES; i++)
        add_value (parts, field, 0, names->pdata[i], choices);
      break;
    case OBA_CUSTOMER_FILTER_REGISTERED:
    case OBA_CUSTOMER_FILTER_LAST_PURCHASE:
    case OBA_CUSTOMER_FILTER_SPEND:
    case OBA_CUSTOMER_FILTER_POINTS:
      add_range (parts, filter, field);
      break;
    case OBA_CUSTOMER_FILTER_CONSENTS:
      add_consents (parts, filter);
      break;
    case OBA_CUSTOMER_FILTER_TEXT:
    case OBA_CUSTOMER_FILTER_N_FIELDS:
    default:
      break;
    }
}

GPtrArray *
oba_filter_text_list (const ObaCustomerFilter *filter,
                      ObaCustomerChoices      *choices)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (part_free);

  for (ObaCustomerFilterField field = 0; field < OBA_CUSTOMER_FILTER_N_FIELDS; field++)
    if (oba_customer_filter_has (filter, field))
      add_field (parts, filter, field, choices);
  return parts;
}

void
oba_filter_part_remove (const ObaFilterPart *part,
                        ObaCustomerFilter   *filter)
{
  if (part->field == OBA_CUSTOMER_FILTER_CONSENTS)
    oba_customer_filter_clear_consent (filter, part->name);
  else if (part->name != NULL)
    oba_customer_filter_remove_name (filter, part->field, part->name);
  else if (part->number != 0)
    oba_customer_filter_remove_number (filter, part->field, part->number);
  else
    oba_customer_filter_clear (filter, part->field);
}

char *
oba_filter_text_line (const ObaCustomerFilter *filter,
                      ObaCustomerChoices      *choices)
{
  g_autoptr (GPtrArray) parts = oba_filter_text_list (filter, choices);
  const char *text = oba_customer_filter_get_text (filter);
  GString *line = g_string_new (NULL);

  if (*text != '\0')
    g_string_append_printf (line, _("“%s”"), text);
  for (guint i = 0; i < parts->len; i++)
    g_string_append_printf (line, "%s%s", line->len > 0 ? ", " : "", ((ObaFilterPart *) parts->pdata[i])->text);
  if (line->len == 0)
    g_string_append (line, _("Everybody"));
  return g_string_free (line, FALSE);
}
