#include "oba-place-box.h"

#include <glib/gi18n-lib.h>

#include "widgets/oba-field.h"
#include "widgets/oba-store-chooser.h"

#define MAX_TILL 9999

struct _ObaPlaceBox
{
  GtkBox           parent_instance;

  gint64           set_store;
  char            *set_till;
  ObaStoreChooser *store;
  GtkEditable     *till;
  ObaField        *till_field;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaPlaceBox, oba_place_box, GTK_TYPE_BOX)

/* Nothing typed is no till. */
static gboolean
read_till (ObaPlaceBox *self, int *till)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->till)));
  guint64 value = 0;

  *till = 0;
  if (*text != '\0' && !g_ascii_string_to_unsigned (text, 10, 0, MAX_TILL, &value, NULL))
    return FALSE;
  *till = (int) value;
  return TRUE;
}

gboolean
oba_place_box_get (ObaPlaceBox *self, gint64 *store_id, int *till)
{
  *store_id = oba_store_chooser_get_store (self->store);
  return read_till (self, till) && *store_id != 0;
}

gint64
oba_place_box_get_store (ObaPlaceBox *self)
{
  return oba_store_chooser_get_store (self->store);
}

gboolean
oba_place_box_is_changed (ObaPlaceBox *self)
{
  return oba_store_chooser_get_store (self->store) != self->set_store || !g_str_equal (gtk_editable_get_text (self->till), self->set_till);
}

void
oba_place_box_focus_problem (ObaPlaceBox *self)
{
  gtk_widget_grab_focus (oba_store_chooser_get_store (self->store) == 0 ? oba_store_chooser_get_button (self->store) : GTK_WIDGET (self->till));
}

static void
changed_cb (ObaPlaceBox *self)
{
  int till;

  oba_field_set_problem (self->till_field, read_till (self, &till) ? NULL : _("A number up to 9999."));
  g_signal_emit (self, signals[CHANGED], 0);
}

void
oba_place_box_set (ObaPlaceBox *self, gint64 store_id, const char *name, int till)
{
  g_free (self->set_till);
  self->set_store = store_id;
  self->set_till = till != 0 ? g_strdup_printf ("%d", till) : g_strdup ("");
  oba_store_chooser_set_store (self->store, store_id, name);
  gtk_editable_set_text (self->till, self->set_till);
}

void
oba_place_box_type_till (ObaPlaceBox *self, const char *till)
{
  gtk_editable_set_text (self->till, till);
}

static void
oba_place_box_finalize (GObject *object)
{
  g_free (OBA_PLACE_BOX (object)->set_till);

  G_OBJECT_CLASS (oba_place_box_parent_class)->finalize (object);
}

static void
oba_place_box_class_init (ObaPlaceBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_place_box_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_PLACE_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_place_box_init (ObaPlaceBox *self)
{
  self->set_till = g_strdup ("");
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

GtkWidget *
oba_place_box_new (ObaDbPool *pool)
{
  ObaPlaceBox *self = g_object_new (OBA_TYPE_PLACE_BOX, NULL);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *store_field;

  self->store = OBA_STORE_CHOOSER (oba_store_chooser_new (pool));
  self->till = GTK_EDITABLE (entry);
  store_field = oba_field_new (_("Store"), GTK_WIDGET (self->store), oba_store_chooser_get_button (self->store));
  self->till_field = OBA_FIELD (oba_field_new (_("Till"), entry, NULL));
  gtk_widget_set_hexpand (store_field, TRUE);
  gtk_editable_set_width_chars (self->till, 5);
  gtk_editable_set_max_width_chars (self->till, 5);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  g_signal_connect_object (self->store, "notify::store-id", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), store_field);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->till_field));
  return GTK_WIDGET (self);
}
