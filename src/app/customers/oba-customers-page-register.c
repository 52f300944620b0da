#include "oba-customers-page-register.h"

#include <glib/gi18n-lib.h>

#include "oba-profile-edit.h"

#define MAY_REGISTER (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)
#define WINDOW_KEY "oba-register-window"

typedef struct
{
  GWeakRef page;
  gint64   id;
} Registered;

static void
registered_free (gpointer  data,
                 GClosure *closure)
{
  Registered *registered = data;

  g_weak_ref_clear (&registered->page);
  g_free (registered);
}

static void
open_cb (AdwToast   *toast,
         Registered *registered)
{
  g_autoptr (ObaCustomersPage) page = g_weak_ref_get (&registered->page);

  if (page != NULL)
    oba_customers_page_open_profile (page, registered->id);
}

static void
registered_cb (ObaCustomersPage *self,
               gint64            id,
               const char       *name)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  /* Translators: the name of a customer. */
  g_autofree char *text = g_strdup_printf (_("%s is registered"), name);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  Registered *registered;
  AdwToast *toast;

  if (overlay == NULL)
    return;
  registered = g_new0 (Registered, 1);
  g_weak_ref_init (&registered->page, self);
  registered->id = id;
  toast = adw_toast_new (escaped);
  adw_toast_set_button_label (toast, _("_Open"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (open_cb), registered, registered_free, 0);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

static void
forget_cb (GObject *self)
{
  g_object_set_data (self, WINDOW_KEY, NULL);
}

ObaRegisterWindow *
oba_customers_page_register (ObaCustomersPage *self)
{
  ObaRegisterWindow *window = g_object_get_data (G_OBJECT (self), WINDOW_KEY);

  if (window == NULL)
    {
      window = oba_register_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), oba_page_get_session (OBA_PAGE (self)));
      g_object_set_data (G_OBJECT (self), WINDOW_KEY, window);
      g_signal_connect_object (window, "registered", G_CALLBACK (registered_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (window, "open-customer", G_CALLBACK (oba_customers_page_open_profile), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (window, "destroy", G_CALLBACK (forget_cb), self, G_CONNECT_SWAPPED);
    }
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
register_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  oba_customers_page_register (OBA_CUSTOMERS_PAGE (widget));
}

/* The chosen customer's profile, as a form. */
static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ObaCustomersPage *self = OBA_CUSTOMERS_PAGE (widget);
  gint64 id = oba_customers_page_get_selected (self);
  GtkWidget *view;

  if (id == 0 || !oba_customer_detail_is_editable (oba_customers_page_get_detail (self)) || oba_subpages_get_top (oba_customers_page_get_subpages (self)) != NULL)
    return;
  oba_customers_page_open_profile (self, id);
  view = oba_subpages_get_top (oba_customers_page_get_subpages (self));
  oba_edit_pane_edit (oba_profile_view_get_edit_pane (OBA_PROFILE_VIEW (view)), oba_page_get_session (OBA_PAGE (self)), id);
}

/* Whatever has the focus, while the list is what is seen. */
static gboolean
edit_shortcut_cb (GtkWidget *widget,
                  GVariant  *arguments,
                  gpointer   user_data)
{
  if (!gtk_widget_get_mapped (widget) || oba_subpages_get_top (oba_customers_page_get_subpages (OBA_CUSTOMERS_PAGE (widget))) != NULL)
    return FALSE;
  return gtk_widget_activate_action (widget, "page.edit", NULL);
}

/* Whatever has the focus, while the page is the one that is seen. */
static gboolean
shortcut_cb (GtkWidget *widget,
             GVariant  *arguments,
             gpointer   user_data)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_activate_action (widget, "page.register", NULL);
}

void
oba_customers_page_register_install (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "page.register", NULL, register_action);
  gtk_widget_class_install_action (widget_class, "page.edit", NULL, edit_action);
}

void
oba_customers_page_register_set_up (ObaCustomersPage *self,
                                    GtkWidget        *button)
{
  gboolean may = oba_session_has_role (oba_page_get_session (OBA_PAGE (self)), MAY_REGISTER);
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_n, GDK_CONTROL_MASK),
                                                          gtk_callback_action_new (shortcut_cb, NULL, NULL)));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_e, GDK_CONTROL_MASK),
                                                          gtk_callback_action_new (edit_shortcut_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.register", may);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.edit", may);
  gtk_widget_set_visible (button, may);
}
