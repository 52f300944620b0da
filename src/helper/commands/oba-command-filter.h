#pragma once

#include "export/oba-export.h"

G_BEGIN_DECLS

/**
 * oba_command_filter_take: the words of --filter ("tiers=3,4", "registered=2026-01-01..", or a JSON object) into what an export is asked for.
 * OBA_ERROR_INVALID_INPUT names the word.
 */
gboolean oba_command_filter_take (ObaExportOptions *options, char **words, GError **error);

G_END_DECLS
