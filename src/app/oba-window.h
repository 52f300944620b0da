#pragma once

#include <adwaita.h>

#include "oba-page.h"
#include "oba-session.h"

G_BEGIN_DECLS

/** ObaWindow: the sidebar and the pages of one session. */
#define OBA_TYPE_WINDOW (oba_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaWindow, oba_window, OBA, WINDOW, AdwApplicationWindow)

/** @settings: size and page are kept there */
ObaWindow  *oba_window_new         (GtkApplication *app, ObaSession *session, GSettings *settings);
ObaSession *oba_window_get_session (ObaWindow *self);
guint       oba_window_get_n_pages (ObaWindow *self);
ObaPage    *oba_window_get_page    (ObaWindow *self, guint index);
const char *oba_window_get_page_id (ObaWindow *self, guint index);
void        oba_window_show_page   (ObaWindow *self, guint index);
guint       oba_window_get_shown   (ObaWindow *self);
void        oba_window_toast       (ObaWindow *self, const char *message);
gboolean    oba_window_is_offline_shown (ObaWindow *self);

G_END_DECLS
