#include "telegram-corpus.h"

#include <string.h>

#define FROM "\"from\":{\"id\":%d,\"is_bot\":false,\"first_name\":\"Ay\\u202eşe <b>&\",\"last_name\":\"\\ud83d\\ude00\",\"username\":\"a_1\",\"language_code\":\"ru\"}"
#define CHAT "\"chat\":{\"id\":%d,\"type\":\"private\",\"first_name\":\"A\"}"
#define HEAD "\"message_id\":7,\"date\":1700000000," FROM "," CHAT

const char *const telegram_corpus[] = {
  "{\"update_id\":%d,\"message\":{" HEAD ",\"text\":\"/profile@OBABot x\",\"entities\":[{\"type\":\"bot_command\",\"offset\":0,\"length\":15}]}}",
  "{\"update_id\":%d,\"edited_message\":{" HEAD ",\"edit_date\":1700000001,\"text\":\"/scan 9000000000000001\"}}",
  "{\"update_id\":%d,\"message\":{" HEAD ",\"text\":\"salam, \\u041f\\u0440\\u0438\\u0432\\u0435\\u0442 \\ud83d\\udc4b\"}}",
  "{\"update_id\":%d,\"message\":{" HEAD ",\"contact\":{\"phone_number\":\"994501234567\",\"first_name\":\"A\",\"user_id\":%d}}}",
  "{\"update_id\":%d,\"message\":{" HEAD ",\"caption\":\"?\",\"photo\":[{\"file_id\":\"s\",\"file_unique_id\":\"u\",\"width\":90,\"height\":67,\"file_size\":1253},"
  "{\"file_id\":\"l\",\"file_unique_id\":\"v\",\"width\":1280,\"height\":960,\"file_size\":153000}]}}",
  "{\"update_id\":%d,\"message\":{" HEAD ",\"document\":{\"file_id\":\"d\",\"file_unique_id\":\"w\",\"file_name\":\"x.png\",\"mime_type\":\"image/png\",\"file_size\":99999999999}}}",
  "{\"update_id\":%d,\"callback_query\":{\"id\":\"4382bfdwdsb323b2d9\"," FROM ",\"chat_instance\":\"-12\",\"data\":\"rewards:y:1:0:300:7\",\"message\":{" HEAD ",\"text\":\"?\"}}}",
  "{\"update_id\":%d,\"my_chat_member\":{" CHAT "," FROM ",\"date\":1,\"old_chat_member\":{\"status\":\"member\"},\"new_chat_member\":{\"status\":\"kicked\",\"until_date\":0}}}",
  "{\"update_id\":%d,\"message\":{\"message_id\":1,\"date\":1," FROM ",\"chat\":{\"id\":-100%d,\"type\":\"supergroup\",\"title\":\"G\"},\"text\":\"/help@OBABot\"}}",
  "{\"update_id\":%d,\"channel_post\":{\"message_id\":1,\"date\":1,\"sender_chat\":{\"id\":-100%d,\"type\":\"channel\"},\"chat\":{\"id\":-100%d,\"type\":\"channel\",\"title\":\"C\"},\"text\":\"/help@OBABot\"}}",
  "{\"update_id\":%d,\"poll_answer\":{\"poll_id\":\"1\",\"user\":{\"id\":%d},\"option_ids\":[0,1,2]}}",
  "{\"update_id\":%d,\"a_kind_of_tomorrow\":{\"chat\":{\"id\":%d},\"nested\":[[[{\"a\":1.5e3}]]]}}",
  NULL,
};

GRand *
telegram_corpus_rand (void)
{
  const char *given = g_getenv ("OBA_FUZZ_SEED");
  guint32 seed = given != NULL ? (guint32) g_ascii_strtoull (given, NULL, 10) : 20261123;

  g_printerr ("# OBA_FUZZ_SEED=%u has this again\n", seed);
  return g_rand_new_with_seed (seed);
}

static const char *
pick (GRand *rand, const char *const *from, guint n)
{
  return from[g_rand_int_range (rand, 0, (gint32) n)];
}

/* What parsers stumble over. */
static void
insert_trouble (GRand *rand, GString *text, gssize at)
{
  static const char *const troubles[] = {
    "\\ud800", "\\udc00\\ud800", "\\u0000", "\xff\xfe", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x80\xae", "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "-0", "1e999999", "1e-999999",
    "9223372036854775808", "-9223372036854775809", "9007199254740993", "18446744073709551616", "0x7f", "''", "//", "/*", "#", "\"update_id\":", "\"chat\":7,", "\"message\":[],", "\"photo\":{},",
    "\"text\":{},", "\"from\":null,", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "@", "/start", "\n", "\t",
  };

  g_string_insert (text, at, pick (rand, troubles, G_N_ELEMENTS (troubles)));
}

static void
mutate_once (GRand *rand, GString *text)
{
  gssize at = g_rand_int_range (rand, 0, (gint32) text->len);
  gssize length = g_rand_int_range (rand, 1, 40);

  length = MIN (length, (gssize) text->len - at);
  switch (g_rand_int_range (rand, 0, 7))
    {
    case 0:
      text->str[at] = (char) g_rand_int_range (rand, 0, 256);
      break;
    case 1:
      text->str[at] ^= (char) (1 << g_rand_int_range (rand, 0, 8));
      break;
    case 2:
      g_string_erase (text, at, length);
      break;
    case 3:
      {
        g_autofree char *part = g_strndup (text->str + at, (gsize) length);

        g_string_insert (text, g_rand_int_range (rand, 0, (gint32) text->len), part);
        break;
      }
    case 4:
      g_string_truncate (text, (gsize) at);
      break;
    default:
      insert_trouble (rand, text, at);
    }
  if (text->len == 0)
    g_string_append_c (text, ' ');
}

char *
telegram_corpus_mutate (GRand *rand, gsize *length)
{
  guint n = g_strv_length ((char **) telegram_corpus);
  GString *text = g_string_new (pick (rand, telegram_corpus, n));
  g_autofree char *number = g_strdup_printf ("%u", (guint) g_rand_int_range (rand, 1, 1000000));

  g_string_replace (text, "%d", number, 0);
  if (g_rand_int_range (rand, 0, 10) == 0)
    g_string_insert (text, g_rand_int_range (rand, 0, (gint32) text->len), pick (rand, telegram_corpus, n));
  for (gint32 i = g_rand_int_range (rand, 0, 6); i > 0; i--)
    mutate_once (rand, text);
  *length = text->len;
  return g_string_free (text, FALSE);
}
