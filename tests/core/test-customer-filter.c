/* A filter is kept in views, segments, bulk actions: what is read must be what was meant, or be refused; never half of it. */
#include "base/oba-error.h"
#include "customers/oba-customer-filter.h"

#include <string.h>

static const char every_field[] =
  "{\"text\":\"Əliyeva\",\"stores\":[3,17],\"cities\":[\"Bakı\",\"Gəncə\"],\"tiers\":[2],\"status\":[\"active\",\"blocked\"],"
  "\"lifecycle\":[\"lapsing\",\"lost\"],\"segments\":[9],\"registered\":[\"2026-01-01\",\"2026-03-31\"],\"last_purchase\":[null,\"2026-02-28\"],"
  "\"spend\":[10000,null],\"points\":[-5,500],\"consents\":{\"telegram\":true,\"sms\":false},\"birth_months\":[3,12],\"batch\":4}";

static ObaCustomerFilter *
read_filter (const char *json)
{
  g_autoptr (GError) error = NULL;
  ObaCustomerFilter *filter = oba_customer_filter_from_json (json, &error);

  g_assert_no_error (error);
  return filter;
}

/* Every field survives JSON, a copy and the way back; a change of any makes it another filter. */
static void
test_round_trip (void)
{
  g_autoptr (ObaCustomerFilter) filter = read_filter (every_field);
  g_autoptr (ObaCustomerFilter) copy = oba_customer_filter_copy (filter);
  g_autoptr (ObaCustomerFilter) empty = oba_customer_filter_new ();
  g_autofree char *json = oba_customer_filter_to_json (copy);
  g_autofree char *nothing = oba_customer_filter_to_json (empty);

  g_assert_cmpstr (json, ==, every_field);
  g_assert_cmpstr (nothing, ==, "{}");
  g_assert_true (oba_customer_filter_is_empty (empty));
  for (ObaCustomerFilterField field = 0; field < OBA_CUSTOMER_FILTER_N_FIELDS; field++)
    {
      g_assert_true (oba_customer_filter_has (copy, field));
      g_assert_true (oba_customer_filter_equal (filter, copy) == (field == 0));
      oba_customer_filter_clear (copy, field);
      g_assert_false (oba_customer_filter_has (copy, field));
    }
  g_assert_true (oba_customer_filter_is_empty (copy));
  g_assert_true (oba_customer_filter_equal (copy, empty));
}

/* The same filter, however it was put together, is the same text. */
static void
test_order_does_not_matter (void)
{
  g_autoptr (ObaCustomerFilter) filter = read_filter ("{\"stores\":[17,3],\"cities\":[\"Gəncə\",\"Bakı\"]}");
  g_autoptr (ObaCustomerFilter) other = oba_customer_filter_new ();
  g_autofree char *json = oba_customer_filter_to_json (filter);

  oba_customer_filter_add_name (other, OBA_CUSTOMER_FILTER_CITIES, "Bakı");
  oba_customer_filter_add_name (other, OBA_CUSTOMER_FILTER_CITIES, "Gəncə");
  oba_customer_filter_add_name (other, OBA_CUSTOMER_FILTER_CITIES, "Bakı");
  oba_customer_filter_add_number (other, OBA_CUSTOMER_FILTER_STORES, 3);
  oba_customer_filter_add_number (other, OBA_CUSTOMER_FILTER_STORES, 17);
  oba_customer_filter_add_number (other, OBA_CUSTOMER_FILTER_STORES, 5);
  oba_customer_filter_remove_number (other, OBA_CUSTOMER_FILTER_STORES, 5);
  g_assert_true (oba_customer_filter_equal (filter, other));
  g_assert_cmpstr (json, ==, "{\"stores\":[3,17],\"cities\":[\"Bakı\",\"Gəncə\"]}");
}

/* A form cannot set a range that nobody fits; the one before stays. */
static void
test_ranges (void)
{
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_new ();
  GDate early;
  GDate late;
  gint64 min;
  gint64 max;

  g_date_set_dmy (&early, 1, 1, 2026);
  g_date_set_dmy (&late, 31, 1, 2026);
  g_assert_true (oba_customer_filter_set_days (filter, OBA_CUSTOMER_FILTER_REGISTERED, &early, &late));
  g_assert_false (oba_customer_filter_set_days (filter, OBA_CUSTOMER_FILTER_REGISTERED, &late, &early));
  g_assert_true (oba_customer_filter_get_days (filter, OBA_CUSTOMER_FILTER_REGISTERED, &early, &late));
  g_assert_cmpuint (g_date_get_day (&early), ==, 1);
  g_assert_true (oba_customer_filter_set_range (filter, OBA_CUSTOMER_FILTER_POINTS, 5, OBA_CUSTOMER_FILTER_NO_MAX));
  g_assert_false (oba_customer_filter_set_range (filter, OBA_CUSTOMER_FILTER_POINTS, 5, 4));
  g_assert_true (oba_customer_filter_get_range (filter, OBA_CUSTOMER_FILTER_POINTS, &min, &max));
  g_assert_cmpint (min, ==, 5);
  g_assert_cmpint (max, ==, OBA_CUSTOMER_FILTER_NO_MAX);
}

/* What is not exactly the form is refused: a misread filter would send a campaign to, or block, the wrong people. */
static void
test_refused (void)
{
  g_autofree char *long_text = g_strnfill (10000, 'a');
  g_autofree char *too_long = g_strdup_printf ("{\"text\":\"%s\"}", long_text);
  g_autofree char *long_city = g_strdup_printf ("{\"cities\":[\"%s\"]}", long_text);
  const char *bad[] = {
    "", "null", "[]", "7", "\"text\"", "{\"text\":\"a\"", too_long, long_city, "{\"text\":\"\xff\"}",
    "{\"shop\":[1]}", "{\"Text\":\"a\"}", "{\"text\":7}", "{\"text\":\"\"}", "{\"text\":null}", "{\"text\":[\"a\"]}",
    "{\"stores\":1}", "{\"stores\":[]}", "{\"stores\":[0]}", "{\"stores\":[-1]}", "{\"stores\":[1.5]}", "{\"stores\":[\"1\"]}",
    "{\"stores\":[1,1]}", "{\"stores\":[null]}", "{\"stores\":[[1]]}", "{\"stores\":[99999999999999999999]}x",
    "{\"cities\":[\"\"]}", "{\"cities\":[1]}", "{\"cities\":\"Bakı\"}", "{\"tiers\":{}}", "{\"status\":[\"merged\"]}", "{\"status\":[\"Active\"]}",
    "{\"status\":[]}", "{\"lifecycle\":[\"won back\"]}", "{\"segments\":[true]}",
    "{\"registered\":[\"2026-01-01\"]}", "{\"registered\":[null,null]}", "{\"registered\":[\"2026-02-30\",null]}",
    "{\"registered\":[\"2026-1-1\",null]}", "{\"registered\":[\"2026-03-01\",\"2026-02-28\"]}", "{\"registered\":[\"2026-01-01\\n\",null]}",
    "{\"registered\":[\"2026-01-01T00:00\",null]}", "{\"last_purchase\":{\"from\":null}}", "{\"last_purchase\":[20260101,null]}",
    "{\"spend\":[2,1]}", "{\"spend\":[1,2,3]}", "{\"spend\":[\"1\",null]}", "{\"spend\":[1.5,null]}", "{\"spend\":[null,null]}", "{\"points\":5}",
    "{\"consents\":{}}", "{\"consents\":{\"fax\":true}}", "{\"consents\":{\"sms\":1}}", "{\"consents\":{\"sms\":null}}", "{\"consents\":[\"sms\"]}",
    "{\"birth_months\":[13]}", "{\"birth_months\":[0]}", "{\"batch\":[4]}", "{\"batch\":0}", "{\"batch\":\"4\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_from_json (bad[i], &error);

      if (filter != NULL)
        g_error ("“%.60s” is taken for a filter", bad[i]);
      g_assert_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/customer-filter/round-trip", test_round_trip);
  g_test_add_func ("/core/customer-filter/order", test_order_does_not_matter);
  g_test_add_func ("/core/customer-filter/ranges", test_ranges);
  g_test_add_func ("/core/customer-filter/refused", test_refused);
  return g_test_run ();
}
