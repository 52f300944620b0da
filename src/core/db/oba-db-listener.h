#pragma once

#include "oba-db-connection.h"

G_BEGIN_DECLS

/**
 * ObaDbListener: LISTEN on a connection of its own, reopened with backoff.
 * Signals: "notification" (const char *channel, const char *payload), detailed by channel.
 *          "resumed": listening began or came back; what happened in between was missed, so read again.
 *          "interrupted" (GError *): the connection is gone, trying again.
 */
#define OBA_TYPE_DB_LISTENER (oba_db_listener_get_type ())
G_DECLARE_FINAL_TYPE (ObaDbListener, oba_db_listener, OBA, DB_LISTENER, GObject)

ObaDbListener *oba_db_listener_new          (const char *conninfo, const char *const *channels);
void           oba_db_listener_start        (ObaDbListener *self);
void           oba_db_listener_stop         (ObaDbListener *self);
gboolean       oba_db_listener_is_listening (ObaDbListener *self);

G_END_DECLS
