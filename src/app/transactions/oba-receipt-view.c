#include "oba-receipt-view-private.h"

#include <glib/gi18n-lib.h>

#include "corrections/oba-correct-menu.h"
#include "db/oba-db-error.h"
#include "oba-receipt-side.h"
#include "sales/oba-receipt-paper.h"
#include "widgets/oba-wrap-layout.h"

/* Of the roll on the screen: what is read without glasses. */
#define PAPER_SCALE 1.45

struct _ObaReceiptView
{
  AdwBin           parent_instance;

  ObaSession      *session;
  ObaReceiptKey    key;
  ObaReceipt      *receipt;
  ObaReceiptPaper *paper;
  GCancellable    *reading;

  GtkStack        *stack;
  AdwStatusPage   *problem_page;
  GtkDrawingArea  *paper_area;
  ObaReceiptSide  *side;
  GtkBox          *beside;
  ObaReceiptNotes *notes;
  GtkBox          *over;      /* the paper: buttons, what they say */
  ObaCorrectMenu  *correct_menu;
  GtkBox          *content;
  GtkBox          *buttons;
  GtkLabel        *note;
};

enum { LOADED, OPEN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaReceiptView, oba_receipt_view, ADW_TYPE_BIN)

/* ---- the paper */

static void
draw_paper_cb (GtkDrawingArea *area,
               cairo_t        *cr,
               int             width,
               int             height,
               gpointer        user_data)
{
  ObaReceiptView *self = user_data;

  if (self->paper == NULL)
    return;
  /* Paper is white in a dark room, too. */
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_scale (cr, PAPER_SCALE, PAPER_SCALE);
  oba_receipt_paper_draw (self->paper, cr, oba_receipt_paper_get_height (self->paper), 0);
}

static void
show_paper (ObaReceiptView *self)
{
  gtk_drawing_area_set_content_width (self->paper_area, (int) (OBA_RECEIPT_PAPER_WIDTH * PAPER_SCALE));
  gtk_drawing_area_set_content_height (self->paper_area, (int) (oba_receipt_paper_get_height (self->paper) * PAPER_SCALE));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->paper_area), GTK_ACCESSIBLE_PROPERTY_LABEL, _("The receipt as the customer saw it"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, oba_receipt_paper_get_text (self->paper), -1);
  gtk_widget_queue_draw (GTK_WIDGET (self->paper_area));
}

/* ---- reading */

static void
forget (ObaReceiptView *self)
{
  g_clear_pointer (&self->paper, oba_receipt_paper_free);
  g_clear_pointer (&self->receipt, oba_receipt_unref);
}

static void
show_receipt (ObaReceiptView *self)
{
  self->paper = oba_receipt_paper_new (self->receipt, oba_language_parse (self->receipt->language));
  show_paper (self);
  oba_receipt_side_show (self->side, self->receipt);
  oba_receipt_notes_show (self->notes, self->receipt);
  oba_correct_menu_set_receipt (self->correct_menu, &self->receipt->key, self->receipt->person);
  oba_receipt_view_say (self, NULL);
  oba_receipt_view_enable_papers (self, TRUE);
  gtk_stack_set_visible_child_name (self->stack, "receipt");
}

static void
read_cb (GObject      *pool,
         GAsyncResult *result,
         gpointer      user_data)
{
  ObaReceiptView *self = user_data;
  g_autoptr (GError) error = NULL;
  ObaReceipt *receipt = oba_receipts_read_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  forget (self);
  self->receipt = receipt;
  if (receipt != NULL)
    show_receipt (self);
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);
      g_autofree char *escaped = g_markup_escape_text (sentence, -1);

      adw_status_page_set_description (self->problem_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "problem");
    }
  g_signal_emit (self, signals[LOADED], 0);
}

void
oba_receipt_view_refresh (ObaReceiptView *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  if (self->key.receipt_id == 0)
    return;
  self->reading = g_cancellable_new ();
  oba_receipts_read_async (oba_session_get_pool (self->session), &self->key, self->reading, read_cb, self);
}

void
oba_receipt_view_show (ObaReceiptView      *self,
                       const ObaReceiptKey *key)
{
  if (key != NULL && key->receipt_id == self->key.receipt_id)
    return;
  self->key = key != NULL ? *key : (ObaReceiptKey) { 0 };
  if (key == NULL)
    {
      forget (self);
      gtk_stack_set_visible_child_name (self->stack, "nothing");
      oba_receipt_view_enable_papers (self, FALSE);
      oba_receipt_notes_show (self->notes, NULL);
    }
  oba_receipt_view_refresh (self);
}

/* Somebody else has put it right, or a till has taken something back. */
static void
corrected_cb (ObaReceiptView *self,
              const char     *channel,
              const char     *payload)
{
  gint64 id = g_ascii_strtoll (payload, NULL, 10);

  for (guint i = 0; self->receipt != NULL && i < self->receipt->family->len; i++)
    if (((ObaReceiptRelative *) self->receipt->family->pdata[i])->key.receipt_id == id)
      {
        oba_receipt_view_refresh (self);
        return;
      }
}

gint64
oba_receipt_view_get_id (ObaReceiptView *self)
{
  return self->key.receipt_id;
}

gboolean
oba_receipt_view_is_loaded (ObaReceiptView *self)
{
  return self->reading == NULL;
}

ObaSession *
oba_receipt_view_get_session (ObaReceiptView *self)
{
  return self->session;
}

ObaReceipt *
oba_receipt_view_get_receipt (ObaReceiptView *self)
{
  return self->receipt;
}

ObaReceiptNotes *
oba_receipt_view_get_notes (ObaReceiptView *self)
{
  return self->notes;
}

const char *
oba_receipt_view_get_text (ObaReceiptView *self)
{
  return self->paper != NULL ? oba_receipt_paper_get_text (self->paper) : NULL;
}

void
oba_receipt_view_say (ObaReceiptView *self,
                      const char     *text)
{
  gtk_label_set_label (self->note, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), text != NULL);
}

void
oba_receipt_view_add_button (ObaReceiptView *self,
                             GtkWidget      *button)
{
  gtk_box_append (self->buttons, button);
}

/* ---- the object */

static GtkWidget *
button_new (const char *icon,
            const char *label,
            const char *action)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = adw_button_content_new ();

  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), icon);
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
  adw_button_content_set_use_underline (ADW_BUTTON_CONTENT (content), TRUE);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
make_paper (ObaReceiptView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->paper_area = GTK_DRAWING_AREA (g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL));
  gtk_drawing_area_set_draw_func (self->paper_area, draw_paper_cb, self, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->paper_area), "receipt-paper");
  gtk_widget_set_halign (GTK_WIDGET (self->paper_area), GTK_ALIGN_CENTER);
  self->buttons = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_widget_set_layout_manager (GTK_WIDGET (self->buttons), oba_wrap_layout_new (6));
  oba_receipt_view_add_button (self, button_new ("printer-symbolic", _("_Print…"), "receipt.print"));
  oba_receipt_view_add_button (self, button_new ("document-save-symbolic", _("Save as _PDF…"), "receipt.save"));
  self->note = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->note, TRUE);
  gtk_label_set_wrap_mode (self->note, PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "caption");
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
  self->over = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_box_append (self->over, GTK_WIDGET (self->buttons));
  gtk_box_append (self->over, GTK_WIDGET (self->note));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->over));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->paper_area));
  return box;
}

static void
open_cb (ObaReceiptView *self,
         ObaReceiptKey  *key)
{
  g_signal_emit (self, signals[OPEN], 0, key);
}

static GtkWidget *
make_receipt (ObaReceiptView *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->side = OBA_RECEIPT_SIDE (g_object_new (OBA_TYPE_RECEIPT_SIDE, NULL));
  g_signal_connect_object (self->side, "open", G_CALLBACK (open_cb), self, G_CONNECT_SWAPPED);
  self->content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 24));
  gtk_widget_add_css_class (GTK_WIDGET (self->content), "receipt-view");
  gtk_box_append (self->content, make_paper (self));
  self->beside = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_box_append (self->beside, GTK_WIDGET (self->side));
  gtk_box_append (self->content, GTK_WIDGET (self->beside));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->content));
  return scroller;
}

static AdwStatusPage *
status_new (const char *icon,
            const char *title,
            const char *description)
{
  GtkWidget *page = adw_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), icon);
  adw_status_page_set_title (ADW_STATUS_PAGE (page), title);
  adw_status_page_set_description (ADW_STATUS_PAGE (page), description);
  gtk_widget_add_css_class (page, "compact");
  return ADW_STATUS_PAGE (page);
}

GtkWidget *
oba_receipt_view_new (ObaSession *session,
                      gboolean    wide)
{
  ObaReceiptView *self = g_object_new (OBA_TYPE_RECEIPT_VIEW, NULL);

  self->session = g_object_ref (session);
  self->notes = OBA_RECEIPT_NOTES (oba_receipt_notes_new (session));
  g_signal_connect_object (self->notes, "say", G_CALLBACK (oba_receipt_view_say), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->beside, GTK_WIDGET (self->notes));
  oba_receipt_view_add_button (self, oba_receipt_notes_get_button (self->notes));
  gtk_box_append (self->over, oba_receipt_notes_get_status (self->notes));
  self->correct_menu = OBA_CORRECT_MENU (oba_correct_menu_new ());
  g_signal_connect_object (self->correct_menu, "changed", G_CALLBACK (oba_receipt_view_refresh), self, G_CONNECT_SWAPPED);
  oba_receipt_view_add_button (self, GTK_WIDGET (self->correct_menu));
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_receipts", G_CALLBACK (corrected_cb), self, G_CONNECT_SWAPPED);
  if (wide)
    {
      gtk_orientable_set_orientation (GTK_ORIENTABLE (self->content), GTK_ORIENTATION_HORIZONTAL);
      gtk_widget_set_size_request (GTK_WIDGET (self->beside), 380, -1);
      gtk_widget_set_halign (GTK_WIDGET (self->content), GTK_ALIGN_CENTER);
      gtk_box_set_spacing (self->content, 48);
    }
  return GTK_WIDGET (self);
}

static void
oba_receipt_view_dispose (GObject *object)
{
  ObaReceiptView *self = OBA_RECEIPT_VIEW (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_receipt_view_parent_class)->dispose (object);
}

static void
oba_receipt_view_finalize (GObject *object)
{
  forget (OBA_RECEIPT_VIEW (object));

  G_OBJECT_CLASS (oba_receipt_view_parent_class)->finalize (object);
}

static void
oba_receipt_view_class_init (ObaReceiptViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_receipt_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_receipt_view_finalize;

  signals[LOADED] = g_signal_new ("loaded", OBA_TYPE_RECEIPT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[OPEN] = g_signal_new ("open", OBA_TYPE_RECEIPT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  oba_receipt_view_install_papers (widget_class);
}

static void
oba_receipt_view_init (ObaReceiptView *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  self->problem_page = status_new ("dialog-warning-symbolic", _("The Receipt Could Not Be Read"), NULL);
  gtk_stack_add_named (self->stack, GTK_WIDGET (status_new ("oba-receipt-symbolic", _("No Receipt Chosen"), _("Choose one in the list to see it as the customer saw it."))), "nothing");
  gtk_stack_add_named (self->stack, make_receipt (self), "receipt");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->problem_page), "problem");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
  oba_receipt_view_enable_papers (self, FALSE);
}
