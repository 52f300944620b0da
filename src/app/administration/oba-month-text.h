#pragma once

#include "periods/oba-months.h"

G_BEGIN_DECLS

/* What is said of months, in words. All (transfer full) but the constant ones. */

char       *oba_month_text_name   (const GDate *month);            /* "October 2026" */
const char *oba_month_text_state  (ObaMonthState state);
char       *oba_month_text_closed (const ObaMonthFacts *facts);    /* "2 Nov 2026, Leyla"; "" while it is open */

/** The figures of a month, in the order in which they are shown. */
#define OBA_MONTH_N_FIGURES 9
const char *oba_month_text_figure_name (guint figure);
char       *oba_month_text_figure      (const ObaMonthTotals *totals, guint figure);
/** Of receipts and money: known before a month is closed, too. */
gboolean    oba_month_text_is_sold     (guint figure);

G_END_DECLS
