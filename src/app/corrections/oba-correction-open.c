#include "oba-correction-open.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-request.h"
#include "oba-correction-text.h"

#define SECONDS 15
#define LAST_TOAST "oba-correction-toast"

/* Where it was opened. */
typedef struct
{
  GWeakRef           widget;
  GWeakRef           overlay;
  ObaDbPool         *pool;
  ObaCorrectionKind  kind;
  ObaCorrectionDone  done;
} Place;

typedef struct
{
  Place         *place;
  ObaCorrection *correction;
  char          *key;
} Undo;

static void
place_clear (Place *place)
{
  g_weak_ref_clear (&place->widget);
  g_weak_ref_clear (&place->overlay);
  g_object_unref (place->pool);
}

static void
place_unref (gpointer data, GClosure *closure)
{
  g_rc_box_release_full (data, (GDestroyNotify) place_clear);
}

static void
undo_clear (Undo *undo)
{
  place_unref (undo->place, NULL);
  oba_correction_free (undo->correction);
  g_free (undo->key);
}

static void
undo_unref (gpointer data, GClosure *closure)
{
  g_rc_box_release_full (data, (GDestroyNotify) undo_clear);
}

/* Instead of the last one, which would come back when this one goes: an Undo that undoes something else. (transfer floating): @toast */
static void
show_toast (Place *place, AdwToast *toast)
{
  g_autoptr (AdwToastOverlay) overlay = g_weak_ref_get (&place->overlay);
  g_autoptr (AdwToast) own = g_object_ref_sink (toast);
  AdwToast *last;

  if (overlay == NULL)
    return;
  last = g_object_get_data (G_OBJECT (overlay), LAST_TOAST);
  if (last != NULL)
    adw_toast_dismiss (last);
  adw_toast_set_priority (own, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (overlay, g_object_ref (own));
  g_object_set_data_full (G_OBJECT (overlay), LAST_TOAST, g_steal_pointer (&own), g_object_unref);
}

static AdwToast *
toast_new (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

static void
tell (Place *place)
{
  g_autoptr (GtkWidget) widget = g_weak_ref_get (&place->widget);

  if (widget != NULL && place->done != NULL)
    place->done (widget);
}

/* ---- Undo */

static void
say_error (Undo *undo, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  g_autofree char *text = g_strdup_printf (_("Nothing was undone. %s"), sentence);

  show_toast (undo->place, toast_new (text));
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Undo *undo = user_data;
  g_autoptr (GError) error = NULL;
  ObaCorrectionOutcome outcome;

  if (!oba_correction_post_finish (result, &outcome, &error))
    say_error (undo, error);
  else
    show_toast (undo->place, toast_new (outcome.correction_id != 0 ? _("Undone") : _("The undo waits for a supervisor; nothing has changed yet")));
  /* The receipt may have changed in any case. */
  tell (undo->place);
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
  oba_correction_post_async (undo->place->pool, undo->correction, preview, undo->key, NULL, undone_cb, undo);
}

static void
undo_cb (AdwToast *toast, Undo *undo)
{
  oba_correction_preview_async (undo->place->pool, undo->correction, NULL, previewed_cb, g_rc_box_acquire (undo));
}

static void
offer_undo (Place *place, AdwToast *toast, gint64 correction_id)
{
  Undo *undo = g_rc_box_new0 (Undo);

  undo->place = g_rc_box_acquire (place);
  undo->correction = oba_correction_new_undo (correction_id);
  oba_correction_set_reason (undo->correction, "mistake", _("Taken back at once"));
  undo->key = oba_db_request_new_key ();
  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_timeout (toast, SECONDS);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), undo, undo_unref, 0);
}

/* ---- the window */

static void
posted_cb (ObaCorrectionWindow *window, gint64 correction_id, Place *place)
{
  AdwToast *toast = toast_new (oba_correction_text_done (place->kind));

  if (place->kind != OBA_CORRECTION_UNDO)
    offer_undo (place, toast, correction_id);
  show_toast (place, toast);
  tell (place);
}

static void
waits_cb (ObaCorrectionWindow *window, gint64 approval_id, Place *place)
{
  tell (place);
}

void
oba_correction_open (GtkWidget *widget, ObaSession *session, ObaCorrectable *receipt, ObaCorrectionForm *form, ObaCorrectionDone done)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  ObaCorrectionWindow *window = oba_correction_window_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, session, receipt, form);
  Place *place = g_rc_box_new0 (Place);

  g_weak_ref_init (&place->widget, widget);
  g_weak_ref_init (&place->overlay, gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY));
  place->pool = g_object_ref (oba_session_get_pool (session));
  place->kind = oba_correction_form_get_kind (form);
  place->done = done;
  g_signal_connect_data (window, "posted", G_CALLBACK (posted_cb), place, place_unref, 0);
  g_signal_connect_data (window, "waits", G_CALLBACK (waits_cb), g_rc_box_acquire (place), place_unref, 0);
  gtk_window_present (GTK_WINDOW (window));
}
