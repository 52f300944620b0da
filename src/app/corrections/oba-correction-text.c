#include "oba-correction-text.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <string.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "transactions/oba-receipt-text.h"

/* As the database takes it. */
#define MAX_QUANTITY (G_GINT64_CONSTANT (1000000) * 1000)

const char *
oba_correction_text_title (ObaCorrectionKind kind, ObaCorrectable *receipt)
{
  switch (kind)
    {
    case OBA_CORRECTION_RETURN:
      return _("Return from a Receipt");
    case OBA_CORRECTION_VOID:
      return _("Void a Receipt");
    case OBA_CORRECTION_CHANGE:
      return _("Change a Receipt");
    case OBA_CORRECTION_MOVE:
      return receipt->person ? _("Move a Receipt to Another Customer") : _("Attach a Receipt to a Customer");
    case OBA_CORRECTION_MISSED:
      return _("Record a Missed Receipt");
    case OBA_CORRECTION_UNDO:
    default:
      return _("Undo a Correction");
    }
}

const char *
oba_correction_text_done (ObaCorrectionKind kind)
{
  switch (kind)
    {
    case OBA_CORRECTION_RETURN:
      return _("The return is posted");
    case OBA_CORRECTION_VOID:
      return _("The receipt is voided");
    case OBA_CORRECTION_CHANGE:
      return _("The receipt is changed");
    case OBA_CORRECTION_MOVE:
      return _("The receipt belongs to the other customer now");
    case OBA_CORRECTION_MISSED:
      return _("The receipt is recorded");
    case OBA_CORRECTION_UNDO:
    default:
      return _("The correction is undone");
    }
}

char *
oba_correction_text_moment (gint64 at)
{
  const ObaReceiptKey key = { .at = at };

  return oba_receipt_text_moment (&key);
}

char *
oba_correction_text_receipt (ObaCorrectable *receipt)
{
  g_autofree char *moment = oba_correction_text_moment (receipt->sold_at);
  g_autofree char *till = g_strdup_printf ("%d", receipt->till);

  if (receipt->till == 0)
    /* Translators: the number of a receipt, a store, when it was sold. */
    return g_strdup_printf (_("Receipt %s, %s, %s"), receipt->number, receipt->store, moment);
  /* Translators: the number of a receipt, a store, the number of a till, when it was sold. */
  return g_strdup_printf (_("Receipt %s, %s, till %s, %s"), receipt->number, receipt->store, till, moment);
}

char *
oba_correction_text_whose (ObaCorrectable *receipt)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, receipt->key.customer_id);

  if (!receipt->person)
    return g_strdup (_("Sold without a card"));
  /* Translators: the name of a customer and their number. */
  return g_strdup_printf (_("%s, customer %s"), *receipt->name != '\0' ? receipt->name : _("Erased customer"), number);
}

static char *
describe_answer (const ObaCorrectableAnswer *answer)
{
  g_autofree char *total = oba_money_format (ABS (answer->total));
  g_autofree char *moment = oba_correction_text_moment (answer->at);
  const char *kind = oba_receipt_text_kind (answer->kind);

  if (*answer->by == '\0')
    /* Translators: "Return", an amount, when. */
    return g_strdup_printf (_("%s of %s by a till, %s"), kind, total, moment);
  /* Translators: "Return", an amount, the name of a colleague, when. */
  return g_strdup_printf (_("%s of %s by %s, %s"), kind, total, answer->by, moment);
}

static gboolean
knows (ObaCorrectable *receipt, gint64 receipt_id)
{
  for (guint i = 0; i < receipt->answers->len; i++)
    if (((ObaCorrectableAnswer *) receipt->answers->pdata[i])->receipt_id == receipt_id)
      return TRUE;
  return receipt->key.receipt_id == receipt_id;
}

char *
oba_correction_text_since (ObaCorrectable *before, ObaCorrectable *now)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < now->answers->len; i++)
    {
      const ObaCorrectableAnswer *answer = now->answers->pdata[i];

      if (!knows (before, answer->receipt_id))
        {
          g_autofree char *what = describe_answer (answer);

          g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", what);
        }
    }
  if (text->len == 0 && before->key.receipt_id == now->key.receipt_id)
    return NULL;
  if (text->len == 0)
    return g_strdup (_("It was replaced by another receipt."));
  /* Translators: what was done to a receipt meanwhile, such as "Return of 2,50 ₼ by Leyla, 5 Nov 2026, 18:24". */
  return g_strdup_printf (_("What was done: %s."), text->str);
}

static char *
describe_need (const ObaCorrectionPreview *preview, const char *code)
{
  if (g_str_equal (code, "amount"))
    {
      g_autofree char *limit = oba_money_format (preview->limit_amount);

      return g_strdup_printf (_("It is about more than %s."), limit);
    }
  if (g_str_equal (code, "points"))
    {
      g_autofree char *limit = oba_customer_text_points (preview->limit_points);

      /* Translators: "50 points". */
      return g_strdup_printf (_("It changes more than %s."), limit);
    }
  if (g_str_equal (code, "age"))
    {
      g_autofree char *days = oba_number_format (preview->limit_days);

      return g_strdup_printf (ngettext ("The receipt is older than %s day.", "The receipt is older than %s days.", (gulong) preview->limit_days), days);
    }
  if (g_str_equal (code, "spend"))
    return g_strdup (_("It spends points of the customer, without a code from them."));
  return g_strdup (_("You entered this receipt yourself."));
}

char *
oba_correction_text_needs (const ObaCorrectionPreview *preview)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; preview->needs[i] != NULL; i++)
    {
      g_autofree char *why = describe_need (preview, preview->needs[i]);

      g_string_append_printf (text, "%s• %s", text->len > 0 ? "\n" : "", why);
    }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

char *
oba_correction_text_number (gint64 thousandths)
{
  GString *text = g_string_new (NULL);
  const char *radix = nl_langinfo (RADIXCHAR);

  g_string_append_printf (text, "%" G_GINT64_FORMAT "%s%03d", thousandths / 1000, radix != NULL && *radix != '\0' ? radix : ".", (int) (thousandths % 1000));
  while (text->str[text->len - 1] == '0')
    g_string_truncate (text, text->len - 1);
  if (!g_ascii_isdigit (text->str[text->len - 1]))
    g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

char *
oba_correction_text_amount (gint64 thousandths, const char *unit)
{
  return g_str_equal (unit, "pcs") ? oba_correction_text_number (thousandths) : oba_customer_text_quantity (thousandths, unit);
}

const char *
oba_correction_text_unit (const char *unit)
{
  if (g_str_equal (unit, "kg"))
    return _("kg");
  if (g_str_equal (unit, "l"))
    return _("l");
  return g_str_equal (unit, "m") ? C_ ("metres", "m") : "";
}

gboolean
oba_correction_text_quantity (const char *text, gint64 *thousandths)
{
  g_autofree char *own = g_strstrip (g_strdup (text));
  gint64 value = 0;
  int decimals = -1;

  if (*own == '\0')
    return FALSE;
  for (const char *c = own; *c != '\0'; c++)
    {
      if ((*c == ',' || *c == '.') && decimals < 0 && c != own)
        decimals = 0;
      else if (g_ascii_isdigit (*c) && decimals < 3 && value < MAX_QUANTITY)
        {
          value = value * 10 + (*c - '0');
          decimals += decimals >= 0;
        }
      else
        return FALSE;
    }
  for (int i = MAX (decimals, 0); i < 3; i++)
    value *= 10;
  if (value <= 0 || value > MAX_QUANTITY)
    return FALSE;
  *thousandths = value;
  return TRUE;
}
