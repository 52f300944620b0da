#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ObaScanCode: what the text of a code could be, by its form alone. What it is worth only the database knows. */
typedef enum
{
  OBA_SCAN_CODE_PLAIN,     /* a card, a voucher, a receipt's number as it was typed, or anything */
  OBA_SCAN_CODE_START,     /* a link that begins a talk with a bot: a poster's, or the staff's */
  OBA_SCAN_CODE_FISCAL,    /* the link of a receipt to the state's own page */
} ObaScanCodeKind;

typedef struct
{
  ObaScanCodeKind kind;
  char *value;             /* the text, a link's payload, a receipt's fiscal id */
  char *bot;               /* (nullable): of a link, whose bot it is, without the @ */
} ObaScanCode;

/** @text: any. (transfer full) */
ObaScanCode *oba_scan_code_parse    (const char *text);
void         oba_scan_code_free     (ObaScanCode *self);
/** "plain", "start", "fiscal" */
const char  *oba_scan_code_get_kind (const ObaScanCode *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaScanCode, oba_scan_code_free)

G_END_DECLS
