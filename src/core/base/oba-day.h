#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * oba_day_parse:
 * @text: a day as people write it: "31.03.2026", "31/3/2026", "2026-03-31", with spaces around
 * @day: (out): where to put it
 *
 * Returns: FALSE when it is none, or one that the calendar does not have (31 February); years from 1900 to 2200.
 */
gboolean oba_day_parse  (const char *text, GDate *day);

/** "31.03.2026": what oba_day_parse() reads back; "" for a day that is not valid. (transfer full) */
char    *oba_day_format (const GDate *day);

/** Bakı, where the chain's days begin and end, wherever the reader sits. (transfer none) */
GTimeZone *oba_day_zone (void);
/** A moment as the clocks of Bakı show it. @seconds: Unix time. (transfer full) */
GDateTime *oba_day_at   (gint64 seconds);
GDateTime *oba_day_now  (void);
void       oba_day_today (GDate *day);

G_END_DECLS
