#include "oba-access-window.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "access/oba-access.h"
#include "base/oba-money.h"
#include "oba-customer-text.h"

#define MAX_NAMES 1000

/* In the order of the row. */
static const char *const languages[] = { "az", "ru", "en" };

struct _ObaAccessWindow
{
  AdwWindow             parent_instance;

  ObaSession           *session;
  gint64                id;
  GPtrArray            *paths;         /* of what is, or will be, written */
  guint                 n_written;
  ObaAccessWindowFormat format;
  const char           *language;
  GCancellable         *cancellable;   /* of what runs */
  GtkFileChooserNative *chooser;

  GtkStack             *stack;
  GtkWidget            *save_button;
  AdwComboRow          *language_row;
  AdwComboRow          *format_row;
  GtkLabel             *running_label;
  GtkProgressBar       *progress_bar;
  GtkWidget            *stop_button;
  AdwBin               *files_bin;
  GtkWidget            *folder_button;
  AdwStatusPage        *failed_page;
};

G_DEFINE_FINAL_TYPE (ObaAccessWindow, oba_access_window, ADW_TYPE_WINDOW)

static void write_next (ObaAccessWindow *self);

static void
update_buttons (ObaAccessWindow *self)
{
  const char *shown = gtk_stack_get_visible_child_name (self->stack);

  gtk_widget_set_visible (self->save_button, g_strcmp0 (shown, "form") == 0);
  if (g_strcmp0 (shown, "running") == 0)
    gtk_widget_grab_focus (self->stop_button);
  else if (g_strcmp0 (shown, "done") == 0)
    gtk_widget_grab_focus (self->folder_button);
}

/* ---- names of files: the number says enough, and the name of a person does not belong there */

static char *
make_name (ObaAccessWindow *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");

  /* Translators: the beginning of a file's name. */
  return g_strdup_printf ("%s %" G_GINT64_FORMAT " %s", _("Personal data"), self->id, day);
}

/* One in @folder that is not there yet; nobody was asked whether another may be replaced. */
static char *
make_free_path (ObaAccessWindow *self, const char *folder, const char *extension)
{
  g_autofree char *base = make_name (self);

  for (guint i = 1; i < MAX_NAMES; i++)
    {
      g_autofree char *name = i == 1 ? g_strdup_printf ("%s.%s", base, extension) : g_strdup_printf ("%s (%u).%s", base, i, extension);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return g_build_filename (folder, base, NULL);
}

/* ---- the work */

static void
progress_cb (gint64 rows, gint64 total, gpointer user_data)
{
  ObaAccessWindow *self = user_data;
  g_autofree char *number = oba_number_format (rows);
  g_autofree char *text = g_strdup_printf (ngettext ("%s entry", "%s entries", (gulong) rows), number);
  double part = total > 0 ? (double) rows / (double) total : 1;

  if (self->stack == NULL)
    return;
  gtk_label_set_label (self->running_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, (self->n_written + part) / self->paths->len);
}

static void
open_cb (GtkButton *button, ObaAccessWindow *self)
{
  g_autofree char *uri = g_filename_to_uri (g_object_get_data (G_OBJECT (button), "path"), NULL, NULL);

  gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

static GtkWidget *
file_row_new (ObaAccessWindow *self, const char *path)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Open"));
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *place = g_filename_display_name (folder);
  g_autofree char *escaped = g_markup_escape_text (place, -1);
  /* Translators: the name of a file. */
  g_autofree char *what = g_strdup_printf (_("Open %s"), name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  g_object_set_data_full (G_OBJECT (button), "path", g_strdup (path), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (open_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
show_done (ObaAccessWindow *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  for (guint i = 0; i < self->paths->len; i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), file_row_new (self, self->paths->pdata[i]));
  adw_bin_set_child (self->files_bin, group);
  gtk_stack_set_visible_child_name (self->stack, "done");
}

/* One of two is not what was asked for. */
static void
drop_written (ObaAccessWindow *self)
{
  for (guint i = 0; i < self->n_written; i++)
    g_unlink (self->paths->pdata[i]);
}

static void
show_error (ObaAccessWindow *self, const GError *error)
{
  g_autofree char *sentence = error->domain == OBA_DB_ERROR ? oba_db_error_describe (error) : g_strdup (error->message);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      gtk_stack_set_visible_child_name (self->stack, "form");
      return;
    }
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaAccessWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!oba_access_write_finish (result, &error))
    drop_written (self);
  else if (++self->n_written < self->paths->len)
    {
      write_next (self);
      return;
    }
  g_clear_object (&self->cancellable);
  if (self->stack == NULL)
    return;
  if (error == NULL)
    show_done (self);
  else
    show_error (self, error);
}

/* The window lives until the last word of the export, even when it is closed. */
static void
write_next (ObaAccessWindow *self)
{
  const char *path = self->paths->pdata[self->n_written];
  gboolean json = self->format == OBA_ACCESS_WINDOW_JSON || self->n_written == 1;

  oba_access_write_async (oba_db_pool_get_conninfo (oba_session_get_pool (self->session)), self->id,
                          json ? OBA_ACCESS_JSON : OBA_ACCESS_PDF, self->language, path, progress_cb, self, self->cancellable, written_cb, g_object_ref (self));
}

void
oba_access_window_start (ObaAccessWindow *self, const char *path)
{
  g_return_if_fail (OBA_IS_ACCESS_WINDOW (self));
  if (self->cancellable != NULL)
    return;
  self->format = (ObaAccessWindowFormat) adw_combo_row_get_selected (self->format_row);
  self->language = languages[adw_combo_row_get_selected (self->language_row)];
  g_ptr_array_set_size (self->paths, 0);
  if (self->format == OBA_ACCESS_WINDOW_BOTH)
    {
      g_ptr_array_add (self->paths, make_free_path (self, path, "pdf"));
      g_ptr_array_add (self->paths, make_free_path (self, path, "json"));
    }
  else
    g_ptr_array_add (self->paths, g_strdup (path));
  self->n_written = 0;
  self->cancellable = g_cancellable_new ();
  gtk_label_set_label (self->running_label, _("Reading…"));
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  gtk_stack_set_visible_child_name (self->stack, "running");
  write_next (self);
}

const char *
oba_access_window_get_shown (ObaAccessWindow *self)
{
  g_return_val_if_fail (OBA_IS_ACCESS_WINDOW (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

/* ---- actions */

static void
chosen_cb (ObaAccessWindow *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  g_clear_object (&self->chooser);
  if (path != NULL)
    oba_access_window_start (self, path);
}

static void
choose_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaAccessWindow *self = OBA_ACCESS_WINDOW (widget);
  guint format = adw_combo_row_get_selected (self->format_row);
  gboolean both = format == OBA_ACCESS_WINDOW_BOTH;
  g_autofree char *base = make_name (self);
  g_autofree char *suggested = g_strdup_printf ("%s.%s", base, format == OBA_ACCESS_WINDOW_JSON ? "json" : "pdf");

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Export Personal Data"), GTK_WINDOW (self),
                                               both ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (!both)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), suggested);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_cancellable_cancel (OBA_ACCESS_WINDOW (widget)->cancellable);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_stack_set_visible_child_name (OBA_ACCESS_WINDOW (widget)->stack, "form");
}

static void
open_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaAccessWindow *self = OBA_ACCESS_WINDOW (widget);
  g_autofree char *folder = g_path_get_dirname (self->paths->pdata[0]);
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

/* ---- the object */

static void
fill_form (ObaAccessWindow *self, const char *language)
{
  const char *formats[] = { _("To read (PDF)"), _("For programs (JSON)"), _("Both"), NULL };
  g_autoptr (GtkStringList) format_list = gtk_string_list_new (formats);
  g_autoptr (GtkStringList) language_list = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    gtk_string_list_append (language_list, oba_customer_text_language (languages[i]));
  adw_combo_row_set_model (self->format_row, G_LIST_MODEL (format_list));
  adw_combo_row_set_model (self->language_row, G_LIST_MODEL (language_list));
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_str_equal (language, languages[i]))
      adw_combo_row_set_selected (self->language_row, i);
}

ObaAccessWindow *
oba_access_window_new (GtkWindow *parent, ObaSession *session, gint64 customer_id, const char *language)
{
  ObaAccessWindow *self = g_object_new (OBA_TYPE_ACCESS_WINDOW, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  self->id = customer_id;
  fill_form (self, language);
  return self;
}

/* Destroyed, and what runs is stopped. It keeps this object for a moment, perhaps longer than the window under it lives. */
static void
oba_access_window_unrealize (GtkWidget *widget)
{
  ObaAccessWindow *self = OBA_ACCESS_WINDOW (widget);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->chooser);
  self->stack = NULL;
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);

  GTK_WIDGET_CLASS (oba_access_window_parent_class)->unrealize (widget);
}

static void
oba_access_window_finalize (GObject *object)
{
  ObaAccessWindow *self = OBA_ACCESS_WINDOW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->paths, g_ptr_array_unref);

  G_OBJECT_CLASS (oba_access_window_parent_class)->finalize (object);
}

static void
oba_access_window_class_init (ObaAccessWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = oba_access_window_finalize;
  widget_class->unrealize = oba_access_window_unrealize;

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-access-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaAccessWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaAccessWindow, save_button);
  gtk_widget_class_bind_template_child (widget_class, ObaAccessWindow, language_row);
  gtk_widget_class_bind_template_child (widget_class, ObaAccessWindow, format_row);
  gtk_widget_class_bind_template_child (widget_class, ObaAccessWindow, running_label);
  gtk_widget_class_bind_template_child (widget_class, ObaAccessWindow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ObaAccessWindow, stop_button);
  gtk_widget_class_bind_template_child (widget_class, ObaAccessWindow, files_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaAccessWindow, folder_button);
  gtk_widget_class_bind_template_child (widget_class, ObaAccessWindow, failed_page);
  gtk_widget_class_bind_template_callback (widget_class, update_buttons);
  gtk_widget_class_install_action (widget_class, "access.choose", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "access.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "access.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "access.open-folder", NULL, open_folder_action);
}

static void
oba_access_window_init (ObaAccessWindow *self)
{
  self->paths = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}
