#include "oba-month-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-profile-section.h"
#include "oba-month-text.h"
#include "widgets/oba-problem-box.h"

struct _ObaMonthWindow
{
  AdwWindow      parent_instance;

  ObaDbPool     *pool;
  GDate          month;
  GCancellable  *counting;      /* NULL: it is counted, or could not be */
  GtkStack      *stack;
  GtkBox        *figures;
  ObaProblemBox *problem;
  GtkWidget     *close_button;
};

enum { CONFIRMED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaMonthWindow, oba_month_window, ADW_TYPE_WINDOW)

/* ---- what would be written down */

static GtkWidget *
grid_new (const ObaMonthTotals *totals)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 3);
  for (guint i = 0; i < OBA_MONTH_N_FIGURES; i++)
    {
      g_autofree char *figure = oba_month_text_figure (totals, i);
      g_autofree char *spoken = g_strdup_printf ("%s: %s", oba_month_text_figure_name (i), figure);
      GtkWidget *value = gtk_label_new (figure);

      gtk_label_set_xalign (GTK_LABEL (value), 1);
      gtk_label_set_selectable (GTK_LABEL (value), TRUE);
      gtk_widget_set_focusable (value, FALSE);
      gtk_widget_add_css_class (value, "numeric");
      gtk_accessible_update_property (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
      gtk_grid_attach (GTK_GRID (grid), oba_profile_label_new (oba_month_text_figure_name (i), "dim-label"), 0, (int) i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), value, 1, (int) i, 1, 1);
    }
  return grid;
}

static void
add_note (ObaMonthWindow *self, gint64 n, char *text)
{
  GtkWidget *note = n > 0 ? oba_profile_label_new (text, "changed-note") : NULL;

  if (note != NULL)
    gtk_box_append (self->figures, note);
  g_free (text);
}

static void
add_pending (ObaMonthWindow *self, const ObaMonthCount *count)
{
  g_autofree char *imports = oba_number_format (count->imports);
  g_autofree char *approvals = oba_number_format (count->approvals);
  g_autofree char *uncounted = oba_number_format (count->uncounted);
  g_autofree char *expiring = oba_number_format (count->expiring);

  add_note (self, count->imports,
            g_strdup_printf (ngettext ("%s sales file is being loaded now. Receipts of this month in it would be refused.",
                                       "%s sales files are being loaded now. Receipts of this month in them would be refused.", (gulong) count->imports),
                             imports));
  add_note (self, count->approvals,
            g_strdup_printf (ngettext ("%s correction that would be dated into this month waits for approval. Afterwards it is dated into the open month, and shown anew to whoever approves it.",
                                       "%s corrections that would be dated into this month wait for approval. Afterwards they are dated into the open month, and shown anew to whoever approves them.",
                                       (gulong) count->approvals),
                             approvals));
  add_note (self, count->uncounted,
            g_strdup_printf (ngettext ("%s receipt of this month is not in the figures of Overview yet. The totals here have it.",
                                       "%s receipts of this month are not in the figures of Overview yet. The totals here have them.", (gulong) count->uncounted),
                             uncounted));
  add_note (self, count->expiring,
            g_strdup_printf (ngettext ("%s point of this month should have expired and has not yet. Afterwards it expires in the open month.",
                                       "%s points of this month should have expired and have not yet. Afterwards they expire in the open month.", (gulong) count->expiring),
                             expiring));
}

static void
counted_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaMonthWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree ObaMonthCount *count = oba_month_count_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->counting);
  if (count == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_problem_box_set_text (self->problem, sentence);
      gtk_stack_set_visible_child_name (self->stack, "figures");
      return;
    }
  gtk_box_append (self->figures, grid_new (&count->totals));
  add_pending (self, count);
  gtk_stack_set_visible_child_name (self->stack, "figures");
  gtk_widget_set_sensitive (self->close_button, TRUE);
}

static void
confirm_cb (ObaMonthWindow *self)
{
  g_signal_emit (self, signals[CONFIRMED], 0);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* ---- the object */

static void
oba_month_window_dispose (GObject *object)
{
  ObaMonthWindow *self = OBA_MONTH_WINDOW (object);

  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_month_window_parent_class)->dispose (object);
}

static void
oba_month_window_class_init (ObaMonthWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_month_window_dispose;

  signals[CONFIRMED] = g_signal_new ("confirmed", OBA_TYPE_MONTH_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
oba_month_window_init (ObaMonthWindow *self)
{
}

static GtkWidget *
header_new (ObaMonthWindow *self)
{
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));

  self->close_button = gtk_button_new_with_mnemonic (_("_Close Month"));
  gtk_widget_add_css_class (self->close_button, "destructive-action");
  gtk_widget_set_sensitive (self->close_button, FALSE);
  g_signal_connect_swapped (self->close_button, "clicked", G_CALLBACK (confirm_cb), self);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "window.close");
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), self->close_button);
  return bar;
}

static GtkWidget *
waiting_new (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_spinner_set_spinning (GTK_SPINNER (spinner), TRUE);
  gtk_box_append (GTK_BOX (box), spinner);
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (_("Counting what the month made…"), "dim-label"));
  return box;
}

static void
add_content (ObaMonthWindow *self, const char *name, gboolean first)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  GtkBox *content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  /* Translators: a month, "October 2026". */
  g_autofree char *text = g_strdup_printf (_("Nothing can be dated into %s any more, by nobody. What is recorded or corrected later is entered in the open month. The totals below are written down and checked ever after. "
                                             "This cannot be undone."), name);

  gtk_box_append (content, oba_profile_label_new (text, NULL));
  if (first)
    gtk_box_append (content, oba_profile_label_new (_("It is the first month that is closed: those before it are closed with it, without totals of their own."), "changed-note"));
  gtk_box_append (content, GTK_WIDGET (self->problem));
  gtk_box_append (content, GTK_WIDGET (self->stack));
  gtk_widget_set_margin_top (GTK_WIDGET (content), 12);
  gtk_widget_set_margin_bottom (GTK_WIDGET (content), 18);
  gtk_widget_set_margin_start (GTK_WIDGET (content), 18);
  gtk_widget_set_margin_end (GTK_WIDGET (content), 18);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (content));
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (box, header_new (self));
  gtk_box_append (box, scrolled);
  adw_window_set_content (ADW_WINDOW (self), GTK_WIDGET (box));
}

ObaMonthWindow *
oba_month_window_new (GtkWindow *parent, ObaDbPool *pool, const GDate *month, gboolean first)
{
  g_autofree char *name = oba_month_text_name (month);
  /* Translators: a month, "October 2026". */
  g_autofree char *title = g_strdup_printf (_("Close %s?"), name);
  ObaMonthWindow *self = g_object_new (OBA_TYPE_MONTH_WINDOW, "transient-for", parent, "modal", TRUE, "title", title, "default-width", 520, "default-height", 560, NULL);

  self->pool = g_object_ref (pool);
  self->month = *month;
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->figures = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_add_named (self->stack, waiting_new (), "waiting");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->figures), "figures");
  add_content (self, name, first);
  self->counting = g_cancellable_new ();
  oba_month_count_async (pool, month, self->counting, counted_cb, self);
  return self;
}

gboolean
oba_month_window_is_settled (ObaMonthWindow *self)
{
  return self->counting == NULL;
}
