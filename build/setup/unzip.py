"""unzip.py ARCHIVE FOLDER STRIP PREFIX...

Extracts the members that begin with one of the prefixes, with their file modes, and without STRIP before their names.
"""
import os
import shutil
import sys
import zipfile

archive, folder, strip, *prefixes = sys.argv[1:]
with zipfile.ZipFile(archive) as source:
    for member in source.infolist():
        if member.is_dir() or not member.filename.startswith(tuple(prefixes)):
            continue
        path = os.path.join(folder, member.filename.removeprefix(strip))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with source.open(member) as content, open(path, "wb") as target:
            shutil.copyfileobj(content, target, 1 << 20)
        os.chmod(path, (member.external_attr >> 16) & 0o777 or 0o644)
