#include "oba-redemption-columns.h"

#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "customers/oba-customer-text.h"

#define HOUR 3600
#define DAY (24 * HOUR)

char *
oba_redemption_text_age (gint64 seconds)
{
  gint64 days = seconds / DAY;

  if (seconds < HOUR)
    return g_strdup_printf (_("%d min"), (int) MAX (0, seconds / 60));
  if (days < 2)
    return g_strdup_printf (_("%d h"), (int) (seconds / HOUR));
  return g_strdup_printf (ngettext ("%d day", "%d days", (gulong) days), (int) days);
}

char *
oba_redemption_text_moment (gint64 seconds)
{
  g_autoptr (GDateTime) at = oba_day_at (seconds);

  return oba_customer_text_moment (at);
}

char *
oba_redemption_text_state (const ObaRedemptionFacts *facts)
{
  /* Translators: a state, of a redemption that should have been decided by now. */
  return facts->overdue ? g_strdup_printf (_("%s, late"), oba_redemption_state_text (facts->state)) : g_strdup (oba_redemption_state_text (facts->state));
}

char *
oba_redemption_text_reward (ObaRedemption *redemption)
{
  gint64 quantity = oba_redemption_get (redemption)->quantity;

  return quantity > 1 ? g_strdup_printf ("%s × %d", oba_redemption_get_reward (redemption), (int) quantity) : g_strdup (oba_redemption_get_reward (redemption));
}

static const ObaRedemptionFacts *
facts_of (gpointer record)
{
  return oba_redemption_get (record);
}

static char *
text_requested (gpointer record)
{
  return oba_redemption_text_moment (facts_of (record)->requested_at);
}

/* Of what is over, nobody asks how old it is. */
static char *
text_age (gpointer record)
{
  const ObaRedemptionFacts *facts = facts_of (record);
  g_autofree char *age = NULL;

  if (!g_str_equal (facts->state, "requested") && !g_str_equal (facts->state, "approved"))
    return NULL;
  age = oba_redemption_text_age (g_get_real_time () / G_USEC_PER_SEC - (g_str_equal (facts->state, "requested") ? facts->requested_at : facts->since));
  /* Translators: how long ago, of a redemption that should have been decided by now. */
  return facts->overdue ? g_strdup_printf (_("%s, late"), age) : g_steal_pointer (&age);
}

/* Late is said in a word: a colour alone not everybody sees. */
char *
oba_redemption_text_due (const ObaRedemptionFacts *facts)
{
  g_autofree char *moment = facts->due_at > 0 ? oba_redemption_text_moment (facts->due_at) : NULL;

  /* Translators: the moment by which a redemption should have been decided. */
  return moment == NULL ? NULL : facts->overdue ? g_strdup_printf (_("%s, late"), moment) : g_steal_pointer (&moment);
}

static char *
text_due (gpointer record)
{
  return oba_redemption_text_due (facts_of (record));
}

static char *
text_state (gpointer record)
{
  return g_strdup (oba_redemption_state_text (facts_of (record)->state));
}

static char *
text_reward (gpointer record)
{
  return oba_redemption_text_reward (record);
}

static char *
text_customer (gpointer record)
{
  return oba_customer_text_name (facts_of (record)->name, OBA_CUSTOMER_ACTIVE);
}

static char *
text_customer_no (gpointer record)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, facts_of (record)->customer_id);
}

static char *
text_points (gpointer record)
{
  return oba_number_format (facts_of (record)->points);
}

static char *
text_store (gpointer record)
{
  return g_strdup (facts_of (record)->store);
}

static char *
text_through (gpointer record)
{
  return g_strdup (oba_redemption_through_text (facts_of (record)->through));
}

static char *
text_by (gpointer record)
{
  return g_strdup (facts_of (record)->requested_by);
}

static char *
text_until (gpointer record)
{
  return facts_of (record)->expires_at > 0 ? oba_redemption_text_moment (facts_of (record)->expires_at) : NULL;
}

/* What is late stands out. */
static PangoAttrList *
mark_late (ObaLazyView *view, const char *column_id, gpointer record, const char *text)
{
  PangoAttrList *marks;

  if (!facts_of (record)->overdue || (!g_str_equal (column_id, "age") && !g_str_equal (column_id, "state") && !g_str_equal (column_id, "due")))
    return NULL;
  marks = pango_attr_list_new ();
  pango_attr_list_insert (marks, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  return marks;
}

void
oba_redemption_columns_add (ObaLazyView *view, gboolean persons)
{
  const ObaLazyColumn columns[] = {
    { OBA_REDEMPTION_SORT, _("Requested"), text_requested, 14, 17, FALSE, FALSE, FALSE, FALSE },
    { "age", _("Age"), text_age, 8, 13, FALSE, FALSE, FALSE, TRUE },
    { "state", _("State"), text_state, 9, 12, FALSE, FALSE, FALSE, TRUE },
    { "customer", _("Customer"), persons ? text_customer : text_customer_no, 8, 18, FALSE, FALSE, FALSE, TRUE },
    { "reward", _("Reward"), text_reward, 8, 20, FALSE, TRUE, FALSE, TRUE },
    { "points", _("Points"), text_points, 5, 6, TRUE, FALSE, FALSE, TRUE },
    { "store", _("Store"), text_store, 7, 14, FALSE, FALSE, TRUE, TRUE },
    { "through", _("Through"), text_through, 7, 9, FALSE, FALSE, TRUE, TRUE },
    { "by", _("Asked by"), text_by, 7, 10, FALSE, FALSE, TRUE, TRUE },
    { "due", _("Decide by"), text_due, 14, 17, FALSE, FALSE, TRUE, TRUE },
    { "until", _("Good until"), text_until, 16, 17, FALSE, FALSE, TRUE, TRUE },
  };

  oba_lazy_view_set_mark (view, mark_late);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    oba_lazy_view_add_column (view, &columns[i]);
}
