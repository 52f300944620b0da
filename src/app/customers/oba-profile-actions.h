#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Installs on the class of ObaProfileView: profile.set-consent, profile.card-…, profile.unlink-telegram, profile.copy-…. */
void oba_profile_actions_install (GtkWidgetClass *widget_class);

G_END_DECLS
