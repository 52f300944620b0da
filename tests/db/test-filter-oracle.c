/*
 * The filters and orders of the list against an evaluation of their own: 600 persons with ties, gaps, blocked, merged and erased ones among them, are read once, row by row; then
 * seeded random filters and every order are asked of ObaCustomerQuery and of oba.filter_statement() (segments, bulk actions) and must name the same persons, each once, in order.
 */
#include "oba-test-postgres.h"
#include "oba-test-wait.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/oba-fold.h"
#include "customers/oba-customers.h"

#define N_FILTERS 400
#define N_CHANNELS 3

static const char fill[] =
  "set session_replication_role = replica; select setseed (0.42);"
  "insert into oba.stores (store_id, code, name) values (1, 'S1', 'OBA Nizami'), (2, 'S2', 'OBA Gəncə'), (3, 'S3', 'OBA Nizami');"
  "insert into oba.customers (customer_id, given_name, family_name, phone, email, city, status, blocked_reason, merged_into, birth_date, registered_at, registered_store_id, preferred_store_id,"
  "  language, batch_id, sort_name)"
  " select n, (array['Əli', 'Aysel', 'Leyla', 'Murad'])[1 + n % 4], (array['Məmmədov', 'Həsənova', 'Quliyev', 'Çələbi', ''])[1 + n % 5],"
  "  case when random () < 0.7 then '+99455' || 1000000 + n * 7919 % 8999999 end, case when random () < 0.3 then (n % 50) || '@x.az' end,"
  "  (array['Bakı', 'Gəncə', 'Şəki', ''])[1 + floor (random () * 4)::integer], case when n % 13 = 0 then 'blocked' when n % 29 = 0 then 'merged' else 'active' end,"
  "  case when n % 13 = 0 then 'a reason' end, case when n % 29 = 0 and n % 13 <> 0 then 1 end,"
  "  case when random () < 0.8 then date '1980-01-01' + (n % 9) * 40 end, timestamptz '2026-01-31 19:30Z' + (n % 40) * interval '45 minutes',"
  "  (array[1, 2, null])[1 + n % 3], (array[2, 3, null, null])[1 + n % 4], (array['az', 'ru', 'en'])[1 + n % 3], nullif (n % 4, 0), '' from generate_series (1, 600) n;"
  "update oba.customers set sort_name = oba.sort_key (concat_ws (' ', nullif (family_name, ''), given_name)), search_text = oba.search_text (family_name, given_name, '', phone, email);"
  "insert into oba.points_accounts (customer_id, balance, tier_id, tier_spend) select customer_id, floor (random () * 20)::bigint * 100, 1 + customer_id % 3, floor (random () * 10)::bigint * 5000 from oba.customers;"
  "insert into oba.customer_stats (customer_id, receipts, last_purchase_at, lifecycle, lifecycle_since) select customer_id, floor (random () * 5)::bigint,"
  "  case when random () < 0.7 then timestamptz '2026-03-01 19:45Z' + floor (random () * 30) * interval '6 hours' end,"
  "  l, case when l is not null then timestamptz '2026-02-01' + customer_id % 7 * interval '1 day' end from (select customer_id, (array['new', 'active', 'lapsing', 'lost', 'won_back', null])[1 + floor (random () * 6)::integer] as l from oba.customers offset 0) c;"
  "insert into oba.consents (customer_id, channel, granted, since) select customer_id, channel, random () < 0.6, now () from oba.customers, unnest (array['sms', 'email', 'telegram']) channel where random () < 0.5;"
  "insert into oba.segments (segment_id, name, kind, filter, archived_at) values (1, 'Şərab', 'static', null, null), (2, 'Çay', 'static', null, null), (3, 'Cib', 'rule', '{\"cities\": [\"Gəncə\"]}', null),"
  "  (4, 'Zirvə', 'rule', '{\"points\": [1200, null], \"segments\": [1, 2]}', null), (5, 'Ağac', 'static', null, now ()), (6, 'Boş', 'static', null, null), (7, 'Tez', 'rule', '{\"lifecycle\": [\"new\", \"won_back\"]}', null);"
  "insert into oba.segment_members (customer_id, segment_id) select customer_id, 1 + customer_id % 2 from oba.customers where random () < 0.3;"
  "insert into oba.segment_members (customer_id, segment_id) select customer_id, 5 from oba.customers where customer_id % 3 = 0;"
  "insert into oba.erasures (customer_id, reason_code, asked_for, figures) select customer_id, 'request', customer_id, '{}' from oba.customers where status = 'active' and customer_id % 31 = 0;"
  "update oba.customers c set status = 'erased', given_name = '', family_name = '', phone = null, email = null, city = '', birth_date = null, sort_name = '', search_text = '', preferred_store_id = null"
  " from oba.erasures e where e.customer_id = c.customer_id;"
  "insert into oba.name_words (word) select distinct w from oba.customers c cross join lateral oba.words_of (c.search_text) w;"
  "set session_replication_role = origin; analyze;";

/* A customer as PostgreSQL shows them, column by column. */
static const char rows[] =
  "select c.customer_id, coalesce (c.preferred_store_id, c.registered_store_id, 0), c.city, a.tier_id, c.status, s.lifecycle, (c.registered_at at time zone 'Asia/Baku')::date,"
  " (s.last_purchase_at at time zone 'Asia/Baku')::date, a.tier_spend, a.balance, extract (month from c.birth_date)::integer, c.batch_id, c.merged_into,"
  " (select string_agg (m.segment_id::text, ',') from oba.segment_members m where m.customer_id = c.customer_id),"
  " (select string_agg (n.channel, ',') from oba.consents n where n.customer_id = c.customer_id and n.granted),"
  " c.family_name || ' ' || c.given_name, c.phone, c.sort_name, c.email, c.birth_date, c.language, extract (epoch from c.registered_at)::bigint, extract (epoch from s.last_purchase_at)::bigint,"
  " s.receipts, coalesce (t.name, ''),"
  /* Late and early are told apart by more than a lifetime of seconds. */
  " array_position (array['new', 'active', 'won_back', 'lapsing', 'lost'], s.lifecycle) * 10000000000 + extract (epoch from s.lifecycle_since)::bigint,"
  /* Cib, Çay, Şərab, Tez, Zirvə; what is archived or has nobody in it is none. */
  " case when c.city = 'Gəncə' and c.status <> 'erased' then 1 when exists (select from oba.segment_members m where m.customer_id = c.customer_id and m.segment_id = 2) then 2"
  " when exists (select from oba.segment_members m where m.customer_id = c.customer_id and m.segment_id = 1) then 3 when s.lifecycle in ('new', 'won_back') and c.status <> 'erased' then 4 end"
  " from oba.customers c join oba.points_accounts a using (customer_id) join oba.customer_stats s using (customer_id)"
  " left join oba.stores t on t.store_id = coalesce (c.preferred_store_id, c.registered_store_id) where c.kind = 'person' order by c.customer_id";

enum { ID, STORE, CITY, TIER, STATUS, LIFECYCLE, REGISTERED, LAST, SPEND, POINTS, MONTH, BATCH, MERGED, SEGMENTS, CONSENTS, NAME, PHONE, SORT_NAME, EMAIL, BIRTH, LANGUAGE,
       REGISTERED_AT, LAST_AT, RECEIPTS, STORE_NAME, LIFE_PLACE, SEGMENT_PLACE };

static const char *const channels[N_CHANNELS] = { "sms", "email", "telegram" };

typedef struct
{
  ObaDbPool *pool;
  PGconn *conn;
  PGresult *people;
  int n;
} House;

static House house;

static const char *
text_of (int row, int column)
{
  return PQgetisnull (house.people, row, column) ? NULL : PQgetvalue (house.people, row, column);
}

static gint64
number_of (int row, int column)
{
  return g_ascii_strtoll (PQgetvalue (house.people, row, column), NULL, 10);
}

/* --- does a row fit a filter? */

static gboolean
has_name (const ObaCustomerFilter *filter, ObaCustomerFilterField field, const char *name)
{
  return name != NULL && oba_customer_filter_has_name (filter, field, name);
}

static gboolean
in_days (const ObaCustomerFilter *filter, ObaCustomerFilterField field, const char *day)
{
  GDate from, to;
  char text[2][11] = { "", "" };

  oba_customer_filter_get_days (filter, field, &from, &to);
  if (g_date_valid (&from))
    g_date_strftime (text[0], sizeof text[0], "%Y-%m-%d", &from);
  if (g_date_valid (&to))
    g_date_strftime (text[1], sizeof text[1], "%Y-%m-%d", &to);
  return day != NULL && strcmp (day, text[0]) >= 0 && (*text[1] == '\0' || strcmp (day, text[1]) <= 0);
}

static gboolean
in_range (const ObaCustomerFilter *filter, ObaCustomerFilterField field, gint64 value)
{
  gint64 min, max;

  oba_customer_filter_get_range (filter, field, &min, &max);
  return value >= min && value <= max;
}

static gboolean
in_list (const char *list, const char *one)
{
  g_auto (GStrv) parts = g_strsplit (list != NULL ? list : "", ",", -1);

  return g_strv_contains ((const char *const *) parts, one);
}

static gboolean
has_consents (const ObaCustomerFilter *filter, int row)
{
  gboolean granted;

  for (guint i = 0; i < N_CHANNELS; i++)
    if (oba_customer_filter_get_consent (filter, channels[i], &granted) && in_list (text_of (row, CONSENTS), channels[i]) != granted)
      return FALSE;
  return TRUE;
}

static gboolean
in_segments (const ObaCustomerFilter *filter, int row)
{
  GArray *ids = oba_customer_filter_get_numbers (filter, OBA_CUSTOMER_FILTER_SEGMENTS);

  for (guint i = 0; i < ids->len; i++)
    {
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, g_array_index (ids, gint64, i));

      if (in_list (text_of (row, SEGMENTS), id))
        return TRUE;
    }
  return FALSE;
}

/* Each word is a part of the name, digits a part of the phone number. */
static gboolean
has_words (const char *text, int row)
{
  g_autofree char *name = oba_text_fold (text_of (row, NAME));
  g_autofree char *typed = oba_text_fold (text);
  g_auto (GStrv) words = g_strsplit (typed, " ", -1);
  const char *phone = text_of (row, PHONE);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (g_ascii_isdigit (*words[i]) ? (phone != NULL ? phone : "") : name, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* One's own, or that of somebody who was merged into this one. */
static gboolean
has_text (const char *text, int row)
{
  if (has_words (text, row))
    return TRUE;
  for (int i = 0; i < house.n; i++)
    if (text_of (i, MERGED) != NULL && number_of (i, MERGED) == number_of (row, ID) && has_words (text, i))
      return TRUE;
  return FALSE;
}

static gboolean
fits_field (const ObaCustomerFilter *filter, ObaCustomerFilterField field, int row)
{
  switch (field)
    {
    case OBA_CUSTOMER_FILTER_TEXT: return has_text (oba_customer_filter_get_text (filter), row);
    case OBA_CUSTOMER_FILTER_STORES: return oba_customer_filter_has_number (filter, field, number_of (row, STORE));
    case OBA_CUSTOMER_FILTER_CITIES: return has_name (filter, field, text_of (row, CITY));
    case OBA_CUSTOMER_FILTER_TIERS: return oba_customer_filter_has_number (filter, field, number_of (row, TIER));
    case OBA_CUSTOMER_FILTER_STATUS: return has_name (filter, field, text_of (row, STATUS));
    case OBA_CUSTOMER_FILTER_LIFECYCLE: return has_name (filter, field, text_of (row, LIFECYCLE));
    case OBA_CUSTOMER_FILTER_SEGMENTS: return in_segments (filter, row);
    case OBA_CUSTOMER_FILTER_REGISTERED: return in_days (filter, field, text_of (row, REGISTERED));
    case OBA_CUSTOMER_FILTER_LAST_PURCHASE: return in_days (filter, field, text_of (row, LAST));
    case OBA_CUSTOMER_FILTER_SPEND: return in_range (filter, field, number_of (row, SPEND));
    case OBA_CUSTOMER_FILTER_POINTS: return in_range (filter, field, number_of (row, POINTS));
    case OBA_CUSTOMER_FILTER_CONSENTS: return has_consents (filter, row);
    case OBA_CUSTOMER_FILTER_BIRTH_MONTHS: return text_of (row, MONTH) != NULL && oba_customer_filter_has_number (filter, field, number_of (row, MONTH));
    case OBA_CUSTOMER_FILTER_BATCH: return text_of (row, BATCH) != NULL && oba_customer_filter_has_number (filter, field, number_of (row, BATCH));
    case OBA_CUSTOMER_FILTER_N_FIELDS:
    default: return FALSE;
    }
}

static gboolean
fits (const ObaCustomerFilter *filter, int row)
{
  if (text_of (row, MERGED) != NULL)
    return FALSE;
  if (!oba_customer_filter_has (filter, OBA_CUSTOMER_FILTER_STATUS) && g_str_equal (text_of (row, STATUS), "erased"))
    return FALSE;
  for (ObaCustomerFilterField field = 0; field < OBA_CUSTOMER_FILTER_N_FIELDS; field++)
    if (oba_customer_filter_has (filter, field) && !fits_field (filter, field, row))
      return FALSE;
  return TRUE;
}

/* --- the order */

static const struct
{
  ObaCustomerSort sort;
  int column;
  gboolean number;
  gboolean nulls_first; /* when ascending */
  gboolean nulls_last;  /* whichever way */
} orders[] = {
  { OBA_CUSTOMER_SORT_NAME, SORT_NAME, FALSE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_PHONE, PHONE, FALSE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_CITY, CITY, FALSE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_TIER, TIER, TRUE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_POINTS, POINTS, TRUE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_LAST_PURCHASE, LAST_AT, TRUE, TRUE, FALSE },
  { OBA_CUSTOMER_SORT_SPEND, SPEND, TRUE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_REGISTERED, REGISTERED_AT, TRUE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_STATUS, STATUS, FALSE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_EMAIL, EMAIL, FALSE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_BIRTH_DATE, BIRTH, FALSE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_LANGUAGE, LANGUAGE, FALSE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_STORE, STORE_NAME, FALSE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_RECEIPTS, RECEIPTS, TRUE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_LIFECYCLE, LIFE_PLACE, TRUE, FALSE, FALSE },
  { OBA_CUSTOMER_SORT_SEGMENTS, SEGMENT_PLACE, TRUE, FALSE, TRUE },
  { OBA_CUSTOMER_SORT_NUMBER, ID, TRUE, FALSE, FALSE },
};

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  guint order = GPOINTER_TO_UINT (user_data);
  int one = *(const int *) a, other = *(const int *) b;
  const char *x = text_of (one, orders[order].column), *y = text_of (other, orders[order].column);
  gint64 way = 0;

  if (x == NULL || y == NULL)
    way = (orders[order].nulls_first ? -1 : 1) * ((x == NULL) - (y == NULL));
  else
    way = orders[order].number ? g_ascii_strtoll (x, NULL, 10) - g_ascii_strtoll (y, NULL, 10) : strcmp (x, y);
  if (way == 0)
    way = number_of (one, ID) - number_of (other, ID);
  return way < 0 ? -1 : way > 0;
}

/* The rows that fit, in order, as a text of their numbers. */
static char *
expect (const ObaCustomerFilter *filter, guint order, gboolean descending)
{
  g_autoptr (GArray) fitting = g_array_new (FALSE, FALSE, sizeof (int));
  GString *text = g_string_new (NULL);

  for (int i = 0; i < house.n; i++)
    if (fits (filter, i))
      g_array_append_val (fitting, i);
  g_array_sort_with_data (fitting, compare_rows, GUINT_TO_POINTER (order));
  /* First, unless they have their place in the order, those who have a value. */
  for (guint empty = 0; empty < 2; empty++)
    for (guint i = 0; i < fitting->len; i++)
      {
        int row = g_array_index (fitting, int, descending ? fitting->len - 1 - i : i);

        if ((orders[order].nulls_last && text_of (row, orders[order].column) == NULL) == empty)
          g_string_append_printf (text, "%s ", text_of (row, ID));
      }
  return g_string_free (text, FALSE);
}

/* --- what the product says */

static char *
find (const ObaCustomerFilter *filter, guint order, gboolean descending, guint limit)
{
  g_autoptr (ObaCustomerQuery) query = oba_customer_query_new (filter, orders[order].sort, descending);
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = NULL;
  GString *text = g_string_new (NULL);

  oba_customers_find_async (house.pool, query, limit, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  ids = oba_customers_find_finish (result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%" G_GINT64_FORMAT " ", g_array_index (ids, gint64, i));
  return g_string_free (text, FALSE);
}

/* By number: a segment has no order. */
static char *
find_by_statement (const char *json)
{
  g_autofree char *quoted = PQescapeLiteral (house.conn, json, strlen (json));
  g_autofree char *sql = g_strdup_printf (
    "do $do$ begin execute 'create temporary table found on commit drop as ' || replace (oba.filter_statement (%s), '$1', quote_literal (%s) || '::jsonb'); end $do$;"
    "select coalesce (string_agg (customer_id || ' ', '' order by customer_id), '') from found", quoted, quoted);
  PGresult *result = PQexec (house.conn, sql);
  char *text;

  if (PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s\n%s", json, PQerrorMessage (house.conn));
  text = g_strdup (PQgetvalue (result, 0, 0));
  PQclear (result);
  return text;
}

/* --- random filters */

static void
choose_names (GRand *dice, ObaCustomerFilter *filter, ObaCustomerFilterField field, const char *const *names, int n)
{
  for (int i = g_rand_int_range (dice, 1, 3); i > 0; i--)
    oba_customer_filter_add_name (filter, field, names[g_rand_int_range (dice, 0, n)]);
}

static void
choose_numbers (GRand *dice, ObaCustomerFilter *filter, ObaCustomerFilterField field, int from, int to)
{
  for (int i = field == OBA_CUSTOMER_FILTER_BATCH ? 1 : g_rand_int_range (dice, 1, 3); i > 0; i--)
    oba_customer_filter_add_number (filter, field, g_rand_int_range (dice, from, to));
}

static void
choose_days (GRand *dice, ObaCustomerFilter *filter, ObaCustomerFilterField field, guint month)
{
  g_autoptr (GDate) from = g_date_new_dmy ((GDateDay) g_rand_int_range (dice, 1, 8), month, 2026);
  g_autoptr (GDate) to = g_date_new_dmy (g_date_get_day (from), month, 2026);

  g_date_add_days (to, (guint) g_rand_int_range (dice, 0, 4));
  g_assert_true (oba_customer_filter_set_days (filter, field, g_rand_int_range (dice, 0, 3) > 0 ? from : NULL, g_rand_int_range (dice, 0, 3) > 0 ? to : NULL));
}

static void
choose_range (GRand *dice, ObaCustomerFilter *filter, ObaCustomerFilterField field, gint64 step)
{
  gint64 min = g_rand_int_range (dice, 0, 10) * step, max = min + g_rand_int_range (dice, 0, 10) * step;

  oba_customer_filter_set_range (filter, field, g_rand_int_range (dice, 0, 3) > 0 ? min : OBA_CUSTOMER_FILTER_NO_MIN, g_rand_int_range (dice, 0, 3) > 0 ? max : OBA_CUSTOMER_FILTER_NO_MAX);
}

static void
choose_field (GRand *dice, ObaCustomerFilter *filter, ObaCustomerFilterField field)
{
  static const char *const cities[] = { "Bakı", "Gəncə", "Şəki", "Quba" };
  static const char *const statuses[] = { "active", "blocked", "erased" };
  static const char *const states[] = { "new", "active", "lapsing", "lost", "won_back" };
  static const char *const texts[] = { "Quliyev", "mammadov", "Гулиев", "leyla hesen", "elebi", "ali 555", "Çələbi Murad" };

  if (field == OBA_CUSTOMER_FILTER_TEXT)
    oba_customer_filter_set_text (filter, texts[g_rand_int_range (dice, 0, G_N_ELEMENTS (texts))]);
  else if (field == OBA_CUSTOMER_FILTER_STORES)
    choose_numbers (dice, filter, field, 1, 5);
  else if (field == OBA_CUSTOMER_FILTER_CITIES)
    choose_names (dice, filter, field, cities, G_N_ELEMENTS (cities));
  else if (field == OBA_CUSTOMER_FILTER_TIERS)
    choose_numbers (dice, filter, field, 1, 4);
  else if (field == OBA_CUSTOMER_FILTER_STATUS)
    choose_names (dice, filter, field, statuses, G_N_ELEMENTS (statuses));
  else if (field == OBA_CUSTOMER_FILTER_LIFECYCLE)
    choose_names (dice, filter, field, states, G_N_ELEMENTS (states));
  else if (field == OBA_CUSTOMER_FILTER_SEGMENTS)
    choose_numbers (dice, filter, field, 1, 3);
  else if (field == OBA_CUSTOMER_FILTER_REGISTERED || field == OBA_CUSTOMER_FILTER_LAST_PURCHASE)
    choose_days (dice, filter, field, field == OBA_CUSTOMER_FILTER_REGISTERED ? 2 : 3);
  else if (field == OBA_CUSTOMER_FILTER_SPEND || field == OBA_CUSTOMER_FILTER_POINTS)
    choose_range (dice, filter, field, field == OBA_CUSTOMER_FILTER_SPEND ? 5000 : 200);
  else if (field == OBA_CUSTOMER_FILTER_CONSENTS)
    oba_customer_filter_set_consent (filter, channels[g_rand_int_range (dice, 0, N_CHANNELS)], g_rand_boolean (dice));
  else if (field == OBA_CUSTOMER_FILTER_BIRTH_MONTHS)
    choose_numbers (dice, filter, field, 1, 13);
  else
    choose_numbers (dice, filter, field, 1, 5);
}

/* One to three conditions: more find nobody. */
static ObaCustomerFilter *
choose_filter (GRand *dice)
{
  ObaCustomerFilter *filter = oba_customer_filter_new ();

  for (int i = g_rand_int_range (dice, 1, 4); i > 0; i--)
    choose_field (dice, filter, (ObaCustomerFilterField) g_rand_int_range (dice, 0, OBA_CUSTOMER_FILTER_N_FIELDS));
  return filter;
}

/* --- tests */

static void
test_filters (void)
{
  g_autoptr (GRand) dice = g_rand_new_with_seed (20260301);
  guint n_found = 0;

  for (guint i = 0; i < N_FILTERS; i++)
    {
      g_autoptr (ObaCustomerFilter) filter = choose_filter (dice);
      guint order = (guint) g_rand_int_range (dice, 0, G_N_ELEMENTS (orders));
      gboolean descending = g_rand_boolean (dice);
      g_autofree char *json = oba_customer_filter_to_json (filter);
      g_autofree char *expected = expect (filter, order, descending);
      g_autofree char *found = find (filter, order, descending, 0);
      g_autofree char *by_number = expect (filter, G_N_ELEMENTS (orders) - 1, FALSE);
      g_autofree char *chosen = find_by_statement (json);
      g_autofree char *page = find (filter, order, descending, 1 + i % 40);

      g_test_message ("%s by %s: %s", json, oba_customer_sort_get_id (orders[order].sort), expected);
      g_assert_cmpstr (found, ==, expected);
      g_assert_cmpstr (chosen, ==, by_number);
      g_assert_true (g_str_has_prefix (expected, page));
      g_assert_true ((*page == '\0') == (*expected == '\0'));
      n_found += *expected != '\0';
    }
  /* Of filters that find nobody nothing is learnt. */
  g_assert_cmpuint (n_found, >, N_FILTERS / 2);
}

/* Every order, both ways, with everybody in it and with few; each page is the beginning of the next larger one. */
static void
test_orders (void)
{
  g_autoptr (ObaCustomerFilter) everybody = oba_customer_filter_new ();
  g_autoptr (ObaCustomerFilter) some = oba_customer_filter_new ();
  const ObaCustomerFilter *filters[] = { everybody, some };

  oba_customer_filter_add_name (some, OBA_CUSTOMER_FILTER_CITIES, "Bakı");
  for (guint i = 0; i < 2 * 2 * G_N_ELEMENTS (orders); i++)
    {
      const ObaCustomerFilter *filter = filters[i % 2];
      gboolean descending = i / 2 % 2;
      g_autofree char *expected = expect (filter, i / 4, descending);
      g_autofree char *found = find (filter, i / 4, descending, 0);
      const guint pages[] = { 1, 7, 100 };

      g_test_message ("by %s", oba_customer_sort_get_id (orders[i / 4].sort));
      g_assert_cmpstr (found, ==, expected);
      for (guint j = 0; j < G_N_ELEMENTS (pages); j++)
        {
          g_autofree char *page = find (filter, i / 4, descending, pages[j]);

          g_assert_true (g_str_has_prefix (expected, page));
          g_assert_cmpuint (strlen (page), >, 2 * pages[j] - 1);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_autoptr (ObaTestPostgres) server = NULL;
  g_autofree char *conninfo = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  conninfo = oba_test_postgres_new_database (server);
  g_free (oba_test_postgres_exec (conninfo, fill));
  house.conn = PQconnectdb (conninfo);
  house.people = PQexec (house.conn, rows);
  if (PQresultStatus (house.people) != PGRES_TUPLES_OK)
    g_error ("%s", PQerrorMessage (house.conn));
  house.n = PQntuples (house.people);
  g_assert_cmpint (house.n, ==, 600);
  house.pool = oba_db_pool_new (conninfo, 2, OBA_DB_CONNECTION_DEFAULT);

  g_test_add_func ("/db/filter-oracle/filters", test_filters);
  g_test_add_func ("/db/filter-oracle/orders", test_orders);
  status = g_test_run ();

  PQclear (house.people);
  PQfinish (house.conn);
  oba_db_pool_close (house.pool);
  g_clear_object (&house.pool);
  return status;
}
