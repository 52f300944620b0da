#pragma once

#include <adwaita.h>

#include "customers/oba-customer-choices.h"

G_BEGIN_DECLS

/**
 * ObaFilterPanel: the form in which a filter is put together. What is ticked or typed holds at once; what cannot be (31 February, a range the wrong
 * way round) is marked, says why, and does not hold.
 * Signal "changed": ask oba_filter_panel_get_filter(). Its text is not shown here and is kept.
 */
#define OBA_TYPE_FILTER_PANEL (oba_filter_panel_get_type ())
G_DECLARE_FINAL_TYPE (ObaFilterPanel, oba_filter_panel, OBA, FILTER_PANEL, AdwBin)

void                     oba_filter_panel_set_pool    (ObaFilterPanel *self, ObaDbPool *pool);
void                     oba_filter_panel_set_choices (ObaFilterPanel *self, ObaCustomerChoices *choices);
void                     oba_filter_panel_set_filter  (ObaFilterPanel *self, const ObaCustomerFilter *filter);
const ObaCustomerFilter *oba_filter_panel_get_filter  (ObaFilterPanel *self);
/** What the panel says of how many there are. */
void                     oba_filter_panel_set_count   (ObaFilterPanel *self, const char *text);

G_END_DECLS
