#include "oba-profile-cards.h"

#include <glib/gi18n-lib.h>

#include "oba-customer-text.h"
#include "oba-profile-section.h"
#include "oba-profile-text.h"

struct _ObaProfileCards
{
  AdwBin             parent_instance;

  ObaProfileSection *section;
};

G_DEFINE_FINAL_TYPE (ObaProfileCards, oba_profile_cards, ADW_TYPE_BIN)

static void
add_item (GMenu *menu, const char *label, const char *action, const char *number)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", number);
  g_menu_append_item (menu, item);
}

static GMenuModel *
make_menu (const ObaHeldCard *card, gboolean may_block)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  gboolean blocked = g_str_equal (card->state, "blocked");

  if (g_str_equal (card->state, "active"))
    add_item (menu, _("Report _Lost"), "profile.card-lost", card->number);
  if (!blocked && may_block)
    add_item (menu, _("_Block…"), "profile.card-block", card->number);
  if (g_str_equal (card->state, "lost"))
    add_item (menu, _("It Was _Found"), "profile.card-works", card->number);
  if (blocked && may_block)
    add_item (menu, _("Let It _Work Again"), "profile.card-works", card->number);
  add_item (menu, _("_Replace…"), "profile.card-replace", card->number);
  return G_MENU_MODEL (g_steal_pointer (&menu));
}

static GtkWidget *
make_menu_button (const ObaHeldCard *card, gboolean may_block)
{
  g_autoptr (GMenuModel) menu = make_menu (card, may_block);
  GtkWidget *button = gtk_menu_button_new ();
  /* Translators: the number of a card. */
  g_autofree char *name = g_strdup_printf (_("What to do with card %s"), card->number);

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static void
add_card (ObaProfileCards *self, const ObaHeldCard *card, gboolean editable, gboolean may_block)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *since = oba_profile_text_card (card);
  GtkWidget *number = oba_profile_label_new (card->number, "numeric");
  gboolean works = g_str_equal (card->state, "active");

  gtk_label_set_selectable (GTK_LABEL (number), TRUE);
  gtk_widget_set_focusable (number, FALSE);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), number);
  if (*since != '\0')
    {
      gtk_box_append (GTK_BOX (texts), oba_profile_label_new (since, "caption"));
      gtk_widget_add_css_class (gtk_widget_get_last_child (texts), "dim-label");
    }
  gtk_box_append (GTK_BOX (line), texts);
  gtk_box_append (GTK_BOX (line), oba_profile_pill_new (oba_customer_text_card_state (card->state), works ? "success" : "error"));
  if (editable)
    gtk_box_append (GTK_BOX (line), make_menu_button (card, may_block));
  oba_profile_section_add (self->section, line);
}

void
oba_profile_cards_show (ObaProfileCards *self, const ObaCustomerProfile *profile, const ObaCustomerInsight *insight, gboolean editable, gboolean may_block)
{
  gboolean may_issue = editable && profile->status == OBA_CUSTOMER_ACTIVE;

  g_return_if_fail (OBA_IS_PROFILE_CARDS (self));

  oba_profile_section_clear (self->section);
  for (guint i = 0; i < insight->cards->len; i++)
    add_card (self, insight->cards->pdata[i], editable, may_block);
  if (insight->cards->len == 0)
    oba_profile_section_add_note (self->section, _("No card yet."));
  oba_profile_section_set_end (self->section, may_issue ? oba_profile_icon_button_new ("list-add-symbolic", _("Hand Out a Card"), "profile.card-issue") : NULL);
}

static void
oba_profile_cards_class_init (ObaProfileCardsClass *klass)
{
}

static void
oba_profile_cards_init (ObaProfileCards *self)
{
  self->section = g_object_new (OBA_TYPE_PROFILE_SECTION, "title", _("Cards"), NULL);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->section));
}
