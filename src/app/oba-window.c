#include "oba-window.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "administration/oba-administration-page.h"
#include "analytics/oba-analytics-page.h"
#include "approvals/oba-approvals-view.h"
#include "approvals/oba-approvals-watch.h"
#include "campaigns/oba-campaigns-page.h"
#include "customers/oba-customers-page.h"
#include "overview/oba-overview-page.h"
#include "redemptions/oba-redemptions-page.h"
#include "redemptions/oba-redemptions-watch.h"
#include "stores/oba-store-view.h"
#include "tills/oba-tills-view.h"
#include "transactions/oba-transactions-page.h"
#include "widgets/oba-avatar-text.h"

#define EVERYONE (OBA_ROLE_CLERK | OBA_ROLE_MARKETING | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR)

typedef struct
{
  const char *id;
  const char *title;
  const char *icon;
  GType     (*get_type) (void);
  ObaRoles    roles;      /* who sees it: the others' database would refuse what it reads */
} Entry;

/* Every page of the house, in the order of the sidebar. */
static const Entry all_pages[] = {
  { "overview", N_ ("Overview"), "oba-overview-symbolic", oba_overview_page_get_type, EVERYONE },
  { "customers", N_ ("Customers"), "oba-customers-symbolic", oba_customers_page_get_type, EVERYONE },
  { "transactions", N_ ("Transactions"), "oba-receipt-symbolic", oba_transactions_page_get_type, EVERYONE },
  { "redemptions", N_ ("Redemptions"), "oba-redemption-symbolic", oba_redemptions_page_get_type, EVERYONE },
  { "analytics", N_ ("Analytics"), "oba-analytics-symbolic", oba_analytics_page_get_type, OBA_ROLE_MARKETING | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR },
  { "campaigns", N_ ("Campaigns"), "oba-campaign-symbolic", oba_campaigns_page_get_type, OBA_ROLE_MARKETING | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR },
  { "administration", N_ ("Administration"), "oba-administration-symbolic", oba_administration_page_get_type, OBA_ROLE_ADMIN | OBA_ROLE_SUPERVISOR | OBA_ROLE_AUDITOR | OBA_ROLE_MARKETING },
};

struct _ObaWindow
{
  AdwApplicationWindow parent_instance;

  ObaSession      *session;
  GSettings       *settings;
  GPtrArray       *pages;    /* of ObaPage, owned by the stack */
  GPtrArray       *entries;  /* of const Entry: of the same pages */
  GPtrArray       *badges;   /* of GtkLabel: of the same pages */
  ObaApprovalsWatch *approvals;
  ObaRedemptionsWatch *redemptions;

  AdwToastOverlay *toasts;
  AdwViewStack    *stack;
  AdwWindowTitle  *page_title;
  AdwWindowTitle  *place_title;
  GtkListBox      *sidebar;
  AdwAvatar       *avatar;
  GtkLabel        *person_name;
  GtkLabel        *person_role;
  GtkRevealer     *offline_bar;
  GtkSpinner      *offline_spinner;
};

G_DEFINE_FINAL_TYPE (ObaWindow, oba_window, ADW_TYPE_APPLICATION_WINDOW)

static ObaPage *
current_page (ObaWindow *self)
{
  GtkWidget *child = adw_view_stack_get_visible_child (self->stack);

  return child != NULL ? OBA_PAGE (child) : NULL;
}

static void
row_selected_cb (ObaWindow *self, GtkListBoxRow *row)
{
  const Entry *entry;
  int index;

  if (row == NULL)
    return;

  index = gtk_list_box_row_get_index (row);
  entry = self->entries->pdata[index];
  adw_view_stack_set_visible_child_name (self->stack, entry->id);
  adw_window_title_set_title (self->page_title, _(entry->title));
  if (self->settings != NULL)
    g_settings_set_string (self->settings, "page", entry->id);
}

static void
let_focus (GtkListBox *list, GtkListBoxRow *only)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (list)); row != NULL; row = gtk_widget_get_next_sibling (row))
    gtk_widget_set_focusable (row, only == NULL || row == GTK_WIDGET (only));
}

/* Tab leads out of the pages: from row to row it would open one page after the other. */
static gboolean
sidebar_key_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, ObaWindow *self)
{
  gboolean back = keyval == GDK_KEY_ISO_Left_Tab || (keyval == GDK_KEY_Tab && (state & GDK_SHIFT_MASK) != 0);
  gboolean moved;

  if ((keyval != GDK_KEY_Tab && !back) || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  let_focus (self->sidebar, gtk_list_box_get_selected_row (self->sidebar));
  moved = gtk_widget_child_focus (GTK_WIDGET (self), back ? GTK_DIR_TAB_BACKWARD : GTK_DIR_TAB_FORWARD);
  let_focus (self->sidebar, NULL);
  return moved;
}

static GtkWidget *
badge_new (void)
{
  GtkWidget *badge = gtk_label_new (NULL);

  gtk_widget_add_css_class (badge, "badge");
  gtk_widget_add_css_class (badge, "numeric");
  gtk_widget_set_hexpand (badge, TRUE);
  gtk_widget_set_halign (badge, GTK_ALIGN_END);
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (badge, FALSE);
  return badge;
}

/* The number of what waits there for this person; 0: none. @more: (nullable): what is to be said of them. */
static void
set_badge (ObaWindow *self, const char *id, gint64 n, const char *more)
{
  g_autofree char *number = oba_number_format (n);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = self->entries->pdata[i];
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->sidebar, (int) i);
      /* Translators: the name of a page, and how many requests wait there. */
      g_autofree char *waiting = g_strdup_printf (ngettext ("%s, %s request waits for you", "%s, %s requests wait for you", (gulong) n), _(entry->title), number);
      g_autofree char *spoken = more != NULL ? g_strdup_printf ("%s, %s", waiting, more) : g_strdup (waiting);

      if (!g_str_equal (entry->id, id))
        continue;
      gtk_label_set_label (self->badges->pdata[i], number);
      gtk_widget_set_visible (self->badges->pdata[i], n > 0);
      gtk_widget_set_tooltip_text (self->badges->pdata[i], n > 0 ? spoken : NULL);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, n > 0 ? spoken : _(entry->title), -1);
    }
}

/* Only what one can decide on. */
static void
approvals_cb (ObaWindow *self)
{
  const ObaApprovalsCount *count = oba_approvals_watch_get_count (self->approvals);
  gboolean decides = oba_approvals_watch_decides (self->approvals);

  set_badge (self, "transactions", decides ? count->n_corrections : 0, NULL);
  set_badge (self, "customers", decides ? count->n_merges : 0, NULL);
}

static void
redemptions_cb (ObaWindow *self)
{
  gint64 late = oba_redemptions_watch_get_late (self->redemptions);
  g_autofree char *number = oba_number_format (late);
  /* Translators: requests that should have been decided by now. */
  g_autofree char *text = g_strdup_printf (ngettext ("%s is late", "%s are late", (gulong) late), number);

  set_badge (self, "redemptions", oba_redemptions_watch_get_n (self->redemptions), late > 0 ? text : NULL);
}

static GtkWidget *
sidebar_row_new (const char *title, const char *icon, GtkWidget *badge)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (box), gtk_label_new (title));
  gtk_box_append (GTK_BOX (box), badge);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}

static void
add_pages (ObaWindow *self)
{
  const ObaStaff *staff = oba_session_get_staff (self->session);

  for (guint i = 0; i < G_N_ELEMENTS (all_pages); i++)
    {
      const Entry *entry = &all_pages[i];
      ObaPage *page;

      if ((staff->roles & entry->roles) == 0)
        continue;
      page = g_object_new (entry->get_type (), "session", self->session, "settings", self->settings, NULL);
      adw_view_stack_add_named (self->stack, GTK_WIDGET (page), entry->id);
      g_ptr_array_add (self->pages, page);
      g_ptr_array_add (self->entries, (gpointer) entry);
      g_ptr_array_add (self->badges, badge_new ());
      gtk_list_box_append (self->sidebar, sidebar_row_new (_(entry->title), entry->icon, g_ptr_array_index (self->badges, self->badges->len - 1)));
    }
  self->approvals = oba_approvals_watch_new (self->session);
  g_signal_connect_object (self->approvals, "changed", G_CALLBACK (approvals_cb), self, G_CONNECT_SWAPPED);
  self->redemptions = oba_redemptions_watch_new (self->session);
  g_signal_connect_object (self->redemptions, "changed", G_CALLBACK (redemptions_cb), self, G_CONNECT_SWAPPED);
}

static void
show_last_page (ObaWindow *self)
{
  g_autofree char *last = g_settings_get_string (self->settings, "page");

  oba_window_show_page (self, 0);
  for (guint i = 0; i < self->entries->len; i++)
    if (g_str_equal (((const Entry *) self->entries->pdata[i])->id, last))
      oba_window_show_page (self, i);
}

/* ---- the person and the connection */

static void
show_person (ObaWindow *self)
{
  const ObaStaff *staff = oba_session_get_staff (self->session);
  g_autofree char *initials = oba_avatar_text (staff->name, NULL);

  adw_window_title_set_subtitle (self->place_title, oba_session_get_place (self->session));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->place_title), oba_session_get_place (self->session));
  adw_avatar_set_text (self->avatar, initials);
  gtk_label_set_label (self->person_name, staff->name);
  gtk_label_set_label (self->person_role, oba_staff_get_role_name (staff));
}

static void
online_cb (ObaWindow *self)
{
  gboolean online = oba_session_is_online (self->session);

  if (online && gtk_revealer_get_reveal_child (self->offline_bar))
    oba_window_toast (self, _("The database answers again."));
  gtk_revealer_set_reveal_child (self->offline_bar, !online);
  gtk_spinner_set_spinning (self->offline_spinner, !online);
}

/* ---- actions */

static ObaStoreView *shown_store (ObaWindow *self);

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaPage *page = current_page (OBA_WINDOW (widget));

  if (page != NULL)
    oba_page_refresh (page);
  if (shown_store (OBA_WINDOW (widget)) != NULL)
    oba_store_view_refresh (shown_store (OBA_WINDOW (widget)));
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaWindow *self = OBA_WINDOW (widget);

  if (current_page (self) != NULL && oba_page_focus_search (current_page (self)))
    return;

  for (guint i = 0; i < self->pages->len; i++)
    if (OBA_PAGE_GET_CLASS (self->pages->pdata[i])->focus_search != NULL)
      {
        oba_window_show_page (self, i);
        oba_page_focus_search (self->pages->pdata[i]);
        return;
      }
}

static void
show_page_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_window_show_page (OBA_WINDOW (widget), g_variant_get_uint32 (parameter));
}

static ObaPage *
show_page_of (ObaWindow *self, GType type)
{
  for (guint i = 0; i < self->pages->len; i++)
    if (G_TYPE_CHECK_INSTANCE_TYPE (self->pages->pdata[i], type))
      {
        oba_window_show_page (self, i);
        return self->pages->pdata[i];
      }
  return NULL;
}

/* From a receipt to its customer, wherever it is shown. */
static void
open_customer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaPage *page = show_page_of (OBA_WINDOW (widget), OBA_TYPE_CUSTOMERS_PAGE);

  if (page != NULL)
    oba_customers_page_open_profile (OBA_CUSTOMERS_PAGE (page), g_variant_get_int64 (parameter));
}

static void
open_redemptions_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaPage *page = show_page_of (OBA_WINDOW (widget), OBA_TYPE_REDEMPTIONS_PAGE);

  if (page != NULL)
    oba_redemptions_page_show_customer (OBA_REDEMPTIONS_PAGE (page), g_variant_get_int64 (parameter));
}

/* And from a customer to a receipt: customer, moment, number. */
static void
open_receipt_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaPage *page = show_page_of (OBA_WINDOW (widget), OBA_TYPE_TRANSACTIONS_PAGE);
  ObaReceiptKey key;

  g_variant_get (parameter, "(xxx)", &key.customer_id, &key.at, &key.receipt_id);
  if (page != NULL)
    oba_transactions_page_open_receipt (OBA_TRANSACTIONS_PAGE (page), &key);
}

/* What the views of a page are pushed on. */
static ObaSubpages *
find_subpages (GtkWidget *widget)
{
  ObaSubpages *found = NULL;

  if (widget == NULL || OBA_IS_SUBPAGES (widget))
    return widget != NULL ? OBA_SUBPAGES (widget) : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_subpages (child);
  return found;
}

/* The store that is shown over the page, if any. */
static ObaStoreView *
shown_store (ObaWindow *self)
{
  ObaPage *page = current_page (self);
  ObaSubpages *subpages = page != NULL ? find_subpages (GTK_WIDGET (page)) : NULL;
  GtkWidget *top = subpages != NULL ? oba_subpages_get_top (subpages) : NULL;

  return top != NULL && OBA_IS_STORE_VIEW (top) ? OBA_STORE_VIEW (top) : NULL;
}

/* A store, over whatever named it: Back returns there. */
static void
open_store_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaWindow *self = OBA_WINDOW (widget);
  ObaPage *page = current_page (self);
  ObaSubpages *subpages = page != NULL ? find_subpages (GTK_WIDGET (page)) : NULL;

  if (subpages != NULL)
    oba_store_view_push (subpages, self->session, g_variant_get_int64 (parameter));
}

/* What was found about the tills of a store. */
static void
open_tills_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaPage *page = show_page_of (OBA_WINDOW (widget), OBA_TYPE_TRANSACTIONS_PAGE);
  GtkWidget *top;
  ObaTillFilter filter;

  if (page == NULL || !gtk_widget_activate_action (GTK_WIDGET (page), "page.tills", NULL))
    return;
  top = oba_subpages_get_top (oba_transactions_page_get_subpages (OBA_TRANSACTIONS_PAGE (page)));
  if (top == NULL || !OBA_IS_TILLS_VIEW (top))
    return;
  filter = oba_tills_view_get_filter (OBA_TILLS_VIEW (top));
  filter.store_id = g_variant_get_int64 (parameter);
  oba_tills_view_set_filter (OBA_TILLS_VIEW (top), &filter);
}

static void
open_approvals_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaWindow *self = OBA_WINDOW (widget);
  ObaPage *page = show_page_of (self, OBA_TYPE_TRANSACTIONS_PAGE);

  if (page != NULL && oba_session_has_role (self->session, OBA_APPROVALS_ROLES))
    oba_approvals_view_push (oba_transactions_page_get_subpages (OBA_TRANSACTIONS_PAGE (page)), self->session);
}

static void
toggle_table_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaPage *page = current_page (OBA_WINDOW (widget));
  ObaStoreView *store = shown_store (OBA_WINDOW (widget));

  if (store != NULL)
    oba_store_view_toggle_table (store);
  else if (page != NULL)
    gtk_widget_activate_action (GTK_WIDGET (page), "page.toggle-table", NULL);
}

/* ---- the window */

/* Windows over this one close first, and may ask what becomes of what was typed in them. */
static gboolean
close_those_over (GtkWindow *window)
{
  GList *windows = gtk_window_list_toplevels ();
  gboolean closed = TRUE;

  g_list_foreach (windows, (GFunc) (GCallback) g_object_ref, NULL);
  for (GList *l = windows; l != NULL && closed; l = l->next)
    if (gtk_window_get_transient_for (l->data) == window && gtk_widget_get_visible (l->data))
      {
        gtk_window_close (l->data);
        closed = !gtk_widget_get_visible (l->data);
      }
  g_list_free_full (windows, g_object_unref);
  return closed;
}

static gboolean
oba_window_close_request (GtkWindow *window)
{
  ObaWindow *self = OBA_WINDOW (window);
  int width, height;

  if (!close_those_over (window))
    return TRUE;
  gtk_window_get_default_size (window, &width, &height);
  g_settings_set_int (self->settings, "window-width", MAX (width, 360));
  g_settings_set_int (self->settings, "window-height", MAX (height, 294));
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (window));

  return GTK_WINDOW_CLASS (oba_window_parent_class)->close_request (window);
}

static void
oba_window_dispose (GObject *object)
{
  ObaWindow *self = OBA_WINDOW (object);

  /* The pages go first and cancel what they read; then the session may close. */
  g_clear_pointer (&self->pages, g_ptr_array_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->badges, g_ptr_array_unref);
  g_clear_object (&self->approvals);
  g_clear_object (&self->redemptions);
  G_OBJECT_CLASS (oba_window_parent_class)->dispose (object);

  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      oba_session_close (self->session);
    }
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
}

static void
oba_window_class_init (ObaWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = oba_window_close_request;

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/oba-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, avatar);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, offline_bar);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, offline_spinner);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, page_title);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, person_name);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, person_role);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, place_title);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_key_cb);

  gtk_widget_class_install_action (widget_class, "win.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.show-page", "u", show_page_action);
  gtk_widget_class_install_action (widget_class, "win.toggle-table", NULL, toggle_table_action);
  gtk_widget_class_install_action (widget_class, "win.open-customer", "x", open_customer_action);
  gtk_widget_class_install_action (widget_class, "win.open-approvals", NULL, open_approvals_action);
  gtk_widget_class_install_action (widget_class, "win.open-receipt", "(xxx)", open_receipt_action);
  gtk_widget_class_install_action (widget_class, "win.open-store", "x", open_store_action);
  gtk_widget_class_install_action (widget_class, "win.open-redemptions", "x", open_redemptions_action);
  gtk_widget_class_install_action (widget_class, "win.open-tills", "x", open_tills_action);
  /* Plain T, not an accelerator: entries that have the focus keep it for themselves. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_t, 0, "win.toggle-table", NULL);
}

static void
oba_window_init (ObaWindow *self)
{
  self->pages = g_ptr_array_new ();
  self->entries = g_ptr_array_new ();
  self->badges = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

ObaWindow *
oba_window_new (GtkApplication *app, ObaSession *session, GSettings *settings)
{
  ObaWindow *self = g_object_new (OBA_TYPE_WINDOW, "application", app, NULL);

  self->session = g_object_ref (session);
  self->settings = g_object_ref (settings);
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"), g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  show_person (self);
  add_pages (self);
  show_last_page (self);
  g_signal_connect_swapped (session, "notify::online", G_CALLBACK (online_cb), self);
  online_cb (self);
  return self;
}

ObaSession *
oba_window_get_session (ObaWindow *self)
{
  g_return_val_if_fail (OBA_IS_WINDOW (self), NULL);

  return self->session;
}

guint
oba_window_get_n_pages (ObaWindow *self)
{
  g_return_val_if_fail (OBA_IS_WINDOW (self), 0);

  return self->pages->len;
}

ObaPage *
oba_window_get_page (ObaWindow *self, guint index)
{
  g_return_val_if_fail (OBA_IS_WINDOW (self) && index < self->pages->len, NULL);

  return self->pages->pdata[index];
}

const char *
oba_window_get_page_id (ObaWindow *self, guint index)
{
  g_return_val_if_fail (OBA_IS_WINDOW (self) && index < self->pages->len, NULL);

  return ((const Entry *) self->entries->pdata[index])->id;
}

void
oba_window_show_page (ObaWindow *self, guint index)
{
  g_return_if_fail (OBA_IS_WINDOW (self));

  if (index < self->pages->len)
    gtk_list_box_select_row (self->sidebar, gtk_list_box_get_row_at_index (self->sidebar, (int) index));
}

guint
oba_window_get_shown (ObaWindow *self)
{
  GtkListBoxRow *row;

  g_return_val_if_fail (OBA_IS_WINDOW (self), 0);

  row = gtk_list_box_get_selected_row (self->sidebar);
  return row != NULL ? (guint) gtk_list_box_row_get_index (row) : 0;
}

void
oba_window_toast (ObaWindow *self, const char *message)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);

  g_return_if_fail (OBA_IS_WINDOW (self));

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

gboolean
oba_window_is_offline_shown (ObaWindow *self)
{
  g_return_val_if_fail (OBA_IS_WINDOW (self), FALSE);

  return gtk_revealer_get_reveal_child (self->offline_bar);
}
