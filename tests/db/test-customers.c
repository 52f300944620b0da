/* Finding customers: every order, every spelling, whatever is typed; and that none of it reads the whole table. */
#include "oba-test-postgres.h"
#include "oba-test-wait.h"

#include <string.h>

#include "base/oba-error.h"
#include "customers/oba-customers.h"

#define N_CUSTOMERS 20000

typedef struct
{
  ObaTestPostgres *server;
  char            *conninfo;
  ObaDbPool       *pool;
} House;

/* 20,000 persons in four cities, some of whom never bought, and one walk-in for each of two stores, who is nobody's customer. */
static const char fill[] =
  "insert into oba.stores (code, name) values ('S1', 'OBA Nizami'), ('S2', 'OBA Gəncə');"
  "insert into oba.customers (customer_id, given_name, family_name, phone, city, email, registered_at, registered_through)"
  " select 1000 + n, (array['Əli', 'Aysel', 'Leyla', 'Murad', 'Nigar'])[1 + n % 5],"
  "  (array['Məmmədov', 'Həsənova', 'Quliyev', 'İsmayılova', 'Çələbi', 'Şirinova', 'Babayev'])[1 + n % 7],"
  "  '+99455' || lpad ((n * 7919 % 10000000)::text, 7, '0'), (array['Bakı', 'Gəncə', 'Şəki', ''])[1 + n % 4],"
  "  case when n % 10 = 0 then 'person' || n || '@mail.example' end, timestamptz '2024-01-01' + (n * 31 % 700) * interval '1 hour', 'import'"
  " from generate_series (1, 20000) n;"
  "insert into oba.customers (customer_id, given_name, family_name, patronymic, phone, email, city, birth_date, registered_store_id) values"
  " (501, 'Ayşə', 'Əliyeva', 'Rəşid qızı', '+994501234567', 'Ayse.Eliyeva@example.az', 'Bakı', '1985-03-21', 1),"
  " (502, 'Эльчин', 'Гусейнов', '', '+994701112233', null, 'Gəncə', null, null),"
  " (503, '100%', 'O''Brien_x', '', null, null, '', null, null);"
  "insert into oba.cards (token_hash, number, customer_id) values (sha256 ('a'), 'OBA-7700-0001', 501), (sha256 ('b'), '9940012345', 502);"
  "update oba.points_accounts set balance = customer_id * 7919 % 5000, tier_id = 1 + customer_id % 4, tier_spend = customer_id * 104729 % 700000;"
  "update oba.customer_stats set last_purchase_at = timestamptz '2025-01-01' + (customer_id * 6007 % 9000) * interval '1 hour' where customer_id % 3 <> 0;"
  "vacuum analyze oba.customers; vacuum analyze oba.points_accounts; vacuum analyze oba.customer_stats;";

/* One by one: VACUUM stands alone. */
static void
fill_house (House *house)
{
  g_auto (GStrv) statements = g_strsplit (fill, ";", -1);

  for (guint i = 0; *statements[i] != '\0'; i++)
    g_free (oba_test_postgres_exec (house->conninfo, statements[i]));
}

static GArray *
find (House      *house,
      const char *text,
      int         sort,
      gboolean    descending,
      guint       limit)
{
  g_autoptr (ObaCustomerQuery) query = oba_customer_query_new_text (text, sort, descending);
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GArray *ids;

  oba_customers_find_async (house->pool, query, limit, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  ids = oba_customers_find_finish (result, &error);
  g_assert_no_error (error);
  return ids;
}

static char *
digest (GArray *ids)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", g_array_index (ids, gint64, i));
  return g_compute_checksum_for_string (G_CHECKSUM_MD5, text->str, -1);
}

/* Every column sorts as SQL does, both ways, with everybody in it once; the first page is the beginning of it. */
static void
test_sorts (gconstpointer data)
{
  House *house = (House *) data;
  const char *ways[] = { "name", "phone", "city", "tier", "points", "last-purchase", "spend", "registered" };
  const char *keys[] = { "c.sort_name %s", "c.phone %s", "c.city %s", "a.tier_id %s", "a.balance %s",
                         "coalesce (s.last_purchase_at, '-infinity') %s", "a.tier_spend %s", "c.registered_at %s" };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    for (guint down = 0; down < 2; down++)
      {
        ObaCustomerSort sort = 0;
        g_auto (GStrv) parts = g_strsplit (keys[i], "%s", 2);
        g_autofree char *key = g_strjoinv (down ? "desc" : "", parts);
        g_autofree char *sql = g_strdup_printf (
          "select md5 (string_agg (c.customer_id::text, ',' order by %s, c.customer_id %s)) from oba.customers c"
          " left join oba.points_accounts a using (customer_id) left join oba.customer_stats s using (customer_id) where c.kind = 'person'",
          key, down ? "desc" : "");
        g_autofree char *expected = oba_test_postgres_exec (house->conninfo, sql);
        g_autoptr (GArray) ids = NULL;
        g_autoptr (GArray) first = NULL;
        g_autofree char *seen = NULL;

        g_assert_true (oba_customer_sort_parse (ways[i], &sort));
        g_assert_cmpstr (oba_customer_sort_get_id (sort), ==, ways[i]);
        ids = find (house, "", sort, down, 0);
        seen = digest (ids);
        g_assert_cmpstr (seen, ==, expected);
        first = find (house, "  ", sort, down, 128);
        g_assert_cmpuint (first->len, ==, 128);
        g_assert_cmpmem (first->data, first->len * sizeof (gint64), ids->data, 128 * sizeof (gint64));
      }
}

/* A tier that was put between two others sorts between them, whatever its number is, with and without something that is searched. */
static void
test_tier_sort (gconstpointer data)
{
  House *house = (House *) data;
  const char *const ways[] = { "", "desc" };

  g_free (oba_test_postgres_exec (house->conninfo, "update oba.tiers set threshold = 50 where tier_id = 4"));
  for (guint down = 0; down < 2; down++)
    {
      g_autofree char *sql = g_strdup_printf ("select md5 (string_agg (c.customer_id::text, ',' order by t.threshold %s, c.customer_id %s)) from oba.customers c"
                                              " join oba.points_accounts a using (customer_id) join oba.tiers t using (tier_id) where c.kind = 'person'", ways[down], ways[down]);
      g_autofree char *expected = oba_test_postgres_exec (house->conninfo, sql);
      g_autoptr (GArray) all = find (house, "", OBA_CUSTOMER_SORT_TIER, down, 0);
      g_autoptr (GArray) first = find (house, "", OBA_CUSTOMER_SORT_TIER, down, 128);
      g_autoptr (GArray) found = find (house, "Babayev Leyla", OBA_CUSTOMER_SORT_TIER, down, 0);
      g_autofree char *seen = digest (all);
      guint n = 0;

      g_assert_cmpstr (seen, ==, expected);
      g_assert_cmpmem (first->data, first->len * sizeof (gint64), all->data, 128 * sizeof (gint64));
      for (guint i = 0; i < all->len && n < found->len; i++)
        n += g_array_index (all, gint64, i) == g_array_index (found, gint64, n);
      g_assert_cmpuint (found->len, >, 0);
      g_assert_cmpuint (n, ==, found->len);
    }
  g_free (oba_test_postgres_exec (house->conninfo, "update oba.tiers set threshold = 600000 where tier_id = 4"));
}

static gboolean
finds (House      *house,
       const char *text,
       gint64      id)
{
  g_autoptr (GArray) ids = find (house, text, OBA_CUSTOMER_SORT_NAME, FALSE, 0);

  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, gint64, i) == id)
      return TRUE;
  return FALSE;
}

/* One person under all the spellings a clerk may hear or type, and by every key that identifies her. */
static void
test_spellings (gconstpointer data)
{
  House *house = (House *) data;
  const char *of_first[] = {
    "Əliyeva", "əliyeva", "ELIYEVA", "Aliyeva", "eliyeva ayse", "Ayşə Əliyeva", "Алиева", "алиева", "liyev", "  Əliyeva   Ayşə ",
    "Reşid", "Ayse Rəşid qizi", "Əl", "ə", "al", "ал", "el ay",
    "+994501234567", "994501234567", "00994501234567", "0501234567", "050 123 45 67", "(050) 123-45-67", "501234567", "123 45 67",
    "4567", "050 12", "+994 50 123", "Əliyeva 4567",
    "ayse.eliyeva@example.az", "AYSE.ELIYEVA@", "@example.az", "ayse.el",
    "OBA-7700-0001", "oba-7700", "OBA-77",
  };
  const char *not_first[] = { "Əliyeva Murad", "+994501234568", "0994501234567123", "OBA-8", "ayse@example.az" };

  for (guint i = 0; i < G_N_ELEMENTS (of_first); i++)
    if (!finds (house, of_first[i], 501))
      g_error ("“%s” does not find her", of_first[i]);
  for (guint i = 0; i < G_N_ELEMENTS (not_first); i++)
    if (finds (house, not_first[i], 501))
      g_error ("“%s” finds her", not_first[i]);
  g_assert_true (finds (house, "Hüseynov Elçin", 502));
  g_assert_true (finds (house, "Гусейнов", 502));
  g_assert_true (finds (house, "9940012345", 502));
  g_assert_true (finds (house, "99400123", 502));
}

/* A search keeps the order that was chosen; none chosen, the best come first (see test-search.c). */
static void
test_search_sorted (gconstpointer data)
{
  House *house = (House *) data;

  for (ObaCustomerSort sort = 0; sort < OBA_CUSTOMER_N_SORTS; sort++)
    {
      g_autoptr (GArray) all = sort == OBA_CUSTOMER_SORT_RELEVANCE ? NULL : find (house, "", sort, TRUE, 0);
      g_autoptr (GArray) found = find (house, "Babayev Leyla", sort, TRUE, 0);
      guint at = 0;

      g_assert_cmpuint (found->len, >, 100);
      if (all == NULL)
        continue;
      for (guint i = 0; i < all->len && at < found->len; i++)
        if (g_array_index (all, gint64, i) == g_array_index (found, gint64, at))
          at++;
      g_assert_cmpuint (at, ==, found->len);
    }
}

/* What cannot be a search finds nobody; what is SQL or a wildcard elsewhere stands for itself. Nothing fails, nothing hangs. */
static void
test_hostile (gconstpointer data)
{
  House *house = (House *) data;
  g_autofree char *long_text = g_strnfill (10000, 'a');
  g_autofree char *many_words = g_strnfill (199, 'a');
  const char *nobody[] = {
    long_text, "\xff\xfe", "Əliyeva\x01", "Əli\u202eyeva", "!!!", "'", "%", "_", "\\", "@@", "%%%%", "'; drop table oba.customers; --",
    "<b>Əliyeva</b>", "{where}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (nobody); i++)
    {
      g_autoptr (GArray) ids = find (house, nobody[i], OBA_CUSTOMER_SORT_POINTS, FALSE, 0);

      if (ids->len != 0)
        g_error ("“%.40s” finds %u", nobody[i], ids->len);
    }
  for (guint i = 1; i < 199; i += 2)
    many_words[i] = ' ';
  g_array_unref (find (house, many_words, OBA_CUSTOMER_SORT_NAME, FALSE, 0));
  g_assert_true (finds (house, "O'Brien", 503));
  g_assert_true (finds (house, "", 503));
  g_assert_true (finds (house, "05", 503));   /* the beginning of a number, not a search yet */
}

static gint64
count (House *house)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n;

  oba_customers_count_async (house->pool, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  n = oba_customers_count_finish (result, &error);
  g_assert_no_error (error);
  return n;
}

/* The stores' walk-ins are nobody. */
static void
test_count (gconstpointer data)
{
  g_assert_cmpint (count ((House *) data), ==, N_CUSTOMERS + 3);
}

static void
test_rows (gconstpointer data)
{
  House *house = (House *) data;
  const gint64 wanted[] = { 502, 424242, 501 };
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) customers = NULL;

  g_array_append_vals (ids, wanted, G_N_ELEMENTS (wanted));
  oba_customers_read_async (house->pool, ids, TRUE, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  customers = oba_customers_read_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (customers->len, ==, 2);
  for (guint i = 0; i < customers->len; i++)
    {
      ObaCustomer *customer = customers->pdata[i];

      if (oba_customer_get_id (customer) != 501)
        continue;
      g_assert_cmpstr (oba_customer_get_name (customer), ==, "Əliyeva Ayşə");
      g_assert_cmpstr (oba_customer_get_phone (customer), ==, "+994501234567");
      g_assert_cmpstr (oba_customer_get_tier (customer), ==, "Silver");
      g_assert_cmpint (oba_customer_get_points (customer), ==, 501 * 7919 % 5000);
      g_assert_cmpint (oba_customer_get_spend (customer), ==, 501 * 104729 % 700000);
      g_assert_cmpint (oba_customer_get_last_purchase (customer), ==, 0);
      g_assert_cmpuint (oba_customer_get_status (customer), ==, OBA_CUSTOMER_ACTIVE);
    }
}

/* ---- profile */

static ObaCustomerProfile *
read_profile (House   *house,
              gint64   id,
              GError **error)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  oba_customers_profile_async (house->pool, id, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  return oba_customers_profile_finish (result, error);
}

static GPtrArray *
read_receipts (House  *house,
               gint64  id)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *receipts;

  oba_customers_receipts_async (house->pool, id, 10, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  receipts = oba_customers_receipts_finish (result, &error);
  g_assert_no_error (error);
  return receipts;
}

/* All that a clerk is asked on the phone: who, since when, how many points and until when, what was bought last and what it gave. */
static void
test_profile (gconstpointer data)
{
  House *house = (House *) data;
  g_autoptr (ObaCustomerProfile) profile = NULL;
  g_autoptr (ObaCustomerProfile) nobody = NULL;
  g_autoptr (GPtrArray) receipts = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  ObaCustomerReceipt *receipt;
  ObaCustomerReceiptLine *line;

  g_free (oba_test_postgres_exec (
    house->conninfo,
    "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea');"
    "insert into oba.products (code, name, unit, category_id, price) select 'P1', 'Azərçay', 'kg', category_id, 1250 from oba.categories;"
    "insert into oba.customer_categories (customer_id, category_id) select 501, category_id from oba.categories;"
    "insert into oba.customers (customer_id, given_name, family_name, phone) values (505, 'Nərmin', 'Qasımova', '+994509998877');"
    "insert into oba.customer_categories (customer_id, category_id) select 505, category_id from oba.categories;"
    "select oba.put_consent (505, 'sms', true, 'staff', null, '');"
    "insert into oba.cards (token_hash, number, customer_id) values (sha256 ('c'), 'OBA-7700-0005', 505);"
    "select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', 'R' || n, 'sold_at', now() - n * interval '1 minute',"
    " 'customer_id', 505, 'source', 'till', 'lines', jsonb_build_array (jsonb_build_object ('code', 'P1', 'quantity', 1.5, 'unit_price', 1250, 'total', 1875)),"
    " 'total', 1875), null, null) from generate_series (1, 12) n;"));

  profile = read_profile (house, 505, &error);
  g_assert_no_error (error);
  name = oba_customer_profile_get_name (profile);
  g_assert_cmpstr (name, ==, "Qasımova Nərmin");
  g_assert_cmpstr (profile->phone, ==, "+994509998877");
  g_assert_cmpint (profile->balance, ==, 12 * 18);
  g_assert_cmpint (profile->tier_amount, ==, 12 * 1875);
  g_assert_cmpstr (profile->tier, ==, "Bronze");
  g_assert_cmpstr (profile->next_tier, ==, "Silver");
  g_assert_cmpfloat_with_epsilon (oba_customer_profile_get_progress (profile), 12 * 1875 / 100000.0, 1e-9);
  g_assert_cmpuint (profile->consents->len, ==, 1);
  g_assert_cmpstr (((ObaCustomerConsent *) profile->consents->pdata[0])->channel, ==, "sms");
  g_assert_true (((ObaCustomerConsent *) profile->consents->pdata[0])->granted);
  g_assert_cmpuint (profile->cards->len, ==, 1);
  g_assert_cmpstr (((ObaCustomerCard *) profile->cards->pdata[0])->number, ==, "OBA-7700-0005");
  g_assert_cmpuint (profile->categories->len, ==, 1);
  g_assert_cmpstr (profile->categories->pdata[0], ==, "Tea");
  g_assert_cmpuint (profile->expiries->len, >=, 1);
  g_assert_true (g_date_valid (&((ObaCustomerExpiry *) profile->expiries->pdata[0])->last_day));
  g_assert_cmpint (((ObaCustomerExpiry *) profile->expiries->pdata[0])->points, >, 0);

  receipts = read_receipts (house, 505);
  g_assert_cmpuint (receipts->len, ==, 10);
  receipt = receipts->pdata[0];
  g_assert_cmpstr (receipt->number, ==, "R1");
  g_assert_cmpstr (receipt->store, ==, "OBA Nizami");
  g_assert_cmpint (receipt->total, ==, 1875);
  g_assert_cmpint (receipt->points, ==, 18);
  g_assert_cmpuint (receipt->lines->len, ==, 1);
  line = receipt->lines->pdata[0];
  g_assert_cmpstr (line->product, ==, "Azərçay");
  g_assert_cmpint (line->quantity, ==, 1500);

  none = read_receipts (house, 502);
  g_assert_cmpuint (none->len, ==, 0);
  nobody = read_profile (house, 424242, &error);
  g_assert_error (error, OBA_ERROR, OBA_ERROR_NOT_FOUND);
  g_assert_null (nobody);
}

/* ---- plans */

static void
refuse_scan (House      *house,
             const char *settings,
             const char *sql,
             GPtrArray  *values)
{
  g_autoptr (GString) script = g_string_new (settings);
  g_autofree char *plan = NULL;

  g_string_append_printf (script, "prepare q as %s; explain (format json) execute q", sql);
  for (guint i = 0; i < values->len; i++)
    g_string_append_printf (script, "%s'%s'", i == 0 ? " (" : ", ", (char *) values->pdata[i]);
  if (values->len > 0)
    g_string_append_c (script, ')');
  plan = oba_test_postgres_exec (house->conninfo, script->str);
  if (strstr (plan, "Seq Scan") != NULL && strstr (plan, "\"Relation Name\": \"customers\"") != NULL)
    for (const char *p = strstr (plan, "Seq Scan"); p != NULL; p = strstr (p + 1, "Seq Scan"))
      {
        const char *relation = strstr (p, "\"Relation Name\": \"");

        if (relation != NULL && g_str_has_prefix (relation, "\"Relation Name\": \"customers\""))
          g_error ("This reads every customer:\n%s\n%s", script->str, plan);
      }
}

/* At five million customers a sequential scan is seconds: neither a page, nor the whole order, nor a search needs one. */
static void
test_plans (gconstpointer data)
{
  House *house = (House *) data;
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  refuse_scan (house, "", "select count(*) from oba.customers where kind = 'person'", none);
  for (ObaCustomerSort sort = 0; sort < OBA_CUSTOMER_N_SORTS; sort++)
    for (guint down = 0; down < 2; down++)
      {
        g_autoptr (ObaCustomerQuery) all = oba_customer_query_new_text ("", sort, down);
        g_autofree char *page = oba_customer_query_get_sql (all, 128);
        g_autofree char *ids = oba_customer_query_get_sql (all, 0);

        refuse_scan (house, "", page, none);
        refuse_scan (house, "", ids, none);
      }
}

int
main (int   argc,
      char *argv[])
{
  House house = { 0 };
  int status;

  g_test_init (&argc, &argv, NULL);
  house.server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  house.conninfo = oba_test_postgres_new_database (house.server);
  fill_house (&house);
  house.pool = oba_db_pool_new (house.conninfo, 2, OBA_DB_CONNECTION_DEFAULT);

  g_test_add_data_func ("/db/customers/count", &house, test_count);
  g_test_add_data_func ("/db/customers/sorts", &house, test_sorts);
  g_test_add_data_func ("/db/customers/tier-sort", &house, test_tier_sort);
  g_test_add_data_func ("/db/customers/spellings", &house, test_spellings);
  g_test_add_data_func ("/db/customers/search-sorted", &house, test_search_sorted);
  g_test_add_data_func ("/db/customers/hostile", &house, test_hostile);
  g_test_add_data_func ("/db/customers/rows", &house, test_rows);
  g_test_add_data_func ("/db/customers/plans", &house, test_plans);
  g_test_add_data_func ("/db/customers/profile", &house, test_profile);
  status = g_test_run ();

  oba_db_pool_close (house.pool);
  g_object_unref (house.pool);
  g_free (house.conninfo);
  oba_test_postgres_free (house.server);
  return status;
}
