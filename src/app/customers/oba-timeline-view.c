#include "oba-timeline-view.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-error.h"
#include "oba-points-why.h"
#include "oba-timeline-details.h"
#include "oba-timeline-row.h"
#include "widgets/oba-lazy-scroll.h"

/* The next page is read when so many screens are left below. */
#define SCREENS_AHEAD 2

typedef struct
{
  const char      *title;
  ObaTimelineKinds kinds;
} Filter;

static const Filter filters[] = {
  { N_("Receipts"), OBA_TIMELINE_RECEIPT },
  { N_("Points"), OBA_TIMELINE_POINTS },
  { N_("Rewards"), OBA_TIMELINE_REDEMPTION },
  { N_("Messages"), OBA_TIMELINE_MESSAGE },
  { N_("Staff"), OBA_TIMELINE_ACTION | OBA_TIMELINE_CONSENT | OBA_TIMELINE_CARD | OBA_TIMELINE_REGISTRATION },
  { N_("Standing"), OBA_TIMELINE_TIER | OBA_TIMELINE_LIFECYCLE },
};

#define N_FILTERS G_N_ELEMENTS (filters)

struct _ObaTimelineView
{
  AdwBin             parent_instance;

  ObaDbPool         *pool;
  ObaTimelineModel  *model;
  ObaPointsWhy      *why;

  GtkBox            *filters;
  GtkToggleButton   *buttons[N_FILTERS];
  GtkSpinner        *spinner;
  GtkStack          *stack;
  GtkScrolledWindow *scroller;
  GtkListView       *list;
  GtkWidget         *stale_box;
  GtkLabel          *stale_label;
  AdwStatusPage     *failed_page;
};

G_DEFINE_FINAL_TYPE (ObaTimelineView, oba_timeline_view, ADW_TYPE_BIN)

/* ---- state */

static ObaTimelineKinds
chosen_kinds (ObaTimelineView *self)
{
  ObaTimelineKinds kinds = 0;

  for (guint i = 0; i < N_FILTERS; i++)
    if (gtk_toggle_button_get_active (self->buttons[i]))
      kinds |= filters[i].kinds;
  return kinds != 0 ? kinds : OBA_TIMELINE_ALL;
}

static void
show_failure (ObaTimelineView *self)
{
  g_autofree char *sentence = oba_db_error_describe (oba_timeline_model_get_error (self->model));
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  gtk_label_set_label (self->stale_label, sentence);
  gtk_widget_set_visible (self->stale_box, TRUE);
  adw_status_page_set_description (self->failed_page, escaped);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
read_ahead (ObaTimelineView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double page = gtk_adjustment_get_page_size (adjustment);

  if (self->model != NULL && oba_timeline_model_get_state (self->model) == OBA_TIMELINE_MODEL_READY
      && gtk_adjustment_get_value (adjustment) + (1 + SCREENS_AHEAD) * page >= gtk_adjustment_get_upper (adjustment))
    oba_timeline_model_read_more (self->model);
}

static void
state_cb (ObaTimelineView *self)
{
  ObaTimelineModelState state = oba_timeline_model_get_state (self->model);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  gtk_spinner_set_spinning (self->spinner, state == OBA_TIMELINE_MODEL_READING && n > 0);
  if (state == OBA_TIMELINE_MODEL_FAILED)
    show_failure (self);
  if (state != OBA_TIMELINE_MODEL_READY)
    return;
  gtk_widget_set_visible (self->stale_box, FALSE);
  if (n > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    gtk_stack_set_visible_child_name (self->stack, chosen_kinds (self) == OBA_TIMELINE_ALL ? "empty" : "nothing");
}

static void
filter_cb (ObaTimelineView *self)
{
  if (self->model != NULL)
    oba_timeline_model_set_kinds (self->model, chosen_kinds (self));
}

/* ---- rows */

static void
take_away_cb (gpointer popover)
{
  if (gtk_widget_get_parent (popover) != NULL)
    gtk_widget_unparent (popover);
  g_object_unref (popover);
}

/* GTK still works with it while it closes. */
static void
why_closed_cb (GtkPopover *popover)
{
  g_idle_add_once (take_away_cb, g_object_ref (popover));
}

static void
why_cb (ObaTimelineRow *row, ObaTimelineView *self)
{
  ObaTimelineItem *item = oba_timeline_row_get_item (row);
  GtkWidget *popover;
  graphene_rect_t bounds;

  if (item == NULL || !gtk_widget_compute_bounds (oba_timeline_row_get_why_button (row), GTK_WIDGET (self), &bounds))
    return;
  popover = oba_points_why_new (self->pool, oba_timeline_item_get_event (item));
  g_set_weak_pointer (&self->why, OBA_POINTS_WHY (popover));
  gtk_widget_set_parent (popover, GTK_WIDGET (self));
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &(GdkRectangle) { (int) bounds.origin.x, (int) bounds.origin.y,
                                                                       (int) bounds.size.width, (int) bounds.size.height });
  g_signal_connect (popover, "closed", G_CALLBACK (why_closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, ObaTimelineView *self)
{
  GtkWidget *row = oba_timeline_row_new ();

  g_signal_connect_object (row, "why", G_CALLBACK (why_cb), self, 0);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item)
{
  oba_timeline_row_set_item (OBA_TIMELINE_ROW (gtk_list_item_get_child (list_item)), gtk_list_item_get_item (list_item));
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *list_item)
{
  oba_timeline_row_set_item (OBA_TIMELINE_ROW (gtk_list_item_get_child (list_item)), NULL);
}

/* The row of an item that is on the screen. */
static ObaTimelineRow *
find_row (GtkWidget *widget, ObaTimelineItem *item)
{
  if (OBA_IS_TIMELINE_ROW (widget))
    return oba_timeline_row_get_item (OBA_TIMELINE_ROW (widget)) == item ? OBA_TIMELINE_ROW (widget) : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      ObaTimelineRow *row = find_row (child, item);

      if (row != NULL)
        return row;
    }
  return NULL;
}

/* Enter or a click: a line opens, points say why. */
static void
activate_cb (GtkListView *list, guint position, ObaTimelineView *self)
{
  g_autoptr (ObaTimelineItem) item = g_list_model_get_item (G_LIST_MODEL (self->model), position);
  const ObaTimelineFacts *facts = oba_timeline_item_get_facts (item);
  ObaTimelineRow *row = find_row (GTK_WIDGET (list), item);

  if (facts->kind == OBA_TIMELINE_POINTS)
    {
      if (row != NULL)
        why_cb (row, self);
      return;
    }
  oba_timeline_item_set_open (item, oba_timeline_details_any (facts) && !oba_timeline_item_is_open (item));
  if (oba_timeline_item_is_open (item))
    oba_timeline_item_read_receipt (item, self->pool);
}

/* Whoever looks at the newest line sees the one that comes in now. */
static void
items_changed_cb (ObaTimelineView *self, guint position, guint removed, guint added)
{
  if (position == 0 && added > 0 && gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scroller)) <= 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
}

/* ---- public */

void
oba_timeline_view_set_customer (ObaTimelineView *self, ObaDbPool *pool, gint64 customer_id)
{
  GtkNoSelection *selection;

  g_return_if_fail (OBA_IS_TIMELINE_VIEW (self) && self->model == NULL);

  self->pool = g_object_ref (pool);
  self->model = oba_timeline_model_new (pool, customer_id);
  g_signal_connect_object (self->model, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->model)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
}

void
oba_timeline_view_refresh (ObaTimelineView *self)
{
  g_return_if_fail (OBA_IS_TIMELINE_VIEW (self));

  oba_timeline_model_refresh (self->model);
}

ObaTimelineModel *
oba_timeline_view_get_model (ObaTimelineView *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_VIEW (self), NULL);

  return self->model;
}

const char *
oba_timeline_view_get_shown (ObaTimelineView *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_VIEW (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

GtkWidget *
oba_timeline_view_get_list (ObaTimelineView *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_VIEW (self), NULL);

  return GTK_WIDGET (self->list);
}

gboolean
oba_timeline_view_is_settled (ObaTimelineView *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_VIEW (self), FALSE);

  return self->model != NULL && oba_timeline_model_get_state (self->model) != OBA_TIMELINE_MODEL_READING;
}

/* ---- the object */

static void
retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaTimelineView *self = OBA_TIMELINE_VIEW (widget);

  gtk_widget_set_visible (self->stale_box, FALSE);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  oba_timeline_model_read_more (self->model);
  oba_timeline_model_refresh (self->model);
}

static void
show_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaTimelineView *self = OBA_TIMELINE_VIEW (widget);

  for (guint i = 0; i < N_FILTERS; i++)
    gtk_toggle_button_set_active (self->buttons[i], FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->buttons[0]));
}

static void
make_filters (ObaTimelineView *self)
{
  for (guint i = 0; i < N_FILTERS; i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_(filters[i].title));

      gtk_widget_add_css_class (button, "filter-button");
      g_signal_connect_swapped (button, "toggled", G_CALLBACK (filter_cb), self);
      gtk_box_append (self->filters, button);
      self->buttons[i] = GTK_TOGGLE_BUTTON (button);
    }
}

static void
make_list (ObaTimelineView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_list_view_set_factory (self->list, factory);
  oba_lazy_scroll_attach (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (read_ahead), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (read_ahead), self, G_CONNECT_SWAPPED);
}

static void
oba_timeline_view_dispose (GObject *object)
{
  ObaTimelineView *self = OBA_TIMELINE_VIEW (object);

  if (self->why != NULL && gtk_widget_get_parent (GTK_WIDGET (self->why)) != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->why));
  g_clear_weak_pointer (&self->why);
  g_clear_object (&self->model);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_timeline_view_parent_class)->dispose (object);
}

static void
oba_timeline_view_class_init (ObaTimelineViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_timeline_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-timeline-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaTimelineView, filters);
  gtk_widget_class_bind_template_child (widget_class, ObaTimelineView, spinner);
  gtk_widget_class_bind_template_child (widget_class, ObaTimelineView, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaTimelineView, scroller);
  gtk_widget_class_bind_template_child (widget_class, ObaTimelineView, list);
  gtk_widget_class_bind_template_child (widget_class, ObaTimelineView, stale_box);
  gtk_widget_class_bind_template_child (widget_class, ObaTimelineView, stale_label);
  gtk_widget_class_bind_template_child (widget_class, ObaTimelineView, failed_page);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_install_action (widget_class, "timeline.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "timeline.show-all", NULL, show_all_action);
}

static void
oba_timeline_view_init (ObaTimelineView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  make_filters (self);
  make_list (self);
}
