/** Scripts that are written from right to left, of those that corpora are in. */
const rightToLeft = /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}/u

/** The direction of a text by its first letter; left to right where it has none. */
export function textDirection(text: string): 'ltr' | 'rtl' {
  const letter = /\p{L}/u.exec(text)
  return letter && rightToLeft.test(letter[0]) ? 'rtl' : 'ltr'
}

/** The direction of most of some texts. */
export function commonDirection(texts: Iterable<string>): 'ltr' | 'rtl' {
  let lean = 0
  for (const text of texts) lean += textDirection(text) === 'rtl' ? 1 : -1
  return lean > 0 ? 'rtl' : 'ltr'
}
