#pragma once

#include "schema-house.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define N_CONNS 8
#define MAX_LINES 3
#define CARD "7700-%u" /* of a person */
#define N_PEOPLE 3 /* customers 100, 200, 300 */

typedef struct
{
  gint64 sold, returned; /* thousandths */
  gint64 total;          /* of what was sold, qəpik */
  guint product;
} Line;

#define N_RULES 6 /* besides the base, that give; of op-rules.c */

/* What one receipt is, as far as a shopper with a pencil would know. */
typedef struct
{
  char *name;       /* {"customer_id": ..., "sold_at": ..., "receipt_id": ...} */
  guint person;     /* 0: nobody, else 1 ... N_PEOPLE */
  guint asked;      /* whom it was entered for, who may be part of that person */
  guint store;      /* 1 or 2 */
  gint64 rate;      /* qəpik a point */
  gint64 by_points; /* qəpik of it that points paid */
  gint64 value;     /* qəpik that a point paid */
  gboolean part_earns;
  Line lines[MAX_LINES];
  guint n_lines;
  guint answers;    /* receipts that answer this one */
  gint64 id;
  guint day;        /* on which it was sold, MMDD of the model's calendar */
  guint32 entered;  /* the day of its entry, as a Julian number: another one where the month was closed */
  gint64 bonus[N_RULES]; /* what the rules gave when it was entered */
  gboolean fresh;   /* they are still to be reckoned */
  gboolean voided;
  guint turn;       /* the last operation that touched it */
} Receipt;

/* A correction that can be undone: what held before it. */
typedef struct
{
  gint64 id;
  Receipt *was;       /* as it stood then; not in the list */
  Receipt *original;
  Receipt *now;       /* the replacement, or NULL */
  gint64 points_back; /* qəpik that a return or void gave back in points */
  gboolean undone;
} Correction;

/* Points that were adjusted: what that took, negative when it gave. */
typedef struct
{
  gint64 id;
  guint person;
  gint64 taken;
  gboolean undone;
} Adjustment;

typedef struct _Model Model;
typedef struct _Op Op;

/* A kind of operation. A new one is a file of its own and a line in the table of test-transactions.c. */
typedef struct
{
  const char *name;
  guint weight;           /* how often, beside the others */
  gboolean late;          /* its answers are reckoned after the others': a clerk who has seen all comes before the tills, or would have been refused */
  const char *refusals;   /* codes with which it may be refused; NULL: any; never because the request could not be read */
  void (*begin) (Model *model);                       /* or NULL: before the first round */
  void (*end) (Model *model);                         /* or NULL: after the last one */
  void (*round) (Model *model);                       /* or NULL: before each round, alone */
  gboolean (*invent) (Model *model, Op *op, guint n); /* makes op->sql, with the key "k@n"; FALSE: there is nothing to do it to yet, a sale is made instead */
  void (*settle) (Model *model, Op *op);              /* what a good answer means, by pencil */
  gint64 (*points) (const Model *model, guint person); /* or NULL: what all of them add to a person's balance */
  void (*check) (Model *model);                       /* or NULL: after each round, the database against the pencil */
} OpKind;

struct _Op
{
  const OpKind *kind;
  char *sql;
  Receipt *receipt;
  Correction *correction;
  Receipt wanted;     /* what the receipt, or its replacement, is to be */
  guint line;         /* or the person */
  gint64 amount;      /* quantity returned, or points */
  gpointer about;     /* what the kind has of its own */
  gint64 thing;       /* whatever else the kind needs */
  const JsonObject *answer;
  JsonNode *node;
};

struct _Model
{
  House *house;
  GRand *dice;
  GPtrArray *receipts;
  GPtrArray *corrections;
  GPtrArray *redemptions; /* of op-redeem.c */
  GPtrArray *adjustments; /* of op-points.c */
  gint64 spent[N_PEOPLE + 1]; /* by adjustments */
  gpointer adjusting;         /* of op-adjust.c */
  gpointer merging;           /* of op-merge.c */
  gpointer expiry;            /* of op-expiry.c */
  gpointer tiers;             /* of op-tiers.c */
  GArray *money;              /* of receipts.c: what was booked for whom on which day */
  guint32 today, open_from;   /* Julian: nothing is booked before the latter any more */
  int shift;                  /* months from the model's calendar, which begins in 2024, to the real one */
  PGconn *asker;              /* who asks for what somebody else decides */
  guint into[N_PEOPLE + 1], was_into[N_PEOPLE + 1]; /* of whom each is a part, or 0; and before this round */
  guint met[N_PEOPLE + 1];    /* a bit for each who ever was one with them, themselves included */
  guint n_ops, n_rounds;
  guint turn, turn_before; /* operations that were reckoned, and before this round */
  guint paid_with_points, returned_with_points, refusals, killed, deadlocks;
};

extern const OpKind op_sale, op_till_return, op_return, op_void, op_change, op_move, op_undo, op_spend, op_give, op_take_back, op_redeem, op_step, op_use, op_job, op_merge, op_adjust, op_expiry, op_override, op_tiers, op_rules;

/* Who stands for a person. */
guint    root_of        (const Model *model, guint person);
/* Somebody was merged or taken apart in this round. */
gboolean families_changed (const Model *model);

/* The calendar of the model has its months 2 to 10 between thirteen and five months ago, so that some of them count for the tier today and others do not. */
void     model_date     (const Model *model, guint day, GDate *date);
char    *model_day      (const Model *model, guint day);

/* 0 ... @n - 1 */
guint    pick           (Model *model, guint n);

gint64   line_left      (const Line *line);
gint64   receipt_left   (const Receipt *receipt);
/* What points still pay of it: less the share of the money that was returned, which is rounded down over all returns. */
gint64   points_left    (const Receipt *receipt);
/* What is left of what the other rules gave for it: of each the share of what is left, rounded down. */
gint64   bonus_left     (const Receipt *receipt);
/* What it adds to its customer's balance. */
gint64   receipt_points (const Receipt *receipt);
gboolean is_alive       (const Receipt *receipt);
Receipt *any_receipt    (Model *model);
/* What a carried receipt's lines become: those of which something is left. */
void     carry          (const Receipt *from, Receipt *to);
/* Keeps what was wanted under the name that the database gave it. */
Receipt *keep           (Model *model, const Receipt *wanted, const JsonObject *answer);
/* Nothing is left of it, from @day on. */
void     empty          (Model *model, Receipt *receipt, guint32 day);
void     give_back      (Model *model, Receipt *receipt, guint line, gint64 quantity);
/* The day on which a correction of something that was entered on @day is booked. */
guint32  booked_on      (const Model *model, guint32 day);
/* What was booked for those who are @person now, in the twelve months that end with @day. */
gint64   booked         (const Model *model, guint person, guint32 day);
void     book           (Model *model, guint person, guint32 day, gint64 amount);
char    *invent_lines   (Model *model, Receipt *receipt, gint64 *total);
char    *invent_time    (Model *model, Receipt *receipt);

char       *correction_sql  (Op *op, guint n, const char *kind, guint seen, const char *rest);
/* Notes what held before a correction, for its undo; before the receipt is touched. */
Correction *note_correction (Model *model, Op *op);

void        note_adjustment (Model *model, gint64 id, guint person, gint64 taken);
void        undo_adjustment (Model *model, Adjustment *made);

G_END_DECLS
