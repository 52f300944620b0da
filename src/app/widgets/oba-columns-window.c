#include "oba-columns-window.h"

#include <glib/gi18n-lib.h>

struct _ObaColumnsWindow
{
  AdwWindow    parent_instance;

  ObaLazyView *view;
  GtkListBox  *list;
  gboolean     filling;
};

G_DEFINE_FINAL_TYPE (ObaColumnsWindow, oba_columns_window, ADW_TYPE_WINDOW)

static void fill (ObaColumnsWindow *self);

static const char *
row_column (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW)), "oba-column");
}

/* The rows are made anew: the focus goes where the column went. */
static void
focus_column (ObaColumnsWindow *self,
              const char       *id)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "oba-column"), id) == 0)
      gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
move (ObaColumnsWindow *self,
      GtkWidget        *widget,
      int               by)
{
  g_autofree char *id = g_strdup (row_column (widget));

  oba_lazy_view_move_column (self->view, id, by);
  fill (self);
  focus_column (self, id);
}

static void
up_cb (ObaColumnsWindow *self,
       GtkWidget        *button)
{
  move (self, button, -1);
}

static void
down_cb (ObaColumnsWindow *self,
         GtkWidget        *button)
{
  move (self, button, 1);
}

static void
toggled_cb (ObaColumnsWindow *self,
            GtkCheckButton   *check)
{
  g_autofree char *id = g_strdup (row_column (GTK_WIDGET (check)));

  if (self->filling)
    return;
  oba_lazy_view_show_column (self->view, id, gtk_check_button_get_active (check));
  fill (self);
  focus_column (self, id);
}

static gboolean
move_key_cb (GtkEventControllerKey *controller,
             guint                  keyval,
             guint                  keycode,
             GdkModifierType        state,
             ObaColumnsWindow      *self)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));

  if ((state & GDK_ALT_MASK) == 0 || (keyval != GDK_KEY_Up && keyval != GDK_KEY_Down))
    return GDK_EVENT_PROPAGATE;
  move (self, gtk_widget_get_first_child (row), keyval == GDK_KEY_Up ? -1 : 1);
  return GDK_EVENT_STOP;
}

static GtkWidget *
mover_new (ObaColumnsWindow *self,
           const char       *icon,
           const char       *label,
           GCallback         callback,
           gboolean          sensitive)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_sensitive (button, sensitive);
  g_signal_connect_swapped (button, "clicked", callback, self);
  return button;
}

static void
add_row (ObaColumnsWindow *self,
         const char       *id,
         guint             place,
         guint             n_shown)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();
  gboolean shown = place < n_shown;
  GtkEventController *keys = gtk_event_controller_key_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), oba_lazy_view_get_column_title (self->view, id));
  g_object_set_data_full (G_OBJECT (row), "oba-column", g_strdup (id), g_free);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), shown);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  /* A list without any column is no list. */
  gtk_widget_set_sensitive (check, !shown || n_shown > 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  oba_lazy_view_get_column_title (self->view, id), -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  if (shown)
    {
      adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                                 mover_new (self, "go-up-symbolic", _("Further to the start (Alt+Up)"), G_CALLBACK (up_cb), place > 0));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                                 mover_new (self, "go-down-symbolic", _("Further to the end (Alt+Down)"), G_CALLBACK (down_cb), place + 1 < n_shown));
      gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
    }
  g_signal_connect (keys, "key-pressed", G_CALLBACK (move_key_cb), self);
  gtk_widget_add_controller (row, keys);
  g_signal_connect_swapped (check, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_list_box_append (self->list, row);
}

static void
fill (ObaColumnsWindow *self)
{
  g_autoptr (GPtrArray) ids = oba_lazy_view_list_columns (self->view);
  GtkListBoxRow *row;
  guint n_shown = 0;

  self->filling = TRUE;
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < ids->len; i++)
    n_shown += oba_lazy_view_is_column_shown (self->view, ids->pdata[i]) ? 1 : 0;
  for (guint i = 0; i < ids->len; i++)
    add_row (self, ids->pdata[i], i, n_shown);
  self->filling = FALSE;
}

static void
reset_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  ObaColumnsWindow *self = OBA_COLUMNS_WINDOW (widget);

  oba_lazy_view_set_layout (self->view, g_variant_new_array (G_VARIANT_TYPE ("(si)"), NULL, 0));
  fill (self);
}

static void
oba_columns_window_dispose (GObject *object)
{
  g_clear_object (&OBA_COLUMNS_WINDOW (object)->view);

  G_OBJECT_CLASS (oba_columns_window_parent_class)->dispose (object);
}

static void
oba_columns_window_class_init (ObaColumnsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_columns_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/widgets/oba-columns-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaColumnsWindow, list);
  gtk_widget_class_install_action (widget_class, "columns.reset", NULL, reset_action);
}

static void
oba_columns_window_init (ObaColumnsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
oba_columns_window_new (GtkWindow   *parent,
                        ObaLazyView *view)
{
  ObaColumnsWindow *self = g_object_new (OBA_TYPE_COLUMNS_WINDOW, "transient-for", parent, NULL);

  self->view = g_object_ref (view);
  fill (self);
  return GTK_WINDOW (self);
}
