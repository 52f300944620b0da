#include "oba-stock-window.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-fold.h"
#include "base/oba-money.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-reward-text.h"
#include "oba-stock-row.h"
#include "widgets/oba-field.h"
#include "widgets/oba-problem-box.h"

#define WIDTH 480
#define WIDE 820
#define HEIGHT 640
#define MAX_PIECES 10000000
#define MAX_REASON 500

/* What the list of kinds has. */
enum { RECEIVED, COUNTED, UNLIMITED };
static const char *const kinds[] = { "receipt", "count", "unlimited" };

struct _ObaStockWindow
{
  AdwWindow      parent_instance;

  ObaSession    *session;
  ObaReward     *reward;
  GCancellable  *cancellable;
  GListStore    *rows;            /* of ObaStockRow */
  GPtrArray     *places;
  guint          busy;
  gboolean       saving;
  char          *search;          /* folded */
  char          *key;
  char          *sent;

  GtkDropDown   *kind;
  GtkEditable   *reason;
  ObaField      *number_field;
  GtkEditable   *number;
  GtkWidget     *save_button;
  GtkLabel      *summary;
  ObaProblemBox *problem;
  GtkSearchEntry *search_entry;
  GtkCustomFilter *filter;
  GListModel    *shown;
  GtkMultiSelection *selection;
};

enum { SAVED, LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaStockWindow, oba_stock_window, ADW_TYPE_WINDOW)

/* ---- what is to be done */

static gboolean
is_counted (ObaStockWindow *self)
{
  return gtk_drop_down_get_selected (self->kind) != RECEIVED;
}

static gboolean
read_number (ObaStockWindow *self, gint64 *number)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->number)));

  return g_ascii_string_to_signed (text, 10, is_counted (self) ? 0 : 1, MAX_PIECES, number, NULL);
}

guint
oba_stock_window_get_n_given (ObaStockWindow *self)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (ObaStockRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      n += oba_stock_row_get_number (row) >= 0;
    }
  return n;
}

static void
show_summary (ObaStockWindow *self, guint n)
{
  g_autofree char *stores = oba_number_format (n);
  g_autofree char *text = g_strdup_printf (ngettext ("%s store has a number", "%s stores have a number", n), stores);

  gtk_label_set_label (self->summary, n > 0 ? text : _("No store has a number yet: choose some, type a number, and press “Set”"));
}

static void
update (ObaStockWindow *self)
{
  gint64 number;
  guint kind = gtk_drop_down_get_selected (self->kind);
  gboolean typed = read_number (self, &number);
  gboolean reason = kind == RECEIVED || *gtk_editable_get_text (self->reason) != '\0';
  guint n = self->reward->stock_by_store ? oba_stock_window_get_n_given (self) : 0;

  gtk_widget_set_visible (GTK_WIDGET (self->number_field), kind != UNLIMITED);
  oba_field_set_problem (self->number_field, typed || *gtk_editable_get_text (self->number) == '\0' ? NULL : _("A whole number of pieces up to 10 000 000"));
  if (self->reward->stock_by_store)
    show_summary (self, n);
  gtk_widget_set_sensitive (self->save_button, !self->saving && reason && (self->reward->stock_by_store ? n > 0 : typed || kind == UNLIMITED));
}

static void
begin (ObaStockWindow *self)
{
  self->busy++;
}

static void
end (ObaStockWindow *self)
{
  self->busy--;
  update (self);
  g_signal_emit (self, signals[LOADED], 0);
}

static void
fail (ObaStockWindow *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  const char *hint = oba_db_error_get_hint (error);
  g_autofree char *text = hint != NULL && *hint != '\0' ? g_strdup_printf ("%s %s", sentence, hint) : g_strdup (sentence);

  oba_problem_box_set_text (self->problem, text);
}

/* ---- saving */

static void
saved_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaStockWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  self->saving = FALSE;
  end (self);
  if (answer == NULL)
    {
      fail (self, error);
      return;
    }
  g_signal_emit (self, signals[SAVED], 0);
  gtk_window_destroy (GTK_WINDOW (self));
}

static JsonArray *
stores_of (ObaStockWindow *self)
{
  JsonArray *stores = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (ObaStockRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
      JsonObject *store;

      if (oba_stock_row_get_number (row) < 0 || (!is_counted (self) && oba_stock_row_get_number (row) == 0))
        continue;
      store = json_object_new ();
      json_object_set_int_member (store, "store", oba_stock_row_get_place (row)->store_id);
      json_object_set_int_member (store, "quantity", oba_stock_row_get_number (row));
      json_array_add_object_element (stores, store);
    }
  return stores;
}

static JsonNode *
make_request (ObaStockWindow *self)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  guint kind = gtk_drop_down_get_selected (self->kind);
  gint64 number = 0;

  json_object_set_int_member (object, "reward_id", self->reward->id);
  json_object_set_string_member (object, "kind", kinds[kind]);
  json_object_set_string_member (object, "reason", gtk_editable_get_text (self->reason));
  if (self->reward->stock_by_store)
    json_object_set_array_member (object, "stores", stores_of (self));
  else if (kind != UNLIMITED && read_number (self, &number))
    json_object_set_int_member (object, "quantity", number);
  json_node_set_object (node, object);
  return node;
}

void
oba_stock_window_save (ObaStockWindow *self)
{
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (OBA_IS_STOCK_WINDOW (self));

  if (self->saving || !gtk_widget_get_sensitive (self->save_button))
    return;
  request = make_request (self);
  text = json_to_string (request, FALSE);
  if (g_strcmp0 (text, self->sent) != 0)
    {
      g_free (self->sent);
      g_free (self->key);
      self->sent = g_steal_pointer (&text);
      self->key = oba_db_request_new_key ();
    }
  oba_problem_box_set_text (self->problem, NULL);
  self->saving = TRUE;
  begin (self);
  update (self);
  oba_db_request_async (oba_session_get_pool (self->session), "change_stock", request, self->key, NULL, saved_cb, g_object_ref (self));
}

/* ---- numbers of stores */

void
oba_stock_window_apply (ObaStockWindow *self)
{
  g_autoptr (GtkBitset) chosen = NULL;
  guint n = g_list_model_get_n_items (self->shown);
  gint64 number = -1;

  g_return_if_fail (OBA_IS_STOCK_WINDOW (self));

  if (*gtk_editable_get_text (self->number) != '\0' && !read_number (self, &number))
    return;
  chosen = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ObaStockRow) row = g_list_model_get_item (self->shown, i);

      if (gtk_bitset_is_empty (chosen) || gtk_bitset_contains (chosen, i))
        oba_stock_row_set_number (row, number);
    }
  oba_problem_box_set_text (self->problem, NULL);
  update (self);
}

void
oba_stock_window_paste (ObaStockWindow *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) numbers = NULL;

  g_return_if_fail (OBA_IS_STOCK_WINDOW (self));

  if (self->places == NULL)
    return;
  numbers = oba_reward_stock_parse (text, self->places, &error);
  oba_problem_box_set_text (self->problem, error != NULL ? error->message : NULL);
  for (guint i = 0; numbers != NULL && i < numbers->len; i++)
    {
      g_autoptr (ObaStockRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      if (g_array_index (numbers, gint64, i) >= 0)
        oba_stock_row_set_number (row, g_array_index (numbers, gint64, i));
    }
  update (self);
}

static void
pasted_cb (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaStockWindow) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);

  oba_stock_window_paste (self, text);
}

static void
paste_cb (ObaStockWindow *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->cancellable, pasted_cb, g_object_ref (self));
}

/* ---- the stores */

static void
places_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaStockWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *places = oba_reward_places_finish (result, &error);

  if (places == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (self, error);
  else if (places != NULL)
    {
      g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

      self->places = places;
      for (guint i = 0; i < places->len; i++)
        g_ptr_array_add (rows, oba_stock_row_new (places->pdata[i]));
      g_list_store_splice (self->rows, 0, 0, rows->pdata, rows->len);
    }
  end (self);
}

static gboolean
is_shown (gpointer item, gpointer user_data)
{
  ObaStockWindow *self = user_data;

  return *self->search == '\0' || strstr (oba_stock_row_get_folded (item), self->search) != NULL;
}

void
oba_stock_window_search (ObaStockWindow *self, const char *text)
{
  g_autofree char *clean = g_strstrip (g_strdup (text));

  g_free (self->search);
  self->search = oba_text_fold (clean);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
}

static void
search_cb (ObaStockWindow *self)
{
  oba_stock_window_search (self, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

static GtkWidget *
stores_new (ObaStockWindow *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *view;

  self->rows = g_list_store_new (OBA_TYPE_STOCK_ROW);
  self->filter = gtk_custom_filter_new (is_shown, self, NULL);
  self->shown = G_LIST_MODEL (gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->rows)), GTK_FILTER (g_object_ref (self->filter))));
  self->selection = gtk_multi_selection_new (g_object_ref (self->shown));
  view = oba_stock_row_view_new (GTK_SELECTION_MODEL (g_object_ref (self->selection)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Stores"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_add_css_class (scrolled, "card");
  return scrolled;
}

/* ---- building */

static GtkWidget *
set_line_new (ObaStockWindow *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *set = gtk_button_new_with_mnemonic (_("S_et"));
  GtkWidget *paste = gtk_button_new_with_mnemonic (_("_Paste Lines"));

  self->search_entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->search_entry, "placeholder-text", _("Code, name or city"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search_entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search stores"), -1);
  gtk_widget_set_hexpand (GTK_WIDGET (self->search_entry), TRUE);
  gtk_widget_set_tooltip_text (set, _("Sets the number for the chosen stores; without a choice for all that are shown"));
  gtk_widget_set_tooltip_text (paste, _("From the clipboard: a line a store, its code and a number, as a spreadsheet copies them"));
  g_signal_connect_swapped (self->search_entry, "search-changed", G_CALLBACK (search_cb), self);
  g_signal_connect_swapped (set, "clicked", G_CALLBACK (oba_stock_window_apply), self);
  g_signal_connect_swapped (paste, "clicked", G_CALLBACK (paste_cb), self);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->search_entry));
  gtk_box_append (GTK_BOX (line), set);
  gtk_box_append (GTK_BOX (line), paste);
  return line;
}

static GtkWidget *
header_new (ObaStockWindow *self)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));

  self->save_button = gtk_button_new_with_mnemonic (_("_Save"));
  gtk_widget_add_css_class (self->save_button, "suggested-action");
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->save_button);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_window_close), self);
  g_signal_connect_swapped (self->save_button, "clicked", G_CALLBACK (oba_stock_window_save), self);
  return header;
}

static GtkWidget *
fields_new (ObaStockWindow *self)
{
  const char *words[] = { _("Goods were received: adds to the stock"), _("Goods were counted: so many are there"), self->reward->stock_by_store ? NULL : _("Unlimited: nobody counts"), NULL };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *number = gtk_entry_new (), *reason = gtk_entry_new ();

  self->kind = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (words));
  self->number = GTK_EDITABLE (number);
  self->reason = GTK_EDITABLE (reason);
  gtk_entry_set_max_length (GTK_ENTRY (number), 20);
  gtk_entry_set_input_purpose (GTK_ENTRY (number), GTK_INPUT_PURPOSE_DIGITS);
  gtk_entry_set_max_length (GTK_ENTRY (reason), MAX_REASON);
  self->number_field = OBA_FIELD (oba_field_new (_("Pieces"), number, NULL));
  g_signal_connect_swapped (self->kind, "notify::selected", G_CALLBACK (update), self);
  g_signal_connect_swapped (number, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (number, "activate", G_CALLBACK (self->reward->stock_by_store ? oba_stock_window_apply : oba_stock_window_save), self);
  g_signal_connect_swapped (reason, "changed", G_CALLBACK (update), self);
  gtk_box_append (GTK_BOX (box), oba_field_new (_("What happened"), GTK_WIDGET (self->kind), NULL));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Reason or delivery note"), reason, NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->number_field));
  return box;
}

static void
build (ObaStockWindow *self)
{
  GtkWidget *all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  g_autofree char *name = oba_reward_text_name (self->reward);
  g_autofree char *stock = oba_reward_text_stock (self->reward);
  g_autofree char *open = oba_number_format (self->reward->open);
  /* Translators: the name of a reward, its stock, a number of pieces. */
  g_autofree char *text = g_strdup_printf (_("%s – can still be promised: %s. Reserved and not handed out yet: %s; a count has them in it."), name, stock, open);

  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->summary = GTK_LABEL (oba_profile_label_new ("", "dim-label"));
  gtk_box_append (GTK_BOX (all), header_new (self));
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (text, NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), fields_new (self));
  if (self->reward->stock_by_store)
    {
      gtk_box_append (GTK_BOX (box), set_line_new (self));
      gtk_box_append (GTK_BOX (box), stores_new (self));
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->summary));
    }
  else
    g_object_ref_sink (self->summary);
  g_object_set (box, "margin-top", 12, "margin-bottom", 18, "margin-start", 18, "margin-end", 18, NULL);
  gtk_box_append (GTK_BOX (all), box);
  adw_window_set_content (ADW_WINDOW (self), all);
}

static gboolean
oba_stock_window_close_request (GtkWindow *window)
{
  return OBA_STOCK_WINDOW (window)->saving;
}

static void
oba_stock_window_dispose (GObject *object)
{
  ObaStockWindow *self = OBA_STOCK_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->reward != NULL && !self->reward->stock_by_store)
    g_clear_object (&self->summary);

  G_OBJECT_CLASS (oba_stock_window_parent_class)->dispose (object);
}

static void
oba_stock_window_finalize (GObject *object)
{
  ObaStockWindow *self = OBA_STOCK_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_object (&self->rows);
  g_clear_object (&self->filter);
  g_clear_object (&self->shown);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->places, g_ptr_array_unref);
  g_clear_pointer (&self->reward, oba_reward_free);
  g_free (self->search);
  g_free (self->key);
  g_free (self->sent);

  G_OBJECT_CLASS (oba_stock_window_parent_class)->finalize (object);
}

static void
oba_stock_window_class_init (ObaStockWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_stock_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_stock_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = oba_stock_window_close_request;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
  signals[SAVED] = g_signal_new ("saved", OBA_TYPE_STOCK_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LOADED] = g_signal_new ("loaded", OBA_TYPE_STOCK_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_stock_window_init (ObaStockWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->search = g_strdup ("");
}

GtkWindow *
oba_stock_window_new (GtkWindow *parent, ObaSession *session, const ObaReward *reward)
{
  ObaStockWindow *self = g_object_new (OBA_TYPE_STOCK_WINDOW, "transient-for", parent, "modal", TRUE, "title", _("Stock"), "default-width", reward->stock_by_store ? WIDE : WIDTH, NULL);

  self->session = g_object_ref (session);
  self->reward = oba_reward_copy (reward);
  if (reward->stock_by_store)
    gtk_window_set_default_size (GTK_WINDOW (self), WIDE, HEIGHT);
  build (self);
  /* What nobody counts is counted first. */
  if (!reward->stock_by_store && reward->stock < 0)
    gtk_drop_down_set_selected (self->kind, COUNTED);
  if (reward->stock_by_store)
    {
      begin (self);
      oba_reward_places_async (oba_session_get_pool (session), reward->id, self->cancellable, places_cb, g_object_ref (self));
    }
  update (self);
  return GTK_WINDOW (self);
}

/* ---- for tests */

void
oba_stock_window_set_counted (ObaStockWindow *self, gboolean counted)
{
  gtk_drop_down_set_selected (self->kind, counted ? COUNTED : RECEIVED);
}

void
oba_stock_window_set_reason (ObaStockWindow *self, const char *reason)
{
  gtk_editable_set_text (self->reason, reason);
}

void
oba_stock_window_set_number (ObaStockWindow *self, const char *text)
{
  gtk_editable_set_text (self->number, text);
}

guint
oba_stock_window_get_n_shown (ObaStockWindow *self)
{
  return self->shown != NULL ? g_list_model_get_n_items (self->shown) : 0;
}

gboolean
oba_stock_window_is_settled (ObaStockWindow *self)
{
  return self->busy == 0;
}

const char *
oba_stock_window_get_problem (ObaStockWindow *self)
{
  const char *text = oba_problem_box_get_text (self->problem);

  return text != NULL ? text : "";
}
