#include "oba-list-keys.h"

/* To the rows, and to the first one when none is chosen. */
static void
activate_cb (GtkSearchEntry *entry,
             ObaLazyView    *view)
{
  if (oba_lazy_view_get_selected (view) == GTK_INVALID_LIST_POSITION)
    oba_lazy_view_select (view, 0);
  oba_lazy_view_focus_rows (view);
}

static void
stop_cb (GtkSearchEntry *entry,
         ObaLazyView    *view)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  oba_lazy_view_focus_rows (view);
}

static gboolean
key_cb (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        ObaLazyView           *view)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  activate_cb (NULL, view);
  return GDK_EVENT_STOP;
}

static gboolean
filter_cb (GtkWidget *page,
           GVariant  *arguments,
           gpointer   subpages)
{
  if (!gtk_widget_get_mapped (page) || oba_subpages_get_top (subpages) != NULL)
    return FALSE;
  return gtk_widget_activate_action (page, "page.filter", NULL);
}

void
oba_list_keys_connect (GtkWidget      *page,
                       ObaSubpages    *subpages,
                       GtkSearchEntry *entry,
                       ObaLazyView    *view)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  gtk_search_entry_set_key_capture_widget (entry, GTK_WIDGET (view));
  g_signal_connect_object (entry, "activate", G_CALLBACK (activate_cb), view, 0);
  g_signal_connect_object (entry, "stop-search", G_CALLBACK (stop_cb), view, 0);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), view, 0);
  gtk_widget_add_controller (GTK_WIDGET (entry), keys);

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (shortcuts), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (shortcuts),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_f, GDK_CONTROL_MASK | GDK_SHIFT_MASK),
                                                          gtk_callback_action_new (filter_cb, subpages, NULL)));
  gtk_widget_add_controller (page, shortcuts);
}
