#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef gboolean (*ObaTestCondition) (gpointer user_data);

/** Runs the main loop until the condition holds; after 60 s the test fails. */
void          oba_test_run_until (ObaTestCondition condition, gpointer user_data);

/** For _async calls: give oba_test_keep_result and the address of a GAsyncResult * that is NULL, then oba_test_await it. */
void          oba_test_keep_result (GObject *source, GAsyncResult *result, gpointer user_data);
/** Returns: (transfer full) */
GAsyncResult *oba_test_await       (GAsyncResult **result);

G_END_DECLS
