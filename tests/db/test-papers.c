/* Papers for customers: the note of a correction says what was done, in their language and of nobody else; what is sent is sent once. */
#include "schema-house.h"

#include <glib/gstdio.h>
#include <string.h>

#include "sales/oba-correction-note.h"


static gint64
correct (House      *house,
         const char *request)
{
  g_autofree char *answer = call (house->conn, "correct_receipt", NULL, "%s", request);

  return ask_int (house->conn, "select $r$%s$r$::jsonb ->> 'correction_id'", answer);
}

static void
set_up (House         *house,
        gconstpointer  unused)
{
  house_setup (house, NULL);
  run (house->conn, "update oba.correction_limits set amount = 1000000000, points = 1000000000, age_days = 36600, own_receipts = false;"
                    "update oba.customers set language = 'ru' where customer_id = 100; update oba.customers set language = 'en' where customer_id = 200");
  sale (house->conn, 100, "A-1", "2024-01-10T10:00:00+04:00", 10000);
}

static ObaCorrectionNote *
read_note (House  *house,
           gint64  correction,
           gint64  customer)
{
  g_autofree char *json = ask (house->conn, "select oba.correction_note (%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ")", correction, customer);
  ObaCorrectionNote *note = oba_correction_note_new_from_json (json);

  g_assert_nonnull (note);
  return note;
}

static void
assert_says (House      *house,
             gint64      correction,
             gint64      customer,
             const char *all)
{
  g_autoptr (ObaCorrectionNote) note = read_note (house, correction, customer);
  g_auto (GStrv) lines = g_strsplit (all, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (oba_correction_note_get_text (note), lines[i]) == NULL)
      g_error ("“%s” is not in:\n%s", lines[i], oba_correction_note_get_text (note));
}

/* Each kind, with what it took and gave back in money and points, and why. */
static void
test_kinds (House         *house,
            gconstpointer  unused)
{
  gint64 id = correct (house, "{'kind': 'return', 'receipt': {'store': 1, 'till': 1, 'receipt_no': 'A-1'}, 'lines': [{'line': 1, 'quantity': '0.25'}], 'refund': 'cash',"
                              " 'seen': 0, 'reason_code': 'damaged', 'reason': 'torn <bag>'}");
  gint64 undo;

  assert_says (house, id, 100, "Акт исправления №\nВозврат\nПовреждено или испорчено: torn <bag>\nЧек №: A-1\nИТОГО: −25,00\302\240₼\nСумма: −25,00\302\240₼\nБаллы: −25\nБаллов сейчас: 75");
  undo = correct (house, "{'kind': 'undo', 'correction_id': 1, 'seen': 1, 'reason_code': 'mistake', 'reason': 'it was another'}");
  assert_says (house, undo, 100, "Исправление отменено\nИсправление было ошибкой: it was another\nСумма: 25,00\302\240₼");
  assert_says (house, id, 100, "Отменено актом №: 2");

  sale (house->conn, 100, "A-2", "2024-01-11T10:00:00+04:00", 10000);
  id = correct (house, "{'kind': 'change', 'receipt': {'store': 1, 'till': 1, 'receipt_no': 'A-2'}, 'total': 9050,"
                       " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 9050, 'total': 9050}], 'seen': 0, 'reason_code': 'wrong_price', 'reason': 'price of the shelf'}");
  assert_says (house, id, 100, "Чек изменён\nНеверная цена\nИТОГО: −100,00\302\240₼\nИТОГО: 90,50\302\240₼\nСумма: −9,50\302\240₼\nБаллы: −10");
  sale (house->conn, 200, "A-3", "2024-01-12T10:00:00+04:00", 500);
  id = correct (house, "{'kind': 'void', 'receipt': {'store': 1, 'till': 1, 'receipt_no': 'A-3'}, 'seen': 0, 'reason_code': 'duplicate', 'reason': 'twice'}");
  assert_says (house, id, 200, "Correction note No.\nThe whole receipt is void\nRecorded twice: twice\nMoney: −5.00\302\240₼\nPoints now: 0");
  id = correct (house, "{'kind': 'missed', 'data': {'store': 1, 'till': 1, 'receipt_no': 'P-7', 'sold_at': '2024-01-12T12:00:00+04:00', 'total': 300, 'customer_id': 200,"
                       " 'lines': [{'product': 1, 'quantity': 3, 'unit_price': 100, 'total': 300}]}, 'seen': 0, 'reason_code': 'missed', 'reason': 'paper'}");
  assert_says (house, id, 200, "A receipt that was missing is entered\nReceipt No.: P-7\nMoney: 3.00\302\240₼\nPoints: +3\nvalid until");
}

/* Two persons: each is told of their own receipts, and of the other one that there is somebody. */
static void
test_move (House         *house,
           gconstpointer  unused)
{
  gint64 id = correct (house, "{'kind': 'move', 'receipt': {'store': 1, 'till': 1, 'receipt_no': 'A-1'}, 'customer_id': 200, 'seen': 0, 'reason_code': 'wrong_customer', 'reason': 'her card'}");
  g_autoptr (ObaCorrectionNote) theirs = read_note (house, id, 100);
  g_autoptr (ObaCorrectionNote) hers = read_note (house, id, 200);
  const char *texts[] = { oba_correction_note_get_text (theirs), oba_correction_note_get_text (hers) };

  assert_says (house, id, 100, "Принадлежит другому покупателю.\nБаллы: −100\nСумма: 0,00\302\240₼\nКлиент №: 100");
  assert_says (house, id, 200, "It belongs to another customer.\nPoints: +100\nCustomer No.: 200");
  g_assert_null (strstr (texts[0], "№: 200"));
  g_assert_null (strstr (texts[1], "No.: 100"));
  g_assert_null (strstr (texts[0], "Elçin"));
  g_assert_null (strstr (texts[1], "Aygün"));
  assert_ask (house->conn, "", "select oba.correction_note (%" G_GINT64_FORMAT ", 1)", id);
}

/* A note that a second person approved names both: who asked, who approved and when; one that nobody had to approve names no second one. */
static void
test_approved (House         *house,
               gconstpointer  unused)
{
  static const char voiding[] = "{\"kind\": \"void\", \"receipt\": {\"store\": 1, \"till\": 1, \"receipt_no\": \"A-1\"}, \"seen\": 0, \"reason_code\": \"duplicate\", \"reason\": \"twice\"}";
  g_autofree char *note = NULL;
  gint64 approval, id;

  run (house->conn, "select oba.staff_add ('tural', 'Tural Əhmədov', 'clerk'), oba.staff_add ('leyla', 'Leyla Hacıyeva', 'supervisor');"
                    "update oba.correction_limits set amount = 100");
  run (house->conn, "set session authorization tural");
  approval = ask_int (house->conn, "select oba.correct_receipt ('%s', 'staff:tural', 'k') ->> 'approval_id'", voiding);
  run (house->conn, "set session authorization leyla");
  g_free (ask (house->conn, "select oba.decide_approval ('{\"approval_id\": %" G_GINT64_FORMAT ", \"approve\": true}', 'staff:leyla', 'k')", approval));
  run (house->conn, "reset session authorization");
  id = ask_int (house->conn, "select correction_id from oba.corrections where approval_id = %" G_GINT64_FORMAT, approval);
  assert_says (house, id, 100, ": Tural Əhmədov\nУтвердил(а): Leyla Hacıyeva");

  sale (house->conn, 200, "A-5", "2024-01-12T10:00:00+04:00", 50);
  id = correct (house, "{'kind': 'void', 'receipt': {'store': 1, 'till': 1, 'receipt_no': 'A-5'}, 'seen': 0, 'reason_code': 'duplicate', 'reason': 'twice'}");
  note = ask (house->conn, "select oba.correction_note (%" G_GINT64_FORMAT ", 200) ->> 'approved_by'", id);
  g_assert_cmpstr (note, ==, "");
}

/* 300 lines go over pages, and as a message they are counted; it stays within what Telegram takes, escaped. */
static void
test_long (House         *house,
           gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "oba-note-test.pdf", NULL);
  g_autofree char *message = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr (ObaCorrectionNote) note = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  run (house->conn, "update oba.products set name = 'Çay <Azərçay> & \"limon\" 😀' where product_id = 1");
  g_free (ask (house->conn, "select oba.record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'L', 'sold_at', '2024-02-01T10:00:00+04:00', 'total', 30000, 'customer_id', 200,"
                            " 'lines', (select jsonb_agg (jsonb_build_object ('product', 1, 'quantity', 1, 'unit_price', 100, 'total', 100)) from generate_series (1, 300))))"));
  id = correct (house, "{'kind': 'void', 'receipt': {'store': 1, 'till': 1, 'receipt_no': 'L'}, 'seen': 0, 'reason_code': 'other', 'reason': 'long <i>one</i>'}");
  note = read_note (house, id, 200);
  g_assert_cmpuint (oba_correction_note_count_pages (note, 595, 842), >, 4);
  g_assert_true (oba_correction_note_write_pdf (note, path, &error));
  g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
  g_assert_true (g_str_has_prefix (bytes, "%PDF"));
  g_assert_cmpint (g_unlink (path), ==, 0);

  message = oba_correction_note_get_message (note);
  g_assert_nonnull (strstr (message, "Çay &lt;Azərçay&gt; &amp; &quot;limon&quot; 😀, −1"));
  g_assert_nonnull (strstr (message, "long &lt;i&gt;one&lt;/i&gt;"));
  g_assert_nonnull (strstr (message, " more lines\n"));
  g_assert_nonnull (strstr (message, "Points now"));
  g_assert_null (strstr (message, "<i>"));
}

/* ---- sending */

static char *
paper_of (House      *house,
          const char *number)
{
  return ask (house->conn, "select jsonb_build_array (customer_id, (extract (epoch from sold_at) * 1000000)::bigint, receipt_id) from oba.receipts where receipt_no = '%s'", number);
}

static char *
state_of (House      *house,
          const char *what,
          const char *number)
{
  return ask (house->conn, "select oba.receipt_papers (customer_id, (extract (epoch from sold_at) * 1000000)::bigint, receipt_id) #>> '%s' from oba.receipts where receipt_no = '%s'",
              what, number);
}

#define assert_state(house, expected, what, number) \
  G_STMT_START \
    { \
      g_autofree char *oba_state = state_of (house, what, number); \
      g_assert_cmpstr (oba_state, ==, expected); \
    } \
  G_STMT_END

/* Only to whom can be reached, once however often it is asked for, with a trail. */
static void
test_send (House         *house,
           gconstpointer  unused)
{
  g_autofree char *paper = paper_of (house, "A-1");
  g_autofree char *nobodys = NULL;

  g_free (call (house->conn, "record_receipt", NULL, "{'store': 1, 'till': 1, 'receipt_no': 'N', 'sold_at': '2024-01-10T11:00:00+04:00', 'total': 100,"
                                                     " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}"));
  nobodys = paper_of (house, "N");
  assert_state (house, "nobody", "{chat}", "N");
  assert_state (house, "unlinked", "{chat}", "A-1");
  call_refused (house->conn, "OB001", "send_paper", "{'receipt': %s}", nobodys);
  call_refused (house->conn, "OB001", "send_paper", "{'receipt': %s}", paper);
  call_refused (house->conn, "OB002", "send_paper", "{'receipt': [100, 1, 1]}");
  run (house->conn, "insert into oba.telegram_links (chat_id, customer_id, unreachable_at) values (55, 100, now())");
  assert_state (house, "unreachable", "{chat}", "A-1");
  call_refused (house->conn, "OB001", "send_paper", "{'receipt': %s}", paper);
  run (house->conn, "update oba.telegram_links set unreachable_at = null");
  assert_state (house, "ready", "{chat}", "A-1");
  call_refused (house->conn, "OB002", "send_paper", "{'receipt': %s, 'correction_id': 77}", paper);

  g_free (call (house->conn, "send_paper", "k1", "{'receipt': %s}", paper));
  g_free (call (house->conn, "send_paper", "k1", "{'receipt': %s}", paper));
  call_refused (house->conn, "OB004", "send_paper", "{'receipt': %s}", paper);
  assert_ask (house->conn, "receipt-copy 55 queued", "select string_agg (concat_ws (' ', kind, chat_id, state), ',') from oba.outbox where kind = 'receipt-copy'");
  assert_state (house, "queued", "{sent,0,state}", "A-1");
  assert_ask (house->conn, "1", "select count (*) from oba.audit where action = 'receipt.send' and customer_id = 100");
  run (house->conn, "update oba.outbox set state = 'sent', sent_at = now() where kind = 'receipt-copy'");
  g_free (call (house->conn, "send_paper", "k2", "{'receipt': %s}", paper));
  assert_ask (house->conn, "2", "select count (*) from oba.outbox where kind = 'receipt-copy'");
  all_is_well (house);
}

/* Marketing and auditors send nothing; a clerk does. */
static void
test_rights (House         *house,
             gconstpointer  unused)
{
  static const struct { const char *role; const char *may; } roles[] = {
    { "oba_clerk", "true" }, { "oba_supervisor", "true" }, { "oba_admin", "true" }, { "oba_marketing", "false" }, { "oba_auditor", "false" }, { "oba_helper", "false" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    assert_ask (house->conn, roles[i].may, "select has_function_privilege ('%s', 'oba.send_paper (jsonb, text, text)', 'execute')::text", roles[i].role);
  assert_ask (house->conn, "true", "select has_function_privilege ('oba_helper', 'oba.correction_note (bigint, bigint)', 'execute')::text");
}

/* A keyboard without Azerbaijani letters finds the cashiers who have them; what was typed comes first. */
static void
test_cashiers (House         *house,
               gconstpointer  unused)
{
  static const char *const names[] = { "Şəfiqə Əliyeva", "Sevil Əliyeva", "Ülviyyə", "İlqar", "Leyla" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_free (call (house->conn, "record_receipt", NULL,
                  "{'store': 1, 'till': 1, 'receipt_no': 'C%u', 'cashier': '%s', 'sold_at': '2024-05-02 10:00+04', 'total': 100,"
                  " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}", i, names[i]));
#define LIKE(text) "select string_agg (c, ', ') from oba.cashiers_like ('" text "', 8) c"
  assert_ask (house->conn, "Şəfiqə Əliyeva", LIKE ("sefiqe eli"));
  assert_ask (house->conn, "Sevil Əliyeva, Şəfiqə Əliyeva", LIKE ("se"));
  assert_ask (house->conn, "Şəfiqə Əliyeva, Sevil Əliyeva", LIKE ("ş"));
  assert_ask (house->conn, "Ülviyyə", LIKE (" ULV"));
  assert_ask (house->conn, "İlqar", LIKE ("ilq"));
  assert_ask (house->conn, "", LIKE ("x"));
  assert_ask (house->conn, "", LIKE ("%%"));
  assert_ask (house->conn, "", LIKE (""));
#undef LIKE
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add ("/db/papers/" path, House, NULL, set_up, function, house_teardown)
  ADD ("kinds", test_kinds);
  ADD ("move", test_move);
  ADD ("approved", test_approved);
  ADD ("long", test_long);
  ADD ("send", test_send);
  ADD ("rights", test_rights);
  ADD ("cashiers", test_cashiers);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
