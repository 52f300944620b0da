#include "oba-telegram-specification.h"

#include <gio/gio.h>
#include <string.h>

#define ARRAY_OF "Array of "

struct _ObaTelegramSpecification
{
  JsonNode *root;
  JsonObject *methods; /* (unowned) */
  JsonObject *types;   /* (unowned) */
};

static GInputStream *
open_file (void)
{
  const char *given = g_getenv ("OBA_TELEGRAM_SPECIFICATION");
  g_autofree char *beside = g_test_build_filename (G_TEST_DIST, "..", "..", "..", "shared", "telegram", "api.json.gz", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (given != NULL ? given : beside);
  g_autoptr (GFileInputStream) raw = g_file_read (file, NULL, NULL);
  g_autoptr (GConverter) gunzip = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));

  return raw != NULL ? g_converter_input_stream_new (G_INPUT_STREAM (raw), gunzip) : NULL;
}

ObaTelegramSpecification *
oba_telegram_specification_load (void)
{
  g_autoptr (GInputStream) stream = open_file ();
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  ObaTelegramSpecification *self;

  if (stream == NULL)
    return NULL;
  json_parser_load_from_stream (parser, stream, NULL, &error);
  g_assert_no_error (error);
  self = g_new0 (ObaTelegramSpecification, 1);
  self->root = json_parser_steal_root (parser);
  self->methods = json_object_get_object_member (json_node_get_object (self->root), "methods");
  self->types = json_object_get_object_member (json_node_get_object (self->root), "types");
  return self;
}

void
oba_telegram_specification_free (ObaTelegramSpecification *self)
{
  json_node_unref (self->root);
  g_free (self);
}

static char *check_fields (ObaTelegramSpecification *self, const char *where, JsonArray *fields, JsonObject *object);

/* Is @value of @type? Returns: (transfer full) (nullable): what is wrong */
static char *
check_type (ObaTelegramSpecification *self, const char *where, const char *type, JsonNode *value)
{
  GType holds = json_node_get_value_type (value);
  JsonObject *known;

  if (g_str_has_prefix (type, ARRAY_OF))
    {
      JsonArray *array = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;
      char *fault = array == NULL ? g_strdup_printf ("%s is no array", where) : NULL;

      for (guint i = 0; fault == NULL && i < json_array_get_length (array); i++)
        fault = check_type (self, where, type + strlen (ARRAY_OF), json_array_get_element (array, i));
      return fault;
    }
  if (g_str_equal (type, "Integer"))
    return holds == G_TYPE_INT64 ? NULL : g_strdup_printf ("%s is no integer", where);
  if (g_str_equal (type, "Float"))
    return holds == G_TYPE_DOUBLE || holds == G_TYPE_INT64 ? NULL : g_strdup_printf ("%s is no number", where);
  if (g_str_equal (type, "Boolean") || g_str_equal (type, "True"))
    return holds == G_TYPE_BOOLEAN ? NULL : g_strdup_printf ("%s is no boolean", where);
  if (g_str_equal (type, "String") || g_str_equal (type, "InputFile"))
    return holds == G_TYPE_STRING ? NULL : g_strdup_printf ("%s is no string", where);
  known = json_object_has_member (self->types, type) ? json_object_get_object_member (self->types, type) : NULL;
  if (known == NULL)
    return g_strdup_printf ("%s has a type that the specification lacks: %s", where, type);
  if (json_object_has_member (known, "subtypes"))
    {
      JsonArray *subtypes = json_object_get_array_member (known, "subtypes");
      char *fault = NULL;

      for (guint i = 0; i < json_array_get_length (subtypes); i++)
        {
          g_free (fault);
          fault = check_type (self, where, json_array_get_string_element (subtypes, i), value);
          if (fault == NULL)
            break;
        }
      return fault;
    }
  if (!JSON_NODE_HOLDS_OBJECT (value))
    return g_strdup_printf ("%s is no object", where);
  return check_fields (self, type, json_object_has_member (known, "fields") ? json_object_get_array_member (known, "fields") : NULL, json_node_get_object (value));
}

static JsonObject *
find_field (JsonArray *fields, const char *name)
{
  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (fields, i), "name"), name))
      return json_array_get_object_element (fields, i);
  return NULL;
}

static char *
check_field (ObaTelegramSpecification *self, const char *where, JsonObject *field, JsonNode *value)
{
  g_autofree char *name = g_strconcat (where, ".", json_object_get_string_member (field, "name"), NULL);
  JsonArray *types = json_object_get_array_member (field, "types");
  char *fault = NULL;

  for (guint i = 0; i < json_array_get_length (types); i++)
    {
      g_free (fault);
      fault = check_type (self, name, json_array_get_string_element (types, i), value);
      if (fault == NULL)
        return NULL;
    }
  return fault;
}

static char *
check_fields (ObaTelegramSpecification *self, const char *where, JsonArray *fields, JsonObject *object)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonObject *field = find_field (fields, l->data);
      char *fault = field == NULL ? g_strdup_printf ("%s has no field %s", where, (char *) l->data)
                                  : check_field (self, where, field, json_object_get_member (object, l->data));

      if (fault != NULL)
        return fault;
    }
  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonObject *field = json_array_get_object_element (fields, i);

      if (json_object_get_boolean_member (field, "required") && !json_object_has_member (object, json_object_get_string_member (field, "name")))
        return g_strdup_printf ("%s wants %s", where, json_object_get_string_member (field, "name"));
    }
  return NULL;
}

char *
oba_telegram_specification_find_fault (ObaTelegramSpecification *self, const char *method, JsonObject *parameters)
{
  JsonObject *known = json_object_has_member (self->methods, method) ? json_object_get_object_member (self->methods, method) : NULL;

  if (known == NULL)
    return g_strdup_printf ("there is no method %s", method);
  return check_fields (self, method, json_object_has_member (known, "fields") ? json_object_get_array_member (known, "fields") : NULL, parameters);
}

/* Making up what Telegram sends. */

#define MAX_DEPTH 12 /* some types have themselves */

static JsonArray *
fields_of (ObaTelegramSpecification *self, const char *type)
{
  JsonObject *known = json_object_get_object_member (self->types, type);

  return json_object_has_member (known, "fields") ? json_object_get_array_member (known, "fields") : NULL;
}

static JsonNode *
make_text (const char *field)
{
  return json_node_init_string (json_node_alloc (), g_str_equal (field, "type") ? "private" : "x");
}

static JsonNode *make_type (ObaTelegramSpecification *self, const char *type, const char *field, guint level, guint depth, gint64 id);

static JsonNode *
make_object (ObaTelegramSpecification *self, const char *type, guint level, guint depth, gint64 id)
{
  JsonObject *object = json_object_new ();
  JsonArray *fields = fields_of (self, type);

  for (guint i = 0; fields != NULL && level < MAX_DEPTH && i < json_array_get_length (fields); i++)
    {
      JsonObject *field = json_array_get_object_element (fields, i);
      const char *name = json_object_get_string_member (field, "name");
      const char *first = json_array_get_string_element (json_object_get_array_member (field, "types"), 0);

      if (json_object_get_boolean_member (field, "required") || level < depth)
        json_object_set_member (object, name, make_type (self, first, name, level + 1, depth, id));
    }
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
make_type (ObaTelegramSpecification *self, const char *type, const char *field, guint level, guint depth, gint64 id)
{
  JsonObject *known;

  if (g_str_has_prefix (type, ARRAY_OF))
    {
      JsonArray *array = json_array_new ();

      json_array_add_element (array, make_type (self, type + strlen (ARRAY_OF), field, level, depth, id));
      return json_node_init_array (json_node_alloc (), array);
    }
  if (g_str_equal (type, "Integer"))
    return json_node_init_int (json_node_alloc (), g_str_equal (field, "id") ? id : 7000000005);
  if (g_str_equal (type, "Float"))
    return json_node_init_double (json_node_alloc (), 1.5);
  if (g_str_equal (type, "Boolean") || g_str_equal (type, "True"))
    return json_node_init_boolean (json_node_alloc (), TRUE);
  if (g_str_equal (type, "String") || g_str_equal (type, "InputFile"))
    return make_text (field);
  known = json_object_get_object_member (self->types, type);
  if (json_object_has_member (known, "subtypes"))
    return make_type (self, json_array_get_string_element (json_object_get_array_member (known, "subtypes"), 0), field, level, depth, id);
  return make_object (self, type, level, depth, id);
}

char **
oba_telegram_specification_kinds (ObaTelegramSpecification *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  JsonArray *fields = fields_of (self, "Update");

  for (guint i = 0; i < json_array_get_length (fields); i++)
    {
      const char *name = json_object_get_string_member (json_array_get_object_element (fields, i), "name");

      if (!g_str_equal (name, "update_id"))
        g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

JsonNode *
oba_telegram_specification_make (ObaTelegramSpecification *self, const char *kind, guint depth, gint64 id)
{
  JsonObject *field = find_field (fields_of (self, "Update"), kind);

  return make_type (self, json_array_get_string_element (json_object_get_array_member (field, "types"), 0), kind, 0, depth, id);
}
