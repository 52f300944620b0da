#include "oba-config.h"
#include "oba-commands.h"

#include <string.h>
#include <glib/gi18n-lib.h>

const ObaCommand oba_commands[] = {
  { "broadcast", N_("Write a message to many customers in Telegram: count, test, start, pause, cancel"), oba_command_broadcast },
  { "demo", N_("Fill an empty database with a chain to try everything on"), oba_command_demo },
  { "erasures", N_("List who was erased, and erase them again after a backup was restored"), oba_command_erasures },
  { "export", N_("Write customers, sales, points or a segment to a CSV file or a workbook"), oba_command_export },
  { "import", N_("Load stores, products, customers or sales from a CSV file"), oba_command_import },
  { "rule", N_("Rules of earning: list, write, test, put live, run over what was sold"), oba_command_rule },
  { "limits", N_("Show and set up to where one person corrects a receipt alone"), oba_command_limits },
  { "local", N_("Start, stop or show the private PostgreSQL server of this computer"), oba_command_local },
  { "migrate", N_("Bring the database to the schema of this program, or show its state"), oba_command_migrate },
  { "period", N_("Show the months with their control totals, and close one"), oba_command_period },
  { "poster", N_("Make the poster of a store with the code that leads to the Telegram bot"), oba_command_poster },
  { "report", N_("Print a report: what is owed to customers in points"), oba_command_report },
  { "serve", N_("Answer tills and Telegram, and run the background jobs"), oba_command_serve },
  { "spending", N_("Show and set how bills are paid with points"), oba_command_spending },
  { "staff", N_("Add, list and disable the people who log in, and change their roles"), oba_command_staff },
  { "tier", N_("Tiers: list, try out and put live a scheme; where a customer stands, a tier by hand"), oba_command_tier },
  { "till", N_("Give tills their keys for the API, list and revoke them"), oba_command_till },
  { "verify", N_("Check every invariant of the data; changes nothing"), oba_command_verify },
  { "webhook", N_("Tell Telegram where to send updates, or show what it knows"), oba_command_webhook },
  { NULL },
};

const ObaCommand *
oba_commands_find (const char *name)
{
  for (const ObaCommand *command = oba_commands; command->name != NULL; command++)
    if (strcmp (command->name, name) == 0)
      return command;
  return NULL;
}

/* Levenshtein's distance; the words are ours or cut to 32 bytes. */
static guint
distance (const char *a, const char *b)
{
  guint row[33];
  gsize len_a = MIN (strlen (a), 32), len_b = MIN (strlen (b), 32);

  for (gsize j = 0; j <= len_b; j++)
    row[j] = (guint) j;
  for (gsize i = 1; i <= len_a; i++)
    {
      guint diagonal = row[0];

      row[0] = (guint) i;
      for (gsize j = 1; j <= len_b; j++)
        {
          guint above = row[j];

          row[j] = MIN (MIN (row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] != b[j - 1]));
          diagonal = above;
        }
    }
  return row[len_b];
}

const char *
oba_commands_suggest (const char *name)
{
  const char *best = NULL;
  guint best_distance = 3;

  for (const ObaCommand *command = oba_commands; command->name != NULL; command++)
    {
      guint d = distance (name, command->name);

      if (d < best_distance || (best == NULL && strlen (name) > 2 && g_str_has_prefix (command->name, name)))
        {
          best = command->name;
          best_distance = MIN (d, best_distance);
        }
    }
  return best;
}
