/* What somebody typed into a customer's form, and what is stored of it. */

#include <string.h>

#include "base/oba-error.h"
#include "customers/oba-customer-draft.h"

static void
assert_normal (ObaCustomerField field, const char *typed, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = oba_customer_field_normalize (field, typed, &error);

  if (g_strcmp0 (value, expected) != 0)
    g_error ("“%.60s” becomes %s, not %s", typed, value != NULL ? value : error->message, expected != NULL ? expected : "refused");
  if (expected == NULL)
    g_assert_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
}

/* A clerk types a birth date as they are used to; one that is not in the calendar is marked. */
static void
test_dates (void)
{
  static const char *const good[][2] = { { "21.03.1985", "1985-03-21" }, { " 1.2.2001 ", "2001-02-01" }, { "21/03/1985", "1985-03-21" }, { "21-3-1985", "1985-03-21" },
                                         { "21031985", "1985-03-21" }, { "1985-03-21", "1985-03-21" }, { "29.02.2000", "2000-02-29" }, { "", "" }, { "  ", "" } };
  static const char *const bad[] = { "30.02.1985", "29.02.2001", "0.1.2000", "1.13.2000", "31.12.1899", "01.01.2999", "21.03", "21.03.85", "21.03.19855", "x", "21.03.1985x",
                                     "١٢.٠٣.١٩٨٥", "-1.03.1985", "21.03.1985'; drop", "99999999", "+1.+2.+2000" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    assert_normal (OBA_CUSTOMER_BIRTH_DATE, good[i][0], good[i][1]);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_normal (OBA_CUSTOMER_BIRTH_DATE, bad[i], NULL);
}

/* What is shown in the form is read back as the same. */
static void
test_formats (void)
{
  g_autofree char *date = oba_customer_field_format (OBA_CUSTOMER_BIRTH_DATE, "1985-03-21");
  g_autofree char *phone = oba_customer_field_format (OBA_CUSTOMER_PHONE, "+994501234567");

  g_assert_cmpstr (date, ==, "21.03.1985");
  assert_normal (OBA_CUSTOMER_BIRTH_DATE, date, "1985-03-21");
  g_assert_cmpstr (phone, ==, "+994 50 123 45 67");
  assert_normal (OBA_CUSTOMER_PHONE, phone, "+994501234567");
}

/* Whatever is pasted into a field is refused with a sentence or kept as it is. */
static void
test_hostile (void)
{
  g_autofree char *long_text = g_strnfill (10000, 'x');

  for (ObaCustomerField i = OBA_CUSTOMER_FAMILY_NAME; i <= OBA_CUSTOMER_PATRONYMIC; i++)
    {
      assert_normal (i, "  Rəşid \t qızı ", "Rəşid qızı");
      assert_normal (i, "Robert'); drop table x; --", "Robert'); drop table x; --");
      assert_normal (i, "<b>&amp;", "<b>&amp;");
      assert_normal (i, long_text, NULL);
      assert_normal (i, "Ay\xe2\x80\xaesel", NULL); /* right-to-left override */
      assert_normal (i, "Ay\xe2\x80\x8fsel", NULL); /* right-to-left mark */
      assert_normal (i, "Ay\x07sel", NULL);
      assert_normal (i, "Ay\xffsel", NULL);
    }
  assert_normal (OBA_CUSTOMER_PHONE, "050 123-45-67", "+994501234567");
  assert_normal (OBA_CUSTOMER_PHONE, "12", NULL);
  assert_normal (OBA_CUSTOMER_PHONE, long_text, NULL);
  assert_normal (OBA_CUSTOMER_EMAIL, " ayse@example.az ", "ayse@example.az");
  assert_normal (OBA_CUSTOMER_EMAIL, "ayse", NULL);
  assert_normal (OBA_CUSTOMER_EMAIL, "a@b@c", NULL);
  assert_normal (OBA_CUSTOMER_EMAIL, "@", NULL);
  assert_normal (OBA_CUSTOMER_EMAIL, "a b@c", NULL);
  assert_normal (OBA_CUSTOMER_NOTES, "one\n\n  two  <b> ", "one\n\ntwo <b>");
  assert_normal (OBA_CUSTOMER_NOTES, long_text, NULL);
  assert_normal (OBA_CUSTOMER_NOTES, "one\x01", NULL);
}

static ObaCustomerDraft *
draft_with (const char *name, const char *city, const char *notes)
{
  ObaCustomerDraft *draft = oba_customer_draft_new ();

  oba_customer_draft_set (draft, OBA_CUSTOMER_GIVEN_NAME, name);
  oba_customer_draft_set (draft, OBA_CUSTOMER_CITY, city);
  oba_customer_draft_set (draft, OBA_CUSTOMER_NOTES, notes);
  return draft;
}

/* Two clerks at one customer: what only one of them touched stays theirs, and about what both touched somebody decides. */
static void
test_conflict (void)
{
  g_autoptr (ObaCustomerDraft) base = draft_with ("Aysel", "Bakı", "");
  g_autoptr (ObaCustomerDraft) mine = draft_with ("Aysəl", "Bakı", "mine");
  g_autoptr (ObaCustomerDraft) theirs = draft_with ("Aysel", "Gəncə", "theirs");
  g_autoptr (ObaCustomerDraft) kept = NULL;
  g_autoptr (ObaCustomerDraft) given_up = NULL;
  g_autoptr (JsonObject) changes = NULL;

  theirs->version = 7;
  g_assert_cmpuint (oba_customer_draft_collisions (mine, base, theirs), ==, 1u << OBA_CUSTOMER_NOTES);
  kept = oba_customer_draft_rebase (mine, base, theirs, 1u << OBA_CUSTOMER_NOTES);
  g_assert_cmpstr (kept->values[OBA_CUSTOMER_GIVEN_NAME], ==, "Aysəl");
  g_assert_cmpstr (kept->values[OBA_CUSTOMER_CITY], ==, "Gəncə");
  g_assert_cmpstr (kept->values[OBA_CUSTOMER_NOTES], ==, "mine");
  g_assert_cmpint (kept->version, ==, 7);
  given_up = oba_customer_draft_rebase (mine, base, theirs, 0);
  g_assert_cmpstr (given_up->values[OBA_CUSTOMER_NOTES], ==, "theirs");
  changes = oba_customer_draft_get_changes (kept, theirs);
  g_assert_cmpuint (json_object_get_size (changes), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (changes, "given_name"), ==, "Aysəl");
}

/* What is emptied is sent as empty, and lists as lists. */
static void
test_changes (void)
{
  g_autoptr (ObaCustomerDraft) base = draft_with ("Aysel", "Bakı", "");
  g_autoptr (ObaCustomerDraft) mine = oba_customer_draft_copy (base);
  g_autoptr (JsonObject) none = oba_customer_draft_get_changes (mine, base);
  g_autoptr (JsonObject) changes = NULL;

  g_assert_cmpuint (json_object_get_size (none), ==, 0);
  g_assert_true (oba_customer_draft_equal (mine, base));
  oba_customer_draft_set (base, OBA_CUSTOMER_BIRTH_DATE, "1985-03-21");
  oba_customer_draft_set (mine, OBA_CUSTOMER_CATEGORIES, "3,17");
  oba_customer_draft_set (mine, OBA_CUSTOMER_PREFERRED_STORE, "5");
  changes = oba_customer_draft_get_changes (mine, base);
  g_assert_cmpuint (json_object_get_size (changes), ==, 3);
  g_assert_true (json_object_get_null_member (changes, "birth_date"));
  g_assert_cmpint (json_array_get_int_element (json_object_get_array_member (changes, "categories"), 1), ==, 17);
  g_assert_cmpint (json_object_get_int_member (changes, "preferred_store_id"), ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/customer-draft/dates", test_dates);
  g_test_add_func ("/customer-draft/formats", test_formats);
  g_test_add_func ("/customer-draft/hostile", test_hostile);
  g_test_add_func ("/customer-draft/conflict", test_conflict);
  g_test_add_func ("/customer-draft/changes", test_changes);
  return g_test_run ();
}
