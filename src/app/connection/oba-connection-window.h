#pragma once

#include <adwaita.h>

#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaConnectionWindow: asks where the data is and opens a session there. What was typed stays through every failure.
 * Signals: "opened" (ObaSession *): signed in. "notice" (const char *): something to tell after that, such as a password that could not be remembered.
 *          "failed" (const char *): the sentence that is shown.
 */
#define OBA_TYPE_CONNECTION_WINDOW (oba_connection_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaConnectionWindow, oba_connection_window, OBA, CONNECTION_WINDOW, AdwApplicationWindow)

ObaConnectionWindow *oba_connection_window_new             (GtkApplication *app, GSettings *settings);
/** Go on as if the person had chosen: the remembered central database, the sample data, or a given connection string. */
void                 oba_connection_window_open_remembered (ObaConnectionWindow *self);
void                 oba_connection_window_open_sample     (ObaConnectionWindow *self);
void                 oba_connection_window_open_conninfo   (ObaConnectionWindow *self, const char *conninfo);
/** @text: why the person is here, a sentence */
void                 oba_connection_window_show_problem    (ObaConnectionWindow *self, const char *text);
/** (nullable): the sentence shown now, "" for none */
const char          *oba_connection_window_get_problem     (ObaConnectionWindow *self);

G_END_DECLS
