#include "oba-review-list.h"

#include <glib/gi18n-lib.h>

#define MAX_WIDTH 1000

struct _ObaReviewList
{
  AdwBin         parent_instance;

  GtkStack      *stack;
  GtkBox        *cards;
  GtkWidget     *more;
  AdwStatusPage *empty_page;
  AdwStatusPage *failed_page;
  guint          focus_card;      /* of the cards that are replaced: the number of the one with the focus, from 1; 0: none */
  char          *focus_action;    /* (nullable): what the button with the focus does, and to whom */
  GVariant      *focus_target;
};

enum { MORE, RETRY, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaReviewList, oba_review_list, ADW_TYPE_BIN)

/* ---- the focus outlives the cards */

static void
forget_focus (ObaReviewList *self)
{
  self->focus_card = 0;
  g_clear_pointer (&self->focus_action, g_free);
  g_clear_pointer (&self->focus_target, g_variant_unref);
}

static void
remember_focus (ObaReviewList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *card;

  forget_focus (self);
  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->cards)))
    return;
  if (GTK_IS_ACTIONABLE (focus) && gtk_actionable_get_action_name (GTK_ACTIONABLE (focus)) != NULL)
    {
      self->focus_action = g_strdup (gtk_actionable_get_action_name (GTK_ACTIONABLE (focus)));
      self->focus_target = g_variant_ref (gtk_actionable_get_action_target_value (GTK_ACTIONABLE (focus)));
    }
  for (card = focus; gtk_widget_get_parent (card) != GTK_WIDGET (self->cards); card = gtk_widget_get_parent (card))
    ;
  for (; card != NULL; card = gtk_widget_get_prev_sibling (card))
    self->focus_card++;
}

/* The button under @root that does what the one with the focus did; @any: any button. */
static GtkWidget *
find_button (ObaReviewList *self, GtkWidget *root, gboolean any)
{
  GtkActionable *actionable = GTK_IS_BUTTON (root) ? GTK_ACTIONABLE (root) : NULL;
  GtkWidget *found = NULL;

  if (actionable != NULL && (any || (g_strcmp0 (gtk_actionable_get_action_name (actionable), self->focus_action) == 0
                                     && g_variant_equal (gtk_actionable_get_action_target_value (actionable), self->focus_target))))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_button (self, child, any);
  return found;
}

/* Where it was; when that is gone, the first button of the card that took its place: none of those does anything that cannot be undone. */
static void
restore_focus (ObaReviewList *self)
{
  GtkWidget *button = self->focus_action != NULL ? find_button (self, GTK_WIDGET (self->cards), FALSE) : NULL;
  GtkWidget *card = gtk_widget_get_first_child (GTK_WIDGET (self->cards));

  for (guint i = 1; i < self->focus_card && card != NULL && gtk_widget_get_next_sibling (card) != NULL; i++)
    card = gtk_widget_get_next_sibling (card);
  if (button == NULL && self->focus_card > 0 && card != NULL)
    button = find_button (self, card, TRUE);
  if (button != NULL)
    gtk_widget_grab_focus (button);
  forget_focus (self);
}

void
oba_review_list_clear (ObaReviewList *self)
{
  GtkWidget *child;

  g_return_if_fail (OBA_IS_REVIEW_LIST (self));

  remember_focus (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->cards))) != NULL)
    gtk_box_remove (self->cards, child);
}

void
oba_review_list_add (ObaReviewList *self, GtkWidget *card)
{
  g_return_if_fail (OBA_IS_REVIEW_LIST (self));

  gtk_box_append (self->cards, card);
}

void
oba_review_list_add_heading (ObaReviewList *self, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_set_margin_top (label, 6);
  oba_review_list_add (self, label);
}

void
oba_review_list_show (ObaReviewList *self, gboolean more)
{
  g_return_if_fail (OBA_IS_REVIEW_LIST (self));

  gtk_widget_set_visible (self->more, more);
  gtk_stack_set_visible_child_name (self->stack, gtk_widget_get_first_child (GTK_WIDGET (self->cards)) != NULL ? "list" : "empty");
  restore_focus (self);
}

void
oba_review_list_fail (ObaReviewList *self, const char *sentence)
{
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  g_return_if_fail (OBA_IS_REVIEW_LIST (self));

  if (g_str_equal (oba_review_list_get_shown (self), "list"))
    return;
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

const char *
oba_review_list_get_shown (ObaReviewList *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

static void
more_cb (ObaReviewList *self)
{
  g_signal_emit (self, signals[MORE], 0);
}

static void
retry_cb (ObaReviewList *self)
{
  g_signal_emit (self, signals[RETRY], 0);
}

static GtkWidget *
pill_button_new (ObaReviewList *self, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  g_signal_connect_swapped (button, "clicked", callback, self);
  return button;
}

static GtkWidget *
make_list (ObaReviewList *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->cards = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  self->more = pill_button_new (self, _("Show _More"), G_CALLBACK (more_cb));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->cards));
  gtk_box_append (GTK_BOX (box), self->more);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), MAX_WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  return scrolled;
}

static void
oba_review_list_finalize (GObject *object)
{
  forget_focus (OBA_REVIEW_LIST (object));

  G_OBJECT_CLASS (oba_review_list_parent_class)->finalize (object);
}

static void
oba_review_list_class_init (ObaReviewListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_review_list_finalize;

  signals[MORE] = g_signal_new ("more", OBA_TYPE_REVIEW_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RETRY] = g_signal_new ("retry", OBA_TYPE_REVIEW_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_review_list_init (ObaReviewList *self)
{
  GtkWidget *spinner = gtk_spinner_new ();

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_spinner_set_spinning (GTK_SPINNER (spinner), TRUE);
  gtk_widget_set_size_request (spinner, 48, 48);
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  self->empty_page = ADW_STATUS_PAGE (adw_status_page_new ());
  self->failed_page = ADW_STATUS_PAGE (adw_status_page_new ());
  adw_status_page_set_icon_name (self->failed_page, "dialog-warning-symbolic");
  adw_status_page_set_title (self->failed_page, _("This Could Not Be Read"));
  adw_status_page_set_child (self->failed_page, pill_button_new (self, _("_Try Again"), G_CALLBACK (retry_cb)));
  gtk_stack_add_named (self->stack, spinner, "loading");
  gtk_stack_add_named (self->stack, make_list (self), "list");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->empty_page), "empty");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed_page), "failed");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}

GtkWidget *
oba_review_list_new (const char *icon, const char *empty_title, const char *empty_text, const char *name)
{
  ObaReviewList *self = g_object_new (OBA_TYPE_REVIEW_LIST, NULL);

  adw_status_page_set_icon_name (self->empty_page, icon);
  adw_status_page_set_title (self->empty_page, empty_title);
  adw_status_page_set_description (self->empty_page, empty_text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->cards), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return GTK_WIDGET (self);
}
