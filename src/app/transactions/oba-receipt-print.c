#include "oba-receipt-print.h"

#include <glib/gi18n-lib.h>

static void
begin_cb (GtkPrintOperation *operation,
          GtkPrintContext   *context,
          ObaReceiptPaper   *paper)
{
  gtk_print_operation_set_n_pages (operation, (int) oba_receipt_paper_count_pages (paper, gtk_print_context_get_height (context)));
}

/* On narrower paper than the roll it is drawn smaller, never cut. */
static void
draw_cb (GtkPrintOperation *operation,
         GtkPrintContext   *context,
         int                page,
         ObaReceiptPaper   *paper)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  double scale = MIN (1, gtk_print_context_get_width (context) / OBA_RECEIPT_PAPER_WIDTH);

  cairo_scale (cr, scale, scale);
  cairo_set_source_rgb (cr, 0, 0, 0);
  oba_receipt_paper_draw (paper, cr, gtk_print_context_get_height (context), (guint) page);
}

GtkPrintOperation *
oba_receipt_print_new (ObaReceipt *receipt)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  ObaReceiptPaper *paper = oba_receipt_paper_new (receipt, oba_language_parse (receipt->language));
  /* Translators: what the printer's queue says. */
  g_autofree char *name = g_strdup_printf (_("Receipt %s"), receipt->number);

  g_object_set_data_full (G_OBJECT (operation), "oba-paper", paper, (GDestroyNotify) oba_receipt_paper_free);
  gtk_print_operation_set_job_name (operation, name);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_cb), paper);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_cb), paper);
  return operation;
}

static void
begin_note_cb (GtkPrintOperation *operation,
               GtkPrintContext   *context,
               ObaCorrectionNote *note)
{
  gtk_print_operation_set_n_pages (operation, (int) oba_correction_note_count_pages (note, gtk_print_context_get_width (context),
                                                                                    gtk_print_context_get_height (context)));
}

static void
draw_note_cb (GtkPrintOperation *operation,
              GtkPrintContext   *context,
              int                page,
              ObaCorrectionNote *note)
{
  oba_correction_note_draw (note, gtk_print_context_get_cairo_context (context), gtk_print_context_get_width (context), gtk_print_context_get_height (context),
                            (guint) page);
}

GtkPrintOperation *
oba_receipt_print_new_note (ObaCorrectionNote *note)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();

  g_object_set_data_full (G_OBJECT (operation), "oba-note", note, (GDestroyNotify) oba_correction_note_free);
  gtk_print_operation_set_job_name (operation, oba_correction_note_get_title (note));
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_note_cb), note);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_note_cb), note);
  return operation;
}
