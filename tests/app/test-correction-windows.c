/* Receipts are put right at two desks: the real windows over a real PostgreSQL, logins of their own, connections that break. */
#include "oba-test-app.h"

#include <string.h>

#include "app-desk.h"
#include "corrections/oba-correction-text.h"
#include "corrections/oba-lines-editor.h"
#include "corrections/oba-missed-form.h"
#include "corrections/oba-moment-box.h"
#include "corrections/oba-payment-box.h"
#include "corrections/oba-place-box.h"
#include "corrections/oba-reason-box.h"
#include "customers/oba-customers-page.h"
#include "customers/oba-profile-view.h"
#include "customers/oba-timeline-view.h"
#include "widgets/oba-customer-chooser.h"
#include "widgets/oba-store-chooser.h"

#define RECEIPTS "select string_agg (concat_ws (' ', kind, total), ', ' order by receipt_id) from oba.receipts where customer_id = 600 and receipt_no <> 'R2'"
#define ACCOUNT "select concat_ws (' ', balance, owed, tier_spend) from oba.points_accounts where customer_id = 600"

/* ---- */

/* A receipt that was entered twice is voided; what it does is shown first; taken back by the button that is offered. */
static void
test_void (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;

  sit_down (fixture, &clerk, "tural", "R1");
  assert_ask (fixture, "112 0 11244", ACCOUNT);
  oba_test_picture (clerk.window, "correct-receipt");
  dialog = open_dialog (&clerk, "correct.void");
  g_assert_true (says (dialog, "Receipt R1, OBA Nizami, till 1"));
  g_assert_true (says (dialog, "Əliyeva Aygün, customer 600"));
  g_assert_true (says (dialog, "−12.44"));
  g_assert_true (says (dialog, "1 return more"));
  g_assert_true (says (dialog, "Alma <b>Quba</b>"));
  oba_test_assert_named (GTK_WIDGET (dialog));
  oba_test_picture (GTK_WINDOW (dialog), "correct-void");
  /* Nothing goes without a reason. */
  press (dialog, "_Post");
  g_assert_true (says (dialog, "Choose a reason."));
  g_assert_true (says (dialog, "Say in a few words what happened"));
  oba_correction_window_set_reason (dialog, "duplicate", "The till sent it twice");
  press (dialog, "_Post");
  wait_done (&clerk);
  assert_ask (fixture, "sale 1244, void -1244", RECEIPTS);
  assert_ask (fixture, "100 0 10000", ACCOUNT);
  assert_ask (fixture, "void duplicate tural The till sent it twice", "select concat_ws (' ', c.kind, c.reason_code, c.made_by, r.reason) from oba.corrections c join oba.receipts r on r.receipt_id = c.reversal_receipt_id");
  oba_test_wait_until (shows (&clerk, "The receipt is voided"));
  g_assert_true (shows (&clerk, "The till sent it twice"));
  oba_test_picture (clerk.window, "correct-voided");

  press (clerk.window, "_Undo");
  oba_test_wait_until (shows (&clerk, "Undone"));
  assert_ask (fixture, "sale 1244, void -1244, sale 1244", RECEIPTS);
  assert_ask (fixture, "112 0 11244", ACCOUNT);
  leave (&clerk);
}

/* Of three packs two come back, by and by; what cannot come back any more says why; what is typed wrong is told where it is. */
static void
test_return (Fixture *fixture, gconstpointer data)
{
  static const char *const wrong[] = { "4", "-1", "1.2345", "abc", "1e2", "99999999999999999999", "3,001", "\xe2\x80\xae""1" };
  Desk clerk;
  ObaCorrectionWindow *dialog;

  sit_down (fixture, &clerk, "tural", "R1");
  dialog = open_dialog (&clerk, "correct.return");
  g_assert_false (can_press (dialog, "_Post"));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      bring_back (dialog, 1, wrong[i]);
      g_assert_true (says (dialog, "At most 3 can be returned.") || says (dialog, "A quantity above 0, with at most 3 decimals."));
      g_assert_false (can_press (dialog, "_Post"));
    }
  oba_test_picture (GTK_WINDOW (dialog), "correct-return-wrong");
  bring_back (dialog, 1, "2");
  g_assert_true (says (dialog, "−5.00"));
  bring_back (dialog, 2, "0,235");
  g_assert_true (says (dialog, "−5.94"));
  oba_test_assert_named (GTK_WIDGET (dialog));
  oba_correction_window_set_reason (dialog, "damaged", "Torn");
  oba_test_picture (GTK_WINDOW (dialog), "correct-return");
  press (dialog, "_Post");
  wait_done (&clerk);
  assert_ask (fixture, "sale 1244, return -594", RECEIPTS);

  dialog = open_dialog (&clerk, "correct.return");
  g_assert_true (says (dialog, "already returned: 2 of 3"));
  bring_back (dialog, 1, "1");
  bring_back (dialog, 2, "1");
  oba_correction_window_set_reason (dialog, "not_wanted", "Changed her mind");
  press (dialog, "_Post");
  wait_done (&clerk);
  oba_test_wait_until (shows (&clerk, "The return is posted"));
  assert_ask (fixture, "100 0 10000", ACCOUNT);

  /* Nothing is left: the menu says so instead of opening a window. */
  gtk_widget_activate_action (GTK_WIDGET (menu_of (&clerk)), "correct.return", NULL);
  oba_test_wait_until (oba_correct_menu_is_settled (menu_of (&clerk)));
  g_assert_null (dialog_of (&clerk));

  /* From the menu the last one is undone, with a look at what that does. */
  dialog = open_dialog (&clerk, "correct.undo");
  g_assert_true (says (dialog, "The return is taken back"));
  g_assert_true (says (dialog, "+6.50"));
  oba_correction_window_set_reason (dialog, "mistake", "Wrong customer at the desk");
  oba_test_picture (GTK_WINDOW (dialog), "correct-undo");
  press (dialog, "_Post");
  wait_done (&clerk);
  assert_ask (fixture, "1", "select count (*) from oba.corrections where kind = 'undo'");
  assert_ask (fixture, "106 0 10650", ACCOUNT);
  leave (&clerk);
}

/* Too much for one person: told before and after, and nothing changes until somebody else has approved. */
static void
test_over_limit (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;

  sit_down (fixture, &clerk, "tural", "R2");
  dialog = open_dialog (&clerk, "correct.void");
  g_assert_true (says (dialog, "This needs approval, because:"));
  g_assert_true (says (dialog, "It is about more than 50.00"));
  g_assert_true (says (dialog, "It changes more than 50 points."));
  oba_correction_window_set_reason (dialog, "till_fault", "The drawer was closed");
  oba_test_picture (GTK_WINDOW (dialog), "correct-approval");
  press (dialog, "_Ask for Approval");
  settle (dialog);
  g_assert_true (says (dialog, "It Waits for a Supervisor"));
  g_assert_true (says (dialog, "Nothing has changed yet."));
  oba_test_assert_named (GTK_WIDGET (dialog));
  oba_test_picture (GTK_WINDOW (dialog), "correct-waits");
  assert_ask (fixture, "112 0 11244", ACCOUNT);
  assert_ask (fixture, "0 1", "select (select count (*) from oba.corrections) || ' ' || count (*) from oba.approvals where state = 'requested'");
  press (dialog, "_Close");
  oba_test_wait_until (dialog_of (&clerk) == NULL);

  /* Nobody asks for it a second time. */
  gtk_widget_activate_action (GTK_WIDGET (menu_of (&clerk)), "correct.return", NULL);
  oba_test_wait_until (oba_correct_menu_is_settled (menu_of (&clerk)));
  g_assert_null (dialog_of (&clerk));
  oba_test_wait_until (shows (&clerk, "A correction of this receipt waits for approval already."));
  leave (&clerk);
}

/* Two clerks at one receipt: the second one is told what was done, sees what is left, and posts only that. */
static void
test_two_clerks (Fixture *fixture, gconstpointer data)
{
  Desk first, second;
  ObaCorrectionWindow *fast, *slow;

  sit_down (fixture, &first, "tural", "R1");
  sit_down (fixture, &second, "aysel", "R1");
  slow = open_dialog (&second, "correct.return");
  bring_back (slow, 1, "2");
  oba_correction_window_set_reason (slow, "damaged", "Torn");
  fast = open_dialog (&first, "correct.return");
  bring_back (fast, 1, "2");
  oba_correction_window_set_reason (fast, "damaged", "Wet");
  press (fast, "_Post");
  wait_done (&first);

  oba_test_wait_until (says (slow, "Somebody else has just corrected this receipt. What you typed is kept."));
  settle (slow);
  oba_test_wait_until (shows (&second, "Wet"));   /* the receipt behind it, too */
  g_assert_true (says (slow, "Return of 5.00"));
  g_assert_true (says (slow, "by Tural Əhmədov"));
  g_assert_true (says (slow, "already returned: 2 of 3"));
  g_assert_true (says (slow, "At most 1 can be returned."));
  oba_test_picture (GTK_WINDOW (slow), "correct-conflict");
  assert_ask (fixture, "sale 1244, return -500", RECEIPTS);
  bring_back (slow, 1, "1");
  g_assert_true (says (slow, "−2.50"));
  press (slow, "_Post");
  wait_done (&second);
  assert_ask (fixture, "sale 1244, return -500, return -250", RECEIPTS);
  leave (&first);
  leave (&second);
}

/* The news is still on its way when the second one posts: nothing is posted, and they are told. */
static void
test_two_at_once (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;

  sit_down (fixture, &clerk, "aysel", "R1");
  dialog = open_dialog (&clerk, "correct.void");
  oba_correction_window_set_reason (dialog, "duplicate", "Sent twice");
  run (fixture, "set session authorization tural;"
                "select oba.correct_receipt (jsonb_build_object ('kind', 'return', 'reason_code', 'damaged', 'reason', 'Wet', 'seen', 0, 'lines', '[{\"line\": 1, \"quantity\": 2}]'::jsonb,"
                " 'receipt', (select jsonb_build_object ('customer_id', customer_id, 'sold_at', sold_at, 'receipt_id', receipt_id) from oba.receipts where receipt_no = 'R1')), 'test', 'two');"
                "reset session authorization");
  press (dialog, "_Post");
  settle (dialog);
  g_assert_true (says (dialog, "Somebody else corrected this receipt meanwhile, so nothing was posted."));
  g_assert_true (says (dialog, "by Tural Əhmədov"));
  assert_ask (fixture, "sale 1244, return -500", RECEIPTS);
  press (dialog, "_Post");
  wait_done (&clerk);
  assert_ask (fixture, "sale 1244, return -500, void -744", RECEIPTS);
  leave (&clerk);
}

/* The month is closed: it says where the entry goes, before it is posted. */
static void
test_closed_month (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;
  g_autofree char *closed = NULL;
  g_autofree char *open = NULL;

  run (fixture, "select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', 'OLD', 'sold_at', date_trunc ('month', now() - interval '1 month') + interval '9 days',"
                " 'customer_id', 600, 'source', 'till', 'lines', jsonb_build_array (jsonb_build_object ('code', 'P1', 'quantity', 1, 'unit_price', 250, 'total', 250)), 'total', 250), null, null);"
                "update oba.correction_limits set age_days = 3000;"
                "select oba.close_month (jsonb_build_object ('month', (date_trunc ('month', now() - interval '1 month'))::date), 'test', 'k1')");
  closed = app_database_ask (fixture->database, "select 'entry is dated ' || to_char (oba.business_day (now()), 'FMDD Mon YYYY') || '. The receipt itself keeps its day, '"
                                                " || to_char (date_trunc ('month', now() - interval '1 month') + interval '9 days', 'FMDD Mon YYYY') || '.'");
  open = app_database_ask (fixture->database, "select oba.business_day (now())::text");
  sit_down (fixture, &clerk, "leyla", "R2");
  dialog = open_dialog (&clerk, "correct.void");
  g_assert_false (says (dialog, "is closed: the entry"));
  gtk_window_close (GTK_WINDOW (dialog));
  oba_test_wait_until (dialog_of (&clerk) == NULL);
  leave (&clerk);

  sit_down (fixture, &clerk, "tural", "OLD");
  dialog = open_dialog (&clerk, "correct.void");
  g_assert_true (says (dialog, "is closed: the entry is dated"));
  g_assert_true (says (dialog, closed));
  oba_test_picture (GTK_WINDOW (dialog), "correct-closed");
  oba_correction_window_set_reason (dialog, "duplicate", "Sent twice");
  press (dialog, "_Post");
  wait_done (&clerk);
  assert_ask (fixture, open, "select business_day::text from oba.receipts where kind = 'void'");
  leave (&clerk);
}

/* The points are others than those that were looked at: it is shown again, and not posted. */
static void
test_preview_is_deed (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;

  sit_down (fixture, &clerk, "tural", "R1");
  dialog = open_dialog (&clerk, "correct.void");
  oba_correction_window_set_reason (dialog, "duplicate", "Sent twice");
  sell (fixture, "R9", "600", 700);
  press (dialog, "_Post");
  settle (dialog);
  g_assert_true (says (dialog, "What this would do has changed meanwhile, so nothing was posted."));
  g_assert_true (says (dialog, "119"));
  assert_ask (fixture, "0", "select count (*) from oba.corrections");
  press (dialog, "_Post");
  wait_done (&clerk);
  assert_ask (fixture, "107 0 10700", ACCOUNT);
  leave (&clerk);
}

/* Pressed twice, and the answer is lost, and the server is away: it is posted once, and what was typed is there until then. */
static void
test_lost (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;

  sit_down_at (fixture, &clerk, oba_test_wire_get_conninfo (fixture->wire), "tural", "R1");
  dialog = open_dialog (&clerk, "correct.return");
  oba_db_pool_set_patience (oba_session_get_pool (clerk.session), 500);
  oba_test_wire_cut (fixture->wire);
  oba_return_form_set (return_form (dialog), 1, "2");
  oba_test_wait_until (button_of (dialog, "Try A_gain") != NULL);
  g_assert_false (can_press (dialog, "_Post"));
  oba_test_picture (GTK_WINDOW (dialog), "correct-away");
  oba_test_wire_mend (fixture->wire);
  oba_test_wait_until (says (dialog, "−5.00"));
  settle (dialog);

  oba_correction_window_set_reason (dialog, "damaged", "Torn");
  gtk_window_close (GTK_WINDOW (dialog));   /* asks first */
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (dialog)));
  oba_test_wire_lose_answer_to (fixture->wire, "correct_receipt");
  press (dialog, "_Post");
  oba_correction_window_post (dialog);
  oba_correction_window_post (dialog);
  oba_test_wait_until (oba_test_wire_get_n_lost (fixture->wire) == 1);
  oba_test_wire_cut (fixture->wire);
  oba_test_wait_until (says (dialog, "As soon as the server is back it is posted, once."));
  oba_test_picture (GTK_WINDOW (dialog), "correct-lost");
  /* Given up waiting, nobody knows; the same is asked again, and nothing else. */
  gtk_window_close (GTK_WINDOW (dialog));
  settle (dialog);
  g_assert_true (says (dialog, "it is not known whether it was posted"));
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (return_form (dialog))));
  oba_test_wire_mend (fixture->wire);
  oba_test_wait_until (oba_session_is_online (clerk.session));
  press (dialog, "_Try Again");
  wait_done (&clerk);
  assert_ask (fixture, "sale 1244, return -500", RECEIPTS);
  leave (&clerk);
}

static ObaCustomerChooser *
chooser_of (ObaCorrectionWindow *dialog)
{
  return OBA_CUSTOMER_CHOOSER (child_of (GTK_WIDGET (dialog), OBA_TYPE_CUSTOMER_CHOOSER));
}

static void
choose (ObaCorrectionWindow *dialog, const char *text)
{
  oba_customer_chooser_search (chooser_of (dialog), text, TRUE);
  oba_test_wait_until (oba_customer_chooser_is_settled (chooser_of (dialog)));
  settle (dialog);
}

/* The card was forgotten: the receipt is found, and gets its customer and their points; it was the wrong customer: it goes to the right one; to nobody. */
static void
test_move (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;

  sit_down (fixture, &clerk, "tural", "R3");
  dialog = open_dialog (&clerk, "correct.move");
  g_assert_true (says (dialog, "Sold without a card"));
  g_assert_false (says (dialog, "as if it was sold without a card"));
  choose (dialog, "nobody of this name");
  g_assert_true (says (dialog, "Nobody is found."));
  g_assert_false (can_press (dialog, "_Post"));
  choose (dialog, "Quseynov");   /* as it is heard */
  oba_test_picture (GTK_WINDOW (dialog), "correct-move-found");
  choose (dialog, "Huseynov");
  g_assert_true (says (dialog, "Hüseynov Elçin, customer 601"));
  g_assert_true (says (dialog, "new, until"));
  oba_test_assert_named (GTK_WIDGET (dialog));
  oba_correction_window_set_reason (dialog, "forgot_card", "Came with the paper");
  oba_test_picture (GTK_WINDOW (dialog), "correct-move");
  press (dialog, "_Post");
  wait_done (&clerk);
  assert_ask (fixture, "12", "select balance from oba.points_accounts where customer_id = 601");

  /* The one that holds now is meant, though the first one is still open. */
  dialog = open_dialog (&clerk, "correct.move");
  g_assert_true (says (dialog, "Hüseynov Elçin, customer 601"));
  choose (dialog, "Elçin");
  g_assert_true (says (dialog, "The receipt belongs to this customer already."));
  g_assert_false (can_press (dialog, "_Post"));
  choose (dialog, "0501234567");
  g_assert_true (says (dialog, "Əliyeva Aygün, customer 600"));
  oba_correction_window_set_reason (dialog, "wrong_customer", "Her brother's");
  oba_test_wait_until (can_press (dialog, "_Ask for Approval"));   /* it was entered by the same clerk */
  g_assert_true (says (dialog, "You entered this receipt yourself."));
  press (dialog, "Choose A_nother");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (oba_test_find (GTK_WIDGET (dialog), GTK_TYPE_CHECK_BUTTON, "To no_body, as if it was sold without a card")), TRUE);
  settle (dialog);
  press (dialog, "_Ask for Approval");
  settle (dialog);
  g_assert_true (says (dialog, "Nothing has changed yet."));
  assert_ask (fixture, "12", "select balance from oba.points_accounts where customer_id = 601");
  leave (&clerk);
}

#define PART(dialog, TYPE, type) ((TYPE *) child_of (GTK_WIDGET (dialog), type))

/* Lines, store and time as they should have been; what they make is told at every key, and how it was paid when that is another sum. */
static void
test_change (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;
  ObaLinesEditor *lines;

  sit_down (fixture, &clerk, "tural", "R1");
  dialog = open_dialog (&clerk, "correct.change");
  lines = PART (dialog, ObaLinesEditor, OBA_TYPE_LINES_EDITOR);
  g_assert_false (can_press (dialog, "_Post"));
  g_assert_true (says (dialog, "The lines make 12.44\xc2\xa0₼, as before."));
  oba_lines_editor_type (lines, 0, "-3", NULL, NULL);
  g_assert_true (says (dialog, "A quantity above 0, with at most 3 decimals."));
  oba_lines_editor_type (lines, 0, "3", "free", NULL);
  g_assert_true (says (dialog, "A price like 12.50"));
  oba_lines_editor_type (lines, 0, "3", "2,50", "100");
  g_assert_true (says (dialog, "The discount is more than the price."));
  oba_lines_editor_type (lines, 0, "2", "2,50", "0,14");
  settle (dialog);
  g_assert_true (says (dialog, "The lines make 9.80\xc2\xa0₼ instead of 12.44\xc2\xa0₼ (−2.64\xc2\xa0₼)."));
  g_assert_true (can_press (dialog, "_Post"));
  oba_payment_box_type (PART (dialog, ObaPaymentBox, OBA_TYPE_PAYMENT_BOX), "5", "4,70", "", "");
  settle (dialog);
  g_assert_true (says (dialog, "These make 9.70\xc2\xa0₼, 9.80\xc2\xa0₼ are to be paid."));
  g_assert_false (can_press (dialog, "_Post"));
  oba_payment_box_type (PART (dialog, ObaPaymentBox, OBA_TYPE_PAYMENT_BOX), "5", "4,80", "", "");
  oba_lines_editor_search (lines, "nothing of this name");
  oba_test_wait_until (oba_lines_editor_is_settled (lines));
  g_assert_true (says (dialog, "No article has this name, number or barcode."));
  oba_lines_editor_search (lines, "");
  settle (dialog);
  oba_test_assert_named (GTK_WIDGET (dialog));
  oba_correction_window_set_reason (dialog, "wrong_quantity", "Two packs, one torn");
  oba_test_picture (GTK_WINDOW (dialog), "correct-change");
  press (dialog, "_Post");
  wait_done (&clerk);
  assert_ask (fixture, "sale 1244, void -1244, sale 980", RECEIPTS);
  assert_ask (fixture, "500 480 74 75", "select concat_ws (' ', paid_cash, paid_card, (select string_agg (vat::text, ' ' order by line_no) from oba.receipt_lines l where l.receipt_id = r.receipt_id))"
                                       " from oba.receipts r where total = 980");
  oba_test_wait_until (shows (&clerk, "The receipt is changed"));
  press (clerk.window, "_Undo");
  oba_test_wait_until (shows (&clerk, "Undone"));
  assert_ask (fixture, "112 0 11244", ACCOUNT);
  leave (&clerk);
}

/* It was another store, and the day before: nothing else changes; tomorrow is refused before anybody is asked. */
static void
test_place_and_time (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;
  ObaMomentBox *moment;
  g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
  g_autoptr (GDateTime) now = g_date_time_new_now (baku);
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (now, 1);
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);
  g_autofree char *day_after = g_date_time_format (tomorrow, "%d.%m.%Y");
  g_autofree char *day_before = g_date_time_format (yesterday, "%d.%m.%Y");
  g_autofree char *expected = g_date_time_format (yesterday, "2 7 %Y-%m-%d 1244");

  sit_down (fixture, &clerk, "tural", "R1");
  dialog = open_dialog (&clerk, "correct.change");
  moment = PART (dialog, ObaMomentBox, OBA_TYPE_MOMENT_BOX);
  oba_moment_box_type (moment, day_after, "10:00");
  settle (dialog);
  g_assert_true (says (dialog, "This lies in the future."));
  g_assert_false (can_press (dialog, "_Post"));
  oba_moment_box_type (moment, "31.02.2026", "25:00");
  g_assert_true (says (dialog, "A day like 31.03.2026."));
  g_assert_true (says (dialog, "A time like 18:30."));
  oba_moment_box_type (moment, day_before, "10:05");
  oba_place_box_type_till (PART (dialog, ObaPlaceBox, OBA_TYPE_PLACE_BOX), "77777");
  settle (dialog);
  g_assert_true (says (dialog, "A number up to 9999."));
  oba_place_box_type_till (PART (dialog, ObaPlaceBox, OBA_TYPE_PLACE_BOX), "7");
  oba_store_chooser_set_store (PART (dialog, ObaStoreChooser, OBA_TYPE_STORE_CHOOSER), 2, NULL);
  settle (dialog);
  g_assert_true (says (dialog, "OBA Gəncə"));
  oba_correction_window_set_reason (dialog, "wrong_store", "The till was moved");
  oba_test_picture (GTK_WINDOW (dialog), "correct-place");
  press (dialog, "_Post");
  wait_done (&clerk);
  assert_ask (fixture, expected, "select concat_ws (' ', r.store_id, r.till_no, business_day, total) from oba.receipts r join oba.corrections c on c.replacement_receipt_id = r.receipt_id");
  leave (&clerk);
}

static ObaMissedForm *
missed_form (ObaCorrectionWindow *dialog)
{
  return PART (dialog, ObaMissedForm, OBA_TYPE_MISSED_FORM);
}

static void
fill_paper (ObaCorrectionWindow *dialog, const char *number)
{
  g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
  g_autoptr (GDateTime) now = g_date_time_new_now (baku);
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);
  g_autofree char *day = g_date_time_format (yesterday, "%d.%m.%Y");

  oba_store_chooser_set_store (PART (dialog, ObaStoreChooser, OBA_TYPE_STORE_CHOOSER), 1, NULL);
  oba_place_box_type_till (PART (dialog, ObaPlaceBox, OBA_TYPE_PLACE_BOX), "3");
  oba_moment_box_type (PART (dialog, ObaMomentBox, OBA_TYPE_MOMENT_BOX), day, "18:30");
  oba_missed_form_type (missed_form (dialog), number, "Nərgiz", "FQ12", "12,40");
}

/* A till had no paper trail: what the customer holds is recorded, article by article with the scanner, and the sum must be that of the paper. */
static void
test_missed (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;
  ObaLinesEditor *lines;
  GtkWidget *undo;

  run (fixture, "insert into oba.cards (token_hash, number, customer_id) values (sha256 ('token-of-elcin'), 'OBA-7700-0001', 601)");
  sit_down (fixture, &clerk, "tural", "R1");
  gtk_widget_activate_action (GTK_WIDGET (clerk.page), "page.record-missed", NULL);
  dialog = take_dialog (&clerk);
  lines = PART (dialog, ObaLinesEditor, OBA_TYPE_LINES_EDITOR);
  fill_paper (dialog, "M1");
  oba_test_picture (GTK_WINDOW (dialog), "correct-missed-empty");
  g_assert_false (can_press (dialog, "_Post"));
  for (guint i = 0; i < 4; i++)
    {
      oba_correction_form_scan (OBA_CORRECTION_FORM (missed_form (dialog)), "4760000000011");
      oba_test_wait_until (oba_missed_form_is_settled (missed_form (dialog)));
    }
  g_assert_cmpuint (oba_lines_editor_get_n_lines (lines), ==, 1);
  settle (dialog);
  g_assert_true (says (dialog, "The lines make 10.00\xc2\xa0₼, the paper says 12.40\xc2\xa0₼: 2.40\xc2\xa0₼ apart."));
  g_assert_false (can_press (dialog, "_Post"));
  oba_lines_editor_search (lines, "alma quba");
  oba_test_wait_until (oba_missed_form_is_settled (missed_form (dialog)));
  oba_lines_editor_type (lines, 1, "0,600", NULL, NULL);
  oba_correction_form_scan (OBA_CORRECTION_FORM (missed_form (dialog)), "OBA-7700-0001");
  oba_test_wait_until (oba_missed_form_is_settled (missed_form (dialog)));
  settle (dialog);
  g_assert_true (says (dialog, "Hüseynov Elçin, customer 601"));
  g_assert_true (says (dialog, "1 receipt more"));
  /* What is somebody's can have been paid with points, but not with more than there are. */
  oba_payment_box_type (PART (dialog, ObaPaymentBox, OBA_TYPE_PAYMENT_BOX), "10", "", "", "2,40");
  settle (dialog);
  g_assert_true (says (dialog, "points to spend"));
  g_assert_false (can_press (dialog, "_Post"));
  oba_payment_box_type (PART (dialog, ObaPaymentBox, OBA_TYPE_PAYMENT_BOX), "10", "2,40", "", "");
  settle (dialog);
  oba_test_assert_named (GTK_WIDGET (dialog));
  oba_correction_window_set_reason (dialog, "missed", "The till had no connection");
  oba_test_picture (GTK_WINDOW (dialog), "correct-missed");
  press (dialog, "_Post");
  wait_done (&clerk);
  assert_ask (fixture, "601 1 3 M1 Nərgiz FQ12 1240 staff 12",
              "select concat_ws (' ', r.customer_id, store_id, till_no, receipt_no, cashier, fiscal_id, total, source, balance) from oba.receipts r join oba.points_accounts using (customer_id) where receipt_no = 'M1'");

  /* The same paper a second time is known, before anything is posted. */
  gtk_widget_activate_action (GTK_WIDGET (clerk.page), "page.record-missed", NULL);
  dialog = take_dialog (&clerk);
  lines = PART (dialog, ObaLinesEditor, OBA_TYPE_LINES_EDITOR);
  oba_lines_editor_search (lines, "P1");
  oba_test_wait_until (oba_missed_form_is_settled (missed_form (dialog)));
  oba_lines_editor_type (lines, 0, "1", "12,40", NULL);
  fill_paper (dialog, "M1");
  settle (dialog);
  g_assert_true (says (dialog, "was recorded before"));
  g_assert_false (can_press (dialog, "_Post"));
  oba_test_picture (GTK_WINDOW (dialog), "correct-missed-again");

  /* Whatever is typed, it is told where it is. */
  oba_missed_form_type (missed_form (dialog), "M\xe2\x80\xae""2", "<b>", "", "a lot");
  g_assert_true (says (dialog, "At most 64 readable characters."));
  g_assert_true (says (dialog, "An amount like 12.50."));
  fill_paper (dialog, "M2");
  settle (dialog);
  g_assert_true (can_press (dialog, "_Post"));
  oba_correction_window_set_reason (dialog, "missed", "From paper");
  press (dialog, "_Post");
  wait_done (&clerk);
  oba_test_wait_until (shows (&clerk, "The receipt is recorded"));
  undo = button_of (clerk.window, "_Undo");
  g_object_add_weak_pointer (G_OBJECT (undo), (gpointer *) &undo);
  press (clerk.window, "_Undo");
  oba_test_wait_until (undo == NULL);
  g_assert_null (button_of (clerk.window, "_Undo"));   /* that of M1 does not come back in its place */
  oba_test_wait_until (shows (&clerk, "Undone"));
  assert_ask (fixture, "0", "select sum (total) from oba.receipts r where r.receipt_no = 'M2' or r.original_receipt_id = (select o.receipt_id from oba.receipts o where o.receipt_no = 'M2')");
  leave (&clerk);
}

/* What a hurried hand does not throw away: where nothing is to be typed, the reason has the keyboard, not Cancel. */
static void
test_focus (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;
  GtkWidget *focus;

  sit_down (fixture, &clerk, "tural", "R1");
  dialog = open_dialog (&clerk, "correct.void");
  focus = gtk_window_get_focus (GTK_WINDOW (dialog));
  g_assert_nonnull (focus);
  g_assert_nonnull (gtk_widget_get_ancestor (focus, OBA_TYPE_REASON_BOX));
  gtk_window_close (GTK_WINDOW (dialog));
  oba_test_wait_until (dialog_of (&clerk) == NULL);
  dialog = open_dialog (&clerk, "correct.return");
  focus = gtk_window_get_focus (GTK_WINDOW (dialog));
  g_assert_nonnull (focus);
  g_assert_nonnull (gtk_widget_get_ancestor (focus, OBA_TYPE_RETURN_FORM));
  leave (&clerk);
}

/* Ten thousand characters, markup, what turns the line around: told, or kept as it is, never in the way. */
static void
test_bad_text (Fixture *fixture, gconstpointer data)
{
  Desk clerk;
  ObaCorrectionWindow *dialog;
  g_autofree char *much = g_strnfill (10000, 'x');

  sit_down (fixture, &clerk, "tural", "R1");
  dialog = open_dialog (&clerk, "correct.void");
  oba_correction_window_set_reason (dialog, "other", much);
  g_assert_true (says (dialog, "At most 1,000 characters are kept; these are 10000."));
  oba_test_picture (GTK_WINDOW (dialog), "correct-long");
  press (dialog, "_Post");
  g_assert_true (says (dialog, "At most 1,000 characters are kept"));
  oba_correction_window_set_reason (dialog, "other", "  a ");
  press (dialog, "_Post");
  g_assert_true (says (dialog, "Say in a few words"));
  oba_correction_window_set_reason (dialog, "other", "<b>\xe2\x80\xae'; drop</b>");
  press (dialog, "_Post");
  g_assert_true (says (dialog, "an invisible control character (U+202E)"));
  oba_correction_window_set_reason (dialog, "other", "<b>'; drop table\tx</b>");
  press (dialog, "_Post");
  wait_done (&clerk);
  assert_ask (fixture, "<b>'; drop table x</b>", "select reason from oba.receipts where kind = 'void'");
  oba_test_wait_until (shows (&clerk, "<b>'; drop table x</b>"));
  leave (&clerk);
}

/* The same from a customer's profile: their receipt that was not recorded, and the one that the timeline shows. */
static void
test_from_profile (Fixture *fixture, gconstpointer data)
{
  g_autofree char *own = g_strdup_printf ("%s user=tural", app_database_get_conninfo (fixture->database));
  GtkWidget *overlay = adw_toast_overlay_new ();
  Desk clerk = { .session = app_database_sign_in_at (own), .window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", fixture->app, NULL) };
  ObaCustomersPage *page = g_object_new (OBA_TYPE_CUSTOMERS_PAGE, "session", clerk.session, NULL);
  ObaProfileView *profile;
  ObaTimelineView *timeline;
  ObaCorrectionWindow *dialog;

  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (page));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (clerk.window), overlay);
  oba_test_present (clerk.window, 1088, 720);
  oba_customers_page_open_profile (page, 600);
  profile = OBA_PROFILE_VIEW (oba_subpages_get_top (oba_customers_page_get_subpages (page)));
  oba_test_wait_until (oba_profile_view_is_loaded (profile));
  gtk_widget_activate_action (GTK_WIDGET (profile), "profile.record-missed", NULL);
  dialog = take_dialog (&clerk);
  g_assert_true (says (dialog, "Əliyeva Aygün, customer 600"));
  gtk_window_close (GTK_WINDOW (dialog));   /* nothing was typed: nothing is asked */
  oba_test_wait_until (dialog_of (&clerk) == NULL);

  timeline = OBA_TIMELINE_VIEW (child_of (GTK_WIDGET (profile), OBA_TYPE_TIMELINE_VIEW));
  g_signal_emit_by_name (oba_test_find (GTK_WIDGET (timeline), GTK_TYPE_TOGGLE_BUTTON, "Receipts"), "clicked");
  oba_test_wait_until (oba_timeline_view_is_settled (timeline) && shows (&clerk, "12.44"));
  g_signal_emit_by_name (oba_timeline_view_get_list (timeline), "activate", 1);
  oba_test_wait_until (child_of (GTK_WIDGET (timeline), OBA_TYPE_CORRECT_MENU) != NULL);
  oba_test_picture (clerk.window, "correct-timeline");
  gtk_widget_activate_action (child_of (GTK_WIDGET (timeline), OBA_TYPE_CORRECT_MENU), "correct.void", NULL);
  dialog = take_dialog (&clerk);
  g_assert_true (says (dialog, "Receipt R1, OBA Nizami"));
  oba_correction_window_set_reason (dialog, "duplicate", "Twice on her list");
  press (dialog, "_Post");
  oba_test_wait_until (dialog_of (&clerk) == NULL);
  /* The timeline has changed meanwhile, and with it the button; the way back is offered all the same. */
  oba_test_wait_until (shows (&clerk, "The receipt is voided"));
  press (clerk.window, "_Undo");
  oba_test_wait_until (shows (&clerk, "Undone"));
  assert_ask (fixture, "112 0 11244", ACCOUNT);
  leave (&clerk);
}

/* Who may not correct has no button, and the database has the last word. */
static void
test_roles (Fixture *fixture, gconstpointer data)
{
  static const char *const others[] = { "rauf", "aysu" };
  Desk desk;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      sit_down (fixture, &desk, others[i], "R1");
      g_assert_null (oba_test_find (GTK_WIDGET (desk.view), OBA_TYPE_CORRECT_MENU, NULL));
      leave (&desk);
    }
  sit_down (fixture, &desk, "leyla", "R1");
  g_assert_nonnull (oba_test_find (GTK_WIDGET (desk.view), OBA_TYPE_CORRECT_MENU, NULL));
  leave (&desk);
}

/* How much, as people type it. */
static void
test_quantity (void)
{
  static const struct { const char *text; gint64 thousandths; } good[] = { { "1", 1000 }, { " 0,235 ", 235 }, { "1.5", 1500 }, { "12,", 12000 }, { "1000000", 1000000000 } };
  static const char *const bad[] = { "", "0", "0.000", "-1", ".", ",5", "1,2,3", "1.2345", "1 000", "1000000.001", "x", "１" };
  gint64 value;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (oba_correction_text_quantity (good[i].text, &value));
      g_assert_cmpint (value, ==, good[i].thousandths);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (oba_correction_text_quantity (bad[i], &value));
}

int
main (int argc, char **argv)
{
  oba_test_app_init (&argc, &argv);

  g_test_add_func ("/app/corrections/quantity", test_quantity);
#define ADD(path, func) g_test_add ("/app/corrections/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("void", test_void);
  ADD ("return", test_return);
  ADD ("over-limit", test_over_limit);
  ADD ("focus", test_focus);
  ADD ("two-clerks", test_two_clerks);
  ADD ("two-at-once", test_two_at_once);
  ADD ("closed-month", test_closed_month);
  ADD ("preview-is-deed", test_preview_is_deed);
  ADD ("lost", test_lost);
  ADD ("move", test_move);
  ADD ("change", test_change);
  ADD ("place-and-time", test_place_and_time);
  ADD ("missed", test_missed);
  ADD ("from-profile", test_from_profile);
  ADD ("bad-text", test_bad_text);
  ADD ("roles", test_roles);
#undef ADD
  return g_test_run ();
}
