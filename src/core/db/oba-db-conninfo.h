#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * oba_db_conninfo_build: a libpq connection string of keyword and value pairs, ended by NULL. NULL and "" values are left out; every other is quoted,
 * so no value can become a keyword.
 * Returns: (transfer full)
 */
char *oba_db_conninfo_build (const char *first_keyword, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
