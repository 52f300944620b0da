#include "oba-lazy-selection.h"

/* Ids are handed out one after the other: a bit for each of a span is quicker than a hash, up to 32 MB of them. */
#define MAX_SPAN (G_GINT64_CONSTANT (1) << 28)

/* A set of ids. */
typedef struct
{
  gint64      first;
  guint64    *bits;     /* (nullable) */
  GHashTable *hash;     /* (nullable): where the span is too wide */
  gint64      span;
  guint       n;
} IdSet;

struct _ObaLazySelection
{
  GObject       parent_instance;

  ObaLazyModel *model;
  GtkBitset    *selected;    /* positions */
  guint         current;
  ObaLazyRow   *current_row; /* (nullable): held so that it is read */
  guint         anchor;      /* where a range began */
  GArray       *ids;         /* (nullable): what the positions mean */
  IdSet        *kept;        /* (nullable): who was chosen, while the ids of the new list are coming */
  gboolean      moving;
};

static void oba_lazy_selection_list_init (GListModelInterface *iface);
static void oba_lazy_selection_selection_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ObaLazySelection, oba_lazy_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, oba_lazy_selection_list_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, oba_lazy_selection_selection_init))

/* --- ids --- */

static void
id_set_free (IdSet *set)
{
  g_free (set->bits);
  g_clear_pointer (&set->hash, g_hash_table_unref);
  g_free (set);
}

static void
id_set_add (IdSet        *set,
            const gint64 *id)
{
  if (set->bits != NULL)
    set->bits[(*id - set->first) >> 6] |= G_GUINT64_CONSTANT (1) << ((*id - set->first) & 63);
  else
    g_hash_table_add (set->hash, g_memdup2 (id, sizeof *id));
}

static gboolean
id_set_contains (IdSet *set,
                 gint64 id)
{
  if (set->bits == NULL)
    return g_hash_table_contains (set->hash, &id);
  return id >= set->first && id - set->first < set->span && (set->bits[(id - set->first) >> 6] >> ((id - set->first) & 63) & 1) != 0;
}

static IdSet *
id_set_new (GArray    *ids,
            GtkBitset *positions)
{
  IdSet *set = g_new0 (IdSet, 1);
  gint64 last = G_MININT64;
  GtkBitsetIter iter;
  guint position;

  set->first = G_MAXINT64;
  for (gboolean more = gtk_bitset_iter_init_first (&iter, positions, &position); more && position < ids->len;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      set->first = MIN (set->first, g_array_index (ids, gint64, position));
      last = MAX (last, g_array_index (ids, gint64, position));
      set->n++;
    }
  if (set->n > 0 && set->first >= 0 && last - set->first < MAX_SPAN)
    {
      set->span = last - set->first + 1;
      set->bits = g_new0 (guint64, (set->span >> 6) + 1);
    }
  else
    set->hash = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (gboolean more = gtk_bitset_iter_init_first (&iter, positions, &position); more && position < ids->len;
       more = gtk_bitset_iter_next (&iter, &position))
    id_set_add (set, &g_array_index (ids, gint64, position));
  return set;
}

/* --- the list under it --- */

static gpointer
oba_lazy_selection_get_item (GListModel *list,
                             guint       position)
{
  ObaLazySelection *self = OBA_LAZY_SELECTION (list);

  return self->model != NULL ? g_list_model_get_item (G_LIST_MODEL (self->model), position) : NULL;
}

static GType
oba_lazy_selection_get_item_type (GListModel *list)
{
  return OBA_TYPE_LAZY_ROW;
}

static guint
oba_lazy_selection_get_n_items (GListModel *list)
{
  ObaLazySelection *self = OBA_LAZY_SELECTION (list);

  return self->model != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->model)) : 0;
}

static void
oba_lazy_selection_list_init (GListModelInterface *iface)
{
  iface->get_item = oba_lazy_selection_get_item;
  iface->get_item_type = oba_lazy_selection_get_item_type;
  iface->get_n_items = oba_lazy_selection_get_n_items;
}

static void
oba_lazy_selection_hold_current (ObaLazySelection *self)
{
  g_clear_object (&self->current_row);
  if (self->current != GTK_INVALID_LIST_POSITION)
    self->current_row = g_list_model_get_item (G_LIST_MODEL (self->model), self->current);
}

static void
oba_lazy_selection_tell (ObaLazySelection *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self));

  oba_lazy_selection_hold_current (self);
  if (n > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, n);
}

/* Before positions mean others, and before the tail of them goes: who was chosen. */
static void
oba_lazy_selection_keep (ObaLazySelection *self)
{
  if (self->kept == NULL && self->ids != NULL && self->ids != oba_lazy_model_get_ids (self->model) && gtk_bitset_get_size (self->selected) > 1)
    self->kept = id_set_new (self->ids, self->selected);
}

/* Only the tail grows or shrinks. */
static void
oba_lazy_selection_items_changed_cb (ObaLazySelection *self,
                                     guint             position,
                                     guint             removed,
                                     guint             added)
{
  if (removed > 0)
    oba_lazy_selection_keep (self);
  gtk_bitset_remove_range (self->selected, position, removed);
  if (self->current != GTK_INVALID_LIST_POSITION && !gtk_bitset_contains (self->selected, self->current))
    {
      self->current = GTK_INVALID_LIST_POSITION;
      g_clear_object (&self->current_row);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
oba_lazy_selection_find_kept (ObaLazySelection *self)
{
  gtk_bitset_remove_all (self->selected);
  for (guint i = 0; i < self->ids->len; i++)
    if (id_set_contains (self->kept, g_array_index (self->ids, gint64, i)))
      gtk_bitset_add (self->selected, i);
  g_clear_pointer (&self->kept, id_set_free);
}

/* Positions mean others now. One alone is found again by whoever shows it, before the ids are here. */
static void
oba_lazy_selection_replaced_cb (ObaLazySelection *self)
{
  GArray *ids = oba_lazy_model_get_ids (self->model);
  guint n = (guint) gtk_bitset_get_size (self->selected);
  gboolean all = n > 1 && self->ids == NULL && self->kept == NULL && n == g_list_model_get_n_items (G_LIST_MODEL (self));

  oba_lazy_selection_keep (self);
  g_clear_pointer (&self->ids, g_array_unref);
  if (ids != NULL)
    self->ids = g_array_ref (ids);
  if (n == 0 && self->kept == NULL)
    return;
  self->current = GTK_INVALID_LIST_POSITION;
  if (self->kept != NULL && self->ids != NULL)
    oba_lazy_selection_find_kept (self);
  else if (!all)
    gtk_bitset_remove_all (self->selected);
  self->moving = TRUE;
  oba_lazy_selection_tell (self);
  self->moving = FALSE;
}

/* --- choosing --- */

static gboolean
oba_lazy_selection_is_selected (GtkSelectionModel *model,
                                guint              position)
{
  return gtk_bitset_contains (OBA_LAZY_SELECTION (model)->selected, position);
}

static GtkBitset *
oba_lazy_selection_get_in_range (GtkSelectionModel *model,
                                 guint              position,
                                 guint              n)
{
  return gtk_bitset_ref (OBA_LAZY_SELECTION (model)->selected);
}

/* Whoever is pointed at while the others are still coming means these alone. */
static gboolean
oba_lazy_selection_changed (ObaLazySelection *self)
{
  g_clear_pointer (&self->kept, id_set_free);
  if (self->ids == NULL && oba_lazy_model_get_ids (self->model) != NULL)
    self->ids = g_array_ref (oba_lazy_model_get_ids (self->model));
  oba_lazy_selection_tell (self);
  return TRUE;
}

static gboolean
oba_lazy_selection_select_item (GtkSelectionModel *model,
                                guint              position,
                                gboolean           unselect_rest)
{
  ObaLazySelection *self = OBA_LAZY_SELECTION (model);

  if (position >= g_list_model_get_n_items (G_LIST_MODEL (self)))
    return FALSE;
  if (unselect_rest)
    gtk_bitset_remove_all (self->selected);
  gtk_bitset_add (self->selected, position);
  self->current = self->anchor = position;
  return oba_lazy_selection_changed (self);
}

static gboolean
oba_lazy_selection_unselect_item (GtkSelectionModel *model,
                                  guint              position)
{
  ObaLazySelection *self = OBA_LAZY_SELECTION (model);

  gtk_bitset_remove (self->selected, position);
  self->anchor = position;
  if (self->current == position)
    self->current = gtk_bitset_is_empty (self->selected) ? GTK_INVALID_LIST_POSITION : gtk_bitset_get_maximum (self->selected);
  return oba_lazy_selection_changed (self);
}

static gboolean
oba_lazy_selection_select_range (GtkSelectionModel *model,
                                 guint              position,
                                 guint              n,
                                 gboolean           unselect_rest)
{
  ObaLazySelection *self = OBA_LAZY_SELECTION (model);

  n = MIN (n, g_list_model_get_n_items (G_LIST_MODEL (self)) - position);
  if (n == 0)
    return FALSE;
  if (unselect_rest)
    gtk_bitset_remove_all (self->selected);
  gtk_bitset_add_range (self->selected, position, n);
  /* The end that was pointed at is the one where the range did not begin. */
  self->current = self->anchor == position ? position + n - 1 : position;
  return oba_lazy_selection_changed (self);
}

static gboolean
oba_lazy_selection_unselect_range (GtkSelectionModel *model,
                                   guint              position,
                                   guint              n)
{
  ObaLazySelection *self = OBA_LAZY_SELECTION (model);

  gtk_bitset_remove_range (self->selected, position, n);
  if (!gtk_bitset_contains (self->selected, self->current))
    self->current = gtk_bitset_is_empty (self->selected) ? GTK_INVALID_LIST_POSITION : gtk_bitset_get_maximum (self->selected);
  return oba_lazy_selection_changed (self);
}

static gboolean
oba_lazy_selection_select_all (GtkSelectionModel *model)
{
  ObaLazySelection *self = OBA_LAZY_SELECTION (model);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self));

  gtk_bitset_add_range (self->selected, 0, n);
  if (self->current == GTK_INVALID_LIST_POSITION && n > 0)
    self->current = 0;
  return oba_lazy_selection_changed (self);
}

static gboolean
oba_lazy_selection_unselect_all (GtkSelectionModel *model)
{
  ObaLazySelection *self = OBA_LAZY_SELECTION (model);

  gtk_bitset_remove_all (self->selected);
  self->current = GTK_INVALID_LIST_POSITION;
  return oba_lazy_selection_changed (self);
}

static gboolean
oba_lazy_selection_set_selection (GtkSelectionModel *model,
                                  GtkBitset         *selected,
                                  GtkBitset         *mask)
{
  ObaLazySelection *self = OBA_LAZY_SELECTION (model);
  g_autoptr (GtkBitset) chosen = gtk_bitset_copy (selected);

  gtk_bitset_intersect (chosen, mask);
  gtk_bitset_subtract (self->selected, mask);
  gtk_bitset_union (self->selected, chosen);
  if (!gtk_bitset_contains (self->selected, self->current))
    self->current = gtk_bitset_is_empty (self->selected) ? GTK_INVALID_LIST_POSITION : gtk_bitset_get_maximum (self->selected);
  return oba_lazy_selection_changed (self);
}

static void
oba_lazy_selection_selection_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = oba_lazy_selection_is_selected;
  iface->get_selection_in_range = oba_lazy_selection_get_in_range;
  iface->select_item = oba_lazy_selection_select_item;
  iface->unselect_item = oba_lazy_selection_unselect_item;
  iface->select_range = oba_lazy_selection_select_range;
  iface->unselect_range = oba_lazy_selection_unselect_range;
  iface->select_all = oba_lazy_selection_select_all;
  iface->unselect_all = oba_lazy_selection_unselect_all;
  iface->set_selection = oba_lazy_selection_set_selection;
}

/* --- public --- */

ObaLazySelection *
oba_lazy_selection_new (void)
{
  return g_object_new (OBA_TYPE_LAZY_SELECTION, NULL);
}

void
oba_lazy_selection_set_model (ObaLazySelection *self,
                              ObaLazyModel     *model)
{
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (oba_lazy_selection_items_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "replaced", G_CALLBACK (oba_lazy_selection_replaced_cb), self, G_CONNECT_SWAPPED);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, g_list_model_get_n_items (G_LIST_MODEL (model)));
}

guint
oba_lazy_selection_get_current (ObaLazySelection *self)
{
  return self->current;
}

void
oba_lazy_selection_set_current (ObaLazySelection *self,
                                guint             position)
{
  if (!gtk_bitset_contains (self->selected, position))
    return;
  self->current = position;
  oba_lazy_selection_hold_current (self);
}

guint
oba_lazy_selection_get_n (ObaLazySelection *self)
{
  return self->kept != NULL ? self->kept->n : (guint) gtk_bitset_get_size (self->selected);
}

GArray *
oba_lazy_selection_dup_ids (ObaLazySelection *self)
{
  GArray *ids;
  GtkBitsetIter iter;
  guint position;

  if (self->kept != NULL || self->model == NULL || !oba_lazy_model_is_complete (self->model))
    return NULL;
  ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), oba_lazy_selection_get_n (self));
  for (gboolean more = gtk_bitset_iter_init_first (&iter, self->selected, &position); more; more = gtk_bitset_iter_next (&iter, &position))
    g_array_append_val (ids, g_array_index (oba_lazy_model_get_ids (self->model), gint64, position));
  return ids;
}

gboolean
oba_lazy_selection_is_moving (ObaLazySelection *self)
{
  return self->moving;
}

static void
oba_lazy_selection_finalize (GObject *object)
{
  ObaLazySelection *self = OBA_LAZY_SELECTION (object);

  g_clear_object (&self->current_row);
  g_clear_object (&self->model);
  gtk_bitset_unref (self->selected);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->kept, id_set_free);

  G_OBJECT_CLASS (oba_lazy_selection_parent_class)->finalize (object);
}

static void
oba_lazy_selection_class_init (ObaLazySelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_lazy_selection_finalize;
}

static void
oba_lazy_selection_init (ObaLazySelection *self)
{
  self->selected = gtk_bitset_new_empty ();
  self->current = GTK_INVALID_LIST_POSITION;
}
