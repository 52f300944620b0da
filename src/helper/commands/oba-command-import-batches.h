#pragma once

#include "oba-command.h"

G_BEGIN_DECLS

/** "oba-helper import --list": the imports that were made, the newest first. Returns: the exit code */
int oba_command_import_list    (ObaCommandContext *context);

/** "oba-helper import --reverse BATCH": takes an import back as a whole, or says what that would do. Returns: the exit code */
int oba_command_import_reverse (ObaCommandContext *context, gint64 batch, gboolean dry_run);

G_END_DECLS
