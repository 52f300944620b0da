#include "oba-config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "oba-application.h"

int
main (int argc, char *argv[])
{
  g_autoptr (ObaApplication) app = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (OBA_GETTEXT_PACKAGE, OBA_LOCALE_DIR);
  bind_textdomain_codeset (OBA_GETTEXT_PACKAGE, "UTF-8");
  textdomain (OBA_GETTEXT_PACKAGE);

  app = oba_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
