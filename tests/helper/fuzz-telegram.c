/*
 * Whatever anybody sends: the parser of updates, of a poll's answer, and of our own markup. As a program of its own it runs the corpus and 10,000 seeded mutations of it; given files, those.
 * With libFuzzer: CC=clang meson setup build-fuzz -Db_sanitize=address -Db_lundef=false -Dc_args='-fsanitize=fuzzer-no-link -DOBA_LIBFUZZER', then build-fuzz/tests/helper/fuzz-telegram DIRECTORY
 */
#include <stdint.h>
#include <string.h>

#include "http/oba-json-guard.h"
#include "scan/oba-scan-code.h"
#include "telegram-corpus.h"
#include "telegram/oba-telegram-batch.h"
#include "telegram/oba-telegram-html.h"
#include "telegram/oba-telegram-update.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Nothing that is not ours to say gets out, and nothing longer than Telegram takes. */
static void
check_words (const char *words)
{
  g_autofree char *escaped = oba_telegram_html_escape (words), *bold = g_strdup_printf ("<b>%s</b>", escaped), *cut = oba_telegram_text_cut (words, 50);
  g_auto (GStrv) parts = oba_telegram_html_split (bold, 20);
  g_autoptr (ObaScanCode) code = oba_scan_code_parse (words);

  g_assert_true (g_utf8_validate (escaped, -1, NULL));
  g_assert_null (strpbrk (escaped, "<>\n"));
  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_assert_true (g_utf8_validate (parts[i], -1, NULL));
      g_assert_cmpuint (oba_telegram_html_length (parts[i]), <=, 20);
    }
  g_assert_true (g_utf8_validate (cut, -1, NULL));
  g_assert_true (g_utf8_validate (code->value, -1, NULL));
}

static void
check_update (JsonNode *root)
{
  g_autoptr (ObaTelegramUpdate) update = oba_telegram_update_parse (root, "OBABot");
  gint64 update_id, chat_id;

  g_assert_true (oba_telegram_update_ids (root, &update_id, &chat_id) == (update_id > 0));
  if (update->kind == OBA_TELEGRAM_OTHER)
    return;
  g_assert_cmpint (update->chat_id, !=, 0);
  g_assert_true (update->command == NULL || update->argument != NULL);
  if (update->text != NULL)
    check_words (update->text);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  /* On the heap and no byte more: what reads beyond is seen. */
  g_autofree char *copy = g_memdup2 (size > 0 ? data : (const uint8_t *) "", MAX (size, 1));
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = oba_json_guard_parse (copy, size, &text, NULL);
  g_autoptr (JsonArray) rows = oba_telegram_batch_split (copy, size);

  if (root != NULL)
    check_update (root);
  g_assert_cmpint (oba_telegram_update_number_of (copy, size), <, 0);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (rows, i), "update_id"), !=, 0);
  return 0;
}

#ifndef OBA_LIBFUZZER
static void
test_corpus (void)
{
  for (guint i = 0; telegram_corpus[i] != NULL; i++)
    {
      g_autoptr (GString) text = g_string_new (telegram_corpus[i]);
      g_autofree char *mended = NULL;
      g_autoptr (JsonNode) root = NULL;

      g_string_replace (text, "%d", "5000000000055", 0);
      root = oba_json_guard_parse (text->str, text->len, &mended, NULL);
      g_assert_nonnull (root);
      LLVMFuzzerTestOneInput ((const uint8_t *) text->str, text->len);
    }
}

static void
test_mutated (void)
{
  g_autoptr (GRand) rand = telegram_corpus_rand ();

  for (guint i = 0; i < 10000; i++)
    {
      gsize length;
      g_autofree char *text = telegram_corpus_mutate (rand, &length);
      g_autofree char *answer = g_strdup_printf ("{\"ok\":true,\"result\":[%s,{\"update_id\":7}]}", text);

      LLVMFuzzerTestOneInput ((const uint8_t *) text, length);
      if (i % 4 == 0)
        LLVMFuzzerTestOneInput ((const uint8_t *) answer, strlen (answer));
    }
}

/* One that nobody can read does not take the others with it. */
static void
test_batch (void)
{
  static const char answer[] = "{\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{\"chat\":{\"id\":5}}},{\"update_id\":2,\"x\":\"\xff\"},\n {\"x\":\"]}\\\"\",\"update_id\" : 3,\"y\":'a'},"
                               "{\"z\":[{},{}]},{\"update_id\":99999999999999999999},{\"update_id\":5}]}";
  g_autoptr (JsonArray) rows = oba_telegram_batch_split (answer, strlen (answer));
  static const gint64 numbers[] = { 1, 2, 3, 0, 0, 5 };
  static const gboolean readable[] = { TRUE, FALSE, FALSE, FALSE, FALSE, TRUE };

  g_assert_cmpuint (json_array_get_length (rows), ==, G_N_ELEMENTS (readable));
  for (guint i = 0; i < G_N_ELEMENTS (readable); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      g_assert_cmpint (json_object_has_member (row, "payload"), ==, readable[i]);
      if (numbers[i] > 0)
        g_assert_cmpint (json_object_get_int_member (row, "update_id"), ==, numbers[i]);
      else
        g_assert_cmpint (json_object_get_int_member (row, "update_id"), <, 0);
    }
  g_assert_cmpint (oba_telegram_batch_highest (rows), ==, 5);
}

/* What is written from right to left does not turn our own words around, and nothing in a name is markup, invisible, or a line of its own. */
static void
test_names (void)
{
  static const struct
  {
    const char *name, *said;
  } names[] = {
    { "Aysel", "Aysel" },
    { "<b>&\"", "&lt;b&gt;&amp;&quot;" },
    { "محمد", "\342\201\250محمد\342\201\251" },
    { "x\u202ey\u2066z", "xyz" },
    { "a\nb\tc", "a b c" },
    { "😀 ə", "😀 ə" },
    { "\xff", "\uFFFD" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *said = oba_telegram_html_escape (names[i].name);

      g_assert_cmpstr (said, ==, names[i].said);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int i = 1; i < argc; i++)
    {
      g_autofree char *text = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (argv[i], &text, &length, NULL));
      LLVMFuzzerTestOneInput ((const uint8_t *) text, length);
    }
  if (argc > 1)
    return 0;
  g_test_add_func ("/fuzz-telegram/corpus", test_corpus);
  g_test_add_func ("/fuzz-telegram/mutated", test_mutated);
  g_test_add_func ("/fuzz-telegram/batch", test_batch);
  g_test_add_func ("/fuzz-telegram/names", test_names);
  return g_test_run ();
}
#endif
