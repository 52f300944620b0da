#include "oba-redemptions-page.h"

#include <glib/gi18n-lib.h>

#include "oba-queue-print.h"
#include "oba-redemption-columns.h"
#include "oba-redemption-source.h"
#include "oba-redemptions-bulk.h"
#include "rewards/oba-rewards-view.h"
#include "widgets/oba-columns-window.h"
#include "widgets/oba-list-frame.h"
#include "widgets/oba-list-keys.h"
#include "widgets/oba-list-layout.h"

/* A bulk approval moves many at once: the list follows not more often than this. */
#define FOLLOW_MS 300
#define DECIDES (OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)
#define PERSONS (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR)

struct _ObaRedemptionsPage
{
  ObaPage                 parent_instance;

  ObaLazyModel           *model;
  ObaLazyView            *view;
  ObaRedemptionFilterBar *filter_bar;
  gboolean                descending;
  gint64                  selected;
  ObaRedemptionView      *detail;
  ObaRedemptionsBulk     *bulk;         /* for those who decide */
  gboolean                select_first;
  guint                   follow_id;

  ObaSubpages            *subpages;
  GtkBox                 *header_box;
  GtkSearchEntry         *search_entry;
  AdwBin                 *filter_bin;
  ObaListFrame           *frame;
  GtkStack               *detail_stack;
  AdwStatusPage          *nothing_page;
};

G_DEFINE_FINAL_TYPE (ObaRedemptionsPage, oba_redemptions_page, OBA_TYPE_PAGE)

static ObaDbPool *
get_pool (ObaRedemptionsPage *self)
{
  return oba_session_get_pool (oba_page_get_session (OBA_PAGE (self)));
}

static ObaRedemptionSource *
get_source (ObaRedemptionsPage *self)
{
  return OBA_REDEMPTION_SOURCE (oba_lazy_model_get_source (self->model));
}

/* ---- state */

static gboolean
is_searching (ObaRedemptionsPage *self)
{
  return get_source (self) != NULL && !oba_redemption_filter_is_empty (oba_redemption_source_get_filter (get_source (self)));
}

static void
failed_cb (ObaRedemptionsPage *self, const char *sentence)
{
  oba_page_set_state (OBA_PAGE (self), OBA_PAGE_FAILED, sentence);
}

static void
update_state (ObaRedemptionsPage *self)
{
  if (oba_lazy_model_get_state (self->model) == OBA_LAZY_MODEL_READY && oba_redemption_view_is_loaded (self->detail))
    oba_page_set_state (OBA_PAGE (self), OBA_PAGE_READY, NULL);
}

/* ---- selection */

/* One is looked at; several are decided together, by those who decide. */
static void
show_chosen (ObaRedemptionsPage *self)
{
  ObaLazySelection *selection = oba_lazy_view_get_selection (self->view);
  g_autoptr (GArray) ids = self->bulk != NULL && oba_lazy_selection_get_n (selection) > 1 ? oba_lazy_selection_dup_ids (selection) : NULL;

  if (ids != NULL)
    oba_redemptions_bulk_set_ids (self->bulk, ids);
  if (ids != NULL || (self->bulk != NULL && oba_redemptions_bulk_is_busy (self->bulk)))
    gtk_stack_set_visible_child (self->detail_stack, GTK_WIDGET (self->bulk));
  else
    gtk_stack_set_visible_child (self->detail_stack, GTK_WIDGET (self->detail));
}

static void
selection_changed_cb (ObaRedemptionsPage *self)
{
  guint position = oba_lazy_view_get_selected (self->view);

  if (oba_lazy_selection_is_moving (oba_lazy_view_get_selection (self->view)))
    return;
  self->selected = position != GTK_INVALID_LIST_POSITION ? oba_lazy_model_get_id (self->model, position) : 0;
  oba_redemption_view_show (self->detail, self->selected);
  show_chosen (self);
}

static void
find_selection (ObaRedemptionsPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  if (n > 0 && (self->select_first || (n == 1 && is_searching (self) && self->selected == 0)))
    {
      self->select_first = FALSE;
      oba_lazy_view_select (self->view, 0);
    }
  if (oba_lazy_selection_get_n (oba_lazy_view_get_selection (self->view)) <= 1)
    show_chosen (self);
}

static void
describe_nothing (ObaRedemptionsPage *self)
{
  const ObaRedemptionFilter *filter = oba_redemption_source_get_filter (get_source (self));
  ObaRedemptionFilter mine = *filter;

  mine.needs_me = FALSE;
  if (filter->needs_me && oba_redemption_filter_is_empty (&mine))
    {
      adw_status_page_set_title (self->nothing_page, _("Nothing Waits for You"));
      adw_status_page_set_description (self->nothing_page, _("Every request has been decided, or it was you who asked."));
      return;
    }
  adw_status_page_set_title (self->nothing_page, _("Nothing Found"));
  adw_status_page_set_description (self->nothing_page, _("No redemption meets all of these conditions. Take one of them away, or search for something else."));
}

static void
replaced_cb (ObaRedemptionsPage *self)
{
  describe_nothing (self);
  oba_list_frame_show (self->frame, is_searching (self));
  find_selection (self);
  update_state (self);
}

/* ---- asking */

/* What waits is dealt with in its order; of all the rest the newest is looked for. */
static gboolean
waits (const ObaRedemptionFilter *filter)
{
  return filter->needs_me || filter->late || g_strcmp0 (filter->state, "requested") == 0;
}

static void
ask (ObaRedemptionsPage *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry))));
  g_autoptr (ObaLazySource) source = NULL;
  ObaRedemptionFilter filter;

  oba_redemption_filter_bar_get (self->filter_bar, &filter);
  if (*text != '\0')
    filter.search = text;
  source = oba_redemption_source_new (get_pool (self), &filter, self->descending);
  oba_lazy_view_scroll_to_top (self->view);
  oba_lazy_model_set_source (self->model, source);
}

static void
searched_cb (ObaRedemptionsPage *self)
{
  if (get_source (self) != NULL)
    ask (self);
}

static void
filter_changed_cb (ObaRedemptionsPage *self)
{
  ObaRedemptionFilter filter;

  if (get_source (self) == NULL)
    return;
  oba_redemption_filter_bar_get (self->filter_bar, &filter);
  self->descending = !waits (&filter);
  oba_lazy_view_set_sort (self->view, OBA_REDEMPTION_SORT, self->descending);
  ask (self);
}

static void
sort_changed_cb (ObaRedemptionsPage *self, const char *column_id, gboolean descending)
{
  if (descending == self->descending)
    return;
  self->descending = descending;
  if (get_source (self) != NULL)
    ask (self);
}

/* ---- reading again */

static void
oba_redemptions_page_refresh (ObaPage *page)
{
  ObaRedemptionsPage *self = OBA_REDEMPTIONS_PAGE (page);

  if (get_source (self) == NULL)
    return;
  oba_list_frame_show_loading (self->frame);
  oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
  oba_redemption_filter_bar_read_rewards (self->filter_bar);
  oba_lazy_model_refresh (self->model);
  oba_redemption_view_refresh (self->detail);
}

static void
follow_cb (gpointer user_data)
{
  ObaRedemptionsPage *self = user_data;

  self->follow_id = 0;
  oba_lazy_model_refresh (self->model);
  oba_redemption_view_refresh (self->detail);
}

static void
happened_cb (ObaRedemptionsPage *self)
{
  if (get_source (self) != NULL && self->follow_id == 0)
    self->follow_id = g_timeout_add_once (FOLLOW_MS, follow_cb, self);
}

/* ---- actions */

static void
retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_redemptions_page_refresh (OBA_PAGE (widget));
}

static void
filter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_redemption_filter_bar_popup (OBA_REDEMPTIONS_PAGE (widget)->filter_bar);
}

static void
clear_search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaRedemptionsPage *self = OBA_REDEMPTIONS_PAGE (widget);
  ObaRedemptionFilter everything = { 0 };

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  oba_redemption_filter_bar_set (self->filter_bar, &everything);
  oba_lazy_view_focus_rows (self->view);
}

static void
rewards_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_rewards_view_push (OBA_REDEMPTIONS_PAGE (widget)->subpages, oba_page_get_session (OBA_PAGE (widget)));
}

static void
columns_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (oba_columns_window_new (GTK_WINDOW (gtk_widget_get_root (widget)), OBA_REDEMPTIONS_PAGE (widget)->view));
}

/* What is shown, as it is shown; the selection does not matter. */
static void
print (ObaRedemptionsPage *self, gboolean pdf)
{
  const ObaRedemptionFilter *filter;

  if (get_source (self) == NULL)
    return;
  filter = oba_redemption_source_get_filter (get_source (self));
  oba_queue_print (GTK_WIDGET (self), oba_page_get_session (OBA_PAGE (self)), filter, self->descending,
                   filter->needs_me ? _("Waiting for me") : filter->state != NULL ? oba_redemption_state_text (filter->state) : _("Every state"),
                   g_list_model_get_n_items (G_LIST_MODEL (self->model)), pdf);
}

static void
print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  print (OBA_REDEMPTIONS_PAGE (widget), g_str_equal (name, "page.save-list"));
}

/* ---- pictures, tests */

static void
oba_redemptions_page_pose (ObaPage *page)
{
  ObaRedemptionsPage *self = OBA_REDEMPTIONS_PAGE (page);
  ObaRedemptionFilter everything = { 0 };

  self->select_first = TRUE;
  oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
  oba_redemption_filter_bar_set (self->filter_bar, &everything);
}

static const char *
oba_redemptions_page_pose_also (ObaPage *page, guint n)
{
  return oba_rewards_view_pose (page, OBA_REDEMPTIONS_PAGE (page)->subpages, n);
}

static gboolean
oba_redemptions_page_focus_search (ObaPage *page)
{
  ObaRedemptionsPage *self = OBA_REDEMPTIONS_PAGE (page);

  gtk_editable_select_region (GTK_EDITABLE (self->search_entry), 0, -1);
  return gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
oba_redemptions_page_show_customer (ObaRedemptionsPage *self, gint64 customer_id)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, customer_id);
  ObaRedemptionFilter everything = { 0 };

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), number);
  oba_redemption_filter_bar_set (self->filter_bar, &everything);
}

ObaRedemptionView *
oba_redemptions_page_get_detail (ObaRedemptionsPage *self)
{
  return self->detail;
}

ObaRedemptionsBulk *
oba_redemptions_page_get_bulk (ObaRedemptionsPage *self)
{
  return self->bulk;
}

ObaSubpages *
oba_redemptions_page_get_subpages (ObaRedemptionsPage *self)
{
  return self->subpages;
}

void
oba_redemptions_page_add_end (ObaRedemptionsPage *self, GtkWidget *widget)
{
  gtk_box_append (self->header_box, widget);
}

ObaLazyView *
oba_redemptions_page_get_view (ObaRedemptionsPage *self)
{
  return self->view;
}

ObaRedemptionFilterBar *
oba_redemptions_page_get_filter (ObaRedemptionsPage *self)
{
  return self->filter_bar;
}

void
oba_redemptions_page_search (ObaRedemptionsPage *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
}

gint64
oba_redemptions_page_get_selected (ObaRedemptionsPage *self)
{
  return self->selected;
}

const char *
oba_redemptions_page_get_shown (ObaRedemptionsPage *self)
{
  return oba_list_frame_get_shown (self->frame);
}

gboolean
oba_redemptions_page_is_settled (ObaRedemptionsPage *self)
{
  return oba_lazy_model_is_settled (self->model) && self->follow_id == 0 && oba_redemption_view_is_loaded (self->detail);
}

/* ---- the object */

static void
oba_redemptions_page_map (GtkWidget *widget)
{
  ObaRedemptionsPage *self = OBA_REDEMPTIONS_PAGE (widget);

  GTK_WIDGET_CLASS (oba_redemptions_page_parent_class)->map (widget);

  if (get_source (self) == NULL)
    {
      ask (self);
      oba_redemption_filter_bar_read_rewards (self->filter_bar);
    }
}

static void
oba_redemptions_page_constructed (GObject *object)
{
  ObaRedemptionsPage *self = OBA_REDEMPTIONS_PAGE (object);
  ObaSession *session = oba_page_get_session (OBA_PAGE (self));
  gboolean decides = oba_session_has_role (session, DECIDES);

  G_OBJECT_CLASS (oba_redemptions_page_parent_class)->constructed (object);

  self->descending = !decides;
  self->filter_bar = OBA_REDEMPTION_FILTER_BAR (oba_redemption_filter_bar_new (session, decides));
  adw_bin_set_child (self->filter_bin, GTK_WIDGET (self->filter_bar));
  g_signal_connect_swapped (self->filter_bar, "changed", G_CALLBACK (filter_changed_cb), self);
  self->detail = OBA_REDEMPTION_VIEW (oba_redemption_view_new (session));
  gtk_stack_add_named (self->detail_stack, GTK_WIDGET (self->detail), "one");
  g_signal_connect_object (self->detail, "loaded", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  if (decides)
    {
      self->bulk = OBA_REDEMPTIONS_BULK (oba_redemptions_bulk_new (session));
      g_signal_connect_object (self->bulk, "closed", G_CALLBACK (show_chosen), self, G_CONNECT_SWAPPED);
      gtk_stack_add_named (self->detail_stack, GTK_WIDGET (self->bulk), "many");
    }
  self->view = OBA_LAZY_VIEW (oba_lazy_view_new (self->model, _("Redemptions")));
  oba_redemption_columns_add (self->view, oba_session_has_role (session, PERSONS));
  oba_lazy_view_set_sort (self->view, OBA_REDEMPTION_SORT, self->descending);
  oba_list_frame_set_view (self->frame, self->view);
  oba_list_layout_keep (self->view, oba_page_get_settings (OBA_PAGE (self)), "redemption-columns");
  oba_list_keys_connect (GTK_WIDGET (self), self->subpages, self->search_entry, self->view);
  g_signal_connect_swapped (self->view, "sort-changed", G_CALLBACK (sort_changed_cb), self);
  g_signal_connect_swapped (self->view, "selection-changed", G_CALLBACK (selection_changed_cb), self);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_redemptions", G_CALLBACK (happened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_redemptions_page_refresh), self, G_CONNECT_SWAPPED);
}

static void
oba_redemptions_page_dispose (GObject *object)
{
  ObaRedemptionsPage *self = OBA_REDEMPTIONS_PAGE (object);

  g_clear_handle_id (&self->follow_id, g_source_remove);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (oba_redemptions_page_parent_class)->dispose (object);
}

static void
oba_redemptions_page_class_init (ObaRedemptionsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = oba_redemptions_page_constructed;
  object_class->dispose = oba_redemptions_page_dispose;
  widget_class->map = oba_redemptions_page_map;
  OBA_PAGE_CLASS (klass)->refresh = oba_redemptions_page_refresh;
  OBA_PAGE_CLASS (klass)->pose = oba_redemptions_page_pose;
  OBA_PAGE_CLASS (klass)->pose_also = oba_redemptions_page_pose_also;
  OBA_PAGE_CLASS (klass)->focus_search = oba_redemptions_page_focus_search;

  g_type_ensure (OBA_TYPE_SUBPAGES);
  g_type_ensure (OBA_TYPE_LIST_FRAME);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/redemptions/oba-redemptions-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaRedemptionsPage, subpages);
  gtk_widget_class_bind_template_child (widget_class, ObaRedemptionsPage, header_box);
  gtk_widget_class_bind_template_child (widget_class, ObaRedemptionsPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, ObaRedemptionsPage, filter_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaRedemptionsPage, frame);
  gtk_widget_class_bind_template_child (widget_class, ObaRedemptionsPage, detail_stack);
  gtk_widget_class_bind_template_child (widget_class, ObaRedemptionsPage, nothing_page);
  gtk_widget_class_bind_template_callback (widget_class, searched_cb);
  gtk_widget_class_bind_template_callback (widget_class, failed_cb);
  gtk_widget_class_install_action (widget_class, "page.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "page.filter", NULL, filter_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "page.save-list", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "page.columns", NULL, columns_action);
  gtk_widget_class_install_action (widget_class, "page.rewards", NULL, rewards_action);
  gtk_widget_class_install_action (widget_class, "page.clear-search", NULL, clear_search_action);
}

static void
oba_redemptions_page_init (ObaRedemptionsPage *self)
{
  self->model = oba_lazy_model_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_swapped (self->model, "replaced", G_CALLBACK (replaced_cb), self);
}
