/* Editing and blocking a customer in the profile, as clerks do it: the real widgets, a real PostgreSQL behind them. */
#include "oba-test-app.h"

#include <string.h>

#include "app-database.h"
#include "customers/oba-customers-page.h"
#include "customers/oba-profile-view.h"
#include "oba-test-wire.h"

static const char furniture[] =
    "insert into oba.stores (code, name) values ('S1', 'OBA Nizami'), ('S2', 'OBA Gəncə');"
    "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea'), ('bread', 'Çörək', 'Bread');"
    "insert into oba.customers (customer_id, given_name, family_name, phone, city, birth_date, preferred_store_id, notes)"
    " values (500, 'Aysel', 'Əliyeva', '+994501234567', 'Bakı', '1985-03-21', 1, 'Calls <b>often</b>.'), (501, 'Murad', 'Quliyev', '+994557654321', '', null, null, '');"
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
  ObaEditPane *pane;
} Fixture;

static char *
ask (Fixture *fixture, const char *sql)
{
  return app_database_ask (fixture->database, sql);
}

static void
assert_ask (Fixture *fixture, const char *sql, const char *expected)
{
  g_autofree char *answer = ask (fixture, sql);

  g_assert_cmpstr (answer, ==, expected);
}

static gboolean
says (Fixture *fixture, const char *sql, const char *expected)
{
  g_autofree char *answer = ask (fixture, sql);

  return g_strcmp0 (answer, expected) == 0;
}

static gboolean
shows (Fixture *fixture, const char *text)
{
  return oba_test_shows (GTK_WIDGET (fixture->window), text);
}

static void
open_profile (Fixture *fixture)
{
  oba_customers_page_open_profile (fixture->page, 500);
  fixture->profile = OBA_PROFILE_VIEW (oba_subpages_get_top (oba_customers_page_get_subpages (fixture->page)));
  fixture->pane = oba_profile_view_get_edit_pane (fixture->profile);
  oba_test_wait_until (oba_profile_view_is_loaded (fixture->profile));
}

static void
set_up (Fixture *fixture, gconstpointer login)
{
  GtkWidget *overlay = adw_toast_overlay_new ();
  g_autofree char *conninfo = NULL;

  fixture->database = app_database_new ();
  app_database_run (fixture->database, furniture);
  fixture->wire = oba_test_wire_new (app_database_get_conninfo (fixture->database));
  conninfo = g_strdup_printf ("%s user=%s", oba_test_wire_get_conninfo (fixture->wire), (const char *) login);
  fixture->app = oba_test_application_new ();
  fixture->session = app_database_sign_in_at (conninfo);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", fixture->session, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (fixture->page));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), overlay);
  oba_test_present (fixture->window, 1088, 720);
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
  open_profile (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer login)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->app);
  oba_test_wire_free (fixture->wire);
  app_database_free (fixture->database);
}

static void
begin_edit (Fixture *fixture)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.edit", NULL);
  g_assert_true (oba_edit_pane_is_editing (fixture->pane));
  oba_test_wait_until (!oba_edit_pane_is_busy (fixture->pane));
}

static void
type (Fixture *fixture, ObaCustomerField field, const char *text)
{
  oba_customer_form_set_text (oba_edit_pane_get_form (fixture->pane), field, text);
}

static void
save (Fixture *fixture)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->pane), "edit.save", NULL);
}

static void
await_saved (Fixture *fixture)
{
  oba_test_wait_until (!oba_edit_pane_is_editing (fixture->pane));
  oba_test_wait_until (oba_profile_view_is_loaded (fixture->profile));
}

static void
press_undo (Fixture *fixture)
{
  oba_test_wait_until (oba_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, "_Undo") != NULL);
  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, "_Undo"), "clicked");
}

static AdwMessageDialog *
find_dialog (void)
{
  for (GList *item = gtk_window_list_toplevels (); item != NULL; item = item->next)
    if (ADW_IS_MESSAGE_DIALOG (item->data) && gtk_widget_get_visible (item->data))
      return item->data;
  return NULL;
}

static void
answer_dialog (const char *response)
{
  AdwMessageDialog *dialog = find_dialog ();

  g_assert_nonnull (dialog);
  /* As its buttons do: answered, then gone. */
  g_object_ref (dialog);
  adw_message_dialog_response (dialog, response);
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_object_unref (dialog);
}

/* The facts become a form in their place, only what was changed is written, and Undo writes it back. */
static void
test_edit (Fixture *fixture, gconstpointer login)
{
  g_autofree char *phone = NULL;

  begin_edit (fixture);
  phone = oba_customer_form_get_text (oba_edit_pane_get_form (fixture->pane), OBA_CUSTOMER_PHONE);
  g_assert_cmpstr (phone, ==, "+994 50 123 45 67");
  g_assert_true (shows (fixture, "OBA Nizami"));
  g_assert_true (shows (fixture, "Nothing is changed yet"));
  save (fixture);
  g_assert_true (oba_edit_pane_is_editing (fixture->pane));
  type (fixture, OBA_CUSTOMER_CITY, "Gəncə");
  type (fixture, OBA_CUSTOMER_CATEGORIES, "1,2");
  type (fixture, OBA_CUSTOMER_BIRTH_DATE, "");
  oba_test_assert_named (GTK_WIDGET (fixture->pane));
  oba_test_picture (fixture->window, "edit-form");
  save (fixture);
  save (fixture);
  await_saved (fixture);
  assert_ask (fixture, "select concat_ws ('|', city, birth_date, family_name, version) from oba.customers where customer_id = 500", "Gəncə|Əliyeva|2");
  assert_ask (fixture, "select string_agg (k, ',' order by k) from oba.audit a, jsonb_object_keys (a.changes) k where a.action = 'customer.update'", "birth_date,city");
  oba_test_wait_until (shows (fixture, "Gəncə"));
  press_undo (fixture);
  oba_test_wait_until (says (fixture, "select concat_ws ('|', city, birth_date) from oba.customers where customer_id = 500", "Bakı|1985-03-21"));
  oba_test_wait_until (says (fixture, "select count (*) from oba.customer_categories", "0"));
}

/* Undo does not write over what a colleague has done since. */
static void
test_undo_too_late (Fixture *fixture, gconstpointer login)
{
  begin_edit (fixture);
  type (fixture, OBA_CUSTOMER_CITY, "Gəncə");
  save (fixture);
  await_saved (fixture);
  app_database_run (fixture->database, "update oba.customers set city = 'Şəki', version = version + 1 where customer_id = 500");
  press_undo (fixture);
  oba_test_wait_until (shows (fixture, "Somebody has changed this customer since; nothing was taken back"));
  assert_ask (fixture, "select city from oba.customers where customer_id = 500", "Şəki");
}

/* Two clerks at two fields: both hold, and nobody is asked. */
static void
test_no_collision (Fixture *fixture, gconstpointer login)
{
  begin_edit (fixture);
  type (fixture, OBA_CUSTOMER_CITY, "Gəncə");
  app_database_run (fixture->database, "update oba.customers set email = 'ay@example.az', version = version + 1 where customer_id = 500");
  save (fixture);
  await_saved (fixture);
  assert_ask (fixture, "select city || ' ' || email from oba.customers where customer_id = 500", "Gəncə ay@example.az");
  oba_test_wait_until (shows (fixture, "Saved, and what somebody else changed meanwhile is kept"));
}

/* Two clerks at one field: the second is told field by field and chooses; nothing is overwritten silently. */
static void
test_conflict (Fixture *fixture, gconstpointer login)
{
  begin_edit (fixture);
  type (fixture, OBA_CUSTOMER_CITY, "Gəncə");
  type (fixture, OBA_CUSTOMER_NOTES, "Mine");
  type (fixture, OBA_CUSTOMER_EMAIL, "mine@example.az");
  type (fixture, OBA_CUSTOMER_PREFERRED_STORE, "2");
  oba_test_wait_until (shows (fixture, "OBA Gəncə"));
  app_database_run (fixture->database, "update oba.customers set city = 'Şəki', notes = 'Theirs', patronymic = 'Rəşid qızı', preferred_store_id = null, version = version + 1 where customer_id = 500");
  save (fixture);
  oba_test_wait_until (oba_edit_pane_get_conflict (fixture->pane) != NULL);
  g_assert_true (shows (fixture, "Yours: Gəncə"));
  g_assert_true (shows (fixture, "Theirs: Şəki"));
  g_assert_true (shows (fixture, "Yours: Mine"));
  g_assert_true (shows (fixture, "Yours: OBA Gəncə"));
  g_assert_true (shows (fixture, "Theirs: nothing"));
  g_assert_true (shows (fixture, "Choose for each field what shall hold"));
  oba_test_picture (fixture->window, "edit-conflict");
  save (fixture);
  g_assert_nonnull (oba_edit_pane_get_conflict (fixture->pane));
  oba_conflict_view_choose_all (oba_edit_pane_get_conflict (fixture->pane), FALSE);
  oba_conflict_view_choose (oba_edit_pane_get_conflict (fixture->pane), OBA_CUSTOMER_NOTES, TRUE);
  save (fixture);
  await_saved (fixture);
  assert_ask (fixture, "select concat_ws ('|', city, notes, patronymic, email, preferred_store_id) from oba.customers where customer_id = 500", "Şəki|Mine|Rəşid qızı|mine@example.az");
}

/* All theirs, and nothing else of mine: nothing is written at all. */
static void
test_theirs (Fixture *fixture, gconstpointer login)
{
  begin_edit (fixture);
  type (fixture, OBA_CUSTOMER_CITY, "Gəncə");
  app_database_run (fixture->database, "update oba.customers set city = 'Şəki', version = version + 1 where customer_id = 500");
  save (fixture);
  oba_test_wait_until (oba_edit_pane_get_conflict (fixture->pane) != NULL);
  oba_conflict_view_choose_all (oba_edit_pane_get_conflict (fixture->pane), FALSE);
  save (fixture);
  await_saved (fixture);
  assert_ask (fixture, "select city || version from oba.customers where customer_id = 500", "Şəki2");
}

/* Somebody else's number, an impossible date: told at the field, and the form stays. */
static void
test_refused (Fixture *fixture, gconstpointer login)
{
  ObaCustomerForm *form;

  begin_edit (fixture);
  form = oba_edit_pane_get_form (fixture->pane);
  type (fixture, OBA_CUSTOMER_PHONE, "055 765 43 21");
  save (fixture);
  oba_test_wait_until (oba_customer_form_get_problem (form, OBA_CUSTOMER_PHONE) != NULL);
  g_assert_nonnull (strstr (oba_customer_form_get_problem (form, OBA_CUSTOMER_PHONE), "belongs to another customer"));
  type (fixture, OBA_CUSTOMER_BIRTH_DATE, "31.04.1990");
  save (fixture);
  g_assert_cmpstr (oba_customer_form_get_problem (form, OBA_CUSTOMER_BIRTH_DATE), ==, "There is no such day in the calendar");
  assert_ask (fixture, "select version from oba.customers where customer_id = 500", "1");
  app_database_run (fixture->database, "update oba.customers set given_name = '', family_name = '', patronymic = '', phone = null, email = null, birth_date = null, city = '', notes = '', preferred_store_id = null, status = 'erased', version = version + 1 where customer_id = 500");
  oba_test_wait_until (!oba_edit_pane_is_editing (fixture->pane));
  oba_test_wait_until (shows (fixture, "This customer was erased meanwhile. What you typed is not saved."));
}

/* The cable breaks while it is saved: what was typed stays, and is saved once; a refresh takes nothing from the form either. */
static void
test_lost (Fixture *fixture, gconstpointer login)
{
  g_autofree char *text = NULL;

  begin_edit (fixture);
  type (fixture, OBA_CUSTOMER_CITY, "Gəncə");
  oba_page_refresh (OBA_PAGE (fixture->page));
  oba_profile_view_refresh (fixture->profile);
  oba_test_wait_until (oba_profile_view_is_loaded (fixture->profile));
  text = oba_customer_form_get_text (oba_edit_pane_get_form (fixture->pane), OBA_CUSTOMER_CITY);
  g_assert_cmpstr (text, ==, "Gəncə");
  oba_test_wire_lose_answer_to (fixture->wire, "\"Gəncə\"");
  save (fixture);
  oba_test_wait_until (oba_test_wire_get_n_lost (fixture->wire) == 1);
  oba_test_wire_cut (fixture->wire);
  oba_test_wait_until (shows (fixture, "The connection is lost. It is saved, once, as soon as the server is back."));
  oba_test_wire_mend (fixture->wire);
  oba_test_wait_until (!oba_edit_pane_is_editing (fixture->pane));
  assert_ask (fixture, "select city || version from oba.customers where customer_id = 500", "Gəncə2");
}

/* Back and Escape ask before what was typed is lost. */
static void
test_leave (Fixture *fixture, gconstpointer login)
{
  ObaSubpages *subpages = oba_customers_page_get_subpages (fixture->page);

  begin_edit (fixture);
  type (fixture, OBA_CUSTOMER_CITY, "Gəncə");
  oba_subpages_pop (subpages);
  answer_dialog ("stay");
  g_assert_true (oba_subpages_get_top (subpages) == GTK_WIDGET (fixture->profile));
  g_assert_true (oba_edit_pane_is_dirty (fixture->pane));
  gtk_widget_activate_action (GTK_WIDGET (fixture->pane), "edit.cancel", NULL);
  answer_dialog ("discard");
  g_assert_false (oba_edit_pane_is_editing (fixture->pane));
  begin_edit (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->pane), "edit.cancel", NULL);
  g_assert_false (oba_edit_pane_is_editing (fixture->pane));
  begin_edit (fixture);
  type (fixture, OBA_CUSTOMER_CITY, "Gəncə");
  oba_subpages_pop (subpages);
  answer_dialog ("discard");
  oba_test_wait_until (oba_subpages_get_top (subpages) == NULL);
  assert_ask (fixture, "select version from oba.customers where customer_id = 500", "1");
  open_profile (fixture);
  begin_edit (fixture);
  type (fixture, OBA_CUSTOMER_CITY, "Gəncə");
  oba_subpages_pop (subpages);
  answer_dialog ("save");
  oba_test_wait_until (oba_subpages_get_top (subpages) == NULL);
  assert_ask (fixture, "select city || version from oba.customers where customer_id = 500", "Gəncə2");
}

/* The window closes with something typed in it: it is asked about first, and nothing is lost unless it is meant. */
static void
test_close (Fixture *fixture, gconstpointer login)
{
  begin_edit (fixture);
  type (fixture, OBA_CUSTOMER_CITY, "Gəncə");
  gtk_window_close (fixture->window);
  /* Once more, as by Ctrl+Q: no second question over the first. */
  gtk_window_close (fixture->window);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (find_dialog ()), "Əliyeva Aysel"));
  oba_test_picture (GTK_WINDOW (find_dialog ()), "edit-leave");
  answer_dialog ("stay");
  g_assert_null (find_dialog ());
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  g_assert_true (oba_edit_pane_is_dirty (fixture->pane));
  /* What cannot be saved is shown, and the window stays. */
  type (fixture, OBA_CUSTOMER_PHONE, "12");
  gtk_window_close (fixture->window);
  answer_dialog ("save");
  g_assert_nonnull (oba_customer_form_get_problem (oba_edit_pane_get_form (fixture->pane), OBA_CUSTOMER_PHONE));
  type (fixture, OBA_CUSTOMER_PHONE, "055 765 43 21");
  gtk_window_close (fixture->window);
  answer_dialog ("save");
  oba_test_wait_until (shows (fixture, "belongs to another customer"));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  type (fixture, OBA_CUSTOMER_PHONE, "050 123 45 67");
  g_object_ref (fixture->window);
  gtk_window_close (fixture->window);
  answer_dialog ("save");
  oba_test_wait_until (!gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  assert_ask (fixture, "select city || version from oba.customers where customer_id = 500", "Gəncə2");
}

static void
test_close_discard (Fixture *fixture, gconstpointer login)
{
  begin_edit (fixture);
  type (fixture, OBA_CUSTOMER_CITY, "Gəncə");
  g_object_ref (fixture->window);
  gtk_window_close (fixture->window);
  answer_dialog ("discard");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  assert_ask (fixture, "select version from oba.customers where customer_id = 500", "1");
}

/* A supervisor blocks with a reason, is told what it means, and can take it back. */
static void
test_block (Fixture *fixture, gconstpointer login)
{
  AdwMessageDialog *dialog;
  GtkWidget *extra;

  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.block", NULL);
  dialog = find_dialog ();
  g_assert_nonnull (strstr (adw_message_dialog_get_body (dialog), "neither earns points nor can spend any"));
  extra = adw_message_dialog_get_extra_child (dialog);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (gtk_widget_get_first_child (extra)), 4);
  g_assert_false (adw_message_dialog_get_response_enabled (dialog, "do"));
  gtk_editable_set_text (GTK_EDITABLE (gtk_widget_get_last_child (extra)), "Same card at two tills <b>");
  g_assert_true (adw_message_dialog_get_response_enabled (dialog, "do"));
  oba_test_picture (GTK_WINDOW (dialog), "block");
  adw_message_dialog_response (dialog, "do");
  oba_test_wait_until (says (fixture, "select blocked_reason from oba.customers where customer_id = 500", "Same card at two tills <b>"));
  oba_test_wait_until (shows (fixture, "The customer is blocked"));
  press_undo (fixture);
  oba_test_wait_until (says (fixture, "select status from oba.customers where customer_id = 500", "active"));

  oba_test_wait_until (oba_profile_view_is_loaded (fixture->profile));
  app_database_run (fixture->database, "select oba.block_customer ('{\"customer_id\": 500, \"blocked\": true, \"reason\": \"x\"}')");
  oba_test_wait_until (oba_profile_view_get_profile (fixture->profile)->status == OBA_CUSTOMER_BLOCKED);
  oba_test_wait_until (oba_profile_view_is_loaded (fixture->profile));
  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.unblock", NULL);
  answer_dialog ("do");
  oba_test_wait_until (says (fixture, "select status from oba.customers where customer_id = 500", "active"));
}

/* Clerks edit and do not block; auditors read. */
static void
test_clerk (Fixture *fixture, gconstpointer login)
{
  g_assert_nonnull (oba_test_find (GTK_WIDGET (fixture->profile), GTK_TYPE_BUTTON, "_Edit"));
  g_assert_false (gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.block", NULL) && find_dialog () != NULL);
}

static void
test_auditor (Fixture *fixture, gconstpointer login)
{
  g_assert_null (oba_test_find (GTK_WIDGET (fixture->profile), GTK_TYPE_BUTTON, "_Edit"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->profile), "profile.edit", NULL);
  g_assert_false (oba_edit_pane_is_editing (fixture->pane));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.register", NULL);
  g_assert_null (g_object_get_data (G_OBJECT (fixture->page), "oba-register-window"));
}

int
main (int argc, char **argv)
{
  oba_test_app_init (&argc, &argv);

#define ADD(path, login, func) g_test_add ("/app/edit/" path, Fixture, login, set_up, func, tear_down)
  ADD ("edit", "tural", test_edit);
  ADD ("undo-too-late", "tural", test_undo_too_late);
  ADD ("no-collision", "tural", test_no_collision);
  ADD ("conflict", "tural", test_conflict);
  ADD ("theirs", "tural", test_theirs);
  ADD ("refused", "tural", test_refused);
  ADD ("lost", "tural", test_lost);
  ADD ("leave", "tural", test_leave);
  ADD ("close", "tural", test_close);
  ADD ("close-discard", "tural", test_close_discard);
  ADD ("block", "leyla", test_block);
  ADD ("clerk", "tural", test_clerk);
  ADD ("auditor", "rauf", test_auditor);
#undef ADD
  return g_test_run ();
}
