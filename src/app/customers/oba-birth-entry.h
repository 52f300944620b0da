#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** A field for a date of birth with a calendar beside it. @entry: (out): the field; it is a part of the result. */
GtkWidget *oba_birth_entry_new (GtkWidget **entry);

G_END_DECLS
