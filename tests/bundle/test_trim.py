"""What reaches the bundle."""

from __future__ import annotations

import pytest

from build import trim


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6WebEngineCore.so.6",
        "PySide6/QtWebEngineCore.abi3.so",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/translations/qtwebengine_locales/zh-CN.pak",
        "PySide6\\Qt\\resources\\icudtl.dat",
        "libQt6Core.so.6",
        "libnss3.so",
        "babel/locale-data/zh_Hans_CN.dat",
        "babel/locale-data/en.dat",
        "babel/locale-data/root.dat",
        "tzdata/zoneinfo/Asia/Shanghai",
        "numpy.libs/libscipy_openblas64_.so",
        "desktop_app/ui/static/app.css",
        "desktop_app/extensions/handbook/guides/en/password-guessing.md",
        "keyring-25.7.0.dist-info/entry_points.txt",
        "flask-3.1.3.dist-info/licenses/LICENSE.txt",
    ],
)
def test_what_a_desk_needs_is_kept(name: str) -> None:
    assert trim.keep(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/qml/QtQuick/libqtquick2plugin.so",
        "PySide6/Qt/lib/libQt6Designer.so.6",
        "libQt6Designer.so.6",
        "PySide6/QtDesigner.abi3.so",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/translations/qtwebengine_locales/fr.pak",
        "PySide6/Qt/translations/qt_de.qm",
        "PySide6/Qt/resources/qtwebengine_devtools_resources.pak",
        "PySide6/Qt/lib/libavcodec.so.63",
        "libgtk-3.so.0",
        "babel/locale-data/fr.dat",
        "babel/locale-data/zh_Hant_TW.dat",
        "numpy/tests/data.txt",
        "watchdesk-0.1.0.dist-info/direct_url.json",
        "pip-26.3.dist-info/METADATA",
    ],
)
def test_what_no_desk_opens_is_left_out(name: str) -> None:
    assert not trim.keep(name)


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_a_window_of_the_platform_stays(platform: str) -> None:
    windows = {"linux": "qt", "win32": "winforms", "darwin": "cocoa"}
    left_out = trim.excluded_modules(platform)
    assert f"webview.platforms.{windows[platform]}" not in left_out
    for other in set(windows) - {platform}:
        assert f"webview.platforms.{windows[other]}" in left_out
