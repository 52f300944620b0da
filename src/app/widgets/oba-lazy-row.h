#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * ObaLazyRow: one place of an ObaLazyModel. It is there at once and empty; its record comes later, and another one may come
 * when the list is sorted or read again.
 * Signal "changed": the record is another one (or the same person read again). Connect in bind, disconnect in unbind.
 */
#define OBA_TYPE_LAZY_ROW (oba_lazy_row_get_type ())
G_DECLARE_FINAL_TYPE (ObaLazyRow, oba_lazy_row, OBA, LAZY_ROW, GObject)

guint    oba_lazy_row_get_position (ObaLazyRow *self);
gpointer oba_lazy_row_get_record   (ObaLazyRow *self);   /* (transfer none) (nullable): NULL as long as it is not read */

/* For ObaLazyModel only. */
typedef void (*ObaLazyRowGone) (guint position, gpointer owner);

ObaLazyRow *oba_lazy_row_new        (guint position, ObaLazyRowGone gone, gpointer owner);
void        oba_lazy_row_orphan     (ObaLazyRow *self);
void        oba_lazy_row_set_record (ObaLazyRow *self, gpointer record);
void        oba_lazy_row_ask        (ObaLazyRow *self, guint64 serial);
guint64     oba_lazy_row_get_asked  (ObaLazyRow *self);   /* 0: nothing is to be read */

G_END_DECLS
