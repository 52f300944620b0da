#include "oba-queue-print.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-error.h"
#include "oba-page.h"
#include "transactions/oba-paper-file.h"

typedef struct
{
  GtkWidget  *owner;
  ObaSession *session;
  GArray     *ids;
  char       *title;
  gint64      all;
  gboolean    pdf;
} Printing;

static void
printing_free (Printing *printing)
{
  g_object_unref (printing->owner);
  g_object_unref (printing->session);
  g_clear_pointer (&printing->ids, g_array_unref);
  g_free (printing->title);
  g_free (printing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Printing, printing_free)

static void
tell (GtkWidget *owner, const char *sentence)
{
  GtkWidget *page = gtk_widget_get_ancestor (owner, OBA_TYPE_PAGE);

  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), sentence);
}

/* ---- paper */

static void
begin_cb (GtkPrintOperation *operation, GtkPrintContext *context, ObaRedemptionList *list)
{
  gtk_print_operation_set_n_pages (operation, (int) oba_redemption_list_count_pages (list, gtk_print_context_get_height (context)));
}

static void
draw_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, ObaRedemptionList *list)
{
  oba_redemption_list_draw (list, gtk_print_context_get_cairo_context (context), gtk_print_context_get_width (context), gtk_print_context_get_height (context), (guint) page);
}

GtkPrintOperation *
oba_queue_print_operation_new (ObaRedemptionList *list)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) a4 = gtk_paper_size_new (GTK_PAPER_NAME_A4);

  gtk_page_setup_set_paper_size (setup, a4);
  gtk_page_setup_set_orientation (setup, GTK_PAGE_ORIENTATION_LANDSCAPE);
  g_object_set_data_full (G_OBJECT (operation), "oba-list", list, (GDestroyNotify) oba_redemption_list_free);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_job_name (operation, _("Redemptions"));
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_cb), list);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_cb), list);
  return operation;
}

static void
chosen_cb (GtkWidget *owner, const char *path, gpointer list)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = oba_redemption_list_write_pdf (list, path, &error) ? g_strdup_printf (_("Saved as %s"), path) : g_strdup (error->message);

  tell (owner, text);
}

static void
give_out (Printing *printing, GPtrArray *redemptions)
{
  ObaRedemptionList *list = oba_redemption_list_new (redemptions, printing->title, MAX (printing->all, redemptions->len));
  g_autoptr (GtkPrintOperation) operation = NULL;

  if (printing->pdf)
    {
      oba_paper_file_choose (printing->owner, _("Save the List"), _("Redemptions"), chosen_cb, list, (GDestroyNotify) oba_redemption_list_free);
      return;
    }
  operation = oba_queue_print_operation_new (list);
  oba_paper_print (printing->owner, operation, tell);
}

/* ---- reading */

static GPtrArray *
put_in_order (GPtrArray *records, GArray *ids)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  GPtrArray *ordered = g_ptr_array_new_full (records->len, g_object_unref);

  for (guint i = 0; i < records->len; i++)
    g_hash_table_insert (by_id, (gpointer) &oba_redemption_get (records->pdata[i])->id, records->pdata[i]);
  for (guint i = 0; i < ids->len; i++)
    {
      gpointer record = g_hash_table_lookup (by_id, &g_array_index (ids, gint64, i));

      if (record != NULL)
        g_ptr_array_add (ordered, g_object_ref (record));
    }
  return ordered;
}

static void
fail (Printing *printing, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);

  tell (printing->owner, sentence);
}

static void
rows_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Printing) printing = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = oba_redemptions_rows_finish (result, &error);
  g_autoptr (GPtrArray) ordered = NULL;

  if (records == NULL)
    {
      fail (printing, error);
      return;
    }
  ordered = put_in_order (records, printing->ids);
  give_out (printing, ordered);
}

static void
ids_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Printing) printing = user_data;
  g_autoptr (GError) error = NULL;

  printing->ids = oba_redemptions_ids_finish (result, &error);
  if (printing->ids == NULL)
    {
      fail (printing, error);
      return;
    }
  oba_redemptions_rows_async (OBA_DB_POOL (pool), printing->ids, NULL, rows_cb, printing);
  g_steal_pointer (&printing);
}

void
oba_queue_print (GtkWidget *owner, ObaSession *session, const ObaRedemptionFilter *filter, gboolean descending, const char *title, gint64 all, gboolean pdf)
{
  Printing *printing = g_new0 (Printing, 1);

  printing->owner = g_object_ref (owner);
  printing->session = g_object_ref (session);
  printing->title = g_strdup (title);
  printing->all = all;
  printing->pdf = pdf;
  oba_redemptions_ids_async (oba_session_get_pool (session), filter, descending, 0, OBA_QUEUE_PRINT_MOST, NULL, ids_cb, printing);
}
