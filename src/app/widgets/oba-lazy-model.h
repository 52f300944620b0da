#pragma once

#include "oba-lazy-row.h"
#include "oba-lazy-source.h"

G_BEGIN_DECLS

/**
 * ObaLazyModel: a GListModel of ObaLazyRow over a list of any length on the server.
 *
 * It holds the ids of all rows in order (8 bytes a row), the records of at most 64 pages of 128 rows, and the rows that somebody shows.
 * A row is there at once and filled when its page has come ("changed"); what nobody shows any more is not read. The newest wish goes first.
 *
 * A new source replaces what is shown only when its first answer is there, and in place: rows keep their positions and get other records,
 * only the tail grows or shrinks. So sorting a million rows costs as much as the rows on the screen, and a selection has to be
 * found again by id: see "replaced".
 *
 * An endless list (see ObaLazyOpening) grows at its end as rows near the end are asked for.
 *
 * Properties: "state". Signals: "replaced": positions mean other ids now (a source was shown, or its ids came in).
 */
#define OBA_TYPE_LAZY_MODEL (oba_lazy_model_get_type ())
G_DECLARE_FINAL_TYPE (ObaLazyModel, oba_lazy_model, OBA, LAZY_MODEL, GObject)

#define OBA_LAZY_MODEL_PAGE_ROWS 128
#define OBA_LAZY_MODEL_MAX_PAGES 64

typedef enum
{
  OBA_LAZY_MODEL_EMPTY,      /* no source was given yet */
  OBA_LAZY_MODEL_OPENING,    /* the first answer is awaited; what was shown before still is */
  OBA_LAZY_MODEL_READY,
  OBA_LAZY_MODEL_FAILED,     /* see get_error; what was shown before still is */
} ObaLazyModelState;

ObaLazyModel      *oba_lazy_model_new        (void);
void               oba_lazy_model_set_source (ObaLazyModel *self, ObaLazySource *source);
ObaLazySource     *oba_lazy_model_get_source (ObaLazyModel *self);                    /* (transfer none) (nullable): the last one given */
ObaLazySource     *oba_lazy_model_get_shown  (ObaLazyModel *self);                    /* (transfer none) (nullable): the one whose rows are there */
ObaLazyModelState  oba_lazy_model_get_state  (ObaLazyModel *self);
const GError      *oba_lazy_model_get_error  (ObaLazyModel *self);                    /* (nullable) */
/** Reads the source again, behind what is shown. */
void               oba_lazy_model_refresh    (ObaLazyModel *self);
/** The record with this id changed: reads it again soon if it is held. */
void               oba_lazy_model_touch      (ObaLazyModel *self, gint64 id);
/** Position of an id; FALSE when it is not in the list or the ids are still coming. */
gboolean           oba_lazy_model_find       (ObaLazyModel *self, gint64 id, guint *position);
/** Every id in order; NULL while they are still coming. (transfer none) (nullable) (element-type gint64) */
GArray            *oba_lazy_model_get_ids     (ObaLazyModel *self);
/** Whom a position means; 0 while that is not known. */
gint64             oba_lazy_model_get_id      (ObaLazyModel *self, guint position);
/** There are rows behind the last one that were not read yet. */
gboolean           oba_lazy_model_has_more    (ObaLazyModel *self);
/** Every id is here: what oba_lazy_model_find() does not find is not in the list. */
gboolean           oba_lazy_model_is_complete (ObaLazyModel *self);
/** Nothing is on its way and every row that somebody shows is filled. */
gboolean           oba_lazy_model_is_settled (ObaLazyModel *self);
guint              oba_lazy_model_get_n_held (ObaLazyModel *self);                    /* records held in memory by pages */

G_END_DECLS
