/* Photos that customers send: codes are found as a phone sees them, and nothing that somebody sends takes more time or memory than a photo may. */
#include "cards/oba-qr.h"
#include "scan/oba-scan-code.h"
#include "scan/oba-scan.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <string.h>

#define PATIENCE 60000 /* a sanitizer build on a busy machine is slow */

static cairo_status_t
append (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static GBytes *
write_png (cairo_surface_t *surface)
{
  GByteArray *bytes = g_byte_array_new ();

  g_assert_cmpint (cairo_surface_write_to_png_stream (surface, append, bytes), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (bytes);
}

static void
draw_code (cairo_t *cr, const char *text, double x, double y, double size, double degrees)
{
  g_autoptr (ObaQr) qr = oba_qr_new (text);

  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, degrees * G_PI / 180);
  oba_qr_draw (qr, cr, - size / 2, - size / 2, size);
  cairo_restore (cr);
}

/* A seeded grain, as a camera has it in a dark shop. */
static void
add_noise (cairo_surface_t *surface)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);
  guchar *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  for (int y = 0; y < cairo_image_surface_get_height (surface); y++)
    for (int x = 0; x < 4 * cairo_image_surface_get_width (surface); x++)
      data[y * stride + x] = (guchar) CLAMP (data[y * stride + x] + g_rand_int_range (rand, -45, 46), 0, 255);
  cairo_surface_mark_dirty (surface);
}

static cairo_surface_t *
photo_new (int width, int height, double ground, double ink, cairo_t **cr)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);

  *cr = cairo_create (surface);
  cairo_set_source_rgb (*cr, ground, ground, ground);
  cairo_paint (*cr);
  cairo_set_source_rgb (*cr, ink, ink, ink);
  return surface;
}

static GBytes *
photo (const char *text, double degrees, double ground, double ink, gboolean noisy)
{
  cairo_t *cr;
  cairo_surface_t *surface = photo_new (640, 480, ground, ink, &cr);

  draw_code (cr, text, 330, 250, 260, degrees);
  cairo_destroy (cr);
  if (noisy)
    add_noise (surface);
  return write_png (surface);
}

static GBytes *
as_jpeg (GBytes *png, int width, int height)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (png);
  g_autoptr (GdkPixbuf) small = gdk_pixbuf_new_from_stream (stream, NULL, NULL);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_scale_simple (small, width, height, GDK_INTERP_NEAREST);
  char *buffer;
  gsize length;

  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &buffer, &length, "jpeg", NULL, "quality", "60", NULL));
  return g_bytes_new_take (buffer, length);
}

static void
assert_codes (GBytes *picture, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) codes = oba_scan_picture (picture, PATIENCE, &error);
  g_autofree char *found = NULL;

  g_assert_no_error (error);
  found = g_strjoinv (" ", codes);
  g_assert_cmpstr (found, ==, expected);
}

static void
assert_refused (GBytes *picture, ObaScanError expected)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) codes = oba_scan_picture (picture, PATIENCE, &error);

  g_assert_error (error, OBA_SCAN_ERROR, (int) expected);
  g_assert_null (codes);
}

/* Whoever holds the phone askew, in bad light, or photographs a dark screen, need not try again. */
static void
test_photos (void)
{
  static const double angles[] = { 0, 17, 45, 90, 180, 233, 301 };
  cairo_t *cr;
  cairo_surface_t *surface = photo_new (900, 500, 1, 0, &cr);
  g_autoptr (GBytes) noisy = photo ("9000000000000001", 12, 0.85, 0.2, TRUE);
  g_autoptr (GBytes) dark = photo ("9000000000000001", 5, 0.1, 0.9, FALSE);
  g_autoptr (GBytes) jpeg = as_jpeg (noisy, 640, 480);
  g_autoptr (GBytes) large = as_jpeg (noisy, 4800, 3600);
  g_autoptr (GBytes) several = NULL, none = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (angles); i++)
    {
      g_autoptr (GBytes) turned = photo ("https://t.me/obabot?start=p_1", angles[i], 1, 0, FALSE);

      assert_codes (turned, "https://t.me/obabot?start=p_1");
    }
  assert_codes (noisy, "9000000000000001");
  assert_codes (dark, "9000000000000001");
  assert_codes (jpeg, "9000000000000001");
  assert_codes (large, "9000000000000001");
  draw_code (cr, "one", 220, 250, 240, 0);
  draw_code (cr, "Çay", 660, 250, 240, 30);
  cairo_destroy (cr);
  several = write_png (surface);
  {
    g_auto (GStrv) codes = oba_scan_picture (several, PATIENCE, NULL);

    g_assert_cmpuint (g_strv_length (codes), ==, 2);
    g_assert_true (g_strv_contains ((const char *const *) codes, "one") && g_strv_contains ((const char *const *) codes, "Çay"));
  }
  surface = photo_new (300, 300, 1, 0, &cr);
  cairo_destroy (cr);
  none = write_png (surface);
  assert_codes (none, "");
}

/* Grey, without a ground, and one pixel wide. */
static void
test_kinds (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 400, 400);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GBytes) grey = NULL, clear = NULL, thin = NULL;

  cairo_set_source_rgba (cr, 0, 0, 0, 1);
  cairo_paint (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_CLEAR);
  draw_code (cr, "grey", 200, 200, 360, 0);
  cairo_destroy (cr);
  grey = write_png (surface);
  assert_codes (grey, "grey");

  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 400, 400);
  cr = cairo_create (surface);
  draw_code (cr, "clear", 200, 200, 360, 0);
  cairo_destroy (cr);
  clear = write_png (surface);
  assert_codes (clear, "clear");

  surface = photo_new (1, 3000, 1, 0, &cr);
  cairo_destroy (cr);
  thin = write_png (surface);
  assert_codes (thin, "");
}

static void
put_number (guchar *at, guint32 number)
{
  number = GUINT32_TO_BE (number);
  memcpy (at, &number, 4);
}

/* A few hundred bytes that unpack to gigabytes are refused by their header; so is what is no picture, broken, or cut off. */
static void
test_hostile (void)
{
  g_autoptr (GBytes) good = photo ("9000000000000001", 0, 1, 0, FALSE);
  g_autoptr (GBytes) jpeg = as_jpeg (good, 640, 480);
  g_autoptr (GBytes) bomb = NULL, cut = NULL, head = NULL, gif = NULL, empty = g_bytes_new (NULL, 0), scans = NULL, heavy = NULL, mangled = NULL;
  gsize length, jpeg_length;
  const guchar *data = g_bytes_get_data (good, &length), *jpeg_data = g_bytes_get_data (jpeg, &jpeg_length);
  g_autofree guchar *copy = g_memdup2 (data, length), *many = g_malloc (jpeg_length + 4000);

  put_number (copy + 16, 60000);
  put_number (copy + 20, 60000);
  bomb = g_bytes_new (copy, length);
  assert_refused (bomb, OBA_SCAN_ERROR_BROKEN); /* its checksum is wrong, too */
  gif = g_bytes_new_static ("GIF89a\1\0\1\0\200\0\0\0\0\0\377\377\377!\371", 24);
  assert_refused (gif, OBA_SCAN_ERROR_NOT_A_PICTURE);
  assert_refused (empty, OBA_SCAN_ERROR_NOT_A_PICTURE);
  head = g_bytes_new (data, 40);
  assert_refused (head, OBA_SCAN_ERROR_BROKEN);
  memcpy (copy, data, length);
  memset (copy + length / 2, 0x55, length / 4);
  mangled = g_bytes_new (copy, length);
  assert_refused (mangled, OBA_SCAN_ERROR_BROKEN);

  for (gsize i = 0; i + 8 < jpeg_length; i++) /* the size of a JPEG is in its frame, which has no checksum */
    if (jpeg_data[i] == 0xff && jpeg_data[i + 1] == 0xc0)
      {
        g_autofree guchar *huge = g_memdup2 (jpeg_data, jpeg_length);

        memset (huge + i + 5, 0x7f, 4);
        g_clear_pointer (&bomb, g_bytes_unref);
        bomb = g_bytes_new (huge, jpeg_length);
        assert_refused (bomb, OBA_SCAN_ERROR_TOO_LARGE);
        break;
      }
  memcpy (many, jpeg_data, jpeg_length);
  for (guint i = 0; i < 2000; i++)
    memcpy (many + jpeg_length + 2 * i, "\xff\xda", 2);
  scans = g_bytes_new (many, jpeg_length + 4000);
  assert_refused (scans, OBA_SCAN_ERROR_TOO_LARGE);
  cut = g_bytes_new (jpeg_data, jpeg_length / 3);
  {
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) codes = oba_scan_picture (cut, PATIENCE, &error); /* what there is of it */

    g_assert_true (codes != NULL || g_error_matches (error, OBA_SCAN_ERROR, OBA_SCAN_ERROR_BROKEN));
  }
  heavy = g_bytes_new_take (g_malloc0 (OBA_SCAN_MAX_BYTES + 1), OBA_SCAN_MAX_BYTES + 1);
  memcpy ((guchar *) g_bytes_get_data (heavy, NULL), data, 8);
  assert_refused (heavy, OBA_SCAN_ERROR_TOO_LARGE);
}

/* Bytes changed anywhere, also in what looks like a picture, harm nobody. */
static void
test_mutated (void)
{
  const guint32 seed = g_getenv ("OBA_FUZZ_SEED") != NULL ? (guint32) g_ascii_strtoull (g_getenv ("OBA_FUZZ_SEED"), NULL, 10) : 20240501;
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  cairo_t *cr;
  cairo_surface_t *surface = photo_new (160, 120, 1, 0, &cr);
  g_autoptr (GBytes) png = NULL, jpeg = NULL;

  draw_code (cr, "x", 80, 60, 110, 0);
  cairo_destroy (cr);
  png = write_png (surface);
  jpeg = as_jpeg (png, 160, 120);
  g_test_message ("OBA_FUZZ_SEED=%u", seed);
  for (guint i = 0; i < 300; i++)
    {
      GBytes *from = i % 4 == 0 ? png : jpeg;
      gsize length;
      const guchar *data = g_bytes_get_data (from, &length);
      guchar *copy = g_memdup2 (data, length);
      g_autoptr (GBytes) mutated = NULL;
      g_auto (GStrv) codes = NULL;

      for (int n = g_rand_int_range (rand, 1, 9); n > 0; n--)
        copy[g_rand_int_range (rand, 3, (gint32) length)] = (guchar) g_rand_int_range (rand, 0, 256);
      mutated = g_bytes_new_take (copy, (gsize) g_rand_int_range (rand, 3, (gint32) length + 1));
      codes = oba_scan_picture (mutated, PATIENCE, NULL);
    }
}

/* Nobody waits longer than they were told; and the main loop goes on meanwhile. */
static void
scanned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_time (void)
{
  g_autoptr (GBytes) good = photo ("x", 0, 1, 0, FALSE);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) codes = NULL;

  g_assert_null (oba_scan_picture (good, 0, &error));
  g_assert_error (error, OBA_SCAN_ERROR, OBA_SCAN_ERROR_TOO_SLOW);
  g_clear_error (&error);
  oba_scan_picture_async (good, PATIENCE, NULL, scanned, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  codes = oba_scan_picture_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (codes[0], ==, "x");
}

static void
assert_code (const char *text, const char *kind, const char *value, const char *bot)
{
  g_autoptr (ObaScanCode) code = oba_scan_code_parse (text);

  g_assert_cmpstr (oba_scan_code_get_kind (code), ==, kind);
  g_assert_cmpstr (code->value, ==, value);
  g_assert_cmpstr (code->bot, ==, bot);
}

/* A link is what its host says, and not what somebody writes into its path. */
static void
test_codes (void)
{
  assert_code (" 9000000000000001\n", "plain", "9000000000000001", NULL);
  assert_code ("AB12-CD34-EF56", "plain", "AB12-CD34-EF56", NULL);
  assert_code ("https://t.me/obabot?start=p_1-A", "start", "p_1-A", "obabot");
  assert_code ("tg://resolve?domain=obabot&start=p_1", "start", "p_1", "obabot");
  assert_code ("https://monitoring.e-kassa.gov.az/#/index?doc=7VqLdp1Ac3Zk", "fiscal", "7VqLdp1Ac3Zk", NULL);
  assert_code ("HTTPS://MONITORING.E-KASSA.GOV.AZ/index?doc=a%2Fb", "fiscal", "a/b", NULL);
  assert_code ("https://t.me/obabot", "plain", "https://t.me/obabot", NULL);
  assert_code ("https://evil.example/t.me/obabot?start=1", "plain", "https://evil.example/t.me/obabot?start=1", NULL);
  assert_code ("https://eviltelegram.me/obabot?start=1", "plain", "https://eviltelegram.me/obabot?start=1", NULL);
  assert_code ("https://e-kassa.gov.az.evil.example/?doc=1", "plain", "https://e-kassa.gov.az.evil.example/?doc=1", NULL);
  assert_code ("https://monitoring.e-kassa.gov.az/#/index?doc=", "plain", "https://monitoring.e-kassa.gov.az/#/index?doc=", NULL);
  assert_code ("", "plain", "", NULL);
  assert_code ("https://[", "plain", "https://[", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/scan/photos", test_photos);
  g_test_add_func ("/scan/kinds", test_kinds);
  g_test_add_func ("/scan/hostile", test_hostile);
  g_test_add_func ("/scan/mutated", test_mutated);
  g_test_add_func ("/scan/time", test_time);
  g_test_add_func ("/scan/codes", test_codes);

  return g_test_run ();
}
