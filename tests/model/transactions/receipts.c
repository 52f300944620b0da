/* Receipts by pencil: what is sold, returned and left of them, in money and in points. */
#include "model.h"

#include <stdio.h>

gint64
line_left (const Line *line)
{
  return line->total - line->total * line->returned / line->sold;
}

gint64
receipt_left (const Receipt *receipt)
{
  gint64 left = 0;

  for (guint i = 0; i < receipt->n_lines; i++)
    left += line_left (&receipt->lines[i]);
  return left;
}

gint64
points_left (const Receipt *receipt)
{
  gint64 total = 0;

  for (guint i = 0; i < receipt->n_lines; i++)
    total += receipt->lines[i].total;
  return receipt->by_points == 0 ? 0 : receipt->by_points - receipt->by_points * (total - receipt_left (receipt)) / total;
}

/* What is left earns by its rule; what points still pay of it takes them, rounded up once. */
gint64
receipt_points (const Receipt *receipt)
{
  gint64 left = receipt_left (receipt), by_points = points_left (receipt);
  gint64 points = (receipt->part_earns ? left : left - by_points) / receipt->rate;

  points += bonus_left (receipt);
  return by_points > 0 ? points - (by_points + receipt->value - 1) / receipt->value : points;
}

gboolean
is_alive (const Receipt *receipt)
{
  for (guint i = 0; i < receipt->n_lines; i++)
    if (receipt->lines[i].returned < receipt->lines[i].sold)
      return TRUE;
  return FALSE;
}

Receipt *
any_receipt (Model *model)
{
  /* Mostly young ones, so that clerks meet. */
  guint n = model->receipts->len;

  return g_ptr_array_index (model->receipts, pick (model, 3) > 0 && n > 6 ? n - 1 - pick (model, 6) : pick (model, n));
}

void
carry (const Receipt *from, Receipt *to)
{
  *to = *from;
  to->by_points = points_left (from);
  to->n_lines = 0;
  for (guint i = 0; i < from->n_lines; i++)
    if (from->lines[i].returned < from->lines[i].sold)
      to->lines[to->n_lines++] = (Line) { from->lines[i].sold - from->lines[i].returned, 0, line_left (&from->lines[i]), from->lines[i].product };
}

char *
invent_lines (Model *model, Receipt *receipt, gint64 *total)
{
  GString *text = g_string_new ("[");

  *total = 0;
  receipt->n_lines = 1 + pick (model, MAX_LINES);
  for (guint i = 0; i < receipt->n_lines; i++)
    {
      gint64 quantity = 1 + pick (model, 4), price = 1 + pick (model, 4000), discount = price > 10 ? pick (model, 9) : 0;
      guint product = 1 + pick (model, 3);

      receipt->lines[i] = (Line) { quantity * 1000, 0, quantity * price - discount, product };
      *total += quantity * price - discount;
      g_string_append_printf (text, "%s{\"product\": %u, \"quantity\": %d, \"unit_price\": %d, \"discount\": %d, \"total\": %d}", i > 0 ? ", " : "", product, (int) quantity,
                              (int) price, (int) discount, (int) (quantity * price - discount));
    }
  g_string_append (text, "]");
  return g_string_free (text, FALSE);
}

void
model_date (const Model *model, guint day, GDate *date)
{
  int months = 12 * 2024 + (int) (day / 100) - 1 + model->shift;

  g_date_clear (date, 1);
  g_date_set_dmy (date, (GDateDay) (day % 100), (GDateMonth) (months % 12 + 1), (GDateYear) (months / 12));
}

char *
model_day (const Model *model, guint day)
{
  GDate date;

  model_date (model, day, &date);
  return g_strdup_printf ("%04u-%02u-%02u", g_date_get_year (&date), g_date_get_month (&date), g_date_get_day (&date));
}

/* ---- money by day */

typedef struct
{
  guint person;
  guint32 day;
  gint64 amount;
} Booking;

void
book (Model *model, guint person, guint32 day, gint64 amount)
{
  Booking booking = { person, day, amount };

  g_array_append_val (model->money, booking);
}

guint32
booked_on (const Model *model, guint32 day)
{
  return day >= model->open_from ? day : model->today;
}

/* By the calendar, not by counting days: of the 29th of February the year before has the 28th. */
gint64
booked (const Model *model, guint person, guint32 day)
{
  gint64 sum = 0;
  GDate before;

  g_date_clear (&before, 1);
  g_date_set_julian (&before, day);
  g_date_subtract_years (&before, 1);
  for (guint i = 0; i < model->money->len; i++)
    {
      const Booking *booking = &g_array_index (model->money, Booking, i);

      if (booking->person > 0 && root_of (model, booking->person) == person && booking->day > g_date_get_julian (&before) && booking->day <= day)
        sum += booking->amount;
    }
  return sum;
}

/* From the first of June on a point costs two manats. Half of all is bought on one day of its month, so that what counts by days is felt. */
char *
invent_time (Model *model, Receipt *receipt)
{
  guint month = 2 + pick (model, 9), day = pick (model, 2) == 0 ? 17 : 1 + pick (model, 28);
  g_autofree char *text = model_day (model, 100 * month + day);

  receipt->rate = month >= 6 ? 200 : 100;
  receipt->day = 100 * month + day;
  return g_strdup_printf ("%sT%02u:00:00+04:00", text, 8 + pick (model, 12));
}

static char *
name_of (const JsonObject *answer)
{
  JsonObject *it = (JsonObject *) answer;

  return g_strdup_printf ("{\"customer_id\": %" G_GINT64_FORMAT ", \"sold_at\": \"%s\", \"receipt_id\": %" G_GINT64_FORMAT "}", json_object_get_int_member (it, "customer_id"),
                          json_object_get_string_member (it, "sold_at"), json_object_get_int_member (it, "receipt_id"));
}

static guint32
day_of (const JsonObject *answer)
{
  guint year = 0, month = 0, day = 0;
  GDate date;

  g_assert_cmpint (sscanf (json_object_get_string_member ((JsonObject *) answer, "sold_at"), "%4u-%2u-%2uT", &year, &month, &day), ==, 3);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return g_date_get_julian (&date);
}

Receipt *
keep (Model *model, const Receipt *wanted, const JsonObject *answer)
{
  Receipt *receipt = g_memdup2 (wanted, sizeof *wanted);

  receipt->name = name_of (answer);
  receipt->id = json_object_get_int_member ((JsonObject *) answer, "receipt_id");
  receipt->asked = wanted->person;
  if (wanted->person > 0)
    receipt->person = (guint) json_object_get_int_member ((JsonObject *) answer, "customer_id") / 100;
  receipt->answers = 0;
  receipt->fresh = TRUE;
  receipt->voided = FALSE;
  receipt->turn = model->turn;
  receipt->entered = day_of (answer);
  book (model, receipt->person, receipt->entered, receipt_left (receipt));
  g_ptr_array_add (model->receipts, receipt);
  return receipt;
}

void
empty (Model *model, Receipt *receipt, guint32 day)
{
  g_assert_true (is_alive (receipt));
  book (model, receipt->person, day, - receipt_left (receipt));
  for (guint i = 0; i < receipt->n_lines; i++)
    receipt->lines[i].returned = receipt->lines[i].sold;
  receipt->voided = TRUE;
  receipt->answers++;
}

void
give_back (Model *model, Receipt *receipt, guint line, gint64 quantity)
{
  gint64 left = line_left (&receipt->lines[line]);

  receipt->lines[line].returned += quantity;
  book (model, receipt->person, model->today, line_left (&receipt->lines[line]) - left);
  g_assert_cmpint (receipt->lines[line].returned, <=, receipt->lines[line].sold);
  receipt->answers++;
}
