#pragma once

#include <json-glib/json-glib.h>

#include "oba-access.h"
#include "base/oba-catalogue.h"
#include "export/oba-export-target.h"

G_BEGIN_DECLS

/* How a member of a row is written in the PDF. */
typedef enum
{
  OBA_ACCESS_TEXT,
  OBA_ACCESS_DAY,          /* of a date or of a moment */
  OBA_ACCESS_MOMENT,
  OBA_ACCESS_MONEY,        /* qəpik */
  OBA_ACCESS_NUMBER,
  OBA_ACCESS_CODE,         /* one of a few words that the catalogue knows */
  OBA_ACCESS_MESSAGE,      /* of a payload: its text */
  OBA_ACCESS_CHANGES,      /* of an audit entry: what became of what */
} ObaAccessKind;

typedef struct
{
  const char    *member;
  const char    *title;    /* English, of the catalogue */
  ObaAccessKind  kind;
  double         share;    /* of the width */
} ObaAccessColumn;

#define OBA_ACCESS_MAX_COLUMNS 16

/* A table of the PDF, or facts one below the other. */
typedef struct
{
  const char      *name;   /* of the JSON member, with '-' of the query */
  const char      *title;  /* English, of the catalogue; NULL: not in the PDF */
  gboolean         facts;
  ObaAccessColumn  columns[OBA_ACCESS_MAX_COLUMNS];
} ObaAccessSection;

/* In their order, ended by one without a name. */
extern const ObaAccessSection oba_access_sections[];

/* Who is told of, to whom, when. */
typedef struct
{
  gint64       customer_id;
  ObaLanguage  language;
  const char  *by;
  const char  *at;         /* ISO, of Baku */
} ObaAccessHead;

/** Takes what is read, in order, and writes it. */
typedef struct _ObaAccessSink ObaAccessSink;
struct _ObaAccessSink
{
  gboolean (*section) (ObaAccessSink *self, const ObaAccessSection *section, GError **error);
  gboolean (*row)     (ObaAccessSink *self, const char *json, GError **error);
  gboolean (*end)     (ObaAccessSink *self, GError **error);
  void     (*free)    (ObaAccessSink *self);
};

ObaAccessSink *oba_access_json_new (ObaExportTarget *target, const ObaAccessHead *head);
ObaAccessSink *oba_access_pdf_new  (ObaExportTarget *target, const ObaAccessHead *head);

/* What a cell says. (transfer full) */
char          *oba_access_text     (ObaCatalogue *catalogue, const ObaAccessColumn *column, JsonObject *row);
/* "5 November 2026 18:24" of an ISO time. (transfer full) */
char          *oba_access_moment   (ObaCatalogue *catalogue, const char *iso);

/* What stands around the tables. */
extern const char *const oba_access_pdf_texts[];

/** Every text of the PDF, NULL-terminated: for the test that they are translated. (transfer container) */
GPtrArray     *oba_access_list_texts (void);

G_END_DECLS
