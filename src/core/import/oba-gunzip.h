#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ObaGunzip: a GConverter for gzip files as they are found: several members one after the other (cat a.gz b.gz, bgzip) and zero padding at the
 * end are read whole, where GZlibDecompressor alone silently stops after the first member.
 */
#define OBA_TYPE_GUNZIP (oba_gunzip_get_type ())
G_DECLARE_FINAL_TYPE (ObaGunzip, oba_gunzip, OBA, GUNZIP, GObject)

GConverter *oba_gunzip_new (void);

G_END_DECLS
