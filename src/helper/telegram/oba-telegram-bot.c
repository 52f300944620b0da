#include "oba-telegram-bot.h"

#include "base/oba-phone.h"
#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"
#include "oba-telegram-texts.h"

struct _ObaTelegramBot
{
  GObject parent_instance;

  ObaDbPool *pool;
  ObaCatalogue *catalogues[OBA_N_LANGUAGES];
};

G_DEFINE_FINAL_TYPE (ObaTelegramBot, oba_telegram_bot, G_TYPE_OBJECT)

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

/* What takes the place of the keyboard. */
typedef enum
{
  KEYBOARD_AS_IT_IS,
  KEYBOARD_SHARE_PHONE, /* the one button that sends the sender's own number */
  KEYBOARD_USUAL,
} Keyboard;

typedef struct
{
  gint64 customer_id;
  gint64 chat_id;
  gboolean greet;          /* /start: the name is all that is wanted of the profile */
  Keyboard keyboard;
  ObaCatalogue *catalogue; /* (unowned) */
} Question;

/* JSON. */

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_flag (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, TRUE);
}

/* ReplyKeyboardMarkup and ReplyKeyboardRemove of the Bot API. */
static void
add_keyboard (JsonBuilder *builder, const Question *question)
{
  g_autofree char *label = NULL;

  if (question->keyboard == KEYBOARD_AS_IT_IS)
    return;
  json_builder_set_member_name (builder, "reply_markup");
  json_builder_begin_object (builder);
  if (question->keyboard == KEYBOARD_USUAL)
    add_flag (builder, "remove_keyboard");
  else
    {
      label = oba_telegram_text_share_button (question->catalogue);
      json_builder_set_member_name (builder, "keyboard");
      json_builder_begin_array (builder);
      json_builder_begin_array (builder);
      json_builder_begin_object (builder);
      add_member (builder, "text", label);
      add_flag (builder, "request_contact");
      json_builder_end_object (builder);
      json_builder_end_array (builder);
      json_builder_end_array (builder);
      add_flag (builder, "resize_keyboard");
      add_flag (builder, "one_time_keyboard");
    }
  json_builder_end_object (builder);
}

static char *
write_answer (const Question *question, const char *text)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "customer_id");
  json_builder_add_int_value (builder, question->customer_id);
  json_builder_set_member_name (builder, "chat_id");
  json_builder_add_int_value (builder, question->chat_id);
  add_member (builder, "kind", "reply");
  json_builder_set_member_name (builder, "payload");
  json_builder_begin_object (builder);
  add_member (builder, "text", text);
  add_member (builder, "parse_mode", "HTML");
  add_keyboard (builder, question);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static void
return_answer (GTask *task, char *text)
{
  g_autofree char *taken = text;

  g_task_return_pointer (task, write_answer (g_task_get_task_data (task), taken), g_free);
}

static void
return_how_to_link (GTask *task)
{
  Question *question = g_task_get_task_data (task);

  question->keyboard = KEYBOARD_SHARE_PHONE;
  return_answer (task, oba_telegram_text_how_to_link (question->catalogue, question->chat_id));
}

/* /profile and /start of a linked customer. */

static char *
write_profile (const Question *question, ObaDbResult *result)
{
  ObaLanguage language = oba_catalogue_get_language (question->catalogue);
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

  return oba_telegram_text_profile (question->catalogue, &profile);
}

static void
profile_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Question *question = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (oba_db_result_get_n_rows (rows) == 0)
    return_how_to_link (task);
  else if (question->greet)
    return_answer (task, oba_telegram_text_welcome (question->catalogue, oba_db_result_get_text (rows, 0, GIVEN_NAME)));
  else
    return_answer (task, write_profile (question, rows));
}

static void
read_profile (ObaTelegramBot *self, GTask *task)
{
  const Question *question = g_task_get_task_data (task);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", question->customer_id);

  oba_db_pool_read_async (self->pool, oba_db_sql ("telegram/profile.sql"), params, NULL, profile_read,
                          g_object_ref (task));
}

/* A phone number that was shared: the way in. */

static void
registered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Question *question = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);
  const char *name;

  question->keyboard = KEYBOARD_USUAL;
  if (answer == NULL && g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    {
      return_answer (task, oba_telegram_text_not_a_number (question->catalogue));
      return;
    }
  if (answer == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  question->customer_id = json_object_get_int_member (answer, "customer_id");
  name = json_object_get_string_member (answer, "given_name");
  if (g_str_equal (json_object_get_string_member (answer, "what"), "registered"))
    return_answer (task, oba_telegram_text_registered (question->catalogue, name));
  else
    return_answer (task, oba_telegram_text_welcome (question->catalogue, name));
}

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL && g_utf8_validate (text, -1, NULL))
    json_object_set_string_member (object, name, text);
}

/* The update's number is the key: an update that is handled again finds what it did the first time. */
static void
register_sender (ObaTelegramBot *self, GTask *task, const ObaTelegramUpdate *update, const char *phone)
{
  const Question *question = g_task_get_task_data (task);
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *key = g_strdup_printf ("telegram update %" G_GINT64_FORMAT, update->update_id);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "chat_id", update->chat_id);
  json_object_set_string_member (object, "phone", phone);
  add_text (object, "given_name", update->first_name);
  add_text (object, "family_name", update->last_name);
  add_text (object, "username", update->username);
  add_text (object, "language", oba_language_get_code (oba_catalogue_get_language (question->catalogue)));
  add_text (object, "wording", OBA_TELEGRAM_CONSENT);
  json_node_take_object (request, object);
  oba_db_request_async (self->pool, "register_by_telegram", request, key, NULL, registered, g_object_ref (task));
}

static void
answer_contact (ObaTelegramBot *self, GTask *task, const ObaTelegramUpdate *update)
{
  Question *question = g_task_get_task_data (task);
  g_autofree char *international = NULL, *phone = NULL;

  if (!update->phone_is_own)
    {
      question->keyboard = KEYBOARD_SHARE_PHONE;
      return_answer (task, oba_telegram_text_not_own_number (question->catalogue));
      return;
    }
  /* Telegram gives the country code always, and the plus sometimes. */
  international = g_strdup_printf ("+%s", update->phone + (update->phone[0] == '+'));
  phone = oba_phone_normalize (international, NULL);
  if (phone == NULL)
    return_answer (task, oba_telegram_text_not_a_number (question->catalogue));
  else
    register_sender (self, task, update, phone);
}

/* Which answer. */

static void
answer_command (ObaTelegramBot *self, GTask *task, const char *command, const char *status)
{
  Question *question = g_task_get_task_data (task);
  gboolean start = g_str_equal (command, "start");

  if (g_str_equal (command, "help"))
    return_answer (task, oba_telegram_text_help (question->catalogue));
  else if (!start && !g_str_equal (command, "profile"))
    return_answer (task, oba_telegram_text_not_understood (question->catalogue));
  else if (question->customer_id == 0)
    return_how_to_link (task);
  else if (g_strcmp0 (status, "blocked") == 0)
    return_answer (task, oba_telegram_text_blocked (question->catalogue));
  else
    {
      question->greet = start;
      read_profile (self, task);
    }
}

void
oba_telegram_bot_answer_async (ObaTelegramBot *self,
                               const ObaTelegramUpdate *update,
                               gint64 customer_id,
                               const char *language,
                               const char *status,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->customer_id = g_strcmp0 (status, "erased") == 0 ? 0 : customer_id;
  question->chat_id = update->chat_id;
  question->catalogue = self->catalogues[oba_language_parse (language != NULL ? language : update->language_code)];
  g_task_set_task_data (task, question, g_free);

  if (update->kind != OBA_TELEGRAM_MESSAGE || (!update->is_private && update->command == NULL))
    g_task_return_pointer (task, g_strdup ("[]"), g_free);
  else if (update->is_private && update->phone != NULL)
    answer_contact (self, task, update);
  else if (!update->is_private && !g_str_equal (update->command, "help"))
    return_answer (task, oba_telegram_text_group (question->catalogue));
  else if (update->command == NULL)
    return_answer (task, oba_telegram_text_not_understood (question->catalogue));
  else
    answer_command (self, task, update->command, status);
}

char *
oba_telegram_bot_answer_finish (ObaTelegramBot *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
oba_telegram_bot_finalize (GObject *object)
{
  ObaTelegramBot *self = OBA_TELEGRAM_BOT (object);

  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    g_clear_pointer (&self->catalogues[i], oba_catalogue_free);
  g_clear_object (&self->pool);
  G_OBJECT_CLASS (oba_telegram_bot_parent_class)->finalize (object);
}

static void
oba_telegram_bot_class_init (ObaTelegramBotClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_telegram_bot_finalize;
}

static void
oba_telegram_bot_init (ObaTelegramBot *self)
{
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    self->catalogues[i] = oba_catalogue_new ("telegram", i);
}

ObaTelegramBot *
oba_telegram_bot_new (ObaDbPool *pool)
{
  ObaTelegramBot *self = g_object_new (OBA_TYPE_TELEGRAM_BOT, NULL);

  self->pool = g_object_ref (pool);
  return self;
}
