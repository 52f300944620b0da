#pragma once

#include <libpq-fe.h>
#include "oba-db-params.h"

G_BEGIN_DECLS

/** The four arrays that libpq wants. */
struct _ObaDbParams
{
  gatomicrefcount ref_count;
  guint           n;
  guint           size;
  Oid            *types;
  char          **values;
  int            *lengths;
  int            *formats;
};

G_END_DECLS
