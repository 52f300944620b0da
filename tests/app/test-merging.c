/* Two records of one person become one, and two again, as a clerk and two supervisors do it: the real windows, a real PostgreSQL, logins of their own. */
#include "oba-test-app.h"

#include <string.h>

#include "app-database.h"
#include "customers/oba-customers-page.h"
#include "customers/oba-duplicates-view.h"
#include "customers/oba-merge-chooser.h"
#include "customers/oba-merge-window.h"
#include "customers/oba-profile-view.h"
#include "oba-test-wire.h"

static const char furniture[] =
    "insert into oba.stores (code, name, city) values ('S1', 'OBA Nizami', 'Bakı');"
    "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea');"
    "insert into oba.products (code, name, category_id, price) select 'P1', 'Çay', category_id, 100 from oba.categories;"
    "select oba.staff_add ('tural', 'Tural Əhmədov', 'clerk'), oba.staff_add ('leyla', 'Leyla Hacıyeva', 'supervisor'),"
    " oba.staff_add ('nigar', 'Nigar Rəhimova', 'supervisor'), oba.staff_add ('rauf', 'Rauf Səfərov', 'auditor'), oba.staff_add ('aysu', 'Aysu', 'marketing');"
    "insert into oba.customers (customer_id, family_name, given_name, patronymic, birth_date, phone, email, city, notes, preferred_store_id, registered_at) values"
    " (600, 'Əliyeva', 'Aysel', 'Rəşid qızı', '1985-03-21', '+994501234567', 'aysel@example.az', 'Bakı', 'Calls <b>often</b>.', 1, '2024-05-06'),"
    " (601, 'Алиева', 'Айсель', '', '1985-03-21', '+994551234567', null, 'Sumqayıt', 'Came back from Moscow.', null, '2025-02-03'),"
    " (610, 'Quliyev', 'Rəşad', '', null, '+994503114455', null, '', '', null, '2025-01-01'),"
    " (611, 'Guliyev', 'Rashad', '', null, '+994503141455', null, '', '', null, '2025-01-02'),"
    " (620, 'Məmmədov', 'Samir', '', '1990-01-01', null, null, 'Gəncə', '', null, '2025-01-03');"
    "insert into oba.cards (token_hash, number, customer_id) values (sha256 ('a'), 'OBA-7700-0001', 600), (sha256 ('b'), 'OBA-7700-0002', 601);"
    "insert into oba.telegram_links (chat_id, customer_id, username) values (77, 600, 'aysel'), (78, 601, 'aysel_m');"
    "select oba.put_consent (600, 'sms', true, 'staff', 1, ''), oba.put_consent (601, 'email', false, 'staff', 1, '');"
    "select oba.ensure_partitions ((now() - interval '4 months')::date, now()::date);";

typedef struct
{
  AppDatabase    *database;
  AdwApplication *app;
  ObaTestWire    *wire;
  guint           n_receipts;
} Fixture;

/* A person at a window of their own. */
typedef struct
{
  ObaSession        *session;
  GtkWindow         *window;
  ObaCustomersPage  *page;
  ObaDuplicatesView *view;
} Desk;

static void
run (Fixture *fixture, const char *sql)
{
  app_database_run (fixture->database, sql);
}

static void
assert_ask (Fixture *fixture, const char *expected, const char *sql)
{
  g_autofree char *answer = app_database_ask (fixture->database, sql);

  g_assert_cmpstr (answer, ==, expected);
}

static void
sell (Fixture *fixture, gint64 customer, gint64 qepik, guint days_ago)
{
  g_autofree char *sql = g_strdup_printf ("select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', 'R%u', 'sold_at', now() - %u * interval '1 day',"
                                          " 'customer_id', %" G_GINT64_FORMAT ", 'source', 'till', 'lines', jsonb_build_array (jsonb_build_object ('code', 'P1', 'quantity', 1,"
                                          " 'unit_price', %" G_GINT64_FORMAT ", 'total', %" G_GINT64_FORMAT ")), 'total', %" G_GINT64_FORMAT "), null, null)",
                                          ++fixture->n_receipts, days_ago, customer, qepik, qepik, qepik);

  run (fixture, sql);
}

static void
do_jobs (Fixture *fixture)
{
  run (fixture, "do $$ begin while oba.find_duplicates () > 0 loop null; end loop; perform oba.fold_rollups (); end $$");
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->database = app_database_new ();
  run (fixture, furniture);
  sell (fixture, 600, 60000, 40);
  sell (fixture, 600, 5000, 3);
  sell (fixture, 601, 45000, 20);
  do_jobs (fixture);
  fixture->app = oba_test_application_new ();
  fixture->wire = oba_test_wire_new (app_database_get_conninfo (fixture->database));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  oba_test_wire_free (fixture->wire);
  g_object_unref (fixture->app);
  app_database_free (fixture->database);
}

/* ---- desks */

static void
sit_down_at (Fixture *fixture, Desk *desk, const char *conninfo, const char *login)
{
  g_autofree char *own = g_strdup_printf ("%s user=%s", conninfo, login);
  GtkWidget *overlay = adw_toast_overlay_new ();

  desk->session = app_database_sign_in_at (own);
  desk->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  desk->page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", desk->session, NULL);
  desk->view = NULL;
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (desk->page));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (desk->window), overlay);
  oba_test_present (desk->window, 1088, 720);
  oba_test_wait_until (oba_customers_page_is_settled (desk->page));
}

static void
settle (Desk *desk)
{
  oba_test_wait_until (oba_duplicates_view_is_settled (desk->view));
}

static void
review (Desk *desk, const char *tab)
{
  if (desk->view == NULL)
    {
      gtk_widget_activate_action (GTK_WIDGET (desk->page), "page.duplicates", NULL);
      desk->view = OBA_DUPLICATES_VIEW (oba_subpages_get_top (oba_customers_page_get_subpages (desk->page)));
    }
  oba_duplicates_view_show_tab (desk->view, tab);
  settle (desk);
}

static void
sit_down (Fixture *fixture, Desk *desk, const char *login, const char *tab)
{
  sit_down_at (fixture, desk, app_database_get_conninfo (fixture->database), login);
  review (desk, tab);
}

static void
leave (Desk *desk)
{
  gtk_window_destroy (desk->window);
  oba_session_close (desk->session);
  g_object_unref (desk->session);
}

static gboolean
shows (Desk *desk, const char *text)
{
  return oba_test_shows (GTK_WIDGET (desk->window), text);
}

static gboolean
has (Desk *desk, const char *label)
{
  return oba_test_find (GTK_WIDGET (desk->view), GTK_TYPE_BUTTON, label) != NULL;
}

static void
press_in (GtkWidget *root, const char *label)
{
  GtkWidget *button = oba_test_find (root, GTK_TYPE_BUTTON, label);

  if (button == NULL)
    g_error ("there is no button “%s”", label);
  g_signal_emit_by_name (button, "clicked");
}

static void
press (Desk *desk, const char *label)
{
  press_in (GTK_WIDGET (desk->view), label);
}

static GtkWindow *
window_of (Desk *desk, GType kind)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, kind) && gtk_window_get_transient_for (window) == desk->window)
        return window;
    }
  return NULL;
}

static ObaMergeWindow *
dialog_of (Desk *desk)
{
  return (ObaMergeWindow *) window_of (desk, OBA_TYPE_MERGE_WINDOW);
}

static ObaMergeWindow *
take_dialog (Desk *desk)
{
  ObaMergeWindow *dialog;

  oba_test_wait_until (dialog_of (desk) != NULL);
  dialog = dialog_of (desk);
  oba_test_present (GTK_WINDOW (dialog), 860, 660);
  oba_test_wait_until (oba_merge_window_is_settled (dialog));
  return dialog;
}

static ObaMergeWindow *
open_dialog (Desk *desk, const char *label)
{
  press (desk, label);
  return take_dialog (desk);
}

static ObaProfileView *
open_profile (Desk *desk, gint64 id)
{
  ObaProfileView *profile;

  oba_customers_page_open_profile (desk->page, id);
  profile = OBA_PROFILE_VIEW (oba_subpages_get_top (oba_customers_page_get_subpages (desk->page)));
  oba_test_wait_until (oba_profile_view_is_loaded (profile));
  return profile;
}

static ObaMergeChooser *
choose (Desk *desk, ObaProfileView *profile)
{
  ObaMergeChooser *chooser;

  gtk_widget_activate_action (GTK_WIDGET (profile), "profile.merge-with", NULL);
  chooser = (ObaMergeChooser *) window_of (desk, OBA_TYPE_MERGE_CHOOSER);
  g_assert_nonnull (chooser);
  oba_test_present (GTK_WINDOW (chooser), 860, 660);
  oba_test_wait_until (oba_merge_chooser_is_settled (chooser));
  return chooser;
}

/* Asks for a merge of the first pair that is seen. */
static void
ask_for (Desk *desk)
{
  ObaMergeWindow *dialog = open_dialog (desk, "Propose _Merge…");

  oba_merge_window_send (dialog);
  oba_test_wait_until (dialog_of (desk) == NULL);
  settle (desk);
}

static gboolean
is_told (Desk *desk, const char *text)
{
  return strstr (oba_duplicates_view_get_problem (desk->view), text) != NULL;
}

static void
search (ObaMergeChooser *chooser, const char *text)
{
  oba_merge_chooser_search (chooser, text);
  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (chooser), GTK_TYPE_SEARCH_ENTRY, NULL), "search-changed");
  oba_test_wait_until (oba_merge_chooser_is_settled (chooser));
}

/* ---- */

/* The whole way: a pair is shown, previewed, proposed by a clerk, approved by a supervisor, one customer; and taken apart the same way, two again. */
static void
test_whole_way (Fixture *fixture, gconstpointer data)
{
  static const char two[] = "select string_agg (concat_ws (' ', c.customer_id, c.status, c.phone, a.balance, a.tier_id, t.chat_id, k.number), '; ' order by c.customer_id)"
                            " from oba.customers c join oba.points_accounts a using (customer_id) left join oba.telegram_links t using (customer_id)"
                            " left join oba.cards k using (customer_id) where c.customer_id in (600, 601)";
  Desk clerk, boss;
  ObaMergeWindow *dialog;
  g_autofree char *before = app_database_ask (fixture->database, two);

  sit_down (fixture, &boss, "leyla", "approvals");
  g_assert_true (shows (&boss, "Nothing to Approve"));
  oba_test_picture (boss.window, "merging-nothing");
  sit_down (fixture, &clerk, "tural", "pairs");
  g_assert_true (shows (&clerk, "same name and birth date · phone numbers differ by one slip"));
  g_assert_true (shows (&clerk, "Likely Pairs (2)"));
  oba_test_picture (clerk.window, "merging-pairs");
  dialog = open_dialog (&clerk, "Propose _Merge…");
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog), "600 points until"));
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog), "1 100 points"));
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog), "Silver, 1 100.00 ₼ in 12 months"));
  oba_test_assert_named (GTK_WIDGET (dialog));
  oba_test_picture (GTK_WINDOW (dialog), "merging-dialog");
  press_in (GTK_WIDGET (dialog), "_Ask for Approval");
  oba_test_wait_until (dialog_of (&clerk) == NULL);
  assert_ask (fixture, before, two);
  review (&clerk, "approvals");
  g_assert_false (has (&clerk, "_Approve"));
  g_assert_true (has (&clerk, "_Withdraw"));

  oba_test_wait_until (has (&boss, "_Approve"));
  g_assert_true (shows (&boss, "Asked by Tural Əhmədov"));
  g_assert_true (shows (&boss, "1 100 points"));
  oba_test_assert_named (GTK_WIDGET (boss.view));
  oba_test_picture (boss.window, "merging-approval");
  press (&boss, "_Approve");
  settle (&boss);
  g_assert_true (shows (&boss, "Approved by Leyla Hacıyeva"));
  assert_ask (fixture, "600 active +994501234567 1100 2 77 OBA-7700-0001; 600 active +994501234567 1100 2 77 OBA-7700-0002; 601 merged +994551234567 0 1 78", two);

  open_profile (&boss, 600);
  g_assert_true (shows (&boss, "Ever earned: 1 100 points"));
  oba_test_picture (boss.window, "merging-one");
  oba_subpages_pop (oba_customers_page_get_subpages (boss.page));

  oba_test_wait_until (shows (&clerk, "Likely Pairs (1)"));
  review (&clerk, "merges");
  g_assert_true (shows (&clerk, "450 points moved · asked by Tural Əhmədov, approved by Leyla Hacıyeva"));
  oba_test_picture (clerk.window, "merging-merges");
  dialog = open_dialog (&clerk, "_Take Back…");
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog), "Comes back"));
  oba_test_picture (GTK_WINDOW (dialog), "merging-back");
  press_in (GTK_WIDGET (dialog), "_Ask for Approval");
  oba_test_wait_until (dialog_of (&clerk) == NULL);
  oba_test_wait_until (has (&boss, "_Approve"));
  press (&boss, "_Approve");
  settle (&boss);
  assert_ask (fixture, before, two);
  oba_test_wait_until (shows (&clerk, "taken back"));
  g_assert_false (has (&clerk, "_Take Back…"));
  leave (&clerk);
  leave (&boss);
}

/* From a profile: the likely one is offered, anybody else is found; the merged one's profile leads to the one who stays, and can be taken apart again. */
static void
test_from_profile (Fixture *fixture, gconstpointer data)
{
  Desk clerk, boss;
  ObaProfileView *profile;
  ObaMergeChooser *chooser;
  ObaMergeWindow *dialog;

  sit_down (fixture, &boss, "leyla", "approvals");
  sit_down (fixture, &clerk, "tural", "pairs");
  profile = open_profile (&clerk, 610);
  chooser = choose (&clerk, profile);
  g_assert_true (oba_test_shows (GTK_WIDGET (chooser), "Likely the Same Person"));
  g_assert_true (oba_test_shows (GTK_WIDGET (chooser), "Guliyev Rashad (No. 611)"));
  oba_test_picture (GTK_WINDOW (chooser), "merging-chooser");
  search (chooser, "memmedov");
  g_assert_true (oba_test_shows (GTK_WIDGET (chooser), "Məmmədov Samir (No. 620)"));
  oba_test_assert_named (GTK_WIDGET (chooser));
  oba_test_picture (GTK_WINDOW (chooser), "merging-chooser-found");
  search (chooser, "<b>'; drop");
  g_assert_true (oba_test_shows (GTK_WIDGET (chooser), "Nobody else is found."));
  search (chooser, "quliyev");
  g_assert_false (oba_test_shows (GTK_WIDGET (chooser), "Məmmədov"));

  /* Not the same person: gone from here and from the review, and back with Undo. */
  press_in (GTK_WIDGET (chooser), "_Not the Same Person");
  oba_test_wait_until (!oba_test_shows (GTK_WIDGET (chooser), "Likely the Same Person"));
  assert_ask (fixture, "not_same tural", "select state || ' ' || decided_by from oba.duplicate_candidates where customer_id = 610");
  oba_test_wait_until (oba_test_find (GTK_WIDGET (chooser), GTK_TYPE_BUTTON, "_Undo") != NULL);
  press_in (GTK_WIDGET (chooser), "_Undo");
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (chooser), "Likely the Same Person"));

  search (chooser, "0503141455");
  press_in (GTK_WIDGET (chooser), "Propose _Merge…");
  g_assert_null (window_of (&clerk, OBA_TYPE_MERGE_CHOOSER));
  dialog = take_dialog (&clerk);
  press_in (GTK_WIDGET (dialog), "_Ask for Approval");
  oba_test_wait_until (dialog_of (&clerk) == NULL);
  oba_test_wait_until (shows (&clerk, "The request waits for somebody else’s approval"));
  oba_test_wait_until (has (&boss, "_Approve"));
  press (&boss, "_Approve");
  settle (&boss);

  profile = open_profile (&clerk, 611);
  g_assert_true (shows (&clerk, "Merged into Quliyev Rəşad"));
  oba_test_picture (clerk.window, "merging-merged-profile");
  gtk_widget_activate_action (GTK_WIDGET (profile), "profile.merge-with", NULL);
  g_assert_null (window_of (&clerk, OBA_TYPE_MERGE_CHOOSER));
  press_in (GTK_WIDGET (profile), "Open _That Customer");
  profile = OBA_PROFILE_VIEW (oba_subpages_get_top (oba_customers_page_get_subpages (clerk.page)));
  g_assert_cmpint (oba_profile_view_get_customer_id (profile), ==, 610);
  oba_test_wait_until (oba_profile_view_is_loaded (profile));
  chooser = choose (&clerk, profile);
  g_assert_true (oba_test_shows (GTK_WIDGET (chooser), "Merged into This Customer"));
  oba_test_picture (GTK_WINDOW (chooser), "merging-chooser-merged");
  press_in (GTK_WIDGET (chooser), "_Take Back…");
  dialog = take_dialog (&clerk);
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog), "Guliyev Rashad (No. 611) becomes a customer of its own again"));
  gtk_window_close (GTK_WINDOW (dialog));

  profile = open_profile (&clerk, 611);
  gtk_widget_activate_action (GTK_WIDGET (profile), "profile.merge-back", NULL);
  dialog = take_dialog (&clerk);
  press_in (GTK_WIDGET (dialog), "_Ask for Approval");
  oba_test_wait_until (dialog_of (&clerk) == NULL);
  oba_test_wait_until (has (&boss, "_Approve"));
  press (&boss, "_Approve");
  settle (&boss);
  assert_ask (fixture, "active active", "select string_agg (status, ' ') from oba.customers where customer_id in (610, 611)");
  leave (&clerk);
  leave (&boss);
}

/* Two supervisors at once: one does it, the other is told; and who presses twice approves once. */
static void
test_two_approve (Fixture *fixture, gconstpointer data)
{
  Desk clerk, boss, other;

  sit_down (fixture, &clerk, "tural", "pairs");
  ask_for (&clerk);
  sit_down (fixture, &boss, "leyla", "approvals");
  sit_down (fixture, &other, "nigar", "approvals");
  press (&boss, "_Approve");
  press (&boss, "_Approve");
  press (&other, "_Approve");
  oba_test_wait_until (is_told (&boss, "This request was decided already.") || is_told (&other, "This request was decided already."));
  settle (&boss);
  settle (&other);
  g_assert_false (is_told (&boss, "decided already") && is_told (&other, "decided already"));
  g_assert_false (has (&other, "_Approve"));
  oba_test_picture (is_told (&boss, "decided") ? boss.window : other.window, "merging-second");
  assert_ask (fixture, "1 1100", "select (select count (*) from oba.merges) || ' ' || balance from oba.points_accounts where customer_id = 600");
  leave (&clerk);
  leave (&boss);
  leave (&other);
}

/* What was approved is what was shown: edited meanwhile, it is shown anew; blocked or erased meanwhile, it is over, and says why. */
static void
test_stale (Fixture *fixture, gconstpointer data)
{
  Desk clerk, boss;

  sit_down (fixture, &clerk, "tural", "pairs");
  sit_down (fixture, &boss, "leyla", "approvals");
  ask_for (&clerk);
  oba_test_wait_until (has (&boss, "_Approve"));
  run (fixture, "select oba.update_customer (jsonb_build_object ('customer_id', 601, 'version', version, 'changes', jsonb_build_object ('city', 'Gəncə')), 'test', 'k1')"
                " from oba.customers where customer_id = 601");
  press (&boss, "_Approve");
  settle (&boss);
  g_assert_true (is_told (&boss, "Nothing was done: something changed since this was asked."));
  g_assert_true (shows (&boss, "The figures are new: look at them before you approve."));
  oba_test_picture (boss.window, "merging-stale");
  assert_ask (fixture, "0", "select count (*) from oba.merges");

  run (fixture, "select oba.block_customer ('{\"customer_id\": 601, \"blocked\": true, \"reason\": \"fraud\"}', 'test', 'k2')");
  press (&boss, "_Approve");
  settle (&boss);
  g_assert_true (is_told (&boss, "the request is closed: it is no longer possible. A blocked customer is neither merged nor taken apart."));
  g_assert_true (shows (&boss, "No longer possible"));
  g_assert_false (has (&boss, "_Approve"));
  oba_test_picture (boss.window, "merging-blocked");

  /* Refused before anybody is asked: the dialog says so, and cannot be sent. */
  review (&clerk, "pairs");
  open_dialog (&clerk, "Propose _Merge…");
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog_of (&clerk)), "A blocked customer is neither merged nor taken apart."));
  g_assert_false (gtk_widget_get_sensitive (oba_test_find (GTK_WIDGET (dialog_of (&clerk)), GTK_TYPE_BUTTON, "_Ask for Approval")));
  oba_test_picture (GTK_WINDOW (dialog_of (&clerk)), "merging-refused");
  gtk_window_close (GTK_WINDOW (dialog_of (&clerk)));
  run (fixture, "select oba.block_customer ('{\"customer_id\": 601, \"blocked\": false, \"reason\": \"mistake\"}', 'test', 'k3')");
  ask_for (&clerk);
  oba_test_wait_until (has (&boss, "_Approve"));
  run (fixture, "select oba.erase_customer ('{\"customer_id\": 601, \"confirm\": \"601\", \"reason\": \"request\"}', 'test', 'k4')");
  oba_test_wait_until (!has (&boss, "_Approve"));
  oba_test_wait_until (shows (&clerk, "Likely Pairs (1)") || oba_duplicates_view_is_settled (clerk.view));
  assert_ask (fixture, "0", "select count (*) from oba.merges");
  leave (&clerk);
  leave (&boss);
}

/* Rejected with a reason that the clerk reads; withdrawn by the one who asked; nobody approves what they asked for themselves. */
static void
test_no (Fixture *fixture, gconstpointer data)
{
  Desk clerk, boss;
  GtkWindow *dialog;
  GtkWidget *reason;

  sit_down (fixture, &clerk, "tural", "pairs");
  sit_down (fixture, &boss, "leyla", "approvals");
  ask_for (&clerk);
  oba_test_wait_until (has (&boss, "_Reject…"));
  press (&boss, "_Reject…");
  dialog = window_of (&boss, ADW_TYPE_MESSAGE_DIALOG);
  reason = adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog));
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "reject"));
  gtk_editable_set_text (GTK_EDITABLE (reason), "  ");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "reject"));
  gtk_editable_set_text (GTK_EDITABLE (reason), "Mother & <b>daughter</b>");
  oba_test_picture (dialog, "merging-reject");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "reject");
  oba_test_wait_until (shows (&boss, "Mother & <b>daughter</b>"));
  review (&clerk, "approvals");
  oba_test_wait_until (shows (&clerk, "Mother & <b>daughter</b>"));

  review (&boss, "pairs");
  ask_for (&boss);
  review (&boss, "approvals");
  g_assert_false (has (&boss, "_Approve"));
  press (&boss, "_Withdraw");
  press (&boss, "_Withdraw");
  oba_test_wait_until (shows (&boss, "Withdrawn"));
  settle (&boss);
  g_assert_cmpstr (oba_duplicates_view_get_problem (boss.view), ==, "");
  assert_ask (fixture, "rejected withdrawn", "select string_agg (state, ' ' order by approval_id) from oba.approvals");
  leave (&clerk);
  leave (&boss);
}

/* Who may not is not offered it: an auditor reads, marketing sees nothing of it. */
static void
test_roles (Fixture *fixture, gconstpointer data)
{
  Desk clerk, auditor, marketing;
  ObaProfileView *profile;

  sit_down (fixture, &clerk, "tural", "pairs");
  ask_for (&clerk);
  g_assert_true (has (&clerk, "_Not the Same Person"));
  review (&clerk, "approvals");
  g_assert_false (has (&clerk, "_Approve"));
  leave (&clerk);

  sit_down (fixture, &auditor, "rauf", "pairs");
  g_assert_true (shows (&auditor, "phone numbers differ by one slip"));
  g_assert_true (shows (&auditor, "Waits for approval"));
  g_assert_false (has (&auditor, "_Not the Same Person") || has (&auditor, "Propose _Merge…"));
  oba_test_picture (auditor.window, "merging-auditor");
  review (&auditor, "approvals");
  g_assert_true (shows (&auditor, "1 100 points"));
  g_assert_false (has (&auditor, "_Approve") || has (&auditor, "_Reject…") || has (&auditor, "_Withdraw"));
  profile = open_profile (&auditor, 610);
  gtk_widget_activate_action (GTK_WIDGET (profile), "profile.merge-with", NULL);
  g_assert_null (window_of (&auditor, OBA_TYPE_MERGE_CHOOSER));
  leave (&auditor);

  sit_down_at (fixture, &marketing, app_database_get_conninfo (fixture->database), "aysu");
  gtk_widget_activate_action (GTK_WIDGET (marketing.page), "page.duplicates", NULL);
  g_assert_null (oba_subpages_get_top (oba_customers_page_get_subpages (marketing.page)));
  leave (&marketing);
}

/* The cable breaks when the request is made already: what was chosen is still there, and there is one request; the same when it is approved. */
static void
test_lost (Fixture *fixture, gconstpointer data)
{
  Desk clerk, boss;
  ObaMergeWindow *dialog;
  GtkWidget *window;

  sit_down_at (fixture, &clerk, oba_test_wire_get_conninfo (fixture->wire), "tural");
  review (&clerk, "pairs");
  dialog = open_dialog (&clerk, "Propose _Merge…");
  window = GTK_WIDGET (dialog);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (gtk_widget_get_ancestor (oba_test_find (window, GTK_TYPE_LABEL, "Sumqayıt"), GTK_TYPE_CHECK_BUTTON)), TRUE);
  oba_test_wait_until (oba_merge_window_is_settled (dialog));
  g_assert_true (oba_test_shows (window, "City: Sumqayıt instead of Bakı"));

  /* Away while something is chosen: the preview comes back by itself. */
  oba_test_wire_cut (fixture->wire);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (gtk_widget_get_ancestor (oba_test_find (window, GTK_TYPE_LABEL, "@aysel_m"), GTK_TYPE_CHECK_BUTTON)), TRUE);
  oba_test_wait_until (oba_test_find (window, GTK_TYPE_BUTTON, "_Try Again") != NULL);
  g_assert_false (gtk_widget_get_sensitive (oba_test_find (window, GTK_TYPE_BUTTON, "_Ask for Approval")));
  oba_test_picture (GTK_WINDOW (dialog), "merging-away");
  oba_test_wire_mend (fixture->wire);
  oba_test_wait_until (oba_test_shows (window, "@aysel_m stays linked"));

  gtk_editable_set_text (GTK_EDITABLE (oba_test_find (window, ADW_TYPE_ENTRY_ROW, NULL)), "One and the same");
  gtk_window_close (GTK_WINDOW (dialog));   /* asks first */
  g_assert_true (gtk_widget_get_visible (window));
  oba_test_wire_lose_answer_to (fixture->wire, "One and the same");
  oba_merge_window_send (dialog);
  oba_merge_window_send (dialog);
  oba_test_wait_until (oba_test_wire_get_n_lost (fixture->wire) == 1);
  oba_test_wire_cut (fixture->wire);
  oba_test_wait_until (oba_test_shows (window, "As soon as the server is back the request is made, once."));
  oba_test_picture (GTK_WINDOW (dialog), "merging-lost");
  oba_test_wire_mend (fixture->wire);
  oba_test_wait_until (dialog_of (&clerk) == NULL);
  assert_ask (fixture, "1 source source", "select count (*) || ' ' || min (request #>> '{fields,city}') || ' ' || min (request #>> '{fields,telegram}') from oba.approvals");
  leave (&clerk);

  sit_down_at (fixture, &boss, oba_test_wire_get_conninfo (fixture->wire), "leyla");
  review (&boss, "approvals");
  g_assert_true (shows (&boss, "City: Sumqayıt instead of Bakı"));
  g_assert_true (shows (&boss, "@aysel_m stays linked"));
  oba_test_wire_lose_answer_to (fixture->wire, "decide_approval");
  press (&boss, "_Approve");
  oba_test_wait_until (oba_test_wire_get_n_lost (fixture->wire) == 2);
  oba_test_wire_cut (fixture->wire);
  oba_test_wait_until (shows (&boss, "As soon as the server is back what you decided is done, once."));
  oba_test_wire_mend (fixture->wire);
  oba_test_wait_until (shows (&boss, "Approved and done"));
  settle (&boss);
  assert_ask (fixture, "1 Sumqayıt 78", "select (select count (*) from oba.merges) || ' ' || city || ' ' || chat_id from oba.customers join oba.telegram_links using (customer_id) where customer_id = 600");
  leave (&boss);
}

/* A reason that is no reason any more is refused; what was chosen and typed stays, and shortened it goes. */
static void
test_long_reason (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaMergeWindow *dialog;
  GtkWidget *window;
  GtkEditable *reason;
  g_autofree char *text = g_strnfill (10000, 'x');

  sit_down (fixture, &clerk, "tural", "pairs");
  dialog = open_dialog (&clerk, "Propose _Merge…");
  window = GTK_WIDGET (dialog);
  reason = GTK_EDITABLE (oba_test_find (window, ADW_TYPE_ENTRY_ROW, NULL));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (gtk_widget_get_ancestor (oba_test_find (window, GTK_TYPE_LABEL, "Sumqayıt"), GTK_TYPE_CHECK_BUTTON)), TRUE);
  gtk_editable_set_text (reason, text);
  oba_test_wait_until (oba_merge_window_is_settled (dialog));
  oba_merge_window_send (dialog);
  oba_test_wait_until (oba_test_shows (window, "A reason has at most 1,000 characters."));
  g_assert_cmpuint (strlen (gtk_editable_get_text (reason)), ==, 10000);
  oba_test_picture (GTK_WINDOW (dialog), "merging-long");
  gtk_editable_set_text (reason, "<b>\xe2\x80\xae'; drop");
  oba_merge_window_send (dialog);
  oba_test_wait_until (oba_test_shows (window, "A text holds an invisible control character."));
  gtk_editable_set_text (reason, "<b>'; drop");
  oba_merge_window_send (dialog);
  oba_test_wait_until (dialog_of (&clerk) == NULL);
  review (&clerk, "approvals");
  g_assert_true (shows (&clerk, "<b>'; drop"));
  assert_ask (fixture, "source", "select request #>> '{fields,city}' from oba.approvals");
  leave (&clerk);
}

static gboolean
has_focus (Desk *desk, const char *label)
{
  GtkWidget *focus = gtk_window_get_focus (desk->window);

  return focus != NULL && GTK_IS_BUTTON (focus) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (focus)), label) == 0;
}

/* Going through the list by keyboard: the focus stays where it was when a colleague's work comes in, and goes on to the next pair after one's own. */
static void
test_keyboard (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  GtkWidget *focus;

  sit_down (fixture, &clerk, "tural", "pairs");
  gtk_widget_grab_focus (oba_test_find (GTK_WIDGET (clerk.view), GTK_TYPE_BUTTON, "Propose _Merge…"));
  focus = gtk_window_get_focus (clerk.window);
  run (fixture, "insert into oba.customers (customer_id, family_name, given_name, birth_date) values (630, 'Samir', 'Məmmədov', '1990-01-01')");
  do_jobs (fixture);
  run (fixture, "notify oba_duplicates");
  oba_test_wait_until (shows (&clerk, "Likely Pairs (3)"));
  settle (&clerk);
  g_assert_true (gtk_window_get_focus (clerk.window) != focus);
  g_assert_true (has_focus (&clerk, "Propose _Merge…"));
  gtk_widget_activate (gtk_window_get_focus (clerk.window));
  gtk_window_close (GTK_WINDOW (take_dialog (&clerk)));   /* nothing was chosen: nothing is asked */
  oba_test_wait_until (dialog_of (&clerk) == NULL);
  g_assert_true (has_focus (&clerk, "Propose _Merge…"));

  gtk_widget_grab_focus (oba_test_find (GTK_WIDGET (clerk.view), GTK_TYPE_BUTTON, "_Not the Same Person"));
  for (guint left = 2; left > 0; left--)
    {
      g_autofree char *title = g_strdup_printf ("Likely Pairs (%u)", left);

      gtk_widget_activate (gtk_window_get_focus (clerk.window));
      oba_test_wait_until (shows (&clerk, title));
      settle (&clerk);
      g_assert_true (has_focus (&clerk, "_Not the Same Person"));
    }
  gtk_widget_activate (gtk_window_get_focus (clerk.window));
  oba_test_wait_until (shows (&clerk, "No Likely Pairs"));
  oba_test_picture (clerk.window, "merging-none");
  leave (&clerk);
}

int
main (int argc, char **argv)
{
  oba_test_app_init (&argc, &argv);

#define ADD(path, func) g_test_add ("/app/merging/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("whole-way", test_whole_way);
  ADD ("from-profile", test_from_profile);
  ADD ("two-approve", test_two_approve);
  ADD ("stale", test_stale);
  ADD ("no", test_no);
  ADD ("roles", test_roles);
  ADD ("lost", test_lost);
  ADD ("long-reason", test_long_reason);
  ADD ("keyboard", test_keyboard);
#undef ADD
  return g_test_run ();
}
