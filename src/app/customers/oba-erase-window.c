#include "oba-erase-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-erasure.h"
#include "db/oba-db-request.h"
#include "oba-customer-text.h"
#include "widgets/oba-figure-row.h"
#include "widgets/oba-problem-box.h"

struct _ObaEraseWindow
{
  AdwWindow       parent_instance;

  ObaSession     *session;
  gint64          id;
  ObaErasure     *shown;         /* (nullable): what is said to go */
  GCancellable   *cancellable;   /* of looking */
  gboolean        looking;
  gboolean        again;         /* something happened since the look began */
  char           *key;           /* of what was sent */
  char           *sent;

  GtkStack       *stack;
  GtkLabel       *name_label;
  AdwBin         *goes_bin;
  AdwBin         *stays_bin;
  AdwComboRow    *reason_row;
  GtkEditable    *note_row;
  ObaProblemBox  *problem;
  GtkLabel       *confirm_label;
  GtkEditable    *confirm_entry;
  GtkWidget      *erase_button;
  GtkLabel       *missing_label;
  GtkLabel       *running_label;
  AdwBin         *done_bin;
  GtkWidget      *close_button;
  AdwStatusPage  *failed_page;
  GtkWidget      *retry_button;
};

G_DEFINE_FINAL_TYPE (ObaEraseWindow, oba_erase_window, ADW_TYPE_WINDOW)

static void look (ObaEraseWindow *self);

static gboolean
shows (ObaEraseWindow *self, const char *page)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), page) == 0;
}

/* ---- figures */

static GtkWidget *
group_new (const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  return group;
}

static void
add_some (GtkWidget *group, const char *title, gint64 n)
{
  g_autofree char *number = oba_number_format (n);

  if (n != 0)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), oba_figure_row_new (title, number));
}

static void
add_words (GtkWidget *group, const char *title)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), oba_figure_row_new (title, ""));
}

/* The dear ones first. */
static GtkWidget *
what_goes (const ObaErasure *erasure, const char *title)
{
  GtkWidget *group = group_new (title);

  add_some (group, _("Points that lapse"), erasure->points);
  add_some (group, _("Open redemptions that are cancelled"), erasure->redemptions);
  add_some (group, _("Cards that stop working"), erasure->cards);
  add_words (group, _("Names, birth date, e-mail, city, notes, preferences"));
  add_some (group, _("Phone numbers"), erasure->phones);
  add_some (group, _("Records of the same person, merged with this one"), erasure->records - 1);
  add_some (group, _("Link to Telegram"), erasure->telegram);
  add_some (group, _("Messages, sent and received"), erasure->messages);
  add_some (group, _("Numbers in other systems"), erasure->external_ids);
  add_some (group, _("Segments that the customer was put into"), erasure->segments);
  add_some (group, _("Points that were still owed"), erasure->owed);
  add_some (group, _("Entries of the audit trail that lose their values"), erasure->audited);
  return group;
}

static GtkWidget *
what_stays (const ObaErasure *erasure, const char *title)
{
  GtkWidget *group = group_new (title);

  add_some (group, _("Receipts"), erasure->receipts);
  add_some (group, _("Entries of the points’ ledger"), erasure->entries);
  add_some (group, _("Consents given and withdrawn"), erasure->consents);
  add_words (group, _("That it was erased: when, by whom, and why"));
  return group;
}

GtkWidget *
oba_erase_figures_new (const ObaErasure *erasure)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);

  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  gtk_box_append (GTK_BOX (box), what_goes (erasure, _("Goes for Good")));
  gtk_box_append (GTK_BOX (box), what_stays (erasure, _("Stays, Without a Name")));
  return box;
}

static void
show_figures (ObaEraseWindow *self)
{
  GtkWidget *goes = what_goes (self->shown, _("Goes for Good"));

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (goes), _("At once, and wherever it is kept. Only backups hold it until they are replaced."));
  adw_bin_set_child (self->goes_bin, goes);
  adw_bin_set_child (self->stays_bin, what_stays (self->shown, _("Stays, Without a Name")));
}

/* ---- what is asked for */

/* NULL: not chosen yet. */
static const char *
get_reason (ObaEraseWindow *self)
{
  guint chosen = adw_combo_row_get_selected (self->reason_row);

  return chosen == 0 || chosen == GTK_INVALID_LIST_POSITION ? NULL : oba_erasure_reasons[chosen - 1];
}

static char *
get_text (GtkEditable *editable)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (editable)));
}

/* What keeps the button from being pressed; NULL: nothing. */
static const char *
get_obstacle (ObaEraseWindow *self)
{
  g_autofree char *confirm = get_text (self->confirm_entry);
  g_autofree char *note = get_text (self->note_row);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, self->id);

  if (self->shown == NULL || self->looking)
    return _("What would go is being looked up…");
  if (get_reason (self) == NULL)
    return _("Choose a reason");
  if (g_utf8_strlen (note, -1) > OBA_ERASURE_MAX_NOTE)
    return _("The note has more than 200 characters");
  if (*confirm == '\0')
    return _("The number is not typed yet");
  return g_str_equal (confirm, number) ? NULL : _("This is not the customer’s number");
}

static void
update (ObaEraseWindow *self)
{
  const char *obstacle = get_obstacle (self);
  gboolean online = oba_session_is_online (self->session);

  gtk_label_set_label (self->missing_label, obstacle != NULL ? obstacle : "");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "erase.run", shows (self, "form") && obstacle == NULL);
  gtk_label_set_label (self->running_label, online ? _("Erasing…")
                                                   : _("The connection is lost. The customer is erased, once, as soon as the server is back."));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->erase_button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, obstacle != NULL ? obstacle : "", -1);
}

static void
show_page (ObaEraseWindow *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  update (self);
}

/* Nothing more can be done here, or (@retry) perhaps later. */
static void
show_failed (ObaEraseWindow *self, const GError *error, gboolean retry)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_status_page_set_description (self->failed_page, escaped);
  gtk_widget_set_visible (self->retry_button, retry);
  show_page (self, "failed");
}

/* ---- looking */

static void
take_look (ObaEraseWindow *self, ObaErasure *erasure)
{
  gboolean first = shows (self, "loading");

  g_clear_pointer (&self->shown, oba_erasure_free);
  self->shown = erasure;
  show_figures (self);
  show_page (self, "form");
  if (first)
    gtk_widget_grab_focus (GTK_WIDGET (self->reason_row));
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaEraseWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  ObaErasure *erasure = oba_erasure_preview_finish (OBA_DB_POOL (source), result, &error);

  self->looking = FALSE;
  if (self->stack == NULL || (!shows (self, "loading") && !shows (self, "form")))
    g_clear_pointer (&erasure, oba_erasure_free);
  else if (erasure != NULL)
    take_look (self, erasure);
  else
    show_failed (self, error, !g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE));
  if (self->stack != NULL && self->again)
    look (self);
}

/* Behind what is shown. */
static void
look (ObaEraseWindow *self)
{
  self->again = self->looking;
  if (self->looking)
    return;
  self->looking = TRUE;
  update (self);
  oba_erasure_preview_async (oba_session_get_pool (self->session), self->id, self->cancellable, looked_cb, g_object_ref (self));
}

static gboolean
is_of_family (ObaEraseWindow *self, gint64 id)
{
  for (guint i = 0; self->shown != NULL && i < self->shown->family->len; i++)
    if (g_array_index (self->shown->family, gint64, i) == id)
      return TRUE;
  return id == self->id;
}

/* Somebody else was here: what is said to go is what goes now. */
static void
changed_cb (ObaEraseWindow *self, const char *channel, const char *payload)
{
  if (self->stack != NULL && shows (self, "form") && is_of_family (self, g_ascii_strtoll (payload, NULL, 10)))
    look (self);
}

/* ---- the deed */

static void
forget_key (ObaEraseWindow *self)
{
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->sent, g_free);
}

static void
show_done (ObaEraseWindow *self, const ObaErasure *erasure)
{
  /* Not even here. */
  gtk_label_set_label (self->name_label, "");
  gtk_editable_set_text (self->note_row, "");
  adw_bin_set_child (self->done_bin, what_goes (erasure, ""));
  show_page (self, "done");
  gtk_widget_grab_focus (self->close_button);
}

static void
show_problem (ObaEraseWindow *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);

  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT))
    oba_problem_box_set_text (self->problem, _("The server does not answer, so nothing was erased. Try again when it is back."));
  else if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST))
    oba_problem_box_set_text (self->problem, _("There was no answer, so it is not known whether the customer was erased. Erase again: it happens once."));
  else
    oba_problem_box_set_text (self->problem, sentence);
  show_page (self, "form");
}

static void
erased_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaEraseWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaErasure) erasure = oba_erasure_run_finish (OBA_DB_POOL (source), result, &error);

  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    forget_key (self);
  if (self->stack == NULL)
    return;
  if (erasure != NULL)
    show_done (self, erasure);
  /* Gone, or erased by a colleague meanwhile. */
  else if (oba_db_error_is_refusal (error, "OB013") || oba_db_error_is_refusal (error, "OB002"))
    show_failed (self, error, FALSE);
  else
    show_problem (self, error);
  if (oba_db_error_is_refusal (error, "OB003"))
    look (self);
}

static void
run_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaEraseWindow *self = OBA_ERASE_WINDOW (widget);
  g_autofree char *confirm = get_text (self->confirm_entry);
  g_autofree char *note = get_text (self->note_row);
  g_autofree char *request = NULL;

  if (!shows (self, "form") || get_obstacle (self) != NULL)
    return;
  request = g_strjoin ("\n", get_reason (self), note, NULL);
  if (g_strcmp0 (request, self->sent) != 0)
    {
      forget_key (self);
      self->key = oba_db_request_new_key ();
      self->sent = g_steal_pointer (&request);
    }
  oba_problem_box_set_text (self->problem, NULL);
  show_page (self, "running");
  oba_erasure_run_async (oba_session_get_pool (self->session), self->shown, confirm, get_reason (self), note, self->key, NULL, erased_cb, g_object_ref (self));
}

static void
look_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaEraseWindow *self = OBA_ERASE_WINDOW (widget);

  show_page (self, "loading");
  look (self);
}

/* ---- the object */

static void
fill_reasons (ObaEraseWindow *self)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  gtk_string_list_append (list, _("Choose…"));
  for (guint i = 0; oba_erasure_reasons[i] != NULL; i++)
    gtk_string_list_append (list, oba_customer_text_erasure_reason (oba_erasure_reasons[i]));
  adw_combo_row_set_model (self->reason_row, G_LIST_MODEL (list));
}

ObaEraseWindow *
oba_erase_window_new (GtkWindow *parent, ObaSession *session, gint64 customer_id, const char *name)
{
  ObaEraseWindow *self = g_object_new (OBA_TYPE_ERASE_WINDOW, "transient-for", parent, NULL);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, customer_id);
  /* Translators: the customer's number. */
  g_autofree char *confirm = g_strdup_printf (_("To confirm, type the customer’s number: %s"), number);

  self->session = g_object_ref (session);
  self->id = customer_id;
  gtk_label_set_label (self->name_label, name);
  gtk_label_set_label (self->confirm_label, confirm);
  fill_reasons (self);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_customers", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  show_page (self, "loading");
  look (self);
  return self;
}

const char *
oba_erase_window_get_shown (ObaEraseWindow *self)
{
  g_return_val_if_fail (OBA_IS_ERASE_WINDOW (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

/* Not to lose sight of what is on its way. */
static gboolean
oba_erase_window_close_request (GtkWindow *window)
{
  if (shows (OBA_ERASE_WINDOW (window), "running"))
    return GDK_EVENT_STOP;
  return GTK_WINDOW_CLASS (oba_erase_window_parent_class)->close_request (window);
}

/* Destroyed. What runs keeps this object for a moment, perhaps longer than the window under it lives. */
static void
oba_erase_window_unrealize (GtkWidget *widget)
{
  ObaEraseWindow *self = OBA_ERASE_WINDOW (widget);

  g_cancellable_cancel (self->cancellable);
  if (self->stack != NULL)
    {
      g_signal_handlers_disconnect_by_data (oba_session_get_listener (self->session), self);
      g_signal_handlers_disconnect_by_data (self->session, self);
    }
  self->stack = NULL;
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);

  GTK_WIDGET_CLASS (oba_erase_window_parent_class)->unrealize (widget);
}

static void
oba_erase_window_finalize (GObject *object)
{
  ObaEraseWindow *self = OBA_ERASE_WINDOW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->shown, oba_erasure_free);
  forget_key (self);

  G_OBJECT_CLASS (oba_erase_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, name_label);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, goes_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, stays_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, reason_row);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, note_row);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, confirm_label);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, confirm_entry);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, erase_button);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, missing_label);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, running_label);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, done_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, close_button);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, failed_page);
  gtk_widget_class_bind_template_child (widget_class, ObaEraseWindow, retry_button);
}

/* While the template is built, and after the window is gone, there is nothing to update. */
static void
field_changed_cb (ObaEraseWindow *self)
{
  if (self->session != NULL && self->stack != NULL)
    update (self);
}

static void
oba_erase_window_class_init (ObaEraseWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = oba_erase_window_finalize;
  widget_class->unrealize = oba_erase_window_unrealize;
  GTK_WINDOW_CLASS (klass)->close_request = oba_erase_window_close_request;

  g_type_ensure (OBA_TYPE_PROBLEM_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-erase-window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, field_changed_cb);
  gtk_widget_class_install_action (widget_class, "erase.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "erase.look", NULL, look_action);
}

static void
oba_erase_window_init (ObaEraseWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
