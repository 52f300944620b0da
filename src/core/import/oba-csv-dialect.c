#include "oba-csv-dialect.h"

#define MAX_ROWS 100

/* Columns of each record when cut at @delimiter; returns how many records are whole. */
static guint
count_columns (const char *sample, gsize n, char delimiter, guint *columns)
{
  gboolean quoted = FALSE;
  guint rows = 0, count = 1;
  gsize row_start = 0;

  for (gsize i = 0; i < n && rows < MAX_ROWS; i++)
    {
      if (sample[i] == '"')
        quoted = !quoted;
      else if (quoted)
        continue;
      else if (sample[i] == delimiter)
        count++;
      else if (sample[i] == '\n' || sample[i] == '\r')
        {
          if (i > row_start)
            columns[rows++] = count;
          row_start = i + 1;
          count = 1;
        }
    }
  if (rows == 0 && n > 0)
    columns[rows++] = count;
  return rows;
}

char
oba_csv_guess_delimiter (const char *sample, gsize n)
{
  static const char candidates[] = { ',', ';', '\t', '|' };
  guint best_even = 0, best_columns = 0;
  char best = ',';

  for (guint c = 0; c < G_N_ELEMENTS (candidates); c++)
    {
      guint columns[MAX_ROWS], rows = count_columns (sample, n, candidates[c], columns), even = 0;

      if (columns[0] < 2 || rows == 0)
        continue;
      for (guint r = 0; r < rows; r++)
        even += columns[r] == columns[0];
      even = even * 100 / rows;
      if (even > best_even || (even == best_even && columns[0] > best_columns))
        {
          best = candidates[c];
          best_even = even;
          best_columns = columns[0];
        }
    }
  return best;
}
