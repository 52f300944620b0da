#include "oba-category-picker.h"

#include <glib/gi18n-lib.h>

struct _ObaCategoryPicker
{
  AdwBin         parent_instance;

  GArray        *ids;
  GPtrArray     *names;
  char          *value;
  gboolean       filling;

  GtkMenuButton *button;
  GtkLabel      *label;
  GtkListBox    *list;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaCategoryPicker, oba_category_picker, ADW_TYPE_BIN)

static gboolean
has (const char *value,
     gint64      id)
{
  g_auto (GStrv) parts = g_strsplit (value, ",", -1);
  g_autofree char *wanted = g_strdup_printf ("%" G_GINT64_FORMAT, id);

  return g_strv_contains ((const char *const *) parts, wanted);
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  gint64 one = *(const gint64 *) a;
  gint64 other = *(const gint64 *) b;

  return one < other ? -1 : one > other;
}

/* With @id or without it. */
static char *
value_with (const char *value,
            gint64      id,
            gboolean    chosen)
{
  g_auto (GStrv) parts = g_strsplit (value, ",", -1);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GString *text = g_string_new (NULL);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      gint64 old = g_ascii_strtoll (parts[i], NULL, 10);

      if (old != 0 && old != id)
        g_array_append_val (ids, old);
    }
  if (chosen)
    g_array_append_val (ids, id);
  g_array_sort (ids, compare_ids);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", g_array_index (ids, gint64, i));
  return g_string_free (text, FALSE);
}

static void
show_value (ObaCategoryPicker *self)
{
  g_autofree char *text = oba_category_picker_describe (self, self->value);

  gtk_label_set_label (self->label, *text != '\0' ? text : _("None"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, *text != '\0' ? text : _("None"), -1);
}

static void
toggled_cb (ObaCategoryPicker *self,
            GtkCheckButton    *check)
{
  gint64 *id = g_object_get_data (G_OBJECT (check), "oba-id");
  g_autofree char *value = NULL;

  if (self->filling)
    return;
  value = value_with (self->value, *id, gtk_check_button_get_active (check));
  g_free (self->value);
  self->value = g_steal_pointer (&value);
  show_value (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
fill (ObaCategoryPicker *self)
{
  GtkListBoxRow *row;

  self->filling = TRUE;
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < self->names->len; i++)
    {
      gint64 id = g_array_index (self->ids, gint64, i);
      GtkWidget *check = gtk_check_button_new_with_label (self->names->pdata[i]);

      g_object_set_data_full (G_OBJECT (check), "oba-id", g_memdup2 (&id, sizeof id), g_free);
      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), has (self->value, id));
      g_signal_connect_swapped (check, "toggled", G_CALLBACK (toggled_cb), self);
      gtk_list_box_append (self->list, check);
      gtk_widget_set_focusable (gtk_widget_get_parent (check), FALSE);
    }
  self->filling = FALSE;
  show_value (self);
}

static void
oba_category_picker_finalize (GObject *object)
{
  ObaCategoryPicker *self = OBA_CATEGORY_PICKER (object);

  g_array_unref (self->ids);
  g_ptr_array_unref (self->names);
  g_free (self->value);
  G_OBJECT_CLASS (oba_category_picker_parent_class)->finalize (object);
}

static void
oba_category_picker_class_init (ObaCategoryPickerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_category_picker_finalize;
  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_CATEGORY_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_category_picker_init (ObaCategoryPicker *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->value = g_strdup ("");
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  self->label = GTK_LABEL (gtk_label_new (NULL));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Categories"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 300);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));
  gtk_widget_set_size_request (scroller, 220, -1);
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  gtk_menu_button_set_child (self->button, GTK_WIDGET (self->label));
  gtk_menu_button_set_always_show_arrow (self->button, TRUE);
  /* As in a drop-down: the text at the start, the arrow at the end. */
  gtk_widget_set_halign (gtk_widget_get_parent (GTK_WIDGET (self->label)), GTK_ALIGN_FILL);
  gtk_menu_button_set_popover (self->button, popover);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
  show_value (self);
}

GtkWidget *
oba_category_picker_new (void)
{
  return g_object_new (OBA_TYPE_CATEGORY_PICKER, NULL);
}

void
oba_category_picker_set_choices (ObaCategoryPicker *self,
                                 GArray            *ids,
                                 GPtrArray         *names)
{
  g_return_if_fail (ids->len == names->len);
  g_array_set_size (self->ids, 0);
  g_ptr_array_set_size (self->names, 0);
  g_array_append_vals (self->ids, ids->data, ids->len);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (self->names, g_strdup (names->pdata[i]));
  fill (self);
}

void
oba_category_picker_set_value (ObaCategoryPicker *self,
                               const char        *value)
{
  char *copy = g_strdup (value);

  g_free (self->value);
  self->value = copy;
  fill (self);
}

const char *
oba_category_picker_get_value (ObaCategoryPicker *self)
{
  return self->value;
}

char *
oba_category_picker_describe (ObaCategoryPicker *self,
                              const char        *value)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();

  for (guint i = 0; i < self->names->len; i++)
    if (has (value, g_array_index (self->ids, gint64, i)))
      g_ptr_array_add (parts, self->names->pdata[i]);
  g_ptr_array_add (parts, NULL);
  /* Until the names are here. */
  return parts->len == 1 ? g_strdup (value) : g_strjoinv (", ", (char **) parts->pdata);
}

GtkWidget *
oba_category_picker_get_button (ObaCategoryPicker *self)
{
  return GTK_WIDGET (self->button);
}
