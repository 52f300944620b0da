/* What a person may ask of us: to be given all that is held on them, and to be forgotten. The real windows, a real PostgreSQL behind them. */
#include "oba-test-app.h"

#include <string.h>
#include <sys/stat.h>
#include <glib/gstdio.h>

#include "app-database.h"
#include "base/oba-money.h"
#include "customers/oba-access-window.h"
#include "customers/oba-customers-page.h"
#include "customers/oba-erase-window.h"
#include "customers/oba-profile-view.h"
#include "oba-test-wire.h"

static const char furniture[] =
    "insert into oba.stores (code, name) values ('S1', 'OBA Nizami'), ('S2', 'OBA Gəncə');"
    "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea');"
    "insert into oba.products (code, name, category_id, price) values ('P1', 'Çay', 1, 100);"
    "insert into oba.customers (customer_id, given_name, family_name, phone, email, city, birth_date, notes, language)"
    " values (500, 'Aysel', 'Əliyeva', '+994501234567', 'aysel@example.az', 'Bakı', '1985-03-21', 'Calls <b>often</b>.', 'ru'),"
    " (501, 'Murad', 'Quliyev', '+994557654321', null, '', null, '', 'az');"
    "select oba.issue_card ('{\"customer_id\": 500, \"number\": \"70010001\", \"token\": \"card-token-0001\"}');"
    "select oba.record_receipt ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"1\", \"customer_id\": 500, \"total\": 900000,"
    " \"lines\": [{\"product\": 1, \"quantity\": 9000, \"unit_price\": 100, \"total\": 900000}]}'::jsonb || jsonb_build_object ('sold_at', now()), 'test', 'r1');"
    "select oba.redeem_points ('{\"customer_id\": 500, \"points\": 1500}', 'test', 'p1');"
    "select oba.set_consent ('{\"customer_id\": 500, \"channel\": \"sms\", \"granted\": true}', 'test', 'c1');"
    "select oba.fold_rollups ();"
    "select oba.staff_add ('leyla', 'Leyla', 'supervisor'), oba.staff_add ('tural', 'Tural', 'clerk'), oba.staff_add ('rauf', 'Rauf', 'auditor');";

typedef struct
{
  AppDatabase *database;
  ObaTestWire *wire;
  AdwApplication *app;
  ObaSession *session;
  GtkWindow *window;
  ObaCustomersPage *page;
  ObaProfileView *profile;
  ObaSession *other_session;      /* of another window, where there is one */
  GtkWindow *other_window;
  ObaCustomersPage *other_page;
  ObaProfileView *other_profile;
} Fixture;

static void
assert_ask (Fixture *fixture, const char *sql, const char *expected)
{
  g_autofree char *answer = app_database_ask (fixture->database, sql);

  g_assert_cmpstr (answer, ==, expected);
}

static GtkWindow *
make_window (Fixture *fixture, ObaSession *session, ObaCustomersPage **page)
{
  GtkWindow *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  GtkWidget *overlay = adw_toast_overlay_new ();

  *page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", session, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (*page));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), overlay);
  oba_test_present (window, 1088, 720);
  oba_test_wait_until (oba_customers_page_is_settled (*page));
  return window;
}

static ObaProfileView *
open_profile (ObaCustomersPage *page, gint64 id)
{
  ObaProfileView *profile;

  oba_customers_page_open_profile (page, id);
  profile = OBA_PROFILE_VIEW (oba_subpages_get_top (oba_customers_page_get_subpages (page)));
  oba_test_wait_until (oba_profile_view_is_loaded (profile));
  return profile;
}

static void
set_up (Fixture *fixture, gconstpointer login)
{
  g_autofree char *conninfo = NULL;

  fixture->database = app_database_new ();
  app_database_run (fixture->database, furniture);
  fixture->wire = oba_test_wire_new (app_database_get_conninfo (fixture->database));
  conninfo = g_strdup_printf ("%s user=%s", oba_test_wire_get_conninfo (fixture->wire), (const char *) login);
  fixture->app = oba_test_application_new ();
  fixture->session = app_database_sign_in_at (conninfo);
  fixture->window = make_window (fixture, fixture->session, &fixture->page);
  fixture->profile = open_profile (fixture->page, 500);
}

static void
open_other (Fixture *fixture, const char *login)
{
  g_autofree char *conninfo = g_strdup_printf ("%s user=%s", app_database_get_conninfo (fixture->database), login);

  fixture->other_session = app_database_sign_in_at (conninfo);
  fixture->other_window = make_window (fixture, fixture->other_session, &fixture->other_page);
  oba_customers_page_select_first (fixture->other_page);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (oba_customers_page_get_detail (fixture->other_page)), "aysel@example.az"));
}

static void
tear_down (Fixture *fixture, gconstpointer login)
{
  gtk_window_destroy (fixture->window);
  if (fixture->other_window != NULL)
    {
      gtk_window_destroy (fixture->other_window);
      oba_session_close (fixture->other_session);
      g_object_unref (fixture->other_session);
    }
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->app);
  oba_test_wire_free (fixture->wire);
  app_database_free (fixture->database);
}

/* The youngest window of @type. */
static gpointer
find_window (GType type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (G_TYPE_CHECK_INSTANCE_TYPE (l->data, type) && gtk_widget_get_visible (l->data))
      return l->data;
  return NULL;
}

/* ---- erasing */

static ObaEraseWindow *
open_erase (Fixture *fixture)
{
  ObaEraseWindow *window;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.erase", NULL));
  window = find_window (OBA_TYPE_ERASE_WINDOW);
  g_assert_nonnull (window);
  oba_test_wait_until (g_str_equal (oba_erase_window_get_shown (window), "form"));
  return window;
}

static void
choose_reason (ObaEraseWindow *window, guint n)
{
  adw_combo_row_set_selected (ADW_COMBO_ROW (oba_test_find (GTK_WIDGET (window), ADW_TYPE_COMBO_ROW, NULL)), n);
}

static void
write_note (ObaEraseWindow *window, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (oba_test_find (GTK_WIDGET (window), ADW_TYPE_ENTRY_ROW, NULL)), text);
}

static void
confirm (ObaEraseWindow *window, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (oba_test_find (GTK_WIDGET (window), GTK_TYPE_ENTRY, NULL)), text);
}

static gboolean
may_press (ObaEraseWindow *window)
{
  return gtk_widget_is_sensitive (oba_test_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "_Erase for Good"));
}

static void
press (ObaEraseWindow *window)
{
  GtkWidget *button = oba_test_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "_Erase for Good");

  /* As people do. */
  g_signal_emit_by_name (button, "clicked");
  g_signal_emit_by_name (button, "clicked");
}

static void
await_page (ObaEraseWindow *window, const char *page)
{
  oba_test_wait_until (g_str_equal (oba_erase_window_get_shown (window), page));
}

static gboolean
window_shows (gpointer window, const char *text)
{
  return oba_test_shows (GTK_WIDGET (window), text);
}

/* The whole way: what goes is said, nothing happens by a slip, and everywhere the person is gone at once. */
static void
test_erase (Fixture *fixture, gconstpointer login)
{
  g_autofree char *lapsing = oba_number_format (9000);
  ObaEraseWindow *window;

  open_other (fixture, "tural");
  window = open_erase (fixture);
  g_assert_true (window_shows (window, "Əliyeva Aysel"));
  g_assert_true (window_shows (window, "This cannot be undone"));
  g_assert_true (window_shows (window, "Points that lapse"));
  g_assert_true (window_shows (window, lapsing));
  g_assert_true (window_shows (window, "Open redemptions that are cancelled"));
  g_assert_true (window_shows (window, "To confirm, type the customer’s number: 500"));
  g_assert_false (may_press (window));
  oba_test_assert_named (GTK_WIDGET (window));
  oba_test_picture (GTK_WINDOW (window), "erase-form");
  confirm (window, "500");
  g_assert_false (may_press (window));
  g_assert_true (window_shows (window, "Choose a reason"));
  choose_reason (window, 1);
  g_assert_true (may_press (window));
  for (guint i = 0; i < 4; i++)
    {
      confirm (window, ((const char *const[]) { "", "50", "501", "5 00" })[i]);
      g_assert_false (may_press (window));
    }
  confirm (window, " 500 ");
  write_note (window, "letter 12/2026");
  oba_test_picture (GTK_WINDOW (window), "erase-ready");
  assert_ask (fixture, "select status from oba.customers where customer_id = 500", "active");
  press (window);
  await_page (window, "done");
  g_assert_false (window_shows (window, "Əliyeva"));
  oba_test_picture (GTK_WINDOW (window), "erase-done");
  assert_ask (fixture, "select concat_ws ('|', reason_code, note, by_whom, (select count (*) from oba.erasures)) from oba.erasures", "request|letter 12/2026|leyla|1");
  assert_ask (fixture, "select string_agg (value ->> 1, ' ') from oba.audit a, jsonb_each (a.changes) where a.action = 'customer.erase'", "request letter 12/2026");
  gtk_window_close (GTK_WINDOW (window));

  /* Here. */
  oba_test_wait_until (oba_profile_view_get_profile (fixture->profile)->status == OBA_CUSTOMER_ERASED);
  oba_test_wait_until (oba_profile_view_is_loaded (fixture->profile));
  oba_test_wait_until (window_shows (fixture->profile, "Erased on"));
  g_assert_false (window_shows (fixture->profile, "Əliyeva"));
  g_assert_false (window_shows (fixture->profile, "1234567"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.erase", NULL);
  g_assert_null (find_window (OBA_TYPE_ERASE_WINDOW));
  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.export-data", NULL);
  g_assert_null (find_window (OBA_TYPE_ACCESS_WINDOW));
  oba_test_picture (fixture->window, "erase-profile");
  /* And in the other window: its list, and the pane beside it. */
  oba_test_wait_until (!window_shows (oba_customers_page_get_detail (fixture->other_page), "aysel@example.az"));
  oba_test_wait_until (!window_shows (fixture->other_page, "Əliyeva"));
  g_assert_true (window_shows (fixture->other_page, "Erased customer"));
  g_assert_null (oba_test_find (GTK_WIDGET (fixture->other_page), GTK_TYPE_BUTTON, "_Edit"));
  oba_test_picture (fixture->other_window, "erase-other-window");
}

/* A clerk is typing into the form at that moment: told, and nothing of the person stays or comes back. */
static void
test_while_edited (Fixture *fixture, gconstpointer login)
{
  ObaEditPane *pane;
  ObaEraseWindow *window;

  open_other (fixture, "tural");
  fixture->other_profile = open_profile (fixture->other_page, 500);
  pane = oba_profile_view_get_edit_pane (fixture->other_profile);
  gtk_widget_activate_action (GTK_WIDGET (fixture->other_profile), "profile.edit", NULL);
  oba_test_wait_until (!oba_edit_pane_is_busy (pane));
  oba_customer_form_set_text (oba_edit_pane_get_form (pane), OBA_CUSTOMER_CITY, "Gəncə");
  window = open_erase (fixture);
  choose_reason (window, 2);
  confirm (window, "500");
  press (window);
  await_page (window, "done");
  oba_test_wait_until (!oba_edit_pane_is_editing (pane));
  oba_test_wait_until (window_shows (fixture->other_window, "This customer was erased meanwhile. What you typed is not saved."));
  oba_test_wait_until (window_shows (fixture->other_profile, "Erased on"));
  g_assert_false (window_shows (fixture->other_profile, "Əliyeva"));
  g_assert_false (window_shows (fixture->other_profile, "Gəncə"));
  oba_test_picture (fixture->other_window, "erase-while-edited");
  assert_ask (fixture, "select concat (status, given_name, city, phone) from oba.customers where customer_id = 500", "erased");
  gtk_window_close (GTK_WINDOW (window));
}

/* Saved in the very moment of the erasure: the save is refused by the database, and the empty record stays empty. */
static void
test_saved_too_late (Fixture *fixture, gconstpointer login)
{
  ObaEditPane *pane = oba_profile_view_get_edit_pane (fixture->profile);
  g_autofree char *before = NULL;

  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.edit", NULL);
  oba_test_wait_until (!oba_edit_pane_is_busy (pane));
  oba_customer_form_set_text (oba_edit_pane_get_form (pane), OBA_CUSTOMER_NOTES, "Aysel once more");
  app_database_run (fixture->database, "select oba.erase_customer ('{\"customer_id\": 500, \"confirm\": \"500\", \"reason\": \"law\"}', 'test', 'e1')");
  gtk_widget_activate_action (GTK_WIDGET (pane), "edit.save", NULL);
  oba_test_wait_until (!oba_edit_pane_is_editing (pane));
  oba_test_wait_until (oba_profile_view_is_loaded (fixture->profile));
  assert_ask (fixture, "select concat (status, notes, given_name) from oba.customers where customer_id = 500", "erased");
  assert_ask (fixture, "select count (*) from oba.idempotency_keys where answer::text like '%Aysel%'", "0");
}

/* The cable breaks after the deed and before its answer: it is said, it is not closed by a slip, and it happened once. */
static void
test_lost (Fixture *fixture, gconstpointer login)
{
  ObaEraseWindow *window = open_erase (fixture);

  choose_reason (window, 1);
  confirm (window, "500");
  oba_test_wire_lose_answer_to (fixture->wire, "\"confirm\"");
  press (window);
  oba_test_wait_until (oba_test_wire_get_n_lost (fixture->wire) == 1);
  oba_test_wire_cut (fixture->wire);
  oba_test_wait_until (window_shows (window, "The connection is lost. The customer is erased, once, as soon as the server is back."));
  gtk_window_close (GTK_WINDOW (window));
  g_assert_cmpstr (oba_erase_window_get_shown (window), ==, "running");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window)));
  oba_test_wire_mend (fixture->wire);
  await_page (window, "done");
  assert_ask (fixture, "select count (*) from oba.erasures", "1");
  assert_ask (fixture, "select count (*) from oba.audit where action = 'customer.erase'", "1");
  gtk_window_close (GTK_WINDOW (window));
}

/* A note that names the person is refused and kept in its field; another one is another request. */
static void
test_note (Fixture *fixture, gconstpointer login)
{
  ObaEraseWindow *window = open_erase (fixture);
  g_autofree char *long_note = g_strnfill (10000, 'x');

  choose_reason (window, 1);
  confirm (window, "500");
  write_note (window, long_note);
  g_assert_false (may_press (window));
  g_assert_true (window_shows (window, "The note has more than 200 characters"));
  write_note (window, "Aysel wrote <b>twice</b>");
  press (window);
  oba_test_wait_until (window_shows (window, "The note says who the person is, and it would stay."));
  g_assert_cmpstr (oba_erase_window_get_shown (window), ==, "form");
  oba_test_picture (GTK_WINDOW (window), "erase-note");
  assert_ask (fixture, "select status from oba.customers where customer_id = 500", "active");
  write_note (window, "<b>letter</b> 12'; drop table");
  press (window);
  await_page (window, "done");
  assert_ask (fixture, "select note from oba.erasures", "<b>letter</b> 12'; drop table");
  gtk_window_close (GTK_WINDOW (window));
}

/* What others do meanwhile is in the figures; who was merged in meanwhile is not erased unseen; a colleague may have been faster. */
static void
test_meanwhile (Fixture *fixture, gconstpointer login)
{
  ObaEraseWindow *window = open_erase (fixture);

  choose_reason (window, 1);
  confirm (window, "500");
  g_assert_false (window_shows (window, "Records of the same person, merged with this one"));
  app_database_run (fixture->database, "set session authorization tural; select oba.request_merge ('{\"source\": 501, \"survivor\": 500}', 'test', 'm1')");
  app_database_run (fixture->database, "set session authorization leyla; select oba.decide_approval ('{\"approval_id\": 1, \"approve\": true}', 'test', 'm2')");
  oba_test_wait_until (window_shows (window, "Records of the same person, merged with this one"));
  oba_test_wait_until (may_press (window));
  app_database_run (fixture->database, "select oba.erase_customer ('{\"customer_id\": 500, \"confirm\": \"500\", \"reason\": \"law\"}', 'test', 'e1')");
  await_page (window, "failed");
  g_assert_true (window_shows (window, "This customer was erased already."));
  assert_ask (fixture, "select string_agg (customer_id || ' ' || reason_code, ', ' order by customer_id) from oba.erasures", "500 law, 501 law");
  gtk_window_close (GTK_WINDOW (window));
}

/* Clerks and auditors have neither. */
static void
test_others (Fixture *fixture, gconstpointer login)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.erase", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.export-data", NULL);
  g_assert_null (find_window (OBA_TYPE_ERASE_WINDOW));
  g_assert_null (find_window (OBA_TYPE_ACCESS_WINDOW));
}

/* ---- giving out */

static ObaAccessWindow *
open_access (Fixture *fixture)
{
  ObaAccessWindow *window;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.export-data", NULL));
  window = find_window (OBA_TYPE_ACCESS_WINDOW);
  g_assert_nonnull (window);
  return window;
}

static void
set_rows (ObaAccessWindow *window, guint language, ObaAccessWindowFormat format)
{
  GtkWidget *first = oba_test_find (GTK_WIDGET (window), ADW_TYPE_COMBO_ROW, NULL);

  adw_combo_row_set_selected (ADW_COMBO_ROW (first), language);
  adw_combo_row_set_selected (ADW_COMBO_ROW (gtk_widget_get_next_sibling (first)), format);
}

static void
await_access (ObaAccessWindow *window, const char *page)
{
  oba_test_wait_until (g_strcmp0 (oba_access_window_get_shown (window), page) == 0);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/* In the person's language unless another is chosen; for nobody else's eyes; it is said where it lies; both at once overwrite nothing. */
static void
test_export (Fixture *fixture, gconstpointer login)
{
  g_autofree char *folder = g_dir_make_tmp ("oba-erase-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "all of it", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  ObaAccessWindow *window = open_access (fixture);
  struct stat there;

  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (oba_test_find (GTK_WIDGET (window), ADW_TYPE_COMBO_ROW, NULL))), ==, 1);
  oba_test_assert_named (GTK_WIDGET (window));
  oba_test_picture (GTK_WINDOW (window), "access-form");
  set_rows (window, 2, OBA_ACCESS_WINDOW_JSON);
  oba_access_window_start (window, path);
  oba_access_window_start (window, path);
  await_access (window, "done");
  g_assert_true (window_shows (window, "all of it"));
  g_assert_true (window_shows (window, folder));
  oba_test_assert_named (GTK_WIDGET (window));
  g_assert_cmpint (g_stat (path, &there), ==, 0);
  g_assert_cmpint (there.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_assert_nonnull (strstr (text, "\"given_name\": \"Aysel\""));
  g_assert_nonnull (strstr (text, "Calls <b>often</b>."));
  gtk_window_close (GTK_WINDOW (window));

  for (guint i = 0; i < 2; i++)
    {
      window = open_access (fixture);
      set_rows (window, 0, OBA_ACCESS_WINDOW_BOTH);
      oba_access_window_start (window, folder);
      await_access (window, "done");
      g_assert_true (window_shows (window, "Personal data 500"));
      oba_test_picture (GTK_WINDOW (window), "access-done");
      gtk_window_close (GTK_WINDOW (window));
    }
  g_assert_cmpuint (count_files (folder), ==, 5);
  assert_ask (fixture, "select count (*) || who from oba.audit where action = 'customer.access' group by who", "5leyla");
  remove_folder (folder);
}

/* No place, no server, no patience: it is said, and there is no half a file. */
static void
test_export_fails (Fixture *fixture, gconstpointer login)
{
  g_autofree char *folder = g_dir_make_tmp ("oba-erase-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.pdf", NULL);
  ObaAccessWindow *window = open_access (fixture);

  oba_access_window_start (window, "/nowhere/at/all.pdf");
  await_access (window, "failed");
  g_assert_true (window_shows (window, "does not exist"));
  gtk_widget_activate_action (GTK_WIDGET (window), "access.back", NULL);
  oba_access_window_start (window, path);
  gtk_widget_activate_action (GTK_WIDGET (window), "access.stop", NULL);
  await_access (window, "form");
  oba_test_wire_lose_answer_to (fixture->wire, "record_access");
  oba_access_window_start (window, path);
  await_access (window, "failed");
  oba_test_picture (GTK_WINDOW (window), "access-failed");
  gtk_widget_activate_action (GTK_WIDGET (window), "access.back", NULL);
  set_rows (window, 0, OBA_ACCESS_WINDOW_BOTH);
  oba_access_window_start (window, folder);
  gtk_window_destroy (GTK_WINDOW (window));
  oba_test_wait_until (oba_session_is_online (fixture->session));
  g_assert_cmpuint (count_files (folder), ==, 0);
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  oba_test_app_init (&argc, &argv);

#define ADD(path, login, func) g_test_add ("/app/erase/" path, Fixture, login, set_up, func, tear_down)
  ADD ("erase", "leyla", test_erase);
  ADD ("while-edited", "leyla", test_while_edited);
  ADD ("saved-too-late", "leyla", test_saved_too_late);
  ADD ("lost", "leyla", test_lost);
  ADD ("note", "leyla", test_note);
  ADD ("meanwhile", "leyla", test_meanwhile);
  ADD ("clerk", "tural", test_others);
  ADD ("auditor", "rauf", test_others);
  ADD ("export", "leyla", test_export);
  ADD ("export-fails", "leyla", test_export_fails);
#undef ADD
  return g_test_run ();
}
