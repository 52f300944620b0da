#include "oba-scan-burst.h"

#define MAX_GAP_MS 40
#define MIN_KEYS 6
#define MAX_KEYS 200

struct _ObaScanBurst
{
  GObject      parent_instance;

  GtkWindow   *window;      /* it owns us */
  GString     *code;
  guint32      last;        /* when the last key came */
  guint        n_keys;

  /* What the field with the focus held when the burst began. */
  GWeakRef     field;
  char        *text;
  int          position;
  int          bound;
};

enum { SCANNED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaScanBurst, oba_scan_burst, G_TYPE_OBJECT)

static void
forget (ObaScanBurst *self)
{
  g_string_truncate (self->code, 0);
  self->n_keys = 0;
  g_weak_ref_set (&self->field, NULL);
  g_clear_pointer (&self->text, g_free);
}

static char *
buffer_text (GtkWidget *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

static void
remember_field (ObaScanBurst *self)
{
  GtkWidget *focus = gtk_window_get_focus (self->window);

  if (GTK_IS_EDITABLE (focus))
    {
      self->text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (focus)));
      if (!gtk_editable_get_selection_bounds (GTK_EDITABLE (focus), &self->bound, &self->position))
        self->position = self->bound = gtk_editable_get_position (GTK_EDITABLE (focus));
    }
  else if (GTK_IS_TEXT_VIEW (focus))
    self->text = buffer_text (focus);
  g_weak_ref_set (&self->field, self->text != NULL ? focus : NULL);
}

static void
restore_field (ObaScanBurst *self)
{
  g_autoptr (GtkWidget) field = g_weak_ref_get (&self->field);

  if (field == NULL)
    return;
  if (GTK_IS_TEXT_VIEW (field))
    {
      gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (field)), self->text, -1);
      return;
    }
  gtk_editable_set_text (GTK_EDITABLE (field), self->text);
  gtk_editable_select_region (GTK_EDITABLE (field), self->bound, self->position);
}

static gboolean
is_end (guint keyval)
{
  return keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter || keyval == GDK_KEY_Tab;
}

/* The end of a burst: whoever types does not get as far as this. */
static gboolean
finish (ObaScanBurst *self)
{
  g_autofree char *code = NULL;

  if (self->n_keys < MIN_KEYS)
    {
      forget (self);
      return FALSE;
    }
  code = g_strdup (self->code->str);
  restore_field (self);
  forget (self);
  g_signal_emit (self, signals[SCANNED], 0, code);
  return TRUE;
}

gboolean
oba_scan_burst_feed (ObaScanBurst    *self,
                     guint            keyval,
                     GdkModifierType  state,
                     guint32          time)
{
  gunichar letter = gdk_keyval_to_unicode (keyval);
  gboolean quick = self->n_keys > 0 && time - self->last <= MAX_GAP_MS;

  /* Capitals of a scanner come with Shift as a key of its own. */
  if (keyval == GDK_KEY_Shift_L || keyval == GDK_KEY_Shift_R || keyval == GDK_KEY_Caps_Lock)
    return FALSE;
  if (is_end (keyval) && quick)
    return finish (self);
  if (!quick || self->n_keys >= MAX_KEYS)
    forget (self);
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0 || letter == 0 || !g_unichar_isgraph (letter))
    {
      forget (self);
      return FALSE;
    }
  if (self->n_keys == 0)
    remember_field (self);
  g_string_append_unichar (self->code, letter);
  self->n_keys++;
  self->last = time;
  return FALSE;
}

static gboolean
key_cb (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        ObaScanBurst          *self)
{
  return oba_scan_burst_feed (self, keyval, state, gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (controller)));
}

static void
oba_scan_burst_finalize (GObject *object)
{
  ObaScanBurst *self = OBA_SCAN_BURST (object);

  forget (self);
  g_weak_ref_clear (&self->field);
  g_string_free (self->code, TRUE);
  G_OBJECT_CLASS (oba_scan_burst_parent_class)->finalize (object);
}

static void
oba_scan_burst_class_init (ObaScanBurstClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_scan_burst_finalize;
  signals[SCANNED] = g_signal_new ("scanned", OBA_TYPE_SCAN_BURST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
oba_scan_burst_init (ObaScanBurst *self)
{
  self->code = g_string_new (NULL);
  g_weak_ref_init (&self->field, NULL);
}

ObaScanBurst *
oba_scan_burst_new (GtkWindow *window)
{
  ObaScanBurst *self = g_object_new (OBA_TYPE_SCAN_BURST, NULL);
  GtkEventController *controller = gtk_event_controller_key_new ();

  self->window = window;
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "key-pressed", G_CALLBACK (key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (window), controller);
  return self;
}
