/* The receipt on paper: in the customer's language, nothing over the edge, whatever a product is called; a code that a camera can read. */
#include "cards/oba-qr.h"
#include "sales/oba-correction.h"
#include "sales/oba-correction-note.h"
#include "redemptions/oba-voucher-paper.h"
#include "sales/oba-receipt-message.h"
#include "sales/oba-receipt-paper.h"

#include <cairo-pdf.h>
#include <stdio.h>
#include <string.h>

static const char one[] =
  "{\"receipt_id\": 7, \"customer_id\": 1000, \"at\": 1711882200000000, \"kind\": \"%s\", \"till\": 3, \"receipt_no\": \"A-17\", \"cashier\": \"Leyla\","
  " \"fiscal_id\": \"7VqLdp1Ac3Zk\", \"total\": 1250, \"discount\": 50, \"vat\": 190, \"cash\": 250, \"card\": 1000, \"paid_points\": 0, \"other\": 0,"
  " \"store\": [\"OBA Nizami\", \"Bakı\", \"Nizami küçəsi 5\", 1],"
  " \"customer\": {\"person\": true, \"language\": \"ru\", \"name\": \"Əliyeva Aygün\", \"balance\": 12},"
  " \"lines\": [[\"%s\", 1375, \"kg\", 909, 0, 190, 1250, 180, \"P1\"]],"
  " \"points\": [{\"kind\": \"earn\", \"points\": 12, \"reason\": \"\", \"rule\": \"\", \"version\": 1, \"lots\": []}],"
  " \"family\": [{\"receipt_id\": 5, \"customer_id\": 1000, \"at\": 1711882200000000, \"kind\": \"sale\", \"receipt_no\": \"A-5\", \"total\": 1, \"reason_code\": \"\","
  " \"reason\": \"\", \"source\": \"till\", \"by\": \"\", \"points\": 0}]}";

static ObaReceipt *
receipt_new (const char *kind,
             const char *product)
{
  GString *json = g_string_new (one);
  ObaReceipt *receipt;

  g_string_replace (json, "%s", kind, 1);
  g_string_replace (json, "%s", product, 1);
  receipt = oba_receipt_new_from_json (json->str);
  g_string_free (json, TRUE);
  g_assert_nonnull (receipt);
  return receipt;
}

/* Russian to whom reads Russian, with every amount as it was; the time by the chain's clock. */
static void
test_text (void)
{
  g_autoptr (ObaReceipt) receipt = receipt_new ("sale", "Çay Azərçay");
  g_autoptr (ObaReceiptPaper) paper = oba_receipt_paper_new (receipt, oba_language_parse (receipt->language));
  const char *text = oba_receipt_paper_get_text (paper);

  g_assert_nonnull (strstr (text, "ИТОГО                                12.50\n"));
  g_assert_nonnull (strstr (text, "31.03.2024 14:50"));
  g_assert_nonnull (strstr (text, "  1.375 кг x 9.09                    12.50\n"));
  g_assert_nonnull (strstr (text, "Банковской картой                    10.00\n"));
  g_assert_nonnull (strstr (text, "+12"));
  g_assert_null (strstr (text, "Əliyeva"));   /* who finds the paper learns no name */
  g_assert_cmpstr (oba_receipt_paper_get_link (paper), ==, "https://monitoring.e-kassa.gov.az/#/index?doc=7VqLdp1Ac3Zk");
}

/* What is off stands below what it would have cost: the right edge adds up, on a return, too. */
static void
test_discount (void)
{
  g_autoptr (ObaReceipt) receipt = receipt_new ("sale", "Çay");
  g_autoptr (ObaReceiptPaper) paper = NULL;
  ObaReceiptLine *line = receipt->lines->pdata[0];

  line->discount = 50;
  paper = oba_receipt_paper_new (receipt, OBA_LANGUAGE_EN);
  g_assert_nonnull (strstr (oba_receipt_paper_get_text (paper), "  1.375 kg x 9.09                    13.00\n"
                                                                "  Discount                           -0.50\n"));
  oba_receipt_paper_free (paper);
  line->quantity = - line->quantity;
  line->discount = -50;
  line->total = -1250;
  paper = oba_receipt_paper_new (receipt, OBA_LANGUAGE_EN);
  g_assert_nonnull (strstr (oba_receipt_paper_get_text (paper), "  -1.375 kg x 9.09                  -13.00\n"
                                                                "  Discount                            0.50\n"));
}

/* A return says so, and which receipt it answers. */
static void
test_return (void)
{
  g_autoptr (ObaReceipt) receipt = receipt_new ("return", "Çay");
  g_autoptr (ObaReceiptPaper) paper = oba_receipt_paper_new (receipt, OBA_LANGUAGE_AZ);

  g_assert_nonnull (strstr (oba_receipt_paper_get_text (paper), "QAYTARMA"));
  g_assert_nonnull (strstr (oba_receipt_paper_get_text (paper), "A-5"));
}

static guint
columns_of (const char *line)
{
  guint n = 0;

  for (const char *p = line; *p != '\0'; p = g_utf8_next_char (p))
    n += g_unichar_iszerowidth (g_utf8_get_char (p)) ? 0 : g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
  return n;
}

/* A name of 10,000 letters, of wide ones, of none but spaces: every line fits, and the sum stays in its place. */
static void
test_edges (void)
{
  g_autofree char *endless = g_strnfill (10000, 'x');
  g_autofree char *words = g_strnfill (300, ' ');
  const char *const products[] = { endless, words, "茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶", "", "e\xcc\x81\xcc\x81\xcc\x81", "<b>&amp; \\\"%n" };

  for (guint i = 0; i < G_N_ELEMENTS (products); i++)
    {
      g_autoptr (ObaReceipt) receipt = receipt_new ("sale", products[i]);
      g_autoptr (ObaReceiptPaper) paper = oba_receipt_paper_new (receipt, OBA_LANGUAGE_EN);
      g_auto (GStrv) lines = g_strsplit (oba_receipt_paper_get_text (paper), "\n", -1);

      for (guint n = 0; lines[n] != NULL; n++)
        g_assert_cmpuint (columns_of (lines[n]), <=, OBA_RECEIPT_PAPER_COLUMNS);
      g_assert_cmpuint (g_strv_length (lines), <, 40);
      g_assert_nonnull (strstr (oba_receipt_paper_get_text (paper), "1.375 kg x 9.09"));
    }
}

/* Until there are @n like the first. */
static void
add_lines (ObaReceipt *receipt,
           guint       n)
{
  ObaReceiptLine *line = receipt->lines->pdata[0];

  for (guint i = 1; i < n; i++)
    {
      ObaReceiptLine *copy = g_memdup2 (line, sizeof *line);

      copy->product = g_strdup (line->product);
      copy->code = g_strdup (line->code);
      copy->unit = g_strdup (line->unit);
      g_ptr_array_add (receipt->lines, copy);
    }
}

/* 10,000 lines go over pages, none is lost between two of them, and the code is on the last one. */
static void
test_pages (void)
{
  g_autoptr (ObaReceipt) receipt = receipt_new ("sale", "Çay");
  g_autoptr (ObaReceiptPaper) paper = NULL;
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "oba-paper-test.pdf", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  double height;

  add_lines (receipt, 10000);
  paper = oba_receipt_paper_new (receipt, OBA_LANGUAGE_AZ);
  height = oba_receipt_paper_get_height (paper);
  g_assert_cmpuint (oba_receipt_paper_count_pages (paper, height), ==, 1);
  g_assert_cmpuint (oba_receipt_paper_count_pages (paper, 841.89), >, (guint) (height / 841.89));
  g_assert_true (oba_receipt_paper_write_pdf (paper, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
  g_assert_true (g_str_has_prefix (bytes, "%PDF"));
  g_assert_cmpint (remove (path), ==, 0);
  g_assert_false (oba_receipt_paper_write_pdf (paper, "/nowhere/at/all.pdf", &error));
  g_assert_nonnull (error);
}

/* As a message: in the customer's language, escaped, and within what Telegram takes whatever the shop sold. */
static void
test_message (void)
{
  g_autoptr (ObaReceipt) receipt = receipt_new ("sale", "Çay <b>&");
  g_autofree char *message = oba_receipt_message_of (receipt);
  g_autofree char *cut = NULL;

  g_assert_true (g_str_has_prefix (message, "<b>OBA Nizami</b>\n"));
  g_assert_nonnull (strstr (message, "• Çay &lt;b&gt;&amp;, 1,375 кг × 9,09\302\240₼ — 12,50\302\240₼\n"));
  g_assert_nonnull (strstr (message, "ИТОГО: <b>12,50\302\240₼</b>\n"));
  g_assert_nonnull (strstr (message, ": <b>+12</b>\n"));
  g_assert_null (strstr (message, "Əliyeva"));
  add_lines (receipt, 400);
  cut = oba_receipt_message_of (receipt);
  g_assert_cmpint (g_utf8_strlen (cut, -1), >, 3000);
  g_assert_nonnull (strstr (cut, " строк"));
  g_assert_nonnull (strstr (cut, "ИТОГО"));
  {
    g_autoptr (GRegex) tags = g_regex_new ("<[^>]*>|&[a-z]+;", 0, 0, NULL);
    g_autofree char *shown = g_regex_replace_literal (tags, cut, -1, 0, "x", 0, NULL);

    g_assert_cmpint (g_utf8_strlen (shown, -1), <=, OBA_RECEIPT_MESSAGE_MAX);
  }
}

static void
assert_translated (ObaCatalogue      *catalogue,
                   const char *const *texts)
{
  for (guint i = 0; texts[i] != NULL; i++)
    if (!oba_catalogue_has (catalogue, texts[i]))
      g_error ("%s: “%s” is not translated", oba_language_get_code (oba_catalogue_get_language (catalogue)), texts[i]);
}

/* Nobody reads half a language: every text of the papers has its translation. */
static void
test_translated (void)
{
  const ObaLanguage languages[] = { OBA_LANGUAGE_AZ, OBA_LANGUAGE_RU };

  for (guint l = 0; l < G_N_ELEMENTS (languages); l++)
    {
      g_autoptr (ObaCatalogue) catalogue = oba_catalogue_new ("sales", languages[l]);

      assert_translated (catalogue, oba_receipt_paper_texts);
      assert_translated (catalogue, oba_receipt_message_texts);
      assert_translated (catalogue, oba_voucher_paper_texts);
      assert_translated (catalogue, oba_correction_note_texts);
      for (guint i = 0; oba_correction_reason_codes ()[i] != NULL; i++)
        assert_translated (catalogue, (const char *const[]) { oba_correction_reason_source (oba_correction_reason_codes ()[i]), NULL });
    }
}

/* A camera looks for three eyes in a quiet zone. */
static void
test_qr (void)
{
  g_autoptr (ObaQr) qr = oba_qr_new ("https://monitoring.e-kassa.gov.az/#/index?doc=7VqLdp1Ac3Zk");
  g_autofree char *endless = g_strnfill (10000, 'x');
  guint n = oba_qr_get_modules (qr);

  g_assert_cmpuint (n, >=, 21 + 8);
  for (guint i = 0; i < n; i++)
    g_assert_false (oba_qr_is_dark (qr, i, 3) || oba_qr_is_dark (qr, 3, i) || oba_qr_is_dark (qr, i, n - 4) || oba_qr_is_dark (qr, n - 4, i));
  for (guint i = 0; i < 7; i++)
    g_assert_true (oba_qr_is_dark (qr, 4 + i, 4) && oba_qr_is_dark (qr, 4, 4 + i) && oba_qr_is_dark (qr, n - 5 - i, 4) && oba_qr_is_dark (qr, 4, n - 5 - i));
  g_assert_null (oba_qr_new (endless));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/receipt-paper/text", test_text);
  g_test_add_func ("/core/receipt-paper/discount", test_discount);
  g_test_add_func ("/core/receipt-paper/return", test_return);
  g_test_add_func ("/core/receipt-paper/edges", test_edges);
  g_test_add_func ("/core/receipt-paper/pages", test_pages);
  g_test_add_func ("/core/receipt-paper/message", test_message);
  g_test_add_func ("/core/receipt-paper/translated", test_translated);
  g_test_add_func ("/core/receipt-paper/qr", test_qr);
  return g_test_run ();
}
