#include "oba-import-reading.h"

#include <glib/gi18n-lib.h>

struct _ObaImportReading
{
  AdwBin       parent_instance;

  AdwComboRow *encoding_row;
  AdwComboRow *delimiter_row;
};

G_DEFINE_FINAL_TYPE (ObaImportReading, oba_import_reading, ADW_TYPE_BIN)

/* What files of this country come in; the names are iconv's, too. */
static const struct
{
  const char *name;
  const char *title;
} ENCODINGS[] = {
  { "UTF-8", N_("UTF-8") },
  { "Windows-1254", N_("Windows-1254 (Latin letters of Azerbaijani)") },
  { "Windows-1251", N_("Windows-1251 (Cyrillic)") },
  { "Windows-1252", N_("Windows-1252 (Western European)") },
  { "ISO-8859-9", N_("ISO 8859-9 (Latin letters of Azerbaijani)") },
  { "KOI8-R", N_("KOI8-R (Cyrillic)") },
  { "CP866", N_("CP 866 (Cyrillic, DOS)") },
  { "UTF-16LE", N_("UTF-16 (little endian)") },
  { "UTF-16BE", N_("UTF-16 (big endian)") },
};

static const struct
{
  char        delimiter;
  const char *title;
} DELIMITERS[] = {
  { ',', N_("Comma") },
  { ';', N_("Semicolon") },
  { '\t', N_("Tab") },
  { '|', N_("Vertical bar") },
};

static char *
found_encoding (const ObaImportPreview *preview)
{
  /* Translators: the encoding of a file; it follows from its letters, and may be wrong. */
  return g_strdup_printf (preview->encoding_guessed ? _("%s (by guess)") : _("%s (found out)"), preview->encoding);
}

static char *
found_delimiter (const ObaImportPreview *preview)
{
  char sign[] = { preview->delimiter, '\0' };

  return g_strdup_printf (_("%s (found out)"), *sign == '\t' ? _("Tab") : sign);
}

static void
changed_cb (ObaImportReading *self)
{
  g_signal_emit_by_name (self, "changed");
}

static AdwComboRow *
add_row (ObaImportReading *self, AdwPreferencesGroup *group, const char *title, GtkStringList *list)
{
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (group, row);
  return ADW_COMBO_ROW (row);
}

GtkWidget *
oba_import_reading_new (const ObaImportPreview *preview)
{
  ObaImportReading *self = g_object_new (OBA_TYPE_IMPORT_READING, NULL);
  GtkWidget *group = adw_preferences_group_new ();
  g_autoptr (GtkStringList) encodings = gtk_string_list_new (NULL), delimiters = gtk_string_list_new (NULL);

  gtk_string_list_take (encodings, found_encoding (preview));
  for (guint i = 0; i < G_N_ELEMENTS (ENCODINGS); i++)
    gtk_string_list_append (encodings, _(ENCODINGS[i].title));
  gtk_string_list_take (delimiters, found_delimiter (preview));
  for (guint i = 0; i < G_N_ELEMENTS (DELIMITERS); i++)
    gtk_string_list_append (delimiters, _(DELIMITERS[i].title));
  self->encoding_row = add_row (self, ADW_PREFERENCES_GROUP (group), _("Encoding"), encodings);
  self->delimiter_row = add_row (self, ADW_PREFERENCES_GROUP (group), _("Between the fields"), delimiters);
  adw_bin_set_child (ADW_BIN (self), group);
  return GTK_WIDGET (self);
}

const char *
oba_import_reading_get_encoding (ObaImportReading *self)
{
  guint selected = adw_combo_row_get_selected (self->encoding_row);

  return selected > 0 && selected <= G_N_ELEMENTS (ENCODINGS) ? ENCODINGS[selected - 1].name : NULL;
}

char
oba_import_reading_get_delimiter (ObaImportReading *self)
{
  guint selected = adw_combo_row_get_selected (self->delimiter_row);

  return selected > 0 && selected <= G_N_ELEMENTS (DELIMITERS) ? DELIMITERS[selected - 1].delimiter : 0;
}

static void
oba_import_reading_class_init (ObaImportReadingClass *klass)
{
  g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_import_reading_init (ObaImportReading *self)
{
}
