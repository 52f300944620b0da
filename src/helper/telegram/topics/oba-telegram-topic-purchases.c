#include "base/oba-error.h"
#include "db/oba-db-sql.h"
#include "oba-telegram-topics.h"
#include "sales/oba-receipt-message.h"
#include "sales/oba-receipts.h"
#include "telegram/oba-telegram-html.h"
#include "telegram/oba-telegram-picture.h"

#define PAGE 5
#define MAX_PAGE 500
#define MONTHS 12

/* The columns of purchases.sql. */
enum
{
  CUSTOMER_ID,
  AT,
  RECEIPT_ID,
  KIND,
  STORE,
  TOTAL,
  POINTS,
  WHEN,
};

static void
say_read (ObaTelegramTalk *talk, const char *html, ObaTelegramKeyboard *keyboard)
{
  oba_telegram_talk_edit (talk, html, keyboard);
  oba_telegram_talk_end (talk);
}

/* The list. */

static void
append_receipt (GString *text, ObaTelegramTalk *talk, ObaDbResult *rows, guint row)
{
  gint64 points = oba_db_result_get_int64 (rows, row, POINTS);
  g_autofree char *store = oba_telegram_html_escape (oba_db_result_get_text (rows, row, STORE));
  g_autofree char *total = oba_catalogue_money (talk->catalogue, oba_db_result_get_int64 (rows, row, TOTAL));
  g_autofree char *number = oba_catalogue_number (talk->catalogue, points);
  const char *kind = oba_db_result_get_text (rows, row, KIND);

  g_string_append_printf (text, "\n\n<b>%u.</b> %s · %s\n", row + 1, oba_db_result_get_text (rows, row, WHEN), store);
  if (g_str_equal (kind, "return"))
    g_string_append_printf (text, "%s ", OBA_TELEGRAM_T (talk, "Return:"));
  else if (g_str_equal (kind, "void"))
    g_string_append_printf (text, "%s ", OBA_TELEGRAM_T (talk, "Void:"));
  g_string_append_printf (text, "<b>%s</b>", total);
  if (points != 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, oba_catalogue_get_plural (talk->catalogue, "%s%s point", "%s%s points", points), points > 0 ? "+" : "", number);
    }
}

static void
add_pages (ObaTelegramTalk *talk, ObaTelegramKeyboard *keyboard, gint64 page, gboolean more)
{
  g_autofree char *newer = g_strdup_printf ("purchases:p:%d", (int) page - 1);
  g_autofree char *older = g_strdup_printf ("purchases:p:%d", (int) page + 1);

  oba_telegram_keyboard_next_row (keyboard);
  if (page > 0)
    oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "◀ Newer"), newer);
  if (more && page < MAX_PAGE)
    oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "Older ▶"), older);
  oba_telegram_keyboard_next_row (keyboard);
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "📊 By month"), "purchases:m");
}

static void
page_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  gint64 page = GPOINTER_TO_INT (talk->topic_data);
  g_autoptr (GString) text = NULL;
  ObaTelegramKeyboard *keyboard;
  guint n;

  if (rows == NULL)
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  n = oba_db_result_get_n_rows (rows);
  if (n == 0)
    {
      say_read (talk, OBA_TELEGRAM_T (talk, "There are no purchases with your card yet. Show it at the till, and they appear here."), NULL);
      return;
    }
  text = g_string_new (NULL);
  keyboard = oba_telegram_keyboard_new ();
  g_string_append_printf (text, "🧾 <b>%s</b>", OBA_TELEGRAM_T (talk, "Your purchases"));
  for (guint i = 0; i < MIN (n, PAGE); i++)
    {
      g_autofree char *label = g_strdup_printf ("%u", i + 1);
      g_autofree char *data = g_strdup_printf ("purchases:r:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":%d", oba_db_result_get_int64 (rows, i, AT),
                                               oba_db_result_get_int64 (rows, i, RECEIPT_ID), (int) page);

      append_receipt (text, talk, rows, i);
      oba_telegram_keyboard_add (keyboard, label, data);
    }
  add_pages (talk, keyboard, page, n > PAGE);
  say_read (talk, text->str, keyboard);
}

static void
show_page (ObaTelegramTalk *talk, gint64 page)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("iii", talk->customer_id, (gint64) PAGE + 1, page * PAGE);

  talk->topic_data = GINT_TO_POINTER ((int) page);
  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/purchases.sql"), params, NULL, page_read, talk);
}

/* One receipt. */

typedef struct
{
  ObaReceiptKey key;
  gint64 page;
} Wanted;

static void
receipt_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  const Wanted *wanted = talk->topic_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaReceipt) receipt = oba_receipts_read_finish (result, &error);
  g_autofree char *html = NULL, *back = NULL;
  ObaTelegramKeyboard *keyboard;

  if (receipt == NULL && !g_error_matches (error, OBA_ERROR, OBA_ERROR_NOT_FOUND))
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  if (receipt == NULL)
    {
      oba_telegram_talk_end (talk);
      return;
    }
  html = oba_receipt_message_of (receipt);
  back = g_strdup_printf ("purchases:p:%d", (int) wanted->page);
  keyboard = oba_telegram_keyboard_new ();
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "◀ Back"), back);
  say_read (talk, html, keyboard);
}

static void
owner_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  Wanted *wanted = talk->topic_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else if (oba_db_result_get_n_rows (rows) == 0)
    oba_telegram_talk_end (talk);
  else
    {
      wanted->key.customer_id = oba_db_result_get_int64 (rows, 0, 0);
      oba_receipts_read_async (talk->pool, &wanted->key, NULL, receipt_read, talk);
    }
}

static void
show_receipt (ObaTelegramTalk *talk, const ObaReceiptKey *key, gint64 page)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("iii", talk->customer_id, key->at, key->receipt_id);
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->key = *key;
  wanted->page = page;
  talk->topic_data = wanted;
  talk->topic_data_free = g_free;
  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/purchases-receipt.sql"), params, NULL, owner_read, talk);
}

/* By month. */

static char *
months_caption (ObaTelegramTalk *talk, ObaDbResult *rows)
{
  guint last = oba_db_result_get_n_rows (rows) - 1;
  gint64 sales = oba_db_result_get_int64 (rows, last, 2), points = oba_db_result_get_int64 (rows, last, 3), year = 0;
  g_autofree char *spent = oba_catalogue_money (talk->catalogue, oba_db_result_get_int64 (rows, last, 1));
  g_autofree char *n_sales = oba_catalogue_number (talk->catalogue, sales), *n_points = oba_catalogue_number (talk->catalogue, points);
  g_autofree char *all = NULL;
  GString *text = g_string_new (NULL);

  for (guint i = 0; i <= last; i++)
    year += oba_db_result_get_int64 (rows, i, 1);
  all = oba_catalogue_money (talk->catalogue, year);
  g_string_append_printf (text, "📊 <b>%s</b>\n", oba_db_result_get_text (rows, last, 0));
  /* Translators: first an amount of money, then a number of purchases. */
  g_string_append_printf (text, oba_catalogue_get_plural (talk->catalogue, "%s in %s purchase", "%s in %s purchases", sales), spent, n_sales);
  g_string_append_c (text, '\n');
  g_string_append_printf (text, oba_catalogue_get_plural (talk->catalogue, "%s%s point", "%s%s points", points), points > 0 ? "+" : "", n_points);
  g_string_append (text, "\n\n");
  g_string_append_printf (text, OBA_TELEGRAM_T (talk, "In twelve months: %s"), all);
  return g_string_free (text, FALSE);
}

static void
months_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  const char *labels[MONTHS] = { NULL };
  gint64 values[MONTHS];
  g_autofree char *caption = NULL;

  if (rows == NULL || oba_db_result_get_n_rows (rows) != MONTHS)
    {
      oba_telegram_talk_fail (talk, error != NULL ? g_steal_pointer (&error) : g_error_new (OBA_ERROR, OBA_ERROR_UNAVAILABLE, "There are not twelve months."));
      return;
    }
  for (guint i = 0; i < MONTHS; i++)
    {
      labels[i] = oba_db_result_get_text (rows, i, 0);
      values[i] = MAX (oba_db_result_get_int64 (rows, i, 1), 0);
    }
  caption = months_caption (talk, rows);
  oba_telegram_talk_show (talk, oba_telegram_picture_bars (OBA_TELEGRAM_T (talk, "Your purchases"), labels, values, MONTHS), caption, NULL);
  oba_telegram_talk_end (talk);
}

static void
show_months (ObaTelegramTalk *talk)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/purchases-months.sql"), params, NULL, months_read, talk);
}

/* The topic. */

static void
command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  show_page (talk, 0);
}

static void
button (ObaTelegramTalk *talk, const char *data)
{
  gint64 numbers[3];
  guint n = 0;

  if (g_str_equal (data, "m"))
    show_months (talk);
  else if (data[0] == '\0' || data[1] != ':' || !oba_telegram_talk_read_numbers (data + 2, numbers, G_N_ELEMENTS (numbers), &n))
    oba_telegram_talk_end (talk);
  else if (data[0] == 'p' && n == 1 && numbers[0] <= MAX_PAGE)
    show_page (talk, numbers[0]);
  else if (data[0] == 'r' && n == 3 && numbers[2] <= MAX_PAGE)
    show_receipt (talk, &(ObaReceiptKey){ 0, numbers[0], numbers[1] }, numbers[2]);
  else
    oba_telegram_talk_end (talk);
}

const ObaTelegramTopic oba_telegram_topic_purchases = {
  .name = "purchases",
  .commands = (const char *const[]){ "purchases", NULL },
  .menu = OBA_TELEGRAM_MARK ("your last receipts"),
  .command = command,
  .button = button,
};
