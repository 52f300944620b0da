#include "oba-search-keys.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/oba-text.h"
#include "db/oba-db-sql.h"
#include "oba-customer-text.h"

/* As the search itself reads what may be a receipt's or a card's number. */
#define MIN_CHARS 3
#define MAX_CHARS 64

struct _ObaSearchKeys
{
  AdwBin        parent_instance;

  GtkLabel     *label;
  char         *searched;
  GCancellable *reading;
};

G_DEFINE_FINAL_TYPE (ObaSearchKeys, oba_search_keys, ADW_TYPE_BIN)

/* What was searched for stands out as it does in the rows: a receipt is found by its whole number, a card by any part of it. */
static void
add_mark (PangoAttrList *marks,
          const char    *number,
          const char    *searched,
          gsize          at)
{
  const char *part = g_str_equal (searched, "") ? NULL : strstr (number, searched);
  gsize from = part != NULL ? at + (gsize) (part - number) : at;
  gsize to = part != NULL ? from + strlen (searched) : at + strlen (number);
  PangoAttribute *looks[] = { pango_attr_weight_new (PANGO_WEIGHT_BOLD), pango_attr_underline_new (PANGO_UNDERLINE_SINGLE) };

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      looks[i]->start_index = (guint) from;
      looks[i]->end_index = (guint) to;
      pango_attr_list_insert (marks, looks[i]);
    }
}

static void
show_found (ObaSearchKeys *self,
            ObaDbResult   *result)
{
  g_autoptr (GString) text = g_string_new (NULL);
  PangoAttrList *marks = pango_attr_list_new ();

  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    {
      const char *number = oba_db_result_get_text (result, i, 0);

      g_string_append (text, i > 0 ? "\n" : "");
      add_mark (marks, number, self->searched, text->len);
      g_string_append (text, number);
      if (oba_db_result_is_null (result, i, 2))
        g_string_append_printf (text, "  ·  %s", _("Card"));
      else
        {
          g_autofree char *day = oba_customer_text_unix_day (oba_db_result_get_int64 (result, i, 2));

          g_string_append_printf (text, "  ·  %s  ·  %s", oba_db_result_get_text (result, i, 1), day);
        }
      g_string_append_printf (text, "  ·  %s", oba_db_result_get_text (result, i, 3));
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
    show_found (self, result);
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
  g_free (self->searched);
  self->searched = g_strdup (clean);
  self->reading = g_cancellable_new ();
  params = oba_db_params_build ("t", clean);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/keys.sql"), params, self->reading, read_cb, g_object_ref (self));
}

static void
oba_search_keys_dispose (GObject *object)
{
  stop_reading (OBA_SEARCH_KEYS (object));
  g_clear_pointer (&OBA_SEARCH_KEYS (object)->searched, g_free);

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
