#include "oba-config.h"
#include "oba-password.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"

#define ITERATIONS 4096   /* PostgreSQL's own number */
#define SALT_BYTES 16
#define HASH_BYTES 32
#define SHORTEST 10
#define LONGEST 200

static void
fill_random (guint8 *bytes, gsize length)
{
  /* Up to 256 bytes are given whole; a computer without them cannot keep a secret. */
  if (getrandom (bytes, length, 0) != (gssize) length)
    g_error ("getrandom: %s", g_strerror (errno));
}

char *
oba_password_generate (void)
{
  static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  const guint n = sizeof alphabet - 1;
  char password[21] = { 0 };
  gsize length = 0;

  while (length < sizeof password - 1)
    {
      guint8 byte;

      fill_random (&byte, 1);
      /* Dropping the last uneven part of the bytes keeps all letters equally likely. */
      if (byte < 256 / n * n)
        password[length++] = alphabet[byte % n];
    }
  return g_strdup (password);
}

gboolean
oba_password_check (const char *password, GError **error)
{
  gsize length = strlen (password);

  if (length < SHORTEST || length > LONGEST)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("A password has %d to %d characters."), SHORTEST, LONGEST);
      return FALSE;
    }
  for (const char *p = password; *p != '\0'; p++)
    if (!g_ascii_isprint (*p))
      {
        g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                     _("A password is made of Latin letters without accents, digits, signs and spaces, so that it can be typed on every keyboard."));
        return FALSE;
      }
  return TRUE;
}

static void
hmac (const guint8 *key, gsize key_length, const void *data, gsize length, guint8 digest[HASH_BYTES])
{
  g_autoptr (GHmac) mac = g_hmac_new (G_CHECKSUM_SHA256, key, key_length);
  gsize digest_length = HASH_BYTES;

  g_hmac_update (mac, data, (gssize) length);
  g_hmac_get_digest (mac, digest, &digest_length);
}

/* RFC 5802's Hi(): PBKDF2 with one block */
static void
salt_password (const char *password, const guint8 *salt, guint8 salted[HASH_BYTES])
{
  const guint8 *key = (const guint8 *) password;
  gsize key_length = strlen (password);
  guint8 block[SALT_BYTES + 4] = { 0 };
  guint8 previous[HASH_BYTES], next[HASH_BYTES];

  memcpy (block, salt, SALT_BYTES);
  block[SALT_BYTES + 3] = 1;
  hmac (key, key_length, block, sizeof block, previous);
  memcpy (salted, previous, HASH_BYTES);
  for (guint i = 1; i < ITERATIONS; i++)
    {
      hmac (key, key_length, previous, HASH_BYTES, next);
      for (guint b = 0; b < HASH_BYTES; b++)
        salted[b] ^= next[b];
      memcpy (previous, next, HASH_BYTES);
    }
}

char *
oba_password_make_verifier (const char *password, const guint8 *salt)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *salt_text = NULL;
  g_autofree char *stored_text = NULL;
  g_autofree char *server_text = NULL;
  guint8 made_salt[SALT_BYTES], salted[HASH_BYTES], client_key[HASH_BYTES], stored_key[HASH_BYTES], server_key[HASH_BYTES];
  gsize length = HASH_BYTES;

  if (salt == NULL)
    fill_random (made_salt, SALT_BYTES);
  else
    memcpy (made_salt, salt, SALT_BYTES);
  salt_password (password, made_salt, salted);
  hmac (salted, HASH_BYTES, "Client Key", strlen ("Client Key"), client_key);
  hmac (salted, HASH_BYTES, "Server Key", strlen ("Server Key"), server_key);
  g_checksum_update (checksum, client_key, HASH_BYTES);
  g_checksum_get_digest (checksum, stored_key, &length);

  salt_text = g_base64_encode (made_salt, SALT_BYTES);
  stored_text = g_base64_encode (stored_key, HASH_BYTES);
  server_text = g_base64_encode (server_key, HASH_BYTES);

  return g_strdup_printf ("SCRAM-SHA-256$%d:%s$%s:%s", ITERATIONS, salt_text, stored_text, server_text);
}
