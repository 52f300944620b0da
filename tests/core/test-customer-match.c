/* What is marked in a row tells a clerk why it was found: it must be that part of what is shown, under every spelling, and never half a letter. */
#include "base/oba-fold.h"
#include "customers/oba-customer-match.h"

/* As the database folds names (see test-schema): else the wrong letters would be marked. */
static void
test_fold (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fold-cases.tsv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], "\t", -1);
      g_autofree char *folded = NULL;

      if (lines[i][0] == '#' || g_strv_length (cells) != 2)
        continue;
      folded = oba_text_fold (cells[0]);
      g_assert_cmpstr (folded, ==, cells[1]);
      n++;
    }
  g_assert_cmpuint (n, >, 60);
}

/* @shown with [ and ] around what is marked. */
static void
assert_marked (const char         *search,
               ObaCustomerMatchIn  in,
               const char         *shown,
               const char         *expected)
{
  g_autoptr (GArray) matches = oba_customer_match_ranges (search, in, shown);
  g_autoptr (GString) marked = g_string_new (NULL);
  guint at = 0;

  for (guint i = 0; i < matches->len; i++)
    {
      ObaCustomerMatch match = g_array_index (matches, ObaCustomerMatch, i);

      g_string_append_len (marked, shown + at, match.from - at);
      g_string_append_c (marked, '[');
      g_string_append_len (marked, shown + match.from, match.to - match.from);
      g_string_append_c (marked, ']');
      at = match.to;
    }
  g_string_append (marked, shown + at);
  g_assert_true (g_utf8_validate (marked->str, -1, NULL));
  g_assert_cmpstr (marked->str, ==, expected);
}

static void
test_ranges (void)
{
  assert_marked ("aliyeva", OBA_CUSTOMER_MATCH_NAME, "Əliyeva Ayşə", "[Əliyeva] Ayşə");
  assert_marked ("алиева", OBA_CUSTOMER_MATCH_NAME, "Əliyeva Ayşə", "[Əliyeva] Ayşə");
  assert_marked ("ayse el", OBA_CUSTOMER_MATCH_NAME, "Əliyeva Ayşə", "[Əl]iyeva [Ayşə]");
  assert_marked ("huseyn", OBA_CUSTOMER_MATCH_NAME, "Гусейнов Эльчин", "[Гусейн]ов Эльчин");
  assert_marked ("%", OBA_CUSTOMER_MATCH_NAME, "100%", "100%");
  assert_marked ("", OBA_CUSTOMER_MATCH_NAME, "Əliyeva", "Əliyeva");
  assert_marked ("\xff", OBA_CUSTOMER_MATCH_NAME, "Əliyeva", "Əliyeva");
  assert_marked ("050 123", OBA_CUSTOMER_MATCH_PHONE, "+994 50 123 45 67", "+994 [50 123] 45 67");
  assert_marked ("+994 (50)", OBA_CUSTOMER_MATCH_PHONE, "+994 50 123 45 67", "+[994 50] 123 45 67");
  assert_marked ("2345", OBA_CUSTOMER_MATCH_PHONE, "+994 50 123 45 67", "+994 50 1[23 45] 67");
  assert_marked ("Əliyeva 4567", OBA_CUSTOMER_MATCH_PHONE, "+994 50 123 45 67", "+994 50 123 [45 67]");
  assert_marked ("AYSE@", OBA_CUSTOMER_MATCH_EMAIL, "ayse@example.az", "[ayse@]example.az");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/customer-match/fold", test_fold);
  g_test_add_func ("/core/customer-match/ranges", test_ranges);
  return g_test_run ();
}
