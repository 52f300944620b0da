/* Whatever a program sends into a field of a customer is refused with a sentence, or stored to the letter. The database is asked directly: other programs may be careless. */
#include "schema-house.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "oba-test-bad-input.h"

static const char *const text_fields[] = { "family_name", "given_name", "patronymic", "city", "notes" };

/* Asks oba.@function for @object. Returns the customer's number, or 0 when it was refused as a rule refuses: OB and three digits, and no other way. */
static gint64
send (House *house, const char *function, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *json = json_to_string (node, FALSE);
  g_autofree char *sql = g_strdup_printf ("select oba.%s ($1::jsonb) ->> 'customer_id'", function);
  const char *values[] = { json };
  PGresult *result = PQexecParams (house->conn, sql, 1, NULL, values, NULL, NULL, 0);
  gint64 id = 0;

  if (PQresultStatus (result) == PGRES_TUPLES_OK)
    id = g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10);
  else if (!g_str_has_prefix (PQresultErrorField (result, PG_DIAG_SQLSTATE), "OB0"))
    g_error ("%s: %s", json, PQresultErrorMessage (result));
  PQclear (result);
  return id;
}

static char *
stored (House *house, gint64 id, const char *field)
{
  return ask (house->conn, "select %s from oba.customers where customer_id = %" G_GINT64_FORMAT, field, id);
}

static JsonObject *
new_person (const char *field, const char *value)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "family_name", "Əliyeva");
  json_object_set_string_member (object, "through", "staff");
  json_object_set_string_member (object, field, value);
  return object;
}

static JsonObject *
new_change (gint64 id, gint64 version, const char *field, const char *value)
{
  JsonObject *object = json_object_new (), *changes = json_object_new ();

  json_object_set_string_member (changes, field, value);
  json_object_set_int_member (object, "customer_id", id);
  json_object_set_int_member (object, "version", version);
  json_object_set_object_member (object, "changes", changes);
  return object;
}

/* A single field, in a new record and in one that is there. */
static void
check_field (House *house, const char *field, const char *value, gboolean refused, const char *what)
{
  g_autoptr (JsonObject) person = new_person (field, value);
  g_autoptr (JsonObject) change = NULL;
  g_autofree char *before = stored (house, 100, field);
  gint64 version = ask_int (house->conn, "select version from oba.customers where customer_id = 100");
  gint64 id = send (house, "register_customer", person);

  if ((id == 0) != refused)
    g_error ("registering with %s as %s is %s", what, field, id == 0 ? "refused" : "not refused");
  change = new_change (100, version, field, value);
  if ((send (house, "update_customer", change) == 0) != refused)
    g_error ("changing %s to %s is %s", field, what, refused ? "not refused" : "refused");
  for (guint i = 0; i < 2; i++)
    {
      gint64 of = i == 0 ? id : 100;
      g_autofree char *now = of != 0 ? stored (house, of, field) : NULL;

      if (now != NULL && g_strcmp0 (now, refused ? before : value) != 0)
        g_error ("%s as %s became “%s”", what, field, now);
    }
}

static void
test_texts (House *house, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_texts); i++)
    for (guint f = 0; f < G_N_ELEMENTS (text_fields); f++)
      {
        const ObaTestBadText *bad = &oba_test_bad_texts[i];
        g_autofree char *text = oba_test_bad_text (bad);

        /* What the programs clean is theirs to clean; notes may have lines and tabs. */
        if (bad->cleaned == NULL)
          check_field (house, text_fields[f], text, bad->refused, bad->name);
      }
  all_is_well (house);
}

static void
test_others (House *house, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_phones); i++)
    check_field (house, "phone", oba_test_bad_phones[i], TRUE, oba_test_bad_phones[i]);
  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_emails); i++)
    check_field (house, "email", oba_test_bad_emails[i], TRUE, oba_test_bad_emails[i]);
  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_dates); i++)
    check_field (house, "birth_date", oba_test_bad_dates[i], TRUE, oba_test_bad_dates[i]);
  check_field (house, "language", "xx", TRUE, "a language");
  check_field (house, "preferred_store_id", "99", TRUE, "no store");
  check_field (house, "preferred_store_id", "1; drop table oba.stores", TRUE, "SQL");
  /* Somebody else's. */
  run (house->conn, "insert into oba.customers (customer_id, family_name, phone) values (300, 'X', '+994501112233')");
  check_field (house, "phone", "+994501112233", TRUE, "another's phone");
  assert_ask (house->conn, "300", "select customer_id from oba.customer_phones where phone = '+994501112233'");
  all_is_well (house);
}

/* A reason is typed, too. */
static void
test_reasons (House *house, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_texts); i++)
    {
      const ObaTestBadText *bad = &oba_test_bad_texts[i];
      g_autofree char *text = oba_test_bad_text (bad), *now = NULL;
      g_autoptr (JsonObject) request = json_object_new ();

      json_object_set_int_member (request, "customer_id", 200);
      json_object_set_boolean_member (request, "blocked", TRUE);
      json_object_set_string_member (request, "reason", text);
      if (bad->cleaned != NULL)
        continue;
      if ((send (house, "block_customer", request) == 0) != bad->refused)
        g_error ("blocking because of %s is %s", bad->name, bad->refused ? "not refused" : "refused");
      now = ask (house->conn, "select blocked_reason from oba.customers where customer_id = 200");
      if (!bad->refused && strcmp (now, text) != 0)
        g_error ("%s became “%s”", bad->name, now);
      run (house->conn, "update oba.customers set status = 'active', blocked_reason = null where customer_id = 200");
    }
}

/* Returns the code of the refusal, or "" for a receipt that is there now. */
static char *
send_receipt (House *house, const char *function, JsonObject *receipt)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), receipt);
  g_autofree char *json = json_to_string (node, FALSE);
  const char *values[] = { function, json };
  g_autofree char *sql = g_strdup_printf ("select oba.%s ($2::jsonb, null, null), $1::text", function);
  PGresult *result = PQexecParams (house->conn, sql, 2, NULL, values, NULL, NULL, 0);
  char *code = g_strdup (PQresultStatus (result) == PGRES_TUPLES_OK ? "" : PQresultErrorField (result, PG_DIAG_SQLSTATE));

  PQclear (result);
  return code;
}

/* A till's field is a text like any other: a number that turns the line around would be shown as another one, and nobody could search for it. */
static void
test_receipts (House *house, gconstpointer data)
{
  static const char *const fields[] = { "receipt_no", "cashier", "fiscal_id" };
  static const char sold[] = "{\"store\": 1, \"till\": 1, \"receipt_no\": \"S\", \"sold_at\": \"2024-05-02T10:00:00Z\", \"total\": 100000,"
                             " \"lines\": [{\"code\": \"P1\", \"quantity\": 1000, \"unit_price\": 100, \"total\": 100000}]}";
  static const char back[] = "{\"original\": {\"store\": 1, \"till\": 1, \"receipt_no\": \"S\"}, \"reason_code\": \"other\", \"sold_at\": \"2024-05-03T10:00:00Z\","
                             " \"receipt_no\": \"B\", \"store\": 1, \"till\": 2, \"lines\": [{\"line\": 1, \"quantity\": 1}]}";
  const char *const requests[] = { sold, back };
  const char *const functions[] = { "record_receipt", "return_lines" };
  g_autoptr (JsonNode) first = json_from_string (sold, NULL);
  g_autofree char *code = send_receipt (house, "record_receipt", json_node_get_object (first));

  g_assert_cmpstr (code, ==, "");
  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_texts); i++)
    for (guint f = 0; f < G_N_ELEMENTS (fields) * G_N_ELEMENTS (functions); f++)
      {
        const ObaTestBadText *bad = &oba_test_bad_texts[i];
        guint kind = f / G_N_ELEMENTS (fields);
        g_autoptr (JsonNode) node = json_from_string (requests[kind], NULL);
        g_autofree char *text = oba_test_bad_text (bad);
        g_autofree char *number = g_strdup_printf ("N%u-%u", i, f);
        g_autofree char *said = NULL;

        if (bad->cleaned != NULL)
          continue;
        json_object_set_string_member (json_node_get_object (node), "receipt_no", number);
        json_object_set_string_member (json_node_get_object (node), fields[f % G_N_ELEMENTS (fields)], text);
        said = send_receipt (house, functions[kind], json_node_get_object (node));
        if (g_strcmp0 (said, bad->refused ? "OB001" : "") != 0)
          g_error ("%s with %s as %s: “%s”", functions[kind], bad->name, fields[f % G_N_ELEMENTS (fields)], said);
      }

  /* One that was recorded before that was refused can be put right all the same. */
  sale (house->conn, 100, "OLD", "2024-05-04 10:00+04", 500);
  run (house->conn, "set session_replication_role = replica; update oba.receipts set cashier = E'A\\u202EB' where receipt_no = 'OLD'; set session_replication_role = origin");
  run (house->conn, "update oba.correction_limits set age_days = 36000, own_receipts = false");
  g_free (call (house->conn, "correct_receipt", NULL, "{'kind': 'move', 'seen': 0, 'receipt': {'store': 1, 'till': 1, 'receipt_no': 'OLD'}, 'customer_id': 200,"
                                                      " 'reason_code': 'wrong_customer', 'reason': 'his card'}"));
  assert_ask (house->conn, "500", "select sum (total) from oba.receipts where customer_id = 200");
  all_is_well (house);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/bad-input/" name, House, NULL, house_setup, func, house_teardown)
  ADD ("texts", test_texts);
  ADD ("others", test_others);
  ADD ("reasons", test_reasons);
  ADD ("receipts", test_receipts);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
