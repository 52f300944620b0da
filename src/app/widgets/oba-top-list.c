#include "oba-top-list.h"

#include "base/oba-money.h"

struct _ObaTopList
{
  AdwBin parent_instance;

  GtkLabel *title_label;
  GtkGrid  *grid;
  GtkLabel *empty;
  int       n_rows;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_EMPTY,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ObaTopList, oba_top_list, ADW_TYPE_BIN)

void
oba_top_list_clear (ObaTopList *self)
{
  GtkWidget *child;

  g_return_if_fail (OBA_IS_TOP_LIST (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  self->n_rows = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->empty), TRUE);
}

/* A name that opens what it names. */
static GtkWidget *
link_new (GtkWidget *label, const char *name, const char *action, gint64 id)
{
  GtkWidget *button = gtk_button_new ();

  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small-button");
  gtk_widget_add_css_class (button, "list-link");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

void
oba_top_list_add (ObaTopList *self, const char *name, gint64 revenue, gint64 best, const char *action, gint64 id)
{
  g_autofree char *money = oba_money_format (revenue);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *value = gtk_label_new (money);
  GtkWidget *bar = gtk_level_bar_new_for_interval (0, 1);
  int row = 2 * self->n_rows++;

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, name);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_widget_add_css_class (value, "numeric");
  gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), best > 0 ? CLAMP ((double) revenue / (double) best, 0, 1) : 0);
  gtk_widget_add_css_class (bar, "share");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);

  gtk_grid_attach (self->grid, action != NULL ? link_new (label, name, action, id) : label, 0, row, 1, 1);
  gtk_grid_attach (self->grid, value, 1, row, 1, 1);
  gtk_grid_attach (self->grid, bar, 0, row + 1, 2, 1);
  gtk_widget_set_visible (GTK_WIDGET (self->empty), FALSE);
}

static void
oba_top_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ObaTopList *self = OBA_TOP_LIST (object);

  switch (id)
    {
    case PROP_TITLE:
      gtk_label_set_label (self->title_label, g_value_get_string (value));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, g_value_get_string (value), -1);
      break;
    case PROP_EMPTY:
      gtk_label_set_label (self->empty, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
oba_top_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ObaTopList *self = OBA_TOP_LIST (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, gtk_label_get_label (self->title_label));
      break;
    case PROP_EMPTY:
      g_value_set_string (value, gtk_label_get_label (self->empty));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
oba_top_list_class_init (ObaTopListClass *klass)
{
  G_OBJECT_CLASS (klass)->set_property = oba_top_list_set_property;
  G_OBJECT_CLASS (klass)->get_property = oba_top_list_get_property;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_EMPTY] = g_param_spec_string ("empty", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
oba_top_list_init (ObaTopList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *title = gtk_label_new (NULL);
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *empty = gtk_label_new (NULL);

  self->title_label = GTK_LABEL (title);
  self->grid = GTK_GRID (grid);
  self->empty = GTK_LABEL (empty);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_grid_set_row_spacing (GTK_GRID (grid), 3);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_label_set_xalign (GTK_LABEL (empty), 0);
  gtk_label_set_wrap (GTK_LABEL (empty), TRUE);
  gtk_widget_add_css_class (empty, "dim-label");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), grid);
  gtk_box_append (GTK_BOX (box), empty);
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "panel");
}
