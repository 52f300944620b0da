#include "oba-customer-detail.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "base/oba-phone.h"
#include "customers/oba-customers.h"
#include "oba-customer-text.h"
#include "oba-facts.h"
#include "oba-page.h"
#include "oba-receipt-row.h"
#include "widgets/oba-avatar-text.h"

#define N_RECEIPTS 10
/* Another customer's data may stand under a new choice for a blink, not longer. */
#define PATIENCE_MS 200

struct _ObaCustomerDetail
{
  AdwBin              parent_instance;

  ObaDbPool          *pool;
  gint64              id;           /* chosen; 0 for nobody */
  gint64              shown_id;
  gboolean            editable;     /* by anybody: nobody edits who was erased or merged */
  GCancellable       *cancellable;
  guint               pending;
  guint               patience_id;
  ObaCustomerProfile *profile;      /* as it came in, until the receipts are there too */
  GPtrArray          *new_receipts;
  char               *phone;

  GtkStack           *stack;
  AdwStatusPage      *failed_page;
  GtkScrolledWindow  *scroller;
  AdwAvatar          *avatar;
  GtkLabel           *name_label;
  GtkWidget          *edit_button;
  GtkLabel           *status_label;
  GtkLabel           *number_label;
  GtkLabel           *blocked_label;
  GtkLabel           *points_label;
  GtkLabel           *tier_label;
  GtkProgressBar     *tier_bar;
  GtkLabel           *progress_label;
  GtkLabel           *expiry_label;
  ObaFacts           *contact;
  ObaFacts           *person;
  ObaFacts           *consents;
  ObaFacts           *notes;
  GtkListBox         *receipts;
  GtkLabel           *no_receipts;
};

enum { LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaCustomerDetail, oba_customer_detail, ADW_TYPE_BIN)

/* ---- showing */

static void
show_head (ObaCustomerDetail        *self,
           const ObaCustomerProfile *profile)
{
  g_autofree char *full_name = oba_customer_profile_get_name (profile);
  g_autofree char *name = oba_customer_text_name (full_name, profile->status);
  g_autofree char *initials = oba_avatar_text (profile->family_name, profile->given_name);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, profile->id);
  /* Translators: the customer's number. */
  g_autofree char *number = g_strdup_printf (_("No. %s"), id);
  g_autofree char *since = oba_customer_text_day (profile->status_since);
  /* Translators: a day, a reason. */
  g_autofree char *blocked = g_strdup_printf (_("Blocked since %s: %s"), since, profile->blocked_reason);
  gboolean is_blocked = profile->status == OBA_CUSTOMER_BLOCKED;

  self->editable = is_blocked || profile->status == OBA_CUSTOMER_ACTIVE;
  /* Insensitive: not for this role. */
  gtk_widget_set_visible (self->edit_button, self->editable && gtk_widget_get_sensitive (self->edit_button));
  adw_avatar_set_text (self->avatar, initials);
  gtk_label_set_label (self->name_label, name);
  gtk_label_set_label (self->number_label, number);
  gtk_label_set_label (self->status_label, oba_customer_text_status (profile->status));
  gtk_widget_set_css_classes (GTK_WIDGET (self->status_label),
                              (const char *[]) { "pill-label", is_blocked ? "error" : profile->status == OBA_CUSTOMER_ACTIVE ? "success" : "dim-label", NULL });
  gtk_label_set_label (self->blocked_label, blocked);
  gtk_widget_set_visible (GTK_WIDGET (self->blocked_label), is_blocked);
}

static void
show_points (ObaCustomerDetail        *self,
             const ObaCustomerProfile *profile)
{
  g_autofree char *points = oba_customer_text_points (profile->balance);
  g_autofree char *progress = oba_customer_text_progress (profile);
  GString *expiry = g_string_new (NULL);

  for (guint i = 0; i < profile->expiries->len; i++)
    {
      ObaCustomerExpiry *lot = profile->expiries->pdata[i];
      g_autofree char *amount = oba_customer_text_points (lot->points);
      g_autofree char *day = oba_customer_text_date (&lot->last_day);

      if (i > 0)
        g_string_append_c (expiry, '\n');
      /* Translators: "120 points", a day: the last one on which they can be spent. */
      g_string_append_printf (expiry, _("%s valid until %s"), amount, day);
    }
  gtk_label_set_label (self->points_label, points);
  gtk_label_set_label (self->tier_label, profile->tier);
  gtk_widget_set_visible (GTK_WIDGET (self->tier_label), *profile->tier != '\0');
  gtk_widget_set_css_classes (GTK_WIDGET (self->tier_label), (const char *[]) { "pill-label", "tier", profile->tier_code, NULL });
  gtk_progress_bar_set_fraction (self->tier_bar, oba_customer_profile_get_progress (profile));
  gtk_label_set_label (self->progress_label, progress);
  gtk_label_set_label (self->expiry_label, expiry->str);
  gtk_widget_set_visible (GTK_WIDGET (self->expiry_label), expiry->len > 0);
  g_string_free (expiry, TRUE);
}

static GtkWidget *
copy_button_new (void)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small-button");
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, _("Copy Phone Number"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Copy Phone Number"), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "detail.copy-phone");
  return button;
}

static char *
describe_telegram (const ObaCustomerProfile *profile)
{
  g_autofree char *day = oba_customer_text_day (profile->telegram_linked_at);

  if (profile->telegram_linked_at == NULL)
    return NULL;
  if (*profile->telegram_username != '\0')
    return g_strdup_printf ("@%s", profile->telegram_username);
  return g_strdup_printf (_("linked since %s"), day);
}

static void
show_contact (ObaCustomerDetail        *self,
              const ObaCustomerProfile *profile)
{
  g_autofree char *phone = *profile->phone != '\0' ? oba_phone_format (profile->phone) : NULL;
  g_autofree char *telegram = describe_telegram (profile);

  g_free (self->phone);
  self->phone = g_strdup (profile->phone);
  oba_facts_clear (self->contact);
  oba_facts_add (self->contact, _("Phone"), phone, copy_button_new ());
  oba_facts_add (self->contact, _("E-mail"), profile->email, NULL);
  oba_facts_add (self->contact, _("Telegram"), telegram, NULL);
  oba_facts_add (self->contact, _("City"), profile->city, NULL);
  oba_facts_add (self->contact, _("Language"), oba_customer_text_language (profile->language), NULL);
  for (guint i = 0; i < profile->cards->len; i++)
    {
      ObaCustomerCard *card = profile->cards->pdata[i];
      g_autofree char *text = g_str_equal (card->state, "active")
                                ? g_strdup (card->number)
                                : g_strdup_printf ("%s (%s)", card->number, oba_customer_text_card_state (card->state));

      oba_facts_add (self->contact, _("Card"), text, NULL);
    }
}

static void
show_person (ObaCustomerDetail        *self,
             const ObaCustomerProfile *profile)
{
  g_autofree char *born = oba_customer_text_date (profile->birth_date);
  g_autofree char *registered = oba_customer_text_registered (profile);
  g_autofree char *last = oba_customer_text_day (profile->last_purchase_at);
  g_autoptr (GString) categories = g_string_new (NULL);

  for (guint i = 0; i < profile->categories->len; i++)
    g_string_append_printf (categories, "%s%s", i > 0 ? ", " : "", (char *) profile->categories->pdata[i]);

  oba_facts_clear (self->person);
  oba_facts_add (self->person, _("Born"), born, NULL);
  oba_facts_add (self->person, _("Preferred store"), profile->preferred_store, NULL);
  oba_facts_add (self->person, _("Prefers"), categories->str, NULL);
  oba_facts_add (self->person, _("Registered"), registered, NULL);
  oba_facts_add (self->person, _("Last purchase"), last, NULL);
}

static void
show_consents (ObaCustomerDetail        *self,
               const ObaCustomerProfile *profile)
{
  oba_facts_clear (self->consents);
  for (guint i = 0; i < profile->consents->len; i++)
    {
      ObaCustomerConsent *consent = profile->consents->pdata[i];
      g_autofree char *day = oba_customer_text_unix_day (consent->since);
      g_autofree char *text = g_strdup_printf (consent->granted ? _("Yes, since %s") : _("No, since %s"), day);

      oba_facts_add (self->consents, oba_customer_text_channel (consent->channel), text, NULL);
    }
  oba_facts_clear (self->notes);
  oba_facts_add (self->notes, "", profile->notes, NULL);
}

/* Receipts that are opened stay open when the same person is read again. */
static void
show_receipts (ObaCustomerDetail *self,
               GPtrArray         *receipts)
{
  g_autoptr (GHashTable) open = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->receipts))) != NULL)
    {
      if (oba_receipt_row_is_open (OBA_RECEIPT_ROW (row)))
        {
          gint64 id = oba_receipt_row_get_id (OBA_RECEIPT_ROW (row));

          g_hash_table_add (open, g_memdup2 (&id, sizeof id));
        }
      gtk_list_box_remove (self->receipts, row);
    }
  for (guint i = 0; i < receipts->len; i++)
    {
      gint64 id;

      row = oba_receipt_row_new (receipts->pdata[i]);
      id = oba_receipt_row_get_id (OBA_RECEIPT_ROW (row));
      if (g_hash_table_contains (open, &id))
        oba_receipt_row_toggle (OBA_RECEIPT_ROW (row));
      gtk_list_box_append (self->receipts, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->receipts), receipts->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->no_receipts), receipts->len == 0);
}

static void
show_page (ObaCustomerDetail *self,
           const char        *page)
{
  g_clear_handle_id (&self->patience_id, g_source_remove);
  gtk_stack_set_visible_child_name (self->stack, page);
}

static void
show_profile (ObaCustomerDetail *self)
{
  gboolean same = self->shown_id == self->profile->id;

  self->shown_id = self->profile->id;
  show_head (self, self->profile);
  show_points (self, self->profile);
  show_contact (self, self->profile);
  show_person (self, self->profile);
  show_consents (self, self->profile);
  show_receipts (self, self->new_receipts);
  if (!same)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  show_page (self, "profile");
}

static void
show_error (ObaCustomerDetail *self,
            const GError      *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  /* The same person as before, not brought up to date: that stays, it is old and not wrong. */
  if (self->shown_id == self->id && g_str_equal (gtk_stack_get_visible_child_name (self->stack), "profile")
      && !g_error_matches (error, OBA_ERROR, OBA_ERROR_NOT_FOUND))
    return;
  adw_status_page_set_description (self->failed_page, escaped);
  show_page (self, "failed");
}

/* ---- reading */

static void
stop (ObaCustomerDetail *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_pointer (&self->profile, oba_customer_profile_free);
  g_clear_pointer (&self->new_receipts, g_ptr_array_unref);
  self->pending = 0;
}

static void
arrived (ObaCustomerDetail *self,
         const GError      *error)
{
  if (error != NULL)
    {
      stop (self);
      show_error (self, error);
    }
  else if (--self->pending > 0)
    return;
  else
    {
      show_profile (self);
      stop (self);
    }
  g_signal_emit (self, signals[LOADED], 0);
}

static void
profile_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (ObaCustomerDetail) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCustomerProfile) profile = oba_customers_profile_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  self->profile = g_steal_pointer (&profile);
  arrived (self, error);
}

static void
receipts_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (ObaCustomerDetail) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) receipts = oba_customers_receipts_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  self->new_receipts = g_steal_pointer (&receipts);
  arrived (self, error);
}

static void
patience_cb (gpointer user_data)
{
  ObaCustomerDetail *self = user_data;

  self->patience_id = 0;
  show_page (self, "loading");
}

static void
load (ObaCustomerDetail *self)
{
  stop (self);
  self->cancellable = g_cancellable_new ();
  self->pending = 2;
  oba_customers_profile_async (self->pool, self->id, self->cancellable, profile_cb, g_object_ref (self));
  oba_customers_receipts_async (self->pool, self->id, N_RECEIPTS, self->cancellable, receipts_cb, g_object_ref (self));
}

/* ---- public */

void
oba_customer_detail_set_pool (ObaCustomerDetail *self,
                              ObaDbPool         *pool)
{
  g_set_object (&self->pool, pool);
}

void
oba_customer_detail_show (ObaCustomerDetail *self,
                          gint64             customer_id)
{
  if (customer_id == self->id && customer_id != 0)
    return;
  self->id = customer_id;
  self->editable = TRUE;
  if (customer_id == 0)
    {
      stop (self);
      show_page (self, "none");
      g_signal_emit (self, signals[LOADED], 0);
      return;
    }
  load (self);
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "profile") == 0)
    self->patience_id = g_timeout_add_once (PATIENCE_MS, patience_cb, self);
  else
    show_page (self, "loading");
}

gint64
oba_customer_detail_get_id (ObaCustomerDetail *self)
{
  return self->id;
}

gboolean
oba_customer_detail_is_editable (ObaCustomerDetail *self)
{
  return self->editable;
}

void
oba_customer_detail_refresh (ObaCustomerDetail *self)
{
  if (self->id != 0)
    load (self);
}

/* gtk_widget_child_focus() says yes here and leaves the focus where it was. */
static gboolean
focus_first (GtkWidget *widget)
{
  if (gtk_widget_get_focusable (widget) && gtk_widget_grab_focus (widget))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_child_visible (child) && focus_first (child))
      return TRUE;
  return FALSE;
}

gboolean
oba_customer_detail_focus (ObaCustomerDetail *self)
{
  return focus_first (gtk_stack_get_visible_child (self->stack));
}

gboolean
oba_customer_detail_is_loaded (ObaCustomerDetail *self)
{
  return self->pending == 0;
}

const char *
oba_customer_detail_get_shown (ObaCustomerDetail *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

/* ---- the object */

static void
receipt_activated_cb (ObaCustomerDetail *self,
                      GtkListBoxRow     *row)
{
  oba_receipt_row_toggle (OBA_RECEIPT_ROW (row));
}

static void
retry_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  ObaCustomerDetail *self = OBA_CUSTOMER_DETAIL (widget);

  show_page (self, "loading");
  oba_customer_detail_refresh (self);
}

static void
copy_phone_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  ObaCustomerDetail *self = OBA_CUSTOMER_DETAIL (widget);
  GtkWidget *page = gtk_widget_get_ancestor (widget, OBA_TYPE_PAGE);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->phone);
  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), _("Phone number copied"));
}

static void
oba_customer_detail_dispose (GObject *object)
{
  ObaCustomerDetail *self = OBA_CUSTOMER_DETAIL (object);

  stop (self);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_customer_detail_parent_class)->dispose (object);
}

static void
oba_customer_detail_finalize (GObject *object)
{
  g_free (OBA_CUSTOMER_DETAIL (object)->phone);

  G_OBJECT_CLASS (oba_customer_detail_parent_class)->finalize (object);
}

static void
oba_customer_detail_class_init (ObaCustomerDetailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = oba_customer_detail_dispose;
  object_class->finalize = oba_customer_detail_finalize;

  signals[LOADED] = g_signal_new ("loaded", OBA_TYPE_CUSTOMER_DETAIL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (OBA_TYPE_FACTS);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-customer-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, failed_page);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, scroller);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, avatar);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, name_label);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, edit_button);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, status_label);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, number_label);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, blocked_label);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, points_label);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, tier_label);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, tier_bar);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, progress_label);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, expiry_label);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, contact);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, person);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, consents);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, notes);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, receipts);
  gtk_widget_class_bind_template_child (widget_class, ObaCustomerDetail, no_receipts);
  gtk_widget_class_bind_template_callback (widget_class, receipt_activated_cb);
  gtk_widget_class_install_action (widget_class, "detail.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "detail.copy-phone", NULL, copy_phone_action);
}

static void
oba_customer_detail_init (ObaCustomerDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
