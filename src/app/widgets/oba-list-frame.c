#include "oba-list-frame.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-error.h"

/* Shorter waits are not worth a spinner. */
#define BUSY_MS 250

struct _ObaListFrame
{
  AdwBin         parent_instance;

  ObaLazyModel  *model;
  guint          busy_id;
  gboolean       busy;

  GtkWidget     *stale_box;
  GtkLabel      *stale_label;
  GtkStack      *stack;
  AdwBin        *list_bin;
  AdwBin        *empty_bin;
  AdwBin        *nothing_bin;
  AdwStatusPage *failed_page;
};

enum { PROP_FAILED_TITLE = 1, PROP_EMPTY, PROP_NOTHING, PROP_BUSY, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaListFrame, oba_list_frame, ADW_TYPE_BIN)

static gboolean
has_rows (ObaListFrame *self)
{
  return self->model != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0;
}

static void
set_busy (ObaListFrame *self,
          gboolean      busy)
{
  if (self->busy == busy)
    return;
  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

static void
busy_cb (gpointer user_data)
{
  ObaListFrame *self = user_data;

  self->busy_id = 0;
  set_busy (self, TRUE);
}

static void
follow_busy (ObaListFrame *self,
             gboolean      busy)
{
  if (busy && self->busy_id == 0 && !self->busy)
    self->busy_id = g_timeout_add_once (BUSY_MS, busy_cb, self);
  if (busy)
    return;
  g_clear_handle_id (&self->busy_id, g_source_remove);
  set_busy (self, FALSE);
}

/* Rows that are there stay: they are old, not wrong. */
static void
show_failure (ObaListFrame *self)
{
  g_autofree char *sentence = oba_db_error_describe (oba_lazy_model_get_error (self->model));
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);
  g_autofree char *stale = g_strdup_printf (_("The list could not be brought up to date. %s"), sentence);

  if (has_rows (self))
    {
      gtk_label_set_label (self->stale_label, stale);
      gtk_widget_set_visible (self->stale_box, TRUE);
      return;
    }
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
  g_signal_emit (self, signals[FAILED], 0, sentence);
}

static void
model_state_cb (ObaListFrame *self)
{
  ObaLazyModelState state = oba_lazy_model_get_state (self->model);

  follow_busy (self, state == OBA_LAZY_MODEL_OPENING);
  if (state == OBA_LAZY_MODEL_FAILED)
    show_failure (self);
  else if (state == OBA_LAZY_MODEL_READY)
    gtk_widget_set_visible (self->stale_box, FALSE);
}

void
oba_list_frame_set_view (ObaListFrame *self,
                         ObaLazyView  *view)
{
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (oba_lazy_view_get_model (view));
  g_signal_connect_object (self->model, "notify::state", G_CALLBACK (model_state_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->list_bin, GTK_WIDGET (view));
}

void
oba_list_frame_show (ObaListFrame *self,
                     gboolean      searching)
{
  gtk_stack_set_visible_child_name (self->stack, has_rows (self) ? "list" : searching ? "nothing" : "empty");
}

void
oba_list_frame_show_loading (ObaListFrame *self)
{
  if (!has_rows (self))
    gtk_stack_set_visible_child_name (self->stack, "loading");
}

const char *
oba_list_frame_get_shown (ObaListFrame *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

/* ---- the object */

static void
oba_list_frame_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  ObaListFrame *self = OBA_LIST_FRAME (object);

  if (prop_id == PROP_FAILED_TITLE)
    adw_status_page_set_title (self->failed_page, g_value_get_string (value));
  else if (prop_id == PROP_EMPTY)
    adw_bin_set_child (self->empty_bin, g_value_get_object (value));
  else if (prop_id == PROP_NOTHING)
    adw_bin_set_child (self->nothing_bin, g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
oba_list_frame_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  if (prop_id == PROP_BUSY)
    g_value_set_boolean (value, OBA_LIST_FRAME (object)->busy);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
oba_list_frame_dispose (GObject *object)
{
  ObaListFrame *self = OBA_LIST_FRAME (object);

  g_clear_handle_id (&self->busy_id, g_source_remove);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (oba_list_frame_parent_class)->dispose (object);
}

static void
oba_list_frame_class_init (ObaListFrameClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = oba_list_frame_set_property;
  object_class->get_property = oba_list_frame_get_property;
  object_class->dispose = oba_list_frame_dispose;

  props[PROP_FAILED_TITLE] = g_param_spec_string ("failed-title", NULL, NULL, "", G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_EMPTY] = g_param_spec_object ("empty", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_NOTHING] = g_param_spec_object ("nothing", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[FAILED] = g_signal_new ("failed", OBA_TYPE_LIST_FRAME, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/widgets/oba-list-frame.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaListFrame, stale_box);
  gtk_widget_class_bind_template_child (widget_class, ObaListFrame, stale_label);
  gtk_widget_class_bind_template_child (widget_class, ObaListFrame, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaListFrame, list_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaListFrame, empty_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaListFrame, nothing_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaListFrame, failed_page);
}

static void
oba_list_frame_init (ObaListFrame *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
