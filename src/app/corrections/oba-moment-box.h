#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** ObaMomentBox: a day and a time by the chain's clock, typed; none in the future. Signal "changed". */
#define OBA_TYPE_MOMENT_BOX (oba_moment_box_get_type ())
G_DECLARE_FINAL_TYPE (ObaMomentBox, oba_moment_box, OBA, MOMENT_BOX, GtkBox)

GtkWidget *oba_moment_box_new           (void);
/** Microseconds since 1970. */
void       oba_moment_box_set           (ObaMomentBox *self, gint64 at);
/** FALSE when it is none, or not there yet. What was set and not typed over keeps its seconds. */
gboolean   oba_moment_box_get           (ObaMomentBox *self, gint64 *at);
/** Is it another minute than the one that was set? Nothing was set: was anything typed? */
gboolean   oba_moment_box_is_changed    (ObaMomentBox *self);
void       oba_moment_box_focus_problem (ObaMomentBox *self);
/** As if typed. */
void       oba_moment_box_type          (ObaMomentBox *self, const char *day, const char *time);

G_END_DECLS
