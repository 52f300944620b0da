#include "oba-profile-view.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "customers/oba-customers.h"
#include "oba-customer-text.h"
#include "oba-merge-chooser.h"
#include "oba-profile-actions.h"
#include "oba-profile-cards.h"
#include "oba-profile-charts.h"
#include "oba-profile-consents.h"
#include "oba-profile-edit.h"
#include "oba-profile-layout.h"
#include "oba-profile-link.h"
#include "oba-profile-patterns.h"
#include "oba-profile-missed.h"
#include "oba-profile-person.h"
#include "oba-profile-points.h"
#include "oba-profile-privacy.h"
#include "oba-profile-section.h"
#include "oba-profile-standing.h"
#include "oba-profile-tier.h"
#include "oba-profile-text.h"
#include "oba-timeline-view.h"
#include "points/oba-profile-spending.h"
#include "widgets/oba-problem-box.h"
#include "widgets/oba-subpages.h"
#include "redemptions/oba-profile-redemptions.h"
#include "widgets/oba-avatar-text.h"

struct _ObaProfileView
{
  AdwBin              parent_instance;

  ObaSession         *session;
  gint64              id;
  ObaProfileChanges  *changes;
  GCancellable       *cancellable;
  ObaCustomerProfile *profile;       /* what is shown */
  ObaCustomerInsight *insight;
  ObaCustomerProfile *new_profile;   /* as it came in, until the other half is there too */
  ObaCustomerInsight *new_insight;
  GError             *error;
  guint               pending;
  gboolean            again;         /* something happened since the read began */
  gboolean            stale;         /* the problem that is shown is that it could not be read anew */

  GtkStack           *stack;
  AdwStatusPage      *failed_page;
  AdwAvatar          *avatar;
  GtkLabel           *name_label;
  GtkBox             *pills;
  GtkBox             *actions_box;
  GtkWidget          *banner;
  GtkLabel           *banner_label;
  GtkWidget          *survivor_button;
  ObaProblemBox      *problem;
  ObaProfileLayout   *layout;
  ObaEditPane        *edit_pane;
  GtkScrolledWindow  *scroller;
  ObaProfilePoints   *points;
  ObaProfileRedemptions *redemptions;
  ObaProfileSection  *contact;
  ObaProfileCards    *cards;
  ObaProfileConsents *consents;
  ObaProfileSection  *person;
  ObaProfileSection  *notes;
  ObaProfileSection  *standing;
  ObaProfileTier     *tier;
  ObaProfileSection  *preferences;
  ObaProfileCharts   *charts;
  GtkStack           *content_stack;
  ObaTimelineView    *timeline;
  ObaProfilePatterns *patterns;
};

enum
{
  LOADED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaProfileView, oba_profile_view, ADW_TYPE_BIN)

static void load (ObaProfileView *self);

/* ---- showing */

static gboolean
may (ObaProfileView *self, ObaRoles roles)
{
  return oba_session_has_role (self->session, roles);
}

static void
add_pill (ObaProfileView *self, const char *text, const char *css_class)
{
  gtk_box_append (self->pills, oba_profile_pill_new (text, css_class));
}

static void
show_pills (ObaProfileView *self)
{
  const ObaCustomerProfile *profile = self->profile;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->pills))) != NULL)
    gtk_box_remove (self->pills, child);
  /* Where an active customer stands says more than “active”. */
  if (profile->status != OBA_CUSTOMER_ACTIVE || *self->insight->lifecycle == '\0')
    add_pill (self, oba_customer_text_status (profile->status),
              profile->status == OBA_CUSTOMER_BLOCKED ? "error" : profile->status == OBA_CUSTOMER_ACTIVE ? "success" : "dim-label");
  else
    add_pill (self, oba_customer_text_lifecycle (self->insight->lifecycle), oba_profile_text_lifecycle_class (self->insight->lifecycle));
  if (*profile->tier != '\0')
    add_pill (self, profile->tier, profile->tier_code);
}

static void
show_head (ObaProfileView *self)
{
  const ObaCustomerProfile *profile = self->profile;
  g_autofree char *full_name = oba_customer_profile_get_name (profile);
  g_autofree char *name = oba_customer_text_name (full_name, profile->status);
  g_autofree char *initials = oba_avatar_text (profile->family_name, profile->given_name);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, profile->id);
  /* Translators: the customer's number. */
  g_autofree char *title = g_strdup_printf (_("Customer No. %s"), id);
  g_autofree char *banner = oba_profile_text_banner (profile);
  GtkWidget *subpages = gtk_widget_get_ancestor (GTK_WIDGET (self), OBA_TYPE_SUBPAGES);

  adw_avatar_set_text (self->avatar, initials);
  gtk_label_set_label (self->name_label, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name_label), name);
  gtk_label_set_label (self->banner_label, banner != NULL ? banner : "");
  gtk_widget_set_visible (self->banner, banner != NULL);
  gtk_widget_set_visible (self->survivor_button, profile->merged_into != 0);
  if (subpages != NULL)
    oba_subpages_set_title (OBA_SUBPAGES (subpages), GTK_WIDGET (self), title);
  show_pills (self);
}

static void
show_profile (ObaProfileView *self)
{
  const ObaCustomerProfile *profile = self->profile;
  gboolean there = profile->status == OBA_CUSTOMER_ACTIVE || profile->status == OBA_CUSTOMER_BLOCKED;
  gboolean writer = there && may (self, OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN);

  show_head (self);
  oba_profile_points_set_profile (self->points, profile);
  oba_profile_points_set_expiries (self->points, self->insight->expiries);
  oba_profile_person_show_contact (self->contact, profile, writer);
  oba_profile_cards_show (self->cards, profile, self->insight, writer, may (self, OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN));
  oba_profile_consents_set_insight (self->consents, self->insight, writer);
  oba_profile_person_show_person (self->person, profile);
  oba_profile_person_show_notes (self->notes, profile);
  oba_profile_standing_show (self->standing, self->insight);
  oba_profile_tier_load (self->tier, oba_session_get_pool (self->session), profile, may (self, OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN));
  oba_profile_standing_show_preferences (self->preferences, profile, self->insight);
  oba_profile_charts_set_insight (self->charts, self->insight);
  oba_profile_edit_update (self);
  oba_merge_chooser_allow (self);
  oba_profile_privacy_update (self);
  oba_profile_link_update (self);
  oba_profile_missed_update (self);
  oba_profile_spending_update (self);
  oba_profile_redemptions_update (self);
  oba_profile_redemptions_show (self->redemptions, self);
  gtk_stack_set_visible_child_name (self->stack, "profile");
}

/* What is there stays: it is old, not wrong. */
static void
show_error (ObaProfileView *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  g_autofree char *stale = g_strdup_printf (_("The profile could not be brought up to date. %s"), sentence);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  if (self->profile != NULL && !g_error_matches (error, OBA_ERROR, OBA_ERROR_NOT_FOUND))
    {
      oba_problem_box_set_text (self->problem, stale);
      self->stale = TRUE;
      return;
    }
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

/* ---- reading */

static void
clear_new (ObaProfileView *self)
{
  g_clear_pointer (&self->new_profile, oba_customer_profile_free);
  g_clear_pointer (&self->new_insight, oba_customer_insight_free);
  g_clear_error (&self->error);
}

static void
take_new (ObaProfileView *self)
{
  g_clear_pointer (&self->profile, oba_customer_profile_free);
  g_clear_pointer (&self->insight, oba_customer_insight_free);
  self->profile = g_steal_pointer (&self->new_profile);
  self->insight = g_steal_pointer (&self->new_insight);
  if (self->stale)
    oba_problem_box_set_text (self->problem, NULL);
  self->stale = FALSE;
  show_profile (self);
}

static void
arrived (ObaProfileView *self, GError *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_clear_error (&error);
  if (--self->pending > 0)
    return;
  if (self->error == NULL)
    take_new (self);
  else
    show_error (self, self->error);
  clear_new (self);
  if (self->again)
    load (self);
  else
    g_signal_emit (self, signals[LOADED], 0);
}

static void
profile_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaProfileView) self = user_data;
  GError *error = NULL;

  self->new_profile = oba_customers_profile_finish (result, &error);
  arrived (self, error);
}

static void
insight_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaProfileView) self = user_data;
  GError *error = NULL;

  self->new_insight = oba_customers_insight_finish (result, &error);
  arrived (self, error);
}

static void
load (ObaProfileView *self)
{
  ObaDbPool *pool = oba_session_get_pool (self->session);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->again = FALSE;
  self->pending = 2;
  oba_customers_profile_async (pool, self->id, self->cancellable, profile_cb, g_object_ref (self));
  oba_customers_insight_async (pool, self->id, self->cancellable, insight_cb, g_object_ref (self));
}

static void
changed_cb (ObaProfileView *self, const char *channel, const char *payload)
{
  if (g_ascii_strtoll (payload, NULL, 10) == self->id)
    oba_profile_view_refresh (self);
}

static void
refused_cb (ObaProfileView *self, const char *sentence)
{
  oba_problem_box_set_text (self->problem, sentence);
  self->stale = FALSE;
  /* The switch goes back to what holds. */
  if (self->profile != NULL)
    show_profile (self);
}

static void
committed_cb (ObaProfileView *self)
{
  oba_problem_box_set_text (self->problem, NULL);
  oba_profile_view_refresh (self);
}

/* ---- public */

void
oba_profile_view_refresh (ObaProfileView *self)
{
  g_return_if_fail (OBA_IS_PROFILE_VIEW (self));

  if (self->pending > 0)
    self->again = TRUE;
  else
    load (self);
  oba_timeline_view_refresh (self->timeline);
  oba_profile_patterns_refresh (self->patterns);
}

gint64
oba_profile_view_get_customer_id (ObaProfileView *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_VIEW (self), 0);

  return self->id;
}

const ObaCustomerProfile *
oba_profile_view_get_profile (ObaProfileView *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_VIEW (self), NULL);

  return self->profile;
}

ObaSession *
oba_profile_view_get_session (ObaProfileView *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_VIEW (self), NULL);

  return self->session;
}

ObaProfileChanges *
oba_profile_view_get_changes (ObaProfileView *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_VIEW (self), NULL);

  return self->changes;
}

ObaEditPane *
oba_profile_view_get_edit_pane (ObaProfileView *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_VIEW (self), NULL);

  return self->edit_pane;
}

gboolean
oba_profile_view_is_loaded (ObaProfileView *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_VIEW (self), FALSE);

  return self->pending == 0 && !oba_profile_changes_is_busy (self->changes) && oba_timeline_view_is_settled (self->timeline);
}

GtkStack *
oba_profile_view_get_content (ObaProfileView *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_VIEW (self), NULL);

  return self->content_stack;
}

const char *
oba_profile_view_get_shown (ObaProfileView *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_VIEW (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

/* ---- the object */

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *self = OBA_PROFILE_VIEW (widget);

  oba_problem_box_set_text (self->problem, NULL);
  if (self->profile == NULL)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  oba_profile_view_refresh (self);
}

static void
toggle_table_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *self = OBA_PROFILE_VIEW (widget);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->content_stack), "patterns") == 0)
    oba_profile_patterns_toggle_table (self->patterns);
  else
    {
      oba_profile_charts_toggle_table (self->charts);
      if (oba_profile_points_shows_table (self->points) != oba_profile_charts_shows_table (self->charts))
        oba_profile_points_toggle_table (self->points);
    }
}

static void
oba_profile_view_dispose (GObject *object)
{
  ObaProfileView *self = OBA_PROFILE_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->changes != NULL)
    g_signal_handlers_disconnect_by_data (self->changes, self);
  g_clear_object (&self->changes);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_profile_view_parent_class)->dispose (object);
}

static void
oba_profile_view_finalize (GObject *object)
{
  ObaProfileView *self = OBA_PROFILE_VIEW (object);

  g_clear_object (&self->cancellable);
  clear_new (self);
  g_clear_pointer (&self->profile, oba_customer_profile_free);
  g_clear_pointer (&self->insight, oba_customer_insight_free);

  G_OBJECT_CLASS (oba_profile_view_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, failed_page);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, avatar);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, name_label);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, pills);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, actions_box);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, banner);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, banner_label);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, survivor_button);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, problem);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, layout);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, edit_pane);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, scroller);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, points);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, redemptions);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, contact);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, cards);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, consents);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, person);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, notes);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, standing);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, tier);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, preferences);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, charts);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, content_stack);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, timeline);
  gtk_widget_class_bind_template_child (widget_class, ObaProfileView, patterns);
}

static void
oba_profile_view_class_init (ObaProfileViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_profile_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_profile_view_finalize;

  signals[LOADED] = g_signal_new ("loaded", OBA_TYPE_PROFILE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (OBA_TYPE_EDIT_PANE);
  g_type_ensure (OBA_TYPE_PROBLEM_BOX);
  g_type_ensure (OBA_TYPE_PROFILE_CARDS);
  g_type_ensure (OBA_TYPE_PROFILE_TIER);
  g_type_ensure (OBA_TYPE_PROFILE_CONSENTS);
  g_type_ensure (OBA_TYPE_PROFILE_LAYOUT);
  g_type_ensure (OBA_TYPE_PROFILE_POINTS);
  g_type_ensure (OBA_TYPE_PROFILE_REDEMPTIONS);
  g_type_ensure (OBA_TYPE_PROFILE_SECTION);
  g_type_ensure (OBA_TYPE_PROFILE_CHARTS);
  g_type_ensure (OBA_TYPE_PROFILE_PATTERNS);
  g_type_ensure (OBA_TYPE_TIMELINE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-profile-view.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "profile.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "profile.toggle-table", NULL, toggle_table_action);
  oba_profile_actions_install (widget_class);
  oba_profile_edit_install (widget_class);
  oba_merge_chooser_install (widget_class);
  oba_profile_privacy_install (widget_class);
  oba_profile_link_install (widget_class);
  oba_profile_missed_install (widget_class);
  oba_profile_spending_install (widget_class);
  oba_profile_redemptions_install (widget_class);
}

static void
oba_profile_view_init (ObaProfileView *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
oba_profile_view_new (ObaSession *session, gint64 customer_id)
{
  ObaProfileView *self = g_object_new (OBA_TYPE_PROFILE_VIEW, NULL);

  self->session = g_object_ref (session);
  self->id = customer_id;
  self->changes = oba_profile_changes_new (oba_session_get_pool (session), GTK_WIDGET (self));
  g_signal_connect_swapped (self->changes, "done", G_CALLBACK (committed_cb), self);
  g_signal_connect_swapped (self->changes, "failed", G_CALLBACK (refused_cb), self);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_customers", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_profile_view_refresh), self, G_CONNECT_SWAPPED);
  oba_profile_edit_set_up (self);
  oba_merge_chooser_allow (self);
  oba_profile_privacy_update (self);
  oba_profile_link_update (self);
  oba_profile_missed_update (self);
  oba_profile_spending_update (self);
  oba_profile_redemptions_update (self);
  load (self);
  oba_timeline_view_set_customer (self->timeline, oba_session_get_pool (session), customer_id);
  oba_profile_patterns_set_customer (self->patterns, oba_session_get_pool (session), customer_id);
  return GTK_WIDGET (self);
}
