#include "oba-rules-section.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-customers.h"
#include "customers/oba-points-reason.h"
#include "customers/oba-profile-section.h"
#include "oba-rule-text.h"
#include "rules/oba-rules.h"

#define MAX_WIDTH 860

static const char *const filters[] = { "present", "draft", "test", "live", "retired", "all" };
static const char *const kinds[] = { "multiplier", "bonus", "cap" };

struct _ObaRulesSection
{
  ObaSection   parent_instance;

  JsonObject  *read;         /* (nullable) */
  GtkDropDown *state;
  GtkWidget   *add_button;
  GtkListBox  *list;
  GtkStack    *stack;
  GtkLabel    *nothing;
};

G_DEFINE_FINAL_TYPE (ObaRulesSection, oba_rules_section, OBA_TYPE_SECTION)

/* ---- the list */

static gboolean
is_one_of (const char *state, const char *one, const char *other)
{
  return g_str_equal (state, one) || g_str_equal (state, other);
}

/* Of older versions only those that still count are rows of their own. */
static gboolean
is_listed (ObaRulesSection *self, JsonObject *rule)
{
  const char *filter = filters[MIN (gtk_drop_down_get_selected (self->state), G_N_ELEMENTS (filters) - 1)];
  const char *state = json_object_get_string_member (rule, "state");
  gboolean newest = oba_rules_find (self->read, json_object_get_int_member (rule, "rule_id"), 0) == rule;
  gboolean gone = is_one_of (state, "ended", "retired");

  if (!newest && gone)
    return FALSE;
  if (g_str_equal (filter, "present"))
    return !gone;
  if (g_str_equal (filter, "live"))
    return is_one_of (state, "live", "coming");
  if (g_str_equal (filter, "retired"))
    return gone;
  return g_str_equal (filter, "all") || g_str_equal (filter, state);
}

static GtkWidget *
row_new (ObaRulesSection *self, JsonObject *rule)
{
  GtkWidget *row = adw_action_row_new ();
  const char *state = json_object_get_string_member (rule, "state");
  const char *kind = json_object_get_string_member (rule, "kind");
  g_autofree char *terms = oba_rule_text_terms (self->read, kind, json_object_get_object_member (rule, "parameters"));
  g_autofree char *validity = oba_rule_text_validity (rule);
  /* Translators: the kind of a rule, the number of its version, when it holds. */
  g_autofree char *facts = g_strdup_printf (_("%s · version %d · %s"), oba_rule_text_kind (kind), (int) json_object_get_int_member (rule, "version"), validity);
  g_autofree char *subtitle = g_strdup_printf ("%s\n%s", terms, facts);
  GtkWidget *pill = oba_profile_pill_new (oba_rule_text_state (state), oba_rule_text_state_class (state));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), oba_points_rule_name (json_object_get_string_member (rule, "name")));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (pill, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), pill);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "oba-rule", json_object_ref (rule), (GDestroyNotify) json_object_unref);
  return row;
}

static void
show (ObaRulesSection *self)
{
  JsonArray *rules = self->read != NULL ? json_object_get_array_member (self->read, "rules") : NULL;
  GtkListBoxRow *row;
  guint n = 0;

  if (rules == NULL)
    return;
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < json_array_get_length (rules); i++)
    if (is_listed (self, json_array_get_object_element (rules, i)))
      {
        gtk_list_box_append (self->list, row_new (self, json_array_get_object_element (rules, i)));
        n++;
      }
  gtk_label_set_label (self->nothing, gtk_drop_down_get_selected (self->state) == 0 ? _("There is no rule yet.") : _("No rule is in this state."));
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : "nothing");
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaRulesSection *self = user_data;
  g_autoptr (GError) error = NULL;
  JsonObject *read = oba_rules_finish (result, &error);

  if (!oba_section_end_reading (self, error))
    return;
  g_clear_pointer (&self->read, json_object_unref);
  self->read = read;
  gtk_widget_set_sensitive (self->add_button, TRUE);
  show (self);
}

static void
oba_rules_section_read (ObaSection *section, GCancellable *cancellable)
{
  oba_rules_read_async (oba_section_get_pool (section), oba_customers_get_language (), cancellable, read_cb, section);
}

/* ---- opening */

static ObaRuleEditor *
push (ObaRulesSection *self, JsonObject *rule)
{
  GtkWidget *subpages = gtk_widget_get_ancestor (GTK_WIDGET (self), OBA_TYPE_SUBPAGES);

  return subpages != NULL && rule != NULL ? oba_rule_editor_push (OBA_SUBPAGES (subpages), oba_section_get_session (OBA_SECTION (self)), self->read, rule) : NULL;
}

ObaRuleEditor *
oba_rules_section_open (ObaRulesSection *self, gint64 rule_id, gint64 version)
{
  return self->read != NULL ? push (self, oba_rules_find (self->read, rule_id, version)) : NULL;
}

ObaRuleEditor *
oba_rules_section_add (ObaRulesSection *self, const char *kind)
{
  g_autoptr (JsonObject) rule = self->read != NULL ? oba_rule_editor_make_rule (kind) : NULL;

  return push (self, rule);
}

static void
activated_cb (ObaRulesSection *self, GtkListBoxRow *row)
{
  push (self, g_object_get_data (G_OBJECT (row), "oba-rule"));
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *kind)
{
  oba_rules_section_add (OBA_RULES_SECTION (widget), g_variant_get_string (kind, NULL));
}

/* ---- the object */

static void
oba_rules_section_dispose (GObject *object)
{
  g_clear_pointer (&OBA_RULES_SECTION (object)->read, json_object_unref);

  G_OBJECT_CLASS (oba_rules_section_parent_class)->dispose (object);
}

static void
oba_rules_section_class_init (ObaRulesSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_rules_section_dispose;
  OBA_SECTION_CLASS (klass)->read = oba_rules_section_read;

  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "rules.add", "s", add_action);
}

static void
oba_rules_section_init (ObaRulesSection *self)
{
}

static GtkWidget *
head_new (ObaRulesSection *self, ObaSession *session)
{
  const char *const words[] = { _("Present"), _("Drafts"), _("In test"), _("Live"), _("Retired"), _("All"), NULL };
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GMenu *menu = g_menu_new ();

  self->state = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (words));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->state), GTK_ACCESSIBLE_PROPERTY_LABEL, _("State"), -1);
  g_signal_connect_object (self->state, "notify::selected", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *action = g_strdup_printf ("rules.add::%s", kinds[i]);

      g_menu_append (menu, oba_rule_text_kind (kinds[i]), action);
    }
  self->add_button = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->add_button), _("New Rule"));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->add_button), G_MENU_MODEL (menu));
  g_object_unref (menu);
  gtk_widget_set_hexpand (self->add_button, TRUE);
  gtk_widget_set_halign (self->add_button, GTK_ALIGN_END);
  gtk_widget_set_sensitive (self->add_button, FALSE);
  gtk_widget_set_visible (self->add_button, oba_session_has_role (session, OBA_ROLE_MARKETING | OBA_ROLE_ADMIN));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->state));
  gtk_box_append (GTK_BOX (line), self->add_button);
  return line;
}

GtkWidget *
oba_rules_section_new (ObaSession *session)
{
  ObaRulesSection *self = g_object_new (OBA_TYPE_RULES_SECTION, NULL);
  GtkBox *box = oba_section_build (OBA_SECTION (self), session, MAX_WIDTH,
                                   _("What customers earn for what they buy. A rule is written as a draft, tried over past receipts or in a test, and put live by a second person."));

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->stack = GTK_STACK (gtk_stack_new ());
  self->nothing = GTK_LABEL (oba_profile_label_new (NULL, "dim-label"));
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_valign (GTK_WIDGET (self->list), GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Earning Rules"), -1);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->nothing), "nothing");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->list), "list");
  gtk_box_append (box, head_new (self, session));
  gtk_box_append (box, GTK_WIDGET (self->stack));
  return GTK_WIDGET (self);
}
