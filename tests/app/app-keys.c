#include "app-keys.h"

#include <dlfcn.h>
#include <gdk/x11/gdkx.h>
#include <X11/XKBlib.h>

#include "oba-test-app.h"

#define TYPING_MS 50

static struct
{
  void    *library;
  Display *display;
  int (*fake_key) (Display *display, unsigned int keycode, Bool is_press, unsigned long delay);
} keys;

gboolean
app_keys_init (void)
{
  keys.library = dlopen ("libXtst.so.6", RTLD_NOW);
  if (keys.library == NULL || !GDK_IS_X11_DISPLAY (gdk_display_get_default ()))
    return FALSE;
  *(void **) &keys.fake_key = dlsym (keys.library, "XTestFakeKeyEvent");
  keys.display = XOpenDisplay (NULL);
  return keys.fake_key != NULL && keys.display != NULL;
}

void
app_keys_end (void)
{
  g_clear_pointer (&keys.display, XCloseDisplay);
  g_clear_pointer (&keys.library, dlclose);
}

void
app_keys_focus (GtkWindow *window)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  oba_test_wait_until (gtk_widget_get_mapped (GTK_WIDGET (window)) && gtk_widget_get_width (GTK_WIDGET (window)) > 0);
  gdk_display_sync (gdk_display_get_default ());
  XSetInputFocus (keys.display, gdk_x11_surface_get_xid (surface), RevertToParent, CurrentTime);
  XSync (keys.display, False);
  oba_test_wait_until (gtk_window_is_active (window));
}

static void
send_one (KeySym symbol, GdkModifierType modifiers, unsigned long delay)
{
  KeyCode code = XKeysymToKeycode (keys.display, symbol);
  gboolean shifted = XkbKeycodeToKeysym (keys.display, code, 0, 0) != symbol;
  const KeySym held[] = { modifiers & GDK_CONTROL_MASK ? XK_Control_L : 0, modifiers & GDK_ALT_MASK ? XK_Alt_L : 0,
                          modifiers & GDK_SHIFT_MASK || shifted ? XK_Shift_L : 0 };

  g_assert_cmpint (code, !=, 0);
  for (guint i = 0; i < G_N_ELEMENTS (held); i++)
    if (held[i] != 0)
      keys.fake_key (keys.display, XKeysymToKeycode (keys.display, held[i]), True, 0);
  keys.fake_key (keys.display, code, True, delay);
  keys.fake_key (keys.display, code, False, 0);
  for (guint i = 0; i < G_N_ELEMENTS (held); i++)
    if (held[i] != 0)
      keys.fake_key (keys.display, XKeysymToKeycode (keys.display, held[i]), False, 0);
}

/* Until the application has had it, or at least its beginning: the server passes keys on in their order. */
static void
flush (void)
{
  XSync (keys.display, False);
  for (guint i = 0; i < 5; i++)
    oba_test_iterate ();
}

void
app_keys_press (const char *key)
{
  guint symbol;
  GdkModifierType modifiers;

  g_assert_true (gtk_accelerator_parse (key, &symbol, &modifiers));
  send_one (symbol, modifiers, TYPING_MS);
  flush ();
}

void
app_keys_type (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    send_one (gdk_unicode_to_keyval (g_utf8_get_char (p)), 0, TYPING_MS);
  flush ();
}
