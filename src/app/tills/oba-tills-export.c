#include "oba-tills-export.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "db/oba-db-error.h"
#include "oba-till-text.h"
#include "tills/oba-till-export.h"

#define PAGE_ROWS 1000

/* An export under way: what was read so far. */
typedef struct
{
  ObaTillsView *view;
  GPtrArray *findings;
  char *kind;
  char *state;
  gint64 store_id;
  char *path;
} Export;

static void
export_free (Export *export)
{
  g_object_unref (export->view);
  g_ptr_array_unref (export->findings);
  g_free (export->kind);
  g_free (export->state);
  g_free (export->path);
  g_free (export);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

static void
say (Export *export, const GError *error)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (export->view), OBA_TYPE_PAGE);
  g_autofree char *n = oba_number_format (export->findings->len);
  g_autofree char *why = error != NULL ? oba_db_error_describe (error) : NULL;
  g_autofree char *text = error != NULL ? g_strdup_printf (_("The list was not saved. %s"), why)
                                        : g_strdup_printf (ngettext ("%s row saved as %s", "%s rows saved as %s", export->findings->len), n, export->path);

  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), text);
  g_signal_emit_by_name (export->view, "exported", error == NULL);
}

static char *
describe (const ObaTillFinding *finding)
{
  g_autofree char *title = oba_till_text_title (finding);

  return g_strdup_printf ("%s: %s", oba_till_text_kind (finding->kind), title);
}

static void read_page (Export *export);

static void
page_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) export = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = oba_till_findings_read_finish (result, NULL, &error);
  gboolean more = found != NULL && found->len == PAGE_ROWS;

  if (found == NULL)
    {
      say (export, error);
      return;
    }
  g_ptr_array_extend_and_steal (export->findings, g_steal_pointer (&found));
  if (more)
    {
      read_page (g_steal_pointer (&export));
      return;
    }
  oba_till_findings_write (export->findings, describe, export->path, &error);
  say (export, error);
}

static void
read_page (Export *export)
{
  const ObaTillFilter filter = { export->kind, export->state, export->store_id };
  const ObaTillFinding *last = export->findings->len > 0 ? export->findings->pdata[export->findings->len - 1] : NULL;

  oba_till_findings_read_async (oba_session_get_pool (oba_tills_view_get_session (export->view)), oba_tills_view_get_list (export->view), &filter, last, PAGE_ROWS, NULL, page_cb, export);
}

void
oba_tills_export (ObaTillsView *view, const char *path)
{
  ObaTillFilter filter = oba_tills_view_get_filter (view);
  Export *export = g_new0 (Export, 1);

  export->view = g_object_ref (view);
  export->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_till_finding_free);
  export->kind = *filter.kind != '\0' ? g_strdup (filter.kind) : NULL;
  export->state = *filter.state != '\0' ? g_strdup (filter.state) : NULL;
  export->store_id = filter.store_id;
  export->path = g_strdup (path);
  read_page (export);
}

static void
chosen_cb (ObaTillsView *view, int response, GtkFileChooserNative *chooser)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;

  g_object_set_data (G_OBJECT (view), "oba-chooser", NULL);
  if (file != NULL)
    oba_tills_export (view, g_file_peek_path (file));
}

static void
clicked_cb (ObaTillsView *view)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view)));
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Export the List"), parent, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));

  g_object_set_data_full (G_OBJECT (view), "oba-chooser", chooser, g_object_unref);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), oba_tills_view_get_list (view) == OBA_TILL_LIST_TILLS ? "tills.csv" : "cashiers.csv");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), view, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

GtkWidget *
oba_tills_export_button_new (ObaTillsView *view)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Export…"));

  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), view, G_CONNECT_SWAPPED);
  return button;
}
