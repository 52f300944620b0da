#pragma once

#include <cairo.h>

#include "base/oba-catalogue.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * ObaVoucherPaper: a voucher to be printed, with its QR code, in the customer's language. Black on nothing. Whose it is, is not on it.
 */
typedef struct _ObaVoucherPaper ObaVoucherPaper;

/** Reading the code of a voucher is in the audit trail. Errors: OBA_ERROR_NOT_FOUND: there is no voucher that is good; as oba_db_pool_write_finish(). */
void             oba_voucher_paper_read_async  (ObaDbPool *pool, gint64 customer_id, gint64 redemption_id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaVoucherPaper *oba_voucher_paper_read_finish (GAsyncResult *result, GError **error);

/** @code: as it is read by a till; @until: (nullable); @store: "" for any; @quantity: above 1 it is said */
ObaVoucherPaper *oba_voucher_paper_new         (const char *code, ObaLanguage language, const char *reward, const char *description, gint64 quantity, const GDate *until, const char *store);
void             oba_voucher_paper_free        (ObaVoucherPaper *self);
const char      *oba_voucher_paper_get_code    (ObaVoucherPaper *self);
/** On a page of this size, in points, at the origin of @cr. */
void             oba_voucher_paper_draw        (ObaVoucherPaper *self, cairo_t *cr, double width, double height);
/** On A6. Returns: FALSE with G_FILE_ERROR or G_IO_ERROR: then there is no new file */
gboolean         oba_voucher_paper_write_pdf   (ObaVoucherPaper *self, const char *path, GError **error);

/** Every text of it, NULL-terminated: for the test that they are translated. */
extern const char *const oba_voucher_paper_texts[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaVoucherPaper, oba_voucher_paper_free)

G_END_DECLS
