#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** What a person types about the central database, without the password. */
typedef enum
{
  OBA_TLS_VERIFY_FULL,
  OBA_TLS_VERIFY_CA,
  OBA_TLS_REQUIRE,
  OBA_TLS_PREFER,
  OBA_TLS_DISABLE,
} ObaTlsMode;

typedef struct
{
  char      *host;
  guint      port;
  char      *database;
  char      *user;
  ObaTlsMode tls_mode;
  char      *ca_file;     /* "": the system's authorities */
  gboolean   remember;
} ObaConnectionSettings;

ObaConnectionSettings *oba_connection_settings_load          (GSettings *settings);
void                   oba_connection_settings_save          (const ObaConnectionSettings *self, GSettings *settings);
void                   oba_connection_settings_free          (ObaConnectionSettings *self);

/** libpq's connection string; @password (nullable). (transfer full) */
char                  *oba_connection_settings_to_conninfo   (const ObaConnectionSettings *self, const char *password);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaConnectionSettings, oba_connection_settings_free)

G_END_DECLS
