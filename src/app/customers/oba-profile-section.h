#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** ObaProfileSection: a card of the profile with a title, lines of any kind below it, and something at the end of its title. */
#define OBA_TYPE_PROFILE_SECTION (oba_profile_section_get_type ())
G_DECLARE_FINAL_TYPE (ObaProfileSection, oba_profile_section, OBA, PROFILE_SECTION, GtkBox)

/* Property "title", for templates. */

void       oba_profile_section_clear    (ObaProfileSection *self);
void       oba_profile_section_add      (ObaProfileSection *self, GtkWidget *line);
/** What is at the end of the title; replaces what was there. (nullable) */
void       oba_profile_section_set_end  (ObaProfileSection *self, GtkWidget *widget);

/** A name on the left, what is known on the right, both wrapped; nothing is added when @value is empty. @end: (nullable): behind the value */
void       oba_profile_section_add_fact (ObaProfileSection *self, const char *name, const char *value, GtkWidget *end);
/** The same with a grade as the value, and under it why. */
void       oba_profile_section_add_graded (ObaProfileSection *self, const char *name, GtkWidget *pill, const char *why);
/** A dimmed sentence. */
void       oba_profile_section_add_note (ObaProfileSection *self, const char *text);

/* Parts that several sections are made of. */
GtkWidget *oba_profile_label_new        (const char *text, const char *css_class);      /* wrapped, from the start */
GtkWidget *oba_profile_pill_new         (const char *text, const char *css_class);
GtkWidget *oba_profile_icon_button_new  (const char *icon, const char *name, const char *action);

G_END_DECLS
