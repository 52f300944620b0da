#include "oba-profile-consents.h"

#include <glib/gi18n-lib.h>

#include "oba-customer-text.h"
#include "oba-profile-section.h"
#include "oba-profile-text.h"

static const char *const channels[] = { "telegram", "sms", "email", "phone", "profiling" };

#define N_CHANNELS G_N_ELEMENTS (channels)

/* Lines stay while what they say changes: a switch keeps the focus. */
typedef struct
{
  GtkLabel  *state;
  GtkSwitch *lever;
} Line;

struct _ObaProfileConsents
{
  AdwBin             parent_instance;

  ObaProfileSection *section;
  Line               lines[N_CHANNELS];
  gboolean           setting;
};

G_DEFINE_FINAL_TYPE (ObaProfileConsents, oba_profile_consents, ADW_TYPE_BIN)

static guint
index_of (ObaProfileConsents *self, GtkSwitch *lever)
{
  guint i = 0;

  while (self->lines[i].lever != lever)
    i++;
  return i;
}

/* Yes is said after COMMIT: the switch waits between its two ends meanwhile. */
static gboolean
state_set_cb (GtkSwitch *lever, gboolean state, ObaProfileConsents *self)
{
  if (!self->setting)
    gtk_widget_activate_action (GTK_WIDGET (self), "profile.set-consent", "(sb)", channels[index_of (self, lever)], state);
  return !self->setting;
}

static void
add_line (ObaProfileConsents *self, guint i)
{
  const char *name = oba_customer_text_channel (channels[i]);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = oba_profile_label_new (name, NULL);
  GtkWidget *state = oba_profile_label_new (NULL, "caption");
  GtkWidget *lever = gtk_switch_new ();

  gtk_widget_add_css_class (state, "dim-label");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (lever, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (lever), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (lever), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, state, NULL, -1);
  g_signal_connect (lever, "state-set", G_CALLBACK (state_set_cb), self);
  gtk_box_append (GTK_BOX (texts), title);
  gtk_box_append (GTK_BOX (texts), state);
  gtk_box_append (GTK_BOX (line), texts);
  gtk_box_append (GTK_BOX (line), lever);
  oba_profile_section_add (self->section, line);
  self->lines[i] = (Line) { GTK_LABEL (state), GTK_SWITCH (lever) };
}

static const ObaConsentEntry *
find_consent (const ObaCustomerInsight *insight, const char *channel)
{
  for (guint i = 0; i < insight->consents->len; i++)
    {
      const ObaConsentEntry *consent = insight->consents->pdata[i];

      if (g_str_equal (consent->channel, channel))
        return consent;
    }
  return NULL;
}

void
oba_profile_consents_set_insight (ObaProfileConsents *self, const ObaCustomerInsight *insight, gboolean editable)
{
  g_return_if_fail (OBA_IS_PROFILE_CONSENTS (self));

  self->setting = TRUE;
  for (guint i = 0; i < N_CHANNELS; i++)
    {
      const ObaConsentEntry *consent = find_consent (insight, channels[i]);
      gboolean granted = consent != NULL && consent->granted;
      g_autofree char *state = oba_profile_text_consent (consent);

      gtk_label_set_label (self->lines[i].state, state);
      gtk_switch_set_state (self->lines[i].lever, granted);
      gtk_switch_set_active (self->lines[i].lever, granted);
      gtk_widget_set_visible (GTK_WIDGET (self->lines[i].lever), editable);
    }
  self->setting = FALSE;
}

GtkSwitch *
oba_profile_consents_get_switch (ObaProfileConsents *self, const char *channel)
{
  g_return_val_if_fail (OBA_IS_PROFILE_CONSENTS (self), NULL);

  for (guint i = 0; i < N_CHANNELS; i++)
    if (g_str_equal (channels[i], channel) && gtk_widget_get_visible (GTK_WIDGET (self->lines[i].lever)))
      return self->lines[i].lever;
  return NULL;
}

static void
oba_profile_consents_class_init (ObaProfileConsentsClass *klass)
{
}

static void
oba_profile_consents_init (ObaProfileConsents *self)
{
  self->section = g_object_new (OBA_TYPE_PROFILE_SECTION, "title", _("Consents"), NULL);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->section));
  for (guint i = 0; i < N_CHANNELS; i++)
    add_line (self, i);
}
