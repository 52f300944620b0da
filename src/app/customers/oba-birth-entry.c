#include "oba-birth-entry.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "customers/oba-customer-draft.h"

/* Where the calendar opens when nothing is typed: most of those who register are about as old. */
#define USUAL_AGE 35

static GDateTime *
day_of_text (const char *text)
{
  g_autofree char *value = oba_customer_field_normalize (OBA_CUSTOMER_BIRTH_DATE, text, NULL);
  int year = 0;
  int month = 0;
  int day = 0;

  if (value != NULL && sscanf (value, "%4d-%2d-%2d", &year, &month, &day) == 3)
    return g_date_time_new_local (year, month, day, 0, 0, 0);
  return NULL;
}

static void
day_selected_cb (GtkCalendar *calendar,
                 GtkEditable *entry)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (calendar);
  g_autofree char *text = g_strdup_printf ("%02d.%02d.%04d", g_date_time_get_day_of_month (day), g_date_time_get_month (day), g_date_time_get_year (day));

  gtk_editable_set_text (entry, text);
}

static void
opened_cb (GtkCalendar *calendar,
           GtkEditable *entry)
{
  g_autoptr (GDateTime) day = day_of_text (gtk_editable_get_text (entry));
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (day == NULL)
    day = g_date_time_add_years (now, -USUAL_AGE);
  /* What is only shown is not chosen. */
  g_signal_handlers_block_by_func (calendar, day_selected_cb, entry);
  gtk_calendar_select_day (calendar, day);
  g_signal_handlers_unblock_by_func (calendar, day_selected_cb, entry);
}

GtkWidget *
oba_birth_entry_new (GtkWidget **entry)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *text = gtk_entry_new ();
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *calendar = gtk_calendar_new ();

  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_hexpand (text, TRUE);
  /* Translators: day, month and year, as they are to be typed. */
  gtk_entry_set_placeholder_text (GTK_ENTRY (text), _("dd.mm.yyyy"));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "x-office-calendar-symbolic");
  gtk_widget_set_tooltip_text (button, _("Choose in a Calendar"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Choose in a Calendar"), -1);
  gtk_popover_set_child (GTK_POPOVER (popover), calendar);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), button);
  g_signal_connect_object (calendar, "day-selected", G_CALLBACK (day_selected_cb), text, 0);
  g_signal_connect_object (calendar, "map", G_CALLBACK (opened_cb), text, 0);
  *entry = text;
  return box;
}
