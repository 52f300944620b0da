#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The helper's log: one line an event on stderr, "time=… level=… event=… key=value …", which the journal takes with
 * its priority. Values are quoted and shortened. Never give it names, phone numbers, texts of messages, tokens or
 * bodies.
 */
typedef enum
{
  OBA_LOG_ERROR = 3,
  OBA_LOG_WARNING = 4,
  OBA_LOG_INFO = 6,
} ObaLogLevel;

/** @event: a literal; then pairs of key (const char *) and value (const char *, NULL is left out), ended by NULL. */
void oba_log (ObaLogLevel level, const char *event, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
