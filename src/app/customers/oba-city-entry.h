#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** A field for a city that completes what is typed to a city that is known, and writes it as it is known. @cities: of char*, may grow later. */
GtkWidget *oba_city_entry_new        (GPtrArray *cities);
/** The known spelling of @text, "Bakı" for "baki"; NULL when there is none. */
const char *oba_city_entry_find      (GPtrArray *cities, const char *text);

G_END_DECLS
