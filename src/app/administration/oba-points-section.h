#pragma once

#include "oba-section.h"

G_BEGIN_DECLS

/** ObaPointsSection: how long points are good, what another policy would mean, and the versions of before. Administrators change it. */
#define OBA_TYPE_POINTS_SECTION (oba_points_section_get_type ())
G_DECLARE_FINAL_TYPE (ObaPointsSection, oba_points_section, OBA, POINTS_SECTION, ObaSection)

GtkWidget *oba_points_section_new        (ObaSession *session);
gboolean   oba_points_section_is_settled (ObaPointsSection *self);

G_END_DECLS
