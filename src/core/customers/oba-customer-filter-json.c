#include "oba-customer-filter.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "base/oba-error.h"

#define MAX_NAME_CHARS 100
/* A search of more finds nobody; it is kept no longer than this. */
#define MAX_TEXT_CHARS 200

static gboolean
refuse (GError     **error,
        const char  *field)
{
  /* Translators: %s is a name from a file, like "registered". */
  g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("The filter’s field “%s” cannot be read."), field);
  return FALSE;
}

static gboolean
holds_integer (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64;
}

static gboolean
holds_text (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
read_text (ObaCustomerFilter *self,
           JsonNode          *node)
{
  const char *text = holds_text (node) ? json_node_get_string (node) : NULL;

  if (text == NULL || *text == '\0' || !g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) > MAX_TEXT_CHARS)
    return FALSE;
  oba_customer_filter_set_text (self, text);
  return TRUE;
}

static gboolean
read_number (ObaCustomerFilter      *self,
             ObaCustomerFilterField  field,
             JsonNode               *node)
{
  gint64 max = field == OBA_CUSTOMER_FILTER_BIRTH_MONTHS ? 12 : G_MAXINT64;
  gint64 number = holds_integer (node) ? json_node_get_int (node) : 0;

  if (number < 1 || number > max || oba_customer_filter_has_number (self, field, number))
    return FALSE;
  oba_customer_filter_add_number (self, field, number);
  return TRUE;
}

static gboolean
read_name (ObaCustomerFilter      *self,
           ObaCustomerFilterField  field,
           JsonNode               *node)
{
  const char *const *choices = oba_customer_filter_get_choices (field);
  const char *name = holds_text (node) ? json_node_get_string (node) : NULL;

  if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL) || g_utf8_strlen (name, -1) > MAX_NAME_CHARS
      || oba_customer_filter_has_name (self, field, name))
    return FALSE;
  if (choices != NULL && !g_strv_contains (choices, name))
    return FALSE;
  oba_customer_filter_add_name (self, field, name);
  return TRUE;
}

static gboolean
read_list (ObaCustomerFilter      *self,
           ObaCustomerFilterField  field,
           JsonNode               *node,
           gboolean              (*read) (ObaCustomerFilter *, ObaCustomerFilterField, JsonNode *))
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n < 1 || n > OBA_CUSTOMER_FILTER_MAX_VALUES)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!read (self, field, json_array_get_element (array, i)))
      return FALSE;
  return TRUE;
}

/* "2026-03-31" and nothing else; null stays open. */
static gboolean
read_day (JsonNode *node,
          GDate    *day)
{
  const char *text = holds_text (node) ? json_node_get_string (node) : NULL;

  g_date_clear (day, 1);
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (text == NULL || !g_regex_match_simple ("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", text, G_REGEX_DOLLAR_ENDONLY, 0))
    return FALSE;
  if (!g_date_valid_dmy ((GDateDay) atoi (text + 8), (GDateMonth) atoi (text + 5), (GDateYear) atoi (text)))
    return FALSE;
  g_date_set_dmy (day, (GDateDay) atoi (text + 8), (GDateMonth) atoi (text + 5), (GDateYear) atoi (text));
  return TRUE;
}

static gboolean
read_days (ObaCustomerFilter      *self,
           ObaCustomerFilterField  field,
           JsonArray              *ends)
{
  GDate from;
  GDate to;

  return read_day (json_array_get_element (ends, 0), &from) && read_day (json_array_get_element (ends, 1), &to)
         && oba_customer_filter_set_days (self, field, &from, &to) && oba_customer_filter_has (self, field);
}

static gboolean
read_end (JsonNode *node,
          gint64    open,
          gint64   *end)
{
  *end = open;
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!holds_integer (node))
    return FALSE;
  *end = json_node_get_int (node);
  return *end != open;
}

static gboolean
read_range (ObaCustomerFilter      *self,
            ObaCustomerFilterField  field,
            JsonArray              *ends)
{
  gint64 min;
  gint64 max;

  return read_end (json_array_get_element (ends, 0), OBA_CUSTOMER_FILTER_NO_MIN, &min)
         && read_end (json_array_get_element (ends, 1), OBA_CUSTOMER_FILTER_NO_MAX, &max)
         && oba_customer_filter_set_range (self, field, min, max) && oba_customer_filter_has (self, field);
}

static gboolean
read_ends (ObaCustomerFilter      *self,
           ObaCustomerFilterField  field,
           JsonNode               *node,
           gboolean              (*read) (ObaCustomerFilter *, ObaCustomerFilterField, JsonArray *))
{
  return JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) == 2
         && read (self, field, json_node_get_array (node));
}

static gboolean
read_consents (ObaCustomerFilter *self,
               JsonNode          *node)
{
  JsonObjectIter iter;
  const char *channel;
  JsonNode *granted;

  if (!JSON_NODE_HOLDS_OBJECT (node) || json_object_get_size (json_node_get_object (node)) == 0)
    return FALSE;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &channel, &granted))
    {
      if (!g_strv_contains (oba_customer_filter_get_channels (), channel) || !JSON_NODE_HOLDS_VALUE (granted)
          || json_node_get_value_type (granted) != G_TYPE_BOOLEAN)
        return FALSE;
      oba_customer_filter_set_consent (self, channel, json_node_get_boolean (granted));
    }
  return TRUE;
}

static gboolean
read_field (ObaCustomerFilter      *self,
            ObaCustomerFilterField  field,
            JsonNode               *node)
{
  switch (field)
    {
    case OBA_CUSTOMER_FILTER_TEXT:
      return read_text (self, node);
    case OBA_CUSTOMER_FILTER_STORES:
    case OBA_CUSTOMER_FILTER_TIERS:
    case OBA_CUSTOMER_FILTER_SEGMENTS:
    case OBA_CUSTOMER_FILTER_BIRTH_MONTHS:
      return read_list (self, field, node, read_number);
    case OBA_CUSTOMER_FILTER_BATCH:
      return read_number (self, field, node);
    case OBA_CUSTOMER_FILTER_CITIES:
    case OBA_CUSTOMER_FILTER_STATUS:
    case OBA_CUSTOMER_FILTER_LIFECYCLE:
      return read_list (self, field, node, read_name);
    case OBA_CUSTOMER_FILTER_REGISTERED:
    case OBA_CUSTOMER_FILTER_LAST_PURCHASE:
      return read_ends (self, field, node, read_days);
    case OBA_CUSTOMER_FILTER_SPEND:
    case OBA_CUSTOMER_FILTER_POINTS:
      return read_ends (self, field, node, read_range);
    case OBA_CUSTOMER_FILTER_CONSENTS:
      return read_consents (self, node);
    case OBA_CUSTOMER_FILTER_N_FIELDS:
    default:
      return FALSE;
    }
}

static ObaCustomerFilterField
find_field (const char *name)
{
  ObaCustomerFilterField field = 0;

  while (field < OBA_CUSTOMER_FILTER_N_FIELDS && !g_str_equal (oba_customer_filter_field_get_name (field), name))
    field++;
  return field;
}

ObaCustomerFilter *
oba_customer_filter_from_node (JsonNode  *node,
                               GError   **error)
{
  g_autoptr (ObaCustomerFilter) self = oba_customer_filter_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("The filter is not a JSON object."));
      return NULL;
    }
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    if (!read_field (self, find_field (name), value))
      {
        refuse (error, name);
        return NULL;
      }
  return g_steal_pointer (&self);
}

ObaCustomerFilter *
oba_customer_filter_from_json (const char  *json,
                               GError     **error)
{
  g_autoptr (JsonNode) node = g_utf8_validate (json, -1, NULL) ? json_from_string (json, NULL) : NULL;

  return oba_customer_filter_from_node (node, error);
}

/* ---- out */

static void
write_numbers (const ObaCustomerFilter *self,
               ObaCustomerFilterField   field,
               JsonBuilder             *builder)
{
  GArray *numbers = oba_customer_filter_get_numbers (self, field);

  json_builder_begin_array (builder);
  for (guint i = 0; i < numbers->len; i++)
    json_builder_add_int_value (builder, g_array_index (numbers, gint64, i));
  json_builder_end_array (builder);
}

static void
write_names (const ObaCustomerFilter *self,
             ObaCustomerFilterField   field,
             JsonBuilder             *builder)
{
  GPtrArray *names = oba_customer_filter_get_names (self, field);

  json_builder_begin_array (builder);
  for (guint i = 0; i < names->len; i++)
    json_builder_add_string_value (builder, names->pdata[i]);
  json_builder_end_array (builder);
}

static void
write_day (JsonBuilder *builder,
           const GDate *day)
{
  g_autofree char *text = NULL;

  if (!g_date_valid (day))
    {
      json_builder_add_null_value (builder);
      return;
    }
  text = g_strdup_printf ("%04u-%02u-%02u", g_date_get_year (day), g_date_get_month (day), g_date_get_day (day));
  json_builder_add_string_value (builder, text);
}

static void
write_days (const ObaCustomerFilter *self,
            ObaCustomerFilterField   field,
            JsonBuilder             *builder)
{
  GDate from;
  GDate to;

  oba_customer_filter_get_days (self, field, &from, &to);
  json_builder_begin_array (builder);
  write_day (builder, &from);
  write_day (builder, &to);
  json_builder_end_array (builder);
}

static void
write_end (JsonBuilder *builder,
           gint64       end,
           gint64       open)
{
  if (end == open)
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, end);
}

static void
write_range (const ObaCustomerFilter *self,
             ObaCustomerFilterField   field,
             JsonBuilder             *builder)
{
  gint64 min;
  gint64 max;

  oba_customer_filter_get_range (self, field, &min, &max);
  json_builder_begin_array (builder);
  write_end (builder, min, OBA_CUSTOMER_FILTER_NO_MIN);
  write_end (builder, max, OBA_CUSTOMER_FILTER_NO_MAX);
  json_builder_end_array (builder);
}

static void
write_consents (const ObaCustomerFilter *self,
                JsonBuilder             *builder)
{
  const char *const *channels = oba_customer_filter_get_channels ();
  gboolean granted;

  json_builder_begin_object (builder);
  for (guint i = 0; channels[i] != NULL; i++)
    if (oba_customer_filter_get_consent (self, channels[i], &granted))
      {
        json_builder_set_member_name (builder, channels[i]);
        json_builder_add_boolean_value (builder, granted);
      }
  json_builder_end_object (builder);
}

static void
write_field (const ObaCustomerFilter *self,
             ObaCustomerFilterField   field,
             JsonBuilder             *builder)
{
  json_builder_set_member_name (builder, oba_customer_filter_field_get_name (field));
  switch (field)
    {
    case OBA_CUSTOMER_FILTER_TEXT:
      json_builder_add_string_value (builder, oba_customer_filter_get_text (self));
      break;
    case OBA_CUSTOMER_FILTER_BATCH:
      json_builder_add_int_value (builder, g_array_index (oba_customer_filter_get_numbers (self, field), gint64, 0));
      break;
    case OBA_CUSTOMER_FILTER_CITIES:
    case OBA_CUSTOMER_FILTER_STATUS:
    case OBA_CUSTOMER_FILTER_LIFECYCLE:
      write_names (self, field, builder);
      break;
    case OBA_CUSTOMER_FILTER_REGISTERED:
    case OBA_CUSTOMER_FILTER_LAST_PURCHASE:
      write_days (self, field, builder);
      break;
    case OBA_CUSTOMER_FILTER_SPEND:
    case OBA_CUSTOMER_FILTER_POINTS:
      write_range (self, field, builder);
      break;
    case OBA_CUSTOMER_FILTER_CONSENTS:
      write_consents (self, builder);
      break;
    case OBA_CUSTOMER_FILTER_STORES:
    case OBA_CUSTOMER_FILTER_TIERS:
    case OBA_CUSTOMER_FILTER_SEGMENTS:
    case OBA_CUSTOMER_FILTER_BIRTH_MONTHS:
    case OBA_CUSTOMER_FILTER_N_FIELDS:
    default:
      write_numbers (self, field, builder);
    }
}

JsonNode *
oba_customer_filter_to_node (const ObaCustomerFilter *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  for (ObaCustomerFilterField field = 0; field < OBA_CUSTOMER_FILTER_N_FIELDS; field++)
    if (oba_customer_filter_has (self, field))
      write_field (self, field, builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

char *
oba_customer_filter_to_json (const ObaCustomerFilter *self)
{
  g_autoptr (JsonNode) node = oba_customer_filter_to_node (self);

  return json_to_string (node, FALSE);
}
