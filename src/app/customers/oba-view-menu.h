#pragma once

#include "oba-customers-page.h"

G_BEGIN_DECLS

/**
 * ObaViewMenu: the views somebody saved, their own and those that colleagues share: opening one sets conditions, order and columns of the list;
 * saving, changing, renaming and deleting them.
 */
#define OBA_TYPE_VIEW_MENU (oba_view_menu_get_type ())
G_DECLARE_FINAL_TYPE (ObaViewMenu, oba_view_menu, OBA, VIEW_MENU, AdwBin)

void oba_view_menu_set_page (ObaViewMenu *self, ObaCustomersPage *page);
void oba_view_menu_popup    (ObaViewMenu *self);

G_END_DECLS
