#include "oba-redemption-reason.h"

#include <glib/gi18n-lib.h>

#define MAX_WORDS 900

/* The last one says nothing without words. */
static const char *const reasons[] = {
  N_("Choose a reason"),        N_("Out of stock in the store"),    N_("The customer does not want it any more"), N_("It was asked for twice"),
  N_("Suspected fraud"),        N_("The reward is not given at the moment"), N_("Another reason"),
};
#define OTHER (G_N_ELEMENTS (reasons) - 1)

struct _ObaRedemptionReason
{
  GtkBox       parent_instance;

  GtkDropDown *list;
  GtkEntry    *words;
};

enum { CHANGED, ACTIVATE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRedemptionReason, oba_redemption_reason, GTK_TYPE_BOX)

static void
changed_cb (ObaRedemptionReason *self)
{
  gboolean other = gtk_drop_down_get_selected (self->list) == OTHER;

  gtk_entry_set_placeholder_text (self->words, other ? _("Why, for the history") : _("More about it, for the history"));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
activate_cb (ObaRedemptionReason *self)
{
  g_signal_emit (self, signals[ACTIVATE], 0);
}

static void
oba_redemption_reason_class_init (ObaRedemptionReasonClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_redemption_reason_init (ObaRedemptionReason *self)
{
  GtkStringList *texts = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    gtk_string_list_append (texts, _(reasons[i]));
  self->list = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (texts), NULL));
  self->words = GTK_ENTRY (gtk_entry_new ());
  gtk_entry_set_max_length (self->words, MAX_WORDS);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reason"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->words), GTK_ACCESSIBLE_PROPERTY_LABEL, _("More about the reason"), -1);
  g_object_set (self, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 6, NULL);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->words));
  g_signal_connect_swapped (self->list, "notify::selected", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->words, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->words, "activate", G_CALLBACK (activate_cb), self);
  changed_cb (self);
}

GtkWidget *
oba_redemption_reason_new (void)
{
  return g_object_new (OBA_TYPE_REDEMPTION_REASON, NULL);
}

void
oba_redemption_reason_clear (ObaRedemptionReason *self)
{
  oba_redemption_reason_set (self, 0, "");
}

void
oba_redemption_reason_set (ObaRedemptionReason *self, guint which, const char *words)
{
  g_return_if_fail (OBA_IS_REDEMPTION_REASON (self) && which <= OTHER);

  gtk_drop_down_set_selected (self->list, which);
  gtk_editable_set_text (GTK_EDITABLE (self->words), words);
}

char *
oba_redemption_reason_dup_text (ObaRedemptionReason *self)
{
  guint which = gtk_drop_down_get_selected (self->list);
  g_autofree char *words = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->words))));

  if (which == 0 || which > OTHER)
    return NULL;
  if (which == OTHER)
    return *words != '\0' ? g_steal_pointer (&words) : NULL;
  return *words != '\0' ? g_strdup_printf ("%s: %s", _(reasons[which]), words) : g_strdup (_(reasons[which]));
}
