#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What QR codes a picture shows that anybody may have sent. */

/** No picture has more pixels: a JPEG is unpacked at a fraction of its size, a PNG whole. */
#define OBA_SCAN_MAX_JPEG_PIXELS (24 * 1000 * 1000)
#define OBA_SCAN_MAX_PNG_PIXELS  (8 * 1000 * 1000)
#define OBA_SCAN_MAX_BYTES       (5 * 1024 * 1024)
/** Codes of one picture that are looked at. */
#define OBA_SCAN_MAX_CODES 8
/** Characters of a code; a card, a voucher, a poster and a receipt have fewer. */
#define OBA_SCAN_MAX_CODE 300

#define OBA_SCAN_ERROR (oba_scan_error_quark ())
GQuark oba_scan_error_quark (void);

typedef enum
{
  OBA_SCAN_ERROR_NOT_A_PICTURE, /* neither PNG nor JPEG, by its content */
  OBA_SCAN_ERROR_TOO_LARGE,     /* more bytes or pixels than are unpacked */
  OBA_SCAN_ERROR_BROKEN,
  OBA_SCAN_ERROR_TOO_SLOW,      /* the time is over */
} ObaScanError;

/**
 * oba_scan_picture: the texts of the QR codes on a picture, at any angle, light on dark, too; each once.
 * @milliseconds: after which it gives up
 *
 * The size in the header is looked at before anything is unpacked. Works as long as that may take: call it in a thread.
 * Returns: (transfer full) (nullable): none may be found; NULL with an OBA_SCAN_ERROR
 */
char **oba_scan_picture        (GBytes *picture, guint milliseconds, GError **error);

/** The same in a thread. */
void   oba_scan_picture_async  (GBytes *picture, guint milliseconds, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char **oba_scan_picture_finish (GAsyncResult *result, GError **error);

G_END_DECLS
