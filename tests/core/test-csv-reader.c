/* What a shop's export may look like, and what a file that is none does: the reader either gives every record, or says which line and why. */
#include <gio/gio.h>
#include <string.h>

#include "base/oba-error.h"
#include "import/oba-csv-reader.h"
#include "import/oba-gunzip.h"

/* A stream that gives a byte at a time, as a slow pipe may; much of it in pieces that end nowhere in particular. */
#define TEST_TYPE_DRIP (test_drip_get_type ())
G_DECLARE_FINAL_TYPE (TestDrip, test_drip, TEST, DRIP, GFilterInputStream)
struct _TestDrip
{
  GFilterInputStream parent;
  gsize given;
};
G_DEFINE_FINAL_TYPE (TestDrip, test_drip, G_TYPE_FILTER_INPUT_STREAM)

static gssize
test_drip_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  GInputStream *base = g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (stream));
  TestDrip *self = TEST_DRIP (stream);
  gssize n = g_input_stream_read (base, buffer, MIN (count, self->given < 4096 ? 1 : 1021), cancellable, error);

  self->given += (gsize) MAX (n, 0);
  return n;
}

static void
test_drip_class_init (TestDripClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = test_drip_read;
}

static void
test_drip_init (TestDrip *self)
{
}

static GInputStream *
drip (const char *bytes, gsize n)
{
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_data (g_memdup2 (bytes, n), n, g_free);

  return g_object_new (TEST_TYPE_DRIP, "base-stream", memory, NULL);
}

static GBytes *
gzip (const char *bytes, gsize n)
{
  g_autoptr (GConverter) zlib = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) packer = g_converter_output_stream_new (memory, zlib);

  g_assert_true (g_output_stream_write_all (packer, bytes, n, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (packer, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static char *
convert (const char *utf8, const char *encoding, gsize *n)
{
  g_autoptr (GError) error = NULL;
  char *bytes = g_convert (utf8, -1, encoding, "UTF-8", NULL, n, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
append_record (GString *all, const ObaCsvRecord *record)
{
  static const char *faults[] = { "", "!long", "!quotes", "!columns", "!encoding", "!nul" };

  g_string_append_printf (all, "%" G_GINT64_FORMAT "%s:", record->line, faults[record->fault]);
  if (record->fault == OBA_CSV_FAULT_NONE)
    for (guint i = 0; i < record->n_fields; i++)
      g_string_append_printf (all, "[%s]", record->fields[i]);
  else
    {
      g_string_append_c (all, '<');
      g_string_append_len (all, record->original, (gssize) MIN (strnlen (record->original, record->original_length), 40));
      g_string_append_c (all, '>');
    }
  g_string_append_c (all, '\n');
}

static char *
read_all (ObaCsvReader *reader, GError **error)
{
  g_autoptr (GString) all = g_string_new (NULL);
  const ObaCsvRecord *record;
  g_autoptr (GError) reason = NULL;

  for (guint i = 0; oba_csv_reader_get_header (reader)[i] != NULL; i++)
    g_string_append_printf (all, "{%s}", oba_csv_reader_get_header (reader)[i]);
  g_string_append_c (all, '\n');
  while ((record = oba_csv_reader_next (reader, NULL, &reason)) != NULL)
    append_record (all, record);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_string_free (g_steal_pointer (&all), FALSE);
}

/* Reads @bytes whole and a byte at a time, plain and packed (unless they are packed): all must agree. */
static char *
read_bytes (const char *bytes, gsize n, const char *encoding, GError **error)
{
  g_autoptr (GBytes) packed = gzip (bytes, n);
  g_autofree char *first = NULL;

  for (guint way = 0; way < (n > 1 && (guint8) bytes[0] == 0x1f ? 2 : 4); way++)
    {
      g_autoptr (GInputStream) stream = NULL;
      g_autoptr (ObaCsvReader) reader = NULL;
      g_autofree char *all = NULL;
      gsize size = n;
      const char *data = way & 2 ? g_bytes_get_data (packed, &size) : bytes;

      stream = way & 1 ? drip (data, size) : g_memory_input_stream_new_from_data (data, (gssize) size, NULL);
      reader = oba_csv_reader_new (stream, (goffset) size, encoding, 0, NULL, error);
      if (reader == NULL || (all = read_all (reader, error)) == NULL)
        return NULL;
      if (first == NULL)
        first = g_steal_pointer (&all);
      else
        g_assert_cmpstr (all, ==, first);
    }
  return g_steal_pointer (&first);
}

static void
assert_reads (const char *bytes, gsize n, const char *encoding, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *all = read_bytes (bytes, n, encoding, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (all, ==, expected);
}

#define ASSERT_READS(text, expected) assert_reads ((text), strlen (text), NULL, (expected))

static void
assert_refused (const char *bytes, gsize n, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *all = read_bytes (bytes, n, NULL, &error);

  g_assert_null (all);
  g_assert_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” does not name %s", error->message, word);
}

/* Every delimiter and line end of the spreadsheets we know, the last line without one. */
static void
test_dialects (void)
{
  ASSERT_READS ("a,b\n1,2\n3,4\n", "{a}{b}\n2:[1][2]\n3:[3][4]\n");
  ASSERT_READS ("a;b\r\n1;2,5\r\n3;4", "{a}{b}\n2:[1][2,5]\n3:[3][4]\n");
  ASSERT_READS ("a\tb\r1\t2\r\r3\t\r", "{a}{b}\n2:[1][2]\n4:[3][]\n");
  ASSERT_READS ("a|b\n1|2\n", "{a}{b}\n2:[1][2]\n");
  ASSERT_READS ("sep=;\r\na;b,c\r\n1;2\r\n", "{a}{b,c}\n3:[1][2]\n");
  ASSERT_READS ("phone\n+994501234567\n", "{phone}\n2:[+994501234567]\n");
  ASSERT_READS ("\n\n  a , b \n 1 , \"2 \" \n\n;;\n,,\n", "{a}{b}\n4:[1][2 ]\n6!columns:<;;>\n");
}

/* A comma, a quote and a newline inside a name are part of it; line numbers go on counting lines of the file. */
static void
test_quotes (void)
{
  ASSERT_READS ("a,b\n\"x,\"\"y\"\"\",1\n\"two\nlines\",2\nz,3\n", "{a}{b}\n2:[x,\"y\"][1]\n3:[two\nlines][2]\n5:[z][3]\n");
  /* inch marks, as people type them */
  ASSERT_READS ("a,b\n5\" pipe,1\n\"5\"\" pipe\",2\n", "{a}{b}\n2:[5\" pipe][1]\n3:[5\" pipe][2]\n");
  /* text behind a closing quote */
  ASSERT_READS ("a,b\n\"x\"y,1\nz,2\n", "{a}{b}\n2!quotes:<\"x\"y,1>\n3:[z][2]\n");
}

/* A quote that nobody closes costs its own line and not the rest of the file. */
static void
test_unclosed_quote (void)
{
  g_autoptr (GString) big = g_string_new ("a,b\n\"x,1\n");
  g_autoptr (GError) error = NULL;
  g_autofree char *all = NULL;

  ASSERT_READS ("a,b\n\"x,1\ny,2\nz,3\n", "{a}{b}\n2!quotes:<\"x,1>\n3:[y][2]\n4:[z][3]\n");
  ASSERT_READS ("a,b\ny,2\n\"x,1", "{a}{b}\n2:[y][2]\n3!quotes:<\"x,1>\n");
  ASSERT_READS ("a,b\n\"x,1\n\"y\",2\n", "{a}{b}\n2!quotes:<\"x,1>\n3:[y][2]\n");

  for (guint i = 0; i < 200000; i++)
    g_string_append (big, "good,1\n");
  all = read_bytes (big->str, big->len, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (all, "{a}{b}\n2!quotes:<\"x,1>\n3:[good][1]\n"));
  g_assert_true (g_str_has_suffix (all, "\n200001:[good][1]\n200002:[good][1]\n"));
}

static void
test_columns (void)
{
  ASSERT_READS ("a,b\n1\n1,2,3\n1,2,,\n", "{a}{b}\n2!columns:<1>\n3!columns:<1,2,3>\n4:[1][2][][]\n");
}

static void
test_long_line (void)
{
  gsize n = 3 * OBA_CSV_MAX_RECORD;
  g_autofree char *x = g_strnfill (n, 'x');
  g_autofree char *text = g_strconcat ("a,b\n1,2\n", x, "\n3,4\n", NULL);
  g_autofree char *quoted = g_strconcat ("a,b\n1,2\n\"", x, "\",5\n3,4\n", NULL);
  g_autofree char *commas = g_strnfill (5000, ',');
  g_autofree char *wide = g_strconcat ("a,b\n1,2\nx", commas, "x\n3,4\n", NULL);

  ASSERT_READS (text, "{a}{b}\n2:[1][2]\n3!long:<xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx>\n4:[3][4]\n");
  ASSERT_READS (quoted, "{a}{b}\n2:[1][2]\n3!long:<\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx>\n4:[3][4]\n");
  ASSERT_READS (wide, "{a}{b}\n2:[1][2]\n3!columns:<x,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,>\n4:[3][4]\n");
}

static void
check_encoding (const char *text, const char *encoding, const char *declared, const char *expected_name)
{
  gsize n;
  g_autofree char *bytes = convert (text, encoding, &n);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (bytes, (gssize) n, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCsvReader) reader = oba_csv_reader_new (stream, 0, declared, 0, NULL, &error);
  g_autofree char *all = NULL, *plain = NULL;

  g_assert_no_error (error);
  all = read_all (reader, &error);
  g_assert_no_error (error);
  plain = read_bytes (text, strlen (text), "UTF-8", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (all, ==, plain);
  g_assert_cmpstr (oba_csv_reader_get_encoding (reader), ==, expected_name);
  assert_reads (bytes, n, declared, plain);
}

/* Names come out the same however the spreadsheet wrote them. */
static void
test_encodings (void)
{
  const char *az = "ad;şəhər\nGülnarə Əliyeva;Gəncə\nÇingiz;Şəki\n";
  const char *turkish = "ad;şehir\nGülnar Aliyeva;Bakı\nÇingiz Öztürk;Şeki\nIğdır çörəyi 5 kq;x\n";
  const char *ru = "имя;город\nАлия Мамедова;Баку\nЮрий Щукин;Гянджа 5 кг\n";
  g_autofree char *latin_only = g_strdelimit (g_strdup ("ad;x\nGünel;1\nçay;2\n"), "\a", ' ');
  gsize n;
  g_autofree char *bom = g_strconcat ("\xef\xbb\xbf", az, NULL);
  g_autofree char *le = convert (az, "UTF-16LE", &n), *marked = g_malloc (n + 2);
  g_autoptr (GString) turkish_plain = g_string_new (turkish);

  g_string_replace (turkish_plain, "ə", "e", 0);
  check_encoding (az, "UTF-8", NULL, "UTF-8");
  check_encoding (ru, "UTF-8", NULL, "UTF-8");
  check_encoding (ru, "Windows-1251", NULL, "Windows-1251");
  check_encoding (turkish_plain->str, "Windows-1254", NULL, "Windows-1254");
  check_encoding (latin_only, "Windows-1254", NULL, "Windows-1254");
  check_encoding (ru, "KOI8-R", "KOI8-R", "KOI8-R");
  check_encoding (ru, "CP866", "CP866", "CP866");
  check_encoding (az, "UTF-16", NULL, "UTF-16");
  check_encoding (az, "UTF-16LE", "UTF-16LE", "UTF-16LE");
  check_encoding ("a,b\n1,2\n", "ASCII", NULL, "ASCII");
  ASSERT_READS (bom, "{ad}{şəhər}\n2:[Gülnarə Əliyeva][Gəncə]\n3:[Çingiz][Şəki]\n");

  memcpy (marked, "\xff\xfe", 2);
  memcpy (marked + 2, le, n);
  assert_reads (marked, n + 2, NULL, "{ad}{şəhər}\n2:[Gülnarə Əliyeva][Gəncə]\n3:[Çingiz][Şəki]\n");
}

/* The first letter outside ASCII may come after any number of plain lines. */
static void
test_late_encoding (void)
{
  g_autoptr (GString) text = g_string_new ("a;b\n");
  gsize n;
  g_autofree char *bytes = NULL, *all = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "plain;1\n");
  g_string_append (text, "Юрий Щукин;2\n");
  bytes = convert (text->str, "Windows-1251", &n);
  all = read_bytes (bytes, n, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (all, "100002:[Юрий Щукин][2]\n"));
}

static void
test_broken_text (void)
{
  const char *text = "ad,x\nəli,1\nşah\xff,2\nəsl\xc3,3\nəla,4\nömər,5\nşirin,6\nçay,7\ngöy,8\n";
  g_autoptr (GString) nul = g_string_new ("a,b\n");
  g_autoptr (GError) error = NULL;
  g_autofree char *all = NULL;

  ASSERT_READS (text, "{ad}{x}\n2:[əli][1]\n3!encoding:<şah\xff,2>\n4!encoding:<əsl\xc3,3>\n5:[əla][4]\n6:[ömər][5]\n"
                      "7:[şirin][6]\n8:[çay][7]\n9:[göy][8]\n");
  for (guint i = 0; i < 2000; i++)
    g_string_append (nul, "x,1\n");
  g_string_append_len (nul, "y\0z,2\nw,3\n", 10);
  all = read_bytes (nul->str, nul->len, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (all, "2002!nul:<y>\n2003:[w][3]\n"));
}

/* A picture saved under the name of a table is told at once, by what it is. */
static void
test_not_csv (void)
{
  g_autoptr (GBytes) once = gzip ("a,b\n", 4), twice = gzip (g_bytes_get_data (once, NULL), g_bytes_get_size (once));

  assert_refused ("PK\003\004\024\0\006\0", 8, "xlsx");
  assert_refused ("%PDF-1.7\n", 9, "PDF");
  assert_refused ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16, "PNG");
  assert_refused ("\x7f" "ELF\2\1\1\0", 8, "program");
  assert_refused ("<!DOCTYPE html><html>", 21, "HTML");
  assert_refused ("\xef\xbb\xbf  <html>", 11, "HTML");
  assert_refused ("<?xml version=\"1.0\"?>", 21, "XML");
  assert_refused ("{ \"a\": 1 }", 10, "JSON");
  assert_refused ("[\n  {\"a\": 1}]", 13, "JSON");
  assert_refused ("abc\0\1\2\3def", 10, "binary");
  assert_refused ("a\0,\0b\0\n\0", 8, "UTF-16");
  assert_refused ("\x1f\x8b\x08\0\0", 5, "cut off");
  assert_refused ("\xff\xfe" "a\0,\0b\0\n\0\0\xd8x\0", 14, "not in UTF-16");
  assert_refused (g_bytes_get_data (twice, NULL), g_bytes_get_size (twice), "inside");
  assert_refused ("", 0, "empty");
  assert_refused ("\n\n\n", 3, "header");
}

static void
test_unknown_encoding (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_bytes ("a,b\n", 4, "klingon", &error));
  g_assert_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
  g_assert_nonnull (strstr (error->message, "klingon"));
}

/* Members one after the other are one file; what is cut off or damaged is told, never taken for the end. */
static void
test_gzip (void)
{
  g_autoptr (GBytes) one = gzip ("a,b\n1,2\n", 8), two = gzip ("3,4\n", 4);
  g_autoptr (GByteArray) both = g_byte_array_new ();
  g_autoptr (GString) text = g_string_new ("a,b\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) big = NULL;
  g_autofree char *damaged = NULL;
  gsize n;

  g_byte_array_append (both, g_bytes_get_data (one, NULL), (guint) g_bytes_get_size (one));
  g_byte_array_append (both, g_bytes_get_data (two, NULL), (guint) g_bytes_get_size (two));
  assert_reads ((char *) both->data, both->len, NULL, "{a}{b}\n2:[1][2]\n3:[3][4]\n");
  g_byte_array_append (both, (const guint8 *) "\0\0\0\0\0", 5);
  assert_reads ((char *) both->data, both->len, NULL, "{a}{b}\n2:[1][2]\n3:[3][4]\n");
  g_byte_array_append (both, (const guint8 *) "junk", 4);
  assert_refused ((char *) both->data, both->len, "damaged");

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, "%u,%u\n", i, g_random_int ());
  big = gzip (text->str, text->len);
  assert_refused (g_bytes_get_data (big, NULL), g_bytes_get_size (big) / 2, "cut off");
  n = g_bytes_get_size (big);
  damaged = g_memdup2 (g_bytes_get_data (big, NULL), n);
  memset (damaged + n / 2, 0x55, 100);
  assert_refused (damaged, n, "damaged");
}

/* Whatever is done to a file, reading it ends, and every line number is one of the file. */
static void
test_mutations (void)
{
  const char *seed = "a;b;c\r\n1;\"x\ny\";3\r\nə;\"q\"\"q\";ş\n\xd0\xc0\xc7;5\" z;\"\"\n;;\n9;8;7\n";
  gsize length = strlen (seed);
  guint rounds = g_test_slow () ? 200000 : 5000;

  for (guint round = 0; round < rounds; round++)
    {
      g_autofree char *bytes = g_memdup2 (seed, length);
      g_autoptr (GInputStream) stream = NULL;
      g_autoptr (ObaCsvReader) reader = NULL;
      const ObaCsvRecord *record;
      gsize n = length - (gsize) g_test_rand_int_range (0, (gint32) length);
      gint64 last = 0;

      for (int i = g_test_rand_int_range (0, 6); i > 0; i--)
        bytes[g_test_rand_int_range (0, (gint32) length)] = "\",;\n\r\t|\0\xff\xc3 x1"[g_test_rand_int_range (0, 13)];
      stream = round & 1 ? drip (bytes, n) : g_memory_input_stream_new_from_data (bytes, (gssize) n, NULL);
      reader = oba_csv_reader_new (stream, 0, NULL, 0, NULL, NULL);
      if (reader == NULL)
        continue;
      while ((record = oba_csv_reader_next (reader, NULL, NULL)) != NULL)
        {
          g_assert_cmpint (record->line, >, last);
          g_assert_cmpint (record->line, <, 20);
          last = record->line;
          for (guint i = 0; i < record->n_fields; i++)
            g_assert_true (g_utf8_validate (record->fields[i], -1, NULL));
        }
    }
}

/* Lines that each open a quote must not make the reader look at everything again and again. */
static void
test_hostile_quotes (void)
{
  static const char *lines[] = { "\"a,b\n", "\"\"\"a\n", "a\",\"b\n", "\"\n", "\",\"\n", "\"\"\n\"" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GString) text = g_string_new ("a,b\n");
      g_autoptr (GInputStream) stream = NULL;
      g_autoptr (ObaCsvReader) reader = NULL;
      g_autoptr (GError) error = NULL;
      gint64 began = g_get_monotonic_time ();
      guint n = 0;

      while (text->len < 2 * OBA_CSV_MAX_RECORD)
        g_string_append (text, lines[i]);
      stream = g_memory_input_stream_new_from_data (text->str, (gssize) text->len, NULL);
      reader = oba_csv_reader_new (stream, 0, NULL, ',', NULL, &error);
      g_assert_no_error (error);
      while (oba_csv_reader_next (reader, NULL, &error) != NULL)
        n++;
      g_assert_no_error (error);
      g_assert_cmpint (g_get_monotonic_time () - began, <, 60 * G_USEC_PER_SEC);
      g_test_message ("%u records in %.3f s", n, (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC);
    }
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data ("a\n1\n2\n", -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCsvReader) reader = oba_csv_reader_new (stream, 0, NULL, 0, cancellable, &error);

  g_assert_no_error (error);
  g_assert_nonnull (oba_csv_reader_next (reader, cancellable, &error));
  g_cancellable_cancel (cancellable);
  g_assert_null (oba_csv_reader_next (reader, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/dialects", test_dialects);
  g_test_add_func ("/csv/quotes", test_quotes);
  g_test_add_func ("/csv/unclosed-quote", test_unclosed_quote);
  g_test_add_func ("/csv/columns", test_columns);
  g_test_add_func ("/csv/long-line", test_long_line);
  g_test_add_func ("/csv/encodings", test_encodings);
  g_test_add_func ("/csv/late-encoding", test_late_encoding);
  g_test_add_func ("/csv/broken-text", test_broken_text);
  g_test_add_func ("/csv/not-csv", test_not_csv);
  g_test_add_func ("/csv/unknown-encoding", test_unknown_encoding);
  g_test_add_func ("/csv/gzip", test_gzip);
  g_test_add_func ("/csv/mutations", test_mutations);
  g_test_add_func ("/csv/hostile-quotes", test_hostile_quotes);
  g_test_add_func ("/csv/cancel", test_cancel);
  return g_test_run ();
}
