#include "oba-duplicate-cards.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "oba-customer-text.h"
#include "oba-merge-text.h"
#include "oba-profile-section.h"

/* ---- parts */

static GtkWidget *
card_new (void)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "panel");
  return card;
}

static GtkWidget *
button_new (const char *label, const char *spoken, const char *action, GVariant *target, const char *css_class)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  if (css_class != NULL)
    gtk_widget_add_css_class (button, css_class);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_set_tooltip_text (button, spoken);
  return button;
}

/* The name as a link to everything that is known of the person. */
static GtkWidget *
person_button_new (const ObaMergePerson *person)
{
  g_autofree char *name = oba_merge_text_numbered (person);
  /* Translators: the name of a customer. */
  g_autofree char *spoken = g_strdup_printf (_("Open %s"), name);
  GtkWidget *button = button_new ("", spoken, "duplicates.open", g_variant_new_int64 (person->id), "flat");
  GtkWidget *label = oba_profile_label_new (name, "heading");

  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "person-button");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  return button;
}

static GtkWidget *
buttons_box_new (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_widget_set_halign (box, GTK_ALIGN_END);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

/* ---- pairs */

static GtkWidget *
value_new (const char *name, const char *value, gboolean differs)
{
  GtkWidget *label = oba_profile_label_new (*value != '\0' ? value : "–", differs ? "merge-differs" : NULL);
  g_autofree char *spoken = differs ? g_strdup_printf (_("%s: %s (differs)"), name, value) : g_strdup_printf (_("%s: %s"), name, *value != '\0' ? value : _("nothing"));

  if (*value == '\0')
    gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_hexpand (label, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return label;
}

/* @of_person: one person has one of it, so that two values speak against the pair. */
static void
add_line (GtkGrid *grid, int *row, const char *name, const char *first, const char *second, gboolean of_person)
{
  gboolean differs = of_person && *first != '\0' && *second != '\0' && !g_str_equal (first, second);

  if (*first == '\0' && *second == '\0')
    return;
  gtk_grid_attach (grid, oba_profile_label_new (name, "dim-label"), 0, *row, 1, 1);
  gtk_grid_attach (grid, value_new (name, first, differs), 1, *row, 1, 1);
  gtk_grid_attach (grid, value_new (name, second, differs), 2, *row, 1, 1);
  (*row)++;
}

static char *
describe_account (const ObaMergePerson *person)
{
  g_autofree char *points = oba_customer_text_points (person->points);

  /* Translators: an amount of points, a tier. */
  return g_strdup_printf (_("%s, %s"), points, person->tier);
}

static char *
describe_receipts (const ObaMergePerson *person)
{
  g_autofree char *number = oba_number_format (person->receipts);
  g_autofree char *money = oba_money_format (person->revenue);

  /* Translators: how many receipts, and how much money. */
  return g_strdup_printf (ngettext ("%s receipt, %s", "%s receipts, %s", (gulong) person->receipts), number, money);
}

static void
add_facts (GtkGrid *grid, int *row, const ObaDuplicatePair *pair)
{
  g_autofree char *account_1 = describe_account (pair->first);
  g_autofree char *account_2 = describe_account (pair->second);
  g_autofree char *receipts_1 = describe_receipts (pair->first);
  g_autofree char *receipts_2 = describe_receipts (pair->second);
  g_autofree char *last_1 = oba_customer_text_day (pair->first->last_purchase_at);
  g_autofree char *last_2 = oba_customer_text_day (pair->second->last_purchase_at);
  g_autofree char *registered_1 = oba_customer_text_day (pair->first->registered_at);
  g_autofree char *registered_2 = oba_customer_text_day (pair->second->registered_at);

  add_line (grid, row, _("Account"), account_1, account_2, FALSE);
  add_line (grid, row, _("Receipts"), receipts_1, receipts_2, FALSE);
  add_line (grid, row, _("Last purchase"), last_1, last_2, FALSE);
  add_line (grid, row, _("Registered"), registered_1, registered_2, FALSE);
}

static GtkWidget *
comparison_new (const ObaDuplicatePair *pair)
{
  static const char *const fields[] = { "phone", "birth_date", "email", "city", "telegram", "cards" };
  const guint n_of_person = 4;   /* chats and cards come with the record */
  GtkWidget *grid = gtk_grid_new ();
  int row = 1;

  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 3);
  gtk_grid_attach (GTK_GRID (grid), person_button_new (pair->first), 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), person_button_new (pair->second), 2, 0, 1, 1);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *first = oba_merge_text_value (pair->first, fields[i]);
      g_autofree char *second = oba_merge_text_value (pair->second, fields[i]);

      add_line (GTK_GRID (grid), &row, oba_merge_text_field (fields[i]), first, second, i < n_of_person);
    }
  add_facts (GTK_GRID (grid), &row, pair);
  return grid;
}

GtkWidget *
oba_duplicate_card_new (const ObaDuplicatePair *pair, gboolean may_propose)
{
  GtkWidget *card = card_new ();
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *buttons = buttons_box_new ();
  g_autofree char *score = g_strdup_printf (_("%d %%"), (int) pair->score);
  g_autofree char *reasons = oba_merge_text_reasons (pair);
  g_autofree char *first = oba_merge_text_name (pair->first);
  g_autofree char *second = oba_merge_text_name (pair->second);
  /* Translators: the names of two customers. */
  g_autofree char *apart = g_strdup_printf (_("%s and %s are not the same person"), first, second);
  g_autofree char *merge = g_strdup_printf (_("Propose to merge %s and %s"), first, second);
  GtkWidget *why = oba_profile_label_new (reasons, NULL);

  gtk_widget_set_hexpand (why, TRUE);
  if (pair->score > 0)
    gtk_box_append (GTK_BOX (head), oba_profile_pill_new (score, pair->score >= 80 ? "success" : NULL));
  gtk_box_append (GTK_BOX (head), why);
  if (pair->is_asked)
    gtk_box_append (GTK_BOX (head), oba_profile_pill_new (_("Waits for approval"), "dim-label"));
  else if (may_propose)
    {
      if (pair->score > 0)
        gtk_box_append (GTK_BOX (buttons), button_new (_("_Not the Same Person"), apart, "duplicates.apart", g_variant_new ("(xx)", pair->first->id, pair->second->id), NULL));
      gtk_box_append (GTK_BOX (buttons), button_new (_("Propose _Merge…"), merge, "duplicates.merge", g_variant_new ("(xx)", pair->first->id, pair->second->id), NULL));
      gtk_box_append (GTK_BOX (head), buttons);
    }
  gtk_box_append (GTK_BOX (card), head);
  gtk_box_append (GTK_BOX (card), comparison_new (pair));
  return card;
}

GVariant *
oba_duplicate_card_apart_request (GVariant *both, gboolean apart)
{
  GVariantDict dict;
  gint64 first, second;

  g_variant_get (both, "(xx)", &first, &second);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "customer_id", "x", first);
  g_variant_dict_insert (&dict, "other_id", "x", second);
  g_variant_dict_insert (&dict, "apart", "b", apart);
  return g_variant_dict_end (&dict);
}

/* ---- merges */

GtkWidget *
oba_merge_card_new (const ObaMergeEntry *entry, gboolean may_propose)
{
  GtkWidget *card = card_new ();
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *names = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
  g_autofree char *source = oba_merge_text_numbered (entry->source);
  g_autofree char *history = oba_merge_text_history (entry);
  /* Translators: the name and number of a customer. */
  g_autofree char *back = g_strdup_printf (_("Take back the merge of %s"), source);

  gtk_accessible_update_property (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_PROPERTY_LABEL, _("was merged into"), -1);
  gtk_box_append (GTK_BOX (names), person_button_new (entry->source));
  gtk_box_append (GTK_BOX (names), arrow);
  gtk_box_append (GTK_BOX (names), person_button_new (entry->survivor));
  gtk_box_append (GTK_BOX (lines), names);
  gtk_box_append (GTK_BOX (lines), oba_profile_label_new (history, "dim-label"));
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_box_append (GTK_BOX (head), lines);
  if (entry->is_asked)
    gtk_box_append (GTK_BOX (head), oba_profile_pill_new (_("Waits for approval"), "dim-label"));
  else if (entry->can_undo && may_propose)
    gtk_box_append (GTK_BOX (head), button_new (_("_Take Back…"), back, "duplicates.back", g_variant_new_int64 (entry->id), NULL));
  gtk_box_append (GTK_BOX (card), head);
  return card;
}
