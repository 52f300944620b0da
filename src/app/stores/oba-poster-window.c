#include "oba-poster-window.h"

#include <glib/gi18n-lib.h>

#include "cards/oba-poster.h"
#include "db/oba-db-error.h"
#include "db/oba-db-sql.h"
#include "transactions/oba-paper-file.h"
#include "widgets/oba-link-window.h"

#define MAX_CAMPAIGN 20
#define POSTER_KEY "oba-poster"
#define FOOT "oba-foot"

/* Goes with its window. */
typedef struct
{
  ObaLinkWindow *window; /* (unowned) */
  ObaSession    *session;
  GtkEditable   *campaign;
  GCancellable  *reading; /* (nullable) */
  char          *name;
  gint64         store;
} Poster;

static void
poster_free (gpointer data)
{
  Poster *self = data;

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->session);
  g_free (self->name);
  g_free (self);
}

/* What stands small at the foot: which poster it is. */
static char *
get_foot (Poster *self)
{
  const char *campaign = gtk_editable_get_text (self->campaign);

  return *campaign != '\0' ? g_strdup_printf ("%s · %s", self->name, campaign) : g_strdup (self->name);
}

/* The link. */

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  Poster *self;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) row = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  g_autofree char *problem = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = user_data;
  problem = error != NULL ? oba_db_error_describe (error) : NULL;
  if (problem != NULL)
    oba_link_window_show (self->window, NULL, problem);
  else if (oba_db_result_get_n_rows (row) == 0 || oba_db_result_is_null (row, 0, 0))
    oba_link_window_show (self->window, NULL, _("The Telegram bot has not been started yet: its name is not known."));
  else
    oba_link_window_show (self->window, oba_db_result_get_text (row, 0, 0), NULL);
}

static void
read_link (Poster *self)
{
  g_autofree char *store = g_strdup_printf ("%" G_GINT64_FORMAT, self->store);
  g_autofree char *campaign = g_utf8_strdown (gtk_editable_get_text (self->campaign), -1);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tt", store, campaign);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  oba_db_pool_read_async (oba_session_get_pool (self->session), oba_db_sql ("staff/poster-link.sql"), params, self->reading, read_cb, self);
}

/* Paper. */

/* As it was when it was asked for, whatever is typed meanwhile. */
static void
draw_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, const char *url)
{
  oba_poster_draw (gtk_print_context_get_cairo_context (context), gtk_print_context_get_width (context), gtk_print_context_get_height (context),
                   url, g_object_get_data (G_OBJECT (operation), FOOT));
}

static void
say (GtkWidget *owner, const char *sentence)
{
  ObaLinkWindow *window = OBA_LINK_WINDOW (owner);
  g_autofree char *url = g_strdup (oba_link_window_get_url (window));

  oba_link_window_show (window, url, sentence);
}

static void
print_cb (Poster *self)
{
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  char *foot = get_foot (self);

  gtk_print_operation_set_job_name (operation, foot);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  gtk_print_operation_set_n_pages (operation, 1);
  g_object_set_data_full (G_OBJECT (operation), FOOT, foot, g_free);
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (draw_cb), g_strdup (oba_link_window_get_url (self->window)), (GClosureNotify) (void (*) (void)) g_free, 0);
  oba_paper_print (GTK_WIDGET (self->window), operation, say);
}

static void
chosen_cb (GtkWidget *owner, const char *path, gpointer user_data)
{
  Poster *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *foot = get_foot (self);
  g_autofree char *url = g_strdup (oba_link_window_get_url (self->window));
  g_autofree char *said = oba_poster_write_pdf (path, url, foot, &error) ? g_strdup_printf (_("Saved as %s"), path) : g_strdup (error->message);

  oba_link_window_show (self->window, url, said);
}

static void
save_cb (Poster *self)
{
  g_autofree char *foot = get_foot (self);

  oba_paper_file_choose (GTK_WIDGET (self->window), _("Save the Poster"), foot, chosen_cb, self, NULL);
}

/* The window. */

static GtkWidget *
campaign_new (Poster *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_entry_row_new ();

  self->campaign = GTK_EDITABLE (row);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Campaign (letters and digits)"));
  gtk_editable_set_max_width_chars (self->campaign, MAX_CAMPAIGN);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  g_signal_connect_swapped (row, "changed", G_CALLBACK (read_link), self);
  return list;
}

static void
add_button (Poster *self, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect_swapped (button, "clicked", callback, self);
  oba_link_window_add_button (self->window, button);
}

GtkWindow *
oba_poster_window_new (GtkWindow *parent, ObaSession *session, gint64 store, const char *name)
{
  Poster *self = g_new0 (Poster, 1);

  self->session = g_object_ref (session);
  self->store = store;
  self->name = g_strdup (name);
  self->window = oba_link_window_new (parent, _("Poster"),
                                      _("Whoever reads this code becomes a customer in the Telegram bot, registered in this store. The poster says how, in three languages."));
  g_object_set_data_full (G_OBJECT (self->window), POSTER_KEY, self, poster_free);
  oba_link_window_add (self->window, campaign_new (self));
  add_button (self, _("_Print…"), G_CALLBACK (print_cb));
  add_button (self, _("Save as P_DF…"), G_CALLBACK (save_cb));
  read_link (self);
  return GTK_WINDOW (self->window);
}
