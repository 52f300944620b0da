#include "oba-config.h"
#include "oba-api-token.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <jwt.h>

#include "base/oba-error.h"

#define ISSUER "oba"
#define AUDIENCE "oba-api"
#define MAX_TOKEN 4096
#define MAX_KNOWN 4096
#define MIN_SECRET 32
#define LEEWAY_SECONDS 30 /* between the clocks of two machines */

typedef struct
{
  char *id; /* the "kid" */
  jwt_alg_t algorithm;
  char *data;
  gsize length;
  gboolean signs;
} Key;

/* A token that was found to be ours. Its words do not change; only the clock has to be asked again. */
typedef struct
{
  char *subject;
  GStrv scopes;
  gint64 from;
  gint64 until;
} Known;

struct _ObaApiKeys
{
  GPtrArray *keys;   /* of Key, newest first */
  GHashTable *known; /* token -> Known: reading and verifying one costs more than all else in a request */
};

static const struct
{
  const char *suffix;
  jwt_alg_t algorithm;
} kinds[] = {
  { ".hs256", JWT_ALG_HS256 },
  { ".rs256.pem", JWT_ALG_RS256 },
  { ".es256.pem", JWT_ALG_ES256 },
};

typedef jwt_t Jwt;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Jwt, jwt_free)

static void
key_free (gpointer data)
{
  Key *key = data;

  g_free (key->id);
  g_free (key->data);
  g_free (key);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Key, key_free)

static void
known_free (gpointer data)
{
  Known *known = data;

  g_free (known->subject);
  g_strfreev (known->scopes);
  g_free (known);
}

/* Reading keys. */

static gboolean
refuse_key (GError **error, const char *path, const char *why)
{
  g_set_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION, _ ("The key %s cannot be used: %s"), path, why);
  return FALSE;
}

static gboolean
read_key (ObaApiKeys *self, const char *path, const char *name, GError **error)
{
  g_autoptr (Key) key = g_new0 (Key, 1);
  g_autoptr (GError) local_error = NULL;
  GStatBuf info;
  gsize kind = 0;

  while (kind < G_N_ELEMENTS (kinds) && !g_str_has_suffix (name, kinds[kind].suffix))
    kind++;
  if (kind == G_N_ELEMENTS (kinds))
    return TRUE; /* a README, say */
  if (g_stat (path, &info) != 0)
    return refuse_key (error, path, g_strerror (errno));
  if ((info.st_mode & 0007) != 0)
    return refuse_key (error, path, _ ("everybody on this machine may read it; take that right away (chmod o= FILE)."));
  if (!g_file_get_contents (path, &key->data, &key->length, &local_error))
    return refuse_key (error, path, local_error->message);

  key->algorithm = kinds[kind].algorithm;
  key->id = g_strndup (name, strlen (name) - strlen (kinds[kind].suffix));
  key->signs = strstr (key->data, "PRIVATE KEY") != NULL;
  if (key->algorithm == JWT_ALG_HS256)
    {
      key->length = strlen (g_strchomp (key->data));
      key->signs = TRUE;
      if (key->length < MIN_SECRET)
        return refuse_key (error, path, _ ("it must have at least 32 characters."));
    }
  g_ptr_array_add (self->keys, g_steal_pointer (&key));
  return TRUE;
}

static gint
compare_keys (gconstpointer a, gconstpointer b)
{
  const Key *left = *(Key *const *) a, *right = *(Key *const *) b;

  return -strcmp (left->id, right->id);
}

static gboolean
read_directory (ObaApiKeys *self, const char *directory, const char *prefix, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GDir) dir = g_dir_open (directory, 0, &local_error);
  const char *name;

  if (dir == NULL)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION, _ ("The keys of the API cannot be read: %s"),
                   local_error->message);
      return FALSE;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_str_has_prefix (name, prefix) && !read_key (self, path, name + strlen (prefix), error))
        return FALSE;
    }
  return TRUE;
}

ObaApiKeys *
oba_api_keys_load (const char *directory, GError **error)
{
  g_autoptr (ObaApiKeys) self = g_new0 (ObaApiKeys, 1);
  const char *credentials = g_getenv ("CREDENTIALS_DIRECTORY");

  self->keys = g_ptr_array_new_with_free_func (key_free);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
  if (credentials != NULL && !read_directory (self, credentials, "jwt_", error))
    return NULL;
  if (self->keys->len == 0 && directory != NULL && !read_directory (self, directory, "", error))
    return NULL;
  g_ptr_array_sort (self->keys, compare_keys);
  return g_steal_pointer (&self);
}

void
oba_api_keys_free (ObaApiKeys *self)
{
  g_ptr_array_unref (self->keys);
  g_hash_table_unref (self->known);
  g_free (self);
}

guint
oba_api_keys_get_n (ObaApiKeys *self)
{
  return self->keys->len;
}

gboolean
oba_api_keys_create (const char *directory, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *name = g_date_time_format (now, "%Y%m%dT%H%M%SZ.hs256");
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *text = NULL;
  guchar random[48];
  int from, to;
  gboolean done;

  if (g_mkdir_with_parents (directory, 0700) != 0)
    return refuse_key (error, directory, g_strerror (errno));
  from = g_open ("/dev/urandom", O_RDONLY | O_CLOEXEC, 0);
  if (from < 0 || read (from, random, sizeof random) != (gssize) sizeof random)
    {
      if (from >= 0)
        g_close (from, NULL);
      return refuse_key (error, path, g_strerror (errno));
    }
  g_close (from, NULL);
  text = g_base64_encode (random, sizeof random);
  to = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (to < 0)
    return refuse_key (error, path, g_strerror (errno));
  done = write (to, text, strlen (text)) == (gssize) strlen (text);
  return g_close (to, done ? error : NULL) && (done || refuse_key (error, path, g_strerror (errno)));
}

/* Signing. */

char *
oba_api_token_sign (ObaApiKeys *self, const char *subject, const char *scope, gint64 seconds, GError **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; i < self->keys->len; i++)
    {
      Key *key = g_ptr_array_index (self->keys, i);
      g_autoptr (Jwt) jwt = NULL;
      char *encoded = NULL;

      if (!key->signs || jwt_new (&jwt) != 0)
        continue;
      if (jwt_add_header (jwt, "kid", key->id) == 0 && jwt_add_grant (jwt, "iss", ISSUER) == 0 &&
          jwt_add_grant (jwt, "aud", AUDIENCE) == 0 && jwt_add_grant (jwt, "sub", subject) == 0 &&
          jwt_add_grant (jwt, "scope", scope) == 0 && jwt_add_grant_int (jwt, "iat", now) == 0 &&
          jwt_add_grant_int (jwt, "exp", now + seconds) == 0 &&
          jwt_set_alg (jwt, key->algorithm, (const guchar *) key->data, (int) key->length) == 0)
        encoded = jwt_encode_str (jwt);
      if (encoded != NULL)
        {
          char *token = g_strdup (encoded);

          free (encoded);
          return token;
        }
    }
  g_set_error_literal (
      error, OBA_ERROR, OBA_ERROR_CONFIGURATION,
      _ ("There is no key that can sign tokens. Put one into the directory that [api] keys_dir names."));
  return NULL;
}

/* Checking. */

static gboolean
may_be_used (Key *key, jwt_t *unverified)
{
  const char *id = jwt_get_header (unverified, "kid");
  const char *algorithm =
      jwt_get_header (unverified, "alg"); /* jwt_get_alg() says "none" of what was read without a key */

  return algorithm != NULL && jwt_str_alg (algorithm) == key->algorithm && (id == NULL || strcmp (id, key->id) == 0);
}

/* Returns: FALSE when the token names no end, or a time that is no number */
static gboolean
read_times (jwt_t *jwt, Known *known)
{
  errno = 0;
  known->until = jwt_get_grant_int (jwt, "exp");
  if (errno != 0)
    return FALSE;
  known->from = jwt_get_grant_int (jwt, "nbf");
  return errno == 0 || errno == ENOENT;
}

static gboolean
is_for_us (jwt_t *jwt)
{
  return g_strcmp0 (jwt_get_grant (jwt, "iss"), ISSUER) == 0 && g_strcmp0 (jwt_get_grant (jwt, "aud"), AUDIENCE) == 0 &&
         jwt_get_grant (jwt, "sub") != NULL;
}

static jwt_t *
verify (ObaApiKeys *self, const char *token)
{
  g_autoptr (Jwt) unverified = NULL;

  /* Only the header is believed, and only to find the key. */
  if (strlen (token) > MAX_TOKEN || jwt_decode (&unverified, token, NULL, 0) != 0)
    return NULL;
  for (guint i = 0; i < self->keys->len; i++)
    {
      Key *key = g_ptr_array_index (self->keys, i);
      g_autoptr (Jwt) jwt = NULL;

      if (may_be_used (key, unverified) &&
          jwt_decode (&jwt, token, (const guchar *) key->data, (int) key->length) == 0 &&
          jwt_get_alg (jwt) == key->algorithm)
        return g_steal_pointer (&jwt);
    }
  return NULL;
}

static Known *
learn (ObaApiKeys *self, const char *token)
{
  g_autoptr (Jwt) jwt = verify (self, token);
  Known times = { 0 };
  Known *known;
  const char *scope;

  if (jwt == NULL || !is_for_us (jwt) || !read_times (jwt, &times))
    return NULL;
  if (g_hash_table_size (self->known) >= MAX_KNOWN)
    g_hash_table_remove_all (self->known);
  known = g_memdup2 (&times, sizeof times);
  scope = jwt_get_grant (jwt, "scope");
  known->subject = g_strdup (jwt_get_grant (jwt, "sub"));
  known->scopes = g_strsplit (scope != NULL ? scope : "", " ", -1);
  g_hash_table_insert (self->known, g_strdup (token), known);
  return known;
}

ObaApiTokenVerdict
oba_api_token_check (ObaApiKeys *self, const char *token, const char *scope, char **subject)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  Known *known = g_hash_table_lookup (self->known, token);

  if (known == NULL)
    known = learn (self, token);
  if (known == NULL || now >= known->until || now < known->from - LEEWAY_SECONDS)
    return OBA_API_TOKEN_BAD;
  if (!g_strv_contains ((const char *const *) known->scopes, scope))
    return OBA_API_TOKEN_SCOPE;
  *subject = g_strdup (known->subject);
  return OBA_API_TOKEN_GOOD;
}
