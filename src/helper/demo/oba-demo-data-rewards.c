#include "oba-demo-data-rewards.h"

const ObaDemoReward oba_demo_rewards[] = {
  { "TORBA", "gift", "Parça torba", "Тканевая сумка", "Cloth bag", "Çoxdəfəlik alış-veriş torbası.", "Многоразовая сумка для покупок.",
    "A shopping bag that lasts.", 60, 250, 40000, FALSE, 0, 0 },
  { "COREK", "gift", "Təndir çörəyi hədiyyə", "Тандырный хлеб в подарок", "A tandir bread", "Kassada bir təndir çörəyi.",
    "Один тандырный хлеб на кассе.", "One tandir bread at the till.", 80, 110, -1, FALSE, 0, 0 },
  { "QEHVE", "gift", "Bir fincan qəhvə", "Чашка кофе", "A cup of coffee", "Mağazadakı qəhvə küncündə.", "В кофейном уголке магазина.",
    "At the coffee corner of the store.", 120, 250, -1, FALSE, 0, 0 },
  { "VAUCER-2", "voucher", "2 manatlıq vauçer", "Ваучер на 2 маната", "2 manat voucher", "Növbəti alış-verişdə.",
    "На следующую покупку.", "For the next purchase.", 150, 200, -1, FALSE, 0, 0 },
  { "VAUCER-5", "voucher", "5 manatlıq vauçer", "Ваучер на 5 манатов", "5 manat voucher", "Növbəti alış-verişdə.",
    "На следующую покупку.", "For the next purchase.", 350, 500, -1, FALSE, 0, 0 },
  { "CAY-DESTI", "gift", "Çay dəsti", "Чайный набор", "Tea set", "Altı armudu stəkan və nəlbəki.", "Шесть стаканов армуду с блюдцами.",
    "Six armudu glasses and saucers.", 500, 1290, 6000, FALSE, 0, 0 },
  { "MEYVE-10", "discount", "Meyvə-tərəvəzə 10% endirim", "Скидка 10% на овощи и фрукты", "10% off fruit and vegetables",
    "Bir alış-verişdə.", "На одну покупку.", "On one purchase.", 200, 300, -1, FALSE, 0, 0 },
  { "CATDIRILMA", "service", "Pulsuz çatdırılma", "Бесплатная доставка", "Free delivery", "Evə bir çatdırılma.",
    "Одна доставка на дом.", "One delivery to your home.", 250, 400, -1, FALSE, 0, 0 },
  { "VAUCER-10", "voucher", "10 manatlıq vauçer", "Ваучер на 10 манатов", "10 manat voucher", "Növbəti alış-verişdə.",
    "На следующую покупку.", "For the next purchase.", 680, 1000, -1, FALSE, 0, 0 },
  { "NOVRUZ-XONCA", "gift", "Novruz xonçası", "Новрузская хонча", "Novruz tray", "Şəkərbura, paxlava, qoz-fındıq.",
    "Шекербура, пахлава, орехи.", "Shekerbura, pakhlava and nuts.", 900, 2490, 3000, FALSE, 0, 0 },
  { "AD-GUNU", "gift", "Ad günü tortu", "Торт ко дню рождения", "Birthday cake", "Ad gününüzdə bir tort.", "Торт в день рождения.",
    "A cake on your birthday.", 450, 1390, -1, FALSE, 0, 1, .voucher_days = 14 },
  { "TAVA", "gift", "Tava 24 sm", "Сковорода 24 см", "Frying pan 24 cm", "Yapışmayan örtüklü.", "С антипригарным покрытием.",
    "With a non-stick coating.", 1200, 2190, 1500, TRUE, 0, 0 },
  { "VAUCER-25", "voucher", "25 manatlıq vauçer", "Ваучер на 25 манатов", "25 manat voucher", "Qızıl və platin müştərilər üçün.",
    "Для клиентов уровней «Золото» и «Платина».", "For gold and platinum customers.", 1600, 2500, -1, TRUE, 3, 0, .per_month = 1, .voucher_days = 60 },
  { "KINO-2", "gift", "İki kino bileti", "Два билета в кино", "Two cinema tickets", "Şəhərinizin kinoteatrında.",
    "В кинотеатре вашего города.", "At a cinema in your town.", 800, 1600, 2000, TRUE, 2, 0, .weekdays = "{5,6,7}", .from_minute = 600, .to_minute = 1320 },
  { "FINCAN", "gift", "OBA fincanı", "Кружка OBA", "OBA mug", "Ağ <b>farfor</b> fincan, 300 ml. Mağazada götürülür.",
    "Белая <b>фарфоровая</b> кружка, 300 мл. Выдаётся в магазине.", "A white <b>porcelain</b> mug, 300 ml. Fetched in the store.", 220, 590, -1, FALSE, 0, 0,
    .per_month = 2, .voucher_days = 10, .by_store = TRUE },
  { "YAY-SERIN", "discount", "Sərinləşdirici içkilərə 15% endirim", "", "", "Yay üçün hazırlanır: <i>bir alış-verişdə</i>.", "", "", 180, 250, -1, FALSE, 0, 0, .draft = TRUE },
};

const guint oba_demo_n_rewards = G_N_ELEMENTS (oba_demo_rewards);
const guint oba_demo_n_old_rewards = G_N_ELEMENTS (oba_demo_rewards) - 2;
