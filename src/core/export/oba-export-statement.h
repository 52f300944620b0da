#pragma once

#include "oba-export.h"

G_BEGIN_DECLS

/** What is asked of the database for an export. Private to this room. */
typedef struct
{
  char        *rows;         /* the columns in their order, then points and money of the row; customers: of the ids in $1 */
  char        *total;        /* rows, points, money of all */
  char        *ids;          /* (nullable): which customers, in their order; NULL when the ids are given */
  ObaDbParams *params;       /* of total and ids, and of rows when they are no customers */
} ObaExportStatement;

/**
 * @query: with folded words; not asked when it is not for customers, or when the options have ids
 * @columns: (element-type ObaExportColumn)
 */
ObaExportStatement *oba_export_statement_new  (const ObaExportOptions *options, ObaCustomerQuery *query, GPtrArray *columns);
void                oba_export_statement_free (ObaExportStatement *self);

/** What the audit is told. (transfer full) */
char               *oba_export_describe       (const ObaExportOptions *options, GPtrArray *columns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaExportStatement, oba_export_statement_free)

G_END_DECLS
