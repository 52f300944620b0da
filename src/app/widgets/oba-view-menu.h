#pragma once

#include "oba-lazy-view.h"
#include "oba-page.h"
#include "views/oba-list-view.h"

G_BEGIN_DECLS

/**
 * ObaViewMenu: the views somebody saved, their own and those that colleagues share: opening one sets conditions, order and columns of the list;
 * saving, changing, renaming and deleting them.
 */
#define OBA_TYPE_VIEW_MENU (oba_view_menu_get_type ())
G_DECLARE_FINAL_TYPE (ObaViewMenu, oba_view_menu, OBA, VIEW_MENU, AdwBin)

/** What the page tells of its list. */
typedef struct
{
  const char          *page;      /* of ObaListView */
  const ObaFilterSpec *spec;
  /** Sets filter, sort and descending of @view to what the list shows now. */
  void               (*take)     (ObaPage *page, ObaListView *view);
  void               (*open)     (ObaPage *page, const ObaListView *view);
  /** The conditions in words. (transfer full) */
  char              *(*describe) (ObaPage *page, const ObaFilter *filter);
} ObaViewMenuPage;

/** The menu is a part of @page, which has @list; @kind lives for ever. */
void oba_view_menu_set_page (ObaViewMenu *self, ObaPage *page, ObaLazyView *list, const ObaViewMenuPage *kind);
void oba_view_menu_popup    (ObaViewMenu *self);

G_END_DECLS
