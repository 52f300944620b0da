#include "oba-tier-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-request.h"
#include "oba-tier-row.h"
#include "tiers/oba-tiers.h"
#include "widgets/oba-field.h"
#include "widgets/oba-problem-box.h"

#define MAX_TIERS 20
#define MAX_GRACE 366

static const char *const bases[] = { "spend", "points" };
static const char *const downgrades[] = { "at_once", "after_grace", "one_step", "never" };

struct _ObaTierWindow
{
  AdwWindow      parent_instance;

  ObaDbPool     *pool;
  gint64         version;
  GCancellable  *working;       /* NULL: nothing is under way */
  JsonNode      *checked;       /* (nullable): what the result shown is of */
  JsonNode      *asked;         /* (nullable): what is being looked at, or saved */
  char          *key;           /* of what is saved; with it the same is sent again */
  GPtrArray     *rows;          /* of ObaTierRow (unowned) */
  GtkBox        *list;
  GtkDropDown   *basis;
  GtkDropDown   *downgrade;
  GtkEditable   *grace;
  ObaField      *grace_field;
  GtkEditable   *note;
  GtkWidget     *add_button;
  GtkWidget     *check_button;
  GtkWidget     *save_button;
  GtkLabel      *result;
  ObaProblemBox *problem;
};

enum { SAVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaTierWindow, oba_tier_window, ADW_TYPE_WINDOW)

static gboolean
by_points (ObaTierWindow *self)
{
  return gtk_drop_down_get_selected (self->basis) == 1;
}

static gboolean
has_grace (ObaTierWindow *self)
{
  guint chosen = gtk_drop_down_get_selected (self->downgrade);

  return chosen == 1 || chosen == 2;
}

/* ---- what was typed */

static gboolean
read_grace (ObaTierWindow *self, gint64 *days)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->grace)));
  gboolean well;

  *days = 0;
  well = !has_grace (self) || g_ascii_string_to_signed (text, 10, 1, MAX_GRACE, days, NULL);
  oba_field_set_problem (self->grace_field, well ? NULL : _("A number of days from 1 to 366"));
  return well;
}

/* NULL: something is missing, and said beside it. */
static JsonNode *
get_request (ObaTierWindow *self)
{
  g_autoptr (JsonArray) tiers = json_array_new ();
  JsonObject *request;
  JsonNode *node;
  gint64 days;
  gboolean well = read_grace (self, &days);

  for (guint i = 0; i < self->rows->len; i++)
    {
      JsonObject *tier = oba_tier_row_get_tier (self->rows->pdata[i]);

      if (tier != NULL)
        json_array_add_object_element (tiers, tier);
      well = well && tier != NULL;
    }
  if (!well)
    return NULL;
  request = json_object_new ();
  json_object_set_int_member (request, "version", self->version);
  json_object_set_string_member (request, "basis", bases[gtk_drop_down_get_selected (self->basis)]);
  json_object_set_string_member (request, "downgrade", downgrades[gtk_drop_down_get_selected (self->downgrade)]);
  json_object_set_int_member (request, "grace_days", days);
  json_object_set_string_member (request, "note", gtk_editable_get_text (self->note));
  json_object_set_array_member (request, "tiers", g_steal_pointer (&tiers));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, request);
  return node;
}

static void
update (ObaTierWindow *self)
{
  g_autoptr (JsonNode) request = get_request (self);
  gboolean shown = request != NULL && self->checked != NULL && json_node_equal (request, self->checked);

  gtk_widget_set_visible (GTK_WIDGET (self->grace_field), has_grace (self));
  gtk_widget_set_sensitive (self->check_button, request != NULL && self->working == NULL && !shown);
  gtk_widget_set_sensitive (self->save_button, shown && self->working == NULL);
  gtk_widget_set_sensitive (self->add_button, self->rows->len < MAX_TIERS);
  if (!shown && self->checked != NULL)
    {
      g_clear_pointer (&self->checked, json_node_unref);
      gtk_label_set_label (self->result, "");
    }
}

static void
basis_cb (ObaTierWindow *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    oba_tier_row_set_by_points (self->rows->pdata[i], by_points (self));
  update (self);
}

/* ---- what it would do */

static void
append_sentence (GString *text, const char *one, const char *many, gint64 n)
{
  g_autofree char *number = oba_number_format (n);

  if (text->len > 0)
    g_string_append_c (text, '\n');
  if (n == 1)
    g_string_append (text, one);
  else
    g_string_append_printf (text, "%s: %s", many, number);
}

static void
show_result (ObaTierWindow *self, JsonObject *answer)
{
  JsonArray *tiers = json_object_get_array_member (answer, "tiers");
  g_autoptr (GString) text = g_string_new (NULL);

  append_sentence (text, _("Customers who would go up: 1"), _("Customers who would go up"), oba_customer_json_member_int (answer, "up", 0));
  append_sentence (text, _("Customers who would go down: 1"), _("Customers who would go down"), oba_customer_json_member_int (answer, "down", 0));
  append_sentence (text, _("Customers who would be below their tier and keep it for now: 1"), _("Customers who would be below their tier and keep it for now"),
                   oba_customer_json_member_int (answer, "falling", 0));
  for (guint i = 0; i < json_array_get_length (tiers); i++)
    {
      JsonArray *tier = json_array_get_array_element (tiers, i);
      guint which = (guint) json_array_get_int_element (tier, 0);
      g_autofree char *before = oba_number_format (json_array_get_null_element (tier, 1) ? 0 : json_array_get_int_element (tier, 1));
      g_autofree char *after = oba_number_format (json_array_get_int_element (tier, 2));

      if (which < self->rows->len)
        g_string_append_printf (text, "\n%s: %s → %s", oba_tier_row_get_name (self->rows->pdata[which]), before, after);
    }
  gtk_label_set_label (self->result, text->str);
}

static void
fail (ObaTierWindow *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);

  oba_problem_box_set_text (self->problem, sentence);
}

static void
checked_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaTierWindow *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_tiers_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->working);
  if (answer != NULL)
    {
      show_result (self, answer);
      g_clear_pointer (&self->checked, json_node_unref);
      self->checked = g_steal_pointer (&self->asked);
    }
  else
    fail (self, error);
  update (self);
}

void
oba_tier_window_check (ObaTierWindow *self)
{
  g_autoptr (JsonNode) request = get_request (self);

  if (request == NULL || self->working != NULL)
    return;
  oba_problem_box_set_text (self->problem, NULL);
  gtk_label_set_label (self->result, _("Counting…"));
  g_clear_pointer (&self->asked, json_node_unref);
  self->asked = g_steal_pointer (&request);
  self->working = g_cancellable_new ();
  oba_tiers_what_if_async (self->pool, self->asked, self->working, checked_cb, self);
  update (self);
}

/* ---- saving */

static void
saved_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTierWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  if (self->pool == NULL)
    return;   /* closed meanwhile */
  g_clear_object (&self->working);
  if (answer != NULL)
    {
      g_signal_emit (self, signals[SAVED], 0);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  if (oba_db_error_is_refusal (error, "OB003") || g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    g_clear_pointer (&self->key, g_free);
  fail (self, error);
  update (self);
}

void
oba_tier_window_save (ObaTierWindow *self)
{
  g_autoptr (JsonNode) request = get_request (self);

  if (self->working != NULL || request == NULL || self->checked == NULL || !json_node_equal (request, self->checked))
    return;
  if (self->key == NULL || self->asked == NULL || !json_node_equal (request, self->asked))
    {
      g_free (self->key);
      self->key = oba_db_request_new_key ();
    }
  g_clear_pointer (&self->asked, json_node_unref);
  self->asked = json_node_copy (request);
  oba_problem_box_set_text (self->problem, NULL);
  self->working = g_cancellable_new ();
  /* Closing the window does not take back what was sent. */
  oba_db_request_async (self->pool, "save_tier_scheme", request, self->key, NULL, saved_cb, g_object_ref (self));
  update (self);
}

/* ---- rows */

static void
retire_cb (ObaTierWindow *self, ObaTierRow *row)
{
  g_ptr_array_remove (self->rows, row);
  gtk_box_remove (self->list, GTK_WIDGET (row));
  update (self);
}

static void
add_row (ObaTierWindow *self, JsonObject *tier)
{
  GtkWidget *row = oba_tier_row_new (tier, by_points (self));

  g_ptr_array_add (self->rows, row);
  gtk_box_append (self->list, row);
  g_signal_connect_object (row, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "retire", G_CALLBACK (retire_cb), self, G_CONNECT_SWAPPED);
}

void
oba_tier_window_add (ObaTierWindow *self)
{
  add_row (self, NULL);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (oba_tier_row_get_entry (self->rows->pdata[self->rows->len - 1], OBA_TIER_ROW_AZ)));
}

/* ---- the object */

static void
oba_tier_window_dispose (GObject *object)
{
  ObaTierWindow *self = OBA_TIER_WINDOW (object);

  g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
  g_clear_object (&self->pool);
  g_clear_pointer (&self->checked, json_node_unref);
  g_clear_pointer (&self->asked, json_node_unref);
  g_clear_pointer (&self->key, g_free);
  if (self->rows != NULL)
    g_ptr_array_set_size (self->rows, 0);

  G_OBJECT_CLASS (oba_tier_window_parent_class)->dispose (object);
}

static void
oba_tier_window_finalize (GObject *object)
{
  g_ptr_array_unref (OBA_TIER_WINDOW (object)->rows);

  G_OBJECT_CLASS (oba_tier_window_parent_class)->finalize (object);
}

static void
oba_tier_window_class_init (ObaTierWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_tier_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_tier_window_finalize;

  signals[SAVED] = g_signal_new ("saved", OBA_TYPE_TIER_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
oba_tier_window_init (ObaTierWindow *self)
{
  self->rows = g_ptr_array_new ();
}

static GtkWidget *
header_new (ObaTierWindow *self)
{
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));

  self->save_button = gtk_button_new_with_mnemonic (_("_Save"));
  gtk_widget_add_css_class (self->save_button, "suggested-action");
  g_signal_connect_swapped (self->save_button, "clicked", G_CALLBACK (oba_tier_window_save), self);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "window.close");
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), self->save_button);
  return bar;
}

static guint
index_of (const char *const *codes, guint n, JsonObject *scheme, const char *member)
{
  const char *code = json_object_get_string_member_with_default (scheme, member, "");

  for (guint i = 0; i < n; i++)
    if (g_str_equal (codes[i], code))
      return i;
  return 0;
}

static GtkWidget *
rules_new (ObaTierWindow *self, JsonObject *scheme)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  const char *const basis_names[] = { _("Money spent in twelve months"), _("Points earned in twelve months"), NULL };
  const char *const downgrade_names[] = { _("At once"), _("After a grace"), _("One step after a grace, then the next"), _("Never"), NULL };
  GtkWidget *grace = gtk_entry_new ();
  GtkWidget *note = gtk_entry_new ();
  gint64 days = oba_customer_json_member_int (scheme, "grace_days", 0);
  g_autofree char *text = g_strdup_printf ("%d", days > 0 ? (int) days : 30);

  self->basis = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (basis_names));
  self->downgrade = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (downgrade_names));
  self->grace = GTK_EDITABLE (grace);
  self->grace_field = OBA_FIELD (oba_field_new (_("Grace in days"), grace, NULL));
  self->note = GTK_EDITABLE (note);
  gtk_entry_set_max_length (GTK_ENTRY (grace), 3);
  gtk_entry_set_max_length (GTK_ENTRY (note), 200);
  gtk_editable_set_text (self->grace, text);
  gtk_drop_down_set_selected (self->basis, index_of (bases, G_N_ELEMENTS (bases), scheme, "basis"));
  gtk_drop_down_set_selected (self->downgrade, index_of (downgrades, G_N_ELEMENTS (downgrades), scheme, "downgrade"));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("What counts"), GTK_WIDGET (self->basis), NULL));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("A tier that is no longer reached is lost"), GTK_WIDGET (self->downgrade), NULL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->grace_field));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Why this is changed"), note, NULL));
  return box;
}

static void
connect_rules (ObaTierWindow *self)
{
  g_signal_connect_object (self->basis, "notify::selected", G_CALLBACK (basis_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->downgrade, "notify::selected", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->grace, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->note, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

static GtkWidget *
foot_new (ObaTierWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  self->check_button = gtk_button_new_with_mnemonic (_("See _What It Would Do"));
  self->result = GTK_LABEL (oba_profile_label_new (NULL, NULL));
  gtk_widget_set_halign (self->check_button, GTK_ALIGN_START);
  g_signal_connect_swapped (self->check_button, "clicked", G_CALLBACK (oba_tier_window_check), self);
  gtk_box_append (GTK_BOX (box), self->check_button);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->result));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  g_object_set (box, "margin-top", 9, "margin-bottom", 12, "margin-start", 18, "margin-end", 18, NULL);
  return box;
}

static void
build (ObaTierWindow *self, JsonObject *read)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  GtkBox *content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  JsonArray *tiers = json_object_get_array_member (read, "tiers");

  self->list = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  self->add_button = gtk_button_new_with_mnemonic (_("_Add a Tier"));
  gtk_widget_set_halign (self->add_button, GTK_ALIGN_START);
  g_signal_connect_swapped (self->add_button, "clicked", G_CALLBACK (oba_tier_window_add), self);
  gtk_box_append (content, rules_new (self, json_object_get_object_member (read, "scheme")));
  gtk_box_append (content, oba_profile_label_new (_("Tiers stand in the order of their amounts. A benefit is a line, the same one in each language."), "dim-label"));
  gtk_box_append (content, GTK_WIDGET (self->list));
  gtk_box_append (content, self->add_button);
  g_object_set (content, "margin-top", 12, "margin-bottom", 12, "margin-start", 18, "margin-end", 18, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (content));
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (box, header_new (self));
  gtk_box_append (box, scrolled);
  gtk_box_append (box, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (box, foot_new (self));
  adw_window_set_content (ADW_WINDOW (self), GTK_WIDGET (box));
  for (guint i = 0; i < json_array_get_length (tiers); i++)
    add_row (self, json_array_get_object_element (tiers, i));
  connect_rules (self);
  update (self);
}

ObaTierWindow *
oba_tier_window_new (GtkWindow *parent, ObaDbPool *pool, JsonObject *read)
{
  ObaTierWindow *self = g_object_new (OBA_TYPE_TIER_WINDOW, "transient-for", parent, "modal", TRUE, "title", _("Tiers"), "default-width", 780, "default-height", 640, NULL);

  self->pool = g_object_ref (pool);
  self->version = oba_customer_json_member_int (json_object_get_object_member (read, "scheme"), "version", 0);
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  build (self, read);
  return self;
}

GPtrArray *
oba_tier_window_get_rows (ObaTierWindow *self)
{
  return self->rows;
}

gboolean
oba_tier_window_may_save (ObaTierWindow *self)
{
  return gtk_widget_get_sensitive (self->save_button);
}

gboolean
oba_tier_window_is_settled (ObaTierWindow *self)
{
  return self->working == NULL;
}

const char *
oba_tier_window_get_result (ObaTierWindow *self)
{
  return gtk_label_get_label (self->result);
}

const char *
oba_tier_window_get_problem (ObaTierWindow *self)
{
  return oba_problem_box_get_text (self->problem);
}
