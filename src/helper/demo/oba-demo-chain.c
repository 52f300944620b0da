#include "oba-demo-chain.h"

#include "oba-demo-data-catalogue.h"
#include "oba-demo-tills.h"

#include <math.h>
#include <string.h>

#define YEARLY_GROWTH 0.15
#define CARD_SHARE 0.74 /* of the receipts, over the whole demo */
#define RETURN_CHANCE 0.015
#define RETURN_DAYS 14
#define RETURN_LINES 3
#define REDEEM_CHANCE 0.05 /* at a visit of somebody who could afford something */
#define STREAM_PEOPLE_VISITS 20
#define STREAM_BASKETS 21
#define STREAM_DAY 22
#define NOBODY G_MAXUINT32

enum
{
  HASH_FIRST_NUMBER = 500,
  HASH_SHIFT,
};

typedef struct
{
  guint second;
  guint sequence; /* among equals, so that sorting has one answer */
  int customer;
  guint store;
  guint returned; /* into the returns of the day, G_MAXUINT: a sale */
} Visit;

typedef struct
{
  gint64 original_id;
  guint original_day, original_second;
  int customer;
  guint store;
  ObaDemoPayment payment;
  guint n_lines;
  ObaDemoLine lines[RETURN_LINES];
} Return;

struct _ObaDemoChain
{
  ObaDemoOptions options;
  ObaDemoCalendar *calendar;
  ObaDemoCatalogue *catalogue;
  ObaDemoStores *stores;
  ObaDemoPerson *people;
  gint64 *balances; /* points, as far as redemptions need them */
  double rate_scale;
  double at_once_chance;

  guint32 *first_visitor; /* a day: a list of customers through next_visitor */
  guint32 *next_visitor;
  gint64 *planned;                  /* receipts up to the end of a day */
  guint32 *numbers;                 /* the last receipt of each till */
  guint32 *skipped;                 /* by till: the last day on which it left out some */
  ObaDemoTills tills;
  GArray *returns[RETURN_DAYS + 1]; /* Return, by day modulo */
  GArray *visits;                   /* of the day */
  gint64 n_sold;
  gint64 last_id;

  const gint64 *costs;
  guint n_costs;
  gint64 cheapest;
  guint last_redemption; /* day */
};

/* ---- how many receipts on which day ---- */

static void
plan_days (ObaDemoChain *self)
{
  guint n = self->options.n_days;
  g_autofree double *sums = g_new (double, n);
  double sum = 0.0;

  self->planned = g_new (gint64, n);
  for (guint d = 0; d < n; d++)
    sums[d] = sum += self->calendar->days[d].demand * exp (YEARLY_GROWTH * d / 365.25);
  for (guint d = 0; d < n; d++)
    self->planned[d] = (gint64) floor ((double) self->options.n_sales * (sums[d] / sum) + 0.5);
}

/* Rates such that those who are customers on a day make, together, their share of all receipts. */
static void
scale_rates (ObaDemoChain *self)
{
  double wanted = CARD_SHARE * (double) self->options.n_sales, visits = 0.0;
  guint at_once = 0;

  for (guint i = 0; i < self->options.n_customers; i++)
    {
      const ObaDemoPerson *person = &self->people[i];
      int from = MAX (person->registered, 0), to = MIN (person->last + 1, (int) self->options.n_days);

      visits += to > from ? person->rate * (self->calendar->clock[to] - self->calendar->clock[from]) : 0.0;
      at_once += oba_demo_person_starts_at_once (person, self->options.seed, i);
    }
  self->at_once_chance = at_once > 0 ? MIN (1.0, 0.3 * wanted / at_once) : 0.0;
  self->rate_scale = visits > 0.0 ? (wanted - self->at_once_chance * at_once) / visits : 0.0;
}

/* ---- visits of customers: a list a day, each customer in one of them ---- */

static void
come_on (ObaDemoChain *self, guint customer, guint day)
{
  self->next_visitor[customer] = self->first_visitor[day];
  self->first_visitor[day] = customer;
}

static int
day_of_clock (const ObaDemoCalendar *calendar, double time, int from)
{
  int low = from, high = (int) calendar->n_days;

  while (low < high)
    {
      int middle = low + (high - low) / 2;

      if (calendar->clock[middle + 1] > time)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

/* @start: the day after which the next visit may be. */
static void
plan_next_visit (ObaDemoChain *self, guint customer, int start, ObaDemoRandom *random)
{
  const ObaDemoPerson *person = &self->people[customer];
  double rate = person->rate * self->rate_scale;
  int end = MIN (person->last, (int) self->options.n_days - 1);
  double wait;
  int day;

  if (rate <= 0.0 || start + 1 > end)
    return;
  wait = oba_demo_random_exponential (random) / rate;
  /* The loyal come more evenly than by chance. */
  if (person->loyalty == OBA_DEMO_LOYAL)
    wait = 0.5 * (wait + oba_demo_random_exponential (random) / rate);
  day = day_of_clock (self->calendar, self->calendar->clock[start + 1] + wait, start + 1);
  if (person->habit != 0 && oba_demo_random_chance (random, 0.55))
    for (int shift = 0; shift < 4; shift++)
      if (day + shift <= end && self->calendar->days[day + shift].weekday == person->habit)
        {
          day += shift;
          break;
        }
  if (day <= end)
    come_on (self, customer, (guint) day);
}

static void
plan_first_visits (ObaDemoChain *self)
{
  guint64 seed = self->options.seed;

  for (guint i = 0; i < self->options.n_customers; i++)
    {
      const ObaDemoPerson *person = &self->people[i];
      ObaDemoRandom random;

      oba_demo_random_init (&random, seed + i, STREAM_PEOPLE_VISITS);
      if (oba_demo_person_starts_at_once (person, seed, i) && oba_demo_random_chance (&random, self->at_once_chance))
        come_on (self, i, (guint) person->registered);
      else
        plan_next_visit (self, i, MAX (person->registered, -1), &random);
    }
}

static guint
pick_second (const ObaDemoChain *self, guint day, gboolean night, double unit)
{
  const ObaDemoCalendar *calendar = self->calendar;
  ObaDemoHours hours = calendar->days[day].hours;
  guint second;

  if (day + 1 < calendar->n_days || calendar->last_second >= 86400)
    return oba_demo_hours_pick (hours, night, unit);
  second = oba_demo_hours_pick (hours, FALSE, unit * oba_demo_hours_share (hours, calendar->last_second));
  return MIN (second, calendar->last_second - 1);
}

guint
oba_demo_chain_get_registered_second (ObaDemoChain *self, guint index)
{
  int day = self->people[index].registered;
  double unit = oba_demo_person_registered_at (self->options.seed, index);

  return day >= 0 ? pick_second (self, (guint) day, FALSE, unit)
                  : oba_demo_hours_pick (OBA_DEMO_HOURS_WEEKDAY, FALSE, unit);
}

static guint
pick_store (const ObaDemoChain *self, const ObaDemoPerson *person, int day, ObaDemoRandom *random)
{
  double u = oba_demo_random_unit (random);

  if (u >= 0.97)
    return oba_demo_alias_draw (self->stores->today, random);
  if (u >= 0.90)
    return oba_demo_stores_open_near (self->stores, oba_demo_stores_neighbour (self->stores, person->home, random), day,
                                      random);
  return oba_demo_stores_open_near (self->stores, u < 0.72 ? person->home : person->second, day, random);
}

static void
add_visit (ObaDemoChain *self, guint second, int customer, guint store, guint returned)
{
  Visit visit = {
    .second = second, .sequence = self->visits->len, .customer = customer, .store = store, .returned = returned
  };

  g_array_append_val (self->visits, visit);
}

static void
gather_customers (ObaDemoChain *self, guint day, guint room)
{
  guint customer = self->first_visitor[day];

  while (customer != NOBODY)
    {
      const ObaDemoPerson *person = &self->people[customer];
      guint next = self->next_visitor[customer];
      ObaDemoRandom random;
      guint store, second;

      oba_demo_random_init (&random, self->options.seed + customer, STREAM_PEOPLE_VISITS + ((guint64) (day + 1) << 8));
      store = pick_store (self, person, (int) day, &random);
      second = pick_second (self, day, self->stores->stores[store].night, oba_demo_random_unit (&random));
      if ((int) day == person->registered)
        {
          guint registered = oba_demo_chain_get_registered_second (self, customer);

          second = registered + oba_demo_random_below (&random, 1200) + 60;
          second = MIN (second, MAX (registered + 1, self->calendar->last_second) - 1);
        }
      if (self->visits->len < room)
        add_visit (self, second, (int) customer, store, G_MAXUINT);
      plan_next_visit (self, customer, (int) day, &random);
      customer = next;
    }
}

static void
gather_others (ObaDemoChain *self, guint day, guint n, ObaDemoRandom *random)
{
  for (guint i = 0; i < n; i++)
    {
      guint store = oba_demo_alias_draw (self->stores->today, random);

      add_visit (self, pick_second (self, day, self->stores->stores[store].night, oba_demo_random_unit (random)), -1,
                 store, G_MAXUINT);
    }
}

static void
gather_returns (ObaDemoChain *self, guint day, ObaDemoRandom *random)
{
  GArray *due = self->returns[day % G_N_ELEMENTS (self->returns)];

  for (guint i = 0; i < due->len; i++)
    {
      const Return *r = &g_array_index (due, Return, i);

      if (oba_demo_store_is_open (&self->stores->stores[r->store], (int) day))
        add_visit (self, pick_second (self, day, FALSE, oba_demo_random_unit (random)), r->customer, r->store, i);
    }
}

static int
compare_visits (gconstpointer a, gconstpointer b)
{
  const Visit *x = a, *y = b;

  if (x->second != y->second)
    return x->second < y->second ? -1 : 1;
  return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

/* ---- receipts ---- */

static void
stamp_receipt (ObaDemoChain *self, ObaDemoReceipt *receipt, guint day, const Visit *visit, gboolean lent)
{
  const ObaDemoStore *store = &self->stores->stores[visit->store];
  guint64 h = oba_demo_hash (self->options.seed, (guint64) self->last_id + 1, HASH_SHIFT);
  guint busy = visit->second >= 16 * 3600 && visit->second < 21 * 3600 ? store->n_tills : (store->n_tills + 1) / 2;
  guint late = visit->second >= 15 * 3600 + 1800;
  guint till;

  receipt->id = ++self->last_id;
  receipt->day = day;
  receipt->second = visit->second;
  receipt->customer = visit->customer;
  receipt->store = visit->store;
  receipt->till = 1 + (guint) (h % busy);
  receipt->till = oba_demo_tills_till (&self->tills, receipt, store->n_tills, lent);
  till = store->first_till + receipt->till - 1;
  /* Once a day. */
  if (self->skipped[till] != day + 1 && oba_demo_tills_skip (&self->tills, receipt) > 0)
    {
      self->numbers[till] += oba_demo_tills_skip (&self->tills, receipt);
      self->skipped[till] = day + 1;
    }
  receipt->number = ++self->numbers[till];
  receipt->late = oba_demo_tills_is_late (&self->tills, receipt);
  /* Two shifts, two teams that take turns every second day. */
  receipt->cashier = (receipt->till - 1) * 4 + late * 2 + (day / 2) % 2;
}

static void
sum_lines (ObaDemoReceipt *receipt)
{
  for (guint i = 0; i < receipt->n_lines; i++)
    {
      receipt->total += receipt->lines[i].total;
      receipt->discount += receipt->lines[i].discount;
      receipt->vat += receipt->lines[i].vat;
    }
}

static void
keep_for_return (ObaDemoChain *self, const ObaDemoReceipt *sale, ObaDemoRandom *random)
{
  Return r = { .original_id = sale->id,
               .original_day = sale->day,
               .original_second = sale->second,
               .customer = sale->customer,
               .store = sale->store,
               .payment = sale->payment };
  guint wait = 1 + (guint) MIN (oba_demo_random_exponential (random) * 3.5, RETURN_DAYS - 1.0);
  guint wanted = oba_demo_random_chance (random, 0.75) ? 1 : RETURN_LINES;
  guint first = oba_demo_random_below (random, sale->n_lines);

  for (guint i = 0; i < sale->n_lines && r.n_lines < wanted; i++)
    {
      guint which = (first + i) % sale->n_lines;
      ObaDemoLine *line = &r.lines[r.n_lines];
      gint64 sold = sale->lines[which].quantity, back = sold;

      if (sold > 1000 && sold % 1000 == 0 && oba_demo_random_chance (random, 0.5))
        back = 1000;
      *line = sale->lines[which];
      line->original_line = which + 1;
      line->quantity = -back;
      line->total = -(line->total * back / sold);
      line->discount = -(line->discount * back / sold);
      line->vat = -(line->vat * back / sold);
      r.n_lines++;
    }
  g_array_append_val (self->returns[(sale->day + wait) % G_N_ELEMENTS (self->returns)], r);
}

static gboolean
sell (ObaDemoChain *self,
      guint day,
      const Visit *visit,
      ObaDemoReceipt *receipt,
      ObaDemoLine *lines,
      ObaDemoRandom *random)
{
  const ObaDemoStore *store = &self->stores->stores[visit->store];
  ObaDemoShopper shopper = { .range = store->range, .lines = 3.4 };
  double by_card = 0.44 + 0.10 * day / 365.0;
  gboolean comes_back;

  if (visit->customer >= 0)
    {
      shopper.person = (guint64) visit->customer + 1;
      shopper.lines = self->people[visit->customer].basket;
      by_card += 0.1;
    }
  oba_demo_random_init (random, self->options.seed + (guint64) receipt->id, STREAM_BASKETS);
  receipt->lines = lines;
  receipt->n_lines =
      oba_demo_basket_fill (self->catalogue, &self->calendar->days[day], day, visit->second, &shopper, random, lines);
  sum_lines (receipt);
  by_card += receipt->total > 2000 ? 0.1 : receipt->total < 300 ? -0.2 : 0.0;
  receipt->payment = oba_demo_random_chance (random, MIN (by_card, 0.9)) ? OBA_DEMO_PAID_CARD : OBA_DEMO_PAID_CASH;
  comes_back = oba_demo_random_chance (random, RETURN_CHANCE);
  if (comes_back)
    keep_for_return (self, receipt, random);
  self->n_sold++;
  return comes_back;
}

static void
take_back (ObaDemoChain *self, const Return *r, ObaDemoReceipt *receipt)
{
  static const char *const reasons[] = { "damaged", "expired", "wrong_item", "changed_mind" };

  receipt->lines = r->lines;
  receipt->n_lines = r->n_lines;
  receipt->payment = r->payment;
  receipt->original_id = r->original_id;
  receipt->original_day = r->original_day;
  receipt->original_second = r->original_second;
  receipt->reason_code =
      reasons[oba_demo_hash (self->options.seed, (guint64) r->original_id, HASH_SHIFT) % G_N_ELEMENTS (reasons)];
  sum_lines (receipt);
}

/* Points are only followed closely enough here that nobody spends what might have to be given back. */
static gboolean
maybe_redeem (ObaDemoChain *self,
              const ObaDemoReceipt *receipt,
              gboolean comes_back,
              ObaDemoRandom *random,
              const ObaDemoSink *sink,
              gpointer user_data,
              GError **error)
{
  ObaDemoRedemption redemption = { .customer = receipt->customer, .store = receipt->store, .day = receipt->day };
  gint64 *balance;
  guint reward;

  if (receipt->customer < 0 || self->n_costs == 0 || receipt->day > self->last_redemption)
    return TRUE;
  balance = &self->balances[receipt->customer];
  if (*balance >= self->cheapest && oba_demo_random_chance (random, REDEEM_CHANCE))
    {
      reward = oba_demo_random_below (random, self->n_costs);
      if (self->costs[reward] > 0 && self->costs[reward] <= *balance)
        {
          redemption.reward = reward;
          redemption.second = receipt->second > 90 ? receipt->second - 90 : 0;
          *balance -= self->costs[reward];
          if (!sink->redemption (&redemption, user_data, error))
            return FALSE;
        }
    }
  if (!comes_back)
    *balance += receipt->total / 100;
  return TRUE;
}

static gboolean
serve (ObaDemoChain *self, guint day, Visit *visit, const ObaDemoSink *sink, gpointer user_data, GError **error)
{
  ObaDemoReceipt receipt = { 0 };
  ObaDemoLine lines[OBA_DEMO_MAX_LINES];
  ObaDemoRandom random;
  gboolean comes_back;

  stamp_receipt (self, &receipt, day, visit,
                 visit->returned == G_MAXUINT && oba_demo_tills_lend (&self->tills, day, visit->second, &visit->customer, &visit->store));
  if (visit->returned != G_MAXUINT)
    {
      take_back (self, &g_array_index (self->returns[day % G_N_ELEMENTS (self->returns)], Return, visit->returned),
                 &receipt);
      return sink->receipt (&receipt, user_data, error);
    }
  comes_back = sell (self, day, visit, &receipt, lines, &random);
  return sink->receipt (&receipt, user_data, error) &&
         maybe_redeem (self, &receipt, comes_back, &random, sink, user_data, error);
}

static void
gather_day (ObaDemoChain *self, guint day)
{
  gint64 room = self->planned[day] - self->n_sold;
  ObaDemoRandom random;

  oba_demo_random_init (&random, self->options.seed + day, STREAM_DAY);
  g_array_set_size (self->visits, 0);
  gather_customers (self, day, day + 1 < self->options.n_days ? G_MAXUINT : (guint) MAX (room * 4 / 5, 0));
  if (room > (gint64) self->visits->len)
    gather_others (self, day, (guint) (room - self->visits->len), &random);
  gather_returns (self, day, &random);
  qsort (self->visits->data, self->visits->len, sizeof (Visit), compare_visits);
}

gboolean
oba_demo_chain_run (
    ObaDemoChain *self, const ObaDemoSink *sink, gpointer user_data, GCancellable *cancellable, GError **error)
{
  plan_first_visits (self);
  for (guint day = 0; day < self->options.n_days; day++)
    {
      oba_demo_stores_prepare (self->stores, day);
      oba_demo_catalogue_prepare (self->catalogue, self->calendar, day);
      gather_day (self, day);
      for (guint i = 0; i < self->visits->len; i++)
        if (!serve (self, day, &g_array_index (self->visits, Visit, i), sink, user_data, error))
          return FALSE;
      g_array_set_size (self->returns[day % G_N_ELEMENTS (self->returns)], 0);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- the chain ---- */

static void
number_tills (ObaDemoChain *self)
{
  self->numbers = g_new0 (guint32, self->stores->n_tills);
  self->skipped = g_new0 (guint32, self->stores->n_tills);
  for (guint i = 0; i < self->stores->n_stores; i++)
    for (guint t = 0; t < self->stores->stores[i].n_tills; t++)
      if (self->stores->stores[i].opened < 0)
        self->numbers[self->stores->stores[i].first_till + t] =
            (guint32) (oba_demo_hash_unit (self->options.seed, HASH_FIRST_NUMBER + i * 64, t) * 240.0 *
                       -self->stores->stores[i].opened);
}

/* The demo ends in the middle of a day: who would have registered later that day did so in the weeks before. */
static void
settle_last_day (ObaDemoChain *self)
{
  guint last = self->options.n_days - 1;
  guint weeks = MIN (last, 28);
  double share = oba_demo_hours_share (self->calendar->days[last].hours, self->calendar->last_second);

  for (guint i = 0; weeks > 0 && i < self->options.n_customers; i++)
    {
      if (self->people[i].registered == (int) last && oba_demo_person_registered_at (self->options.seed, i) >= share)
        self->people[i].registered = (int) (last - 1 - i % weeks);
    }
}

ObaDemoChain *
oba_demo_chain_new (const ObaDemoOptions *options)
{
  ObaDemoChain *self = g_new0 (ObaDemoChain, 1);

  self->options = *options;
  self->calendar = oba_demo_calendar_new (&options->until, options->n_days, options->seed, options->last_second);
  self->catalogue = oba_demo_catalogue_new (options->seed, options->n_days);
  self->stores = oba_demo_stores_new (options->seed, options->n_stores, options->n_days);
  self->people = g_new0 (ObaDemoPerson, options->n_customers);
  self->balances = g_new0 (gint64, options->n_customers);
  self->next_visitor = g_new (guint32, options->n_customers);
  self->first_visitor = g_new (guint32, options->n_days);
  memset (self->first_visitor, 0xff, options->n_days * sizeof *self->first_visitor);
  self->visits = g_array_new (FALSE, FALSE, sizeof (Visit));
  for (guint i = 0; i < G_N_ELEMENTS (self->returns); i++)
    self->returns[i] = g_array_new (FALSE, FALSE, sizeof (Return));
  for (guint i = 0; i < options->n_customers; i++)
    oba_demo_person_make (&self->people[i], self->stores, options->seed, i, options->n_days);
  settle_last_day (self);
  plan_days (self);
  scale_rates (self);
  number_tills (self);
  oba_demo_tills_init (&self->tills, self->stores, self->people, options->n_customers, options->n_days);
  /* Until it runs, the catalogue shows the last day's prices: those of the price list. */
  oba_demo_catalogue_prepare (self->catalogue, self->calendar, options->n_days - 1);
  return self;
}

void
oba_demo_chain_free (ObaDemoChain *self)
{
  oba_demo_calendar_free (self->calendar);
  oba_demo_catalogue_free (self->catalogue);
  oba_demo_stores_free (self->stores);
  g_array_unref (self->visits);
  for (guint i = 0; i < G_N_ELEMENTS (self->returns); i++)
    g_array_unref (self->returns[i]);
  g_free (self->people);
  g_free (self->balances);
  g_free (self->next_visitor);
  g_free (self->first_visitor);
  g_free (self->planned);
  g_free (self->numbers);
  g_free (self->skipped);
  g_free (self);
}

const ObaDemoOptions *
oba_demo_chain_get_options (ObaDemoChain *self)
{
  return &self->options;
}

const ObaDemoCalendar *
oba_demo_chain_get_calendar (ObaDemoChain *self)
{
  return self->calendar;
}

const ObaDemoCatalogue *
oba_demo_chain_get_catalogue (ObaDemoChain *self)
{
  return self->catalogue;
}

const ObaDemoStores *
oba_demo_chain_get_stores (ObaDemoChain *self)
{
  return self->stores;
}

const ObaDemoPerson *
oba_demo_chain_get_person (ObaDemoChain *self, guint index)
{
  return &self->people[index];
}

void
oba_demo_chain_set_rewards (ObaDemoChain *self, const gint64 *costs, guint n, guint last_day)
{
  self->costs = costs;
  self->n_costs = n;
  self->last_redemption = last_day;
  self->cheapest = G_MAXINT64;
  for (guint i = 0; i < n; i++)
    if (costs[i] > 0)
      self->cheapest = MIN (self->cheapest, costs[i]);
}
