#include "oba-points-why.h"

#include <glib/gi18n-lib.h>

#include "oba-points-text.h"
#include "oba-profile-section.h"

/* One width for all: what a popover measures for another width is too low for wrapped lines. */
#define WIDTH 440

/* Many lots make one redemption; the rest is counted. */
#define MAX_LOTS 12

struct _ObaPointsWhy
{
  GtkPopover    parent_instance;

  GCancellable *cancellable;
  GtkBox       *box;
  gboolean      loaded;
};

G_DEFINE_FINAL_TYPE (ObaPointsWhy, oba_points_why, GTK_TYPE_POPOVER)

static void
add_sentence (ObaPointsWhy *self, const char *css_class, char *text)
{
  GtkWidget *label;

  if (text == NULL || *text == '\0')
    {
      g_free (text);
      return;
    }
  label = oba_profile_label_new (text, css_class);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_focusable (label, FALSE);
  gtk_box_append (self->box, label);
  g_free (text);
}

static void
add_shares (ObaPointsWhy *self, const ObaPointsReason *reason)
{
  guint n = MIN (reason->shares->len, MAX_LOTS);

  if (reason->shares->len > 0)
    add_sentence (self, "caption-heading", oba_points_text_shares_title (reason));
  for (guint i = 0; i < n; i++)
    add_sentence (self, "caption", oba_points_text_share (reason->shares->pdata[i]));
  if (n < reason->shares->len)
    add_sentence (self, "caption", oba_points_text_more_shares (reason->shares->len - n));
}

static void
show_reason (ObaPointsWhy *self, const ObaPointsReason *reason)
{
  add_sentence (self, "heading", oba_points_text_title (reason));
  add_sentence (self, NULL, oba_points_text_cause (reason));
  add_sentence (self, NULL, oba_points_text_rule (reason));
  for (guint i = 0; i < reason->inputs->len; i++)
    add_sentence (self, "caption", oba_points_text_input (reason->inputs->pdata[i]));
  add_sentence (self, NULL, oba_points_text_reason (reason));
  add_shares (self, reason);
  add_sentence (self, "dim-label", oba_points_text_balance (reason));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaPointsWhy) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaPointsReason) reason = oba_timeline_why_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  gtk_box_remove (self->box, gtk_widget_get_first_child (GTK_WIDGET (self->box)));
  if (reason != NULL)
    show_reason (self, reason);
  else
    add_sentence (self, "error", oba_db_error_describe (error));
  self->loaded = TRUE;
}

static void
oba_points_why_dispose (GObject *object)
{
  g_cancellable_cancel (OBA_POINTS_WHY (object)->cancellable);

  G_OBJECT_CLASS (oba_points_why_parent_class)->dispose (object);
}

static void
oba_points_why_finalize (GObject *object)
{
  g_object_unref (OBA_POINTS_WHY (object)->cancellable);

  G_OBJECT_CLASS (oba_points_why_parent_class)->finalize (object);
}

static void
oba_points_why_class_init (ObaPointsWhyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_points_why_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_points_why_finalize;
}

static void
oba_points_why_init (ObaPointsWhy *self)
{
  GtkWidget *spinner = gtk_spinner_new ();
  GtkWidget *clamp = adw_clamp_new ();

  self->cancellable = g_cancellable_new ();
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "points-why");
  gtk_widget_set_size_request (GTK_WIDGET (self->box), WIDTH, -1);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), WIDTH);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (self->box));
  gtk_spinner_set_spinning (GTK_SPINNER (spinner), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  gtk_box_append (self->box, spinner);
  gtk_popover_set_child (GTK_POPOVER (self), clamp);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Why?"), -1);
}

GtkWidget *
oba_points_why_new (ObaDbPool *pool, ObaTimelineEvent *event)
{
  ObaPointsWhy *self = g_object_new (OBA_TYPE_POINTS_WHY, NULL);

  oba_timeline_why_async (pool, event, self->cancellable, read_cb, g_object_ref (self));
  return GTK_WIDGET (self);
}

gboolean
oba_points_why_is_loaded (ObaPointsWhy *self)
{
  g_return_val_if_fail (OBA_IS_POINTS_WHY (self), FALSE);

  return self->loaded;
}
