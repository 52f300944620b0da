#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define OBA_JSON_MAX_DEPTH 64

/**
 * oba_json_guard_parse: a JSON object from outside, refused before json-glib sees it when it is not valid UTF-8 or
 * nested deeper than OBA_JSON_MAX_DEPTH (json-glib recurses). Escapes that a database cannot keep, \u0000 and half of
 * a surrogate pair, become U+FFFD.
 * @text: (out) (transfer full): the JSON as it may be stored as jsonb
 * Returns: (transfer full) (nullable): a node that holds an object; NULL with OBA_ERROR_INVALID_INPUT
 */
JsonNode *oba_json_guard_parse (const char *data, gsize length, char **text, GError **error);

G_END_DECLS
