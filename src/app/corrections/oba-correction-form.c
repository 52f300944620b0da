#include "oba-correction-form.h"

#include "widgets/oba-scan-burst.h"

typedef struct
{
  ObaCorrectionKind  kind;
  ObaCorrectable    *receipt;
  ObaScanBurst      *scanner;      /* of the window it is in */
} ObaCorrectionFormPrivate;

enum { PROP_KIND = 1, N_PROPS };
static GParamSpec *props[N_PROPS];
enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ObaCorrectionForm, oba_correction_form, ADW_TYPE_BIN)

static ObaCorrectionFormPrivate *
get_private (ObaCorrectionForm *self)
{
  return oba_correction_form_get_instance_private (self);
}

ObaCorrection *
oba_correction_form_make (ObaCorrectionForm *self)
{
  return OBA_CORRECTION_FORM_GET_CLASS (self)->make (self);
}

gboolean
oba_correction_form_is_touched (ObaCorrectionForm *self)
{
  ObaCorrectionFormClass *klass = OBA_CORRECTION_FORM_GET_CLASS (self);

  return klass->is_touched != NULL && klass->is_touched (self);
}

void
oba_correction_form_set_receipt (ObaCorrectionForm *self, ObaCorrectable *receipt)
{
  ObaCorrectionFormClass *klass = OBA_CORRECTION_FORM_GET_CLASS (self);
  ObaCorrectionFormPrivate *private = get_private (self);
  /* A form may compare with the one before. */
  g_autoptr (ObaCorrectable) before = g_steal_pointer (&private->receipt);

  private->receipt = oba_correctable_ref (receipt);
  if (klass->set_receipt != NULL)
    klass->set_receipt (self, receipt);
}

void
oba_correction_form_show_problem (ObaCorrectionForm *self)
{
  ObaCorrectionFormClass *klass = OBA_CORRECTION_FORM_GET_CLASS (self);

  if (klass->show_problem != NULL)
    klass->show_problem (self);
}

ObaCorrectionKind
oba_correction_form_get_kind (ObaCorrectionForm *self)
{
  return get_private (self)->kind;
}

ObaCorrectable *
oba_correction_form_get_receipt (ObaCorrectionForm *self)
{
  return get_private (self)->receipt;
}

void
oba_correction_form_changed (ObaCorrectionForm *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

void
oba_correction_form_scan (ObaCorrectionForm *self, const char *code)
{
  if (gtk_widget_is_sensitive (GTK_WIDGET (self)))
    OBA_CORRECTION_FORM_GET_CLASS (self)->scanned (self, code);
}

static void
oba_correction_form_root (GtkWidget *widget)
{
  ObaCorrectionForm *self = OBA_CORRECTION_FORM (widget);
  ObaCorrectionFormPrivate *private = get_private (self);

  GTK_WIDGET_CLASS (oba_correction_form_parent_class)->root (widget);

  if (OBA_CORRECTION_FORM_GET_CLASS (self)->scanned == NULL || private->scanner != NULL || !GTK_IS_WINDOW (gtk_widget_get_root (widget)))
    return;
  private->scanner = oba_scan_burst_new (GTK_WINDOW (gtk_widget_get_root (widget)));
  g_signal_connect_object (private->scanner, "scanned", G_CALLBACK (oba_correction_form_scan), self, G_CONNECT_SWAPPED);
}

static void
oba_correction_form_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_KIND)
    get_private (OBA_CORRECTION_FORM (object))->kind = (ObaCorrectionKind) g_value_get_uint (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oba_correction_form_finalize (GObject *object)
{
  g_clear_object (&get_private (OBA_CORRECTION_FORM (object))->scanner);
  g_clear_pointer (&get_private (OBA_CORRECTION_FORM (object))->receipt, oba_correctable_unref);

  G_OBJECT_CLASS (oba_correction_form_parent_class)->finalize (object);
}

static void
oba_correction_form_class_init (ObaCorrectionFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = oba_correction_form_set_property;
  object_class->finalize = oba_correction_form_finalize;
  GTK_WIDGET_CLASS (klass)->root = oba_correction_form_root;

  props[PROP_KIND] = g_param_spec_uint ("kind", NULL, NULL, 0, OBA_CORRECTION_UNDO, 0, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_CORRECTION_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_correction_form_init (ObaCorrectionForm *self)
{
}
