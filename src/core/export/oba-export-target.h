#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ObaExportTarget: a file that is written beside its place, as FILE.part, and gets its name only when it is whole: nobody ever finds half an
 * export under the real name. Only its owner may read it (mode 0600): it holds what the house knows of people.
 */
typedef struct _ObaExportTarget ObaExportTarget;

/** Two exports into one file at once: the second is refused. G_FILE_ERROR, OBA_ERROR_INVALID_INPUT; the message names the file. */
ObaExportTarget *oba_export_target_open    (const char *path, GError **error);
int              oba_export_target_get_fd  (ObaExportTarget *self);
/** FILE.part */
const char      *oba_export_target_get_path (ObaExportTarget *self);
gboolean         oba_export_target_write   (ObaExportTarget *self, const char *data, gsize length, GError **error);
/** Makes it durable and gives it its name. */
gboolean         oba_export_target_keep    (ObaExportTarget *self, GError **error);
/** Without keep before, nothing is left. */
void             oba_export_target_free    (ObaExportTarget *self);

/** @error = what errno says of writing @path, in a sentence. */
void             oba_export_set_errno      (GError **error, int code, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaExportTarget, oba_export_target_free)

G_END_DECLS
