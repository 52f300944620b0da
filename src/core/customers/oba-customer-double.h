#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_CUSTOMER_DOUBLE_PHONE,        /* has this phone number */
  OBA_CUSTOMER_DOUBLE_NAME_BIRTH,   /* the same name in any spelling, the same birth date */
  OBA_CUSTOMER_DOUBLE_NAME_CITY,    /* the same name and city; a birth date is missing */
} ObaCustomerDoubleReason;

/** ObaCustomerDouble: somebody who may be the person that is being registered. Texts are never NULL. */
typedef struct
{
  gint64                   id;
  ObaCustomerDoubleReason  reason;
  char                    *name;
  char                    *phone;        /* E.164 or "" */
  GDate                   *birth_date;   /* (nullable) */
  char                    *city;
  gboolean                 is_blocked;
  GDateTime               *registered_at;
} ObaCustomerDouble;

void       oba_customer_double_free         (ObaCustomerDouble *self);

/**
 * Who may be the one of whom the members given_name, family_name, phone (E.164), birth_date and city of @person are known, the likeliest first;
 * not the customer of its member customer_id. Returns: (transfer full) (element-type ObaCustomerDouble)
 */
void       oba_customer_doubles_read_async  (ObaDbPool *pool, JsonNode *person, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_customer_doubles_read_finish (GAsyncResult *result, GError **error);

/** ObaCardFound: the card that has a code or number. */
typedef struct
{
  char   *number;
  char   *state;             /* "blank", "active", "blocked", "lost" */
  gint64  customer_id;       /* 0: nobody's */
  char   *customer_name;
} ObaCardFound;

void          oba_card_found_free     (ObaCardFound *self);
/** @code: what its QR code says, or the number under it. Fails with OBA_ERROR_NOT_FOUND. (transfer full) */
void          oba_card_look_up_async  (ObaDbPool *pool, const char *code, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaCardFound *oba_card_look_up_finish (GAsyncResult *result, GError **error);

/** ObaChoices: what a form offers. */
typedef struct
{
  GPtrArray *cities;          /* of char*, in the order of the alphabet */
  GArray    *category_ids;    /* of gint64 */
  GPtrArray *categories;      /* of char*: their names, in the language of the interface */
} ObaChoices;

void        oba_choices_free        (ObaChoices *self);
void        oba_choices_read_async  (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaChoices *oba_choices_read_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCardFound, oba_card_found_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaChoices, oba_choices_free)

G_END_DECLS
