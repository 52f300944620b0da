#include "oba-redemptions-section.h"

#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-sql.h"
#include "widgets/oba-field.h"

#define MAX_CHANGES 50
#define MAX_WIDTH 640

static const struct
{
  const char *name;       /* in the database */
  const char *title;
  const char *brief;      /* in the history */
  const char *problem;
  gint64      max;
} fields[OBA_REDEMPTIONS_N_ENTRIES] = {
  [OBA_REDEMPTIONS_SLA] = { "sla_hours", N_("Hours within which a request is to be decided; then it counts as late"), N_("Hours to decide"), N_("A whole number of hours, 1 to 8 760"), 8760 },
  [OBA_REDEMPTIONS_REQUEST] = { "request_days", N_("Days after which a request that nobody decided expires, and its points go back"), N_("Days of a request"), N_("A whole number of days, 1 to 365"), 365 },
  [OBA_REDEMPTIONS_VOUCHER] = { "voucher_days", N_("Days that a voucher is good, where its reward says nothing else"), N_("Days of a voucher"), N_("A whole number of days, 1 to 3 650"), 3650 },
};

struct _ObaRedemptionsSection
{
  ObaSection   parent_instance;

  gint64       now[OBA_REDEMPTIONS_N_ENTRIES];   /* as they are; 0: not read yet */
  gint64       version;
  gboolean     touched;      /* something was typed and is not saved: it stays when somebody else changes it */
  gboolean     filling;
  ObaField    *fields[OBA_REDEMPTIONS_N_ENTRIES];
  GtkEditable *entries[OBA_REDEMPTIONS_N_ENTRIES];
  GtkWidget   *save_button;
  GtkBox      *history;
};

G_DEFINE_FINAL_TYPE (ObaRedemptionsSection, oba_redemptions_section, OBA_TYPE_SECTION)

static gboolean
may_change (ObaRedemptionsSection *self)
{
  return oba_session_has_role (oba_section_get_session (OBA_SECTION (self)), OBA_ROLE_ADMIN);
}

/* ---- what was typed */

static gboolean
read_entry (ObaRedemptionsSection *self, guint i, gint64 *number)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->entries[i])));

  return g_ascii_string_to_signed (text, 10, 1, fields[i].max, number, NULL);
}

/* FALSE, and said beside each, when something is none. */
static gboolean
read_form (ObaRedemptionsSection *self, gint64 *typed)
{
  gboolean well = TRUE;

  for (guint i = 0; i < OBA_REDEMPTIONS_N_ENTRIES; i++)
    {
      gboolean fine = read_entry (self, i, &typed[i]);

      oba_field_set_problem (self->fields[i], fine ? NULL : _(fields[i].problem));
      well = well && fine;
    }
  return well;
}

static void
update (ObaRedemptionsSection *self)
{
  gint64 typed[OBA_REDEMPTIONS_N_ENTRIES] = { 0 };
  gboolean valid = self->version > 0 && read_form (self, typed);

  self->touched = self->version > 0 && (!valid || memcmp (typed, self->now, sizeof typed) != 0);
  gtk_widget_set_sensitive (self->save_button, valid && self->touched && !oba_section_is_saving (OBA_SECTION (self)));
}

static void
changed_cb (ObaRedemptionsSection *self)
{
  if (!self->filling)
    update (self);
}

/* What was typed over @before stays, with what holds now beside it. */
static void
fill (ObaRedemptionsSection *self, const gint64 *before)
{
  self->filling = TRUE;
  for (guint i = 0; i < OBA_REDEMPTIONS_N_ENTRIES; i++)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, self->now[i]);
      g_autofree char *note = g_strdup_printf (_("Now: %s"), text);
      gint64 typed = 0;
      gboolean kept = self->touched && (!read_entry (self, i, &typed) || typed != before[i]);

      if (!kept)
        gtk_editable_set_text (self->entries[i], text);
      oba_field_set_note (self->fields[i], kept && before[i] != self->now[i] ? note : NULL);
    }
  self->filling = FALSE;
  update (self);
}

/* ---- history */

static char *
describe_change (JsonObject *changes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < OBA_REDEMPTIONS_N_ENTRIES; i++)
    {
      JsonArray *pair = json_object_has_member (changes, fields[i].name) ? json_object_get_array_member (changes, fields[i].name) : NULL;

      if (pair != NULL)
        g_string_append_printf (text, "%s%s: %" G_GINT64_FORMAT " → %" G_GINT64_FORMAT, text->len > 0 ? " · " : "", _(fields[i].brief), json_array_get_int_element (pair, 0),
                                json_array_get_int_element (pair, 1));
    }
  return g_string_free (text, FALSE);
}

static void
add_change (ObaRedemptionsSection *self, JsonObject *change)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autoptr (GDateTime) at = oba_day_at (json_object_get_int_member (change, "at"));
  g_autofree char *moment = oba_customer_text_moment (at);
  g_autofree char *what = describe_change (json_object_get_object_member (change, "changes"));
  /* Translators: the name of a colleague, a moment. */
  g_autofree char *who = g_strdup_printf (_("%s, %s"), json_object_get_string_member (change, "who"), moment);

  gtk_box_append (GTK_BOX (box), oba_profile_label_new (what, NULL));
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (who, "dim-label"));
  gtk_box_append (self->history, box);
}

static void
show_history (ObaRedemptionsSection *self, JsonArray *changes)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->history))) != NULL)
    gtk_box_remove (self->history, child);
  gtk_box_append (self->history, oba_profile_label_new (_("Changes"), "heading"));
  for (guint i = 0; i < json_array_get_length (changes); i++)
    add_change (self, json_array_get_object_element (changes, i));
  if (json_array_get_length (changes) == 0)
    gtk_box_append (self->history, oba_profile_label_new (_("Nobody has changed these times yet."), "dim-label"));
}

/* ---- reading */

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaRedemptionsSection *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (JsonNode) node = rows != NULL ? json_from_string (oba_db_result_get_text (rows, 0, 0), &error) : NULL;
  gint64 before[OBA_REDEMPTIONS_N_ENTRIES];
  JsonObject *object;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  if (node == NULL)
    {
      oba_section_end_reading (self, error);
      return;
    }
  object = json_node_get_object (node);
  memcpy (before, self->now, sizeof before);
  for (guint i = 0; i < OBA_REDEMPTIONS_N_ENTRIES; i++)
    self->now[i] = json_object_get_int_member (object, fields[i].name);
  self->version = json_object_get_int_member (object, "version");
  fill (self, before);
  show_history (self, json_object_get_array_member (object, "changes"));
  oba_section_end_reading (self, NULL);
}

static void
oba_redemptions_section_read (ObaSection *section, GCancellable *cancellable)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) MAX_CHANGES);

  oba_db_pool_read_async (oba_section_get_pool (section), oba_db_sql ("redemptions/settings.sql"), params, cancellable, read_cb, section);
}

/* ---- saving */

static void
oba_redemptions_section_saved (ObaSection *section, JsonObject *answer)
{
  OBA_REDEMPTIONS_SECTION (section)->touched = FALSE;
  oba_section_toast (section, _("The times of redemptions were changed"));
}

static void
oba_redemptions_section_update (ObaSection *section)
{
  update (OBA_REDEMPTIONS_SECTION (section));
}

static void
save_cb (ObaRedemptionsSection *self)
{
  gint64 typed[OBA_REDEMPTIONS_N_ENTRIES] = { 0 };
  JsonObject *object;
  g_autoptr (JsonNode) request = NULL;

  if (oba_section_is_saving (OBA_SECTION (self)) || !may_change (self) || !gtk_widget_get_sensitive (self->save_button) || !read_form (self, typed))
    return;
  object = json_object_new ();
  for (guint i = 0; i < OBA_REDEMPTIONS_N_ENTRIES; i++)
    json_object_set_int_member (object, fields[i].name, typed[i]);
  json_object_set_int_member (object, "version", self->version);
  request = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  oba_section_save (OBA_SECTION (self), "set_redemption_settings", request);
}

/* ---- the object */

static void
oba_redemptions_section_class_init (ObaRedemptionsSectionClass *klass)
{
  OBA_SECTION_CLASS (klass)->read = oba_redemptions_section_read;
  OBA_SECTION_CLASS (klass)->saved = oba_redemptions_section_saved;
  OBA_SECTION_CLASS (klass)->update = oba_redemptions_section_update;
}

static void
oba_redemptions_section_init (ObaRedemptionsSection *self)
{
}

static void
add_form (ObaRedemptionsSection *self, GtkBox *box)
{
  GtkBox *card = oba_section_add_card (box);

  for (guint i = 0; i < OBA_REDEMPTIONS_N_ENTRIES; i++)
    {
      GtkWidget *entry = gtk_entry_new ();

      gtk_entry_set_max_length (GTK_ENTRY (entry), 20);
      gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_DIGITS);
      gtk_editable_set_editable (GTK_EDITABLE (entry), may_change (self));
      g_signal_connect_swapped (entry, "changed", G_CALLBACK (changed_cb), self);
      g_signal_connect_swapped (entry, "activate", G_CALLBACK (save_cb), self);
      self->entries[i] = GTK_EDITABLE (entry);
      self->fields[i] = OBA_FIELD (oba_field_new (_(fields[i].title), entry, NULL));
      gtk_box_append (card, GTK_WIDGET (self->fields[i]));
    }
  self->save_button = gtk_button_new_with_mnemonic (_("_Save"));
  gtk_widget_add_css_class (self->save_button, "suggested-action");
  gtk_widget_set_halign (self->save_button, GTK_ALIGN_END);
  gtk_widget_set_visible (self->save_button, may_change (self));
  gtk_widget_set_sensitive (self->save_button, FALSE);
  g_signal_connect_swapped (self->save_button, "clicked", G_CALLBACK (save_cb), self);
  gtk_box_append (card, self->save_button);
  if (!may_change (self))
    gtk_box_append (card, oba_profile_label_new (_("An administrator changes these times."), "dim-label"));
}

GtkWidget *
oba_redemptions_section_new (ObaSession *session)
{
  ObaRedemptionsSection *self = g_object_new (OBA_TYPE_REDEMPTIONS_SECTION, NULL);
  GtkBox *box = oba_section_build (OBA_SECTION (self), session, MAX_WIDTH,
                                   _("How long customers wait for a reward, and how long they may take to fetch it. What is late follows at once; requests and vouchers that are there keep their day."));

  self->history = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  add_form (self, box);
  gtk_box_append (box, GTK_WIDGET (self->history));
  return GTK_WIDGET (self);
}

GtkEditable *
oba_redemptions_section_get_entry (ObaRedemptionsSection *self, ObaRedemptionsEntry which)
{
  return self->entries[which];
}

GtkWidget *
oba_redemptions_section_get_button (ObaRedemptionsSection *self)
{
  return self->save_button;
}
