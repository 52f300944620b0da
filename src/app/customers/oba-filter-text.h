#pragma once

#include "customers/oba-customer-choices.h"

G_BEGIN_DECLS

/* What a filter asks for, in words. */

/** One condition that can be taken away by itself. */
typedef struct
{
  ObaCustomerFilterField  field;
  gint64                  number;   /* of the field's numbers, or 0 */
  char                   *name;     /* of its names or channels, or NULL */
  char                   *text;     /* "Tier: Gold" */
} ObaFilterPart;

/** @choices: (nullable): names are numbers then. Of the text nothing is said. (transfer full) (element-type ObaFilterPart) */
GPtrArray  *oba_filter_text_list    (const ObaCustomerFilter *filter, ObaCustomerChoices *choices);
void        oba_filter_part_remove  (const ObaFilterPart *part, ObaCustomerFilter *filter);
/** "“əliyeva”, Tier: Gold, SMS: yes"; "Everybody" for an empty one. (transfer full) */
char       *oba_filter_text_line    (const ObaCustomerFilter *filter, ObaCustomerChoices *choices);

/** "Gold", "Blocked", "March": one value of a field. (transfer full) */
char       *oba_filter_text_value   (ObaCustomerFilterField field, gint64 number, const char *name, ObaCustomerChoices *choices);

G_END_DECLS
