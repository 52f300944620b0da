#include "oba-db-error-private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "oba-db-rules.h"

typedef struct
{
  char sqlstate[6];
  char *hint;
  char *detail;
  char *host;
} ObaDbErrorPrivate;

static void
oba_db_error_private_init (ObaDbErrorPrivate *priv)
{
  priv->sqlstate[0] = '\0';
}

static void
oba_db_error_private_copy (const ObaDbErrorPrivate *src, ObaDbErrorPrivate *dest)
{
  memcpy (dest->sqlstate, src->sqlstate, sizeof dest->sqlstate);
  dest->hint = g_strdup (src->hint);
  dest->detail = g_strdup (src->detail);
  dest->host = g_strdup (src->host);
}

static void
oba_db_error_private_clear (ObaDbErrorPrivate *priv)
{
  g_free (priv->hint);
  g_free (priv->detail);
  g_free (priv->host);
}

G_DEFINE_EXTENDED_ERROR (ObaDbError, oba_db_error)

static ObaDbErrorPrivate *
get_private (const GError *error)
{
  return error != NULL && error->domain == OBA_DB_ERROR ? oba_db_error_get_private (error) : NULL;
}

static ObaDbError
code_for_sqlstate (const char *sqlstate)
{
  static const struct
  {
    const char *prefix;
    ObaDbError code;
  } map[] = {
    { "OB", OBA_DB_ERROR_RULE },
    { "08", OBA_DB_ERROR_LOST },
    { "57P0", OBA_DB_ERROR_LOST },  /* shut down, crashed, starting up, dropped, idle too long */
    { "25P03", OBA_DB_ERROR_LOST }, /* idle in transaction too long: the server hangs up */
    { "28", OBA_DB_ERROR_AUTH },
    { "23", OBA_DB_ERROR_CONSTRAINT },
    { "42501", OBA_DB_ERROR_PERMISSION },
    { "25006", OBA_DB_ERROR_READ_ONLY },
    { "40001", OBA_DB_ERROR_SERIALIZATION },
    { "40P01", OBA_DB_ERROR_SERIALIZATION },
    { "53100", OBA_DB_ERROR_DISK_FULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (map); i++)
    if (g_str_has_prefix (sqlstate, map[i].prefix))
      return map[i].code;
  return OBA_DB_ERROR_QUERY;
}

static void
set_sqlstate (GError *error, const char *sqlstate)
{
  g_strlcpy (oba_db_error_get_private (error)->sqlstate, sqlstate, sizeof ((ObaDbErrorPrivate *) NULL)->sqlstate);
}

static char *
trimmed (const char *message)
{
  return message != NULL ? g_strchomp (g_utf8_make_valid (message, -1)) : g_strdup ("");
}

GError *
oba_db_error_new_from_result (const PGresult *result)
{
  const char *sqlstate = PQresultErrorField (result, PG_DIAG_SQLSTATE);
  const char *primary = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);
  g_autofree char *message = trimmed (primary != NULL ? primary : PQresultErrorMessage (result));
  GError *error;

  /* Without a SQLSTATE it is libpq that speaks: the way to the server broke. */
  error = g_error_new_literal (OBA_DB_ERROR, sqlstate != NULL ? (int) code_for_sqlstate (sqlstate) : OBA_DB_ERROR_LOST,
                               message);
  if (sqlstate != NULL)
    set_sqlstate (error, sqlstate);
  oba_db_error_get_private (error)->hint = g_strdup (PQresultErrorField (result, PG_DIAG_MESSAGE_HINT));
  oba_db_error_get_private (error)->detail = g_strdup (PQresultErrorField (result, PG_DIAG_MESSAGE_DETAIL));
  return error;
}

/* While connecting there is no PGresult: the SQLSTATE has to be read out of the verbose message "FATAL:  28P01:
 * password ...". */
static char *
take_sqlstate (char *message, char sqlstate[6])
{
  g_autoptr (GRegex) with_state = g_regex_new (":  ([0-9A-Z]{5}): ", 0, 0, NULL);
  g_autoptr (GRegex) location = g_regex_new ("\n[^\n:]+:  [A-Za-z_0-9]+, [a-z_0-9]+\\.c:[0-9]+", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *plain = NULL;

  sqlstate[0] = '\0';
  for (g_regex_match (with_state, message, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *found = g_match_info_fetch (match, 1);
      g_strlcpy (sqlstate, found, 6);
    }
  plain = g_regex_replace_literal (with_state, message, -1, 0, ":  ", 0, NULL);
  return g_regex_replace_literal (location, plain, -1, 0, "", 0, NULL);
}

GError *
oba_db_error_new_from_connect (PGconn *conn, guint seconds)
{
  g_autofree char *message = trimmed (PQerrorMessage (conn));
  g_autofree char *plain = NULL;
  char sqlstate[6];
  ObaDbError code;
  GError *error;

  plain = take_sqlstate (message, sqlstate);
  code =
      g_str_has_prefix (sqlstate, "28") || PQconnectionNeedsPassword (conn) ? OBA_DB_ERROR_AUTH : OBA_DB_ERROR_CONNECT;
  if (seconds > 0 && sqlstate[0] == '\0')
    error = g_error_new (OBA_DB_ERROR, OBA_DB_ERROR_CONNECT, "No answer within %u seconds: %s", seconds, plain);
  else
    error = g_error_new_literal (OBA_DB_ERROR, (int) code, plain);
  set_sqlstate (error, sqlstate);
  oba_db_error_get_private (error)->host = g_strdup (PQhost (conn));
  return error;
}

GError *
oba_db_error_new_refused (const char *sqlstate, const char *message, const char *hint, const char *detail)
{
  g_autofree char *sentence = oba_db_rules_translate (message);
  GError *error = g_error_new_literal (OBA_DB_ERROR, OBA_DB_ERROR_RULE, sentence);

  set_sqlstate (error, sqlstate);
  oba_db_error_get_private (error)->hint = oba_db_rules_translate (hint != NULL ? hint : "");
  oba_db_error_get_private (error)->detail = g_strdup (detail);
  return error;
}

GError *
oba_db_error_new_lost (PGconn *conn)
{
  g_autofree char *message = trimmed (conn != NULL ? PQerrorMessage (conn) : NULL);

  return g_error_new_literal (OBA_DB_ERROR, OBA_DB_ERROR_LOST, *message != '\0' ? message : "the connection is closed");
}

/**
 * oba_db_error_get_sqlstate:
 *
 * Returns: (transfer none): the five letters the server gave, "" for errors that are not the server's
 */
const char *
oba_db_error_get_sqlstate (const GError *error)
{
  ObaDbErrorPrivate *priv = get_private (error);
  return priv != NULL ? priv->sqlstate : "";
}

/**
 * oba_db_error_get_hint:
 *
 * Returns: (transfer none) (nullable): the server's HINT
 */
const char *
oba_db_error_get_hint (const GError *error)
{
  ObaDbErrorPrivate *priv = get_private (error);
  return priv != NULL ? priv->hint : NULL;
}

/**
 * oba_db_error_get_detail:
 *
 * Returns: (transfer none) (nullable): the server's DETAIL
 */
const char *
oba_db_error_get_detail (const GError *error)
{
  ObaDbErrorPrivate *priv = get_private (error);
  return priv != NULL ? priv->detail : NULL;
}

static char *
describe_place (const GError *error)
{
  ObaDbErrorPrivate *priv = get_private (error);

  if (priv->host == NULL || *priv->host == '\0' || *priv->host == '/')
    return g_strdup (_ ("this computer"));
  return g_strdup (priv->host);
}

static char *
describe_connect (const GError *error)
{
  const char *sqlstate = oba_db_error_get_sqlstate (error);
  g_autofree char *place = describe_place (error);

  if (g_str_equal (sqlstate, "3D000"))
    return g_strdup_printf (_ ("The server on %s has no database of this name. Check the name of the database."),
                            place);
  if (g_str_equal (sqlstate, "57P03"))
    return g_strdup_printf (_ ("The server on %s is just starting or stopping. Try again in a moment."), place);
  if (g_str_equal (sqlstate, "53300"))
    return g_strdup_printf (_ ("The server on %s has no connection free. Try again in a moment."), place);
  if (strstr (error->message, "does not match host name") != NULL)
    return g_strdup_printf (_("The certificate of the server on %s is for another name, so nothing was sent to it. "
                              "Write the name of the server as the administrator gave it."),
                            place);
  if (strstr (error->message, "certificate") != NULL)
    return g_strdup_printf (_ ("The certificate of the server on %s is not trusted, so nothing was sent to it. "
                               "Ask the administrator for the right root certificate."),
                            place);
  if (strstr (error->message, "SSL") != NULL || strstr (error->message, "TLS") != NULL)
    return g_strdup_printf (_ ("No secure connection to %s was possible, so nothing was sent. "
                               "Check the TLS mode with the administrator."),
                            place);
  if (strstr (error->message, "could not translate host name") != NULL)
    return g_strdup_printf (_ ("There is no server named %s. Check the name and the network."), place);
  if (g_str_equal (place, _ ("this computer")))
    return g_strdup (_ ("No database server answers on this computer. Check that it is running."));
  return g_strdup_printf (_ ("No database server answers on %s. Check the name, the port and the network."), place);
}

static char *
describe_query (const GError *error)
{
  const char *sqlstate = oba_db_error_get_sqlstate (error);

  if (g_str_equal (sqlstate, "57014"))
    return g_strdup (_ ("The database took too long and the work was stopped. Nothing was changed."));
  if (g_str_equal (sqlstate, "53200") || g_str_equal (sqlstate, "53300"))
    return g_strdup (_ ("The database server is overloaded. Nothing was changed; try again in a moment."));
  if (g_str_has_prefix (sqlstate, "42") || g_str_equal (sqlstate, "3F000"))
    return g_strdup_printf (_ ("The database and this program do not fit together (code %s). Nothing was changed; "
                               "ask the administrator to bring the database up to date."),
                            sqlstate);
  if (*sqlstate == '\0')
    return g_strdup_printf (_ ("The database could not do this: %s"), error->message);
  return g_strdup_printf (_ ("The database refused this (code %s). Nothing was changed."), sqlstate);
}

static char *
describe_rule (const GError *error)
{
  const char *hint = oba_db_error_get_hint (error);
  g_autofree char *sentence = oba_db_rules_translate (error->message);
  g_autofree char *advice = hint != NULL && *hint != '\0' ? oba_db_rules_translate (hint) : NULL;

  return advice != NULL ? g_strdup_printf ("%s %s", sentence, advice) : g_steal_pointer (&sentence);
}

/**
 * oba_db_error_describe:
 * @error: any error; those of other domains that are written for people are given back as they are
 *
 * Returns: (transfer full): a plain translated sentence: what happened and what to do, without SQL
 */
char *
oba_db_error_describe (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (_ ("Cancelled."));
  if (error->domain != OBA_DB_ERROR)
    return g_strdup (error->message);

  switch ((ObaDbError) error->code)
    {
    case OBA_DB_ERROR_CONNECT:
      return describe_connect (error);
    case OBA_DB_ERROR_AUTH:
      return g_strdup (_ ("The server does not accept this user name and password. Check both and try again."));
    case OBA_DB_ERROR_LOST:
      return g_strdup (_ ("The connection to the database was lost. What was confirmed before is kept; "
                          "try the last step again when the connection is back."));
    case OBA_DB_ERROR_CONSTRAINT:
      return g_strdup (_ ("This does not fit what is stored already, so nothing was changed. Check the values."));
    case OBA_DB_ERROR_PERMISSION:
      return g_strdup (_ ("Your role is not allowed to do this. Nothing was changed."));
    case OBA_DB_ERROR_READ_ONLY:
      return g_strdup (_ ("This database can only be read at the moment. Nothing was changed."));
    case OBA_DB_ERROR_SERIALIZATION:
      return g_strdup (_ ("Somebody else changed the same data at the same moment. Nothing was changed; try again."));
    case OBA_DB_ERROR_RULE:
      return describe_rule (error);
    case OBA_DB_ERROR_DISK_FULL:
      return g_strdup (_ ("The disk of the database server is full. Nothing was changed; "
                          "try again when the administrator has made room."));
    case OBA_DB_ERROR_SCHEMA:
      return g_strdup (error->message);
    case OBA_DB_ERROR_QUERY:
    case OBA_DB_ERROR_RESULT:
    default:
      return describe_query (error);
    }
}
