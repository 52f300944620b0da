#include "oba-reward-text.h"

#include <stdio.h>
#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "base/oba-money.h"

#define DAY_MINUTES 1440

typedef struct
{
  const char *word;
  const char *text;
} Word;

static const Word kinds[] = { { "voucher", N_("Voucher") }, { "discount", N_("Discount") }, { "gift", N_("Gift") }, { "service", N_("Service") } };
static const Word states[] = { { "draft", N_("Draft") }, { "live", N_("Live") }, { "retired", N_("Retired") } };
static const Word fields[] = {
  { "code", N_("Code") }, { "kind", N_("Kind") }, { "state", N_("State") }, { "name_az", N_("Name in Azerbaijani") }, { "name_ru", N_("Name in Russian") },
  { "name_en", N_("Name in English") }, { "description_az", N_("Description in Azerbaijani") }, { "description_ru", N_("Description in Russian") },
  { "description_en", N_("Description in English") }, { "cost", N_("Cost in points") }, { "value", N_("Value in ₼") }, { "stock_by_store", N_("Each store has its own stock") },
  { "needs_approval", N_("A supervisor approves each redemption") }, { "min_tier", N_("From which tier on") }, { "segment_id", N_("Only for a segment") },
  { "per_customer", N_("Pieces a customer, ever") }, { "per_day", N_("Pieces a customer, a day") }, { "per_month", N_("Pieces a customer, a month") },
  { "weekdays", N_("Weekdays") }, { "from_minute", N_("Hours: from") }, { "to_minute", N_("Hours: to") }, { "valid_from", N_("First day") }, { "valid_to", N_("Last day") },
  { "voucher_days", N_("Days to fetch it") },
};

static const char *
find (const Word *words, guint n, const char *word)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (words[i].word, word) == 0)
      return _(words[i].text);
  return word;
}

const char *
oba_reward_text_kind (const char *kind)
{
  return find (kinds, G_N_ELEMENTS (kinds), kind);
}

const char *
oba_reward_text_state (const char *state)
{
  return find (states, G_N_ELEMENTS (states), state);
}

const char *
oba_reward_text_field (guint field)
{
  return find (fields, G_N_ELEMENTS (fields), oba_reward_field_name (field));
}

ObaLanguage
oba_reward_text_language (void)
{
  const char *name = g_get_language_names ()[0];

  return g_str_has_prefix (name, "az") ? OBA_LANGUAGE_AZ : g_str_has_prefix (name, "ru") ? OBA_LANGUAGE_RU : OBA_LANGUAGE_EN;
}

char *
oba_reward_text_name (const ObaReward *reward)
{
  const char *name = reward->names[oba_reward_text_language ()];

  return g_strdup (*name != '\0' ? name : *reward->names[OBA_LANGUAGE_AZ] != '\0' ? reward->names[OBA_LANGUAGE_AZ] : reward->code);
}

char *
oba_reward_text_stock (const ObaReward *reward)
{
  g_autofree char *stock = oba_number_format (reward->stock);
  g_autofree char *places = oba_number_format (reward->places);

  if (reward->stock < 0)
    return g_strdup (_("Unlimited"));
  if (!reward->stock_by_store)
    return g_steal_pointer (&stock);
  /* Translators: a number of pieces, and in how many stores they are. */
  return g_strdup_printf (ngettext ("%s in %s store", "%s in %s stores", (gulong) reward->places), stock, places);
}

static char *
day_text (guint32 julian)
{
  GDate day;

  g_date_clear (&day, 1);
  if (julian != 0)
    g_date_set_julian (&day, julian);
  return oba_day_format (&day);
}

char *
oba_reward_text_validity (const ObaReward *reward)
{
  g_autofree char *from = day_text (reward->valid_from);
  g_autofree char *to = day_text (reward->valid_to);

  if (reward->valid_from != 0 && reward->valid_to != 0)
    return g_strdup_printf ("%s – %s", from, to);
  if (reward->valid_from != 0)
    return g_strdup_printf (_("from %s on"), from);
  return reward->valid_to != 0 ? g_strdup_printf (_("until %s"), to) : g_strdup (_("always"));
}

char *
oba_reward_text_minute (gint64 minute)
{
  return minute < 0 ? g_strdup ("") : g_strdup_printf ("%02d:%02d", (int) (minute / 60), (int) (minute % 60));
}

gboolean
oba_reward_text_parse_minute (const char *text, gint64 *minute)
{
  g_autofree char *clean = g_strstrip (g_strdup (text));
  int hour = 0, rest = 0, end = 0;

  *minute = -1;
  if (*clean == '\0')
    return TRUE;
  if (sscanf (clean, "%2d:%2d%n", &hour, &rest, &end) < 2 || clean[end] != '\0')
    {
      rest = 0;
      if (sscanf (clean, "%2d%n", &hour, &end) < 1 || clean[end] != '\0')
        return FALSE;
    }
  if (hour < 0 || rest < 0 || rest > 59 || hour * 60 + rest > DAY_MINUTES)
    return FALSE;
  *minute = hour * 60 + rest;
  return TRUE;
}

static void
append_days (GString *text, guint bits)
{
  for (guint day = 0; day < 7; day++)
    if (bits & (1u << day))
      {
        /* 1 January 2024 is a Monday. */
        g_autoptr (GDateTime) moment = g_date_time_new_utc (2024, 1, (int) day + 1, 12, 0, 0);
        g_autofree char *name = g_date_time_format (moment, "%a");

        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
      }
}

char *
oba_reward_text_schedule (const ObaReward *reward)
{
  GString *text = g_string_new (NULL);

  append_days (text, reward->weekdays);
  if (reward->from_minute >= 0)
    {
      g_autofree char *from = oba_reward_text_minute (reward->from_minute);
      g_autofree char *to = oba_reward_text_minute (reward->to_minute);

      g_string_append_printf (text, "%s%s–%s", text->len > 0 ? " " : "", from, to);
    }
  return g_string_free (text, FALSE);
}

static char *
number_text (JsonNode *value, const char *name)
{
  gint64 number = json_node_get_int (value);

  if (g_str_equal (name, "value"))
    return oba_money_format (number);
  return g_str_has_suffix (name, "_minute") ? oba_reward_text_minute (number) : oba_number_format (number);
}

char *
oba_reward_text_value (const ObaReward *reward, guint field)
{
  const char *name = oba_reward_field_name (field);
  g_autoptr (JsonNode) node = oba_reward_to_json (reward);
  JsonNode *value = json_object_get_member (json_node_get_object (node), name);

  if (g_str_equal (name, "weekdays"))
    {
      GString *days = g_string_new (NULL);

      append_days (days, reward->weekdays);
      return g_string_free (days, FALSE);
    }
  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return g_strdup ("–");
  if (g_str_equal (name, "kind") || g_str_equal (name, "state"))
    return g_strdup (*name == 'k' ? oba_reward_text_kind (reward->kind) : oba_reward_text_state (reward->state));
  if (json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (value) ? _("yes") : _("no"));
  return json_node_get_value_type (value) == G_TYPE_INT64 ? number_text (value, name) : g_strdup (json_node_get_string (value));
}
