#include "oba-bulk-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "oba-customer-text.h"

char *
oba_bulk_text_reason (const ObaBulkGroup *group)
{
  g_autofree char *number = oba_number_format (group->n);
  gulong n = (gulong) group->n;

  if (g_str_equal (group->reason, "already"))
    return g_strdup_printf (ngettext ("%s needs no change", "%s need no change", n), number);
  if (g_str_equal (group->reason, "erased"))
    return g_strdup_printf (ngettext ("%s was erased", "%s were erased", n), number);
  if (g_str_equal (group->reason, "merged"))
    return g_strdup_printf (ngettext ("%s was merged into another customer", "%s were merged into other customers", n), number);
  if (g_str_equal (group->reason, "twice"))
    return g_strdup_printf (ngettext ("%s was chosen twice", "%s were chosen twice", n), number);
  return g_strdup_printf (ngettext ("%s does not exist any more", "%s do not exist any more", n), number);
}

char *
oba_bulk_text_examples (GArray *ids,
                        gint64  n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    {
      /* Translators: the number of a customer. */
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, g_array_index (ids, gint64, i));
      g_autofree char *one = g_strdup_printf (_("No. %s"), id);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", one);
    }
  if (n > (gint64) ids->len && ids->len > 0)
    g_string_append (text, "…");
  return g_string_free (text, FALSE);
}

static char *
text_changed (const char *kind,
              gint64      n)
{
  g_autofree char *number = oba_number_format (n);

  if (g_str_equal (kind, "segment"))
    return g_strdup_printf (ngettext ("%s customer was added to the segment", "%s customers were added to the segment", (gulong) n), number);
  if (g_str_equal (kind, "consent"))
    return g_strdup_printf (ngettext ("The consent of %s customer was recorded", "The consents of %s customers were recorded", (gulong) n), number);
  return g_strdup_printf (ngettext ("%s customer was blocked", "%s customers were blocked", (gulong) n), number);
}

char *
oba_bulk_text_done (const char          *kind,
                    const ObaBulkReport *report,
                    gint64               wanted)
{
  g_autofree char *changed = text_changed (kind, report->changed);
  g_autofree char *seen = oba_number_format (report->seen);
  g_autofree char *all = oba_number_format (wanted);

  if (!report->cancelled)
    return g_steal_pointer (&changed);
  /* Translators: what was done, how many were looked at, of how many. */
  return g_strdup_printf (_("Stopped after %2$s of %3$s: %1$s. They stay so."), changed, seen, all);
}

char *
oba_bulk_text_undone (const ObaBulkReport *report)
{
  g_autofree char *undone = oba_number_format (report->undone);
  g_autofree char *kept = oba_number_format (report->kept);
  g_autofree char *text = g_strdup_printf (ngettext ("Undone for %s customer", "Undone for %s customers", (gulong) report->undone), undone);

  if (report->kept == 0)
    return g_steal_pointer (&text);
  return g_strdup_printf (ngettext ("%s; %s was changed by somebody since and stays", "%s; %s were changed by somebody since and stay", (gulong) report->kept),
                          text, kept);
}

char *
oba_bulk_text_title (const ObaBulkAction *action)
{
  if (g_str_equal (action->kind, "segment"))
    return g_strdup_printf (_("Added to “%s”"), action->what);
  if (g_str_equal (action->kind, "consent"))
    return g_strdup_printf (action->granted ? _("%s: consented") : _("%s: no consent"), oba_customer_text_channel (action->what));
  return g_strdup_printf (_("Blocked: %s"), action->what);
}

static const char *
text_state (const char *state)
{
  if (g_str_equal (state, "running"))
    return _("running, or interrupted");
  if (g_str_equal (state, "cancelled"))
    return _("stopped");
  if (g_str_equal (state, "undoing"))
    return _("partly undone");
  return g_str_equal (state, "undone") ? _("undone") : _("done");
}

char *
oba_bulk_text_state (const ObaBulkAction *action)
{
  g_autofree char *when = oba_customer_text_moment (action->at);
  g_autofree char *changed = oba_number_format (action->changed);
  g_autofree char *wanted = oba_number_format (action->wanted);
  g_autofree char *line = g_strdup_printf (_("%s, %s: %s of %s changed, %s"), when, action->by_whom, changed, wanted, text_state (action->state));
  g_autofree char *kept = oba_number_format (action->kept);

  if (action->kept == 0)
    return g_steal_pointer (&line);
  return g_strdup_printf (ngettext ("%s; %s was changed by somebody since and stays", "%s; %s were changed by somebody since and stay", (gulong) action->kept),
                          line, kept);
}
