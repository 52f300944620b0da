#include "oba-receipt-text.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "sales/oba-correction.h"

const char *
oba_receipt_text_kind (ObaReceiptKind kind)
{
  switch (kind)
    {
    case OBA_RECEIPT_RETURN:
      return _("Return");
    case OBA_RECEIPT_VOID:
      return _("Void");
    case OBA_RECEIPT_CORRECTION:
      return _("Correction");
    case OBA_RECEIPT_SALE:
    default:
      return _("Sale");
    }
}

char *
oba_receipt_text_moment (const ObaReceiptKey *key)
{
  g_autoptr (GDateTime) at = oba_receipt_key_get_time (key);

  return oba_customer_text_moment (at);
}

const char *
oba_receipt_text_correction (const char *kind)
{
  static const char *const kinds[] = { "return", "void", "change", "move", "missed", "undo" };
  const char *const texts[] = { _("Return"), _("Void"), _("Changed"), _("Moved to another customer"), _("Entered from paper"), _("Correction undone") };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i], kind))
      return texts[i];
  return kind;
}

const char *
oba_receipt_text_reason (const char *code)
{
  /* What only tills say: the others are those of corrections. */
  return g_str_equal (code, "customer_request") ? _("The customer asked") : oba_correction_reason_title (code);
}

/* ---- names */

struct _ObaReceiptNames
{
  gatomicrefcount refs;
  GHashTable     *tables[OBA_RECEIPT_FILTER_N_FIELDS];   /* id -> name */
};

ObaReceiptNames *
oba_receipt_names_new (void)
{
  ObaReceiptNames *self = g_new0 (ObaReceiptNames, 1);

  g_atomic_ref_count_init (&self->refs);
  for (guint i = 0; i < OBA_RECEIPT_FILTER_N_FIELDS; i++)
    self->tables[i] = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  return self;
}

ObaReceiptNames *
oba_receipt_names_ref (ObaReceiptNames *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
oba_receipt_names_unref (ObaReceiptNames *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  for (guint i = 0; i < OBA_RECEIPT_FILTER_N_FIELDS; i++)
    g_hash_table_unref (self->tables[i]);
  g_free (self);
}

void
oba_receipt_names_put (ObaReceiptNames       *self,
                       ObaReceiptFilterField  field,
                       gint64                 id,
                       const char            *name)
{
  g_hash_table_replace (self->tables[field], g_memdup2 (&id, sizeof id), g_strdup (name));
}

const char *
oba_receipt_names_get (ObaReceiptNames       *self,
                       ObaReceiptFilterField  field,
                       gint64                 id)
{
  return g_hash_table_lookup (self->tables[field], &id);
}

/* ---- conditions */

static void
part_free (gpointer data)
{
  ObaReceiptFilterPart *part = data;

  g_free (part->name);
  g_free (part->text);
  g_free (part);
}

static void
add_part (GPtrArray             *parts,
          ObaReceiptFilterField  field,
          gint64                 number,
          const char            *name,
          char                  *text)
{
  ObaReceiptFilterPart *part = g_new0 (ObaReceiptFilterPart, 1);

  part->field = field;
  part->number = number;
  part->name = g_strdup (name);
  part->text = text;
  g_ptr_array_add (parts, part);
}

static char *
describe (ObaReceiptFilterField field,
          const char           *value)
{
  switch (field)
    {
    case OBA_RECEIPT_FILTER_RECEIPT_NO:
      return g_strdup_printf (_("Receipt number: %s"), value);
    case OBA_RECEIPT_FILTER_FISCAL_ID:
      return g_strdup_printf (_("Fiscal ID: %s"), value);
    case OBA_RECEIPT_FILTER_STORES:
      return g_strdup_printf (_("Store: %s"), value);
    case OBA_RECEIPT_FILTER_TILLS:
      return g_strdup_printf (_("Till: %s"), value);
    case OBA_RECEIPT_FILTER_CASHIERS:
      return g_strdup_printf (_("Cashier: %s"), value);
    case OBA_RECEIPT_FILTER_CUSTOMERS:
      return g_strdup_printf (_("Customer no. %s"), value);
    case OBA_RECEIPT_FILTER_CARDS:
      return g_strdup_printf (_("Card: %s"), value);
    case OBA_RECEIPT_FILTER_PRODUCTS:
      return g_strdup_printf (_("Product: %s"), value);
    default:
      return g_strdup (value);
    }
}

static void
add_numbers (GPtrArray              *parts,
             const ObaReceiptFilter *filter,
             ObaReceiptFilterField   field,
             ObaReceiptNames        *names)
{
  GArray *numbers = oba_filter_get_numbers (filter, field);

  for (guint i = 0; i < numbers->len; i++)
    {
      gint64 number = g_array_index (numbers, gint64, i);
      g_autofree char *digits = g_strdup_printf ("%" G_GINT64_FORMAT, number);
      const char *name = oba_receipt_names_get (names, field, number);

      if (field == OBA_RECEIPT_FILTER_CUSTOMERS && name != NULL)
        /* Translators: the name of a customer and their number. */
        add_part (parts, field, number, NULL, g_strdup_printf (_("Customer: %s, no. %s"), name, digits));
      else
        add_part (parts, field, number, NULL, describe (field, name != NULL ? name : digits));
    }
}

static void
add_names (GPtrArray              *parts,
           const ObaReceiptFilter *filter,
           ObaReceiptFilterField   field)
{
  GPtrArray *names = oba_filter_get_names (filter, field);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];

      add_part (parts, field, 0, name,
                field == OBA_RECEIPT_FILTER_KINDS ? g_strdup (oba_receipt_text_kind (oba_receipt_kind_parse (name))) : describe (field, name));
    }
}

/* "Time: 1 – 5", "Time: from 1", "Time: until 5". */
static char *
describe_range (const char *name,
                const char *from,
                const char *to)
{
  if (from == NULL)
    /* Translators: a name of a field, and its most. */
    return g_strdup_printf (_("%s: until %s"), name, to);
  if (to == NULL)
    /* Translators: a name of a field, and its least. */
    return g_strdup_printf (_("%s: from %s"), name, from);
  return g_strdup_printf ("%s: %s – %s", name, from, to);
}

static void
add_range (GPtrArray              *parts,
           const ObaReceiptFilter *filter,
           ObaReceiptFilterField   field)
{
  gboolean money = field == OBA_RECEIPT_FILTER_AMOUNT;
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  gint64 from;
  gint64 to;

  if (!oba_filter_get_range (filter, field, &from, &to))
    return;
  if (from != OBA_FILTER_NO_MIN)
    first = money ? oba_money_format (from) : oba_receipt_time_format (from, FALSE);
  if (to != OBA_FILTER_NO_MAX)
    last = money ? oba_money_format (to) : oba_receipt_time_format (to, TRUE);
  add_part (parts, field, 0, NULL, describe_range (money ? _("Amount") : _("Time"), first, last));
}

static void
add_flag (GPtrArray              *parts,
          const ObaReceiptFilter *filter,
          ObaReceiptFilterField   field,
          const char             *yes_text,
          const char             *no_text)
{
  gboolean yes;

  if (oba_filter_get_flag (filter, field, &yes))
    add_part (parts, field, 0, NULL, g_strdup (yes ? yes_text : no_text));
}

static void
add_text (GPtrArray              *parts,
          const ObaReceiptFilter *filter,
          ObaReceiptFilterField   field)
{
  if (oba_filter_has (filter, field))
    add_part (parts, field, 0, NULL, describe (field, oba_filter_get_text (filter, field)));
}

GPtrArray *
oba_receipt_text_list (const ObaReceiptFilter *filter,
                       ObaReceiptNames        *names)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (part_free);

  add_text (parts, filter, OBA_RECEIPT_FILTER_RECEIPT_NO);
  add_text (parts, filter, OBA_RECEIPT_FILTER_FISCAL_ID);
  add_range (parts, filter, OBA_RECEIPT_FILTER_TIME);
  add_numbers (parts, filter, OBA_RECEIPT_FILTER_STORES, names);
  add_numbers (parts, filter, OBA_RECEIPT_FILTER_TILLS, names);
  add_names (parts, filter, OBA_RECEIPT_FILTER_CASHIERS);
  add_numbers (parts, filter, OBA_RECEIPT_FILTER_CUSTOMERS, names);
  add_names (parts, filter, OBA_RECEIPT_FILTER_CARDS);
  add_numbers (parts, filter, OBA_RECEIPT_FILTER_PRODUCTS, names);
  add_range (parts, filter, OBA_RECEIPT_FILTER_AMOUNT);
  add_names (parts, filter, OBA_RECEIPT_FILTER_KINDS);
  add_flag (parts, filter, OBA_RECEIPT_FILTER_CORRECTED, _("Returned or corrected"), _("Neither returned nor corrected"));
  add_flag (parts, filter, OBA_RECEIPT_FILTER_UNMATCHED, _("Without a customer"), _("With a customer"));
  return parts;
}

char *
oba_receipt_text_line (const ObaReceiptFilter *filter,
                       ObaReceiptNames        *names)
{
  g_autoptr (GPtrArray) parts = oba_receipt_text_list (filter, names);
  const char *text = oba_filter_get_text (filter, OBA_RECEIPT_FILTER_TEXT);
  GString *line = g_string_new (NULL);

  if (*text != '\0')
    g_string_append_printf (line, _("“%s”"), text);
  for (guint i = 0; i < parts->len; i++)
    g_string_append_printf (line, "%s%s", line->len > 0 ? ", " : "", ((ObaReceiptFilterPart *) parts->pdata[i])->text);
  if (line->len == 0)
    g_string_append (line, _("All receipts"));
  return g_string_free (line, FALSE);
}

void
oba_receipt_part_remove (const ObaReceiptFilterPart *part,
                         ObaReceiptFilter           *filter)
{
  if (part->name != NULL)
    oba_filter_remove_name (filter, part->field, part->name);
  else if (oba_receipt_filter_spec.fields[part->field].kind == OBA_FILTER_NUMBERS)
    oba_filter_remove_number (filter, part->field, part->number);
  else
    oba_filter_clear (filter, part->field);
  /* A till is one of a store. */
  if (!oba_filter_has (filter, OBA_RECEIPT_FILTER_STORES))
    oba_filter_clear (filter, OBA_RECEIPT_FILTER_TILLS);
}

/* ---- times */

gboolean
oba_receipt_time_parse (const char *text,
                        gboolean    last,
                        gint64     *minute)
{
  g_autofree char *clean = g_strstrip (g_strdup (text));
  char *time = strrchr (clean, ' ');
  guint hours = last ? 23 : 0;
  guint minutes = last ? 59 : 0;
  char rest;
  GDate day;

  if (time != NULL && strchr (time, ':') != NULL)
    {
      if (sscanf (time, " %2u:%2u%c", &hours, &minutes, &rest) != 2 || hours > 23 || minutes > 59)
        return FALSE;
      *time = '\0';
    }
  if (!oba_day_parse (clean, &day))
    return FALSE;
  *minute = oba_filter_minute (&day, hours, minutes);
  return TRUE;
}

char *
oba_receipt_time_format (gint64   minute,
                         gboolean last)
{
  g_autofree char *day_text = NULL;
  GDate day;
  guint hours;
  guint minutes;

  oba_filter_split_minute (minute, &day, &hours, &minutes);
  day_text = oba_day_format (&day);
  if (hours == (last ? 23 : 0) && minutes == (last ? 59 : 0))
    return g_steal_pointer (&day_text);
  return g_strdup_printf ("%s %02u:%02u", day_text, hours, minutes);
}
