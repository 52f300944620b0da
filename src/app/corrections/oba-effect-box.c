#include "oba-effect-box.h"

#include <glib/gi18n-lib.h>

#include "administration/oba-month-text.h"
#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"

struct _ObaEffectBox
{
  GtkBox   parent_instance;

  GtkGrid *grid;          /* of the part that is being filled */
  int      n_rows;
};

G_DEFINE_FINAL_TYPE (ObaEffectBox, oba_effect_box, GTK_TYPE_BOX)

static GtkWidget *
begin_part (ObaEffectBox *self, const char *title)
{
  ObaProfileSection *section = g_object_new (OBA_TYPE_PROFILE_SECTION, "title", title, NULL);

  self->grid = GTK_GRID (gtk_grid_new ());
  self->n_rows = 0;
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_grid_set_column_spacing (self->grid, 12);
  oba_profile_section_add (section, GTK_WIDGET (self->grid));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (section));
  return GTK_WIDGET (section);
}

static GtkWidget *
value_new (const char *text, const char *css_class)
{
  GtkWidget *label = oba_profile_label_new (text, css_class);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  return label;
}

/* @before: (nullable): there is but one value. The row says both as one to those who listen. */
static void
add_row (ObaEffectBox *self, const char *name, const char *before, const char *after)
{
  GtkWidget *label = oba_profile_label_new (name, "dim-label");
  GtkWidget *value = value_new (after, "numeric");
  /* Translators: what, before, after. */
  g_autofree char *spoken = before != NULL ? g_strdup_printf (_("%s: %s before, %s after"), name, before, after) : g_strdup_printf ("%s: %s", name, after);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (value, "effect-after");
  gtk_accessible_update_property (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_grid_attach (self->grid, label, 0, self->n_rows, 1, 1);
  if (before != NULL)
    {
      gtk_grid_attach (self->grid, value_new (before, "numeric"), 1, self->n_rows, 1, 1);
      gtk_grid_attach (self->grid, gtk_label_new ("→"), 2, self->n_rows, 1, 1);
    }
  gtk_grid_attach (self->grid, value, 3, self->n_rows, 1, 1);
  self->n_rows++;
}

/* ---- closed months */

static void
add_closed (ObaEffectBox *self, const ObaCorrectionPreview *preview)
{
  g_autofree char *month = NULL;
  g_autofree char *day = NULL;
  g_autofree char *entry = NULL;
  g_autofree char *text = NULL;
  GtkWidget *box;

  if (!g_date_valid (&preview->closed_day) || !g_date_valid (&preview->entry_day))
    return;
  month = oba_month_text_name (&preview->closed_day);
  day = oba_customer_text_date (&preview->closed_day);
  entry = oba_customer_text_date (&preview->entry_day);
  /* Translators: a month and its year; the day of an entry in the books; the day of the receipt. */
  text = g_strdup_printf (_("%s is closed: the entry is dated %s. The receipt itself keeps its day, %s."), month, entry, day);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (box, "changed-note");
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (text, NULL));
  gtk_box_append (GTK_BOX (self), box);
}

/* ---- money */

static void
add_money (ObaEffectBox *self, const ObaCorrectionPreview *preview)
{
  g_autofree char *taken = oba_money_format (preview->taken_back);
  g_autofree char *put = oba_money_format (preview->put_in);
  gint64 change = preview->put_in - preview->taken_back;
  g_autofree char *amount = oba_money_format (ABS (change));
  g_autofree char *difference = g_strdup_printf ("%s%s", change > 0 ? "+" : change < 0 ? "−" : "", amount);

  if (preview->taken_back == 0 && preview->put_in == 0 && preview->rollups->len == 0)
    return;   /* points alone */
  begin_part (self, _("Money"));
  if (preview->taken_back != 0)
    add_row (self, _("Taken back"), NULL, taken);
  if (preview->put_in != 0)
    add_row (self, preview->taken_back != 0 ? _("Recorded instead") : _("Recorded"), NULL, put);
  if (preview->put_in != 0 && preview->taken_back != 0)
    add_row (self, _("Difference"), NULL, difference);
}

/* ---- persons */

static void
add_points (ObaEffectBox *self, const char *name, const gint64 points[2])
{
  g_autofree char *before = oba_number_format (points[0]);
  g_autofree char *after = oba_number_format (points[1]);

  add_row (self, name, before, after);
}

static void
add_lot (ObaEffectBox *self, const ObaCorrectionLot *lot)
{
  g_autofree char *day = oba_customer_text_date (&lot->expires_on);
  /* Translators: points that are valid until a day. */
  g_autofree char *name = g_strdup_printf (lot->lot_id != 0 ? _("of them until %s") : _("new, until %s"), day);

  add_points (self, name, (const gint64[]) { lot->before, lot->after });
}

static void
add_person (ObaEffectBox *self, const ObaCorrectionPerson *person)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GINT64_FORMAT, person->customer_id);
  g_autofree char *number = g_strdup_printf (_("Customer %s"), digits);
  g_autofree char *before = oba_money_format (person->spend[0]);
  g_autofree char *after = oba_money_format (person->spend[1]);
  GtkWidget *part = begin_part (self, *person->name != '\0' ? person->name : number);

  add_points (self, _("Points"), person->balance);
  for (guint i = 0; i < person->lots->len; i++)
    add_lot (self, &g_array_index (person->lots, ObaCorrectionLot, i));
  if (person->owed[0] != 0 || person->owed[1] != 0)
    add_points (self, _("Points owed"), person->owed);
  add_row (self, _("Spent in 12 months"), before, after);
  add_row (self, _("Tier"), person->tier[0], person->tier[1]);
  if (g_strcmp0 (person->tier[0], person->tier[1]) != 0)
    gtk_widget_add_css_class (gtk_grid_get_child_at (self->grid, 3, self->n_rows - 1), "heading");
  if (person->balance[1] < 0)
    oba_profile_section_add_note (OBA_PROFILE_SECTION (part), _("Points of this receipt were spent already: they are owed, and paid with the next ones that are earned."));
}

/* ---- points that pay */

static void
add_spent (ObaEffectBox *self, const ObaCorrectionPreview *preview)
{
  const struct { const char *name; gint64 points; } rows[] = {
    { _("Come back to where they were taken from"), preview->restored },
    { _("Expire at once, their day is over"), - preview->expired },
    { _("Are spent"), - preview->spent },
  };

  if (preview->restored == 0 && preview->spent == 0)
    return;
  begin_part (self, _("Points That Pay"));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *points = oba_customer_text_signed (rows[i].points);

      if (rows[i].points != 0)
        add_row (self, rows[i].name, NULL, points);
    }
}

/* ---- totals of days */

static char *
describe_rollup (const ObaCorrectionRollup *rollup)
{
  g_autofree char *money = oba_money_format (ABS (rollup->revenue));
  g_autofree char *receipts = oba_number_format (rollup->receipts);
  g_autofree char *returns = oba_number_format (rollup->returns);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s%s", rollup->revenue > 0 ? "+" : rollup->revenue < 0 ? "−" : "", money);
  if (rollup->receipts > 0)
    {
      g_string_append (text, "\n");
      g_string_append_printf (text, ngettext ("%s receipt more", "%s receipts more", (gulong) rollup->receipts), receipts);
    }
  if (rollup->returns > 0)
    {
      g_string_append (text, "\n");
      g_string_append_printf (text, ngettext ("%s return more", "%s returns more", (gulong) rollup->returns), returns);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_rollups (ObaEffectBox *self, GPtrArray *rollups)
{
  if (rollups->len == 0)
    return;
  begin_part (self, _("Totals of Days"));
  for (guint i = 0; i < rollups->len; i++)
    {
      const ObaCorrectionRollup *rollup = rollups->pdata[i];
      g_autofree char *day = oba_customer_text_date (&rollup->day);
      g_autofree char *name = g_strdup_printf ("%s, %s", day, rollup->store);
      g_autofree char *effect = describe_rollup (rollup);

      add_row (self, name, NULL, effect);
    }
}

void
oba_effect_box_show (ObaEffectBox *self, const ObaCorrectionPreview *preview)
{
  GtkWidget *child;

  g_return_if_fail (OBA_IS_EFFECT_BOX (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_box_remove (GTK_BOX (self), child);
  add_closed (self, preview);
  add_money (self, preview);
  for (guint i = 0; i < preview->people->len; i++)
    add_person (self, preview->people->pdata[i]);
  add_spent (self, preview);
  if (preview->people->len == 0)
    oba_profile_section_add_note (OBA_PROFILE_SECTION (begin_part (self, _("Points"))), _("Nobody’s points change: it is a receipt without a card."));
  add_rollups (self, preview->rollups);
  oba_effect_box_set_old (self, FALSE);
}

void
oba_effect_box_set_old (ObaEffectBox *self, gboolean old)
{
  gtk_widget_set_opacity (GTK_WIDGET (self), old ? 0.5 : 1);
}

static void
oba_effect_box_class_init (ObaEffectBoxClass *klass)
{
}

static void
oba_effect_box_init (ObaEffectBox *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

GtkWidget *
oba_effect_box_new (void)
{
  return g_object_new (OBA_TYPE_EFFECT_BOX, NULL);
}
