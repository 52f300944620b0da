#include "oba-page.h"

#include <glib/gi18n-lib.h>

#define LAST_TOAST "oba-page-toast"

typedef struct
{
  ObaSession  *session;
  GSettings   *settings;
  ObaPageState state;
  char        *message;
} ObaPagePrivate;

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_SETTINGS,
  PROP_STATE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ObaPage, oba_page, ADW_TYPE_BIN)

static ObaPagePrivate *
priv_of (ObaPage *self)
{
  return oba_page_get_instance_private (self);
}

static void
oba_page_dispose (GObject *object)
{
  ObaPagePrivate *priv = priv_of (OBA_PAGE (object));

  g_clear_object (&priv->session);
  g_clear_object (&priv->settings);

  G_OBJECT_CLASS (oba_page_parent_class)->dispose (object);
}

static void
oba_page_finalize (GObject *object)
{
  g_free (priv_of (OBA_PAGE (object))->message);

  G_OBJECT_CLASS (oba_page_parent_class)->finalize (object);
}

static void
oba_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ObaPagePrivate *priv = priv_of (OBA_PAGE (object));

  switch (id)
    {
    case PROP_SESSION:
      g_value_set_object (value, priv->session);
      break;
    case PROP_SETTINGS:
      g_value_set_object (value, priv->settings);
      break;
    case PROP_STATE:
      g_value_set_uint (value, priv->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
oba_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ObaPagePrivate *priv = priv_of (OBA_PAGE (object));

  switch (id)
    {
    case PROP_SESSION:
      priv->session = g_value_dup_object (value);
      break;
    case PROP_SETTINGS:
      priv->settings = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
oba_page_class_init (ObaPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = oba_page_dispose;
  object_class->finalize = oba_page_finalize;
  object_class->get_property = oba_page_get_property;
  object_class->set_property = oba_page_set_property;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, OBA_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, G_TYPE_SETTINGS,
                                                   G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, OBA_PAGE_LOADING, OBA_PAGE_FAILED, OBA_PAGE_LOADING,
                                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
oba_page_init (ObaPage *self)
{
}

ObaSession *
oba_page_get_session (ObaPage *self)
{
  g_return_val_if_fail (OBA_IS_PAGE (self), NULL);

  return priv_of (self)->session;
}

GSettings *
oba_page_get_settings (ObaPage *self)
{
  g_return_val_if_fail (OBA_IS_PAGE (self), NULL);

  return priv_of (self)->settings;
}

ObaPageState
oba_page_get_state (ObaPage *self)
{
  g_return_val_if_fail (OBA_IS_PAGE (self), OBA_PAGE_FAILED);

  return priv_of (self)->state;
}

const char *
oba_page_get_message (ObaPage *self)
{
  g_return_val_if_fail (OBA_IS_PAGE (self), NULL);

  return priv_of (self)->message;
}

void
oba_page_set_state (ObaPage *self, ObaPageState state, const char *message)
{
  ObaPagePrivate *priv = priv_of (self);

  g_return_if_fail (OBA_IS_PAGE (self));

  g_free (priv->message);
  priv->message = g_strdup (message);
  if (priv->state == state)
    return;

  priv->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
oba_page_refresh (ObaPage *self)
{
  g_return_if_fail (OBA_IS_PAGE (self));

  if (OBA_PAGE_GET_CLASS (self)->refresh != NULL)
    OBA_PAGE_GET_CLASS (self)->refresh (self);
}

void
oba_page_pose (ObaPage *self)
{
  g_return_if_fail (OBA_IS_PAGE (self));

  if (OBA_PAGE_GET_CLASS (self)->pose != NULL)
    OBA_PAGE_GET_CLASS (self)->pose (self);
}

const char *
oba_page_pose_also (ObaPage *self, guint n)
{
  g_return_val_if_fail (OBA_IS_PAGE (self), NULL);

  return OBA_PAGE_GET_CLASS (self)->pose_also != NULL ? OBA_PAGE_GET_CLASS (self)->pose_also (self, n) : NULL;
}

gboolean
oba_page_focus_search (ObaPage *self)
{
  g_return_val_if_fail (OBA_IS_PAGE (self), FALSE);

  return OBA_PAGE_GET_CLASS (self)->focus_search != NULL && OBA_PAGE_GET_CLASS (self)->focus_search (self);
}

void
oba_page_toast (ObaPage *self, const char *message)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *escaped = g_markup_escape_text (message, -1);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), adw_toast_new (escaped));
}

typedef struct
{
  GWeakRef  page;
  char     *action;
  GVariant *target;
} ToastButton;

static void
toast_button_free (gpointer data, GClosure *closure)
{
  ToastButton *button = data;

  g_weak_ref_clear (&button->page);
  g_free (button->action);
  g_variant_unref (button->target);
  g_free (button);
}

static void
toast_button_cb (ToastButton *button)
{
  g_autoptr (GtkWidget) page = g_weak_ref_get (&button->page);

  if (page != NULL)
    gtk_widget_activate_action_variant (page, button->action, button->target);
}

void
oba_page_toast_button (ObaPage *self, const char *message, const char *label, guint seconds, const char *action, GVariant *target)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *escaped = g_markup_escape_text (message, -1);
  g_autoptr (GVariant) own = g_variant_ref_sink (target);
  ToastButton *button;
  AdwToast *toast;

  if (overlay == NULL)
    return;
  /* Instead of the last one: it would come back when this one goes. */
  toast = g_object_get_data (G_OBJECT (self), LAST_TOAST);
  if (toast != NULL)
    adw_toast_dismiss (toast);
  toast = adw_toast_new (escaped);
  g_object_set_data_full (G_OBJECT (self), LAST_TOAST, g_object_ref (toast), g_object_unref);
  adw_toast_set_button_label (toast, label);
  adw_toast_set_timeout (toast, seconds);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  button = g_new0 (ToastButton, 1);
  g_weak_ref_init (&button->page, self);
  button->action = g_strdup (action);
  button->target = g_steal_pointer (&own);
  /* The toast lies over the page, not in it: its own action would look for one that it cannot see. */
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (toast_button_cb), button, toast_button_free, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

void
oba_page_toast_undo (ObaPage *self, const char *message, guint seconds, const char *action, GVariant *target)
{
  oba_page_toast_button (self, message, _("_Undo"), seconds, action, target);
}
