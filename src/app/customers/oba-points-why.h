#pragma once

#include <adwaita.h>

#include "customers/oba-timeline.h"

G_BEGIN_DECLS

/** ObaPointsWhy: why a points line is what it is: the rule, its version, what it was given, and which points came or went. */
#define OBA_TYPE_POINTS_WHY (oba_points_why_get_type ())
G_DECLARE_FINAL_TYPE (ObaPointsWhy, oba_points_why, OBA, POINTS_WHY, GtkPopover)

/** Reads by itself. */
GtkWidget *oba_points_why_new       (ObaDbPool *pool, ObaTimelineEvent *event);
gboolean   oba_points_why_is_loaded (ObaPointsWhy *self);

G_END_DECLS
