#include "oba-config.h"
#include "oba-progress.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>

#define REDRAW_TERMINAL (G_USEC_PER_SEC / 10)
#define REDRAW_PIPE (G_USEC_PER_SEC / 2)     /* somebody watches: the application fills its progress bar from these lines */
#define REDRAW_LOG (5 * G_USEC_PER_SEC)
#define BAR_CELLS 24

struct _ObaProgress
{
  char *label;
  gint64 total;
  gint64 done;
  gint64 started;
  gint64 shown;      /* when, monotonic */
  gboolean bytes;
  gboolean terminal;
  gint64 interval;
  gboolean drawn;    /* a bar stands on the current line */
  gboolean finished;
};

static gboolean
is_pipe (int fd)
{
  struct stat info;

  return fstat (fd, &info) == 0 && S_ISFIFO (info.st_mode);
}

static ObaProgress *
progress_new (const char *label, gint64 total, gboolean bytes)
{
  ObaProgress *self = g_new0 (ObaProgress, 1);

  self->label = g_strdup (label);
  self->total = MAX (total, 0);
  self->bytes = bytes;
  self->terminal = isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  self->interval = self->terminal ? REDRAW_TERMINAL : is_pipe (STDERR_FILENO) ? REDRAW_PIPE : REDRAW_LOG;
  self->started = g_get_monotonic_time ();
  self->shown = self->started;

  return self;
}

ObaProgress *
oba_progress_new (const char *label, gint64 total)
{
  return progress_new (label, total, FALSE);
}

ObaProgress *
oba_progress_new_bytes (const char *label, gint64 total)
{
  return progress_new (label, total, TRUE);
}

static char *
format_amount (ObaProgress *self, gint64 amount)
{
  if (self->bytes)
    return g_strdup_printf (_("%.1f MB"), (double) amount / 1e6);
  return g_strdup_printf ("%" G_GINT64_FORMAT, amount);
}

static char *
format_seconds (double seconds)
{
  gint64 whole = (gint64) (seconds + 0.5);

  if (seconds < 10.0)
    return g_strdup_printf (_("%.1f s"), seconds);
  if (whole < 60)
    return g_strdup_printf (_("%d s"), (int) whole);
  return g_strdup_printf (_("%d min %02d s"), (int) (whole / 60), (int) (whole % 60));
}

static void
append_bar (GString *line, double fraction)
{
  int full = (int) (fraction * BAR_CELLS);

  g_string_append_c (line, '[');
  for (int i = 0; i < BAR_CELLS; i++)
    g_string_append_c (line, i < full ? '#' : '.');
  g_string_append_c (line, ']');
}

/* "Receipts [####....] 42 %  420000 of 1000000, 51234/s, 11 s left" */
static GString *
format_line (ObaProgress *self, double elapsed)
{
  GString *line = g_string_new (self->label);
  double speed = elapsed > 0.0 ? (double) self->done / elapsed : 0.0;
  g_autofree char *done = format_amount (self, self->done);
  g_autofree char *rate = format_amount (self, (gint64) speed);

  g_string_append_c (line, ' ');
  if (self->total > 0)
    {
      double fraction = CLAMP ((double) self->done / (double) self->total, 0.0, 1.0);
      g_autofree char *total = format_amount (self, self->total);

      if (self->terminal)
        append_bar (line, fraction);
      g_string_append_printf (line, " %3d %%  ", (int) (fraction * 100.0));
      /* Translators: how much is done, how much there is, how much in a second. */
      g_string_append_printf (line, _("%s of %s, %s/s"), done, total, rate);
      if (speed > 0.0 && fraction < 1.0 && elapsed > 1.0)
        {
          g_autofree char *left = format_seconds ((double) (self->total - self->done) / speed);

          /* Translators: the end of a line of progress; a time, "11 s". */
          g_string_append_printf (line, _(", %s left"), left);
        }
    }
  else
    /* Translators: how much is done, how much in a second. */
    g_string_append_printf (line, _("%s, %s/s"), done, rate);

  return line;
}

static void
clear_bar (ObaProgress *self)
{
  if (self->drawn)
    fputs ("\r\033[K", stderr);
  self->drawn = FALSE;
}

/* A line that wraps could not be drawn over. */
static void
fit_terminal (GString *line)
{
  struct winsize size;
  glong width;

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
    return;
  width = size.ws_col - 1;
  if (g_utf8_strlen (line->str, -1) > width)
    g_string_truncate (line, (gsize) (g_utf8_offset_to_pointer (line->str, width) - line->str));
}

static void
draw (ObaProgress *self, gint64 now)
{
  g_autoptr (GString) line = format_line (self, (double) (now - self->started) / G_USEC_PER_SEC);

  clear_bar (self);
  if (self->terminal)
    fit_terminal (line);
  fputs (line->str, stderr);
  if (self->terminal)
    self->drawn = TRUE;
  else
    fputc ('\n', stderr);
  fflush (stderr);
  self->shown = now;
}

void
oba_progress_set (ObaProgress *self, gint64 done)
{
  gint64 now = g_get_monotonic_time ();

  self->done = done;
  if (!self->finished && now - self->shown >= self->interval)
    draw (self, now);
}

void
oba_progress_add (ObaProgress *self, gint64 more)
{
  oba_progress_set (self, self->done + more);
}

void
oba_progress_set_total (ObaProgress *self, gint64 total)
{
  self->total = MAX (total, 0);
}

void
oba_progress_finish (ObaProgress *self)
{
  double elapsed = (double) (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC;
  g_autofree char *amount = format_amount (self, self->done);
  g_autofree char *time = format_seconds (elapsed);
  g_autofree char *line = NULL;

  if (self->finished)
    return;
  self->finished = TRUE;
  /* Translators: what was done, how much of it, in which time. */
  line = g_strdup_printf (_("%s: %s in %s"), self->label, amount, time);
  oba_progress_say (self, line);
}

void
oba_progress_say (ObaProgress *self, const char *text)
{
  clear_bar (self);
  fputs (text, stderr);
  fputc ('\n', stderr);
  fflush (stderr);
}

void
oba_progress_free (ObaProgress *self)
{
  if (self == NULL)
    return;
  clear_bar (self);
  fflush (stderr);
  g_free (self->label);
  g_free (self);
}
