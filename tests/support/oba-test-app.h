#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** What tests of the application share: a quiet GTK, waiting for conditions, finding widgets as a person would, pictures of what was seen. */

/** Instead of g_test_init(): ends the program as skipped (77) when there is no display. */
void       oba_test_app_init      (int *argc, char ***argv);
/** GLib's table of quarks, lost on purpose, is no leak. Called before main () where it is linked in. */
void       oba_test_forgive_quarks (void);

/** Settings that nobody else sees, with their defaults. (transfer full) */
GSettings *oba_test_settings_new  (void);

/** An application without windows of its own, registered, for windows to belong to. (transfer full) */
AdwApplication *oba_test_application_new (void);

/** Runs the main loop until @expression holds; after a minute the test fails and says what it waited for. */
#define oba_test_wait_until(expression) \
  G_STMT_START \
    { \
      gint64 oba_deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC; \
      while (!(expression)) \
        { \
          if (g_get_monotonic_time () > oba_deadline) \
            g_error ("%s:%d: waited a minute for: %s", __FILE__, __LINE__, #expression); \
          oba_test_iterate (); \
        } \
    } \
  G_STMT_END

/** One turn of the main loop, or a few milliseconds when there is nothing to do. */
void       oba_test_iterate       (void);

/** The first visible widget of @type under @root whose label, title or text is @text (NULL: any). (transfer none) (nullable) */
GtkWidget *oba_test_find          (GtkWidget *root, GType type, const char *text);
/** Is @text part of something that is shown under @root? */
gboolean   oba_test_shows         (GtkWidget *root, const char *text);

/** Fails the test when a button or a field under @root has nothing to tell assistive technology. */
void       oba_test_assert_named  (GtkWidget *root);

/** Saves what @window shows as @name.png into $OBA_TEST_PICTURES, when that is set. */
void       oba_test_picture       (GtkWindow *window, const char *name);

/** Presents @window at @width x @height and waits until it is drawn. */
void       oba_test_present       (GtkWindow *window, int width, int height);

G_END_DECLS
