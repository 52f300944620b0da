#include "oba-profile-patterns.h"

#include <glib/gi18n-lib.h>

#include "db/oba-db-error.h"
#include "patterns/oba-patterns.h"
#include "widgets/oba-patterns-box.h"
#include "widgets/oba-problem-box.h"

struct _ObaProfilePatterns
{
  AdwBin          parent_instance;

  ObaDbPool      *pool;
  gint64          customer;
  GCancellable   *reading;      /* (nullable) */
  gboolean        stale;        /* to be read when it is looked at */
  gboolean        known;        /* something is shown */

  GtkStack       *stack;
  AdwStatusPage  *failed_page;
  ObaProblemBox  *problem;
  ObaPatternsBox *patterns;
};

G_DEFINE_FINAL_TYPE (ObaProfilePatterns, oba_profile_patterns, ADW_TYPE_BIN)

/* What is there stays: it is old, not wrong. */
static void
show_error (ObaProfilePatterns *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  g_autofree char *stale = g_strdup_printf (_("These figures could not be brought up to date. %s"), sentence);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  if (self->known)
    {
      oba_problem_box_set_text (self->problem, stale);
      return;
    }
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaProfilePatterns *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaPatterns) patterns = oba_patterns_customer_finish (result, &error);

  /* Gone, or read again. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  if (patterns == NULL)
    {
      show_error (self, error);
      return;
    }
  self->known = TRUE;
  oba_problem_box_set_text (self->problem, NULL);
  oba_patterns_box_set_patterns (self->patterns, patterns, _("This customer"));
  gtk_stack_set_visible_child_name (self->stack, patterns->receipts > 0 ? "patterns" : "empty");
}

static void
load (ObaProfilePatterns *self)
{
  self->stale = FALSE;
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  oba_patterns_customer_async (self->pool, self->customer, self->reading, read_cb, self);
}

void
oba_profile_patterns_refresh (ObaProfilePatterns *self)
{
  g_return_if_fail (OBA_IS_PROFILE_PATTERNS (self));

  self->stale = TRUE;
  if (self->pool != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    load (self);
}

void
oba_profile_patterns_set_customer (ObaProfilePatterns *self, ObaDbPool *pool, gint64 customer)
{
  g_return_if_fail (OBA_IS_PROFILE_PATTERNS (self));

  g_set_object (&self->pool, pool);
  self->customer = customer;
  oba_profile_patterns_refresh (self);
}

void
oba_profile_patterns_toggle_table (ObaProfilePatterns *self)
{
  g_return_if_fail (OBA_IS_PROFILE_PATTERNS (self));

  oba_patterns_box_toggle_table (self->patterns);
}

const char *
oba_profile_patterns_get_shown (ObaProfilePatterns *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_PATTERNS (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

gboolean
oba_profile_patterns_is_settled (ObaProfilePatterns *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_PATTERNS (self), FALSE);

  return self->reading == NULL && !self->stale;
}

/* ---- the object */

static void
oba_profile_patterns_map (GtkWidget *widget)
{
  ObaProfilePatterns *self = OBA_PROFILE_PATTERNS (widget);

  GTK_WIDGET_CLASS (oba_profile_patterns_parent_class)->map (widget);
  if (self->stale && self->pool != NULL)
    load (self);
}

static void
oba_profile_patterns_dispose (GObject *object)
{
  ObaProfilePatterns *self = OBA_PROFILE_PATTERNS (object);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_profile_patterns_parent_class)->dispose (object);
}

static void
oba_profile_patterns_class_init (ObaProfilePatternsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_profile_patterns_dispose;
  widget_class->map = oba_profile_patterns_map;

  g_type_ensure (OBA_TYPE_PATTERNS_BOX);
  g_type_ensure (OBA_TYPE_PROBLEM_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-profile-patterns.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaProfilePatterns, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaProfilePatterns, failed_page);
  gtk_widget_class_bind_template_child (widget_class, ObaProfilePatterns, problem);
  gtk_widget_class_bind_template_child (widget_class, ObaProfilePatterns, patterns);
  gtk_widget_class_bind_template_callback (widget_class, load);
}

static void
oba_profile_patterns_init (ObaProfilePatterns *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
