#include "oba-store-chooser.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-store.h"

/* All of a chain; more are found by their name. */
#define MAX_SHOWN 2000

struct _ObaStoreChooser
{
  AdwBin              parent_instance;

  ObaDbPool          *pool;
  gint64              store_id;
  char               *none;
  GListStore         *stores;
  GtkSingleSelection *selection;
  GCancellable       *asking;      /* what the list shows */
  GCancellable       *naming;      /* what the button says */

  GtkMenuButton      *button;
  GtkLabel           *label;
  GtkPopover         *popover;
  GtkSearchEntry     *entry;
  GtkStack           *stack;
  GtkListView        *list;
  GtkLabel           *message;
  GtkButton          *none_button;
};

enum
{
  PROP_STORE_ID = 1,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ObaStoreChooser, oba_store_chooser, ADW_TYPE_BIN)

static void
stop (GCancellable **cancellable)
{
  g_cancellable_cancel (*cancellable);
  g_clear_object (cancellable);
}

static void
show_text (ObaStoreChooser *self,
           const char      *text)
{
  gtk_label_set_label (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static const char *
none_text (ObaStoreChooser *self)
{
  return self->none != NULL ? self->none : _("Choose a store");
}

static void
close_list (ObaStoreChooser *self)
{
  gtk_popover_popdown (self->popover);
}

static void
choose (ObaStoreChooser *self,
        ObaStore        *store)
{
  oba_store_chooser_set_store (self, store != NULL ? oba_store_get_id (store) : 0, store != NULL ? oba_store_get_name (store) : NULL);
  close_list (self);
}

static void
show_message (ObaStoreChooser *self,
              const char      *text)
{
  gtk_label_set_label (self->message, text);
  gtk_stack_set_visible_child_name (self->stack, "message");
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (ObaStoreChooser) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) stores = oba_stores_find_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->asking);
  if (stores == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      show_message (self, sentence);
      return;
    }
  g_list_store_splice (self->stores, 0, g_list_model_get_n_items (G_LIST_MODEL (self->stores)), stores->pdata, stores->len);
  if (stores->len > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    show_message (self, _("No store has all these words in its name, city, district or code."));
}

static void
ask (ObaStoreChooser *self)
{
  if (self->pool == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self->popover)))
    return;
  stop (&self->asking);
  self->asking = g_cancellable_new ();
  oba_stores_find_async (self->pool, gtk_editable_get_text (GTK_EDITABLE (self->entry)), MAX_SHOWN, self->asking, found_cb,
                         g_object_ref (self));
}

static void
opened_cb (ObaStoreChooser *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  ask (self);
}

static void
take_selected (ObaStoreChooser *self)
{
  ObaStore *store = gtk_single_selection_get_selected_item (self->selection);

  if (store != NULL && self->asking == NULL)
    choose (self, store);
}

static void
activate_cb (ObaStoreChooser *self,
             guint            position)
{
  g_autoptr (ObaStore) store = g_list_model_get_item (G_LIST_MODEL (self->stores), position);

  choose (self, store);
}

static void
none_cb (ObaStoreChooser *self)
{
  choose (self, NULL);
}

static gboolean
key_cb (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        ObaStoreChooser       *self)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
  return GDK_EVENT_STOP;
}

/* ---- rows */

static GtkWidget *
row_label_new (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    {
      gtk_widget_add_css_class (label, css_class);
      gtk_widget_add_css_class (label, "caption");
    }
  return label;
}

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem        *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_append (GTK_BOX (box), row_label_new (NULL));
  gtk_box_append (GTK_BOX (box), row_label_new ("dim-label"));
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem        *item)
{
  ObaStore *store = gtk_list_item_get_item (item);
  GtkWidget *name = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *place = gtk_widget_get_next_sibling (name);
  g_autofree char *closed = NULL;

  if (oba_store_is_closed (store))
    /* Translators: a store and that it is closed for good. */
    closed = g_strdup_printf (_("%s (closed)"), oba_store_get_name (store));
  gtk_label_set_label (GTK_LABEL (name), closed != NULL ? closed : oba_store_get_name (store));
  gtk_label_set_label (GTK_LABEL (place), oba_store_get_place (store));
  gtk_widget_set_visible (place, *oba_store_get_place (store) != '\0');
}

/* ---- the object */

static void
oba_store_chooser_dispose (GObject *object)
{
  ObaStoreChooser *self = OBA_STORE_CHOOSER (object);

  stop (&self->asking);
  stop (&self->naming);
  g_clear_object (&self->pool);
  g_clear_object (&self->stores);
  g_clear_object (&self->selection);

  G_OBJECT_CLASS (oba_store_chooser_parent_class)->dispose (object);
}

static void
oba_store_chooser_finalize (GObject *object)
{
  g_free (OBA_STORE_CHOOSER (object)->none);

  G_OBJECT_CLASS (oba_store_chooser_parent_class)->finalize (object);
}

static void
oba_store_chooser_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  if (id == PROP_STORE_ID)
    g_value_set_int64 (value, OBA_STORE_CHOOSER (object)->store_id);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oba_store_chooser_class_init (ObaStoreChooserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = oba_store_chooser_dispose;
  object_class->finalize = oba_store_chooser_finalize;
  object_class->get_property = oba_store_chooser_get_property;

  props[PROP_STORE_ID] = g_param_spec_int64 ("store-id", NULL, NULL, 0, G_MAXINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/widgets/oba-store-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaStoreChooser, button);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreChooser, label);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreChooser, popover);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreChooser, entry);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreChooser, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreChooser, list);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreChooser, message);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreChooser, none_button);
  gtk_widget_class_bind_template_callback (widget_class, opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, ask);
  gtk_widget_class_bind_template_callback (widget_class, take_selected);
  gtk_widget_class_bind_template_callback (widget_class, close_list);
  gtk_widget_class_bind_template_callback (widget_class, key_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, none_cb);
}

static void
oba_store_chooser_init (ObaStoreChooser *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  /* As in a drop-down: the text at the start, the arrow at the end. */
  gtk_widget_set_halign (gtk_widget_get_parent (GTK_WIDGET (self->label)), GTK_ALIGN_FILL);
  self->stores = g_list_store_new (OBA_TYPE_STORE);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->stores)));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  show_text (self, none_text (self));
}

GtkWidget *
oba_store_chooser_new (ObaDbPool *pool)
{
  ObaStoreChooser *self = g_object_new (OBA_TYPE_STORE_CHOOSER, NULL);

  oba_store_chooser_set_pool (self, pool);
  return GTK_WIDGET (self);
}

void
oba_store_chooser_set_pool (ObaStoreChooser *self,
                            ObaDbPool       *pool)
{
  g_set_object (&self->pool, pool);
}

gint64
oba_store_chooser_get_store (ObaStoreChooser *self)
{
  return self->store_id;
}

static void
named_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (ObaStoreChooser) self = user_data;
  g_autoptr (GPtrArray) stores = oba_stores_find_finish (result, NULL);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->naming);
  if (stores != NULL && stores->len > 0)
    show_text (self, oba_store_get_name (stores->pdata[0]));
}

void
oba_store_chooser_set_store (ObaStoreChooser *self,
                             gint64           store_id,
                             const char      *name)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, store_id);

  g_return_if_fail (OBA_IS_STORE_CHOOSER (self));
  stop (&self->naming);
  show_text (self, store_id == 0 ? none_text (self) : name != NULL ? name : number);
  if (store_id != 0 && name == NULL && self->pool != NULL)
    {
      self->naming = g_cancellable_new ();
      oba_stores_read_async (self->pool, store_id, self->naming, named_cb, g_object_ref (self));
    }
  if (self->store_id == store_id)
    return;
  self->store_id = store_id;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STORE_ID]);
}

void
oba_store_chooser_set_none (ObaStoreChooser *self,
                            const char      *text)
{
  g_return_if_fail (OBA_IS_STORE_CHOOSER (self));
  g_free (self->none);
  self->none = g_strdup (text);
  gtk_button_set_label (self->none_button, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->none_button), text != NULL);
  if (self->store_id == 0)
    show_text (self, none_text (self));
}

const char *
oba_store_chooser_get_text (ObaStoreChooser *self)
{
  return gtk_label_get_label (self->label);
}

GtkWidget *
oba_store_chooser_get_button (ObaStoreChooser *self)
{
  return GTK_WIDGET (self->button);
}
