#include "oba-adjust-window.h"

#include <glib/gi18n-lib.h>

#include "corrections/oba-effect-box.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-request.h"
#include "points/oba-adjustment.h"
#include "widgets/oba-field.h"
#include "widgets/oba-problem-box.h"

/* Between the last key and the question what it does. */
#define PAUSE_MS 200
#define MAX_POINTS 10000000
#define MAX_CHARS 1000
#define N_PAST 20

struct _ObaAdjustWindow
{
  AdwWindow             parent_instance;

  ObaSession           *session;
  gint64                customer_id;
  guint                 pause_id;
  GCancellable         *previewing;
  GCancellable         *reading;
  ObaCorrectionPreview *preview;       /* of what is typed; NULL: there is none, or not yet */
  JsonNode             *sent;          /* until it is known what became of it */
  char                 *key;           /* that names it */
  gboolean              sending;
  gboolean              is_done;

  GtkDropDown          *direction;
  GtkEditable          *amount;
  ObaField             *amount_field;
  GtkDropDown          *reason;
  GtkEditable          *text;
  ObaField             *text_field;
  GtkWidget            *form;
  ObaProblemBox        *problem;
  ObaEffectBox         *effect;
  GtkWidget            *approval_box;
  GtkBox               *past;
  GtkButton            *cancel_button;
  GtkButton            *post_button;
  GtkStack             *pages;
};

G_DEFINE_FINAL_TYPE (ObaAdjustWindow, oba_adjust_window, ADW_TYPE_WINDOW)

/* ---- what was typed */

static const char *
get_code (ObaAdjustWindow *self)
{
  return oba_adjustment_reason_codes ()[gtk_drop_down_get_selected (self->reason)];
}

static char *
dup_text (ObaAdjustWindow *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->text)));
}

/* Up or down; 0: not yet a number. */
static gint64
get_points (ObaAdjustWindow *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->amount)));
  gint64 points = 0;

  if (!g_ascii_string_to_signed (text, 10, 1, MAX_POINTS, &points, NULL))
    return 0;
  return gtk_drop_down_get_selected (self->direction) == 0 ? points : - points;
}

/* NULL as long as something is missing. */
static JsonNode *
make_request (ObaAdjustWindow *self)
{
  gint64 points = get_points (self);
  g_autofree char *text = dup_text (self);

  return points != 0 ? oba_adjustment_request (self->customer_id, points, get_code (self), text) : NULL;
}

static gboolean
lacks_words (ObaAdjustWindow *self)
{
  g_autofree char *text = dup_text (self);

  return g_str_equal (get_code (self), "other") && *text == '\0';
}

static gboolean
is_touched (ObaAdjustWindow *self)
{
  return *gtk_editable_get_text (self->amount) != '\0' || *gtk_editable_get_text (self->text) != '\0';
}

static void
update (ObaAdjustWindow *self)
{
  gboolean waits = self->preview != NULL && self->preview->needs[0] != NULL;
  gboolean unknown = self->sent != NULL && !self->sending;
  gboolean wrong = *gtk_editable_get_text (self->amount) != '\0' && get_points (self) == 0;

  oba_field_set_problem (self->amount_field, wrong ? _("A whole number of points, from 1 to 10 000 000") : NULL);
  oba_field_set_note (self->text_field, lacks_words (self) ? _("Another reason is told in words") : NULL);
  gtk_button_set_label (self->post_button, unknown ? _("_Try Again") : waits ? _("_Ask for Approval") : _("_Post"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->post_button), unknown || (!self->sending && self->preview != NULL && !lacks_words (self)));
  gtk_widget_set_sensitive (self->form, self->sent == NULL);
  gtk_widget_set_visible (self->approval_box, waits);
}

static void
fail (ObaAdjustWindow *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);

  oba_problem_box_set_text (self->problem, sentence);
}

/* ---- the preview */

static void
previewed_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaAdjustWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCorrectionPreview) preview = oba_adjustment_preview_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->previewing);
  self->preview = g_steal_pointer (&preview);
  if (self->preview != NULL)
    oba_effect_box_show (self->effect, self->preview);
  else
    fail (self, error);
  gtk_widget_set_visible (GTK_WIDGET (self->effect), self->preview != NULL);
  update (self);
}

static void
forget_preview (ObaAdjustWindow *self)
{
  g_clear_handle_id (&self->pause_id, g_source_remove);
  g_cancellable_cancel (self->previewing);
  g_clear_object (&self->previewing);
  g_clear_pointer (&self->preview, oba_correction_preview_free);
}

static void
ask_preview (gpointer user_data)
{
  ObaAdjustWindow *self = user_data;
  g_autoptr (JsonNode) request = make_request (self);

  self->pause_id = 0;
  if (request == NULL)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->effect), FALSE);
      return;
    }
  self->previewing = g_cancellable_new ();
  oba_adjustment_preview_async (oba_session_get_pool (self->session), request, self->previewing, previewed_cb, g_object_ref (self));
}

/* What was shown is old from the first key on, and cannot be posted. */
static void
changed_cb (ObaAdjustWindow *self)
{
  if (self->sent != NULL || self->is_done)
    return;
  oba_problem_box_set_text (self->problem, NULL);
  forget_preview (self);
  oba_effect_box_set_old (self->effect, TRUE);
  self->pause_id = g_timeout_add_once (PAUSE_MS, ask_preview, self);
  update (self);
}

/* Words change nothing of what it does. */
static void
words_cb (ObaAdjustWindow *self)
{
  update (self);
}

/* ---- posting */

static void
forget_sent (ObaAdjustWindow *self)
{
  g_clear_pointer (&self->sent, json_node_unref);
  g_clear_pointer (&self->key, g_free);
}

static void
take_answer (ObaAdjustWindow *self, JsonObject *answer)
{
  self->is_done = TRUE;
  forget_sent (self);
  if (!json_object_has_member (answer, "approval_id"))
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  gtk_stack_set_visible_child_name (self->pages, "waits");
  gtk_button_set_label (self->cancel_button, _("_Close"));
  gtk_widget_set_visible (GTK_WIDGET (self->post_button), FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->cancel_button));
}

static void
posted_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaAdjustWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  self->sending = FALSE;
  if (self->session == NULL)
    return;   /* the window was closed meanwhile */
  if (answer != NULL)
    {
      take_answer (self, answer);
      return;
    }
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST))
    oba_problem_box_set_text (self->problem, _("There was no answer, so it is not known whether it was posted. Press Try Again: if it was not, it is posted now, and never twice."));
  else
    {
      forget_sent (self);
      fail (self, error);
    }
  update (self);
}

static void
send (ObaAdjustWindow *self)
{
  if (self->key == NULL)
    self->key = oba_db_request_new_key ();
  self->sending = TRUE;
  oba_problem_box_set_text (self->problem, NULL);
  oba_db_request_async (oba_session_get_pool (self->session), "adjust_points", self->sent, self->key, NULL, posted_cb, g_object_ref (self));
  update (self);
}

static void
post_cb (ObaAdjustWindow *self)
{
  if (self->sending || self->is_done)
    return;
  if (self->sent == NULL)
    {
      if (self->preview == NULL || lacks_words (self))
        {
          gtk_widget_grab_focus (GTK_WIDGET (self->preview == NULL ? self->amount : self->text));
          return;
        }
      self->sent = make_request (self);
    }
  send (self);
}

/* ---- those that were made */

static void
take_back_cb (GtkButton *button, ObaAdjustWindow *self)
{
  gint64 *id = g_object_get_data (G_OBJECT (button), "oba-adjustment");

  if (self->sending || self->is_done || self->sent != NULL)
    return;
  self->sent = oba_adjustment_undo_request (*id);
  send (self);
}

static GtkWidget *
take_back_button_new (ObaAdjustWindow *self, const ObaAdjustment *adjustment, const char *what)
{
  GtkWidget *button = gtk_button_new_with_label (_("Take Back"));
  /* Translators: what was done: "+50 points, Goodwill". */
  g_autofree char *spoken = g_strdup_printf (_("Take back: %s"), what);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_object_set_data_full (G_OBJECT (button), "oba-adjustment", g_memdup2 (&adjustment->id, sizeof adjustment->id), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (take_back_cb), self);
  return button;
}

static void
add_past (ObaAdjustWindow *self, const ObaAdjustment *adjustment)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  const char *title = oba_adjustment_reason_title (adjustment->reason_code);
  g_autofree char *points = oba_customer_text_signed (adjustment->points);
  g_autofree char *moment = oba_customer_text_moment (adjustment->at);
  g_autofree char *what = g_strdup_printf ("%s · %s%s%s", points, title != NULL ? title : adjustment->reason_code, *adjustment->reason != '\0' ? ": " : "", adjustment->reason);
  /* Translators: the name of a colleague, a moment. */
  g_autofree char *who = g_strdup_printf (_("%s, %s"), adjustment->who, moment);
  g_autofree char *agreed = *adjustment->agreed != '\0' ? g_strdup_printf (_("approved by %s"), adjustment->agreed) : NULL;
  g_autofree char *details = g_strjoin (" · ", who, agreed != NULL ? agreed : "", NULL);

  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), oba_profile_label_new (what, NULL));
  gtk_box_append (GTK_BOX (texts), oba_profile_label_new (agreed != NULL ? details : who, "dim-label"));
  gtk_box_append (GTK_BOX (line), texts);
  gtk_box_append (GTK_BOX (line), adjustment->undone ? oba_profile_pill_new (_("taken back"), "dim-label") : take_back_button_new (self, adjustment, what));
  gtk_box_append (self->past, line);
}

static void
past_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaAdjustWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) past = oba_adjustments_read_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->reading);
  if (past == NULL)
    {
      fail (self, error);
      return;
    }
  for (guint i = 0; i < past->len; i++)
    add_past (self, past->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->past), past->len > 0);
}

/* ---- the object */

static void
leave_cb (AdwMessageDialog *dialog, const char *response, ObaAdjustWindow *self)
{
  if (!g_str_equal (response, "discard"))
    return;
  self->is_done = TRUE;
  gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
close_request_cb (ObaAdjustWindow *self)
{
  gboolean unknown = self->sent != NULL;
  GtkWidget *dialog;

  if (self->is_done || (!unknown && !is_touched (self)))
    return FALSE;
  dialog = adw_message_dialog_new (GTK_WINDOW (self), unknown ? _("Leave Without Knowing?") : _("Give Up What Was Typed?"),
                                   unknown ? _("It may have been posted or not. The profile tells, when the server is back.") : _("Nothing is posted yet, and what was typed is not kept."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _("_Stay"), "discard", unknown ? _("_Leave") : _("_Give Up"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_signal_connect_object (dialog, "response", G_CALLBACK (leave_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}

static void
oba_adjust_window_dispose (GObject *object)
{
  ObaAdjustWindow *self = OBA_ADJUST_WINDOW (object);

  forget_preview (self);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_adjust_window_parent_class)->dispose (object);
}

static void
oba_adjust_window_finalize (GObject *object)
{
  forget_sent (OBA_ADJUST_WINDOW (object));

  G_OBJECT_CLASS (oba_adjust_window_parent_class)->finalize (object);
}

static void
oba_adjust_window_class_init (ObaAdjustWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_adjust_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_adjust_window_finalize;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
oba_adjust_window_init (ObaAdjustWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), 880, 600);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  g_signal_connect (self, "close-request", G_CALLBACK (close_request_cb), NULL);
}

static GtkDropDown *
list_new (ObaAdjustWindow *self, const char *const *titles, const char *name)
{
  GtkWidget *list = gtk_drop_down_new_from_strings (titles);

  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (list, "notify::selected", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return GTK_DROP_DOWN (list);
}

static GtkWidget *
make_form (ObaAdjustWindow *self)
{
  const char *const directions[] = { _("Give points"), _("Take points away"), NULL };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  g_autoptr (GPtrArray) titles = g_ptr_array_new ();
  GtkWidget *amount = gtk_entry_new ();
  GtkWidget *text = gtk_entry_new ();

  for (guint i = 0; oba_adjustment_reason_codes ()[i] != NULL; i++)
    g_ptr_array_add (titles, (gpointer) oba_adjustment_reason_title (oba_adjustment_reason_codes ()[i]));
  g_ptr_array_add (titles, NULL);
  self->direction = list_new (self, directions, _("Direction"));
  self->reason = list_new (self, (const char *const *) titles->pdata, _("Reason"));
  self->amount = GTK_EDITABLE (amount);
  self->text = GTK_EDITABLE (text);
  gtk_entry_set_input_purpose (GTK_ENTRY (amount), GTK_INPUT_PURPOSE_DIGITS);
  gtk_entry_set_max_length (GTK_ENTRY (amount), 12);
  gtk_entry_set_activates_default (GTK_ENTRY (amount), TRUE);
  gtk_entry_set_max_length (GTK_ENTRY (text), MAX_CHARS);
  gtk_entry_set_activates_default (GTK_ENTRY (text), TRUE);
  self->amount_field = OBA_FIELD (oba_field_new (_("Points"), amount, NULL));
  self->text_field = OBA_FIELD (oba_field_new (_("More about the reason"), text, NULL));
  g_signal_connect_object (amount, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (text, "changed", G_CALLBACK (words_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Direction"), GTK_WIDGET (self->direction), NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->amount_field));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Reason"), GTK_WIDGET (self->reason), NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->text_field));
  self->form = box;
  return box;
}

static GtkWidget *
scroll (GtkWidget *box, int width)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  g_object_set (box, "margin-top", 18, "margin-bottom", 18, "margin-start", 18, "margin-end", 18, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_widget_set_size_request (scrolled, width, -1);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

static GtkWidget *
make_left (ObaAdjustWindow *self, const char *name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *scrolled;

  self->past = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  gtk_widget_set_visible (GTK_WIDGET (self->past), FALSE);
  gtk_box_append (self->past, oba_profile_label_new (_("Adjusted Before"), "heading"));
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (name, "dim-label"));
  gtk_box_append (GTK_BOX (box), make_form (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->past));
  scrolled = scroll (box, -1);
  gtk_widget_set_hexpand (scrolled, TRUE);
  return scrolled;
}

static GtkWidget *
make_right (ObaAdjustWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scrolled;

  self->effect = OBA_EFFECT_BOX (oba_effect_box_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->effect), FALSE);
  self->approval_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->approval_box, "changed-note");
  gtk_box_append (GTK_BOX (self->approval_box), oba_profile_label_new (_("These are more points than one person gives or takes from a customer within a day. "
                                                                         "A supervisor other than you decides. Until then nothing changes."), NULL));
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (_("What It Does"), "title-4"));
  gtk_box_append (GTK_BOX (box), self->approval_box);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->effect));
  scrolled = scroll (box, 380);
  gtk_widget_set_hexpand (scrolled, FALSE);
  return scrolled;
}

static GtkWidget *
make_bar (ObaAdjustWindow *self)
{
  GtkWidget *bar = adw_header_bar_new ();

  self->cancel_button = GTK_BUTTON (gtk_button_new_with_mnemonic (_("_Cancel")));
  self->post_button = GTK_BUTTON (gtk_button_new_with_mnemonic (_("_Post")));
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->post_button), "suggested-action");
  g_signal_connect_swapped (self->cancel_button, "clicked", G_CALLBACK (gtk_window_close), self);
  g_signal_connect_swapped (self->post_button, "clicked", G_CALLBACK (post_cb), self);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), GTK_WIDGET (self->cancel_button));
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), GTK_WIDGET (self->post_button));
  gtk_window_set_default_widget (GTK_WINDOW (self), GTK_WIDGET (self->post_button));
  return bar;
}

static GtkWidget *
make_waits (void)
{
  GtkWidget *page = adw_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "document-open-recent-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _("It Waits for a Supervisor"));
  adw_status_page_set_description (ADW_STATUS_PAGE (page), _("Nothing has changed yet. It is done as soon as somebody else has approved it."));
  return page;
}

GtkWidget *
oba_adjust_window_new (GtkWindow *parent, ObaSession *session, gint64 customer_id, const char *name)
{
  ObaAdjustWindow *self = g_object_new (OBA_TYPE_ADJUST_WINDOW, "transient-for", parent, "title", _("Adjust Points"), NULL);
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *sides = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->session = g_object_ref (session);
  self->customer_id = customer_id;
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, "margin-start", 18, "margin-end", 18, "margin-top", 12, NULL);
  gtk_box_append (GTK_BOX (sides), make_left (self, name));
  gtk_box_append (GTK_BOX (sides), gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  gtk_box_append (GTK_BOX (sides), make_right (self));
  gtk_box_append (GTK_BOX (page), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (page), sides);
  self->pages = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->pages, page, "form");
  gtk_stack_add_named (self->pages, make_waits (), "waits");
  gtk_box_append (GTK_BOX (outer), make_bar (self));
  gtk_box_append (GTK_BOX (outer), GTK_WIDGET (self->pages));
  adw_window_set_content (ADW_WINDOW (self), outer);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->amount));
  self->reading = g_cancellable_new ();
  oba_adjustments_read_async (oba_session_get_pool (session), customer_id, N_PAST, self->reading, past_cb, g_object_ref (self));
  return GTK_WIDGET (self);
}

void
oba_adjust_window_set (ObaAdjustWindow *self, gint64 points, const char *code, const char *text)
{
  g_autofree char *amount = g_strdup_printf ("%" G_GINT64_FORMAT, ABS (points));

  g_return_if_fail (OBA_IS_ADJUST_WINDOW (self));

  gtk_drop_down_set_selected (self->direction, points > 0 ? 0 : 1);
  for (guint i = 0; oba_adjustment_reason_codes ()[i] != NULL; i++)
    if (g_str_equal (oba_adjustment_reason_codes ()[i], code))
      gtk_drop_down_set_selected (self->reason, i);
  gtk_editable_set_text (self->text, text);
  gtk_editable_set_text (self->amount, amount);
}

gboolean
oba_adjust_window_is_settled (ObaAdjustWindow *self)
{
  return self->pause_id == 0 && self->previewing == NULL && self->reading == NULL && !self->sending;
}
