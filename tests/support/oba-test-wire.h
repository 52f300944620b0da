#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ObaTestWire: the way between a program and its server, which can be cut at the worst moment. It works in the main loop of the test.
 */
typedef struct _ObaTestWire ObaTestWire;

ObaTestWire *oba_test_wire_new             (const char *conninfo);
void         oba_test_wire_free            (ObaTestWire *self);
/** The same database, by way of this wire. */
const char  *oba_test_wire_get_conninfo    (ObaTestWire *self);
/** The next answer that follows a message with @text in it never arrives: the server has done its work, and the connection is gone. */
void         oba_test_wire_lose_answer_to  (ObaTestWire *self, const char *text);
/** Nothing goes through, and nobody gets in, until it is mended. */
void         oba_test_wire_cut             (ObaTestWire *self);
void         oba_test_wire_mend            (ObaTestWire *self);
/**
 * Sees all that passes, in the main loop of the wire: @n bytes of the connection @line, from the server when @is_answer. Returns: FALSE: this arrives no more, and its connection ends
 */
typedef gboolean (*ObaTestWireWatch) (gpointer user_data, gconstpointer line, gboolean is_answer, const char *bytes, gsize n);
void         oba_test_wire_watch           (ObaTestWire *self, ObaTestWireWatch watch, gpointer user_data);
/** How many answers were lost on purpose. */
guint        oba_test_wire_get_n_lost      (ObaTestWire *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTestWire, oba_test_wire_free)

G_END_DECLS
