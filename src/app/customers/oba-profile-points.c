#include "oba-profile-points.h"

#include <glib/gi18n-lib.h>

#include "oba-customer-text.h"
#include "oba-profile-section.h"
#include "oba-profile-text.h"
#include "points/oba-profile-spending.h"
#include "widgets/oba-chart-panel.h"

/* The schedule in numbers beside the picture; all of it is one click away. */
#define N_SOON 3
/* More than these and the picture shows months instead of days. */
#define MAX_DAYS 12
#define CHART_HEIGHT 130

struct _ObaProfilePoints
{
  AdwBin             parent_instance;

  ObaProfileSection *section;
  GtkLabel          *balance;
  GtkProgressBar    *bar;
  GtkLabel          *progress;
  GtkLabel          *account;
  GtkWidget         *lock_box;
  GtkLabel          *lock;
  ObaChartPanel     *chart;
  GtkLabel          *expiry_title;
  GtkGrid           *expiries;
  GtkToggleButton   *more;
  GPtrArray         *schedule;     /* of ObaPointsExpiry */
};

G_DEFINE_FINAL_TYPE (ObaProfilePoints, oba_profile_points, ADW_TYPE_BIN)

/* ---- the schedule */

static void
add_expiry (ObaProfilePoints *self, int row, const ObaPointsExpiry *expiry)
{
  g_autofree char *points = oba_customer_text_points (expiry->points);
  g_autofree char *day = oba_customer_text_date (&expiry->last_day);
  g_autofree char *left = oba_profile_text_days_left (&expiry->last_day);
  gboolean soon = oba_profile_text_is_soon (&expiry->last_day);
  GtkWidget *points_label = gtk_label_new (points);
  GtkWidget *day_label = oba_profile_label_new (day, NULL);
  GtkWidget *left_label = gtk_label_new (left);

  gtk_label_set_xalign (GTK_LABEL (points_label), 1);
  gtk_widget_add_css_class (points_label, "numeric");
  gtk_widget_set_hexpand (day_label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (left_label), 1);
  gtk_widget_add_css_class (left_label, "caption");
  gtk_widget_add_css_class (left_label, soon ? "warning" : "dim-label");
  gtk_grid_attach (self->expiries, day_label, 0, row, 1, 1);
  gtk_grid_attach (self->expiries, left_label, 1, row, 1, 1);
  gtk_grid_attach (self->expiries, points_label, 2, row, 1, 1);
}

/* What ends when: by the day, or by the month where there are many. */
static void
show_chart (ObaProfilePoints *self)
{
  g_autoptr (ObaChart) chart = oba_chart_new (_("Points by their last day"), OBA_CHART_VALUE_NUMBER);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  g_auto (GStrv) labels = NULL;
  gboolean by_month = self->schedule->len > MAX_DAYS;
  g_autofree char *last = NULL;

  for (guint i = 0; i < self->schedule->len; i++)
    {
      const ObaPointsExpiry *expiry = self->schedule->pdata[i];
      g_autoptr (GDateTime) day = g_date_time_new_utc (g_date_get_year (&expiry->last_day), (int) g_date_get_month (&expiry->last_day), g_date_get_day (&expiry->last_day), 0, 0, 0);
      /* Translators: a month and its year in few letters, see strftime(3). */
      g_autofree char *label = by_month ? g_date_time_format (day, _("%b %y")) : oba_customer_text_date (&expiry->last_day);
      double points = (double) expiry->points;

      if (g_strcmp0 (label, last) == 0)
        {
          g_array_index (values, double, values->len - 1) += points;
          continue;
        }
      g_strv_builder_add (builder, label);
      g_array_append_val (values, points);
      g_free (last);
      last = g_steal_pointer (&label);
    }
  labels = g_strv_builder_end (builder);
  oba_chart_set_labels (chart, (const char *const *) labels);
  oba_chart_set_list (chart);
  oba_chart_set_points_name (chart, by_month ? _("Month") : _("Last day"));
  oba_chart_add_series (chart, _("Points"), OBA_CHART_BARS, (const double *) (gpointer) values->data, values->len);
  oba_chart_panel_set_chart (self->chart, chart);
  gtk_widget_set_visible (GTK_WIDGET (self->chart), self->schedule->len > 1);
}

static void
show_expiries (ObaProfilePoints *self)
{
  gboolean all = gtk_toggle_button_get_active (self->more);
  guint n = all ? self->schedule->len : MIN (self->schedule->len, N_SOON);
  /* Translators: how many days there are on which points are lost. */
  g_autofree char *more = g_strdup_printf (ngettext ("Show _All (%u)", "Show _All (%u)", self->schedule->len), self->schedule->len);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->expiries))) != NULL)
    gtk_grid_remove (self->expiries, child);
  for (guint i = 0; i < n; i++)
    add_expiry (self, (int) i, self->schedule->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->expiry_title), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->expiries), n > 0);
  gtk_button_set_label (GTK_BUTTON (self->more), all ? _("Show _Fewer") : more);
  gtk_widget_set_visible (GTK_WIDGET (self->more), self->schedule->len > N_SOON);
}

/* ---- public */

void
oba_profile_points_set_profile (ObaProfilePoints *self, const ObaCustomerProfile *profile)
{
  g_autofree char *balance = oba_customer_text_points (profile->balance);
  g_autofree char *progress = oba_customer_text_progress (profile);
  g_autofree char *account = oba_profile_text_account (profile);
  g_autofree char *lock = oba_profile_spending_text (profile);

  g_return_if_fail (OBA_IS_PROFILE_POINTS (self));

  gtk_label_set_label (self->balance, balance);
  gtk_progress_bar_set_fraction (self->bar, oba_customer_profile_get_progress (profile));
  gtk_label_set_label (self->progress, progress);
  gtk_label_set_label (self->account, account);
  gtk_label_set_label (self->lock, lock != NULL ? lock : "");
  gtk_widget_set_visible (self->lock_box, lock != NULL);
}

void
oba_profile_points_set_expiries (ObaProfilePoints *self, GPtrArray *expiries)
{
  g_return_if_fail (OBA_IS_PROFILE_POINTS (self));

  g_ptr_array_set_size (self->schedule, 0);
  for (guint i = 0; i < expiries->len; i++)
    g_ptr_array_add (self->schedule, g_memdup2 (expiries->pdata[i], sizeof (ObaPointsExpiry)));
  show_chart (self);
  show_expiries (self);
}

void
oba_profile_points_toggle_table (ObaProfilePoints *self)
{
  g_return_if_fail (OBA_IS_PROFILE_POINTS (self));

  oba_chart_panel_toggle_table (self->chart);
}

gboolean
oba_profile_points_shows_table (ObaProfilePoints *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_POINTS (self), FALSE);

  return oba_chart_panel_shows_table (self->chart);
}

/* ---- the object */

static void
oba_profile_points_finalize (GObject *object)
{
  g_ptr_array_unref (OBA_PROFILE_POINTS (object)->schedule);

  G_OBJECT_CLASS (oba_profile_points_parent_class)->finalize (object);
}

static void
oba_profile_points_class_init (ObaProfilePointsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_profile_points_finalize;
}

static void
make_schedule (ObaProfilePoints *self)
{
  self->expiry_title = GTK_LABEL (oba_profile_label_new (_("Valid until"), "caption-heading"));
  self->expiries = GTK_GRID (gtk_grid_new ());
  self->more = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
  gtk_grid_set_column_spacing (self->expiries, 12);
  gtk_grid_set_row_spacing (self->expiries, 3);
  gtk_button_set_use_underline (GTK_BUTTON (self->more), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->more), "filter-button");
  gtk_widget_set_halign (GTK_WIDGET (self->more), GTK_ALIGN_START);
  g_signal_connect_swapped (self->more, "toggled", G_CALLBACK (show_expiries), self);
  self->chart = g_object_new (OBA_TYPE_CHART_PANEL, "height-request", CHART_HEIGHT, "visible", FALSE, NULL);
  /* It is in a card already. */
  gtk_widget_remove_css_class (GTK_WIDGET (self->chart), "card");
  gtk_widget_remove_css_class (GTK_WIDGET (self->chart), "panel");
  oba_profile_section_add (self->section, GTK_WIDGET (self->chart));
  oba_profile_section_add (self->section, GTK_WIDGET (self->expiry_title));
  oba_profile_section_add (self->section, GTK_WIDGET (self->expiries));
  oba_profile_section_add (self->section, GTK_WIDGET (self->more));
}

static void
oba_profile_points_init (ObaProfilePoints *self)
{
  self->schedule = g_ptr_array_new_with_free_func (g_free);
  self->section = g_object_new (OBA_TYPE_PROFILE_SECTION, "title", _("Points"), NULL);
  self->balance = GTK_LABEL (oba_profile_label_new (NULL, "title-2"));
  self->bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  self->progress = GTK_LABEL (oba_profile_label_new (NULL, "caption"));
  self->account = GTK_LABEL (oba_profile_label_new (NULL, "caption"));
  self->lock = GTK_LABEL (oba_profile_label_new (NULL, NULL));
  self->lock_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->lock_box, "changed-note");
  gtk_widget_set_visible (self->lock_box, FALSE);
  gtk_box_append (GTK_BOX (self->lock_box), GTK_WIDGET (self->lock));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress to the next tier"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->balance), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->account), "dim-label");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->section));

  oba_profile_section_add (self->section, GTK_WIDGET (self->balance));
  oba_profile_section_add (self->section, self->lock_box);
  oba_profile_section_add (self->section, GTK_WIDGET (self->bar));
  oba_profile_section_add (self->section, GTK_WIDGET (self->progress));
  oba_profile_section_add (self->section, GTK_WIDGET (self->account));
  make_schedule (self);
}
