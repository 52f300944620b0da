#pragma once

#include "customers/oba-duplicates.h"

G_BEGIN_DECLS

/* What is said of two records of one person. All (transfer full) but the constant ones. */

const char *oba_merge_text_field    (const char *field);                                      /* "Phone" */
char       *oba_merge_text_value    (const ObaMergePerson *person, const char *field);        /* as people write it; "" for nothing */
char       *oba_merge_text_name     (const ObaMergePerson *person);                           /* "Without a name" where there is none */
char       *oba_merge_text_numbered (const ObaMergePerson *person);                           /* "Əliyeva Aysel (No. 100)" */
char       *oba_merge_text_reasons  (const ObaDuplicatePair *pair);                           /* "same name and birth date · same e-mail" */
char       *oba_merge_text_lots     (const GArray *lots);                                     /* a line each, "600 points until 10 Jan 2028" */
char       *oba_merge_text_consents (GHashTable *consents, GHashTable *others);               /* of the channels that either has */
char       *oba_merge_text_fields   (const ObaMergePreview *preview, const char *choice);     /* names of those with that choice (NULL: any) */
char       *oba_merge_text_taken    (const ObaMergePerson *source, const ObaMergePerson *survivor,
                                     const char *field, const char *choice);                  /* "Phone: +994 … instead of +994 …" */
char       *oba_merge_text_history  (const ObaMergeEntry *entry);                             /* when, by whom, approved by whom, points */

G_END_DECLS
