/* Messages to many: written, tried, started once, followed, stopped, and looked back at, by each role. The real page, real logins, a real PostgreSQL. */
#include "campaigns/oba-campaigns-page.h"

#include <string.h>

#include "app-database.h"
#include "oba-test-app.h"
#include "oba-test-wire.h"

/* 700-702 get campaigns; of the others each has a reason not to. */
static const char fill[] =
    "insert into oba.stores (code, name, city) values ('S1', 'OBA Nizami', 'Bakı'), ('S2', 'OBA Gəncə', 'Gəncə');"
    "insert into oba.customers (customer_id, given_name, family_name, phone, language) select 699 + n, 'Ad' || n, 'Soyad', '+99450123450' || n,"
    " case n when 2 then 'ru' else 'az' end from generate_series (1, 8) n;"
    "update oba.customers set status = 'blocked', blocked_reason = 'lost' where customer_id = 707;"
    "insert into oba.telegram_links (chat_id, customer_id, unreachable_at) select 7000 + n, 699 + n, case n when 5 then now() end from generate_series (1, 8) n where n <> 6;"
    "insert into oba.consents (customer_id, channel, granted, since) select 699 + n, 'telegram', true, now() from generate_series (1, 8) n where n <> 4;"
    "insert into oba.message_optouts (customer_id, kind) values (706, 'campaign');"
    "insert into oba.segments (name, kind) values ('Tea drinkers', 'static'); insert into oba.segment_members (customer_id, segment_id) select 700, segment_id from oba.segments;"
    "select oba.staff_add ('aysu', 'Aysu Nəbiyeva', 'marketing'), oba.staff_add ('leyla', 'Leyla Hacıyeva', 'supervisor'), oba.staff_add ('rauf', 'Rauf Səfərov', 'auditor'), oba.staff_add ('aziz', 'Əziz Məmmədov', 'admin');"
    "update oba.telegram_settings set quiet_from = null, quiet_until = null;";

static AppDatabase *database;

typedef struct
{
  AdwApplication   *app;
  ObaSession       *session;
  GtkWindow        *window;
  ObaCampaignsPage *page;
} Desk;

#define assert_answer(expected, sql) \
  G_STMT_START \
    { \
      g_autofree char *oba_answer = app_database_ask (database, sql); \
      g_assert_cmpstr (oba_answer, ==, expected); \
    } \
  G_STMT_END

static void
sit_down_at (Desk *desk, const char *conninfo, const char *login)
{
  g_autofree char *own = g_strdup_printf ("%s user=%s", conninfo, login);
  GtkWidget *overlay = adw_toast_overlay_new ();

  desk->app = oba_test_application_new ();
  desk->session = app_database_sign_in_at (own);
  desk->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", desk->app, NULL);
  desk->page = g_object_new (OBA_TYPE_CAMPAIGNS_PAGE, "session", desk->session, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (desk->page));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (desk->window), overlay);
  oba_test_present (desk->window, 1060, 680);
  oba_test_wait_until (oba_campaigns_page_is_settled (desk->page));
}

static void
leave (Desk *desk)
{
  gtk_window_destroy (desk->window);
  oba_session_close (desk->session);
  g_object_unref (desk->session);
  g_object_unref (desk->app);
}

static void
set_up (Desk *desk, gconstpointer login)
{
  app_database_run (database, "delete from oba.outbox where broadcast_id is not null or kind = 'campaign'; delete from oba.broadcasts");
  sit_down_at (desk, app_database_get_conninfo (database), login);
}

static void
tear_down (Desk *desk, gconstpointer login)
{
  leave (desk);
}

static gint64
write_down (const char *name)
{
  g_autofree char *sql = g_strdup_printf ("select oba.save_broadcast ('{\"name\": \"%s\", \"az\": \"Salam, {name}! Çay 20 faiz ucuz.\", \"ru\": \"Здравствуйте, {name}!\"}') ->> 'broadcast_id'", name);
  g_autofree char *answer = app_database_ask (database, sql);

  return g_ascii_strtoll (answer, NULL, 10);
}

static void
settle (ObaBroadcastEditor *editor)
{
  oba_test_wait_until (oba_broadcast_editor_is_settled (editor));
}

static ObaBroadcastEditor *
open_draft (Desk *desk, gint64 id)
{
  ObaBroadcastEditor *editor = OBA_BROADCAST_EDITOR (oba_campaigns_page_open (desk->page, id, TRUE));

  settle (editor);
  return editor;
}

static void
type (ObaBroadcastEditor *editor, const char *field, const char *text)
{
  GtkWidget *control = oba_broadcast_form_get_control (oba_broadcast_editor_get_form (editor), field);

  if (GTK_IS_TEXT_VIEW (control))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (control)), text, -1);
  else
    gtk_editable_set_text (GTK_EDITABLE (control), text);
}

static gboolean
can (ObaBroadcastEditor *editor, const char *button)
{
  GtkWidget *widget = oba_broadcast_editor_get_button (editor, button);

  return widget != NULL && gtk_widget_get_sensitive (widget);
}

static void
press (GtkWidget *button)
{
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static void
answer (AdwMessageDialog *question, const char *response)
{
  g_assert_nonnull (question);
  adw_message_dialog_response (question, response);
}

static ObaBroadcastReport *
report_on_top (Desk *desk)
{
  GtkWidget *top = oba_subpages_get_top (oba_campaigns_page_get_subpages (desk->page));

  return top != NULL && OBA_IS_BROADCAST_REPORT (top) && oba_broadcast_report_is_settled (OBA_BROADCAST_REPORT (top)) ? OBA_BROADCAST_REPORT (top) : NULL;
}

static const char *
problem_of (ObaBroadcastEditor *editor, const char *field)
{
  return oba_broadcast_form_get_problem (oba_broadcast_editor_get_form (editor), field);
}

/* What is typed is seen as Telegram will have it, and counted as Telegram counts; what cannot be is said beside its field and not saved. */
static void
test_write (Desk *desk, gconstpointer login)
{
  ObaBroadcastEditor *editor;
  g_autofree char *long_text = g_strnfill (3499, 'a');
  g_autofree char *too_long = g_strconcat (long_text, "🎂", NULL), *fits = g_strconcat (long_text, "ə", NULL);

  g_assert_cmpstr (oba_campaign_table_get_shown (oba_campaigns_page_get_broadcasts (desk->page)), ==, "empty");
  g_assert_true (gtk_widget_get_visible (oba_campaigns_page_get_add_button (desk->page)));
  editor = open_draft (desk, 0);
  g_assert_false (can (editor, "save"));
  g_assert_false (can (editor, "start"));
  type (editor, "name", "Tea <b>evening</b>");
  type (editor, "az", "Salam, {name}! <b>Çay</b> & qənd 🎂");
  g_assert_cmpstr (oba_broadcast_preview_get_text (oba_broadcast_editor_get_preview (editor)), ==, "Salam, Aygün! <b>Çay</b> & qənd 🎂");
  g_assert_nonnull (strstr (oba_broadcast_form_get_note (oba_broadcast_editor_get_form (editor), "az"), "35 of "));
  oba_broadcast_form_show (oba_broadcast_editor_get_form (editor), OBA_LANGUAGE_RU);
  g_assert_nonnull (strstr (oba_broadcast_preview_get_note (oba_broadcast_editor_get_preview (editor)), "no text in Russian"));
  g_assert_true (can (editor, "save"));
  type (editor, "ru", too_long);
  g_assert_nonnull (strstr (problem_of (editor, "ru"), "too long"));
  g_assert_false (can (editor, "save"));
  type (editor, "ru", fits);
  g_assert_null (problem_of (editor, "ru"));
  type (editor, "url", "http://oba.az/\" onclick=x");
  g_assert_nonnull (problem_of (editor, "url"));
  g_assert_nonnull (problem_of (editor, "label_az"));
  g_assert_false (can (editor, "save"));
  type (editor, "url", "https://oba.az/tea");
  type (editor, "label_az", "Bax");
  type (editor, "day", "31.02.2099");
  g_assert_nonnull (problem_of (editor, "day"));
  type (editor, "day", "28.02.2020");
  type (editor, "time", "10:00");
  g_assert_cmpstr (problem_of (editor, "day"), ==, "This moment is over");
  type (editor, "day", "28.02.2099");
  g_assert_null (problem_of (editor, "day"));
  oba_test_assert_named (GTK_WIDGET (desk->window));
  oba_test_picture (desk->window, "broadcast-editor");
  press (oba_broadcast_editor_get_button (editor, "save"));
  press (oba_broadcast_editor_get_button (editor, "save"));
  settle (editor);
  assert_answer ("1|Tea <b>evening</b>|Bax|2099-02-28 10:00:00|draft",
                 "select concat_ws ('|', count (*), min (name), min (button ->> 'az'), min (start_at at time zone 'Asia/Baku'), min (state)) from oba.broadcasts");
  g_assert_false (oba_broadcast_editor_is_dirty (editor));
  oba_subpages_pop (oba_campaigns_page_get_subpages (desk->page));
  oba_test_wait_until (oba_campaigns_page_is_settled (desk->page) && oba_campaign_table_get_n_rows (oba_campaigns_page_get_broadcasts (desk->page)) == 1);
}

/* Who gets it, and why the others do not; a filter for the blocked does not find everybody else. */
static void
test_reach (Desk *desk, gconstpointer login)
{
  ObaBroadcastEditor *editor;
  const char *reach;

  write_down ("Reach");
  /* Who may look and who may write, as the database has it. */
  assert_answer ("false false true true", "select concat_ws (' ', has_function_privilege ('oba_clerk', 'oba.broadcast_board (integer)', 'execute')::text, has_function_privilege ('oba_supervisor', 'oba.move_broadcast (jsonb, text, text)', 'execute')::text,"
                                          " has_function_privilege ('oba_auditor', 'oba.broadcast_report (bigint)', 'execute')::text, has_function_privilege ('oba_marketing', 'oba.save_broadcast (jsonb, text, text)', 'execute')::text)");
  assert_answer ("0", "select oba.preview_broadcast ('{\"filter\": {\"status\": [\"blocked\"]}}') ->> 'recipients'");
  assert_answer ("1", "select oba.preview_broadcast (jsonb_build_object ('filter', jsonb_build_object ('segments', (select jsonb_agg (segment_id) from oba.segments)))) ->> 'recipients'");
  editor = open_draft (desk, write_down ("Reach 2"));
  reach = oba_broadcast_editor_get_reach (editor);
  g_assert_nonnull (strstr (reach, "3 of 8 customers get it"));
  g_assert_nonnull (strstr (reach, "1 are not linked"));
  g_assert_nonnull (strstr (reach, "1 have not agreed"));
  g_assert_nonnull (strstr (reach, "1 want no campaigns"));
  g_assert_nonnull (strstr (reach, "1 have stopped the bot"));
  g_assert_nonnull (strstr (reach, "1 are blocked"));
  g_assert_nonnull (strstr (reach, "It takes 1 minute"));
}

/* A test goes to one customer who wants it, and starts nothing; somebody who wants none is refused in words. */
static void
test_try (Desk *desk, gconstpointer login)
{
  ObaBroadcastEditor *editor = open_draft (desk, write_down ("Trial"));

  press (oba_broadcast_editor_get_button (editor, "test"));
  gtk_editable_set_text (oba_broadcast_editor_get_number (editor), "7xx");
  g_assert_false (adw_message_dialog_get_response_enabled (oba_broadcast_editor_get_question (editor), "do"));
  gtk_editable_set_text (oba_broadcast_editor_get_number (editor), "706");
  answer (oba_broadcast_editor_get_question (editor), "do");
  settle (editor);
  g_assert_nonnull (strstr (oba_broadcast_editor_get_problem (editor), "no chat with the bot that campaigns are wanted in"));
  press (oba_broadcast_editor_get_button (editor, "test"));
  gtk_editable_set_text (oba_broadcast_editor_get_number (editor), "701");
  answer (oba_broadcast_editor_get_question (editor), "do");
  settle (editor);
  g_assert_cmpstr (oba_broadcast_editor_get_problem (editor), ==, "");
  assert_answer ("701|campaign|draft", "select concat_ws ('|', o.customer_id, o.kind, (select b.state from oba.broadcasts b)) from oba.outbox o where o.payload ? 'test'");
}

/* Started with the number before one's eyes, once, however often it is pressed; then paused, resumed, and cancelled. */
static void
test_start (Desk *desk, gconstpointer login)
{
  ObaBroadcastEditor *editor = open_draft (desk, write_down ("Tea evening"));
  AdwMessageDialog *question;
  ObaBroadcastReport *report;

  press (oba_broadcast_editor_get_button (editor, "start"));
  question = oba_broadcast_editor_get_question (editor);
  g_assert_cmpstr (adw_message_dialog_get_heading (question), ==, "Send It to 3 Customers?");
  oba_test_picture (GTK_WINDOW (question), "broadcast-start");
  press (oba_broadcast_editor_get_button (editor, "start"));
  g_assert_true (oba_broadcast_editor_get_question (editor) == question);
  answer (question, "do");
  press (oba_broadcast_editor_get_button (editor, "start"));
  oba_test_wait_until (report_on_top (desk) != NULL);
  report = report_on_top (desk);
  assert_answer ("running|3|aysu|2", "select concat_ws ('|', state, total, started_by, version) from oba.broadcasts");
  assert_answer ("3", "select oba.fill_broadcasts (100)");
  g_assert_null (oba_broadcast_report_get_button (report, "resume"));
  press (oba_broadcast_report_get_button (report, "pause"));
  oba_test_wait_until (oba_broadcast_report_is_settled (report) && oba_broadcast_report_get_button (report, "resume") != NULL);
  assert_answer ("paused", "select state from oba.broadcasts");
  press (oba_broadcast_report_get_button (report, "resume"));
  oba_test_wait_until (oba_broadcast_report_is_settled (report) && oba_broadcast_report_get_button (report, "pause") != NULL);
  press (oba_broadcast_report_get_button (report, "cancel"));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (oba_broadcast_report_get_question (report)), "3 customers have not got it yet"));
  answer (oba_broadcast_report_get_question (report), "do");
  oba_test_wait_until (oba_broadcast_report_is_settled (report) && oba_broadcast_report_get_button (report, "cancel") == NULL);
  assert_answer ("cancelled|3", "select concat_ws ('|', b.state, (select count (*) from oba.outbox o where o.broadcast_id = b.broadcast_id and o.state = 'skipped')) from oba.broadcasts b");
  g_assert_true (oba_test_shows (GTK_WIDGET (report), "The broadcast was cancelled."));
}

/* Two at one draft: nothing that was typed is lost, nothing is started that was not seen, and who comes second sees what became of it. */
static void
test_two (Desk *desk, gconstpointer login)
{
  gint64 id = write_down ("Together");
  ObaBroadcastEditor *editor = open_draft (desk, id), *other;
  Desk second;
  g_autofree char *stale = g_strdup_printf ("do $$ begin perform oba.move_broadcast ('{\"broadcast_id\": %d, \"what\": \"start\", \"version\": 1}'); raise 'started'; exception when sqlstate 'OB003' then null; end $$", (int) id);

  sit_down_at (&second, app_database_get_conninfo (database), "aziz");
  other = open_draft (&second, id);
  type (editor, "az", "Mine");
  type (other, "az", "Theirs");
  oba_broadcast_editor_save (other);
  settle (other);
  g_assert_cmpstr (oba_broadcast_editor_get_problem (other), ==, "");
  assert_answer ("Theirs", "select text_az from oba.broadcasts");
  oba_test_wait_until (oba_broadcast_editor_has_conflict (editor));
  g_assert_false (can (editor, "save"));
  g_assert_true (oba_test_shows (GTK_WIDGET (editor), "Theirs"));
  oba_test_picture (desk->window, "broadcast-conflict");
  app_database_run (database, stale);
  oba_broadcast_editor_settle (editor, TRUE);
  oba_broadcast_editor_save (editor);
  settle (editor);
  assert_answer ("Mine", "select text_az from oba.broadcasts");
  oba_test_wait_until (oba_broadcast_editor_is_settled (other) && g_str_equal (oba_broadcast_preview_get_text (oba_broadcast_editor_get_preview (other)), "Mine"));
  type (editor, "name", "Unsaved");
  press (oba_broadcast_editor_get_button (other, "start"));
  answer (oba_broadcast_editor_get_question (other), "do");
  oba_test_wait_until (report_on_top (&second) != NULL && oba_broadcast_editor_has_conflict (editor));
  g_assert_true (oba_test_shows (GTK_WIDGET (editor), "started or discarded"));
  oba_broadcast_editor_settle (editor, TRUE);
  oba_test_wait_until (report_on_top (desk) != NULL);
  leave (&second);
}

/* The answer is lost on the way, and it is asked again: it was started once. */
static void
test_lost (Desk *desk, gconstpointer login)
{
  ObaTestWire *wire = oba_test_wire_new (app_database_get_conninfo (database));
  Desk far;
  ObaBroadcastEditor *editor;

  sit_down_at (&far, oba_test_wire_get_conninfo (wire), login);
  editor = open_draft (&far, write_down ("Far away"));
  press (oba_broadcast_editor_get_button (editor, "start"));
  oba_test_wire_lose_answer_to (wire, "move_broadcast");
  answer (oba_broadcast_editor_get_question (editor), "do");
  oba_test_wait_until (report_on_top (&far) != NULL);
  g_assert_cmpuint (oba_test_wire_get_n_lost (wire), ==, 1);
  assert_answer ("running|2", "select concat_ws ('|', state, version) from oba.broadcasts");
  leave (&far);
  oba_test_wire_free (wire);
}

/* What became of each message, and why; what the posters brought. */
static void
test_report (Desk *desk, gconstpointer login)
{
  ObaCampaignTable *table = oba_campaigns_page_get_broadcasts (desk->page), *posters = oba_campaigns_page_get_posters (desk->page);
  ObaBroadcastReport *report;
  g_autofree char *sent = NULL, *failed = NULL, *blocked = NULL, *unknown = NULL, *people = NULL, *fresh = NULL;

  write_down ("Looked back at");
  app_database_run (database, "select oba.move_broadcast (jsonb_build_object ('broadcast_id', broadcast_id, 'what', 'start')) from oba.broadcasts; select oba.fill_broadcasts (100);"
                              "update oba.broadcasts set state = 'done', ended_at = now();"
                              "insert into oba.outbox (customer_id, chat_id, kind, payload, priority, broadcast_id, state, error) select 700, 7001, 'campaign', '{}', 9, b.broadcast_id, s, e from oba.broadcasts b,"
                              " (values ('unknown', 'The helper stopped between sending and noting it.'), ('skipped', 'The customer had as many messages as the house allows.')) v (s, e);"
                              "update oba.outbox set state = 'sent', sent_at = now() - interval '1 minute' where customer_id = 701 and broadcast_id is not null;"
                              "update oba.outbox set state = 'blocked', error = 'The customer has stopped the bot.' where customer_id = 702 and broadcast_id is not null;"
                              "update oba.outbox set state = 'failed', error = 'Bad Request: <b>chat</b> not found' where customer_id = 700 and state = 'queued' and broadcast_id is not null;"
                              "insert into oba.message_optouts (customer_id, kind) values (701, 'campaign');"
                              "insert into oba.telegram_starts (customer_id, started_at, store_id, campaign, agreed_to) select c, now() - interval '1 day' * d, store_id, 'spring', '1' from oba.stores, (values (700, 1), (701, 2)) v (c, d) where code = 'S1';"
                              "update oba.customers set registered_at = now() - interval '2 days' where customer_id = 701; update oba.customers set registered_at = now() - interval '1 year' where customer_id = 700;");
  oba_page_refresh (OBA_PAGE (desk->page));
  oba_test_wait_until (oba_campaigns_page_is_settled (desk->page) && oba_campaign_table_get_n_rows (posters) == 1 && oba_campaign_table_get_n_rows (table) == 1);
  sent = oba_campaign_table_get_cell (table, 0, "sent");
  failed = oba_campaign_table_get_cell (table, 0, "failed");
  blocked = oba_campaign_table_get_cell (table, 0, "blocked");
  unknown = oba_campaign_table_get_cell (table, 0, "unknown");
  g_assert_cmpstr (sent, ==, "1");
  g_assert_cmpstr (failed, ==, "1");
  g_assert_cmpstr (blocked, ==, "1");
  g_assert_cmpstr (unknown, ==, "1");
  oba_test_picture (desk->window, "broadcasts");
  report = OBA_BROADCAST_REPORT (oba_campaigns_page_open (desk->page, oba_campaign_table_get_row (table, 0) != NULL ? json_object_get_int_member (oba_campaign_table_get_row (table, 0), "broadcast_id") : 0, FALSE));
  oba_test_wait_until (oba_broadcast_report_is_settled (report));
  g_assert_true (oba_test_shows (GTK_WIDGET (report), "Bad Request: <b>chat</b> not found"));
  g_assert_true (oba_test_shows (GTK_WIDGET (report), "as many messages as the house allows"));
  g_assert_true (oba_test_shows (GTK_WIDGET (report), "Wanted no more of these afterwards"));
  assert_answer ("1", "select oba.broadcast_report (broadcast_id) ->> 'opted_out' from oba.broadcasts");
  g_assert_null (oba_broadcast_report_get_button (report, "pause"));
  oba_test_assert_named (GTK_WIDGET (desk->window));
  oba_test_picture (desk->window, "broadcast-report");
  oba_subpages_pop (oba_campaigns_page_get_subpages (desk->page));
  oba_campaigns_page_show (desk->page, "posters");
  people = oba_campaign_table_get_cell (posters, 0, "people");
  fresh = oba_campaign_table_get_cell (posters, 0, "registered");
  g_assert_cmpstr (people, ==, "2");
  g_assert_cmpstr (fresh, ==, "1");
  oba_test_picture (desk->window, "posters");
  app_database_run (database, "delete from oba.message_optouts where customer_id = 701");
}

/* Supervisors and auditors look; nothing is offered to them that the database would refuse. */
static void
test_readers (Desk *desk, gconstpointer login)
{
  ObaBroadcastEditor *editor;

  g_assert_false (gtk_widget_get_visible (oba_campaigns_page_get_add_button (desk->page)));
  editor = open_draft (desk, write_down ("Look only"));
  g_assert_null (oba_broadcast_editor_get_button (editor, "save"));
  g_assert_null (oba_broadcast_editor_get_button (editor, "start"));
  g_assert_null (oba_broadcast_editor_get_button (editor, "discard"));
  g_assert_nonnull (strstr (oba_broadcast_editor_get_reach (editor), "3 of 8"));
  g_assert_false (gtk_editable_get_editable (GTK_EDITABLE (oba_broadcast_form_get_control (oba_broadcast_editor_get_form (editor), "name"))));
  g_assert_false (oba_broadcast_editor_is_dirty (editor));
}

int
main (int argc, char **argv)
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, fill);
  g_test_add ("/campaigns/write", Desk, "aysu", set_up, test_write, tear_down);
  g_test_add ("/campaigns/reach", Desk, "aysu", set_up, test_reach, tear_down);
  g_test_add ("/campaigns/try", Desk, "aysu", set_up, test_try, tear_down);
  g_test_add ("/campaigns/start", Desk, "aysu", set_up, test_start, tear_down);
  g_test_add ("/campaigns/two", Desk, "aysu", set_up, test_two, tear_down);
  g_test_add ("/campaigns/lost", Desk, "aysu", set_up, test_lost, tear_down);
  g_test_add ("/campaigns/report", Desk, "aziz", set_up, test_report, tear_down);
  g_test_add ("/campaigns/supervisor", Desk, "leyla", set_up, test_readers, tear_down);
  g_test_add ("/campaigns/auditor", Desk, "rauf", set_up, test_readers, tear_down);
  status = g_test_run ();
  app_database_free (database);
  return status;
}
