#include "oba-window.h"

#include <glib/gi18n.h>

/* Every page of the house, in the order of the sidebar. */
static const struct
{
  const char *id;
  const char *title;
  const char *icon;
  GType (*get_type) (void);
} pages[] = {
  { NULL, NULL, NULL, NULL },
};

struct _ObaWindow
{
  AdwApplicationWindow parent_instance;

  ObaSession     *session;
  GPtrArray      *pages; /* of ObaPage, owned by the stack */

  AdwToastOverlay *toasts;
  AdwViewStack    *stack;
  AdwWindowTitle  *page_title;
  AdwWindowTitle  *place_title;
  GtkListBox      *sidebar;
};

G_DEFINE_FINAL_TYPE (ObaWindow, oba_window, ADW_TYPE_APPLICATION_WINDOW)

static ObaPage *
current_page (ObaWindow *self)
{
  GtkWidget *child = adw_view_stack_get_visible_child (self->stack);

  return child != NULL ? OBA_PAGE (child) : NULL;
}

static void
row_selected_cb (ObaWindow *self, GtkListBoxRow *row)
{
  int index;

  if (row == NULL)
    return;

  index = gtk_list_box_row_get_index (row);
  adw_view_stack_set_visible_child_name (self->stack, pages[index].id);
  adw_window_title_set_title (self->page_title, _(pages[index].title));
}

static GtkWidget *
sidebar_row_new (const char *title, const char *icon)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (box), gtk_label_new (title));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}

static void
add_pages (ObaWindow *self)
{
  for (guint i = 0; pages[i].id != NULL; i++)
    {
      ObaPage *page = g_object_new (pages[i].get_type (), "session", self->session, NULL);

      adw_view_stack_add_named (self->stack, GTK_WIDGET (page), pages[i].id);
      g_ptr_array_add (self->pages, page);
      gtk_list_box_append (self->sidebar, sidebar_row_new (_(pages[i].title), pages[i].icon));
    }
  oba_window_show_page (self, 0);
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaPage *page = current_page (OBA_WINDOW (widget));

  if (page != NULL)
    oba_page_refresh (page);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaWindow *self = OBA_WINDOW (widget);

  if (current_page (self) != NULL && oba_page_focus_search (current_page (self)))
    return;

  for (guint i = 0; i < self->pages->len; i++)
    if (OBA_PAGE_GET_CLASS (self->pages->pdata[i])->focus_search != NULL)
      {
        oba_window_show_page (self, i);
        oba_page_focus_search (self->pages->pdata[i]);
        return;
      }
}

static void
show_page_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_window_show_page (OBA_WINDOW (widget), g_variant_get_uint32 (parameter));
}

static void
oba_window_dispose (GObject *object)
{
  ObaWindow *self = OBA_WINDOW (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->pages, g_ptr_array_unref);

  G_OBJECT_CLASS (oba_window_parent_class)->dispose (object);
}

static void
oba_window_class_init (ObaWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/oba-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, page_title);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, place_title);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);

  gtk_widget_class_install_action (widget_class, "win.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.show-page", "u", show_page_action);
}

static void
oba_window_init (ObaWindow *self)
{
  self->pages = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

ObaWindow *
oba_window_new (GtkApplication *app, ObaSession *session)
{
  ObaWindow *self = g_object_new (OBA_TYPE_WINDOW, "application", app, NULL);

  self->session = g_object_ref (session);
  adw_window_title_set_subtitle (self->place_title, oba_session_get_place (session));
  add_pages (self);
  return self;
}

ObaSession *
oba_window_get_session (ObaWindow *self)
{
  g_return_val_if_fail (OBA_IS_WINDOW (self), NULL);

  return self->session;
}

guint
oba_window_get_n_pages (ObaWindow *self)
{
  g_return_val_if_fail (OBA_IS_WINDOW (self), 0);

  return self->pages->len;
}

ObaPage *
oba_window_get_page (ObaWindow *self, guint index)
{
  g_return_val_if_fail (OBA_IS_WINDOW (self) && index < self->pages->len, NULL);

  return self->pages->pdata[index];
}

const char *
oba_window_get_page_id (ObaWindow *self, guint index)
{
  g_return_val_if_fail (OBA_IS_WINDOW (self) && index < self->pages->len, NULL);

  return pages[index].id;
}

void
oba_window_show_page (ObaWindow *self, guint index)
{
  g_return_if_fail (OBA_IS_WINDOW (self));

  if (index < self->pages->len)
    gtk_list_box_select_row (self->sidebar, gtk_list_box_get_row_at_index (self->sidebar, (int) index));
}
