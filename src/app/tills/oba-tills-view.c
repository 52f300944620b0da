#include "oba-tills-view.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "db/oba-db-error.h"
#include "oba-till-text.h"
#include "oba-tills-export.h"
#include "transactions/oba-transactions-page.h"
#include "widgets/oba-store-chooser.h"

#define PAGE_ROWS 100
/* The job finds many at once. */
#define FOLLOW_MS 500
#define MAY_SEE_CASHIERS (OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR)

typedef struct
{
  const char *title;
  const char *channel;
  const char *empty_title;
  const char *empty_text;
  const char *kinds[6];      /* the first is all */
  const char *states[5];     /* the first is what is shown at first; "" is all */
} Kind;

static const Kind lists[] = {
  [OBA_TILL_LIST_TILLS] = {
    N_("Tills"), "notification::oba_tills", N_("Nothing to Look At"),
    N_("No receipt number is missing, no receipt came late, no number was used twice, and every till sells as it does."),
    { "", "gap", "late", "duplicate", "silent", NULL }, { "open", "explained", "resolved", "", NULL } },
  [OBA_TILL_LIST_CASHIERS] = {
    N_("Cashiers to Review"), "notification::oba_cashiers", N_("Nothing to Look At"),
    N_("At no cashier the same card came again and again, and nobody takes back more than others do."),
    { "", "card", "returns", NULL }, { "open", "follow_up", "fine", "", NULL } },
};

struct _ObaTillsView
{
  AdwBin            parent_instance;

  ObaSession       *session;
  ObaTillList       list;
  GCancellable     *cancellable;
  GPtrArray        *findings;    /* of ObaTillFinding, those of the rows */
  gint64            total;
  gint64            selected;    /* id */
  guint             follow_id;
  gboolean          reading;
  gboolean          adding;
  gboolean          filling;

  GtkDropDown      *kind_field;
  GtkDropDown      *state_field;
  ObaStoreChooser  *store_field;
  GtkLabel         *count_label;
  GtkStack         *stack;
  AdwStatusPage    *empty_page;
  AdwStatusPage    *failed_page;
  GtkListBox       *rows;
  GtkWidget        *more_button;
  ObaTillDetailBox *detail;
};

enum { OPEN, SHOW, LOADED, EXPORTED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaTillsView, oba_tills_view, ADW_TYPE_BIN)

/* ---- rows */

static const char *
icon_of (const char *kind)
{
  static const struct { const char *kind, *icon; } icons[] = {
    { "gap", "view-more-horizontal-symbolic" }, { "late", "document-open-recent-symbolic" }, { "duplicate", "edit-copy-symbolic" },
    { "silent", "audio-volume-muted-symbolic" }, { "card", "avatar-default-symbolic" },     { "returns", "edit-undo-symbolic" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (icons); i++)
    if (g_str_equal (icons[i].kind, kind))
      return icons[i].icon;
  return NULL;
}

static GtkWidget *
row_new (ObaTillsView *self, const ObaTillFinding *finding)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_of (finding->kind));
  g_autofree char *title = oba_till_text_title (finding);
  g_autofree char *place = oba_till_text_place (finding);
  g_autofree char *moment = oba_till_text_moment (finding->begins_at);
  g_autofree char *line = self->list == OBA_TILL_LIST_TILLS ? g_strdup_printf ("%s\n%s", place, moment) : g_strdup (place);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), line);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, oba_till_text_kind (finding->kind), -1);
  gtk_widget_set_tooltip_text (icon, oba_till_text_kind (finding->kind));
  if (*oba_tills_view_get_filter (self).state == '\0')
    {
      GtkWidget *state = gtk_label_new (oba_till_text_state (finding->state));

      gtk_widget_add_css_class (state, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), state);
    }
  return row;
}

static void
selected_cb (ObaTillsView *self, GtkListBoxRow *row)
{
  int place = row != NULL ? gtk_list_box_row_get_index (row) : -1;
  const ObaTillFinding *finding = place >= 0 && (guint) place < self->findings->len ? self->findings->pdata[place] : NULL;

  if (self->filling)
    return;
  self->selected = finding != NULL ? finding->id : 0;
  oba_till_detail_box_show (self->detail, finding);
}

static void
clear_rows (ObaTillsView *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_list_box_remove (self->rows, row);
}

/* What was looked at is still looked at, also when it is no longer in the list: somebody has just decided it. */
static void
find_selected (ObaTillsView *self)
{
  GtkListBoxRow *row = NULL;

  for (guint i = 0; i < self->findings->len; i++)
    if (((ObaTillFinding *) self->findings->pdata[i])->id == self->selected)
      row = gtk_list_box_get_row_at_index (self->rows, (int) i);
  if (row == NULL && self->selected == 0)
    row = gtk_list_box_get_row_at_index (self->rows, 0);
  self->filling = row == NULL;
  gtk_list_box_select_row (self->rows, row);
  self->filling = FALSE;
  if (row != NULL)
    selected_cb (self, row);
}

static void
show_rows (ObaTillsView *self)
{
  g_autofree char *n = oba_number_format (self->total);
  g_autofree char *count = g_strdup_printf (ngettext ("%s finding", "%s findings", (gulong) self->total), n);

  self->filling = TRUE;
  clear_rows (self);
  for (guint i = 0; i < self->findings->len; i++)
    gtk_list_box_append (self->rows, row_new (self, self->findings->pdata[i]));
  self->filling = FALSE;
  gtk_label_set_label (self->count_label, self->findings->len > 0 ? count : "");
  gtk_widget_set_visible (self->more_button, (gint64) self->findings->len < self->total);
  gtk_stack_set_visible_child_name (self->stack, self->findings->len > 0 ? "list" : "empty");
  find_selected (self);
}

/* ---- reading */

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaTillsView *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 total = 0;
  g_autoptr (GPtrArray) found = oba_till_findings_read_finish (result, &total, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->reading = FALSE;
  if (found == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);
      g_autofree char *escaped = g_markup_escape_text (sentence, -1);

      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      g_signal_emit (self, signals[LOADED], 0);
      return;
    }
  if (!self->adding)
    g_ptr_array_set_size (self->findings, 0);
  self->total = found->len > 0 || !self->adding ? total : (gint64) self->findings->len;
  g_ptr_array_extend_and_steal (self->findings, g_steal_pointer (&found));
  show_rows (self);
  g_signal_emit (self, signals[LOADED], 0);
}

static void
read_list (ObaTillsView *self, gboolean more)
{
  ObaTillFilter filter = oba_tills_view_get_filter (self);
  const ObaTillFinding *last = more && self->findings->len > 0 ? self->findings->pdata[self->findings->len - 1] : NULL;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->adding = last != NULL;
  self->reading = TRUE;
  if (*filter.kind == '\0')
    filter.kind = NULL;
  if (*filter.state == '\0')
    filter.state = NULL;
  oba_till_findings_read_async (oba_session_get_pool (self->session), self->list, &filter, last, last != NULL ? PAGE_ROWS : MAX (PAGE_ROWS, self->findings->len), self->cancellable,
                                read_cb, self);
}

void
oba_tills_view_refresh (ObaTillsView *self)
{
  g_return_if_fail (OBA_IS_TILLS_VIEW (self));

  read_list (self, FALSE);
}

static void
more_cb (ObaTillsView *self)
{
  read_list (self, TRUE);
}

static void
filter_changed_cb (ObaTillsView *self)
{
  if (self->filling)
    return;
  self->selected = 0;
  g_ptr_array_set_size (self->findings, 0);
  oba_till_detail_box_show (self->detail, NULL);
  read_list (self, FALSE);
}

static void
follow_cb (gpointer user_data)
{
  ObaTillsView *self = user_data;

  self->follow_id = 0;
  read_list (self, FALSE);
}

static void
happened_cb (ObaTillsView *self)
{
  if (self->follow_id == 0)
    self->follow_id = g_timeout_add_once (FOLLOW_MS, follow_cb, self);
}

/* ---- conditions */

ObaTillFilter
oba_tills_view_get_filter (ObaTillsView *self)
{
  ObaTillFilter filter = { lists[self->list].kinds[gtk_drop_down_get_selected (self->kind_field)], lists[self->list].states[gtk_drop_down_get_selected (self->state_field)],
                           oba_store_chooser_get_store (self->store_field) };

  return filter;
}

static guint
place_of (const char *const *words, const char *word)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_equal (words[i], word != NULL ? word : ""))
      return i;
  return 0;
}

void
oba_tills_view_set_filter (ObaTillsView *self, const ObaTillFilter *filter)
{
  g_return_if_fail (OBA_IS_TILLS_VIEW (self));

  self->filling = TRUE;
  gtk_drop_down_set_selected (self->kind_field, place_of (lists[self->list].kinds, filter->kind));
  gtk_drop_down_set_selected (self->state_field, place_of (lists[self->list].states, filter->state));
  oba_store_chooser_set_store (self->store_field, filter->store_id, NULL);
  self->filling = FALSE;
  filter_changed_cb (self);
}

static GtkDropDown *
drop_down_new (ObaTillsView *self, const char *name, const char *const *words, const char *(*say) (const char *), const char *all)
{
  g_autoptr (GtkStringList) choices = gtk_string_list_new (NULL);
  GtkWidget *field;

  for (guint i = 0; words[i] != NULL; i++)
    gtk_string_list_append (choices, *words[i] != '\0' ? say (words[i]) : all);
  field = gtk_drop_down_new (G_LIST_MODEL (g_object_ref (choices)), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (field, name);
  g_signal_connect_swapped (field, "notify::selected", G_CALLBACK (filter_changed_cb), self);
  return GTK_DROP_DOWN (field);
}

static GtkWidget *
bar_new (ObaTillsView *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->kind_field = drop_down_new (self, _("What"), lists[self->list].kinds, oba_till_text_kind, _("Everything"));
  self->state_field = drop_down_new (self, _("State"), lists[self->list].states, oba_till_text_state, _("Every state"));
  self->store_field = OBA_STORE_CHOOSER (oba_store_chooser_new (oba_session_get_pool (self->session)));
  oba_store_chooser_set_none (self->store_field, _("All stores"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (oba_store_chooser_get_button (self->store_field)), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Store"), -1);
  g_signal_connect_swapped (self->store_field, "notify::store-id", G_CALLBACK (filter_changed_cb), self);
  self->count_label = GTK_LABEL (gtk_label_new (""));
  gtk_widget_add_css_class (GTK_WIDGET (self->count_label), "dim-label");
  gtk_widget_set_hexpand (GTK_WIDGET (self->count_label), TRUE);
  gtk_label_set_xalign (self->count_label, 1);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->kind_field));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->state_field));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->store_field));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->count_label));
  gtk_widget_set_margin_top (bar, 9);
  gtk_widget_set_margin_bottom (bar, 9);
  gtk_widget_set_margin_start (bar, 12);
  gtk_widget_set_margin_end (bar, 12);
  return bar;
}

/* ---- the object */

static GtkWidget *
rows_page_new (ObaTillsView *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->rows = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->rows, GTK_SELECTION_BROWSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, _(lists[self->list].title), -1);
  g_signal_connect_swapped (self->rows, "row-selected", G_CALLBACK (selected_cb), self);
  self->more_button = gtk_button_new_with_mnemonic (_("Show _More"));
  gtk_widget_set_halign (self->more_button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_bottom (self->more_button, 12);
  gtk_widget_add_css_class (self->more_button, "pill");
  g_signal_connect_swapped (self->more_button, "clicked", G_CALLBACK (more_cb), self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->rows));
  gtk_box_append (GTK_BOX (box), self->more_button);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_widget_add_css_class (scrolled, "view");
  return scrolled;
}

static GtkWidget *
loading_new (void)
{
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_size_request (spinner, 48, 48);
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  return spinner;
}

static AdwStatusPage *
status_new (const char *icon, const char *title, const char *text)
{
  return g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", icon, "title", title, "description", text, NULL);
}

static GtkWidget *
list_side_new (ObaTillsView *self)
{
  GtkWidget *retry = gtk_button_new_with_mnemonic (_("_Try Again"));

  self->stack = GTK_STACK (gtk_stack_new ());
  self->empty_page = status_new ("emblem-ok-symbolic", _(lists[self->list].empty_title), _(lists[self->list].empty_text));
  self->failed_page = status_new ("dialog-warning-symbolic", _("The List Could Not Be Read"), NULL);
  gtk_widget_set_halign (retry, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (retry, "pill");
  g_signal_connect_swapped (retry, "clicked", G_CALLBACK (oba_tills_view_refresh), self);
  adw_status_page_set_child (self->failed_page, retry);
  gtk_stack_add_named (self->stack, loading_new (), "loading");
  gtk_stack_add_named (self->stack, rows_page_new (self), "list");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->empty_page), "empty");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed_page), "failed");
  gtk_widget_set_size_request (GTK_WIDGET (self->stack), 360, -1);
  return GTK_WIDGET (self->stack);
}

static void
open_cb (ObaTillsView *self, const ObaReceiptKey *key)
{
  g_signal_emit (self, signals[OPEN], 0, key);
}

static void
show_cb (ObaTillsView *self, const ObaReceiptFilter *filter)
{
  g_signal_emit (self, signals[SHOW], 0, filter);
}

static void
build (ObaTillsView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *paned = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);

  self->detail = OBA_TILL_DETAIL_BOX (oba_till_detail_box_new (self->session));
  g_signal_connect_object (self->detail, "open", G_CALLBACK (open_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->detail, "show-receipts", G_CALLBACK (show_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->detail, "decided", G_CALLBACK (oba_tills_view_refresh), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), bar_new (self));
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_paned_set_start_child (GTK_PANED (paned), list_side_new (self));
  gtk_paned_set_end_child (GTK_PANED (paned), GTK_WIDGET (self->detail));
  gtk_paned_set_resize_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_end_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_position (GTK_PANED (paned), 400);
  gtk_widget_set_vexpand (paned, TRUE);
  gtk_box_append (GTK_BOX (box), paned);
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
oba_tills_view_new (ObaSession *session, ObaTillList list)
{
  ObaTillsView *self = g_object_new (OBA_TYPE_TILLS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->list = list;
  self->filling = TRUE;
  build (self);
  self->filling = FALSE;
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_tills_view_refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (oba_session_get_listener (session), lists[list].channel, G_CALLBACK (happened_cb), self, G_CONNECT_SWAPPED);
  oba_tills_view_refresh (self);
  return GTK_WIDGET (self);
}

static void
oba_tills_view_dispose (GObject *object)
{
  ObaTillsView *self = OBA_TILLS_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->follow_id, g_source_remove);
  self->filling = TRUE;
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_tills_view_parent_class)->dispose (object);
}

static void
oba_tills_view_finalize (GObject *object)
{
  ObaTillsView *self = OBA_TILLS_VIEW (object);

  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->findings);

  G_OBJECT_CLASS (oba_tills_view_parent_class)->finalize (object);
}

static void
oba_tills_view_class_init (ObaTillsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = oba_tills_view_dispose;
  object_class->finalize = oba_tills_view_finalize;
  signals[OPEN] = g_signal_new ("open", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SHOW] = g_signal_new ("show-receipts", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[EXPORTED] = g_signal_new ("exported", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
oba_tills_view_init (ObaTillsView *self)
{
  self->cancellable = g_cancellable_new ();
  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_till_finding_free);
}

/* ---- for tests and pictures */

gboolean
oba_tills_view_is_settled (ObaTillsView *self)
{
  return !self->reading && self->follow_id == 0 && oba_till_detail_box_is_loaded (self->detail);
}

const char *
oba_tills_view_get_shown (ObaTillsView *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

guint
oba_tills_view_get_n_rows (ObaTillsView *self)
{
  return self->findings->len;
}

gint64
oba_tills_view_get_total (ObaTillsView *self)
{
  return self->total;
}

void
oba_tills_view_select (ObaTillsView *self, guint row)
{
  gtk_list_box_select_row (self->rows, gtk_list_box_get_row_at_index (self->rows, (int) row));
}

ObaTillDetailBox *
oba_tills_view_get_detail (ObaTillsView *self)
{
  return self->detail;
}

ObaTillList
oba_tills_view_get_list (ObaTillsView *self)
{
  return self->list;
}

ObaSession *
oba_tills_view_get_session (ObaTillsView *self)
{
  return self->session;
}

/* ---- from the page */

/* Transactions itself, with these conditions. */
static void
show_receipts_cb (ObaTransactionsPage *page, const ObaReceiptFilter *filter, ObaTillsView *view)
{
  g_autoptr (ObaFilter) own = oba_filter_copy (filter);

  oba_subpages_close (oba_transactions_page_get_subpages (page), GTK_WIDGET (view));
  oba_transactions_page_set_filter (page, own);
}

static void
push (GtkWidget *widget, ObaTillList list)
{
  ObaTransactionsPage *page = OBA_TRANSACTIONS_PAGE (widget);
  ObaSubpages *subpages = oba_transactions_page_get_subpages (page);
  GtkWidget *top = oba_subpages_get_top (subpages);
  GtkWidget *view;

  if (top != NULL && OBA_IS_TILLS_VIEW (top) && oba_tills_view_get_list (OBA_TILLS_VIEW (top)) == list)
    return;
  view = oba_tills_view_new (oba_page_get_session (OBA_PAGE (page)), list);
  g_signal_connect_object (view, "open", G_CALLBACK (oba_transactions_page_open_receipt), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "show-receipts", G_CALLBACK (show_receipts_cb), page, G_CONNECT_SWAPPED);
  oba_subpages_push (subpages, view, _(lists[list].title));
  oba_subpages_add_end (subpages, view, oba_tills_export_button_new (OBA_TILLS_VIEW (view)));
}

static void
tills_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  push (widget, OBA_TILL_LIST_TILLS);
}

static void
cashiers_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  push (widget, OBA_TILL_LIST_CASHIERS);
}

void
oba_tills_view_install (GtkWidgetClass *page_class)
{
  gtk_widget_class_install_action (page_class, "page.tills", NULL, tills_action);
  gtk_widget_class_install_action (page_class, "page.cashiers", NULL, cashiers_action);
}

void
oba_tills_view_allow (ObaPage *page)
{
  ObaSession *session = oba_page_get_session (page);

  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.tills", oba_session_has_role (session, OBA_TILLS_VIEW_ROLES));
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.cashiers", oba_session_has_role (session, MAY_SEE_CASHIERS));
}

/* ---- for pictures */

static void
posed_cb (ObaPage *page)
{
  ObaTillsView *view = OBA_TILLS_VIEW (oba_subpages_get_top (oba_transactions_page_get_subpages (OBA_TRANSACTIONS_PAGE (page))));

  if (oba_till_detail_box_is_loaded (view->detail))
    oba_page_set_state (page, OBA_PAGE_READY, NULL);
}

const char *
oba_tills_view_pose (ObaPage *page, guint n)
{
  static const struct { const char *name, *action; ObaRoles roles; } poses[] = { { "tills", "page.tills", OBA_TILLS_VIEW_ROLES }, { "cashiers", "page.cashiers", MAY_SEE_CASHIERS } };
  GtkWidget *view;

  if (n >= G_N_ELEMENTS (poses) || !oba_session_has_role (oba_page_get_session (page), poses[n].roles))
    return NULL;
  oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
  gtk_widget_activate_action (GTK_WIDGET (page), poses[n].action, NULL);
  view = oba_subpages_get_top (oba_transactions_page_get_subpages (OBA_TRANSACTIONS_PAGE (page)));
  g_signal_connect_object (view, "loaded", G_CALLBACK (posed_cb), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (oba_tills_view_get_detail (OBA_TILLS_VIEW (view)), "loaded", G_CALLBACK (posed_cb), page, G_CONNECT_SWAPPED);
  return poses[n].name;
}
