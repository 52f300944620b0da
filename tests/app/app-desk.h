#pragma once

#include "app-database.h"
#include "corrections/oba-correct-menu.h"
#include "corrections/oba-correction-window.h"
#include "corrections/oba-return-form.h"
#include "oba-test-wire.h"
#include "transactions/oba-transactions-page.h"

G_BEGIN_DECLS

/**
 * Desks: people at windows of their own with a receipt open, and a chain that has three receipts to put right: R1 (three packs of tea and apples, 12.44) and R2 (100.00) of
 * Aygün (600), R3 of nobody. The staff are tural and aysel (clerks), leyla (supervisor), rauf (auditor), aysu (marketing).
 */
typedef struct
{
  AppDatabase    *database;
  AdwApplication *app;
  ObaTestWire    *wire;
} Fixture;

/* A person at a window of their own, with one receipt open. */
typedef struct
{
  ObaSession          *session;
  GtkWindow           *window;
  ObaTransactionsPage *page;
  ObaReceiptView      *view;
} Desk;

void                 run         (Fixture *fixture, const char *sql);
void                 assert_ask  (Fixture *fixture, const char *expected, const char *sql);
/** Three packs of tea and 1.235 kg of apples, for 12.44; or one thing for @total. @customer: a number, or "null" */
void                 sell        (Fixture *fixture, const char *number, const char *customer, gint64 total);
/* For g_test_add(). Whatever was done, points and totals agree in the end. */
void                 set_up      (Fixture *fixture, gconstpointer data);
void                 tear_down   (Fixture *fixture, gconstpointer data);
void                 sit_down_at (Fixture *fixture, Desk *desk, const char *conninfo, const char *login, const char *number);
void                 sit_down    (Fixture *fixture, Desk *desk, const char *login, const char *number);
void                 leave       (Desk *desk);
gboolean             shows       (Desk *desk, const char *text);
GtkWidget           *child_of    (GtkWidget *root, GType type);
ObaCorrectMenu      *menu_of     (Desk *desk);
ObaCorrectionWindow *dialog_of   (Desk *desk);
void                 settle      (ObaCorrectionWindow *dialog);
ObaCorrectionWindow *take_dialog (Desk *desk);
/** Opens what the menu has under @action, and waits until its preview is there. */
ObaCorrectionWindow *open_dialog (Desk *desk, const char *action);
gboolean             says        (ObaCorrectionWindow *dialog, const char *text);
GtkWidget           *button_of   (gpointer root, const char *label);
void                 press       (gpointer root, const char *label);
gboolean             can_press   (gpointer root, const char *label);
ObaReturnForm       *return_form (ObaCorrectionWindow *dialog);
void                 bring_back  (ObaCorrectionWindow *dialog, int line, const char *quantity);
/** Until the dialog is gone and the receipt behind it read again. */
void                 wait_done   (Desk *desk);

G_END_DECLS
