/* Segments and saved views, as real members of staff make, share, use and change them. */
#include "schema-house.h"

#include "oba-test-wait.h"

#include "customers/oba-segment.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "sales/oba-receipt-filter.h"
#include "views/oba-list-view.h"

typedef struct
{
  House      house;
  ObaDbPool *clerk;
  ObaDbPool *other;
  ObaDbPool *marketing;
  ObaDbPool *supervisor;
  ObaDbPool *auditor;
} Team;

static ObaDbPool *
sign_in (House      *house,
         const char *login,
         const char *role)
{
  g_autofree char *conninfo = g_strdup_printf ("%s user=%s", house->conninfo, login);

  run (house->conn, "select oba.staff_add ('%s', 'Person %s', '%s') where not exists (select from oba.staff where login = '%s')",
       login, login, role, login);
  return oba_db_pool_new (conninfo, 1, OBA_DB_CONNECTION_DEFAULT);
}

static void
team_setup (Team          *team,
            gconstpointer  unused)
{
  house_setup (&team->house, NULL);
  team->clerk = sign_in (&team->house, "seg_clerk", "clerk");
  team->other = sign_in (&team->house, "seg_other", "clerk");
  team->marketing = sign_in (&team->house, "seg_marketing", "marketing");
  team->supervisor = sign_in (&team->house, "seg_supervisor", "supervisor");
  team->auditor = sign_in (&team->house, "seg_auditor", "auditor");
}

static void
team_teardown (Team          *team,
               gconstpointer  unused)
{
  ObaDbPool *pools[] = { team->clerk, team->other, team->marketing, team->supervisor, team->auditor };

  all_is_well (&team->house);
  for (guint i = 0; i < G_N_ELEMENTS (pools); i++)
    {
      oba_db_pool_close (pools[i]);
      g_object_unref (pools[i]);
    }
  house_teardown (&team->house, NULL);
}

/* @code: what it is refused with, NULL when it is not; "" for whatever PostgreSQL says to those without the right. */
static void
check (GError     *error,
       const char *code)
{
  if (code == NULL)
    g_assert_no_error (error);
  else if (*code == '\0')
    g_assert_nonnull (error);
  else if (!oba_db_error_is_refusal (error, code))
    g_error ("not refused with %s: %s", code, error != NULL ? error->message : "done");
  g_clear_error (&error);
}

/* ---- segments */

static gint64
save_segment (ObaDbPool        *pool,
              const ObaSegment *segment,
              const char       *code)
{
  g_autofree char *key = oba_db_request_new_key ();
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gint64 id;

  oba_segment_save_async (pool, segment, key, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  id = oba_segment_save_finish (result, &error);
  check (error, code);
  return id;
}

static gint64
change_members (ObaDbPool    *pool,
                gint64        segment,
                const gint64 *add,
                guint         n_add,
                const gint64 *out,
                guint         n_out,
                const char   *code)
{
  g_autofree char *key = oba_db_request_new_key ();
  g_autoptr (GArray) adds = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) outs = g_array_new (FALSE, FALSE, sizeof (gint64));
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gint64 added = -1;
  gint64 removed = -1;

  if (n_add > 0)
    g_array_append_vals (adds, add, n_add);
  if (n_out > 0)
    g_array_append_vals (outs, out, n_out);
  oba_segment_change_members_async (pool, segment, adds, outs, key, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  oba_segment_change_members_finish (result, &added, &removed, &error);
  check (error, code);
  return added * 1000 + removed;
}

static void
archive_segment (ObaDbPool        *pool,
                 const ObaSegment *segment,
                 gboolean          archived,
                 const char       *code)
{
  g_autofree char *key = oba_db_request_new_key ();
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  oba_segment_archive_async (pool, segment, archived, key, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  oba_segment_archive_finish (result, &error);
  check (error, code);
}

static GPtrArray *
list_segments (ObaDbPool *pool,
               gboolean   archived)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *segments;

  oba_segments_list_async (pool, archived, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  segments = oba_segments_list_finish (result, &error);
  g_assert_no_error (error);
  return segments;
}

/* A colleague may use a segment, its owner and a supervisor change it; nobody overwrites what they have not seen. */
static void
test_segments (Team          *team,
               gconstpointer  unused)
{
  g_autoptr (ObaSegment) mine = oba_segment_new ("  Çay sevənlər ", "Those who buy tea", NULL);
  g_autoptr (GPtrArray) seen = NULL;
  g_autoptr (GPtrArray) later = NULL;
  g_autoptr (ObaSegment) changed = NULL;
  const gint64 both[] = { 100, 200 };
  const gint64 nobody[] = { 424242 };
  gint64 id = save_segment (team->clerk, mine, NULL);

  g_assert_cmpint (id, >, 0);
  save_segment (team->other, mine, "OB004");
  save_segment (team->auditor, mine, "");
  g_assert_cmpint (change_members (team->clerk, id, both, 2, NULL, 0, NULL), ==, 2000);
  g_assert_cmpint (change_members (team->clerk, id, both, 2, both, 1, NULL), ==, 1);
  g_assert_cmpint (change_members (team->supervisor, id, both, 1, NULL, 0, NULL), ==, 1000);
  change_members (team->clerk, id, nobody, 1, NULL, 0, "OB002");
  change_members (team->clerk, id, NULL, 0, NULL, 0, "OB001");
  change_members (team->other, id, NULL, 0, both, 2, "OB006");
  change_members (team->marketing, id, NULL, 0, both, 2, "OB006");
  change_members (team->auditor, id, NULL, 0, both, 2, "");

  seen = list_segments (team->other, FALSE);
  g_assert_cmpuint (seen->len, ==, 1);
  g_assert_cmpstr (((ObaSegment *) seen->pdata[0])->name, ==, "Çay sevənlər");
  g_assert_cmpstr (((ObaSegment *) seen->pdata[0])->owner_name, ==, "Person seg_clerk");
  g_assert_cmpint (((ObaSegment *) seen->pdata[0])->n_members, ==, 2);
  g_assert_false (((ObaSegment *) seen->pdata[0])->may_change);
  save_segment (team->other, seen->pdata[0], "OB006");

  changed = oba_segment_copy (seen->pdata[0]);
  g_free (changed->name);
  changed->name = g_strdup ("Çay");
  g_assert_cmpint (save_segment (team->supervisor, changed, NULL), ==, id);
  save_segment (team->clerk, seen->pdata[0], "OB003");
  archive_segment (team->clerk, seen->pdata[0], TRUE, "OB003");
  changed->version++;
  archive_segment (team->other, changed, TRUE, "OB006");
  archive_segment (team->clerk, changed, TRUE, NULL);
  later = list_segments (team->clerk, FALSE);
  g_assert_cmpuint (later->len, ==, 0);
  g_clear_pointer (&later, g_ptr_array_unref);
  later = list_segments (team->clerk, TRUE);
  g_assert_cmpuint (later->len, ==, 1);
  g_assert_true (((ObaSegment *) later->pdata[0])->archived);
}

/* What hostile or careless hands write into a name stays a name, or is refused with a sentence. */
static void
test_segment_names (Team          *team,
                    gconstpointer  unused)
{
  g_autofree char *long_name = g_strnfill (10000, 'a');
  const char *bad[] = { "", "   ", long_name, "a\x01" "b", "Ə\u202eli", "a\nb" };
  const char *good[] = { "'; drop table oba.segments; --", "<b>%s</b>", "100%_\\", "Əliyevlər" };
  g_autoptr (GPtrArray) seen = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (ObaSegment) segment = oba_segment_new (bad[i], "", NULL);

      save_segment (team->clerk, segment, "OB001");
    }
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (ObaSegment) segment = oba_segment_new (good[i], good[i], NULL);

      save_segment (team->clerk, segment, NULL);
    }
  seen = list_segments (team->clerk, FALSE);
  g_assert_cmpuint (seen->len, ==, G_N_ELEMENTS (good));
}

/* A rule's members are whoever fits now, for marketing too, who do not see names; a rule cannot ask for names or for other rules. */
static void
test_rules (Team          *team,
            gconstpointer  unused)
{
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_from_json ("{\"cities\":[\"Şəki\"],\"status\":[\"active\"]}", NULL);
  g_autoptr (ObaSegment) rule = oba_segment_new ("Şəki", "", filter);
  g_autoptr (ObaCustomerFilter) text = oba_customer_filter_new_text ("Əliyeva");
  g_autoptr (ObaSegment) of_text = oba_segment_new ("Of text", "", text);
  g_autoptr (ObaCustomerFilter) nested = oba_customer_filter_new ();
  g_autoptr (ObaSegment) of_rule = oba_segment_new ("Of a rule", "", nested);
  gint64 id = save_segment (team->marketing, rule, NULL);
  const gint64 one[] = { 100 };
  g_autofree char *ask_members = g_strdup_printf ("select count(*) from oba.segment_customers (array[%" G_GINT64_FORMAT "])", id);
  PGconn *marketing;

  save_segment (team->marketing, of_text, "OB001");
  oba_customer_filter_add_number (of_rule->filter, OBA_CUSTOMER_FILTER_SEGMENTS, id);
  save_segment (team->marketing, of_rule, "OB001");
  change_members (team->marketing, id, one, 1, NULL, 0, "OB013");

  marketing = house_connect (&team->house);
  run (marketing, "set session authorization seg_marketing");
  g_assert_cmpint (ask_int (marketing, "%s", ask_members), ==, 0);
  run (team->house.conn, "update oba.customers set city = 'Şəki' where customer_id = 200");
  g_assert_cmpint (ask_int (marketing, "%s", ask_members), ==, 1);
  run (team->house.conn, "update oba.customers set status = 'blocked', blocked_reason = 'x' where customer_id = 200");
  g_assert_cmpint (ask_int (marketing, "%s", ask_members), ==, 0);
  PQfinish (marketing);
}

/* The list names the segments of those on the screen: members and rules, rules that name a segment, what is on offer only; for who may see the list. */
static void
test_columns (Team          *team,
              gconstpointer  unused)
{
  g_autoptr (ObaSegment) members = oba_segment_new ("Tea, „green“", "", NULL);
  g_autoptr (ObaCustomerFilter) everybody = oba_customer_filter_from_json ("{\"status\": [\"active\"]}", NULL);
  g_autoptr (ObaSegment) rule = oba_segment_new ("Active", "", everybody);
  g_autoptr (ObaSegment) both = oba_segment_new ("Both", "", everybody);
  const gint64 one[] = { 100 };
  gint64 id = save_segment (team->clerk, members, NULL);
  PGconn *marketing = house_connect (&team->house);
  static const char names[] = "select string_agg (customer_id || ':' || names, '; ' order by customer_id) from oba.customer_segments (array[100, 200, 424242])";

  change_members (team->clerk, id, one, 1, NULL, 0, NULL);
  save_segment (team->clerk, rule, NULL);
  oba_customer_filter_add_number (both->filter, OBA_CUSTOMER_FILTER_SEGMENTS, id);
  save_segment (team->clerk, both, NULL);
  run (marketing, "set session authorization seg_marketing");
  assert_ask (marketing, "100:Active, Both, Tea, „green“; 200:Active", "%s", names);
  run (team->house.conn, "update oba.customers set status = 'blocked', blocked_reason = 'x' where customer_id = 100");
  run (team->house.conn, "update oba.segments set archived_at = now() where name = 'Active'");
  assert_ask (marketing, "100:Tea, „green“", "%s", names);
  assert_ask (marketing, "", "select string_agg (names, '') from oba.customer_segments ('{}')");
  PQfinish (marketing);
}

/* ---- views */

static gint64
save_view (ObaDbPool         *pool,
           const ObaListView *view,
           const char        *code)
{
  g_autofree char *key = oba_db_request_new_key ();
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gint64 id;

  oba_list_view_save_async (pool, view, key, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  id = oba_list_view_save_finish (result, &error);
  check (error, code);
  return id;
}

static void
delete_view (ObaDbPool         *pool,
             const ObaListView *view,
             const char        *code)
{
  g_autofree char *key = oba_db_request_new_key ();
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  oba_list_view_delete_async (pool, view, key, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  oba_list_view_delete_finish (result, &error);
  check (error, code);
}

static GPtrArray *
list_views_of (ObaDbPool           *pool,
               const char          *page,
               const ObaFilterSpec *spec)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *views;

  oba_list_views_list_async (pool, page, spec, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  views = oba_list_views_list_finish (result, &error);
  g_assert_no_error (error);
  return views;
}

static GPtrArray *
list_views (ObaDbPool *pool)
{
  return list_views_of (pool, "customers", &oba_customer_filter_spec);
}

static guint
n_views (ObaDbPool *pool)
{
  g_autoptr (GPtrArray) views = list_views (pool);

  return views->len;
}

/* A view comes back as it was saved; private ones are seen by nobody else, shared ones are used by all and changed by their owner. */
static void
test_views (Team          *team,
            gconstpointer  unused)
{
  g_autoptr (ObaListView) view = oba_list_view_new ("customers", &oba_customer_filter_spec, "Lost in Bakı");
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_from_json ("{\"cities\":[\"Bakı\"],\"lifecycle\":[\"lost\"],\"spend\":[10000,null]}", NULL);
  g_autoptr (GPtrArray) seen = NULL;
  g_autoptr (ObaListView) shared = NULL;
  ObaListView *read;

  oba_customer_filter_free (view->filter);
  view->filter = oba_customer_filter_copy (filter);
  g_free (view->sort);
  view->sort = g_strdup ("last-purchase");
  view->descending = TRUE;
  view->columns = g_strsplit ("name,phone,last-purchase", ",", -1);
  view->id = save_view (team->clerk, view, NULL);
  view->version = 1;

  seen = list_views (team->clerk);
  g_assert_cmpuint (seen->len, ==, 1);
  read = seen->pdata[0];
  g_assert_true (oba_customer_filter_equal (read->filter, filter));
  g_assert_cmpstr (read->sort, ==, "last-purchase");
  g_assert_true (read->descending);
  g_assert_true (g_strv_equal ((const char *const *) read->columns, (const char *const *) view->columns));
  g_assert_true (read->own && read->may_change && !read->shared);

  g_assert_cmpuint (n_views (team->other), ==, 0);
  save_view (team->other, view, "OB002");
  delete_view (team->other, view, "OB002");
  view->shared = TRUE;
  g_assert_cmpint (save_view (team->clerk, view, NULL), ==, view->id);
  save_view (team->clerk, view, "OB003");
  g_assert_cmpuint (n_views (team->other), ==, 1);
  g_assert_cmpuint (n_views (team->marketing), ==, 1);

  g_clear_pointer (&seen, g_ptr_array_unref);
  seen = list_views (team->other);
  shared = oba_list_view_copy (seen->pdata[0]);
  g_assert_false (shared->own || shared->may_change);
  save_view (team->other, shared, "OB006");
  delete_view (team->other, shared, "OB006");
  shared->id = 0;
  g_assert_cmpint (save_view (team->other, shared, NULL), !=, view->id);
  save_view (team->other, shared, "OB004");
  save_view (team->auditor, shared, "");
  view->version = 2;
  delete_view (team->supervisor, view, NULL);
  delete_view (team->clerk, view, "OB002");
  g_assert_cmpuint (n_views (team->clerk), ==, 1);
}

/* A view of receipts is one of that list alone: it may be called like one of customers, and neither menu shows the other's. */
static void
test_receipt_views (Team          *team,
                    gconstpointer  unused)
{
  static const char every[] = "{\"text\": \"N-7\", \"receipt_no\": \"7\", \"fiscal_id\": \"F'7\", \"time\": [\"2026-11-01T09:00\", \"2026-11-01\"], \"stores\": [1], \"tills\": [0, 4],"
                              " \"cashiers\": [\"Leyla \\\"x\\\"\"], \"customers\": [5], \"cards\": [\"OBA-1\"], \"products\": [3], \"amount\": [-500, null],"
                              " \"kinds\": [\"return\", \"void\"], \"corrected\": false, \"unmatched\": true}";
  g_autoptr (ObaFilter) filter = oba_receipt_filter_from_json (every, NULL);
  g_autoptr (ObaListView) receipts = oba_list_view_new ("transactions", &oba_receipt_filter_spec, "Ours");
  g_autoptr (ObaListView) customers = oba_list_view_new ("customers", &oba_customer_filter_spec, "Ours");
  g_autoptr (GPtrArray) seen = NULL;

  g_assert_nonnull (filter);
  oba_filter_free (receipts->filter);
  receipts->filter = oba_filter_copy (filter);
  g_assert_cmpint (save_view (team->clerk, customers, NULL), !=, 0);
  g_assert_cmpint (save_view (team->clerk, receipts, NULL), !=, 0);
  save_view (team->clerk, receipts, "OB004");
  g_assert_cmpuint (n_views (team->clerk), ==, 1);
  seen = list_views_of (team->clerk, "transactions", &oba_receipt_filter_spec);
  g_assert_cmpuint (seen->len, ==, 1);
  g_assert_true (oba_filter_equal (((ObaListView *) seen->pdata[0])->filter, filter));

  g_free (receipts->page);
  receipts->page = g_strdup ("tills");
  save_view (team->clerk, receipts, "OB001");
  g_free (receipts->page);
  receipts->page = g_strdup ("customers");
  save_view (team->clerk, receipts, "OB001");
}

/* Both save at the same moment: one wins, the other is told; never a mixture. */
static void
test_views_at_once (Team          *team,
                    gconstpointer  unused)
{
  g_autoptr (ObaListView) view = oba_list_view_new ("customers", &oba_customer_filter_spec, "Both");
  GAsyncResult *pending[2] = { NULL, NULL };
  ObaDbPool *pools[] = { team->clerk, team->supervisor };
  guint n_done = 0;

  view->shared = TRUE;
  view->id = save_view (team->clerk, view, NULL);
  view->version = 1;
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *key = oba_db_request_new_key ();

      view->descending = i == 1;
      oba_list_view_save_async (pools[i], view, key, NULL, oba_test_keep_result, &pending[i]);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) result = oba_test_await (&pending[i]);
      g_autoptr (GError) error = NULL;

      if (oba_list_view_save_finish (result, &error) != 0)
        n_done++;
      else
        g_assert_true (oba_db_error_is_refusal (error, "OB003"));
    }
  g_assert_cmpuint (n_done, ==, 1);
}

/* The database's own reading of a filter is as strict as the program's: psql is a guest like any other. */
static void
test_strict (Team          *team,
             gconstpointer  unused)
{
  static const char *const bad[] = {
    "7", "[]", "{\"shop\": [1]}", "{\"text\": 7}", "{\"text\": \"\"}", "{\"stores\": []}", "{\"stores\": [0]}", "{\"stores\": [1.5]}",
    "{\"stores\": [1, 1]}", "{\"stores\": [\"1\"]}", "{\"stores\": 1}", "{\"cities\": [\"\"]}", "{\"status\": [\"merged\"]}", "{\"lifecycle\": [\"x\"]}",
    "{\"registered\": [\"2026-02-30\", null]}", "{\"registered\": [null, null]}", "{\"registered\": [\"2026-03-01\", \"2026-02-01\"]}",
    "{\"registered\": [\"yesterday\", null]}", "{\"last_purchase\": [\"2026-01-01\"]}", "{\"spend\": [2, 1]}", "{\"spend\": [1.5, null]}",
    "{\"points\": [\"1\", null]}", "{\"points\": [1e30, null]}", "{\"consents\": {}}", "{\"consents\": {\"fax\": true}}", "{\"consents\": {\"sms\": 1}}",
    "{\"birth_months\": [13]}", "{\"birth_months\": [99999999999]}", "{\"batch\": [1]}", "{\"batch\": 0}",
  };
  static const char *const good[] = {
    "{}", "{\"text\": \"a\"}", "{\"stores\": [1, 2], \"tiers\": [1], \"segments\": [5], \"birth_months\": [1, 12], \"batch\": 3}",
    "{\"registered\": [\"2026-01-01\", \"2026-01-01\"], \"last_purchase\": [null, \"2026-02-28\"], \"spend\": [1, 1], \"points\": [null, -4]}",
    "{\"status\": [\"active\", \"blocked\", \"erased\"], \"lifecycle\": [\"won_back\"], \"cities\": [\"Bakı\"], \"consents\": {\"sms\": false}}",
  };

  static const char *const bad_receipts[] = {
    "7", "{\"tiers\": [1]}", "{\"tills\": [1]}", "{\"stores\": [1], \"tills\": [1.5]}", "{\"stores\": [1], \"tills\": [-1]}", "{\"stores\": [1], \"tills\": []}",
    "{\"time\": [\"2026-11-31T09:00\", null]}", "{\"time\": [\"2026-11-02\", \"2026-11-01T23:59\"]}", "{\"time\": [null, null]}", "{\"time\": [\"now\", null]}",
    "{\"amount\": [1.5, null]}", "{\"kinds\": [\"gift\"]}", "{\"corrected\": 1}", "{\"cards\": []}", "{\"text\": \"\"}", "{\"products\": [\"1\"]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    refused (team->house.conn, "OB001", "select oba.check_filter ('%s')", bad[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad_receipts); i++)
    refused (team->house.conn, "OB001", "select oba.check_receipt_filter ('%s')", bad_receipts[i]);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    run (team->house.conn, "select oba.check_filter ('%s')", good[i]);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/db/segments/members", Team, NULL, team_setup, test_segments, team_teardown);
  g_test_add ("/db/segments/names", Team, NULL, team_setup, test_segment_names, team_teardown);
  g_test_add ("/db/views/receipts", Team, NULL, team_setup, test_receipt_views, team_teardown);
  g_test_add ("/db/segments/rules", Team, NULL, team_setup, test_rules, team_teardown);
  g_test_add ("/db/segments/columns", Team, NULL, team_setup, test_columns, team_teardown);
  g_test_add ("/db/segments/views", Team, NULL, team_setup, test_views, team_teardown);
  g_test_add ("/db/segments/views-at-once", Team, NULL, team_setup, test_views_at_once, team_teardown);
  g_test_add ("/db/segments/strict", Team, NULL, team_setup, test_strict, team_teardown);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
