#include "commands/oba-helper.h"

int
main (int argc, char **argv)
{
  return oba_helper_run (argc, argv);
}
