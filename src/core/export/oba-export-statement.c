#include "oba-export-statement.h"

#include <json-glib/json-glib.h>

#include "db/oba-db-sql.h"

static char *
load (const char *kind, const char *ending)
{
  g_autofree char *name = g_strconcat ("export/", kind, ending, NULL);

  return g_strdup (oba_db_sql (name));
}

/* @text: (transfer full) */
static char *
replace (char *text, const char *what, const char *with)
{
  GString *string = g_string_new (text);

  g_free (text);
  g_string_replace (string, what, with, 0);
  return g_string_free (string, FALSE);
}

static char *
list_columns (GPtrArray *columns)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", ((const ObaExportColumn *) columns->pdata[i])->sql);
  return g_string_free (list, FALSE);
}

/* All of them are counted by the list's own statement; their rows are read a portion of ids at a time. */
static void
choose_customers (ObaExportStatement *self, const ObaExportOptions *options, ObaCustomerQuery *query)
{
  gsize n = options->ids != NULL ? options->ids->len : 0;

  if (options->ids != NULL || oba_customer_query_is_nobody (query))
    {
      self->params = oba_db_params_add_int64_array (oba_db_params_new (), n > 0 ? (const gint64 *) options->ids->data : NULL, n);
      self->total = replace (self->total, "{chosen}", oba_db_sql ("export/ids.sql"));
    }
  else
    {
      g_autofree char *unordered = NULL;
      char *order;

      self->ids = oba_customer_query_get_sql (query, 0);
      /* A count needs no order: it is what the statement ends with. */
      unordered = g_strdup (self->ids);
      order = g_strrstr (unordered, " order by ");
      if (order != NULL)
        *order = '\0';
      self->params = oba_customer_query_get_params (query);
      self->total = replace (self->total, "{chosen}", unordered);
    }
  self->rows = replace (self->rows, "{chosen}", oba_db_sql ("export/ids.sql"));
}

static ObaDbParams *
build_params (const ObaExportOptions *options)
{
  ObaDbParams *params;

  if (options->receipts != NULL)
    return oba_db_params_build ("t", options->receipts);
  params = oba_db_params_build ("ttt", options->from, options->to, options->store);
  return options->customer != 0 ? oba_db_params_add_int64 (params, options->customer) : oba_db_params_add_null (params);
}

ObaExportStatement *
oba_export_statement_new (const ObaExportOptions *options, ObaCustomerQuery *query, GPtrArray *columns)
{
  ObaExportStatement *self = g_new0 (ObaExportStatement, 1);
  const char *kind = options->receipts != NULL ? "sales-found" : oba_export_kind_get_name (options->kind);
  g_autofree char *list = list_columns (columns);

  self->rows = replace (load (kind, ".sql"), "{columns}", list);
  self->total = load (kind, "-total.sql");
  if (options->kind == OBA_EXPORT_CUSTOMERS)
    choose_customers (self, options, query);
  else
    self->params = build_params (options);
  return self;
}

void
oba_export_statement_free (ObaExportStatement *self)
{
  g_free (self->rows);
  g_free (self->total);
  g_free (self->ids);
  oba_db_params_unref (self->params);
  g_free (self);
}

/* --- for the audit --- */

static void
add_text (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

/* The words that were searched for may be a person's name or phone, and the audit is for ever. */
static void
add_filter (JsonObject *object, const ObaCustomerFilter *filter)
{
  JsonNode *root = oba_customer_filter_to_node (filter);

  if (oba_customer_filter_has (filter, OBA_CUSTOMER_FILTER_TEXT))
    json_object_set_boolean_member (json_node_get_object (root), oba_customer_filter_field_get_name (OBA_CUSTOMER_FILTER_TEXT), TRUE);
  json_object_set_member (object, "filter", root);
}

char *
oba_export_describe (const ObaExportOptions *options, GPtrArray *columns)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *names = json_array_new ();

  json_node_take_object (root, object);
  json_object_set_string_member (object, "kind", oba_export_kind_get_name (options->kind));
  json_object_set_string_member (object, "format", options->format == OBA_EXPORT_XLSX ? "xlsx" : "csv");
  for (guint i = 0; i < columns->len; i++)
    json_array_add_string_element (names, ((const ObaExportColumn *) columns->pdata[i])->name);
  json_object_set_array_member (object, "columns", names);
  if (options->ids != NULL)
    json_object_set_int_member (object, "selected", options->ids->len);
  else if (options->filter != NULL)
    add_filter (object, options->filter);
  add_text (object, "from", options->from);
  add_text (object, "to", options->to);
  add_text (object, "store", options->store);
  /* Numbers of receipts and cards, names of cashiers: what was looked for is not the trail's business, only that not all was taken. */
  if (options->receipts != NULL)
    json_object_set_boolean_member (object, "receipts", TRUE);
  if (options->customer != 0)
    json_object_set_int_member (object, "customer", options->customer);
  return json_to_string (root, FALSE);
}
