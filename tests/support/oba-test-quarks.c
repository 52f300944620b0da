/* A file of its own, because the application itself has it in the build that looks for leaks, and there alone. */
#include <glib.h>
#include <link.h>
#include <string.h>

void oba_test_forgive_quarks (void) __attribute__ ((constructor));

#ifdef __SANITIZE_ADDRESS__
#define QUARKS_AT_FIRST 2048

/* Of the sanitizer's own interface, whose headers are not everywhere. */
int    __sanitizer_get_ownership      (const volatile void *pointer);
size_t __sanitizer_get_allocated_size (const volatile void *pointer);
void   __lsan_ignore_object           (const void *pointer);

/* GLib loses its first table of quarks on purpose when it has to grow: nobody else can be told apart by a stack, for it is made before main (). */
static int
forgive_quarks (struct dl_phdr_info *library, size_t size, void *data)
{
  if (strstr (library->dlpi_name, "libglib-2.0") == NULL)
    return 0;
  for (guint i = 0; i < library->dlpi_phnum; i++)
    if (library->dlpi_phdr[i].p_type == PT_LOAD && (library->dlpi_phdr[i].p_flags & PF_W))
      {
        gconstpointer const *words = (gconstpointer const *) (library->dlpi_addr + library->dlpi_phdr[i].p_vaddr);

        for (gsize w = 0; w < library->dlpi_phdr[i].p_memsz / sizeof (gpointer); w++)
          if (__sanitizer_get_ownership (words[w]) && __sanitizer_get_allocated_size (words[w]) == QUARKS_AT_FIRST * sizeof (gpointer))
            __lsan_ignore_object (words[w]);
      }
  return 1;
}
#endif

void
oba_test_forgive_quarks (void)
{
#ifdef __SANITIZE_ADDRESS__
  dl_iterate_phdr (forgive_quarks, NULL);
#endif
}
