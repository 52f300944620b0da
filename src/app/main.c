#include "oba-config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

#include "oba-application.h"

int
main (int argc, char *argv[])
{
  g_autoptr (ObaApplication) app = NULL;
  int status;

  setlocale (LC_ALL, "");
  /* libpq's sentences are read to tell what happened, so they must stay in their own language. */
  g_setenv ("PGLOCALEDIR", "/dev/null", TRUE);
  bindtextdomain (GETTEXT_PACKAGE, OBA_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  app = oba_application_new ();
  status = g_application_run (G_APPLICATION (app), argc, argv);
  return status != 0 ? status : oba_application_get_exit_code (app);
}
