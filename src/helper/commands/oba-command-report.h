#pragma once

#include "oba-command.h"

G_BEGIN_DECLS

/** What all reports are asked. */
typedef struct
{
  const char *first;     /* (nullable): "2026-01-31" */
  const char *last;      /* (nullable) */
  const char *store;     /* (nullable): a code */
} ObaReportOptions;

typedef struct
{
  const char *name;
  const char *summary;   /* one line, N_() */
  int       (*run) (ObaCommandContext *context, ObaDbConnection *connection, const ObaReportOptions *options);   /* prints it. Returns: an exit code */
} ObaReport;

int oba_report_liability (ObaCommandContext *context, ObaDbConnection *connection, const ObaReportOptions *options);

G_END_DECLS
