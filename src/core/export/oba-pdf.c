#include "oba-pdf.h"

#include <cairo-pdf.h>

#include "oba-export-target.h"

typedef struct
{
  ObaExportTarget *target;
  GError          *failure;    /* of writing: cairo only knows that there was one */
} Writing;

static cairo_status_t
write_cb (void                *closure,
          const unsigned char *data,
          unsigned int         length)
{
  Writing *writing = closure;

  if (writing->failure == NULL && oba_export_target_write (writing->target, (const char *) data, length, &writing->failure))
    return CAIRO_STATUS_SUCCESS;
  return CAIRO_STATUS_WRITE_ERROR;
}

static cairo_status_t
draw_all (Writing        *writing,
          const char     *title,
          double          width,
          double          height,
          ObaPdfDrawFunc  draw,
          gpointer        user_data)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (write_cb, writing, width, height);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  draw (cr, user_data);
  cairo_surface_finish (surface);
  status = cairo_status (cr) != CAIRO_STATUS_SUCCESS ? cairo_status (cr) : cairo_surface_status (surface);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return status;
}

gboolean
oba_pdf_write (const char      *path,
               const char      *title,
               double           width,
               double           height,
               ObaPdfDrawFunc   draw,
               gpointer         user_data,
               GError         **error)
{
  g_autoptr (ObaExportTarget) target = oba_export_target_open (path, error);
  Writing writing = { target, NULL };
  cairo_status_t status;

  if (target == NULL)
    return FALSE;
  status = draw_all (&writing, title, width, height, draw, user_data);
  if (writing.failure != NULL)
    {
      g_propagate_error (error, writing.failure);
      return FALSE;
    }
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, cairo_status_to_string (status));
      return FALSE;
    }
  return oba_export_target_keep (target, error);
}
