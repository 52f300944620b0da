#include "oba-connection-settings.h"

#include "db/oba-db-conninfo.h"

static const char *const sslmodes[] = { "verify-full", "verify-ca", "require", "prefer", "disable" };

ObaConnectionSettings *
oba_connection_settings_load (GSettings *settings)
{
  ObaConnectionSettings *self = g_new0 (ObaConnectionSettings, 1);

  self->host = g_settings_get_string (settings, "host");
  self->port = g_settings_get_uint (settings, "port");
  self->database = g_settings_get_string (settings, "database");
  self->user = g_settings_get_string (settings, "user");
  self->tls_mode = g_settings_get_enum (settings, "tls-mode");
  self->ca_file = g_settings_get_string (settings, "ca-file");
  self->remember = g_settings_get_boolean (settings, "remember-password");
  return self;
}

void
oba_connection_settings_save (const ObaConnectionSettings *self, GSettings *settings)
{
  g_settings_set_string (settings, "host", self->host);
  g_settings_set_uint (settings, "port", self->port);
  g_settings_set_string (settings, "database", self->database);
  g_settings_set_string (settings, "user", self->user);
  g_settings_set_enum (settings, "tls-mode", (int) self->tls_mode);
  g_settings_set_string (settings, "ca-file", self->ca_file);
  g_settings_set_boolean (settings, "remember-password", self->remember);
}

void
oba_connection_settings_free (ObaConnectionSettings *self)
{
  g_free (self->host);
  g_free (self->database);
  g_free (self->user);
  g_free (self->ca_file);
  g_free (self);
}

/* libpq looks for ~/.postgresql/root.crt and fails without it; the system's bundle is what people expect. libpq 15 has no sslrootcert=system. */
static const char *
system_authorities (void)
{
  static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bundles); i++)
    if (g_file_test (bundles[i], G_FILE_TEST_IS_REGULAR))
      return bundles[i];
  return NULL;
}

static char *
root_certificate (const ObaConnectionSettings *self)
{
  g_autofree char *personal = g_build_filename (g_get_home_dir (), ".postgresql", "root.crt", NULL);

  if (self->tls_mode > OBA_TLS_VERIFY_CA)
    return NULL;
  if (*self->ca_file != '\0')
    return g_strdup (self->ca_file);
  if (g_file_test (personal, G_FILE_TEST_IS_REGULAR))
    return NULL;
  return g_strdup (system_authorities ());
}

char *
oba_connection_settings_to_conninfo (const ObaConnectionSettings *self, const char *password)
{
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  g_autofree char *root = root_certificate (self);

  return oba_db_conninfo_build ("host", self->host, "port", port, "dbname", self->database, "user", self->user, "password", password,
                                "sslmode", sslmodes[self->tls_mode], "sslrootcert", root, NULL);
}
