#include <adwaita.h>

#include "widgets/oba-subpages.h"

typedef struct
{
  GtkWindow   *window;
  ObaSubpages *pages;
  GtkWidget   *entry;
} Fixture;

static Fixture
make (void)
{
  Fixture f;

  f.window = GTK_WINDOW (adw_window_new ());
  f.entry = gtk_entry_new ();
  f.pages = g_object_new (OBA_TYPE_SUBPAGES, "main", f.entry, NULL);
  adw_window_set_content (ADW_WINDOW (f.window), GTK_WIDGET (f.pages));
  gtk_window_present (f.window);
  gtk_widget_grab_focus (f.entry);
  return f;
}

static gboolean
has_focus (GtkWindow *window, GtkWidget *widget)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (window));

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

/* A clerk opens a profile and comes back: the list is as it was, and the keyboard where it was. */
static void
test_there_and_back (void)
{
  Fixture f = make ();
  GtkWidget *button = gtk_button_new_with_label ("a view");
  GtkWidget *second = gtk_button_new_with_label ("another");

  oba_subpages_push (f.pages, button, "A View");
  g_assert_true (oba_subpages_get_top (f.pages) == button);
  g_assert_true (has_focus (f.window, button));
  oba_subpages_push (f.pages, second, "Another");
  gtk_widget_activate_action (second, "subpages.back", NULL);
  g_assert_true (oba_subpages_get_top (f.pages) == button);
  g_assert_true (has_focus (f.window, button));
  oba_subpages_pop (f.pages);
  g_assert_null (oba_subpages_get_top (f.pages));
  g_assert_true (has_focus (f.window, f.entry));
  oba_subpages_pop (f.pages);   /* nothing is above the page itself */

  gtk_window_destroy (f.window);
}

static gboolean
stay_cb (GtkWidget *view, gpointer user_data)
{
  guint *asked = user_data;

  *asked += 1;
  return TRUE;
}

/* What was typed and not saved is not lost by Escape: the view is asked first, and may go when it says so. */
static void
test_guard (void)
{
  Fixture f = make ();
  GtkWidget *view = gtk_entry_new ();
  guint asked = 0;

  oba_subpages_push (f.pages, view, "A Form");
  oba_subpages_set_guard (f.pages, view, stay_cb, &asked);
  oba_subpages_pop (f.pages);
  g_assert_cmpuint (asked, ==, 1);
  g_assert_true (oba_subpages_get_top (f.pages) == view);
  oba_subpages_close (f.pages, view);
  g_assert_null (oba_subpages_get_top (f.pages));
  g_assert_cmpuint (asked, ==, 1);

  gtk_window_destroy (f.window);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/subpages/there-and-back", test_there_and_back);
  g_test_add_func ("/subpages/guard", test_guard);

  return g_test_run ();
}
