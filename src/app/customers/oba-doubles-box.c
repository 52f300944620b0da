#include "oba-doubles-box.h"

#include <glib/gi18n-lib.h>

#include "base/oba-phone.h"
#include "customers/oba-customer-double.h"
#include "oba-customer-text.h"

#define MAX_SHOWN 3

struct _ObaDoublesBox
{
  GtkBox          parent_instance;

  GArray         *ids;          /* of those who may be meant, and have another phone number */
  GHashTable     *others;       /* of gint64: decided to be other persons */
  gboolean        phone_taken;
  gboolean        filling;

  GtkLabel       *heading;
  GtkListBox     *list;
  GtkCheckButton *check;
};

enum { OPEN_CUSTOMER, CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaDoublesBox, oba_doubles_box, GTK_TYPE_BOX)

static const char *
describe_reason (ObaCustomerDoubleReason reason)
{
  switch (reason)
    {
    case OBA_CUSTOMER_DOUBLE_PHONE:
      return _("has this phone number");
    case OBA_CUSTOMER_DOUBLE_NAME_BIRTH:
      return _("same name and birth date");
    case OBA_CUSTOMER_DOUBLE_NAME_CITY:
    default:
      return _("same name and city");
    }
}

static char *
describe_person (const ObaCustomerDouble *person)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (parts, g_strdup (describe_reason (person->reason)));
  if (person->birth_date != NULL)
    g_ptr_array_add (parts, oba_customer_text_date (person->birth_date));
  if (*person->phone != '\0')
    g_ptr_array_add (parts, oba_phone_format (person->phone));
  if (*person->city != '\0')
    g_ptr_array_add (parts, g_strdup (person->city));
  if (person->is_blocked)
    g_ptr_array_add (parts, g_strdup (oba_customer_text_status (OBA_CUSTOMER_BLOCKED)));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static void
open_cb (ObaDoublesBox *self,
         GtkWidget     *button)
{
  gint64 *id = g_object_get_data (G_OBJECT (button), "oba-id");

  g_signal_emit (self, signals[OPEN_CUSTOMER], 0, *id);
}

static GtkWidget *
line_new (const char *text,
          const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, text);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
person_row_new (ObaDoublesBox           *self,
                const ObaCustomerDouble *person)
{
  g_autofree char *text = describe_person (person);
  g_autofree char *name = oba_customer_text_name (person->name, OBA_CUSTOMER_ACTIVE);
  /* Translators: the name of a customer. */
  g_autofree char *label = g_strdup_printf (_("Open %s"), name);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *button = gtk_button_new_with_label (_("Open"));

  gtk_box_append (GTK_BOX (lines), line_new (name, NULL));
  gtk_box_append (GTK_BOX (lines), line_new (text, "caption"));
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (button, _("Open that customer instead; what was typed here is given up"));
  g_object_set_data_full (G_OBJECT (button), "oba-id", g_memdup2 (&person->id, sizeof person->id), g_free);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (open_cb), self);
  gtk_box_append (GTK_BOX (row), lines);
  gtk_box_append (GTK_BOX (row), button);
  return row;
}

static gboolean
all_decided (ObaDoublesBox *self)
{
  for (guint i = 0; i < self->ids->len; i++)
    if (!g_hash_table_contains (self->others, &g_array_index (self->ids, gint64, i)))
      return FALSE;
  return TRUE;
}

static void
check_cb (ObaDoublesBox *self)
{
  if (self->filling)
    return;
  for (guint i = 0; i < self->ids->len; i++)
    {
      gint64 id = g_array_index (self->ids, gint64, i);

      if (gtk_check_button_get_active (self->check))
        g_hash_table_add (self->others, g_memdup2 (&id, sizeof id));
      else
        g_hash_table_remove (self->others, &id);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
oba_doubles_box_finalize (GObject *object)
{
  ObaDoublesBox *self = OBA_DOUBLES_BOX (object);

  g_array_unref (self->ids);
  g_hash_table_unref (self->others);
  G_OBJECT_CLASS (oba_doubles_box_parent_class)->finalize (object);
}

static void
oba_doubles_box_class_init (ObaDoublesBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_doubles_box_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_ALERT);
  signals[OPEN_CUSTOMER] = g_signal_new ("open-customer", OBA_TYPE_DOUBLES_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_DOUBLES_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_doubles_box_init (ObaDoublesBox *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->others = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->heading = GTK_LABEL (line_new ("", "heading"));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->check = GTK_CHECK_BUTTON (gtk_check_button_new_with_mnemonic (_("This is _another person: register anyway")));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_add_css_class (GTK_WIDGET (self), "doubles-box");
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->heading, NULL, -1);
  g_signal_connect_swapped (self->check, "toggled", G_CALLBACK (check_cb), self);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->heading));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->check));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
oba_doubles_box_new (void)
{
  return g_object_new (OBA_TYPE_DOUBLES_BOX, NULL);
}

static void
show_heading (ObaDoublesBox *self,
              guint          n)
{
  g_autofree char *text = NULL;

  if (self->phone_taken)
    text = g_strdup (_("This phone number belongs to a customer already"));
  else if (n > MAX_SHOWN)
    text = g_strdup_printf (_("Perhaps registered already: the likeliest of %u"), n);
  else
    text = g_strdup (_("Perhaps registered already"));
  gtk_label_set_label (self->heading, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
oba_doubles_box_show (ObaDoublesBox *self,
                      GPtrArray     *doubles)
{
  GtkListBoxRow *row;

  g_array_set_size (self->ids, 0);
  self->phone_taken = FALSE;
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < doubles->len; i++)
    {
      const ObaCustomerDouble *person = doubles->pdata[i];

      if (person->reason == OBA_CUSTOMER_DOUBLE_PHONE)
        self->phone_taken = TRUE;
      else
        g_array_append_val (self->ids, person->id);
      if (i < MAX_SHOWN)
        {
          gtk_list_box_append (self->list, person_row_new (self, person));
          gtk_widget_set_focusable (GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, (int) i)), FALSE);
        }
    }
  show_heading (self, doubles->len);
  self->filling = TRUE;
  gtk_check_button_set_active (self->check, self->ids->len > 0 && all_decided (self));
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->check), self->ids->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), doubles->len > 0);
  g_signal_emit (self, signals[CHANGED], 0);
}

const char *
oba_doubles_box_get_obstacle (ObaDoublesBox *self)
{
  if (self->phone_taken)
    return _("The phone number is another customer’s: open that one, or change the number");
  return all_decided (self) ? NULL : _("Decide whether this person is registered already");
}

JsonArray *
oba_doubles_box_get_others (ObaDoublesBox *self)
{
  JsonArray *others = NULL;

  for (guint i = 0; i < self->ids->len; i++)
    {
      gint64 id = g_array_index (self->ids, gint64, i);

      if (!g_hash_table_contains (self->others, &id))
        continue;
      if (others == NULL)
        others = json_array_new ();
      json_array_add_int_element (others, id);
    }
  return others;
}

void
oba_doubles_box_focus (ObaDoublesBox *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}
