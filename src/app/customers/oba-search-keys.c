#include "oba-search-keys.h"

#include <string.h>

#include "base/oba-text.h"
#include "db/oba-db-sql.h"
#include "oba-customer-text.h"

/* As the search itself reads what may be a receipt's number. */
#define MIN_CHARS 3
#define MAX_CHARS 64

struct _ObaSearchKeys
{
  AdwBin        parent_instance;

  GtkLabel     *label;
  GCancellable *reading;
};

G_DEFINE_FINAL_TYPE (ObaSearchKeys, oba_search_keys, ADW_TYPE_BIN)

/* The number stands out as it does in the rows. */
static void
add_number (PangoAttrList *marks,
            gsize          from,
            gsize          to)
{
  PangoAttribute *looks[] = { pango_attr_weight_new (PANGO_WEIGHT_BOLD), pango_attr_underline_new (PANGO_UNDERLINE_SINGLE) };

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      looks[i]->start_index = (guint) from;
      looks[i]->end_index = (guint) to;
      pango_attr_list_insert (marks, looks[i]);
    }
}

static void
show_receipts (ObaSearchKeys *self,
               ObaDbResult   *result)
{
  g_autoptr (GString) text = g_string_new (NULL);
  PangoAttrList *marks = pango_attr_list_new ();

  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    {
      g_autofree char *day = oba_customer_text_unix_day (oba_db_result_get_int64 (result, i, 2));
      gsize from;

      g_string_append (text, i > 0 ? "\n" : "");
      from = text->len;
      g_string_append (text, oba_db_result_get_text (result, i, 0));
      add_number (marks, from, text->len);
      g_string_append_printf (text, "  ·  %s  ·  %s  ·  %s", oba_db_result_get_text (result, i, 1), day, oba_db_result_get_text (result, i, 3));
    }
  gtk_label_set_label (self->label, text->str);
  gtk_label_set_attributes (self->label, marks);
  pango_attr_list_unref (marks);
  gtk_widget_set_visible (GTK_WIDGET (self), text->len > 0);
}

static void
read_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (ObaSearchKeys) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);

  /* What went wrong the list itself says. */
  if (result != NULL && self->reading != NULL)
    show_receipts (self, result);
}

static gboolean
may_be_number (const char *text)
{
  glong n = text != NULL ? g_utf8_strlen (text, -1) : 0;

  return n >= MIN_CHARS && n <= MAX_CHARS && strpbrk (text, "0123456789") != NULL && strchr (text, '@') == NULL;
}

static void
stop_reading (ObaSearchKeys *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

void
oba_search_keys_show (ObaSearchKeys *self,
                      ObaDbPool     *pool,
                      const char    *text)
{
  g_autofree char *clean = text != NULL ? oba_text_clean (text, 200, NULL) : NULL;
  g_autoptr (ObaDbParams) params = NULL;

  stop_reading (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (!may_be_number (clean))
    return;
  self->reading = g_cancellable_new ();
  params = oba_db_params_build ("t", clean);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/keys.sql"), params, self->reading, read_cb, g_object_ref (self));
}

static void
oba_search_keys_dispose (GObject *object)
{
  stop_reading (OBA_SEARCH_KEYS (object));

  G_OBJECT_CLASS (oba_search_keys_parent_class)->dispose (object);
}

static void
oba_search_keys_class_init (ObaSearchKeysClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_search_keys_dispose;
}

static void
oba_search_keys_init (ObaSearchKeys *self)
{
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_label_set_selectable (self->label, TRUE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->label));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
