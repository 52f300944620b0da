#include "oba-log.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define MAX_VALUE 400

static const char *
level_name (ObaLogLevel level)
{
  switch (level)
    {
    case OBA_LOG_ERROR:
      return "error";
    case OBA_LOG_WARNING:
      return "warning";
    case OBA_LOG_INFO:
    default:
      return "info";
    }
}

static void
append_value (GString *line, const char *value)
{
  gsize length = strlen (value);

  g_string_append_c (line, '"');
  for (gsize i = 0; i < length && i < MAX_VALUE; i++)
    {
      guchar c = (guchar) value[i];

      if (c == '"' || c == '\\')
        g_string_append_c (line, '\\');
      g_string_append_c (line, c < ' ' || c == 0x7f ? ' ' : (char) c);
    }
  g_string_append_c (line, '"');
}

static gboolean
is_plain (const char *value)
{
  return *value != '\0' && strlen (value) < MAX_VALUE &&
         value[strspn (value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:")] == '\0';
}

static void
append_pairs (GString *line, va_list pairs)
{
  const char *key;

  while ((key = va_arg (pairs, const char *)) != NULL)
    {
      const char *value = va_arg (pairs, const char *);

      if (value == NULL)
        continue;
      g_string_append_printf (line, " %s=", key);
      if (is_plain (value))
        g_string_append (line, value);
      else
        append_value (line, value);
    }
}

void
oba_log (ObaLogLevel level, const char *event, ...)
{
  g_autoptr (GString) line = g_string_sized_new (160);
  va_list pairs;

  /* Under systemd the journal stamps the line and takes the priority from its beginning. */
  if (g_getenv ("JOURNAL_STREAM") != NULL)
    g_string_append_printf (line, "<%d>", level);
  else
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
      g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");

      g_string_append_printf (line, "time=%s.%03dZ ", stamp, g_date_time_get_microsecond (now) / 1000);
    }
  g_string_append_printf (line, "level=%s event=%s", level_name (level), event);

  va_start (pairs, event);
  append_pairs (line, pairs);
  va_end (pairs);
  g_string_append_c (line, '\n');

  /* One write a line: lines of several processes do not mix. A full pipe must not stop the service. */
  if (write (STDERR_FILENO, line->str, line->len) < 0)
    return;
}
