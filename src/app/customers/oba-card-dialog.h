#pragma once

#include "oba-profile-view.h"

G_BEGIN_DECLS

/** Asks for a card, scanned or typed, and hands it out to the customer of @view. @replaces: (nullable): the number of a card that it takes the place of */
void oba_card_dialog_present (ObaProfileView *view, const char *replaces);

G_END_DECLS
