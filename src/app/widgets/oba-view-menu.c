#include "oba-view-menu.h"

#include <glib/gi18n-lib.h>

#include "base/oba-text.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"

#define MAX_NAME 100
#define UNDO_SECONDS 20

struct _ObaViewMenu
{
  AdwBin             parent_instance;

  ObaPage           *page;          /* this is a part of it */
  ObaLazyView       *lazy_view;     /* of the page */
  const ObaViewMenuPage *kind;
  GCancellable      *cancellable;
  GPtrArray         *views;         /* (nullable) of ObaListView, in the order of the rows */

  GtkMenuButton     *button;
  GtkPopover        *popover;
  GtkLabel          *note_label;
  GtkWidget         *scroller;
  GtkListBox        *list;
  GtkWidget         *save_button;
};

G_DEFINE_FINAL_TYPE (ObaViewMenu, oba_view_menu, ADW_TYPE_BIN)

static void read_views (ObaViewMenu *self);

static ObaDbPool *
get_pool (ObaViewMenu *self)
{
  return oba_session_get_pool (oba_page_get_session (self->page));
}

static gboolean
may_save (ObaViewMenu *self)
{
  return oba_session_has_role (oba_page_get_session (self->page), OBA_ROLE_CLERK | OBA_ROLE_MARKETING | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN);
}

/* ---- opening and taking */

static void
set_columns (ObaLazyView *view,
             char       **columns)
{
  g_autoptr (GVariant) now = g_variant_ref_sink (oba_lazy_view_get_layout (view));
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(si)"));
  for (guint i = 0; columns[i] != NULL; i++)
    {
      int width = -1;

      /* Who made a column wide wants it wide in every view. */
      for (gsize j = 0; j < g_variant_n_children (now); j++)
        {
          const char *id;
          int known;

          g_variant_get_child (now, j, "(&si)", &id, &known);
          if (g_str_equal (id, columns[i]))
            width = known;
        }
      g_variant_builder_add (&builder, "(si)", columns[i], width);
    }
  oba_lazy_view_set_layout (view, g_variant_builder_end (&builder));
}

static void
open_view (ObaViewMenu       *self,
           const ObaListView *view)
{
  if (view->columns != NULL && view->columns[0] != NULL)
    set_columns (self->lazy_view, view->columns);
  self->kind->open (self->page, view);
}

/* What the list shows now. */
static void
take_list (ObaViewMenu *self,
           ObaListView *view)
{
  g_autoptr (GVariant) layout = g_variant_ref_sink (oba_lazy_view_get_layout (self->lazy_view));
  g_autoptr (GStrvBuilder) columns = g_strv_builder_new ();
  GVariantIter iter;
  const char *id;

  self->kind->take (self->page, view);
  g_variant_iter_init (&iter, layout);
  while (g_variant_iter_next (&iter, "(&si)", &id, NULL))
    g_strv_builder_add (columns, id);
  g_strfreev (view->columns);
  view->columns = g_strv_builder_end (columns);
}

/* The page went while something was on its way: nobody is told. */
static gboolean
is_gone (ObaViewMenu *self)
{
  return gtk_widget_get_root (GTK_WIDGET (self)) == NULL;
}

/* ---- saving */

typedef struct
{
  ObaViewMenu *self;       /* owned */
  ObaListView *view;       /* owned */
  char        *key;        /* the same as long as it is the same request */
  gboolean     deleting;   /* else it is saved */
} Saving;

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->self);
  oba_list_view_free (saving->view);
  g_free (saving->key);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
saving_closure_free (gpointer  data,
                     GClosure *closure)
{
  saving_free (data);
}

static Saving *
saving_new (ObaViewMenu *self,
            ObaListView *view)
{
  Saving *saving = g_new0 (Saving, 1);

  saving->self = g_object_ref (self);
  saving->view = view;
  saving->key = oba_db_request_new_key ();
  return saving;
}

static void ask_name (Saving *saving, const char *problem);
static void ask_conflict (Saving *saving);

static void
say (ObaViewMenu *self,
     const char  *pattern,
     const char  *name)
{
  GString *message = g_string_new (pattern);

  g_string_replace (message, "%s", name, 1);
  oba_page_toast (self->page, message->str);
  g_string_free (message, TRUE);
}

/* Somebody changed it since it was read, or it is not there any more. */
static gboolean
is_conflict (const Saving *saving,
             const GError *error)
{
  return saving->view->id != 0 && (oba_db_error_is_refusal (error, "OB003") || oba_db_error_is_refusal (error, "OB002"));
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (Saving) saving = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (is_gone (saving->self))
    return;
  if (oba_list_view_save_finish (result, &error) != 0)
    {
      say (saving->self, _("The view “%s” is saved"), saving->view->name);
      return;
    }
  sentence = oba_db_error_describe (error);
  /* A name that is taken can be mended at once; what a colleague changed or deleted has to be looked at first. */
  if (oba_db_error_is_refusal (error, "OB004"))
    ask_name (g_steal_pointer (&saving), sentence);
  else if (is_conflict (saving, error))
    ask_conflict (g_steal_pointer (&saving));
  else
    oba_page_toast (saving->self->page, sentence);
}

static void
save (Saving *saving)
{
  oba_list_view_save_async (get_pool (saving->self), saving->view, saving->key, NULL, saved_cb, saving);
}

typedef struct
{
  Saving           *saving;
  AdwMessageDialog *dialog;
  GtkEditable      *name;
  GtkSwitch        *shared;
} NameDialog;

static char *
dup_name (NameDialog *ask)
{
  g_autofree char *clean = oba_text_clean (gtk_editable_get_text (ask->name), MAX_NAME, NULL);

  return clean != NULL && *clean != '\0' ? g_steal_pointer (&clean) : NULL;
}

static void
name_changed_cb (NameDialog *ask)
{
  g_autofree char *name = dup_name (ask);

  adw_message_dialog_set_response_enabled (ask->dialog, "save", name != NULL);
}

static void
name_response_cb (NameDialog *ask,
                  const char *response)
{
  g_autofree char *name = dup_name (ask);
  Saving *saving = g_steal_pointer (&ask->saving);

  if (!g_str_equal (response, "save") || name == NULL)
    {
      saving_free (saving);
      return;
    }
  g_free (saving->view->name);
  saving->view->name = g_steal_pointer (&name);
  saving->view->shared = gtk_switch_get_active (ask->shared);
  g_free (saving->key);
  saving->key = oba_db_request_new_key ();
  save (saving);
}

static void
name_dialog_free (gpointer  data,
                  GClosure *closure)
{
  NameDialog *ask = data;

  g_clear_pointer (&ask->saving, saving_free);
  g_free (ask);
}

/* Takes @saving. */
static void
ask_name (Saving     *saving,
          const char *problem)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (saving->self)));
  GtkWidget *dialog = adw_message_dialog_new (parent, saving->view->id == 0 ? _("Save View") : _("Rename or Share View"), problem);
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *name = adw_entry_row_new ();
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *shared = gtk_switch_new ();
  NameDialog *ask = g_new0 (NameDialog, 1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (name), _("Name"));
  gtk_editable_set_text (GTK_EDITABLE (name), saving->view->name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Share with colleagues"));
  gtk_widget_set_valign (shared, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (shared), saving->view->shared);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), shared);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), shared);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), name);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);

  ask->saving = saving;
  ask->dialog = ADW_MESSAGE_DIALOG (dialog);
  ask->name = GTK_EDITABLE (name);
  ask->shared = GTK_SWITCH (shared);
  adw_message_dialog_set_extra_child (ask->dialog, group);
  adw_message_dialog_add_responses (ask->dialog, "cancel", _("_Cancel"), "save", _("_Save"), NULL);
  adw_message_dialog_set_response_appearance (ask->dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ask->dialog, "save");
  adw_message_dialog_set_close_response (ask->dialog, "cancel");
  g_signal_connect_swapped (name, "changed", G_CALLBACK (name_changed_cb), ask);
  g_signal_connect_data (dialog, "response", G_CALLBACK (name_response_cb), ask, name_dialog_free, G_CONNECT_SWAPPED);
  name_changed_cb (ask);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
save_clicked_cb (ObaViewMenu *self)
{
  ObaListView *view = oba_list_view_new (self->kind->page, self->kind->spec, "");

  take_list (self, view);
  gtk_popover_popdown (self->popover);
  ask_name (saving_new (self, view), NULL);
}

/* ---- deleting */

static void
undo_delete_cb (Saving *deleted)
{
  ObaListView *view = oba_list_view_copy (deleted->view);

  view->id = 0;
  save (saving_new (deleted->self, view));
}

/* One's own view comes back as it was; a colleague's would come back as somebody else's. */
static void
tell_deleted (Saving *deleted)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (deleted->self), ADW_TYPE_TOAST_OVERLAY);
  GString *message = g_string_new (_("The view “%s” is deleted"));
  g_autofree char *escaped = NULL;
  AdwToast *toast;

  g_string_replace (message, "%s", deleted->view->name, 1);
  escaped = g_markup_escape_text (message->str, -1);
  g_string_free (message, TRUE);
  if (overlay == NULL)
    return;
  toast = adw_toast_new (escaped);
  if (deleted->view->own)
    {
      adw_toast_set_button_label (toast, _("_Undo"));
      adw_toast_set_timeout (toast, UNDO_SECONDS);
      adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
      g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_delete_cb), saving_new (deleted->self, oba_list_view_copy (deleted->view)),
                             saving_closure_free, G_CONNECT_SWAPPED);
    }
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Saving) saving = user_data;
  g_autoptr (GError) error = NULL;

  if (is_gone (saving->self))
    return;
  if (oba_list_view_delete_finish (result, &error))
    tell_deleted (saving);
  else if (is_conflict (saving, error))
    ask_conflict (g_steal_pointer (&saving));
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_page_toast (saving->self->page, sentence);
    }
}

static void
delete_view (ObaViewMenu       *self,
             const ObaListView *view)
{
  Saving *own = saving_new (self, oba_list_view_copy (view));

  own->deleting = TRUE;
  oba_list_view_delete_async (get_pool (self), own->view, own->key, NULL, deleted_cb, own);
}

static void
delete_response_cb (Saving     *saving,
                    const char *response)
{
  if (g_str_equal (response, "delete"))
    delete_view (saving->self, saving->view);
}

static void
ask_delete (ObaViewMenu       *self,
            const ObaListView *view)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  GString *heading = g_string_new (_("Delete the View “%s”?"));
  GtkWidget *dialog;

  g_string_replace (heading, "%s", view->name, 1);
  dialog = adw_message_dialog_new (parent, heading->str,
                                   _("It belongs to a colleague, and whoever uses it loses it. This cannot be undone. What the view shows stays as it is."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "delete", _("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (delete_response_cb), saving_new (self, oba_list_view_copy (view)),
                         saving_closure_free, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  g_string_free (heading, TRUE);
}

/* ---- what somebody else changed or deleted meanwhile */

typedef struct
{
  Saving      *saving;     /* owned: what was asked for */
  ObaListView *theirs;     /* (nullable) owned: what is there now */
} Conflict;

static void
conflict_free (gpointer  data,
               GClosure *closure)
{
  Conflict *conflict = data;

  saving_free (conflict->saving);
  g_clear_pointer (&conflict->theirs, oba_list_view_free);
  g_free (conflict);
}

static void
conflict_response_cb (Conflict   *conflict,
                      const char *response)
{
  ObaViewMenu *self = conflict->saving->self;
  ObaListView *view = oba_list_view_copy (conflict->saving->view);

  if (g_str_equal (response, "mine") && conflict->saving->deleting)
    {
      view->version = conflict->theirs->version;
      delete_view (self, view);
      oba_list_view_free (view);
    }
  else if (g_str_equal (response, "mine"))
    {
      view->version = conflict->theirs->version;
      save (saving_new (self, view));
    }
  else if (g_str_equal (response, "new"))
    {
      view->id = 0;
      ask_name (saving_new (self, view), NULL);
    }
  else
    oba_list_view_free (view);
}

static char *
describe_conflict (const Conflict *conflict)
{
  g_autofree char *line = NULL;

  if (conflict->theirs == NULL)
    return conflict->saving->deleting ? g_strdup (_("Somebody else has deleted it already."))
                                      : g_strdup (_("Somebody else has deleted it. What the list shows now can be saved as a new view."));
  line = conflict->saving->self->kind->describe (conflict->saving->self->page, conflict->theirs->filter);
  /* Translators: the name of a saved view and its conditions. */
  return g_strdup_printf (_("It is called “%s” now and shows: %s"), conflict->theirs->name, line);
}

static void
present_conflict (Conflict *conflict)
{
  const Saving *saving = conflict->saving;
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (saving->self)));
  GString *heading = g_string_new (conflict->theirs != NULL ? _("Somebody Else Changed the View “%s” Meanwhile") : _("The View “%s” Is Not There Any More"));
  g_autofree char *body = describe_conflict (conflict);
  AdwMessageDialog *dialog;

  g_string_replace (heading, "%s", saving->view->name, 1);
  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading->str, body));
  adw_message_dialog_add_response (dialog, "cancel", conflict->theirs != NULL ? _("_Keep Theirs") : _("_Close"));
  if (!saving->deleting)
    adw_message_dialog_add_response (dialog, "new", _("Save as a _New View…"));
  if (conflict->theirs != NULL)
    {
      adw_message_dialog_add_response (dialog, "mine", saving->deleting ? _("_Delete Anyway") : _("Save _Mine"));
      adw_message_dialog_set_response_appearance (dialog, "mine", ADW_RESPONSE_DESTRUCTIVE);
    }
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (conflict_response_cb), conflict, conflict_free, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  g_string_free (heading, TRUE);
}

static void
latest_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (Saving) saving = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) views = oba_list_views_list_finish (result, &error);
  Conflict *conflict;

  if (is_gone (saving->self))
    return;
  if (views == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_page_toast (saving->self->page, sentence);
      return;
    }
  conflict = g_new0 (Conflict, 1);
  conflict->saving = g_steal_pointer (&saving);
  for (guint i = 0; i < views->len; i++)
    if (((ObaListView *) views->pdata[i])->id == conflict->saving->view->id)
      conflict->theirs = oba_list_view_copy (views->pdata[i]);
  present_conflict (conflict);
}

/* Takes @saving. */
static void
ask_conflict (Saving *saving)
{
  oba_list_views_list_async (get_pool (saving->self), saving->self->kind->page, saving->self->kind->spec, NULL, latest_cb, saving);
}

/* ---- the rows */

static ObaListView *
row_view (ObaViewMenu *self,
          GtkWidget   *widget)
{
  GtkListBoxRow *row = GTK_LIST_BOX_ROW (gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW));

  return self->views->pdata[gtk_list_box_row_get_index (row)];
}

static void
row_activated_cb (ObaViewMenu   *self,
                  GtkListBoxRow *row)
{
  gtk_popover_popdown (self->popover);
  open_view (self, row_view (self, GTK_WIDGET (row)));
}

static void
update_clicked_cb (ObaViewMenu *self,
                   GtkWidget   *button)
{
  ObaListView *view = oba_list_view_copy (row_view (self, button));

  take_list (self, view);
  gtk_popover_popdown (self->popover);
  save (saving_new (self, view));
}

static void
rename_clicked_cb (ObaViewMenu *self,
                   GtkWidget   *button)
{
  ObaListView *view = oba_list_view_copy (row_view (self, button));

  gtk_popover_popdown (self->popover);
  ask_name (saving_new (self, view), NULL);
}

static void
delete_clicked_cb (ObaViewMenu *self,
                   GtkWidget   *button)
{
  const ObaListView *view = row_view (self, button);

  gtk_popover_popdown (self->popover);
  if (view->own)
    delete_view (self, view);
  else
    ask_delete (self, view);
}

static void
copy_clicked_cb (ObaViewMenu *self,
                 GtkWidget   *button)
{
  ObaListView *view = oba_list_view_copy (row_view (self, button));

  view->id = 0;
  view->shared = FALSE;
  view->own = TRUE;
  gtk_popover_popdown (self->popover);
  ask_name (saving_new (self, view), NULL);
}

static void
add_button (ObaViewMenu *self,
            GtkWidget   *row,
            const char  *icon,
            const char  *label,
            GCallback    callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_swapped (button, "clicked", callback, self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
add_row (ObaViewMenu       *self,
         const ObaListView *view)
{
  GtkWidget *row = adw_action_row_new ();
  /* Translators: the name of the colleague whose view it is. */
  g_autofree char *shared = view->own ? g_strdup (_("Shared with colleagues")) : g_strdup_printf (_("Shared by %s"), view->owner_name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), view->name);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  if (view->shared)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), shared);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  if (view->may_change && may_save (self))
    {
      add_button (self, row, "document-save-symbolic", _("Make it what the list shows now"), G_CALLBACK (update_clicked_cb));
      add_button (self, row, "document-edit-symbolic", _("Rename or share"), G_CALLBACK (rename_clicked_cb));
      add_button (self, row, "user-trash-symbolic", _("Delete"), G_CALLBACK (delete_clicked_cb));
    }
  else if (may_save (self))
    add_button (self, row, "edit-copy-symbolic", _("Copy as a view of your own"), G_CALLBACK (copy_clicked_cb));
  gtk_list_box_append (self->list, row);
}

static void
show_note (ObaViewMenu *self,
           const char  *note)
{
  gtk_label_set_label (self->note_label, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), note != NULL);
  gtk_widget_set_visible (self->scroller, note == NULL);
}

static void
views_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  ObaViewMenu *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) views = oba_list_views_list_finish (result, &error);
  GtkListBoxRow *row;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (views == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      show_note (self, sentence);
      return;
    }
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  g_clear_pointer (&self->views, g_ptr_array_unref);
  self->views = g_steal_pointer (&views);
  for (guint i = 0; i < self->views->len; i++)
    add_row (self, self->views->pdata[i]);
  show_note (self, self->views->len > 0 ? NULL : _("A saved view keeps the search, the conditions, the order and the columns of the list under a name."));
}

static void
read_views (ObaViewMenu *self)
{
  if (self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  oba_list_views_list_async (get_pool (self), self->kind->page, self->kind->spec, self->cancellable, views_cb, self);
}

/* ---- the object */

static void
oba_view_menu_dispose (GObject *object)
{
  ObaViewMenu *self = OBA_VIEW_MENU (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (oba_view_menu_parent_class)->dispose (object);
}

static void
oba_view_menu_finalize (GObject *object)
{
  g_clear_pointer (&OBA_VIEW_MENU (object)->views, g_ptr_array_unref);

  G_OBJECT_CLASS (oba_view_menu_parent_class)->finalize (object);
}

static void
oba_view_menu_class_init (ObaViewMenuClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_view_menu_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_view_menu_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/widgets/oba-view-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaViewMenu, button);
  gtk_widget_class_bind_template_child (widget_class, ObaViewMenu, popover);
  gtk_widget_class_bind_template_child (widget_class, ObaViewMenu, note_label);
  gtk_widget_class_bind_template_child (widget_class, ObaViewMenu, scroller);
  gtk_widget_class_bind_template_child (widget_class, ObaViewMenu, list);
  gtk_widget_class_bind_template_child (widget_class, ObaViewMenu, save_button);
  gtk_widget_class_bind_template_callback (widget_class, read_views);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
}

static void
oba_view_menu_init (ObaViewMenu *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_note (self, _("Loading…"));
}

void
oba_view_menu_set_page (ObaViewMenu           *self,
                        ObaPage               *page,
                        ObaLazyView           *list,
                        const ObaViewMenuPage *kind)
{
  self->page = page;
  self->lazy_view = list;
  self->kind = kind;
  gtk_widget_set_visible (self->save_button, may_save (self));
}

void
oba_view_menu_popup (ObaViewMenu *self)
{
  gtk_menu_button_popup (self->button);
}
