#pragma once

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** What somebody may do; the database decides, this only says what to show. */
typedef enum
{
  OBA_ROLE_CLERK = 1 << 0,
  OBA_ROLE_MARKETING = 1 << 1,
  OBA_ROLE_SUPERVISOR = 1 << 2,
  OBA_ROLE_ADMIN = 1 << 3,
  OBA_ROLE_AUDITOR = 1 << 4,
} ObaRoles;

/** Somebody who works with OBA. */
typedef struct
{
  char    *login;
  char    *name;      /* for people; the login when none is known */
  ObaRoles roles;
} ObaStaff;

/** Who is signed in at @pool. Fails with OBA_ERROR_REFUSED when they have no role here, or were disabled. */
void      oba_staff_whoami_async  (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaStaff *oba_staff_whoami_finish (GAsyncResult *result, GError **error);
void      oba_staff_free          (ObaStaff *self);

/** "Administrator", "Clerk": the weightiest of the roles, translated */
const char *oba_staff_get_role_name (const ObaStaff *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaStaff, oba_staff_free)

G_END_DECLS
