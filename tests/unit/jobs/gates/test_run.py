"""Running the gates: what is judged when, what waits, what somebody releases, and what is left as it was."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from mlstead.errors import MlsteadError
from mlstead_jobs.ledger import Manifest, data_key, manifest_key, release_key, report_key

SMALL = "[trips.columns]\nmiles = { between = [0, 10] }\n"
WEIGHED = "[trips.columns]\nmiles = { mean_between = [0, 10] }\n"
RELATED = '[trips.relations.places]\ncolumns = ["place"]\nat_least = 0.5\n[places]\nbatch = "month"\n'


def test_what_was_judged_is_not_judged_again(lake, trips):
    lake.deliver("trips", trips())
    assert lake.gate().batches == 1
    before = (lake.root / "quarantine" / report_key("trips", "month=01")).read_bytes()
    assert lake.gate().batches == 0
    assert (lake.root / "quarantine" / report_key("trips", "month=01")).read_bytes() == before


def test_a_corrected_batch_and_changed_rules_are_judged_again_and_other_tables_rules_are_not(lake, trips):
    lake.deliver("trips", trips())
    lake.gate()
    lake.rules += "[places]\nbatch = \"month\"\n"
    assert lake.gate().batches == 0
    lake.rules = lake.rules.replace("[places]", SMALL + "[places]")
    assert lake.gate().quarantined == 4
    lake.deliver("trips", trips(miles=1.0), "corrected")
    assert (lake.gate().curated, lake.report().revision) == (4, 2)


def test_only_one_table_or_batch_is_judged_where_one_is_named(lake, trips):
    lake.deliver("trips", trips(4, month=[1, 1, 2, 3]))
    assert lake.gate(("trips", "month=02")).rows == 1
    assert lake.gate(("places", None)).rows == 0
    assert lake.gate(("trips", None)).rows == 3
    with pytest.raises(MlsteadError, match=r"trip is no table of raw\. Did you mean trips"):
        lake.gate(("trip", None))


def test_a_batch_waits_for_the_one_that_it_relates_to(lake, trips):
    lake.rules += RELATED
    lake.deliver("trips", trips(4, place=["EWR", "JFK", "LGA", None]))
    assert lake.gate().waiting == ["trips/month=01"]
    assert lake.report() is None
    lake.deliver("places", pd.DataFrame({"month": [1, 1, 2], "place": ["EWR", "JFK", "LGA"]}))
    assert lake.gate().waiting == [] and lake.report().outcome == "passed"


def test_too_few_counterparts_quarantine_the_batch(lake, trips):
    lake.rules += RELATED
    lake.deliver("places", pd.DataFrame({"month": [1], "place": ["EWR"]}))
    lake.deliver("trips", trips(4, place=["EWR", "JFK", "LGA", None]))
    lake.gate()
    assert lake.report().failures[0]["found"] == "0.2500: 1 of 4 rows" and lake.failed() == {"relation:places": 4}


def test_a_quarantined_counterpart_keeps_a_batch_waiting(lake, trips):
    lake.rules += RELATED + "rows = { at_least = 2 }\n"
    lake.deliver("places", pd.DataFrame({"month": [1], "place": ["EWR"]}))
    lake.deliver("trips", trips())
    assert lake.gate().waiting == ["trips/month=01"]
    assert any("waits until places/month=01 is curated" in said for said in lake.said)


def test_rows_of_no_batch_do_not_wait_for_ever(lake, trips):
    lake.rules += RELATED
    lake.deliver("trips", trips(2, month=[None, None]))
    assert lake.gate().waiting == [] and lake.failed("month=none-delivery.parquet") == {"relation:places": 2}


def test_a_table_that_is_one_batch_is_the_counterpart_of_every_batch(lake, trips):
    lake.rules += RELATED.replace('[places]\nbatch = "month"\n', "")
    lake.deliver("places", pd.DataFrame({"month": [1], "place": ["EWR"]}))
    lake.deliver("trips", trips(2, month=[1, 2]))
    assert lake.gate().curated == 3


def test_a_batch_quarantined_whole_leaves_what_an_earlier_revision_put_there(lake, trips):
    lake.rules += WEIGHED
    lake.deliver("trips", trips(miles=1.0))
    lake.gate()
    first = lake.report()
    lake.deliver("trips", trips(miles=99.0), "worse")
    lake.deliver("trips", trips(miles=99.5), "worse still")
    lake.gate()
    report = lake.report()
    assert (report.outcome, report.curated_sha256) == ("quarantined", None)
    assert report.kept == {"revision": 1, "sha256": first.curated_sha256, "rows": 4}
    assert list(lake.rows("curated")["miles"]) == [1.0] * 4 and len(lake.rows("quarantine")) == 4


def test_the_same_rows_do_not_stay_in_curated_once_stricter_rules_refuse_them(lake, trips):
    lake.deliver("trips", trips(miles=99.0))
    lake.gate()
    lake.rules += WEIGHED
    lake.gate()
    assert len(lake.rows("quarantine")) == 4 and lake.rows("curated").empty and lake.report().kept is None


def test_a_batch_is_judged_again_once_what_it_relates_to_has_changed(lake, trips):
    lake.rules += RELATED
    lake.deliver("places", pd.DataFrame({"month": [1], "place": ["EWR"]}))
    lake.deliver("trips", trips(4, place=["EWR", "JFK", "LGA", None]))
    lake.gate()
    assert lake.report().outcome == "quarantined"
    lake.deliver("places", pd.DataFrame({"month": [1, 1], "place": ["EWR", "JFK"]}), "corrected")
    assert lake.gate().batches == 2
    assert lake.report().outcome == "passed"
    assert lake.gate().batches == 0


def test_what_is_kept_of_an_earlier_revision_goes_once_its_personal_data_may_not_stay(lake, trips):
    lake.tables += """[curated.trips]
comment = "A trip"
path = "trips"
[curated.trips.columns]
note = { type = "string", sensitivity = "pii" }
"""
    lake.rules += WEIGHED + 'note = { personal = { keep = "a reason" } }\n'
    lake.deliver("trips", trips(miles=1.0, note="Ada Lovelace, ada@example.com"))
    lake.deliver("trips", trips(2), "other-month")  # miles of 100: revision 2 is quarantined whole
    lake.deliver("trips", trips(miles=1.0, note="Ada Lovelace, ada@example.com"), "third")
    lake.gate()
    lake.deliver("trips", trips(miles=99.0), "worse")
    lake.gate()
    assert lake.report().kept and "ada@" in lake.rows("curated")["note"][0]
    lake.rules = lake.rules.replace('{ keep = "a reason" }', '"mask"')
    lake.gate()
    assert lake.report().kept is None and lake.rows("curated").empty


@pytest.mark.parametrize(("zone", "key"), [
    ("curated", data_key("trips", "month=01")), ("quarantine", report_key("trips", "month=01"))])
def test_a_run_that_was_suspended_does_not_write_over_what_came_after_it(lake, trips, zone, key, monkeypatch):
    lake.deliver("trips", trips(miles=1.0))
    lake.gate()
    lake.deliver("trips", trips(3, miles=2.0), "second")
    newer = b"what another run wrote meanwhile"

    def check(self):
        (lake.root / zone / key).write_bytes(newer)  # right after the lease was seen to be held

    monkeypatch.setattr("mlstead_jobs.lease.Lease.check", check)
    with pytest.raises(MlsteadError, match="somebody else meanwhile"):
        lake.gate()
    assert (lake.root / zone / key).read_bytes() == newer


def test_the_mean_of_one_card_number_is_not_shown(lake):
    lake.deliver("trips", "id,month,place,miles,left,note\n4111111111111111,1,EWR,1,,\n")
    lake.gate()
    assert "411111111111" not in (lake.root / "quarantine" / report_key("trips", "month=01")).read_text()


def test_a_release_lets_a_batch_rule_pass_for_one_content(lake, trips):
    lake.rules += WEIGHED
    lake.deliver("trips", trips(miles=99.0))
    lake.gate()
    lake.release(["mean_between:miles"])
    assert lake.gate().curated == 4
    report = lake.report()
    assert report.failures == []
    assert report.released == {"by": "Ada", "reason": "It snowed.", "at": "2026-01-01T00:00:00+00:00",
                               "rules": ["mean_between:miles"], "let_pass": {"mean_between:miles": 4}}
    assert lake.gate().batches == 0
    lake.deliver("trips", trips(miles=98.0), "another")
    assert lake.gate().quarantined == 4 and lake.report().released is None


@pytest.mark.parametrize(("rules", "curated"), [([], 3), (["between"], 3), (["between:miles"], 3), (["key"], 1)])
def test_a_release_waives_what_it_names_but_never_personal_data_or_types(lake, rules, curated):
    lake.rules += SMALL
    lake.deliver("trips", "id,month,place,miles,left,note\n1,1,EWR,5,,\n2,1,EWR,50,,\n3,1,EWR,60,,\n"
                          "4,1,EWR,70,,a@b.com\n5,1,EWR,far,,\n")
    lake.release(rules)
    assert lake.gate().curated == curated
    assert {"personal:note", "type:miles"} <= set(lake.failed())


def test_another_word_on_the_same_release_is_written_into_the_report(lake, trips):
    lake.rules += WEIGHED
    lake.deliver("trips", trips(miles=99.0))
    lake.release([])
    lake.gate()
    lake.release([], at="2026-02-02T00:00:00+00:00")
    assert lake.gate().batches == 1
    assert lake.report().released["at"] == "2026-02-02T00:00:00+00:00"


def test_a_batch_that_is_replaced_while_it_is_judged_is_judged_again(lake, trips, monkeypatch):
    lake.deliver("trips", trips())
    lake.said = Replacing(lambda: lake.deliver("trips", trips(miles=5.0), "second"), "4 rows, revision 1")
    lake.rules += SMALL
    gated = lake.gate()
    assert gated.batches == 2
    assert (lake.report().revision, lake.report().outcome) == (2, "passed")
    assert list(lake.rows("curated")["miles"]) == [5.0] * 4 and lake.rows("quarantine").empty


class Replacing(list):
    """Messages; the one with certain words sets something off."""

    def __init__(self, act, words):
        super().__init__()
        self.act, self.words = act, words

    def append(self, message):
        super().append(message)
        if self.words in message and self.act:
            act, self.act = self.act, None
            act()


def test_a_damaged_file_is_named_and_every_other_batch_is_judged(lake, trips):
    lake.deliver("trips", trips(4, month=[1, 1, 2, 2]))
    (lake.root / "raw" / data_key("trips", "month=01")).write_bytes(b"PAR1")
    with pytest.raises(MlsteadError, match=r"(?s)trips/month=01: the file in raw is not the one.*run ingestion again"):
        lake.gate()
    assert lake.report() is None and lake.report(batch="month=02").outcome == "passed"
    lake.deliver("trips", trips(4, month=[1, 1, 2, 2]), "again")
    assert lake.gate().curated == 2


def test_a_file_that_ingestion_is_replacing_is_left_to_the_run_that_follows_it(lake, trips):
    lake.deliver("trips", trips())
    (lake.root / "raw" / data_key("trips", "month=01")).write_bytes(b"PAR1")
    lake.raw.write("locks/ingest.json", json.dumps({"holder": "x", "until": 9e12}).encode())
    assert lake.gate().batches == 0


def test_what_no_report_vouches_for_does_not_stay_in_curated(lake, trips):
    lake.rules += WEIGHED
    lake.deliver("trips", trips(miles=1.0))
    lake.gate()
    unvouched = trips(miles=2.0)
    unvouched.to_parquet(lake.root / "curated" / data_key("trips", "month=01"))
    lake.deliver("trips", trips(miles=99.0), "second")
    lake.gate()
    assert lake.rows("curated").empty and lake.report().kept is None


def test_rows_in_are_rows_out_or_nothing_is_written(lake, trips):
    lake.deliver("trips", trips())
    key = lake.root / "raw" / manifest_key("trips", "month=01")
    manifest = json.loads(key.read_text())
    key.write_text(json.dumps(manifest | {"rows": 5}))
    with pytest.raises(MlsteadError, match=r"5 rows came in, 4 would be curated and 0 quarantined"):
        lake.gate()
    assert lake.rows("curated").empty and lake.report() is None


def test_the_same_batch_gives_the_same_bytes(lake, trips, tmp_path):
    lake.rules += SMALL
    lake.deliver("trips", trips(4, miles=[1, 2, 30, 4]))
    lake.gate()
    files = [lake.root / zone / data_key("trips", "month=01") for zone in ("curated", "quarantine")]
    before = [file.read_bytes() for file in files]
    for file in (*files, lake.root / "quarantine" / report_key("trips", "month=01")):
        file.unlink()
    lake.gate()
    assert [file.read_bytes() for file in files] == before


def test_a_mended_row_passes_and_the_others_stay_where_they_were(lake, trips):
    lake.rules += SMALL
    lake.deliver("trips", trips(3, miles=[1, 20, 3]))
    lake.gate()
    origin = Manifest.find(lake.raw, manifest_key("trips", "month=01")).origin
    mended = lake.rows("quarantine").assign(_batch="month=01", _content=origin, miles=2.0)
    lake.deliver("trips", mended, "mended")
    assert lake.gate().curated == 3
    assert Manifest.find(lake.raw, manifest_key("trips", "month=01")).source.startswith("mended")
    assert list(lake.rows("curated")["miles"]) == [1, 2, 3] and lake.rows("quarantine").empty


def test_what_is_measured_of_a_personal_column_is_not_told(lake):
    lake.tables += """[curated.trips]
comment = "A trip"
path = "trips"
[curated.trips.columns]
miles = { type = "double", sensitivity = "pii" }
left = { type = "timestamp", sensitivity = "pii" }
"""
    lake.rules += """fresh = { column = "left", within_days = 5 }
[trips.columns]
miles = { personal = { keep = "a reason" }, mean_between = [0, 1] }
left = { personal = { keep = "a reason" } }
"""
    lake.deliver("trips", "id,month,place,miles,left,note\n1,1,EWR,98765,1970-03-04,\n")
    lake.gate()
    assert set(lake.failed()) == {"fresh:left", "mean_between:miles"}
    text = (lake.root / "quarantine" / report_key("trips", "month=01")).read_text()
    assert "98765" not in text and "1970-03-04" not in text


def test_a_release_whose_rules_are_no_list_is_not_guessed_at(lake, trips):
    lake.rules += SMALL
    lake.deliver("trips", trips())
    lake.release("between:miles")  # in which "between" is found, too
    lake.gate()
    assert lake.failed() == {"between:miles": 4}
    assert any("its release counts for nothing: Its rules are no list" in said for said in lake.said)


def test_a_release_that_cannot_be_read_lets_nothing_pass_and_stops_no_other_batch(lake, trips):
    lake.rules += SMALL
    lake.deliver("trips", trips(4, month=[1, 1, 2, 2], miles=[99, 99, 1, 1]))
    lake.release(["between"])
    lake.gate()
    assert lake.report().outcome == "passed"
    lake.quarantine.write(release_key("trips", "month=01"), b"{")
    lake.gate()
    assert lake.failed() == {"between:miles": 2} and lake.report().released is None
    assert lake.report(batch="month=02").outcome == "passed" and lake.gate().batches == 0
    assert any("trips/month=01: its release counts for nothing: This is no release" in said for said in lake.said)


def test_late_rows_do_not_replace_a_month_however_often_they_come(lake, trips):
    lake.deliver("trips", trips(100))
    lake.gate()
    for number in (1, 2):
        lake.deliver("trips", trips(number, miles=7.0), f"late-{number}")
        lake.gate()
        assert lake.failed() == {"shrunk": number} and len(lake.rows("curated")) == 100
        assert lake.report().failures[0]["found"] == f"{number} rows; curated holds 100"
    lake.rules += SMALL  # nor once the rules change
    lake.gate()
    assert lake.failed()["shrunk"] == 2 and len(lake.rows("curated")) == 100
    lake.deliver("trips", trips(50, miles=1.0), "corrected")
    lake.gate()
    assert lake.failed() == {} and len(lake.rows("curated")) == 50


def test_a_month_of_which_too_little_would_be_left_does_not_replace_what_is_good(lake, trips):
    lake.rules += 'key = ["id"]\n'
    lake.deliver("trips", trips(100))
    lake.gate()
    doubled = trips(200, id=[*range(1, 41), *([0] * 160)])
    lake.deliver("trips", doubled, "doubled")
    lake.gate()
    report = lake.report()
    assert lake.failed()["shrunk"] == 200 and report.rows_curated == 0 and report.rows_quarantined == 200
    assert report.failures[0]["found"] == "41 rows; curated holds 100" and len(lake.rows("curated")) == 100
    lake.rules += '[trips.columns]\nid = { between = [0, 10] }\n'  # other rules make it no more than that
    lake.gate()
    assert lake.failed()["shrunk"] == 200 and len(lake.rows("curated")) == 100
    lake.release(["shrunk"])
    lake.gate()
    assert lake.report().rows_curated == len(lake.rows("curated")) == 11
    assert lake.report().released["let_pass"] == {"shrunk": 200}


def test_stricter_rules_on_the_same_rows_are_no_shrinking(lake, trips):
    lake.deliver("trips", trips(100))
    lake.gate()
    lake.rules += SMALL
    lake.gate()
    assert "shrunk" not in lake.failed()


def test_a_month_that_did_shrink_passes_once_somebody_says_so(lake, trips):
    lake.deliver("trips", trips(100))
    lake.gate()
    lake.deliver("trips", trips(3), "cancelled")
    lake.gate()
    lake.release(["shrunk"])
    lake.gate()
    assert lake.report().released["let_pass"] == {"shrunk": 3} and len(lake.rows("curated")) == 3
    lake.deliver("trips", trips(2), "more cancelled")
    lake.gate()
    assert lake.report().outcome == "passed"
