#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ObaCustomerFilter: which customers: a plain value with one condition a field, all of which must hold; of the values of one field any.
 *
 * Its JSON form is what saved views, segments, bulk actions and exports keep:
 * {"text": "…", "stores": [id…], "cities": ["Bakı"…], "tiers": [id…], "status": ["active"|"blocked"|"erased"…],
 *  "lifecycle": ["new"|"active"|"lapsing"|"lost"|"won_back"…], "segments": [id…], "registered": ["2026-01-01", "2026-03-31"],
 *  "last_purchase": [from, to], "spend": [least, most], "points": [least, most], "consents": {"sms": true}, "birth_months": [3…], "batch": id}
 * Ranges are inclusive and one of their ends may be null. Days are of Asia/Baku, spend is qəpik of the last twelve months. A store is the
 * preferred one, else the one that registered the customer. A field that asks for nothing is left out.
 */
typedef struct _ObaCustomerFilter ObaCustomerFilter;

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

#define OBA_CUSTOMER_FILTER_MAX_VALUES 1000
/* The open end of a range of numbers. */
#define OBA_CUSTOMER_FILTER_NO_MIN G_MININT64
#define OBA_CUSTOMER_FILTER_NO_MAX G_MAXINT64

ObaCustomerFilter  *oba_customer_filter_new            (void);
ObaCustomerFilter  *oba_customer_filter_new_text       (const char *text);                      /* (nullable) */
ObaCustomerFilter  *oba_customer_filter_copy           (const ObaCustomerFilter *self);
void                oba_customer_filter_free           (ObaCustomerFilter *self);
gboolean            oba_customer_filter_equal          (const ObaCustomerFilter *self, const ObaCustomerFilter *other);
gboolean            oba_customer_filter_is_empty       (const ObaCustomerFilter *self);         /* everybody */

/** "stores": what the field is called in JSON. */
const char         *oba_customer_filter_field_get_name (ObaCustomerFilterField field);
gboolean            oba_customer_filter_has            (const ObaCustomerFilter *self, ObaCustomerFilterField field);
void                oba_customer_filter_clear          (ObaCustomerFilter *self, ObaCustomerFilterField field);

/** What was typed, as it was typed; "" for none. */
const char         *oba_customer_filter_get_text       (const ObaCustomerFilter *self);
void                oba_customer_filter_set_text       (ObaCustomerFilter *self, const char *text);   /* (nullable) */

/** Sorted, each once. (transfer none) (element-type gint64) */
GArray             *oba_customer_filter_get_numbers    (const ObaCustomerFilter *self, ObaCustomerFilterField field);
gboolean            oba_customer_filter_has_number     (const ObaCustomerFilter *self, ObaCustomerFilterField field, gint64 number);
void                oba_customer_filter_add_number     (ObaCustomerFilter *self, ObaCustomerFilterField field, gint64 number);
void                oba_customer_filter_remove_number  (ObaCustomerFilter *self, ObaCustomerFilterField field, gint64 number);

/** Sorted byte by byte, each once. (transfer none) (element-type utf8) */
GPtrArray          *oba_customer_filter_get_names      (const ObaCustomerFilter *self, ObaCustomerFilterField field);
gboolean            oba_customer_filter_has_name       (const ObaCustomerFilter *self, ObaCustomerFilterField field, const char *name);
void                oba_customer_filter_add_name       (ObaCustomerFilter *self, ObaCustomerFilterField field, const char *name);
void                oba_customer_filter_remove_name    (ObaCustomerFilter *self, ObaCustomerFilterField field, const char *name);

/** The days a range spans; an open end is a GDate that is not valid. FALSE when the field asks for nothing. */
gboolean            oba_customer_filter_get_days       (const ObaCustomerFilter *self, ObaCustomerFilterField field, GDate *from, GDate *to);
/** @from, @to: (nullable): open. Returns: FALSE and nothing is changed when @from is after @to */
gboolean            oba_customer_filter_set_days       (ObaCustomerFilter *self, ObaCustomerFilterField field, const GDate *from, const GDate *to);

gboolean            oba_customer_filter_get_range      (const ObaCustomerFilter *self, ObaCustomerFilterField field, gint64 *min, gint64 *max);
/** Returns: FALSE and nothing is changed when @min is above @max */
gboolean            oba_customer_filter_set_range      (ObaCustomerFilter *self, ObaCustomerFilterField field, gint64 min, gint64 max);

/** @channel: "telegram", "sms", "email", "phone" or "profiling". FALSE when it is not asked for; else @granted tells which. */
gboolean            oba_customer_filter_get_consent    (const ObaCustomerFilter *self, const char *channel, gboolean *granted);
void                oba_customer_filter_set_consent    (ObaCustomerFilter *self, const char *channel, gboolean granted);
void                oba_customer_filter_clear_consent  (ObaCustomerFilter *self, const char *channel);
/** NULL-terminated: every channel there is, in the order of the forms. */
const char *const  *oba_customer_filter_get_channels   (void);
/** NULL-terminated: every value that a field of fixed names (status, lifecycle) can have; NULL for another field. */
const char *const  *oba_customer_filter_get_choices    (ObaCustomerFilterField field);

/**
 * Strict: an unknown field, a wrong type, a value out of range or twice, a range the wrong way round is OBA_ERROR_INVALID_INPUT
 * with a sentence that names the field. (transfer full) (nullable)
 */
ObaCustomerFilter  *oba_customer_filter_from_node      (JsonNode *node, GError **error);
ObaCustomerFilter  *oba_customer_filter_from_json      (const char *json, GError **error);
/** The same filter always gives the same text. (transfer full) */
JsonNode           *oba_customer_filter_to_node        (const ObaCustomerFilter *self);
char               *oba_customer_filter_to_json        (const ObaCustomerFilter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCustomerFilter, oba_customer_filter_free)

G_END_DECLS
