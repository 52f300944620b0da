/*
 * How the database answers the search field: the plans of every statement inside oba.search_customers(), for every kind of key. None may read a large table from end
 * to end: it would be quick here and take a second at a million customers.
 */
#include "oba-test-postgres.h"

#include <json-glib/json-glib.h>
#include <libpq-fe.h>
#include <string.h>

#define N_CUSTOMERS 90000
/* The search reads on for 15,000 customers before it goes another way; one in five has an e-mail address. */
#define MAX_READ 16000
#define MAX_BLOCKS 200

typedef struct
{
  const char *what;
  const char *key; /* an expression of c (a customer), d (a card), r (a receipt) */
  const char *index; /* without this one it would be slow */
} Kind;

static const Kind kinds[] = {
  { "name", "c.family_name || ' ' || c.given_name", "customers_search_order" },
  { "name in Cyrillic", "'Алиева Лейла'", "customers_search_order" },
  { "family name", "c.family_name", "customers_search_order" },
  { "common family name", "'memmedov'", "customers_search_order" },
  { "one letter", "'ə'", "customers_search_order" },
  { "names the other way round", "c.given_name || ' ' || c.family_name", "customers_search_order" },
  { "given name and patronymic", "c.given_name || ' ' || c.patronymic", NULL },
  { "middle of a name", "substr (c.family_name, 2, 4)", "customers_search_order" },
  { "name and digits", "c.family_name || ' ' || right (c.phone, 4)", "customers_search" },
  { "phone", "c.phone", "customer_phones_pkey" },
  { "beginning of a phone number", "'0' || substr (c.phone, 5, 5)", "customers_by_phone" },
  { "end of a phone number", "right (c.phone, 5)", "customers_search" },
  { "card", "d.number", "cards_by_number" },
  { "beginning of a card number", "left (d.number, 10)", "cards_by_number" },
  { "end of a card number", "right (d.number, 6)", "cards_number_part" },
  { "e-mail address", "c.email", "customers_by_mail" },
  { "beginning of an e-mail address", "left (c.email, 9)", NULL },
  { "middle of an e-mail address", "substr (c.email, 4, 8)", "customers_mail_part" },
  { "host of an e-mail address", "'@mail.example'", NULL },
  { "receipt", "r.receipt_no", "receipt_keys_by_no" },
  { "fiscal number", "r.fiscal_id", "receipts_fiscal" },
  { "typing error", "overlay (c.family_name placing 'w' from 3 for 1) || ' ' || c.given_name", NULL },
  { "nobody", "'xqzwk'", NULL },
  { "nobody, two words", "c.family_name || ' xqzwk'", NULL },
  { "nobody's number", "'0609998877'", NULL },
};

/* A text among other conditions, or in the order of a column. */
typedef struct
{
  const char *what;
  const char *filter;
  const char *sort;
  const char *index;
} Mixed;

static const Mixed mixed[] = {
  { "a name and a city", "{'text': 'memmedov cavid', 'cities': ['Bakı']}", "relevance", NULL },
  { "a common name, a city and a status of few", "{'text': 'Məmmədov', 'cities': ['Quba'], 'status': ['blocked']}", "relevance", NULL },
  { "what a third is called, and points of few", "{'text': 'oğlu', 'points': [4999, null]}", "points", "points_accounts_by_balance" },
  { "what a third is called, and a status of few", "{'text': 'oğlu', 'status': ['blocked']}", "relevance", "customers_by_status" },
  { "what a third is called, and a segment", "{'text': 'oğlu', 'segments': [1]}", "relevance", "segment_members_segment" },
  { "what a third is called, and a rule's segment", "{'text': 'oğlu', 'segments': [2]}", "phone", "points_accounts_by_balance" },
  { "a rare name, by phone", "{'text': 'Lütfibəyli'}", "phone", "customers_search" },
  { "a rare name, by store", "{'text': 'Lütfibəyli'}", "store", "customers_search" },
  { "a common name, by points", "{'text': 'Məmmədov'}", "points", "points_accounts_by_balance" },
  { "a common name, by last purchase", "{'text': 'Məmmədov'}", "last-purchase", "customer_stats_by_last" },
  { "a common name, by name", "{'text': 'Məmmədov'}", "name", NULL },
  { "one letter, by city", "{'text': 'ə'}", "city", "customers_by_city" },
  { "a phone's operator, by registration", "{'text': '055'}", "registered", "customers_by_registered" },
  { "what all cards share, and a tier", "{'text': '9994', 'tiers': [2]}", "spend", "cards_by_number" },
  { "a receipt and a status", "{'text': '20000100', 'status': ['active']}", "relevance", "receipt_keys_by_no" },
  { "a typing error and a city", "{'text': 'Mammwdov', 'cities': ['Quba']}", "relevance", NULL },
  { "nobody and a city", "{'text': 'xqzwk', 'cities': ['Bakı']}", "relevance", "customers_search" },
};

/* Reading on in an order ends after 20,000; a text that a third has is read when nothing else asked for is rarer. */
#define MAX_MIXED_READ 25000

static const char *const large[] = { "customers", "cards", "customer_phones", "receipt_keys", "points_accounts", "customer_stats", "segment_members" };

static ObaTestPostgres *server;
static PGconn *conn;
static GPtrArray *plans;

static void
notice_cb (void *unused, const char *message)
{
  const char *plan = strstr (message, "plan:\n");

  if (plan != NULL)
    g_ptr_array_add (plans, g_strdup (plan + strlen ("plan:\n")));
}

static char *
ask (const char *sql, const char *value)
{
  PGresult *result = PQexecParams (conn, sql, value != NULL ? 1 : 0, NULL, &value, NULL, NULL, 0);
  char *first;

  if (PQresultStatus (result) != PGRES_TUPLES_OK && PQresultStatus (result) != PGRES_COMMAND_OK)
    g_error ("%s\n%s", sql, PQerrorMessage (conn));
  first = PQntuples (result) > 0 ? g_strdup (PQgetvalue (result, 0, 0)) : NULL;
  PQclear (result);
  return first;
}

static void
run (const char *sql)
{
  PGresult *result = PQexec (conn, sql);

  if (PQresultStatus (result) != PGRES_TUPLES_OK && PQresultStatus (result) != PGRES_COMMAND_OK)
    g_error ("%.200s\n%s", sql, PQerrorMessage (conn));
  PQclear (result);
}

/* --- what a plan reads */

static gint64
member (JsonObject *node, const char *name)
{
  return json_object_has_member (node, name) ? json_object_get_int_member (node, name) : 0;
}

static gboolean
is_large (JsonObject *node)
{
  const char *table = json_object_get_string_member_with_default (node, "Relation Name", "");

  for (guint i = 0; i < G_N_ELEMENTS (large); i++)
    if (g_str_equal (table, large[i]))
      return TRUE;
  return g_str_has_prefix (table, "receipts_");
}

static void
check_node (JsonObject *node, gint64 max_read, GString *faults)
{
  const char *type = json_object_get_string_member (node, "Node Type");
  gint64 loops = MAX (member (node, "Actual Loops"), 1);
  gint64 read = (member (node, "Actual Rows") + member (node, "Rows Removed by Filter") + member (node, "Rows Removed by Index Recheck")) * loops;

  /* An index whose first columns are not asked for is read as a whole to find a row or two. */
  if (json_object_has_member (node, "Index Cond") && !g_str_has_prefix (type, "Bitmap") && read < 10 && member (node, "Shared Hit Blocks") + member (node, "Shared Read Blocks") > MAX_BLOCKS)
    g_string_append_printf (faults, "%s reads the whole of its index; ", type);
  if (is_large (node) && (g_str_equal (type, "Seq Scan") || read > max_read))
    g_string_append_printf (faults, "%s of %s reads %" G_GINT64_FORMAT " rows; ", type, json_object_get_string_member (node, "Relation Name"), read);
  if (json_object_has_member (node, "Plans"))
    {
      JsonArray *below = json_object_get_array_member (node, "Plans");

      for (guint i = 0; i < json_array_get_length (below); i++)
        check_node (json_array_get_object_element (below, i), max_read, faults);
    }
}

/* What is wrong with the plans of a statement and those in it; "" when nothing is. Returns: (transfer full) */
static char *
find_faults_of (const char *sql, const char *value, gint64 max_read)
{
  GString *faults = g_string_new (NULL);

  g_ptr_array_set_size (plans, 0);
  g_free (ask (sql, value));
  g_assert_cmpuint (plans->len, >=, 3);
  for (guint i = 0; i < plans->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = json_from_string (plans->pdata[i], &error);

      g_assert_no_error (error);
      check_node (json_object_get_object_member (json_node_get_object (root), "Plan"), max_read, faults);
    }
  return g_string_free (faults, FALSE);
}

static char *
find_faults (const char *key)
{
  return find_faults_of ("select count (*) from oba.search_customers ($1, 200)", key, MAX_READ);
}

static char *
find_mixed_faults (const Mixed *kind)
{
  g_autofree char *sql = g_strdup_printf ("select count (*) from oba.find_text (translate ($1, chr (39), chr (34))::jsonb, '%s', false, 201)", kind->sort);

  return find_faults_of (sql, kind->filter, MAX_MIXED_READ);
}

/* Of a customer in the middle of the table. */
static char *
make_key (const Kind *kind)
{
  g_autofree char *sql = g_strdup_printf ("select %s from oba.customers c join oba.cards d on d.customer_id = c.customer_id + 1 join oba.receipts r on r.customer_id = c.customer_id"
                                          " where c.customer_id > 30000 and c.email is not null and c.patronymic <> '' order by c.customer_id limit 1", kind->key);
  char *key = ask (sql, NULL);

  g_assert_nonnull (key);
  return key;
}

/* --- */

static void
test_plans (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *key = make_key (&kinds[i]);
      g_autofree char *faults = find_faults (key);

      if (*faults != '\0')
        g_error ("%s, “%s”: %s", kinds[i].what, key, faults);
    }
}

static char *
drop_statement (const char *index)
{
  if (g_str_has_suffix (index, "_pkey"))
    return g_strdup_printf ("alter table oba.%.*s drop constraint %s", (int) strlen (index) - 5, index, index);
  return g_strdup_printf ("drop index oba.%s", index);
}

static void
test_mixed (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (mixed); i++)
    {
      g_autofree char *faults = find_mixed_faults (&mixed[i]);

      if (*faults != '\0')
        g_error ("%s: %s", mixed[i].what, faults);
    }
}

static void
test_mixed_without_index (void)
{
  g_autoptr (GString) unseen = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (mixed); i++)
    if (mixed[i].index != NULL)
      {
        g_autofree char *drop = drop_statement (mixed[i].index);
        g_autofree char *faults = NULL;

        run ("begin");
        run (drop);
        faults = find_mixed_faults (&mixed[i]);
        run ("rollback");
        if (*faults == '\0')
          g_string_append_printf (unseen, "%s: nobody misses %s; ", mixed[i].what, mixed[i].index);
      }
  g_assert_cmpstr (unseen->str, ==, "");
}

/* The same test sees an index that is missing. */
static void
test_without_index (void)
{
  g_autoptr (GString) unseen = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].index != NULL)
      {
        g_autofree char *key = make_key (&kinds[i]);
        g_autofree char *drop = drop_statement (kinds[i].index);
        g_autofree char *faults = NULL;

        run ("begin");
        run (drop);
        faults = find_faults (key);
        run ("rollback");
        if (*faults == '\0')
          g_string_append_printf (unseen, "%s, “%s”: nobody misses %s; ", kinds[i].what, key, kinds[i].index);
      }
  g_assert_cmpstr (unseen->str, ==, "");
}

static void
fill (const char *file)
{
  g_autofree char *sql = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (file, &sql, NULL, &error);
  g_assert_no_error (error);
  run ("set client_min_messages = warning; set bench.customers = " G_STRINGIFY (N_CUSTOMERS));
  run (sql);
  run ("vacuum analyze");
  run ("load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set auto_explain.log_analyze = on;"
       " set auto_explain.log_timing = off; set auto_explain.log_buffers = on; set auto_explain.log_format = json; set client_min_messages = log; set jit = off");
}

int
main (int argc, char *argv[])
{
  g_autofree char *file = NULL;
  g_autofree char *conninfo = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  file = g_test_build_filename (G_TEST_DIST, "bench-search.sql", NULL);
  server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  conninfo = oba_test_postgres_new_database (server);
  plans = g_ptr_array_new_with_free_func (g_free);
  conn = PQconnectdb (conninfo);
  PQsetNoticeProcessor (conn, notice_cb, NULL);
  fill (file);

  g_test_add_func ("/db/search-plans/indexes", test_plans);
  g_test_add_func ("/db/search-plans/without-index", test_without_index);
  g_test_add_func ("/db/search-plans/mixed", test_mixed);
  g_test_add_func ("/db/search-plans/mixed-without-index", test_mixed_without_index);
  status = g_test_run ();

  PQfinish (conn);
  g_ptr_array_unref (plans);
  oba_test_postgres_free (server);
  return status;
}
