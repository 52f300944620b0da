#include "oba-merge-chooser.h"

#include <glib/gi18n-lib.h>

#include "oba-customers-page.h"
#include "oba-duplicate-cards.h"
#include "oba-merge-window.h"
#include "oba-profile-section.h"
#include "widgets/oba-customer-finder.h"
#include "widgets/oba-problem-box.h"

#define MAX_LIKELY 10
#define MAX_FOUND 10
#define MAX_MERGES 20

#define MAY_PROPOSE (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

struct _ObaMergeChooser
{
  AdwWindow          parent_instance;

  ObaSession        *session;
  ObaProfileChanges *changes;
  GWeakRef           view;           /* the profile */
  gint64             id;
  GCancellable      *cancellable;    /* of what is read once */
  GCancellable      *searching;
  guint              n_reading;
  GPtrArray         *likely;         /* of ObaDuplicatePair */
  GArray            *sought;         /* of gint64: this customer, then who was found */
  GPtrArray         *found;          /* of ObaDuplicatePair */
  GPtrArray         *merges;         /* of ObaMergeEntry */

  ObaCustomerFinder *finder;
  ObaProblemBox     *problem;
  GtkBox            *likely_box;
  GtkBox            *merges_box;
  GtkBox            *found_box;
};

G_DEFINE_FINAL_TYPE (ObaMergeChooser, oba_merge_chooser, ADW_TYPE_WINDOW)

/* ---- what is shown */

static ObaDbPool *
get_pool (ObaMergeChooser *self)
{
  return oba_session_get_pool (self->session);
}

static void
show_error (ObaMergeChooser *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);

  oba_problem_box_set_text (self->problem, sentence);
}

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static void
fill_pairs (GtkBox *box, const char *title, GPtrArray *pairs)
{
  clear_box (box);
  if (pairs->len == 0)
    return;
  gtk_box_append (box, oba_profile_label_new (title, "heading"));
  for (guint i = 0; i < pairs->len; i++)
    gtk_box_append (box, oba_duplicate_card_new (pairs->pdata[i], TRUE));
}

static void
show_note (ObaMergeChooser *self, const char *text)
{
  clear_box (self->found_box);
  gtk_box_append (self->found_box, oba_profile_label_new (text, "dim-label"));
}

/* ---- likely ones, and those who were merged into this one */

static void
likely_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaMergeChooser) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pairs = oba_duplicates_read_finish (result, NULL, &error);

  self->n_reading--;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (pairs == NULL)
    {
      show_error (self, error);
      return;
    }
  g_clear_pointer (&self->likely, g_ptr_array_unref);
  self->likely = g_steal_pointer (&pairs);
  fill_pairs (self->likely_box, _("Likely the Same Person"), self->likely);
}

static void
merges_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaMergeChooser) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) merges = oba_merges_read_finish (result, &error);

  self->n_reading--;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (merges == NULL)
    {
      show_error (self, error);
      return;
    }
  g_clear_pointer (&self->merges, g_ptr_array_unref);
  self->merges = g_steal_pointer (&merges);
  clear_box (self->merges_box);
  if (self->merges->len > 0)
    gtk_box_append (self->merges_box, oba_profile_label_new (_("Merged into This Customer"), "heading"));
  for (guint i = 0; i < self->merges->len; i++)
    gtk_box_append (self->merges_box, oba_merge_card_new (self->merges->pdata[i], TRUE));
}

static void
load (ObaMergeChooser *self)
{
  self->n_reading += 2;
  oba_duplicates_read_of_async (get_pool (self), self->id, MAX_LIKELY, self->cancellable, likely_cb, g_object_ref (self));
  oba_merges_read_async (get_pool (self), self->id, 0, MAX_MERGES, self->cancellable, merges_cb, g_object_ref (self));
}

/* ---- searching */

static void
persons_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaMergeChooser) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) persons = oba_merge_persons_read_finish (result, &error);
  ObaMergePerson *own = persons != NULL ? g_hash_table_lookup (persons, &self->id) : NULL;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->searching);
  if (persons == NULL)
    {
      show_error (self, error);
      return;
    }
  g_ptr_array_set_size (self->found, 0);
  for (guint i = 1; i < self->sought->len; i++)
    {
      ObaMergePerson *person = g_hash_table_lookup (persons, &g_array_index (self->sought, gint64, i));

      if (own != NULL && person != NULL && person != own && person->merged_into == 0)
        g_ptr_array_add (self->found, oba_duplicate_pair_new (own, person));
    }
  fill_pairs (self->found_box, _("Found"), self->found);
  if (self->found->len == 0)
    show_note (self, _("Nobody else is found. Try another spelling, a part of the phone number, or the number of a card or a receipt."));
}

/* @ids: (nullable): nothing is searched for */
static void
found_cb (ObaMergeChooser *self, GArray *ids)
{
  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  oba_problem_box_set_text (self->problem, NULL);
  if (ids == NULL)
    {
      show_note (self, _("Search for the other record: a name in any spelling, a part of a phone number, a card, an e-mail address, a receipt."));
      return;
    }
  g_array_set_size (self->sought, 0);
  g_array_append_val (self->sought, self->id);
  g_array_append_vals (self->sought, ids->data, ids->len);
  self->searching = g_cancellable_new ();
  oba_merge_persons_read_async (get_pool (self), (const gint64 *) (void *) self->sought->data, self->sought->len, self->searching, persons_cb, g_object_ref (self));
}

/* ---- doing */

static void
asked_cb (ObaProfileView *view)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (view), OBA_TYPE_PAGE);

  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), _("The request waits for somebody else’s approval"));
}

/* The next window takes the place of this one. */
static void
go_on (ObaMergeChooser *self, ObaMergeWindow *window)
{
  g_autoptr (ObaProfileView) view = g_weak_ref_get (&self->view);

  if (view != NULL)
    g_signal_connect_object (window, "asked", G_CALLBACK (asked_cb), view, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
  gtk_window_destroy (GTK_WINDOW (self));
}

static const ObaDuplicatePair *
find_pair (GPtrArray *pairs, gint64 first, gint64 second)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      const ObaDuplicatePair *pair = pairs->pdata[i];

      if (pair->first->id == first && pair->second->id == second)
        return pair;
    }
  return NULL;
}

static void
merge_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaMergeChooser *self = OBA_MERGE_CHOOSER (widget);
  const ObaDuplicatePair *pair;
  gint64 first, second;

  g_variant_get (parameter, "(xx)", &first, &second);
  pair = find_pair (self->found, first, second);
  if (pair == NULL)
    pair = find_pair (self->likely, first, second);
  if (pair != NULL)
    go_on (self, oba_merge_window_new (gtk_window_get_transient_for (GTK_WINDOW (self)), self->session, pair->first, pair->second));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaMergeChooser *self = OBA_MERGE_CHOOSER (widget);

  for (guint i = 0; i < self->merges->len; i++)
    {
      const ObaMergeEntry *entry = self->merges->pdata[i];

      if (entry->id == g_variant_get_int64 (parameter))
        {
          go_on (self, oba_merge_window_new_back (gtk_window_get_transient_for (GTK_WINDOW (self)), self->session, entry));
          return;
        }
    }
}

static void
apart_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaMergeChooser *self = OBA_MERGE_CHOOSER (widget);

  /* Pressed twice is meant once. */
  if (!oba_profile_changes_is_busy (self->changes))
    oba_profile_changes_ask (self->changes, "keep_apart", oba_duplicate_card_apart_request (parameter, TRUE),
                             _("Two different persons: they are not proposed again"), oba_duplicate_card_apart_request (parameter, FALSE));
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaMergeChooser *self = OBA_MERGE_CHOOSER (widget);
  g_autoptr (ObaProfileView) view = g_weak_ref_get (&self->view);
  GtkWidget *page = view != NULL ? gtk_widget_get_ancestor (GTK_WIDGET (view), OBA_TYPE_CUSTOMERS_PAGE) : NULL;
  gint64 id = g_variant_get_int64 (parameter);

  gtk_window_destroy (GTK_WINDOW (self));
  if (page != NULL)
    oba_customers_page_open_profile (OBA_CUSTOMERS_PAGE (page), id);
}

static void
changed_cb (ObaMergeChooser *self)
{
  oba_problem_box_set_text (self->problem, NULL);
  load (self);
}

/* ---- the object */

static GtkBox *
append_box (GtkWidget *box)
{
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  gtk_box_append (GTK_BOX (box), inner);
  return GTK_BOX (inner);
}

static GtkWidget *
make_content (ObaMergeChooser *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  self->likely_box = append_box (box);
  self->merges_box = append_box (box);
  self->found_box = append_box (box);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

static void
fill (ObaMergeChooser *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *overlay = adw_toast_overlay_new ();
  GtkWidget *finder = oba_customer_finder_new (get_pool (self), _("Search for the other record"), MAX_FOUND + 1);

  gtk_box_append (GTK_BOX (outer), adw_header_bar_new ());
  g_object_set (finder, "margin-start", 18, "margin-end", 18, "margin-top", 12, NULL);
  g_signal_connect_object (finder, "found", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (finder, "failed", G_CALLBACK (show_error), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (outer), finder);
  self->finder = OBA_CUSTOMER_FINDER (finder);
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, "margin-start", 18, "margin-end", 18, "margin-top", 12, NULL);
  gtk_box_append (GTK_BOX (outer), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (outer), make_content (self));
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), outer);
  adw_window_set_content (ADW_WINDOW (self), overlay);
  found_cb (self, NULL);
  gtk_widget_grab_focus (finder);
}

static void
oba_merge_chooser_dispose (GObject *object)
{
  ObaMergeChooser *self = OBA_MERGE_CHOOSER (object);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  g_clear_object (&self->changes);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_merge_chooser_parent_class)->dispose (object);
}

static void
oba_merge_chooser_finalize (GObject *object)
{
  ObaMergeChooser *self = OBA_MERGE_CHOOSER (object);

  g_clear_object (&self->cancellable);
  g_weak_ref_clear (&self->view);
  g_ptr_array_unref (self->likely);
  g_array_unref (self->sought);
  g_ptr_array_unref (self->found);
  g_ptr_array_unref (self->merges);

  G_OBJECT_CLASS (oba_merge_chooser_parent_class)->finalize (object);
}

static void
oba_merge_chooser_class_init (ObaMergeChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_merge_chooser_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_merge_chooser_finalize;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_install_action (widget_class, "duplicates.open", "x", open_action);
  gtk_widget_class_install_action (widget_class, "duplicates.apart", "(xx)", apart_action);
  gtk_widget_class_install_action (widget_class, "duplicates.merge", "(xx)", merge_action);
  gtk_widget_class_install_action (widget_class, "duplicates.back", "x", back_action);
}

static void
oba_merge_chooser_init (ObaMergeChooser *self)
{
  g_weak_ref_init (&self->view, NULL);
  self->cancellable = g_cancellable_new ();
  self->likely = g_ptr_array_new ();
  self->merges = g_ptr_array_new ();
  self->sought = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->found = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_duplicate_pair_free);
  gtk_window_set_default_size (GTK_WINDOW (self), 860, 660);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
}

static ObaMergeChooser *
chooser_new (ObaProfileView *view)
{
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);
  g_autofree char *full_name = oba_customer_profile_get_name (profile);
  /* Translators: the name of a customer. */
  g_autofree char *title = g_strdup_printf (_("Merge %s With…"), *full_name != '\0' ? full_name : _("the Customer"));
  ObaMergeChooser *self = g_object_new (OBA_TYPE_MERGE_CHOOSER, "transient-for", gtk_widget_get_root (GTK_WIDGET (view)), "title", title, NULL);

  self->session = g_object_ref (oba_profile_view_get_session (view));
  self->id = profile->id;
  g_weak_ref_set (&self->view, view);
  fill (self);
  self->changes = oba_profile_changes_new (get_pool (self), GTK_WIDGET (self->problem));
  g_signal_connect_object (self->changes, "done", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->changes, "failed", G_CALLBACK (oba_problem_box_set_text), self->problem, G_CONNECT_SWAPPED);
  g_signal_connect_object (oba_session_get_listener (self->session), "notification::oba_approvals", G_CALLBACK (load), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "resumed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return self;
}

void
oba_merge_chooser_search (ObaMergeChooser *self, const char *text)
{
  oba_customer_finder_search (self->finder, text);
}

gboolean
oba_merge_chooser_is_settled (ObaMergeChooser *self)
{
  return self->n_reading == 0 && self->searching == NULL && !oba_customer_finder_is_searching (self->finder) && !oba_profile_changes_is_busy (self->changes);
}

/* ---- on the profile */

static void
merge_with_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (GTK_WINDOW (chooser_new (OBA_PROFILE_VIEW (widget))));
}

static void
back_read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaProfileView) view = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) merges = oba_merges_read_finish (result, &error);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (view));
  gint64 id = oba_profile_view_get_customer_id (view);

  if (error != NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      g_signal_emit_by_name (oba_profile_view_get_changes (view), "failed", sentence);
    }
  for (guint i = 0; merges != NULL && root != NULL && i < merges->len; i++)
    {
      const ObaMergeEntry *entry = merges->pdata[i];

      if (entry->source->id == id)
        {
          ObaMergeWindow *window = oba_merge_window_new_back (GTK_WINDOW (root), oba_profile_view_get_session (view), entry);

          g_signal_connect_object (window, "asked", G_CALLBACK (asked_cb), view, G_CONNECT_SWAPPED);
          gtk_window_present (GTK_WINDOW (window));
          return;
        }
    }
}

static void
merge_back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *view = OBA_PROFILE_VIEW (widget);

  oba_merges_read_async (oba_session_get_pool (oba_profile_view_get_session (view)), oba_profile_view_get_customer_id (view), 0, MAX_MERGES, NULL,
                         back_read_cb, g_object_ref (view));
}

void
oba_merge_chooser_install (GtkWidgetClass *view_class)
{
  gtk_widget_class_install_action (view_class, "profile.merge-with", NULL, merge_with_action);
  gtk_widget_class_install_action (view_class, "profile.merge-back", NULL, merge_back_action);
}

void
oba_merge_chooser_allow (ObaProfileView *view)
{
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);
  gboolean may = profile != NULL && oba_session_has_role (oba_profile_view_get_session (view), MAY_PROPOSE);

  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.merge-with", may && profile->status == OBA_CUSTOMER_ACTIVE);
  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.merge-back", may && profile->status == OBA_CUSTOMER_MERGED);
}
