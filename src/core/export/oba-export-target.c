#include "oba-export-target.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/oba-error.h"

struct _ObaExportTarget
{
  char *path;
  char *part;
  int   fd;
};

void
oba_export_set_errno (GError **error, int code, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  if (code == ENOSPC || code == EDQUOT || code == EFBIG)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC,
                 _("There is no room left on the disk for “%s”. Nothing was kept; free some room, or choose another place."), name);
  else if (code == EACCES || code == EPERM || code == EROFS)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_ACCES, _("“%s” may not be written there. Choose another place."), name);
  else if (code == ENOENT || code == ENOTDIR)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, _("The folder of “%s” does not exist."), name);
  else
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), _("“%s” could not be written: %s."), name,
                 g_strerror (code));
}

/* A device or a folder is not to be replaced by a file. */
static gboolean
check_place (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  struct stat there;

  if (g_stat (path, &there) != 0 || S_ISREG (there.st_mode))
    return TRUE;
  g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("“%s” is not a file that could be replaced."), name);
  return FALSE;
}

/* What a crash left behind is nobody's; what somebody writes to at this moment is locked. */
static gboolean
take_part (ObaExportTarget *self, GError **error)
{
  struct stat ours, there;

  self->fd = g_open (self->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->fd < 0)
    oba_export_set_errno (error, errno, self->path);
  else if (flock (self->fd, LOCK_EX | LOCK_NB) != 0 || fstat (self->fd, &ours) != 0 || g_stat (self->part, &there) != 0
           || ours.st_ino != there.st_ino)
    {
      g_autofree char *name = g_filename_display_name (self->path);

      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                   _("Another export is writing “%s” just now. Wait for it, or choose another name."), name);
      g_close (self->fd, NULL);
      self->fd = -1;
    }
  else if (fchmod (self->fd, 0600) != 0 || ftruncate (self->fd, 0) != 0)
    oba_export_set_errno (error, errno, self->path);
  else
    return TRUE;
  return FALSE;
}

ObaExportTarget *
oba_export_target_open (const char *path, GError **error)
{
  g_autoptr (ObaExportTarget) self = g_new0 (ObaExportTarget, 1);

  self->fd = -1;
  self->path = g_strdup (path);
  self->part = g_strconcat (path, ".part", NULL);
  if (!check_place (path, error) || !take_part (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

int
oba_export_target_get_fd (ObaExportTarget *self)
{
  return self->fd;
}

const char *
oba_export_target_get_path (ObaExportTarget *self)
{
  return self->part;
}

gboolean
oba_export_target_write (ObaExportTarget *self, const char *data, gsize length, GError **error)
{
  while (length > 0)
    {
      gssize written = write (self->fd, data, length);

      if (written < 0 && errno != EINTR)
        {
          oba_export_set_errno (error, errno, self->path);
          return FALSE;
        }
      if (written > 0)
        {
          data += written;
          length -= (gsize) written;
        }
    }
  return TRUE;
}

gboolean
oba_export_target_keep (ObaExportTarget *self, GError **error)
{
  if (fsync (self->fd) != 0 || g_rename (self->part, self->path) != 0)
    {
      oba_export_set_errno (error, errno, self->path);
      return FALSE;
    }
  g_close (self->fd, NULL);
  self->fd = -1;
  return TRUE;
}

void
oba_export_target_free (ObaExportTarget *self)
{
  if (self->fd >= 0)
    {
      g_unlink (self->part);
      g_close (self->fd, NULL);
    }
  g_free (self->path);
  g_free (self->part);
  g_free (self);
}
