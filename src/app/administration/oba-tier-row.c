#include "oba-tier-row.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-customers.h"
#include "customers/oba-profile-section.h"
#include "widgets/oba-field.h"

#define N_LANGUAGES 3
#define MAX_THRESHOLD G_GINT64_CONSTANT (1000000000000)
static const char *const languages[N_LANGUAGES] = { "az", "ru", "en" };

struct _ObaTierRow
{
  GtkBox         parent_instance;

  gint64         tier_id;       /* 0: a new one */
  gboolean       by_points;
  GtkEditable   *entries[OBA_TIER_ROW_N_ENTRIES];
  ObaField      *fields[OBA_TIER_ROW_N_ENTRIES];
  GtkTextBuffer *benefits[N_LANGUAGES];
};

enum { CHANGED, RETIRE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaTierRow, oba_tier_row, GTK_TYPE_BOX)

static const char *
language_name (guint i)
{
  const char *const names[N_LANGUAGES] = { _("Azerbaijani"), _("Russian"), _("English") };

  return names[i];
}

static void
changed_cb (ObaTierRow *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
retire_cb (ObaTierRow *self)
{
  g_signal_emit (self, signals[RETIRE], 0);
}

/* ---- what was typed */

static gboolean
read_threshold (ObaTierRow *self, gint64 *threshold)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->entries[OBA_TIER_ROW_THRESHOLD])));
  gboolean well = self->by_points ? g_ascii_string_to_signed (text, 10, 0, MAX_THRESHOLD, threshold, NULL)
                                  : oba_money_parse (text, threshold, NULL) && *threshold >= 0 && *threshold <= MAX_THRESHOLD;

  oba_field_set_problem (self->fields[OBA_TIER_ROW_THRESHOLD], well ? NULL : self->by_points ? _("A whole number of points, 0 or more") : _("An amount of money, such as 50.00"));
  return well;
}

static gboolean
read_name (ObaTierRow *self, guint i, JsonObject *tier)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->entries[i])));
  g_autofree char *member = g_strconcat ("name_", languages[i], NULL);

  oba_field_set_problem (self->fields[i], *text != '\0' ? NULL : _("A name"));
  json_object_set_string_member (tier, member, text);
  return *text != '\0';
}

static char **
get_lines (GtkTextBuffer *buffer)
{
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return g_strsplit (text, "\n", -1);
}

/* A line is a benefit in each language; one without Azerbaijani is none. */
static JsonArray *
get_benefits (ObaTierRow *self)
{
  JsonArray *benefits = json_array_new ();
  char **lines[N_LANGUAGES] = { get_lines (self->benefits[0]), get_lines (self->benefits[1]), get_lines (self->benefits[2]) };

  for (guint n = 0; lines[0][n] != NULL; n++)
    {
      JsonObject *benefit;

      if (*g_strstrip (lines[0][n]) == '\0')
        continue;
      benefit = json_object_new ();
      for (guint i = 0; i < N_LANGUAGES; i++)
        json_object_set_string_member (benefit, languages[i], n < g_strv_length (lines[i]) ? g_strstrip (lines[i][n]) : "");
      json_array_add_object_element (benefits, benefit);
    }
  for (guint i = 0; i < N_LANGUAGES; i++)
    g_strfreev (lines[i]);
  return benefits;
}

JsonObject *
oba_tier_row_get_tier (ObaTierRow *self)
{
  g_autoptr (JsonObject) tier = json_object_new ();
  gint64 threshold = 0;
  gboolean well = TRUE;

  if (self->tier_id != 0)
    json_object_set_int_member (tier, "tier_id", self->tier_id);
  for (guint i = 0; i < N_LANGUAGES; i++)
    well = read_name (self, i, tier) && well;
  well = read_threshold (self, &threshold) && well;
  json_object_set_int_member (tier, "threshold", threshold);
  json_object_set_array_member (tier, "benefits", get_benefits (self));
  return well ? g_steal_pointer (&tier) : NULL;
}

const char *
oba_tier_row_get_name (ObaTierRow *self)
{
  const char *language = oba_customers_get_language ();

  for (guint i = 0; i < N_LANGUAGES; i++)
    if (g_str_equal (language, languages[i]))
      return gtk_editable_get_text (self->entries[i]);
  return gtk_editable_get_text (self->entries[OBA_TIER_ROW_EN]);
}

/* ---- the object */

static void
oba_tier_row_class_init (ObaTierRowClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_TIER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RETIRE] = g_signal_new ("retire", OBA_TYPE_TIER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_tier_row_init (ObaTierRow *self)
{
}

static GtkWidget *
add_entry (ObaTierRow *self, ObaTierRowEntry which, const char *title, int max)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *field = oba_field_new (title, entry, NULL);

  gtk_entry_set_max_length (GTK_ENTRY (entry), max);
  gtk_widget_set_hexpand (field, TRUE);
  self->entries[which] = GTK_EDITABLE (entry);
  self->fields[which] = OBA_FIELD (field);
  return field;
}

static GtkWidget *
names_new (ObaTierRow *self, JsonObject *tier)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  for (guint i = 0; i < N_LANGUAGES; i++)
    {
      g_autofree char *member = g_strconcat ("name_", languages[i], NULL);
      /* Translators: a language. */
      g_autofree char *title = g_strdup_printf (_("Name, %s"), language_name (i));

      gtk_box_append (GTK_BOX (box), add_entry (self, i, title, 60));
      if (tier != NULL)
        gtk_editable_set_text (self->entries[i], json_object_get_string_member_with_default (tier, member, ""));
      g_signal_connect_object (self->entries[i], "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
    }
  return box;
}

static void
fill_benefits (GtkTextBuffer *buffer, JsonObject *tier, const char *language)
{
  JsonArray *benefits = tier != NULL ? oba_customer_json_member_array (tier, "benefits") : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; benefits != NULL && i < json_array_get_length (benefits); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", json_object_get_string_member_with_default (json_array_get_object_element (benefits, i), language, ""));
  gtk_text_buffer_set_text (buffer, text->str, -1);
}

static GtkWidget *
benefits_new (ObaTierRow *self, JsonObject *tier)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  for (guint i = 0; i < N_LANGUAGES; i++)
    {
      GtkWidget *view = gtk_text_view_new ();
      GtkWidget *scrolled = gtk_scrolled_window_new ();
      /* Translators: a language. */
      g_autofree char *title = g_strdup_printf (_("Benefits, %s"), language_name (i));

      self->benefits[i] = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
      fill_benefits (self->benefits[i], tier, languages[i]);
      gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
      gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
      g_object_set (view, "top-margin", 9, "bottom-margin", 9, "left-margin", 9, "right-margin", 9, NULL);
      gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
      gtk_widget_add_css_class (scrolled, "notes-entry");
      gtk_widget_set_size_request (scrolled, -1, 72);
      gtk_box_append (GTK_BOX (box), oba_field_new (title, scrolled, view));
      g_signal_connect_object (self->benefits[i], "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
    }
  return box;
}

static GtkWidget *
foot_new (ObaTierRow *self, JsonObject *tier)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *retire = gtk_button_new_with_mnemonic (self->tier_id != 0 ? _("_Retire") : _("_Remove"));

  gtk_box_append (GTK_BOX (box), add_entry (self, OBA_TIER_ROW_THRESHOLD, _("From how much on, in twelve months"), 20));
  if (tier != NULL)
    {
      gint64 threshold = oba_customer_json_member_int (tier, "threshold", 0);
      g_autofree char *text = self->by_points ? g_strdup_printf ("%" G_GINT64_FORMAT, threshold) : oba_money_format_plain (threshold);

      gtk_editable_set_text (self->entries[OBA_TIER_ROW_THRESHOLD], text);
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->entries[OBA_TIER_ROW_THRESHOLD]), self->tier_id != 1);
  g_signal_connect_object (self->entries[OBA_TIER_ROW_THRESHOLD], "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_valign (retire, GTK_ALIGN_END);
  gtk_widget_set_visible (retire, self->tier_id != 1);
  g_signal_connect_object (retire, "clicked", G_CALLBACK (retire_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), retire);
  return box;
}

GtkWidget *
oba_tier_row_new (JsonObject *tier, gboolean by_points)
{
  ObaTierRow *self = g_object_new (OBA_TYPE_TIER_ROW, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 9, NULL);

  self->tier_id = tier != NULL ? oba_customer_json_member_int (tier, "tier_id", 0) : 0;
  self->by_points = by_points;
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "panel");
  gtk_box_append (GTK_BOX (self), names_new (self, tier));
  gtk_box_append (GTK_BOX (self), foot_new (self, tier));
  gtk_box_append (GTK_BOX (self), benefits_new (self, tier));
  return GTK_WIDGET (self);
}

void
oba_tier_row_set_by_points (ObaTierRow *self, gboolean by_points)
{
  gint64 threshold;

  self->by_points = by_points;
  read_threshold (self, &threshold);
}

GtkEditable *
oba_tier_row_get_entry (ObaTierRow *self, ObaTierRowEntry which)
{
  return self->entries[which];
}
