#include <glib.h>
#include <glib/gstdio.h>
#include <locale.h>

#include "base/oba-config-file.h"
#include "base/oba-day.h"
#include "base/oba-error.h"
#include "base/oba-money.h"
#include "base/oba-phone.h"
#include "base/oba-text.h"

#define NBSP "\xc2\xa0"
#define MINUS "\xe2\x88\x92"
#define MANAT "\xe2\x82\xbc"

static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_money_format (void)
{
  assert_text (oba_money_format (0), "0.00" NBSP MANAT);
  assert_text (oba_money_format (5), "0.05" NBSP MANAT);
  assert_text (oba_money_format (-123456), MINUS "1" NBSP "234.56" NBSP MANAT);
  assert_text (oba_money_format_plain (-5), "-0.05");
  assert_text (oba_money_format_plain (123456789), "1234567.89");
  assert_text (oba_money_format_plain (G_MININT64), "-92233720368547758.08");
  assert_text (oba_number_format (-1234567), MINUS "1" NBSP "234" NBSP "567");
  assert_text (oba_number_format (999), "999");
}

static void
test_money_format_short (void)
{
  assert_text (oba_money_format_short (0), "0" NBSP MANAT);
  assert_text (oba_money_format_short (123400), "1" NBSP "234" NBSP MANAT);
  assert_text (oba_money_format_short (1234000), "12.3" NBSP "k" NBSP MANAT);
  assert_text (oba_money_format_short (100000000), "1" NBSP "m" NBSP MANAT);
  assert_text (oba_money_format_short (2500000), "25" NBSP "k" NBSP MANAT);
  assert_text (oba_money_format_short (-20000000), MINUS "200" NBSP "k" NBSP MANAT);
  assert_text (oba_money_format_short (123456789000), "1.23" NBSP "bn" NBSP MANAT);
}

static void
test_money_parse (void)
{
  static const struct
  {
    const char *text;
    gint64 qepik;
  } good[] = {
    { "12", 1200 },        { "12.5", 1250 },           { "12,50", 1250 },          { " 1 234,50 " MANAT, 123450 },
    { "1,234.50", 123450 }, { "1.234,50", 123450 },    { "-3", -300 },             { ".5", 50 },
    { "0.10", 10 },        { "12.5000", 1250 },        { "1" NBSP "000", 100000 }, { MINUS "0.01", -1 },
  };
  static const char *const bad[] = { "",     " ",   "abc",  "1.2.3,4.5", "12.345", "1e5", "--1", "12 AZN x", "99999999999999999999",
                                     "\xff", "0x1", "1;2", "-",         "nan" };
  gint64 qepik;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (oba_money_parse (good[i].text, &qepik, &error));
      g_assert_no_error (error);
      g_assert_cmpint (qepik, ==, good[i].qepik);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      if (oba_money_parse (bad[i], &qepik, &error))
        g_error ("“%s” was taken for money", bad[i]);
      g_assert_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
    }
}

static void
test_phone (void)
{
  static const char *const spellings[] = { "050 123 45 67",       "+994 (50) 123-45-67", "994501234567", "00994501234567", "501234567",
                                           "+994 (0) 50 1234567", "0501234567",          " 050.123.45.67 ", "050" NBSP "1234567" };
  static const char *const bad[] = { "",  "12345", "+",      "abc", "050 123 45 6", "+994 50 123 45 678", "+0501234567", "000501234567",
                                     "+1", "٠٥٠١٢٣٤٥٦٧", "050123456x", "+99450123456789012345", "\xff\xfe", "050+1234567", "'; DROP TABLE" };

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    assert_text (oba_phone_normalize (spellings[i], NULL), "+994501234567");
  assert_text (oba_phone_normalize ("+7 (912) 345-67-89", NULL), "+79123456789");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (oba_phone_normalize (bad[i], &error));
      g_assert_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
    }
  assert_text (oba_phone_format ("+994501234567"), "+994 50 123 45 67");
  assert_text (oba_phone_format ("+79123456789"), "+79 123 456 789");
}

static void
test_text_clean (void)
{
  g_autofree char *long_text = g_strnfill (10000, 'a');
  static const char *const bad[] = { "\xff\xfe", "Evil\x07 bell", "user\xe2\x80\xaegnp.exe", "a\xe2\x80\x8b" "b", "\xef\xbf\xbd", "x\x7f" };

  assert_text (oba_text_clean ("  Əli \t\n  Vəliyev ", 100, NULL), "Əli Vəliyev");
  assert_text (oba_text_clean ("e\xcc\x81", 1, NULL), "é");
  assert_text (oba_text_clean ("<b>Robert'); DROP TABLE customers;--</b>", 100, NULL), "<b>Robert'); DROP TABLE customers;--</b>");
  assert_text (oba_text_clean ("", 10, NULL), "");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (oba_text_clean (bad[i], 100, &error));
      g_assert_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
    }
  g_assert_null (oba_text_clean (long_text, 200, NULL));
  long_text[200] = '\0';
  g_free (oba_text_clean (long_text, 200, NULL));
  g_assert_null (oba_text_clean (long_text, 199, NULL));
}

static void
test_config_file (void)
{
  g_autofree char *directory = g_dir_make_tmp ("oba-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "helper.conf", NULL);
  g_autofree char *secret_path = g_build_filename (directory, "token", NULL);
  g_autofree char *text = g_strdup_printf ("[telegram]\ntoken_file=%s\n[http]\nworkers=3\nlisten=\n", secret_path);
  g_autoptr (ObaConfigFile) config = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (g_file_set_contents (secret_path, "12:abc\n", -1, NULL));
  g_unsetenv ("CREDENTIALS_DIRECTORY");
  config = oba_config_file_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (oba_config_file_get_int (config, "http", "workers", 1), ==, 3);
  g_assert_cmpint (oba_config_file_get_int (config, "http", "none", 7), ==, 7);
  assert_text (oba_config_file_get_string (config, "http", "listen", "127.0.0.1:8080"), "127.0.0.1:8080");
  assert_text (oba_config_file_read_secret (config, "telegram-token", "telegram", "token_file", NULL), "12:abc");
  g_assert_null (oba_config_file_read_secret (config, "none", "telegram", "none", &error));
  g_assert_no_error (error);

  /* An empty secret must not quietly become "no secret". */
  g_assert_true (g_file_set_contents (secret_path, "\n", -1, NULL));
  g_assert_null (oba_config_file_read_secret (config, "telegram-token", "telegram", "token_file", &error));
  g_assert_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION);
  g_clear_error (&error);

  g_assert_null (oba_config_file_load ("/nonexistent/helper.conf", &error));
  g_assert_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION);
  g_unlink (path);
  g_unlink (secret_path);
  g_rmdir (directory);
}

/* A computer in another zone, a server's for one: what is printed there says the chain's day and hour, not its own. */
static void
test_day_zone (void)
{
  /* 20:00 UTC is the next day's, and year's, first moment in Bakı. */
  g_autoptr (GDateTime) midnight = oba_day_at (G_GINT64_CONSTANT (1767211200));
  g_autoptr (GDateTime) before = oba_day_at (G_GINT64_CONSTANT (1767211199));
  g_autoptr (GDateTime) now = oba_day_now ();
  g_autoptr (GDateTime) after = NULL;
  GDate today;

  assert_text (g_date_time_format (midnight, "%d.%m.%Y %H:%M:%S"), "01.01.2026 00:00:00");
  assert_text (g_date_time_format (before, "%d.%m.%Y %H:%M:%S"), "31.12.2025 23:59:59");
  oba_day_today (&today);
  after = oba_day_now ();
  /* Midnight may come in between. */
  g_assert_true ((guint) g_date_time_get_day_of_month (now) == g_date_get_day (&today) || (guint) g_date_time_get_day_of_month (after) == g_date_get_day (&today));
}

int
main (int argc, char **argv)
{
  /* Before anything asks for the zone. */
  g_setenv ("TZ", "America/New_York", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/money/format", test_money_format);
  g_test_add_func ("/base/money/short", test_money_format_short);
  g_test_add_func ("/base/money/parse", test_money_parse);
  g_test_add_func ("/base/phone", test_phone);
  g_test_add_func ("/base/text/clean", test_text_clean);
  g_test_add_func ("/base/config-file", test_config_file);
  g_test_add_func ("/base/day/zone", test_day_zone);
  return g_test_run ();
}
