#include "oba-analytics-page.h"

struct _ObaAnalyticsPage
{
  ObaPage           parent_instance;

  ObaLiabilityView *liability;
};

G_DEFINE_FINAL_TYPE (ObaAnalyticsPage, oba_analytics_page, OBA_TYPE_PAGE)

static void
loaded_cb (ObaAnalyticsPage *self, const char *problem)
{
  oba_page_set_state (OBA_PAGE (self), problem == NULL ? OBA_PAGE_READY : OBA_PAGE_FAILED, problem);
}

static void
oba_analytics_page_refresh (ObaPage *page)
{
  oba_liability_view_refresh (OBA_ANALYTICS_PAGE (page)->liability);
}

static void
toggle_table_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_liability_view_toggle_table (OBA_ANALYTICS_PAGE (widget)->liability);
}

static void
oba_analytics_page_constructed (GObject *object)
{
  ObaAnalyticsPage *self = OBA_ANALYTICS_PAGE (object);
  ObaSession *session = oba_page_get_session (OBA_PAGE (self));

  G_OBJECT_CLASS (oba_analytics_page_parent_class)->constructed (object);

  self->liability = OBA_LIABILITY_VIEW (oba_liability_view_new (session));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->liability));
  g_signal_connect_object (self->liability, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_analytics_page_refresh), self, G_CONNECT_SWAPPED);
  oba_liability_view_refresh (self->liability);
}

static void
oba_analytics_page_class_init (ObaAnalyticsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = oba_analytics_page_constructed;
  OBA_PAGE_CLASS (klass)->refresh = oba_analytics_page_refresh;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "page.toggle-table", NULL, toggle_table_action);
}

static void
oba_analytics_page_init (ObaAnalyticsPage *self)
{
}

ObaLiabilityView *
oba_analytics_page_get_liability (ObaAnalyticsPage *self)
{
  g_return_val_if_fail (OBA_IS_ANALYTICS_PAGE (self), NULL);

  return self->liability;
}
