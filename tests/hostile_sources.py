"""Sources that were made to exhaust the function that reads them inside a request: none is larger than a request takes.

`SOURCES` makes files of every format, `RECORDS` lists of records as bodies of requests hold them. All of them are made
when they are asked for.
"""

import gzip
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, timedelta

from tests.other_workbooks import ods, ods_table, ods_text, record, xls, xlsb_parts
from tests.workbooks import packed, parts

SIZE = 3_900_000
"""A little less than a request may bring along, also in a stack whose gateway takes less."""


def repeated(text: str | bytes, *, head: str | bytes = b"", tail: str | bytes = b"") -> bytes:
    """Returns as many repetitions as fit between the head and the tail."""
    unit, begin, end = (one.encode() if isinstance(one, str) else one for one in (text, head, tail))
    return begin + unit * ((SIZE - len(begin) - len(end)) // len(unit)) + end


def numbered(unit: str, *, head: str = "", tail: str = "", between: str = "") -> bytes:
    """Returns units in which `#` is a number that counts."""
    made, size, number = [], len(head) + len(tail), 0
    while size < SIZE:
        made.append(unit.replace("#", str(number)))
        size, number = size + len(made[-1]) + len(between), number + 1
    return (head + between.join(made[:-1]) + tail).encode()


def _noise(alphabet: bytes) -> bytes:
    return bytes(random.Random(7).choices(alphabet, k=SIZE))


def _wide_csv(cell: str, *, columns: int = 1_000, separator: str = ",") -> bytes:
    head = separator.join(["name", *(f"c{number}" for number in range(columns - 1))])
    return repeated(separator.join([cell] * columns) + "\n", head=head + "\n")


def _dates() -> bytes:
    headers = "name,email,birth_date,created_at,updated_at,last_contacted_at,phone,date,amount"
    days = [date(2000, 1, 1) + timedelta(days=number) for number in range(12)]
    line = ",".join(["n", "", *(day.strftime("%d/%m/%Y") for day in days[:7])])
    return repeated(line + "\n", head=headers + "\n")


def _xlsx(sheet_data: str, **replaced: str) -> bytes:
    names = {"texts": "xl/sharedStrings.xml", "styles": "xl/styles.xml", "main": "xl/workbook.xml"}
    return packed({**parts(sheet_data), **{names[key]: text.encode() for key, text in replaced.items()}}.items())


def _header(*names: str) -> str:
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in names) + "</row>"


def _sheet_of(row: str, rows: int) -> Callable[[], bytes]:
    return lambda: _xlsx(_header("name", "email", "phone") + row * rows)


def _many_sheets() -> bytes:
    entries, numbers = parts(""), range(249)
    sheets = "".join(f'<sheet name="S{number}" id="r{number}"/>' for number in numbers)
    related = "".join(f'<Relationship Id="r{number}" Type="/worksheet" Target="s{number}.xml"/>' for number in numbers)
    entries["xl/workbook.xml"] = f"<workbook><sheets>{sheets}</sheets></workbook>".encode()
    entries["xl/_rels/workbook.xml.rels"] = f"<Relationships>{related}</Relationships>".encode()
    rows = b"<worksheet><sheetData>" + b"<row><c><v></v></c></row>" * 20_000 + b"</sheetData></worksheet>"
    return packed([*entries.items(), *((f"xl/s{number}.xml", rows) for number in numbers)])


def _xlsb_rows() -> bytes:
    rows = b"".join(
        record(0, struct.pack("<I", number) + bytes(13)) + record(5, struct.pack("<IId", 0, 0, number)) * 3
        for number in range(400_000)
    )
    return packed(xlsb_parts({"S": rows}))


def _xls_of(rows: int, columns: int, value: object) -> Callable[[], bytes]:
    return lambda: xls({"S": [["name", *"bcdefghij"[: columns - 1]], *([[value] * columns] * rows)]})


def _deflated(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("rows.csv", content)
    return buffer.getvalue()


def overlapping_zip(entries: int, size: int) -> bytes:
    """Returns an archive whose entries all lie on one stream of zeros ("quoted overlap", Fifield 2019)."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed_zeros = deflater.compress(bytes(size)) + deflater.flush()
    check = zlib.crc32(bytes(size))
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 33, check, len(packed_zeros), size, 5, 0) + b"a.xml"
    body = local + packed_zeros
    table = b"".join(
        struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            *(b"PK\1\2", 20, 20, 0, 8, 0, 33, check, len(packed_zeros), size, 5, 0, 0, 0, 0, 0, 0),
        )
        + f"{number:05}".encode()
        for number in range(entries)
    )
    return body + table + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, entries, entries, len(table), len(body), 0)


def _gzip_members() -> bytes:
    member = gzip.compress(b"a\n", 1)
    return gzip.compress(b"name,email\n") + member * ((SIZE - 100) // len(member))


def _broken_gzip() -> bytes:
    content = bytearray(gzip.compress(_noise(b'abcdefgh,\n"'), 1))
    content[len(content) // 2 :] = b"\xff" * (len(content) // 2)
    return bytes(content[:SIZE])


CSV_HEAD = "name,email,phone\n"

SOURCES: dict[str, Callable[[], bytes]] = {
    # JSON and NDJSON
    "json_numbers": lambda: repeated("1,", head="[", tail="1]"),
    "json_nulls": lambda: repeated("null,", head="[", tail="1]"),
    "json_empty_objects": lambda: repeated("{},", head="[", tail='{"name":"a"}]'),
    "json_named_then_empty_objects": lambda: repeated("{},", head='[{"name":"a"},', tail="{}]"),
    "json_empty_lists": lambda: repeated("[],", head='[{"name":"a"},', tail="[]]"),
    "json_empty_texts": lambda: repeated('"",', head='[{"name":"a"},', tail='""]'),
    "json_mixed_kinds": lambda: repeated("[],{},1,null,", head="[", tail="1]"),
    "json_small_objects": lambda: numbered('{"name":"#"}', head="[", tail="]", between=","),
    "json_unknown_keys": lambda: numbered('{"k#":1}', head="[", tail="]", between=","),
    "json_known_then_unknown_keys": lambda: numbered('{"k#":1}', head='[{"name":"a"},', tail="]", between=","),
    "json_one_object_of_keys": lambda: numbered('"k#":1', head='[{"name":"a",', tail="}]", between=","),
    "json_objects_of_a_thousand_keys": lambda: repeated(
        "{" + ",".join(f'"k{number}":1' for number in range(1_000)) + "},", head='[{"name":"a"},', tail="{}]"
    ),
    "json_wide_then_sparse": lambda: repeated(
        '{"name":""},', head='[{"name":"a",' + ",".join(f'"k{number}":1' for number in range(1_000)) + "},", tail="{}]"
    ),
    "json_deep_value": lambda: b'[{"name":' + b"[" * (SIZE // 2 - 20) + b"]" * (SIZE // 2 - 20) + b"}]",
    "json_deep_objects": lambda: repeated('{"a":', head='[{"name":', tail=""),
    "json_deep_rows": lambda: repeated('{"name":' + "[" * 70 + "]" * 70 + "},", head='[{"name":"a"},', tail="{}]"),
    "json_one_text": lambda: repeated("a", head='[{"name":"', tail='"}]'),
    "json_open_text": lambda: repeated("a", head='[{"name":"'),
    "json_backslashes": lambda: repeated("\\\\", head='[{"name":"', tail='"}]'),
    "json_surrogates": lambda: repeated("\\ud83d", head='[{"name":"', tail='"}]'),
    "json_one_number": lambda: repeated("9", head='[{"name":', tail="}]"),
    "json_numbers_of_4000_digits": lambda: repeated('{"name":' + "9" * 4_000 + "},", head='[{"name":"a"},', tail="{}]"),
    "json_exponents": lambda: repeated('{"name":1e400},', head='[{"name":"a"},', tail="{}]"),
    "json_commas": lambda: repeated(",", head='[{"name":"a"}', tail="]"),
    "json_spaces": lambda: repeated(" ", head='[{"name":"a"},', tail="{}]"),
    "json_quotes": lambda: repeated('"', head="[", tail="]"),
    "json_open_brackets": lambda: repeated("["),
    "json_open_braces": lambda: repeated("{"),
    "json_wrapped_lists": lambda: numbered('"l#":[{}]', head='{"a":1,', tail="}", between=","),
    "json_wrapped_rows": lambda: repeated("{},", head='{"a":{"b":{"c":[{"name":"a"},', tail="{}]}}}"),
    "json_overwrite_without_identity": lambda: numbered('{"name":"#"}', head="[", tail="]", between=","),
    "ndjson_numbers": lambda: repeated("1\n", head='{"name":"a"}\n'),
    "ndjson_empty_objects": lambda: repeated("{}\n", head='{"name":"a"}\n'),
    "ndjson_blank_lines": lambda: repeated("\n", head='{"name":"a"}\n{"name":"b"}'),
    "ndjson_marks": lambda: repeated(b"\xef\xbb\xbf\n", head=b'{"name":"a"}\n'),
    "ndjson_rubbish": lambda: repeated("x\n", head='{"name":"a"}\n{"name":"b"}\n{"name":"c"}\n'),
    "ndjson_keys": lambda: numbered('{"k#":1}\n', head='{"name":"a"}\n'),
    "ndjson_one_line": lambda: repeated("[", head='{"name":"a"}\n{"name":'),
    # CSV
    "csv_quotes": lambda: repeated('"'),
    "csv_quotes_under_header": lambda: repeated('"', head=CSV_HEAD),
    "csv_stray_quotes": lambda: repeated('a"b,\n', head=CSV_HEAD),
    "csv_open_quotes": lambda: repeated('"a\n', head=CSV_HEAD),
    "csv_open_and_stray_quotes": lambda: repeated('"a" b,"c\n', head=CSV_HEAD),
    "csv_quoted_lines": lambda: repeated("a\n", head=CSV_HEAD + '"', tail='"\n'),
    "csv_quote_pairs": lambda: repeated('""\n', head=CSV_HEAD),
    "csv_quote_then_junk": lambda: repeated('""a"",', head=CSV_HEAD),
    "csv_commas": lambda: repeated(","),
    "csv_commas_under_header": lambda: repeated(",", head=CSV_HEAD),
    "csv_comma_lines": lambda: repeated(",\n", head=CSV_HEAD),
    "csv_newlines": lambda: repeated("\n"),
    "csv_newlines_under_header": lambda: repeated("\n", head=CSV_HEAD, tail="a,b@example.com,\n"),
    "csv_carriage_returns": lambda: repeated("\r", head=CSV_HEAD),
    "csv_mixed_ends": lambda: repeated("a\rb\n\r\n", head=CSV_HEAD),
    "csv_single_letters": lambda: repeated("a\n", head="name\n"),
    "csv_single_letters_of_other_names": lambda: repeated("a\n"),
    "csv_short_rows": lambda: repeated("a\n", head=CSV_HEAD),
    "csv_short_rows_by_chance": lambda: repeated("a\na,b\na,b,c\n", head=CSV_HEAD),
    "csv_long_rows": lambda: repeated("a,b,c,d\n", head=CSV_HEAD),
    "csv_very_long_rows": lambda: repeated("," * 5_000 + "a\n", head=CSV_HEAD),
    "csv_delimiters": lambda: repeated("a,b;c|d\te:f^g~h\n"),
    "csv_delimiter_salad": lambda: _noise(b",;|\t:^~ab\n"),
    "csv_random_marks": lambda: b"name,email\n" + _noise(b'",;\r\n\t|a'),
    "csv_random_bytes": lambda: b"name,email\n" + _noise(bytes(range(1, 256))),
    "csv_random_upper_bytes": lambda: b"name,email\n" + _noise(bytes(range(128, 256)) + b",\n"),
    "csv_undecodable": lambda: repeated(b"\xff,\xfe\n", head=b"name,email\n"),
    "csv_undecodable_utf8_far_behind": lambda: (
        repeated("a,b\n", head=CSV_HEAD)[: SIZE // 2] + repeated(b"\xc3\xff,\n")[: SIZE // 2]
    ),
    "csv_multibyte": lambda: b"name,email\n" + repeated("名前,あ\n".encode("shift_jis"))[:-20],
    "csv_multibyte_mixture": lambda: b"name,email\n" + _noise(bytes(range(0x81, 0xFF)) + b",\n@A"),
    "csv_eight_bit": lambda: b"name,email\n" + _noise("äöüßéèабвгд".encode("cp1251", "ignore") + b"\xe4\xf6\xfc,\n ab"),
    "csv_nul": lambda: repeated(b"a\0,b\n", head=b"name,email\n"),
    "csv_utf16": lambda: repeated("a,b\n".encode("utf-16-le"), head="\ufeffname,email\n".encode("utf-16-le")),
    "csv_utf16_surrogates": lambda: repeated(b"\x00\xd8", head="\ufeffname,email\n".encode("utf-16-le")),
    "csv_escapes": lambda: repeated('"a\\"b",c\n', head=CSV_HEAD),
    "csv_wide_cells": lambda: _wide_csv("x"),
    "csv_wide_empty_cells": lambda: _wide_csv("") + b"a" + b"," * 999 + b"\n",
    "csv_wide_dates": lambda: _wide_csv("01/02/2003"),
    "csv_one_header_of_many": lambda: numbered("h#,", tail="\na\n"),
    "csv_equal_headers": lambda: repeated("a,b\n", head="name," * 1_000 + "name\n"),
    "csv_dates": _dates,
    "csv_numbers": lambda: repeated("a,1.234\n", head="name,price\n"),
    "csv_formulas": lambda: repeated("=1+1,'=2,+3\n", head=CSV_HEAD),
    "csv_emails": lambda: numbered("#@example.com\n", head="email\n"),
    "csv_unusual_emails": lambda: numbered("#@bücher#.example\n", head="email\n"),
    "csv_invalid_emails": lambda: repeated("a@b@c\n", head="email\n"),
    "csv_phones": lambda: numbered("n#,+4930#\n", head="name,phone\n"),
    "csv_invalid_phones": lambda: numbered("n#,(0)#/x\n", head="name,phone\n"),
    "csv_urls": lambda: numbered("n#,http://x.example/#\n", head="name,website\n"),
    "csv_lists": lambda: numbered("n#,a;b;c;#\n", head="name,tags\n"),
    "csv_long_list": lambda: repeated("a;", head="name,tags\nn,", tail="\n"),
    "csv_one_cell": lambda: repeated("a", head="name\n"),
    "csv_title_lines": lambda: repeated("a title\n"),
    "csv_invisible": lambda: repeated("\u200b\u2060,\u00a0\n", head=CSV_HEAD),
    "csv_totals": lambda: repeated("Total,,\n", head=CSV_HEAD),
    "csv_same_row": lambda: repeated("a@example.com\n", head="email\n"),
    "csv_errors_file": lambda: repeated(
        "a,1,2,failed,x,y,z,m,h,imp_1,d\n",
        head="name,_row_number,_line,_outcome,_codes,_fields,_values,_messages,_hints,_import,_digest\n",
    ),
    # packed
    "gzip_bomb": lambda: gzip.compress(b"name\n" + b"a\n" * 100_000_000, 9),
    "gzip_newlines": lambda: gzip.compress(b"name\n" + b"\n" * 60_000_000, 9),
    "gzip_rows": lambda: gzip.compress(b"name\n" + b"a\n" * 8_000_000, 9),
    "gzip_json_numbers": lambda: gzip.compress(b'[{"name":"a"},' + b"1," * 10_000_000 + b"1]", 9),
    "gzip_of_empty_members": _gzip_members,
    "gzip_damaged": _broken_gzip,
    "gzip_spaces": lambda: gzip.compress(b" " * 60_000_000 + b"[]", 9),
    "zip_bomb": lambda: _deflated(b"name\n" + bytes(200_000_000)),
    "zip_rows": lambda: _deflated(b"name\n" + b"a\n" * 8_000_000),
    "zip_overlapping": lambda: overlapping_zip(5_000, 1_000_000),
    "zip_of_many_entries": lambda: packed((f"{number}", b"") for number in range(9_999)),
    # workbooks
    "xlsx_rows": _sheet_of("<row><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row>", 300_000),
    "xlsx_empty_rows": _sheet_of("<row/>", 1_000_000),
    "xlsx_blank_rows": _sheet_of("<row><c><v> </v></c></row>", 1_000_000),
    "xlsx_empty_cells": _sheet_of("<row>" + "<c/>" * 100 + "</row>", 100_000),
    "xlsx_far_cells": _sheet_of('<row><c r="XFC1"><v>1</v></c></row>', 2_000),
    "xlsx_styled_dates": lambda: _xlsx(
        _header("name", "email") + '<row><c s="1"><v>43000.5</v></c><c s="1"><v>1e9</v></c></row>' * 200_000,
        styles='<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    ),
    "xlsx_errors": _sheet_of('<row><c t="e"><v>#REF!</v></c><c t="e"><v>#N/A</v></c></row>', 200_000),
    "xlsx_shared_texts": lambda: _xlsx(
        _header("name") + '<row><c t="s"><v>0</v></c></row>', texts="<sst>" + "<si><t>a</t></si>" * 600_000 + "</sst>"
    ),
    "xlsx_entities": _sheet_of('<row><c t="inlineStr"><is><t>' + "&amp;" * 100 + "</t></is></c></row>", 50_000),
    "xlsx_many_sheets": _many_sheets,
    "xlsx_comments": lambda: _xlsx(_header("name") + "<!-- -->" * 5_000_000),
    "xlsx_merged": lambda: _xlsx(
        _header("name")
        + "<row><c><v>1</v></c></row></sheetData><mergeCells>"
        + '<mergeCell ref="A1:B2"/>' * 1_000_000
        + "</mergeCells><sheetData>"
    ),
    "xlsb_rows": _xlsb_rows,
    "xls_rows": _xls_of(60_000, 3, "ab"),
    "xls_numbers": _xls_of(60_000, 4, 1.5),
    "ods_rows": lambda: ods(ods_table([[ods_text("name")], *([[ods_text("a")]] * 150_000)])),
    "ods_repeated_rows": lambda: ods(
        '<table:table table:name="S"><table:table-row table:number-rows-repeated="1000000">'
        "<table:table-cell><text:p>a</text:p></table:table-cell></table:table-row></table:table>"
    ),
    "ods_repeated_cells": lambda: ods(
        '<table:table table:name="S">' + '<table:table-row table:number-rows-repeated="20">'
        '<table:table-cell table:number-columns-repeated="1000"><text:p>a</text:p></table:table-cell>'
        "</table:table-row>" * 50 + "</table:table>"
    ),
}
"""Files of every format, by what they do."""


def body_of(records: list[object], **more: object) -> bytes:
    """Returns the body of a request with records."""
    return json.dumps({"records": records, **more}, separators=(",", ":")).encode()


def _keys(number: int, prefix: str = "k") -> dict[str, object]:
    return {f"{prefix}{one}": 1 for one in range(number)}


RECORDS: dict[str, Callable[[], list[object]]] = {
    "one_record_of_300000_keys": lambda: [{"name": "a", **_keys(300_000)}],
    "records_of_6000_keys_each": lambda: [{"name": "a", **_keys(6_000, f"r{one}_")} for one in range(50)],
    "records_of_equal_keys": lambda: [{"name": "a", **_keys(6_000)} for _ in range(50)],
    "records_of_deep_values": lambda: [{"name": json.loads("[" * 60 + "]" * 60)} for _ in range(50)],
    "records_of_long_lists": lambda: [{"name": "a", "tags": ["x"] * 20_000} for _ in range(50)],
    "records_of_long_texts": lambda: [{"name": "a" * 80_000} for _ in range(50)],
    "records_of_numbers": lambda: [1] * 50,
    "record_of_a_long_text": lambda: [{"name": "a" * 4_000_000}],
    "record_of_a_long_list": lambda: [{"name": "a", "tags": [1] * 2_000_000}],
    "record_of_a_long_map": lambda: [{"name": "a", "metadata": _keys(300_000)}],
    "record_of_quotes": lambda: [{"name": '"' * 2_000_000}],
    "record_of_empty_objects": lambda: [{"name": "a", "tags": [{}] * 1_400_000}],
}
"""Lists of up to 50 records, which every dialect takes."""
