/* Taking members out of a segment that has members of its own, while the list shows this segment; and putting them back. */
#include "oba-customers-page-private.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-segment.h"
#include "db/oba-db-request.h"

/* So many at a time: each portion is a transaction. */
#define PORTION 20000
#define UNDO_SECONDS 20
#define SEGMENT_KEY "oba-segment"

/* Members on their way out, or back in. */
typedef struct
{
  ObaCustomersPage *page;
  gint64            segment;
  GArray           *ids;
  guint             at;
  gboolean          back;
  char             *key;       /* of the portion that is under way */
} Change;

static void
change_free (Change *self)
{
  g_object_unref (self->page);
  g_array_unref (self->ids);
  g_free (self->key);
  g_free (self);
}

static void change_next (Change *self);

static void
change_tell (Change *self)
{
  g_autofree char *number = oba_number_format (self->ids->len);
  g_autofree char *message = self->back ? g_strdup_printf (ngettext ("%s customer is in the segment again", "%s customers are in the segment again", self->ids->len), number)
                                        : g_strdup_printf (ngettext ("%s customer was taken out of the segment", "%s customers were taken out of the segment", self->ids->len), number);
  GVariant *ids = g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, self->ids->data, self->ids->len, sizeof (gint64));

  if (self->back)
    {
      g_variant_unref (g_variant_ref_sink (ids));
      oba_page_toast (OBA_PAGE (self->page), message);
    }
  else
    oba_page_toast_undo (OBA_PAGE (self->page), message, UNDO_SECONDS, "page.undo-remove", g_variant_new ("(x@ax)", self->segment, ids));
  oba_page_refresh (OBA_PAGE (self->page));
}

static void
changed_cb (GObject      *pool,
            GAsyncResult *result,
            gpointer      user_data)
{
  Change *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!oba_segment_change_members_finish (result, NULL, NULL, &error))
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_page_toast (OBA_PAGE (self->page), sentence);
      change_free (self);
      return;
    }
  self->at += PORTION;
  g_clear_pointer (&self->key, g_free);
  if (self->at < self->ids->len)
    {
      change_next (self);
      return;
    }
  change_tell (self);
  change_free (self);
}

static void
change_next (Change *self)
{
  ObaDbPool *pool = oba_session_get_pool (oba_page_get_session (OBA_PAGE (self->page)));
  g_autoptr (GArray) portion = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_vals (portion, &g_array_index (self->ids, gint64, self->at), MIN (PORTION, self->ids->len - self->at));
  self->key = oba_db_request_new_key ();
  oba_segment_change_members_async (pool, self->segment, self->back ? portion : NULL, self->back ? NULL : portion, self->key, NULL, changed_cb, self);
}

/* @ids: (transfer full) */
static void
change_start (ObaCustomersPage *page,
              gint64            segment,
              GArray           *ids,
              gboolean          back)
{
  Change *self = g_new0 (Change, 1);

  self->page = g_object_ref (page);
  self->segment = segment;
  self->ids = ids;
  self->back = back;
  change_next (self);
}

/* ---- which segment */

/* The one that the list shows the members of; 0: none, or several. */
static gint64
shown_segment (ObaCustomersPage *self)
{
  g_autoptr (ObaCustomerFilter) filter = oba_customers_page_dup_filter (self);
  GArray *ids = oba_customer_filter_get_numbers (filter, OBA_CUSTOMER_FILTER_SEGMENTS);

  return ids->len == 1 ? g_array_index (ids, gint64, 0) : 0;
}

static void
segments_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GtkWidget) button = user_data;
  g_autoptr (GPtrArray) segments = oba_segments_list_finish (result, NULL);
  const gint64 *wanted = g_object_get_data (G_OBJECT (button), SEGMENT_KEY);

  for (guint i = 0; segments != NULL && wanted != NULL && i < segments->len; i++)
    {
      const ObaSegment *segment = segments->pdata[i];

      if (segment->id == *wanted)
        gtk_widget_set_visible (button, segment->filter == NULL && segment->may_change);
    }
}

gboolean
oba_customers_page_show_remove (ObaCustomersPage *self,
                                GtkWidget        *button)
{
  gint64 segment = shown_segment (self);
  const gint64 *known = g_object_get_data (G_OBJECT (button), SEGMENT_KEY);

  if (known != NULL && *known == segment)
    return gtk_widget_get_visible (button);
  g_object_set_data_full (G_OBJECT (button), SEGMENT_KEY, g_memdup2 (&segment, sizeof segment), g_free);
  gtk_widget_set_visible (button, FALSE);
  if (segment != 0)
    oba_segments_list_async (oba_session_get_pool (oba_page_get_session (OBA_PAGE (self))), FALSE, NULL, segments_cb, g_object_ref (button));
  return FALSE;
}

/* ---- actions */

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ObaCustomersPage *self = OBA_CUSTOMERS_PAGE (widget);
  ObaLazyView *view = oba_customers_page_get_view (self);
  g_autoptr (GArray) ids = oba_lazy_selection_dup_ids (oba_lazy_view_get_selection (view));
  gint64 segment = shown_segment (self);

  if (ids == NULL)
    oba_page_toast (OBA_PAGE (self), _("The list is still being read. Try again in a moment."));
  else if (ids->len > 0 && segment != 0)
    change_start (self, segment, g_steal_pointer (&ids), FALSE);
}

static void
undo_remove_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  g_autoptr (GVariant) list = NULL;
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  const gint64 *values;
  gint64 segment;
  gsize n;

  g_variant_get (parameter, "(x@ax)", &segment, &list);
  values = g_variant_get_fixed_array (list, &n, sizeof (gint64));
  g_array_append_vals (ids, values, (guint) n);
  change_start (OBA_CUSTOMERS_PAGE (widget), segment, ids, TRUE);
}

void
oba_customers_page_install_members (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "page.remove-members", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "page.undo-remove", "(xax)", undo_remove_action);
}
