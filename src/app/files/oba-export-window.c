#include "oba-export-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"

/* In the order of the row. */
enum
{
  FORMAT_WORKBOOK,
  FORMAT_CSV,
  FORMAT_CSV_EXCEL,
};

struct _ObaExportWindow
{
  AdwWindow             parent_instance;

  ObaSession           *session;
  ObaExportOptions     *all;
  GArray               *ids;
  GStrv                 shown_columns;
  char                 *path;
  gint64                started;
  GCancellable         *cancellable;
  GtkFileChooserNative *chooser;

  GtkStack             *stack;
  GtkWidget            *export_button;
  AdwComboRow          *which_row;
  AdwComboRow          *columns_row;
  AdwComboRow          *format_row;
  GtkLabel             *running_label;
  GtkProgressBar       *progress_bar;
  GtkWidget            *stop_button;
  GtkLabel             *rows_label;
  GtkLabel             *points_label;
  GtkLabel             *spend_label;
  AdwActionRow         *file_row;
  GtkWidget            *folder_button;
  AdwStatusPage        *failed_page;
};

G_DEFINE_FINAL_TYPE (ObaExportWindow, oba_export_window, ADW_TYPE_WINDOW)

static void
update_buttons (ObaExportWindow *self)
{
  const char *shown = gtk_stack_get_visible_child_name (self->stack);

  gtk_widget_set_visible (self->export_button, g_strcmp0 (shown, "form") == 0);
  if (g_strcmp0 (shown, "running") == 0)
    gtk_widget_grab_focus (self->stop_button);
  else if (g_strcmp0 (shown, "done") == 0)
    gtk_widget_grab_focus (self->folder_button);
}

/* ---- what is asked for */

/* What the list calls a column, and what a file does; a name is two columns there. */
static const struct { const char *shown, *exported[2]; } names[] = {
  { "name", { "family_name", "given_name" } }, { "last-purchase", { "last_purchase" } }, { "registered", { "registered_at" } },
  { "birth-date", { "birth_date" } },          { "store", { "preferred_store" } },
  { "number", { NULL } },                      { "lifecycle", { "lifecycle", "lifecycle_since" } },
};

static gboolean
may_see_persons (ObaExportWindow *self)
{
  return oba_session_has_role (self->session, OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR);
}

static void
add_exported (ObaExportWindow *self, GStrvBuilder *builder, const char *name)
{
  const ObaExportColumn *column = name != NULL ? oba_export_column_find (self->all->kind, name) : NULL;

  if (column != NULL && (!(column->flags & OBA_EXPORT_PERSONAL) || may_see_persons (self)))
    g_strv_builder_add (builder, name);
}

static void
add_column (ObaExportWindow *self, GStrvBuilder *builder, const char *shown)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (shown, names[i].shown))
      {
        add_exported (self, builder, names[i].exported[0]);
        add_exported (self, builder, names[i].exported[1]);
        return;
      }
  add_exported (self, builder, shown);
}

/* As shown: with the number that tells two of one name apart. */
static GStrv
choose_columns (ObaExportWindow *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (self->shown_columns != NULL && adw_combo_row_get_selected (self->columns_row) == 0)
    {
      g_strv_builder_add (builder, "oba_id");
      for (guint i = 0; self->shown_columns[i] != NULL; i++)
        add_column (self, builder, self->shown_columns[i]);
    }
  else
    for (const ObaExportColumn *c = oba_export_kind_columns (self->all->kind); c->name != NULL; c++)
      add_exported (self, builder, c->name);
  return g_strv_builder_end (builder);
}

static ObaExportOptions *
make_options (ObaExportWindow *self)
{
  ObaExportOptions *options = oba_export_options_copy (self->all);
  guint format = adw_combo_row_get_selected (self->format_row);

  options->path = g_strdup (self->path);
  options->format = format == FORMAT_WORKBOOK ? OBA_EXPORT_XLSX : OBA_EXPORT_CSV;
  options->bom = format == FORMAT_CSV_EXCEL;
  options->delimiter = format == FORMAT_CSV_EXCEL ? ';' : ',';
  options->columns = choose_columns (self);
  if (self->ids != NULL && adw_combo_row_get_selected (self->which_row) == 0)
    options->ids = g_array_ref (self->ids);
  return options;
}

/* ---- the work */

static void
progress_cb (gint64 rows, gint64 total, gpointer user_data)
{
  ObaExportWindow *self = user_data;
  double seconds = (double) (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC;
  g_autofree char *done = oba_number_format (rows);
  g_autofree char *all = oba_number_format (total);
  g_autofree char *speed = oba_number_format (seconds > 0 ? (gint64) ((double) rows / seconds) : 0);
  /* Translators: rows written, of how many, how many a second. */
  g_autofree char *text = g_strdup_printf (_("%s of %s rows, %s a second"), done, all, speed);

  gtk_label_set_label (self->running_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, total > 0 ? (double) rows / (double) total : 1);
}

static void
show_report (ObaExportWindow *self, const ObaExportReport *report)
{
  g_autofree char *rows = oba_number_format (report->rows);
  g_autofree char *points = oba_number_format (report->points);
  g_autofree char *spend = oba_money_format (report->money);
  g_autofree char *name = g_filename_display_name (self->path);

  gtk_label_set_label (self->rows_label, rows);
  gtk_label_set_label (self->points_label, points);
  gtk_widget_set_visible (gtk_widget_get_ancestor (GTK_WIDGET (self->points_label), ADW_TYPE_ACTION_ROW), self->all->kind == OBA_EXPORT_CUSTOMERS);
  gtk_label_set_label (self->spend_label, spend);
  adw_action_row_set_subtitle (self->file_row, name);
  gtk_stack_set_visible_child_name (self->stack, "done");
}

static void
show_error (ObaExportWindow *self, const GError *error)
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
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaExportWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaExportReport) report = oba_export_run_finish (result, &error);

  g_clear_object (&self->cancellable);
  if (self->stack == NULL)
    return;
  if (report != NULL)
    show_report (self, report);
  else
    show_error (self, error);
}

void
oba_export_window_start (ObaExportWindow *self, const char *path)
{
  g_autoptr (ObaExportOptions) options = NULL;

  if (self->cancellable != NULL)
    return;
  g_free (self->path);
  self->path = g_strdup (path);
  options = make_options (self);
  self->cancellable = g_cancellable_new ();
  self->started = g_get_monotonic_time ();
  gtk_label_set_label (self->running_label, _("Counting the rows…"));
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  gtk_stack_set_visible_child_name (self->stack, "running");
  /* The window lives until the last word of the export, even when it is closed. */
  oba_export_run_async (oba_db_pool_get_conninfo (oba_session_get_pool (self->session)), options, progress_cb, self, self->cancellable,
                        exported_cb, g_object_ref (self));
}

const char *
oba_export_window_get_shown (ObaExportWindow *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

/* ---- actions */

static void
chosen_cb (ObaExportWindow *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  g_clear_object (&self->chooser);
  if (path != NULL)
    oba_export_window_start (self, path);
}

static void
choose_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaExportWindow *self = OBA_EXPORT_WINDOW (widget);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");
  /* Translators: the beginning of a file's name. */
  gboolean customers = self->all->kind == OBA_EXPORT_CUSTOMERS;
  g_autofree char *suggested = g_strdup_printf ("%s %s.%s", customers ? _("Customers") : _("Sales"), day,
                                                adw_combo_row_get_selected (self->format_row) == FORMAT_WORKBOOK ? "xlsx" : "csv");

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (customers ? _("Export Customers") : _("Export Sales"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), suggested);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_cancellable_cancel (OBA_EXPORT_WINDOW (widget)->cancellable);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_stack_set_visible_child_name (OBA_EXPORT_WINDOW (widget)->stack, "form");
}

static void
open_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaExportWindow *self = OBA_EXPORT_WINDOW (widget);
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

/* ---- the object */

static void
fill_row (AdwComboRow *row, const char *const *texts)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (texts);

  adw_combo_row_set_model (row, G_LIST_MODEL (list));
}

static void
fill_form (ObaExportWindow *self, guint n_all)
{
  guint n = self->ids != NULL ? self->ids->len : 0;
  g_autofree char *selected_number = oba_number_format (n);
  g_autofree char *all_number = oba_number_format (n_all);
  g_autofree char *selected = g_strdup_printf (ngettext ("The %s chosen", "The %s chosen", n), selected_number);
  g_autofree char *all = g_strdup_printf (ngettext ("All in the list: %s", "All in the list: %s", n_all), all_number);
  const char *which[] = { n > 0 ? selected : all, n > 0 ? all : NULL, NULL };
  const char *columns[] = { _("As shown in the list"), _("All"), NULL };
  const char *formats[] = { _("Excel workbook (XLSX)"), _("CSV"), _("CSV for Excel (semicolons)"), NULL };

  fill_row (self->which_row, which);
  fill_row (self->columns_row, self->shown_columns != NULL ? columns : columns + 1);
  fill_row (self->format_row, formats);
}

ObaExportWindow *
oba_export_window_new (GtkWindow *parent, ObaSession *session, const ObaExportOptions *all, guint n_all, GArray *ids, const char *const *columns)
{
  ObaExportWindow *self = g_object_new (OBA_TYPE_EXPORT_WINDOW, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  self->all = oba_export_options_copy (all);
  self->ids = ids != NULL && ids->len > 0 ? g_array_ref (ids) : NULL;
  self->shown_columns = g_strdupv ((char **) columns);
  fill_form (self, n_all);
  return self;
}

/* The lines of sales: a file of those has columns of its own, and its money is what was paid. */
ObaExportWindow *
oba_export_window_new_sales (GtkWindow *parent, ObaSession *session, const char *receipts, guint n_receipts)
{
  g_autoptr (ObaExportOptions) all = oba_export_options_new (OBA_EXPORT_SALES, OBA_EXPORT_CSV, NULL);
  ObaExportWindow *self;

  all->receipts = g_strdup (receipts);
  self = oba_export_window_new (parent, session, all, n_receipts, NULL, NULL);
  gtk_window_set_title (GTK_WINDOW (self), _("Export Sales"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->which_row), _("Receipts, with every line"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (gtk_widget_get_ancestor (GTK_WIDGET (self->spend_label), ADW_TYPE_ACTION_ROW)), _("Control total: amount"));
  return self;
}

/* Destroyed, and what runs is stopped. It keeps this object for a moment, perhaps longer than the window under it lives. */
static void
oba_export_window_unrealize (GtkWidget *widget)
{
  ObaExportWindow *self = OBA_EXPORT_WINDOW (widget);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->chooser);
  self->stack = NULL;
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);

  GTK_WIDGET_CLASS (oba_export_window_parent_class)->unrealize (widget);
}

static void
oba_export_window_finalize (GObject *object)
{
  ObaExportWindow *self = OBA_EXPORT_WINDOW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->all, oba_export_options_free);
  g_clear_pointer (&self->ids, g_array_unref);
  g_strfreev (self->shown_columns);
  g_free (self->path);

  G_OBJECT_CLASS (oba_export_window_parent_class)->finalize (object);
}

static void
oba_export_window_class_init (ObaExportWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = oba_export_window_finalize;
  widget_class->unrealize = oba_export_window_unrealize;

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/files/oba-export-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, which_row);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, columns_row);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, format_row);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, running_label);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, stop_button);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, rows_label);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, points_label);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, spend_label);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, file_row);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, folder_button);
  gtk_widget_class_bind_template_child (widget_class, ObaExportWindow, failed_page);
  gtk_widget_class_bind_template_callback (widget_class, update_buttons);
  gtk_widget_class_install_action (widget_class, "export.choose", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "export.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "export.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "export.open-folder", NULL, open_folder_action);
}

static void
oba_export_window_init (ObaExportWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* ---- from the page */

static GStrv
list_shown_columns (ObaLazyView *view)
{
  g_autoptr (GPtrArray) columns = oba_lazy_view_list_columns (view);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < columns->len; i++)
    if (oba_lazy_view_is_column_shown (view, columns->pdata[i]))
      g_strv_builder_add (builder, columns->pdata[i]);
  return g_strv_builder_end (builder);
}

void
oba_export_window_open (ObaCustomersPage *page, GArray *ids)
{
  g_autoptr (ObaExportOptions) all = oba_export_options_new (OBA_EXPORT_CUSTOMERS, OBA_EXPORT_CSV, NULL);
  g_auto (GStrv) columns = list_shown_columns (oba_customers_page_get_view (page));
  ObaLazyModel *model = oba_customers_page_get_model (page);

  all->filter = oba_customers_page_dup_filter (page);
  oba_customers_page_get_order (page, &all->sort, &all->descending);
  gtk_window_present (GTK_WINDOW (oba_export_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (page))), oba_page_get_session (OBA_PAGE (page)),
                                                         all, g_list_model_get_n_items (G_LIST_MODEL (model)), ids, (const char *const *) columns)));
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_export_window_open (OBA_CUSTOMERS_PAGE (widget), NULL);
}

void
oba_export_window_install (GtkWidgetClass *page_class)
{
  gtk_widget_class_install_action (page_class, "page.export", NULL, export_action);
}
