#pragma once

#include <adwaita.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaSearchKeys: the receipts and cards that have the number somebody searched for: which, of which store, when and whose. Not visible while there is none. */
#define OBA_TYPE_SEARCH_KEYS (oba_search_keys_get_type ())
G_DECLARE_FINAL_TYPE (ObaSearchKeys, oba_search_keys, OBA, SEARCH_KEYS, AdwBin)

/** @text: what is searched for; (nullable): nothing that could be a number. */
void oba_search_keys_show (ObaSearchKeys *self, ObaDbPool *pool, const char *text);

G_END_DECLS
