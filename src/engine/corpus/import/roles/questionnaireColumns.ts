import type { ColumnContent } from './columnContent.ts'
import { wordsOf } from './columnNames.ts'

/**
 * Columns that exports of questionnaires (Qualtrics, LimeSurvey, Google Forms, SurveyMonkey) put beside the answers. They
 * say when and how somebody answered, and are no answers: a time stamp would tell one informant from all others.
 */
const paradata = [
  /^(timestamp|time stamp|zeitstempel|horodateur|marca temporal|informazioni cronologiche|отметка времени)$/,
  /^(start|end|recorded|submit|submitted|created|modified|completed|last action|date|completion)( ?(date|time|at|on|created|modified|stamp))+$/,
  /^(submitdate|startdate|enddate|datestamp|date|created|interviewtime|time|datum|fecha|hora|uhrzeit)$/,
  /^(duration|dauer|duración|durée|elapsed)\b/,
  /\b(first click|last click|page submit|click count|page timer|timing)$/,
  /^(group|question) ?time\b|\d time$/,
  /^(status|progress|finished|lastpage|last page|startlanguage|start language|seed|refurl|token|completed|collector id|collectorid)$/,
  /^(distribution channel|user language|external (data )?reference|recipient( .*)?|custom data( \d+)?|user agent|browser|device|operating system)$/,
  /^((response|respondent|record|submission|participant|informant|case|row|user|tweet|entry)? ?ids?|uuid|guid|index|nr|no|number|id str|unnamed 0|row names|rownames|column 1)$/,
  /^(score|scores|total score|punteggio|puntuación|punkte|points|sc\d+)$|\b(score|feedback)$/,
]

/** Where the informant is and who they are: kept beside the answers, to filter and slice by. */
const demographics = [
  /^(your |home |birth )?(age|alter|edad|âge|sex|gender|geschlecht|género|sexo|birth|birthday|birthdate|birthplace|born|year|jahrgang|education|occupation|beruf|religion|ethnicity|race|income|country|county|city|town|village|state|region|province|canton|kanton|zip|zipcode|postcode|plz|place|ort|locality|location|site|dialect|language|name|source|date|population|family|glottocode|group|class)( ?(code|group|range|name|in years))?$/,
  /\b((year|date|place|country|state) of (birth|residence)|birth year|(first|native|home) language|mother tongue)\b/,
  // As questions: where somebody lives is what is to be found, and no answer to learn from.
  /\b(how old|your (age|gender|sex|name|birth|education|occupation|zip|postal|post|city|town|country|state|home ?town|native|first language)|where (do|did|are|were|have) you|(which|what) (city|town|state|country|county|region|zip|year|gender)|(grow|grew|raised) ?(up)?|were you born|do you live|wo wohnen|wie alt|ihr (alter|geschlecht|wohnort))\b/,
]

const personalNames =
  /\b(ip|ip ?address|ipaddr|e ?mail|email|mail|phone|telephone|telefon|telefonnummer|teléfono|téléphone|mobile|handy|surname|vorname|nachname|familienname|prénom|apellidos?|nombre|full ?name|firstname|lastname|имя|фамилия|screen name|username|user name)\b|\b(first|last|given|family|middle|recipient|respondent|participant|informant|contact|user|author|speaker|your|ihr|nick) (first |last |full )?names?\b/

const plainName = (name: string) => wordsOf(name).join(' ')

/** Whether a column says when and how a questionnaire was answered. */
export const isParadata = (name: string, content: ColumnContent): boolean =>
  paradata.some((pattern) => pattern.test(plainName(name))) ||
  (content.values.length > 0 && (content.timestamps > 0.8 || isPersonal(name, content)))

/** Whether a column holds IP addresses, e-mail addresses, names or telephone numbers of people. */
export function isPersonal(name: string, content: ColumnContent): boolean {
  const plain = plainName(name)
  if (/\b(count|verified|valid|domain|type|length|geo|place|country)\b/.test(plain)) return false
  return personalNames.test(plain) || content.emails > 0.5 || content.ipAddresses > 0.5
}

export const isDemographic = (name: string): boolean => demographics.some((pattern) => pattern.test(plainName(name)))

/** A box for remarks at the end of a questionnaire. */
export const isRemarks = (name: string): boolean =>
  /\b(comments?|remarks?|feedback|suggestions?|anything else|notes?|bemerkung(en)?|kommentare?|anmerkung(en)?|comentarios?|commentaires?|osservazioni|комментари(и|й))\b/.test(
    plainName(name),
  )
