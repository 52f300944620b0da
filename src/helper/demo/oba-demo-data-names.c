#include "oba-demo-data-names.h"

const char *const oba_demo_male_names[] = {
  "Əli", "Məhəmməd", "Yusif", "Hüseyn", "Murad", "Elvin", "Rəşad", "Orxan", "Elçin", "Tural", "Ramil", "Vüsal", "Elnur", "Anar",
  "Rauf", "Emin", "Kamran", "Nicat", "Fərid", "Rövşən", "Samir", "Ramin", "Ruslan", "Zaur", "İlqar", "Elşən", "Aqil", "Vüqar",
  "Eldar", "Azər", "Namiq", "Natiq", "Mübariz", "Şahin", "Tərlan", "Cavid", "Cavad", "Ömər", "Nihad", "Ayxan", "Turqut", "Toğrul",
  "Fuad", "İlkin", "Sənan", "Xəyal", "Xəyyam", "Həsən", "Həmid", "Əhməd", "İbrahim", "İsmayıl", "Mahir", "Malik", "Mehdi", "Musa",
  "Nəsimi", "Nurlan", "Pərviz", "Qabil", "Qurban", "Rafiq", "Rasim", "Rüfət", "Rüstəm", "Sabir", "Sərxan", "Seymur", "Taleh", "Teymur",
  "Tofiq", "Ülvi", "Valeh", "Vaqif", "Vidadi", "Yaşar", "Zahid", "Zakir", "Zöhrab", "Adil", "Afiq", "Alı", "Araz", "Aydın",
  "Bəhruz", "Bəxtiyar", "Ceyhun", "Cəlal", "Cəmil", "Daşqın", "Dəyanət", "Elman", "Elmir", "Etibar", "Əkbər", "Ələkbər", "Əşrəf", "Fariz",
  "Fəxri", "Fikrət", "Firudin", "Fizuli", "Habil", "Hikmət", "İlham", "İntiqam", "İsa", "Kənan", "Kərim", "Loğman", "Maarif", "Mirzə",
  "Mətin", "Mikayıl", "Müşfiq", "Nadir", "Nazim", "Novruz", "Oqtay", "Polad", "Rəhim", "Rəsul", "Səbuhi", "Səfər", "Sahib", "Salman",
  "Şamil", "Şəhriyar", "Tahir", "Tariyel", "Uğur", "Xaliq", "Zeynal", "Ziya",
};
const guint oba_demo_n_male_names = G_N_ELEMENTS (oba_demo_male_names);

const char *const oba_demo_female_names[] = {
  "Zəhra", "Nuray", "Aysel", "Günel", "Aynur", "Leyla", "Gülnar", "Sevinc", "Nərmin", "Lalə", "Aygün", "Ülviyyə", "Könül", "Pərvanə",
  "Səbinə", "Türkan", "Fidan", "Nigar", "Gülşən", "Aytən", "Xədicə", "Fatimə", "Məryəm", "Zeynəb", "Ayan", "Mədinə", "Dəniz", "Ayla",
  "Sevda", "Sevil", "Sədaqət", "Ruhiyyə", "Ramilə", "Rəna", "Ləman", "Lamiyə", "Jalə", "İradə", "İlahə", "Həcər", "Gülnarə", "Gülər",
  "Gülay", "Fəridə", "Fəxriyyə", "Fərqanə", "Esmira", "Elnarə", "Elmira", "Dilarə", "Dilbər", "Cəmilə", "Ceyran", "Bahar", "Bəyaz", "Afaq",
  "Afət", "Almaz", "Arzu", "Aidə", "Aliyə", "Aybəniz", "Aydan", "Ayşən", "Ayşə", "Bənövşə", "Çinarə", "Çiçək", "Dürdanə", "Ellada",
  "Əfsanə", "Əminə", "Flora", "Firuzə", "Gövhər", "Gözəl", "Günay", "Hökümə", "Humay", "İnci", "Kamilə", "Kəmalə", "Kifayət", "Lətafət",
  "Mahirə", "Maral", "Matanət", "Mehriban", "Mələk", "Minayə", "Mirvari", "Nailə", "Nazilə", "Nəzakət", "Nəsibə", "Nuranə", "Nuridə", "Ofelya",
  "Pəri", "Rəhilə", "Reyhan", "Roza", "Sara", "Səadət", "Səidə", "Samirə", "Sevər", "Solmaz", "Sona", "Şəbnəm", "Şəfəq", "Şəhla",
  "Şəlalə", "Tamara", "Təranə", "Tükəzban", "Ulduz", "Vəfa", "Vüsalə", "Xalidə", "Xatirə", "Xumar", "Yasəmən", "Yeganə", "Zülfiyyə",
  "Zərifə", "Ziyafət",
};
const guint oba_demo_n_female_names = G_N_ELEMENTS (oba_demo_female_names);

const char *const oba_demo_family_names[] = {
  "Məmmədov", "Əliyev", "Həsənov", "Hüseynov", "Quliyev", "Hacıyev", "Abbasov", "İsmayılov", "Rzayev", "Əhmədov", "Vəliyev", "Mustafayev",
  "Kərimov", "İbrahimov", "Cəfərov", "Babayev", "Musayev", "Nəsirov", "Səfərov", "Rəhimov", "Süleymanov", "Bayramov", "Qasımov", "Ağayev",
  "Orucov", "Mirzəyev", "Allahverdiyev", "Novruzov", "Nəbiyev", "Salmanov", "Sadıqov", "Yusifov", "Qurbanov", "Əsgərov", "Ələkbərov", "Rüstəmov",
  "Heydərov", "Tağıyev", "Məhərrəmov", "Nağıyev", "Şirinov", "Ağakişiyev", "Atakişiyev", "Zeynalov", "Fərzəliyev", "Feyzullayev", "Məlikov", "İmanov",
  "Xəlilov", "Həmidov", "Cabbarov", "Bağırov", "Şükürov", "Nuriyev", "Paşayev", "Verdiyev", "Zamanov", "Əzizov", "Ramazanov", "Adıgözəlov",
  "Qafarov", "Qəhrəmanov", "Mehdiyev", "Mikayılov", "Niftəliyev", "Piriyev", "Rəcəbov", "Sultanov", "Şabanov", "Talıbov", "Teymurov", "Ümudov",
  "Xudiyev", "Yaqubov", "Zülfüqarov", "Abdullayev", "Axundov", "Bəşirov", "Dadaşov", "Eyvazov", "Əmirov", "Əsədov", "Fətəliyev",
  "Göyüşov", "İskəndərov", "Kazımov", "Qənbərov", "Qədirov", "Lətifov", "Məcidov", "Muradov", "Nəcəfov", "Osmanov", "Pənahov", "Rəsulov",
  "Səmədov", "Şahbazov", "Tahirov", "Vahabov", "Həsənli", "Hüseynli", "Məmmədli", "Əliyarlı", "Vəlizadə", "Quluzadə", "Məmmədzadə", "Əlizadə", "Hüseynzadə",
  "Rzazadə", "Kərimli", "İsmayıllı", "Nəsibli", "Babazadə", "Ağazadə", "Cəfərli", "Əhmədli", "Mahmudlu", "Poladov", "Umudlu",
  "Bayramlı", "Həşimov", "Nurullayev", "Sərdarov", "Şıxəliyev", "Abdulov", "Cavadov", "Mövlayev", "Ələsgərov", "Mürsəlov",
};
const guint oba_demo_n_family_names = G_N_ELEMENTS (oba_demo_family_names);

const char *const oba_demo_russian_male_names[] = {
  "Александр", "Сергей", "Дмитрий", "Алексей", "Андрей", "Игорь", "Михаил", "Владимир", "Руслан", "Тимур", "Евгений", "Николай", "Олег", "Эльдар",
};
const guint oba_demo_n_russian_male_names = G_N_ELEMENTS (oba_demo_russian_male_names);

const char *const oba_demo_russian_female_names[] = {
  "Елена", "Ольга", "Наталья", "Анна", "Ирина", "Татьяна", "Светлана", "Марина", "Екатерина", "Людмила", "Лейла", "Диана", "Виктория", "Алина",
};
const guint oba_demo_n_russian_female_names = G_N_ELEMENTS (oba_demo_russian_female_names);

const char *const oba_demo_russian_family_names[] = {
  "Иванов", "Петров", "Кузнецов", "Смирнов", "Попов", "Соколов", "Новиков", "Морозов", "Волков", "Захаров", "Мамедов", "Гусейнов",
  "Алиев", "Керимов", "Павлов", "Семёнов", "Фёдоров", "Орлов", "Рагимов", "Гаджиев",
};
const guint oba_demo_n_russian_family_names = G_N_ELEMENTS (oba_demo_russian_family_names);
