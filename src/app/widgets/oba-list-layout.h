#pragma once

#include "oba-lazy-view.h"

G_BEGIN_DECLS

/** Gives @view the columns that it had the last time, and keeps under @key of @settings (nullable) what is made of them from now on. */
void oba_list_layout_keep (ObaLazyView *view, GSettings *settings, const char *key);

G_END_DECLS
