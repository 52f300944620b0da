#include "oba-segment-form.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "base/oba-text.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-filter-text.h"
#include "widgets/oba-problem-box.h"

#define MAX_NAME 100
#define MAX_DESCRIPTION 1000
/* So many members the database takes at once. */
#define PORTION 50000

struct _ObaSegmentForm
{
  AdwWindow           parent_instance;

  ObaCustomersPage   *page;         /* under this window's parent */
  ObaDbPool          *pool;
  ObaCustomerChoices *choices;
  GCancellable       *cancellable;
  ObaSegment         *before;       /* the last that was read */
  ObaSegment         *mine;         /* as it is sent; id and version once it is saved */
  GArray             *ids;
  guint               n_added;      /* of them */
  char               *key;          /* the same as long as it is the same request */
  gboolean            busy;
  gboolean            saved;

  ObaProblemBox      *problem;
  GtkSpinner         *spinner;
  GtkWidget          *group;
  GtkEditable        *name_row;
  GtkEditable        *description_row;
  AdwActionRow       *who_row;
  GtkWidget          *take_button;
  GtkLabel           *note_label;
};

enum { SAVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaSegmentForm, oba_segment_form, ADW_TYPE_WINDOW)

static void save (ObaSegmentForm *self);

/* ---- what is written */

static void
set_text (char      **where,
          const char *text)
{
  char *copy = g_strdup (text);

  g_free (*where);
  *where = copy;
}

static void
set_filter (ObaSegment              *segment,
            const ObaCustomerFilter *filter)
{
  ObaCustomerFilter *copy = filter != NULL ? oba_customer_filter_copy (filter) : NULL;

  g_clear_pointer (&segment->filter, oba_customer_filter_free);
  segment->filter = copy;
}

/* Takes over what is typed; FALSE and a sentence when it cannot be stored. */
static gboolean
read_form (ObaSegmentForm *self,
           GError        **error)
{
  g_autofree char *name = oba_text_clean (gtk_editable_get_text (self->name_row), MAX_NAME, error);
  g_autofree char *description = name != NULL ? oba_text_clean (gtk_editable_get_text (self->description_row), MAX_DESCRIPTION, error) : NULL;

  if (description == NULL)
    return FALSE;
  set_text (&self->mine->name, name);
  set_text (&self->mine->description, description);
  return TRUE;
}

static gboolean
same_filter (const ObaSegment *one,
             const ObaSegment *other)
{
  return one->filter == NULL || other->filter == NULL || oba_customer_filter_equal (one->filter, other->filter);
}

static gboolean
is_changed (ObaSegmentForm *self)
{
  return self->mine->id == 0 || !g_str_equal (self->mine->name, self->before->name)
         || !g_str_equal (self->mine->description, self->before->description) || !same_filter (self->mine, self->before);
}

static void
update (ObaSegmentForm *self)
{
  g_autoptr (GError) error = NULL;
  gboolean good = read_form (self, &error) && *self->mine->name != '\0';

  oba_problem_box_set_text (self->problem, error != NULL ? error->message : NULL);
  /* What is there already waits for its members only. */
  gtk_widget_set_sensitive (self->group, !self->busy && (self->ids == NULL || self->mine->id == 0));
  gtk_spinner_set_spinning (self->spinner, self->busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "form.save", good && !self->busy && is_changed (self));
}

static void
changed_cb (ObaSegmentForm *self)
{
  if (self->mine == NULL || self->busy)
    return;
  /* Another request; unless only members are still missing. */
  if (self->n_added == 0)
    {
      g_free (self->key);
      self->key = oba_db_request_new_key ();
    }
  update (self);
}

static void
activated_cb (ObaSegmentForm *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "form.save", NULL);
}

/* ---- who is in it */

static void
show_who (ObaSegmentForm *self)
{
  guint n = self->ids != NULL ? self->ids->len : 0;
  g_autofree char *number = oba_number_format (self->mine->id == 0 ? n : self->mine->n_members);
  g_autofree char *line = NULL;

  if (self->mine->filter != NULL)
    line = oba_filter_text_line (self->mine->filter, self->choices);
  else if (self->mine->id == 0)
    line = g_strdup_printf (ngettext ("%s customer, chosen in the list", "%s customers, chosen in the list", n), number);
  else
    line = g_strdup_printf (ngettext ("%s customer", "%s customers", (gulong) self->mine->n_members), number);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->who_row), self->mine->filter != NULL ? _("Rule") : _("Members"));
  adw_action_row_set_subtitle (self->who_row, line);
  gtk_widget_set_visible (self->take_button, self->mine->filter != NULL && self->mine->id != 0);
}

static void
take_filter_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  ObaSegmentForm *self = OBA_SEGMENT_FORM (widget);
  g_autoptr (ObaCustomerFilter) filter = oba_customers_page_dup_filter (self->page);

  oba_customer_filter_set_text (filter, NULL);
  if (oba_customer_filter_is_empty (filter))
    {
      oba_problem_box_set_text (self->problem, _("The list has no conditions now. Close this window, filter the list, and come back."));
      return;
    }
  set_filter (self->mine, filter);
  changed_cb (self);
  show_who (self);
}

/* ---- two people */

typedef enum
{
  FIELD_NAME = 1 << 0,
  FIELD_DESCRIPTION = 1 << 1,
  FIELD_RULE = 1 << 2,
} Field;

static guint
differing (const ObaSegment *one,
           const ObaSegment *other)
{
  return (g_str_equal (one->name, other->name) ? 0 : FIELD_NAME) | (g_str_equal (one->description, other->description) ? 0 : FIELD_DESCRIPTION)
         | (same_filter (one, other) ? 0 : FIELD_RULE);
}

static void
take_fields (ObaSegmentForm   *self,
             const ObaSegment *from,
             guint             fields)
{
  if ((fields & FIELD_RULE) != 0)
    set_filter (self->mine, from->filter);
  if ((fields & FIELD_NAME) != 0)
    gtk_editable_set_text (self->name_row, from->name);
  if ((fields & FIELD_DESCRIPTION) != 0)
    gtk_editable_set_text (self->description_row, from->description);
  show_who (self);
  changed_cb (self);
}

static void
add_collision (ObaSegmentForm *self,
               GString        *body,
               const char     *title,
               const char     *mine,
               const char     *theirs)
{
  g_string_append_printf (body, "%s%s\n", body->len > 0 ? "\n\n" : "", title);
  /* Translators: of a segment that two people changed: what the one here wrote, and what the other one did. */
  g_string_append_printf (body, _("Yours: %s\nTheirs: %s"), *mine != '\0' ? mine : "—", *theirs != '\0' ? theirs : "—");
}

static void
choice_cb (ObaSegmentForm *self,
           const char     *response)
{
  guint fields = differing (self->mine, self->before);

  if (g_str_equal (response, "theirs"))
    take_fields (self, self->before, fields);
  else if (g_str_equal (response, "mine"))
    save (self);
}

/* @fields: changed here and, since it was read, by somebody else, too. */
static void
ask_which (ObaSegmentForm *self,
           guint           fields)
{
  GString *body = g_string_new (NULL);
  g_autofree char *my_rule = self->mine->filter != NULL ? oba_filter_text_line (self->mine->filter, self->choices) : NULL;
  g_autofree char *their_rule = self->before->filter != NULL ? oba_filter_text_line (self->before->filter, self->choices) : NULL;
  GtkWidget *dialog;

  if ((fields & FIELD_NAME) != 0)
    add_collision (self, body, _("Name"), self->mine->name, self->before->name);
  if ((fields & FIELD_DESCRIPTION) != 0)
    add_collision (self, body, _("Description"), self->mine->description, self->before->description);
  if ((fields & FIELD_RULE) != 0)
    add_collision (self, body, _("Rule"), my_rule, their_rule);
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Somebody Else Changed This Segment Meanwhile"), body->str);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "theirs", _("Take _Theirs"), "mine", _("Save _Mine"), NULL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (choice_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  g_string_free (body, TRUE);
}

static void
take_latest (ObaSegmentForm   *self,
             const ObaSegment *latest)
{
  guint theirs = differing (self->before, latest);
  guint mine = differing (self->before, self->mine);

  oba_segment_free (self->before);
  self->before = oba_segment_copy (latest);
  self->mine->version = latest->version;
  self->mine->archived = latest->archived;
  take_fields (self, latest, theirs & ~mine);
  if ((theirs & mine & differing (self->mine, latest)) != 0)
    ask_which (self, theirs & mine & differing (self->mine, latest));
  else
    oba_problem_box_set_text (self->problem, _("Somebody else changed this segment meanwhile. What they changed is kept and shown here; save again to save yours, too."));
}

static void
latest_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  ObaSegmentForm *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) segments = oba_segments_list_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->busy = FALSE;
  update (self);
  if (segments == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_problem_box_set_text (self->problem, sentence);
      return;
    }
  for (guint i = 0; i < segments->len; i++)
    if (((ObaSegment *) segments->pdata[i])->id == self->mine->id)
      take_latest (self, segments->pdata[i]);
}

/* ---- saving */

static void add_members (ObaSegmentForm *self);

static void
finish (ObaSegmentForm *self)
{
  self->saved = TRUE;
  g_signal_emit (self, signals[SAVED], 0);
  gtk_window_close (GTK_WINDOW (self));
}

static void
show_error (ObaSegmentForm *self,
            const GError   *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);

  self->busy = FALSE;
  update (self);
  oba_problem_box_set_text (self->problem, sentence);
  if (oba_db_error_is_refusal (error, "OB004"))
    gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  ObaSegmentForm *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!oba_segment_change_members_finish (result, NULL, NULL, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_error (self, error);
      return;
    }
  self->n_added += MIN (PORTION, self->ids->len - self->n_added);
  g_free (self->key);
  self->key = oba_db_request_new_key ();
  add_members (self);
}

static void
add_members (ObaSegmentForm *self)
{
  g_autoptr (GArray) portion = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (self->ids == NULL || self->n_added == self->ids->len)
    {
      finish (self);
      return;
    }
  g_array_append_vals (portion, &g_array_index (self->ids, gint64, self->n_added), MIN (PORTION, self->ids->len - self->n_added));
  oba_segment_change_members_async (self->pool, self->mine->id, portion, NULL, self->key, self->cancellable, added_cb, self);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  ObaSegmentForm *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 id = oba_segment_save_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (id != 0)
    {
      self->mine->id = id;
      self->mine->version++;
      g_free (self->key);
      self->key = oba_db_request_new_key ();
      add_members (self);
    }
  else if (oba_db_error_is_refusal (error, "OB003"))
    oba_segments_list_async (self->pool, TRUE, self->cancellable, latest_cb, self);
  else
    show_error (self, error);
}

static void
save (ObaSegmentForm *self)
{
  if (self->busy)
    return;
  self->busy = TRUE;
  update (self);
  /* It is there already when only its members could not be added. */
  if (self->ids != NULL && self->mine->id != 0)
    add_members (self);
  else
    oba_segment_save_async (self->pool, self->mine, self->key, self->cancellable, saved_cb, self);
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  save (OBA_SEGMENT_FORM (widget));
}

/* ---- the object */

static void
oba_segment_form_dispose (GObject *object)
{
  ObaSegmentForm *self = OBA_SEGMENT_FORM (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_segment_form_parent_class)->dispose (object);
}

static void
oba_segment_form_finalize (GObject *object)
{
  ObaSegmentForm *self = OBA_SEGMENT_FORM (object);

  g_clear_pointer (&self->before, oba_segment_free);
  g_clear_pointer (&self->mine, oba_segment_free);
  g_clear_pointer (&self->choices, oba_customer_choices_unref);
  g_clear_pointer (&self->ids, g_array_unref);
  g_free (self->key);

  G_OBJECT_CLASS (oba_segment_form_parent_class)->finalize (object);
}

static void
oba_segment_form_class_init (ObaSegmentFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = oba_segment_form_dispose;
  object_class->finalize = oba_segment_form_finalize;

  signals[SAVED] = g_signal_new ("saved", OBA_TYPE_SEGMENT_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (OBA_TYPE_PROBLEM_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-segment-form.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentForm, problem);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentForm, spinner);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentForm, group);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentForm, name_row);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentForm, description_row);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentForm, who_row);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentForm, take_button);
  gtk_widget_class_bind_template_child (widget_class, ObaSegmentForm, note_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_install_action (widget_class, "form.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "form.take-filter", NULL, take_filter_action);
}

static void
oba_segment_form_init (ObaSegmentForm *self)
{
  self->cancellable = g_cancellable_new ();
  self->key = oba_db_request_new_key ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static const char *
get_title (const ObaSegment *segment)
{
  if (segment->id != 0)
    return _("Change Segment");
  return segment->filter != NULL ? _("New Segment with a Rule") : _("New Segment with Members");
}

ObaSegmentForm *
oba_segment_form_new (GtkWindow          *parent,
                      ObaCustomersPage   *page,
                      const ObaSegment   *segment,
                      GArray             *ids,
                      ObaCustomerChoices *choices)
{
  ObaSegmentForm *self = g_object_new (OBA_TYPE_SEGMENT_FORM, "transient-for", parent, "destroy-with-parent", TRUE, "title", get_title (segment), NULL);

  self->page = page;
  self->pool = g_object_ref (oba_session_get_pool (oba_page_get_session (OBA_PAGE (page))));
  self->choices = choices != NULL ? oba_customer_choices_ref (choices) : NULL;
  self->before = oba_segment_copy (segment);
  self->ids = ids != NULL ? g_array_ref (ids) : NULL;
  gtk_editable_set_text (self->name_row, segment->name);
  gtk_editable_set_text (self->description_row, segment->description);
  self->mine = oba_segment_copy (segment);
  gtk_label_set_label (self->note_label, segment->filter != NULL ? _("Whoever meets the rule is in the segment, today and later, and nobody else.")
                                                                 : _("Whoever is put into the segment stays in it until they are taken out."));
  show_who (self);
  update (self);
  return self;
}

const ObaSegment *
oba_segment_form_get_before (ObaSegmentForm *self)
{
  return self->before;
}

const ObaSegment *
oba_segment_form_get_saved (ObaSegmentForm *self)
{
  return self->mine;
}
