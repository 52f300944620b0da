#pragma once

#include "oba-customers-page.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_BULK_DIALOG_SEGMENT,
  OBA_BULK_DIALOG_CONSENT,
  OBA_BULK_DIALOG_BLOCK,
} ObaBulkDialogKind;

/**
 * ObaBulkDialog: one thing done to many customers: what, then what would happen to whom (the dry run), then doing it with its progress.
 * It ends with a message on the page that offers to undo. Closing it while it works stops it: what is done stays, and is said.
 */
#define OBA_TYPE_BULK_DIALOG (oba_bulk_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ObaBulkDialog, oba_bulk_dialog, OBA, BULK_DIALOG, AdwWindow)

/** @ids: (element-type gint64): those who were chosen when it opened, whatever the list shows later */
ObaBulkDialog *oba_bulk_dialog_new       (ObaCustomersPage *page, ObaBulkDialogKind kind, GArray *ids);
/** "form", "counting", "preview", "running", "failed" */
const char    *oba_bulk_dialog_get_shown (ObaBulkDialog *self);

G_END_DECLS
