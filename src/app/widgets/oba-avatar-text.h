#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * For an AdwAvatar: @first and @second (nullable) with a capital at the beginning of each word as Azerbaijani has it, “i” as “İ” and “ı” as “I”, whatever the
 * locale: the avatar itself would take the capitals of the locale. The words of @second become one, so that the initials are those of the two.
 * NULL when there is no letter in either.
 */
char *oba_avatar_text (const char *first, const char *second);

G_END_DECLS
