#pragma once

#include "schema-house.h"

G_BEGIN_DECLS

/* A word that stands in every personal field of customer 100 after live_with_mark(), and nowhere else. */
#define MARK "Qızılgül7351"
#define MARK_FOLDED "gizilgul7351"
#define PHONE "+994557351001"
#define OLD_PHONE "+994557351002"
#define OTHER_PHONE "+994557351003"
#define CHAT "7351000001"
#define OLD_CHAT "7351000002"

/** Through every door there is. */
void live_with_mark (House *house);
/** The same of customer 300, who is merged into 100; and there is a request to merge 400, who is somebody else. */
void merge_with_mark (House *house);
/** And after some time as one person they are two again. */
void take_mark_apart (House *house);
/** An update of the bot, as it came in. */
void say_in_chat    (House *house, const char *update_id, const char *chat, const char *state);

G_END_DECLS
