#include "oba-customer-filter.h"

#include <string.h>

typedef enum
{
  KIND_TEXT,
  KIND_NUMBERS,
  KIND_NAMES,
  KIND_DAYS,
  KIND_RANGE,
  KIND_CONSENTS,
} Kind;

static const char *const statuses[] = { "active", "blocked", "erased", NULL };
static const char *const lifecycles[] = { "new", "active", "lapsing", "lost", "won_back", NULL };
static const char *const channels[] = { "telegram", "sms", "email", "phone", "profiling", NULL };

#define N_CHANNELS (G_N_ELEMENTS (channels) - 1)

/* @max: of a number; @choices: of a name. */
static const struct
{
  const char        *name;
  Kind               kind;
  gint64             max;
  const char *const *choices;
} fields[OBA_CUSTOMER_FILTER_N_FIELDS] = {
  [OBA_CUSTOMER_FILTER_TEXT] = { "text", KIND_TEXT, 0, NULL },
  [OBA_CUSTOMER_FILTER_STORES] = { "stores", KIND_NUMBERS, G_MAXINT64, NULL },
  [OBA_CUSTOMER_FILTER_CITIES] = { "cities", KIND_NAMES, 0, NULL },
  [OBA_CUSTOMER_FILTER_TIERS] = { "tiers", KIND_NUMBERS, G_MAXINT64, NULL },
  [OBA_CUSTOMER_FILTER_STATUS] = { "status", KIND_NAMES, 0, statuses },
  [OBA_CUSTOMER_FILTER_LIFECYCLE] = { "lifecycle", KIND_NAMES, 0, lifecycles },
  [OBA_CUSTOMER_FILTER_SEGMENTS] = { "segments", KIND_NUMBERS, G_MAXINT64, NULL },
  [OBA_CUSTOMER_FILTER_REGISTERED] = { "registered", KIND_DAYS, 0, NULL },
  [OBA_CUSTOMER_FILTER_LAST_PURCHASE] = { "last_purchase", KIND_DAYS, 0, NULL },
  [OBA_CUSTOMER_FILTER_SPEND] = { "spend", KIND_RANGE, 0, NULL },
  [OBA_CUSTOMER_FILTER_POINTS] = { "points", KIND_RANGE, 0, NULL },
  [OBA_CUSTOMER_FILTER_CONSENTS] = { "consents", KIND_CONSENTS, 0, NULL },
  [OBA_CUSTOMER_FILTER_BIRTH_MONTHS] = { "birth_months", KIND_NUMBERS, 12, NULL },
  [OBA_CUSTOMER_FILTER_BATCH] = { "batch", KIND_NUMBERS, G_MAXINT64, NULL },
};

typedef union
{
  char      *text;
  GArray    *numbers;
  GPtrArray *names;
  GDate      days[2];
  gint64     range[2];
  int        consents[N_CHANNELS];   /* 0: not asked for; 1: refused; 2: granted */
} Value;

struct _ObaCustomerFilter
{
  Value values[OBA_CUSTOMER_FILTER_N_FIELDS];
};

ObaCustomerFilter *
oba_customer_filter_new (void)
{
  ObaCustomerFilter *self = g_new0 (ObaCustomerFilter, 1);

  for (guint i = 0; i < OBA_CUSTOMER_FILTER_N_FIELDS; i++)
    switch (fields[i].kind)
      {
      case KIND_TEXT:
        self->values[i].text = g_strdup ("");
        break;
      case KIND_NUMBERS:
        self->values[i].numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
        break;
      case KIND_NAMES:
        self->values[i].names = g_ptr_array_new_with_free_func (g_free);
        break;
      case KIND_RANGE:
        self->values[i].range[0] = OBA_CUSTOMER_FILTER_NO_MIN;
        self->values[i].range[1] = OBA_CUSTOMER_FILTER_NO_MAX;
        break;
      case KIND_DAYS:
      case KIND_CONSENTS:
      default:
        break;
      }
  return self;
}

ObaCustomerFilter *
oba_customer_filter_new_text (const char *text)
{
  ObaCustomerFilter *self = oba_customer_filter_new ();

  oba_customer_filter_set_text (self, text);
  return self;
}

void
oba_customer_filter_free (ObaCustomerFilter *self)
{
  for (guint i = 0; i < OBA_CUSTOMER_FILTER_N_FIELDS; i++)
    if (fields[i].kind == KIND_TEXT)
      g_free (self->values[i].text);
    else if (fields[i].kind == KIND_NUMBERS)
      g_array_unref (self->values[i].numbers);
    else if (fields[i].kind == KIND_NAMES)
      g_ptr_array_unref (self->values[i].names);
  g_free (self);
}

ObaCustomerFilter *
oba_customer_filter_copy (const ObaCustomerFilter *self)
{
  ObaCustomerFilter *copy = oba_customer_filter_new ();

  for (guint i = 0; i < OBA_CUSTOMER_FILTER_N_FIELDS; i++)
    {
      const Value *from = &self->values[i];
      Value *to = &copy->values[i];

      if (fields[i].kind == KIND_TEXT)
        oba_customer_filter_set_text (copy, from->text);
      else if (fields[i].kind == KIND_NUMBERS)
        g_array_append_vals (to->numbers, from->numbers->data, from->numbers->len);
      else if (fields[i].kind == KIND_NAMES)
        for (guint n = 0; n < from->names->len; n++)
          g_ptr_array_add (to->names, g_strdup (from->names->pdata[n]));
      else
        *to = *from;
    }
  return copy;
}

static gboolean
same_names (GPtrArray *a,
            GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!g_str_equal (a->pdata[i], b->pdata[i]))
      return FALSE;
  return TRUE;
}

static gboolean
same_day (const GDate *a,
          const GDate *b)
{
  if (!g_date_valid (a) || !g_date_valid (b))
    return g_date_valid (a) == g_date_valid (b);
  return g_date_compare (a, b) == 0;
}

static gboolean
same_value (Kind         kind,
            const Value *a,
            const Value *b)
{
  switch (kind)
    {
    case KIND_TEXT:
      return g_str_equal (a->text, b->text);
    case KIND_NUMBERS:
      return a->numbers->len == b->numbers->len
             && (a->numbers->len == 0 || memcmp (a->numbers->data, b->numbers->data, a->numbers->len * sizeof (gint64)) == 0);
    case KIND_NAMES:
      return same_names (a->names, b->names);
    case KIND_DAYS:
      return same_day (&a->days[0], &b->days[0]) && same_day (&a->days[1], &b->days[1]);
    case KIND_RANGE:
      return a->range[0] == b->range[0] && a->range[1] == b->range[1];
    case KIND_CONSENTS:
    default:
      return memcmp (a->consents, b->consents, sizeof a->consents) == 0;
    }
}

gboolean
oba_customer_filter_equal (const ObaCustomerFilter *self,
                           const ObaCustomerFilter *other)
{
  for (guint i = 0; i < OBA_CUSTOMER_FILTER_N_FIELDS; i++)
    if (!same_value (fields[i].kind, &self->values[i], &other->values[i]))
      return FALSE;
  return TRUE;
}

const char *
oba_customer_filter_field_get_name (ObaCustomerFilterField field)
{
  return fields[field].name;
}

gboolean
oba_customer_filter_has (const ObaCustomerFilter *self,
                         ObaCustomerFilterField   field)
{
  const Value *value = &self->values[field];

  switch (fields[field].kind)
    {
    case KIND_TEXT:
      return *value->text != '\0';
    case KIND_NUMBERS:
      return value->numbers->len > 0;
    case KIND_NAMES:
      return value->names->len > 0;
    case KIND_DAYS:
      return g_date_valid (&value->days[0]) || g_date_valid (&value->days[1]);
    case KIND_RANGE:
      return value->range[0] != OBA_CUSTOMER_FILTER_NO_MIN || value->range[1] != OBA_CUSTOMER_FILTER_NO_MAX;
    case KIND_CONSENTS:
    default:
      for (guint i = 0; i < N_CHANNELS; i++)
        if (value->consents[i] != 0)
          return TRUE;
      return FALSE;
    }
}

gboolean
oba_customer_filter_is_empty (const ObaCustomerFilter *self)
{
  for (guint i = 0; i < OBA_CUSTOMER_FILTER_N_FIELDS; i++)
    if (oba_customer_filter_has (self, i))
      return FALSE;
  return TRUE;
}

void
oba_customer_filter_clear (ObaCustomerFilter      *self,
                           ObaCustomerFilterField  field)
{
  Value *value = &self->values[field];

  switch (fields[field].kind)
    {
    case KIND_TEXT:
      oba_customer_filter_set_text (self, NULL);
      break;
    case KIND_NUMBERS:
      g_array_set_size (value->numbers, 0);
      break;
    case KIND_NAMES:
      g_ptr_array_set_size (value->names, 0);
      break;
    case KIND_DAYS:
      oba_customer_filter_set_days (self, field, NULL, NULL);
      break;
    case KIND_RANGE:
      oba_customer_filter_set_range (self, field, OBA_CUSTOMER_FILTER_NO_MIN, OBA_CUSTOMER_FILTER_NO_MAX);
      break;
    case KIND_CONSENTS:
    default:
      memset (value->consents, 0, sizeof value->consents);
    }
}

const char *
oba_customer_filter_get_text (const ObaCustomerFilter *self)
{
  return self->values[OBA_CUSTOMER_FILTER_TEXT].text;
}

void
oba_customer_filter_set_text (ObaCustomerFilter *self,
                              const char        *text)
{
  char *copy = g_strdup (text != NULL ? text : "");

  g_free (self->values[OBA_CUSTOMER_FILTER_TEXT].text);
  self->values[OBA_CUSTOMER_FILTER_TEXT].text = copy;
}

/* ---- numbers */

GArray *
oba_customer_filter_get_numbers (const ObaCustomerFilter *self,
                                 ObaCustomerFilterField   field)
{
  g_assert (fields[field].kind == KIND_NUMBERS);
  return self->values[field].numbers;
}

/* Where it is, or where it belongs. */
static gboolean
find_number (GArray *numbers,
             gint64  number,
             guint  *position)
{
  for (*position = 0; *position < numbers->len; (*position)++)
    if (g_array_index (numbers, gint64, *position) >= number)
      return g_array_index (numbers, gint64, *position) == number;
  return FALSE;
}

gboolean
oba_customer_filter_has_number (const ObaCustomerFilter *self,
                                ObaCustomerFilterField   field,
                                gint64                   number)
{
  guint position;

  return find_number (oba_customer_filter_get_numbers (self, field), number, &position);
}

void
oba_customer_filter_add_number (ObaCustomerFilter      *self,
                                ObaCustomerFilterField  field,
                                gint64                  number)
{
  GArray *numbers = oba_customer_filter_get_numbers (self, field);
  guint position;

  if (field == OBA_CUSTOMER_FILTER_BATCH)
    g_array_set_size (numbers, 0);
  if (!find_number (numbers, number, &position))
    g_array_insert_val (numbers, position, number);
}

void
oba_customer_filter_remove_number (ObaCustomerFilter      *self,
                                   ObaCustomerFilterField  field,
                                   gint64                  number)
{
  GArray *numbers = oba_customer_filter_get_numbers (self, field);
  guint position;

  if (find_number (numbers, number, &position))
    g_array_remove_index (numbers, position);
}

/* ---- names */

GPtrArray *
oba_customer_filter_get_names (const ObaCustomerFilter *self,
                               ObaCustomerFilterField   field)
{
  g_assert (fields[field].kind == KIND_NAMES);
  return self->values[field].names;
}

static gboolean
find_name (GPtrArray  *names,
           const char *name,
           guint      *position)
{
  for (*position = 0; *position < names->len; (*position)++)
    if (strcmp (names->pdata[*position], name) >= 0)
      return g_str_equal (names->pdata[*position], name);
  return FALSE;
}

gboolean
oba_customer_filter_has_name (const ObaCustomerFilter *self,
                              ObaCustomerFilterField   field,
                              const char              *name)
{
  guint position;

  return find_name (oba_customer_filter_get_names (self, field), name, &position);
}

void
oba_customer_filter_add_name (ObaCustomerFilter      *self,
                              ObaCustomerFilterField  field,
                              const char             *name)
{
  GPtrArray *names = oba_customer_filter_get_names (self, field);
  guint position;

  if (!find_name (names, name, &position))
    g_ptr_array_insert (names, (int) position, g_strdup (name));
}

void
oba_customer_filter_remove_name (ObaCustomerFilter      *self,
                                 ObaCustomerFilterField  field,
                                 const char             *name)
{
  GPtrArray *names = oba_customer_filter_get_names (self, field);
  guint position;

  if (find_name (names, name, &position))
    g_ptr_array_remove_index (names, position);
}

/* ---- ranges */

gboolean
oba_customer_filter_get_days (const ObaCustomerFilter *self,
                              ObaCustomerFilterField   field,
                              GDate                   *from,
                              GDate                   *to)
{
  g_assert (fields[field].kind == KIND_DAYS);
  *from = self->values[field].days[0];
  *to = self->values[field].days[1];
  return oba_customer_filter_has (self, field);
}

gboolean
oba_customer_filter_set_days (ObaCustomerFilter      *self,
                              ObaCustomerFilterField  field,
                              const GDate            *from,
                              const GDate            *to)
{
  GDate *days = self->values[field].days;
  gboolean has_from = from != NULL && g_date_valid (from);
  gboolean has_to = to != NULL && g_date_valid (to);

  g_assert (fields[field].kind == KIND_DAYS);
  if (has_from && has_to && g_date_compare (from, to) > 0)
    return FALSE;
  g_date_clear (days, 2);
  if (has_from)
    days[0] = *from;
  if (has_to)
    days[1] = *to;
  return TRUE;
}

gboolean
oba_customer_filter_get_range (const ObaCustomerFilter *self,
                               ObaCustomerFilterField   field,
                               gint64                  *min,
                               gint64                  *max)
{
  g_assert (fields[field].kind == KIND_RANGE);
  *min = self->values[field].range[0];
  *max = self->values[field].range[1];
  return oba_customer_filter_has (self, field);
}

gboolean
oba_customer_filter_set_range (ObaCustomerFilter      *self,
                               ObaCustomerFilterField  field,
                               gint64                  min,
                               gint64                  max)
{
  g_assert (fields[field].kind == KIND_RANGE);
  if (min > max)
    return FALSE;
  self->values[field].range[0] = min;
  self->values[field].range[1] = max;
  return TRUE;
}

/* ---- consents */

static int *
find_consent (const ObaCustomerFilter *self,
              const char              *channel)
{
  for (guint i = 0; i < N_CHANNELS; i++)
    if (g_str_equal (channels[i], channel))
      return (int *) &self->values[OBA_CUSTOMER_FILTER_CONSENTS].consents[i];
  return NULL;
}

gboolean
oba_customer_filter_get_consent (const ObaCustomerFilter *self,
                                 const char              *channel,
                                 gboolean                *granted)
{
  const int *consent = find_consent (self, channel);

  g_assert (consent != NULL);
  if (granted != NULL)
    *granted = *consent == 2;
  return *consent != 0;
}

static void
put_consent (ObaCustomerFilter *self,
             const char        *channel,
             int                state)
{
  int *consent = find_consent (self, channel);

  g_assert (consent != NULL);
  *consent = state;
}

void
oba_customer_filter_set_consent (ObaCustomerFilter *self,
                                 const char        *channel,
                                 gboolean           granted)
{
  put_consent (self, channel, granted ? 2 : 1);
}

void
oba_customer_filter_clear_consent (ObaCustomerFilter *self,
                                   const char        *channel)
{
  put_consent (self, channel, 0);
}

const char *const *
oba_customer_filter_get_channels (void)
{
  return channels;
}

const char *const *
oba_customer_filter_get_choices (ObaCustomerFilterField field)
{
  return fields[field].choices;
}
