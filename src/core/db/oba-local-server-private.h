#pragma once

#include <gio/gio.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* The pieces of the private server; oba-local-server.c puts them together. All block; all may run in a thread. */

#define OBA_LOCAL_PORT 5432   /* only part of the socket's name */

/* The system user that the server runs as: ourselves, or postgres when we are root. */
typedef struct
{
  uid_t  uid;
  gid_t  gid;
  gid_t *groups;
  int    n_groups;
  gboolean drops_root;
} ObaLocalUser;

gboolean oba_local_user_find  (ObaLocalUser *user, GError **error);
void     oba_local_user_clear (ObaLocalUser *user);

/* An installed PostgreSQL. */
typedef struct
{
  char *bin;
  int   major;
} ObaLocalInstall;

/** @major: 0 for the newest, else that one. Returns: FALSE with a sentence that names what to install */
gboolean oba_local_install_find  (ObaLocalInstall *install, int major, GError **error);
void     oba_local_install_clear (ObaLocalInstall *install);

/**
 * Runs one of its programs as @user in @directory; the last argument is NULL.
 * @output: (out) (nullable): stdout and stderr. Returns: its exit code, -1 with @error when it could not run or was cancelled
 */
int      oba_local_install_run   (const ObaLocalInstall *install, const ObaLocalUser *user, const char *directory, char **output,
                                  GCancellable *cancellable, GError **error, const char *program, ...) G_GNUC_NULL_TERMINATED;

/** Makes @home (0700, owned by @user) and its parents, and sees that @user can reach it. */
gboolean oba_local_make_home     (const char *home, const ObaLocalUser *user, GError **error);
/** The directory of the socket: in @home, or a private one elsewhere when that path is too long for a socket. Not made. (transfer full) */
char    *oba_local_socket_dir    (const char *home, gboolean as_root);
/** A directory that nobody but @user can enter: made now, or found so. */
gboolean oba_local_make_private_dir (const char *path, const ObaLocalUser *user, GError **error);
/** Writes a file of @user with mode 0600, whole or not at all. */
gboolean oba_local_write_file    (const char *path, const char *text, const ObaLocalUser *user, GError **error);
/** Removes a directory tree. A link is removed, never followed. */
gboolean oba_local_remove_tree   (const char *path, GError **error);
/** Waits for the lock of @home, so that one program at a time starts or stops. Returns: a descriptor to close, -1 with @error */
int      oba_local_lock          (const char *home, const ObaLocalUser *user, GCancellable *cancellable, GError **error);
/** The last @lines lines of a file from byte @offset on. (transfer full) */
char    *oba_local_read_tail     (const char *path, goffset offset, guint lines);

/** oba.conf: settings for a desktop computer with this memory. (transfer full) */
char    *oba_local_settings      (const char *socket_dir, gboolean has_lz4);

G_END_DECLS
