#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

#include "base/oba-catalogue.h"

G_BEGIN_DECLS

/** ObaBroadcastPreview: a broadcast as it appears in Telegram, in one language: its text with a first name in it, the button under it, and in which language it is. */
#define OBA_TYPE_BROADCAST_PREVIEW (oba_broadcast_preview_get_type ())
G_DECLARE_FINAL_TYPE (ObaBroadcastPreview, oba_broadcast_preview, OBA, BROADCAST_PREVIEW, GtkBox)

GtkWidget  *oba_broadcast_preview_new      (void);
/** @broadcast: its "text_az", "text_ru", "text_en", "button" */
void        oba_broadcast_preview_set      (ObaBroadcastPreview *self, JsonObject *broadcast, ObaLanguage language);

const char *oba_broadcast_preview_get_text (ObaBroadcastPreview *self);
const char *oba_broadcast_preview_get_note (ObaBroadcastPreview *self);

G_END_DECLS
