#include "oba-correction-effect.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"

static char *
signed_money (gint64 qepik)
{
  g_autofree char *money = oba_money_format (ABS (qepik));

  return g_strdup_printf ("%s%s", qepik < 0 ? "−" : qepik > 0 ? "+" : "", money);
}

static void
add_cells (GtkGrid *grid, const char *name, const char *before, const char *after)
{
  const char *values[] = { before, after };
  int row = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (grid), "oba-rows"));

  gtk_grid_attach (grid, oba_profile_label_new (name, "dim-label"), 0, row, 1, 1);
  for (int i = 0; i < 2; i++)
    {
      GtkWidget *cell = oba_profile_label_new (values[i], "numeric");
      g_autofree char *spoken = g_strdup_printf ("%s: %s", name, values[i]);

      gtk_widget_set_hexpand (cell, TRUE);
      if (i == 1)
        gtk_widget_add_css_class (cell, "merge-after");
      gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
      gtk_grid_attach (grid, cell, i + 1, row, 1, 1);
    }
  g_object_set_data (G_OBJECT (grid), "oba-rows", GINT_TO_POINTER (row + 1));
}

static void
add_numbers (GtkGrid *grid, const char *name, const gint64 *pair, char *(*format) (gint64), gboolean always)
{
  g_autofree char *before = format (pair[0]);
  g_autofree char *after = format (pair[1]);

  if (always || pair[0] != pair[1])
    add_cells (grid, name, before, after);
}

static void
add_lot (GtkGrid *grid, const ObaCorrectionLot *lot)
{
  g_autofree char *day = oba_customer_text_date (&lot->expires_on);
  g_autofree char *before = oba_customer_text_points (lot->before);
  g_autofree char *after = oba_customer_text_points (lot->after);
  /* Translators: the last day on which points of this lot can be spent. */
  g_autofree char *name = g_strdup_printf (_("Lot until %s"), day);

  add_cells (grid, name, before, after);
}

static GtkWidget *
person_new (const ObaCorrectionPerson *person)
{
  GtkWidget *grid = gtk_grid_new ();
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, person->customer_id);
  /* Translators: the name of a customer, and the customer's number. */
  g_autofree char *name = g_strdup_printf (_("%s (No. %s)"), *person->name != '\0' ? person->name : _("Customer"), number);

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  add_cells (GTK_GRID (grid), name, _("Now"), _("After"));
  add_numbers (GTK_GRID (grid), _("Points"), person->balance, oba_customer_text_points, TRUE);
  add_numbers (GTK_GRID (grid), _("Owed"), person->owed, oba_customer_text_points, FALSE);
  add_cells (GTK_GRID (grid), _("Tier"), person->tier[0], person->tier[1]);
  add_numbers (GTK_GRID (grid), _("Spent in 12 months"), person->spend, oba_money_format, FALSE);
  for (guint i = 0; i < person->lots->len; i++)
    add_lot (GTK_GRID (grid), &g_array_index (person->lots, ObaCorrectionLot, i));
  return grid;
}

static char *
describe_money (const ObaCorrectionPreview *preview)
{
  g_autofree char *taken = oba_money_format (preview->taken_back);
  g_autofree char *put = oba_money_format (preview->put_in);
  g_autofree char *change = signed_money (preview->put_in - preview->taken_back);

  if (preview->put_in == 0)
    /* Translators: an amount of money. */
    return g_strdup_printf (_("%s is taken back."), taken);
  if (preview->taken_back == 0)
    return g_strdup_printf (_("%s is entered."), put);
  /* Translators: three amounts of money. */
  return g_strdup_printf (_("%s is taken back, %s is entered instead: %s"), taken, put, change);
}

/* "Revenue of OBA Nizami, 5 Nov 2026: −45.60 ₼" */
static char *
describe_day (const ObaCorrectionRollup *rollup)
{
  g_autofree char *day = oba_customer_text_date (&rollup->day);
  g_autofree char *money = signed_money (rollup->revenue);

  /* Translators: a store, a day, an amount of money with its sign. */
  return g_strdup_printf (_("Revenue of %s, %s: %s"), rollup->store, day, money);
}

static char *
describe_needs (const ObaCorrectionPreview *preview)
{
  static const struct
  {
    const char *need;
    const char *text;
  } texts[] = {
    { "amount", N_("the amount is over the limit") },
    { "points", N_("the points are over the limit") },
    { "age", N_("the receipt is older than the limit") },
    { "own", N_("it is the colleague’s own receipt") },
  };
  GString *all = g_string_new (NULL);
  char *sentence;

  for (guint i = 0; preview->needs[i] != NULL; i++)
    for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
      if (g_str_equal (preview->needs[i], texts[k].need))
        g_string_append_printf (all, "%s%s", all->len > 0 ? ", " : "", _(texts[k].text));
  /* Translators: a list of reasons. */
  sentence = all->len > 0 ? g_strdup_printf (_("Why a second person: %s."), all->str) : g_strdup ("");
  g_string_free (all, TRUE);
  return sentence;
}

static void
add_line (GtkBox *box, const char *text, const char *css_class)
{
  if (*text != '\0')
    gtk_box_append (box, oba_profile_label_new (text, css_class));
}

GtkWidget *
oba_correction_effect_new (const ObaCorrectionPreview *preview)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  g_autofree char *money = describe_money (preview);
  g_autofree char *needs = describe_needs (preview);

  add_line (box, money, "merge-after");
  for (guint i = 0; i < preview->people->len; i++)
    gtk_box_append (box, person_new (preview->people->pdata[i]));
  if (preview->people->len == 0)
    add_line (box, _("No customer’s points change."), "dim-label");
  for (guint i = 0; i < preview->rollups->len; i++)
    {
      g_autofree char *day = describe_day (preview->rollups->pdata[i]);

      add_line (box, day, NULL);
    }
  add_line (box, needs, "dim-label");
  return GTK_WIDGET (box);
}
