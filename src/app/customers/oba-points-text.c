#include "oba-points-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "oba-customer-text.h"
#include "oba-timeline-text.h"
#include "rules/oba-rule-text.h"

char *
oba_points_text_title (const ObaPointsReason *reason)
{
  g_autofree char *number = oba_customer_text_signed (reason->points);
  /* Translators: points with their sign, "+12 points". */
  g_autofree char *points = g_strdup_printf (ngettext ("%s point", "%s points", (gulong) ABS (reason->points)), number);

  return g_strdup_printf ("%s: %s", oba_timeline_text_points_kind (reason->kind), points);
}

static char *
receipt_cause (const ObaPointsReason *reason)
{
  g_autofree char *moment = oba_customer_text_moment (reason->receipt_at);
  g_autofree char *total = oba_money_format (reason->receipt_total);

  if (*reason->receipt_store == '\0')
    /* Translators: the number of a receipt, a day and time, an amount. */
    return g_strdup_printf (_("Receipt %s of %s, over %s."), reason->receipt_no, moment, total);
  /* Translators: the number of a receipt, a store, a day and time, an amount. */
  return g_strdup_printf (_("Receipt %s of %s, %s, over %s."), reason->receipt_no, reason->receipt_store, moment, total);
}

static char *
reversed_cause (const ObaPointsReason *reason)
{
  g_autofree char *points = oba_customer_text_points (ABS (reason->reverses_points));
  g_autofree char *moment = oba_customer_text_moment (reason->reverses_at);

  /* Translators: "Points earned", "20 points", a day and time. */
  return g_strdup_printf (_("It answers the line “%s: %s” of %s."), oba_timeline_text_points_kind (reason->reverses_kind), points, moment);
}

char *
oba_points_text_cause (const ObaPointsReason *reason)
{
  GString *text = g_string_new (NULL);
  g_autofree char *receipt = *reason->receipt_no != '\0' ? receipt_cause (reason) : NULL;
  g_autofree char *reversed = reason->reverses_id != 0 ? reversed_cause (reason) : NULL;

  if (receipt != NULL)
    g_string_append (text, receipt);
  if (reason->redemption_id != 0)
    {
      if (*reason->reward != '\0')
        /* Translators: the name of a reward. */
        g_string_append_printf (text, _("For the reward “%s”."), reason->reward);
      else
        g_string_append (text, _("For a part of a bill."));
    }
  if (reversed != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", reversed);
  if (g_str_equal (reason->reason, "erased"))
    g_string_append (text, _("The customer was erased, and with the person went the points."));
  else if (g_str_equal (reason->kind, "expire"))
    g_string_append (text, _("Their last day had passed, and nobody had spent them."));
  return g_string_free (text, FALSE);
}

static gint64
find_input (const ObaPointsReason *reason, const char *name)
{
  for (guint i = 0; i < reason->inputs->len; i++)
    {
      const ObaPointsInput *input = reason->inputs->pdata[i];

      if (g_str_equal (input->name, name))
        return g_ascii_strtoll (input->value, NULL, 10);
    }
  return 0;
}

/* "20,15 ₼ make 20 points": what a person can check in the head. */
static void
append_sum (GString *text, const ObaPointsReason *reason)
{
  gint64 total = find_input (reason, "total") - find_input (reason, "returned");
  g_autofree char *money = oba_money_format (total);
  g_autofree char *points = oba_customer_text_points (total / reason->qepik_per_point);

  if (total <= 0)
    return;
  g_string_append_c (text, ' ');
  /* Translators: an amount, "20 points". */
  g_string_append_printf (text, _("%s make %s, rounded down."), money, points);
}

char *
oba_points_text_rule (const ObaPointsReason *reason)
{
  GString *text = g_string_new (NULL);
  g_autofree char *version = oba_number_format (reason->rule_version);
  g_autofree char *each = oba_money_format (reason->qepik_per_point);
  g_autofree char *months = oba_number_format (reason->valid_months);

  if (*reason->rule == '\0')
    return g_string_free (text, FALSE);
  /* Translators: the name of a rule, its version. */
  g_string_append_printf (text, _("Rule “%s”, version %s."), oba_points_rule_name (reason->rule), version);
  if (reason->qepik_per_point > 0)
    {
      g_string_append_c (text, ' ');
      if (reason->valid_months > 0)
        /* Translators: an amount, a number of months. */
        g_string_append_printf (text, ngettext ("One point for every full %s, valid for %s month.", "One point for every full %s, valid for %s months.",
                                                (gulong) reason->valid_months),
                                each, months);
      else
        /* Translators: an amount. How long the points last is not the rule's. */
        g_string_append_printf (text, _("One point for every full %s."), each);
      append_sum (text, reason);
    }
  if (reason->factor > 0)
    {
      g_autofree char *factor = oba_rule_text_factor (reason->factor);

      g_string_append_c (text, ' ');
      /* Translators: "2", "1.5": a multiplier. */
      g_string_append_printf (text, _("It makes the base ×%s; this is what that is beyond the base."), factor);
    }
  return g_string_free (text, FALSE);
}

char *
oba_points_text_input (const ObaPointsInput *input)
{
  gint64 number = g_ascii_strtoll (input->value, NULL, 10);
  g_autofree char *money = oba_money_format (number);
  g_autofree char *points = oba_customer_text_points (number);

  /* Which lines: of use to who looks for a fault, not to who asks why; what they came to is told. */
  if (g_str_equal (input->name, "lines"))
    return NULL;
  if (g_str_equal (input->name, "tier"))
    /* Translators: the name of a tier. */
    return g_strdup_printf (_("Given: the tier %s"), input->value);
  if (g_str_equal (input->name, "store"))
    /* Translators: the name of a store. */
    return g_strdup_printf (_("Given: in %s"), input->value);
  if (g_str_equal (input->name, "event"))
    return g_strdup (_("Given for registering"));
  if (g_str_equal (input->name, "amount"))
    /* Translators: an amount. */
    return g_strdup_printf (_("Given: %s of it counted"), money);
  if (g_str_equal (input->name, "base_points"))
    /* Translators: an amount, "20 points". */
    return g_strdup_printf (_("Given: %s of the base"), points);
  if (g_str_equal (input->name, "uncapped"))
    /* Translators: an amount, "20 points". */
    return g_strdup_printf (_("Cut by the limit of a day; else %s"), points);
  if (g_str_equal (input->name, "total"))
    /* Translators: an amount. */
    return g_strdup_printf (_("Given: a receipt over %s"), money);
  if (g_str_equal (input->name, "returned"))
    /* Translators: an amount. */
    return g_strdup_printf (_("Given: %s returned"), money);
  if (g_str_equal (input->name, "withheld"))
    return g_strdup (_("Nothing was given: the customer was blocked"));
  /* Translators: what a rule was given: a name, a value. */
  return g_strdup_printf (_("Given: %s = %s"), input->name, input->value);
}

char *
oba_points_text_reason (const ObaPointsReason *reason)
{
  GString *text = g_string_new (NULL);
  g_autofree char *owed = oba_customer_text_points (reason->owed);

  /* "erased" is told as the cause. */
  if (*reason->reason != '\0' && !g_str_equal (reason->reason, "erased"))
    /* Translators: what somebody wrote. */
    g_string_append_printf (text, _("Reason: %s"), reason->reason);
  if (*reason->who != '\0')
    g_string_append_printf (text, text->len > 0 ? " (%s)" : "%s", reason->who);
  if (reason->owed > 0)
    {
      g_string_append (text, text->len > 0 ? "\n" : "");
      /* Translators: "12 points". */
      g_string_append_printf (text, _("%s were spent already: what is earned next goes there first."), owed);
    }
  return g_string_free (text, FALSE);
}

char *
oba_points_text_shares_title (const ObaPointsReason *reason)
{
  return g_strdup (reason->points > 0 ? _("Where they went") : _("Which points these were"));
}

char *
oba_points_text_share (const ObaPointsShare *share)
{
  g_autofree char *points = oba_customer_text_points (ABS (share->points));
  g_autofree char *from = oba_customer_text_day (share->from);
  g_autofree char *until = oba_customer_text_date (&share->last_day);
  g_autofree char *left = oba_number_format (share->remaining);

  /* Translators: "20 points", the day they were given, the last day they can be spent, how many are left. */
  return g_strdup_printf (_("%s of %s, valid until %s (%s left today)"), points, from, until, left);
}

char *
oba_points_text_more_shares (guint n)
{
  return g_strdup_printf (ngettext ("and %u more", "and %u more", n), n);
}

char *
oba_points_text_balance (const ObaPointsReason *reason)
{
  g_autofree char *balance = oba_customer_text_points (reason->balance);

  /* Translators: "1 234 points". */
  return g_strdup_printf (_("Balance after it: %s"), balance);
}
