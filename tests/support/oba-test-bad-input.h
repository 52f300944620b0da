#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * What people paste, scan or try, for every field that takes a text: refused, or stored and shown as it is; never lost, never executed. The same table for the
 * forms, the functions of the database and the importer.
 */
typedef struct
{
  const char *name;
  const char *text;          /* NULL: 10,000 letters, see oba_test_bad_text() */
  gboolean    refused;
  const char *cleaned;       /* (nullable): what the program makes of it before it is stored, when that is something else */
} ObaTestBadText;

static const ObaTestBadText oba_test_bad_texts[] = {
  { "10,000 letters", NULL, TRUE },
  { "an override", "Ali\xe2\x80\xae" "avey", TRUE },
  { "a right-to-left mark", "Ali\xe2\x80\x8f", TRUE },
  { "an isolate", "\xe2\x81\xa7" "Ali\xe2\x81\xa9", TRUE },
  { "an Arabic letter mark", "\xd8\x9c" "Ali", TRUE },
  { "a bell", "Ali\x07", TRUE },
  { "an escape sequence", "\x1b[31mAli", TRUE },
  { "a C1 control", "Ali\xc2\x9b" "1m", TRUE },
  { "a delete", "Ali\x7f", TRUE },
  { "SQL", "Robert'); drop table oba.customers; --", FALSE },
  { "more SQL", "' or '1'='1", FALSE },
  { "a dollar quote", "$r$; select 1; $$ x", FALSE },
  { "a pattern", "%_\\%", FALSE },
  { "markup", "<b>Ali</b> & <span size='x'>", FALSE },
  { "broken markup", "a < b & c", FALSE },
  { "an entity", "&lt;b&gt; &amp; &#65;", FALSE },
  { "a script", "<script>alert(1)</script>", FALSE },
  { "a format", "%s %n %d 100% %1$s", FALSE },
  { "JSON", "\"}, {\"x\": null, \\u0041", FALSE },
  { "an array", "{a,\"b\"}", FALSE },
  { "an end of COPY", "\\.", FALSE },
  { "a null of COPY", "\\N", FALSE },
  { "a formula", "=HYPERLINK(\"http://x\")", FALSE },
  { "a shell's words", "$(reboot) `id`; rm -rf /", FALSE },
  { "a mnemonic", "_Ali __x", FALSE },
  { "Arabic letters", "\xd8\xb9\xd9\x84\xd9\x8a", FALSE },
  { "an emoji", "Ali \xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", FALSE },
  { "spaces", "  Ali \t Vali ", FALSE, "Ali Vali" },
  { "a letter of two parts", "E\xcc\x81mil", FALSE, "\xc3\x89mil" },
};

/** (transfer full) */
static inline char *
oba_test_bad_text (const ObaTestBadText *bad)
{
  return bad->text != NULL ? g_strdup (bad->text) : g_strnfill (10000, 'x');
}

static const char *const oba_test_bad_dates[] = {
  "30.02.1990", "31.04.1990", "29.02.1900", "00.01.1990", "01.13.1990", "01.01.1899", "01.01.2999", "yesterday", "1990", "01.01.90", "1990-02-30", "32.01.1990", "+1.01.1990",
};

static const char *const oba_test_bad_phones[] = {
  "12", "abc", "050 123 45", "+994 50 123 45 67 89 01 23", "050-12E-45-67", "050 123 45 67; drop table oba.customers", "+000501234567", "<b>0501234567</b>",
};

static const char *const oba_test_bad_emails[] = {
  "a", "a@", "@b", "a@b@c", "a b@c.az", "a@b\xe2\x80\xae.az", "a@b.az\x07",
};

G_END_DECLS
