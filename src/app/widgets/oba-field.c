#include "oba-field.h"

struct _ObaField
{
  GtkBox     parent_instance;

  GtkWidget *target;
  GtkLabel  *message;
  char      *problem;
  char      *note;
  gboolean   fresh;
};

G_DEFINE_FINAL_TYPE (ObaField, oba_field, GTK_TYPE_BOX)

static void
show_message (ObaField *self)
{
  const char *text = self->problem != NULL ? self->problem : self->note;
  gboolean wrong = self->problem != NULL && !self->fresh;

  gtk_label_set_label (self->message, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message), text != NULL);
  gtk_widget_set_css_classes (GTK_WIDGET (self->message), (const char *[]) { "caption", wrong ? "error" : "dim-label", NULL });
  if (wrong)
    gtk_widget_add_css_class (self->target, "error");
  else
    gtk_widget_remove_css_class (self->target, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->target), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
set_text (char       **place,
          const char  *sentence)
{
  char *copy = sentence != NULL && *sentence != '\0' ? g_strdup (sentence) : NULL;

  g_free (*place);
  *place = copy;
}

static void
oba_field_finalize (GObject *object)
{
  ObaField *self = OBA_FIELD (object);

  g_free (self->problem);
  g_free (self->note);
  G_OBJECT_CLASS (oba_field_parent_class)->finalize (object);
}

static void
oba_field_class_init (ObaFieldClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_field_finalize;
}

static void
oba_field_init (ObaField *self)
{
  GtkWidget *message = gtk_label_new (NULL);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 3);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_START);
  gtk_label_set_wrap (GTK_LABEL (message), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (message), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (message), 0);
  self->message = GTK_LABEL (message);
}

GtkWidget *
oba_field_new (const char *title,
               GtkWidget  *control,
               GtkWidget  *target)
{
  ObaField *self = g_object_new (OBA_TYPE_FIELD, NULL);
  GtkWidget *label = gtk_label_new (title);

  self->target = target != NULL ? target : control;
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), self->target);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->target), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL,
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->message, NULL, -1);
  gtk_box_append (GTK_BOX (self), label);
  gtk_box_append (GTK_BOX (self), control);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->message));
  show_message (self);
  return GTK_WIDGET (self);
}

void
oba_field_set_problem (ObaField   *self,
                       const char *sentence)
{
  g_return_if_fail (OBA_IS_FIELD (self));
  set_text (&self->problem, sentence);
  show_message (self);
}

void
oba_field_set_note (ObaField   *self,
                    const char *sentence)
{
  g_return_if_fail (OBA_IS_FIELD (self));
  set_text (&self->note, sentence);
  show_message (self);
}

static void
no_longer_fresh (ObaField *self)
{
  if (!self->fresh)
    return;
  self->fresh = FALSE;
  show_message (self);
}

void
oba_field_set_fresh (ObaField *self)
{
  GtkEventController *focus;

  g_return_if_fail (OBA_IS_FIELD (self));

  if (self->fresh || !GTK_IS_EDITABLE (self->target) || *gtk_editable_get_text (GTK_EDITABLE (self->target)) != '\0')
    return;
  self->fresh = TRUE;
  focus = gtk_event_controller_focus_new ();
  g_signal_connect_object (focus, "leave", G_CALLBACK (no_longer_fresh), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (self->target, focus);
  g_signal_connect_object (self->target, "changed", G_CALLBACK (no_longer_fresh), self, G_CONNECT_SWAPPED);
  show_message (self);
}

const char *
oba_field_get_problem (ObaField *self)
{
  return self->problem;
}

const char *
oba_field_get_note (ObaField *self)
{
  return self->note;
}

GtkWidget *
oba_field_get_target (ObaField *self)
{
  return self->target;
}
