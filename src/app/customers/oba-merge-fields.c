#include "oba-merge-fields.h"

#include <glib/gi18n-lib.h>

#include "oba-customer-text.h"
#include "oba-merge-text.h"
#include "oba-profile-section.h"

#define BOTH 2

/* One detail in which the two differ. */
typedef struct
{
  const char *field;
  char       *values[2];
  GtkWidget  *buttons[3];   /* the third, for both values, may be missing */
  guint       chosen;       /* index of the person whose value it is, or BOTH */
  gboolean    is_touched;
} Line;

struct _ObaMergeFields
{
  GtkGrid         parent_instance;

  ObaMergePerson *persons[2];
  guint           survivor;
  gboolean        is_touched;
  gboolean        filling;
  GPtrArray      *lines;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaMergeFields, oba_merge_fields, GTK_TYPE_GRID)

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->values[0]);
  g_free (line->values[1]);
  g_free (line);
}

/* As the database chooses by itself: what the one who stays has, else the other's; notes one after the other. */
static guint
default_choice (ObaMergeFields *self, const Line *line)
{
  if (*line->values[self->survivor] == '\0')
    return 1 - self->survivor;
  return line->buttons[BOTH] != NULL ? BOTH : self->survivor;
}

static void
choose_defaults (ObaMergeFields *self)
{
  self->filling = TRUE;
  for (guint i = 0; i < self->lines->len; i++)
    {
      Line *line = self->lines->pdata[i];

      if (!line->is_touched)
        line->chosen = default_choice (self, line);
      gtk_check_button_set_active (GTK_CHECK_BUTTON (line->buttons[line->chosen]), TRUE);
    }
  self->filling = FALSE;
}

static void
survivor_cb (GtkCheckButton *button, ObaMergeFields *self)
{
  guint which = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "oba-which"));

  if (!gtk_check_button_get_active (button) || which == self->survivor)
    return;
  self->survivor = which;
  self->is_touched = TRUE;
  choose_defaults (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
choice_cb (GtkCheckButton *button, ObaMergeFields *self)
{
  Line *line = g_object_get_data (G_OBJECT (button), "oba-line");

  if (self->filling || !gtk_check_button_get_active (button))
    return;
  line->chosen = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "oba-which"));
  line->is_touched = TRUE;
  self->is_touched = TRUE;
  g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
radio_new (const char *text, const char *spoken, const char *css_class, GtkWidget *group)
{
  GtkWidget *button = gtk_check_button_new ();
  GtkWidget *label = oba_profile_label_new (text, css_class);

  gtk_label_set_lines (GTK_LABEL (label), 3);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (button), label);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (button), GTK_CHECK_BUTTON (group));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_set_tooltip_text (button, text);
  gtk_widget_set_hexpand (button, TRUE);
  return button;
}

static GtkWidget *
choice_new (ObaMergeFields *self, Line *line, guint which, const char *value)
{
  /* Translators: the name of a field, and one of the values it may get. */
  g_autofree char *spoken = g_strdup_printf (_("%s: %s"), oba_merge_text_field (line->field), *value != '\0' ? value : _("nothing"));
  GtkWidget *button = radio_new (*value != '\0' ? value : "–", spoken, NULL, line->buttons[0]);

  g_object_set_data (G_OBJECT (button), "oba-line", line);
  g_object_set_data (G_OBJECT (button), "oba-which", GUINT_TO_POINTER (which));
  g_signal_connect (button, "toggled", G_CALLBACK (choice_cb), self);
  return button;
}

/* A chat comes along by itself: there is nothing to choose while only one of them has one. */
static gboolean
is_choice (const char *field, const char *first, const char *second)
{
  return !g_str_equal (first, second) && (!g_str_equal (field, "telegram") || (*first != '\0' && *second != '\0'));
}

static void
add_line (ObaMergeFields *self, int *row, const char *field)
{
  g_autofree char *first = oba_merge_text_value (self->persons[0], field);
  g_autofree char *second = oba_merge_text_value (self->persons[1], field);
  Line *line;

  if (!is_choice (field, first, second))
    return;
  line = g_new0 (Line, 1);
  line->field = field;
  line->values[0] = g_steal_pointer (&first);
  line->values[1] = g_steal_pointer (&second);
  gtk_grid_attach (GTK_GRID (self), oba_profile_label_new (oba_merge_text_field (field), "dim-label"), 0, *row, 1, 1);
  for (guint i = 0; i < 2; i++)
    {
      line->buttons[i] = choice_new (self, line, i, line->values[i]);
      gtk_grid_attach (GTK_GRID (self), line->buttons[i], (int) i + 1, *row, 1, 1);
    }
  (*row)++;
  if (g_str_equal (field, "notes") && *line->values[0] != '\0' && *line->values[1] != '\0')
    {
      line->buttons[BOTH] = choice_new (self, line, BOTH, _("Both, one after the other"));
      gtk_grid_attach (GTK_GRID (self), line->buttons[BOTH], 1, *row, 2, 1);
      (*row)++;
    }
  g_ptr_array_add (self->lines, line);
}

static GtkWidget *
survivor_new (ObaMergeFields *self, guint which, GtkWidget *group)
{
  g_autofree char *name = oba_merge_text_numbered (self->persons[which]);
  g_autofree char *since = oba_customer_text_day (self->persons[which]->registered_at);
  /* Translators: the name and number of a customer, a date. */
  g_autofree char *text = g_strdup_printf (_("%s stays, registered %s"), name, since);
  GtkWidget *button = radio_new (text, text, "heading", group);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (button), which == self->survivor);
  g_object_set_data (G_OBJECT (button), "oba-which", GUINT_TO_POINTER (which));
  g_signal_connect (button, "toggled", G_CALLBACK (survivor_cb), self);
  return button;
}

static void
fill (ObaMergeFields *self)
{
  GtkWidget *first = survivor_new (self, 0, NULL);
  int row = 1;

  gtk_grid_attach (GTK_GRID (self), first, 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (self), survivor_new (self, 1, first), 2, 0, 1, 1);
  for (const char *const *field = oba_merge_field_names (); *field != NULL; field++)
    add_line (self, &row, *field);
  add_line (self, &row, "telegram");
  choose_defaults (self);
}

static void
oba_merge_fields_finalize (GObject *object)
{
  ObaMergeFields *self = OBA_MERGE_FIELDS (object);

  g_clear_pointer (&self->persons[0], oba_merge_person_unref);
  g_clear_pointer (&self->persons[1], oba_merge_person_unref);
  g_ptr_array_unref (self->lines);

  G_OBJECT_CLASS (oba_merge_fields_parent_class)->finalize (object);
}

static void
oba_merge_fields_class_init (ObaMergeFieldsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_merge_fields_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_MERGE_FIELDS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_merge_fields_init (ObaMergeFields *self)
{
  self->lines = g_ptr_array_new_with_free_func (line_free);
  gtk_grid_set_row_spacing (GTK_GRID (self), 6);
  gtk_grid_set_column_spacing (GTK_GRID (self), 18);
}

GtkWidget *
oba_merge_fields_new (ObaMergePerson *first, ObaMergePerson *second, guint survivor)
{
  ObaMergeFields *self = g_object_new (OBA_TYPE_MERGE_FIELDS, NULL);

  self->persons[0] = oba_merge_person_ref (first);
  self->persons[1] = oba_merge_person_ref (second);
  self->survivor = survivor;
  fill (self);
  return GTK_WIDGET (self);
}

void
oba_merge_fields_add_to (ObaMergeFields *self, JsonBuilder *builder)
{
  g_return_if_fail (OBA_IS_MERGE_FIELDS (self));

  json_builder_set_member_name (builder, "source");
  json_builder_add_int_value (builder, self->persons[1 - self->survivor]->id);
  json_builder_set_member_name (builder, "survivor");
  json_builder_add_int_value (builder, self->persons[self->survivor]->id);
  json_builder_set_member_name (builder, "fields");
  json_builder_begin_object (builder);
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = self->lines->pdata[i];

      if (!line->is_touched)
        continue;
      json_builder_set_member_name (builder, line->field);
      json_builder_add_string_value (builder, line->chosen == BOTH ? "both" : line->chosen == self->survivor ? "survivor" : "source");
    }
  json_builder_end_object (builder);
}

gboolean
oba_merge_fields_is_touched (ObaMergeFields *self)
{
  g_return_val_if_fail (OBA_IS_MERGE_FIELDS (self), FALSE);

  return self->is_touched;
}

guint
oba_merge_fields_get_survivor (ObaMergeFields *self)
{
  g_return_val_if_fail (OBA_IS_MERGE_FIELDS (self), 0);

  return self->survivor;
}
