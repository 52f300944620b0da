#pragma once

#include <adwaita.h>

#include "sales/oba-receipts.h"

G_BEGIN_DECLS

/* Who corrects. */
#define OBA_CORRECT_MENU_ROLES (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

/**
 * ObaCorrectMenu: the button "Correct" of a receipt, and the windows behind it. On a page (it takes the page's session); not shown to those who may not correct.
 * Of a receipt that was replaced, it corrects the one that holds now.
 *
 * Signal "changed": something was posted, undone, or asked for: the receipt and its family are to be read again.
 */
#define OBA_TYPE_CORRECT_MENU (oba_correct_menu_get_type ())
G_DECLARE_FINAL_TYPE (ObaCorrectMenu, oba_correct_menu, OBA, CORRECT_MENU, AdwBin)

GtkWidget *oba_correct_menu_new         (void);
/** @key: (nullable): none is shown. @person: it is somebody's */
void       oba_correct_menu_set_receipt (ObaCorrectMenu *self, const ObaReceiptKey *key, gboolean person);

/* For tests. */
gboolean   oba_correct_menu_is_settled  (ObaCorrectMenu *self);

G_END_DECLS
