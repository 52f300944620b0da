#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *code;
  const char *kind;              /* voucher, discount, gift, service */
  const char *az, *ru, *en;
  const char *about_az, *about_ru, *about_en;
  gint64      cost;              /* points */
  gint64      value;             /* qəpik */
  gint64      stock;             /* -1: as many as are wanted */
  gboolean    needs_approval;
  guint       min_tier;          /* 0: for everybody */
  guint       per_customer;      /* 0: as often as one likes */
  guint       per_month;
  guint       voucher_days;      /* 0: as every voucher */
  const char *weekdays;          /* "{5,6,7}"; NULL: every day */
  int         from_minute;       /* of the day, when there is a to_minute */
  int         to_minute;         /* 0: at any hour */
  gboolean    by_store;          /* each store has its own stock */
  gboolean    draft;
} ObaDemoReward;

extern const ObaDemoReward oba_demo_rewards[];
extern const guint oba_demo_n_rewards;
/** The first of them were there all the time: the customers of the demo may have redeemed them. */
extern const guint oba_demo_n_old_rewards;

G_END_DECLS
