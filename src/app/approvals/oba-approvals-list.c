#include "oba-approvals-list.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-review-list.h"
#include "db/oba-db-request.h"
#include "db/oba-db-rules.h"
#include "oba-approval-card.h"
#include "widgets/oba-problem-box.h"

#define A_PAGE 30

struct _ObaApprovalsList
{
  AdwBin             parent_instance;

  ObaSession        *session;
  ObaApprovalsFilter filter;
  char              *asker;         /* of the filter */
  ObaApprovalsShow   show;
  ObaReviewList     *list;
  ObaProblemBox     *problem;
  ObaProblemBox     *lost;
  GCancellable      *reading;       /* NULL: nothing is under way */
  GPtrArray         *open;          /* (nullable) */
  GPtrArray         *decided;       /* (nullable): there may be more that wait */
  guint              open_limit;
  guint              decided_limit;
  guint              n_asking;
  GVariant          *doing;         /* the target of what was pressed last */
};

enum { LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaApprovalsList, oba_approvals_list, ADW_TYPE_BIN)

static ObaDbPool *
get_pool (ObaApprovalsList *self)
{
  return oba_session_get_pool (self->session);
}

static ObaApprovalMay
get_may (ObaApprovalsList *self)
{
  if (oba_session_has_role (self->session, OBA_APPROVALS_DECIDERS))
    return OBA_APPROVAL_MAY_DECIDE;
  return oba_session_has_role (self->session, OBA_ROLE_CLERK) ? OBA_APPROVAL_MAY_ASK : OBA_APPROVAL_MAY_READ;
}

/* ---- reading */

static void
add_cards (ObaApprovalsList *self, GPtrArray *approvals)
{
  ObaApprovalMay may = get_may (self);

  for (guint i = 0; approvals != NULL && i < approvals->len; i++)
    oba_review_list_add (self->list, oba_approval_card_new (approvals->pdata[i], may));
}

static gboolean
is_full (GPtrArray *approvals, guint limit)
{
  return approvals != NULL && approvals->len == limit;
}

static void
show_all (ObaApprovalsList *self)
{
  oba_review_list_clear (self->list);
  add_cards (self, self->open);
  if (self->decided != NULL && self->decided->len > 0 && self->show == OBA_APPROVALS_SHOW_BOTH)
    oba_review_list_add_heading (self->list, _("Decided Lately"));
  add_cards (self, self->decided);
  oba_review_list_show (self->list, is_full (self->open, self->open_limit) || is_full (self->decided, self->decided_limit));
  g_signal_emit (self, signals[LOADED], 0);
}

/* FALSE when the answer is not the newest, or there is none: then it is said why. */
static gboolean
take (ObaApprovalsList *self, GPtrArray **list, GPtrArray *answer, const GError *error)
{
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  if (answer == NULL)
    {
      g_clear_object (&self->reading);
      sentence = oba_db_error_describe (error);
      oba_review_list_fail (self->list, sentence);
      g_signal_emit (self, signals[LOADED], 0);
      return FALSE;
    }
  g_clear_pointer (list, g_ptr_array_unref);
  *list = g_ptr_array_ref (answer);
  return TRUE;
}

static void
decided_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaApprovalsList *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) decided = oba_approvals_read_finish (result, &error);

  if (!take (self, &self->decided, decided, error))
    return;
  g_clear_object (&self->reading);
  show_all (self);
}

static void
read_decided (ObaApprovalsList *self)
{
  oba_approvals_read_async (get_pool (self), FALSE, &self->filter, self->decided_limit, self->reading, decided_cb, self);
}

/* What was decided comes after all that waits. */
static void
open_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaApprovalsList *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) open = oba_approvals_read_finish (result, &error);

  if (!take (self, &self->open, open, error))
    return;
  g_clear_pointer (&self->decided, g_ptr_array_unref);
  if (self->show == OBA_APPROVALS_SHOW_BOTH && !is_full (open, self->open_limit))
    {
      read_decided (self);
      return;
    }
  g_clear_object (&self->reading);
  show_all (self);
}

static void
stop_reading (ObaApprovalsList *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

/* Read again, the list keeps its length. */
void
oba_approvals_list_refresh (ObaApprovalsList *self)
{
  stop_reading (self);
  self->reading = g_cancellable_new ();
  if (self->show == OBA_APPROVALS_SHOW_DECIDED)
    {
      g_clear_pointer (&self->open, g_ptr_array_unref);
      read_decided (self);
    }
  else
    oba_approvals_read_async (get_pool (self), TRUE, &self->filter, self->open_limit, self->reading, open_cb, self);
}

static void
more_cb (ObaApprovalsList *self)
{
  if (is_full (self->open, self->open_limit))
    self->open_limit += A_PAGE;
  else
    self->decided_limit += A_PAGE;
  oba_approvals_list_refresh (self);
}

/* ---- asking for something */

static gboolean
is_busy (ObaApprovalsList *self)
{
  return self->n_asking > 0;
}

static void
toast (ObaApprovalsList *self, const char *text)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), OBA_TYPE_PAGE);

  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), text);
}

static void
update_lost (ObaApprovalsList *self)
{
  oba_problem_box_set_text (self->lost, is_busy (self) && !oba_session_is_online (self->session)
                                          ? _("The connection is lost. As soon as the server is back what you decided is done, once.") : NULL);
}

/* What came of it: done, or the figures had changed, or it cannot be done any more. */
static void
tell_answer (ObaApprovalsList *self, JsonObject *answer)
{
  const char *state = json_object_get_string_member_with_default (answer, "state", "");

  if (g_str_equal (state, "approved"))
    toast (self, _("Approved and done"));
  else if (g_str_equal (state, "rejected"))
    toast (self, _("Rejected"));
  else if (g_str_equal (state, "withdrawn"))
    toast (self, _("Withdrawn"));
  else if (g_str_equal (state, "requested"))
    oba_problem_box_set_text (self->problem,
                              _("Nothing was done: something changed since this was asked. The request shows the new figures now; look at them, then decide."));
  else
    {
      g_autofree char *why = oba_db_rules_translate (json_object_get_string_member_with_default (answer, "message", ""));
      /* Translators: a sentence that says why. */
      g_autofree char *text = g_strdup_printf (_("Nothing was done, and the request is closed: it is no longer possible. %s"), why);

      oba_problem_box_set_text (self->problem, text);
    }
}

static void
answer_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaApprovalsList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  self->n_asking--;
  if (self->session == NULL)
    return;   /* the view was closed meanwhile */
  update_lost (self);
  if (answer != NULL)
    tell_answer (self, answer);
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_problem_box_set_text (self->problem, sentence);
    }
  oba_approvals_list_refresh (self);
}

/* @request: (transfer full) */
static void
ask (ObaApprovalsList *self, const char *action, JsonNode *request)
{
  g_autofree char *key = oba_db_request_new_key ();

  self->n_asking++;
  oba_db_request_async (get_pool (self), action, request, key, NULL, answer_cb, g_object_ref (self));
  json_node_unref (request);
  update_lost (self);
}

/* Pressed twice is meant once. */
static gboolean
begin (ObaApprovalsList *self, GVariant *target)
{
  if (is_busy (self) && self->doing != NULL && g_variant_equal (self->doing, target))
    return FALSE;
  g_clear_pointer (&self->doing, g_variant_unref);
  self->doing = g_variant_ref (target);
  oba_problem_box_set_text (self->problem, NULL);
  return TRUE;
}

static void
approve_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaApprovalsList *self = OBA_APPROVALS_LIST (widget);
  const char *seen;
  gint64 id;

  g_variant_get (parameter, "(x&s)", &id, &seen);
  if (begin (self, parameter))
    ask (self, "decide_approval", oba_approval_decide_request (id, TRUE, seen, NULL));
}

static void
withdraw_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaApprovalsList *self = OBA_APPROVALS_LIST (widget);

  if (begin (self, parameter))
    ask (self, "withdraw_approval", oba_approval_withdraw_request (g_variant_get_int64 (parameter)));
}

static void
reject_response_cb (AdwMessageDialog *dialog, const char *response, ObaApprovalsList *self)
{
  GtkEditable *reason = GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog));
  g_autoptr (GVariant) target = g_variant_ref_sink (g_variant_new_int64 (*(gint64 *) g_object_get_data (G_OBJECT (dialog), "oba-id")));

  if (g_str_equal (response, "reject") && begin (self, target))
    ask (self, "decide_approval", oba_approval_decide_request (g_variant_get_int64 (target), FALSE, NULL, gtk_editable_get_text (reason)));
}

static void
reason_changed_cb (GtkEditable *reason, AdwMessageDialog *dialog)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (reason)));

  adw_message_dialog_set_response_enabled (dialog, "reject", *text != '\0');
}

static GtkWidget *
reject_dialog_new (GtkWindow *parent, GtkWidget *reason)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, _("Reject the Request?"), _("The one who asked reads why. Nothing else changes."));

  gtk_entry_set_placeholder_text (GTK_ENTRY (reason), _("Reason"));
  gtk_entry_set_max_length (GTK_ENTRY (reason), 1000);
  gtk_entry_set_activates_default (GTK_ENTRY (reason), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (reason), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reason"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), reason);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "reject", _("_Reject"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "reject", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "reject");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "reject", FALSE);
  return dialog;
}

static void
reject_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaApprovalsList *self = OBA_APPROVALS_LIST (widget);
  gint64 id = g_variant_get_int64 (parameter);
  GtkWidget *reason = gtk_entry_new ();
  GtkWidget *dialog = reject_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), reason);

  g_object_set_data_full (G_OBJECT (dialog), "oba-id", g_memdup2 (&id, sizeof id), g_free);
  g_signal_connect (reason, "changed", G_CALLBACK (reason_changed_cb), dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (reject_response_cb), self, 0);
  g_signal_connect_object (self, "destroy", G_CALLBACK (gtk_window_destroy), dialog, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (reason);
}

static void
open_receipt_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action_variant (widget, "win.open-receipt", parameter);
}

/* ---- the object */

static void
oba_approvals_list_dispose (GObject *object)
{
  ObaApprovalsList *self = OBA_APPROVALS_LIST (object);

  stop_reading (self);
  g_clear_pointer (&self->open, g_ptr_array_unref);
  g_clear_pointer (&self->decided, g_ptr_array_unref);
  g_clear_pointer (&self->doing, g_variant_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_approvals_list_parent_class)->dispose (object);
}

static void
oba_approvals_list_finalize (GObject *object)
{
  g_free (OBA_APPROVALS_LIST (object)->asker);

  G_OBJECT_CLASS (oba_approvals_list_parent_class)->finalize (object);
}

static void
oba_approvals_list_class_init (ObaApprovalsListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_approvals_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_approvals_list_finalize;

  signals[LOADED] = g_signal_new ("loaded", OBA_TYPE_APPROVALS_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "approvals.approve", "(xs)", approve_action);
  gtk_widget_class_install_action (widget_class, "approvals.reject", "x", reject_action);
  gtk_widget_class_install_action (widget_class, "approvals.withdraw", "x", withdraw_action);
  gtk_widget_class_install_action (widget_class, "approvals.open-receipt", "(xxx)", open_receipt_action);
}

static void
oba_approvals_list_init (ObaApprovalsList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->open_limit = A_PAGE;
  self->decided_limit = A_PAGE;
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, "margin-start", 12, "margin-end", 12, "margin-bottom", 9, NULL);
  self->lost = g_object_new (OBA_TYPE_PROBLEM_BOX, "margin-start", 12, "margin-end", 12, "margin-bottom", 9, NULL);
  self->list = OBA_REVIEW_LIST (oba_review_list_new ("emblem-ok-symbolic", _("Nothing to Approve"), _("What one colleague proposes waits here for another one."),
                                                     _("Requests for approval")));
  gtk_widget_set_vexpand (GTK_WIDGET (self->list), TRUE);
  g_signal_connect_swapped (self->list, "retry", G_CALLBACK (oba_approvals_list_refresh), self);
  g_signal_connect_swapped (self->list, "more", G_CALLBACK (more_cb), self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->lost));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
oba_approvals_list_new (ObaSession *session, ObaApprovalsKind kind)
{
  ObaApprovalsList *self = g_object_new (OBA_TYPE_APPROVALS_LIST, NULL);

  self->session = g_object_ref (session);
  self->filter.kind = kind;
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_approvals", G_CALLBACK (oba_approvals_list_refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_approvals_list_refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (update_lost), self, G_CONNECT_SWAPPED);
  oba_approvals_list_refresh (self);
  return GTK_WIDGET (self);
}

void
oba_approvals_list_set_filter (ObaApprovalsList *self, const ObaApprovalsFilter *filter, ObaApprovalsShow show)
{
  g_return_if_fail (OBA_IS_APPROVALS_LIST (self));

  g_free (self->asker);
  self->asker = g_strdup (filter->asker);
  self->filter = *filter;
  self->filter.asker = self->asker;
  self->show = show;
  self->open_limit = A_PAGE;
  self->decided_limit = A_PAGE;
  oba_approvals_list_refresh (self);
}

guint
oba_approvals_list_get_n_open (ObaApprovalsList *self)
{
  return self->open != NULL ? self->open->len : 0;
}

gboolean
oba_approvals_list_is_settled (ObaApprovalsList *self)
{
  return self->reading == NULL && !is_busy (self);
}

const char *
oba_approvals_list_get_shown (ObaApprovalsList *self)
{
  return oba_review_list_get_shown (self->list);
}

const char *
oba_approvals_list_get_problem (ObaApprovalsList *self)
{
  return oba_problem_box_get_text (self->problem);
}
