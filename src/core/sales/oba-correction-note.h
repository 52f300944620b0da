#pragma once

#include <cairo.h>

#include "base/oba-catalogue.h"
#include "db/oba-db-pool.h"
#include "oba-receipt.h"

G_BEGIN_DECLS

/**
 * ObaCorrectionNote: what a correction did, for the customer whose receipts it touched, in their language: the original, what takes it back, what holds instead,
 * the effect on money and points, why, who asked for it and who approved it. On A4 paper, in a PDF and as a message. What belongs to another person is
 * not in it.
 */
typedef struct _ObaCorrectionNote ObaCorrectionNote;

/** Of what oba.correction_note() answers; NULL when it is not that. */
ObaCorrectionNote *oba_correction_note_new_from_json (const char *json);
void               oba_correction_note_free          (ObaCorrectionNote *self);

gint64             oba_correction_note_get_id        (ObaCorrectionNote *self);
/** "Correction note No. 12"; (transfer none) */
const char        *oba_correction_note_get_title     (ObaCorrectionNote *self);
/** All of it in lines; for those who read with their ears, and for tests. (transfer none) */
const char        *oba_correction_note_get_text      (ObaCorrectionNote *self);
/** As HTML for Telegram, at most 4,096 characters of text as it counts them; lines of long receipts are left out and counted. (transfer full) */
char              *oba_correction_note_get_message   (ObaCorrectionNote *self);

/** How many pages of @width by @height points it takes; margins are within. */
guint              oba_correction_note_count_pages   (ObaCorrectionNote *self, double width, double height);
/** Page @page of those, black, at the origin of @cr; points are the units. */
void               oba_correction_note_draw          (ObaCorrectionNote *self, cairo_t *cr, double width, double height, guint page);
/** On A4. Returns: FALSE with G_FILE_ERROR or G_IO_ERROR: then there is no new file */
gboolean           oba_correction_note_write_pdf     (ObaCorrectionNote *self, const char *path, GError **error);

/** The note of @correction_id for @customer_id. Fails with OBA_ERROR_NOT_FOUND when there is none for them. (transfer full) */
void               oba_correction_note_read_async    (ObaDbPool *pool, gint64 correction_id, gint64 customer_id, GCancellable *cancellable,
                                                      GAsyncReadyCallback callback, gpointer user_data);
ObaCorrectionNote *oba_correction_note_read_finish   (GAsyncResult *result, GError **error);

/** Every text of it, NULL-terminated: for the test that they are translated. */
extern const char *const oba_correction_note_texts[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCorrectionNote, oba_correction_note_free)

G_END_DECLS
