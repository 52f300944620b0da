#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** A column: @id for the text, @title, whether it holds numbers, whether it takes what is left. */
typedef struct
{
  const char *id;
  const char *title;
  gboolean    number;
  gboolean    expand;
} ObaCampaignColumn;

/** What a row says in a column. (transfer full) (nullable) */
typedef char *(*ObaCampaignText) (JsonObject *row, const char *column, gpointer user_data);

/**
 * ObaCampaignTable: a table of what was read as an array of objects; it says that it is being read, that there is nothing, or why it could not be read.
 *
 * Signals: "activated" (its place): a row, by Enter or a double click. "retry": somebody wants it read again.
 */
#define OBA_TYPE_CAMPAIGN_TABLE (oba_campaign_table_get_type ())
G_DECLARE_FINAL_TYPE (ObaCampaignTable, oba_campaign_table, OBA, CAMPAIGN_TABLE, AdwBin)

/** @columns: ended by an id of NULL, kept; @empty_title, @empty_text: what is said when there is nothing */
GtkWidget  *oba_campaign_table_new       (const char *name, const ObaCampaignColumn *columns, ObaCampaignText text, gpointer user_data, const char *icon, const char *empty_title, const char *empty_text);
/** @rows: of objects. The chosen one stays chosen by its place. */
void        oba_campaign_table_set_rows  (ObaCampaignTable *self, JsonArray *rows);
/** What is there stays on show, with @sentence above it; nothing there: the sentence alone. NULL: all is well again. */
void        oba_campaign_table_set_error (ObaCampaignTable *self, const char *sentence);

guint       oba_campaign_table_get_n_rows (ObaCampaignTable *self);
JsonObject *oba_campaign_table_get_row   (ObaCampaignTable *self, guint place);     /* (transfer none) (nullable) */
char       *oba_campaign_table_get_cell  (ObaCampaignTable *self, guint place, const char *column);
/** "loading", "list", "empty", "failed" */
const char *oba_campaign_table_get_shown (ObaCampaignTable *self);

G_END_DECLS
