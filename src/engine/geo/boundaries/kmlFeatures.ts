import { kml } from '@tmcw/togeojson'
import { DOMParser } from '@xmldom/xmldom'
import { notReadable } from './boundaryErrors.ts'
import type { BoundaryFeature } from './boundaryFeature.ts'

/** The placemarks of a KML text; links to other files are not followed. */
export function kmlFeatures(path: string, text: string): BoundaryFeature[] {
  let document
  try {
    document = new DOMParser({
      // A warning is passed over, what is no XML is not.
      onError: (level, message) => {
        if (level !== 'warning') throw new Error(message)
      },
    }).parseFromString(text, 'text/xml')
  } catch (cause) {
    throw notReadable(path, `it is no XML (${(cause as Error).message.split('\n')[0]})`, cause)
  }
  const root = document.documentElement?.localName
  if (root !== 'kml') throw notReadable(path, `it is XML of the kind <${root}>, expected <kml>`)
  return kml(document).features as BoundaryFeature[]
}
