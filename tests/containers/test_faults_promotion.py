"""What can go wrong while preprod's pair is promoted to prod: what readers see, and that `mend` cures it.

The table of it is printed, and kept in `.data/faults_promotion.txt`.
"""

import pytest

from tests.containers.faults import PROMOTION, under_way


@pytest.fixture(scope="module")
def promoting(host, pages):
    """A machine whose preprod has the next pair."""
    host.well("deploy", "preprod", "--image", pages[1])
    return host


@pytest.mark.parametrize(("fault", "step"), [(fault, step) for fault in PROMOTION for step in fault.steps], ids=str)
def test_mend_is_all_that_a_fault_during_a_promotion_takes(promoting, fault, step, table):
    if promoting.image_of("prod") == promoting.image_of("preprod"):
        promoting.well("rollback", "prod")
    under_way(promoting, ["deploy", "prod", "--yes"], fault, step, table)
