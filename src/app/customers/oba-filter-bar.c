#include "oba-filter-bar.h"

#include "oba-filter-text.h"
#include "widgets/oba-chip-bar.h"

struct _ObaFilterBar
{
  AdwBin              parent_instance;

  ObaCustomerFilter  *filter;
  ObaCustomerChoices *choices;
  GPtrArray          *parts;     /* of ObaFilterPart: those of the chips */
  ObaChipBar         *chips;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaFilterBar, oba_filter_bar, ADW_TYPE_BIN)

static void
fill (ObaFilterBar *self)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();

  g_clear_pointer (&self->parts, g_ptr_array_unref);
  self->parts = oba_filter_text_list (self->filter, self->choices);
  for (guint i = 0; i < self->parts->len; i++)
    g_ptr_array_add (texts, ((ObaFilterPart *) self->parts->pdata[i])->text);
  oba_chip_bar_set_texts (self->chips, texts);
  gtk_widget_set_visible (GTK_WIDGET (self), self->parts->len > 0);
}

static void
removed_cb (ObaFilterBar *self,
            guint         place)
{
  oba_filter_part_remove (self->parts->pdata[place], self->filter);
  fill (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
cleared_cb (ObaFilterBar *self)
{
  g_autofree char *text = g_strdup (oba_customer_filter_get_text (self->filter));

  oba_customer_filter_free (self->filter);
  self->filter = oba_customer_filter_new_text (text);
  fill (self);
  g_signal_emit (self, signals[CHANGED], 0);
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
  self->chips = OBA_CHIP_BAR (oba_chip_bar_new ());
  g_signal_connect_object (self->chips, "removed", G_CALLBACK (removed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chips, "cleared", G_CALLBACK (cleared_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->chips));
  fill (self);
}
