#include "oba-filter-panel.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "oba-customer-text.h"
#include "oba-filter-bar.h"
#include "oba-filter-text.h"
#include "widgets/oba-store-chooser.h"
#include "widgets/oba-wrap-layout.h"

#define TYPING_MS 350

typedef struct
{
  ObaCustomerFilterField  field;
  GtkEntry               *from;
  GtkEntry               *to;
  GtkLabel               *error;
} Range;

/* In the order of their rows. */
enum { REGISTERED, LAST_PURCHASE, SPEND, POINTS, N_RANGES };

struct _ObaFilterPanel
{
  AdwBin              parent_instance;

  ObaCustomerFilter  *filter;
  ObaCustomerChoices *choices;
  gboolean            filling;
  guint               typing_id;

  GtkWidget          *tier_box;
  GtkWidget          *status_box;
  GtkWidget          *lifecycle_box;
  ObaStoreChooser    *store_chooser;
  GtkDropDown        *city_drop;
  GtkDropDown        *segment_drop;
  Range               ranges[N_RANGES];
  GtkWidget          *month_box;
  GtkWidget          *consent_box;
  ObaFilterBar       *bar;
  GtkLabel           *count_label;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaFilterPanel, oba_filter_panel, ADW_TYPE_BIN)

static void
changed (ObaFilterPanel *self)
{
  oba_filter_bar_set_filter (self->bar, self->filter);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- toggles: one a value */

static void
toggled_cb (ObaFilterPanel  *self,
            GtkToggleButton *toggle)
{
  ObaCustomerFilterField field = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (toggle), "oba-field"));
  const char *name = g_object_get_data (G_OBJECT (toggle), "oba-name");
  const gint64 *number = g_object_get_data (G_OBJECT (toggle), "oba-number");
  gboolean on = gtk_toggle_button_get_active (toggle);

  if (self->filling)
    return;
  if (name != NULL && on)
    oba_customer_filter_add_name (self->filter, field, name);
  else if (name != NULL)
    oba_customer_filter_remove_name (self->filter, field, name);
  else if (on)
    oba_customer_filter_add_number (self->filter, field, *number);
  else
    oba_customer_filter_remove_number (self->filter, field, *number);
  changed (self);
}

static void
add_toggle (ObaFilterPanel         *self,
            GtkWidget              *box,
            ObaCustomerFilterField  field,
            gint64                  number,
            const char             *name)
{
  g_autofree char *text = oba_filter_text_value (field, number, name, self->choices);
  GtkWidget *toggle = gtk_toggle_button_new_with_label (text);

  gtk_widget_add_css_class (toggle, "chip");
  g_object_set_data (G_OBJECT (toggle), "oba-field", GUINT_TO_POINTER (field));
  g_object_set_data_full (G_OBJECT (toggle), "oba-name", g_strdup (name), g_free);
  g_object_set_data_full (G_OBJECT (toggle), "oba-number", g_memdup2 (&number, sizeof number), g_free);
  g_signal_connect_swapped (toggle, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_box_append (GTK_BOX (box), toggle);
}

static void
add_names (ObaFilterPanel         *self,
           GtkWidget              *box,
           ObaCustomerFilterField  field)
{
  const char *const *names = oba_customer_filter_get_choices (field);

  for (guint i = 0; names[i] != NULL; i++)
    add_toggle (self, box, field, 0, names[i]);
}

static void
show_toggles (ObaFilterPanel *self,
              GtkWidget      *box)
{
  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      ObaCustomerFilterField field = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (child), "oba-field"));
      const char *name = g_object_get_data (G_OBJECT (child), "oba-name");
      const gint64 *number = g_object_get_data (G_OBJECT (child), "oba-number");

      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (child), name != NULL ? oba_customer_filter_has_name (self->filter, field, name)
                                                                            : oba_customer_filter_has_number (self->filter, field, *number));
    }
}

/* ---- consents: any, yes, no */

static void
consent_cb (ObaFilterPanel *self,
            GParamSpec     *pspec,
            GtkDropDown    *drop)
{
  const char *channel = g_object_get_data (G_OBJECT (drop), "oba-channel");
  guint selected = gtk_drop_down_get_selected (drop);

  if (self->filling)
    return;
  if (selected == 0)
    oba_customer_filter_clear_consent (self->filter, channel);
  else
    oba_customer_filter_set_consent (self->filter, channel, selected == 1);
  changed (self);
}

static void
add_consent (ObaFilterPanel *self,
             const char     *channel)
{
  const char *const texts[] = { _("Any"), _("Consented"), _("No consent"), NULL };
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (oba_customer_text_channel (channel));
  GtkWidget *drop = gtk_drop_down_new_from_strings (texts);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_width_chars (GTK_LABEL (label), 12);
  gtk_widget_set_hexpand (drop, TRUE);
  g_object_set_data_full (G_OBJECT (drop), "oba-channel", g_strdup (channel), g_free);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  g_signal_connect_object (drop, "notify::selected", G_CALLBACK (consent_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), drop);
  gtk_box_append (GTK_BOX (self->consent_box), row);
}

static void
show_consents (ObaFilterPanel *self)
{
  for (GtkWidget *row = gtk_widget_get_first_child (self->consent_box); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *drop = gtk_widget_get_last_child (row);
      gboolean granted = FALSE;
      gboolean asked = oba_customer_filter_get_consent (self->filter, g_object_get_data (G_OBJECT (drop), "oba-channel"), &granted);

      gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), !asked ? 0 : granted ? 1 : 2);
    }
}

/* ---- ranges */

static gboolean
is_days (const Range *range)
{
  return range->field == OBA_CUSTOMER_FILTER_REGISTERED || range->field == OBA_CUSTOMER_FILTER_LAST_PURCHASE;
}

static void
mark (GtkEntry *entry,
      gboolean  wrong)
{
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static char *
dup_text (GtkEntry *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
}

/* @text: "" for an open end. Returns: why it cannot be, or NULL */
static const char *
read_day (const char *text,
          GDate      *day)
{
  g_date_clear (day, 1);
  if (*text == '\0' || oba_day_parse (text, day))
    return NULL;
  return _("There is no such day. Write it as 31.03.2026.");
}

static const char *
read_number (const char *text,
             gboolean    money,
             gint64      open,
             gint64     *number)
{
  *number = open;
  if (*text == '\0')
    return NULL;
  if (money)
    return oba_money_parse (text, number, NULL) && *number >= 0 ? NULL : _("This is no amount. Write it as 100.00.");
  return g_ascii_string_to_signed (text, 10, -G_MAXINT32, G_MAXINT32, number, NULL) ? NULL : _("This is no number. Write it as 100.");
}

static const char *
read_days (ObaFilterPanel *self,
           Range          *range,
           const char     *texts[2])
{
  GDate from;
  GDate to;
  const char *wrong_from = read_day (texts[0], &from);
  const char *wrong_to = read_day (texts[1], &to);
  gboolean order = TRUE;

  if (wrong_from == NULL && wrong_to == NULL && (g_date_valid (&from) || g_date_valid (&to)))
    order = oba_customer_filter_set_days (self->filter, range->field, g_date_valid (&from) ? &from : NULL, g_date_valid (&to) ? &to : NULL);
  mark (range->from, wrong_from != NULL || !order);
  mark (range->to, wrong_to != NULL || !order);
  return wrong_from != NULL ? wrong_from : wrong_to != NULL ? wrong_to : order ? NULL : _("The first day is after the last one.");
}

static const char *
read_numbers (ObaFilterPanel *self,
              Range          *range,
              const char     *texts[2])
{
  gboolean money = range->field == OBA_CUSTOMER_FILTER_SPEND;
  gint64 min;
  gint64 max;
  const char *wrong_from = read_number (texts[0], money, OBA_CUSTOMER_FILTER_NO_MIN, &min);
  const char *wrong_to = read_number (texts[1], money, OBA_CUSTOMER_FILTER_NO_MAX, &max);
  gboolean order = TRUE;

  if (wrong_from == NULL && wrong_to == NULL && (*texts[0] != '\0' || *texts[1] != '\0'))
    order = oba_customer_filter_set_range (self->filter, range->field, min, max);
  mark (range->from, wrong_from != NULL || !order);
  mark (range->to, wrong_to != NULL || !order);
  return wrong_from != NULL ? wrong_from : wrong_to != NULL ? wrong_to : order ? NULL : _("The least is more than the most.");
}

/* What cannot be does not hold. */
static void
read_range (ObaFilterPanel *self,
            Range          *range)
{
  g_autofree char *from = dup_text (range->from);
  g_autofree char *to = dup_text (range->to);
  const char *texts[] = { from, to };
  const char *problem;

  oba_customer_filter_clear (self->filter, range->field);
  problem = is_days (range) ? read_days (self, range, texts) : read_numbers (self, range, texts);
  gtk_label_set_label (range->error, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (range->error), problem != NULL);
}

static void
apply_cb (ObaFilterPanel *self)
{
  g_autoptr (ObaCustomerFilter) before = oba_customer_filter_copy (self->filter);

  g_clear_handle_id (&self->typing_id, g_source_remove);
  for (guint i = 0; i < N_RANGES; i++)
    read_range (self, &self->ranges[i]);
  if (!oba_customer_filter_equal (before, self->filter))
    changed (self);
}

static void
typing_cb (gpointer user_data)
{
  ObaFilterPanel *self = user_data;

  self->typing_id = 0;
  apply_cb (self);
}

static void
typed_cb (ObaFilterPanel *self)
{
  if (self->filling)
    return;
  g_clear_handle_id (&self->typing_id, g_source_remove);
  self->typing_id = g_timeout_add_once (TYPING_MS, typing_cb, self);
}

static void
show_days (ObaFilterPanel *self,
           Range          *range)
{
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  GDate from;
  GDate to;

  oba_customer_filter_get_days (self->filter, range->field, &from, &to);
  first = oba_day_format (&from);
  last = oba_day_format (&to);
  gtk_editable_set_text (GTK_EDITABLE (range->from), first);
  gtk_editable_set_text (GTK_EDITABLE (range->to), last);
}

static char *
number_text (gint64   number,
             gboolean money)
{
  return money ? g_strdup_printf ("%" G_GINT64_FORMAT ".%02d", number / 100, (int) (number % 100)) : g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

static void
show_numbers (ObaFilterPanel *self,
              Range          *range)
{
  gboolean money = range->field == OBA_CUSTOMER_FILTER_SPEND;
  g_autofree char *least = NULL;
  g_autofree char *most = NULL;
  gint64 min;
  gint64 max;

  oba_customer_filter_get_range (self->filter, range->field, &min, &max);
  least = number_text (min, money);
  most = number_text (max, money);
  gtk_editable_set_text (GTK_EDITABLE (range->from), min != OBA_CUSTOMER_FILTER_NO_MIN ? least : "");
  gtk_editable_set_text (GTK_EDITABLE (range->to), max != OBA_CUSTOMER_FILTER_NO_MAX ? most : "");
}

static void
show_range (ObaFilterPanel *self,
            Range          *range)
{
  if (!oba_customer_filter_has (self->filter, range->field))
    {
      gtk_editable_set_text (GTK_EDITABLE (range->from), "");
      gtk_editable_set_text (GTK_EDITABLE (range->to), "");
    }
  else if (is_days (range))
    show_days (self, range);
  else
    show_numbers (self, range);
  mark (range->from, FALSE);
  mark (range->to, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (range->error), FALSE);
}

/* ---- one of many: chosen, and added */

static void
store_chosen_cb (ObaFilterPanel *self)
{
  gint64 store = oba_store_chooser_get_store (self->store_chooser);

  if (store == 0)
    return;
  oba_customer_filter_add_number (self->filter, OBA_CUSTOMER_FILTER_STORES, store);
  oba_store_chooser_set_store (self->store_chooser, 0, NULL);
  changed (self);
}

static ObaCustomerChoice *
take_choice (ObaFilterPanel         *self,
             GtkDropDown            *drop,
             ObaCustomerFilterField  field)
{
  guint selected = gtk_drop_down_get_selected (drop);

  if (self->filling || selected == 0 || selected == GTK_INVALID_LIST_POSITION)
    return NULL;
  self->filling = TRUE;
  gtk_drop_down_set_selected (drop, 0);
  self->filling = FALSE;
  return oba_customer_choices_list (self->choices, field)->pdata[selected - 1];
}

static void
city_drop_cb (ObaFilterPanel *self)
{
  ObaCustomerChoice *choice = take_choice (self, self->city_drop, OBA_CUSTOMER_FILTER_CITIES);

  if (choice == NULL)
    return;
  oba_customer_filter_add_name (self->filter, OBA_CUSTOMER_FILTER_CITIES, choice->name);
  changed (self);
}

static void
segment_drop_cb (ObaFilterPanel *self)
{
  ObaCustomerChoice *choice = take_choice (self, self->segment_drop, OBA_CUSTOMER_FILTER_SEGMENTS);

  if (choice == NULL)
    return;
  oba_customer_filter_add_number (self->filter, OBA_CUSTOMER_FILTER_SEGMENTS, choice->id);
  changed (self);
}

static void
fill_drop (ObaFilterPanel         *self,
           GtkDropDown            *drop,
           ObaCustomerFilterField  field,
           const char             *prompt)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  GPtrArray *choices = oba_customer_choices_list (self->choices, field);

  gtk_string_list_append (names, prompt);
  for (guint i = 0; i < choices->len; i++)
    gtk_string_list_append (names, ((ObaCustomerChoice *) choices->pdata[i])->name);
  gtk_drop_down_set_model (drop, G_LIST_MODEL (names));
  gtk_widget_set_sensitive (GTK_WIDGET (drop), choices->len > 0);
}

/* ---- */

static void
show (ObaFilterPanel *self)
{
  self->filling = TRUE;
  g_clear_handle_id (&self->typing_id, g_source_remove);
  show_toggles (self, self->tier_box);
  show_toggles (self, self->status_box);
  show_toggles (self, self->lifecycle_box);
  show_toggles (self, self->month_box);
  show_consents (self);
  for (guint i = 0; i < N_RANGES; i++)
    show_range (self, &self->ranges[i]);
  oba_filter_bar_set_filter (self->bar, self->filter);
  self->filling = FALSE;
}

static void
bar_changed_cb (ObaFilterPanel *self)
{
  oba_filter_panel_set_filter (self, oba_filter_bar_get_filter (self->bar));
  g_signal_emit (self, signals[CHANGED], 0);
}

void
oba_filter_panel_set_pool (ObaFilterPanel *self,
                           ObaDbPool      *pool)
{
  oba_store_chooser_set_pool (self->store_chooser, pool);
}

static gboolean
has_tiers (ObaFilterPanel *self,
           GPtrArray      *tiers)
{
  GPtrArray *own = self->choices != NULL ? oba_customer_choices_list (self->choices, OBA_CUSTOMER_FILTER_TIERS) : NULL;

  if (own == NULL || own->len != tiers->len)
    return FALSE;
  for (guint i = 0; i < own->len; i++)
    {
      const ObaCustomerChoice *mine = own->pdata[i];
      const ObaCustomerChoice *other = tiers->pdata[i];

      if (mine->id != other->id || g_strcmp0 (mine->name, other->name) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
fill_tiers (ObaFilterPanel *self)
{
  GPtrArray *tiers = oba_customer_choices_list (self->choices, OBA_CUSTOMER_FILTER_TIERS);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->tier_box)) != NULL)
    gtk_box_remove (GTK_BOX (self->tier_box), child);
  for (guint i = 0; i < tiers->len; i++)
    add_toggle (self, self->tier_box, OBA_CUSTOMER_FILTER_TIERS, ((ObaCustomerChoice *) tiers->pdata[i])->id, NULL);
  show_toggles (self, self->tier_box);
}

/* They are read whenever the panel opens: what is the same stays, with the focus that may be on it already. */
void
oba_filter_panel_set_choices (ObaFilterPanel     *self,
                              ObaCustomerChoices *choices)
{
  gboolean same = has_tiers (self, oba_customer_choices_list (choices, OBA_CUSTOMER_FILTER_TIERS));

  oba_customer_choices_ref (choices);
  g_clear_pointer (&self->choices, oba_customer_choices_unref);
  self->choices = choices;
  self->filling = TRUE;
  if (!same)
    fill_tiers (self);
  fill_drop (self, self->city_drop, OBA_CUSTOMER_FILTER_CITIES, _("Add a city…"));
  fill_drop (self, self->segment_drop, OBA_CUSTOMER_FILTER_SEGMENTS, _("Add a segment…"));
  oba_filter_bar_set_choices (self->bar, choices);
  self->filling = FALSE;
}

void
oba_filter_panel_set_filter (ObaFilterPanel          *self,
                             const ObaCustomerFilter *filter)
{
  ObaCustomerFilter *own = oba_customer_filter_copy (filter);

  oba_customer_filter_free (self->filter);
  self->filter = own;
  show (self);
}

const ObaCustomerFilter *
oba_filter_panel_get_filter (ObaFilterPanel *self)
{
  return self->filter;
}

void
oba_filter_panel_set_count (ObaFilterPanel *self,
                            const char     *text)
{
  gtk_label_set_label (self->count_label, text);
}

static void
oba_filter_panel_dispose (GObject *object)
{
  ObaFilterPanel *self = OBA_FILTER_PANEL (object);

  g_clear_handle_id (&self->typing_id, g_source_remove);

  G_OBJECT_CLASS (oba_filter_panel_parent_class)->dispose (object);
}

static void
oba_filter_panel_finalize (GObject *object)
{
  ObaFilterPanel *self = OBA_FILTER_PANEL (object);

  oba_customer_filter_free (self->filter);
  g_clear_pointer (&self->choices, oba_customer_choices_unref);

  G_OBJECT_CLASS (oba_filter_panel_parent_class)->finalize (object);
}

#define bind_range(which, name) \
  G_STMT_START \
    { \
      gtk_widget_class_bind_template_child_full (widget_class, name "_from", FALSE, G_STRUCT_OFFSET (ObaFilterPanel, ranges[which].from)); \
      gtk_widget_class_bind_template_child_full (widget_class, name "_to", FALSE, G_STRUCT_OFFSET (ObaFilterPanel, ranges[which].to)); \
      gtk_widget_class_bind_template_child_full (widget_class, name "_error", FALSE, G_STRUCT_OFFSET (ObaFilterPanel, ranges[which].error)); \
    } \
  G_STMT_END

static void
oba_filter_panel_class_init (ObaFilterPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_filter_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_filter_panel_finalize;
  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_FILTER_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (OBA_TYPE_FILTER_BAR);
  g_type_ensure (OBA_TYPE_STORE_CHOOSER);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-filter-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaFilterPanel, tier_box);
  gtk_widget_class_bind_template_child (widget_class, ObaFilterPanel, status_box);
  gtk_widget_class_bind_template_child (widget_class, ObaFilterPanel, lifecycle_box);
  gtk_widget_class_bind_template_child (widget_class, ObaFilterPanel, store_chooser);
  gtk_widget_class_bind_template_child (widget_class, ObaFilterPanel, city_drop);
  gtk_widget_class_bind_template_child (widget_class, ObaFilterPanel, segment_drop);
  gtk_widget_class_bind_template_child (widget_class, ObaFilterPanel, month_box);
  gtk_widget_class_bind_template_child (widget_class, ObaFilterPanel, consent_box);
  gtk_widget_class_bind_template_child (widget_class, ObaFilterPanel, bar);
  gtk_widget_class_bind_template_child (widget_class, ObaFilterPanel, count_label);
  bind_range (REGISTERED, "registered");
  bind_range (LAST_PURCHASE, "last_purchase");
  bind_range (SPEND, "spend");
  bind_range (POINTS, "points");
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, store_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, city_drop_cb);
  gtk_widget_class_bind_template_callback (widget_class, segment_drop_cb);
  gtk_widget_class_bind_template_callback (widget_class, bar_changed_cb);
}

static void
set_searchable (GtkDropDown *drop)
{
  g_autoptr (GtkExpression) name = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  gtk_drop_down_set_expression (drop, name);
}

static void
oba_filter_panel_init (ObaFilterPanel *self)
{
  static const ObaCustomerFilterField fields[N_RANGES] = {
    [REGISTERED] = OBA_CUSTOMER_FILTER_REGISTERED,
    [LAST_PURCHASE] = OBA_CUSTOMER_FILTER_LAST_PURCHASE,
    [SPEND] = OBA_CUSTOMER_FILTER_SPEND,
    [POINTS] = OBA_CUSTOMER_FILTER_POINTS,
  };
  const char *const *channels = oba_customer_filter_get_channels ();
  GtkWidget *boxes[4];

  self->filter = oba_customer_filter_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < N_RANGES; i++)
    self->ranges[i].field = fields[i];
  boxes[0] = self->tier_box;
  boxes[1] = self->status_box;
  boxes[2] = self->lifecycle_box;
  boxes[3] = self->month_box;
  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
    gtk_widget_set_layout_manager (boxes[i], oba_wrap_layout_new (6));
  add_names (self, self->status_box, OBA_CUSTOMER_FILTER_STATUS);
  add_names (self, self->lifecycle_box, OBA_CUSTOMER_FILTER_LIFECYCLE);
  for (gint64 month = 1; month <= 12; month++)
    add_toggle (self, self->month_box, OBA_CUSTOMER_FILTER_BIRTH_MONTHS, month, NULL);
  for (guint i = 0; channels[i] != NULL; i++)
    add_consent (self, channels[i]);
  oba_store_chooser_set_none (self->store_chooser, _("Add a store…"));
  set_searchable (self->city_drop);
  set_searchable (self->segment_drop);
}
