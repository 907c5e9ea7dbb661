import { describe, expect, it } from 'vitest'
import { chooseRoles, requireRoles, type RoleWishes } from './chooseRoles.ts'

/** Roles by names, and what is told, of a table given as its header and rows. */
function rolesOf(table: string, wishes: RoleWishes = {}) {
  const [header, ...rows] = table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .trim()
        .split('|')
        .map((field) => field.trim()),
    )
  const roles = chooseRoles(header!, rows, wishes)
  return {
    ...roles.names,
    notes: roles.notes,
    personal: roles.personal.map((index) => header![index]),
    answered: roles.answers.map((index) => header![index]),
    roles,
    header: header!,
  }
}
const numbers = (count: number, make: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join('\n')

describe('coordinates', () => {
  it.each([
    ['lat|lon', 'lat', 'lon'],
    ['Latitude|Longitude', 'Latitude', 'Longitude'],
    ['Breite|Länge', 'Breite', 'Länge'],
    ['LAT_DD|LONG_DD', 'LAT_DD', 'LONG_DD'],
    ['decimalLatitude|decimalLongitude', 'decimalLatitude', 'decimalLongitude'],
    ['LocationLatitude|LocationLongitude', 'LocationLatitude', 'LocationLongitude'],
    ['GPS Latitude|GPS Longitude', 'GPS Latitude', 'GPS Longitude'],
    ['geo_lat|geo_lng', 'geo_lat', 'geo_lng'],
    ['широта|долгота', 'широта', 'долгота'],
    ['latitud|longitud', 'latitud', 'longitud'],
    ['lat (deg)|lon (deg)', 'lat (deg)', 'lon (deg)'],
  ])('are found under %s', (header, lat, lon) => {
    expect(rolesOf(`${header}|text\n47.3769|8.5417|grüezi mitenand`)).toMatchObject({
      lat,
      lon,
      text: 'text',
      notes: [],
    })
  })

  it('latitude beats y, wherever it stands', () => {
    expect(rolesOf('id|x|y|longitude|latitude|text\n1|0|0|8.5417|47.3769|a b\n2|3|7|7.4474|46.948|c d')).toMatchObject({
      lat: 'latitude',
      lon: 'longitude',
    })
  })

  it('are not taken from columns called x and y that hold something else', () => {
    const { roles, header, notes } = rolesOf('x|y|text\n-3.25|1.52|a b\n9.11|-2.71|c d')
    expect(roles.place).toBeNull()
    expect(notes).toEqual([expect.stringMatching(/hold -3.25 to 9.11.*not taken for coordinates/)])
    expect(() => requireRoles(roles, header, 'a.csv')).toThrow(
      /No column for lat \(latitude\) in a.csv.*not taken for coordinates/,
    )
  })

  it('are taken from x and y that hold degrees, and that is told', () => {
    expect(rolesOf('x|y|text\n8.5417|47.3769|a b\n7.4474|46.948|c d')).toMatchObject({
      lat: 'y',
      lon: 'x',
      notes: [expect.stringMatching(/by what they hold/)],
    })
  })

  it('of a projection are taken from x and y where the system is named', () => {
    expect(rolesOf('E|N|text\n2600000|1200000|a b', { crs: 'EPSG:2056' })).toMatchObject({
      lat: 'N',
      lon: 'E',
      notes: [],
    })
  })

  it('of one family belong together, and a second pair is told', () => {
    const { notes, ...found } = rolesOf('birth_lat|home_lat|home_lon|birth_lon|text\n47.1|46.1|7.1|8.1|a b')
    expect(found).toMatchObject({ lat: 'birth_lat', lon: 'birth_lon' })
    expect(notes).toEqual([expect.stringMatching(/"home_lat" and "home_lon" could be the coordinates as well/)])
  })

  it('are found in one column', () => {
    expect(rolesOf('coordinates|text\n47.3769, 8.5417|a b')).toMatchObject({
      point: 'coordinates',
      notes: [expect.stringMatching(/read as latitude, longitude/)],
    })
    expect(rolesOf('WKT|text\nPOINT (8.5 47.4)|a b')).toMatchObject({ point: 'WKT', notes: [] })
    expect(rolesOf('somewhere|text\nPOINT (8.5 47.4)|a b')).toMatchObject({ point: 'somewhere' })
    expect(rolesOf('lnglat|text\n-79.9, 40.4|a b').roles.place).toEqual({ point: 0, order: 'lon-lat' })
    expect(rolesOf('where|text\n47.3, 8.5|a b', { columns: { lat: 'where', lon: 'where' } }).roles.place).toEqual({
      point: 0,
      order: 'lat-lon',
    })
    expect(rolesOf('position|text\n-122.4, 37.8|a b').roles.place).toEqual({ point: 0, order: 'lon-lat' })
  })

  it('of tweets are taken in the order of their lists, points before boxes', () => {
    const v1 =
      'full_text|coordinates.type|coordinates.coordinates.0|coordinates.coordinates.1|geo.type|geo.coordinates.0|geo.coordinates.1'
    expect(rolesOf(`${v1}\nyinz here|Point|-79.99|40.44|Point|40.44|-79.99`)).toMatchObject({
      lat: 'coordinates.coordinates.1',
      lon: 'coordinates.coordinates.0',
      text: 'full_text',
      notes: [],
    })
    expect(rolesOf('text|geo.type|geo.coordinates.0|geo.coordinates.1\nyinz here|Point|40.44|-79.99')).toMatchObject({
      lat: 'geo.coordinates.0',
      lon: 'geo.coordinates.1',
    })
    expect(
      rolesOf(
        'text|geo.coordinates.type|geo.coordinates.coordinates.0|geo.coordinates.coordinates.1\nyinz here|Point|-79.99|40.44',
      ),
    ).toMatchObject({ lat: 'geo.coordinates.coordinates.1', lon: 'geo.coordinates.coordinates.0' })
    const archive = v1
      .split('|')
      .map((name) => `tweet.${name}`)
      .join('|')
    expect(rolesOf(`${archive}\nyinz here|Point|-79.99|40.44|Point|40.44|-79.99`)).toMatchObject({
      lat: 'tweet.coordinates.coordinates.1',
      lon: 'tweet.coordinates.coordinates.0',
      text: 'tweet.full_text',
    })
    expect(
      rolesOf('text|tweet.geo.type|tweet.geo.coordinates.0|tweet.geo.coordinates.1\nyinz here|Point|40.44|-79.99'),
    ).toMatchObject({ lat: 'tweet.geo.coordinates.0' })
    const box = ['0.0.0', '0.0.1', '0.1.0', '0.1.1'].map((path) => `place.bounding_box.coordinates.${path}`).join('|')
    expect(rolesOf(`text|${box}\nyinz here|-80.2|40.3|-79.8|40.5`)).toMatchObject({
      point: 'place.bounding_box.coordinates',
      notes: [expect.stringMatching(/middle of each is taken/)],
      roles: { place: { lats: [2, 4], lons: [1, 3] } },
    })
    expect(
      rolesOf(`text|${box}\nyinz here|-80.2|40.3|-79.8|40.5`, { columns: { point: 'place.bounding_box' } }).roles.place,
    ).toEqual({ lats: [2, 4], lons: [1, 3] })
  })
})

describe('the text', () => {
  it('is what is called so, before ids and notes', () => {
    expect(rolesOf('doc|lat|lon|text\ndoc001|47.1|8.1|grüezi mitenand\ndoc002|47.2|8.2|sali zäme')).toMatchObject({
      text: 'text',
    })
    expect(rolesOf('doc|lat|lon|content\ndoc001|47.1|8.1|grüezi mitenand')).toMatchObject({ text: 'content' })
    expect(rolesOf('text_id|lat|lon|tweet\n12|47.1|8.1|grüezi mitenand')).toMatchObject({ text: 'tweet' })
  })

  it('is prose under an unknown name, and that is told; ids are not', () => {
    const table = `doc|lat|lon|sprachprobe\n${numbers(8, (i) => `d${i}|47.${i}1|8.${i}1|so redet me bi üs im dorf ${i}`)}`
    expect(rolesOf(table)).toMatchObject({
      text: 'sprachprobe',
      notes: [expect.stringMatching(/No column is called text: "sprachprobe" is taken/)],
    })
  })
})

describe('the author', () => {
  it('is an id before a name, never an object', () => {
    expect(
      rolesOf('text|lat|lon|user.screen_name|user.id_str|user.followers_count\na b|47.1|8.1|ann|70|5'),
    ).toMatchObject({ author: 'user.id_str', personal: ['user.screen_name'] })
    expect(rolesOf('text|lat|lon|user\na b|47.1|8.1|{"id":1,"n":2}')).toMatchObject({
      author: undefined,
      notes: [expect.stringMatching(/"user" holds objects/)],
    })
    expect(rolesOf('text|lat|lon|in_reply_to_user_id|followers_count\na b|47.1|8.1|1|2')).toMatchObject({
      author: undefined,
    })
  })

  it('that a spreadsheet has rounded is told', () => {
    expect(rolesOf('text|lat|lon|user_id\na b|47.1|8.1|1.23457E+17').notes).toEqual([
      expect.stringMatching(/spreadsheet has rounded/),
    ])
  })
})

describe('a column of folds', () => {
  const table = `text|lat|lon|split\n${['train', 'dev', 'test'].map((fold, i) => `a ${i}|47.${i}1|8.${i}1|${fold}`).join('\n')}`
  it('is offered, taken where it is named, and is no further column then', () => {
    expect(rolesOf(table)).toMatchObject({
      fold: undefined,
      notes: [expect.stringMatching(/Column "split" says which row belongs to which fold and is not used/)],
    })
    expect(rolesOf(table, { columns: { fold: 'split' } })).toMatchObject({ fold: 'split', notes: [] })
    expect(rolesOf(table.replace('train', 'red'))).toMatchObject({ notes: [] })
  })
})

describe('a survey', () => {
  const rows = (cells: string) =>
    numbers(6, (i) => `${40 + i}.12|-80.${i}1|${cells.replaceAll('#', String((i % 3) + 1))}`)

  it('of numbered questions is one, whatever remarks end it', () => {
    expect(rolesOf(`lat|lon|Q1|Q2|Q3|Q4|Q5|Comments\n${rows('#|#|#|#|#|that was a nice survey')}`)).toMatchObject({
      answers: 'Q*',
      text: undefined,
      notes: [expect.stringMatching(/"Comments" holds remarks/)],
    })
  })

  it('of words ends with remarks, too, which few write', () => {
    const remarks = (i: number) => (i % 3 === 0 ? 'that was a nice survey' : '')
    const table = `lat|lon|father|mother|water|bread|house|Comments\n${numbers(6, (i) => `4${i}.12|-8${i}.31|a|b|c|d${i % 2}|e|${remarks(i)}`)}`
    expect(rolesOf(table)).toMatchObject({ answered: ['father', 'mother', 'water', 'bread', 'house'], text: undefined })
    const corpus = `lat|lon|sub|lang|year|kind|tag|comment\n${numbers(6, (i) => `4${i}.12|-8${i}.31|a|b|c|d|e|so reden wir hier ${i}`)}`
    expect(rolesOf(corpus)).toMatchObject({ text: 'comment', answered: [] })
  })

  it('leaves out what Qualtrics, LimeSurvey and SurveyMonkey add', () => {
    const qualtrics =
      'StartDate|EndDate|Status|IPAddress|Progress|Duration (in seconds)|Finished|RecordedDate|ResponseId|RecipientLastName|RecipientEmail|LocationLatitude|LocationLongitude|UserLanguage|Q1|Q2_1|Q2_2|Q3_First Click|Q3|Q4|Q5|SC0'
    const table = `${qualtrics}\n${numbers(6, (i) => `2024-01-01 10:00:0${i}|2024-01-01 10:05:00|0|10.0.0.${i}|100|300|1|2024-01-01 10:05:00|R_${i}|Doe|a${i}@b.org|40.${i}1|-80.${i}1|EN|${(i % 2) + 1}|1|2|0.5|${(i % 3) + 1}|1|2|${i}`)}`
    expect(rolesOf(table)).toMatchObject({
      lat: 'LocationLatitude',
      answered: ['Q1', 'Q2_1', 'Q2_2', 'Q3', 'Q4', 'Q5'],
      personal: ['IPAddress', 'RecipientLastName', 'RecipientEmail'],
    })
    expect(rolesOf(table, { columns: { answers: '*' } }).answered).toEqual(['Q1', 'Q2_1', 'Q2_2', 'Q3', 'Q4', 'Q5'])
    expect(rolesOf(table, { columns: { answers: ['Q1', 'Q3_First Click', 'UserLanguage'] } }).answered).toEqual([
      'UserLanguage',
      'Q1',
      'Q3_First Click',
    ])
  })

  it('never has coordinates, author or fold for answers', () => {
    expect(
      rolesOf(`lat|lon|speaker|set|w1|w2\n${rows('s#|train|a|b')}`, { columns: { answers: '*', fold: 'set' } }),
    ).toMatchObject({ answered: ['w1', 'w2'] })
  })

  it('of Google Forms has its questions for names', () => {
    const questions = [
      'What do you call a sweet fizzy drink?',
      'Do you say yall?',
      'How do you say caramel?',
      'What is a sub?',
      'What is a yard sale?',
    ]
    const table = `Timestamp|Email Address|Latitude|Longitude|Age|Where did you grow up?|${questions.join('|')}\n${numbers(6, (i) => `1/2/2024 10:00:0${i}|a${i}@b.org|40.${i}1|-80.${i}1|3${i}|Boston|${i % 2 ? 'soda' : 'pop'}|yes|two|hoagie|tag sale`)}`
    expect(rolesOf(table)).toMatchObject({
      answered: questions,
      personal: ['Email Address'],
      notes: [expect.stringMatching(/taken for the answers of a survey/)],
    })
  })

  it('of words without numbers is one where no column holds text', () => {
    expect(rolesOf(`lat|lon|father|mother|water|bread|house\n${rows('a#|b#|c#|d#|e#')}`)).toMatchObject({
      answered: ['father', 'mother', 'water', 'bread', 'house'],
    })
  })

  it('may have a row an answer', () => {
    const table = `speaker|lat|lon|question|answer\n${['ann', 'bob'].flatMap((name, i) => ['drink', 'you', 'shoe'].map((question) => `${name}|40.${i}1|-80.1|${question}|word ${question}`)).join('\n')}`
    expect(rolesOf(table)).toMatchObject({
      author: 'speaker',
      question: 'question',
      response: 'answer',
      text: undefined,
    })
  })

  it('is none where a text is', () => {
    expect(rolesOf(`lat|lon|text|v1|v2|v3|v4|v5\n${rows('so reden wir hier #|1|2|#|1|2')}`)).toMatchObject({
      text: 'text',
      answered: [],
      notes: [expect.stringMatching(/look like answers of a survey/)],
    })
  })
})

it('refuses named columns that are not there, and takes a name in other letters', () => {
  expect(() => rolesOf('lat|lon|text\n1.5|2.5|a b', { columns: { text: 'body' } })).toThrow(
    /No "body" column for text; found lat, lon, text/,
  )
  expect(rolesOf('lat|lon|Body\n1.5|2.5|a b', { columns: { text: 'body' } })).toMatchObject({ text: 'Body' })
  expect(() => rolesOf('lat|lon|text\n1.5|2.5|a b', { columns: { answers: 'Q*' } })).toThrow(
    /No column of answers matches "Q\*"/,
  )
})

it('takes constructor and __proto__ for names like others', () => {
  expect(rolesOf('constructor|__proto__|lat|lon|text\na|b|47.1|8.1|a b')).toMatchObject({
    text: 'text',
    author: undefined,
  })
})
