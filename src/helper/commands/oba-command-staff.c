#include "oba-config.h"
#include "oba-commands.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "base/oba-text.h"
#include "db/oba-db-sql.h"
#include "staff/oba-password.h"

typedef struct
{
  char *name;
  char *role;
  char *store;
  char *password_file;
  gboolean ask_password;
} StaffOptions;

static void
staff_options_clear (StaffOptions *options)
{
  g_free (options->name);
  g_free (options->role);
  g_free (options->store);
  g_free (options->password_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StaffOptions, staff_options_clear)

static char *
read_line (FILE *file, GError **error)
{
  char line[1024];

  if (fgets (line, sizeof line, file) == NULL)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("No password was given, so nothing was changed."));
      return NULL;
    }
  return g_strdup (g_strchomp (line));
}

/* Without echo, on the terminal itself: stdin may be something else. */
static char *
ask_password (const char *prompt, GError **error)
{
  FILE *terminal = fopen ("/dev/tty", "r+");
  struct termios old, quiet;
  char *password;

  if (terminal == NULL || tcgetattr (fileno (terminal), &old) != 0)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("There is no terminal to ask for the password; use --password-file."));
      if (terminal != NULL)
        fclose (terminal);
      return NULL;
    }
  quiet = old;
  quiet.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (fileno (terminal), TCSAFLUSH, &quiet);
  fputs (prompt, terminal);
  fflush (terminal);
  password = read_line (terminal, error);
  tcsetattr (fileno (terminal), TCSAFLUSH, &old);
  fputc ('\n', terminal);
  fclose (terminal);

  return password;
}

static char *
ask_twice (GError **error)
{
  g_autofree char *first = ask_password (_("New password: "), error);
  g_autofree char *second = first != NULL ? ask_password (_("Once more: "), error) : NULL;

  if (second == NULL)
    return NULL;
  if (strcmp (first, second) != 0)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("The two are not the same, so nothing was changed."));
      return NULL;
    }
  return g_steal_pointer (&first);
}

static char *
read_password_file (const char *path, GError **error)
{
  g_autofree char *text = NULL;

  if (strcmp (path, "-") == 0)
    return read_line (stdin, error);
  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;

  return g_strdup (g_strchomp (text));
}

/* @generated tells whether it must be shown. */
static char *
choose_password (const StaffOptions *options, gboolean *generated, GError **error)
{
  g_autofree char *password = NULL;

  *generated = options->password_file == NULL && !options->ask_password;
  if (options->password_file != NULL)
    password = read_password_file (options->password_file, error);
  else if (options->ask_password)
    password = ask_twice (error);
  else
    return oba_password_generate ();

  return password != NULL && oba_password_check (password, error) ? g_steal_pointer (&password) : NULL;
}

static gboolean
run_statement (ObaCommandContext *context, ObaDbConnection *connection, const char *name, ObaDbParams *params, GError **error)
{
  g_autoptr (ObaDbResult) result = oba_command_context_query (context, connection, name, params, error);

  return result != NULL;
}

static gboolean
add_store (ObaCommandContext *context, ObaDbConnection *connection, const char *code, ObaDbParams *params, GError **error)
{
  g_autoptr (ObaDbParams) key = oba_db_params_build ("t", code);
  g_autoptr (ObaDbResult) store = NULL;

  if (code == NULL)
    {
      oba_db_params_add_null (params);
      return TRUE;
    }
  store = oba_command_context_query (context, connection, "staff/store.sql", key, error);
  if (store == NULL)
    return FALSE;
  if (oba_db_result_get_n_rows (store) == 0)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_NOT_FOUND, _("There is no store with the code “%s”, so nothing was changed."), code);
      return FALSE;
    }
  oba_db_params_add_int64 (params, oba_db_result_get_int64 (store, 0, 0));

  return TRUE;
}

/* The role, its rights and its password come together or not at all. */
static gboolean
add_member (ObaCommandContext *context, ObaDbConnection *connection, const char *login, const StaffOptions *options,
            const char *verifier, GError **error)
{
  GCancellable *cancellable = oba_command_context_get_cancellable (context);
  g_autofree char *name = oba_text_clean (options->name, 200, error);
  g_autoptr (ObaDbParams) member = oba_db_params_build ("ttt", login, name, options->role);
  g_autoptr (ObaDbParams) password = oba_db_params_build ("tt", login, verifier);

  return name != NULL && add_store (context, connection, options->store, member, error) &&
         oba_db_connection_script_sync (connection, "BEGIN", cancellable, error) &&
         run_statement (context, connection, "staff/add.sql", member, error) &&
         run_statement (context, connection, "staff/password-values.sql", password, error) &&
         oba_db_connection_script_sync (connection, oba_db_sql ("staff/password.sql"), cancellable, error) &&
         oba_db_connection_script_sync (connection, "COMMIT", NULL, error);
}

static int
add (ObaCommandContext *context, ObaDbConnection *connection, const char *login, const StaffOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *password = NULL;
  g_autofree char *verifier = NULL;
  gboolean generated;

  password = choose_password (options, &generated, &error);
  if (password == NULL)
    return oba_command_context_fail (context, error);
  verifier = oba_password_make_verifier (password, NULL);
  if (!add_member (context, connection, login, options, verifier, &error))
    return oba_command_context_fail (context, error);

  fprintf (stderr, _("%s may log in now as %s."), login, options->role);
  fputc ('\n', stderr);
  if (generated)
    {
      fprintf (stderr, "%s\n", _("The password, shown this once:"));
      puts (password);
    }
  return OBA_EXIT_DONE;
}

static int
list (ObaCommandContext *context, ObaDbConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "staff/list.sql", NULL, &error);
  g_autoptr (ObaTable) table = oba_table_new ();

  if (rows == NULL)
    return oba_command_context_fail (context, error);
  oba_table_add_column (table, "login", _("Login"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "name", _("Name"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "role", _("Role"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "store", _("Store"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "since", _("Since"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "added_by", _("Added by"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "disabled", _("Disabled"), OBA_COLUMN_TIME);
  for (guint r = 0; r < oba_db_result_get_n_rows (rows); r++)
    {
      g_autoptr (GDateTime) since = oba_db_result_get_time (rows, r, 4);
      g_autoptr (GDateTime) disabled = oba_db_result_get_time (rows, r, 6);

      for (guint c = 0; c < 4; c++)
        oba_table_add_text (table, oba_db_result_is_null (rows, r, c) ? NULL : oba_db_result_get_text (rows, r, c));
      oba_table_add_time (table, since);
      oba_table_add_text (table, oba_db_result_get_text (rows, r, 5));
      oba_table_add_time (table, disabled);
    }
  return oba_command_context_print (context, table);
}

static int
set_role (ObaCommandContext *context, ObaDbConnection *connection, const char *login, const char *role)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tt", login, role);

  if (!run_statement (context, connection, "staff/set-role.sql", params, &error))
    return oba_command_context_fail (context, error);
  printf (_("%s works as %s from now on."), login, role);
  putchar ('\n');

  return OBA_EXIT_DONE;
}

static int
disable (ObaCommandContext *context, ObaDbConnection *connection, const char *login)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", login);

  if (!run_statement (context, connection, "staff/disable.sql", params, &error))
    return oba_command_context_fail (context, error);
  printf (_("%s can no longer log in, and its open sessions are ended."), login);
  putchar ('\n');

  return OBA_EXIT_DONE;
}

static gboolean
is_role (const char *role)
{
  static const char *const roles[] = { "clerk", "marketing", "supervisor", "admin", "auditor", "helper", NULL };

  return g_strv_contains (roles, role);
}

/* 0 when the command line makes sense */
static int
check_usage (ObaCommandContext *context, int argc, char **argv, const StaffOptions *options)
{
  const char *action = argc > 1 ? argv[1] : "";
  gboolean adds = strcmp (action, "add") == 0;
  int words = strcmp (action, "list") == 0 ? 2 : adds || strcmp (action, "disable") == 0 ? 3 : strcmp (action, "set-role") == 0 ? 4 : 0;
  const char *role = adds ? options->role : argc > 3 ? argv[3] : NULL;

  if (words == 0)
    return oba_command_context_usage (context, "%s", _("say add, list, set-role or disable."));
  if (argc != words)
    return oba_command_context_usage (context, _("“%s” takes another number of words."), action);
  if (adds && (options->name == NULL || options->role == NULL))
    return oba_command_context_usage (context, "%s", _("“add” needs --name and --role."));
  if (!adds && (options->name != NULL || options->role != NULL || options->store != NULL || options->password_file != NULL || options->ask_password))
    return oba_command_context_usage (context, "%s", _("--name, --role, --store and the password options belong to “add”."));
  if (options->password_file != NULL && options->ask_password)
    return oba_command_context_usage (context, "%s", _("the password comes from the file or from the terminal, not from both."));
  if (role != NULL && !is_role (role))
    return oba_command_context_usage (context, _("a role is clerk, marketing, supervisor, admin, auditor or helper, not “%s”."), role);

  return 0;
}

static int
run_action (ObaCommandContext *context, char **argv, const StaffOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);

  if (connection == NULL)
    return oba_command_context_fail (context, error);
  if (strcmp (argv[1], "add") == 0)
    return add (context, connection, argv[2], options);
  if (strcmp (argv[1], "set-role") == 0)
    return set_role (context, connection, argv[2], argv[3]);
  if (strcmp (argv[1], "disable") == 0)
    return disable (context, connection, argv[2]);

  return list (context, connection);
}

int
oba_command_staff (ObaCommandContext *context, int argc, char **argv)
{
  g_auto (StaffOptions) options = { NULL };
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &options.name, N_("add: the person's name"), N_("NAME") },
    { "role", 0, 0, G_OPTION_ARG_STRING, &options.role, N_("add: clerk, marketing, supervisor, admin, auditor or helper"), N_("ROLE") },
    { "store", 0, 0, G_OPTION_ARG_STRING, &options.store, N_("add: works for this store only"), N_("CODE") },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options.password_file, N_("add: the password is in this file (- for standard input)"), N_("FILE") },
    { "ask-password", 0, 0, G_OPTION_ARG_NONE, &options.ask_password, N_("add: ask for the password on the terminal"), NULL },
    { NULL },
  };
  int status;

  if (!oba_command_context_parse (context, "add LOGIN | list | set-role LOGIN ROLE | disable LOGIN",
                                  _("Each member of staff is a login of the database. Without a password option, “add” makes a password and shows it once.\n"
                                    "Log in as the owner of the database."),
                                  entries, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;
  status = check_usage (context, argc, argv, &options);

  return status != 0 ? status : run_action (context, argv, &options);
}
