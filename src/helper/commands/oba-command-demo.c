#include "oba-config.h"
#include "oba-commands.h"

#include <stdio.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "base/oba-money.h"
#include "db/oba-db-error.h"
#include "demo/oba-demo-fill.h"
#include "oba-progress.h"

#define BUSINESS_BEGINS 9 /* o'clock: before it today has hardly begun, and the demo ends yesterday */

/* ---- how far it is ---- */

typedef struct
{
  ObaProgress *bar; /* of a stage that counts */
  char *label;      /* of one that cannot */
  gint64 total; /* expected: how many returns there will be is chance */
  gint64 done;
  gint64 started;
  gboolean terminal;
} Report;

static void
clear_line (Report *report)
{
  if (report->terminal)
    fputs ("\r\033[K", stderr);
}

static void
end_stage (Report *report)
{
  if (report->bar != NULL)
    {
      oba_progress_set_total (report->bar, report->done);
      oba_progress_set (report->bar, report->done);
      oba_progress_finish (report->bar);
    }
  if (report->label != NULL)
    {
      clear_line (report);
      fprintf (stderr, _("%s: %.1f s"), report->label,
               (double) (g_get_monotonic_time () - report->started) / G_USEC_PER_SEC);
      fputc ('\n', stderr);
    }
  g_clear_pointer (&report->bar, oba_progress_free);
  g_clear_pointer (&report->label, g_free);
}

/* A stage that cannot count is shown by its name while it works, and by its time when it is over. */
static void
on_stage (const char *label, gint64 total, gpointer user_data)
{
  Report *report = user_data;

  end_stage (report);
  report->total = total;
  report->done = 0;
  report->started = g_get_monotonic_time ();
  if (total > 0)
    {
      report->bar = oba_progress_new (label, total);
      return;
    }
  report->label = g_strdup (label);
  if (report->terminal)
    fprintf (stderr, "%s…", label);
}

static void
on_progress (gint64 done, gpointer user_data)
{
  Report *report = user_data;

  report->done = done;
  if (report->bar != NULL)
    oba_progress_set (report->bar, MIN (done, report->total));
}

static void
report_clear (Report *report)
{
  if (report->label != NULL)
    clear_line (report);
  g_clear_pointer (&report->bar, oba_progress_free);
  g_clear_pointer (&report->label, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Report, report_clear)

/* ---- what was asked for ---- */

typedef struct
{
  gint64 stores;
  gint64 customers;
  gint64 sales;
  gint64 days;
  gint64 seed;
  char *until;
} Arguments;

static gboolean
check_range (ObaCommandContext *context, const char *option, gint64 value, gint64 low, gint64 high, int *status)
{
  g_autofree char *least = oba_number_format (low);
  g_autofree char *most = oba_number_format (high);

  if (value >= low && value <= high)
    return TRUE;
  *status = oba_command_context_usage (context, _("--%s is a number between %s and %s."), option, least, most);
  return FALSE;
}

static gboolean
parse_date (const char *text, GDate *date)
{
  guint year, month, day;
  char rest;

  if (sscanf (text, "%4u-%2u-%2u%c", &year, &month, &day, &rest) != 3 ||
      !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  g_date_set_dmy (date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return TRUE;
}

/* The day that is not over yet ends with the present hour: nobody has bought in the future. */
static gboolean
set_end (ObaCommandContext *context, const char *until, ObaDemoOptions *options, int *status)
{
  g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
  g_autoptr (GDateTime) now = g_date_time_new_now (baku != NULL ? baku : g_time_zone_new_utc ());
  GDate today;

  g_date_clear (&today, 1);
  g_date_set_dmy (&today, (GDateDay) g_date_time_get_day_of_month (now), (GDateMonth) g_date_time_get_month (now),
                  (GDateYear) g_date_time_get_year (now));
  options->until = today;
  options->last_second = 86400;
  if (until != NULL && !parse_date (until, &options->until))
    {
      *status = oba_command_context_usage (context, _("--until “%s” is not a date like 2026-11-22."), until);
      return FALSE;
    }
  if (g_date_compare (&options->until, &today) > 0 || g_date_get_year (&options->until) < 2005)
    {
      *status = oba_command_context_usage (context, _("--until is a day between 2005 and today."));
      return FALSE;
    }
  if (g_date_compare (&options->until, &today) == 0)
    {
      if (g_date_time_get_hour (now) >= BUSINESS_BEGINS)
        options->last_second = (guint) g_date_time_get_hour (now) * 3600;
      else
        g_date_subtract_days (&options->until, 1);
    }
  return TRUE;
}

static gboolean
check_arguments (ObaCommandContext *context, const Arguments *arguments, ObaDemoOptions *options, int *status)
{
  if (!check_range (context, "stores", arguments->stores, 1, 20000, status) ||
      !check_range (context, "customers", arguments->customers, 1, 10000000, status) ||
      !check_range (context, "sales", arguments->sales, 1, 500000000, status) ||
      !check_range (context, "days", arguments->days, 1, 3650, status) ||
      !check_range (context, "seed", arguments->seed, 0, G_MAXINT64, status))
    return FALSE;
  options->n_stores = (guint) arguments->stores;
  options->n_customers = (guint) arguments->customers;
  options->n_sales = arguments->sales;
  options->n_days = (guint) arguments->days;
  options->seed = (guint64) arguments->seed;
  return set_end (context, arguments->until, options, status);
}

/* ---- the command ---- */

static int
run_fill (ObaCommandContext *context, const ObaDemoOptions *options)
{
  static const ObaDemoReporter reporter = { on_stage, on_progress };
  gint64 started = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  g_auto (Report) report = { .terminal = isatty (STDERR_FILENO) };
  g_autofree char *number = NULL;
  gint64 n;

  if (connection == NULL)
    return oba_command_context_fail (context, error);
  n = oba_demo_fill (connection, options, &reporter, &report, oba_command_context_get_cancellable (context), &error);
  if (n < 0)
    {
      report_clear (&report);
      return oba_command_context_fail (context, error);
    }
  end_stage (&report);
  number = oba_number_format (n);
  printf (_("The demo chain is ready: %s receipts in %.1f s."), number,
          (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC);
  putchar ('\n');
  return OBA_EXIT_DONE;
}

int
oba_command_demo (ObaCommandContext *context, int argc, char **argv)
{
  Arguments arguments = { .stores = 1600, .customers = 50000, .sales = 1000000, .days = 730, .seed = 1 };
  const GOptionEntry entries[] = {
    { "stores", 0, 0, G_OPTION_ARG_INT64, &arguments.stores, N_("How many stores (1600)"), N_("N") },
    { "customers", 0, 0, G_OPTION_ARG_INT64, &arguments.customers, N_("How many cardholders (50000)"), N_("N") },
    { "sales", 0, 0, G_OPTION_ARG_INT64, &arguments.sales, N_("How many receipts; returns come on top (1000000)"),
      N_("N") },
    { "days", 0, 0, G_OPTION_ARG_INT64, &arguments.days, N_("Over how many days (730)"), N_("N") },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &arguments.seed, N_("Another number, another chain (1)"), N_("N") },
    { "until", 0, 0, G_OPTION_ARG_STRING, &arguments.until, N_("The last day (today, up to the present hour)"),
      N_("DATE") },
    { NULL },
  };
  g_autofree char *until = NULL;
  ObaDemoOptions options = { 0 };
  int status;

  if (!oba_command_context_parse (
          context, NULL,
          _("Fills an empty, migrated database with a chain that does not exist. The same numbers and the same "
             "--until give the "
             "same data. When it is interrupted, the database stays empty. Log in as the owner of the database."),
          entries, OBA_COMMAND_USES_DATABASE, &argc, &argv, &status))
    return status;
  until = arguments.until;
  if (argc > 1)
    return oba_command_context_usage (context, _("“%s” is one word too many."), argv[1]);
  if (!check_arguments (context, &arguments, &options, &status))
    return status;
  return run_fill (context, &options);
}
