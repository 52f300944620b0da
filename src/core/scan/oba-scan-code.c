#include "oba-scan-code.h"

#include <string.h>

#define FISCAL_HOST "e-kassa.gov.az"

static ObaScanCode *
code_new (ObaScanCodeKind kind, const char *value, const char *bot)
{
  ObaScanCode *self = g_new0 (ObaScanCode, 1);

  self->kind = kind;
  self->value = g_strdup (value);
  self->bot = g_strdup (bot);
  return self;
}

static gboolean
is_host (const char *host, const char *name)
{
  gsize rest = strlen (host) - MIN (strlen (name), strlen (host));

  return g_ascii_strcasecmp (host + rest, name) == 0 && (rest == 0 || host[rest - 1] == '.');
}

/* Of "…?name=value&…". Returns: (transfer full) (nullable): NULL, too, when it is empty */
static char *
find_parameter (const char *text, const char *name)
{
  const char *query = text != NULL ? strchr (text, '?') : NULL;
  g_autoptr (GHashTable) parameters = g_uri_parse_params (query != NULL ? query + 1 : text != NULL ? text : "", -1, "&", G_URI_PARAMS_NONE, NULL);
  const char *value = parameters != NULL ? g_hash_table_lookup (parameters, name) : NULL;

  return value != NULL && *value != '\0' ? g_strdup (value) : NULL;
}

static ObaScanCode *
parse_telegram (GUri *uri)
{
  g_autofree char *payload = find_parameter (g_uri_get_query (uri), "start");
  g_autofree char *domain = find_parameter (g_uri_get_query (uri), "domain");
  const char *host = g_uri_get_host (uri), *path = g_uri_get_path (uri);

  if (payload == NULL)
    return NULL;
  if (g_str_equal (g_uri_get_scheme (uri), "tg"))
    return g_strcmp0 (host, "resolve") == 0 && domain != NULL ? code_new (OBA_SCAN_CODE_START, payload, domain) : NULL;
  if (host != NULL && (is_host (host, "t.me") || is_host (host, "telegram.me")) && path[0] == '/' && path[1] != '\0' && strchr (path + 1, '/') == NULL)
    return code_new (OBA_SCAN_CODE_START, payload, path + 1);
  return NULL;
}

/* "https://monitoring.e-kassa.gov.az/#/index?doc=ID" */
static ObaScanCode *
parse_fiscal (GUri *uri)
{
  const char *host = g_uri_get_host (uri);
  g_autofree char *id = NULL;

  if (host == NULL || !is_host (host, FISCAL_HOST))
    return NULL;
  id = find_parameter (g_uri_get_query (uri), "doc");
  if (id == NULL)
    id = find_parameter (g_uri_get_fragment (uri), "doc");
  return id != NULL ? code_new (OBA_SCAN_CODE_FISCAL, id, NULL) : NULL;
}

ObaScanCode *
oba_scan_code_parse (const char *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autoptr (GUri) uri = g_uri_parse (trimmed, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_ENCODED, NULL);
  ObaScanCode *code = uri != NULL ? parse_telegram (uri) : NULL;

  if (code == NULL && uri != NULL)
    code = parse_fiscal (uri);
  return code != NULL ? code : code_new (OBA_SCAN_CODE_PLAIN, trimmed, NULL);
}

void
oba_scan_code_free (ObaScanCode *self)
{
  g_free (self->value);
  g_free (self->bot);
  g_free (self);
}

const char *
oba_scan_code_get_kind (const ObaScanCode *self)
{
  static const char *const kinds[] = { "plain", "start", "fiscal" };

  return kinds[self->kind];
}
