#include "oba-timeline-row.h"

#include <glib/gi18n-lib.h>

#include "oba-profile-section.h"
#include "oba-timeline-details.h"
#include "oba-timeline-text.h"

struct _ObaTimelineRow
{
  GtkBox           parent_instance;

  ObaTimelineItem *item;
  gulong           changed_id;

  GtkLabel        *month;
  GtkImage        *icon;
  GtkLabel        *title;
  GtkLabel        *subtitle;
  GtkLabel        *amount;
  GtkLabel        *points;
  GtkWidget       *why;
  GtkImage        *arrow;
  AdwBin          *details;
};

enum
{
  WHY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaTimelineRow, oba_timeline_row, GTK_TYPE_BOX)

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
show_open (ObaTimelineRow *self, const ObaTimelineFacts *facts)
{
  gboolean any = oba_timeline_details_any (facts);
  gboolean open = any && oba_timeline_item_is_open (self->item);

  gtk_widget_set_opacity (GTK_WIDGET (self->arrow), any ? 1 : 0);
  gtk_image_set_from_icon_name (self->arrow, open ? "pan-down-symbolic" : "pan-end-symbolic");
  adw_bin_set_child (self->details, open ? oba_timeline_details_new (self->item) : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->details), open);
  if (any)
    gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_EXPANDED, open, -1);
  else
    gtk_accessible_reset_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_EXPANDED);
}

static void
show_item (ObaTimelineRow *self)
{
  const ObaTimelineFacts *facts = oba_timeline_item_get_facts (self->item);
  g_autofree char *month = oba_timeline_item_starts_month (self->item) ? oba_timeline_text_month (facts) : NULL;
  g_autofree char *title = oba_timeline_text_title (facts);
  g_autofree char *subtitle = oba_timeline_text_subtitle (facts);
  g_autofree char *amount = oba_timeline_text_amount (facts);
  g_autofree char *points = oba_timeline_text_points (facts);
  g_autofree char *name = g_strjoin (", ", title, subtitle, amount != NULL ? amount : points, amount != NULL ? points : NULL, NULL);

  set_text (self->month, month);
  set_text (self->title, title);
  set_text (self->subtitle, subtitle);
  set_text (self->amount, amount);
  set_text (self->points, points);
  gtk_image_set_from_icon_name (self->icon, oba_timeline_text_icon (facts));
  gtk_widget_set_css_classes (GTK_WIDGET (self->points), (const char *[]) { "numeric", amount != NULL ? "caption" : "body",
                                                                          facts->points < 0 ? "error" : amount != NULL ? "dim-label" : "success", NULL });
  gtk_widget_set_visible (self->why, facts->kind == OBA_TIMELINE_POINTS);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  show_open (self, facts);
}

void
oba_timeline_row_set_item (ObaTimelineRow *self, ObaTimelineItem *item)
{
  g_return_if_fail (OBA_IS_TIMELINE_ROW (self));

  if (self->item != NULL)
    g_clear_signal_handler (&self->changed_id, self->item);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  self->changed_id = g_signal_connect_swapped (item, "changed", G_CALLBACK (show_item), self);
  show_item (self);
}

ObaTimelineItem *
oba_timeline_row_get_item (ObaTimelineRow *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_ROW (self), NULL);

  return self->item;
}

GtkWidget *
oba_timeline_row_get_why_button (ObaTimelineRow *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_ROW (self), NULL);

  return self->why;
}

/* ---- the object */

static void
why_cb (ObaTimelineRow *self)
{
  g_signal_emit (self, signals[WHY], 0);
}

static void
oba_timeline_row_dispose (GObject *object)
{
  oba_timeline_row_set_item (OBA_TIMELINE_ROW (object), NULL);

  G_OBJECT_CLASS (oba_timeline_row_parent_class)->dispose (object);
}

static void
oba_timeline_row_class_init (ObaTimelineRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_timeline_row_dispose;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);

  signals[WHY] = g_signal_new ("why", OBA_TYPE_TIMELINE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkLabel *
line_new (const char *css_class, float xalign)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return GTK_LABEL (label);
}

static GtkWidget *
column_new (GtkLabel *above, GtkLabel *below)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);

  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (above));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (below));
  return box;
}

static GtkWidget *
make_line (ObaTimelineRow *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = column_new (self->title, self->subtitle);
  GtkWidget *numbers = column_new (self->amount, self->points);

  gtk_widget_add_css_class (GTK_WIDGET (self->icon), "timeline-icon");
  gtk_widget_set_valign (GTK_WIDGET (self->icon), GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_add_css_class (self->why, "flat");
  gtk_widget_add_css_class (self->why, "small-button");
  gtk_widget_set_valign (self->why, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->icon));
  gtk_box_append (GTK_BOX (line), texts);
  gtk_box_append (GTK_BOX (line), self->why);
  gtk_box_append (GTK_BOX (line), numbers);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->arrow));
  return line;
}

static void
oba_timeline_row_init (ObaTimelineRow *self)
{
  self->month = line_new ("timeline-month", 0);
  self->icon = GTK_IMAGE (gtk_image_new ());
  self->title = line_new (NULL, 0);
  self->subtitle = line_new ("caption", 0);
  self->amount = line_new ("numeric", 1);
  self->points = line_new (NULL, 1);
  self->why = gtk_button_new_with_label (_("Why?"));
  self->arrow = GTK_IMAGE (gtk_image_new_from_icon_name ("pan-end-symbolic"));
  self->details = ADW_BIN (adw_bin_new ());

  gtk_widget_add_css_class (GTK_WIDGET (self->subtitle), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->details), "timeline-details");
  gtk_widget_set_tooltip_text (self->why, _("Which rule this is from, and what it was given"));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "timeline-row");
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->month));
  gtk_box_append (GTK_BOX (self), make_line (self));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->details));
  g_signal_connect_swapped (self->why, "clicked", G_CALLBACK (why_cb), self);
}

GtkWidget *
oba_timeline_row_new (void)
{
  return g_object_new (OBA_TYPE_TIMELINE_ROW, NULL);
}
