#include "oba-config.h"
#include "oba-json-guard.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, why);
  return FALSE;
}

/* Counts brackets outside strings, without recursion. */
static gboolean
check_depth (const char *data, gsize length, GError **error)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      char c = data[i];

      if (in_string)
        {
          if (c == '\\')
            i++;
          else if (c == '"')
            in_string = FALSE;
        }
      else if (c == '"')
        in_string = TRUE;
      else if (c == '{' || c == '[')
        {
          if (++depth > OBA_JSON_MAX_DEPTH)
            return refuse (error, _ ("The JSON is nested too deeply."));
        }
      else if ((c == '}' || c == ']') && depth > 0)
        depth--;
      /* json-glib's scanner takes comments and other quotes; brackets within would not be counted as it counts them. */
      else if (c == '/' || c == '\'' || c == '#')
        return refuse (error, _ ("This is not JSON."));
    }
  return TRUE;
}

static gboolean
read_escape (const char *at, const char *end, guint *code)
{
  guint value = 0;

  if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
    return FALSE;
  for (int i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (at[i]))
        return FALSE;
      value = value * 16 + (guint) g_ascii_xdigit_value (at[i]);
    }
  *code = value;
  return TRUE;
}

static char *
mend_escapes (const char *data, gsize length)
{
  GString *out = g_string_sized_new (length);
  const char *end = data + length;
  const char *at = data;
  guint code, low;

  while (at < end)
    {
      if (*at != '\\' || end - at < 2)
        g_string_append_c (out, *at++);
      else if (!read_escape (at, end, &code))
        {
          g_string_append_len (out, at, 2);
          at += 2;
        }
      else if (code >= 0xd800 && code <= 0xdbff && read_escape (at + 6, end, &low) && low >= 0xdc00 && low <= 0xdfff)
        {
          g_string_append_len (out, at, 12);
          at += 12;
        }
      else
        {
          if (code == 0 || (code >= 0xd800 && code <= 0xdfff))
            g_string_append (out, "\\ufffd");
          else
            g_string_append_len (out, at, 6);
          at += 6;
        }
    }
  return g_string_free (out, FALSE);
}

JsonNode *
oba_json_guard_parse (const char *data, gsize length, char **text, GError **error)
{
  g_autofree char *mended = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (!g_utf8_validate (data, (gssize) length, NULL))
    {
      refuse (error, _ ("The body is not valid UTF-8."));
      return NULL;
    }
  if (!check_depth (data, length, error))
    return NULL;
  mended = mend_escapes (data, length);
  node = json_from_string (mended, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      refuse (error, node == NULL ? _ ("This is not JSON.") : _ ("This is JSON, but not an object: it begins with “{”."));
      return NULL;
    }
  *text = g_steal_pointer (&mended);
  return g_steal_pointer (&node);
}
