#include "oba-edit-pane.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "db/oba-db-request.h"
#include "oba-edit-undo.h"
#include "widgets/oba-problem-box.h"

/* What others change without a collision is brought together by itself, but not for ever. */
#define MAX_REBASES 5

/* Where somebody is on the way to, who was asked about what was typed */
typedef struct
{
  ObaEditPane     *pane;       /* (nullable): whom an answer is for */
  ObaEditPaneLeft  left;
  GtkWidget       *widget;
} Leaving;

struct _ObaEditPane
{
  AdwBin            parent_instance;

  ObaSession       *session;        /* while something is edited; all of the following as well */
  gint64            id;
  ObaCustomerForm  *form;
  ObaConflictView  *conflict;
  ObaCustomerDraft *mine;           /* what is being saved */
  ObaCustomerDraft *theirs;         /* what collides with it */
  GCancellable     *cancellable;
  gboolean          busy;
  guint             n_rebases;
  char             *key;
  char             *sent;
  Leaving          *leaving;        /* (nullable): what comes when it is saved */
  GtkWidget        *asking;         /* (nullable): the question before leaving */

  GtkStack         *stack;
  AdwBin           *facts_bin;
  AdwBin           *form_bin;
  AdwBin           *conflict_bin;
  ObaProblemBox    *problem;
  GtkSpinner       *spinner;
  GtkLabel         *status;
  GtkButton        *save_button;
};

enum { PROP_FACTS = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaEditPane, oba_edit_pane, ADW_TYPE_BIN)

static void send_changes (ObaEditPane *self);
static gboolean close_request_cb (GtkWindow *window, ObaEditPane *self);

/* ---- on the way out */

static void
leaving_free (gpointer data)
{
  Leaving *leaving = data;

  g_clear_object (&leaving->pane);
  g_clear_object (&leaving->widget);
  g_free (leaving);
}

/* Something is to be looked at first. */
static void
stay (ObaEditPane *self)
{
  g_clear_pointer (&self->leaving, leaving_free);
}

/* ---- what is seen */

static void
update (ObaEditPane *self)
{
  g_autofree char *obstacle = self->form != NULL ? oba_customer_form_get_obstacle (self->form) : NULL;
  gboolean dirty = oba_edit_pane_is_dirty (self);
  const char *text = obstacle != NULL ? obstacle : dirty ? "" : _("Nothing is changed yet");

  if (self->form == NULL)
    return;
  if (self->conflict != NULL)
    text = oba_conflict_view_is_decided (self->conflict) ? "" : _("Choose for each field what shall hold");
  else if (self->busy && !oba_session_is_online (self->session))
    text = _("The connection is lost. It is saved, once, as soon as the server is back.");
  else if (self->busy)
    text = _("Saving…");
  gtk_label_set_label (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->busy);
  gtk_spinner_set_spinning (self->spinner, self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->form_bin), !self->busy && self->conflict == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "edit.save",
                                 !self->busy && (self->conflict != NULL ? oba_conflict_view_is_decided (self->conflict) : dirty));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->save_button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
drop_conflict (ObaEditPane *self)
{
  self->conflict = NULL;
  adw_bin_set_child (self->conflict_bin, NULL);
  g_clear_pointer (&self->theirs, oba_customer_draft_free);
}

static void
forget_key (ObaEditPane *self)
{
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->sent, g_free);
}

static void
end (ObaEditPane *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  drop_conflict (self);
  forget_key (self);
  stay (self);
  g_clear_pointer (&self->mine, oba_customer_draft_free);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    g_signal_handlers_disconnect_by_func (gtk_widget_get_root (GTK_WIDGET (self)), close_request_cb, self);
  g_clear_object (&self->session);
  self->form = NULL;
  self->busy = FALSE;
  gtk_stack_set_visible_child_name (self->stack, "facts");
  adw_bin_set_child (self->form_bin, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
show_error (ObaEditPane  *self,
            const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  const char *phone = self->mine != NULL ? self->mine->values[OBA_CUSTOMER_PHONE] : "";

  stay (self);
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT))
    oba_problem_box_set_text (self->problem, _("The server does not answer, so nothing was saved. What you typed is kept: save again when it is back."));
  else if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    oba_problem_box_set_text (self->problem, _("There was no answer, so it is not known whether it was saved. What you typed is kept: save again, and it is saved once."));
  else if (oba_db_error_is_refusal (error, "OB004") && *phone != '\0' && strstr (error->message, phone) != NULL)
    {
      oba_customer_form_set_problem (self->form, OBA_CUSTOMER_PHONE, sentence);
      oba_customer_form_focus (self->form, OBA_CUSTOMER_PHONE);
    }
  else
    oba_problem_box_set_text (self->problem, sentence);
}

/* What the form says is what is stored. */
static void
finish_saved (ObaEditPane *self,
              gint64       version)
{
  g_autoptr (ObaCustomerDraft) before = oba_customer_draft_copy (oba_customer_form_get_base (self->form));
  g_autoptr (ObaCustomerDraft) after = g_steal_pointer (&self->mine);
  g_autoptr (ObaDbPool) pool = g_object_ref (oba_session_get_pool (self->session));
  Leaving *leaving = g_steal_pointer (&self->leaving);
  gboolean shared = self->n_rebases > 0;
  gboolean mine = !oba_customer_draft_equal (before, after);

  after->version = version;
  end (self);
  oba_edit_undo_offer (GTK_WIDGET (self), pool, before, after,
                       !mine ? _("What somebody else wrote is kept") : shared ? _("Saved, and what somebody else changed meanwhile is kept") : _("Saved"));
  if (leaving != NULL)
    {
      if (leaving->left != NULL)
        leaving->left (leaving->widget);
      leaving_free (leaving);
    }
}

/* ---- somebody else was here */

static void
show_conflict (ObaEditPane *self,
               guint        fields)
{
  GtkWidget *view = oba_conflict_view_new ();

  stay (self);
  self->conflict = OBA_CONFLICT_VIEW (view);
  oba_conflict_view_show (self->conflict, self->form, self->mine, self->theirs, fields);
  g_signal_connect_swapped (view, "changed", G_CALLBACK (update), self);
  adw_bin_set_child (self->conflict_bin, view);
  gtk_widget_child_focus (view, GTK_DIR_TAB_FORWARD);
}

/* On the ground of what they made of it; @mine: where both wrote something, the fields that stay as they were typed here. */
static void
rebase (ObaEditPane *self,
        guint        mine)
{
  g_autoptr (ObaCustomerDraft) theirs = g_steal_pointer (&self->theirs);
  ObaCustomerDraft *rebased = oba_customer_draft_rebase (self->mine, oba_customer_form_get_base (self->form), theirs, mine);

  drop_conflict (self);
  oba_customer_draft_free (self->mine);
  self->mine = rebased;
  oba_customer_form_set_draft (self->form, theirs, rebased);
  if (oba_customer_draft_equal (rebased, theirs))
    finish_saved (self, theirs->version);
  else
    send_changes (self);
}

static void
theirs_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (ObaEditPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCustomerDraft) theirs = oba_customer_draft_read_finish (result, &error);
  guint collisions;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  self->busy = FALSE;
  if (theirs == NULL)
    {
      show_error (self, error);
      update (self);
      return;
    }
  collisions = oba_customer_draft_collisions (self->mine, oba_customer_form_get_base (self->form), theirs);
  self->theirs = g_steal_pointer (&theirs);
  if (collisions != 0)
    show_conflict (self, collisions);
  else if (++self->n_rebases < MAX_REBASES)
    rebase (self, 0);
  else
    {
      stay (self);
      oba_problem_box_set_text (self->problem, _("Somebody else changes this customer again and again. What you typed is kept: save it in a moment."));
    }
  update (self);
}

/* ---- saving */

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (ObaEditPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);

  /* Closed meanwhile. */
  if (self->form == NULL)
    return;
  if (answer != NULL)
    {
      finish_saved (self, json_object_get_int_member (answer, "version"));
      return;
    }
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    forget_key (self);
  if (oba_db_error_is_refusal (error, "OB003"))
    {
      oba_customer_draft_read_async (OBA_DB_POOL (source), self->id, self->cancellable, theirs_cb, g_object_ref (self));
      return;
    }
  self->busy = FALSE;
  show_error (self, error);
  update (self);
}

static void
send_changes (ObaEditPane *self)
{
  const ObaCustomerDraft *base = oba_customer_form_get_base (self->form);
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_object_set_int_member (object, "customer_id", self->id);
  json_object_set_int_member (object, "version", base->version);
  json_object_set_object_member (object, "changes", oba_customer_draft_get_changes (self->mine, base));
  json_node_take_object (request, object);
  text = json_to_string (request, FALSE);
  if (g_strcmp0 (text, self->sent) != 0)
    {
      forget_key (self);
      self->key = oba_db_request_new_key ();
      self->sent = g_steal_pointer (&text);
    }
  self->busy = TRUE;
  oba_db_request_async (oba_session_get_pool (self->session), "update_customer", request, self->key, NULL, saved_cb, g_object_ref (self));
  update (self);
}

void
oba_edit_pane_save (ObaEditPane *self)
{
  g_autofree char *obstacle = NULL;

  if (self->form == NULL || self->busy)
    return;
  oba_problem_box_set_text (self->problem, NULL);
  if (self->conflict != NULL)
    {
      if (oba_conflict_view_is_decided (self->conflict))
        {
          self->n_rebases++;
          rebase (self, oba_conflict_view_get_mine (self->conflict));
        }
      return;
    }
  obstacle = oba_customer_form_get_obstacle (self->form);
  if (obstacle != NULL)
    {
      stay (self);
      oba_customer_form_show_problems (self->form);
      return;
    }
  if (!oba_customer_form_is_dirty (self->form))
    return;
  g_clear_pointer (&self->mine, oba_customer_draft_free);
  self->mine = oba_customer_form_get_draft (self->form);
  self->n_rebases = 0;
  send_changes (self);
}

/* ---- coming and going */

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (ObaEditPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCustomerDraft) draft = oba_customer_draft_read_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  self->busy = FALSE;
  if (draft != NULL)
    {
      oba_customer_form_set_base (self->form, draft);
      update (self);
      oba_customer_form_focus (self->form, OBA_CUSTOMER_FAMILY_NAME);
    }
  else
    {
      show_error (self, error);
      update (self);
    }
}

void
oba_edit_pane_edit (ObaEditPane *self,
                    ObaSession  *session,
                    gint64       customer_id)
{
  GtkWidget *form;

  g_return_if_fail (OBA_IS_EDIT_PANE (self));
  if (self->form != NULL)
    return;
  form = oba_customer_form_new (oba_session_get_pool (session), 1, FALSE);
  self->session = g_object_ref (session);
  self->id = customer_id;
  self->form = OBA_CUSTOMER_FORM (form);
  self->cancellable = g_cancellable_new ();
  self->busy = TRUE;
  g_signal_connect_swapped (form, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (form, "submit", G_CALLBACK (oba_edit_pane_save), self);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  if (GTK_IS_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))))
    g_signal_connect_object (gtk_widget_get_root (GTK_WIDGET (self)), "close-request", G_CALLBACK (close_request_cb), self, 0);
  adw_bin_set_child (self->form_bin, form);
  oba_problem_box_set_text (self->problem, NULL);
  gtk_stack_set_visible_child_name (self->stack, "form");
  oba_customer_draft_read_async (oba_session_get_pool (session), customer_id, self->cancellable, read_cb, g_object_ref (self));
  update (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
oba_edit_pane_is_editing (ObaEditPane *self)
{
  return self->form != NULL;
}

gboolean
oba_edit_pane_is_dirty (ObaEditPane *self)
{
  return self->form != NULL && oba_customer_form_is_dirty (self->form);
}

static void
leave (ObaEditPane     *self,
       ObaEditPaneLeft  left,
       GtkWidget       *widget)
{
  end (self);
  if (left != NULL)
    left (widget);
}

static void
save_and_leave (ObaEditPane *self,
                Leaving     *leaving)
{
  stay (self);
  self->leaving = g_new (Leaving, 1);
  *self->leaving = (Leaving) { NULL, leaving->left, leaving->widget != NULL ? g_object_ref (leaving->widget) : NULL };
  oba_edit_pane_save (self);
  /* What is to be decided first is in sight then. */
  if (!self->busy)
    stay (self);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             Leaving          *leaving)
{
  ObaEditPane *self = leaving->pane;

  self->asking = NULL;
  /* It lives until this answer is told to everybody, and must not look for a window that is gone. */
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  if (self->form == NULL)
    return;
  if (g_str_equal (response, "discard"))
    leave (self, leaving->left, leaving->widget);
  else if (g_str_equal (response, "save"))
    save_and_leave (self, leaving);
}

static void
closure_leaving_free (gpointer  data,
                      GClosure *closure)
{
  leaving_free (data);
}

static void
ask_before_leaving (ObaEditPane *self,
                    Leaving     *leaving)
{
  const ObaCustomerDraft *base = oba_customer_form_get_base (self->form);
  g_autofree char *name = base != NULL ? g_strstrip (g_strjoin (" ", base->values[OBA_CUSTOMER_FAMILY_NAME], base->values[OBA_CUSTOMER_GIVEN_NAME], NULL)) : g_strdup ("");
  /* Translators: a person's name. */
  g_autofree char *body = *name != '\0' ? g_strdup_printf (_("What was typed about %s is not saved yet."), name) : g_strdup (_("What was typed is not saved yet."));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _("Save the Changes?"), body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _("_Go On Typing"), "discard", _("_Discard"), "save", _("_Save"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), leaving, closure_leaving_free, 0);
  self->asking = dialog;
  gtk_window_present (GTK_WINDOW (dialog));
}

void
oba_edit_pane_leave (ObaEditPane     *self,
                     ObaEditPaneLeft  left,
                     GtkWidget       *widget)
{
  Leaving *leaving;

  if (!oba_edit_pane_is_dirty (self))
    {
      leave (self, left, widget);
      return;
    }
  if (self->asking != NULL)
    {
      gtk_window_present (GTK_WINDOW (self->asking));
      return;
    }
  leaving = g_new0 (Leaving, 1);
  leaving->pane = g_object_ref (self);
  leaving->left = left;
  leaving->widget = widget != NULL ? g_object_ref (widget) : NULL;
  ask_before_leaving (self, leaving);
}

void
oba_edit_pane_drop (ObaEditPane *self)
{
  g_return_if_fail (OBA_IS_EDIT_PANE (self));

  if (self->form != NULL)
    end (self);
}

static void
close_window (GtkWidget *window)
{
  gtk_window_close (GTK_WINDOW (window));
}

/* The window closes, or the whole program: asked as on any other way out. */
static gboolean
close_request_cb (GtkWindow   *window,
                  ObaEditPane *self)
{
  if (!oba_edit_pane_is_dirty (self))
    return FALSE;
  oba_edit_pane_leave (self, close_window, GTK_WIDGET (window));
  return TRUE;
}

ObaCustomerForm *
oba_edit_pane_get_form (ObaEditPane *self)
{
  return self->form;
}

ObaConflictView *
oba_edit_pane_get_conflict (ObaEditPane *self)
{
  return self->conflict;
}

gboolean
oba_edit_pane_is_busy (ObaEditPane *self)
{
  return self->busy;
}

/* ---- the object */

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  oba_edit_pane_save (OBA_EDIT_PANE (widget));
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ObaEditPane *self = OBA_EDIT_PANE (widget);

  /* Not to lose sight of what is on its way. */
  if (self->form != NULL && !(self->busy && self->key != NULL))
    oba_edit_pane_leave (self, NULL, NULL);
}

static void
oba_edit_pane_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  if (id == PROP_FACTS)
    adw_bin_set_child (OBA_EDIT_PANE (object)->facts_bin, g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oba_edit_pane_dispose (GObject *object)
{
  ObaEditPane *self = OBA_EDIT_PANE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->mine, oba_customer_draft_free);
  g_clear_pointer (&self->theirs, oba_customer_draft_free);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  forget_key (self);
  stay (self);
  self->form = NULL;
  self->conflict = NULL;

  G_OBJECT_CLASS (oba_edit_pane_parent_class)->dispose (object);
}

static void
oba_edit_pane_class_init (ObaEditPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = oba_edit_pane_dispose;
  object_class->set_property = oba_edit_pane_set_property;

  props[PROP_FACTS] = g_param_spec_object ("facts", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_EDIT_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (OBA_TYPE_PROBLEM_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-edit-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaEditPane, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaEditPane, facts_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaEditPane, form_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaEditPane, conflict_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaEditPane, problem);
  gtk_widget_class_bind_template_child (widget_class, ObaEditPane, spinner);
  gtk_widget_class_bind_template_child (widget_class, ObaEditPane, status);
  gtk_widget_class_bind_template_child (widget_class, ObaEditPane, save_button);
  gtk_widget_class_install_action (widget_class, "edit.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "edit.cancel", NULL, cancel_action);
}

static void
oba_edit_pane_init (ObaEditPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
