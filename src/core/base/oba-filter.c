#include "oba-filter.h"

#include <string.h>

typedef union
{
  char      *text;
  GArray    *numbers;
  GPtrArray *names;
  GDate      days[2];
  gint64     range[2];
  int        flags[OBA_FILTER_MAX_FLAGS];   /* 0: not asked for; 1: no; 2: yes */
} Value;

struct _ObaFilter
{
  const ObaFilterSpec *spec;
  Value                values[OBA_FILTER_MAX_FIELDS];
};

static ObaFilterKind
get_kind (const ObaFilter *self,
          guint            field)
{
  return self->spec->fields[field].kind;
}

static gboolean
is_numbers (const ObaFilter *self,
            guint            field)
{
  return get_kind (self, field) == OBA_FILTER_NUMBERS || get_kind (self, field) == OBA_FILTER_NUMBER;
}

static gboolean
is_range (const ObaFilter *self,
          guint            field)
{
  return get_kind (self, field) == OBA_FILTER_RANGE || get_kind (self, field) == OBA_FILTER_TIMES;
}

ObaFilter *
oba_filter_new (const ObaFilterSpec *spec)
{
  ObaFilter *self = g_new0 (ObaFilter, 1);

  g_assert (spec->n_fields <= OBA_FILTER_MAX_FIELDS);
  self->spec = spec;
  for (guint i = 0; i < spec->n_fields; i++)
    switch (get_kind (self, i))
      {
      case OBA_FILTER_TEXT:
        self->values[i].text = g_strdup ("");
        break;
      case OBA_FILTER_NUMBERS:
      case OBA_FILTER_NUMBER:
        self->values[i].numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
        break;
      case OBA_FILTER_NAMES:
        self->values[i].names = g_ptr_array_new_with_free_func (g_free);
        break;
      case OBA_FILTER_TIMES:
    case OBA_FILTER_RANGE:
        self->values[i].range[0] = OBA_FILTER_NO_MIN;
        self->values[i].range[1] = OBA_FILTER_NO_MAX;
        break;
      case OBA_FILTER_DAYS:
      case OBA_FILTER_FLAGS:
      case OBA_FILTER_FLAG:
      default:
        break;
      }
  return self;
}

const ObaFilterSpec *
oba_filter_get_spec (const ObaFilter *self)
{
  return self->spec;
}

void
oba_filter_free (ObaFilter *self)
{
  for (guint i = 0; i < self->spec->n_fields; i++)
    if (get_kind (self, i) == OBA_FILTER_TEXT)
      g_free (self->values[i].text);
    else if (is_numbers (self, i))
      g_array_unref (self->values[i].numbers);
    else if (get_kind (self, i) == OBA_FILTER_NAMES)
      g_ptr_array_unref (self->values[i].names);
  g_free (self);
}

ObaFilter *
oba_filter_copy (const ObaFilter *self)
{
  ObaFilter *copy = oba_filter_new (self->spec);

  for (guint i = 0; i < self->spec->n_fields; i++)
    {
      const Value *from = &self->values[i];
      Value *to = &copy->values[i];

      if (get_kind (self, i) == OBA_FILTER_TEXT)
        oba_filter_set_text (copy, i, from->text);
      else if (is_numbers (self, i))
        g_array_append_vals (to->numbers, from->numbers->data, from->numbers->len);
      else if (get_kind (self, i) == OBA_FILTER_NAMES)
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
same_value (ObaFilterKind kind,
            const Value *a,
            const Value *b)
{
  switch (kind)
    {
    case OBA_FILTER_TEXT:
      return g_str_equal (a->text, b->text);
    case OBA_FILTER_NUMBERS:
    case OBA_FILTER_NUMBER:
      return a->numbers->len == b->numbers->len
             && (a->numbers->len == 0 || memcmp (a->numbers->data, b->numbers->data, a->numbers->len * sizeof (gint64)) == 0);
    case OBA_FILTER_NAMES:
      return same_names (a->names, b->names);
    case OBA_FILTER_DAYS:
      return same_day (&a->days[0], &b->days[0]) && same_day (&a->days[1], &b->days[1]);
    case OBA_FILTER_TIMES:
    case OBA_FILTER_RANGE:
      return a->range[0] == b->range[0] && a->range[1] == b->range[1];
    case OBA_FILTER_FLAGS:
    case OBA_FILTER_FLAG:
    default:
      return memcmp (a->flags, b->flags, sizeof a->flags) == 0;
    }
}

gboolean
oba_filter_equal (const ObaFilter *self,
                           const ObaFilter *other)
{
  for (guint i = 0; i < self->spec->n_fields; i++)
    if (!same_value (get_kind (self, i), &self->values[i], &other->values[i]))
      return FALSE;
  return TRUE;
}

gboolean
oba_filter_has (const ObaFilter *self,
                         guint   field)
{
  const Value *value = &self->values[field];

  switch (get_kind (self, field))
    {
    case OBA_FILTER_TEXT:
      return *value->text != '\0';
    case OBA_FILTER_NUMBERS:
    case OBA_FILTER_NUMBER:
      return value->numbers->len > 0;
    case OBA_FILTER_NAMES:
      return value->names->len > 0;
    case OBA_FILTER_DAYS:
      return g_date_valid (&value->days[0]) || g_date_valid (&value->days[1]);
    case OBA_FILTER_TIMES:
    case OBA_FILTER_RANGE:
      return value->range[0] != OBA_FILTER_NO_MIN || value->range[1] != OBA_FILTER_NO_MAX;
    case OBA_FILTER_FLAGS:
    case OBA_FILTER_FLAG:
    default:
      for (guint i = 0; i < OBA_FILTER_MAX_FLAGS; i++)
        if (value->flags[i] != 0)
          return TRUE;
      return FALSE;
    }
}

gboolean
oba_filter_is_empty (const ObaFilter *self)
{
  for (guint i = 0; i < self->spec->n_fields; i++)
    if (oba_filter_has (self, i))
      return FALSE;
  return TRUE;
}

void
oba_filter_clear (ObaFilter      *self,
                           guint  field)
{
  Value *value = &self->values[field];

  switch (get_kind (self, field))
    {
    case OBA_FILTER_TEXT:
      oba_filter_set_text (self, field, NULL);
      break;
    case OBA_FILTER_NUMBERS:
    case OBA_FILTER_NUMBER:
      g_array_set_size (value->numbers, 0);
      break;
    case OBA_FILTER_NAMES:
      g_ptr_array_set_size (value->names, 0);
      break;
    case OBA_FILTER_DAYS:
      oba_filter_set_days (self, field, NULL, NULL);
      break;
    case OBA_FILTER_TIMES:
    case OBA_FILTER_RANGE:
      oba_filter_set_range (self, field, OBA_FILTER_NO_MIN, OBA_FILTER_NO_MAX);
      break;
    case OBA_FILTER_FLAGS:
    case OBA_FILTER_FLAG:
    default:
      memset (value->flags, 0, sizeof value->flags);
    }
}

const char *
oba_filter_get_text (const ObaFilter *self,
                     guint            field)
{
  g_assert (get_kind (self, field) == OBA_FILTER_TEXT);
  return self->values[field].text;
}

void
oba_filter_set_text (ObaFilter  *self,
                     guint       field,
                     const char *text)
{
  char *copy = g_strdup (text != NULL ? text : "");

  g_assert (get_kind (self, field) == OBA_FILTER_TEXT);
  g_free (self->values[field].text);
  self->values[field].text = copy;
}

/* ---- numbers */

GArray *
oba_filter_get_numbers (const ObaFilter *self,
                                 guint   field)
{
  g_assert (is_numbers (self, field));
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
oba_filter_has_number (const ObaFilter *self,
                                guint   field,
                                gint64                   number)
{
  guint position;

  return find_number (oba_filter_get_numbers (self, field), number, &position);
}

void
oba_filter_add_number (ObaFilter      *self,
                                guint  field,
                                gint64                  number)
{
  GArray *numbers = oba_filter_get_numbers (self, field);
  guint position;

  if (get_kind (self, field) == OBA_FILTER_NUMBER)
    g_array_set_size (numbers, 0);
  if (!find_number (numbers, number, &position))
    g_array_insert_val (numbers, position, number);
}

void
oba_filter_remove_number (ObaFilter      *self,
                                   guint  field,
                                   gint64                  number)
{
  GArray *numbers = oba_filter_get_numbers (self, field);
  guint position;

  if (find_number (numbers, number, &position))
    g_array_remove_index (numbers, position);
}

/* ---- names */

GPtrArray *
oba_filter_get_names (const ObaFilter *self,
                               guint   field)
{
  g_assert (get_kind (self, field) == OBA_FILTER_NAMES);
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
oba_filter_has_name (const ObaFilter *self,
                              guint   field,
                              const char              *name)
{
  guint position;

  return find_name (oba_filter_get_names (self, field), name, &position);
}

void
oba_filter_add_name (ObaFilter      *self,
                              guint  field,
                              const char             *name)
{
  GPtrArray *names = oba_filter_get_names (self, field);
  guint position;

  if (!find_name (names, name, &position))
    g_ptr_array_insert (names, (int) position, g_strdup (name));
}

void
oba_filter_remove_name (ObaFilter      *self,
                                 guint  field,
                                 const char             *name)
{
  GPtrArray *names = oba_filter_get_names (self, field);
  guint position;

  if (find_name (names, name, &position))
    g_ptr_array_remove_index (names, position);
}

/* ---- ranges */

gboolean
oba_filter_get_days (const ObaFilter *self,
                              guint   field,
                              GDate                   *from,
                              GDate                   *to)
{
  g_assert (get_kind (self, field) == OBA_FILTER_DAYS);
  *from = self->values[field].days[0];
  *to = self->values[field].days[1];
  return oba_filter_has (self, field);
}

gboolean
oba_filter_set_days (ObaFilter      *self,
                              guint  field,
                              const GDate            *from,
                              const GDate            *to)
{
  GDate *days = self->values[field].days;
  gboolean has_from = from != NULL && g_date_valid (from);
  gboolean has_to = to != NULL && g_date_valid (to);

  g_assert (get_kind (self, field) == OBA_FILTER_DAYS);
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
oba_filter_get_range (const ObaFilter *self,
                               guint   field,
                               gint64                  *min,
                               gint64                  *max)
{
  g_assert (is_range (self, field));
  *min = self->values[field].range[0];
  *max = self->values[field].range[1];
  return oba_filter_has (self, field);
}

gboolean
oba_filter_set_range (ObaFilter      *self,
                               guint  field,
                               gint64                  min,
                               gint64                  max)
{
  g_assert (is_range (self, field));
  if (min > max)
    return FALSE;
  self->values[field].range[0] = min;
  self->values[field].range[1] = max;
  return TRUE;
}

/* 1 January of the year 1 is day 1; of it only differences matter. */
gint64
oba_filter_minute (const GDate *day,
                   guint        hour,
                   guint        minute)
{
  return ((gint64) g_date_get_julian (day) * 24 + hour) * 60 + minute;
}

void
oba_filter_split_minute (gint64  time,
                         GDate  *day,
                         guint  *hour,
                         guint  *minute)
{
  g_date_clear (day, 1);
  g_date_set_julian (day, (guint32) (time / (24 * 60)));
  *hour = (guint) (time / 60 % 24);
  *minute = (guint) (time % 60);
}

/* ---- flags */

static guint
find_flag (const ObaFilter *self,
           guint            field,
           const char      *flag)
{
  const char *const *choices = self->spec->fields[field].choices;
  guint n = 0;

  g_assert (get_kind (self, field) == OBA_FILTER_FLAGS);
  while (!g_str_equal (choices[n], flag))
    g_assert (choices[++n] != NULL);
  return n;
}

gboolean
oba_filter_get_flag_of (const ObaFilter *self,
                        guint            field,
                        const char      *flag,
                        gboolean        *yes)
{
  int state = self->values[field].flags[find_flag (self, field, flag)];

  if (yes != NULL)
    *yes = state == 2;
  return state != 0;
}

void
oba_filter_set_flag_of (ObaFilter  *self,
                        guint       field,
                        const char *flag,
                        gboolean    yes)
{
  self->values[field].flags[find_flag (self, field, flag)] = yes ? 2 : 1;
}

void
oba_filter_clear_flag_of (ObaFilter  *self,
                          guint       field,
                          const char *flag)
{
  self->values[field].flags[find_flag (self, field, flag)] = 0;
}

gboolean
oba_filter_get_flag (const ObaFilter *self,
                     guint            field,
                     gboolean        *yes)
{
  g_assert (get_kind (self, field) == OBA_FILTER_FLAG);
  if (yes != NULL)
    *yes = self->values[field].flags[0] == 2;
  return self->values[field].flags[0] != 0;
}

void
oba_filter_set_flag (ObaFilter *self,
                     guint      field,
                     gboolean   yes)
{
  g_assert (get_kind (self, field) == OBA_FILTER_FLAG);
  self->values[field].flags[0] = yes ? 2 : 1;
}
