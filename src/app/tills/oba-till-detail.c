#include "oba-till-detail.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-till-text.h"
#include "transactions/oba-receipt-text.h"
#include "widgets/oba-chart-panel.h"
#include "widgets/oba-figure-row.h"
#include "widgets/oba-problem-box.h"

#define MAY_EXPLAIN (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)
#define MAY_DECIDE (OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)
#define MAX_NOTE 500
#define CHART_HEIGHT 180

struct _ObaTillDetailBox
{
  AdwBin          parent_instance;

  ObaSession     *session;
  GCancellable   *cancellable;
  ObaTillFinding *finding;
  ObaTillDetail  *detail;
  char           *key;           /* of the decision that is being made */
  char           *request;       /* what it says: another one needs another key */
  gboolean        loading;

  GtkStack       *stack;
  AdwStatusPage  *failed_page;
  AdwBin         *content;
  GtkWidget      *form;
  GtkDropDown    *reason_field;
  GtkEntry       *note_entry;
  GtkWidget      *first_button;  /* Explain, or Fine */
  GtkWidget      *second_button; /* Follow Up */
  GtkWidget      *reopen_button;
  ObaProblemBox  *problem;
};

enum { OPEN, SHOW, DECIDED, LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaTillDetailBox, oba_till_detail_box, ADW_TYPE_BIN)

static void read_detail (ObaTillDetailBox *self);

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

static void
show_clicked_cb (ObaTillDetailBox *self)
{
  g_autoptr (ObaFilter) filter = oba_till_finding_filter (self->finding);

  g_signal_emit (self, signals[SHOW], 0, filter);
}

static void
add_head (ObaTillDetailBox *self, GtkBox *box)
{
  g_autofree char *title = oba_till_text_title (self->finding);
  g_autofree char *place = oba_till_text_place (self->finding);
  g_autofree char *sentence = oba_till_text_sentence (self->finding);
  g_autofree char *state = g_strdup_printf ("%s · %s", place, oba_till_text_state (self->detail->state));
  GtkWidget *button = gtk_button_new_with_mnemonic (_("Show in _Transactions"));

  gtk_box_append (box, label_new (title, "title-2"));
  gtk_box_append (box, label_new (state, "dim-label"));
  gtk_box_append (box, label_new (sentence, NULL));
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (show_clicked_cb), self);
  gtk_box_append (box, button);
}

static void
add_figure (AdwPreferencesGroup *group, const char *title, gint64 value)
{
  g_autofree char *text = oba_number_format (value);

  adw_preferences_group_add (group, oba_figure_row_new (title, text));
}

static void
add_norm (AdwPreferencesGroup *group, const char *title, double value)
{
  g_autofree char *text = value < 0.1 ? g_strdup_printf ("< %.1f", 0.1) : g_strdup_printf ("%.1f", value);

  adw_preferences_group_add (group, oba_figure_row_new (title, text));
}

/* What was counted, and the norm beside it. */
static void
add_figures (ObaTillDetailBox *self, GtkBox *box)
{
  const ObaTillFinding *finding = self->finding;
  GtkWidget *group = adw_preferences_group_new ();
  AdwPreferencesGroup *list = ADW_PREFERENCES_GROUP (group);

  adw_preferences_group_set_title (list, _("Figures and Norm"));
  if (g_str_equal (finding->kind, "card"))
    {
      g_autofree char *amount = oba_money_format (oba_till_finding_get_figure (finding, "amount"));

      add_figure (list, _("Receipts with the card at this cashier"), finding->receipts);
      add_norm (list, _("By who served in the same hours"), oba_till_finding_get_norm (finding, "norm"));
      add_figure (list, _("Again on the same day"), oba_till_finding_get_figure (finding, "again"));
      add_norm (list, _("By the store's other cashiers"), oba_till_finding_get_norm (finding, "norm_again"));
      add_figure (list, _("All receipts with a card at this cashier"), oba_till_finding_get_figure (finding, "card_sales"));
      add_figure (list, _("The customer's receipts in this store"), oba_till_finding_get_figure (finding, "in_store"));
      add_figure (list, _("The customer's receipts in other stores"), oba_till_finding_get_figure (finding, "elsewhere"));
      adw_preferences_group_add (list, oba_figure_row_new (_("Paid with the card shown"), amount));
    }
  else
    {
      add_figure (list, _("Returns and voids"), finding->receipts);
      add_norm (list, _("By the store's other cashiers"), oba_till_finding_get_norm (finding, "norm"));
      add_figure (list, _("Sales"), oba_till_finding_get_figure (finding, "sales"));
    }
  adw_preferences_group_set_description (list, _("Worth a look, no more: there may be a good reason."));
  gtk_box_append (box, group);
}

static ObaChart *
days_chart (const ObaTillDetail *detail)
{
  ObaChart *chart = oba_chart_new (_("Sales of the till a day"), OBA_CHART_VALUE_NUMBER);

  oba_chart_set_days (chart, detail->first_day, detail->days->len);
  oba_chart_add_series (chart, _("Receipts"), OBA_CHART_BARS, (const double *) (void *) detail->days->data, detail->days->len);
  return chart;
}

static ObaChart *
cashiers_chart (const ObaTillFinding *finding, const ObaTillDetail *detail)
{
  gboolean card = g_str_equal (finding->kind, "card");
  ObaChart *chart = oba_chart_new (card ? _("Cards again on the same day, by cashier") : _("Returns and voids, by cashier"), OBA_CHART_VALUE_NUMBER);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree double *values = g_new0 (double, detail->cashiers->len);

  for (guint i = 0; i < detail->cashiers->len; i++)
    {
      const ObaTillFigure *figure = detail->cashiers->pdata[i];

      g_ptr_array_add (names, figure->name);
      values[i] = (double) figure->value;
    }
  g_ptr_array_add (names, NULL);
  oba_chart_set_labels (chart, (const char *const *) names->pdata);
  oba_chart_set_points_name (chart, _("Cashier"));
  oba_chart_add_series (chart, card ? _("Again") : _("Returns"), OBA_CHART_BARS, values, detail->cashiers->len);
  return chart;
}

static void
add_chart (ObaTillDetailBox *self, GtkBox *box)
{
  gboolean cashiers = self->detail->cashiers->len > 0;
  g_autoptr (ObaChart) chart = NULL;
  GtkWidget *panel;

  if (!cashiers && self->detail->days->len == 0)
    return;
  chart = cashiers ? cashiers_chart (self->finding, self->detail) : days_chart (self->detail);
  panel = g_object_new (OBA_TYPE_CHART_PANEL, "height-request", CHART_HEIGHT, NULL);
  oba_chart_panel_set_chart (OBA_CHART_PANEL (panel), chart);
  gtk_box_append (box, panel);
}

/* ---- receipts */

static void
receipt_activated_cb (ObaTillDetailBox *self, GtkWidget *row)
{
  const ObaTillReceipt *receipt = g_object_get_data (G_OBJECT (row), "oba-receipt");

  g_signal_emit (self, signals[OPEN], 0, &receipt->key);
}

static GtkWidget *
receipt_row (ObaTillDetailBox *self, ObaTillReceipt *receipt)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *moment = oba_receipt_text_moment (&receipt->key);
  g_autofree char *arrived = oba_till_text_moment (receipt->arrived_at * G_USEC_PER_SEC);
  g_autofree char *total = oba_money_format (receipt->total);
  g_autofree char *said = NULL;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), receipt->number);
  if (receipt->arrived_at != 0)
    /* Translators: when it was sold, when it was recorded. */
    said = g_strdup_printf (_("%s, recorded %s"), moment, arrived);
  else
    said = *receipt->cashier != '\0' ? g_strdup_printf ("%s, %s", moment, receipt->cashier) : g_strdup (moment);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), said);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_label_new (total));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data (G_OBJECT (row), "oba-receipt", receipt);
  g_signal_connect_object (row, "activated", G_CALLBACK (receipt_activated_cb), self, G_CONNECT_SWAPPED);
  return row;
}

static const char *
receipts_title (const ObaTillFinding *finding)
{
  if (g_str_equal (finding->kind, "gap"))
    return _("Receipts Before and After");
  if (g_str_equal (finding->kind, "duplicate"))
    return _("The Receipt That Was Recorded");
  if (g_str_equal (finding->kind, "silent"))
    return _("The Last Receipts");
  return _("Receipts");
}

static void
add_receipts (ObaTillDetailBox *self, GtkBox *box)
{
  GtkWidget *group = adw_preferences_group_new ();

  if (self->detail->receipts->len == 0)
    return;
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), receipts_title (self->finding));
  if (self->detail->receipts->len == 100)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _("The first hundred; Transactions shows all of them."));
  for (guint i = 0; i < self->detail->receipts->len; i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), receipt_row (self, self->detail->receipts->pdata[i]));
  gtk_box_append (box, group);
}

static void
add_refusals (ObaTillDetailBox *self, GtkBox *box)
{
  GtkWidget *group = adw_preferences_group_new ();

  if (self->detail->refusals->len == 0)
    return;
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Refused"));
  for (guint i = 0; i < self->detail->refusals->len; i++)
    {
      const ObaTillRefusal *refusal = self->detail->refusals->pdata[i];
      g_autofree char *said = oba_till_text_refusal (refusal);

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), oba_figure_row_new (refusal->number, said));
    }
  gtk_box_append (box, group);
}

/* ---- history */

static char *
event_title (const ObaTillEvent *event)
{
  if (*event->reason != '\0')
    return g_strdup_printf ("%s: %s", oba_till_text_state (event->state), oba_till_text_reason (event->reason));
  return g_strdup (oba_till_text_state (event->state));
}

static void
add_history (ObaTillDetailBox *self, GtkBox *box)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("History"));
  for (guint i = self->detail->events->len; i > 0; i--)
    {
      const ObaTillEvent *event = self->detail->events->pdata[i - 1];
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *title = event_title (event);
      g_autofree char *at = oba_till_text_moment (event->at * G_USEC_PER_SEC);
      g_autofree char *by = *event->who != '\0' ? g_strdup_printf ("%s, %s", at, event->who) : g_strdup (at);
      g_autofree char *said = *event->note != '\0' ? g_strdup_printf ("%s\n%s", event->note, by) : g_strdup (by);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), said);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  gtk_box_append (box, group);
}

/* ---- what can be said to it */

static void
show_form (ObaTillDetailBox *self)
{
  gboolean tills = self->finding->list == OBA_TILL_LIST_TILLS;
  const char *state = self->detail->state;
  gboolean may = oba_session_has_role (self->session, tills ? MAY_EXPLAIN : MAY_DECIDE) && !g_str_equal (state, "resolved");
  gboolean open = g_str_equal (state, "open");

  gtk_widget_set_visible (self->form, may);
  gtk_widget_set_visible (GTK_WIDGET (self->reason_field), tills && open);
  gtk_widget_set_visible (GTK_WIDGET (self->note_entry), open || !tills);
  gtk_button_set_label (GTK_BUTTON (self->first_button), tills ? _("_Explain") : _("_Looked At: Fine"));
  gtk_widget_set_visible (self->first_button, tills ? open : !g_str_equal (state, "fine"));
  gtk_widget_set_visible (self->second_button, !tills && open);
  gtk_widget_set_visible (self->reopen_button, !open);
}

static void
show_content (ObaTillDetailBox *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  add_head (self, GTK_BOX (box));
  if (self->finding->list == OBA_TILL_LIST_CASHIERS)
    add_figures (self, GTK_BOX (box));
  add_chart (self, GTK_BOX (box));
  add_receipts (self, GTK_BOX (box));
  add_refusals (self, GTK_BOX (box));
  add_history (self, GTK_BOX (box));
  adw_bin_set_child (self->content, box);
  show_form (self);
  gtk_stack_set_visible_child_name (self->stack, "detail");
}

static void
detail_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaTillDetailBox *self = user_data;
  g_autoptr (GError) error = NULL;
  ObaTillDetail *detail = oba_till_detail_read_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->loading = FALSE;
  if (detail == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);
      g_autofree char *escaped = g_markup_escape_text (sentence, -1);

      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
  else
    {
      adw_bin_set_child (self->content, NULL);
      g_clear_pointer (&self->detail, oba_till_detail_free);
      self->detail = detail;
      show_content (self);
    }
  g_signal_emit (self, signals[LOADED], 0);
}

static void
read_detail (ObaTillDetailBox *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->loading = TRUE;
  oba_till_detail_read_async (oba_session_get_pool (self->session), self->finding->list, self->finding->id, self->cancellable, detail_cb, self);
}

static void
decide_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTillDetailBox) self = user_data;
  g_autoptr (GError) error = NULL;

  gtk_widget_set_sensitive (self->form, TRUE);
  if (oba_till_decide_finish (OBA_DB_POOL (pool), result, &error))
    {
      g_clear_pointer (&self->key, g_free);
      g_clear_pointer (&self->request, g_free);
      gtk_editable_set_text (GTK_EDITABLE (self->note_entry), "");
      oba_problem_box_set_text (self->problem, NULL);
      if (self->finding != NULL && self->session != NULL)
        read_detail (self);
      g_signal_emit (self, signals[DECIDED], 0);
      return;
    }
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_problem_box_set_text (self->problem, sentence);
      if (oba_db_error_is_refusal (error, "OB003") && self->finding != NULL && self->session != NULL)
        read_detail (self);
    }
}

/* Sent again after a lost connection, the same decision has the same key. */
static void
take_key (ObaTillDetailBox *self, const char *state, const char *reason, const char *note)
{
  g_autofree char *request = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %s %s", self->finding->id, self->detail->version, state, reason != NULL ? reason : "", note);

  if (self->key != NULL && g_strcmp0 (self->request, request) == 0)
    return;
  g_free (self->key);
  g_free (self->request);
  self->key = oba_db_request_new_key ();
  self->request = g_steal_pointer (&request);
}

void
oba_till_detail_box_decide (ObaTillDetailBox *self, const char *state, const char *reason, const char *note)
{
  g_return_if_fail (OBA_IS_TILL_DETAIL_BOX (self));

  if (self->finding == NULL || self->detail == NULL)
    return;
  take_key (self, state, reason, note);
  gtk_widget_set_sensitive (self->form, FALSE);
  oba_till_decide_async (oba_session_get_pool (self->session), self->finding->list, self->finding->id, self->detail->version, state, reason, note, self->key, NULL, decide_cb,
                         g_object_ref (self));
}

static void
decide (ObaTillDetailBox *self, const char *state)
{
  gboolean explains = g_str_equal (state, "explained");
  const char *reason = explains ? oba_till_reasons[gtk_drop_down_get_selected (self->reason_field)] : NULL;

  oba_till_detail_box_decide (self, state, reason, gtk_editable_get_text (GTK_EDITABLE (self->note_entry)));
}

static void
first_cb (ObaTillDetailBox *self)
{
  decide (self, self->finding->list == OBA_TILL_LIST_TILLS ? "explained" : "fine");
}

static void
second_cb (ObaTillDetailBox *self)
{
  decide (self, "follow_up");
}

static void
reopen_cb (ObaTillDetailBox *self)
{
  decide (self, "open");
}

/* ---- the object */

static GtkWidget *
button_new (ObaTillDetailBox *self, GtkBox *box, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_box_append (box, button);
  return button;
}

static GtkWidget *
fields_new (ObaTillDetailBox *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkStringList *reasons = gtk_string_list_new (NULL);

  for (guint i = 0; oba_till_reasons[i] != NULL; i++)
    gtk_string_list_append (reasons, oba_till_text_reason (oba_till_reasons[i]));
  self->reason_field = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (reasons), NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->reason_field), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reason"), -1);
  self->note_entry = GTK_ENTRY (gtk_entry_new ());
  gtk_entry_set_max_length (self->note_entry, MAX_NOTE);
  gtk_entry_set_placeholder_text (self->note_entry, _("Note, about the receipts and not about people"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->note_entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Note"), -1);
  gtk_widget_set_hexpand (GTK_WIDGET (self->note_entry), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->reason_field));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->note_entry));
  return box;
}

static GtkWidget *
form_new (ObaTillDetailBox *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->reopen_button = button_new (self, GTK_BOX (buttons), _("Open _Again"), G_CALLBACK (reopen_cb));
  self->second_button = button_new (self, GTK_BOX (buttons), _("To _Follow Up"), G_CALLBACK (second_cb));
  self->first_button = button_new (self, GTK_BOX (buttons), _("_Explain"), G_CALLBACK (first_cb));
  gtk_widget_add_css_class (self->first_button, "suggested-action");
  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (box), fields_new (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), buttons);
  return box;
}

static void
set_margins (GtkWidget *widget, int margin)
{
  gtk_widget_set_margin_top (widget, margin);
  gtk_widget_set_margin_bottom (widget, margin);
  gtk_widget_set_margin_start (widget, margin);
  gtk_widget_set_margin_end (widget, margin);
}

static GtkWidget *
clamped (GtkWidget *child)
{
  GtkWidget *clamp = adw_clamp_new ();

  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 760);
  adw_clamp_set_child (ADW_CLAMP (clamp), child);
  return clamp;
}

/* What can be said stays in sight below what is told. */
static GtkWidget *
detail_page_new (ObaTillDetailBox *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *form = form_new (self);

  self->content = ADW_BIN (adw_bin_new ());
  self->form = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  set_margins (GTK_WIDGET (self->content), 18);
  set_margins (form, 12);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamped (GTK_WIDGET (self->content)));
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (self->form), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (self->form), clamped (form));
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), self->form);
  return box;
}

static GtkWidget *
status_new (const char *icon, const char *title)
{
  GtkWidget *page = adw_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), icon);
  adw_status_page_set_title (ADW_STATUS_PAGE (page), title);
  return page;
}

static void
oba_till_detail_box_dispose (GObject *object)
{
  ObaTillDetailBox *self = OBA_TILL_DETAIL_BOX (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_till_detail_box_parent_class)->dispose (object);
}

static void
oba_till_detail_box_finalize (GObject *object)
{
  ObaTillDetailBox *self = OBA_TILL_DETAIL_BOX (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->finding, oba_till_finding_free);
  g_clear_pointer (&self->detail, oba_till_detail_free);
  g_free (self->key);
  g_free (self->request);

  G_OBJECT_CLASS (oba_till_detail_box_parent_class)->finalize (object);
}

static void
oba_till_detail_box_class_init (ObaTillDetailBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = oba_till_detail_box_dispose;
  object_class->finalize = oba_till_detail_box_finalize;
  signals[OPEN] = g_signal_new ("open", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SHOW] = g_signal_new ("show-receipts", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[DECIDED] = g_signal_new ("decided", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_till_detail_box_init (ObaTillDetailBox *self)
{
  self->cancellable = g_cancellable_new ();
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, status_new ("view-list-symbolic", _("Nothing Chosen")), "nothing");
  gtk_stack_add_named (self->stack, detail_page_new (self), "detail");
  self->failed_page = ADW_STATUS_PAGE (status_new ("dialog-warning-symbolic", _("It Could Not Be Read")));
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed_page), "failed");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}

GtkWidget *
oba_till_detail_box_new (ObaSession *session)
{
  ObaTillDetailBox *self = g_object_new (OBA_TYPE_TILL_DETAIL_BOX, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}

void
oba_till_detail_box_show (ObaTillDetailBox *self, const ObaTillFinding *finding)
{
  gboolean other;

  g_return_if_fail (OBA_IS_TILL_DETAIL_BOX (self));

  other = finding == NULL || self->finding == NULL || finding->id != self->finding->id;
  g_clear_pointer (&self->finding, oba_till_finding_free);
  if (other)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->note_entry), "");
      oba_problem_box_set_text (self->problem, NULL);
    }
  if (finding == NULL)
    {
      g_cancellable_cancel (self->cancellable);
      self->loading = FALSE;
      gtk_stack_set_visible_child_name (self->stack, "nothing");
      return;
    }
  self->finding = oba_till_finding_copy (finding);
  read_detail (self);
}

gint64
oba_till_detail_box_get_id (ObaTillDetailBox *self)
{
  return self->finding != NULL ? self->finding->id : 0;
}

gboolean
oba_till_detail_box_is_loaded (ObaTillDetailBox *self)
{
  return !self->loading;
}

const char *
oba_till_detail_box_get_problem (ObaTillDetailBox *self)
{
  return oba_problem_box_get_text (self->problem);
}
