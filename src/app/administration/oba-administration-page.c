#include "oba-administration-page.h"

#include <glib/gi18n-lib.h>

#include "oba-bot-section.h"
#include "oba-points-section.h"

struct _ObaAdministrationPage
{
  ObaPage           parent_instance;

  GtkStack         *stack;
  ObaMonthsSection *months;
  ObaLimitsSection *limits;
  ObaPointsSection *points;
  ObaSpendingSection *spending;
  ObaTiersSection  *tiers;
  ObaBotSection    *bot;
  ObaRedemptionsSection *redemptions;
};

G_DEFINE_FINAL_TYPE (ObaAdministrationPage, oba_administration_page, OBA_TYPE_PAGE)

static void
loaded_cb (ObaAdministrationPage *self)
{
  oba_page_set_state (OBA_PAGE (self), OBA_PAGE_READY, NULL);
}

static void
oba_administration_page_refresh (ObaPage *page)
{
  ObaAdministrationPage *self = OBA_ADMINISTRATION_PAGE (page);

  oba_months_section_refresh (self->months);
  oba_section_refresh (OBA_SECTION (self->limits));
  oba_section_refresh (OBA_SECTION (self->points));
  oba_section_refresh (OBA_SECTION (self->spending));
  oba_section_refresh (OBA_SECTION (self->tiers));
  oba_section_refresh (OBA_SECTION (self->redemptions));
  oba_section_refresh (OBA_SECTION (self->bot));
}

static const char *
oba_administration_page_pose_also (ObaPage *page, guint n)
{
  static const char *const sections[] = { "limits", "tiers", "points", "redemptions", "bot" };

  oba_administration_page_show_section (OBA_ADMINISTRATION_PAGE (page), n >= 1 && n <= G_N_ELEMENTS (sections) ? sections[n - 1] : "months");
  return n >= 1 && n <= G_N_ELEMENTS (sections) ? sections[n - 1] : NULL;
}

static void
oba_administration_page_constructed (GObject *object)
{
  ObaAdministrationPage *self = OBA_ADMINISTRATION_PAGE (object);
  ObaSession *session = oba_page_get_session (OBA_PAGE (self));

  G_OBJECT_CLASS (oba_administration_page_parent_class)->constructed (object);

  self->months = OBA_MONTHS_SECTION (oba_months_section_new (session));
  self->limits = OBA_LIMITS_SECTION (oba_limits_section_new (session));
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->months), "months", _("Months"));
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->limits), "limits", _("Correction Limits"));
  self->points = OBA_POINTS_SECTION (oba_points_section_new (session));
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->points), "points", _("Points"));
  self->spending = OBA_SPENDING_SECTION (oba_spending_section_new (session));
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->spending), "spending", _("Paying with Points"));
  self->tiers = OBA_TIERS_SECTION (oba_tiers_section_new (session));
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->tiers), "tiers", _("Tiers"));
  self->redemptions = OBA_REDEMPTIONS_SECTION (oba_redemptions_section_new (session));
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->redemptions), "redemptions", _("Redemptions"));
  self->bot = OBA_BOT_SECTION (oba_bot_section_new (session));
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->bot), "bot", _("Telegram Bot"));
  g_signal_connect_object (self->months, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_administration_page_refresh), self, G_CONNECT_SWAPPED);
}

static void
oba_administration_page_class_init (ObaAdministrationPageClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = oba_administration_page_constructed;
  OBA_PAGE_CLASS (klass)->refresh = oba_administration_page_refresh;
  OBA_PAGE_CLASS (klass)->pose_also = oba_administration_page_pose_also;
}

static void
oba_administration_page_init (ObaAdministrationPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *switcher = gtk_stack_switcher_new ();

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), self->stack);
  gtk_widget_set_halign (switcher, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (switcher, 9);
  gtk_widget_set_margin_bottom (switcher, 9);
  gtk_box_append (GTK_BOX (box), switcher);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  adw_bin_set_child (ADW_BIN (self), box);
}

void
oba_administration_page_show_section (ObaAdministrationPage *self, const char *name)
{
  g_return_if_fail (OBA_IS_ADMINISTRATION_PAGE (self));

  gtk_stack_set_visible_child_name (self->stack, name);
}

ObaMonthsSection *
oba_administration_page_get_months (ObaAdministrationPage *self)
{
  return self->months;
}

ObaLimitsSection *
oba_administration_page_get_limits (ObaAdministrationPage *self)
{
  return self->limits;
}

ObaSpendingSection *
oba_administration_page_get_spending (ObaAdministrationPage *self)
{
  return self->spending;
}

ObaTiersSection *
oba_administration_page_get_tiers (ObaAdministrationPage *self)
{
  return self->tiers;
}

ObaRedemptionsSection *
oba_administration_page_get_redemptions (ObaAdministrationPage *self)
{
  return self->redemptions;
}
