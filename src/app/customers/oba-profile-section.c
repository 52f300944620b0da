#include "oba-profile-section.h"

/* So that the values of a section stand in one line. */
#define NAME_CHARS 10
#define MAX_NAME_CHARS 16

struct _ObaProfileSection
{
  GtkBox        parent_instance;

  GtkLabel     *title;
  GtkBox       *head;
  GtkWidget    *end;
  GtkBox       *lines;
  GtkSizeGroup *names;
  int           n_lines;
  int           focus_line;     /* had the focus before the lines were made anew; -1 for none */
};

enum
{
  PROP_0,
  PROP_TITLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ObaProfileSection, oba_profile_section, GTK_TYPE_BOX)

void
oba_profile_section_clear (ObaProfileSection *self)
{
  GtkWidget *child = gtk_widget_get_focus_child (GTK_WIDGET (self->lines));

  g_return_if_fail (OBA_IS_PROFILE_SECTION (self));

  self->focus_line = -1;
  for (; child != NULL; child = gtk_widget_get_prev_sibling (child))
    self->focus_line++;
  self->n_lines = 0;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->lines))) != NULL)
    gtk_box_remove (self->lines, child);
}

void
oba_profile_section_add (ObaProfileSection *self, GtkWidget *line)
{
  g_return_if_fail (OBA_IS_PROFILE_SECTION (self));

  gtk_box_append (self->lines, line);
  if (self->n_lines++ == self->focus_line)
    gtk_widget_child_focus (line, GTK_DIR_TAB_FORWARD);
}

void
oba_profile_section_set_end (ObaProfileSection *self, GtkWidget *widget)
{
  g_return_if_fail (OBA_IS_PROFILE_SECTION (self));

  if (self->end != NULL)
    gtk_box_remove (self->head, self->end);
  self->end = widget;
  if (widget != NULL)
    gtk_box_append (self->head, widget);
}

GtkWidget *
oba_profile_label_new (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

GtkWidget *
oba_profile_pill_new (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "pill-label");
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  return label;
}

GtkWidget *
oba_profile_icon_button_new (const char *icon, const char *name, const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small-button");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (action != NULL)
    gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
make_name (ObaProfileSection *self, const char *name)
{
  GtkWidget *name_label = oba_profile_label_new (name, "dim-label");

  gboolean longer = g_utf8_strlen (name, -1) > MAX_NAME_CHARS;

  /* A label that could be narrower than it is wide is so beside a long value, and wide beside a short one. */
  gtk_label_set_wrap (GTK_LABEL (name_label), longer);
  gtk_label_set_width_chars (GTK_LABEL (name_label), longer ? MAX_NAME_CHARS : NAME_CHARS);
  gtk_label_set_max_width_chars (GTK_LABEL (name_label), longer ? MAX_NAME_CHARS : -1);
  gtk_widget_set_valign (name_label, GTK_ALIGN_START);
  gtk_size_group_add_widget (self->names, name_label);
  return name_label;
}

static GtkWidget *
make_value (const char *value, GtkWidget *name_label)
{
  GtkWidget *value_label = oba_profile_label_new (value, NULL);

  gtk_label_set_selectable (GTK_LABEL (value_label), TRUE);
  /* What can be selected takes the focus; here that is the buttons' part alone. */
  gtk_widget_set_focusable (value_label, FALSE);
  gtk_widget_set_valign (value_label, GTK_ALIGN_START);
  gtk_widget_set_hexpand (value_label, TRUE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value_label), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name_label, NULL, -1);
  return value_label;
}

void
oba_profile_section_add_fact (ObaProfileSection *self, const char *name, const char *value, GtkWidget *end)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *name_label = make_name (self, name);

  g_object_ref_sink (line);
  gtk_box_append (GTK_BOX (line), name_label);
  gtk_box_append (GTK_BOX (line), make_value (value, name_label));
  if (end != NULL)
    gtk_box_append (GTK_BOX (line), end);
  if (value != NULL && *value != '\0')
    oba_profile_section_add (self, line);
  g_object_unref (line);
}

void
oba_profile_section_add_graded (ObaProfileSection *self, const char *name, GtkWidget *pill, const char *why)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *values = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *name_label = make_name (self, name);

  gtk_widget_set_halign (pill, GTK_ALIGN_START);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (pill), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name_label, NULL, -1);
  gtk_box_append (GTK_BOX (values), pill);
  if (*why != '\0')
    gtk_box_append (GTK_BOX (values), make_value (why, name_label));
  gtk_box_append (GTK_BOX (line), name_label);
  gtk_box_append (GTK_BOX (line), values);
  oba_profile_section_add (self, line);
}

void
oba_profile_section_add_note (ObaProfileSection *self, const char *text)
{
  oba_profile_section_add (self, oba_profile_label_new (text, "dim-label"));
}

static void
oba_profile_section_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ObaProfileSection *self = OBA_PROFILE_SECTION (object);

  switch (id)
    {
    case PROP_TITLE:
      gtk_label_set_label (self->title, g_value_get_string (value));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, g_value_get_string (value), -1);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
oba_profile_section_finalize (GObject *object)
{
  g_object_unref (OBA_PROFILE_SECTION (object)->names);

  G_OBJECT_CLASS (oba_profile_section_parent_class)->finalize (object);
}

static void
oba_profile_section_class_init (ObaProfileSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->set_property = oba_profile_section_set_property;
  G_OBJECT_CLASS (klass)->finalize = oba_profile_section_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
oba_profile_section_init (ObaProfileSection *self)
{
  self->focus_line = -1;
  self->names = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  self->head = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12));
  self->title = GTK_LABEL (oba_profile_label_new (NULL, "heading"));
  self->lines = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));

  gtk_widget_set_hexpand (GTK_WIDGET (self->title), TRUE);
  gtk_box_append (self->head, GTK_WIDGET (self->title));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->head));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->lines));
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "profile-section");
}
