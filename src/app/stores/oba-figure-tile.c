#include "oba-figure-tile.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/oba-money.h"

struct _ObaFigureTile
{
  AdwBin        parent_instance;

  ObaFigureKind kind;
  int           good;
  GtkLabel     *text;
  GtkLabel     *change;
};

G_DEFINE_FINAL_TYPE (ObaFigureTile, oba_figure_tile, ADW_TYPE_BIN)

static GtkWidget *
label_new (GtkWidget *box, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static double
change_of (ObaFigureTile *self, double now, double before)
{
  if (isnan (now) || isnan (before))
    return NAN;
  if (self->kind == OBA_FIGURE_SHARE)
    return now - before;
  return before > 0 ? (now - before) / before : NAN;
}

static void
set_mood (ObaFigureTile *self, int way)
{
  static const char *const moods[] = { "error", "dim-label", "success" };

  for (guint i = 0; i < G_N_ELEMENTS (moods); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->change), moods[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->change), moods[way * self->good + 1]);
}

void
oba_figure_tile_set (ObaFigureTile *self, const char *text, const char *full, double now, double before)
{
  double change;
  int way;
  g_autofree char *amount = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *spoken = NULL;

  g_return_if_fail (OBA_IS_FIGURE_TILE (self));

  change = change_of (self, now, before);
  /* What rounds to nothing is no change. */
  way = isnan (change) || fabs (change) < 0.0005 ? 0 : change > 0 ? 1 : -1;
  gtk_label_set_label (self->text, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->text), full);
  /* Translators: pp is percentage points. */
  amount = self->kind == OBA_FIGURE_SHARE ? g_strdup_printf (_("%.1f pp"), fabs (change) * 100.0) : oba_share_format (fabs (change), fabs (change) >= 9.995 ? 0 : 1);
  if (isnan (change))
    {
      shown = g_strdup ("–");
      spoken = g_strdup (_("nothing to compare with"));
    }
  else
    {
      shown = way == 0 ? g_strdup ("=") : g_strdup_printf ("%s %s", way > 0 ? "▲" : "▼", amount);
      spoken = way == 0 ? g_strdup (_("unchanged")) : g_strdup_printf (way > 0 ? _("%s more") : _("%s less"), amount);
    }
  gtk_label_set_label (self->change, shown);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->change), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  set_mood (self, way);
}

const char *
oba_figure_tile_get_text (ObaFigureTile *self)
{
  g_return_val_if_fail (OBA_IS_FIGURE_TILE (self), NULL);

  return gtk_label_get_label (self->text);
}

static void
oba_figure_tile_class_init (ObaFigureTileClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
oba_figure_tile_init (ObaFigureTile *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "panel");
}

GtkWidget *
oba_figure_tile_new (const char *name, ObaFigureKind kind, int good)
{
  ObaFigureTile *self = g_object_new (OBA_TYPE_FIGURE_TILE, "hexpand", TRUE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *title = label_new (box, name, "dim-label");

  self->kind = kind;
  self->good = good;
  self->text = GTK_LABEL (label_new (box, "–", "title-4"));
  self->change = GTK_LABEL (label_new (box, "–", "caption"));
  gtk_widget_set_tooltip_text (title, name);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_RELATION_LABELLED_BY, title, NULL, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  adw_bin_set_child (ADW_BIN (self), box);
  return GTK_WIDGET (self);
}
