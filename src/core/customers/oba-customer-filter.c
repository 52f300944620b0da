#include "oba-customer-filter.h"

static const char *const statuses[] = { "active", "blocked", "erased", NULL };
static const char *const lifecycles[] = { "new", "active", "lapsing", "lost", "won_back", NULL };
static const char *const channels[] = { "telegram", "sms", "email", "phone", "profiling", NULL };

static const ObaFilterField fields[OBA_CUSTOMER_FILTER_N_FIELDS] = {
  [OBA_CUSTOMER_FILTER_TEXT] = { "text", OBA_FILTER_TEXT, 0, 0, NULL },
  [OBA_CUSTOMER_FILTER_STORES] = { "stores", OBA_FILTER_NUMBERS, 1, G_MAXINT64, NULL },
  [OBA_CUSTOMER_FILTER_CITIES] = { "cities", OBA_FILTER_NAMES, 0, 0, NULL },
  [OBA_CUSTOMER_FILTER_TIERS] = { "tiers", OBA_FILTER_NUMBERS, 1, G_MAXINT64, NULL },
  [OBA_CUSTOMER_FILTER_STATUS] = { "status", OBA_FILTER_NAMES, 0, 0, statuses },
  [OBA_CUSTOMER_FILTER_LIFECYCLE] = { "lifecycle", OBA_FILTER_NAMES, 0, 0, lifecycles },
  [OBA_CUSTOMER_FILTER_SEGMENTS] = { "segments", OBA_FILTER_NUMBERS, 1, G_MAXINT64, NULL },
  [OBA_CUSTOMER_FILTER_REGISTERED] = { "registered", OBA_FILTER_DAYS, 0, 0, NULL },
  [OBA_CUSTOMER_FILTER_LAST_PURCHASE] = { "last_purchase", OBA_FILTER_DAYS, 0, 0, NULL },
  [OBA_CUSTOMER_FILTER_SPEND] = { "spend", OBA_FILTER_RANGE, 0, 0, NULL },
  [OBA_CUSTOMER_FILTER_POINTS] = { "points", OBA_FILTER_RANGE, 0, 0, NULL },
  [OBA_CUSTOMER_FILTER_CONSENTS] = { "consents", OBA_FILTER_FLAGS, 0, 0, channels },
  [OBA_CUSTOMER_FILTER_BIRTH_MONTHS] = { "birth_months", OBA_FILTER_NUMBERS, 1, 12, NULL },
  [OBA_CUSTOMER_FILTER_BATCH] = { "batch", OBA_FILTER_NUMBER, 1, G_MAXINT64, NULL },
};

const ObaFilterSpec oba_customer_filter_spec = { fields, OBA_CUSTOMER_FILTER_N_FIELDS };

ObaCustomerFilter *
oba_customer_filter_new (void)
{
  return oba_filter_new (&oba_customer_filter_spec);
}

ObaCustomerFilter *
oba_customer_filter_new_text (const char *text)
{
  ObaCustomerFilter *self = oba_customer_filter_new ();

  oba_customer_filter_set_text (self, text);
  return self;
}

const char *
oba_customer_filter_field_get_name (ObaCustomerFilterField field)
{
  return fields[field].name;
}

const char *const *
oba_customer_filter_get_choices (ObaCustomerFilterField field)
{
  return fields[field].kind == OBA_FILTER_NAMES ? fields[field].choices : NULL;
}

const char *const *
oba_customer_filter_get_channels (void)
{
  return channels;
}
