#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * oba_phone_normalize:
 *
 * The one place that makes E.164 of what people type: "050 123 45 67", "+994 (50) 123-45-67", "994501234567",
 * "00994501234567", "501234567". National numbers are Azerbaijani. Others need their country code.
 * Returns: (transfer full) (nullable): "+994501234567", or NULL and OBA_ERROR_INVALID_INPUT
 */
char *oba_phone_normalize (const char *text, GError **error);

/** "+994501234567" -> "+994 50 123 45 67"; other countries are grouped by three. (transfer full) */
char *oba_phone_format    (const char *e164);

G_END_DECLS
