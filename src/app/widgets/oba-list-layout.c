#include "oba-list-layout.h"

/* Dragging an edge changes the width at every step. */
#define SAVE_MS 400

typedef struct
{
  GSettings *settings;
  char      *key;
  GVariant  *layout;    /* (nullable): not saved yet */
  guint      save_id;
} Keeper;

static void
save_cb (gpointer user_data)
{
  Keeper *keeper = user_data;

  keeper->save_id = 0;
  g_settings_set_value (keeper->settings, keeper->key, keeper->layout);
  g_clear_pointer (&keeper->layout, g_variant_unref);
}

static void
changed_cb (ObaLazyView *view,
            Keeper      *keeper)
{
  g_clear_pointer (&keeper->layout, g_variant_unref);
  keeper->layout = g_variant_ref_sink (oba_lazy_view_get_layout (view));
  g_clear_handle_id (&keeper->save_id, g_source_remove);
  keeper->save_id = g_timeout_add_once (SAVE_MS, save_cb, keeper);
}

/* The page is closed: what was changed a moment ago is kept, too. */
static void
keeper_flush (Keeper *keeper)
{
  if (keeper->save_id == 0)
    return;
  g_clear_handle_id (&keeper->save_id, g_source_remove);
  save_cb (keeper);
}

static void
keeper_free (gpointer  data,
             GClosure *closure)
{
  Keeper *keeper = data;

  keeper_flush (keeper);
  g_object_unref (keeper->settings);
  g_free (keeper->key);
  g_free (keeper);
}

void
oba_list_layout_keep (ObaLazyView *view,
                      GSettings   *settings,
                      const char  *key)
{
  Keeper *keeper;

  if (settings == NULL)
    return;
  keeper = g_new0 (Keeper, 1);
  keeper->settings = g_object_ref (settings);
  keeper->key = g_strdup (key);
  oba_lazy_view_set_layout (view, g_settings_get_value (settings, key));
  g_signal_connect_data (view, "layout-changed", G_CALLBACK (changed_cb), keeper, keeper_free, 0);
}
