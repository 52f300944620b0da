#pragma once

#include "sales/oba-correctable.h"

G_BEGIN_DECLS

/* What the windows of corrections say, in words. All (transfer full) but the constant ones. */

const char *oba_correction_text_title   (ObaCorrectionKind kind, ObaCorrectable *receipt);   /* of the window: "Void a Receipt" */
const char *oba_correction_text_done    (ObaCorrectionKind kind);                        /* "The receipt is voided" */
char       *oba_correction_text_moment  (gint64 at);                                     /* "5 Nov 2026, 18:24"; microseconds since 1970 */
char       *oba_correction_text_receipt (ObaCorrectable *receipt);                       /* "Receipt 17 of OBA Nizami, till 3, 5 Nov 2026, 18:24" */
char       *oba_correction_text_whose   (ObaCorrectable *receipt);
/** What was done to a receipt while a window was open: "Meanwhile: Return of 2,50 ₼ by Leyla." NULL: nothing. */
char       *oba_correction_text_since   (ObaCorrectable *before, ObaCorrectable *now);
/** Why a second person is needed, a sentence a line. NULL: none is. */
char       *oba_correction_text_needs   (const ObaCorrectionPreview *preview);
/** "1.25 kg" as it is typed, "1.25": with the locale's comma, without what is not needed. */
char       *oba_correction_text_number  (gint64 thousandths);
/** The same with the unit, which pieces do not have: "1.25 kg", "3". */
char       *oba_correction_text_amount  (gint64 thousandths, const char *unit);
/** "kg"; "" of pieces. */
const char *oba_correction_text_unit    (const char *unit);
/** Above 0, with at most 3 decimals after a comma or a point; thousandths. FALSE when it is not that. */
gboolean    oba_correction_text_quantity (const char *text, gint64 *thousandths);

G_END_DECLS
