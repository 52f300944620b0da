/* What is told of a reward: the HTML of Telegram and nothing else, its limit, the language it falls back to, and the numbers that are pasted for stores. */
#include "rewards/oba-reward-caption.h"
#include "rewards/oba-reward-markup.h"
#include "rewards/oba-reward-stock.h"

#include <string.h>

static void
assert_markup (const char *html, gssize units, const char *expected)
{
  g_autofree char *pango = NULL, *plain = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (oba_reward_markup_parse (html, &pango, &plain, &error), ==, units);
  g_assert_no_error (error);
  g_assert_cmpstr (plain, ==, expected);
}

static void
assert_refused (const char *html, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (oba_reward_markup_parse (html, NULL, NULL, &error), ==, -1);
  g_assert_nonnull (error);
  if (strstr (error->message, part) == NULL)
    g_error ("%s: %s", html, error->message);
}

/* Tags and entities do not count; what is beyond the first plane counts twice, as Telegram counts. */
static void
test_markup (void)
{
  assert_markup ("", 0, "");
  assert_markup ("Çay <b>dəsti</b>", 9, "Çay dəsti");
  assert_markup ("a &lt;b&gt; &amp; &quot;&#1240;&#x1F381; & &nbsp;", 21, "a <b> & \"Ә🎁 & &nbsp;");
  assert_markup ("🎁🎁", 4, "🎁🎁");
  assert_markup ("<i>a<u>b<s>c</s></u></i><code>d</code><a href=\"https://oba.az/?a=1&amp;b=2\">e</a>", 5, "abcde");
  assert_refused ("<script>x</script>", "script");
  assert_refused ("<b>x", "not closed");
  assert_refused ("<b><i>x</b></i>", "closes nothing");
  assert_refused ("x</b>", "closes nothing");
  assert_refused ("1 < 2", "does not end");
  assert_refused ("<a href=\"javascript:alert(1)\">x</a>", "https");
  assert_refused ("<b onclick=\"x\">x</b>", "behind its name");
  assert_refused ("\xff\xfe", "UTF-8");
}

static ObaReward *
reward_new (void)
{
  ObaReward *reward = oba_reward_new ();

  oba_reward_take_text (&reward->names[OBA_LANGUAGE_AZ], "Fincan & <nəlbəki>");
  oba_reward_take_text (&reward->descriptions[OBA_LANGUAGE_AZ], "Ağ <b>fincan</b>");
  oba_reward_take_text (&reward->names[OBA_LANGUAGE_RU], "Чашка");
  reward->cost = 1250;
  return reward;
}

static void
assert_caption (const ObaReward *reward, ObaLanguage language, const char *expected)
{
  g_autofree char *html = oba_reward_caption (reward, language, NULL);
  g_autofree char *plain = NULL;

  g_assert_cmpint (oba_reward_markup_parse (html, NULL, &plain, NULL), <=, OBA_REWARD_CAPTION_UNITS);
  if (expected != NULL)
    g_assert_cmpstr (plain, ==, expected);
}

/* Whatever was typed, Telegram takes it, and it never mixes two languages. */
static void
test_caption (void)
{
  g_autoptr (ObaReward) reward = reward_new ();
  g_autofree char *long_text = g_strnfill (2000, 'x');
  gsize units = 0;

  g_free (oba_reward_caption (reward, OBA_LANGUAGE_AZ, &units));
  g_assert_cmpuint (units, ==, 18 + 2 + 9 + 2 + 3 + 9);
  assert_caption (reward, OBA_LANGUAGE_AZ, "Fincan & <nəlbəki>\n\nAğ fincan\n\n🎁 1\u00a0250 bal");
  assert_caption (reward, OBA_LANGUAGE_RU, "Чашка\n\n🎁 1\u00a0250 баллов");
  assert_caption (reward, OBA_LANGUAGE_EN, "Fincan & <nəlbəki>\n\nAğ fincan\n\n🎁 1\u00a0250 bal");
  g_assert_cmpint (oba_reward_caption_language (reward, OBA_LANGUAGE_EN), ==, OBA_LANGUAGE_AZ);
  oba_reward_take_text (&reward->descriptions[OBA_LANGUAGE_AZ], "<script>1 < 2 & 3</b>");
  assert_caption (reward, OBA_LANGUAGE_AZ, "Fincan & <nəlbəki>\n\n<script>1 < 2 & 3</b>\n\n🎁 1\u00a0250 bal");
  oba_reward_take_text (&reward->descriptions[OBA_LANGUAGE_AZ], long_text);
  g_free (oba_reward_caption (reward, OBA_LANGUAGE_AZ, &units));
  g_assert_cmpuint (units, >, OBA_REWARD_CAPTION_UNITS);
  assert_caption (reward, OBA_LANGUAGE_AZ, NULL);
  /* Emoji at the cut are not halved. */
  g_free (long_text);
  long_text = g_strnfill (0, ' ');
  for (guint i = 0; i < 600; i++)
    {
      char *more = g_strconcat (long_text, "🎁", NULL);

      g_free (long_text);
      long_text = more;
    }
  oba_reward_take_text (&reward->descriptions[OBA_LANGUAGE_AZ], long_text);
  assert_caption (reward, OBA_LANGUAGE_AZ, NULL);
}

/* What is read comes back as it was sent, and a field that a colleague has changed is known. */
static void
test_record (void)
{
  g_autoptr (ObaReward) reward = reward_new ();
  g_autoptr (ObaReward) again = NULL;
  g_autoptr (JsonNode) json = NULL;

  reward->weekdays = 0x41;
  reward->from_minute = 0;
  reward->to_minute = 1440;
  reward->valid_to = 738000;
  reward->value = 0;
  json = oba_reward_to_json (reward);
  again = oba_reward_from_json (json_node_get_object (json));
  g_assert_cmpuint (oba_reward_compare (reward, again), ==, 0);
  again->cost = 7;
  oba_reward_take_text (&again->names[OBA_LANGUAGE_EN], "Cup");
  for (guint i = 0; oba_reward_field_name (i) != NULL; i++)
    {
      gboolean differs = g_str_equal (oba_reward_field_name (i), "cost") || g_str_equal (oba_reward_field_name (i), "name_en");

      g_assert_cmpint ((oba_reward_compare (reward, again) & (1u << i)) != 0, ==, differs);
      oba_reward_take_field (reward, again, i);
    }
  g_assert_cmpuint (oba_reward_compare (reward, again), ==, 0);
}

static gint64
number_of (GArray *numbers, guint place)
{
  return g_array_index (numbers, gint64, place);
}

/* As spreadsheets copy lines; a wrong one is named, and nothing is taken of what is half right. */
static void
test_pasted (void)
{
  static const struct { const char *text, *part; } wrong[] = {
    { "S1;1\nS9;2", "Line 2" }, { "S1;1\nS1;2", "twice" }, { "S1;x", "not a number" }, { "S1;-1", "not a number" }, { "S1;1.5", "not a number" },
    { "S1;99999999999", "not a number" }, { "", "no line" }, { "code;number", "no line" }, { "\xff;1", "no text" },
  };
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_reward_place_free);
  g_autoptr (GArray) numbers = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      ObaRewardPlace *place = g_new0 (ObaRewardPlace, 1);

      place->code = g_strdup_printf ("S%u", i + 1);
      g_ptr_array_add (places, place);
    }
  numbers = oba_reward_stock_parse ("store;pieces\r\n\"S1\" ; 10\r\n\r\nS3\t0\nS2 7", places, &error);
  g_assert_no_error (error);
  g_assert_cmpint (number_of (numbers, 0), ==, 10);
  g_assert_cmpint (number_of (numbers, 1), ==, 7);
  g_assert_cmpint (number_of (numbers, 2), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) why = NULL;

      g_assert_null (oba_reward_stock_parse (wrong[i].text, places, &why));
      if (strstr (why->message, wrong[i].part) == NULL)
        g_error ("%s: %s", wrong[i].text, why->message);
    }
  g_assert_null (oba_reward_stock_parse (NULL, places, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reward-texts/markup", test_markup);
  g_test_add_func ("/reward-texts/caption", test_caption);
  g_test_add_func ("/reward-texts/record", test_record);
  g_test_add_func ("/reward-texts/pasted", test_pasted);
  return g_test_run ();
}
