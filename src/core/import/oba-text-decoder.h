#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ObaTextDecoder: makes UTF-8 of the bytes of a text file, a field at a time, in encodings where the first 128 characters are ASCII.
 *
 * Without a given encoding it learns: valid UTF-8 is UTF-8; else the way its letters stand together tells Windows-1251 (Cyrillic: whole words of
 * high bytes) from Windows-1254 (Azerbaijani in its Turkish letters: single high bytes among ASCII letters). Until the first non-ASCII byte it has nothing to decide.
 */
typedef struct _ObaTextDecoder ObaTextDecoder;

/** @encoding: (nullable): any name iconv knows. NULL with OBA_ERROR_INVALID_INPUT when it knows none such. */
ObaTextDecoder *oba_text_decoder_new        (const char *encoding, GError **error);
void            oba_text_decoder_free       (ObaTextDecoder *self);

/** TRUE for UTF-16, UTF-32, Shift JIS...: the stream must be converted before it is cut into fields; then give UTF-8 to the decoder. */
gboolean        oba_text_decoder_needs_stream (ObaTextDecoder *self);
gboolean        oba_text_decoder_is_decided (ObaTextDecoder *self);
/** @bytes: some, the more the better, from the first non-ASCII one on (ASCII before it does not hurt). */
void            oba_text_decoder_learn      (ObaTextDecoder *self, const char *bytes, gsize n);
void            oba_text_decoder_set_utf8   (ObaTextDecoder *self);

/** "UTF-8", "Windows-1251", the given one; "ASCII" while undecided. */
const char     *oba_text_decoder_get_name   (ObaTextDecoder *self);
/** TRUE when the name is the result of letter statistics and deserves to be shown. */
gboolean        oba_text_decoder_is_guess   (ObaTextDecoder *self);

/** Appends @bytes as UTF-8. FALSE when they are not valid in this encoding; then U+FFFD stands for what is not. */
gboolean        oba_text_decoder_append     (ObaTextDecoder *self, GString *to, const char *bytes, gsize n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTextDecoder, oba_text_decoder_free)

G_END_DECLS
