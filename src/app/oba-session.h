#pragma once

#include <gio/gio.h>

#include "db/oba-db-listener.h"
#include "db/oba-db-pool.h"
#include "staff/oba-staff.h"

G_BEGIN_DECLS

/**
 * ObaSession: one person at one database, from sign-in to disconnect. Pages get it by constructor and keep no other way to the data.
 *
 * Properties: "online" (boolean, notifies): FALSE while the server is away.
 * Signals: "resumed": the server is back (or listening began); what happened in between was missed, read again.
 * Messages of the server come from the listener's "notification::CHANNEL".
 */
#define OBA_TYPE_SESSION (oba_session_get_type ())
G_DECLARE_FINAL_TYPE (ObaSession, oba_session, OBA, SESSION, GObject)

/**
 * oba_session_open_async: connects, asks who this is and whether the schema is one this program serves.
 * @place: where this is, for people: "Sample data", "oba-db.example.az"
 */
void           oba_session_open_async   (const char          *conninfo,
                                         const char          *place,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
ObaSession    *oba_session_open_finish  (GAsyncResult *result, GError **error);
void           oba_session_close        (ObaSession *self);

ObaDbPool     *oba_session_get_pool     (ObaSession *self);
ObaDbListener *oba_session_get_listener (ObaSession *self);
const char    *oba_session_get_place    (ObaSession *self);
const ObaStaff *oba_session_get_staff   (ObaSession *self);
/** Has the person one of @roles? For what to show; the database decides what may be done. */
gboolean       oba_session_has_role     (ObaSession *self, ObaRoles roles);
gboolean       oba_session_is_online    (ObaSession *self);

G_END_DECLS
