from __future__ import annotations

from desktop_app.core.sigma.channels import CHANNELS


def test_the_channels_are_those_that_pysigma_names_and_three_more() -> None:
    from sigma.pipelines.common import windows_logsource_mapping

    named = {
        word: tuple(one.lower() for one in ([channels] if isinstance(channels, str) else channels))
        for word, channels in windows_logsource_mapping.items()
    }
    more = CHANNELS.keys() - named.keys()
    assert more == {"smbserver-connectivity", "smbclient-connectivity", "defender"}
    assert {word: channels for word, channels in CHANNELS.items() if word not in more} == named
