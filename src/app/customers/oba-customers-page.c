#include "oba-customers-page-private.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "files/oba-export-window.h"
#include "files/oba-import-history.h"
#include "oba-customer-columns.h"
#include "oba-customer-marks.h"
#include "oba-customer-source.h"
#include "oba-duplicates-view.h"
#include "oba-filter-bar.h"
#include "oba-filter-panel.h"
#include "oba-search-keys.h"
#include "oba-segments-window.h"
#include "oba-customers-page-register.h"
#include "widgets/oba-columns-window.h"
#include "widgets/oba-list-frame.h"
#include "widgets/oba-list-keys.h"
#include "widgets/oba-list-layout.h"

/* What nobody typed by hand is not repeated in full. */
#define SHOWN_CHARS 60

struct _ObaCustomersPage
{
  ObaPage            parent_instance;

  ObaLazyModel      *model;
  ObaLazyView       *view;
  ObaCustomerSort    sort;
  gboolean           descending;
  gboolean           sort_chosen;      /* else a search puts the best first */
  ObaCustomerFilter *filter;           /* without what is in the search field */
  GCancellable      *reading_choices;
  guint              total;            /* of the chain, once it was seen */
  gint64             selected_id;      /* found again when the list is another one */
  gboolean           selecting;
  gboolean           select_first;

  ObaSubpages       *subpages;
  GtkWidget         *register_button;
  GtkBox            *header_box;
  GtkSearchEntry    *search_entry;
  GtkMenuButton     *filter_button;
  ObaFilterPanel    *filter_panel;
  ObaFilterBar      *filter_bar;
  ObaSearchKeys     *search_keys;
  ObaViewMenu       *view_menu;
  GtkRevealer       *chosen_revealer;
  GtkLabel          *chosen_label;
  GtkWidget         *many_box;
  GtkWidget         *remove_button;
  GtkWidget         *segment_button;
  GtkWidget         *head_box;
  GtkLabel          *count_label;
  ObaListFrame      *frame;
  AdwStatusPage     *nothing_page;
  ObaCustomerDetail *detail;
};

G_DEFINE_FINAL_TYPE (ObaCustomersPage, oba_customers_page, OBA_TYPE_PAGE)

/* ---- state */

static gboolean
is_searching (ObaCustomersPage *self)
{
  ObaLazySource *source = oba_lazy_model_get_source (self->model);

  return source != NULL && !oba_customer_query_is_all (oba_customer_source_get_query (OBA_CUSTOMER_SOURCE (source)));
}

/* Of what was searched for: not all are counted at once; nobody has it, but these names are like it. */
static char *
describe_search (ObaCustomersPage *self,
                 const char       *number,
                 guint             n)
{
  ObaCustomerSource *source = OBA_CUSTOMER_SOURCE (oba_lazy_model_get_source (self->model));

  if (oba_customer_source_has_more (source))
    /* Translators: at least so many were found: “10,000+ found”. */
    return g_strdup_printf (_("%s+ found"), number);
  if (oba_customer_source_is_similar (source))
    return g_strdup_printf (ngettext ("No exact match; %s similar name", "No exact match; %s similar names", n), number);
  return NULL;
}

static void
show_count (ObaCustomersPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_autofree char *number = oba_number_format (n);
  g_autofree char *total = NULL;
  g_autofree char *text = NULL;

  if (!is_searching (self))
    self->total = n;
  total = oba_number_format (self->total);
  if (!is_searching (self))
    text = g_strdup_printf (ngettext ("%s customer", "%s customers", n), number);
  else if ((text = describe_search (self, number, n)) == NULL && self->total < n)
    text = g_strdup_printf (ngettext ("%s found", "%s found", n), number);
  else if (text == NULL)
    /* Translators: how many were found, and how many there are in all. */
    text = g_strdup_printf (ngettext ("%s of %s found", "%s of %s found", n), number, total);
  gtk_label_set_label (self->count_label, text);
  oba_filter_panel_set_count (self->filter_panel, text);
}

/* Who may not see who a customer is has a list of numbers. */
static void
show_no_number (ObaCustomersPage *self)
{
  adw_status_page_set_description (self->nothing_page, _("No customer has this number. Your role sees the list without names and contacts: "
                                                         "search for a customer’s number, or use the filter."));
}

static void
show_not_found (ObaCustomersPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  gboolean cut = g_utf8_strlen (text, -1) > SHOWN_CHARS;
  g_autofree char *start = cut ? g_utf8_substring (text, 0, SHOWN_CHARS) : g_strdup (text);
  /* Translators: what was searched for. */
  g_autofree char *sentence = g_strdup_printf (_("No customer has “%s%s” in the name, phone, card number or e-mail address. "
                                                 "Every word must match; a part of it is enough."),
                                               start, cut ? "…" : "");
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_status_page_set_description (self->nothing_page, escaped);
}

static void
describe_nothing (ObaCustomersPage *self)
{
  if (oba_customer_filter_is_empty (self->filter) && !oba_customers_page_sees_people (self))
    show_no_number (self);
  else if (oba_customer_filter_is_empty (self->filter))
    show_not_found (self);
  else
    adw_status_page_set_description (self->nothing_page,
                                     _("Nobody meets all of these conditions. Take one of them away, or search for something else."));
}

static void
failed_cb (ObaCustomersPage *self,
           const char       *sentence)
{
  oba_page_set_state (OBA_PAGE (self), OBA_PAGE_FAILED, sentence);
}

static void
update_state (ObaCustomersPage *self)
{
  if (oba_lazy_model_get_state (self->model) == OBA_LAZY_MODEL_READY && oba_customer_detail_is_loaded (self->detail))
    oba_page_set_state (OBA_PAGE (self), OBA_PAGE_READY, NULL);
}

/* ---- selection */

static void
show_chosen (ObaCustomersPage *self)
{
  oba_customers_page_show_chosen (self, self->chosen_revealer, self->chosen_label, self->many_box, self->remove_button);
}

static void
selection_changed_cb (ObaCustomersPage *self)
{
  guint position = oba_lazy_view_get_selected (self->view);

  show_chosen (self);
  if (self->selecting || oba_lazy_selection_is_moving (oba_lazy_view_get_selection (self->view)))
    return;
  self->selected_id = position != GTK_INVALID_LIST_POSITION ? oba_lazy_model_get_id (self->model, position) : 0;
  if (oba_customers_page_sees_people (self))
    oba_customer_detail_show (self->detail, self->selected_id);
}

static void
select_position (ObaCustomersPage *self,
                 guint             position)
{
  self->selecting = TRUE;
  oba_lazy_view_select (self->view, position);
  self->selecting = FALSE;
}

/* The many who are chosen stay so: only whom the pane shows has to be found among them. */
static void
find_current (ObaCustomersPage *self)
{
  ObaLazySelection *selection = oba_lazy_view_get_selection (self->view);
  guint position;

  if (self->selected_id != 0 && oba_lazy_model_find (self->model, self->selected_id, &position))
    oba_lazy_selection_set_current (selection, position);
}

/* The chosen customer is somewhere else in the new list, or not in it; the only one found is the one that was meant. */
static void
find_selection (ObaCustomersPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  guint position;

  if ((n == 1 && is_searching (self)) || (n > 0 && self->select_first))
    {
      self->select_first = FALSE;
      select_position (self, GTK_INVALID_LIST_POSITION);
      oba_lazy_view_select (self->view, 0);
    }
  else if (oba_lazy_view_get_n_selected (self->view) > 1)
    find_current (self);
  else if (self->selected_id == 0)
    select_position (self, GTK_INVALID_LIST_POSITION);
  else if (oba_lazy_model_find (self->model, self->selected_id, &position))
    select_position (self, position);
  else if (oba_lazy_model_is_complete (self->model))
    oba_lazy_view_select (self->view, GTK_INVALID_LIST_POSITION);
  else
    select_position (self, GTK_INVALID_LIST_POSITION);
  if (oba_lazy_view_get_n_selected (self->view) == 0 && oba_lazy_model_is_complete (self->model))
    selection_changed_cb (self);
}

static void
replaced_cb (ObaCustomersPage *self)
{
  show_count (self);
  describe_nothing (self);
  oba_list_frame_show (self->frame, is_searching (self));
  find_selection (self);
  show_chosen (self);
  update_state (self);
}

static void
activated_cb (ObaCustomersPage *self)
{
  if (self->selected_id != 0)
    oba_customers_page_open_profile (self, self->selected_id);
}

static void
open_profile_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  activated_cb (OBA_CUSTOMERS_PAGE (widget));
}

/* ---- asking */

ObaCustomerFilter *
oba_customers_page_dup_filter (ObaCustomersPage *self)
{
  ObaCustomerFilter *filter = oba_customer_filter_copy (self->filter);

  oba_customer_filter_set_text (filter, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  return filter;
}

void
oba_customers_page_get_order (ObaCustomersPage *self,
                              ObaCustomerSort  *sort,
                              gboolean         *descending)
{
  *sort = self->sort;
  *descending = self->descending;
}

static void
set_source (ObaCustomersPage *self)
{
  g_autoptr (ObaCustomerFilter) filter = oba_customers_page_dup_filter (self);
  ObaCustomerSort sort = self->sort_chosen || *oba_customer_filter_get_text (filter) == '\0' ? self->sort : OBA_CUSTOMER_SORT_RELEVANCE;
  g_autoptr (ObaCustomerQuery) query = oba_customer_query_new (filter, sort, self->descending);
  g_autoptr (ObaLazySource) source = oba_customer_source_new (oba_session_get_pool (oba_page_get_session (OBA_PAGE (self))), query,
                                                              oba_lazy_view_is_column_shown (self->view, "segments"));

  if (!oba_customers_page_sees_people (self))
    oba_customer_query_hide_people (query);
  oba_search_keys_show (self->search_keys, oba_session_get_pool (oba_page_get_session (OBA_PAGE (self))),
                        oba_customers_page_sees_people (self) ? oba_customer_filter_get_text (filter) : NULL);
  oba_lazy_model_set_source (self->model, source);
}

static void
ask (ObaCustomersPage *self)
{
  oba_lazy_view_scroll_to_top (self->view);
  set_source (self);
}

static void
sort_changed_cb (ObaCustomersPage *self,
                 const char       *column_id,
                 gboolean          descending)
{
  if (!oba_customer_sort_parse (column_id, &self->sort))
    return;
  self->sort_chosen = TRUE;
  self->descending = descending;
  if (oba_lazy_model_get_source (self->model) != NULL)
    ask (self);
}

/* The entry tells a little later; what is asked already, because a condition changed meanwhile, is not asked twice. */
static void
search_changed_cb (ObaCustomersPage *self)
{
  ObaLazySource *source = oba_lazy_model_get_source (self->model);
  g_autoptr (ObaCustomerFilter) filter = oba_customers_page_dup_filter (self);

  if (source != NULL
      && !oba_customer_filter_equal (filter, oba_customer_query_get_filter (oba_customer_source_get_query (OBA_CUSTOMER_SOURCE (source)))))
    ask (self);
}

/* ---- filtering */

static void
take_filter (ObaCustomersPage        *self,
             const ObaCustomerFilter *filter)
{
  ObaCustomerFilter *own = oba_customer_filter_copy (filter);

  oba_customer_filter_clear (own, OBA_CUSTOMER_FILTER_TEXT);
  oba_customer_filter_free (self->filter);
  self->filter = own;
  if (oba_lazy_model_get_source (self->model) != NULL)
    ask (self);
}

static void
panel_changed_cb (ObaCustomersPage *self)
{
  const ObaCustomerFilter *filter = oba_filter_panel_get_filter (self->filter_panel);

  oba_filter_bar_set_filter (self->filter_bar, filter);
  take_filter (self, filter);
}

static void
bar_changed_cb (ObaCustomersPage *self)
{
  const ObaCustomerFilter *filter = oba_filter_bar_get_filter (self->filter_bar);

  oba_filter_panel_set_filter (self->filter_panel, filter);
  take_filter (self, filter);
}

void
oba_customers_page_set_filter (ObaCustomersPage        *self,
                               const ObaCustomerFilter *filter)
{
  oba_filter_panel_set_filter (self->filter_panel, filter);
  oba_filter_bar_set_filter (self->filter_bar, filter);
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), oba_customer_filter_get_text (filter)) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), oba_customer_filter_get_text (filter));
  take_filter (self, filter);
}

static void
choices_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ObaCustomersPage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCustomerChoices) choices = oba_customer_choices_read_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading_choices);
  /* Without them conditions have numbers for names, which they keep until it works: the bar over the list says that the server is away. */
  if (choices == NULL)
    return;
  oba_filter_panel_set_choices (self->filter_panel, choices);
  oba_filter_bar_set_choices (self->filter_bar, choices);
}

void
oba_customers_page_read_choices (ObaCustomersPage *self)
{
  if (self->reading_choices != NULL)
    return;
  self->reading_choices = g_cancellable_new ();
  oba_customer_choices_read_async (oba_session_get_pool (oba_page_get_session (OBA_PAGE (self))), self->reading_choices, choices_cb, self);
}

ObaCustomerChoices *
oba_customers_page_get_choices (ObaCustomersPage *self)
{
  return oba_filter_bar_get_choices (self->filter_bar);
}

static void
filter_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  gtk_menu_button_popup (OBA_CUSTOMERS_PAGE (widget)->filter_button);
}

static void
oba_customers_page_refresh (ObaPage *page)
{
  ObaCustomersPage *self = OBA_CUSTOMERS_PAGE (page);

  if (oba_lazy_model_get_source (self->model) == NULL)
    return;
  oba_list_frame_show_loading (self->frame);
  oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
  oba_lazy_model_refresh (self->model);
  oba_customer_detail_refresh (self->detail);
  oba_customers_page_refresh_profile (self);
}

static void
oba_customers_page_pose (ObaPage *page)
{
  ObaCustomersPage *self = OBA_CUSTOMERS_PAGE (page);

  if (self->selected_id != 0)
    return;
  /* Somebody of whom there is something to see. */
  oba_lazy_view_set_sort (self->view, oba_customer_sort_get_id (OBA_CUSTOMER_SORT_SPEND), TRUE);
  oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
  oba_customers_page_select_first (self);
  update_state (self);   /* there may be nobody to choose */
}

static gboolean
oba_customers_page_focus_search (ObaPage *page)
{
  ObaCustomersPage *self = OBA_CUSTOMERS_PAGE (page);

  gtk_editable_select_region (GTK_EDITABLE (self->search_entry), 0, -1);
  return gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* Somebody changed a customer: the row if it is held, the profile if it is shown. */
static void
customer_changed_cb (ObaCustomersPage *self,
                     const char       *channel,
                     const char       *payload)
{
  gint64 id = g_ascii_strtoll (payload, NULL, 10);

  /* Somebody new: with an empty list this is the moment to fill it; another one is not reordered under the clerk's hands. */
  if (id == 0 && g_str_equal (oba_list_frame_get_shown (self->frame), "empty"))
    oba_customers_page_refresh (OBA_PAGE (self));
  oba_lazy_model_touch (self->model, id);
  if (id != 0 && id == oba_customer_detail_get_id (self->detail))
    oba_customer_detail_refresh (self->detail);
}

static void
retry_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  oba_customers_page_refresh (OBA_PAGE (widget));
}

static void
toggle_table_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_customers_page_toggle_table (OBA_CUSTOMERS_PAGE (widget));
}

static void
clear_search_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  g_autoptr (ObaCustomerFilter) everybody = oba_customer_filter_new ();

  oba_customers_page_set_filter (OBA_CUSTOMERS_PAGE (widget), everybody);
  oba_lazy_view_focus_rows (OBA_CUSTOMERS_PAGE (widget)->view);
}

/* ---- columns */

static void
columns_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));

  gtk_window_present (oba_columns_window_new (parent, OBA_CUSTOMERS_PAGE (widget)->view));
}

/* Segments are read only where they are shown. */
static void
layout_changed_cb (ObaCustomersPage *self)
{
  ObaLazySource *source = oba_lazy_model_get_source (self->model);

  if (source != NULL && oba_lazy_view_is_column_shown (self->view, "segments") != oba_customer_source_has_segments (OBA_CUSTOMER_SOURCE (source)))
    set_source (self);
}

/* ---- for those who open something from here */

ObaSubpages *
oba_customers_page_get_subpages (ObaCustomersPage *self)
{
  return self->subpages;
}

gboolean
oba_customers_page_sees_people (ObaCustomersPage *self)
{
  return oba_session_has_role (oba_page_get_session (OBA_PAGE (self)), OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR);
}

gint64
oba_customers_page_get_selected (ObaCustomersPage *self)
{
  return self->selected_id;
}

/* ---- for pictures, tests and measuring */

void
oba_customers_page_search (ObaCustomersPage *self,
                           const char       *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
}

void
oba_customers_page_select_first (ObaCustomersPage *self)
{
  if (oba_lazy_model_get_state (self->model) == OBA_LAZY_MODEL_READY)
    oba_lazy_view_select (self->view, 0);
  else
    self->select_first = TRUE;
}

ObaLazyView *
oba_customers_page_get_view (ObaCustomersPage *self)
{
  return self->view;
}

ObaLazyModel *
oba_customers_page_get_model (ObaCustomersPage *self)
{
  return self->model;
}

ObaCustomerDetail *
oba_customers_page_get_detail (ObaCustomersPage *self)
{
  return self->detail;
}

const char *
oba_customers_page_get_shown (ObaCustomersPage *self)
{
  return oba_list_frame_get_shown (self->frame);
}

const char *
oba_customers_page_get_count (ObaCustomersPage *self)
{
  return gtk_label_get_label (self->count_label);
}

gboolean
oba_customers_page_is_settled (ObaCustomersPage *self)
{
  return oba_lazy_model_is_settled (self->model) && oba_customer_detail_is_loaded (self->detail);
}

/* ---- the object */

static void
oba_customers_page_map (GtkWidget *widget)
{
  ObaCustomersPage *self = OBA_CUSTOMERS_PAGE (widget);

  GTK_WIDGET_CLASS (oba_customers_page_parent_class)->map (widget);

  if (oba_lazy_model_get_source (self->model) == NULL)
    {
      ask (self);
      oba_customers_page_read_choices (self);
    }
}

/* Who may not see who a customer is has the list without names, and nobody's profile beside it. */
static void
set_up_list (ObaCustomersPage *self)
{
  gboolean people = oba_customers_page_sees_people (self);

  oba_customer_columns_add (self->view, people);
  self->sort = people ? OBA_CUSTOMER_SORT_NAME : OBA_CUSTOMER_SORT_NUMBER;
  oba_lazy_view_set_sort (self->view, oba_customer_sort_get_id (self->sort), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->detail), people);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.open-profile", people);
  if (!people)
    g_object_set (self->search_entry, "placeholder-text", _("Number of a customer"), NULL);
}

static void
oba_customers_page_constructed (GObject *object)
{
  ObaCustomersPage *self = OBA_CUSTOMERS_PAGE (object);
  ObaSession *session = oba_page_get_session (OBA_PAGE (self));

  G_OBJECT_CLASS (oba_customers_page_parent_class)->constructed (object);

  set_up_list (self);
  oba_list_layout_keep (self->view, oba_page_get_settings (OBA_PAGE (self)), "customer-columns");
  g_signal_connect_swapped (self->view, "layout-changed", G_CALLBACK (layout_changed_cb), self);
  oba_list_keys_connect (GTK_WIDGET (self), self->subpages, self->search_entry, self->view);
  oba_import_history_allow (OBA_PAGE (self));
  oba_duplicates_view_allow (OBA_PAGE (self));
  oba_view_menu_set_page (self->view_menu, OBA_PAGE (self), self->view, &oba_customers_page_views);
  oba_customers_page_setup_bulk (self, self->segment_button, self->head_box);
  oba_filter_panel_set_pool (self->filter_panel, oba_session_get_pool (session));
  oba_customers_page_register_set_up (self, self->register_button);
  oba_customer_detail_set_pool (self->detail, oba_session_get_pool (session));
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_customers",
                           G_CALLBACK (customer_changed_cb), self, G_CONNECT_SWAPPED);
  oba_customers_page_follow_segments (self);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_customers_page_refresh), self, G_CONNECT_SWAPPED);
}

static void
oba_customers_page_dispose (GObject *object)
{
  ObaCustomersPage *self = OBA_CUSTOMERS_PAGE (object);

  g_cancellable_cancel (self->reading_choices);
  g_clear_object (&self->reading_choices);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (oba_customers_page_parent_class)->dispose (object);
}

static void
oba_customers_page_finalize (GObject *object)
{
  oba_customer_filter_free (OBA_CUSTOMERS_PAGE (object)->filter);

  G_OBJECT_CLASS (oba_customers_page_parent_class)->finalize (object);
}

static void
oba_customers_page_class_init (ObaCustomersPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = oba_customers_page_constructed;
  object_class->dispose = oba_customers_page_dispose;
  object_class->finalize = oba_customers_page_finalize;
  widget_class->map = oba_customers_page_map;
  OBA_PAGE_CLASS (klass)->refresh = oba_customers_page_refresh;
  OBA_PAGE_CLASS (klass)->pose = oba_customers_page_pose;
  OBA_PAGE_CLASS (klass)->pose_also = oba_customers_page_pose_also;
  OBA_PAGE_CLASS (klass)->focus_search = oba_customers_page_focus_search;

  g_type_ensure (OBA_TYPE_CUSTOMER_DETAIL);
  g_type_ensure (OBA_TYPE_SUBPAGES);
  g_type_ensure (OBA_TYPE_LIST_FRAME);
  g_type_ensure (OBA_TYPE_FILTER_BAR);
  g_type_ensure (OBA_TYPE_SEARCH_KEYS);
  g_type_ensure (OBA_TYPE_FILTER_PANEL);
  g_type_ensure (OBA_TYPE_VIEW_MENU);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-customers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, subpages);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, header_box);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, register_button);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, filter_panel);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, filter_bar);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, search_keys);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, view_menu);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, chosen_revealer);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, chosen_label);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, many_box);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, remove_button);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, segment_button);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, head_box);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, frame);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomersPage, detail);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_chosen);
  gtk_widget_class_bind_template_callback (widget_class, failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_state);
  gtk_widget_class_bind_template_callback (widget_class, panel_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, bar_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, oba_customers_page_read_choices);
  gtk_widget_class_install_action (widget_class, "page.retry", NULL, retry_action);
  oba_customers_page_install_bulk (widget_class);
  oba_customers_page_install_members (widget_class);
  gtk_widget_class_install_action (widget_class, "page.filter", NULL, filter_action);
  oba_export_window_install (widget_class);
  oba_segments_window_install (widget_class);
  oba_import_history_install (widget_class);
  oba_duplicates_view_install (widget_class);
  gtk_widget_class_install_action (widget_class, "page.columns", NULL, columns_action);
  oba_customers_page_register_install (widget_class);
  gtk_widget_class_install_action (widget_class, "page.open-profile", NULL, open_profile_action);
  gtk_widget_class_install_action (widget_class, "page.toggle-table", NULL, toggle_table_action);
  gtk_widget_class_install_action (widget_class, "page.clear-search", NULL, clear_search_action);
}

static void
oba_customers_page_init (ObaCustomersPage *self)
{
  self->model = oba_lazy_model_new ();
  self->filter = oba_customer_filter_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  self->view = OBA_LAZY_VIEW (oba_lazy_view_new (self->model, _("Customers")));
  oba_lazy_view_set_mark (self->view, oba_customer_marks_of);
  oba_list_frame_set_view (self->frame, self->view);

  g_signal_connect_swapped (self->model, "replaced", G_CALLBACK (replaced_cb), self);
  g_signal_connect_swapped (self->view, "sort-changed", G_CALLBACK (sort_changed_cb), self);
  g_signal_connect_swapped (self->view, "selection-changed", G_CALLBACK (selection_changed_cb), self);
  g_signal_connect_swapped (self->view, "activated", G_CALLBACK (activated_cb), self);
}
