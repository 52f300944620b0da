#include "oba-rewards-view.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "db/oba-db-error.h"
#include "oba-reward-picture.h"
#include "oba-reward-text.h"
#include "widgets/oba-column-title.h"

#define MAY_WRITE (OBA_ROLE_MARKETING | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)
#define PICTURE_SIZE 48
/* Stock that is nearly gone is marked. */
#define FEW 10

static const char *const kind_words[] = { "", "voucher", "discount", "gift", "service", NULL };
static const char *const state_words[] = { "", "live", "draft", "retired", "all", NULL };
static const char *const column_ids[] = { "picture", "name", "kind", "cost", "stock", "redeemed", "state", "validity" };

struct _ObaRewardsView
{
  AdwBin          parent_instance;

  ObaSession     *session;
  GCancellable   *cancellable;
  GListStore     *rows;             /* of ObaRewardItem */
  gboolean        reading;

  GtkSearchEntry *search;
  GtkDropDown    *kind;
  GtkDropDown    *state;
  GtkLabel       *count;
  GtkStack       *stack;
  AdwStatusPage  *failed_page;
  GtkColumnView  *view;
  GtkWidget      *new_button;
};

enum { LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRewardsView, oba_rewards_view, ADW_TYPE_BIN)

/* A row: a reward, and its picture once it was unpacked. */
#define OBA_TYPE_REWARD_ITEM (oba_reward_item_get_type ())
G_DECLARE_FINAL_TYPE (ObaRewardItem, oba_reward_item, OBA, REWARD_ITEM, GObject)

struct _ObaRewardItem
{
  GObject     parent_instance;

  ObaReward  *reward;
  GdkTexture *texture;
};

G_DEFINE_FINAL_TYPE (ObaRewardItem, oba_reward_item, G_TYPE_OBJECT)

static void
oba_reward_item_finalize (GObject *object)
{
  oba_reward_free (OBA_REWARD_ITEM (object)->reward);
  g_clear_object (&OBA_REWARD_ITEM (object)->texture);

  G_OBJECT_CLASS (oba_reward_item_parent_class)->finalize (object);
}

static void
oba_reward_item_class_init (ObaRewardItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_reward_item_finalize;
}

static void
oba_reward_item_init (ObaRewardItem *self)
{
}

/* ---- cells */

static char *
cell_text (const ObaReward *reward, const char *column)
{
  if (g_str_equal (column, "name"))
    {
      g_autofree char *name = oba_reward_text_name (reward);

      return g_strdup_printf ("%s\n%s", name, reward->code);
    }
  if (g_str_equal (column, "kind"))
    return g_strdup (oba_reward_text_kind (reward->kind));
  if (g_str_equal (column, "cost"))
    return oba_number_format (reward->cost);
  if (g_str_equal (column, "stock"))
    return oba_reward_text_stock (reward);
  if (g_str_equal (column, "redeemed"))
    return oba_number_format (reward->redeemed);
  if (g_str_equal (column, "state"))
    return g_strdup (oba_reward_text_state (reward->state));
  if (g_str_equal (column, "validity"))
    {
      g_autofree char *days = oba_reward_text_validity (reward);
      g_autofree char *hours = oba_reward_text_schedule (reward);

      return *hours != '\0' ? g_strdup_printf ("%s\n%s", days, hours) : g_steal_pointer (&days);
    }
  return NULL;
}

static gboolean
is_number (const char *column)
{
  return g_str_equal (column, "cost") || g_str_equal (column, "redeemed");
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *cell = g_str_equal (column, "picture") ? gtk_picture_new () : gtk_label_new (NULL);

  if (GTK_IS_PICTURE (cell))
    {
      gtk_picture_set_content_fit (GTK_PICTURE (cell), GTK_CONTENT_FIT_COVER);
      gtk_widget_set_size_request (cell, PICTURE_SIZE, PICTURE_SIZE);
      gtk_widget_add_css_class (cell, "card");
      gtk_widget_set_overflow (cell, GTK_OVERFLOW_HIDDEN);
    }
  else
    {
      gboolean number = is_number (column);

      gtk_label_set_xalign (GTK_LABEL (cell), number ? 1 : 0);
      gtk_label_set_ellipsize (GTK_LABEL (cell), PANGO_ELLIPSIZE_END);
      if (g_str_equal (column, "name"))
        gtk_label_set_width_chars (GTK_LABEL (cell), 20);
      if (number)
        gtk_widget_add_css_class (cell, "numeric");
    }
  gtk_list_item_set_child (item, cell);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  ObaRewardItem *row = gtk_list_item_get_item (item);
  GtkWidget *cell = gtk_list_item_get_child (item);
  g_autofree char *text = NULL;

  if (GTK_IS_PICTURE (cell))
    {
      if (row->texture == NULL && row->reward->thumbnail != NULL)
        row->texture = oba_reward_picture_show (row->reward->thumbnail);
      gtk_picture_set_paintable (GTK_PICTURE (cell), GDK_PAINTABLE (row->texture));
      gtk_picture_set_alternative_text (GTK_PICTURE (cell), row->texture != NULL ? _("Picture of the reward") : _("No picture"));
      gtk_widget_set_opacity (cell, row->texture != NULL ? 1 : 0.4);
      return;
    }
  text = cell_text (row->reward, column);
  gtk_label_set_label (GTK_LABEL (cell), text);
  gtk_widget_remove_css_class (cell, "warning");
  gtk_widget_remove_css_class (cell, "dim-label");
  if (g_str_equal (column, "stock") && row->reward->stock >= 0 && row->reward->stock < FEW && g_str_equal (row->reward->state, "live"))
    gtk_widget_add_css_class (cell, "warning");
  if (!g_str_equal (row->reward->state, "live"))
    gtk_widget_add_css_class (cell, "dim-label");
}

/* ---- reading */

static gboolean
is_filtered (ObaRewardsView *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0' || gtk_drop_down_get_selected (self->kind) != 0 || gtk_drop_down_get_selected (self->state) != 0;
}

static void
show_rows (ObaRewardsView *self, GPtrArray *rewards)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *n = oba_number_format (rewards->len);
  g_autofree char *text = g_strdup_printf (ngettext ("%s reward", "%s rewards", rewards->len), n);

  for (guint i = 0; i < rewards->len; i++)
    {
      ObaRewardItem *item = g_object_new (OBA_TYPE_REWARD_ITEM, NULL);

      item->reward = oba_reward_copy (rewards->pdata[i]);
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (self->rows, 0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)), items->pdata, items->len);
  gtk_label_set_label (self->count, text);
  gtk_stack_set_visible_child_name (self->stack, items->len > 0 ? "list" : is_filtered (self) ? "nothing" : "empty");
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaRewardsView *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rewards = oba_rewards_list_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->reading = FALSE;
  if (rewards != NULL)
    show_rows (self, rewards);
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);
      g_autofree char *escaped = g_markup_escape_text (sentence, -1);

      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
  g_signal_emit (self, signals[LOADED], 0);
}

void
oba_rewards_view_refresh (ObaRewardsView *self)
{
  g_return_if_fail (OBA_IS_REWARDS_VIEW (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->reading = TRUE;
  oba_rewards_list_async (oba_session_get_pool (self->session), gtk_editable_get_text (GTK_EDITABLE (self->search)), kind_words[gtk_drop_down_get_selected (self->kind)],
                          state_words[gtk_drop_down_get_selected (self->state)], self->cancellable, read_cb, self);
}

/* ---- opening */

ObaRewardEditor *
oba_rewards_view_open (ObaRewardsView *self, gint64 id)
{
  GtkWidget *subpages = gtk_widget_get_ancestor (GTK_WIDGET (self), OBA_TYPE_SUBPAGES);

  return subpages != NULL ? oba_reward_editor_push (OBA_SUBPAGES (subpages), self->session, id, 0) : NULL;
}

static void
activated_cb (ObaRewardsView *self, guint position)
{
  g_autoptr (ObaRewardItem) item = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  if (item != NULL)
    oba_rewards_view_open (self, item->reward->id);
}

static void
new_cb (ObaRewardsView *self)
{
  oba_rewards_view_open (self, 0);
}

/* ---- building */

static GtkDropDown *
drop_down_new (ObaRewardsView *self, const char *name, const char *const *texts)
{
  GtkWidget *list = gtk_drop_down_new_from_strings (texts);

  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (list, name);
  g_signal_connect_swapped (list, "notify::selected", G_CALLBACK (oba_rewards_view_refresh), self);
  return GTK_DROP_DOWN (list);
}

static GtkWidget *
bar_new (ObaRewardsView *self)
{
  const char *kinds[] = { _("Every kind"), oba_reward_text_kind ("voucher"), oba_reward_text_kind ("discount"), oba_reward_text_kind ("gift"), oba_reward_text_kind ("service"), NULL };
  const char *states[] = { _("Not retired"), oba_reward_text_state ("live"), oba_reward_text_state ("draft"), oba_reward_text_state ("retired"), _("Every state"), NULL };
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->search, "placeholder-text", _("Name or code"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search rewards"), -1);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->search), 28);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (oba_rewards_view_refresh), self);
  self->kind = drop_down_new (self, _("Kind"), kinds);
  self->state = drop_down_new (self, _("State"), states);
  self->count = GTK_LABEL (gtk_label_new (""));
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "dim-label");
  gtk_widget_set_hexpand (GTK_WIDGET (self->count), TRUE);
  gtk_label_set_xalign (self->count, 1);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->search));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->kind));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->state));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->count));
  g_object_set (bar, "margin-top", 9, "margin-bottom", 9, "margin-start", 12, "margin-end", 12, NULL);
  return bar;
}

static GtkWidget *
table_new (ObaRewardsView *self)
{
  const char *const titles[] = { "", _("Reward"), _("Kind"), _("Points"), _("Stock"), _("Redeemed"), _("State"), _("Valid") };
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->rows))))));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Rewards"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "data-table");
  for (guint i = 0; i < G_N_ELEMENTS (column_ids); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      GtkColumnViewColumn *column;

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) column_ids[i]);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) column_ids[i]);
      column = gtk_column_view_column_new (titles[i], factory);
      gtk_column_view_column_set_expand (column, g_str_equal (column_ids[i], "name"));
      if (g_str_equal (column_ids[i], "picture"))
        gtk_column_view_column_set_fixed_width (column, PICTURE_SIZE + 12);
      gtk_column_view_append_column (self->view, column);
      if (is_number (column_ids[i]))
        oba_column_title_align (self->view);
      g_object_unref (column);
    }
  g_signal_connect_swapped (self->view, "activate", G_CALLBACK (activated_cb), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

static void
build (ObaRewardsView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *spinner = gtk_spinner_new ();
  GtkWidget *retry = gtk_button_new_with_mnemonic (_("_Try Again"));

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  self->failed_page = g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "dialog-warning-symbolic", "title", _("The List Could Not Be Read"), NULL);
  gtk_widget_set_halign (retry, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (retry, "pill");
  g_signal_connect_swapped (retry, "clicked", G_CALLBACK (oba_rewards_view_refresh), self);
  adw_status_page_set_child (self->failed_page, retry);
  gtk_box_append (GTK_BOX (box), bar_new (self));
  gtk_stack_add_named (self->stack, spinner, "loading");
  gtk_stack_add_named (self->stack, table_new (self), "list");
  gtk_stack_add_named (self->stack,
                       g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "starred-symbolic", "title", _("No Rewards Yet"), "description",
                                     _("What customers can have for their points is written here: a draft first, then it is put live."), NULL),
                       "empty");
  gtk_stack_add_named (self->stack,
                       g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "system-search-symbolic", "title", _("Nothing Found"), "description",
                                     _("No reward has this in its name or code, or is of this kind and state."), NULL),
                       "nothing");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed_page), "failed");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  adw_bin_set_child (ADW_BIN (self), box);
}

static void
oba_rewards_view_dispose (GObject *object)
{
  ObaRewardsView *self = OBA_REWARDS_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->rows);
  g_clear_object (&self->session);
  if (self->new_button != NULL)
    g_signal_handlers_disconnect_by_data (self->new_button, self);
  g_clear_object (&self->new_button);

  G_OBJECT_CLASS (oba_rewards_view_parent_class)->dispose (object);
}

static void
oba_rewards_view_class_init (ObaRewardsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_rewards_view_dispose;

  signals[LOADED] = g_signal_new ("loaded", OBA_TYPE_REWARDS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_rewards_view_init (ObaRewardsView *self)
{
  self->rows = g_list_store_new (OBA_TYPE_REWARD_ITEM);
  self->new_button = g_object_ref_sink (gtk_button_new_with_mnemonic (_("_New Reward")));
  gtk_widget_add_css_class (self->new_button, "suggested-action");
  g_signal_connect_swapped (self->new_button, "clicked", G_CALLBACK (new_cb), self);
}

GtkWidget *
oba_rewards_view_new (ObaSession *session)
{
  ObaRewardsView *self = g_object_new (OBA_TYPE_REWARDS_VIEW, NULL);

  self->session = g_object_ref (session);
  gtk_widget_set_visible (self->new_button, oba_session_has_role (session, MAY_WRITE));
  build (self);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_rewards", G_CALLBACK (oba_rewards_view_refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_rewards_view_refresh), self, G_CONNECT_SWAPPED);
  oba_rewards_view_refresh (self);
  return GTK_WIDGET (self);
}

ObaRewardsView *
oba_rewards_view_push (ObaSubpages *subpages, ObaSession *session)
{
  ObaRewardsView *self = OBA_REWARDS_VIEW (oba_rewards_view_new (session));

  oba_subpages_push (subpages, GTK_WIDGET (self), _("Rewards"));
  oba_subpages_add_end (subpages, GTK_WIDGET (self), self->new_button);
  return self;
}

/* ---- pictures */

static void
posed_cb (ObaPage *page)
{
  oba_page_set_state (page, OBA_PAGE_READY, NULL);
}

static const char *
pose_editor (ObaPage *page, ObaRewardsView *self)
{
  g_autoptr (ObaRewardItem) item = g_list_model_get_item (G_LIST_MODEL (self->rows), g_list_model_get_n_items (G_LIST_MODEL (self->rows)) / 2);
  ObaRewardEditor *editor = item != NULL ? oba_rewards_view_open (self, item->reward->id) : NULL;

  if (editor == NULL)
    return NULL;
  oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
  g_signal_connect_object (editor, "settled", G_CALLBACK (posed_cb), page, G_CONNECT_SWAPPED);
  return "reward";
}

const char *
oba_rewards_view_pose (ObaPage *page, ObaSubpages *subpages, guint n)
{
  GtkWidget *top;

  if (n == 1)
    {
      ObaRewardsView *self = oba_rewards_view_push (subpages, oba_page_get_session (page));

      oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
      g_signal_connect_object (self, "loaded", G_CALLBACK (posed_cb), page, G_CONNECT_SWAPPED);
      return "rewards";
    }
  if (n == 2 && OBA_IS_REWARDS_VIEW (oba_subpages_get_top (subpages)))
    return pose_editor (page, OBA_REWARDS_VIEW (oba_subpages_get_top (subpages)));
  while ((top = oba_subpages_get_top (subpages)) != NULL)
    oba_subpages_close (subpages, top);
  return NULL;
}

/* ---- as if typed, and for tests */

void
oba_rewards_view_search (ObaRewardsView *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), text);
  oba_rewards_view_refresh (self);
}

static guint
place_of (const char *const *words, const char *word)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_equal (words[i], word))
      return i;
  return 0;
}

void
oba_rewards_view_set_kind (ObaRewardsView *self, const char *kind)
{
  gtk_drop_down_set_selected (self->kind, place_of (kind_words, kind));
}

void
oba_rewards_view_set_state (ObaRewardsView *self, const char *state)
{
  gtk_drop_down_set_selected (self->state, place_of (state_words, state));
}

gboolean
oba_rewards_view_is_loaded (ObaRewardsView *self)
{
  return !self->reading;
}

const char *
oba_rewards_view_get_shown (ObaRewardsView *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

guint
oba_rewards_view_get_n_rows (ObaRewardsView *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->rows));
}

char *
oba_rewards_view_get_cell (ObaRewardsView *self, guint row, const char *column)
{
  g_autoptr (ObaRewardItem) item = g_list_model_get_item (G_LIST_MODEL (self->rows), row);

  return item != NULL ? cell_text (item->reward, column) : NULL;
}

gboolean
oba_rewards_view_may_add (ObaRewardsView *self)
{
  return gtk_widget_get_visible (self->new_button);
}
