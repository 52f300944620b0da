#include "oba-config.h"
#include "oba-local-server-private.h"

#include <sys/statvfs.h>
#include <unistd.h>

#define MIB ((guint64) 1024 * 1024)
#define GIB (1024 * MIB)

/* What this process may use: the computer's memory, or the container's share of it. */
static guint64
usable_memory (void)
{
  guint64 memory = (guint64) sysconf (_SC_PHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE);
  g_autofree char *limit = NULL;

  if (g_file_get_contents ("/sys/fs/cgroup/memory.max", &limit, NULL, NULL) && g_ascii_isdigit (limit[0]))
    memory = MIN (memory, g_ascii_strtoull (limit, NULL, 10));

  return MAX (memory, 512 * MIB);
}

/* Parallel queries share memory through /dev/shm, which containers keep at 64 MB. */
static gboolean
has_room_in_shm (void)
{
  struct statvfs shm;

  return statvfs ("/dev/shm", &shm) == 0 && (guint64) shm.f_blocks * shm.f_frsize >= 512 * MIB;
}

static void
append_size (GString *conf, const char *name, guint64 bytes)
{
  g_string_append_printf (conf, "%s = %" G_GUINT64_FORMAT "MB\n", name, bytes / MIB);
}

static void
append_text (GString *conf, const char *name, const char *text)
{
  g_string_append_printf (conf, "%s = '", name);
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\'' || *p == '\\')
        g_string_append_c (conf, *p);
      g_string_append_c (conf, *p);
    }
  g_string_append (conf, "'\n");
}

char *
oba_local_settings (const char *socket_dir, gboolean has_lz4)
{
  guint64 memory = usable_memory ();
  GString *conf = g_string_new ("# Written anew by OBA at each start. Your own settings belong under the last line of postgresql.conf.\n");

  append_text (conf, "unix_socket_directories", socket_dir);
  g_string_append_printf (conf, "port = %d\n", OBA_LOCAL_PORT);
  g_string_append (conf, "listen_addresses = ''\n"
                         "unix_socket_permissions = 0700\n"
                         "max_connections = 60\n");

  append_size (conf, "shared_buffers", CLAMP (memory / 4, 128 * MIB, 2 * GIB));
  append_size (conf, "effective_cache_size", memory / 2);
  append_size (conf, "work_mem", CLAMP (memory / 256, 8 * MIB, 64 * MIB));
  append_size (conf, "maintenance_work_mem", CLAMP (memory / 16, 64 * MIB, 512 * MIB));
  g_string_append_printf (conf, "dynamic_shared_memory_type = %s\n", has_room_in_shm () ? "posix" : "mmap");

  /* One computer, no replica: a load into a table made in the same transaction writes no WAL. Nothing that was answered is ever lost. */
  g_string_append (conf, "wal_level = minimal\n"
                         "max_wal_senders = 0\n"
                         "max_wal_size = 4GB\n"
                         "min_wal_size = 256MB\n"
                         "wal_buffers = 16MB\n"
                         "checkpoint_timeout = 15min\n"
                         "checkpoint_completion_target = 0.9\n"
                         "fsync = on\n"
                         "synchronous_commit = on\n"
                         "full_page_writes = on\n");
  g_string_append_printf (conf, "wal_compression = %s\n", has_lz4 ? "lz4" : "off");

  g_string_append (conf, "random_page_cost = 1.1\n"
                         "jit = off\n"
                         "password_encryption = 'scram-sha-256'\n"
                         "timezone = 'Asia/Baku'\n"
                         "log_timezone = 'Asia/Baku'\n"
                         "logging_collector = off\n"
                         "log_destination = 'stderr'\n"
                         "log_checkpoints = off\n"
                         "log_line_prefix = '%m [%p] %q%u '\n"
                         "cluster_name = 'oba'\n");

  return g_string_free (conf, FALSE);
}
