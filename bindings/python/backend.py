# SPDX-License-Identifier: Apache-2.0
"""What pip calls to build the package: a wheel of a few files and the library beside them.

Nothing has to be fetched for it, as even setuptools would have to be, so that an installation
works on a machine without a network.  The library is the one named by QUIPU_LIBRARY, else the
one `make` has built in the source tree; without either the installed one is used at run time.
"""
import base64
import hashlib
import os
import re
import sysconfig
import tarfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FILES = sorted(name for name in os.listdir(os.path.join(HERE, "quipu")) if name.endswith(".py"))


def _version():
    with open(os.path.join(HERE, "quipu", "__init__.py"), encoding="utf-8") as text:
        return re.search(r'^__version__ = "([^"]+)"', text.read(), re.M).group(1)


def _library():
    for path in (os.environ.get("QUIPU_LIBRARY"), os.path.join(ROOT, "build", "libquipu.so.0")):
        if path and os.path.exists(path):
            return path
    return None


def _metadata():
    return (f"Metadata-Version: 2.1\nName: quipu\nVersion: {_version()}\n"
            "Summary: Analysis of bilateral trade\nLicense: Apache-2.0\n"
            "Requires-Python: >=3.9\n")


def _tag():
    if _library() is None:
        return "py3-none-any"
    return "py3-none-" + re.sub(r"[^a-z0-9_]", "_", sysconfig.get_platform())


def _contents():
    """(name in the wheel, bytes) of everything but the record."""
    for name in FILES:
        with open(os.path.join(HERE, "quipu", name), "rb") as file:
            yield "quipu/" + name, file.read()
    if _library() is not None:
        with open(_library(), "rb") as file:
            yield "quipu/libquipu.so.0", file.read()
    info = f"quipu-{_version()}.dist-info/"
    pure = "true" if _library() is None else "false"
    yield info + "METADATA", _metadata().encode()
    yield info + "WHEEL", (f"Wheel-Version: 1.0\nGenerator: quipu\nRoot-Is-Purelib: {pure}\n"
                           f"Tag: {_tag()}\n").encode()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = f"quipu-{_version()}-{_tag()}.whl"
    record = []
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as out:
        for path, content in _contents():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            record.append(f"{path},sha256={digest.decode()},{len(content)}\n")
            out.writestr(path, content)
        path = f"quipu-{_version()}.dist-info/RECORD"
        out.writestr(path, "".join(record) + path + ",,\n")
    return name


def build_sdist(sdist_directory, config_settings=None):
    base = f"quipu-{_version()}"
    with tarfile.open(os.path.join(sdist_directory, base + ".tar.gz"), "w:gz") as out:
        for name in ["pyproject.toml", "backend.py"] + ["quipu/" + file for file in FILES]:
            out.add(os.path.join(HERE, name), base + "/" + name)
        info = os.path.join(sdist_directory, "PKG-INFO")
        with open(info, "w", encoding="utf-8") as text:
            text.write(_metadata())
        out.add(info, base + "/PKG-INFO")
        os.remove(info)
    return base + ".tar.gz"
