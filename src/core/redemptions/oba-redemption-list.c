#include "oba-redemption-list.h"

#include <glib/gi18n-lib.h>
#include <pango/pangocairo.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "export/oba-pdf.h"

/* A4 lying, in points. */
#define PAGE_WIDTH 841.89
#define PAGE_HEIGHT 595.276
#define MARGIN 36.0
#define HEAD 46.0
#define FOOT 22.0
#define ROW 19.0
#define FONT "Sans 8"
#define FONT_BOLD "Sans Bold 8"
#define FONT_TITLE "Sans Bold 13"

struct _ObaRedemptionList
{
  GPtrArray *redemptions;
  char      *title;
  gint64     all;
  GDateTime *at;
};

/* Of the width. */
static const struct { const char *title; double share; PangoAlignment align; } columns[] = {
  { N_("No."), 0.06, PANGO_ALIGN_LEFT },      { N_("Requested"), 0.12, PANGO_ALIGN_LEFT }, { N_("Decide by"), 0.16, PANGO_ALIGN_LEFT }, { N_("State"), 0.10, PANGO_ALIGN_LEFT },
  { N_("Customer"), 0.17, PANGO_ALIGN_LEFT }, { N_("Reward"), 0.17, PANGO_ALIGN_LEFT },    { N_("Points"), 0.06, PANGO_ALIGN_RIGHT },   { N_("Store"), 0.12, PANGO_ALIGN_LEFT },
};
#define BOX_SHARE 0.04
#define GAP 5.0

ObaRedemptionList *
oba_redemption_list_new (GPtrArray *redemptions, const char *title, gint64 all)
{
  ObaRedemptionList *self = g_new0 (ObaRedemptionList, 1);

  self->redemptions = g_ptr_array_ref (redemptions);
  self->title = g_strdup (title);
  self->all = all;
  self->at = oba_day_now ();
  return self;
}

void
oba_redemption_list_free (ObaRedemptionList *self)
{
  g_ptr_array_unref (self->redemptions);
  g_date_time_unref (self->at);
  g_free (self->title);
  g_free (self);
}

static guint
rows_on_page (double height)
{
  return (guint) MAX (1, (height - 2 * MARGIN - HEAD - FOOT) / ROW);
}

guint
oba_redemption_list_count_pages (ObaRedemptionList *self, double height)
{
  guint rows = rows_on_page (height);

  return MAX (1, (self->redemptions->len + rows - 1) / rows);
}

/* ---- drawing */

static void
put (cairo_t *cr, const char *text, const char *font, double x, double y, double width, PangoAlignment align)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) description = pango_font_description_from_string (font);

  pango_cairo_context_set_resolution (pango_layout_get_context (layout), 72);
  pango_layout_context_changed (layout);
  pango_layout_set_font_description (layout, description);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, align);
  pango_layout_set_text (layout, text, -1);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

static char *
moment (gint64 seconds)
{
  g_autoptr (GDateTime) at = oba_day_at (seconds);

  return seconds > 0 ? g_date_time_format (at, "%d.%m.%Y %H:%M") : g_strdup ("");
}

static char *
cell (ObaRedemption *redemption, guint column)
{
  const ObaRedemptionFacts *facts = oba_redemption_get (redemption);
  g_autofree char *due = NULL;

  switch (column)
    {
    case 0: return g_strdup_printf ("%" G_GINT64_FORMAT, facts->id);
    case 1: return moment (facts->requested_at);
    case 2:
      due = moment (facts->due_at);
      return facts->overdue ? g_strdup_printf (_("%s, late"), due) : g_steal_pointer (&due);
    case 3: return g_strdup (oba_redemption_state_text (facts->state));
    case 4: return *facts->name != '\0' ? g_strdup (facts->name) : g_strdup_printf ("%" G_GINT64_FORMAT, facts->customer_id);
    case 5:
      return facts->quantity > 1 ? g_strdup_printf ("%s × %d", oba_redemption_get_reward (redemption), (int) facts->quantity) : g_strdup (oba_redemption_get_reward (redemption));
    case 6: return oba_number_format (facts->points);
    default: return g_strdup (facts->store);
    }
}

/* @redemption: NULL: the heads */
static void
draw_row (cairo_t *cr, ObaRedemption *redemption, double y, double width)
{
  double x = MARGIN;

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_autofree char *text = redemption != NULL ? cell (redemption, i) : g_strdup (_(columns[i].title));
      gboolean late = redemption != NULL && i == 2 && oba_redemption_get (redemption)->overdue;

      put (cr, text, redemption == NULL || late ? FONT_BOLD : FONT, x, y, width * columns[i].share - GAP, columns[i].align);
      x += width * columns[i].share;
    }
  cairo_set_line_width (cr, 0.5);
  if (redemption != NULL)
    cairo_rectangle (cr, MARGIN + width * (1 - BOX_SHARE) + GAP, y, 9, 9);
  cairo_move_to (cr, MARGIN, y + ROW - 5);
  cairo_line_to (cr, MARGIN + width, y + ROW - 5);
  cairo_stroke (cr);
}

void
oba_redemption_list_draw (ObaRedemptionList *self, cairo_t *cr, double width, double height, guint page)
{
  guint rows = rows_on_page (height), first = page * rows, pages = oba_redemption_list_count_pages (self, height);
  double inner = width - 2 * MARGIN, y = MARGIN;
  g_autofree char *at = g_date_time_format (self->at, "%d.%m.%Y %H:%M");
  g_autofree char *shown = oba_number_format (self->redemptions->len), *all = oba_number_format (self->all);
  /* Translators: how many are on the paper, of how many. */
  g_autofree char *count = g_strdup_printf (_("%s of %s"), shown, all);
  g_autofree char *title = g_strdup_printf ("%s · %s · %s", _("Redemptions"), self->title, count);
  g_autofree char *foot = g_strdup_printf ("OBA · %s · %u / %u", at, page + 1, pages);

  cairo_set_source_rgb (cr, 0, 0, 0);
  put (cr, title, FONT_TITLE, MARGIN, y, inner, PANGO_ALIGN_LEFT);
  y += HEAD - ROW;
  draw_row (cr, NULL, y, inner);
  for (guint i = first; i < MIN (first + rows, self->redemptions->len); i++)
    draw_row (cr, self->redemptions->pdata[i], y += ROW, inner);
  put (cr, foot, FONT, MARGIN, height - MARGIN - 8, inner, PANGO_ALIGN_CENTER);
}

static void
draw_all (cairo_t *cr, gpointer user_data)
{
  guint pages = oba_redemption_list_count_pages (user_data, PAGE_HEIGHT);

  for (guint i = 0; i < pages; i++)
    {
      oba_redemption_list_draw (user_data, cr, PAGE_WIDTH, PAGE_HEIGHT, i);
      cairo_show_page (cr);
    }
}

gboolean
oba_redemption_list_write_pdf (ObaRedemptionList *self, const char *path, GError **error)
{
  return oba_pdf_write (path, _("Redemptions"), PAGE_WIDTH, PAGE_HEIGHT, draw_all, self, error);
}
