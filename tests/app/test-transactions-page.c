/* The page of receipts: found, filtered, added up, followed, opened, printed. The real widgets, a real PostgreSQL behind them. */
#include "transactions/oba-transactions-page.h"

#include <glib/gstdio.h>

#include "app-database.h"
#include "files/oba-export-window.h"
#include "oba-test-app.h"
#include "oba-window.h"
#include "transactions/oba-receipt-filter-panel.h"
#include "transactions/oba-receipt-print.h"
#include "transactions/oba-receipt-source.h"
#include "widgets/oba-chip-bar.h"
#include "widgets/oba-customer-chooser.h"
#include "widgets/oba-product-chooser.h"
#include "widgets/oba-suggestions.h"
#include "widgets/oba-view-menu.h"

/* 2,000 receipts of half a year, a person's every third, one returned in part. */
static const char fill[] =
  "insert into oba.stores (code, name, city, address) values ('S1', 'OBA Nizami', 'Bakı', 'Nizami küçəsi 5'), ('S2', 'OBA Gəncə', 'Gəncə', '');"
  "insert into oba.products (code, barcode, name, price) values ('P1', '4760000000011', 'Çay Azərçay 250 q', 100), ('P2', '4760000000028', 'Şəkər tozu', 250);"
  "insert into oba.customers (customer_id, given_name, family_name) values (1000, 'Aygün', 'Əliyeva'), (1001, 'Elçin', 'Hüseynov');"
  "select oba.ensure_partitions ('2024-01-01', '2024-07-31');"
  "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, cashier, fiscal_id, total, discount, vat, paid_cash, line_count, source)"
  " select case when n % 3 = 0 then 1000 + n % 2 else (select customer_id from oba.walk_ins where store_id = 1 + n % 2) end, timestamptz '2024-01-05 09:00+04' + n * interval '97 minutes',"
  "  n, 1 + n % 2, 1 + n % 4, 'N' || n, (array['Leyla', 'Murad'])[1 + n % 2], 'F' || n, 1000 + n % 700, 10, 150, 1000 + n % 700, 2, 'import' from generate_series (1, 2000) n;"
  "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, vat, total)"
  " select customer_id, sold_at, receipt_id, l, l, 1000, 100, 75, case l when 1 then 1000 else total - 1000 end from oba.receipts, generate_series (1, 2) l;"
  "insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id) select store_id, till_no, receipt_no, customer_id, sold_at, receipt_id from oba.receipts;"
  "insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, receipt_id, receipt_sold_at, source)"
  " select customer_id, sold_at, receipt_id, 'earn', total / 100, 1, 1, receipt_id, sold_at, 'import' from oba.receipts where customer_id in (1000, 1001);"
  "select setval ('oba.receipt_ids', 5000);"
  "analyze;";

static AppDatabase *database;

typedef struct
{
  AdwApplication      *app;
  GSettings           *settings;
  ObaSession          *session;
  GtkWindow           *window;
  ObaTransactionsPage *page;
  ObaLazyView         *view;
  ObaLazyModel        *model;
} Fixture;

static void
open_page (Fixture *fixture)
{
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_TRANSACTIONS_PAGE, "session", fixture->session, "settings", fixture->settings, NULL);
  fixture->view = oba_transactions_page_get_view (fixture->page);
  fixture->model = oba_transactions_page_get_model (fixture->page);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  oba_test_present (fixture->window, 1060, 660);
  oba_test_wait_until (oba_transactions_page_is_settled (fixture->page));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  login)
{
  g_autofree char *conninfo = g_strdup_printf ("%s user=%s", app_database_get_conninfo (database), (const char *) login);

  fixture->app = oba_test_application_new ();
  fixture->settings = oba_test_settings_new ();
  fixture->session = login != NULL ? app_database_sign_in_at (conninfo) : app_database_sign_in (database);
  open_page (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  login)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->app);
}

static void
settle (Fixture *fixture)
{
  oba_test_wait_until (oba_transactions_page_is_settled (fixture->page));
  gtk_widget_queue_draw (GTK_WIDGET (fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
  oba_test_wait_until (oba_transactions_page_is_settled (fixture->page));
}

static guint
n_items (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->model));
}

static void
filter (Fixture    *fixture,
        const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaFilter) wanted = oba_receipt_filter_from_json (json, &error);

  g_assert_no_error (error);
  oba_transactions_page_set_filter (fixture->page, wanted);
  settle (fixture);
}

static void
assert_totals (Fixture    *fixture,
               const char *where)
{
  g_autofree char *sql = g_strdup_printf ("select concat_ws ('/', count(*), sum (total), sum (discount), sum (vat), coalesce (sum ((select sum (l.points) from oba.points_ledger l"
                                          " where l.receipt_id = r.receipt_id)), 0)) from oba.receipts r where %s", where);
  g_autofree char *expected = app_database_ask (database, sql);
  g_autofree char *said = NULL;
  ObaReceiptTotals totals;
  gint64 points;

  g_assert_true (oba_totals_bar_get_totals (oba_transactions_page_get_totals (fixture->page), &totals, &points));
  said = g_strdup_printf ("%ld/%ld/%ld/%ld/%ld", (long) totals.receipts, (long) totals.revenue, (long) totals.discount, (long) totals.vat, (long) points);
  g_assert_cmpstr (said, ==, expected);
}

static gint64
id_at (Fixture *fixture,
       guint    position)
{
  return oba_lazy_model_get_id (fixture->model, position);
}

/* It opens with the newest, and goes on to the first receipt of all as somebody scrolls; none is missing, none is there twice. */
static void
test_endless (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  GArray *ids;

  g_assert_cmpuint (n_items (fixture), <, 2000);
  g_assert_true (oba_lazy_model_has_more (fixture->model));
  while (oba_lazy_model_has_more (fixture->model))
    {
      oba_lazy_view_scroll_to (fixture->view, n_items (fixture) - 1);
      settle (fixture);
    }
  ids = oba_lazy_model_get_ids (fixture->model);
  g_assert_cmpuint (ids->len, ==, 2000);
  for (guint i = 0; i < ids->len; i++)
    {
      g_assert_true (g_hash_table_add (seen, &g_array_index (ids, gint64, i)));
      g_assert_cmpint (g_array_index (ids, gint64, i), ==, 2000 - i);
    }
  assert_totals (fixture, "true");
  oba_test_assert_named (GTK_WIDGET (fixture->window));
  oba_test_picture (fixture->window, "transactions-end");
}

/* The number on the paper, or the fiscal id, leads to the receipt, which is shown at once. */
static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  ObaReceiptView *detail = oba_transactions_page_get_detail (fixture->page);

  oba_transactions_page_search (fixture->page, " N1500 ");
  oba_test_wait_until (oba_transactions_page_is_settled (fixture->page) && n_items (fixture) == 1);
  settle (fixture);
  g_assert_cmpint (oba_receipt_view_get_id (detail), ==, 1500);
  g_assert_nonnull (strstr (oba_receipt_view_get_text (detail), "Çay Azərçay 250 q"));
  g_assert_nonnull (strstr (oba_receipt_view_get_text (detail), "F1500"));
  g_assert_true (oba_test_shows (GTK_WIDGET (detail), "Əliyeva Aygün"));
  oba_test_picture (fixture->window, "transactions-found");
  oba_transactions_page_search (fixture->page, "F77");
  oba_test_wait_until (oba_receipt_view_get_id (detail) == 77);
  oba_transactions_page_search (fixture->page, "nothing has this");
  oba_test_wait_until (g_str_equal (oba_transactions_page_get_shown (fixture->page), "nothing"));
  settle (fixture);
  oba_test_picture (fixture->window, "transactions-nothing");
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.clear-search", NULL);
  oba_test_wait_until (g_str_equal (oba_transactions_page_get_shown (fixture->page), "list"));
  settle (fixture);
}

/* What is chosen holds in list, chips and totals; a chip takes its own condition away, a store its tills. */
static void
test_filter (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *bar;
  GtkWidget *chip;

  filter (fixture, "{\"stores\":[2],\"tills\":[2],\"amount\":[1500,null]}");
  assert_totals (fixture, "store_id = 2 and till_no = 2 and total >= 1500");
  g_assert_cmpint (id_at (fixture, 0), ==, 1997);
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "Store: OBA Gəncə"));
  oba_test_picture (fixture->window, "transactions-filter");
  bar = oba_test_find (GTK_WIDGET (fixture->page), OBA_TYPE_CHIP_BAR, NULL);
  chip = gtk_widget_get_first_child (adw_bin_get_child (ADW_BIN (bar)));
  g_signal_emit_by_name (chip, "clicked");
  settle (fixture);
  assert_totals (fixture, "total >= 1500");
  filter (fixture, "{\"customers\":[1001]}");
  assert_totals (fixture, "customer_id = 1001");
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (fixture->page), "Customer: Hüseynov Elçin, no. 1001"));
  filter (fixture, "{}");
}

/* By amount over everything; by cashier only within a week: else the list stays as it is and says why. */
static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *dearest = app_database_ask (database, "select receipt_id from oba.receipts order by total desc, sold_at desc, receipt_id desc limit 1");

  g_signal_emit_by_name (fixture->view, "sort-changed", "total", TRUE);
  settle (fixture);
  g_assert_cmpint (id_at (fixture, 0), ==, g_ascii_strtoll (dearest, NULL, 10));
  g_signal_emit_by_name (fixture->view, "sort-changed", "cashier", FALSE);
  settle (fixture);
  g_assert_cmpint (id_at (fixture, 0), ==, g_ascii_strtoll (dearest, NULL, 10));
  filter (fixture, "{\"time\":[\"2024-02-01\",\"2024-02-06\"]}");
  g_signal_emit_by_name (fixture->view, "sort-changed", "cashier", FALSE);
  settle (fixture);
  g_assert_true (id_at (fixture, 0) % 2 == 0);   /* Leyla's */
  /* What is offered instead: the last week of the time that was asked for. */
  filter (fixture, "{\"time\":[null,\"2024-02-20\"]}");
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.sort-lately", "(sb)", "cashier", FALSE);
  settle (fixture);
  g_assert_true (id_at (fixture, 0) % 2 == 0);
  assert_totals (fixture, "sold_at >= '2024-02-14 00:00+04' and sold_at < '2024-02-21 00:00+04'");
  g_signal_emit_by_name (fixture->view, "sort-changed", "time", TRUE);
  filter (fixture, "{}");
  g_assert_cmpint (id_at (fixture, 0), ==, 2000);
}

/* What a till sells now is on top of the list a moment later; whoever reads further down is not moved, and is told. */
static void
test_follows (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *before = app_database_ask (database, "select count(*) from oba.receipts");
  g_autofree char *newest = NULL;

  app_database_sell (database, 777);
  newest = app_database_ask (database, "select receipt_id from oba.receipts order by sold_at desc limit 1");
  oba_test_wait_until (id_at (fixture, 0) == g_ascii_strtoll (newest, NULL, 10));
  settle (fixture);
  assert_totals (fixture, "true");
  oba_lazy_view_scroll_to (fixture->view, 100);
  settle (fixture);
  app_database_sell (database, 888);
  oba_test_wait_until (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_BUTTON, "Show What Is _New") != NULL);
  g_assert_cmpint (id_at (fixture, 0), ==, g_ascii_strtoll (newest, NULL, 10));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.show-new", NULL);
  oba_test_wait_until (id_at (fixture, 0) != g_ascii_strtoll (newest, NULL, 10));
  settle (fixture);
}

/* What a colleague puts right gets its mark where it stands, also for whoever reads far down. */
static void
test_marks (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ObaLazyRow) row = NULL;
  guint position;

  oba_lazy_view_scroll_to (fixture->view, 100);
  settle (fixture);
  g_assert_true (oba_lazy_model_find (fixture->model, 1900, &position));
  row = g_list_model_get_item (G_LIST_MODEL (fixture->model), position);
  oba_test_wait_until (oba_lazy_row_get_record (row) != NULL);
  g_assert_false (oba_receipt_record_get (oba_lazy_row_get_record (row))->answered);
  app_database_run (database, "select oba.return_lines (jsonb_build_object ('reason_code', 'other', 'source', 'staff', 'lines', '[{\"line\": 1, \"quantity\": 1}]'::jsonb, 'original',"
                              " (select jsonb_build_object ('customer_id', customer_id, 'sold_at', sold_at, 'receipt_id', receipt_id) from oba.receipts where receipt_id = 1900)), 'test', 'marks')");
  oba_test_wait_until (oba_lazy_row_get_record (row) != NULL && oba_receipt_record_get (oba_lazy_row_get_record (row))->answered);
  oba_lazy_view_scroll_to_top (fixture->view);
  settle (fixture);
}

/* The return beside its sale, with the points it took; one leads to the other. A PDF of it, and a print, are real ones. */
static void
test_family (Fixture       *fixture,
             gconstpointer  data)
{
  ObaReceiptView *detail = oba_transactions_page_get_detail (fixture->page);
  g_autofree char *pdf = g_build_filename (g_get_tmp_dir (), "oba-receipt-test.pdf", NULL);
  g_autofree char *printed = g_build_filename (g_get_tmp_dir (), "oba-receipt-print.pdf", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GtkPrintOperation) operation = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *list;
  ObaReceiptView *whole;

  oba_transactions_page_search (fixture->page, "N1500");
  oba_test_wait_until (oba_receipt_view_get_id (detail) == 1500 && oba_receipt_view_is_loaded (detail));
  if (oba_receipt_view_get_receipt (detail)->family->len == 1)
    {
      app_database_run (database, "select oba.return_lines ('{\"original\": {\"store\": 1, \"till\": 1, \"receipt_no\": \"N1500\"}, \"lines\": [{\"line\": 1, \"quantity\": 1}],"
                                  " \"reason_code\": \"damaged\", \"sold_at\": \"2024-06-02 12:00+04\", \"source\": \"staff\"}', 'test', 'family')");
      oba_page_refresh (OBA_PAGE (fixture->page));
      oba_test_wait_until (oba_receipt_view_get_receipt (detail)->family->len == 2);
    }
  settle (fixture);
  oba_test_picture (fixture->window, "transactions-family");
  list = oba_test_find (GTK_WIDGET (detail), GTK_TYPE_LIST_BOX, NULL);
  g_signal_emit_by_name (list, "row-activated", gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1));
  whole = OBA_RECEIPT_VIEW (oba_subpages_get_top (oba_transactions_page_get_subpages (fixture->page)));
  oba_test_wait_until (oba_receipt_view_is_loaded (whole) && oba_receipt_view_get_receipt (whole) != NULL);
  g_assert_nonnull (strstr (oba_receipt_view_get_text (whole), "QAYTARMA"));
  g_assert_nonnull (strstr (oba_receipt_view_get_text (whole), "N1500"));
  g_assert_cmpint (oba_receipt_view_get_receipt (whole)->points, <, 0);
  settle (fixture);
  oba_test_picture (fixture->window, "transactions-whole");
  oba_test_assert_named (GTK_WIDGET (fixture->window));

  oba_receipt_view_save (whole, pdf);
  g_assert_true (g_file_get_contents (pdf, &bytes, NULL, NULL));
  g_assert_true (g_str_has_prefix (bytes, "%PDF"));
  g_remove (pdf);
  operation = oba_receipt_print_new (oba_receipt_view_get_receipt (whole));
  gtk_print_operation_set_export_filename (operation, printed);
  g_assert_cmpint (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error), ==, GTK_PRINT_OPERATION_RESULT_APPLY);
  g_assert_no_error (error);
  g_assert_cmpint (g_remove (printed), ==, 0);
}

static void
wait_for (const char *answer,
          const char *sql)
{
  g_autofree char *said = NULL;

  do
    {
      oba_test_iterate ();
      g_free (said);
      said = app_database_ask (database, sql);
    }
  while (!g_str_equal (said, answer));
}

static GtkWidget *
find_tip (GtkWidget  *root,
          const char *tip)
{
  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_widget_get_tooltip_text (root), tip) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_tip (child, tip);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Sent by Telegram: why it cannot be, that it is on its way, and that it came, as it happens; the note of a correction is printed, saved and sent beside it. */
static void
test_papers (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *detail = GTK_WIDGET (oba_transactions_page_get_detail (fixture->page));
  g_autofree char *pdf = g_build_filename (g_get_tmp_dir (), "oba-note-app-test.pdf", NULL);
  g_autofree char *bytes = NULL;
  GtkWidget *notes;
  GtkWidget *button;

  filter (fixture, "{\"text\": \"N1200\"}");
  oba_test_wait_until (oba_test_shows (detail, "This customer has no chat with the bot."));
  notes = GTK_WIDGET (oba_receipt_view_get_notes (OBA_RECEIPT_VIEW (detail)));
  button = oba_receipt_notes_get_button (OBA_RECEIPT_NOTES (notes));
  g_assert_false (gtk_widget_get_sensitive (button));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, "This customer has no chat with the bot.");
  app_database_run (database, "insert into oba.telegram_links (chat_id, customer_id) values (77, 1000)");
  oba_page_refresh (OBA_PAGE (fixture->page));
  oba_test_wait_until (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  oba_test_wait_until (oba_test_shows (detail, "On its way by Telegram"));
  g_assert_false (gtk_widget_get_sensitive (button));
  app_database_run (database, "update oba.outbox set state = 'sent', sent_at = now()");
  oba_test_wait_until (oba_test_shows (detail, "Sent by Telegram on "));
  wait_for ("1", "select count(*) from oba.outbox where chat_id = 77 and kind = 'receipt-copy'");

  app_database_run (database, "update oba.correction_limits set amount = 1000000, points = 100000, age_days = 36000, own_receipts = false;"
                              "select oba.correct_receipt (jsonb_build_object ('kind', 'void', 'seen', 0, 'reason_code', 'duplicate', 'reason', 'twice', 'receipt',"
                              " (select jsonb_build_object ('customer_id', customer_id, 'sold_at', sold_at, 'receipt_id', receipt_id) from oba.receipts where receipt_id = 1200)))");
  oba_page_refresh (OBA_PAGE (fixture->page));
  oba_test_wait_until (oba_test_shows (detail, "No. 1: Void"));
  oba_test_wait_until (oba_test_shows (detail, "Recorded twice: twice"));
  oba_test_picture (fixture->window, "transactions-note");
  g_assert_nonnull (find_tip (detail, "Print the note"));
  oba_receipt_notes_save (OBA_RECEIPT_NOTES (notes), 1, pdf);
  oba_test_wait_until (oba_test_shows (detail, "Saved as "));
  g_assert_true (g_file_get_contents (pdf, &bytes, NULL, NULL));
  g_assert_true (g_str_has_prefix (bytes, "%PDF"));
  g_remove (pdf);
  g_signal_emit_by_name (find_tip (detail, "Send the note by Telegram"), "clicked");
  wait_for ("1", "select count(*) from oba.outbox where kind = 'correction-note' and payload ->> 'correction_id' = '1'");
  oba_test_wait_until (find_tip (detail, "Send the note by Telegram") == NULL);
  g_assert_true (oba_test_shows (notes, "On its way by Telegram"));
}

/* What is in the list goes into the file: every line of those receipts, no other, and the bar's revenue is the file's total. */
static void
test_export (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "oba-sales-test.csv", NULL);
  g_autofree char *bytes = NULL;
  g_auto (GStrv) lines = NULL;
  GListModel *windows = gtk_window_get_toplevels ();
  ObaExportWindow *window = NULL;

  filter (fixture, "{\"stores\":[2],\"tills\":[2],\"time\":[\"2024-02-01\",\"2024-02-03\"]}");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.export", NULL));
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) each = g_list_model_get_item (windows, i);

      if (OBA_IS_EXPORT_WINDOW (each))
        window = OBA_EXPORT_WINDOW (each);
    }
  g_assert_nonnull (window);
  oba_test_present (GTK_WINDOW (window), 520, 480);
  oba_test_picture (GTK_WINDOW (window), "transactions-export");
  g_object_set (oba_test_find (GTK_WIDGET (window), ADW_TYPE_COMBO_ROW, "Format"), "selected", 1u, NULL);
  oba_export_window_start (window, path);
  oba_test_wait_until (g_str_equal (oba_export_window_get_shown (window), "done"));
  oba_test_picture (GTK_WINDOW (window), "transactions-exported");
  g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
  lines = g_strsplit (g_strchomp (bytes), "\n", -1);
  {
    g_autofree char *n = app_database_ask (database, "select count(*) from oba.receipt_lines l join oba.receipts r using (customer_id, sold_at, receipt_id)"
                                                     " where r.store_id = 2 and r.till_no = 2 and r.sold_at >= '2024-02-01 00:00+04' and r.sold_at < '2024-02-04 00:00+04'");

    g_assert_cmpuint (g_strv_length (lines), ==, 1 + (guint) g_ascii_strtoull (n, NULL, 10));
    g_assert_cmpuint (g_strv_length (lines), >, 5);
  }
  gtk_window_destroy (GTK_WINDOW (window));
  g_remove (path);
  filter (fixture, "{}");
}

static GtkWidget *
find_entry (GtkWidget  *root,
            const char *placeholder)
{
  if (GTK_IS_ENTRY (root) && g_strcmp0 (gtk_entry_get_placeholder_text (GTK_ENTRY (root)), placeholder) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_entry (child, placeholder);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The panel of the filter, in a window of its own: a popover takes no focus without a keyboard. */
static GtkWidget *
panel_new (Fixture    *fixture,
           GtkWidget **window)
{
  g_autoptr (ObaReceiptNames) names = oba_receipt_names_new ();
  GtkWidget *panel = oba_receipt_filter_panel_new (oba_session_get_pool (fixture->session), names, TRUE);

  *window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (*window), panel);
  oba_test_present (GTK_WINDOW (*window), 520, 640);
  return panel;
}

/* A product is found by what is on the shelf; what there is not is said, and does not hold. */
static void
test_product (Fixture       *fixture,
              gconstpointer  data)
{
  static const char *const texts[] = { "4760000000028", "P2", "seker" };
  GtkWidget *window;
  GtkWidget *panel = panel_new (fixture, &window);
  ObaReceiptFilterPanel *form = OBA_RECEIPT_FILTER_PANEL (panel);
  GtkWidget *chooser = oba_test_find (panel, OBA_TYPE_PRODUCT_CHOOSER, NULL);

  oba_test_picture (GTK_WINDOW (window), "transactions-panel");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (ObaFilter) nothing = oba_receipt_filter_new ();

      oba_receipt_filter_panel_set_filter (form, nothing);
      oba_product_chooser_search (OBA_PRODUCT_CHOOSER (chooser), texts[i], TRUE);
      oba_test_wait_until (oba_filter_has_number (oba_receipt_filter_panel_get_filter (form), OBA_RECEIPT_FILTER_PRODUCTS, 2));
    }
  oba_product_chooser_search (OBA_PRODUCT_CHOOSER (chooser), "'; drop table", TRUE);
  oba_test_wait_until (oba_test_shows (chooser, "No article has this name, number or barcode."));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
press_tip (GtkWidget  *root,
           const char *tip)
{
  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_widget_get_tooltip_text (root), tip) == 0)
    g_signal_emit_by_name (root, "clicked");
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    press_tip (child, tip);
}

static GtkWidget *
find_dialog (const char *text)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && oba_test_shows (window, text))
        return window;
    }
  return NULL;
}

/* The only view of the menu. */
static void
open_only_view (Fixture    *fixture,
                const char *name)
{
  GtkWidget *menu = oba_test_find (GTK_WIDGET (fixture->page), OBA_TYPE_VIEW_MENU, NULL);
  GtkWidget *row;

  oba_view_menu_popup (OBA_VIEW_MENU (menu));
  oba_test_wait_until (oba_test_shows (menu, name));
  row = oba_test_find (menu, ADW_TYPE_ACTION_ROW, NULL);
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
  settle (fixture);
}

/* A view brings back conditions, order and columns, an order that needs its own conditions, too; what a colleague changed meanwhile is not overwritten. */
static void
test_views (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (ObaFilter) wanted = oba_receipt_filter_from_json ("{\"time\": [\"2024-02-01\", \"2024-02-20\"], \"stores\": [2], \"cashiers\": [\"Leyla\"]}", NULL);
  g_autoptr (ObaFilter) back = NULL;
  GtkWidget *menu = oba_test_find (GTK_WIDGET (fixture->page), OBA_TYPE_VIEW_MENU, NULL);

  oba_transactions_page_set_filter (fixture->page, wanted);
  oba_lazy_view_set_sort (fixture->view, "discount", TRUE);
  oba_lazy_view_show_column (fixture->view, "store", FALSE);
  settle (fixture);
  oba_view_menu_popup (OBA_VIEW_MENU (menu));
  oba_test_wait_until (oba_test_shows (menu, "A saved view keeps"));
  g_signal_emit_by_name (oba_test_find (menu, GTK_TYPE_BUTTON, "_Save This View…"), "clicked");
  gtk_editable_set_text (GTK_EDITABLE (oba_test_find (find_dialog ("Save View"), ADW_TYPE_ENTRY_ROW, NULL)), "Leyla in February");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_dialog ("Save View")), "save");
  wait_for ("1", "select count(*) from oba.list_views where name = 'Leyla in February'");

  filter (fixture, "{\"text\": \"N1500\"}");
  oba_lazy_view_show_column (fixture->view, "store", TRUE);
  open_only_view (fixture, "Leyla in February");
  back = oba_transactions_page_dup_filter (fixture->page);
  g_assert_true (oba_filter_equal (back, wanted));
  g_assert_false (oba_lazy_view_is_column_shown (fixture->view, "store"));
  g_assert_cmpstr (oba_receipt_sort_get_id (oba_receipt_query_get_sort (oba_receipt_source_get_query (OBA_RECEIPT_SOURCE (oba_lazy_model_get_source (fixture->model))))), ==, "discount");
  g_assert_false (oba_test_shows (GTK_WIDGET (fixture->window), "This order is for at most"));

  app_database_run (database, "update oba.list_views set version = version + 1, query = jsonb_set (query, '{filter}', '{\"unmatched\": true}') where page = 'transactions'");
  oba_view_menu_popup (OBA_VIEW_MENU (menu));
  oba_test_wait_until (oba_test_shows (menu, "Leyla in February"));
  app_database_run (database, "update oba.list_views set version = version + 1 where page = 'transactions'");
  press_tip (menu, "Make it what the list shows now");
  oba_test_wait_until (find_dialog ("and shows: Without a customer") != NULL);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_dialog ("and shows: Without a customer")), "cancel");
  app_database_run (database, "delete from oba.list_views");
}

static void
choose_first (GtkWidget *entry)
{
  GtkWidget *suggestions = oba_test_find (gtk_widget_get_parent (entry), OBA_TYPE_SUGGESTIONS, NULL);
  GtkWidget *row = oba_test_find (suggestions, ADW_TYPE_ACTION_ROW, NULL);

  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
}

/* Nobody knows how a cashier is written, or a customer's number: what begins so is offered, a customer is searched for. */
static void
test_suggestions (Fixture       *fixture,
                  gconstpointer  data)
{
  GtkWidget *window;
  GtkWidget *panel = panel_new (fixture, &window);
  GtkWidget *cashier = find_entry (panel, "The name as on the receipt");
  GtkWidget *customer = oba_test_find (panel, OBA_TYPE_CUSTOMER_CHOOSER, NULL);
  g_autofree char *json = NULL;

  gtk_editable_set_text (GTK_EDITABLE (cashier), "le");
  oba_test_wait_until (oba_test_shows (gtk_widget_get_parent (cashier), "Leyla"));
  oba_test_picture (GTK_WINDOW (window), "transactions-suggestions");
  g_assert_false (oba_test_shows (gtk_widget_get_parent (cashier), "Murad"));
  choose_first (cashier);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (cashier)), ==, "");
  gtk_editable_set_text (GTK_EDITABLE (cashier), "'; drop table <b>");
  oba_test_wait_until (oba_test_find (gtk_widget_get_parent (cashier), ADW_TYPE_ACTION_ROW, NULL) == NULL);
  oba_customer_chooser_search (OBA_CUSTOMER_CHOOSER (customer), "aygun", TRUE);
  oba_test_wait_until (oba_filter_has_number (oba_receipt_filter_panel_get_filter (OBA_RECEIPT_FILTER_PANEL (panel)), OBA_RECEIPT_FILTER_CUSTOMERS, 1000));
  g_assert_cmpint (oba_customer_chooser_get_customer (OBA_CUSTOMER_CHOOSER (customer)), ==, 0);
  g_assert_false (oba_test_shows (customer, "Əliyeva"));
  json = oba_filter_to_json (oba_receipt_filter_panel_get_filter (OBA_RECEIPT_FILTER_PANEL (panel)));
  g_assert_cmpstr (json, ==, "{\"cashiers\":[\"Leyla\"],\"customers\":[1000]}");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Marketing sees what is sold, and nobody. */
static void
test_marketing (Fixture       *fixture,
                gconstpointer  data)
{
  ObaReceiptView *detail = oba_transactions_page_get_detail (fixture->page);

  oba_transactions_page_search (fixture->page, "N1500");
  oba_test_wait_until (oba_receipt_view_get_id (detail) == 1500 && oba_receipt_view_is_loaded (detail));
  settle (fixture);
  filter (fixture, "{\"customers\":[1000]}");
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "Customer no. 1000"));
  g_assert_false (oba_test_shows (GTK_WIDGET (fixture->page), "Əliyeva"));
  g_assert_null (oba_test_find (GTK_WIDGET (detail), GTK_TYPE_BUTTON, "_Open Profile"));
}

/* A window's own actions lead from a receipt to its customer's profile and back. */
static void
test_links (void)
{
  g_autoptr (AdwApplication) app = oba_test_application_new ();
  g_autoptr (GSettings) settings = oba_test_settings_new ();
  g_autoptr (ObaSession) session = app_database_sign_in (database);
  g_autofree char *at = app_database_ask (database, "select (extract (epoch from sold_at) * 1000000)::bigint from oba.receipts where receipt_id = 1500");
  ObaWindow *window = oba_window_new (GTK_APPLICATION (app), session, settings);
  ObaTransactionsPage *page = NULL;
  ObaReceiptView *view;

  oba_test_present (GTK_WINDOW (window), 1280, 720);
  for (guint i = 0; i < oba_window_get_n_pages (window); i++)
    if (OBA_IS_TRANSACTIONS_PAGE (oba_window_get_page (window, i)))
      page = OBA_TRANSACTIONS_PAGE (oba_window_get_page (window, i));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.open-receipt", "(xxx)", (gint64) 1000, g_ascii_strtoll (at, NULL, 10), (gint64) 1500));
  view = OBA_RECEIPT_VIEW (oba_subpages_get_top (oba_transactions_page_get_subpages (page)));
  oba_test_wait_until (oba_receipt_view_is_loaded (view) && oba_receipt_view_get_receipt (view) != NULL);
  g_assert_cmpint (oba_receipt_view_get_receipt (view)->key.receipt_id, ==, 1500);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.open-customer", "x", (gint64) 1000));
  g_assert_cmpstr (oba_window_get_page_id (window, oba_window_get_shown (window)), ==, "customers");
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (window), "Əliyeva Aygün"));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int   argc,
      char *argv[])
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, fill);
  app_database_run (database, "select oba.staff_add ('browse_m', 'M', 'marketing')");

#define ADD(path, function) g_test_add ("/transactions/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("endless", test_endless);
  ADD ("search", test_search);
  ADD ("views", test_views);
  ADD ("filter", test_filter);
  ADD ("order", test_order);
  ADD ("product", test_product);
  ADD ("export", test_export);
  ADD ("family", test_family);
  ADD ("follows", test_follows);
  ADD ("marks", test_marks);
  ADD ("papers", test_papers);
  ADD ("suggestions", test_suggestions);
  g_test_add ("/transactions/marketing", Fixture, "browse_m", set_up, test_marketing, tear_down);
  g_test_add_func ("/transactions/links", test_links);

  status = g_test_run ();
  app_database_free (database);
  return status;
}
