#include "oba-missed-form.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/oba-money.h"
#include "base/oba-text.h"
#include "customers/oba-city-entry.h"
#include "customers/oba-profile-section.h"
#include "oba-lines-editor.h"
#include "oba-moment-box.h"
#include "oba-payment-box.h"
#include "oba-place-box.h"
#include "widgets/oba-customer-chooser.h"
#include "widgets/oba-field.h"

/* As the database takes them. */
#define MAX_NUMBER 64
#define MAX_CASHIER 100
#define MAX_BARCODE 14

enum { NUMBER, CASHIER, FISCAL, N_TEXTS };

struct _ObaMissedForm
{
  ObaCorrectionForm   parent_instance;

  ObaDbPool          *pool;
  GCancellable       *reading;       /* the cashiers of the store */
  gint64              store_id;      /* of those */
  GPtrArray          *cashiers;      /* of char* */
  gint64              customer_id;   /* who was given */

  ObaPlaceBox        *place;
  ObaMomentBox       *moment;
  GtkEditable        *texts[N_TEXTS];
  ObaField           *fields[N_TEXTS];
  ObaCustomerChooser *customer;
  ObaLinesEditor     *lines;
  GtkEditable        *total;
  ObaField           *total_field;
  ObaPaymentBox      *payment;
};

G_DEFINE_FINAL_TYPE (ObaMissedForm, oba_missed_form, OBA_TYPE_CORRECTION_FORM)

/* ---- reading what is typed */

static gboolean
read_text (ObaMissedForm *self, guint which, char **text)
{
  *text = oba_text_clean (gtk_editable_get_text (self->texts[which]), which == CASHIER ? MAX_CASHIER : MAX_NUMBER, NULL);
  return *text != NULL;
}

/* Nothing typed is not wrong yet. */
static void
show_texts (ObaMissedForm *self)
{
  for (guint i = 0; i < N_TEXTS; i++)
    {
      g_autofree char *text = NULL;
      gboolean fine = read_text (self, i, &text);

      oba_field_set_problem (self->fields[i], fine ? NULL : i == CASHIER ? _("At most 100 readable characters.") : _("At most 64 readable characters."));
    }
}

/* What the paper says; -1: nothing yet; FALSE: what is typed is no amount. */
static gboolean
read_total (ObaMissedForm *self, gint64 *total)
{
  const char *text = gtk_editable_get_text (self->total);

  *total = -1;
  return *text == '\0' || (oba_money_parse (text, total, NULL) && *total >= 0);
}

static void
show_total (ObaMissedForm *self)
{
  gint64 paper, made;
  gboolean readable = read_total (self, &paper);
  gboolean any = oba_lines_editor_get_total (self->lines, &made);
  g_autofree char *made_text = oba_money_format (any ? made : 0);
  g_autofree char *paper_text = oba_money_format (readable && paper >= 0 ? paper : 0);
  g_autofree char *apart = oba_money_format (ABS (made - paper));
  /* Translators: three amounts of money. */
  g_autofree char *differs = g_strdup_printf (_("The lines make %s, the paper says %s: %s apart."), made_text, paper_text, apart);
  /* Translators: an amount of money. */
  g_autofree char *note = any ? g_strdup_printf (_("The lines make %s."), made_text) : NULL;

  oba_payment_box_take_points (self->payment, oba_customer_chooser_get_customer (self->customer) != 0);
  oba_field_set_problem (self->total_field, !readable ? _("An amount like 12.50.") : paper >= 0 && (any ? made != paper : oba_lines_editor_get_n_lines (self->lines) == 0) ? differs : NULL);
  oba_field_set_note (self->total_field, note);
  oba_payment_box_set_total (self->payment, any ? made : 0);
}

static ObaCorrection *
oba_missed_form_make (ObaCorrectionForm *form)
{
  ObaMissedForm *self = OBA_MISSED_FORM (form);
  g_autoptr (ObaCorrection) correction = oba_correction_new (OBA_CORRECTION_MISSED);
  g_autofree char *number = NULL, *cashier = NULL, *fiscal = NULL;
  gint64 store, at, made, paper;
  int till;

  if (!read_text (self, NUMBER, &number) || !read_text (self, CASHIER, &cashier) || !read_text (self, FISCAL, &fiscal) || *number == '\0')
    return NULL;
  if (!oba_place_box_get (self->place, &store, &till) || !oba_moment_box_get (self->moment, &at))
    return NULL;
  if (!oba_lines_editor_get_total (self->lines, &made) || !read_total (self, &paper) || made != paper || !oba_payment_box_is_right (self->payment))
    return NULL;
  oba_correction_set_store (correction, store, till);
  oba_correction_set_time (correction, at);
  oba_correction_set_paper (correction, number, *cashier != '\0' ? cashier : NULL, *fiscal != '\0' ? fiscal : NULL);
  if (oba_customer_chooser_get_customer (self->customer) != 0)
    oba_correction_set_customer (correction, oba_customer_chooser_get_customer (self->customer));
  oba_lines_editor_apply (self->lines, correction);
  oba_payment_box_apply (self->payment, correction);
  return g_steal_pointer (&correction);
}

static gboolean
oba_missed_form_is_touched (ObaCorrectionForm *form)
{
  ObaMissedForm *self = OBA_MISSED_FORM (form);

  for (guint i = 0; i < N_TEXTS; i++)
    if (*gtk_editable_get_text (self->texts[i]) != '\0')
      return TRUE;
  return oba_lines_editor_get_n_lines (self->lines) > 0 || *gtk_editable_get_text (self->total) != '\0' || oba_place_box_is_changed (self->place)
         || oba_moment_box_is_changed (self->moment) || oba_customer_chooser_get_customer (self->customer) != self->customer_id;
}

/* The first that is missing or wrong, from above. */
static void
oba_missed_form_show_problem (ObaCorrectionForm *form)
{
  ObaMissedForm *self = OBA_MISSED_FORM (form);
  gint64 store, at, total;
  int till;

  if (!oba_place_box_get (self->place, &store, &till))
    oba_place_box_focus_problem (self->place);
  else if (!oba_moment_box_get (self->moment, &at))
    oba_moment_box_focus_problem (self->moment);
  else if (*gtk_editable_get_text (self->texts[NUMBER]) == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (self->texts[NUMBER]));
  else if (!oba_lines_editor_get_total (self->lines, &total))
    oba_lines_editor_focus_problem (self->lines);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->total));
}

/* ---- the cashiers of the store */

static void
cashiers_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaMissedForm) self = user_data;
  g_autoptr (GPtrArray) cashiers = oba_cashiers_finish (result, NULL);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->reading);
  /* Without them a name is typed to its end. */
  g_ptr_array_set_size (self->cashiers, 0);
  for (guint i = 0; cashiers != NULL && i < cashiers->len; i++)
    g_ptr_array_add (self->cashiers, g_strdup (cashiers->pdata[i]));
}

static void
read_cashiers (ObaMissedForm *self)
{
  gint64 store = oba_place_box_get_store (self->place);

  if (store == self->store_id)
    return;
  self->store_id = store;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  oba_cashiers_async (self->pool, store, self->reading, cashiers_cb, g_object_ref (self));
}

/* ---- */

static void
changed_cb (ObaMissedForm *self)
{
  read_cashiers (self);
  show_texts (self);
  show_total (self);
  oba_correction_form_changed (OBA_CORRECTION_FORM (self));
}

/* A barcode is an article's; what is not, is a card's. */
static void
oba_missed_form_scanned (ObaCorrectionForm *form, const char *code)
{
  ObaMissedForm *self = OBA_MISSED_FORM (form);

  if (strlen (code) <= MAX_BARCODE && code[strspn (code, "0123456789")] == '\0')
    oba_lines_editor_scan (self->lines, code);
  else
    oba_customer_chooser_search (self->customer, code, TRUE);
}

void
oba_missed_form_type (ObaMissedForm *self, const char *number, const char *cashier, const char *fiscal_id, const char *total)
{
  gtk_editable_set_text (self->texts[NUMBER], number);
  gtk_editable_set_text (self->texts[CASHIER], cashier);
  gtk_editable_set_text (self->texts[FISCAL], fiscal_id);
  gtk_editable_set_text (self->total, total);
}

gboolean
oba_missed_form_is_settled (ObaMissedForm *self)
{
  return self->reading == NULL && oba_lines_editor_is_settled (self->lines) && oba_customer_chooser_is_settled (self->customer);
}

/* ---- the object */

static void
oba_missed_form_dispose (GObject *object)
{
  ObaMissedForm *self = OBA_MISSED_FORM (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_missed_form_parent_class)->dispose (object);
}

static void
oba_missed_form_finalize (GObject *object)
{
  g_ptr_array_unref (OBA_MISSED_FORM (object)->cashiers);

  G_OBJECT_CLASS (oba_missed_form_parent_class)->finalize (object);
}

static void
oba_missed_form_class_init (ObaMissedFormClass *klass)
{
  ObaCorrectionFormClass *form_class = OBA_CORRECTION_FORM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_missed_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_missed_form_finalize;
  form_class->make = oba_missed_form_make;
  form_class->is_touched = oba_missed_form_is_touched;
  form_class->show_problem = oba_missed_form_show_problem;
  form_class->scanned = oba_missed_form_scanned;
}

static void
oba_missed_form_init (ObaMissedForm *self)
{
  self->cashiers = g_ptr_array_new_with_free_func (g_free);
}

static GtkWidget *
make_texts (ObaMissedForm *self)
{
  const char *const titles[] = { _("Receipt number"), _("Cashier"), _("Fiscal ID") };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  for (guint i = 0; i < N_TEXTS; i++)
    {
      /* What is known is completed, as cities are. */
      GtkWidget *entry = i == CASHIER ? oba_city_entry_new (self->cashiers) : gtk_entry_new ();

      self->texts[i] = GTK_EDITABLE (entry);
      gtk_editable_set_width_chars (self->texts[i], 10);
      gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
      self->fields[i] = OBA_FIELD (oba_field_new (titles[i], entry, NULL));
      g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->fields[i]));
    }
  return box;
}

static GtkWidget *
make_customer (ObaMissedForm *self)
{
  ObaProfileSection *section = g_object_new (OBA_TYPE_PROFILE_SECTION, "title", _("Customer, If There Was a Card"), NULL);

  self->customer = OBA_CUSTOMER_CHOOSER (oba_customer_chooser_new (self->pool));
  g_signal_connect_object (self->customer, "notify::customer-id", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  oba_profile_section_add (section, GTK_WIDGET (self->customer));
  return GTK_WIDGET (section);
}

static GtkWidget *
make_total (ObaMissedForm *self)
{
  GtkWidget *entry = gtk_entry_new ();

  self->total = GTK_EDITABLE (entry);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  self->total_field = OBA_FIELD (oba_field_new (_("Total on the paper"), entry, NULL));
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self->total_field);
}

static void
make_parts (ObaMissedForm *self)
{
  self->place = OBA_PLACE_BOX (oba_place_box_new (self->pool));
  self->moment = OBA_MOMENT_BOX (oba_moment_box_new ());
  self->lines = OBA_LINES_EDITOR (oba_lines_editor_new (self->pool));
  self->payment = OBA_PAYMENT_BOX (oba_payment_box_new ());
  g_signal_connect_object (self->place, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->moment, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->lines, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->payment, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

ObaCorrectionForm *
oba_missed_form_new (ObaDbPool *pool, gint64 customer_id, const char *name)
{
  ObaMissedForm *self = g_object_new (OBA_TYPE_MISSED_FORM, "kind", OBA_CORRECTION_MISSED, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->pool = g_object_ref (pool);
  self->customer_id = customer_id;
  make_parts (self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->place));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->moment));
  gtk_box_append (GTK_BOX (box), make_texts (self));
  gtk_box_append (GTK_BOX (box), make_customer (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->lines));
  gtk_box_append (GTK_BOX (box), make_total (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->payment));
  adw_bin_set_child (ADW_BIN (self), box);
  if (customer_id != 0)
    oba_customer_chooser_set_customer (self->customer, customer_id, name);
  return OBA_CORRECTION_FORM (self);
}
