/* The one search field: who comes first, what a typing error finds, and what those who may not see names get. */
#include "schema-house.h"

static void
assert_found (House      *house,
              const char *text,
              const char *expected)
{
  assert_ask (house->conn, expected, "select string_agg (customer_id || ':' || rank, ' ') from oba.search_customers ($s$%s$s$, 50)", text);
}

/* An exact number before a name that begins so, that before words, those before parts. */
static void
test_ranks (House         *house,
            gconstpointer  unused)
{
  run (house->conn, "insert into oba.customers (customer_id, given_name, family_name, email) values (301, 'Əli', 'Babayev', 'ali.b@example.az'),"
                    " (302, 'Leyla', 'Vəliyeva', null), (303, 'Aygün', 'Əliyeva', null)");
  run (house->conn, "insert into oba.cards (token_hash, number, customer_id) values (sha256 ('a'), 'OBA-7700-0001', 302)");
  sale (house->conn, 302, "R-4711", "2024-03-01 12:00+04", 100);
  assert_found (house, "aliyeva", "303:1 100:1 302:3");
  assert_found (house, "Алиева Айгюн", "303:1 100:1");
  assert_found (house, "aygun eliyeva", "303:2 100:2");
  assert_found (house, "ali", "303:1 100:1 301:2 302:3");
  assert_found (house, "050 123 45 67", "100:0");
  assert_found (house, "(050) 123", "100:1");
  assert_found (house, "3456", "100:3");
  assert_found (house, "ali.b@example.az", "301:0");
  assert_found (house, "oba 7700 0001", "302:0");
  assert_found (house, "OBA-77", "302:1");
  assert_found (house, "R-4711", "302:0");
  assert_found (house, "Əliyvea", "303:4 100:4 301:4");
  assert_found (house, "Xqzw", "");
  assert_found (house, "%", "");
}

/* A word that only somebody erased or renamed had is kept nowhere. */
static void
test_words (House         *house,
            gconstpointer  unused)
{
  assert_ask (house->conn, "1", "select count(*) from oba.name_words where word = 'elcin'");
  run (house->conn, "update oba.customers set given_name = 'Rauf' where customer_id = 200");
  assert_ask (house->conn, "0", "select count(*) from oba.name_words where word = 'elcin'");
  assert_ask (house->conn, "1", "select count(*) from oba.name_words where word = 'reuf'");
}

/* Marketing gets rows without names, phones and addresses, and cannot search for them. */
static void
test_marketing (House         *house,
                gconstpointer  unused)
{
  PGconn *conn = house_connect (house);

  run (conn, "select oba.staff_add ('search_m', 'M', 'marketing') where not exists (select from oba.staff where login = 'search_m')");
  run (conn, "set session authorization search_m");
  assert_ask (conn, "100//", "select concat_ws ('/', customer_id, name, coalesce (phone, '')) from oba.customer_rows (array[100], 'az')");
  refused (conn, "42501", "select * from oba.search_customers ('aliyeva', 10)");
  refused (conn, "42501", "select oba.find_text ('{\"text\": \"aliyeva\"}', 'points', false, 10)");
  PQfinish (conn);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/db/search/ranks", House, NULL, house_setup, test_ranks, house_teardown);
  g_test_add ("/db/search/words", House, NULL, house_setup, test_words, house_teardown);
  g_test_add ("/db/search/marketing", House, NULL, house_setup, test_marketing, house_teardown);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
