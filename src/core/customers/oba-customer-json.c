#include "oba-customer-json.h"

#include <stdio.h>

static JsonNode *
element (JsonArray *array,
         guint      i)
{
  JsonNode *node = i < json_array_get_length (array) ? json_array_get_element (array, i) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

static JsonNode *
member (JsonObject *object,
        const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

static const char *
text_of (JsonNode *node)
{
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  return text != NULL ? text : "";
}

/* g_date_set_parse() would ask the locale. */
static void
date_of (const char *text,
         GDate      *date)
{
  int year = 0;
  int month = 0;
  int day = 0;

  g_date_clear (date, 1);
  if (sscanf (text, "%4d-%2d-%2d", &year, &month, &day) == 3 && g_date_valid_dmy ((GDateDay) day, month, (GDateYear) year))
    g_date_set_dmy (date, (GDateDay) day, month, (GDateYear) year);
}

void
oba_customer_json_date (JsonArray *array,
                        guint      i,
                        GDate     *date)
{
  date_of (text_of (element (array, i)), date);
}

char *
oba_customer_json_text (JsonArray *array,
                        guint      i)
{
  return g_strdup (text_of (element (array, i)));
}

GDateTime *
oba_customer_json_time (JsonArray *array,
                        guint      i)
{
  return g_date_time_new_from_iso8601 (text_of (element (array, i)), NULL);
}

gint64
oba_customer_json_int (JsonArray *array,
                       guint      i)
{
  JsonNode *node = element (array, i);

  return node != NULL ? json_node_get_int (node) : 0;
}

double
oba_customer_json_double (JsonArray *array,
                          guint      i)
{
  JsonNode *node = element (array, i);

  return node != NULL ? json_node_get_double (node) : 0;
}

gboolean
oba_customer_json_flag (JsonArray *array,
                        guint      i)
{
  JsonNode *node = element (array, i);

  return node != NULL && json_node_get_boolean (node);
}

char *
oba_customer_json_member_text (JsonObject *object,
                               const char *name)
{
  return g_strdup (text_of (member (object, name)));
}

GDateTime *
oba_customer_json_member_time (JsonObject *object,
                               const char *name)
{
  return g_date_time_new_from_iso8601 (text_of (member (object, name)), NULL);
}

GDate *
oba_customer_json_member_date (JsonObject *object,
                               const char *name)
{
  GDate date;

  date_of (text_of (member (object, name)), &date);
  return g_date_valid (&date) ? g_date_copy (&date) : NULL;
}

gint64
oba_customer_json_member_int (JsonObject *object,
                              const char *name,
                              gint64      missing)
{
  JsonNode *node = member (object, name);

  return node != NULL ? json_node_get_int (node) : missing;
}

double
oba_customer_json_member_double (JsonObject *object,
                                 const char *name)
{
  JsonNode *node = member (object, name);

  return node != NULL ? json_node_get_double (node) : 0;
}

JsonArray *
oba_customer_json_member_array (JsonObject *object,
                                const char *name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonObject *
oba_customer_json_member_object (JsonObject *object,
                                 const char *name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

GPtrArray *
oba_customer_json_list (JsonObject     *object,
                        const char     *name,
                        gpointer      (*parse) (JsonArray *fields),
                        GDestroyNotify  destroy)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (destroy);
  JsonArray *rows = oba_customer_json_member_array (object, name);

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    g_ptr_array_add (list, parse (json_array_get_array_element (rows, i)));
  return list;
}
