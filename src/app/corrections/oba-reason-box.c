#include "oba-reason-box.h"

#include <glib/gi18n-lib.h>

#include "base/oba-text.h"
#include "widgets/oba-field.h"

#define MIN_CHARS 3
#define MAX_CHARS 1000

struct _ObaReasonBox
{
  GtkBox             parent_instance;

  const char *const *codes;
  guint              first;       /* what was chosen in the beginning */
  GtkDropDown       *list;
  GtkEditable       *text;
  ObaField          *list_field;
  ObaField          *text_field;
};

G_DEFINE_FINAL_TYPE (ObaReasonBox, oba_reason_box, GTK_TYPE_BOX)

/* The likeliest first. */
static const char *const *
codes_of (ObaCorrectionKind kind)
{
  static const char *const of_return[] = { "damaged", "not_wanted", "wrong_price", "wrong_quantity", "wrong_item", "cashier_error", "other", NULL };
  static const char *const of_void[] = { "duplicate", "cashier_error", "till_fault", "not_wanted", "wrong_customer", "other", NULL };
  static const char *const of_change[] = { "wrong_price", "wrong_quantity", "wrong_item", "wrong_store", "wrong_time", "cashier_error", "till_fault", "other", NULL };
  static const char *const of_move[] = { "forgot_card", "wrong_customer", "cashier_error", "other", NULL };
  static const char *const of_missed[] = { "missed", "till_fault", "cashier_error", "other", NULL };
  static const char *const of_undo[] = { "mistake", "other", NULL };
  static const char *const *const of[] = { of_return, of_void, of_change, of_move, of_missed, of_undo };

  return of[kind];
}

const char *
oba_reason_box_get_code (ObaReasonBox *self)
{
  guint chosen = gtk_drop_down_get_selected (self->list);

  return chosen > 0 && chosen != GTK_INVALID_LIST_POSITION ? self->codes[chosen - 1] : NULL;
}

char *
oba_reason_box_dup_text (ObaReasonBox *self)
{
  g_autofree char *text = oba_text_clean (gtk_editable_get_text (self->text), MAX_CHARS, NULL);

  return text != NULL && g_utf8_strlen (text, -1) >= MIN_CHARS ? g_steal_pointer (&text) : NULL;
}

gboolean
oba_reason_box_is_touched (ObaReasonBox *self)
{
  return gtk_drop_down_get_selected (self->list) != self->first || *gtk_editable_get_text (self->text) != '\0';
}

/* (transfer full) (nullable) */
static char *
problem_of_text (ObaReasonBox *self)
{
  const char *typed = gtk_editable_get_text (self->text);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = oba_text_clean (typed, G_MAXINT, &error);
  glong length;

  if (text == NULL)
    return g_strdup_printf ("%s.", error->message);
  length = g_utf8_strlen (text, -1);
  if (length > MAX_CHARS)
    {
      g_autofree char *much = g_strdup_printf ("%ld", length);

      return g_strdup_printf (_("At most 1,000 characters are kept; these are %s."), much);
    }
  return length < MIN_CHARS ? g_strdup (_("Say in a few words what happened: auditors read it.")) : NULL;
}

gboolean
oba_reason_box_check (ObaReasonBox *self)
{
  g_autofree char *problem = problem_of_text (self);
  gboolean chosen = oba_reason_box_get_code (self) != NULL;

  oba_field_set_problem (self->list_field, chosen ? NULL : _("Choose a reason."));
  oba_field_set_problem (self->text_field, problem);
  if (!chosen)
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
  else if (problem != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->text));
  return chosen && problem == NULL;
}

void
oba_reason_box_focus (ObaReasonBox *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
chosen_cb (ObaReasonBox *self)
{
  oba_field_set_problem (self->list_field, NULL);
}

/* Too much is told at once, too little when it is to be posted. */
static void
typed_cb (ObaReasonBox *self)
{
  gboolean enough = gtk_entry_get_text_length (GTK_ENTRY (self->text)) >= MIN_CHARS;
  g_autofree char *problem = enough ? problem_of_text (self) : NULL;

  oba_field_set_problem (self->text_field, problem);
}

void
oba_reason_box_set (ObaReasonBox *self, const char *code, const char *text)
{
  for (guint i = 0; self->codes[i] != NULL; i++)
    if (g_strcmp0 (self->codes[i], code) == 0)
      gtk_drop_down_set_selected (self->list, i + 1);
  gtk_editable_set_text (self->text, text);
}

static void
oba_reason_box_class_init (ObaReasonBoxClass *klass)
{
}

static void
oba_reason_box_init (ObaReasonBox *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

GtkWidget *
oba_reason_box_new (ObaCorrectionKind kind)
{
  ObaReasonBox *self = g_object_new (OBA_TYPE_REASON_BOX, NULL);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  GtkWidget *entry = gtk_entry_new ();

  self->codes = codes_of (kind);
  gtk_string_list_append (titles, _("Choose a reason"));
  for (guint i = 0; self->codes[i] != NULL; i++)
    gtk_string_list_append (titles, oba_correction_reason_title (self->codes[i]));
  self->list = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&titles)), NULL));
  self->first = kind == OBA_CORRECTION_UNDO || kind == OBA_CORRECTION_MISSED ? 1 : 0;
  gtk_drop_down_set_selected (self->list, self->first);
  self->text = GTK_EDITABLE (entry);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  self->list_field = OBA_FIELD (oba_field_new (_("Reason"), GTK_WIDGET (self->list), NULL));
  self->text_field = OBA_FIELD (oba_field_new (_("What happened"), entry, NULL));
  g_signal_connect_object (self->list, "notify::selected", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->list_field));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->text_field));
  return GTK_WIDGET (self);
}
