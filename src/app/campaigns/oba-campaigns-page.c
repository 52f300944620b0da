#include "oba-campaigns-page.h"

#include <glib/gi18n-lib.h>

#include "administration/oba-bot-text.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-filter-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "oba-broadcast-text.h"
#include "telling/oba-broadcasts.h"

#define MAX_SHOWN 50
#define FOLLOW_SECONDS 10
#define MAY_WRITE (OBA_ROLE_MARKETING | OBA_ROLE_ADMIN)

static const ObaCampaignColumn broadcast_columns[] = {
  { "name", N_("Broadcast"), FALSE, TRUE },   { "whom", N_("For whom"), FALSE, TRUE },          { "state", N_("State"), FALSE, FALSE },      { "total", N_("Recipients"), TRUE, FALSE },
  { "sent", N_("Sent"), TRUE, FALSE },        { "failed", N_("Not delivered"), TRUE, FALSE },   { "blocked", N_("Blocked"), TRUE, FALSE },   { "unknown", N_("Unknown"), TRUE, FALSE },
  { "started", N_("Started"), FALSE, FALSE }, { "done", N_("Done"), FALSE, FALSE },             { NULL },
};

static const ObaCampaignColumn poster_columns[] = {
  { "campaign", N_("Campaign"), FALSE, FALSE }, { "store", N_("Store"), FALSE, TRUE },  { "people", N_("Came to the bot"), TRUE, FALSE }, { "registered", N_("New customers"), TRUE, FALSE },
  { "buyers", N_("Have bought since"), TRUE, FALSE }, { "first", N_("First"), FALSE, FALSE }, { "last", N_("Last"), FALSE, FALSE },     { NULL },
};

static const int periods[] = { 30, 90, 365, 3650 };

struct _ObaCampaignsPage
{
  ObaPage             parent_instance;

  GCancellable       *cancellable;
  ObaCustomerChoices *choices;         /* (nullable) */
  guint               reading;
  guint               timer_id;
  gboolean            wanted;          /* something happened while it was read */

  ObaSubpages        *subpages;
  GtkStack           *stack;
  ObaCampaignTable   *broadcasts;
  ObaCampaignTable   *posters;
  GtkLabel           *note;
  GtkDropDown        *period;
  GtkWidget          *add_button;
};

G_DEFINE_FINAL_TYPE (ObaCampaignsPage, oba_campaigns_page, OBA_TYPE_PAGE)

static const char *
word (JsonObject *row, const char *member)
{
  return json_object_get_string_member_with_default (row, member, "");
}

/* ---- cells */

static char *
whom_text (ObaCampaignsPage *self, JsonObject *row)
{
  JsonNode *node = json_object_get_member (row, "filter");
  g_autoptr (ObaCustomerFilter) filter = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? oba_customer_filter_from_node (node, NULL) : NULL;

  return filter == NULL || oba_customer_filter_is_empty (filter) ? g_strdup (_("Everybody")) : oba_filter_text_line (filter, self->choices);
}

static char *
broadcast_text (JsonObject *row, const char *column, gpointer user_data)
{
  gboolean draft = g_str_equal (word (row, "state"), "draft"), started = oba_customer_json_member_int (row, "total", 0) > 0;

  if (g_str_equal (column, "name"))
    return g_strdup (word (row, "name"));
  if (g_str_equal (column, "whom"))
    return whom_text (user_data, row);
  if (g_str_equal (column, "state"))
    return g_strdup (oba_bot_text_broadcast (word (row, "state")));
  if (g_str_equal (column, "started"))
    return oba_broadcast_text_moment (row, "started_at");
  if (g_str_equal (column, "done"))
    {
      g_autofree char *done = draft ? g_strdup ("") : oba_broadcast_text_moment (row, "done_at");

      /* Translators: a moment in the future. */
      return g_str_equal (word (row, "state"), "running") && *done != '\0' ? g_strdup_printf (_("about %s"), done) : g_steal_pointer (&done);
    }
  return started ? oba_broadcast_text_number (row, column) : g_strdup ("–");
}

static char *
poster_text (JsonObject *row, const char *column, gpointer user_data)
{
  if (g_str_equal (column, "campaign"))
    return g_strdup (*word (row, "campaign") != '\0' ? word (row, "campaign") : _("No campaign"));
  if (g_str_equal (column, "store"))
    return g_strdup (word (row, "store"));
  if (g_str_equal (column, "first"))
    return oba_broadcast_text_moment (row, "first_at");
  if (g_str_equal (column, "last"))
    return oba_broadcast_text_moment (row, "last_at");
  return oba_broadcast_text_number (row, column);
}

/* ---- reading */

static void
end_reading (ObaCampaignsPage *self)
{
  if (--self->reading > 0)
    return;
  oba_page_set_state (OBA_PAGE (self), OBA_PAGE_READY, NULL);
  if (self->wanted)
    {
      self->wanted = FALSE;
      oba_page_refresh (OBA_PAGE (self));
    }
}

static void
show_note (ObaCampaignsPage *self, JsonObject *board)
{
  g_autofree char *stopped = oba_broadcast_text_moment (board, "stopped_until"), *quiet = oba_broadcast_text_moment (board, "quiet_until");
  g_autofree char *text = *stopped != '\0' ? g_strdup_printf (_("Telegram wants no messages until %s."), stopped)
                          : *quiet != '\0' ? g_strdup_printf (_("It is quiet now: broadcasts go on at %s."), quiet)
                                           : g_strdup ("");

  gtk_label_set_label (self->note, text);
}

/* @read: (transfer full) (nullable) */
static void
take (ObaCampaignTable *table, JsonObject *read, const char *member, const GError *error)
{
  g_autofree char *sentence = read == NULL ? oba_db_error_describe (error) : NULL;

  if (read != NULL)
    oba_campaign_table_set_rows (table, json_object_get_array_member (read, member));
  else
    oba_campaign_table_set_error (table, sentence);
}

static void
broadcasts_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaCampaignsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) board = oba_broadcasts_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  take (self->broadcasts, board, "broadcasts", error);
  if (board != NULL)
    show_note (self, board);
  end_reading (self);
}

static void
posters_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaCampaignsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) report = oba_broadcasts_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  take (self->posters, report, "campaigns", error);
  end_reading (self);
}

static void
choices_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaCampaignsPage) self = user_data;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  /* Without them conditions are numbers. */
  self->choices = oba_customer_choices_read_finish (result, NULL);
  oba_page_refresh (OBA_PAGE (self));
}

static void
read_posters (ObaCampaignsPage *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  guint chosen = gtk_drop_down_get_selected (self->period);
  GDate from, until;

  g_date_clear (&from, 1);
  g_date_set_dmy (&from, (GDateDay) g_date_time_get_day_of_month (now), (GDateMonth) g_date_time_get_month (now), (GDateYear) g_date_time_get_year (now));
  until = from;
  g_date_add_days (&until, 1);   /* Baku is ahead */
  g_date_subtract_days (&from, (guint) periods[MIN (chosen, G_N_ELEMENTS (periods) - 1)]);
  self->reading++;
  oba_broadcasts_posters_async (oba_session_get_pool (oba_page_get_session (OBA_PAGE (self))), &from, &until, self->cancellable, posters_cb, g_object_ref (self));
}

static void
oba_campaigns_page_refresh (ObaPage *page)
{
  ObaCampaignsPage *self = OBA_CAMPAIGNS_PAGE (page);

  if (self->reading > 0)
    {
      self->wanted = TRUE;
      return;
    }
  self->reading++;
  oba_broadcasts_list_async (oba_session_get_pool (oba_page_get_session (page)), MAX_SHOWN, self->cancellable, broadcasts_cb, g_object_ref (self));
  read_posters (self);
}

static void
period_cb (ObaCampaignsPage *self)
{
  oba_page_refresh (OBA_PAGE (self));
}

/* While something runs, its numbers follow. */
static gboolean
follow_cb (gpointer user_data)
{
  ObaCampaignsPage *self = user_data;
  gboolean running = FALSE;

  for (guint i = 0; i < oba_campaign_table_get_n_rows (self->broadcasts); i++)
    running = running || g_str_equal (word (oba_campaign_table_get_row (self->broadcasts, i), "state"), "running");
  if (running && self->reading == 0 && gtk_widget_get_mapped (GTK_WIDGET (self->broadcasts)))
    oba_page_refresh (OBA_PAGE (self));
  return G_SOURCE_CONTINUE;
}

/* ---- opening */

static void
left_cb (ObaCampaignsPage *self, gint64 id)
{
  oba_campaigns_page_open (self, id, FALSE);
}

GtkWidget *
oba_campaigns_page_open (ObaCampaignsPage *self, gint64 id, gboolean draft)
{
  ObaSession *session = oba_page_get_session (OBA_PAGE (self));
  ObaBroadcastEditor *editor;

  if (id != 0 && !draft)
    return GTK_WIDGET (oba_broadcast_report_push (self->subpages, session, id));
  editor = oba_broadcast_editor_push (self->subpages, session, id);
  g_signal_connect_object (editor, "left", G_CALLBACK (left_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (editor);
}

static void
activated_cb (ObaCampaignsPage *self, guint place)
{
  JsonObject *row = oba_campaign_table_get_row (self->broadcasts, place);

  if (row != NULL)
    oba_campaigns_page_open (self, oba_customer_json_member_int (row, "broadcast_id", 0), g_str_equal (word (row, "state"), "draft"));
}

static void
add_cb (ObaCampaignsPage *self)
{
  oba_campaigns_page_open (self, 0, TRUE);
}

void
oba_campaigns_page_show (ObaCampaignsPage *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
}

/* ---- pictures: the posters, a draft, what was started */

static const char *
oba_campaigns_page_pose_also (ObaPage *page, guint n)
{
  static const char *const names[] = { "posters", "draft", "report" };
  ObaCampaignsPage *self = OBA_CAMPAIGNS_PAGE (page);
  GtkWidget *top;

  while ((top = oba_subpages_get_top (self->subpages)) != NULL)
    oba_subpages_close (self->subpages, top);
  oba_campaigns_page_show (self, n == 1 ? "posters" : "broadcasts");
  if (n == 2)
    oba_campaigns_page_open (self, 0, TRUE);
  for (guint i = 0; n == 3 && i < oba_campaign_table_get_n_rows (self->broadcasts); i++)
    if (!g_str_equal (word (oba_campaign_table_get_row (self->broadcasts, i), "state"), "draft"))
      {
        activated_cb (self, i);
        return names[n - 1];
      }
  return n < 3 && n > 0 ? names[n - 1] : NULL;
}

/* ---- the object */

static GtkWidget *
head_new (ObaCampaignsPage *self, gboolean may_write)
{
  const char *const words[] = { _("Last 30 days"), _("Last 90 days"), _("Last year"), _("All the time"), NULL };
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *switcher = gtk_stack_switcher_new ();

  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), self->stack);
  self->note = GTK_LABEL (oba_profile_label_new ("", "dim-label"));
  gtk_widget_set_hexpand (GTK_WIDGET (self->note), TRUE);
  self->period = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (words));
  gtk_drop_down_set_selected (self->period, 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->period), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Period"), -1);
  g_signal_connect_object (self->period, "notify::selected", G_CALLBACK (period_cb), self, G_CONNECT_SWAPPED);
  self->add_button = gtk_button_new_with_mnemonic (_("_New Broadcast"));
  gtk_widget_add_css_class (self->add_button, "suggested-action");
  gtk_widget_set_visible (self->add_button, may_write);
  g_signal_connect_object (self->add_button, "clicked", G_CALLBACK (add_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (head), switcher);
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->note));
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->period));
  gtk_box_append (GTK_BOX (head), self->add_button);
  g_object_set (head, "margin-top", 9, "margin-bottom", 9, "margin-start", 12, "margin-end", 12, NULL);
  return head;
}

/* The period is of the posters. */
static void
shown_cb (ObaCampaignsPage *self)
{
  gboolean posters = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "posters") == 0;

  gtk_widget_set_visible (GTK_WIDGET (self->period), posters);
  gtk_widget_set_visible (GTK_WIDGET (self->note), !posters);
  gtk_widget_set_visible (self->add_button, !posters && oba_session_has_role (oba_page_get_session (OBA_PAGE (self)), MAY_WRITE));
}

static void
oba_campaigns_page_constructed (GObject *object)
{
  ObaCampaignsPage *self = OBA_CAMPAIGNS_PAGE (object);
  ObaSession *session = oba_page_get_session (OBA_PAGE (self));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  G_OBJECT_CLASS (oba_campaigns_page_parent_class)->constructed (object);

  self->stack = GTK_STACK (gtk_stack_new ());
  self->broadcasts = OBA_CAMPAIGN_TABLE (oba_campaign_table_new (_("Broadcasts"), broadcast_columns, broadcast_text, self, "oba-campaign-symbolic", _("No Broadcasts Yet"),
                                                                 _("A message to many customers in Telegram is written here: a draft first, then it is started.")));
  self->posters = OBA_CAMPAIGN_TABLE (oba_campaign_table_new (_("Posters"), poster_columns, poster_text, self, "oba-campaign-symbolic", _("Nobody Came Through a Poster"),
                                                              _("Who opens the bot with the code of a store’s poster and registers is counted here, by store and campaign.")));
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->broadcasts), "broadcasts", _("Broadcasts"));
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->posters), "posters", _("Posters"));
  gtk_box_append (GTK_BOX (box), head_new (self, oba_session_has_role (session, MAY_WRITE)));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  self->subpages = g_object_new (OBA_TYPE_SUBPAGES, "main", box, NULL);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->subpages));
  shown_cb (self);
  g_signal_connect_object (self->stack, "notify::visible-child", G_CALLBACK (shown_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->broadcasts, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->broadcasts, "retry", G_CALLBACK (oba_page_refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->posters, "retry", G_CALLBACK (oba_page_refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_administration", G_CALLBACK (oba_page_refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_page_refresh), self, G_CONNECT_SWAPPED);
  self->timer_id = g_timeout_add_seconds (FOLLOW_SECONDS, follow_cb, self);
  oba_customer_choices_read_async (oba_session_get_pool (session), self->cancellable, choices_cb, g_object_ref (self));
  oba_page_refresh (OBA_PAGE (self));
}

static void
oba_campaigns_page_dispose (GObject *object)
{
  ObaCampaignsPage *self = OBA_CAMPAIGNS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer_id, g_source_remove);

  G_OBJECT_CLASS (oba_campaigns_page_parent_class)->dispose (object);
}

static void
oba_campaigns_page_finalize (GObject *object)
{
  ObaCampaignsPage *self = OBA_CAMPAIGNS_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->choices, oba_customer_choices_unref);

  G_OBJECT_CLASS (oba_campaigns_page_parent_class)->finalize (object);
}

static void
oba_campaigns_page_class_init (ObaCampaignsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = oba_campaigns_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = oba_campaigns_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_campaigns_page_finalize;
  OBA_PAGE_CLASS (klass)->refresh = oba_campaigns_page_refresh;
  OBA_PAGE_CLASS (klass)->pose_also = oba_campaigns_page_pose_also;
}

static void
oba_campaigns_page_init (ObaCampaignsPage *self)
{
  self->cancellable = g_cancellable_new ();
}

/* ---- for tests */

ObaSubpages *
oba_campaigns_page_get_subpages (ObaCampaignsPage *self)
{
  return self->subpages;
}

ObaCampaignTable *
oba_campaigns_page_get_broadcasts (ObaCampaignsPage *self)
{
  return self->broadcasts;
}

ObaCampaignTable *
oba_campaigns_page_get_posters (ObaCampaignsPage *self)
{
  return self->posters;
}

GtkWidget *
oba_campaigns_page_get_add_button (ObaCampaignsPage *self)
{
  return self->add_button;
}

gboolean
oba_campaigns_page_is_settled (ObaCampaignsPage *self)
{
  return self->reading == 0;
}
