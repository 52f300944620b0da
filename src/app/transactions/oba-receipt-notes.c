#include "oba-receipt-notes.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-paper-file.h"
#include "oba-receipt-print.h"
#include "oba-receipt-text.h"
#include "sales/oba-receipt-papers.h"

#define MAY_SEND (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

struct _ObaReceiptNotes
{
  AdwBin            parent_instance;

  ObaSession       *session;
  ObaReceipt       *receipt;    /* (nullable) */
  ObaReceiptPapers *papers;     /* (nullable): not read yet */
  GCancellable     *reading;
  GHashTable       *keys;       /* of what is sent: a request that got no answer is repeated with the same one */

  GtkWidget        *box;
  GtkListBox       *list;
  GtkWidget        *button;
  GtkWidget        *status;
};

enum { SAY, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaReceiptNotes, oba_receipt_notes, ADW_TYPE_BIN)

static void read_papers (ObaReceiptNotes *self);

static ObaDbPool *
get_pool (ObaReceiptNotes *self)
{
  return oba_session_get_pool (self->session);
}

/* ---- one of the notes */

/* What is done with a note once it is read. */
typedef struct
{
  ObaReceiptNotes *self;     /* owned */
  char            *path;     /* NULL: it is printed */
} Use;

static void
use_free (Use *use)
{
  g_object_unref (use->self);
  g_free (use->path);
  g_free (use);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Use, use_free)

static void
say (GtkWidget *owner, const char *sentence)
{
  g_signal_emit (owner, signals[SAY], 0, sentence);
}

/* Takes @note. */
static void
print_note (ObaReceiptNotes   *self,
            ObaCorrectionNote *note)
{
  g_autoptr (GtkPrintOperation) operation = oba_receipt_print_new_note (note);

  oba_paper_print (GTK_WIDGET (self), operation, say);
}

static void
save_note (ObaReceiptNotes   *self,
           ObaCorrectionNote *note,
           const char        *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (oba_correction_note_write_pdf (note, path, &error))
    text = g_strdup_printf (_("Saved as %s"), path);
  else
    text = g_strdup (error->message);
  g_signal_emit (self, signals[SAY], 0, text);
}

static void
note_cb (GObject      *pool,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Use) use = user_data;
  g_autoptr (GError) error = NULL;
  ObaCorrectionNote *note = oba_correction_note_read_finish (result, &error);

  if (note == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      g_signal_emit (use->self, signals[SAY], 0, sentence);
    }
  else if (use->path == NULL && gtk_widget_get_root (GTK_WIDGET (use->self)) != NULL)
    print_note (use->self, g_steal_pointer (&note));
  else if (use->path != NULL)
    save_note (use->self, note, use->path);
  g_clear_pointer (&note, oba_correction_note_free);
}

static void
use_note (ObaReceiptNotes *self,
          gint64           correction_id,
          const char      *path)
{
  Use *use = g_new0 (Use, 1);

  use->self = g_object_ref (self);
  use->path = g_strdup (path);
  oba_correction_note_read_async (get_pool (self), correction_id, self->receipt->key.customer_id, NULL, note_cb, use);
}

void
oba_receipt_notes_save (ObaReceiptNotes *self,
                        gint64           correction_id,
                        const char      *path)
{
  use_note (self, correction_id, path);
}

static gint64
id_of (GtkWidget *button)
{
  gint64 *id = g_object_get_data (G_OBJECT (button), "oba-correction");

  return *id;
}

static void
print_clicked_cb (ObaReceiptNotes *self,
                  GtkWidget       *button)
{
  use_note (self, id_of (button), NULL);
}

static void
file_chosen_cb (GtkWidget  *owner,
                const char *path,
                gpointer    user_data)
{
  use_note (OBA_RECEIPT_NOTES (owner), *(gint64 *) user_data, path);
}

static void
save_clicked_cb (ObaReceiptNotes *self,
                 GtkWidget       *button)
{
  gint64 id = id_of (button);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  /* Translators: the name of a file, with the number of the note. */
  g_autofree char *name = g_strdup_printf (_("Correction note %s"), number);

  oba_paper_file_choose (GTK_WIDGET (self), _("Save the Correction Note"), name, file_chosen_cb, g_memdup2 (&id, sizeof id), g_free);
}

/* ---- sending */

typedef struct
{
  ObaReceiptNotes *self;            /* owned */
  gint64           correction_id;   /* 0: the receipt */
} Sending;

static void
sent_cb (GObject      *pool,
         GAsyncResult *result,
         gpointer      user_data)
{
  Sending *sending = user_data;
  ObaReceiptNotes *self = sending->self;
  g_autoptr (GError) error = NULL;

  if (!oba_receipt_papers_send_finish (result, &error))
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      g_signal_emit (self, signals[SAY], 0, sentence);
    }
  if (error == NULL || g_str_has_prefix (oba_db_error_get_sqlstate (error), "OB"))
    g_hash_table_remove (self->keys, &sending->correction_id);
  if (self->receipt != NULL)
    read_papers (self);
  g_object_unref (self);
  g_free (sending);
}

static void
send_paper (ObaReceiptNotes *self,
            gint64           correction_id)
{
  Sending *sending = g_new0 (Sending, 1);
  const char *key = g_hash_table_lookup (self->keys, &correction_id);

  if (key == NULL)
    {
      char *made = oba_db_request_new_key ();

      g_hash_table_insert (self->keys, g_memdup2 (&correction_id, sizeof correction_id), made);
      key = made;
    }
  sending->self = g_object_ref (self);
  sending->correction_id = correction_id;
  gtk_widget_set_sensitive (self->button, FALSE);
  oba_receipt_papers_send_async (get_pool (self), &self->receipt->key, correction_id, key, NULL, sent_cb, sending);
}

static void
send_receipt_cb (ObaReceiptNotes *self)
{
  if (self->receipt != NULL)
    send_paper (self, 0);
}

static void
send_clicked_cb (ObaReceiptNotes *self,
                 GtkWidget       *button)
{
  send_paper (self, id_of (button));
}

/* ---- what is said */

/* Why nothing can be sent; NULL when it can. */
static const char *
why_not (ObaReceiptNotes *self)
{
  if (self->papers == NULL)
    return NULL;
  if (self->papers->chat == OBA_CHAT_NOBODY)
    return _("This receipt belongs to nobody: there is no chat to send it to.");
  if (self->papers->chat == OBA_CHAT_UNLINKED)
    return _("This customer has no chat with the bot.");
  return self->papers->chat == OBA_CHAT_UNREACHABLE ? _("This customer has blocked the bot.") : NULL;
}

static gboolean
is_under_way (const ObaSentPaper *sent)
{
  return sent != NULL && (g_str_equal (sent->state, "queued") || g_str_equal (sent->state, "sending"));
}

/* (transfer full) */
static char *
state_text (const ObaSentPaper *sent)
{
  ObaReceiptKey key = { 0, sent->at, 0 };
  g_autofree char *moment = oba_receipt_text_moment (&key);

  if (is_under_way (sent))
    return g_strdup (_("On its way by Telegram"));
  if (g_str_equal (sent->state, "sent"))
    /* Translators: a day and a time. */
    return g_strdup_printf (_("Sent by Telegram on %s"), moment);
  if (g_str_equal (sent->state, "blocked"))
    return g_strdup (_("Not delivered: the customer has blocked the bot"));
  if (g_str_equal (sent->state, "unknown"))
    return g_strdup (_("It may have arrived: the answer of Telegram was lost"));
  return g_strdup_printf (_("Could not be sent by Telegram: %s"), sent->error);
}

static void
show_status (ObaReceiptNotes *self)
{
  const ObaSentPaper *sent = self->papers != NULL ? oba_receipt_papers_find (self->papers, 0) : NULL;
  gboolean may = oba_session_has_role (self->session, MAY_SEND);
  const char *why = why_not (self);
  g_autofree char *text = sent != NULL ? state_text (sent) : g_strdup (may ? why : NULL);

  gtk_widget_set_visible (self->button, may);
  gtk_widget_set_sensitive (self->button, self->papers != NULL && why == NULL && !is_under_way (sent));
  gtk_widget_set_tooltip_text (self->button, why);
  gtk_label_set_label (GTK_LABEL (self->status), text != NULL ? text : "");
  gtk_widget_set_visible (self->status, text != NULL);
}

static void
add_button (ObaReceiptNotes *self,
            GtkWidget       *row,
            const char      *icon,
            const char      *label,
            GCallback        callback,
            gint64           id)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (button), "oba-correction", g_memdup2 (&id, sizeof id), g_free);
  g_signal_connect_swapped (button, "clicked", callback, self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
add_row (ObaReceiptNotes          *self,
         const ObaCorrectionEntry *entry)
{
  const ObaSentPaper *sent = oba_receipt_papers_find (self->papers, entry->correction_id);
  ObaReceiptKey key = { 0, entry->at, 0 };
  g_autofree char *moment = oba_receipt_text_moment (&key);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, entry->correction_id);
  /* Translators: the number of a correction note and what was done: “No. 12: Return”. */
  g_autofree char *title = g_strdup_printf (_("No. %s: %s"), number, oba_receipt_text_correction (entry->kind));
  g_autofree char *state = sent != NULL ? state_text (sent) : g_strdup ("");
  g_autofree char *subtitle = g_strconcat (moment, *entry->by != '\0' ? " · " : "", entry->by, *state != '\0' ? "\n" : "", state, NULL);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  add_button (self, row, "printer-symbolic", _("Print the note"), G_CALLBACK (print_clicked_cb), entry->correction_id);
  add_button (self, row, "document-save-symbolic", _("Save the note as a PDF"), G_CALLBACK (save_clicked_cb), entry->correction_id);
  if (oba_session_has_role (self->session, MAY_SEND) && why_not (self) == NULL && !is_under_way (sent))
    add_button (self, row, "mail-send-symbolic", _("Send the note by Telegram"), G_CALLBACK (send_clicked_cb), entry->correction_id);
  gtk_list_box_append (self->list, row);
}

static void
fill (ObaReceiptNotes *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; self->papers != NULL && i < self->papers->corrections->len; i++)
    add_row (self, self->papers->corrections->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self), self->papers != NULL && self->papers->corrections->len > 0);
  show_status (self);
}

/* ---- reading */

static void
papers_cb (GObject      *pool,
           GAsyncResult *result,
           gpointer      user_data)
{
  ObaReceiptNotes *self = user_data;
  g_autoptr (GError) error = NULL;
  ObaReceiptPapers *papers = oba_receipt_papers_read_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  /* What was known stays, when the server is away. */
  if (papers == NULL)
    return;
  g_clear_pointer (&self->papers, oba_receipt_papers_free);
  self->papers = papers;
  fill (self);
}

static void
read_papers (ObaReceiptNotes *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  oba_receipt_papers_read_async (get_pool (self), &self->receipt->key, self->reading, papers_cb, self);
}

static void
changed_cb (ObaReceiptNotes *self,
            const char      *channel,
            const char      *payload)
{
  if (self->receipt != NULL && g_ascii_strtoll (payload, NULL, 10) == self->receipt->key.receipt_id)
    read_papers (self);
}

void
oba_receipt_notes_show (ObaReceiptNotes *self,
                        ObaReceipt      *receipt)
{
  gboolean same = receipt != NULL && self->receipt != NULL && receipt->key.receipt_id == self->receipt->key.receipt_id;
  ObaReceipt *kept = receipt != NULL ? oba_receipt_ref (receipt) : NULL;

  g_clear_pointer (&self->receipt, oba_receipt_unref);
  self->receipt = kept;
  if (!same)
    {
      g_clear_pointer (&self->papers, oba_receipt_papers_free);
      g_hash_table_remove_all (self->keys);
      fill (self);
    }
  if (receipt != NULL)
    read_papers (self);
}

gboolean
oba_receipt_notes_is_loaded (ObaReceiptNotes *self)
{
  return self->reading == NULL;
}

GtkWidget *
oba_receipt_notes_get_button (ObaReceiptNotes *self)
{
  return self->button;
}

GtkWidget *
oba_receipt_notes_get_status (ObaReceiptNotes *self)
{
  return self->status;
}

/* ---- the object */

GtkWidget *
oba_receipt_notes_new (ObaSession *session)
{
  ObaReceiptNotes *self = g_object_new (OBA_TYPE_RECEIPT_NOTES, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_papers", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  show_status (self);
  return GTK_WIDGET (self);
}

static void
oba_receipt_notes_dispose (GObject *object)
{
  ObaReceiptNotes *self = OBA_RECEIPT_NOTES (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->button);
  g_clear_object (&self->status);
  g_clear_object (&self->session);
  g_clear_pointer (&self->receipt, oba_receipt_unref);

  G_OBJECT_CLASS (oba_receipt_notes_parent_class)->dispose (object);
}

static void
oba_receipt_notes_finalize (GObject *object)
{
  ObaReceiptNotes *self = OBA_RECEIPT_NOTES (object);

  g_clear_pointer (&self->papers, oba_receipt_papers_free);
  g_hash_table_unref (self->keys);

  G_OBJECT_CLASS (oba_receipt_notes_parent_class)->finalize (object);
}

static void
oba_receipt_notes_class_init (ObaReceiptNotesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_receipt_notes_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_receipt_notes_finalize;

  signals[SAY] = g_signal_new ("say", OBA_TYPE_RECEIPT_NOTES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
make_button (ObaReceiptNotes *self)
{
  GtkWidget *content = adw_button_content_new ();

  self->button = g_object_ref_sink (gtk_button_new ());
  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), "mail-send-symbolic");
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), _("Send by _Telegram"));
  adw_button_content_set_use_underline (ADW_BUTTON_CONTENT (content), TRUE);
  gtk_button_set_child (GTK_BUTTON (self->button), content);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (send_receipt_cb), self, G_CONNECT_SWAPPED);
  self->status = g_object_ref_sink (gtk_label_new (NULL));
  gtk_label_set_wrap (GTK_LABEL (self->status), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->status), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (self->status, "caption");
  gtk_widget_add_css_class (self->status, "dim-label");
}

static void
oba_receipt_notes_init (ObaReceiptNotes *self)
{
  GtkWidget *heading = gtk_label_new (_("Correction Notes"));

  self->keys = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  make_button (self);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_set_margin_top (heading, 18);
  gtk_widget_add_css_class (heading, "heading");
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_RELATION_LABELLED_BY, heading, NULL, -1);
  gtk_box_append (GTK_BOX (self->box), heading);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), self->box);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
