#include "oba-customer.h"

struct _ObaCustomer
{
  GObject            parent_instance;
  gint64             id;
  char              *name;
  char              *phone;
  char              *city;
  const char        *tier;        /* interned: a handful for millions */
  gint64             points;
  gint64             spend;
  gint64             last_purchase;
  gint64             registered;
  gint64             receipts;
  char              *email;
  GDate             *birth_date;
  const char        *language;    /* interned, too */
  const char        *store;
  ObaCustomerStatus  status;
  const char        *lifecycle;
  gint64             lifecycle_since;
  char              *segments;
};

G_DEFINE_FINAL_TYPE (ObaCustomer, oba_customer, G_TYPE_OBJECT)

static void
oba_customer_finalize (GObject *object)
{
  ObaCustomer *self = OBA_CUSTOMER (object);

  g_free (self->name);
  g_free (self->phone);
  g_free (self->city);
  g_free (self->email);
  g_free (self->segments);
  g_clear_pointer (&self->birth_date, g_date_free);

  G_OBJECT_CLASS (oba_customer_parent_class)->finalize (object);
}

static void
oba_customer_class_init (ObaCustomerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_customer_finalize;
}

static void
oba_customer_init (ObaCustomer *self)
{
}

ObaCustomerStatus
oba_customer_status_parse (const char *text)
{
  if (g_str_equal (text, "blocked"))
    return OBA_CUSTOMER_BLOCKED;
  if (g_str_equal (text, "merged"))
    return OBA_CUSTOMER_MERGED;
  return g_str_equal (text, "erased") ? OBA_CUSTOMER_ERASED : OBA_CUSTOMER_ACTIVE;
}

static gint64
oba_customer_unix (ObaDbResult *result,
                   guint        row,
                   guint        column)
{
  g_autoptr (GDateTime) time = oba_db_result_get_time (result, row, column);

  return time != NULL ? g_date_time_to_unix (time) : 0;
}

ObaCustomer *
oba_customer_new_from_result (ObaDbResult *result,
                              guint        row)
{
  ObaCustomer *self = g_object_new (OBA_TYPE_CUSTOMER, NULL);

  self->id = oba_db_result_get_int64 (result, row, 0);
  self->name = g_strdup (oba_db_result_get_text (result, row, 1));
  self->phone = g_strdup (oba_db_result_get_text (result, row, 2));
  self->city = g_strdup (oba_db_result_get_text (result, row, 3));
  self->status = oba_customer_status_parse (oba_db_result_get_text (result, row, 4));
  self->tier = g_intern_string (oba_db_result_get_text (result, row, 5));
  self->points = oba_db_result_get_int64 (result, row, 6);
  self->spend = oba_db_result_get_int64 (result, row, 7);
  self->last_purchase = oba_customer_unix (result, row, 8);
  self->registered = oba_customer_unix (result, row, 9);
  self->email = g_strdup (oba_db_result_get_text (result, row, 10));
  self->birth_date = oba_db_result_get_date (result, row, 11);
  self->language = g_intern_string (oba_db_result_get_text (result, row, 12));
  self->store = g_intern_string (oba_db_result_get_text (result, row, 13));
  self->receipts = oba_db_result_get_int64 (result, row, 14);
  self->lifecycle = g_intern_string (oba_db_result_get_text (result, row, 15));
  self->lifecycle_since = oba_customer_unix (result, row, 16);
  self->segments = g_strdup (oba_db_result_get_text (result, row, 17));
  return self;
}

gint64
oba_customer_get_id (ObaCustomer *self)
{
  return self->id;
}

const char *
oba_customer_get_name (ObaCustomer *self)
{
  return self->name;
}

const char *
oba_customer_get_phone (ObaCustomer *self)
{
  return self->phone;
}

const char *
oba_customer_get_city (ObaCustomer *self)
{
  return self->city;
}

const char *
oba_customer_get_tier (ObaCustomer *self)
{
  return self->tier;
}

ObaCustomerStatus
oba_customer_get_status (ObaCustomer *self)
{
  return self->status;
}

gint64
oba_customer_get_points (ObaCustomer *self)
{
  return self->points;
}

gint64
oba_customer_get_spend (ObaCustomer *self)
{
  return self->spend;
}

gint64
oba_customer_get_last_purchase (ObaCustomer *self)
{
  return self->last_purchase;
}

gint64
oba_customer_get_registered (ObaCustomer *self)
{
  return self->registered;
}

const char *
oba_customer_get_email (ObaCustomer *self)
{
  return self->email;
}

const GDate *
oba_customer_get_birth_date (ObaCustomer *self)
{
  return self->birth_date;
}

const char *
oba_customer_get_language (ObaCustomer *self)
{
  return self->language;
}

const char *
oba_customer_get_store (ObaCustomer *self)
{
  return self->store;
}

gint64
oba_customer_get_receipts (ObaCustomer *self)
{
  return self->receipts;
}

const char *
oba_customer_get_lifecycle (ObaCustomer *self)
{
  return self->lifecycle;
}

gint64
oba_customer_get_lifecycle_since (ObaCustomer *self)
{
  return self->lifecycle_since;
}

const char *
oba_customer_get_segments (ObaCustomer *self)
{
  return self->segments;
}
