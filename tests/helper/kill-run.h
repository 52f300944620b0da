#pragma once

#include "bot-run.h"

G_BEGIN_DECLS

/**
 * KillRun: a wire between a bot's helper and its database that knows the statements which change something, and kills the helper at one of them, before it arrives or before its answer does.
 * What lies between two such steps leaves no trace, so whoever dies at each of them has died everywhere.
 */
typedef struct _KillRun KillRun;

/** Of a bot that does not run yet. */
KillRun *kill_run_new      (Bot *bot);
void     kill_run_free     (KillRun *self);
/** Steps are noted from now on. */
void     kill_run_note     (KillRun *self);
/** Those that were noted, in order, once none is under way: "before NAME", "after NAME". (transfer full) */
char   **kill_run_steps    (KillRun *self);
/** The helper is killed at the @nth (from 1) of these steps from now on. */
void     kill_run_arm      (KillRun *self, const char *step, guint nth);
/** Waits for that, and for the end of the process; fails the test after ten seconds. */
void     kill_run_wait     (KillRun *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KillRun, kill_run_free)

G_END_DECLS
