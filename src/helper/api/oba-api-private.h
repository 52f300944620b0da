#pragma once

#include "api/oba-api.h"
#include "api/oba-api-token.h"

G_BEGIN_DECLS

/* What the routes of the REST interface share. */

struct _ObaApi
{
  ObaDbPool *pool;
  ObaApiKeys *keys;
  const char *customer_sql; /* looked up once: a resource costs some microseconds */
  const char *receipt_sql;
  const char *return_sql;
  const char *quote_sql;
};

/** Does the token allow it? If not, it has been answered. @subject: (out) (optional) (transfer full): whose token */
gboolean oba_api_may             (ObaApi *self, ObaHttpRequest *request, const char *scope, char **subject);
void     oba_api_refuse_database (ObaHttpRequest *request, const GError *error);
/** POST /api/receipts, POST /api/returns */
void     oba_api_post_receipt    (ObaHttpRequest *request, gpointer user_data);
void     oba_api_post_return     (ObaHttpRequest *request, gpointer user_data);
/** POST /api/points/quote */
void     oba_api_post_quote      (ObaHttpRequest *request, gpointer user_data);
/** POST /api/redemptions, POST /api/vouchers/use, POST /api/vouchers/check */
void     oba_api_post_redemption (ObaHttpRequest *request, gpointer user_data);
void     oba_api_use_voucher     (ObaHttpRequest *request, gpointer user_data);
void     oba_api_check_voucher   (ObaHttpRequest *request, gpointer user_data);

G_END_DECLS
