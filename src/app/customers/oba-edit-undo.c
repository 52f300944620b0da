#include "oba-edit-undo.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-request.h"

typedef struct
{
  GWeakRef   overlay;
  ObaDbPool *pool;
  JsonNode  *request;
  char      *key;
} Undo;

static void
undo_clear (Undo *undo)
{
  g_weak_ref_clear (&undo->overlay);
  g_object_unref (undo->pool);
  json_node_unref (undo->request);
  g_free (undo->key);
}

static void
undo_unref (gpointer  data,
            GClosure *closure)
{
  g_rc_box_release_full (data, (GDestroyNotify) undo_clear);
}

static void
say (Undo       *undo,
     const char *text)
{
  g_autoptr (AdwToastOverlay) overlay = g_weak_ref_get (&undo->overlay);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (overlay, adw_toast_new (escaped));
}

static void
undone_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Undo *undo = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);

  if (answer != NULL)
    say (undo, _("Taken back"));
  else if (oba_db_error_is_refusal (error, "OB003"))
    say (undo, _("Somebody has changed this customer since; nothing was taken back"));
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      say (undo, sentence);
    }
  undo_unref (undo, NULL);
}

static void
undo_cb (AdwToast *toast,
         Undo     *undo)
{
  oba_db_request_async (undo->pool, "update_customer", undo->request, undo->key, NULL, undone_cb, g_rc_box_acquire (undo));
}

void
oba_edit_undo_offer (GtkWidget              *widget,
                     ObaDbPool              *pool,
                     const ObaCustomerDraft *before,
                     const ObaCustomerDraft *after,
                     const char             *said)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *escaped = g_markup_escape_text (said, -1);
  JsonObject *request = json_object_new ();
  Undo *undo = g_rc_box_new0 (Undo);
  AdwToast *toast = adw_toast_new (escaped);

  json_object_set_int_member (request, "customer_id", after->id);
  json_object_set_int_member (request, "version", after->version);
  json_object_set_object_member (request, "changes", oba_customer_draft_get_changes (before, after));
  g_weak_ref_init (&undo->overlay, overlay);
  undo->pool = g_object_ref (pool);
  undo->key = oba_db_request_new_key ();
  undo->request = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (undo->request, request);
  if (!oba_customer_draft_equal (before, after))
    adw_toast_set_button_label (toast, _("_Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), undo, undo_unref, 0);
  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  else
    g_object_unref (g_object_ref_sink (toast));
}
