#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** The delimiter (one of , ; tab |) that cuts the first lines of a text into the most even columns; ',' when none does. */
char oba_csv_guess_delimiter (const char *sample, gsize n);

G_END_DECLS
