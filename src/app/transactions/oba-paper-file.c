#include "oba-paper-file.h"

#include <glib/gi18n-lib.h>

/* Of the owner, as long as it asks. */
#define CHOOSER "oba-chooser"
#define SAY "oba-say"

typedef struct
{
  GtkWidget        *owner;
  ObaPaperFileFunc  func;
  gpointer          user_data;
  GDestroyNotify    free_data;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  if (asking->free_data != NULL)
    asking->free_data (asking->user_data);
  g_free (asking);
}

static void
response_cb (GtkFileChooserNative *chooser,
             int                   response,
             Asking               *asking)
{
  g_autoptr (GtkFileChooserNative) kept = g_object_ref (chooser);
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;

  if (file != NULL)
    asking->func (asking->owner, g_file_peek_path (file), asking->user_data);
  g_object_set_data (G_OBJECT (asking->owner), CHOOSER, NULL);
}

void
oba_paper_file_choose (GtkWidget        *owner,
                       const char       *title,
                       const char       *name,
                       ObaPaperFileFunc  func,
                       gpointer          user_data,
                       GDestroyNotify    free_data)
{
  GtkRoot *root = gtk_widget_get_root (owner);
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, GTK_FILE_CHOOSER_ACTION_SAVE,
                                                               _("_Save"), _("_Cancel"));
  g_autofree char *file_name = g_strdup_printf ("%s.pdf", name);
  Asking *asking = g_new0 (Asking, 1);

  asking->owner = owner;
  asking->func = func;
  asking->user_data = user_data;
  asking->free_data = free_data;
  g_object_set_data_full (G_OBJECT (chooser), "oba-asking", asking, asking_free);
  g_object_set_data_full (G_OBJECT (owner), CHOOSER, chooser, g_object_unref);
  g_strdelimit (file_name, "/\\:*?\"<>|", '-');
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), file_name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (response_cb), asking);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
printed_cb (GtkWidget *owner, GtkPrintOperationResult result, GtkPrintOperation *operation)
{
  ObaPaperSayFunc say = (ObaPaperSayFunc) g_object_get_data (G_OBJECT (operation), SAY);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (result != GTK_PRINT_OPERATION_RESULT_ERROR)
    return;
  gtk_print_operation_get_error (operation, &error);
  /* Translators: what the printer's system says of it. */
  text = g_strdup_printf (_("It could not be printed: %s"), error != NULL ? error->message : "");
  say (owner, text);
}

void
oba_paper_print (GtkWidget *owner, GtkPrintOperation *operation, ObaPaperSayFunc say)
{
  GtkRoot *root = gtk_widget_get_root (owner);

  g_object_set_data (G_OBJECT (operation), SAY, (gpointer) say);
  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect_object (operation, "done", G_CALLBACK (printed_cb), owner, G_CONNECT_SWAPPED);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL);
}
