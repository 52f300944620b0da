#include "oba-lazy-view.h"

#include "oba-column-title.h"
#include "oba-lazy-scroll.h"

/* Nobody drags a column wider or narrower than this: another width is a broken setting. */
#define MIN_WIDTH 16
#define MAX_WIDTH 4000

typedef struct
{
  ObaLazyView         *view;      /* owns this */
  GtkColumnViewColumn *column;
  char                *id;
  ObaLazyTextFunc      text;
  guint                min_chars;
  guint                chars;
  gboolean             numeric;
  gboolean             extra;
} ObaLazyViewColumn;

struct _ObaLazyView
{
  AdwBin              parent_instance;

  ObaLazyModel       *model;
  GtkColumnView      *view;
  GtkScrolledWindow  *scroller;
  ObaLazySelection   *selection;
  GPtrArray          *columns;       /* of ObaLazyViewColumn */
  ObaLazyMarkFunc     mark;          /* NULL: nothing is marked */
  ObaLazyViewColumn  *primary;       /* set by the columns' sorters while they are asked */
  ObaLazyViewColumn  *sort_column;
  gboolean            descending;
  gboolean            ordering;      /* the sorter changes because we say so */
  gboolean            arranging;     /* so do the columns */
};

enum { SORT_CHANGED, SELECTION_CHANGED, ACTIVATED, LAYOUT_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaLazyView, oba_lazy_view, ADW_TYPE_BIN)

static void
oba_lazy_view_column_free (gpointer data)
{
  ObaLazyViewColumn *column = data;

  g_free (column->id);
  g_free (column);
}

/* --- cells --- */

static void
oba_lazy_view_show_record (ObaLazyRow     *row,
                           GtkInscription *cell)
{
  ObaLazyViewColumn *column = g_object_get_data (G_OBJECT (cell), "oba-column");
  gpointer record = oba_lazy_row_get_record (row);
  g_autofree char *text = record != NULL ? column->text (record) : NULL;
  PangoAttrList *marks = text != NULL && column->view->mark != NULL ? column->view->mark (column->view, column->id, record, text) : NULL;

  gtk_inscription_set_text (cell, text != NULL ? text : "");
  gtk_inscription_set_attributes (cell, marks);
  g_clear_pointer (&marks, pango_attr_list_unref);
}

static void
oba_lazy_view_setup_cb (GtkSignalListItemFactory *factory,
                        GtkListItem              *item,
                        ObaLazyViewColumn        *column)
{
  GtkWidget *cell = gtk_inscription_new (NULL);

  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (cell), column->chars);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), column->min_chars);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), column->numeric ? 1 : 0);
  if (column->numeric)
    gtk_widget_add_css_class (cell, "numeric");
  g_object_set_data (G_OBJECT (cell), "oba-column", column);
  gtk_list_item_set_child (item, cell);
}

static void
oba_lazy_view_bind_cb (GtkSignalListItemFactory *factory,
                       GtkListItem              *item,
                       ObaLazyViewColumn        *column)
{
  ObaLazyRow *row = gtk_list_item_get_item (item);
  GtkWidget *cell = gtk_list_item_get_child (item);

  g_signal_connect (row, "changed", G_CALLBACK (oba_lazy_view_show_record), cell);
  oba_lazy_view_show_record (row, GTK_INSCRIPTION (cell));
}

static void
oba_lazy_view_unbind_cb (GtkSignalListItemFactory *factory,
                         GtkListItem              *item,
                         ObaLazyViewColumn        *column)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), oba_lazy_view_show_record,
                                        gtk_list_item_get_child (item));
}

/* --- order --- */

/* Never compares: it only tells which column was asked first. */
static int
oba_lazy_view_compare (gconstpointer a,
                       gconstpointer b,
                       gpointer      user_data)
{
  ObaLazyViewColumn *column = user_data;

  if (column->view->primary == NULL)
    column->view->primary = column;
  return -1;
}

/* The sorter remembers earlier columns as well, and each keeps its arrow: one order is all there is here. */
static void
oba_lazy_view_order_by (ObaLazyView       *self,
                        ObaLazyViewColumn *column,
                        gboolean           descending)
{
  self->ordering = TRUE;
  gtk_column_view_sort_by_column (self->view, NULL, GTK_SORT_ASCENDING);
  gtk_column_view_sort_by_column (self->view, column->column, descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
  self->ordering = FALSE;
}

static void
oba_lazy_view_take_order (ObaLazyView       *self,
                          ObaLazyViewColumn *column,
                          gboolean           descending)
{
  if (column == self->sort_column && descending == self->descending)
    return;
  self->sort_column = column;
  self->descending = descending;
  oba_lazy_view_order_by (self, column, descending);
  g_signal_emit (self, signals[SORT_CHANGED], 0, column->id, descending);
}

/* GTK 4.8 has no primary sort column: ask the view's sorter about two things and see who answers, and what comes out. */
static void
oba_lazy_view_sorter_changed_cb (ObaLazyView *self)
{
  GtkOrdering order;

  if (self->ordering)
    return;
  self->primary = NULL;
  order = gtk_sorter_compare (gtk_column_view_get_sorter (self->view), self, self->model);
  if (self->primary != NULL)
    oba_lazy_view_take_order (self, self->primary, order == GTK_ORDERING_LARGER);
}

void
oba_lazy_view_set_mark (ObaLazyView     *self,
                        ObaLazyMarkFunc  mark)
{
  self->mark = mark;
}

void
oba_lazy_view_set_sort (ObaLazyView *self,
                        const char  *column_id,
                        gboolean     descending)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      ObaLazyViewColumn *column = self->columns->pdata[i];

      if (g_str_equal (column->id, column_id) && gtk_column_view_column_get_sorter (column->column) != NULL)
        oba_lazy_view_take_order (self, column, descending);
    }
}

/* --- columns --- */

static void
oba_lazy_view_layout_changed (ObaLazyView *self)
{
  if (!self->arranging)
    g_signal_emit (self, signals[LAYOUT_CHANGED], 0);
}

void
oba_lazy_view_add_column (ObaLazyView         *self,
                          const ObaLazyColumn *column)
{
  ObaLazyViewColumn *own = g_new0 (ObaLazyViewColumn, 1);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (oba_lazy_view_compare, own, NULL));

  own->view = self;
  own->id = g_strdup (column->id);
  own->text = column->text;
  own->min_chars = column->min_chars;
  own->chars = column->chars;
  own->numeric = column->numeric;
  own->extra = column->extra;
  g_signal_connect (factory, "setup", G_CALLBACK (oba_lazy_view_setup_cb), own);
  g_signal_connect (factory, "bind", G_CALLBACK (oba_lazy_view_bind_cb), own);
  g_signal_connect (factory, "unbind", G_CALLBACK (oba_lazy_view_unbind_cb), own);

  own->column = gtk_column_view_column_new (column->title, factory);
  if (!column->unordered)
    gtk_column_view_column_set_sorter (own->column, sorter);
  gtk_column_view_column_set_resizable (own->column, TRUE);
  gtk_column_view_column_set_expand (own->column, column->expand);
  g_ptr_array_add (self->columns, own);
  gtk_column_view_append_column (self->view, own->column);
  g_object_unref (own->column);
  if (column->numeric)
    oba_column_title_align (self->view);
  gtk_column_view_column_set_visible (own->column, !column->extra);
  g_signal_connect_swapped (own->column, "notify::fixed-width", G_CALLBACK (oba_lazy_view_layout_changed), self);
  g_signal_connect_swapped (own->column, "notify::visible", G_CALLBACK (oba_lazy_view_layout_changed), self);
}

static ObaLazyViewColumn *
oba_lazy_view_find_column (ObaLazyView *self,
                           const char  *id)
{
  for (guint i = 0; i < self->columns->len; i++)
    if (g_str_equal (((ObaLazyViewColumn *) self->columns->pdata[i])->id, id))
      return self->columns->pdata[i];
  return NULL;
}

/* The titles are the children of the view's first child, in the order of the columns, hidden ones too. */
void
oba_lazy_view_set_column_hint (ObaLazyView *self,
                               const char  *column_id,
                               const char  *hint)
{
  ObaLazyViewColumn *own = oba_lazy_view_find_column (self, column_id);
  GListModel *columns = gtk_column_view_get_columns (self->view);
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  GtkWidget *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;

  for (guint i = 0; own != NULL && title != NULL && i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (column == own->column)
        gtk_widget_set_tooltip_text (title, hint);
      title = gtk_widget_get_next_sibling (title);
    }
}

/* As they stand on the screen. (transfer container) */
static GPtrArray *
oba_lazy_view_list_shown (ObaLazyView *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);
  GPtrArray *shown = g_ptr_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      for (guint j = 0; j < self->columns->len; j++)
        if (((ObaLazyViewColumn *) self->columns->pdata[j])->column == column && gtk_column_view_column_get_visible (column))
          g_ptr_array_add (shown, self->columns->pdata[j]);
    }
  return shown;
}

/* --- layout --- */

GVariant *
oba_lazy_view_get_layout (ObaLazyView *self)
{
  g_autoptr (GPtrArray) shown = oba_lazy_view_list_shown (self);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(si)"));
  for (guint i = 0; i < shown->len; i++)
    {
      ObaLazyViewColumn *column = shown->pdata[i];

      g_variant_builder_add (&builder, "(si)", column->id, gtk_column_view_column_get_fixed_width (column->column));
    }
  return g_variant_builder_end (&builder);
}

static void
oba_lazy_view_place (ObaLazyView       *self,
                     ObaLazyViewColumn *column,
                     guint              position,
                     int                width)
{
  gtk_column_view_insert_column (self->view, position, column->column);
  gtk_column_view_column_set_fixed_width (column->column, width >= MIN_WIDTH && width <= MAX_WIDTH ? width : -1);
  gtk_column_view_column_set_visible (column->column, TRUE);
}

static guint
oba_lazy_view_place_all (ObaLazyView *self,
                         GVariant    *layout)
{
  g_autoptr (GHashTable) placed = g_hash_table_new (NULL, NULL);
  GVariantIter iter;
  const char *id;
  int width;

  g_variant_iter_init (&iter, layout);
  while (g_variant_iter_next (&iter, "(&si)", &id, &width))
    {
      ObaLazyViewColumn *column = oba_lazy_view_find_column (self, id);

      if (column != NULL && !g_hash_table_contains (placed, column))
        {
          oba_lazy_view_place (self, column, g_hash_table_size (placed), width);
          g_hash_table_add (placed, column);
        }
    }
  for (guint i = 0; i < self->columns->len && g_hash_table_size (placed) > 0; i++)
    if (!g_hash_table_contains (placed, self->columns->pdata[i]))
      gtk_column_view_column_set_visible (((ObaLazyViewColumn *) self->columns->pdata[i])->column, FALSE);
  return g_hash_table_size (placed);
}

static void
oba_lazy_view_place_usual (ObaLazyView *self)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      ObaLazyViewColumn *column = self->columns->pdata[i];

      oba_lazy_view_place (self, column, i, -1);
      gtk_column_view_column_set_visible (column->column, !column->extra);
    }
}

void
oba_lazy_view_set_layout (ObaLazyView *self,
                          GVariant    *layout)
{
  g_autoptr (GVariant) own = g_variant_ref_sink (layout);

  self->arranging = TRUE;
  if (!g_variant_is_of_type (own, G_VARIANT_TYPE ("a(si)")) || oba_lazy_view_place_all (self, own) == 0)
    oba_lazy_view_place_usual (self);
  self->arranging = FALSE;
  oba_lazy_view_layout_changed (self);
}

GPtrArray *
oba_lazy_view_list_columns (ObaLazyView *self)
{
  g_autoptr (GPtrArray) shown = oba_lazy_view_list_shown (self);
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < shown->len; i++)
    g_ptr_array_add (ids, ((ObaLazyViewColumn *) shown->pdata[i])->id);
  for (guint i = 0; i < self->columns->len; i++)
    if (!g_ptr_array_find (shown, self->columns->pdata[i], NULL))
      g_ptr_array_add (ids, ((ObaLazyViewColumn *) self->columns->pdata[i])->id);
  return ids;
}

const char *
oba_lazy_view_get_column_title (ObaLazyView *self,
                                const char  *column_id)
{
  ObaLazyViewColumn *column = oba_lazy_view_find_column (self, column_id);

  return column != NULL ? gtk_column_view_column_get_title (column->column) : NULL;
}

gboolean
oba_lazy_view_is_column_shown (ObaLazyView *self,
                               const char  *column_id)
{
  ObaLazyViewColumn *column = oba_lazy_view_find_column (self, column_id);

  return column != NULL && gtk_column_view_column_get_visible (column->column);
}

void
oba_lazy_view_show_column (ObaLazyView *self,
                           const char  *column_id,
                           gboolean     shown)
{
  ObaLazyViewColumn *column = oba_lazy_view_find_column (self, column_id);
  g_autoptr (GPtrArray) all = oba_lazy_view_list_shown (self);

  if (column == NULL || gtk_column_view_column_get_visible (column->column) == shown || (!shown && all->len == 1))
    return;
  self->arranging = TRUE;
  /* Behind the hidden ones too, which stand anywhere. */
  if (shown)
    oba_lazy_view_place (self, column, self->columns->len - 1, -1);
  else
    gtk_column_view_column_set_visible (column->column, FALSE);
  self->arranging = FALSE;
  oba_lazy_view_layout_changed (self);
}

void
oba_lazy_view_move_column (ObaLazyView *self,
                           const char  *column_id,
                           int          by)
{
  g_autoptr (GPtrArray) shown = oba_lazy_view_list_shown (self);
  guint from;
  int to;

  if (!g_ptr_array_find (shown, oba_lazy_view_find_column (self, column_id), &from))
    return;
  to = CLAMP ((int) from + by, 0, (int) shown->len - 1);
  if (to == (int) from)
    return;
  g_ptr_array_insert (shown, to, g_ptr_array_steal_index (shown, from));
  self->arranging = TRUE;
  for (guint i = 0; i < shown->len; i++)
    gtk_column_view_insert_column (self->view, i, ((ObaLazyViewColumn *) shown->pdata[i])->column);
  self->arranging = FALSE;
  oba_lazy_view_layout_changed (self);
}

/* --- rows --- */

static void
oba_lazy_view_selected_cb (ObaLazyView *self)
{
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

static void
oba_lazy_view_activate_cb (ObaLazyView *self,
                           guint        position)
{
  g_signal_emit (self, signals[ACTIVATED], 0, position);
}

ObaLazyModel *
oba_lazy_view_get_model (ObaLazyView *self)
{
  return self->model;
}

GtkColumnView *
oba_lazy_view_get_column_view (ObaLazyView *self)
{
  return self->view;
}

GtkAdjustment *
oba_lazy_view_get_vadjustment (ObaLazyView *self)
{
  return gtk_scrolled_window_get_vadjustment (self->scroller);
}

guint
oba_lazy_view_get_selected (ObaLazyView *self)
{
  return oba_lazy_selection_get_current (self->selection);
}

guint
oba_lazy_view_get_n_selected (ObaLazyView *self)
{
  return oba_lazy_selection_get_n (self->selection);
}

ObaLazySelection *
oba_lazy_view_get_selection (ObaLazyView *self)
{
  return self->selection;
}

void
oba_lazy_view_select (ObaLazyView *self,
                      guint        position)
{
  if (position == GTK_INVALID_LIST_POSITION)
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  else
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
}

static GtkWidget *
oba_lazy_view_get_list (ObaLazyView *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->view)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (g_str_equal (G_OBJECT_TYPE_NAME (child), "GtkColumnListView"))
      return child;
  return NULL;
}

void
oba_lazy_view_scroll_to (ObaLazyView *self,
                         guint        position)
{
  GtkWidget *list = oba_lazy_view_get_list (self);

  if (list != NULL)
    gtk_widget_activate_action (list, "list.scroll-to-item", "u", position);
}

void
oba_lazy_view_scroll_to_top (ObaLazyView *self)
{
  gtk_adjustment_set_value (oba_lazy_view_get_vadjustment (self), 0);
}

/* Down from the search entry: to the chosen row, or the first. */
gboolean
oba_lazy_view_focus_rows (ObaLazyView *self)
{
  GtkWidget *list = oba_lazy_view_get_list (self);

  if (list == NULL || g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    return FALSE;
  return gtk_widget_child_focus (list, GTK_DIR_TAB_FORWARD);
}

GtkWidget *
oba_lazy_view_new (ObaLazyModel *model,
                   const char   *label)
{
  ObaLazyView *self = g_object_new (OBA_TYPE_LAZY_VIEW, NULL);

  self->model = g_object_ref (model);
  oba_lazy_selection_set_model (self->selection, model);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return GTK_WIDGET (self);
}

/* GTK 4.8 leads Tab through every row: of a million, nobody would get out again. The arrows go from row to row. */
static gboolean
oba_lazy_view_focus (GtkWidget        *widget,
                     GtkDirectionType  direction)
{
  gboolean within = (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;

  if (within && (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD))
    return FALSE;
  return GTK_WIDGET_CLASS (oba_lazy_view_parent_class)->focus (widget, direction);
}

static void
oba_lazy_view_dispose (GObject *object)
{
  ObaLazyView *self = OBA_LAZY_VIEW (object);

  if (self->view != NULL)
    {
      g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (self->view), self);
      g_signal_handlers_disconnect_by_data (self->selection, self);
      g_signal_handlers_disconnect_by_data (gtk_column_view_get_columns (self->view), self);
      for (guint i = 0; i < self->columns->len; i++)
        g_signal_handlers_disconnect_by_data (((ObaLazyViewColumn *) self->columns->pdata[i])->column, self);
      gtk_column_view_set_model (self->view, NULL);
      adw_bin_set_child (ADW_BIN (self), NULL);
      self->view = NULL;
      self->scroller = NULL;
    }
  g_clear_object (&self->selection);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (oba_lazy_view_parent_class)->dispose (object);
}

static void
oba_lazy_view_finalize (GObject *object)
{
  g_ptr_array_unref (OBA_LAZY_VIEW (object)->columns);

  G_OBJECT_CLASS (oba_lazy_view_parent_class)->finalize (object);
}

static void
oba_lazy_view_class_init (ObaLazyViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = oba_lazy_view_dispose;
  object_class->finalize = oba_lazy_view_finalize;
  GTK_WIDGET_CLASS (klass)->focus = oba_lazy_view_focus;

  signals[SORT_CHANGED] = g_signal_new ("sort-changed", OBA_TYPE_LAZY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
  signals[SELECTION_CHANGED] = g_signal_new ("selection-changed", OBA_TYPE_LAZY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                             G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", OBA_TYPE_LAZY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[LAYOUT_CHANGED] = g_signal_new ("layout-changed", OBA_TYPE_LAZY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
}

static void
oba_lazy_view_init (ObaLazyView *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *view;

  self->columns = g_ptr_array_new_with_free_func (oba_lazy_view_column_free);
  self->selection = oba_lazy_selection_new ();
  view = gtk_column_view_new (g_object_ref (GTK_SELECTION_MODEL (self->selection)));
  gtk_widget_add_css_class (view, "data-table");
  gtk_column_view_set_show_row_separators (GTK_COLUMN_VIEW (view), TRUE);

  self->view = GTK_COLUMN_VIEW (view);
  self->scroller = GTK_SCROLLED_WINDOW (scroller);
  gtk_scrolled_window_set_child (self->scroller, view);
  gtk_widget_set_vexpand (scroller, TRUE);
  oba_lazy_scroll_attach (self->scroller);
  adw_bin_set_child (ADW_BIN (self), scroller);

  g_signal_connect_swapped (gtk_column_view_get_sorter (self->view), "changed",
                            G_CALLBACK (oba_lazy_view_sorter_changed_cb), self);
  g_signal_connect_object (gtk_column_view_get_columns (self->view), "items-changed",
                           G_CALLBACK (oba_lazy_view_layout_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (oba_lazy_view_selected_cb), self);
  g_signal_connect_swapped (self->view, "activate", G_CALLBACK (oba_lazy_view_activate_cb), self);
}
