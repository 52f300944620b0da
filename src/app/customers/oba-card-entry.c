#include "oba-card-entry.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "customers/oba-customer-double.h"
#include "oba-customer-text.h"
#include "widgets/oba-field.h"

#define TYPING_MS 400
/* Nothing shorter is on a card. */
#define MIN_CHARS 4

struct _ObaCardEntry
{
  GtkBox        parent_instance;

  ObaDbPool    *pool;
  ObaField     *field;
  GtkEditable  *entry;
  GCancellable *looking;
  guint         typing_id;
  char         *card;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaCardEntry, oba_card_entry, GTK_TYPE_BOX)

static void
set_card (ObaCardEntry *self,
          const char   *card)
{
  char *copy = g_strstrip (g_strdup (card));

  g_free (self->card);
  self->card = copy;
}

static void
say (ObaCardEntry *self,
     const char   *problem,
     const char   *note)
{
  oba_field_set_note (self->field, note);
  oba_field_set_problem (self->field, problem);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
show_found (ObaCardEntry       *self,
            const ObaCardFound *found)
{
  g_autofree char *text = NULL;

  if (g_str_equal (found->state, "blank"))
    {
      set_card (self, found->number);
      /* Translators: the number of a card. */
      text = g_strdup_printf (_("Card %s is blank: the customer gets it"), found->number);
      say (self, NULL, text);
      return;
    }
  if (found->customer_id != 0 && g_str_equal (found->state, "active"))
    /* Translators: the number of a card, the name of a customer. */
    text = g_strdup_printf (_("Card %s is %s’s already. Take another card."), found->number, found->customer_name);
  else
    /* Translators: the number of a card, "blocked" or "lost". */
    text = g_strdup_printf (_("Card %s is %s. Take another card."), found->number, oba_customer_text_card_state (found->state));
  say (self, text, NULL);
}

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (ObaCardEntry) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCardFound) found = oba_card_look_up_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->looking);
  if (found != NULL)
    show_found (self, found);
  else if (g_error_matches (error, OBA_ERROR, OBA_ERROR_NOT_FOUND))
    say (self, error->message, NULL);
  else
    say (self, NULL, _("The card could not be looked up; it is checked when the customer is saved"));
}

static void
look_up (ObaCardEntry *self)
{
  g_clear_handle_id (&self->typing_id, g_source_remove);
  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  if (g_utf8_strlen (self->card, -1) < MIN_CHARS)
    {
      say (self, *self->card != '\0' ? _("This is not the code of a card.") : NULL, NULL);
      return;
    }
  self->looking = g_cancellable_new ();
  oba_card_look_up_async (self->pool, self->card, self->looking, looked_up_cb, g_object_ref (self));
}

static void
typing_cb (gpointer user_data)
{
  ObaCardEntry *self = user_data;

  self->typing_id = 0;
  look_up (self);
}

static void
changed_cb (ObaCardEntry *self)
{
  set_card (self, gtk_editable_get_text (self->entry));
  g_clear_handle_id (&self->typing_id, g_source_remove);
  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  say (self, NULL, NULL);
  if (*self->card != '\0')
    self->typing_id = g_timeout_add_once (TYPING_MS, typing_cb, self);
}

static void
oba_card_entry_dispose (GObject *object)
{
  ObaCardEntry *self = OBA_CARD_ENTRY (object);

  g_clear_handle_id (&self->typing_id, g_source_remove);
  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_clear_object (&self->pool);
  G_OBJECT_CLASS (oba_card_entry_parent_class)->dispose (object);
}

static void
oba_card_entry_finalize (GObject *object)
{
  g_free (OBA_CARD_ENTRY (object)->card);
  G_OBJECT_CLASS (oba_card_entry_parent_class)->finalize (object);
}

static void
oba_card_entry_class_init (ObaCardEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_card_entry_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_card_entry_finalize;
  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_CARD_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_card_entry_init (ObaCardEntry *self)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *field = oba_field_new (_("Card"), entry, NULL);

  self->card = g_strdup ("");
  self->entry = GTK_EDITABLE (entry);
  self->field = OBA_FIELD (field);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Scan a blank card, or type its number"));
  gtk_widget_set_hexpand (field, TRUE);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (look_up), self);
  gtk_box_append (GTK_BOX (self), field);
}

GtkWidget *
oba_card_entry_new (ObaDbPool *pool)
{
  ObaCardEntry *self = g_object_new (OBA_TYPE_CARD_ENTRY, NULL);

  self->pool = g_object_ref (pool);
  return GTK_WIDGET (self);
}

void
oba_card_entry_scan (ObaCardEntry *self,
                     const char   *code)
{
  gtk_editable_set_text (self->entry, code);
  gtk_editable_set_position (self->entry, -1);
  look_up (self);
}

const char *
oba_card_entry_get_card (ObaCardEntry *self)
{
  return self->card;
}

const char *
oba_card_entry_get_problem (ObaCardEntry *self)
{
  return oba_field_get_problem (self->field);
}

void
oba_card_entry_set_problem (ObaCardEntry *self,
                            const char   *sentence)
{
  say (self, sentence, NULL);
}

const char *
oba_card_entry_get_note (ObaCardEntry *self)
{
  return oba_field_get_note (self->field);
}

void
oba_card_entry_focus (ObaCardEntry *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

gboolean
oba_card_entry_is_looking (ObaCardEntry *self)
{
  return self->looking != NULL || self->typing_id != 0;
}
