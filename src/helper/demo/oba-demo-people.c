#include "oba-demo-people.h"

#include "oba-demo-data-names.h"
#include "oba-demo-data-places.h"

#include <math.h>
#include <string.h>

#define STREAM_PEOPLE 10
#define STREAM_PROFILES 11
#define BEFORE_DEMO 0.45 /* of the customers, registered before the first day */
#define TWIN_EVERY 331   /* one in so many customers has registered before, and forgot or lost the card */

enum
{
  HASH_AT_ONCE = 300,
  HASH_REGISTERED,
  HASH_PHONE,
  HASH_CASHIER,
  HASH_TWIN = HASH_PHONE + 4 * 64,
};

/* ---- habits ---- */

static ObaDemoLoyalty
draw_loyalty (ObaDemoRandom *random)
{
  double u = oba_demo_random_unit (random);

  return u < 0.20   ? OBA_DEMO_LOYAL
         : u < 0.53 ? OBA_DEMO_REGULAR
         : u < 0.72 ? OBA_DEMO_OCCASIONAL
         : u < 0.88 ? OBA_DEMO_LAPSING
                    : OBA_DEMO_ONE_TIME;
}

/* How often (gamma) and for how long (exponential): what a model of repeat purchases supposes, and so can find again.
 */
static void
set_rhythm (ObaDemoPerson *person, ObaDemoRandom *random)
{
  double life = oba_demo_random_exponential (random);
  int begins = MAX (person->registered, 0);

  switch ((ObaDemoLoyalty) person->loyalty)
    {
    case OBA_DEMO_LOYAL:
      person->rate = (float) oba_demo_random_gamma (random, 3.0);
      life *= 5000;
      break;
    case OBA_DEMO_REGULAR:
      person->rate = (float) (oba_demo_random_gamma (random, 2.0) * 0.55);
      life *= 1700;
      break;
    case OBA_DEMO_OCCASIONAL:
      person->rate = (float) (oba_demo_random_gamma (random, 1.2) * 0.3 + 0.01);
      life *= 1400;
      break;
    case OBA_DEMO_LAPSING:
      person->rate = (float) (oba_demo_random_gamma (random, 2.0) * 0.65);
      life *= 170;
      break;
    case OBA_DEMO_ONE_TIME:
    default:
      person->rate = 0.0f;
      life = 0.0;
    }
  person->last = begins + (gint32) MIN (life, 1e8);
}

static int
registration_day (ObaDemoRandom *random, ObaDemoLoyalty loyalty, guint n_days)
{
  double u = oba_demo_random_unit (random);

  if (loyalty != OBA_DEMO_ONE_TIME && oba_demo_random_chance (random, BEFORE_DEMO))
    return -1 - (int) (1200.0 * u * u);
  /* More each month: new stores, and the card becomes known. */
  return MIN ((int) (n_days * (sqrt (0.49 + 1.95 * u) - 0.7) / (sqrt (2.44) - 0.7)), (int) n_days - 1);
}

void
oba_demo_person_make (ObaDemoPerson *person, const ObaDemoStores *stores, guint64 seed, guint index, guint n_days)
{
  ObaDemoRandom random;

  oba_demo_random_init (&random, seed + index, STREAM_PEOPLE);
  person->loyalty = (guint8) draw_loyalty (&random);
  person->registered = registration_day (&random, (ObaDemoLoyalty) person->loyalty, n_days);
  set_rhythm (person, &random);
  person->basket = (float) (1.6 + 4.1 * oba_demo_random_gamma (&random, 2.2) / 2.2);
  person->home = oba_demo_stores_open_near (stores, oba_demo_alias_draw (stores->ever, &random),
                                            MAX (person->registered, 0), &random);
  person->second = oba_demo_stores_neighbour (stores, person->home, &random);
  person->habit = oba_demo_random_chance (&random, 0.38)
                      ? (guint8) (oba_demo_random_chance (&random, 0.6) ? oba_demo_random_between (&random, 5, 7)
                                                                        : oba_demo_random_between (&random, 1, 4))
                      : 0;
}

gboolean
oba_demo_person_starts_at_once (const ObaDemoPerson *person, guint64 seed, guint index)
{
  return person->registered >= 0 &&
         (person->loyalty == OBA_DEMO_ONE_TIME || oba_demo_hash_unit (seed, HASH_AT_ONCE, index) < 0.7);
}

double
oba_demo_person_registered_at (guint64 seed, guint index)
{
  return oba_demo_hash_unit (seed, HASH_REGISTERED, index);
}

/* ---- names ---- */

/* The first names of the lists are the frequent ones, but not as steeply as words are. */
static const char *
draw_name (ObaDemoRandom *random, const char *const *names, guint n)
{
  double u = oba_demo_random_unit (random);

  return names[(guint) (n * pow (u, 1.35))];
}

static char *
feminine (const char *family_name)
{
  if (g_str_has_suffix (family_name, "ov") || g_str_has_suffix (family_name, "ev") ||
      g_str_has_suffix (family_name, "yev"))
    return g_strconcat (family_name, "a", NULL);
  if (g_str_has_suffix (family_name, "ов") || g_str_has_suffix (family_name, "ев") ||
      g_str_has_suffix (family_name, "ёв") || g_str_has_suffix (family_name, "ин"))
    return g_strconcat (family_name, "а", NULL);
  return g_strdup (family_name);
}

static char *
russian_patronymic (const char *father, gboolean woman)
{
  g_autofree char *stem = g_strdup (father);

  if (g_str_has_suffix (father, "й"))
    {
      stem[strlen (stem) - strlen ("й")] = '\0';
      if (g_str_has_suffix (stem, "и"))
        stem[strlen (stem) - strlen ("и")] = '\0';
      return g_strconcat (stem, g_str_has_suffix (father, "ий") ? "ь" : "", woman ? "евна" : "евич", NULL);
    }
  if (g_str_has_suffix (father, "ь"))
    {
      stem[strlen (stem) - strlen ("ь")] = '\0';
      return g_strconcat (stem, woman ? "евна" : "евич", NULL);
    }
  return g_strconcat (stem, woman ? "овна" : "ович", NULL);
}

static void
set_russian_names (ObaDemoProfile *profile, ObaDemoRandom *random, gboolean woman)
{
  const char *family = draw_name (random, oba_demo_russian_family_names, oba_demo_n_russian_family_names);
  const char *father = draw_name (random, oba_demo_russian_male_names, oba_demo_n_russian_male_names);

  profile->given_name =
      g_strdup (woman ? draw_name (random, oba_demo_russian_female_names, oba_demo_n_russian_female_names)
                      : draw_name (random, oba_demo_russian_male_names, oba_demo_n_russian_male_names));
  profile->family_name = woman ? feminine (family) : g_strdup (family);
  profile->patronymic = oba_demo_random_chance (random, 0.6) ? russian_patronymic (father, woman) : g_strdup ("");
}

static void
set_names (ObaDemoProfile *profile, ObaDemoRandom *random)
{
  gboolean woman = oba_demo_random_chance (random, 0.56);
  const char *family = draw_name (random, oba_demo_family_names, oba_demo_n_family_names);
  const char *father = draw_name (random, oba_demo_male_names, oba_demo_n_male_names);

  if (profile->language[0] == 'r' && oba_demo_random_chance (random, 0.45))
    {
      set_russian_names (profile, random, woman);
      return;
    }
  profile->given_name = g_strdup (woman ? draw_name (random, oba_demo_female_names, oba_demo_n_female_names)
                                        : draw_name (random, oba_demo_male_names, oba_demo_n_male_names));
  profile->family_name = woman ? feminine (family) : g_strdup (family);
  profile->patronymic =
      oba_demo_random_chance (random, 0.7) ? g_strdup_printf ("%s %s", father, woman ? "qızı" : "oğlu") : g_strdup ("");
}

/* "Aynur Məmmədova" -> "aynur.memmedova": what people make of their names when they need an address. */
static char *
latin_name (const char *name)
{
  static const char *const pairs[][2] = {
    { "ə", "e" },  { "ı", "i" }, { "ğ", "g" }, { "ş", "sh" },
    { "ç", "ch" }, { "ö", "o" }, { "ü", "u" }, { "i\u0307", "i" },
  };
  g_autofree char *lower = g_utf8_strdown (name, -1);
  GString *text = g_string_new (lower);

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_string_replace (text, pairs[i][0], pairs[i][1], 0);
  return g_string_free (text, FALSE);
}

static void
set_email (ObaDemoProfile *profile, ObaDemoRandom *random, guint index)
{
  static const char *const hosts[] = { "mail.example", "poct.example", "box.example" };
  g_autofree char *given = latin_name (profile->given_name);
  g_autofree char *family = latin_name (profile->family_name);

  if (!g_str_is_ascii (given) || !g_str_is_ascii (family) || !oba_demo_random_chance (random, 0.28))
    return;
  profile->email =
      g_strdup_printf ("%s.%s%u@%s", given, family, index % 10000, hosts[oba_demo_random_below (random, 3)]);
}

/* ---- the profile ---- */

static int
draw_birth_day (ObaDemoRandom *random, int registered)
{
  double age = 17.0 + 9.5 * oba_demo_random_gamma (random, 2.7);

  if (oba_demo_random_chance (random, 0.07))
    return G_MININT;
  return registered - (int) (MIN (age, 92.0) * 365.25);
}

static void
set_consents (ObaDemoProfile *profile, ObaDemoRandom *random)
{
  static const double chances[] = { 0.46, 0.58, 0.8, 0.31, 0.52 };

  for (guint i = 0; i < G_N_ELEMENTS (chances); i++)
    profile->consents[i] = oba_demo_random_chance (random, chances[i]);
  profile->consents[2] = profile->consents[2] && profile->email != NULL;
}

static void
draw_profile (ObaDemoProfile *profile,
              const ObaDemoPerson *person,
              const ObaDemoStores *stores,
              guint64 seed,
              guint index)
{
  ObaDemoRandom random;
  double u;

  memset (profile, 0, sizeof *profile);
  oba_demo_random_init (&random, seed + index, STREAM_PROFILES);
  u = oba_demo_random_unit (&random);
  profile->language = u < 0.85 ? "az" : u < 0.98 ? "ru" : "en";
  set_names (profile, &random);
  oba_demo_phone (profile->phone, seed, index);
  profile->birth_day = draw_birth_day (&random, person->registered);
  profile->city = oba_demo_places[stores->stores[person->home].place].city;
  if (oba_demo_random_chance (&random, 0.05))
    profile->city = oba_demo_places[stores->stores[oba_demo_alias_draw (stores->ever, &random)].place].city;
  set_email (profile, &random, index);
  u = oba_demo_random_unit (&random);
  profile->through = u < 0.62 ? OBA_DEMO_THROUGH_TILL : u < 0.8 ? OBA_DEMO_THROUGH_STAFF : OBA_DEMO_THROUGH_TELEGRAM;
  set_consents (profile, &random);
}

static void
take_text (char **to, char *text)
{
  g_free (*to);
  *to = text;
}

/* "Məmmədova" -> "Memmedova": as a cashier types it who has no such keys. */
static char *
plain_name (const char *name)
{
  static const char *const pairs[][2] = {
    { "ə", "e" }, { "Ə", "E" }, { "ı", "i" }, { "ğ", "g" }, { "Ğ", "G" }, { "ş", "s" }, { "Ş", "S" },
    { "ç", "c" }, { "Ç", "C" }, { "ö", "o" }, { "Ö", "O" }, { "ü", "u" }, { "Ü", "U" }, { "İ", "I" },
  };
  GString *text = g_string_new (name);

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_string_replace (text, pairs[i][0], pairs[i][1], 0);
  return g_string_free (text, FALSE);
}

/* Who registers a second time is the same person, with another phone, and often written otherwise. */
static void
become_twin (ObaDemoProfile *profile,
             const ObaDemoPerson *people,
             const ObaDemoStores *stores,
             guint64 seed,
             guint index,
             guint original)
{
  g_auto (ObaDemoProfile) first = { 0 };
  double way = oba_demo_hash_unit (seed, HASH_TWIN, index);

  draw_profile (&first, &people[original], stores, seed, original);
  take_text (&profile->given_name, way < 0.5 ? g_strdup (first.given_name) : plain_name (first.given_name));
  take_text (&profile->family_name, way < 0.5 ? g_strdup (first.family_name) : plain_name (first.family_name));
  take_text (&profile->patronymic, g_strdup (way < 0.25 ? first.patronymic : ""));
  take_text (&profile->email, way < 0.8 ? g_strdup (first.email) : NULL);
  profile->consents[2] = profile->consents[2] && profile->email != NULL;
  profile->birth_day = first.birth_day;
  profile->language = first.language;
}

void
oba_demo_profile_describe (
    ObaDemoProfile *profile, const ObaDemoPerson *people, const ObaDemoStores *stores, guint64 seed, guint index)
{
  guint back = 1 + (guint) (oba_demo_hash (seed, HASH_TWIN + 1, index) % (TWIN_EVERY - 1));

  draw_profile (profile, &people[index], stores, seed, index);
  if (index % TWIN_EVERY == TWIN_EVERY - 1)
    become_twin (profile, people, stores, seed, index, index - back);
}

void
oba_demo_profile_clear (ObaDemoProfile *profile)
{
  g_free (profile->given_name);
  g_free (profile->family_name);
  g_free (profile->patronymic);
  g_free (profile->email);
}

/* A permutation of 0 .. OBA_DEMO_MAX_CUSTOMERS - 1: four Feistel rounds over 26 bits, walked until in range. */
static guint
shuffle (guint64 seed, guint x)
{
  do
    for (guint round = 0; round < 4; round++)
      {
        guint left = x >> 13, right = x & 0x1fff;

        x = right << 13 | (left ^ (guint) (oba_demo_hash (seed, HASH_PHONE + round * 64, right) & 0x1fff));
      }
  while (x >= OBA_DEMO_MAX_CUSTOMERS);
  return x;
}

void
oba_demo_phone (char phone[16], guint64 seed, guint index)
{
  static const struct
  {
    guint prefix, share;
  } operators[] = { { 50, 10 }, { 51, 5 }, { 10, 3 }, { 55, 7 }, { 99, 4 }, { 70, 6 }, { 77, 4 }, { 60, 1 } };
  guint number = shuffle (seed, index);
  guint slot = number % 40, i = 0;

  while (slot >= operators[i].share)
    slot -= operators[i++].share;
  g_snprintf (phone, 16, "+994%02u%07u", operators[i].prefix, 2000000 + number / 40 * operators[i].share + slot);
}

char *
oba_demo_cashier_name (guint64 seed, guint store, guint slot)
{
  ObaDemoRandom random;
  gboolean woman;
  const char *given;
  g_autofree char *family = NULL;

  oba_demo_random_init (&random, oba_demo_hash (seed, store, slot), HASH_CASHIER);
  woman = oba_demo_random_chance (&random, 0.78);
  given = woman ? draw_name (&random, oba_demo_female_names, oba_demo_n_female_names)
                : draw_name (&random, oba_demo_male_names, oba_demo_n_male_names);
  family = g_strdup (draw_name (&random, oba_demo_family_names, oba_demo_n_family_names));
  if (woman)
    {
      g_autofree char *hers = feminine (family);

      return g_strdup_printf ("%s %s", given, hers);
    }
  return g_strdup_printf ("%s %s", given, family);
}
