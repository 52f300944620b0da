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
} ObaDemoReward;

extern const ObaDemoReward oba_demo_rewards[];
extern const guint oba_demo_n_rewards;

G_END_DECLS
