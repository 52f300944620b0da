#include "oba-subpages.h"

#include <glib/gi18n-lib.h>

/* One view with its bar: a child of the stack. */
typedef struct
{
  GtkWidget        *frame;
  GtkWidget        *view;
  GtkLabel         *title;
  GtkBox           *bar;
  GWeakRef          focus;      /* what had it before */
  ObaSubpagesGuard  guard;
  gpointer          guard_data;
} Layer;

struct _ObaSubpages
{
  AdwBin     parent_instance;

  GtkStack  *stack;
  GtkWidget *main;
  GPtrArray *layers;            /* of Layer, the top last */
};

enum
{
  PROP_0,
  PROP_MAIN,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaSubpages, oba_subpages, ADW_TYPE_BIN)

static void
layer_free (Layer *layer)
{
  g_weak_ref_clear (&layer->focus);
  g_free (layer);
}

static Layer *
find_layer (ObaSubpages *self, GtkWidget *view, guint *position)
{
  for (guint i = 0; i < self->layers->len; i++)
    {
      Layer *layer = self->layers->pdata[i];

      if (layer->view == view)
        {
          if (position != NULL)
            *position = i;
          return layer;
        }
    }
  return NULL;
}

static Layer *
top_layer (ObaSubpages *self)
{
  return self->layers->len > 0 ? self->layers->pdata[self->layers->len - 1] : NULL;
}

/* ---- the bar */

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_subpages_pop (OBA_SUBPAGES (widget));
}

static gboolean
back_shortcut_cb (GtkWidget *frame, GVariant *arguments, gpointer user_data)
{
  oba_subpages_pop (OBA_SUBPAGES (gtk_widget_get_ancestor (frame, OBA_TYPE_SUBPAGES)));
  return GDK_EVENT_STOP;
}

/* In the bubble phase: a popover or an entry inside has the first word on Escape. */
static void
add_shortcuts (GtkWidget *frame)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcutTrigger *trigger = gtk_shortcut_trigger_parse_string ("Escape|<Alt>Left");

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (trigger, gtk_callback_action_new (back_shortcut_cb, NULL, NULL)));
  gtk_widget_add_controller (frame, controller);
}

static GtkWidget *
make_bar (Layer *layer, const char *title)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *back = gtk_button_new_from_icon_name ("go-previous-symbolic");
  GtkWidget *label = gtk_label_new (title);

  gtk_widget_add_css_class (bar, "subpage-bar");
  gtk_widget_add_css_class (back, "flat");
  gtk_widget_set_tooltip_text (back, _("Back (Escape)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (back), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Back"), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (back), "subpages.back");
  gtk_box_append (GTK_BOX (bar), back);

  gtk_widget_add_css_class (label, "heading");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (bar), label);

  layer->bar = GTK_BOX (bar);
  layer->title = GTK_LABEL (label);
  return bar;
}

static Layer *
layer_new (GtkWidget *view, const char *title)
{
  Layer *layer = g_new0 (Layer, 1);

  g_weak_ref_init (&layer->focus, NULL);
  layer->view = view;
  layer->frame = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (layer->frame), make_bar (layer, title));
  gtk_box_append (GTK_BOX (layer->frame), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_widget_set_vexpand (view, TRUE);
  gtk_box_append (GTK_BOX (layer->frame), view);
  add_shortcuts (layer->frame);
  return layer;
}

/* ---- what pages call */

GtkWidget *
oba_subpages_get_main (ObaSubpages *self)
{
  g_return_val_if_fail (OBA_IS_SUBPAGES (self), NULL);

  return self->main;
}

static void
oba_subpages_set_main (ObaSubpages *self, GtkWidget *widget)
{
  g_return_if_fail (self->main == NULL);

  self->main = widget;
  gtk_stack_add_child (self->stack, widget);
}

void
oba_subpages_push (ObaSubpages *self, GtkWidget *view, const char *title)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  Layer *layer;

  g_return_if_fail (OBA_IS_SUBPAGES (self));
  g_return_if_fail (GTK_IS_WIDGET (view));

  layer = layer_new (view, title);
  g_weak_ref_set (&layer->focus, root != NULL ? gtk_root_get_focus (root) : NULL);
  g_ptr_array_add (self->layers, layer);
  gtk_stack_add_child (self->stack, layer->frame);
  gtk_stack_set_visible_child (self->stack, layer->frame);
  gtk_widget_child_focus (view, GTK_DIR_TAB_FORWARD);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
oba_subpages_pop (ObaSubpages *self)
{
  Layer *layer;

  g_return_if_fail (OBA_IS_SUBPAGES (self));

  layer = top_layer (self);
  if (layer != NULL && (layer->guard == NULL || !layer->guard (layer->view, layer->guard_data)))
    oba_subpages_close (self, layer->view);
}

void
oba_subpages_close (ObaSubpages *self, GtkWidget *view)
{
  g_autoptr (GtkWidget) focus = NULL;
  Layer *layer;
  guint position;

  g_return_if_fail (OBA_IS_SUBPAGES (self));

  layer = find_layer (self, view, &position);
  if (layer == NULL)
    return;
  focus = g_weak_ref_get (&layer->focus);
  gtk_stack_set_visible_child (self->stack, position > 0 ? ((Layer *) self->layers->pdata[position - 1])->frame : self->main);
  while (self->layers->len > position)
    {
      g_autoptr (GtkWidget) frame = g_object_ref (top_layer (self)->frame);

      g_ptr_array_set_size (self->layers, (int) self->layers->len - 1);
      gtk_stack_remove (self->stack, frame);
    }
  if (focus != NULL && gtk_widget_get_root (focus) != NULL)
    gtk_widget_grab_focus (focus);
  g_signal_emit (self, signals[CHANGED], 0);
}

GtkWidget *
oba_subpages_get_top (ObaSubpages *self)
{
  g_return_val_if_fail (OBA_IS_SUBPAGES (self), NULL);

  return self->layers->len > 0 ? top_layer (self)->view : NULL;
}

void
oba_subpages_set_title (ObaSubpages *self, GtkWidget *view, const char *title)
{
  Layer *layer = find_layer (self, view, NULL);

  g_return_if_fail (layer != NULL);

  gtk_label_set_label (layer->title, title);
}

void
oba_subpages_add_end (ObaSubpages *self, GtkWidget *view, GtkWidget *widget)
{
  Layer *layer = find_layer (self, view, NULL);

  g_return_if_fail (layer != NULL);

  gtk_box_append (layer->bar, widget);
}

void
oba_subpages_set_guard (ObaSubpages *self, GtkWidget *view, ObaSubpagesGuard guard, gpointer user_data)
{
  Layer *layer = find_layer (self, view, NULL);

  g_return_if_fail (layer != NULL);

  layer->guard = guard;
  layer->guard_data = user_data;
}

/* ---- the object */

static void
oba_subpages_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_MAIN)
    g_value_set_object (value, OBA_SUBPAGES (object)->main);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oba_subpages_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_MAIN)
    oba_subpages_set_main (OBA_SUBPAGES (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oba_subpages_finalize (GObject *object)
{
  g_ptr_array_unref (OBA_SUBPAGES (object)->layers);

  G_OBJECT_CLASS (oba_subpages_parent_class)->finalize (object);
}

static void
oba_subpages_class_init (ObaSubpagesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = oba_subpages_get_property;
  object_class->set_property = oba_subpages_set_property;
  object_class->finalize = oba_subpages_finalize;

  properties[PROP_MAIN] = g_param_spec_object ("main", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_SUBPAGES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "subpages.back", NULL, back_action);
}

static void
oba_subpages_init (ObaSubpages *self)
{
  self->layers = g_ptr_array_new_with_free_func ((GDestroyNotify) layer_free);
  self->stack = GTK_STACK (gtk_stack_new ());
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}
