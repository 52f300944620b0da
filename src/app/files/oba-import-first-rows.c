#include "oba-import-first-rows.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"

#define MAX_COLUMNS 40
#define MAX_CHARS 24

/* As wide as what it says, within reason, so that a short value is never cut. */
static GtkWidget *
cell_new (const char *text, gboolean title)
{
  GtkWidget *label = gtk_label_new (NULL);
  g_autofree char *line = g_strdelimit (g_strdup (text), "\r\n\t", ' ');
  glong length = g_utf8_strlen (line, -1);

  gtk_label_set_text (GTK_LABEL (label), line);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, title ? "heading" : "numeric");
  if (length > MAX_CHARS)
    {
      g_autofree char *start = g_utf8_substring (line, 0, MIN (length, 1000));

      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), MAX_CHARS);
      gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
      gtk_label_set_text (GTK_LABEL (label), start);
    }
  return label;
}

static GtkWidget *
make_grid (const ObaImportPreview *preview, guint n)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_widget_set_margin_top (grid, 9);
  gtk_widget_set_margin_bottom (grid, 9);
  gtk_widget_set_margin_start (grid, 12);
  gtk_widget_set_margin_end (grid, 12);
  gtk_accessible_update_property (GTK_ACCESSIBLE (grid), GTK_ACCESSIBLE_PROPERTY_LABEL, _("First rows of the file"), -1);
  for (guint column = 0; column < n; column++)
    {
      gtk_grid_attach (GTK_GRID (grid), cell_new (preview->header[column], TRUE), (int) column, 0, 1, 1);
      for (guint row = 0; row < preview->rows->len; row++)
        gtk_grid_attach (GTK_GRID (grid), cell_new (((GStrv) preview->rows->pdata[row])[column], FALSE), (int) column, (int) row + 1, 1, 1);
    }
  return grid;
}

/* (transfer full) (nullable) */
static char *
make_remark (const ObaImportPreview *preview, guint n_columns)
{
  g_autofree char *shown = oba_number_format (MAX_COLUMNS);
  g_autofree char *all = oba_number_format (n_columns);

  if (preview->rows->len == 0)
    return g_strdup (_("There is nothing under the names of the columns."));
  /* Translators: numbers of columns. */
  return n_columns > MAX_COLUMNS ? g_strdup_printf (_("The first %s of %s columns; all can be chosen below."), shown, all) : NULL;
}

GtkWidget *
oba_import_first_rows_new (const ObaImportPreview *preview)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  guint n = g_strv_length (preview->header);
  g_autofree char *remark = make_remark (preview, n);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), make_grid (preview, MIN (n, MAX_COLUMNS)));
  gtk_widget_add_css_class (scrolled, "card");
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("First Rows"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), remark);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), scrolled);
  return group;
}
