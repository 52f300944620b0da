#include "oba-profile-layout.h"

/* From this width on both parts are shown. */
#define WIDE 840
/* The side takes this share of a wide window, within these bounds. */
#define SIDE_SHARE 0.32
#define SIDE_MIN 330
#define SIDE_MAX 440

struct _ObaProfileLayout
{
  GtkWidget        parent_instance;

  GtkWidget       *side;
  GtkWidget       *content;
  GtkWidget       *switcher;
  GtkToggleButton *side_button;
  GtkToggleButton *content_button;
  gboolean         narrow;
};

enum
{
  PROP_0,
  PROP_SIDE,
  PROP_CONTENT,
  PROP_SIDE_TITLE,
  PROP_CONTENT_TITLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ObaProfileLayout, oba_profile_layout, GTK_TYPE_WIDGET)

static gboolean
shows_content (ObaProfileLayout *self)
{
  return gtk_toggle_button_get_active (self->content_button);
}

static int
side_width (int width)
{
  return (int) CLAMP (width * SIDE_SHARE, SIDE_MIN, SIDE_MAX);
}

static void
measure_width (ObaProfileLayout *self, int *minimum, int *natural)
{
  int least[3] = { 0, 0, 0 };
  int most[3] = { 0, 0, 0 };

  gtk_widget_measure (self->switcher, GTK_ORIENTATION_HORIZONTAL, -1, &least[0], &most[0], NULL, NULL);
  gtk_widget_measure (self->side, GTK_ORIENTATION_HORIZONTAL, -1, &least[1], &most[1], NULL, NULL);
  gtk_widget_measure (self->content, GTK_ORIENTATION_HORIZONTAL, -1, &least[2], &most[2], NULL, NULL);
  *minimum = MAX (least[0], MAX (least[1], least[2]));
  *natural = MAX (*minimum, most[1] + most[2]);
}

/* Both scroll by themselves: the least they need is what counts. */
static void
measure_height (ObaProfileLayout *self, int width, int *minimum, int *natural)
{
  gboolean narrow = width >= 0 && width < WIDE;
  int switcher = 0;
  int side;
  int content;

  gtk_widget_measure (self->side, GTK_ORIENTATION_VERTICAL, -1, &side, NULL, NULL, NULL);
  gtk_widget_measure (self->content, GTK_ORIENTATION_VERTICAL, -1, &content, NULL, NULL, NULL);
  if (narrow)
    gtk_widget_measure (self->switcher, GTK_ORIENTATION_VERTICAL, -1, &switcher, NULL, NULL, NULL);
  *minimum = switcher + MAX (side, content);
  *natural = *minimum;
}

static void
oba_profile_layout_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                            int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (OBA_PROFILE_LAYOUT (widget), minimum, natural);
  else
    measure_height (OBA_PROFILE_LAYOUT (widget), for_size, minimum, natural);
}

static void
place (GtkWidget *child, int x, int y, int width, int height)
{
  gtk_widget_set_child_visible (child, TRUE);
  gtk_widget_size_allocate (child, &(GtkAllocation) { x, y, width, height }, -1);
}

static void
oba_profile_layout_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ObaProfileLayout *self = OBA_PROFILE_LAYOUT (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int bar = 0;

  self->narrow = width < WIDE;
  gtk_widget_set_child_visible (self->switcher, self->narrow);
  if (!self->narrow)
    {
      int side = side_width (width);

      place (self->side, rtl ? width - side : 0, 0, side, height);
      place (self->content, rtl ? 0 : side, 0, width - side, height);
      return;
    }
  gtk_widget_measure (self->switcher, GTK_ORIENTATION_VERTICAL, width, &bar, NULL, NULL, NULL);
  place (self->switcher, 0, 0, width, bar);
  gtk_widget_set_child_visible (shows_content (self) ? self->side : self->content, FALSE);
  place (shows_content (self) ? self->content : self->side, 0, bar, width, height - bar);
}

/* ---- the object */

static void
set_part (ObaProfileLayout *self, GtkWidget **part, GtkWidget *widget)
{
  g_return_if_fail (*part == NULL && widget != NULL);

  *part = widget;
  gtk_widget_insert_before (widget, GTK_WIDGET (self), part == &self->side ? self->content : NULL);
}

static void
oba_profile_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ObaProfileLayout *self = OBA_PROFILE_LAYOUT (object);

  switch (id)
    {
    case PROP_SIDE:
      set_part (self, &self->side, g_value_get_object (value));
      break;
    case PROP_CONTENT:
      set_part (self, &self->content, g_value_get_object (value));
      break;
    case PROP_SIDE_TITLE:
      gtk_button_set_label (GTK_BUTTON (self->side_button), g_value_get_string (value));
      break;
    case PROP_CONTENT_TITLE:
      gtk_button_set_label (GTK_BUTTON (self->content_button), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
oba_profile_layout_dispose (GObject *object)
{
  ObaProfileLayout *self = OBA_PROFILE_LAYOUT (object);

  g_clear_pointer (&self->switcher, gtk_widget_unparent);
  g_clear_pointer (&self->side, gtk_widget_unparent);
  g_clear_pointer (&self->content, gtk_widget_unparent);

  G_OBJECT_CLASS (oba_profile_layout_parent_class)->dispose (object);
}

static void
oba_profile_layout_class_init (ObaProfileLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = oba_profile_layout_set_property;
  object_class->dispose = oba_profile_layout_dispose;
  widget_class->measure = oba_profile_layout_measure;
  widget_class->size_allocate = oba_profile_layout_size_allocate;

  properties[PROP_SIDE] = g_param_spec_object ("side", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SIDE_TITLE] = g_param_spec_string ("side-title", NULL, NULL, "", G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONTENT_TITLE] = g_param_spec_string ("content-title", NULL, NULL, "", G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
oba_profile_layout_init (ObaProfileLayout *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->side_button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
  self->content_button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
  gtk_toggle_button_set_group (self->content_button, self->side_button);
  gtk_toggle_button_set_active (self->side_button, TRUE);
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->side_button));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->content_button));
  gtk_widget_set_parent (box, GTK_WIDGET (self));
  self->switcher = box;
  g_signal_connect_swapped (self->content_button, "toggled", G_CALLBACK (gtk_widget_queue_allocate), self);
}

gboolean
oba_profile_layout_is_narrow (ObaProfileLayout *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_LAYOUT (self), FALSE);

  return self->narrow;
}

void
oba_profile_layout_show_content (ObaProfileLayout *self, gboolean content)
{
  g_return_if_fail (OBA_IS_PROFILE_LAYOUT (self));

  gtk_toggle_button_set_active (content ? self->content_button : self->side_button, TRUE);
}
