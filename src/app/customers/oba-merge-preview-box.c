#include "oba-merge-preview-box.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "oba-customer-text.h"
#include "oba-merge-text.h"
#include "oba-profile-section.h"

#define N_COLUMNS 3

struct _ObaMergePreviewBox
{
  GtkBox   parent_instance;

  GtkGrid *grid;
  GtkBox  *notes;
  int      n_rows;
};

G_DEFINE_FINAL_TYPE (ObaMergePreviewBox, oba_merge_preview_box, GTK_TYPE_BOX)

static GtkWidget *
cell_new (const char *text, const char *css_class)
{
  GtkWidget *label = oba_profile_label_new (text, css_class);

  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_hexpand (label, TRUE);
  return label;
}

static void
add_heads (ObaMergePreviewBox *self, const char *const *heads)
{
  for (int i = 0; i < N_COLUMNS; i++)
    gtk_grid_attach (self->grid, cell_new (heads[i], "heading"), i + 1, self->n_rows, 1, 1);
  self->n_rows++;
}

/* A line that says nothing on any side is left out; what a side becomes stands out where it differs. */
static void
add_row (ObaMergePreviewBox *self, const char *name, const char *const *values)
{
  gboolean any = FALSE;
  GtkWidget *label;

  for (int i = 0; i < N_COLUMNS; i++)
    any = any || *values[i] != '\0';
  if (!any)
    return;
  label = oba_profile_label_new (name, "dim-label");
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_grid_attach (self->grid, label, 0, self->n_rows, 1, 1);
  for (int i = 0; i < N_COLUMNS; i++)
    {
      GtkWidget *cell = cell_new (*values[i] != '\0' ? values[i] : "–", "numeric");
      g_autofree char *spoken = g_strdup_printf ("%s: %s", name, *values[i] != '\0' ? values[i] : "–");

      if (i == N_COLUMNS - 1)
        gtk_widget_add_css_class (cell, "merge-after");
      gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
      gtk_grid_attach (self->grid, cell, i + 1, self->n_rows, 1, 1);
    }
  self->n_rows++;
}

typedef char *(*Describe) (const ObaMergeFigures *figures);

static char *
describe_points (const ObaMergeFigures *figures)
{
  return oba_customer_text_points (figures->balance);
}

static char *
describe_lots (const ObaMergeFigures *figures)
{
  return oba_merge_text_lots (figures->lots);
}

static char *
describe_owed (const ObaMergeFigures *figures)
{
  return figures->owed != 0 ? oba_customer_text_points (figures->owed) : g_strdup ("");
}

static char *
describe_tier (const ObaMergeFigures *figures)
{
  g_autofree char *spend = oba_money_format (figures->spend);

  /* Translators: a tier, and the money of twelve months that it stands on. */
  return g_strdup_printf (_("%s, %s in 12 months"), figures->tier, spend);
}

static char *
describe_receipts (const ObaMergeFigures *figures)
{
  g_autofree char *number = oba_number_format (figures->receipts);
  g_autofree char *money = oba_money_format (figures->revenue);

  if (figures->receipts == 0)
    return g_strdup ("");
  /* Translators: how many receipts, and how much money. */
  return g_strdup_printf (ngettext ("%s receipt, %s", "%s receipts, %s", (gulong) figures->receipts), number, money);
}

static char *
describe_number (gint64 number)
{
  return number > 0 ? oba_number_format (number) : g_strdup ("");
}

static char *
describe_cards (const ObaMergeFigures *figures)
{
  return describe_number (figures->cards);
}

static char *
describe_redemptions (const ObaMergeFigures *figures)
{
  return describe_number (figures->redemptions);
}

static char *
describe_segments (const ObaMergeFigures *figures)
{
  return describe_number (figures->segments);
}

static char *
describe_telegram (const ObaMergeFigures *figures)
{
  return g_strdup (figures->telegram ? _("linked") : "");
}

static void
add_consents (ObaMergePreviewBox *self, const ObaMergeFigures *const *sides)
{
  g_autoptr (GHashTable) all = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) values = g_new0 (char *, N_COLUMNS + 1);
  GHashTableIter iter;
  gpointer channel;

  for (int i = 0; i < N_COLUMNS; i++)
    {
      g_hash_table_iter_init (&iter, sides[i]->consents);
      while (g_hash_table_iter_next (&iter, &channel, NULL))
        g_hash_table_add (all, channel);
    }
  for (int i = 0; i < N_COLUMNS; i++)
    values[i] = oba_merge_text_consents (sides[i]->consents, all);
  add_row (self, _("Consents"), (const char *const *) values);
}

static void
add_figures (ObaMergePreviewBox *self, const ObaMergeFigures *const *sides)
{
  const struct
  {
    const char *name;
    Describe    describe;
  } lines[] = {
    { _("Points"), describe_points },     { _("Points by lot"), describe_lots }, { _("Owed"), describe_owed },
    { _("Tier"), describe_tier },         { _("Receipts"), describe_receipts },  { _("Open redemptions"), describe_redemptions },
    { _("Cards"), describe_cards },       { _("Telegram"), describe_telegram },  { _("Segments"), describe_segments },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *first = lines[i].describe (sides[0]);
      g_autofree char *second = lines[i].describe (sides[1]);
      g_autofree char *third = lines[i].describe (sides[2]);

      add_row (self, lines[i].name, (const char *[]) { first, second, third });
    }
  add_consents (self, sides);
}

static void
add_note (ObaMergePreviewBox *self, const char *text)
{
  gtk_box_append (self->notes, oba_profile_label_new (text, "dim-label"));
}

/* What the one who stays gets; of what is over and done, the names of the fields: their values have changed with it. */
static void
add_taken (ObaMergePreviewBox *self, const ObaMergePreview *preview, const ObaMergePerson *source, const ObaMergePerson *survivor)
{
  g_autofree char *fields = oba_merge_text_fields (preview, NULL);
  /* Translators: names of fields, such as "Phone, City". */
  g_autofree char *names = g_strdup_printf (_("Taken over: %s."), fields);

  if (source == NULL && *fields != '\0')
    add_note (self, names);
  for (const char *const *field = oba_merge_field_names (); source != NULL && *field != NULL; field++)
    {
      const char *choice = g_hash_table_lookup (preview->fields, *field);
      g_autofree char *text = choice != NULL ? oba_merge_text_taken (source, survivor, *field, choice) : NULL;
      GtkWidget *label = text != NULL ? oba_profile_label_new (text, "merge-taken") : NULL;

      if (label == NULL)
        continue;
      gtk_label_set_lines (GTK_LABEL (label), 3);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_box_append (self->notes, label);
    }
}

static void
add_merge_notes (ObaMergePreviewBox *self, const ObaMergePreview *preview, const ObaMergePerson *source, const ObaMergePerson *survivor)
{
  const ObaMergePerson *linked = preview->takes_chat ? source : survivor;

  if (g_hash_table_size (preview->source_before.consents) > 0)
    add_note (self, _("Of each consent, the later decision of the two holds."));
  if (preview->source_before.telegram && preview->survivor_before.telegram && linked != NULL)
    {
      /* Translators: the name of a Telegram chat. */
      g_autofree char *text = g_strdup_printf (_("Both have a Telegram chat. %s stays linked, the other one is no longer, and can be linked again."), linked->telegram);

      add_note (self, text);
    }
  if (preview->survivor_before.owed > 0 && preview->moved > 0)
    add_note (self, _("Points that come over first pay what is owed. That stays so, even when the merge is taken back."));
  add_note (self, _("Receipts stay where they were recorded, and count for the one who stays. A merge can be taken back."));
}

static void
add_back_notes (ObaMergePreviewBox *self, const ObaMergePreview *preview)
{
  gint64 back = preview->source_after.balance + preview->source_after.owed;
  g_autofree char *stay = oba_merge_text_fields (preview, "stay");

  if (back < preview->moved)
    {
      g_autofree char *moved = oba_customer_text_points (preview->moved);
      g_autofree char *spent = oba_customer_text_points (preview->moved - MAX (back, 0));
      /* Translators: two amounts of points. */
      g_autofree char *text = g_strdup_printf (_("Of the %s that came over, %s were spent or have expired, and do not come back."), moved, spent);

      add_note (self, text);
    }
  if (*stay != '\0')
    {
      g_autofree char *text = g_strdup_printf (_("Changed since, and left as it is: %s."), stay);

      add_note (self, text);
    }
  add_note (self, _("What was bought since the merge stays with the one who stays."));
}

void
oba_merge_preview_box_show (ObaMergePreviewBox *self, const ObaMergePreview *preview, const ObaMergePerson *source, const ObaMergePerson *survivor, gboolean back)
{
  const char *const merge_heads[] = { _("Is merged"), _("Stays, now"), _("Stays, after") };
  const char *const back_heads[] = { _("Stays, now"), _("Stays, after"), _("Comes back") };
  GtkWidget *child;

  g_return_if_fail (OBA_IS_MERGE_PREVIEW_BOX (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->notes))) != NULL)
    gtk_box_remove (self->notes, child);
  self->n_rows = 0;
  add_heads (self, back ? back_heads : merge_heads);
  if (back)
    {
      add_figures (self, (const ObaMergeFigures *[]) { &preview->survivor_before, &preview->survivor_after, &preview->source_after });
      add_back_notes (self, preview);
    }
  else
    {
      add_figures (self, (const ObaMergeFigures *[]) { &preview->source_before, &preview->survivor_before, &preview->survivor_after });
      add_taken (self, preview, source, survivor);
      add_merge_notes (self, preview, source, survivor);
    }
  oba_merge_preview_box_set_old (self, FALSE);
}

void
oba_merge_preview_box_set_old (ObaMergePreviewBox *self, gboolean old)
{
  gtk_widget_set_opacity (GTK_WIDGET (self), old ? 0.5 : 1);
}

static void
oba_merge_preview_box_class_init (ObaMergePreviewBoxClass *klass)
{
}

static void
oba_merge_preview_box_init (ObaMergePreviewBox *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_grid_set_column_spacing (self->grid, 18);
  self->notes = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 3));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->grid));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->notes));
}

GtkWidget *
oba_merge_preview_box_new (void)
{
  return g_object_new (OBA_TYPE_MERGE_PREVIEW_BOX, NULL);
}
