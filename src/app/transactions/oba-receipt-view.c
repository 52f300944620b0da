#include "oba-receipt-view.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-facts.h"
#include "customers/oba-timeline-text.h"
#include "db/oba-db-error.h"
#include "oba-receipt-print.h"
#include "oba-receipt-text.h"
#include "sales/oba-receipt-paper.h"

/* Of the roll on the screen: what is read without glasses. */
#define PAPER_SCALE 1.45

struct _ObaReceiptView
{
  AdwBin                parent_instance;

  ObaDbPool            *pool;
  ObaReceiptKey         key;
  ObaReceipt           *receipt;
  ObaReceiptPaper      *paper;
  GCancellable         *reading;
  GtkFileChooserNative *chooser;

  GtkStack             *stack;
  AdwStatusPage        *problem_page;
  GtkDrawingArea       *paper_area;
  GtkBox               *side;
  GtkBox               *content;
  GtkLabel             *note;
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

/* ---- beside it */

static GtkWidget *
label_new (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_heading (ObaReceiptView *self,
             const char     *text)
{
  GtkWidget *heading = label_new (text, "heading");

  gtk_widget_set_margin_top (heading, gtk_widget_get_first_child (GTK_WIDGET (self->side)) != NULL ? 18 : 0);
  gtk_box_append (self->side, heading);
}

static void
add_customer (ObaReceiptView *self)
{
  const ObaReceipt *receipt = self->receipt;
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, receipt->key.customer_id);
  g_autofree char *points = oba_customer_text_points (receipt->balance);
  GtkWidget *facts;
  GtkWidget *button;

  if (!receipt->person)
    {
      add_heading (self, _("Customer"));
      gtk_box_append (self->side, label_new (_("Nobody: sold without a card."), "dim-label"));
      return;
    }
  facts = g_object_new (OBA_TYPE_FACTS, NULL);
  oba_facts_set_title (OBA_FACTS (facts), _("Customer"));
  button = gtk_button_new_with_mnemonic (_("_Open Profile"));
  gtk_widget_add_css_class (button, "small-button");
  /* Who may not see who a customer is has no profiles to open. */
  gtk_widget_set_visible (button, *receipt->name != '\0');
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open-customer");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", receipt->key.customer_id);
  if (*receipt->name != '\0')
    oba_facts_add (OBA_FACTS (facts), _("Name"), receipt->name, NULL);
  oba_facts_add (OBA_FACTS (facts), _("Number"), number, button);
  oba_facts_add (OBA_FACTS (facts), _("Points now"), points, NULL);
  gtk_box_append (self->side, facts);
}

static void
add_lot (ObaReceiptView      *self,
         const ObaReceiptLot *lot)
{
  g_autofree char *points = oba_customer_text_signed (lot->points);
  g_autofree char *until = oba_customer_text_date (&lot->expires);
  g_autofree char *left = oba_number_format (lot->remaining);
  g_autofree char *given = oba_number_format (lot->given);
  /* Translators: points with their sign, the day until which they are valid; how many are left of how many. */
  g_autofree char *text = g_strdup_printf (_("%s, valid until %s; %s of %s left"), points, until, left, given);

  gtk_box_append (self->side, label_new (text, "caption"));
}

static void
add_entry (ObaReceiptView         *self,
           const ObaReceiptPoints *entry)
{
  g_autofree char *points = oba_customer_text_signed (entry->points);
  g_autofree char *text = g_strdup_printf ("%s: %s", oba_timeline_text_points_kind (entry->kind), points);

  gtk_box_append (self->side, label_new (text, NULL));
  if (*entry->rule != '\0')
    {
      g_autofree char *version = g_strdup_printf ("%d", entry->version);
      g_autofree char *rule = g_strdup_printf (_("Rule “%s”, version %s."), entry->rule, version);

      gtk_box_append (self->side, label_new (rule, "dim-label"));
    }
  if (*entry->reason != '\0')
    gtk_box_append (self->side, label_new (entry->reason, "dim-label"));
  for (guint i = 0; i < entry->lots->len; i++)
    add_lot (self, entry->lots->pdata[i]);
}

static void
add_points (ObaReceiptView *self)
{
  if (!self->receipt->person)
    return;
  add_heading (self, _("Points"));
  for (guint i = 0; i < self->receipt->entries->len; i++)
    add_entry (self, self->receipt->entries->pdata[i]);
  if (self->receipt->entries->len == 0)
    gtk_box_append (self->side, label_new (_("It gave and took none."), "dim-label"));
}

/* ---- the family */

static void
relative_cb (ObaReceiptView *self,
             GtkListBoxRow  *row)
{
  const ObaReceiptRelative *relative = self->receipt->family->pdata[gtk_list_box_row_get_index (row)];
  ObaReceiptKey key = relative->key;

  if (key.receipt_id != self->key.receipt_id)
    g_signal_emit (self, signals[OPEN], 0, &key);
}

/* "5 Nov 2026, 18:24 · Damaged: torn · Leyla" */
static char *
relative_subtitle (const ObaReceiptRelative *relative)
{
  g_autofree char *moment = oba_receipt_text_moment (&relative->key);
  GString *text = g_string_new (moment);

  if (*relative->reason_code != '\0')
    g_string_append_printf (text, " · %s", oba_receipt_text_reason (relative->reason_code));
  if (*relative->reason != '\0')
    g_string_append_printf (text, ": %s", relative->reason);
  if (*relative->by != '\0')
    g_string_append_printf (text, " · %s", relative->by);
  return g_string_free (text, FALSE);
}

static GtkWidget *
relative_new (ObaReceiptView           *self,
              const ObaReceiptRelative *relative)
{
  gboolean shown = relative->key.receipt_id == self->key.receipt_id;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *title = g_strdup_printf ("%s %s", oba_receipt_text_kind (relative->kind), relative->number);
  g_autofree char *subtitle = relative_subtitle (relative);
  g_autofree char *total = oba_money_format (relative->total);
  g_autofree char *points = relative->points != 0 ? oba_customer_text_signed (relative->points) : NULL;
  /* Translators: points with their sign, "+12 points". */
  g_autofree char *points_text = points != NULL ? g_strdup_printf (ngettext ("%s point", "%s points", (gulong) ABS (relative->points)), points) : g_strdup ("");
  GtkWidget *amount = gtk_label_new (total);
  GtkWidget *much = gtk_label_new (points_text);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), !shown);
  gtk_label_set_xalign (GTK_LABEL (amount), 1);
  gtk_label_set_xalign (GTK_LABEL (much), 1);
  gtk_widget_add_css_class (amount, "numeric");
  gtk_widget_add_css_class (much, "caption");
  gtk_widget_add_css_class (much, "dim-label");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), amount);
  gtk_box_append (GTK_BOX (box), much);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), box);
  if (shown)
    gtk_widget_add_css_class (row, "shown-receipt");
  return row;
}

static void
add_family (ObaReceiptView *self)
{
  GtkWidget *list;

  add_heading (self, _("What Belongs Together"));
  if (self->receipt->family->len < 2)
    {
      gtk_box_append (self->side, label_new (_("Nothing was returned, voided or corrected."), "dim-label"));
      return;
    }
  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What Belongs Together"), -1);
  for (guint i = 0; i < self->receipt->family->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), relative_new (self, self->receipt->family->pdata[i]));
  g_signal_connect_swapped (list, "row-activated", G_CALLBACK (relative_cb), self);
  gtk_box_append (self->side, list);
}

/* ---- print and PDF */

static void
print_done_cb (ObaReceiptView          *self,
               GtkPrintOperationResult  result,
               GtkPrintOperation       *operation)
{
  g_autoptr (GError) error = NULL;

  if (result != GTK_PRINT_OPERATION_RESULT_ERROR)
    return;
  gtk_print_operation_get_error (operation, &error);
  if (error != NULL)
    {
      g_autofree char *text = g_strdup_printf (_("The receipt could not be printed: %s"), error->message);

      gtk_label_set_label (self->note, text);
      gtk_widget_set_visible (GTK_WIDGET (self->note), TRUE);
    }
}

static void
print_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  ObaReceiptView *self = OBA_RECEIPT_VIEW (widget);
  g_autoptr (GtkPrintOperation) operation = NULL;
  GtkRoot *root = gtk_widget_get_root (widget);

  if (self->receipt == NULL)
    return;
  operation = oba_receipt_print_new (self->receipt);
  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect_object (operation, "done", G_CALLBACK (print_done_cb), self, G_CONNECT_SWAPPED);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL);
}

void
oba_receipt_view_save (ObaReceiptView *self,
                       const char     *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaReceiptPaper) paper = oba_receipt_paper_new (self->receipt, oba_language_parse (self->receipt->language));
  g_autofree char *text = NULL;

  if (oba_receipt_paper_write_pdf (paper, path, &error))
    text = g_strdup_printf (_("Saved as %s"), path);
  else
    text = g_strdup (error->message);
  gtk_label_set_label (self->note, text);
  gtk_widget_set_visible (GTK_WIDGET (self->note), TRUE);
}

static void
chosen_cb (ObaReceiptView *self,
           int             response)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  if (file != NULL && self->receipt != NULL)
    oba_receipt_view_save (self, g_file_peek_path (file));
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ObaReceiptView *self = OBA_RECEIPT_VIEW (widget);
  g_autofree char *file_name = NULL;
  GtkRoot *root = gtk_widget_get_root (widget);

  if (self->receipt == NULL)
    return;
  g_set_object (&self->chooser, NULL);
  self->chooser = gtk_file_chooser_native_new (_("Save the Receipt"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, GTK_FILE_CHOOSER_ACTION_SAVE,
                                               _("_Save"), _("_Cancel"));
  file_name = g_strdup_printf ("%s.pdf", self->receipt->number);
  g_strdelimit (file_name, "/\\:*?\"<>|", '-');
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), file_name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- reading */

static void
clear_side (ObaReceiptView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->side))) != NULL)
    gtk_box_remove (self->side, child);
}

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
  clear_side (self);
  add_customer (self);
  add_points (self);
  add_family (self);
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receipt.print", TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receipt.save", TRUE);
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
  oba_receipts_read_async (self->pool, &self->key, self->reading, read_cb, self);
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
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "receipt.print", FALSE);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "receipt.save", FALSE);
    }
  oba_receipt_view_refresh (self);
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

ObaReceipt *
oba_receipt_view_get_receipt (ObaReceiptView *self)
{
  return self->receipt;
}

const char *
oba_receipt_view_get_text (ObaReceiptView *self)
{
  return self->paper != NULL ? oba_receipt_paper_get_text (self->paper) : NULL;
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
make_receipt (ObaReceiptView *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *paper_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->paper_area = GTK_DRAWING_AREA (g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL));
  gtk_drawing_area_set_draw_func (self->paper_area, draw_paper_cb, self, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->paper_area), "receipt-paper");
  gtk_widget_set_halign (GTK_WIDGET (self->paper_area), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (buttons, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (buttons), button_new ("printer-symbolic", _("_Print…"), "receipt.print"));
  gtk_box_append (GTK_BOX (buttons), button_new ("document-save-symbolic", _("Save as _PDF…"), "receipt.save"));
  self->note = GTK_LABEL (label_new (NULL, "caption"));
  gtk_label_set_xalign (self->note, 0.5f);
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
  gtk_box_append (GTK_BOX (paper_box), buttons);
  gtk_box_append (GTK_BOX (paper_box), GTK_WIDGET (self->note));
  gtk_box_append (GTK_BOX (paper_box), GTK_WIDGET (self->paper_area));
  self->side = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  self->content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 24));
  gtk_widget_add_css_class (GTK_WIDGET (self->content), "receipt-view");
  gtk_box_append (self->content, paper_box);
  gtk_box_append (self->content, GTK_WIDGET (self->side));
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
oba_receipt_view_new (ObaDbPool *pool,
                      gboolean   wide)
{
  ObaReceiptView *self = g_object_new (OBA_TYPE_RECEIPT_VIEW, NULL);

  self->pool = g_object_ref (pool);
  if (wide)
    {
      gtk_orientable_set_orientation (GTK_ORIENTABLE (self->content), GTK_ORIENTATION_HORIZONTAL);
      gtk_widget_set_size_request (GTK_WIDGET (self->side), 380, -1);
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
  g_clear_object (&self->chooser);
  g_clear_object (&self->pool);

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
  gtk_widget_class_install_action (widget_class, "receipt.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "receipt.save", NULL, save_action);
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
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receipt.print", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "receipt.save", FALSE);
}
