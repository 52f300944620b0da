#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ObaDbWatch: a descriptor, a wake-up from any thread and cancellables as one GSource that can move between main contexts.
 * The function is called with the descriptor's condition (0 for a mere wake-up), never after oba_db_watch_free.
 */
typedef struct _ObaDbWatch ObaDbWatch;

typedef void (*ObaDbWatchFunc) (gpointer user_data, GIOCondition condition);

ObaDbWatch   *oba_db_watch_new         (ObaDbWatchFunc func, gpointer user_data);
void          oba_db_watch_free        (ObaDbWatch *self);
void          oba_db_watch_attach      (ObaDbWatch *self, GMainContext *context);
GMainContext *oba_db_watch_get_context (ObaDbWatch *self);
void          oba_db_watch_set_fd      (ObaDbWatch *self, int fd, GIOCondition condition, int priority);
void          oba_db_watch_wake        (ObaDbWatch *self);

/** References that outlive the owner: for threads and for handlers of cancellables. Only wake may be called with them. */
ObaDbWatch   *oba_db_watch_ref         (ObaDbWatch *self);
void          oba_db_watch_unref       (ObaDbWatch *self);

/** Wakes the watch when @cancellable (nullable) is cancelled. The id goes to oba_db_watch_remove_cancellable. */
gulong        oba_db_watch_add_cancellable    (ObaDbWatch *self, GCancellable *cancellable);
void          oba_db_watch_remove_cancellable (GCancellable *cancellable, gulong id);

G_END_DECLS
