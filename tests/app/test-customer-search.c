/* The search field as a clerk uses it: what is marked in the rows it finds, and that whatever is typed or pasted does no harm. */
#include "customers/oba-customers-page.h"

#include <string.h>

#include "app-database.h"
#include "customers/oba-customer.h"
#include "oba-test-app.h"

static const char fill[] =
  "insert into oba.stores (code, name) values ('S1', 'OBA Nizami');"
  "insert into oba.customers (customer_id, given_name, family_name, phone, email, city) values"
  " (500, 'Ayşə', 'Əliyeva', '+994501234567', 'ayse@example.az', 'Bakı'), (501, 'Эльчин', 'Гусейнов', '+994551234568', 'elchin@example.az', 'Gəncə'),"
  " (502, '100%', 'Back\\slash_''quote\"', '+994702223344', null, 'Şəki'), (503, 'Leyla', 'Vəliyeva', '+994773334455', null, 'Quba'),"
  " (504, 'Aygün', 'Əliyeva', '+994994445566', 'aygun.eliyeva@example.az', 'Bakı');"
  "insert into oba.customers (given_name, family_name, phone) select 'Murad', 'Quliyev', '+99451' || 5552222 + n from generate_series (1, 400) n;"
  "insert into oba.cards (token_hash, number, state, customer_id) select sha256 (n::text::bytea), '99940000' || lpad (n::text, 8, '0'), 'active', 499 + n from generate_series (1, 5) n;"
  "insert into oba.categories (code, name_az) values ('tea', 'Çay');"
  "insert into oba.products (code, name, category_id, price) select 'P1', 'Çay', category_id, 100 from oba.categories;"
  "select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', 'R-4711', 'sold_at', now(), 'customer_id', 500, 'source', 'till',"
  " 'lines', jsonb_build_array (jsonb_build_object ('code', 'P1', 'quantity', 1, 'unit_price', 100, 'total', 100)), 'total', 100), null, null);"
  "analyze;";

static AppDatabase *database;

typedef struct
{
  AdwApplication   *app;
  ObaSession       *session;
  GtkWindow        *window;
  ObaCustomersPage *page;
  ObaLazyView      *view;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  fixture->app = oba_test_application_new ();
  fixture->session = app_database_sign_in (database);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", fixture->session, NULL);
  fixture->view = oba_customers_page_get_view (fixture->page);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  oba_test_present (fixture->window, 1280, 720);
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
  oba_lazy_view_show_column (fixture->view, "email", TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->app);
}

static void
search (Fixture *fixture, const char *text)
{
  GtkWidget *entry = oba_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_SEARCH_ENTRY, NULL);

  oba_customers_page_search (fixture->page, text);
  g_signal_emit_by_name (entry, "search-changed");
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
  gtk_widget_queue_draw (GTK_WIDGET (fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
}

/* What is underlined in a cell, " + " between its parts. */
static void
add_marked (GtkInscription *cell, GString *all)
{
  const char *text = gtk_inscription_get_text (cell);
  PangoAttrList *attributes = gtk_inscription_get_attributes (cell);
  GSList *list = attributes != NULL ? pango_attr_list_get_attributes (attributes) : NULL;

  for (GSList *item = list; item != NULL; item = item->next)
    {
      PangoAttribute *attribute = item->data;

      if (attribute->klass->type == PANGO_ATTR_UNDERLINE)
        {
          g_assert_cmpuint (attribute->end_index, <=, strlen (text));
          g_string_append (all, all->len > 0 ? " + " : "");
          g_string_append_len (all, text + attribute->start_index, attribute->end_index - attribute->start_index);
        }
    }
  g_slist_free_full (list, (GDestroyNotify) pango_attribute_destroy);
}

static void
collect_marked (GtkWidget *widget, GString *all)
{
  if (GTK_IS_INSCRIPTION (widget) && gtk_widget_get_mapped (widget))
    add_marked (GTK_INSCRIPTION (widget), all);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_marked (child, all);
}

static void
assert_marked (Fixture *fixture, const char *text, const char *expected)
{
  g_autoptr (GString) all = g_string_new (NULL);

  search (fixture, text);
  collect_marked (GTK_WIDGET (fixture->view), all);
  g_assert_true (g_utf8_validate (all->str, -1, NULL));
  g_assert_cmpstr (all->str, ==, expected);
}

/* Why each row is there is seen at a glance, whatever spelling or format was typed; and nothing stays marked when the search is another one. */
static void
test_marks (Fixture *fixture, gconstpointer unused)
{
  assert_marked (fixture, "aliyeva ay", "Əliyeva + Ay + Əliyeva + Ay");
  oba_test_picture (fixture->window, "customer-search-marks");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  assert_marked (fixture, "алиева", "Əliyeva + Əliyeva + əliyeva");
  oba_test_picture (fixture->window, "customer-search-marks-dark");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  assert_marked (fixture, "Hüseynov", "Гусейнов");
  assert_marked (fixture, "055 123", "55 123");
  assert_marked (fixture, "example.az", "example.az + example.az + example.az");
  assert_marked (fixture, "ELCHIN@", "elchin@");
  assert_marked (fixture, "100%", "100");
  assert_marked (fixture, "", "");
  assert_marked (fixture, "Aliyvea", "");
}

/* Pasted or typed: shown as it stands or found nothing, at once, and the page goes on. */
static void
test_bad_input (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *long_text = g_strnfill (10000, 'x');
  g_autofree char *long_words = g_strnfill (10000, ' ');
  const char *texts[] = {
    long_text, long_words, "\u202eElchin", "Əli\u200byeva", "Ay\001gün", "\tAygün\n", "%", "%%%", "_", "___", "\\", "\\\\%", "'", "\"", "''; drop table oba.customers; --",
    "' or '1'='1", "$1", "$s$ || $s$", "{\"a\": 1}", "<b>Əliyeva</b> &amp;", "Robert'); select pg_sleep (10); --", "%s %n %d", "🙂🙂🙂", "ﷺ", "(((((", "[a-z]+", ".*", "٠٥٠", "0", "00",
    "000000000000000000000000000000000000", "+", "+0", "@", "@@@@", "a@", "-", "/", "..", "e\u0301e\u0301", "\u00a0\u00a0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gint64 start = g_get_monotonic_time ();
      const char *shown;

      search (fixture, texts[i]);
      shown = oba_customers_page_get_shown (fixture->page);
      if (!g_str_equal (shown, "list") && !g_str_equal (shown, "nothing"))
        g_error ("“%s” shows the page “%s”", texts[i], shown);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
    }
  search (fixture, "100%");
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->view), "100%"));
  search (fixture, "back\\slash_'quote\"");
  g_assert_true (oba_test_shows (GTK_WIDGET (fixture->view), "Back\\slash_'quote\""));
  search (fixture, "Əliyeva Aygün");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (oba_customers_page_get_model (fixture->page))), ==, 1);
}

/* Somebody reads a receipt's number out: whose it is, and which of which store; gone with the next search. */
static void
test_receipt (Fixture *fixture, gconstpointer unused)
{
  search (fixture, "R-4711");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (oba_customers_page_get_model (fixture->page))), ==, 1);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (fixture->page), "R-4711  ·  OBA Nizami"));
  oba_test_picture (fixture->window, "customer-search-receipt");
  search (fixture, "055 123");
  g_assert_false (oba_test_shows (GTK_WIDGET (fixture->page), "R-4711  ·"));
  search (fixture, "R-4712");
  g_assert_false (oba_test_shows (GTK_WIDGET (fixture->page), "  ·  OBA Nizami"));
}

/* A part of a card's number that few cards have shows the whole number and whose it is; one that many have would only be in the way. */
static void
test_card (Fixture *fixture, gconstpointer unused)
{
  search (fixture, "000004");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (oba_customers_page_get_model (fixture->page))), ==, 1);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (fixture->page), "9994000000000004  ·  Card  ·  Vəliyeva Leyla"));
  oba_test_picture (fixture->window, "customer-search-card");
  search (fixture, "99940000");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (oba_customers_page_get_model (fixture->page))), ==, 5);
  g_assert_false (oba_test_shows (GTK_WIDGET (fixture->page), "  ·  Card  ·"));
}

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, guint *least)
{
  *least = MIN (*least, g_list_model_get_n_items (model));
}

/* The first rows of many are there before all are counted; and somebody who reads far down is not thrown to the top when the list is read again. */
static void
test_many (Fixture *fixture, gconstpointer unused)
{
  const char *filters[] = { "quliyev", "" };
  ObaLazyModel *model = oba_customers_page_get_model (fixture->page);
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_new ();

  oba_customer_filter_add_name (filter, OBA_CUSTOMER_FILTER_STATUS, "active");
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      guint least = G_MAXUINT;
      guint n = i == 0 ? 400 : 405;
      gulong id;

      if (i == 1)
        oba_customers_page_set_filter (fixture->page, filter);
      search (fixture, filters[i]);
      oba_test_wait_until (g_list_model_get_n_items (G_LIST_MODEL (model)) == n);
      oba_test_wait_until (strstr (oba_customers_page_get_count (fixture->page), "+") == NULL);
      oba_lazy_view_scroll_to (fixture->view, 390);
      oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
      id = g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), &least);
      oba_lazy_model_refresh (model);
      oba_test_wait_until (oba_customers_page_is_settled (fixture->page) && oba_lazy_model_is_complete (model));
      g_signal_handler_disconnect (model, id);
      g_assert_cmpuint (least, >=, n);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, n);
    }
}

int
main (int argc, char *argv[])
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, fill);
  g_test_add ("/app/customer-search/marks", Fixture, NULL, set_up, test_marks, tear_down);
  g_test_add ("/app/customer-search/receipt", Fixture, NULL, set_up, test_receipt, tear_down);
  g_test_add ("/app/customer-search/card", Fixture, NULL, set_up, test_card, tear_down);
  g_test_add ("/app/customer-search/many", Fixture, NULL, set_up, test_many, tear_down);
  g_test_add ("/app/customer-search/bad-input", Fixture, NULL, set_up, test_bad_input, tear_down);
  status = g_test_run ();
  app_database_free (database);
  return status;
}
