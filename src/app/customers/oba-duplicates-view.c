#include "oba-duplicates-view.h"

#include <glib/gi18n-lib.h>

#include "approvals/oba-approvals-list.h"
#include "customers/oba-duplicates.h"
#include "oba-duplicate-cards.h"
#include "oba-merge-window.h"
#include "oba-profile-changes.h"
#include "oba-review-list.h"
#include "widgets/oba-problem-box.h"

#define PAIRS_A_PAGE 20
#define MERGES_A_PAGE 50

#define MAY_SEE (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR)
#define MAY_PROPOSE (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

/* One of the two lists that are read here. */
typedef struct
{
  ObaReviewList *list;
  GtkStackPage  *page;
  GCancellable  *reading;     /* NULL: nothing is under way */
  GPtrArray     *items;       /* (nullable) */
  gboolean       more;        /* the answer under way is appended */
  guint          limit;       /* of the answer under way */
} Tab;

struct _ObaDuplicatesView
{
  AdwBin             parent_instance;

  ObaSession        *session;
  ObaProfileChanges *changes;
  GtkStack          *stack;
  ObaProblemBox     *problem;
  ObaProblemBox     *lost;
  Tab                pairs;
  Tab                merges;
  ObaApprovalsList  *approvals;
  GtkStackPage      *approvals_page;
  GVariant          *doing;       /* the target of what was pressed last */
};

enum { LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaDuplicatesView, oba_duplicates_view, ADW_TYPE_BIN)

/* ---- reading */

static ObaDbPool *
get_pool (ObaDuplicatesView *self)
{
  return oba_session_get_pool (self->session);
}

static void
tab_stop (Tab *tab)
{
  g_cancellable_cancel (tab->reading);
  g_clear_object (&tab->reading);
}

static GCancellable *
tab_start (Tab *tab)
{
  tab_stop (tab);
  tab->reading = g_cancellable_new ();
  return tab->reading;
}

/* Whether @result is the newest answer and not one that was given up; the items, or the reason, are shown by the caller. */
static gboolean
tab_take (Tab *tab, GPtrArray *items, const GError *error)
{
  g_autofree char *sentence = NULL;

  g_clear_object (&tab->reading);
  if (items != NULL)
    return TRUE;
  sentence = oba_db_error_describe (error);
  oba_review_list_fail (tab->list, sentence);
  return FALSE;
}

static gboolean
is_reading (ObaDuplicatesView *self)
{
  return self->pairs.reading != NULL || self->merges.reading != NULL || !oba_approvals_list_is_settled (self->approvals);
}

static void
tell_loaded (ObaDuplicatesView *self)
{
  if (!is_reading (self))
    g_signal_emit (self, signals[LOADED], 0);
}

static void
set_title (GtkStackPage *page, const char *title, gint64 n)
{
  g_autofree char *numbered = n > 0 ? g_strdup_printf ("%s (%" G_GINT64_FORMAT ")", title, n) : g_strdup (title);

  gtk_stack_page_set_title (page, numbered);
}

static void
show_pairs (ObaDuplicatesView *self, gboolean more)
{
  gboolean may = oba_session_has_role (self->session, MAY_PROPOSE);

  oba_review_list_clear (self->pairs.list);
  for (guint i = 0; i < self->pairs.items->len; i++)
    oba_review_list_add (self->pairs.list, oba_duplicate_card_new (self->pairs.items->pdata[i], may));
  oba_review_list_show (self->pairs.list, more);
}

static void
pairs_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaDuplicatesView *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 total;
  g_autoptr (GPtrArray) pairs = oba_duplicates_read_finish (result, &total, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !tab_take (&self->pairs, pairs, error))
    return;
  if (self->pairs.more && self->pairs.items != NULL)
    g_ptr_array_extend_and_steal (self->pairs.items, g_ptr_array_ref (pairs));
  else
    {
      g_clear_pointer (&self->pairs.items, g_ptr_array_unref);
      self->pairs.items = g_ptr_array_ref (pairs);
      set_title (self->pairs.page, _("Likely Pairs"), total);
    }
  show_pairs (self, total > self->pairs.items->len);
  tell_loaded (self);
}

static void
read_pairs (ObaDuplicatesView *self, gboolean more)
{
  GPtrArray *items = self->pairs.items;
  const ObaDuplicatePair *last = more && items != NULL && items->len > 0 ? items->pdata[items->len - 1] : NULL;
  /* Read again, the list keeps its length. */
  guint limit = more || items == NULL ? PAIRS_A_PAGE : MAX (items->len, PAIRS_A_PAGE);

  self->pairs.more = more;
  oba_duplicates_read_async (get_pool (self), last, limit, tab_start (&self->pairs), pairs_cb, self);
}

static void
approvals_cb (ObaDuplicatesView *self)
{
  set_title (self->approvals_page, _("Approvals"), oba_approvals_list_get_n_open (self->approvals));
  tell_loaded (self);
}

static void
merges_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaDuplicatesView *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) merges = oba_merges_read_finish (result, &error);
  gboolean full;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !tab_take (&self->merges, merges, error))
    return;
  full = merges->len == self->merges.limit;
  if (self->merges.more && self->merges.items != NULL)
    g_ptr_array_extend_and_steal (self->merges.items, g_ptr_array_ref (merges));
  else
    {
      g_clear_pointer (&self->merges.items, g_ptr_array_unref);
      self->merges.items = g_ptr_array_ref (merges);
    }
  oba_review_list_clear (self->merges.list);
  for (guint i = 0; i < self->merges.items->len; i++)
    oba_review_list_add (self->merges.list, oba_merge_card_new (self->merges.items->pdata[i], oba_session_has_role (self->session, MAY_PROPOSE)));
  oba_review_list_show (self->merges.list, full);
  tell_loaded (self);
}

static void
read_merges (ObaDuplicatesView *self, gboolean more)
{
  GPtrArray *items = self->merges.items;
  const ObaMergeEntry *last = more && items != NULL && items->len > 0 ? items->pdata[items->len - 1] : NULL;

  self->merges.more = more;
  self->merges.limit = more || items == NULL ? MERGES_A_PAGE : MAX (items->len, MERGES_A_PAGE);
  oba_merges_read_async (get_pool (self), 0, last != NULL ? last->id : 0, self->merges.limit, tab_start (&self->merges), merges_cb, self);
}

static void
refresh (ObaDuplicatesView *self)
{
  read_pairs (self, FALSE);
  oba_approvals_list_refresh (self->approvals);
  read_merges (self, FALSE);
}

static void
more_pairs_cb (ObaDuplicatesView *self)
{
  read_pairs (self, TRUE);
}

static void
more_merges_cb (ObaDuplicatesView *self)
{
  read_merges (self, TRUE);
}

/* ---- doing */

static void
toast (ObaDuplicatesView *self, const char *text)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), OBA_TYPE_PAGE);

  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), text);
}

static void
show_problem (ObaDuplicatesView *self, const char *sentence)
{
  oba_problem_box_set_text (self->problem, sentence);
}

static gboolean
is_busy (ObaDuplicatesView *self)
{
  return oba_profile_changes_is_busy (self->changes);
}

static void
update_lost (ObaDuplicatesView *self)
{
  oba_problem_box_set_text (self->lost, is_busy (self) && !oba_session_is_online (self->session)
                                          ? _("The connection is lost. As soon as the server is back what you decided is done, once.") : NULL);
}

/* Pressed twice is meant once. */
static gboolean
begin (ObaDuplicatesView *self, GVariant *target)
{
  if (is_busy (self) && self->doing != NULL && g_variant_equal (self->doing, target))
    return FALSE;
  g_clear_pointer (&self->doing, g_variant_unref);
  self->doing = g_variant_ref (target);
  show_problem (self, NULL);
  return TRUE;
}

static void
done_cb (ObaDuplicatesView *self)
{
  update_lost (self);
  refresh (self);
}

static void
failed_cb (ObaDuplicatesView *self, const char *sentence)
{
  update_lost (self);
  show_problem (self, sentence);
  refresh (self);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *page = gtk_widget_get_ancestor (widget, OBA_TYPE_CUSTOMERS_PAGE);

  if (page != NULL)
    oba_customers_page_open_profile (OBA_CUSTOMERS_PAGE (page), g_variant_get_int64 (parameter));
}

static void
apart_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaDuplicatesView *self = OBA_DUPLICATES_VIEW (widget);

  if (!begin (self, parameter))
    return;
  oba_profile_changes_ask (self->changes, "keep_apart", oba_duplicate_card_apart_request (parameter, TRUE), _("Two different persons: they are not proposed again"),
                           oba_duplicate_card_apart_request (parameter, FALSE));
  update_lost (self);
}

static void
asked_cb (ObaDuplicatesView *self)
{
  toast (self, _("The request waits for somebody else’s approval"));
  refresh (self);
}

static void
present (ObaDuplicatesView *self, ObaMergeWindow *window)
{
  g_signal_connect_object (window, "asked", G_CALLBACK (asked_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

static GtkWindow *
get_window (ObaDuplicatesView *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
merge_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaDuplicatesView *self = OBA_DUPLICATES_VIEW (widget);
  gint64 first, second;

  g_variant_get (parameter, "(xx)", &first, &second);
  for (guint i = 0; self->pairs.items != NULL && i < self->pairs.items->len; i++)
    {
      const ObaDuplicatePair *pair = self->pairs.items->pdata[i];

      if (pair->first->id == first && pair->second->id == second)
        {
          present (self, oba_merge_window_new (get_window (self), self->session, pair->first, pair->second));
          return;
        }
    }
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaDuplicatesView *self = OBA_DUPLICATES_VIEW (widget);

  for (guint i = 0; self->merges.items != NULL && i < self->merges.items->len; i++)
    {
      const ObaMergeEntry *entry = self->merges.items->pdata[i];

      if (entry->id == g_variant_get_int64 (parameter))
        {
          present (self, oba_merge_window_new_back (get_window (self), self->session, entry));
          return;
        }
    }
}

/* ---- the object */

static void
add_tab (ObaDuplicatesView *self, Tab *tab, const char *name, const char *title, GtkWidget *list, GCallback more)
{
  tab->list = OBA_REVIEW_LIST (list);
  tab->page = gtk_stack_add_titled (self->stack, list, name, title);
  g_signal_connect_swapped (list, "retry", G_CALLBACK (refresh), self);
  if (more != NULL)
    g_signal_connect_swapped (list, "more", more, self);
}

static void
add_tabs (ObaDuplicatesView *self)
{
  add_tab (self, &self->pairs, "pairs", _("Likely Pairs"),
           oba_review_list_new ("oba-customers-symbolic", _("No Likely Pairs"),
                                _("Whoever is registered, imported or changed is compared with everybody else. Two who may be one person appear here by themselves."),
                                _("Likely pairs")),
           G_CALLBACK (more_pairs_cb));
  self->approvals = OBA_APPROVALS_LIST (oba_approvals_list_new (self->session, OBA_APPROVALS_MERGES));
  self->approvals_page = gtk_stack_add_titled (self->stack, GTK_WIDGET (self->approvals), "approvals", _("Approvals"));
  g_signal_connect_object (self->approvals, "loaded", G_CALLBACK (approvals_cb), self, G_CONNECT_SWAPPED);
  add_tab (self, &self->merges, "merges", _("Merges"),
           oba_review_list_new ("document-open-recent-symbolic", _("Nothing Was Merged Yet"), _("Every merge is listed here, and can be taken back."), _("Merges")),
           G_CALLBACK (more_merges_cb));
}

static void
tab_clear (Tab *tab)
{
  tab_stop (tab);
  g_clear_pointer (&tab->items, g_ptr_array_unref);
}

static void
oba_duplicates_view_dispose (GObject *object)
{
  ObaDuplicatesView *self = OBA_DUPLICATES_VIEW (object);

  tab_clear (&self->pairs);
  tab_clear (&self->merges);
  g_clear_pointer (&self->doing, g_variant_unref);
  g_clear_object (&self->changes);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_duplicates_view_parent_class)->dispose (object);
}

static void
oba_duplicates_view_class_init (ObaDuplicatesViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_duplicates_view_dispose;

  signals[LOADED] = g_signal_new ("loaded", OBA_TYPE_DUPLICATES_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "duplicates.open", "x", open_action);
  gtk_widget_class_install_action (widget_class, "duplicates.apart", "(xx)", apart_action);
  gtk_widget_class_install_action (widget_class, "duplicates.merge", "(xx)", merge_action);
  gtk_widget_class_install_action (widget_class, "duplicates.back", "x", back_action);
}

static void
oba_duplicates_view_init (ObaDuplicatesView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *switcher = gtk_stack_switcher_new ();

  self->stack = GTK_STACK (gtk_stack_new ());
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, "margin-start", 12, "margin-end", 12, "margin-bottom", 9, NULL);
  self->lost = g_object_new (OBA_TYPE_PROBLEM_BOX, "margin-start", 12, "margin-end", 12, "margin-bottom", 9, NULL);
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), self->stack);
  gtk_widget_set_halign (switcher, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (switcher, 9);
  gtk_widget_set_margin_bottom (switcher, 9);
  gtk_box_append (GTK_BOX (box), switcher);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->lost));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
oba_duplicates_view_new (ObaSession *session)
{
  ObaDuplicatesView *self = g_object_new (OBA_TYPE_DUPLICATES_VIEW, NULL);
  ObaDbListener *listener = oba_session_get_listener (session);

  self->session = g_object_ref (session);
  self->changes = oba_profile_changes_new (oba_session_get_pool (session), GTK_WIDGET (self));
  g_signal_connect_object (self->changes, "done", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->changes, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (listener, "notification::oba_approvals", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (listener, "notification::oba_duplicates", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (update_lost), self, G_CONNECT_SWAPPED);
  add_tabs (self);
  refresh (self);
  return GTK_WIDGET (self);
}

void
oba_duplicates_view_show_tab (ObaDuplicatesView *self, const char *tab)
{
  gtk_stack_set_visible_child_name (self->stack, tab);
}

gboolean
oba_duplicates_view_is_settled (ObaDuplicatesView *self)
{
  return !is_reading (self) && !is_busy (self);
}

const char *
oba_duplicates_view_get_shown (ObaDuplicatesView *self)
{
  GtkWidget *tab = gtk_stack_get_visible_child (self->stack);

  return OBA_IS_APPROVALS_LIST (tab) ? oba_approvals_list_get_shown (self->approvals) : oba_review_list_get_shown (OBA_REVIEW_LIST (tab));
}

const char *
oba_duplicates_view_get_problem (ObaDuplicatesView *self)
{
  const char *problem = oba_problem_box_get_text (self->problem);

  return *problem != '\0' ? problem : oba_approvals_list_get_problem (self->approvals);
}

/* ---- on the page */

static void
duplicates_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaSubpages *subpages = oba_customers_page_get_subpages (OBA_CUSTOMERS_PAGE (widget));
  GtkWidget *top = oba_subpages_get_top (subpages);

  if (top != NULL && OBA_IS_DUPLICATES_VIEW (top))
    return;
  oba_subpages_push (subpages, oba_duplicates_view_new (oba_page_get_session (OBA_PAGE (widget))), _("Duplicates"));
}

void
oba_duplicates_view_install (GtkWidgetClass *page_class)
{
  gtk_widget_class_install_action (page_class, "page.duplicates", NULL, duplicates_action);
}

void
oba_duplicates_view_allow (ObaPage *page)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.duplicates", oba_session_has_role (oba_page_get_session (page), MAY_SEE));
}
