#pragma once

#include "oba-correction-note.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_NOTE_TITLE,
  OBA_NOTE_HEADING,
  OBA_NOTE_FACT,      /* a name and its value */
  OBA_NOTE_ITEM,      /* a line of a receipt and its amount */
  OBA_NOTE_SUM,
} ObaNoteRowKind;

typedef struct
{
  ObaNoteRowKind  kind;
  char           *left;
  char           *right;   /* "" for none */
} ObaNoteRow;

GPtrArray  *oba_correction_note_get_rows (ObaCorrectionNote *self);   /* of ObaNoteRow */
/** "Page" in the customer's language. */
const char *oba_correction_note_say_page (ObaCorrectionNote *self);

G_END_DECLS
