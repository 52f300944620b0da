#include "oba-demo-tills.h"

#define MIN_DAYS 21
#define VISITS_A_DAY 4
#define MORNING (9 * 3600 + 1800)
#define SHIFT_ENDS (15 * 3600)
/* Days before the last one. */
#define LATE_DAY 2
#define SILENT_DAYS 2
#define OFTEN_FROM 13
#define OFTEN_TO 2

static const struct
{
  guint before_last; /* day */
  guint numbers;
} gaps[] = { { 9, 1 }, { 5, 3 }, { 3, 7 } };

/* The @nth busiest of the stores that were open all the time. */
static guint
busy_store (const ObaDemoStores *stores, guint nth)
{
  guint best = 0;
  double limit = G_MAXDOUBLE;

  for (guint n = 0; n <= nth; n++)
    {
      double most = -1;

      for (guint i = 0; i < stores->n_stores; i++)
        {
          const ObaDemoStore *store = &stores->stores[i];

          if (store->opened < 0 && store->closed == G_MAXINT && store->size < limit && store->size > most)
            {
              most = store->size;
              best = i;
            }
        }
      limit = most;
    }
  return best;
}

static int
old_customer (const ObaDemoPerson *people, guint n_people, guint n_days)
{
  for (guint i = 0; i < n_people; i++)
    if (people[i].registered < (int) n_days - 45 && people[i].registered < (int) n_days / 2)
      return (int) i;
  return -1;
}

void
oba_demo_tills_init (ObaDemoTills *self, const ObaDemoStores *stores, const ObaDemoPerson *people, guint n_people, guint n_days)
{
  *self = (ObaDemoTills) { .n_days = n_days >= MIN_DAYS && stores->n_stores >= 2 ? n_days : 0, .today = G_MAXUINT };
  self->gaps = busy_store (stores, 0);
  self->late = busy_store (stores, 1);
  self->silent = busy_store (stores, 2);
  self->often = busy_store (stores, 3);
  self->person = old_customer (people, n_people, n_days);
}

static gboolean
is_before_last (const ObaDemoTills *self, guint day, guint days)
{
  return self->n_days > 0 && day + 1 + days == self->n_days;
}

gboolean
oba_demo_tills_lend (ObaDemoTills *self, guint day, guint second, int *customer, guint *store)
{
  /* The first team's days. */
  if (self->n_days == 0 || self->person < 0 || *customer >= 0 || (day / 2) % 2 != 0 || day + 1 + OFTEN_FROM < self->n_days || day + 1 + OFTEN_TO > self->n_days
      || second < MORNING || second >= SHIFT_ENDS)
    return FALSE;
  if (self->today != day)
    self->served = 0;
  self->today = day;
  if (self->served >= VISITS_A_DAY)
    return FALSE;
  self->served++;
  *customer = self->person;
  *store = self->often;
  return TRUE;
}

guint
oba_demo_tills_till (const ObaDemoTills *self, const ObaDemoReceipt *receipt, guint n_tills, gboolean lent)
{
  if (lent)
    return 1;
  if (self->n_days > 0 && receipt->store == self->silent && receipt->till == 1 && receipt->day + SILENT_DAYS >= self->n_days)
    return n_tills;
  return receipt->till;
}

guint
oba_demo_tills_skip (const ObaDemoTills *self, const ObaDemoReceipt *receipt)
{
  for (guint i = 0; i < G_N_ELEMENTS (gaps); i++)
    if (receipt->store == self->gaps && receipt->till == 1 + i % 2 && receipt->second > 12 * 3600 && is_before_last (self, receipt->day, gaps[i].before_last))
      return gaps[i].numbers;
  return 0;
}

gboolean
oba_demo_tills_is_late (const ObaDemoTills *self, const ObaDemoReceipt *receipt)
{
  return receipt->store == self->late && receipt->till == 1 && receipt->second > 14 * 3600 && is_before_last (self, receipt->day, LATE_DAY);
}
