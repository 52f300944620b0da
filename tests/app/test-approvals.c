/* What needs a second person: one list for supervisors and for those who asked, in the whole window, with a real PostgreSQL and logins of their own. */
#include "oba-test-app.h"

#include <string.h>

#include "app-database.h"
#include "approvals/oba-approvals-tile.h"
#include "approvals/oba-approvals-view.h"
#include "db/oba-db-request.h"
#include "oba-window.h"
#include "transactions/oba-receipt-view.h"
#include "transactions/oba-transactions-page.h"
#include "widgets/oba-store-chooser.h"

static const char furniture[] =
    "insert into oba.stores (code, name, city) values ('S1', 'OBA Nizami', 'Bakı'), ('S2', 'OBA Gənclik', 'Bakı');"
    "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea');"
    "insert into oba.products (code, name, category_id, price) select 'P1', 'Çay', category_id, 100 from oba.categories;"
    "select oba.staff_add ('tural', 'Tural Əhmədov', 'clerk'), oba.staff_add ('sevda', 'Sevda Quliyeva', 'clerk'), oba.staff_add ('leyla', 'Leyla Hacıyeva', 'supervisor'),"
    " oba.staff_add ('nigar', 'Nigar Rəhimova', 'supervisor'), oba.staff_add ('rauf', 'Rauf Səfərov', 'auditor'), oba.staff_add ('aysu', 'Aysu', 'marketing'),"
    " oba.staff_add ('far', 'Far Away', 'supervisor', 2);"
    "insert into oba.customers (customer_id, family_name, given_name, birth_date, phone, preferred_store_id) values"
    " (600, 'Əliyeva', 'Aysel', '1985-03-21', '+994501234567', 2), (601, 'Алиева', 'Айсель', '1985-03-21', '+994551234567', null);"
    "select oba.ensure_partitions ((now() - interval '4 months')::date, now()::date);"
    "select oba.once ('record_receipt', jsonb_build_object ('store_code', case when n = 3 then 'S2' else 'S1' end, 'till', 1, 'receipt_no', 'R' || n, 'sold_at', now() - n * interval '1 day',"
    " 'customer_id', 600, 'lines', jsonb_build_array (jsonb_build_object ('code', 'P1', 'quantity', 1, 'unit_price', n * 10000, 'total', n * 10000)), 'total', n * 10000), null, null)"
    " from generate_series (1, 4) n";

typedef struct
{
  AppDatabase    *database;
  AdwApplication *app;
} Fixture;

/* A person at the whole window. */
typedef struct
{
  GSettings  *settings;
  ObaSession *session;
  ObaWindow  *window;
} Desk;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->database = app_database_new ();
  app_database_run (fixture->database, furniture);
  app_database_run (fixture->database, "select oba.fold_rollups ()");   /* what is committed */
  fixture->app = oba_test_application_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->app);
  app_database_free (fixture->database);
}

static void
assert_ask (Fixture *fixture, const char *expected, const char *sql)
{
  g_autofree char *answer = app_database_ask (fixture->database, sql);

  g_assert_cmpstr (answer, ==, expected);
}

/* ---- desks */

static void
sit_down (Fixture *fixture, Desk *desk, const char *login)
{
  g_autofree char *own = g_strdup_printf ("%s user=%s", app_database_get_conninfo (fixture->database), login);

  desk->settings = oba_test_settings_new ();
  desk->session = app_database_sign_in_at (own);
  desk->window = oba_window_new (GTK_APPLICATION (fixture->app), desk->session, desk->settings);
  oba_test_present (GTK_WINDOW (desk->window), 1280, 720);
}

static void
leave (Desk *desk)
{
  gtk_window_destroy (GTK_WINDOW (desk->window));
  g_object_unref (desk->session);
  g_object_unref (desk->settings);
}

static GtkWidget *
root_of (Desk *desk)
{
  return GTK_WIDGET (desk->window);
}

static ObaTransactionsPage *
transactions_of (Desk *desk)
{
  for (guint i = 0; i < oba_window_get_n_pages (desk->window); i++)
    if (OBA_IS_TRANSACTIONS_PAGE (oba_window_get_page (desk->window, i)))
      return OBA_TRANSACTIONS_PAGE (oba_window_get_page (desk->window, i));
  g_assert_not_reached ();
}

static GtkWidget *
top_of (Desk *desk)
{
  return oba_subpages_get_top (oba_transactions_page_get_subpages (transactions_of (desk)));
}

static ObaApprovalsView *
view_of (Desk *desk)
{
  g_assert_true (OBA_IS_APPROVALS_VIEW (top_of (desk)));
  return OBA_APPROVALS_VIEW (top_of (desk));
}

static void
settle (Desk *desk)
{
  oba_test_wait_until (oba_approvals_list_is_settled (oba_approvals_view_get_list (view_of (desk))));
}

static void
open_list (Desk *desk)
{
  g_assert_true (gtk_widget_activate_action (root_of (desk), "win.open-approvals", NULL));
  settle (desk);
}

static gboolean
shows (Desk *desk, const char *text)
{
  return oba_test_shows (root_of (desk), text);
}

static gboolean
has (Desk *desk, const char *label)
{
  return oba_test_find (root_of (desk), GTK_TYPE_BUTTON, label) != NULL;
}

static void
press (Desk *desk, const char *label)
{
  GtkWidget *button = oba_test_find (root_of (desk), GTK_TYPE_BUTTON, label);

  if (button == NULL)
    g_error ("there is no button “%s”", label);
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
is_told (Desk *desk, const char *text)
{
  return strstr (oba_approvals_list_get_problem (oba_approvals_view_get_list (view_of (desk))), text) != NULL;
}

/* ---- asking */

static void
answered_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* ' stands for ". */
static void
ask_as (Desk *desk, const char *action, const char *request)
{
  g_autofree char *text = g_strdelimit (g_strdup (request), "'", '"');
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autofree char *key = oba_db_request_new_key ();
  gboolean done = FALSE;

  oba_db_request_async (oba_session_get_pool (desk->session), action, node, key, NULL, answered_cb, &done);
  oba_test_wait_until (done);
}

static void
ask_void (Desk *desk, guint n)
{
  g_autofree char *request = g_strdup_printf ("{'kind': 'void', 'seen': 0, 'receipt': {'store': %d, 'till': 1, 'receipt_no': 'R%u'}, 'reason_code': 'duplicate', 'reason': 'entered <b>twice</b>'}",
                                              n == 3 ? 2 : 1, n);

  ask_as (desk, "correct_receipt", request);
}

static void
ask_merge (Desk *desk)
{
  ask_as (desk, "request_merge", "{'source': 601, 'survivor': 600, 'reason': 'one person'}");
}

/* ---- tests */

/* The whole way: Overview says that something waits, opens it; what it does is seen, approved, done; the one who asked sees by whom. */
static void
test_whole_way (Fixture *fixture, gconstpointer data)
{
  Desk clerk, boss;
  GtkWidget *tile;

  sit_down (fixture, &clerk, "tural");
  sit_down (fixture, &boss, "leyla");
  oba_test_wait_until (shows (&boss, "Best stores of the last 7 days"));
  tile = oba_test_find (root_of (&boss), OBA_TYPE_APPROVALS_TILE, NULL);
  g_assert_null (tile);   /* nothing waits: nothing is said */

  ask_void (&clerk, 2);
  oba_test_wait_until (shows (&boss, "1 request waits for approval"));
  oba_test_wait_until (shows (&clerk, "1 request waits for approval"));
  g_assert_true (shows (&boss, "The oldest for 1 minute"));
  g_assert_true (shows (&clerk, "1 asked by you"));
  oba_test_wait_until (oba_test_find (root_of (&boss), GTK_TYPE_LABEL, "1") != NULL);   /* the badge */
  oba_test_picture (GTK_WINDOW (boss.window), "approvals-overview");

  tile = oba_test_find (root_of (&boss), OBA_TYPE_APPROVALS_TILE, NULL);
  g_signal_emit_by_name (oba_test_find (tile, GTK_TYPE_BUTTON, NULL), "clicked");
  settle (&boss);
  g_assert_true (shows (&boss, "Void of receipt R2"));
  g_assert_true (shows (&boss, "OBA Nizami, till 1"));
  g_assert_true (shows (&boss, "Asked by Tural Əhmədov"));
  g_assert_true (shows (&boss, "entered <b>twice</b>"));
  g_assert_nonnull (oba_test_find (root_of (&boss), GTK_TYPE_LABEL, "800"));   /* 1 000 points earned, 200 go */
  g_assert_true (shows (&boss, "It changes more than 50 points."));
  oba_test_assert_named (root_of (&boss));
  oba_test_picture (GTK_WINDOW (boss.window), "approvals-list");
  open_list (&clerk);
  g_assert_true (shows (&clerk, "Asked by you"));
  g_assert_false (has (&clerk, "_Approve"));

  /* What made it wait is told as it was, whatever the limits are now; what is approved is what it would be now. */
  app_database_run (fixture->database, "select oba.set_correction_limits ('{\"version\": 1, \"amount\": 5000, \"points\": 70, \"age_days\": 14, \"own_receipts\": true}', 'test', 'k1')");
  app_database_run (fixture->database, "notify oba_approvals");
  oba_test_wait_until (!oba_approvals_list_is_settled (oba_approvals_view_get_list (view_of (&boss))));
  settle (&boss);
  g_assert_true (shows (&boss, "It changes more than 50 points."));
  press (&boss, "_Approve");
  press (&boss, "_Approve");   /* twice is once */
  oba_test_wait_until (shows (&boss, "Approved by Leyla Hacıyeva"));
  settle (&boss);
  assert_ask (fixture, "1 tural leyla 800", "select count (*) || ' ' || min (c.made_by) || ' ' || min (c.posted_by) || ' ' || (select balance from oba.points_accounts where customer_id = 600) from oba.corrections c");
  oba_test_wait_until (shows (&clerk, "Approved by Leyla Hacıyeva"));
  oba_test_wait_until (oba_test_find (root_of (&boss), GTK_TYPE_LABEL, "1") == NULL);
  oba_test_picture (GTK_WINDOW (clerk.window), "approvals-decided");

  g_signal_emit_by_name (gtk_widget_get_ancestor (oba_test_find (root_of (&boss), GTK_TYPE_LABEL, "Void of receipt R2"), GTK_TYPE_BUTTON), "clicked");
  oba_test_wait_until (OBA_IS_RECEIPT_VIEW (top_of (&boss)));
  leave (&clerk);
  leave (&boss);
}

/* Two supervisors at once: one decides, the other is told. */
static void
test_two (Fixture *fixture, gconstpointer data)
{
  Desk clerk, boss, other;

  sit_down (fixture, &clerk, "tural");
  ask_void (&clerk, 2);
  sit_down (fixture, &boss, "leyla");
  sit_down (fixture, &other, "nigar");
  open_list (&boss);
  open_list (&other);
  press (&boss, "_Approve");
  press (&other, "_Approve");
  oba_test_wait_until (is_told (&boss, "This request was decided already.") || is_told (&other, "This request was decided already."));
  settle (&boss);
  settle (&other);
  g_assert_false (is_told (&boss, "decided already") && is_told (&other, "decided already"));
  g_assert_false (has (&boss, "_Approve") || has (&other, "_Approve"));
  assert_ask (fixture, "1", "select count (*) from oba.corrections");
  leave (&clerk);
  leave (&boss);
  leave (&other);
}

/* What is approved is what was seen: figures that changed are shown anew, to whoever tries, and to the one who still looks at the old ones. */
static void
test_changed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *seen = NULL;
  Desk clerk, boss;

  sit_down (fixture, &clerk, "tural");
  ask_void (&clerk, 2);
  sit_down (fixture, &boss, "leyla");
  open_list (&boss);
  seen = app_database_ask (fixture->database, "select previewed_at from oba.approvals");
  app_database_run (fixture->database, "select oba.adjust_points ('{\"customer_id\": 600, \"points\": 50, \"reason\": \"gift\"}', 'test', 'k1')");
  press (&boss, "_Approve");
  oba_test_wait_until (is_told (&boss, "Nothing was done: something changed since this was asked."));
  settle (&boss);
  g_assert_nonnull (oba_test_find (root_of (&boss), GTK_TYPE_LABEL, "850"));
  g_assert_true (shows (&boss, "The figures are new: look at them before you approve."));
  oba_test_picture (GTK_WINDOW (boss.window), "approvals-changed");
  assert_ask (fixture, "0", "select count (*) from oba.corrections");

  /* A colleague whose window still shows the old figures. */
  {
    g_autofree char *old = g_strdup_printf ("{'approval_id': 1, 'approve': true, 'seen': '%s'}", seen);

    ask_as (&boss, "decide_approval", old);
  }
  assert_ask (fixture, "0 requested", "select (select count (*) from oba.corrections) || ' ' || state from oba.approvals");
  press (&boss, "_Approve");
  oba_test_wait_until (shows (&boss, "Approved by Leyla Hacıyeva"));
  assert_ask (fixture, "850", "select balance from oba.points_accounts where customer_id = 600");
  leave (&clerk);
  leave (&boss);
}

static GtkWindow *
dialog_of (Desk *desk)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_window_get_transient_for (window) == GTK_WINDOW (desk->window))
        return window;
    }
  return NULL;
}

/* A customer has asked in the bot to be forgotten: the supervisor reads what goes and what stays, agrees, and it is done. */
static void
test_erasure (Fixture *fixture, gconstpointer data)
{
  Desk boss;

  app_database_run (fixture->database, "select oba.do_link_telegram ('{\"customer_id\": 600, \"chat_id\": 77}');"
                                       "select oba.do_telegram_forget ('{\"chat_id\": 77, \"forget\": true}')");
  sit_down (fixture, &boss, "leyla");
  open_list (&boss);
  g_assert_true (shows (&boss, "Erase Əliyeva Aysel, who has asked for it in Telegram"));
  g_assert_true (shows (&boss, "Goes for Good"));
  g_assert_true (shows (&boss, "Points that lapse"));
  oba_test_picture (GTK_WINDOW (boss.window), "approvals-erasure");
  press (&boss, "_Approve");
  oba_test_wait_until (shows (&boss, "Approved by Leyla Hacıyeva"));
  assert_ask (fixture, "erased 0", "select status || ' ' || (select count (*) from oba.telegram_links) from oba.customers where customer_id = 600");
  leave (&boss);
}

/* Rejected with a reason that the clerk reads; nobody decides on what they asked for, and is told why; they may withdraw it. */
static void
test_no (Fixture *fixture, gconstpointer data)
{
  Desk clerk, boss;
  AdwMessageDialog *dialog;

  sit_down (fixture, &clerk, "tural");
  ask_void (&clerk, 2);
  open_list (&clerk);
  sit_down (fixture, &boss, "leyla");
  open_list (&boss);
  press (&boss, "_Reject…");
  dialog = ADW_MESSAGE_DIALOG (dialog_of (&boss));
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, "reject"));
  gtk_editable_set_text (GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog)), "It was bought & <i>paid</i>");
  oba_test_picture (GTK_WINDOW (dialog), "approvals-reject");
  adw_message_dialog_response (dialog, "reject");
  oba_test_wait_until (shows (&clerk, "It was bought & <i>paid</i>"));
  g_assert_true (shows (&clerk, "Rejected by Leyla Hacıyeva"));

  ask_void (&boss, 4);
  oba_test_wait_until (has (&boss, "_Withdraw"));
  g_assert_true (shows (&boss, "You asked for this yourself: another supervisor decides."));
  g_assert_false (has (&boss, "_Approve"));
  oba_test_picture (GTK_WINDOW (boss.window), "approvals-own");
  press (&boss, "_Withdraw");
  oba_test_wait_until (shows (&boss, "Withdrawn, "));
  assert_ask (fixture, "rejected withdrawn", "select string_agg (state, ' ' order by approval_id) from oba.approvals");
  leave (&clerk);
  leave (&boss);
}

static void
choose (Desk *desk, GtkDropDown *drop_down, guint position)
{
  gtk_drop_down_set_selected (drop_down, position);
  settle (desk);
}

/* Among many the one that is looked for: by kind, by who asked, by store, what waits and what was decided. */
static void
test_filter (Fixture *fixture, gconstpointer data)
{
  Desk clerk, other, boss;
  ObaApprovalsBar *bar;

  sit_down (fixture, &clerk, "tural");
  sit_down (fixture, &other, "sevda");
  ask_void (&clerk, 2);
  ask_void (&other, 3);
  ask_merge (&other);
  sit_down (fixture, &boss, "leyla");
  open_list (&boss);
  bar = oba_approvals_view_get_bar (view_of (&boss));
  oba_test_wait_until (g_list_model_get_n_items (gtk_drop_down_get_model (oba_approvals_bar_get_askers (bar))) == 4);
  g_assert_true (shows (&boss, "Void of receipt R2") && shows (&boss, "Void of receipt R3") && shows (&boss, "Merge "));
  oba_test_picture (GTK_WINDOW (boss.window), "approvals-three");

  choose (&boss, oba_approvals_bar_get_kinds (bar), OBA_APPROVALS_MERGES);
  g_assert_true (shows (&boss, "Merge ") && !shows (&boss, "Void of"));
  choose (&boss, oba_approvals_bar_get_kinds (bar), OBA_APPROVALS_CORRECTIONS);
  g_assert_true (!shows (&boss, "Merge Алиева") && shows (&boss, "Void of receipt R2"));
  choose (&boss, oba_approvals_bar_get_askers (bar), 2);   /* Sevda comes before Tural */
  g_assert_true (!shows (&boss, "Void of receipt R2") && shows (&boss, "Void of receipt R3"));
  choose (&boss, oba_approvals_bar_get_kinds (bar), OBA_APPROVALS_EVERYTHING);
  g_assert_true (shows (&boss, "Merge ") && shows (&boss, "Void of receipt R3"));
  choose (&boss, oba_approvals_bar_get_askers (bar), 0);
  oba_store_chooser_set_store (OBA_STORE_CHOOSER (oba_approvals_bar_get_store (bar)), 2, "OBA Gənclik");
  settle (&boss);
  g_assert_true (shows (&boss, "Merge ") && shows (&boss, "Void of receipt R3") && !shows (&boss, "Void of receipt R2"));
  choose (&boss, oba_approvals_bar_get_states (bar), OBA_APPROVALS_SHOW_DECIDED);
  g_assert_true (shows (&boss, "Nothing to Approve"));
  oba_store_chooser_set_store (OBA_STORE_CHOOSER (oba_approvals_bar_get_store (bar)), 0, NULL);
  choose (&boss, oba_approvals_bar_get_states (bar), OBA_APPROVALS_SHOW_WAITING);
  press (&boss, "_Approve");   /* of R2, the oldest */
  oba_test_wait_until (!shows (&boss, "Void of receipt R2"));
  choose (&boss, oba_approvals_bar_get_states (bar), OBA_APPROVALS_SHOW_DECIDED);
  g_assert_true (shows (&boss, "Void of receipt R2") && !shows (&boss, "Void of receipt R3"));
  choose (&boss, oba_approvals_bar_get_askers (bar), 1);   /* by me */
  g_assert_true (shows (&boss, "Nothing to Approve"));

  /* Who decides about a move is told whose the receipt becomes. */
  ask_as (&clerk, "correct_receipt", "{'kind': 'move', 'seen': 0, 'receipt': {'store': 1, 'till': 1, 'receipt_no': 'R4'}, 'customer_id': 601, 'reason_code': 'wrong_customer', 'reason': 'hers'}");
  ask_as (&clerk, "correct_receipt", "{'kind': 'move', 'seen': 0, 'receipt': {'store': 1, 'till': 1, 'receipt_no': 'R1'}, 'customer_id': null, 'reason_code': 'wrong_customer', 'reason': 'nobody’s'}");
  choose (&boss, oba_approvals_bar_get_askers (bar), 0);
  choose (&boss, oba_approvals_bar_get_states (bar), OBA_APPROVALS_SHOW_WAITING);
  g_assert_true (shows (&boss, "Receipt R4 to Алиева Айсель"));
  g_assert_true (shows (&boss, "Receipt R1 taken from its customer"));
  leave (&clerk);
  leave (&other);
  leave (&boss);
}

/* Each role sees what is theirs: an auditor reads, marketing has no such list; whoever works for one store does not decide for another one, and the request goes on waiting. */
static void
test_roles (Fixture *fixture, gconstpointer data)
{
  Desk clerk, auditor, marketing, far;

  sit_down (fixture, &clerk, "tural");
  ask_void (&clerk, 2);
  sit_down (fixture, &auditor, "rauf");
  open_list (&auditor);
  g_assert_true (shows (&auditor, "Void of receipt R2"));
  g_assert_true (shows (&auditor, "A supervisor decides."));
  g_assert_false (has (&auditor, "_Approve") || has (&auditor, "_Reject…") || has (&auditor, "_Withdraw"));
  leave (&auditor);

  sit_down (fixture, &marketing, "aysu");
  gtk_widget_activate_action (root_of (&marketing), "win.open-approvals", NULL);
  g_assert_null (top_of (&marketing));
  gtk_widget_activate_action (GTK_WIDGET (transactions_of (&marketing)), "page.approvals", NULL);
  g_assert_null (top_of (&marketing));
  leave (&marketing);

  sit_down (fixture, &far, "far");
  open_list (&far);
  press (&far, "_Approve");
  oba_test_wait_until (is_told (&far, "You work for another store."));
  assert_ask (fixture, "requested 0", "select state || ' ' || (select count (*) from oba.corrections) from oba.approvals");
  leave (&far);
  leave (&clerk);
}

/* More than a page of them: the list goes on, and keeps its length when something happens. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  Desk boss;
  ObaApprovalsList *list;

  app_database_run (fixture->database,
                    "insert into oba.approvals (kind, request, preview, customer_ids, requested_by, requested_at)"
                    " select 'correction', jsonb_build_object ('kind', 'missed', 'reason_code', 'missed', 'data', jsonb_build_object ('store_code', 'S1', 'receipt_no', 'M' || n, 'sold_at', now(), 'total', 100)),"
                    " '{\"money\": {\"taken_back\": 0, \"put_in\": 100}, \"entries\": [{\"store\": 1}]}', '{}', 'tural', now() - n * interval '1 hour' from generate_series (1, 35) n");
  sit_down (fixture, &boss, "leyla");
  open_list (&boss);
  list = oba_approvals_view_get_list (view_of (&boss));
  g_assert_cmpuint (oba_approvals_list_get_n_open (list), ==, 30);
  g_assert_true (shows (&boss, "Missed receipt M35"));   /* the oldest comes first */
  press (&boss, "Show _More");
  settle (&boss);
  g_assert_cmpuint (oba_approvals_list_get_n_open (list), ==, 35);
  app_database_run (fixture->database, "notify oba_approvals");
  oba_test_wait_until (!oba_approvals_list_is_settled (list));
  settle (&boss);
  g_assert_cmpuint (oba_approvals_list_get_n_open (list), ==, 35);
  leave (&boss);
}

int
main (int argc, char **argv)
{
  oba_test_app_init (&argc, &argv);

#define ADD(path, func) g_test_add ("/app/approvals/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("whole-way", test_whole_way);
  ADD ("two", test_two);
  ADD ("changed", test_changed);
  ADD ("erasure", test_erasure);
  ADD ("no", test_no);
  ADD ("filter", test_filter);
  ADD ("roles", test_roles);
  ADD ("many", test_many);
#undef ADD
  return g_test_run ();
}
