#include "oba-approval-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-merge-text.h"
#include "db/oba-db-rules.h"
#include "points/oba-adjustment.h"
#include "transactions/oba-receipt-text.h"

static char *
title_of_merge (const ObaApproval *approval)
{
  g_autofree char *source = oba_merge_text_numbered (approval->source);
  g_autofree char *survivor = oba_merge_text_numbered (approval->survivor);

  if (g_str_equal (approval->kind, "unmerge"))
    /* Translators: two customers. */
    return g_strdup_printf (_("Take back: %s was merged into %s"), source, survivor);
  return g_strdup_printf (_("Merge %s into %s"), source, survivor);
}

static char *
title_of_adjustment (const ObaApproval *approval)
{
  const ObaCorrectionPerson *person = approval->correction->people->len > 0 ? approval->correction->people->pdata[0] : NULL;
  g_autofree char *points = oba_customer_text_signed (person != NULL ? person->balance[1] - person->balance[0] : 0);
  const char *name = person != NULL ? person->name : "";

  if (g_str_equal (approval->kind, "undo_adjust"))
    /* Translators: a customer, how many points more or less. */
    return g_strdup_printf (_("Take an adjustment of %s back: %s points"), name, points);
  /* Translators: a customer, how many points more or less. */
  return g_strdup_printf (_("Adjust the points of %s: %s"), name, points);
}

/* Whose it becomes: who decides must know. */
static char *
title_of_move (const ObaApproval *approval)
{
  GPtrArray *people = approval->correction != NULL ? approval->correction->people : NULL;

  if (approval->receipt == NULL || people == NULL || people->len == 0)
    return g_strdup_printf (_("Receipt %s to another customer"), approval->receipt != NULL ? approval->receipt->number : "–");
  for (guint i = 0; i < people->len; i++)
    {
      const ObaCorrectionPerson *person = people->pdata[i];

      if (person->customer_id != approval->receipt->key.customer_id)
        /* Translators: the number of a receipt, the name of the customer whose it becomes. */
        return g_strdup_printf (_("Receipt %s to %s"), approval->receipt->number, *person->name != '\0' ? person->name : _("Erased customer"));
    }
  /* Translators: the number of a receipt that belongs to nobody afterwards. */
  return g_strdup_printf (_("Receipt %s taken from its customer"), approval->receipt->number);
}

char *
oba_approval_text_title (const ObaApproval *approval)
{
  const char *number = approval->receipt != NULL ? approval->receipt->number : "–";

  if (approval->source != NULL)
    return title_of_merge (approval);
  if (approval->erasure != NULL)
    /* Translators: a customer. */
    return g_strdup_printf (_("Erase %s, who has asked for it in Telegram"), *approval->person != '\0' ? approval->person : "–");
  if (g_str_has_suffix (approval->kind, "adjust"))
    return title_of_adjustment (approval);
  if (g_str_equal (approval->kind, "return"))
    /* Translators: the number of a receipt. */
    return g_strdup_printf (_("Return of lines of receipt %s"), number);
  if (g_str_equal (approval->kind, "void"))
    return g_strdup_printf (_("Void of receipt %s"), number);
  if (g_str_equal (approval->kind, "change"))
    return g_strdup_printf (_("Change of receipt %s"), number);
  if (g_str_equal (approval->kind, "move"))
    return title_of_move (approval);
  if (g_str_equal (approval->kind, "missed"))
    return g_strdup_printf (_("Missed receipt %s"), number);
  if (g_str_equal (approval->kind, "undo"))
    return g_strdup_printf (_("Undo the correction of receipt %s"), number);
  return g_strdup (approval->kind);
}

char *
oba_approval_text_place (const ObaApproval *approval)
{
  const ObaApprovalReceipt *receipt = approval->receipt;
  GString *text = g_string_new (NULL);
  g_autofree char *moment = NULL;
  g_autofree char *total = NULL;

  if (receipt == NULL)
    return g_string_free (text, FALSE);
  moment = oba_receipt_text_moment (&receipt->key);
  total = oba_money_format (receipt->total);
  g_string_append (text, receipt->store);
  if (receipt->till > 0)
    {
      g_string_append (text, *receipt->store != '\0' ? ", " : "");
      g_string_append_printf (text, _("till %d"), receipt->till);
    }
  g_string_append_printf (text, "%s%s · %s", text->len > 0 ? " · " : "", moment, total);
  return g_string_free (text, FALSE);
}

char *
oba_approval_text_asked (const ObaApproval *approval)
{
  g_autofree char *moment = oba_customer_text_moment (approval->requested_at);

  if (approval->is_mine)
    /* Translators: a moment. */
    return g_strdup_printf (_("Asked by you, %s"), moment);
  /* Translators: the name of a colleague, a moment. */
  return g_strdup_printf (_("Asked by %s, %s"), approval->requested_by, moment);
}

char *
oba_approval_text_why (const ObaApproval *approval)
{
  gboolean adjusts = g_str_has_suffix (approval->kind, "adjust");
  const char *title = adjusts ? oba_adjustment_reason_title (approval->reason_code) : NULL;
  const char *code = title != NULL ? title : *approval->reason_code != '\0' ? oba_correction_reason_title (approval->reason_code) : "";

  if (*code == '\0' || *approval->reason == '\0')
    return g_strdup (*code != '\0' ? code : approval->reason);
  /* Translators: a reason from the list, and what the colleague wrote. */
  return g_strdup_printf (_("%s: %s"), code, approval->reason);
}

char *
oba_approval_text_decided (const ObaApproval *approval)
{
  g_autofree char *moment = oba_customer_text_moment (approval->decided_at);

  if (g_str_equal (approval->state, "approved"))
    return g_strdup_printf (_("Approved by %s, %s"), approval->decided_by, moment);
  if (g_str_equal (approval->state, "rejected"))
    return g_strdup_printf (_("Rejected by %s, %s: %s"), approval->decided_by, moment, approval->decision_reason);
  if (g_str_equal (approval->state, "withdrawn"))
    return g_strdup_printf (_("Withdrawn, %s"), moment);
  if (g_str_equal (approval->state, "stale") && *approval->decision_reason != '\0')
    {
      g_autofree char *why = oba_db_rules_translate (approval->decision_reason);

      /* Translators: a moment, a sentence that says why. */
      return g_strdup_printf (_("No longer possible, %s: %s"), moment, why);
    }
  if (g_str_equal (approval->state, "stale"))
    return g_strdup_printf (_("No longer possible, %s"), moment);
  return g_strdup ("");
}

char *
oba_approval_text_age (GDateTime *since)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  gint64 minutes = MAX (g_date_time_difference (now, since) / G_TIME_SPAN_MINUTE, 1);
  gint64 hours = minutes / 60;
  gint64 days = hours / 24;

  if (days > 0)
    return g_strdup_printf (ngettext ("%d day", "%d days", (gulong) days), (int) days);
  if (hours > 0)
    return g_strdup_printf (ngettext ("%d hour", "%d hours", (gulong) hours), (int) hours);
  return g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) minutes), (int) minutes);
}
