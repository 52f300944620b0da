#pragma once

#include <adwaita.h>

#include "oba-session.h"

G_BEGIN_DECLS

/** ObaAccessWindow: everything that is held on a customer goes into files for that customer: in which language, for people or for programs, and where to. */
#define OBA_TYPE_ACCESS_WINDOW (oba_access_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaAccessWindow, oba_access_window, OBA, ACCESS_WINDOW, AdwWindow)

typedef enum
{
  OBA_ACCESS_WINDOW_PDF,
  OBA_ACCESS_WINDOW_JSON,
  OBA_ACCESS_WINDOW_BOTH,
} ObaAccessWindowFormat;

/** @language: "az", "ru" or "en", chosen to begin with */
ObaAccessWindow *oba_access_window_new       (GtkWindow *parent, ObaSession *session, gint64 customer_id, const char *language);
/** "form", "running", "done", "failed" */
const char      *oba_access_window_get_shown (ObaAccessWindow *self);
/** As if @path was chosen: the file, or for both formats the folder. */
void             oba_access_window_start     (ObaAccessWindow *self, const char *path);

G_END_DECLS
