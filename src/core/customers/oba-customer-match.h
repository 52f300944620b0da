#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Bytes @from (inclusive) to @to (exclusive) of a text that is shown. */
typedef struct
{
  guint from;
  guint to;
} ObaCustomerMatch;

typedef enum
{
  OBA_CUSTOMER_MATCH_NAME,
  OBA_CUSTOMER_MATCH_PHONE,    /* as oba_phone_format() or in any other format */
  OBA_CUSTOMER_MATCH_EMAIL,
} ObaCustomerMatchIn;

/**
 * oba_customer_match_ranges: which part of a text that is shown of a customer is why a search found them, to be marked.
 *
 * @search: what was typed, as in ObaCustomerFilter; @shown: valid UTF-8. Names match under any spelling, so that “aliyeva” marks “Əliyeva”; words of a name
 * where they begin, else anywhere. Nothing is marked in what is only like the search. Returns: (transfer full) (element-type ObaCustomerMatch):
 * in order, apart from each other; empty for none
 */
GArray *oba_customer_match_ranges (const char *search, ObaCustomerMatchIn in, const char *shown);

G_END_DECLS
