"""Where the sample's customers come from: names, companies, phone numbers and remarks, in their own scripts.

A name in another script than Latin brings its Latin spelling, for e-mail addresses: `Ελένη=eleni`. Domains end in
`.example`, numbers come from ranges kept for fiction where a country has one: no real person is in the file.
"""

import unicodedata
from dataclasses import dataclass

_NO_ACCENT = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "đ": "d", "ı": "i", "ä": "ae", "ö": "oe", "ü": "ue"}
)


@dataclass(frozen=True, slots=True)
class Named:
    """A name as it is written, and as it stands in addresses."""

    shown: str
    latin: str


def latin(text: str) -> str:
    """The name in lower-case letters and digits, without accents."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_NO_ACCENT))
    return "".join(one for one in plain if one.isascii() and one.isalnum())


def _each_named(text: str, separator: str = " ") -> tuple[Named, ...]:
    pairs = (one.strip().partition("=") for one in text.split(separator))
    return tuple(Named(shown, spelled or latin(shown)) for shown, _, spelled in pairs)


@dataclass(frozen=True, slots=True)
class Region:
    """The names, phones and notes of customers of one part of the world."""

    given: tuple[Named, ...]
    family: tuple[Named, ...]
    companies: tuple[Named, ...]
    """Written name and domain label."""
    phones: tuple[str, ...]
    """Patterns for `Dice.fill`."""
    notes: tuple[str, ...]
    is_family_first: bool = False


ENGLISH = Region(
    _each_named("Olivia Amelia Noah Oscar Grace Siobhán Zoë Liam Priya Jamal Chloë Renée Mia Ethan Aoife Theo"),
    _each_named("Smith O'Brien Walker Nguyễn Patel Brontë Murphy Taylor MacDonald Okafor Hughes Lee-Baker D'Angelo"),
    _each_named('Smith, Jones & Co; O\'Reilly & Sons; Harbour Café Ltd; "Blue Door" Interiors; Northwind Traders', ";"),
    ("+1 555-01#-####", "+1 (212) 555-01##", "(415) 555-01##", "+44 20 7946 0###", "0044 161 496 0###", "+15555550###"),
    (
        "Prefers e-mail over phone.",
        "Met at the trade fair in Leeds, asked for a quote by Friday.",
        'Said: "call me after 5 pm" 📞',
        "Renewal due.\nAsk for the new VAT number, please.",
        "Moved to 12 High Street, Flat 3, London",
        "Great feedback ⭐⭐⭐⭐⭐",
    ),
)
GERMAN = Region(
    _each_named("Jürgen Käthe Sören Anna Björn Lukas Mareike Günther Zoé Jörg Ute Ansgar Hélène"),
    _each_named("Müller Groß Schäfer Öztürk Weiß Strauß Krämer Vogel Hübner Preuß Lange Køhler"),
    _each_named(
        'Müller & Söhne GmbH=müller-söhne; "Zum Anker" GmbH; Bäckerei Weiß; Nordlicht AG; Grün, Kraus & Partner', ";"
    ),
    ("+49 30 23125 ###", "0049-221-4710 ###", "030 / 23125-###", "+49 (0)89 99998 ###", "+49 171 39200##"),
    (
        "Bitte nur schriftlich kontaktieren.",
        "Rechnung an die Zentrale,\nz. Hd. Frau Groß",
        'Nennt sich „Chef", unterschreibt mit "i. A."',
        "Kündigung zurückgezogen 🎉",
    ),
)
ROMANCE = Region(
    _each_named("José María Begoña Íñigo François Zoé Chloé Noël Inês João Açucena Nicolò Chiara Raúl Gaëlle"),
    _each_named("García Muñoz Peña Lefèvre Brûlé Gonçalves Magalhães D'Amico Núñez Hervé Çelik Ibáñez"),
    _each_named(
        "Café Olé, S.L.; Société Générique; Peña Hermanos; Pâtisserie Brûlée; L'Étoile; Conservas Açores, Lda", ";"
    ),
    ("+33 1 99 00 ## ##", "01 99 00 ## ##", "+34 91 555 ## ##", "+351 21 555 ####", "0033 6 39 98 ## ##"),
    (
        "Cliente desde la feria de Cádiz; llamar después de las 16 h",
        "À rappeler en septembre, s'il vous plaît",
        'Ha chiesto uno sconto del 5%, "come sempre"',
        "¡Muy contenta con el servicio! 😊",
    ),
)
NORDIC = Region(
    _each_named("Łukasz Małgorzata Zbigniew Agnieszka Åsa Øyvind Søren Þóra=thora Žofie Ștefan Gökçe"),
    _each_named("Wójcik Żółkiewski Kowalczyk Sjöström Ødegård Čapek Řezníček Ionuț Yıldız Ağaoğlu Szűcs Nagy"),
    _each_named("Żabka Składy Sp. z o.o.; Ødegård & Sønner; Čapek, s.r.o.; Şeker Lokantası; Smörgåsbord AB", ";"),
    ("+48 22 555 ## ##", "+47 22 55 ## ##", "0048 601 555 ###", "+46 8-555 ## ###", "+420 222 555 ###"),
    (
        "Faktura, nie paragon!",
        "Ønsker tilbud på 3 stk., levering uke 12",
        "Adres: ul. Źródlana 5, 30-001 Kraków",
        "Snakker kun norsk 🇳🇴",
    ),
)
GREEK = Region(
    _each_named("Γιώργος=giorgos Ελένη=eleni Νίκος=nikos Μαρία=maria Δημήτρης=dimitris Σοφία=sofia Κώστας=kostas"),
    _each_named("Παπαδόπουλος=papadopoulos Αγγελίδη=angelidi Οικονόμου=oikonomou Ρήγας=rigas Βασιλείου=vasileiou"),
    _each_named("Αιγαίο Α.Ε.=aigaio; Το Λιμάνι=to-limani; Ελιές & Λάδι, Ε.Π.Ε.=elies-ladi; Φως=fos", ";"),
    ("+30 21 0555 ####", "0030 231 055 ####", "+302105550###"),
    ("Να καλέσουμε μετά τις 5 μ.μ.", "Τιμολόγιο στην έδρα, όχι στο κατάστημα", "Ευχαριστημένος πελάτης 👍"),
)
CYRILLIC = Region(
    _each_named(
        "Алексей=aleksei Ольга=olga Дмитрий=dmitri Наталья=natalya Олена=olena Тарас=taras Їжак=yizhak Бојан=bojan"
    ),
    _each_named(
        "Иванов=ivanov Кузнецова=kuznetsova Соловьёв=solovyov Шевченко=shevchenko Ђорђевић=djordjevic Ющенко=yushchenko"
    ),
    _each_named("ООО «Ромашка»=romashka; ТОВ Світанок=svitanok; Пекарня №1=pekarnya1; Ђорђе и синови=djordje", ";"),
    ("+7 (495) 555-##-##", "+380 44 555 ## ##", "+381 11 555 ####", "007 812 555 ## ##"),
    ("Перезвонить после обеда, спросить Ольгу", "Договор № 17, оплата по счёту", 'Просит называть "Лёша" 🙂'),
)
JAPANESE = Region(
    _each_named("健=ken さくら=sakura 大輔=daisuke 陽菜=hina 結衣=yui 翔太=shota 美咲=misaki"),
    _each_named("佐藤=sato 鈴木=suzuki 髙橋=takahashi 田中=tanaka 渡邉=watanabe 伊藤=ito 齋藤=saito"),
    _each_named(
        "株式会社さくら=sakura; 山田商店=yamada; 北海道フーズ=hokkaido-foods; カフェ・ド・東京=cafe-tokyo", ";"
    ),
    ("+81 3-5550-####", "03-5550-####", "0081 6 5550 ####", "+81 90-5550-####"),
    ("請求書は郵送希望。", "午後に電話してください、担当は鈴木さん", "いつもありがとうございます🌸"),
    is_family_first=True,
)
ARABIC = Region(
    _each_named("محمد=mohammed فاطمة=fatima أحمد=ahmed ليلى=layla يوسف=yusuf مريم=maryam"),
    _each_named("حسن=hassan العلي=alali إبراهيم=ibrahim القاسم=alqasim منصور=mansour"),
    _each_named("شركة النور=alnoor; مقهى الشرق=alsharq; الخليج للتجارة=alkhaleej", ";"),
    ("+971 4 555 ####", "+20 2 2555 ####", "00962 6 555 ####", "+966 11 555 ####"),
    ("يفضل التواصل عبر البريد الإلكتروني", "الاتصال بعد الظهر، من فضلك", "عميل مميز 🌟"),
)

REGIONS = (
    *[ENGLISH] * 7,
    *[GERMAN] * 4,
    *[ROMANCE] * 4,
    *[NORDIC] * 3,
    GREEK,
    *[CYRILLIC] * 2,
    *[JAPANESE] * 2,
    ARABIC,
)
"""As often as their customers occur."""
