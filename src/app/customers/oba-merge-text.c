#include "oba-merge-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "base/oba-phone.h"
#include "oba-customer-text.h"

#define MAX_LOTS 8
#define MAX_NAME 60

/* ---- persons */

const char *
oba_merge_text_field (const char *field)
{
  static const struct
  {
    const char *field;
    const char *text;
  } texts[] = {
    { "family_name", N_("Family name") }, { "given_name", N_("Given name") },    { "patronymic", N_("Patronymic") }, { "phone", N_("Phone") },
    { "birth_date", N_("Birth date") },   { "email", N_("E-mail") },             { "city", N_("City") },             { "language", N_("Language") },
    { "notes", N_("Notes") },             { "preferred_store_id", N_("Store") }, { "telegram", N_("Telegram") },     { "cards", N_("Cards") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i].field, field))
      return _(texts[i].text);
  return field;
}

char *
oba_merge_text_value (const ObaMergePerson *person, const char *field)
{
  if (g_str_equal (field, "phone") && *person->phone != '\0')
    return oba_phone_format (person->phone);
  if (g_str_equal (field, "birth_date"))
    return person->birth_date != NULL ? oba_customer_text_date (person->birth_date) : g_strdup ("");
  if (g_str_equal (field, "language"))
    return g_strdup (oba_customer_text_language (person->language));
  if (g_str_equal (field, "telegram"))
    return g_strdup (person->telegram);
  if (g_str_equal (field, "cards"))
    return g_strdup (person->cards);
  return oba_merge_person_get (person, field);
}

char *
oba_merge_text_name (const ObaMergePerson *person)
{
  g_autofree char *name = oba_merge_person_name (person);

  return oba_customer_text_name (name, oba_customer_status_parse (person->status));
}

char *
oba_merge_text_numbered (const ObaMergePerson *person)
{
  g_autofree char *name = oba_merge_text_name (person);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, person->id);

  /* Translators: the name of a customer, and the customer's number. */
  return g_strdup_printf (_("%s (No. %s)"), name, number);
}

/* ---- pairs */

static const char *
reason_text (const char *reason)
{
  static const struct
  {
    const char *reason;
    const char *text;
  } texts[] = {
    { "name_birth", N_("same name and birth date") },
    { "similar_name_birth", N_("similar name, same birth date") },
    { "phone", N_("phone numbers differ by one slip") },
    { "email", N_("same e-mail address") },
    { "telegram", N_("same Telegram name") },
    { "name", N_("same name") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i].reason, reason))
      return _(texts[i].text);
  return reason;
}

char *
oba_merge_text_reasons (const ObaDuplicatePair *pair)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; pair->reasons[i] != NULL; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " · " : "", reason_text (pair->reasons[i]));
  return g_string_free (text, FALSE);
}

/* ---- figures */

/* What expires on one day is one line, whatever it was earned with. */
static GArray *
lots_by_day (const GArray *lots)
{
  GArray *days = g_array_new (FALSE, FALSE, sizeof (ObaMergeLot));

  for (guint i = 0; i < lots->len; i++)
    {
      const ObaMergeLot *lot = &g_array_index (lots, ObaMergeLot, i);
      ObaMergeLot *last = days->len > 0 ? &g_array_index (days, ObaMergeLot, days->len - 1) : NULL;

      if (last != NULL && g_date_compare (&last->expires_on, &lot->expires_on) == 0)
        last->points += lot->points;
      else
        g_array_append_vals (days, lot, 1);
    }
  return days;
}

char *
oba_merge_text_lots (const GArray *lots)
{
  g_autoptr (GArray) days = lots_by_day (lots);
  GString *text = g_string_new (NULL);
  gint64 more = 0;

  for (guint i = 0; i < days->len; i++)
    {
      const ObaMergeLot *lot = &g_array_index (days, ObaMergeLot, i);
      g_autofree char *points = oba_customer_text_points (lot->points);
      g_autofree char *day = oba_customer_text_date (&lot->expires_on);

      if (i >= MAX_LOTS && days->len > MAX_LOTS + 1)
        {
          more += lot->points;
          continue;
        }
      /* Translators: an amount of points, and the last day on which they can be spent. */
      g_string_append_printf (text, _("%s until %s"), points, day);
      if (i + 1 < days->len)
        g_string_append_c (text, '\n');
    }
  if (more > 0)
    {
      g_autofree char *points = oba_customer_text_points (more);

      /* Translators: an amount of points. */
      g_string_append_printf (text, _("%s later"), points);
    }
  return g_string_free (text, FALSE);
}

char *
oba_merge_text_consents (GHashTable *consents, GHashTable *others)
{
  static const char *const channels[] = { "sms", "phone", "email", "telegram", "profiling" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      gpointer granted;
      gboolean known = g_hash_table_lookup_extended (consents, channels[i], NULL, &granted);

      if (!known && !g_hash_table_contains (others, channels[i]))
        continue;
      if (text->len > 0)
        g_string_append_c (text, '\n');
      /* Translators: a way of contact, and whether the customer agreed to it. */
      g_string_append_printf (text, _("%s: %s"), oba_customer_text_channel (channels[i]),
                              !known ? _("never asked") : GPOINTER_TO_INT (granted) ? _("yes") : _("no"));
    }
  return g_string_free (text, FALSE);
}

char *
oba_merge_text_fields (const ObaMergePreview *preview, const char *choice)
{
  GString *text = g_string_new (NULL);

  for (const char *const *field = oba_merge_field_names (); *field != NULL; field++)
    {
      const char *chosen = g_hash_table_lookup (preview->fields, *field);

      if (chosen == NULL || (choice != NULL && !g_str_equal (chosen, choice)))
        continue;
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", oba_merge_text_field (*field));
    }
  return g_string_free (text, FALSE);
}

char *
oba_merge_text_taken (const ObaMergePerson *source, const ObaMergePerson *survivor, const char *field, const char *choice)
{
  g_autofree char *theirs = oba_merge_text_value (source, field);
  g_autofree char *own = oba_merge_text_value (survivor, field);
  const char *name = oba_merge_text_field (field);

  if (g_str_equal (choice, "both"))
    /* Translators: the name of a field. */
    return g_strdup_printf (_("%s: both, one after the other"), name);
  if (*own == '\0')
    /* Translators: the name of a field, and what it gets. */
    return g_strdup_printf (_("%s: %s comes along"), name, theirs);
  /* Translators: the name of a field, what it gets, what it has now. */
  return g_strdup_printf (_("%s: %s instead of %s"), name, *theirs != '\0' ? theirs : _("nothing"), own);
}

char *
oba_merge_text_history (const ObaMergeEntry *entry)
{
  g_autofree char *moment = oba_customer_text_moment (entry->merged_at);
  g_autofree char *points = oba_customer_text_points (entry->points);
  GString *text = g_string_new (NULL);

  /* Translators: a moment, and how many points went over. */
  g_string_append_printf (text, _("%s, %s moved"), moment, points);
  if (*entry->requested_by != '\0')
    {
      g_string_append (text, " · ");
      /* Translators: names of two colleagues. */
      g_string_append_printf (text, _("asked by %s, approved by %s"), entry->requested_by, entry->approved_by);
    }
  if (entry->undone_at != NULL)
    {
      g_autofree char *undone = oba_customer_text_moment (entry->undone_at);

      g_string_append (text, " · ");
      g_string_append_printf (text, _("taken back %s"), undone);
    }
  return g_string_free (text, FALSE);
}
