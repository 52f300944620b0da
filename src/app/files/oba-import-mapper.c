#include "oba-import-mapper.h"

#include <glib/gi18n-lib.h>

#define KEY "import-mappings"
/* Forgotten from the oldest on. */
#define MAX_REMEMBERED 50
#define MAX_SAMPLE_CHARS 60

struct _ObaImportMapper
{
  AdwBin                  parent_instance;

  ObaImportKind           kind;
  const ObaImportPreview *preview;
  GSettings              *settings;
  guint                   n_columns;
  GPtrArray              *rows;        /* of AdwComboRow, one a field */
  GHashTable             *chosen;      /* the rows that were changed by hand */
};

G_DEFINE_FINAL_TYPE (ObaImportMapper, oba_import_mapper, ADW_TYPE_BIN)

static char *
row_title (const ObaImportField *field)
{
  const char *title = oba_import_field_title (field->name);

  /* Translators: a field that must be in the file. */
  return field->flags & OBA_IMPORT_REQUIRED ? g_strdup_printf (_("%s (needed)"), title) : g_strdup (title);
}

/* ---- remembered */

static char *
signature (ObaImportMapper *self)
{
  g_autofree char *header = g_strjoinv ("\x1f", self->preview->header);
  g_autofree char *all = g_strdup_printf ("%d\x1f%s", self->kind, header);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, all, -1);
}

/* (nullable): the columns of an earlier time */
static GStrv
recall (ObaImportMapper *self)
{
  g_autofree char *key = signature (self);
  g_autoptr (GVariant) all = self->settings != NULL ? g_settings_get_value (self->settings, KEY) : NULL;
  GVariantIter iter;
  const char *one, *value;

  if (all == NULL)
    return NULL;
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_next (&iter, "(&s&s)", &one, &value))
    if (g_str_equal (one, key))
      return g_strsplit (value, " ", -1);
  return NULL;
}

static char *
columns_to_text (ObaImportMapper *self)
{
  g_autoptr (GArray) columns = oba_import_mapper_get_columns (self);
  GString *text = g_string_new (NULL);

  for (guint f = 0; f < columns->len; f++)
    g_string_append_printf (text, "%s%d", f > 0 ? " " : "", g_array_index (columns, int, f));
  return g_string_free (text, FALSE);
}

void
oba_import_mapper_remember (ObaImportMapper *self)
{
  g_autofree char *key = signature (self);
  g_autofree char *text = columns_to_text (self);
  g_autoptr (GVariant) all = NULL;
  GVariantBuilder builder;
  GVariantIter iter;
  const char *one, *value;
  guint n = 1;

  if (self->settings == NULL)
    return;
  all = g_settings_get_value (self->settings, KEY);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  g_variant_builder_add (&builder, "(ss)", key, text);
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_next (&iter, "(&s&s)", &one, &value) && n < MAX_REMEMBERED)
    if (!g_str_equal (one, key))
      {
        g_variant_builder_add (&builder, "(ss)", one, value);
        n++;
      }
  g_settings_set_value (self->settings, KEY, g_variant_builder_end (&builder));
}

/* ---- rows */

/* What stands there in the first row that has something. */
static char *
sample (ObaImportMapper *self, int column)
{
  for (guint i = 0; column >= 0 && i < self->preview->rows->len; i++)
    {
      GStrv row = g_ptr_array_index (self->preview->rows, i);

      if (row[column][0] != '\0')
        {
          g_autofree char *start = g_utf8_substring (row[column], 0, MIN (MAX_SAMPLE_CHARS, g_utf8_strlen (row[column], -1)));
          g_autofree char *line = g_strdelimit (g_steal_pointer (&start), "\r\n\t", ' ');

          /* Translators: a value from a file. */
          return g_strdup_printf (_("for example “%s”"), line);
        }
    }
  return g_strdup ("");
}

static void
selected_cb (ObaImportMapper *self, GParamSpec *pspec, AdwComboRow *row)
{
  g_autofree char *text = sample (self, (int) adw_combo_row_get_selected (row) - 1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  g_hash_table_add (self->chosen, row);
  g_signal_emit_by_name (self, "changed");
}

static GtkWidget *
make_row (ObaImportMapper *self, const ObaImportField *field, GListModel *columns, int column)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autofree char *title = row_title (field);
  g_autofree char *text = sample (self, column);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), columns);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), (guint) (column + 1));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->rows, row);
  return row;
}

static GListModel *
list_columns (ObaImportMapper *self)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  gtk_string_list_append (list, _("not in the file"));
  for (guint i = 0; self->preview->header[i] != NULL; i++)
    gtk_string_list_append (list, self->preview->header[i]);
  return G_LIST_MODEL (list);
}

GArray *
oba_import_mapper_get_columns (ObaImportMapper *self)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint f = 0; f < self->rows->len; f++)
    {
      int column = (int) adw_combo_row_get_selected (self->rows->pdata[f]) - 1;

      g_array_append_val (columns, column);
    }
  return columns;
}

void
oba_import_mapper_keep (ObaImportMapper *self, ObaImportMapper *before)
{
  if (self->rows->len != before->rows->len || self->n_columns != before->n_columns)
    return;
  for (guint f = 0; f < self->rows->len; f++)
    if (g_hash_table_contains (before->chosen, before->rows->pdata[f]))
      adw_combo_row_set_selected (self->rows->pdata[f], adw_combo_row_get_selected (before->rows->pdata[f]));
}

/* Which of the needed fields have no column; of those of which one is enough, none. */
char *
oba_import_mapper_get_problem (ObaImportMapper *self)
{
  const ObaImportField *fields = oba_import_kind_fields (self->kind);
  g_autoptr (GArray) columns = oba_import_mapper_get_columns (self);
  g_autoptr (GString) missing = g_string_new (NULL), either = g_string_new (NULL);
  gboolean enough = FALSE;

  for (guint f = 0; fields[f].name != NULL; f++)
    {
      gboolean there = g_array_index (columns, int, f) >= 0;

      if ((fields[f].flags & OBA_IMPORT_REQUIRED) && !there)
        g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", oba_import_field_title (fields[f].name));
      if (fields[f].flags & OBA_IMPORT_EITHER)
        {
          enough = enough || there;
          g_string_append_printf (either, "%s%s", either->len > 0 ? " / " : "", oba_import_field_title (fields[f].name));
        }
    }
  if (either->len > 0 && !enough)
    g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", either->str);
  /* Translators: a list of fields. */
  return missing->len > 0 ? g_strdup_printf (_("Say which column has: %s."), missing->str) : NULL;
}

static void
fill (ObaImportMapper *self)
{
  g_autoptr (ObaImportMapping) guess = oba_import_mapping_guess (self->kind, (const char *const *) self->preview->header);
  g_auto (GStrv) known = recall (self);
  g_autoptr (GListModel) columns = list_columns (self);
  GtkWidget *group = adw_preferences_group_new ();
  int n_header = (int) g_strv_length (self->preview->header);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Columns"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                         known != NULL ? _("As you chose for the last file with the same columns.")
                                                       : _("Guessed by their names. Check them, and choose others where needed."));
  for (guint f = 0; f < guess->n_fields; f++)
    {
      int column = guess->columns[f]->len > 0 ? g_array_index (guess->columns[f], int, 0) : -1;

      if (known != NULL && f < g_strv_length (known))
        column = CLAMP ((int) g_ascii_strtoll (known[f], NULL, 10), -1, n_header - 1);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (self, &guess->fields[f], columns, column));
    }
  adw_bin_set_child (ADW_BIN (self), group);
}

GtkWidget *
oba_import_mapper_new (ObaImportKind kind, const ObaImportPreview *preview, GSettings *settings)
{
  ObaImportMapper *self = g_object_new (OBA_TYPE_IMPORT_MAPPER, NULL);

  self->kind = kind;
  self->preview = preview;
  self->n_columns = g_strv_length (preview->header);
  self->settings = settings != NULL ? g_object_ref (settings) : NULL;
  fill (self);
  return GTK_WIDGET (self);
}

static void
oba_import_mapper_finalize (GObject *object)
{
  ObaImportMapper *self = OBA_IMPORT_MAPPER (object);

  g_clear_object (&self->settings);
  g_ptr_array_unref (self->rows);
  g_hash_table_unref (self->chosen);

  G_OBJECT_CLASS (oba_import_mapper_parent_class)->finalize (object);
}

static void
oba_import_mapper_class_init (ObaImportMapperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_import_mapper_finalize;
  g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_import_mapper_init (ObaImportMapper *self)
{
  self->rows = g_ptr_array_new ();
  self->chosen = g_hash_table_new (NULL, NULL);
}
