#include "oba-redemption.h"

#include <glib/gi18n-lib.h>

struct _ObaRedemption
{
  GObject            parent_instance;
  ObaRedemptionFacts facts;
};

G_DEFINE_FINAL_TYPE (ObaRedemption, oba_redemption, G_TYPE_OBJECT)

ObaRedemption *
oba_redemption_new_from_result (ObaDbResult *rows, guint row)
{
  ObaRedemption *self = g_object_new (OBA_TYPE_REDEMPTION, NULL);
  ObaRedemptionFacts *facts = &self->facts;

  facts->id = oba_db_result_get_int64 (rows, row, 0);
  facts->customer_id = oba_db_result_get_int64 (rows, row, 1);
  facts->name = g_strdup (oba_db_result_get_text (rows, row, 2));
  facts->reward_id = oba_db_result_get_int64 (rows, row, 3);
  for (guint i = 0; i < G_N_ELEMENTS (facts->reward_names); i++)
    facts->reward_names[i] = g_strdup (oba_db_result_get_text (rows, row, 4 + i));
  facts->kind = g_intern_string (oba_db_result_get_text (rows, row, 7));
  facts->quantity = oba_db_result_get_int64 (rows, row, 8);
  facts->points = oba_db_result_get_int64 (rows, row, 9);
  facts->state = g_intern_string (oba_db_result_get_text (rows, row, 10));
  facts->since = oba_db_result_get_int64 (rows, row, 11);
  facts->requested_at = oba_db_result_get_int64 (rows, row, 12);
  facts->requested_by = g_strdup (oba_db_result_get_text (rows, row, 13));
  facts->through = g_intern_string (oba_db_result_get_text (rows, row, 14));
  facts->store_id = oba_db_result_get_int64 (rows, row, 15);
  facts->store = g_strdup (oba_db_result_get_text (rows, row, 16));
  facts->expires_at = oba_db_result_get_int64 (rows, row, 17);
  facts->overdue = oba_db_result_get_bool (rows, row, 18);
  facts->needs_me = oba_db_result_get_bool (rows, row, 19);
  facts->proof = g_intern_string (oba_db_result_get_text (rows, row, 20));
  facts->last_by = g_strdup (oba_db_result_get_text (rows, row, 21));
  facts->last_through = g_intern_string (oba_db_result_get_text (rows, row, 22));
  facts->can_undo = g_intern_string (oba_db_result_get_text (rows, row, 23));
  facts->due_at = oba_db_result_get_int64 (rows, row, 24);
  return self;
}

const ObaRedemptionFacts *
oba_redemption_get (ObaRedemption *self)
{
  return &self->facts;
}

const char *
oba_redemption_choose_name (const char *const names[3], const char *language)
{
  static const char *const codes[] = { "az", "ru", "en" };

  if (language == NULL)
    {
      const char *const *wanted = g_get_language_names ();

      language = g_str_has_prefix (wanted[0], "ru") ? "ru" : g_str_has_prefix (wanted[0], "az") ? "az" : "en";
    }
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i], language) && *names[i] != '\0')
      return names[i];
  return names[0];
}

const char *
oba_redemption_get_reward (ObaRedemption *self)
{
  if (self->facts.reward_id == 0)
    return _("Points alone");
  return oba_redemption_choose_name ((const char *const *) self->facts.reward_names, NULL);
}

static const struct { const char *word, *text; } words[] = {
  { "requested", NC_("redemption", "Requested") }, { "approved", NC_("redemption", "Approved") }, { "handed_out", NC_("redemption", "Handed out") },
  { "rejected", NC_("redemption", "Rejected") },   { "cancelled", NC_("redemption", "Cancelled") }, { "expired", NC_("redemption", "Expired") },
  { "staff", NC_("redemption", "Staff") },         { "telegram", NC_("redemption", "Telegram") },   { "till", NC_("redemption", "Till") },
  { "job", NC_("redemption", "By itself") },
};

const char *
oba_redemption_state_text (const char *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].word, state))
      return g_dpgettext2 (NULL, "redemption", words[i].text);
  return "";
}

const char *
oba_redemption_through_text (const char *through)
{
  return oba_redemption_state_text (through);
}

static void
oba_redemption_finalize (GObject *object)
{
  ObaRedemptionFacts *facts = &OBA_REDEMPTION (object)->facts;

  g_free (facts->name);
  for (guint i = 0; i < G_N_ELEMENTS (facts->reward_names); i++)
    g_free (facts->reward_names[i]);
  g_free (facts->requested_by);
  g_free (facts->store);
  g_free (facts->last_by);

  G_OBJECT_CLASS (oba_redemption_parent_class)->finalize (object);
}

static void
oba_redemption_class_init (ObaRedemptionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_redemption_finalize;
}

static void
oba_redemption_init (ObaRedemption *self)
{
}
