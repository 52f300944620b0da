#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** The hour curves of a day. */
typedef enum
{
  OBA_DEMO_HOURS_WEEKDAY,
  OBA_DEMO_HOURS_WEEKEND,
  OBA_DEMO_HOURS_RAMAZAN,       /* before iftar, and again after it */
  OBA_DEMO_HOURS_EVE,           /* 31 December, the eve of Novruz: by daylight */
  OBA_DEMO_HOURS_LAZY,          /* 1 January: from noon on */
  OBA_DEMO_N_HOURS,
} ObaDemoHours;

#define OBA_DEMO_N_SEASONS 10

typedef struct
{
  double       demand;                       /* customers' wish to shop; 1 is a plain day */
  double       basket;                       /* how much fuller the baskets are */
  double       season[OBA_DEMO_N_SEASONS];   /* a factor a ObaDemoTrait below OBA_DEMO_SEASONS, in the order of their bits */
  ObaDemoHours hours;
  guint        weekday;                      /* 1 Monday .. 7 Sunday */
  gboolean     ramazan;
} ObaDemoDay;

/** The days of the demo in Baku: day 0 is the first, n_days - 1 is --until. */
typedef struct
{
  guint32     first_julian;
  guint       n_days;
  ObaDemoDay *days;
  double     *clock;         /* n_days + 1: demand up to the start of a day, for visits that come faster in busy weeks */
  guint       last_second;   /* of the last day: 86400, or less when that day is not over yet */
} ObaDemoCalendar;

ObaDemoCalendar *oba_demo_calendar_new  (const GDate *until, guint n_days, guint64 seed, guint last_second);
void             oba_demo_calendar_free (ObaDemoCalendar *self);

void             oba_demo_calendar_get_date (const ObaDemoCalendar *self, int day, GDate *date);   /* @day may be negative */
/** The share of a day's visits that come before @second. */
double           oba_demo_hours_share (ObaDemoHours hours, guint second);
/** The second of the day for @unit in [0, 1); @night: the shop never closes. */
guint            oba_demo_hours_pick  (ObaDemoHours hours, gboolean night, double unit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaDemoCalendar, oba_demo_calendar_free)

G_END_DECLS
