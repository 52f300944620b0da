#include "oba-chip-bar.h"

#include <glib/gi18n-lib.h>

#include "oba-wrap-layout.h"

#define MAX_CHARS 40

struct _ObaChipBar
{
  AdwBin     parent_instance;
  GtkWidget *box;
};

enum { REMOVED, CLEARED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaChipBar, oba_chip_bar, ADW_TYPE_BIN)

/* The focus stays among the chips, so that one after the other can be taken away from the keyboard. */
static void
focus_chip (ObaChipBar *self,
            guint       place)
{
  GtkWidget *chip = gtk_widget_get_first_child (self->box);

  for (guint i = 0; i < place && chip != NULL && gtk_widget_get_next_sibling (chip) != NULL; i++)
    chip = gtk_widget_get_next_sibling (chip);
  if (chip != NULL)
    gtk_widget_grab_focus (chip);
}

static void
clicked_cb (ObaChipBar *self,
            GtkWidget  *chip)
{
  guint place = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (chip), "oba-place"));

  g_signal_emit (self, signals[REMOVED], 0, place);
  focus_chip (self, place);
}

static void
clear_cb (ObaChipBar *self)
{
  g_signal_emit (self, signals[CLEARED], 0);
}

static GtkWidget *
chip_new (ObaChipBar *self,
          const char *text,
          guint       place)
{
  GtkWidget *chip = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (text);
  /* Translators: a condition of the list, for example “Tier: Gold”. */
  g_autofree char *tip = g_strdup_printf (_("Remove “%s”"), text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("window-close-symbolic"));
  gtk_button_set_child (GTK_BUTTON (chip), box);
  gtk_widget_add_css_class (chip, "chip");
  gtk_widget_set_tooltip_text (chip, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  g_object_set_data (G_OBJECT (chip), "oba-place", GUINT_TO_POINTER (place));
  g_signal_connect_swapped (chip, "clicked", G_CALLBACK (clicked_cb), self);
  return chip;
}

void
oba_chip_bar_set_texts (ObaChipBar *self,
                        GPtrArray  *texts)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  for (guint i = 0; i < texts->len; i++)
    gtk_box_append (GTK_BOX (self->box), chip_new (self, texts->pdata[i], i));
  if (texts->len > 0)
    {
      GtkWidget *clear = gtk_button_new_with_mnemonic (_("Clear _All"));

      gtk_widget_add_css_class (clear, "flat");
      gtk_widget_add_css_class (clear, "chip");
      g_signal_connect_swapped (clear, "clicked", G_CALLBACK (clear_cb), self);
      gtk_box_append (GTK_BOX (self->box), clear);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), texts->len > 0);
}

GtkWidget *
oba_chip_bar_new (void)
{
  return g_object_new (OBA_TYPE_CHIP_BAR, NULL);
}

static void
oba_chip_bar_class_init (ObaChipBarClass *klass)
{
  signals[REMOVED] = g_signal_new ("removed", OBA_TYPE_CHIP_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[CLEARED] = g_signal_new ("cleared", OBA_TYPE_CHIP_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_chip_bar_init (ObaChipBar *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (self->box, oba_wrap_layout_new (6));
  adw_bin_set_child (ADW_BIN (self), self->box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Conditions of the list"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
