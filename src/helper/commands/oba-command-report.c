#include "oba-config.h"
#include "oba-command-report.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "oba-commands.h"

/* A report is a file and a line here. */
static const ObaReport reports[] = {
  { "liability", N_("What is owed to customers in points, and what the months added and took"), oba_report_liability },
};

static const ObaReport *
find_report (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (reports); i++)
    if (strcmp (reports[i].name, name) == 0)
      return &reports[i];
  return NULL;
}

static char *
describe_reports (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (reports); i++)
    g_string_append_printf (text, "%s%-10s %s", i > 0 ? "\n" : "", reports[i].name, _(reports[i].summary));
  return g_string_free (text, FALSE);
}

/* As the database reads it; FALSE when @text is no day. NULL stays NULL. */
static gboolean
read_day (const char *text, char **day, GDate *date)
{
  g_date_clear (date, 1);
  if (text == NULL)
    return TRUE;
  if (!oba_day_parse (text, date))
    return FALSE;
  *day = g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (date), g_date_get_month (date), g_date_get_day (date));
  return TRUE;
}

int
oba_command_report (ObaCommandContext *context, int argc, char **argv)
{
  g_autofree char *from = NULL, *to = NULL, *store = NULL, *first = NULL, *last = NULL;
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, N_("The first day, as 2026-01-31"), N_("DAY") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, N_("The last day"), N_("DAY") },
    { "store", 0, 0, G_OPTION_ARG_STRING, &store, N_("Only of the store with this code"), N_("CODE") },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autofree char *description = describe_reports ();
  const ObaReport *report;
  GDate first_day, last_day;
  int status;

  if (!oba_command_context_parse (context, "REPORT", description, entries, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return oba_command_context_usage (context, "%s", _("name one report."));
  report = find_report (argv[1]);
  if (report == NULL)
    return oba_command_context_usage (context, _("there is no report “%s”."), argv[1]);
  if (!read_day (from, &first, &first_day) || !read_day (to, &last, &last_day))
    return oba_command_context_usage (context, "%s", _("a day is written like 2026-01-31."));
  if (first != NULL && last != NULL && g_date_compare (&first_day, &last_day) > 0)
    return oba_command_context_usage (context, "%s", _("the first day is after the last one."));

  connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  if (connection == NULL)
    return oba_command_context_fail (context, error);
  return report->run (context, connection, &(ObaReportOptions) { first, last, store });
}
