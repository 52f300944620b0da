#include "oba-access-private.h"

#include <string.h>

#define FULL (64 * 1024)

typedef struct
{
  ObaAccessSink    parent;
  ObaExportTarget *target;
  GString         *text;      /* not written yet */
  gboolean         in_section;
  gboolean         in_rows;
} JsonSink;

static gboolean
flush (JsonSink *self, gsize above, GError **error)
{
  if (self->text->len <= above)
    return TRUE;
  if (!oba_export_target_write (self->target, self->text->str, self->text->len, error))
    return FALSE;
  g_string_truncate (self->text, 0);
  return TRUE;
}

static void
end_section (JsonSink *self)
{
  if (self->in_section)
    g_string_append (self->text, self->in_rows ? "\n  ]" : "]");
  self->in_section = self->in_rows = FALSE;
}

static gboolean
json_section (ObaAccessSink *sink, const ObaAccessSection *section, GError **error)
{
  JsonSink *self = (JsonSink *) sink;
  g_autofree char *name = g_strdelimit (g_strdup (section->name), "-", '_');

  end_section (self);
  g_string_append_printf (self->text, ",\n  \"%s\": [", name);
  self->in_section = TRUE;
  return flush (self, FULL, error);
}

static gboolean
json_row (ObaAccessSink *sink, const char *json, GError **error)
{
  JsonSink *self = (JsonSink *) sink;

  g_string_append (self->text, self->in_rows ? ",\n    " : "\n    ");
  g_string_append (self->text, json);
  self->in_rows = TRUE;
  return flush (self, FULL, error);
}

static gboolean
json_end (ObaAccessSink *sink, GError **error)
{
  JsonSink *self = (JsonSink *) sink;

  end_section (self);
  g_string_append (self->text, "\n}\n");
  return flush (self, 0, error);
}

static void
json_free (ObaAccessSink *sink)
{
  JsonSink *self = (JsonSink *) sink;

  g_string_free (self->text, TRUE);
  g_free (self);
}

static void
append_string (GString *text, const char *value)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), value);
  g_autofree char *quoted = json_to_string (node, FALSE);

  g_string_append (text, quoted);
}

ObaAccessSink *
oba_access_json_new (ObaExportTarget *target, const ObaAccessHead *head)
{
  JsonSink *self = g_new0 (JsonSink, 1);

  self->parent = (ObaAccessSink) { json_section, json_row, json_end, json_free };
  self->target = target;
  self->text = g_string_new ("{\n  \"format\": \"oba-personal-data\",\n  \"version\": 1,\n");
  g_string_append_printf (self->text, "  \"customer_id\": %" G_GINT64_FORMAT ",\n  \"given_out_at\": \"%s\",\n  \"given_out_by\": ", head->customer_id,
                          head->at);
  append_string (self->text, head->by);
  return &self->parent;
}
