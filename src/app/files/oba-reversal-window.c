#include "oba-reversal-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "base/oba-phone.h"
#include "oba-import-report-rows.h"

#define MAX_KEPT 200

typedef enum
{
  LOADING,
  PREVIEW,
  RUNNING,
  DONE,
  FAILED,
} State;

struct _ObaReversalWindow
{
  AdwWindow            parent_instance;

  ObaDbPool           *pool;
  gint64               batch;
  State                state;
  ObaReversal          expected;
  GCancellable        *cancellable;     /* of what is read or done; cancelled with the window */
  GCancellable        *stopping;        /* of the steps only */

  GtkWidget           *reverse_button;
  GtkStack            *stack;
  AdwPreferencesGroup *text_group;
  GtkWidget           *running_box;
  GtkProgressBar      *progress_bar;
  GtkWidget           *stop_button;
  AdwBin              *figures_bin;
  AdwBin              *kept_bin;
  AdwStatusPage       *failed_page;
};

G_DEFINE_FINAL_TYPE (ObaReversalWindow, oba_reversal_window, ADW_TYPE_WINDOW)

const char *
oba_reversal_window_get_shown (ObaReversalWindow *self)
{
  static const char *const names[] = { "loading", "preview", "running", "done", "failed" };

  return names[self->state];
}

/* ---- figures */

static void
add_count (AdwPreferencesGroup *group, const char *title, gint64 n)
{
  g_autofree char *number = oba_number_format (n);

  if (n != 0)
    adw_preferences_group_add (group, oba_figure_row_new (title, number));
}

static void
show_figures (ObaReversalWindow *self, const ObaReversal *figures)
{
  gboolean done = self->state == RUNNING || self->state == DONE;
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *money = oba_money_format (figures->money);

  add_count (group, done ? _("Receipts reversed") : _("Receipts to reverse"), figures->receipts);
  if (figures->receipts != 0)
    adw_preferences_group_add (group, oba_figure_row_new (_("Their money"), money));
  add_count (group, done ? _("Points taken back") : _("Points that they gave"), figures->points);
  add_count (group, done ? _("Customers erased") : _("Customers to erase: nobody has used them"), figures->customers);
  add_count (group, done ? _("Customers who stay") : _("Customers who stay: they are in use"), figures->kept);
  add_count (group, done ? _("Products withdrawn") : _("Products to withdraw, where nobody else sold them"), figures->products);
  add_count (group, done ? _("Stores closed") : _("Stores to close, where nobody else uses them"), figures->stores);
  if (!done)
    add_count (group, _("Records that the file changed: they stay changed"), figures->changed);
  adw_bin_set_child (self->figures_bin, GTK_WIDGET (group));
}

static void
show_state (ObaReversalWindow *self, State state, const char *title, const char *description)
{
  self->state = state;
  adw_preferences_group_set_title (self->text_group, title);
  adw_preferences_group_set_description (self->text_group, description);
  gtk_widget_set_visible (self->reverse_button, state == PREVIEW);
  gtk_widget_set_visible (self->running_box, state == RUNNING);
  gtk_stack_set_visible_child_name (self->stack, state == LOADING ? "loading" : state == FAILED ? "failed" : "figures");
}

static void
show_error (ObaReversalWindow *self, const GError *error)
{
  g_autofree char *sentence = error->domain == OBA_DB_ERROR ? oba_db_error_describe (error) : g_strdup (error->message);
  g_autofree char *text = g_strdup_printf (_("%s What was reversed so far stays so; the next time it goes on from there."), sentence);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_description (self->failed_page, escaped);
  show_state (self, FAILED, "", "");
}

/* ---- who stays */

static void
add_kept (AdwPreferencesGroup *group, const ObaKeptCustomer *one)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *phone = *one->phone != '\0' ? oba_phone_format (one->phone) : g_strdup_printf ("%" G_GINT64_FORMAT, one->id);
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", phone, one->reason);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), one->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_preferences_group_add (group, row);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaReversalWindow) self = user_data;
  g_autoptr (GPtrArray) kept = oba_kept_customers_read_finish (OBA_DB_POOL (source), result, NULL);
  GtkWidget *group;

  if (kept == NULL || kept->len == 0 || self->stack == NULL)
    return;
  group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Who Stays"));
  if (kept->len == MAX_KEPT)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _("The first of them:"));
  for (guint i = 0; i < kept->len; i++)
    add_kept (ADW_PREFERENCES_GROUP (group), kept->pdata[i]);
  adw_bin_set_child (self->kept_bin, group);
}

static void
read_kept (ObaReversalWindow *self)
{
  oba_kept_customers_read_async (self->pool, self->batch, MAX_KEPT, self->cancellable, kept_cb, g_object_ref (self));
}

/* ---- before */

static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaReversalWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = oba_reversal_preview_finish (OBA_DB_POOL (source), result, &self->expected, &error);

  if (self->stack == NULL)
    return;
  if (!done)
    {
      show_error (self, error);
      return;
    }
  show_state (self, PREVIEW, _("What Would Happen"),
              _("Sales get reversing receipts, and their points are taken back. Customers whom nobody has used since are erased. Nothing of this can be undone."));
  show_figures (self, &self->expected);
  if (self->expected.kept > 0)
    read_kept (self);
}

static void
look (ObaReversalWindow *self)
{
  show_state (self, LOADING, "", "");
  adw_bin_set_child (self->kept_bin, NULL);
  oba_reversal_preview_async (self->pool, self->batch, self->cancellable, previewed_cb, g_object_ref (self));
}

static void
look_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  look (OBA_REVERSAL_WINDOW (widget));
}

/* ---- the work */

static void
progress_cb (const ObaReversal *so_far, gpointer user_data)
{
  ObaReversalWindow *self = user_data;
  double all = (double) (self->expected.receipts + self->expected.customers + self->expected.kept);
  double done = (double) (so_far->receipts + so_far->customers + so_far->kept);

  if (self->stack == NULL)
    return;
  show_figures (self, so_far);
  gtk_progress_bar_set_fraction (self->progress_bar, all > 0 ? MIN (1, done / all) : 1);
}

static void
reversed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaReversalWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  ObaReversal figures;
  gboolean done = oba_reversal_run_finish (OBA_DB_POOL (source), result, &figures, &error);

  g_clear_object (&self->stopping);
  if (self->stack == NULL)
    return;
  g_signal_emit_by_name (self, "reversed");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    look (self);
  else if (!done)
    show_error (self, error);
  else
    {
      show_state (self, DONE, _("The Import Is Reversed"), _("The file can be imported again, mended or as it was."));
      show_figures (self, &figures);
      adw_bin_set_child (self->kept_bin, NULL);
      if (figures.kept > 0)
        read_kept (self);
    }
}

static void
run_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaReversalWindow *self = OBA_REVERSAL_WINDOW (widget);
  ObaReversal nothing = { 0 };

  if (self->state != PREVIEW)
    return;
  self->stopping = g_cancellable_new ();
  show_state (self, RUNNING, _("Reversing…"), _("It can be stopped and gone on with later."));
  show_figures (self, &nothing);
  adw_bin_set_child (self->kept_bin, NULL);
  gtk_widget_grab_focus (self->stop_button);
  oba_reversal_run_async (self->pool, self->batch, progress_cb, self, self->stopping, reversed_cb, g_object_ref (self));
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_cancellable_cancel (OBA_REVERSAL_WINDOW (widget)->stopping);
}

/* ---- the object */

ObaReversalWindow *
oba_reversal_window_new (GtkWindow *parent, ObaDbPool *pool, gint64 batch, const char *title)
{
  ObaReversalWindow *self = g_object_new (OBA_TYPE_REVERSAL_WINDOW, "transient-for", parent, "title", title, NULL);

  self->pool = g_object_ref (pool);
  self->batch = batch;
  look (self);
  return self;
}

/* Destroyed, and what runs is stopped. It keeps this object for a moment, perhaps longer than the window under it lives. */
static void
oba_reversal_window_unrealize (GtkWidget *widget)
{
  ObaReversalWindow *self = OBA_REVERSAL_WINDOW (widget);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->stopping);
  self->stack = NULL;
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);

  GTK_WIDGET_CLASS (oba_reversal_window_parent_class)->unrealize (widget);
}

static void
oba_reversal_window_finalize (GObject *object)
{
  ObaReversalWindow *self = OBA_REVERSAL_WINDOW (object);

  g_clear_object (&self->pool);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->stopping);

  G_OBJECT_CLASS (oba_reversal_window_parent_class)->finalize (object);
}

static void
oba_reversal_window_class_init (ObaReversalWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = oba_reversal_window_finalize;
  widget_class->unrealize = oba_reversal_window_unrealize;
  g_signal_new ("reversed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/files/oba-reversal-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaReversalWindow, reverse_button);
  gtk_widget_class_bind_template_child (widget_class, ObaReversalWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaReversalWindow, text_group);
  gtk_widget_class_bind_template_child (widget_class, ObaReversalWindow, running_box);
  gtk_widget_class_bind_template_child (widget_class, ObaReversalWindow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ObaReversalWindow, stop_button);
  gtk_widget_class_bind_template_child (widget_class, ObaReversalWindow, figures_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaReversalWindow, kept_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaReversalWindow, failed_page);
  gtk_widget_class_install_action (widget_class, "reversal.look", NULL, look_action);
  gtk_widget_class_install_action (widget_class, "reversal.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "reversal.stop", NULL, stop_action);
}

static void
oba_reversal_window_init (ObaReversalWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
