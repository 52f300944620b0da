/* What the database refuses with is read by people who do not read English: every sentence must be known to the translators, and found again. */
#include <string.h>
#include <gio/gio.h>

#include "db/oba-db-rules.h"

#define MIGRATIONS "/az/oba/migrations/"

static gboolean
is_known (const char *sentence)
{
  return g_strv_contains (oba_db_rules_list (), sentence);
}

/* The texts within one call of oba.refuse (code, text, hint, ...), without the code. */
static guint
check_call (const char *call, const char *file)
{
  g_autoptr (GRegex) regex = g_regex_new ("'((?:[^']|'')*)'", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  guint n = 0;

  for (g_regex_match (regex, call, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *quoted = g_match_info_fetch (match, 1);
      g_auto (GStrv) parts = g_strsplit (quoted, "''", -1);
      g_autofree char *text = g_strjoinv ("'", parts);

      /* One word is a code or a key, not a sentence. */
      if (strchr (g_strstrip (text), ' ') == NULL)
        continue;
      n++;
      if (!is_known (text))
        g_error ("%s refuses with “%s”: add it to src/core/db/oba-db-rules.c and translate it", file, text);
    }
  return n;
}

static void
test_every_sentence_is_known (void)
{
  g_auto (GStrv) files = g_resources_enumerate_children (MIGRATIONS, 0, NULL);
  g_autoptr (GRegex) regex = g_regex_new ("perform oba\\.refuse \\((?:[^;']|'(?:[^']|'')*')*;", 0, 0, NULL);
  guint n = 0;

  g_assert_nonnull (files);
  for (guint i = 0; files[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (MIGRATIONS, files[i], NULL);
      g_autoptr (GBytes) bytes = g_resources_lookup_data (path, 0, NULL);
      g_autofree char *sql = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_autoptr (GMatchInfo) match = NULL;

      for (g_regex_match (regex, sql, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
        {
          g_autofree char *call = g_match_info_fetch (match, 0);

          n += check_call (call, files[i]);
        }
    }
  g_assert_cmpuint (n, >, 100);
}

static void
test_what_is_put_in_stays (void)
{
  /* Without a translation the sentence must come out as it went in, whatever stands in it. */
  const char *const texts[] = {
    "There is no staff member \"a %s b\".",
    "There are only 12 points to spend, not 100, not 7.",
    "Receipt of till of till 9 of till 1 was recorded before with other contents.",
    "There is no batch 5 to post.",
    "\"\" is not a phone number.",
    "Something that no rule says.",
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = oba_db_rules_translate (texts[i]);

      g_assert_cmpstr (text, ==, texts[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rules/every-sentence-is-known", test_every_sentence_is_known);
  g_test_add_func ("/rules/what-is-put-in-stays", test_what_is_put_in_stays);
  return g_test_run ();
}
