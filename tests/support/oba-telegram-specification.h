#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ObaTelegramSpecification: the Bot API as a machine-readable specification (methods and types with their fields), where a developer has it beside the project;
 * it is not part of it.
 */
typedef struct _ObaTelegramSpecification ObaTelegramSpecification;

/** $OBA_TELEGRAM_SPECIFICATION, else ../shared/telegram/api.json.gz beside the project. (nullable): it is not there */
ObaTelegramSpecification *oba_telegram_specification_load       (void);
void                      oba_telegram_specification_free       (ObaTelegramSpecification *self);
/** Checks a call: the method, unknown and missing fields, types to any depth, the kinds of a message. Returns: (transfer full) (nullable): what is wrong */
char                     *oba_telegram_specification_find_fault (ObaTelegramSpecification *self, const char *method, JsonObject *parameters);

G_END_DECLS
