#include "oba-rule-example.h"

#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "oba-rule-text.h"
#include "rewards/oba-reward-text.h"
#include "rules/oba-rules.h"
#include "sales/oba-products.h"
#include "widgets/oba-chip-bar.h"
#include "widgets/oba-field.h"
#include "widgets/oba-product-chooser.h"

#define DELAY_MS 250
#define MAX_AMOUNT 100000000

struct _ObaRuleExample
{
  GtkBox          parent_instance;

  ObaDbPool      *pool;
  JsonNode       *rule;        /* (nullable) */
  GArray         *tiers;       /* of gint64 */
  GArray         *products;    /* of gint64, and their prices beside them */
  GArray         *prices;
  GPtrArray      *names;
  GCancellable   *asking;      /* (nullable) */
  guint           later;

  ObaField       *amount_field;
  ObaField       *day_field;
  ObaField       *time_field;
  GtkEditable    *amount;
  GtkEditable    *day;
  GtkEditable    *time;
  GtkDropDown    *tier;
  GtkCheckButton *birthday;
  GtkCheckButton *first;
  ObaChipBar     *bar;
  GtkGrid        *result;
};

G_DEFINE_FINAL_TYPE (ObaRuleExample, oba_rule_example, GTK_TYPE_BOX)

static void
clear (ObaRuleExample *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->result))) != NULL)
    gtk_grid_remove (self->result, child);
}

static void
put (ObaRuleExample *self, const char *text, int column, int row, const char *css_class)
{
  GtkWidget *label = oba_profile_label_new (text, css_class);

  gtk_widget_set_hexpand (label, column == 0);
  gtk_widget_set_valign (label, GTK_ALIGN_BASELINE);
  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  if (column > 0)
    {
      gtk_label_set_wrap (GTK_LABEL (label), FALSE);
      gtk_widget_add_css_class (label, "numeric");
    }
  gtk_grid_attach (self->result, label, column, row, 1, 1);
}

/* ---- what came of it */

static char *
why_of (JsonObject *rule, JsonArray *rules)
{
  gint64 full = json_object_get_int_member (rule, "full"), given = json_object_get_int_member (rule, "given");
  gboolean alone = FALSE;

  for (guint i = 0; i < json_array_get_length (rules); i++)
    {
      JsonObject *other = json_array_get_object_element (rules, i);

      alone = alone || (other != rule && json_object_get_int_member (other, "full") > 0 && g_str_equal (json_object_get_string_member (other, "stacking"), "exclusive")
                        && json_object_get_null_member (other, "once"));
    }
  if (g_str_equal (json_object_get_string_member (rule, "kind"), "cap"))
    /* Translators: "100 points" */
    return g_strdup (_("limits what is above"));
  if (full == 0)
    return g_strdup (_("does not apply"));
  if (given == full)
    return g_strdup (!json_object_get_null_member (rule, "once") ? _("given once, whatever else is given") : "");
  if (given > 0)
    return g_strdup (_("cut by the limit of a day"));
  if (alone)
    return g_strdup (_("another rule alone counts"));
  return g_strdup (g_str_equal (json_object_get_string_member (rule, "stacking"), "best") ? _("a better one of its group counts") : _("the limit of a day is reached"));
}

static void
put_rule (ObaRuleExample *self, JsonObject *rule, JsonArray *rules, int row)
{
  gint64 full = json_object_get_int_member (rule, "full");
  gboolean draft = json_object_get_boolean_member (rule, "draft"), cap = g_str_equal (json_object_get_string_member (rule, "kind"), "cap");
  const char *name = json_object_get_string_member (rule, "name");
  g_autofree char *each = cap ? g_strdup ("") : full == 0 ? g_strdup ("–") : oba_number_format (full);
  g_autofree char *given = cap ? oba_number_format (json_object_get_int_member (rule, "points")) : oba_number_format (json_object_get_int_member (rule, "given"));
  /* Translators: the most that a rule gives in a day. */
  g_autofree char *most = g_strdup_printf (_("≤ %s"), given);
  g_autofree char *why = why_of (rule, rules);
  g_autofree char *what = *why != '\0' ? g_strdup_printf ("%s\n%s", *name != '\0' ? name : _("This rule"), why) : g_strdup (*name != '\0' ? name : _("This rule"));

  put (self, what, 0, row, draft ? "heading" : full == 0 && !cap ? "dim-label" : NULL);
  put (self, each, 1, row, "dim-label");
  put (self, cap ? most : given, 2, row, draft ? "heading" : full == 0 && !cap ? "dim-label" : NULL);
}

static void
show_answer (ObaRuleExample *self, JsonObject *answer)
{
  JsonArray *rules = json_object_get_array_member (answer, "rules");
  gint64 sum = json_object_get_int_member (answer, "base");
  g_autofree char *base = oba_number_format (sum);
  g_autofree char *total = NULL, *money = oba_money_format (json_object_get_int_member (answer, "total"));
  /* Translators: an amount. */
  g_autofree char *head = g_strdup_printf (_("A receipt over %s"), money);
  int row = 2;

  clear (self);
  put (self, head, 0, 0, "caption-heading");
  put (self, _("By itself"), 1, 0, "caption-heading");
  put (self, _("Given"), 2, 0, "caption-heading");
  put (self, _("Base"), 0, 1, NULL);
  put (self, base, 1, 1, "dim-label");
  put (self, base, 2, 1, NULL);
  for (guint i = 0; i < json_array_get_length (rules); i++)
    {
      JsonObject *rule = json_array_get_object_element (rules, i);

      put_rule (self, rule, rules, row++);
      sum += json_object_get_int_member (rule, "given");
    }
  total = oba_number_format (sum);
  put (self, _("Points of the receipt"), 0, row, "heading");
  put (self, "", 1, row, NULL);
  put (self, total, 2, row, "heading");
}

static void
answer_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRuleExample) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_rules_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->asking);
  if (answer != NULL)
    show_answer (self, answer);
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      clear (self);
      put (self, sentence, 0, 0, "dim-label");
    }
}

/* ---- asking */

/* NULL, and said beside it, when something is none. (transfer full) */
static JsonArray *
read_lines (ObaRuleExample *self)
{
  JsonArray *lines = json_array_new ();
  gint64 amount = 0;
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->amount)));
  gboolean good = *text == '\0' ? self->products->len > 0 : oba_money_parse (text, &amount, NULL) && amount >= 0 && amount <= MAX_AMOUNT && (amount > 0 || self->products->len > 0);

  oba_field_set_problem (self->amount_field, good ? NULL : _("An amount of money, such as 50.00"));
  for (guint i = 0; i <= self->products->len; i++)
    {
      JsonArray *line = json_array_new ();
      gboolean other = i == self->products->len;

      if (other)
        json_array_add_null_element (line);
      else
        json_array_add_int_element (line, g_array_index (self->products, gint64, i));
      json_array_add_int_element (line, 1000);
      json_array_add_int_element (line, other ? amount : g_array_index (self->prices, gint64, i));
      if (!other || amount > 0)
        json_array_add_array_element (lines, json_array_ref (line));
      json_array_unref (line);
    }
  if (!good)
    g_clear_pointer (&lines, json_array_unref);
  return lines;
}

/* When the receipt is: now, but for what was typed. FALSE, and said beside it, when something is none. */
static gboolean
read_moment (ObaRuleExample *self, char **moment)
{
  g_autoptr (GDateTime) now = oba_day_now ();
  g_autofree char *day_text = g_strstrip (g_strdup (gtk_editable_get_text (self->day)));
  gint64 minute = -1;
  GDate day;
  gboolean good_day = *day_text == '\0' || oba_day_parse (day_text, &day);
  gboolean good_time = oba_reward_text_parse_minute (gtk_editable_get_text (self->time), &minute) && minute < 1440;

  oba_field_set_problem (self->day_field, good_day ? NULL : _("A day, such as 31.03.2026"));
  oba_field_set_problem (self->time_field, good_time ? NULL : _("A time, such as 09:30"));
  if (!good_day || !good_time)
    return FALSE;
  if (*day_text == '\0')
    g_date_set_dmy (&day, (GDateDay) g_date_time_get_day_of_month (now), (GDateMonth) g_date_time_get_month (now), (GDateYear) g_date_time_get_year (now));
  if (minute < 0)
    minute = g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now);
  *moment = g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:00 Asia/Baku", g_date_get_year (&day), (int) g_date_get_month (&day), (int) g_date_get_day (&day), (int) (minute / 60), (int) (minute % 60));
  return TRUE;
}

static gboolean
ask_cb (gpointer user_data)
{
  ObaRuleExample *self = user_data;
  g_autoptr (JsonObject) request = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *moment = NULL;
  JsonArray *lines = read_lines (self);
  gboolean good = read_moment (self, &moment);
  guint tier = gtk_drop_down_get_selected (self->tier);

  self->later = 0;
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  if (lines == NULL || !good)
    {
      g_clear_pointer (&lines, json_array_unref);
      clear (self);
      return G_SOURCE_REMOVE;
    }
  json_object_set_array_member (request, "lines", lines);
  json_object_set_string_member (request, "at", moment);
  if (tier < self->tiers->len)
    json_object_set_int_member (request, "tier_id", g_array_index (self->tiers, gint64, tier));
  json_object_set_boolean_member (request, "birthday", gtk_check_button_get_active (self->birthday));
  json_object_set_boolean_member (request, "first", gtk_check_button_get_active (self->first));
  if (self->rule != NULL)
    json_object_set_member (request, "rule", json_node_copy (self->rule));
  json_node_set_object (node, request);
  self->asking = g_cancellable_new ();
  oba_rules_example_async (self->pool, node, self->asking, answer_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
changed_cb (ObaRuleExample *self)
{
  if (self->later == 0)
    self->later = g_timeout_add (DELAY_MS, ask_cb, self);
}

void
oba_rule_example_set_rule (ObaRuleExample *self, JsonNode *rule)
{
  g_return_if_fail (OBA_IS_RULE_EXAMPLE (self));

  if (rule != NULL && self->rule != NULL && json_node_equal (rule, self->rule))
    return;
  g_clear_pointer (&self->rule, json_node_unref);
  self->rule = rule != NULL ? json_node_copy (rule) : NULL;
  changed_cb (self);
}

gboolean
oba_rule_example_is_settled (ObaRuleExample *self)
{
  return self->later == 0 && self->asking == NULL;
}

static void
product_cb (ObaRuleExample *self, const ObaProduct *product)
{
  gint64 price = MAX (product->price, 1);
  g_autofree char *money = oba_money_format (price);

  g_array_append_val (self->products, product->id);
  g_array_append_val (self->prices, price);
  g_ptr_array_add (self->names, g_strdup_printf ("%s, %s", product->name, money));
  oba_chip_bar_set_texts (self->bar, self->names);
  changed_cb (self);
}

static void
removed_cb (ObaRuleExample *self, guint place)
{
  g_array_remove_index (self->products, place);
  g_array_remove_index (self->prices, place);
  g_ptr_array_remove_index (self->names, place);
  oba_chip_bar_set_texts (self->bar, self->names);
  changed_cb (self);
}

static void
cleared_cb (ObaRuleExample *self)
{
  while (self->products->len > 0)
    removed_cb (self, 0);
}

/* ---- the object */

static void
oba_rule_example_dispose (GObject *object)
{
  ObaRuleExample *self = OBA_RULE_EXAMPLE (object);

  g_clear_handle_id (&self->later, g_source_remove);
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);

  G_OBJECT_CLASS (oba_rule_example_parent_class)->dispose (object);
}

static void
oba_rule_example_finalize (GObject *object)
{
  ObaRuleExample *self = OBA_RULE_EXAMPLE (object);

  g_clear_object (&self->pool);
  g_clear_pointer (&self->rule, json_node_unref);
  g_array_unref (self->tiers);
  g_array_unref (self->products);
  g_array_unref (self->prices);
  g_ptr_array_unref (self->names);

  G_OBJECT_CLASS (oba_rule_example_parent_class)->finalize (object);
}

static void
oba_rule_example_class_init (ObaRuleExampleClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_rule_example_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_rule_example_finalize;
}

static void
oba_rule_example_init (ObaRuleExample *self)
{
  self->tiers = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->products = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->prices = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->bar = OBA_CHIP_BAR (oba_chip_bar_new ());
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "panel");
}

static GtkEditable *
entry_new (ObaRuleExample *self, GtkBox *line, const char *title, const char *note, ObaField **field)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  gtk_entry_set_max_length (GTK_ENTRY (entry), 20);
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  *field = OBA_FIELD (oba_field_new (title, entry, NULL));
  oba_field_set_note (*field, note);
  gtk_box_append (line, GTK_WIDGET (*field));
  return GTK_EDITABLE (entry);
}

static GtkBox *
line_new (ObaRuleExample *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_box_set_homogeneous (GTK_BOX (line), TRUE);
  gtk_box_append (GTK_BOX (self), line);
  return GTK_BOX (line);
}

static void
build (ObaRuleExample *self, JsonObject *read)
{
  JsonArray *tiers = json_object_get_array_member (read, "tiers");
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  GtkWidget *chooser = oba_product_chooser_new (self->pool);
  GtkBox *line;

  for (guint i = 0; i < json_array_get_length (tiers); i++)
    {
      gint64 id = json_array_get_int_element (json_array_get_array_element (tiers, i), 0);

      g_array_append_val (self->tiers, id);
      gtk_string_list_append (names, json_array_get_string_element (json_array_get_array_element (tiers, i), 1));
    }
  self->tier = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&names)), NULL));
  gtk_box_append (GTK_BOX (self), oba_profile_label_new (_("How These Stack"), "heading"));
  line = line_new (self);
  self->amount = entry_new (self, line, _("Any goods, in ₼"), NULL, &self->amount_field);
  gtk_box_append (line, oba_field_new (_("Tier"), GTK_WIDGET (self->tier), NULL));
  gtk_box_append (GTK_BOX (self), oba_field_new (_("And these products, a piece each"), chooser, NULL));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->bar));
  line = line_new (self);
  self->day = entry_new (self, line, _("Day"), _("Empty: today"), &self->day_field);
  self->time = entry_new (self, line, _("Time"), _("Empty: now"), &self->time_field);
  self->birthday = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_("It is the birthday")));
  self->first = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_("It is the first purchase")));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->birthday));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->first));
  self->result = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->result, 12);
  gtk_grid_set_row_spacing (self->result, 6);
  gtk_box_append (GTK_BOX (self), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->result));
  g_signal_connect_object (chooser, "chosen", G_CALLBACK (product_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bar, "removed", G_CALLBACK (removed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bar, "cleared", G_CALLBACK (cleared_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tier, "notify::selected", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->birthday, "toggled", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->first, "toggled", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
oba_rule_example_new (ObaDbPool *pool, JsonObject *read)
{
  ObaRuleExample *self = g_object_new (OBA_TYPE_RULE_EXAMPLE, NULL);

  self->pool = g_object_ref (pool);
  build (self, read);
  gtk_editable_set_text (self->amount, "25.00");
  return GTK_WIDGET (self);
}
