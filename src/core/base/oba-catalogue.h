#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ObaCatalogue: the texts that customers read, in one language.
 *
 * One program writes to people in three languages at once, and gettext() knows one language a process (setlocale is global,
 * uselocale with LANGUAGE is not honoured by every libc). So the .mo files that msgfmt makes of
 * po/(room)/(language).po are carried in the program and read here; translators work with PO files as ever. English
 * is the source. Plural rules are those of the three languages.
 */
typedef struct _ObaCatalogue ObaCatalogue;

typedef enum
{
  OBA_LANGUAGE_AZ,
  OBA_LANGUAGE_RU,
  OBA_LANGUAGE_EN,
  OBA_N_LANGUAGES,
} ObaLanguage;

/** "az", "ru-RU", "en"...; what we do not speak is answered in Azerbaijani. */
ObaLanguage   oba_language_parse         (const char *code);
/** "az", "ru" or "en" */
const char   *oba_language_get_code      (ObaLanguage language);

/** @room: whose texts: "telegram", "access"; their resource is /az/oba/ROOM/LANGUAGE.mo. */
ObaCatalogue *oba_catalogue_new          (const char *room, ObaLanguage language);
void          oba_catalogue_free         (ObaCatalogue *self);
ObaLanguage   oba_catalogue_get_language (ObaCatalogue *self);
/** Returns: (transfer none): the translation, or @text itself when there is none */
const char   *oba_catalogue_get          (ObaCatalogue *self, const char *text) G_GNUC_FORMAT (2);
const char   *oba_catalogue_get_plural   (ObaCatalogue *self, const char *one, const char *many, gint64 n) G_GNUC_FORMAT (2);
gboolean      oba_catalogue_has          (ObaCatalogue *self, const char *text);

/* Numbers and days as they are written in the language. (transfer full) */
char         *oba_catalogue_number       (ObaCatalogue *self, gint64 number);
char         *oba_catalogue_money        (ObaCatalogue *self, gint64 qepik);
char         *oba_catalogue_day          (ObaCatalogue *self, const GDate *day);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCatalogue, oba_catalogue_free)

G_END_DECLS
