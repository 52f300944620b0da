#include "oba-redemptions-bulk.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-redemption-reason.h"

/* One that is to be moved, or was. */
typedef struct
{
  gint64      id;
  gint64      customer_id;
  const char *seen;        /* interned: as it was when it was looked at */
  const char *wanted;      /* interned */
} Step;

struct _ObaRedemptionsBulk
{
  AdwBin        parent_instance;

  ObaSession   *session;
  GCancellable *cancellable;
  GArray       *ids;         /* of gint64 */
  const char   *state;       /* interned: what they are to become */
  GPtrArray    *previews;    /* of ObaRedemptionPreview */
  GHashTable   *reasons;     /* sentence -> number of those that were refused with it */
  char         *reason;      /* (nullable): why they are rejected */
  GArray       *steps;       /* of Step: those under way */
  GArray       *done;        /* of Step: what undoing takes back */
  char         *key;         /* of the step under way */
  guint         at;          /* of the steps */
  guint         good;
  guint         refused;
  gboolean      undoing;
  gboolean      stopping;
  const char   *shown;

  GtkBox       *box;
  GtkProgressBar *progress;
  ObaRedemptionReason *reason_box;   /* as long as it is asked for */
  GtkWidget    *next_button;
};

enum { CLOSED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRedemptionsBulk, oba_redemptions_bulk, ADW_TYPE_BIN)

static void close_cb (ObaRedemptionsBulk *self);
static void do_next (ObaRedemptionsBulk *self);
static void show_choose (ObaRedemptionsBulk *self);

/* ---- parts */

static void
clear (ObaRedemptionsBulk *self, const char *shown)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  self->progress = NULL;
  self->reason_box = NULL;
  self->next_button = NULL;
  self->shown = shown;
}

static void
add_label (ObaRedemptionsBulk *self, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (self->box, label);
}

static GtkWidget *
add_button (ObaRedemptionsBulk *self, const char *label, const char *state, GCallback callback, const char *css_class)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_object_set_data (G_OBJECT (button), "oba-state", (gpointer) state);
  if (css_class != NULL)
    gtk_widget_add_css_class (button, css_class);
  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_box_append (self->box, button);
  return button;
}

static char *
count_text (const char *translated, guint n)
{
  g_autofree char *number = oba_number_format (n);
  GString *text = g_string_new (translated);

  g_string_replace (text, "%s", number, 1);
  return g_string_free (text, FALSE);
}

static void
count_reason (ObaRedemptionsBulk *self, const char *sentence)
{
  g_hash_table_insert (self->reasons, g_strdup (sentence), GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (self->reasons, sentence)) + 1));
  self->refused++;
}

/* Why not, and how many. */
static void
add_reasons (ObaRedemptionsBulk *self)
{
  GtkWidget *group;
  GHashTableIter iter;
  gpointer sentence, n;

  if (self->refused == 0)
    return;
  group = adw_preferences_group_new ();
  g_hash_table_iter_init (&iter, self->reasons);
  while (g_hash_table_iter_next (&iter, &sentence, &n))
    {
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *number = oba_number_format (GPOINTER_TO_UINT (n));

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), sentence);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_label_new (number));
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  gtk_box_append (self->box, group);
}

static void
start_counting (ObaRedemptionsBulk *self)
{
  g_hash_table_remove_all (self->reasons);
  self->good = self->refused = 0;
}

/* ---- the end */

static void
show_done (ObaRedemptionsBulk *self)
{
  g_autofree char *done = self->undoing ? count_text (ngettext ("%s redemption was taken back", "%s redemptions were taken back", self->good), self->good)
                                        : count_text (ngettext ("%s redemption is done", "%s redemptions are done", self->good), self->good);
  g_autofree char *left = count_text (ngettext ("%s was not done:", "%s were not done:", self->refused), self->refused);

  clear (self, "done");
  add_label (self, done, "title-2");
  if (self->stopping)
    add_label (self, _("You stopped it: the others are as they were."), NULL);
  if (self->refused > 0)
    add_label (self, left, NULL);
  add_reasons (self);
  if (self->done->len > 0 && !self->undoing)
    {
      g_autofree char *undo = count_text (ngettext ("_Undo %s", "_Undo %s", self->done->len), self->done->len);

      add_button (self, undo, NULL, G_CALLBACK (oba_redemptions_bulk_undo), NULL);
    }
  add_button (self, _("_Close"), NULL, G_CALLBACK (close_cb), NULL);
}

/* ---- the deed */

static void
stop_cb (ObaRedemptionsBulk *self)
{
  self->stopping = TRUE;
}

static void
show_running (ObaRedemptionsBulk *self)
{
  clear (self, "running");
  add_label (self, _("Working…"), "title-2");
  self->progress = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress"), -1);
  gtk_box_append (self->box, GTK_WIDGET (self->progress));
  add_button (self, _("_Stop"), NULL, G_CALLBACK (stop_cb), NULL);
}

/* With the key it had: whether it was done before the connection was lost or not, it is done once. */
static void
go_on_cb (ObaRedemptionsBulk *self)
{
  show_running (self);
  do_next (self);
}

/* The server did not answer; the others would wait for it one by one. */
static void
show_interrupted (ObaRedemptionsBulk *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  g_autofree char *done = count_text (ngettext ("%s redemption is done", "%s redemptions are done", self->good), self->good);

  clear (self, "interrupted");
  add_label (self, done, "title-2");
  add_label (self, sentence, NULL);
  add_label (self, _("What follows was not begun. Going on repeats nothing that was done."), "dim-label");
  add_button (self, _("_Go On"), NULL, G_CALLBACK (go_on_cb), "suggested-action");
  add_button (self, _("_Close"), NULL, G_CALLBACK (close_cb), NULL);
}

static void
moved_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRedemptionsBulk) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);
  const Step *step;

  if (self->session == NULL)
    return;
  if (answer == NULL && !g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    {
      show_interrupted (self, error);
      return;
    }
  g_clear_pointer (&self->key, g_free);
  step = &g_array_index (self->steps, Step, self->at);
  if (answer != NULL)
    {
      self->good++;
      if (!self->undoing)
        g_array_append_vals (self->done, step, 1);
    }
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      count_reason (self, sentence);
    }
  self->at++;
  do_next (self);
}

static void
do_next (ObaRedemptionsBulk *self)
{
  const Step *step;

  if (self->at >= self->steps->len || self->stopping)
    {
      show_done (self);
      return;
    }
  gtk_progress_bar_set_fraction (self->progress, (double) self->at / self->steps->len);
  step = &g_array_index (self->steps, Step, self->at);
  if (self->key == NULL)
    self->key = oba_db_request_new_key ();
  oba_redemptions_move_async (oba_session_get_pool (self->session), step->customer_id, step->id, step->wanted, step->seen, self->undoing, self->undoing ? NULL : self->reason, self->key, NULL,
                              moved_cb, g_object_ref (self));
}

static void
start (ObaRedemptionsBulk *self, gboolean undoing)
{
  start_counting (self);
  g_clear_pointer (&self->key, g_free);
  g_array_set_size (self->steps, 0);
  self->at = 0;
  self->undoing = undoing;
  self->stopping = FALSE;
  show_running (self);
}

void
oba_redemptions_bulk_do (ObaRedemptionsBulk *self)
{
  g_return_if_fail (OBA_IS_REDEMPTIONS_BULK (self) && self->previews != NULL);

  start (self, FALSE);
  g_array_set_size (self->done, 0);
  for (guint i = 0; i < self->previews->len; i++)
    {
      const ObaRedemptionPreview *preview = self->previews->pdata[i];
      const Step step = { preview->id, preview->customer_id, preview->state, self->state };

      /* Those that would be refused are told already. */
      if (*preview->code != '\0')
        count_reason (self, preview->message);
      else
        g_array_append_val (self->steps, step);
    }
  do_next (self);
}

void
oba_redemptions_bulk_undo (ObaRedemptionsBulk *self)
{
  g_return_if_fail (OBA_IS_REDEMPTIONS_BULK (self) && self->done->len > 0);

  start (self, TRUE);
  for (guint i = self->done->len; i > 0; i--)
    {
      const Step *done = &g_array_index (self->done, Step, i - 1);
      const Step step = { done->id, done->customer_id, done->wanted, done->seen };

      g_array_append_val (self->steps, step);
    }
  g_array_set_size (self->done, 0);
  do_next (self);
}

/* ---- the dry run */

/* Of those that would be done. */
static void
add_points (ObaRedemptionsBulk *self)
{
  gint64 sum = 0;
  g_autofree char *points = NULL, *text = NULL;

  for (guint i = 0; i < self->previews->len; i++)
    {
      const ObaRedemptionPreview *preview = self->previews->pdata[i];

      sum += *preview->code == '\0' ? preview->points : 0;
    }
  points = oba_customer_text_points (sum);
  /* Translators: "180 points". */
  text = g_strdup_printf (g_str_equal (self->state, "rejected") ? _("%s would go back to the customers") : _("Together they cost %s"), points);
  if (self->good > 0)
    add_label (self, text, "dim-label");
}

static void
show_preview (ObaRedemptionsBulk *self)
{
  g_autofree char *good = count_text (ngettext ("%s redemption would be done", "%s redemptions would be done", self->good), self->good);
  g_autofree char *refused = count_text (ngettext ("%s would be refused:", "%s would be refused:", self->refused), self->refused);
  g_autofree char *button = count_text (ngettext ("_Do It for %s", "_Do It for %s", self->good), self->good);

  clear (self, "preview");
  add_label (self, oba_redemption_state_text (self->state), "title-2");
  if (self->reason != NULL)
    add_label (self, self->reason, "dim-label");
  add_label (self, good, NULL);
  add_points (self);
  if (self->refused > 0)
    add_label (self, refused, NULL);
  add_reasons (self);
  if (self->good > 0)
    add_button (self, button, NULL, G_CALLBACK (oba_redemptions_bulk_do), "suggested-action");
  add_button (self, _("_Back"), NULL, G_CALLBACK (show_choose), NULL);
}

static void
preview_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaRedemptionsBulk *self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *previews = oba_redemptions_preview_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (previews == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      clear (self, "failed");
      add_label (self, sentence, NULL);
      add_button (self, _("_Back"), NULL, G_CALLBACK (show_choose), NULL);
      return;
    }
  g_clear_pointer (&self->previews, g_ptr_array_unref);
  self->previews = previews;
  start_counting (self);
  for (guint i = 0; i < previews->len; i++)
    {
      const ObaRedemptionPreview *preview = previews->pdata[i];

      if (*preview->code == '\0')
        self->good++;
      else
        count_reason (self, preview->message);
    }
  show_preview (self);
}

void
oba_redemptions_bulk_preview (ObaRedemptionsBulk *self, const char *state)
{
  g_return_if_fail (OBA_IS_REDEMPTIONS_BULK (self));

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->state = g_intern_string (state);
  clear (self, "counting");
  add_label (self, _("Counting…"), "title-2");
  oba_redemptions_preview_async (oba_session_get_pool (self->session), self->ids, state, self->cancellable, preview_cb, self);
}

/* ---- why */

static void
reason_changed_cb (ObaRedemptionsBulk *self)
{
  g_autofree char *text = oba_redemption_reason_dup_text (self->reason_box);

  gtk_widget_set_sensitive (self->next_button, text != NULL);
}

static void
reason_given_cb (ObaRedemptionsBulk *self)
{
  g_autofree char *text = oba_redemption_reason_dup_text (self->reason_box);

  if (text == NULL)
    return;
  g_free (self->reason);
  self->reason = g_steal_pointer (&text);
  oba_redemptions_bulk_preview (self, "rejected");
}

static void
ask_reason (ObaRedemptionsBulk *self)
{
  clear (self, "reason");
  add_label (self, _("Why Are They Rejected?"), "title-2");
  add_label (self, _("The points go back to the customers, with their expiry, and the stock too. The reason is kept with each of them."), "dim-label");
  self->reason_box = OBA_REDEMPTION_REASON (oba_redemption_reason_new ());
  g_signal_connect_swapped (self->reason_box, "changed", G_CALLBACK (reason_changed_cb), self);
  g_signal_connect_swapped (self->reason_box, "activate", G_CALLBACK (reason_given_cb), self);
  gtk_box_append (self->box, GTK_WIDGET (self->reason_box));
  self->next_button = add_button (self, _("_See What Would Happen…"), NULL, G_CALLBACK (reason_given_cb), "suggested-action");
  add_button (self, _("_Back"), NULL, G_CALLBACK (show_choose), NULL);
  reason_changed_cb (self);
  gtk_widget_child_focus (GTK_WIDGET (self->reason_box), GTK_DIR_TAB_FORWARD);
}

/* ---- what to do */

void
oba_redemptions_bulk_ask (ObaRedemptionsBulk *self, const char *state)
{
  g_return_if_fail (OBA_IS_REDEMPTIONS_BULK (self));

  g_clear_pointer (&self->reason, g_free);
  if (g_str_equal (state, "rejected"))
    ask_reason (self);
  else
    oba_redemptions_bulk_preview (self, state);
}

static void
step_cb (ObaRedemptionsBulk *self, GtkButton *button)
{
  oba_redemptions_bulk_ask (self, g_object_get_data (G_OBJECT (button), "oba-state"));
}

static void
show_choose (ObaRedemptionsBulk *self)
{
  g_autofree char *title = count_text (ngettext ("%s redemption chosen", "%s redemptions chosen", self->ids->len), self->ids->len);

  clear (self, "choose");
  add_label (self, title, "title-2");
  if (self->ids->len > OBA_REDEMPTIONS_MAX_PREVIEW)
    {
      g_autofree char *most = count_text (ngettext ("The first %s of them are taken at once.", "The first %s of them are taken at once.", OBA_REDEMPTIONS_MAX_PREVIEW), OBA_REDEMPTIONS_MAX_PREVIEW);

      add_label (self, most, "dim-label");
    }
  add_label (self, _("First you see what would happen to each of them."), "dim-label");
  add_button (self, _("_Approve…"), "approved", G_CALLBACK (step_cb), "suggested-action");
  add_button (self, _("_Hand Out…"), "handed_out", G_CALLBACK (step_cb), NULL);
  add_button (self, _("_Reject…"), "rejected", G_CALLBACK (step_cb), NULL);
}

/* What became of it was read: what is chosen now is looked at. */
static void
close_cb (ObaRedemptionsBulk *self)
{
  show_choose (self);
  g_signal_emit (self, signals[CLOSED], 0);
}

void
oba_redemptions_bulk_set_ids (ObaRedemptionsBulk *self, GArray *ids)
{
  g_return_if_fail (OBA_IS_REDEMPTIONS_BULK (self));

  if (oba_redemptions_bulk_is_busy (self) || (ids->len == self->ids->len && memcmp (ids->data, self->ids->data, ids->len * sizeof (gint64)) == 0))
    return;
  g_array_set_size (self->ids, 0);
  g_array_append_vals (self->ids, ids->data, ids->len);
  g_cancellable_cancel (self->cancellable);
  show_choose (self);
}

/* While it works, and until what became of it was read, it is not put away. */
gboolean
oba_redemptions_bulk_is_busy (ObaRedemptionsBulk *self)
{
  return self->shown != NULL && (g_str_equal (self->shown, "running") || g_str_equal (self->shown, "done") || g_str_equal (self->shown, "interrupted"));
}

ObaRedemptionReason *
oba_redemptions_bulk_get_reason (ObaRedemptionsBulk *self)
{
  return self->reason_box;
}

const char *
oba_redemptions_bulk_get_shown (ObaRedemptionsBulk *self)
{
  return self->shown;
}

void
oba_redemptions_bulk_get_counts (ObaRedemptionsBulk *self, guint *good, guint *refused)
{
  *good = self->good;
  *refused = self->refused;
}

/* ---- the object */

GtkWidget *
oba_redemptions_bulk_new (ObaSession *session)
{
  ObaRedemptionsBulk *self = g_object_new (OBA_TYPE_REDEMPTIONS_BULK, NULL);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->session = g_object_ref (session);
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  gtk_widget_set_margin_top (GTK_WIDGET (self->box), 18);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->box), 18);
  gtk_widget_set_margin_start (GTK_WIDGET (self->box), 18);
  gtk_widget_set_margin_end (GTK_WIDGET (self->box), 18);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->box));
  adw_bin_set_child (ADW_BIN (self), scrolled);
  show_choose (self);
  return GTK_WIDGET (self);
}

static void
oba_redemptions_bulk_dispose (GObject *object)
{
  ObaRedemptionsBulk *self = OBA_REDEMPTIONS_BULK (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_redemptions_bulk_parent_class)->dispose (object);
}

static void
oba_redemptions_bulk_finalize (GObject *object)
{
  ObaRedemptionsBulk *self = OBA_REDEMPTIONS_BULK (object);

  g_object_unref (self->cancellable);
  g_array_unref (self->ids);
  g_clear_pointer (&self->previews, g_ptr_array_unref);
  g_hash_table_unref (self->reasons);
  g_array_unref (self->steps);
  g_array_unref (self->done);
  g_free (self->reason);
  g_free (self->key);

  G_OBJECT_CLASS (oba_redemptions_bulk_parent_class)->finalize (object);
}

static void
oba_redemptions_bulk_class_init (ObaRedemptionsBulkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_redemptions_bulk_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_redemptions_bulk_finalize;
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_redemptions_bulk_init (ObaRedemptionsBulk *self)
{
  self->cancellable = g_cancellable_new ();
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  self->done = g_array_new (FALSE, FALSE, sizeof (Step));
}
