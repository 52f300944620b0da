#pragma once

#include "oba-demo-chain.h"
#include "oba-demo-people.h"

G_BEGIN_DECLS

/** What goes wrong in the last two weeks, so that the reconciliation of tills has something to tell: numbers that are missing, a till without a connection, one that is silent, and a card that came to one cashier again and again. */
typedef struct
{
  guint n_days;      /* 0: too few for anything to go wrong */
  guint gaps;        /* stores */
  guint late;
  guint silent;
  guint often;
  int   person;      /* whose card it is */
  guint today;       /* the day of @served */
  guint served;      /* visits that were lent */
} ObaDemoTills;

void     oba_demo_tills_init  (ObaDemoTills *self, const ObaDemoStores *stores, const ObaDemoPerson *people, guint n_people, guint n_days);
/** May a visit of somebody without a card be made by that person at that cashier? If so, it is. */
gboolean oba_demo_tills_lend  (ObaDemoTills *self, guint day, guint second, int *customer, guint *store);
/** Which till it is, and the number it gives; after what is usual. @n_tills: of the store. @number: the till's last one. */
guint    oba_demo_tills_till  (const ObaDemoTills *self, const ObaDemoReceipt *receipt, guint n_tills, gboolean lent);
guint    oba_demo_tills_skip  (const ObaDemoTills *self, const ObaDemoReceipt *receipt);
/** Does it reach the house only when the demo is filled? */
gboolean oba_demo_tills_is_late (const ObaDemoTills *self, const ObaDemoReceipt *receipt);

G_END_DECLS
