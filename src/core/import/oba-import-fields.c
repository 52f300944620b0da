#include "oba-import-fields.h"

#include <string.h>

#define DAY_MAX 0

static const ObaImportField STORES[] = {
  { "code", OBA_IMPORT_TEXT, "code", NULL, 40, OBA_IMPORT_REQUIRED, "storecode|store|storeid|id|kod|mağazakodu|filial|filialkodu|код|кодмагазина" },
  { "name", OBA_IMPORT_TEXT, "name", NULL, 200, 0, "storename|ad|adı|mağaza|название|магазин" },
  { "region", OBA_IMPORT_TEXT, "region", NULL, 100, 0, "rayon|bölgə|регион" },
  { "city", OBA_IMPORT_TEXT, "city", NULL, 100, 0, "şəhər|город" },
  { "district", OBA_IMPORT_TEXT, "district", NULL, 100, 0, "qəsəbə|район" },
  { "address", OBA_IMPORT_TEXT, "address", NULL, 500, 0, "ünvan|адрес" },
  { "latitude", OBA_IMPORT_DEGREES, "latitude", NULL, 90, 0, "lat|enlik|широта" },
  { "longitude", OBA_IMPORT_DEGREES, "longitude", NULL, 180, 0, "lon|lng|uzunluq|долгота" },
  { "opened_on", OBA_IMPORT_DAY, "opened_on", NULL, DAY_MAX, 0, "opened|openingdate|açılıştarixi|датаоткрытия" },
  { "closed_on", OBA_IMPORT_DAY, "closed_on", NULL, DAY_MAX, 0, "closed|closingdate|bağlanmatarixi|датазакрытия" },
  { NULL },
};

static const ObaImportField PRODUCTS[] = {
  { "code", OBA_IMPORT_TEXT, "code", NULL, 60, OBA_IMPORT_REQUIRED, "productcode|productid|sku|article|id|kod|məhsulkodu|artikul|код|артикул" },
  { "name", OBA_IMPORT_TEXT, "name", NULL, 300, 0, "productname|product|title|description|ad|adı|məhsul|məhsuladı|название|наименование|товар" },
  { "barcode", OBA_IMPORT_BARCODE, "barcode", NULL, 14, 0, "ean|ean13|gtin|barkod|ştrixkod|штрихкод" },
  { "brand", OBA_IMPORT_TEXT, "brand", NULL, 100, 0, "marka|brend|бренд|марка" },
  { "category", OBA_IMPORT_PATH, "category", NULL, 200, 0, "group|kateqoriya|qrup|категория|группа" },
  { "unit", OBA_IMPORT_UNIT, "unit", NULL, 20, 0, "vahid|ölçüvahidi|единица|едизм" },
  { "price", OBA_IMPORT_MONEY, "price", NULL, 100000000, 0, "qiymət|qiymet|цена" },
  { "vat", OBA_IMPORT_PERCENT, "vat_permille", NULL, 1000, 0, "vatpercent|ədv|edv|ндс" },
  { NULL },
};

static const ObaImportField CUSTOMERS[] = {
  { "id", OBA_IMPORT_TEXT, "external_id", NULL, 64, OBA_IMPORT_EITHER, "customerid|customer|externalid|householdid|müştəriid|müştərikodu|кодклиента" },
  { "phone", OBA_IMPORT_PHONE, "phone", NULL, 40, OBA_IMPORT_EITHER, "phonenumber|mobile|telefon|mobil|nömrə|телефон" },
  { "given_name", OBA_IMPORT_TEXT, "given_name", NULL, 100, 0, "givenname|firstname|name|ad|adı|имя" },
  { "family_name", OBA_IMPORT_TEXT, "family_name", NULL, 100, 0, "familyname|lastname|surname|soyad|soyadı|фамилия" },
  { "patronymic", OBA_IMPORT_TEXT, "patronymic", NULL, 100, 0, "middlename|ataadı|отчество" },
  { "birth_date", OBA_IMPORT_DAY, "birth_date", NULL, DAY_MAX, 0, "birthday|dateofbirth|doğumtarixi|датарождения" },
  { "language", OBA_IMPORT_LANGUAGE, "language", NULL, 20, 0, "lang|dil|язык" },
  { "city", OBA_IMPORT_TEXT, "city", NULL, 100, 0, "şəhər|город" },
  { "email", OBA_IMPORT_EMAIL, "email", NULL, 254, 0, "mail|epoçt|почта" },
  { "preferred_store", OBA_IMPORT_TEXT, "preferred_store", NULL, 40, 0, "store|storecode|mağaza|магазин" },
  { "notes", OBA_IMPORT_TEXT, "notes", NULL, 4000, OBA_IMPORT_LINES, "note|comment|qeyd|примечание" },
  { "registered_at", OBA_IMPORT_TIME, "registered_at", NULL, 0, 0, "registered|registrationdate|qeydiyyattarixi|датарегистрации" },
  { NULL },
};

static const ObaImportField SALES[] = {
  { "store", OBA_IMPORT_TEXT, "store", NULL, 40, OBA_IMPORT_REQUIRED | OBA_IMPORT_KEY, "storecode|storeid|mağaza|filial|магазин" },
  { "till", OBA_IMPORT_INTEGER, "till", NULL, 9999, OBA_IMPORT_KEY, "tillno|pos|register|kassa|касса" },
  { "receipt", OBA_IMPORT_TEXT, "receipt_no", NULL, 55, OBA_IMPORT_REQUIRED | OBA_IMPORT_KEY, "receiptno|receiptnumber|receiptid|basketid|çek|çeknömrəsi|qəbz|чек|номерчека" },
  { "time", OBA_IMPORT_TIME, "sold_at", NULL, 0, OBA_IMPORT_REQUIRED, "soldat|timestamp|transactiontimestamp|datetime|date|tarix|vaxt|дата|времяпродажи" },
  { "customer", OBA_IMPORT_TEXT, "customer", "i:", 64, 0, "customerid|householdid|müştəri|müştəriid|клиент" },
  { "phone", OBA_IMPORT_PHONE, "customer", "p:", 40, 0, "phonenumber|telefon|телефон" },
  { "card", OBA_IMPORT_TEXT, "customer", "c:", 40, 0, "cardnumber|cardno|kart|kartnömrəsi|карта" },
  { "product", OBA_IMPORT_TEXT, "product", "c:", 60, OBA_IMPORT_EITHER, "productcode|productid|sku|article|məhsul|məhsulkodu|artikul|товар|артикул" },
  { "barcode", OBA_IMPORT_BARCODE, "product", "b:", 14, OBA_IMPORT_EITHER, "ean|ean13|gtin|barkod|штрихкод" },
  { "quantity", OBA_IMPORT_QUANTITY, "quantity", NULL, 0, OBA_IMPORT_REQUIRED, "qty|miqdar|say|количество|колво" },
  { "amount", OBA_IMPORT_MONEY, "total", NULL, 100000000, OBA_IMPORT_REQUIRED, "total|sum|salesvalue|linetotal|məbləğ|cəm|сумма" },
  { "discount", OBA_IMPORT_MONEY, "discount", NULL, 100000000, 0, "endirim|скидка" },
  { "vat", OBA_IMPORT_MONEY, "vat", NULL, 100000000, 0, "vatamount|ədv|ндс" },
  { "cashier", OBA_IMPORT_TEXT, "cashier", NULL, 100, 0, "kassir|кассир" },
  { NULL },
};

const ObaImportField *
oba_import_kind_fields (ObaImportKind kind)
{
  static const ObaImportField *all[] = { STORES, PRODUCTS, CUSTOMERS, SALES };

  return all[kind];
}

gboolean
oba_import_kind_parse (const char *text, ObaImportKind *kind)
{
  static const char *names[] = { "stores", "products", "customers", "sales" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (text, names[i]))
      {
        *kind = (ObaImportKind) i;
        return TRUE;
      }
  return FALSE;
}
