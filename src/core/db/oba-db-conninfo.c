#include "oba-db-conninfo.h"

#include <stdarg.h>

/* libpq's own rule: single quotes around, a backslash before ' and \. */
static void
append_quoted (GString *string, const char *value)
{
  g_string_append_c (string, '\'');
  for (const char *p = value; *p != '\0'; p++)
    {
      if (*p == '\'' || *p == '\\')
        g_string_append_c (string, '\\');
      g_string_append_c (string, *p);
    }
  g_string_append_c (string, '\'');
}

char *
oba_db_conninfo_build (const char *first_keyword, ...)
{
  GString *string = g_string_new (NULL);
  va_list args;

  va_start (args, first_keyword);
  for (const char *keyword = first_keyword; keyword != NULL; keyword = va_arg (args, const char *))
    {
      const char *value = va_arg (args, const char *);

      if (value == NULL || *value == '\0')
        continue;
      if (string->len > 0)
        g_string_append_c (string, ' ');
      g_string_append (string, keyword);
      g_string_append_c (string, '=');
      append_quoted (string, value);
    }
  va_end (args);

  return g_string_free (string, FALSE);
}
