#include "oba-profile-person.h"

#include <glib/gi18n-lib.h>

#include "base/oba-phone.h"
#include "oba-customer-text.h"

static void
add_telegram (ObaProfileSection *section, const ObaCustomerProfile *profile, gboolean editable)
{
  g_autofree char *day = oba_customer_text_day (profile->telegram_linked_at);
  g_autofree char *since = g_strdup_printf (_("linked since %s"), day);
  g_autofree char *named = g_strdup_printf ("@%s, %s", profile->telegram_username, since);

  if (profile->telegram_linked_at == NULL)
    oba_profile_section_add_fact (section, _("Telegram"), _("not linked"), NULL);
  else
    oba_profile_section_add_fact (section, _("Telegram"), *profile->telegram_username != '\0' ? named : since,
                                  editable ? oba_profile_icon_button_new ("edit-clear-symbolic", _("Unlink Telegram…"), "profile.unlink-telegram") : NULL);
}

void
oba_profile_person_show_contact (ObaProfileSection *section, const ObaCustomerProfile *profile, gboolean editable)
{
  g_autofree char *phone = *profile->phone != '\0' ? oba_phone_format (profile->phone) : NULL;

  oba_profile_section_clear (section);
  if (profile->status == OBA_CUSTOMER_ERASED)
    {
      oba_profile_section_add_note (section, _("Was erased."));
      return;
    }
  oba_profile_section_add_fact (section, _("Phone"), phone != NULL ? phone : _("none"),
                                phone != NULL ? oba_profile_icon_button_new ("edit-copy-symbolic", _("Copy Phone Number"), "profile.copy-phone") : NULL);
  oba_profile_section_add_fact (section, _("E-mail"), profile->email,
                                oba_profile_icon_button_new ("edit-copy-symbolic", _("Copy E-mail Address"), "profile.copy-email"));
  add_telegram (section, profile, editable);
  oba_profile_section_add_fact (section, _("City"), profile->city, NULL);
  oba_profile_section_add_fact (section, _("Language"), oba_customer_text_language (profile->language), NULL);
}

void
oba_profile_person_show_person (ObaProfileSection *section, const ObaCustomerProfile *profile)
{
  g_autofree char *born = oba_customer_text_date (profile->birth_date);
  g_autofree char *registered = oba_customer_text_registered (profile);

  oba_profile_section_clear (section);
  oba_profile_section_add_fact (section, _("Born"), born, NULL);
  oba_profile_section_add_fact (section, _("Registered"), registered, NULL);
}

void
oba_profile_person_show_notes (ObaProfileSection *section, const ObaCustomerProfile *profile)
{
  oba_profile_section_clear (section);
  gtk_widget_set_visible (GTK_WIDGET (section), *profile->notes != '\0');
  if (*profile->notes != '\0')
    oba_profile_section_add (section, oba_profile_label_new (profile->notes, NULL));
}
