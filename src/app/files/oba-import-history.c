#include "oba-import-history.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "import/oba-import-batch.h"
#include "oba-import-window.h"
#include "oba-reversal-window.h"

#define MAX_BATCHES 200

struct _ObaImportHistory
{
  AdwBin        parent_instance;

  ObaSession   *session;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (ObaImportHistory, oba_import_history, ADW_TYPE_BIN)

/* ---- what a row says */

static const char *
kind_text (const char *kind)
{
  static const struct { const char *kind, *text; } kinds[] = {
    { "customers", N_("Customers") }, { "sales", N_("Sales") }, { "products", N_("Products") }, { "stores", N_("Stores") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kind, kinds[i].kind))
      return _(kinds[i].text);
  return kind;
}

static char *
moment_text (gint64 seconds)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (seconds);

  return g_date_time_format (at, "%x %H:%M");
}

static char *
row_title (const ObaImportBatch *batch)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, batch->id);

  /* Translators: number of an import, what was in it, the file's name. */
  return g_strdup_printf (_("%s: %s, %s"), number, kind_text (batch->kind), *batch->file_name != '\0' ? batch->file_name : "—");
}

static char *
row_subtitle (const ObaImportBatch *batch)
{
  g_autofree char *inserted = oba_number_format (batch->inserted);
  g_autofree char *known = oba_number_format (batch->known);
  g_autofree char *rejected = oba_number_format (batch->rejected);
  g_autofree char *at = moment_text (batch->started_at);
  g_autofree char *money = oba_money_format (batch->money);
  /* Translators: numbers of rows of a file; then when and by whom it was imported. */
  g_autofree char *text = g_strdup_printf (_("%s new, %s known, %s rejected\n%s, %s"), inserted, known, rejected, at, batch->by_name);
  char *with_money = g_str_equal (batch->kind, "sales") ? g_strdup_printf ("%s · %s", text, money) : g_strdup (text);

  return with_money;
}

/* (transfer full) (nullable) */
static char *
state_text (const ObaImportBatch *batch)
{
  g_autofree char *at = batch->reversed_at != 0 ? moment_text (batch->reversed_at) : NULL;

  if (g_str_equal (batch->state, "reversed"))
    /* Translators: when, by whom. */
    return g_strdup_printf (_("Reversed on %s\nby %s"), at, batch->reversed_by);
  if (g_str_equal (batch->state, "reversing"))
    return g_strdup (_("Partly reversed"));
  return NULL;
}

/* ---- reversing */

static void
reverse_cb (ObaImportHistory *self, GtkWidget *button)
{
  gint64 batch = g_ascii_strtoll (g_object_get_data (G_OBJECT (button), "oba-batch"), NULL, 10);
  const char *title = g_object_get_data (G_OBJECT (button), "oba-title");
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  ObaReversalWindow *window = oba_reversal_window_new (parent, oba_session_get_pool (self->session), batch, title);

  g_signal_connect_object (window, "reversed", G_CALLBACK (oba_import_history_refresh), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

static GtkWidget *
make_button (ObaImportHistory *self, const ObaImportBatch *batch, const char *title)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (g_str_equal (batch->state, "reversing") ? _("_Go On…") : _("_Reverse…"));
  /* Translators: %s is an import. */
  g_autofree char *label = g_strdup_printf (_("Reverse %s"), title);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "oba-batch", g_strdup_printf ("%" G_GINT64_FORMAT, batch->id), g_free);
  g_object_set_data_full (G_OBJECT (button), "oba-title", g_strdup (title), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (reverse_cb), self, G_CONNECT_SWAPPED);
  return button;
}

/* ---- the list */

static void
add_row (ObaImportHistory *self, AdwPreferencesGroup *group, const ObaImportBatch *batch)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = row_title (batch);
  g_autofree char *subtitle = row_subtitle (batch);
  g_autofree char *state = state_text (batch);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (state != NULL)
    {
      GtkWidget *label = gtk_label_new (state);

      gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
      gtk_widget_add_css_class (label, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }
  if (!g_str_equal (batch->state, "reversed") && oba_session_has_role (self->session, OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_button (self, batch, title));
  adw_preferences_group_add (group, row);
}

static GtkWidget *
show_status (ObaImportHistory *self, const char *icon, const char *title, const char *text)
{
  GtkWidget *page = adw_status_page_new ();
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), icon);
  adw_status_page_set_title (ADW_STATUS_PAGE (page), title);
  adw_status_page_set_description (ADW_STATUS_PAGE (page), escaped);
  adw_bin_set_child (ADW_BIN (self), page);
  return page;
}

/* Who may import goes on from here; an auditor only learns what belongs here. */
static void
show_none (ObaImportHistory *self)
{
  gboolean may_import = oba_session_has_role (self->session, OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN);
  GtkWidget *page = show_status (self, "document-open-symbolic", _("No Imports Yet"),
                                 may_import ? _("Every file that is imported, here or with oba-helper, is listed, and can be reversed as a whole.")
                                            : _("Every file that is imported, here or with oba-helper, is listed."));
  GtkWidget *button;

  if (!may_import)
    return;
  button = gtk_button_new_with_mnemonic (_("_Import a File…"));
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "page.import");
  adw_status_page_set_child (ADW_STATUS_PAGE (page), button);
}

static void
show_batches (ObaImportHistory *self, GPtrArray *batches)
{
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();

  for (guint i = 0; i < batches->len; i++)
    add_row (self, ADW_PREFERENCES_GROUP (group), batches->pdata[i]);
  if (batches->len == MAX_BATCHES)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _("The newest imports:"));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  adw_bin_set_child (ADW_BIN (self), page);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaImportHistory) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = oba_import_batches_read_finish (OBA_DB_POOL (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (batches == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      show_status (self, "dialog-warning-symbolic", _("The Imports Could Not Be Read"), sentence);
    }
  else if (batches->len == 0)
    show_none (self);
  else
    show_batches (self, batches);
  g_signal_emit_by_name (self, "loaded");
}

void
oba_import_history_refresh (ObaImportHistory *self)
{
  oba_import_batches_read_async (oba_session_get_pool (self->session), MAX_BATCHES, self->cancellable, read_cb, g_object_ref (self));
}

/* ---- the object */

GtkWidget *
oba_import_history_new (ObaSession *session)
{
  ObaImportHistory *self = g_object_new (OBA_TYPE_IMPORT_HISTORY, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_import_history_refresh), self, G_CONNECT_SWAPPED);
  oba_import_history_refresh (self);
  return GTK_WIDGET (self);
}

static void
oba_import_history_dispose (GObject *object)
{
  g_cancellable_cancel (OBA_IMPORT_HISTORY (object)->cancellable);

  G_OBJECT_CLASS (oba_import_history_parent_class)->dispose (object);
}

static void
oba_import_history_finalize (GObject *object)
{
  ObaImportHistory *self = OBA_IMPORT_HISTORY (object);

  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (oba_import_history_parent_class)->finalize (object);
}

static void
oba_import_history_class_init (ObaImportHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_import_history_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_import_history_finalize;
  g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_import_history_init (ObaImportHistory *self)
{
  self->cancellable = g_cancellable_new ();
}

/* ---- from the page */

/* The history, when it is what is looked at. */
static ObaImportHistory *
get_shown (ObaCustomersPage *page)
{
  GtkWidget *top = oba_subpages_get_top (oba_customers_page_get_subpages (page));

  return top != NULL && OBA_IS_IMPORT_HISTORY (top) ? OBA_IMPORT_HISTORY (top) : NULL;
}

static void
imported_cb (ObaCustomersPage *page)
{
  ObaImportHistory *shown = get_shown (page);

  if (shown != NULL)
    oba_import_history_refresh (shown);
}

static void
import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaPage *page = OBA_PAGE (widget);
  ObaImportWindow *window = oba_import_window_new (GTK_WINDOW (gtk_widget_get_root (widget)), oba_page_get_session (page), oba_page_get_settings (page));

  g_signal_connect_object (window, "imported", G_CALLBACK (imported_cb), page, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

static void
history_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaSubpages *subpages = oba_customers_page_get_subpages (OBA_CUSTOMERS_PAGE (widget));

  if (get_shown (OBA_CUSTOMERS_PAGE (widget)) == NULL)
    oba_subpages_push (subpages, oba_import_history_new (oba_page_get_session (OBA_PAGE (widget))), _("Import History"));
}

void
oba_import_history_install (GtkWidgetClass *page_class)
{
  gtk_widget_class_install_action (page_class, "page.import", NULL, import_action);
  gtk_widget_class_install_action (page_class, "page.import-history", NULL, history_action);
}

void
oba_import_history_allow (ObaPage *page)
{
  ObaSession *session = oba_page_get_session (page);

  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.import", oba_session_has_role (session, OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN));
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.import-history",
                                 oba_session_has_role (session, OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR));
}
