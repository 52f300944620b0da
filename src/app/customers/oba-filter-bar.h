#pragma once

#include <adwaita.h>

#include "customers/oba-customer-choices.h"

G_BEGIN_DECLS

/**
 * ObaFilterBar: what is asked for, each condition a chip that a click takes away. Not visible while there is none.
 * Signal "changed": somebody took one away, or all.
 */
#define OBA_TYPE_FILTER_BAR (oba_filter_bar_get_type ())
G_DECLARE_FINAL_TYPE (ObaFilterBar, oba_filter_bar, OBA, FILTER_BAR, AdwBin)

void                     oba_filter_bar_set_filter  (ObaFilterBar *self, const ObaCustomerFilter *filter);
const ObaCustomerFilter *oba_filter_bar_get_filter  (ObaFilterBar *self);
void                     oba_filter_bar_set_choices (ObaFilterBar *self, ObaCustomerChoices *choices);
ObaCustomerChoices      *oba_filter_bar_get_choices (ObaFilterBar *self);   /* (transfer none) (nullable): not read yet */

G_END_DECLS
