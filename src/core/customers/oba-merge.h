#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaMergePerson: a customer as two are laid side by side. Texts are never NULL. Reference counted, and not changed. */
typedef struct
{
  gint64     id;
  char      *family_name;
  char      *given_name;
  char      *patronymic;
  char      *phone;            /* E.164 or "" */
  char      *email;
  char      *city;
  char      *language;         /* "az" */
  char      *store;            /* the preferred one */
  char      *notes;
  char      *status;
  char      *tier;             /* in the language of the interface */
  char      *cards;            /* "7700-1, 7700-2" */
  char      *telegram;         /* "@name", or the number of the chat; "" */
  GDate     *birth_date;       /* (nullable) */
  GDateTime *registered_at;
  GDateTime *last_purchase_at; /* (nullable) */
  gint64     points;
  gint64     receipts;
  gint64     revenue;          /* qəpik */
  gint64     merged_into;      /* 0: nobody */
} ObaMergePerson;

ObaMergePerson *oba_merge_person_ref   (ObaMergePerson *self);
void            oba_merge_person_unref (ObaMergePerson *self);
/** "Əliyeva Aysel Rəşid qızı". (transfer full) */
char           *oba_merge_person_name  (const ObaMergePerson *self);

/** Persons by id. Returns: (transfer full) (element-type gint64 ObaMergePerson): those that exist; the key is &person->id */
void            oba_merge_persons_read_async  (ObaDbPool *pool, const gint64 *ids, gsize n, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GHashTable     *oba_merge_persons_read_finish (GAsyncResult *result, GError **error);

/** Points that expire on one day, of one receipt or none. */
typedef struct
{
  GDate  expires_on;
  gint64 points;
} ObaMergeLot;

/** ObaMergeFigures: one customer before or after. */
typedef struct
{
  gint64      balance;
  gint64      owed;
  gint64      spend;          /* qəpik of the twelve months that the tier stands on */
  gint64      receipts;
  gint64      revenue;
  gint64      redemptions;    /* open ones */
  gint64      cards;
  gint64      segments;
  gboolean    telegram;
  char       *tier;
  GArray     *lots;           /* of ObaMergeLot, soonest expiry first */
  GHashTable *consents;       /* channel -> GINT_TO_POINTER (granted) */
} ObaMergeFigures;

/** ObaMergePreview: exactly what approving would do. */
typedef struct
{
  ObaMergeFigures source_before;
  ObaMergeFigures source_after;
  ObaMergeFigures survivor_before;
  ObaMergeFigures survivor_after;
  GHashTable     *fields;        /* name -> "source", "both"; of a way back "back", "stay" */
  gboolean        takes_chat;    /* of two Telegram chats, the source's is kept */
  gint64          moved;         /* points that went over at the merge */
  gint64          moved_debt;
} ObaMergePreview;

ObaMergePreview *oba_merge_preview_new_from_json (JsonObject *object);
void             oba_merge_preview_free          (ObaMergePreview *self);

/**
 * What {"source", "survivor", "fields": {name: "source"|"survivor"|"both"}} or {"merge_id"} would do; nothing is changed.
 * Fails with OBA_DB_ERROR_RULE where it would be refused.
 */
void             oba_merge_preview_async  (ObaDbPool *pool, JsonNode *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaMergePreview *oba_merge_preview_finish (GAsyncResult *result, GError **error);

/** The fields that are chosen one by one, in the order in which they are shown; NULL-terminated. */
const char *const *oba_merge_field_names (void);
/** What @person has in a field, "" for nothing. (transfer full) */
char              *oba_merge_person_get  (const ObaMergePerson *self, const char *field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaMergePerson, oba_merge_person_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaMergePreview, oba_merge_preview_free)

G_END_DECLS
