#pragma once

#include "oba-lazy-view.h"
#include "oba-subpages.h"

G_BEGIN_DECLS

/**
 * The keys of a page with a search field over a list: typing in the list searches; Enter and Down go from the field to the rows, Escape empties it and goes there;
 * Ctrl+Shift+F is @page's "page.filter" wherever the focus is, as long as the list is what @subpages shows.
 */
void oba_list_keys_connect (GtkWidget *page, ObaSubpages *subpages, GtkSearchEntry *entry, ObaLazyView *view);

G_END_DECLS
