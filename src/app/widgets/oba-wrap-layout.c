#include "oba-wrap-layout.h"

struct _ObaWrapLayout
{
  GtkLayoutManager parent_instance;

  int spacing;
};

G_DEFINE_FINAL_TYPE (ObaWrapLayout, oba_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* The height of all lines at @width; allocates when @allocate. Heights of one line are the highest child's. */
static int
oba_wrap_layout_flow (ObaWrapLayout *self,
                      GtkWidget     *widget,
                      int            width,
                      gboolean       allocate)
{
  gboolean backwards = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = 0;
  int y = 0;
  int line = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkRequisition size;
      int child_width;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_get_preferred_size (child, NULL, &size);
      child_width = MIN (size.width, MAX (width, 1));
      if (x > 0 && x + child_width > width)
        {
          x = 0;
          y += line + self->spacing;
          line = 0;
        }
      if (allocate)
        gtk_widget_size_allocate (child, &(GtkAllocation) { backwards ? width - x - child_width : x, y, child_width, size.height }, -1);
      x += child_width + self->spacing;
      line = MAX (line, size.height);
    }
  return y + line;
}

static void
oba_wrap_layout_measure (GtkLayoutManager *manager,
                         GtkWidget        *widget,
                         GtkOrientation    orientation,
                         int               for_size,
                         int              *minimum,
                         int              *natural,
                         int              *minimum_baseline,
                         int              *natural_baseline)
{
  ObaWrapLayout *self = OBA_WRAP_LAYOUT (manager);

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = oba_wrap_layout_flow (self, widget, for_size < 0 ? G_MAXINT : for_size, FALSE);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkRequisition least;
      GtkRequisition size;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_get_preferred_size (child, &least, &size);
      *minimum = MAX (*minimum, least.width);
      *natural += size.width + (*natural > 0 ? self->spacing : 0);
    }
}

static void
oba_wrap_layout_allocate (GtkLayoutManager *manager,
                          GtkWidget        *widget,
                          int               width,
                          int               height,
                          int               baseline)
{
  oba_wrap_layout_flow (OBA_WRAP_LAYOUT (manager), widget, width, TRUE);
}

static GtkSizeRequestMode
oba_wrap_layout_get_request_mode (GtkLayoutManager *manager,
                                  GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
oba_wrap_layout_class_init (ObaWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->measure = oba_wrap_layout_measure;
  layout_class->allocate = oba_wrap_layout_allocate;
  layout_class->get_request_mode = oba_wrap_layout_get_request_mode;
}

static void
oba_wrap_layout_init (ObaWrapLayout *self)
{
}

GtkLayoutManager *
oba_wrap_layout_new (int spacing)
{
  ObaWrapLayout *self = g_object_new (OBA_TYPE_WRAP_LAYOUT, NULL);

  self->spacing = spacing;
  return GTK_LAYOUT_MANAGER (self);
}
