#include "oba-config.h"
#include "oba-commands.h"

#include <string.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "base/oba-error.h"
#include "import/oba-csv-reader.h"
#include "oba-progress.h"

/* The columns of the file, in the order of the list. */
enum
{
  CUSTOMER,
  REGISTERED,
  ERASED_AT,
  BY,
  REASON,
  ASKED_FOR,
  N_COLUMNS,
};

static const char *const columns[N_COLUMNS] = { "customer_id", "registered", "erased_at", "by", "reason", "asked_for" };

typedef struct
{
  gint64  customer;
  gint64  registered;   /* microseconds since 1970 */
  gint64  asked_for;
  char   *reason;
} Erasure;

static void
erasure_free (gpointer data)
{
  Erasure *erasure = data;

  g_free (erasure->reason);
  g_free (erasure);
}

/* ---- the list */

static int
list (ObaCommandContext *context, ObaDbConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "customers/erasures.sql", NULL, &error);
  g_autoptr (ObaTable) table = oba_table_new ();

  if (rows == NULL)
    return oba_command_context_fail (context, error);
  oba_table_add_column (table, columns[CUSTOMER], _("Customer"), OBA_COLUMN_ID);
  oba_table_add_column (table, columns[REGISTERED], _("Registered (µs)"), OBA_COLUMN_ID);
  oba_table_add_column (table, columns[ERASED_AT], _("Erased"), OBA_COLUMN_TIME);
  oba_table_add_column (table, columns[BY], _("By"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, columns[REASON], _("Reason"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, columns[ASKED_FOR], _("Asked for"), OBA_COLUMN_ID);
  for (guint r = 0; r < oba_db_result_get_n_rows (rows); r++)
    {
      g_autoptr (GDateTime) at = oba_db_result_get_time (rows, r, ERASED_AT);

      oba_table_add_integer (table, oba_db_result_get_int64 (rows, r, CUSTOMER));
      oba_table_add_integer (table, oba_db_result_get_int64 (rows, r, REGISTERED));
      oba_table_add_time (table, at);
      oba_table_add_text (table, oba_db_result_get_text (rows, r, BY));
      oba_table_add_text (table, oba_db_result_get_text (rows, r, REASON));
      oba_table_add_integer (table, oba_db_result_get_int64 (rows, r, ASKED_FOR));
    }
  return oba_command_context_print (context, table);
}

/* ---- reading it back */

static gboolean
find_columns (ObaCsvReader *reader, guint *where, GError **error)
{
  const char *const *header = oba_csv_reader_get_header (reader);

  for (guint c = 0; c < N_COLUMNS; c++)
    {
      guint i = 0;

      while (header[i] != NULL && !g_str_equal (header[i], columns[c]))
        i++;
      if (header[i] == NULL)
        {
          g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This is no list of erasures: it has no column “%s”."), columns[c]);
          return FALSE;
        }
      where[c] = i;
    }
  return TRUE;
}

static Erasure *
read_erasure (const ObaCsvRecord *record, const guint *where, GError **error)
{
  Erasure found = { 0 };
  Erasure *erasure;

  if (record->fault != OBA_CSV_FAULT_NONE
      || !g_ascii_string_to_signed (record->fields[where[CUSTOMER]], 10, 1, G_MAXINT64, &found.customer, NULL)
      || !g_ascii_string_to_signed (record->fields[where[REGISTERED]], 10, G_MININT64, G_MAXINT64, &found.registered, NULL)
      || !g_ascii_string_to_signed (record->fields[where[ASKED_FOR]], 10, 1, G_MAXINT64, &found.asked_for, NULL))
    {
      g_autofree char *line = g_strdup_printf ("%" G_GINT64_FORMAT, record->line);

      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("Line %s of the file cannot be read, so nothing was erased."), line);
      return NULL;
    }
  erasure = g_new (Erasure, 1);
  *erasure = found;
  erasure->reason = g_strdup (record->fields[where[REASON]]);
  return erasure;
}

/* All of it before anything is done. */
static GPtrArray *
read_file (ObaCommandContext *context, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (ObaCsvReader) reader = oba_csv_reader_open (file, NULL, ',', oba_command_context_get_cancellable (context), error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (erasure_free);
  g_autoptr (GError) problem = NULL;
  guint where[N_COLUMNS];
  const ObaCsvRecord *record;

  if (reader == NULL || !find_columns (reader, where, error))
    return NULL;
  while ((record = oba_csv_reader_next (reader, oba_command_context_get_cancellable (context), &problem)) != NULL)
    {
      Erasure *erasure = read_erasure (record, where, error);

      if (erasure == NULL)
        return NULL;
      g_ptr_array_add (list, erasure);
    }
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  return g_steal_pointer (&list);
}

/* ---- erasing again */

/* Who were erased with one word: asked_for -> (element-type gint64). */
static GHashTable *
find_families (GPtrArray *list)
{
  GHashTable *families = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) g_array_unref);

  for (guint i = 0; i < list->len; i++)
    {
      Erasure *erasure = list->pdata[i];
      GArray *family = g_hash_table_lookup (families, &erasure->asked_for);

      if (family == NULL)
        {
          family = g_array_new (FALSE, FALSE, sizeof (gint64));
          g_hash_table_insert (families, &erasure->asked_for, family);
        }
      g_array_append_val (family, erasure->customer);
    }
  return families;
}

/* (transfer full) */
static char *
make_request (GArray *family, const Erasure *erasure)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "customer_id");
  json_builder_add_int_value (builder, erasure->customer);
  json_builder_set_member_name (builder, "registered");
  json_builder_add_int_value (builder, erasure->registered);
  json_builder_set_member_name (builder, "reason");
  json_builder_add_string_value (builder, erasure->reason);
  json_builder_set_member_name (builder, "family");
  json_builder_begin_array (builder);
  for (guint i = 0; i < family->len; i++)
    json_builder_add_int_value (builder, g_array_index (family, gint64, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static const char *const states[] = { "erased", "already", "unknown", "merged" };

static int
print_counts (ObaCommandContext *context, const gint64 *counts)
{
  g_autoptr (ObaTable) table = oba_table_new ();

  oba_table_set_upright (table);
  oba_table_add_column (table, states[0], _("Erased again"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, states[1], _("Erased already"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, states[2], _("Not in this database"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, states[3], _("One person with somebody who was not erased: left alone"), OBA_COLUMN_INTEGER);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    oba_table_add_integer (table, counts[i]);
  return oba_command_context_print (context, table);
}

static int
again (ObaCommandContext *context, ObaDbConnection *connection, GPtrArray *list)
{
  g_autoptr (ObaProgress) progress = oba_progress_new (_("Erasures"), list->len);
  g_autoptr (GHashTable) families = find_families (list);
  gint64 counts[G_N_ELEMENTS (states)] = { 0 };
  int status;

  for (guint i = 0; i < list->len; i++)
    {
      const Erasure *erasure = list->pdata[i];
      g_autofree char *request = make_request (g_hash_table_lookup (families, &erasure->asked_for), erasure);
      g_autoptr (ObaDbParams) params = oba_db_params_build ("t", request);
      g_autoptr (GError) error = NULL;
      g_autoptr (ObaDbResult) done = oba_command_context_query (context, connection, "customers/erase-again.sql", params, &error);

      if (done == NULL)
        return oba_command_context_fail (context, error);
      for (guint s = 0; s < G_N_ELEMENTS (states); s++)
        if (g_str_equal (oba_db_result_get_text (done, 0, 0), states[s]))
          counts[s]++;
      if (g_str_equal (oba_db_result_get_text (done, 0, 0), "merged"))
        {
          g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, erasure->customer);
          g_autofree char *said = g_strdup_printf (_("Customer %s is one person here with somebody who was not erased. "
                                                     "Take them apart in the application, then erase again."),
                                                   number);

          oba_progress_say (progress, said);
        }
      oba_progress_set (progress, i + 1);
    }
  oba_progress_finish (progress);
  status = print_counts (context, counts);
  return status == OBA_EXIT_DONE && counts[3] > 0 ? OBA_EXIT_FAILED : status;
}

int
oba_command_erasures (ObaCommandContext *context, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (GPtrArray) list_of = NULL;
  const char *action;
  gboolean repeats;
  int status;

  if (!oba_command_context_parse (context, "list | again FILE",
                                  _("list     show who was erased: numbers only; kept as CSV apart from the backups, it is what “again” takes\n"
                                    "again    after a backup was restored, erase everybody on the list who came back"),
                                  NULL, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;

  action = argc > 1 ? argv[1] : "";
  repeats = strcmp (action, "again") == 0;
  if (!repeats && strcmp (action, "list") != 0)
    return oba_command_context_usage (context, "%s", _("say list or again."));
  if (argc != (repeats ? 3 : 2))
    return oba_command_context_usage (context, _("“%s” takes another number of words."), action);
  if (repeats && (list_of = read_file (context, argv[2], &error)) == NULL)
    return oba_command_context_fail (context, error);
  connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  if (connection == NULL)
    return oba_command_context_fail (context, error);
  return repeats ? again (context, connection, list_of) : list (context, connection);
}
