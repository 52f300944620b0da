#include "oba-movements-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "db/oba-db-sql.h"
#include "oba-reward-text.h"
#include "widgets/oba-problem-box.h"

#define WIDTH 560
#define HEIGHT 640
#define PAGE 100

static const struct { const char *word, *text; } kinds[] = {
  { NULL, N_("All movements") }, { "receipt", N_("Received") }, { "count", N_("Counted") }, { "reserve", N_("Reserved") }, { "release", N_("Given back") },
};

struct _ObaMovementsWindow
{
  AdwWindow      parent_instance;

  ObaSession    *session;
  gint64         reward_id;
  GCancellable  *reading;        /* NULL: nothing is under way */
  gint64         last;           /* of those shown; 0: none */
  guint          n;

  GtkDropDown   *kind;
  GtkListBox    *list;
  GtkWidget     *more;
  GtkWidget     *nothing;
  ObaProblemBox *problem;
};

G_DEFINE_FINAL_TYPE (ObaMovementsWindow, oba_movements_window, ADW_TYPE_WINDOW)

/* ---- one */

static const char *
kind_text (const char *word)
{
  for (guint i = 1; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].word, word))
      return _(kinds[i].text);
  return "";
}

/* The columns of movements.sql. */
enum { ID, AT, KIND, QUANTITY, COUNTED, STORE, WHO, REASON };

/* When, where, who, why. */
static char *
details (ObaDbResult *rows, guint row)
{
  g_autoptr (GDateTime) at = oba_day_at (oba_db_result_get_int64 (rows, row, AT));
  g_autofree char *moment = oba_customer_text_moment (at);
  GString *text = g_string_new (moment);

  for (guint column = STORE; column <= WHO; column++)
    if (*oba_db_result_get_text (rows, row, column) != '\0')
      g_string_append_printf (text, " · %s", oba_db_result_get_text (rows, row, column));
  if (oba_db_result_get_int64 (rows, row, COUNTED) >= 0)
    {
      g_autofree char *found = oba_number_format (oba_db_result_get_int64 (rows, row, COUNTED));

      g_string_append (text, " · ");
      /* Translators: how many pieces were found when they were counted. */
      g_string_append_printf (text, _("found: %s"), found);
    }
  if (*oba_db_result_get_text (rows, row, REASON) != '\0')
    g_string_append_printf (text, "\n%s", oba_db_result_get_text (rows, row, REASON));
  return g_string_free (text, FALSE);
}

static void
add_row (ObaMovementsWindow *self, ObaDbResult *rows, guint row)
{
  GtkWidget *line = adw_action_row_new ();
  gint64 quantity = oba_db_result_get_int64 (rows, row, QUANTITY);
  g_autofree char *number = oba_number_format (ABS (quantity));
  g_autofree char *change = g_strdup_printf ("%s%s", quantity < 0 ? "−" : "+", number);
  g_autofree char *said = details (rows, row);
  GtkWidget *label = gtk_label_new (change);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (line), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (line), kind_text (oba_db_result_get_text (rows, row, KIND)));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (line), said);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "heading");
  adw_action_row_add_suffix (ADW_ACTION_ROW (line), label);
  gtk_list_box_append (self->list, line);
}

/* ---- reading */

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaMovementsWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  guint n = rows != NULL ? oba_db_result_get_n_rows (rows) : 0;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->reading);
  if (rows == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_problem_box_set_text (self->problem, sentence);
      gtk_widget_set_visible (self->more, TRUE);
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      add_row (self, rows, i);
      self->last = oba_db_result_get_int64 (rows, i, ID);
    }
  self->n += n;
  gtk_widget_set_visible (self->more, n == PAGE);
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->n > 0);
  gtk_widget_set_visible (self->nothing, self->n == 0);
}

static void
read_more (ObaMovementsWindow *self)
{
  g_autoptr (ObaDbParams) params = oba_db_params_new ();

  if (self->reading != NULL)
    return;
  oba_problem_box_set_text (self->problem, NULL);
  self->reading = g_cancellable_new ();
  oba_db_params_add_int64 (params, self->reward_id);
  if (self->last != 0)
    oba_db_params_add_int64 (params, self->last);
  else
    oba_db_params_add_null (params);
  oba_db_params_add_text (params, kinds[gtk_drop_down_get_selected (self->kind)].word);
  oba_db_params_add_int64 (params, PAGE);
  oba_db_pool_read_async (oba_session_get_pool (self->session), oba_db_sql ("rewards/movements.sql"), params, self->reading, read_cb, g_object_ref (self));
}

static void
read_anew (ObaMovementsWindow *self)
{
  GtkWidget *child;

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  self->last = 0;
  self->n = 0;
  read_more (self);
}

/* ---- the object */

static void
oba_movements_window_dispose (GObject *object)
{
  ObaMovementsWindow *self = OBA_MOVEMENTS_WINDOW (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_movements_window_parent_class)->dispose (object);
}

static void
oba_movements_window_class_init (ObaMovementsWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_movements_window_dispose;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
oba_movements_window_init (ObaMovementsWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scrolled = gtk_scrolled_window_new (), *clamp = adw_clamp_new ();
  GtkStringList *texts = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    gtk_string_list_append (texts, _(kinds[i].text));
  self->kind = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (texts), NULL));
  gtk_widget_set_halign (GTK_WIDGET (self->kind), GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->kind), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Kind of movement"), -1);
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Stock movements"), -1);
  self->nothing = oba_profile_label_new (_("Nothing has moved this stock."), "dim-label");
  self->more = gtk_button_new_with_mnemonic (_("_Older Ones"));
  gtk_widget_set_halign (self->more, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (GTK_WIDGET (self->list), FALSE);
  gtk_widget_set_visible (self->nothing, FALSE);
  gtk_widget_set_visible (self->more, FALSE);
  g_object_set (box, "margin-top", 12, "margin-bottom", 18, "margin-start", 18, "margin-end", 18, NULL);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->kind));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), self->nothing);
  gtk_box_append (GTK_BOX (box), self->more);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (content), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (content), scrolled);
  adw_window_set_content (ADW_WINDOW (self), content);
  g_signal_connect_swapped (self->kind, "notify::selected", G_CALLBACK (read_anew), self);
  g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (read_more), self);
}

GtkWindow *
oba_movements_window_new (GtkWindow *parent, ObaSession *session, const ObaReward *reward)
{
  g_autofree char *name = oba_reward_text_name (reward);
  /* Translators: the name of a reward. */
  g_autofree char *title = g_strdup_printf (_("Stock Movements of %s"), name);
  ObaMovementsWindow *self = g_object_new (OBA_TYPE_MOVEMENTS_WINDOW, "transient-for", parent, "modal", TRUE, "destroy-with-parent", TRUE, "default-width", WIDTH, "default-height", HEIGHT,
                                           "title", title, NULL);

  self->session = g_object_ref (session);
  self->reward_id = reward->id;
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_rewards", G_CALLBACK (read_anew), self, G_CONNECT_SWAPPED);
  read_more (self);
  return GTK_WINDOW (self);
}

gboolean
oba_movements_window_is_loaded (ObaMovementsWindow *self)
{
  return self->reading == NULL;
}

guint
oba_movements_window_get_n (ObaMovementsWindow *self)
{
  return self->n;
}

void
oba_movements_window_choose (ObaMovementsWindow *self, guint kind)
{
  gtk_drop_down_set_selected (self->kind, kind);
}
