"""What the data volume is said to hold, when the engine says all of it and when it does not."""

import pytest

from mangetamain.delivery.containers.images import LISTING, TRIES, resolve_warehouse
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.errors import BadInput

WHOLE = "build.lock\nfood-1.duckdb\nfood-2.duckdb\nthat is all\n"


class Volume:
    """An engine that says of a data volume what a test has it say, one after the other."""

    def __init__(self, *said):
        self.said = list(said)

    def on_data(self, image, *words):
        assert (image, words) == ("sha256:12", ("sh", "-c", LISTING))
        return self.said.pop(0)


def resolved(*said, wanted="current"):
    return resolve_warehouse(Volume(*said), "sha256:12", wanted)


def test_the_newest_of_the_volume_is_current():
    assert resolved(WHOLE) == "food-2"
    assert resolved(WHOLE, wanted="food-1") == "food-1"


@pytest.mark.parametrize("lost", ["", "\n", "food-1.duckdb\n"])
def test_a_list_that_the_engine_lost_is_asked_for_again(lost):
    assert resolved(lost, WHOLE) == "food-2"


def test_a_volume_that_never_says_what_it_holds_is_not_taken_for_empty():
    with pytest.raises(DeliveryFailed, match="does not say what it holds"):
        resolved(*[""] * TRIES)


def test_an_empty_volume_has_no_warehouse():
    with pytest.raises(BadInput, match="no warehouse in the data volume yet"):
        resolved("that is all\n")
