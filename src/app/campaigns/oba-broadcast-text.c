#include "oba-broadcast-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-customer-text.h"

char *
oba_broadcast_text_moment (JsonObject *object, const char *member)
{
  g_autoptr (GDateTime) at = oba_customer_json_member_time (object, member);

  return oba_customer_text_moment (at);
}

char *
oba_broadcast_text_number (JsonObject *object, const char *member)
{
  return oba_number_format (oba_customer_json_member_int (object, member, 0));
}

char *
oba_broadcast_text_duration (gint64 seconds)
{
  gint64 minutes = MAX ((seconds + 59) / 60, 1);
  g_autofree char *number = oba_number_format (minutes / 60);

  if (minutes < 60)
    return g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) minutes), (int) minutes);
  if (minutes % 60 == 0)
    return g_strdup_printf (ngettext ("%s hour", "%s hours", (gulong) (minutes / 60)), number);
  /* Translators: hours, minutes. */
  return g_strdup_printf (_("%s h %d min"), number, (int) (minutes % 60));
}

const char *
oba_broadcast_text_in (JsonObject *broadcast, ObaLanguage language, gboolean *own)
{
  static const char *const members[OBA_N_LANGUAGES] = { [OBA_LANGUAGE_AZ] = "text_az", [OBA_LANGUAGE_RU] = "text_ru", [OBA_LANGUAGE_EN] = "text_en" };
  const char *text = json_object_get_string_member_with_default (broadcast, members[language], "");

  if (own != NULL)
    *own = *text != '\0';
  return *text != '\0' ? text : json_object_get_string_member_with_default (broadcast, members[OBA_LANGUAGE_AZ], "");
}

const char *
oba_broadcast_text_outcome (const char *state)
{
  if (g_str_equal (state, "blocked"))
    return _("Stopped the bot");
  if (g_str_equal (state, "unknown"))
    return _("Nobody knows whether it arrived");
  return g_str_equal (state, "skipped") ? _("Left out") : _("Not delivered");
}

const char *
oba_broadcast_text_why (const char *why)
{
  static const char *const sentences[] = {
    N_("The customer had as many messages as the house allows."), N_("The customer does not want messages of this kind."), N_("This chat is not the customer's any more."),
    N_("The customer has stopped the bot."), N_("The broadcast was cancelled."), N_("The helper stopped between sending and noting it."),
  };

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_str_equal (sentences[i], why))
      return _(sentences[i]);
  return why;
}

static void
append_left_out (GString *text, JsonObject *preview, const char *member, const char *format)
{
  g_autofree char *number = oba_broadcast_text_number (preview, member);
  g_auto (GStrv) parts = g_strsplit (format, "%s", 2);

  if (oba_customer_json_member_int (preview, member, 0) == 0)
    return;
  g_string_append_printf (text, "\n%s%s%s", parts[0], number, parts[1] != NULL ? parts[1] : "");
}

char *
oba_broadcast_text_reach (JsonObject *preview)
{
  gint64 n = oba_customer_json_member_int (preview, "recipients", 0);
  g_autofree char *recipients = oba_number_format (n), *customers = oba_broadcast_text_number (preview, "customers");
  GString *text = g_string_new (NULL);

  /* Translators: how many get a message, of how many whom the conditions fit. */
  g_string_append_printf (text, ngettext ("%s of %s customers gets it", "%s of %s customers get it", (gulong) n), recipients, customers);
  append_left_out (text, preview, "no_chat", _("%s are not linked to the bot"));
  append_left_out (text, preview, "no_consent", _("%s have not agreed to messages in Telegram"));
  append_left_out (text, preview, "opted_out", _("%s want no campaigns"));
  append_left_out (text, preview, "stopped", _("%s have stopped the bot"));
  append_left_out (text, preview, "inactive", _("%s are blocked or erased"));
  return g_string_free (text, FALSE);
}

char *
oba_broadcast_text_when (JsonObject *preview)
{
  g_autofree char *begins = oba_broadcast_text_moment (preview, "begins_at"), *done = oba_broadcast_text_moment (preview, "done_at");
  g_autofree char *takes = oba_broadcast_text_duration (oba_customer_json_member_int (preview, "seconds", 0));

  if (oba_customer_json_member_int (preview, "recipients", 0) == 0)
    return g_strdup ("");
  if (*done == '\0')
    return g_strdup (_("At the pace that is set it would not be done within a year."));
  /* Translators: how long it takes, when it begins, when it will be done. */
  return g_strdup_printf (_("It takes %s: from %s, done about %s."), takes, begins, done);
}

char *
oba_broadcast_text_rules (JsonObject *preview)
{
  const char *from = json_object_get_string_member_with_default (preview, "quiet_from", ""), *until = json_object_get_string_member_with_default (preview, "quiet_until", "");
  gint64 day = oba_customer_json_member_int (preview, "day_cap", 0), week = oba_customer_json_member_int (preview, "week_cap", 0);
  GString *text = g_string_new (NULL);

  if (*from != '\0')
    /* Translators: two times of day. */
    g_string_append_printf (text, _("Nothing is sent from %s to %s."), from, until);
  if (day > 0 || week > 0)
    {
      g_autofree char *a_day = day > 0 ? oba_number_format (day) : g_strdup ("∞"), *a_week = week > 0 ? oba_number_format (week) : g_strdup ("∞");

      g_string_append (text, text->len > 0 ? " " : "");
      /* Translators: numbers of messages. */
      g_string_append_printf (text, _("Whoever had %s messages of the house that day, or %s in seven days, is left out."), a_day, a_week);
    }
  return g_string_free (text, FALSE);
}
