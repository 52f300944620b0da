#include "oba-scan.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>
#include <zbar.h>

#define SIDE 2400          /* what is larger is scanned smaller: a code that one can see is still sharp */
#define SMALL_SIDE 600      /* what is smaller is not made smaller still */
#define MAX_SIDE 32767
#define MAX_SCANS 100      /* of a progressive JPEG; each costs the time of a whole picture, and can be a few bytes */
#define CHUNK 2048         /* between two looks at the clock */
#define Y800 0x30303859u   /* zbar's name for a byte of grey a pixel: the letters “Y800” */

G_DEFINE_QUARK (oba-scan-error-quark, oba_scan_error)

typedef struct
{
  gint64 deadline; /* monotonic */
  gint64 max_pixels;
  gboolean too_large;
} Limits;

typedef struct
{
  guchar *data;
  guint width;
  guint height;
} Grey;

static gboolean
check_time (const Limits *limits, GError **error)
{
  if (g_get_monotonic_time () < limits->deadline)
    return TRUE;
  g_set_error_literal (error, OBA_SCAN_ERROR, OBA_SCAN_ERROR_TOO_SLOW, "The picture took too long.");
  return FALSE;
}

/* ---- unpacking */

static const char *
sniff (const guchar *data, gsize length)
{
  if (length > 12 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return "png";
  return length > 12 && memcmp (data, "\xff\xd8\xff", 3) == 0 ? "jpeg" : NULL;
}

static gboolean
has_many_scans (const guchar *data, gsize length)
{
  guint n = 0;

  for (gsize i = 0; i + 1 < length && n <= MAX_SCANS; i++)
    n += data[i] == 0xff && data[i + 1] == 0xda;
  return n > MAX_SCANS;
}

/* Before a pixel is unpacked. Size 0 makes the loader give up. */
static void
size_cb (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  Limits *limits = user_data;
  double scale = (double) SIDE / MAX (MAX (width, height), 1);

  if (width > MAX_SIDE || height > MAX_SIDE || (gint64) width * height > limits->max_pixels)
    {
      limits->too_large = TRUE;
      gdk_pixbuf_loader_set_size (loader, 0, 0);
    }
  else if (scale < 1)
    gdk_pixbuf_loader_set_size (loader, MAX ((int) (width * scale), 1), MAX ((int) (height * scale), 1));
}

static gboolean
feed (GdkPixbufLoader *loader, const guchar *data, gsize length, const Limits *limits, GError **error)
{
  gboolean fed = TRUE;

  for (gsize at = 0; fed && !limits->too_large && at < length; at += CHUNK)
    fed = check_time (limits, error) && gdk_pixbuf_loader_write (loader, data + at, MIN (CHUNK, length - at), error);
  if (!fed || limits->too_large)
    {
      gdk_pixbuf_loader_close (loader, NULL);
      return FALSE;
    }
  return gdk_pixbuf_loader_close (loader, error);
}

/* What the loader itself says of a broken file is for nobody. Of half a picture the codes of that half are read. */
static GdkPixbuf *
unpack (GBytes *picture, Limits *limits, GError **error)
{
  gsize length;
  const guchar *data = g_bytes_get_data (picture, &length);
  const char *type = sniff (data, length);
  g_autoptr (GdkPixbufLoader) loader = type != NULL ? gdk_pixbuf_loader_new_with_type (type, NULL) : NULL;
  g_autoptr (GError) why = NULL;
  GdkPixbuf *pixbuf;

  if (loader == NULL)
    {
      g_set_error_literal (error, OBA_SCAN_ERROR, OBA_SCAN_ERROR_NOT_A_PICTURE, "This is neither PNG nor JPEG.");
      return NULL;
    }
  limits->max_pixels = g_str_equal (type, "png") ? OBA_SCAN_MAX_PNG_PIXELS : OBA_SCAN_MAX_JPEG_PIXELS;
  limits->too_large = length > OBA_SCAN_MAX_BYTES || (g_str_equal (type, "jpeg") && has_many_scans (data, length));
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_cb), limits);
  if (feed (loader, data, length, limits, &why) && (pixbuf = gdk_pixbuf_loader_get_pixbuf (loader)) != NULL)
    return g_object_ref (pixbuf);
  if (limits->too_large)
    g_set_error_literal (error, OBA_SCAN_ERROR, OBA_SCAN_ERROR_TOO_LARGE, "The picture is too large.");
  else if (g_error_matches (why, OBA_SCAN_ERROR, OBA_SCAN_ERROR_TOO_SLOW))
    g_propagate_error (error, g_steal_pointer (&why));
  else
    g_set_error_literal (error, OBA_SCAN_ERROR, OBA_SCAN_ERROR_BROKEN, "The picture is broken.");
  return NULL;
}

/* ---- grey */

/* On white, as a picture without a ground is seen in a chat. */
static guchar
grey_of (const guchar *pixel, gboolean has_alpha)
{
  guint grey = (pixel[0] * 77u + pixel[1] * 151u + pixel[2] * 28u) >> 8;
  guint alpha = has_alpha ? pixel[3] : 255;

  return (guchar) ((grey * alpha + 255 * (255 - alpha)) / 255);
}

static Grey
make_grey (GdkPixbuf *pixbuf)
{
  Grey grey = { NULL, (guint) gdk_pixbuf_get_width (pixbuf), (guint) gdk_pixbuf_get_height (pixbuf) };
  const guchar *pixels = gdk_pixbuf_read_pixels (pixbuf);
  gsize stride = (gsize) gdk_pixbuf_get_rowstride (pixbuf), channels = (gsize) gdk_pixbuf_get_n_channels (pixbuf);
  gboolean has_alpha = gdk_pixbuf_get_has_alpha (pixbuf);

  grey.data = g_malloc ((gsize) grey.width * grey.height);
  for (gsize y = 0; y < grey.height; y++)
    for (gsize x = 0; x < grey.width; x++)
      grey.data[y * grey.width + x] = grey_of (pixels + y * stride + x * channels, has_alpha);
  return grey;
}

/* Half as large: the noise of a bad camera is evened out. */
static Grey
make_half (const Grey *whole)
{
  Grey half = { NULL, whole->width / 2, whole->height / 2 };

  half.data = g_malloc (MAX ((gsize) half.width * half.height, 1));
  for (gsize y = 0; y < half.height; y++)
    for (gsize x = 0; x < half.width; x++)
      {
        const guchar *at = whole->data + 2 * y * whole->width + 2 * x;

        half.data[y * half.width + x] = (guchar) ((at[0] + at[1] + at[whole->width] + at[whole->width + 1]) / 4);
      }
  return half;
}

/* ---- looking for codes */

static void
add_code (GPtrArray *codes, const char *data, gsize length)
{
  g_autofree char *text = g_strndup (data, length);

  g_strstrip (text);
  if (strlen (text) == 0 || !g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) > OBA_SCAN_MAX_CODE || codes->len >= OBA_SCAN_MAX_CODES ||
      g_ptr_array_find_with_equal_func (codes, text, g_str_equal, NULL))
    return;
  g_ptr_array_add (codes, g_steal_pointer (&text));
}

/* QR codes alone: what else zbar could read is no code of ours, and code that strangers' pictures need not reach. */
static void
look (const Grey *grey, GPtrArray *codes)
{
  zbar_image_scanner_t *scanner = zbar_image_scanner_create ();
  zbar_image_t *image = zbar_image_create ();

  zbar_image_scanner_set_config (scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config (scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  zbar_image_set_format (image, Y800);
  zbar_image_set_size (image, grey->width, grey->height);
  zbar_image_set_data (image, grey->data, (gulong) grey->width * grey->height, NULL);
  if (zbar_scan_image (scanner, image) > 0)
    for (const zbar_symbol_t *symbol = zbar_image_first_symbol (image); symbol != NULL; symbol = zbar_symbol_next (symbol))
      add_code (codes, zbar_symbol_get_data (symbol), zbar_symbol_get_data_length (symbol));
  zbar_image_destroy (image);
  zbar_image_scanner_destroy (scanner);
}

static void
invert (Grey *grey)
{
  for (gsize i = 0; i < (gsize) grey->width * grey->height; i++)
    grey->data[i] = (guchar) ~grey->data[i];
}

/* As it is, then smaller and smaller. */
static gboolean
look_smaller (const Grey *whole, const Limits *limits, GPtrArray *codes, GError **error)
{
  Grey grey = *whole;
  gboolean in_time = TRUE;

  look (&grey, codes);
  while (codes->len == 0 && MAX (grey.width, grey.height) >= SMALL_SIDE && MIN (grey.width, grey.height) > 1 && (in_time = check_time (limits, error)))
    {
      Grey half = make_half (&grey);

      if (grey.data != whole->data)
        g_free (grey.data);
      grey = half;
      look (&grey, codes);
    }
  if (grey.data != whole->data)
    g_free (grey.data);
  return in_time;
}

/* Dark on light, then as the screen of a phone in dark style shows it. */
static gboolean
look_again (Grey *whole, const Limits *limits, GPtrArray *codes, GError **error)
{
  if (!check_time (limits, error) || !look_smaller (whole, limits, codes, error))
    return FALSE;
  if (codes->len > 0)
    return TRUE;
  invert (whole);
  return look_smaller (whole, limits, codes, error);
}

char **
oba_scan_picture (GBytes *picture, guint milliseconds, GError **error)
{
  Limits limits = { .deadline = g_get_monotonic_time () + (gint64) milliseconds * 1000 };
  g_autoptr (GPtrArray) codes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GdkPixbuf) pixbuf = unpack (picture, &limits, error);
  gboolean looked;
  Grey grey;

  if (pixbuf == NULL)
    return NULL;
  grey = make_grey (pixbuf);
  g_clear_object (&pixbuf);
  looked = look_again (&grey, &limits, codes, error);
  g_free (grey.data);
  if (!looked)
    return NULL;
  g_ptr_array_add (codes, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&codes), FALSE);
}

/* ---- in a thread */

typedef struct
{
  GBytes *picture;
  guint milliseconds;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_bytes_unref (job->picture);
  g_free (job);
}

static void
work (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  char **codes = oba_scan_picture (job->picture, job->milliseconds, &error);

  if (codes != NULL)
    g_task_return_pointer (task, codes, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

void
oba_scan_picture_async (GBytes *picture, guint milliseconds, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->picture = g_bytes_ref (picture);
  job->milliseconds = milliseconds;
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, work);
}

char **
oba_scan_picture_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
