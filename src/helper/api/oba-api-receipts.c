/* What tills send: receipts, returns, redemptions and vouchers, and the questions before. The database judges and books them, with points, tier and message, in one call each. */
#include "oba-config.h"
#include "oba-api-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "db/oba-db-error.h"
#include "db/oba-db-rules.h"
#include "db/oba-db-sql.h"
#include "http/oba-json-guard.h"
#include "http/oba-log.h"

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
  { "OB007", SOUP_STATUS_CONFLICT, "too-few-points" },
  { "OB008", SOUP_STATUS_CONFLICT, "not-returnable" },
  { "OB010", SOUP_STATUS_UNPROCESSABLE_ENTITY, "totals-differ" },
  { "OB011", SOUP_STATUS_UNPROCESSABLE_ENTITY, "time-not-acceptable" },
  { "OB012", SOUP_STATUS_CONFLICT, "reward-not-available" },
  { "OB013", SOUP_STATUS_CONFLICT, "not-possible" },
  { "OB014", SOUP_STATUS_UNPROCESSABLE_ENTITY, "spend-code" },
  { "OB015", SOUP_STATUS_CONFLICT, "spending-limit" },
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

/* What a till has sent, until it has its answer. */
typedef struct
{
  ObaDbPool *pool;
  ObaHttpRequest *request;
  char *till;
  char *text;
  char *code;    /* of a refusal */
  char *message;
  char *hint;
} Posted;

static void
posted_free (Posted *posted)
{
  g_object_unref (posted->pool);
  g_object_unref (posted->request);
  g_free (posted->till);
  g_free (posted->text);
  g_free (posted->code);
  g_free (posted->message);
  g_free (posted->hint);
  g_free (posted);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Posted, posted_free)

static void
kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Posted) posted = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_log (OBA_LOG_WARNING, "refusal", "till", posted->till, "why", error->message, NULL);
  if (posted->message != NULL)
    refuse (posted->request, posted->code, posted->message, posted->hint);
}

/* A refusal leaves nothing behind in the database but this: it is kept before the till hears of it, and the reconciliation of tills reads it. */
static void
keep (Posted *posted, const char *code)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ttt", posted->till, posted->text, code);

  oba_db_pool_write_async (posted->pool, oba_db_sql ("api/refusal.sql"), params, NULL, kept, posted);
}

static void
keep_refusal (Posted *posted, const char *code, const char *message, const char *hint)
{
  posted->code = g_strdup (code);
  posted->message = g_strdup (message);
  posted->hint = g_strdup (hint);
  keep (posted, posted->code);
}

/* A refusal that was kept under its key comes as an answer. */
static void
respond (Posted *posted, const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *answer = json_node_get_object (node);
  gboolean replayed = json_object_has_member (answer, "replayed");

  if (json_object_has_member (answer, "refused"))
    {
      g_autofree char *message = oba_db_rules_translate (json_object_get_string_member_with_default (answer, "message", ""));
      g_autofree char *hint = oba_db_rules_translate (json_object_get_string_member_with_default (answer, "hint", ""));

      keep_refusal (posted, json_object_get_string_member_with_default (answer, "code", ""), message, hint);
      return;
    }
  oba_http_request_respond_text (posted->request, replayed ? SOUP_STATUS_OK : SOUP_STATUS_CREATED, "application/json", text);
  if (replayed)
    keep (posted, "again");
  else
    posted_free (posted);
}

static void
written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Posted) posted = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows != NULL && oba_db_result_get_n_rows (rows) > 0)
    respond (g_steal_pointer (&posted), oba_db_result_get_text (rows, 0, 0));
  else if (rows != NULL)
    oba_http_request_respond_problem (posted->request, SOUP_STATUS_FORBIDDEN, "forbidden", _ ("This till was taken out of use."));
  else if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    keep_refusal (g_steal_pointer (&posted), oba_db_error_get_sqlstate (error), error->message, oba_db_error_get_hint (error));
  else
    oba_api_refuse_database (posted->request, error); /* nobody knows whether it was booked: sent again, it is booked once */
}

/* Returns: (transfer full) (nullable): the JSON that was sent, as text; else it has been answered */
static char *
read_body (ObaHttpRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = oba_http_request_get_body (request);
  g_autoptr (JsonNode) node = NULL;
  char *text = NULL;
  gsize length;
  const char *data = g_bytes_get_data (body, &length);

  node = oba_json_guard_parse (data != NULL ? data : "", length, &text, &error);
  if (node == NULL)
    oba_http_request_respond_problem (request, SOUP_STATUS_BAD_REQUEST, "malformed", error->message);
  return text;
}

static void
post (ObaApi *self, ObaHttpRequest *request, const char *sql)
{
  g_autoptr (ObaDbParams) params = NULL;
  g_autofree char *text = NULL;
  g_autofree char *till = NULL;
  const char *key = oba_http_request_get_header (request, "Idempotency-Key");
  Posted *posted;

  if (!oba_api_may (self, request, OBA_API_SCOPE_RECEIPTS_WRITE, &till))
    return;
  text = read_body (request);
  if (text == NULL)
    return;
  if (key != NULL && (*key == '\0' || strlen (key) > MAX_KEY || !g_utf8_validate (key, -1, NULL)))
    {
      oba_http_request_respond_problem (request, SOUP_STATUS_BAD_REQUEST, "malformed", _ ("An Idempotency-Key has 1 to 200 characters."));
      return;
    }
  params = oba_db_params_build ("ttt", text, till, key);
  posted = g_new0 (Posted, 1);
  posted->pool = g_object_ref (self->pool);
  posted->request = g_object_ref (request);
  posted->till = g_steal_pointer (&till);
  posted->text = g_steal_pointer (&text);
  oba_db_pool_write_async (self->pool, sql, params, oba_http_request_get_cancellable (request), written, posted);
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

static void
quoted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaHttpRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);

  if (rows != NULL && oba_db_result_get_n_rows (rows) > 0)
    oba_http_request_respond_text (request, SOUP_STATUS_OK, "application/json", oba_db_result_get_text (rows, 0, 0));
  else if (rows != NULL)
    oba_http_request_respond_problem (request, SOUP_STATUS_FORBIDDEN, "forbidden", _ ("This till was taken out of use."));
  else if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    refuse (request, oba_db_error_get_sqlstate (error), error->message, oba_db_error_get_hint (error));
  else
    oba_api_refuse_database (request, error);
}

/* What cannot be found again by a receipt's number is sent with a key. */
static void
post_with_key (ObaApi *self, ObaHttpRequest *request, const char *sql)
{
  if (oba_http_request_get_header (request, "Idempotency-Key") == NULL)
    oba_http_request_respond_problem (request, SOUP_STATUS_BAD_REQUEST, "malformed", _ ("This needs an Idempotency-Key, so that it is done once however often it is sent."));
  else
    post (self, request, sql);
}

void
oba_api_post_redemption (ObaHttpRequest *request, gpointer user_data)
{
  post_with_key (user_data, request, oba_db_sql ("api/redemption.sql"));
}

void
oba_api_use_voucher (ObaHttpRequest *request, gpointer user_data)
{
  post_with_key (user_data, request, oba_db_sql ("api/use-voucher.sql"));
}

static void
question (ObaApi *self, ObaHttpRequest *request, const char *sql)
{
  g_autoptr (ObaDbParams) params = NULL;
  g_autofree char *text = NULL;
  g_autofree char *till = NULL;

  if (!oba_api_may (self, request, OBA_API_SCOPE_CUSTOMERS_READ, &till))
    return;
  text = read_body (request);
  if (text == NULL)
    return;
  params = oba_db_params_build ("tt", text, till);
  oba_db_pool_read_async (self->pool, sql, params, oba_http_request_get_cancellable (request), quoted, g_object_ref (request));
}

void
oba_api_post_quote (ObaHttpRequest *request, gpointer user_data)
{
  ObaApi *self = user_data;

  question (self, request, self->quote_sql);
}

void
oba_api_check_voucher (ObaHttpRequest *request, gpointer user_data)
{
  question (user_data, request, oba_db_sql ("api/check-voucher.sql"));
}
