#include "oba-config.h"

#include "oba-application.h"

#include <glib/gi18n.h>

#include "oba-session.h"
#include "oba-window.h"

struct _ObaApplication
{
  AdwApplication parent_instance;

  char *database;
};

G_DEFINE_FINAL_TYPE (ObaApplication, oba_application, ADW_TYPE_APPLICATION)

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaSession) session = oba_session_open_finish (result, &error);

  g_application_release (G_APPLICATION (self));
  if (session == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      g_printerr ("%s\n", sentence);
      return;
    }
  gtk_window_present (GTK_WINDOW (oba_window_new (GTK_APPLICATION (self), session)));
}

static void
oba_application_activate (GApplication *app)
{
  ObaApplication *self = OBA_APPLICATION (app);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (app));

  if (window != NULL)
    {
      gtk_window_present (window);
      return;
    }
  g_application_hold (app);
  oba_session_open_async (self->database != NULL ? self->database : "", "", NULL, opened_cb, g_object_ref (self));
}

static int
oba_application_handle_local_options (GApplication *app, GVariantDict *options)
{
  ObaApplication *self = OBA_APPLICATION (app);

  g_variant_dict_lookup (options, "database", "s", &self->database);
  return -1;
}

static void
set_accels (GtkApplication *app, const char *action, const char *accel)
{
  const char *accels[] = { accel, NULL };

  gtk_application_set_accels_for_action (app, action, accels);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_quit (G_APPLICATION (user_data));
}

static void
oba_application_startup (GApplication *app)
{
  static const GActionEntry entries[] = {
    { .name = "quit", .activate = quit_action },
  };

  G_APPLICATION_CLASS (oba_application_parent_class)->startup (app);

  g_action_map_add_action_entries (G_ACTION_MAP (app), entries, G_N_ELEMENTS (entries), app);
  set_accels (GTK_APPLICATION (app), "app.quit", "<Control>q");
  set_accels (GTK_APPLICATION (app), "win.refresh", "F5");
  set_accels (GTK_APPLICATION (app), "win.search", "<Control>k");
  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *action = g_strdup_printf ("win.show-page(uint32 %u)", i);
      g_autofree char *accel = g_strdup_printf ("<Control>%u", i + 1);

      set_accels (GTK_APPLICATION (app), action, accel);
    }
}

static void
oba_application_finalize (GObject *object)
{
  g_free (OBA_APPLICATION (object)->database);

  G_OBJECT_CLASS (oba_application_parent_class)->finalize (object);
}

static void
oba_application_class_init (ObaApplicationClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = oba_application_finalize;
  app_class->activate = oba_application_activate;
  app_class->handle_local_options = oba_application_handle_local_options;
  app_class->startup = oba_application_startup;
}

static void
oba_application_init (ObaApplication *self)
{
  static const GOptionEntry entries[] = {
    { "database", 'd', 0, G_OPTION_ARG_STRING, NULL, N_ ("Connect to this database (libpq connection string or URI)"), N_ ("CONNINFO") },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
}

ObaApplication *
oba_application_new (void)
{
  return g_object_new (OBA_TYPE_APPLICATION, "application-id", OBA_APP_ID, "resource-base-path", "/az/oba/BackOffice",
                       "flags", G_APPLICATION_DEFAULT_FLAGS, NULL);
}
