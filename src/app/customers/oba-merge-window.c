#include "oba-merge-window.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-request.h"
#include "oba-customer-text.h"
#include "oba-merge-preview-box.h"
#include "oba-merge-text.h"
#include "oba-profile-section.h"
#include "widgets/oba-problem-box.h"

#define BOTH "both"

struct _ObaMergeWindow
{
  AdwWindow            parent_instance;

  ObaSession          *session;
  ObaMergePerson      *persons[2];    /* the order on the screen */
  guint                survivor;      /* which of them stays */
  gint64               merge_id;      /* to take back; 0: a merge is asked for */
  GHashTable          *choices;       /* field -> index of the person whose value is kept, or 2: both */
  GCancellable        *previewing;
  gboolean             is_settled;
  gboolean             is_refused;    /* there is no preview: it cannot be done */
  gboolean             is_sending;
  char                *key;           /* of the request as it stands; another one when anything changes */

  GtkButton           *send_button;
  ObaProblemBox       *problem;
  GtkBox              *fields;
  ObaMergePreviewBox  *preview;
  GtkStack            *preview_stack;
  GtkEditable         *reason;
};

enum { ASKED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaMergeWindow, oba_merge_window, ADW_TYPE_WINDOW)

/* ---- the request */

static void
add_field (JsonBuilder *builder, const char *field, guint choice, guint survivor)
{
  json_builder_set_member_name (builder, field);
  json_builder_add_string_value (builder, choice == 2 ? BOTH : choice == survivor ? "survivor" : "source");
}

static JsonNode *
make_request (ObaMergeWindow *self, gboolean with_reason)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  GHashTableIter iter;
  gpointer field, choice;

  json_builder_begin_object (builder);
  if (self->merge_id != 0)
    {
      json_builder_set_member_name (builder, "merge_id");
      json_builder_add_int_value (builder, self->merge_id);
    }
  else
    {
      json_builder_set_member_name (builder, "source");
      json_builder_add_int_value (builder, self->persons[1 - self->survivor]->id);
      json_builder_set_member_name (builder, "survivor");
      json_builder_add_int_value (builder, self->persons[self->survivor]->id);
      json_builder_set_member_name (builder, "fields");
      json_builder_begin_object (builder);
      g_hash_table_iter_init (&iter, self->choices);
      while (g_hash_table_iter_next (&iter, &field, &choice))
        add_field (builder, field, GPOINTER_TO_UINT (choice), self->survivor);
      json_builder_end_object (builder);
    }
  if (with_reason)
    {
      json_builder_set_member_name (builder, "reason");
      json_builder_add_string_value (builder, gtk_editable_get_text (self->reason));
    }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* ---- the preview */

static void
update_button (ObaMergeWindow *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->send_button), self->is_settled && !self->is_sending && !self->is_refused);
}

static void
show_problem (ObaMergeWindow *self, const GError *error)
{
  g_autofree char *sentence = error != NULL ? oba_db_error_describe (error) : NULL;

  oba_problem_box_set_text (self->problem, sentence);
}

static void
previewed_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaMergePreview) preview = oba_merge_preview_finish (result, &error);
  ObaMergeWindow *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = user_data;
  g_clear_object (&self->previewing);
  self->is_settled = TRUE;
  self->is_refused = preview == NULL;
  show_problem (self, error);
  gtk_stack_set_visible_child_name (self->preview_stack, preview != NULL ? "preview" : "nothing");
  if (preview != NULL)
    oba_merge_preview_box_show (self->preview, preview, self->merge_id != 0);
  update_button (self);
}

/* Something was chosen: what it would do is asked for again, and a request is another one. */
static void
preview (ObaMergeWindow *self)
{
  g_autoptr (JsonNode) request = make_request (self, FALSE);

  g_cancellable_cancel (self->previewing);
  g_clear_object (&self->previewing);
  g_clear_pointer (&self->key, g_free);
  self->previewing = g_cancellable_new ();
  self->is_settled = FALSE;
  oba_merge_preview_box_set_old (self->preview, TRUE);
  update_button (self);
  oba_merge_preview_async (oba_session_get_pool (self->session), request, self->previewing, previewed_cb, self);
}

/* ---- asking */

static void
answered_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaMergeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  self->is_sending = FALSE;
  if (self->session == NULL)
    return;   /* the window was closed meanwhile; the list tells what came of it */
  /* What was refused is decided for this key: asked once more, it is a new request. Lost on the way, it is the same. */
  if (answer != NULL || g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    g_clear_pointer (&self->key, g_free);
  if (answer == NULL)
    {
      show_problem (self, error);
      update_button (self);
      return;
    }
  g_signal_emit (self, signals[ASKED], 0);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
send_cb (ObaMergeWindow *self)
{
  g_autoptr (JsonNode) request = make_request (self, TRUE);

  if (!self->is_settled || self->is_sending)
    return;
  if (self->key == NULL)
    self->key = oba_db_request_new_key ();
  self->is_sending = TRUE;
  show_problem (self, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->send_button), FALSE);
  oba_db_request_async (oba_session_get_pool (self->session), self->merge_id != 0 ? "request_unmerge" : "request_merge", request, self->key, NULL,
                        answered_cb, g_object_ref (self));
}

static void
reason_changed_cb (ObaMergeWindow *self)
{
  g_clear_pointer (&self->key, g_free);
}

/* ---- choices */

static void show_fields (ObaMergeWindow *self);

static void
survivor_cb (GtkCheckButton *button, ObaMergeWindow *self)
{
  guint which = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "oba-which"));

  if (!gtk_check_button_get_active (button) || which == self->survivor)
    return;
  self->survivor = which;
  g_hash_table_remove_all (self->choices);
  show_fields (self);
  preview (self);
}

static void
choice_cb (GtkCheckButton *button, ObaMergeWindow *self)
{
  if (!gtk_check_button_get_active (button))
    return;
  g_hash_table_insert (self->choices, g_strdup (g_object_get_data (G_OBJECT (button), "oba-field")), g_object_get_data (G_OBJECT (button), "oba-which"));
  preview (self);
}

static GtkWidget *
choice_new (ObaMergeWindow *self, const char *field, guint which, const char *value, GtkWidget *group)
{
  GtkWidget *button = gtk_check_button_new ();
  /* Translators: the name of a field, and one of the values it may get. */
  g_autofree char *spoken = g_strdup_printf (_("%s: %s"), oba_merge_text_field (field), *value != '\0' ? value : _("nothing"));
  GtkWidget *label = oba_profile_label_new (*value != '\0' ? value : "–", NULL);

  gtk_label_set_lines (GTK_LABEL (label), 3);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (button), GTK_CHECK_BUTTON (group));
  gtk_check_button_set_child (GTK_CHECK_BUTTON (button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_object_set_data_full (G_OBJECT (button), "oba-field", g_strdup (field), g_free);
  g_object_set_data (G_OBJECT (button), "oba-which", GUINT_TO_POINTER (which));
  gtk_widget_set_hexpand (button, TRUE);
  return button;
}

/* As the database chooses by itself: what the one who stays has, else the other's; notes one after the other. */
static guint
default_choice (ObaMergeWindow *self, const char *field, char *const *values)
{
  if (*values[self->survivor] == '\0')
    return 1 - self->survivor;
  return g_str_equal (field, "notes") && *values[1 - self->survivor] != '\0' ? 2 : self->survivor;
}

static void
add_choices (ObaMergeWindow *self, GtkGrid *grid, int *row, const char *field)
{
  g_autofree char *first = oba_merge_text_value (self->persons[0], field);
  g_autofree char *second = oba_merge_text_value (self->persons[1], field);
  char *const values[] = { first, second };
  GtkWidget *buttons[3] = { NULL };
  gpointer chosen;
  guint choice;

  if (g_str_equal (first, second) || (g_str_equal (field, "telegram") && (*first == '\0' || *second == '\0')))
    return;
  choice = g_hash_table_lookup_extended (self->choices, field, NULL, &chosen) ? GPOINTER_TO_UINT (chosen) : default_choice (self, field, values);
  gtk_grid_attach (grid, oba_profile_label_new (oba_merge_text_field (field), "dim-label"), 0, *row, 1, 1);
  for (guint i = 0; i < 2; i++)
    {
      buttons[i] = choice_new (self, field, i, values[i], buttons[0]);
      gtk_grid_attach (grid, buttons[i], (int) i + 1, *row, 1, 1);
    }
  (*row)++;
  if (g_str_equal (field, "notes") && *first != '\0' && *second != '\0')
    {
      buttons[2] = choice_new (self, field, 2, _("Both, one after the other"), buttons[0]);
      gtk_grid_attach (grid, buttons[2], 1, *row, 2, 1);
      (*row)++;
    }
  gtk_check_button_set_active (GTK_CHECK_BUTTON (buttons[buttons[choice] != NULL ? choice : self->survivor]), TRUE);
  for (guint i = 0; i < 3; i++)
    if (buttons[i] != NULL)
      g_signal_connect (buttons[i], "toggled", G_CALLBACK (choice_cb), self);
}

static GtkWidget *
survivor_new (ObaMergeWindow *self, guint which, GtkWidget *group)
{
  g_autofree char *name = oba_merge_text_numbered (self->persons[which]);
  g_autofree char *since = oba_customer_text_day (self->persons[which]->registered_at);
  /* Translators: the name and number of a customer, a date. */
  g_autofree char *text = g_strdup_printf (_("%s stays, registered %s"), name, since);
  GtkWidget *button = gtk_check_button_new ();
  GtkWidget *label = oba_profile_label_new (text, "heading");

  gtk_check_button_set_child (GTK_CHECK_BUTTON (button), label);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (button), GTK_CHECK_BUTTON (group));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (button), which == self->survivor);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_object_set_data (G_OBJECT (button), "oba-which", GUINT_TO_POINTER (which));
  g_signal_connect (button, "toggled", G_CALLBACK (survivor_cb), self);
  gtk_widget_set_hexpand (button, TRUE);
  return button;
}

/* Two columns, a person each: who stays, then each detail in which they differ. */
static void
show_fields (ObaMergeWindow *self)
{
  GtkWidget *old = gtk_widget_get_first_child (GTK_WIDGET (self->fields));
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *first = survivor_new (self, 0, NULL);
  int row = 1;

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_attach (GTK_GRID (grid), first, 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), survivor_new (self, 1, first), 2, 0, 1, 1);
  for (const char *const *field = oba_merge_field_names (); *field != NULL; field++)
    add_choices (self, GTK_GRID (grid), &row, *field);
  add_choices (self, GTK_GRID (grid), &row, "telegram");
  if (old != NULL)
    gtk_box_remove (self->fields, old);
  gtk_box_append (self->fields, grid);
}

/* ---- the object */

static GtkWidget *
make_bar (ObaMergeWindow *self)
{
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));
  GtkWidget *send = gtk_button_new_with_mnemonic (_("_Ask for Approval"));

  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  gtk_widget_add_css_class (send, "suggested-action");
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_window_close), self);
  g_signal_connect_swapped (send, "clicked", G_CALLBACK (send_cb), self);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), send);
  self->send_button = GTK_BUTTON (send);
  return bar;
}

static GtkWidget *
make_preview (ObaMergeWindow *self)
{
  GtkWidget *spinner = gtk_spinner_new ();

  self->preview = OBA_MERGE_PREVIEW_BOX (oba_merge_preview_box_new ());
  self->preview_stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->preview_stack, FALSE);
  gtk_spinner_set_spinning (GTK_SPINNER (spinner), TRUE);
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  gtk_stack_add_named (self->preview_stack, spinner, "loading");
  gtk_stack_add_named (self->preview_stack, GTK_WIDGET (self->preview), "preview");
  gtk_stack_add_named (self->preview_stack, gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "nothing");
  return GTK_WIDGET (self->preview_stack);
}

static GtkWidget *
make_reason (ObaMergeWindow *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *entry = adw_entry_row_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _("Why, for the one who approves"));
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  self->reason = GTK_EDITABLE (entry);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (reason_changed_cb), self);
  return list;
}

static GtkWidget *
section_new (const char *title, GtkWidget *child)
{
  ObaProfileSection *section = g_object_new (OBA_TYPE_PROFILE_SECTION, "title", title, NULL);

  oba_profile_section_add (section, child);
  return GTK_WIDGET (section);
}

static void
oba_merge_window_dispose (GObject *object)
{
  ObaMergeWindow *self = OBA_MERGE_WINDOW (object);

  g_cancellable_cancel (self->previewing);
  g_clear_object (&self->previewing);
  g_clear_object (&self->session);
  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&self->persons[i], oba_merge_person_unref);
  g_clear_pointer (&self->choices, g_hash_table_unref);
  g_clear_pointer (&self->key, g_free);

  G_OBJECT_CLASS (oba_merge_window_parent_class)->dispose (object);
}

static void
oba_merge_window_class_init (ObaMergeWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_merge_window_dispose;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
  signals[ASKED] = g_signal_new ("asked", OBA_TYPE_MERGE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_merge_window_init (ObaMergeWindow *self)
{
  self->choices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_window_set_default_size (GTK_WINDOW (self), 860, 660);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
}

static void
fill (ObaMergeWindow *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  gtk_box_append (GTK_BOX (outer), make_bar (self));
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  self->fields = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  if (self->merge_id == 0)
    gtk_box_append (GTK_BOX (box), section_new (_("Who Stays, and With What"), GTK_WIDGET (self->fields)));
  gtk_box_append (GTK_BOX (box), section_new (_("What It Does"), make_preview (self)));
  gtk_box_append (GTK_BOX (box), make_reason (self));
  gtk_widget_set_margin_top (box, 18);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (outer), scrolled);
  adw_window_set_content (ADW_WINDOW (self), outer);
}

static ObaMergeWindow *
window_new (GtkWindow *parent, ObaSession *session, ObaMergePerson *first, ObaMergePerson *second, guint survivor, gint64 merge_id)
{
  ObaMergeWindow *self = g_object_new (OBA_TYPE_MERGE_WINDOW, "transient-for", parent,
                                       "title", merge_id != 0 ? _("Take a Merge Back") : _("Merge Two Customers"), NULL);

  self->session = g_object_ref (session);
  self->persons[0] = oba_merge_person_ref (first);
  self->persons[1] = oba_merge_person_ref (second);
  self->survivor = survivor;
  self->merge_id = merge_id;
  fill (self);
  if (merge_id == 0)
    show_fields (self);
  preview (self);
  return self;
}

ObaMergeWindow *
oba_merge_window_new (GtkWindow *parent, ObaSession *session, ObaMergePerson *source, ObaMergePerson *survivor)
{
  return window_new (parent, session, survivor, source, 0, 0);
}

ObaMergeWindow *
oba_merge_window_new_back (GtkWindow *parent, ObaSession *session, const ObaMergeEntry *entry)
{
  return window_new (parent, session, entry->survivor, entry->source, 0, entry->id);
}

gboolean
oba_merge_window_is_settled (ObaMergeWindow *self)
{
  return self->is_settled && !self->is_sending;
}
