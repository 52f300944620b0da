#pragma once

#include <adwaita.h>

#include "oba-lazy-model.h"

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
} ObaLazyColumn;

/**
 * ObaLazyView: an ObaLazyModel as a table. A click on a column's title asks for another order: the list itself is sorted by the server.
 *
 * Signals: "sort-changed" (const char *column_id, gboolean descending); "selection-changed"; "activated" (guint position): Enter or double click.
 */
#define OBA_TYPE_LAZY_VIEW (oba_lazy_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaLazyView, oba_lazy_view, OBA, LAZY_VIEW, AdwBin)

GtkWidget     *oba_lazy_view_new             (ObaLazyModel *model, const char *label);
void           oba_lazy_view_add_column      (ObaLazyView *self, const ObaLazyColumn *column);
void           oba_lazy_view_set_sort        (ObaLazyView *self, const char *column_id, gboolean descending);
ObaLazyModel  *oba_lazy_view_get_model       (ObaLazyView *self);
GtkColumnView *oba_lazy_view_get_column_view (ObaLazyView *self);
GtkAdjustment *oba_lazy_view_get_vadjustment (ObaLazyView *self);
guint          oba_lazy_view_get_selected    (ObaLazyView *self);                  /* GTK_INVALID_LIST_POSITION for none */
ObaLazyRow    *oba_lazy_view_get_selected_row (ObaLazyView *self);                 /* (transfer none) (nullable) */
void           oba_lazy_view_select          (ObaLazyView *self, guint position);
void           oba_lazy_view_scroll_to       (ObaLazyView *self, guint position);
void           oba_lazy_view_scroll_to_top   (ObaLazyView *self);
gboolean       oba_lazy_view_focus_rows      (ObaLazyView *self);

G_END_DECLS
