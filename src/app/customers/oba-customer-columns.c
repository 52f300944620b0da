#include "oba-customer-columns.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "base/oba-phone.h"
#include "customers/oba-customer.h"
#include "oba-customer-text.h"

static char *
text_name (gpointer customer)
{
  return oba_customer_text_name (oba_customer_get_name (customer), oba_customer_get_status (customer));
}

static char *
text_phone (gpointer customer)
{
  const char *phone = oba_customer_get_phone (customer);

  return *phone != '\0' ? oba_phone_format (phone) : NULL;
}

static char *
text_city (gpointer customer)
{
  return g_strdup (oba_customer_get_city (customer));
}

static char *
text_tier (gpointer customer)
{
  return g_strdup (oba_customer_get_tier (customer));
}

static char *
text_points (gpointer customer)
{
  return oba_number_format (oba_customer_get_points (customer));
}

static char *
text_last_purchase (gpointer customer)
{
  return oba_customer_text_unix_day (oba_customer_get_last_purchase (customer));
}

static char *
text_spend (gpointer customer)
{
  return oba_money_format (oba_customer_get_spend (customer));
}

static char *
text_registered (gpointer customer)
{
  return oba_customer_text_unix_day (oba_customer_get_registered (customer));
}

static char *
text_status (gpointer customer)
{
  return g_strdup (oba_customer_text_status (oba_customer_get_status (customer)));
}

static char *
text_email (gpointer customer)
{
  return g_strdup (oba_customer_get_email (customer));
}

static char *
text_birth_date (gpointer customer)
{
  return oba_customer_text_date (oba_customer_get_birth_date (customer));
}

static char *
text_language (gpointer customer)
{
  return g_strdup (oba_customer_text_language (oba_customer_get_language (customer)));
}

static char *
text_store (gpointer customer)
{
  return g_strdup (oba_customer_get_store (customer));
}

static char *
text_receipts (gpointer customer)
{
  return oba_number_format (oba_customer_get_receipts (customer));
}

static char *
text_number (gpointer customer)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, oba_customer_get_id (customer));
}

static char *
text_lifecycle (gpointer customer)
{
  const char *state = oba_customer_get_lifecycle (customer);
  g_autofree char *day = oba_customer_text_unix_day (oba_customer_get_lifecycle_since (customer));

  /* Short: a whole sentence does not fit a column. */
  return *state != '\0' ? g_strdup_printf ("%s · %s", oba_customer_text_lifecycle (state), day) : NULL;
}

static char *
text_segments (gpointer customer)
{
  return g_strdup (oba_customer_get_segments (customer));
}

/* So many of the columns tell who a customer is: the first ones. */
#define N_PERSONAL 3

void
oba_customer_columns_add (ObaLazyView *view,
                          gboolean     people)
{
  const ObaLazyColumn columns[] = {
    { "name", _("Name"), text_name, 15, 22, FALSE, TRUE, FALSE, FALSE },
    { "phone", _("Phone"), text_phone, 15, 17, FALSE, FALSE, FALSE, FALSE },
    { "email", _("E-mail"), text_email, 12, 20, FALSE, FALSE, TRUE, FALSE },
    { "number", _("Number"), text_number, 8, 10, FALSE, FALSE, people, FALSE },
    { "city", _("City"), text_city, 7, 10, FALSE, !people, FALSE, FALSE },
    { "tier", _("Tier"), text_tier, 8, 8, FALSE, FALSE, FALSE, FALSE },
    { "points", _("Points"), text_points, 5, 7, TRUE, FALSE, FALSE, FALSE },
    { "last-purchase", _("Last Purchase"), text_last_purchase, 10, 10, TRUE, FALSE, FALSE, FALSE },
    { "spend", _("Year’s Spend"), text_spend, 9, 10, TRUE, FALSE, FALSE, FALSE },
    { "registered", _("Registered"), text_registered, 10, 10, TRUE, FALSE, FALSE, FALSE },
    { "status", _("Status"), text_status, 7, 8, FALSE, FALSE, TRUE, FALSE },
    { "birth-date", _("Born"), text_birth_date, 10, 10, TRUE, FALSE, TRUE, FALSE },
    { "language", _("Language"), text_language, 8, 10, FALSE, FALSE, TRUE, FALSE },
    { "store", _("Store"), text_store, 10, 16, FALSE, FALSE, TRUE, FALSE },
    { "receipts", _("Receipts"), text_receipts, 6, 7, TRUE, FALSE, TRUE, FALSE },
    { "lifecycle", _("Lifecycle"), text_lifecycle, 10, 22, FALSE, FALSE, TRUE, FALSE },
    { "segments", _("Segments"), text_segments, 10, 24, FALSE, FALSE, TRUE, FALSE },
  };

  for (guint i = people ? 0 : N_PERSONAL; i < G_N_ELEMENTS (columns); i++)
    oba_lazy_view_add_column (view, &columns[i]);
  oba_lazy_view_set_column_hint (view, "lifecycle", _("Sorted from new through active, won back and lapsing to lost"));
  oba_lazy_view_set_column_hint (view, "segments", _("Sorted by the first segment in the alphabet; who is in none comes last"));
}
