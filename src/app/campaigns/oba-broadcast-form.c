#include "oba-broadcast-form.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-filter-bar.h"
#include "customers/oba-filter-panel.h"
#include "customers/oba-profile-section.h"
#include "rewards/oba-reward-markup.h"
#include "telling/oba-broadcasts.h"
#include "widgets/oba-field.h"

#define TEXT_HEIGHT 150

static const char *const labels[OBA_N_LANGUAGES] = { "label_az", "label_ru", "label_en" };

struct _ObaBroadcastForm
{
  GtkBox           parent_instance;

  GHashTable      *fields;      /* name -> ObaField */
  ObaLanguage      language;
  gboolean         filling;
  gboolean         touched;     /* before that, what is missing is no mistake */

  ObaFilterPanel  *panel;
  ObaFilterBar    *bar;
  GtkWidget       *everybody;
  GtkWidget       *choose;
  GtkWidget       *insert;
  GtkToggleButton *tabs[OBA_N_LANGUAGES];
  GtkStack        *texts;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaBroadcastForm, oba_broadcast_form, GTK_TYPE_BOX)

static ObaField *
field_of (ObaBroadcastForm *self, const char *name)
{
  return g_hash_table_lookup (self->fields, name);
}

GtkWidget *
oba_broadcast_form_get_control (ObaBroadcastForm *self, const char *name)
{
  return field_of (self, name) != NULL ? oba_field_get_target (field_of (self, name)) : NULL;
}

const char *
oba_broadcast_form_get_problem (ObaBroadcastForm *self, const char *name)
{
  return oba_field_get_problem (field_of (self, name));
}

const char *
oba_broadcast_form_get_note (ObaBroadcastForm *self, const char *name)
{
  return oba_field_get_note (field_of (self, name));
}

static gboolean
say (ObaBroadcastForm *self, const char *name, const char *sentence)
{
  oba_field_set_problem (field_of (self, name), sentence);
  return sentence == NULL;
}

static void
changed_cb (ObaBroadcastForm *self)
{
  if (self->filling)
    return;
  self->touched = TRUE;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- filling */

static void
set_text (ObaBroadcastForm *self, const char *name, const char *text)
{
  GtkWidget *control = oba_broadcast_form_get_control (self, name);

  if (GTK_IS_TEXT_VIEW (control))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (control)), text, -1);
  else
    gtk_editable_set_text (GTK_EDITABLE (control), text);
}

static char *
get_text (ObaBroadcastForm *self, const char *name)
{
  GtkWidget *control = oba_broadcast_form_get_control (self, name);
  GtkTextIter from, to;

  if (!GTK_IS_TEXT_VIEW (control))
    return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (control))));
  gtk_text_buffer_get_bounds (gtk_text_view_get_buffer (GTK_TEXT_VIEW (control)), &from, &to);
  return g_strstrip (gtk_text_buffer_get_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (control)), &from, &to, FALSE));
}

/* A moment that is over means at once. */
static void
set_moment (ObaBroadcastForm *self, JsonObject *broadcast)
{
  g_autoptr (GDateTime) at = oba_customer_json_member_time (broadcast, "start_at"), now = g_date_time_new_now_utc ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Asia/Baku");
  g_autoptr (GDateTime) here = at != NULL && g_date_time_compare (at, now) > 0 ? g_date_time_to_timezone (at, zone) : NULL;
  g_autofree char *day = here != NULL ? g_date_time_format (here, "%d.%m.%Y") : g_strdup (""), *time = here != NULL ? g_date_time_format (here, "%H:%M") : g_strdup ("");

  set_text (self, "day", day);
  set_text (self, "time", time);
}

static void
show_whom (ObaBroadcastForm *self)
{
  gtk_widget_set_visible (self->everybody, oba_customer_filter_is_empty (oba_filter_bar_get_filter (self->bar)));
}

static void
set_filter (ObaBroadcastForm *self, JsonObject *broadcast)
{
  JsonNode *node = json_object_get_member (broadcast, "filter");
  g_autoptr (ObaCustomerFilter) filter = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? oba_customer_filter_from_node (node, NULL) : NULL;

  if (filter == NULL)
    filter = oba_customer_filter_new ();
  oba_filter_panel_set_filter (self->panel, filter);
  oba_filter_bar_set_filter (self->bar, filter);
  show_whom (self);
}

void
oba_broadcast_form_set (ObaBroadcastForm *self, JsonObject *broadcast)
{
  JsonObject *button = oba_customer_json_member_object (broadcast, "button");

  g_return_if_fail (OBA_IS_BROADCAST_FORM (self));

  self->filling = TRUE;
  set_text (self, "name", json_object_get_string_member_with_default (broadcast, "name", ""));
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      const char *code = oba_language_get_code (i);
      g_autofree char *member = g_strdup_printf ("text_%s", code);

      set_text (self, code, json_object_get_string_member_with_default (broadcast, member, ""));
      set_text (self, labels[i], button != NULL ? json_object_get_string_member_with_default (button, code, "") : "");
    }
  set_text (self, "url", button != NULL ? json_object_get_string_member_with_default (button, "url", "") : "");
  set_moment (self, broadcast);
  set_filter (self, broadcast);
  self->filling = FALSE;
  self->touched = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
oba_broadcast_form_set_editable (ObaBroadcastForm *self, gboolean editable)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->fields);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      GtkWidget *control = oba_broadcast_form_get_control (self, name);

      if (GTK_IS_TEXT_VIEW (control))
        gtk_text_view_set_editable (GTK_TEXT_VIEW (control), editable);
      else
        gtk_editable_set_editable (GTK_EDITABLE (control), editable);
    }
  gtk_widget_set_visible (self->choose, editable);
  gtk_widget_set_visible (self->insert, editable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->bar), editable);
}

void
oba_broadcast_form_set_choices (ObaBroadcastForm *self, ObaCustomerChoices *choices)
{
  oba_filter_panel_set_choices (self->panel, choices);
  oba_filter_bar_set_choices (self->bar, choices);
}

/* ---- reading */

/* Something that is needed is not there: it is said once somebody has begun. */
static gboolean
say_missing (ObaBroadcastForm *self, const char *name, const char *sentence)
{
  say (self, name, self->touched ? sentence : NULL);
  return FALSE;
}

static gboolean
read_name (ObaBroadcastForm *self, JsonObject *request)
{
  g_autofree char *name = get_text (self, "name");
  gboolean empty = *name == '\0', too_long = g_utf8_strlen (name, -1) > OBA_BROADCAST_NAME_CHARS;

  json_object_set_string_member (request, "name", name);
  return empty ? say_missing (self, "name", _("A broadcast needs a name. Only colleagues see it")) : say (self, "name", too_long ? _("At most 100 characters") : NULL);
}

static gboolean
read_text (ObaBroadcastForm *self, JsonObject *request, ObaLanguage language)
{
  const char *code = oba_language_get_code (language);
  g_autofree char *text = get_text (self, code);
  gsize units = oba_reward_markup_units (text);
  g_autofree char *n = oba_number_format ((gint64) units), *most = oba_number_format (OBA_BROADCAST_UNITS);
  g_autofree char *length = g_strdup_printf (_("%s of %s characters"), n, most);
  g_autofree char *note = language != OBA_LANGUAGE_AZ && *text == '\0' ? g_strdup_printf ("%s · %s", length, _("Empty: as in Azerbaijani")) : g_strdup (length);
  g_autofree char *too_long = units > OBA_BROADCAST_UNITS ? g_strdup_printf (_("%s: too long"), length) : NULL;

  json_object_set_string_member (request, code, text);
  oba_field_set_note (field_of (self, code), note);
  if (language == OBA_LANGUAGE_AZ && *text == '\0')
    return say_missing (self, code, _("A broadcast needs a text in Azerbaijani"));
  return say (self, code, too_long);
}

/* As the database has it: https, nothing that would break out of it. */
static gboolean
is_address (const char *url)
{
  return g_str_has_prefix (url, "https://") && strlen (url) >= 11 && g_utf8_strlen (url, -1) <= 500 && strpbrk (url, " \t\n\r<>\"") == NULL;
}

static gboolean
read_button (ObaBroadcastForm *self, JsonObject *request)
{
  g_autofree char *url = get_text (self, "url");
  JsonObject *button = json_object_new ();
  gboolean any = *url != '\0', good = TRUE;

  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      g_autofree char *label = get_text (self, labels[i]);

      any = any || *label != '\0';
      json_object_set_string_member (button, oba_language_get_code (i), label);
      good = say (self, labels[i], g_utf8_strlen (label, -1) > OBA_BROADCAST_LABEL_CHARS ? _("At most 60 characters") : NULL) && good;
    }
  if (any && *json_object_get_string_member (button, "az") == '\0')
    good = say (self, labels[OBA_LANGUAGE_AZ], _("A button needs words in Azerbaijani"));
  json_object_set_string_member (button, "url", url);
  good = say (self, "url", any && !is_address (url) ? _("An address that begins with https://") : NULL) && good;
  if (any)
    json_object_set_object_member (request, "button", button);
  else
    {
      json_object_unref (button);
      json_object_set_null_member (request, "button");
    }
  return good;
}

static gboolean
read_time (const char *text, int *hour, int *minute)
{
  g_auto (GStrv) parts = g_strsplit_set (text, ":.", -1);
  guint64 h, m;

  if (g_strv_length (parts) != 2 || !g_ascii_string_to_unsigned (parts[0], 10, 0, 23, &h, NULL) || !g_ascii_string_to_unsigned (parts[1], 10, 0, 59, &m, NULL))
    return FALSE;
  *hour = (int) h;
  *minute = (int) m;
  return TRUE;
}

static gboolean
read_moment (ObaBroadcastForm *self, JsonObject *request)
{
  g_autofree char *day_text = get_text (self, "day"), *time_text = get_text (self, "time");
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Asia/Baku");
  g_autoptr (GDateTime) at = NULL, now = g_date_time_new_now_utc ();
  gboolean no_day, no_time;
  int hour = 0, minute = 0;
  GDate day;

  json_object_set_null_member (request, "start_at");
  say (self, "time", NULL);
  if (*day_text == '\0' && *time_text == '\0')
    return say (self, "day", NULL);
  no_day = !oba_day_parse (day_text, &day);
  no_time = !read_time (time_text, &hour, &minute);
  say (self, "time", no_time ? _("A time of day, such as 10:00") : NULL);
  if (no_day)
    return say (self, "day", _("A day, such as 31.12.2026"));
  if (no_time)
    return FALSE;
  at = g_date_time_new (zone, g_date_get_year (&day), g_date_get_month (&day), g_date_get_day (&day), hour, minute, 0);
  if (at == NULL || g_date_time_compare (at, now) < 0)
    return say (self, "day", _("This moment is over"));
  {
    g_autofree char *iso = g_date_time_format_iso8601 (at);

    json_object_set_string_member (request, "start_at", iso);
  }
  return say (self, "day", NULL);
}

JsonObject *
oba_broadcast_form_read (ObaBroadcastForm *self, gboolean *good)
{
  JsonObject *request = json_object_new ();
  gboolean fine;

  g_return_val_if_fail (OBA_IS_BROADCAST_FORM (self), request);

  fine = read_name (self, request);
  json_object_set_member (request, "filter", oba_customer_filter_to_node (oba_filter_bar_get_filter (self->bar)));
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    fine = read_text (self, request, i) && fine;
  fine = read_button (self, request) && fine;
  fine = read_moment (self, request) && fine;
  if (good != NULL)
    *good = fine;
  return request;
}

/* ---- what is pressed */

ObaLanguage
oba_broadcast_form_get_language (ObaBroadcastForm *self)
{
  return self->language;
}

void
oba_broadcast_form_show (ObaBroadcastForm *self, ObaLanguage language)
{
  gtk_toggle_button_set_active (self->tabs[language], TRUE);
}

static void
tab_cb (ObaBroadcastForm *self)
{
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    if (gtk_toggle_button_get_active (self->tabs[i]))
      self->language = i;
  gtk_stack_set_visible_child_name (self->texts, oba_language_get_code (self->language));
  changed_cb (self);
}

static void
insert_cb (ObaBroadcastForm *self)
{
  GtkWidget *view = oba_broadcast_form_get_control (self, oba_language_get_code (self->language));

  gtk_text_buffer_insert_at_cursor (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), OBA_BROADCAST_NAME, -1);
  gtk_widget_grab_focus (view);
}

static void
panel_cb (ObaBroadcastForm *self)
{
  oba_filter_bar_set_filter (self->bar, oba_filter_panel_get_filter (self->panel));
  show_whom (self);
  changed_cb (self);
}

static void
bar_cb (ObaBroadcastForm *self)
{
  oba_filter_panel_set_filter (self->panel, oba_filter_bar_get_filter (self->bar));
  show_whom (self);
  changed_cb (self);
}

/* ---- building */

static GtkBox *
card_new (ObaBroadcastForm *self, const char *title)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "panel");
  gtk_box_append (GTK_BOX (card), oba_profile_label_new (title, "heading"));
  gtk_box_append (GTK_BOX (self), card);
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
keep (ObaBroadcastForm *self, GtkBox *place, const char *name, const char *title, GtkWidget *control, GtkWidget *target)
{
  GtkWidget *field = oba_field_new (title, control, target);

  g_hash_table_insert (self->fields, g_strdup (name), field);
  gtk_box_append (place, field);
}

static void
add_entry (ObaBroadcastForm *self, GtkBox *place, const char *name, const char *title, const char *note)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_max_length (GTK_ENTRY (entry), 600);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 10);
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  keep (self, place, name, title, entry, NULL);
  oba_field_set_note (field_of (self, name), note);
}

static void
add_text (ObaBroadcastForm *self, GtkBox *place, const char *name)
{
  GtkWidget *view = gtk_text_view_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  g_object_set (view, "top-margin", 9, "bottom-margin", 9, "left-margin", 9, "right-margin", 9, NULL);
  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_widget_set_size_request (scrolled, -1, TEXT_HEIGHT);
  gtk_widget_add_css_class (scrolled, "notes-entry");
  keep (self, place, name, _("Text"), scrolled, view);
}

static void
build_whom (ObaBroadcastForm *self, ObaDbPool *pool)
{
  GtkBox *card = card_new (self, _("For Whom"));
  GtkWidget *popover = gtk_popover_new (), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *chosen = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->panel = g_object_new (OBA_TYPE_FILTER_PANEL, "margin-top", 6, "margin-bottom", 6, "margin-start", 6, "margin-end", 6, NULL);
  oba_filter_panel_set_pool (self->panel, pool);
  g_signal_connect_object (self->panel, "changed", G_CALLBACK (panel_cb), self, G_CONNECT_SWAPPED);
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (self->panel));
  self->choose = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->choose), _("Choose…"));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->choose), popover);
  gtk_widget_set_tooltip_text (self->choose, _("A segment, stores, tiers, what they buy…"));
  gtk_widget_set_valign (self->choose, GTK_ALIGN_CENTER);
  self->bar = g_object_new (OBA_TYPE_FILTER_BAR, NULL);
  g_signal_connect_object (self->bar, "changed", G_CALLBACK (bar_cb), self, G_CONNECT_SWAPPED);
  self->everybody = oba_profile_label_new (_("Everybody who has agreed to messages in Telegram"), NULL);
  gtk_widget_set_hexpand (chosen, TRUE);
  gtk_widget_set_valign (chosen, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (chosen), self->everybody);
  gtk_box_append (GTK_BOX (chosen), GTK_WIDGET (self->bar));
  gtk_box_append (GTK_BOX (line), chosen);
  gtk_box_append (GTK_BOX (line), self->choose);
  gtk_box_append (card, line);
}

static void
build_texts (ObaBroadcastForm *self)
{
  static const char *const titles[OBA_N_LANGUAGES] = { "Azərbaycanca", "Русский", "English" };
  GtkBox *card = card_new (self, _("What It Says"));
  GtkWidget *tabs = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_widget_add_css_class (tabs, "linked");
  gtk_accessible_update_property (GTK_ACCESSIBLE (tabs), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Language"), -1);
  self->insert = gtk_button_new_with_mnemonic (_("Insert First _Name"));
  gtk_widget_set_tooltip_text (self->insert, _("{name} stands for the customer’s first name"));
  gtk_widget_set_hexpand (self->insert, TRUE);
  gtk_widget_set_halign (self->insert, GTK_ALIGN_END);
  g_signal_connect_object (self->insert, "clicked", G_CALLBACK (insert_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (line), tabs);
  gtk_box_append (GTK_BOX (line), self->insert);
  gtk_box_append (card, line);
  self->texts = GTK_STACK (gtk_stack_new ());
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

      self->tabs[i] = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (titles[i]));
      if (i > 0)
        gtk_toggle_button_set_group (self->tabs[i], self->tabs[0]);
      g_signal_connect_object (self->tabs[i], "toggled", G_CALLBACK (tab_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (tabs), GTK_WIDGET (self->tabs[i]));
      add_text (self, GTK_BOX (box), oba_language_get_code (i));
      add_entry (self, GTK_BOX (box), labels[i], _("Words on the button under it"), i == OBA_LANGUAGE_AZ ? _("Empty: no button") : _("Empty: as in Azerbaijani"));
      gtk_stack_add_named (self->texts, box, oba_language_get_code (i));
    }
  gtk_box_append (card, GTK_WIDGET (self->texts));
  add_entry (self, card, "url", _("What the button opens"), NULL);
}

static void
oba_broadcast_form_finalize (GObject *object)
{
  g_hash_table_unref (OBA_BROADCAST_FORM (object)->fields);

  G_OBJECT_CLASS (oba_broadcast_form_parent_class)->finalize (object);
}

static void
oba_broadcast_form_class_init (ObaBroadcastFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_broadcast_form_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_BROADCAST_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_broadcast_form_init (ObaBroadcastForm *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

GtkWidget *
oba_broadcast_form_new (ObaDbPool *pool)
{
  ObaBroadcastForm *self = g_object_new (OBA_TYPE_BROADCAST_FORM, NULL);
  GtkBox *card, *line;

  self->filling = TRUE;
  card = card_new (self, _("Broadcast"));
  add_entry (self, card, "name", _("Name"), _("Only colleagues see it"));
  build_whom (self, pool);
  build_texts (self);
  card = card_new (self, _("When"));
  line = line_new (card);
  add_entry (self, line, "day", _("First day"), _("Empty: as soon as it is started"));
  add_entry (self, line, "time", _("Time of day"), _("By the clock of Baku"));
  gtk_toggle_button_set_active (self->tabs[OBA_LANGUAGE_AZ], TRUE);
  self->filling = FALSE;
  return GTK_WIDGET (self);
}
