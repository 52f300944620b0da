#include "oba-config.h"
#include "oba-api-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "db/oba-db-sql.h"
#include "http/oba-log.h"

#define TOKEN_SECONDS 900 /* how long a till that was taken out of use can go on */
#define MAX_FORM 4096
#define MAX_RECEIPT (1024 * 1024)    /* 10,000 lines are told how many there may be */
#define TILL_SCOPES OBA_API_SCOPE_CUSTOMERS_READ " " OBA_API_SCOPE_RECEIPTS_WRITE

/* What all routes share. */

static void
refuse_without_token (ObaHttpRequest *request)
{
  oba_http_request_set_header (request, "WWW-Authenticate", "Bearer realm=\"oba\"");
  oba_http_request_respond_problem (request, SOUP_STATUS_UNAUTHORIZED, "unauthorized",
                                    _ ("A valid bearer token is needed."));
}

gboolean
oba_api_may (ObaApi *self, ObaHttpRequest *request, const char *scope, char **subject)
{
  const char *header = oba_http_request_get_header (request, "Authorization");
  g_autofree char *whose = NULL;

  if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", 7) != 0)
    {
      refuse_without_token (request);
      return FALSE;
    }
  switch (oba_api_token_check (self->keys, header + 7, scope, &whose))
    {
    case OBA_API_TOKEN_GOOD:
      if (subject != NULL)
        *subject = g_steal_pointer (&whose);
      return TRUE;
    case OBA_API_TOKEN_SCOPE:
      oba_http_request_respond_problem (request, SOUP_STATUS_FORBIDDEN, "forbidden",
                                        _ ("This token does not allow it."));
      return FALSE;
    case OBA_API_TOKEN_BAD:
    default:
      refuse_without_token (request);
      return FALSE;
    }
}

void
oba_api_refuse_database (ObaHttpRequest *request, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  oba_log (OBA_LOG_WARNING, "api", "id", oba_http_request_get_id (request), "why", error->message, NULL);
  oba_http_request_set_header (request, "Retry-After", "5");
  oba_http_request_respond_problem (request, SOUP_STATUS_SERVICE_UNAVAILABLE, "unavailable",
                                    _ ("The database cannot be reached at the moment. Please try again."));
}

/* GET /api/customers/{id} */

static gboolean
parse_id (const char *text, gint64 *id)
{
  return text != NULL && strlen (text) <= 19 && g_ascii_isdigit (text[0]) &&
         g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, id, NULL);
}

static gboolean
is_known_to_client (ObaHttpRequest *request, const char *tag)
{
  const char *known = oba_http_request_get_header (request, "If-None-Match");

  return known != NULL && (strcmp (known, "*") == 0 || strstr (known, tag) != NULL);
}

static void
respond_document (ObaHttpRequest *request, const char *text)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  char tag[35];

  g_snprintf (tag, sizeof tag, "\"%.32s\"", sum);
  oba_http_request_set_header (request, "ETag", tag);
  oba_http_request_set_header (request, "Cache-Control", "private, no-cache");
  if (is_known_to_client (request, tag))
    oba_http_request_respond (request, SOUP_STATUS_NOT_MODIFIED, NULL, NULL);
  else
    oba_http_request_respond_text (request, SOUP_STATUS_OK, "application/json", text);
}

static void
customer_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaHttpRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_api_refuse_database (request, error);
  else if (oba_db_result_get_n_rows (rows) == 0)
    oba_http_request_respond_problem (request, SOUP_STATUS_NOT_FOUND, "not-found", _ ("There is no such customer."));
  else
    respond_document (request, oba_db_result_get_text (rows, 0, 0));
}

static void
get_customer (ObaHttpRequest *request, gpointer user_data)
{
  ObaApi *self = user_data;
  g_autoptr (ObaDbParams) params = NULL;
  gint64 id;

  if (!oba_api_may (self, request, OBA_API_SCOPE_CUSTOMERS_READ, NULL))
    return;
  if (!parse_id (oba_http_request_get_parameter (request), &id))
    {
      oba_http_request_respond_problem (request, SOUP_STATUS_NOT_FOUND, "not-found", _ ("There is no such customer."));
      return;
    }
  params = oba_db_params_build ("i", id);
  oba_db_pool_read_async (self->pool, self->customer_sql, params, oba_http_request_get_cancellable (request),
                          customer_read, g_object_ref (request));
}

/* POST /api/token */

typedef struct
{
  ObaApi *self;
  ObaHttpRequest *request;
  char *client_id;
} Login;

static void
login_free (Login *login)
{
  g_object_unref (login->request);
  g_free (login->client_id);
  g_free (login);
}

static void
respond_token (Login *login)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *token =
      oba_api_token_sign (login->self->keys, login->client_id, TILL_SCOPES, TOKEN_SECONDS, &error);
  g_autofree char *text = NULL;

  if (token == NULL)
    {
      oba_log (OBA_LOG_ERROR, "api", "what", "no key signs tokens", NULL);
      oba_http_request_respond_problem (login->request, SOUP_STATUS_SERVICE_UNAVAILABLE, "unavailable", NULL);
      return;
    }
  text = g_strdup_printf ("{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d,\"scope\":\"%s\"}",
                          token, TOKEN_SECONDS, TILL_SCOPES);
  oba_http_request_respond_text (login->request, SOUP_STATUS_OK, "application/json", text);
}

static void
refuse_login (ObaHttpRequest *request)
{
  oba_http_request_set_header (request, "WWW-Authenticate", "Basic realm=\"oba\"");
  oba_http_request_respond_problem (request, SOUP_STATUS_UNAUTHORIZED, "invalid-client",
                                    _ ("This client id and key are not known."));
}

static void
till_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Login *login = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_api_refuse_database (login->request, error);
  else if (oba_db_result_get_n_rows (rows) == 0)
    refuse_login (login->request);
  else
    respond_token (login);
  login_free (login);
}

/* "Basic base64 (client_id:key)": the way RFC 6749 has every server take them. */
static gboolean
read_credentials (ObaHttpRequest *request, char **client_id, char **key)
{
  const char *header = oba_http_request_get_header (request, "Authorization");
  g_autofree guchar *decoded = NULL;
  g_autofree char *text = NULL;
  char *colon;
  gsize length;

  if (header == NULL || g_ascii_strncasecmp (header, "Basic ", 6) != 0 || strlen (header) > 1024)
    return FALSE;
  decoded = g_base64_decode (header + 6, &length);
  text = g_strndup ((const char *) decoded, length);
  colon = strchr (text, ':');
  if (strlen (text) != length || !g_utf8_validate (text, -1, NULL) || colon == NULL)
    return FALSE;
  *client_id = g_strndup (text, (gsize) (colon - text));
  *key = g_strdup (colon + 1);
  return TRUE;
}

static gboolean
asks_for_client_credentials (ObaHttpRequest *request)
{
  g_autoptr (GBytes) body = oba_http_request_get_body (request);
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  g_autofree char *text = g_strndup (data != NULL ? data : "", length);
  g_autoptr (GHashTable) form = soup_form_decode (text);

  return g_strcmp0 (g_hash_table_lookup (form, "grant_type"), "client_credentials") == 0;
}

static void
post_token (ObaHttpRequest *request, gpointer user_data)
{
  ObaApi *self = user_data;
  g_autofree char *client_id = NULL;
  g_autofree char *key = NULL;
  g_autoptr (ObaDbParams) params = NULL;
  Login *login;

  if (!asks_for_client_credentials (request))
    {
      oba_http_request_respond_problem (request, SOUP_STATUS_BAD_REQUEST, "unsupported-grant-type",
                                        _ ("grant_type=client_credentials is what can be asked for."));
      return;
    }
  if (!read_credentials (request, &client_id, &key))
    {
      refuse_login (request);
      return;
    }
  params = oba_db_params_build ("tt", client_id, key);
  login = g_new0 (Login, 1);
  login->self = self;
  login->request = g_object_ref (request);
  login->client_id = g_steal_pointer (&client_id);
  oba_db_pool_read_async (self->pool, oba_db_sql ("api/till.sql"), params, oba_http_request_get_cancellable (request),
                          till_read, login);
}

ObaApi *
oba_api_new (ObaDbPool *pool, ObaApiKeys *keys)
{
  ObaApi *self = g_new0 (ObaApi, 1);

  self->pool = g_object_ref (pool);
  self->keys = keys;
  self->customer_sql = oba_db_sql ("api/customer.sql");
  self->receipt_sql = oba_db_sql ("api/receipt.sql");
  self->return_sql = oba_db_sql ("api/return.sql");
  self->quote_sql = oba_db_sql ("api/quote.sql");
  return self;
}

void
oba_api_free (ObaApi *self)
{
  g_object_unref (self->pool);
  oba_api_keys_free (self->keys);
  g_free (self);
}

void
oba_api_add_routes (ObaApi *self, ObaHttpServer *server)
{
  const ObaHttpRoute routes[] = {
    { "GET", "/api/customers/{id}", "customer", 0, OBA_HTTP_ROUTE_DEFAULT, get_customer, self },
    { "POST", "/api/receipts", "receipt", MAX_RECEIPT, OBA_HTTP_ROUTE_DEFAULT, oba_api_post_receipt, self },
    { "POST", "/api/returns", "return", MAX_RECEIPT, OBA_HTTP_ROUTE_DEFAULT, oba_api_post_return, self },
    { "POST", "/api/points/quote", "quote", MAX_FORM, OBA_HTTP_ROUTE_DEFAULT, oba_api_post_quote, self },
    { "POST", "/api/redemptions", "redemption", MAX_FORM, OBA_HTTP_ROUTE_DEFAULT, oba_api_post_redemption, self },
    { "POST", "/api/vouchers/check", "voucher-check", MAX_FORM, OBA_HTTP_ROUTE_DEFAULT, oba_api_check_voucher, self },
    { "POST", "/api/vouchers/use", "voucher-use", MAX_FORM, OBA_HTTP_ROUTE_DEFAULT, oba_api_use_voucher, self },
    { "POST", "/api/token", "token", MAX_FORM, OBA_HTTP_ROUTE_DEFAULT, post_token, self },
  };

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    oba_http_server_add_route (server, &routes[i]);
}
