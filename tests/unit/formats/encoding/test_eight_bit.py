"""Which encoding text of 8 bits has: right, or uncertain; never another than it was written in."""

from typing import Any

import pytest

from chalicelib.formats.encoding.eight_bit import likely_encodings, lines_beyond_ascii

GERMAN = "Name,Ort,Notiz\nJörg Müller,Köln,Bitte zurückrufen – 50 €\nÄnne Weiß,Würzburg,„Größe“ geändert\n"
FRENCH = "Nom,Ville,Note\nZoé Lefèvre,Besançon,À rappeler après l’été\nFrançois Benoît,Nîmes,Très intéressé\n"
SPANISH = "Nombre,Ciudad,Nota\nJosé Núñez,Córdoba,Llamar mañana\nMaría Ibáñez,Málaga,¿Cuándo llegará el envío?\n"
ITALIAN = "Nome,Città,Nota\nNicolò Forlì,Cefalù,È già cliente\nMaria Rossi,Forlì,Richiamare lunedì\n"
PORTUGUESE = "Nome,Cidade,Nota\nJoão Gonçalves,São Paulo,Ligar amanhã\nInês Conceição,Évora,Não atende\n"
DUTCH = "Naam,Plaats,Notitie\nZoë Smit,Ede,Geïnteresseerd, één keer gebeld\nJan Bos,Goes,Coördinatie € 45\n"
SWEDISH = "Namn,Ort,Not\nBjörn Åkesson,Göteborg,Ring på måndag\nÅsa Sjöberg,Malmö,Återkommer nästa vecka\n"
DANISH = "Navn,By,Note\nSøren Kjær,Århus,Ring på mandag\nMette Sørensen,Ærøskøbing,Ønsker tilbud på møbler\n"
FINNISH = "Nimi,Kaupunki,Huomio\nVäinö Mäkelä,Jyväskylä,Soita myöhemmin\nPäivi Hämäläinen,Seinäjoki,Tyytyväinen\n"
ICELANDIC = "Nafn,Borg\nGuðrún Þórðardóttir,Ísafjörður\nSigurður Pálsson,Hafnarfjörður\nJón Ægisson,Akureyri\n"
ENGLISH = "Name,Note\nAnn O’Brien,Don’t call – it’s a café\nBob,“Urgent”: owes £20\n"
POLISH = "Imię,Miasto,Uwagi\nŁukasz Wójcik,Łódź,Proszę oddzwonić\nMałgorzata Święcka,Gdańsk,Zły adres\n"
CZECH = "Jméno,Město,Poznámka\nJiří Dvořák,Plzeň,Zavolat příští týden\nVěra Nováková,České Budějovice,Již zaplatila\n"
SLOVAK = "Meno,Mesto,Poznámka\nĽubomír Šťastný,Košice,Zavolať budúci týždeň\nZuzana Kováčová,Žilina,Už zaplatila\n"
HUNGARIAN = "Név,Város,Megjegyzés\nErdős Gyöngyi,Győr,Vissza kell hívni jövő héten\nSzűcs Béla,Szőny,Későn kel\n"
CROATIAN = "Ime,Grad,Napomena\nŽeljko Jurić,Šibenik,Nazvati sljedeći tjedan\nĐurđica Čović,Čakovec,Već je platila\n"
RUSSIAN = "Имя,Город,Заметка\nИван Петров,Москва,Перезвонить на неделе\nОльга Смирнова,Казань,Уже оплатила\n"
UKRAINIAN = "Ім’я,Місто,Нотатка\nІван Їжакевич,Київ,Передзвонити\nОлена Ґалаґан,Чернівці,Вже сплатила рахунок\n"
BULGARIAN = "Име,Град,Бележка\nГеорги Щерев,София,Да се обади другата седмица\nЦвета Ангелова,Пловдив,Вече е платила\n"
GREEK = "Όνομα,Πόλη,Σημείωση\nΓιώργος Αγγελής,Αθήνα,Να τηλεφωνήσω\nΆννα Ξένου,Θεσσαλονίκη,Έχει ήδη πληρώσει\n"
TURKISH = "Ad,Şehir,Not\nŞükrü Yıldız,İzmir,Gelecek hafta geri arayın\nÇiğdem Öztürk,Muğla,Ödeme yapıldı\n"
HEBREW = "שם,עיר,הערה\nדוד כהן,ירושלים,להתקשר בשבוע הבא\nרחל לוי,חיפה,כבר שילמה\n"
ARABIC = "الاسم,المدينة,ملاحظة\nمحمد أحمد,القاهرة,الاتصال الأسبوع القادم\nفاطمة علي,دمشق,دفعت بالفعل\n"
LITHUANIAN = (
    "Vardas,Miestas,Pastaba\nŽydrūnas Šimkūnas,Panevėžys,Perskambinti kitą savaitę\nDovilė,Šiauliai,Jau sumokėjo\n"
)
LATVIAN = (
    "Vārds,Pilsēta,Piezīme\nJānis Bērziņš,Rīga,Atzvanīt nākamnedēļ\nKristīne Kalniņa,Jūrmala,Jau samaksāja rēķinu\n"
)
THAI = "ชื่อ,เมือง,หมายเหตุ\nสมชาย ใจดี,กรุงเทพ,โทรกลับสัปดาห์หน้า\nมาลี ศรีสุข,เชียงใหม่,ชำระเงินแล้ว\n"
JAPANESE = "名前,住所,メモ\n鈴木太郎,横浜市磯子区,来週折り返し電話してください\n佐藤花子,さいたま市,支払い済みです\n"
CHINESE = "姓名,城市,备注\n张伟,北京,下周回电话\n王芳,上海,已经付款，寄发票\n"
TAIWANESE = "姓名,城市,備註\n張偉,臺北,下週回電話\n王芳,高雄,已經付款，寄發票\n"
KOREAN = "이름,도시,메모\n김민수,서울,다음 주에 다시 전화\n이영희,부산,이미 결제함\n"


@pytest.mark.parametrize(
    ("text", "written_in"),
    [
        pytest.param(text, encoding, id=f"{language}-{encoding}")
        for language, text, encodings in [
            ("german", GERMAN, "cp1252 mac-roman"),
            ("german", GERMAN.replace("–", "-").replace("„", '"').replace("“", '"'), "iso8859-15"),
            ("german", GERMAN.translate({0x2013: "-", 0x20AC: "EUR", 0x201E: '"', 0x201C: '"'}), "cp850 cp437 latin-1"),
            ("french", FRENCH, "cp1252 mac-roman"),
            ("spanish", SPANISH, "cp1252 latin-1 mac-roman"),
            ("italian", ITALIAN, "cp1252 latin-1"),
            ("portuguese", PORTUGUESE, "cp1252 latin-1 mac-roman cp850"),
            ("dutch", DUTCH, "cp1252"),
            ("swedish", SWEDISH, "cp1252 latin-1 mac-roman"),
            ("danish", DANISH, "cp1252 latin-1"),
            ("finnish", FINNISH, "cp1252 latin-1"),
            ("icelandic", ICELANDIC, "cp1252"),
            ("english", ENGLISH, "cp1252"),
            ("polish", POLISH, "cp1250 iso8859-2 cp852"),
            ("czech", CZECH, "cp1250 iso8859-2 cp852"),
            ("slovak", SLOVAK, "cp1250"),
            ("hungarian", HUNGARIAN, "cp1250"),
            ("croatian", CROATIAN, "cp1250"),
            ("russian", RUSSIAN, "cp1251 koi8-r iso8859-5 mac-cyrillic cp866"),
            ("ukrainian", UKRAINIAN, "cp1251"),
            ("bulgarian", BULGARIAN, "cp1251"),
            ("greek", GREEK, "cp1253 iso8859-7"),
            ("turkish", TURKISH, "cp1254 iso8859-9"),
            ("hebrew", HEBREW, "cp1255"),
            ("arabic", ARABIC, "cp1256"),
            ("lithuanian", LITHUANIAN, "cp1257"),
            ("latvian", LATVIAN, "cp1257"),
            ("thai", THAI, "cp874 tis-620"),
            ("japanese", JAPANESE, "cp932 euc_jp"),
            ("chinese", CHINESE, "gbk gb18030"),
            ("taiwanese", TAIWANESE, "big5"),
            ("korean", KOREAN, "cp949 euc_kr"),
        ]
        for encoding in encodings.split()
    ],
)
def test_two_rows_say_how_they_are_written(text: str, written_in: str) -> None:
    likely = likely_encodings(text.encode(written_in))

    assert [text.encode(written_in).decode(name) for name in likely] == [text]


@pytest.mark.parametrize(
    "name",
    ["Jürgen", "François", "Peña", "Søren", "João", "Björn", "Håkan", "Weiß", "Café “Zoë”", "O’Brien", "Iñaki Núñez"],
)
def test_a_plain_western_name_is_enough(name: str) -> None:
    assert likely_encodings(f"name\n{name}\n".encode("cp1252")) == ("cp1252",)


@pytest.mark.parametrize("note", ["5 €", "costs €50", "10 °C", "“Call me”", "It’s – ok", "l’agence"])
def test_typography_alone_is_windows_text(note: str) -> None:
    assert likely_encodings(f"name,note\nAnn,{note}\n".encode("cp1252")) == ("cp1252",)


@pytest.mark.parametrize(
    ("text", "written_in"),
    [
        pytest.param("2,Tomljanović\n", "cp1250", id="the only letter is another one in each"),
        pytest.param("name\nEugène\n", "cp1252", id="a name that might be two"),
        pytest.param("name,city\n鈴木 花子,川崎市\n", "euc_jp", id="kanji without kana"),
        pytest.param("name\nJönköping\n", "mac-roman", id="a word of a Mac"),
        pytest.param("name\nHayrioğlu\n", "cp1254", id="one letter of Turkish"),
    ],
)
def test_what_a_few_letters_do_not_say_is_uncertain(text: str, written_in: str) -> None:
    likely = likely_encodings(text.encode(written_in))

    assert len(likely) > 1


def test_the_right_one_is_among_the_candidates() -> None:
    assert set(likely_encodings("2,Tomljanović\n".encode("cp1250"))) >= {"cp1250", "cp1252"}


def test_names_from_all_over_the_west_are_no_names_of_the_east() -> None:
    names = ["Jørgensen", "Muñoz", "Håkansson", "Lefèvre", "João", "Müller", "Nicolò", "Benoît", "Pedersen", "Zoë"]
    text = "name\n" + "\n".join(names) + "\n"

    assert likely_encodings(text.encode("cp1252")) == ("cp1252",)


def test_a_few_bytes_without_a_meaning_do_not_change_the_encoding() -> None:
    text = GERMAN.encode("cp1252") * 2 + b"\x81\x8d,x,y\n"

    assert likely_encodings(text) == ("cp1252",)


def test_only_lines_beyond_ascii_are_looked_at_and_each_once() -> None:
    content = b"a,b\r\n1,\xe4\r2,x\n1,\xe4\n3,\xf6"

    assert lines_beyond_ascii(content) == b"1,\xe4\n3,\xf6"


def test_of_a_large_source_a_bounded_part_is_looked_at() -> None:
    content = b"".join(b"%d,J\xf6rg\n" % number for number in range(100_000))

    assert len(lines_beyond_ascii(content)) <= 48 << 10
    assert len(lines_beyond_ascii(b"\xf6" * 1_000_000)) <= 48 << 10


KATAKANA = "name,kana\nAnn,ﾀﾅｶ ﾀﾛｳ\nBob,ｽｽﾞｷ ﾊﾅｺ\nEve,ﾜﾀﾅﾍﾞ\nJoe,ｺﾊﾞﾔｼ ｹﾝｼﾞ\n"


@pytest.mark.parametrize("written_in", ["cp932", "euc_jp"])
def test_katakana_of_half_width_is_japanese(written_in: str) -> None:
    assert likely_encodings(KATAKANA.encode(written_in)) == (written_in,)


@pytest.mark.parametrize(
    ("text", "written_in"),
    [
        pytest.param("name\nGrażyna Dąbrowska\nŁukasz Wiśniewski\n", "iso8859-2", id="letters within Latin words"),
        pytest.param("note\ncafé…\n", "mac-roman", id="a word of a Mac with dots behind it"),
        pytest.param("name\nИВАН ПЕТРОВ\nОЛЬГА ЯКОВЛЕВА\n", "cp1251", id="capitals of Cyrillic"),
        pytest.param("name\nиван петров\nольга\n", "koi8-r", id="small letters of KOI8"),
        pytest.param("name\n王芳\n张伟\n陈静\n李娜\n", "gbk", id="Chinese"),
        pytest.param("name\nดวงใจ\nสมชาย\nพร\n", "cp874", id="Thai"),
        pytest.param("name\nΓΙΩΡΓΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ\n", "cp1253", id="capitals of Greek"),
    ],
)
def test_what_is_no_katakana_is_not_taken_for_it(text: str, written_in: str) -> None:
    assert likely_encodings(text.encode(written_in)) not in [("cp932",), ("euc_jp",)]


@pytest.mark.parametrize(
    ("text", "written_in"),
    [
        pytest.param("name\nДимитър Ангелов\nЦветелина Йорданова\n", "cp855", id="lines within words"),
        pytest.param("name\nΓιώργος Παπαδόπουλος\nΕλένη Ξανθού\n", "cp737", id="capitals within words"),
    ],
)
def test_a_reading_of_no_words_is_never_certain(text: str, written_in: str) -> None:
    assert len(likely_encodings(text.encode(written_in))) != 1


@pytest.mark.parametrize(
    "name", ["王芳", "李娜", "张伟", "陈刚强", "黄秀英", "周海飞", "郑小红", "冯建华", "许文玉", "谢丽"]
)
def test_a_chinese_name_is_no_korean_mixed_with_chinese(name: str) -> None:
    assert likely_encodings(f"name\n{name}\n".encode("gbk")) != ("cp949",)


class CountedSample(bytes):
    """Counts the bytes that are searched for where lines begin."""

    searched = 0

    def rfind(self, sub: Any, start: Any = None, end: Any = None) -> int:
        found = super().rfind(sub, start, end)
        self.searched += (len(self) if end is None else end) - max(found, start or 0)
        return found


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_millions_of_equal_lines_are_looked_through_once(end: bytes) -> None:
    sample = CountedSample((b"\xe4" + end) * 1_000_000)

    assert lines_beyond_ascii(sample) == b"\xe4"
    assert 0 < sample.searched <= 2 * len(sample), "each line was looked for in the whole sample"
