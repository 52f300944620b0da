#pragma once

#include "oba-db-connection-private.h"
#include "oba-db-pool.h"

G_BEGIN_DECLS

/* One open connection of the pool. */
typedef struct
{
  ObaDbConnection *connection;
  guint            n_running;   /* statements of the pool on it */
  gulong           closed_id;
  gint64           opened_at;
  gint64           progress_at; /* when it last answered or began to work; 0: it streams */
  guint            is_exclusive : 1;
  guint            is_reserved : 1;  /* is drained for one who wants it alone */
} ObaDbSlot;

typedef enum
{
  OBA_DB_REQUEST_READ,
  OBA_DB_REQUEST_READ_IDS,
  OBA_DB_REQUEST_WRITE,
  OBA_DB_REQUEST_ACQUIRE,
  OBA_DB_REQUEST_START,
} ObaDbRequestKind;

typedef struct
{
  ObaDbRequestKind kind;
  GTask           *task;
  char            *sql;
  ObaDbParams     *params;
  guint64          serial;
  gint64           deadline;    /* monotonic: how long to wait for a server that is away */
  guint            attempts;
  gulong           cancelled_id;
} ObaDbRequest;

struct _ObaDbPool
{
  GObject              parent_instance;
  char                *conninfo;
  guint                max_connections;
  ObaDbConnectionFlags flags;
  guint                patience_ms;

  GPtrArray           *slots;          /* of ObaDbSlot */
  GQueue               requests;       /* of ObaDbRequest, in order of serial */
  GQueue               starts;         /* of ObaDbRequest: wait for the first connection */
  ObaDbWatch          *watch;
  GSource             *timer;
  GCancellable        *closing;
  GError              *last_error;
  guint64              serial;
  gint64               retry_at;       /* monotonic; 0: now */
  guint                n_connecting;
  guint                n_failures;
  ObaDbPoolState       state;
  gboolean             was_online;
  gboolean             is_closed;
};

/* oba-db-pool.c */
void oba_db_pool_schedule       (ObaDbPool *self);
/** Frees the request; the task is still to be answered. (transfer full) */
GTask *oba_db_request_close     (ObaDbRequest *request);
/** @error: (transfer full) */
void oba_db_request_fail        (ObaDbRequest *request, GError *error);

/* oba-db-pool-connect.c */
gboolean   oba_db_pool_connect      (ObaDbPool *self);      /* opens one more, if it may */
gboolean   oba_db_pool_may_grow     (ObaDbPool *self);      /* or grows already */
void       oba_db_pool_update_timer (ObaDbPool *self);
void       oba_db_pool_update_state (ObaDbPool *self);
ObaDbSlot *oba_db_pool_find_slot    (ObaDbPool *self, ObaDbConnection *connection);
void       oba_db_slot_free         (ObaDbSlot *slot);

G_END_DECLS
