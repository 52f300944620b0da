#pragma once

#include "redemptions/oba-redemptions.h"
#include "widgets/oba-lazy-source.h"

G_BEGIN_DECLS

/** ObaRedemptionSource: the queue of redemptions that a filter means, as an ObaLazyModel reads it. */
#define OBA_TYPE_REDEMPTION_SOURCE (oba_redemption_source_get_type ())
G_DECLARE_FINAL_TYPE (ObaRedemptionSource, oba_redemption_source, OBA, REDEMPTION_SOURCE, GObject)

ObaLazySource             *oba_redemption_source_new        (ObaDbPool *pool, const ObaRedemptionFilter *filter, gboolean descending);
const ObaRedemptionFilter *oba_redemption_source_get_filter (ObaRedemptionSource *self);

G_END_DECLS
