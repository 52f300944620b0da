#include "oba-filter.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "oba-error.h"

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
read_text (ObaFilter *self,
           guint      field,
           JsonNode  *node)
{
  const char *text = holds_text (node) ? json_node_get_string (node) : NULL;

  if (text == NULL || *text == '\0' || !g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) > MAX_TEXT_CHARS)
    return FALSE;
  oba_filter_set_text (self, field, text);
  return TRUE;
}

static gboolean
read_number (ObaFilter *self,
             guint      field,
             JsonNode  *node)
{
  const ObaFilterField *spec = &oba_filter_get_spec (self)->fields[field];

  if (!holds_integer (node) || json_node_get_int (node) < spec->min || json_node_get_int (node) > spec->max
      || oba_filter_has_number (self, field, json_node_get_int (node)))
    return FALSE;
  oba_filter_add_number (self, field, json_node_get_int (node));
  return TRUE;
}

static gboolean
read_name (ObaFilter      *self,
           guint  field,
           JsonNode               *node)
{
  const char *const *choices = oba_filter_get_spec (self)->fields[field].choices;
  const char *name = holds_text (node) ? json_node_get_string (node) : NULL;

  if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL) || g_utf8_strlen (name, -1) > MAX_NAME_CHARS
      || oba_filter_has_name (self, field, name))
    return FALSE;
  if (choices != NULL && !g_strv_contains (choices, name))
    return FALSE;
  oba_filter_add_name (self, field, name);
  return TRUE;
}

static gboolean
read_list (ObaFilter      *self,
           guint  field,
           JsonNode               *node,
           gboolean              (*read) (ObaFilter *, guint, JsonNode *))
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n < 1 || n > OBA_FILTER_MAX_VALUES)
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
read_days (ObaFilter      *self,
           guint  field,
           JsonArray              *ends)
{
  GDate from;
  GDate to;

  return read_day (json_array_get_element (ends, 0), &from) && read_day (json_array_get_element (ends, 1), &to)
         && oba_filter_set_days (self, field, &from, &to) && oba_filter_has (self, field);
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
read_range (ObaFilter      *self,
            guint  field,
            JsonArray              *ends)
{
  gint64 min;
  gint64 max;

  return read_end (json_array_get_element (ends, 0), OBA_FILTER_NO_MIN, &min)
         && read_end (json_array_get_element (ends, 1), OBA_FILTER_NO_MAX, &max)
         && oba_filter_set_range (self, field, min, max) && oba_filter_has (self, field);
}

static gboolean
read_ends (ObaFilter      *self,
           guint  field,
           JsonNode               *node,
           gboolean              (*read) (ObaFilter *, guint, JsonArray *))
{
  return JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) == 2
         && read (self, field, json_node_get_array (node));
}

/* "2026-03-31T18:30", or a day alone for its first or @last minute. */
static gboolean
read_time (JsonNode *node,
           gboolean  last,
           gint64    open,
           gint64   *time)
{
  const char *text = holds_text (node) ? json_node_get_string (node) : NULL;
  g_autoptr (JsonNode) day_node = NULL;
  g_autofree char *day_text = NULL;
  GDate day;

  *time = open;
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (text == NULL || !g_regex_match_simple ("^[0-9]{4}-[0-9]{2}-[0-9]{2}(T([01][0-9]|2[0-3]):[0-5][0-9])?$", text, G_REGEX_DOLLAR_ENDONLY, 0))
    return FALSE;
  day_text = g_strndup (text, 10);
  day_node = json_node_init_string (json_node_alloc (), day_text);
  if (!read_day (day_node, &day))
    return FALSE;
  if (text[10] == '\0')
    *time = oba_filter_minute (&day, last ? 23 : 0, last ? 59 : 0);
  else
    *time = oba_filter_minute (&day, (guint) atoi (text + 11), (guint) atoi (text + 14));
  return TRUE;
}

static gboolean
read_times (ObaFilter *self,
            guint      field,
            JsonArray *ends)
{
  gint64 min;
  gint64 max;

  return read_time (json_array_get_element (ends, 0), FALSE, OBA_FILTER_NO_MIN, &min)
         && read_time (json_array_get_element (ends, 1), TRUE, OBA_FILTER_NO_MAX, &max)
         && oba_filter_set_range (self, field, min, max) && oba_filter_has (self, field);
}

static gboolean
holds_boolean (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN;
}

static gboolean
read_flags (ObaFilter *self,
            guint      field,
            JsonNode  *node)
{
  JsonObjectIter iter;
  const char *flag;
  JsonNode *yes;

  if (!JSON_NODE_HOLDS_OBJECT (node) || json_object_get_size (json_node_get_object (node)) == 0)
    return FALSE;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &flag, &yes))
    {
      if (!g_strv_contains (oba_filter_get_spec (self)->fields[field].choices, flag) || !holds_boolean (yes))
        return FALSE;
      oba_filter_set_flag_of (self, field, flag, json_node_get_boolean (yes));
    }
  return TRUE;
}

static gboolean
read_flag (ObaFilter *self,
           guint      field,
           JsonNode  *node)
{
  if (!holds_boolean (node))
    return FALSE;
  oba_filter_set_flag (self, field, json_node_get_boolean (node));
  return TRUE;
}

static gboolean
read_field (ObaFilter *self,
            guint      field,
            JsonNode  *node)
{
  switch (oba_filter_get_spec (self)->fields[field].kind)
    {
    case OBA_FILTER_TEXT:
      return read_text (self, field, node);
    case OBA_FILTER_NUMBERS:
      return read_list (self, field, node, read_number);
    case OBA_FILTER_NUMBER:
      return read_number (self, field, node);
    case OBA_FILTER_NAMES:
      return read_list (self, field, node, read_name);
    case OBA_FILTER_DAYS:
      return read_ends (self, field, node, read_days);
    case OBA_FILTER_TIMES:
      return read_ends (self, field, node, read_times);
    case OBA_FILTER_RANGE:
      return read_ends (self, field, node, read_range);
    case OBA_FILTER_FLAGS:
      return read_flags (self, field, node);
    case OBA_FILTER_FLAG:
    default:
      return read_flag (self, field, node);
    }
}

static guint
find_field (const ObaFilterSpec *spec,
            const char          *name)
{
  guint field = 0;

  while (field < spec->n_fields && !g_str_equal (spec->fields[field].name, name))
    field++;
  return field;
}

ObaFilter *
oba_filter_from_node (const ObaFilterSpec *spec,
                      JsonNode            *node,
                      GError             **error)
{
  g_autoptr (ObaFilter) self = oba_filter_new (spec);
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
    {
      guint field = find_field (spec, name);

      if (field == spec->n_fields || !read_field (self, field, value))
        {
          refuse (error, name);
          return NULL;
        }
    }
  return g_steal_pointer (&self);
}

ObaFilter *
oba_filter_from_json (const ObaFilterSpec *spec,
                      const char          *json,
                      GError             **error)
{
  g_autoptr (JsonNode) node = g_utf8_validate (json, -1, NULL) ? json_from_string (json, NULL) : NULL;

  return oba_filter_from_node (spec, node, error);
}

/* ---- out */

static void
write_numbers (const ObaFilter *self,
               guint   field,
               JsonBuilder             *builder)
{
  GArray *numbers = oba_filter_get_numbers (self, field);

  json_builder_begin_array (builder);
  for (guint i = 0; i < numbers->len; i++)
    json_builder_add_int_value (builder, g_array_index (numbers, gint64, i));
  json_builder_end_array (builder);
}

static void
write_names (const ObaFilter *self,
             guint   field,
             JsonBuilder             *builder)
{
  GPtrArray *names = oba_filter_get_names (self, field);

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
write_days (const ObaFilter *self,
            guint   field,
            JsonBuilder             *builder)
{
  GDate from;
  GDate to;

  oba_filter_get_days (self, field, &from, &to);
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
write_range (const ObaFilter *self,
             guint   field,
             JsonBuilder             *builder)
{
  gint64 min;
  gint64 max;

  oba_filter_get_range (self, field, &min, &max);
  json_builder_begin_array (builder);
  write_end (builder, min, OBA_FILTER_NO_MIN);
  write_end (builder, max, OBA_FILTER_NO_MAX);
  json_builder_end_array (builder);
}

static void
write_time (JsonBuilder *builder,
            gint64       time,
            gint64       open)
{
  g_autofree char *text = NULL;
  GDate day;
  guint hour;
  guint minute;

  if (time == open)
    {
      json_builder_add_null_value (builder);
      return;
    }
  oba_filter_split_minute (time, &day, &hour, &minute);
  text = g_strdup_printf ("%04u-%02u-%02uT%02u:%02u", g_date_get_year (&day), g_date_get_month (&day), g_date_get_day (&day), hour, minute);
  json_builder_add_string_value (builder, text);
}

static void
write_times (const ObaFilter *self,
             guint            field,
             JsonBuilder     *builder)
{
  gint64 min;
  gint64 max;

  oba_filter_get_range (self, field, &min, &max);
  json_builder_begin_array (builder);
  write_time (builder, min, OBA_FILTER_NO_MIN);
  write_time (builder, max, OBA_FILTER_NO_MAX);
  json_builder_end_array (builder);
}

static void
write_flags (const ObaFilter *self,
             guint            field,
             JsonBuilder     *builder)
{
  const char *const *choices = oba_filter_get_spec (self)->fields[field].choices;
  gboolean yes;

  json_builder_begin_object (builder);
  for (guint i = 0; choices[i] != NULL; i++)
    if (oba_filter_get_flag_of (self, field, choices[i], &yes))
      {
        json_builder_set_member_name (builder, choices[i]);
        json_builder_add_boolean_value (builder, yes);
      }
  json_builder_end_object (builder);
}

static void
write_flag (const ObaFilter *self,
            guint            field,
            JsonBuilder     *builder)
{
  gboolean yes;

  oba_filter_get_flag (self, field, &yes);
  json_builder_add_boolean_value (builder, yes);
}

static void
write_field (const ObaFilter *self,
             guint            field,
             JsonBuilder     *builder)
{
  json_builder_set_member_name (builder, oba_filter_get_spec (self)->fields[field].name);
  switch (oba_filter_get_spec (self)->fields[field].kind)
    {
    case OBA_FILTER_TEXT:
      json_builder_add_string_value (builder, oba_filter_get_text (self, field));
      break;
    case OBA_FILTER_NUMBERS:
      write_numbers (self, field, builder);
      break;
    case OBA_FILTER_NUMBER:
      json_builder_add_int_value (builder, g_array_index (oba_filter_get_numbers (self, field), gint64, 0));
      break;
    case OBA_FILTER_NAMES:
      write_names (self, field, builder);
      break;
    case OBA_FILTER_DAYS:
      write_days (self, field, builder);
      break;
    case OBA_FILTER_TIMES:
      write_times (self, field, builder);
      break;
    case OBA_FILTER_RANGE:
      write_range (self, field, builder);
      break;
    case OBA_FILTER_FLAGS:
      write_flags (self, field, builder);
      break;
    case OBA_FILTER_FLAG:
    default:
      write_flag (self, field, builder);
    }
}

JsonNode *
oba_filter_to_node (const ObaFilter *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  for (guint field = 0; field < oba_filter_get_spec (self)->n_fields; field++)
    if (oba_filter_has (self, field))
      write_field (self, field, builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

char *
oba_filter_to_json (const ObaFilter *self)
{
  g_autoptr (JsonNode) node = oba_filter_to_node (self);

  return json_to_string (node, FALSE);
}
