#include "oba-payment-box.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "widgets/oba-field.h"

#define N_WAYS 3
#define SEVERAL N_WAYS
/* Only one of several ways, and only where it can be chosen. */
#define BY_POINTS N_WAYS
#define N_AMOUNTS (N_WAYS + 1)

static const char *const ways[N_AMOUNTS] = { "cash", "card", "other", "points" };

struct _ObaPaymentBox
{
  GtkBox       parent_instance;

  gint64       total;
  gint64       points;       /* what they paid, and pay on */
  GtkDropDown *list;
  ObaField    *field;
  GtkWidget   *parts;
  GtkWidget   *by_points;
  GtkEditable *amounts[N_AMOUNTS];
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaPaymentBox, oba_payment_box, GTK_TYPE_BOX)

/* What is paid besides the points that pay on. */
static gint64
get_due (ObaPaymentBox *self)
{
  return self->total - MIN (self->points, self->total);
}

static gboolean
read_amounts (ObaPaymentBox *self, gint64 amounts[N_AMOUNTS])
{
  guint way = gtk_drop_down_get_selected (self->list);

  for (guint i = 0; i < N_AMOUNTS; i++)
    {
      const char *text = i != BY_POINTS || gtk_widget_get_visible (self->by_points) ? gtk_editable_get_text (self->amounts[i]) : "";

      amounts[i] = i < N_WAYS && i == way ? get_due (self) : 0;
      if (way == SEVERAL && *text != '\0' && (!oba_money_parse (text, &amounts[i], NULL) || amounts[i] < 0))
        return FALSE;
    }
  return TRUE;
}

static gint64
add_up (const gint64 amounts[N_AMOUNTS])
{
  gint64 sum = 0;

  for (guint i = 0; i < N_AMOUNTS; i++)
    sum += amounts[i];
  return sum;
}

gboolean
oba_payment_box_is_right (ObaPaymentBox *self)
{
  gint64 amounts[N_AMOUNTS];

  return read_amounts (self, amounts) && add_up (amounts) == get_due (self);
}

static void
show (ObaPaymentBox *self)
{
  gint64 amounts[N_AMOUNTS];
  gboolean readable = read_amounts (self, amounts);
  gint64 sum = readable ? add_up (amounts) : 0;
  g_autofree char *made = oba_money_format (sum);
  g_autofree char *due = oba_money_format (get_due (self));
  g_autofree char *by_points = oba_money_format (MIN (self->points, self->total));
  /* Translators: two amounts of money. */
  g_autofree char *text = g_strdup_printf (_("These make %s, %s are to be paid."), made, due);
  /* Translators: an amount of money. */
  g_autofree char *note = self->points > 0 ? g_strdup_printf (_("Besides, %s stay paid with points."), by_points) : NULL;

  gtk_widget_set_visible (self->parts, gtk_drop_down_get_selected (self->list) == SEVERAL);
  oba_field_set_problem (self->field, !readable ? _("Amounts like 12.50, none below 0.") : sum != get_due (self) ? text : NULL);
  oba_field_set_note (self->field, note);
}

static void
changed_cb (ObaPaymentBox *self)
{
  show (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
oba_payment_box_set_total (ObaPaymentBox *self, gint64 total)
{
  self->total = total;
  show (self);
}

void
oba_payment_box_set (ObaPaymentBox *self, gint64 cash, gint64 card, gint64 other, gint64 points)
{
  const gint64 amounts[N_WAYS] = { cash, card, other };
  guint n = 0, way = 0;

  for (guint i = 0; i < N_WAYS; i++)
    {
      g_autofree char *text = amounts[i] != 0 ? oba_money_format (amounts[i]) : g_strdup ("");

      gtk_editable_set_text (self->amounts[i], text);
      if (amounts[i] != 0)
        way = i;
      n += amounts[i] != 0;
    }
  self->points = points;
  gtk_drop_down_set_selected (self->list, n > 1 ? SEVERAL : way);
  oba_payment_box_set_total (self, cash + card + other + points);
}

void
oba_payment_box_apply (ObaPaymentBox *self, ObaCorrection *correction)
{
  gint64 amounts[N_AMOUNTS];

  read_amounts (self, amounts);
  amounts[BY_POINTS] += MIN (self->points, self->total);
  for (guint i = 0; i < N_AMOUNTS; i++)
    if (i != BY_POINTS || amounts[i] > 0)
      oba_correction_add_payment (correction, ways[i], amounts[i]);
}

void
oba_payment_box_take_points (ObaPaymentBox *self, gboolean take)
{
  gtk_widget_set_visible (self->by_points, take);
  show (self);
}

void
oba_payment_box_type (ObaPaymentBox *self, const char *cash, const char *card, const char *other, const char *points)
{
  const char *const texts[N_AMOUNTS] = { cash, card, other, points };

  gtk_drop_down_set_selected (self->list, SEVERAL);
  for (guint i = 0; i < N_AMOUNTS; i++)
    gtk_editable_set_text (self->amounts[i], texts[i]);
}

static void
oba_payment_box_class_init (ObaPaymentBoxClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_PAYMENT_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_payment_box_init (ObaPaymentBox *self)
{
  const char *const titles[] = { _("In cash"), _("By card"), _("In another way"), _("In several ways"), NULL };

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  self->list = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (titles));
  self->field = OBA_FIELD (oba_field_new (_("Paid"), GTK_WIDGET (self->list), NULL));
  self->parts = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_box_set_homogeneous (GTK_BOX (self->parts), TRUE);
  for (guint i = 0; i < N_AMOUNTS; i++)
    {
      GtkWidget *entry = gtk_entry_new ();
      GtkWidget *field = oba_field_new (i == BY_POINTS ? _("With points") : titles[i], entry, NULL);

      self->amounts[i] = GTK_EDITABLE (entry);
      gtk_editable_set_width_chars (self->amounts[i], 8);
      gtk_editable_set_alignment (self->amounts[i], 1);
      gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
      g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (self->parts), field);
      self->by_points = field;   /* the last one */
    }
  gtk_widget_set_visible (self->by_points, FALSE);
  g_signal_connect_object (self->list, "notify::selected", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->field));
  gtk_box_append (GTK_BOX (self), self->parts);
  show (self);
}

GtkWidget *
oba_payment_box_new (void)
{
  return g_object_new (OBA_TYPE_PAYMENT_BOX, NULL);
}
