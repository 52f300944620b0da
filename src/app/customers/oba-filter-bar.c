#include "oba-filter-bar.h"

#include <glib/gi18n-lib.h>

#include "oba-filter-text.h"
#include "widgets/oba-wrap-layout.h"

#define MAX_CHARS 40

struct _ObaFilterBar
{
  AdwBin              parent_instance;

  ObaCustomerFilter  *filter;
  ObaCustomerChoices *choices;
  GPtrArray          *parts;     /* of ObaFilterPart: those of the chips */
  GtkWidget          *box;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaFilterBar, oba_filter_bar, ADW_TYPE_BIN)

static void fill (ObaFilterBar *self);

/* The focus stays among the chips, so that one after the other can be taken away from the keyboard. */
static void
focus_chip (ObaFilterBar *self,
            guint         place)
{
  GtkWidget *chip = gtk_widget_get_first_child (self->box);

  for (guint i = 0; i < place && chip != NULL && gtk_widget_get_next_sibling (chip) != NULL; i++)
    chip = gtk_widget_get_next_sibling (chip);
  if (chip != NULL)
    gtk_widget_grab_focus (chip);
}

static void
chip_clicked_cb (ObaFilterBar *self,
                 GtkWidget    *chip)
{
  guint place = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (chip), "oba-place"));

  oba_filter_part_remove (self->parts->pdata[place], self->filter);
  fill (self);
  focus_chip (self, place);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
clear_clicked_cb (ObaFilterBar *self)
{
  g_autofree char *text = g_strdup (oba_customer_filter_get_text (self->filter));

  oba_customer_filter_free (self->filter);
  self->filter = oba_customer_filter_new_text (text);
  fill (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
chip_new (ObaFilterBar  *self,
          ObaFilterPart *part,
          guint          place)
{
  GtkWidget *chip = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (part->text);
  /* Translators: a condition of the list, for example “Tier: Gold”. */
  g_autofree char *tip = g_strdup_printf (_("Remove “%s”"), part->text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("window-close-symbolic"));
  gtk_button_set_child (GTK_BUTTON (chip), box);
  gtk_widget_add_css_class (chip, "chip");
  gtk_widget_set_tooltip_text (chip, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  g_object_set_data (G_OBJECT (chip), "oba-place", GUINT_TO_POINTER (place));
  g_signal_connect_swapped (chip, "clicked", G_CALLBACK (chip_clicked_cb), self);
  return chip;
}

static void
fill (ObaFilterBar *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  self->parts = oba_filter_text_list (self->filter, self->choices);
  for (guint i = 0; i < self->parts->len; i++)
    gtk_box_append (GTK_BOX (self->box), chip_new (self, self->parts->pdata[i], i));
  if (self->parts->len > 0)
    {
      GtkWidget *clear = gtk_button_new_with_mnemonic (_("Clear _All"));

      gtk_widget_add_css_class (clear, "flat");
      gtk_widget_add_css_class (clear, "chip");
      g_signal_connect_swapped (clear, "clicked", G_CALLBACK (clear_clicked_cb), self);
      gtk_box_append (GTK_BOX (self->box), clear);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), self->parts->len > 0);
}

void
oba_filter_bar_set_filter (ObaFilterBar            *self,
                           const ObaCustomerFilter *filter)
{
  oba_customer_filter_free (self->filter);
  self->filter = oba_customer_filter_copy (filter);
  fill (self);
}

const ObaCustomerFilter *
oba_filter_bar_get_filter (ObaFilterBar *self)
{
  return self->filter;
}

void
oba_filter_bar_set_choices (ObaFilterBar       *self,
                            ObaCustomerChoices *choices)
{
  g_clear_pointer (&self->choices, oba_customer_choices_unref);
  self->choices = oba_customer_choices_ref (choices);
  fill (self);
}

ObaCustomerChoices *
oba_filter_bar_get_choices (ObaFilterBar *self)
{
  return self->choices;
}

static void
oba_filter_bar_finalize (GObject *object)
{
  ObaFilterBar *self = OBA_FILTER_BAR (object);

  oba_customer_filter_free (self->filter);
  g_clear_pointer (&self->choices, oba_customer_choices_unref);
  g_clear_pointer (&self->parts, g_ptr_array_unref);

  G_OBJECT_CLASS (oba_filter_bar_parent_class)->finalize (object);
}

static void
oba_filter_bar_class_init (ObaFilterBarClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_filter_bar_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_FILTER_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_filter_bar_init (ObaFilterBar *self)
{
  self->filter = oba_customer_filter_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (self->box, oba_wrap_layout_new (6));
  adw_bin_set_child (ADW_BIN (self), self->box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Conditions of the list"), -1);
  fill (self);
}
