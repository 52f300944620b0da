#include "oba-receipt-query.h"

#include "base/oba-text.h"

#define MAX_CHARS 64

struct _ObaReceiptQuery
{
  gatomicrefcount   refs;
  ObaReceiptFilter *filter;
  char             *json;
  ObaReceiptSort    sort;
  gboolean          descending;
};

static const char *const sorts[OBA_RECEIPT_N_SORTS] = {
  [OBA_RECEIPT_SORT_TIME] = "time",       [OBA_RECEIPT_SORT_TOTAL] = "total", [OBA_RECEIPT_SORT_DISCOUNT] = "discount",
  [OBA_RECEIPT_SORT_NUMBER] = "number",   [OBA_RECEIPT_SORT_CASHIER] = "cashier", [OBA_RECEIPT_SORT_STORE] = "store",
  [OBA_RECEIPT_SORT_KIND] = "kind",
};

const char *
oba_receipt_sort_get_id (ObaReceiptSort sort)
{
  return sorts[sort];
}

gboolean
oba_receipt_sort_parse (const char     *id,
                        ObaReceiptSort *sort)
{
  for (guint i = 0; i < OBA_RECEIPT_N_SORTS; i++)
    if (g_strcmp0 (id, sorts[i]) == 0)
      {
        *sort = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
spans_at_most (const ObaReceiptFilter *filter, guint days)
{
  gint64 from;
  gint64 to;

  oba_filter_get_range (filter, OBA_RECEIPT_FILTER_TIME, &from, &to);
  return from != OBA_FILTER_NO_MIN && to != OBA_FILTER_NO_MAX && to - from < (gint64) days * 24 * 60;
}

static gboolean
has_any (const ObaReceiptFilter *filter, const ObaReceiptFilterField *fields, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (oba_filter_has (filter, fields[i]))
      return TRUE;
  return FALSE;
}

guint
oba_receipt_sort_get_max_days (const ObaReceiptFilter *filter)
{
  static const ObaReceiptFilterField some[] = { OBA_RECEIPT_FILTER_STORES, OBA_RECEIPT_FILTER_CASHIERS };

  return has_any (filter, some, G_N_ELEMENTS (some)) ? OBA_RECEIPT_SORT_MAX_DAYS_OF_SOME : OBA_RECEIPT_SORT_MAX_DAYS;
}

void
oba_receipt_sort_narrow (ObaReceiptFilter *filter)
{
  gint64 days = oba_receipt_sort_get_max_days (filter);
  gint64 from;
  gint64 to;

  oba_filter_get_range (filter, OBA_RECEIPT_FILTER_TIME, &from, &to);
  if (to == OBA_FILTER_NO_MAX)
    {
      g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
      g_autoptr (GDateTime) now = baku != NULL ? g_date_time_new_now (baku) : g_date_time_new_now_utc ();
      GDate today;

      g_date_clear (&today, 1);
      g_date_set_dmy (&today, (GDateDay) g_date_time_get_day_of_month (now), (GDateMonth) g_date_time_get_month (now), (GDateYear) g_date_time_get_year (now));
      to = oba_filter_minute (&today, 23, 59);
    }
  oba_filter_set_range (filter, OBA_RECEIPT_FILTER_TIME, MAX (from, to - days * 24 * 60 + 1), to);
}

gboolean
oba_receipt_sort_can (ObaReceiptSort          sort,
                      const ObaReceiptFilter *filter)
{
  static const ObaReceiptFilterField few[] = { OBA_RECEIPT_FILTER_TEXT, OBA_RECEIPT_FILTER_RECEIPT_NO, OBA_RECEIPT_FILTER_FISCAL_ID,
                                               OBA_RECEIPT_FILTER_CUSTOMERS, OBA_RECEIPT_FILTER_CARDS };

  if (sort == OBA_RECEIPT_SORT_TIME || has_any (filter, few, G_N_ELEMENTS (few))
      || spans_at_most (filter, oba_receipt_sort_get_max_days (filter)))
    return TRUE;
  /* A product or "corrected" is found in the order of time. */
  return sort == OBA_RECEIPT_SORT_TOTAL && !oba_filter_has (filter, OBA_RECEIPT_FILTER_PRODUCTS)
         && !oba_filter_has (filter, OBA_RECEIPT_FILTER_CORRECTED);
}

/* What was typed with spaces around it, or cannot be a number at all; the latter finds nothing. */
static void
clean_text (ObaReceiptFilter *filter)
{
  const char *text = oba_filter_get_text (filter, OBA_RECEIPT_FILTER_TEXT);
  g_autofree char *clean = oba_text_clean (text, MAX_CHARS, NULL);

  if (clean != NULL || *text == '\0')
    oba_filter_set_text (filter, OBA_RECEIPT_FILTER_TEXT, clean);
  else
    oba_filter_set_text (filter, OBA_RECEIPT_FILTER_TEXT, "?");
}

ObaReceiptQuery *
oba_receipt_query_new (const ObaReceiptFilter *filter,
                       ObaReceiptSort          sort,
                       gboolean                descending)
{
  ObaReceiptQuery *self = g_new0 (ObaReceiptQuery, 1);
  g_autoptr (ObaFilter) asked = NULL;

  g_atomic_ref_count_init (&self->refs);
  self->filter = filter != NULL ? oba_filter_copy (filter) : oba_receipt_filter_new ();
  self->sort = oba_receipt_sort_can (sort, self->filter) ? sort : OBA_RECEIPT_SORT_TIME;
  self->descending = descending || self->sort != sort;
  asked = oba_filter_copy (self->filter);
  clean_text (asked);
  self->json = oba_filter_to_json (asked);
  return self;
}

ObaReceiptQuery *
oba_receipt_query_ref (ObaReceiptQuery *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
oba_receipt_query_unref (ObaReceiptQuery *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  oba_filter_free (self->filter);
  g_free (self->json);
  g_free (self);
}

const ObaReceiptFilter *
oba_receipt_query_get_filter (ObaReceiptQuery *self)
{
  return self->filter;
}

const char *
oba_receipt_query_get_json (ObaReceiptQuery *self)
{
  return self->json;
}

ObaReceiptSort
oba_receipt_query_get_sort (ObaReceiptQuery *self)
{
  return self->sort;
}

gboolean
oba_receipt_query_is_descending (ObaReceiptQuery *self)
{
  return self->descending;
}
