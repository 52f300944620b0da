#include "oba-facts.h"

/* So that the values of several groups stand in one line. */
#define NAME_CHARS 10

struct _ObaFacts
{
  GtkBox    parent_instance;
  GtkLabel *title;
  GtkGrid  *grid;
  int       n_lines;
};

G_DEFINE_FINAL_TYPE (ObaFacts, oba_facts, GTK_TYPE_BOX)

enum { PROP_TITLE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

void
oba_facts_set_title (ObaFacts   *self,
                     const char *title)
{
  gtk_label_set_label (self->title, title);
  gtk_widget_set_visible (GTK_WIDGET (self->title), *title != '\0');
}

void
oba_facts_clear (ObaFacts *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  self->n_lines = 0;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
oba_facts_add (ObaFacts   *self,
               const char *name,
               const char *value,
               GtkWidget  *button)
{
  GtkWidget *name_label = gtk_label_new (name);
  GtkWidget *value_label = gtk_label_new (value);

  g_object_ref_sink (name_label);
  g_object_ref_sink (value_label);
  if (button != NULL)
    g_object_ref_sink (button);
  if (value != NULL && *value != '\0')
    {
      gtk_widget_add_css_class (name_label, "dim-label");
      gtk_label_set_xalign (GTK_LABEL (name_label), 0);
      gtk_label_set_width_chars (GTK_LABEL (name_label), NAME_CHARS);
      gtk_widget_set_valign (name_label, GTK_ALIGN_BASELINE);
      gtk_label_set_xalign (GTK_LABEL (value_label), 0);
      gtk_label_set_wrap (GTK_LABEL (value_label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (value_label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_selectable (GTK_LABEL (value_label), TRUE);
      /* What can be selected takes the focus; here that is the buttons' part alone. */
      gtk_widget_set_focusable (value_label, FALSE);
      gtk_widget_set_valign (value_label, GTK_ALIGN_BASELINE);
      gtk_widget_set_hexpand (value_label, TRUE);
      gtk_accessible_update_relation (GTK_ACCESSIBLE (value_label), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name_label, NULL, -1);
      gtk_grid_attach (self->grid, name_label, 0, self->n_lines, 1, 1);
      gtk_grid_attach (self->grid, value_label, 1, self->n_lines, button != NULL ? 1 : 2, 1);
      if (button != NULL)
        gtk_grid_attach (self->grid, button, 2, self->n_lines, 1, 1);
      self->n_lines++;
      gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
    }
  g_object_unref (name_label);
  g_object_unref (value_label);
  g_clear_object (&button);
}

static void
oba_facts_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  if (prop_id == PROP_TITLE)
    oba_facts_set_title (OBA_FACTS (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
oba_facts_class_init (ObaFactsClass *klass)
{
  G_OBJECT_CLASS (klass)->set_property = oba_facts_set_property;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
}

static void
oba_facts_init (ObaFacts *self)
{
  GtkWidget *title = gtk_label_new (NULL);
  GtkWidget *grid = gtk_grid_new ();

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_box_append (GTK_BOX (self), title);
  gtk_box_append (GTK_BOX (self), grid);
  gtk_widget_set_visible (title, FALSE);
  self->title = GTK_LABEL (title);
  self->grid = GTK_GRID (grid);
}
