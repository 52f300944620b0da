#include "oba-voucher-print.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-error.h"
#include "oba-page.h"
#include "redemptions/oba-voucher-paper.h"
#include "transactions/oba-paper-file.h"

typedef struct
{
  GtkWidget *owner;
  gboolean   pdf;
  gint64     id;
} Printing;

static void
printing_free (Printing *printing)
{
  g_object_unref (printing->owner);
  g_free (printing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Printing, printing_free)

static void
tell (GtkWidget *owner, const char *sentence)
{
  GtkWidget *page = gtk_widget_get_ancestor (owner, OBA_TYPE_PAGE);

  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), sentence);
}

static void
draw_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, ObaVoucherPaper *paper)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);

  cairo_set_source_rgb (cr, 0, 0, 0);
  oba_voucher_paper_draw (paper, cr, gtk_print_context_get_width (context), gtk_print_context_get_height (context));
}

GtkPrintOperation *
oba_voucher_print_operation_new (ObaVoucherPaper *paper, gint64 id)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  /* Translators: what the printer's queue says; the number of a redemption. */
  g_autofree char *name = g_strdup_printf (_("Voucher %d"), (int) id);

  g_object_set_data_full (G_OBJECT (operation), "oba-paper", paper, (GDestroyNotify) oba_voucher_paper_free);
  gtk_print_operation_set_job_name (operation, name);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  gtk_print_operation_set_n_pages (operation, 1);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_cb), paper);
  return operation;
}

static void
chosen_cb (GtkWidget *owner, const char *path, gpointer paper)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = oba_voucher_paper_write_pdf (paper, path, &error) ? g_strdup_printf (_("Saved as %s"), path) : g_strdup (error->message);

  tell (owner, text);
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Printing) printing = user_data;
  g_autoptr (GError) error = NULL;
  ObaVoucherPaper *paper = oba_voucher_paper_read_finish (result, &error);
  g_autofree char *name = g_strdup_printf (_("Voucher %d"), (int) printing->id);

  if (paper == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      tell (printing->owner, sentence);
      return;
    }
  if (printing->pdf)
    oba_paper_file_choose (printing->owner, _("Save the Voucher"), name, chosen_cb, paper, (GDestroyNotify) oba_voucher_paper_free);
  else
    {
      g_autoptr (GtkPrintOperation) operation = oba_voucher_print_operation_new (paper, printing->id);

      oba_paper_print (printing->owner, operation, tell);
    }
}

void
oba_voucher_print (GtkWidget *owner, ObaSession *session, const ObaRedemptionFacts *facts, gboolean pdf)
{
  Printing *printing = g_new0 (Printing, 1);

  printing->owner = g_object_ref (owner);
  printing->pdf = pdf;
  printing->id = facts->id;
  oba_voucher_paper_read_async (oba_session_get_pool (session), facts->customer_id, facts->id, NULL, read_cb, printing);
}
