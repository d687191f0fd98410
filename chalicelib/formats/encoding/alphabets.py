"""The letters beyond ASCII that languages write with, as far as an encoding can be told by them.

A list of customers is written in one language or a few. A reading of its bytes whose letters belong to no one alphabet,
such as `Dvoøák` where `Dvořák` is meant, is less plausible than one whose letters do.
"""

_ALPHABETS = {
    "German": "äöüß",
    "French": "àâçèéêëîïôœùûüÿ",
    "Spanish": "áéíóúüñ",
    "Catalan": "àçèéíïòóúü",
    "Italian": "àèéìîòù",
    "Portuguese": "áâãàçéêíóôõúü",
    "Dutch": "çéèëïöü",
    "Swedish, Finnish": "åäöéü",
    "Danish, Norwegian": "æøåéòôö",
    "Icelandic": "áðéíóúýþæö",
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíľňóôšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîșțşţ",
    "Croatian, Slovene": "čćđšž",
    "Estonian": "äõöüšž",
    "Latvian": "āčēģīķļņšūž",
    "Lithuanian": "ąčęėįšųūž",
    "Turkish": "çğıöşüâî\u0307",
    "Russian": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "Ukrainian": "абвгґдежзийклмнопрстуфхцчшщьюяєії",
    "Belarusian": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "Bulgarian": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "Serbian": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "Macedonian": "абвгѓдежзѕијклљмнњопрстќуфхцчџш",
    "Greek": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",
}
"""In lower case. The mark above a dotted capital I stays by itself when that is lowered."""

ALPHABETS = {language: frozenset(letters) for language, letters in _ALPHABETS.items()}
LETTERS = frozenset().union(*ALPHABETS.values())
