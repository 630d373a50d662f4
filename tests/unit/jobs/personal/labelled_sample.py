"""A labelled sample: cells that hold personal data, from Faker, and as many that only look as if they did.

The words are Faker's, the detector's are the US census's: neither has seen the other's. Seeded: always the same sample.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from faker import Faker

SEED = 20261121
LOCALES = ("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL")
ENGLISH = ("en_US", "en_GB")
# {} is where the value stands. None of them says which kind it is: those words are in SAID.
SENTENCES = (
    "{}", "{}", "{}", "gate changed, see {} for the rest", "rebooked by {} on the morning shift", "remark: {}",
    "{} was noted at check-in", "Delay caused by late crew ({}).", "Per {}, bags were offloaded; Ops informed.",
    "2013-01-01 05:15 UA1545 EWR-IAH {}", "forwarded to {}, no answer yet", "Ground staff wrote: {}!",
    "ref. {}; closed",
)
SAID = ("please call {}", "Tel. {}", "phone: {}", "his mobile is {}", "fax {} (office)", "text me at {} today")


@dataclass(frozen=True)
class Cell:
    """A cell of the sample.

    Args:
        text: what is in it.
        label: what kind it holds, as a row of the table; of a lookalike: what it is.
        kind: the kind that should be found; None: nothing should be.
        start: where that begins.
        end: where it ends.
        column: the name of its column.
    """

    text: str
    label: str
    kind: str | None
    start: int = 0
    end: int = 0
    column: str = "remarks"


def sample(seed: int = SEED) -> list[Cell]:
    """Make the sample."""
    chance = random.Random(seed)
    fakers = {locale: Faker(locale) for locale in LOCALES}
    for number, faker in enumerate(fakers.values()):
        faker.seed_instance(seed + number)
    return [*_personal(chance, fakers), *_innocent(chance, fakers["en_US"])]


def _personal(chance: random.Random, fakers: dict[str, Faker]) -> list[Cell]:
    cells = []
    for number in range(140):
        faker = fakers[LOCALES[number % len(LOCALES)]]
        cells.append(_cell(chance, "email", "email", chance.choice(
            (faker.email, faker.company_email, faker.free_email, faker.ascii_safe_email))()))
        cells.append(_cell(chance, "card", "card", _grouped(chance, faker.credit_card_number())))
        iban = faker.iban()
        if chance.random() < 0.4:
            iban = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
        cells.append(_cell(chance, "account (IBAN)", "account", iban))
        phone = faker.phone_number()
        if phone.isdigit():
            column = chance.choice(("phone", "remarks"))
            sentence = "{}" if column == "phone" else chance.choice(SAID)
            cells.append(_cell(chance, "phone, digits alone", "phone", phone, sentence, column))
        else:
            cells.append(_cell(chance, "phone", "phone", phone))
        locale = LOCALES[number % len(LOCALES)]
        name, sentence = _name(chance, faker)
        label = "name (US, GB)" if locale in ENGLISH else "name (DE, FR, ES, IT, NL)"
        cells.append(_cell(chance, label, "name", name, sentence.replace("{}", chance.choice(SENTENCES), 1)
                           if sentence == "{}" else sentence))
        if locale in ENGLISH:
            name, sentence = _name(chance, faker)
            cells.append(_cell(chance, label, "name", name, sentence))
            cells.append(_cell(chance, "identifier (US social security)", "identifier", fakers["en_US"].ssn()))
    for _ in range(30):  # digits alone are rare among Faker's numbers
        phone = "".join(each for each in fakers["en_US"].basic_phone_number() if each.isdigit())
        column = chance.choice(("phone", "customer_mobile", "remarks"))
        sentence = chance.choice(SAID) if column == "remarks" else "{}"
        cells.append(_cell(chance, "phone, digits alone", "phone", phone, sentence, column))
    return cells


def _name(chance: random.Random, faker: Faker) -> tuple[str, str]:
    """Give a name, and where it stands; a title is no part of it."""
    first, last = faker.first_name(), faker.last_name()
    form = chance.random()
    if form < 0.6:
        return f"{first} {last}", "{}"
    if form < 0.7:
        return f"{first} {chance.choice('ABCDEFGHJKLMNPRSTW')}. {last}", "{}"
    if form < 0.8:
        return f"{last}, {first}", "{}"
    if form < 0.9:
        return f"{first} {last}".upper(), "{}"
    return last, chance.choice(("complaint of Mr. {}", "seat given to Mrs. {} instead", "Mr {} did not board"))


def _grouped(chance: random.Random, card: str) -> str:
    form = chance.random()
    if form < 0.5 or len(card) not in (15, 16):
        return card
    between = " " if form < 0.8 else "-"
    cuts = (4, 10) if len(card) == 15 else (4, 8, 12)
    return between.join(card[start:end] for start, end in zip((0, *cuts), (*cuts, len(card)), strict=True))


def _cell(chance: random.Random, label: str, kind: str | None, value: str, sentence: str | None = None,
          column: str = "remarks") -> Cell:
    sentence = sentence or chance.choice(SENTENCES)
    start = sentence.index("{}")
    return Cell(sentence.replace("{}", value, 1), label, kind, start, start + len(value), column)


def _innocent(chance: random.Random, faker: Faker) -> list[Cell]:
    def digits(count: int) -> str:
        return str(chance.randint(10 ** (count - 1), 10**count - 1))

    def letters(count: int) -> str:
        return "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=count))

    def clock() -> str:
        return f"{chance.randint(0, 23):02}{chance.randint(0, 59):02}"

    def no_card() -> str:
        """16 digits as a card has them, but for the check digit."""
        card = faker.credit_card_number("visa16")
        return card[:-1] + str((int(card[-1]) + chance.randint(1, 9)) % 10)

    def no_iban() -> str:
        iban = faker.iban()
        return iban[:2] + f"{(int(iban[2:4]) + chance.randint(1, 90)) % 97:02}" + iban[4:]

    airports = ("John Wayne Airport", "George Bush Intercontinental Airport", "Charlotte Douglas International Airport",
                "Will Rogers World Airport", "Louis Armstrong New Orleans Airport", "Martha's Vineyard Airport")
    lookalikes: dict[str, Callable[[], str]] = {
        "flight number": lambda: f"{letters(2)}{chance.choice(('', ' '))}{chance.randint(1, 9999)}",
        "tail number": lambda: f"N{digits(3)}{letters(2)}",
        "timestamp": lambda: faker.date_time().isoformat(sep=chance.choice("T ")) + chance.choice(("", "Z", "+01:00")),
        "Unix time": lambda: str(int(faker.unix_time()) + 1_000_000_000) + chance.choice(("", "000")),
        "ISO date": faker.date,
        "date as people write it": lambda: faker.date(chance.choice(("%d.%m.%Y", "%m/%d/%Y", "%d-%m-%Y", "%d %B %Y"))),
        "price": lambda: chance.choice("$€£") + f"{chance.uniform(1, 9_999_999):,.2f}",
        "part number": lambda: f"{digits(3)}-{digits(5)}-{digits(2)}",
        "order number of 16 digits": no_card,
        "order number of 8 to 12 digits": lambda: digits(chance.randint(8, 12)),
        "account number with a wrong check": no_iban,
        "coordinates": lambda: f"{chance.uniform(-90, 90):.6f}, {chance.uniform(-180, 180):.6f}",
        "version": lambda: ".".join(digits(chance.randint(1, 2)) for _ in range(chance.choice((3, 4)))),
        "handle": lambda: "@" + faker.user_name(),
        "hashtag": lambda: "#" + faker.word() + digits(4),
        "HHMM range": lambda: f"{clock()}-{clock()}" + chance.choice(("", f" {clock()}-{clock()}")),
        "ICAO code": lambda: letters(4) + " " + letters(4),
        "IATA route": lambda: chance.choice(("-", " ", "/")).join((letters(3), letters(3))),
        "UUID": faker.uuid4,
        "hexadecimal": lambda: faker.sha1(),
        "address of a host": lambda: faker.ipv4(),
        "repository": lambda: f"git@{faker.domain_name()}:{faker.user_name()}/{faker.word()}.git",
        "package with version": lambda: f"{faker.word()}@{digits(1)}.{digits(2)}.{digits(1)}",
        "city": faker.city,
        "street": faker.street_name,
        "firm": faker.company,
        "job": lambda: faker.job().title(),
        "airport": lambda: chance.choice(airports),
        "headline": lambda: faker.bs().title(),
        "day and month": lambda: faker.date("%A %B %d"),
        "serial number": lambda: f"{letters(2)}{digits(2)}-{digits(4)}-{digits(4)}",
        "weight and count": lambda: f"{digits(5)} kg / {chance.randint(100, 400)} pax / {digits(4)} lb",
    }
    return [_cell(chance, label, None, make()) for label, make in lookalikes.items() for _ in range(30)]
