#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A real `oba-helper serve` on a port of its own, in a folder of its own, with the rights of the role oba_helper.
 * Its log goes to the folder and is printed when a test fails.
 */
typedef struct
{
  char *directory;
  char *config;         /* its path */
  char *conninfo;
  GString *sections;    /* of the configuration */
  GSubprocess *process; /* (nullable): NULL while it does not run */
  char *address;        /* "127.0.0.1:41233" or "unix:/…" */
} Serve;

/** Makes the folder with a key, a token and a secret; runs nothing yet. @telegram_url: (nullable) */
Serve      *serve_new        (const char *conninfo, const char *telegram_url);
void        serve_free       (Serve *serve);
/** Adds lines to the configuration, before the start. */
void        serve_configure  (Serve *serve, const char *group, const char *lines);
void        serve_start      (Serve *serve);
/** @listen: "unix:PATH"; takes the place of 127.0.0.1:0 */
void        serve_start_at   (Serve *serve, const char *listen);
void        serve_kill       (Serve *serve);                         /* SIGKILL */
/** SIGTERM. Returns: its exit code */
int         serve_stop       (Serve *serve);
guint       serve_count_descriptors (Serve *serve);

#define SERVE_SECRET "right-secret_1"

/* One request on a connection of its own. */
typedef struct
{
  guint status;         /* 0: closed without an answer */
  char *headers;
  char *body;
} Answer;

void        answer_free      (Answer *answer);
/** @headers: (nullable): lines that end with \r\n */
Answer     *serve_request    (Serve *serve, const char *method, const char *path, const char *headers, const char *body, gssize length);
Answer     *serve_get        (Serve *serve, const char *path, const char *headers);
/** POST /telegram/webhook with the right secret */
guint       serve_update     (Serve *serve, const char *body, gssize length);
GSocketConnection *serve_connect (Serve *serve);
/** Writes @text and reads to the end of the connection. */
Answer     *serve_exchange   (Serve *serve, const char *text, gsize length);
/** The one form of an error, of that @type. */
void        answer_assert_problem (Answer *answer, guint status, const char *type);
/** Reads to the end of @connection. */
Answer     *serve_read       (GSocketConnection *connection);
/** A header with a token that the service takes. @seconds: how long */
char       *serve_bearer     (Serve *serve, const char *scope, gint64 seconds);
/** The value of a line of /metrics, -1 when there is none */
double      serve_metric     (Serve *serve, const char *name);

typedef gboolean (*ServeCondition) (gpointer user_data);
/** Looks again every 10 ms; after @seconds the test fails. */
void        serve_wait       (ServeCondition condition, gpointer user_data, double seconds, const char *what);
/** Waits until the first value of @sql is @expected. */
void        serve_wait_sql   (const char *conninfo, const char *sql, const char *expected, double seconds);
gint64      serve_sql_number (const char *conninfo, const char *sql);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Serve, serve_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

G_END_DECLS
