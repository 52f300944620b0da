#include "oba-import-window.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/oba-money.h"
#include "import/oba-import-preview.h"
#include "oba-import-first-rows.h"
#include "oba-import-mapper.h"
#include "oba-import-reading.h"
#include "oba-import-report-rows.h"

#define PREVIEW_ROWS 8
#define SHOWN_REJECTS 100

struct _ObaImportWindow
{
  AdwWindow             parent_instance;

  ObaSession           *session;
  GSettings            *settings;
  GFile                *file;
  ObaImportPreview     *preview;
  ObaImportReport      *report;
  ObaImportMapper      *mapper;
  ObaImportReading     *reading;
  char                 *misread;       /* what is wrong with the file as it is read just now */
  char                 *folder;        /* of our own, for the rejected lines */
  GCancellable         *cancellable;
  GCancellable         *reading_anew;
  GtkFileChooserNative *chooser;
  GPtrArray            *groups;        /* of the report page */
  gboolean              filling;

  GtkStack             *stack;
  GtkWidget            *back_button;
  GtkWidget            *check_button;
  GtkWidget            *import_button;
  GtkWidget            *choose_button;
  GtkWidget            *stop_button;
  AdwPreferencesGroup  *file_group;
  AdwComboRow          *kind_row;
  GtkWidget            *create_row;
  GtkSwitch            *create_switch;
  AdwBin               *reading_bin;
  AdwBin               *preview_bin;
  AdwBin               *mapper_bin;
  GtkLabel             *problem_label;
  GtkLabel             *running_label;
  GtkProgressBar       *progress_bar;
  AdwPreferencesPage   *report_page;
  AdwStatusPage        *failed_page;
};

G_DEFINE_FINAL_TYPE (ObaImportWindow, oba_import_window, ADW_TYPE_WINDOW)

const char *
oba_import_window_get_shown (ObaImportWindow *self)
{
  const char *shown = gtk_stack_get_visible_child_name (self->stack);

  return g_strcmp0 (shown, "report") != 0 ? shown : self->report->dry_run ? "checked" : "done";
}

static void
update_buttons (ObaImportWindow *self)
{
  const char *shown = oba_import_window_get_shown (self);
  gboolean map = g_strcmp0 (shown, "map") == 0, checked = g_strcmp0 (shown, "checked") == 0;

  gtk_widget_set_visible (self->back_button, map || checked || g_strcmp0 (shown, "failed") == 0);
  gtk_widget_set_visible (self->check_button, map);
  gtk_widget_set_visible (self->import_button, checked);
  if (g_strcmp0 (shown, "running") == 0)
    gtk_widget_grab_focus (self->stop_button);
}

/* (transfer full) */
static char *
describe (const GError *error)
{
  if (error->domain == OBA_DB_ERROR)
    return oba_db_error_describe (error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return g_strdup (_("The file is not there any more."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return g_strdup (_("You are not allowed to read this file."));
  return g_strdup (error->message);
}

static void
show_error (ObaImportWindow *self, const GError *error)
{
  g_autofree char *sentence = describe (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      gtk_stack_set_visible_child_name (self->stack, self->preview != NULL ? "map" : "choose");
      return;
    }
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

/* ---- the file's first rows, and what its columns are */

static void
mapping_changed_cb (ObaImportWindow *self)
{
  g_autofree char *unmapped = oba_import_mapper_get_problem (self->mapper);
  const char *problem = self->misread != NULL ? self->misread : unmapped;

  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.check", problem == NULL);
}

static ObaImportKind
get_kind (ObaImportWindow *self)
{
  static const ObaImportKind kinds[] = { OBA_IMPORT_CUSTOMERS, OBA_IMPORT_SALES, OBA_IMPORT_PRODUCTS, OBA_IMPORT_STORES };

  return kinds[adw_combo_row_get_selected (self->kind_row)];
}

static void
kind_changed_cb (ObaImportWindow *self)
{
  if (self->preview == NULL || self->filling)
    return;
  gtk_widget_set_visible (self->create_row, get_kind (self) == OBA_IMPORT_SALES);
  self->mapper = OBA_IMPORT_MAPPER (oba_import_mapper_new (get_kind (self), self->preview, self->settings));
  g_signal_connect_object (self->mapper, "changed", G_CALLBACK (mapping_changed_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->mapper_bin, GTK_WIDGET (self->mapper));
  mapping_changed_cb (self);
}

static void
read_anew_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaImportWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaImportPreview) preview = oba_import_preview_finish (result, &error);
  g_autoptr (ObaImportMapper) before = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->stack == NULL)
    return;
  g_clear_object (&self->reading_anew);
  g_clear_pointer (&self->misread, g_free);
  if (preview == NULL)
    {
      self->misread = describe (error);
      mapping_changed_cb (self);
      return;
    }
  before = g_object_ref (self->mapper);
  adw_bin_set_child (self->mapper_bin, NULL);
  oba_import_preview_free (self->preview);
  self->preview = g_steal_pointer (&preview);
  adw_bin_set_child (self->preview_bin, oba_import_first_rows_new (self->preview));
  kind_changed_cb (self);
  oba_import_mapper_keep (self->mapper, before);
}

/* In another encoding, or cut at another sign: as the person says. */
static void
read_anew (ObaImportWindow *self)
{
  g_cancellable_cancel (self->reading_anew);
  g_clear_object (&self->reading_anew);
  self->reading_anew = g_cancellable_new ();
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.check", FALSE);
  oba_import_preview_async (self->file, oba_import_reading_get_encoding (self->reading), oba_import_reading_get_delimiter (self->reading), PREVIEW_ROWS,
                            self->reading_anew, read_anew_cb, g_object_ref (self));
}

static void
show_preview (ObaImportWindow *self)
{
  static const guint places[] = { [OBA_IMPORT_CUSTOMERS] = 0, [OBA_IMPORT_SALES] = 1, [OBA_IMPORT_PRODUCTS] = 2, [OBA_IMPORT_STORES] = 3 };
  g_autofree char *name = g_file_get_basename (self->file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *escaped = g_markup_escape_text (shown, -1);

  adw_preferences_group_set_title (self->file_group, escaped);
  self->reading = OBA_IMPORT_READING (oba_import_reading_new (self->preview));
  g_signal_connect_object (self->reading, "changed", G_CALLBACK (read_anew), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->reading_bin, GTK_WIDGET (self->reading));
  adw_bin_set_child (self->preview_bin, oba_import_first_rows_new (self->preview));
  self->filling = TRUE;
  adw_combo_row_set_selected (self->kind_row, places[oba_import_kind_guess ((const char *const *) self->preview->header)]);
  self->filling = FALSE;
  kind_changed_cb (self);
  gtk_stack_set_visible_child_name (self->stack, "map");
}

static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaImportWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaImportPreview) preview = oba_import_preview_finish (result, &error);

  g_clear_object (&self->cancellable);
  if (self->stack == NULL)
    return;
  if (preview == NULL)
    {
      show_error (self, error);
      return;
    }
  self->preview = g_steal_pointer (&preview);
  show_preview (self);
}

static void
show_running (ObaImportWindow *self, const char *text)
{
  self->cancellable = g_cancellable_new ();
  gtk_label_set_label (self->running_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  gtk_stack_set_visible_child_name (self->stack, "running");
}

void
oba_import_window_take_file (ObaImportWindow *self, GFile *file)
{
  g_cancellable_cancel (self->reading_anew);
  g_clear_object (&self->reading_anew);
  g_clear_pointer (&self->misread, g_free);
  adw_bin_set_child (self->mapper_bin, NULL);
  self->mapper = NULL;
  g_clear_pointer (&self->preview, oba_import_preview_free);
  g_set_object (&self->file, file);
  show_running (self, _("Reading…"));
  oba_import_preview_async (file, NULL, 0, PREVIEW_ROWS, self->cancellable, previewed_cb, g_object_ref (self));
}

/* ---- the work */

static void
progress_cb (ObaImportPhase phase, goffset done, goffset size, gint64 rows, gpointer user_data)
{
  static const char *const labels[] = { N_("Reading"), N_("Checking"), N_("Writing the rejected lines"), N_("Storing"), N_("Posting points and tiers"),
                                        N_("Updating the totals") };
  ObaImportWindow *self = user_data;
  g_autofree char *number = oba_number_format (rows);
  /* Translators: what is done, and the rows read so far. */
  g_autofree char *text = g_strdup_printf (_("%s… %s rows"), _(labels[phase]), number);

  gtk_label_set_label (self->running_label, text);
  if (phase == OBA_IMPORT_PHASE_READING && size > 0)
    gtk_progress_bar_set_fraction (self->progress_bar, (double) done / (double) size);
  else
    gtk_progress_bar_pulse (self->progress_bar);
}

static char *
rejects_path (ObaImportWindow *self)
{
  return g_build_filename (self->folder, "rejects.csv", NULL);
}

static void
add_group (ObaImportWindow *self, GtkWidget *group)
{
  adw_preferences_page_add (self->report_page, ADW_PREFERENCES_GROUP (group));
  g_ptr_array_add (self->groups, group);
}

static void
add_same_file (ObaImportWindow *self)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (self->report->same_at);
  g_autofree char *day = at != NULL ? g_date_time_format (at, "%x %H:%M") : g_strdup ("");
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, self->report->same_batch);
  /* Translators: number of an import, and when it was. */
  g_autofree char *text = g_strdup_printf (self->report->same_reversed
                                               ? _("The very same file was imported as import %s on %s, and reversed since.")
                                               : _("The very same file was imported as import %s on %s. What is there already is not stored twice."),
                                           number, day);
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "warning");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), label);
  add_group (self, group);
}

static void
rejects_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaImportWindow) self = user_data;
  g_autoptr (ObaImportPreview) rejects = oba_import_preview_finish (result, NULL);
  GtkWidget *group;

  if (rejects == NULL || self->stack == NULL || self->report == NULL || self->report->rejected == 0)
    return;
  group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Rejected Lines"));
  for (guint i = 0; i < rejects->rows->len; i++)
    {
      GStrv row = rejects->rows->pdata[i];
      GtkWidget *line = adw_action_row_new ();
      /* Translators: the number of a line, and what is wrong with it. */
      g_autofree char *title = g_strdup_printf (_("Line %s: %s"), row[0], row[1]);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (line), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (line), title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (line), row[2]);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (line), 2);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), line);
    }
  add_group (self, group);
}

static GtkWidget *
make_save_button (void)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Save Rejected Lines…"));

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "import.save-rejects");
  return button;
}

static void
show_report (ObaImportWindow *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  gboolean nothing = self->report->inserted + self->report->updated == 0;

  while (self->groups->len > 0)
    adw_preferences_page_remove (self->report_page, g_ptr_array_steal_index (self->groups, self->groups->len - 1));
  if (self->report->same_batch != 0 && self->report->dry_run)
    add_same_file (self);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), self->report->dry_run ? _("What Would Happen") : _("What Has Happened"));
  if (self->report->dry_run)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), !nothing ? _("Nothing was changed yet.")
                                           : self->report->rejected > 0 && self->report->rejected == self->report->rows
                                               ? _("Every line is rejected: see below why.")
                                               : _("The file brings nothing new."));
  if (self->report->rejected > 0)
    adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), make_save_button ());
  oba_import_report_add_rows (ADW_PREFERENCES_GROUP (group), self->report);
  add_group (self, group);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.run", self->report->dry_run && !nothing);
  gtk_stack_set_visible_child_name (self->stack, "report");
  update_buttons (self);
  if (self->report->rejected > 0)
    {
      g_autofree char *path = rejects_path (self);
      g_autoptr (GFile) rejects = g_file_new_for_path (path);

      oba_import_preview_async (rejects, "UTF-8", ',', SHOWN_REJECTS, NULL, rejects_read_cb, g_object_ref (self));
    }
}

static void
imported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaImportWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaImportReport) report = oba_import_run_finish (result, &error);

  g_clear_object (&self->cancellable);
  if (self->stack == NULL)
    return;
  if (report == NULL)
    {
      show_error (self, error);
      return;
    }
  g_clear_pointer (&self->report, oba_import_report_free);
  self->report = g_steal_pointer (&report);
  show_report (self);
  if (!self->report->dry_run)
    {
      oba_import_mapper_remember (self->mapper);
      g_signal_emit_by_name (self, "imported");
    }
}

static void
run (ObaImportWindow *self, gboolean dry_run)
{
  g_autoptr (ObaImportOptions) options = NULL;
  g_autofree char *path = NULL;

  if (self->cancellable != NULL || self->preview == NULL)
    return;
  if (self->folder == NULL)
    self->folder = g_dir_make_tmp ("oba-import-XXXXXX", NULL);
  options = oba_import_options_new (get_kind (self), self->file);
  options->columns = oba_import_mapper_get_columns (self->mapper);
  options->encoding = g_strdup (oba_import_reading_get_encoding (self->reading));
  options->delimiter = oba_import_reading_get_delimiter (self->reading);
  options->dry_run = dry_run;
  if (!dry_run)
    options->expected_sha256 = g_strdup (self->report->sha256);
  if (gtk_switch_get_active (self->create_switch))
    options->create |= OBA_IMPORT_CREATE_STORES | OBA_IMPORT_CREATE_CUSTOMERS;
  if (self->folder != NULL)
    {
      path = rejects_path (self);
      options->rejects = g_file_new_for_path (path);
    }
  show_running (self, dry_run ? _("Checking…") : _("Importing…"));
  oba_import_run_async (oba_db_pool_get_conninfo (oba_session_get_pool (self->session)), options, progress_cb, self, self->cancellable, imported_cb,
                        g_object_ref (self));
}

/* ---- actions */

static void
chosen_cb (ObaImportWindow *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;

  g_clear_object (&self->chooser);
  if (file != NULL)
    oba_import_window_take_file (self, file);
}

static void
choose_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaImportWindow *self = OBA_IMPORT_WINDOW (widget);
  g_autoptr (GtkFileFilter) csv = gtk_file_filter_new (), all = gtk_file_filter_new ();

  gtk_file_filter_set_name (csv, _("CSV files"));
  gtk_file_filter_add_suffix (csv, "csv");
  gtk_file_filter_add_suffix (csv, "tsv");
  gtk_file_filter_add_suffix (csv, "txt");
  gtk_file_filter_add_suffix (csv, "gz");
  gtk_file_filter_set_name (all, _("All files"));
  gtk_file_filter_add_pattern (all, "*");
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Import a File"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), csv);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), all);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

void
oba_import_window_save_rejects (ObaImportWindow *self, const char *path)
{
  g_autofree char *from_path = rejects_path (self);
  g_autoptr (GFile) from = g_file_new_for_path (from_path), to = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  if (!g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error))
    {
      GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("The Rejected Lines Were Not Saved"), error->message);

      adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
      gtk_window_present (GTK_WINDOW (dialog));
    }
}

static void
save_chosen_cb (ObaImportWindow *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  g_clear_object (&self->chooser);
  if (path != NULL)
    oba_import_window_save_rejects (self, path);
}

static void
save_rejects_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaImportWindow *self = OBA_IMPORT_WINDOW (widget);
  g_autofree char *base = g_file_get_basename (self->file);
  g_autofree char *shown = g_filename_display_name (base);
  /* Translators: the name of a file for the rejected lines of another. */
  g_autofree char *suggested = g_strdup_printf (_("Rejected from %s"), shown);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Save Rejected Lines"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), suggested);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (save_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
check_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  run (OBA_IMPORT_WINDOW (widget), TRUE);
}

static void
run_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  run (OBA_IMPORT_WINDOW (widget), FALSE);
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_cancellable_cancel (OBA_IMPORT_WINDOW (widget)->cancellable);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaImportWindow *self = OBA_IMPORT_WINDOW (widget);
  gboolean from_map = g_str_equal (oba_import_window_get_shown (self), "map");

  gtk_stack_set_visible_child_name (self->stack, self->preview != NULL && !from_map ? "map" : "choose");
}

/* ---- the object */

ObaImportWindow *
oba_import_window_new (GtkWindow *parent, ObaSession *session, GSettings *settings)
{
  ObaImportWindow *self = g_object_new (OBA_TYPE_IMPORT_WINDOW, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  self->settings = settings != NULL ? g_object_ref (settings) : NULL;
  return self;
}

static void
remove_folder (ObaImportWindow *self)
{
  g_autofree char *path = NULL;

  if (self->folder == NULL)
    return;
  path = rejects_path (self);
  g_unlink (path);
  g_rmdir (self->folder);
}

/* Destroyed, and what runs is stopped. It keeps this object for a moment, perhaps longer than the window under it lives. */
static void
oba_import_window_unrealize (GtkWidget *widget)
{
  ObaImportWindow *self = OBA_IMPORT_WINDOW (widget);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->reading_anew);
  g_clear_object (&self->chooser);
  self->stack = NULL;
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);

  GTK_WIDGET_CLASS (oba_import_window_parent_class)->unrealize (widget);
}

static void
oba_import_window_finalize (GObject *object)
{
  ObaImportWindow *self = OBA_IMPORT_WINDOW (object);

  remove_folder (self);
  g_free (self->folder);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->file);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->reading_anew);
  g_free (self->misread);
  g_clear_pointer (&self->preview, oba_import_preview_free);
  g_clear_pointer (&self->report, oba_import_report_free);
  g_ptr_array_unref (self->groups);

  G_OBJECT_CLASS (oba_import_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, check_button);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, import_button);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, choose_button);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, stop_button);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, file_group);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, kind_row);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, create_row);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, create_switch);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, reading_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, preview_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, mapper_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, running_label);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, report_page);
  gtk_widget_class_bind_template_child (widget_class, ObaImportWindow, failed_page);
  gtk_widget_class_bind_template_callback (widget_class, update_buttons);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
}

static void
oba_import_window_class_init (ObaImportWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = oba_import_window_finalize;
  widget_class->unrealize = oba_import_window_unrealize;
  g_signal_new ("imported", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/files/oba-import-window.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "import.choose", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "import.check", NULL, check_action);
  gtk_widget_class_install_action (widget_class, "import.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "import.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "import.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "import.save-rejects", NULL, save_rejects_action);
}

static void
oba_import_window_init (ObaImportWindow *self)
{
  const char *kinds[] = { _("Customers"), _("Sales"), _("Products"), _("Stores"), NULL };
  g_autoptr (GtkStringList) list = gtk_string_list_new (kinds);

  self->groups = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (self->kind_row, G_LIST_MODEL (list));
  update_buttons (self);
}
