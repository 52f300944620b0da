#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** ObaFigureTile: one figure with its name above it, and below it how it stands against the period before. */
#define OBA_TYPE_FIGURE_TILE (oba_figure_tile_get_type ())
G_DECLARE_FINAL_TYPE (ObaFigureTile, oba_figure_tile, OBA, FIGURE_TILE, AdwBin)

typedef enum
{
  OBA_FIGURE_AMOUNT,           /* its change in per cent of what it was */
  OBA_FIGURE_SHARE,            /* 0 to 1; its change in percentage points */
} ObaFigureKind;

/** @good: 1 when more is better, -1 when less is, 0 when neither. */
GtkWidget  *oba_figure_tile_new       (const char *name, ObaFigureKind kind, int good);
/** @text: the figure @now as it is read, @full: to the last digit, for who points at it; @now, @before: NAN where there is none. */
void        oba_figure_tile_set       (ObaFigureTile *self, const char *text, const char *full, double now, double before);
const char *oba_figure_tile_get_text  (ObaFigureTile *self);

G_END_DECLS
