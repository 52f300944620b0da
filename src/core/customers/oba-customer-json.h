#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Reading the JSON that our own queries build: what is null or missing is "", 0 or NULL. */

/** "2026-11-23" -> @date; an invalid one otherwise. */
void        oba_customer_json_date   (JsonArray *array, guint i, GDate *date);
/** (transfer full) */
char       *oba_customer_json_text   (JsonArray *array, guint i);
/** ISO time, with the session's offset. (transfer full) (nullable) */
GDateTime  *oba_customer_json_time   (JsonArray *array, guint i);
gint64      oba_customer_json_int    (JsonArray *array, guint i);
double      oba_customer_json_double (JsonArray *array, guint i);
gboolean    oba_customer_json_flag   (JsonArray *array, guint i);

/* The same of an object's member. */
char       *oba_customer_json_member_text   (JsonObject *object, const char *name);
GDateTime  *oba_customer_json_member_time   (JsonObject *object, const char *name);
GDate      *oba_customer_json_member_date   (JsonObject *object, const char *name);   /* (transfer full) (nullable) */
gint64      oba_customer_json_member_int    (JsonObject *object, const char *name, gint64 missing);
double      oba_customer_json_member_double (JsonObject *object, const char *name);
JsonArray  *oba_customer_json_member_array  (JsonObject *object, const char *name);   /* (transfer none) (nullable) */
JsonObject *oba_customer_json_member_object (JsonObject *object, const char *name);   /* (transfer none) (nullable) */

/** What @parse makes of each array in the list @name. Returns: (transfer full): empty when there is none */
GPtrArray  *oba_customer_json_list   (JsonObject *object, const char *name, gpointer (*parse) (JsonArray *fields), GDestroyNotify destroy);

G_END_DECLS
