#include "app-desk.h"

#include "oba-test-app.h"

static const char furniture[] =
    "insert into oba.stores (code, name, city) values ('S1', 'OBA Nizami', 'Bakı'), ('S2', 'OBA Gəncə', 'Gəncə');"
    "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea');"
    "insert into oba.products (code, barcode, name, category_id, unit, price) select v.* from oba.categories, lateral (values ('P1', '4760000000011', 'Çay Azərçay 250 q', category_id, 'pcs', 250),"
    " ('P2', '4760000000028', 'Alma <b>Quba</b>', category_id, 'kg', 400)) v;"
    "select oba.staff_add ('tural', 'Tural Əhmədov', 'clerk'), oba.staff_add ('aysel', 'Aysel Quliyeva', 'clerk'), oba.staff_add ('leyla', 'Leyla Hacıyeva', 'supervisor'),"
    " oba.staff_add ('rauf', 'Rauf Səfərov', 'auditor'), oba.staff_add ('aysu', 'Aysu', 'marketing');"
    "insert into oba.customers (customer_id, family_name, given_name, phone) values (600, 'Əliyeva', 'Aygün', '+994501234567'), (601, 'Hüseynov', 'Elçin', '+994551234567');"
    "select oba.ensure_partitions ((now() - interval '2 months')::date, (now() + interval '1 month')::date);";

void
run (Fixture *fixture, const char *sql)
{
  app_database_run (fixture->database, sql);
}

void
assert_ask (Fixture *fixture, const char *expected, const char *sql)
{
  g_autofree char *answer = app_database_ask (fixture->database, sql);

  g_assert_cmpstr (answer, ==, expected);
}

/* Three packs of tea and 1.235 kg of apples, for 12.44; or one thing for @total. */
void
sell (Fixture *fixture, const char *number, const char *customer, gint64 total)
{
  g_autofree char *one = g_strdup_printf ("jsonb_build_object ('code', 'P1', 'quantity', 1, 'unit_price', %" G_GINT64_FORMAT ", 'total', %" G_GINT64_FORMAT ")", total, total);
  const char *two = "jsonb_build_object ('code', 'P1', 'quantity', 3, 'unit_price', 250, 'vat', 114, 'total', 750),"
                    " jsonb_build_object ('code', 'P2', 'quantity', 1.235, 'unit_price', 400, 'vat', 75, 'total', 494)";
  g_autofree char *sql = g_strdup_printf ("select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', '%s', 'sold_at', now() - interval '1 hour',"
                                          " 'customer_id', %s, 'source', 'till', 'cashier', 'Nərgiz', 'lines', jsonb_build_array (%s), 'total', %" G_GINT64_FORMAT "), null, null)",
                                          number, customer, total != 0 ? one : two, total != 0 ? total : 1244);

  run (fixture, sql);
}

static ObaReceiptKey
find (Fixture *fixture, const char *number)
{
  g_autofree char *sql = g_strdup_printf ("select concat_ws (' ', customer_id, (extract (epoch from sold_at) * 1000000)::bigint, receipt_id) from oba.receipts where receipt_no = '%s'", number);
  g_autofree char *answer = app_database_ask (fixture->database, sql);
  g_auto (GStrv) parts = g_strsplit (answer, " ", 3);

  return (ObaReceiptKey) { g_ascii_strtoll (parts[0], NULL, 10), g_ascii_strtoll (parts[1], NULL, 10), g_ascii_strtoll (parts[2], NULL, 10) };
}

void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->database = app_database_new ();
  run (fixture, furniture);
  sell (fixture, "R1", "600", 0);
  sell (fixture, "R2", "600", 10000);
  sell (fixture, "R3", "null", 0);
  fixture->app = oba_test_application_new ();
  fixture->wire = oba_test_wire_new (app_database_get_conninfo (fixture->database));
}

void
tear_down (Fixture *fixture, gconstpointer data)
{
  /* Whatever was done, points, money and totals agree. */
  run (fixture, "select oba.fold_rollups ()");
  assert_ask (fixture, "0", "select count (*) from oba.points_accounts a where a.balance <> (select coalesce (sum (points), 0) from oba.points_ledger l where l.customer_id = a.customer_id)");
  oba_test_wire_free (fixture->wire);
  g_object_unref (fixture->app);
  app_database_free (fixture->database);
}

/* ---- desks */

void
sit_down_at (Fixture *fixture, Desk *desk, const char *conninfo, const char *login, const char *number)
{
  g_autofree char *own = g_strdup_printf ("%s user=%s", conninfo, login);
  GtkWidget *overlay = adw_toast_overlay_new ();
  ObaReceiptKey key = find (fixture, number);

  desk->session = app_database_sign_in_at (own);
  desk->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  desk->page = g_object_new (OBA_TYPE_TRANSACTIONS_PAGE, "session", desk->session, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (desk->page));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (desk->window), overlay);
  oba_test_present (desk->window, 1088, 720);
  oba_transactions_page_open_receipt (desk->page, &key);
  desk->view = OBA_RECEIPT_VIEW (oba_subpages_get_top (oba_transactions_page_get_subpages (desk->page)));
  oba_test_wait_until (oba_receipt_view_is_loaded (desk->view));
}

void
sit_down (Fixture *fixture, Desk *desk, const char *login, const char *number)
{
  sit_down_at (fixture, desk, app_database_get_conninfo (fixture->database), login, number);
}

void
leave (Desk *desk)
{
  gtk_window_destroy (desk->window);
  oba_session_close (desk->session);
  g_object_unref (desk->session);
}

gboolean
shows (Desk *desk, const char *text)
{
  return oba_test_shows (GTK_WIDGET (desk->window), text);
}

GtkWidget *
child_of (GtkWidget *root, GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (root, type) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = child_of (child, type);
  return found;
}

ObaCorrectMenu *
menu_of (Desk *desk)
{
  return OBA_CORRECT_MENU (child_of (GTK_WIDGET (desk->view), OBA_TYPE_CORRECT_MENU));
}

static GtkWindow *
child_window (GtkWindow *parent, GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type) && gtk_window_get_transient_for (window) == parent)
        return window;
    }
  return NULL;
}

ObaCorrectionWindow *
dialog_of (Desk *desk)
{
  return (ObaCorrectionWindow *) child_window (desk->window, OBA_TYPE_CORRECTION_WINDOW);
}

void
settle (ObaCorrectionWindow *dialog)
{
  oba_test_wait_until (oba_correction_window_is_settled (dialog));
}

ObaCorrectionWindow *
take_dialog (Desk *desk)
{
  ObaCorrectionWindow *dialog;

  oba_test_wait_until (dialog_of (desk) != NULL);
  dialog = dialog_of (desk);
  oba_test_present (GTK_WINDOW (dialog), 1000, 660);
  settle (dialog);
  return dialog;
}

ObaCorrectionWindow *
open_dialog (Desk *desk, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (menu_of (desk)), action, NULL);
  return take_dialog (desk);
}

gboolean
says (ObaCorrectionWindow *dialog, const char *text)
{
  return oba_test_shows (GTK_WIDGET (dialog), text);
}

GtkWidget *
button_of (gpointer root, const char *label)
{
  return oba_test_find (GTK_WIDGET (root), GTK_TYPE_BUTTON, label);
}

void
press (gpointer root, const char *label)
{
  GtkWidget *button = button_of (root, label);

  if (button == NULL)
    g_error ("there is no button “%s”", label);
  g_signal_emit_by_name (button, "clicked");
}

gboolean
can_press (gpointer root, const char *label)
{
  GtkWidget *button = button_of (root, label);

  return button != NULL && gtk_widget_is_sensitive (button);
}

ObaReturnForm *
return_form (ObaCorrectionWindow *dialog)
{
  return OBA_RETURN_FORM (child_of (GTK_WIDGET (dialog), OBA_TYPE_RETURN_FORM));
}

void
bring_back (ObaCorrectionWindow *dialog, int line, const char *quantity)
{
  oba_return_form_set (return_form (dialog), line, quantity);
  settle (dialog);
}

void
wait_done (Desk *desk)
{
  oba_test_wait_until (dialog_of (desk) == NULL);
  oba_test_wait_until (oba_receipt_view_is_loaded (desk->view));
}
