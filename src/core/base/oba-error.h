#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OBA_ERROR: refusals of input and of rules that no other domain names.
 * The message is a sentence for people, already translated.
 */
#define OBA_ERROR (oba_error_quark ())
GQuark oba_error_quark (void);

typedef enum
{
  OBA_ERROR_INVALID_INPUT,   /* length, encoding, range, syntax */
  OBA_ERROR_NOT_FOUND,
  OBA_ERROR_CONFIGURATION,
  OBA_ERROR_REFUSED,         /* a rule of the house says no */
  OBA_ERROR_UNAVAILABLE,     /* something this needs is missing or not running */
} ObaError;

G_END_DECLS
