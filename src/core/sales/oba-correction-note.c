#include "oba-correction-note-private.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "customers/oba-customer-json.h"
#include "db/oba-db-sql.h"
#include "oba-correction.h"
#include "oba-receipt-message.h"

enum
{
  NOTE,
  DATE,
  WHAT,
  REASON,
  ASKED_BY,
  APPROVED_BY,
  CUSTOMER,
  TRUE_TIME,
  UNDONE_BY,
  ORIGINAL,
  TAKEN_BACK,
  INSTEAD,
  NUMBER,
  TIME,
  STORE,
  TOTAL,
  POINTS,
  ELSEWHERE,
  EFFECT,
  MONEY,
  POINTS_EFFECT,
  POINTS_NOW,
  UNTIL,
  PAGE,
  KIND_RETURN,
  KIND_VOID,
  KIND_CHANGE,
  KIND_MOVE,
  KIND_MISSED,
  KIND_UNDO,
};

const char *const oba_correction_note_texts[] = {
  [NOTE] = "Correction note No.",
  [DATE] = "Date",
  [WHAT] = "What was done",
  [REASON] = "Reason",
  [ASKED_BY] = "Asked for by",
  [APPROVED_BY] = "Approved by",
  [CUSTOMER] = "Customer No.",
  [TRUE_TIME] = "Happened on",
  [UNDONE_BY] = "Taken back by note No.",
  [ORIGINAL] = "The receipt as it was",
  [TAKEN_BACK] = "What is taken back",
  [INSTEAD] = "What holds now",
  [NUMBER] = "Receipt No.",
  [TIME] = "Time",
  [STORE] = "Store",
  [TOTAL] = "TOTAL",
  [POINTS] = "Points",
  [ELSEWHERE] = "It belongs to another customer.",
  [EFFECT] = "What it changes",
  [MONEY] = "Money",
  [POINTS_EFFECT] = "Points",
  [POINTS_NOW] = "Points now",
  [UNTIL] = "valid until",
  [PAGE] = "Page",
  [KIND_RETURN] = "Return",
  [KIND_VOID] = "The whole receipt is void",
  [KIND_CHANGE] = "The receipt is changed",
  [KIND_MOVE] = "The receipt belongs to another customer",
  [KIND_MISSED] = "A receipt that was missing is entered",
  [KIND_UNDO] = "A correction is taken back",
  NULL,
};

/* One of the receipts it touched. */
typedef struct
{
  ObaReceipt *receipt;     /* NULL: there is none, or it is another person's */
  gboolean    elsewhere;
} Part;

struct _ObaCorrectionNote
{
  ObaCatalogue *catalogue;
  gint64        id;
  gint64        customer_id;
  gint64        undone_by;
  gint64        made_at;
  gint64        asked_at;
  gint64        happened_at;
  char         *kind;
  char         *reason_code;
  char         *reason;
  char         *made_by;
  char         *approved_by;
  Part          original;
  Part          reversal;
  Part          replacement;
  GPtrArray    *rows;
  char         *title;
  char         *text;
};

static const char *
say (ObaCorrectionNote *self,
     guint              text)
{
  return oba_catalogue_get (self->catalogue, oba_correction_note_texts[text]);
}

/* ---- rows */

static void
row_free (gpointer data)
{
  ObaNoteRow *row = data;

  g_free (row->left);
  g_free (row->right);
  g_free (row);
}

static void
add (ObaCorrectionNote *self,
     ObaNoteRowKind     kind,
     const char        *left,
     const char        *right)
{
  ObaNoteRow *row = g_new0 (ObaNoteRow, 1);

  row->kind = kind;
  row->left = g_strdup (left);
  row->right = g_strdup (right);
  g_ptr_array_add (self->rows, row);
}

static void
add_fact (ObaCorrectionNote *self,
          guint              name,
          const char        *value)
{
  if (*value != '\0')
    add (self, OBA_NOTE_FACT, say (self, name), value);
}

/* Takes @value. */
static void
add_made (ObaCorrectionNote *self,
          guint              name,
          char              *value)
{
  add_fact (self, name, value);
  g_free (value);
}

/* By the chain's clock. */
static char *
moment_text (gint64 at)
{
  ObaReceiptKey key = { 0, at, 0 };
  g_autoptr (GDateTime) time = oba_receipt_key_get_time (&key);

  return g_date_time_format (time, "%d.%m.%Y %H:%M");
}

static char *
signed_text (ObaCorrectionNote *self,
             gint64             points)
{
  g_autofree char *number = oba_catalogue_number (self->catalogue, points);

  return g_strdup_printf ("%s%s", points > 0 ? "+" : "", number);
}

static char *
person_text (const char *name,
             gint64      at)
{
  g_autofree char *moment = at != 0 ? moment_text (at) : NULL;

  if (*name == '\0')
    return g_strdup ("");
  return moment != NULL ? g_strdup_printf ("%s, %s", name, moment) : g_strdup (name);
}

static guint
kind_of (const ObaCorrectionNote *self)
{
  static const char *const kinds[] = { "return", "void", "change", "move", "missed", "undo" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (self->kind, kinds[i]))
      return KIND_RETURN + i;
  return KIND_CHANGE;
}

static void
add_head (ObaCorrectionNote *self)
{
  const char *why = oba_catalogue_get (self->catalogue, oba_correction_reason_source (self->reason_code));

  add (self, OBA_NOTE_TITLE, self->title, "OBA");
  add_made (self, DATE, moment_text (self->made_at));
  add_fact (self, WHAT, say (self, kind_of (self)));
  add_made (self, REASON, *self->reason != '\0' ? g_strdup_printf ("%s: %s", why, self->reason) : g_strdup (why));
  add_made (self, ASKED_BY, person_text (self->made_by, self->asked_at));
  add_made (self, APPROVED_BY, person_text (self->approved_by, *self->approved_by != '\0' ? self->made_at : 0));
  add_made (self, CUSTOMER, self->customer_id != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, self->customer_id) : g_strdup (""));
  if (self->happened_at != 0)
    add_made (self, TRUE_TIME, moment_text (self->happened_at));
  if (self->undone_by != 0)
    add_made (self, UNDONE_BY, g_strdup_printf ("%" G_GINT64_FORMAT, self->undone_by));
}

static void
add_items (ObaCorrectionNote *self,
           const ObaReceipt  *receipt)
{
  g_autofree char *total = oba_catalogue_money (self->catalogue, receipt->total);

  for (guint i = 0; i < receipt->lines->len; i++)
    {
      const ObaReceiptLine *line = receipt->lines->pdata[i];
      g_autofree char *what = oba_receipt_message_line (self->catalogue, line);
      g_autofree char *amount = oba_catalogue_money (self->catalogue, line->total);

      add (self, OBA_NOTE_ITEM, what, amount);
    }
  add (self, OBA_NOTE_SUM, say (self, TOTAL), total);
}

static void
add_part (ObaCorrectionNote *self,
          guint              heading,
          const Part        *part,
          gboolean           items)
{
  const ObaReceipt *receipt = part->receipt;
  g_autofree char *store = NULL;

  if (receipt == NULL && !part->elsewhere)
    return;
  add (self, OBA_NOTE_HEADING, say (self, heading), "");
  if (receipt == NULL)
    {
      add (self, OBA_NOTE_FACT, say (self, ELSEWHERE), "");
      return;
    }
  store = *receipt->city != '\0' ? g_strdup_printf ("%s, %s", receipt->store, receipt->city) : g_strdup (receipt->store);
  add_fact (self, NUMBER, receipt->number);
  add_made (self, TIME, moment_text (receipt->key.at));
  add_fact (self, STORE, store);
  if (items)
    add_items (self, receipt);
  else
    add_made (self, TOTAL, oba_catalogue_money (self->catalogue, receipt->total));
  if (receipt->points != receipt->points_spent)
    add_made (self, POINTS, signed_text (self, receipt->points - receipt->points_spent));
}

/* ---- the effect */

static gboolean
is_theirs (const ObaCorrectionNote *self,
           const Part              *part)
{
  return part->receipt != NULL && part->receipt->person && part->receipt->key.customer_id == self->customer_id;
}

static void
add_lots (ObaCorrectionNote *self,
          const Part        *part)
{
  if (!is_theirs (self, part))
    return;
  for (guint i = 0; i < part->receipt->entries->len; i++)
    {
      const ObaReceiptPoints *entry = part->receipt->entries->pdata[i];

      for (guint l = 0; l < entry->lots->len; l++)
        {
          const ObaReceiptLot *lot = entry->lots->pdata[l];
          g_autofree char *points = signed_text (self, lot->points);
          g_autofree char *day = oba_catalogue_day (self->catalogue, &lot->expires);
          g_autofree char *text = g_strdup_printf ("%s, %s %s", points, say (self, UNTIL), day);

          add (self, OBA_NOTE_FACT, "", text);
        }
    }
}

/* No money changes hands when a receipt becomes somebody else's. */
static gint64
money_of (const ObaCorrectionNote *self)
{
  if (kind_of (self) == KIND_MOVE || self->reversal.elsewhere || self->replacement.elsewhere)
    return 0;
  return (self->reversal.receipt != NULL ? self->reversal.receipt->total : 0) + (self->replacement.receipt != NULL ? self->replacement.receipt->total : 0);
}

static void
add_effect (ObaCorrectionNote *self)
{
  const Part *last = is_theirs (self, &self->replacement) ? &self->replacement : &self->reversal;
  gint64 points = (is_theirs (self, &self->reversal) ? self->reversal.receipt->points : 0)
                  + (is_theirs (self, &self->replacement) ? self->replacement.receipt->points : 0);

  add (self, OBA_NOTE_HEADING, say (self, EFFECT), "");
  add_made (self, MONEY, oba_catalogue_money (self->catalogue, money_of (self)));
  if (!is_theirs (self, last))
    return;
  add_made (self, POINTS_EFFECT, signed_text (self, points));
  add_lots (self, &self->reversal);
  add_lots (self, &self->replacement);
  add_made (self, POINTS_NOW, oba_catalogue_number (self->catalogue, last->receipt->balance));
}

static void
fill (ObaCorrectionNote *self)
{
  GString *text = g_string_new (NULL);

  self->title = g_strdup_printf ("%s %" G_GINT64_FORMAT, say (self, NOTE), self->id);
  add_head (self);
  add_part (self, ORIGINAL, &self->original, FALSE);
  add_part (self, TAKEN_BACK, &self->reversal, TRUE);
  add_part (self, INSTEAD, &self->replacement, TRUE);
  add_effect (self);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const ObaNoteRow *row = self->rows->pdata[i];

      g_string_append_printf (text, "%s%s%s\n", row->left, *row->left != '\0' && *row->right != '\0' ? ": " : "", row->right);
    }
  self->text = g_string_free (text, FALSE);
}

/* ---- what the database says */

static void
parse_part (JsonObject *object,
            const char *name,
            Part       *part)
{
  JsonObject *receipt = oba_customer_json_member_object (object, name);

  if (receipt == NULL)
    return;
  part->elsewhere = json_object_get_boolean_member_with_default (receipt, "elsewhere", FALSE);
  if (!part->elsewhere)
    part->receipt = oba_receipt_new_from_object (receipt);
}

static gboolean
has_person (const Part *part)
{
  return part->receipt != NULL && part->receipt->person;
}

ObaCorrectionNote *
oba_correction_note_new_from_json (const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  g_autofree char *language = NULL;
  JsonObject *object;
  ObaCorrectionNote *self;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  object = json_node_get_object (node);
  language = oba_customer_json_member_text (object, "language");
  self = g_new0 (ObaCorrectionNote, 1);
  self->catalogue = oba_catalogue_new ("sales", oba_language_parse (language));
  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->id = oba_customer_json_member_int (object, "correction_id", 0);
  self->undone_by = oba_customer_json_member_int (object, "undone_by", 0);
  self->made_at = oba_customer_json_member_int (object, "made_at", 0);
  self->asked_at = oba_customer_json_member_int (object, "asked_at", 0);
  self->happened_at = oba_customer_json_member_int (object, "happened_at", 0);
  self->kind = oba_customer_json_member_text (object, "kind");
  self->reason_code = oba_customer_json_member_text (object, "reason_code");
  self->reason = oba_customer_json_member_text (object, "reason");
  self->made_by = oba_customer_json_member_text (object, "made_by");
  self->approved_by = oba_customer_json_member_text (object, "approved_by");
  parse_part (object, "original", &self->original);
  parse_part (object, "reversal", &self->reversal);
  parse_part (object, "replacement", &self->replacement);
  if (has_person (&self->original) || has_person (&self->reversal) || has_person (&self->replacement))
    self->customer_id = oba_customer_json_member_int (object, "customer_id", 0);
  fill (self);
  return self;
}

void
oba_correction_note_free (ObaCorrectionNote *self)
{
  g_clear_pointer (&self->original.receipt, oba_receipt_unref);
  g_clear_pointer (&self->reversal.receipt, oba_receipt_unref);
  g_clear_pointer (&self->replacement.receipt, oba_receipt_unref);
  oba_catalogue_free (self->catalogue);
  g_ptr_array_unref (self->rows);
  g_free (self->kind);
  g_free (self->reason_code);
  g_free (self->reason);
  g_free (self->made_by);
  g_free (self->approved_by);
  g_free (self->title);
  g_free (self->text);
  g_free (self);
}

gint64
oba_correction_note_get_id (ObaCorrectionNote *self)
{
  return self->id;
}

const char *
oba_correction_note_get_title (ObaCorrectionNote *self)
{
  return self->title;
}

const char *
oba_correction_note_get_text (ObaCorrectionNote *self)
{
  return self->text;
}

GPtrArray *
oba_correction_note_get_rows (ObaCorrectionNote *self)
{
  return self->rows;
}

const char *
oba_correction_note_say_page (ObaCorrectionNote *self)
{
  return say (self, PAGE);
}

/* ---- as a message */

char *
oba_correction_note_get_message (ObaCorrectionNote *self)
{
  ObaReceiptMessage *message = oba_receipt_message_new (self->catalogue);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const ObaNoteRow *row = self->rows->pdata[i];

      if (row->kind == OBA_NOTE_TITLE || row->kind == OBA_NOTE_HEADING)
        oba_receipt_message_add_heading (message, row->left);
      else if (row->kind == OBA_NOTE_ITEM)
        oba_receipt_message_add_item (message, row->left, row->right);
      else
        oba_receipt_message_add_fact (message, row->left, row->right);
    }
  return oba_receipt_message_finish (message);
}

/* ---- reading */

static void
read_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  ObaCorrectionNote *note = NULL;

  if (result == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (oba_db_result_get_n_rows (result) > 0)
    note = oba_correction_note_new_from_json (oba_db_result_get_text (result, 0, 0));
  if (note == NULL)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("There is no such correction."));
  else
    g_task_return_pointer (task, note, (GDestroyNotify) oba_correction_note_free);
}

void
oba_correction_note_read_async (ObaDbPool           *pool,
                                gint64               correction_id,
                                gint64               customer_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ii", correction_id, customer_id);

  g_task_set_source_tag (task, oba_correction_note_read_async);
  oba_db_pool_read_async (pool, oba_db_sql ("sales/correction-note.sql"), params, cancellable, read_cb, task);
}

ObaCorrectionNote *
oba_correction_note_read_finish (GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
