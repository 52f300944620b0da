#include "oba-config.h"

#include "oba-application.h"

#include <glib/gi18n-lib.h>

#include "connection/oba-connection-window.h"
#include "db/oba-db-source.h"
#include "oba-screenshots.h"
#include "oba-session.h"
#include "oba-window.h"

struct _ObaApplication
{
  AdwApplication parent_instance;

  GSettings *settings;
  gboolean   local;
  char      *database;       /* (nullable): --database, else OBA_DATABASE, else "" when PG* variables name one */
  char      *screenshots;    /* (nullable): a folder */
  int        exit_code;
};

G_DEFINE_FINAL_TYPE (ObaApplication, oba_application, ADW_TYPE_APPLICATION)

GSettings *
oba_application_settings_new (void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = installed != NULL ? g_settings_schema_source_lookup (installed, OBA_APP_ID, TRUE) : NULL;

  if (schema == NULL)
    {
      g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
      g_autofree char *directory = program != NULL ? g_path_get_dirname (program) : g_strdup (".");
      g_autofree char *built = g_build_filename (directory, "..", "..", "data", NULL);
      g_autofree char *beside = g_build_filename (directory, "..", "share", "glib-2.0", "schemas", NULL);
      g_autoptr (GSettingsSchemaSource) source = g_settings_schema_source_new_from_directory (beside, installed, TRUE, NULL);

      if (source == NULL)
        source = g_settings_schema_source_new_from_directory (built, installed, TRUE, NULL);
      if (source != NULL)
        schema = g_settings_schema_source_lookup (source, OBA_APP_ID, TRUE);
    }
  /* An installation without its schema is broken: GSettings says so and ends the program. */
  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : g_settings_new (OBA_APP_ID);
}

/* ---- pictures */

static void
fail (ObaApplication *self, const char *sentence)
{
  g_printerr ("%s\n", sentence);
  self->exit_code = 1;
  g_application_quit (G_APPLICATION (self));
}

static void
pictures_taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  if (oba_screenshots_take_finish (result, &error))
    g_application_quit (G_APPLICATION (self));
  else
    fail (self, error->message);
}

/* ---- windows */

static GtkWindow *
find_window (ObaApplication *self, GType type)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (g_type_is_a (G_OBJECT_TYPE (l->data), type))
      return l->data;
  return NULL;
}

static void
opened_cb (ObaApplication *self, ObaSession *session, GtkWindow *connection)
{
  GtkWindow *old = find_window (self, OBA_TYPE_WINDOW);
  ObaWindow *window = oba_window_new (GTK_APPLICATION (self), session, self->settings);

  gtk_window_present (GTK_WINDOW (window));
  gtk_window_destroy (connection);
  if (old != NULL)
    gtk_window_close (old);
  if (self->screenshots != NULL)
    oba_screenshots_take_async (window, self->screenshots, pictures_taken_cb, g_object_ref (self));
}

static void
notice_cb (ObaApplication *self, const char *text)
{
  GtkWindow *window = find_window (self, OBA_TYPE_WINDOW);

  if (window != NULL)
    oba_window_toast (OBA_WINDOW (window), text);
}

static void
failed_cb (ObaApplication *self, const char *sentence)
{
  if (self->screenshots != NULL)
    fail (self, sentence);
}

static ObaConnectionWindow *
connection_window_new (ObaApplication *self)
{
  ObaConnectionWindow *window = oba_connection_window_new (GTK_APPLICATION (self), self->settings);

  g_signal_connect_object (window, "opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "notice", G_CALLBACK (notice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  return window;
}

static void
connect_first (ObaApplication *self)
{
  ObaConnectionWindow *window = connection_window_new (self);
  g_autofree char *last = g_settings_get_string (self->settings, "connection");

  gtk_window_present (GTK_WINDOW (window));
  if (self->local)
    oba_connection_window_open_sample (window);
  else if (self->database != NULL)
    oba_connection_window_open_conninfo (window, self->database);
  else if (g_str_equal (last, "sample"))
    oba_connection_window_open_sample (window);
  else if (g_str_equal (last, "central"))
    oba_connection_window_open_remembered (window);
  else if (self->screenshots != NULL)
    fail (self, _("There is nothing to take pictures of: name a database with --database, or use --local."));
}

static void
oba_application_activate (GApplication *app)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (app));

  if (window != NULL)
    gtk_window_present (window);
  else
    connect_first (OBA_APPLICATION (app));
}

/* ---- actions */

/* The open session stays until there is another: whoever thinks better of it closes the connection window. */
static void
switch_connection_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ObaApplication *self = user_data;
  GtkWindow *window = find_window (self, OBA_TYPE_CONNECTION_WINDOW);

  if (window == NULL)
    window = GTK_WINDOW (connection_window_new (self));
  gtk_window_present (window);
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_show_about_dialog (gtk_application_get_active_window (user_data),
                         "program-name", _("OBA Back Office"),
                         "logo-icon-name", OBA_APP_ID,
                         "version", OBA_VERSION,
                         "comments", _("Customers, points and sales of the OBA grocery chain"),
                         "license-type", GTK_LICENSE_MIT_X11,
                         /* Translators: write your names here, one a line. */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

/*
 * Every window closes as by its own button: sizes are kept, unfinished work is cancelled, and what was typed is asked about; what lies over another window is
 * that one's to close. The last one ends the program.
 */
static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows = g_list_copy_deep (gtk_application_get_windows (user_data), (GCopyFunc) (GCallback) g_object_ref, NULL);

  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_window_get_transient_for (l->data) == NULL)
      gtk_window_close (l->data);
  g_list_free_full (windows, g_object_unref);
}

static void
set_accels (GtkApplication *app, const char *action, const char *list)
{
  g_auto (GStrv) accels = g_strsplit (list, " ", -1);

  gtk_application_set_accels_for_action (app, action, (const char *const *) accels);
}

static void
add_accels (GtkApplication *app)
{
  set_accels (app, "app.quit", "<Control>q");
  set_accels (app, "win.refresh", "F5");
  set_accels (app, "win.search", "<Control>k <Control>f");
  set_accels (app, "window.close", "<Control>w");
  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *action = g_strdup_printf ("win.show-page(uint32 %u)", i);
      g_autofree char *accel = g_strdup_printf ("<Control>%u", i + 1);

      set_accels (app, action, accel);
    }
}

/* ---- the application */

static int
oba_application_handle_local_options (GApplication *app, GVariantDict *options)
{
  ObaApplication *self = OBA_APPLICATION (app);
  g_autoptr (GError) error = NULL;
  g_autofree char *given = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("oba-backoffice %s\n", OBA_VERSION);
      return 0;
    }
  g_variant_dict_lookup (options, "database", "s", &given);
  g_variant_dict_lookup (options, "screenshots", "^ay", &self->screenshots);
  self->local = g_variant_dict_contains (options, "local");
  if (self->local && given != NULL)
    {
      g_printerr (_("Name a database or use --local, not both.\n"));
      return 2;
    }
  if (!self->local)
    {
      g_autofree char *chosen = oba_db_source_choose (given, NULL, &error);

      if (chosen == NULL)
        {
          g_printerr ("%s\n", error->message);
          return 2;
        }
      if (*chosen != '\0' || g_getenv ("PGHOST") != NULL || g_getenv ("PGHOSTADDR") != NULL || g_getenv ("PGSERVICE") != NULL)
        self->database = g_steal_pointer (&chosen);
    }
  /* Pictures are of this database, whatever window of ours is open already. */
  if (self->screenshots != NULL)
    g_application_set_flags (app, G_APPLICATION_NON_UNIQUE);
  return -1;
}

static void
oba_application_startup (GApplication *app)
{
  static const GActionEntry entries[] = {
    { .name = "about", .activate = about_action },
    { .name = "quit", .activate = quit_action },
    { .name = "switch-connection", .activate = switch_connection_action },
  };

  G_APPLICATION_CLASS (oba_application_parent_class)->startup (app);

  OBA_APPLICATION (app)->settings = oba_application_settings_new ();
  gtk_window_set_default_icon_name (OBA_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (app), entries, G_N_ELEMENTS (entries), app);
  add_accels (GTK_APPLICATION (app));
}

static void
oba_application_finalize (GObject *object)
{
  ObaApplication *self = OBA_APPLICATION (object);

  g_clear_object (&self->settings);
  g_free (self->database);
  g_free (self->screenshots);

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
    { "database", 'd', 0, G_OPTION_ARG_STRING, NULL, N_ ("Connect to this database: a libpq connection string or URI"), N_ ("CONNINFO") },
    { "local", 'l', 0, G_OPTION_ARG_NONE, NULL, N_ ("Use the private database with sample data"), NULL },
    { "screenshots", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, NULL, N_ ("Save a picture of every page and end"), N_ ("DIR") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version"), NULL },
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

int
oba_application_get_exit_code (ObaApplication *self)
{
  g_return_val_if_fail (OBA_IS_APPLICATION (self), 1);

  return self->exit_code;
}
