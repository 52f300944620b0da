#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * oba_db_sql: the text of a query of ours, "customers/page.sql" for the resource /az/oba/customers/page.sql. A missing one is a programming error.
 * Returns: (transfer none): valid as long as the program; the same pointer each time
 */
const char *oba_db_sql (const char *name);

G_END_DECLS
