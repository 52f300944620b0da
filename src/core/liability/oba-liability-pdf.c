/* The report for finance, on paper: what is owed, where it comes from, what the months did, and what it is valued at. */
#include "oba-liability.h"

#include <glib/gi18n-lib.h>
#include <pango/pangocairo.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "export/oba-pdf.h"

/* A4 in points. */
#define PAGE_WIDTH 595.276
#define PAGE_HEIGHT 841.89
#define MARGIN 42.0
#define BOTTOM (PAGE_HEIGHT - MARGIN - 14)
#define ROW 14.0
#define CHART 170.0
#define FONT "Sans 8"
#define FONT_BOLD "Sans Bold 8"
#define FONT_HEADING "Sans Bold 11"
#define FONT_TITLE "Sans Bold 17"

typedef struct
{
  const ObaLiability *liability;
  cairo_t            *cr;
  double              y;
  guint               page;
} Pen;

static void
put (Pen *pen, const char *text, const char *font, double x, double width, PangoAlignment align)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (pen->cr);
  g_autoptr (PangoFontDescription) description = pango_font_description_from_string (font);

  pango_cairo_context_set_resolution (pango_layout_get_context (layout), 72);
  pango_layout_set_font_description (layout, description);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, align);
  pango_layout_set_text (layout, text, -1);
  cairo_move_to (pen->cr, x, pen->y);
  pango_cairo_show_layout (pen->cr, layout);
}

static void
end_page (Pen *pen)
{
  g_autofree char *foot = g_strdup_printf ("OBA · %s · %u", _("Points Liability"), ++pen->page);

  pen->y = PAGE_HEIGHT - MARGIN + 6;
  put (pen, foot, FONT, MARGIN, PAGE_WIDTH - 2 * MARGIN, PANGO_ALIGN_CENTER);
  cairo_show_page (pen->cr);
  pen->y = MARGIN;
}

static void
need (Pen *pen, double height)
{
  if (pen->y + height > BOTTOM)
    end_page (pen);
}

static void
rule (Pen *pen)
{
  cairo_set_source_rgb (pen->cr, 0.7, 0.7, 0.7);
  cairo_set_line_width (pen->cr, 0.5);
  cairo_move_to (pen->cr, MARGIN, pen->y - 2);
  cairo_line_to (pen->cr, PAGE_WIDTH - MARGIN, pen->y - 2);
  cairo_stroke (pen->cr);
  cairo_set_source_rgb (pen->cr, 0, 0, 0);
}

/* The first cell is to the left and wider, the others to the right; NULL ends them. */
static void
put_cells (Pen *pen, const char *font, const char *const *cells)
{
  double all = PAGE_WIDTH - 2 * MARGIN, first, width;
  guint n = 0;

  while (cells[n] != NULL)
    n++;
  first = n > 5 ? 50 : 170;
  width = (all - first) / (n - 1);
  put (pen, cells[0], font, MARGIN, first, PANGO_ALIGN_LEFT);
  for (guint i = 1; i < n; i++)
    put (pen, cells[i], font, MARGIN + first + width * (i - 1) + 2, width - 2, PANGO_ALIGN_RIGHT);
  pen->y += ROW;
}

static void
put_heading (Pen *pen, const char *text)
{
  need (pen, 6 * ROW);
  pen->y += 10;
  put (pen, text, FONT_HEADING, MARGIN, PAGE_WIDTH - 2 * MARGIN, PANGO_ALIGN_LEFT);
  pen->y += 20;
}

static void
put_fact (Pen *pen, const char *name, const char *value)
{
  put (pen, name, FONT, MARGIN, 220, PANGO_ALIGN_LEFT);
  put (pen, value, FONT_BOLD, MARGIN + 225, PAGE_WIDTH - 2 * MARGIN - 225, PANGO_ALIGN_LEFT);
  pen->y += ROW;
}

static void
put_group (Pen *pen, const char *font, const char *name, const ObaLiabilityGroup *group)
{
  gint64 all = pen->liability->total.points;
  g_autofree char *points = oba_number_format (group->points);
  g_autofree char *share = oba_share_format (all > 0 ? (double) group->points / (double) all : 0, 1);
  g_autofree char *value = oba_money_format (group->value);
  g_autofree char *expected = oba_money_format (group->expected);
  const char *cells[] = { name, points, share, value, expected, NULL };

  need (pen, ROW);
  put_cells (pen, font, cells);
}

static void
put_groups (Pen *pen, const char *title, GPtrArray *groups)
{
  const char *heads[] = { "", _("Points"), _("Share"), _("Value"), _("Expected value"), NULL };

  put_heading (pen, title);
  put_cells (pen, FONT_BOLD, heads);
  rule (pen);
  for (guint i = 0; i < groups->len; i++)
    put_group (pen, FONT, ((const ObaLiabilityGroup *) groups->pdata[i])->name, groups->pdata[i]);
  need (pen, ROW);
  rule (pen);
  put_group (pen, FONT_BOLD, _("Total"), &pen->liability->total);
}

static void
put_month (Pen *pen, const ObaLiabilityMonth *month)
{
  char *texts[] = {
    oba_number_format (month->opening), oba_number_format (month->issued), oba_number_format (month->redeemed), oba_number_format (month->expired),
    oba_number_format (month->clawed_back), oba_number_format (month->adjusted), oba_number_format (month->closing), oba_money_format (month->value),
  };
  const char *cells[G_N_ELEMENTS (texts) + 2] = { month->name };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    cells[i + 1] = texts[i];
  need (pen, ROW);
  put_cells (pen, FONT, cells);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
}

static void
put_months (Pen *pen)
{
  const char *heads[] = { _("Month"), _("Opening"), _("Issued"), _("Redeemed"), _("Expired"), _("Clawed back"), _("Adjusted"), _("Closing"), _("Value"), NULL };

  put_heading (pen, _("Movements by month"));
  put_cells (pen, FONT_BOLD, heads);
  rule (pen);
  for (guint i = 0; i < pen->liability->months->len; i++)
    put_month (pen, pen->liability->months->pdata[i]);
}

static void
put_chart (Pen *pen, ObaChart *chart)
{
  need (pen, CHART + 36);
  put_heading (pen, oba_chart_get_title (chart));
  cairo_save (pen->cr);
  cairo_translate (pen->cr, MARGIN, pen->y);
  oba_chart_draw (chart, pen->cr, PAGE_WIDTH - 2 * MARGIN, CHART, &oba_chart_theme_print);
  cairo_restore (pen->cr);
  pen->y += CHART + 6;
}

static void
put_facts (Pen *pen)
{
  const ObaLiability *l = pen->liability;
  g_autofree char *points = oba_number_format (l->total.points);
  g_autofree char *owed = oba_number_format (l->owed);
  g_autofree char *ledger = oba_number_format (l->total.points - l->owed);
  g_autofree char *value = oba_money_format (l->total.value);
  g_autofree char *expected = oba_money_format (l->total.expected);
  g_autofree char *point = oba_liability_format_value (l->point_value);
  g_autofree char *breakage = oba_share_format ((double) l->breakage / 10000, 2);

  put_fact (pen, _("Points outstanding"), points);
  put_fact (pen, _("Owed to us by customers, in points"), owed);
  put_fact (pen, _("Points in the ledger"), ledger);
  put_fact (pen, _("Value of a point"), point);
  put_fact (pen, _("Breakage that is assumed"), breakage);
  put_fact (pen, _("Value of all points"), value);
  put_fact (pen, _("Expected value, less breakage"), expected);
}

static void
draw (cairo_t *cr, gpointer user_data)
{
  Pen pen = { user_data, cr, MARGIN, 0 };
  g_autofree char *day = oba_day_format (&pen.liability->today);
  g_autoptr (ObaChart) expiry = oba_liability_chart_expiry (pen.liability);
  g_autoptr (ObaChart) closing = oba_liability_chart_closing (pen.liability);

  put (&pen, _("Points Liability"), FONT_TITLE, MARGIN, 380, PANGO_ALIGN_LEFT);
  put (&pen, day, FONT_TITLE, PAGE_WIDTH - MARGIN - 130, 130, PANGO_ALIGN_RIGHT);
  pen.y += 34;
  put_facts (&pen);
  put_groups (&pen, _("By tier"), pen.liability->tiers);
  put_groups (&pen, _("By age"), pen.liability->ages);
  put_groups (&pen, _("By month of expiry"), pen.liability->expiry);
  put_chart (&pen, expiry);
  put_months (&pen);
  put_chart (&pen, closing);
  end_page (&pen);
}

gboolean
oba_liability_write_pdf (const ObaLiability *self, const char *path, GError **error)
{
  return oba_pdf_write (path, _("Points Liability"), PAGE_WIDTH, PAGE_HEIGHT, draw, (gpointer) self, error);
}
