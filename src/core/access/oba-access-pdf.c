#include "oba-access-private.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

/* A4 in points. */
#define PAGE_WIDTH 595.276
#define PAGE_HEIGHT 841.89
#define MARGIN 42.0
#define FOOT 28.0             /* of the page number, above the edge */
#define CELL_GAP 10.0
#define ROW_GAP 3.0
#define BOTTOM (PAGE_HEIGHT - MARGIN - 10)
#define FACT_LABEL 150.0
#define FONT "Sans 8"
#define FONT_BOLD "Sans Bold 8"
#define FONT_SECTION "Sans Bold 12"
#define FONT_TITLE "Sans Bold 17"
/* A text that would not fit on a page of its own ends with an ellipsis; the JSON has all of it. */
#define MAX_CELL_HEIGHT (BOTTOM - MARGIN - 60)

enum
{
  TITLE,
  CUSTOMER,
  GIVEN_OUT,
  EXPLANATION,
  NOTHING,
  PAGE,
};

const char *const oba_access_pdf_texts[] = {
  [TITLE] = "Personal data that OBA holds",
  [CUSTOMER] = "Customer No. %s",
  [GIVEN_OUT] = "Given out on %s by %s",
  [EXPLANATION] = "This is all that OBA holds on you, as it is now. The lines of the receipts and further technical details are in the JSON file, which you can ask for, too.",
  [NOTHING] = "Nothing.",
  [PAGE] = "Page %s",
  NULL,
};

typedef struct
{
  ObaAccessSink           parent;
  ObaExportTarget        *target;
  GError                 *failure;      /* of writing: cairo only knows that there was one */
  ObaCatalogue           *catalogue;
  cairo_surface_t        *surface;
  cairo_t                *cr;
  PangoLayout            *layout;       /* one for all cells, one after the other */
  double                  y;
  guint                   page;
  char                   *foot;
  const ObaAccessSection *section;
  guint                   n_rows;       /* of the section */
} PdfSink;

static const char *
say (PdfSink *self, guint text)
{
  return oba_catalogue_get (self->catalogue, oba_access_pdf_texts[text]);
}

/* With %s for each value in turn: the translation is not a constant. */
static char *
fill (const char *pattern, const char *first, const char *second)
{
  g_auto (GStrv) parts = g_strsplit (pattern, "%s", 3);

  return g_strconcat (parts[0], parts[1] != NULL ? first : "", parts[1] != NULL ? parts[1] : "", parts[1] != NULL && parts[2] != NULL ? second : "",
                      parts[1] != NULL && parts[2] != NULL ? parts[2] : "", NULL);
}

/* ---- text */

static void
set_text (PdfSink *self, const char *text, const char *font, double width, PangoAlignment align)
{
  g_autoptr (PangoFontDescription) description = pango_font_description_from_string (font);

  pango_layout_set_font_description (self->layout, description);
  pango_layout_set_width (self->layout, (int) (width * PANGO_SCALE));
  pango_layout_set_alignment (self->layout, align);
  pango_layout_set_text (self->layout, text, -1);
}

static double
height_of_text (PdfSink *self)
{
  int height;

  pango_layout_get_size (self->layout, NULL, &height);
  return (double) height / PANGO_SCALE;
}

static double
draw_text (PdfSink *self, double x, double y)
{
  cairo_move_to (self->cr, x, y);
  pango_cairo_show_layout (self->cr, self->layout);
  return height_of_text (self);
}

static void
line (PdfSink *self, double y, double grey)
{
  cairo_set_source_rgb (self->cr, grey, grey, grey);
  cairo_set_line_width (self->cr, 0.5);
  cairo_move_to (self->cr, MARGIN, y);
  cairo_line_to (self->cr, PAGE_WIDTH - MARGIN, y);
  cairo_stroke (self->cr);
  cairo_set_source_rgb (self->cr, 0, 0, 0);
}

/* ---- pages */

static void
draw_foot (PdfSink *self)
{
  g_autofree char *n = g_strdup_printf ("%u", self->page);
  g_autofree char *number = fill (say (self, PAGE), n, NULL);

  cairo_set_source_rgb (self->cr, 0.35, 0.35, 0.35);
  set_text (self, self->foot, FONT, 380, PANGO_ALIGN_LEFT);
  draw_text (self, MARGIN, PAGE_HEIGHT - FOOT);
  set_text (self, number, FONT, 120, PANGO_ALIGN_RIGHT);
  draw_text (self, PAGE_WIDTH - MARGIN - 120, PAGE_HEIGHT - FOOT);
  cairo_set_source_rgb (self->cr, 0, 0, 0);
}

static void
end_page (PdfSink *self)
{
  draw_foot (self);
  cairo_show_page (self->cr);
}

static void
new_page (PdfSink *self)
{
  end_page (self);
  self->page++;
  self->y = MARGIN;
}

static void
need (PdfSink *self, double height)
{
  if (self->y + height > BOTTOM)
    new_page (self);
}

/* ---- tables */

static double
share_of (const ObaAccessSection *section)
{
  double sum = 0;

  for (const ObaAccessColumn *column = section->columns; column->member != NULL; column++)
    sum += column->share;
  return sum;
}

static gboolean
is_number (const ObaAccessColumn *column)
{
  return column->kind == OBA_ACCESS_MONEY || column->kind == OBA_ACCESS_NUMBER;
}

/* Draws a row's cells, or (with @draw FALSE) measures them. Returns the height of the tallest. */
static double
cells (PdfSink *self, char **texts, const char *font, gboolean draw)
{
  double width = PAGE_WIDTH - 2 * MARGIN;
  double unit = width / share_of (self->section);
  double x = MARGIN;
  double tallest = 0;

  for (guint i = 0; self->section->columns[i].member != NULL; i++)
    {
      const ObaAccessColumn *column = &self->section->columns[i];
      double wide = unit * column->share;

      set_text (self, texts[i], font, wide - CELL_GAP, is_number (column) ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
      pango_layout_set_height (self->layout, (int) (MAX_CELL_HEIGHT * PANGO_SCALE));
      pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
      tallest = MAX (tallest, draw ? draw_text (self, x, self->y) : height_of_text (self));
      pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_NONE);
      pango_layout_set_height (self->layout, -1);
      x += wide;
    }
  return tallest;
}

static void
draw_table_head (PdfSink *self)
{
  char *titles[OBA_ACCESS_MAX_COLUMNS] = { NULL };

  for (guint i = 0; self->section->columns[i].member != NULL; i++)
    titles[i] = (char *) oba_catalogue_get (self->catalogue, self->section->columns[i].title);
  self->y += cells (self, titles, FONT_BOLD, TRUE) + ROW_GAP;
  line (self, self->y - ROW_GAP / 2, 0.3);
  self->y += ROW_GAP / 2;
}

static void
draw_row (PdfSink *self, JsonObject *row)
{
  char *texts[OBA_ACCESS_MAX_COLUMNS] = { NULL };
  double height;

  for (guint i = 0; self->section->columns[i].member != NULL; i++)
    texts[i] = oba_access_text (self->catalogue, &self->section->columns[i], row);
  height = cells (self, texts, FONT, FALSE) + ROW_GAP;
  if (self->n_rows == 0 || self->y + height > BOTTOM)
    {
      need (self, height + 20);
      draw_table_head (self);
    }
  cells (self, texts, FONT, TRUE);
  self->y += height;
  line (self, self->y - ROW_GAP / 2, 0.85);
  for (guint i = 0; self->section->columns[i].member != NULL; i++)
    g_free (texts[i]);
}

static void
draw_facts (PdfSink *self, JsonObject *row)
{
  if (self->n_rows > 0)
    self->y += 10;
  for (const ObaAccessColumn *column = self->section->columns; column->member != NULL; column++)
    {
      g_autofree char *text = oba_access_text (self->catalogue, column, row);
      double height, label;

      if (*text == '\0')
        continue;
      set_text (self, text, FONT, PAGE_WIDTH - 2 * MARGIN - FACT_LABEL, PANGO_ALIGN_LEFT);
      height = height_of_text (self);
      need (self, height);
      set_text (self, oba_catalogue_get (self->catalogue, column->title), FONT_BOLD, FACT_LABEL - CELL_GAP, PANGO_ALIGN_LEFT);
      label = draw_text (self, MARGIN, self->y);
      set_text (self, text, FONT, PAGE_WIDTH - 2 * MARGIN - FACT_LABEL, PANGO_ALIGN_LEFT);
      draw_text (self, MARGIN + FACT_LABEL, self->y);
      self->y += MAX (height, label) + ROW_GAP;
    }
}

/* ---- the sink */

static void
end_section (PdfSink *self)
{
  if (self->section == NULL || self->section->title == NULL || self->n_rows > 0)
    return;
  set_text (self, say (self, NOTHING), FONT, 300, PANGO_ALIGN_LEFT);
  self->y += draw_text (self, MARGIN, self->y) + ROW_GAP;
}

static gboolean
check (PdfSink *self, GError **error)
{
  if (self->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->failure));
      return FALSE;
    }
  if (cairo_status (self->cr) != CAIRO_STATUS_SUCCESS)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, cairo_status_to_string (cairo_status (self->cr)));
      return FALSE;
    }
  return TRUE;
}

static gboolean
pdf_section (ObaAccessSink *sink, const ObaAccessSection *section, GError **error)
{
  PdfSink *self = (PdfSink *) sink;

  end_section (self);
  self->section = section;
  self->n_rows = 0;
  if (section->title == NULL)
    return check (self, error);
  self->y += 14;
  need (self, 90);   /* no title without a row under it */
  set_text (self, oba_catalogue_get (self->catalogue, section->title), FONT_SECTION, PAGE_WIDTH - 2 * MARGIN, PANGO_ALIGN_LEFT);
  self->y += draw_text (self, MARGIN, self->y) + 4;
  return check (self, error);
}

static gboolean
pdf_row (ObaAccessSink *sink, const char *json, GError **error)
{
  PdfSink *self = (PdfSink *) sink;
  g_autoptr (JsonNode) node = NULL;

  if (self->section->title == NULL)
    return TRUE;
  node = json_from_string (json, error);
  if (node == NULL)
    return FALSE;
  if (self->section->facts)
    draw_facts (self, json_node_get_object (node));
  else
    draw_row (self, json_node_get_object (node));
  self->n_rows++;
  return check (self, error);
}

static gboolean
pdf_end (ObaAccessSink *sink, GError **error)
{
  PdfSink *self = (PdfSink *) sink;

  end_section (self);
  end_page (self);
  cairo_surface_finish (self->surface);
  return check (self, error);
}

static void
pdf_free (ObaAccessSink *sink)
{
  PdfSink *self = (PdfSink *) sink;

  g_object_unref (self->layout);
  cairo_destroy (self->cr);
  cairo_surface_destroy (self->surface);
  oba_catalogue_free (self->catalogue);
  g_clear_error (&self->failure);
  g_free (self->foot);
  g_free (self);
}

static cairo_status_t
write_cb (void *closure, const unsigned char *data, unsigned int length)
{
  PdfSink *self = closure;

  if (self->failure == NULL && oba_export_target_write (self->target, (const char *) data, length, &self->failure))
    return CAIRO_STATUS_SUCCESS;
  return CAIRO_STATUS_WRITE_ERROR;
}

static void
draw_title (PdfSink *self, const char *customer, const char *given_out)
{
  const struct
  {
    const char *text;
    const char *font;
    double gap;
  } lines[] = { { say (self, TITLE), FONT_TITLE, 6 }, { customer, FONT_BOLD, 2 }, { given_out, FONT, 6 }, { say (self, EXPLANATION), FONT, 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      set_text (self, lines[i].text, lines[i].font, PAGE_WIDTH - 2 * MARGIN, PANGO_ALIGN_LEFT);
      self->y += draw_text (self, MARGIN, self->y) + lines[i].gap;
    }
}

ObaAccessSink *
oba_access_pdf_new (ObaExportTarget *target, const ObaAccessHead *head)
{
  PdfSink *self = g_new0 (PdfSink, 1);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, head->customer_id);
  g_autofree char *at = NULL;
  g_autofree char *customer = NULL;
  g_autofree char *given_out = NULL;

  self->parent = (ObaAccessSink) { pdf_section, pdf_row, pdf_end, pdf_free };
  self->target = target;
  self->catalogue = oba_catalogue_new ("access", head->language);
  self->surface = cairo_pdf_surface_create_for_stream (write_cb, self, PAGE_WIDTH, PAGE_HEIGHT);
  self->cr = cairo_create (self->surface);
  self->layout = pango_cairo_create_layout (self->cr);
  pango_cairo_context_set_resolution (pango_layout_get_context (self->layout), 72);
  pango_layout_set_wrap (self->layout, PANGO_WRAP_WORD_CHAR);
  self->page = 1;
  self->y = MARGIN;
  at = oba_access_moment (self->catalogue, head->at);
  customer = fill (say (self, CUSTOMER), id, NULL);
  given_out = fill (say (self, GIVEN_OUT), at, head->by);
  self->foot = g_strdup_printf ("OBA · %s · %s", customer, at);
  cairo_pdf_surface_set_metadata (self->surface, CAIRO_PDF_METADATA_TITLE, say (self, TITLE));
  draw_title (self, customer, given_out);
  return &self->parent;
}
