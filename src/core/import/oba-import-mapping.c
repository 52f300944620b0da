#include "oba-import-fields.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/oba-error.h"

/* Lower case letters and digits: "Receipt No." and "receipt_no" are the same. */
static char *
normalize (const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  GString *plain = g_string_new (NULL);

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)))
      g_string_append_unichar (plain, g_utf8_get_char (p));
  return g_string_free (plain, FALSE);
}

static char *
list_header (const char *const *header)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; header[i] != NULL && i < 40; i++)
    {
      const char *p = header[i];

      g_string_append (list, i > 0 ? ", " : "");
      /* It is shown on a terminal: no control characters of a stranger's. */
      for (guint n = 0; *p != '\0' && n < 40; n++, p = g_utf8_next_char (p))
        g_string_append_unichar (list, g_unichar_isprint (g_utf8_get_char (p)) ? g_utf8_get_char (p) : 0xfffd);
    }
  return g_string_free (list, FALSE);
}

static char *
list_fields (const ObaImportField *fields)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; fields[i].name != NULL; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", fields[i].name);
  return g_string_free (list, FALSE);
}

static int
find_column (const char *const *header, const char *name)
{
  g_autofree char *wanted = normalize (name);

  for (int i = 0; header[i] != NULL; i++)
    if (g_str_equal (header[i], name))
      return i;
  for (int i = 0; header[i] != NULL; i++)
    {
      g_autofree char *here = normalize (header[i]);

      if (*here != '\0' && g_str_equal (here, wanted))
        return i;
    }
  return -1;
}

static gboolean
map_field (ObaImportMapping *self, guint field, const char *columns, const char *const *header, GError **error)
{
  g_auto (GStrv) names = g_strsplit (columns, "+", 20);

  for (guint i = 0; names[i] != NULL; i++)
    {
      int column = find_column (header, g_strstrip (names[i]));

      if (column < 0)
        {
          g_autofree char *there = list_header (header);

          g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                       _("The file has no column “%s”. Its columns are: %s."), names[i], there);
          return FALSE;
        }
      g_array_append_val (self->columns[field], column);
    }
  return TRUE;
}

static gboolean
apply_pair (ObaImportMapping *self, const char *pair, const char *const *header, gboolean *given, GError **error)
{
  const char *equals = strchr (pair, '=');
  g_autofree char *name = equals != NULL ? g_strstrip (g_strndup (pair, (gsize) (equals - pair))) : NULL;

  for (guint f = 0; name != NULL && f < self->n_fields; f++)
    if (g_ascii_strcasecmp (name, self->fields[f].name) == 0)
      {
        given[f] = TRUE;
        return equals[1] == '\0' || map_field (self, f, equals + 1, header, error);
      }
  {
    g_autofree char *fields = list_fields (self->fields);

    g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                 _("“%s” maps nothing: write field=column. The fields are: %s."), pair, fields);
  }
  return FALSE;
}

static void
find_by_name (ObaImportMapping *self, guint field, const char *const *header)
{
  g_autofree char *all = g_strconcat (self->fields[field].name, "|", self->fields[field].synonyms, NULL);
  g_auto (GStrv) names = g_strsplit (all, "|", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      int column = find_column (header, names[i]);

      if (column >= 0)
        {
          g_array_append_val (self->columns[field], column);
          return;
        }
    }
}

static gboolean
has_either (const ObaImportMapping *self)
{
  gboolean needed = FALSE;

  for (guint f = 0; f < self->n_fields; f++)
    if (self->fields[f].flags & OBA_IMPORT_EITHER)
      {
        needed = TRUE;
        if (self->columns[f]->len > 0)
          return TRUE;
      }
  return !needed;
}

static gboolean
check_required (const ObaImportMapping *self, const char *const *header, GError **error)
{
  g_autoptr (GString) missing = g_string_new (NULL);
  gboolean either = has_either (self);

  for (guint f = 0; f < self->n_fields; f++)
    {
      if ((self->fields[f].flags & OBA_IMPORT_REQUIRED) && self->columns[f]->len == 0)
        g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", self->fields[f].name);
      else if ((self->fields[f].flags & OBA_IMPORT_EITHER) && !either)
        {
          /* "id/phone": one of them is enough. */
          gboolean again = f > 0 && (self->fields[f - 1].flags & OBA_IMPORT_EITHER);

          g_string_append_printf (missing, "%s%s", again ? "/" : missing->len > 0 ? ", " : "", self->fields[f].name);
        }
    }
  if (missing->len > 0)
    {
      g_autofree char *there = list_header (header);

      g_set_error (
          error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
          _("The file has no column for: %s. Its columns are: %s. Say which is which with --map field=column."),
          missing->str, there);
      return FALSE;
    }
  return TRUE;
}

static ObaImportMapping *
mapping_new_empty (ObaImportKind kind)
{
  ObaImportMapping *self = g_new0 (ObaImportMapping, 1);

  self->fields = oba_import_kind_fields (kind);
  while (self->fields[self->n_fields].name != NULL)
    self->n_fields++;
  self->columns = g_new0 (GArray *, self->n_fields);
  for (guint f = 0; f < self->n_fields; f++)
    self->columns[f] = g_array_new (FALSE, FALSE, sizeof (int));
  return self;
}

ObaImportMapping *
oba_import_mapping_guess (ObaImportKind kind, const char *const *header)
{
  ObaImportMapping *self = mapping_new_empty (kind);

  for (guint f = 0; f < self->n_fields; f++)
    find_by_name (self, f, header);
  return self;
}

ObaImportMapping *
oba_import_mapping_new_columns (ObaImportKind kind, const char *const *header, const int *columns, guint n_columns, GError **error)
{
  g_autoptr (ObaImportMapping) self = mapping_new_empty (kind);
  int n_header = (int) g_strv_length ((char **) header);

  for (guint f = 0; f < MIN (self->n_fields, n_columns); f++)
    if (columns[f] >= 0 && columns[f] < n_header)
      g_array_append_val (self->columns[f], columns[f]);
  if (!check_required (self, header, error))
    return NULL;
  return g_steal_pointer (&self);
}

ObaImportMapping *
oba_import_mapping_new (ObaImportKind kind, const char *const *header, const char *map, GError **error)
{
  g_autoptr (ObaImportMapping) self = mapping_new_empty (kind);
  g_autofree gboolean *given = NULL;
  g_auto (GStrv) pairs = g_strsplit (map != NULL ? map : "", ",", -1);

  given = g_new0 (gboolean, self->n_fields);

  for (guint i = 0; pairs[i] != NULL; i++)
    if (*g_strstrip (pairs[i]) != '\0' && !apply_pair (self, pairs[i], header, given, error))
      return NULL;
  for (guint f = 0; f < self->n_fields; f++)
    if (!given[f])
      find_by_name (self, f, header);
  if (!check_required (self, header, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
oba_import_mapping_free (ObaImportMapping *self)
{
  if (self == NULL)
    return;
  for (guint f = 0; f < self->n_fields; f++)
    g_array_unref (self->columns[f]);
  g_free (self->columns);
  g_free (self);
}

char *
oba_import_mapping_to_json (const ObaImportMapping *self, const char *const *header)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  for (guint f = 0; f < self->n_fields; f++)
    {
      if (self->columns[f]->len == 0)
        continue;
      json_builder_set_member_name (builder, self->fields[f].name);
      json_builder_begin_array (builder);
      for (guint i = 0; i < self->columns[f]->len; i++)
        json_builder_add_string_value (builder, header[g_array_index (self->columns[f], int, i)]);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
