#include "oba-correction-window.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-profile-section.h"
#include "db/oba-db-request.h"
#include "oba-correction-text.h"
#include "oba-effect-box.h"
#include "oba-reason-box.h"
#include "widgets/oba-problem-box.h"

/* Between the last key and the question what it does. */
#define PAUSE_MS 200
#define EFFECT_WIDTH 440

struct _ObaCorrectionWindow
{
  AdwWindow             parent_instance;

  ObaSession           *session;
  ObaCorrectable       *receipt;       /* NULL: a missed one */
  ObaCorrectionForm    *form;
  guint                 pause_id;
  GCancellable         *previewing;
  ObaCorrectionPreview *preview;       /* of what is shown; NULL: there is none, or not yet */
  GCancellable         *reading;       /* what somebody else has done to the receipt */
  GCancellable         *sending;
  ObaCorrection        *sent;          /* until it is known what became of it */
  char                 *key;           /* that names it */
  char                 *since;         /* what somebody else has done, until something else is typed */
  gboolean              is_done;
  gboolean              told;          /* of that before anything was sent */

  GtkStack             *pages;
  GtkButton            *cancel_button;
  GtkButton            *post_button;
  ObaProblemBox        *problem;
  ObaProblemBox        *lost;
  GtkLabel             *receipt_label;
  GtkWidget            *left;
  ObaReasonBox         *reason;
  GtkStack             *effect_stack;
  ObaEffectBox         *effect;
  GtkWidget            *approval_box;
  GtkLabel             *approval_label;
};

enum { POSTED, WAITS, PREVIEWED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaCorrectionWindow, oba_correction_window, ADW_TYPE_WINDOW)

static ObaDbPool *
get_pool (ObaCorrectionWindow *self)
{
  return oba_session_get_pool (self->session);
}

static gboolean
needs_approval (ObaCorrectionWindow *self)
{
  return self->preview != NULL && self->preview->needs[0] != NULL;
}

/* Sent, but not known whether it arrived. */
static gboolean
is_unknown (ObaCorrectionWindow *self)
{
  return self->sent != NULL && self->sending == NULL;
}

static void
update_state (ObaCorrectionWindow *self)
{
  gboolean sending = self->sending != NULL;
  const char *label;

  if (self->session == NULL)
    return;
  if (is_unknown (self))
    label = _("_Try Again");
  else if (needs_approval (self))
    label = _("_Ask for Approval");
  else
    label = _("_Post");
  gtk_button_set_label (self->post_button, label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->post_button), !sending && self->reading == NULL && (self->preview != NULL || is_unknown (self)));
  /* What was sent is not changed while nobody knows whether it was done. */
  gtk_widget_set_sensitive (self->left, self->sent == NULL);
  gtk_widget_set_visible (self->approval_box, needs_approval (self));
  oba_problem_box_set_text (self->lost, sending && !oba_session_is_online (self->session)
                                          ? _("The connection is lost. As soon as the server is back it is posted, once.") : NULL);
}

static void
show_error (ObaCorrectionWindow *self, const GError *error)
{
  g_autofree char *sentence = error != NULL ? oba_db_error_describe (error) : NULL;
  g_autofree char *both = sentence != NULL && self->since != NULL ? g_strdup_printf ("%s\n%s", self->since, sentence) : NULL;

  oba_problem_box_set_text (self->problem, both != NULL ? both : sentence);
}

/* ---- the preview */

static void
show_preview (ObaCorrectionWindow *self)
{
  g_autofree char *needs = oba_correction_text_needs (self->preview);
  g_autofree char *why = needs != NULL ? g_strdup_printf ("%s\n%s", _("This needs approval, because:"), needs) : NULL;
  g_autofree char *text = why != NULL ? g_strdup_printf ("%s\n%s", why, _("A supervisor other than you decides. Until then nothing changes.")) : NULL;

  oba_effect_box_show (self->effect, self->preview);
  gtk_label_set_label (self->approval_label, text != NULL ? text : "");
  gtk_stack_set_visible_child_name (self->effect_stack, "effect");
}

static void
previewed_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaCorrectionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCorrectionPreview) preview = oba_correction_preview_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->previewing);
  self->preview = g_steal_pointer (&preview);
  if (self->preview != NULL)
    show_preview (self);
  else
    {
      show_error (self, error);
      gtk_stack_set_visible_child_name (self->effect_stack, g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE) ? "refused" : "failed");
    }
  update_state (self);
  g_signal_emit (self, signals[PREVIEWED], 0);
}

static void
forget_preview (ObaCorrectionWindow *self)
{
  g_clear_handle_id (&self->pause_id, g_source_remove);
  g_cancellable_cancel (self->previewing);
  g_clear_object (&self->previewing);
  g_clear_pointer (&self->preview, oba_correction_preview_free);
}

static void
preview (ObaCorrectionWindow *self)
{
  g_autoptr (ObaCorrection) correction = NULL;

  forget_preview (self);
  correction = oba_correction_form_make (self->form);
  if (correction == NULL)
    gtk_stack_set_visible_child_name (self->effect_stack, "nothing");
  else
    {
      self->previewing = g_cancellable_new ();
      oba_effect_box_set_old (self->effect, TRUE);
      if (!g_str_equal (gtk_stack_get_visible_child_name (self->effect_stack), "effect"))
        gtk_stack_set_visible_child_name (self->effect_stack, "loading");
      oba_correction_preview_async (get_pool (self), correction, self->previewing, previewed_cb, g_object_ref (self));
    }
  update_state (self);
}

static void
pause_cb (gpointer user_data)
{
  ObaCorrectionWindow *self = user_data;

  self->pause_id = 0;
  preview (self);
}

/* What was shown is old from the first key on, and cannot be posted. */
static void
changed_cb (ObaCorrectionWindow *self)
{
  if (self->sent != NULL || self->is_done)
    return;
  g_clear_pointer (&self->since, g_free);
  show_error (self, NULL);
  forget_preview (self);
  oba_effect_box_set_old (self->effect, TRUE);
  self->pause_id = g_timeout_add_once (PAUSE_MS, pause_cb, self);
  update_state (self);
}

static void
try_preview (ObaCorrectionWindow *self)
{
  if (self->sent != NULL || self->is_done || self->previewing != NULL || self->preview != NULL)
    return;
  show_error (self, NULL);
  preview (self);
}

/* ---- somebody else was faster */

static void
show_receipt (ObaCorrectionWindow *self)
{
  g_autofree char *which = oba_correction_text_receipt (self->receipt);
  g_autofree char *whose = oba_correction_text_whose (self->receipt);
  g_autofree char *text = g_strdup_printf ("%s\n%s", which, whose);

  gtk_label_set_label (self->receipt_label, text);
}

static void
read_again_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaCorrectionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCorrectable) receipt = oba_correctable_read_finish (result, &error);
  g_autofree char *since = NULL;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->reading);
  if (receipt == NULL)
    show_error (self, error);
  else
    {
      since = oba_correction_text_since (self->receipt, receipt);
      g_clear_pointer (&self->receipt, oba_correctable_unref);
      self->receipt = g_steal_pointer (&receipt);
      show_receipt (self);
      oba_correction_form_set_receipt (self->form, self->receipt);
      if (since != NULL)
        {
          g_free (self->since);
          self->since = g_strdup_printf ("%s %s", self->told ? _("Somebody else has just corrected this receipt. What you typed is kept.")
                                                             : _("Somebody else corrected this receipt meanwhile, so nothing was posted."), since);
          oba_problem_box_set_text (self->problem, self->since);
        }
    }
  preview (self);
}

static void
read_receipt (ObaCorrectionWindow *self, gboolean told)
{
  self->told = told;
  forget_preview (self);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  oba_effect_box_set_old (self->effect, TRUE);
  oba_correctable_read_async (get_pool (self), &self->receipt->key, self->reading, read_again_cb, g_object_ref (self));
  update_state (self);
}

static void
read_again (ObaCorrectionWindow *self)
{
  oba_problem_box_set_text (self->problem, _("What this would do has changed meanwhile, so nothing was posted. Look at it again, then decide."));
  if (self->receipt != NULL)
    read_receipt (self, FALSE);
  else
    preview (self);
}

/* What is on its way meanwhile is answered by the database. */
static void
corrected_cb (ObaCorrectionWindow *self, const char *channel, const char *payload)
{
  if (self->receipt != NULL && self->sent == NULL && !self->is_done && g_ascii_strtoll (payload, NULL, 10) == self->receipt->key.receipt_id)
    read_receipt (self, TRUE);
}

/* ---- posting */

static void
forget_sent (ObaCorrectionWindow *self)
{
  g_clear_pointer (&self->sent, oba_correction_free);
  g_clear_pointer (&self->key, g_free);
}

static void
show_waiting (ObaCorrectionWindow *self)
{
  gtk_stack_set_visible_child_name (self->pages, "waits");
  gtk_button_set_label (self->cancel_button, _("_Close"));
  gtk_widget_set_visible (GTK_WIDGET (self->post_button), FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->cancel_button));
}

static void
take_outcome (ObaCorrectionWindow *self, const ObaCorrectionOutcome *outcome)
{
  self->is_done = TRUE;
  forget_sent (self);
  if (outcome->approval_id != 0)
    {
      show_waiting (self);
      g_signal_emit (self, signals[WAITS], 0, outcome->approval_id);
      return;
    }
  g_signal_emit (self, signals[POSTED], 0, outcome->correction_id);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* Refused, it was decided, and asked again it is a new request. Not known to have arrived, it is the same. */
static void
take_failure (ObaCorrectionWindow *self, const GError *error)
{
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      oba_problem_box_set_text (self->problem, _("There was no answer, so it is not known whether it was posted. Press Try Again: if it was not, it is posted now, and never twice."));
      return;
    }
  forget_sent (self);
  if (oba_db_error_is_refusal (error, "OB003"))
    read_again (self);
  else if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT))
    oba_problem_box_set_text (self->problem, _("The server does not answer, so nothing was posted. What you typed is kept: press Post again when it is back."));
  else
    show_error (self, error);
}

static void
posted_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaCorrectionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  ObaCorrectionOutcome outcome;
  gboolean fine = oba_correction_post_finish (result, &outcome, &error);

  g_clear_object (&self->sending);
  if (self->session == NULL)
    return;   /* the window was closed meanwhile */
  if (fine)
    take_outcome (self, &outcome);
  else
    take_failure (self, error);
  update_state (self);
}

void
oba_correction_window_post (ObaCorrectionWindow *self)
{
  g_autofree char *text = NULL;

  g_return_if_fail (OBA_IS_CORRECTION_WINDOW (self));

  if (self->sending != NULL || self->reading != NULL || self->is_done)
    return;
  if (self->sent == NULL)
    {
      if (self->preview == NULL)
        {
          oba_correction_form_show_problem (self->form);
          return;
        }
      if (!oba_reason_box_check (self->reason))
        return;
      text = oba_reason_box_dup_text (self->reason);
      self->sent = oba_correction_form_make (self->form);
      oba_correction_set_reason (self->sent, oba_reason_box_get_code (self->reason), text);
      self->key = oba_db_request_new_key ();
    }
  g_clear_pointer (&self->since, g_free);
  show_error (self, NULL);
  self->sending = g_cancellable_new ();
  oba_correction_post_async (get_pool (self), self->sent, self->preview, self->key, self->sending, posted_cb, g_object_ref (self));
  update_state (self);
}

/* ---- leaving */

static void
give_up_cb (AdwMessageDialog *dialog, const char *response, ObaCorrectionWindow *self)
{
  if (!g_str_equal (response, "discard"))
    return;
  self->is_done = TRUE;
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
ask_to_leave (ObaCorrectionWindow *self)
{
  gboolean unknown = is_unknown (self);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), unknown ? _("Leave Without Knowing?") : _("Give Up What Was Typed?"),
                                              unknown ? _("It may have been posted or not. The receipt tells, when the server is back.")
                                                      : _("Nothing is posted yet, and what was typed is not kept."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _("_Stay"), "discard", unknown ? _("_Leave") : _("_Give Up"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_signal_connect_object (dialog, "response", G_CALLBACK (give_up_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
close_request_cb (ObaCorrectionWindow *self)
{
  if (self->sending != NULL)
    {
      g_cancellable_cancel (self->sending);
      return TRUE;
    }
  if (self->is_done || (self->sent == NULL && !oba_reason_box_is_touched (self->reason) && !oba_correction_form_is_touched (self->form)))
    return FALSE;
  ask_to_leave (self);
  return TRUE;
}

/* ---- the object */

static GtkWidget *
make_bar (ObaCorrectionWindow *self)
{
  GtkWidget *bar = adw_header_bar_new ();

  self->cancel_button = GTK_BUTTON (gtk_button_new_with_mnemonic (_("_Cancel")));
  self->post_button = GTK_BUTTON (gtk_button_new_with_mnemonic (_("_Post")));
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->post_button), "suggested-action");
  g_signal_connect_swapped (self->cancel_button, "clicked", G_CALLBACK (gtk_window_close), self);
  g_signal_connect_swapped (self->post_button, "clicked", G_CALLBACK (oba_correction_window_post), self);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), GTK_WIDGET (self->cancel_button));
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), GTK_WIDGET (self->post_button));
  gtk_window_set_default_widget (GTK_WINDOW (self), GTK_WIDGET (self->post_button));
  return bar;
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
make_left (ObaCorrectionWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *scrolled;

  self->receipt_label = GTK_LABEL (oba_profile_label_new (NULL, "dim-label"));
  gtk_widget_set_visible (GTK_WIDGET (self->receipt_label), self->receipt != NULL);
  self->reason = OBA_REASON_BOX (oba_reason_box_new (oba_correction_form_get_kind (self->form)));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->receipt_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->form));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->reason));
  self->left = box;
  scrolled = scroll (box, -1);
  gtk_widget_set_hexpand (scrolled, TRUE);
  return scrolled;
}

static GtkWidget *
make_effect (ObaCorrectionWindow *self)
{
  GtkWidget *spinner = gtk_spinner_new ();
  GtkWidget *again = gtk_button_new_with_mnemonic (_("Try A_gain"));

  self->effect = OBA_EFFECT_BOX (oba_effect_box_new ());
  self->effect_stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->effect_stack, FALSE);
  gtk_spinner_set_spinning (GTK_SPINNER (spinner), TRUE);
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  gtk_widget_set_halign (again, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (again, GTK_ALIGN_START);
  g_signal_connect_swapped (again, "clicked", G_CALLBACK (try_preview), self);
  gtk_stack_add_named (self->effect_stack, oba_profile_label_new (_("As soon as all that is needed is there, it is shown here what it does."), "dim-label"), "nothing");
  gtk_stack_add_named (self->effect_stack, spinner, "loading");
  gtk_stack_add_named (self->effect_stack, GTK_WIDGET (self->effect), "effect");
  gtk_stack_add_named (self->effect_stack, again, "failed");
  gtk_stack_add_named (self->effect_stack, oba_profile_label_new (_("It cannot be done as it is: the reason is above."), "dim-label"), "refused");
  return GTK_WIDGET (self->effect_stack);
}

static GtkWidget *
make_right (ObaCorrectionWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scrolled;

  self->approval_label = GTK_LABEL (oba_profile_label_new (NULL, NULL));
  gtk_label_set_max_width_chars (self->approval_label, 44);
  self->approval_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->approval_box, "changed-note");
  gtk_widget_set_visible (self->approval_box, FALSE);
  gtk_box_append (GTK_BOX (self->approval_box), GTK_WIDGET (self->approval_label));
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (_("What It Does"), "title-4"));
  gtk_box_append (GTK_BOX (box), self->approval_box);
  gtk_box_append (GTK_BOX (box), make_effect (self));
  scrolled = scroll (box, EFFECT_WIDTH);
  gtk_widget_set_hexpand (scrolled, FALSE);
  /* What comes and goes in it does not move what is being typed in. */
  return g_object_new (ADW_TYPE_CLAMP, "maximum-size", EFFECT_WIDTH, "tightening-threshold", EFFECT_WIDTH, "hexpand", FALSE, "child", scrolled, NULL);
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

static void
fill (ObaCorrectionWindow *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *sides = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, "margin-start", 18, "margin-end", 18, "margin-top", 12, NULL);
  self->lost = g_object_new (OBA_TYPE_PROBLEM_BOX, "margin-start", 18, "margin-end", 18, "margin-top", 12, NULL);
  gtk_box_append (GTK_BOX (sides), make_left (self));
  gtk_box_append (GTK_BOX (sides), gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  gtk_box_append (GTK_BOX (sides), make_right (self));
  gtk_box_append (GTK_BOX (page), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (page), GTK_WIDGET (self->lost));
  gtk_box_append (GTK_BOX (page), sides);
  self->pages = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->pages, page, "form");
  gtk_stack_add_named (self->pages, make_waits (), "waits");
  gtk_box_append (GTK_BOX (outer), make_bar (self));
  gtk_box_append (GTK_BOX (outer), GTK_WIDGET (self->pages));
  adw_window_set_content (ADW_WINDOW (self), outer);
}

static void
oba_correction_window_dispose (GObject *object)
{
  ObaCorrectionWindow *self = OBA_CORRECTION_WINDOW (object);

  forget_preview (self);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_correction_window_parent_class)->dispose (object);
}

static void
oba_correction_window_finalize (GObject *object)
{
  ObaCorrectionWindow *self = OBA_CORRECTION_WINDOW (object);

  forget_sent (self);
  g_free (self->since);
  g_clear_pointer (&self->receipt, oba_correctable_unref);

  G_OBJECT_CLASS (oba_correction_window_parent_class)->finalize (object);
}

static void
oba_correction_window_class_init (ObaCorrectionWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_correction_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_correction_window_finalize;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
  signals[POSTED] = g_signal_new ("posted", OBA_TYPE_CORRECTION_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[PREVIEWED] = g_signal_new ("previewed", OBA_TYPE_CORRECTION_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[WAITS] = g_signal_new ("waits", OBA_TYPE_CORRECTION_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
oba_correction_window_init (ObaCorrectionWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), 1000, 660);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  g_signal_connect (self, "close-request", G_CALLBACK (close_request_cb), NULL);
}

/* Not before it is mapped, where nothing takes it. Where nothing is to be typed, the reason is next: Enter on Cancel would throw all of it away. */
static void
focus_first (ObaCorrectionWindow *self)
{
  if (!gtk_widget_child_focus (GTK_WIDGET (self->form), GTK_DIR_TAB_FORWARD))
    oba_reason_box_focus (self->reason);
}

ObaCorrectionWindow *
oba_correction_window_new (GtkWindow *parent, ObaSession *session, ObaCorrectable *receipt, ObaCorrectionForm *form)
{
  ObaCorrectionWindow *self = g_object_new (OBA_TYPE_CORRECTION_WINDOW, "transient-for", parent,
                                            "title", oba_correction_text_title (oba_correction_form_get_kind (form), receipt), NULL);

  self->session = g_object_ref (session);
  self->receipt = receipt != NULL ? oba_correctable_ref (receipt) : NULL;
  self->form = form;
  fill (self);
  if (receipt != NULL)
    {
      show_receipt (self);
      oba_correction_form_set_receipt (form, receipt);
    }
  g_signal_connect_object (form, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (try_preview), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_receipts", G_CALLBACK (corrected_cb), self, G_CONNECT_SWAPPED);
  preview (self);
  g_signal_connect_after (self, "map", G_CALLBACK (focus_first), NULL);
  return self;
}

gboolean
oba_correction_window_is_settled (ObaCorrectionWindow *self)
{
  return self->pause_id == 0 && self->previewing == NULL && self->reading == NULL && self->sending == NULL;
}

void
oba_correction_window_set_reason (ObaCorrectionWindow *self, const char *code, const char *text)
{
  oba_reason_box_set (self->reason, code, text);
}
