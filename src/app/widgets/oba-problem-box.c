#include "oba-problem-box.h"

struct _ObaProblemBox
{
  GtkBox parent_instance;

  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (ObaProblemBox, oba_problem_box, GTK_TYPE_BOX)

static void
oba_problem_box_class_init (ObaProblemBoxClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_ALERT);
}

static void
oba_problem_box_init (ObaProblemBox *self)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (GTK_WIDGET (self), "problem-box");
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self), icon);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (self), label);
  self->label = GTK_LABEL (label);
}

void
oba_problem_box_set_text (ObaProblemBox *self, const char *text)
{
  g_return_if_fail (OBA_IS_PROBLEM_BOX (self));

  gtk_label_set_label (self->label, text != NULL ? text : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text != NULL ? text : "", -1);
  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL && *text != '\0');
}

const char *
oba_problem_box_get_text (ObaProblemBox *self)
{
  g_return_val_if_fail (OBA_IS_PROBLEM_BOX (self), NULL);

  return gtk_label_get_label (self->label);
}
