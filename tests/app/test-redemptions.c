/* The queue of redemptions and the window that redeems: the real widgets, a real PostgreSQL behind them. */
#include "redemptions/oba-redemptions-page.h"

#include "app-database.h"
#include "oba-test-app.h"
#include "redemptions/oba-queue-print.h"
#include "redemptions/oba-redeem-window.h"
#include "redemptions/oba-redemptions-watch.h"
#include "redemptions/oba-voucher-print.h"

static const char fill[] =
  "insert into oba.stores (code, name, city) values ('S1', 'OBA Nizami', 'Bakı');"
  "insert into oba.customers (customer_id, given_name, family_name) values (500, 'Aygün', 'Əliyeva'), (501, '<b>Elçin</b>', 'O''Neil');"
  "insert into oba.rewards (reward_id, code, kind, name_az, name_en, cost, stock, needs_approval, state) values (1, 'pan', 'gift', 'Tava', 'Frying pan', 50, 40, true, 'live'),"
  " (2, 'coffee', 'voucher', 'Qəhvə', 'Coffee', 20, null, false, 'live'), (3, 'car', 'gift', 'Avtomobil', 'A car', 9000000, null, false, 'live');"
  "select oba.credit (500, now(), 'adjust', 2000, '2040-01-01', null, null, null, null, null, 'x', 'staff'), oba.credit (501, now(), 'adjust', 500, '2040-01-01', null, null, null, null, null, 'x', 'staff');";

static const char staff[] = "select oba.staff_add ('red.clerk', 'Leyla', 'clerk'); select oba.staff_add ('red.boss', 'Nigar', 'supervisor');"
                            "select oba.staff_add ('red.other', 'Rauf', 'supervisor'); select oba.staff_add ('red.market', 'Səbinə', 'marketing');";

#define ASK "select oba.redeem_points ('{\"customer_id\": 500, \"reward_id\": 1}');"

static AppDatabase *database;

typedef struct
{
  AdwApplication     *app;
  GSettings          *settings;
  ObaSession         *session;
  GtkWindow          *window;
  ObaRedemptionsPage *page;
} Fixture;

static gboolean
is_settled (Fixture *fixture)
{
  return oba_redemptions_page_is_settled (fixture->page);
}

static void
set_up (Fixture *fixture, gconstpointer login)
{
  g_autofree char *conninfo = g_strdup_printf ("%s user=%s", app_database_get_conninfo (database), (const char *) login);

  app_database_run (database, "update oba.redemptions set expires_at = now() - interval '1 second' where state in ('requested', 'approved'); select oba.expire_redemptions (1000);");
  app_database_run (database, ASK ASK ASK "set session authorization \"red.boss\";" ASK "reset session authorization;");
  fixture->app = oba_test_application_new ();
  fixture->settings = oba_test_settings_new ();
  fixture->session = app_database_sign_in_at (conninfo);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_REDEMPTIONS_PAGE, "session", fixture->session, "settings", fixture->settings, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  oba_test_present (fixture->window, 1060, 660);
  oba_test_wait_until (is_settled (fixture));
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

static guint
n_rows (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (oba_lazy_view_get_model (oba_redemptions_page_get_view (fixture->page))));
}

static ObaRedemptionView *
choose (Fixture *fixture, guint row)
{
  oba_lazy_view_select (oba_redemptions_page_get_view (fixture->page), row);
  oba_test_wait_until (is_settled (fixture) && oba_redemption_view_get_redemption (oba_redemptions_page_get_detail (fixture->page)) != NULL);
  return oba_redemptions_page_get_detail (fixture->page);
}

static const char *
state_of (ObaRedemptionView *view)
{
  return oba_redemption_get (oba_redemption_view_get_redemption (view))->state;
}

static void
show (Fixture *fixture, const char *state, const char *search)
{
  const ObaRedemptionFilter filter = { .state = state };

  oba_redemptions_page_search (fixture->page, search);
  oba_redemption_filter_bar_set (oba_redemptions_page_get_filter (fixture->page), &filter);
  oba_test_wait_until (is_settled (fixture));
}

/* What waits for this supervisor, without what they asked for themselves; approved it leaves the queue, and can be taken back. */
static void
test_queue (Fixture *fixture, gconstpointer login)
{
  ObaRedemptionView *view;

  g_assert_cmpuint (n_rows (fixture), ==, 3);
  view = choose (fixture, 0);
  g_assert_true (oba_test_shows (GTK_WIDGET (view), "Frying pan"));
  oba_redemption_view_move (view, "approved", NULL);
  oba_test_wait_until (is_settled (fixture) && n_rows (fixture) == 2 && g_str_equal (state_of (view), "approved"));
  g_assert_null (oba_redemption_view_get_problem (view));
  g_assert_cmpstr (oba_redemption_get (oba_redemption_view_get_redemption (view))->can_undo, ==, "requested");
  oba_redemption_view_move (view, "requested", NULL);
  oba_test_wait_until (is_settled (fixture) && n_rows (fixture) == 3 && g_str_equal (state_of (view), "requested"));
  oba_test_picture (fixture->window, "redemptions");
}

/* A double click on Approve approves, and nothing more: Hand Out, which appears in its place, does not take the second click. */
static void
test_double_click (Fixture *fixture, gconstpointer login)
{
  ObaRedemptionView *view = choose (fixture, 0);
  GtkWidget *approve = oba_test_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "_Approve"), *hand_out;
  g_autofree char *steps = NULL;

  g_signal_emit_by_name (approve, "clicked");
  g_assert_false (gtk_widget_is_sensitive (approve));
  oba_test_wait_until (g_str_equal (state_of (view), "approved") && oba_test_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "_Hand Out") != NULL);
  hand_out = oba_test_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "_Hand Out");
  g_assert_false (gtk_widget_is_sensitive (hand_out));
  oba_test_wait_until (is_settled (fixture));
  steps = app_database_ask (database, "select string_agg (to_state, ' ' order by event_no) from oba.redemption_events where redemption_id = "
                                      "(select redemption_id from oba.redemptions where state = 'approved' order by state_since desc limit 1)");
  g_assert_cmpstr (steps, ==, "requested approved");
  hand_out = oba_test_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "_Hand Out");
  g_assert_true (gtk_widget_is_sensitive (hand_out));
}

/* The server is gone when the gift is handed out: it is said, what was asked for is asked again with its key when it is back, and happens once. */
static void
test_lost (Fixture *fixture, gconstpointer login)
{
  ObaRedemptionView *view = choose (fixture, 0);
  g_autofree char *steps = NULL;
  gint64 id = oba_redemption_get (oba_redemption_view_get_redemption (view))->id;
  g_autofree char *sql = g_strdup_printf ("select string_agg (to_state, ' ' order by event_no) from oba.redemption_events where redemption_id = %d", (int) id);

  oba_redemption_view_move (view, "approved", NULL);
  oba_test_wait_until (is_settled (fixture) && g_str_equal (state_of (view), "approved"));
  app_database_run (database, "select pg_terminate_backend (pid) from pg_stat_activity where pid <> pg_backend_pid () and usename = 'red.boss'");
  oba_redemption_view_move (view, "handed_out", NULL);
  app_database_run (database, "select pg_terminate_backend (pid) from pg_stat_activity where pid <> pg_backend_pid () and usename = 'red.boss'");
  oba_test_wait_until (is_settled (fixture) && g_str_equal (state_of (view), "handed_out"));
  g_assert_null (oba_redemption_view_get_problem (view));
  steps = app_database_ask (database, sql);
  g_assert_cmpstr (steps, ==, "requested approved handed_out");
}

/* Two supervisors on one row: the second is told, nothing is done over it, and what the first did is shown. */
static void
test_two (Fixture *fixture, gconstpointer login)
{
  ObaRedemptionView *view = choose (fixture, 0);
  gint64 id = oba_redemption_get (oba_redemption_view_get_redemption (view))->id;
  g_autofree char *sql = g_strdup_printf ("set session authorization \"red.other\"; select oba.move_redemption ('{\"customer_id\": 500, \"redemption_id\": %d, \"state\": \"approved\"}');"
                                          "reset session authorization", (int) id);

  app_database_run (database, sql);
  oba_redemption_view_move (view, "rejected", "too late");
  oba_test_wait_until (is_settled (fixture) && g_str_equal (state_of (view), "approved") && oba_redemption_view_get_problem (view) != NULL);
  g_assert_nonnull (strstr (oba_redemption_view_get_problem (view), "Somebody else"));
  g_assert_true (oba_test_shows (GTK_WIDGET (view), "red.other"));
}

/* A new request appears by itself. */
static void
test_live (Fixture *fixture, gconstpointer login)
{
  app_database_run (database, ASK);
  oba_test_wait_until (is_settled (fixture) && n_rows (fixture) == 4);
}

static gboolean
bulk_shows (Fixture *fixture, const char *what)
{
  return g_strcmp0 (oba_redemptions_bulk_get_shown (oba_redemptions_page_get_bulk (fixture->page)), what) == 0;
}

/* Several at once: what would happen is told and nothing is done; then it is, and what somebody else did meanwhile is counted. */
static void
test_bulk (Fixture *fixture, gconstpointer login)
{
  ObaRedemptionsBulk *bulk = oba_redemptions_page_get_bulk (fixture->page);
  GtkSelectionModel *selection;
  g_autofree char *requested = NULL, *sql = NULL, *first = NULL, *points = NULL;
  guint good, refused;

  show (fixture, "requested", "");
  selection = GTK_SELECTION_MODEL (oba_lazy_view_get_selection (oba_redemptions_page_get_view (fixture->page)));
  g_assert_cmpuint (n_rows (fixture), ==, 4);
  gtk_selection_model_select_all (selection);
  oba_redemptions_bulk_preview (bulk, "approved");
  oba_test_wait_until (bulk_shows (fixture, "preview"));
  oba_redemptions_bulk_get_counts (bulk, &good, &refused);
  g_assert_cmpuint (good, ==, 3);
  g_assert_cmpuint (refused, ==, 1);
  g_assert_true (oba_test_shows (GTK_WIDGET (bulk), "Whoever asked for it does not approve it."));
  points = app_database_ask (database, "select 'Together they cost ' || sum (points) || ' points' from oba.redemptions where state = 'requested' and requested_by <> 'red.boss'");
  g_assert_true (oba_test_shows (GTK_WIDGET (bulk), points));
  requested = app_database_ask (database, "select count (*) from oba.redemptions where state = 'requested'");
  g_assert_cmpstr (requested, ==, "4");
  oba_test_picture (fixture->window, "redemptions-bulk");
  /* A colleague is faster with one of them. */
  first = app_database_ask (database, "select min (redemption_id) from oba.redemptions where state = 'requested'");
  sql = g_strdup_printf ("set session authorization \"red.other\"; select oba.move_redemption ('{\"customer_id\": 500, \"redemption_id\": %s, \"state\": \"rejected\"}'); reset session authorization", first);
  app_database_run (database, sql);
  oba_redemptions_bulk_do (bulk);
  oba_test_wait_until (bulk_shows (fixture, "done"));
  oba_redemptions_bulk_get_counts (bulk, &good, &refused);
  g_assert_cmpuint (good, ==, 2);
  g_assert_cmpuint (refused, ==, 2);
  g_assert_true (oba_test_shows (GTK_WIDGET (bulk), "Somebody else changed this meanwhile."));
}

/* Several are rejected with a reason that each of them keeps; without one nothing goes on. Undone, all of them wait again. */
static void
test_bulk_reject (Fixture *fixture, gconstpointer login)
{
  ObaRedemptionsBulk *bulk = oba_redemptions_page_get_bulk (fixture->page);
  g_autofree char *text = NULL, *kept = NULL, *left = NULL, *again = NULL, *balance = app_database_ask (database, "select balance from oba.points_accounts where customer_id = 500"), *after = NULL;
  guint good, refused;

  show (fixture, "requested", "");
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (oba_lazy_view_get_selection (oba_redemptions_page_get_view (fixture->page))));
  oba_redemptions_bulk_ask (bulk, "rejected");
  g_assert_true (bulk_shows (fixture, "reason"));
  oba_test_picture (fixture->window, "redemptions-bulk-reason");
  text = oba_redemption_reason_dup_text (oba_redemptions_bulk_get_reason (bulk));
  g_assert_null (text);
  g_signal_emit_by_name (oba_redemptions_bulk_get_reason (bulk), "activate");
  g_assert_true (bulk_shows (fixture, "reason"));
  oba_redemption_reason_set (oba_redemptions_bulk_get_reason (bulk), 1, "<b>Tava</b>");
  g_signal_emit_by_name (oba_redemptions_bulk_get_reason (bulk), "activate");
  oba_test_wait_until (bulk_shows (fixture, "preview"));
  oba_redemptions_bulk_get_counts (bulk, &good, &refused);
  g_assert_cmpuint (good, ==, 4);
  g_assert_true (oba_test_shows (GTK_WIDGET (bulk), "Out of stock in the store: <b>Tava</b>"));
  oba_redemptions_bulk_do (bulk);
  oba_test_wait_until (bulk_shows (fixture, "done"));
  kept = app_database_ask (database, "select count (*) from oba.redemptions r join oba.redemption_events e using (customer_id, redemption_id)"
                                     " where r.state = 'rejected' and e.to_state = 'rejected' and e.reason = 'Out of stock in the store: <b>Tava</b>'");
  g_assert_cmpstr (kept, ==, "4");
  oba_redemptions_bulk_undo (bulk);
  oba_test_wait_until (bulk_shows (fixture, "done") && is_settled (fixture));
  oba_redemptions_bulk_get_counts (bulk, &good, &refused);
  g_assert_cmpuint (good, ==, 4);
  left = app_database_ask (database, "select count (*) from oba.redemptions where state = 'requested'");
  g_assert_cmpstr (left, ==, "4");
  after = app_database_ask (database, "select balance from oba.points_accounts where customer_id = 500");
  g_assert_cmpstr (after, ==, balance);
}

/* Days and kinds narrow the list; a day that is none is told, and nothing is hidden by it. */
static void
test_filters (Fixture *fixture, gconstpointer login)
{
  ObaRedemptionFilterBar *bar = oba_redemptions_page_get_filter (fixture->page);
  ObaRedemptionFilter filter = { .kind = "gift", .state = "requested" };

  oba_redemption_filter_bar_set (bar, &filter);
  oba_test_wait_until (is_settled (fixture));
  g_assert_cmpuint (n_rows (fixture), ==, 4);
  filter.kind = "service";
  oba_redemption_filter_bar_set (bar, &filter);
  oba_test_wait_until (is_settled (fixture) && n_rows (fixture) == 0);
  filter.kind = NULL;
  oba_redemption_filter_bar_set (bar, &filter);
  oba_redemption_filter_bar_type_days (bar, "", "01.01.2020");
  oba_test_wait_until (is_settled (fixture) && n_rows (fixture) == 0);
  oba_redemption_filter_bar_type_days (bar, "31.02.2026", "");
  oba_test_wait_until (is_settled (fixture) && n_rows (fixture) == 4);
  oba_redemption_filter_bar_get (bar, &filter);
  g_assert_false (g_date_valid (&filter.from));
  oba_redemption_filter_bar_type_days (bar, "01.01.2020", "");
  oba_test_wait_until (is_settled (fixture) && n_rows (fixture) == 4);
}

static void
assert_prints (GtkPrintOperation *operation, const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", g_get_user_runtime_dir (), name);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;

  gtk_print_operation_set_export_filename (operation, path);
  g_assert_cmpint (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error), ==, GTK_PRINT_OPERATION_RESULT_APPLY);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, NULL, &error));
  g_assert_true (g_str_has_prefix (bytes, "%PDF"));
}

static void
rows_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GPtrArray **) user_data = oba_redemptions_rows_finish (result, NULL);
}

static void
paper_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(ObaVoucherPaper **) user_data = oba_voucher_paper_read_finish (result, NULL);
}

/* (nullable) (transfer none) */
static GtkWidget *
find_printers (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (window), "GtkPrintUnixDialog") && gtk_widget_get_visible (window))
        return window;
    }
  return NULL;
}

/* The queue asks for a printer; whoever thinks better of it goes on working, and is asked again the next time. */
static void
test_printers (Fixture *fixture, gconstpointer login)
{
  show (fixture, "requested", "");
  for (guint i = 0; i < 2; i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.print", NULL);
      oba_test_wait_until (find_printers () != NULL);
      gtk_window_close (GTK_WINDOW (find_printers ()));
      oba_test_wait_until (find_printers () == NULL);
    }
  g_assert_cmpuint (n_rows (fixture), >, 0);
}

/* The queue and a voucher come out of the printer as they come out of the file: as many pages as there are, none of them cut. */
static void
test_print (Fixture *fixture, gconstpointer login)
{
  ObaDbPool *pool = oba_session_get_pool (fixture->session);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *last = NULL;
  GPtrArray *rows = NULL;
  ObaVoucherPaper *paper = NULL;
  ObaRedemptionList *list;
  g_autoptr (GtkPrintOperation) of_list = NULL, of_voucher = NULL;

  app_database_run (database, "select oba.redeem_points ('{\"customer_id\": 501, \"reward_id\": 2}')");
  last = app_database_ask (database, "select max (redemption_id) from oba.redemptions where state = 'approved'");
  for (gint64 i = 1; i <= g_ascii_strtoll (last, NULL, 10); i++)
    g_array_append_val (ids, i);
  oba_redemptions_rows_async (pool, ids, NULL, rows_read_cb, &rows);
  oba_voucher_paper_read_async (pool, 501, g_ascii_strtoll (last, NULL, 10), NULL, paper_read_cb, &paper);
  oba_test_wait_until (rows != NULL && paper != NULL);
  g_assert_cmpuint (rows->len, >, 4);
  list = oba_redemption_list_new (rows, "Waiting for me", rows->len);
  g_assert_cmpuint (oba_redemption_list_count_pages (list, 595), ==, 1 + (rows->len - 1) / 24);
  g_assert_cmpuint (oba_redemption_list_count_pages (list, 10), ==, rows->len);   /* a page too small for one has one */
  of_list = oba_queue_print_operation_new (list);
  assert_prints (of_list, "queue.pdf");
  of_voucher = oba_voucher_print_operation_new (paper, 1);
  assert_prints (of_voucher, "voucher.pdf");
  g_ptr_array_unref (rows);
}

/* How many wait is in the sidebar: of what one has asked for oneself nothing, and of what is late it is said. */
static void
test_badge (Fixture *fixture, gconstpointer login)
{
  g_autoptr (ObaRedemptionsWatch) watch = oba_redemptions_watch_new (fixture->session);

  oba_test_wait_until (oba_redemptions_watch_get_n (watch) == 3);
  g_assert_cmpint (oba_redemptions_watch_get_late (watch), ==, 0);
  app_database_run (database, "update oba.redemptions set requested_at = now() - interval '25 hours' where state = 'requested';" ASK);
  oba_test_wait_until (oba_redemptions_watch_get_n (watch) == 4 && oba_redemptions_watch_get_late (watch) == 3);
  oba_page_refresh (OBA_PAGE (fixture->page));
  oba_test_wait_until (is_settled (fixture) && n_rows (fixture) == 4);
  choose (fixture, 0);
  g_assert_true (oba_test_shows (GTK_WIDGET (oba_redemptions_page_get_detail (fixture->page)), "Decide by"));
  oba_test_picture (fixture->window, "redemptions-late");
}

/* A voucher's code finds its redemption, a customer's name theirs, and markup or nonsense does no harm. */
static void
test_search (Fixture *fixture, gconstpointer login)
{
  g_autofree char *code = NULL;
  g_autofree char *longest = g_strnfill (10000, 'a');

  app_database_run (database, "select oba.redeem_points ('{\"customer_id\": 501, \"reward_id\": 2}')");
  code = app_database_ask (database, "select oba.voucher (501, (select max (redemption_id) from oba.redemptions))");
  show (fixture, NULL, code);
  g_assert_cmpuint (n_rows (fixture), ==, 1);
  g_assert_true (oba_test_shows (GTK_WIDGET (oba_redemptions_page_get_detail (fixture->page)), "Coffee"));
  show (fixture, NULL, "O'Neil");
  g_assert_cmpuint (n_rows (fixture), >, 0);
  show (fixture, NULL, "'; drop table oba.redemptions; --");
  g_assert_cmpuint (n_rows (fixture), ==, 0);
  g_assert_cmpstr (oba_redemptions_page_get_shown (fixture->page), ==, "nothing");
  show (fixture, NULL, longest);
  g_assert_cmpuint (n_rows (fixture), ==, 0);
  show (fixture, "expired", "");
  g_assert_cmpstr (oba_redemptions_page_get_shown (fixture->page), !=, "failed");
}

/* A clerk looks and asks, and decides nothing; marketing sees no names, and no way to a profile that it cannot open. */
static void
test_roles (Fixture *fixture, gconstpointer login)
{
  GtkWidget *row;

  show (fixture, "requested", "");
  g_assert_cmpuint (n_rows (fixture), ==, 4);
  g_assert_false (oba_test_shows (GTK_WIDGET (fixture->page), "decide them together"));
  choose (fixture, 0);
  row = oba_test_find (GTK_WIDGET (oba_redemptions_page_get_detail (fixture->page)), ADW_TYPE_ACTION_ROW, NULL);
  g_assert_cmpint (gtk_actionable_get_action_name (GTK_ACTIONABLE (row)) != NULL, ==, !g_str_equal (login, "red.market"));
  g_assert_null (oba_redemptions_page_get_bulk (fixture->page));
  g_assert_false (oba_test_shows (GTK_WIDGET (oba_redemptions_page_get_detail (fixture->page)), "_Approve"));
  g_assert_cmpint (oba_test_shows (GTK_WIDGET (fixture->page), "Aygün Əliyeva"), ==, !g_str_equal (login, "red.market"));
}

static gboolean
redeem_settled (ObaRedeemWindow *window)
{
  return oba_redeem_window_is_loaded (window);
}

/* The window offers what this customer may have and says why not of the rest; a wrong code is told, and nothing is spent; without one a clerk's request waits. */
static void
test_redeem (Fixture *fixture, gconstpointer login)
{
  ObaRedeemWindow *window = OBA_REDEEM_WINDOW (oba_redeem_window_new (fixture->window, fixture->session, 501, "Elçin"));
  g_autofree char *before = app_database_ask (database, "select balance from oba.points_accounts where customer_id = 501"), *same = NULL, *state = NULL;

  g_object_ref (window);
  gtk_window_present (GTK_WINDOW (window));
  oba_test_wait_until (redeem_settled (window));
  g_assert_cmpuint (oba_redeem_window_get_n (window), ==, 3);
  g_assert_false (oba_redeem_window_choose (window, 2));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "A car"));
  g_assert_true (oba_redeem_window_choose (window, 0));
  oba_test_picture (GTK_WINDOW (window), "redeem");
  oba_redeem_window_set_code (window, "00000000");
  oba_redeem_window_redeem (window);
  oba_test_wait_until (redeem_settled (window) && oba_redeem_window_get_problem (window) != NULL);
  same = app_database_ask (database, "select balance from oba.points_accounts where customer_id = 501");
  g_assert_cmpstr (same, ==, before);
  oba_redeem_window_set_code (window, "");
  oba_redeem_window_redeem (window);
  oba_test_wait_until (!gtk_widget_get_visible (GTK_WIDGET (window)));
  state = app_database_ask (database, "select state from oba.redemptions where customer_id = 501 order by redemption_id desc limit 1");
  g_assert_cmpstr (state, ==, "requested");
  g_object_unref (window);
}

int
main (int argc, char **argv)
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, staff);
  app_database_run (database, fill);
#define ADD(name, login, test) g_test_add ("/redemptions/" name, Fixture, login, set_up, test, tear_down)
  ADD ("queue", "red.boss", test_queue);
  ADD ("two", "red.boss", test_two);
  ADD ("double-click", "red.boss", test_double_click);
  ADD ("lost", "red.boss", test_lost);
  ADD ("live", "red.boss", test_live);
  ADD ("bulk", "red.boss", test_bulk);
  ADD ("bulk-reject", "red.boss", test_bulk_reject);
  ADD ("filters", "red.boss", test_filters);
  ADD ("print", "red.boss", test_print);
  ADD ("printers", "red.boss", test_printers);
  ADD ("badge", "red.boss", test_badge);
  ADD ("search", "red.boss", test_search);
  ADD ("clerk", "red.clerk", test_roles);
  ADD ("marketing", "red.market", test_roles);
  ADD ("redeem", "red.clerk", test_redeem);
  status = g_test_run ();
  app_database_free (database);
  return status;
}
