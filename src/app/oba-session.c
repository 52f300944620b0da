#include "oba-session.h"

#include "db/oba-migrator.h"

/* Reads of the visible page, its detail pane and a background list at once; more only queue on the server. */
#define MAX_CONNECTIONS 4

struct _ObaSession
{
  GObject parent_instance;

  char          *place;
  ObaDbPool     *pool;
  ObaDbListener *listener;
  ObaStaff      *staff;
  gboolean       interrupted;
  gboolean       online;
};

enum
{
  PROP_0,
  PROP_ONLINE,
  N_PROPS,
};

enum
{
  RESUMED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *const channels[] = {
  "oba_administration", "oba_approvals", "oba_cashiers", "oba_customers", "oba_duplicates", "oba_papers", "oba_receipts", "oba_redemptions", "oba_rewards", "oba_sales", "oba_segments", "oba_tills",
  NULL,
};

G_DEFINE_FINAL_TYPE (ObaSession, oba_session, G_TYPE_OBJECT)

static void
update_online (ObaSession *self)
{
  gboolean online = !self->interrupted && oba_db_pool_get_state (self->pool) != OBA_DB_POOL_OFFLINE;

  if (online == self->online)
    return;

  self->online = online;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ONLINE]);
}

/* What was read in vain meanwhile is read again: the listener may have been back long before the pool. */
static void
pool_state_cb (ObaSession *self)
{
  gboolean was_online = self->online;

  update_online (self);
  if (!was_online && self->online)
    g_signal_emit (self, signals[RESUMED], 0);
}

static void
resumed_cb (ObaSession *self)
{
  self->interrupted = FALSE;
  update_online (self);
  g_signal_emit (self, signals[RESUMED], 0);
}

static void
interrupted_cb (ObaSession *self)
{
  self->interrupted = TRUE;
  update_online (self);
}

static void
oba_session_dispose (GObject *object)
{
  ObaSession *self = OBA_SESSION (object);

  oba_session_close (self);
  g_clear_object (&self->listener);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_session_parent_class)->dispose (object);
}

static void
oba_session_finalize (GObject *object)
{
  ObaSession *self = OBA_SESSION (object);

  g_free (self->place);
  g_clear_pointer (&self->staff, oba_staff_free);

  G_OBJECT_CLASS (oba_session_parent_class)->finalize (object);
}

static void
oba_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ObaSession *self = OBA_SESSION (object);

  switch (id)
    {
    case PROP_ONLINE:
      g_value_set_boolean (value, self->online);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
oba_session_class_init (ObaSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = oba_session_dispose;
  object_class->finalize = oba_session_finalize;
  object_class->get_property = oba_session_get_property;

  properties[PROP_ONLINE] = g_param_spec_boolean ("online", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[RESUMED] = g_signal_new ("resumed", OBA_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_session_init (ObaSession *self)
{
  self->online = TRUE;
}

static void
start_listening (ObaSession *self)
{
  self->listener = oba_db_listener_new (oba_db_pool_get_conninfo (self->pool), channels);
  g_signal_connect_object (self->listener, "resumed", G_CALLBACK (resumed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->listener, "interrupted", G_CALLBACK (interrupted_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pool, "notify::state", G_CALLBACK (pool_state_cb), self, G_CONNECT_SWAPPED);
  oba_db_listener_start (self->listener);
}

static void
known_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaSession *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->staff = oba_staff_whoami_finish (result, &error);
  if (self->staff == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  start_listening (self);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (!oba_db_pool_start_finish (OBA_DB_POOL (source), result, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  oba_staff_whoami_async (OBA_DB_POOL (source), g_task_get_cancellable (task), known_cb, task);
}

static void
check_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = oba_db_connection_open_sync (task_data, OBA_DB_CONNECTION_DEFAULT, cancellable, &error);

  if (connection != NULL && oba_migrator_check (connection, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
  if (connection != NULL)
    oba_db_connection_close (connection);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ObaSession *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  oba_db_pool_start_async (self->pool, g_task_get_cancellable (task), started_cb, task);
}

void
oba_session_open_async (const char          *conninfo,
                        const char          *place,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GTask) check = g_task_new (NULL, cancellable, checked_cb, task);
  ObaSession *self = g_object_new (OBA_TYPE_SESSION, NULL);

  g_task_set_source_tag (task, oba_session_open_async);
  g_task_set_task_data (task, self, g_object_unref);
  self->place = g_strdup (place);
  self->pool = oba_db_pool_new (conninfo, MAX_CONNECTIONS, OBA_DB_CONNECTION_DEFAULT);

  g_task_set_source_tag (check, check_in_thread);
  g_task_set_task_data (check, g_strdup (conninfo), g_free);
  g_task_run_in_thread (check, check_in_thread);
}

ObaSession *
oba_session_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
oba_session_close (ObaSession *self)
{
  g_return_if_fail (OBA_IS_SESSION (self));

  if (self->listener != NULL)
    oba_db_listener_stop (self->listener);
  if (self->pool != NULL)
    oba_db_pool_close (self->pool);
}

ObaDbPool *
oba_session_get_pool (ObaSession *self)
{
  g_return_val_if_fail (OBA_IS_SESSION (self), NULL);

  return self->pool;
}

ObaDbListener *
oba_session_get_listener (ObaSession *self)
{
  g_return_val_if_fail (OBA_IS_SESSION (self), NULL);

  return self->listener;
}

const char *
oba_session_get_place (ObaSession *self)
{
  g_return_val_if_fail (OBA_IS_SESSION (self), NULL);

  return self->place;
}

const ObaStaff *
oba_session_get_staff (ObaSession *self)
{
  g_return_val_if_fail (OBA_IS_SESSION (self), NULL);

  return self->staff;
}

gboolean
oba_session_has_role (ObaSession *self, ObaRoles roles)
{
  g_return_val_if_fail (OBA_IS_SESSION (self), FALSE);

  return (self->staff->roles & roles) != 0;
}

gboolean
oba_session_is_online (ObaSession *self)
{
  g_return_val_if_fail (OBA_IS_SESSION (self), FALSE);

  return self->online;
}
