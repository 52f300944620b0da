#include "oba-rule-names.h"

#include <glib/gi18n-lib.h>

#include "sales/oba-products.h"
#include "widgets/oba-chip-bar.h"
#include "widgets/oba-product-chooser.h"
#include "widgets/oba-store-chooser.h"

struct _ObaRuleNames
{
  AdwBin      parent_instance;

  GArray     *ids;         /* of gint64 */
  GPtrArray  *names;
  gboolean    filling;

  ObaChipBar *bar;
  GtkWidget  *chooser;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRuleNames, oba_rule_names, ADW_TYPE_BIN)

static void
show_names (ObaRuleNames *self)
{
  oba_chip_bar_set_texts (self->bar, self->names);
}

void
oba_rule_names_add (ObaRuleNames *self, gint64 id, const char *name)
{
  g_return_if_fail (OBA_IS_RULE_NAMES (self));

  for (guint i = 0; i < self->ids->len; i++)
    if (g_array_index (self->ids, gint64, i) == id)
      return;
  g_array_append_val (self->ids, id);
  g_ptr_array_add (self->names, *name != '\0' ? g_strdup (name) : g_strdup_printf ("%" G_GINT64_FORMAT, id));
  show_names (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
oba_rule_names_clear (ObaRuleNames *self)
{
  g_array_set_size (self->ids, 0);
  g_ptr_array_set_size (self->names, 0);
  show_names (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

JsonArray *
oba_rule_names_get_ids (ObaRuleNames *self)
{
  JsonArray *ids = json_array_new ();

  for (guint i = 0; i < self->ids->len; i++)
    json_array_add_int_element (ids, g_array_index (self->ids, gint64, i));
  return ids;
}

gboolean
oba_rule_names_is_empty (ObaRuleNames *self)
{
  return self->ids->len == 0;
}

static void
removed_cb (ObaRuleNames *self, guint place)
{
  if (place >= self->ids->len)
    return;
  g_array_remove_index (self->ids, place);
  g_ptr_array_remove_index (self->names, place);
  show_names (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
product_cb (ObaRuleNames *self, const ObaProduct *product)
{
  oba_rule_names_add (self, product->id, product->name);
}

static void
store_cb (ObaRuleNames *self)
{
  ObaStoreChooser *chooser = OBA_STORE_CHOOSER (self->chooser);
  gint64 id = oba_store_chooser_get_store (chooser);
  g_autofree char *name = g_strdup (oba_store_chooser_get_text (chooser));

  if (self->filling || id == 0)
    return;
  self->filling = TRUE;
  oba_store_chooser_set_store (chooser, 0, NULL);
  self->filling = FALSE;
  oba_rule_names_add (self, id, name);
}

static void
oba_rule_names_finalize (GObject *object)
{
  ObaRuleNames *self = OBA_RULE_NAMES (object);

  g_array_unref (self->ids);
  g_ptr_array_unref (self->names);

  G_OBJECT_CLASS (oba_rule_names_parent_class)->finalize (object);
}

static void
oba_rule_names_class_init (ObaRuleNamesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_rule_names_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_RULE_NAMES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_rule_names_init (ObaRuleNames *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->bar = OBA_CHIP_BAR (oba_chip_bar_new ());
  g_signal_connect_object (self->bar, "removed", G_CALLBACK (removed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bar, "cleared", G_CALLBACK (oba_rule_names_clear), self, G_CONNECT_SWAPPED);
}

GtkWidget *
oba_rule_names_new (ObaDbPool *pool, gboolean stores)
{
  ObaRuleNames *self = g_object_new (OBA_TYPE_RULE_NAMES, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->chooser = stores ? oba_store_chooser_new (pool) : oba_product_chooser_new (pool);
  if (stores)
    {
      oba_store_chooser_set_none (OBA_STORE_CHOOSER (self->chooser), _("Add a store…"));
      g_signal_connect_object (self->chooser, "notify::store-id", G_CALLBACK (store_cb), self, G_CONNECT_SWAPPED);
    }
  else
    g_signal_connect_object (self->chooser, "chosen", G_CALLBACK (product_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->chooser);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->bar));
  adw_bin_set_child (ADW_BIN (self), box);
  return GTK_WIDGET (self);
}

GtkWidget *
oba_rule_names_get_target (ObaRuleNames *self)
{
  return OBA_IS_STORE_CHOOSER (self->chooser) ? oba_store_chooser_get_button (OBA_STORE_CHOOSER (self->chooser)) : self->chooser;
}
