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

/** The kinds of update there are: the names of Update's fields but update_id. (transfer full) */
char                    **oba_telegram_specification_kinds      (ObaTelegramSpecification *self);
/** What a field of Update holds, of the kind @kind, with all that is required, and what is optional down to @depth. Chats and people have the number @id, chats are private. (transfer full) */
JsonNode                 *oba_telegram_specification_make       (ObaTelegramSpecification *self, const char *kind, guint depth, gint64 id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTelegramSpecification, oba_telegram_specification_free)

G_END_DECLS
