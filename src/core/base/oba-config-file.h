#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ObaConfigFile: the helper's GKeyFile (see data/helper.conf for every key).
 * Looked for at @path, else $XDG_CONFIG_HOME/oba/helper.conf, else /etc/oba/helper.conf; a missing default is an empty configuration,
 * a missing @path an error.
 */
#define OBA_TYPE_CONFIG_FILE (oba_config_file_get_type ())
G_DECLARE_FINAL_TYPE (ObaConfigFile, oba_config_file, OBA, CONFIG_FILE, GObject)

ObaConfigFile *oba_config_file_load       (const char *path, GError **error);
const char    *oba_config_file_get_path   (ObaConfigFile *self);                     /* (nullable) */
char          *oba_config_file_get_string (ObaConfigFile *self, const char *group, const char *key, const char *fallback);
gint64         oba_config_file_get_int    (ObaConfigFile *self, const char *group, const char *key, gint64 fallback);

/**
 * oba_config_file_read_secret:
 *
 * A secret named @credential: $CREDENTIALS_DIRECTORY/@credential first, else the file that @group/@key names. Trailing white space goes.
 * Returns: (transfer full) (nullable): NULL without error when nothing is configured
 */
char          *oba_config_file_read_secret (ObaConfigFile *self, const char *credential, const char *group, const char *key, GError **error);

G_END_DECLS
