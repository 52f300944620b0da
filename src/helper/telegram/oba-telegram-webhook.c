#include "oba-config.h"
#include "oba-telegram-webhook.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "db/oba-db-sql.h"
#include "http/oba-json-guard.h"
#include "http/oba-log.h"
#include "oba-telegram-update.h"

#define MAX_BODY (1024 * 1024)

struct _ObaTelegramWebhook
{
  ObaDbPool *pool;
  ObaTelegramWorker *worker;
  char secret_digest[65];
};

typedef struct
{
  ObaTelegramWebhook *self;
  ObaHttpRequest *request;
  GBytes *body;
  gint64 update_id;
  gboolean is_poison;
} Storing;

static void
storing_free (Storing *storing)
{
  g_object_unref (storing->request);
  g_bytes_unref (storing->body);
  g_free (storing);
}

static void
digest (const char *text, char *hex)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  memcpy (hex, sum, 65);
}

/* Digests are compared, all of them: neither the secret's length nor how much of it was right shows in the time. */
static gboolean
is_the_secret (ObaTelegramWebhook *self, const char *given)
{
  char given_digest[65];
  guchar difference = 0;

  if (given == NULL)
    return FALSE;
  digest (given, given_digest);
  for (gsize i = 0; i < 64; i++)
    difference |= (guchar) (given_digest[i] ^ self->secret_digest[i]);
  return difference == 0;
}

static void store_poison (Storing *storing, const char *problem);

static void
stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Storing *storing = user_data;
  ObaTelegramWorker *worker = storing->self->worker;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  /* JSON that json-glib takes and PostgreSQL does not (a number beyond numeric): keep the bytes. */
  if (rows == NULL && !storing->is_poison && g_str_has_prefix (oba_db_error_get_sqlstate (error), "22"))
    {
      store_poison (storing, error->message);
      return;
    }
  if (rows == NULL)
    {
      oba_log (OBA_LOG_WARNING, "telegram", "what", "store", "id", oba_http_request_get_id (storing->request), "why",
               error->message, NULL);
      oba_http_request_set_header (storing->request, "Retry-After", "2");
      oba_http_request_respond_problem (storing->request, SOUP_STATUS_SERVICE_UNAVAILABLE, "unavailable", NULL);
    }
  else
    {
      oba_http_request_respond (storing->request, SOUP_STATUS_OK, NULL, NULL);
      if (!storing->is_poison && oba_db_result_get_bool (rows, 0, 0))
        oba_telegram_worker_kick (worker);
    }
  storing_free (storing);
}

static void
store (Storing *storing, gint64 chat_id, const char *payload, const char *problem)
{
  ObaTelegramWebhook *self = storing->self;
  g_autoptr (ObaDbParams) params = oba_db_params_new ();

  oba_db_params_add_int64 (params, storing->update_id);
  if (chat_id != 0)
    oba_db_params_add_int64 (params, chat_id);
  else
    oba_db_params_add_null (params);
  oba_db_params_add_text (params, payload);
  if (payload == NULL)
    oba_db_params_add_bytes (params, storing->body);
  else
    oba_db_params_add_null (params);
  oba_db_params_add_text (params, problem);
  oba_db_pool_write_async (self->pool, oba_db_sql ("telegram/store-update.sql"), params,
                           oba_http_request_get_cancellable (storing->request), stored, storing);
}

static void
store_poison (Storing *storing, const char *problem)
{
  storing->is_poison = TRUE;
  if (storing->update_id <= 0)
    storing->update_id = oba_telegram_update_number_of (g_bytes_get_data (storing->body, NULL), g_bytes_get_size (storing->body));
  store (storing, 0, NULL, problem);
}

/* A stranger's megabyte is not even read. */
static gboolean
knows_secret (ObaHttpRequest *request, gpointer user_data)
{
  if (is_the_secret (user_data, oba_http_request_get_header (request, "X-Telegram-Bot-Api-Secret-Token")))
    return TRUE;
  oba_http_request_respond_problem (request, SOUP_STATUS_UNAUTHORIZED, "unauthorized", NULL);
  return FALSE;
}

static void
handle (ObaHttpRequest *request, gpointer user_data)
{
  ObaTelegramWebhook *self = user_data;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  Storing *storing;
  const char *data;
  gsize length;
  gint64 chat_id = 0;

  storing = g_new0 (Storing, 1);
  storing->self = self;
  storing->request = g_object_ref (request);
  storing->body = oba_http_request_get_body (request);
  data = g_bytes_get_data (storing->body, &length);
  root = oba_json_guard_parse (data != NULL ? data : "", length, &text, &error);
  if (root == NULL)
    store_poison (storing, error->message);
  else if (!oba_telegram_update_ids (root, &storing->update_id, &chat_id))
    store_poison (storing, _ ("There is no update_id."));
  else
    store (storing, chat_id, text, NULL);
}

ObaTelegramWebhook *
oba_telegram_webhook_new (ObaDbPool *pool, const char *secret, ObaTelegramWorker *worker)
{
  ObaTelegramWebhook *self = g_new0 (ObaTelegramWebhook, 1);

  self->pool = g_object_ref (pool);
  self->worker = g_object_ref (worker);
  digest (secret, self->secret_digest);
  return self;
}

void
oba_telegram_webhook_free (ObaTelegramWebhook *self)
{
  g_object_unref (self->pool);
  g_object_unref (self->worker);
  g_free (self);
}

void
oba_telegram_webhook_add_route (ObaTelegramWebhook *self, ObaHttpServer *server)
{
  const ObaHttpRoute route = {
    .method = "POST",
    .path = "/telegram/webhook",
    .name = "telegram-webhook",
    .max_body = MAX_BODY,
    .flags = OBA_HTTP_ROUTE_UNLIMITED | OBA_HTTP_ROUTE_JSON,
    .handler = handle,
    .user_data = self,
    .gate = knows_secret,
  };

  oba_http_server_add_route (server, &route);
}
