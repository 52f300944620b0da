#include "oba-segments-window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/oba-fold.h"
#include "base/oba-money.h"
#include "customers/oba-customer-choices.h"
#include "customers/oba-segment.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-customer-text.h"
#include "oba-filter-text.h"
#include "oba-segment-form.h"

#define MAY_MAKE (OBA_ROLE_CLERK | OBA_ROLE_MARKETING | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)
#define UNDO_SECONDS 20
/* Colleagues fill a segment in many steps. */
#define REREAD_MS 300

struct _ObaSegmentsWindow
{
  AdwWindow           parent_instance;

  ObaCustomersPage   *page;           /* this is a window over it */
  ObaDbPool          *pool;
  GCancellable       *cancellable;
  GPtrArray          *segments;       /* (nullable) of ObaSegment: archived ones, too */
  GPtrArray          *shown;          /* of ObaSegment, own copies: those of the rows */
  GHashTable         *counts;         /* id -> char*: of the rules that were counted since they were read */
  gint64              counting;       /* id, 0 for none */
  ObaCustomerChoices *choices;
  guint               reread_id;
  gboolean            reading;
  gboolean            again;

  AdwToastOverlay    *toasts;
  GtkWidget          *new_button;
  GtkSearchEntry     *search_entry;
  GtkCheckButton     *archived_check;
  GtkStack           *stack;
  GtkListBox         *list;
  AdwStatusPage      *failed_page;
};

G_DEFINE_FINAL_TYPE (ObaSegmentsWindow, oba_segments_window, ADW_TYPE_WINDOW)

static void read_segments (ObaSegmentsWindow *self);
static void count_next (ObaSegmentsWindow *self);

/* ---- what was done, and back again */

typedef struct
{
  ObaSegmentsWindow *self;      /* not owned: the toast is in it */
  ObaSegment        *segment;   /* as it shall be again, with the version that is there now */
  gboolean           archive;   /* else its texts and rule are saved */
} Undo;

static void
undo_free (gpointer  data,
           GClosure *closure)
{
  Undo *undo = data;

  oba_segment_free (undo->segment);
  g_free (undo);
}

static void
toast (ObaSegmentsWindow *self,
       const char        *message)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
toast_error (ObaSegmentsWindow *self,
             const GError      *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);

  toast (self, sentence);
}

/* What was begun goes on without the window. */
static gboolean
is_closed (ObaSegmentsWindow *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

static void
undone_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (ObaSegmentsWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean saved = g_str_equal (g_task_get_name (G_TASK (result)), "save_segment");

  if (is_closed (self))
    return;
  if (saved ? oba_segment_save_finish (result, &error) != 0 : oba_segment_archive_finish (result, &error))
    toast (self, _("Undone"));
  else
    toast_error (self, error);
}

static void
undo_cb (Undo *undo)
{
  g_autofree char *key = oba_db_request_new_key ();
  ObaSegmentsWindow *self = undo->self;

  if (undo->archive)
    oba_segment_archive_async (self->pool, undo->segment, undo->segment->archived, key, NULL, undone_cb, g_object_ref (self));
  else
    oba_segment_save_async (self->pool, undo->segment, key, NULL, undone_cb, g_object_ref (self));
}

/* @pattern: with %s for the name. @segment: (transfer full): what to go back to */
static void
toast_undo (ObaSegmentsWindow *self,
            const char        *pattern,
            const char        *name,
            ObaSegment        *segment,
            gboolean           archive)
{
  GString *message = g_string_new (pattern);
  g_autofree char *escaped = NULL;
  Undo *undo = g_new0 (Undo, 1);
  AdwToast *undo_toast;

  g_string_replace (message, "%s", name, 1);
  escaped = g_markup_escape_text (message->str, -1);
  undo->self = self;
  undo->segment = segment;
  undo->archive = archive;
  undo_toast = adw_toast_new (escaped);
  adw_toast_set_button_label (undo_toast, _("_Undo"));
  adw_toast_set_timeout (undo_toast, UNDO_SECONDS);
  adw_toast_set_priority (undo_toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect_data (undo_toast, "button-clicked", G_CALLBACK (undo_cb), undo, undo_free, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, undo_toast);
  g_string_free (message, TRUE);
}

/* ---- making and changing */

static void
saved_cb (ObaSegmentsWindow *self,
          ObaSegmentForm    *form)
{
  const ObaSegment *before = oba_segment_form_get_before (form);
  const ObaSegment *saved = oba_segment_form_get_saved (form);
  gboolean made = before->id == 0;
  ObaSegment *back = oba_segment_copy (made ? saved : before);

  back->version = saved->version;
  back->archived = made;
  toast_undo (self, made ? _("The segment “%s” is made") : _("The segment “%s” is saved"), saved->name, back, made);
  read_segments (self);
}

static void
open_form (ObaSegmentsWindow *self,
           const ObaSegment  *segment,
           GArray            *ids)
{
  ObaSegmentForm *form = oba_segment_form_new (GTK_WINDOW (self), self->page, segment, ids, self->choices);

  g_signal_connect_object (form, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (form));
}

static void
new_rule_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  ObaSegmentsWindow *self = OBA_SEGMENTS_WINDOW (widget);
  g_autoptr (ObaCustomerFilter) filter = oba_customers_page_dup_filter (self->page);
  g_autoptr (ObaSegment) segment = NULL;

  /* A rule has no search text: names are not for everybody who may use it. */
  oba_customer_filter_set_text (filter, NULL);
  if (oba_customer_filter_is_empty (filter))
    {
      toast (self, _("The list has no conditions now. Close this window, filter the list, and come back."));
      return;
    }
  segment = oba_segment_new ("", "", filter);
  open_form (self, segment, NULL);
}

/* Several, or the one whom the list points at. (transfer full) (nullable) */
static GArray *
dup_chosen (ObaSegmentsWindow *self)
{
  gint64 id = oba_customers_page_get_selected (self->page);
  GArray *ids = oba_customers_page_dup_chosen (self->page);

  if (ids == NULL && id != 0 && oba_lazy_view_get_n_selected (oba_customers_page_get_view (self->page)) == 1)
    {
      ids = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_array_append_val (ids, id);
    }
  return ids;
}

static void
new_members_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  ObaSegmentsWindow *self = OBA_SEGMENTS_WINDOW (widget);
  g_autoptr (GArray) ids = dup_chosen (self);
  g_autoptr (ObaSegment) segment = oba_segment_new ("", "", NULL);

  if (ids == NULL && oba_lazy_view_get_n_selected (oba_customers_page_get_view (self->page)) > 1)
    toast (self, _("The list is still being read. Try again in a moment."));
  else if (ids == NULL)
    toast (self, _("Nobody is chosen. Close this window, choose customers with Ctrl or Shift held down or all with Ctrl+A, and come back."));
  else
    open_form (self, segment, ids);
}

/* ---- archiving */

typedef struct
{
  ObaSegmentsWindow *self;      /* owned */
  ObaSegment        *segment;   /* owned: as it was */
} Archiving;

static void
archived_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Archiving *archiving = user_data;
  g_autoptr (ObaSegmentsWindow) self = archiving->self;
  g_autoptr (ObaSegment) segment = archiving->segment;
  g_autoptr (GError) error = NULL;

  g_free (archiving);
  if (is_closed (self))
    return;
  if (oba_segment_archive_finish (result, &error))
    {
      ObaSegment *back = oba_segment_copy (segment);

      back->version++;
      toast_undo (self, segment->archived ? _("The segment “%s” is on offer again") : _("The segment “%s” is archived"), segment->name, back, TRUE);
    }
  else
    toast_error (self, error);
  read_segments (self);
}

static void
archive (ObaSegmentsWindow *self,
         const ObaSegment  *segment)
{
  g_autofree char *key = oba_db_request_new_key ();
  Archiving *archiving = g_new0 (Archiving, 1);

  archiving->self = g_object_ref (self);
  archiving->segment = oba_segment_copy (segment);
  oba_segment_archive_async (self->pool, segment, !segment->archived, key, NULL, archived_cb, archiving);
}

/* ---- the rows */

static ObaSegment *
row_segment (ObaSegmentsWindow *self,
             GtkWidget         *widget)
{
  GtkListBoxRow *row = GTK_LIST_BOX_ROW (gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW));

  return self->shown->pdata[gtk_list_box_row_get_index (row)];
}

static void
edit_clicked_cb (ObaSegmentsWindow *self,
                 GtkWidget         *button)
{
  open_form (self, row_segment (self, button), NULL);
}

static void
archive_clicked_cb (ObaSegmentsWindow *self,
                    GtkWidget         *button)
{
  gtk_widget_set_sensitive (button, FALSE);
  archive (self, row_segment (self, button));
}

/* Its members in the list behind. */
static void
row_activated_cb (ObaSegmentsWindow *self,
                  GtkListBoxRow     *row)
{
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_new ();

  oba_customer_filter_add_number (filter, OBA_CUSTOMER_FILTER_SEGMENTS, row_segment (self, GTK_WIDGET (row))->id);
  oba_customers_page_set_filter (self->page, filter);
  gtk_window_close (GTK_WINDOW (self));
}

static void
add_button (ObaSegmentsWindow *self,
            GtkWidget         *row,
            const char        *icon,
            const char        *label,
            const char        *name,
            GCallback          callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", label, name);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_signal_connect_swapped (button, "clicked", callback, self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

/* "1 234 customers", "Counting…" for a rule that was not asked yet. (transfer full) */
static char *
count_text (ObaSegmentsWindow *self,
            const ObaSegment  *segment)
{
  const char *counted = g_hash_table_lookup (self->counts, &segment->id);
  gint64 n = counted != NULL ? g_ascii_strtoll (counted, NULL, 10) : segment->n_members;
  g_autofree char *number = oba_number_format (n);

  return n < 0 ? g_strdup (_("Counting…")) : g_strdup_printf (ngettext ("%s customer", "%s customers", (gulong) n), number);
}

static char *
subtitle (ObaSegmentsWindow *self,
          const ObaSegment  *segment)
{
  g_autofree char *count = count_text (self, segment);
  g_autofree char *day = oba_customer_text_unix_day (segment->created);
  g_autofree char *rule = segment->filter != NULL ? oba_filter_text_line (segment->filter, self->choices) : NULL;
  /* Translators: the conditions of a segment. */
  g_autofree char *how = rule != NULL ? g_strdup_printf (_("Rule: %s"), rule) : g_strdup (_("Chosen one by one"));
  /* Translators: how many are in it, who made it, and when. */
  g_autofree char *facts = g_strdup_printf (_("%s · made by %s, %s"), count, segment->owner_name, day);

  return g_strjoin ("\n", facts, how, *segment->description != '\0' ? segment->description : NULL, NULL);
}

static void
add_row (ObaSegmentsWindow *self,
         ObaSegment        *segment)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *text = subtitle (self, segment);
  /* Translators: the name of a segment that is not offered any more. */
  g_autofree char *title = segment->archived ? g_strdup_printf (_("%s (archived)"), segment->name) : g_strdup (segment->name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 6);
  gtk_widget_set_tooltip_text (row, _("Show its customers in the list"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  if (segment->may_change && oba_session_has_role (oba_page_get_session (OBA_PAGE (self->page)), MAY_MAKE))
    {
      add_button (self, row, "document-edit-symbolic", _("Rename or change"), segment->name, G_CALLBACK (edit_clicked_cb));
      if (segment->archived)
        add_button (self, row, "edit-undo-symbolic", _("Bring back"), segment->name, G_CALLBACK (archive_clicked_cb));
      else
        add_button (self, row, "user-trash-symbolic", _("Archive"), segment->name, G_CALLBACK (archive_clicked_cb));
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_append (self->list, row);
}

static gboolean
fits (ObaSegmentsWindow *self,
      const ObaSegment  *segment,
      const char        *sought)
{
  g_autofree char *all = g_strjoin (" ", segment->name, segment->description, segment->owner_name, NULL);
  g_autofree char *folded = oba_text_fold (all);

  return (!segment->archived || gtk_check_button_get_active (self->archived_check)) && strstr (folded, sought) != NULL;
}

static gboolean
any_on_offer (ObaSegmentsWindow *self)
{
  for (guint i = 0; i < self->segments->len; i++)
    if (!((ObaSegment *) self->segments->pdata[i])->archived || gtk_check_button_get_active (self->archived_check))
      return TRUE;
  return FALSE;
}

/* The row that had the focus has it again: it may be another row by now. */
static void
focus_row (ObaSegmentsWindow *self,
           gint64             id)
{
  for (guint i = 0; i < self->shown->len; i++)
    if (((ObaSegment *) self->shown->pdata[i])->id == id)
      gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, (int) i)));
}

static gint64
focused_id (ObaSegmentsWindow *self)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list)) ? row_segment (self, focus)->id : 0;
}

static void
fill (ObaSegmentsWindow *self)
{
  g_autofree char *sought = oba_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  gint64 focused;
  GtkListBoxRow *row;

  if (self->segments == NULL)
    return;
  focused = focused_id (self);
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  g_ptr_array_set_size (self->shown, 0);
  for (guint i = 0; i < self->segments->len; i++)
    if (fits (self, self->segments->pdata[i], sought))
      {
        g_ptr_array_add (self->shown, oba_segment_copy (self->segments->pdata[i]));
        add_row (self, self->segments->pdata[i]);
      }
  gtk_stack_set_visible_child_name (self->stack, self->shown->len > 0 ? "list" : any_on_offer (self) ? "nothing" : "empty");
  focus_row (self, focused);
  count_next (self);
}

static void
stop_search_cb (ObaSegmentsWindow *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  else
    gtk_window_close (GTK_WINDOW (self));
}

/* ---- counting the rules, one at a time */

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ObaSegmentsWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 n = oba_segment_count_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error == NULL)
    g_hash_table_insert (self->counts, g_memdup2 (&self->counting, sizeof self->counting), g_strdup_printf ("%" G_GINT64_FORMAT, n));
  for (guint i = 0; i < self->shown->len && error == NULL; i++)
    if (((ObaSegment *) self->shown->pdata[i])->id == self->counting)
      {
        g_autofree char *text = subtitle (self, self->shown->pdata[i]);

        adw_action_row_set_subtitle (ADW_ACTION_ROW (gtk_list_box_get_row_at_index (self->list, (int) i)), text);
      }
  self->counting = 0;
  /* What could not be counted is not asked again and again. */
  if (error == NULL)
    count_next (self);
}

static void
count_next (ObaSegmentsWindow *self)
{
  for (guint i = 0; i < self->shown->len && self->counting == 0; i++)
    {
      ObaSegment *segment = self->shown->pdata[i];

      if (segment->filter != NULL && !g_hash_table_contains (self->counts, &segment->id))
        {
          self->counting = segment->id;
          oba_segment_count_async (self->pool, segment->id, self->cancellable, counted_cb, self);
        }
    }
}

/* ---- reading */

/* Of rules that somebody changed. */
static void
forget_counts (ObaSegmentsWindow *self,
               GPtrArray         *latest)
{
  for (guint i = 0; self->segments != NULL && i < self->segments->len; i++)
    for (guint j = 0; j < latest->len; j++)
      {
        const ObaSegment *old = self->segments->pdata[i];
        const ObaSegment *new = latest->pdata[j];

        if (old->id == new->id && old->version != new->version)
          g_hash_table_remove (self->counts, &old->id);
      }
}

static void
segments_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  ObaSegmentsWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) segments = oba_segments_list_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->reading = FALSE;
  if (segments == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);
      g_autofree char *escaped = g_markup_escape_text (sentence, -1);

      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  forget_counts (self, segments);
  g_clear_pointer (&self->segments, g_ptr_array_unref);
  self->segments = g_steal_pointer (&segments);
  fill (self);
  if (self->again)
    read_segments (self);
}

static void
read_segments (ObaSegmentsWindow *self)
{
  self->again = self->reading;
  if (self->reading)
    return;
  self->reading = TRUE;
  oba_segments_list_async (self->pool, TRUE, self->cancellable, segments_cb, self);
}

static void
reread_cb (gpointer user_data)
{
  ObaSegmentsWindow *self = user_data;

  self->reread_id = 0;
  read_segments (self);
}

static void
notified_cb (ObaSegmentsWindow *self)
{
  if (self->reread_id == 0)
    self->reread_id = g_timeout_add_once (REREAD_MS, reread_cb, self);
}

/* Without them conditions have numbers for names. */
static void
choices_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ObaSegmentsWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCustomerChoices) choices = oba_customer_choices_read_finish (result, &error);

  if (choices == NULL)
    return;
  self->choices = g_steal_pointer (&choices);
  fill (self);
}

/* ---- the object */

static void
oba_segments_window_dispose (GObject *object)
{
  ObaSegmentsWindow *self = OBA_SEGMENTS_WINDOW (object);

  g_clear_handle_id (&self->reread_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_segments_window_parent_class)->dispose (object);
}

static void
oba_segments_window_finalize (GObject *object)
{
  ObaSegmentsWindow *self = OBA_SEGMENTS_WINDOW (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->segments, g_ptr_array_unref);
  g_ptr_array_unref (self->shown);
  g_hash_table_unref (self->counts);
  g_clear_pointer (&self->choices, oba_customer_choices_unref);

  G_OBJECT_CLASS (oba_segments_window_parent_class)->finalize (object);
}

static void
oba_segments_window_class_init (ObaSegmentsWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = oba_segments_window_dispose;
  object_class->finalize = oba_segments_window_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-segments-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentsWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentsWindow, new_button);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentsWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentsWindow, archived_check);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentsWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentsWindow, list);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentsWindow, failed_page);
  gtk_widget_class_bind_template_callback (widget_class, fill);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, read_segments);
  gtk_widget_class_install_action (widget_class, "segments.new-rule", NULL, new_rule_action);
  gtk_widget_class_install_action (widget_class, "segments.new-members", NULL, new_members_action);
}

static void
oba_segments_window_init (ObaSegmentsWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->shown = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_segment_free);
  self->counts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
oba_segments_window_new (ObaCustomersPage *page)
{
  GtkRoot *parent = gtk_widget_get_root (GTK_WIDGET (page));
  ObaSegmentsWindow *self = g_object_new (OBA_TYPE_SEGMENTS_WINDOW, "transient-for", parent, "destroy-with-parent", TRUE, NULL);
  ObaSession *session = oba_page_get_session (OBA_PAGE (page));

  self->page = page;
  self->pool = g_object_ref (oba_session_get_pool (session));
  gtk_widget_set_visible (self->new_button, oba_session_has_role (session, MAY_MAKE));
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_segments", G_CALLBACK (notified_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (read_segments), self, G_CONNECT_SWAPPED);
  oba_customer_choices_read_async (self->pool, self->cancellable, choices_cb, self);
  read_segments (self);
  return GTK_WINDOW (self);
}

const char *
oba_segments_window_get_shown (ObaSegmentsWindow *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

static void
segments_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  gtk_window_present (oba_segments_window_new (OBA_CUSTOMERS_PAGE (widget)));
}

void
oba_segments_window_install (GtkWidgetClass *page_class)
{
  gtk_widget_class_install_action (page_class, "page.segments", NULL, segments_action);
}
