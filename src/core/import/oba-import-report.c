#include "oba-import-private.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/oba-error.h"

static void
reason_free (gpointer data)
{
  ObaImportReason *reason = data;

  g_free (reason->code);
  g_free (reason);
}

ObaImportReport *
oba_import_report_new (ObaImportKind kind, gboolean dry_run)
{
  ObaImportReport *self = g_new0 (ObaImportReport, 1);

  self->kind = kind;
  self->dry_run = dry_run;
  self->reasons = g_ptr_array_new_with_free_func (reason_free);
  return self;
}

void
oba_import_report_free (ObaImportReport *self)
{
  if (self == NULL)
    return;
  g_free (self->encoding);
  g_free (self->sha256);
  g_ptr_array_unref (self->reasons);
  g_free (self);
}

static int
compare_reasons (gconstpointer a, gconstpointer b)
{
  const ObaImportReason *one = *(const ObaImportReason *const *) a, *two = *(const ObaImportReason *const *) b;

  if (one->count != two->count)
    return one->count > two->count ? -1 : 1;
  return strcmp (one->code, two->code);
}

static void
take_reasons (ObaImportReport *self, JsonObject *rejected)
{
  JsonObjectIter iter;
  const char *code;
  JsonNode *count;

  json_object_iter_init (&iter, rejected);
  while (json_object_iter_next (&iter, &code, &count))
    {
      ObaImportReason *reason = g_new0 (ObaImportReason, 1);

      reason->code = g_strdup (code);
      reason->count = json_node_get_int (count);
      self->rejected += reason->count;
      g_ptr_array_add (self->reasons, reason);
    }
  g_ptr_array_sort (self->reasons, compare_reasons);
}

static void
take_same_file (ObaImportReport *self, JsonObject *answer)
{
  JsonNode *node = json_object_get_member (answer, "same_file");
  JsonObject *same = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (same == NULL)
    return;
  self->same_batch = json_object_get_int_member (same, "batch");
  self->same_at = json_object_get_int_member (same, "at");
  self->same_reversed = g_strcmp0 (json_object_get_string_member (same, "state"), "reversed") == 0;
}

gboolean
oba_import_report_take_check (ObaImportReport *self, const char *json, GError **error)
{
  g_autoptr (JsonNode) root = json_from_string (json, error);
  JsonObject *o;

  if (root == NULL)
    return FALSE;
  o = json_node_get_object (root);
#define TAKE(field, name) self->field = json_object_get_int_member_with_default (o, name, 0)
  TAKE (inserted, "inserted");
  TAKE (updated, "updated");
  TAKE (unchanged, "unchanged");
  TAKE (unnamed, "unnamed");
  TAKE (categories, "categories");
  TAKE (receipts, "receipts");
  TAKE (receipts_known, "receipts_known");
  TAKE (anonymous, "anonymous");
  TAKE (quantity, "quantity");
  TAKE (money, "money");
  TAKE (money_known, "money_known");
  TAKE (discount, "discount");
  TAKE (new_stores, "stores");
  TAKE (new_customers, "customers");
  TAKE (new_products, "products");
  TAKE (unknown_lines, "product_lines");
  TAKE (unknown_money, "product_money");
#undef TAKE
  take_reasons (self, json_object_get_object_member (o, "rejected"));
  take_same_file (self, o);
  return TRUE;
}

/* What a fault of one value means; %s is the field. */
static const char *
describe_value (const char *fault)
{
  static const struct { const char *fault, *sentence; } sentences[] = {
    { "missing", N_("%s is missing") },
    { "number", N_("%s is not a number") },
    { "ambiguous", N_("%s can be read two ways (thousands or decimals): say which with --decimal") },
    { "range", N_("%s is not a plausible value") },
    { "negative", N_("%s is negative: a return is recorded as a return of its sale") },
    { "date", N_("%s is not a date (2017-01-28 14:06 or 28.01.2017 14:06)") },
    { "future", N_("%s lies in the future") },
    { "long", N_("%s is too long") },
    { "text", N_("%s holds an invisible control character") },
    { "barcode", N_("%s is not a barcode of 4 to 14 digits") },
    { "phone", N_("%s is not a phone number") },
    { "email", N_("%s is not an e-mail address") },
    { "choice", N_("%s is not one of the known values") },
    { "twice", N_("%s stands in the file before") },
    { "taken", N_("%s belongs to another record") },
    { "other", N_("%s is another one in the database") },
    { "order", N_("%s lies before the day of opening") },
    { "unknown", N_("%s is not known") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_str_equal (fault, sentences[i].fault))
      return _(sentences[i].sentence);
  return NULL;
}

static const char *
describe_row (const char *code)
{
  static const struct { const char *code, *sentence; } sentences[] = {
    { "line:long", N_("the line is longer than 1 MiB") },
    { "line:quotes", N_("a quotation mark is opened and not closed") },
    { "line:columns", N_("the line has another number of columns than the header") },
    { "line:encoding", N_("the line is not valid text in this encoding") },
    { "line:nul", N_("the line holds binary data") },
    { "nothing", N_("quantity and amount are both 0") },
    { "held", N_("another line of this receipt was rejected, so the whole receipt waits") },
    { "differs", N_("this receipt was booked before with other lines or another total") },
    { "reused", N_("the receipt number appears on different days (try --daily-numbers)") },
    { "reversing", N_("the import that brought this receipt is only partly reversed; reverse the rest first") },
    { "returned", N_("something of this receipt had been returned before its import was reversed; record what is missing by hand") },
    { "mixed:customer", N_("lines of this receipt name different customers") },
    { "range:receipt", N_("the receipt's total is above 1,000,000 AZN") },
    { "erased", N_("this customer was erased") },
    { "closed", N_("the month of this receipt is closed: record it as a missed receipt, which is entered in the open month") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_str_equal (code, sentences[i].code))
      return _(sentences[i].sentence);
  return NULL;
}

char *
oba_import_reason_describe (const char *code)
{
  const char *colon = strchr (code, ':');
  const char *sentence = describe_row (code);
  g_autofree char *fault = NULL;
  g_auto (GStrv) parts = NULL;

  if (sentence != NULL)
    return g_strdup (sentence);
  fault = g_strndup (code, colon != NULL ? (gsize) (colon - code) : strlen (code));
  sentence = describe_value (fault);
  if (sentence == NULL || colon == NULL)
    return g_strdup (code);
  parts = g_strsplit (sentence, "%s", 2);
  return g_strjoin (NULL, parts[0], oba_import_field_word (colon + 1), parts[1], NULL);
}
