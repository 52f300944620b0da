#include "oba-reward-caption.h"

#include "oba-reward-markup.h"

ObaLanguage
oba_reward_caption_language (const ObaReward *reward, ObaLanguage language)
{
  return *reward->names[language] != '\0' ? language : OBA_LANGUAGE_AZ;
}

static char *
say_day (ObaCatalogue *catalogue, guint32 julian)
{
  GDate day;

  g_date_clear (&day, 1);
  if (julian != 0)
    g_date_set_julian (&day, julian);
  return julian != 0 ? oba_catalogue_day (catalogue, &day) : NULL;
}

/* The lines under the description. */
static char *
make_foot (const ObaReward *reward, ObaLanguage language)
{
  g_autoptr (ObaCatalogue) catalogue = oba_catalogue_new ("rewards", language);
  g_autofree char *points = oba_catalogue_number (catalogue, reward->cost);
  g_autofree char *from = say_day (catalogue, reward->valid_from);
  g_autofree char *to = say_day (catalogue, reward->valid_to);
  GString *out = g_string_new ("🎁 <b>");

  g_string_append_printf (out, oba_catalogue_get_plural (catalogue, "%s point", "%s points", reward->cost), points);
  g_string_append (out, "</b>");
  if (from != NULL || to != NULL)
    g_string_append_c (out, '\n');
  if (from != NULL)
    g_string_append_printf (out, oba_catalogue_get (catalogue, "From %s on"), from);
  if (from != NULL && to != NULL)
    g_string_append (out, " · ");
  if (to != NULL)
    g_string_append_printf (out, oba_catalogue_get (catalogue, "Until %s"), to);
  return g_string_free (out, FALSE);
}

/* The beginning of a text, so long for Telegram, with an ellipsis. */
static char *
cut (const char *text, gsize units)
{
  const char *p = text;
  gsize n = 1;

  while (*p != '\0' && n + (g_utf8_get_char (p) > 0xffff ? 2 : 1) <= units)
    {
      n += g_utf8_get_char (p) > 0xffff ? 2 : 1;
      p = g_utf8_next_char (p);
    }
  return units == 0 ? g_strdup ("") : g_strdup_printf ("%.*s…", (int) (p - text), text);
}

char *
oba_reward_caption (const ObaReward *reward, ObaLanguage language, gsize *units)
{
  ObaLanguage shown = oba_reward_caption_language (reward, language);
  g_autofree char *name = g_markup_escape_text (reward->names[shown], -1);
  g_autofree char *foot = make_foot (reward, shown);
  g_autofree char *description = g_strdup (reward->descriptions[shown]);
  g_autofree char *plain = NULL;
  gssize middle = oba_reward_markup_parse (description, NULL, &plain, NULL);
  gsize rest = oba_reward_markup_units (reward->names[shown]) + (gsize) MAX (oba_reward_markup_parse (foot, NULL, NULL, NULL), 0) + (*description != '\0' ? 4 : 2);

  if (middle < 0)
    {
      plain = g_utf8_make_valid (description, -1);
      middle = (gssize) oba_reward_markup_units (plain);
      g_free (description);
      description = g_markup_escape_text (plain, -1);
    }
  if (units != NULL)
    *units = rest + (gsize) middle;
  if (rest + (gsize) middle > OBA_REWARD_CAPTION_UNITS)
    {
      g_autofree char *begin = cut (plain, rest < OBA_REWARD_CAPTION_UNITS ? OBA_REWARD_CAPTION_UNITS - rest : 0);

      g_free (description);
      description = g_markup_escape_text (begin, -1);
    }
  return *description != '\0' ? g_strdup_printf ("<b>%s</b>\n\n%s\n\n%s", name, description, foot) : g_strdup_printf ("<b>%s</b>\n\n%s", name, foot);
}
