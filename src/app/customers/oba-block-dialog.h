#pragma once

#include "oba-profile-view.h"

G_BEGIN_DECLS

/** Asks why the customer of @view is blocked, or may earn and spend again, says what it means, and does it. */
void oba_block_dialog_present (ObaProfileView *view, gboolean block);

G_END_DECLS
