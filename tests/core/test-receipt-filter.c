/* Which receipts are meant is kept in views and exports: what is read must be what was meant, or be refused; never half of it. */
#include "base/oba-error.h"
#include "sales/oba-receipt-query.h"

static const char every_field[] =
  "{\"text\":\"N 17\",\"receipt_no\":\"N17\",\"fiscal_id\":\"7Vq\",\"time\":[\"2026-01-01T00:00\",\"2026-03-31T18:59\"],\"stores\":[3,17],\"tills\":[0,2],"
  "\"cashiers\":[\"Aysel\",\"Ülkər\"],\"customers\":[9],\"cards\":[\"OBA-1\"],\"products\":[4],\"amount\":[-500,null],\"kinds\":[\"return\",\"void\"],"
  "\"corrected\":false,\"unmatched\":true}";

static ObaFilter *
read_filter (const char *json)
{
  g_autoptr (GError) error = NULL;
  ObaFilter *filter = oba_receipt_filter_from_json (json, &error);

  g_assert_no_error (error);
  return filter;
}

/* Every field survives JSON, a copy and the way back; a change of any makes it another filter. */
static void
test_round_trip (void)
{
  g_autoptr (ObaFilter) filter = read_filter (every_field);
  g_autoptr (ObaFilter) copy = oba_filter_copy (filter);
  g_autofree char *json = oba_filter_to_json (copy);

  g_assert_cmpstr (json, ==, every_field);
  for (guint field = 0; field < OBA_RECEIPT_FILTER_N_FIELDS; field++)
    {
      g_assert_true (oba_filter_has (copy, field));
      g_assert_true (oba_filter_equal (filter, copy) == (field == 0));
      oba_filter_clear (copy, field);
      g_assert_false (oba_filter_has (copy, field));
    }
  g_assert_true (oba_filter_is_empty (copy));
}

/* A day alone is all of it, from its first to its last minute. */
static void
test_days (void)
{
  g_autoptr (ObaFilter) filter = read_filter ("{\"time\":[\"2026-03-31\",\"2026-03-31\"]}");
  g_autofree char *json = oba_filter_to_json (filter);
  gint64 from;
  gint64 to;
  GDate day;
  guint hour;
  guint minute;

  g_assert_cmpstr (json, ==, "{\"time\":[\"2026-03-31T00:00\",\"2026-03-31T23:59\"]}");
  oba_filter_get_range (filter, OBA_RECEIPT_FILTER_TIME, &from, &to);
  g_assert_cmpint (to - from, ==, 24 * 60 - 1);
  oba_filter_split_minute (to, &day, &hour, &minute);
  g_assert_cmpuint (g_date_get_month (&day), ==, 3);
  g_assert_cmpuint (hour * 100 + minute, ==, 2359);
}

static void
test_refused (void)
{
  static const char *const wrong[] = {
    "[]", "{\"Stores\":[1]}", "{\"stores\":[]}", "{\"stores\":[0]}", "{\"stores\":[1,1]}", "{\"stores\":[1.5]}", "{\"tills\":[1]}", "{\"stores\":[1],\"tills\":[10000]}",
    "{\"stores\":[1],\"tills\":[-1]}", "{\"kinds\":[\"sales\"]}", "{\"kinds\":\"sale\"}", "{\"corrected\":1}", "{\"corrected\":null}", "{\"unmatched\":\"true\"}", "{\"amount\":[5,4]}",
    "{\"amount\":[null,null]}", "{\"amount\":[1]}", "{\"amount\":[0.5,1]}", "{\"time\":[\"2026-02-30\",null]}", "{\"time\":[\"2026-01-01T24:00\",null]}",
    "{\"time\":[\"2026-01-01T09:60\",null]}", "{\"time\":[\"2026-01-01 09:00\",null]}", "{\"time\":[\"2026-01-02\",\"2026-01-01\"]}", "{\"time\":[null,null]}",
    "{\"time\":[\"2026-01-01T09:00\",\"2026-01-01T08:59\"]}", "{\"text\":\"\"}", "{\"cards\":[\"\"]}", "{\"customers\":[\"9\"]}", "{\"cashiers\":[null]}", "nothing",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ObaFilter) filter = oba_receipt_filter_from_json (wrong[i], &error);

      if (filter != NULL)
        g_error ("%s was read", wrong[i]);
      g_assert_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
    }
}

/* What would read everything to find its first row is not an order that is offered. */
static void
test_sorts (void)
{
  g_autoptr (ObaFilter) everything = read_filter ("{}");
  g_autoptr (ObaFilter) week = read_filter ("{\"time\":[\"2026-01-01\",\"2026-01-07\"]}");
  g_autoptr (ObaFilter) longer = read_filter ("{\"time\":[\"2026-01-01\",\"2026-01-08\"]}");
  g_autoptr (ObaFilter) month_of_store = read_filter ("{\"time\":[\"2026-01-01\",\"2026-01-31\"],\"stores\":[1]}");
  g_autoptr (ObaFilter) longer_of_store = read_filter ("{\"time\":[\"2026-01-01\",\"2026-02-01\"],\"stores\":[1]}");
  g_autoptr (ObaFilter) customer = read_filter ("{\"customers\":[1],\"products\":[4]}");
  g_autoptr (ObaFilter) open = read_filter ("{\"time\":[\"2026-01-01\",null]}");
  g_autoptr (ObaFilter) product = read_filter ("{\"products\":[4]}");

  g_assert_true (oba_receipt_sort_can (OBA_RECEIPT_SORT_TIME, product));
  g_assert_true (oba_receipt_sort_can (OBA_RECEIPT_SORT_TOTAL, everything));
  g_assert_false (oba_receipt_sort_can (OBA_RECEIPT_SORT_TOTAL, product));
  g_assert_true (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, week));
  g_assert_false (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, longer));
  g_assert_true (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, month_of_store));
  g_assert_false (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, longer_of_store));
  g_assert_true (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, customer));
  g_assert_false (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, open));
  g_assert_false (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, everything));

  /* The days that can be offered instead are as many as can be, and the last ones. */
  oba_receipt_sort_narrow (longer_of_store);
  g_assert_true (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, longer_of_store));
  oba_receipt_sort_narrow (longer);
  g_assert_true (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, longer));
  oba_receipt_sort_narrow (open);
  g_assert_true (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, open));
  oba_receipt_sort_narrow (everything);
  g_assert_true (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, everything));
  oba_receipt_sort_narrow (week);
  g_assert_true (oba_receipt_sort_can (OBA_RECEIPT_SORT_CASHIER, week));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/receipt-filter/round-trip", test_round_trip);
  g_test_add_func ("/core/receipt-filter/days", test_days);
  g_test_add_func ("/core/receipt-filter/refused", test_refused);
  g_test_add_func ("/core/receipt-filter/sorts", test_sorts);
  return g_test_run ();
}
