#include "oba-connection-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-source.h"
#include "oba-connection-settings.h"
#include "oba-sample-setup.h"
#include "oba-secrets.h"
#include "widgets/oba-problem-box.h"

struct _ObaConnectionWindow
{
  AdwApplicationWindow parent_instance;

  GSettings    *settings;
  GCancellable *cancellable;     /* of what runs now; NULL when nothing does */
  char         *conninfo;        /* (nullable): given on the command line */
  char         *ca_file;

  AdwWindowTitle      *title;
  GtkWidget           *back_button;
  GtkStack            *stack;
  ObaProblemBox       *welcome_problem;
  AdwActionRow        *again_row;
  GtkWidget           *central_row;
  GtkWidget           *sample_row;

  ObaProblemBox       *central_problem;
  GtkWidget           *form;
  GtkEditable         *host_row;
  GtkEditable         *port_row;
  GtkEditable         *database_row;
  GtkEditable         *user_row;
  GtkEditable         *password_row;
  GtkSwitch           *remember_switch;
  AdwComboRow         *tls_row;
  AdwActionRow        *ca_row;
  GtkWidget           *ca_clear_button;
  GtkWidget           *ca_button;
  GtkWidget           *connect_button;
  GtkWidget           *connect_spinner;
  GtkLabel            *connect_label;

  GtkSpinner          *progress_spinner;
  GtkLabel            *progress_title;
  GtkLabel            *progress_detail;
  GtkProgressBar      *progress_bar;
};

enum
{
  OPENED,
  NOTICE,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaConnectionWindow, oba_connection_window, ADW_TYPE_APPLICATION_WINDOW)

/* The window may be closed while its work goes on: the work holds a reference, and a disposed window has no widgets. */
static gboolean
is_gone (ObaConnectionWindow *self)
{
  return self->stack == NULL;
}

static gboolean
on_page (ObaConnectionWindow *self, const char *name)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), name) == 0;
}

static void
show_page (ObaConnectionWindow *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_set_visible (self->back_button, g_str_equal (name, "central"));
  adw_window_title_set_title (self->title, g_str_equal (name, "central") ? _("Central Database") : "");
}

static void
set_problem (ObaConnectionWindow *self, const char *text)
{
  oba_problem_box_set_text (self->welcome_problem, text);
  oba_problem_box_set_text (self->central_problem, text);
}

/* ---- running work */

static void
set_busy (ObaConnectionWindow *self, gboolean busy)
{
  gtk_widget_set_sensitive (self->form, !busy);
  gtk_widget_set_visible (self->connect_spinner, busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->connect_spinner), busy);
  gtk_spinner_set_spinning (self->progress_spinner, busy);
  gtk_label_set_label (self->connect_label, busy ? _("_Cancel") : _("C_onnect"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->connect_button), busy ? "connection.cancel" : "connection.connect");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connection.back", !busy);
}

static GCancellable *
begin_work (ObaConnectionWindow *self)
{
  set_problem (self, NULL);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  set_busy (self, TRUE);
  return self->cancellable;
}

static void
end_work (ObaConnectionWindow *self)
{
  g_clear_object (&self->cancellable);
  if (!is_gone (self))
    set_busy (self, FALSE);
}

static void
fail (ObaConnectionWindow *self, const GError *error)
{
  end_work (self);
  if (is_gone (self))
    return;
  if (on_page (self, "progress"))
    show_page (self, "welcome");
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      set_problem (self, sentence);
      g_signal_emit (self, signals[FAILED], 0, sentence);
    }
  if (on_page (self, "central"))
    gtk_widget_grab_focus (GTK_WIDGET (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_AUTH) ? self->password_row : self->host_row));
}

static void
progress_cb (const char *stage, const char *detail, double fraction, gpointer user_data)
{
  ObaConnectionWindow *self = user_data;

  if (is_gone (self))
    return;
  gtk_label_set_label (self->progress_title, stage);
  gtk_label_set_label (self->progress_detail, detail != NULL ? detail : "");
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress_bar, MIN (fraction, 1));
  gtk_widget_set_opacity (GTK_WIDGET (self->progress_bar), fraction >= 0 ? 1 : 0);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaConnectionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaSession) session = oba_session_open_finish (result, &error);

  if (session == NULL)
    {
      fail (self, error);
      return;
    }
  end_work (self);
  g_signal_emit (self, signals[OPENED], 0, session);
}

/* ---- the central database */

static void
row_changed_cb (GtkEditable *row)
{
  gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
}

static void
tls_changed_cb (ObaConnectionWindow *self)
{
  guint mode = adw_combo_row_get_selected (self->tls_row);
  const char *text = "";

  switch (mode)
    {
    case OBA_TLS_VERIFY_FULL:
      text = _("Encrypted, and the server proves that it is the one named above. Recommended.");
      break;
    case OBA_TLS_VERIFY_CA:
      text = _("Encrypted, and a trusted authority vouches for the server, but not for its name.");
      break;
    case OBA_TLS_REQUIRE:
      text = _("Encrypted, but any server is believed: somebody in between could read along.");
      break;
    case OBA_TLS_PREFER:
      text = _("Encrypted if the server can, in the clear if it cannot. Not for use outside this building.");
      break;
    case OBA_TLS_DISABLE:
      text = _("Names and passwords travel readable. Only for a server on this computer.");
      break;
    default:
      break;
    }
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->tls_row), text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->ca_row), mode <= OBA_TLS_VERIFY_CA);
}

static void
set_ca_file (ObaConnectionWindow *self, const char *path)
{
  g_free (self->ca_file);
  self->ca_file = g_strdup (path);
  adw_action_row_set_subtitle (self->ca_row, *path != '\0' ? path : _("The authorities this computer trusts"));
  gtk_widget_set_visible (self->ca_clear_button, *path != '\0');
}

static void
show_settings (ObaConnectionWindow *self)
{
  g_autoptr (ObaConnectionSettings) settings = oba_connection_settings_load (self->settings);
  g_autofree char *port = g_strdup_printf ("%u", settings->port);

  gtk_editable_set_text (self->host_row, settings->host);
  gtk_editable_set_text (self->port_row, port);
  gtk_editable_set_text (self->database_row, settings->database);
  gtk_editable_set_text (self->user_row, settings->user);
  gtk_switch_set_active (self->remember_switch, settings->remember);
  adw_combo_row_set_selected (self->tls_row, settings->tls_mode);
  set_ca_file (self, settings->ca_file);
  tls_changed_cb (self);
}

static ObaConnectionSettings *
typed_settings (ObaConnectionWindow *self)
{
  ObaConnectionSettings *settings = g_new0 (ObaConnectionSettings, 1);
  guint64 port = 0;

  settings->host = g_strstrip (g_strdup (gtk_editable_get_text (self->host_row)));
  settings->database = g_strstrip (g_strdup (gtk_editable_get_text (self->database_row)));
  settings->user = g_strstrip (g_strdup (gtk_editable_get_text (self->user_row)));
  settings->tls_mode = adw_combo_row_get_selected (self->tls_row);
  settings->ca_file = g_strdup (self->ca_file);
  settings->remember = gtk_switch_get_active (self->remember_switch);
  if (g_ascii_string_to_unsigned (gtk_editable_get_text (self->port_row), 10, 1, 65535, &port, NULL))
    settings->port = (guint) port;
  return settings;
}

static gboolean
refuse (ObaConnectionWindow *self, GtkEditable *row, const char *text)
{
  gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  gtk_widget_grab_focus (GTK_WIDGET (row));
  set_problem (self, text);
  return FALSE;
}

static gboolean
check_settings (ObaConnectionWindow *self, const ObaConnectionSettings *settings)
{
  if (*settings->host == '\0')
    return refuse (self, self->host_row, _("Which host is the database on? It looks like “db.example.az”."));
  if (settings->port == 0)
    return refuse (self, self->port_row, _("The port is a number from 1 to 65535. Most servers use 5432."));
  if (*settings->database == '\0')
    return refuse (self, self->database_row, _("What is the database called? Most often it is “oba”."));
  if (*settings->user == '\0')
    return refuse (self, self->user_row, _("Which user name did your administrator give you?"));
  return TRUE;
}

static void
remembered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaConnectionWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!oba_secrets_store_finish (result, &error))
    g_signal_emit (self, signals[NOTICE], 0, _("Signed in. The password could not be remembered: this computer has no keyring that answers."));
}

static void
forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* Without a keyring there is nothing to forget. */
  if (!oba_secrets_store_finish (result, &error))
    g_debug ("Forgetting the password: %s", error->message);
}

static void
central_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaConnectionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaSession) session = oba_session_open_finish (result, &error);
  g_autoptr (ObaConnectionSettings) settings = NULL;

  if (session == NULL)
    {
      fail (self, error);
      return;
    }
  end_work (self);
  if (is_gone (self))
    return;

  settings = typed_settings (self);
  oba_connection_settings_save (settings, self->settings);
  g_settings_set_string (self->settings, "connection", "central");
  if (settings->remember)
    oba_secrets_store_async (settings, gtk_editable_get_text (self->password_row), NULL, remembered_cb, g_object_ref (self));
  else
    oba_secrets_store_async (settings, NULL, NULL, forgotten_cb, NULL);
  g_signal_emit (self, signals[OPENED], 0, session);
}

static void
connect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaConnectionWindow *self = OBA_CONNECTION_WINDOW (widget);
  g_autoptr (ObaConnectionSettings) settings = typed_settings (self);
  g_autofree char *conninfo = NULL;

  if (!on_page (self, "central") || self->cancellable != NULL || !check_settings (self, settings))
    return;

  conninfo = oba_connection_settings_to_conninfo (settings, gtk_editable_get_text (self->password_row));
  oba_session_open_async (conninfo, settings->host, begin_work (self), central_opened_cb, g_object_ref (self));
}

static void
filled_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaConnectionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  char *password = oba_secrets_lookup_finish (result, &error);

  if (error != NULL)
    g_debug ("Looking for the password: %s", error->message);
  if (password != NULL && !is_gone (self) && *gtk_editable_get_text (self->password_row) == '\0')
    gtk_editable_set_text (self->password_row, password);
  oba_secrets_free (password);
}

static void
show_central (ObaConnectionWindow *self)
{
  show_page (self, "central");
  gtk_widget_grab_focus (GTK_WIDGET (*gtk_editable_get_text (self->host_row) == '\0' ? self->host_row : self->password_row));
}

static void
central_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaConnectionWindow *self = OBA_CONNECTION_WINDOW (widget);
  g_autoptr (ObaConnectionSettings) settings = typed_settings (self);

  set_problem (self, NULL);
  show_central (self);
  if (*settings->host != '\0' && settings->remember)
    oba_secrets_lookup_async (settings, NULL, filled_in_cb, g_object_ref (self));
}

static void
ask_password (ObaConnectionWindow *self)
{
  end_work (self);
  if (!is_gone (self))
    show_central (self);
}

static void
remembered_password_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaConnectionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  char *password = oba_secrets_lookup_finish (result, &error);

  if (password != NULL && !is_gone (self))
    gtk_editable_set_text (self->password_row, password);
  ask_password (self);
  if (password != NULL && !is_gone (self))
    gtk_widget_activate_action (GTK_WIDGET (self), "connection.connect", NULL);
  oba_secrets_free (password);
}

void
oba_connection_window_open_remembered (ObaConnectionWindow *self)
{
  g_autoptr (ObaConnectionSettings) settings = NULL;

  g_return_if_fail (OBA_IS_CONNECTION_WINDOW (self));

  settings = typed_settings (self);
  show_central (self);
  if (settings->remember && *settings->host != '\0')
    oba_secrets_lookup_async (settings, begin_work (self), remembered_password_cb, g_object_ref (self));
}

static void
ca_chosen_cb (ObaConnectionWindow *self, int response, GtkFileChooser *chooser)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (chooser) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    set_ca_file (self, path);
  g_object_unref (chooser);
}

static void
choose_ca_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Choose the Authority's Certificate"), GTK_WINDOW (widget),
                                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), _("_Cancel"));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Certificates"));
  gtk_file_filter_add_suffix (filter, "pem");
  gtk_file_filter_add_suffix (filter, "crt");
  gtk_file_filter_add_suffix (filter, "cer");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (ca_chosen_cb), widget, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
clear_ca_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_ca_file (OBA_CONNECTION_WINDOW (widget), "");
}

/* ---- sample data */

static void
sample_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaConnectionWindow *self = user_data;

  g_settings_set_string (self->settings, "connection", "sample");
  opened_cb (source, result, user_data);
}

static void
sample_ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaConnectionWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *conninfo = oba_sample_setup_finish (result, &error);

  if (conninfo == NULL)
    {
      fail (self, error);
      return;
    }
  progress_cb (_("Opening the sample data…"), NULL, -1, self);
  oba_session_open_async (conninfo, _("Sample data"), self->cancellable, sample_opened_cb, g_object_ref (self));
}

void
oba_connection_window_open_sample (ObaConnectionWindow *self)
{
  g_return_if_fail (OBA_IS_CONNECTION_WINDOW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->again_row), FALSE);
  progress_cb (_("Preparing the sample data…"), NULL, -1, self);
  show_page (self, "progress");
  oba_sample_setup_async (progress_cb, self, begin_work (self), sample_ready_cb, g_object_ref (self));
}

static void
sample_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_connection_window_open_sample (OBA_CONNECTION_WINDOW (widget));
}

/* ---- a given connection string */

void
oba_connection_window_open_conninfo (ObaConnectionWindow *self, const char *conninfo)
{
  g_autofree char *copy = g_strdup (conninfo);
  g_autofree char *place = oba_db_source_describe (conninfo);

  g_return_if_fail (OBA_IS_CONNECTION_WINDOW (self));

  g_free (self->conninfo);
  self->conninfo = g_steal_pointer (&copy);
  gtk_widget_set_visible (GTK_WIDGET (self->again_row), TRUE);
  adw_action_row_set_subtitle (self->again_row, place);
  progress_cb (_("Connecting…"), place, -1, self);
  show_page (self, "progress");
  oba_session_open_async (self->conninfo, place, begin_work (self), opened_cb, g_object_ref (self));
}

static void
again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaConnectionWindow *self = OBA_CONNECTION_WINDOW (widget);

  if (self->conninfo != NULL)
    oba_connection_window_open_conninfo (self, self->conninfo);
}

/* ---- the window */

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_cancellable_cancel (OBA_CONNECTION_WINDOW (widget)->cancellable);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaConnectionWindow *self = OBA_CONNECTION_WINDOW (widget);

  if (!on_page (self, "central"))
    return;
  set_problem (self, NULL);
  show_page (self, "welcome");
  gtk_widget_grab_focus (self->central_row);
}

static void
oba_connection_window_dispose (GObject *object)
{
  ObaConnectionWindow *self = OBA_CONNECTION_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  self->stack = NULL;

  G_OBJECT_CLASS (oba_connection_window_parent_class)->dispose (object);
}

static void
oba_connection_window_finalize (GObject *object)
{
  ObaConnectionWindow *self = OBA_CONNECTION_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->settings);
  g_free (self->conninfo);
  g_free (self->ca_file);

  G_OBJECT_CLASS (oba_connection_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, title);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, back_button);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, stack);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, welcome_problem);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, again_row);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, central_row);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, sample_row);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, central_problem);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, form);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, host_row);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, port_row);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, database_row);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, user_row);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, password_row);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, remember_switch);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, tls_row);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, ca_row);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, ca_clear_button);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, ca_button);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, connect_button);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, connect_spinner);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, connect_label);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, progress_spinner);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, progress_title);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, progress_detail);
  gtk_widget_class_bind_template_child (klass, ObaConnectionWindow, progress_bar);
  gtk_widget_class_bind_template_callback (klass, row_changed_cb);
  gtk_widget_class_bind_template_callback (klass, tls_changed_cb);
}

static void
oba_connection_window_class_init (ObaConnectionWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_connection_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_connection_window_finalize;

  signals[OPENED] = g_signal_new ("opened", OBA_TYPE_CONNECTION_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, OBA_TYPE_SESSION);
  signals[NOTICE] = g_signal_new ("notice", OBA_TYPE_CONNECTION_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", OBA_TYPE_CONNECTION_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (OBA_TYPE_PROBLEM_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/connection/oba-connection-window.ui");
  bind_children (widget_class);

  gtk_widget_class_install_action (widget_class, "connection.again", NULL, again_action);
  gtk_widget_class_install_action (widget_class, "connection.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "connection.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "connection.central", NULL, central_action);
  gtk_widget_class_install_action (widget_class, "connection.choose-ca", NULL, choose_ca_action);
  gtk_widget_class_install_action (widget_class, "connection.clear-ca", NULL, clear_ca_action);
  gtk_widget_class_install_action (widget_class, "connection.connect", NULL, connect_action);
  gtk_widget_class_install_action (widget_class, "connection.sample", NULL, sample_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "connection.cancel", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "connection.back", NULL);
}

static void
oba_connection_window_init (ObaConnectionWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

ObaConnectionWindow *
oba_connection_window_new (GtkApplication *app, GSettings *settings)
{
  ObaConnectionWindow *self = g_object_new (OBA_TYPE_CONNECTION_WINDOW, "application", app, NULL);

  self->settings = g_object_ref (settings);
  show_settings (self);
  show_page (self, "welcome");
  return self;
}

void
oba_connection_window_show_problem (ObaConnectionWindow *self, const char *text)
{
  g_return_if_fail (OBA_IS_CONNECTION_WINDOW (self));

  set_problem (self, text);
}

const char *
oba_connection_window_get_problem (ObaConnectionWindow *self)
{
  g_return_val_if_fail (OBA_IS_CONNECTION_WINDOW (self), NULL);

  return oba_problem_box_get_text (on_page (self, "central") ? self->central_problem : self->welcome_problem);
}
