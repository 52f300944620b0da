#include "oba-moment-box.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/oba-day.h"
#include "sales/oba-receipt.h"
#include "widgets/oba-field.h"

struct _ObaMomentBox
{
  GtkBox       parent_instance;

  gint64       set_at;        /* 0: nothing was set */
  char        *set_day;
  char        *set_time;
  GtkEditable *day;
  GtkEditable *time;
  ObaField    *day_field;
  ObaField    *time_field;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaMomentBox, oba_moment_box, GTK_TYPE_BOX)

static gboolean
read_time (const char *text, guint *hours, guint *minutes)
{
  char rest;
  int n = sscanf (text, " %2u:%2u %c", hours, minutes, &rest);

  return n == 2 && *hours < 24 && *minutes < 60;
}

gboolean
oba_moment_box_is_changed (ObaMomentBox *self)
{
  return g_strcmp0 (gtk_editable_get_text (self->day), self->set_day) != 0 || g_strcmp0 (gtk_editable_get_text (self->time), self->set_time) != 0;
}

/* @problem: (out) (optional): a sentence */
static gboolean
read_moment (ObaMomentBox *self, gint64 *at, gboolean *bad_day, gboolean *bad_time)
{
  g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
  g_autoptr (GDateTime) moment = NULL;
  guint hours = 0, minutes = 0;
  GDate day;

  *bad_day = !oba_day_parse (gtk_editable_get_text (self->day), &day);
  *bad_time = !read_time (gtk_editable_get_text (self->time), &hours, &minutes);
  if (*bad_day || *bad_time)
    return FALSE;
  if (self->set_at != 0 && !oba_moment_box_is_changed (self))
    {
      *at = self->set_at;
      return TRUE;
    }
  moment = g_date_time_new (baku, g_date_get_year (&day), (int) g_date_get_month (&day), g_date_get_day (&day), (int) hours, (int) minutes, 0);
  if (moment == NULL)
    return FALSE;
  *at = g_date_time_to_unix (moment) * G_USEC_PER_SEC;
  return TRUE;
}

gboolean
oba_moment_box_get (ObaMomentBox *self, gint64 *at)
{
  gboolean bad_day, bad_time;

  return read_moment (self, at, &bad_day, &bad_time) && *at <= g_get_real_time ();
}

/* Nothing typed yet is not wrong yet. */
static void
show_problem (ObaMomentBox *self)
{
  gboolean bad_day, bad_time;
  gint64 at = 0;
  gboolean fine = read_moment (self, &at, &bad_day, &bad_time);
  gboolean future = fine && at > g_get_real_time ();

  oba_field_set_problem (self->day_field, bad_day && *gtk_editable_get_text (self->day) != '\0' ? _("A day like 31.03.2026.")
                                          : future                                           ? _("This lies in the future.")
                                                                                             : NULL);
  oba_field_set_problem (self->time_field, bad_time && *gtk_editable_get_text (self->time) != '\0' ? _("A time like 18:30.") : NULL);
}

void
oba_moment_box_focus_problem (ObaMomentBox *self)
{
  gboolean bad_day, bad_time;
  gint64 at;

  read_moment (self, &at, &bad_day, &bad_time);
  gtk_widget_grab_focus (GTK_WIDGET (bad_day || !bad_time ? self->day : self->time));
}

static void
typed_cb (ObaMomentBox *self)
{
  show_problem (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
oba_moment_box_set (ObaMomentBox *self, gint64 at)
{
  const ObaReceiptKey key = { .at = at };
  g_autoptr (GDateTime) moment = oba_receipt_key_get_time (&key);
  int year, month, of_month;
  GDate day;

  g_date_time_get_ymd (moment, &year, &month, &of_month);
  g_date_clear (&day, 1);
  g_date_set_dmy (&day, (GDateDay) of_month, (GDateMonth) month, (GDateYear) year);
  g_free (self->set_day);
  g_free (self->set_time);
  self->set_at = at;
  self->set_day = oba_day_format (&day);
  self->set_time = g_date_time_format (moment, "%H:%M");
  gtk_editable_set_text (self->day, self->set_day);
  gtk_editable_set_text (self->time, self->set_time);
}

void
oba_moment_box_type (ObaMomentBox *self, const char *day, const char *time)
{
  gtk_editable_set_text (self->day, day);
  gtk_editable_set_text (self->time, time);
}

static void
oba_moment_box_finalize (GObject *object)
{
  g_free (OBA_MOMENT_BOX (object)->set_day);
  g_free (OBA_MOMENT_BOX (object)->set_time);

  G_OBJECT_CLASS (oba_moment_box_parent_class)->finalize (object);
}

static void
oba_moment_box_class_init (ObaMomentBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_moment_box_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_MOMENT_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkEditable *
entry_new (ObaMomentBox *self, const char *hint, int chars)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), hint);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), chars);
  g_signal_connect_object (entry, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  return GTK_EDITABLE (entry);
}

static void
oba_moment_box_init (ObaMomentBox *self)
{
  self->set_day = g_strdup ("");
  self->set_time = g_strdup ("");
  /* Translators: day, month, year, as they are typed. */
  self->day = entry_new (self, _("31.03.2026"), 11);
  self->time = entry_new (self, "18:30", 6);
  self->day_field = OBA_FIELD (oba_field_new (_("Day"), GTK_WIDGET (self->day), NULL));
  self->time_field = OBA_FIELD (oba_field_new (_("Time"), GTK_WIDGET (self->time), NULL));
  gtk_widget_set_hexpand (GTK_WIDGET (self->day_field), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->time_field), TRUE);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_box_set_homogeneous (GTK_BOX (self), TRUE);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->day_field));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->time_field));
}

GtkWidget *
oba_moment_box_new (void)
{
  return g_object_new (OBA_TYPE_MOMENT_BOX, NULL);
}
