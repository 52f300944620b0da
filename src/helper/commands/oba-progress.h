#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ObaProgress: how far a long work is, on stderr. On a terminal a bar with percent, speed and time left, redrawn ten times a second at most;
 * elsewhere a line every five seconds (in a pipe twice a second) and one at the end. Cheap enough to be told of every row. One thread.
 */
typedef struct _ObaProgress ObaProgress;

/** @label: what is done, translated ("Receipts"); @total: how many there will be, 0 when unknown (then the count and speed are shown) */
ObaProgress *oba_progress_new       (const char *label, gint64 total);
/** Like oba_progress_new() for a stream of bytes: numbers are shown in MB. */
ObaProgress *oba_progress_new_bytes (const char *label, gint64 total);

void oba_progress_set       (ObaProgress *self, gint64 done);
void oba_progress_add       (ObaProgress *self, gint64 more);
void oba_progress_set_total (ObaProgress *self, gint64 total);
/** Shows the end: what was done and how long it took. Without it (an error), freeing only clears the bar. */
void oba_progress_finish    (ObaProgress *self);
void oba_progress_free      (ObaProgress *self);

/** Prints @text as a line of its own without spoiling the bar. */
void oba_progress_say       (ObaProgress *self, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaProgress, oba_progress_free)

G_END_DECLS
