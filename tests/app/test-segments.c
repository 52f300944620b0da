/* The window of segments, over the real page, with members of staff who have their own logins. */
#include "customers/oba-segments-window.h"

#include <string.h>

#include "app-database.h"
#include "customers/oba-segment-form.h"
#include "oba-test-app.h"

static const char fill[] =
  "insert into oba.stores (code, name) values ('S1', 'OBA Nizami');"
  "insert into oba.customers (customer_id, given_name, family_name, city, preferred_store_id)"
  " select 1000 + n, 'Aysel', 'Quliyeva', (array['Bakı', 'Şəki'])[1 + n % 2], 1 from generate_series (1, 300) n;"
  "select oba.staff_add ('seg_clerk', 'Aysel Clerk', 'clerk'), oba.staff_add ('seg_marketing', 'Nigar Market', 'marketing'),"
  "  oba.staff_add ('seg_auditor', 'Rauf Audit', 'auditor'), oba.staff_add ('seg_supervisor', 'Leyla Super', 'supervisor');"
  "analyze;";

static AppDatabase *database;

typedef struct
{
  AdwApplication    *app;
  ObaSession        *session;
  GtkWindow         *window;
  ObaCustomersPage  *page;
  ObaSegmentsWindow *segments;
} Fixture;

static GtkWindow *
dialog_over (gpointer window)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) dialog = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (dialog) == window && gtk_widget_get_visible (GTK_WIDGET (dialog)))
        return dialog;
    }
  return NULL;
}

static void
open_segments (Fixture *fixture)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "page.segments", NULL);
  fixture->segments = OBA_SEGMENTS_WINDOW (dialog_over (fixture->window));
  oba_test_present (GTK_WINDOW (fixture->segments), 680, 640);
  oba_test_wait_until (!g_str_equal (oba_segments_window_get_shown (fixture->segments), "loading"));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  role)
{
  g_autofree char *conninfo = g_strdup_printf ("%s user=seg_%s", app_database_get_conninfo (database), (const char *) role);

  app_database_run (database, "delete from oba.segment_members; delete from oba.segments; alter sequence oba.segments_segment_id_seq restart");
  fixture->app = oba_test_application_new ();
  fixture->session = app_database_sign_in_at (conninfo);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", fixture->session, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  oba_test_present (fixture->window, 1060, 660);
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  role)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->app);
}

/* As a colleague, from somewhere else. */
static void
colleague (const char *action,
           const char *request)
{
  g_autofree char *conninfo = g_strdup_printf ("%s user=seg_supervisor", app_database_get_conninfo (database));
  g_autofree char *sql = g_strdup_printf ("select oba.%s ('%s', 'test', gen_random_uuid ()::text)", action, request);

  g_free (oba_test_postgres_exec (conninfo, sql));
}

static void
assert_asked (const char *sql,
              const char *expected)
{
  g_autofree char *answer = app_database_ask (database, sql);

  g_assert_cmpstr (answer, ==, expected);
}

static gboolean
shows (Fixture    *fixture,
       const char *text)
{
  return oba_test_shows (GTK_WIDGET (fixture->segments), text);
}

/* The n-th widget of @type under @root. */
static GtkWidget *
find_nth (GtkWidget *root,
          GType      type,
          guint     *n)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type) && (*n)-- == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_nth (child, type, n);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkEditable *
entry (gpointer form,
       guint    n)
{
  return GTK_EDITABLE (find_nth (form, ADW_TYPE_ENTRY_ROW, &n));
}

static void
press_tip (gpointer    root,
           const char *tip)
{
  for (guint i = 0;; i++)
    {
      guint n = i;
      GtkWidget *button = find_nth (root, GTK_TYPE_BUTTON, &n);

      if (button == NULL)
        g_error ("there is no button “%s”", tip);
      if (g_strcmp0 (gtk_widget_get_tooltip_text (button), tip) == 0)
        {
          g_signal_emit_by_name (button, "clicked");
          return;
        }
    }
}

static gboolean
has_tip (gpointer    root,
         const char *tip)
{
  for (guint i = 0;; i++)
    {
      guint n = i;
      GtkWidget *button = find_nth (root, GTK_TYPE_BUTTON, &n);

      if (button == NULL)
        return FALSE;
      if (g_strcmp0 (gtk_widget_get_tooltip_text (button), tip) == 0)
        return TRUE;
    }
}

static void
undo (Fixture *fixture)
{
  GtkWidget *button = NULL;

  oba_test_wait_until ((button = oba_test_find (GTK_WIDGET (fixture->segments), GTK_TYPE_BUTTON, "_Undo")) != NULL);
  g_signal_emit_by_name (button, "clicked");
}

static void
filter_list (Fixture    *fixture,
             const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_from_json (json, &error);

  g_assert_no_error (error);
  oba_customers_page_set_filter (fixture->page, filter);
  oba_test_wait_until (oba_customers_page_is_settled (fixture->page));
}

static gboolean
can_save (gpointer form)
{
  return gtk_widget_get_sensitive (oba_test_find (form, GTK_TYPE_BUTTON, "_Save"));
}

static void
save (gpointer form)
{
  g_assert_true (can_save (form));
  gtk_widget_activate_action (form, "form.save", NULL);
}

/* What the list asks for becomes a rule, without what is typed; it is counted, shown, undone. */
static void
test_rule (Fixture       *fixture,
           gconstpointer  role)
{
  GtkWindow *form;

  open_segments (fixture);
  g_assert_cmpstr (oba_segments_window_get_shown (fixture->segments), ==, "empty");
  oba_test_assert_named (GTK_WIDGET (fixture->segments));
  oba_test_picture (GTK_WINDOW (fixture->segments), "segments-empty");
  gtk_widget_activate_action (GTK_WIDGET (fixture->segments), "segments.new-rule", NULL);
  oba_test_wait_until (shows (fixture, "The list has no conditions now."));
  g_assert_null (dialog_over (fixture->segments));
  gtk_window_destroy (GTK_WINDOW (fixture->segments));

  filter_list (fixture, "{\"text\": \"aysel\", \"cities\": [\"Şəki\"], \"status\": [\"active\"]}");
  open_segments (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->segments), "segments.new-rule", NULL);
  form = dialog_over (fixture->segments);
  oba_test_present (form, 560, 400);
  oba_test_assert_named (GTK_WIDGET (form));
  g_assert_true (oba_test_shows (GTK_WIDGET (form), "City: Şəki"));
  g_assert_false (oba_test_shows (GTK_WIDGET (form), "aysel"));
  g_assert_false (can_save (form));
  gtk_editable_set_text (entry (form, 0), "Şəki <active>");
  gtk_editable_set_text (entry (form, 1), "For the opening");
  oba_test_picture (form, "segments-form");
  save (form);
  oba_test_wait_until (dialog_over (fixture->segments) == NULL);
  oba_test_wait_until (shows (fixture, "150 customers · made by Aysel Clerk"));
  g_assert_true (shows (fixture, "Rule: City: Şəki"));
  assert_asked ("select name || filter from oba.segments", "Şəki <active>{\"cities\": [\"Şəki\"], \"status\": [\"active\"]}");
  oba_test_picture (GTK_WINDOW (fixture->segments), "segments-rule");
  undo (fixture);
  oba_test_wait_until (g_str_equal (oba_segments_window_get_shown (fixture->segments), "empty"));
  assert_asked ("select archived_at is not null from oba.segments", "t");
}

/* Those who are chosen become members; activated, the list shows them, and the chip says whose. */
static void
test_members (Fixture       *fixture,
              gconstpointer  role)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (oba_lazy_view_get_selection (oba_customers_page_get_view (fixture->page)));
  GtkWindow *form;
  GtkWidget *row;

  open_segments (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->segments), "segments.new-members", NULL);
  oba_test_wait_until (shows (fixture, "Nobody is chosen."));
  gtk_window_destroy (GTK_WINDOW (fixture->segments));
  gtk_selection_model_select_range (selection, 3, 25, TRUE);
  open_segments (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->segments), "segments.new-members", NULL);
  form = dialog_over (fixture->segments);
  oba_test_present (form, 560, 400);
  g_assert_true (oba_test_shows (GTK_WIDGET (form), "25 customers, chosen in the list"));
  gtk_editable_set_text (entry (form, 0), "Çay");
  save (form);
  oba_test_wait_until (dialog_over (fixture->segments) == NULL);
  oba_test_wait_until (shows (fixture, "25 customers · made by"));
  assert_asked ("select count(*) from oba.segment_members", "25");

  row = oba_test_find (GTK_WIDGET (fixture->segments), ADW_TYPE_ACTION_ROW, NULL);
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
  oba_test_wait_until (dialog_over (fixture->window) == NULL);
  oba_test_wait_until (g_list_model_get_n_items (G_LIST_MODEL (oba_customers_page_get_model (fixture->page))) == 25);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (fixture->page), "Segment: Çay"));
  /* Somebody is taken out elsewhere: the list follows. */
  app_database_run (database, "delete from oba.segment_members where customer_id = (select min (customer_id) from oba.segment_members)");
  app_database_run (database, "select pg_notify ('oba_segments', '1')");
  oba_test_wait_until (g_list_model_get_n_items (G_LIST_MODEL (oba_customers_page_get_model (fixture->page))) == 24);
}

static void
open_first (Fixture    *fixture,
            GtkWindow **form)
{
  open_segments (fixture);
  press_tip (fixture->segments, "Rename or change");
  *form = dialog_over (fixture->segments);
  oba_test_present (*form, 560, 400);
}

static void
make (const char *name)
{
  g_autofree char *sql = g_strdup_printf ("insert into oba.segments (name, description, kind, filter, created_by)"
                                          " values ('%s', 'first', 'rule', '{\"cities\": [\"Bakı\"]}', 'seg_clerk')", name);

  app_database_run (database, sql);
}

/* Renamed, described anew and with the list's conditions for a rule, and all of it back again. */
static void
test_change (Fixture       *fixture,
             gconstpointer  role)
{
  GtkWindow *form;

  make ("Old");
  open_first (fixture, &form);
  g_assert_false (can_save (form));
  gtk_widget_activate_action (GTK_WIDGET (form), "form.take-filter", NULL);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (form), "The list has no conditions now."));
  filter_list (fixture, "{\"cities\": [\"Şəki\"]}");
  gtk_widget_activate_action (GTK_WIDGET (form), "form.take-filter", NULL);
  g_assert_true (oba_test_shows (GTK_WIDGET (form), "City: Şəki"));
  gtk_editable_set_text (entry (form, 0), "New");
  save (form);
  oba_test_wait_until (shows (fixture, "The segment “New” is saved"));
  assert_asked ("select concat_ws (' ', name, description, filter ->> 'cities', version) from oba.segments", "New first [\"Şəki\"] 2");
  undo (fixture);
  oba_test_wait_until (shows (fixture, "Undone"));
  assert_asked ("select concat_ws (' ', name, description, filter ->> 'cities', version) from oba.segments", "Old first [\"Bakı\"] 3");

  oba_test_wait_until (shows (fixture, "Old"));
  press_tip (fixture->segments, "Archive");
  oba_test_wait_until (g_str_equal (oba_segments_window_get_shown (fixture->segments), "empty"));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (oba_test_find (GTK_WIDGET (fixture->segments), GTK_TYPE_CHECK_BUTTON, "_Archived, too")), TRUE);
  oba_test_wait_until (shows (fixture, "Old (archived)"));
  oba_test_picture (GTK_WINDOW (fixture->segments), "segments-archived");
  undo (fixture);
  oba_test_wait_until (!shows (fixture, "Old (archived)"));
  press_tip (fixture->segments, "Archive");
  oba_test_wait_until (shows (fixture, "Old (archived)"));
  press_tip (fixture->segments, "Bring back");
  oba_test_wait_until (!shows (fixture, "Old (archived)"));
  assert_asked ("select archived_at is null from oba.segments", "t");
}

static GtkWindow *
wait_question (gpointer form)
{
  GtkWindow *question = NULL;

  oba_test_wait_until ((question = dialog_over (form)) != NULL);
  oba_test_present (question, -1, -1);
  return question;
}

/* As a click on the button does. */
static void
answer (GtkWindow  *question,
        const char *response)
{
  g_object_ref (question);
  gtk_window_destroy (question);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (question), response);
  g_object_unref (question);
}

/* Two change one segment: what only the other changed is kept and told; where both did, the second chooses. */
static void
test_two (Fixture       *fixture,
          gconstpointer  role)
{
  GtkWindow *form;
  GtkWindow *question;

  make ("Old");
  open_first (fixture, &form);
  colleague ("save_segment", "{\"segment_id\": 1, \"version\": 1, \"description\": \"theirs\"}");
  gtk_editable_set_text (entry (form, 0), "Mine");
  save (form);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (form), "Somebody else changed this segment meanwhile."));
  g_assert_cmpstr (gtk_editable_get_text (entry (form, 1)), ==, "theirs");
  g_assert_cmpstr (gtk_editable_get_text (entry (form, 0)), ==, "Mine");
  assert_asked ("select name || ' ' || description from oba.segments", "Old theirs");
  oba_test_picture (form, "segments-told");
  save (form);
  oba_test_wait_until (dialog_over (fixture->segments) == NULL);
  assert_asked ("select name || ' ' || description from oba.segments", "Mine theirs");
  gtk_window_destroy (GTK_WINDOW (fixture->segments));

  open_first (fixture, &form);
  colleague ("save_segment", "{\"segment_id\": 1, \"version\": 3, \"name\": \"Supervised\", \"filter\": {\"cities\": [\"Şəki\"]}}");
  gtk_editable_set_text (entry (form, 0), "Again mine");
  save (form);
  question = wait_question (form);
  g_assert_true (oba_test_shows (GTK_WIDGET (question), "Yours: Again mine\nTheirs: Supervised"));
  g_assert_true (oba_test_shows (GTK_WIDGET (form), "City: Şəki"));
  oba_test_picture (question, "segments-conflict");
  answer (question, "theirs");
  oba_test_wait_until (g_str_equal (gtk_editable_get_text (entry (form, 0)), "Supervised"));
  g_assert_false (can_save (form));
  gtk_editable_set_text (entry (form, 0), "Third");
  colleague ("save_segment", "{\"segment_id\": 1, \"version\": 4, \"name\": \"Fourth\"}");
  save (form);
  question = wait_question (form);
  answer (question, "mine");
  oba_test_wait_until (dialog_over (fixture->segments) == NULL);
  assert_asked ("select concat_ws (' ', name, description, filter ->> 'cities', version) from oba.segments", "Third theirs [\"Şəki\"] 6");
  /* What is undone is what the last one saved, not what was seen first. */
  undo (fixture);
  oba_test_wait_until (shows (fixture, "Undone"));
  assert_asked ("select concat_ws (' ', name, version) from oba.segments", "Fourth 7");
}

/* A text that cannot be a name is said to be none; a taken name is mended in place; markup and SQL are what they look like. */
static void
test_bad_input (Fixture       *fixture,
                gconstpointer  role)
{
  g_autofree char *long_name = g_strnfill (10000, 'a');
  const char *bad[] = { "", "   ", long_name, "a\x01" "b", "Ə\u202eli" };
  GtkWindow *form;

  make ("Taken");
  open_first (fixture, &form);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      gtk_editable_set_text (entry (form, 0), bad[i]);
      g_assert_false (can_save (form));
    }
  gtk_editable_set_text (entry (form, 0), "<b>%s</b>'; drop table oba.segments; --");
  gtk_editable_set_text (entry (form, 1), long_name);
  g_assert_false (can_save (form));
  gtk_editable_set_text (entry (form, 1), "<i>&amp;");
  save (form);
  oba_test_wait_until (shows (fixture, "<b>%s</b>'; drop table oba.segments; --"));
  g_assert_true (shows (fixture, "<i>&amp;"));
  make ("Taken");
  oba_test_wait_until (shows (fixture, "Taken"));
  press_tip (fixture->segments, "Rename or change");
  oba_test_wait_until ((form = dialog_over (fixture->segments)) != NULL);
  gtk_editable_set_text (entry (form, 0), "tAKEN");
  save (form);
  oba_test_wait_until (oba_test_shows (GTK_WIDGET (form), "There is a segment"));
  gtk_editable_set_text (entry (form, 0), "Not taken");
  save (form);
  oba_test_wait_until (dialog_over (fixture->segments) == NULL);
}

/* The server is away while it is saved: it is said, what was typed stays, and saved again it is saved once. */
static void
test_lost (Fixture       *fixture,
           gconstpointer  role)
{
  GtkWindow *form;

  filter_list (fixture, "{\"cities\": [\"Şəki\"]}");
  open_segments (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->segments), "segments.new-rule", NULL);
  form = dialog_over (fixture->segments);
  oba_test_present (form, 560, 400);
  gtk_editable_set_text (entry (form, 0), "Kept");
  oba_db_pool_set_patience (oba_session_get_pool (fixture->session), 200);
  oba_test_postgres_kill (app_database_get_server (database));
  save (form);
  oba_test_wait_until (can_save (form));
  g_assert_cmpstr (gtk_editable_get_text (entry (form, 0)), ==, "Kept");
  oba_test_picture (form, "segments-lost");
  oba_db_pool_set_patience (oba_session_get_pool (fixture->session), 30000);
  oba_test_postgres_start (app_database_get_server (database));
  oba_test_wait_until (oba_session_is_online (fixture->session));
  save (form);
  oba_test_wait_until (dialog_over (fixture->segments) == NULL);
  assert_asked ("select count(*) from oba.segments where name = 'Kept'", "1");
}

/* An auditor sees and changes nothing; a clerk changes their own, not a colleague's; names are found in any spelling. */
static void
test_rights (Fixture       *fixture,
             gconstpointer  role)
{
  gboolean clerk = g_str_equal (role, "clerk");
  guint n = 0;

  make ("Şəki one");
  app_database_run (database, "insert into oba.segments (name, kind, created_by) values ('Of marketing', 'static', 'seg_marketing')");
  open_segments (fixture);
  g_assert_true (shows (fixture, "made by Nigar Market"));
  g_assert_cmpint (oba_test_find (GTK_WIDGET (fixture->segments), GTK_TYPE_MENU_BUTTON, NULL) != NULL, ==, clerk);
  g_assert_cmpint (has_tip (fixture->segments, "Archive"), ==, clerk);
  gtk_editable_set_text (GTK_EDITABLE (find_nth (GTK_WIDGET (fixture->segments), GTK_TYPE_SEARCH_ENTRY, &n)), "MARKET");
  oba_test_wait_until (!shows (fixture, "Şəki one"));
  g_assert_false (has_tip (fixture->segments, "Archive"));
  n = 0;
  gtk_editable_set_text (GTK_EDITABLE (find_nth (GTK_WIDGET (fixture->segments), GTK_TYPE_SEARCH_ENTRY, &n)), "seki");
  oba_test_wait_until (shows (fixture, "Şəki one"));
  n = 0;
  gtk_editable_set_text (GTK_EDITABLE (find_nth (GTK_WIDGET (fixture->segments), GTK_TYPE_SEARCH_ENTRY, &n)), "zzz");
  oba_test_wait_until (g_str_equal (oba_segments_window_get_shown (fixture->segments), "nothing"));
}

int
main (int   argc,
      char *argv[])
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, fill);

#define add(path, role, func) g_test_add ("/app/segments/" path, Fixture, role, set_up, func, tear_down)
  add ("rule", "clerk", test_rule);
  add ("members-marketing", "marketing", test_members);
  add ("members", "clerk", test_members);
  add ("change", "clerk", test_change);
  add ("two", "clerk", test_two);
  add ("bad-input", "clerk", test_bad_input);
  add ("rights-clerk", "clerk", test_rights);
  add ("rights-auditor", "auditor", test_rights);
  add ("lost", "marketing", test_lost);
#undef add
  status = g_test_run ();

  app_database_free (database);
  return status;
}
