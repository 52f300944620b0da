#include "oba-test-app.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>
#include <stdlib.h>
#include <string.h>

#include "oba-screenshots.h"

void
oba_test_app_init (int *argc, char ***argv)
{
  oba_test_forgive_quarks ();
  g_test_init (argc, argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP there is no display\n");
      exit (0);
    }
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, "gtk-cursor-blink", FALSE, "gtk-font-name", "Cantarell 11", NULL);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), "/az/oba/BackOffice/icons");
}

GSettings *
oba_test_settings_new (void)
{
  g_autoptr (GSettingsBackend) backend = g_memory_settings_backend_new ();

  return g_settings_new_with_backend ("az.oba.BackOffice", backend);
}

AdwApplication *
oba_test_application_new (void)
{
  static guint n;
  /* A name of its own each: the bus forgets one only when its last window is gone. */
  g_autofree char *id = g_strdup_printf ("az.oba.BackOffice.Test%u", n++);
  AdwApplication *app = g_object_new (ADW_TYPE_APPLICATION, "application-id", id, "flags", G_APPLICATION_NON_UNIQUE,
                                      "resource-base-path", "/az/oba/BackOffice", NULL);
  GError *error = NULL;

  g_application_register (G_APPLICATION (app), NULL, &error);
  g_assert_no_error (error);
  return app;
}

static gboolean
wake_up (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

void
oba_test_iterate (void)
{
  guint source = g_timeout_add (10, wake_up, NULL);

  g_main_context_iteration (NULL, TRUE);
  if (g_main_context_find_source_by_id (NULL, source) != NULL)
    g_source_remove (source);
}

static char *
text_of (GtkWidget *widget)
{
  static const char *const names[] = { "label", "title", "text", "description" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (widget), names[i]);
      g_autofree char *text = NULL;

      if (pspec == NULL || pspec->value_type != G_TYPE_STRING || (pspec->flags & G_PARAM_READABLE) == 0)
        continue;
      g_object_get (widget, names[i], &text, NULL);
      if (text != NULL && *text != '\0')
        return g_steal_pointer (&text);
    }
  return NULL;
}

GtkWidget *
oba_test_find (GtkWidget *root, GType type, const char *text)
{
  if (!gtk_widget_get_child_visible (root) || !gtk_widget_get_visible (root))
    return NULL;
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    {
      g_autofree char *own = text != NULL ? text_of (root) : NULL;

      if (text == NULL || g_strcmp0 (own, text) == 0)
        return root;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = oba_test_find (child, type, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

gboolean
oba_test_shows (GtkWidget *root, const char *text)
{
  g_autofree char *own = NULL;

  if (!gtk_widget_get_child_visible (root) || !gtk_widget_get_visible (root))
    return FALSE;
  own = text_of (root);
  if (own != NULL && strstr (own, text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (oba_test_shows (child, text))
      return TRUE;
  return FALSE;
}

void
oba_test_assert_named (GtkWidget *root)
{
  gboolean icon_only = GTK_IS_BUTTON (root) && gtk_button_get_icon_name (GTK_BUTTON (root)) != NULL;
  gboolean menu = GTK_IS_MENU_BUTTON (root) && gtk_menu_button_get_label (GTK_MENU_BUTTON (root)) == NULL;

  /* Without a name of its own an icon button is read out as “image”. Buttons inside the library's own rows are its to name. */
  if ((icon_only || menu) && gtk_widget_get_tooltip_text (root) != NULL && !gtk_test_accessible_has_property (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_PROPERTY_LABEL))
    g_error ("a button without a name: %s", gtk_widget_get_tooltip_text (root));
  if (ADW_IS_ENTRY_ROW (root))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    oba_test_assert_named (child);
}

void
oba_test_present (GtkWindow *window, int width, int height)
{
  gtk_window_set_default_size (window, width, height);
  gtk_window_present (window);
  oba_test_wait_until (gtk_widget_get_width (GTK_WIDGET (window)) > 0);
  gtk_widget_queue_draw (GTK_WIDGET (window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (window));
}

void
oba_test_picture (GtkWindow *window, const char *name)
{
  const char *directory = g_getenv ("OBA_TEST_PICTURES");
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  if (directory == NULL)
    return;
  /* A few frames, so that what just appeared has its size. */
  for (guint i = 0; i < 3; i++)
    {
      gtk_widget_queue_draw (GTK_WIDGET (window));
      gtk_test_widget_wait_for_draw (GTK_WIDGET (window));
    }
  file = g_strconcat (name, ".png", NULL);
  path = g_build_filename (directory, file, NULL);
  g_assert_true (oba_screenshots_save_widget (GTK_WIDGET (window), path, &error));
  g_assert_no_error (error);
}
