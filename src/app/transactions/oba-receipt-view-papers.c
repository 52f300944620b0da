/* What can be made of the paper: a print, a PDF. */
#include "oba-receipt-view-private.h"

#include <glib/gi18n-lib.h>

#include "oba-paper-file.h"
#include "oba-receipt-print.h"
#include "sales/oba-receipt-paper.h"

static void
say (GtkWidget *owner, const char *sentence)
{
  oba_receipt_view_say (OBA_RECEIPT_VIEW (owner), sentence);
}

static void
print_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  ObaReceiptView *self = OBA_RECEIPT_VIEW (widget);
  g_autoptr (GtkPrintOperation) operation = NULL;

  if (oba_receipt_view_get_receipt (self) == NULL)
    return;
  operation = oba_receipt_print_new (oba_receipt_view_get_receipt (self));
  oba_paper_print (widget, operation, say);
}

void
oba_receipt_view_save (ObaReceiptView *self,
                       const char     *path)
{
  ObaReceipt *receipt = oba_receipt_view_get_receipt (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaReceiptPaper) paper = oba_receipt_paper_new (receipt, oba_language_parse (receipt->language));
  g_autofree char *text = NULL;

  if (oba_receipt_paper_write_pdf (paper, path, &error))
    text = g_strdup_printf (_("Saved as %s"), path);
  else
    text = g_strdup (error->message);
  oba_receipt_view_say (self, text);
}

static void
chosen_cb (GtkWidget  *owner,
           const char *path,
           gpointer    user_data)
{
  if (oba_receipt_view_get_receipt (OBA_RECEIPT_VIEW (owner)) != NULL)
    oba_receipt_view_save (OBA_RECEIPT_VIEW (owner), path);
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ObaReceipt *receipt = oba_receipt_view_get_receipt (OBA_RECEIPT_VIEW (widget));

  if (receipt != NULL)
    oba_paper_file_choose (widget, _("Save the Receipt"), receipt->number, chosen_cb, NULL, NULL);
}

void
oba_receipt_view_enable_papers (ObaReceiptView *self,
                                gboolean        enabled)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receipt.print", enabled);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receipt.save", enabled);
}

void
oba_receipt_view_install_papers (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "receipt.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "receipt.save", NULL, save_action);
}
