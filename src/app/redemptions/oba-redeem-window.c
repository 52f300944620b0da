#include "oba-redeem-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "redemptions/oba-redemption.h"
#include "rewards/oba-reward.h"
#include "widgets/oba-field.h"
#include "widgets/oba-problem-box.h"
#include "widgets/oba-store-chooser.h"

#define ANSWERS (OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)
#define MAX_PIECES 100

struct _ObaRedeemWindow
{
  AdwWindow        parent_instance;

  ObaSession      *session;
  GCancellable    *cancellable;
  gint64           customer_id;
  GPtrArray       *offers;       /* of ObaRewardOffer */
  char            *key;          /* of what is asked for */
  char            *request;      /* what it says: another one needs another key */
  gboolean         loading;
  gboolean         busy;

  GtkStack        *stack;
  AdwStatusPage   *failed_page;
  GtkListBox      *rows;
  ObaProblemBox   *problem;
  GtkSpinButton   *quantity;
  ObaStoreChooser *store;
  GtkEntry        *code;
  ObaField        *code_field;
  GtkLabel        *effect;
  GtkWidget       *button;
};

enum { REDEEMED, LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRedeemWindow, oba_redeem_window, ADW_TYPE_WINDOW)

static void read_offers (ObaRedeemWindow *self);

/* ---- the rewards */

/* Why not yet; "" when they may. */
static char *
why_not (const ObaRewardOffer *offer)
{
  static const struct { const char *block, *text; } reasons[] = {
    { "retired", N_("Not on offer any more") },        { "dates", N_("Not on offer today") },         { "schedule", N_("Not on offer at this hour") },
    { "segment", N_("For other customers") },          { "limit", N_("Had as often as one may") },    { "stock", N_("Out of stock") },
    { "store", N_("Choose the store first") },         { "locked", N_("The customer is blocked, or has locked spending") },
  };

  if (g_str_equal (offer->block, "points"))
    {
      g_autofree char *missing = oba_number_format (offer->missing);
      GString *text = g_string_new (ngettext ("%s point is missing", "%s points are missing", (gulong) offer->missing));

      g_string_replace (text, "%s", missing, 1);
      return g_string_free (text, FALSE);
    }
  if (g_str_equal (offer->block, "tier"))
    /* Translators: the name of a tier. */
    return g_strdup_printf (_("From the tier %s on"), offer->tier);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (reasons[i].block, offer->block))
      return g_strdup (_(reasons[i].text));
  return g_strdup (offer->block);
}

/* Where each store has its own stock, the store can be chosen still. */
static gboolean
is_open (const ObaRewardOffer *offer)
{
  return *offer->block == '\0' || g_str_equal (offer->block, "store");
}

static const ObaRewardOffer *
chosen (ObaRedeemWindow *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->rows);

  return row != NULL ? self->offers->pdata[gtk_list_box_row_get_index (row)] : NULL;
}

static GtkWidget *
row_new (const ObaRewardOffer *offer)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *cost = oba_number_format (offer->cost), *why = why_not (offer), *stock = oba_number_format (offer->stock);
  g_autofree char *left = offer->stock >= 0 ? g_strdup_printf (_("%s left"), stock) : NULL;
  GtkWidget *label = gtk_label_new (cost);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), offer->name);
  if (*why != '\0')
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), why);
  else if (left != NULL || offer->needs_approval)
    {
      g_autofree char *said = left != NULL && offer->needs_approval ? g_strdup_printf ("%s · %s", left, _("a supervisor approves it")) : left != NULL ? g_strdup (left) : g_strdup (_("a supervisor approves it"));

      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), said);
    }
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_widget_set_sensitive (row, is_open (offer));
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), is_open (offer));
  return row;
}

/* ---- what it would do */

static void
update (ObaRedeemWindow *self)
{
  const ObaRewardOffer *offer = chosen (self);
  gboolean coded = *gtk_editable_get_text (GTK_EDITABLE (self->code)) != '\0';
  gboolean waits = offer != NULL && (offer->needs_approval || (!coded && !oba_session_has_role (self->session, ANSWERS)));
  g_autofree char *points = offer != NULL ? oba_number_format (offer->cost * gtk_spin_button_get_value_as_int (self->quantity)) : NULL;
  g_autofree char *text = NULL;

  if (offer == NULL)
    text = g_strdup (_("Choose a reward."));
  else if (waits)
    text = g_strdup_printf (_("%s points are kept until a supervisor has decided."), points);
  else
    text = g_strdup_printf (_("%s points are spent, and the customer gets a voucher."), points);
  gtk_label_set_label (self->effect, text);
  oba_field_set_note (self->code_field, oba_session_has_role (self->session, ANSWERS) ? _("Without a code you answer for it yourself.") : _("Without a code it waits for a supervisor."));
  gtk_widget_set_sensitive (self->button, offer != NULL && !self->busy);
}

/* ---- doing it */

static JsonNode *
make_request (ObaRedeemWindow *self, const ObaRewardOffer *offer)
{
  g_autofree char *code = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->code))));
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *request = json_object_new ();

  json_object_set_int_member (request, "customer_id", self->customer_id);
  json_object_set_int_member (request, "reward_id", offer->id);
  json_object_set_int_member (request, "quantity", gtk_spin_button_get_value_as_int (self->quantity));
  if (oba_store_chooser_get_store (self->store) != 0)
    json_object_set_int_member (request, "store_id", oba_store_chooser_get_store (self->store));
  if (*code != '\0')
    json_object_set_string_member (request, "spend_code", code);
  json_node_take_object (node, request);
  return node;
}

static void
redeemed_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRedeemWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  self->busy = FALSE;
  if (self->session == NULL)
    return;
  if (answer != NULL || g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    {
      g_clear_pointer (&self->key, g_free);
      g_clear_pointer (&self->request, g_free);
    }
  if (answer != NULL)
    {
      gboolean waits = g_str_equal (json_object_get_string_member_with_default (answer, "state", ""), "requested");

      g_signal_emit (self, signals[REDEEMED], 0, waits ? _("The reward is requested and waits for a supervisor") : _("The reward is redeemed: the voucher is on its way to the customer"));
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_problem_box_set_text (self->problem, sentence);
      read_offers (self);
    }
  update (self);
}

/* Sent again after a lost connection, the same request has the same key. */
void
oba_redeem_window_redeem (ObaRedeemWindow *self)
{
  const ObaRewardOffer *offer;
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (OBA_IS_REDEEM_WINDOW (self));

  offer = chosen (self);
  if (offer == NULL || self->busy)
    return;
  request = make_request (self, offer);
  text = json_to_string (request, FALSE);
  if (g_strcmp0 (text, self->request) != 0)
    {
      g_free (self->request);
      g_free (self->key);
      self->request = g_steal_pointer (&text);
      self->key = oba_db_request_new_key ();
    }
  self->busy = TRUE;
  oba_problem_box_set_text (self->problem, NULL);
  update (self);
  oba_db_request_async (oba_session_get_pool (self->session), "redeem_points", request, self->key, NULL, redeemed_cb, g_object_ref (self));
}

/* ---- reading */

static void
show_offers (ObaRedeemWindow *self, gint64 before)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_list_box_remove (self->rows, row);
  for (guint i = 0; i < self->offers->len; i++)
    {
      const ObaRewardOffer *offer = self->offers->pdata[i];

      gtk_list_box_append (self->rows, row_new (offer));
      if (offer->id == before && is_open (offer))
        gtk_list_box_select_row (self->rows, gtk_list_box_get_row_at_index (self->rows, (int) i));
    }
  gtk_stack_set_visible_child_name (self->stack, self->offers->len > 0 ? "form" : "empty");
  update (self);
}

static void
offers_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaRedeemWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *offers = oba_reward_offers_finish (result, &error);
  const ObaRewardOffer *before;
  gint64 id;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->loading = FALSE;
  if (offers == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);
      g_autofree char *escaped = g_markup_escape_text (sentence, -1);

      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      g_signal_emit (self, signals[LOADED], 0);
      return;
    }
  before = chosen (self);
  id = before != NULL ? before->id : 0;
  gtk_list_box_unselect_all (self->rows);
  g_ptr_array_unref (self->offers);
  self->offers = offers;
  show_offers (self, id);
  g_signal_emit (self, signals[LOADED], 0);
}

static void
read_offers (ObaRedeemWindow *self)
{
  const char *const *wanted = g_get_language_names ();

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->loading = TRUE;
  oba_reward_offers_async (oba_session_get_pool (self->session), self->customer_id, g_str_has_prefix (wanted[0], "az") ? OBA_LANGUAGE_AZ : g_str_has_prefix (wanted[0], "ru") ? OBA_LANGUAGE_RU : OBA_LANGUAGE_EN,
                           oba_store_chooser_get_store (self->store), self->cancellable, offers_cb, self);
}

/* ---- the object */

static GtkWidget *
side_new (ObaRedeemWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->quantity = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (1, MAX_PIECES, 1));
  self->store = OBA_STORE_CHOOSER (oba_store_chooser_new (oba_session_get_pool (self->session)));
  oba_store_chooser_set_none (self->store, _("Any store"));
  self->code = GTK_ENTRY (gtk_entry_new ());
  gtk_entry_set_max_length (self->code, 20);
  gtk_entry_set_input_purpose (self->code, GTK_INPUT_PURPOSE_DIGITS);
  self->code_field = OBA_FIELD (oba_field_new (_("Spend code from the bot"), GTK_WIDGET (self->code), NULL));
  self->effect = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->effect, TRUE);
  gtk_label_set_xalign (self->effect, 0);
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Quantity"), GTK_WIDGET (self->quantity), NULL));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Store where it is fetched"), GTK_WIDGET (self->store), oba_store_chooser_get_button (self->store)));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->code_field));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->effect));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_widget_set_size_request (box, 260, -1);
  g_signal_connect_swapped (self->quantity, "value-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->code, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->code, "activate", G_CALLBACK (oba_redeem_window_redeem), self);
  g_signal_connect_swapped (self->store, "notify::store-id", G_CALLBACK (read_offers), self);
  return box;
}

static GtkWidget *
form_new (ObaRedeemWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18), *scrolled = gtk_scrolled_window_new ();

  self->rows = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->rows, GTK_SELECTION_SINGLE);
  gtk_widget_add_css_class (GTK_WIDGET (self->rows), "boxed-list");
  gtk_widget_set_valign (GTK_WIDGET (self->rows), GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Rewards"), -1);
  g_signal_connect_swapped (self->rows, "row-selected", G_CALLBACK (update), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->rows));
  gtk_widget_set_hexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), side_new (self));
  gtk_widget_set_margin_top (box, 18);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  return box;
}

static GtkWidget *
header_new (ObaRedeemWindow *self, const char *name)
{
  GtkWidget *header = adw_header_bar_new (), *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));

  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), adw_window_title_new (_("Redeem"), name));
  self->button = gtk_button_new_with_mnemonic (_("_Redeem"));
  gtk_widget_add_css_class (self->button, "suggested-action");
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (oba_redeem_window_redeem), self);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_window_close), self);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->button);
  return header;
}

GtkWindow *
oba_redeem_window_new (GtkWindow *parent, ObaSession *session, gint64 customer_id, const char *name)
{
  ObaRedeemWindow *self = g_object_new (OBA_TYPE_REDEEM_WINDOW, "transient-for", parent, "modal", TRUE, "destroy-with-parent", TRUE, "default-width", 780, "default-height", 560, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *spinner = gtk_spinner_new (), *retry = gtk_button_new_with_mnemonic (_("_Try Again"));

  self->session = g_object_ref (session);
  self->customer_id = customer_id;
  gtk_window_set_title (GTK_WINDOW (self), _("Redeem"));
  gtk_box_append (GTK_BOX (box), header_new (self, name));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_stack_add_named (self->stack, spinner, "loading");
  gtk_stack_add_named (self->stack, form_new (self), "form");
  gtk_stack_add_named (self->stack, g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "oba-redemption-symbolic", "title", _("No Rewards on Offer"), "description",
                                                  _("As soon as marketing puts a reward on offer, it appears here."), NULL), "empty");
  self->failed_page = g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "dialog-warning-symbolic", "title", _("The Rewards Could Not Be Read"), "child", retry, NULL);
  gtk_widget_set_halign (retry, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (retry, "pill");
  g_signal_connect_swapped (retry, "clicked", G_CALLBACK (read_offers), self);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed_page), "failed");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  adw_window_set_content (ADW_WINDOW (self), box);
  update (self);
  read_offers (self);
  return GTK_WINDOW (self);
}

gboolean
oba_redeem_window_is_loaded (ObaRedeemWindow *self)
{
  return !self->loading && !self->busy;
}

guint
oba_redeem_window_get_n (ObaRedeemWindow *self)
{
  return self->offers->len;
}

gboolean
oba_redeem_window_choose (ObaRedeemWindow *self, guint row)
{
  GtkListBoxRow *at = gtk_list_box_get_row_at_index (self->rows, (int) row);

  if (!gtk_list_box_row_get_selectable (at))
    return FALSE;
  gtk_list_box_select_row (self->rows, at);
  return TRUE;
}

void
oba_redeem_window_set_code (ObaRedeemWindow *self, const char *code)
{
  gtk_editable_set_text (GTK_EDITABLE (self->code), code);
}

const char *
oba_redeem_window_get_problem (ObaRedeemWindow *self)
{
  const char *text = oba_problem_box_get_text (self->problem);

  return text != NULL && *text != '\0' ? text : NULL;
}

static void
oba_redeem_window_dispose (GObject *object)
{
  ObaRedeemWindow *self = OBA_REDEEM_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->rows != NULL)
    g_signal_handlers_disconnect_by_data (self->rows, self);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  self->rows = NULL;
  self->store = NULL;
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_redeem_window_parent_class)->dispose (object);
}

static void
oba_redeem_window_finalize (GObject *object)
{
  ObaRedeemWindow *self = OBA_REDEEM_WINDOW (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->offers);
  g_free (self->key);
  g_free (self->request);

  G_OBJECT_CLASS (oba_redeem_window_parent_class)->finalize (object);
}

static void
oba_redeem_window_class_init (ObaRedeemWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_redeem_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_redeem_window_finalize;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  signals[REDEEMED] = g_signal_new ("redeemed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_redeem_window_init (ObaRedeemWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->offers = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_reward_offer_free);
}
