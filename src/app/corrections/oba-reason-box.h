#pragma once

#include <gtk/gtk.h>

#include "sales/oba-correction.h"

G_BEGIN_DECLS

/** ObaReasonBox: why something is put right: a reason from the list of its kind, and free text. */
#define OBA_TYPE_REASON_BOX (oba_reason_box_get_type ())
G_DECLARE_FINAL_TYPE (ObaReasonBox, oba_reason_box, OBA, REASON_BOX, GtkBox)

GtkWidget  *oba_reason_box_new        (ObaCorrectionKind kind);
/** NULL: none is chosen. */
const char *oba_reason_box_get_code   (ObaReasonBox *self);
/** Without the spaces around it. (transfer full) (nullable): NULL when it is none: too short, too long, not readable */
char       *oba_reason_box_dup_text   (ObaReasonBox *self);
gboolean    oba_reason_box_is_touched (ObaReasonBox *self);
void        oba_reason_box_focus      (ObaReasonBox *self);
/** Is all there? When not, says what is missing and takes the keyboard there. */
gboolean    oba_reason_box_check      (ObaReasonBox *self);
/** For tests: as if chosen and typed. */
void        oba_reason_box_set        (ObaReasonBox *self, const char *code, const char *text);

G_END_DECLS
