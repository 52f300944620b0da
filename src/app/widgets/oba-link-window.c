#include "oba-link-window.h"

#include <glib/gi18n-lib.h>

#include "cards/oba-qr.h"

#define QR_SIDE 260

struct _ObaLinkWindow
{
  AdwWindow   parent_instance;

  char       *url;            /* (nullable) */
  ObaQr      *qr;             /* (nullable) */
  GtkWidget  *explanation;
  GtkWidget  *extra;
  GtkWidget  *area;
  GtkWidget  *link;
  GtkWidget  *note;
  GtkWidget  *buttons;
  GtkWidget  *copy;
};

G_DEFINE_FINAL_TYPE (ObaLinkWindow, oba_link_window, ADW_TYPE_WINDOW)

/* Black on white, in the dark style, too: cameras want it so. */
static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  ObaLinkWindow *self = user_data;
  double side = MIN (width, height);

  if (self->qr == NULL)
    return;
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_rectangle (cr, (width - side) / 2, (height - side) / 2, side, side);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  oba_qr_draw (self->qr, cr, (width - side) / 2, (height - side) / 2, side);
}

static void
copy_cb (ObaLinkWindow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->url);
  gtk_button_set_label (GTK_BUTTON (self->copy), _("Copied"));
}

void
oba_link_window_show (ObaLinkWindow *self, const char *url, const char *note)
{
  g_clear_pointer (&self->qr, oba_qr_free);
  g_free (self->url);
  self->url = g_strdup (url);
  self->qr = url != NULL ? oba_qr_new (url) : NULL;
  gtk_label_set_label (GTK_LABEL (self->link), url != NULL ? url : "");
  gtk_label_set_label (GTK_LABEL (self->note), note != NULL ? note : "");
  gtk_widget_set_visible (self->note, note != NULL);
  gtk_button_set_label (GTK_BUTTON (self->copy), _("_Copy Link"));
  gtk_widget_set_sensitive (self->buttons, url != NULL);
  gtk_widget_queue_draw (self->area);
}

const char *
oba_link_window_get_url (ObaLinkWindow *self)
{
  return self->url;
}

void
oba_link_window_add (ObaLinkWindow *self, GtkWidget *widget)
{
  gtk_box_append (GTK_BOX (self->extra), widget);
}

void
oba_link_window_add_button (ObaLinkWindow *self, GtkWidget *button)
{
  gtk_box_append (GTK_BOX (self->buttons), button);
}

static void
oba_link_window_finalize (GObject *object)
{
  ObaLinkWindow *self = OBA_LINK_WINDOW (object);

  g_clear_pointer (&self->qr, oba_qr_free);
  g_free (self->url);
  G_OBJECT_CLASS (oba_link_window_parent_class)->finalize (object);
}

static void
oba_link_window_class_init (ObaLinkWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_link_window_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static GtkWidget *
label_new (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 48);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
content_new (ObaLinkWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *parts[] = { self->explanation, self->extra, self->area, self->link, self->note, self->buttons };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    gtk_box_append (GTK_BOX (box), parts[i]);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  return box;
}

static void
oba_link_window_init (ObaLinkWindow *self)
{
  GtkWidget *whole = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->explanation = label_new (NULL);
  self->extra = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->area = gtk_drawing_area_new ();
  self->link = label_new ("monospace");
  self->note = label_new ("dim-label");
  self->buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->copy = gtk_button_new_with_mnemonic (_("_Copy Link"));
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (self->area), QR_SIDE);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->area), QR_SIDE);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->area), draw_cb, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->area), GTK_ACCESSIBLE_PROPERTY_LABEL, _("The link as a QR code"), -1);
  gtk_label_set_selectable (GTK_LABEL (self->link), TRUE);
  gtk_widget_set_halign (self->buttons, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->copy, "suggested-action");
  g_signal_connect_swapped (self->copy, "clicked", G_CALLBACK (copy_cb), self);
  gtk_box_append (GTK_BOX (self->buttons), self->copy);
  gtk_box_append (GTK_BOX (whole), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (whole), content_new (self));
  adw_window_set_content (ADW_WINDOW (self), whole);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (self), 460, -1);
  oba_link_window_show (self, NULL, NULL);
}

ObaLinkWindow *
oba_link_window_new (GtkWindow *parent, const char *title, const char *explanation)
{
  ObaLinkWindow *self = g_object_new (OBA_TYPE_LINK_WINDOW, "transient-for", parent, "title", title, NULL);

  gtk_label_set_label (GTK_LABEL (self->explanation), explanation);
  return self;
}
