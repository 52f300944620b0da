#include "oba-reward-picture.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"

#define SIDE 1280
#define SMALL_SIDE 96
#define MAX_BYTES (1024 * 1024)
#define MAX_SIDE 32767
#define WHITE 0xffffffff
#define CHUNK 65536

/* ---- reading */

static const char *
sniff (const guchar *data, gsize length)
{
  if (length > 12 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return "png";
  if (length > 12 && memcmp (data, "\xff\xd8\xff", 3) == 0)
    return "jpeg";
  return length > 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0 ? "webp" : NULL;
}

/* The picture data of a JPEG begins behind its segments, one of which may hold a smaller picture of its own. */
static gsize
find_scan (const guchar *data, gsize length)
{
  gsize at = 2;

  while (at + 4 <= length && data[at] == 0xff && data[at + 1] != 0xda)
    at += 2 + (gsize) (data[at + 2] << 8 | data[at + 3]);
  return MIN (at, length);
}

/* The loaders show the part of a picture that there is as if it were whole. */
static gboolean
is_whole (const char *type, const guchar *data, gsize length)
{
  gsize from = g_str_equal (type, "jpeg") ? find_scan (data, length) : 0;

  if (g_str_equal (type, "png"))
    return memmem (data, length, "IEND\xae\x42\x60\x82", 8) != NULL;
  return !g_str_equal (type, "jpeg") || memmem (data + from, length - from, "\xff\xd9", 2) != NULL;
}

/* Before a pixel is unpacked. Size 0 makes the loader give up. */
static void
size_cb (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  gboolean *too_large = user_data;
  double scale = (double) SIDE / MAX (MAX (width, height), 1);

  if (width > MAX_SIDE || height > MAX_SIDE || (gint64) width * height > OBA_REWARD_PICTURE_MAX_PIXELS)
    {
      *too_large = TRUE;
      gdk_pixbuf_loader_set_size (loader, 0, 0);
    }
  else if (scale < 1)
    gdk_pixbuf_loader_set_size (loader, MAX ((int) (width * scale), 1), MAX ((int) (height * scale), 1));
}

static gboolean
feed (GdkPixbufLoader *loader, const guchar *data, gsize length, const gboolean *too_large, GError **error)
{
  gboolean fed = TRUE;

  for (gsize at = 0; fed && !*too_large && at < length; at += CHUNK)
    fed = gdk_pixbuf_loader_write (loader, data + at, MIN (CHUNK, length - at), error);
  if (!fed || *too_large)
    {
      gdk_pixbuf_loader_close (loader, NULL);
      return FALSE;
    }
  return gdk_pixbuf_loader_close (loader, error);
}

/* The loader is the one for what the bytes begin with, whatever the file is called: no other decoder of the desktop sees them. */
static GdkPixbuf *
decode (GBytes *bytes, GError **error)
{
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);
  const char *type = sniff (data, length);
  g_autoptr (GError) why = NULL;
  g_autoptr (GdkPixbufLoader) loader = type != NULL ? gdk_pixbuf_loader_new_with_type (type, &why) : NULL;
  gboolean too_large = FALSE;
  GdkPixbuf *pixbuf;

  if (loader == NULL)
    {
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                           type != NULL ? _("This computer cannot read WebP pictures. Save it as PNG or JPEG, then choose that.") : _("This file is no PNG, JPEG or WebP picture."));
      return NULL;
    }
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_cb), &too_large);
  if (!feed (loader, data, length, &too_large, &why) || !is_whole (type, data, length) || (pixbuf = gdk_pixbuf_loader_get_pixbuf (loader)) == NULL)
    {
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                           too_large ? _("This picture has more than 50 million pixels. Make it smaller, then choose it again.") : _("This picture is broken, or only a part of it."));
      return NULL;
    }
  return gdk_pixbuf_apply_embedded_orientation (pixbuf);
}

/* ---- making */

static GdkPixbuf *
flatten (GdkPixbuf *pixbuf)
{
  if (!gdk_pixbuf_get_has_alpha (pixbuf))
    return g_object_ref (pixbuf);
  return gdk_pixbuf_composite_color_simple (pixbuf, gdk_pixbuf_get_width (pixbuf), gdk_pixbuf_get_height (pixbuf), GDK_INTERP_NEAREST, 255, 8, WHITE, WHITE);
}

static GBytes *
encode (GdkPixbuf *pixbuf, gsize most, GError **error)
{
  static const char *const qualities[] = { "88", "75", "60", "40" };

  for (guint i = 0; i < G_N_ELEMENTS (qualities); i++)
    {
      char *buffer = NULL;
      gsize length = 0;

      if (!gdk_pixbuf_save_to_buffer (pixbuf, &buffer, &length, "jpeg", error, "quality", qualities[i], NULL))
        return NULL;
      if (length <= most)
        return g_bytes_new_take (buffer, length);
      g_free (buffer);
    }
  g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This picture does not get below 1 MiB. Choose a simpler one."));
  return NULL;
}

/* The middle of it, square. */
static GdkPixbuf *
make_small (GdkPixbuf *pixbuf)
{
  int width = gdk_pixbuf_get_width (pixbuf), height = gdk_pixbuf_get_height (pixbuf), side = MIN (width, height);
  g_autoptr (GdkPixbuf) square = gdk_pixbuf_new_subpixbuf (pixbuf, (width - side) / 2, (height - side) / 2, side, side);

  return gdk_pixbuf_scale_simple (square, SMALL_SIDE, SMALL_SIDE, GDK_INTERP_BILINEAR);
}

void
oba_reward_picture_free (ObaRewardPicture *self)
{
  g_clear_pointer (&self->picture, g_bytes_unref);
  g_clear_pointer (&self->thumbnail, g_bytes_unref);
  g_free (self);
}

ObaRewardPicture *
oba_reward_picture_make (GBytes *data, GError **error)
{
  g_autoptr (ObaRewardPicture) self = g_new0 (ObaRewardPicture, 1);
  g_autoptr (GdkPixbuf) pixbuf = decode (data, error);
  g_autoptr (GdkPixbuf) flat = pixbuf != NULL ? flatten (pixbuf) : NULL;
  g_autoptr (GdkPixbuf) small = flat != NULL ? make_small (flat) : NULL;

  if (flat == NULL || small == NULL)
    {
      if (pixbuf != NULL)
        g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This picture is broken, or only a part of it."));
      return NULL;
    }
  self->picture = encode (flat, MAX_BYTES, error);
  self->thumbnail = self->picture != NULL ? encode (small, 65536, error) : NULL;
  return self->thumbnail != NULL ? g_steal_pointer (&self) : NULL;
}

GdkTexture *
oba_reward_picture_show (GBytes *data)
{
  g_autoptr (GdkPixbuf) pixbuf = decode (data, NULL);

  return pixbuf != NULL ? gdk_texture_new_for_pixbuf (pixbuf) : NULL;
}

/* ---- from a file */

/* All of it, but not more than may be: what the file says of its size is not believed either. */
static GBytes *
read_file (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autofree guchar *chunk = g_malloc (CHUNK);
  gssize n = stream != NULL ? 1 : -1;

  while (n > 0)
    {
      n = g_input_stream_read (G_INPUT_STREAM (stream), chunk, CHUNK, cancellable, error);
      if (n > 0)
        g_byte_array_append (data, chunk, (guint) n);
      if (data->len > OBA_REWARD_PICTURE_MAX_FILE)
        {
          g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This file has more than 20 MiB. Make the picture smaller, then choose it again."));
          return NULL;
        }
    }
  return n == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&data)) : NULL;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer file, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) data = read_file (file, cancellable, &error);
  ObaRewardPicture *picture = data != NULL ? oba_reward_picture_make (data, &error) : NULL;

  if (picture != NULL)
    g_task_return_pointer (task, picture, (GDestroyNotify) oba_reward_picture_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
oba_reward_picture_load_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, load_in_thread);
}

ObaRewardPicture *
oba_reward_picture_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
