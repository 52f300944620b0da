#include "oba-lazy-scroll.h"

#include <math.h>

typedef struct
{
  GtkScrolledWindow *scroller;   /* owns the controller, which owns this */
  double             pending;
  guint              tick_id;
} ObaLazyScroll;

static gboolean
oba_lazy_scroll_tick (GtkWidget     *widget,
                      GdkFrameClock *clock,
                      gpointer       user_data)
{
  ObaLazyScroll *self = user_data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + self->pending);
  self->pending = 0;
  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
oba_lazy_scroll_scroll_cb (ObaLazyScroll            *self,
                           double                    dx,
                           double                    dy,
                           GtkEventControllerScroll *controller)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double step = 1;

  if (dy == 0 || (gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller)) & GDK_SHIFT_MASK) != 0)
    return GDK_EVENT_PROPAGATE;
  /* The step of GtkScrolledWindow itself. */
  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL)
    step = pow (gtk_adjustment_get_page_size (adjustment), 2.0 / 3.0);
  self->pending += dy * step;
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self->scroller), oba_lazy_scroll_tick, self, NULL);
  return GDK_EVENT_STOP;
}

static void
oba_lazy_scroll_free (gpointer  data,
                      GClosure *closure)
{
  g_free (data);
}

void
oba_lazy_scroll_attach (GtkScrolledWindow *scroller)
{
  ObaLazyScroll *self = g_new0 (ObaLazyScroll, 1);
  GtkEventController *controller = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  self->scroller = scroller;
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_data (controller, "scroll", G_CALLBACK (oba_lazy_scroll_scroll_cb), self, oba_lazy_scroll_free,
                         G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (scroller), controller);
}
