#include "oba-months-section.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "customers/oba-profile-section.h"
#include "oba-month-text.h"
#include "oba-month-window.h"
#include "widgets/oba-problem-box.h"

struct _ObaMonthsSection
{
  AdwBin                parent_instance;

  ObaSession           *session;
  GCancellable         *reading;      /* NULL: nothing is under way */
  GPtrArray            *months;       /* (nullable) */
  GDate                 closing;      /* valid while one is being closed from here */
  gboolean              is_counting;  /* and nothing can be dated into it any more */
  GtkFileChooserNative *chooser;
  ObaMonthsView        *view;
  ObaProblemBox        *problem;
  GtkLabel             *hint;
  GtkSpinner           *spinner;
  GtkWidget            *export_button;
  GtkWidget            *close_button;
};

enum { LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaMonthsSection, oba_months_section, ADW_TYPE_BIN)

static gboolean
may_close (ObaMonthsSection *self)
{
  return oba_session_has_role (self->session, OBA_ROLE_ADMIN);
}

static gboolean
is_closing (ObaMonthsSection *self)
{
  return g_date_valid (&self->closing);
}

static void
toast (ObaMonthsSection *self, const char *text)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), OBA_TYPE_PAGE);

  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), text);
}

/* ---- showing */

/* The month whose turn it is: one whose totals are still to be counted, or the oldest that may be closed. */
static const ObaMonthFacts *
next_month (ObaMonthsSection *self)
{
  const ObaMonthFacts *next = NULL;

  for (guint i = 0; self->months != NULL && i < self->months->len; i++)
    {
      const ObaMonthFacts *facts = oba_month_get (self->months->pdata[i]);

      if (facts->state == OBA_MONTH_CLOSING)
        return facts;
      if (facts->may_close)
        next = facts;
    }
  return next;
}

static gboolean
any_closed (ObaMonthsSection *self)
{
  for (guint i = 0; self->months != NULL && i < self->months->len; i++)
    if (oba_month_get (self->months->pdata[i])->closed_at != NULL)
      return TRUE;
  return FALSE;
}

static char *
describe_progress (ObaMonthsSection *self)
{
  g_autofree char *name = oba_month_text_name (&self->closing);

  if (self->is_counting)
    /* Translators: a month, "October 2026". */
    return g_strdup_printf (_("%s is closed: nothing can be dated into it any more. Step 2 of 2: counting its totals…"), name);
  return g_strdup_printf (_("Closing %s. Step 1 of 2: waiting for receipts that are being recorded…"), name);
}

static char *
describe_next (ObaMonthsSection *self)
{
  const ObaMonthFacts *next = next_month (self);
  g_autofree char *name = next != NULL ? oba_month_text_name (&next->month) : NULL;

  if (next == NULL)
    return g_strdup (_("A month can be closed from the second day of the next one on. There is none to close now."));
  if (next->state == OBA_MONTH_CLOSING)
    /* Translators: a month, "October 2026". */
    return g_strdup_printf (_("The closing of %s was cut off: its totals are still to be counted."), name);
  if (!any_closed (self))
    return g_strdup (_("No month is closed yet. The first one that is closed closes those before it, too."));
  return g_strdup_printf (_("Months are closed one after the other. The next one is %s."), name);
}

static void
update (ObaMonthsSection *self)
{
  ObaMonth *selected = oba_months_view_get_selected (self->view);
  const ObaMonthFacts *facts = selected != NULL ? oba_month_get (selected) : NULL;
  gboolean counts = facts != NULL && facts->state == OBA_MONTH_CLOSING;
  g_autofree char *hint = is_closing (self) ? describe_progress (self) : describe_next (self);

  gtk_label_set_label (self->hint, hint);
  gtk_spinner_set_spinning (self->spinner, is_closing (self));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_closing (self));
  gtk_button_set_label (GTK_BUTTON (self->close_button), counts ? _("_Count Its Totals") : _("_Close Month…"));
  gtk_widget_set_visible (self->close_button, may_close (self));
  gtk_widget_set_sensitive (self->close_button, !is_closing (self) && facts != NULL && (facts->may_close || counts));
  gtk_widget_set_sensitive (self->export_button, any_closed (self));
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaMonthsSection *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) months = oba_months_read_finish (result, &error);
  gboolean first = self->months == NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  if (months != NULL)
    {
      g_clear_pointer (&self->months, g_ptr_array_unref);
      self->months = g_ptr_array_ref (months);
      oba_months_view_set_months (self->view, months);
      if (first && next_month (self) != NULL)
        oba_months_view_select (self->view, &next_month (self)->month);
      update (self);
    }
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_problem_box_set_text (self->problem, sentence);
    }
  g_signal_emit (self, signals[LOADED], 0);
}

void
oba_months_section_refresh (ObaMonthsSection *self)
{
  g_return_if_fail (OBA_IS_MONTHS_SECTION (self));

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  oba_months_read_async (oba_session_get_pool (self->session), self->reading, read_cb, self);
}

/* ---- closing */

static void
closed_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaMonthsSection) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = oba_month_close_finish (result, &error);
  g_autofree char *name = oba_month_text_name (&self->closing);

  g_date_clear (&self->closing, 1);
  if (self->session == NULL)
    return;   /* the page was closed meanwhile */
  if (done)
    {
      /* Translators: a month, "October 2026". */
      g_autofree char *text = g_strdup_printf (_("%s is closed"), name);

      toast (self, text);
    }
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);
      /* Translators: a month, and a sentence that says why. */
      g_autofree char *half = g_strdup_printf (_("%s is closed, but its totals are still to be counted. %s"), name, sentence);

      oba_problem_box_set_text (self->problem, self->is_counting ? half : sentence);
    }
  update (self);
  oba_months_section_refresh (self);
}

static void
progress_cb (gpointer user_data)
{
  ObaMonthsSection *self = user_data;

  self->is_counting = TRUE;
  if (self->session != NULL)
    {
      update (self);
      oba_months_section_refresh (self);
    }
}

static void
start (ObaMonthsSection *self, const GDate *month, ObaMonthState state)
{
  self->closing = *month;
  self->is_counting = state == OBA_MONTH_CLOSING;
  oba_problem_box_set_text (self->problem, NULL);
  update (self);
  oba_month_close_async (oba_session_get_pool (self->session), month, state, progress_cb, self, NULL, closed_cb, g_object_ref (self));
}

static void
confirmed_cb (ObaMonthWindow *window, ObaMonthsSection *self)
{
  const GDate *month = g_object_get_data (G_OBJECT (window), "oba-month");

  start (self, month, OBA_MONTH_OPEN);
}

static void
close_cb (ObaMonthsSection *self)
{
  ObaMonth *selected = oba_months_view_get_selected (self->view);
  const ObaMonthFacts *facts = selected != NULL ? oba_month_get (selected) : NULL;
  ObaMonthWindow *window;

  if (facts == NULL || is_closing (self) || !may_close (self))
    return;
  if (facts->state == OBA_MONTH_CLOSING)
    start (self, &facts->month, facts->state);
  else if (facts->may_close)
    {
      window = oba_month_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), oba_session_get_pool (self->session), &facts->month, !any_closed (self));
      g_object_set_data_full (G_OBJECT (window), "oba-month", g_memdup2 (&facts->month, sizeof facts->month), g_free);
      g_signal_connect_object (window, "confirmed", G_CALLBACK (confirmed_cb), self, 0);
      gtk_window_present (GTK_WINDOW (window));
    }
}

/* ---- a file */

static void
written_cb (GObject *file, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaMonthsSection) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = g_file_replace_contents_finish (G_FILE (file), result, NULL, &error);

  if (self->session == NULL)
    return;
  if (done)
    toast (self, _("The closed months were saved"));
  else
    {
      g_autofree char *text = g_strdup_printf (_("The file could not be written: %s"), error->message);

      oba_problem_box_set_text (self->problem, text);
    }
}

void
oba_months_section_export (ObaMonthsSection *self, GFile *file)
{
  char *text = oba_months_to_csv (self->months);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  g_return_if_fail (OBA_IS_MONTHS_SECTION (self));

  oba_problem_box_set_text (self->problem, NULL);
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, written_cb, g_object_ref (self));
}

static void
chosen_cb (ObaMonthsSection *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;

  g_clear_object (&self->chooser);
  if (file != NULL)
    oba_months_section_export (self, file);
}

static void
export_cb (ObaMonthsSection *self)
{
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Export Closed Months"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  /* Translators: the name of a file. */
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), _("Closed months.csv"));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- the object */

static void
oba_months_section_dispose (GObject *object)
{
  ObaMonthsSection *self = OBA_MONTHS_SECTION (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->months, g_ptr_array_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_months_section_parent_class)->dispose (object);
}

static void
oba_months_section_class_init (ObaMonthsSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_months_section_dispose;

  signals[LOADED] = g_signal_new ("loaded", OBA_TYPE_MONTHS_SECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
bar_new (ObaMonthsSection *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  self->hint = GTK_LABEL (oba_profile_label_new ("", NULL));
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  self->export_button = gtk_button_new_with_mnemonic (_("_Export…"));
  self->close_button = gtk_button_new_with_mnemonic (_("_Close Month…"));
  gtk_widget_set_hexpand (GTK_WIDGET (self->hint), TRUE);
  g_signal_connect_swapped (self->export_button, "clicked", G_CALLBACK (export_cb), self);
  g_signal_connect_swapped (self->close_button, "clicked", G_CALLBACK (close_cb), self);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->hint));
  gtk_box_append (GTK_BOX (bar), self->export_button);
  gtk_box_append (GTK_BOX (bar), self->close_button);
  g_object_set (bar, "margin-start", 12, "margin-end", 12, "margin-bottom", 9, NULL);
  return bar;
}

static void
oba_months_section_init (ObaMonthsSection *self)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));

  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, "margin-start", 12, "margin-end", 12, "margin-bottom", 9, NULL);
  self->view = OBA_MONTHS_VIEW (oba_months_view_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->view), TRUE);
  gtk_box_append (box, bar_new (self));
  gtk_box_append (box, GTK_WIDGET (self->problem));
  gtk_box_append (box, GTK_WIDGET (self->view));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (box));
}

GtkWidget *
oba_months_section_new (ObaSession *session)
{
  ObaMonthsSection *self = g_object_new (OBA_TYPE_MONTHS_SECTION, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (self->view, "selected", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "activated", G_CALLBACK (close_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_administration", G_CALLBACK (oba_months_section_refresh), self, G_CONNECT_SWAPPED);
  update (self);
  oba_months_section_refresh (self);
  return GTK_WIDGET (self);
}

ObaMonthsView *
oba_months_section_get_view (ObaMonthsSection *self)
{
  return self->view;
}

gboolean
oba_months_section_is_settled (ObaMonthsSection *self)
{
  return self->reading == NULL && !is_closing (self);
}

const char *
oba_months_section_get_problem (ObaMonthsSection *self)
{
  return oba_problem_box_get_text (self->problem);
}
