#include "oba-section.h"

#include "customers/oba-profile-section.h"
#include "db/oba-db-request.h"
#include "widgets/oba-problem-box.h"

typedef struct
{
  ObaSession    *session;
  GCancellable  *reading;      /* NULL: nothing is under way */
  gboolean       saving;
  gboolean       unread;       /* the problem is that it could not be read */
  JsonNode      *asked;        /* (nullable): what was asked for last, and nobody knows yet whether it was done */
  char          *key;
  ObaProblemBox *problem;
} ObaSectionPrivate;

enum { LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ObaSection, oba_section, ADW_TYPE_BIN)

static ObaSectionPrivate *
get_private (ObaSection *self)
{
  return oba_section_get_instance_private (self);
}

void
oba_section_fail (ObaSection *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);

  oba_problem_box_set_text (get_private (self)->problem, sentence);
}

void
oba_section_clear_problem (ObaSection *self)
{
  oba_problem_box_set_text (get_private (self)->problem, NULL);
}

void
oba_section_toast (ObaSection *self, const char *text)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), OBA_TYPE_PAGE);

  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), text);
}

/* ---- reading */

void
oba_section_refresh (ObaSection *self)
{
  ObaSectionPrivate *priv = get_private (self);

  g_return_if_fail (OBA_IS_SECTION (self));

  g_cancellable_cancel (priv->reading);
  g_clear_object (&priv->reading);
  priv->reading = g_cancellable_new ();
  OBA_SECTION_GET_CLASS (self)->read (self, priv->reading);
}

gboolean
oba_section_end_reading (gpointer section, const GError *error)
{
  ObaSection *self = section;
  ObaSectionPrivate *priv;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  priv = get_private (self);
  g_clear_object (&priv->reading);
  if (error != NULL)
    oba_section_fail (self, error);
  else if (priv->unread)
    oba_section_clear_problem (self);
  priv->unread = error != NULL;
  g_signal_emit (self, signals[LOADED], 0);
  return error == NULL;
}

/* ---- saving */

static void
update (ObaSection *self)
{
  if (OBA_SECTION_GET_CLASS (self)->update != NULL)
    OBA_SECTION_GET_CLASS (self)->update (self);
}

static void
saved_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaSection) self = user_data;
  ObaSectionPrivate *priv = get_private (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  priv->saving = FALSE;
  if (priv->session == NULL)
    return;   /* the page was closed meanwhile */
  if (!g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST))
    g_clear_pointer (&priv->asked, json_node_unref);
  priv->unread = FALSE;
  if (answer == NULL)
    oba_section_fail (self, error);
  else if (OBA_SECTION_GET_CLASS (self)->saved != NULL)
    OBA_SECTION_GET_CLASS (self)->saved (self, answer);
  update (self);
  oba_section_refresh (self);
}

void
oba_section_save (ObaSection *self, const char *action, JsonNode *request)
{
  ObaSectionPrivate *priv = get_private (self);

  if (priv->saving || priv->session == NULL)
    return;
  if (priv->asked == NULL || !json_node_equal (priv->asked, request))
    {
      g_clear_pointer (&priv->asked, json_node_unref);
      priv->asked = json_node_copy (request);
      g_free (priv->key);
      priv->key = oba_db_request_new_key ();
    }
  priv->saving = TRUE;
  oba_section_clear_problem (self);
  update (self);
  /* Closing the page does not take back what was sent. */
  oba_db_request_async (oba_section_get_pool (self), action, request, priv->key, NULL, saved_cb, g_object_ref (self));
}

/* ---- the object */

static void
oba_section_dispose (GObject *object)
{
  ObaSectionPrivate *priv = get_private (OBA_SECTION (object));

  g_cancellable_cancel (priv->reading);
  g_clear_object (&priv->reading);
  g_clear_pointer (&priv->asked, json_node_unref);
  g_clear_pointer (&priv->key, g_free);
  g_clear_object (&priv->session);

  G_OBJECT_CLASS (oba_section_parent_class)->dispose (object);
}

static void
oba_section_class_init (ObaSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_section_dispose;

  signals[LOADED] = g_signal_new ("loaded", OBA_TYPE_SECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_section_init (ObaSection *self)
{
  get_private (self)->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
}

GtkBox *
oba_section_build (ObaSection *self, ObaSession *session, int max_width, const char *about)
{
  ObaSectionPrivate *priv = get_private (self);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  GtkBox *content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));

  priv->session = g_object_ref (session);
  if (about != NULL)
    gtk_box_append (box, oba_profile_label_new (about, NULL));
  gtk_box_append (box, GTK_WIDGET (priv->problem));
  gtk_box_append (box, GTK_WIDGET (content));
  g_object_set (box, "margin-top", 6, "margin-bottom", 18, "margin-start", 12, "margin-end", 12, NULL);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), max_width);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (box));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  adw_bin_set_child (ADW_BIN (self), scrolled);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_administration", G_CALLBACK (oba_section_refresh), self, G_CONNECT_SWAPPED);
  oba_section_refresh (self);
  return content;
}

GtkBox *
oba_section_add_card (GtkBox *box)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "panel");
  gtk_box_append (box, card);
  return GTK_BOX (card);
}

ObaSession *
oba_section_get_session (ObaSection *self)
{
  return get_private (self)->session;
}

ObaDbPool *
oba_section_get_pool (ObaSection *self)
{
  return oba_session_get_pool (get_private (self)->session);
}

gboolean
oba_section_is_saving (ObaSection *self)
{
  return get_private (self)->saving;
}

gboolean
oba_section_is_settled (ObaSection *self)
{
  return get_private (self)->reading == NULL && !get_private (self)->saving;
}

const char *
oba_section_get_problem (ObaSection *self)
{
  return oba_problem_box_get_text (get_private (self)->problem);
}
