#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ObaApiKeys: the keys that sign and check bearer tokens (JWT), one file a key, the newest first, by name:
 *   NAME.hs256       a line of at least 32 characters: HMAC with SHA-256
 *   NAME.rs256.pem   RSA; NAME.es256.pem: ECDSA P-256. A private key signs and checks, a public key checks.
 * The file's name says the only algorithm that its key may be used with, whatever a token claims. NAME is the token's
 * "kid".
 */
typedef struct _ObaApiKeys ObaApiKeys;

/**
 * "jwt_…" in $CREDENTIALS_DIRECTORY first, else the files of @directory (nullable). No file at all is no error: then
 * no token is right.
 */
ObaApiKeys *oba_api_keys_load   (const char *directory, GError **error);
void        oba_api_keys_free   (ObaApiKeys *self);
guint       oba_api_keys_get_n  (ObaApiKeys *self);
/** Makes a new HS256 key in @directory (made too, mode 0700). Returns: FALSE with @error */
gboolean    oba_api_keys_create (const char *directory, GError **error);

/** What a token allows. */
#define OBA_API_SCOPE_CUSTOMERS_READ "customers:read"
#define OBA_API_SCOPE_RECEIPTS_WRITE "receipts:write"

/**
 * oba_api_token_sign: a token for @subject with @scope (words divided by spaces), good for @seconds, by the newest key
 * that can sign.
 * Returns: (transfer full) (nullable): NULL with OBA_ERROR_CONFIGURATION when no key can sign
 */
char       *oba_api_token_sign  (ObaApiKeys *self, const char *subject, const char *scope, gint64 seconds, GError **error);

typedef enum
{
  OBA_API_TOKEN_GOOD,
  OBA_API_TOKEN_BAD,       /* not ours, expired, not yet valid, for somebody else */
  OBA_API_TOKEN_SCOPE,     /* ours, but it does not allow this */
} ObaApiTokenVerdict;

/** @scope: one word; @subject: (out) (nullable) (transfer full): when good */
ObaApiTokenVerdict oba_api_token_check (ObaApiKeys *self, const char *token, const char *scope, char **subject);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaApiKeys, oba_api_keys_free)

G_END_DECLS
