#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ObaFilter: which rows of a list: a plain value with one condition a field, all of which must hold; of the values of one field any. Which fields there
 * are, and of what kind, says its ObaFilterSpec: a constant of the business area (oba-customer-filter.h, oba-receipt-filter.h).
 *
 * In JSON it is an object with a member a field; a field that asks for nothing is left out. Ranges are inclusive and one of their ends may be null.
 */
typedef struct _ObaFilter ObaFilter;

typedef enum
{
  OBA_FILTER_TEXT,       /* "…" */
  OBA_FILTER_NUMBERS,    /* [3, 17] */
  OBA_FILTER_NUMBER,     /* 4: one of them */
  OBA_FILTER_NAMES,      /* ["Bakı", "Gəncə"] */
  OBA_FILTER_DAYS,       /* ["2026-01-01", "2026-03-31"] */
  OBA_FILTER_TIMES,      /* ["2026-01-01T09:00", "2026-01-01T09:59"]: minutes of the chain's clock; a day alone is its first or last minute */
  OBA_FILTER_RANGE,      /* [-5, 500] */
  OBA_FILTER_FLAGS,      /* {"sms": true}: yes or no to each of the choices */
  OBA_FILTER_FLAG,       /* true */
} ObaFilterKind;

typedef struct
{
  const char        *name;      /* in JSON */
  ObaFilterKind      kind;
  gint64             min;       /* of numbers */
  gint64             max;
  const char *const *choices;   /* NULL-terminated: every value of names and flags; NULL: any name */
} ObaFilterField;

typedef struct
{
  const ObaFilterField *fields;
  guint                 n_fields;
} ObaFilterSpec;

#define OBA_FILTER_MAX_FIELDS 24
#define OBA_FILTER_MAX_FLAGS 8
#define OBA_FILTER_MAX_VALUES 1000
/* The open end of a range of numbers. */
#define OBA_FILTER_NO_MIN G_MININT64
#define OBA_FILTER_NO_MAX G_MAXINT64

/** @spec: lives for ever */
ObaFilter           *oba_filter_new            (const ObaFilterSpec *spec);
ObaFilter           *oba_filter_copy           (const ObaFilter *self);
void                 oba_filter_free           (ObaFilter *self);
const ObaFilterSpec *oba_filter_get_spec       (const ObaFilter *self);
/** Of the same spec. */
gboolean             oba_filter_equal          (const ObaFilter *self, const ObaFilter *other);
gboolean             oba_filter_is_empty       (const ObaFilter *self);         /* asks for nothing */

gboolean             oba_filter_has            (const ObaFilter *self, guint field);
void                 oba_filter_clear          (ObaFilter *self, guint field);

/** As it was typed; "" for none. */
const char          *oba_filter_get_text       (const ObaFilter *self, guint field);
void                 oba_filter_set_text       (ObaFilter *self, guint field, const char *text);   /* (nullable) */

/** Sorted, each once. (transfer none) (element-type gint64) */
GArray              *oba_filter_get_numbers    (const ObaFilter *self, guint field);
gboolean             oba_filter_has_number     (const ObaFilter *self, guint field, gint64 number);
void                 oba_filter_add_number     (ObaFilter *self, guint field, gint64 number);
void                 oba_filter_remove_number  (ObaFilter *self, guint field, gint64 number);

/** Sorted byte by byte, each once. (transfer none) (element-type utf8) */
GPtrArray           *oba_filter_get_names      (const ObaFilter *self, guint field);
gboolean             oba_filter_has_name       (const ObaFilter *self, guint field, const char *name);
void                 oba_filter_add_name       (ObaFilter *self, guint field, const char *name);
void                 oba_filter_remove_name    (ObaFilter *self, guint field, const char *name);

/** The days a range spans; an open end is a GDate that is not valid. FALSE when the field asks for nothing. */
gboolean             oba_filter_get_days       (const ObaFilter *self, guint field, GDate *from, GDate *to);
/** @from, @to: (nullable): open. Returns: FALSE and nothing is changed when @from is after @to */
gboolean             oba_filter_set_days       (ObaFilter *self, guint field, const GDate *from, const GDate *to);

/** Of numbers; of times in minutes, see oba_filter_minute(). */
gboolean             oba_filter_get_range      (const ObaFilter *self, guint field, gint64 *min, gint64 *max);
/** Returns: FALSE and nothing is changed when @min is above @max */
gboolean             oba_filter_set_range      (ObaFilter *self, guint field, gint64 min, gint64 max);
/** A minute of the chain's clock, counted from an early day. */
gint64               oba_filter_minute         (const GDate *day, guint hour, guint minute);
void                 oba_filter_split_minute   (gint64 time, GDate *day, guint *hour, guint *minute);

/** @flag: one of the field's choices. FALSE when it is not asked for; else @yes tells which. */
gboolean             oba_filter_get_flag_of    (const ObaFilter *self, guint field, const char *flag, gboolean *yes);
void                 oba_filter_set_flag_of    (ObaFilter *self, guint field, const char *flag, gboolean yes);
void                 oba_filter_clear_flag_of  (ObaFilter *self, guint field, const char *flag);
/** Of OBA_FILTER_FLAG. */
gboolean             oba_filter_get_flag       (const ObaFilter *self, guint field, gboolean *yes);
void                 oba_filter_set_flag       (ObaFilter *self, guint field, gboolean yes);

/**
 * Strict: an unknown field, a wrong type, a value out of range or twice, a range the wrong way round is OBA_ERROR_INVALID_INPUT
 * with a sentence that names the field. (transfer full) (nullable)
 */
ObaFilter           *oba_filter_from_node      (const ObaFilterSpec *spec, JsonNode *node, GError **error);
ObaFilter           *oba_filter_from_json      (const ObaFilterSpec *spec, const char *json, GError **error);
/** The same filter always gives the same text. (transfer full) */
JsonNode            *oba_filter_to_node        (const ObaFilter *self);
char                *oba_filter_to_json        (const ObaFilter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaFilter, oba_filter_free)

G_END_DECLS
