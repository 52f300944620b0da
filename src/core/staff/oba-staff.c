#include "oba-staff.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"

/* The weightiest first. */
static const struct
{
  const char *group;
  ObaRoles    role;
  const char *name;
} roles[] = {
  { "oba_admin", OBA_ROLE_ADMIN, N_ ("Administrator") },
  { "oba_supervisor", OBA_ROLE_SUPERVISOR, N_ ("Supervisor") },
  { "oba_marketing", OBA_ROLE_MARKETING, N_ ("Marketing") },
  { "oba_clerk", OBA_ROLE_CLERK, N_ ("Clerk") },
  { "oba_auditor", OBA_ROLE_AUDITOR, N_ ("Auditor") },
};

void
oba_staff_free (ObaStaff *self)
{
  g_free (self->login);
  g_free (self->name);
  g_free (self);
}

const char *
oba_staff_get_role_name (const ObaStaff *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (self->roles & roles[i].role)
      return _ (roles[i].name);
  return "";
}

static ObaStaff *
staff_new (ObaDbResult *rows)
{
  ObaStaff *self = g_new0 (ObaStaff, 1);
  g_auto (GStrv) groups = g_strsplit (oba_db_result_get_text (rows, 0, 3), " ", -1);

  self->login = g_strdup (oba_db_result_get_text (rows, 0, 0));
  self->name = g_strdup (oba_db_result_get_text (rows, 0, 1));
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_strv_contains ((const char *const *) groups, roles[i].group))
      self->roles |= roles[i].role;
  return self;
}

static void
refuse (GTask *task)
{
  g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_REFUSED,
                           _ ("The password is right, but this user has no role in OBA Back Office. Ask the administrator to add one."));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  g_autoptr (ObaStaff) staff = NULL;

  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_PERMISSION))
    {
      g_error_free (error);
      refuse (task);
      return;
    }
  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  staff = staff_new (rows);
  if (staff->roles == 0 || oba_db_result_get_bool (rows, 0, 2))
    refuse (task);
  else
    g_task_return_pointer (task, g_steal_pointer (&staff), (GDestroyNotify) oba_staff_free);
}

void
oba_staff_whoami_async (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_staff_whoami_async);
  oba_db_pool_read_async (pool, oba_db_sql ("staff/whoami.sql"), NULL, cancellable, read_cb, task);
}

ObaStaff *
oba_staff_whoami_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
