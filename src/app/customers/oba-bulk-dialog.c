#include "oba-bulk-dialog.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "base/oba-text.h"
#include "customers/oba-bulk.h"
#include "customers/oba-customer-filter.h"
#include "customers/oba-segment.h"
#include "db/oba-db-request.h"
#include "oba-bulk-text.h"
#include "oba-customer-text.h"

#define MAX_REASON 1000
#define MAX_NAME 100

struct _ObaBulkDialog
{
  AdwWindow            parent_instance;

  ObaCustomersPage    *page;            /* a window over it: it cannot go before */
  ObaDbPool           *pool;
  ObaBulkDialogKind    kind;
  GArray              *ids;
  GPtrArray           *segments;        /* of ObaSegment: the static ones */
  GCancellable        *cancellable;     /* of what only reads, and of making a segment */
  char                *segment_key;
  gint64               new_segment;     /* made by this dialog */
  ObaBulk             *bulk;
  gboolean             running;
  gboolean             begun;           /* what failed was the work, not the dry run */
  GPtrArray           *preview_rows;    /* of GtkWidget, in preview_group */

  AdwWindowTitle      *window_title;
  GtkButton           *back_button;
  GtkButton           *next_button;
  GtkStack            *stack;
  GtkWidget           *segment_group;
  GtkWidget           *consent_group;
  GtkWidget           *block_group;
  AdwComboRow         *segment_row;
  GtkWidget           *name_row;
  AdwComboRow         *channel_row;
  AdwComboRow         *granted_row;
  GtkWidget           *reason_row;
  GtkLabel            *problem_label;
  GtkProgressBar      *counting_bar;
  AdwPreferencesGroup *preview_group;
  AdwStatusPage       *running_page;
  GtkProgressBar      *running_bar;
  GtkLabel            *running_label;
  AdwStatusPage       *failed_page;
};

G_DEFINE_FINAL_TYPE (ObaBulkDialog, oba_bulk_dialog, ADW_TYPE_WINDOW)

static const char *const kinds[] = { "segment", "consent", "block" };

/* ---- what is shown */

static const char *
run_label (ObaBulkDialog *self)
{
  if (self->kind == OBA_BULK_DIALOG_SEGMENT)
    return _("_Add to Segment");
  return self->kind == OBA_BULK_DIALOG_CONSENT ? _("_Record Consent") : _("_Block");
}

static void
show (ObaBulkDialog *self,
      const char    *name)
{
  gboolean preview = g_str_equal (name, "preview");
  gboolean form = g_str_equal (name, "form");
  gboolean destructive = preview && self->kind == OBA_BULK_DIALOG_BLOCK;

  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_button_set_label (self->next_button, preview ? run_label (self) : _("_Dry Run"));
  gtk_button_set_label (self->back_button, preview ? _("_Back") : g_str_equal (name, "running") ? _("_Stop") : _("_Cancel"));
  gtk_widget_set_visible (GTK_WIDGET (self->next_button), preview || form);
  gtk_widget_remove_css_class (GTK_WIDGET (self->next_button), destructive ? "suggested-action" : "destructive-action");
  gtk_widget_add_css_class (GTK_WIDGET (self->next_button), destructive ? "destructive-action" : "suggested-action");
}

static void
show_problem (ObaBulkDialog *self,
              const char    *sentence)
{
  gtk_label_set_label (self->problem_label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), sentence != NULL);
}

static void
show_failure (ObaBulkDialog *self,
              const char    *title,
              const GError  *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_status_page_set_title (self->failed_page, title);
  adw_status_page_set_description (self->failed_page, escaped);
  show (self, "failed");
}

static void
show_title (ObaBulkDialog *self)
{
  const char *titles[] = { _("Add to Segment"), _("Consent"), _("Block") };
  g_autofree char *number = oba_number_format (self->ids->len);
  g_autofree char *chosen = g_strdup_printf (ngettext ("%s customer chosen", "%s customers chosen", self->ids->len), number);

  gtk_window_set_title (GTK_WINDOW (self), titles[self->kind]);
  adw_window_title_set_title (self->window_title, titles[self->kind]);
  adw_window_title_set_subtitle (self->window_title, chosen);
}

/* ---- the form */

static ObaSegment *
chosen_segment (ObaBulkDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->segment_row);

  return self->segments != NULL && selected < self->segments->len ? self->segments->pdata[selected] : NULL;
}

/* A text that can be stored, or NULL. (transfer full) */
static char *
dup_text (GtkWidget *row,
          gsize      max)
{
  g_autofree char *clean = oba_text_clean (gtk_editable_get_text (GTK_EDITABLE (row)), max, NULL);

  return clean != NULL && *clean != '\0' ? g_steal_pointer (&clean) : NULL;
}

static gboolean
form_is_complete (ObaBulkDialog *self)
{
  g_autofree char *name = dup_text (self->name_row, MAX_NAME);
  g_autofree char *reason = dup_text (self->reason_row, MAX_REASON);

  if (self->kind == OBA_BULK_DIALOG_SEGMENT)
    return self->segments != NULL && (chosen_segment (self) != NULL || name != NULL);
  return self->kind == OBA_BULK_DIALOG_CONSENT || reason != NULL;
}

static void
form_changed_cb (ObaBulkDialog *self)
{
  gtk_widget_set_visible (self->name_row, self->segments != NULL && chosen_segment (self) == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "bulk.next", form_is_complete (self));
  show_problem (self, NULL);
}

static void
form_activated_cb (ObaBulkDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "bulk.next", NULL);
}

static void
fill_segments (ObaBulkDialog *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->segments->len; i++)
    gtk_string_list_append (names, ((ObaSegment *) self->segments->pdata[i])->name);
  gtk_string_list_append (names, _("New segment…"));
  adw_combo_row_set_model (self->segment_row, G_LIST_MODEL (names));
  form_changed_cb (self);
}

static void
segments_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  ObaBulkDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) segments = oba_segments_list_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (segments == NULL)
    {
      show_failure (self, _("The Segments Could Not Be Read"), error);
      return;
    }
  for (guint i = segments->len; i > 0; i--)
    if (((ObaSegment *) segments->pdata[i - 1])->filter != NULL)
      g_ptr_array_remove_index (segments, i - 1);
  self->segments = g_steal_pointer (&segments);
  fill_segments (self);
}

static void
read_segments (ObaBulkDialog *self)
{
  oba_segments_list_async (self->pool, FALSE, self->cancellable, segments_cb, self);
}

static void
fill_channels (ObaBulkDialog *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  const char *const *channels = oba_customer_filter_get_channels ();

  for (guint i = 0; channels[i] != NULL; i++)
    gtk_string_list_append (names, oba_customer_text_channel (channels[i]));
  adw_combo_row_set_model (self->channel_row, G_LIST_MODEL (names));
}

/* ---- the dry run */

static ObaBulk *
make_bulk (ObaBulkDialog *self)
{
  ObaSegment *segment = chosen_segment (self);
  g_autofree char *reason = dup_text (self->reason_row, MAX_REASON);

  switch (self->kind)
    {
    case OBA_BULK_DIALOG_SEGMENT:
      return oba_bulk_new_segment (self->pool, self->ids, segment != NULL ? segment->id : self->new_segment);
    case OBA_BULK_DIALOG_CONSENT:
      return oba_bulk_new_consent (self->pool, self->ids, oba_customer_filter_get_channels ()[adw_combo_row_get_selected (self->channel_row)],
                                   adw_combo_row_get_selected (self->granted_row) == 1);
    case OBA_BULK_DIALOG_BLOCK:
    default:
      return oba_bulk_new_block (self->pool, self->ids, reason);
    }
}

static void
seen_cb (ObaBulkDialog *self)
{
  double share = (double) oba_bulk_get_seen (self->bulk) / MAX (oba_bulk_get_n (self->bulk), 1);
  g_autofree char *seen = oba_number_format ((gint64) oba_bulk_get_seen (self->bulk));
  g_autofree char *all = oba_number_format (oba_bulk_get_n (self->bulk));
  /* Translators: how many are done, of how many. */
  g_autofree char *text = g_strdup_printf (_("%s of %s"), seen, all);

  gtk_progress_bar_set_fraction (self->running ? self->running_bar : self->counting_bar, share);
  gtk_label_set_label (self->running_label, text);
}

static void
add_preview (ObaBulkDialog *self,
             char          *title,
             char          *subtitle,
             const char    *icon)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), icon);
  adw_preferences_group_add (self->preview_group, row);
  g_ptr_array_add (self->preview_rows, row);
  g_free (title);
  g_free (subtitle);
}

static char *
text_change (ObaBulkDialog *self,
             gint64         n)
{
  g_autofree char *number = oba_number_format (n);

  if (self->kind == OBA_BULK_DIALOG_SEGMENT)
    return g_strdup_printf (ngettext ("%s will be added", "%s will be added", (gulong) n), number);
  if (self->kind == OBA_BULK_DIALOG_CONSENT)
    return g_strdup_printf (ngettext ("The consent of %s will change", "The consents of %s will change", (gulong) n), number);
  return g_strdup_printf (ngettext ("%s will be blocked", "%s will be blocked", (gulong) n), number);
}

static void
show_preview (ObaBulkDialog *self,
              ObaBulkReport *report)
{
  for (guint i = 0; i < self->preview_rows->len; i++)
    adw_preferences_group_remove (self->preview_group, self->preview_rows->pdata[i]);
  g_ptr_array_set_size (self->preview_rows, 0);
  adw_preferences_group_set_title (self->preview_group, _("What Will Happen"));
  adw_preferences_group_set_description (self->preview_group, _("Nothing is changed yet. It can be undone afterwards."));
  add_preview (self, text_change (self, report->changed), oba_bulk_text_examples (report->examples, report->changed), "emblem-ok-symbolic");
  for (guint i = 0; i < report->skipped->len; i++)
    {
      ObaBulkGroup *group = report->skipped->pdata[i];

      add_preview (self, oba_bulk_text_reason (group), oba_bulk_text_examples (group->examples, group->n), "action-unavailable-symbolic");
    }
  show (self, "preview");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "bulk.next", report->changed > 0);
  gtk_widget_grab_focus (GTK_WIDGET (report->changed > 0 ? self->next_button : self->back_button));
}

static void
preview_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ObaBulkDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaBulkReport) report = oba_bulk_preview_finish (OBA_BULK (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (report != NULL)
    {
      show_preview (self, report);
      return;
    }
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      show (self, "form");
      show_problem (self, sentence);
      return;
    }
  show_failure (self, _("The Dry Run Could Not Be Made"), error);
}

static void
start_preview (ObaBulkDialog *self)
{
  g_clear_object (&self->bulk);
  self->bulk = make_bulk (self);
  self->begun = FALSE;
  g_signal_connect_object (self->bulk, "notify::seen", G_CALLBACK (seen_cb), self, G_CONNECT_SWAPPED);
  gtk_progress_bar_set_fraction (self->counting_bar, 0);
  show (self, "counting");
  oba_bulk_preview_async (self->bulk, self->cancellable, preview_cb, self);
}

/* ---- a segment made on the way */

static void
segment_saved_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  ObaBulkDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 id = oba_segment_save_finish (result, &error);
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (id != 0)
    {
      self->new_segment = id;
      gtk_editable_set_editable (GTK_EDITABLE (self->name_row), FALSE);
      start_preview (self);
      return;
    }
  sentence = oba_db_error_describe (error);
  show (self, "form");
  show_problem (self, sentence);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "bulk.next", TRUE);
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    g_clear_pointer (&self->segment_key, g_free);
}

static void
make_segment (ObaBulkDialog *self)
{
  g_autofree char *name = dup_text (self->name_row, MAX_NAME);
  g_autoptr (ObaSegment) segment = oba_segment_new (name, "", NULL);

  if (self->segment_key == NULL)
    self->segment_key = oba_db_request_new_key ();
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "bulk.next", FALSE);
  oba_segment_save_async (self->pool, segment, self->segment_key, self->cancellable, segment_saved_cb, self);
}

/* ---- doing it */

static void
run_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (ObaBulkDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaBulkReport) report = oba_bulk_run_finish (OBA_BULK (source), result, &error);
  g_autofree char *message = NULL;

  self->running = FALSE;
  if (self->page == NULL)
    return;
  if (report == NULL)
    {
      show_failure (self, _("It Stopped Half Way"), error);
      return;
    }
  message = oba_bulk_text_done (kinds[self->kind], report, self->ids->len);
  oba_customers_page_tell_bulk (self->page, message, report->changed > 0 ? report->action_id : 0);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
run (ObaBulkDialog *self)
{
  if (self->running)
    return;
  self->running = self->begun = TRUE;
  adw_status_page_set_title (self->running_page, gtk_window_get_title (GTK_WINDOW (self)));
  adw_status_page_set_description (self->running_page, _("Each part is saved as it is done. What is done when you stop stays done."));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "bulk.stop", TRUE);
  seen_cb (self);
  show (self, "running");
  oba_bulk_run_async (self->bulk, run_cb, g_object_ref (self));
}

static void
stop (ObaBulkDialog *self)
{
  oba_bulk_stop (self->bulk);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "bulk.stop", FALSE);
  adw_status_page_set_description (self->running_page, _("Stopping after the part that is under way…"));
}

/* ---- actions */

static void
next_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ObaBulkDialog *self = OBA_BULK_DIALOG (widget);
  const char *shown = oba_bulk_dialog_get_shown (self);

  if (g_str_equal (shown, "preview"))
    run (self);
  else if (!g_str_equal (shown, "form") || !form_is_complete (self))
    return;
  else if (self->kind == OBA_BULK_DIALOG_SEGMENT && chosen_segment (self) == NULL && self->new_segment == 0)
    make_segment (self);
  else
    start_preview (self);
}

static void
back_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ObaBulkDialog *self = OBA_BULK_DIALOG (widget);

  if (!g_str_equal (oba_bulk_dialog_get_shown (self), "preview"))
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  show (self, "form");
  form_changed_cb (self);
}

static void
stop_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  stop (OBA_BULK_DIALOG (widget));
}

/* The same parts with the same keys: nothing is done twice. */
static void
retry_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  ObaBulkDialog *self = OBA_BULK_DIALOG (widget);

  if (self->kind == OBA_BULK_DIALOG_SEGMENT && self->segments == NULL)
    {
      show (self, "form");
      read_segments (self);
    }
  else if (self->begun)
    run (self);
  else
    start_preview (self);
}

static gboolean
oba_bulk_dialog_close_request (GtkWindow *window)
{
  ObaBulkDialog *self = OBA_BULK_DIALOG (window);

  if (!self->running)
    return GTK_WINDOW_CLASS (oba_bulk_dialog_parent_class)->close_request (window);
  stop (self);
  return GDK_EVENT_STOP;
}

/* ---- the object */

static void
oba_bulk_dialog_dispose (GObject *object)
{
  ObaBulkDialog *self = OBA_BULK_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  self->page = NULL;
  g_clear_object (&self->bulk);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_bulk_dialog_parent_class)->dispose (object);
}

static void
oba_bulk_dialog_finalize (GObject *object)
{
  ObaBulkDialog *self = OBA_BULK_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->segments, g_ptr_array_unref);
  g_ptr_array_unref (self->preview_rows);
  g_free (self->segment_key);

  G_OBJECT_CLASS (oba_bulk_dialog_parent_class)->finalize (object);
}

static void
oba_bulk_dialog_class_init (ObaBulkDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_bulk_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_bulk_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = oba_bulk_dialog_close_request;

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-bulk-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, next_button);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, segment_group);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, consent_group);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, block_group);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, segment_row);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, channel_row);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, granted_row);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, reason_row);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, counting_bar);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, preview_group);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, running_page);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, running_bar);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, running_label);
  gtk_widget_class_bind_template_child (widget_class, ObaBulkDialog, failed_page);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, form_activated_cb);
  gtk_widget_class_install_action (widget_class, "bulk.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "bulk.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "bulk.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "bulk.retry", NULL, retry_action);
}

static void
oba_bulk_dialog_init (ObaBulkDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->preview_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

ObaBulkDialog *
oba_bulk_dialog_new (ObaCustomersPage  *page,
                     ObaBulkDialogKind  kind,
                     GArray            *ids)
{
  GtkRoot *parent = gtk_widget_get_root (GTK_WIDGET (page));
  ObaBulkDialog *self = g_object_new (OBA_TYPE_BULK_DIALOG, "transient-for", parent, "destroy-with-parent", TRUE, NULL);

  self->page = page;
  self->pool = g_object_ref (oba_session_get_pool (oba_page_get_session (OBA_PAGE (page))));
  self->kind = kind;
  self->ids = g_array_ref (ids);
  gtk_widget_set_visible (kind == OBA_BULK_DIALOG_SEGMENT ? self->segment_group : kind == OBA_BULK_DIALOG_CONSENT ? self->consent_group : self->block_group, TRUE);
  show_title (self);
  fill_channels (self);
  show (self, "form");
  form_changed_cb (self);
  if (kind == OBA_BULK_DIALOG_SEGMENT)
    read_segments (self);
  return self;
}

const char *
oba_bulk_dialog_get_shown (ObaBulkDialog *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}
