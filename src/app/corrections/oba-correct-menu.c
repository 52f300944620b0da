#include "oba-correct-menu.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-error.h"
#include "oba-change-form.h"
#include "oba-correction-open.h"
#include "oba-correction-text.h"
#include "oba-move-form.h"
#include "oba-page.h"
#include "oba-return-form.h"
#include "oba-whole-form.h"

struct _ObaCorrectMenu
{
  AdwBin             parent_instance;

  ObaSession        *session;
  ObaReceiptKey      key;
  gboolean           person;       /* it is somebody's */
  GCancellable      *reading;
  ObaCorrectable    *receipt;      /* as it was when the menu was opened; NULL: not read yet */
  ObaCorrectionKind  wanted;       /* what is opened when it is read */
  gboolean           is_wanted;

  GtkMenuButton     *button;
  GMenu             *menu;
  GMenu             *notes;        /* its end: what is to be known before */
  char              *note;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaCorrectMenu, oba_correct_menu, ADW_TYPE_BIN)

/* In the order of ObaCorrectionKind; a missed one has no receipt yet. */
static const char *const actions[] = { "correct.return", "correct.void", "correct.change", "correct.move", NULL, "correct.undo" };

static void
say (ObaCorrectMenu *self, const char *text)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), adw_toast_new (escaped));
}

/* ---- the windows */

static ObaCorrectionForm *
form_new (ObaCorrectMenu *self, ObaCorrectionKind kind)
{
  switch (kind)
    {
    case OBA_CORRECTION_CHANGE:
      return oba_change_form_new (oba_session_get_pool (self->session));
    case OBA_CORRECTION_MOVE:
      return oba_move_form_new (oba_session_get_pool (self->session));
    case OBA_CORRECTION_RETURN:
      return oba_return_form_new ();
    case OBA_CORRECTION_VOID:
    case OBA_CORRECTION_UNDO:
    default:
      return oba_whole_form_new (kind);
    }
}

static void
done_cb (GtkWidget *widget)
{
  g_signal_emit (widget, signals[CHANGED], 0);
}

/* ---- what can be done */

/* NULL: it can. */
static const char *
why_not (ObaCorrectable *receipt, ObaCorrectionKind kind)
{
  if (receipt->waits_by != NULL)
    return _("A correction of this receipt waits for approval already.");
  if (kind == OBA_CORRECTION_UNDO)
    return receipt->undo_id != 0 ? NULL : _("There is nothing to undo.");
  return receipt->kind == OBA_RECEIPT_SALE && receipt->left > 0 ? NULL : _("Everything of this receipt was returned before.");
}

static void
open_wanted (ObaCorrectMenu *self)
{
  const char *why = why_not (self->receipt, self->wanted);

  self->is_wanted = FALSE;
  if (why != NULL)
    say (self, why);
  else
    oba_correction_open (GTK_WIDGET (self), self->session, self->receipt, form_new (self, self->wanted), done_cb);
}

/* What stands below the menu: whose turn it is, or which receipt is meant. (transfer full) (nullable) */
static char *
describe (ObaCorrectMenu *self)
{
  if (self->receipt == NULL)
    return NULL;
  if (self->receipt->waits_by != NULL)
    /* Translators: the name of a colleague. */
    return g_strdup_printf (_("A correction by %s waits for approval"), self->receipt->waits_by);
  if (self->receipt->key.receipt_id != self->key.receipt_id)
    /* Translators: the number of a receipt that replaced another one. */
    return g_strdup_printf (_("Receipt %s, which holds now"), self->receipt->number);
  return self->receipt->left == 0 ? g_strdup (_("Nothing is left of this receipt")) : NULL;
}

/* What is open is not made anew: the keyboard would be lost. */
static void
show_note (ObaCorrectMenu *self)
{
  g_autofree char *text = describe (self);

  if (g_strcmp0 (text, self->note) == 0)
    return;
  g_menu_remove_all (self->notes);
  if (text != NULL)
    g_menu_append (self->notes, text, "correct.note");
  g_free (self->note);
  self->note = g_steal_pointer (&text);
}

static void
show_menu (ObaCorrectMenu *self)
{
  show_note (self);
  for (guint kind = 0; kind < G_N_ELEMENTS (actions); kind++)
    if (actions[kind] != NULL)
      gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[kind],
                                     self->key.receipt_id != 0 && (self->receipt == NULL || why_not (self->receipt, (ObaCorrectionKind) kind) == NULL));
}

static void
fill_menu (ObaCorrectMenu *self)
{
  g_autoptr (GMenu) section = g_menu_new ();
  g_autoptr (GMenu) undo = g_menu_new ();

  g_menu_remove_all (self->menu);
  g_menu_append (section, _("_Return…"), "correct.return");
  g_menu_append (section, _("_Void…"), "correct.void");
  g_menu_append (section, _("_Change…"), "correct.change");
  g_menu_append (section, self->person ? _("_Move to Another Customer…") : _("_Attach to Customer…"), "correct.move");
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (section));
  g_menu_append (undo, _("_Undo the Last Correction…"), "correct.undo");
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (undo));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (self->notes));
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaCorrectMenu) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCorrectable) receipt = oba_correctable_read_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->reading);
  g_clear_pointer (&self->receipt, oba_correctable_unref);
  self->receipt = g_steal_pointer (&receipt);
  show_menu (self);
  if (self->receipt == NULL && self->is_wanted)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      self->is_wanted = FALSE;
      say (self, sentence);
    }
  else if (self->is_wanted)
    open_wanted (self);
}

static void
stop_reading (ObaCorrectMenu *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

/* Read when it is needed: browsing receipts costs nothing. */
static void
read_receipt (ObaCorrectMenu *self)
{
  stop_reading (self);
  if (self->session == NULL || self->key.receipt_id == 0)
    return;
  self->reading = g_cancellable_new ();
  oba_correctable_read_async (oba_session_get_pool (self->session), &self->key, self->reading, read_cb, g_object_ref (self));
}

static void
correct_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaCorrectMenu *self = OBA_CORRECT_MENU (widget);

  /* Pressed twice is meant once. */
  if (self->is_wanted)
    return;
  for (guint kind = 0; kind < G_N_ELEMENTS (actions); kind++)
    if (g_strcmp0 (name, actions[kind]) == 0)
      self->wanted = (ObaCorrectionKind) kind;
  self->is_wanted = TRUE;
  read_receipt (self);
}

void
oba_correct_menu_set_receipt (ObaCorrectMenu *self, const ObaReceiptKey *key, gboolean person)
{
  g_return_if_fail (OBA_IS_CORRECT_MENU (self));

  /* The same, read again: what somebody has just asked for goes on. */
  if (self->is_wanted && key != NULL && key->receipt_id == self->key.receipt_id)
    return;
  stop_reading (self);
  self->is_wanted = FALSE;
  g_clear_pointer (&self->receipt, oba_correctable_unref);
  self->key = key != NULL ? *key : (ObaReceiptKey) { 0 };
  if (self->person != person)
    {
      self->person = person;
      fill_menu (self);
    }
  show_menu (self);
}

/* ---- the object */

/* The session is that of the page it is on. */
static void
oba_correct_menu_root (GtkWidget *widget)
{
  ObaCorrectMenu *self = OBA_CORRECT_MENU (widget);
  GtkWidget *page = gtk_widget_get_ancestor (widget, OBA_TYPE_PAGE);

  GTK_WIDGET_CLASS (oba_correct_menu_parent_class)->root (widget);

  if (page != NULL && self->session == NULL)
    {
      self->session = g_object_ref (oba_page_get_session (OBA_PAGE (page)));
      gtk_widget_set_visible (widget, oba_session_has_role (self->session, OBA_CORRECT_MENU_ROLES));
    }
}

static void
oba_correct_menu_dispose (GObject *object)
{
  ObaCorrectMenu *self = OBA_CORRECT_MENU (object);

  stop_reading (self);
  g_clear_pointer (&self->receipt, oba_correctable_unref);
  g_clear_object (&self->menu);
  g_clear_object (&self->notes);
  g_clear_pointer (&self->note, g_free);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_correct_menu_parent_class)->dispose (object);
}

static void
oba_correct_menu_class_init (ObaCorrectMenuClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_correct_menu_dispose;
  widget_class->root = oba_correct_menu_root;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_CORRECT_MENU, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  for (guint kind = 0; kind < G_N_ELEMENTS (actions); kind++)
    if (actions[kind] != NULL)
      gtk_widget_class_install_action (widget_class, actions[kind], NULL, correct_action);
}

static void
oba_correct_menu_init (ObaCorrectMenu *self)
{
  GtkWidget *content = adw_button_content_new ();

  self->menu = g_menu_new ();
  self->notes = g_menu_new ();
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), "document-edit-symbolic");
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), _("_Correct"));
  adw_button_content_set_use_underline (ADW_BUTTON_CONTENT (content), TRUE);
  gtk_menu_button_set_child (self->button, content);
  gtk_menu_button_set_menu_model (self->button, G_MENU_MODEL (self->menu));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Correct this receipt"), -1);
  g_signal_connect_object (gtk_menu_button_get_popover (self->button), "show", G_CALLBACK (read_receipt), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  fill_menu (self);
  show_menu (self);
}

GtkWidget *
oba_correct_menu_new (void)
{
  return g_object_new (OBA_TYPE_CORRECT_MENU, NULL);
}

gboolean
oba_correct_menu_is_settled (ObaCorrectMenu *self)
{
  return self->reading == NULL;
}
