#pragma once

#include "oba-section.h"

G_BEGIN_DECLS

/**
 * ObaBotSection: the Telegram bot: how updates come in, what waits, the pace, what went wrong and what can be done about it, messages to many, and what the house has set.
 * What is shown follows every few seconds while it can be seen.
 */
#define OBA_TYPE_BOT_SECTION (oba_bot_section_get_type ())
G_DECLARE_FINAL_TYPE (ObaBotSection, oba_bot_section, OBA, BOT_SECTION, ObaSection)

typedef enum
{
  OBA_BOT_QUIET_FROM,
  OBA_BOT_QUIET_UNTIL,
  OBA_BOT_DAY_CAP,
  OBA_BOT_WEEK_CAP,
  OBA_BOT_PER_SECOND,
  OBA_BOT_KEPT,
  OBA_BOT_N_ENTRIES,
} ObaBotEntry;

GtkWidget   *oba_bot_section_new (ObaSession *session);

/* For tests. */
GtkEditable *oba_bot_section_get_entry       (ObaBotSection *self, ObaBotEntry entry);
void         oba_bot_section_save            (ObaBotSection *self);
gboolean     oba_bot_section_can_save        (ObaBotSection *self);
/** Sends again all messages of the first kind that did not arrive. */
void         oba_bot_section_retry_all       (ObaBotSection *self);
guint        oba_bot_section_get_n_troubles  (ObaBotSection *self);

G_END_DECLS
