#include "oba-config.h"
#include "oba-commands.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "cards/oba-poster.h"

typedef struct
{
  char *campaign;
  char *output;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->campaign);
  g_free (options->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What the table tells is what the code holds, so that a script can put it elsewhere, too. */
static int
write_poster (ObaCommandContext *context, ObaDbResult *row, const char *output)
{
  const char *url = oba_db_result_get_text (row, 0, 0), *store = oba_db_result_get_text (row, 0, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaTable) table = oba_table_new ();

  if (output != NULL && !oba_poster_write_pdf (output, url, store, &error))
    return oba_command_context_fail (context, error);
  oba_table_set_upright (table);
  oba_table_add_column (table, "store", _("Store"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "link", _("Link"), OBA_COLUMN_TEXT);
  oba_table_add_text (table, store);
  oba_table_add_text (table, url);
  return oba_command_context_print (context, table);
}

int
oba_command_poster (ObaCommandContext *context, int argc, char **argv)
{
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "campaign", 0, 0, G_OPTION_ARG_STRING, &options.campaign, N_("What customers who come by this poster are counted under: letters a to z and digits"), N_("NAME") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_("Where to write the poster, a PDF of one A4 page"), N_("FILE") },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (ObaDbParams) params = NULL;
  g_autoptr (ObaDbResult) row = NULL;
  int status;

  if (!oba_command_context_parse (context, "STORE", _("The poster of a store with the code that leads to the Telegram bot; STORE is its code. Without a file, the link alone."), entries,
                                  OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return oba_command_context_usage (context, "%s", _("say the code of one store."));
  connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  if (connection == NULL)
    return oba_command_context_fail (context, error);
  params = oba_db_params_build ("tt", argv[1], options.campaign != NULL ? options.campaign : "");
  row = oba_command_context_query (context, connection, "staff/start-link.sql", params, &error);
  if (row != NULL && oba_db_result_get_n_rows (row) == 0)
    error = g_error_new (OBA_ERROR, OBA_ERROR_NOT_FOUND, _("There is no store “%s”."), argv[1]);
  else if (row != NULL && oba_db_result_is_null (row, 0, 0))
    error = g_error_new (OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("The Telegram bot has not been started yet: its name is not known."));
  return error != NULL ? oba_command_context_fail (context, error) : write_poster (context, row, options.output);
}
