#pragma once

#include <adwaita.h>

#include "sales/oba-correctable.h"

G_BEGIN_DECLS

/**
 * ObaCorrectionForm: what is to be put right, as it is typed: the left side of a correction window. A subclass for each kind.
 *
 * Signal "changed": oba_correction_form_make() may make something else now.
 */
#define OBA_TYPE_CORRECTION_FORM (oba_correction_form_get_type ())
G_DECLARE_DERIVABLE_TYPE (ObaCorrectionForm, oba_correction_form, OBA, CORRECTION_FORM, AdwBin)

struct _ObaCorrectionFormClass
{
  AdwBinClass parent_class;

  ObaCorrection *(*make)         (ObaCorrectionForm *self);
  gboolean       (*is_touched)   (ObaCorrectionForm *self);                             /* optional: never */
  void           (*set_receipt)  (ObaCorrectionForm *self, ObaCorrectable *receipt);    /* optional: it says the same of every receipt */
  void           (*show_problem) (ObaCorrectionForm *self);                             /* optional: leads to what is missing or wrong */
  void           (*scanned)      (ObaCorrectionForm *self, const char *code);           /* optional: a card or an article was held before the scanner */
};

/** Without a reason. NULL while something is missing or wrong; the form says what, where it is. (transfer full) (nullable) */
ObaCorrection    *oba_correction_form_make         (ObaCorrectionForm *self);
/** Was something typed that would be lost? */
gboolean          oba_correction_form_is_touched   (ObaCorrectionForm *self);
/** The receipt was read, or read again because it has changed: what was typed stays. */
void              oba_correction_form_set_receipt  (ObaCorrectionForm *self, ObaCorrectable *receipt);
void              oba_correction_form_show_problem (ObaCorrectionForm *self);

/* For windows and subclasses. */
ObaCorrectionKind oba_correction_form_get_kind     (ObaCorrectionForm *self);
ObaCorrectable   *oba_correction_form_get_receipt  (ObaCorrectionForm *self);   /* (transfer none) (nullable) */
void              oba_correction_form_changed      (ObaCorrectionForm *self);

/** For tests: as if @code came from the scanner. */
void              oba_correction_form_scan         (ObaCorrectionForm *self, const char *code);

G_END_DECLS
