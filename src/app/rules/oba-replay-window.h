#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaReplayWindow: a rule run over the receipts of a period: what it would have cost, on which days, who would have got it (by number: a name is for who may see the customer), and who would
 * stand in another tier. Closing it, or Cancel, ends the run.
 */
#define OBA_TYPE_REPLAY_WINDOW (oba_replay_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaReplayWindow, oba_replay_window, OBA, REPLAY_WINDOW, AdwWindow)

/** @read: as oba_rules_read_async() has it; @rule: a version of it */
ObaReplayWindow *oba_replay_window_new         (GtkWindow *parent, ObaSession *session, JsonObject *read, JsonObject *rule);

/* As the buttons do; also for tests. */
void             oba_replay_window_run         (ObaReplayWindow *self);
void             oba_replay_window_cancel      (ObaReplayWindow *self);
void             oba_replay_window_set_period  (ObaReplayWindow *self, const char *from, const char *to);
gboolean         oba_replay_window_is_running  (ObaReplayWindow *self);
/** "start", "running", "result" */
const char      *oba_replay_window_get_shown   (ObaReplayWindow *self);
const char      *oba_replay_window_get_problem (ObaReplayWindow *self);

G_END_DECLS
