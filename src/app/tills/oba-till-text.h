#pragma once

#include "tills/oba-till-finding.h"

G_BEGIN_DECLS

/* What is said of findings and reviews, in words. All (transfer full) but the constant ones. */

const char *oba_till_text_kind     (const char *kind);                  /* "Missing receipts" */
const char *oba_till_text_state    (const char *state);                 /* "Explained" */
const char *oba_till_text_reason   (const char *code);                  /* "Till replaced" */
char       *oba_till_text_title    (const ObaTillFinding *finding);     /* "3 receipts missing: 61–63" */
char       *oba_till_text_place    (const ObaTillFinding *finding);     /* "OBA Nizami, till 2" */
char       *oba_till_text_sentence (const ObaTillFinding *finding);     /* in full, for the detail */
char       *oba_till_text_refusal  (const ObaTillRefusal *refusal);     /* "2 × the sums do not match, last on 5 Nov 2026, 18:24" */
char       *oba_till_text_moment   (gint64 microseconds);               /* "5 Nov 2026, 18:24"; "" for none */

/** The codes of explanations, NULL-terminated, in the order of the list. */
extern const char *const oba_till_reasons[];

G_END_DECLS
