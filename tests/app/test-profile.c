/* The profile as a clerk uses it with the customer on the phone: the real widgets, a real PostgreSQL behind them. */
#include "customers/oba-customers-page.h"

#include <string.h>

#include "app-database.h"
#include "base/oba-money.h"
#include "customers/oba-card-entry.h"
#include "customers/oba-profile-consents.h"
#include "customers/oba-profile-layout.h"
#include "customers/oba-profile-view.h"
#include "customers/oba-points-why.h"
#include "customers/oba-timeline-row.h"
#include "customers/oba-timeline-view.h"
#include "oba-screenshots.h"
#include "oba-test-app.h"
#include "points/oba-adjust-window.h"
#include "widgets/oba-field.h"
#include "widgets/oba-problem-box.h"

static const char fill[] =
  "insert into oba.stores (code, name) values ('S1', 'OBA Nizami');"
  "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea'), ('bread', 'Çörək', 'Bread');"
  "insert into oba.products (code, name, unit, category_id, price) select 'P1', 'Azərçay qara', 'kg', category_id, 1250 from oba.categories where code = 'tea';"
  "insert into oba.products (code, name, category_id, price) select 'P2', 'Çörək', category_id, 70 from oba.categories where code = 'bread';"
  "insert into oba.customers (customer_id, given_name, family_name, patronymic, phone, email, city, birth_date, registered_store_id,"
  "  preferred_store_id, registered_at, notes)"
  " values (500, 'Ayşə', 'Əliyeva', 'Rəşid qızı', '+994501234567', 'ayse@example.az', 'Bakı', '1985-03-21', 1, 1, '2024-05-06', 'Calls <b>often</b>.'),"
  "  (503, 'Nigar', 'Quliyeva', '', null, null, '', null, null, null, now(), ''),"
  "  (501, 'Yeni', 'Müştəri', '', null, null, '', null, null, null, now(), ''),"
  "  (502, repeat ('Ü', 100), repeat ('Ğ', 100), '<i>&amp;', '+994501234568', null, '<b>Bakı</b>', null, null, null, now(), '');"
  "insert into oba.cards (token_hash, number, customer_id) values (sha256 ('a'), 'OBA-7700-0001', 500);"
  "insert into oba.cards (token_hash, number, state) values (sha256 ('token-of-0002'), 'OBA-7700-0002', 'blank');"
  "insert into oba.telegram_links (chat_id, customer_id, username) values (77, 500, 'ayse');"
  "select oba.put_consent (500, 'sms', true, 'staff', 1, ''), oba.put_consent (500, 'telegram', false, 'staff', 1, '');"
  "select oba.ensure_partitions ((now() - interval '14 months')::date, now()::date);"
  "select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', 'R' || n, 'sold_at', now() - n * interval '3 days',"
  " 'customer_id', 500, 'source', 'till', 'lines', jsonb_build_array ("
  " jsonb_build_object ('code', 'P1', 'quantity', 1.5, 'unit_price', 1250, 'total', 1875),"
  " jsonb_build_object ('code', 'P2', 'quantity', 2, 'unit_price', 70, 'total', 140)),"
  " 'total', 2015), null, null) from generate_series (1, 120) n;"
  "analyze;";

/* What the helper's jobs make of it, once the receipts are committed. */
static const char jobs[] = "select oba.fold_rollups ();";

static AppDatabase *database;

typedef struct
{
  AdwApplication   *app;
  ObaSession       *session;
  GtkWindow        *window;
  ObaCustomersPage *page;
  ObaProfileView   *profile;
} Fixture;

/* ---- what is seen */

static gboolean
shows (Fixture *fixture, const char *text)
{
  return oba_test_shows (GTK_WIDGET (fixture->profile), text);
}

static char *
ask (const char *sql)
{
  return app_database_ask (database, sql);
}

static gboolean
says (const char *sql, const char *expected)
{
  g_autofree char *answer = ask (sql);

  return g_strcmp0 (answer, expected) == 0;
}

static void
settle (Fixture *fixture)
{
  oba_test_wait_until (oba_profile_view_is_loaded (fixture->profile));
  gtk_widget_queue_draw (GTK_WIDGET (fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
}

static void
open_profile (Fixture *fixture, gint64 id)
{
  oba_customers_page_open_profile (fixture->page, id);
  fixture->profile = OBA_PROFILE_VIEW (oba_subpages_get_top (oba_customers_page_get_subpages (fixture->page)));
  g_assert_cmpint (oba_profile_view_get_customer_id (fixture->profile), ==, id);
  settle (fixture);
}

static void
click (Fixture *fixture, const char *label)
{
  GtkWidget *button = oba_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, label);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static void
press_undo (Fixture *fixture)
{
  oba_test_wait_until (oba_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, "_Undo") != NULL);
  click (fixture, "_Undo");
}

/* ---- */

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkWidget *overlay = adw_toast_overlay_new ();

  fixture->app = oba_test_application_new ();
  fixture->session = app_database_sign_in (database);
  oba_test_wait_until (oba_db_listener_is_listening (oba_session_get_listener (fixture->session)));
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", fixture->session, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (fixture->page));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), overlay);
  oba_test_present (fixture->window, 1088, 720);
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->app);
}

/* ---- tests */

/* Enter on the chosen row opens all that is known; Escape comes back to the row. */
static void
test_opens (Fixture *fixture, gconstpointer data)
{
  const char *texts[] = { "Əliyeva Ayşə Rəşid qızı", "Active", "+994 50 123 45 67", "ayse@example.az", "@ayse", "OBA-7700-0001", "Bakı", "Azerbaijani",
                          "21 Mar 1985", "6 May 2024, OBA Nizami, by staff", "Yes, since", "No, since", "Never asked", "Silver", "more to Gold",
                          "Calls <b>often</b>." };
  g_autofree char *balance = ask ("select balance from oba.points_accounts where customer_id = 500");
  g_autofree char *points = oba_number_format (g_ascii_strtoll (balance, NULL, 10));
  ObaSubpages *subpages = oba_customers_page_get_subpages (fixture->page);

  oba_customers_page_search (fixture->page, "0501234567");
  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_SEARCH_ENTRY, NULL), "search-changed");
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page) && oba_customers_page_get_selected (fixture->page) == 500);
  g_signal_emit_by_name (oba_lazy_view_get_column_view (oba_customers_page_get_view (fixture->page)), "activate", 0);
  g_assert_true (OBA_IS_PROFILE_VIEW (oba_subpages_get_top (subpages)));
  fixture->profile = OBA_PROFILE_VIEW (oba_subpages_get_top (subpages));
  settle (fixture);
  g_assert_cmpstr (oba_profile_view_get_shown (fixture->profile), ==, "profile");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!shows (fixture, texts[i]))
      g_error ("the profile does not show “%s”", texts[i]);
  g_assert_true (shows (fixture, points));
  oba_test_assert_named (GTK_WIDGET (fixture->profile));
  oba_test_picture (fixture->window, "profile");

  oba_subpages_pop (subpages);
  g_assert_null (oba_subpages_get_top (subpages));
}

static GtkSwitch *
consent_switch (Fixture *fixture, const char *channel)
{
  GtkWidget *consents = oba_test_find (GTK_WIDGET (fixture->profile), OBA_TYPE_PROFILE_CONSENTS, NULL);

  return oba_profile_consents_get_switch (OBA_PROFILE_CONSENTS (consents), channel);
}

/* A consent is said to be given when it is committed, with who and when, and Undo takes it back. */
static void
test_consent (Fixture *fixture, gconstpointer data)
{
  open_profile (fixture, 500);
  g_assert_true (gtk_switch_get_state (consent_switch (fixture, "sms")));
  g_assert_false (gtk_switch_get_state (consent_switch (fixture, "email")));
  gtk_widget_activate (GTK_WIDGET (consent_switch (fixture, "email")));
  g_assert_false (gtk_switch_get_state (consent_switch (fixture, "email")));
  oba_test_wait_until (gtk_switch_get_state (consent_switch (fixture, "email")));
  g_assert_true (says ("select granted from oba.consents where customer_id = 500 and channel = 'email'", "t"));
  oba_test_picture (fixture->window, "profile-consent");
  press_undo (fixture);
  oba_test_wait_until (!gtk_switch_get_state (consent_switch (fixture, "email")));
  g_assert_true (says ("select granted from oba.consents where customer_id = 500 and channel = 'email'", "f"));
  g_assert_true (says ("select count(*) from oba.consent_history where customer_id = 500 and channel = 'email'", "2"));
}

static GtkWindow *
dialog_of (Fixture *fixture)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_window_get_transient_for (window) == fixture->window)
        return window;
    }
  return NULL;
}

/* Scans a card into the dialog, waits until it is found to be blank, and hands it out. */
static void
scan (Fixture *fixture, const char *code)
{
  GtkWindow *dialog = dialog_of (fixture);
  ObaCardEntry *entry;

  g_assert_nonnull (dialog);
  entry = OBA_CARD_ENTRY (adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog)));
  oba_card_entry_scan (entry, code);
  oba_test_wait_until (!oba_card_entry_is_looking (entry) && oba_card_entry_get_note (entry) != NULL);
  oba_test_picture (dialog, "profile-card-dialog");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "give");
}

/* A lost card stops working at once; a mistake is taken back; another card takes its place. */
static void
test_cards (Fixture *fixture, gconstpointer data)
{
  open_profile (fixture, 500);
  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.card-lost", "s", "OBA-7700-0001");
  settle (fixture);
  g_assert_true (says ("select state from oba.cards where number = 'OBA-7700-0001'", "lost"));
  oba_test_wait_until (shows (fixture, "lost"));
  press_undo (fixture);
  settle (fixture);
  oba_test_wait_until (says ("select state from oba.cards where number = 'OBA-7700-0001'", "active"));

  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.card-replace", "s", "OBA-7700-0001");
  scan (fixture, "token-of-0002");
  oba_test_wait_until (says ("select state from oba.cards where number = 'OBA-7700-0002'", "active"));
  g_assert_true (says ("select state from oba.cards where number = 'OBA-7700-0001'", "lost"));
  oba_test_wait_until (shows (fixture, "OBA-7700-0002"));
  settle (fixture);
  oba_test_picture (fixture->window, "profile-cards");
}

static ObaAdjustWindow *
find_adjust (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (OBA_IS_ADJUST_WINDOW (window))
        return OBA_ADJUST_WINDOW (window);
    }
  return NULL;
}

static ObaAdjustWindow *
open_adjust (Fixture *fixture)
{
  ObaAdjustWindow *window;

  /* What was posted is in the database before the window hears of it and closes. */
  oba_test_wait_until (find_adjust () == NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.adjust-points", NULL);
  window = find_adjust ();
  g_assert_nonnull (window);
  oba_test_wait_until (oba_adjust_window_is_settled (window));
  return window;
}

static void
press (ObaAdjustWindow *window, const char *label)
{
  oba_test_wait_until (oba_adjust_window_is_settled (window) && oba_test_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, label) != NULL);
  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, label), "clicked");
}

/* Points by hand: what it does is shown before, what was done can be taken back, what is too much waits for a colleague and changes nothing. */
static void
test_adjust (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = ask ("select balance from oba.points_accounts where customer_id = 503");
  g_autofree char *after = g_strdup_printf ("%d", atoi (before) + 50);
  ObaAdjustWindow *window;

  open_profile (fixture, 503);
  window = open_adjust (fixture);
  oba_adjust_window_set (window, 50, "other", "");
  oba_test_wait_until (oba_adjust_window_is_settled (window) && oba_test_shows (GTK_WIDGET (window), "Another reason is told in words"));
  g_assert_false (gtk_widget_get_sensitive (oba_test_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "_Post")));
  oba_adjust_window_set (window, 50, "goodwill", "waited <b>long</b>");
  oba_test_wait_until (oba_adjust_window_is_settled (window));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "new, until"));
  oba_test_assert_named (GTK_WIDGET (window));
  oba_test_picture (GTK_WINDOW (window), "adjust");
  press (window, "_Post");
  oba_test_wait_until (says ("select balance from oba.points_accounts where customer_id = 503", after));

  settle (fixture);
  window = open_adjust (fixture);
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "Goodwill: waited <b>long</b>"));
  press (window, "Take Back");
  oba_test_wait_until (says ("select balance from oba.points_accounts where customer_id = 503", before));

  settle (fixture);
  window = open_adjust (fixture);
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "taken back"));
  oba_adjust_window_set (window, 5000, "promotion", "");
  press (window, "_Ask for Approval");
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (window), "It Waits for a Supervisor"));
  g_assert_true (says ("select kind || ' ' || state from oba.approvals", "adjustment requested"));
  g_assert_true (says ("select balance from oba.points_accounts where customer_id = 503", before));
  gtk_window_close (GTK_WINDOW (window));
}

/* A customer's points are locked for a reason that everybody sees, and unlocked again by Undo. */
static void
test_lock (Fixture *fixture, gconstpointer data)
{
  GListModel *windows = gtk_window_get_toplevels ();

  open_profile (fixture, 503);
  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.lock-spending", NULL);
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) dialog = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (dialog))
        {
          adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "lock");
          break;
        }
    }
  oba_test_wait_until (says ("select spending_lock_reason from oba.points_accounts where customer_id = 503", "customer"));
  settle (fixture);
  oba_test_wait_until (shows (fixture, "Spending is locked since"));
  oba_test_picture (fixture->window, "profile-locked");
  press_undo (fixture);
  oba_test_wait_until (says ("select count (*) from oba.points_accounts where spending_locked_at is not null", "0"));
  settle (fixture);
}

/* (nullable) (transfer none) */
static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_visible (window))
        return window;
    }
  return NULL;
}

/* The entry under a title. */
static GtkEditable *
entry_of (GtkWidget *dialog, const char *title)
{
  GtkWidget *field = gtk_widget_get_ancestor (oba_test_find (dialog, GTK_TYPE_LABEL, title), OBA_TYPE_FIELD);

  return GTK_EDITABLE (oba_test_find (field, GTK_TYPE_ENTRY, NULL));
}

/* A tier by hand has a last day and a reason, and everybody reads both, what changed and why. */
static void
test_tier_by_hand (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog;
  g_autofree char *in_a_year = NULL;

  open_profile (fixture, 503);
  oba_test_wait_until (shows (fixture, "The tier has never changed."));
  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (fixture->profile), GTK_TYPE_BUTTON, "_Tier by Hand…"), "clicked");
  dialog = find_dialog ();
  in_a_year = g_strdup (gtk_editable_get_text (entry_of (dialog, "Its last day")));
  gtk_editable_set_text (entry_of (dialog, "Reason"), "lost <b>parcel</b>");
  gtk_editable_set_text (entry_of (dialog, "Its last day"), "31.02.2090");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "do"));
  g_assert_true (oba_test_shows (dialog, "A day from today on"));
  gtk_editable_set_text (entry_of (dialog, "Its last day"), "01.01.2020");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "do"));
  gtk_editable_set_text (entry_of (dialog, "Its last day"), "31.12.2090");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "do"));
  gtk_editable_set_text (entry_of (dialog, "Its last day"), in_a_year);
  oba_test_picture (GTK_WINDOW (dialog), "profile-tier-dialog");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "do");
  oba_test_wait_until (shows (fixture, "At least Platinum until") && shows (fixture, "lost <b>parcel</b>") && shows (fixture, "1 change, and why"));
  oba_test_wait_until (says ("select until = oba.business_day (now()) + interval '1 year' from oba.tier_overrides where customer_id = 503", "t"));
  oba_test_picture (fixture->window, "profile-tier-by-hand");
  g_free (ask ("select oba.end_tier_override (jsonb_build_object ('customer_id', 503, 'override_id', (select override_id from oba.tier_overrides where ended_at is null), 'reason', 'x'))"));
  oba_test_wait_until (!shows (fixture, "At least Platinum"));
}

/* A colleague blocks the customer meanwhile: it is said at once, with the reason, and nothing jumps. */
static void
test_live (Fixture *fixture, gconstpointer data)
{
  open_profile (fixture, 500);
  g_free (ask ("select oba.block_customer ('{\"customer_id\": 500, \"blocked\": true, \"reason\": \"Card <b>shared</b>\"}')"));
  oba_test_wait_until (shows (fixture, "Card <b>shared</b>"));
  g_assert_true (shows (fixture, "Blocked on"));
  oba_test_picture (fixture->window, "profile-blocked");
  g_free (ask ("select oba.block_customer ('{\"customer_id\": 500, \"blocked\": false, \"reason\": \"Mistake\"}')"));
  oba_test_wait_until (!shows (fixture, "Blocked on"));
}

/* Nothing bought, nothing known: the profile says so instead of showing nothing. */
static void
test_empty (Fixture *fixture, gconstpointer data)
{
  open_profile (fixture, 501);
  g_assert_true (shows (fixture, "Müştəri Yeni"));
  g_assert_true (shows (fixture, "No card yet."));
  oba_test_picture (fixture->window, "profile-empty");
}

/* The longest names, with markup, are shown as they are, in a small window, too. */
static void
test_long (Fixture *fixture, gconstpointer data)
{
  open_profile (fixture, 502);
  g_assert_true (shows (fixture, "<i>&amp;"));
  g_assert_true (shows (fixture, "<b>Bakı</b>"));
  oba_test_picture (fixture->window, "profile-long");
}

/* ---- the timeline */

static ObaTimelineView *
timeline (Fixture *fixture)
{
  return OBA_TIMELINE_VIEW (oba_test_find (GTK_WIDGET (fixture->profile), OBA_TYPE_TIMELINE_VIEW, NULL));
}

static ObaTimelineModel *
model (Fixture *fixture)
{
  return oba_timeline_view_get_model (timeline (fixture));
}

static guint
n_events (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (model (fixture)));
}

static const ObaTimelineFacts *
facts_at (Fixture *fixture, guint position)
{
  g_autoptr (ObaTimelineItem) item = g_list_model_get_item (G_LIST_MODEL (model (fixture)), position);

  return oba_timeline_item_get_facts (item);
}

static GtkAdjustment *
scroll (Fixture *fixture)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (oba_timeline_view_get_list (timeline (fixture))));
}

static void
press_filter (Fixture *fixture, const char *label)
{
  GtkWidget *button = oba_test_find (GTK_WIDGET (timeline (fixture)), GTK_TYPE_TOGGLE_BUTTON, label);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  settle (fixture);
}

/* As scrolled by hand: to the bottom of what is there, again and again. */
static void
scroll_to_end (Fixture *fixture)
{
  while (!oba_timeline_model_is_complete (model (fixture)))
    {
      GtkAdjustment *adjustment = scroll (fixture);

      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
      settle (fixture);
    }
}

/* Scrolling down ends at the registration; every receipt and every points line of the database was there, once, newest first. */
static void
test_timeline_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *receipts = ask ("select count(*) from oba.receipts where customer_id = 500");
  g_autofree char *points = ask ("select count(*) from oba.points_ledger where customer_id = 500");
  gint64 n_receipts = 0;
  gint64 n_points = 0;

  open_profile (fixture, 500);
  g_assert_cmpuint (n_events (fixture), <, 200);
  scroll_to_end (fixture);
  for (guint i = 0; i < n_events (fixture); i++)
    {
      const ObaTimelineFacts *facts = facts_at (fixture, i);

      g_assert_true (g_hash_table_add (seen, g_strdup_printf ("%d %" G_GINT64_FORMAT, facts->kind, facts->id)));
      g_assert_true (i == 0 || g_date_time_compare (facts_at (fixture, i - 1)->at, facts->at) >= 0);
      n_receipts += facts->kind == OBA_TIMELINE_RECEIPT;
      n_points += facts->kind == OBA_TIMELINE_POINTS;
    }
  g_assert_cmpint (n_receipts, ==, g_ascii_strtoll (receipts, NULL, 10));
  g_assert_cmpint (n_points, ==, g_ascii_strtoll (points, NULL, 10));
  g_assert_cmpint (facts_at (fixture, n_events (fixture) - 1)->kind, ==, OBA_TIMELINE_REGISTRATION);
}

/* One kind alone, two together, and a kind of which there is nothing, from where one button leads back. */
static void
test_filter (Fixture *fixture, gconstpointer data)
{
  open_profile (fixture, 500);
  press_filter (fixture, "Receipts");
  for (guint i = 0; i < n_events (fixture); i++)
    g_assert_cmpint (facts_at (fixture, i)->kind, ==, OBA_TIMELINE_RECEIPT);
  press_filter (fixture, "Points");
  g_assert_cmpint (facts_at (fixture, 0)->kind | facts_at (fixture, 1)->kind, ==, OBA_TIMELINE_RECEIPT | OBA_TIMELINE_POINTS);
  oba_test_picture (fixture->window, "profile-filter");
  press_filter (fixture, "Receipts");
  press_filter (fixture, "Points");
  press_filter (fixture, "Rewards");
  g_assert_cmpstr (oba_timeline_view_get_shown (timeline (fixture)), ==, "nothing");
  oba_test_picture (fixture->window, "profile-nothing");
  gtk_widget_activate_action (GTK_WIDGET (timeline (fixture)), "timeline.show-all", NULL);
  settle (fixture);
  g_assert_cmpstr (oba_timeline_view_get_shown (timeline (fixture)), ==, "list");
  g_assert_cmpuint (n_events (fixture), >, 40);
}

/* A receipt opens to its lines, by mouse or Enter, and closes again. */
static void
test_receipt (Fixture *fixture, gconstpointer data)
{
  open_profile (fixture, 500);
  press_filter (fixture, "Receipts");
  g_assert_false (shows (fixture, "Azərçay qara"));
  g_signal_emit_by_name (oba_timeline_view_get_list (timeline (fixture)), "activate", 1);
  oba_test_wait_until (shows (fixture, "Azərçay qara"));
  g_assert_true (shows (fixture, "1.5 kg"));
  oba_test_picture (fixture->window, "profile-receipt");
  g_signal_emit_by_name (oba_timeline_view_get_list (timeline (fixture)), "activate", 1);
  oba_test_wait_until (!shows (fixture, "Azərçay qara"));
}

static GtkWidget *
find_why (Fixture *fixture)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (timeline (fixture))); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (OBA_IS_POINTS_WHY (child))
      return child;
  return NULL;
}

/* What stands in a window of its own is not in the window's picture. */
static void
picture_of (GtkWidget *widget, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  if (g_getenv ("OBA_TEST_PICTURES") == NULL)
    return;
  path = g_build_filename (g_getenv ("OBA_TEST_PICTURES"), file, NULL);
  for (guint i = 0; i < 3; i++)
    {
      gtk_widget_queue_draw (widget);
      gtk_test_widget_wait_for_draw (widget);
    }
  g_assert_true (oba_screenshots_save_widget (widget, path, &error));
  g_assert_no_error (error);
}

/* Each line of points says which rule it is from, in which version, what the rule was given, and what became of the points. */
static void
test_why (Fixture *fixture, gconstpointer data)
{
  const char *texts[] = { "Points earned: +20 points", "Receipt R", "OBA Nizami", "20.15", "1 point for every full manat of a receipt", "version 1",
                          "make 20 points, rounded down", "valid until", "Balance after it" };
  GtkWidget *button;

  open_profile (fixture, 500);
  press_filter (fixture, "Points");
  button = oba_test_find (GTK_WIDGET (timeline (fixture)), GTK_TYPE_BUTTON, "Why?");
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  g_assert_nonnull (find_why (fixture));
  oba_test_wait_until (oba_points_why_is_loaded (OBA_POINTS_WHY (find_why (fixture))));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!oba_test_shows (find_why (fixture), texts[i]))
      g_error ("“Why?” does not say “%s”", texts[i]);
  picture_of (find_why (fixture), "profile-why");
  gtk_popover_popdown (GTK_POPOVER (find_why (fixture)));
  oba_test_wait_until (find_why (fixture) == NULL);
}

static const char one_more[] =
  "select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', 'NEW', 'sold_at', now(),"
  " 'customer_id', 500, 'source', 'till', 'lines', jsonb_build_array (jsonb_build_object ('code', 'P2', 'quantity', 1, 'unit_price', 70, 'total', 70)),"
  " 'total', 70), null, null); select pg_notify ('oba_customers', '500')";

/* A purchase while the clerk reads further down: it is on top, and what is being read stays in its place. */
static void
test_scrolled (Fixture *fixture, gconstpointer data)
{
  guint n;
  double before;

  open_profile (fixture, 500);
  press_filter (fixture, "Receipts");
  gtk_adjustment_set_value (scroll (fixture), 600);
  settle (fixture);
  n = n_events (fixture);
  before = gtk_adjustment_get_value (scroll (fixture));
  g_assert_cmpfloat (before, >, 300);
  g_free (ask (one_more));
  oba_test_wait_until (n_events (fixture) > n);
  settle (fixture);
  g_assert_cmpstr (facts_at (fixture, 0)->name, ==, "NEW");
  g_assert_cmpfloat (gtk_adjustment_get_value (scroll (fixture)), >, before - 20);
}

/* The server dies: what was read stays and says that it is old; when it is back, all goes on. */
static void
test_server_lost (Fixture *fixture, gconstpointer data)
{
  ObaTestPostgres *server = app_database_get_server (database);

  open_profile (fixture, 500);
  oba_db_pool_set_patience (oba_session_get_pool (fixture->session), 300);
  oba_test_postgres_kill (server);
  oba_profile_view_refresh (fixture->profile);
  oba_test_wait_until (shows (fixture, "could not be brought up to date"));
  g_assert_cmpstr (oba_profile_view_get_shown (fixture->profile), ==, "profile");
  g_assert_true (shows (fixture, "Əliyeva Ayşə"));
  oba_test_picture (fixture->window, "profile-offline");
  oba_db_pool_set_patience (oba_session_get_pool (fixture->session), 30000);
  oba_test_postgres_start (server);
  oba_test_wait_until (oba_session_is_online (fixture->session));
  oba_profile_view_refresh (fixture->profile);
  oba_test_wait_until (!shows (fixture, "could not be brought up to date"));
}

/* Where there is no room for both parts, one is seen at a time, and a button leads to the other. */
static void
test_narrow (Fixture *fixture, gconstpointer data)
{
  ObaProfileLayout *layout;
  GtkWidget *list;

  /* Without the page below, whose list needs more room. */
  fixture->profile = OBA_PROFILE_VIEW (oba_profile_view_new (fixture->session, 500));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), GTK_WIDGET (fixture->profile));
  settle (fixture);
  layout = OBA_PROFILE_LAYOUT (oba_test_find (GTK_WIDGET (fixture->profile), OBA_TYPE_PROFILE_LAYOUT, NULL));
  list = oba_timeline_view_get_list (timeline (fixture));
  g_assert_true (gtk_widget_get_mapped (list) && !oba_profile_layout_is_narrow (layout));
  gtk_window_set_default_size (fixture->window, 700, 700);
  oba_test_wait_until (oba_profile_layout_is_narrow (layout));
  settle (fixture);
  g_assert_false (gtk_widget_get_mapped (list));
  g_assert_true (shows (fixture, "+994 50 123 45 67"));
  oba_test_picture (fixture->window, "profile-narrow");
  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (layout), GTK_TYPE_TOGGLE_BUTTON, "History"), "clicked");
  oba_test_wait_until (gtk_widget_get_mapped (list));
  g_assert_false (shows (fixture, "+994 50 123 45 67"));
  oba_test_picture (fixture->window, "profile-narrow-history");
}

int
main (int argc, char **argv)
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, fill);
  app_database_run (database, jobs);
  app_database_run (database, "select oba.refresh_lifecycle (1000)");
  g_test_add ("/profile/opens", Fixture, NULL, set_up, test_opens, tear_down);
  g_test_add ("/profile/consent", Fixture, NULL, set_up, test_consent, tear_down);
  g_test_add ("/profile/cards", Fixture, NULL, set_up, test_cards, tear_down);
  g_test_add ("/profile/adjust", Fixture, NULL, set_up, test_adjust, tear_down);
  g_test_add ("/profile/lock", Fixture, NULL, set_up, test_lock, tear_down);
  g_test_add ("/profile/tier-by-hand", Fixture, NULL, set_up, test_tier_by_hand, tear_down);
  g_test_add ("/profile/live", Fixture, NULL, set_up, test_live, tear_down);
  g_test_add ("/profile/empty", Fixture, NULL, set_up, test_empty, tear_down);
  g_test_add ("/profile/long", Fixture, NULL, set_up, test_long, tear_down);
  g_test_add ("/profile/timeline-end", Fixture, NULL, set_up, test_timeline_end, tear_down);
  g_test_add ("/profile/filter", Fixture, NULL, set_up, test_filter, tear_down);
  g_test_add ("/profile/receipt", Fixture, NULL, set_up, test_receipt, tear_down);
  g_test_add ("/profile/why", Fixture, NULL, set_up, test_why, tear_down);
  g_test_add ("/profile/scrolled", Fixture, NULL, set_up, test_scrolled, tear_down);
  g_test_add ("/profile/narrow", Fixture, NULL, set_up, test_narrow, tear_down);
  g_test_add ("/profile/server-lost", Fixture, NULL, set_up, test_server_lost, tear_down);
  status = g_test_run ();
  app_database_free (database);
  return status;
}
