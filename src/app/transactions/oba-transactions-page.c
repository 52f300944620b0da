#include "oba-transactions-page-private.h"

#include <glib/gi18n-lib.h>

#include "approvals/oba-approvals-view.h"
#include "corrections/oba-record-missed.h"
#include "files/oba-export-window.h"
#include "oba-receipt-columns.h"
#include "oba-receipt-filter-bar.h"
#include "oba-receipt-source.h"
#include "tills/oba-tills-view.h"
#include "widgets/oba-columns-window.h"
#include "widgets/oba-list-frame.h"
#include "widgets/oba-list-keys.h"
#include "widgets/oba-list-layout.h"

/* Tills sell all the time: the list follows them not more often than this. */
#define FOLLOW_MS 2000
#define OFFER_SECONDS 15
#define PERSONS (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR)

struct _ObaTransactionsPage
{
  ObaPage              parent_instance;

  ObaLazyModel        *model;
  ObaLazyView         *view;
  ObaReceiptSort       sort;
  gboolean             descending;
  ObaReceiptKey        selected;
  gboolean             selecting;
  gboolean             select_first;
  guint                follow_id;

  ObaSubpages         *subpages;
  GtkSearchEntry      *search_entry;
  GtkMenuButton       *filter_button;
  ObaReceiptFilterBar *filter_bar;
  ObaViewMenu         *view_menu;
  GtkWidget           *record_button;
  ObaListFrame        *frame;
  AdwStatusPage       *nothing_page;
  GtkRevealer         *new_revealer;
  AdwBin              *totals_bin;
  ObaTotalsBar        *totals;
  AdwBin              *detail_bin;
  ObaReceiptView      *detail;
};

G_DEFINE_FINAL_TYPE (ObaTransactionsPage, oba_transactions_page, OBA_TYPE_PAGE)

static ObaDbPool *
get_pool (ObaTransactionsPage *self)
{
  return oba_session_get_pool (oba_page_get_session (OBA_PAGE (self)));
}

static ObaReceiptSource *
get_source (ObaTransactionsPage *self)
{
  return OBA_RECEIPT_SOURCE (oba_lazy_model_get_source (self->model));
}

/* ---- state */

static gboolean
is_searching (ObaTransactionsPage *self)
{
  ObaReceiptSource *source = get_source (self);

  return source != NULL && !oba_filter_is_empty (oba_receipt_query_get_filter (oba_receipt_source_get_query (source)));
}

static void
describe_nothing (ObaTransactionsPage *self)
{
  if (oba_filter_is_empty (oba_receipt_filter_bar_get_filter (self->filter_bar)))
    adw_status_page_set_description (self->nothing_page, _("No receipt has this number or this fiscal ID. The whole number is needed, as it is on the paper."));
  else
    adw_status_page_set_description (self->nothing_page, _("No receipt meets all of these conditions. Take one of them away, or search for something else."));
}

static void
failed_cb (ObaTransactionsPage *self,
           const char          *sentence)
{
  oba_page_set_state (OBA_PAGE (self), OBA_PAGE_FAILED, sentence);
}

static void
update_state (ObaTransactionsPage *self)
{
  ObaReceiptTotals totals;
  gint64 points;

  if (oba_lazy_model_get_state (self->model) == OBA_LAZY_MODEL_READY && oba_receipt_view_is_loaded (self->detail)
      && oba_totals_bar_get_totals (self->totals, &totals, &points))
    oba_page_set_state (OBA_PAGE (self), OBA_PAGE_READY, NULL);
}

/* ---- selection */

static void
selection_changed_cb (ObaTransactionsPage *self)
{
  guint position = oba_lazy_view_get_selected (self->view);
  gint64 id = position != GTK_INVALID_LIST_POSITION ? oba_lazy_model_get_id (self->model, position) : 0;
  const ObaReceiptKey *key = id != 0 ? oba_receipt_source_get_key (get_source (self), id) : NULL;

  if (self->selecting || oba_lazy_selection_is_moving (oba_lazy_view_get_selection (self->view)))
    return;
  self->selected = key != NULL ? *key : (ObaReceiptKey) { 0 };
  oba_receipt_view_show (self->detail, key);
}

static void
select_position (ObaTransactionsPage *self,
                 guint                position)
{
  self->selecting = TRUE;
  oba_lazy_view_select (self->view, position);
  self->selecting = FALSE;
}

/* For a picture: one that has something to tell, if there is one among the first. */
static guint
find_telling (ObaTransactionsPage *self)
{
  guint n = MIN (g_list_model_get_n_items (G_LIST_MODEL (self->model)), OBA_LAZY_MODEL_PAGE_ROWS);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ObaLazyRow) row = g_list_model_get_item (G_LIST_MODEL (self->model), i);
      ObaReceiptRecord *record = oba_lazy_row_get_record (row);

      if (record != NULL && oba_receipt_record_get (record)->person && oba_receipt_record_get (record)->kind != OBA_RECEIPT_SALE)
        return i;
    }
  return 0;
}

/* The chosen receipt is somewhere else in the new list; the only one found is the one that was meant. */
static void
find_selection (ObaTransactionsPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  guint position;

  if ((n == 1 && is_searching (self)) || (n > 0 && self->select_first))
    {
      guint place = self->select_first ? find_telling (self) : 0;

      self->select_first = FALSE;
      select_position (self, GTK_INVALID_LIST_POSITION);
      oba_lazy_view_select (self->view, place);
    }
  else if (self->selected.receipt_id != 0 && oba_lazy_model_find (self->model, self->selected.receipt_id, &position))
    select_position (self, position);
  else if (self->selected.receipt_id != 0 && oba_lazy_model_is_complete (self->model))
    {
      select_position (self, GTK_INVALID_LIST_POSITION);
      selection_changed_cb (self);
    }
  else
    select_position (self, GTK_INVALID_LIST_POSITION);
}

static void
replaced_cb (ObaTransactionsPage *self)
{
  describe_nothing (self);
  oba_list_frame_show (self->frame, is_searching (self));
  find_selection (self);
  update_state (self);
}

static void
activated_cb (ObaTransactionsPage *self)
{
  if (self->selected.receipt_id != 0)
    oba_transactions_page_open_receipt (self, &self->selected);
}

/* ---- asking */

ObaReceiptFilter *
oba_transactions_page_dup_filter (ObaTransactionsPage *self)
{
  ObaReceiptFilter *filter = oba_filter_copy (oba_receipt_filter_bar_get_filter (self->filter_bar));
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry))));

  oba_filter_set_text (filter, OBA_RECEIPT_FILTER_TEXT, text);
  return filter;
}

/* An order that this filter cannot have is by time, and the title of the column says so. */
static void
ask (ObaTransactionsPage *self)
{
  g_autoptr (ObaFilter) filter = oba_transactions_page_dup_filter (self);
  g_autoptr (ObaReceiptQuery) query = NULL;
  g_autoptr (ObaLazySource) source = NULL;

  if (!oba_receipt_sort_can (self->sort, filter))
    {
      self->sort = OBA_RECEIPT_SORT_TIME;
      self->descending = TRUE;
      oba_lazy_view_set_sort (self->view, oba_receipt_sort_get_id (self->sort), TRUE);
    }
  query = oba_receipt_query_new (filter, self->sort, self->descending);
  source = oba_receipt_source_new (get_pool (self), query);
  gtk_revealer_set_reveal_child (self->new_revealer, FALSE);
  oba_lazy_view_scroll_to_top (self->view);
  oba_totals_bar_count (self->totals, query);
  oba_lazy_model_set_source (self->model, source);
}

/* Too many receipts for this order: the days for which there is one are a click away. */
static void
offer_order (ObaTransactionsPage    *self,
             const ObaReceiptFilter *filter,
             const char             *column_id,
             gboolean                descending)
{
  guint most = oba_receipt_sort_get_max_days (filter);
  g_autofree char *days = g_strdup_printf ("%u", most);
  g_autofree char *text = g_strdup_printf (ngettext ("This order is for at most %s day.", "This order is for at most %s days.", most), days);
  g_autofree char *label = g_strdup_printf (ngettext ("Show the Last %s Day", "Show the Last %s Days", most), days);

  oba_page_toast_button (OBA_PAGE (self), text, label, OFFER_SECONDS, "page.sort-lately", g_variant_new ("(sb)", column_id, descending));
}

static void
sort_lately_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  ObaTransactionsPage *self = OBA_TRANSACTIONS_PAGE (widget);
  g_autoptr (ObaFilter) filter = oba_transactions_page_dup_filter (self);
  ObaReceiptSort sort;
  gboolean descending;
  const char *id;

  g_variant_get (parameter, "(&sb)", &id, &descending);
  if (!oba_receipt_sort_parse (id, &sort))
    return;
  oba_receipt_sort_narrow (filter);
  oba_transactions_page_set_query (self, filter, sort, descending);
}

static void
sort_changed_cb (ObaTransactionsPage *self,
                 const char          *column_id,
                 gboolean             descending)
{
  g_autoptr (ObaFilter) filter = oba_transactions_page_dup_filter (self);
  ObaReceiptSort sort;

  if (!oba_receipt_sort_parse (column_id, &sort))
    return;
  if (!oba_receipt_sort_can (sort, filter))
    {
      offer_order (self, filter, column_id, descending);
      oba_lazy_view_set_sort (self->view, oba_receipt_sort_get_id (self->sort), self->descending);
      return;
    }
  if (sort == self->sort && descending == self->descending)
    return;
  self->sort = sort;
  self->descending = descending;
  if (oba_lazy_model_get_source (self->model) != NULL)
    ask (self);
}

/* ---- filtering */

/* The search field or a condition. */
static void
filter_changed_cb (ObaTransactionsPage *self)
{
  if (oba_lazy_model_get_source (self->model) != NULL)
    ask (self);
}

static void
put_filter (ObaTransactionsPage    *self,
            const ObaReceiptFilter *filter)
{
  const char *text = oba_filter_get_text (filter, OBA_RECEIPT_FILTER_TEXT);

  oba_receipt_filter_bar_set_filter (self->filter_bar, filter);
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
}

void
oba_transactions_page_set_filter (ObaTransactionsPage    *self,
                                  const ObaReceiptFilter *filter)
{
  put_filter (self, filter);
  filter_changed_cb (self);
}

/* The conditions first: whether a list can have an order depends on them. */
void
oba_transactions_page_set_query (ObaTransactionsPage    *self,
                                 const ObaReceiptFilter *filter,
                                 ObaReceiptSort          sort,
                                 gboolean                descending)
{
  put_filter (self, filter);
  self->sort = sort;
  self->descending = descending;
  oba_lazy_view_set_sort (self->view, oba_receipt_sort_get_id (sort), descending);
  filter_changed_cb (self);
}

void
oba_transactions_page_get_order (ObaTransactionsPage *self,
                                 ObaReceiptSort      *sort,
                                 gboolean            *descending)
{
  *sort = self->sort;
  *descending = self->descending;
}

static void
filter_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  gtk_menu_button_popup (OBA_TRANSACTIONS_PAGE (widget)->filter_button);
}

/* ---- reading again */

static void
read_again (ObaTransactionsPage *self)
{
  gtk_revealer_set_reveal_child (self->new_revealer, FALSE);
  oba_totals_bar_count (self->totals, oba_receipt_source_get_query (get_source (self)));
  oba_lazy_model_refresh (self->model);
}

static void
oba_transactions_page_refresh (ObaPage *page)
{
  ObaTransactionsPage *self = OBA_TRANSACTIONS_PAGE (page);

  if (oba_lazy_model_get_source (self->model) == NULL)
    return;
  oba_list_frame_show_loading (self->frame);
  oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
  read_again (self);
  oba_transactions_page_refresh_receipt (self);
}

static gboolean
is_at_top (ObaTransactionsPage *self)
{
  return gtk_adjustment_get_value (oba_lazy_view_get_vadjustment (self->view)) < 1;
}

/* Whoever reads the newest sees what is newer; nobody's place in the list is moved under their eyes. */
static void
follow_cb (gpointer user_data)
{
  ObaTransactionsPage *self = user_data;

  self->follow_id = 0;
  if (is_at_top (self) || g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    read_again (self);
  else
    gtk_revealer_set_reveal_child (self->new_revealer, TRUE);
  oba_receipt_view_refresh (self->detail);
}

static void
sold_cb (ObaTransactionsPage *self,
         const char          *channel,
         const char          *payload)
{
  if (oba_lazy_model_get_source (self->model) != NULL && self->follow_id == 0)
    self->follow_id = g_timeout_add_once (FOLLOW_MS, follow_cb, self);
}

/* What was put right shows its mark where it stands; what was added comes with the newest. */
static void
corrected_cb (ObaTransactionsPage *self,
              const char          *channel,
              const char          *payload)
{
  oba_lazy_model_touch (self->model, g_ascii_strtoll (payload, NULL, 10));
  sold_cb (self, channel, payload);
}

static void
show_new_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  ObaTransactionsPage *self = OBA_TRANSACTIONS_PAGE (widget);

  oba_lazy_view_scroll_to_top (self->view);
  read_again (self);
  oba_lazy_view_focus_rows (self->view);
}

static void
retry_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  oba_transactions_page_refresh (OBA_PAGE (widget));
}

static void
clear_search_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  g_autoptr (ObaFilter) everything = oba_receipt_filter_new ();

  oba_transactions_page_set_filter (OBA_TRANSACTIONS_PAGE (widget), everything);
  oba_lazy_view_focus_rows (OBA_TRANSACTIONS_PAGE (widget)->view);
}

/* ---- export */

static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ObaTransactionsPage *self = OBA_TRANSACTIONS_PAGE (widget);
  ObaReceiptQuery *query = oba_receipt_source_get_query (get_source (self));
  ObaReceiptTotals totals = { 0 };
  gint64 points;

  /* How many there are is in the bar below the list; until it is, the export itself counts them. */
  if (!oba_totals_bar_get_totals (self->totals, &totals, &points))
    totals.receipts = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  gtk_window_present (GTK_WINDOW (oba_export_window_new_sales (GTK_WINDOW (gtk_widget_get_root (widget)), oba_page_get_session (OBA_PAGE (self)),
                                                               oba_receipt_query_get_json (query), (guint) totals.receipts)));
}

/* ---- columns */

static void
columns_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  gtk_window_present (oba_columns_window_new (GTK_WINDOW (gtk_widget_get_root (widget)), OBA_TRANSACTIONS_PAGE (widget)->view));
}

/* ---- pictures, tests */

static void
oba_transactions_page_pose (ObaPage *page)
{
  ObaTransactionsPage *self = OBA_TRANSACTIONS_PAGE (page);

  if (self->selected.receipt_id != 0)
    return;
  if (oba_lazy_model_get_state (self->model) == OBA_LAZY_MODEL_READY)
    oba_lazy_view_select (self->view, find_telling (self));
  else
    self->select_first = TRUE;
  oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
  update_state (self);
}

static gboolean
oba_transactions_page_focus_search (ObaPage *page)
{
  ObaTransactionsPage *self = OBA_TRANSACTIONS_PAGE (page);

  gtk_editable_select_region (GTK_EDITABLE (self->search_entry), 0, -1);
  return gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
oba_transactions_page_search (ObaTransactionsPage *self,
                              const char          *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
}

ObaReceiptNames *
oba_transactions_page_get_names (ObaTransactionsPage *self)
{
  return oba_receipt_filter_bar_get_names (self->filter_bar);
}

const ObaReceiptKey *
oba_transactions_page_get_selected (ObaTransactionsPage *self)
{
  return &self->selected;
}

ObaLazyView *
oba_transactions_page_get_view (ObaTransactionsPage *self)
{
  return self->view;
}

ObaLazyModel *
oba_transactions_page_get_model (ObaTransactionsPage *self)
{
  return self->model;
}

ObaReceiptView *
oba_transactions_page_get_detail (ObaTransactionsPage *self)
{
  return self->detail;
}

ObaTotalsBar *
oba_transactions_page_get_totals (ObaTransactionsPage *self)
{
  return self->totals;
}

ObaSubpages *
oba_transactions_page_get_subpages (ObaTransactionsPage *self)
{
  return self->subpages;
}

const char *
oba_transactions_page_get_shown (ObaTransactionsPage *self)
{
  return oba_list_frame_get_shown (self->frame);
}

gboolean
oba_transactions_page_is_settled (ObaTransactionsPage *self)
{
  ObaReceiptTotals totals;
  gint64 points;

  return oba_lazy_model_is_settled (self->model) && oba_receipt_view_is_loaded (self->detail) && self->follow_id == 0
         && oba_totals_bar_get_totals (self->totals, &totals, &points);
}

/* ---- the object */

static void
oba_transactions_page_map (GtkWidget *widget)
{
  ObaTransactionsPage *self = OBA_TRANSACTIONS_PAGE (widget);

  GTK_WIDGET_CLASS (oba_transactions_page_parent_class)->map (widget);

  if (oba_lazy_model_get_source (self->model) == NULL)
    {
      ask (self);
      oba_receipt_filter_bar_read_names (self->filter_bar);
    }
}

static void
make_view (ObaTransactionsPage *self,
           gboolean             persons)
{
  self->view = OBA_LAZY_VIEW (oba_lazy_view_new (self->model, _("Receipts")));
  oba_receipt_columns_add (self->view, persons);
  oba_lazy_view_set_sort (self->view, oba_receipt_sort_get_id (self->sort), self->descending);
  oba_list_frame_set_view (self->frame, self->view);
  oba_list_layout_keep (self->view, oba_page_get_settings (OBA_PAGE (self)), "transaction-columns");
  oba_list_keys_connect (GTK_WIDGET (self), self->subpages, self->search_entry, self->view);
  g_signal_connect_swapped (self->view, "sort-changed", G_CALLBACK (sort_changed_cb), self);
  g_signal_connect_swapped (self->view, "selection-changed", G_CALLBACK (selection_changed_cb), self);
  g_signal_connect_swapped (self->view, "activated", G_CALLBACK (activated_cb), self);
}

static void
oba_transactions_page_constructed (GObject *object)
{
  ObaTransactionsPage *self = OBA_TRANSACTIONS_PAGE (object);
  ObaSession *session = oba_page_get_session (OBA_PAGE (self));
  gboolean persons = oba_session_has_role (session, PERSONS);

  G_OBJECT_CLASS (oba_transactions_page_parent_class)->constructed (object);

  oba_approvals_view_allow (OBA_PAGE (self));
  gtk_widget_set_visible (self->record_button, oba_record_missed_may (session));
  oba_tills_view_allow (OBA_PAGE (self));
  oba_receipt_filter_bar_set_up (self->filter_bar, get_pool (self), persons, self->filter_button);
  make_view (self, persons);
  oba_view_menu_set_page (self->view_menu, OBA_PAGE (self), self->view, &oba_transactions_page_views);
  self->totals = OBA_TOTALS_BAR (oba_totals_bar_new (get_pool (self)));
  adw_bin_set_child (self->totals_bin, GTK_WIDGET (self->totals));
  g_signal_connect_object (self->totals, "counted", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  self->detail = OBA_RECEIPT_VIEW (oba_receipt_view_new (session, FALSE));
  adw_bin_set_child (self->detail_bin, GTK_WIDGET (self->detail));
  g_signal_connect_object (self->detail, "loaded", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->detail, "open", G_CALLBACK (oba_transactions_page_open_receipt), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_sales", G_CALLBACK (sold_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_receipts", G_CALLBACK (corrected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_transactions_page_refresh), self, G_CONNECT_SWAPPED);
}

static void
oba_transactions_page_dispose (GObject *object)
{
  ObaTransactionsPage *self = OBA_TRANSACTIONS_PAGE (object);

  g_clear_handle_id (&self->follow_id, g_source_remove);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (oba_transactions_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ObaTransactionsPage, subpages);
  gtk_widget_class_bind_template_child (widget_class, ObaTransactionsPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, ObaTransactionsPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, ObaTransactionsPage, filter_bar);
  gtk_widget_class_bind_template_child (widget_class, ObaTransactionsPage, view_menu);
  gtk_widget_class_bind_template_child (widget_class, ObaTransactionsPage, record_button);
  gtk_widget_class_bind_template_child (widget_class, ObaTransactionsPage, frame);
  gtk_widget_class_bind_template_child (widget_class, ObaTransactionsPage, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, ObaTransactionsPage, new_revealer);
  gtk_widget_class_bind_template_child (widget_class, ObaTransactionsPage, totals_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaTransactionsPage, detail_bin);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, failed_cb);
}

static void
oba_transactions_page_class_init (ObaTransactionsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = oba_transactions_page_constructed;
  object_class->dispose = oba_transactions_page_dispose;
  widget_class->map = oba_transactions_page_map;
  OBA_PAGE_CLASS (klass)->refresh = oba_transactions_page_refresh;
  OBA_PAGE_CLASS (klass)->pose = oba_transactions_page_pose;
  OBA_PAGE_CLASS (klass)->pose_also = oba_transactions_page_pose_also;
  OBA_PAGE_CLASS (klass)->focus_search = oba_transactions_page_focus_search;

  g_type_ensure (OBA_TYPE_SUBPAGES);
  g_type_ensure (OBA_TYPE_RECEIPT_FILTER_BAR);
  g_type_ensure (OBA_TYPE_LIST_FRAME);
  g_type_ensure (OBA_TYPE_VIEW_MENU);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/transactions/oba-transactions-page.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "page.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "page.filter", NULL, filter_action);
  gtk_widget_class_install_action (widget_class, "page.columns", NULL, columns_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL, export_action);
  oba_transactions_page_install_receipt (widget_class);
  oba_approvals_view_install (widget_class);
  oba_record_missed_install (widget_class);
  oba_tills_view_install (widget_class);
  gtk_widget_class_install_action (widget_class, "page.sort-lately", "(sb)", sort_lately_action);
  gtk_widget_class_install_action (widget_class, "page.show-new", NULL, show_new_action);
  gtk_widget_class_install_action (widget_class, "page.clear-search", NULL, clear_search_action);
}

static void
oba_transactions_page_init (ObaTransactionsPage *self)
{
  self->model = oba_lazy_model_new ();
  self->sort = OBA_RECEIPT_SORT_TIME;
  self->descending = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_swapped (self->model, "replaced", G_CALLBACK (replaced_cb), self);
}
