#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** What is kept of a picture: a JPEG of at most 1280 pixels a side and 1 MiB, and a small square one for lists. Nothing else of the file: no EXIF, no place, no camera. */
typedef struct
{
  GBytes *picture;
  GBytes *thumbnail;
} ObaRewardPicture;

/** A file of more is not even read. */
#define OBA_REWARD_PICTURE_MAX_FILE (20 * 1024 * 1024)
#define OBA_REWARD_PICTURE_MAX_PIXELS (50 * 1000 * 1000)

/**
 * oba_reward_picture_make: what the bytes are is told by themselves, not by a name: PNG or JPEG, and WebP where the desktop can read it. Takes a while: call it in a thread.
 * Errors: OBA_ERROR_INVALID_INPUT: it is something else, broken, or a picture with more pixels than a camera makes.
 */
ObaRewardPicture *oba_reward_picture_make        (GBytes *data, GError **error);
void              oba_reward_picture_free        (ObaRewardPicture *self);

/** Reads a file and makes a picture of it, beside the main loop. */
void              oba_reward_picture_load_async  (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaRewardPicture *oba_reward_picture_load_finish (GAsyncResult *result, GError **error);

/** To show what is kept. (transfer full) (nullable): NULL when it is no picture */
GdkTexture       *oba_reward_picture_show        (GBytes *data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaRewardPicture, oba_reward_picture_free)

G_END_DECLS
