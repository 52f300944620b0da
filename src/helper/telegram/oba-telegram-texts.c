#include "oba-telegram-texts.h"

#include "oba-telegram-html.h"
#include "oba-telegram-menu.h"

#define PROGRESS_STEPS 10

#define T(text) oba_catalogue_get (catalogue, text)

char *
oba_telegram_text_welcome (ObaCatalogue *catalogue, const char *given_name)
{
  g_autofree char *name = oba_telegram_html_escape (given_name);
  g_autofree char *menu = oba_telegram_menu_text (catalogue);
  g_autofree char *hello = *name != '\0' ? g_strdup_printf (T ("Hello, %s!"), name) : g_strdup (T ("Hello!"));

  return g_strdup_printf ("%s\n\n%s\n\n%s", hello, T ("Your OBA card is linked to this chat."), menu);
}

char *
oba_telegram_text_help (ObaCatalogue *catalogue, const char *support)
{
  g_autofree char *menu = oba_telegram_menu_text (catalogue);
  g_autofree char *contact = g_markup_escape_text (support, -1);
  g_autofree char *whom = *contact != '\0' ? g_strdup_printf (T ("With questions, please write or call: %s"), contact)
                                           : g_strdup (T ("With questions, please ask the staff of your OBA store."));

  return g_strdup_printf ("<b>%s</b>\n\n%s\n%s", T ("What I can do"), menu, whom);
}

static void
append_progress (GString *out, ObaCatalogue *catalogue, const ObaTelegramProfile *profile)
{
  gint64 width = profile->next_from - profile->tier_from;
  gint64 left = MAX (profile->next_from - profile->spent, 0);
  gint64 done = CLAMP (profile->spent - profile->tier_from, 0, width);
  g_autofree char *amount = profile->by_points ? oba_catalogue_number (catalogue, left) : oba_catalogue_money (catalogue, left);
  g_autofree char *tier = oba_telegram_html_escape (profile->next_tier);

  for (gint64 step = 1; step <= PROGRESS_STEPS; step++)
    g_string_append (out, done * PROGRESS_STEPS >= step * width ? "▰" : "▱");
  g_string_append_c (out, '\n');
  if (profile->by_points)
    /* Translators: first the points still to be collected, then the name of the next level. */
    g_string_append_printf (out, oba_catalogue_get_plural (catalogue, "%s point to go to the level “%s”", "%s points to go to the level “%s”", left), amount, tier);
  else
    /* Translators: first the amount still to be spent, then the name of the next level. */
    g_string_append_printf (out, T ("%s to go to the level “%s”"), amount, tier);
  g_string_append_c (out, '\n');
}

static void
append_expiry (GString *out, ObaCatalogue *catalogue, const ObaTelegramProfile *profile)
{
  g_autofree char *day = oba_catalogue_day (catalogue, profile->expires_on);
  g_autofree char *number = oba_catalogue_number (catalogue, profile->expiring);

  /* Translators: the number of points, then the last day on which they can be used. */
  g_string_append_printf (out,
                          oba_catalogue_get_plural (catalogue, "%s point can be used until %s",
                                                    "%s points can be used until %s", profile->expiring),
                          number, day);
  g_string_append_c (out, '\n');
}

char *
oba_telegram_text_profile (ObaCatalogue *catalogue, const ObaTelegramProfile *profile)
{
  g_autofree char *given = oba_telegram_html_escape (profile->given_name);
  g_autofree char *family = oba_telegram_html_escape (profile->family_name);
  g_autofree char *tier = oba_telegram_html_escape (profile->tier);
  g_autofree char *points = oba_catalogue_number (catalogue, profile->points);
  g_autofree char *name = g_strstrip (g_strdup_printf ("%s %s", given, family)), *number = NULL;
  GString *out = g_string_new (NULL);

  if (*name != '\0')
    g_string_append_printf (out, "<b>%s</b>\n\n", name);
  g_string_append_printf (out, "%s <b>%s</b>\n", T ("Level:"), tier);
  if (profile->next_tier != NULL)
    append_progress (out, catalogue, profile);
  g_string_append_c (out, '\n');
  g_string_append_printf (out, "%s <b>%s</b>\n", T ("Points:"), points);
  if (profile->expires_on != NULL)
    append_expiry (out, catalogue, profile);
  /* What staff ask for; digits alone, as it is typed. */
  number = g_strdup_printf ("%" G_GINT64_FORMAT, profile->number);
  g_string_append_c (out, '\n');
  g_string_append_printf (out, T ("Customer number: %s"), number);
  return g_string_free (out, FALSE);
}

char *
oba_telegram_text_blocked (ObaCatalogue *catalogue)
{
  return g_strdup (
      T ("Your OBA card is blocked at the moment. Please ask the staff of your OBA store; your points are kept."));
}

char *
oba_telegram_text_group (ObaCatalogue *catalogue)
{
  return g_strdup (T ("I show points only in a private chat. Please write to me there."));
}

char *
oba_telegram_text_not_understood (ObaCatalogue *catalogue, const char *command)
{
  return command != NULL ? g_strdup_printf (T ("Perhaps you want %s? /help shows what else I can do."), command)
                         : g_strdup (T ("I did not understand this. /help shows what I can do."));
}
