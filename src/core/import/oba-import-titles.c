#include "oba-import-fields.h"

#include <glib/gi18n-lib.h>

static const char *const TITLES[][2] = {
  { "code", N_("Code") },
  { "name", N_("Name") },
  { "region", N_("Region") },
  { "city", N_("City") },
  { "district", N_("District") },
  { "address", N_("Address") },
  { "latitude", N_("Latitude") },
  { "longitude", N_("Longitude") },
  { "opened_on", N_("Opened on") },
  { "closed_on", N_("Closed on") },
  { "barcode", N_("Barcode") },
  { "brand", N_("Brand") },
  { "category", N_("Category") },
  { "unit", N_("Unit") },
  { "price", N_("Price") },
  { "vat", N_("VAT") },
  { "id", N_("Id in the other system") },
  { "phone", N_("Phone") },
  { "given_name", N_("Given name") },
  { "family_name", N_("Family name") },
  { "patronymic", N_("Patronymic") },
  { "birth_date", N_("Birth date") },
  { "language", N_("Language") },
  { "email", N_("E-mail") },
  { "preferred_store", N_("Code of the preferred store") },
  { "notes", N_("Notes") },
  { "registered_at", N_("Registered") },
  { "store", N_("Code of the store") },
  { "till", N_("Till") },
  { "receipt", N_("Receipt’s number") },
  { "time", N_("Time") },
  { "customer", N_("Customer’s id in the other system") },
  { "card", N_("Card") },
  { "product", N_("Code of the product") },
  { "quantity", N_("Quantity") },
  { "amount", N_("Amount") },
  { "discount", N_("Discount") },
  { "cashier", N_("Cashier") },
};

const char *
oba_import_field_title (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (TITLES); i++)
    if (g_str_equal (TITLES[i][0], name))
      return _(TITLES[i][1]);
  return name;
}

const char *
oba_import_field_word (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (TITLES); i++)
    if (g_str_equal (TITLES[i][0], name))
      {
        const char *translated = _(TITLES[i][1]);

        return translated != TITLES[i][1] ? translated : name;
      }
  return name;
}
