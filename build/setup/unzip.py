"""unzip.py ARCHIVE FOLDER PREFIX... : extracts the members that begin with one of the prefixes, with their file modes."""
import os
import sys
import zipfile

archive, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(archive) as source:
    for member in source.infolist():
        if member.is_dir() or not member.filename.startswith(tuple(prefixes)):
            continue
        path = source.extract(member, folder)
        mode = (member.external_attr >> 16) & 0o777
        if mode:
            os.chmod(path, mode)
