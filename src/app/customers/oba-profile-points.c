#include "oba-profile-points.h"

#include <glib/gi18n-lib.h>

#include "oba-customer-text.h"
#include "oba-profile-section.h"
#include "oba-profile-text.h"
#include "points/oba-profile-spending.h"

/* More of the schedule is one click away. */
#define N_SOON 3

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
  show_expiries (self);
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
