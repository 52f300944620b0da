#include "oba-test-wait.h"

#define TIMEOUT_S 60

static gboolean
on_timeout (gpointer user_data)
{
  gboolean *expired = user_data;

  *expired = TRUE;
  return G_SOURCE_CONTINUE;
}

void
oba_test_run_until (ObaTestCondition condition, gpointer user_data)
{
  gboolean expired = FALSE;
  guint timer = g_timeout_add_seconds (TIMEOUT_S, on_timeout, &expired);

  while (!condition (user_data))
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_false (expired);
    }
  g_source_remove (timer);
}

void
oba_test_keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

static gboolean
is_there (gpointer user_data)
{
  return *(GAsyncResult **) user_data != NULL;
}

GAsyncResult *
oba_test_await (GAsyncResult **result)
{
  oba_test_run_until (is_there, result);
  return g_steal_pointer (result);
}
