#include "oba-config-file.h"

#include <glib/gi18n-lib.h>

#include "oba-error.h"

#define SYSTEM_PATH "/etc/oba/helper.conf"

/* A secret is a line; a larger file was named by mistake. */
#define MAX_SECRET_BYTES (64 * 1024)

struct _ObaConfigFile
{
  GObject parent_instance;

  GKeyFile *keys;
  char *path;
};

G_DEFINE_FINAL_TYPE (ObaConfigFile, oba_config_file, G_TYPE_OBJECT)

static void
oba_config_file_finalize (GObject *object)
{
  ObaConfigFile *self = OBA_CONFIG_FILE (object);

  g_key_file_unref (self->keys);
  g_free (self->path);
  G_OBJECT_CLASS (oba_config_file_parent_class)->finalize (object);
}

static void
oba_config_file_class_init (ObaConfigFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_config_file_finalize;
}

static void
oba_config_file_init (ObaConfigFile *self)
{
  self->keys = g_key_file_new ();
}

static char *
find_default_path (void)
{
  g_autofree char *user_path = g_build_filename (g_get_user_config_dir (), "oba", "helper.conf", NULL);

  if (g_file_test (user_path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&user_path);
  return g_file_test (SYSTEM_PATH, G_FILE_TEST_EXISTS) ? g_strdup (SYSTEM_PATH) : NULL;
}

ObaConfigFile *
oba_config_file_load (const char *path, GError **error)
{
  g_autoptr (ObaConfigFile) self = g_object_new (OBA_TYPE_CONFIG_FILE, NULL);
  g_autoptr (GError) local_error = NULL;

  self->path = path != NULL ? g_strdup (path) : find_default_path ();
  if (self->path != NULL && !g_key_file_load_from_file (self->keys, self->path, G_KEY_FILE_NONE, &local_error))
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION, _("The configuration %s cannot be read: %s"), self->path,
                   local_error->message);
      return NULL;
    }
  return g_steal_pointer (&self);
}

const char *
oba_config_file_get_path (ObaConfigFile *self)
{
  g_return_val_if_fail (OBA_IS_CONFIG_FILE (self), NULL);

  return self->path;
}

char *
oba_config_file_get_string (ObaConfigFile *self, const char *group, const char *key, const char *fallback)
{
  g_autofree char *value = NULL;

  g_return_val_if_fail (OBA_IS_CONFIG_FILE (self), NULL);

  value = g_key_file_get_string (self->keys, group, key, NULL);
  if (value == NULL || *g_strstrip (value) == '\0')
    return g_strdup (fallback);
  return g_steal_pointer (&value);
}

gint64
oba_config_file_get_int (ObaConfigFile *self, const char *group, const char *key, gint64 fallback)
{
  g_autofree char *value = oba_config_file_get_string (self, group, key, NULL);
  g_autoptr (GError) error = NULL;
  gint64 number;

  if (value == NULL)
    return fallback;
  if (!g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &number, &error))
    {
      g_warning ("%s: [%s] %s=%s is not a number, %" G_GINT64_FORMAT " is used", self->path, group, key, value, fallback);
      return fallback;
    }
  return number;
}

static char *
find_secret_path (ObaConfigFile *self, const char *credential, const char *group, const char *key)
{
  const char *directory = g_getenv ("CREDENTIALS_DIRECTORY");

  if (directory != NULL)
    {
      g_autofree char *path = g_build_filename (directory, credential, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return oba_config_file_get_string (self, group, key, NULL);
}

char *
oba_config_file_read_secret (ObaConfigFile *self, const char *credential, const char *group, const char *key, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) local_error = NULL;
  gsize length;

  g_return_val_if_fail (OBA_IS_CONFIG_FILE (self), NULL);

  path = find_secret_path (self, credential, group, key);
  if (path == NULL)
    return NULL;
  if (!g_file_get_contents (path, &text, &length, &local_error))
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION, _("The secret “%s” cannot be read: %s"), credential, local_error->message);
      return NULL;
    }
  if (length > MAX_SECRET_BYTES || !g_utf8_validate (text, (gssize) length, NULL))
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION, _("The file %s does not look like a secret: it should hold one line of text"), path);
      return NULL;
    }
  g_strchomp (text);
  if (*text == '\0')
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_CONFIGURATION, _("The file %s, which should hold the secret “%s”, is empty"), path, credential);
      return NULL;
    }
  return g_steal_pointer (&text);
}
