#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** How a file writes its decimals. */
typedef enum
{
  OBA_DECIMAL_AUTO,         /* a value that may be read two ways ("1,234") is refused */
  OBA_DECIMAL_AUTO_POINT,   /* the same, but "1.234" has three decimals: files of programs, cut at commas */
  OBA_DECIMAL_POINT,
  OBA_DECIMAL_COMMA,
} ObaDecimalMark;

typedef enum
{
  OBA_VALUE_OK,
  OBA_VALUE_ROUNDED,        /* it had more decimals that mean something than can be stored */
  OBA_VALUE_BAD,
  OBA_VALUE_AMBIGUOUS,
  OBA_VALUE_RANGE,
} ObaValueStatus;

/**
 * oba_import_parse_decimal:
 * @text: "1 234,50", "3.9e0", "-7", "1.234,5"; groups of three may be kept apart by spaces, points, commas or apostrophes
 * @scale: decimals of @value: 2 makes qəpik of manat, 3 thousandths of pieces
 * @limit: the largest |value| that is let through
 *
 * Exact decimal arithmetic, rounded half away from zero. What floating point leaves behind (3.8999999999999999, 0.0000000000000004) is no rounding.
 */
ObaValueStatus oba_import_parse_decimal (const char *text, ObaDecimalMark mark, guint scale, gint64 limit, gint64 *value);

typedef struct
{
  int      year, month, day, hour, minute, second, microsecond;
  gboolean has_time;
  gboolean has_zone;
  int      zone;             /* minutes east of Greenwich */
} ObaImportTime;

/** "2017-01-28 14:06:53", "2017-01-28T14:06:53.5+04:00", "28.01.2017 14:06", and the days alone; checked against the calendar, years 1900 to 2999. */
gboolean       oba_import_parse_time    (const char *text, ObaImportTime *time);
/** Appends what PostgreSQL reads; without a zone it is the session's. */
void           oba_import_time_append   (const ObaImportTime *time, gboolean date_only, GString *to);
/** The day in Asia/Baku as "20170128". */
void           oba_import_time_append_business_day (const ObaImportTime *time, GString *to);

G_END_DECLS
