/* Tills and cashiers to review: from the page of receipts to the decision. The real widgets, a real PostgreSQL behind them. */
#include "tills/oba-tills-export.h"

#include <glib/gstdio.h>

#include "app-database.h"
#include "oba-test-app.h"
#include "transactions/oba-transactions-page.h"

/* A till that has lost three receipts, one that came late, and a cashier whom one card visits four times a day. */
static const char fill[] =
  "insert into oba.stores (code, name, city) values ('S1', 'OBA Nizami', 'Bakı'), ('S2', 'OBA Gəncə', 'Gəncə');"
  "insert into oba.customers (customer_id, given_name, family_name) select n, 'Ad' || n, 'Soyad' from generate_series (1000, 1399) n;"
  "select oba.ensure_partitions ('2024-04-01', '2024-05-31');"
  "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, cashier, total, paid_cash, line_count, source, posted_at)"
  " select w.customer_id, at, nextval ('oba.receipt_ids'), 1, 1, n::text, 'Leyla', 250, 250, 1, 'till', at + case when n between 40 and 44 then interval '9 hours' else interval '0' end"
  " from (select n, timestamptz '2024-05-02 09:00+04' + n * interval '9 minutes' as at from generate_series (1, 80) n where n not between 61 and 63) q cross join oba.walk_ins w where w.store_id = 1;"
  "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, cashier, total, paid_cash, line_count, source, posted_at)"
  " select 1000 + abs (hashint4 (n::integer)::bigint) % 400, at, nextval ('oba.receipt_ids'), 2, 1 + n % 4, 'K' || n || 'x', 'Kassir ' || n % 4, 250, 250, 1, 'till', at"
  " from (select n, timestamptz '2024-04-10 09:00+04' + n % 20 * interval '1 day' + n / 20 * interval '7 minutes' as at from generate_series (1, 1600) n) q;"
  "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, cashier, total, paid_cash, line_count, source, posted_at)"
  " select 1005, at, nextval ('oba.receipt_ids'), 2, 1, 'W' || n || 'x', 'Kassir 2', 250, 250, 1, 'till', at"
  " from (select n, timestamptz '2024-04-12 10:00+04' + n % 9 * interval '1 day' + n / 9 * interval '50 minutes' as at from generate_series (0, 35) n) q;"
  "insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id) select store_id, till_no, receipt_no, customer_id, sold_at, receipt_id from oba.receipts;"
  "analyze;";

static const char staff[] = "select oba.staff_add ('tills.clerk', 'Leyla', 'clerk'); select oba.staff_add ('tills.boss', 'Nigar', 'supervisor');"
                            "select oba.staff_add ('tills.audit', 'Rauf', 'auditor'); select oba.staff_add ('tills.market', 'Səbinə', 'marketing');";

static AppDatabase *database;

typedef struct
{
  AdwApplication      *app;
  GSettings           *settings;
  ObaSession          *session;
  GtkWindow           *window;
  ObaTransactionsPage *page;
  ObaTillsView        *view;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer login)
{
  g_autofree char *conninfo = g_strdup_printf ("%s user=%s", app_database_get_conninfo (database), (const char *) login);

  fixture->app = oba_test_application_new ();
  fixture->settings = oba_test_settings_new ();
  fixture->session = login != NULL ? app_database_sign_in_at (conninfo) : app_database_sign_in (database);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_TRANSACTIONS_PAGE, "session", fixture->session, "settings", fixture->settings, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  oba_test_present (fixture->window, 1060, 660);
  oba_test_wait_until (oba_transactions_page_is_settled (fixture->page));
}

static void
tear_down (Fixture *fixture, gconstpointer login)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->app);
}

static gboolean
is_settled (Fixture *fixture)
{
  return oba_tills_view_is_settled (fixture->view);
}

static void
open_list (Fixture *fixture, const char *action)
{
  GtkWidget *top;

  gtk_widget_activate_action (GTK_WIDGET (fixture->page), action, NULL);
  top = oba_subpages_get_top (oba_transactions_page_get_subpages (fixture->page));
  g_assert_true (OBA_IS_TILLS_VIEW (top));
  fixture->view = OBA_TILLS_VIEW (top);
  oba_test_wait_until (is_settled (fixture));
}

#define assert_says(fixture, text) \
  G_STMT_START \
    { \
      if (!oba_test_shows (GTK_WIDGET ((fixture)->view), (text))) \
        g_error ("“%s” is not shown", (text)); \
    } \
  G_STMT_END

static guint
n_rows (Fixture *fixture, const char *kind, const char *state, gint64 store)
{
  const ObaTillFilter filter = { kind, state, store };

  oba_tills_view_set_filter (fixture->view, &filter);
  oba_test_wait_until (is_settled (fixture));
  return oba_tills_view_get_n_rows (fixture->view);
}

/* What is missing is told with the receipts beside it; a clerk says why, and it is off the list, with who and when. */
static void
test_explain (Fixture *fixture, gconstpointer data)
{
  ObaTillDetailBox *detail;

  open_list (fixture, "page.tills");
  detail = oba_tills_view_get_detail (fixture->view);
  g_assert_cmpuint (oba_tills_view_get_n_rows (fixture->view), ==, 2);
  assert_says (fixture, "3 receipts missing: 61–63");
  assert_says (fixture, "5 receipts came late: up to 9 hours");
  assert_says (fixture, "OBA Nizami, till 1");
  g_assert_cmpuint (n_rows (fixture, "gap", "open", 0), ==, 1);
  assert_says (fixture, "Receipts Before and After");
  assert_says (fixture, "2 May 2024, 18:00");      /* number 60 */
  g_assert_cmpuint (n_rows (fixture, "gap", "open", 2), ==, 0);
  g_assert_cmpstr (oba_tills_view_get_shown (fixture->view), ==, "empty");
  g_assert_cmpuint (n_rows (fixture, "gap", "open", 1), ==, 1);

  /* Without words where words are needed. */
  oba_till_detail_box_decide (detail, "explained", "other", "");
  oba_test_wait_until (oba_till_detail_box_get_problem (detail) != NULL && *oba_till_detail_box_get_problem (detail) != '\0');
  g_assert_cmpstr (oba_till_detail_box_get_problem (detail), ==, "Say what the reason is.");
  oba_till_detail_box_decide (detail, "explained", "replaced", "New till on that evening");
  oba_test_wait_until (g_str_equal (oba_tills_view_get_shown (fixture->view), "empty") && is_settled (fixture));
  assert_says (fixture, "Explained: Till replaced");
  assert_says (fixture, "New till on that evening");
  assert_says (fixture, "Leyla");
  g_assert_cmpuint (n_rows (fixture, "gap", "explained", 0), ==, 1);
  oba_till_detail_box_decide (detail, "open", NULL, "");
  oba_test_wait_until (g_str_equal (oba_tills_view_get_shown (fixture->view), "empty") && is_settled (fixture));
  g_assert_cmpuint (n_rows (fixture, "gap", "open", 0), ==, 1);
}

/* Somebody else explains it while it is looked at: the list follows, and the second decision is told so. */
static void
test_live (Fixture *fixture, gconstpointer data)
{
  ObaTillDetailBox *detail;

  open_list (fixture, "page.tills");
  detail = oba_tills_view_get_detail (fixture->view);
  g_assert_cmpuint (n_rows (fixture, "gap", "open", 0), ==, 1);
  app_database_run (database, "update oba.till_findings set version = version + 1 where kind = 'gap'");
  oba_till_detail_box_decide (detail, "explained", "training", "");
  oba_test_wait_until (oba_till_detail_box_get_problem (detail) != NULL && *oba_till_detail_box_get_problem (detail) != '\0');
  g_assert_true (g_str_has_prefix (oba_till_detail_box_get_problem (detail), "This finding has changed meanwhile."));

  /* The missing receipts arrive: it ends by itself, in sight. */
  app_database_run (database,
                    "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, cashier, total, paid_cash, line_count, source)"
                    " select w.customer_id, timestamptz '2024-05-02 18:10+04', nextval ('oba.receipt_ids'), 1, 1, n::text, 'Leyla', 250, 250, 1, 'till' from generate_series (61, 63) n"
                    " cross join oba.walk_ins w where w.store_id = 1");
  app_database_run (database, "select oba.check_tills (1000)");
  oba_test_wait_until (g_str_equal (oba_tills_view_get_shown (fixture->view), "empty") && oba_test_shows (GTK_WIDGET (fixture->view), "Ended by itself"));
}

/* From a finding to its receipts, in Transactions with the conditions set. */
static void
test_to_receipts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ObaFilter) filter = NULL;
  gint64 from, to;

  open_list (fixture, "page.tills");
  g_assert_cmpuint (n_rows (fixture, "late", "open", 0), ==, 1);
  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (fixture->view), GTK_TYPE_BUTTON, "Show in _Transactions"), "clicked");
  oba_test_wait_until (oba_subpages_get_top (oba_transactions_page_get_subpages (fixture->page)) == NULL && oba_transactions_page_is_settled (fixture->page));
  filter = oba_transactions_page_dup_filter (fixture->page);
  g_assert_true (oba_filter_has_number (filter, OBA_RECEIPT_FILTER_STORES, 1));
  g_assert_true (oba_filter_has_number (filter, OBA_RECEIPT_FILTER_TILLS, 1));
  g_assert_true (oba_filter_get_range (filter, OBA_RECEIPT_FILTER_TIME, &from, &to));
  g_assert_cmpint (to - from, ==, 4 * 9 + 120);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (oba_transactions_page_get_model (fixture->page))), ==, 17);      /* 14:06 to 16:30 */
}

/* Figures with their norm beside them; a decision with words; and it is not on the list any more. */
static void
test_cashiers (Fixture *fixture, gconstpointer data)
{
  ObaTillDetailBox *detail;

  open_list (fixture, "page.cashiers");
  detail = oba_tills_view_get_detail (fixture->view);
  g_assert_cmpuint (oba_tills_view_get_n_rows (fixture->view), ==, 1);
  assert_says (fixture, "Kassir 2 · OBA Gəncə");
  assert_says (fixture, "Worth a look, no more: there may be a good reason.");
  assert_says (fixture, "Soyad Ad1005");
  assert_says (fixture, "By the store's other cashiers");
  oba_till_detail_box_decide (detail, "follow_up", NULL, "");
  oba_test_wait_until (oba_till_detail_box_get_problem (detail) != NULL && *oba_till_detail_box_get_problem (detail) != '\0');
  oba_till_detail_box_decide (detail, "follow_up", NULL, "Ask the store manager");
  oba_test_wait_until (g_str_equal (oba_tills_view_get_shown (fixture->view), "empty") && is_settled (fixture));
  assert_says (fixture, "Ask the store manager");
  g_assert_cmpuint (n_rows (fixture, NULL, "follow_up", 0), ==, 1);
  oba_till_detail_box_decide (detail, "fine", NULL, "Buys for the office");
  oba_test_wait_until (g_str_equal (oba_tills_view_get_shown (fixture->view), "empty") && is_settled (fixture));
  g_assert_cmpuint (n_rows (fixture, NULL, "fine", 0), ==, 1);
}

static void
exported_cb (ObaTillsView *view, gboolean well, int *done)
{
  *done = well ? 1 : -1;
}

static void
test_export (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("tills-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "tills.csv", NULL);
  g_autofree char *text = NULL;
  int done = 0;

  open_list (fixture, "page.tills");
  g_assert_cmpuint (n_rows (fixture, NULL, NULL, 0), ==, 2);
  g_signal_connect (fixture->view, "exported", G_CALLBACK (exported_cb), &done);
  oba_tills_export (fixture->view, path);
  oba_test_wait_until (done == 1);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "kind,state,store,till"));
  g_assert_nonnull (strstr (text, "OBA Nizami,1"));
  g_assert_nonnull (strstr (text, "2024-05-02 15:00:00"));      /* number 40, the first late one */
  g_unlink (path);
  g_rmdir (folder);
}

/* Who may not, does not see it. */
static void
test_roles (Fixture *fixture, gconstpointer login)
{
  gboolean tills = !g_str_equal (login, "tills.market");
  gboolean cashiers = g_str_equal (login, "tills.boss") || g_str_equal (login, "tills.audit");
  gboolean decides = g_str_equal (login, "tills.boss") || g_str_equal (login, "tills.clerk");
  GtkWidget *top;

  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.cashiers", NULL);
  top = oba_subpages_get_top (oba_transactions_page_get_subpages (fixture->page));
  g_assert_true ((top != NULL) == cashiers);
  if (top != NULL)
    oba_subpages_close (oba_transactions_page_get_subpages (fixture->page), top);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.tills", NULL);
  top = oba_subpages_get_top (oba_transactions_page_get_subpages (fixture->page));
  g_assert_true ((top != NULL) == tills);
  if (!tills)
    return;
  fixture->view = OBA_TILLS_VIEW (top);
  oba_test_wait_until (is_settled (fixture));
  g_assert_cmpuint (n_rows (fixture, "late", "open", 0), ==, 1);
  g_assert_true ((oba_test_find (GTK_WIDGET (fixture->view), GTK_TYPE_BUTTON, "_Explain") != NULL) == decides);
  oba_test_assert_named (GTK_WIDGET (fixture->view));
}

int
main (int argc, char **argv)
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, fill);
  app_database_run (database, staff);
  app_database_run (database, "select oba.check_tills (100000)");
#define TEST(name, login, function) g_test_add ("/app/tills/" name, Fixture, login, set_up, function, tear_down)
  TEST ("export", NULL, test_export);
  TEST ("explain", "tills.clerk", test_explain);
  TEST ("to-receipts", "tills.clerk", test_to_receipts);
  TEST ("roles/clerk", "tills.clerk", test_roles);
  TEST ("roles/supervisor", "tills.boss", test_roles);
  TEST ("roles/auditor", "tills.audit", test_roles);
  TEST ("roles/marketing", "tills.market", test_roles);
  TEST ("cashiers", "tills.boss", test_cashiers);
  TEST ("live", "tills.boss", test_live);
  status = g_test_run ();
  app_database_free (database);
  return status;
}
