#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Money is a gint64 of qəpik (1 AZN = 100 qəpik) everywhere; these are the only ways in and out of text. */

char     *oba_money_format       (gint64 qepik);                      /* "1 234,50 ₼" in the current locale */
char     *oba_money_format_plain (gint64 qepik);                      /* "1234.50": files and JSON */
char     *oba_money_format_short (gint64 qepik);                      /* "1,2 mln ₼": charts and tiles */
char     *oba_number_format      (gint64 number);                     /* grouped digits of the locale */
char     *oba_share_format       (double share, int decimals);        /* 0.123 -> "12,3 %" */
gboolean  oba_money_parse        (const char *text, gint64 *qepik, GError **error);

G_END_DECLS
