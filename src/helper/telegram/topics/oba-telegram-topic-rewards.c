#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"
#include "oba-telegram-topics.h"
#include "rewards/oba-reward-markup.h"
#include "rewards/oba-reward.h"
#include "telegram/oba-telegram-html.h"
#include "telegram/oba-telegram-picture.h"

#define PAGE 5

/* What a press of a button is about, kept with the talk. */
typedef struct
{
  gint64 page;
  gint64 reward;
  gint64 store;    /* 0: any */
  gint64 cost;     /* that was seen, 0: none was */
  gint64 question; /* the update that asked for it: each question is answered once */
  ObaRewardOffer *offer; /* (unowned) */
  GPtrArray *offers;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_clear_pointer (&wanted->offers, g_ptr_array_unref);
  g_free (wanted);
}

static Wanted *
wanted_new (ObaTelegramTalk *talk)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  talk->topic_data = wanted;
  talk->topic_data_free = wanted_free;
  return wanted;
}

static void
edit_and_end (ObaTelegramTalk *talk, const char *html, ObaTelegramKeyboard *keyboard)
{
  oba_telegram_talk_edit (talk, html, keyboard);
  oba_telegram_talk_end (talk);
}

static void
add_button (ObaTelegramKeyboard *keyboard, const char *label, const char *what, gint64 number)
{
  g_autofree char *data = g_strdup_printf ("rewards:%s:%" G_GINT64_FORMAT, what, number);

  oba_telegram_keyboard_add (keyboard, label, data);
}

/* What is on offer. */

static char *
points_text (ObaTelegramTalk *talk, gint64 points)
{
  g_autofree char *number = oba_catalogue_number (talk->catalogue, points);

  return g_strdup_printf (oba_catalogue_get_plural (talk->catalogue, "%s point", "%s points", points), number);
}

/* Why it cannot be had now; it is said, so that nobody tries in vain. */
static char *
block_text (ObaTelegramTalk *talk, const ObaRewardOffer *offer)
{
  if (g_str_equal (offer->block, "points"))
    {
      g_autofree char *missing = points_text (talk, offer->missing);

      return g_strdup_printf (OBA_TELEGRAM_T (talk, "still missing: %s"), missing);
    }
  if (g_str_equal (offer->block, "tier"))
    {
      g_autofree char *tier = oba_telegram_html_escape (offer->tier);

      return g_strdup_printf (OBA_TELEGRAM_T (talk, "from the level “%s” on"), tier);
    }
  if (g_str_equal (offer->block, "stock"))
    return g_strdup (OBA_TELEGRAM_T (talk, "out of stock at the moment"));
  if (g_str_equal (offer->block, "limit"))
    return g_strdup (OBA_TELEGRAM_T (talk, "you have had it as often as one may"));
  if (g_str_equal (offer->block, "dates") || g_str_equal (offer->block, "schedule"))
    return g_strdup (OBA_TELEGRAM_T (talk, "not at this time"));
  if (g_str_equal (offer->block, "locked"))
    return g_strdup (OBA_TELEGRAM_T (talk, "your points are locked"));
  return g_strdup (OBA_TELEGRAM_T (talk, "not for you at the moment"));
}

static void
append_offer (GString *text, ObaTelegramTalk *talk, const ObaRewardOffer *offer, guint number)
{
  g_autofree char *name = oba_telegram_html_escape (offer->name);
  g_autofree char *cost = points_text (talk, offer->cost);

  g_string_append_printf (text, "\n\n<b>%u.</b> %s – %s", number, name, cost);
  if (*offer->block != '\0')
    {
      g_autofree char *why = block_text (talk, offer);

      g_string_append_printf (text, "\n<i>%s</i>", why);
    }
}

static void
show_list (ObaTelegramTalk *talk, Wanted *wanted, gint64 balance)
{
  g_autofree char *points = oba_catalogue_number (talk->catalogue, balance);
  guint n = wanted->offers->len, first = (guint) MIN (wanted->page * PAGE, n > 0 ? (n - 1) / PAGE * PAGE : 0);
  g_autoptr (GString) text = g_string_new (NULL);
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new ();

  g_string_append_printf (text, "🎁 <b>%s</b>\n", OBA_TELEGRAM_T (talk, "Rewards"));
  g_string_append_printf (text, oba_catalogue_get_plural (talk->catalogue, "You have %s point", "You have %s points", balance), points);
  if (n == 0)
    g_string_append_printf (text, "\n\n%s", OBA_TELEGRAM_T (talk, "There are no rewards at the moment. Keep collecting!"));
  for (guint i = first; i < MIN (first + PAGE, n); i++)
    {
      const ObaRewardOffer *offer = g_ptr_array_index (wanted->offers, i);
      g_autofree char *label = g_strdup_printf ("%u", i + 1);

      append_offer (text, talk, offer, i + 1);
      add_button (keyboard, label, "w", offer->id);
    }
  oba_telegram_keyboard_next_row (keyboard);
  if (first > 0)
    add_button (keyboard, OBA_TELEGRAM_T (talk, "◀ Back"), "p", first / PAGE - 1);
  if (first + PAGE < n)
    add_button (keyboard, OBA_TELEGRAM_T (talk, "More ▶"), "p", first / PAGE + 1);
  oba_telegram_keyboard_next_row (keyboard);
  add_button (keyboard, OBA_TELEGRAM_T (talk, "🎟 My vouchers"), "h", 0);
  edit_and_end (talk, text->str, keyboard);
}

/* What Telegram would refuse is shown as it stands. */
static void
append_description (GString *text, const char *description)
{
  g_autofree char *plain = oba_reward_markup_parse (description, NULL, NULL, NULL) < 0 ? g_markup_escape_text (description, -1) : NULL;

  g_string_append_printf (text, "%s\n\n", plain != NULL ? plain : description);
}

/* One of them, with its text as the house wrote it. */
static void
show_offer (ObaTelegramTalk *talk, Wanted *wanted)
{
  const ObaRewardOffer *offer = wanted->offer;
  g_autofree char *name = oba_telegram_html_escape (offer->name), *cost = points_text (talk, offer->cost);
  g_autoptr (GString) text = g_string_new (NULL);
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new ();

  g_string_append_printf (text, "🎁 <b>%s</b>\n\n", name);
  if (*offer->description != '\0')
    append_description (text, offer->description);
  g_string_append (text, cost);
  if (offer->valid_to != 0)
    {
      g_autoptr (GDate) until = g_date_new_julian (offer->valid_to);
      g_autofree char *day = oba_catalogue_day (talk->catalogue, until);

      g_string_append_c (text, '\n');
      g_string_append_printf (text, OBA_TELEGRAM_T (talk, "Until %s"), day);
    }
  if (*offer->block != '\0')
    {
      g_autofree char *why = block_text (talk, offer);

      g_string_append_printf (text, "\n<i>%s</i>", why);
    }
  else
    add_button (keyboard, OBA_TELEGRAM_T (talk, "Redeem"), "c", offer->id);
  oba_telegram_keyboard_next_row (keyboard);
  add_button (keyboard, OBA_TELEGRAM_T (talk, "◀ Back"), "p", 0);
  if (!offer->has_picture)
    edit_and_end (talk, text->str, keyboard);
  else
    {
      oba_telegram_talk_show (talk, oba_telegram_picture_reward (offer->id), text->str, keyboard);
      oba_telegram_talk_end (talk);
    }
}

/* Asking whether it is meant. */

static void
ask_whether (ObaTelegramTalk *talk, Wanted *wanted)
{
  const ObaRewardOffer *offer = wanted->offer;
  g_autofree char *name = oba_telegram_html_escape (offer->name), *cost = points_text (talk, offer->cost), *yes = NULL;
  g_autofree char *bold = g_strdup_printf ("<b>%s</b>", name), *text = NULL;
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new ();

  /* Translators: the name of a reward, then a number of points. */
  text = g_strdup_printf (OBA_TELEGRAM_T (talk, "%s for %s. Shall I redeem it?"), bold, cost);
  /* The question's own number: two quick presses of this button are one answer. */
  yes = g_strdup_printf ("rewards:y:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, offer->id, wanted->store, offer->cost, talk->update->update_id);
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "✅ Yes"), yes);
  add_button (keyboard, OBA_TELEGRAM_T (talk, "✖ No"), "w", offer->id);
  edit_and_end (talk, text, keyboard);
}

static void
stores_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  Wanted *wanted = talk->topic_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  ObaTelegramKeyboard *keyboard;

  if (rows == NULL)
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  if (oba_db_result_get_n_rows (rows) == 0) /* one stock for all */
    {
      ask_whether (talk, wanted);
      return;
    }
  keyboard = oba_telegram_keyboard_new ();
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      g_autofree char *data = g_strdup_printf ("rewards:s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, wanted->reward, oba_db_result_get_int64 (rows, i, 0));

      oba_telegram_keyboard_add (keyboard, oba_db_result_get_text (rows, i, 1), data);
      oba_telegram_keyboard_next_row (keyboard);
    }
  add_button (keyboard, OBA_TELEGRAM_T (talk, "◀ Back"), "w", wanted->reward);
  edit_and_end (talk, OBA_TELEGRAM_T (talk, "In which store will you fetch it?"), keyboard);
}

static void
ask_where (ObaTelegramTalk *talk, Wanted *wanted)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ii", wanted->reward, talk->customer_id);

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/reward-stores.sql"), params, NULL, stores_read, talk);
}

/* Redeeming. */

static void
redeemed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  Wanted *wanted = talk->topic_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);
  g_autofree char *left = NULL, *now = NULL, *text = NULL;
  ObaTelegramKeyboard *keyboard;

  if (answer == NULL && !g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  if (answer == NULL) /* somebody was faster, or it changed: the list says what holds now */
    {
      oba_telegram_talk_toast (talk, oba_db_error_is_refusal (error, "OB015") ? OBA_TELEGRAM_T (talk, "You have spent as many points today as one may in a day.")
                                                                             : OBA_TELEGRAM_T (talk, "This reward cannot be had right now. Your points are all there."), TRUE);
      oba_telegram_topic_rewards.command (talk, "rewards", "");
      return;
    }
  left = points_text (talk, json_object_get_int_member (answer, "balance"));
  now = g_strdup_printf (OBA_TELEGRAM_T (talk, "Left: %s"), left);
  text = g_strdup_printf ("✅ %s\n%s", OBA_TELEGRAM_T (talk, "Done. What comes next is in the message that follows."), now);
  keyboard = oba_telegram_keyboard_new ();
  add_button (keyboard, OBA_TELEGRAM_T (talk, "🎟 My vouchers"), "h", 0);
  add_button (keyboard, OBA_TELEGRAM_T (talk, "🎁 Rewards"), "p", wanted->page);
  edit_and_end (talk, text, keyboard);
}

static void
redeem (ObaTelegramTalk *talk, Wanted *wanted)
{
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *key = g_strdup_printf ("telegram redeem %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, talk->update->chat_id, wanted->question);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "customer_id", talk->customer_id);
  json_object_set_int_member (object, "reward_id", wanted->reward);
  json_object_set_string_member (object, "through", "telegram");
  if (wanted->store != 0)
    json_object_set_int_member (object, "store_id", wanted->store);
  json_node_take_object (request, object);
  oba_db_request_async (talk->pool, "redeem_points", request, key, NULL, redeemed, talk);
}

/* What follows once the offers are read. */

static ObaRewardOffer *
find_offer (GPtrArray *offers, gint64 id)
{
  for (guint i = 0; i < offers->len; i++)
    if (((ObaRewardOffer *) g_ptr_array_index (offers, i))->id == id)
      return g_ptr_array_index (offers, i);
  return NULL;
}

static void
balance_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else
    show_list (talk, talk->topic_data, oba_db_result_get_int64 (rows, 0, 0));
}

static void
read_balance (ObaTelegramTalk *talk)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/balance.sql"), params, NULL, balance_read, talk);
}

static void
offers_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  Wanted *wanted = talk->topic_data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&wanted->offers, g_ptr_array_unref);
  wanted->offers = oba_reward_offers_finish (result, &error);
  if (wanted->offers == NULL)
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  wanted->offer = find_offer (wanted->offers, wanted->reward);
  if (wanted->offer == NULL)
    read_balance (talk);
  else if (wanted->question == 0)
    show_offer (talk, wanted);
  else if (*wanted->offer->block != '\0' && wanted->cost == 0)
    show_offer (talk, wanted);
  else if (wanted->cost == wanted->offer->cost) /* what was agreed to */
    redeem (talk, wanted);
  else if (wanted->store == 0 && wanted->cost == 0)
    ask_where (talk, wanted);
  else
    ask_whether (talk, wanted);
}

static void
read_offers (ObaTelegramTalk *talk)
{
  oba_reward_offers_async (talk->pool, talk->customer_id, oba_catalogue_get_language (talk->catalogue), 0, NULL, offers_read, talk);
}

/* What one has. */

static const char *
state_mark (const char *state)
{
  return g_str_equal (state, "approved") ? "🎟" : g_str_equal (state, "requested") ? "⏳" : g_str_equal (state, "handed_out") ? "✅" : "↩️";
}

static const char *
state_text (ObaTelegramTalk *talk, const char *state)
{
  if (g_str_equal (state, "approved"))
    return OBA_TELEGRAM_T (talk, "ready");
  if (g_str_equal (state, "requested"))
    return OBA_TELEGRAM_T (talk, "being looked at");
  if (g_str_equal (state, "handed_out"))
    return OBA_TELEGRAM_T (talk, "fetched");
  if (g_str_equal (state, "expired"))
    return OBA_TELEGRAM_T (talk, "not fetched in time, the points are back");
  return OBA_TELEGRAM_T (talk, "cancelled, the points are back");
}

static void
history_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  g_autoptr (GString) text = g_string_new (NULL);
  ObaTelegramKeyboard *keyboard;

  if (rows == NULL)
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  keyboard = oba_telegram_keyboard_new ();
  g_string_append_printf (text, "<b>%s</b>", OBA_TELEGRAM_T (talk, "My vouchers"));
  if (oba_db_result_get_n_rows (rows) == 0)
    g_string_append_printf (text, "\n\n%s", OBA_TELEGRAM_T (talk, "You have not redeemed anything yet."));
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      const char *state = oba_db_result_get_text (rows, i, 5);
      g_autofree char *name = oba_telegram_html_escape (oba_db_result_get_text (rows, i, 2));
      g_autofree char *label = g_strdup_printf ("🎟 %u", i + 1);
      g_autofree char *data = g_strdup_printf ("rewards:v:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, oba_db_result_get_int64 (rows, i, 0), oba_db_result_get_int64 (rows, i, 1));

      g_string_append_printf (text, "\n\n<b>%u.</b> %s\n%s · %s %s", i + 1, name, oba_db_result_get_text (rows, i, 7), state_mark (state), state_text (talk, state));
      if (g_str_equal (state, "approved"))
        oba_telegram_keyboard_add (keyboard, label, data);
    }
  oba_telegram_keyboard_next_row (keyboard);
  add_button (keyboard, OBA_TELEGRAM_T (talk, "🎁 Rewards"), "p", 0);
  edit_and_end (talk, text->str, keyboard);
}

static void
show_history (ObaTelegramTalk *talk)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("it", talk->customer_id, oba_language_get_code (oba_catalogue_get_language (talk->catalogue)));

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/my-rewards.sql"), params, NULL, history_read, talk);
}

/* The letter looks whose it is, and whether it is still good. */
static void
show_voucher (ObaTelegramTalk *talk, gint64 customer, gint64 redemption)
{
  JsonObject *payload = json_object_new ();

  json_object_set_int_member (payload, "customer_id", customer);
  json_object_set_int_member (payload, "redemption_id", redemption);
  oba_telegram_talk_order (talk, "voucher", payload);
  oba_telegram_talk_end (talk);
}

/* The topic. */

static void
command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  Wanted *wanted = talk->topic_data;

  if (wanted == NULL)
    wanted = wanted_new (talk);
  wanted->reward = 0;
  read_offers (talk);
}

static void
button (ObaTelegramTalk *talk, const char *data)
{
  gint64 numbers[4] = { 0 };
  guint n = 0;
  Wanted *wanted;

  if (data[0] == '\0' || data[1] != ':' || !oba_telegram_talk_read_numbers (data + 2, numbers, G_N_ELEMENTS (numbers), &n))
    {
      oba_telegram_talk_end (talk);
      return;
    }
  if (data[0] == 'h')
    {
      show_history (talk);
      return;
    }
  if (data[0] == 'v' && n == 2)
    {
      show_voucher (talk, numbers[0], numbers[1]);
      return;
    }
  wanted = wanted_new (talk);
  if (data[0] == 'p')
    wanted->page = MIN (numbers[0], 1000);
  else
    wanted->reward = numbers[0];
  if (data[0] == 'c' || data[0] == 's' || data[0] == 'y')
    wanted->question = talk->update->update_id;
  if (data[0] == 's' || data[0] == 'y')
    wanted->store = numbers[1];
  if (data[0] == 'y')
    {
      wanted->cost = numbers[2];
      wanted->question = numbers[3];
    }
  if (data[0] == 'y' && n != 4)
    oba_telegram_talk_end (talk);
  else
    read_offers (talk);
}

const ObaTelegramTopic oba_telegram_topic_rewards = {
  .name = "rewards",
  .commands = (const char *const[]){ "rewards", NULL },
  .menu = OBA_TELEGRAM_MARK ("what your points can buy, and your vouchers"),
  .command = command,
  .button = button,
};
