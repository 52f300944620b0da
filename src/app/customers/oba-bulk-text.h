#pragma once

#include "customers/oba-bulk.h"

G_BEGIN_DECLS

/* What is said of bulk actions. All (transfer full). */

char *oba_bulk_text_reason  (const ObaBulkGroup *group);                         /* "12 need no change" */
char *oba_bulk_text_examples (GArray *ids, gint64 n);                            /* "No. 7, No. 12 and others" */
char *oba_bulk_text_done    (const char *kind, const ObaBulkReport *report, gint64 wanted);   /* "950 customers are blocked." */
char *oba_bulk_text_undone  (const ObaBulkReport *report);
char *oba_bulk_text_title   (const ObaBulkAction *action);                       /* "Added to “Tea”" */
char *oba_bulk_text_state   (const ObaBulkAction *action);                       /* "20 Nov 2026, 18:00, Leyla: 950 of 1 234" */

G_END_DECLS
