#include "oba-liability.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "db/oba-db-sql.h"

static void
group_clear (ObaLiabilityGroup *self)
{
  g_free (self->key);
  g_free (self->name);
}

static void
group_free (gpointer data)
{
  group_clear (data);
  g_free (data);
}

static void
month_free (gpointer data)
{
  g_free (((ObaLiabilityMonth *) data)->name);
  g_free (data);
}

void
oba_liability_free (ObaLiability *self)
{
  g_clear_pointer (&self->tiers, g_ptr_array_unref);
  g_clear_pointer (&self->ages, g_ptr_array_unref);
  g_clear_pointer (&self->expiry, g_ptr_array_unref);
  g_clear_pointer (&self->months, g_ptr_array_unref);
  g_free (self->cells);
  group_clear (&self->total);
  g_free (self);
}

/* ---- names */

/* How old points are by months; see liability_age() of the database. */
static const char *
age_name (guint age)
{
  static const char *const names[] = {
    N_("This month"), N_("1–3 months"), N_("4–6 months"), N_("7–12 months"), N_("13–18 months"), N_("19–24 months"), N_("Over 24 months"),
  };

  return _(names[MIN (age, G_N_ELEMENTS (names) - 1)]);
}

static void
parse_day (const char *text, GDate *day)
{
  guint year = 2000, month = 1, number = 1;

  sscanf (text, "%4u-%2u-%2u", &year, &month, &number);
  g_date_clear (day, 1);
  g_date_set_dmy (day, (GDateDay) number, (GDateMonth) month, (GDateYear) year);
}

static char *
month_name (const GDate *month)
{
  g_autoptr (GDateTime) at = g_date_time_new_utc (g_date_get_year (month), (int) g_date_get_month (month), 1, 0, 0, 0);

  return g_date_time_format (at, C_ ("month of an axis", "%b %Y"));
}

/* ---- rows */

static void
read_group (ObaLiabilityGroup *group, ObaDbResult *rows, guint row)
{
  group->key = g_strdup (oba_db_row_text (rows, row, "key"));
  group->name = g_strdup (oba_db_row_text (rows, row, "name"));
  group->points = oba_db_row_int64 (rows, row, "points");
  group->value = oba_db_row_int64 (rows, row, "value");
  group->expected = oba_db_row_int64 (rows, row, "expected");
}

static ObaLiabilityGroup *
add_group (GPtrArray *groups, ObaDbResult *rows, guint row)
{
  ObaLiabilityGroup *group = g_new0 (ObaLiabilityGroup, 1);

  read_group (group, rows, row);
  g_ptr_array_add (groups, group);
  return group;
}

static void
add_month (ObaLiability *self, ObaDbResult *rows, guint row)
{
  ObaLiabilityMonth *month = g_new0 (ObaLiabilityMonth, 1);

  parse_day (oba_db_row_text (rows, row, "key"), &month->month);
  month->name = month_name (&month->month);
  month->opening = oba_db_row_int64 (rows, row, "opening");
  month->issued = oba_db_row_int64 (rows, row, "issued");
  month->redeemed = oba_db_row_int64 (rows, row, "redeemed");
  month->expired = oba_db_row_int64 (rows, row, "expired");
  month->clawed_back = oba_db_row_int64 (rows, row, "clawed_back");
  month->adjusted = oba_db_row_int64 (rows, row, "adjusted");
  month->closing = oba_db_row_int64 (rows, row, "points");
  month->value = oba_db_row_int64 (rows, row, "value");
  month->expected = oba_db_row_int64 (rows, row, "expected");
  g_ptr_array_add (self->months, month);
}

static int
find_group (GPtrArray *groups, const char *key)
{
  for (guint i = 0; i < groups->len; i++)
    if (strcmp (((ObaLiabilityGroup *) groups->pdata[i])->key, key) == 0)
      return (int) i;
  return -1;
}

/* Tiers and months come first. */
static void
read_cell (ObaLiability *self, ObaDbResult *rows, guint row)
{
  int month = find_group (self->expiry, oba_db_row_text (rows, row, "key"));
  int tier = find_group (self->tiers, oba_db_row_text (rows, row, "name"));

  if (self->cells == NULL)
    self->cells = g_new0 (gint64, self->expiry->len * self->tiers->len + 1);
  if (month >= 0 && tier >= 0)
    self->cells[(guint) month * self->tiers->len + (guint) tier] = oba_db_row_int64 (rows, row, "points");
}

static void
read_row (ObaLiability *self, ObaDbResult *rows, guint row)
{
  const char *section = oba_db_row_text (rows, row, "section");
  ObaLiabilityGroup *group;
  GDate month;

  if (strcmp (section, "tier") == 0)
    add_group (self->tiers, rows, row);
  else if (strcmp (section, "age") == 0)
    {
      group = add_group (self->ages, rows, row);
      g_free (group->name);
      group->name = g_strdup (age_name ((guint) g_ascii_strtoull (group->key, NULL, 10)));
    }
  else if (strcmp (section, "expiry") == 0)
    {
      group = add_group (self->expiry, rows, row);
      parse_day (group->key, &month);
      g_free (group->name);
      group->name = month_name (&month);
    }
  else if (strcmp (section, "cell") == 0)
    read_cell (self, rows, row);
  else if (strcmp (section, "month") == 0)
    add_month (self, rows, row);
  else if (strcmp (section, "owed") == 0)
    self->owed = oba_db_row_int64 (rows, row, "points");
  else
    read_group (&self->total, rows, row);
}

ObaLiability *
oba_liability_from_rows (ObaDbResult *rows)
{
  ObaLiability *self = g_new0 (ObaLiability, 1);

  self->tiers = g_ptr_array_new_with_free_func (group_free);
  self->ages = g_ptr_array_new_with_free_func (group_free);
  self->expiry = g_ptr_array_new_with_free_func (group_free);
  self->months = g_ptr_array_new_with_free_func (month_free);
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    read_row (self, rows, row);
  if (self->cells == NULL)
    self->cells = g_new0 (gint64, 1);
  /* The total is always there. */
  self->point_value = oba_db_row_int64 (rows, 0, "point_value");
  self->till_value = oba_db_row_int64 (rows, 0, "till_value");
  self->own_value = oba_db_row_bool (rows, 0, "own_value");
  self->breakage = (int) oba_db_row_int64 (rows, 0, "breakage");
  self->version = (int) oba_db_row_int64 (rows, 0, "version");
  parse_day (oba_db_row_text (rows, 0, "today"), &self->today);
  return self;
}

/* ---- reading */

ObaDbParams *
oba_liability_params (const char *first, const char *last)
{
  const char *language = g_get_language_names ()[0];

  return oba_db_params_build ("ttt", first, last, g_str_has_prefix (language, "az") ? "az" : g_str_has_prefix (language, "ru") ? "ru" : "en");
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);

  if (rows != NULL)
    g_task_return_pointer (task, oba_liability_from_rows (rows), (GDestroyNotify) oba_liability_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
oba_liability_read_async (ObaDbPool *pool, const char *first, const char *last, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_liability_params (first, last);

  g_task_set_source_tag (task, oba_liability_read_async);
  oba_db_pool_read_async (pool, oba_db_sql ("liability/liability.sql"), params, cancellable, read_cb, task);
}

ObaLiability *
oba_liability_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- rates */

static double
divide (gint64 part, gint64 whole)
{
  return whole > 0 ? (double) part / (double) whole : (double) NAN;
}

static ObaLiabilityMonth
add_up (const ObaLiability *self, guint from, guint to)
{
  ObaLiabilityMonth sum = { .issued = 0 };

  for (guint i = from; i < MIN (to, self->months->len); i++)
    {
      const ObaLiabilityMonth *month = self->months->pdata[i];

      sum.issued += month->issued;
      sum.redeemed += month->redeemed;
      sum.expired += month->expired;
      sum.clawed_back += month->clawed_back;
    }
  return sum;
}

double
oba_liability_redemption_rate (const ObaLiability *self, guint from, guint to)
{
  ObaLiabilityMonth sum = add_up (self, from, to);

  return divide (sum.redeemed, sum.issued - sum.clawed_back);
}

double
oba_liability_breakage_rate (const ObaLiability *self, guint from, guint to)
{
  ObaLiabilityMonth sum = add_up (self, from, to);

  return divide (sum.expired, sum.expired + sum.redeemed);
}

char *
oba_liability_format_value (gint64 point_value)
{
  g_autofree char *number = g_strdup_printf ("%.*f", point_value % 100 == 0 ? 0 : 2, (double) point_value / 100);

  /* Translators: what a point is worth, "0.85 qəpik". */
  return g_strdup_printf (_("%s qəpik"), number);
}
