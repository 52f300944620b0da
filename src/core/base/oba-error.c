#include "oba-error.h"

G_DEFINE_QUARK (oba-error-quark, oba_error)
