#include "oba-bot-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"

static const struct
{
  const char *code;
  const char *text;
} kinds[] = {
  { "receipt", N_("Receipt") },       { "return", N_("Return") },
  { "tier", N_("Tier") },             { "redemption", N_("Redemption") },
  { "expiry", N_("Points expire") },  { "birthday", N_("Birthday") },
  { "campaign", N_("Broadcast") },    { "reply", N_("Answer") },
  { "spend-code", N_("Spend code") }, { "receipt-copy", N_("Copy of a receipt") },
  { "voucher", N_("Voucher") },       { "correction-note", N_("Correction note") },
  { "card", N_("Card") },             { "claim", N_("Receipt that was looked at") },
  { "moved", N_("Linked to another chat") },
};

const char *
oba_bot_text_kind (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].code, kind))
      return _(kinds[i].text);
  return kind;
}

const char *
oba_bot_text_state (const char *state)
{
  return g_str_equal (state, "unknown") ? _("Nobody knows whether it arrived") : _("Not delivered");
}

const char *
oba_bot_text_broadcast (const char *state)
{
  if (g_str_equal (state, "draft"))
    return _("Not started");
  if (g_str_equal (state, "running"))
    return _("Running");
  if (g_str_equal (state, "paused"))
    return _("Paused");
  return g_str_equal (state, "done") ? _("Done") : _("Cancelled");
}

static gboolean
has (JsonObject *object, const char *member)
{
  return json_object_has_member (object, member) && !json_object_get_null_member (object, member);
}

char *
oba_bot_text_moment (JsonObject *object, const char *member)
{
  g_autoptr (GDateTime) at = has (object, member) ? g_date_time_new_from_iso8601 (json_object_get_string_member (object, member), NULL) : NULL;

  return oba_customer_text_moment (at);
}

static JsonObject *
queue_of (JsonObject *board)
{
  return json_object_get_object_member (board, "queue");
}

static gint64
count (JsonObject *board, const char *member)
{
  return json_object_get_int_member (queue_of (board), member);
}

/* "5 s", "12 min", "3 h" */
static char *
age_text (double seconds)
{
  if (seconds < 60)
    return g_strdup_printf (_("%d s"), (int) seconds);
  if (seconds < 3600)
    return g_strdup_printf (_("%d min"), (int) (seconds / 60));
  return g_strdup_printf (_("%d h"), (int) (seconds / 3600));
}

char *
oba_bot_text_way (JsonObject *board)
{
  JsonObject *report = has (board, "report") ? json_object_get_object_member (board, "report") : NULL;
  g_autofree char *at = report != NULL ? oba_bot_text_moment (report, "at") : NULL;
  const char *url;

  if (report == NULL)
    return g_strdup (_("No helper with a bot has run here yet."));
  if (g_str_equal (json_object_get_string_member (report, "transport"), "polling"))
    return g_strdup_printf (_("The helper fetches them (polling) · %s"), at);
  url = json_object_get_string_member_with_default (json_object_get_object_member (report, "webhook"), "url", "");
  /* Translators: an address, a moment. */
  return *url == '\0' ? g_strdup_printf (_("Webhook, not set · %s"), at) : g_strdup_printf (_("Webhook %s · %s"), url, at);
}

char *
oba_bot_text_trouble (JsonObject *board)
{
  JsonObject *report = has (board, "report") ? json_object_get_object_member (board, "report") : NULL;
  JsonObject *webhook = report != NULL ? json_object_get_object_member (report, "webhook") : NULL;
  gboolean polling = report != NULL && g_str_equal (json_object_get_string_member (report, "transport"), "polling");

  if (has (board, "stopped_until"))
    {
      g_autofree char *until = oba_bot_text_moment (board, "stopped_until");

      return g_strdup_printf (_("Telegram wants no messages until %s."), until);
    }
  if (report != NULL && has (report, "problem"))
    return g_strdup_printf (_("Telegram could not be asked: %s"), json_object_get_string_member (report, "problem"));
  if (polling && has (json_object_get_object_member (board, "polling"), "error"))
    return g_strdup_printf (_("The last try to fetch updates failed: %s"), json_object_get_string_member (json_object_get_object_member (board, "polling"), "error"));
  if (webhook != NULL && !polling && *json_object_get_string_member_with_default (webhook, "url", "") == '\0')
    return g_strdup (_("Telegram knows no address: an administrator of the server sets it with “oba-helper webhook set”."));
  if (webhook != NULL && !polling && has (webhook, "last_error_message") && has (webhook, "last_error_date"))
    {
      g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (json_object_get_int_member (webhook, "last_error_date"));
      g_autofree char *moment = oba_customer_text_moment (at);

      /* Translators: what Telegram says of the last failure, a moment. */
      return g_strdup_printf (_("Telegram’s last failure to reach us: %s (%s)"), json_object_get_string_member (webhook, "last_error_message"), moment);
    }
  return NULL;
}

char *
oba_bot_text_updates (JsonObject *board)
{
  gint64 open = count (board, "updates_new") + count (board, "updates_working"), poison = count (board, "updates_poison");
  g_autofree char *waiting = oba_number_format (open), *aside = oba_number_format (poison);
  g_autofree char *age = age_text (json_object_get_double_member (queue_of (board), "updates_age"));

  /* Translators: numbers, and how old the oldest is, as “5 s”. */
  return open > 0 ? g_strdup_printf (_("%s waiting, the oldest for %s · %s set aside"), waiting, age, aside) : g_strdup_printf (_("None waiting · %s set aside"), aside);
}

char *
oba_bot_text_waiting (JsonObject *board)
{
  gint64 open = count (board, "outbox_queued") + count (board, "outbox_sending"), more = count (board, "broadcasts_waiting");
  g_autofree char *waiting = oba_number_format (open), *later = oba_number_format (more);
  g_autofree char *age = age_text (json_object_get_double_member (queue_of (board), "outbox_age"));

  if (open + more == 0)
    return g_strdup (_("None waiting"));
  /* Translators: numbers, and how old the oldest is, as “5 s”. */
  return g_strdup_printf (_("%s waiting, the oldest due for %s · %s of broadcasts to come"), waiting, age, later);
}

char *
oba_bot_text_pace (JsonObject *board)
{
  g_autofree char *now = g_strdup_printf ("%.1f", json_object_get_double_member (queue_of (board), "pace"));
  gint64 most = json_object_get_int_member (json_object_get_object_member (board, "settings"), "per_second");

  /* Translators: a number such as 12.4, a whole number. */
  return g_strdup_printf (_("%s a second in the last minute, at most %d"), now, (int) most);
}

char *
oba_bot_text_errors (JsonObject *board)
{
  g_autofree char *day = oba_number_format (count (board, "errors_day")), *failed = oba_number_format (count (board, "outbox_failed"));
  g_autofree char *unknown = oba_number_format (count (board, "outbox_unknown")), *blocked = oba_number_format (count (board, "outbox_blocked"));

  return g_strdup_printf (_("%s since yesterday · in all %s not delivered, %s unknown, %s to customers who stopped the bot"), day, failed, unknown, blocked);
}

static void
append_count (GString *text, JsonObject *broadcast, const char *member, const char *format)
{
  gint64 n = json_object_get_int_member (broadcast, member);
  g_autofree char *number = oba_number_format (n);
  g_auto (GStrv) parts = g_strsplit (format, "%s", 2);

  if (n > 0)
    g_string_append_printf (text, " · %s%s%s", parts[0], number, parts[1] != NULL ? parts[1] : "");
}

char *
oba_bot_text_progress (JsonObject *broadcast)
{
  const char *state = json_object_get_string_member (broadcast, "state");
  g_autofree char *sent = oba_number_format (json_object_get_int_member (broadcast, "sent")), *total = oba_number_format (json_object_get_int_member (broadcast, "total"));
  g_autofree char *done = oba_bot_text_moment (broadcast, "done_at");
  GString *text = g_string_new (oba_bot_text_broadcast (state));

  if (g_str_equal (state, "draft"))
    return g_string_free (text, FALSE);
  g_string_append (text, " · ");
  /* Translators: numbers of messages. */
  g_string_append_printf (text, _("%s of %s sent"), sent, total);
  append_count (text, broadcast, "undelivered", _("%s not delivered"));
  append_count (text, broadcast, "skipped", _("%s left out"));
  if (*done != '\0')
    {
      g_string_append (text, " · ");
      if (g_str_equal (state, "running"))
        g_string_append_printf (text, _("done about %s"), done);
      else
        g_string_append (text, done);
    }
  return g_string_free (text, FALSE);
}
