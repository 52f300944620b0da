#include "oba-db-params-private.h"

#include <string.h>

/* Fixed for ever by PostgreSQL (pg_type.dat). */
enum
{
  OID_UNKNOWN = 0,
  OID_BOOL = 16,
  OID_BYTEA = 17,
  OID_INT8 = 20,
  OID_TEXT = 25,
  OID_FLOAT8 = 701,
  OID_TEXT_ARRAY = 1009,
  OID_INT8_ARRAY = 1016,
};

enum
{
  FORMAT_TEXT = 0,
  FORMAT_BINARY = 1,
};

ObaDbParams *
oba_db_params_new (void)
{
  ObaDbParams *self = g_new0 (ObaDbParams, 1);
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

ObaDbParams *
oba_db_params_ref (ObaDbParams *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
oba_db_params_unref (ObaDbParams *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (guint i = 0; i < self->n; i++)
    g_free (self->values[i]);
  g_free (self->types);
  g_free (self->values);
  g_free (self->lengths);
  g_free (self->formats);
  g_free (self);
}

static ObaDbParams *
add (ObaDbParams *self, Oid type, char *value, gsize length, int format)
{
  g_return_val_if_fail (length <= G_MAXINT, self);

  if (self->n == self->size)
    {
      self->size = MAX (4, self->size * 2);
      self->types = g_renew (Oid, self->types, self->size);
      self->values = g_renew (char *, self->values, self->size);
      self->lengths = g_renew (int, self->lengths, self->size);
      self->formats = g_renew (int, self->formats, self->size);
    }
  self->types[self->n] = type;
  self->values[self->n] = value;
  self->lengths[self->n] = (int) length;
  self->formats[self->n] = format;
  self->n++;
  return self;
}

static ObaDbParams *
add_uint64 (ObaDbParams *self, Oid type, guint64 bits)
{
  guint64 wire = GUINT64_TO_BE (bits);
  return add (self, type, g_memdup2 (&wire, sizeof wire), sizeof wire, FORMAT_BINARY);
}

ObaDbParams *
oba_db_params_add_null (ObaDbParams *self)
{
  return add (self, OID_UNKNOWN, NULL, 0, FORMAT_TEXT);
}

ObaDbParams *
oba_db_params_add_bool (ObaDbParams *self, gboolean value)
{
  return add (self, OID_BOOL, g_strdup (value ? "t" : "f"), 1, FORMAT_TEXT);
}

ObaDbParams *
oba_db_params_add_int64 (ObaDbParams *self, gint64 value)
{
  return add_uint64 (self, OID_INT8, (guint64) value);
}

ObaDbParams *
oba_db_params_add_double (ObaDbParams *self, double value)
{
  guint64 bits;
  memcpy (&bits, &value, sizeof bits);
  return add_uint64 (self, OID_FLOAT8, bits);
}

/**
 * oba_db_params_add_text:
 * @value: (nullable): UTF-8; the server takes the type from where the parameter stands, so dates, numerics and jsonb
 * are given as text too
 */
ObaDbParams *
oba_db_params_add_text (ObaDbParams *self, const char *value)
{
  return add (self, OID_UNKNOWN, g_strdup (value), value != NULL ? strlen (value) : 0, FORMAT_TEXT);
}

/**
 * oba_db_params_add_bytes:
 * @value: (nullable): bytea
 */
ObaDbParams *
oba_db_params_add_bytes (ObaDbParams *self, GBytes *value)
{
  gsize length = 0;
  const void *data = value != NULL ? g_bytes_get_data (value, &length) : NULL;
  char *copy = NULL;

  if (value != NULL)
    {
      copy = g_malloc (length + 1);
      if (length > 0)
        memcpy (copy, data, length);
      copy[length] = '\0';
    }
  return add (self, OID_BYTEA, copy, length, FORMAT_BINARY);
}

static void
append_int32 (GByteArray *bytes, guint32 value)
{
  guint32 wire = GUINT32_TO_BE (value);
  g_byte_array_append (bytes, (const guint8 *) &wire, sizeof wire);
}

/* Arrays go in the binary format: nothing needs quoting, so nothing can be quoted wrongly. */
static GByteArray *
array_new (Oid element, gsize n, gsize bytes)
{
  GByteArray *array = g_byte_array_sized_new ((guint) (20 + bytes + 4 * n));

  append_int32 (array, n > 0 ? 1 : 0); /* dimensions */
  append_int32 (array, 0);             /* no NULL in it */
  append_int32 (array, element);
  if (n > 0)
    {
      append_int32 (array, (guint32) n);
      append_int32 (array, 1); /* lower bound */
    }
  return array;
}

static ObaDbParams *
add_array (ObaDbParams *self, Oid type, GByteArray *array)
{
  gsize length = array->len;
  return add (self, type, (char *) g_byte_array_free (array, FALSE), length, FORMAT_BINARY);
}

ObaDbParams *
oba_db_params_add_int64_array (ObaDbParams *self, const gint64 *values, gsize n)
{
  GByteArray *array;

  g_return_val_if_fail (n <= G_MAXINT / 16, self);

  array = array_new (OID_INT8, n, n * 8);
  for (gsize i = 0; i < n; i++)
    {
      guint64 wire = GUINT64_TO_BE ((guint64) values[i]);
      append_int32 (array, 8);
      g_byte_array_append (array, (const guint8 *) &wire, 8);
    }
  return add_array (self, OID_INT8_ARRAY, array);
}

/**
 * oba_db_params_add_text_array:
 * @values: (array zero-terminated=1) (nullable): NULL is SQL NULL, an empty array an empty array
 */
ObaDbParams *
oba_db_params_add_text_array (ObaDbParams *self, const char *const *values)
{
  GByteArray *array;
  gsize n;

  if (values == NULL)
    return add (self, OID_TEXT_ARRAY, NULL, 0, FORMAT_BINARY);

  n = g_strv_length ((char **) values);
  array = array_new (OID_TEXT, n, n * 16);
  for (gsize i = 0; i < n; i++)
    {
      gsize length = strlen (values[i]);
      append_int32 (array, (guint32) length);
      g_byte_array_append (array, (const guint8 *) values[i], (guint) length);
    }
  return add_array (self, OID_TEXT_ARRAY, array);
}

/**
 * oba_db_params_build:
 * @types: a letter a parameter: i gint64 (cast what is not one), d double, b gboolean, t const char *
 *
 * Returns: (transfer full)
 */
ObaDbParams *
oba_db_params_build (const char *types, ...)
{
  ObaDbParams *self = oba_db_params_new ();
  va_list args;

  va_start (args, types);
  for (const char *type = types; *type != '\0'; type++)
    switch (*type)
      {
      case 'i':
        oba_db_params_add_int64 (self, va_arg (args, gint64));
        break;
      case 'd':
        oba_db_params_add_double (self, va_arg (args, double));
        break;
      case 'b':
        oba_db_params_add_bool (self, va_arg (args, gboolean));
        break;
      case 't':
        oba_db_params_add_text (self, va_arg (args, const char *));
        break;
      default:
        g_error ("oba_db_params_build: no parameter type '%c'", *type);
      }
  va_end (args);
  return self;
}
