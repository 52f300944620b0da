#include "oba-redemption-filter-bar.h"

#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "db/oba-db-sql.h"
#include "widgets/oba-field.h"
#include "widgets/oba-store-chooser.h"

static const char *const states[] = { "requested", "approved", "handed_out", "rejected", "cancelled", "expired" };
static const char *const ways[] = { "staff", "telegram", "till" };

static const struct { const char *word, *text; } kinds[] = {
  { NULL, N_("All kinds") }, { "voucher", N_("Vouchers") }, { "discount", N_("Discounts") }, { "gift", N_("Gifts") }, { "service", N_("Services") }, { "points", N_("Points alone") },
};

/* Of the ages: -1 is late. */
static const struct { gint64 hours; const char *text; } ages[] = {
  { 0, N_("Any age") }, { -1, N_("Late") }, { 24, N_("A day or older") }, { 72, N_("Three days or older") }, { 168, N_("A week or older") },
};

struct _ObaRedemptionFilterBar
{
  AdwBin           parent_instance;

  ObaSession      *session;
  GCancellable    *cancellable;
  gboolean         queue;
  gboolean         filling;
  GArray          *rewards;      /* of gint64: those of the list, after "any" */

  GtkDropDown     *state_field;
  GtkMenuButton   *button;
  GtkDropDown     *reward_field;
  ObaStoreChooser *store_field;
  GtkDropDown     *way_field;
  GtkDropDown     *age_field;
  GtkDropDown     *kind_field;
  GtkEditable     *days[2];       /* the first, the last */
  GDate            applied[2];    /* those that were asked for */
  ObaField        *day_fields[2];
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRedemptionFilterBar, oba_redemption_filter_bar, ADW_TYPE_BIN)

/* ---- in and out */

static guint
place_of (const char *const *words, guint n, const char *word)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (words[i], word) == 0)
      return i + 1;
  return 0;
}

/* A day that is none, or two the wrong way round, is told and filters nothing. */
static void
read_days (ObaRedemptionFilterBar *self, ObaRedemptionFilter *filter)
{
  GDate *const days[2] = { &filter->from, &filter->to };

  for (guint i = 0; i < 2; i++)
    {
      const char *text = gtk_editable_get_text (self->days[i]);
      gboolean fine;

      g_date_clear (days[i], 1);
      fine = *text == '\0' || oba_day_parse (text, days[i]);
      if (!fine)
        g_date_clear (days[i], 1);
      oba_field_set_problem (self->day_fields[i], fine ? NULL : _("There is no such day. Write it as 31.03.2026."));
    }
  if (g_date_valid (days[0]) && g_date_valid (days[1]) && g_date_compare (days[0], days[1]) > 0)
    {
      oba_field_set_problem (self->day_fields[1], _("The first day is after the last one."));
      g_date_clear (days[0], 1);
      g_date_clear (days[1], 1);
    }
}

void
oba_redemption_filter_bar_get (ObaRedemptionFilterBar *self, ObaRedemptionFilter *filter)
{
  guint state = gtk_drop_down_get_selected (self->state_field), way = gtk_drop_down_get_selected (self->way_field), reward = gtk_drop_down_get_selected (self->reward_field);
  gint64 hours = ages[gtk_drop_down_get_selected (self->age_field)].hours;

  *filter = (ObaRedemptionFilter) { 0 };
  filter->needs_me = self->queue && state == 0;
  if (state >= self->queue + 1u)
    filter->state = states[state - self->queue - 1];
  filter->reward_id = reward > 0 && reward <= self->rewards->len ? g_array_index (self->rewards, gint64, reward - 1) : 0;
  filter->store_id = oba_store_chooser_get_store (self->store_field);
  filter->through = way > 0 ? ways[way - 1] : NULL;
  filter->hours = MAX (0, hours);
  filter->late = hours < 0;
  filter->kind = kinds[gtk_drop_down_get_selected (self->kind_field)].word;
  read_days (self, filter);
}

static gboolean
same_day (const GDate *a, const GDate *b)
{
  return g_date_valid (a) == g_date_valid (b) && (!g_date_valid (a) || g_date_compare (a, b) == 0);
}

static void
changed_cb (ObaRedemptionFilterBar *self)
{
  ObaRedemptionFilter filter;

  if (self->filling)
    return;
  oba_redemption_filter_bar_get (self, &filter);
  if (filter.reward_id != 0 || filter.store_id != 0 || filter.through != NULL || filter.hours != 0 || filter.late || filter.kind != NULL || g_date_valid (&filter.from)
      || g_date_valid (&filter.to))
    gtk_widget_add_css_class (GTK_WIDGET (self->button), "accent");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->button), "accent");
  self->applied[0] = filter.from;
  self->applied[1] = filter.to;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Days count when they are whole: with Enter, or when the keyboard goes elsewhere. */
static void
days_cb (ObaRedemptionFilterBar *self)
{
  ObaRedemptionFilter filter;

  if (self->filling)
    return;
  oba_redemption_filter_bar_get (self, &filter);
  if (!same_day (&filter.from, &self->applied[0]) || !same_day (&filter.to, &self->applied[1]))
    changed_cb (self);
}

static void
set_kind_and_days (ObaRedemptionFilterBar *self, const ObaRedemptionFilter *filter)
{
  g_autofree char *from = g_date_valid (&filter->from) ? oba_day_format (&filter->from) : g_strdup ("");
  g_autofree char *to = g_date_valid (&filter->to) ? oba_day_format (&filter->to) : g_strdup ("");
  guint kind = 0;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].word, filter->kind) == 0)
      kind = i;
  gtk_drop_down_set_selected (self->kind_field, kind);
  gtk_editable_set_text (self->days[0], from);
  gtk_editable_set_text (self->days[1], to);
}

void
oba_redemption_filter_bar_type_days (ObaRedemptionFilterBar *self, const char *from, const char *to)
{
  gtk_editable_set_text (self->days[0], from);
  gtk_editable_set_text (self->days[1], to);
  days_cb (self);
}

void
oba_redemption_filter_bar_set (ObaRedemptionFilterBar *self, const ObaRedemptionFilter *filter)
{
  guint state = place_of (states, G_N_ELEMENTS (states), filter->state), age = 0, reward = 0;

  self->filling = TRUE;
  if (self->queue)
    gtk_drop_down_set_selected (self->state_field, filter->needs_me ? 0 : state + 1);
  else
    gtk_drop_down_set_selected (self->state_field, state);
  gtk_drop_down_set_selected (self->way_field, place_of (ways, G_N_ELEMENTS (ways), filter->through));
  for (guint i = 0; i < G_N_ELEMENTS (ages); i++)
    if (ages[i].hours == (filter->late ? -1 : filter->hours))
      age = i;
  gtk_drop_down_set_selected (self->age_field, age);
  for (guint i = 0; i < self->rewards->len; i++)
    if (g_array_index (self->rewards, gint64, i) == filter->reward_id)
      reward = i + 1;
  gtk_drop_down_set_selected (self->reward_field, reward);
  oba_store_chooser_set_store (self->store_field, filter->store_id, NULL);
  set_kind_and_days (self, filter);
  self->filling = FALSE;
  changed_cb (self);
}

void
oba_redemption_filter_bar_popup (ObaRedemptionFilterBar *self)
{
  gtk_menu_button_popup (self->button);
}

/* ---- rewards */

static void
rewards_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaRedemptionFilterBar *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (GtkStringList) names = NULL;
  ObaRedemptionFilter filter;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))) || rows == NULL)
    return;
  oba_redemption_filter_bar_get (self, &filter);
  names = gtk_string_list_new ((const char *[]) { _("All rewards"), NULL });
  g_array_set_size (self->rewards, 0);
  self->filling = TRUE;
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      const char *const texts[3] = { oba_db_result_get_text (rows, i, 1), oba_db_result_get_text (rows, i, 2), oba_db_result_get_text (rows, i, 3) };
      gint64 id = oba_db_result_get_int64 (rows, i, 0);

      gtk_string_list_append (names, oba_redemption_choose_name (texts, NULL));
      g_array_append_val (self->rewards, id);
    }
  gtk_drop_down_set_model (self->reward_field, G_LIST_MODEL (names));
  for (guint i = 0; i < self->rewards->len; i++)
    if (g_array_index (self->rewards, gint64, i) == filter.reward_id)
      gtk_drop_down_set_selected (self->reward_field, i + 1);
  self->filling = FALSE;
}

void
oba_redemption_filter_bar_read_rewards (ObaRedemptionFilterBar *self)
{
  oba_db_pool_read_async (oba_session_get_pool (self->session), oba_db_sql ("redemptions/rewards.sql"), NULL, self->cancellable, rewards_cb, self);
}

/* ---- the object */

static GtkDropDown *
drop_down_new (ObaRedemptionFilterBar *self, GtkStringList *choices, const char *name)
{
  GtkWidget *field = gtk_drop_down_new (G_LIST_MODEL (choices), NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped (field, "notify::selected", G_CALLBACK (changed_cb), self);
  return GTK_DROP_DOWN (field);
}

static GtkStringList *
words_new (const char *first, const char *all, const char *const *words, guint n)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  if (first != NULL)
    gtk_string_list_append (list, first);
  gtk_string_list_append (list, all);
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (list, oba_redemption_state_text (words[i]));
  return list;
}

static void
add_day (ObaRedemptionFilterBar *self, GtkBox *row, guint i, const char *title)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_entry_set_max_length (GTK_ENTRY (entry), 10);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), "31.03.2026");
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 11);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (days_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (days_cb), self);
  gtk_widget_add_controller (entry, focus);
  self->days[i] = GTK_EDITABLE (entry);
  self->day_fields[i] = OBA_FIELD (oba_field_new (title, entry, NULL));
  gtk_widget_set_hexpand (GTK_WIDGET (self->day_fields[i]), TRUE);
  gtk_box_append (row, GTK_WIDGET (self->day_fields[i]));
}

static GtkWidget *
popover_new (ObaRedemptionFilterBar *self)
{
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *days = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkStringList *texts = gtk_string_list_new (NULL), *kind_texts = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    gtk_string_list_append (kind_texts, _(kinds[i].text));
  self->kind_field = drop_down_new (self, kind_texts, _("Kind of reward"));
  for (guint i = 0; i < G_N_ELEMENTS (ages); i++)
    gtk_string_list_append (texts, _(ages[i].text));
  self->reward_field = drop_down_new (self, gtk_string_list_new ((const char *[]) { _("All rewards"), NULL }), _("Reward"));
  self->store_field = OBA_STORE_CHOOSER (oba_store_chooser_new (oba_session_get_pool (self->session)));
  oba_store_chooser_set_none (self->store_field, _("All stores"));
  g_signal_connect_swapped (self->store_field, "notify::store-id", G_CALLBACK (changed_cb), self);
  self->way_field = drop_down_new (self, words_new (NULL, _("Every way"), ways, G_N_ELEMENTS (ways)), _("Asked through"));
  self->age_field = drop_down_new (self, texts, _("Age"));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Reward"), GTK_WIDGET (self->reward_field), NULL));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Kind of reward"), GTK_WIDGET (self->kind_field), NULL));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Store"), GTK_WIDGET (self->store_field), oba_store_chooser_get_button (self->store_field)));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Asked through"), GTK_WIDGET (self->way_field), NULL));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Age"), GTK_WIDGET (self->age_field), NULL));
  add_day (self, GTK_BOX (days), 0, _("Asked from"));
  add_day (self, GTK_BOX (days), 1, _("Asked until"));
  gtk_box_append (GTK_BOX (box), days);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_size_request (box, 280, -1);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  return popover;
}

GtkWidget *
oba_redemption_filter_bar_new (ObaSession *session, gboolean queue)
{
  ObaRedemptionFilterBar *self = g_object_new (OBA_TYPE_REDEMPTION_FILTER_BAR, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->session = g_object_ref (session);
  self->queue = queue;
  self->filling = TRUE;
  self->state_field = drop_down_new (self, words_new (queue ? _("Waiting for me") : NULL, _("Every state"), states, G_N_ELEMENTS (states)), _("State"));
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->button, "oba-filter-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _("Filter (Ctrl+Shift+F)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Filter the redemptions"), -1);
  gtk_menu_button_set_popover (self->button, popover_new (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->state_field));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->button));
  adw_bin_set_child (ADW_BIN (self), box);
  self->filling = FALSE;
  return GTK_WIDGET (self);
}

static void
oba_redemption_filter_bar_dispose (GObject *object)
{
  ObaRedemptionFilterBar *self = OBA_REDEMPTION_FILTER_BAR (object);

  self->filling = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_redemption_filter_bar_parent_class)->dispose (object);
}

static void
oba_redemption_filter_bar_finalize (GObject *object)
{
  ObaRedemptionFilterBar *self = OBA_REDEMPTION_FILTER_BAR (object);

  g_object_unref (self->cancellable);
  g_array_unref (self->rewards);

  G_OBJECT_CLASS (oba_redemption_filter_bar_parent_class)->finalize (object);
}

static void
oba_redemption_filter_bar_class_init (ObaRedemptionFilterBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_redemption_filter_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_redemption_filter_bar_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_redemption_filter_bar_init (ObaRedemptionFilterBar *self)
{
  self->cancellable = g_cancellable_new ();
  self->rewards = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_date_clear (self->applied, 2);
}
