#pragma once

#include <adwaita.h>

#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaPage: one page of the window, made with `g_object_new (type, "session", session, "settings", settings, NULL)`. A page is added by one line in the table of oba-window.c.
 *
 * A page tells where it stands with oba_page_set_state(): the window's pictures and tests wait for OBA_PAGE_READY.
 * On oba_page_refresh() (F5, or the server came back) it reads again what it shows and keeps what was typed.
 */
#define OBA_TYPE_PAGE (oba_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (ObaPage, oba_page, OBA, PAGE, AdwBin)

typedef enum
{
  OBA_PAGE_LOADING,
  OBA_PAGE_READY,
  OBA_PAGE_FAILED,
} ObaPageState;

struct _ObaPageClass
{
  AdwBinClass parent_class;

  void     (*refresh)      (ObaPage *self);
  void     (*pose)         (ObaPage *self);    /* optional: for a picture, chooses something that shows what the page can */
  gboolean (*focus_search) (ObaPage *self);    /* optional: Ctrl+K; FALSE when there is nothing to search */
  const char *(*pose_also) (ObaPage *self, guint n);    /* optional: see oba_page_pose_also() */
};

ObaSession   *oba_page_get_session  (ObaPage *self);
GSettings    *oba_page_get_settings (ObaPage *self);      /* (nullable): nothing is remembered then */
ObaPageState  oba_page_get_state    (ObaPage *self);      /* property "state", notifies */
const char   *oba_page_get_message  (ObaPage *self);      /* (nullable): why it failed, a sentence */
void          oba_page_set_state    (ObaPage *self, ObaPageState state, const char *message);
void          oba_page_refresh      (ObaPage *self);
void          oba_page_pose         (ObaPage *self);
/** For further pictures, after oba_page_pose(): shows the @n-th thing more (from 1) and returns its name; NULL when there are no more, and all is as before. */
const char   *oba_page_pose_also    (ObaPage *self, guint n);
gboolean      oba_page_focus_search (ObaPage *self);
/** A short message over the window's content. */
void          oba_page_toast        (ObaPage *self, const char *message);
/** The same with a button @label: @action with @target, for @seconds. */
void          oba_page_toast_button (ObaPage *self, const char *message, const char *label, guint seconds, const char *action, GVariant *target);
/** The same with a button that takes back what was done. */
void          oba_page_toast_undo   (ObaPage *self, const char *message, guint seconds, const char *action, GVariant *target);

G_END_DECLS
