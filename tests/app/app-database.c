#include "app-database.h"

#include "oba-test-app.h"
#include "oba-test-postgres.h"

struct _AppDatabase
{
  ObaTestPostgres *server;
  char            *conninfo;
  guint            n_receipts;
};

AppDatabase *
app_database_new (void)
{
  AppDatabase *self = g_new0 (AppDatabase, 1);

  self->server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  self->conninfo = oba_test_postgres_new_database (self->server);
  return self;
}

void
app_database_free (AppDatabase *self)
{
  oba_test_postgres_free (self->server);
  g_free (self->conninfo);
  g_free (self);
}

ObaTestPostgres *
app_database_get_server (AppDatabase *self)
{
  return self->server;
}

const char *
app_database_get_conninfo (AppDatabase *self)
{
  return self->conninfo;
}

void
app_database_run (AppDatabase *self, const char *sql)
{
  g_free (oba_test_postgres_exec (self->conninfo, sql));
}

char *
app_database_ask (AppDatabase *self, const char *sql)
{
  return oba_test_postgres_exec (self->conninfo, sql);
}

void
app_database_add_chain (AppDatabase *self)
{
  app_database_run (self,
                    "insert into oba.stores (code, name) values ('S1', 'OBA Nərimanov'), ('S2', 'OBA Gəncə');"
                    "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea');"
                    "insert into oba.products (code, name, category_id, price)"
                    " select 'P' || n, 'Çay ' || n, category_id, 100 from oba.categories, generate_series (1, 2) n;");
}

void
app_database_sell (AppDatabase *self, gint64 qepik)
{
  g_autofree char *sale = g_strdup_printf (
    "select oba.record_receipt (jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', 'R%u', 'sold_at', now(), 'source', 'till',"
    " 'lines', jsonb_build_array (jsonb_build_object ('code', 'P1', 'quantity', 1, 'unit_price', %" G_GINT64_FORMAT ", 'total', %" G_GINT64_FORMAT ")),"
    " 'total', %" G_GINT64_FORMAT "), null, null)",
    ++self->n_receipts, qepik, qepik, qepik);

  app_database_run (self, sale);
  app_database_run (self, "select oba.fold_rollups ()");
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  ObaSession **session = user_data;

  *session = oba_session_open_finish (result, &error);
  g_assert_no_error (error);
}

ObaSession *
app_database_sign_in (AppDatabase *self)
{
  return app_database_sign_in_at (self->conninfo);
}

ObaSession *
app_database_sign_in_at (const char *conninfo)
{
  ObaSession *session = NULL;

  oba_session_open_async (conninfo, "Test", NULL, opened_cb, &session);
  oba_test_wait_until (session != NULL);
  oba_test_wait_until (oba_db_listener_is_listening (oba_session_get_listener (session)));
  return session;
}
