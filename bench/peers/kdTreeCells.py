"""The k-d tree of Roller et al. 2012 by Rahimi's rules in NumPy: the cell of each point."""

import numpy

from labelPeer import run


def median(values):
    half = len(values) // 2
    parted = numpy.partition(values, half)
    return parted[half] if len(values) % 2 else (parted[:half].max() + parted[half]) / 2


def cells(lat, lon, bucket):
    cell_of = numpy.empty(len(lat), numpy.int32)
    count = 0
    # A node's own copy of its coordinates: gathering them through an index costs more than it saves.
    pending = [(lat, lon, numpy.arange(len(lat), dtype=numpy.int32))]
    while pending:
        lats, lons, points = pending.pop()
        values = None
        if len(points) > bucket:
            south, north, west, east = lats.min(), lats.max(), lons.min(), lons.max()
            if north > south or east > west:
                by_latitude = north - south >= east - west
                values, least, most = (lats, south, north) if by_latitude else (lons, west, east)
        if values is None:
            cell_of[points] = count
            count += 1
            continue
        split = median(values)
        if split == most:
            split = least
        left = values <= split
        right = ~left
        pending.append((lats[right], lons[right], points[right]))
        pending.append((lats[left], lons[left], points[left]))
    return cell_of


run(lambda task, lat, lon: cells(lat, lon, task["bucket"]))
