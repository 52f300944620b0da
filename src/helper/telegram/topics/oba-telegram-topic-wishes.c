#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"
#include "oba-telegram-topics.h"
#include "telegram/oba-telegram-html.h"

#include <string.h>

/* What customers like: their store, their kinds of goods, and how the house may reach them. Everything is a button; a store is found by typing, too. */

#define PAGE 8
#define MAX_SAID 100

static void
edit_and_end (ObaTelegramTalk *talk, const char *html, ObaTelegramKeyboard *keyboard)
{
  oba_telegram_talk_edit (talk, html, keyboard);
  oba_telegram_talk_end (talk);
}

static void
add_back (ObaTelegramTalk *talk, ObaTelegramKeyboard *keyboard)
{
  oba_telegram_keyboard_next_row (keyboard);
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "◀ Back"), "profile:show");
}

static void
add_number (ObaTelegramKeyboard *keyboard, const char *label, const char *what, gint64 number)
{
  g_autofree char *data = g_strdup_printf ("wishes:%s:%" G_GINT64_FORMAT, what, number);

  oba_telegram_keyboard_add (keyboard, label, data);
}

/* What was found of a read; else the talk is over. */
static ObaDbResult *
take_rows (GObject *source, GAsyncResult *result, ObaTelegramTalk *talk)
{
  GError *error = NULL;
  ObaDbResult *rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_telegram_talk_fail (talk, error);
  return rows;
}

/* Setting something; then what is shown is shown again. */

static void show (ObaTelegramTalk *talk, const char *what, gint64 number);

/* What to show after a setting. */
typedef struct
{
  const char *what; /* (nullable): the profile */
  gint64 number;
} After;

static void
setting_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  After *after = talk->topic_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);

  if (answer == NULL && !g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else if (answer == NULL) /* a store or a kind that is gone, or made up */
    oba_telegram_talk_end (talk);
  else if (after->what == NULL)
    {
      oba_telegram_talk_toast (talk, OBA_TELEGRAM_T (talk, "Noted."), FALSE);
      oba_telegram_topic_profile.command (talk, "profile", "");
    }
  else
    show (talk, after->what, after->number);
}

/* @kind: (nullable): of message */
static void
set (ObaTelegramTalk *talk, const char *what, const char *kind, const char *value, const char *then, gint64 number)
{
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *key = oba_telegram_talk_key (talk, "setting");
  JsonObject *object = json_object_new ();
  After *after = g_new0 (After, 1);

  *after = (After) { then, number };
  talk->topic_data = after;
  talk->topic_data_free = g_free;
  json_object_set_int_member (object, "chat_id", talk->update->chat_id);
  json_object_set_string_member (object, "what", what);
  if (kind != NULL)
    json_object_set_string_member (object, "kind", kind);
  json_object_set_string_member (object, "value", value);
  json_node_take_object (request, object);
  oba_db_request_async (talk->pool, "telegram_setting", request, key, NULL, setting_done, talk);
}

/* The store. */

static void
cities_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (ObaDbResult) rows = take_rows (source, result, talk);
  ObaTelegramKeyboard *keyboard;
  g_autofree char *store = NULL, *now = NULL, *text = NULL;
  guint n;

  if (rows == NULL)
    return;
  keyboard = oba_telegram_keyboard_new ();
  n = oba_db_result_get_n_rows (rows);
  for (guint i = 0; i < n; i++)
    {
      if (i % 3 == 0)
        oba_telegram_keyboard_next_row (keyboard);
      add_number (keyboard, oba_db_result_get_text (rows, i, 0), "city", oba_db_result_get_int64 (rows, i, 1));
    }
  store = n > 0 ? oba_telegram_html_escape (oba_db_result_get_text (rows, 0, 2)) : g_strdup ("");
  now = *store != '\0' ? g_strdup_printf (OBA_TELEGRAM_T (talk, "Your store: <b>%s</b>"), store) : g_strdup (OBA_TELEGRAM_T (talk, "You have not told me your store yet."));
  text = g_strdup_printf ("%s\n\n%s", now, OBA_TELEGRAM_T (talk, "Choose a city, or type a part of the store’s name or street."));
  if (*store != '\0')
    {
      oba_telegram_keyboard_next_row (keyboard);
      oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "No store"), "wishes:store:0");
    }
  add_back (talk, keyboard);
  oba_telegram_talk_ask (talk, "wishes:store", NULL);
  edit_and_end (talk, text, keyboard);
}

static void
show_cities (ObaTelegramTalk *talk)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/wishes-cities.sql"), params, NULL, cities_read, talk);
}

/* A page of stores, a button each. @more: (nullable): the data of the button for the next page, when there is one */
static void
show_stores (ObaTelegramTalk *talk, ObaDbResult *rows, const char *more)
{
  guint n = oba_db_result_get_n_rows (rows);
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new ();

  for (guint i = 0; i < MIN (n, PAGE); i++)
    {
      const char *where = oba_db_result_get_text (rows, i, 2);
      g_autofree char *label = *where != '\0' ? g_strdup_printf ("%s · %s", oba_db_result_get_text (rows, i, 1), where) : g_strdup (oba_db_result_get_text (rows, i, 1));

      oba_telegram_keyboard_next_row (keyboard);
      add_number (keyboard, label, "store", oba_db_result_get_int64 (rows, i, 0));
    }
  if (n > PAGE && more != NULL)
    {
      oba_telegram_keyboard_next_row (keyboard);
      oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "More ▶"), more);
    }
  oba_telegram_keyboard_next_row (keyboard);
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "◀ Back"), "wishes:stores");
  oba_telegram_talk_ask (talk, "wishes:store", NULL);
  edit_and_end (talk, n > 0 ? OBA_TELEGRAM_T (talk, "Which store is yours?") : OBA_TELEGRAM_T (talk, "I found no such store. Please type it another way, or choose a city."), keyboard);
}

static void
city_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (ObaDbResult) rows = take_rows (source, result, talk);
  gint64 *numbers = talk->topic_data; /* the city's store, how many were shown */
  g_autofree char *more = NULL;

  if (rows == NULL)
    return;
  if (oba_db_result_get_n_rows (rows) > PAGE)
    more = g_strdup_printf ("wishes:city:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, numbers[0], numbers[1] + PAGE);
  show_stores (talk, rows, more);
}

static void
show_city (ObaTelegramTalk *talk, gint64 store, gint64 shown)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ii", store, shown);
  gint64 *numbers = g_new (gint64, 2);

  numbers[0] = store;
  numbers[1] = shown;
  talk->topic_data = numbers;
  talk->topic_data_free = g_free;
  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/wishes-stores.sql"), params, NULL, city_read, talk);
}

static void
search_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (ObaDbResult) rows = take_rows (source, result, talk);

  if (rows != NULL)
    show_stores (talk, rows, NULL);
}

static void
answer (ObaTelegramTalk *talk, const char *step)
{
  const char *text = talk->update->text;
  g_autofree char *said = text != NULL ? g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_SAID)) : NULL;
  g_autoptr (ObaDbParams) params = NULL;

  if (said == NULL)
    {
      show_cities (talk);
      return;
    }
  params = oba_db_params_build ("ti", said, (gint64) PAGE);
  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/wishes-search.sql"), params, NULL, search_read, talk);
}

/* Kinds of goods. */

static void
categories_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (ObaDbResult) rows = take_rows (source, result, talk);
  gint64 shown = *(gint64 *) talk->topic_data;
  ObaTelegramKeyboard *keyboard;
  guint n;

  if (rows == NULL)
    return;
  keyboard = oba_telegram_keyboard_new ();
  n = oba_db_result_get_n_rows (rows);
  for (guint i = 0; i < MIN (n, PAGE); i++)
    {
      gboolean chosen = oba_db_result_get_bool (rows, i, 2);
      g_autofree char *label = g_strdup_printf ("%s %s", chosen ? "✅" : "▫️", oba_db_result_get_text (rows, i, 1));
      g_autofree char *data = g_strdup_printf ("wishes:category:%" G_GINT64_FORMAT ":%d:%" G_GINT64_FORMAT, oba_db_result_get_int64 (rows, i, 0), chosen ? 0 : 1, shown);

      oba_telegram_keyboard_next_row (keyboard);
      oba_telegram_keyboard_add (keyboard, label, data);
    }
  oba_telegram_keyboard_next_row (keyboard);
  if (shown > 0)
    add_number (keyboard, OBA_TELEGRAM_T (talk, "◀ Before"), "categories", MAX (shown - PAGE, 0));
  if (n > PAGE)
    add_number (keyboard, OBA_TELEGRAM_T (talk, "More ▶"), "categories", shown + PAGE);
  add_back (talk, keyboard);
  edit_and_end (talk, OBA_TELEGRAM_T (talk, "What do you like? Press what I should think of when there is an offer."), keyboard);
}

static void
show_categories (ObaTelegramTalk *talk, gint64 shown)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("iti", talk->customer_id, oba_language_get_code (oba_catalogue_get_language (talk->catalogue)), shown);
  gint64 *kept = g_new (gint64, 1);

  g_clear_pointer (&talk->topic_data, g_free);
  *kept = shown;
  talk->topic_data = kept;
  talk->topic_data_free = g_free;
  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/wishes-categories.sql"), params, NULL, categories_read, talk);
}

/* Consents. */

static const struct
{
  const char *channel;
  const char *label;
} channels[] = {
  { "telegram", OBA_TELEGRAM_MARK ("News and offers here") },
  { "sms", OBA_TELEGRAM_MARK ("News by SMS") },
  { "email", OBA_TELEGRAM_MARK ("News by e-mail") },
  { "phone", OBA_TELEGRAM_MARK ("Phone calls") },
  { "profiling", OBA_TELEGRAM_MARK ("Offers that fit what I buy") },
};

static const char *
find_channel (const char *channel)
{
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    if (g_str_equal (channels[i].channel, channel))
      return channels[i].label;
  return NULL;
}

static void
consents_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (ObaDbResult) rows = take_rows (source, result, talk);
  ObaTelegramKeyboard *keyboard;

  if (rows == NULL)
    return;
  keyboard = oba_telegram_keyboard_new ();
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      const char *channel = oba_db_result_get_text (rows, i, 0);
      gboolean granted = oba_db_result_get_bool (rows, i, 1);
      g_autofree char *label = g_strdup_printf ("%s %s", granted ? "✅" : "▫️", OBA_TELEGRAM_T (talk, find_channel (channel)));
      g_autofree char *data = g_strdup_printf ("wishes:consent:%s:%s", channel, granted ? "false" : "true");

      oba_telegram_keyboard_next_row (keyboard);
      oba_telegram_keyboard_add (keyboard, label, data);
    }
  oba_telegram_keyboard_next_row (keyboard);
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "✉️ Which messages"), "wishes:kinds");
  add_back (talk, keyboard);
  edit_and_end (talk, OBA_TELEGRAM_T (talk, "What OBA may do: press to agree, press again to take it back. Answers and vouchers always come."), keyboard);
}

static void
show_consents (ObaTelegramTalk *talk)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/wishes-consents.sql"), params, NULL, consents_read, talk);
}

/* Kinds of messages. */

static const struct
{
  const char *kind;
  const char *label;
} kinds[] = {
  { "receipt", OBA_TELEGRAM_MARK ("Receipts") },
  { "return", OBA_TELEGRAM_MARK ("Returns") },
  { "tier", OBA_TELEGRAM_MARK ("My level") },
  { "redemption", OBA_TELEGRAM_MARK ("What I redeemed") },
  { "expiry", OBA_TELEGRAM_MARK ("Points that expire soon") },
  { "birthday", OBA_TELEGRAM_MARK ("Birthday greeting") },
  { "campaign", OBA_TELEGRAM_MARK ("Offers") },
};

/* @data: "KIND" or "KIND:…". Returns: (nullable): its label */
static const char *
find_kind (const char *data)
{
  gsize length = strcspn (data, ":");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strlen (kinds[i].kind) == length && strncmp (kinds[i].kind, data, length) == 0)
      return kinds[i].label;
  return NULL;
}

static void
kinds_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (ObaDbResult) rows = take_rows (source, result, talk);
  ObaTelegramKeyboard *keyboard;

  if (rows == NULL)
    return;
  keyboard = oba_telegram_keyboard_new ();
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      const char *kind = oba_db_result_get_text (rows, i, 0), *title = find_kind (kind);
      gboolean wanted = oba_db_result_get_bool (rows, i, 1);
      g_autofree char *label = title != NULL ? g_strdup_printf ("%s %s", wanted ? "✅" : "▫️", OBA_TELEGRAM_T (talk, title)) : NULL;
      g_autofree char *data = g_strdup_printf ("wishes:kind:%s:%s", kind, wanted ? "false" : "true");

      if (label == NULL)
        continue;
      oba_telegram_keyboard_next_row (keyboard);
      oba_telegram_keyboard_add (keyboard, label, data);
    }
  oba_telegram_keyboard_next_row (keyboard);
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "◀ Back"), "wishes:consents");
  edit_and_end (talk, OBA_TELEGRAM_T (talk, "Which messages do you want? Press to switch one on or off."), keyboard);
}

static void
show_kinds (ObaTelegramTalk *talk)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/wishes-kinds.sql"), params, NULL, kinds_read, talk);
}

/* @data: "KIND:true" */
static void
set_kind (ObaTelegramTalk *talk, const char *data)
{
  g_auto (GStrv) parts = g_strsplit (data, ":", 2);

  if (g_strcmp0 (parts[1], "true") == 0 || g_strcmp0 (parts[1], "false") == 0)
    set (talk, "kind", parts[0], parts[1], "kinds", 0);
  else
    oba_telegram_talk_end (talk);
}

/* Buttons. */

static void
show (ObaTelegramTalk *talk, const char *what, gint64 number)
{
  if (g_str_equal (what, "stores"))
    show_cities (talk);
  else if (g_str_equal (what, "categories"))
    show_categories (talk, number);
  else if (g_str_equal (what, "kinds"))
    show_kinds (talk);
  else
    show_consents (talk);
}

/* "CHANNEL:true" */
static gboolean
is_consent (const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, ":", 2);

  return g_strv_length (parts) == 2 && find_channel (parts[0]) != NULL && (g_str_equal (parts[1], "true") || g_str_equal (parts[1], "false"));
}

static void
button (ObaTelegramTalk *talk, const char *data)
{
  g_auto (GStrv) words = g_strsplit (data, ":", 2);
  const char *what = words[0] != NULL ? words[0] : "", *rest = words[0] != NULL && words[1] != NULL ? words[1] : "";
  gint64 numbers[3] = { 0 };
  guint n = 0;
  gboolean numeric = *rest != '\0' && oba_telegram_talk_read_numbers (rest, numbers, 3, &n);

  if (*rest == '\0' && g_strv_contains ((const char *const[]) { "stores", "categories", "consents", "kinds", NULL }, what))
    show (talk, what, 0);
  else if (g_str_equal (what, "categories") && numeric && n == 1)
    show_categories (talk, numbers[0]);
  else if (g_str_equal (what, "city") && numeric && n <= 2)
    show_city (talk, numbers[0], numbers[1]);
  else if (g_str_equal (what, "store") && numeric && n == 1)
    set (talk, "store", NULL, rest, NULL, 0);
  else if (g_str_equal (what, "category") && numeric && n == 3)
    {
      g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT ":%s", numbers[0], numbers[1] != 0 ? "true" : "false");

      set (talk, "category", NULL, value, "categories", numbers[2]);
    }
  else if (g_str_equal (what, "consent") && is_consent (rest))
    set (talk, "consent", NULL, rest, "consents", 0);
  else if (g_str_equal (what, "kind") && find_kind (rest) != NULL)
    set_kind (talk, rest);
  else
    oba_telegram_talk_end (talk);
}

const ObaTelegramTopic oba_telegram_topic_wishes = {
  .name = "wishes",
  .button = button,
  .answer = answer,
};
