#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"
#include "oba-receipt-record.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_CORRECTION_RETURN, /* of some lines */
  OBA_CORRECTION_VOID,   /* of all that is left */
  OBA_CORRECTION_CHANGE, /* lines, store or time were wrong */
  OBA_CORRECTION_MOVE,   /* to another customer, or to nobody */
  OBA_CORRECTION_MISSED, /* from paper */
  OBA_CORRECTION_UNDO,   /* of a correction */
} ObaCorrectionKind;

/** Of its name in the database, "void". */
ObaCorrectionKind oba_correction_kind_parse (const char *name);

/**
 * ObaCorrection: what somebody wants to put right. Money in qəpik, quantities in thousandths of the unit. What is malformed is refused by the database, with a
 * sentence; nothing is checked here. Times are microseconds since 1970.
 */
typedef struct _ObaCorrection ObaCorrection;

ObaCorrection *oba_correction_new             (ObaCorrectionKind kind);
ObaCorrection *oba_correction_new_undo        (gint64 correction_id);
void           oba_correction_free            (ObaCorrection *self);

/** Which receipt; not of a missed one, nor of an undo. */
void           oba_correction_set_receipt     (ObaCorrection *self, const ObaReceiptKey *key);
/** @code: one of oba_correction_reason_codes(); @text: 3 to 1,000 characters */
void           oba_correction_set_reason      (ObaCorrection *self, const char *code, const char *text);
/** RETURN: so much of a line of the sale, paid out as @way: "cash", "card", "other". */
void           oba_correction_return_line     (ObaCorrection *self, int line_no, gint64 quantity);
void           oba_correction_set_refund      (ObaCorrection *self, const char *way);
/** CHANGE, MISSED: the lines as they should be, all of them; their total is the receipt's. */
void           oba_correction_add_line        (ObaCorrection *self, gint64 product_id, gint64 quantity, gint64 unit_price, gint64 discount, gint64 vat, gint64 total);
/** CHANGE, MISSED: how it was paid; without, as before, or in cash. */
void           oba_correction_add_payment     (ObaCorrection *self, const char *way, gint64 amount);
void           oba_correction_set_store       (ObaCorrection *self, gint64 store_id, int till);
void           oba_correction_set_time        (ObaCorrection *self, gint64 at);
/** MOVE, MISSED: whose it is; without, nobody's. */
void           oba_correction_set_customer    (ObaCorrection *self, gint64 customer_id);
/** MISSED: what is printed on it; @cashier and @fiscal_id are nullable. */
void           oba_correction_set_paper       (ObaCorrection *self, const char *receipt_no, const char *cashier, const char *fiscal_id);

/** The request as oba.correct_receipt() takes it. (transfer full) */
JsonNode      *oba_correction_to_json         (ObaCorrection *self);

/** Reasons to choose from, NULL-terminated, and how people call one. */
const char *const *oba_correction_reason_codes (void);
const char        *oba_correction_reason_title (const char *code);
/** The same in English: what a catalogue of the customer's language translates. */
const char        *oba_correction_reason_source (const char *code);

/** Points of one lot, before and after. */
typedef struct
{
  gint64   lot_id;      /* 0: a new one */
  GDate    expires_on;
  gint64   before;
  gint64   after;
} ObaCorrectionLot;

/** What happens to one person. */
typedef struct
{
  gint64   customer_id;
  char    *name;
  gint64   balance[2];  /* before, after */
  gint64   owed[2];
  gint64   spend[2];    /* of twelve months */
  char    *tier[2];     /* in the language of the interface */
  GArray  *lots;        /* of ObaCorrectionLot; those that change */
} ObaCorrectionPerson;

/** What a day and store of the rollups get. */
typedef struct
{
  GDate    day;
  gint64   store_id;
  char    *store;
  gint64   receipts;
  gint64   returns;
  gint64   revenue;
} ObaCorrectionRollup;

/** ObaCorrectionPreview: the exact effect. */
typedef struct
{
  gint64     taken_back;
  gint64     put_in;
  GPtrArray *people;    /* of ObaCorrectionPerson */
  GPtrArray *rollups;   /* of ObaCorrectionRollup */
  GStrv      needs;     /* why a second person is needed: "amount", "points", "age", "own", "spend"; empty: none */
  gint64     spent;     /* points that pay for what is put in, */
  gint64     restored;  /* that had paid for what is taken back, and come back to their lots, */
  gint64     expired;   /* and of those that expire at once, because their lot has since */
  gint64     limit_amount;   /* up to where one person may do it alone */
  gint64     limit_points;
  gint64     limit_days;
  GDate      closed_day;   /* of the receipt, when its month is closed; not valid: it is open */
  GDate      entry_day;    /* to which the entry is dated then */
  gint64     seen;      /* how many receipts answered this one when it was looked at */
  char      *expects;   /* names all of this; NULL in what waits for a second person */
} ObaCorrectionPreview;

ObaCorrectionPreview *oba_correction_preview_new_from_json (JsonObject *object);
void                  oba_correction_preview_free          (ObaCorrectionPreview *self);

/** What it would do, whatever the reason is or will be; nothing is changed. Fails with OBA_DB_ERROR_RULE where it would be refused. */
void                  oba_correction_preview_async         (ObaDbPool *pool, ObaCorrection *correction, GCancellable *cancellable, GAsyncReadyCallback callback,
                                                            gpointer user_data);
ObaCorrectionPreview *oba_correction_preview_finish        (GAsyncResult *result, GError **error);

/** What became of it: one of the two is not 0. */
typedef struct
{
  gint64 correction_id;  /* posted */
  gint64 approval_id;    /* waits for a second person; nothing is changed yet */
} ObaCorrectionOutcome;

/**
 * Posts exactly what @preview has shown: when somebody else corrected the receipt meanwhile, or its points are others now, it is refused with "OB003".
 * @key: see oba_db_request_async().
 * An undo is a correction, too: oba_correction_new_undo().
 */
void                  oba_correction_post_async            (ObaDbPool *pool, ObaCorrection *correction, const ObaCorrectionPreview *preview, const char *key,
                                                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean              oba_correction_post_finish           (GAsyncResult *result, ObaCorrectionOutcome *outcome, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCorrection, oba_correction_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCorrectionPreview, oba_correction_preview_free)

G_END_DECLS
