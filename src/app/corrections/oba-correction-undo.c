#include "oba-correction-undo.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-request.h"
#include "sales/oba-correction.h"

#define SECONDS 15

typedef struct
{
  GWeakRef             widget;
  GWeakRef             overlay;
  ObaDbPool           *pool;
  ObaCorrection       *correction;
  char                *key;
  ObaCorrectionUndone  undone;
} Undo;

static void
undo_clear (Undo *undo)
{
  g_weak_ref_clear (&undo->widget);
  g_weak_ref_clear (&undo->overlay);
  g_object_unref (undo->pool);
  oba_correction_free (undo->correction);
  g_free (undo->key);
}

static void
undo_unref (gpointer data, GClosure *closure)
{
  g_rc_box_release_full (data, (GDestroyNotify) undo_clear);
}

static void
say (Undo *undo, const char *text)
{
  g_autoptr (AdwToastOverlay) overlay = g_weak_ref_get (&undo->overlay);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (overlay, adw_toast_new (escaped));
}

static void
say_error (Undo *undo, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  g_autofree char *text = g_strdup_printf (_("Nothing was undone. %s"), sentence);

  say (undo, text);
}

static void
posted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Undo *undo = user_data;
  g_autoptr (GtkWidget) widget = g_weak_ref_get (&undo->widget);
  g_autoptr (GError) error = NULL;
  ObaCorrectionOutcome outcome;

  if (!oba_correction_post_finish (result, &outcome, &error))
    say_error (undo, error);
  else
    say (undo, outcome.correction_id != 0 ? _("Undone") : _("The undo waits for a supervisor; nothing has changed yet"));
  /* The receipt may have changed in any case. */
  if (widget != NULL && undo->undone != NULL)
    undo->undone (widget);
  undo_unref (undo, NULL);
}

static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Undo *undo = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCorrectionPreview) preview = oba_correction_preview_finish (result, &error);

  if (preview == NULL)
    {
      say_error (undo, error);
      undo_unref (undo, NULL);
      return;
    }
  /* Nobody looks at figures here: the opposite of what was just done is meant, whatever the account is by now. */
  g_clear_pointer (&preview->expects, g_free);
  oba_correction_post_async (undo->pool, undo->correction, preview, undo->key, NULL, posted_cb, undo);
}

static void
undo_cb (AdwToast *toast, Undo *undo)
{
  oba_correction_preview_async (undo->pool, undo->correction, NULL, previewed_cb, g_rc_box_acquire (undo));
}

void
oba_correction_undo_offer (GtkWidget *widget, ObaSession *session, gint64 correction_id, const char *said, ObaCorrectionUndone undone)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *escaped = g_markup_escape_text (said, -1);
  AdwToast *toast = adw_toast_new (escaped);
  Undo *undo = g_rc_box_new0 (Undo);

  g_weak_ref_init (&undo->widget, widget);
  g_weak_ref_init (&undo->overlay, overlay);
  undo->pool = g_object_ref (oba_session_get_pool (session));
  undo->correction = oba_correction_new_undo (correction_id);
  oba_correction_set_reason (undo->correction, "mistake", _("Taken back at once"));
  undo->key = oba_db_request_new_key ();
  undo->undone = undone;
  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_timeout (toast, SECONDS);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), undo, undo_unref, 0);
  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  else
    g_object_unref (g_object_ref_sink (toast));
}
