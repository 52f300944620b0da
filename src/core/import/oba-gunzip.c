#include "oba-gunzip.h"

struct _ObaGunzip
{
  GObject    parent;

  GConverter *zlib;
  gboolean    between;    /* a member has ended, and the next byte decides what comes */
  gboolean    padding;    /* only zeros may follow */
};

static void oba_gunzip_converter_init (GConverterIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ObaGunzip, oba_gunzip, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_CONVERTER, oba_gunzip_converter_init))

static GConverterResult
skip_padding (ObaGunzip *self, const guint8 *bytes, gsize size, GConverterFlags flags, gsize *n_read, GError **error)
{
  for (gsize i = 0; i < size; i++)
    if (bytes[i] != 0)
      {
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Something else follows the compressed data");
        return G_CONVERTER_ERROR;
      }
  *n_read = size;
  return (flags & G_CONVERTER_INPUT_AT_END) ? G_CONVERTER_FINISHED : G_CONVERTER_CONVERTED;
}

static GConverterResult
oba_gunzip_convert (GConverter       *converter,
                    const void       *inbuf,
                    gsize             inbuf_size,
                    void             *outbuf,
                    gsize             outbuf_size,
                    GConverterFlags   flags,
                    gsize            *bytes_read,
                    gsize            *bytes_written,
                    GError          **error)
{
  ObaGunzip *self = OBA_GUNZIP (converter);
  GConverterResult result;

  *bytes_read = *bytes_written = 0;
  if (self->between)
    {
      if (inbuf_size == 0)
        {
          if (flags & G_CONVERTER_INPUT_AT_END)
            return G_CONVERTER_FINISHED;
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "More input is needed");
          return G_CONVERTER_ERROR;
        }
      if (((const guint8 *) inbuf)[0] == 0x1f && !self->padding)
        {
          g_converter_reset (self->zlib);
          self->between = FALSE;
        }
      else
        {
          self->padding = TRUE;
          return skip_padding (self, inbuf, inbuf_size, flags, bytes_read, error);
        }
    }

  result =
      g_converter_convert (self->zlib, inbuf, inbuf_size, outbuf, outbuf_size, flags, bytes_read, bytes_written, error);
  if (result != G_CONVERTER_FINISHED)
    return result;
  self->between = TRUE;
  if (*bytes_read == inbuf_size && (flags & G_CONVERTER_INPUT_AT_END))
    return G_CONVERTER_FINISHED;
  return G_CONVERTER_CONVERTED;
}

static void
oba_gunzip_reset (GConverter *converter)
{
  ObaGunzip *self = OBA_GUNZIP (converter);

  g_converter_reset (self->zlib);
  self->between = self->padding = FALSE;
}

static void
oba_gunzip_finalize (GObject *object)
{
  g_clear_object (&OBA_GUNZIP (object)->zlib);
  G_OBJECT_CLASS (oba_gunzip_parent_class)->finalize (object);
}

static void
oba_gunzip_class_init (ObaGunzipClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_gunzip_finalize;
}

static void
oba_gunzip_converter_init (GConverterIface *iface)
{
  iface->convert = oba_gunzip_convert;
  iface->reset = oba_gunzip_reset;
}

static void
oba_gunzip_init (ObaGunzip *self)
{
  self->zlib = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
}

GConverter *
oba_gunzip_new (void)
{
  return g_object_new (OBA_TYPE_GUNZIP, NULL);
}
