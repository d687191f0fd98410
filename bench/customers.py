"""Sources of customers, of any length: twelve columns, some 200 bytes a row, made by arithmetic alone, so that they are
the same everywhere and need no memory.

One row in 97 repeats a customer of half the file before it, one in 30 or so cannot be read, a few spell things oddly.
The headers are those of samples/customers.csv, so that tests/independent_count.py can count.
"""

from collections.abc import Iterator

HEADER = (
    "Customer ID,Full Name,E-mail,Phone Number,Company Name,Status,Sentiment,"
    "Member Since,Tags,Notes,Custom Fields,Account Owner\n"
)
NAMES = ("Jane Doe", "Agnieszka Yıldız", "Ελένη Βασιλείου", "José da Silva", "Li Wei", "Anne-Marie O'Neill")
COMPANIES = ("Acme Corp", "Müller & Söhne", "Globex", "Initech", "Umbrella", "Stark Industries", "Wayne")
STATUSES = ("active", "inactive", "Active", "active")
SENTIMENTS = ("happy", "neutral", "positive", "frustrated", "angry")
TAGS = ("vip", '"vip,newsletter"', "wholesale", '"trade fair,b2b"')
NOTES = ("Prefers e-mail", '"Asked for a quote, twice"', "Met at the trade fair in spring", "Pays late; remind in time")


def each_customer(rows: int) -> Iterator[str]:
    """Lines, the header first; lazily."""
    yield HEADER
    yield from map(customer, range(rows))


def customer(number: int) -> str:
    person = number // 2 if number % 97 == 96 else number
    email = "nobody at home" if number % 101 == 50 else f"customer.{person}@{person % 5000}.example.com"
    status = "perhaps" if number % 103 == 51 else STATUSES[number % 4]
    phone = f"+49 1512 {person % 10**7:07}" if number % 51 == 7 else f"+491512{person % 10**7:07}"
    return (
        f"C-{person:08},{NAMES[number % 6]},{email},{phone},{COMPANIES[number % 7]} {number % 1000},{status},"
        f"{SENTIMENTS[number % 5]},{_since(number)},{TAGS[number % 4]},{NOTES[number % 4]},"
        f'"{{""plan"": ""gold"", ""seats"": {number % 50}}}",sam@example.com\n'
    )


def _since(number: int) -> str:
    if number % 107 == 53:
        return "2023-02-30"
    day = f"{1 + number % 28:02}"
    return (
        f"{day}.{1 + number % 12:02}.2021" if number % 53 == 9 else f"20{10 + number % 15}-{1 + number % 12:02}-{day}"
    )


def customers_csv(rows: int) -> bytes:
    return "".join(each_customer(rows)).encode()
