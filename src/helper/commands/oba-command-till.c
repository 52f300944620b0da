#include "oba-config.h"
#include "oba-commands.h"

#include <stdio.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "staff/oba-password.h"

#define MAX_TILL_NO 9999

/* The shop's code is for people, the API's name has only characters that every till can send. */
static char *
make_client_id (gint64 store, gint64 till_no)
{
  g_autofree char *random = oba_password_generate ();

  return g_strdup_printf ("till-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "-%.6s", store, till_no, random);
}

static gboolean
insert_till (ObaCommandContext *context, ObaDbConnection *connection, const char *store_code, gint64 till_no,
             const char *key, char **client_id, GError **error)
{
  g_autoptr (ObaDbParams) code = oba_db_params_build ("t", store_code);
  g_autoptr (ObaDbResult) store = oba_command_context_query (context, connection, "staff/store.sql", code, error);
  g_autoptr (ObaDbParams) till = NULL;
  g_autoptr (ObaDbResult) added = NULL;
  gint64 store_id;

  if (store == NULL)
    return FALSE;
  if (oba_db_result_get_n_rows (store) == 0)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_NOT_FOUND, _("There is no store with the code “%s”, so nothing was changed."), store_code);
      return FALSE;
    }
  store_id = oba_db_result_get_int64 (store, 0, 0);
  *client_id = make_client_id (store_id, till_no);
  till = oba_db_params_build ("iitt", store_id, till_no, *client_id, key);
  added = oba_command_context_query (context, connection, "staff/till-add.sql", till, error);

  return added != NULL;
}

static int
add (ObaCommandContext *context, ObaDbConnection *connection, const char *store_code, gint64 till_no)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autofree char *key = oba_password_generate ();
  g_autofree char *client_id = NULL;

  if (!insert_till (context, connection, store_code, till_no, key, &client_id, &error))
    return oba_command_context_fail (context, error);

  fprintf (stderr, "%s\n", _("The till may post receipts now. Its key is shown this once:"));
  oba_table_set_upright (table);
  oba_table_add_column (table, "store", _("Store"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "till_no", _("Till"), OBA_COLUMN_ID);
  oba_table_add_column (table, "client_id", _("Name in the API"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "key", _("Key"), OBA_COLUMN_TEXT);
  oba_table_add_text (table, store_code);
  oba_table_add_integer (table, till_no);
  oba_table_add_text (table, client_id);
  oba_table_add_text (table, key);

  return oba_command_context_print (context, table);
}

static void
add_time (ObaTable *table, ObaDbResult *rows, guint row, guint column)
{
  g_autoptr (GDateTime) time = oba_db_result_get_time (rows, row, column);

  oba_table_add_time (table, time);
}

static int
list (ObaCommandContext *context, ObaDbConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "staff/till-list.sql", NULL, &error);
  g_autoptr (ObaTable) table = oba_table_new ();

  if (rows == NULL)
    return oba_command_context_fail (context, error);
  oba_table_add_column (table, "store", _("Store"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "till_no", _("Till"), OBA_COLUMN_ID);
  oba_table_add_column (table, "client_id", _("Name in the API"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "since", _("Since"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "added_by", _("Added by"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "last_seen", _("Last seen"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "revoked", _("Revoked"), OBA_COLUMN_TIME);
  for (guint r = 0; r < oba_db_result_get_n_rows (rows); r++)
    {
      oba_table_add_text (table, oba_db_result_get_text (rows, r, 0));
      oba_table_add_integer (table, oba_db_result_get_int64 (rows, r, 1));
      oba_table_add_text (table, oba_db_result_get_text (rows, r, 2));
      add_time (table, rows, r, 3);
      oba_table_add_text (table, oba_db_result_get_text (rows, r, 4));
      add_time (table, rows, r, 5);
      add_time (table, rows, r, 6);
    }
  return oba_command_context_print (context, table);
}

static int
revoke_till (ObaCommandContext *context, ObaDbConnection *connection, const char *client_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", client_id);
  g_autoptr (ObaDbResult) revoked = oba_command_context_query (context, connection, "staff/till-revoke.sql", params, &error);

  if (revoked != NULL && oba_db_result_get_n_rows (revoked) == 0)
    g_set_error (&error, OBA_ERROR, OBA_ERROR_NOT_FOUND, _("There is no till called “%s”; “oba-helper till list” shows them."), client_id);
  if (error != NULL)
    return oba_command_context_fail (context, error);
  printf (_("The key of %s is not accepted any more. What it posted is kept."), client_id);
  putchar ('\n');

  return OBA_EXIT_DONE;
}

int
oba_command_till (ObaCommandContext *context, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  const char *action;
  gint64 till_no = 0;
  int status, words;

  if (!oba_command_context_parse (context, "add STORE TILL | list | revoke NAME",
                                  _("add      give a till of the store with this code a name and a key for the API, shown once\n"
                                    "list     show all tills\n"
                                    "revoke   refuse the key of the till with this name from now on"),
                                  NULL, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;

  action = argc > 1 ? argv[1] : "";
  words = strcmp (action, "add") == 0 ? 4 : strcmp (action, "list") == 0 ? 2 : strcmp (action, "revoke") == 0 ? 3 : 0;
  if (words == 0)
    return oba_command_context_usage (context, "%s", _("say add, list or revoke."));
  if (argc != words)
    return oba_command_context_usage (context, _("“%s” takes another number of words."), action);
  if (words == 4 && !g_ascii_string_to_signed (argv[3], 10, 1, MAX_TILL_NO, &till_no, NULL))
    return oba_command_context_usage (context, _("a till has a number from 1 to %d, not “%s”."), MAX_TILL_NO, argv[3]);

  connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  if (connection == NULL)
    return oba_command_context_fail (context, error);

  return words == 4 ? add (context, connection, argv[2], till_no) : words == 3 ? revoke_till (context, connection, argv[2]) : list (context, connection);
}
