#include "oba-receipt-message.h"

#include <string.h>

/* So that no name or reason, however long, leaves no room for the rest. */
#define MAX_WORDS 300
/* Kept free for the sentence that counts the lines left out, once a receipt of the note. */
#define COUNT_UNITS 60

const char *const oba_receipt_message_texts[] = {
  "No.", "RETURN", "VOID", "CORRECTION", "TOTAL", "REFUND", "Discount", "Cash", "Bank card", "Bonus points", "Other", "Points earned", "Points taken back", "Fiscal ID",
  "Cashier", "pcs", "kg", "l", "m", "… and %s more line", NULL,
};

typedef struct
{
  char     *html;
  guint     units;
  gboolean  item;
} Piece;

struct _ObaReceiptMessage
{
  ObaCatalogue *catalogue;
  GArray       *pieces;
};

static void
piece_clear (gpointer data)
{
  g_free (((Piece *) data)->html);
}

static guint
units_of (const char *text)
{
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    n += g_utf8_get_char (p) > 0xffff ? 2 : 1;
  return n;
}

static char *
shorten (const char *text)
{
  g_autofree char *start = NULL;

  if (g_utf8_strlen (text, -1) <= MAX_WORDS)
    return g_strdup (text);
  start = g_utf8_substring (text, 0, MAX_WORDS - 1);
  return g_strconcat (start, "…", NULL);
}

/* Two values, and what stands before, between and after them. */
static void
add (ObaReceiptMessage *self,
     gboolean           item,
     const char        *before,
     const char        *first,
     const char        *middle,
     const char        *second,
     const char        *after)
{
  g_autofree char *one = shorten (first);
  g_autofree char *two = shorten (second);
  g_autofree char *one_safe = g_markup_escape_text (one, -1);
  g_autofree char *two_safe = g_markup_escape_text (two, -1);
  Piece piece = { g_strconcat (before, one_safe, middle, two_safe, after, "\n", NULL), units_of (one) + units_of (middle) + units_of (two) + 2, item };

  g_array_append_val (self->pieces, piece);
}

ObaReceiptMessage *
oba_receipt_message_new (ObaCatalogue *catalogue)
{
  ObaReceiptMessage *self = g_new0 (ObaReceiptMessage, 1);

  self->catalogue = catalogue;
  self->pieces = g_array_new (FALSE, TRUE, sizeof (Piece));
  g_array_set_clear_func (self->pieces, piece_clear);
  return self;
}

void
oba_receipt_message_add_heading (ObaReceiptMessage *self,
                                 const char        *text)
{
  add (self, FALSE, self->pieces->len > 0 ? "\n<b>" : "<b>", text, "", "", "</b>");
}

void
oba_receipt_message_add_fact (ObaReceiptMessage *self,
                              const char        *name,
                              const char        *value)
{
  if (*name != '\0' && *value != '\0')
    add (self, FALSE, "", name, ": <b>", value, "</b>");
  else
    add (self, FALSE, "", name, "", value, "");
}

void
oba_receipt_message_add_item (ObaReceiptMessage *self,
                              const char        *what,
                              const char        *amount)
{
  add (self, TRUE, "• ", what, " — ", amount, "");
}

/* Of each receipt at most @most lines. */
static guint
count_units (ObaReceiptMessage *self,
             guint              most)
{
  guint units = 0;
  guint run = 0;

  for (guint i = 0; i < self->pieces->len; i++)
    {
      const Piece *piece = &g_array_index (self->pieces, Piece, i);

      run = piece->item ? run + 1 : 0;
      if (run <= most)
        units += piece->units + 1;
      else if (run == most + 1)
        units += COUNT_UNITS;
    }
  return units;
}

/* As many as there is room for. */
static guint
find_most (ObaReceiptMessage *self)
{
  guint fits = 0;
  guint too_many = self->pieces->len + 1;

  while (fits + 1 < too_many)
    {
      guint middle = (fits + too_many) / 2;

      if (count_units (self, middle) <= OBA_RECEIPT_MESSAGE_MAX)
        fits = middle;
      else
        too_many = middle;
    }
  return fits;
}

static void
append_left_out (ObaReceiptMessage *self,
                 GString           *html,
                 guint              n)
{
  g_autofree char *number = oba_catalogue_number (self->catalogue, n);

  if (n == 0)
    return;
  g_string_append_printf (html, oba_catalogue_get_plural (self->catalogue, "… and %s more line", "… and %s more lines", n), number);
  g_string_append_c (html, '\n');
}

char *
oba_receipt_message_finish (ObaReceiptMessage *self)
{
  GString *html = g_string_new (NULL);
  guint most = find_most (self);
  guint run = 0;

  for (guint i = 0; i < self->pieces->len; i++)
    {
      const Piece *piece = &g_array_index (self->pieces, Piece, i);

      if (!piece->item)
        append_left_out (self, html, run > most ? run - most : 0);
      run = piece->item ? run + 1 : 0;
      if (run <= most)
        g_string_append (html, piece->html);
    }
  append_left_out (self, html, run > most ? run - most : 0);
  g_array_unref (self->pieces);
  g_free (self);
  return g_strchomp (g_string_free (html, FALSE));
}

/* ---- a receipt */

/* "0,375", "2". */
static char *
quantity_text (ObaCatalogue *catalogue,
               gint64        thousandths)
{
  g_autofree char *text = g_strdup_printf ("%s%" G_GINT64_FORMAT "%s%03d", thousandths < 0 ? "−" : "", ABS (thousandths) / 1000,
                                           oba_catalogue_get_language (catalogue) == OBA_LANGUAGE_EN ? "." : ",", (int) (ABS (thousandths) % 1000));
  gsize length = strlen (text);

  while (text[length - 1] == '0')
    length--;
  return g_strndup (text, g_ascii_isdigit (text[length - 1]) ? length : length - 1);
}

char *
oba_receipt_message_line (ObaCatalogue         *catalogue,
                          const ObaReceiptLine *line)
{
  static const char *const units[] = { "pcs", "kg", "l", "m" };
  g_autofree char *quantity = quantity_text (catalogue, line->quantity);
  g_autofree char *price = oba_catalogue_money (catalogue, line->unit_price);
  const char *unit = units[0];

  for (guint i = 1; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i], line->unit))
      unit = units[i];
  return g_strdup_printf ("%s, %s %s × %s", *line->product != '\0' ? line->product : "?", quantity, oba_catalogue_get (catalogue, unit), price);
}

static void
add_amount (ObaReceiptMessage *self,
            const char        *name,
            gint64             amount)
{
  g_autofree char *money = oba_catalogue_money (self->catalogue, amount);

  if (amount != 0)
    oba_receipt_message_add_fact (self, oba_catalogue_get (self->catalogue, name), money);
}

static void
add_head (ObaReceiptMessage *self,
          const ObaReceipt  *receipt)
{
  static const char *const kinds[] = { "", "RETURN", "VOID", "CORRECTION" };
  g_autoptr (GDateTime) at = oba_receipt_key_get_time (&receipt->key);
  g_autofree char *time = g_date_time_format (at, "%d.%m.%Y %H:%M");
  g_autofree char *place = g_strjoin (*receipt->city != '\0' && *receipt->address != '\0' ? ", " : "", receipt->city, receipt->address, NULL);
  g_autofree char *number = g_strdup_printf ("%s %s · %s", oba_catalogue_get (self->catalogue, "No."), receipt->number, time);

  oba_receipt_message_add_heading (self, receipt->store);
  if (*place != '\0')
    oba_receipt_message_add_fact (self, "", place);
  oba_receipt_message_add_fact (self, "", number);
  if (receipt->kind != OBA_RECEIPT_SALE)
    oba_receipt_message_add_heading (self, oba_catalogue_get (self->catalogue, kinds[receipt->kind]));
}

static void
add_sums (ObaReceiptMessage *self,
          const ObaReceipt  *receipt)
{
  g_autofree char *total = oba_catalogue_money (self->catalogue, receipt->total);
  g_autofree char *number = oba_catalogue_number (self->catalogue, receipt->points);
  g_autofree char *points = g_strdup_printf ("%s%s", receipt->points > 0 ? "+" : "", number);
  g_autofree char *number_spent = oba_catalogue_number (self->catalogue, - receipt->points_spent);
  g_autofree char *spent = g_strdup_printf ("%s%s", receipt->points_spent < 0 ? "+" : "", number_spent);
  gboolean back = receipt->kind == OBA_RECEIPT_RETURN || receipt->kind == OBA_RECEIPT_VOID;

  oba_receipt_message_add_fact (self, oba_catalogue_get (self->catalogue, back ? "REFUND" : "TOTAL"), total);
  add_amount (self, "Discount", receipt->discount);
  add_amount (self, "Cash", receipt->paid_cash);
  add_amount (self, "Bank card", receipt->paid_card);
  add_amount (self, "Bonus points", receipt->paid_points);
  add_amount (self, "Other", receipt->paid_other);
  if (receipt->person && receipt->points_spent != 0)
    oba_receipt_message_add_fact (self, oba_catalogue_get (self->catalogue, receipt->points_spent > 0 ? "Points spent" : "Points given back"), spent);
  if (receipt->person && receipt->points != 0)
    oba_receipt_message_add_fact (self, oba_catalogue_get (self->catalogue, receipt->points > 0 ? "Points earned" : "Points taken back"), points);
  if (*receipt->fiscal_id != '\0')
    oba_receipt_message_add_fact (self, oba_catalogue_get (self->catalogue, "Fiscal ID"), receipt->fiscal_id);
}

char *
oba_receipt_message_of (ObaReceipt *receipt)
{
  g_autoptr (ObaCatalogue) catalogue = oba_catalogue_new ("sales", oba_language_parse (receipt->language));
  ObaReceiptMessage *self = oba_receipt_message_new (catalogue);

  add_head (self, receipt);
  oba_receipt_message_add_heading (self, "");
  for (guint i = 0; i < receipt->lines->len; i++)
    {
      const ObaReceiptLine *line = receipt->lines->pdata[i];
      g_autofree char *what = oba_receipt_message_line (catalogue, line);
      g_autofree char *amount = oba_catalogue_money (catalogue, line->total);

      oba_receipt_message_add_item (self, what, amount);
    }
  add_sums (self, receipt);
  return oba_receipt_message_finish (self);
}
