#include "db/oba-db-sql.h"
#include "telegram/oba-telegram-texts.h"
#include "oba-telegram-topics.h"

/* The columns of profile.sql. */
enum
{
  GIVEN_NAME,
  FAMILY_NAME,
  BALANCE,
  SPENT,
  TIER, /* in each language */
  TIER_FROM = TIER + OBA_N_LANGUAGES,
  NEXT_TIER,
  NEXT_FROM = NEXT_TIER + OBA_N_LANGUAGES,
  EXPIRES_ON,
  EXPIRING,
};

static char *
write_profile (ObaTelegramTalk *talk, ObaDbResult *result)
{
  ObaLanguage language = oba_catalogue_get_language (talk->catalogue);
  g_autoptr (GDate) expires_on = oba_db_result_get_date (result, 0, EXPIRES_ON);
  const ObaTelegramProfile profile = {
    .given_name = oba_db_result_get_text (result, 0, GIVEN_NAME),
    .family_name = oba_db_result_get_text (result, 0, FAMILY_NAME),
    .tier = oba_db_result_get_text (result, 0, TIER + language),
    .next_tier =
        oba_db_result_is_null (result, 0, NEXT_TIER) ? NULL : oba_db_result_get_text (result, 0, NEXT_TIER + language),
    .spent = oba_db_result_get_int64 (result, 0, SPENT),
    .tier_from = oba_db_result_get_int64 (result, 0, TIER_FROM),
    .next_from = oba_db_result_get_int64 (result, 0, NEXT_FROM),
    .points = oba_db_result_get_int64 (result, 0, BALANCE),
    .expires_on = expires_on,
    .expiring = oba_db_result_get_int64 (result, 0, EXPIRING),
  };

  return oba_telegram_text_profile (talk->catalogue, &profile);
}

static void
profile_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  g_autofree char *text = NULL;

  if (rows == NULL)
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  if (oba_db_result_get_n_rows (rows) == 0) /* erased between the claim and now */
    {
      oba_telegram_topic_start.command (talk, "start", "");
      return;
    }
  text = write_profile (talk, rows);
  oba_telegram_talk_say (talk, text, NULL);
  oba_telegram_talk_end (talk);
}

static void
command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/profile.sql"), params, NULL, profile_read, talk);
}

const ObaTelegramTopic oba_telegram_topic_profile = {
  .name = "profile",
  .commands = (const char *const[]){ "profile", NULL },
  .menu = OBA_TELEGRAM_MARK ("your name, level and points"),
  .command = command,
};
