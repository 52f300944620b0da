#include "oba-customer-marks.h"

#include "customers/oba-customer-match.h"
#include "oba-customer-source.h"

static const struct
{
  const char         *column_id;
  ObaCustomerMatchIn  in;
} marked[] = {
  { "name", OBA_CUSTOMER_MATCH_NAME },
  { "phone", OBA_CUSTOMER_MATCH_PHONE },
  { "email", OBA_CUSTOMER_MATCH_EMAIL },
};

/* Bold and underlined: seen in both styles, and by those who see no colours. */
static void
add_mark (PangoAttrList    *attributes,
          ObaCustomerMatch *match)
{
  PangoAttribute *looks[] = { pango_attr_weight_new (PANGO_WEIGHT_BOLD), pango_attr_underline_new (PANGO_UNDERLINE_SINGLE) };

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      looks[i]->start_index = match->from;
      looks[i]->end_index = match->to;
      pango_attr_list_insert (attributes, looks[i]);
    }
}

/* Of the rows that stand there, while another search may be under way. */
static const char *
get_search (ObaLazyView *view)
{
  ObaLazySource *source = oba_lazy_model_get_shown (oba_lazy_view_get_model (view));

  if (source == NULL || oba_customer_source_is_similar (OBA_CUSTOMER_SOURCE (source)))
    return "";
  return oba_customer_filter_get_text (oba_customer_query_get_filter (oba_customer_source_get_query (OBA_CUSTOMER_SOURCE (source))));
}

PangoAttrList *
oba_customer_marks_of (ObaLazyView *view,
                       const char  *column_id,
                       gpointer     customer,
                       const char  *text)
{
  const char *search = get_search (view);
  g_autoptr (GArray) matches = NULL;
  PangoAttrList *attributes;

  for (guint i = 0; i < G_N_ELEMENTS (marked) && *search != '\0'; i++)
    if (g_str_equal (marked[i].column_id, column_id))
      matches = oba_customer_match_ranges (search, marked[i].in, text);
  if (matches == NULL || matches->len == 0)
    return NULL;
  attributes = pango_attr_list_new ();
  for (guint i = 0; i < matches->len; i++)
    add_mark (attributes, &g_array_index (matches, ObaCustomerMatch, i));
  return attributes;
}
