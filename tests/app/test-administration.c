/* Months are closed and limits are changed by an administrator at the window; others read; what was cut off is gone on with. */
#include "administration/oba-points-section.h"
#include "oba-test-app.h"

#include <glib/gstdio.h>
#include <string.h>

#include "administration/oba-administration-page.h"
#include "administration/oba-month-window.h"
#include "administration/oba-tier-row.h"
#include "app-database.h"
#include "oba-test-wire.h"

/* A receipt of 100.00 in the middle of each of the last three months, and of this one. */
static const char furniture[] =
    "insert into oba.stores (code, name, city) values ('S1', 'OBA Nizami', 'Bakı');"
    "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea');"
    "insert into oba.products (code, name, category_id, price) select 'P1', 'Çay', category_id, 100 from oba.categories;"
    "select oba.staff_add ('aziz', 'Əziz Məmmədov', 'admin'), oba.staff_add ('banu', 'Banu Əliyeva', 'admin'), oba.staff_add ('leyla', 'Leyla Hacıyeva', 'supervisor'),"
    " oba.staff_add ('rauf', 'Rauf Səfərov', 'auditor'), oba.staff_add ('tural', 'Tural Əhmədov', 'clerk'), oba.staff_add ('aysu', 'Aysu', 'marketing');"
    "insert into oba.customers (customer_id, family_name, given_name) values (600, 'Əliyeva', 'Aysel');"
    "select oba.ensure_partitions ((now() - interval '4 months')::date, now()::date);"
    "select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', 'R' || n, 'sold_at',"
    " case when n = 0 then now() else date_trunc ('month', now() at time zone 'Asia/Baku') - n * interval '1 month' + interval '14 days' end,"
    " 'customer_id', 600, 'lines', jsonb_build_array (jsonb_build_object ('code', 'P1', 'quantity', 100, 'unit_price', 100, 'total', 10000)), 'total', 10000), null, null)"
    " from generate_series (0, 3) n;";

#define MONTHS_AGO(n) "(date_trunc ('month', oba.business_day (now())) - interval '" #n " months')::date"

typedef struct
{
  AppDatabase    *database;
  AdwApplication *app;
} Fixture;

/* A person at the page. */
typedef struct
{
  ObaSession            *session;
  GtkWindow             *window;
  ObaAdministrationPage *page;
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
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->database = app_database_new ();
  run (fixture, furniture);
  run (fixture, "select oba.fold_rollups ()");
  fixture->app = oba_test_application_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->app);
  app_database_free (fixture->database);
}

/* ---- desks */

static ObaMonthsSection *
months_of (Desk *desk)
{
  return oba_administration_page_get_months (desk->page);
}

static ObaLimitsSection *
limits_of (Desk *desk)
{
  return oba_administration_page_get_limits (desk->page);
}

static void
settle (Desk *desk)
{
  if (months_of (desk) != NULL)
    oba_test_wait_until (oba_months_section_is_settled (months_of (desk)) && oba_section_is_settled (OBA_SECTION (limits_of (desk))));
}

static void
sit_down_at (Fixture *fixture, Desk *desk, const char *conninfo, const char *login)
{
  g_autofree char *own = g_strdup_printf ("%s user=%s", conninfo, login);
  GtkWidget *overlay = adw_toast_overlay_new ();

  desk->session = app_database_sign_in_at (own);
  desk->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  desk->page = g_object_new (OBA_TYPE_ADMINISTRATION_PAGE, "session", desk->session, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (desk->page));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (desk->window), overlay);
  oba_test_present (desk->window, 1088, 720);
  settle (desk);
}

static void
sit_down (Fixture *fixture, Desk *desk, const char *login)
{
  sit_down_at (fixture, desk, app_database_get_conninfo (fixture->database), login);
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

static GtkWidget *
button_of (Desk *desk, const char *label)
{
  return oba_test_find (GTK_WIDGET (desk->page), GTK_TYPE_BUTTON, label);
}

static ObaMonthWindow *
dialog_of (Desk *desk)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (OBA_IS_MONTH_WINDOW (window) && gtk_window_get_transient_for (window) == desk->window)
        return OBA_MONTH_WINDOW (window);
    }
  return NULL;
}

static ObaMonthWindow *
ask_to_close (Desk *desk)
{
  ObaMonthWindow *dialog;

  g_signal_emit_by_name (button_of (desk, "_Close Month…"), "clicked");
  dialog = dialog_of (desk);
  g_assert_nonnull (dialog);
  oba_test_present (GTK_WINDOW (dialog), 520, 600);
  oba_test_wait_until (oba_month_window_is_settled (dialog));
  return dialog;
}

static void
confirm (ObaMonthWindow *dialog)
{
  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (dialog), GTK_TYPE_BUTTON, "_Close Month"), "clicked");
}

static const ObaMonthFacts *
selected (Desk *desk)
{
  return oba_month_get (oba_months_view_get_selected (oba_months_section_get_view (months_of (desk))));
}

static void
select_month (Fixture *fixture, Desk *desk, const char *sql)
{
  g_autofree char *text = app_database_ask (fixture->database, sql);
  GDate day;
  int year, month;

  g_assert_cmpint (sscanf (text, "%d-%d", &year, &month), ==, 2);
  g_date_clear (&day, 1);
  g_date_set_dmy (&day, 1, (GDateMonth) month, (GDateYear) year);
  oba_months_view_select (oba_months_section_get_view (months_of (desk)), &day);
}

/* ---- months */

/* The administrator sees what closing means and would write down, closes, and everybody who looks sees it; the next month is offered then. */
static void
test_close (Fixture *fixture, gconstpointer data)
{
  Desk admin, auditor;
  ObaMonthWindow *dialog;

  run (fixture, "insert into oba.approvals (kind, request, preview, customer_ids) select 'correction', '{}', jsonb_build_object ('entries', jsonb_build_array (jsonb_build_object ('day', " MONTHS_AGO (3) " + 3, 'store', 1))), '{}'");
  sit_down (fixture, &auditor, "rauf");
  g_assert_null (button_of (&auditor, "_Close Month…"));
  sit_down (fixture, &admin, "aziz");
  g_assert_true (shows (&admin, "No month is closed yet."));
  g_assert_cmpint (selected (&admin)->totals.revenue, ==, 10000);   /* the oldest, so far */
  oba_test_assert_named (GTK_WIDGET (admin.window));
  oba_test_picture (admin.window, "administration-open");

  dialog = ask_to_close (&admin);
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog), "Nothing can be dated into"));
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog), "It is the first month that is closed"));
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog), "100.00"));
  g_assert_true (oba_test_shows (GTK_WIDGET (dialog), "1 correction that would be dated into this month waits for approval."));
  oba_test_assert_named (GTK_WIDGET (dialog));
  oba_test_picture (GTK_WINDOW (dialog), "administration-close");
  assert_ask (fixture, "0", "select count (*) from oba.closed_months");
  confirm (dialog);
  oba_test_wait_until (shows (&admin, "Months are closed one after the other."));
  settle (&admin);
  g_assert_cmpint (selected (&admin)->state, ==, OBA_MONTH_CLOSED);
  g_assert_false (gtk_widget_get_sensitive (button_of (&admin, "_Close Month…")));
  assert_ask (fixture, "aziz 1 0 10000 100 0 0 0 0 100",
              "select concat_ws (' ', closed_by, receipts, returns, revenue, issued, redeemed, clawed_back, expired, adjusted, liability) from oba.closed_months join oba.month_totals using (month)");
  oba_test_wait_until (shows (&auditor, "Əziz Məmmədov"));

  select_month (fixture, &admin, "select " MONTHS_AGO (1));   /* not its turn */
  g_assert_false (gtk_widget_get_sensitive (button_of (&admin, "_Close Month…")));
  select_month (fixture, &admin, "select " MONTHS_AGO (2));
  dialog = ask_to_close (&admin);
  g_assert_false (oba_test_shows (GTK_WIDGET (dialog), "It is the first month that is closed"));
  gtk_window_close (GTK_WINDOW (dialog));   /* second thoughts */
  assert_ask (fixture, "1", "select count (*) from oba.closed_months");
  oba_test_picture (admin.window, "administration-closed");
  leave (&admin);
  leave (&auditor);
}

/* A closing that was cut off half way is shown as such, and gone on with; an answer that is lost is asked for again, once. */
static void
test_cut_off (Fixture *fixture, gconstpointer data)
{
  ObaTestWire *wire = oba_test_wire_new (app_database_get_conninfo (fixture->database));
  Desk admin;

  run (fixture, "select oba.close_month (jsonb_build_object ('month', " MONTHS_AGO (3) "), 'test', 'k1')");
  sit_down_at (fixture, &admin, oba_test_wire_get_conninfo (wire), "aziz");
  g_assert_true (shows (&admin, "was cut off: its totals are still to be counted."));
  g_assert_cmpint (selected (&admin)->state, ==, OBA_MONTH_CLOSING);
  oba_test_picture (admin.window, "administration-cut-off");
  g_signal_emit_by_name (button_of (&admin, "_Count Its Totals"), "clicked");
  g_signal_emit_by_name (button_of (&admin, "_Count Its Totals"), "clicked");
  oba_test_wait_until (shows (&admin, "Months are closed one after the other."));
  settle (&admin);
  g_assert_cmpstr (oba_months_section_get_problem (months_of (&admin)), ==, "");
  assert_ask (fixture, "1", "select count (*) from oba.month_totals");

  select_month (fixture, &admin, "select " MONTHS_AGO (2));
  oba_test_wire_lose_answer_to (wire, "close_month");
  confirm (ask_to_close (&admin));
  oba_test_wait_until (oba_months_section_is_settled (months_of (&admin)) && selected (&admin)->state == OBA_MONTH_CLOSED);
  g_assert_cmpstr (oba_months_section_get_problem (months_of (&admin)), ==, "");
  assert_ask (fixture, "2 2", "select (select count (*) from oba.closed_months) || ' ' || (select count (*) from oba.month_totals)");
  leave (&admin);
  oba_test_wire_free (wire);
}

/* Two administrators: the second is told, and nothing is closed twice. */
static void
test_two (Fixture *fixture, gconstpointer data)
{
  Desk one, two;
  ObaMonthWindow *first, *second;

  sit_down (fixture, &one, "aziz");
  sit_down (fixture, &two, "banu");
  first = ask_to_close (&one);
  second = ask_to_close (&two);
  confirm (first);
  oba_test_wait_until (oba_months_section_is_settled (months_of (&one)) && selected (&one)->state == OBA_MONTH_CLOSED);
  confirm (second);
  oba_test_wait_until (strstr (oba_months_section_get_problem (months_of (&two)), "This month is closed already.") != NULL);
  settle (&two);
  assert_ask (fixture, "1 aziz", "select count (*) || ' ' || min (closed_by) from oba.closed_months");
  leave (&one);
  leave (&two);
}

/* The file has the control totals, and no more than the closed months. */
static void
test_export (Fixture *fixture, gconstpointer data)
{
  g_autofree char *directory = g_dir_make_tmp ("oba-months-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "months.csv", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *text = NULL;
  Desk auditor;

  run (fixture, "select oba.close_month (jsonb_build_object ('month', " MONTHS_AGO (3) "), 'test', 'k1')");
  run (fixture, "select oba.close_month (jsonb_build_object ('month', " MONTHS_AGO (3) "), 'test', 'k2')");
  run (fixture, "select oba.close_month (jsonb_build_object ('month', " MONTHS_AGO (2) "), 'test', 'k3')");
  sit_down (fixture, &auditor, "rauf");
  oba_months_section_export (months_of (&auditor), file);
  oba_test_wait_until (shows (&auditor, "The closed months were saved"));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "month,closed_at,closed_by,receipts,returns,revenue,points_issued,"));
  g_assert_nonnull (strstr (text, ",1,0,100.00,100,0,0,0,0,100\r\n"));
  g_assert_true (g_str_has_suffix (text, ",1,0,100.00,100,0,0,0,0,100\r\n"));
  leave (&auditor);
  g_remove (path);
  g_rmdir (directory);
}

/* ---- limits */

static void
type (Desk *desk, ObaLimitsEntry which, const char *text)
{
  gtk_editable_set_text (oba_limits_section_get_entry (limits_of (desk), which), text);
}

static gboolean
can_save (Desk *desk)
{
  return gtk_widget_get_sensitive (button_of (desk, "_Save"));
}

/* What is none is said beside it; what is one holds at once, with who and when; a colleague's change meanwhile is shown, and what was typed stays. */
static void
test_limits (Fixture *fixture, gconstpointer data)
{
  Desk one, two;

  sit_down (fixture, &one, "aziz");
  sit_down (fixture, &two, "banu");
  oba_administration_page_show_section (one.page, "limits");
  oba_administration_page_show_section (two.page, "limits");
  g_assert_true (shows (&one, "Nobody has changed the limits yet."));
  g_assert_false (can_save (&one));   /* nothing was changed */
  type (&one, OBA_LIMITS_AMOUNT, "a lot");
  g_assert_true (shows (&one, "An amount of money, such as 50.00"));
  g_assert_false (can_save (&one));
  type (&one, OBA_LIMITS_AMOUNT, "-5");
  g_assert_false (can_save (&one));
  type (&one, OBA_LIMITS_AMOUNT, "75.50");
  type (&one, OBA_LIMITS_AGE, "99999");
  g_assert_true (shows (&one, "A number of days from 0 to 36 600"));
  g_assert_false (can_save (&one));
  oba_test_picture (one.window, "administration-limits-wrong");
  type (&one, OBA_LIMITS_AGE, " 30 ");
  g_assert_true (can_save (&one));

  type (&two, OBA_LIMITS_POINTS, "500");
  g_signal_emit_by_name (button_of (&one, "_Save"), "clicked");
  g_signal_emit_by_name (button_of (&one, "_Save"), "clicked");
  oba_test_wait_until (shows (&one, "Amount: 50.00") && shows (&one, "Age in days: 14 → 30"));
  g_assert_true (shows (&one, "Əziz Məmmədov, "));
  assert_ask (fixture, "7550 50 30 true 2", "select concat_ws (' ', amount, points, age_days, own_receipts::text, version) from oba.correction_limits");
  g_assert_false (can_save (&one));

  oba_test_wait_until (shows (&two, "Now: 75.50"));
  settle (&two);
  g_assert_cmpstr (gtk_editable_get_text (oba_limits_section_get_entry (limits_of (&two), OBA_LIMITS_POINTS)), ==, "500");
  g_assert_cmpstr (gtk_editable_get_text (oba_limits_section_get_entry (limits_of (&two), OBA_LIMITS_AMOUNT)), ==, "75.50");   /* nobody typed there */
  oba_test_picture (two.window, "administration-limits-two");
  g_signal_emit_by_name (button_of (&two, "_Save"), "clicked");
  oba_test_wait_until (shows (&two, "Points: 50 → 500"));
  assert_ask (fixture, "7550 500 30", "select concat_ws (' ', amount, points, age_days) from oba.correction_limits");
  leave (&one);
  leave (&two);
}

/* How long a request may wait: what is none is said, what is one is kept with who changed it, and a colleague's change is shown beside what is being typed. */
static void
test_redemptions (Fixture *fixture, gconstpointer data)
{
  Desk one, two, reader;
  ObaRedemptionsSection *a, *b;
  const char *const wrong[] = { "0", "-1", "8761", "1.5", "two", "", "99999999999999999999" };

  sit_down (fixture, &one, "aziz");
  sit_down (fixture, &two, "banu");
  a = oba_administration_page_get_redemptions (one.page);
  b = oba_administration_page_get_redemptions (two.page);
  oba_administration_page_show_section (one.page, "redemptions");
  oba_administration_page_show_section (two.page, "redemptions");
  oba_test_wait_until (oba_section_is_settled (OBA_SECTION (a)) && oba_section_is_settled (OBA_SECTION (b)));
  g_assert_true (shows (&one, "Nobody has changed these times yet."));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      gtk_editable_set_text (oba_redemptions_section_get_entry (a, OBA_REDEMPTIONS_SLA), wrong[i]);
      g_assert_false (gtk_widget_get_sensitive (oba_redemptions_section_get_button (a)));
    }
  g_assert_true (shows (&one, "A whole number of hours, 1 to 8 760"));
  oba_test_picture (one.window, "administration-redemptions");
  gtk_editable_set_text (oba_redemptions_section_get_entry (a, OBA_REDEMPTIONS_SLA), " 48 ");
  gtk_editable_set_text (oba_redemptions_section_get_entry (b, OBA_REDEMPTIONS_VOUCHER), "60");
  gtk_editable_set_text (oba_redemptions_section_get_entry (b, OBA_REDEMPTIONS_SLA), "36");
  g_signal_emit_by_name (oba_redemptions_section_get_button (a), "clicked");
  g_signal_emit_by_name (oba_redemptions_section_get_button (a), "clicked");
  oba_test_wait_until (shows (&one, "Hours to decide: 24 → 48") && shows (&two, "Now: 48"));
  assert_ask (fixture, "48 14 30 2", "select concat_ws (' ', sla_hours, request_days, voucher_days, version) from oba.redemption_settings");
  oba_test_wait_until (oba_section_is_settled (OBA_SECTION (b)));
  g_assert_cmpstr (gtk_editable_get_text (oba_redemptions_section_get_entry (b, OBA_REDEMPTIONS_VOUCHER)), ==, "60");
  g_signal_emit_by_name (oba_redemptions_section_get_button (b), "clicked");
  oba_test_wait_until (shows (&two, "Hours to decide: 48 → 36 · Days of a voucher: 30 → 60"));
  leave (&one);
  leave (&two);
  sit_down (fixture, &reader, "leyla");
  g_assert_false (gtk_widget_get_visible (oba_redemptions_section_get_button (oba_administration_page_get_redemptions (reader.page))));
  leave (&reader);
}

/* The bot: what did not arrive is seen with its reason and sent again; what cannot be is not saved; who only reads has no buttons. */
static void
test_bot (Fixture *fixture, gconstpointer data)
{
  Desk desk, reader;
  ObaBotSection *bot;
  const char *const wrong[] = { "24:00", "9:00", "soon", "22:60" };

  run (fixture, "insert into oba.outbox (customer_id, chat_id, kind, payload, state, error, attempts) select 0, n, 'reply', '{\"text\": \"Salam\"}', 'failed', '400 Bad Request: chat not found', 8 from generate_series (1, 3) n;"
                "select oba.telegram_store_update (-7, null, null, '{\"x', 'It is not JSON.');"
                "select oba.save_broadcast ('{\"name\": \"Tea evening\", \"az\": \"Çay\"}')");
  sit_down (fixture, &desk, "aziz");
  bot = oba_administration_page_get_bot (desk.page);
  oba_administration_page_show_section (desk.page, "bot");
  oba_test_wait_until (oba_section_is_settled (OBA_SECTION (bot)) && oba_bot_section_get_n_troubles (bot) == 3);
  g_assert_true (shows (&desk, "Answer: 3 messages"));
  g_assert_true (shows (&desk, "Tea evening"));
  g_assert_true (shows (&desk, "Update -7"));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      gtk_editable_set_text (oba_bot_section_get_entry (bot, OBA_BOT_QUIET_FROM), wrong[i]);
      g_assert_false (oba_bot_section_can_save (bot));
    }
  oba_test_assert_named (GTK_WIDGET (desk.window));
  oba_test_picture (desk.window, "administration-bot");
  gtk_editable_set_text (oba_bot_section_get_entry (bot, OBA_BOT_QUIET_FROM), "21:30");
  gtk_editable_set_text (oba_bot_section_get_entry (bot, OBA_BOT_WEEK_CAP), "");
  oba_bot_section_save (bot);
  oba_test_wait_until (oba_section_is_settled (OBA_SECTION (bot)) && !oba_bot_section_can_save (bot));
  assert_ask (fixture, "21:30:00 5 none 2", "select concat_ws (' ', quiet_from, day_cap, coalesce (week_cap::text, 'none'), version) from oba.telegram_settings");
  oba_bot_section_retry_all (bot);
  oba_test_wait_until (oba_bot_section_get_n_troubles (bot) == 0);
  assert_ask (fixture, "3", "select count (*) from oba.outbox where state = 'queued' and attempts = 0");
  leave (&desk);

  sit_down (fixture, &reader, "rauf");
  oba_administration_page_show_section (reader.page, "bot");
  oba_test_wait_until (shows (&reader, "Update -7"));
  g_assert_null (button_of (&reader, "_Start…"));
  g_assert_null (button_of (&reader, "Try Again"));
  leave (&reader);
}

/* How long points are good: said in words, tried out before it is set, set once from tomorrow on; who only reads can try it out. */
static void
test_points (Fixture *fixture, gconstpointer data)
{
  GtkWidget *section, *months;
  Desk desk;

  run (fixture, "insert into oba.points_lots (customer_id, entry_id, entry_at, points, remaining, expires_on)"
                " select (select min (customer_id) from oba.customers), nextval ('oba.entry_ids'), now() - interval '10 months', 1234, 1234, (now() + interval '14 months')::date");
  sit_down (fixture, &desk, "aziz");
  oba_administration_page_show_section (desk.page, "points");
  section = oba_test_find (GTK_WIDGET (desk.page), OBA_TYPE_POINTS_SECTION, NULL);
  oba_test_wait_until (oba_points_section_is_settled (OBA_POINTS_SECTION (section)) && shows (&desk, "Points can be used for 24 months after they were earned, to the day; customers are warned of 100 points and more."));
  g_assert_false (gtk_widget_get_sensitive (button_of (&desk, "_Set")));   /* it holds already */
  months = gtk_widget_get_parent (oba_test_find (section, GTK_TYPE_TEXT, "24"));
  gtk_editable_set_text (GTK_EDITABLE (months), "0");
  g_assert_true (shows (&desk, "A number of months from 1 to 120"));
  g_assert_false (gtk_widget_get_sensitive (button_of (&desk, "_Set")));
  gtk_editable_set_text (GTK_EDITABLE (months), "6");
  g_signal_emit_by_name (button_of (&desk, "_What Would It Do?"), "clicked");
  oba_test_wait_until (oba_points_section_is_settled (OBA_POINTS_SECTION (section)) && shows (&desk, "would be lost by now, had this policy held"));
  oba_test_assert_named (GTK_WIDGET (desk.window));
  oba_test_picture (desk.window, "administration-points");
  g_signal_emit_by_name (button_of (&desk, "_Set"), "clicked");
  oba_test_wait_until (oba_points_section_is_settled (OBA_POINTS_SECTION (section)) && shows (&desk, "6 months after they were earned"));
  g_assert_false (gtk_widget_get_sensitive (button_of (&desk, "_Set")));   /* the second half of a double click */
  g_signal_emit_by_name (button_of (&desk, "_Set"), "clicked");
  assert_ask (fixture, "2 6 t", "select concat_ws (' ', version, months, valid_from = oba.business_day (now()) + 1) from oba.expiry_policies order by version desc limit 1");
  leave (&desk);
  sit_down (fixture, &desk, "rauf");
  oba_administration_page_show_section (desk.page, "points");
  g_assert_null (button_of (&desk, "_Set"));
  leave (&desk);
}

/* A scheme is saved only after its consequences were shown, and exactly those; of two who change it the second is told. */
static void
test_tiers (Fixture *fixture, gconstpointer data)
{
  Desk one;
  ObaTierWindow *window, *late;
  ObaTierRow *silver;

  sit_down (fixture, &one, "aziz");
  oba_administration_page_show_section (one.page, "tiers");
  oba_test_wait_until (oba_section_is_settled (OBA_SECTION (oba_administration_page_get_tiers (one.page))));
  g_assert_true (shows (&one, "Silver"));
  g_assert_true (shows (&one, "Whoever falls below a tier loses it on that day."));
  window = oba_tiers_section_edit (oba_administration_page_get_tiers (one.page));
  late = oba_tiers_section_edit (oba_administration_page_get_tiers (one.page));
  g_assert_false (oba_tier_window_may_save (window));
  silver = oba_tier_window_get_rows (window)->pdata[1];
  gtk_editable_set_text (oba_tier_row_get_entry (silver, OBA_TIER_ROW_THRESHOLD), "much");
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "An amount of money, such as 50.00"));
  gtk_editable_set_text (oba_tier_row_get_entry (silver, OBA_TIER_ROW_THRESHOLD), "350.00");
  oba_tier_window_check (window);
  oba_test_wait_until (oba_tier_window_is_settled (window));
  g_assert_nonnull (strstr (oba_tier_window_get_result (window), "Customers who would go up: 1"));
  g_assert_nonnull (strstr (oba_tier_window_get_result (window), "Silver: 0 → 1"));
  g_assert_true (oba_tier_window_may_save (window));
  oba_test_picture (GTK_WINDOW (window), "administration-tiers-edit");
  gtk_editable_set_text (oba_tier_row_get_entry (silver, OBA_TIER_ROW_THRESHOLD), "360.00");   /* what was shown is of something else now */
  g_assert_false (oba_tier_window_may_save (window));
  oba_tier_window_check (window);
  oba_test_wait_until (oba_tier_window_is_settled (window));
  oba_tier_window_save (window);
  oba_test_wait_until (shows (&one, "From 360.00\302\240₼ in twelve months") || shows (&one, "From 360.00 ₼ in twelve months"));
  assert_ask (fixture, "36000 2", "select concat_ws (' ', threshold, (select max (version) from oba.tier_schemes)) from oba.tiers where tier_id = 2");
  oba_tier_window_check (late);
  oba_test_wait_until (oba_tier_window_is_settled (late));
  oba_tier_window_save (late);
  oba_test_wait_until (*oba_tier_window_get_problem (late) != '\0');
  gtk_window_destroy (GTK_WINDOW (late));
  leave (&one);
}

/* Others read: nothing can be typed and there is no button; who has nothing to do with it does not have the page. */
static void
test_roles (Fixture *fixture, gconstpointer data)
{
  const char *const readers[] = { "leyla", "rauf" };
  Desk desk;

  run (fixture, "select oba.set_correction_limits ('{\"version\": 1, \"amount\": 5000, \"points\": 60, \"age_days\": 14, \"own_receipts\": false}', 'test', 'k1')");
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      sit_down (fixture, &desk, readers[i]);
      g_assert_null (button_of (&desk, "_Close Month…"));
      g_assert_nonnull (button_of (&desk, "_Export…"));
      oba_administration_page_show_section (desk.page, "limits");
      oba_test_wait_until (shows (&desk, "Points: 50 → 60 · Own receipts: two persons → alone"));
      g_assert_null (button_of (&desk, "_Save"));
      g_assert_true (shows (&desk, "An administrator changes the limits."));
      g_assert_false (gtk_editable_get_editable (oba_limits_section_get_entry (limits_of (&desk), OBA_LIMITS_AMOUNT)));
      oba_test_assert_named (GTK_WIDGET (desk.window));
      oba_test_picture (desk.window, "administration-limits-reader");
      leave (&desk);
    }
}

/* ---- paying with points */

static ObaSpendingSection *
open_spending (Desk *desk)
{
  ObaSpendingSection *section = oba_administration_page_get_spending (desk->page);

  oba_administration_page_show_section (desk->page, "spending");
  oba_test_wait_until (oba_section_is_settled (OBA_SECTION (section)) && shows (desk, "A point pays"));
  return section;
}

static void
type_rule (ObaSpendingSection *section, ObaSpendingEntry which, const char *text)
{
  gtk_editable_set_text (oba_spending_section_get_entry (section, which), text);
}

/* Asks for the change and answers the question. */
static void
change_rules (ObaSpendingSection *section, const char *answer)
{
  g_assert_true (gtk_widget_get_sensitive (oba_spending_section_get_button (section)));
  g_signal_emit_by_name (oba_spending_section_get_button (section), "clicked");
  g_assert_nonnull (oba_spending_section_get_question (section));
  adw_message_dialog_response (oba_spending_section_get_question (section), answer);
  oba_test_wait_until (oba_section_is_settled (OBA_SECTION (section)));
}

/* What follows is said and asked for first; what a colleague set meanwhile is not overwritten, and what was typed stays. */
static void
test_spending (Fixture *fixture, gconstpointer data)
{
  const struct { ObaSpendingEntry which; const char *text; } bad[] = {
    { OBA_SPENDING_VALUE, "0" }, { OBA_SPENDING_VALUE, "1.5" }, { OBA_SPENDING_VALUE, "99999" }, { OBA_SPENDING_DAILY, "-5" }, { OBA_SPENDING_CODE, "59" },
    { OBA_SPENDING_WRONG, "" }, { OBA_SPENDING_LOCK, "9999" }, { OBA_SPENDING_FROM, "31.02.2030" }, { OBA_SPENDING_FROM, "01.01.2020" },
  };
  Desk desk;
  ObaSpendingSection *section;

  sit_down_at (fixture, &desk, app_database_get_conninfo (fixture->database), "aziz");
  section = open_spending (&desk);
  g_assert_false (gtk_widget_get_sensitive (oba_spending_section_get_button (section)));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *before = g_strdup (gtk_editable_get_text (oba_spending_section_get_entry (section, bad[i].which)));

      type_rule (section, bad[i].which, bad[i].text);
      g_assert_false (gtk_widget_get_sensitive (oba_spending_section_get_button (section)));
      type_rule (section, bad[i].which, before);
    }
  type_rule (section, OBA_SPENDING_VALUE, "2");
  type_rule (section, OBA_SPENDING_DAILY, "");
  g_signal_emit_by_name (oba_spending_section_get_button (section), "clicked");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (oba_spending_section_get_question (section)), "A point pays 0.02"));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (oba_spending_section_get_question (section)), "any number of points a day"));
  oba_test_picture (GTK_WINDOW (oba_spending_section_get_question (section)), "administration-spending-question");
  adw_message_dialog_response (oba_spending_section_get_question (section), "cancel");
  assert_ask (fixture, "1", "select count (*) from oba.spending_rules");

  /* Somebody else is first. */
  g_signal_emit_by_name (oba_spending_section_get_button (section), "clicked");
  run (fixture, "select oba.set_spending_rules ('{\"version\": 1, \"point_value\": 1, \"daily_points\": 700, \"earns\": true, \"code_seconds\": 90}', null, null)");
  adw_message_dialog_response (oba_spending_section_get_question (section), "change");
  oba_test_wait_until (shows (&desk, "Somebody else changed this meanwhile."));
  oba_test_wait_until (shows (&desk, "Now: 700"));
  g_assert_cmpstr (gtk_editable_get_text (oba_spending_section_get_entry (section, OBA_SPENDING_VALUE)), ==, "2");
  g_assert_true (gtk_switch_get_active (oba_spending_section_get_earns (section)));
  oba_test_assert_named (GTK_WIDGET (desk.window));
  oba_test_picture (desk.window, "administration-spending-conflict");
  change_rules (section, "change");
  oba_test_wait_until (shows (&desk, "any number of points a day · the part paid with points earns ·"));
  assert_ask (fixture, "3 2 t", "select concat_ws (' ', version, point_value, earns) from oba.spending_rules where version = (oba.spending_rule (now ())).version and daily_points is null");

  /* From a later day on: until then the rules of now hold. */
  type_rule (section, OBA_SPENDING_VALUE, "3");
  type_rule (section, OBA_SPENDING_FROM, "01.02.2100");
  change_rules (section, "change");
  oba_test_wait_until (shows (&desk, "To come"));
  assert_ask (fixture, "2 2100-02-01", "select concat_ws (' ', (oba.spending_rule (now ())).point_value, oba.business_day (valid_from)) from oba.spending_rules where version = 4");
  oba_test_picture (desk.window, "administration-spending");
  leave (&desk);
}

/* Others read it. */
static void
test_spending_readers (Fixture *fixture, gconstpointer data)
{
  const char *const readers[] = { "leyla", "rauf" };
  Desk desk;

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      ObaSpendingSection *section;

      sit_down (fixture, &desk, readers[i]);
      section = open_spending (&desk);
      g_assert_false (gtk_widget_get_visible (oba_spending_section_get_button (section)));
      g_assert_false (gtk_editable_get_editable (oba_spending_section_get_entry (section, OBA_SPENDING_VALUE)));
      g_assert_true (shows (&desk, "An administrator changes how points pay."));
      leave (&desk);
    }
}

/* ---- rules of earning */

static ObaRulesSection *
open_rules (Desk *desk)
{
  ObaRulesSection *section = oba_administration_page_get_rules (desk->page);

  oba_administration_page_show_section (desk->page, "rules");
  oba_test_wait_until (oba_section_is_settled (OBA_SECTION (section)) && shows (desk, "A point for every full 1.00"));
  return section;
}

static void
type_term (ObaRuleEditor *editor, const char *name, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (oba_rule_form_get_control (oba_rule_editor_get_form (editor), name)), text);
}

static void
press (ObaRuleEditor *editor, const char *button)
{
  g_signal_emit_by_name (oba_rule_editor_get_button (editor, button), "clicked");
}

static gboolean
can_press (ObaRuleEditor *editor, const char *button)
{
  GtkWidget *widget = oba_rule_editor_get_button (editor, button);

  return gtk_widget_get_visible (widget) && gtk_widget_get_sensitive (widget);
}

static const char *
problem_at (ObaRuleEditor *editor, const char *name)
{
  return oba_rule_form_get_problem (oba_rule_editor_get_form (editor), name);
}

/*
 * Marketing, who sees nothing else here, writes a draft and cannot put it live; a supervisor does, once, however often it is clicked, and cannot write. The example beside it says what it
 * gives, and the replay what it would have cost.
 */
static void
test_rules (Fixture *fixture, gconstpointer data)
{
  const struct { const char *name, *text; } bad[] = {
    { "name", "" }, { "factor", "1" }, { "factor", "101" }, { "factor", "twice" }, { "hours", "25:00" }, { "hours_to", "18:00" }, { "birthday", "40" }, { "min_basket", "-5" }, { "order", "1000" },
    { "valid_from", "31.02.2030" }, { "valid_to", "2026" },
  };
  Desk writer, decider;
  ObaRuleEditor *draft, *waiting;
  ObaReplayWindow *replay;

  sit_down (fixture, &writer, "aysu");
  g_assert_null (months_of (&writer));
  draft = oba_rules_section_add (open_rules (&writer), "multiplier");
  type_term (draft, "name", "Evenings");
  type_term (draft, "factor", "2,5");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *before = g_strdup (gtk_editable_get_text (GTK_EDITABLE (oba_rule_form_get_control (oba_rule_editor_get_form (draft), bad[i].name))));

      g_assert_true (can_press (draft, "save"));
      type_term (draft, bad[i].name, bad[i].text);
      g_assert_nonnull (problem_at (draft, bad[i].name));
      g_assert_false (can_press (draft, "save"));
      type_term (draft, bad[i].name, before);
    }
  oba_test_wait_until (oba_rule_example_is_settled (oba_rule_editor_get_example (draft)) && shows (&writer, "62"));   /* 25 of the base, and 37 */
  oba_test_assert_named (GTK_WIDGET (writer.window));
  oba_test_picture (writer.window, "administration-rule-new");
  press (draft, "save");
  press (draft, "save");
  oba_test_wait_until (oba_rule_editor_is_settled (draft) && can_press (draft, "test"));
  assert_ask (fixture, "2 1 draft 2500", "select concat_ws (' ', rule_id, version, state, parameters ->> 'factor') from oba.earning_rules where rule_id > 1");
  g_assert_false (gtk_widget_get_visible (oba_rule_editor_get_button (draft, "live")));

  replay = oba_rule_editor_replay (draft);
  oba_replay_window_set_period (replay, "01.01.2020", "31.12.2019");
  oba_replay_window_run (replay);
  g_assert_true (oba_test_shows (GTK_WIDGET (replay), "The last day is not before the first"));
  oba_replay_window_set_period (replay, "01.01.2020", "31.12.2028");
  oba_replay_window_run (replay);
  oba_replay_window_cancel (replay);
  g_assert_cmpstr (oba_replay_window_get_shown (replay), ==, "start");
  oba_replay_window_run (replay);
  oba_test_wait_until (!oba_replay_window_is_running (replay));
  g_assert_cmpstr (oba_replay_window_get_problem (replay), ==, "");
  g_assert_true (oba_test_shows (GTK_WIDGET (replay), "600"));            /* four receipts of 100 points each, once and a half more */
  g_assert_true (oba_test_shows (GTK_WIDGET (replay), "No. 600"));
  g_assert_false (oba_test_shows (GTK_WIDGET (replay), "Aysel"));
  g_assert_true (oba_test_shows (GTK_WIDGET (replay), "Nobody: tiers count what customers spend"));
  oba_test_assert_named (GTK_WIDGET (replay));
  oba_test_picture (GTK_WINDOW (replay), "administration-rule-replay");
  gtk_window_destroy (GTK_WINDOW (replay));

  sit_down (fixture, &decider, "leyla");
  open_rules (&decider);
  oba_test_picture (decider.window, "administration-rules");
  waiting = oba_rules_section_open (open_rules (&decider), 2, 0);
  g_assert_false (gtk_widget_get_visible (oba_rule_editor_get_button (waiting, "save")));
  press (waiting, "live");
  press (waiting, "live");
  adw_message_dialog_response (oba_rule_editor_get_question (waiting), "cancel");
  g_assert_true (can_press (waiting, "live"));
  press (waiting, "live");
  gtk_editable_set_text (oba_rule_editor_get_reason (waiting), "as agreed");
  adw_message_dialog_response (oba_rule_editor_get_question (waiting), "do");
  press (waiting, "live");
  g_assert_null (oba_rule_editor_get_question (waiting));
  oba_test_wait_until (oba_rule_editor_is_settled (waiting) && can_press (waiting, "retire"));
  g_assert_true (shows (&decider, "To come"));
  g_assert_true (shows (&decider, "Leyla Hacıyeva"));
  g_assert_true (shows (&decider, "as agreed"));
  assert_ask (fixture, "draft live", "select string_agg (to_state, ' ' order by step_no) from oba.rule_steps where rule_id = 2");
  oba_test_picture (decider.window, "administration-rule-live");

  /* Retiring what is live needs a reason. */
  press (waiting, "retire");
  g_assert_false (adw_message_dialog_get_response_enabled (oba_rule_editor_get_question (waiting), "do"));
  gtk_editable_set_text (oba_rule_editor_get_reason (waiting), "too dear");
  g_assert_true (adw_message_dialog_get_response_enabled (oba_rule_editor_get_question (waiting), "do"));
  adw_message_dialog_response (oba_rule_editor_get_question (waiting), "do");
  oba_test_wait_until (oba_rule_editor_is_settled (waiting) && shows (&decider, "too dear"));
  oba_test_wait_until (oba_rule_editor_is_settled (draft) && can_press (draft, "version"));
  leave (&decider);
  leave (&writer);
}

/* Two at one draft: the second is shown what the first wrote, and decides; an answer that is lost is asked for again, and the draft is there once. */
static void
test_rules_two (Fixture *fixture, gconstpointer data)
{
  ObaTestWire *wire = oba_test_wire_new (app_database_get_conninfo (fixture->database));
  ObaRuleEditor *first, *second;
  Desk one, two;

  sit_down_at (fixture, &one, oba_test_wire_get_conninfo (wire), "aysu");
  first = oba_rules_section_add (open_rules (&one), "bonus");
  type_term (first, "name", "Tea");
  type_term (first, "points", "5");
  oba_test_wire_lose_answer_to (wire, "save_rule");
  press (first, "save");
  oba_test_wait_until (oba_rule_editor_is_settled (first) && can_press (first, "test"));
  assert_ask (fixture, "1", "select count (*) from oba.earning_rules where rule_id > 1");

  sit_down (fixture, &two, "aziz");
  second = oba_rules_section_open (open_rules (&two), 2, 1);
  type_term (second, "points", "9");
  type_term (first, "points", "7");
  press (first, "save");
  oba_test_wait_until (oba_rule_editor_is_settled (first) && oba_rule_editor_has_conflict (second));
  g_assert_true (shows (&two, "+7") || shows (&two, "7 points a receipt"));
  g_assert_false (can_press (second, "save"));
  oba_test_picture (two.window, "administration-rule-conflict");
  oba_rule_editor_settle (second, TRUE);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (oba_rule_form_get_control (oba_rule_editor_get_form (second), "points"))), ==, "9");
  press (second, "save");
  oba_test_wait_until (oba_rule_editor_is_settled (second) && !oba_rule_editor_is_dirty (second));
  assert_ask (fixture, "9 3", "select concat_ws (' ', parameters ->> 'points', revision) from oba.earning_rules where rule_id = 2");
  /* Who wrote it does not put it live. */
  g_assert_true (gtk_widget_get_visible (oba_rule_editor_get_button (second, "live")));
  g_assert_false (can_press (second, "live"));
  oba_test_wait_until (oba_rule_editor_is_settled (first));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (oba_rule_form_get_control (oba_rule_editor_get_form (first), "points"))), ==, "9");
  leave (&one);
  leave (&two);
  oba_test_wire_free (wire);
}

int
main (int argc, char **argv)
{
  oba_test_app_init (&argc, &argv);

#define ADD(path, func) g_test_add ("/app/administration/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("close", test_close);
  ADD ("cut-off", test_cut_off);
  ADD ("two", test_two);
  ADD ("export", test_export);
  ADD ("limits", test_limits);
  ADD ("redemptions", test_redemptions);
  ADD ("bot", test_bot);
  ADD ("points", test_points);
  ADD ("tiers", test_tiers);
  ADD ("roles", test_roles);
  ADD ("spending", test_spending);
  ADD ("spending-readers", test_spending_readers);
  ADD ("rules", test_rules);
  ADD ("rules-two", test_rules_two);
#undef ADD
  return g_test_run ();
}
