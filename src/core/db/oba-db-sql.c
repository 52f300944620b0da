#include "oba-db-sql.h"

#include <gio/gio.h>

const char *
oba_db_sql (const char *name)
{
  g_autofree char *path = g_strconcat ("/az/oba/", name, NULL);
  g_autoptr (GBytes) bytes = NULL;
  guint32 flags = 0;

  if (!g_resources_get_info (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, &flags, NULL))
    g_error ("oba_db_sql: no resource %s", path);
  /* A compressed resource is unpacked into memory of its own; a plain one is part of the program and ends with a NUL.
   */
  g_assert ((flags & G_RESOURCE_FLAGS_COMPRESSED) == 0);
  bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  return g_bytes_get_data (bytes, NULL);
}
