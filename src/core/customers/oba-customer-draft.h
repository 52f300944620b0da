#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"
#include "oba-customer.h"

G_BEGIN_DECLS

/** What of a customer can be typed, in the order of the form. */
typedef enum
{
  OBA_CUSTOMER_FAMILY_NAME,
  OBA_CUSTOMER_GIVEN_NAME,
  OBA_CUSTOMER_PATRONYMIC,
  OBA_CUSTOMER_PHONE,
  OBA_CUSTOMER_EMAIL,
  OBA_CUSTOMER_BIRTH_DATE,
  OBA_CUSTOMER_LANGUAGE,
  OBA_CUSTOMER_CITY,
  OBA_CUSTOMER_PREFERRED_STORE,
  OBA_CUSTOMER_CATEGORIES,
  OBA_CUSTOMER_NOTES,
  OBA_CUSTOMER_N_FIELDS,
} ObaCustomerField;

const char *oba_customer_field_get_title (ObaCustomerField field);     /* translated: "Family name" */

/**
 * oba_customer_field_normalize: what is stored of a text that somebody typed: a phone in E.164, a date as 1985-03-21, names without needless spaces,
 * a store's id, the ids of categories as "3,17"; "" for nothing.
 * Returns: (transfer full) (nullable): NULL and OBA_ERROR_INVALID_INPUT with a translated sentence when it cannot be stored
 */
char       *oba_customer_field_normalize (ObaCustomerField field, const char *text, GError **error);
/** The stored value as it is typed: "+994 50 123 45 67", "21.03.1985". (transfer full) */
char       *oba_customer_field_format    (ObaCustomerField field, const char *value);

/** ObaCustomerDraft: the values of a form, all as oba_customer_field_normalize() gives them, never NULL; and of which state of which customer they are. */
typedef struct
{
  gint64            id;          /* 0: not registered yet */
  gint64            version;
  ObaCustomerStatus status;
  char             *values[OBA_CUSTOMER_N_FIELDS];
  char             *store_name;  /* of the preferred store; "" when it is not known */
} ObaCustomerDraft;

ObaCustomerDraft *oba_customer_draft_new  (void);      /* empty, in Azerbaijani */
ObaCustomerDraft *oba_customer_draft_copy (const ObaCustomerDraft *self);
void              oba_customer_draft_free (ObaCustomerDraft *self);
void              oba_customer_draft_set  (ObaCustomerDraft *self, ObaCustomerField field, const char *value);
void              oba_customer_draft_set_store_name (ObaCustomerDraft *self, const char *name);
gboolean          oba_customer_draft_equal (const ObaCustomerDraft *self, const ObaCustomerDraft *other);    /* the values */

/** The fields in which @self is not @base, as oba.update_customer() wants them in "changes"; for a new customer as oba.register_customer() does. (transfer full) */
JsonObject       *oba_customer_draft_get_changes (const ObaCustomerDraft *self, const ObaCustomerDraft *base);

/**
 * oba_customer_draft_collisions: @self was made of @base, and meanwhile somebody else made @theirs of it.
 * Returns: a bit (1 << field) for each field that both have changed, to different values
 */
guint             oba_customer_draft_collisions (const ObaCustomerDraft *self, const ObaCustomerDraft *base, const ObaCustomerDraft *theirs);
/** What @self becomes on the ground of @theirs: what they changed elsewhere stays; where both changed, the fields of @mine keep the value of @self. (transfer full) */
ObaCustomerDraft *oba_customer_draft_rebase     (const ObaCustomerDraft *self, const ObaCustomerDraft *base, const ObaCustomerDraft *theirs, guint mine);

/** The draft of a customer as they are now. Fails with OBA_ERROR_NOT_FOUND. (transfer full) */
void              oba_customer_draft_read_async  (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaCustomerDraft *oba_customer_draft_read_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCustomerDraft, oba_customer_draft_free)

G_END_DECLS
