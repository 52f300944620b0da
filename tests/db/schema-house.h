#pragma once

#include <libpq-fe.h>

#include "oba-test-postgres.h"

G_BEGIN_DECLS

/**
 * House: what the schema's tests share: a fresh database with two stores (1, 2), three products (1: 1.00 AZN a piece, 2: 2.50, 3: by weight)
 * and two customers (100 Aygün, 200 Elçin), and plain libpq, apart from the code under test.
 */
typedef struct
{
  char   *conninfo;
  PGconn *conn;
} House;

/** The server is made at the first call and stays until house_server_stop(). */
void    house_setup       (House *house, gconstpointer unused);
void    house_teardown    (House *house, gconstpointer unused);
void    house_server_stop (void);
/** The conninfo of a database without any migration, beside the house's; after house_setup(). (transfer full) */
char   *house_empty       (void);

PGconn *house_connect     (House *house);

/** The first value of the last statement, "" for NULL or none; an error fails the test. (transfer full) */
char   *ask               (PGconn *conn, const char *format, ...) G_GNUC_PRINTF (2, 3);
gint64  ask_int           (PGconn *conn, const char *format, ...) G_GNUC_PRINTF (2, 3);
void    run               (PGconn *conn, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** Calls oba.@function with a request in which ' stands for "; @key may be NULL. Returns the answer: (transfer full) */
char   *call              (PGconn *conn, const char *function, const char *key, const char *request, ...) G_GNUC_PRINTF (4, 5);

/** Expects that the statement is refused with @state. */
void    refused           (PGconn *conn, const char *state, const char *format, ...) G_GNUC_PRINTF (3, 4);
/** The same of a function's request. */
void    call_refused      (PGconn *conn, const char *state, const char *function, const char *request, ...) G_GNUC_PRINTF (4, 5);

/** A receipt of one line: product 1, @total qəpik. Returns its id. */
gint64  sale              (PGconn *conn, gint64 customer, const char *receipt_no, const char *sold_at, gint64 total);

/** Calls oba.@job () until it has done @n in all, and then does nothing more. */
void    job_does          (House *house, const char *job, gint64 n);

/** Every invariant holds; what is broken is printed and fails the test. */
void    all_is_well       (House *house);

#define assert_ask(conn, expected, ...) \
  G_STMT_START \
    { \
      g_autofree char *oba_answer = ask (conn, __VA_ARGS__); \
      g_assert_cmpstr (oba_answer, ==, expected); \
    } \
  G_STMT_END

G_END_DECLS
