#include "oba-voucher-paper.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <pango/pangocairo.h>

#include "base/oba-day.h"
#include "base/oba-error.h"
#include "cards/oba-qr.h"
#include "db/oba-db-sql.h"

/* A6, in points. */
#define PAPER_WIDTH 297.6
#define PAPER_HEIGHT 419.5
#define MARGIN 24
#define QR_SIDE 150

/* In the catalogue "sales". */
#define TITLE "VOUCHER"
#define HOW "Show this code at a till of an OBA store."
#define ONCE "It can be used once."
#define UNTIL "Good until %s"
#define STORE "Only in this store: %s"
#define T(text) oba_catalogue_get (self->catalogue, text)

const char *const oba_voucher_paper_texts[] = { TITLE, HOW, ONCE, UNTIL, STORE, NULL };

struct _ObaVoucherPaper
{
  char         *code;
  ObaCatalogue *catalogue;
  char         *reward;
  char         *description;
  GDate         until;
  char         *store;
};

ObaVoucherPaper *
oba_voucher_paper_new (const char *code, ObaLanguage language, const char *reward, const char *description, gint64 quantity, const GDate *until, const char *store)
{
  ObaVoucherPaper *self = g_new0 (ObaVoucherPaper, 1);
  g_autofree char *number = NULL;

  self->catalogue = oba_catalogue_new ("sales", language);
  number = oba_catalogue_number (self->catalogue, quantity);
  self->code = g_strdup (code);
  self->reward = quantity > 1 ? g_strdup_printf ("%s × %s", reward, number) : g_strdup (reward);
  self->description = g_strdup (description);
  self->store = g_strdup (store);
  if (until != NULL)
    self->until = *until;
  else
    g_date_clear (&self->until, 1);
  return self;
}

void
oba_voucher_paper_free (ObaVoucherPaper *self)
{
  oba_catalogue_free (self->catalogue);
  g_free (self->code);
  g_free (self->reward);
  g_free (self->description);
  g_free (self->store);
  g_free (self);
}

const char *
oba_voucher_paper_get_code (ObaVoucherPaper *self)
{
  return self->code;
}

/* ---- drawing */

/* A paragraph in the middle of the page, at most @lines of it; returns where it ends. */
static double
draw_text (cairo_t *cr, const char *text, const char *font, double y, double width, int lines)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  PangoFontDescription *description = pango_font_description_from_string (font);
  int height;

  pango_cairo_context_set_resolution (pango_layout_get_context (layout), 72);
  pango_layout_context_changed (layout);
  pango_layout_set_font_description (layout, description);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_height (layout, - lines);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, NULL, &height);
  cairo_move_to (cr, MARGIN, y);
  pango_cairo_show_layout (cr, layout);
  pango_font_description_free (description);
  return y + height;
}

static double
draw_where (ObaVoucherPaper *self, cairo_t *cr, double y, double width)
{
  g_autofree char *day = g_date_valid (&self->until) ? oba_catalogue_day (self->catalogue, &self->until) : NULL;

  y = draw_text (cr, T (HOW), "Sans 9", y, width, 2);
  y = draw_text (cr, T (ONCE), "Sans 9", y + 2, width, 2);
  if (day != NULL)
    {
      g_autofree char *until = g_strdup_printf (T (UNTIL), day);

      y = draw_text (cr, until, "Sans Bold 10", y + 4, width, 1);
    }
  if (*self->store != '\0')
    {
      g_autofree char *store = g_strdup_printf (T (STORE), self->store);

      y = draw_text (cr, store, "Sans 9", y + 2, width, 2);
    }
  return y;
}

void
oba_voucher_paper_draw (ObaVoucherPaper *self, cairo_t *cr, double width, double height)
{
  double scale = MIN (1, MIN (width / PAPER_WIDTH, height / PAPER_HEIGHT)), inner = PAPER_WIDTH - 2 * MARGIN, y = MARGIN;
  g_autoptr (ObaQr) qr = oba_qr_new (self->code);

  cairo_save (cr);
  cairo_scale (cr, scale, scale);
  y = draw_text (cr, "OBA", "Sans Bold 18", y, inner, 1);
  y = draw_text (cr, T (TITLE), "Sans 9", y, inner, 1);
  y = draw_text (cr, self->reward, "Sans Bold 14", y + 6, inner, 2);
  if (*self->description != '\0')
    y = draw_text (cr, self->description, "Sans 8", y + 2, inner, 3);
  if (qr != NULL)
    oba_qr_draw (qr, cr, (PAPER_WIDTH - QR_SIDE) / 2, y + 4, QR_SIDE);
  y = draw_text (cr, self->code, "Monospace Bold 15", y + QR_SIDE + 6, inner, 1);
  draw_where (self, cr, y + 6, inner);
  cairo_restore (cr);
}

static cairo_status_t
take_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

gboolean
oba_voucher_paper_write_pdf (ObaVoucherPaper *self, const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (take_cb, bytes, PAPER_WIDTH, PAPER_HEIGHT);
  cairo_t *cr = cairo_create (surface);

  oba_voucher_paper_draw (self, cr, PAPER_WIDTH, PAPER_HEIGHT);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  cairo_surface_destroy (surface);
  return g_file_set_contents (path, (const char *) bytes->data, (gssize) bytes->len, error);
}

/* ---- reading */

/* The columns of voucher.sql. */
enum { CODE, LANGUAGE, NAME = 3, DESCRIPTION = 6, QUANTITY = 9, EXPIRES, IN_STORE };

static void
read_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (GDateTime) expires = NULL;
  ObaLanguage language;
  GDate until;
  const char *name, *description;

  if (rows != NULL && (oba_db_result_get_n_rows (rows) == 0 || *oba_db_result_get_text (rows, 0, CODE) == '\0'))
    g_set_error_literal (&error, OBA_ERROR, OBA_ERROR_NOT_FOUND, _("There is no voucher that is good: it was handed out, or taken back meanwhile."));
  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  language = oba_language_parse (oba_db_result_get_text (rows, 0, LANGUAGE));
  name = oba_db_result_get_text (rows, 0, NAME + language);
  description = oba_db_result_get_text (rows, 0, DESCRIPTION + language);
  if (*name == '\0')
    {
      name = oba_db_result_get_text (rows, 0, NAME);
      description = oba_db_result_get_text (rows, 0, DESCRIPTION);
    }
  expires = oba_day_at (oba_db_result_get_int64 (rows, 0, EXPIRES));
  g_date_clear (&until, 1);
  g_date_set_dmy (&until, (GDateDay) g_date_time_get_day_of_month (expires), (GDateMonth) g_date_time_get_month (expires), (GDateYear) g_date_time_get_year (expires));
  g_task_return_pointer (task, oba_voucher_paper_new (oba_db_result_get_text (rows, 0, CODE), language, name, description, oba_db_result_get_int64 (rows, 0, QUANTITY), &until,
                                                      oba_db_result_get_text (rows, 0, IN_STORE)),
                         (GDestroyNotify) oba_voucher_paper_free);
}

void
oba_voucher_paper_read_async (ObaDbPool *pool, gint64 customer_id, gint64 redemption_id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ii", customer_id, redemption_id);

  g_task_set_source_tag (task, oba_voucher_paper_read_async);
  /* It writes who has read the code. */
  oba_db_pool_write_async (pool, oba_db_sql ("redemptions/voucher.sql"), params, cancellable, read_cb, task);
}

ObaVoucherPaper *
oba_voucher_paper_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
