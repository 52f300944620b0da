#pragma once

#include <json-glib/json-glib.h>

#include "oba-page.h"

G_BEGIN_DECLS

/**
 * ObaSection: what the sections of Administration have in common: a scrolled column with a sentence about what this is, a place for what went wrong, reading (again when somebody has
 * changed something), and saving through oba_db_request_async(), which is sent again with the same key while nobody knows whether it was done.
 * A subclass fills the box of oba_section_build(), reads in its @read and ends that with oba_section_end_reading(). Signal "loaded": it is of now, or could not be read.
 */
#define OBA_TYPE_SECTION (oba_section_get_type ())
G_DECLARE_DERIVABLE_TYPE (ObaSection, oba_section, OBA, SECTION, AdwBin)

struct _ObaSectionClass
{
  AdwBinClass parent_class;

  /* Begins to read what is shown. What is read may outlive the section: a callback does nothing but return when it was cancelled. */
  void (*read)   (ObaSection *self, GCancellable *cancellable);
  /* What was asked for was committed; it is read again after this. */
  void (*saved)  (ObaSection *self, JsonObject *answer);
  /* Saving has begun or has ended: which buttons can be used. */
  void (*update) (ObaSection *self);
};

/** Makes the frame, and begins to read. @about: (nullable): a sentence on top. Returns: (transfer none): the box for what the section shows. */
GtkBox       *oba_section_build         (ObaSection *self, ObaSession *session, int max_width, const char *about);
/** A card for the fields of a form, in @box. (transfer none) */
GtkBox       *oba_section_add_card      (GtkBox *box);
/** Reads again. */
void          oba_section_refresh       (ObaSection *self);
/** A reading is over. @section: an ObaSection, not cast: that would read what may be gone. Returns: TRUE: show it; FALSE: it failed, which is said; or was cancelled, and @section may be gone. */
gboolean      oba_section_end_reading   (gpointer section, const GError *error);
/** Asks for oba.ACTION (@request); nothing while something is being saved. */
void          oba_section_save          (ObaSection *self, const char *action, JsonNode *request);

ObaSession   *oba_section_get_session   (ObaSection *self);              /* (nullable): the page was closed */
ObaDbPool    *oba_section_get_pool      (ObaSection *self);
gboolean      oba_section_is_saving     (ObaSection *self);
void          oba_section_toast         (ObaSection *self, const char *text);
void          oba_section_fail          (ObaSection *self, const GError *error);
void          oba_section_clear_problem (ObaSection *self);

/* For tests. */
gboolean      oba_section_is_settled    (ObaSection *self);
const char   *oba_section_get_problem   (ObaSection *self);              /* "" for none */

G_END_DECLS
