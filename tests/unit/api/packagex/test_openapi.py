"""PackageX is the sum of its features."""

from chalicelib.api.features import PACKAGEX_FEATURES
from chalicelib.api.packagex.openapi import DESCRIPTION
from chalicelib.api.packagex.records.openapi import FEATURE as RECORDS


def test_every_feature_that_has_routes_describes_them() -> None:
    assert len(DESCRIPTION.features) == len(set(PACKAGEX_FEATURES.values()))


def test_no_two_features_share_a_route_or_a_sample() -> None:
    features = DESCRIPTION.features

    assert len(DESCRIPTION.operations) == sum(len(one.operations) for one in features)
    assert len(DESCRIPTION.samples) == sum(len(one.samples) for one in features)


def test_features_that_share_a_parameter_tell_the_same_of_it() -> None:
    for feature in DESCRIPTION.features:
        assert feature.path_parameters.items() <= DESCRIPTION.path_parameters.items()


def test_what_a_feature_tells_is_told_by_the_dialect() -> None:
    assert RECORDS.operations.items() <= DESCRIPTION.operations.items()
