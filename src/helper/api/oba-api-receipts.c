/* What tills send: receipts and returns. The database judges and books them, with points, tier and message, in one call each. */
#include "oba-config.h"
#include "oba-api-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "db/oba-db-error.h"
#include "db/oba-db-rules.h"
#include "http/oba-json-guard.h"

#define MAX_KEY 200

/* How the rules of the database are told to a till: "type" is a part of the contract. */
static const struct
{
  const char *code;
  guint status;
  const char *type;
} refusals[] = {
  { "OB001", SOUP_STATUS_BAD_REQUEST, "malformed" },
  { "OB002", SOUP_STATUS_UNPROCESSABLE_ENTITY, "unknown-reference" },
  { "OB004", SOUP_STATUS_CONFLICT, "number-used" },
  { "OB005", SOUP_STATUS_CONFLICT, "key-used" },
  { "OB006", SOUP_STATUS_FORBIDDEN, "not-allowed" },
  { "OB008", SOUP_STATUS_CONFLICT, "not-returnable" },
  { "OB010", SOUP_STATUS_UNPROCESSABLE_ENTITY, "totals-differ" },
  { "OB011", SOUP_STATUS_UNPROCESSABLE_ENTITY, "time-not-acceptable" },
};

static void
refuse (ObaHttpRequest *request, const char *code, const char *message, const char *hint)
{
  g_autofree char *detail = hint != NULL && *hint != '\0' ? g_strdup_printf ("%s %s", message, hint) : g_strdup (message);

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_strcmp0 (refusals[i].code, code) == 0)
      {
        oba_http_request_respond_problem (request, refusals[i].status, refusals[i].type, detail);
        return;
      }
  oba_http_request_respond_problem (request, SOUP_STATUS_CONFLICT, "refused", detail);
}

/* A refusal that was kept under its key comes as an answer. */
static void
respond (ObaHttpRequest *request, const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *answer = json_node_get_object (node);

  if (json_object_has_member (answer, "refused"))
    {
      g_autofree char *message = oba_db_rules_translate (json_object_get_string_member_with_default (answer, "message", ""));
      g_autofree char *hint = oba_db_rules_translate (json_object_get_string_member_with_default (answer, "hint", ""));

      refuse (request, json_object_get_string_member_with_default (answer, "code", ""), message, hint);
      return;
    }
  oba_http_request_respond_text (request, json_object_has_member (answer, "replayed") ? SOUP_STATUS_OK : SOUP_STATUS_CREATED, "application/json", text);
}

static void
written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaHttpRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows != NULL && oba_db_result_get_n_rows (rows) > 0)
    respond (request, oba_db_result_get_text (rows, 0, 0));
  else if (rows != NULL)
    oba_http_request_respond_problem (request, SOUP_STATUS_FORBIDDEN, "forbidden", _ ("This till was taken out of use."));
  else if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    refuse (request, oba_db_error_get_sqlstate (error), error->message, oba_db_error_get_hint (error));
  else
    oba_api_refuse_database (request, error); /* nobody knows whether it was booked: sent again, it is booked once */
}

static void
post (ObaApi *self, ObaHttpRequest *request, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = oba_http_request_get_body (request);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (ObaDbParams) params = NULL;
  g_autofree char *text = NULL;
  g_autofree char *till = NULL;
  const char *key = oba_http_request_get_header (request, "Idempotency-Key");
  const char *data;
  gsize length;

  if (!oba_api_may (self, request, OBA_API_SCOPE_RECEIPTS_WRITE, &till))
    return;
  data = g_bytes_get_data (body, &length);
  node = oba_json_guard_parse (data != NULL ? data : "", length, &text, &error);
  if (node == NULL)
    {
      oba_http_request_respond_problem (request, SOUP_STATUS_BAD_REQUEST, "malformed", error->message);
      return;
    }
  if (key != NULL && (*key == '\0' || strlen (key) > MAX_KEY || !g_utf8_validate (key, -1, NULL)))
    {
      oba_http_request_respond_problem (request, SOUP_STATUS_BAD_REQUEST, "malformed", _ ("An Idempotency-Key has 1 to 200 characters."));
      return;
    }
  params = oba_db_params_build ("ttt", text, till, key);
  oba_db_pool_write_async (self->pool, sql, params, oba_http_request_get_cancellable (request), written, g_object_ref (request));
}

void
oba_api_post_receipt (ObaHttpRequest *request, gpointer user_data)
{
  ObaApi *self = user_data;

  post (self, request, self->receipt_sql);
}

void
oba_api_post_return (ObaHttpRequest *request, gpointer user_data)
{
  ObaApi *self = user_data;

  post (self, request, self->return_sql);
}
