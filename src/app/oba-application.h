#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define OBA_TYPE_APPLICATION (oba_application_get_type ())
G_DECLARE_FINAL_TYPE (ObaApplication, oba_application, OBA, APPLICATION, AdwApplication)

ObaApplication *oba_application_new (void);

G_END_DECLS
