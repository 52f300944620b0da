#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

#include "base/oba-catalogue.h"
#include "customers/oba-customer-choices.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * ObaBroadcastForm: a broadcast to be written: its name, whom it goes to, its text in each language, the button under it, and when it begins. What cannot be is said beside its field.
 *
 * Signals: "changed": something was typed or chosen, or another language is looked at.
 */
#define OBA_TYPE_BROADCAST_FORM (oba_broadcast_form_get_type ())
G_DECLARE_FINAL_TYPE (ObaBroadcastForm, oba_broadcast_form, OBA, BROADCAST_FORM, GtkBox)

GtkWidget  *oba_broadcast_form_new          (ObaDbPool *pool);
/** What conditions are called. */
void        oba_broadcast_form_set_choices  (ObaBroadcastForm *self, ObaCustomerChoices *choices);
/** @broadcast: as oba_broadcasts_read_async() has it */
void        oba_broadcast_form_set          (ObaBroadcastForm *self, JsonObject *broadcast);
void        oba_broadcast_form_set_editable (ObaBroadcastForm *self, gboolean editable);
/** What was typed, as "save_broadcast" takes it: {"name", "filter", "az", "ru", "en", "button", "start_at"}. @good: (out) (optional): FALSE: something is wrong, and is said. (transfer full) */
JsonObject *oba_broadcast_form_read         (ObaBroadcastForm *self, gboolean *good);
ObaLanguage oba_broadcast_form_get_language (ObaBroadcastForm *self);

/* For tests: "name", "az", "ru", "en", "label_az", "label_ru", "label_en", "url", "day", "time". (nullable) */
GtkWidget  *oba_broadcast_form_get_control  (ObaBroadcastForm *self, const char *name);
const char *oba_broadcast_form_get_problem  (ObaBroadcastForm *self, const char *name);
const char *oba_broadcast_form_get_note     (ObaBroadcastForm *self, const char *name);
void        oba_broadcast_form_show         (ObaBroadcastForm *self, ObaLanguage language);

G_END_DECLS
