#include "kill-run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "oba-test-wire.h"

/* Functions that change something. */
static const char *const names[] = {
  "telegram_store_update", "telegram_poll_store", "telegram_claim_updates", "telegram_finish_update", "outbox_claim", "outbox_record", "telegram_card", "telegram_keep_file",
  "redeem_points", "scan", "register_by_telegram", "telegram_setting",
};

/* What is known of a connection. */
typedef struct
{
  GHashTable *statements; /* by the name that the helper gave them: whose of names they are */
  const char *asked;      /* (nullable): its answer comes next */
} Line;

struct _KillRun
{
  Bot *bot;
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  GHashTable *lines; /* by the wire's */
  GMutex lock;       /* for what follows */
  GCond changed;
  char *conninfo;
  GPtrArray *noted;
  guint under_way;
  char *deadly; /* (nullable) */
  guint left;   /* of them, before it is deadly */
  pid_t process;
  gboolean is_dead;
};

static void
line_free (gpointer data)
{
  Line *line = data;

  g_hash_table_unref (line->statements);
  g_free (line);
}

static const char *
find_name (const char *sql)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *call = g_strdup_printf ("oba.%s (", names[i]);

      if (strstr (sql, call) != NULL)
        return names[i];
    }
  return NULL;
}

/* Claims come again and again, and change something when there was something: of them the answer is a step. */
static gboolean
is_claim (const char *name)
{
  return strstr (name, "_claim") != NULL;
}

/* Returns: FALSE: the helper has died of it */
static gboolean
note (KillRun *self, const char *name, gboolean is_answer)
{
  g_autofree char *step = g_strconcat (is_answer ? "after " : "before ", name, NULL);
  gboolean dies;

  g_mutex_lock (&self->lock);
  dies = self->deadly != NULL && g_str_equal (step, self->deadly) && --self->left == 0;
  if (dies)
    {
      kill (self->process, SIGKILL);
      g_clear_pointer (&self->deadly, g_free);
      self->is_dead = TRUE;
    }
  if (!is_claim (name))
    self->under_way += is_answer ? -1u : 1u;
  g_ptr_array_add (self->noted, g_steal_pointer (&step));
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return !dies;
}

static gboolean
look_at_answer (KillRun *self, Line *line, const char *bytes, gsize n)
{
  const char *name = g_steal_pointer (&line->asked);

  /* Rows of a claim have the number of a message or the JSON of an update in them. */
  if (name == NULL || (is_claim (name) && memmem (bytes, n, "\"message", 8) == NULL && memmem (bytes, n, "\"callback", 9) == NULL) || memmem (bytes, n, "\"messages\": []", 14) != NULL)
    return TRUE;
  return note (self, name, TRUE);
}

/* One message of the protocol: a statement gets its name, or is run. */
static gboolean
look_at_message (KillRun *self, Line *line, char type, const char *body, gsize length)
{
  const char *statement = type == 'P' ? body : body + strlen (body) + 1;
  const char *name;

  if (type == 'P')
    {
      g_hash_table_replace (line->statements, g_strdup (statement), (gpointer) find_name (statement + strlen (statement) + 1));
      return TRUE;
    }
  name = g_hash_table_lookup (line->statements, statement);
  if (name != NULL && strstr (name, "_poll_") != NULL && memmem (body, length, "\"payload\"", 9) == NULL)
    name = NULL; /* nothing was fetched */
  if (name != NULL)
    line->asked = name;
  return name == NULL || is_claim (name) || note (self, name, FALSE);
}

static gboolean
look_at_question (KillRun *self, Line *line, const char *bytes, gsize n)
{
  gboolean alive = TRUE;
  gsize at = 0;

  while (alive && at + 5 <= n)
    {
      guint32 length;

      memcpy (&length, bytes + at + 1, sizeof length);
      length = GUINT32_FROM_BE (length);
      if (length > n - at - 1)
        break;
      if (bytes[at] == 'P' || bytes[at] == 'B')
        alive = look_at_message (self, line, bytes[at], bytes + at + 5, length - 4);
      at += 1 + length;
    }
  return alive;
}

static gboolean
watch (gpointer user_data, gconstpointer key, gboolean is_answer, const char *bytes, gsize n)
{
  KillRun *self = user_data;
  Line *line = g_hash_table_lookup (self->lines, key);

  if (!is_answer && bytes[0] == '\0') /* a connection begins */
    {
      line = g_new0 (Line, 1);
      line->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_replace (self->lines, (gpointer) key, line);
      return TRUE;
    }
  if (line == NULL)
    return TRUE;
  return is_answer ? look_at_answer (self, line, bytes, n) : look_at_question (self, line, bytes, n);
}

static gpointer
run (gpointer data)
{
  KillRun *self = data;
  ObaTestWire *wire;

  g_main_context_push_thread_default (self->context);
  wire = oba_test_wire_new (self->bot->conninfo);
  oba_test_wire_watch (wire, watch, self);
  g_mutex_lock (&self->lock);
  self->conninfo = g_strdup (oba_test_wire_get_conninfo (wire));
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_main_loop_run (self->loop);
  oba_test_wire_free (wire);
  while (g_main_context_iteration (self->context, FALSE)) /* reads that were under way */
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

KillRun *
kill_run_new (Bot *bot)
{
  KillRun *self = g_new0 (KillRun, 1);

  self->bot = bot;
  self->lines = g_hash_table_new_full (NULL, NULL, NULL, line_free);
  self->noted = g_ptr_array_new_with_free_func (g_free);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("wire", run, self);
  g_mutex_lock (&self->lock);
  while (self->conninfo == NULL)
    g_cond_wait (&self->changed, &self->lock);
  g_free (bot->serve->conninfo);
  bot->serve->conninfo = g_strdup_printf ("%s options='-c role=oba_helper'", self->conninfo);
  g_mutex_unlock (&self->lock);
  return self;
}

static gboolean
quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

void
kill_run_free (KillRun *self)
{
  if (self->bot->serve->process != NULL)
    serve_kill (self->bot->serve);
  g_main_context_invoke (self->context, quit, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->lines);
  g_ptr_array_unref (self->noted);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->conninfo);
  g_free (self->deadly);
  g_free (self);
}

void
kill_run_note (KillRun *self)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_set_size (self->noted, 0);
  self->under_way = 0;
  g_mutex_unlock (&self->lock);
}

/* Under the lock. */
static void
wait_changed (KillRun *self, const char *what)
{
  if (!g_cond_wait_until (&self->changed, &self->lock, g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND))
    g_error ("waited in vain: %s", what);
}

char **
kill_run_steps (KillRun *self)
{
  char **steps;

  g_mutex_lock (&self->lock);
  while (self->under_way > 0)
    wait_changed (self, "the end of the last step");
  steps = g_new0 (char *, self->noted->len + 1);
  for (guint i = 0; i < self->noted->len; i++)
    steps[i] = g_strdup (g_ptr_array_index (self->noted, i));
  g_mutex_unlock (&self->lock);
  return steps;
}

void
kill_run_arm (KillRun *self, const char *step, guint nth)
{
  g_mutex_lock (&self->lock);
  g_free (self->deadly);
  self->deadly = g_strdup (step);
  self->left = nth;
  self->process = (pid_t) atoi (g_subprocess_get_identifier (self->bot->serve->process));
  self->is_dead = FALSE;
  g_mutex_unlock (&self->lock);
}

void
kill_run_wait (KillRun *self)
{
  g_mutex_lock (&self->lock);
  while (!self->is_dead)
    wait_changed (self, self->deadly);
  g_mutex_unlock (&self->lock);
  serve_kill (self->bot->serve);
}
