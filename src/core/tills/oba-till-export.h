#pragma once

#include "oba-till-finding.h"

G_BEGIN_DECLS

/**
 * oba_till_findings_write: writes @findings (of one list) into @path as CSV, see oba_export_csv_new(): all of it or nothing. Moments are of the chain's clock.
 * @says: what a finding says in words, (transfer full)
 */
gboolean oba_till_findings_write (GPtrArray *findings, char *(*says) (const ObaTillFinding *finding), const char *path, GError **error);

G_END_DECLS
