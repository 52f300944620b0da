#include "oba-tier-dialog.h"

#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "customers/oba-customer-json.h"
#include "oba-profile-view.h"
#include "widgets/oba-field.h"

#define MAX_CHARS 1000
#define MAX_YEARS 5

typedef struct
{
  GtkWidget        *owner;      /* weak */
  gint64            customer_id;
  gint64            override_id;   /* 0: none runs */
  GArray           *tiers;
  AdwMessageDialog *dialog;     /* (unowned) */
  GtkDropDown      *tier;       /* NULL: the one that runs ends */
  GtkEditable      *until;
  ObaField         *until_field;
  GtkEditable      *reason;
} Ask;

static void
ask_free (gpointer data, GClosure *closure)
{
  Ask *ask = data;

  g_clear_weak_pointer (&ask->owner);
  g_array_unref (ask->tiers);
  g_free (ask);
}

/* NULL: it is no day from today on, or one further off than the database takes. (transfer full) */
static char *
get_until (Ask *ask)
{
  GDate day, today, last;

  oba_day_today (&today);
  last = today;
  g_date_add_years (&last, MAX_YEARS);
  if (!oba_day_parse (gtk_editable_get_text (ask->until), &day) || g_date_compare (&day, &today) < 0 || g_date_compare (&day, &last) > 0)
    return NULL;
  return g_strdup_printf ("%04u-%02u-%02u", g_date_get_year (&day), (guint) g_date_get_month (&day), g_date_get_day (&day));
}

static void
update (Ask *ask)
{
  g_autofree char *reason = g_strstrip (g_strdup (gtk_editable_get_text (ask->reason)));
  g_autofree char *until = ask->tier != NULL ? get_until (ask) : NULL;

  if (ask->tier != NULL)
    oba_field_set_problem (ask->until_field, until != NULL ? NULL : _("A day from today on, within five years, such as 31.12.2027"));
  adw_message_dialog_set_response_enabled (ask->dialog, "do", *reason != '\0' && (ask->tier == NULL || until != NULL));
}

static void
update_cb (GtkEditable *editable, gpointer data)
{
  update (data);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Ask *ask = data;
  GtkWidget *view = ask->owner != NULL ? gtk_widget_get_ancestor (ask->owner, OBA_TYPE_PROFILE_VIEW) : NULL;
  GVariantDict dict;

  if (!g_str_equal (response, "do") || view == NULL)
    return;
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "customer_id", "x", ask->customer_id);
  g_variant_dict_insert (&dict, "reason", "s", gtk_editable_get_text (ask->reason));
  if (ask->tier != NULL)
    {
      g_autofree char *until = get_until (ask);

      g_variant_dict_insert (&dict, "tier_id", "x", g_array_index (ask->tiers, gint64, gtk_drop_down_get_selected (ask->tier)));
      g_variant_dict_insert (&dict, "until", "s", until);
      if (ask->override_id != 0)
        g_variant_dict_insert (&dict, "seen", "x", ask->override_id);
    }
  else
    g_variant_dict_insert (&dict, "override_id", "x", ask->override_id);
  oba_profile_changes_ask (oba_profile_view_get_changes (OBA_PROFILE_VIEW (view)), ask->tier != NULL ? "override_tier" : "end_tier_override",
                           g_variant_dict_end (&dict), ask->tier != NULL ? _("The tier was given by hand") : _("The tier by hand was ended"), NULL);
}

/* ---- what is asked */

static void
add_reason (Ask *ask, GtkBox *box)
{
  GtkWidget *reason = gtk_entry_new ();

  gtk_entry_set_max_length (GTK_ENTRY (reason), MAX_CHARS);
  gtk_entry_set_activates_default (GTK_ENTRY (reason), TRUE);
  ask->reason = GTK_EDITABLE (reason);
  gtk_box_append (box, oba_field_new (_("Reason"), reason, NULL));
}

static void
add_tier (Ask *ask, GtkBox *box, JsonObject *read)
{
  JsonObject *names = json_object_get_object_member (read, "names");
  JsonArray *tiers = json_object_get_array_member (read, "tiers");
  GtkStringList *list = gtk_string_list_new (NULL);
  g_autofree char *next_year = NULL;
  GtkWidget *until = gtk_entry_new ();
  GDate day;

  oba_day_today (&day);
  g_date_add_years (&day, 1);
  next_year = oba_day_format (&day);

  for (guint i = 0; i < json_array_get_length (tiers); i++)
    {
      gint64 id = json_array_get_int_element (tiers, i);
      g_autofree char *member = g_strdup_printf ("%" G_GINT64_FORMAT, id);

      g_array_append_val (ask->tiers, id);
      gtk_string_list_append (list, json_object_get_string_member_with_default (names, member, ""));
    }
  ask->tier = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (list), NULL));
  gtk_drop_down_set_selected (ask->tier, ask->tiers->len - 1);
  gtk_box_append (box, oba_field_new (_("Tier"), GTK_WIDGET (ask->tier), NULL));
  gtk_editable_set_text (GTK_EDITABLE (until), next_year);
  gtk_entry_set_max_length (GTK_ENTRY (until), 10);
  ask->until = GTK_EDITABLE (until);
  ask->until_field = OBA_FIELD (oba_field_new (_("Its last day"), until, NULL));
  gtk_box_append (box, GTK_WIDGET (ask->until_field));
}

static void
present (GtkWidget *owner, gint64 customer_id, JsonObject *read, gboolean end)
{
  JsonObject *override = oba_customer_json_member_object (json_object_get_object_member (read, "standing"), "override");
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (owner)), end ? _("End the Tier by Hand?") : _("Give a Tier by Hand?"),
                                              end ? _("The customer has the tier from now on that purchases have reached.")
                                                  : _("A higher tier than the present one is the least that the customer has until then; a lower one is the most. "
                                                      "It ends by itself, and the reason is kept."));
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  Ask *ask = g_new0 (Ask, 1);

  g_set_weak_pointer (&ask->owner, owner);
  ask->customer_id = customer_id;
  ask->override_id = override != NULL ? oba_customer_json_member_int (override, "override_id", 0) : 0;
  ask->tiers = g_array_new (FALSE, FALSE, sizeof (gint64));
  ask->dialog = ADW_MESSAGE_DIALOG (dialog);
  if (!end)
    add_tier (ask, box, read);
  add_reason (ask, box);
  adw_message_dialog_set_extra_child (ask->dialog, GTK_WIDGET (box));
  adw_message_dialog_add_responses (ask->dialog, "cancel", _("_Cancel"), "do", end ? _("_End It") : _("_Give It"), NULL);
  adw_message_dialog_set_response_appearance (ask->dialog, "do", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ask->dialog, "do");
  adw_message_dialog_set_close_response (ask->dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), ask, ask_free, 0);
  g_signal_connect (ask->reason, "changed", G_CALLBACK (update_cb), ask);
  if (ask->until != NULL)
    g_signal_connect (ask->until, "changed", G_CALLBACK (update_cb), ask);
  update (ask);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
oba_tier_dialog_present (GtkWidget *owner, gint64 customer_id, JsonObject *read)
{
  present (owner, customer_id, read, FALSE);
}

void
oba_tier_dialog_present_end (GtkWidget *owner, gint64 customer_id, JsonObject *read)
{
  present (owner, customer_id, read, TRUE);
}
