#include "oba-redemption-view.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "base/oba-money.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-redemption-columns.h"
#include "oba-redemption-reason.h"
#include "oba-voucher-print.h"
#include "widgets/oba-figure-row.h"
#include "widgets/oba-problem-box.h"

#define DECIDES (OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)
/* The next step stands where the last one was: the second half of a double click must not make it. */
#define GUARD_MS 700

struct _ObaRedemptionView
{
  AdwBin          parent_instance;

  ObaSession     *session;
  GCancellable   *cancellable;
  gint64          id;
  ObaRedemption  *redemption;
  GPtrArray      *events;
  char           *key;          /* of the step that is being made */
  char           *step;         /* which: another one needs another key */
  const char     *wanted;       /* interned: what the step leads to */
  guint           guard_id;
  gboolean        loading;
  gboolean        asking;       /* for a reason */

  GtkStack       *stack;
  AdwStatusPage  *failed_page;
  AdwBin         *content;
  AdwBin         *steps;
  GtkWidget      *buttons;
  GtkWidget      *reason_box;
  ObaRedemptionReason *reason;
  GtkButton      *reason_button;
  const char     *reason_state; /* what is asked for with the reason */
  ObaProblemBox  *problem;
};

enum { LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRedemptionView, oba_redemption_view, ADW_TYPE_BIN)

static void read_rows (ObaRedemptionView *self);

/* ---- what it says */

static GtkWidget *
label_new (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static const char *
proof_text (const char *proof)
{
  if (g_str_equal (proof, "bot"))
    return _("The customer, in the bot");
  if (g_str_equal (proof, "code"))
    return _("Spend code");
  if (g_str_equal (proof, "supervisor"))
    return _("Supervisor");
  return _("None yet");
}

static void
add_fact (GtkWidget *group, const char *name, const char *value)
{
  if (value != NULL && *value != '\0')
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), oba_figure_row_new (name, value));
}

static void
add_customer (GtkWidget *group, const ObaRedemptionFacts *facts)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, facts->customer_id);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), *facts->name != '\0' ? facts->name : number);
  /* Translators: the number of a customer. */
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), *facts->name != '\0' ? number : _("Customer"));
  /* Who may not see who a customer is has no profiles to open. */
  if (*facts->name != '\0')
    {
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "x", facts->customer_id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-customer");
    }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
}

static void
add_facts (ObaRedemptionView *self, GtkBox *box)
{
  const ObaRedemptionFacts *facts = oba_redemption_get (self->redemption);
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *points = oba_number_format (facts->points), *asked = oba_redemption_text_moment (facts->requested_at);
  g_autofree char *by = *facts->requested_by != '\0' ? g_strdup_printf ("%s, %s", oba_redemption_through_text (facts->through), facts->requested_by)
                                                     : g_strdup (oba_redemption_through_text (facts->through));
  g_autofree char *until = facts->expires_at > 0 ? oba_redemption_text_moment (facts->expires_at) : NULL;
  g_autofree char *due = facts->due_at > 0 ? oba_redemption_text_due (facts) : NULL;
  gboolean open = g_str_equal (facts->state, "requested") || g_str_equal (facts->state, "approved");

  add_customer (group, facts);
  add_fact (group, _("Points"), points);
  add_fact (group, _("Requested"), asked);
  add_fact (group, _("Through"), by);
  add_fact (group, _("Decide by"), due);
  if (*facts->proof != '\0' || open)
    add_fact (group, _("Proof"), proof_text (facts->proof));
  add_fact (group, _("Store"), facts->store);
  add_fact (group, _("Good until"), open ? until : NULL);
  gtk_box_append (box, group);
}

static char *
event_text (const ObaRedemptionEvent *event)
{
  g_autofree char *at = oba_redemption_text_moment (event->at);
  GString *text = g_string_new (at);

  if (*event->who != '\0')
    g_string_append_printf (text, ", %s", event->who);
  else if (*event->through != '\0')
    g_string_append_printf (text, ", %s", oba_redemption_through_text (event->through));
  if (*event->store != '\0')
    g_string_append_printf (text, ", %s", event->store);
  if (event->till > 0)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, _("till %d"), (int) event->till);
    }
  if (*event->reason != '\0')
    g_string_append_printf (text, "\n%s", event->reason);
  return g_string_free (text, FALSE);
}

static void
show_events (ObaRedemptionView *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Steps"));
  adw_bin_set_child (self->steps, group);
  for (guint i = self->events->len; i > 0; i--)
    {
      const ObaRedemptionEvent *event = self->events->pdata[i - 1];
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *said = event_text (event);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), oba_redemption_state_text (event->state));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), said);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
}

/* ---- what can be done */

static void
clear_step (ObaRedemptionView *self)
{
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->step, g_free);
}

static void
guard_cb (gpointer user_data)
{
  ObaRedemptionView *self = user_data;

  self->guard_id = 0;
  gtk_widget_set_sensitive (self->buttons, TRUE);
}

static void
moved_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRedemptionView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);
  gint64 id = GPOINTER_TO_SIZE (g_object_steal_data (G_OBJECT (self), "oba-moving"));

  if (self->session == NULL)
    return;
  gtk_widget_set_sensitive (self->reason_box, TRUE);
  g_clear_handle_id (&self->guard_id, g_source_remove);
  if (answer != NULL)
    self->guard_id = g_timeout_add_once (GUARD_MS, guard_cb, self);
  else
    gtk_widget_set_sensitive (self->buttons, TRUE);
  if (answer != NULL || g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    clear_step (self);
  if (answer != NULL)
    {
      oba_redemption_reason_clear (self->reason);
      self->asking = FALSE;
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && id == self->id)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_problem_box_set_text (self->problem, sentence);
    }
  oba_redemption_view_refresh (self);
}

/* Sent again after a lost connection, the same step has the same key. */
void
oba_redemption_view_move (ObaRedemptionView *self, const char *state, const char *reason)
{
  const ObaRedemptionFacts *facts = self->redemption != NULL ? oba_redemption_get (self->redemption) : NULL;
  g_autofree char *step = NULL;

  g_return_if_fail (OBA_IS_REDEMPTION_VIEW (self) && facts != NULL);

  step = g_strdup_printf ("%" G_GINT64_FORMAT " %s %s %s", facts->id, facts->state, state, reason != NULL ? reason : "");
  if (g_strcmp0 (self->step, step) != 0)
    {
      clear_step (self);
      self->step = g_steal_pointer (&step);
      self->wanted = g_intern_string (state);
      self->key = oba_db_request_new_key ();
    }
  oba_problem_box_set_text (self->problem, NULL);
  gtk_widget_set_sensitive (self->buttons, FALSE);
  gtk_widget_set_sensitive (self->reason_box, FALSE);
  g_object_set_data (G_OBJECT (self), "oba-moving", GSIZE_TO_POINTER (facts->id));
  oba_redemptions_move_async (oba_session_get_pool (self->session), facts->customer_id, facts->id, state, facts->state, g_str_equal (facts->can_undo, state), reason, self->key, NULL, moved_cb, g_object_ref (self));
}

static void
step_cb (ObaRedemptionView *self, GtkButton *button)
{
  oba_redemption_view_move (self, g_object_get_data (G_OBJECT (button), "oba-state"), NULL);
}

static void
reason_given_cb (ObaRedemptionView *self)
{
  g_autofree char *text = oba_redemption_reason_dup_text (self->reason);

  if (text != NULL)
    oba_redemption_view_move (self, self->reason_state, text);
}

static void
reason_changed_cb (ObaRedemptionView *self)
{
  g_autofree char *text = oba_redemption_reason_dup_text (self->reason);

  gtk_widget_set_sensitive (GTK_WIDGET (self->reason_button), text != NULL);
}

static void
show_reason (ObaRedemptionView *self)
{
  gtk_widget_set_visible (self->reason_box, self->asking);
  gtk_widget_set_visible (self->buttons, !self->asking);
}

static void
ask_reason_cb (ObaRedemptionView *self, GtkButton *button)
{
  self->reason_state = g_object_get_data (G_OBJECT (button), "oba-state");
  self->asking = TRUE;
  gtk_button_set_label (self->reason_button, g_str_equal (self->reason_state, "rejected") ? _("_Reject") : _("_Cancel Redemption"));
  show_reason (self);
  gtk_widget_child_focus (GTK_WIDGET (self->reason), GTK_DIR_TAB_FORWARD);
}

static void
back_cb (ObaRedemptionView *self)
{
  self->asking = FALSE;
  show_reason (self);
}

static void
print_cb (ObaRedemptionView *self)
{
  oba_voucher_print (GTK_WIDGET (self), self->session, oba_redemption_get (self->redemption), FALSE);
}

static void
pdf_cb (ObaRedemptionView *self)
{
  oba_voucher_print (GTK_WIDGET (self), self->session, oba_redemption_get (self->redemption), TRUE);
}

static GtkWidget *
add_button (ObaRedemptionView *self, const char *label, const char *state, GCallback callback, const char *css_class)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_object_set_data (G_OBJECT (button), "oba-state", (gpointer) state);
  if (css_class != NULL)
    gtk_widget_add_css_class (button, css_class);
  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_box_append (GTK_BOX (self->buttons), button);
  return button;
}

static void
show_buttons (ObaRedemptionView *self)
{
  const ObaRedemptionFacts *facts = oba_redemption_get (self->redemption);
  gboolean decides = oba_session_has_role (self->session, DECIDES);
  gboolean requested = g_str_equal (facts->state, "requested"), approved = g_str_equal (facts->state, "approved");
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->buttons)) != NULL)
    gtk_box_remove (GTK_BOX (self->buttons), child);
  if (requested && facts->needs_me)
    {
      add_button (self, _("_Approve"), "approved", G_CALLBACK (step_cb), "suggested-action");
      add_button (self, _("_Reject…"), "rejected", G_CALLBACK (ask_reason_cb), NULL);
    }
  if (approved && decides)
    {
      add_button (self, _("_Hand Out"), "handed_out", G_CALLBACK (step_cb), "suggested-action");
      if (facts->reward_id != 0)
        {
          add_button (self, _("_Print Voucher…"), NULL, G_CALLBACK (print_cb), NULL);
          add_button (self, _("Save Voucher as P_DF…"), NULL, G_CALLBACK (pdf_cb), NULL);
        }
    }
  if ((approved && decides) || (requested && oba_session_has_role (self->session, DECIDES | OBA_ROLE_CLERK)))
    add_button (self, _("_Cancel…"), "cancelled", G_CALLBACK (ask_reason_cb), NULL);
  if (*facts->can_undo != '\0')
    {
      g_autofree char *label = g_strdup_printf (_("_Undo: %s"), oba_redemption_state_text (facts->state));

      add_button (self, label, facts->can_undo, G_CALLBACK (step_cb), NULL);
    }
  show_reason (self);
}

static void
show_content (ObaRedemptionView *self)
{
  const ObaRedemptionFacts *facts = oba_redemption_get (self->redemption);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18), *head = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *reward = oba_redemption_text_reward (self->redemption), *state = oba_redemption_text_state (facts);
  /* Translators: the number of a redemption, then its state. */
  g_autofree char *line = g_strdup_printf (_("No. %d · %s"), (int) facts->id, state);

  gtk_box_append (GTK_BOX (head), label_new (reward, "title-2"));
  gtk_box_append (GTK_BOX (head), label_new (line, facts->overdue ? "warning" : "dim-label"));
  gtk_box_append (GTK_BOX (box), head);
  add_facts (self, GTK_BOX (box));
  adw_bin_set_child (self->content, box);
  show_events (self);
  show_buttons (self);
  gtk_stack_set_visible_child_name (self->stack, "detail");
}

/* ---- reading */

static void
fail (ObaRedemptionView *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  self->loading = FALSE;
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
  g_signal_emit (self, signals[LOADED], 0);
}

static void
events_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaRedemptionView *self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *events = oba_redemptions_events_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (events == NULL)
    {
      fail (self, error);
      return;
    }
  g_clear_pointer (&self->events, g_ptr_array_unref);
  self->events = events;
  self->loading = FALSE;
  show_content (self);
  g_signal_emit (self, signals[LOADED], 0);
}

static void
rows_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaRedemptionView *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = oba_redemptions_rows_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (records != NULL && records->len == 0)
    g_set_error_literal (&error, OBA_ERROR, OBA_ERROR_NOT_FOUND, _("This redemption is not there any more."));
  if (error != NULL)
    {
      fail (self, error);
      return;
    }
  g_set_object (&self->redemption, records->pdata[0]);
  /* Nobody knew whether it was done before the connection was lost: it was. */
  if (self->step != NULL && g_str_equal (oba_redemption_get (self->redemption)->state, self->wanted))
    {
      clear_step (self);
      oba_problem_box_set_text (self->problem, NULL);
    }
  oba_redemptions_events_async (OBA_DB_POOL (pool), self->id, self->cancellable, events_cb, self);
}

static void
read_rows (ObaRedemptionView *self)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->loading = TRUE;
  g_array_append_val (ids, self->id);
  oba_redemptions_rows_async (oba_session_get_pool (self->session), ids, self->cancellable, rows_cb, self);
}

void
oba_redemption_view_show (ObaRedemptionView *self, gint64 id)
{
  g_return_if_fail (OBA_IS_REDEMPTION_VIEW (self));

  if (id == self->id)
    return;
  self->id = id;
  self->asking = FALSE;
  oba_redemption_reason_clear (self->reason);
  oba_problem_box_set_text (self->problem, NULL);
  if (id != 0)
    {
      read_rows (self);
      return;
    }
  g_cancellable_cancel (self->cancellable);
  self->loading = FALSE;
  g_clear_object (&self->redemption);
  gtk_stack_set_visible_child_name (self->stack, "none");
  g_signal_emit (self, signals[LOADED], 0);
}

void
oba_redemption_view_refresh (ObaRedemptionView *self)
{
  g_return_if_fail (OBA_IS_REDEMPTION_VIEW (self));

  if (self->id != 0)
    read_rows (self);
}

gboolean
oba_redemption_view_is_loaded (ObaRedemptionView *self)
{
  return !self->loading && gtk_widget_get_sensitive (self->buttons);
}

const char *
oba_redemption_view_get_problem (ObaRedemptionView *self)
{
  const char *text = oba_problem_box_get_text (self->problem);

  return text != NULL && *text != '\0' ? text : NULL;
}

ObaRedemption *
oba_redemption_view_get_redemption (ObaRedemptionView *self)
{
  return self->redemption;
}

/* ---- the object */

static GtkWidget *
reason_box_new (ObaRedemptionView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *back = gtk_button_new_with_mnemonic (_("_Back"));

  self->reason = OBA_REDEMPTION_REASON (oba_redemption_reason_new ());
  g_signal_connect_swapped (self->reason, "changed", G_CALLBACK (reason_changed_cb), self);
  g_signal_connect_swapped (self->reason, "activate", G_CALLBACK (reason_given_cb), self);
  self->reason_button = GTK_BUTTON (gtk_button_new ());
  gtk_button_set_use_underline (self->reason_button, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->reason_button), "destructive-action");
  g_signal_connect_swapped (self->reason_button, "clicked", G_CALLBACK (reason_given_cb), self);
  g_signal_connect_swapped (back, "clicked", G_CALLBACK (back_cb), self);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->reason_button));
  gtk_box_append (GTK_BOX (row), back);
  reason_changed_cb (self);
  gtk_box_append (GTK_BOX (box), label_new (_("The points go back to the customer, with their expiry, and the stock too."), NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->reason));
  gtk_box_append (GTK_BOX (box), row);
  return box;
}

static GtkWidget *
detail_new (ObaRedemptionView *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  self->content = ADW_BIN (adw_bin_new ());
  self->steps = ADW_BIN (adw_bin_new ());
  self->buttons = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->reason_box = reason_box_new (self);
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), self->buttons);
  gtk_box_append (GTK_BOX (box), self->reason_box);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->steps));
  gtk_box_prepend (GTK_BOX (box), GTK_WIDGET (self->content));
  gtk_widget_set_margin_top (box, 18);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  return scrolled;
}

GtkWidget *
oba_redemption_view_new (ObaSession *session)
{
  ObaRedemptionView *self = g_object_new (OBA_TYPE_REDEMPTION_VIEW, NULL);
  GtkWidget *retry = gtk_button_new_with_mnemonic (_("_Try Again"));

  self->session = g_object_ref (session);
  self->stack = GTK_STACK (gtk_stack_new ());
  self->failed_page = g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "dialog-warning-symbolic", "title", _("The Redemption Could Not Be Read"), NULL);
  gtk_widget_set_halign (retry, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (retry, "pill");
  g_signal_connect_swapped (retry, "clicked", G_CALLBACK (oba_redemption_view_refresh), self);
  adw_status_page_set_child (self->failed_page, retry);
  gtk_stack_add_named (self->stack,
                       g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "oba-redemption-symbolic", "title", _("No Redemption Chosen"), "description",
                                     oba_session_has_role (session, DECIDES) ? _("Choose one to see its steps and to decide it, or several to decide them together.")
                                                                             : _("Choose one to see its steps."), NULL),
                       "none");
  gtk_stack_add_named (self->stack, detail_new (self), "detail");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed_page), "failed");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
  return GTK_WIDGET (self);
}

static void
oba_redemption_view_dispose (GObject *object)
{
  ObaRedemptionView *self = OBA_REDEMPTION_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->guard_id, g_source_remove);
  g_clear_object (&self->redemption);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_redemption_view_parent_class)->dispose (object);
}

static void
oba_redemption_view_finalize (GObject *object)
{
  ObaRedemptionView *self = OBA_REDEMPTION_VIEW (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  clear_step (self);

  G_OBJECT_CLASS (oba_redemption_view_parent_class)->finalize (object);
}

static void
oba_redemption_view_class_init (ObaRedemptionViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_redemption_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_redemption_view_finalize;
  signals[LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_redemption_view_init (ObaRedemptionView *self)
{
  self->cancellable = g_cancellable_new ();
}
