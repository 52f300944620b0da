#pragma once

#include <adwaita.h>

#include "customers/oba-customer-insight.h"
#include "customers/oba-customer-profile.h"

G_BEGIN_DECLS

/** ObaProfileCards: the loyalty cards, each with a menu of what may be done with it: the actions "profile.card-…" (s: its number). */
#define OBA_TYPE_PROFILE_CARDS (oba_profile_cards_get_type ())
G_DECLARE_FINAL_TYPE (ObaProfileCards, oba_profile_cards, OBA, PROFILE_CARDS, AdwBin)

/** @editable: cards may be reported lost, handed out and replaced; @may_block: and blocked for misuse */
void oba_profile_cards_show (ObaProfileCards *self, const ObaCustomerProfile *profile, const ObaCustomerInsight *insight, gboolean editable, gboolean may_block);

G_END_DECLS
