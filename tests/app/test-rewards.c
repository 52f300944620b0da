/* The catalogue of rewards: from the list to what is live, with the preview, the picture, the stock of stores and two people at one reward. The real widgets, a real PostgreSQL. */
#include "rewards/oba-rewards-view.h"

#include <string.h>

#include "app-database.h"
#include "oba-test-app.h"
#include "rewards/oba-movements-window.h"
#include "rewards/oba-retire-window.h"
#include "rewards/oba-reward-picture.h"
#include "rewards/oba-stock-window.h"

static const char fill[] =
  "insert into oba.stores (code, name, city) values ('S1', 'OBA Nizami', 'Bakı'), ('S2', 'OBA Gəncə', 'Gəncə'), ('S3', 'OBA Şəki', 'Şəki');"
  "insert into oba.products (code, name, price) values ('P1', 'Çay', 100);"
  "insert into oba.segments (name, kind) values ('Tea drinkers', 'static');"
  "insert into oba.rewards (code, kind, name_az, name_ru, name_en, description_az, description_ru, cost, value, stock, state, valid_to, weekdays, from_minute, to_minute) values"
  " ('CUP', 'gift', 'Çay dəsti', 'Чайный набор', 'Tea set', 'Altı <b>armudu</b> stəkan.', 'Шесть стаканов.', 500, 1290, 7, 'live', '2099-12-31', '{1,2}', 540, 1080),"
  " ('V5', 'voucher', '5 manatlıq vauçer', '', '', 'Növbəti alış-verişdə.', '', 350, 500, null, 'live', null, null, null, null),"
  " ('OLD', 'gift', 'Köhnə', '', '', '', '', 10, null, null, 'retired', null, null, null, null);";

static const char staff[] = "select oba.staff_add ('rewards.boss', 'Nigar', 'supervisor'); select oba.staff_add ('rewards.market', 'Səbinə', 'marketing');"
                            "select oba.staff_add ('rewards.clerk', 'Leyla', 'clerk'); select oba.staff_add ('rewards.audit', 'Rauf', 'auditor');";

static AppDatabase *database;

typedef struct
{
  AdwApplication *app;
  ObaSession     *session;
  GtkWindow      *window;
  ObaSubpages    *subpages;
  ObaRewardsView *view;
} Fixture;

static gboolean
is_loaded (Fixture *fixture)
{
  return oba_rewards_view_is_loaded (fixture->view);
}

static void
set_up (Fixture *fixture, gconstpointer login)
{
  g_autofree char *conninfo = g_strdup_printf ("%s user=%s", app_database_get_conninfo (database), (const char *) login);

  fixture->app = oba_test_application_new ();
  fixture->session = app_database_sign_in_at (conninfo);
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL);
  fixture->subpages = g_object_new (OBA_TYPE_SUBPAGES, "main", gtk_label_new ("Main"), NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window), GTK_WIDGET (fixture->subpages));
  fixture->view = oba_rewards_view_push (fixture->subpages, fixture->session);
  oba_test_present (fixture->window, 1060, 660);
  oba_test_wait_until (is_loaded (fixture));
}

static void
tear_down (Fixture *fixture, gconstpointer login)
{
  gtk_window_destroy (fixture->window);
  oba_session_close (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->app);
}

#define assert_answer(expected, sql) \
  G_STMT_START \
    { \
      g_autofree char *oba_answer = app_database_ask (database, sql); \
      g_assert_cmpstr (oba_answer, ==, expected); \
    } \
  G_STMT_END

static ObaRewardEditor *
open_reward (Fixture *fixture, gint64 id)
{
  ObaRewardEditor *editor = oba_rewards_view_open (fixture->view, id);

  oba_test_wait_until (oba_reward_editor_is_settled (editor));
  return editor;
}

static void
type (ObaRewardEditor *editor, const char *field, const char *text)
{
  GtkWidget *control = oba_reward_form_get_control (oba_reward_editor_get_form (editor), field);

  if (GTK_IS_TEXT_VIEW (control))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (control)), text, -1);
  else
    gtk_editable_set_text (GTK_EDITABLE (control), text);
}

static void
save (ObaRewardEditor *editor, gboolean live)
{
  oba_reward_editor_save (editor, live);
  oba_test_wait_until (oba_reward_editor_is_settled (editor));
}

static gboolean
is_able (ObaRewardEditor *editor, const char *button)
{
  GtkWidget *widget = oba_reward_editor_get_button (editor, button);

  return widget != NULL && gtk_widget_get_sensitive (widget);
}

/* What is on offer, what is left of it; search without the right letters; states and kinds. */
static void
test_list (Fixture *fixture, gconstpointer login)
{
  g_autofree char *name = oba_rewards_view_get_cell (fixture->view, 1, "name");
  g_autofree char *stock = oba_rewards_view_get_cell (fixture->view, 1, "stock");
  g_autofree char *other = oba_rewards_view_get_cell (fixture->view, 0, "stock");

  g_assert_cmpstr (oba_rewards_view_get_shown (fixture->view), ==, "list");
  g_assert_cmpuint (oba_rewards_view_get_n_rows (fixture->view), ==, 2);
  g_assert_cmpstr (name, ==, "Tea set\nCUP");
  g_assert_cmpstr (stock, ==, "7");
  g_assert_cmpstr (other, ==, "Unlimited");
  oba_test_assert_named (GTK_WIDGET (fixture->view));
  oba_test_picture (fixture->window, "rewards");
  oba_rewards_view_search (fixture->view, "cay desti");
  oba_test_wait_until (is_loaded (fixture));
  g_assert_cmpuint (oba_rewards_view_get_n_rows (fixture->view), ==, 1);
  oba_rewards_view_search (fixture->view, "zqx %_<b>'");
  oba_test_wait_until (is_loaded (fixture));
  g_assert_cmpstr (oba_rewards_view_get_shown (fixture->view), ==, "nothing");
  oba_rewards_view_search (fixture->view, "");
  oba_rewards_view_set_state (fixture->view, "all");
  oba_test_wait_until (is_loaded (fixture));
  g_assert_cmpuint (oba_rewards_view_get_n_rows (fixture->view), ==, 3);
  oba_rewards_view_set_kind (fixture->view, "voucher");
  oba_test_wait_until (is_loaded (fixture));
  g_assert_cmpuint (oba_rewards_view_get_n_rows (fixture->view), ==, 1);
}

/* A draft of marketing, put live by a supervisor; what is wrong is said beside its field, and the preview follows each letter. */
static void
test_write (Fixture *fixture, gconstpointer login)
{
  ObaRewardEditor *editor = open_reward (fixture, 0);
  ObaRewardForm *form = oba_reward_editor_get_form (editor);
  ObaRewardPreview *preview = oba_reward_editor_get_preview (editor);
  g_autofree char *long_text = g_strnfill (1100, 'a');

  g_assert_false (is_able (editor, "save"));
  /* What is missing is said, and is no reproach before anything was typed. */
  g_assert_nonnull (oba_reward_form_get_problem (form, "code"));
  g_assert_false (gtk_widget_has_css_class (oba_reward_form_get_control (form, "code"), "error"));
  type (editor, "code", "two words");
  g_assert_true (gtk_widget_has_css_class (oba_reward_form_get_control (form, "code"), "error"));
  g_assert_false (gtk_widget_has_css_class (oba_reward_form_get_control (form, "cost"), "error"));
  type (editor, "code", "QƏHVƏ");
  type (editor, "name_az", "Bir fincan qəhvə");
  type (editor, "description_az", "Mağazada <b>pulsuz</b> & isti");
  type (editor, "cost", "120");
  g_assert_true (is_able (editor, "save"));
  g_assert_null (oba_reward_editor_get_button (editor, "live"));
  g_assert_cmpstr (oba_reward_preview_get_text (preview), ==, "Bir fincan qəhvə\n\nMağazada pulsuz & isti\n\n🎁 120 bal");
  g_assert_cmpstr (oba_reward_preview_get_note (preview), ==, "");
  oba_reward_form_set_language (form, OBA_LANGUAGE_RU);
  g_assert_nonnull (strstr (oba_reward_preview_get_note (preview), "Azerbaijani"));
  g_assert_nonnull (strstr (oba_reward_preview_get_text (preview), "Bir fincan"));
  type (editor, "name_ru", "Чашка кофе");
  g_assert_cmpstr (oba_reward_preview_get_text (preview), ==, "Чашка кофе\n\n🎁 120 баллов");
  g_assert_nonnull (strstr (oba_reward_preview_get_note (preview), "none is shown"));
  type (editor, "description_ru", "<script>alert (1)</script>");
  g_assert_nonnull (strstr (oba_reward_form_get_problem (form, "description_ru"), "script"));
  g_assert_false (is_able (editor, "save"));
  type (editor, "description_ru", long_text);
  g_assert_nonnull (strstr (oba_reward_preview_get_length (preview), "too long"));
  type (editor, "description_ru", "Горячий");
  type (editor, "from_minute", "9");
  g_assert_nonnull (oba_reward_form_get_problem (form, "to_minute"));
  type (editor, "to_minute", "18:30");
  g_assert_null (oba_reward_form_get_problem (form, "to_minute"));
  type (editor, "valid_to", "31.02.2026");
  g_assert_nonnull (oba_reward_form_get_problem (form, "valid_to"));
  type (editor, "valid_to", "31.12.2099");
  oba_test_assert_named (GTK_WIDGET (editor));
  save (editor, FALSE);
  g_assert_cmpstr (oba_reward_editor_get_problem (editor), ==, "");
  g_assert_false (oba_reward_editor_is_dirty (editor));
  assert_answer ("draft 120 540 1110 2099-12-31", "select concat_ws (' ', state, cost, from_minute, to_minute, valid_to) from oba.rewards where code = 'QƏHVƏ'");
  app_database_run (database, "delete from oba.rewards where code = 'QƏHVƏ'");
}

/* What is none of its kind is told beside its field, and is not saved; put right it can be. */
static void
test_wrong (Fixture *fixture, gconstpointer login)
{
  static const struct { const char *field, *wrong[5], *right; } fields[] = {
    { "code", { "", "a b", "-x", "a/b", "'; drop" }, "TORT" },
    { "cost", { "", "0", "-5", "1e3", "10000001" }, "120" },
    { "value", { "-1", "abc", "1.234", "99999999999", "1..2" }, "5.50" },
    { "per_customer", { "0", "-1", "1.5", "abc", "99999999999999999999" }, "2" },
    { "per_day", { "0", "-1", "1.5", "abc", "10000001" }, "" },
    { "per_month", { "0", "-1", "1.5", "abc", "10000001" }, "3" },
    { "voucher_days", { "0", "-1", "3661", "abc", "1 0" }, "30" },
    { "valid_from", { "31.02.2026", "2026", "abc", "0.0.0", "32.01.2026" }, "01.01.2026" },
    { "from_minute", { "25:00", "9:60", "abc", "-1", "24:00" }, "" },
  };
  ObaRewardEditor *editor = open_reward (fixture, 0);
  ObaRewardForm *form = oba_reward_editor_get_form (editor);

  type (editor, "code", "TORT");
  type (editor, "name_az", "Tort");
  type (editor, "cost", "120");
  g_assert_true (is_able (editor, "save"));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      for (guint n = 0; n < G_N_ELEMENTS (fields[i].wrong); n++)
        {
          type (editor, fields[i].field, fields[i].wrong[n]);
          if (oba_reward_form_get_problem (form, fields[i].field) == NULL || is_able (editor, "save"))
            g_error ("“%s” is taken as %s", fields[i].wrong[n], fields[i].field);
        }
      type (editor, fields[i].field, fields[i].right);
      g_assert_null (oba_reward_form_get_problem (form, fields[i].field));
      g_assert_true (is_able (editor, "save"));
    }
}

/* Of what is live, marketing changes the texts; a supervisor all of it. */
static void
test_live (Fixture *fixture, gconstpointer login)
{
  ObaRewardEditor *editor = open_reward (fixture, 2);
  GtkWidget *cost = oba_reward_form_get_control (oba_reward_editor_get_form (editor), "cost");

  g_assert_false (gtk_widget_is_sensitive (cost));
  g_assert_null (oba_reward_editor_get_button (editor, "retire"));
  g_assert_nonnull (oba_reward_editor_get_button (editor, "copy"));
  type (editor, "name_en", "5 manat voucher");
  save (editor, FALSE);
  g_assert_cmpstr (oba_reward_editor_get_problem (editor), ==, "");
  assert_answer ("5 manat voucher 350", "select concat_ws (' ', name_en, cost) from oba.rewards where reward_id = 2");
}

static void
colleague (const char *json)
{
  g_autofree char *sql = g_strdup_printf ("select oba.save_reward ('%s')", json);

  app_database_run (database, sql);
}

/* A colleague saves first: what does not collide is brought together, what does is shown, and nothing that was typed is lost. */
static void
test_conflict (Fixture *fixture, gconstpointer login)
{
  ObaRewardEditor *editor = open_reward (fixture, 1);
  GtkWidget *cost = oba_reward_form_get_control (oba_reward_editor_get_form (editor), "cost");

  type (editor, "name_en", "Tea set for six");
  colleague ("{\"reward_id\": 1, \"version\": 1, \"cost\": 550}");
  save (editor, FALSE);
  g_assert_nonnull (strstr (oba_reward_editor_get_problem (editor), "meanwhile"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (cost)), ==, "550");
  g_assert_cmpstr (oba_reward_editor_get_conflict (editor), ==, "");
  save (editor, FALSE);
  assert_answer ("Tea set for six 550 3", "select concat_ws (' ', name_en, cost, version) from oba.rewards where reward_id = 1");
  type (editor, "cost", "600");
  type (editor, "value", "15");
  colleague ("{\"reward_id\": 1, \"version\": 3, \"cost\": 580}");
  save (editor, FALSE);
  g_assert_nonnull (strstr (oba_reward_editor_get_conflict (editor), "theirs “580”, yours “600”"));
  g_assert_false (is_able (editor, "save"));
  oba_test_picture (fixture->window, "reward-conflict");
  oba_reward_editor_settle (editor, TRUE);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (cost)), ==, "600");
  save (editor, FALSE);
  assert_answer ("600 1500", "select concat_ws (' ', cost, value) from oba.rewards where reward_id = 1");
}

static GBytes *
make_png (int width, int height, gboolean alpha)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, alpha, 8, width, height);
  char *data = NULL;
  gsize length = 0;

  gdk_pixbuf_fill (pixbuf, alpha ? 0x00000000 : 0xc04020ff);
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "png", NULL, NULL));
  return g_bytes_new_take (data, length);
}

static GFile *
write_file (const char *name, GBytes *data)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
  gsize length;
  const char *bytes = g_bytes_get_data (data, &length);

  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  return g_file_new_for_path (path);
}

static void
choose (ObaRewardEditor *editor, GFile *file)
{
  oba_reward_editor_set_file (editor, file);
  oba_test_wait_until (oba_reward_editor_is_settled (editor));
}

/* A picture is scaled down and kept as JPEG, whatever its file is called; a bomb, a part of one and what is none get a sentence each, and nothing happens. */
static void
test_picture (Fixture *fixture, gconstpointer login)
{
  ObaRewardEditor *editor = open_reward (fixture, 2);
  g_autoptr (GBytes) large = make_png (3000, 1500, TRUE);
  g_autoptr (GFile) good = write_file ("oba-reward.txt", large);
  g_autoptr (GBytes) half = g_bytes_new_from_bytes (large, 0, g_bytes_get_size (large) / 2);
  g_autoptr (GFile) broken = write_file ("oba-reward-half.png", half);
  g_autoptr (GBytes) words = g_bytes_new_static ("GIF89a, or so they say, and something more", 42);
  g_autoptr (GFile) none = write_file ("oba-reward-none.png", words);
  /* Few bytes that say they are 30,000 x 30,000 pixels. */
  g_autoptr (GBytes) huge = g_bytes_new_static ("\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x75\x30\x00\x00\x75\x30\x08\x06\x00\x00\x00\x66\x27\xf8\xba\x00\x00\x00\x0c\x49\x44\x41\x54\x78\x9c\x63\x60\xa0\x0c\x00\x00\x00\x40\x00\x01\xb7\x34\x7c\xef", 57);
  g_autoptr (GFile) bomb = write_file ("oba-reward-bomb.png", huge);

  choose (editor, none);
  g_assert_nonnull (strstr (oba_reward_editor_get_problem (editor), "no PNG, JPEG or WebP"));
  choose (editor, broken);
  g_assert_nonnull (strstr (oba_reward_editor_get_problem (editor), "broken"));
  choose (editor, bomb);
  g_assert_nonnull (strstr (oba_reward_editor_get_problem (editor), "pixels"));
  g_assert_false (oba_reward_editor_is_dirty (editor));
  choose (editor, good);
  g_assert_cmpstr (oba_reward_editor_get_problem (editor), ==, "");
  save (editor, FALSE);
  assert_answer ("ffd8ff ffd8ff true", "select concat_ws (' ', encode (substr (picture, 1, 3), 'hex'), encode (substr (thumbnail, 1, 3), 'hex'), (length (picture) < 1048576)::text) from oba.rewards where reward_id = 2");
  oba_test_picture (fixture->window, "reward-editor");
  for (guint i = 0; i < 4; i++)
    {
      GFile *files[] = { good, broken, none, bomb };

      g_file_delete (files[i], NULL, NULL);
    }
}

/* EXIF (here with a place in it) does not stay. */
static void
test_exif (void)
{
  static const char exif[] = "\xff\xe1\x00\x16" "Exif\0\0" "GPS 40.4093 N";
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 20, 10);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaRewardPicture) picture = NULL;
  g_autofree char *data = NULL;
  gsize length = 0;

  gdk_pixbuf_fill (pixbuf, 0x00ff00ff);
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "jpeg", NULL, NULL));
  g_byte_array_append (all, (guint8 *) data, 2);
  g_byte_array_append (all, (const guint8 *) exif, 24);
  g_byte_array_append (all, (guint8 *) data + 2, (guint) length - 2);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  picture = oba_reward_picture_make (bytes, &error);
  g_assert_no_error (error);
  g_assert_null (g_strstr_len (g_bytes_get_data (picture->picture, NULL), (gssize) g_bytes_get_size (picture->picture), "GPS"));
  g_assert_null (memmem (g_bytes_get_data (picture->picture, NULL), g_bytes_get_size (picture->picture), "GPS", 3));
}

static GtkWindow *
window_of (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type))
        return window;
    }
  return NULL;
}

static ObaStockWindow *
open_stock (ObaRewardEditor *editor)
{
  ObaStockWindow *window;

  g_signal_emit_by_name (oba_reward_editor_get_button (editor, "stock"), "clicked");
  window = OBA_STOCK_WINDOW (window_of (OBA_TYPE_STOCK_WINDOW));
  oba_test_wait_until (oba_stock_window_is_settled (window));
  return window;
}

/* Who has moved it, when, where and by how many: all of it, or of one kind. */
static void
test_movements (ObaRewardEditor *editor)
{
  ObaMovementsWindow *window;

  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (editor), GTK_TYPE_BUTTON, "Stock _Movements…"), "clicked");
  window = OBA_MOVEMENTS_WINDOW (window_of (OBA_TYPE_MOVEMENTS_WINDOW));
  oba_test_wait_until (oba_movements_window_is_loaded (window));
  g_assert_cmpuint (oba_movements_window_get_n (window), >=, 5);
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "+40"));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "OBA Şəki · Nigar"));
  oba_test_assert_named (GTK_WIDGET (window));
  oba_test_picture (GTK_WINDOW (window), "reward-movements");
  oba_movements_window_choose (window, 3);   /* nobody has reserved a piece */
  oba_test_wait_until (oba_movements_window_is_loaded (window));
  g_assert_cmpuint (oba_movements_window_get_n (window), ==, 0);
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "Nothing has moved this stock."));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* One stock for all: received, counted; then each store's: searched, the same number for those that are shown, pasted lines, a wrong line is named. */
static void
test_stock (Fixture *fixture, gconstpointer login)
{
  ObaRewardEditor *editor = open_reward (fixture, 1);
  ObaStockWindow *window = open_stock (editor);

  oba_stock_window_set_number (window, "5");
  oba_stock_window_save (window);
  oba_test_wait_until (window_of (OBA_TYPE_STOCK_WINDOW) == NULL && oba_reward_editor_is_settled (editor));
  assert_answer ("12", "select stock from oba.rewards where reward_id = 1");
  gtk_switch_set_active (GTK_SWITCH (oba_reward_form_get_control (oba_reward_editor_get_form (editor), "stock_by_store")), TRUE);
  save (editor, FALSE);
  window = open_stock (editor);
  g_assert_cmpuint (oba_stock_window_get_n_shown (window), ==, 3);
  oba_stock_window_search (window, "seki");
  g_assert_cmpuint (oba_stock_window_get_n_shown (window), ==, 1);
  oba_stock_window_set_number (window, "40");
  oba_stock_window_apply (window);
  g_assert_cmpuint (oba_stock_window_get_n_given (window), ==, 1);
  oba_stock_window_search (window, "");
  oba_stock_window_paste (window, "kod;say\nS1;10\nS9;3\n");
  g_assert_nonnull (strstr (oba_stock_window_get_problem (window), "Line 3"));
  g_assert_cmpuint (oba_stock_window_get_n_given (window), ==, 1);
  oba_stock_window_paste (window, "kod;say\r\n\"S1\";10\r\nS2\t 20\r\n\r\n");
  g_assert_cmpstr (oba_stock_window_get_problem (window), ==, "");
  g_assert_cmpuint (oba_stock_window_get_n_given (window), ==, 3);
  oba_test_assert_named (GTK_WIDGET (window));
  /* A title stands over its figures. */
  g_assert_cmpfloat (gtk_label_get_xalign (GTK_LABEL (oba_test_find (GTK_WIDGET (window), GTK_TYPE_LABEL, "Reserved"))), ==, 1);
  oba_test_picture (GTK_WINDOW (window), "reward-stock");
  oba_stock_window_save (window);
  oba_test_wait_until (window_of (OBA_TYPE_STOCK_WINDOW) == NULL && oba_reward_editor_is_settled (editor));
  assert_answer ("10 20 40", "select string_agg (stock::text, ' ' order by store_id) from oba.reward_stock where reward_id = 1");
  test_movements (editor);
}

/* Retired with its reason; it is gone from the list, and a copy of it is a draft of its own. */
static void
test_retire (Fixture *fixture, gconstpointer login)
{
  ObaRewardEditor *editor = open_reward (fixture, 2), *copy;
  ObaRetireWindow *window;

  g_signal_emit_by_name (oba_reward_editor_get_button (editor, "retire"), "clicked");
  window = OBA_RETIRE_WINDOW (window_of (OBA_TYPE_RETIRE_WINDOW));
  oba_test_picture (GTK_WINDOW (window), "reward-retire");
  oba_retire_window_retire (window, TRUE, "season is over");
  oba_test_wait_until (window_of (OBA_TYPE_RETIRE_WINDOW) == NULL && oba_reward_editor_is_settled (editor));
  assert_answer ("retired season is over", "select w.state || ' ' || a.reason from oba.rewards w, oba.audit a where w.reward_id = 2 and a.action = 'reward.update' and a.subject_id = '2' and a.changes ? 'state'");
  g_assert_nonnull (oba_reward_editor_get_button (editor, "live"));
  g_signal_emit_by_name (oba_reward_editor_get_button (editor, "copy"), "clicked");
  copy = OBA_REWARD_EDITOR (oba_subpages_get_top (fixture->subpages));
  g_assert_true (copy != editor);
  oba_test_wait_until (oba_reward_editor_is_settled (copy));
  save (copy, FALSE);
  g_assert_cmpstr (oba_reward_editor_get_problem (copy), ==, "");
  assert_answer ("draft true", "select concat_ws (' ', state, (picture = (select picture from oba.rewards where reward_id = 2))::text) from oba.rewards where code = 'V5-2'");
}

/* What is open is cancelled with it, when that is chosen: each piece's points and its stock come back. */
static void
test_cancel_open (Fixture *fixture, gconstpointer login)
{
  ObaRewardEditor *editor;
  ObaRetireWindow *window;

  app_database_run (database,
                    "insert into oba.customers (customer_id, given_name) values (100, 'Aygün'), (200, 'Elçin');"
                    "select oba.ensure_partitions (current_date - 40, current_date + 40);"
                    "select oba.record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', n::text, 'sold_at', now() - interval '1 hour', 'customer_id', n, 'total', 500000, 'source', 'staff',"
                    " 'lines', jsonb_build_array (jsonb_build_object ('product', 1, 'quantity', 1, 'unit_price', 500000, 'total', 500000)))) from unnest (array[100, 200]) n;"
                    "insert into oba.rewards (reward_id, code, kind, name_az, cost, stock, state) values (77, 'OPEN', 'gift', 'Açıq', 10, 5, 'live');"
                    "select oba.redeem_points (jsonb_build_object ('customer_id', n, 'reward_id', 77)) from unnest (array[100, 100, 200]) n;");
  editor = open_reward (fixture, 77);
  g_signal_emit_by_name (oba_reward_editor_get_button (editor, "retire"), "clicked");
  window = OBA_RETIRE_WINDOW (window_of (OBA_TYPE_RETIRE_WINDOW));
  g_assert_true (oba_test_shows (GTK_WIDGET (window), "3 pieces are redeemed"));
  oba_test_assert_named (GTK_WIDGET (window));
  oba_test_picture (GTK_WINDOW (window), "reward-retire-open");
  oba_retire_window_retire (window, TRUE, "season is over");
  oba_test_wait_until (window_of (OBA_TYPE_RETIRE_WINDOW) == NULL && oba_reward_editor_is_settled (editor));
  assert_answer ("cancelled 3 5 5000 5000",
                 "select concat_ws (' ', min (state), count (*), (select stock from oba.rewards where reward_id = 77), (select balance from oba.points_accounts where customer_id = 100),"
                 " (select balance from oba.points_accounts where customer_id = 200)) from oba.redemptions where reward_id = 77");
}

/* What was typed is not lost by going back: it is asked first; without a change nobody asks. */
static void
test_leaving (Fixture *fixture, gconstpointer login)
{
  ObaRewardEditor *editor = open_reward (fixture, 1);
  GtkWindow *dialog;

  oba_subpages_pop (fixture->subpages);
  g_assert_true (oba_subpages_get_top (fixture->subpages) == GTK_WIDGET (fixture->view));
  editor = open_reward (fixture, 1);
  type (editor, "name_ru", "Другое");
  oba_subpages_pop (fixture->subpages);
  dialog = window_of (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_assert_true (oba_subpages_get_top (fixture->subpages) == GTK_WIDGET (editor));
  gtk_window_destroy (dialog);
  oba_subpages_pop (fixture->subpages);
  dialog = window_of (ADW_TYPE_MESSAGE_DIALOG);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "discard");
  gtk_window_destroy (dialog);
  g_assert_true (oba_subpages_get_top (fixture->subpages) == GTK_WIDGET (fixture->view));
}

/* Whoever only reads finds nothing to press. */
static void
test_readers (Fixture *fixture, gconstpointer login)
{
  ObaRewardEditor *editor;

  g_assert_false (oba_rewards_view_may_add (fixture->view));
  editor = open_reward (fixture, 1);
  g_assert_null (oba_reward_editor_get_button (editor, "save"));
  g_assert_null (oba_reward_editor_get_button (editor, "stock"));
  g_assert_null (oba_reward_editor_get_button (editor, "retire"));
  g_assert_null (oba_reward_editor_get_button (editor, "live"));
  g_assert_false (oba_reward_editor_is_dirty (editor));
}

int
main (int argc, char **argv)
{
  int status;

  oba_test_app_init (&argc, &argv);
  database = app_database_new ();
  app_database_run (database, fill);
  app_database_run (database, staff);
  g_test_add ("/rewards/list", Fixture, "rewards.boss", set_up, test_list, tear_down);
  g_test_add ("/rewards/write", Fixture, "rewards.market", set_up, test_write, tear_down);
  g_test_add ("/rewards/wrong", Fixture, "rewards.market", set_up, test_wrong, tear_down);
  g_test_add ("/rewards/live", Fixture, "rewards.market", set_up, test_live, tear_down);
  g_test_add ("/rewards/conflict", Fixture, "rewards.boss", set_up, test_conflict, tear_down);
  g_test_add ("/rewards/picture", Fixture, "rewards.market", set_up, test_picture, tear_down);
  g_test_add_func ("/rewards/exif", test_exif);
  g_test_add ("/rewards/stock", Fixture, "rewards.boss", set_up, test_stock, tear_down);
  g_test_add ("/rewards/retire", Fixture, "rewards.boss", set_up, test_retire, tear_down);
  g_test_add ("/rewards/cancel-open", Fixture, "rewards.boss", set_up, test_cancel_open, tear_down);
  g_test_add ("/rewards/leaving", Fixture, "rewards.boss", set_up, test_leaving, tear_down);
  g_test_add ("/rewards/clerk", Fixture, "rewards.clerk", set_up, test_readers, tear_down);
  g_test_add ("/rewards/auditor", Fixture, "rewards.audit", set_up, test_readers, tear_down);
  status = g_test_run ();
  app_database_free (database);
  return status;
}
