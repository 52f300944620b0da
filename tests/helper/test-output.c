/* What scripts read and people see: tables, CSV, JSON, progress. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <glib.h>
#include <json-glib/json-glib.h>

#include "commands/oba-commands.h"
#include "commands/oba-progress.h"
#include "commands/oba-table.h"

static ObaTable *
make_table (void)
{
  ObaTable *table = oba_table_new ();
  g_autoptr (GDateTime) time = g_date_time_new_utc (2026, 3, 20, 8, 5, 0);

  oba_table_add_column (table, "name", "Ad", OBA_COLUMN_TEXT);
  oba_table_add_column (table, "id", "No", OBA_COLUMN_ID);
  oba_table_add_column (table, "total", "Cəmi", OBA_COLUMN_MONEY);
  oba_table_add_column (table, "share", NULL, OBA_COLUMN_REAL);
  oba_table_add_column (table, "ok", NULL, OBA_COLUMN_BOOLEAN);
  oba_table_add_column (table, "at", NULL, OBA_COLUMN_TIME);
  oba_table_add_text (table, "Çörək, \"ağ\"\nbulka");
  oba_table_add_integer (table, 1234567);
  oba_table_add_integer (table, -5);
  oba_table_add_real (table, 0.125, 2);
  oba_table_add_boolean (table, TRUE);
  oba_table_add_time (table, time);
  for (guint i = 0; i < 6; i++)
    oba_table_add_null (table);

  return table;
}

/* A spreadsheet must read every cell back as it was, whatever is in it. */
static void
test_csv (void)
{
  g_autoptr (ObaTable) table = make_table ();
  g_autofree char *text = oba_table_to_string (table, OBA_TABLE_CSV);

  g_assert_cmpstr (text, ==, "name,id,total,share,ok,at\r\n"
                             "\"Çörək, \"\"ağ\"\"\nbulka\",1234567,-0.05,0.125,true,2026-03-20T08:05:00Z\r\n"
                             ",,,,,\r\n");
}

static void
test_json (void)
{
  g_autoptr (ObaTable) table = make_table ();
  g_autofree char *text = oba_table_to_string (table, OBA_TABLE_JSON);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *rows;
  JsonObject *row;

  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);
  rows = json_node_get_array (json_parser_get_root (parser));
  g_assert_cmpuint (json_array_get_length (rows), ==, 2);
  row = json_array_get_object_element (rows, 0);
  g_assert_cmpstr (json_object_get_string_member (row, "name"), ==, "Çörək, \"ağ\"\nbulka");
  g_assert_cmpint (json_object_get_int_member (row, "id"), ==, 1234567);
  g_assert_cmpstr (json_object_get_string_member (row, "total"), ==, "-0.05");
  g_assert_true (json_object_get_boolean_member (row, "ok"));
  g_assert_true (json_object_get_null_member (json_array_get_object_element (rows, 1), "name"));
}

/* Columns stand under their headings, also with Azerbaijani letters, and no stored text can steer the terminal. */
static void
test_human (void)
{
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autofree char *text = NULL;
  g_autofree char *upright = NULL;

  oba_table_add_column (table, "name", "Ad", OBA_COLUMN_TEXT);
  oba_table_add_column (table, "n", "Ədəd", OBA_COLUMN_ID);
  oba_table_add_text (table, "Gəncə");
  oba_table_add_integer (table, 7);
  oba_table_add_text (table, "\033[2JQ");
  oba_table_add_integer (table, 12345);
  text = oba_table_to_string (table, OBA_TABLE_HUMAN);
  g_assert_cmpstr (text, ==, "Ad      Ədəd\n"
                             "Gəncə      7\n"
                             " [2JQ  12345\n");
  oba_table_set_upright (table);
  upright = oba_table_to_string (table, OBA_TABLE_HUMAN);
  g_assert_cmpstr (upright, ==, "Ad    Gəncə\nƏdəd  7\n\nAd     [2JQ\nƏdəd  12345\n");
}

/* A log gets lines, not bars: nothing that overwrites itself, and one last line with the sum. */
static void
test_progress_in_log (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (ObaProgress) progress = oba_progress_new ("Receipts", 1000);

      for (int i = 0; i < 1000; i++)
        oba_progress_add (progress, 1);
      oba_progress_finish (progress);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  /* A busy machine may take long enough for a line in between. */
  g_test_trap_assert_stderr ("*Receipts: 1000 in * s\n");
  g_test_trap_assert_stderr_unmatched ("*\r*");
}

/* On a terminal the bar is drawn over itself, never wider than the terminal, and gone after an error. */
static void
test_progress_on_terminal (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (ObaProgress) progress = oba_progress_new ("Receipts of a very long label", 100);
      gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 4;

      while (g_get_monotonic_time () < end)
        oba_progress_set (progress, 40);
      oba_progress_set (progress, 40);   /* by now the bar is due, however few turns a busy machine left to the loop */
      return;
    }
  else
    {
      g_autofree char *program = g_find_program_in_path ("script");
      g_autofree char *self = g_strdup_printf ("stty cols 40; TERM=xterm exec '%s' --GTestSubprocess -p /output/progress-on-terminal", g_get_prgname ());
      const char *argv[] = { "script", "-qec", self, "/dev/null", NULL };
      g_autofree char *out = NULL;
      g_autoptr (GError) error = NULL;

      if (program == NULL)
        {
          g_test_skip ("needs script(1) for a terminal");
          return;
        }
      g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (strstr (out, "Receipts of a very long label [###"));
      g_assert_null (strstr (out, "40 %"));
      g_assert_nonnull (strstr (out, "\r\033[K"));
    }
}

static void
test_suggestions (void)
{
  g_assert_cmpstr (oba_commands_suggest ("migrat"), ==, "migrate");
  g_assert_cmpstr (oba_commands_suggest ("lcoal"), ==, "local");
  g_assert_cmpstr (oba_commands_suggest ("mig"), ==, "migrate");
  g_assert_null (oba_commands_suggest ("q"));
  g_assert_null (oba_commands_suggest ("a-very-long-word-that-is-no-command-of-ours-at-all"));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_set_prgname (argv[0]);
  g_test_add_func ("/output/csv", test_csv);
  g_test_add_func ("/output/json", test_json);
  g_test_add_func ("/output/human", test_human);
  g_test_add_func ("/output/progress-in-log", test_progress_in_log);
  g_test_add_func ("/output/progress-on-terminal", test_progress_on_terminal);
  g_test_add_func ("/output/suggestions", test_suggestions);

  return g_test_run ();
}
