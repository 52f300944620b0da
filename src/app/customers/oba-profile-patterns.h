#pragma once

#include <adwaita.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaProfilePatterns: how a customer shops, in charts. It is read when it is looked at for the first time: the profile opens without waiting for it. */
#define OBA_TYPE_PROFILE_PATTERNS (oba_profile_patterns_get_type ())
G_DECLARE_FINAL_TYPE (ObaProfilePatterns, oba_profile_patterns, OBA, PROFILE_PATTERNS, AdwBin)

void        oba_profile_patterns_set_customer (ObaProfilePatterns *self, ObaDbPool *pool, gint64 customer);
/** Something happened: reads again what is shown, or when it is shown. */
void        oba_profile_patterns_refresh      (ObaProfilePatterns *self);
void        oba_profile_patterns_toggle_table (ObaProfilePatterns *self);

/* For tests: "loading", "failed", "empty", "patterns". */
const char *oba_profile_patterns_get_shown    (ObaProfilePatterns *self);
gboolean    oba_profile_patterns_is_settled   (ObaProfilePatterns *self);

G_END_DECLS
