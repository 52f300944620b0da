#include "oba-telegram-letters.h"

#include "oba-telegram-html.h"
#include "oba-telegram-letter-birthday.h"
#include "oba-telegram-letter-campaign.h"
#include "oba-telegram-letter-claim.h"
#include "oba-telegram-letter-expiry.h"
#include "oba-telegram-letter-redemption.h"
#include "oba-telegram-picture.h"
#include "oba-telegram-letter-tier.h"

#define T(text) oba_catalogue_get (catalogue, text)

/* The columns of letter-receipt.sql after the language. */
enum
{
  STORE = 1,
  TOTAL,
  POINTS,
  BALANCE,
  SPENT,
  AT,
  RECEIPT_ID,
};

/* A line; a macro, as a translated format is checked only where it is written. */
#define append_points(text, catalogue, one, many, points) \
  G_STMT_START { \
    g_autofree char *number_ = oba_catalogue_number (catalogue, ABS (points)); \
    g_string_append_c (text, '\n'); \
    g_string_append_printf (text, oba_catalogue_get_plural (catalogue, one, many, ABS (points)), number_); \
  } G_STMT_END

static ObaTelegramKeyboard *
receipt_button (ObaCatalogue *catalogue, ObaDbResult *row)
{
  ObaTelegramKeyboard *keyboard;
  g_autofree char *data = NULL;

  if (oba_db_result_is_null (row, 0, AT) || oba_db_result_is_null (row, 0, RECEIPT_ID))
    return NULL;
  data = g_strdup_printf ("purchases:r:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":0", oba_db_result_get_int64 (row, 0, AT), oba_db_result_get_int64 (row, 0, RECEIPT_ID));
  keyboard = oba_telegram_keyboard_new ();
  oba_telegram_keyboard_add (keyboard, T ("🧾 Receipt"), data);
  return keyboard;
}

static void
append_head (GString *text, ObaCatalogue *catalogue, ObaDbResult *row)
{
  g_autofree char *store = oba_telegram_html_escape (oba_db_result_get_text (row, 0, STORE));
  g_autofree char *total = oba_catalogue_money (catalogue, ABS (oba_db_result_get_int64 (row, 0, TOTAL)));

  g_string_append_printf (text, "%s%s<b>%s</b>", store, *store != '\0' ? ": " : "", total);
}

static char *
write_receipt (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  gint64 points = oba_db_result_is_null (row, 0, POINTS) ? 0 : oba_db_result_get_int64 (row, 0, POINTS);
  GString *text = g_string_new ("🧾 ");

  append_head (text, catalogue, row);
  if (!oba_db_result_is_null (row, 0, SPENT))
    append_points (text, catalogue, "Paid with %s point", "Paid with %s points", oba_db_result_get_int64 (row, 0, SPENT));
  if (points > 0)
    append_points (text, catalogue, "You earned %s point", "You earned %s points", points);
  if (!oba_db_result_is_null (row, 0, BALANCE))
    append_points (text, catalogue, "You have %s point", "You have %s points", MAX (oba_db_result_get_int64 (row, 0, BALANCE), 0));
  *keyboard = receipt_button (catalogue, row);
  return g_string_free (text, FALSE);
}

static char *
write_return (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  gint64 points = oba_db_result_is_null (row, 0, POINTS) ? 0 : oba_db_result_get_int64 (row, 0, POINTS);
  GString *text = g_string_new ("↩️ ");

  g_string_append_printf (text, "%s ", T ("Return:"));
  append_head (text, catalogue, row);
  if (points != 0)
    append_points (text, catalogue, "%s point was taken back", "%s points were taken back", points);
  if (!oba_db_result_is_null (row, 0, BALANCE))
    append_points (text, catalogue, "You have %s point", "You have %s points", MAX (oba_db_result_get_int64 (row, 0, BALANCE), 0));
  *keyboard = receipt_button (catalogue, row);
  return g_string_free (text, FALSE);
}

/* The columns of letter-voucher.sql after the language. */
enum
{
  VOUCHER_NAME = 1, /* in each language */
  VOUCHER_QUANTITY = VOUCHER_NAME + OBA_N_LANGUAGES,
  VOUCHER_CODE,
  VOUCHER_UNTIL,
  VOUCHER_STORE,
};

static JsonObject *
voucher_picture (ObaDbResult *row)
{
  return oba_telegram_picture_code (oba_db_result_get_text (row, 0, VOUCHER_CODE));
}

static char *
write_voucher (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  const char *in_language = oba_db_result_get_text (row, 0, VOUCHER_NAME + oba_catalogue_get_language (catalogue));
  g_autofree char *name = oba_telegram_html_escape (*in_language != '\0' ? in_language : oba_db_result_get_text (row, 0, VOUCHER_NAME + OBA_LANGUAGE_AZ));
  g_autofree char *store = oba_telegram_html_escape (oba_db_result_get_text (row, 0, VOUCHER_STORE));
  g_autoptr (GDate) until = oba_db_result_get_date (row, 0, VOUCHER_UNTIL);
  gint64 quantity = oba_db_result_get_int64 (row, 0, VOUCHER_QUANTITY);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "🎟 <b>%s</b>", name);
  if (quantity > 1)
    g_string_append_printf (text, " × %d", (int) quantity);
  g_string_append_printf (text, "\n%s", T ("Show this to the cashier."));
  if (until != NULL)
    {
      g_autofree char *day = oba_catalogue_day (catalogue, until);

      g_string_append_c (text, '\n');
      g_string_append_printf (text, T ("It can be used once, until %s."), day);
    }
  if (*store != '\0')
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text, T ("In this store: %s"), store);
    }
  return g_string_free (text, FALSE);
}

static JsonObject *
card_picture (ObaDbResult *row)
{
  return oba_telegram_picture_code (oba_db_result_get_text (row, 0, 1));
}

static char *
write_card (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  return g_strdup_printf ("💳 %s", T ("Your OBA card. Show it at the till before you pay: it collects points, and spends none."));
}

static const ObaTelegramLetter letters[] = {
  { "birthday", "telegram/letter-birthday.sql", oba_telegram_letter_birthday },
  { "campaign", "telegram/letter-campaign.sql", oba_telegram_letter_campaign },
  { "card", "telegram/letter-card.sql", write_card, card_picture },
  { "claim", "telegram/letter-claim.sql", oba_telegram_letter_claim },
  { "moved", "telegram/letter-moved.sql", oba_telegram_letter_moved },
  { "receipt", "telegram/letter-receipt.sql", write_receipt },
  { "return", "telegram/letter-receipt.sql", write_return },
  { "expiry", "telegram/letter-expiry.sql", oba_telegram_letter_expiry },
  { "voucher", "telegram/letter-voucher.sql", write_voucher, voucher_picture },
  { "redemption", "telegram/letter-redemption.sql", oba_telegram_letter_redemption },
  { "tier", "telegram/letter-tier.sql", oba_telegram_letter_tier },
};

const ObaTelegramLetter *
oba_telegram_letter_find (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (g_str_equal (letters[i].kind, kind))
      return &letters[i];
  return NULL;
}

const char **
oba_telegram_letter_kinds (void)
{
  const char **kinds = g_new0 (const char *, G_N_ELEMENTS (letters) + 1);

  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    kinds[i] = letters[i].kind;
  return kinds;
}
