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
  { "card", "d.number", NULL },
  { "beginning of a card number", "left (d.number, 10)", NULL },
  { "end of a card number", "right (d.number, 6)", "cards_number_part" },
  { "e-mail address", "c.email", NULL },
  { "beginning of an e-mail address", "left (c.email, 9)", NULL },
  { "middle of an e-mail address", "substr (c.email, 4, 8)", "customers_mail_part" },
  { "host of an e-mail address", "'@mail.example'", NULL },
  { "receipt", "r.receipt_no", "receipt_keys_by_no" },
  { "fiscal number", "r.fiscal_id", NULL },
  { "typing error", "overlay (c.family_name placing 'w' from 3 for 1) || ' ' || c.given_name", NULL },
  { "nobody", "'xqzwk'", NULL },
  { "nobody, two words", "c.family_name || ' xqzwk'", NULL },
  { "nobody's number", "'0609998877'", NULL },
};

static const char *const large[] = { "customers", "cards", "customer_phones", "receipt_keys" };

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

  return g_strv_contains ((const char *const[]) { large[0], large[1], large[2], large[3], NULL }, table) || g_str_has_prefix (table, "receipts_");
}

static void
check_node (JsonObject *node, GString *faults)
{
  const char *type = json_object_get_string_member (node, "Node Type");
  gint64 loops = MAX (member (node, "Actual Loops"), 1);
  gint64 read = (member (node, "Actual Rows") + member (node, "Rows Removed by Filter") + member (node, "Rows Removed by Index Recheck")) * loops;

  /* An index whose first columns are not asked for is read as a whole to find a row or two. */
  if (json_object_has_member (node, "Index Cond") && !g_str_has_prefix (type, "Bitmap") && read < 10 && member (node, "Shared Hit Blocks") + member (node, "Shared Read Blocks") > MAX_BLOCKS)
    g_string_append_printf (faults, "%s reads the whole of its index; ", type);
  if (is_large (node) && (g_str_equal (type, "Seq Scan") || read > MAX_READ))
    g_string_append_printf (faults, "%s of %s reads %" G_GINT64_FORMAT " rows; ", type, json_object_get_string_member (node, "Relation Name"), read);
  if (json_object_has_member (node, "Plans"))
    {
      JsonArray *below = json_object_get_array_member (node, "Plans");

      for (guint i = 0; i < json_array_get_length (below); i++)
        check_node (json_array_get_object_element (below, i), faults);
    }
}

/* What is wrong with the plans of one search; "" when nothing is. Returns: (transfer full) */
static char *
find_faults (const char *key)
{
  GString *faults = g_string_new (NULL);

  g_ptr_array_set_size (plans, 0);
  g_free (ask ("select count (*) from oba.search_customers ($1, 200)", key));
  g_assert_cmpuint (plans->len, >=, 3);
  for (guint i = 0; i < plans->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = json_from_string (plans->pdata[i], &error);

      g_assert_no_error (error);
      check_node (json_object_get_object_member (json_node_get_object (root), "Plan"), faults);
    }
  return g_string_free (faults, FALSE);
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

/* The same test sees an index that is missing. */
static void
test_without_index (void)
{
  g_autoptr (GString) unseen = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].index != NULL)
      {
        g_autofree char *key = make_key (&kinds[i]);
        g_autofree char *drop = g_str_has_suffix (kinds[i].index, "_pkey")
                                  ? g_strdup_printf ("alter table oba.%.*s drop constraint %s", (int) strlen (kinds[i].index) - 5, kinds[i].index, kinds[i].index)
                                  : g_strdup_printf ("drop index oba.%s", kinds[i].index);
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
  status = g_test_run ();

  PQfinish (conn);
  g_ptr_array_unref (plans);
  oba_test_postgres_free (server);
  return status;
}
