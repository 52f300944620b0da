#pragma once

#include <gtk/gtk.h>

#include "oba-lazy-model.h"

G_BEGIN_DECLS

/**
 * ObaLazySelection: a GtkSelectionModel over an ObaLazyModel in which any number of rows is chosen. Unlike GtkMultiSelection it makes no object of a
 * chosen row, so that choosing a million costs nothing, and what is chosen are customers, not places: sorted or read again, the same are chosen, as far as
 * they are in the list. One of them is the current one, the last that was pointed at.
 */
#define OBA_TYPE_LAZY_SELECTION (oba_lazy_selection_get_type ())
G_DECLARE_FINAL_TYPE (ObaLazySelection, oba_lazy_selection, OBA, LAZY_SELECTION, GObject)

ObaLazySelection *oba_lazy_selection_new           (void);
void              oba_lazy_selection_set_model     (ObaLazySelection *self, ObaLazyModel *model);
/** GTK_INVALID_LIST_POSITION for none. */
guint             oba_lazy_selection_get_current   (ObaLazySelection *self);
/** Without choosing others or fewer. */
void              oba_lazy_selection_set_current   (ObaLazySelection *self, guint position);
guint             oba_lazy_selection_get_n         (ObaLazySelection *self);
/** The chosen ids in the order of the list; NULL while the list is still coming. (transfer full) (element-type gint64) */
GArray           *oba_lazy_selection_dup_ids       (ObaLazySelection *self);
/** "selection-changed" says that the same are elsewhere now, or that some are not in the list any more. */
gboolean          oba_lazy_selection_is_moving     (ObaLazySelection *self);

G_END_DECLS
