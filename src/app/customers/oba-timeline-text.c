#include "oba-timeline-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-points-reason.h"
#include "oba-customer-text.h"
#include "oba-profile-text.h"

/* A code of the database, and what people call it. */
typedef struct
{
  const char *code;
  const char *words;
} Words;

static const char *
find_words (const Words *table, const char *code)
{
  for (; table->code != NULL; table++)
    if (g_str_equal (table->code, code))
      return _(table->words);
  return NULL;
}

const char *
oba_timeline_text_icon (const ObaTimelineFacts *facts)
{
  switch ((int) facts->kind)
    {
    case OBA_TIMELINE_REGISTRATION:
      return "contact-new-symbolic";
    case OBA_TIMELINE_CONSENT:
      return "object-select-symbolic";
    case OBA_TIMELINE_CARD:
      return "auth-smartcard-symbolic";
    case OBA_TIMELINE_RECEIPT:
      return "view-list-symbolic";
    case OBA_TIMELINE_POINTS:
      return "starred-symbolic";
    case OBA_TIMELINE_REDEMPTION:
      return "emblem-favorite-symbolic";
    case OBA_TIMELINE_MESSAGE:
      return "mail-unread-symbolic";
    case OBA_TIMELINE_ACTION:
      return "document-edit-symbolic";
    default:
      return "view-refresh-symbolic";
    }
}

const char *
oba_timeline_text_points_kind (const char *what)
{
  static const Words kinds[] = {
    { "earn", N_("Points earned") },
    { "bonus", N_("Bonus points") },
    { "redeem", N_("Points spent") },
    { "clawback", N_("Points taken back") },
    { "restore", N_("Points given back") },
    { "expire", N_("Points expired") },
    { "adjust", N_("Points corrected") },
    { "transfer", N_("Points transferred") },
    { NULL, NULL },
  };
  const char *words = find_words (kinds, what);

  return words != NULL ? words : what;
}

static const char *
receipt_words (const char *what)
{
  static const Words kinds[] = {
    { "sale", N_("Purchase") },
    { "return", N_("Return") },
    { "void", N_("Voided receipt") },
    { "correction", N_("Corrected receipt") },
    { NULL, NULL },
  };
  const char *words = find_words (kinds, what);

  return words != NULL ? words : what;
}

static const char *
redemption_words (const char *what)
{
  static const Words steps[] = {
    { "requested", N_("Reward requested") },
    { "approved", N_("Reward approved") },
    { "handed_out", N_("Reward handed out") },
    { "rejected", N_("Reward refused") },
    { "cancelled", N_("Reward cancelled") },
    { "expired", N_("Reward expired") },
    { NULL, NULL },
  };
  const char *words = find_words (steps, what);

  return words != NULL ? words : what;
}

static const char *
message_words (const char *what)
{
  static const Words kinds[] = {
    { "receipt", N_("Message about a purchase") },
    { "return", N_("Message about a return") },
    { "tier", N_("Message about the tier") },
    { "redemption", N_("Message about a redemption") },
    { "expiry", N_("Message about points that expire") },
    { "birthday", N_("Birthday greeting") },
    { "campaign", N_("Broadcast") },
    { "claim", N_("Message about a receipt that was looked at") },
    { "moved", N_("Message that another chat was linked") },
    { "reply", N_("Answer of the bot") },
    { "receipt-copy", N_("Receipt, sent again") },
    { "correction-note", N_("Correction note") },
    { "command", N_("The customer wrote") },
    { NULL, NULL },
  };
  const char *words = find_words (kinds, what);

  return words != NULL ? words : what;
}

static const char *
state_words (const char *state)
{
  static const Words states[] = {
    { "queued", N_("waits to be sent") },
    { "sending", N_("is being sent") },
    { "sent", N_("sent") },
    { "failed", N_("not delivered") },
    { "blocked", N_("the customer blocked the bot") },
    { "unknown", N_("perhaps delivered") },
    { NULL, NULL },
  };
  const char *words = find_words (states, state);

  return words != NULL ? words : state;
}

static const char *
action_words (const char *what)
{
  static const Words actions[] = {
    { "customer.update", N_("Customer changed") },
    { "customer.insert", N_("Customer registered") },
    { "customer.register", N_("Customer registered") },
    { "customer.delete", N_("Customer removed") },
    { "customer.merge", N_("Customers merged") },
    { "customer.unmerge", N_("Merge taken back") },
    { "approval.request", N_("Approval asked for") },
    { "approval.approve", N_("Request approved") },
    { "approval.reject", N_("Request rejected") },
    { "approval.withdraw", N_("Request withdrawn") },
    { "duplicate.apart", N_("Known not to be another customer") },
    { "duplicate.again", N_("Compared with another customer again") },
    { "customer.erase", N_("Customer erased") },
    { "staff_link.make", N_("Link to Telegram made") },
    { "staff_link.use", N_("Link to Telegram used") },
    { "customer.access", N_("Everything about the customer was exported") },
    { "card.issue", N_("Card handed out") },
    { "card.update", N_("Card changed") },
    { "consent.set", N_("Consent changed") },
    { "points.adjust", N_("Points corrected") },
    { "receipt.send", N_("Receipt sent by Telegram") },
    { "correction.send", N_("Correction note sent by Telegram") },
    { "spending.lock", N_("Spending locked or unlocked") },
    { "telegram_link.insert", N_("Telegram linked") },
    { "telegram_link.update", N_("Telegram link changed") },
    { "telegram_link.delete", N_("Telegram unlinked") },
    { NULL, NULL },
  };
  const char *words = find_words (actions, what);

  return words != NULL ? words : what;
}

char *
oba_timeline_text_field (const char *field)
{
  static const Words fields[] = {
    { "given_name", N_("Given name") },
    { "family_name", N_("Family name") },
    { "patronymic", N_("Patronymic") },
    { "phone", N_("Phone") },
    { "email", N_("E-mail") },
    { "city", N_("City") },
    { "language", N_("Language") },
    { "birth_date", N_("Birth date") },
    { "notes", N_("Notes") },
    { "status", N_("Status") },
    { "status_since", N_("Status since") },
    { "blocked_reason", N_("Reason of blocking") },
    { "preferred_store_id", N_("Favourite store") },
    { "state", N_("State") },
    { "state_since", N_("State since") },
    { "customer_id", N_("Customer") },
    { "points", N_("Points") },
    { "locked", N_("Locked") },
    { "username", N_("User name") },
    { "chat_id", N_("Chat") },
    { "merged_into", N_("Merged into") },
    { "kind", N_("About") },
    { "other", N_("Other customer") },
    { "source", N_("Merged customer") },
    { "merge", N_("Number of the merge") },
    { "erased_for", N_("Reason") },
    { "erasure_note", N_("Number of the letter or of the case") },
    { "given_as", N_("Format") },
    { NULL, NULL },
  };
  const char *words = find_words (fields, field);

  return g_strdup (words != NULL ? words : field);
}

const char *
oba_timeline_text_value (const char *field, const char *value)
{
  return g_str_equal (field, "erased_for") && *value != '\0' ? oba_customer_text_erasure_reason (value) : value;
}

static char *
join (const char *first, const char *second)
{
  return *second != '\0' ? g_strconcat (first, ", ", second, NULL) : g_strdup (first);
}

static char *
consent_title (const ObaTimelineFacts *facts)
{
  const char *channel = oba_customer_text_channel (facts->what);

  /* Translators: a way to reach somebody: "SMS", "Phone calls". */
  return g_strdup_printf (facts->granted ? _("Agreed to %s") : _("No longer agreed to %s"), channel);
}

static char *
tier_title (const ObaTimelineFacts *facts)
{
  if (g_str_equal (facts->what, "downgrade"))
    /* Translators: tiers. */
    return g_strdup_printf (_("Tier lowered to %s, from %s"), facts->name, facts->before);
  /* Translators: tiers. */
  return g_strdup_printf (_("Tier %s reached, from %s"), facts->name, facts->before);
}

char *
oba_timeline_text_title (const ObaTimelineFacts *facts)
{
  switch ((int) facts->kind)
    {
    case OBA_TIMELINE_REGISTRATION:
      return join (_("Registered"), oba_customer_text_through (facts->what));
    case OBA_TIMELINE_CONSENT:
      return consent_title (facts);
    case OBA_TIMELINE_CARD:
      return join (_("Card handed out"), facts->name);
    case OBA_TIMELINE_LIFECYCLE:
      return g_strdup (oba_customer_text_lifecycle (facts->what));
    case OBA_TIMELINE_RECEIPT:
      return join (receipt_words (facts->what), facts->store);
    case OBA_TIMELINE_POINTS:
      return g_strdup (oba_timeline_text_points_kind (facts->what));
    case OBA_TIMELINE_REDEMPTION:
      return join (redemption_words (facts->what), facts->name);
    case OBA_TIMELINE_TIER:
      return tier_title (facts);
    case OBA_TIMELINE_MESSAGE:
      return join (message_words (facts->what), facts->name);
    default:
      return g_strdup (action_words (facts->what));
    }
}

/* What else is to say beside the moment. */
static char *
remark (const ObaTimelineFacts *facts)
{
  switch ((int) facts->kind)
    {
    case OBA_TIMELINE_RECEIPT:
      /* Translators: the number of a receipt. */
      return *facts->name != '\0' ? g_strdup_printf (_("No. %s"), facts->name) : NULL;
    case OBA_TIMELINE_POINTS:
      return g_strdup (oba_points_rule_name (facts->name));
    case OBA_TIMELINE_LIFECYCLE:
      return oba_profile_text_away (facts->days, (double) facts->usual_days);
    case OBA_TIMELINE_MESSAGE:
      return g_strdup (state_words (facts->state));
    default:
      return NULL;
    }
}

const char *
oba_timeline_text_reason (const ObaTimelineFacts *facts)
{
  /* Written by the database, not by a person. */
  if (facts->kind == OBA_TIMELINE_POINTS && g_str_equal (facts->reason, "erased"))
    return _("the customer was erased");
  return facts->reason;
}

char *
oba_timeline_text_subtitle (const ObaTimelineFacts *facts)
{
  /* A lifecycle changes with the day. */
  g_autofree char *moment = facts->kind == OBA_TIMELINE_LIFECYCLE ? oba_customer_text_day (facts->at) : oba_customer_text_moment (facts->at);
  g_autofree char *more = remark (facts);
  GString *text = g_string_new (moment);

  if (more != NULL && *more != '\0')
    g_string_append_printf (text, " · %s", more);
  if (*facts->who != '\0')
    g_string_append_printf (text, " · %s", facts->who);
  if (*facts->reason != '\0')
    g_string_append_printf (text, " · %s", oba_timeline_text_reason (facts));
  return g_string_free (text, FALSE);
}

char *
oba_timeline_text_amount (const ObaTimelineFacts *facts)
{
  return facts->kind == OBA_TIMELINE_RECEIPT ? oba_money_format (facts->amount) : NULL;
}

char *
oba_timeline_text_points (const ObaTimelineFacts *facts)
{
  gint64 points = facts->kind == OBA_TIMELINE_REDEMPTION ? 0 : facts->points;
  g_autofree char *number = oba_customer_text_signed (points);

  if (facts->kind != OBA_TIMELINE_POINTS && points == 0)
    return NULL;
  /* Translators: points with their sign, "+12 points". */
  return g_strdup_printf (ngettext ("%s point", "%s points", (gulong) ABS (points)), number);
}

char *
oba_timeline_text_month (const ObaTimelineFacts *facts)
{
  g_autoptr (GDateTime) local = g_date_time_add_hours (facts->at, 4);

  /* Translators: a month and its year, see strftime(3). */
  return g_date_time_format (local, _("%OB %Y"));
}
