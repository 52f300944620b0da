#include "oba-till-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "transactions/oba-receipt-text.h"

typedef struct
{
  const char *code;
  const char *text;
} Word;

const char *const oba_till_reasons[] = { "technical", "sent_later", "cancelled", "replaced", "training", "not_used", "closed", "other", NULL };

static const Word kinds[] = {
  { "gap", N_("Missing receipts") },        { "late", N_("Late receipts") }, { "duplicate", N_("Number used twice") },
  { "silent", N_("Silent till") },          { "card", N_("One card again and again") }, { "returns", N_("Many returns") },
};

static const Word states[] = {
  { "open", N_("To look at") },       { "explained", N_("Explained") }, { "resolved", N_("Ended by itself") },
  { "follow_up", N_("To follow up") }, { "fine", N_("Fine") },
};

static const Word reasons[] = {
  { "sent_later", N_("They will be sent later") }, { "cancelled", N_("Cancelled at the till") }, { "replaced", N_("Till replaced") },
  { "technical", N_("Fault of the till or the network") }, { "training", N_("Training or test") }, { "not_used", N_("Till not in use") },
  { "closed", N_("Store or till closed") }, { "other", N_("Another reason") },
};

/* Why the books refused what a till sent. */
static const Word refusals[] = {
  { "OB001", N_("not to be read") },
  { "OB002", N_("an unknown article, card or store") },
  { "OB004", N_("the number belongs to another receipt") },
  { "OB005", N_("its key belongs to another receipt") },
  { "OB006", N_("not allowed to this till") },
  { "OB007", N_("too few points") },
  { "OB008", N_("nothing is left to return") },
  { "OB010", N_("the sums do not match") },
  { "OB011", N_("a time that cannot be") },
  { "OB013", N_("not possible") },
  { "OB014", N_("the code for points was wrong") },
  { "OB015", N_("more points than may be spent") },
};

static const char *
find (const Word *words, guint n, const char *code)
{
  for (guint i = 0; i < n; i++)
    if (g_str_equal (words[i].code, code))
      return _(words[i].text);
  return code;
}

const char *
oba_till_text_kind (const char *kind)
{
  return find (kinds, G_N_ELEMENTS (kinds), kind);
}

const char *
oba_till_text_state (const char *state)
{
  return find (states, G_N_ELEMENTS (states), state);
}

const char *
oba_till_text_reason (const char *code)
{
  return find (reasons, G_N_ELEMENTS (reasons), code);
}

char *
oba_till_text_refusal (const ObaTillRefusal *refusal)
{
  g_autofree char *at = oba_till_text_moment (refusal->last_at * G_USEC_PER_SEC);
  g_autofree char *n = oba_number_format (refusal->times);

  /* Translators: number of times, why, the last time. */
  return g_strdup_printf (_("%s × %s, last on %s"), n, find (refusals, G_N_ELEMENTS (refusals), refusal->code), at);
}

char *
oba_till_text_moment (gint64 microseconds)
{
  const ObaReceiptKey key = { .at = microseconds };

  return microseconds != 0 ? oba_receipt_text_moment (&key) : g_strdup ("");
}

/* ---- in a few words */

static char *
gap_title (const ObaTillFinding *finding)
{
  g_autofree char *n = oba_number_format (finding->receipts);
  g_autofree char *many = g_strdup_printf (ngettext ("%s receipt missing", "%s receipts missing", (gulong) finding->receipts), n);

  if (finding->receipts == 0)
    return g_strdup (_("The missing receipts have come"));
  if (finding->first_no == finding->last_no)
    return g_strdup_printf ("%s: %s%" G_GINT64_FORMAT, many, finding->series, finding->first_no);
  return g_strdup_printf ("%s: %s%" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, many, finding->series, finding->first_no, finding->last_no);
}

static gboolean
is_sent_again (const ObaTillFinding *finding)
{
  return g_str_equal (json_object_get_string_member_with_default (finding->figures, "code", ""), "again");
}

/* "2 hours", "3 days", of minutes. */
static char *
duration (gint64 minutes)
{
  gint64 n = minutes >= 2880 ? minutes / 1440 : minutes >= 120 ? minutes / 60 : minutes;
  g_autofree char *number = oba_number_format (n);

  return g_strdup_printf (minutes >= 2880 ? ngettext ("%s day", "%s days", (gulong) n) : minutes >= 120 ? ngettext ("%s hour", "%s hours", (gulong) n)
                                                                                                     : ngettext ("%s minute", "%s minutes", (gulong) n),
                          number);
}

static char *
silent_for (const ObaTillFinding *finding)
{
  gint64 days = oba_till_finding_get_figure (finding, "days");
  gint64 hours = oba_till_finding_get_figure (finding, "hours");

  return duration (days > 0 ? days * 1440 : hours * 60);
}

char *
oba_till_text_title (const ObaTillFinding *finding)
{
  g_autofree char *n = oba_number_format (finding->receipts);

  if (g_str_equal (finding->kind, "gap"))
    return gap_title (finding);
  if (g_str_equal (finding->kind, "late"))
    {
      g_autofree char *longest = duration (oba_till_finding_get_figure (finding, "longest"));

      /* Translators: number of receipts, then "5 hours" or "2 days". */
      return g_strdup_printf (ngettext ("%s receipt came late: up to %s", "%s receipts came late: up to %s", (gulong) finding->receipts), n, longest);
    }
  if (g_str_equal (finding->kind, "duplicate"))
    return g_strdup_printf (is_sent_again (finding) ? _("Receipt %s sent again and again") : _("Number %s used twice"), finding->series);
  if (g_str_equal (finding->kind, "silent"))
    {
      g_autofree char *time = silent_for (finding);

      /* Translators: %s is a time such as "5 hours". */
      return g_strdup_printf (_("Silent for %s"), time);
    }
  if (g_str_equal (finding->kind, "card"))
    return g_strdup_printf (ngettext ("%s receipt with one card", "%s receipts with one card", (gulong) finding->receipts), n);
  return g_strdup_printf (ngettext ("%s return", "%s returns", (gulong) finding->receipts), n);
}

char *
oba_till_text_place (const ObaTillFinding *finding)
{
  g_autofree char *till = NULL;

  if (finding->list == OBA_TILL_LIST_CASHIERS)
    return g_strdup_printf ("%s · %s", finding->cashier, finding->store);
  if (finding->till == 0)
    /* Translators: %s is a store. */
    return g_strdup_printf (_("%s, all tills"), finding->store);
  till = g_strdup_printf ("%" G_GINT64_FORMAT, finding->till);
  /* Translators: a store, and the number of one of its tills. */
  return g_strdup_printf (_("%s, till %s"), finding->store, till);
}

/* ---- in full */

static char *
gap_sentence (const ObaTillFinding *finding)
{
  g_autofree char *before = oba_till_text_moment (finding->begins_at);
  g_autofree char *after = oba_till_text_moment (finding->ends_at);

  return g_strdup_printf (_("The till counts its receipts without a break, but these never arrived. The one before was sold on %s, the one after on %s. When they come, this ends by itself."),
                          before, after);
}

static char *
late_sentence (const ObaTillFinding *finding)
{
  g_autofree char *first = oba_till_text_moment (finding->begins_at);
  g_autofree char *last = oba_till_text_moment (finding->ends_at);
  g_autofree char *shortest = duration (oba_till_finding_get_figure (finding, "shortest"));
  g_autofree char *longest = duration (oba_till_finding_get_figure (finding, "longest"));

  if (g_str_equal (shortest, longest))
    /* Translators: two moments, then "5 hours" or "2 days". */
    return g_strdup_printf (_("Sold between %s and %s, recorded %s later: the till had no connection. Points of these receipts came as late."), first, last, longest);
  return g_strdup_printf (_("Sold between %s and %s, recorded %s to %s later: the till had no connection. Points of these receipts came as late."), first, last, shortest, longest);
}

static char *
duplicate_sentence (const ObaTillFinding *finding)
{
  g_autofree char *n = oba_number_format (finding->receipts);
  g_autofree char *first = oba_till_text_moment (finding->begins_at);

  if (is_sent_again (finding))
    return g_strdup_printf (_("The till has sent this receipt %s times more, since %s. It was booked once; the till does not seem to hear the answer."), n, first);
  return g_strdup_printf (ngettext ("A receipt with this number and other contents was refused %s time, first on %s. If both were sold, one is not recorded.",
                                    "A receipt with this number and other contents was refused %s times, first on %s. If both were sold, one is not recorded.", (gulong) finding->receipts),
                          n, first);
}

static char *
silent_sentence (const ObaTillFinding *finding)
{
  g_autofree char *last = oba_till_text_moment (finding->begins_at);
  g_autofree char *back = oba_till_text_moment (finding->ends_at);
  g_autofree char *n = oba_number_format (finding->receipts);
  g_autofree char *norm = duration (60 * oba_till_finding_get_figure (finding, "norm"));

  if (finding->ends_at != 0)
    return g_strdup_printf (_("The last receipt before was sold on %s; the till sells again since %s."), last, back);
  if (finding->till == 0)
    return g_strdup_printf (_("The last receipt of the store was sold on %s, while the rest of the chain goes on. By its usual days about %s receipts are missing."), last, n);
  return g_strdup_printf (_("The last receipt was sold on %s; the store's other tills go on. At these hours this till sells as a rule: its longest pause in four weeks was %s. About %s receipts are missing."),
                          last, norm, n);
}

static char *
number_text (double value)
{
  return value < 0.1 ? g_strdup_printf ("%.1f", 0.1) : g_strdup_printf (value < 10 ? "%.1f" : "%.0f", value);
}

/* Of the two that are looked for, the one that is further from its norm: coming back on a day, or coming to this cashier. */
static gboolean
is_again (const ObaTillFinding *finding)
{
  double norm = MAX (oba_till_finding_get_norm (finding, "norm"), 0.1);
  double norm_again = MAX (oba_till_finding_get_norm (finding, "norm_again"), 0.1);

  return (double) oba_till_finding_get_figure (finding, "again") / norm_again > (double) finding->receipts / norm;
}

static char *
again_sentence (const ObaTillFinding *finding)
{
  gint64 n_days = oba_till_finding_get_figure (finding, "days");
  g_autofree char *again = oba_number_format (oba_till_finding_get_figure (finding, "again"));
  g_autofree char *n = oba_number_format (finding->receipts);
  g_autofree char *days = oba_number_format (n_days);
  g_autofree char *norm = number_text (oba_till_finding_get_norm (finding, "norm_again"));

  return g_strdup_printf (ngettext ("%s used the card %s times at this cashier, on %s day: %s of them again on the same day. At the store's other cashiers these would be about %s.",
                                    "%s used the card %s times at this cashier, on %s days: %s of them again on the same day. At the store's other cashiers these would be about %s.",
                                    (gulong) n_days),
                          finding->customer, n, days, again, norm);
}

static char *
card_sentence (const ObaTillFinding *finding)
{
  g_autofree char *n = oba_number_format (finding->receipts);
  gint64 n_days = oba_till_finding_get_figure (finding, "days");
  g_autofree char *days = oba_number_format (n_days);
  g_autofree char *norm = number_text (oba_till_finding_get_norm (finding, "norm"));

  if (is_again (finding))
    return again_sentence (finding);
  return g_strdup_printf (ngettext ("%s used the card %s times at this cashier, on %s day. By who served the store in the same hours it would be about %s.",
                                    "%s used the card %s times at this cashier, on %s days. By who served the store in the same hours it would be about %s.", (gulong) n_days),
                          finding->customer, n, days, norm);
}

static char *
returns_sentence (const ObaTillFinding *finding)
{
  g_autofree char *n = oba_number_format (finding->receipts);
  g_autofree char *sales = oba_number_format (oba_till_finding_get_figure (finding, "sales"));
  g_autofree char *norm = number_text (oba_till_finding_get_norm (finding, "norm"));

  return g_strdup_printf (_("%s returns and voids beside %s sales. At the pace of the store's other cashiers it would be about %s."), n, sales, norm);
}

char *
oba_till_text_sentence (const ObaTillFinding *finding)
{
  static const struct { const char *kind; char *(*say) (const ObaTillFinding *); } sentences[] = {
    { "gap", gap_sentence }, { "late", late_sentence }, { "duplicate", duplicate_sentence }, { "silent", silent_sentence }, { "card", card_sentence }, { "returns", returns_sentence },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_str_equal (finding->kind, sentences[i].kind))
      return sentences[i].say (finding);
  return g_strdup ("");
}
