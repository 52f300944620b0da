#include "oba-reward.h"

#include <stdio.h>

/* Where each field lies that can be saved, and how it is written. */
typedef enum { TEXT, NUMBER, NO_NUMBER, FLAG, DAY, DAYS } Type;

#define FIELD(name, type) { #name, type, G_STRUCT_OFFSET (ObaReward, name) }
#define TEXT_OF(what, list, language, code) { what "_" code, TEXT, G_STRUCT_OFFSET (ObaReward, list) + sizeof (char *) * language }

static const struct
{
  const char *name;
  Type type;
  gsize offset;
} fields[] = {
  FIELD (code, TEXT), FIELD (kind, TEXT), FIELD (state, TEXT),
  TEXT_OF ("name", names, OBA_LANGUAGE_AZ, "az"), TEXT_OF ("name", names, OBA_LANGUAGE_RU, "ru"), TEXT_OF ("name", names, OBA_LANGUAGE_EN, "en"),
  TEXT_OF ("description", descriptions, OBA_LANGUAGE_AZ, "az"), TEXT_OF ("description", descriptions, OBA_LANGUAGE_RU, "ru"),
  TEXT_OF ("description", descriptions, OBA_LANGUAGE_EN, "en"),
  FIELD (cost, NUMBER), FIELD (value, NO_NUMBER), FIELD (stock_by_store, FLAG), FIELD (needs_approval, FLAG), FIELD (min_tier, NUMBER), FIELD (segment_id, NUMBER),
  FIELD (per_customer, NUMBER), FIELD (per_day, NUMBER), FIELD (per_month, NUMBER), FIELD (weekdays, DAYS), FIELD (from_minute, NO_NUMBER), FIELD (to_minute, NO_NUMBER),
  FIELD (valid_from, DAY), FIELD (valid_to, DAY), FIELD (voucher_days, NUMBER),
};

G_STATIC_ASSERT (G_N_ELEMENTS (fields) < 32);

#define AT(self, i, type) G_STRUCT_MEMBER (type, self, fields[i].offset)

void
oba_reward_take_text (char **place, const char *text)
{
  char *copy = g_strdup (text);

  g_free (*place);
  *place = copy;
}

const char *
oba_reward_field_name (guint field)
{
  return field < G_N_ELEMENTS (fields) ? fields[field].name : NULL;
}

ObaReward *
oba_reward_new (void)
{
  ObaReward *self = g_new0 (ObaReward, 1);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].type == TEXT)
      AT (self, i, char *) = g_strdup ("");
    else if (fields[i].type == NO_NUMBER)
      AT (self, i, gint64) = -1;
  oba_reward_take_text (&self->kind, "gift");
  oba_reward_take_text (&self->state, "draft");
  self->segment = g_strdup ("");
  self->updated_by = g_strdup ("");
  self->stock = -1;
  return self;
}

void
oba_reward_free (ObaReward *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].type == TEXT)
      g_free (AT (self, i, char *));
  g_free (self->segment);
  g_free (self->updated_by);
  g_clear_pointer (&self->thumbnail, g_bytes_unref);
  g_free (self);
}

ObaReward *
oba_reward_copy (const ObaReward *self)
{
  ObaReward *copy = g_memdup2 (self, sizeof *self);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].type == TEXT)
      AT (copy, i, char *) = g_strdup (AT (self, i, char *));
  copy->segment = g_strdup (self->segment);
  copy->updated_by = g_strdup (self->updated_by);
  if (self->thumbnail != NULL)
    g_bytes_ref (self->thumbnail);
  return copy;
}

static gboolean
are_equal (const ObaReward *a, const ObaReward *b, guint i)
{
  switch (fields[i].type)
    {
    case TEXT:
      return g_str_equal (AT (a, i, char *), AT (b, i, char *));
    case NUMBER:
    case NO_NUMBER:
      return AT (a, i, gint64) == AT (b, i, gint64);
    case FLAG:
      return !AT (a, i, gboolean) == !AT (b, i, gboolean);
    default:
      return AT (a, i, guint32) == AT (b, i, guint32);
    }
}

guint32
oba_reward_compare (const ObaReward *self, const ObaReward *other)
{
  guint32 differ = 0;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!are_equal (self, other, i))
      differ |= 1u << i;
  return differ;
}

void
oba_reward_take_field (ObaReward *self, const ObaReward *other, guint field)
{
  g_return_if_fail (field < G_N_ELEMENTS (fields));

  switch (fields[field].type)
    {
    case TEXT:
      oba_reward_take_text (&AT (self, field, char *), AT (other, field, char *));
      break;
    case NUMBER:
    case NO_NUMBER:
      AT (self, field, gint64) = AT (other, field, gint64);
      break;
    case FLAG:
      AT (self, field, gboolean) = AT (other, field, gboolean);
      break;
    default:
      AT (self, field, guint32) = AT (other, field, guint32);
    }
}

/* ---- JSON */

static guint32
day_from_json (JsonObject *object, const char *name)
{
  const char *text = json_object_get_string_member_with_default (object, name, "");
  GDate day;
  int y, m, d;

  if (sscanf (text, "%4d-%2d-%2d", &y, &m, &d) != 3 || !g_date_valid_dmy ((GDateDay) d, (GDateMonth) m, (GDateYear) y))
    return 0;
  g_date_set_dmy (&day, (GDateDay) d, (GDateMonth) m, (GDateYear) y);
  return g_date_get_julian (&day);
}

static guint
days_from_json (JsonArray *days)
{
  guint bits = 0;

  for (guint i = 0; i < json_array_get_length (days); i++)
    {
      gint64 day = json_array_get_int_element (days, i);

      if (day >= 1 && day <= 7)
        bits |= 1u << (day - 1);
    }
  return bits;
}

ObaReward *
oba_reward_from_json (JsonObject *object)
{
  ObaReward *self = oba_reward_new ();

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *name = fields[i].name;

      if (!json_object_has_member (object, name) || json_object_get_null_member (object, name))
        continue;
      if (fields[i].type == TEXT)
        oba_reward_take_text (&AT (self, i, char *), json_object_get_string_member_with_default (object, name, ""));
      else if (fields[i].type == FLAG)
        AT (self, i, gboolean) = json_object_get_boolean_member_with_default (object, name, FALSE);
      else if (fields[i].type == DAY)
        AT (self, i, guint32) = day_from_json (object, name);
      else if (fields[i].type == DAYS)
        AT (self, i, guint) = days_from_json (json_object_get_array_member (object, name));
      else
        AT (self, i, gint64) = json_object_get_int_member_with_default (object, name, 0);
    }
  self->id = json_object_get_int_member_with_default (object, "reward_id", 0);
  self->version = json_object_get_int_member_with_default (object, "version", 0);
  self->stock = json_object_get_int_member_with_default (object, "stock", -1);
  if (json_object_has_member (object, "stock") && json_object_get_null_member (object, "stock"))
    self->stock = -1;
  self->places = json_object_get_int_member_with_default (object, "places", 0);
  self->redeemed = json_object_get_int_member_with_default (object, "redeemed", 0);
  self->open = json_object_get_int_member_with_default (object, "open", 0);
  self->has_picture = json_object_get_boolean_member_with_default (object, "has_picture", FALSE);
  self->updated_at = json_object_get_int_member_with_default (object, "updated_at", 0);
  if (json_object_has_member (object, "segment") && !json_object_get_null_member (object, "segment"))
    oba_reward_take_text (&self->segment, json_object_get_string_member (object, "segment"));
  oba_reward_take_text (&self->updated_by, json_object_get_string_member_with_default (object, "updated_by", ""));
  return self;
}

static void
add_days (JsonBuilder *builder, guint bits)
{
  if (bits == 0)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_array (builder);
  for (int day = 1; day <= 7; day++)
    if (bits & (1u << (day - 1)))
      json_builder_add_int_value (builder, day);
  json_builder_end_array (builder);
}

static void
add_day (JsonBuilder *builder, guint32 julian)
{
  GDate day;
  char text[16];

  if (julian == 0)
    {
      json_builder_add_null_value (builder);
      return;
    }
  g_date_clear (&day, 1);
  g_date_set_julian (&day, julian);
  g_snprintf (text, sizeof text, "%04d-%02d-%02d", g_date_get_year (&day), g_date_get_month (&day), g_date_get_day (&day));
  json_builder_add_string_value (builder, text);
}

static void
add_number (JsonBuilder *builder, gint64 number, gint64 none)
{
  if (number == none)
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, number);
}

JsonNode *
oba_reward_to_json (const ObaReward *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      json_builder_set_member_name (builder, fields[i].name);
      if (fields[i].type == TEXT)
        json_builder_add_string_value (builder, AT (self, i, char *));
      else if (fields[i].type == FLAG)
        json_builder_add_boolean_value (builder, AT (self, i, gboolean));
      else if (fields[i].type == DAY)
        add_day (builder, AT (self, i, guint32));
      else if (fields[i].type == DAYS)
        add_days (builder, AT (self, i, guint));
      else
        add_number (builder, AT (self, i, gint64), fields[i].type == NUMBER ? 0 : -1);
    }
  if (self->id != 0)
    {
      json_builder_set_member_name (builder, "reward_id");
      json_builder_add_int_value (builder, self->id);
      json_builder_set_member_name (builder, "version");
      json_builder_add_int_value (builder, self->version);
    }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
