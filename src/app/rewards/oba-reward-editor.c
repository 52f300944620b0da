#include "oba-reward-editor.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-customer-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-page.h"
#include "oba-retire-window.h"
#include "oba-reward-picture.h"
#include "oba-reward-text.h"
#include "oba-movements-window.h"
#include "oba-stock-window.h"
#include "rewards/oba-reward-caption.h"
#include "rewards/oba-reward-markup.h"
#include "widgets/oba-problem-box.h"

#define FORM_WIDTH 700
#define PREVIEW_WIDTH 380
#define MAY_WRITE (OBA_ROLE_MARKETING | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)
#define MAY_DECIDE (OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

static const char *const button_names[] = { "retire", "copy", "stock", "live", "save" };

struct _ObaRewardEditor
{
  AdwBin            parent_instance;

  ObaSession       *session;
  ObaSubpages      *subpages;
  GCancellable     *cancellable;
  ObaReward        *saved;             /* as it was read; a new one: as it began */
  ObaReward        *theirs;            /* when both have changed something */
  guint32           both;
  GBytes           *picture;
  GBytes           *thumbnail;
  gboolean          picture_changed;
  guint             busy;              /* what is being read or saved */
  gboolean          saving;
  gboolean          choosing;
  char             *key;               /* of what was sent last, and what that was */
  char             *sent;
  GtkFileChooserNative *chooser;

  GtkStack         *stack;
  AdwStatusPage    *failed_page;
  ObaRewardForm    *form;
  ObaRewardPreview *preview;
  ObaProblemBox    *problem;
  GtkBox           *conflict_box;
  GtkLabel         *conflict_label;
  GtkLabel         *state_label;
  GtkWidget       *movements_button;
  GtkWidget        *no_picture_button;
  GtkWidget        *buttons[G_N_ELEMENTS (button_names)];
};

enum { SETTLED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRewardEditor, oba_reward_editor, ADW_TYPE_BIN)

static void read_reward (ObaRewardEditor *self, gint64 id, GAsyncReadyCallback callback);

static void
begin (ObaRewardEditor *self)
{
  self->busy++;
}

static void
end (ObaRewardEditor *self)
{
  if (--self->busy == 0)
    g_signal_emit (self, signals[SETTLED], 0);
}

static gboolean
may_terms (ObaRewardEditor *self)
{
  return oba_session_has_role (self->session, MAY_DECIDE) || (oba_session_has_role (self->session, MAY_WRITE) && g_str_equal (self->saved->state, "draft"));
}

static void
say (ObaRewardEditor *self, const char *text)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), OBA_TYPE_PAGE);

  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), text);
}

static void
fail (ObaRewardEditor *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  const char *hint = oba_db_error_get_hint (error);
  g_autofree char *text = hint != NULL && *hint != '\0' ? g_strdup_printf ("%s %s", sentence, hint) : g_strdup (sentence);

  oba_problem_box_set_text (self->problem, text);
}

/* What was typed, over what was read. */
static ObaReward *
take_form (ObaRewardEditor *self, gboolean *good)
{
  ObaReward *mine = oba_reward_copy (self->saved);
  gboolean fine = oba_reward_form_read (self->form, mine);

  if (good != NULL)
    *good = fine;
  return mine;
}

gboolean
oba_reward_editor_is_dirty (ObaRewardEditor *self)
{
  g_autoptr (ObaReward) mine = NULL;
  gboolean good;

  if (self->saved == NULL || !oba_session_has_role (self->session, MAY_WRITE))
    return FALSE;
  mine = take_form (self, &good);
  return !good || self->picture_changed || oba_reward_compare (mine, self->saved) != 0;
}

/* ---- what follows what is typed */

static gboolean
fits_telegram (const ObaReward *reward)
{
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      gsize units = 0;
      g_autofree char *caption = oba_reward_caption (reward, i, &units);

      if (units > OBA_REWARD_CAPTION_UNITS)
        return FALSE;
    }
  return TRUE;
}

static void
update_buttons (ObaRewardEditor *self, const ObaReward *mine, gboolean good)
{
  gboolean decides = oba_session_has_role (self->session, MAY_DECIDE), writes = oba_session_has_role (self->session, MAY_WRITE);
  gboolean live = g_str_equal (self->saved->state, "live"), is_new = self->saved->id == 0, fits = fits_telegram (mine);
  gboolean dirty = is_new || self->picture_changed || oba_reward_compare (mine, self->saved) != 0;
  gboolean shown[] = { decides && live, writes && !is_new, writes && !is_new, decides && !live, writes };
  gboolean able[] = { !self->saving, !self->saving, !self->saving, good && fits && self->both == 0 && !self->saving,
                      good && dirty && (fits || !live) && self->both == 0 && !self->saving };

  for (guint i = 0; i < G_N_ELEMENTS (button_names); i++)
    {
      gtk_widget_set_visible (self->buttons[i], shown[i]);
      gtk_widget_set_sensitive (self->buttons[i], able[i]);
    }
  gtk_widget_set_visible (self->no_picture_button, self->picture != NULL);
}

static void
update (ObaRewardEditor *self)
{
  g_autoptr (ObaReward) mine = NULL;
  gboolean good;

  if (self->saved == NULL)
    return;
  mine = take_form (self, &good);
  oba_reward_preview_set_reward (self->preview, mine, oba_reward_form_get_language (self->form));
  update_buttons (self, mine, good);
}

static void
show_state (ObaRewardEditor *self)
{
  g_autofree char *moment = oba_customer_text_unix_day (self->saved->updated_at);
  g_autofree char *stock = oba_reward_text_stock (self->saved);
  g_autofree char *title = oba_reward_text_name (self->saved);
  /* Translators: the state of a reward ("Live"), then its stock. */
  g_autofree char *now = g_strdup_printf (_("%s · stock: %s"), oba_reward_text_state (self->saved->state), stock);
  /* Translators: a day, then the name of a colleague. */
  g_autofree char *who = g_strdup_printf (_("changed on %s by %s"), moment, self->saved->updated_by);
  g_autofree char *text = self->saved->id != 0 ? g_strdup_printf ("%s · %s", now, who) : g_strdup (_("Not saved yet"));
  const char *why = oba_session_has_role (self->session, MAY_WRITE) && !may_terms (self) ? _("Of a reward that is live or retired you change texts and picture; a supervisor changes the rest.") : NULL;
  g_autofree char *all = why != NULL ? g_strdup_printf ("%s\n%s", text, why) : g_strdup (text);

  gtk_label_set_label (self->state_label, all);
  gtk_widget_set_visible (self->movements_button, self->saved->id != 0);
  if (self->subpages != NULL)
    oba_subpages_set_title (self->subpages, GTK_WIDGET (self), self->saved->id != 0 ? title : _("New Reward"));
}

static void
set_picture (ObaRewardEditor *self, GBytes *picture, GBytes *thumbnail, gboolean changed)
{
  g_clear_pointer (&self->picture, g_bytes_unref);
  g_clear_pointer (&self->thumbnail, g_bytes_unref);
  self->picture = picture != NULL ? g_bytes_ref (picture) : NULL;
  self->thumbnail = thumbnail != NULL ? g_bytes_ref (thumbnail) : NULL;
  self->picture_changed = changed;
  oba_reward_preview_set_picture (self->preview, picture);
  update (self);
}

static void
show_reward (ObaRewardEditor *self, const ObaReward *reward)
{
  oba_reward_form_set_reward (self->form, reward);
  oba_reward_form_set_rights (self->form, oba_session_has_role (self->session, MAY_WRITE), may_terms (self));
  show_state (self);
  gtk_stack_set_visible_child_name (self->stack, "form");
  update (self);
}

/* ---- two people at one reward */

const char *
oba_reward_editor_get_conflict (ObaRewardEditor *self)
{
  return self->both != 0 ? gtk_label_get_text (self->conflict_label) : "";
}

static void
show_conflict (ObaRewardEditor *self, const ObaReward *mine)
{
  GString *text = g_string_new (NULL);
  g_autofree char *all = NULL;

  for (guint i = 0; oba_reward_field_name (i) != NULL; i++)
    if (self->both & (1u << i))
      {
        g_autofree char *my = oba_reward_text_value (mine, i);
        g_autofree char *their = oba_reward_text_value (self->theirs, i);

        /* Translators: a field, what a colleague wrote there, what was typed here. */
        g_string_append_printf (text, _("\n%s: theirs “%s”, yours “%s”"), oba_reward_text_field (i), their, my);
      }
  all = g_string_free (text, FALSE);
  if (self->both != 0)
    {
      /* Translators: the name of a colleague, then a line for each field. */
      g_autofree char *whole = g_strdup_printf (_("%s has changed the same meanwhile:%s"), self->theirs->updated_by, all);

      gtk_label_set_label (self->conflict_label, whole);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_box), self->both != 0);
}

/* Theirs is the new ground; what was typed here stays over it. */
static void
merge (ObaRewardEditor *self, ObaReward *theirs)
{
  g_autoptr (ObaReward) mine = take_form (self, NULL);
  guint32 my_changes = oba_reward_compare (mine, self->saved);
  g_autoptr (ObaReward) merged = oba_reward_copy (theirs);

  self->both = my_changes & oba_reward_compare (theirs, self->saved) & oba_reward_compare (mine, theirs);
  for (guint i = 0; oba_reward_field_name (i) != NULL; i++)
    if (my_changes & (1u << i))
      oba_reward_take_field (merged, mine, i);
  g_clear_pointer (&self->theirs, oba_reward_free);
  self->theirs = oba_reward_copy (theirs);
  g_clear_pointer (&self->saved, oba_reward_free);
  self->saved = theirs;
  show_conflict (self, mine);
  show_reward (self, merged);
  oba_problem_box_set_text (self->problem, self->both != 0 ? NULL : _("Somebody else has changed this reward meanwhile. Their changes are in the form now, and so are yours: look at it, then save again."));
}

void
oba_reward_editor_settle (ObaRewardEditor *self, gboolean mine)
{
  g_autoptr (ObaReward) typed = NULL;

  g_return_if_fail (OBA_IS_REWARD_EDITOR (self));

  typed = take_form (self, NULL);
  for (guint i = 0; !mine && oba_reward_field_name (i) != NULL; i++)
    if (self->both & (1u << i))
      oba_reward_take_field (typed, self->theirs, i);
  self->both = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_box), FALSE);
  show_reward (self, typed);
}

static void
mine_cb (ObaRewardEditor *self)
{
  oba_reward_editor_settle (self, TRUE);
}

static void
theirs_cb (ObaRewardEditor *self)
{
  oba_reward_editor_settle (self, FALSE);
}

static void
again_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRewardEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  ObaReward *theirs = oba_reward_read_finish (result, &error);

  if (theirs != NULL)
    merge (self, theirs);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (self, error);
  end (self);
}

/* ---- reading */

static void
picture_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRewardEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) picture = oba_reward_picture_finish (result, &error);

  if (error == NULL && !self->picture_changed)
    set_picture (self, picture, self->saved->thumbnail, self->saved->id == 0 && picture != NULL);
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (self, error);
  end (self);
}

static void
read_picture (ObaRewardEditor *self, gint64 id)
{
  begin (self);
  oba_reward_picture_async (oba_session_get_pool (self->session), id, self->cancellable, picture_cb, g_object_ref (self));
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRewardEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  ObaReward *reward = oba_reward_read_finish (result, &error);

  if (reward != NULL)
    {
      g_clear_pointer (&self->saved, oba_reward_free);
      self->saved = reward;
      self->picture_changed = FALSE;
      show_reward (self, reward);
      read_picture (self, reward->id);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *sentence = oba_db_error_describe (error);
      g_autofree char *escaped = g_markup_escape_text (sentence, -1);

      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
  end (self);
}

/* A copy is a draft with a code of its own. */
static void
like_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRewardEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaReward) like = oba_reward_read_finish (result, &error);

  if (like != NULL)
    {
      g_autofree char *code = g_strdup_printf ("%.36s-2", like->code);
      gint64 id = like->id;

      g_clear_pointer (&self->saved, oba_reward_free);
      self->saved = oba_reward_copy (like);
      self->saved->id = 0;
      self->saved->version = 0;
      self->saved->stock = -1;
      oba_reward_take_text (&self->saved->state, "draft");
      if (g_utf8_validate (code, -1, NULL))
        oba_reward_take_text (&self->saved->code, code);
      show_reward (self, self->saved);
      read_picture (self, id);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (self, error);
  end (self);
}

static void
read_reward (ObaRewardEditor *self, gint64 id, GAsyncReadyCallback callback)
{
  begin (self);
  oba_reward_read_async (oba_session_get_pool (self->session), id, self->cancellable, callback, g_object_ref (self));
}

static void
choices_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRewardEditor) self = user_data;
  g_autoptr (ObaCustomerChoices) choices = oba_customer_choices_read_finish (result, NULL);

  if (choices != NULL)
    oba_reward_form_set_choices (self->form, choices);
  update (self);
  end (self);
}

/* ---- saving */

static void
saved_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRewardEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  self->saving = FALSE;
  if (answer != NULL)
    {
      oba_problem_box_set_text (self->problem, NULL);
      say (self, g_str_equal (json_object_get_string_member_with_default (answer, "state", ""), "live") ? _("Saved: it is on offer") : _("The draft was saved"));
      read_reward (self, json_object_get_int_member (answer, "reward_id"), read_cb);
    }
  else if (oba_db_error_is_refusal (error, "OB003") && self->saved->id != 0)
    read_reward (self, self->saved->id, again_cb);
  else
    fail (self, error);
  update (self);
  end (self);
}

static void
add_bytes (JsonObject *request, const char *name, GBytes *bytes)
{
  gsize length = 0;
  const guchar *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  g_autofree char *text = data != NULL ? g_base64_encode (data, length) : NULL;

  if (text != NULL)
    json_object_set_string_member (request, name, text);
  else
    json_object_set_null_member (request, name);
}

void
oba_reward_editor_save (ObaRewardEditor *self, gboolean live)
{
  g_autoptr (ObaReward) mine = NULL;
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *text = NULL;
  gboolean good;

  g_return_if_fail (OBA_IS_REWARD_EDITOR (self));

  mine = take_form (self, &good);
  if (!good || self->saving || self->both != 0)
    return;
  if (live)
    oba_reward_take_text (&mine->state, "live");
  request = oba_reward_to_json (mine);
  if (self->picture_changed)
    {
      add_bytes (json_node_get_object (request), "picture", self->picture);
      add_bytes (json_node_get_object (request), "thumbnail", self->thumbnail);
    }
  text = json_to_string (request, FALSE);
  if (g_strcmp0 (text, self->sent) != 0)
    {
      g_free (self->sent);
      g_free (self->key);
      self->sent = g_steal_pointer (&text);
      self->key = oba_db_request_new_key ();
    }
  self->saving = TRUE;
  begin (self);
  update (self);
  oba_db_request_async (oba_session_get_pool (self->session), "save_reward", request, self->key, NULL, saved_cb, g_object_ref (self));
}

static void
save_cb (ObaRewardEditor *self)
{
  oba_reward_editor_save (self, FALSE);
}

static void
live_cb (ObaRewardEditor *self)
{
  oba_reward_editor_save (self, TRUE);
}

/* ---- the picture */

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRewardEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaRewardPicture) picture = oba_reward_picture_load_finish (result, &error);

  if (picture != NULL)
    {
      oba_problem_box_set_text (self->problem, NULL);
      set_picture (self, picture->picture, picture->thumbnail, TRUE);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    oba_problem_box_set_text (self->problem, error->message);
  end (self);
}

void
oba_reward_editor_set_file (ObaRewardEditor *self, GFile *file)
{
  g_return_if_fail (OBA_IS_REWARD_EDITOR (self));

  begin (self);
  oba_reward_picture_load_async (file, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
chosen_cb (ObaRewardEditor *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;

  g_clear_object (&self->chooser);
  if (file != NULL)
    oba_reward_editor_set_file (self, file);
}

static void
choose_cb (ObaRewardEditor *self)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose a Picture"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), NULL);
  gtk_file_filter_set_name (filter, _("Pictures (PNG, JPEG, WebP)"));
  gtk_file_filter_add_mime_type (filter, "image/png");
  gtk_file_filter_add_mime_type (filter, "image/jpeg");
  gtk_file_filter_add_mime_type (filter, "image/webp");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
no_picture_cb (ObaRewardEditor *self)
{
  set_picture (self, NULL, NULL, self->saved->has_picture || self->saved->id == 0);
}

/* ---- what else can be done */

static void
changed_elsewhere_cb (ObaRewardEditor *self)
{
  if (self->saved != NULL && self->saved->id != 0 && !oba_reward_editor_is_dirty (self))
    read_reward (self, self->saved->id, read_cb);
}

static void
movements_cb (ObaRewardEditor *self)
{
  gtk_window_present (oba_movements_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session, self->saved));
}

static void
stock_cb (ObaRewardEditor *self)
{
  GtkWindow *window = oba_stock_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session, self->saved);

  g_signal_connect_object (window, "saved", G_CALLBACK (changed_elsewhere_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (window);
}

static void
copy_cb (ObaRewardEditor *self)
{
  oba_reward_editor_push (self->subpages, self->session, 0, self->saved->id);
}

static void
retire_cb (ObaRewardEditor *self)
{
  GtkWindow *window = oba_retire_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session, self->saved);

  g_signal_connect_object (window, "saved", G_CALLBACK (changed_elsewhere_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (window);
}

static void
leave_cb (ObaRewardEditor *self, const char *response)
{
  self->choosing = FALSE;
  if (g_str_equal (response, "discard") && self->subpages != NULL)
    oba_subpages_close (self->subpages, GTK_WIDGET (self));
}

static gboolean
guard (GtkWidget *view, gpointer subpages)
{
  ObaRewardEditor *self = OBA_REWARD_EDITOR (view);
  GtkWidget *dialog;

  if (self->saving || self->choosing)
    return TRUE;
  if (!oba_reward_editor_is_dirty (self))
    return FALSE;
  self->choosing = TRUE;
  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (view)), _("Discard What Was Typed?"), _("The changes to this reward are not saved yet."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "keep", _("_Keep Editing"), "discard", _("_Discard"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_signal_connect_object (dialog, "response", G_CALLBACK (leave_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}

/* ---- building */

static GtkWidget *
button_new (const char *label, const char *css_class)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  if (css_class != NULL)
    gtk_widget_add_css_class (button, css_class);
  gtk_widget_set_visible (button, FALSE);
  return button;
}

static void
build_buttons (ObaRewardEditor *self)
{
  static void (*const callbacks[]) (ObaRewardEditor *) = { retire_cb, copy_cb, stock_cb, live_cb, save_cb };
  const char *const labels[] = { _("_Retire…"), _("_Duplicate"), _("St_ock…"), _("Put _Live"), _("_Save") };

  for (guint i = 0; i < G_N_ELEMENTS (button_names); i++)
    {
      self->buttons[i] = g_object_ref_sink (button_new (labels[i], g_str_equal (button_names[i], "save") ? "suggested-action" : NULL));
      g_signal_connect_swapped (self->buttons[i], "clicked", G_CALLBACK (callbacks[i]), self);
    }
}

static void
build_conflict (ObaRewardEditor *self, GtkBox *box)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *mine = gtk_button_new_with_mnemonic (_("Keep _Mine"));
  GtkWidget *theirs = gtk_button_new_with_mnemonic (_("Take _Theirs"));

  self->conflict_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  self->conflict_label = GTK_LABEL (oba_profile_label_new ("", NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->conflict_box), "conflict-view");
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_box), FALSE);
  gtk_box_append (self->conflict_box, GTK_WIDGET (self->conflict_label));
  gtk_box_append (GTK_BOX (line), mine);
  gtk_box_append (GTK_BOX (line), theirs);
  gtk_box_append (self->conflict_box, line);
  g_signal_connect_swapped (mine, "clicked", G_CALLBACK (mine_cb), self);
  g_signal_connect_swapped (theirs, "clicked", G_CALLBACK (theirs_cb), self);
  gtk_box_append (box, GTK_WIDGET (self->conflict_box));
}

static void
build_pictures (ObaRewardEditor *self)
{
  GtkBox *box = oba_reward_form_get_pictures (self->form);
  GtkWidget *choose = gtk_button_new_with_mnemonic (_("Choose a _Picture…"));
  GtkWidget *note = oba_profile_label_new (_("PNG, JPEG or WebP. It is made small enough for Telegram, and what a camera writes beside it is left out."), "dim-label");

  self->no_picture_button = gtk_button_new_with_mnemonic (_("R_emove"));
  gtk_widget_set_valign (choose, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->no_picture_button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (note, "caption");
  gtk_widget_set_hexpand (note, TRUE);
  g_signal_connect_swapped (choose, "clicked", G_CALLBACK (choose_cb), self);
  g_signal_connect_swapped (self->no_picture_button, "clicked", G_CALLBACK (no_picture_cb), self);
  gtk_box_append (box, choose);
  gtk_box_append (box, self->no_picture_button);
  gtk_box_append (box, note);
}

static GtkWidget *
scrolled_new (GtkWidget *child, int margin)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  g_object_set (child, "margin-top", margin, "margin-bottom", margin, "margin-start", margin, "margin-end", margin, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), child);
  return scrolled;
}

static GtkWidget *
body_new (ObaRewardEditor *self)
{
  GtkWidget *body = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *scrolled, *side;

  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->state_label = GTK_LABEL (oba_profile_label_new ("", "dim-label"));
  self->form = OBA_REWARD_FORM (oba_reward_form_new ());
  self->preview = OBA_REWARD_PREVIEW (oba_reward_preview_new ());
  gtk_box_append (GTK_BOX (left), GTK_WIDGET (self->state_label));
  self->movements_button = button_new (_("Stock _Movements…"), NULL);
  gtk_widget_set_halign (self->movements_button, GTK_ALIGN_START);
  g_signal_connect_swapped (self->movements_button, "clicked", G_CALLBACK (movements_cb), self);
  gtk_box_append (GTK_BOX (left), self->movements_button);
  gtk_box_append (GTK_BOX (left), GTK_WIDGET (self->problem));
  build_conflict (self, GTK_BOX (left));
  gtk_box_append (GTK_BOX (left), GTK_WIDGET (self->form));
  build_pictures (self);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), FORM_WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), left);
  scrolled = scrolled_new (clamp, 18);
  gtk_widget_set_hexpand (scrolled, TRUE);
  side = scrolled_new (GTK_WIDGET (self->preview), 18);
  gtk_widget_set_size_request (side, PREVIEW_WIDTH, -1);
  gtk_box_append (GTK_BOX (body), scrolled);
  gtk_box_append (GTK_BOX (body), gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  gtk_box_append (GTK_BOX (body), side);
  g_signal_connect_swapped (self->form, "changed", G_CALLBACK (update), self);
  return body;
}

static void
oba_reward_editor_dispose (GObject *object)
{
  ObaRewardEditor *self = OBA_REWARD_EDITOR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->chooser);
  if (self->subpages != NULL)
    {
      g_object_remove_weak_pointer (G_OBJECT (self->subpages), (gpointer *) &self->subpages);
      self->subpages = NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (button_names); i++)
    if (self->buttons[i] != NULL)
      {
        g_signal_handlers_disconnect_by_data (self->buttons[i], self);
        g_clear_object (&self->buttons[i]);
      }

  G_OBJECT_CLASS (oba_reward_editor_parent_class)->dispose (object);
}

static void
oba_reward_editor_finalize (GObject *object)
{
  ObaRewardEditor *self = OBA_REWARD_EDITOR (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->saved, oba_reward_free);
  g_clear_pointer (&self->theirs, oba_reward_free);
  g_clear_pointer (&self->picture, g_bytes_unref);
  g_clear_pointer (&self->thumbnail, g_bytes_unref);
  g_free (self->key);
  g_free (self->sent);

  G_OBJECT_CLASS (oba_reward_editor_parent_class)->finalize (object);
}

static void
oba_reward_editor_class_init (ObaRewardEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_reward_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_reward_editor_finalize;

  signals[SETTLED] = g_signal_new ("settled", OBA_TYPE_REWARD_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_reward_editor_init (ObaRewardEditor *self)
{
  GtkWidget *spinner = gtk_spinner_new ();

  self->cancellable = g_cancellable_new ();
  self->stack = GTK_STACK (gtk_stack_new ());
  self->failed_page = g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "dialog-warning-symbolic", "title", _("The Reward Could Not Be Read"), NULL);
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  build_buttons (self);
  gtk_stack_add_named (self->stack, spinner, "loading");
  gtk_stack_add_named (self->stack, body_new (self), "form");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed_page), "failed");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}

ObaRewardEditor *
oba_reward_editor_push (ObaSubpages *subpages, ObaSession *session, gint64 id, gint64 like)
{
  ObaRewardEditor *self = g_object_new (OBA_TYPE_REWARD_EDITOR, NULL);

  self->session = g_object_ref (session);
  self->subpages = subpages;
  g_object_add_weak_pointer (G_OBJECT (subpages), (gpointer *) &self->subpages);
  oba_subpages_push (subpages, GTK_WIDGET (self), id != 0 ? _("Reward") : _("New Reward"));
  for (guint i = 0; i < G_N_ELEMENTS (button_names); i++)
    oba_subpages_add_end (subpages, GTK_WIDGET (self), self->buttons[i]);
  oba_subpages_set_guard (subpages, GTK_WIDGET (self), guard, subpages);
  begin (self);
  oba_customer_choices_read_async (oba_session_get_pool (session), self->cancellable, choices_cb, g_object_ref (self));
  if (id != 0)
    read_reward (self, id, read_cb);
  else if (like != 0)
    read_reward (self, like, like_cb);
  else
    {
      self->saved = oba_reward_new ();
      show_reward (self, self->saved);
    }
  return self;
}

/* ---- for tests */

ObaRewardForm *
oba_reward_editor_get_form (ObaRewardEditor *self)
{
  return self->form;
}

ObaRewardPreview *
oba_reward_editor_get_preview (ObaRewardEditor *self)
{
  return self->preview;
}

gint64
oba_reward_editor_get_id (ObaRewardEditor *self)
{
  return self->saved != NULL ? self->saved->id : 0;
}

gboolean
oba_reward_editor_is_settled (ObaRewardEditor *self)
{
  return self->busy == 0;
}

const char *
oba_reward_editor_get_problem (ObaRewardEditor *self)
{
  const char *text = oba_problem_box_get_text (self->problem);

  return text != NULL ? text : "";
}

GtkWidget *
oba_reward_editor_get_button (ObaRewardEditor *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (button_names); i++)
    if (g_str_equal (button_names[i], name))
      return gtk_widget_get_visible (self->buttons[i]) ? self->buttons[i] : NULL;
  return NULL;
}
