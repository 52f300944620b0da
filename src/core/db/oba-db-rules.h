#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** What the database's rules say, in the person's language. The server speaks English; its sentences are known here. */

char              *oba_db_rules_translate (const char *text);
/** The English sentences, ended by NULL; %s stands for what is put in. */
const char *const *oba_db_rules_list      (void);

G_END_DECLS
