#include "oba-db-rules.h"

#include <string.h>
#include <glib/gi18n-lib.h>

/* What the functions in migrations/ refuse with (oba.refuse), so that people read it in their own language: of two that fit, the first is taken. */
static const char *const sentences[] = {
  N_("Only the bot and the tills speak for themselves."),
  N_("This reward is not on offer at this hour."),
  N_("This reward is for other customers."),
  N_("This customer has had this reward as often as one may."),
  N_("Each store has its own stock of this reward."),
  N_("Say in which store it is fetched."),
  N_("This customer may not have this reward."),
  N_("Your role may not make this step."),
  N_("Whoever asked for it does not approve it."),
  N_("Ask another supervisor."),
  N_("This step is not the last one any more."),
  N_("What a till or the customer has done is not undone here."),
  N_("Make a new redemption, or adjust the points."),
  N_("A reason has at most 1,000 characters."),
  N_("The code of a voucher is missing."),
  N_("There is no such voucher."),
  N_("This voucher was used already."),
  N_("This voucher has expired."),
  N_("Its points went back to the customer."),
  N_("This voucher is not valid any more."),
  N_("This voucher is for another store."),
  N_("This voucher is not valid at the moment."),
  N_("This customer is blocked."),
  N_("This customer is erased."),
  N_("This card is blocked."),
  N_("This card is revoked."),
  N_("This card is lost."),
  N_("This card is lost already."),
  N_("This card is blocked already."),
  N_("This card works already."),
  N_("This customer has no such card."),
  N_("A card becomes lost, blocked or active, with a reason of at most 1,000 characters."),
  N_("Only a supervisor blocks a card, and lets a blocked one work again."),
  N_("Report it as lost: it stops working at once."),
  N_("Blocking a card needs a reason."),
  N_("No room is prepared for this month."),
  N_("An administrator runs the maintenance job, or checks the date."),
  N_("A bulk action adds to a segment, sets a consent, or blocks."),
  N_("A bulk action needs at least one customer."),
  N_("A part of a bulk action has 1 to 10,000 customers."),
  N_("Your role may not do this to many customers at once."),
  N_("Ask a supervisor."),
  N_("This segment does not exist any more."),
  N_("A segment that follows a rule takes nobody by hand."),
  N_("Choose another one."),
  N_("There is no bulk action %s."),
  N_("This bulk action is not yours to go on with or to undo."),
  N_("This bulk action is over."),
  N_("This part of the bulk action is not the next one."),
  N_("Start another one."),
  N_("This bulk action was undone already."),
  N_("You work for another store."),
  N_("Ask a colleague at head office."),
  N_("There is a staff member \"%s\" already."),
  N_("Choose another login, or change the role of this one."),
  N_("There is no staff member \"%s\"."),
  N_("List them to see how the login is written."),
  N_("There is no active staff member \"%s\"."),
  N_("Ids can be reserved for receipts, up to a thousand million at once."),
  N_("A name has 1 to 100 characters."),
  N_("The filter is not a JSON object."),
  N_("The filter's field \"%s\" cannot be read."),
  N_("There is no segment %s."),
  N_("This segment belongs to a colleague."),
  N_("Its owner or a supervisor can change it; you can make one of your own."),
  N_("Somebody else changed this meanwhile."),
  N_("A segment has members of its own, or it is a rule with a filter."),
  N_("A description has up to 1,000 characters."),
  N_("The rule of a segment has a filter without a search text and without other rules."),
  N_("There is a segment \"%s\" already."),
  N_("Choose another name."),
  N_("This segment has no members of its own."),
  N_("Change its rule, or choose another segment."),
  N_("Name 1 to 100,000 customers to add or to remove."),
  N_("This view cannot be read."),
  N_("There is no such view any more."),
  N_("This view belongs to a colleague."),
  N_("Its owner or a supervisor can change it; you can save one of your own."),
  N_("There is a view \"%s\" already."),
  N_("The request is not a JSON object."),
  N_("A customer has no field \"%s\"."),
  N_("A text holds an invisible control character."),
  N_("Type it anew instead of pasting it."),
  N_("A customer needs a given name or a family name."),
  N_("A name or city is longer than 100 characters."),
  N_("The notes are longer than 4,000 characters."),
  N_("\"%s\" is not a phone number."),
  N_("Write it as +994501234567."),
  N_("\"%s\" is not an e-mail address."),
  N_("%s is not a possible birth date."),
  N_("The language is az, ru or en."),
  N_("There is no store %s."),
  N_("The phone number %s belongs to another customer."),
  N_("Open that customer, or use another number."),
  N_("Preferred categories are a list of at most 50."),
  N_("A customer registers through staff, telegram or till."),
  N_("There is no customer %s."),
  N_("This customer was erased and cannot be changed."),
  N_("Somebody else changed this customer meanwhile."),
  N_("Look at the new state, then decide what to keep."),
  N_("This customer was erased."),
  N_("This customer was erased already."),
  N_("The number that was typed is not the customer's."),
  N_("Type the customer number as it is shown."),
  N_("An erasure needs a reason from the list."),
  N_("A note has up to 200 characters, in one line."),
  N_("The note says who the person is, and it would stay."),
  N_("Write the number of the letter or of the case."),
  N_("This customer was merged or taken apart meanwhile."),
  N_("Look at what would go now, then decide."),
  N_("Personal data is given out as json or pdf."),
  N_("Blocking and unblocking need a reason of at most 1,000 characters."),
  N_("This customer is blocked already."),
  N_("This customer is not blocked."),
  N_("A consent names a channel (telegram, sms, email, phone, profiling) and whether it is granted."),
  N_("There is no active customer of this number."),
  N_("This is not the code of a card."),
  N_("This card is not one of ours."),
  N_("Check the number under the code, or take another card."),
  N_("Those who are not the same person are a list of at most 50."),
  N_("A customer of this name and birth date is registered already."),
  N_("A customer of this name is registered in this city already."),
  N_("Open that customer, or say that this is another person."),
  N_("This card was handed out before."),
  N_("Take another card."),
  N_("The chat is missing."),
  N_("This Telegram account is linked to another customer."),
  N_("Unlink it there first."),
  N_("No Telegram account is linked here."),
  N_("There are only %s points to spend, not %s."),
  N_("Choose something smaller."),
  N_("This customer is %s."),
  N_("Points neither come nor go meanwhile."),
  N_("This customer has locked spending."),
  N_("The customer unlocks it in the bot."),
  N_("An adjustment is between 1 and 10,000,000 points, up or down."),
  N_("An adjustment needs a reason of at most 1,000 characters."),
  N_("A redemption is of 1 to 1,000 pieces, through staff, telegram or till."),
  N_("There is no such reward."),
  N_("Each store has its own stock of this reward."),
  N_("Say in which store it is fetched."),
  N_("Rewards are the whole chain's, and you work for one store."),
  N_("A name of a reward has up to 200 characters, a description 2,000; this one has %s."),
  N_("A picture is a JPEG or PNG of at most 1 MiB."),
  N_("The code of a reward has 1 to 40 letters, digits, dots, hyphens and underscores."),
  N_("A reward needs a name in Azerbaijani."),
  N_("A reward costs 1 to 10,000,000 points; its value is up to 1,000,000 AZN."),
  N_("The last day of a reward is not before its first."),
  N_("A reward is retired in a step of its own."),
  N_("What was live does not become a draft again."),
  N_("Retire it, or make a copy."),
  N_("A voucher that is live has a value."),
  N_("There is a reward \"%s\" already."),
  N_("Choose another code."),
  N_("Of a reward that is live, you change its texts and its picture."),
  N_("A supervisor changes what it costs and who may have it, and puts it live."),
  N_("This reward is retired already."),
  N_("A supervisor changes the stock of a reward that is live."),
  N_("Of a draft, you can do it yourself."),
  N_("Stock is received, counted, or unlimited."),
  N_("A count needs a reason."),
  N_("Say what was counted, and why it differs."),
  N_("This reward has one stock for all stores."),
  N_("The stock of this reward is unlimited."),
  N_("Count what there is first."),
  N_("Store %s is named twice, or without a number."),
  N_("A stock is a number of pieces up to 10,000,000; what is received is at least 1."),
  N_("Store %s: %s were counted, but customers have reserved %s."),
  N_("%s were counted, but customers have reserved %s."),
  N_("Cancel what cannot be handed out, then count again."),
  N_("This reward is not on offer today."),
  N_("This reward is for a higher tier."),
  N_("A customer may have this reward %s times."),
  N_("This reward is out of stock."),
  N_("Choose another."),
  N_("A redemption is between 1 and 10,000,000 points."),
  N_("There are %s points, and %s are needed."),
  N_("There is no such redemption."),
  N_("A redemption that is %s cannot become %s."),
  N_("Look at its present state."),
  N_("A receipt needs a store, a receipt number, a time and a total."),
  N_("A receipt number has 1 to 64 characters, a till number is up to 9999."),
  N_("A cashier has up to 100 characters, a fiscal id 64, a reason 1,000."),
  N_("A receipt comes from a till or from staff."),
  N_("The total of a receipt is between 0 and 1,000,000 AZN."),
  N_("A return is recorded as a return of its sale."),
  N_("A receipt has 1 to 1,000 lines."),
  N_("Receipts are in AZN."),
  N_("The receipt's time lies in the future."),
  N_("Check the clock of the till."),
  N_("The payments (cash, card, other) do not make the total."),
  N_("The payments (cash, card, points, other) do not make the total."),
  N_("Paying with points needs the customer's spend code."),
  N_("The customer asks the bot for a code."),
  N_("This spend code is not this customer's."),
  N_("This spend code was used already."),
  N_("This spend code has expired."),
  N_("Only a customer pays with points, and this receipt is nobody's."),
  N_("Name the customer or the card."),
  N_("Of the %s points that a customer can spend in a day, %s are left."),
  N_("Pay the rest in another way."),
  N_("A receipt that was paid with points is not loaded in bulk."),
  N_("This receipt was paid with points: say how the new total was paid."),
  N_("This receipt was paid with points of its customer, and stays theirs."),
  N_("Change how it was paid first, or return it."),
  N_("A point is worth 1 to 10,000 qəpik, a limit of a day is 1 to 10,000,000 points, a code is good for 60 to 120 seconds."),
  N_("A point is valued at 0.01 to 10,000 qəpik, breakage is 0 to 100 percent."),
  N_("What points are valued at is changed with a reason of at most 1,000 characters."),
  N_("New rules of spending begin now or later."),
  N_("Spend less today."),
  N_("Too many wrong spend codes were given: codes spend nothing until %s."),
  N_("The customer asks the bot for a code after that."),
  N_("Points are good for 1 to 120 months from earning or from the last purchase, to the day or to the end of its month; a warning is of 1 to 10,000,000 points."),
  N_("A new policy of expiry begins tomorrow or later, within ten years."),
  N_("Receipt %s of till %s was recorded before with other contents."),
  N_("If both are real, the till has used a number twice."),
  N_("This card is not known."),
  N_("Post the receipt without a card; it can be attached to the customer later."),
  N_("This card is %s."),
  N_("Line %s: this product is not in the catalogue."),
  N_("Line %s: the quantity is above 0, up to 1,000,000, with at most 3 decimals."),
  N_("Line %s: an amount is missing, negative or too large."),
  N_("Line %s: quantity times price less discount does not make its total."),
  N_("The lines make %s qəpik, the receipt says %s."),
  N_("This is neither a return nor a void."),
  N_("A return needs a reason code (up to 40 characters); its text has up to 1,000."),
  N_("A void takes back the whole receipt; it names no lines."),
  N_("A return names 1 to 1,000 lines of its sale."),
  N_("The return's time lies in the future."),
  N_("A receipt number has 1 to 64 characters, a till number is up to 9999, a cashier has up to 100, a fiscal id 64."),
  N_("The sale of this return is not known."),
  N_("Check store, till and receipt number on the paper."),
  N_("Only a sale can be returned."),
  N_("A return cannot be earlier than its sale."),
  N_("The sale has no line %s."),
  N_("Line %s: the quantity is above 0, with at most 3 decimals."),
  N_("Line %s: more would be returned than was bought."),
  N_("Look at the earlier returns of this receipt."),
  N_("Everything of this receipt was returned before."),
  N_("This month is closed."),
  N_("It is corrected by an entry in the open month: a clerk records it as a missed receipt."),
  N_("A month is named by its first day."),
  N_("A month can be closed from the second day of the next month on."),
  N_("This month is closed already."),
  N_("Months are closed one after the other."),
  N_("Close the month before it first."),
  N_("Receipts are being loaded just now."),
  N_("Close the month when that is over."),
  N_("The limits of corrections are an amount, points and days, none below 0, and whether own receipts need a second person."),
  N_("There is no such receipt."),
  N_("This receipt belongs to nobody: there is no chat to send it to."),
  N_("Attach it to its customer first."),
  N_("This customer has no chat with the bot."),
  N_("It begins when the customer writes to the bot and shares the phone number."),
  N_("This customer has blocked the bot."),
  N_("It can be sent again as soon as the customer writes to the bot."),
  N_("This is on its way to the customer already."),
  N_("This receipt was paid in several ways: say how the new total was paid."),
  N_("An undo is not undone; correct the receipt again."),
  N_("This correction was undone already."),
  N_("This receipt was returned or corrected again since."),
  N_("Undo that first."),
  N_("A correction is a return, a void, a change, a move, a missed receipt, or an undo."),
  N_("There is no such finding."),
  N_("A finding is explained or opened again."),
  N_("This finding has changed meanwhile."),
  N_("Look at what it says now, then decide."),
  N_("This finding has ended by itself."),
  N_("Somebody has done this already."),
  N_("An explanation needs a reason from the list."),
  N_("Say what the reason is."),
  N_("A note has up to 500 characters, in one line."),
  N_("There is no such review."),
  N_("A review is fine, to follow up, or open again."),
  N_("Somebody else decided this review meanwhile."),
  N_("Say what is to be followed up."),
  N_("There is a newer review of the same."),
  N_("Decide that one."),
  N_("The note says who the customer is."),
  N_("The customer is shown beside it; write what the receipts say."),
  N_("A correction needs a reason from the list."),
  N_("A correction needs an explanation of 3 to 1,000 characters."),
  N_("There is no such correction."),
  N_("A return or void is not corrected itself; undo it."),
  N_("Somebody else corrected this receipt meanwhile."),
  N_("Look at what was done, then decide."),
  N_("What this would do has changed meanwhile."),
  N_("Look at it again, then decide."),
  N_("This receipt was recorded before."),
  N_("The receipt belongs to this customer already."),
  N_("A change names the lines, the store or the time that were right."),
  N_("A correction says how many receipts answered this one when it was looked at."),
  N_("A correction of this receipt waits for approval already."),
  N_("A value of the request cannot be read or is out of range."),
  N_("The request is missing."),
  N_("A key has 1 to 200 characters."),
  N_("This key was used for another request."),
  N_("Send each new request with a key of its own."),
  N_("There is no batch %s to post."),
  N_("There is no batch %s."),
  N_("Batch %s is %s."),
  N_("Till %s of this store has a key already."),
  N_("Revoke it first."),
  N_("There is no active till %s."),
  N_("Stores, products, customers and sales can be imported."),
  N_("The rows to import are not staged."),
  N_("Start the import again."),
  N_("The totals are made anew in a transaction of their own, after the receipts are committed."),
  N_("There is another card of this number."),
  N_("Check the number under the code."),
  N_("Only the helper records for tills."),
  N_("Record it as a staff entry."),
  N_("An export says what it takes along."),
  N_("There is no export %s."),
  N_("This customer was merged into customer %s."),
  N_("Open that customer."),
  N_("A blocked customer is neither merged nor taken apart."),
  N_("Unblock the customer first."),
  N_("Of each field, the survivor's or the source's is kept; notes may keep both."),
  N_("A customer cannot be merged into itself."),
  N_("There is no such merge."),
  N_("This merge was taken back already."),
  N_("Customer %s was merged into customer %s since."),
  N_("Take that merge back first."),
  N_("A merge names its source and its survivor."),
  N_("A reason has at most 1,000 characters."),
  N_("A request about one of these customers waits for approval already."),
  N_("Decide that one first, or withdraw it."),
  N_("There is no such request."),
  N_("This request was decided already."),
  N_("Somebody else decides on what you asked for."),
  N_("Ask a colleague, or withdraw the request."),
  N_("A request is approved, or rejected with a reason of at most 1,000 characters."),
  N_("Only the one who asked can withdraw a request."),
  N_("A supervisor can reject it."),
  N_("Two customers are kept apart."),
  N_("There is no import %s."),
  N_("A step of a reversal is 1 to 2,000 rows."),
  N_("The demo chain is no import that could be reversed."),
  N_("This import is not finished."),
  N_("An import is running."),
  N_("The reversal can go on when the import has ended."),
  NULL,
};

const char *const *
oba_db_rules_list (void)
{
  return sentences;
}

/* Cuts what stands for each %s of @pattern out of @text. The text between two of them ends the first one. */
static GStrv
match (const char *pattern, const char *text)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit (pattern, "%s", -1);

  if (!g_str_has_prefix (text, parts[0]))
    return NULL;
  text += strlen (parts[0]);
  for (guint i = 1; parts[i] != NULL; i++)
    {
      gboolean last = parts[i + 1] == NULL;
      const char *end = last && *parts[i] == '\0' ? text + strlen (text) : last ? g_strrstr (text, parts[i]) : strstr (text, parts[i]);
      g_autofree char *value = NULL;

      if (end == NULL)
        return NULL;
      value = g_strndup (text, (gsize) (end - text));
      g_strv_builder_add (found, value);
      text = end + strlen (parts[i]);
    }
  return *text == '\0' ? g_strv_builder_end (found) : NULL;
}

/* Puts @values for each %s of @pattern, or for %1$s, %2$s, where the language turns them round. */
static char *
fill (const char *pattern, GStrv values)
{
  GString *text = g_string_new (NULL);
  guint n = g_strv_length (values);
  guint next = 0;

  for (const char *p = pattern; *p != '\0'; p++)
    {
      gboolean numbered = p[0] == '%' && g_ascii_isdigit (p[1]) && p[2] == '$' && p[3] == 's';
      guint which = numbered ? (guint) (p[1] - '1') : next;

      if (!numbered && !(p[0] == '%' && p[1] == 's'))
        {
          g_string_append_c (text, *p);
          continue;
        }
      if (which < n)
        g_string_append (text, values[which]);
      next++;
      p += numbered ? 3 : 1;
    }
  return g_string_free (text, FALSE);
}

/**
 * oba_db_rules_translate:
 * @text: a sentence of a rule of the database, as the server sent it
 *
 * Returns: (transfer full): the same in the person's language, or as it was when it is not known here
 */
char *
oba_db_rules_translate (const char *text)
{
  if (g_strv_contains (sentences, text))
    return g_strdup (_(text));
  for (guint i = 0; sentences[i] != NULL; i++)
    {
      g_auto (GStrv) values = match (sentences[i], text);

      if (values != NULL)
        return fill (_(sentences[i]), values);
    }
  return g_strdup (text);
}
