#include "oba-conflict-view.h"

#include <glib/gi18n-lib.h>

#define MAX_SHOWN 200

struct _ObaConflictView
{
  GtkBox          parent_instance;

  GtkBox         *rows;
  guint           fields;
  GtkCheckButton *mine[OBA_CUSTOMER_N_FIELDS];
  GtkCheckButton *theirs[OBA_CUSTOMER_N_FIELDS];
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaConflictView, oba_conflict_view, GTK_TYPE_BOX)

static void
toggled_cb (ObaConflictView *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
label_new (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* "Yours: Bakı". */
static GtkWidget *
choice_new (ObaConflictView  *self,
            ObaCustomerForm  *form,
            ObaCustomerField  field,
            const ObaCustomerDraft *draft,
            const char       *whose)
{
  g_autofree char *value = oba_customer_form_describe (form, field, draft);
  gboolean cut = g_utf8_strlen (value, -1) > MAX_SHOWN;
  g_autofree char *start = cut ? g_utf8_substring (value, 0, MAX_SHOWN) : g_strdup (value);
  g_autofree char *text = g_strdup_printf ("%s %s%s", whose, *start != '\0' ? start : _("nothing"), cut ? "…" : "");
  /* Translators: the name of a field, and what somebody wrote there. */
  g_autofree char *name = g_strdup_printf (_("%s, %s"), oba_customer_field_get_title (field), text);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = label_new (text, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), check);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (check, GTK_ALIGN_START);
  g_signal_connect_swapped (check, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static void
add_field (ObaConflictView        *self,
           ObaCustomerForm        *form,
           ObaCustomerField        field,
           const ObaCustomerDraft *mine,
           const ObaCustomerDraft *theirs)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *one = choice_new (self, form, field, mine, _("Yours:"));
  GtkWidget *other = choice_new (self, form, field, theirs, _("Theirs:"));

  self->mine[field] = GTK_CHECK_BUTTON (gtk_widget_get_first_child (one));
  self->theirs[field] = GTK_CHECK_BUTTON (gtk_widget_get_first_child (other));
  gtk_check_button_set_group (self->theirs[field], self->mine[field]);
  gtk_box_append (GTK_BOX (box), label_new (oba_customer_field_get_title (field), "caption-heading"));
  gtk_box_append (GTK_BOX (box), one);
  gtk_box_append (GTK_BOX (box), other);
  gtk_box_append (self->rows, box);
}

static void
mine_cb (ObaConflictView *self)
{
  oba_conflict_view_choose_all (self, TRUE);
}

static void
theirs_cb (ObaConflictView *self)
{
  oba_conflict_view_choose_all (self, FALSE);
}

static void
oba_conflict_view_class_init (ObaConflictViewClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_ALERT);
  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_CONFLICT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_conflict_view_init (ObaConflictView *self)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *mine = gtk_button_new_with_mnemonic (_("All _Mine"));
  GtkWidget *theirs = gtk_button_new_with_mnemonic (_("All _Theirs"));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  gtk_widget_add_css_class (GTK_WIDGET (self), "conflict-view");
  self->rows = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  gtk_box_append (GTK_BOX (self), label_new (_("Somebody else changed this customer meanwhile"), "heading"));
  gtk_box_append (GTK_BOX (self), label_new (_("Choose what shall hold. What they changed elsewhere is kept."), NULL));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->rows));
  g_signal_connect_swapped (mine, "clicked", G_CALLBACK (mine_cb), self);
  g_signal_connect_swapped (theirs, "clicked", G_CALLBACK (theirs_cb), self);
  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  gtk_box_append (GTK_BOX (buttons), mine);
  gtk_box_append (GTK_BOX (buttons), theirs);
  gtk_box_append (GTK_BOX (self), buttons);
}

GtkWidget *
oba_conflict_view_new (void)
{
  return g_object_new (OBA_TYPE_CONFLICT_VIEW, NULL);
}

void
oba_conflict_view_show (ObaConflictView        *self,
                        ObaCustomerForm        *form,
                        const ObaCustomerDraft *mine,
                        const ObaCustomerDraft *theirs,
                        guint                   fields)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_box_remove (self->rows, child);
  self->fields = fields;
  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    if ((fields & 1u << i) != 0)
      add_field (self, form, i, mine, theirs);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
oba_conflict_view_is_decided (ObaConflictView *self)
{
  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    if ((self->fields & 1u << i) != 0 && !gtk_check_button_get_active (self->mine[i]) && !gtk_check_button_get_active (self->theirs[i]))
      return FALSE;
  return TRUE;
}

guint
oba_conflict_view_get_mine (ObaConflictView *self)
{
  guint mine = 0;

  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    if ((self->fields & 1u << i) != 0 && gtk_check_button_get_active (self->mine[i]))
      mine |= 1u << i;
  return mine;
}

void
oba_conflict_view_choose (ObaConflictView  *self,
                          ObaCustomerField  field,
                          gboolean          mine)
{
  g_return_if_fail ((self->fields & 1u << field) != 0);
  gtk_check_button_set_active (mine ? self->mine[field] : self->theirs[field], TRUE);
}

void
oba_conflict_view_choose_all (ObaConflictView *self,
                              gboolean         mine)
{
  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    if ((self->fields & 1u << i) != 0)
      oba_conflict_view_choose (self, i, mine);
}
