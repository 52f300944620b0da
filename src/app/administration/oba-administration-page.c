#include "oba-administration-page.h"

#include <glib/gi18n-lib.h>

#include "oba-points-section.h"
#include "widgets/oba-subpages.h"

struct _ObaAdministrationPage
{
  ObaPage           parent_instance;

  GPtrArray        *sections;      /* of ObaSection: those that read by themselves */
  GtkStack         *stack;
  ObaSubpages      *subpages;
  GtkWidget        *sidebar;
  ObaMonthsSection *months;
  ObaLimitsSection *limits;
  ObaPointsSection *points;
  ObaSpendingSection *spending;
  ObaTiersSection  *tiers;
  ObaBotSection    *bot;
  ObaRedemptionsSection *redemptions;
  ObaRulesSection  *rules;
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

  if (self->months != NULL)
    oba_months_section_refresh (self->months);
  for (guint i = 0; i < self->sections->len; i++)
    oba_section_refresh (self->sections->pdata[i]);
}

static const char *
oba_administration_page_pose_also (ObaPage *page, guint n)
{
  static const char *const sections[] = { "limits", "tiers", "points", "redemptions", "bot", "rules", "rule" };
  ObaAdministrationPage *self = OBA_ADMINISTRATION_PAGE (page);
  const char *name = n >= 1 && n <= G_N_ELEMENTS (sections) ? sections[n - 1] : NULL;

  oba_subpages_pop (self->subpages);
  /* One rule of them, in its editor. */
  if (g_strcmp0 (name, "rule") == 0)
    oba_rules_section_open (self->rules, 2, 0);
  else
    oba_administration_page_show_section (self, name != NULL ? name : "months");
  return name;
}

static GtkWidget *
add_section (ObaAdministrationPage *self, GtkWidget *section, const char *name, const char *title)
{
  gtk_stack_add_titled (self->stack, section, name, title);
  if (OBA_IS_SECTION (section))
    g_ptr_array_add (self->sections, section);
  return section;
}

static void
oba_administration_page_constructed (GObject *object)
{
  ObaAdministrationPage *self = OBA_ADMINISTRATION_PAGE (object);
  ObaSession *session = oba_page_get_session (OBA_PAGE (self));
  /* Marketing writes rules, and has nothing to do with the books. */
  gboolean all = oba_session_has_role (session, OBA_ROLE_ADMIN | OBA_ROLE_SUPERVISOR | OBA_ROLE_AUDITOR);

  G_OBJECT_CLASS (oba_administration_page_parent_class)->constructed (object);

  if (all)
    {
      self->months = OBA_MONTHS_SECTION (add_section (self, oba_months_section_new (session), "months", _("Months")));
      self->limits = OBA_LIMITS_SECTION (add_section (self, oba_limits_section_new (session), "limits", _("Correction Limits")));
    }
  self->rules = OBA_RULES_SECTION (add_section (self, oba_rules_section_new (session), "rules", _("Earning Rules")));
  if (all)
    {
      self->points = OBA_POINTS_SECTION (add_section (self, oba_points_section_new (session), "points", _("Points")));
      self->spending = OBA_SPENDING_SECTION (add_section (self, oba_spending_section_new (session), "spending", _("Paying with Points")));
      self->tiers = OBA_TIERS_SECTION (add_section (self, oba_tiers_section_new (session), "tiers", _("Tiers")));
      self->redemptions = OBA_REDEMPTIONS_SECTION (add_section (self, oba_redemptions_section_new (session), "redemptions", _("Redemptions")));
      self->bot = OBA_BOT_SECTION (add_section (self, oba_bot_section_new (session), "bot", _("Telegram Bot")));
    }
  gtk_widget_set_visible (self->sidebar, all);
  g_signal_connect_object (all ? (gpointer) self->months : (gpointer) self->rules, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_administration_page_refresh), self, G_CONNECT_SWAPPED);
}

static void
oba_administration_page_finalize (GObject *object)
{
  g_ptr_array_unref (OBA_ADMINISTRATION_PAGE (object)->sections);

  G_OBJECT_CLASS (oba_administration_page_parent_class)->finalize (object);
}

static void
oba_administration_page_class_init (ObaAdministrationPageClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = oba_administration_page_constructed;
  G_OBJECT_CLASS (klass)->finalize = oba_administration_page_finalize;
  OBA_PAGE_CLASS (klass)->refresh = oba_administration_page_refresh;
  OBA_PAGE_CLASS (klass)->pose_also = oba_administration_page_pose_also;
}

static void
oba_administration_page_init (ObaAdministrationPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->sections = g_ptr_array_new ();
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->stack), TRUE);
  /* In a column: their names do not fit beside each other in every language. */
  self->sidebar = gtk_stack_sidebar_new ();
  gtk_stack_sidebar_set_stack (GTK_STACK_SIDEBAR (self->sidebar), self->stack);
  gtk_box_append (GTK_BOX (box), self->sidebar);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  self->subpages = g_object_new (OBA_TYPE_SUBPAGES, "main", box, NULL);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->subpages));
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

ObaBotSection *
oba_administration_page_get_bot (ObaAdministrationPage *self)
{
  return self->bot;
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

ObaRulesSection *
oba_administration_page_get_rules (ObaAdministrationPage *self)
{
  return self->rules;
}
