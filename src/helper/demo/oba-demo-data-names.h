#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Names in order of how frequent they are, roughly: the generator draws the first ones more often. */
extern const char *const oba_demo_male_names[];
extern const guint oba_demo_n_male_names;
extern const char *const oba_demo_female_names[];
extern const guint oba_demo_n_female_names;
/** Male form "Məmmədov"; the female one follows from the ending. */
extern const char *const oba_demo_family_names[];
extern const guint oba_demo_n_family_names;

extern const char *const oba_demo_russian_male_names[];
extern const guint oba_demo_n_russian_male_names;
extern const char *const oba_demo_russian_female_names[];
extern const guint oba_demo_n_russian_female_names;
extern const char *const oba_demo_russian_family_names[];
extern const guint oba_demo_n_russian_family_names;

G_END_DECLS
