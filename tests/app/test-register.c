/* Registering and editing customers as clerks do it: the real widgets, a real PostgreSQL behind them. */
#include "oba-test-app.h"

#include "app-database.h"
#include "oba-test-wire.h"
#include "customers/oba-customers-page-register.h"
#include "widgets/oba-store-chooser.h"

static const char furniture[] =
    "insert into oba.stores (code, name, city, district) values ('S1', 'OBA Nizami', 'Bakı', 'Nəsimi'), ('S2', 'OBA Gəncə Bazar', 'Gəncə', 'Kəpəz'),"
    " ('S3', 'OBA Şuşa', 'Şuşa', '');"
    "update oba.stores set opened_on = '2020-01-01', closed_on = '2024-01-01' where code = 'S1';"
    "insert into oba.stores (code, name, city) select 'N' || n, 'OBA ' || n, 'Sumqayıt' from generate_series (1, 1600) n;"
    "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea'), ('bread', 'Çörək', 'Bread');";

typedef struct
{
  AppDatabase    *database;
  AdwApplication *app;
  ObaSession     *session;
  GtkWindow      *window;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->database = app_database_new ();
  app_database_run (fixture->database, furniture);
  fixture->app = oba_test_application_new ();
  fixture->session = app_database_sign_in (fixture->database);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->app);
  app_database_free (fixture->database);
}

static void
show_widget (Fixture *fixture, GtkWidget *widget)
{
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), widget);
  oba_test_present (fixture->window, 1000, 700);
}

/* ---- the chooser of stores */

/* The way from 1,600 stores to the one meant: a few letters in any spelling, Enter. */
static void
test_store_chooser (Fixture *fixture, gconstpointer data)
{
  GtkWidget *widget = oba_store_chooser_new (oba_session_get_pool (fixture->session));
  ObaStoreChooser *chooser = OBA_STORE_CHOOSER (widget);
  GtkMenuButton *button = GTK_MENU_BUTTON (oba_store_chooser_get_button (chooser));
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (button));
  GtkWidget *entry;

  gtk_widget_set_valign (widget, GTK_ALIGN_START);
  oba_store_chooser_set_none (chooser, "No store");
  show_widget (fixture, widget);
  g_assert_cmpstr (oba_store_chooser_get_text (chooser), ==, "No store");
  gtk_menu_button_popup (button);
  oba_test_wait_until (oba_test_shows (popover, "OBA 1"));
  entry = oba_test_find (popover, GTK_TYPE_SEARCH_ENTRY, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "ganja bazar");
  oba_test_wait_until (oba_test_shows (popover, "Gəncə, Kəpəz") && !oba_test_shows (popover, "OBA 1"));
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpint (oba_store_chooser_get_store (chooser), ==, 2);
  g_assert_cmpstr (oba_store_chooser_get_text (chooser), ==, "OBA Gəncə Bazar");

  gtk_menu_button_popup (button);
  gtk_editable_set_text (GTK_EDITABLE (entry), "<b>'; drop");
  oba_test_wait_until (oba_test_shows (popover, "No store has all these words in its name, city, district or code."));
  gtk_editable_set_text (GTK_EDITABLE (entry), "nəsimi");
  oba_test_wait_until (oba_test_shows (popover, "OBA Nizami (closed)"));
  g_signal_emit_by_name (oba_test_find (popover, GTK_TYPE_BUTTON, "No store"), "clicked");
  g_assert_cmpint (oba_store_chooser_get_store (chooser), ==, 0);
  oba_store_chooser_set_store (chooser, 3, NULL);
  oba_test_wait_until (g_str_equal (oba_store_chooser_get_text (chooser), "OBA Şuşa"));
}

/* ---- registering */

static ObaRegisterWindow *
open_window (Fixture *fixture)
{
  ObaRegisterWindow *window = oba_register_window_new (fixture->window, fixture->session);

  oba_test_present (GTK_WINDOW (window), 760, 690);
  oba_test_wait_until (oba_register_window_is_settled (window));
  return window;
}

static void
type (ObaRegisterWindow *window, ObaCustomerField field, const char *text)
{
  oba_customer_form_set_text (oba_register_window_get_form (window), field, text);
}

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

static void
registered_cb (ObaRegisterWindow *window, gint64 id, const char *name, gint64 *registered)
{
  *registered = id;
}

static gboolean
shows (ObaRegisterWindow *window, const char *text)
{
  return oba_test_shows (GTK_WIDGET (window), text);
}

static const char *
problem (ObaRegisterWindow *window, ObaCustomerField field)
{
  return oba_customer_form_get_problem (oba_register_window_get_form (window), field);
}

static void
save (ObaRegisterWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "register.save", NULL);
}

/* Everything a form has is there afterwards, the card and what was agreed to as well; Save pressed twice makes one customer. */
static void
test_register (Fixture *fixture, gconstpointer data)
{
  ObaRegisterWindow *window = open_window (fixture);
  gint64 id = 0;

  app_database_run (fixture->database, "insert into oba.cards (token_hash, number, state) values (sha256 ('card-token-1'), 'OBA-1001', 'blank')");
  g_signal_connect (window, "registered", G_CALLBACK (registered_cb), &id);
  g_assert_true (shows (window, "Still missing: a given name or a family name"));
  type (window, OBA_CUSTOMER_FAMILY_NAME, " Əliyeva ");
  type (window, OBA_CUSTOMER_GIVEN_NAME, "Aysel");
  type (window, OBA_CUSTOMER_PATRONYMIC, "Rəşid qızı");
  type (window, OBA_CUSTOMER_PHONE, "(050) 123-45-67");
  g_assert_true (shows (window, "Saved as +994 50 123 45 67"));
  type (window, OBA_CUSTOMER_BIRTH_DATE, "21.3.1985");
  type (window, OBA_CUSTOMER_EMAIL, "aysel@example.az");
  type (window, OBA_CUSTOMER_CITY, "Bakı");
  type (window, OBA_CUSTOMER_LANGUAGE, "ru");
  type (window, OBA_CUSTOMER_PREFERRED_STORE, "2");
  type (window, OBA_CUSTOMER_CATEGORIES, "1,2");
  type (window, OBA_CUSTOMER_NOTES, "Calls <b>often</b>.\nAfter six.");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (oba_test_find (GTK_WIDGET (window), GTK_TYPE_CHECK_BUTTON, "SMS")), TRUE);
  oba_card_entry_scan (oba_register_window_get_card (window), "card-token-1");
  oba_test_wait_until (shows (window, "Card OBA-1001 is blank: the customer gets it"));
  oba_test_wait_until (oba_register_window_is_settled (window));
  g_assert_true (shows (window, "Ready to register"));
  oba_test_assert_named (GTK_WIDGET (window));
  oba_test_picture (GTK_WINDOW (window), "register-full");
  save (window);
  save (window);
  g_assert_true (oba_register_window_is_saving (window));
  oba_test_wait_until (id != 0);
  assert_ask (fixture, "select concat_ws ('|', family_name, given_name, patronymic, phone, birth_date, email, city, language, preferred_store_id, registered_through) from oba.customers where kind = 'person'",
              "Əliyeva|Aysel|Rəşid qızı|+994501234567|1985-03-21|aysel@example.az|Bakı|ru|2|staff");
  assert_ask (fixture, "select notes from oba.customers where kind = 'person'", "Calls <b>often</b>.\nAfter six.");
  assert_ask (fixture, "select string_agg (category_id::text, ',') from oba.customer_categories", "1,2");
  assert_ask (fixture, "select channel || granted from oba.consents", "smstrue");
  assert_ask (fixture, "select customer_id = (select customer_id from oba.customers where phone is not null) from oba.cards where number = 'OBA-1001'", "t");
}

/* Nothing is red before it was touched; then each field says what is wrong with it, and Save goes to the first of them. */
static void
test_validation (Fixture *fixture, gconstpointer data)
{
  ObaRegisterWindow *window = open_window (fixture);
  ObaCustomerForm *form = oba_register_window_get_form (window);
  g_autofree char *long_name = g_strnfill (10000, 'x');

  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    g_assert_null (problem (window, i));
  type (window, OBA_CUSTOMER_PHONE, "050 12");
  g_assert_null (problem (window, OBA_CUSTOMER_PHONE));
  oba_test_wait_until (problem (window, OBA_CUSTOMER_PHONE) != NULL);
  g_assert_true (shows (window, "This is not a phone number. Write it like 050 123 45 67 or +994 50 123 45 67"));
  g_assert_null (problem (window, OBA_CUSTOMER_GIVEN_NAME));
  type (window, OBA_CUSTOMER_PHONE, "050 123 45 67");
  g_assert_null (problem (window, OBA_CUSTOMER_PHONE));
  type (window, OBA_CUSTOMER_PHONE, "12");
  type (window, OBA_CUSTOMER_BIRTH_DATE, "30.02.1985");
  type (window, OBA_CUSTOMER_EMAIL, "nobody");
  type (window, OBA_CUSTOMER_PATRONYMIC, long_name);
  type (window, OBA_CUSTOMER_CITY, "Ba\xe2\x80\x8fkı");
  save (window);
  g_assert_false (oba_register_window_is_saving (window));
  g_assert_true (shows (window, "There is no such day in the calendar"));
  g_assert_true (shows (window, "This is not an e-mail address. Write it like name@example.az"));
  g_assert_true (shows (window, "This text is longer than 100 characters"));
  g_assert_true (shows (window, "This text holds an invisible control character (U+200F)"));
  g_assert_true (shows (window, "Check: Patronymic, Phone, E-mail, Birth date, City"));
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (gtk_widget_get_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), GTK_TYPE_ENTRY)), GTK_ACCESSIBLE_STATE_INVALID,
                                    GTK_ACCESSIBLE_INVALID_TRUE);
  oba_test_picture (GTK_WINDOW (window), "register-problems");
  for (ObaCustomerField i = OBA_CUSTOMER_PATRONYMIC; i <= OBA_CUSTOMER_CITY; i++)
    if (i != OBA_CUSTOMER_LANGUAGE)
      type (window, i, "");
  save (window);
  g_assert_true (shows (window, "A given name or a family name is needed"));
  type (window, OBA_CUSTOMER_FAMILY_NAME, "A");
  g_assert_null (problem (window, OBA_CUSTOMER_GIVEN_NAME));
  g_assert_true (oba_customer_form_is_dirty (form));
  assert_ask (fixture, "select count (*) from oba.customers where kind = 'person'", "0");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
open_customer_cb (ObaRegisterWindow *window, gint64 id, gint64 *opened)
{
  *opened = id;
}

/* Who is there already is shown before anything is saved; only the clerk's word makes a second one of the name. */
static void
test_doubles (Fixture *fixture, gconstpointer data)
{
  ObaRegisterWindow *window = open_window (fixture);
  GtkWidget *box = GTK_WIDGET (oba_register_window_get_doubles (window));
  gint64 id = 0;
  gint64 opened = 0;

  app_database_run (fixture->database, "insert into oba.customers (customer_id, family_name, given_name, birth_date, city, phone) values (9077, 'Əliyeva', 'Aysel', '1985-03-21', 'Bakı', '+994501234567')");
  g_signal_connect (window, "registered", G_CALLBACK (registered_cb), &id);
  type (window, OBA_CUSTOMER_FAMILY_NAME, "Алиева");
  type (window, OBA_CUSTOMER_GIVEN_NAME, "Айсел");
  oba_test_wait_until (oba_register_window_is_settled (window));
  g_assert_false (gtk_widget_get_visible (box));
  type (window, OBA_CUSTOMER_BIRTH_DATE, "21.03.1985");
  oba_test_wait_until (gtk_widget_get_visible (box));
  g_assert_true (oba_test_shows (box, "same name and birth date · 21 Mar 1985 · +994 50 123 45 67 · Bakı"));
  g_assert_true (shows (window, "Decide whether this person is registered already"));
  oba_test_picture (GTK_WINDOW (window), "register-double");
  save (window);
  g_assert_false (oba_register_window_is_saving (window));

  type (window, OBA_CUSTOMER_PHONE, "050 123 45 67");
  oba_test_wait_until (oba_test_shows (box, "This phone number belongs to a customer already"));
  g_assert_null (oba_test_find (box, GTK_TYPE_CHECK_BUTTON, NULL));
  type (window, OBA_CUSTOMER_PHONE, "");
  oba_test_wait_until (oba_test_find (box, GTK_TYPE_CHECK_BUTTON, NULL) != NULL);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (oba_test_find (box, GTK_TYPE_CHECK_BUTTON, NULL)), TRUE);
  g_assert_true (shows (window, "Ready to register"));
  oba_test_wait_until (oba_register_window_is_settled (window));
  save (window);
  oba_test_wait_until (id != 0);
  assert_ask (fixture, "select other_id from oba.not_same_persons", "9077");

  window = open_window (fixture);
  g_signal_connect (window, "open-customer", G_CALLBACK (open_customer_cb), &opened);
  type (window, OBA_CUSTOMER_PHONE, "0501234567");
  oba_test_wait_until (shows (window, "has this phone number"));
  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (oba_register_window_get_doubles (window)), GTK_TYPE_BUTTON, "Open"), "clicked");
  g_assert_cmpint (opened, ==, 9077);
}

/* A colleague registers the same person while this form is open and its answer is on the way: the database says so, and the form shows who it is. */
static void
test_race (Fixture *fixture, gconstpointer data)
{
  ObaRegisterWindow *window = open_window (fixture);

  type (window, OBA_CUSTOMER_FAMILY_NAME, "Quliyev");
  type (window, OBA_CUSTOMER_GIVEN_NAME, "Murad");
  type (window, OBA_CUSTOMER_BIRTH_DATE, "01.02.1990");
  type (window, OBA_CUSTOMER_PHONE, "0557654321");
  oba_test_wait_until (oba_register_window_is_settled (window));
  app_database_run (fixture->database, "insert into oba.customers (customer_id, family_name, given_name, birth_date) values (9088, 'Quliyev', 'Murad', '1990-02-01')");
  save (window);
  oba_test_wait_until (shows (window, "A customer of this name and birth date is registered already."));
  oba_test_wait_until (shows (window, "same name and birth date"));
  app_database_run (fixture->database, "insert into oba.customers (customer_id, family_name, phone) values (9089, 'Other', '+994557654321')");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (oba_test_find (GTK_WIDGET (oba_register_window_get_doubles (window)), GTK_TYPE_CHECK_BUTTON, NULL)), TRUE);
  save (window);
  oba_test_wait_until (problem (window, OBA_CUSTOMER_PHONE) != NULL);
  oba_test_wait_until (shows (window, "has this phone number"));
  assert_ask (fixture, "select count (*) from oba.customers where kind = 'person'", "2");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What a keyboard does: those who watch see the key first, then the field with the focus gets it. */
static void
press (ObaRegisterWindow *window, char letter, guint32 time)
{
  guint keyval = letter == '\n' ? GDK_KEY_Return : gdk_unicode_to_keyval ((guint) letter);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));
  int end;

  if (oba_register_window_feed_key (window, keyval, time))
    return;
  if (letter == '\n')
    {
      g_signal_emit_by_name (focus, "activate");
      return;
    }
  end = gtk_editable_get_position (GTK_EDITABLE (focus));
  gtk_editable_insert_text (GTK_EDITABLE (focus), (const char[]) { letter, '\0' }, 1, &end);
  gtk_editable_set_position (GTK_EDITABLE (focus), end);
}

/* A card is scanned while the clerk is in the name: it goes to the card's field, the name stays, nothing is saved. Whoever types, however fast, types. */
static void
test_scanner (Fixture *fixture, gconstpointer data)
{
  ObaRegisterWindow *window = open_window (fixture);
  ObaCustomerForm *form = oba_register_window_get_form (window);
  ObaCardEntry *card = oba_register_window_get_card (window);
  g_autofree char *name = NULL;
  g_autofree char *typed = NULL;
  guint32 time = 1000;

  app_database_run (fixture->database, "insert into oba.cards (token_hash, number, state) values (sha256 ('Qx7-yTR_04abcdef'), 'OBA-1001', 'blank')");
  oba_customer_form_focus (form, OBA_CUSTOMER_FAMILY_NAME);
  for (const char *p = "Aliyev"; *p != '\0'; p++)
    press (window, *p, time += 90);
  time += 400;
  for (const char *p = "Qx7-yTR_04abcdef\n"; *p != '\0'; p++)
    press (window, *p, time += 8);
  name = oba_customer_form_get_text (form, OBA_CUSTOMER_FAMILY_NAME);
  g_assert_cmpstr (name, ==, "Aliyev");
  g_assert_false (oba_register_window_is_saving (window));
  oba_test_wait_until (shows (window, "Card OBA-1001 is blank: the customer gets it"));
  g_assert_cmpstr (oba_card_entry_get_card (card), ==, "OBA-1001");

  for (const char *p = "azade"; *p != '\0'; p++)
    press (window, *p, time += 45);
  typed = oba_customer_form_get_text (form, OBA_CUSTOMER_FAMILY_NAME);
  g_assert_cmpstr (typed, ==, "Aliyevazade");
  oba_card_entry_scan (card, "unknown-card");
  oba_test_wait_until (oba_card_entry_get_problem (card) != NULL);
  g_assert_true (shows (window, "This card is not one of ours. Check the number under the code, or take another card."));
  g_assert_true (shows (window, "Take another card, or register without one"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The cable breaks when the server has saved already: the form waits, and there is one customer. */
static void
test_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ObaTestWire) wire = oba_test_wire_new (app_database_get_conninfo (fixture->database));
  ObaSession *session = app_database_sign_in_at (oba_test_wire_get_conninfo (wire));
  ObaRegisterWindow *window;
  gint64 id = 0;

  window = oba_register_window_new (fixture->window, session);
  g_signal_connect (window, "registered", G_CALLBACK (registered_cb), &id);
  oba_test_present (GTK_WINDOW (window), 760, 690);
  type (window, OBA_CUSTOMER_FAMILY_NAME, "Quliyev");
  type (window, OBA_CUSTOMER_PHONE, "0557654321");
  oba_test_wait_until (oba_register_window_is_settled (window));
  oba_test_wire_lose_answer_to (wire, "Quliyev");
  save (window);
  oba_test_wait_until (oba_test_wire_get_n_lost (wire) == 1);
  oba_test_wire_cut (wire);
  oba_test_wait_until (shows (window, "The connection is lost. As soon as the server is back the customer is registered, once."));
  oba_test_picture (GTK_WINDOW (window), "register-lost");
  g_assert_true (oba_register_window_is_saving (window));
  oba_test_wire_mend (wire);
  oba_test_wait_until (id != 0);
  assert_ask (fixture, "select count (*) from oba.customers where family_name = 'Quliyev'", "1");

  /* Cancelled on the way, and pressed again: still once. */
  id = 0;
  window = oba_register_window_new (fixture->window, session);
  g_signal_connect (window, "registered", G_CALLBACK (registered_cb), &id);
  oba_test_present (GTK_WINDOW (window), 760, 690);
  type (window, OBA_CUSTOMER_FAMILY_NAME, "Babayev");
  oba_test_wait_until (oba_register_window_is_settled (window));
  oba_test_wire_lose_answer_to (wire, "Babayev");
  save (window);
  oba_test_wait_until (oba_test_wire_get_n_lost (wire) == 2);
  oba_test_wire_cut (wire);
  gtk_window_close (GTK_WINDOW (window));
  oba_test_wait_until (!oba_register_window_is_saving (window));
  g_assert_true (shows (window, "What you typed is kept"));
  g_assert_true (oba_customer_form_is_dirty (oba_register_window_get_form (window)));
  oba_test_wire_mend (wire);
  save (window);
  oba_test_wait_until (id != 0);
  assert_ask (fixture, "select count (*) from oba.customers where family_name = 'Babayev'", "1");
  oba_session_close (session);
  g_object_unref (session);
}

/* Half a form is not lost by Escape. */
static void
test_give_up (Fixture *fixture, gconstpointer data)
{
  ObaRegisterWindow *window = open_window (fixture);
  GtkWindow *dialog = NULL;

  type (window, OBA_CUSTOMER_FAMILY_NAME, "Quliyev");
  gtk_window_close (GTK_WINDOW (window));
  for (GList *item = gtk_window_list_toplevels (); item != NULL; item = item->next)
    if (ADW_IS_MESSAGE_DIALOG (item->data))
      dialog = item->data;
  g_assert_nonnull (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window)));
  g_assert_true (oba_customer_form_is_dirty (oba_register_window_get_form (window)));
  type (window, OBA_CUSTOMER_FAMILY_NAME, "");
  gtk_window_close (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  oba_test_app_init (&argc, &argv);

#define ADD(path, func) g_test_add ("/app/register/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("store-chooser", test_store_chooser);
  ADD ("register", test_register);
  ADD ("validation", test_validation);
  ADD ("doubles", test_doubles);
  ADD ("race", test_race);
  ADD ("scanner", test_scanner);
  ADD ("lost", test_lost);
  ADD ("give-up", test_give_up);
#undef ADD
  return g_test_run ();
}
