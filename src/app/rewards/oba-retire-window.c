#include "oba-retire-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-reward-text.h"
#include "widgets/oba-field.h"
#include "widgets/oba-problem-box.h"

#define WIDTH 480
#define MAX_REASON 500

struct _ObaRetireWindow
{
  AdwWindow       parent_instance;

  ObaSession     *session;
  ObaReward      *reward;
  GArray         *open;           /* pairs of customer and redemption, those that are still to be cancelled from @at on */
  guint           at;
  gboolean        retired;
  gboolean        busy;
  char           *key;

  GtkCheckButton *keep_button;
  GtkCheckButton *cancel_button;
  GtkEditable    *reason;
  GtkWidget      *go_button;
  GtkProgressBar *progress;
  ObaProblemBox  *problem;
};

enum { SAVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRetireWindow, oba_retire_window, ADW_TYPE_WINDOW)

static void cancel_next (ObaRetireWindow *self);

static void
set_busy (ObaRetireWindow *self, gboolean busy)
{
  self->busy = busy;
  gtk_widget_set_sensitive (self->go_button, !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), busy && self->open != NULL);
}

static void
fail (ObaRetireWindow *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  /* Translators: why it stopped. */
  g_autofree char *text = self->retired ? g_strdup_printf (_("The reward is retired, but not everything that is open was cancelled: %s Go on to cancel the rest."), sentence) : g_strdup (sentence);

  oba_problem_box_set_text (self->problem, text);
  set_busy (self, FALSE);
}

static void
done (ObaRetireWindow *self)
{
  set_busy (self, FALSE);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* Each by itself: none waits for another, and what was done stays done. */
static void
cancelled_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRetireWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  if (answer == NULL && !oba_db_error_is_refusal (error, "OB013"))     /* handed out meanwhile */
    {
      fail (self, error);
      return;
    }
  g_clear_pointer (&self->key, g_free);
  self->at += 2;
  cancel_next (self);
}

static void
cancel_next (ObaRetireWindow *self)
{
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  gtk_progress_bar_set_fraction (self->progress, self->open->len > 0 ? (double) self->at / self->open->len : 1);
  if (self->at >= self->open->len)
    {
      done (self);
      return;
    }
  json_object_set_int_member (object, "customer_id", g_array_index (self->open, gint64, self->at));
  json_object_set_int_member (object, "redemption_id", g_array_index (self->open, gint64, self->at + 1));
  json_object_set_string_member (object, "state", "cancelled");
  json_object_set_string_member (object, "reason", gtk_editable_get_text (self->reason));
  json_node_set_object (request, object);
  if (self->key == NULL)
    self->key = oba_db_request_new_key ();
  oba_db_request_async (oba_session_get_pool (self->session), "move_redemption", request, self->key, NULL, cancelled_cb, g_object_ref (self));
}

static void
open_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRetireWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  GArray *open = oba_reward_open_finish (result, &error);

  if (open == NULL)
    {
      fail (self, error);
      return;
    }
  g_clear_pointer (&self->open, g_array_unref);
  self->open = open;
  self->at = 0;
  set_busy (self, TRUE);
  cancel_next (self);
}

static void
go_on (ObaRetireWindow *self)
{
  if (gtk_check_button_get_active (self->cancel_button))
    oba_reward_open_async (oba_session_get_pool (self->session), self->reward->id, NULL, open_cb, g_object_ref (self));
  else
    done (self);
}

static void
retired_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRetireWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  if (answer == NULL)
    {
      fail (self, error);
      return;
    }
  g_clear_pointer (&self->key, g_free);
  self->retired = TRUE;
  g_signal_emit (self, signals[SAVED], 0);
  go_on (self);
}

static void
go_cb (ObaRetireWindow *self)
{
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  if (self->busy)
    return;
  oba_problem_box_set_text (self->problem, NULL);
  set_busy (self, TRUE);
  if (self->retired)
    {
      go_on (self);
      return;
    }
  json_object_set_int_member (object, "reward_id", self->reward->id);
  json_object_set_int_member (object, "version", self->reward->version);
  json_object_set_string_member (object, "reason", gtk_editable_get_text (self->reason));
  json_node_set_object (request, object);
  if (self->key == NULL)
    self->key = oba_db_request_new_key ();
  oba_db_request_async (oba_session_get_pool (self->session), "retire_reward", request, self->key, NULL, retired_cb, g_object_ref (self));
}

void
oba_retire_window_retire (ObaRetireWindow *self, gboolean cancel_open, const char *reason)
{
  g_return_if_fail (OBA_IS_RETIRE_WINDOW (self));

  gtk_check_button_set_active (cancel_open ? self->cancel_button : self->keep_button, TRUE);
  gtk_editable_set_text (self->reason, reason);
  go_cb (self);
}

const char *
oba_retire_window_get_problem (ObaRetireWindow *self)
{
  const char *text = oba_problem_box_get_text (self->problem);

  return text != NULL ? text : "";
}

/* What was sent is not left half way without a word. */
static gboolean
oba_retire_window_close_request (GtkWindow *window)
{
  return OBA_RETIRE_WINDOW (window)->busy;
}

static void
oba_retire_window_finalize (GObject *object)
{
  ObaRetireWindow *self = OBA_RETIRE_WINDOW (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->reward, oba_reward_free);
  g_clear_pointer (&self->open, g_array_unref);
  g_free (self->key);

  G_OBJECT_CLASS (oba_retire_window_parent_class)->finalize (object);
}

static void
oba_retire_window_class_init (ObaRetireWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_retire_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = oba_retire_window_close_request;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
  signals[SAVED] = g_signal_new ("saved", OBA_TYPE_RETIRE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_retire_window_init (ObaRetireWindow *self)
{
}

static GtkWidget *
choice_new (const char *text)
{
  GtkWidget *button = gtk_check_button_new ();
  GtkWidget *label = oba_profile_label_new (text, NULL);

  gtk_check_button_set_child (GTK_CHECK_BUTTON (button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  return button;
}

static void
build (ObaRetireWindow *self)
{
  GtkWidget *all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));
  GtkWidget *entry = gtk_entry_new ();
  g_autofree char *name = oba_reward_text_name (self->reward);
  g_autofree char *open = oba_number_format (self->reward->open);
  /* Translators: the name of a reward. */
  g_autofree char *text = g_strdup_printf (_("“%s” is offered to nobody any more. What customers have fetched stays as it is."), name);
  g_autofree char *count = g_strdup_printf (ngettext ("%s piece is redeemed and not handed out yet.", "%s pieces are redeemed and not handed out yet.", (gulong) self->reward->open), open);

  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->go_button = gtk_button_new_with_mnemonic (_("_Retire"));
  gtk_widget_add_css_class (self->go_button, "destructive-action");
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_window_close), self);
  g_signal_connect_swapped (self->go_button, "clicked", G_CALLBACK (go_cb), self);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->go_button);
  self->keep_button = GTK_CHECK_BUTTON (choice_new (_("They can still be handed out")));
  self->cancel_button = GTK_CHECK_BUTTON (choice_new (_("Cancel them: the points come back to where they were")));
  gtk_check_button_set_group (self->cancel_button, self->keep_button);
  gtk_check_button_set_active (self->keep_button, TRUE);
  self->reason = GTK_EDITABLE (entry);
  gtk_entry_set_max_length (GTK_ENTRY (entry), MAX_REASON);
  self->progress = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (text, NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  if (self->reward->open > 0)
    gtk_box_append (GTK_BOX (box), oba_profile_label_new (count, "heading"));
  gtk_widget_set_visible (GTK_WIDGET (self->keep_button), self->reward->open > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), self->reward->open > 0);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->keep_button));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->cancel_button));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Reason"), entry, NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->progress));
  g_object_set (box, "margin-top", 12, "margin-bottom", 18, "margin-start", 18, "margin-end", 18, NULL);
  gtk_box_append (GTK_BOX (all), header);
  gtk_box_append (GTK_BOX (all), box);
  adw_window_set_content (ADW_WINDOW (self), all);
}

GtkWindow *
oba_retire_window_new (GtkWindow *parent, ObaSession *session, const ObaReward *reward)
{
  ObaRetireWindow *self = g_object_new (OBA_TYPE_RETIRE_WINDOW, "transient-for", parent, "modal", TRUE, "title", _("Retire Reward"), "default-width", WIDTH, NULL);

  self->session = g_object_ref (session);
  self->reward = oba_reward_copy (reward);
  build (self);
  return GTK_WINDOW (self);
}
