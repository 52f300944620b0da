#include "oba-customer-query.h"

#include <string.h>

#include "base/oba-text.h"
#include "db/oba-db-sql.h"

#define MAX_CHARS 200
/* Fewer are the beginning of a number, not a search yet. */
#define MIN_DIGITS 3

struct _ObaCustomerQuery
{
  gatomicrefcount  refs;
  ObaCustomerSort  sort;
  gboolean         descending;
  gboolean         nobody;
  ObaCustomerFilter *filter;
  gboolean         anonymous;   /* names, phones and e-mail addresses are not for the one who asks */
  guint            text;        /* which value what was typed is, 0 for nothing */
  GString         *filters;     /* " and …" for each other condition on c, a (points_accounts), s (customer_stats) */
  gboolean         filters_accounts;
  gboolean         filters_stats;
  GPtrArray       *values;      /* of char*: $1, $2... */
  GPtrArray       *found_values; /* the same for a statement of oba_customer_query_get_function(): the filter */
};

/* Each order is an index read forwards or backwards, with the id as the tie-break. @alone is the table that has it, by the same alias. */
#define TIERS_IN_ORDER(direction)                                                                                                             \
  "(select x.tier_id, coalesce (x.threshold, -1) as rank from oba.tiers x order by 2" direction " offset 0) r cross join lateral"             \
  " (select y.customer_id from oba.points_accounts y where y.tier_id = r.tier_id order by y.customer_id" direction " offset 0) a"

static const struct
{
  const char *id;
  const char *alias;
  const char *alone;
  const char *ascending;
  const char *descending;
} sorts[OBA_CUSTOMER_N_SORTS] = {
  [OBA_CUSTOMER_SORT_NAME] = { "name", "c", NULL, "c.sort_name, c.customer_id", "c.sort_name desc, c.customer_id desc" },
  [OBA_CUSTOMER_SORT_PHONE] = { "phone", "c", NULL, "c.phone, c.customer_id", "c.phone desc, c.customer_id desc" },
  [OBA_CUSTOMER_SORT_CITY] = { "city", "c", NULL, "c.city, c.customer_id", "c.city desc, c.customer_id desc" },
  /* The lowest first, whatever their numbers are; what was retired before all. Alone it is tier by tier, each from its index, see oba_customer_query_get_from(). */
  [OBA_CUSTOMER_SORT_TIER] = { "tier", "a", TIERS_IN_ORDER (""), "r.rank, a.customer_id", "r.rank desc, a.customer_id desc" },
  [OBA_CUSTOMER_SORT_POINTS] = { "points", "a", "oba.points_accounts a",
                                 "a.balance, a.customer_id", "a.balance desc, a.customer_id desc" },
  [OBA_CUSTOMER_SORT_LAST_PURCHASE] = { "last-purchase", "s", "oba.customer_stats s",
                                        "s.last_purchase_at nulls first, s.customer_id",
                                        "s.last_purchase_at desc nulls last, s.customer_id desc" },
  [OBA_CUSTOMER_SORT_SPEND] = { "spend", "a", "oba.points_accounts a",
                                "a.tier_spend, a.customer_id", "a.tier_spend desc, a.customer_id desc" },
  [OBA_CUSTOMER_SORT_REGISTERED] = { "registered", "c", NULL,
                                     "c.registered_at, c.customer_id", "c.registered_at desc, c.customer_id desc" },
  [OBA_CUSTOMER_SORT_STATUS] = { "status", "c", NULL, "c.status, c.customer_id", "c.status desc, c.customer_id desc" },
  [OBA_CUSTOMER_SORT_EMAIL] = { "email", "c", NULL, "c.email, c.customer_id", "c.email desc, c.customer_id desc" },
  [OBA_CUSTOMER_SORT_BIRTH_DATE] = { "birth-date", "c", NULL, "c.birth_date, c.customer_id", "c.birth_date desc, c.customer_id desc" },
  [OBA_CUSTOMER_SORT_LANGUAGE] = { "language", "c", NULL, "c.language, c.customer_id", "c.language desc, c.customer_id desc" },
  /* Store by store, each from its index: a join of everybody would be sorted as a whole. */
  [OBA_CUSTOMER_SORT_STORE] = { "store", "t",
                                "(select store_id, name from oba.stores union all select 0, '' order by 2 offset 0) t"
                                " cross join lateral (select x.customer_id from oba.customers x where x.kind = 'person'"
                                " and coalesce (x.preferred_store_id, x.registered_store_id, 0) = t.store_id order by x.customer_id offset 0) c",
                                "t.name, c.customer_id", "t.name desc, c.customer_id desc" },
  [OBA_CUSTOMER_SORT_RECEIPTS] = { "receipts", "s", "oba.customer_stats s",
                                   "s.receipts, s.customer_id", "s.receipts desc, s.customer_id desc" },
  [OBA_CUSTOMER_SORT_RELEVANCE] = { "relevance" },   /* by oba.find_text(): the best first, whichever way */
  [OBA_CUSTOMER_SORT_NUMBER] = { "number", "c", NULL, "c.customer_id", "c.customer_id desc" },
  [OBA_CUSTOMER_SORT_LIFECYCLE] = { "lifecycle", "s", "oba.customer_stats s", "oba.lifecycle_place (s.lifecycle), s.lifecycle_since, s.customer_id",
                                    "oba.lifecycle_place (s.lifecycle) desc, s.lifecycle_since desc, s.customer_id desc" },
  [OBA_CUSTOMER_SORT_SEGMENTS] = { "segments" },   /* by oba.customers_by_segment() */
};

const char *
oba_customer_sort_get_id (ObaCustomerSort sort)
{
  return sorts[sort].id;
}

gboolean
oba_customer_sort_parse (const char      *id,
                         ObaCustomerSort *sort)
{
  for (guint i = 0; i < OBA_CUSTOMER_N_SORTS; i++)
    if (g_strcmp0 (id, sorts[i].id) == 0)
      {
        *sort = i;
        return TRUE;
      }
  return FALSE;
}

/* --- what was typed --- */

static guint
oba_customer_query_add_value (ObaCustomerQuery *self,
                              char             *value)
{
  g_ptr_array_add (self->values, value);
  return self->values->len;
}

static gboolean
oba_customer_query_is_digits (const char *text,
                              gsize       most)
{
  return *text != '\0' && strlen (text) <= most && strspn (text, "0123456789") == strlen (text);
}

/* The database reads it: one place for the list, for segments and for exports. */
static void
oba_customer_query_parse (ObaCustomerQuery *self,
                          const char       *text)
{
  g_autofree char *clean = oba_text_clean (text, MAX_CHARS, NULL);

  if (clean == NULL)
    self->nobody = TRUE;
  else if (*clean != '\0' && !oba_customer_query_is_digits (clean, MIN_DIGITS - 1))
    self->text = oba_customer_query_add_value (self, g_steal_pointer (&clean));
}

/* --- what else is asked for */

static void
oba_customer_query_add_numbers (ObaCustomerQuery        *self,
                                const ObaCustomerFilter *filter,
                                ObaCustomerFilterField   field,
                                const char              *format)
{
  GArray *numbers = oba_customer_filter_get_numbers (filter, field);
  GString *array = g_string_new ("{");
  g_auto (GStrv) parts = NULL;
  g_autofree char *parameter = NULL;
  g_autofree char *condition = NULL;

  for (guint i = 0; i < numbers->len; i++)
    g_string_append_printf (array, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", g_array_index (numbers, gint64, i));
  g_string_append_c (array, '}');
  parameter = g_strdup_printf ("$%u", oba_customer_query_add_value (self, g_string_free (array, FALSE)));
  parts = g_strsplit (format, "?", -1);
  condition = g_strjoinv (parameter, parts);
  g_string_append_printf (self->filters, " and %s", condition);
}

/* As PostgreSQL writes an array of texts. */
static char *
oba_customer_query_text_array (GPtrArray *names)
{
  GString *array = g_string_new ("{");

  for (guint i = 0; i < names->len; i++)
    {
      g_string_append (array, i > 0 ? ",\"" : "\"");
      for (const char *p = names->pdata[i]; *p != '\0'; p++)
        {
          if (*p == '"' || *p == '\\')
            g_string_append_c (array, '\\');
          g_string_append_c (array, *p);
        }
      g_string_append_c (array, '"');
    }
  g_string_append_c (array, '}');
  return g_string_free (array, FALSE);
}

static void
oba_customer_query_add_names (ObaCustomerQuery        *self,
                              const ObaCustomerFilter *filter,
                              ObaCustomerFilterField   field,
                              const char              *before,
                              const char              *after)
{
  guint n = oba_customer_query_add_value (self, oba_customer_query_text_array (oba_customer_filter_get_names (filter, field)));

  g_string_append_printf (self->filters, " and %s$%u::text[]%s", before, n, after);
}

static void
oba_customer_query_add_day (ObaCustomerQuery *self,
                            const char       *column,
                            const GDate      *day,
                            gboolean          last)
{
  guint n;

  if (!g_date_valid (day))
    return;
  n = oba_customer_query_add_value (self, g_strdup_printf ("%04u-%02u-%02u", g_date_get_year (day), g_date_get_month (day),
                                                           g_date_get_day (day)));
  /* Inclusive: before the day after. */
  g_string_append_printf (self->filters, last ? " and %s < oba.day_start ($%u::date + 1)" : " and %s >= oba.day_start ($%u::date)",
                          column, n);
}

static void
oba_customer_query_add_days (ObaCustomerQuery        *self,
                             const ObaCustomerFilter *filter,
                             ObaCustomerFilterField   field,
                             const char              *column)
{
  GDate from;
  GDate to;

  oba_customer_filter_get_days (filter, field, &from, &to);
  oba_customer_query_add_day (self, column, &from, FALSE);
  oba_customer_query_add_day (self, column, &to, TRUE);
}

static void
oba_customer_query_add_range (ObaCustomerQuery        *self,
                              const ObaCustomerFilter *filter,
                              ObaCustomerFilterField   field,
                              const char              *column)
{
  gint64 ends[2];
  const gint64 open[] = { OBA_CUSTOMER_FILTER_NO_MIN, OBA_CUSTOMER_FILTER_NO_MAX };
  const char *const signs[] = { ">=", "<=" };

  oba_customer_filter_get_range (filter, field, &ends[0], &ends[1]);
  for (guint i = 0; i < 2; i++)
    if (ends[i] != open[i])
      {
        guint n = oba_customer_query_add_value (self, g_strdup_printf ("%" G_GINT64_FORMAT, ends[i]));

        g_string_append_printf (self->filters, " and %s %s $%u::bigint", column, signs[i], n);
      }
}

static void
oba_customer_query_add_consents (ObaCustomerQuery        *self,
                                 const ObaCustomerFilter *filter)
{
  const char *const *channels = oba_customer_filter_get_channels ();
  gboolean granted;

  for (guint i = 0; channels[i] != NULL; i++)
    if (oba_customer_filter_get_consent (filter, channels[i], &granted))
      {
        guint n = oba_customer_query_add_value (self, g_strdup (channels[i]));

        g_string_append_printf (self->filters,
                                " and %s (select from oba.consents x where x.customer_id = c.customer_id"
                                " and x.channel = $%u and x.granted)",
                                granted ? "exists" : "not exists", n);
      }
}

/* @field: one that @filter has. */
static void
oba_customer_query_add_filter (ObaCustomerQuery        *self,
                               const ObaCustomerFilter *filter,
                               ObaCustomerFilterField   field)
{
  switch (field)
    {
    case OBA_CUSTOMER_FILTER_STORES:
      oba_customer_query_add_numbers (self, filter, field, "coalesce (c.preferred_store_id, c.registered_store_id, 0) = any (?::bigint[])");
      break;
    case OBA_CUSTOMER_FILTER_CITIES:
      oba_customer_query_add_names (self, filter, field, "c.city = any (", ")");
      break;
    case OBA_CUSTOMER_FILTER_TIERS:
      self->filters_accounts = TRUE;
      oba_customer_query_add_numbers (self, filter, field, "a.tier_id = any (?::bigint[])");
      break;
    case OBA_CUSTOMER_FILTER_STATUS:
      oba_customer_query_add_names (self, filter, field, "c.status = any (", ")");
      break;
    case OBA_CUSTOMER_FILTER_REGISTERED:
      oba_customer_query_add_days (self, filter, field, "c.registered_at");
      break;
    case OBA_CUSTOMER_FILTER_LAST_PURCHASE:
      self->filters_stats = TRUE;
      oba_customer_query_add_days (self, filter, field, "s.last_purchase_at");
      break;
    case OBA_CUSTOMER_FILTER_SPEND:
      self->filters_accounts = TRUE;
      oba_customer_query_add_range (self, filter, field, "a.tier_spend");
      break;
    case OBA_CUSTOMER_FILTER_POINTS:
      self->filters_accounts = TRUE;
      oba_customer_query_add_range (self, filter, field, "a.balance");
      break;
    case OBA_CUSTOMER_FILTER_CONSENTS:
      oba_customer_query_add_consents (self, filter);
      break;
    case OBA_CUSTOMER_FILTER_BIRTH_MONTHS:
      oba_customer_query_add_numbers (self, filter, field, "extract (month from c.birth_date) = any (?::numeric[])");
      break;
    case OBA_CUSTOMER_FILTER_BATCH:
      oba_customer_query_add_numbers (self, filter, field, "c.batch_id = any (?::bigint[])");
      break;
    case OBA_CUSTOMER_FILTER_LIFECYCLE:
      self->filters_stats = TRUE;
      oba_customer_query_add_names (self, filter, field, "oba.lifecycle_place (s.lifecycle) = any (oba.lifecycle_places (", "))");
      break;
    case OBA_CUSTOMER_FILTER_SEGMENTS:
      oba_customer_query_add_numbers (self, filter, field, "c.customer_id in (select oba.segment_customers (?::bigint[]))");
      break;
    case OBA_CUSTOMER_FILTER_TEXT:
    case OBA_CUSTOMER_FILTER_N_FIELDS:
    default:
      break;
    }
}

/* With the text as it was read; no value for everybody. */
static void
oba_customer_query_keep_filter (ObaCustomerQuery *self)
{
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_copy (self->filter);

  oba_customer_filter_set_text (filter, self->text != 0 ? self->values->pdata[self->text - 1] : "");
  self->found_values = g_ptr_array_new_with_free_func (g_free);
  if (!oba_customer_filter_is_empty (filter))
    g_ptr_array_add (self->found_values, oba_customer_filter_to_json (filter));
}

/* --- */

ObaCustomerQuery *
oba_customer_query_new (const ObaCustomerFilter *filter,
                        ObaCustomerSort          sort,
                        gboolean                 descending)
{
  ObaCustomerQuery *self = g_new0 (ObaCustomerQuery, 1);

  g_atomic_ref_count_init (&self->refs);
  self->sort = sort;
  self->descending = descending;
  self->filter = filter != NULL ? oba_customer_filter_copy (filter) : oba_customer_filter_new ();
  self->filters = g_string_new (NULL);
  self->values = g_ptr_array_new_with_free_func (g_free);
  for (ObaCustomerFilterField field = 0; field < OBA_CUSTOMER_FILTER_N_FIELDS; field++)
    if (oba_customer_filter_has (self->filter, field))
      oba_customer_query_add_filter (self, self->filter, field);
  oba_customer_query_parse (self, oba_customer_filter_get_text (self->filter));
  oba_customer_query_keep_filter (self);
  return self;
}

ObaCustomerQuery *
oba_customer_query_new_text (const char      *text,
                             ObaCustomerSort  sort,
                             gboolean         descending)
{
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_new_text (text);

  return oba_customer_query_new (filter, sort, descending);
}

ObaCustomerQuery *
oba_customer_query_ref (ObaCustomerQuery *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
oba_customer_query_unref (ObaCustomerQuery *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  oba_customer_filter_free (self->filter);
  g_string_free (self->filters, TRUE);
  g_ptr_array_unref (self->values);
  g_ptr_array_unref (self->found_values);
  g_free (self);
}

gboolean
oba_customer_query_is_all (ObaCustomerQuery *self)
{
  return !self->nobody && self->text == 0 && self->filters->len == 0;
}

const ObaCustomerFilter *
oba_customer_query_get_filter (ObaCustomerQuery *self)
{
  return self->filter;
}

gboolean
oba_customer_query_is_ranked (ObaCustomerQuery *self)
{
  return self->sort == OBA_CUSTOMER_SORT_RELEVANCE && self->text != 0 && self->filters->len == 0 && !self->anonymous && !self->nobody;
}

void
oba_customer_query_hide_people (ObaCustomerQuery *self)
{
  self->anonymous = TRUE;
  if (self->text != 0 && !oba_customer_query_is_digits (self->values->pdata[self->text - 1], 18))
    self->nobody = TRUE;
}

gboolean
oba_customer_query_is_nobody (ObaCustomerQuery *self)
{
  return self->nobody;
}

ObaCustomerSort
oba_customer_query_get_sort (ObaCustomerQuery *self)
{
  return self->sort;
}

gboolean
oba_customer_query_is_descending (ObaCustomerQuery *self)
{
  return self->descending;
}

/* The order that can be: who may not see a name may not guess it from the order either. */
static ObaCustomerSort
oba_customer_query_get_order (ObaCustomerQuery *self)
{
  gboolean personal = self->sort == OBA_CUSTOMER_SORT_NAME || self->sort == OBA_CUSTOMER_SORT_PHONE || self->sort == OBA_CUSTOMER_SORT_EMAIL
                      || self->sort == OBA_CUSTOMER_SORT_RELEVANCE;

  if (self->anonymous && (personal || self->text != 0))
    return OBA_CUSTOMER_SORT_NUMBER;
  return self->sort == OBA_CUSTOMER_SORT_RELEVANCE && self->text == 0 ? OBA_CUSTOMER_SORT_NAME : self->sort;
}

/* Everybody has an account and stats: what one order or condition needs of them is joined, or stands alone. */
static char *
oba_customer_query_get_from (ObaCustomerQuery *self,
                             ObaCustomerSort   order)
{
  const char *alone = sorts[order].alone;
  const char *alias = sorts[order].alias;
  GString *from;

  if (alone != NULL && self->text == 0 && self->filters->len == 0)
    return g_strdup (order == OBA_CUSTOMER_SORT_TIER && self->descending ? TIERS_IN_ORDER (" desc") : alone);
  from = g_string_new ("oba.customers c");
  if (self->filters_accounts || *alias == 'a')
    g_string_append (from, " join oba.points_accounts a on a.customer_id = c.customer_id");
  if (order == OBA_CUSTOMER_SORT_TIER)
    g_string_append (from, " join (select tier_id, coalesce (threshold, -1) as rank from oba.tiers) r on r.tier_id = a.tier_id");
  if (self->filters_stats || *alias == 's')
    g_string_append (from, " join oba.customer_stats s on s.customer_id = c.customer_id");
  if (*alias == 't')
    g_string_append (from, " join (select store_id, name from oba.stores union all select 0, '') t"
                           " on t.store_id = coalesce (c.preferred_store_id, c.registered_store_id, 0)");
  return g_string_free (from, FALSE);
}

static char *
oba_customer_query_get_where (ObaCustomerQuery *self)
{
  if (self->text == 0)
    return g_strconcat ("c.kind = 'person'", self->filters->str, NULL);
  return g_strdup_printf ("c.kind = 'person' and c.customer_id = $%u::bigint%s", self->text, self->filters->str);
}

/* Who was erased is nobody any more, unless that is what is asked for; who was merged is somebody else. */
static char *
oba_customer_query_get_hidden (ObaCustomerQuery *self,
                               const char       *id)
{
  gboolean erased = oba_customer_filter_has (self->filter, OBA_CUSTOMER_FILTER_STATUS);
  g_autofree char *no_erased = erased ? g_strdup ("") : g_strdup_printf (" and %s not in (select e.customer_id from oba.erasures e)", id);

  return g_strdup_printf ("%s and %s not in (select m.customer_id from oba.customers m where m.merged_into is not null)", no_erased, id);
}

/* A text, and the order of segments, are the database's business: "" for a statement of our own. */
static const char *
oba_customer_query_get_function (ObaCustomerQuery *self)
{
  if (oba_customer_query_get_order (self) == OBA_CUSTOMER_SORT_SEGMENTS)
    return "customers_by_segment";
  return self->text != 0 && !self->anonymous ? "find_text" : "";
}

static char *
oba_customer_query_get_call (ObaCustomerQuery *self,
                             guint             limit)
{
  const char *function = oba_customer_query_get_function (self);
  const char *filter = self->found_values->len > 0 ? "$1::jsonb" : "'{}'";
  const char *descending = self->descending ? "true" : "false";

  if (oba_customer_query_is_ranked (self) && limit > 0)
    return g_strdup_printf ("select f.customer_id from oba.search_customers ($%u, %u) f", self->text, limit);
  if (oba_customer_query_is_ranked (self))
    return g_strdup_printf ("select oba.search_all ($%u) as customer_id", self->text);
  if (g_str_equal (function, "find_text"))
    return g_strdup_printf ("select oba.find_text (%s, '%s', %s, %u) as customer_id", filter, sorts[self->sort].id, descending, limit);
  return g_strdup_printf ("select oba.customers_by_segment (%s, %s, %u) as customer_id", filter, descending, limit);
}

char *
oba_customer_query_get_sql (ObaCustomerQuery *self,
                            guint             limit)
{
  ObaCustomerSort order = oba_customer_query_get_order (self);
  g_autofree char *from = NULL;
  g_autofree char *where = NULL;
  g_autofree char *id = NULL;
  g_autofree char *hidden = NULL;
  gboolean joined;
  GString *sql;

  if (*oba_customer_query_get_function (self) != '\0')
    return oba_customer_query_get_call (self, limit);
  sql = g_string_new (oba_db_sql ("customers/find.sql"));
  from = oba_customer_query_get_from (self, order);
  joined = g_str_has_prefix (from, "oba.customers");
  where = joined ? oba_customer_query_get_where (self) : g_strdup ("true");
  id = g_strdup_printf ("%s.customer_id", joined || order == OBA_CUSTOMER_SORT_STORE ? "c" : sorts[order].alias);
  hidden = oba_customer_query_get_hidden (self, id);
  g_string_replace (sql, "{id}", id, 1);
  g_string_replace (sql, "{from}", from, 1);
  g_string_replace (sql, "{where}", where, 1);
  g_string_replace (sql, "{hidden}", hidden, 1);
  if (order == OBA_CUSTOMER_SORT_TIER && !joined)
    g_string_replace (sql, "{order}", self->descending ? "r.rank desc" : "r.rank", 1);   /* in which they come already: nothing is sorted */
  else
    g_string_replace (sql, "{order}", self->descending ? sorts[order].descending : sorts[order].ascending, 1);
  if (limit > 0)
    g_string_append_printf (sql, " limit %u", limit);
  return g_string_free (sql, FALSE);
}

ObaDbParams *
oba_customer_query_get_params (ObaCustomerQuery *self)
{
  GPtrArray *values = oba_customer_query_get_values (self);
  ObaDbParams *params = oba_db_params_new ();

  for (guint i = 0; i < values->len; i++)
    oba_db_params_add_text (params, values->pdata[i]);
  return params;
}

GPtrArray *
oba_customer_query_get_values (ObaCustomerQuery *self)
{
  gboolean own = *oba_customer_query_get_function (self) == '\0' || oba_customer_query_is_ranked (self);

  return own ? self->values : self->found_values;
}
