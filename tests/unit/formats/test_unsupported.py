"""Well-known things are refused by name, with what to do; tables that begin alike are read."""

import pytest

from tests.reading import given, opened, refusal_of

SYLK = 'ID;PWXL;N;E\nP;PGeneral\nB;Y2;X2\nC;Y1;X1;K"name"\nC;X2;K"city"\nC;Y2;X1;K"Ada"\nE\n'
MHT = (
    "From: <Saved by Blink>\nSnapshot-Content-Location: https://x.org\nSubject: Contacts\nMIME-Version: 1.0\n"
    'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="--x"\n\n----x\n<table><tr><td>a,b</td></tr>\n'
)
MAIL = "Received: by x.org; Mon, 1 Jan 2024\nFrom: a@x.org\nTo: b@x.org\nSubject: Hello, you\n\na,b\n1,2\n"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        pytest.param(b"%PDF-1.7\n...", "a PDF document", id="pdf"),
        pytest.param(b"%!PS-Adobe-3.0\n", "a PostScript document", id="postscript"),
        pytest.param(b"{\\rtf1\\ansi a,b}", "a rich text document", id="rtf"),
        pytest.param(b"PAR1\x15\x04", "a Parquet file", id="parquet"),
        pytest.param(b"Obj\x01\x04\x14avro.codec", "an Avro file", id="avro"),
        pytest.param(b"ORC\x08\x03", "an ORC file", id="orc"),
        pytest.param(b"ARROW1\0\0", "an Arrow file", id="arrow"),
        pytest.param(b"SQLite format 3\0", "an SQLite database", id="sqlite"),
        pytest.param(b"\0\x01\0\0Standard ACE DB\0", "an Access database", id="access"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "a PNG image", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0", "a JPEG image", id="jpeg"),
        pytest.param(b"GIF89a", "a GIF image", id="gif"),
        pytest.param(b"BM\x46\x01\0\0\0\0\0\0", "a bitmap image", id="bmp"),
        pytest.param(b"II*\0\x08", "a TIFF image", id="tiff"),
        pytest.param(b"RIFF\x24\0\0\0WEBPVP8 ", "a WebP image", id="webp"),
        pytest.param(b"\0\0\0\x18ftypheic", "a HEIF image", id="heic"),
        pytest.param(b"7z\xbc\xaf\x27\x1c\0\x04", "a 7-Zip archive", id="7z"),
        pytest.param(b"Rar!\x1a\x07\x01\0", "a RAR archive", id="rar"),
        pytest.param(b"BZh91AY&SY", "a bzip2 file", id="bzip2"),
        pytest.param(b"\xfd7zXZ\0", "an xz file", id="xz"),
        pytest.param(b"\x28\xb5\x2f\xfd\x04", "a Zstandard file", id="zstd"),
        pytest.param(b"a.csv".ljust(257, b"\0") + b"ustar\x0000", "a tar archive", id="tar"),
        pytest.param(b"<!DOCTYPE html>\n<html><table>", "an HTML page", id="html"),
        pytest.param(b"<table><tr><td>a,b</td></tr></table>", "an HTML page", id="table"),
        pytest.param(b"\n\n <TABLE border=0>\n<TR><TD>a</TD></TR>", "an HTML page", id="table_upper"),
        pytest.param(b"<div class='x'><p>a,b</p>\n</div>", "an HTML page", id="div"),
        pytest.param(b"<!-- saved --><style>td{}</style><table>", "an HTML page", id="comment"),
        pytest.param(b"<meta charset='utf-8'><table><tr><td>1</td></tr></table>", "an HTML page", id="meta"),
        pytest.param("<table><tr><td>ä</td></tr></table>".encode("utf-16"), "an HTML page", id="html_utf16"),
        pytest.param("<table><tr><td>Иван</td></tr></table>".encode("cp1251"), "an HTML page", id="html_cp1251"),
        pytest.param(b'<?xml version="1.0"?><a/>', "XML", id="xml"),
        pytest.param(b"<contacts><contact><name>A</name></contact></contacts>", "XML", id="xml_bare"),
        pytest.param(
            b'<?xml version="1.0"?>\r\n<?mso-application progid="Excel.Sheet"?>\r\n<Workbook>',
            "an XML spreadsheet",
            id="xml_spreadsheet",
        ),
        pytest.param(MHT.encode(), "a web archive (MHT)", id="mht"),
        pytest.param(MHT.replace("\n", "\r\n").encode(), "a web archive (MHT)", id="mht_crlf"),
        pytest.param(MAIL.encode(), "an e-mail", id="eml"),
        pytest.param(b"From a@x.org Mon Jan  1 10:00:00 2024\n" + MAIL.encode(), "a mailbox (mbox)", id="mbox"),
        pytest.param(SYLK.encode(), "a SYLK file", id="sylk"),
        pytest.param(SYLK.replace("\n", "\r\n").encode(), "a SYLK file", id="sylk_crlf"),
        pytest.param(b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,2\r\n""\r\n', "a DIF file", id="dif"),
        pytest.param(b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:A;B\r\nEND:VCARD\r\n", "a vCard", id="vcard"),
        pytest.param("begin:vcard\nfn:Jörg Müller\nend:vcard\n".encode("cp1252"), "a vCard", id="vcard_cp1252"),
        pytest.param(b"BEGIN:VCALENDAR\nVERSION:2.0\n", "an iCalendar file", id="ical"),
        pytest.param(b"version: 1\ndn: cn=Ada,dc=x\ncn: Ada\n", "an LDIF file", id="ldif"),
        pytest.param(b"-- MySQL dump\n\nDROP TABLE IF EXISTS `a`;\nCREATE TABLE `a` (\n", "an SQL dump", id="mysql"),
        pytest.param(b"INSERT INTO contacts (a, b) VALUES (1, 2);\n", "an SQL dump", id="inserts"),
        pytest.param(b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n", "an SQL dump", id="sqlite_dump"),
        pytest.param(
            b"--\n-- PostgreSQL database dump\n--\nSET statement_timeout = 0;\n", "an SQL dump", id="postgres"
        ),
        pytest.param(b"-----BEGIN PGP MESSAGE-----\n\nhQ", "a signed or encrypted message", id="pgp"),
        pytest.param(bytes(range(256)) * 8, "binary data", id="binary"),
    ],
)
def test_other_formats_are_refused_by_name(content: bytes, what: str) -> None:
    refusal = refusal_of(content)

    assert refusal.code == "unreadable_format"
    assert refusal.message.startswith(f"The source is {what}. ")
    assert refusal.message.count(".") >= 2


@pytest.mark.parametrize(
    "header",
    [
        "ID;Phone",
        "ID;P",
        "ID;PWXL",
        "BEGIN,END",
        "BEGIN",
        "BEGIN:VCARD,note",
        "ORCID,name",
        "ORC,name",
        "PAR1,PAR2",
        "BZh,name",
        "BM,name",
        "GIF8,name",
        "Rar!,name",
        "II*,name",
        "TABLE,row",
        "From: ,To: ",
        "Subject: x,Date: y",
        "INSERT,DELETE",
        "Create table date,name",
        "SET,name",
        "Set no.;name",
        "dn,cn",
        "html,price",
        "<b>name</b>,<i>city</i>",
        "<div>,name",
        "<name>,<city>",
        "<5,>5",
        "--,name",
        "%PDF,name",
        "version: 1,x",
        "-----BEGIN,x",
        "From a to b,2024",
    ],
)
def test_a_table_whose_first_cell_looks_like_one_is_read(header: str) -> None:
    delimiter = ";" if ";" in header else ","
    row = delimiter.join(["C", "Kate"][: header.count(delimiter) + 1])
    table = opened(f"{header}\n{row}\nP{row[1:]}\n", format="csv")

    assert table.headers == tuple(one.strip() for one in header.split(delimiter))
    assert given(table.rows)[0] == row.split(delimiter)


def test_the_hint_depends_on_the_kind() -> None:
    assert "Unpack it, and send the file that is in it." in refusal_of(b"Rar!\x1a\x07\0").message
    assert "save it as XLSX or as CSV in UTF-8" in refusal_of(SYLK.encode()).message
    assert "Export what you want to import as CSV or XLSX" in refusal_of(b"BEGIN:VCARD\nN:A\n").message
