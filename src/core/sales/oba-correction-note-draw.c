/* The note on paper. */
#include "oba-correction-note-private.h"

#include <pango/pangocairo.h>

#include "export/oba-pdf.h"

/* A4 in points. */
#define PAGE_WIDTH 595.276
#define PAGE_HEIGHT 841.89
#define MARGIN 48.0
#define FOOT 26.0
#define LABEL 150.0
#define AMOUNT 90.0
#define GAP 10.0
#define FONT "Sans 10"
#define FONT_BOLD "Sans Bold 10"
#define FONT_HEADING "Sans Bold 12"
#define FONT_TITLE "Sans Bold 17"

typedef struct
{
  ObaCorrectionNote *note;
  cairo_t           *cr;        /* NULL: it is only measured */
  PangoLayout       *layout;
  double             width;
  double             height;
  guint              wanted;    /* the page that is drawn */
  guint              page;
  double             y;
} Pen;

static double
put (Pen            *pen,
     const char     *text,
     const char     *font,
     double          x,
     double          width,
     PangoAlignment  align)
{
  g_autoptr (PangoFontDescription) description = pango_font_description_from_string (font);
  int height;

  pango_layout_set_font_description (pen->layout, description);
  pango_layout_set_width (pen->layout, (int) (width * PANGO_SCALE));
  pango_layout_set_alignment (pen->layout, align);
  pango_layout_set_text (pen->layout, text, -1);
  pango_layout_get_size (pen->layout, NULL, &height);
  if (pen->cr != NULL && pen->page == pen->wanted)
    {
      cairo_move_to (pen->cr, x, pen->y);
      pango_cairo_show_layout (pen->cr, pen->layout);
    }
  return (double) height / PANGO_SCALE;
}

static void
rule (Pen *pen)
{
  if (pen->cr == NULL || pen->page != pen->wanted)
    return;
  cairo_set_line_width (pen->cr, 0.5);
  cairo_move_to (pen->cr, MARGIN, pen->y - 3);
  cairo_line_to (pen->cr, pen->width - MARGIN, pen->y - 3);
  cairo_stroke (pen->cr);
}

/* The height of the row; it is drawn when its page is. */
static double
put_row (Pen              *pen,
         const ObaNoteRow *row)
{
  double all = pen->width - 2 * MARGIN;
  double left;
  double right;

  switch (row->kind)
    {
    case OBA_NOTE_TITLE:
      left = put (pen, row->left, FONT_TITLE, MARGIN, all - LABEL, PANGO_ALIGN_LEFT);
      right = put (pen, row->right, FONT_TITLE, pen->width - MARGIN - LABEL, LABEL, PANGO_ALIGN_RIGHT);
      return MAX (left, right) + 12;
    case OBA_NOTE_HEADING:
      return put (pen, row->left, FONT_HEADING, MARGIN, all, PANGO_ALIGN_LEFT) + 4;
    case OBA_NOTE_FACT:
      if (*row->right == '\0')
        return put (pen, row->left, FONT, MARGIN, all, PANGO_ALIGN_LEFT) + 3;
      left = put (pen, row->left, FONT, MARGIN, LABEL - GAP, PANGO_ALIGN_LEFT);
      right = put (pen, row->right, FONT, MARGIN + LABEL, all - LABEL, PANGO_ALIGN_LEFT);
      return MAX (left, right) + 3;
    default:
      if (row->kind == OBA_NOTE_SUM)
        rule (pen);
      left = put (pen, row->left, row->kind == OBA_NOTE_SUM ? FONT_BOLD : FONT, MARGIN, all - AMOUNT - GAP, PANGO_ALIGN_LEFT);
      right = put (pen, row->right, row->kind == OBA_NOTE_SUM ? FONT_BOLD : FONT, pen->width - MARGIN - AMOUNT, AMOUNT, PANGO_ALIGN_RIGHT);
      return MAX (left, right) + (row->kind == OBA_NOTE_SUM ? 6 : 3);
    }
}

static double
measure (Pen              *pen,
         const ObaNoteRow *row)
{
  cairo_t *cr = pen->cr;
  double height;

  pen->cr = NULL;
  height = put_row (pen, row);
  pen->cr = cr;
  return height;
}

static void
put_foot (Pen *pen)
{
  g_autofree char *text = g_strdup_printf ("OBA · %s · %s %u", oba_correction_note_get_title (pen->note), oba_correction_note_say_page (pen->note), pen->page + 1);

  pen->y = pen->height - MARGIN + 8;
  put (pen, text, "Sans 8", MARGIN, pen->width - 2 * MARGIN, PANGO_ALIGN_CENTER);
}

/* A heading stays with what follows it. */
static double
room_for (Pen       *pen,
          GPtrArray *rows,
          guint      i)
{
  const ObaNoteRow *row = rows->pdata[i];
  double height = measure (pen, row);

  return row->kind == OBA_NOTE_HEADING && i + 1 < rows->len ? 14 + height + measure (pen, rows->pdata[i + 1]) : height;
}

/* Goes over all pages; draws the one that is wanted. Returns: how many there are */
static guint
run (Pen *pen)
{
  GPtrArray *rows = oba_correction_note_get_rows (pen->note);

  pen->y = MARGIN;
  for (guint i = 0; i < rows->len; i++)
    {
      const ObaNoteRow *row = rows->pdata[i];

      if (pen->y > MARGIN && pen->y + room_for (pen, rows, i) > pen->height - MARGIN - FOOT / 2)
        {
          put_foot (pen);
          pen->page++;
          pen->y = MARGIN;
        }
      if (row->kind == OBA_NOTE_HEADING && pen->y > MARGIN)
        pen->y += 14;
      pen->y += put_row (pen, row);
    }
  put_foot (pen);
  return pen->page + 1;
}

static PangoLayout *
layout_new (void)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoLayout *layout;

  pango_cairo_context_set_resolution (context, 72);
  layout = pango_layout_new (context);
  g_object_unref (context);
  return layout;
}

guint
oba_correction_note_count_pages (ObaCorrectionNote *self,
                                 double             width,
                                 double             height)
{
  g_autoptr (PangoLayout) layout = layout_new ();
  Pen pen = { self, NULL, layout, width, height, 0, 0, 0 };

  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  return run (&pen);
}

void
oba_correction_note_draw (ObaCorrectionNote *self,
                          cairo_t           *cr,
                          double             width,
                          double             height,
                          guint              page)
{
  g_autoptr (PangoLayout) layout = layout_new ();
  Pen pen = { self, cr, layout, width, height, page, 0, 0 };

  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  cairo_set_source_rgb (cr, 0, 0, 0);
  run (&pen);
}

/* ---- PDF */

static void
draw_pdf (cairo_t  *cr,
          gpointer  user_data)
{
  ObaCorrectionNote *self = user_data;
  guint n_pages = oba_correction_note_count_pages (self, PAGE_WIDTH, PAGE_HEIGHT);

  for (guint page = 0; page < n_pages; page++)
    {
      oba_correction_note_draw (self, cr, PAGE_WIDTH, PAGE_HEIGHT, page);
      cairo_show_page (cr);
    }
}

gboolean
oba_correction_note_write_pdf (ObaCorrectionNote  *self,
                               const char         *path,
                               GError            **error)
{
  g_autofree char *title = g_strdup_printf ("OBA · %s", oba_correction_note_get_title (self));

  return oba_pdf_write (path, title, PAGE_WIDTH, PAGE_HEIGHT, draw_pdf, self, error);
}
