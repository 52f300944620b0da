#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Updates as Telegram sends them, and the same as nobody would. */

/** Of each kind that means something to us; null-ended. "%d" is the number of the update, and of its chat, where there is one. */
extern const char *const telegram_corpus[];

/** OBA_FUZZ_SEED, else always the same; it is told, so that a failure can be had again. */
GRand *telegram_corpus_rand   (void);
/** One of them, or two of them joined, with bytes, numbers, brackets or whole parts changed. @length: (out): it may have zeros. (transfer full) */
char  *telegram_corpus_mutate (GRand *rand, gsize *length);

G_END_DECLS
