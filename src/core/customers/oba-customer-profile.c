#include "oba-customer-profile.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

static void
oba_customer_consent_free (gpointer data)
{
  ObaCustomerConsent *consent = data;

  g_free (consent->channel);
  g_free (consent);
}

static void
oba_customer_card_free (gpointer data)
{
  ObaCustomerCard *card = data;

  g_free (card->number);
  g_free (card->state);
  g_free (card);
}

static gpointer
oba_customer_parse_consent (JsonNode *node)
{
  JsonArray *fields = json_node_get_array (node);
  ObaCustomerConsent *consent = g_new0 (ObaCustomerConsent, 1);

  consent->channel = g_strdup (json_array_get_string_element (fields, 0));
  consent->granted = json_array_get_boolean_element (fields, 1);
  consent->since = json_array_get_int_element (fields, 2);
  return consent;
}

static gpointer
oba_customer_parse_card (JsonNode *node)
{
  JsonArray *fields = json_node_get_array (node);
  ObaCustomerCard *card = g_new0 (ObaCustomerCard, 1);

  card->number = g_strdup (json_array_get_string_element (fields, 0));
  card->state = g_strdup (json_array_get_string_element (fields, 1));
  return card;
}

static gpointer
oba_customer_parse_expiry (JsonNode *node)
{
  JsonArray *fields = json_node_get_array (node);
  ObaCustomerExpiry *expiry = g_new0 (ObaCustomerExpiry, 1);
  int year = 0;
  int month = 0;
  int day = 0;

  /* g_date_set_parse() would ask the locale. */
  if (sscanf (json_array_get_string_element (fields, 0), "%4d-%2d-%2d", &year, &month, &day) == 3
      && g_date_valid_dmy ((GDateDay) day, month, (GDateYear) year))
    g_date_set_dmy (&expiry->last_day, (GDateDay) day, month, (GDateYear) year);
  expiry->points = json_array_get_int_element (fields, 1);
  return expiry;
}

static gpointer
oba_customer_parse_text (JsonNode *node)
{
  return g_strdup (json_node_get_string (node));
}

/* The elements of a json_agg(): NULL is an empty list. */
static GPtrArray *
oba_customer_parse_list (const char     *json,
                         gpointer      (*parse) (JsonNode *node),
                         GDestroyNotify  destroy)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (destroy);
  g_autoptr (JsonNode) root = *json != '\0' ? json_from_string (json, NULL) : NULL;
  JsonArray *array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (list, parse (json_array_get_element (array, i)));
  return list;
}

static guint
oba_customer_column (ObaDbResult *result,
                     const char  *name)
{
  int column = oba_db_result_find_column (result, name);

  g_assert (column >= 0);
  return (guint) column;
}

static char *
oba_customer_text (ObaDbResult *result,
                   const char  *name)
{
  return g_strdup (oba_db_result_get_text (result, 0, oba_customer_column (result, name)));
}

static gint64
oba_customer_int64 (ObaDbResult *result,
                    const char  *name)
{
  return oba_db_result_get_int64 (result, 0, oba_customer_column (result, name));
}

static GDateTime *
oba_customer_time (ObaDbResult *result,
                   const char  *name)
{
  return oba_db_result_get_time (result, 0, oba_customer_column (result, name));
}

static void
oba_customer_profile_read_person (ObaCustomerProfile *self,
                                  ObaDbResult        *result)
{
  self->id = oba_customer_int64 (result, "customer_id");
  self->version = oba_customer_int64 (result, "version");
  self->family_name = oba_customer_text (result, "family_name");
  self->given_name = oba_customer_text (result, "given_name");
  self->patronymic = oba_customer_text (result, "patronymic");
  self->status = oba_customer_status_parse (oba_db_result_get_text (result, 0, oba_customer_column (result, "status")));
  self->status_since = oba_customer_time (result, "status_since");
  self->blocked_reason = oba_customer_text (result, "blocked_reason");
  self->status_by = oba_customer_text (result, "status_by");
  self->merged_into = oba_customer_int64 (result, "merged_into");
  self->merged_into_name = oba_customer_text (result, "merged_into_name");
  self->phone = oba_customer_text (result, "phone");
  self->email = oba_customer_text (result, "email");
  self->birth_date = oba_db_result_get_date (result, 0, oba_customer_column (result, "birth_date"));
  self->language = oba_customer_text (result, "language");
  self->city = oba_customer_text (result, "city");
  self->notes = oba_customer_text (result, "notes");
  self->registered_at = oba_customer_time (result, "registered_at");
  self->registered_through = oba_customer_text (result, "registered_through");
  self->registered_store = oba_customer_text (result, "registered_store");
  self->preferred_store = oba_customer_text (result, "preferred_store");
  self->telegram_username = oba_customer_text (result, "telegram_username");
  self->telegram_linked_at = oba_customer_time (result, "telegram_linked_at");
}

static void
oba_customer_profile_read_points (ObaCustomerProfile *self,
                                  ObaDbResult        *result)
{
  self->balance = oba_customer_int64 (result, "balance");
  self->lifetime = oba_customer_int64 (result, "lifetime");
  self->owed = oba_customer_int64 (result, "owed");
  self->spending_locked_at = oba_customer_time (result, "spending_locked_at");
  self->spending_lock_reason = oba_customer_text (result, "spending_lock_reason");
  self->tier_code = oba_customer_text (result, "tier_code");
  self->tier = oba_customer_text (result, "tier");
  self->tier_since = oba_customer_time (result, "tier_since");
  self->tier_amount = oba_customer_int64 (result, "tier_amount");
  self->tier_by_points = oba_db_result_get_bool (result, 0, oba_customer_column (result, "tier_by_points"));
  self->tier_threshold = oba_customer_int64 (result, "tier_threshold");
  self->next_tier = oba_customer_text (result, "next_tier");
  self->next_threshold = oba_customer_int64 (result, "next_threshold");
  self->receipts = oba_customer_int64 (result, "receipts");
  self->returns = oba_customer_int64 (result, "returns");
  self->revenue = oba_customer_int64 (result, "revenue");
  self->first_purchase_at = oba_customer_time (result, "first_purchase_at");
  self->last_purchase_at = oba_customer_time (result, "last_purchase_at");
}

ObaCustomerProfile *
oba_customer_profile_new_from_result (ObaDbResult *result)
{
  ObaCustomerProfile *self = g_new0 (ObaCustomerProfile, 1);

  oba_customer_profile_read_person (self, result);
  oba_customer_profile_read_points (self, result);
  self->consents = oba_customer_parse_list (oba_db_result_get_text (result, 0, oba_customer_column (result, "consents")),
                                            oba_customer_parse_consent, oba_customer_consent_free);
  self->cards = oba_customer_parse_list (oba_db_result_get_text (result, 0, oba_customer_column (result, "cards")),
                                         oba_customer_parse_card, oba_customer_card_free);
  self->expiries = oba_customer_parse_list (oba_db_result_get_text (result, 0, oba_customer_column (result, "expiries")),
                                            oba_customer_parse_expiry, g_free);
  self->categories = oba_customer_parse_list (oba_db_result_get_text (result, 0, oba_customer_column (result, "categories")),
                                              oba_customer_parse_text, g_free);
  return self;
}

void
oba_customer_profile_free (ObaCustomerProfile *self)
{
  char *texts[] = {
    self->family_name, self->given_name, self->patronymic, self->blocked_reason, self->status_by, self->merged_into_name, self->phone, self->email, self->language,
    self->city, self->notes, self->registered_through, self->registered_store, self->preferred_store, self->tier_code,
    self->tier, self->next_tier, self->telegram_username, self->spending_lock_reason,
  };
  GDateTime *times[] = {
    self->status_since, self->registered_at, self->tier_since, self->first_purchase_at, self->last_purchase_at,
    self->telegram_linked_at, self->spending_locked_at,
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    g_clear_pointer (&times[i], g_date_time_unref);
  g_clear_pointer (&self->birth_date, g_date_free);
  g_ptr_array_unref (self->consents);
  g_ptr_array_unref (self->cards);
  g_ptr_array_unref (self->expiries);
  g_ptr_array_unref (self->categories);
  g_free (self);
}

char *
oba_customer_profile_get_name (const ObaCustomerProfile *self)
{
  g_autofree char *name = g_strjoin (" ", self->family_name, self->given_name, self->patronymic, NULL);
  GString *clean = g_string_new (g_strstrip (name));

  g_string_replace (clean, "  ", " ", 0);
  return g_string_free (clean, FALSE);
}

double
oba_customer_profile_get_progress (const ObaCustomerProfile *self)
{
  if (self->next_threshold <= self->tier_threshold)
    return 1;
  return CLAMP ((double) (self->tier_amount - self->tier_threshold) / (double) (self->next_threshold - self->tier_threshold), 0, 1);
}
