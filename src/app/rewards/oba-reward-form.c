#include "oba-reward-form.h"

#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "oba-reward-text.h"
#include "rewards/oba-reward-markup.h"
#include "widgets/oba-field.h"
#include "widgets/oba-wrap-layout.h"

#define MAX_NUMBER 10000000
#define MAX_VALUE 100000000
#define MAX_NAME 200
#define MAX_DESCRIPTION 2000
#define DESCRIPTION_HEIGHT 120

static const char *const kinds[] = { "voucher", "discount", "gift", "service" };
static const char *const languages[] = { "az", "ru", "en" };

struct _ObaRewardForm
{
  GtkBox              parent_instance;

  ObaCustomerChoices *choices;
  GHashTable         *fields;          /* name -> ObaField */
  ObaLanguage         language;
  gboolean            filling;

  GtkToggleButton    *tabs[OBA_N_LANGUAGES];
  GtkStack           *texts;
  GtkBox             *pictures;
  GtkToggleButton    *days[7];
  GtkBox             *cards[4];        /* what costs, texts, who and when, how it is handed out */
  GArray             *tiers;           /* of gint64, as the list has them */
  GArray             *segments;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRewardForm, oba_reward_form, GTK_TYPE_BOX)

static ObaField *
field_of (ObaRewardForm *self, const char *name)
{
  return g_hash_table_lookup (self->fields, name);
}

GtkWidget *
oba_reward_form_get_control (ObaRewardForm *self, const char *name)
{
  ObaField *field = field_of (self, name);

  return field != NULL ? oba_field_get_target (field) : NULL;
}

const char *
oba_reward_form_get_problem (ObaRewardForm *self, const char *name)
{
  ObaField *field = field_of (self, name);

  return field != NULL ? oba_field_get_problem (field) : NULL;
}

static void
changed_cb (ObaRewardForm *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- filling */

static void
set_text (ObaRewardForm *self, const char *name, const char *text)
{
  GtkWidget *control = oba_reward_form_get_control (self, name);

  if (GTK_IS_TEXT_VIEW (control))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (control)), text, -1);
  else
    gtk_editable_set_text (GTK_EDITABLE (control), text);
}

static char *
get_text (ObaRewardForm *self, const char *name)
{
  GtkWidget *control = oba_reward_form_get_control (self, name);
  GtkTextIter from, to;

  if (!GTK_IS_TEXT_VIEW (control))
    return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (control))));
  gtk_text_buffer_get_bounds (gtk_text_view_get_buffer (GTK_TEXT_VIEW (control)), &from, &to);
  return g_strstrip (gtk_text_buffer_get_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (control)), &from, &to, FALSE));
}

static void
set_number (ObaRewardForm *self, const char *name, gint64 number)
{
  g_autofree char *text = number > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : g_strdup ("");

  set_text (self, name, text);
}

static void
set_day (ObaRewardForm *self, const char *name, guint32 julian)
{
  g_autofree char *text = NULL;
  GDate day;

  g_date_clear (&day, 1);
  if (julian != 0)
    g_date_set_julian (&day, julian);
  text = oba_day_format (&day);
  set_text (self, name, text);
}

static void
set_minute (ObaRewardForm *self, const char *name, gint64 minute)
{
  g_autofree char *text = oba_reward_text_minute (minute);

  set_text (self, name, text);
}

/* What is chosen may be one that is offered no more: it stays in the list. */
static void
set_choice (ObaRewardForm *self, const char *name, GArray *ids, gint64 id, const char *title)
{
  GtkDropDown *list = GTK_DROP_DOWN (oba_reward_form_get_control (self, name));
  guint place = 0;

  for (guint i = 1; i < ids->len; i++)
    if (g_array_index (ids, gint64, i) == id)
      place = i;
  if (id != 0 && place == 0)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id);

      g_array_append_val (ids, id);
      gtk_string_list_append (GTK_STRING_LIST (gtk_drop_down_get_model (list)), title != NULL && *title != '\0' ? title : number);
      place = ids->len - 1;
    }
  gtk_drop_down_set_selected (list, place);
}

static void
set_texts (ObaRewardForm *self, const ObaReward *reward)
{
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      g_autofree char *name = g_strdup_printf ("name_%s", languages[i]);
      g_autofree char *description = g_strdup_printf ("description_%s", languages[i]);

      set_text (self, name, reward->names[i]);
      set_text (self, description, reward->descriptions[i]);
    }
}

static void
be_fresh (ObaRewardForm *self)
{
  GHashTableIter iter;
  gpointer field;

  g_hash_table_iter_init (&iter, self->fields);
  while (g_hash_table_iter_next (&iter, NULL, &field))
    oba_field_set_fresh (field);
}

void
oba_reward_form_set_reward (ObaRewardForm *self, const ObaReward *reward)
{
  g_autofree char *value = reward->value >= 0 ? oba_money_format_plain (reward->value) : g_strdup ("");

  g_return_if_fail (OBA_IS_REWARD_FORM (self));

  self->filling = TRUE;
  set_text (self, "code", reward->code);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i], reward->kind))
      gtk_drop_down_set_selected (GTK_DROP_DOWN (oba_reward_form_get_control (self, "kind")), i);
  set_number (self, "cost", reward->cost);
  set_text (self, "value", value);
  set_texts (self, reward);
  set_choice (self, "min_tier", self->tiers, reward->min_tier, NULL);
  set_choice (self, "segment_id", self->segments, reward->segment_id, reward->segment);
  set_number (self, "per_customer", reward->per_customer);
  set_number (self, "per_day", reward->per_day);
  set_number (self, "per_month", reward->per_month);
  for (guint day = 0; day < 7; day++)
    gtk_toggle_button_set_active (self->days[day], (reward->weekdays & (1u << day)) != 0);
  set_minute (self, "from_minute", reward->from_minute);
  set_minute (self, "to_minute", reward->to_minute);
  set_day (self, "valid_from", reward->valid_from);
  set_day (self, "valid_to", reward->valid_to);
  set_number (self, "voucher_days", reward->voucher_days);
  gtk_switch_set_active (GTK_SWITCH (oba_reward_form_get_control (self, "needs_approval")), reward->needs_approval);
  gtk_switch_set_active (GTK_SWITCH (oba_reward_form_get_control (self, "stock_by_store")), reward->stock_by_store);
  self->filling = FALSE;
  if (reward->id == 0)
    be_fresh (self);
}

/* ---- reading */

static gboolean
say (ObaRewardForm *self, const char *name, const char *problem)
{
  oba_field_set_problem (field_of (self, name), problem);
  return problem == NULL;
}

static gboolean
read_number (ObaRewardForm *self, const char *name, gboolean needed, gint64 max, gint64 *number)
{
  g_autofree char *text = get_text (self, name);
  gint64 typed = 0;
  gboolean good = (*text == '\0' && !needed) || g_ascii_string_to_signed (text, 10, 1, max, &typed, NULL);

  if (good)
    *number = typed;
  return say (self, name, good ? NULL : max == MAX_NUMBER ? _("A whole number from 1 to 10 000 000") : _("A number of days from 1 to 3 660"));
}

static gboolean
read_value (ObaRewardForm *self, ObaReward *reward)
{
  g_autofree char *text = get_text (self, "value");
  gint64 value = -1;
  gboolean good = *text == '\0' || (oba_money_parse (text, &value, NULL) && value >= 0 && value <= MAX_VALUE);

  if (good)
    reward->value = value;
  return say (self, "value", good ? NULL : _("An amount of money, such as 50.00"));
}

static gboolean
read_day (ObaRewardForm *self, const char *name, guint32 *julian)
{
  g_autofree char *text = get_text (self, name);
  GDate day;
  gboolean good = *text == '\0' || oba_day_parse (text, &day);

  if (good)
    *julian = *text == '\0' ? 0 : g_date_get_julian (&day);
  return say (self, name, good ? NULL : _("A day, such as 31.03.2026"));
}

static gboolean
read_hours (ObaRewardForm *self, ObaReward *reward)
{
  g_autofree char *from = get_text (self, "from_minute");
  g_autofree char *to = get_text (self, "to_minute");
  gint64 begins = -1, ends = -1;
  gboolean good_from = oba_reward_text_parse_minute (from, &begins) && begins < 1440;
  gboolean good_to = oba_reward_text_parse_minute (to, &ends) && ends != 0;
  gboolean both = (begins < 0) == (ends < 0) && (begins < 0 || begins != ends);

  if (good_from && good_to && both)
    {
      reward->from_minute = begins;
      reward->to_minute = ends;
    }
  say (self, "from_minute", good_from ? NULL : _("A time, such as 09:30"));
  say (self, "to_minute", !good_to ? _("A time, such as 18:00") : !both && good_from ? _("Hours have a beginning and another end, or none of the two") : NULL);
  return good_from && good_to && both;
}

static gboolean
read_code (ObaRewardForm *self, ObaReward *reward)
{
  g_autofree char *code = get_text (self, "code");
  gboolean good = g_regex_match_simple ("^[\\p{L}\\p{N}][\\p{L}\\p{N}_.-]{0,39}$", code, 0, 0);

  if (good)
    oba_reward_take_text (&reward->code, code);
  return say (self, "code", good ? NULL : _("1 to 40 letters, digits, dots, hyphens or underscores"));
}

static gboolean
read_text (ObaRewardForm *self, ObaReward *reward, guint language)
{
  g_autofree char *name_field = g_strdup_printf ("name_%s", languages[language]);
  g_autofree char *description_field = g_strdup_printf ("description_%s", languages[language]);
  g_autofree char *name = get_text (self, name_field);
  g_autofree char *description = get_text (self, description_field);
  g_autoptr (GError) error = NULL;
  gboolean long_name = g_utf8_strlen (name, -1) > MAX_NAME, no_name = language == OBA_LANGUAGE_AZ && *name == '\0';
  gboolean long_text = g_utf8_strlen (description, -1) > MAX_DESCRIPTION;

  oba_reward_take_text (&reward->names[language], name);
  oba_reward_take_text (&reward->descriptions[language], description);
  say (self, name_field, no_name ? _("A reward needs a name in Azerbaijani") : long_name ? _("At most 200 characters") : NULL);
  if (!long_text)
    oba_reward_markup_parse (description, NULL, NULL, &error);
  say (self, description_field, long_text ? _("At most 2 000 characters") : error != NULL ? error->message : NULL);
  return !no_name && !long_name && !long_text && error == NULL;
}

static guint
read_days (ObaRewardForm *self)
{
  guint bits = 0;

  for (guint day = 0; day < 7; day++)
    if (gtk_toggle_button_get_active (self->days[day]))
      bits |= 1u << day;
  return bits == 0x7f ? 0 : bits;
}

static void
read_choices (ObaRewardForm *self, ObaReward *reward)
{
  guint tier = gtk_drop_down_get_selected (GTK_DROP_DOWN (oba_reward_form_get_control (self, "min_tier")));
  guint segment = gtk_drop_down_get_selected (GTK_DROP_DOWN (oba_reward_form_get_control (self, "segment_id")));

  reward->min_tier = tier < self->tiers->len ? g_array_index (self->tiers, gint64, tier) : 0;
  reward->segment_id = segment < self->segments->len ? g_array_index (self->segments, gint64, segment) : 0;
  oba_reward_take_text (&reward->kind, kinds[MIN (gtk_drop_down_get_selected (GTK_DROP_DOWN (oba_reward_form_get_control (self, "kind"))), 3)]);
  reward->weekdays = read_days (self);
  reward->needs_approval = gtk_switch_get_active (GTK_SWITCH (oba_reward_form_get_control (self, "needs_approval")));
  reward->stock_by_store = gtk_switch_get_active (GTK_SWITCH (oba_reward_form_get_control (self, "stock_by_store")));
}

gboolean
oba_reward_form_read (ObaRewardForm *self, ObaReward *reward)
{
  gboolean good;

  g_return_val_if_fail (OBA_IS_REWARD_FORM (self), FALSE);

  good = read_code (self, reward);
  good = read_number (self, "cost", TRUE, MAX_NUMBER, &reward->cost) && good;
  good = read_value (self, reward) && good;
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    good = read_text (self, reward, i) && good;
  good = read_number (self, "per_customer", FALSE, MAX_NUMBER, &reward->per_customer) && good;
  good = read_number (self, "per_day", FALSE, MAX_NUMBER, &reward->per_day) && good;
  good = read_number (self, "per_month", FALSE, MAX_NUMBER, &reward->per_month) && good;
  good = read_number (self, "voucher_days", FALSE, 3660, &reward->voucher_days) && good;
  good = read_hours (self, reward) && good;
  good = read_day (self, "valid_from", &reward->valid_from) && good;
  good = read_day (self, "valid_to", &reward->valid_to) && good;
  if (good && reward->valid_from != 0 && reward->valid_to != 0 && reward->valid_to < reward->valid_from)
    good = say (self, "valid_to", _("The last day is not before the first"));
  read_choices (self, reward);
  return good;
}

/* ---- languages */

ObaLanguage
oba_reward_form_get_language (ObaRewardForm *self)
{
  return self->language;
}

static void
tab_cb (ObaRewardForm *self)
{
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    if (gtk_toggle_button_get_active (self->tabs[i]))
      self->language = i;
  gtk_stack_set_visible_child_name (self->texts, languages[self->language]);
  changed_cb (self);
}

void
oba_reward_form_set_language (ObaRewardForm *self, ObaLanguage language)
{
  gtk_toggle_button_set_active (self->tabs[language], TRUE);
}

/* ---- rights and choices */

void
oba_reward_form_set_rights (ObaRewardForm *self, gboolean texts, gboolean terms)
{
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      g_autofree char *name = g_strdup_printf ("name_%s", languages[i]);
      g_autofree char *description = g_strdup_printf ("description_%s", languages[i]);

      gtk_editable_set_editable (GTK_EDITABLE (oba_reward_form_get_control (self, name)), texts);
      gtk_text_view_set_editable (GTK_TEXT_VIEW (oba_reward_form_get_control (self, description)), texts);
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->pictures), texts);
  for (guint i = 0; i < G_N_ELEMENTS (self->cards); i++)
    if (i != 1)
      gtk_widget_set_sensitive (GTK_WIDGET (self->cards[i]), terms);
}

static void
fill_list (ObaRewardForm *self, const char *name, GArray *ids, const char *none, ObaCustomerFilterField field)
{
  GPtrArray *list = oba_customer_choices_list (self->choices, field);
  GtkDropDown *control = GTK_DROP_DOWN (oba_reward_form_get_control (self, name));
  gint64 chosen = gtk_drop_down_get_selected (control) < ids->len ? g_array_index (ids, gint64, gtk_drop_down_get_selected (control)) : 0;
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  gint64 zero = 0;

  g_array_set_size (ids, 0);
  g_array_append_val (ids, zero);
  gtk_string_list_append (model, none);
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      ObaCustomerChoice *choice = list->pdata[i];

      g_array_append_val (ids, choice->id);
      gtk_string_list_append (model, choice->name);
    }
  gtk_drop_down_set_model (control, G_LIST_MODEL (model));
  set_choice (self, name, ids, chosen, NULL);
}

void
oba_reward_form_set_choices (ObaRewardForm *self, ObaCustomerChoices *choices)
{
  self->filling = TRUE;
  g_clear_pointer (&self->choices, oba_customer_choices_unref);
  self->choices = oba_customer_choices_ref (choices);
  fill_list (self, "min_tier", self->tiers, _("Every tier"), OBA_CUSTOMER_FILTER_TIERS);
  fill_list (self, "segment_id", self->segments, _("Everybody"), OBA_CUSTOMER_FILTER_SEGMENTS);
  self->filling = FALSE;
}

GtkBox *
oba_reward_form_get_pictures (ObaRewardForm *self)
{
  return self->pictures;
}

/* ---- building */

static GtkBox *
card_new (ObaRewardForm *self, guint n, const char *title)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *label = gtk_label_new (title);

  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "panel");
  gtk_widget_add_css_class (label, "heading");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (card), label);
  gtk_box_append (GTK_BOX (self), card);
  self->cards[n] = GTK_BOX (card);
  return GTK_BOX (card);
}

static GtkBox *
line_new (GtkBox *card)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_box_set_homogeneous (GTK_BOX (line), TRUE);
  gtk_box_append (card, line);
  return GTK_BOX (line);
}

static void
keep (ObaRewardForm *self, GtkBox *place, const char *name, const char *title, GtkWidget *control, GtkWidget *target)
{
  GtkWidget *field = oba_field_new (title, control, target);

  g_hash_table_insert (self->fields, g_strdup (name), field);
  gtk_box_append (place, field);
}

static void
add_entry (ObaRewardForm *self, GtkBox *place, const char *name, const char *title, const char *note)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_max_length (GTK_ENTRY (entry), 300);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 10);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (changed_cb), self);
  keep (self, place, name, title, entry, NULL);
  oba_field_set_note (field_of (self, name), note);
}

static void
add_list (ObaRewardForm *self, GtkBox *place, const char *name, const char *title, const char *const *words)
{
  GtkWidget *list = gtk_drop_down_new_from_strings (words);

  g_signal_connect_swapped (list, "notify::selected", G_CALLBACK (changed_cb), self);
  keep (self, place, name, title, list, NULL);
}

static void
add_switch (ObaRewardForm *self, GtkBox *place, const char *name, const char *title, const char *note)
{
  GtkWidget *control = gtk_switch_new ();

  gtk_widget_set_halign (control, GTK_ALIGN_START);
  g_signal_connect_swapped (control, "notify::active", G_CALLBACK (changed_cb), self);
  keep (self, place, name, title, control, NULL);
  oba_field_set_note (field_of (self, name), note);
}

static void
add_description (ObaRewardForm *self, GtkBox *place, const char *name)
{
  GtkWidget *view = gtk_text_view_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  g_object_set (view, "top-margin", 9, "bottom-margin", 9, "left-margin", 9, "right-margin", 9, NULL);
  g_signal_connect_swapped (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "changed", G_CALLBACK (changed_cb), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_widget_set_size_request (scrolled, -1, DESCRIPTION_HEIGHT);
  gtk_widget_add_css_class (scrolled, "notes-entry");
  keep (self, place, name, _("Description"), scrolled, view);
  oba_field_set_note (field_of (self, name), _("Bold is <b>…</b>, italic <i>…</i>, underlined <u>…</u>, a link <a href=\"https://…\">…</a>"));
}

static void
build_terms (ObaRewardForm *self)
{
  const char *words[G_N_ELEMENTS (kinds) + 1] = { NULL };
  GtkBox *card = card_new (self, 0, _("What It Is"));
  GtkBox *line = line_new (card);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    words[i] = oba_reward_text_kind (kinds[i]);
  add_entry (self, line, "code", _("Code"), NULL);
  add_list (self, line, "kind", _("Kind"), words);
  line = line_new (card);
  add_entry (self, line, "cost", _("Cost in points"), NULL);
  add_entry (self, line, "value", _("Value in ₼"), _("Empty: it has none"));
}

static void
build_texts (ObaRewardForm *self)
{
  static const char *const titles[] = { "Azərbaycanca", "Русский", "English" };
  GtkBox *card = card_new (self, 1, _("Texts and Picture"));
  GtkWidget *tabs = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (tabs, "linked");
  gtk_widget_set_halign (tabs, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (tabs), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Language"), -1);
  gtk_box_append (card, tabs);
  self->texts = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->texts, FALSE);
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
      g_autofree char *name = g_strdup_printf ("name_%s", languages[i]);
      g_autofree char *description = g_strdup_printf ("description_%s", languages[i]);

      self->tabs[i] = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (titles[i]));
      if (i > 0)
        gtk_toggle_button_set_group (self->tabs[i], self->tabs[0]);
      g_signal_connect_swapped (self->tabs[i], "toggled", G_CALLBACK (tab_cb), self);
      gtk_box_append (GTK_BOX (tabs), GTK_WIDGET (self->tabs[i]));
      add_entry (self, GTK_BOX (box), name, _("Name"), i > 0 ? _("Empty: the Azerbaijani texts are shown") : NULL);
      add_description (self, GTK_BOX (box), description);
      gtk_stack_add_named (self->texts, box, languages[i]);
    }
  gtk_box_append (card, GTK_WIDGET (self->texts));
  self->pictures = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12));
  gtk_box_append (card, GTK_WIDGET (self->pictures));
}

static void
add_weekdays (ObaRewardForm *self, GtkBox *card)
{
  GtkWidget *days = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (days, "linked");
  for (guint day = 0; day < 7; day++)
    {
      /* 1 January 2024 is a Monday. */
      g_autoptr (GDateTime) moment = g_date_time_new_utc (2024, 1, (int) day + 1, 12, 0, 0);
      g_autofree char *name = g_date_time_format (moment, "%a");
      g_autofree char *whole = g_date_time_format (moment, "%A");

      self->days[day] = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (name));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->days[day]), GTK_ACCESSIBLE_PROPERTY_LABEL, whole, -1);
      g_signal_connect_swapped (self->days[day], "toggled", G_CALLBACK (changed_cb), self);
      gtk_box_append (GTK_BOX (days), GTK_WIDGET (self->days[day]));
    }
  keep (self, card, "weekdays", _("Weekdays"), days, NULL);
  oba_field_set_note (field_of (self, "weekdays"), _("None chosen: every day"));
}

static void
build_conditions (ObaRewardForm *self)
{
  const char *every_tier[] = { _("Every tier"), NULL };
  const char *everybody[] = { _("Everybody"), NULL };
  GtkBox *card = card_new (self, 2, _("For Whom, and When"));
  GtkBox *line = line_new (card);

  add_list (self, line, "min_tier", _("From which tier on"), every_tier);
  add_list (self, line, "segment_id", _("Only for a segment"), everybody);
  line = line_new (card);
  add_entry (self, line, "per_day", _("Pieces a customer, a day"), NULL);
  add_entry (self, line, "per_month", _("A month"), NULL);
  add_entry (self, line, "per_customer", _("Ever"), NULL);
  line = line_new (card);
  add_entry (self, line, "valid_from", _("First day"), NULL);
  add_entry (self, line, "valid_to", _("Last day"), NULL);
  add_weekdays (self, card);
  line = line_new (card);
  add_entry (self, line, "from_minute", _("Hours: from"), _("By the clock of Baku"));
  add_entry (self, line, "to_minute", _("Hours: to"), _("Before the beginning: on the next day"));
}

static void
build_handing_out (ObaRewardForm *self)
{
  GtkBox *card = card_new (self, 3, _("Handing Out"));

  add_entry (self, card, "voucher_days", _("Days to fetch it"), _("After that the points come back by themselves. Empty: as many days as for every voucher"));
  add_switch (self, card, "needs_approval", _("A supervisor approves each redemption"), NULL);
  add_switch (self, card, "stock_by_store", _("Each store has its own stock"), _("Otherwise there is one for all stores. Numbers are entered under “Stock”."));
}

static void
oba_reward_form_finalize (GObject *object)
{
  ObaRewardForm *self = OBA_REWARD_FORM (object);

  g_clear_pointer (&self->choices, oba_customer_choices_unref);
  g_hash_table_unref (self->fields);
  g_array_unref (self->tiers);
  g_array_unref (self->segments);

  G_OBJECT_CLASS (oba_reward_form_parent_class)->finalize (object);
}

static void
oba_reward_form_class_init (ObaRewardFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_reward_form_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_REWARD_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_reward_form_init (ObaRewardForm *self)
{
  gint64 zero = 0;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->tiers = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->segments = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (self->tiers, zero);
  g_array_append_val (self->segments, zero);
  self->filling = TRUE;
  build_terms (self);
  build_texts (self);
  build_conditions (self);
  build_handing_out (self);
  gtk_toggle_button_set_active (self->tabs[OBA_LANGUAGE_AZ], TRUE);
  self->filling = FALSE;
}

GtkWidget *
oba_reward_form_new (void)
{
  return g_object_new (OBA_TYPE_REWARD_FORM, NULL);
}
