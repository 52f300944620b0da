#include "oba-screenshots.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"

/* A page that is ready still slides in, fills its rows and fades: some frames later it stands still. */
#define SETTLE_FRAMES 30
#define PATIENCE_SECONDS 60

typedef struct
{
  ObaWindow *window;
  char      *directory;
  guint      page;
  guint      pose;        /* of the page; 0 for the page itself */
  const char *pose_name;
  gboolean   dark;
  guint      frames;      /* since the page was ready */
  gint64     deadline;
} TakeData;

static void
take_data_free (gpointer pointer)
{
  TakeData *data = pointer;

  g_object_unref (data->window);
  g_free (data->directory);
  g_free (data);
}

/* A window's own edge is the desktop's business: without a compositor it is a grey frame. */
static GtkWidget *
find_content (GtkWidget *widget)
{
  GtkWidget *content = ADW_IS_APPLICATION_WINDOW (widget) ? adw_application_window_get_content (ADW_APPLICATION_WINDOW (widget)) : NULL;

  return content != NULL ? content : widget;
}

gboolean
oba_screenshots_save_widget (GtkWidget *widget, const char *filename, GError **error)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  graphene_rect_t all;
  graphene_rect_t area;

  /* The paintable holds the widget with its frame, whose corner is not the widget's 0,0. */
  if (!gtk_widget_compute_bounds (widget, widget, &all) || !gtk_widget_compute_bounds (find_content (widget), widget, &area))
    {
      all = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget), (float) gtk_widget_get_height (widget));
      area = all;
    }
  graphene_rect_offset (&area, -all.origin.x, -all.origin.y);
  gdk_paintable_snapshot (paintable, snapshot, all.size.width, all.size.height);
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  if (node == NULL)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("Nothing was drawn yet, so there is no picture to save."));
      return FALSE;
    }
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node, &area);
  if (!gdk_texture_save_to_png (texture, filename))
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("The picture %s could not be written. Is there room, and may you write there?"), filename);
      return FALSE;
    }
  return TRUE;
}

static void
show (TakeData *data)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), data->dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
  oba_window_show_page (data->window, data->page);
  oba_page_pose (oba_window_get_page (data->window, data->page));
  data->pose = 0;
  data->pose_name = NULL;
  data->frames = 0;
  data->deadline = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;
}

/* What is open over the window is what is looked at. */
static GtkWidget *
find_top (ObaWindow *window)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget *top = GTK_WIDGET (window);

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (other) == GTK_WINDOW (window) && gtk_widget_get_mapped (GTK_WIDGET (other)))
        top = GTK_WIDGET (other);
    }
  return top;
}

static gboolean
save (TakeData *data, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s%s%s-%s.png", oba_window_get_page_id (data->window, data->page), data->pose_name != NULL ? "-" : "",
                                           data->pose_name != NULL ? data->pose_name : "", data->dark ? "dark" : "light");
  g_autofree char *path = g_build_filename (data->directory, name, NULL);

  return oba_screenshots_save_widget (find_top (data->window), path, error);
}

static gboolean
show_pose (TakeData *data)
{
  data->pose_name = oba_page_pose_also (oba_window_get_page (data->window, data->page), ++data->pose);
  data->frames = 0;
  data->deadline = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;
  return data->pose_name != NULL;
}

/* A page, then what else it has to show; light ones first, then the dark ones. */
static gboolean
next (TakeData *data)
{
  if (show_pose (data))
    return TRUE;
  data->page++;
  if (data->page == oba_window_get_n_pages (data->window))
    {
      if (data->dark)
        return FALSE;
      data->dark = TRUE;
      data->page = 0;
    }
  show (data);
  return TRUE;
}

static void
finish (GTask *task, GError *error)
{
  TakeData *data = g_task_get_task_data (task);

  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (GTK_WIDGET (data->window)), task);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* Only right after painting has every widget the picture it shows: a queued redraw throws it away. */
static void
painted_cb (GdkFrameClock *clock, gpointer user_data)
{
  GTask *task = user_data;
  TakeData *data = g_task_get_task_data (task);
  ObaPage *page = oba_window_get_page (data->window, data->page);
  ObaPageState state = oba_page_get_state (page);
  GError *error = NULL;
  gboolean done = FALSE;

  if (state == OBA_PAGE_FAILED)
    g_set_error_literal (&error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, oba_page_get_message (page));
  else if (state == OBA_PAGE_LOADING && g_get_monotonic_time () > data->deadline)
    g_set_error (&error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("The page “%s” was not ready within %d seconds."),
                 oba_window_get_page_id (data->window, data->page), PATIENCE_SECONDS);
  else if (state == OBA_PAGE_READY && data->frames++ >= SETTLE_FRAMES)
    done = !save (data, &error) || !next (data);

  if (done || error != NULL)
    finish (task, error);
  else
    gtk_widget_queue_draw (GTK_WIDGET (data->window));
}

void
oba_screenshots_take_async (ObaWindow *window, const char *directory, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  TakeData *data = g_new0 (TakeData, 1);

  g_return_if_fail (OBA_IS_WINDOW (window) && directory != NULL);

  g_task_set_source_tag (task, oba_screenshots_take_async);
  g_task_set_task_data (task, data, take_data_free);
  data->window = g_object_ref (window);
  data->directory = g_strdup (directory);
  if (g_mkdir_with_parents (directory, 0755) != 0)
    {
      g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("The folder %s could not be made."), directory);
      return;
    }
  show (data);
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "after-paint", G_CALLBACK (painted_cb), g_object_ref (task));
  gtk_widget_queue_draw (GTK_WIDGET (window));
}

gboolean
oba_screenshots_take_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
