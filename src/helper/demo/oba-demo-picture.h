#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** A simple picture for a reward of @kind, drawn; no two neighbours have one colour. Returns: (transfer full): PNG as bytes are written for COPY (two backslashes, "x89504e…") */
char *oba_demo_picture_draw (const char *kind, guint index, int width, int height);

G_END_DECLS
