#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a picture shows is put down as JSON when the answer is thought out; it is drawn when it is sent. */

/** Lying beside each other: a bar a label, money in qəpik. (transfer full) */
JsonObject *oba_telegram_picture_bars (const char *title, const char *const *labels, const gint64 *qepik, guint n);

/** Returns: (transfer full) (nullable): a PNG; NULL for what nobody here put down */
GBytes     *oba_telegram_picture_draw (JsonObject *picture);

G_END_DECLS
