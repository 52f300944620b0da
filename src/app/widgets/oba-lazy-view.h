#pragma once

#include <adwaita.h>

#include "oba-lazy-model.h"
#include "oba-lazy-selection.h"

G_BEGIN_DECLS

/** What a cell says of a record. Returns: (transfer full) (nullable) */
typedef char *(*ObaLazyTextFunc) (gpointer record);

typedef struct
{
  const char      *id;
  const char      *title;       /* translated */
  ObaLazyTextFunc  text;
  guint            min_chars;
  guint            chars;       /* natural width */
  gboolean         numeric;     /* at the end, in digits of one width */
  gboolean         expand;      /* one column of a list */
  gboolean         extra;       /* shown only when somebody chooses it */
  gboolean         unordered;   /* the list cannot be sorted by it */
} ObaLazyColumn;

/**
 * ObaLazyView: an ObaLazyModel as a table. A click on a column's title asks for another order: the list itself is sorted by the server.
 *
 * Signals: "sort-changed" (const char *column_id, gboolean descending); "selection-changed"; "activated" (guint position): Enter or double click.
 * "layout-changed": other columns, or in another order or width.
 */
#define OBA_TYPE_LAZY_VIEW (oba_lazy_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaLazyView, oba_lazy_view, OBA, LAZY_VIEW, AdwBin)

/** What is marked in the @text that a cell of @column_id says of @record. Returns: (transfer full) (nullable) */
typedef PangoAttrList *(*ObaLazyMarkFunc) (ObaLazyView *view, const char *column_id, gpointer record, const char *text);

GtkWidget     *oba_lazy_view_new             (ObaLazyModel *model, const char *label);
void           oba_lazy_view_add_column      (ObaLazyView *self, const ObaLazyColumn *column);
/** What is said of a column when the pointer rests on its title. */
void           oba_lazy_view_set_column_hint (ObaLazyView *self, const char *column_id, const char *hint);
/** Before there are rows. */
void           oba_lazy_view_set_mark        (ObaLazyView *self, ObaLazyMarkFunc mark);
void           oba_lazy_view_set_sort        (ObaLazyView *self, const char *column_id, gboolean descending);

/**
 * The layout: an `a(si)` of the shown columns in their order, each with its width in pixels, -1 for as wide as it comes.
 * Of what is given, columns that there are not, doubles and impossible widths are passed over; a layout without any column that there is, is the
 * usual one.
 */
GVariant      *oba_lazy_view_get_layout      (ObaLazyView *self);                  /* (transfer floating) */
void           oba_lazy_view_set_layout      (ObaLazyView *self, GVariant *layout);
/** Every column in its order, the hidden ones last. (transfer container) (element-type utf8) */
GPtrArray     *oba_lazy_view_list_columns    (ObaLazyView *self);
const char    *oba_lazy_view_get_column_title (ObaLazyView *self, const char *column_id);
gboolean       oba_lazy_view_is_column_shown (ObaLazyView *self, const char *column_id);
/** The last shown column stays. */
void           oba_lazy_view_show_column     (ObaLazyView *self, const char *column_id, gboolean shown);
/** By @by places among the shown ones. */
void           oba_lazy_view_move_column     (ObaLazyView *self, const char *column_id, int by);

ObaLazyModel  *oba_lazy_view_get_model       (ObaLazyView *self);
GtkColumnView *oba_lazy_view_get_column_view (ObaLazyView *self);
GtkAdjustment *oba_lazy_view_get_vadjustment (ObaLazyView *self);
ObaLazySelection *oba_lazy_view_get_selection (ObaLazyView *self);
guint          oba_lazy_view_get_selected    (ObaLazyView *self);                  /* the current one; GTK_INVALID_LIST_POSITION for none */
guint          oba_lazy_view_get_n_selected  (ObaLazyView *self);
void           oba_lazy_view_select          (ObaLazyView *self, guint position);   /* this one only; GTK_INVALID_LIST_POSITION for none */
void           oba_lazy_view_scroll_to       (ObaLazyView *self, guint position);
void           oba_lazy_view_scroll_to_top   (ObaLazyView *self);
gboolean       oba_lazy_view_focus_rows      (ObaLazyView *self);

G_END_DECLS
