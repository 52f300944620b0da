#include "oba-customer-form.h"

#include <glib/gi18n-lib.h>

#include "base/oba-phone.h"
#include "customers/oba-customer-double.h"
#include "oba-birth-entry.h"
#include "oba-category-picker.h"
#include "oba-city-entry.h"
#include "oba-customer-text.h"
#include "widgets/oba-field.h"
#include "widgets/oba-store-chooser.h"

/* Nobody is told that a number is wrong while they type it. */
#define PATIENCE_MS 700

static const char *const languages[] = { "az", "ru", "en", NULL };
static const char *const channels[] = { "telegram", "sms", "email", "phone", "profiling" };

struct _ObaCustomerForm
{
  GtkBox               parent_instance;

  ObaDbPool           *pool;
  ObaCustomerDraft    *base;
  GPtrArray           *cities;
  GCancellable        *cancellable;
  gboolean             filling;
  gboolean             knows_choices;
  guint                told;             /* a bit for each field whose problems are shown as they are */
  guint                foreign;          /* a bit for each field whose problem the database knows */
  guint                patience_id;

  ObaField            *fields[OBA_CUSTOMER_N_FIELDS];
  GtkEditable         *entries[OBA_CUSTOMER_N_FIELDS];   /* those that are lines of text */
  GtkDropDown         *language;
  ObaStoreChooser     *store;
  ObaCategoryPicker   *categories;
  GtkTextBuffer       *notes;
  GtkCheckButton      *consents[G_N_ELEMENTS (channels)];
};

enum { CHANGED, SUBMIT, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaCustomerForm, oba_customer_form, GTK_TYPE_BOX)

/* ---- what is in the fields */

static char *
get_notes (ObaCustomerForm *self)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (self->notes, &start, &end);
  return gtk_text_buffer_get_text (self->notes, &start, &end, TRUE);
}

char *
oba_customer_form_get_text (ObaCustomerForm  *self,
                            ObaCustomerField  field)
{
  switch (field)
    {
    case OBA_CUSTOMER_LANGUAGE:
      return g_strdup (languages[gtk_drop_down_get_selected (self->language)]);
    case OBA_CUSTOMER_PREFERRED_STORE:
      if (oba_store_chooser_get_store (self->store) == 0)
        return g_strdup ("");
      return g_strdup_printf ("%" G_GINT64_FORMAT, oba_store_chooser_get_store (self->store));
    case OBA_CUSTOMER_CATEGORIES:
      return g_strdup (oba_category_picker_get_value (self->categories));
    case OBA_CUSTOMER_NOTES:
      return get_notes (self);
    default:
      return g_strdup (gtk_editable_get_text (self->entries[field]));
    }
}

void
oba_customer_form_set_text (ObaCustomerForm  *self,
                            ObaCustomerField  field,
                            const char       *text)
{
  switch (field)
    {
    case OBA_CUSTOMER_LANGUAGE:
      for (guint i = 0; languages[i] != NULL; i++)
        if (g_str_equal (languages[i], text))
          gtk_drop_down_set_selected (self->language, i);
      break;
    case OBA_CUSTOMER_PREFERRED_STORE:
      oba_store_chooser_set_store (self->store, g_ascii_strtoll (text, NULL, 10), NULL);
      break;
    case OBA_CUSTOMER_CATEGORIES:
      oba_category_picker_set_value (self->categories, text);
      break;
    case OBA_CUSTOMER_NOTES:
      gtk_text_buffer_set_text (self->notes, text, -1);
      break;
    default:
      gtk_editable_set_text (self->entries[field], text);
      break;
    }
}

static char *
normalize (ObaCustomerForm   *self,
           ObaCustomerField   field,
           GError           **error)
{
  g_autofree char *text = oba_customer_form_get_text (self, field);

  return oba_customer_field_normalize (field, text, error);
}

static gboolean
is_changed (ObaCustomerForm  *self,
            ObaCustomerField  field)
{
  g_autofree char *value = normalize (self, field, NULL);

  return value == NULL || !g_str_equal (value, self->base->values[field]);
}

static gboolean
lacks_name (ObaCustomerForm *self)
{
  g_autofree char *family = normalize (self, OBA_CUSTOMER_FAMILY_NAME, NULL);
  g_autofree char *given = normalize (self, OBA_CUSTOMER_GIVEN_NAME, NULL);

  return g_strcmp0 (family, "") == 0 && g_strcmp0 (given, "") == 0;
}

/* ---- what is said under the fields */

static void
show_phone (ObaCustomerForm *self,
            const char      *value)
{
  g_autofree char *shown = value != NULL && *value != '\0' ? oba_phone_format (value) : NULL;
  g_autofree char *note = NULL;

  /* Translators: a phone number as it will be kept. */
  if (shown != NULL && !g_str_equal (shown, gtk_editable_get_text (self->entries[OBA_CUSTOMER_PHONE])))
    note = g_strdup_printf (_("Saved as %s"), shown);
  oba_field_set_note (self->fields[OBA_CUSTOMER_PHONE], note);
}

/* What is right is said at once, what is wrong only when @told: it may be half typed. */
static void
check_field (ObaCustomerForm  *self,
             ObaCustomerField  field,
             gboolean          told)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = normalize (self, field, &error);

  if (value == NULL && told)
    oba_field_set_problem (self->fields[field], error->message);
  else if (value != NULL && (self->foreign & 1u << field) == 0)
    oba_field_set_problem (self->fields[field], NULL);
  if (field == OBA_CUSTOMER_PHONE)
    show_phone (self, value);
}

static void
check_name (ObaCustomerForm *self)
{
  guint both = 1u << OBA_CUSTOMER_FAMILY_NAME | 1u << OBA_CUSTOMER_GIVEN_NAME;

  if (lacks_name (self) && (self->told & both) == both)
    oba_field_set_problem (self->fields[OBA_CUSTOMER_GIVEN_NAME], _("A given name or a family name is needed"));
}

static void
tell (ObaCustomerForm  *self,
      ObaCustomerField  field)
{
  if (is_changed (self, field))
    self->told |= 1u << field;
  check_field (self, field, (self->told & 1u << field) != 0);
  check_name (self);
}

static void
patience_cb (gpointer user_data)
{
  ObaCustomerForm *self = user_data;

  self->patience_id = 0;
  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    tell (self, i);
}

static void
field_changed (ObaCustomerForm  *self,
               ObaCustomerField  field)
{
  if (self->filling)
    return;
  self->foreign &= ~(1u << field);
  check_field (self, field, oba_field_get_problem (self->fields[field]) != NULL);
  if (field == OBA_CUSTOMER_FAMILY_NAME && !lacks_name (self))
    check_field (self, OBA_CUSTOMER_GIVEN_NAME, TRUE);
  g_clear_handle_id (&self->patience_id, g_source_remove);
  self->patience_id = g_timeout_add_once (PATIENCE_MS, patience_cb, self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static ObaCustomerField
field_of (gpointer object)
{
  return GPOINTER_TO_UINT (g_object_get_data (object, "oba-field"));
}

static void
entry_changed_cb (ObaCustomerForm *self,
                  GObject         *source)
{
  field_changed (self, field_of (source));
}

static void
chosen_cb (ObaCustomerForm *self,
           GParamSpec      *pspec,
           GObject         *source)
{
  field_changed (self, field_of (source));
}

static void
consent_cb (ObaCustomerForm *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
left_cb (GtkEventControllerFocus *controller,
         ObaCustomerForm         *self)
{
  tell (self, field_of (controller));
}

static void
submit_cb (ObaCustomerForm *self)
{
  g_signal_emit (self, signals[SUBMIT], 0);
}

/* ---- making the fields */

static void
place (ObaCustomerForm  *self,
       ObaCustomerField  field,
       GtkWidget        *control,
       GtkWidget        *target)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkWidget *widget = oba_field_new (oba_customer_field_get_title (field), control, target);

  self->fields[field] = OBA_FIELD (widget);
  g_object_set_data (G_OBJECT (focus), "oba-field", GUINT_TO_POINTER (field));
  g_signal_connect (focus, "leave", G_CALLBACK (left_cb), self);
  gtk_widget_add_controller (control, focus);
  gtk_widget_set_hexpand (widget, TRUE);
}

static void
make_entry (ObaCustomerForm  *self,
            ObaCustomerField  field,
            GtkWidget        *control,
            GtkWidget        *entry)
{
  self->entries[field] = GTK_EDITABLE (entry);
  g_object_set_data (G_OBJECT (entry), "oba-field", GUINT_TO_POINTER (field));
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (submit_cb), self);
  /* Long names of two columns share the width. */
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  place (self, field, control, entry);
}

static void
make_entries (ObaCustomerForm *self)
{
  static const ObaCustomerField plain[] = { OBA_CUSTOMER_FAMILY_NAME, OBA_CUSTOMER_GIVEN_NAME, OBA_CUSTOMER_PATRONYMIC, OBA_CUSTOMER_PHONE, OBA_CUSTOMER_EMAIL };
  GtkWidget *entry;
  GtkWidget *control;

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      entry = gtk_entry_new ();
      make_entry (self, plain[i], entry, entry);
    }
  gtk_entry_set_input_purpose (GTK_ENTRY (self->entries[OBA_CUSTOMER_PHONE]), GTK_INPUT_PURPOSE_PHONE);
  gtk_entry_set_input_purpose (GTK_ENTRY (self->entries[OBA_CUSTOMER_EMAIL]), GTK_INPUT_PURPOSE_EMAIL);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entries[OBA_CUSTOMER_PHONE]), "050 123 45 67");
  control = oba_birth_entry_new (&entry);
  make_entry (self, OBA_CUSTOMER_BIRTH_DATE, control, entry);
  entry = oba_city_entry_new (self->cities);
  make_entry (self, OBA_CUSTOMER_CITY, entry, entry);
}

static void
make_choices (ObaCustomerForm *self)
{
  GtkWidget *language = gtk_drop_down_new_from_strings ((const char *[]) { _("Azerbaijani"), _("Russian"), _("English"), NULL });
  GtkWidget *store = oba_store_chooser_new (self->pool);
  GtkWidget *categories = oba_category_picker_new ();
  GtkWidget *const sources[] = { language, store, categories };
  static const ObaCustomerField fields[] = { OBA_CUSTOMER_LANGUAGE, OBA_CUSTOMER_PREFERRED_STORE, OBA_CUSTOMER_CATEGORIES };

  self->language = GTK_DROP_DOWN (language);
  self->store = OBA_STORE_CHOOSER (store);
  self->categories = OBA_CATEGORY_PICKER (categories);
  oba_store_chooser_set_none (self->store, _("No store"));
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_object_set_data (G_OBJECT (sources[i]), "oba-field", GUINT_TO_POINTER (fields[i]));
  g_signal_connect_swapped (language, "notify::selected", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (store, "notify::store-id", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (categories, "changed", G_CALLBACK (entry_changed_cb), self);
  place (self, OBA_CUSTOMER_LANGUAGE, language, NULL);
  place (self, OBA_CUSTOMER_PREFERRED_STORE, store, oba_store_chooser_get_button (self->store));
  place (self, OBA_CUSTOMER_CATEGORIES, categories, oba_category_picker_get_button (self->categories));
}

static void
make_notes (ObaCustomerForm *self)
{
  GtkWidget *view = gtk_text_view_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->notes = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_object_set_data (G_OBJECT (self->notes), "oba-field", GUINT_TO_POINTER (OBA_CUSTOMER_NOTES));
  g_signal_connect_swapped (self->notes, "changed", G_CALLBACK (entry_changed_cb), self);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 9);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 9);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 6);
  gtk_widget_add_css_class (scroller, "notes-entry");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 56);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  place (self, OBA_CUSTOMER_NOTES, scroller, view);
}

static GtkWidget *
make_consents (ObaCustomerForm *self)
{
  GtkWidget *box = gtk_flow_box_new ();
  GtkWidget *field = oba_field_new (_("The customer agrees to"), box, NULL);

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (box), G_N_ELEMENTS (channels));
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      GtkWidget *check = gtk_check_button_new_with_label (oba_customer_text_channel (channels[i]));

      self->consents[i] = GTK_CHECK_BUTTON (check);
      g_signal_connect_swapped (check, "toggled", G_CALLBACK (consent_cb), self);
      gtk_flow_box_append (GTK_FLOW_BOX (box), check);
      gtk_widget_set_focusable (gtk_widget_get_parent (check), FALSE);
    }
  return field;
}

/* Two in a row where there is room; notes and what is agreed to take the whole width. */
static void
lay_out (ObaCustomerForm *self,
         guint            columns,
         gboolean         consents)
{
  static const ObaCustomerField order[] = {
    OBA_CUSTOMER_FAMILY_NAME, OBA_CUSTOMER_GIVEN_NAME, OBA_CUSTOMER_PATRONYMIC, OBA_CUSTOMER_BIRTH_DATE, OBA_CUSTOMER_PHONE, OBA_CUSTOMER_EMAIL,
    OBA_CUSTOMER_CITY, OBA_CUSTOMER_LANGUAGE, OBA_CUSTOMER_PREFERRED_STORE, OBA_CUSTOMER_CATEGORIES,
  };
  GtkWidget *grid = gtk_grid_new ();
  int rows = (int) ((G_N_ELEMENTS (order) + columns - 1) / columns);

  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 12);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (self->fields[order[i]]), (int) (i % columns), (int) (i / columns), 1, 1);
  gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (self->fields[OBA_CUSTOMER_NOTES]), 0, rows, (int) columns, 1);
  if (consents)
    gtk_grid_attach (GTK_GRID (grid), make_consents (self), 0, rows + 1, (int) columns, 1);
  gtk_widget_set_hexpand (grid, TRUE);
  gtk_box_append (GTK_BOX (self), grid);
}

/* ---- what is offered */

static void
choices_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (ObaCustomerForm) self = user_data;
  g_autoptr (ObaChoices) choices = oba_choices_read_finish (result, NULL);

  /* Without them the form is as good: cities are typed, and categories come when the form is shown again. */
  if (choices == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  self->knows_choices = TRUE;
  g_ptr_array_set_size (self->cities, 0);
  for (guint i = 0; i < choices->cities->len; i++)
    g_ptr_array_add (self->cities, g_strdup (choices->cities->pdata[i]));
  oba_category_picker_set_choices (self->categories, choices->category_ids, choices->categories);
}

static void
oba_customer_form_map (GtkWidget *widget)
{
  ObaCustomerForm *self = OBA_CUSTOMER_FORM (widget);

  GTK_WIDGET_CLASS (oba_customer_form_parent_class)->map (widget);
  if (!self->knows_choices)
    oba_choices_read_async (self->pool, self->cancellable, choices_cb, g_object_ref (self));
}

/* ---- the object */

static void
oba_customer_form_dispose (GObject *object)
{
  ObaCustomerForm *self = OBA_CUSTOMER_FORM (object);

  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->notes != NULL)
    g_signal_handlers_disconnect_by_data (self->notes, self);
  self->filling = TRUE;

  G_OBJECT_CLASS (oba_customer_form_parent_class)->dispose (object);
}

static void
oba_customer_form_finalize (GObject *object)
{
  ObaCustomerForm *self = OBA_CUSTOMER_FORM (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->pool);
  g_ptr_array_unref (self->cities);
  oba_customer_draft_free (self->base);
  G_OBJECT_CLASS (oba_customer_form_parent_class)->finalize (object);
}

static void
oba_customer_form_class_init (ObaCustomerFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = oba_customer_form_dispose;
  object_class->finalize = oba_customer_form_finalize;
  GTK_WIDGET_CLASS (klass)->map = oba_customer_form_map;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_CUSTOMER_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SUBMIT] = g_signal_new ("submit", OBA_TYPE_CUSTOMER_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_customer_form_init (ObaCustomerForm *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  self->base = oba_customer_draft_new ();
  self->cities = g_ptr_array_new_with_free_func (g_free);
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
oba_customer_form_new (ObaDbPool *pool,
                       guint      columns,
                       gboolean   consents)
{
  ObaCustomerForm *self = g_object_new (OBA_TYPE_CUSTOMER_FORM, NULL);

  self->pool = g_object_ref (pool);
  make_entries (self);
  make_choices (self);
  make_notes (self);
  lay_out (self, columns, consents);
  oba_customer_form_set_base (self, self->base);
  return GTK_WIDGET (self);
}

void
oba_customer_form_set_draft (ObaCustomerForm        *self,
                             const ObaCustomerDraft *base,
                             const ObaCustomerDraft *draft)
{
  ObaCustomerDraft *copy = oba_customer_draft_copy (base);

  self->filling = TRUE;
  g_clear_handle_id (&self->patience_id, g_source_remove);
  oba_customer_draft_free (self->base);
  self->base = copy;
  self->told = 0;
  self->foreign = 0;
  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    {
      g_autofree char *text = oba_customer_field_format (i, draft->values[i]);

      oba_customer_form_set_text (self, i, text);
      if (i == OBA_CUSTOMER_PREFERRED_STORE && *draft->store_name != '\0')
        oba_store_chooser_set_store (self->store, g_ascii_strtoll (text, NULL, 10), draft->store_name);
      oba_field_set_problem (self->fields[i], NULL);
      oba_field_set_note (self->fields[i], NULL);
    }
  self->filling = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
oba_customer_form_set_base (ObaCustomerForm        *self,
                            const ObaCustomerDraft *base)
{
  g_autoptr (ObaCustomerDraft) copy = oba_customer_draft_copy (base);

  oba_customer_form_set_draft (self, copy, copy);
}

const ObaCustomerDraft *
oba_customer_form_get_base (ObaCustomerForm *self)
{
  return self->base;
}

ObaCustomerDraft *
oba_customer_form_get_draft (ObaCustomerForm *self)
{
  ObaCustomerDraft *draft = oba_customer_draft_copy (self->base);

  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    {
      g_autofree char *value = normalize (self, i, NULL);

      if (value != NULL)
        oba_customer_draft_set (draft, i, value);
    }
  oba_customer_draft_set_store_name (draft, oba_store_chooser_get_store (self->store) != 0 ? oba_store_chooser_get_text (self->store) : "");
  return draft;
}

JsonObject *
oba_customer_form_get_consents (ObaCustomerForm *self)
{
  g_autoptr (JsonObject) consents = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    if (self->consents[i] != NULL && gtk_check_button_get_active (self->consents[i]))
      json_object_set_boolean_member (consents, channels[i], TRUE);
  return json_object_get_size (consents) > 0 ? g_steal_pointer (&consents) : NULL;
}

gboolean
oba_customer_form_is_dirty (ObaCustomerForm *self)
{
  g_autoptr (JsonObject) consents = oba_customer_form_get_consents (self);

  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    if (is_changed (self, i))
      return TRUE;
  return consents != NULL;
}

char *
oba_customer_form_get_obstacle (ObaCustomerForm *self)
{
  g_autoptr (GPtrArray) wrong = g_ptr_array_new ();
  g_autofree char *names = NULL;

  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    {
      g_autofree char *value = normalize (self, i, NULL);

      if (value == NULL)
        g_ptr_array_add (wrong, (gpointer) oba_customer_field_get_title (i));
    }
  if (wrong->len == 0)
    return lacks_name (self) ? g_strdup (_("Still missing: a given name or a family name")) : NULL;
  g_ptr_array_add (wrong, NULL);
  names = g_strjoinv (", ", (char **) wrong->pdata);
  /* Translators: names of fields that hold something wrong. */
  return g_strdup_printf (_("Check: %s"), names);
}

void
oba_customer_form_focus (ObaCustomerForm  *self,
                         ObaCustomerField  field)
{
  gtk_widget_grab_focus (oba_field_get_target (self->fields[field]));
}

void
oba_customer_form_show_problems (ObaCustomerForm *self)
{
  self->told = ~0u;
  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    check_field (self, i, TRUE);
  check_name (self);
  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    if (oba_field_get_problem (self->fields[i]) != NULL)
      {
        oba_customer_form_focus (self, i);
        return;
      }
}

void
oba_customer_form_set_problem (ObaCustomerForm  *self,
                               ObaCustomerField  field,
                               const char       *sentence)
{
  self->foreign |= 1u << field;
  oba_field_set_problem (self->fields[field], sentence);
}

const char *
oba_customer_form_get_problem (ObaCustomerForm  *self,
                               ObaCustomerField  field)
{
  return oba_field_get_problem (self->fields[field]);
}

char *
oba_customer_form_describe (ObaCustomerForm  *self,
                            ObaCustomerField  field,
                            const ObaCustomerDraft *draft)
{
  const char *value = draft->values[field];

  if (field == OBA_CUSTOMER_LANGUAGE)
    return g_strdup (oba_customer_text_language (value));
  if (field == OBA_CUSTOMER_CATEGORIES)
    return oba_category_picker_describe (self->categories, value);
  if (field == OBA_CUSTOMER_PREFERRED_STORE && *draft->store_name != '\0')
    return g_strdup (draft->store_name);
  return oba_customer_field_format (field, value);
}
