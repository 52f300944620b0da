#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** A new password of 20 letters and digits that are not mistaken for each other (115 bits). (transfer full) */
char     *oba_password_generate (void);

/** Is it long enough, and of printable ASCII characters, which every keyboard and client spells alike? */
gboolean  oba_password_check    (const char *password, GError **error);

/**
 * oba_password_make_verifier: what PostgreSQL stores instead of the password ("SCRAM-SHA-256$4096:..."), so that the password never travels or is logged.
 * @password: one that oba_password_check() accepts
 * @salt: 16 random bytes; NULL to make them
 * Returns: (transfer full)
 */
char     *oba_password_make_verifier (const char *password, const guint8 *salt);

G_END_DECLS
