#include "oba-behind-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "db/oba-db-sql.h"
#include "widgets/oba-problem-box.h"

#define WIDTH 520
#define HEIGHT 640
#define MOST 200

struct _ObaBehindWindow
{
  AdwWindow      parent_instance;

  GCancellable  *reading;        /* NULL: nothing is under way */
  guint          n;
  gint64         points;

  GtkSpinner    *spinner;
  GtkLabel      *summary;
  GtkListBox    *list;
  ObaProblemBox *problem;
};

G_DEFINE_FINAL_TYPE (ObaBehindWindow, oba_behind_window, ADW_TYPE_WINDOW)

/* The columns of behind.sql. */
enum { CUSTOMER, NAME, POINTS, LOTS, NEXT_DAY, N_ALL };

/* The profile is the main window's; this one has told its own. */
static void
opened_cb (ObaBehindWindow *self, GtkListBoxRow *row)
{
  gint64 *id = g_object_get_data (G_OBJECT (row), "oba-customer");
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (parent != NULL && id != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.open-customer", "x", *id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
add_row (ObaBehindWindow *self, ObaDbResult *rows, guint i)
{
  GtkWidget *row = adw_action_row_new ();
  gint64 id = oba_db_result_get_int64 (rows, i, CUSTOMER);
  const char *name = oba_db_result_get_text (rows, i, NAME);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  g_autofree char *points = oba_customer_text_points (oba_db_result_get_int64 (rows, i, POINTS));
  g_autoptr (GDate) next = oba_db_result_get_date (rows, i, NEXT_DAY);
  g_autofree char *day = oba_customer_text_date (next);
  /* Translators: the number of a customer, a day. */
  g_autofree char *said = g_strdup_printf (_("No. %s · the first are good until %s"), number, day);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), *name != '\0' ? name : number);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), said);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_label_new (points));
  /* Who may not see who a customer is has no profiles to open. */
  if (*name != '\0')
    {
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    }
  g_object_set_data_full (G_OBJECT (row), "oba-customer", g_memdup2 (&id, sizeof id), g_free);
  gtk_list_box_append (self->list, row);
  self->points += oba_db_result_get_int64 (rows, i, POINTS);
}

static void
summarize (ObaBehindWindow *self, gint64 all)
{
  g_autofree char *customers = oba_number_format (all);
  g_autofree char *points = oba_customer_text_points (self->points);
  g_autofree char *shown = oba_number_format (self->n);
  g_autofree char *text = NULL;

  if (self->n == 0)
    text = g_strdup (_("Nobody has such points now."));
  else if (all > self->n)
    /* Translators: a number of customers, of how many, "30 points". */
    text = g_strdup_printf (_("The %s customers with the most of these points, of %s; together %s."), shown, customers, points);
  else
    /* Translators: a number of customers, "30 points". */
    text = g_strdup_printf (ngettext ("%s customer, %s.", "%s customers, together %s.", (gulong) all), customers, points);
  gtk_label_set_label (self->summary, text);
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaBehindWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->reading);
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  if (rows == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_problem_box_set_text (self->problem, sentence);
      return;
    }
  self->n = oba_db_result_get_n_rows (rows);
  for (guint i = 0; i < self->n; i++)
    add_row (self, rows, i);
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->n > 0);
  summarize (self, self->n > 0 ? oba_db_result_get_int64 (rows, 0, N_ALL) : 0);
}

/* ---- the object */

static void
oba_behind_window_dispose (GObject *object)
{
  ObaBehindWindow *self = OBA_BEHIND_WINDOW (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);

  G_OBJECT_CLASS (oba_behind_window_parent_class)->dispose (object);
}

static void
oba_behind_window_class_init (ObaBehindWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_behind_window_dispose;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
oba_behind_window_init (ObaBehindWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scrolled = gtk_scrolled_window_new ();

  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  self->summary = GTK_LABEL (oba_profile_label_new (NULL, NULL));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Customers"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self->list), FALSE);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (opened_cb), self);
  g_object_set (box, "margin-top", 12, "margin-bottom", 18, "margin-start", 18, "margin-end", 18, NULL);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->summary));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (content), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (content), scrolled);
  adw_window_set_content (ADW_WINDOW (self), content);
}

ObaBehindWindow *
oba_behind_window_new (GtkWindow *parent, ObaSession *session, const char *section, const char *key, const char *name)
{
  /* Translators: a tier, an age of points, or the month in which they expire. */
  g_autofree char *title = g_strdup_printf (_("Points: %s"), name);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tti", section, key, (gint64) MOST);
  ObaBehindWindow *self = g_object_new (OBA_TYPE_BEHIND_WINDOW, "transient-for", parent, "modal", TRUE, "destroy-with-parent", TRUE, "default-width", WIDTH, "default-height", HEIGHT,
                                        "title", title, NULL);

  self->reading = g_cancellable_new ();
  gtk_spinner_start (self->spinner);
  oba_db_pool_read_async (oba_session_get_pool (session), oba_db_sql ("liability/behind.sql"), params, self->reading, read_cb, g_object_ref (self));
  return self;
}

gboolean
oba_behind_window_is_loaded (ObaBehindWindow *self)
{
  return self->reading == NULL;
}

guint
oba_behind_window_get_n (ObaBehindWindow *self)
{
  return self->n;
}

gint64
oba_behind_window_get_points (ObaBehindWindow *self)
{
  return self->points;
}
