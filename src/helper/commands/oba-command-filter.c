#include "oba-config.h"
#include "oba-command-filter.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/oba-error.h"

/* How a value of each field of a filter is written on a command line. */
typedef enum
{
  TEXT,
  NUMBER,
  NUMBERS,
  NAMES,
  DAYS,
  RANGE,
  CONSENTS,
} Shape;

static const Shape shapes[OBA_CUSTOMER_FILTER_N_FIELDS] = {
  [OBA_CUSTOMER_FILTER_TEXT] = TEXT,
  [OBA_CUSTOMER_FILTER_STORES] = NUMBERS,
  [OBA_CUSTOMER_FILTER_CITIES] = NAMES,
  [OBA_CUSTOMER_FILTER_TIERS] = NUMBERS,
  [OBA_CUSTOMER_FILTER_STATUS] = NAMES,
  [OBA_CUSTOMER_FILTER_LIFECYCLE] = NAMES,
  [OBA_CUSTOMER_FILTER_SEGMENTS] = NUMBERS,
  [OBA_CUSTOMER_FILTER_REGISTERED] = DAYS,
  [OBA_CUSTOMER_FILTER_LAST_PURCHASE] = DAYS,
  [OBA_CUSTOMER_FILTER_SPEND] = RANGE,
  [OBA_CUSTOMER_FILTER_POINTS] = RANGE,
  [OBA_CUSTOMER_FILTER_CONSENTS] = CONSENTS,
  [OBA_CUSTOMER_FILTER_BIRTH_MONTHS] = NUMBERS,
  [OBA_CUSTOMER_FILTER_BATCH] = NUMBER,
};

static gboolean
refuse (const char *word, GError **error)
{
  g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("--filter “%s” cannot be read; --help tells what may be filtered by."), word);
  return FALSE;
}

/* (transfer full) (nullable) */
static JsonNode *
number_node (const char *text)
{
  JsonNode *node;
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, G_MININT64 + 1, G_MAXINT64 - 1, &number, NULL))
    return NULL;
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_int (node, number);
  return node;
}

static JsonNode *
text_node (const char *text)
{
  return json_node_init_string (json_node_alloc (), text);
}

static JsonNode *
list_node (const char *value, gboolean numbers)
{
  g_auto (GStrv) words = g_strsplit (value, ",", -1);
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = 0; words[i] != NULL; i++)
    {
      JsonNode *node = numbers ? number_node (g_strstrip (words[i])) : text_node (g_strstrip (words[i]));

      if (node == NULL)
        return NULL;
      json_array_add_element (array, node);
    }
  return json_node_init_array (json_node_alloc (), array);
}

static gboolean
add_end (JsonArray *ends, const char *text, gboolean numbers)
{
  JsonNode *node = *text == '\0' ? json_node_init_null (json_node_alloc ()) : numbers ? number_node (text) : text_node (text);

  if (node != NULL)
    json_array_add_element (ends, node);
  return node != NULL;
}

/* "from..to"; without an end it is open there, without dots it is both. */
static JsonNode *
range_node (const char *value, gboolean numbers)
{
  const char *dots = strstr (value, "..");
  g_autofree char *from = dots != NULL ? g_strndup (value, (gsize) (dots - value)) : g_strdup (value);
  g_autoptr (JsonArray) ends = json_array_new ();

  if (!add_end (ends, from, numbers) || !add_end (ends, dots != NULL ? dots + 2 : value, numbers))
    return NULL;
  return json_node_init_array (json_node_alloc (), ends);
}

/* "sms,!email": agreed to the one, not to the other */
static JsonNode *
consents_node (const char *value)
{
  g_auto (GStrv) words = g_strsplit (value, ",", -1);
  g_autoptr (JsonObject) object = json_object_new ();

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = g_strstrip (words[i]);

      json_object_set_boolean_member (object, *word == '!' ? word + 1 : word, *word != '!');
    }
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
value_node (Shape shape, const char *value)
{
  switch (shape)
    {
    case NUMBER:
      return number_node (value);
    case NUMBERS:
      return list_node (value, TRUE);
    case NAMES:
      return list_node (value, FALSE);
    case DAYS:
      return range_node (value, FALSE);
    case RANGE:
      return range_node (value, TRUE);
    case CONSENTS:
      return consents_node (value);
    case TEXT:
    default:
      return text_node (value);
    }
}

static gboolean
add_pair (JsonObject *object, const char *word, GError **error)
{
  const char *equals = strchr (word, '=');
  g_autofree char *key = equals != NULL ? g_strndup (word, (gsize) (equals - word)) : NULL;

  for (guint i = 0; key != NULL && i < OBA_CUSTOMER_FILTER_N_FIELDS; i++)
    if (g_str_equal (key, oba_customer_filter_field_get_name ((ObaCustomerFilterField) i)))
      {
        JsonNode *node = value_node (shapes[i], equals + 1);

        if (node == NULL)
          break;
        json_object_set_member (object, key, node);
        return TRUE;
      }
  return refuse (word, error);
}

static gboolean
add_json (JsonObject *object, const char *word, GError **error)
{
  g_autoptr (JsonNode) root = json_from_string (word, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return refuse (word, error);
  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, &name, &value))
    json_object_set_member (object, name, json_node_copy (value));
  return TRUE;
}

static gboolean
take_customers (ObaExportOptions *options, char **words, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), object);

  for (guint i = 0; words[i] != NULL; i++)
    if (!(*words[i] == '{' ? add_json (object, words[i], error) : add_pair (object, words[i], error)))
      return FALSE;
  options->filter = oba_customer_filter_from_node (root, error);
  return options->filter != NULL;
}

static gboolean
is_day (const char *text)
{
  g_autoptr (GDateTime) day = NULL;
  g_autofree char *moment = g_strconcat (text, "T00:00:00Z", NULL);

  if (strlen (text) == 10)
    day = g_date_time_new_from_iso8601 (moment, NULL);
  return day != NULL;
}

static gboolean
take_pair (ObaExportOptions *options, const char *word, GError **error)
{
  const char *equals = strchr (word, '=');
  gsize n = equals != NULL ? (gsize) (equals - word) : 0;

  if (n == strlen ("from") && strncmp (word, "from", n) == 0 && is_day (equals + 1))
    {
      g_free (options->from);
      options->from = g_strdup (equals + 1);
    }
  else if (n == strlen ("to") && strncmp (word, "to", n) == 0 && is_day (equals + 1))
    {
      g_free (options->to);
      options->to = g_strdup (equals + 1);
    }
  else if (options->kind == OBA_EXPORT_SALES && n == strlen ("store") && strncmp (word, "store", n) == 0 && equals[1] != '\0')
    {
      g_free (options->store);
      options->store = g_strdup (equals + 1);
    }
  else if (n != strlen ("customer") || strncmp (word, "customer", n) != 0
           || !g_ascii_string_to_signed (equals + 1, 10, 1, G_MAXINT64, &options->customer, NULL))
    return refuse (word, error);
  return TRUE;
}

gboolean
oba_command_filter_take (ObaExportOptions *options, char **words, GError **error)
{
  if (words == NULL)
    return TRUE;
  if (options->kind == OBA_EXPORT_CUSTOMERS)
    return take_customers (options, words, error);
  for (guint i = 0; words[i] != NULL; i++)
    if (!take_pair (options, words[i], error))
      return FALSE;
  return TRUE;
}
