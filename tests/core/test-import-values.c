/* A number or date read wrongly is money booked wrongly: every way of writing one, and every way of not meaning one. */
#include <glib.h>
#include <string.h>

#include "base/oba-error.h"
#include "import/oba-import-rows.h"

typedef struct
{
  const char     *text;
  ObaDecimalMark  mark;
  ObaValueStatus  status;
  gint64          value;
} NumberCase;

static void
test_money (void)
{
  static const NumberCase cases[] = {
    { "3.86", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 386 },
    { "1", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 100 },
    { " 0 ", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 0 },
    { "-0.5", OBA_DECIMAL_AUTO, OBA_VALUE_OK, -50 },
    { "−2", OBA_DECIMAL_AUTO, OBA_VALUE_OK, -200 },
    { "+7,5", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 750 },
    { "3.9e0", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 390 },
    { "39E-1", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 390 },
    { "1.5e2", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 15000 },
    { "1 234,50", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 123450 },
    { "1\xc2\xa0" "234,50", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 123450 },
    { "1,234.50", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 123450 },
    { "1.234,50", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 123450 },
    { "1'234.50", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 123450 },
    { "1.234.567", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 123456700 },
    { "2 345 678", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 234567800 },
    /* a thousand or one and a bit: never guessed */
    { "1,234", OBA_DECIMAL_AUTO, OBA_VALUE_AMBIGUOUS, 0 },
    { "1.234", OBA_DECIMAL_AUTO, OBA_VALUE_AMBIGUOUS, 0 },
    { "1,234", OBA_DECIMAL_AUTO_POINT, OBA_VALUE_AMBIGUOUS, 0 },
    { "1.234", OBA_DECIMAL_AUTO_POINT, OBA_VALUE_ROUNDED, 123 },
    { "0.375", OBA_DECIMAL_AUTO, OBA_VALUE_ROUNDED, 38 },
    { "1,234", OBA_DECIMAL_COMMA, OBA_VALUE_ROUNDED, 123 },
    { "1,234", OBA_DECIMAL_POINT, OBA_VALUE_OK, 123400 },
    { "1.234", OBA_DECIMAL_COMMA, OBA_VALUE_OK, 123400 },
    { "1.5", OBA_DECIMAL_COMMA, OBA_VALUE_BAD, 0 },
    /* half away from zero */
    { "0.125", OBA_DECIMAL_POINT, OBA_VALUE_ROUNDED, 13 },
    { "-0.125", OBA_DECIMAL_POINT, OBA_VALUE_ROUNDED, -13 },
    { "0.124", OBA_DECIMAL_POINT, OBA_VALUE_ROUNDED, 12 },
    { "0.004", OBA_DECIMAL_POINT, OBA_VALUE_ROUNDED, 0 },
    /* what floating point leaves behind is no rounding */
    { "3.8999999999999999", OBA_DECIMAL_POINT, OBA_VALUE_OK, 390 },
    { "3.9000000000000004", OBA_DECIMAL_POINT, OBA_VALUE_OK, 390 },
    { "0.0000000000000004440892", OBA_DECIMAL_POINT, OBA_VALUE_OK, 0 },
    { "4.440892098500626e-16", OBA_DECIMAL_AUTO, OBA_VALUE_OK, 0 },
    { "9999999.99", OBA_DECIMAL_POINT, OBA_VALUE_OK, 999999999 },
    { "10000000.01", OBA_DECIMAL_POINT, OBA_VALUE_RANGE, 0 },
    { "99999999999999999999999999", OBA_DECIMAL_POINT, OBA_VALUE_RANGE, 0 },
    { "1e30", OBA_DECIMAL_POINT, OBA_VALUE_RANGE, 0 },
    { "", OBA_DECIMAL_AUTO, OBA_VALUE_BAD, 0 },
    { "abc", OBA_DECIMAL_AUTO, OBA_VALUE_BAD, 0 },
    { "1.2.3", OBA_DECIMAL_AUTO, OBA_VALUE_BAD, 0 },
    { "1 23", OBA_DECIMAL_AUTO, OBA_VALUE_BAD, 0 },
    { "12,34,567", OBA_DECIMAL_AUTO, OBA_VALUE_BAD, 0 },
    { "1e", OBA_DECIMAL_AUTO, OBA_VALUE_BAD, 0 },
    { "1e999999", OBA_DECIMAL_AUTO, OBA_VALUE_BAD, 0 },
    { "0x10", OBA_DECIMAL_AUTO, OBA_VALUE_BAD, 0 },
    { "NaN", OBA_DECIMAL_AUTO, OBA_VALUE_BAD, 0 },
    { "--1", OBA_DECIMAL_AUTO, OBA_VALUE_BAD, 0 },
    { "5 AZN", OBA_DECIMAL_AUTO, OBA_VALUE_BAD, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 value = 0;
      ObaValueStatus status = oba_import_parse_decimal (cases[i].text, cases[i].mark, 2, 1000000000, &value);

      if (status != cases[i].status || value != cases[i].value)
        g_error ("“%s” (%d): status %d, value %" G_GINT64_FORMAT, cases[i].text, cases[i].mark, status, value);
    }
}

/* Random amounts written in every style come back as they were. */
static void
test_money_round_trip (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      gint64 qepik = g_test_rand_int_range (0, 1000000000), value;
      g_autofree char *point = g_strdup_printf ("%d.%02d", (int) (qepik / 100), (int) (qepik % 100));
      g_autofree char *comma = g_strdelimit (g_strdup (point), ".", ',');
      g_autofree char *noisy = g_strdup_printf ("%.17g", (double) qepik / 100.0);

      g_assert_cmpint (oba_import_parse_decimal (point, OBA_DECIMAL_AUTO, 2, G_MAXINT64, &value), ==, OBA_VALUE_OK);
      g_assert_cmpint (value, ==, qepik);
      g_assert_cmpint (oba_import_parse_decimal (comma, OBA_DECIMAL_AUTO, 2, G_MAXINT64, &value), ==, OBA_VALUE_OK);
      g_assert_cmpint (value, ==, qepik);
      g_assert_cmpint (oba_import_parse_decimal (noisy, OBA_DECIMAL_POINT, 2, G_MAXINT64, &value), ==, OBA_VALUE_OK);
      g_assert_cmpint (value, ==, qepik);
    }
}

static void
test_times (void)
{
  static const struct { const char *text, *expected, *business_day; } cases[] = {
    { "2017-01-28 14:06:53", "2017-01-28 14:06:53", "20170128" },
    { "2017-01-28T14:06", "2017-01-28 14:06:00", "20170128" },
    { "2017-01-28T21:06:53.25Z", "2017-01-28 21:06:53.250000+00:00", "20170129" },
    { "2017-01-28 14:06:53+04", "2017-01-28 14:06:53+04:00", "20170128" },
    { "2017-01-28 14:06:53 -0330", "2017-01-28 14:06:53-03:30", "20170128" },
    { "28.01.2017 9:05", "2017-01-28 09:05:00", "20170128" },
    { "8.1.2017", "2017-01-08 00:00:00", "20170108" },
    { "29.02.2016", "2016-02-29 00:00:00", "20160229" },
    { "29.02.2017", NULL, NULL },
    { "31.04.2017", NULL, NULL },
    { "2017-13-01", NULL, NULL },
    { "01/02/2017", NULL, NULL },
    { "2017-01-28 24:00", NULL, NULL },
    { "2017-01-28 14:06:53 PM", NULL, NULL },
    { "2017-01-28 14:06:53.", NULL, NULL },
    { "17-01-28", NULL, NULL },
    { "0001-01-01", NULL, NULL },
    { "99999-01-01", NULL, NULL },
    { "infinity", NULL, NULL },
    { "", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ObaImportTime time;
      g_autoptr (GString) text = g_string_new (NULL), day = g_string_new (NULL);
      gboolean read = oba_import_parse_time (cases[i].text, &time);

      if (read != (cases[i].expected != NULL))
        g_error ("“%s”", cases[i].text);
      if (!read)
        continue;
      oba_import_time_append (&time, FALSE, text);
      g_assert_cmpstr (text->str, ==, cases[i].expected);
      oba_import_time_append_business_day (&time, day);
      g_assert_cmpstr (day->str, ==, cases[i].business_day);
    }
}

static void
assert_mapping_error (ObaImportKind kind, const char *const *header, const char *map, const char *one, const char *two)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (oba_import_mapping_new (kind, header, map, &error));
  g_assert_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
  if (strstr (error->message, one) == NULL || strstr (error->message, two) == NULL)
    g_error ("“%s” lacks “%s” or “%s”", error->message, one, two);
}

static void
test_mapping (void)
{
  const char *journey[] = { "household_id", "store_id", "basket_id", "product_id", "quantity", "sales_value", "retail_disc", "transaction_timestamp", NULL };
  const char *russian[] = { "Магазин", "Номер чека", "ДАТА", "Товар", "Кол-во", "Сумма", NULL };
  const char *poor[] = { "Store", "a,b", "\033[2J", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaImportMapping) mapping = oba_import_mapping_new (OBA_IMPORT_SALES, journey, "discount=retail_disc+quantity, customer=", &error);
  g_autoptr (ObaImportMapping) translated = NULL;
  g_autofree char *json = NULL;

  g_assert_no_error (error);
  json = oba_import_mapping_to_json (mapping, journey);
  g_assert_cmpstr (json, ==, "{\"store\":[\"store_id\"],\"receipt\":[\"basket_id\"],\"time\":[\"transaction_timestamp\"],\"product\":[\"product_id\"],"
                             "\"quantity\":[\"quantity\"],\"amount\":[\"sales_value\"],\"discount\":[\"retail_disc\",\"quantity\"]}");
  translated = oba_import_mapping_new (OBA_IMPORT_SALES, russian, NULL, &error);
  g_assert_no_error (error);

  assert_mapping_error (OBA_IMPORT_SALES, poor, NULL, "receipt, time, product/barcode, quantity, amount", "Store, a,b, \xef\xbf\xbd[2J");
  assert_mapping_error (OBA_IMPORT_SALES, journey, "time=when", "“when”", "household_id, store_id");
  assert_mapping_error (OBA_IMPORT_SALES, journey, "colour=quantity", "“colour=quantity”", "receipt");
  assert_mapping_error (OBA_IMPORT_CUSTOMERS, poor, NULL, "id/phone", "Store");
}

/* One row as COPY takes it. */
static void
assert_row (ObaImportRows *rows, const char *const *fields, guint n, const char *expected)
{
  ObaCsvRecord record = { .line = 2, .n_fields = n, .fields = fields };
  g_autoptr (GString) copy = g_string_new (NULL);

  oba_import_rows_append (rows, &record, copy);
  g_assert_cmpstr (copy->str, ==, expected);
}

#define ASSERT_ROW(rows, expected, ...) \
  G_STMT_START { \
    const char *fields_[] = { __VA_ARGS__ }; \
    assert_row ((rows), fields_, G_N_ELEMENTS (fields_), (expected)); \
  } G_STMT_END

/* What a line of a receipt becomes: the rules of money, and what a hostile value cannot do to COPY's own signs. */
static void
test_sales_rows (void)
{
  const char *header[] = { "store", "receipt", "time", "customer", "phone", "product", "quantity", "amount", "discount", NULL };
  g_autoptr (ObaImportMapping) mapping = oba_import_mapping_new (OBA_IMPORT_SALES, header, NULL, NULL);
  ObaImportRows rows;

  oba_import_rows_init (&rows, OBA_IMPORT_SALES, mapping);
  rows.max_quantity = 1000 * 1000;
  ASSERT_ROW (&rows, "2\t\\N\tS1\t1\t7\t2017-01-28 00:00:00\ti:42\tc:P\\\\t\t2500\t386\t10\t0\t\\N\n",
              "S1", "7", "28.01.2017", "42", "0501234567", "P\\t", "2,5", "3.86", "0.1");
  ASSERT_ROW (&rows, "2\t\\N\tS1\t1\t7\t2017-01-28 00:00:00\tp:+994501234567\tc:P\t1000\t386\t0\t0\t\\N\n",
              " S1 ", "7", "28.01.2017", "", "050 123 45 67", "P", "0", "3.86", "");
  g_assert_cmpint (rows.zero_quantity, ==, 1);
  ASSERT_ROW (&rows, "2\tnothing\tS1\t1\t7\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n", "S1", "7", "28.01.2017", "", "", "P", "0", "0", "");
  ASSERT_ROW (&rows, "2\tnegative:quantity\tS1\t1\t7\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n", "S1", "7", "28.01.2017", "", "", "P", "-1", "3", "");
  ASSERT_ROW (&rows, "2\trange:quantity\tS1\t1\t7\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n", "S1", "7", "28.01.2017", "", "", "P", "1001", "3", "");
  ASSERT_ROW (&rows, "2\ttext:store\t\\N\t1\t7\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n", "S\xe2\x80\xae" "1", "7", "28.01.2017", "", "", "P", "1", "3", "");
  ASSERT_ROW (&rows, "2\tmissing:receipt\tS1\t1\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n", "S1", " ", "28.01.2017", "", "", "P", "1", "3", "");
  ASSERT_ROW (&rows, "2\tmissing:receipt\tS1\t1\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n", "S1", "\n\xc2\xa0", "28.01.2017", "", "", "P", "1", "3", "");
  ASSERT_ROW (&rows, "2\tfuture:time\tS1\t1\t7\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n", "S1", "7", "2999-01-01", "", "", "P", "1", "3", "");
  ASSERT_ROW (&rows, "2\tphone:phone\tS1\t1\t7\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n", "S1", "7", "28.01.2017", "", "call me", "P", "1", "3", "");
  rows.daily_numbers = TRUE;
  ASSERT_ROW (&rows, "2\t\\N\tS1\t1\t20170128-7\t2017-01-28 00:00:00\t\\N\tc:P\t1000\t300\t0\t0\t\\N\n", "S1", "7", "28.01.2017", "", "", "P", "1", "3", "");
  oba_import_rows_clear (&rows);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-values/money", test_money);
  g_test_add_func ("/import-values/money-round-trip", test_money_round_trip);
  g_test_add_func ("/import-values/times", test_times);
  g_test_add_func ("/import-values/mapping", test_mapping);
  g_test_add_func ("/import-values/sales-rows", test_sales_rows);
  return g_test_run ();
}
