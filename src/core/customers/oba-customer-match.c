#include "oba-customer-match.h"

#include <string.h>

#include "base/oba-fold.h"
#include "base/oba-text.h"

#define MAX_CHARS 200
/* Shorter ones are looked for where words begin only. */
#define ANYWHERE_CHARS 3

static int
compare_matches (gconstpointer a,
                 gconstpointer b)
{
  const ObaCustomerMatch *one = a;
  const ObaCustomerMatch *other = b;

  return one->from < other->from ? -1 : one->from > other->from;
}

static void
add_match (GArray *matches,
           guint   from,
           guint   to)
{
  ObaCustomerMatch match = { from, to };

  g_array_append_val (matches, match);
}

/* In order, and those that touch are one. */
static void
join_matches (GArray *matches)
{
  guint n = 0;

  g_array_sort (matches, compare_matches);
  for (guint i = 0; i < matches->len; i++)
    {
      ObaCustomerMatch match = g_array_index (matches, ObaCustomerMatch, i);
      ObaCustomerMatch *last = n > 0 ? &g_array_index (matches, ObaCustomerMatch, n - 1) : NULL;

      if (last != NULL && match.from <= last->to)
        last->to = MAX (last->to, match.to);
      else
        g_array_index (matches, ObaCustomerMatch, n++) = match;
    }
  g_array_set_size (matches, n);
}

/* ---- names */

static gboolean
begins_at (GArray         *folded,
           guint           i,
           const gunichar *word,
           guint           length)
{
  if (i + length > folded->len)
    return FALSE;
  for (guint k = 0; k < length; k++)
    if (g_array_index (folded, ObaFoldedChar, i + k).c != word[k])
      return FALSE;
  return TRUE;
}

static gboolean
match_word (GArray         *matches,
            GArray         *folded,
            const gunichar *word,
            guint           length,
            gboolean        anywhere)
{
  gboolean any = FALSE;

  for (guint i = 0; i < folded->len; i++)
    if ((anywhere || i == 0 || g_array_index (folded, ObaFoldedChar, i - 1).c == ' ') && begins_at (folded, i, word, length))
      {
        add_match (matches, g_array_index (folded, ObaFoldedChar, i).from,
                   g_array_index (folded, ObaFoldedChar, i + length - 1).to);
        any = TRUE;
      }
  return any;
}

static void
match_name (GArray     *matches,
            const char *search,
            const char *shown)
{
  g_autoptr (GArray) folded = oba_text_fold_map (shown);
  g_autofree char *text = oba_text_fold (search);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      glong length;
      g_autofree gunichar *word = g_utf8_to_ucs4_fast (words[i], -1, &length);

      if (length > 0 && !match_word (matches, folded, word, (guint) length, FALSE) && length >= ANYWHERE_CHARS)
        match_word (matches, folded, word, (guint) length, TRUE);
    }
}

/* ---- numbers */

/* Digits of @text; @places: where each is. */
static char *
digits_of (const char *text,
           GArray     *places)
{
  GString *digits = g_string_new (NULL);

  for (guint i = 0; text[i] != '\0'; i++)
    if (g_ascii_isdigit (text[i]))
      {
        g_string_append_c (digits, text[i]);
        if (places != NULL)
          g_array_append_val (places, i);
      }
  return g_string_free (digits, FALSE);
}

static gboolean
match_digits (GArray     *matches,
              const char *shown,
              GArray     *places,
              const char *digits)
{
  const char *found = *digits != '\0' ? strstr (shown, digits) : NULL;
  gsize first;

  if (found == NULL)
    return FALSE;
  first = (gsize) (found - shown);
  add_match (matches, g_array_index (places, guint, first), g_array_index (places, guint, first + strlen (digits) - 1) + 1);
  return TRUE;
}

/* "050 123" is "+994 50 123", and may as well be the middle of a number. */
static void
match_number (GArray     *matches,
              const char *typed,
              const char *shown)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char *digits = digits_of (typed, NULL);
  g_autofree char *all = digits_of (shown, places);
  const char *national = digits + strspn (digits, "0");
  g_autofree char *with_country = g_strconcat ("994", national, NULL);
  gboolean from_start = *digits == '0' && g_str_has_prefix (all, with_country);

  if (strlen (digits) < 3)
    return;
  if (from_start)
    match_digits (matches, all + 3, places->len > 3 ? g_array_remove_range (places, 0, 3) : places, national);
  else if (!match_digits (matches, all, places, digits) && *digits == '0' && strlen (national) >= 3)
    match_digits (matches, all, places, national);
}

/* The groups of digits in what was typed: neighbours are one number. */
static void
match_numbers (GArray     *matches,
               const char *search,
               const char *shown)
{
  g_auto (GStrv) parts = g_regex_split_simple ("[^0-9 +().\\-/]+", search, G_REGEX_RAW, 0);

  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
    match_number (matches, parts[i], shown);
}

/* ---- addresses */

static void
match_mail (GArray     *matches,
            const char *search,
            const char *shown)
{
  g_autofree char *text = g_ascii_strdown (shown, -1);
  g_autofree char *part = g_ascii_strdown (search, -1);
  const char *found = strchr (part, ' ') == NULL ? strstr (text, part) : NULL;

  if (found != NULL)
    add_match (matches, (guint) (found - text), (guint) (found - text + (gssize) strlen (part)));
}

GArray *
oba_customer_match_ranges (const char         *search,
                           ObaCustomerMatchIn  in,
                           const char         *shown)
{
  GArray *matches = g_array_new (FALSE, FALSE, sizeof (ObaCustomerMatch));
  g_autofree char *clean = oba_text_clean (search, MAX_CHARS, NULL);

  if (clean == NULL || *clean == '\0' || *shown == '\0')
    return matches;
  if (in == OBA_CUSTOMER_MATCH_NAME && strchr (clean, '@') == NULL)
    match_name (matches, clean, shown);
  else if (in == OBA_CUSTOMER_MATCH_PHONE && strchr (clean, '@') == NULL)
    match_numbers (matches, clean, shown);
  else if (in == OBA_CUSTOMER_MATCH_EMAIL)
    match_mail (matches, clean, shown);
  join_matches (matches);
  return matches;
}
