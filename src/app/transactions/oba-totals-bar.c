#include "oba-totals-bar.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "db/oba-db-error.h"
#include "widgets/oba-wrap-layout.h"

enum { RECEIPTS, REVENUE, DISCOUNT, VAT, POINTS, N_VALUES };

struct _ObaTotalsBar
{
  AdwBin            parent_instance;

  ObaDbPool        *pool;
  GCancellable     *cancellable;
  guint             pending;
  gboolean          failed;
  ObaReceiptTotals  totals;
  gint64            points;

  GtkLabel         *values[N_VALUES];
};

enum { COUNTED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaTotalsBar, oba_totals_bar, ADW_TYPE_BIN)

static void
set_value (ObaTotalsBar *self,
           guint         which,
           char         *text)
{
  gtk_label_set_label (self->values[which], text);
  g_free (text);
}

/* A figure that could not be counted is not shown as one. */
static void
fail (ObaTotalsBar *self,
      GError       *error,
      guint         first,
      guint         end)
{
  g_autofree char *sentence = oba_db_error_describe (error);

  self->failed = TRUE;
  for (guint i = first; i < end; i++)
    {
      gtk_label_set_label (self->values[i], "–");
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->values[i]), sentence);
    }
}

static void
came (ObaTotalsBar *self)
{
  if (--self->pending == 0 && !self->failed)
    g_signal_emit (self, signals[COUNTED], 0);
}

static void
totals_cb (GObject      *pool,
           GAsyncResult *result,
           gpointer      user_data)
{
  ObaReceiptTotals totals = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean fine = oba_receipts_totals_finish (result, &totals, &error);
  ObaTotalsBar *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!fine)
    fail (self, error, RECEIPTS, POINTS);
  else
    {
      self->totals = totals;
      set_value (self, RECEIPTS, oba_number_format (totals.receipts));
      set_value (self, REVENUE, oba_money_format (totals.revenue));
      set_value (self, DISCOUNT, oba_money_format (totals.discount));
      set_value (self, VAT, oba_money_format (totals.vat));
    }
  came (self);
}

static void
points_cb (GObject      *pool,
           GAsyncResult *result,
           gpointer      user_data)
{
  gint64 points = 0;
  g_autoptr (GError) error = NULL;
  gboolean fine = oba_receipts_points_finish (result, &points, &error);
  ObaTotalsBar *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!fine)
    fail (self, error, POINTS, N_VALUES);
  else
    {
      self->points = points;
      set_value (self, POINTS, oba_customer_text_signed (points));
    }
  came (self);
}

void
oba_totals_bar_count (ObaTotalsBar    *self,
                      ObaReceiptQuery *query)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->pending = 2;
  self->failed = FALSE;
  for (guint i = 0; i < N_VALUES; i++)
    {
      gtk_label_set_label (self->values[i], "…");
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->values[i]), NULL);
    }
  oba_receipts_totals_async (self->pool, query, self->cancellable, totals_cb, self);
  oba_receipts_points_async (self->pool, query, self->cancellable, points_cb, self);
}

gboolean
oba_totals_bar_get_totals (ObaTotalsBar     *self,
                           ObaReceiptTotals *totals,
                           gint64           *points)
{
  if (self->pending > 0 || self->failed || self->cancellable == NULL)
    return FALSE;
  *totals = self->totals;
  *points = self->points;
  return TRUE;
}

static GtkWidget *
value_new (ObaTotalsBar *self,
           guint         which,
           const char   *name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (name);

  self->values[which] = GTK_LABEL (gtk_label_new ("…"));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_xalign (self->values[which], 0);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->values[which]), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->values[which]), "heading");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->values[which]), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->values[which]));
  return box;
}

GtkWidget *
oba_totals_bar_new (ObaDbPool *pool)
{
  ObaTotalsBar *self = g_object_new (OBA_TYPE_TOTALS_BAR, NULL);

  self->pool = g_object_ref (pool);
  return GTK_WIDGET (self);
}

static void
oba_totals_bar_dispose (GObject *object)
{
  ObaTotalsBar *self = OBA_TOTALS_BAR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_totals_bar_parent_class)->dispose (object);
}

static void
oba_totals_bar_class_init (ObaTotalsBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_totals_bar_dispose;

  signals[COUNTED] = g_signal_new ("counted", OBA_TYPE_TOTALS_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_totals_bar_init (ObaTotalsBar *self)
{
  const char *const names[N_VALUES] = { _("Receipts"), _("Revenue"), _("Discount"), _("VAT"), _("Points") };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (box, oba_wrap_layout_new (18));
  gtk_widget_add_css_class (box, "totals-bar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Totals of the list"), -1);
  for (guint i = 0; i < N_VALUES; i++)
    gtk_box_append (GTK_BOX (box), value_new (self, i, names[i]));
  adw_bin_set_child (ADW_BIN (self), box);
}
