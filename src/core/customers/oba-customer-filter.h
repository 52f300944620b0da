#pragma once

#include "base/oba-filter.h"

G_BEGIN_DECLS

/**
 * ObaCustomerFilter: which customers: an ObaFilter of these fields. Its JSON form is what saved views, segments, bulk actions and exports keep:
 * {"text": "…", "stores": [id…], "cities": ["Bakı"…], "tiers": [id…], "status": ["active"|"blocked"|"erased"…],
 *  "lifecycle": ["new"|"active"|"lapsing"|"lost"|"won_back"…], "segments": [id…], "registered": ["2026-01-01", "2026-03-31"],
 *  "last_purchase": [from, to], "spend": [least, most], "points": [least, most], "consents": {"sms": true}, "birth_months": [3…], "batch": id}
 * Ranges are inclusive and one of their ends may be null. Days are of Asia/Baku, spend is qəpik of the last twelve months. A store is the
 * preferred one, else the one that registered the customer. A field that asks for nothing is left out.
 */
typedef ObaFilter ObaCustomerFilter;

typedef enum
{
  OBA_CUSTOMER_FILTER_TEXT,            /* text */
  OBA_CUSTOMER_FILTER_STORES,          /* numbers */
  OBA_CUSTOMER_FILTER_CITIES,          /* names */
  OBA_CUSTOMER_FILTER_TIERS,           /* numbers */
  OBA_CUSTOMER_FILTER_STATUS,          /* names */
  OBA_CUSTOMER_FILTER_LIFECYCLE,       /* names */
  OBA_CUSTOMER_FILTER_SEGMENTS,        /* numbers */
  OBA_CUSTOMER_FILTER_REGISTERED,      /* days */
  OBA_CUSTOMER_FILTER_LAST_PURCHASE,   /* days */
  OBA_CUSTOMER_FILTER_SPEND,           /* range */
  OBA_CUSTOMER_FILTER_POINTS,          /* range */
  OBA_CUSTOMER_FILTER_CONSENTS,        /* consents */
  OBA_CUSTOMER_FILTER_BIRTH_MONTHS,    /* numbers */
  OBA_CUSTOMER_FILTER_BATCH,           /* numbers, one */
  OBA_CUSTOMER_FILTER_N_FIELDS,
} ObaCustomerFilterField;

#define OBA_CUSTOMER_FILTER_MAX_VALUES OBA_FILTER_MAX_VALUES
#define OBA_CUSTOMER_FILTER_NO_MIN OBA_FILTER_NO_MIN
#define OBA_CUSTOMER_FILTER_NO_MAX OBA_FILTER_NO_MAX

extern const ObaFilterSpec oba_customer_filter_spec;

ObaCustomerFilter  *oba_customer_filter_new            (void);
ObaCustomerFilter  *oba_customer_filter_new_text       (const char *text);                      /* (nullable) */

/** "stores": what the field is called in JSON. */
const char         *oba_customer_filter_field_get_name (ObaCustomerFilterField field);
/** NULL-terminated: every channel of consents there is, in the order of the forms. */
const char *const  *oba_customer_filter_get_channels   (void);
/** NULL-terminated: every value that a field of fixed names (status, lifecycle) can have; NULL for another field. */
const char *const  *oba_customer_filter_get_choices    (ObaCustomerFilterField field);

/* What every filter can, see oba-filter.h. */
#define oba_customer_filter_copy oba_filter_copy
#define oba_customer_filter_free oba_filter_free
#define oba_customer_filter_equal oba_filter_equal
#define oba_customer_filter_is_empty oba_filter_is_empty
#define oba_customer_filter_has oba_filter_has
#define oba_customer_filter_clear oba_filter_clear
#define oba_customer_filter_get_numbers oba_filter_get_numbers
#define oba_customer_filter_has_number oba_filter_has_number
#define oba_customer_filter_add_number oba_filter_add_number
#define oba_customer_filter_remove_number oba_filter_remove_number
#define oba_customer_filter_get_names oba_filter_get_names
#define oba_customer_filter_has_name oba_filter_has_name
#define oba_customer_filter_add_name oba_filter_add_name
#define oba_customer_filter_remove_name oba_filter_remove_name
#define oba_customer_filter_get_days oba_filter_get_days
#define oba_customer_filter_set_days oba_filter_set_days
#define oba_customer_filter_get_range oba_filter_get_range
#define oba_customer_filter_set_range oba_filter_set_range
#define oba_customer_filter_to_node oba_filter_to_node
#define oba_customer_filter_to_json oba_filter_to_json

static inline const char *
oba_customer_filter_get_text (const ObaCustomerFilter *self)
{
  return oba_filter_get_text (self, OBA_CUSTOMER_FILTER_TEXT);
}

static inline void
oba_customer_filter_set_text (ObaCustomerFilter *self,
                              const char        *text)
{
  oba_filter_set_text (self, OBA_CUSTOMER_FILTER_TEXT, text);
}

/* @channel: "telegram", "sms", "email", "phone" or "profiling". FALSE when it is not asked for; else @granted tells which. */
static inline gboolean
oba_customer_filter_get_consent (const ObaCustomerFilter *self,
                                 const char              *channel,
                                 gboolean                *granted)
{
  return oba_filter_get_flag_of (self, OBA_CUSTOMER_FILTER_CONSENTS, channel, granted);
}

static inline void
oba_customer_filter_set_consent (ObaCustomerFilter *self,
                                 const char        *channel,
                                 gboolean           granted)
{
  oba_filter_set_flag_of (self, OBA_CUSTOMER_FILTER_CONSENTS, channel, granted);
}

static inline void
oba_customer_filter_clear_consent (ObaCustomerFilter *self,
                                   const char        *channel)
{
  oba_filter_clear_flag_of (self, OBA_CUSTOMER_FILTER_CONSENTS, channel);
}

static inline ObaCustomerFilter *
oba_customer_filter_from_node (JsonNode  *node,
                               GError   **error)
{
  return oba_filter_from_node (&oba_customer_filter_spec, node, error);
}

static inline ObaCustomerFilter *
oba_customer_filter_from_json (const char  *json,
                               GError     **error)
{
  return oba_filter_from_json (&oba_customer_filter_spec, json, error);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCustomerFilter, oba_filter_free)

G_END_DECLS
