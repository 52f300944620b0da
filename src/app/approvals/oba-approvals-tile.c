#include "oba-approvals-tile.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "oba-approval-text.h"
#include "oba-approvals-watch.h"

/* The age moves on by itself. */
#define CLOCK_INTERVAL_S 60

struct _ObaApprovalsTile
{
  AdwBin             parent_instance;

  ObaApprovalsWatch *watch;      /* (nullable) */
  guint              clock_source;
  GtkButton         *button;
  GtkLabel          *title;
  GtkLabel          *note;
};

G_DEFINE_FINAL_TYPE (ObaApprovalsTile, oba_approvals_tile, ADW_TYPE_BIN)

static char *
describe_note (const ObaApprovalsCount *count)
{
  g_autofree char *age = oba_approval_text_age (count->oldest);
  g_autofree char *mine = oba_number_format (count->n_mine);

  if (count->n_mine == 0)
    /* Translators: "3 days" */
    return g_strdup_printf (_("The oldest for %s"), age);
  /* Translators: "3 days", and how many of the requests the reader has made. */
  return g_strdup_printf (_("The oldest for %s · %s asked by you"), age, mine);
}

static void
show (ObaApprovalsTile *self)
{
  const ObaApprovalsCount *count = self->watch != NULL ? oba_approvals_watch_get_count (self->watch) : NULL;
  gboolean any = count != NULL && count->n > 0;
  g_autofree char *number = any ? oba_number_format (count->n) : NULL;
  g_autofree char *title = NULL;
  g_autofree char *note = NULL;
  g_autofree char *spoken = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), any);
  if (!any)
    return;
  title = g_strdup_printf (ngettext ("%s request waits for approval", "%s requests wait for approval", (gulong) count->n), number);
  note = describe_note (count);
  spoken = g_strdup_printf ("%s. %s", title, note);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->note, note);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static gboolean
clock_cb (gpointer user_data)
{
  show (user_data);
  return G_SOURCE_CONTINUE;
}

static void
oba_approvals_tile_map (GtkWidget *widget)
{
  ObaApprovalsTile *self = OBA_APPROVALS_TILE (widget);

  GTK_WIDGET_CLASS (oba_approvals_tile_parent_class)->map (widget);

  self->clock_source = g_timeout_add_seconds (CLOCK_INTERVAL_S, clock_cb, self);
}

static void
oba_approvals_tile_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&OBA_APPROVALS_TILE (widget)->clock_source, g_source_remove);

  GTK_WIDGET_CLASS (oba_approvals_tile_parent_class)->unmap (widget);
}

static void
oba_approvals_tile_dispose (GObject *object)
{
  ObaApprovalsTile *self = OBA_APPROVALS_TILE (object);

  g_clear_handle_id (&self->clock_source, g_source_remove);
  g_clear_object (&self->watch);

  G_OBJECT_CLASS (oba_approvals_tile_parent_class)->dispose (object);
}

static void
oba_approvals_tile_class_init (ObaApprovalsTileClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_approvals_tile_dispose;
  GTK_WIDGET_CLASS (klass)->map = oba_approvals_tile_map;
  GTK_WIDGET_CLASS (klass)->unmap = oba_approvals_tile_unmap;
}

static GtkLabel *
label_new (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  return GTK_LABEL (label);
}

static void
oba_approvals_tile_init (ObaApprovalsTile *self)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12));
  GtkBox *lines = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 3));

  self->title = label_new ("heading");
  self->note = label_new ("dim-label");
  self->button = GTK_BUTTON (gtk_button_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (lines), TRUE);
  gtk_box_append (lines, GTK_WIDGET (self->title));
  gtk_box_append (lines, GTK_WIDGET (self->note));
  gtk_box_append (box, gtk_image_new_from_icon_name ("emblem-ok-symbolic"));
  gtk_box_append (box, GTK_WIDGET (lines));
  gtk_box_append (box, gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_button_set_child (self->button, GTK_WIDGET (box));
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "panel");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), "win.open-approvals");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
oba_approvals_tile_set_session (ObaApprovalsTile *self, ObaSession *session)
{
  g_return_if_fail (OBA_IS_APPROVALS_TILE (self) && self->watch == NULL);

  self->watch = oba_approvals_watch_new (session);
  g_signal_connect_object (self->watch, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
}
