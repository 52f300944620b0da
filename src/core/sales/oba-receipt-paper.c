#include "oba-receipt-paper.h"

#include <pango/pangocairo.h>
#include <string.h>

#include "base/oba-error.h"
#include "base/oba-money.h"
#include "cards/oba-qr.h"
#include "export/oba-pdf.h"

#define COLUMNS OBA_RECEIPT_PAPER_COLUMNS
#define MARGIN 14.0
#define LINE_HEIGHT 10.5
/* Cells of a name go over so many lines at most; what is longer ends with an ellipsis. */
#define MAX_NAME_LINES 3
#define QR_SIZE 92.0
#define QR_GAP 6.0
/* Of a page of the PDF; longer receipts go over several. */
#define MAX_PDF_HEIGHT 5000.0
#define FISCAL_LINK "https://monitoring.e-kassa.gov.az/#/index?doc="

enum
{
  SALE,
  RETURN,
  VOID,
  CORRECTION,
  NUMBER,
  TILL,
  CASHIER,
  OFFICE,
  TOTAL,
  REFUND,
  DISCOUNT,
  VAT,
  CASH,
  CARD,
  POINTS_PAID,
  OTHER,
  EARNED,
  TAKEN_BACK,
  SPENT,
  GIVEN_BACK,
  PART_EARNS,
  PART_EARNS_NOT,
  FISCAL_ID,
  CUSTOMER,
  ANSWERS,
  PIECES,
  KILOGRAMS,
  LITRES,
  METRES,
};

const char *const oba_receipt_paper_texts[] = {
  [SALE] = "Receipt",
  [RETURN] = "RETURN",
  [VOID] = "VOID",
  [CORRECTION] = "CORRECTION",
  [NUMBER] = "No.",
  [TILL] = "Till",
  [CASHIER] = "Cashier",
  [OFFICE] = "Head office",
  [TOTAL] = "TOTAL",
  [REFUND] = "REFUND",
  [DISCOUNT] = "Discount",
  [VAT] = "of it VAT",
  [CASH] = "Cash",
  [CARD] = "Bank card",
  [POINTS_PAID] = "Bonus points",
  [OTHER] = "Other",
  [EARNED] = "Points earned",
  [TAKEN_BACK] = "Points taken back",
  [SPENT] = "Points spent",
  [GIVEN_BACK] = "Points given back",
  [PART_EARNS] = "What was paid with points earns points, too.",
  [PART_EARNS_NOT] = "What was paid with points earns no points.",
  [FISCAL_ID] = "Fiscal ID",
  [CUSTOMER] = "Customer No.",
  [ANSWERS] = "For receipt No.",
  [PIECES] = "pcs",
  [KILOGRAMS] = "kg",
  [LITRES] = "l",
  [METRES] = "m",
  NULL,
};

typedef struct
{
  char     *text;      /* of at most COLUMNS columns */
  gboolean  bold;
} Line;

struct _ObaReceiptPaper
{
  ObaReceipt      *receipt;
  ObaCatalogue    *catalogue;
  GPtrArray       *lines;     /* of Line */
  char            *text;
  char            *link;
  ObaQr           *qr;
};

static const char *
say (ObaReceiptPaper *self,
     guint            text)
{
  return oba_catalogue_get (self->catalogue, oba_receipt_paper_texts[text]);
}

/* ---- columns: a letter is one or two of them, a mark none */

static guint
width_of (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

static guint
columns_of (const char *text)
{
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    n += width_of (g_utf8_get_char (p));
  return n;
}

/* How many bytes of @text fit; up to a space where there is one. */
static gsize
fit (const char *text,
     guint       columns)
{
  const char *space = NULL;
  const char *p = text;
  guint n = 0;

  while (*p != '\0' && n + width_of (g_utf8_get_char (p)) <= columns)
    {
      if (*p == ' ')
        space = p;
      n += width_of (g_utf8_get_char (p));
      p = g_utf8_next_char (p);
    }
  if (*p == '\0' || *p == ' ' || space == NULL)
    return (gsize) (p - text);
  return (gsize) (space - text);
}

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->text);
  g_free (line);
}

/* Takes @text. */
static void
add (ObaReceiptPaper *self,
     char            *text,
     gboolean         bold)
{
  Line *line = g_new0 (Line, 1);

  line->text = text;
  line->bold = bold;
  g_ptr_array_add (self->lines, line);
}

static void
add_rule (ObaReceiptPaper *self)
{
  add (self, g_strnfill (COLUMNS, '-'), FALSE);
}

/* A piece of @text a line, at most @most of them, in the middle or at the left. */
static void
add_wrapped (ObaReceiptPaper *self,
             const char      *text,
             guint            most,
             gboolean         centred,
             gboolean         bold)
{
  for (guint n = 0; *text != '\0' && n < most; n++)
    {
      gboolean last = n + 1 == most && columns_of (text) > COLUMNS;
      gsize bytes = fit (text, last ? COLUMNS - 1 : COLUMNS);
      g_autofree char *piece = g_strndup (text, bytes);
      g_autofree char *ended = g_strconcat (piece, last ? "…" : "", NULL);
      guint before = centred ? (COLUMNS - columns_of (ended)) / 2 : 0;

      add (self, g_strdup_printf ("%*s%s", (int) before, "", ended), bold);
      text += bytes;
      while (*text == ' ')
        text++;
    }
}

/* @left and @right at the two edges; two lines when they do not fit beside each other. */
static void
add_pair (ObaReceiptPaper *self,
          const char      *left,
          const char      *right,
          gboolean         bold)
{
  guint used = columns_of (left) + columns_of (right);

  if (used + 1 > COLUMNS)
    {
      add_wrapped (self, left, MAX_NAME_LINES, FALSE, bold);
      if (columns_of (right) > COLUMNS)
        add_wrapped (self, right, MAX_NAME_LINES, FALSE, bold);
      else
        add (self, g_strdup_printf ("%*s%s", (int) (COLUMNS - columns_of (right)), "", right), bold);
      return;
    }
  add (self, g_strdup_printf ("%s%*s%s", left, (int) (COLUMNS - used), "", right), bold);
}

static void
add_amount (ObaReceiptPaper *self,
            guint            text,
            gint64           amount,
            gboolean         bold)
{
  g_autofree char *money = oba_money_format_plain (amount);

  if (amount != 0 || bold)
    add_pair (self, say (self, text), money, bold);
}

/* ---- what it says */

static void
add_head (ObaReceiptPaper *self)
{
  const ObaReceipt *receipt = self->receipt;
  g_autoptr (GDateTime) at = oba_receipt_key_get_time (&receipt->key);
  g_autofree char *time = g_date_time_format (at, "%d.%m.%Y %H:%M");
  g_autofree char *number = g_strdup_printf ("%s %s", say (self, NUMBER), receipt->number);
  g_autofree char *till = receipt->till > 0 ? g_strdup_printf ("%s %d", say (self, TILL), receipt->till) : g_strdup (say (self, OFFICE));
  g_autofree char *cashier = *receipt->cashier != '\0' ? g_strdup_printf ("%s: %s", say (self, CASHIER), receipt->cashier) : g_strdup ("");

  add_wrapped (self, receipt->store, 2, TRUE, TRUE);
  add_wrapped (self, receipt->city, 1, TRUE, FALSE);
  add_wrapped (self, receipt->address, 2, TRUE, FALSE);
  add_rule (self);
  if (receipt->kind != OBA_RECEIPT_SALE)
    add_wrapped (self, say (self, RETURN + (guint) receipt->kind - OBA_RECEIPT_RETURN), 1, TRUE, TRUE);
  add_pair (self, number, time, FALSE);
  add_pair (self, till, cashier, FALSE);
}

/* The number of the receipt that this one answers. */
static void
add_original (ObaReceiptPaper *self)
{
  const ObaReceiptRelative *first = self->receipt->family->len > 0 ? self->receipt->family->pdata[0] : NULL;

  if (self->receipt->kind != OBA_RECEIPT_SALE && first != NULL && first->key.receipt_id != self->receipt->key.receipt_id)
    add_pair (self, say (self, ANSWERS), first->number, FALSE);
}

static const char *
say_unit (ObaReceiptPaper *self,
          const char      *unit)
{
  return say (self, g_str_equal (unit, "kg") ? KILOGRAMS : g_str_equal (unit, "l") ? LITRES : g_str_equal (unit, "m") ? METRES : PIECES);
}

/* "0.375", "2". */
static char *
quantity_text (gint64 thousandths)
{
  g_autofree char *text = g_strdup_printf ("%s%" G_GINT64_FORMAT ".%03d", thousandths < 0 ? "-" : "", ABS (thousandths) / 1000, (int) (ABS (thousandths) % 1000));
  gsize length = strlen (text);

  while (text[length - 1] == '0')
    length--;
  return g_strndup (text, text[length - 1] == '.' ? length - 1 : length);
}

/* As on the till's paper: what it would cost, then what goes off, so that the right edge adds up. */
static void
add_line (ObaReceiptPaper      *self,
          const ObaReceiptLine *line)
{
  g_autofree char *quantity = quantity_text (line->quantity);
  g_autofree char *price = oba_money_format_plain (line->unit_price);
  g_autofree char *sum = g_strdup_printf ("  %s %s x %s", quantity, say_unit (self, line->unit), price);
  g_autofree char *full = oba_money_format_plain (line->total + line->discount);
  g_autofree char *off = oba_money_format_plain (- line->discount);
  g_autofree char *discount = g_strdup_printf ("  %s", say (self, DISCOUNT));

  add_wrapped (self, *line->product != '\0' ? line->product : "?", MAX_NAME_LINES, FALSE, FALSE);
  add_pair (self, sum, full, FALSE);
  if (line->discount != 0)
    add_pair (self, discount, off, FALSE);
}

static void
add_sums (ObaReceiptPaper *self)
{
  const ObaReceipt *receipt = self->receipt;

  add_amount (self, receipt->kind == OBA_RECEIPT_RETURN || receipt->kind == OBA_RECEIPT_VOID ? REFUND : TOTAL, receipt->total, TRUE);
  add_amount (self, VAT, receipt->vat, FALSE);
  add_amount (self, DISCOUNT, receipt->discount, FALSE);
  add_rule (self);
  add_amount (self, CASH, receipt->paid_cash, FALSE);
  add_amount (self, CARD, receipt->paid_card, FALSE);
  add_amount (self, POINTS_PAID, receipt->paid_points, FALSE);
  add_amount (self, OTHER, receipt->paid_other, FALSE);
}

static void
add_points (ObaReceiptPaper *self)
{
  const ObaReceipt *receipt = self->receipt;
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, receipt->key.customer_id);
  g_autofree char *points = g_strdup_printf ("%+" G_GINT64_FORMAT, receipt->points);
  g_autofree char *spent = g_strdup_printf ("%+" G_GINT64_FORMAT, - receipt->points_spent);

  if (!receipt->person)
    return;
  add_pair (self, say (self, CUSTOMER), id, FALSE);
  if (receipt->points_spent != 0)
    add_pair (self, say (self, receipt->points_spent > 0 ? SPENT : GIVEN_BACK), spent, FALSE);
  if (receipt->points != 0)
    add_pair (self, say (self, receipt->points > 0 ? EARNED : TAKEN_BACK), points, FALSE);
  if (receipt->points_spent > 0)
    add_wrapped (self, say (self, receipt->part_earns ? PART_EARNS : PART_EARNS_NOT), MAX_NAME_LINES, FALSE, FALSE);
}

static void
fill (ObaReceiptPaper *self)
{
  GString *text = g_string_new (NULL);

  add_head (self);
  add_original (self);
  add_rule (self);
  for (guint i = 0; i < self->receipt->lines->len; i++)
    add_line (self, self->receipt->lines->pdata[i]);
  add_rule (self);
  add_sums (self);
  if (self->receipt->person)
    add_rule (self);
  add_points (self);
  if (*self->receipt->fiscal_id != '\0')
    {
      add_rule (self);
      add_pair (self, say (self, FISCAL_ID), self->receipt->fiscal_id, FALSE);
    }
  for (guint i = 0; i < self->lines->len; i++)
    g_string_append_printf (text, "%s\n", ((Line *) self->lines->pdata[i])->text);
  self->text = g_string_free (text, FALSE);
}

ObaReceiptPaper *
oba_receipt_paper_new (ObaReceipt  *receipt,
                       ObaLanguage  language)
{
  ObaReceiptPaper *self = g_new0 (ObaReceiptPaper, 1);

  self->receipt = oba_receipt_ref (receipt);
  self->catalogue = oba_catalogue_new ("sales", language);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  if (*receipt->fiscal_id != '\0')
    {
      g_autofree char *id = g_uri_escape_string (receipt->fiscal_id, NULL, FALSE);

      self->link = g_strconcat (FISCAL_LINK, id, NULL);
      self->qr = oba_qr_new (self->link);
    }
  fill (self);
  return self;
}

void
oba_receipt_paper_free (ObaReceiptPaper *self)
{
  oba_receipt_unref (self->receipt);
  oba_catalogue_free (self->catalogue);
  g_ptr_array_unref (self->lines);
  g_clear_pointer (&self->qr, oba_qr_free);
  g_free (self->text);
  g_free (self->link);
  g_free (self);
}

const char *
oba_receipt_paper_get_text (ObaReceiptPaper *self)
{
  return self->text;
}

const char *
oba_receipt_paper_get_link (ObaReceiptPaper *self)
{
  return self->link;
}

/* ---- drawing */

static double
foot_height (ObaReceiptPaper *self)
{
  return self->qr != NULL ? QR_SIZE + QR_GAP : 0;
}

double
oba_receipt_paper_get_height (ObaReceiptPaper *self)
{
  return 2 * MARGIN + self->lines->len * LINE_HEIGHT + foot_height (self);
}

static guint
lines_a_page (double height)
{
  return (guint) MAX (1, (height - 2 * MARGIN) / LINE_HEIGHT);
}

guint
oba_receipt_paper_count_pages (ObaReceiptPaper *self,
                               double           height)
{
  guint a_page = lines_a_page (height);
  guint pages = (self->lines->len + a_page - 1) / a_page;
  double left = height - 2 * MARGIN - (self->lines->len - (pages - 1) * a_page) * LINE_HEIGHT;

  /* The code stands whole below the last line, or on a page of its own. */
  return left + 0.01 < foot_height (self) ? pages + 1 : pages;
}

/* 42 columns of it are as wide as the paper between its margins. */
static PangoLayout *
layout_new (cairo_t *cr,
            double  *scale)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Monospace 10");
  g_autofree char *full = g_strnfill (COLUMNS, '0');
  int width;

  pango_cairo_context_set_resolution (pango_layout_get_context (layout), 72);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, full, -1);
  pango_layout_get_size (layout, &width, NULL);
  *scale = (OBA_RECEIPT_PAPER_WIDTH - 2 * MARGIN) / ((double) width / PANGO_SCALE);
  return layout;
}

static void
draw_line (cairo_t     *cr,
           PangoLayout *layout,
           double       scale,
           const Line  *line,
           double       y)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  if (line->bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_text (layout, line->text, -1);
  cairo_save (cr);
  cairo_translate (cr, MARGIN, y);
  cairo_scale (cr, scale, scale);
  cairo_move_to (cr, 0, 0);
  pango_cairo_show_layout (cr, layout);
  cairo_restore (cr);
}

void
oba_receipt_paper_draw (ObaReceiptPaper *self,
                        cairo_t         *cr,
                        double           height,
                        guint            page)
{
  double scale;
  g_autoptr (PangoLayout) layout = layout_new (cr, &scale);
  guint a_page = lines_a_page (height);
  guint first = page * a_page;
  guint end = MIN (first + a_page, self->lines->len);
  double y = MARGIN;

  for (guint i = first; i < end; i++, y += LINE_HEIGHT)
    draw_line (cr, layout, scale, self->lines->pdata[i], y);
  if (self->qr != NULL && page + 1 == oba_receipt_paper_count_pages (self, height))
    oba_qr_draw (self->qr, cr, (OBA_RECEIPT_PAPER_WIDTH - QR_SIZE) / 2, y + QR_GAP, QR_SIZE);
}

/* ---- PDF */

static void
draw_pdf (cairo_t  *cr,
          gpointer  user_data)
{
  ObaReceiptPaper *self = user_data;
  double height = MIN (oba_receipt_paper_get_height (self), MAX_PDF_HEIGHT);
  guint n_pages = oba_receipt_paper_count_pages (self, height);

  for (guint page = 0; page < n_pages; page++)
    {
      oba_receipt_paper_draw (self, cr, height, page);
      cairo_show_page (cr);
    }
}

gboolean
oba_receipt_paper_write_pdf (ObaReceiptPaper  *self,
                             const char       *path,
                             GError          **error)
{
  g_autofree char *title = g_strdup_printf ("OBA · %s %s", say (self, NUMBER), self->receipt->number);
  double height = MIN (oba_receipt_paper_get_height (self), MAX_PDF_HEIGHT);

  return oba_pdf_write (path, title, OBA_RECEIPT_PAPER_WIDTH, height, draw_pdf, self, error);
}
