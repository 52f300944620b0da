#include "oba-db-statements.h"

#include "oba-db-params-private.h"

#include <string.h>

struct _ObaDbStatements
{
  GHashTable *by_key;
  GHashTable *by_name;
  GQueue recent; /* of Statement by their own link, the latest first */
  GQueue evicted;
  guint limit;
  guint64 counter;
};

typedef struct
{
  GList link;
  char *key;
  char *name;
  gboolean is_ready;
} Statement;

static void
statement_free (Statement *statement)
{
  g_free (statement->key);
  g_free (statement->name);
  g_free (statement);
}

ObaDbStatements *
oba_db_statements_new (guint limit)
{
  ObaDbStatements *self = g_new0 (ObaDbStatements, 1);

  self->limit = limit;
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) statement_free);
  g_queue_init (&self->recent);
  g_queue_init (&self->evicted);
  return self;
}

void
oba_db_statements_free (ObaDbStatements *self)
{
  g_hash_table_unref (self->by_key);
  g_hash_table_unref (self->by_name);
  g_queue_clear_full (&self->evicted, g_free);
  g_free (self);
}

/* The same text with other types is another statement: NULL is untyped, and an int8 may become a text elsewhere. */
static char *
make_key (const char *sql, ObaDbParams *params)
{
  GString *key = g_string_sized_new (strlen (sql) + 8 * params->n + 1);

  for (guint i = 0; i < params->n; i++)
    g_string_append_printf (key, "%u,", params->types[i]);
  g_string_append (key, sql);
  return g_string_free (key, FALSE);
}

static void
remove_statement (ObaDbStatements *self, Statement *statement, gboolean on_server)
{
  g_queue_unlink (&self->recent, &statement->link);
  g_hash_table_remove (self->by_key, statement->key);
  if (on_server)
    g_queue_push_tail (&self->evicted, g_strdup (statement->name));
  g_hash_table_remove (self->by_name, statement->name);
}

const char *
oba_db_statements_use (ObaDbStatements *self, const char *sql, ObaDbParams *params, ObaDbStatementState *state)
{
  g_autofree char *key = make_key (sql, params);
  Statement *statement = g_hash_table_lookup (self->by_key, key);

  *state = OBA_DB_STATEMENT_NEW;
  if (statement != NULL)
    {
      *state = statement->is_ready ? OBA_DB_STATEMENT_READY : OBA_DB_STATEMENT_PENDING;
      g_queue_unlink (&self->recent, &statement->link);
      g_queue_push_head_link (&self->recent, &statement->link);
      return statement->name;
    }

  if (self->recent.length >= self->limit)
    remove_statement (self, self->recent.tail->data, TRUE);
  statement = g_new0 (Statement, 1);
  statement->link.data = statement;
  statement->key = g_steal_pointer (&key);
  statement->name = g_strdup_printf ("oba_%" G_GUINT64_FORMAT, ++self->counter);
  g_hash_table_insert (self->by_key, statement->key, statement);
  g_hash_table_insert (self->by_name, statement->name, statement);
  g_queue_push_head_link (&self->recent, &statement->link);
  return statement->name;
}

void
oba_db_statements_confirm (ObaDbStatements *self, const char *name)
{
  Statement *statement = g_hash_table_lookup (self->by_name, name);

  if (statement != NULL)
    statement->is_ready = TRUE;
}

void
oba_db_statements_forget (ObaDbStatements *self, const char *name, gboolean on_server)
{
  Statement *statement = g_hash_table_lookup (self->by_name, name);

  if (statement != NULL)
    remove_statement (self, statement, on_server);
}

char *
oba_db_statements_pop_evicted (ObaDbStatements *self)
{
  return g_queue_pop_head (&self->evicted);
}

void
oba_db_statements_push_evicted (ObaDbStatements *self, char *name)
{
  g_queue_push_tail (&self->evicted, name);
}
