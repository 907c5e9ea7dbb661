/**
 * Letters beyond ASCII, lower case, from frequent to rare, of languages that legacy encodings were made for; of Chinese,
 * Japanese and Korean the most frequent characters.
 */
export const lettersOf = {
  german: 'üäöß',
  french: 'éèàêçôâîùûïœë',
  spanish: 'óíáéñúü',
  portuguese: 'ãçéáíóêõúâàô',
  italian: 'àèìùòé',
  catalan: 'àóíéèúòçïü·',
  dutch: 'ëéïèö',
  swedish: 'äåöé',
  danish: 'øåæé',
  finnish: 'äöå',
  icelandic: 'ðáíéóþúöýæ',
  albanian: 'ëç',
  estonian: 'äõüöšž',
  czech: 'íáěéřžýčšůúóťďň',
  slovak: 'áíéýčžúôšľťóňäďŕĺ',
  polish: 'ęąłóśćżńź',
  hungarian: 'éáöóíőúüű',
  romanian: 'ăîţşâ',
  croatian: 'žčšćđ',
  turkish: 'ıüşğöçâîû',
  lithuanian: 'ėšįųžčūąę',
  latvian: 'āīēšņļūģžķč',
  vietnamese: '\u0301\u0300đâôêư\u0323ơ\u0309ă\u0303',
  russian: 'оеаинтсрвлпкдмяуыьзгбчйжхюшщцэфъё',
  ukrainian: 'оанівиертсдлпкумязьгбйчїхюєжщшцфґ’',
  belarusian: 'анаіыерсопвкмдлутязбцьюўхгйжшчфэё',
  bulgarian: 'аоеитнврспдлкямъзбщучгхйжшцюфь',
  serbian: 'аоиенрасвдтукпмљзбјгсчњћшхцжђфџ',
  macedonian: 'аоиентврсдкплмјзбгучшжцхќфѓњџљѕ',
  greek: 'αοιετνσρκηςπλμυδάίθήόέγωφύχώξβζψϊ',
  hebrew: 'ויהלתאמרבנשםחדעכקןפטגזסצךףץ',
  arabic: 'اليمنترحودبقعسفكةأشجصهىذءإطخضئثزغؤظآ',
  persian: 'ایرندهتمبسوشآحقزکجگلعفخپطصضغثچذظژئءيك\u200c',
  thai: 'านรอมเวงกสะลยทิ่คดจธใบไ้ีปหตพ์แุขชั็ถูโผฐญซฉศฮณำึ',
  japanese:
    'のるにとをはすてたいしなかれがもであこさらりきまけそうくよっえつみおせわめちどろだばんへや、。人権利又有自由国社会的家教育',
  korean: '이의는을에하인을리모든여가권든람지사가다고한도로자유그와와있기나서적를또수진대아생어니라시일해저네',
  chinese:
    '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实，。',
  traditionalChinese:
    '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實，。',
} as const
export type Language = keyof typeof lettersOf
