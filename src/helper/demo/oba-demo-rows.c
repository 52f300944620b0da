#include "oba-demo-rows.h"

#include "oba-demo-data-catalogue.h"
#include "oba-demo-data-places.h"
#include "oba-demo-data-rewards.h"
#include "oba-demo-picture.h"

#include <string.h>

enum
{
  HASH_CARD = 600,
  HASH_FISCAL,
  HASH_HABITS,
};

/* ---- fields ---- */

static void
add_int (GString *out, gint64 value)
{
  char digits[24];
  guint i = sizeof digits;
  guint64 rest = value < 0 ? 0 - (guint64) value : (guint64) value;

  do
    digits[--i] = (char) ('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (value < 0)
    digits[--i] = '-';
  g_string_append_len (out, digits + i, (gssize) (sizeof digits - i));
}

static void
tab_int (GString *out, gint64 value)
{
  g_string_append_c (out, '\t');
  add_int (out, value);
}

/* Our own texts hold no tab, newline or backslash. NULL is SQL's. */
static void
tab_text (GString *out, const char *text)
{
  g_string_append_c (out, '\t');
  g_string_append (out, text != NULL ? text : "\\N");
}

static void
format_date (const ObaDemoCalendar *calendar, int day, char text[11])
{
  GDate date;

  oba_demo_calendar_get_date (calendar, day, &date);
  g_snprintf (text, 11, "%04u-%02u-%02u", (guint) g_date_get_year (&date) % 10000,
              (guint) g_date_get_month (&date) % 100, (guint) g_date_get_day (&date) % 100);
}

static void
tab_date (const ObaDemoRows *self, GString *out, int day)
{
  char text[11];

  format_date (oba_demo_chain_get_calendar (self->chain), day, text);
  tab_text (out, text);
}

static void
add_clock (GString *out, guint second)
{
  char clock[] = " 00:00:00";

  clock[1] = (char) ('0' + second / 36000);
  clock[2] = (char) ('0' + second / 3600 % 10);
  clock[4] = (char) ('0' + second % 3600 / 600);
  clock[5] = (char) ('0' + second / 60 % 10);
  clock[7] = (char) ('0' + second % 60 / 10);
  clock[8] = (char) ('0' + second % 10);
  g_string_append_len (out, clock, 9);
}

/* Local time of Baku: the session's time zone. */
static void
tab_time (const ObaDemoRows *self, GString *out, int day, guint second)
{
  if (day >= 0)
    tab_text (out, self->dates[day]);
  else
    tab_date (self, out, day);
  add_clock (out, second);
}

/* ---- the whole ---- */

ObaDemoRows *
oba_demo_rows_new (ObaDemoChain *chain)
{
  ObaDemoRows *self = g_new0 (ObaDemoRows, 1);
  const ObaDemoOptions *options = oba_demo_chain_get_options (chain);

  self->chain = chain;
  self->first_customer = options->n_stores + 1;
  self->walk_ins = g_new0 (gint64, options->n_stores);
  self->cashiers = g_new0 (char *, 4 * oba_demo_chain_get_stores (chain)->n_tills + 1);
  self->dates = g_malloc (sizeof *self->dates * options->n_days);
  for (guint i = 0; i < options->n_days; i++)
    format_date (oba_demo_chain_get_calendar (chain), (int) i, self->dates[i]);
  return self;
}

void
oba_demo_rows_free (ObaDemoRows *self)
{
  for (guint i = 0; i < 4 * oba_demo_chain_get_stores (self->chain)->n_tills; i++)
    g_free (self->cashiers[i]);
  g_free (self->cashiers);
  g_free (self->walk_ins);
  g_free (self->dates);
  g_free (self);
}

static gint64
customer_id (const ObaDemoRows *self, const ObaDemoReceipt *receipt)
{
  return receipt->customer < 0 ? self->walk_ins[receipt->store] : self->first_customer + receipt->customer;
}

/* ---- stores and goods ---- */

void
oba_demo_rows_store (ObaDemoRows *self, GString *out, guint index)
{
  const ObaDemoStores *stores = oba_demo_chain_get_stores (self->chain);
  const ObaDemoStore *store = &stores->stores[index];
  const ObaDemoPlace *place = &oba_demo_places[store->place];
  g_autofree char *name = oba_demo_stores_name (stores, index);
  g_autofree char *address = oba_demo_stores_address (stores, index);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  add_int (out, index + 1);
  g_string_append_printf (out, "\tM%04u", index + 1);
  tab_text (out, name);
  tab_text (out, place->region);
  tab_text (out, place->city);
  tab_text (out, place->district);
  tab_text (out, address);
  tab_text (out, g_ascii_formatd (number, sizeof number, "%.5f", store->latitude));
  tab_text (out, g_ascii_formatd (number, sizeof number, "%.5f", store->longitude));
  tab_date (self, out, store->opened);
  if (store->closed < (int) oba_demo_chain_get_options (self->chain)->n_days)
    tab_date (self, out, store->closed);
  else
    tab_text (out, NULL);
  g_string_append_c (out, '\n');
}

void
oba_demo_rows_category (ObaDemoRows *self, GString *out, guint index)
{
  const ObaDemoCategory *category = oba_demo_catalogue_category (oba_demo_chain_get_catalogue (self->chain), index);

  add_int (out, index + 1);
  if (category->parent == index)
    tab_text (out, NULL);
  else
    tab_int (out, category->parent + 1);
  tab_text (out, category->code);
  tab_text (out, category->az);
  tab_text (out, category->ru);
  tab_text (out, category->en);
  tab_int (out, category->position);
  g_string_append_c (out, '\n');
}

void
oba_demo_rows_product (ObaDemoRows *self, GString *out, guint index)
{
  const ObaDemoCatalogue *catalogue = oba_demo_chain_get_catalogue (self->chain);
  const ObaDemoProduct *product = oba_demo_catalogue_product (catalogue, index);
  const ObaDemoNoun *noun = oba_demo_catalogue_noun (catalogue, product->noun);
  int n_days = (int) oba_demo_chain_get_options (self->chain)->n_days;

  add_int (out, index + 1);
  tab_int (out, 100001 + index);
  tab_text (out, product->barcode);
  tab_text (out, product->name);
  tab_text (out, product->brand);
  tab_int (out, noun->category + 1);
  tab_text (out, noun->traits & OBA_DEMO_WEIGHED ? "kg" : "pcs");
  tab_int (out, catalogue->prices[index]);
  tab_int (out, noun->traits & OBA_DEMO_EXEMPT ? 0 : 180);
  tab_time (self, out, product->from_day > 0 ? product->from_day : -1500, 0);
  if (product->to_day < n_days)
    tab_time (self, out, product->to_day, 0);
  else
    tab_text (out, NULL);
  g_string_append_c (out, '\n');
}

static void
tab_some (GString *out, guint number)
{
  if (number > 0)
    tab_int (out, number);
  else
    tab_text (out, NULL);
}

void
oba_demo_rows_reward (ObaDemoRows *self, GString *out, guint index)
{
  const ObaDemoReward *reward = &oba_demo_rewards[index];
  const char *texts[] = { reward->code, reward->kind,     reward->az,       reward->ru,
                          reward->en,   reward->about_az, reward->about_ru, reward->about_en };
  g_autofree char *from = g_strdup_printf ("%d", reward->from_minute);
  g_autofree char *picture = oba_demo_picture_draw (reward->kind, index, 640, 400);
  g_autofree char *thumbnail = oba_demo_picture_draw (reward->kind, index, 96, 96);

  add_int (out, index + 1);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    tab_text (out, texts[i]);
  tab_int (out, reward->cost);
  tab_int (out, reward->value);
  if (reward->stock >= 0)
    tab_int (out, reward->stock);
  else
    tab_text (out, NULL);
  tab_text (out, reward->needs_approval ? "t" : "f");
  tab_some (out, reward->min_tier);
  tab_some (out, reward->per_customer);
  tab_some (out, reward->per_month);
  tab_some (out, reward->voucher_days);
  tab_text (out, reward->weekdays);
  tab_text (out, reward->to_minute > 0 ? from : NULL);
  tab_some (out, (guint) reward->to_minute);
  tab_text (out, reward->by_store ? "t" : "f");
  tab_text (out, picture);
  tab_text (out, thumbnail);
  tab_text (out, reward->draft ? "draft" : "live");
  tab_time (self, out, -30, 10 * 3600);
  g_string_append_c (out, '\n');
}

/* ---- customers ---- */

static const char *
through_text (ObaDemoThrough through)
{
  return through == OBA_DEMO_THROUGH_TILL ? "till" : through == OBA_DEMO_THROUGH_STAFF ? "staff" : "telegram";
}

static void
add_card (ObaDemoRows *self, GString *out, gint64 id, guint serial, const char *state, int day, guint second)
{
  guint64 seed = oba_demo_chain_get_options (self->chain)->seed;
  char number[24];
  guint sum = 0;

  /* 9994, the customer, which card of theirs, Luhn's digit. */
  g_snprintf (number, sizeof number, "9994%010" G_GINT64_FORMAT "%u", id, serial);
  for (guint i = 0; i < 15; i++)
    {
      guint digit = (guint) (number[i] - '0') * (i % 2 == 0 ? 2 : 1);

      sum += digit > 9 ? digit - 9 : digit;
    }
  number[15] = (char) ('0' + (10 - sum % 10) % 10);
  number[16] = '\0';

  /* Bytes that are the hash of no code anybody knows: the demo's cards open nothing. */
  g_string_append (out, "\\\\x");
  for (guint i = 0; i < 4; i++)
    g_string_append_printf (out, "%016" G_GINT64_MODIFIER "x",
                            oba_demo_hash (seed, HASH_CARD * 64 + i * 8 + serial, (guint64) id));
  tab_text (out, number);
  tab_int (out, id);
  tab_text (out, state);
  tab_time (self, out, day, second);
  tab_time (self, out, day, second);
  g_string_append_c (out, '\n');
}

static void
add_consents (
    ObaDemoRows *self, ObaDemoCustomerRows *out, gint64 id, const ObaDemoProfile *profile, int day, guint second)
{
  static const char *const channels[] = { "telegram", "sms", "email", "phone", "profiling" };

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    if (profile->consents[i])
      {
        add_int (out->consents, id);
        tab_text (out->consents, channels[i]);
        tab_text (out->consents, "t");
        tab_time (self, out->consents, day, second);
        g_string_append_c (out->consents, '\n');
        add_int (out->consent_history, id);
        tab_text (out->consent_history, channels[i]);
        tab_text (out->consent_history, "t");
        tab_time (self, out->consent_history, day, second);
        tab_text (out->consent_history, through_text (profile->through));
        g_string_append_c (out->consent_history, '\n');
      }
}

/* Some have said what they like: departments of what they are fond of. */
static void
add_categories (ObaDemoRows *self, GString *out, gint64 id, guint index, int day, guint second)
{
  const ObaDemoCatalogue *catalogue = oba_demo_chain_get_catalogue (self->chain);
  guint64 h = oba_demo_hash (catalogue->seed, HASH_HABITS, index);
  guint wanted = h % 100 < 65 ? 0 : 1 + (guint) (h >> 32) % 3;
  guint seen[3];
  guint n = 0;

  for (guint i = 0; i < wanted; i++)
    {
      guint noun = oba_demo_favourite_noun (catalogue, (guint64) index + 1, i);
      guint category = oba_demo_catalogue_noun (catalogue, noun)->category;
      gboolean again = FALSE;

      while (oba_demo_catalogue_category (catalogue, category)->parent != category)
        category = oba_demo_catalogue_category (catalogue, category)->parent;
      for (guint k = 0; k < n; k++)
        again = again || seen[k] == category;
      if (again)
        continue;
      seen[n++] = category;
      add_int (out, id);
      tab_int (out, category + 1);
      tab_time (self, out, day, second);
      g_string_append_c (out, '\n');
    }
}

static void
add_person (ObaDemoRows *self,
            GString *out,
            gint64 id,
            const ObaDemoPerson *person,
            const ObaDemoProfile *profile,
            guint second)
{
  const ObaDemoStores *stores = oba_demo_chain_get_stores (self->chain);

  add_int (out, id);
  tab_text (out, profile->given_name);
  tab_text (out, profile->family_name);
  tab_text (out, profile->patronymic);
  tab_text (out, profile->phone);
  if (profile->birth_day != G_MININT)
    tab_date (self, out, profile->birth_day);
  else
    tab_text (out, NULL);
  tab_text (out, profile->language);
  tab_text (out, profile->city);
  tab_text (out, profile->email);
  tab_int (out, person->home + 1);
  for (guint i = 0; i < 3; i++)
    tab_time (self, out, person->registered, second);
  if (profile->through != OBA_DEMO_THROUGH_TELEGRAM && stores->stores[person->home].opened <= person->registered)
    tab_int (out, person->home + 1);
  else
    tab_text (out, NULL);
  tab_text (out, through_text (profile->through));
  tab_int (out, self->batch);
  g_string_append_c (out, '\n');
}

void
oba_demo_rows_customer (ObaDemoRows *self, ObaDemoCustomerRows *out, guint index)
{
  const ObaDemoOptions *options = oba_demo_chain_get_options (self->chain);
  const ObaDemoPerson *person = oba_demo_chain_get_person (self->chain, index);
  guint second = oba_demo_chain_get_registered_second (self->chain, index);
  gint64 id = self->first_customer + index;
  guint64 h = oba_demo_hash (options->seed, HASH_CARD, index);
  g_auto (ObaDemoProfile) profile = { 0 };

  oba_demo_profile_describe (&profile, oba_demo_chain_get_person (self->chain, 0), oba_demo_chain_get_stores (self->chain),
                             options->seed, index);
  add_person (self, out->customers, id, person, &profile, second);
  add_consents (self, out, id, &profile, person->registered, second);
  add_categories (self, out->categories, id, index, person->registered, second);
  /* Some have the card in the phone only, some lost one. */
  if (h % 100 >= 4)
    add_card (self, out->cards, id, 1, h % 100 < 7 ? "lost" : "active", person->registered, second);
  if (h % 100 >= 4 && h % 100 < 7)
    add_card (self, out->cards, id, 2, "active",
              MAX (person->registered, MIN (person->registered + 90, (int) options->n_days - 2)), second);
}

/* ---- receipts ---- */

static const char *
cashier (ObaDemoRows *self, const ObaDemoReceipt *receipt)
{
  const ObaDemoStore *store = &oba_demo_chain_get_stores (self->chain)->stores[receipt->store];
  char **name = &self->cashiers[store->first_till * 4 + receipt->cashier];

  if (*name == NULL)
    *name = oba_demo_cashier_name (oba_demo_chain_get_options (self->chain)->seed, receipt->store, receipt->cashier);
  return *name;
}

/* As the tax office's registers print it: twelve letters and digits that cannot be mistaken for each other. */
static void
tab_fiscal_id (GString *out, guint64 seed, gint64 id)
{
  static const char letters[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  guint64 h = oba_demo_hash (seed, HASH_FISCAL, (guint64) id);
  char text[13];

  for (guint i = 0; i < 10; i++, h /= 58)
    text[i] = letters[h % 58];
  h = oba_demo_hash (seed, HASH_FISCAL + 64, (guint64) id);
  text[10] = letters[h % 58];
  text[11] = letters[h / 58 % 58];
  text[12] = '\0';
  tab_text (out, text);
}

static void
add_line (ObaDemoRows *self, GString *out, const ObaDemoReceipt *receipt, gint64 customer, guint i)
{
  const ObaDemoLine *line = &receipt->lines[i];

  add_int (out, customer);
  tab_time (self, out, (int) receipt->day, receipt->second);
  tab_int (out, receipt->id);
  tab_int (out, i + 1);
  tab_int (out, line->product + 1);
  tab_int (out, line->quantity);
  tab_int (out, line->unit_price);
  tab_int (out, line->discount);
  tab_int (out, line->vat);
  tab_int (out, line->total);
  if (line->original_line > 0)
    tab_int (out, line->original_line);
  else
    tab_text (out, NULL);
  g_string_append_c (out, '\n');
}

void
oba_demo_rows_receipt (ObaDemoRows *self, GString *out, GString *lines, const ObaDemoReceipt *receipt)
{
  gint64 customer = customer_id (self, receipt);
  gboolean by_card = receipt->payment == OBA_DEMO_PAID_CARD;

  add_int (out, customer);
  tab_time (self, out, (int) receipt->day, receipt->second);
  tab_int (out, receipt->id);
  tab_text (out, receipt->original_id != 0 ? "return" : "sale");
  tab_int (out, receipt->store + 1);
  tab_int (out, receipt->till);
  tab_int (out, receipt->number);
  tab_text (out, cashier (self, receipt));
  tab_fiscal_id (out, oba_demo_chain_get_options (self->chain)->seed, receipt->id);
  tab_int (out, receipt->total);
  tab_int (out, receipt->discount);
  tab_int (out, receipt->vat);
  tab_int (out, by_card ? 0 : receipt->total);
  tab_int (out, by_card ? receipt->total : 0);
  tab_int (out, receipt->n_lines);
  if (receipt->original_id != 0)
    {
      tab_int (out, customer);
      tab_time (self, out, (int) receipt->original_day, receipt->original_second);
      tab_int (out, receipt->original_id);
      tab_text (out, receipt->reason_code);
    }
  else
    g_string_append (out, "\t\\N\t\\N\t\\N\t\\N");
  /* Recorded now: only of a till it is told when. */
  tab_text (out, receipt->late ? "till" : "demo");
  tab_int (out, self->batch);
  g_string_append_c (out, '\n');
  for (guint i = 0; i < receipt->n_lines; i++)
    add_line (self, lines, receipt, customer, i);
}

void
oba_demo_rows_redemption (ObaDemoRows *self, GString *out, guint n, const ObaDemoRedemption *redemption)
{
  guint64 h = oba_demo_hash (oba_demo_chain_get_options (self->chain)->seed, HASH_HABITS + 64, n);

  add_int (out, n);
  tab_int (out, self->first_customer + redemption->customer);
  tab_time (self, out, (int) redemption->day, redemption->second);
  tab_int (out, redemption->store + 1);
  tab_int (out, redemption->reward + 1);
  tab_text (out, h % 100 < 55 ? "telegram" : h % 100 < 90 ? "till" : "staff");
  g_string_append_c (out, '\n');
}
