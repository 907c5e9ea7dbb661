import type { PublishedCorpus } from '#protocol/experiment.ts'

/** A published figure; null where the source has none. Shares are 0-1. */
export interface PublishedFigures {
  labelCount: number | null
  accuracy: number | null
  accuracyAt161Km: number | null
  meanErrorKm: number | null
  medianErrorKm: number | null
}

export interface PublishedSystem {
  name: string
  /** Where the figures were read. */
  source: string
  figures: Partial<Record<PublishedCorpus, PublishedFigures>>
}

/** Labels, accuracy %, Acc@161 %, mean and median km, as papers print them. */
function figures(
  labelCount: number | null,
  accuracy: number | null,
  accuracyAt161: number | null,
  meanErrorKm: number | null,
  medianErrorKm: number | null,
): PublishedFigures {
  const share = (percent: number | null) => (percent === null ? null : percent / 100)
  return { labelCount, accuracy: share(accuracy), accuracyAt161Km: share(accuracyAt161), meanErrorKm, medianErrorKm }
}

const lourentzou = 'Lourentzou et al. 2017, tables VI to VIII'
const paper = 'Fornaciari and Hovy 2019, table 1'

/** Results on text alone, each read in the source that is named. */
export const publishedResults: PublishedSystem[] = [
  {
    name: 'Eisenstein et al. 2010',
    source: lourentzou,
    figures: { geotext: figures(null, null, null, 900, 494) },
  },
  {
    name: 'Eisenstein et al. 2011, SAGE',
    source: lourentzou,
    figures: { geotext: figures(null, null, null, 845, 501) },
  },
  {
    name: 'Wing and Baldridge 2011, KL',
    source: lourentzou,
    figures: { geotext: figures(null, null, null, 967, 479) },
  },
  {
    name: 'Roller et al. 2012, UnifKd',
    source: lourentzou,
    figures: { geotext: figures(null, null, 34, 890, 473), 'twitter-us': figures(null, null, 33, 913, 532) },
  },
  {
    name: 'Han et al. 2014, Naive Bayes and IGR',
    source: `${lourentzou}; ${paper}`,
    figures: {
      'twitter-us': figures(378, 26, 45, null, 260),
      'twitter-world': figures(3135, 13, 26, null, 913),
    },
  },
  {
    name: 'Wing and Baldridge 2014, uniform',
    source: lourentzou,
    figures: {
      'twitter-us': figures(null, null, 49, 704, 171),
      'twitter-world': figures(null, null, 33, 1715, 490),
    },
  },
  {
    name: 'Wing and Baldridge 2014, k-d',
    source: lourentzou,
    figures: {
      'twitter-us': figures(null, null, 48, 687, 191),
      'twitter-world': figures(null, null, 31, 1670, 509),
    },
  },
  {
    name: 'Liu and Inkpen 2015',
    source: lourentzou,
    figures: { geotext: figures(null, null, null, 856, null), 'twitter-us': figures(null, null, 24, 733, 377) },
  },
  {
    name: 'Cha et al. 2015, word sequences',
    source: lourentzou,
    figures: { geotext: figures(null, null, null, 581, 425) },
  },
  {
    name: 'Rahimi et al. 2017a, MDN-shared',
    source: lourentzou,
    figures: { geotext: figures(null, null, 39, 865, 412), 'twitter-us': figures(null, null, 42, 655, 216) },
  },
  {
    name: 'Rahimi et al. 2017b, MLP and k-means',
    source: paper,
    figures: {
      'twitter-us': figures(256, null, 55, 581, 91),
      'twitter-world': figures(930, null, 36, 1417, 373),
    },
  },
  {
    name: 'Lourentzou et al. 2017',
    source: lourentzou,
    figures: {
      geotext: figures(null, null, 29, 747, 448),
      'twitter-us': figures(null, null, 43, 570, 223),
      'twitter-world': figures(null, null, 21, 1338, 495),
    },
  },
  {
    name: 'STL-Att-CNN, k-d',
    source: paper,
    figures: {
      'twitter-us': figures(256, 21.06, 44.51, 845.23, 272.15),
      'twitter-world': figures(930, 30.67, 48.13, 1656.06, 202.68),
    },
  },
  {
    name: 'MTL-Att-CNN, k-d',
    source: paper,
    figures: {
      'twitter-us': figures(256, 20.75, 44.35, 856.6, 276.99),
      'twitter-world': figures(930, 30.7, 48.46, 1640.16, 195.18),
    },
  },
  {
    name: 'STL-Att-CNN, P2C',
    source: paper,
    figures: {
      'twitter-us': figures(1593, 31.22, 44.48, 944.89, 304.99),
      'twitter-world': figures(2975, 35.67, 47.95, 1695.85, 203.5),
    },
  },
  {
    name: 'MTL-Att-CNN, P2C',
    source: paper,
    figures: {
      'twitter-us': figures(1593, 31.36, 44.64, 889.98, 293.26),
      'twitter-world': figures(2975, 36.07, 48.48, 1643.29, 195.54),
    },
  },
]
