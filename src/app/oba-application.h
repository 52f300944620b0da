#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** ObaApplication: the command line, the menu's actions, and which window is shown: where to connect, or the pages of a session. */
#define OBA_TYPE_APPLICATION (oba_application_get_type ())
G_DECLARE_FINAL_TYPE (ObaApplication, oba_application, OBA, APPLICATION, AdwApplication)

ObaApplication *oba_application_new             (void);
/** What main() returns when the run itself ended well: 1 when pictures were asked for and could not be made. */
int             oba_application_get_exit_code   (ObaApplication *self);

/** The program's settings, also when it is run from its build folder. (transfer full) */
GSettings      *oba_application_settings_new    (void);

G_END_DECLS
