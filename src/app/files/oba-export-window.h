#pragma once

#include <adwaita.h>

#include "customers/oba-customers-page.h"
#include "export/oba-export.h"

G_BEGIN_DECLS

/**
 * ObaExportWindow: customers of a list into a file: which, in which format, with which columns; then how far it is, and in the end how many rows and
 * the control totals. Closing it stops an export that runs.
 */
#define OBA_TYPE_EXPORT_WINDOW (oba_export_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaExportWindow, oba_export_window, OBA, EXPORT_WINDOW, AdwWindow)

/**
 * oba_export_window_new:
 * @all: what the list shows: filter and order; copied
 * @n_all: how many these are
 * @ids: (nullable) (element-type gint64): the chosen ones
 * @columns: (nullable): the list's columns by their ids, in their order
 */
ObaExportWindow *oba_export_window_new       (GtkWindow *parent, ObaSession *session, const ObaExportOptions *all, guint n_all, GArray *ids,
                                              const char *const *columns);
/** @receipts: a filter of receipts in JSON, and how many these are: every line of them. */
ObaExportWindow *oba_export_window_new_sales (GtkWindow *parent, ObaSession *session, const char *receipts, guint n_receipts);
/** What the page's list shows, or @ids (nullable) of it. */
void             oba_export_window_open      (ObaCustomersPage *page, GArray *ids);

/* For tests: as if chosen in the file chooser; what it shows: "form", "running", "done", "failed". */
void             oba_export_window_start     (ObaExportWindow *self, const char *path);
const char      *oba_export_window_get_shown (ObaExportWindow *self);

/** The action page.export. */
void             oba_export_window_install   (GtkWidgetClass *page_class);

G_END_DECLS
