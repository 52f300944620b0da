#include "oba-approvals-bar.h"

#include <glib/gi18n-lib.h>

#include "widgets/oba-store-chooser.h"

struct _ObaApprovalsBar
{
  AdwBin           parent_instance;

  ObaSession      *session;
  GCancellable    *cancellable;
  GtkDropDown     *kinds;
  GtkDropDown     *askers;
  GtkDropDown     *states;
  ObaStoreChooser *store;
  GPtrArray       *logins;      /* of char: of the choices of @askers; the first is NULL: anybody */
  gboolean         filling;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaApprovalsBar, oba_approvals_bar, ADW_TYPE_BIN)

static void
changed_cb (ObaApprovalsBar *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- who asked */

static guint
position_of (ObaApprovalsBar *self, const char *login)
{
  for (guint i = 0; i < self->logins->len; i++)
    if (g_strcmp0 (self->logins->pdata[i], login) == 0)
      return i;
  return 0;
}

/* What is chosen stays chosen, also when that person has nothing waiting any more. */
static void
fill_askers (ObaApprovalsBar *self, GPtrArray *askers)
{
  const char *me = oba_session_get_staff (self->session)->login;
  g_autofree char *chosen = g_strdup (self->logins->pdata[gtk_drop_down_get_selected (self->askers)]);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_ptr_array_set_size (self->logins, 0);
  g_ptr_array_add (self->logins, NULL);
  g_ptr_array_add (self->logins, g_strdup (me));
  gtk_string_list_append (names, _("Asked by anybody"));
  gtk_string_list_append (names, _("Asked by me"));
  for (guint i = 0; askers != NULL && i < askers->len; i++)
    {
      const ObaApprovalsAsker *asker = askers->pdata[i];

      if (g_str_equal (asker->login, me))
        continue;
      g_ptr_array_add (self->logins, g_strdup (asker->login));
      gtk_string_list_append (names, asker->name);
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (self->askers, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->askers, position_of (self, chosen));
  self->filling = FALSE;
  if (g_strcmp0 (self->logins->pdata[gtk_drop_down_get_selected (self->askers)], chosen) != 0)
    changed_cb (self);
}

static gboolean
are_the_same (ObaApprovalsBar *self, GPtrArray *askers)
{
  const char *me = oba_session_get_staff (self->session)->login;
  guint n = 2;

  for (guint i = 0; i < askers->len; i++)
    {
      const ObaApprovalsAsker *asker = askers->pdata[i];

      if (g_str_equal (asker->login, me))
        continue;
      if (n >= self->logins->len || !g_str_equal (self->logins->pdata[n], asker->login))
        return FALSE;
      n++;
    }
  return n == self->logins->len;
}

/* Without the names the rest of the bar works: the list itself says what is wrong. */
static void
askers_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) askers = oba_approvals_askers_finish (result, &error);

  if (askers != NULL && !are_the_same (user_data, askers))
    fill_askers (user_data, askers);
}

void
oba_approvals_bar_refresh (ObaApprovalsBar *self)
{
  g_return_if_fail (OBA_IS_APPROVALS_BAR (self));

  oba_approvals_askers_async (oba_session_get_pool (self->session), self->cancellable, askers_cb, self);
}

/* ---- the object */

static GtkDropDown *
drop_down_new (ObaApprovalsBar *self, const char *name, const char *const *choices)
{
  GtkWidget *drop_down = gtk_drop_down_new_from_strings (choices);

  gtk_accessible_update_property (GTK_ACCESSIBLE (drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (drop_down, name);
  g_signal_connect_swapped (drop_down, "notify::selected", G_CALLBACK (changed_cb), self);
  return GTK_DROP_DOWN (drop_down);
}

static void
oba_approvals_bar_dispose (GObject *object)
{
  ObaApprovalsBar *self = OBA_APPROVALS_BAR (object);

  g_cancellable_cancel (self->cancellable);
  self->filling = TRUE;
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_approvals_bar_parent_class)->dispose (object);
}

static void
oba_approvals_bar_finalize (GObject *object)
{
  ObaApprovalsBar *self = OBA_APPROVALS_BAR (object);

  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->logins);

  G_OBJECT_CLASS (oba_approvals_bar_parent_class)->finalize (object);
}

static void
oba_approvals_bar_class_init (ObaApprovalsBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_approvals_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_approvals_bar_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_APPROVALS_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_approvals_bar_init (ObaApprovalsBar *self)
{
  self->cancellable = g_cancellable_new ();
  self->logins = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->logins, NULL);
}

GtkWidget *
oba_approvals_bar_new (ObaSession *session)
{
  ObaApprovalsBar *self = g_object_new (OBA_TYPE_APPROVALS_BAR, NULL);
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));

  self->session = g_object_ref (session);
  self->states = drop_down_new (self, _("State"), (const char *[]) { _("Waiting and decided"), _("Waiting"), _("Decided"), NULL });
  self->kinds = drop_down_new (self, _("Kind"), (const char *[]) { _("Everything"), _("Corrections of receipts"), _("Merges of customers"), NULL });
  self->askers = drop_down_new (self, _("Who asked"), (const char *[]) { _("Asked by anybody"), NULL });
  self->store = OBA_STORE_CHOOSER (oba_store_chooser_new (oba_session_get_pool (session)));
  oba_store_chooser_set_none (self->store, _("Any store"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (oba_store_chooser_get_button (self->store)), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Store"), -1);
  g_signal_connect_swapped (self->store, "notify::store-id", G_CALLBACK (changed_cb), self);
  gtk_box_append (box, GTK_WIDGET (self->states));
  gtk_box_append (box, GTK_WIDGET (self->kinds));
  gtk_box_append (box, GTK_WIDGET (self->askers));
  gtk_box_append (box, GTK_WIDGET (self->store));
  gtk_widget_set_halign (GTK_WIDGET (box), GTK_ALIGN_CENTER);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (box));
  fill_askers (self, NULL);
  oba_approvals_bar_refresh (self);
  return GTK_WIDGET (self);
}

ObaApprovalsShow
oba_approvals_bar_get_filter (ObaApprovalsBar *self, ObaApprovalsFilter *filter)
{
  guint asker = gtk_drop_down_get_selected (self->askers);

  filter->kind = (ObaApprovalsKind) gtk_drop_down_get_selected (self->kinds);
  filter->asker = asker < self->logins->len ? self->logins->pdata[asker] : NULL;
  filter->store_id = oba_store_chooser_get_store (self->store);
  return (ObaApprovalsShow) gtk_drop_down_get_selected (self->states);
}

GtkDropDown *
oba_approvals_bar_get_kinds (ObaApprovalsBar *self)
{
  return self->kinds;
}

GtkDropDown *
oba_approvals_bar_get_askers (ObaApprovalsBar *self)
{
  return self->askers;
}

GtkDropDown *
oba_approvals_bar_get_states (ObaApprovalsBar *self)
{
  return self->states;
}

GtkWidget *
oba_approvals_bar_get_store (ObaApprovalsBar *self)
{
  return GTK_WIDGET (self->store);
}
