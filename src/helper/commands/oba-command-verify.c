#include "oba-config.h"
#include "oba-commands.h"

#include <stdio.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "verify/oba-verify.h"

/* Only for somebody who waits at a terminal; the answer itself goes to stdout. */
static void
on_progress (const char *name, guint place, guint n, gpointer user_data)
{
  if (!isatty (STDERR_FILENO))
    return;
  fputs ("\r\033[K", stderr);
  fprintf (stderr, _("Checking %s (%u of %u)"), name, place + 1, n);
  fflush (stderr);
}

static void
clear_progress (void)
{
  if (isatty (STDERR_FILENO))
    fputs ("\r\033[K", stderr);
}

/* The first line of each query in core/verify/, for the translators. */
static const char *const titles[] = {
  N_("An adjustment has its entry, of its size; what takes one back reverses that entry, for all of it; above the limit somebody else has agreed."),
  N_("Every debit is spread over lots to the last point, but for what is owed; what was restored or came back from a merge went back to lots."),
  N_("The audit trail is unbroken: every seal is the hash of the seal before it and of its row, and no row waits for its seal for two days."),
  N_("The values that are kept beside the audit trail are those whose digests are chained in it, and none is missing but an erased customer's."),
  N_("Every balance is the sum of its ledger, and of its lots less what is owed; lifetime is what was earned and not clawed back."),
  N_("What a bulk action says it did is what its members say, and nobody who was chosen is uncounted."),
  N_("The returns of a receipt take back what it earned less what its remaining amount earns, never more than it earned. Where the part paid with points did not earn, it is left out."),
  N_("A closed month still has the control totals with which it was closed; months were closed in their order, without a gap, and counted."),
  N_("A correction takes back what it says, puts in what it says, and neither is used twice; what was approved was approved by somebody else."),
  N_("What the customer list sorts by is the receipts folded for each person; every person has a row."),
  N_("Every person has an account and one entry for the phone, every phone one person (a merged one's is the survivor's), every store its walk-in customer."),
  N_("Every sale to a customer earned once, by the rule and version that its entry names: full manats, rounded down; nothing while blocked."),
  N_("No receipt earned twice."),
  N_("Of an erased customer there is nothing personal left anywhere, no points and no debt; and who has the status was erased by the function."),
  N_("Nothing expired before its last day was over; nobody was warned twice of a day at one distance."),
  N_("The guards stand: append-only triggers are there and enabled, and nobody but the owner may write what only functions write."),
  N_("Every stored answer that names a receipt has that receipt; a refusal has a code."),
  N_("A reversed import is reversed as a whole: who and when is known, nothing of its sales is left, and reversing receipts answer sales of that import."),
  N_("Points by tier, age and expiry, and by day and kind, are the lots and the ledger that they have folded; closed months agree."),
  N_("Lifecycle: the changes that stand are those that the folded receipts make, the last of them is the person's state, and its rhythm and day of change follow."),
  N_("Every credit made exactly one lot of its size; what is left of a lot is its points less its allocations, never below 0 or above its points."),
  N_("No ledger entry has two lots."),
  N_("A merge moved what it took, not a point more or less; a merged customer stands for nothing any more; every family has one root."),
  N_("What is searched is what is stored: every person's folded name, phone and e-mail address, and for typing errors every word of a name and no other."),
  N_("What no foreign key guards: receipts, lines, ledger entries and what is written of a redemption name customers, stores, products, rules, receipts, rewards and redemptions that exist."),
  N_("Messages are in a state that makes sense: a recipient to send to, a lease while sending, a time when sent."),
  N_("Every month from the first with data to the next one has its partition of every table, from midnight to midnight in Baku."),
  N_("Every receipt has its key, store, till and number, and every key its receipt: so none was recorded twice."),
  N_("Every receipt is the sum of its lines, in money, discount, VAT and number, and was paid to the qəpik; no line is without its receipt."),
  N_("A redemption that stands has taken its points from the ledger, one that was undone has given them back; its last event is its state, each step one that may be made."),
  N_("A return names a sale of the same customer and, line by line, what was sold; no line is returned twice or beyond its money."),
  N_("Patterns of stores and of the chain: hours and basket sizes are those of the folded sales that stand; a sale is taken out once, by a folded void."),
  N_("Categories of stores and of the chain: together they are the folded receipt lines, to the qəpik; a line stays in the category in which it was folded."),
  N_("Days and stores: the rollups are the receipts they have folded, to the qəpik."),
  N_("Hours of the day: the rollup is the receipts it has folded."),
  N_("Products: the rollup is the receipt lines it has folded."),
  N_("The totals of days, stores and kinds are the receipts they have folded, with their points."),
  N_("Products and buyers of stores: pieces and days together are the folded lines and the folded baskets of persons that stand."),
  N_("Patterns of tiers: together they are the folded baskets that stand, and lines, of persons; each stays in the tier in which it was folded."),
  N_("What rules besides the base gave: by a version that counted when the receipt was sold, once a receipt (and a registration), as many points as its terms say, and never less than nothing."),
  N_("Only persons are in segments, only static segments have members, and every rule and view can be read."),
  N_("What was paid with points took them once, by the value of a point then, with a code of its own; what was returned gave them back to their lots."),
  N_("The stock of a reward, in all or in a store, is the sum of its movements."),
  N_("The spend that a tier stands on is the sum of the receipts of the twelve months up to its day, of all who were merged into the customer, too."),
  N_("A tier is what its last change says, the changes form a chain, and the tier is the one that the scheme gives, or a hand, or what a grace still lets be kept."),
  N_("Tills: what was read of a store's day is what its receipts say, and no number that has come is still missing."),
  NULL,
};

/* Machines read English. */
static const char *
translate_title (const char *title, gboolean human)
{
  return human && g_strv_contains (titles, title) ? _(title) : title;
}

/* A row for each invariant, broken or not. */
static ObaTable *
make_summary (GPtrArray *invariants, gboolean human)
{
  ObaTable *table = oba_table_new ();

  oba_table_add_column (table, "invariant", _("Invariant"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "broken", _("Broken"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "seconds", _("Seconds"), OBA_COLUMN_REAL);
  oba_table_add_column (table, "rule", _("What must be true"), OBA_COLUMN_TEXT);
  for (guint i = 0; i < invariants->len; i++)
    {
      const ObaInvariant *invariant = g_ptr_array_index (invariants, i);

      oba_table_add_text (table, invariant->name);
      oba_table_add_integer (table, invariant->n_broken);
      oba_table_add_real (table, invariant->seconds, 2);
      oba_table_add_text (table, translate_title (invariant->title, human));
    }
  return table;
}

/* A row for each broken thing. */
static ObaTable *
make_broken (GPtrArray *invariants)
{
  ObaTable *table = oba_table_new ();

  oba_table_add_column (table, "invariant", _("Invariant"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "broken", _("What is broken"), OBA_COLUMN_TEXT);
  for (guint i = 0; i < invariants->len; i++)
    {
      const ObaInvariant *invariant = g_ptr_array_index (invariants, i);

      for (guint b = 0; b < invariant->broken->len; b++)
        {
          oba_table_add_text (table, invariant->name);
          oba_table_add_text (table, g_ptr_array_index (invariant->broken, b));
        }
    }
  return table;
}

static void
say_result (GPtrArray *invariants, guint n_broken, double seconds)
{
  for (guint i = 0; i < invariants->len; i++)
    {
      const ObaInvariant *invariant = g_ptr_array_index (invariants, i);

      if (invariant->n_broken > invariant->broken->len)
        {
          g_autofree char *n = oba_number_format (invariant->n_broken);

          fprintf (stderr, _("%s: %s are broken; the first %u are shown."), invariant->name, n, invariant->broken->len);
          fputc ('\n', stderr);
        }
    }
  if (n_broken == 0)
    fprintf (stderr, ngettext ("The %u invariant holds. Checked in %.1f s.", "All %u invariants hold. Checked in %.1f s.", invariants->len),
             invariants->len, seconds);
  else
    fprintf (stderr, ngettext ("%u of %u invariants is broken. Checked in %.1f s.", "%u of %u invariants are broken. Checked in %.1f s.", n_broken),
             n_broken, invariants->len, seconds);
  fputc ('\n', stderr);
}

static int
verify (ObaCommandContext *context, gboolean summary)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  g_autoptr (GPtrArray) invariants = NULL;
  g_autoptr (ObaTable) table = NULL;
  gint64 started = g_get_monotonic_time ();
  guint n_broken;

  if (connection == NULL)
    return oba_command_context_fail (context, error);
  invariants = oba_verify_run_sync (connection, on_progress, NULL, oba_command_context_get_cancellable (context), &error);
  clear_progress ();
  if (invariants == NULL)
    return oba_command_context_fail (context, error);

  n_broken = oba_verify_count_broken (invariants);
  table = summary ? make_summary (invariants, oba_command_context_get_format (context) == OBA_TABLE_HUMAN) : make_broken (invariants);
  /* An empty table is an answer to a script, and only noise to a person. */
  if ((oba_table_get_n_rows (table) > 0 || oba_command_context_get_format (context) != OBA_TABLE_HUMAN) &&
      oba_command_context_print (context, table) != OBA_EXIT_DONE)
    return OBA_EXIT_FAILED;
  fflush (stdout);
  say_result (invariants, n_broken, (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC);

  return n_broken == 0 ? OBA_EXIT_DONE : OBA_EXIT_FAILED;
}

int
oba_command_verify (ObaCommandContext *context, int argc, char **argv)
{
  gboolean summary = FALSE;
  const GOptionEntry entries[] = {
    { "summary", 0, 0, G_OPTION_ARG_NONE, &summary, N_("A row for each invariant, with the time it took"), NULL },
    { NULL },
  };
  int status;

  if (!oba_command_context_parse (context, NULL,
                                  _("Changes nothing, and work may go on meanwhile. Exit code 1 when something is broken, with a row for each such thing.\n"
                                    "Log in as an auditor, an administrator or the owner of the database."),
                                  entries, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;
  if (argc > 1)
    return oba_command_context_usage (context, _("“%s” is one word too many."), argv[1]);

  return verify (context, summary);
}
