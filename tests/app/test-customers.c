/* The Customers page as a clerk uses it: the real widgets, a real PostgreSQL behind them. */
#include "customers/oba-customers-page.h"

#include <math.h>
#include <string.h>

#include "base/oba-money.h"
#include "customers/oba-customer.h"
#include "oba-test-app.h"
#include "oba-test-postgres.h"
#include "oba-window.h"
#include "widgets/oba-avatar-text.h"

#define N_CUSTOMERS 5000

static const char fill[] =
  "insert into oba.stores (code, name) values ('S1', 'OBA Nizami');"
  "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea');"
  "insert into oba.products (code, name, unit, category_id, price) select 'P1', 'Azərçay qara', 'kg', category_id, 1250 from oba.categories;"
  "insert into oba.products (code, name, category_id, price) select 'P2', 'Çörək', category_id, 70 from oba.categories;"
  "insert into oba.customers (customer_id, given_name, family_name, phone, city, registered_at, registered_through)"
  " select 1000 + n, (array['Əli', 'Aysel', 'Leyla', 'Murad', 'Nigar', 'Elçin', 'Günel', 'Rəşad', 'Şəbnəm', 'İlqar', 'Cavid'])[1 + n % 11],"
  "  (array['Məmmədov', 'Həsənova', 'Quliyev', 'İsmayılova', 'Çələbi', 'Şirinova', 'Babayev'])[1 + n % 7],"
  "  '+99455' || lpad ((n * 7919 % 10000000)::text, 7, '0'), (array['Bakı', 'Gəncə', 'Şəki', 'Sumqayıt'])[1 + n % 4],"
  "  timestamptz '2024-01-01' + (n * 31 % 20000) * interval '1 hour', 'import' from generate_series (1, 4999) n;"
  "insert into oba.customers (customer_id, given_name, family_name, patronymic, phone, email, city, birth_date, registered_store_id,"
  "  preferred_store_id, registered_at, notes)"
  " values (500, 'Ayşə', 'Əliyeva', 'Rəşid qızı', '+994501234567', 'ayse@example.az', 'Bakı', '1985-03-21', 1, 1, '2024-05-06', 'Calls <b>often</b>.');"
  "insert into oba.cards (token_hash, number, customer_id) values (sha256 ('a'), 'OBA-7700-0001', 500);"
  "select oba.put_consent (500, 'sms', true, 'staff', 1, ''), oba.put_consent (500, 'telegram', false, 'staff', 1, '');"
  "update oba.points_accounts set balance = customer_id * 7919 % 5000, tier_id = 1 + customer_id % 4, tier_spend = customer_id * 104729 % 700000"
  " where customer_id > 1000;"
  "update oba.customer_stats set lifecycle = (array['new', 'lost', 'active'])[1 + customer_id % 3], lifecycle_since = timestamptz '2025-01-01' + (customer_id % 7) * interval '1 day',"
  " last_purchase_at = timestamptz '2025-01-01' + (customer_id * 6007 % 9000) * interval '1 hour'"
  " where customer_id > 1000 and customer_id % 3 <> 0;"
  "select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', 'R' || n, 'sold_at', now() - n * interval '1 minute',"
  " 'customer_id', 500, 'source', 'till', 'lines', jsonb_build_array ("
  " jsonb_build_object ('code', 'P1', 'quantity', 1.5, 'unit_price', 1250, 'total', 1875),"
  " jsonb_build_object ('code', 'P2', 'quantity', 2, 'unit_price', 70, 'total', 140)),"
  " 'total', 2015), null, null) from generate_series (1, 12) n;"
  "analyze;";

static ObaTestPostgres *server;
static char *filled;

typedef struct
{
  char              *conninfo;
  AdwApplication    *app;
  ObaSession        *session;
  GtkWindow         *window;
  ObaCustomersPage  *page;
  ObaLazyView       *view;
  ObaLazyModel      *model;
  ObaCustomerDetail *detail;
} Fixture;

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  ObaSession **session = user_data;
  g_autoptr (GError) error = NULL;

  *session = oba_session_open_finish (result, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  empty)
{
  fixture->conninfo = empty != NULL ? oba_test_postgres_new_database (server) : g_strdup (filled);
  fixture->app = oba_test_application_new ();
  oba_session_open_async (fixture->conninfo, "Test", NULL, opened_cb, &fixture->session);
  oba_test_wait_until (fixture->session != NULL);
  oba_test_wait_until (oba_db_listener_is_listening (oba_session_get_listener (fixture->session)));
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", fixture->session, NULL);
  fixture->view = oba_customers_page_get_view (fixture->page);
  fixture->model = oba_customers_page_get_model (fixture->page);
  fixture->detail = oba_customers_page_get_detail (fixture->page);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  oba_test_present (fixture->window, 1060, 700);
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->app);
  g_free (fixture->conninfo);
}

/* ---- what is seen */

static guint
n_items (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->model));
}

/* The id of the customer in a row that is read; 0 as long as it is not. */
static gint64
id_at (Fixture *fixture,
       guint    position)
{
  g_autoptr (ObaLazyRow) row = g_list_model_get_item (G_LIST_MODEL (fixture->model), position);
  gpointer customer = row != NULL ? oba_lazy_row_get_record (row) : NULL;

  return customer != NULL ? oba_customer_get_id (customer) : 0;
}

static void
settle (Fixture *fixture)
{
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
  gtk_widget_queue_draw (GTK_WIDGET (fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
}

static GtkEditable *
entry (Fixture *fixture)
{
  return GTK_EDITABLE (oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_SEARCH_ENTRY, NULL));
}

/* As typed at once; the answer is awaited. */
static void
search (Fixture    *fixture,
        const char *text)
{
  oba_customers_page_search (fixture->page, text);
  g_signal_emit_by_name (entry (fixture), "search-changed");
  settle (fixture);
}

static gboolean
list_shows (Fixture    *fixture,
            const char *text)
{
  return oba_test_shows (GTK_WIDGET (fixture->view), text);
}

static gboolean
detail_shows (Fixture    *fixture,
              const char *text)
{
  return oba_test_shows (GTK_WIDGET (fixture->detail), text);
}

static char *
ask (Fixture    *fixture,
     const char *sql)
{
  return oba_test_postgres_exec (fixture->conninfo, sql);
}

/* ---- tests */

/* The list stands with its first rows and the count of all. */
static void
test_opens (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *number = oba_number_format (N_CUSTOMERS);
  g_autofree char *first = ask (fixture, "select family_name || ' ' || given_name from oba.customers where kind = 'person' order by sort_name, customer_id limit 1");

  g_assert_cmpstr (oba_customers_page_get_shown (fixture->page), ==, "list");
  g_assert_cmpuint (oba_page_get_state (OBA_PAGE (fixture->page)), ==, OBA_PAGE_READY);
  g_assert_cmpuint (n_items (fixture), ==, N_CUSTOMERS);
  g_assert_true (g_str_has_prefix (oba_customers_page_get_count (fixture->page), number));
  g_assert_true (list_shows (fixture, first));
  g_assert_cmpstr (oba_customer_detail_get_shown (fixture->detail), ==, "none");
  oba_test_assert_named (GTK_WIDGET (fixture->page));
}

/* A jump to the very end shows the last customers, not empty rows. */
static void
test_jump (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *id = ask (fixture, "select customer_id from oba.customers where kind = 'person' order by sort_name desc, customer_id desc limit 1");
  g_autofree char *phone = ask (fixture, "select right (phone, 2) from oba.customers where kind = 'person' order by sort_name desc, customer_id desc limit 1");

  oba_lazy_view_scroll_to (fixture->view, N_CUSTOMERS - 1);
  settle (fixture);
  g_assert_cmpint (id_at (fixture, N_CUSTOMERS - 1), ==, g_ascii_strtoll (id, NULL, 10));
  g_assert_true (list_shows (fixture, phone));
  for (guint i = N_CUSTOMERS - 20; i < N_CUSTOMERS; i++)
    g_assert_cmpint (id_at (fixture, i), !=, 0);
}

/* What a click on a title does to the view. */
static void
sort_as_clicked (Fixture  *fixture,
                 guint     column,
                 gboolean  down)
{
  GtkColumnView *view = oba_lazy_view_get_column_view (fixture->view);
  g_autoptr (GtkColumnViewColumn) item = g_list_model_get_item (gtk_column_view_get_columns (view), column);

  gtk_column_view_sort_by_column (view, item, down ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

/* A click on any title sorts as SQL does, both ways; a second click turns it round. */
static void
test_sorts (Fixture       *fixture,
            gconstpointer  data)
{
  /* In the order of the columns. */
  static const char *const keys[] = {
    "c.sort_name %s", "c.phone %s", "c.email %s", "c.customer_id %s", "c.city %s", "a.tier_id %s", "a.balance %s",
    "coalesce (s.last_purchase_at, '-infinity') %s", "a.tier_spend %s", "c.registered_at %s", "c.status %s", "c.birth_date %s", "c.language %s",
    "coalesce (t.name, '') %s", "s.receipts %s", "s.lifecycle %s, s.lifecycle_since %s",
  };

  oba_lazy_view_scroll_to (fixture->view, 3000);
  settle (fixture);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (keys); i++)
    {
      gboolean down = i % 2 == 0;
      g_auto (GStrv) parts = g_strsplit (keys[i / 2], "%s", -1);
      g_autofree char *key = g_strjoinv (down ? "desc" : "", parts);
      g_autofree char *sql = g_strdup_printf (
        "select string_agg (id::text, ' ') from (select c.customer_id as id from oba.customers c join oba.points_accounts a using (customer_id)"
        " join oba.customer_stats s using (customer_id) left join oba.stores t on t.store_id = coalesce (c.preferred_store_id, c.registered_store_id) where c.kind = 'person' order by %s, c.customer_id %s limit 20) x",
        key, down ? "desc" : "");
      g_autofree char *expected = ask (fixture, sql);
      g_autoptr (GString) seen = g_string_new (NULL);

      sort_as_clicked (fixture, i / 2, down);
      settle (fixture);
      for (guint j = 0; j < 20; j++)
        g_string_append_printf (seen, "%s%" G_GINT64_FORMAT, j > 0 ? " " : "", id_at (fixture, j));
      g_assert_cmpstr (seen->str, ==, expected);
      g_assert_cmpuint (n_items (fixture), ==, N_CUSTOMERS);
    }
  /* Sorted anew, the list starts at its top again. */
  g_assert_cmpfloat (gtk_adjustment_get_value (oba_lazy_view_get_vadjustment (fixture->view)), ==, 0);
}

/* However her name, number, card or address is typed, she is found, and being the only one she is shown. */
static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  const char *texts[] = { "Əliyeva", "aliyeva", "Алиева", "050 123 45 67", "+994501234567", "1234567", "OBA-7700-0001", "ayse@example" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      search (fixture, texts[i]);
      g_assert_cmpuint (n_items (fixture), ==, 1);
      g_assert_true (list_shows (fixture, "Əliyeva Ayşə"));
      g_assert_cmpint (oba_customer_detail_get_id (fixture->detail), ==, 500);
      g_assert_true (detail_shows (fixture, "Əliyeva Ayşə Rəşid qızı"));
    }
  oba_test_picture (fixture->window, "customers-search");
  search (fixture, "mammadov leyla");
  g_assert_cmpuint (n_items (fixture), >, 10);
  g_assert_nonnull (strstr (oba_customers_page_get_count (fixture->page), "found"));
  g_assert_cmpint (oba_customer_detail_get_id (fixture->detail), ==, 0);

  g_signal_emit_by_name (entry (fixture), "stop-search");
  g_assert_cmpstr (gtk_editable_get_text (entry (fixture)), ==, "");
  oba_test_wait_until (n_items (fixture) == N_CUSTOMERS);
}

/* Fast typing: nothing is asked between two letters, an older question is dropped, the last answer is the one that stays. */
static void
test_typing (Fixture       *fixture,
             gconstpointer  data)
{
  ObaLazySource *before = oba_lazy_model_get_source (fixture->model);

  int end = 0;

  for (const char *letter = "Əliyeva"; *letter != '\0'; letter = g_utf8_next_char (letter))
    gtk_editable_insert_text (entry (fixture), letter, (int) (g_utf8_next_char (letter) - letter), &end);
  g_assert_true (oba_lazy_model_get_source (fixture->model) == before);
  oba_customers_page_search (fixture->page, "a");
  g_signal_emit_by_name (entry (fixture), "search-changed");
  oba_customers_page_search (fixture->page, "mammadov");
  g_signal_emit_by_name (entry (fixture), "search-changed");
  oba_customers_page_search (fixture->page, "Əliyeva");
  oba_test_wait_until (n_items (fixture) == 1);
  settle (fixture);
  g_assert_cmpint (id_at (fixture, 0), ==, 500);
}

/* What nobody can be called finds nobody, is repeated literally and cut, and does no harm. */
static void
test_nothing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *long_text = g_strnfill (10000, 'x');

  search (fixture, "Zzyzx");
  g_assert_cmpstr (oba_customers_page_get_shown (fixture->page), ==, "nothing");
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "“Zzyzx”"));
  oba_test_picture (fixture->window, "customers-nothing");
  search (fixture, "<b>nobody</b> & ' %");
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "&lt;b&gt;nobody&lt;/b&gt; &amp; &apos; %")
                 || oba_test_shows (GTK_WIDGET (fixture->page), "<b>nobody</b> & ' %"));
  search (fixture, long_text);
  g_assert_cmpstr (oba_customers_page_get_shown (fixture->page), ==, "nothing");
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "xxx…”"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.clear-search", NULL);
  oba_test_wait_until (n_items (fixture) == N_CUSTOMERS);
  g_assert_cmpstr (oba_customers_page_get_shown (fixture->page), ==, "list");
}

static GtkWidget *
first_receipt (Fixture *fixture)
{
  return oba_test_find (GTK_WIDGET (fixture->detail), GTK_TYPE_LIST_BOX_ROW, NULL);
}

/* The chosen customer at a glance: person, contact, consents, tier, points, the last receipts and what was in them. */
static void
test_profile (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *points = oba_number_format (12 * 20);
  const char *texts[] = { "Əliyeva Ayşə Rəşid qızı", "Active", "+994 50 123 45 67", "ayse@example.az", "OBA-7700-0001", "Bakı", "Azerbaijani",
                          "21 Mar 1985", "6 May 2024, OBA Nizami, by staff", "Yes, since", "No, since", "Bronze", "more to Silver", "valid until",
                          "OBA Nizami", "+20 points", "Calls <b>often</b>." };
  g_autoptr (GListModel) rows = NULL;

  search (fixture, "0501234567");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!detail_shows (fixture, texts[i]))
      g_error ("the profile does not show “%s”", texts[i]);
  g_assert_true (detail_shows (fixture, points));
  g_assert_false (detail_shows (fixture, "Azərçay qara"));
  g_signal_emit_by_name (gtk_widget_get_parent (first_receipt (fixture)), "row-activated", first_receipt (fixture));
  oba_test_wait_until (detail_shows (fixture, "Azərçay qara"));
  g_assert_true (detail_shows (fixture, "1.5 kg"));
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (first_receipt (fixture)), GTK_ACCESSIBLE_STATE_EXPANDED, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (fixture->detail), "detail.copy-phone", NULL);
  oba_test_assert_named (GTK_WIDGET (fixture->detail));
  oba_test_picture (fixture->window, "customers-profile");
}

/* The choice stays with the person when the order changes, and goes when a search leaves the person out. */
static void
test_selection (Fixture       *fixture,
                gconstpointer  data)
{
  gint64 id;

  oba_lazy_view_select (fixture->view, 7);
  settle (fixture);
  id = id_at (fixture, 7);
  g_assert_cmpint (oba_customer_detail_get_id (fixture->detail), ==, id);
  oba_lazy_view_set_sort (fixture->view, "points", TRUE);
  settle (fixture);
  g_assert_cmpint (oba_customer_detail_get_id (fixture->detail), ==, id);
  g_assert_cmpint (id_at (fixture, oba_lazy_view_get_selected (fixture->view)), ==, id);
  search (fixture, "mammadov leyla");
  g_assert_cmpint (oba_customer_detail_get_id (fixture->detail), !=, id);

  /* Enter opens all that is known. */
  search (fixture, "0501234567");
  g_signal_emit_by_name (oba_lazy_view_get_column_view (fixture->view), "activate", 0);
  g_assert_nonnull (oba_subpages_get_top (oba_customers_page_get_subpages (fixture->page)));
}

/* A colleague changes the customer who is shown: the row and the profile follow by themselves. */
static void
test_live (Fixture       *fixture,
           gconstpointer  data)
{
  search (fixture, "0501234567");
  g_free (ask (fixture, "update oba.customers set city = 'Lənkəran' where customer_id = 500"));
  oba_test_wait_until (detail_shows (fixture, "Lənkəran") && list_shows (fixture, "Lənkəran"));
  g_free (ask (fixture, "update oba.customers set status = 'blocked', blocked_reason = 'Card shared' where customer_id = 500"));
  oba_test_wait_until (detail_shows (fixture, "Card shared"));
  oba_test_picture (fixture->window, "customers-blocked");
  g_free (ask (fixture, "update oba.customers set city = 'Bakı', status = 'active', blocked_reason = null where customer_id = 500"));
  oba_test_wait_until (detail_shows (fixture, "Active") && list_shows (fixture, "Bakı"));
}

/* The server dies in the middle: rows and profile stay, a sentence says so, and all goes on when it is back. */
static void
test_server_lost (Fixture       *fixture,
                  gconstpointer  data)
{
  gint64 id;

  oba_lazy_view_select (fixture->view, 3);
  settle (fixture);
  id = id_at (fixture, 3);
  oba_db_pool_set_patience (oba_session_get_pool (fixture->session), 300);
  oba_test_postgres_kill (server);
  oba_lazy_view_scroll_to (fixture->view, 4000);
  oba_test_wait_until (oba_lazy_model_get_state (fixture->model) == OBA_LAZY_MODEL_FAILED);
  g_assert_cmpuint (n_items (fixture), ==, N_CUSTOMERS);
  g_assert_cmpstr (oba_customers_page_get_shown (fixture->page), ==, "list");
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->page), "could not be brought up to date"));
  g_assert_cmpint (id_at (fixture, 3), ==, id);
  g_assert_cmpstr (oba_customer_detail_get_shown (fixture->detail), ==, "profile");
  oba_test_picture (fixture->window, "customers-offline");

  /* The pool's backoff may outlast the short patience of this test. */
  oba_db_pool_set_patience (oba_session_get_pool (fixture->session), 30000);
  oba_test_postgres_start (server);
  oba_test_wait_until (oba_session_is_online (fixture->session));
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
  g_assert_false (oba_test_shows (GTK_WIDGET (fixture->page), "could not be brought up to date"));
  oba_lazy_view_scroll_to (fixture->view, 4500);
  settle (fixture);
  g_assert_cmpint (id_at (fixture, 4500), !=, 0);
  g_assert_cmpint (oba_customer_detail_get_id (fixture->detail), ==, id);
}

/* A new chain has no customers: the page says what will bring them, and the first one appears by itself. */
static void
test_empty (Fixture       *fixture,
            gconstpointer  data)
{
  g_assert_cmpstr (oba_customers_page_get_shown (fixture->page), ==, "empty");
  g_assert_cmpuint (oba_page_get_state (OBA_PAGE (fixture->page)), ==, OBA_PAGE_READY);
  oba_test_picture (fixture->window, "customers-empty");
  g_free (ask (fixture, "insert into oba.customers (given_name, family_name) values ('İlk', 'Müştəri')"));
  oba_test_wait_until (list_shows (fixture, "Müştəri İlk"));
  search (fixture, "zzz");
  g_assert_cmpstr (oba_customers_page_get_shown (fixture->page), ==, "nothing");
}

/* A name that begins with İ has that letter, not an I, in the circle beside it, whatever the locale; two given names have one initial. */
static void
test_avatar (void)
{
  g_autofree char *names = oba_avatar_text ("ismayılov", "ılqar əli");
  g_autofree char *staff = oba_avatar_text ("ilqar şirinov", NULL);
  g_autofree char *nobody = oba_avatar_text ("", "");

  g_assert_cmpstr (names, ==, "İsmayılov Ilqarəli");
  g_assert_cmpstr (staff, ==, "İlqar Şirinov");
  g_assert_null (nobody);
}

static guint
count_pages (const char *conninfo,
             const char *login,
             gboolean    people)
{
  g_autofree char *own = g_strdup_printf ("%s user=%s", conninfo, login);
  g_autoptr (AdwApplication) app = oba_test_application_new ();
  g_autoptr (GSettings) settings = oba_test_settings_new ();
  ObaSession *session = NULL;
  ObaWindow *window;
  guint n;

  oba_session_open_async (own, "Test", NULL, opened_cb, &session);
  oba_test_wait_until (session != NULL);
  window = oba_window_new (GTK_APPLICATION (app), session, settings);
  n = oba_window_get_n_pages (window);
  oba_test_present (GTK_WINDOW (window), 1280, 720);
  if (n > 1)
    {
      ObaCustomersPage *page = OBA_CUSTOMERS_PAGE (oba_window_get_page (window, 1));

      oba_window_show_page (window, 1);
      oba_customers_page_search (page, "Алиева");
      if (people)
        oba_test_wait_until (oba_customers_page_is_settled (page) && oba_customer_detail_get_id (oba_customers_page_get_detail (page)) == 500);
      else
        oba_test_wait_until (g_str_equal (oba_customers_page_get_shown (page), "nothing"));
      g_assert_cmpint (g_str_equal (oba_customer_detail_get_shown (oba_customers_page_get_detail (page)), "profile"), ==, people);
    }
  gtk_window_destroy (GTK_WINDOW (window));
  oba_session_close (session);
  g_object_unref (session);
  return n;
}

/* With a clerk's or an auditor's own rights the page works whole; who may not see contacts is not led to a refusal. */
static void
test_roles (Fixture       *fixture,
            gconstpointer  data)
{
  g_free (ask (fixture, "select oba.staff_add ('aysel', 'Aysel', 'clerk'), oba.staff_add ('rauf', 'Rauf', 'auditor'),"
                        " oba.staff_add ('nigar', 'Nigar', 'marketing')"));
  g_assert_cmpuint (count_pages (fixture->conninfo, "aysel", TRUE), ==, 4);
  g_assert_cmpuint (count_pages (fixture->conninfo, "rauf", TRUE), ==, 7);   /* Analytics, Campaigns and Administration, to read */
  g_assert_cmpuint (count_pages (fixture->conninfo, "nigar", FALSE), ==, 7);
}

static GtkEventController *
find_scroll_controller (Fixture *fixture)
{
  GtkWidget *scroller = gtk_widget_get_ancestor (GTK_WIDGET (oba_lazy_view_get_column_view (fixture->view)), GTK_TYPE_SCROLLED_WINDOW);
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (scroller);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller) && gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE
          && g_signal_has_handler_pending (controller, g_signal_lookup ("scroll", GTK_TYPE_EVENT_CONTROLLER_SCROLL), 0, FALSE)
          && gtk_event_controller_scroll_get_flags (GTK_EVENT_CONTROLLER_SCROLL (controller)) == GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES)
        return controller;
    }
  return NULL;
}

/* GTK 4.8 runs to the end of a long list when the wheel turns fast. Ours moves as far as the wheel says. */
static void
test_wheel (Fixture       *fixture,
            gconstpointer  data)
{
  GtkEventController *controller = find_scroll_controller (fixture);
  GtkAdjustment *adjustment = oba_lazy_view_get_vadjustment (fixture->view);
  double expected = 0;

  g_assert_nonnull (controller);
  for (guint i = 0; i < 60; i++)
    {
      gboolean stopped = FALSE;
      double step = gtk_event_controller_scroll_get_unit (GTK_EVENT_CONTROLLER_SCROLL (controller)) == GDK_SCROLL_UNIT_WHEEL
                      ? pow (gtk_adjustment_get_page_size (adjustment), 2.0 / 3.0) : 1;

      g_signal_emit_by_name (controller, "scroll", 0.0, 10.0, &stopped);
      g_assert_true (stopped);
      expected += 10 * step;
      if (i % 3 == 0)
        g_main_context_iteration (NULL, FALSE);
    }
  settle (fixture);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (adjustment), expected, gtk_adjustment_get_page_size (adjustment));
}

static void
fill_database (void)
{
  g_auto (GStrv) statements = g_strsplit (fill, ";", -1);

  filled = oba_test_postgres_new_database (server);
  for (guint i = 0; *statements[i] != '\0'; i++)
    g_free (oba_test_postgres_exec (filled, statements[i]));
}

int
main (int   argc,
      char *argv[])
{
  int status;

  oba_test_app_init (&argc, &argv);
  server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  fill_database ();

#define add(path, data, func) g_test_add ("/app/customers/" path, Fixture, data, set_up, func, tear_down)
  add ("opens", NULL, test_opens);
  add ("jump", NULL, test_jump);
  add ("sorts", NULL, test_sorts);
  add ("search", NULL, test_search);
  add ("typing", NULL, test_typing);
  add ("nothing", NULL, test_nothing);
  add ("profile", NULL, test_profile);
  add ("selection", NULL, test_selection);
  add ("live", NULL, test_live);
  add ("roles", NULL, test_roles);
  add ("server-lost", NULL, test_server_lost);
  add ("wheel", NULL, test_wheel);
  add ("empty", "empty", test_empty);
  g_test_add_func ("/app/customers/avatar", test_avatar);
#undef add
  status = g_test_run ();

  g_free (filled);
  oba_test_postgres_free (server);
  return status;
}
