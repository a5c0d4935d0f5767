"""Stands in for a source package's build program.

pip runs it instead, so that nothing of the package itself is run and nothing
that it would build with is fetched. The "wheel" is the source tree as it is, in
a folder of the package's name.
"""

import os
import zipfile


def get_requires_for_build_wheel(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder, files = describe()
    os.mkdir(os.path.join(metadata_directory, folder))
    for name, text in files.items():
        with open(os.path.join(metadata_directory, folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    return folder


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    folder, files = describe()
    wheel = folder.removesuffix(".dist-info") + "-py3-none-any.whl"
    record = []
    with zipfile.ZipFile(os.path.join(wheel_directory, wheel), "w") as archive:
        for path in sources():
            inside = os.path.join(package_name(), os.path.relpath(path))
            archive.write(path, inside)
            record.append(f'"{inside}",,\n')
        files["RECORD"] = "".join(record)
        for name, text in files.items():
            archive.writestr(f"{folder}/{name}", text)
    return wheel


def sources():
    for folder, _, names in os.walk("."):
        for name in sorted(names):
            yield os.path.join(folder, name)


def describe():
    name = package_name().replace("-", "_")
    return f"{name}-{field('Version')}.dist-info", {
        "METADATA": f"Metadata-Version: 2.1\nName: {field('Name')}\nVersion: {field('Version')}\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: isospin\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }


def package_name():
    return field("Name").lower().replace("_", "-")


def field(key):
    with open("PKG-INFO", encoding="utf-8") as file:
        for line in file:
            if line.startswith(key + ": "):
                return line.split(": ", 1)[1].strip()
    raise ValueError(f"PKG-INFO has no {key}")
