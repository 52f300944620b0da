/* What colleagues do to segments, while the list shows or asks for them. */
#include "oba-customers-page-private.h"

#include "oba-customer-source.h"

/* A bulk action tells of every portion. */
#define FOLLOW_MS 500
#define FOLLOW_KEY "oba-following-segments"

static gboolean
is_about_segments (ObaCustomerSource *source)
{
  const ObaCustomerFilter *filter = oba_customer_query_get_filter (oba_customer_source_get_query (source));

  return oba_customer_source_has_segments (source) || oba_customer_filter_has (filter, OBA_CUSTOMER_FILTER_SEGMENTS);
}

static void
follow_cb (gpointer user_data)
{
  ObaCustomersPage *self = user_data;
  ObaLazyModel *model = oba_customers_page_get_model (self);   /* none when the page is closed by now */
  ObaLazySource *source = model != NULL ? oba_lazy_model_get_source (model) : NULL;

  g_object_steal_data (G_OBJECT (self), FOLLOW_KEY);
  if (source == NULL)
    return;
  oba_customers_page_read_choices (self);
  if (is_about_segments (OBA_CUSTOMER_SOURCE (source)))
    oba_lazy_model_refresh (model);
}

static void
stop_following (gpointer id)
{
  g_source_remove (GPOINTER_TO_UINT (id));
}

static void
segments_changed_cb (ObaCustomersPage *self)
{
  if (g_object_get_data (G_OBJECT (self), FOLLOW_KEY) == NULL)
    g_object_set_data_full (G_OBJECT (self), FOLLOW_KEY, GUINT_TO_POINTER (g_timeout_add_once (FOLLOW_MS, follow_cb, self)), stop_following);
}

void
oba_customers_page_follow_segments (ObaCustomersPage *self)
{
  g_signal_connect_object (oba_session_get_listener (oba_page_get_session (OBA_PAGE (self))), "notification::oba_segments",
                           G_CALLBACK (segments_changed_cb), self, G_CONNECT_SWAPPED);
}
