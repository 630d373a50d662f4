"""A project's gates: what gates.toml demands, in what order, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from mlstead.catalog.table_definitions import read_tables
from mlstead.errors import MlsteadError
from mlstead.ingestion.gate_definitions import GateDefinitions, read_gates

TABLES = """
[raw.flights]
comment = "A flight"
path = "flights"
[raw.flights.columns]
month = "bigint"
carrier = "string"
flight = "bigint"
origin = "string"
delay = "double"
left = "timestamp"
day = "date"
tailnum = { type = "string", sensitivity = "pii" }
pilot = { type = "string", sensitivity = "pii" }

[raw.weather]
comment = "Weather"
path = "weather"
[raw.weather.columns]
month = "bigint"
origin = "string"
left = "date"
station = "string"

[raw.airports]
comment = "An airport"
path = "airports"
columns = { origin = "string" }

[curated.flights]
comment = "A flight"
path = "flights"
[curated.flights.columns]
carrier = "string"
tailnum = { type = "string", sensitivity = "pii" }

[features.flights]
comment = "What is learnt from"
path = "flights"
columns = { tailnum = "string" }
"""
GATES = """
[flights]
batch = "month"
key = ["left", "carrier", "flight"]
rows = { at_least = 10, at_most = 50 }
fresh = { column = "left", within_days = 45 }
[flights.columns]
carrier = { required = true, matches = "[A-Z0-9]{2}", length = [2, 2] }
origin = { one_of = ["EWR", "JFK"] }
flight = { one_of = [1, 2] }
delay = { between = [-60, 1e3], missing_at_most = 0.1, mean_between = [0, 30] }
left = { between = [2013-01-01T00:00:00Z, 2013-12-31T23:59:59Z] }
day = { between = [2013-01-01, 2013-12-31] }
tailnum = { personal = "tokenise", kind = "identifier" }
pilot = { personal = "mask" }
[flights.relations.weather]
columns = ["origin"]
at_least = 0.95
[weather]
batch = "month"
[features]
admitted = { tailnum = "The aircraft, not its owner." }
"""


@pytest.fixture
def read(tmp_path):
    def read(gates: str, tables: str = TABLES) -> GateDefinitions:
        (tmp_path / "tables.toml").write_text(tables)
        (tmp_path / "gates.toml").write_text(gates)
        return read_gates(tmp_path / "gates.toml", read_tables(tmp_path / "tables.toml"))

    return read


def wrong(change: str) -> str:
    before, _, after = change.partition(" → ")
    assert before in GATES
    return GATES.replace(before, after)


def test_what_is_written_is_read(read):
    defined = read(GATES)
    flights = defined.gates["flights"]
    assert flights.rules.batch.column == "month" and flights.rules.batch.label == "month"
    assert flights.rules.columns["delay"].between == (-60, 1000.0)
    assert flights.rules.columns["day"].between == (date(2013, 1, 1), date(2013, 12, 31))
    assert flights.rules.columns["tailnum"].personal.action == "tokenise"
    assert flights.rules.relations["weather"].at_least == 0.95
    assert list(flights.columns) == [
        "month", "carrier", "flight", "origin", "delay", "left", "day", "tailnum", "pilot",
    ]
    assert defined.admitted == {"tailnum": "The aircraft, not its owner."}


def test_every_table_of_raw_has_a_gate_even_where_nothing_is_demanded_of_it(read):
    assert read(GATES).gates["airports"].rules.batch is None


def test_a_table_comes_after_those_that_it_relates_to(read):
    order = list(read(GATES).gates)
    assert order.index("weather") < order.index("flights")


def test_rules_of_another_table_do_not_change_a_tables_digest(read):
    before, after = read(GATES), read(GATES.replace("[weather]", "[weather]\nkey = [\"origin\"]"))
    assert before.gates["flights"].sha256 == after.gates["flights"].sha256
    assert before.gates["weather"].sha256 != after.gates["weather"].sha256


@pytest.mark.parametrize(("file", "before", "after"), [
    ("gates", "0.95", "0.9"), ("gates", '"mask"', '"refuse"'), ("gates", "1e3", "1e4"), ("gates", "12-31T", "12-30T"),
    ("tables", 'delay = "double"', 'delay = "float"'),
])
def test_another_rule_or_type_changes_its_tables_digest(read, file, before, after):
    texts = {"gates": GATES, "tables": TABLES}
    changed = {**texts, file: texts[file].replace(before, after)}
    assert read(**texts).gates["flights"].sha256 != read(**changed).gates["flights"].sha256


def test_a_comment_changes_no_digest(read):
    assert read(GATES).gates["flights"].sha256 == read(f"# reviewed\n{GATES}").gates["flights"].sha256


def test_the_rules_that_a_release_can_waive_are_named(read):
    assert read(GATES).gates["flights"].rule_ids() == [
        "shrunk", "key", "rows", "fresh:left", "relation:weather", "required:carrier", "matches:carrier",
        "length:carrier", "one_of:origin", "one_of:flight", "between:delay", "missing_at_most:delay",
        "mean_between:delay", "between:left", "between:day",
    ]


def test_a_column_that_is_a_folder_in_tables_toml_is_one_of_the_files(read):
    projection = '{ type = "integer", range = "1,12", digits = 2 }'
    folder = f'[raw.flights.partitions]\nmonth = {{ type = "int", projection = {projection} }}\n'
    tables = TABLES.replace('month = "bigint"\ncarrier', "carrier").replace("[raw.weather]", f"{folder}[raw.weather]")
    assert read(GATES, tables).gates["flights"].columns["month"] == "int"


@pytest.mark.parametrize(("text", "said"), [
    (wrong("[weather] → [wether]"), r"\[wether\] is no table of raw\. Did you mean weather"),
    (wrong("[features] → [feature]"), r"\[feature\] is no table of raw\. Did you mean features"),
    (wrong("key = → keys ="), r"\[flights\] has no key keys\. Did you mean key"),
    (wrong("at_most = 50 → at_mots = 50"), r"\[flights.rows\] has no key at_mots\. Did you mean at_most"),
    (wrong("within_days = 45 → days = 45"), r"\[flights.fresh\] (has no key days|does not say its within_days)"),
    (wrong("within_days = 45 → within_days = 0"), r"\[flights.fresh\] within_days is 0"),
    (wrong("at_most = 50 → at_most = 5"), r"\[flights.rows\]: at_most is 5, below at_least"),
    (wrong("matches → mathces"), r"\[flights.columns.carrier\] has no key mathces\. Did you mean matches"),
    (wrong('"[A-Z0-9]{2}" → "[A-Z"'), r"matches is '\[A-Z', but it is no regular expression"),
    (wrong("carrier = { → carier = {"), "columns names carier, which is no column of.*Did you mean carrier"),
    (wrong('"left", "carrier" → "left", "carier"'), r"key names carier.*Did you mean carrier"),
    (wrong('key = ["left" → key = ["delay"'), r"key names delay, which is a double"),
    (wrong('batch = "month" → batch = "moth"'), r"batch names moth.*Did you mean month"),
    (wrong('batch = "month" → batch = "left"'), r"batch names left, which is a timestamp"),
    (wrong('batch = "month"\nkey → batch = { column = "month", every = "day" }\nkey'), r"batch names month.*a bigint"),
    (wrong('batch = "month"\nkey → batch = { column = "day", every = "week" }\nkey'), "every is 'week'"),
    (wrong('batch = "month"\nkey → batch = { column = "day", every = "day" }\nkey'), "weather, whose batches are not"),
    (wrong('fresh = { column = "left" → fresh = { column = "delay"'), r"fresh names delay, which is a double"),
    (wrong("[2, 2] → [2]"), r"length is \[2\], but it should be"),
    (wrong("[2, 2] → [3, 2]"), r"length is \[3, 2\], but the least comes first"),
    (wrong("[2, 2] → [2.0, 2.5]"), r"length is .*counts of characters"),
    (wrong('one_of = ["EWR", "JFK"] → one_of = []'), r"one_of is \[\]"),
    (wrong('one_of = ["EWR", "JFK"] → one_of = ["EWR", 1]'), r"one_of is \['EWR', 1\]"),
    (wrong('one_of = ["EWR", "JFK"] → one_of = [1, 2]'), r"one_of is \[1, 2\], but origin is a string"),
    (wrong('flight = { → flight = { matches = "x",'), r"matches is 'x', but flight is a bigint"),
    (wrong("flight = { → flight = { length = [1, 2],"), r"length is \[1, 2\], but flight is a bigint"),
    (wrong("between = [-60, 1e3] → between = [2013-01-01, 2014-01-01]"), r"between is .* delay is a double"),
    (wrong("between = [2013-01-01, 2013-12-31] → between = [1, 2]"), r"between is \[1, 2\], but day is a date"),
    (wrong("between = [-60, 1e3] → between = [1, 2013-01-01]"), "two numbers, or two dates"),
    (wrong("31T23:59:59Z → 31T23:59:59"), "both with a time zone or none"),
    (wrong("origin = { one → origin = { mean_between = [1, 2], one"), "mean_between is .*origin is a string"),
    (wrong("missing_at_most = 0.1 → missing_at_most = 10"), "missing_at_most is 10, but it should be less"),
    (wrong("missing_at_most = 0.1 → missing_at_most = 0.1, required = true"), "so missing_at_most says nothing"),
    (wrong('"mask" → "hash"'), r"\[flights.columns.pilot\] personal is 'hash', but it should be \"mask\""),
    (wrong('"mask" → { keep = "" }'), r"\[flights.columns.pilot.personal\]: it should be"),
    (wrong("flight = { → flight = { personal = \"tokenise\","), "would tokenise flight, a bigint"),
    (wrong("flight = { → flight = { personal = \"mask\","), "would mask flight, a bigint"),
    (wrong('"mask" → { keep = "Needed." }'), r"keeps pilot as it is, but \[curated.flights\] .* does not tag it pii"),
    (wrong('kind = "identifier" → kind = "phne"'), r"kind is 'phne'.*'phone'"),
    (wrong("delay = { between = [-60, 1e3] → delay = { between = [nan, 1e3]"), "the least and the greatest"),
    (wrong("carrier = { required = true → carrier = { required = \"no\""), "required is 'no'"),
    (wrong('batch = "month"\nkey → batch = "tailnum"\nkey'), "splits its rows by tailnum, which is personal"),
    (wrong('personal = "tokenise", kind → kind'), r"\[flights.columns.tailnum\]: kind says what is masked"),
    (wrong('pilot = { personal = "mask" } → '), r"\[flights\] does not say what becomes of pilot.*tags pii"),
    (wrong("relations.weather → relations.wether"), "leads to wether, which is no other.*weather"),
    (wrong("relations.weather → relations.flights"), "leads to flights, which is no other table"),
    (wrong('columns = ["origin"] → columns = ["left"]'), "left, which is a timestamp here and a date in weather"),
    (wrong('columns = ["origin"] → columns = ["carrier"]'), "carrier, which is no column of weather"),
    (wrong('columns = ["origin"] → columns = []'), r"\[flights.relations.weather\] columns is \[\]"),
    (wrong("[features] → [weather.relations.flights]\ncolumns = [\"origin\"]\n[features]"),
     "Relations lead back.*flights → weather → flights|Relations lead back.*weather → flights → weather"),
    (wrong("[features] → [weather.columns]\norigin = { personal = \"mask\" }\n[features]"),
     "names origin, of which weather keeps no values"),
    (wrong("admitted → admited"), r"\[features\] has no key admited\. Did you mean admitted"),
    (wrong("admitted = { tailnum → admitted = { tailnumber"), "admitted names tailnumber.*Did you mean tailnum"),
    (wrong('"The aircraft, not its owner." → " "'), r"\[features.admitted\] tailnum is ' '"),
    ("flights = 3", r"\[flights\] is 3"),
    ("[flights", "no TOML"),
])
def test_what_is_wrong_in_gates_toml_is_named_with_its_place(read, text, said):
    with pytest.raises(MlsteadError, match=f"(?s){said}.*gates.toml.*fix:"):
        read(text)


@pytest.mark.parametrize(("before", "after", "said"), [
    ("airports", "landing", r"\[raw.landing\]: landing/ is a folder of the jobs' own"),
    ("airports", "releases", r"\[raw.releases\]: releases/"),
    ('path = "airports"', 'path = "us/airports"', r"\[raw.airports\] says path = 'us/airports'.*below airports/"),
])
def test_a_table_lies_where_the_jobs_put_its_batches_and_nothing_of_theirs(read, before, after, said):
    with pytest.raises(MlsteadError, match=said):
        read("", TABLES.replace(before, after))


def test_a_table_in_curated_lies_where_the_gate_puts_it(read):
    raw, curated = TABLES.split("[curated.flights]")
    with pytest.raises(MlsteadError, match=r"\[curated.flights\] says path = 'clean/flights'"):
        read("", raw + "[curated.flights]" + curated.replace('path = "flights"', 'path = "clean/flights"', 1))


def test_a_kept_column_is_taken_where_curated_tags_it_too(read):
    kept = read(wrong('"tokenise", kind = "identifier" → { keep = "The aircraft." }'))
    assert kept.gates["flights"].rules.columns["tailnum"].personal.reason == "The aircraft."


def test_a_table_without_batches_can_be_related_to_by_any(read):
    relation = '[flights.relations.airports]\ncolumns = ["origin"]\n[weather]'
    assert "airports" in read(GATES.replace("[weather]", relation)).gates["flights"].rules.relations


def test_missing_gates_are_refused(tmp_path):
    with pytest.raises(MlsteadError, match="no description of gates"):
        read_gates(tmp_path / "gates.toml", {})


def test_definitions_are_read_where_there_is_no_pulumi(tmp_path):
    (tmp_path / "tables.toml").write_text(TABLES)
    (tmp_path / "gates.toml").write_text(GATES)
    program = (
        "import sys\n"
        "from mlstead.catalog.table_definitions import read_tables\n"
        "from mlstead.ingestion.gate_definitions import read_gates\n"
        "read_gates('gates.toml', read_tables('tables.toml'))\n"
        "sys.exit('pulumi' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


MONTHS = '{ type = "string", projection = { type = "date", format = "yyyy-MM", range = "2020-01,NOW" } }'


@pytest.mark.parametrize(("batch", "partition", "said"), [
    ('{ column = "left", every = "month" }', f"since = {MONTHS}", "names since, and .* month=2024-03"),
    ('{ column = "left", every = "month" }', f"day = {MONTHS}", "names day"),
    ('{ column = "left", every = "month" }', f"month = {MONTHS.replace('yyyy-MM', 'yyyy-MM-dd')}", "as yyyy-MM-dd"),
    ('{ column = "left", every = "month" }',
     'month = { type = "int", projection = { type = "integer", range = "1,12", digits = 2 } }', "as integer"),
    ('"code"', 'code = { type = "int", projection = { type = "integer", range = "1,12" } }', "no digits"),
    (None, f"month = {MONTHS}", "folders batch=…"),
])
def test_partitions_that_are_not_the_folders_of_the_batches_are_refused(tmp_path, batch, partition, said):
    with pytest.raises(MlsteadError, match=said) as refused:
        by_partition(tmp_path, batch, partition, "curated")
    assert "tables.toml" in str(refused.value) and "[curated.things.partitions]" in str(refused.value)


@pytest.mark.parametrize("zone", ["raw", "quarantine", "curated"])
@pytest.mark.parametrize(("batch", "partition"), [
    ('{ column = "left", every = "month" }', f"month = {MONTHS}"), ('{ column = "left", every = "month" }', ""),
    ('{ column = "left", every = "year" }',
     'year = { type = "int", projection = { type = "integer", range = "1970,2100" } }'),
    ('"code"', 'code = { type = "int", projection = { type = "integer", range = "1,12", digits = 2 } }'),
    ('"code"', 'code = { type = "int", projection = { type = "integer", range = "2013,2015" } }'),
    (None, 'batch = { type = "string", projection = { type = "enum", values = "all" } }'), (None, ""),
])
def test_partitions_that_are_the_folders_of_the_batches_are_taken(tmp_path, zone, batch, partition):
    assert by_partition(tmp_path, batch, partition, zone).gates.keys() == {"things"}


def by_partition(folder, batch, partition, zone):
    """Read gates of a table whose partition in one zone is as said."""
    of_files = "code" not in (batch or "") or "code" not in partition
    tables = []
    for each in ("raw", "quarantine", "curated"):
        code = 'code = "int"\n' if each != zone or of_files else ""
        tables.append(f'[{each}.things]\ncomment = "x"\npath = "things"\n[{each}.things.columns]\n{code}'
                      f'left = "timestamp"\n' + (f"[{each}.things.partitions]\n{partition}\n" if each == zone else ""))
    (folder / "tables.toml").write_text("\n".join(tables))
    (folder / "gates.toml").write_text("[things]\n" + (f"batch = {batch}\n" if batch else ""))
    return read_gates(folder / "gates.toml", read_tables(folder / "tables.toml"))


@pytest.mark.parametrize(("column", "type_", "kind"), [
    ("phone", "bigint", "phone"), ("customer_ssn", "int", "identifier"), ("account_number", "decimal(12,0)", "account"),
])
def test_numbers_that_are_called_like_somebodys_are_not_passed_over_in_silence(read, column, type_, kind):
    tables = TABLES.replace('carrier = "string"\n', f'carrier = "string"\n{column} = "{type_}"\n', 1)
    with pytest.raises(MlsteadError, match=f"{column}, a .* called like personal data") as refused:
        read(GATES, tables)
    assert f'{column} = {{ personal = "tokenise", kind = "{kind}" }}' in refused.value.fix
    read(GATES.replace("[flights.columns]\n", f'[flights.columns]\n{column} = {{ personal = "refuse" }}\n'), tables)
    said = tables.replace(f'{column} = "{type_}"', f'{column} = {{ type = "{type_}", sensitivity = "internal" }}')
    assert read(GATES, said).gates["flights"].columns[column] == type_


@pytest.mark.parametrize(("column", "type_"), [("phone", "smallint"), ("phones", "bigint"), ("last_name", "bigint")])
def test_counts_and_flags_need_no_word(read, column, type_):
    tables = TABLES.replace('carrier = "string"\n', f'carrier = "string"\n{column} = "{type_}"\n', 1)
    assert column in read(GATES, tables).gates["flights"].columns


def test_a_key_of_one_column_is_told_to_be_a_list(read):
    with pytest.raises(MlsteadError, match=r"\[weather\] key is 'origin', which is no list") as refused:
        read(GATES.replace("[weather]\n", '[weather]\nkey = "origin"\n'))
    assert refused.value.fix == "write key = ['origin']"
