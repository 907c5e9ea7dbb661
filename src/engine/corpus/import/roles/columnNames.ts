/** The words of a column's name in lower case: "LocationLatitude", "location_latitude" and "location.latitude" are two words. */
export function wordsOf(name: string): string[] {
  return name
    .normalize('NFC')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '')
}

interface Vocabulary {
  /** How well a word names the role, up to 1. */
  key: Record<string, number>
  /** Words beside a key that take nothing away. */
  beside: string[]
  /** Names with one of these words mean something else. */
  never?: string[]
  /** What any other word takes away; 1 lets no other word pass. */
  costOfOthers: number
}

const all = (score: number, words: string): Record<string, number> =>
  Object.fromEntries(words.split(' ').map((word) => [word, score]))

const coordinateWords =
  'dd deg degrees decimal dec wgs84 wgs 84 4326 gps geo location coordinates coordinate coord coords place point centroid map site north east'.split(
    ' ',
  )

const vocabularies = {
  lat: {
    key: {
      ...all(1, 'lat latitude lats latitudes'),
      ...all(
        0.95,
        'breite breitengrad breitegrad latitud latitudine geolat latdd szerokość широта šířka širina enlem breddegrad breedtegraad latitudinea leveysaste leveysaste szélesség γεωγραφικό 緯度 纬度 위도',
      ),
      ...all(0.35, 'y n northing northings north hochwert nord norte ycoord coordy'),
    },
    beside: coordinateWords,
    costOfOthers: 0.15,
  },
  lon: {
    key: {
      ...all(1, 'lon longitude lng long lons longitudes'),
      ...all(
        0.95,
        'länge laenge längengrad laengengrad longitud longitudine geolon geolng londd długość долгота délka dužina boylam lengdegrad lengtegraad pituusaste hosszúság 経度 經度 经度 경도',
      ),
      ...all(0.35, 'x e easting eastings east rechtswert ost este xcoord coordx'),
    },
    beside: coordinateWords,
    costOfOthers: 0.15,
  },
  point: {
    key: {
      ...all(
        1,
        'coordinates coordinate coords coord latlon latlng latlong lonlat lnglat longlat wkt geom geometry koordinaten coordonnées coordenadas coordinate coordinaten координаты',
      ),
      ...all(0.8, 'point geopoint gps location geo position loc standort'),
      ...all(0.6, 'place bbox box site ort'),
    },
    beside: [
      'coordinates',
      'geo',
      'lat',
      'lon',
      'lng',
      'long',
      'point',
      'bounding',
      'box',
      'the',
      'wkt',
      'gps',
      'latitude',
      'longitude',
    ],
    costOfOthers: 0.15,
  },
  text: {
    key: {
      ...all(1, 'text texts'),
      ...all(
        0.97,
        'tweet tweets fulltext texto texte testo tekst текст tekstas szöveg 文本 正文 テキスト 本文 텍스트 본문 نص النص متن טקסט κείμενο metin văn',
      ),
      ...all(
        0.9,
        'content contents message messages msg msgs body bodies inhalt nachricht post posts utterance utterances sentence sentences transcription transcriptions transcript transcripts satz äußerung 内容 內容 内容文 내용 微博 mesaj content_text',
      ),
      ...all(0.7, 'document documents'),
      ...all(0.6, 'doc docs comment comments kommentar review reviews caption'),
      ...all(0.4, 'description note notes title'),
    },
    beside: ['full', 'raw', 'clean', 'cleaned', 'original', 'tweet', 'text', 'the', 'extended', 'plain'],
    never: 'id ids str count length len lang language date time source type url link user name number num size'.split(
      ' ',
    ),
    costOfOthers: 0.15,
  },
  author: {
    key: {
      ...all(1, 'author authors'),
      ...all(0.97, 'user userid users'),
      ...all(
        0.95,
        'informant informants speaker speakers respondent participant authorid username autor auteur autore автор sprecher sprecherin teilnehmer gewährsperson hablante locuteur parlante informante proband',
      ),
      ...all(0.85, 'screenname subject account uid'),
    },
    beside: ['id', 'str', 'name', 'screen', 'number', 'nr', 'no', 'code', 'key', 'user', 'author'],
    costOfOthers: 1,
  },
  fold: {
    key: { ...all(1, 'fold split'), ...all(0.9, 'set partition subset dataset portion datasplit') },
    beside: ['data', 'name', 'type', 'set', 'corpus'],
    costOfOthers: 1,
  },
  question: {
    key: all(
      1,
      'question questions item items variable variables parameter concept stimulus prompt frage gloss lemma pregunta вопрос',
    ),
    beside: ['id', 'name', 'code', 'label', 'no', 'nr', 'number', 'text'],
    costOfOthers: 1,
  },
  response: {
    key: all(
      1,
      'answer answers response responses value form variant realization realisation antwort reponse réponse respuesta risposta ответ',
    ),
    beside: ['text', 'given', 'label', 'code'],
    costOfOthers: 1,
  },
} satisfies Record<string, Vocabulary>

export type NamedRole = keyof typeof vocabularies

/** How well a column's name fits a role, from 0 to 1, in the languages that corpora are described in. */
export function nameScore(role: NamedRole, name: string): number {
  const { key, beside, never, costOfOthers }: Vocabulary = vocabularies[role]
  const words = wordsOf(name)
  if (words.some((word) => never?.includes(word))) return 0
  const keys = words.map((word) => (Object.hasOwn(key, word) ? key[word]! : 0))
  const best = Math.max(0, ...keys)
  if (best === 0) return 0
  const at = keys.indexOf(best)
  const others = words.filter((word, i) => i !== at && keys[i] === 0 && !beside.includes(word)).length
  // Of two names that fit, the one of fewer words means it.
  return Math.max(0, best - others * costOfOthers - 0.01 * (words.length - 1))
}

/** Below this a name alone says nothing: x and y are anything. */
export const weakName = 0.5
