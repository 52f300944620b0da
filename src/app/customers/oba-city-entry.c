#include "oba-city-entry.h"

typedef struct
{
  GPtrArray *cities;
  char      *typed;       /* without the end that was completed */
  guint      idle_id;
  gboolean   busy;
} City;

/* Letters that are typed for one another. The database's oba.fold() knows more of them; here both are words of one language. */
static gunichar
plain_letter (gunichar c)
{
  switch (c)
    {
    case 0x0130: /* İ */
    case 0x0131: /* ı */
    case 'I':
      return 'i';
    default:
      break;
    }
  c = g_unichar_tolower (c);
  switch (c)
    {
    case 0x0259: /* ə */
      return 'e';
    case 0x011f: /* ğ */
      return 'g';
    case 0x015f: /* ş */
      return 's';
    case 0x00e7: /* ç */
      return 'c';
    case 0x00f6: /* ö */
      return 'o';
    case 0x00fc: /* ü */
      return 'u';
    default:
      return c;
    }
}

/* Where @city goes on after @start; NULL when it does not begin like that. */
static const char *
rest_of (const char *city,
         const char *start)
{
  for (; *start != '\0'; start = g_utf8_next_char (start), city = g_utf8_next_char (city))
    if (*city == '\0' || plain_letter (g_utf8_get_char (city)) != plain_letter (g_utf8_get_char (start)))
      return NULL;
  return city;
}

const char *
oba_city_entry_find (GPtrArray  *cities,
                     const char *text)
{
  for (guint i = 0; i < cities->len; i++)
    {
      const char *rest = rest_of (cities->pdata[i], text);

      if (rest != NULL && *rest == '\0')
        return cities->pdata[i];
    }
  return NULL;
}

/* The rest of the word stands there, marked: the next letter replaces it. */
static gboolean
complete_cb (gpointer user_data)
{
  GtkEditable *entry = user_data;
  City *city = g_object_get_data (G_OBJECT (entry), "oba-city");
  g_autofree char *text = g_strdup (gtk_editable_get_text (entry));
  int length = (int) g_utf8_strlen (text, -1);
  const char *rest = NULL;

  city->idle_id = 0;
  if (gtk_editable_get_position (entry) != length)
    return G_SOURCE_REMOVE;
  for (guint i = 0; i < city->cities->len && rest == NULL; i++)
    rest = rest_of (city->cities->pdata[i], text);
  if (rest != NULL && *rest != '\0')
    {
      int end = length;

      city->busy = TRUE;
      gtk_editable_insert_text (entry, rest, -1, &end);
      gtk_editable_select_region (entry, length, -1);
      city->busy = FALSE;
    }
  return G_SOURCE_REMOVE;
}

static void
changed_cb (GtkEditable *entry)
{
  City *city = g_object_get_data (G_OBJECT (entry), "oba-city");
  const char *text = gtk_editable_get_text (entry);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (entry));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  /* The marked end is not typed. */
  if (city->busy)
    return;
  if (g_utf8_strlen (text, -1) == g_utf8_strlen (city->typed, -1) + 1 && focus != NULL
      && gtk_widget_is_ancestor (focus, GTK_WIDGET (entry)) && city->idle_id == 0)
    city->idle_id = g_idle_add (complete_cb, entry);
  g_free (city->typed);
  city->typed = g_strdup (text);
}

static void
leave_cb (GtkEventControllerFocus *controller,
          GtkEditable             *entry)
{
  City *city = g_object_get_data (G_OBJECT (entry), "oba-city");
  const char *known = oba_city_entry_find (city->cities, gtk_editable_get_text (entry));

  if (known != NULL && !g_str_equal (known, gtk_editable_get_text (entry)))
    gtk_editable_set_text (entry, known);
}

static void
city_free (gpointer data)
{
  City *city = data;

  g_clear_handle_id (&city->idle_id, g_source_remove);
  g_ptr_array_unref (city->cities);
  g_free (city->typed);
  g_free (city);
}

GtkWidget *
oba_city_entry_new (GPtrArray *cities)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  City *city = g_new0 (City, 1);

  city->cities = g_ptr_array_ref (cities);
  city->typed = g_strdup ("");
  g_object_set_data_full (G_OBJECT (entry), "oba-city", city, city_free);
  g_signal_connect (entry, "changed", G_CALLBACK (changed_cb), NULL);
  g_signal_connect (focus, "leave", G_CALLBACK (leave_cb), entry);
  gtk_widget_add_controller (entry, focus);
  return entry;
}
