#include "oba-profile-standing.h"

#include <glib/gi18n-lib.h>

#include "oba-customer-text.h"
#include "oba-profile-text.h"

/* Of what is observed, the most frequent. */
#define N_HABITS 3
/* Of the lifecycle's history; the timeline has all of it. */
#define N_CHANGES 3

static const char *
churn_class (ObaChurnGrade grade)
{
  if (grade == OBA_CHURN_HIGH)
    return "error";
  return grade == OBA_CHURN_MEDIUM ? "warning" : "success";
}

static void
add_risk (ObaProfileSection *section, const ObaCustomerInsight *insight)
{
  g_autofree char *why = oba_profile_text_churn_reason (insight);
  g_autofree char *grade = oba_profile_text_churn (insight);

  if (insight->churn == OBA_CHURN_UNKNOWN)
    return;
  oba_profile_section_add_graded (section, _("Risk of losing"), oba_profile_pill_new (grade, churn_class (insight->churn)), why);
}

static void
add_changes (ObaProfileSection *section, const ObaCustomerInsight *insight)
{
  g_autoptr (GString) text = g_string_new (NULL);

  /* The newest one is the present state. */
  for (guint i = 1; i < insight->changes->len && i <= N_CHANGES; i++)
    {
      const ObaLifecycleChange *change = insight->changes->pdata[i];
      g_autofree char *day = oba_customer_text_day (change->at);

      g_autofree char *since = oba_customer_text_lifecycle_since (change->to, day);

      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", since);
    }
  oba_profile_section_add_fact (section, _("Before"), text->str, NULL);
}

static void
add_segments (ObaProfileSection *section, const ObaCustomerInsight *insight)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < insight->segments->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", ((ObaCustomerSegment *) insight->segments->pdata[i])->name);
  oba_profile_section_add_fact (section, _("Segments"), text->str, NULL);
}

void
oba_profile_standing_show (ObaProfileSection *section, const ObaCustomerInsight *insight)
{
  g_autofree char *lifecycle = oba_profile_text_lifecycle_since (insight);
  g_autofree char *next = oba_profile_text_lifecycle_due (insight);
  g_autofree char *last = oba_profile_text_last_visit (insight);
  g_autofree char *rhythm = oba_profile_text_rhythm (insight);
  g_autofree char *when = oba_profile_text_usual_time (insight);

  oba_profile_section_clear (section);
  if (*insight->lifecycle == '\0' && insight->churn == OBA_CHURN_UNKNOWN)
    oba_profile_section_add_note (section, _("No purchase with the card yet: rhythm and risk show after the first ones."));
  oba_profile_section_add_fact (section, _("Stands at"), lifecycle, NULL);
  oba_profile_section_add_fact (section, _("Next"), next, NULL);
  add_risk (section, insight);
  oba_profile_section_add_fact (section, _("Last visit"), last, NULL);
  oba_profile_section_add_fact (section, _("Rhythm"), rhythm, NULL);
  oba_profile_section_add_fact (section, _("Usually"), when, NULL);
  add_changes (section, insight);
  add_segments (section, insight);
}

/* ---- preferences */

static char *
list_habits (GPtrArray *habits, gboolean stated)
{
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < habits->len && (stated || n < N_HABITS); i++)
    {
      const ObaCustomerHabit *habit = habits->pdata[i];

      if (stated ? !habit->stated : habit->receipts == 0)
        continue;
      g_string_append_printf (text, "%s%s", n++ > 0 ? ", " : "", habit->name);
    }
  return g_string_free (text, FALSE);
}

/* What they named as their store: it is always among those they buy at. */
static GtkWidget *
store_link (const ObaCustomerInsight *insight)
{
  for (guint i = 0; i < insight->stores->len; i++)
    {
      const ObaCustomerHabit *habit = insight->stores->pdata[i];
      GtkWidget *button;

      if (!habit->stated)
        continue;
      button = oba_profile_icon_button_new ("go-next-symbolic", _("Open the store"), NULL);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", habit->id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open-store");
      return button;
    }
  return NULL;
}

void
oba_profile_standing_show_preferences (ObaProfileSection *section, const ObaCustomerProfile *profile, const ObaCustomerInsight *insight)
{
  g_autofree char *stated = list_habits (insight->categories, TRUE);
  g_autofree char *stores = list_habits (insight->stores, FALSE);
  g_autofree char *categories = list_habits (insight->categories, FALSE);

  oba_profile_section_clear (section);
  oba_profile_section_add_fact (section, _("Favourite store"), profile->preferred_store, store_link (insight));
  oba_profile_section_add_fact (section, _("Likes"), stated, NULL);
  oba_profile_section_add_fact (section, _("Buys at"), stores, NULL);
  oba_profile_section_add_fact (section, _("Buys most"), categories, NULL);
  if (*profile->preferred_store == '\0' && *stated == '\0' && *stores == '\0' && *categories == '\0')
    oba_profile_section_add_note (section, _("Nothing stated, nothing bought yet."));
}
