/* The parts of the service that judge what comes from outside, each alone. */
#include <string.h>
#include <glib/gstdio.h>
#include <jwt.h>

#include "api/oba-api-token.h"
#include "base/oba-error.h"
#include "http/oba-http-limiter.h"
#include "http/oba-json-guard.h"
#include "base/oba-catalogue.h"
#include "telegram/oba-telegram-html.h"
#include "telegram/oba-telegram-texts.h"
#include "telegram/oba-telegram-update.h"

/* JSON */

static char *
guarded (const char *json)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = oba_json_guard_parse (json, strlen (json), &text, &error);

  g_assert_true ((node == NULL) == (error != NULL));
  return g_steal_pointer (&text);
}

static void
test_json (void)
{
  static const char *const bad[] = { "",         "x",       "[]",        "1", "{", "{\"a\":}", "{\"a\":\"\xff\"}",
                                     "/* */ {}", "{'a':1}", "{\"a\":1}}" };
  g_autofree char *plain = guarded ("{\"a\":\"\\n\\u00e9\\ud83d\\ude00\"}");
  g_autofree char *mended = guarded ("{\"a\":\"\\ud83d x \\udc00 \\u0000 \\\\u0000\"}");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = guarded (bad[i]);

      if (text != NULL)
        g_error ("taken for JSON: %s", bad[i]);
    }
  g_assert_cmpstr (plain, ==, "{\"a\":\"\\n\\u00e9\\ud83d\\ude00\"}");
  g_assert_cmpstr (mended, ==,
                   "{\"a\":\"\\ufffd x \\ufffd \\ufffd \\\\u0000\"}"); /* the last is a backslash and text */
}

static char *
nested (guint depth)
{
  GString *json = g_string_new ("{\"a\":");

  for (guint i = 1; i < depth; i++)
    g_string_append_c (json, '[');
  for (guint i = 1; i < depth; i++)
    g_string_append_c (json, ']');
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

/* json-glib reads nesting by recursion: a body of a megabyte of brackets would overflow the stack. */
static void
test_json_depth (void)
{
  g_autofree char *allowed = nested (OBA_JSON_MAX_DEPTH);
  g_autofree char *refused = nested (OBA_JSON_MAX_DEPTH + 1);
  g_autofree char *monster = nested (500000);
  g_autofree char *allowed_text = guarded (allowed);
  g_autofree char *refused_text = guarded (refused);
  g_autofree char *monster_text = guarded (monster);
  g_autofree char *brackets_in_text =
      guarded ("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"}");

  g_assert_nonnull (allowed_text);
  g_assert_null (refused_text);
  g_assert_null (monster_text);
  g_assert_nonnull (brackets_in_text);
}

/* Updates */

static void
assert_command (const char *text, const char *type, const char *command, const char *argument)
{
  g_autofree char *json = g_strdup_printf (
      "{\"update_id\":1,\"message\":{\"chat\":{\"id\":9007199254740993,\"type\":\"%s\"},\"text\":\"%s\"}}", type, text);
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  g_autoptr (ObaTelegramUpdate) update = oba_telegram_update_parse (node, "OBABot");

  g_assert_cmpint (update->chat_id, ==, 9007199254740993);
  g_assert_cmpstr (update->command, ==, command);
  g_assert_cmpstr (update->argument, ==, argument);
}

static void
test_commands (void)
{
  assert_command ("/start", "private", "start", "");
  assert_command ("/START  abc-1 ", "private", "start", "abc-1");
  assert_command ("/start@obabot x", "private", "start", "x");
  assert_command ("/start@other", "private", NULL, NULL);
  assert_command ("/start", "group", NULL, NULL);
  assert_command ("/start@OBABot", "group", "start", "");
  assert_command ("/", "private", NULL, NULL);
  assert_command ("/@OBABot", "private", NULL, NULL);
  assert_command ("start", "private", NULL, NULL);
  assert_command ("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "private", NULL, NULL);
}

static const char sample[] = "{\"update_id\":123456789,\"message\":{\"message_id\":7,\"from\":{\"id\":5000000001,\"is_"
                             "bot\":false,\"first_name\":\"Əli\",\"language_code\":\"az\"},"
                             "\"chat\":{\"id\":5000000001,\"first_name\":\"Əli\",\"type\":\"private\"},\"date\":"
                             "1700000000,\"text\":\"/profile \\ud83d\\ude00\","
                             "\"entities\":[{\"offset\":0,\"length\":8,\"type\":\"bot_command\"}],\"reply_to_message\":"
                             "{\"message_id\":6,\"chat\":{\"id\":1,\"type\":\"private\"}}}}";

/* Whatever arrives, one person's odd message must not take the bot away from all others: run with the sanitizers. */
static void
test_mutations (void)
{
  static const char *const pieces[] = {
    "{",    "}",       "[",       "]",    "\"",       ":",          ",", "null", "-1", "1e308", "9223372036854775808",
    "true", "\\u0000", "\\ud800", "\xff", "\"chat\"", "\"message\""
  };
  guint understood = 0;

  for (guint i = 0; i < 10000; i++)
    {
      g_autoptr (GString) json = g_string_new (sample);
      g_autofree char *text = NULL;
      g_autoptr (JsonNode) node = NULL;
      guint changes = (guint) g_test_rand_int_range (0, 6);

      for (guint c = 0; c < changes; c++)
        {
          gssize at = g_test_rand_int_range (0, (gint) json->len);
          gssize length = g_test_rand_int_range (1, 20);

          switch (g_test_rand_int_range (0, 4))
            {
            case 0:
              json->str[at] = (char) g_test_rand_int_range (0, 256);
              break;
            case 1:
              g_string_erase (json, at, MIN (length, (gssize) json->len - at));
              break;
            case 2:
              g_string_truncate (json, (gsize) at);
              break;
            default:
              g_string_insert (json, at, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
            }
          if (json->len == 0)
            break;
        }
      node = oba_json_guard_parse (json->str, json->len, &text, NULL);
      if (node != NULL)
        {
          g_autoptr (ObaTelegramUpdate) update = oba_telegram_update_parse (node, "OBABot");
          gint64 update_id, chat_id;

          understood += oba_telegram_update_ids (node, &update_id, &chat_id);
          g_assert_true (update->text == NULL || g_utf8_validate (update->text, -1, NULL));
        }
    }
  g_assert_cmpuint (understood, >, 1000);
}

/* Texts */

static void
test_texts (void)
{
  g_autoptr (ObaCatalogue) az = oba_catalogue_new ("telegram", OBA_LANGUAGE_AZ);
  g_autoptr (ObaCatalogue) ru = oba_catalogue_new ("telegram", OBA_LANGUAGE_RU);
  g_autoptr (ObaCatalogue) en = oba_catalogue_new ("telegram", OBA_LANGUAGE_EN);
  g_autoptr (GDate) day = g_date_new_dmy (5, 3, 2027);
  ObaTelegramProfile profile = { "A", "B", "Silver", "Gold", 150000, 100000, 300000, 21, day, 21 };
  g_autofree char *one = oba_telegram_text_profile (ru, &profile);
  g_autofree char *few = NULL, *many = NULL, *english = NULL, *collected = NULL, *top = NULL, *debt = NULL;

  g_assert_nonnull (strstr (one, "21 балл можно потратить до 05.03.2027"));
  g_assert_nonnull (strstr (one, "▰▰▱▱▱▱▱▱▱▱"));
  g_assert_nonnull (strstr (one, "До уровня «Gold» осталось 1\302\240500,00\302\240₼"));
  profile.expiring = 1023;
  few = oba_telegram_text_profile (ru, &profile);
  g_assert_nonnull (strstr (few, "1\302\240023 балла можно"));
  profile.expiring = 12;
  many = oba_telegram_text_profile (ru, &profile);
  g_assert_nonnull (strstr (many, "12 баллов можно"));
  profile.expiring = 1;
  english = oba_telegram_text_profile (en, &profile);
  g_assert_nonnull (strstr (english, "1 point can be used until 5 March 2027"));
  g_assert_nonnull (strstr (english, "1,500.00\302\240₼ to go to the level “Gold”"));
  profile.by_points = TRUE;   /* a scheme that counts points says points, not money */
  collected = oba_telegram_text_profile (en, &profile);
  g_assert_nonnull (strstr (collected, "150,000 points to go to the level “Gold”"));
  profile.by_points = FALSE;
  profile.next_tier = NULL;
  profile.points = G_MININT64;
  profile.expires_on = NULL;
  debt = oba_telegram_text_profile (az, &profile);
  g_assert_nonnull (strstr (debt, "Bal: <b>−9\302\240223\302\240372\302\240036\302\240854\302\240775\302\240808</b>"));
  g_assert_null (strstr (debt, "▰"));
  profile.next_tier = "<b>";
  profile.spent = G_MAXINT64;
  top = oba_telegram_text_profile (az, &profile);
  g_assert_nonnull (strstr (top, "▰▰▰▰▰▰▰▰▰▰"));
  g_assert_nonnull (strstr (top, "&lt;b&gt;"));
}

/* The texts of one file; returns how many. */
static guint
check_translated (const char *path)
{
  g_autofree char *source = NULL;
  g_autoptr (GRegex) regex = g_regex_new (
      "(?:\\bT|_plural|append_points|OBA_TELEGRAM_T|OBA_TELEGRAM_MARK) \\((?:[a-z_]+(?:->[a-z_]+)*(?:, catalogue)?,\\s*)?((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*)+)", 0, 0, NULL);
  g_autoptr (GRegex) seams = g_regex_new ("\"\\s*\"|^\"|\"\\s*$", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  guint found = 0;

  g_assert_true (g_file_get_contents (path, &source, NULL, NULL));
  for (g_regex_match (regex, source, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *literals = g_match_info_fetch (match, 1);
      g_autofree char *joined = g_regex_replace_literal (seams, literals, -1, 0, "", 0, NULL);
      g_autofree char *text = g_strcompress (joined);

      found++;
      for (ObaLanguage language = 0; language < OBA_N_LANGUAGES; language++)
        {
          g_autoptr (ObaCatalogue) catalogue = oba_catalogue_new ("telegram", language);

          if (!oba_catalogue_has (catalogue, text))
            g_error ("%s: not translated into language %d: %s", path, language, text);
        }
    }
  return found;
}

/* A text that somebody forgot to translate reaches a grandmother in English. */
static void
test_translated (void)
{
  static const char *const folders[] = { "", "topics" };
  guint found = 0;

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "..", "..", "src", "helper", "telegram", folders[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

      for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
        if (g_str_has_suffix (name, ".c"))
          {
            g_autofree char *path = g_build_filename (folder, name, NULL);

            found += check_translated (path);
          }
    }
  g_assert_cmpuint (found, >, 15);
}

/* Splitting */

/* Telegram counts in UTF-16 and does not count markup; a message that is too long for it is no message. */
static void
test_split (void)
{
  g_autofree char *faces = g_strnfill (3, 'x');
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) parts = NULL, one = NULL, tags = NULL, nothing = NULL;
  g_autofree char *cut = NULL, *whole = NULL;
  gsize total = 0;

  g_assert_cmpuint (oba_telegram_html_length ("<b>a&amp;b</b>\360\237\230\200"), ==, 5);
  for (guint i = 0; i < 400; i++)
    g_string_append_printf (text, "<b>Line %u</b> &lt;\360\237\230\200\n%s", i, i % 10 == 9 ? "\n" : "");
  parts = oba_telegram_html_split (text->str, OBA_TELEGRAM_MAX_TEXT);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_assert_cmpuint (oba_telegram_html_length (parts[i]), <=, OBA_TELEGRAM_MAX_TEXT);
      g_assert_true (g_str_has_prefix (parts[i], "<b>Line ") && parts[i][strlen (parts[i]) - 1] != '<');
      total += oba_telegram_html_length (parts[i]);
    }
  g_assert_cmpuint (total, >, 4096);
  one = oba_telegram_html_split ("<i>short</i>", 5);
  g_assert_cmpuint (g_strv_length (one), ==, 1);
  g_assert_cmpstr (one[0], ==, "<i>short</i>");
  tags = oba_telegram_html_split ("<pre>abcdef <a href=\"x\">ghij</a></pre>", 7);
  g_assert_cmpstr (tags[0], ==, "<pre>abcdef</pre>");
  g_assert_cmpstr (tags[1], ==, "<pre><a href=\"x\">ghij</a></pre>");
  nothing = oba_telegram_html_split ("", 7);
  g_assert_cmpuint (g_strv_length (nothing), ==, 1);
  cut = oba_telegram_text_cut ("\360\237\230\200\360\237\230\200\360\237\230\200", 5);
  g_assert_cmpstr (cut, ==, "\360\237\230\200\360\237\230\200…");
  whole = oba_telegram_text_cut (faces, 3);
  g_assert_cmpstr (whole, ==, "xxx");
}

/* Rate */

static void
test_limiter (void)
{
  g_autoptr (ObaHttpLimiter) limiter = oba_http_limiter_new (2, 3);
  gint64 now = 1000000;

  for (int i = 0; i < 3; i++)
    g_assert_cmpuint (oba_http_limiter_take (limiter, "a", now), ==, 0);
  g_assert_cmpuint (oba_http_limiter_take (limiter, "a", now), ==, 1);
  g_assert_cmpuint (oba_http_limiter_take (limiter, "b", now), ==, 0);
  g_assert_cmpuint (oba_http_limiter_take (limiter, "a", now + 500000), ==, 0);
  g_assert_cmpuint (oba_http_limiter_take (limiter, "a", now + 500000), ==, 1);
  /* An attacker with many addresses fills no memory. */
  for (guint i = 0; i < 100000; i++)
    {
      char client[32];

      g_snprintf (client, sizeof client, "10.%u", i);
      oba_http_limiter_take (limiter, client, now + i);
    }
}

/* Tokens */

static const char rsa_public[] = "-----BEGIN PUBLIC KEY-----\n"
                                 "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnzyis1ZjfNB0bBgKFMSv\n"
                                 "vkTtwlvBsaJq7S5wA+kzeVOVpVWwkWdVha4s38XM/pa/yr47av7+z3VTmvDRyAHc\n"
                                 "aT92whREFpLv9cj5lTeJSibyr/Mrm/YtjCZVWgaOYIhwrXwKLqPr/11inWsAkfIy\n"
                                 "tvHWTxZYEcXLgAXFuUuaS3uF9gEiNQwzGTU1v0FqkqTBr4B8nW3HCN47XUu0t8Y0\n"
                                 "e+lf4s4OxQawWD79J9/5d3Ry0vbV3Am1FtGJiJvOwRsIfVChDpYStTcHTCMqtvWb\n"
                                 "V6L11BWkpzGXSW4Hv43qa+GSYOD2QU68Mb59oSk2OB+BtOLpJofmbGEGgvmwyCI9\n"
                                 "MwIDAQAB\n"
                                 "-----END PUBLIC KEY-----\n";

typedef struct
{
  char *directory;
} Keys;

static void
keys_set_up (Keys *keys, gconstpointer data)
{
  keys->directory = g_dir_make_tmp ("oba-keys-XXXXXX", NULL);
}

static void
keys_tear_down (Keys *keys, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (keys->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (keys->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (keys->directory);
  g_free (keys->directory);
}

static void
put_key (Keys *keys, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (keys->directory, name, NULL);

  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static ObaApiTokenVerdict
judge (ObaApiKeys *loaded, const char *token)
{
  g_autofree char *subject = NULL;

  return oba_api_token_check (loaded, token, OBA_API_SCOPE_CUSTOMERS_READ, &subject);
}

static char *
forge (jwt_alg_t algorithm, const char *key, const char *audience, gint64 from, gint64 until)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  jwt_t *jwt;
  char *encoded, *token;

  jwt_new (&jwt);
  jwt_add_grant (jwt, "iss", "oba");
  jwt_add_grant (jwt, "aud", audience);
  jwt_add_grant (jwt, "sub", "x");
  jwt_add_grant (jwt, "scope", OBA_API_SCOPE_CUSTOMERS_READ);
  jwt_add_grant_int (jwt, "nbf", now + from);
  if (until != 0)
    jwt_add_grant_int (jwt, "exp", now + until);
  jwt_set_alg (jwt, algorithm, (const guchar *) key, key != NULL ? (int) strlen (key) : 0);
  encoded = jwt_encode_str (jwt);
  token = g_strdup (encoded);
  free (encoded);
  jwt_free (jwt);
  return token;
}

/* The classic: a token signed with the public key as if it were a shared secret, or not signed at all. */
static void
test_token_algorithm (Keys *keys, gconstpointer data)
{
  static const char secret[] = "0123456789abcdef0123456789abcdef";
  g_autoptr (ObaApiKeys) loaded = NULL, with_secret = NULL;
  g_autofree char *confused = forge (JWT_ALG_HS256, rsa_public, "oba-api", 0, 60);
  g_autofree char *unsigned_token = forge (JWT_ALG_NONE, NULL, "oba-api", 0, 60);
  g_autofree char *right = forge (JWT_ALG_HS256, secret, "oba-api", 0, 60);
  g_autofree char *other_hash = forge (JWT_ALG_HS512, secret, "oba-api", 0, 60);
  g_autofree char *tampered = g_strdup (right);

  put_key (keys, "2026.rs256.pem", rsa_public);
  loaded = oba_api_keys_load (keys->directory, NULL);
  g_assert_cmpuint (oba_api_keys_get_n (loaded), ==, 1);
  g_assert_cmpint (judge (loaded, confused), ==, OBA_API_TOKEN_BAD);
  g_assert_cmpint (judge (loaded, unsigned_token), ==, OBA_API_TOKEN_BAD);
  g_assert_cmpint (judge (loaded, right), ==, OBA_API_TOKEN_BAD);

  put_key (keys, "2027.hs256", secret);
  with_secret = oba_api_keys_load (keys->directory, NULL);
  g_assert_cmpint (judge (with_secret, right), ==, OBA_API_TOKEN_GOOD);
  g_assert_cmpint (judge (with_secret, other_hash), ==, OBA_API_TOKEN_BAD);
  g_assert_cmpint (judge (with_secret, confused), ==, OBA_API_TOKEN_BAD);
  g_assert_cmpint (judge (with_secret, unsigned_token), ==, OBA_API_TOKEN_BAD);
  tampered[strlen (tampered) - 5] ^= 1;
  g_assert_cmpint (judge (with_secret, tampered), ==, OBA_API_TOKEN_BAD);
}

static void
test_token_claims (Keys *keys, gconstpointer data)
{
  static const char secret[] = "0123456789abcdef0123456789abcdef";
  g_autofree char *expired = forge (JWT_ALG_HS256, secret, "oba-api", -100, -1);
  g_autofree char *early = forge (JWT_ALG_HS256, secret, "oba-api", 600, 1200);
  g_autofree char *for_other = forge (JWT_ALG_HS256, secret, "another-api", 0, 60);
  g_autofree char *for_ever = forge (JWT_ALG_HS256, secret, "oba-api", 0, 0);
  g_autofree char *long_token = g_strnfill (100000, 'a');
  g_autoptr (ObaApiKeys) loaded = NULL;

  put_key (keys, "2027.hs256", secret);
  loaded = oba_api_keys_load (keys->directory, NULL);
  g_assert_cmpint (judge (loaded, expired), ==, OBA_API_TOKEN_BAD);
  g_assert_cmpint (judge (loaded, early), ==, OBA_API_TOKEN_BAD);
  g_assert_cmpint (judge (loaded, for_other), ==, OBA_API_TOKEN_BAD);
  g_assert_cmpint (judge (loaded, for_ever), ==, OBA_API_TOKEN_BAD);
  g_assert_cmpint (judge (loaded, long_token), ==, OBA_API_TOKEN_BAD);
  g_assert_cmpint (judge (loaded, ""), ==, OBA_API_TOKEN_BAD);
  g_assert_cmpint (judge (loaded, "a.b.c"), ==, OBA_API_TOKEN_BAD);
  g_assert_cmpint (judge (loaded, "..."), ==, OBA_API_TOKEN_BAD);
}

/* A new key signs from now on; tokens of the old one are good until they expire. */
static void
test_token_rotation (Keys *keys, gconstpointer data)
{
  g_autoptr (ObaApiKeys) before = NULL, after = NULL;
  g_autofree char *old_token = NULL, *new_token = NULL;
  g_autoptr (GError) error = NULL;

  put_key (keys, "2026.hs256", "an old key of at least 32 characters");
  put_key (keys, "README", "not a key");
  before = oba_api_keys_load (keys->directory, &error);
  g_assert_no_error (error);
  old_token = oba_api_token_sign (before, "till-1", OBA_API_SCOPE_CUSTOMERS_READ, 60, &error);
  g_assert_cmpuint (oba_api_keys_get_n (before), ==, 1);
  put_key (keys, "2027.hs256", "a new key of at least 32 characters!");
  after = oba_api_keys_load (keys->directory, &error);
  new_token = oba_api_token_sign (after, "till-1", OBA_API_SCOPE_CUSTOMERS_READ, 60, &error);
  g_assert_cmpint (judge (after, old_token), ==, OBA_API_TOKEN_GOOD);
  g_assert_cmpint (judge (after, new_token), ==, OBA_API_TOKEN_GOOD);
  g_assert_cmpint (judge (before, new_token), ==, OBA_API_TOKEN_BAD);
}

static void
test_token_keys_refused (Keys *keys, gconstpointer data)
{
  g_autofree char *path = g_build_filename (keys->directory, "2026.hs256", NULL);
  g_autoptr (GError) weak = NULL, open_to_all = NULL, unsigned_error = NULL;
  g_autoptr (ObaApiKeys) only_public = NULL;

  put_key (keys, "2026.hs256", "short");
  g_assert_null (oba_api_keys_load (keys->directory, &weak));
  g_assert_error (weak, OBA_ERROR, OBA_ERROR_CONFIGURATION);
  put_key (keys, "2026.hs256", "a key of at least 32 characters, really");
  g_chmod (path, 0644);
  g_assert_null (oba_api_keys_load (keys->directory, &open_to_all));
  g_assert_error (open_to_all, OBA_ERROR, OBA_ERROR_CONFIGURATION);
  g_unlink (path);
  put_key (keys, "2026.rs256.pem", rsa_public);
  only_public = oba_api_keys_load (keys->directory, NULL);
  g_assert_null (oba_api_token_sign (only_public, "x", "y", 60, &unsigned_error));
  g_assert_error (unsigned_error, OBA_ERROR, OBA_ERROR_CONFIGURATION);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/serve-parts/json", test_json);
  g_test_add_func ("/serve-parts/json-depth", test_json_depth);
  g_test_add_func ("/serve-parts/commands", test_commands);
  g_test_add_func ("/serve-parts/mutations", test_mutations);
  g_test_add_func ("/serve-parts/texts", test_texts);
  g_test_add_func ("/serve-parts/translated", test_translated);
  g_test_add_func ("/serve-parts/split", test_split);
  g_test_add_func ("/serve-parts/limiter", test_limiter);
  g_test_add ("/serve-parts/token-algorithm", Keys, NULL, keys_set_up, test_token_algorithm, keys_tear_down);
  g_test_add ("/serve-parts/token-claims", Keys, NULL, keys_set_up, test_token_claims, keys_tear_down);
  g_test_add ("/serve-parts/token-rotation", Keys, NULL, keys_set_up, test_token_rotation, keys_tear_down);
  g_test_add ("/serve-parts/token-keys-refused", Keys, NULL, keys_set_up, test_token_keys_refused, keys_tear_down);

  return g_test_run ();
}
