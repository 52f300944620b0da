#include "oba-access-private.h"

#include <stdio.h>
#include <string.h>

/* What the person reads, in their own language: po/access has the translations, not po. */
#define MAX_CHANGE_CHARS 4000

const ObaAccessSection oba_access_sections[] = {
  { "records", "Person", TRUE,
    { { "family_name", "Family name" }, { "given_name", "Given name" }, { "patronymic", "Patronymic" }, { "birth_date", "Birth date", OBA_ACCESS_DAY },
      { "phone", "Phone" }, { "email", "E-mail" }, { "city", "City" }, { "language", "Language", OBA_ACCESS_CODE }, { "preferred_store", "Preferred store" },
      { "notes", "Notes" }, { "status", "Status", OBA_ACCESS_CODE }, { "blocked_reason", "Reason of the block" }, { "registered_at", "Registered", OBA_ACCESS_MOMENT },
      { "registered_store", "Registered at" }, { "registered_through", "Registered through", OBA_ACCESS_CODE } } },
  { "phones" },
  { "external-ids", "Numbers in other systems", FALSE, { { "external_id", "Number", OBA_ACCESS_TEXT, 1 } } },
  { "telegram", "Telegram", FALSE,
    { { "username", "Username", OBA_ACCESS_TEXT, 2 }, { "chat_id", "Chat", OBA_ACCESS_TEXT, 2 }, { "linked_at", "Linked", OBA_ACCESS_MOMENT, 2 } } },
  { "cards", "Cards", FALSE,
    { { "number", "Number", OBA_ACCESS_TEXT, 2 }, { "state", "State", OBA_ACCESS_CODE, 1 }, { "state_since", "Since", OBA_ACCESS_MOMENT, 1 },
      { "issued_at", "Handed out", OBA_ACCESS_MOMENT, 1 } } },
  { "preferences", "Preferred categories", FALSE, { { "category", "Category", OBA_ACCESS_TEXT, 3 }, { "stated_at", "Stated", OBA_ACCESS_MOMENT, 1 } } },
  { "segments", "Groups", FALSE, { { "name", "Group", OBA_ACCESS_TEXT, 3 }, { "added_at", "Since", OBA_ACCESS_MOMENT, 1 } } },
  { "consents", "Consents", FALSE,
    { { "at", "When", OBA_ACCESS_MOMENT, 1.2 }, { "channel", "What for", OBA_ACCESS_CODE, 1.2 }, { "granted", "Agreed", OBA_ACCESS_CODE, 0.7 },
      { "through", "Through", OBA_ACCESS_CODE, 1 }, { "store", "Where", OBA_ACCESS_TEXT, 1.6 }, { "wording", "Wording", OBA_ACCESS_TEXT, 1.6 } } },
  { "accounts", "Points and tier", TRUE,
    { { "balance", "Points", OBA_ACCESS_NUMBER }, { "owed", "Points owed", OBA_ACCESS_NUMBER }, { "lifetime", "Points ever earned", OBA_ACCESS_NUMBER },
      { "tier_name", "Tier" }, { "tier_since", "Tier since", OBA_ACCESS_DAY }, { "tier_spend", "Spent in twelve months", OBA_ACCESS_MONEY } } },
  { "statistics", "Habits", TRUE,
    { { "receipts", "Purchases", OBA_ACCESS_NUMBER }, { "returns", "Returns", OBA_ACCESS_NUMBER }, { "revenue", "Spent in all", OBA_ACCESS_MONEY },
      { "first_purchase_at", "First purchase", OBA_ACCESS_DAY }, { "last_purchase_at", "Last purchase", OBA_ACCESS_DAY },
      { "lifecycle", "How the house sees the customer", OBA_ACCESS_CODE }, { "lifecycle_since", "Since", OBA_ACCESS_DAY } } },
  { "tier-changes", "Changes of tier", FALSE,
    { { "at", "When", OBA_ACCESS_MOMENT, 1.2 }, { "from_name", "From", OBA_ACCESS_TEXT, 1 }, { "to_name", "To", OBA_ACCESS_TEXT, 1 },
      { "why", "Why", OBA_ACCESS_CODE, 1 }, { "spend", "Spent in twelve months", OBA_ACCESS_MONEY, 1.2 }, { "reason", "Reason", OBA_ACCESS_TEXT, 1.6 } } },
  { "tier-overrides" },
  { "lifecycle", "Changes of habit", FALSE,
    { { "at", "When", OBA_ACCESS_DAY, 1 }, { "from_state", "From", OBA_ACCESS_CODE, 1 }, { "to_state", "To", OBA_ACCESS_CODE, 1 } } },
  { "receipts", "Receipts", FALSE,
    { { "sold_at", "When", OBA_ACCESS_MOMENT, 1.5 }, { "store", "Store", OBA_ACCESS_TEXT, 2 }, { "receipt_no", "Number", OBA_ACCESS_TEXT, 1.3 },
      { "kind", "What", OBA_ACCESS_CODE, 1 }, { "line_count", "Lines", OBA_ACCESS_NUMBER, 0.8 }, { "total", "Total", OBA_ACCESS_MONEY, 1 },
      { "points", "Points", OBA_ACCESS_NUMBER, 0.7 } } },
  { "points", "Points, entry by entry", FALSE,
    { { "occurred_at", "When", OBA_ACCESS_MOMENT, 1.2 }, { "kind", "What", OBA_ACCESS_CODE, 1 }, { "points", "Points", OBA_ACCESS_NUMBER, 0.7 },
      { "rule", "Rule", OBA_ACCESS_CODE, 1.8 }, { "reason", "Reason", OBA_ACCESS_TEXT, 2 } } },
  { "lots", "Points that expire", FALSE, { { "remaining", "Points", OBA_ACCESS_NUMBER, 1 }, { "expires_on", "Valid until", OBA_ACCESS_DAY, 3 } } },
  { "redemptions", "Rewards", FALSE,
    { { "requested_at", "When", OBA_ACCESS_MOMENT, 1.2 }, { "reward", "Reward", OBA_ACCESS_TEXT, 2 }, { "points", "Points", OBA_ACCESS_NUMBER, 0.7 },
      { "state", "State", OBA_ACCESS_CODE, 1 }, { "state_since", "Since", OBA_ACCESS_MOMENT, 1.2 } } },
  { "messages-sent", "Messages to the customer", FALSE,
    { { "created_at", "When", OBA_ACCESS_MOMENT, 1.2 }, { "channel", "Through", OBA_ACCESS_CODE, 0.8 }, { "payload", "Contents", OBA_ACCESS_MESSAGE, 3.2 },
      { "state", "State", OBA_ACCESS_CODE, 0.9 } } },
  { "messages-received", "Messages from the customer", FALSE,
    { { "received_at", "When", OBA_ACCESS_MOMENT, 1 }, { "payload", "Contents", OBA_ACCESS_MESSAGE, 4 } } },
  { "staff-actions", "What staff did", FALSE,
    { { "at", "When", OBA_ACCESS_MOMENT, 1.2 }, { "who", "Who", OBA_ACCESS_TEXT, 0.9 }, { "action", "What", OBA_ACCESS_CODE, 1.3 },
      { "changes", "Changes", OBA_ACCESS_CHANGES, 2.6 }, { "reason", "Reason", OBA_ACCESS_TEXT, 1.4 } } },
  { "merges", "Merged records", FALSE,
    { { "merged_at", "When", OBA_ACCESS_MOMENT, 1.2 }, { "source_id", "From", OBA_ACCESS_TEXT, 0.8 }, { "survivor_id", "To", OBA_ACCESS_TEXT, 0.8 },
      { "decided_by", "Who", OBA_ACCESS_TEXT, 1 }, { "reason", "Reason", OBA_ACCESS_TEXT, 1.6 }, { "undone_at", "Undone", OBA_ACCESS_MOMENT, 1.2 } } },
  { "corrections" },
  { "approvals" },
  { "erasures", "Erasure", FALSE,
    { { "erased_at", "When", OBA_ACCESS_MOMENT, 1 }, { "by_whom", "Who", OBA_ACCESS_TEXT, 1 }, { "reason_code", "Why", OBA_ACCESS_CODE, 2 } } },
  { NULL },
};

static const struct
{
  const char *code;
  const char *text;
} codes[] = {
  { "active", "Active" }, { "blocked", "Blocked" }, { "erased", "Erased" }, { "merged", "Merged" }, { "lost", "Lost" }, { "revoked", "Revoked" },
  { "telegram", "Telegram" }, { "sms", "SMS" }, { "email", "E-mail" }, { "phone", "Phone calls" }, { "profiling", "Profiling" },
  { "true", "Yes" }, { "false", "No" },
  { "staff", "Staff" }, { "import", "A file" }, { "till", "Till" }, { "demo", "Sample data" }, { "system", "The system" },
  { "sale", "Purchase" }, { "return", "Return" }, { "void", "Void" }, { "correction", "Correction" },
  { "earn", "Earned" }, { "bonus", "Bonus" }, { "redeem", "Spent" }, { "clawback", "Taken back" }, { "restore", "Given back" }, { "expire", "Expired" },
  { "adjust", "Adjusted" }, { "transfer", "Moved" },
  { "requested", "Requested" }, { "approved", "Approved" }, { "handed_out", "Handed out" }, { "rejected", "Rejected" }, { "cancelled", "Cancelled" },
  { "expired", "Expired" },
  { "spend", "Spending" }, { "downgrade", "Spending fell" }, { "override", "By decision" }, { "merge", "Merge" },
  { "new", "New" }, { "lapsing", "Comes less often" }, { "won_back", "Came back" },
  { "queued", "Waiting" }, { "sending", "Being sent" }, { "sent", "Sent" }, { "failed", "Failed" }, { "unknown", "Unknown" },
  { "az", "Azerbaijani" }, { "ru", "Russian" }, { "en", "English" },
  { "request", "At the customer’s request" }, { "consent", "Consent was withdrawn" }, { "purpose", "No longer needed" }, { "mistake", "Entered by mistake" },
  { "law", "Required by law" },
  { "customer.register", "Registered" }, { "customer.update", "Changed" }, { "customer.erase", "Erased" }, { "customer.access", "Given out" },
  { "consent.set", "Consent" }, { "card.issue", "Card handed out" }, { "card.update", "Card changed" }, { "points.adjust", "Points adjusted" },
  { "spending.lock", "Spending locked" }, { "telegram_link.insert", "Telegram linked" }, { "telegram_link.update", "Telegram changed" },
  { "telegram_link.delete", "Telegram unlinked" }, { "receipt.record", "Receipt entered" }, { "receipt.return", "Return entered" },
  { "receipt.void", "Receipt voided" },
  { "1 point for every full manat of a receipt", "1 point for every full manat of a receipt" }, /* the name of the rule that we bring */
};

static const char *
text_of_code (ObaCatalogue *catalogue, const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].code, code))
      return oba_catalogue_get (catalogue, codes[i].text);
  return code;
}

/* The column that a field is in some section, so that a change of it reads like it. */
static const ObaAccessColumn *
column_of_field (const char *field)
{
  for (const ObaAccessSection *section = oba_access_sections; section->name != NULL; section++)
    for (const ObaAccessColumn *column = section->columns; column->member != NULL; column++)
      if (g_str_equal (column->member, field))
        return column;
  return NULL;
}

static char *
day (ObaCatalogue *catalogue, const char *iso)
{
  int y, m, d;
  GDate date;

  if (sscanf (iso, "%d-%d-%d", &y, &m, &d) != 3 || !g_date_valid_dmy ((GDateDay) d, (GDateMonth) m, (GDateYear) y))
    return g_strdup (iso);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) d, (GDateMonth) m, (GDateYear) y);
  return oba_catalogue_day (catalogue, &date);
}

/* The connection's time zone is Baku's. */
char *
oba_access_moment (ObaCatalogue *catalogue, const char *iso)
{
  g_autofree char *date = day (catalogue, iso);
  const char *time = strchr (iso, 'T');

  return time != NULL && strlen (time) >= 6 ? g_strdup_printf ("%s %.5s", date, time + 1) : g_steal_pointer (&date);
}

static char *
plain (JsonNode *value)
{
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (value));
  return json_to_string (value, FALSE);
}

static const char *
member_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static JsonObject *
member_object (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static char *text_of_value (ObaCatalogue *catalogue, ObaAccessKind kind, JsonNode *node);

/* A message that was made of figures, such as a receipt's: "Total: 7,00 ₼, Points: 7". NULL when there are none. */
static char *
figures (ObaCatalogue *catalogue, JsonObject *payload)
{
  static const char *const fields[] = { "total", "points", "balance" };
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const ObaAccessColumn *column = column_of_field (fields[i]);
      JsonNode *node = json_object_get_member (payload, fields[i]);
      g_autofree char *value = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? text_of_value (catalogue, column->kind, node) : NULL;

      if (value != NULL)
        g_string_append_printf (out, "%s%s: %s", out->len > 0 ? ", " : "", oba_catalogue_get (catalogue, column->title), value);
    }
  return out->len > 0 ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

static char *
message (ObaCatalogue *catalogue, JsonNode *payload)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (payload) ? json_node_get_object (payload) : NULL;
  JsonObject *inner = object != NULL ? member_object (object, "message") : NULL;
  JsonObject *pressed = object != NULL ? member_object (object, "callback_query") : NULL;
  const char *text = object != NULL ? member_text (object, "text") : NULL;
  char *made = NULL;

  if (text == NULL && inner != NULL)
    text = member_text (inner, "text");
  if (text == NULL && pressed != NULL)
    text = member_text (pressed, "data");
  if (text == NULL && object != NULL)
    made = figures (catalogue, object);
  if (made != NULL)
    return made;
  return text != NULL ? g_strdup (text) : plain (payload);
}

/* "—" where there is nothing. */
static char *
changed_value (ObaCatalogue *catalogue, const ObaAccessColumn *column, JsonNode *node)
{
  g_autofree char *text = JSON_NODE_HOLDS_NULL (node) ? g_strdup ("")
                          : column != NULL && JSON_NODE_HOLDS_VALUE (node) ? text_of_value (catalogue, column->kind, node) : plain (node);

  return g_strdup (*text == '\0' ? "—" : text_of_code (catalogue, text));
}

static void
append_change (GString *out, ObaCatalogue *catalogue, const char *field, JsonNode *value)
{
  /* Of the bookkeeping: the JSON has them. */
  static const char *const hidden[] = { "customer_id", "status_since", "state_since", "linked_by", "linked_at", "unreachable_at", "issued_at", "issued_by",
                                        "registered_by", "preferred_store_id", "given_as", "erased_for", "erasure_note", NULL };
  const ObaAccessColumn *column = column_of_field (field);
  const char *title = column != NULL ? oba_catalogue_get (catalogue, column->title) : text_of_code (catalogue, field);
  JsonArray *pair = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (g_strv_contains (hidden, field))
    return;
  if (pair == NULL || json_array_get_length (pair) != 2)
    {
      g_autofree char *only = changed_value (catalogue, column, value);

      g_string_append_printf (out, "%s%s: %s", out->len > 0 ? "\n" : "", title, only);
      return;
    }
  before = changed_value (catalogue, column, json_array_get_element (pair, 0));
  after = changed_value (catalogue, column, json_array_get_element (pair, 1));
  if (!g_str_equal (before, after))
    g_string_append_printf (out, "%s%s: %s → %s", out->len > 0 ? "\n" : "", title, before, after);
}

/* {"city": ["Bakı", "Quba"]}: "City: Bakı → Quba" */
static char *
changes (ObaCatalogue *catalogue, JsonNode *node)
{
  g_autoptr (GString) out = g_string_new (NULL);
  JsonObjectIter iter;
  const char *field;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return plain (node);
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &field, &value) && out->len < MAX_CHANGE_CHARS)
    append_change (out, catalogue, field, value);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
text_of_value (ObaCatalogue *catalogue, ObaAccessKind kind, JsonNode *node)
{
  g_autofree char *text = plain (node);

  switch (kind)
    {
    case OBA_ACCESS_DAY:
      return day (catalogue, text);
    case OBA_ACCESS_MOMENT:
      return oba_access_moment (catalogue, text);
    case OBA_ACCESS_MONEY:
      return oba_catalogue_money (catalogue, json_node_get_int (node));
    case OBA_ACCESS_NUMBER:
      return oba_catalogue_number (catalogue, json_node_get_int (node));
    case OBA_ACCESS_CODE:
      return g_strdup (text_of_code (catalogue, text));
    case OBA_ACCESS_MESSAGE:
      return message (catalogue, node);
    case OBA_ACCESS_CHANGES:
      return changes (catalogue, node);
    case OBA_ACCESS_TEXT:
    default:
      return g_steal_pointer (&text);
    }
}

char *
oba_access_text (ObaCatalogue *catalogue, const ObaAccessColumn *column, JsonObject *row)
{
  JsonNode *node = json_object_get_member (row, column->member);

  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? g_strdup ("") : text_of_value (catalogue, column->kind, node);
}

GPtrArray *
oba_access_list_texts (void)
{
  GPtrArray *texts = g_ptr_array_new ();

  for (const ObaAccessSection *section = oba_access_sections; section->name != NULL; section++)
    if (section->title != NULL)
      {
        g_ptr_array_add (texts, (gpointer) section->title);
        for (const ObaAccessColumn *column = section->columns; column->member != NULL; column++)
          g_ptr_array_add (texts, (gpointer) column->title);
      }
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    g_ptr_array_add (texts, (gpointer) codes[i].text);
  for (guint i = 0; oba_access_pdf_texts[i] != NULL; i++)
    g_ptr_array_add (texts, (gpointer) oba_access_pdf_texts[i]);
  g_ptr_array_add (texts, NULL);
  return texts;
}
