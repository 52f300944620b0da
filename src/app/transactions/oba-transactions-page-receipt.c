/* One receipt on the whole page. */
#include "oba-transactions-page-private.h"

#include <glib/gi18n-lib.h>

#include "approvals/oba-approvals-view.h"
#include "corrections/oba-correct-menu.h"
#include "corrections/oba-correction-window.h"
#include "corrections/oba-whole-form.h"
#include "tills/oba-tills-view.h"

static ObaReceiptView *
get_opened (ObaTransactionsPage *self)
{
  GtkWidget *top = oba_subpages_get_top (oba_transactions_page_get_subpages (self));

  return top != NULL && OBA_IS_RECEIPT_VIEW (top) ? OBA_RECEIPT_VIEW (top) : NULL;
}

/* The receipt that is shown, wherever the focus is. */
static void
print_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  ObaTransactionsPage *self = OBA_TRANSACTIONS_PAGE (widget);
  ObaReceiptView *opened = get_opened (self);

  gtk_widget_activate_action (GTK_WIDGET (opened != NULL ? opened : oba_transactions_page_get_detail (self)), "receipt.print", NULL);
}

/* ---- for pictures */

static void
posed_cb (ObaPage *page)
{
  oba_page_set_state (page, OBA_PAGE_READY, NULL);
}

static void
read_cb (GObject      *pool,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (ObaPage) page = user_data;
  g_autoptr (ObaCorrectable) receipt = oba_correctable_read_finish (result, NULL);
  ObaCorrectionWindow *window;

  if (receipt == NULL)
    {
      posed_cb (page);
      return;
    }
  window = oba_correction_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (page))), oba_page_get_session (page), receipt, oba_whole_form_new (OBA_CORRECTION_VOID));
  g_object_set_data_full (G_OBJECT (page), "oba-posed-window", window, (GDestroyNotify) gtk_window_destroy);
  g_signal_connect_object (window, "previewed", G_CALLBACK (posed_cb), page, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

/* What it would do to void the chosen receipt. */
static const char *
pose_correction (ObaPage *page)
{
  const ObaReceiptKey *key = oba_transactions_page_get_selected (OBA_TRANSACTIONS_PAGE (page));

  if (key->receipt_id == 0 || !oba_session_has_role (oba_page_get_session (page), OBA_CORRECT_MENU_ROLES))
    return NULL;
  oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
  oba_correctable_read_async (oba_session_get_pool (oba_page_get_session (page)), key, NULL, read_cb, g_object_ref (page));
  return "correction";
}

/* 1: the chosen receipt on the whole page; then what waits, what was found about tills and cashiers, and a correction. */
const char *
oba_transactions_page_pose_also (ObaPage *page,
                                 guint    n)
{
  ObaTransactionsPage *self = OBA_TRANSACTIONS_PAGE (page);
  ObaSubpages *subpages = oba_transactions_page_get_subpages (self);

  if (n == 1 && oba_transactions_page_get_selected (self)->receipt_id != 0)
    {
      oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
      oba_transactions_page_open_receipt (self, oba_transactions_page_get_selected (self));
      g_signal_connect_object (oba_subpages_get_top (subpages), "loaded", G_CALLBACK (posed_cb), page, G_CONNECT_SWAPPED);
      return "receipt";
    }
  g_object_set_data (G_OBJECT (page), "oba-posed-window", NULL);
  if (oba_subpages_get_top (subpages) != NULL)
    oba_subpages_close (subpages, oba_subpages_get_top (subpages));
  if (n == 2 && oba_approvals_view_pose (page))
    return "approvals";
  if (n == 5)
    return pose_correction (page);
  return n > 1 ? oba_tills_view_pose (page, n - 3) : NULL;
}

/* ---- public */

void
oba_transactions_page_open_receipt (ObaTransactionsPage *self,
                                    const ObaReceiptKey *key)
{
  ObaReceiptView *opened = get_opened (self);
  GtkWidget *view;

  if (opened != NULL && oba_receipt_view_get_id (opened) == key->receipt_id)
    return;
  view = oba_receipt_view_new (oba_page_get_session (OBA_PAGE (self)), TRUE);
  g_signal_connect_object (view, "open", G_CALLBACK (oba_transactions_page_open_receipt), self, G_CONNECT_SWAPPED);
  oba_receipt_view_show (OBA_RECEIPT_VIEW (view), key);
  oba_subpages_push (oba_transactions_page_get_subpages (self), view, _("Receipt"));
}

void
oba_transactions_page_refresh_receipt (ObaTransactionsPage *self)
{
  ObaReceiptView *opened = get_opened (self);

  oba_receipt_view_refresh (oba_transactions_page_get_detail (self));
  if (opened != NULL)
    oba_receipt_view_refresh (opened);
}

void
oba_transactions_page_install_receipt (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "page.print", NULL, print_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "page.print", NULL);
}
