#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** OBA_DB_ERROR: what the database or the way to it said. The message is the server's or libpq's; carries SQLSTATE. */
#define OBA_DB_ERROR (oba_db_error_quark ())
GQuark oba_db_error_quark (void);

typedef enum
{
  OBA_DB_ERROR_CONNECT,         /* no server, no such host, refused, timeout */
  OBA_DB_ERROR_AUTH,            /* wrong password or role (SQLSTATE class 28) */
  OBA_DB_ERROR_LOST,            /* the connection broke while working; a write may or may not have happened: replay with its key */
  OBA_DB_ERROR_CONSTRAINT,      /* class 23 */
  OBA_DB_ERROR_PERMISSION,      /* 42501 */
  OBA_DB_ERROR_READ_ONLY,       /* 25006 */
  OBA_DB_ERROR_SERIALIZATION,   /* 40001, 40P01: may be tried again as a whole */
  OBA_DB_ERROR_RULE,            /* raised by a function of ours: SQLSTATE class OB; the message is for people, hint names the next step */
  OBA_DB_ERROR_DISK_FULL,       /* 53100 */
  OBA_DB_ERROR_SCHEMA,          /* schema missing, too old, too new, edited history */
  OBA_DB_ERROR_QUERY,           /* any other SQLSTATE */
  OBA_DB_ERROR_RESULT,          /* a result of another shape than expected */
} ObaDbError;

const char *oba_db_error_get_sqlstate (const GError *error);   /* "" when there is none */
const char *oba_db_error_get_hint     (const GError *error);   /* (nullable) the server's HINT */
const char *oba_db_error_get_detail   (const GError *error);   /* (nullable) */

/** A plain translated sentence for people: what happened and what to do, without SQL. (transfer full) */
char       *oba_db_error_describe     (const GError *error);

G_END_DECLS
