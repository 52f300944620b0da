#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ObaSubpages: a page, and the views that were opened from it, one above the other. Each view has a bar with Back (Escape, Alt+Left),
 * its title and, at the end, what it adds itself. Going back puts the focus where it was.
 */
#define OBA_TYPE_SUBPAGES (oba_subpages_get_type ())
G_DECLARE_FINAL_TYPE (ObaSubpages, oba_subpages, OBA, SUBPAGES, AdwBin)

/** Asked before a view goes: TRUE to stay, for now (it may ask a question and call oba_subpages_close() itself). */
typedef gboolean (*ObaSubpagesGuard) (GtkWidget *view, gpointer user_data);

/* What lies under everything: property "main", for templates. */
GtkWidget *oba_subpages_get_main  (ObaSubpages *self);

/** Shows @view over what is there. */
void       oba_subpages_push      (ObaSubpages *self, GtkWidget *view, const char *title);
/** Back by one view, as the button does: the view's guard is asked. */
void       oba_subpages_pop       (ObaSubpages *self);
/** Takes @view away, and those above it, without asking. */
void       oba_subpages_close     (ObaSubpages *self, GtkWidget *view);

/** The view on top; NULL when only the page itself is there. Signal "changed" tells. */
GtkWidget *oba_subpages_get_top   (ObaSubpages *self);
void       oba_subpages_set_title (ObaSubpages *self, GtkWidget *view, const char *title);
/** Puts @widget at the end of the bar of @view: its buttons, its menu. */
void       oba_subpages_add_end   (ObaSubpages *self, GtkWidget *view, GtkWidget *widget);
void       oba_subpages_set_guard (ObaSubpages *self, GtkWidget *view, ObaSubpagesGuard guard, gpointer user_data);

G_END_DECLS
