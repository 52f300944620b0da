#include "oba-merge-window.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-request.h"
#include "oba-customer-text.h"
#include "oba-merge-fields.h"
#include "oba-merge-preview-box.h"
#include "oba-merge-text.h"
#include "oba-profile-section.h"
#include "widgets/oba-problem-box.h"

struct _ObaMergeWindow
{
  AdwWindow            parent_instance;

  ObaSession          *session;
  ObaMergePerson      *persons[2];    /* of a way back: the one who stays, the one who comes back */
  gint64               merge_id;      /* to take back; 0: a merge is asked for */
  GCancellable        *previewing;
  gboolean             is_previewed;  /* what is chosen can be done */
  GCancellable        *sending;
  char                *key;           /* names what was sent, until there is an answer */
  char                *sent;
  gboolean             is_done;

  GtkButton           *send_button;
  ObaProblemBox       *problem;
  ObaProblemBox       *lost;
  GtkWidget           *form;
  ObaMergeFields      *fields;        /* NULL on the way back */
  ObaMergePreviewBox  *preview;
  GtkStack            *preview_stack;
  GtkEditable         *reason;
};

enum { ASKED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaMergeWindow, oba_merge_window, ADW_TYPE_WINDOW)

/* ---- the request */

static JsonNode *
make_request (ObaMergeWindow *self, gboolean with_reason)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  if (self->fields != NULL)
    oba_merge_fields_add_to (self->fields, builder);
  else
    {
      json_builder_set_member_name (builder, "merge_id");
      json_builder_add_int_value (builder, self->merge_id);
    }
  if (with_reason)
    {
      json_builder_set_member_name (builder, "reason");
      json_builder_add_string_value (builder, gtk_editable_get_text (self->reason));
    }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
update_state (ObaMergeWindow *self)
{
  gboolean sending = self->sending != NULL;

  if (self->session == NULL)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->send_button), self->is_previewed && !sending);
  gtk_widget_set_sensitive (self->form, !sending);
  oba_problem_box_set_text (self->lost, sending && !oba_session_is_online (self->session)
                                          ? _("The connection is lost. As soon as the server is back the request is made, once.") : NULL);
}

static void
show_error (ObaMergeWindow *self, const GError *error)
{
  g_autofree char *sentence = error != NULL ? oba_db_error_describe (error) : NULL;

  oba_problem_box_set_text (self->problem, sentence);
}

/* ---- the preview */

static void
show_preview (ObaMergeWindow *self, const ObaMergePreview *preview)
{
  guint survivor = self->fields != NULL ? oba_merge_fields_get_survivor (self->fields) : 0;

  oba_merge_preview_box_show (self->preview, preview, self->persons[1 - survivor], self->persons[survivor], self->merge_id != 0);
}

static void
previewed_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaMergeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaMergePreview) preview = oba_merge_preview_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->previewing);
  self->is_previewed = preview != NULL;
  show_error (self, error);
  if (preview != NULL)
    {
      show_preview (self, preview);
      gtk_stack_set_visible_child_name (self->preview_stack, "preview");
    }
  else
    gtk_stack_set_visible_child_name (self->preview_stack, g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE) ? "refused" : "failed");
  update_state (self);
}

/* Something was chosen, or may have changed: what it would do is asked for again. */
static void
preview (ObaMergeWindow *self)
{
  g_autoptr (JsonNode) request = make_request (self, FALSE);

  g_cancellable_cancel (self->previewing);
  g_clear_object (&self->previewing);
  self->previewing = g_cancellable_new ();
  self->is_previewed = FALSE;
  oba_merge_preview_box_set_old (self->preview, TRUE);
  if (!g_str_equal (gtk_stack_get_visible_child_name (self->preview_stack), "preview"))
    gtk_stack_set_visible_child_name (self->preview_stack, "loading");
  update_state (self);
  oba_merge_preview_async (oba_session_get_pool (self->session), request, self->previewing, previewed_cb, g_object_ref (self));
}

static void
resumed_cb (ObaMergeWindow *self)
{
  if (self->sending == NULL && !self->is_previewed)
    preview (self);
}

/* ---- asking */

static void
forget_key (ObaMergeWindow *self)
{
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->sent, g_free);
}

static void
show_failure (ObaMergeWindow *self, const GError *error)
{
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT))
    oba_problem_box_set_text (self->problem, _("The server does not answer, so nothing was asked. What you chose is kept: press Ask for Approval again when it is back."));
  else if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    oba_problem_box_set_text (self->problem, _("There was no answer, so it is not known whether the request was made. "
                                               "What you chose is kept: press Ask for Approval again, and it is made once."));
  else
    show_error (self, error);
}

static void
answered_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaMergeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  g_clear_object (&self->sending);
  if (self->session == NULL)
    return;   /* the window was closed meanwhile; the list tells what came of it */
  update_state (self);
  if (answer == NULL)
    {
      /* What was refused is decided for this key: asked once more, it is a new request. Lost on the way, it is the same. */
      if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
        forget_key (self);
      show_failure (self, error);
      return;
    }
  self->is_done = TRUE;
  g_signal_emit (self, signals[ASKED], 0);
  gtk_window_destroy (GTK_WINDOW (self));
}

void
oba_merge_window_send (ObaMergeWindow *self)
{
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (OBA_IS_MERGE_WINDOW (self));

  if (!self->is_previewed || self->sending != NULL || self->is_done)
    return;
  request = make_request (self, TRUE);
  text = json_to_string (request, FALSE);
  if (g_strcmp0 (text, self->sent) != 0)
    {
      forget_key (self);
      self->key = oba_db_request_new_key ();
      self->sent = g_steal_pointer (&text);
    }
  show_error (self, NULL);
  self->sending = g_cancellable_new ();
  oba_db_request_async (oba_session_get_pool (self->session), self->merge_id != 0 ? "request_unmerge" : "request_merge", request, self->key, self->sending,
                        answered_cb, g_object_ref (self));
  update_state (self);
}

/* ---- leaving */

static void
give_up_cb (AdwMessageDialog *dialog, const char *response, ObaMergeWindow *self)
{
  if (!g_str_equal (response, "discard"))
    return;
  self->is_done = TRUE;
  gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
close_request_cb (ObaMergeWindow *self)
{
  GtkWidget *dialog;

  if (self->sending != NULL)
    {
      g_cancellable_cancel (self->sending);
      return TRUE;
    }
  if (self->is_done || (*gtk_editable_get_text (self->reason) == '\0' && (self->fields == NULL || !oba_merge_fields_is_touched (self->fields))))
    return FALSE;
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Give Up What Was Chosen?"), _("Nothing is asked of anybody yet."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _("_Stay"), "discard", _("_Give Up"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_signal_connect_object (dialog, "response", G_CALLBACK (give_up_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}

/* ---- the object */

static GtkWidget *
make_bar (ObaMergeWindow *self)
{
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));
  GtkWidget *send = gtk_button_new_with_mnemonic (_("_Ask for Approval"));

  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  gtk_widget_add_css_class (send, "suggested-action");
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_window_close), self);
  g_signal_connect_swapped (send, "clicked", G_CALLBACK (oba_merge_window_send), self);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), send);
  self->send_button = GTK_BUTTON (send);
  gtk_window_set_default_widget (GTK_WINDOW (self), send);
  return bar;
}

static GtkWidget *
make_preview (ObaMergeWindow *self)
{
  GtkWidget *spinner = gtk_spinner_new ();
  GtkWidget *again = gtk_button_new_with_mnemonic (_("_Try Again"));

  self->preview = OBA_MERGE_PREVIEW_BOX (oba_merge_preview_box_new ());
  self->preview_stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->preview_stack, FALSE);
  gtk_spinner_set_spinning (GTK_SPINNER (spinner), TRUE);
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  gtk_widget_set_halign (again, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (again, "clicked", G_CALLBACK (preview), self);
  gtk_stack_add_named (self->preview_stack, spinner, "loading");
  gtk_stack_add_named (self->preview_stack, GTK_WIDGET (self->preview), "preview");
  gtk_stack_add_named (self->preview_stack, again, "failed");
  gtk_stack_add_named (self->preview_stack, oba_profile_label_new (_("It cannot be done as it is chosen: the reason is above."), "dim-label"), "refused");
  return GTK_WIDGET (self->preview_stack);
}

static GtkWidget *
make_reason (ObaMergeWindow *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *entry = adw_entry_row_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _("Why, for the one who approves"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (entry), TRUE);
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  self->reason = GTK_EDITABLE (entry);
  return list;
}

static void
append_section (GtkBox *box, const char *title, GtkWidget *note, GtkWidget *child)
{
  ObaProfileSection *section = g_object_new (OBA_TYPE_PROFILE_SECTION, "title", title, NULL);

  if (note != NULL)
    oba_profile_section_add (section, note);
  oba_profile_section_add (section, child);
  gtk_box_append (box, GTK_WIDGET (section));
}

/* On the way back: who comes back, and from whom. */
static GtkWidget *
note_new (ObaMergeWindow *self)
{
  g_autofree char *survivor = oba_merge_text_numbered (self->persons[0]);
  g_autofree char *source = oba_merge_text_numbered (self->persons[1]);
  /* Translators: the names and numbers of two customers. */
  g_autofree char *text = g_strdup_printf (_("%s becomes a customer of its own again, apart from %s."), source, survivor);

  return self->merge_id != 0 ? oba_profile_label_new (text, NULL) : NULL;
}

static GtkWidget *
make_form (ObaMergeWindow *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  if (self->fields != NULL)
    append_section (GTK_BOX (box), _("Who Stays, and With What"), NULL, GTK_WIDGET (self->fields));
  append_section (GTK_BOX (box), _("What It Does"), note_new (self), make_preview (self));
  gtk_box_append (GTK_BOX (box), make_reason (self));
  gtk_widget_set_margin_top (box, 18);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

static ObaProblemBox *
problem_new (void)
{
  return g_object_new (OBA_TYPE_PROBLEM_BOX, "margin-start", 18, "margin-end", 18, "margin-top", 12, NULL);
}

static void
fill (ObaMergeWindow *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->problem = problem_new ();
  self->lost = problem_new ();
  gtk_box_append (GTK_BOX (outer), make_bar (self));
  gtk_box_append (GTK_BOX (outer), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (outer), GTK_WIDGET (self->lost));
  self->form = make_form (self);
  gtk_box_append (GTK_BOX (outer), self->form);
  adw_window_set_content (ADW_WINDOW (self), outer);
}

static void
oba_merge_window_dispose (GObject *object)
{
  ObaMergeWindow *self = OBA_MERGE_WINDOW (object);

  g_cancellable_cancel (self->previewing);
  g_clear_object (&self->previewing);
  g_clear_object (&self->session);
  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&self->persons[i], oba_merge_person_unref);
  forget_key (self);

  G_OBJECT_CLASS (oba_merge_window_parent_class)->dispose (object);
}

static void
oba_merge_window_class_init (ObaMergeWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_merge_window_dispose;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
  signals[ASKED] = g_signal_new ("asked", OBA_TYPE_MERGE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_merge_window_init (ObaMergeWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), 860, 660);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  g_signal_connect (self, "close-request", G_CALLBACK (close_request_cb), NULL);
}

static ObaMergeWindow *
window_new (GtkWindow *parent, ObaSession *session, ObaMergePerson *first, ObaMergePerson *second, gint64 merge_id)
{
  ObaMergeWindow *self = g_object_new (OBA_TYPE_MERGE_WINDOW, "transient-for", parent,
                                       "title", merge_id != 0 ? _("Take a Merge Back") : _("Merge Two Customers"), NULL);

  self->session = g_object_ref (session);
  self->persons[0] = oba_merge_person_ref (first);
  self->persons[1] = oba_merge_person_ref (second);
  self->merge_id = merge_id;
  if (merge_id == 0)
    {
      self->fields = OBA_MERGE_FIELDS (oba_merge_fields_new (first, second, 0));
      g_signal_connect_object (self->fields, "changed", G_CALLBACK (preview), self, G_CONNECT_SWAPPED);
    }
  fill (self);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (resumed_cb), self, G_CONNECT_SWAPPED);
  preview (self);
  return self;
}

/* The one who bought more, or is known for longer. */
static gboolean
stays (const ObaMergePerson *person, const ObaMergePerson *other)
{
  if (person->receipts != other->receipts)
    return person->receipts > other->receipts;
  return g_date_time_compare (person->registered_at, other->registered_at) <= 0;
}

ObaMergeWindow *
oba_merge_window_new (GtkWindow *parent, ObaSession *session, ObaMergePerson *first, ObaMergePerson *second)
{
  return stays (first, second) ? window_new (parent, session, first, second, 0) : window_new (parent, session, second, first, 0);
}

ObaMergeWindow *
oba_merge_window_new_back (GtkWindow *parent, ObaSession *session, const ObaMergeEntry *entry)
{
  return window_new (parent, session, entry->survivor, entry->source, entry->id);
}

gboolean
oba_merge_window_is_settled (ObaMergeWindow *self)
{
  return self->previewing == NULL && self->sending == NULL;
}
