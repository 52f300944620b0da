#pragma once

#include "oba-command.h"

G_BEGIN_DECLS

/** All subcommands, in the order of --help; ends with a NULL name. */
extern const ObaCommand oba_commands[];

int oba_command_demo    (ObaCommandContext *context, int argc, char **argv);
int oba_command_erasures (ObaCommandContext *context, int argc, char **argv);
int oba_command_export  (ObaCommandContext *context, int argc, char **argv);
int oba_command_import  (ObaCommandContext *context, int argc, char **argv);
int oba_command_tier    (ObaCommandContext *context, int argc, char **argv);
int oba_command_rule    (ObaCommandContext *context, int argc, char **argv);
int oba_command_broadcast (ObaCommandContext *context, int argc, char **argv);
int oba_command_limits  (ObaCommandContext *context, int argc, char **argv);
int oba_command_local   (ObaCommandContext *context, int argc, char **argv);
int oba_command_migrate (ObaCommandContext *context, int argc, char **argv);
int oba_command_period  (ObaCommandContext *context, int argc, char **argv);
int oba_command_poster  (ObaCommandContext *context, int argc, char **argv);
int oba_command_report  (ObaCommandContext *context, int argc, char **argv);
int oba_command_serve   (ObaCommandContext *context, int argc, char **argv);
int oba_command_spending (ObaCommandContext *context, int argc, char **argv);
int oba_command_staff   (ObaCommandContext *context, int argc, char **argv);
int oba_command_till    (ObaCommandContext *context, int argc, char **argv);
int oba_command_verify  (ObaCommandContext *context, int argc, char **argv);
int oba_command_webhook (ObaCommandContext *context, int argc, char **argv);

/** Returns: (nullable): the command called @name */
const ObaCommand *oba_commands_find    (const char *name);
/** Returns: (nullable): the name nearest to a mistyped @name */
const char       *oba_commands_suggest (const char *name);

G_END_DECLS
