/** Longer texts are sentences for people. */
const LONGEST = 60;

/** What a customer wants with one word: not to be written to any more, or to be again. */
export interface ConsentWord {
  readonly wish: 'stop' | 'start';
  /** The language of the word, for the confirmation. */
  readonly language: 'en' | 'hi';
}

/** Whole messages, after normalisation. What is a word of everyday talk in a language of ours stands here only with what it is about. */
const STOP = {
  en: `stop|stopp|stpo|sotp|sttop|stop it|stop this|stop now|stop all|stop msg|stop msgs|stop message|stop messages|stop messaging|stop messaging me|stop sending|
    stop sending messages|stop sending me messages|stop sending msg|stop reminder|stop reminders|stop these messages|stop promotions|stopall|stop texting me|
    unsubscribe|unsubscribed|unsubscribe me|unsub|unsuscribe|unsubscrib|unsubcribe|opt out|optout|opt me out|remove me|remove my number|do not message me|
    dont message me|do not send messages|dont send messages|dont send me messages|no more messages|no more reminders|block messages|
    parar|pare|baja|darse de baja|dar de baja|darme de baja|cancelar suscripcion|sair|cancelar inscricao|arret|arreter|stop sms|desabonner|desinscription|
    abmelden|abbestellen|stopp bitte|aufhoren|basta|disiscrivimi|annulla iscrizione|uitschrijven|afmelden|avsluta|avregistrer|rezygnuje|dur|durdur|iptal|
    berhenti|стоп|отписаться|отписка|στοπ|σταματα|σταματηστε|διαγραφη|توقف|إيقاف|الغاء الاشتراك|停止|退订|退訂`,
  hi: `band karo|bandh karo|band kar do|band kardo|band krdo|band kro|band kijiye|bandh kar do|band karein|msg band karo|message band karo|messages band karo|
    msg mat bhejo|message mat bhejo|messages mat bhejo|mat bhejo|mat bhejiye|mat bhejna|reminder band karo|reminder mat bhejo|sms band karo|msg bandh karo|
    mujhe message mat karo|message mat karo|msg mat karo|roko|roko yeh|ye band karo|yeh band karo|isko band karo|stop karo|stop kar do|stop kardo|stop kro|
    बंद करो|बन्द करो|बंद कर दो|बंद करें|बंद कीजिए|बंद|रोको|रोकें|रोक दो|स्टॉप|मत भेजो|मत भेजिए|मैसेज मत भेजो|मैसेज बंद करो|संदेश बंद करो|संदेश मत भेजो|सदस्यता समाप्त`,
} as const;

const START = {
  en: `start|start again|start messages|start reminders|restart messages|unstop|resume|resume messages|resume reminders|subscribe|subscribe me|resubscribe|opt in|optin|opt me in|
    empezar|iniciar|alta|reprendre|reabonner|anmelden|wieder anmelden|iscrivimi|αρχη|εναρξη|старт|подписаться|ابدأ|开始`,
  hi: `shuru karo|shuru kar do|shuru kardo|shuru kijiye|chalu karo|chalu kar do|chalu kardo|start karo|start kar do|phir se shuru karo|wapas shuru karo|
    शुरू|शुरू करो|शुरू करें|शुरू कर दो|शुरु करो|चालू करो|फिर से शुरू करो|स्टार्ट`,
} as const;

/** Around the word, it changes nothing. */
const POLITE = new Set(
  'please,pls,plz,plss,now,ok,okay,sir,madam,ji,kindly,kripya,thanks,thank,you,por,favor,bitte,svp,कृपया,प्लीज,जी'.split(
    ',',
  ),
);

const WORDS = new Map<string, ConsentWord>();
for (const [wish, lists] of [
  ['stop', STOP],
  ['start', START],
] as const)
  for (const language of ['en', 'hi'] as const)
    for (const phrase of lists[language].split('|')) WORDS.set(normal(phrase), { wish, language });

/**
 * Reads STOP and START, whole messages only: "stop", "STOP!", "please stop", "band karo", "बंद करो" — not "don't stop", "bus stop" or
 * "please stop by". Undefined: it is neither.
 */
export function consentWord(text: string): ConsentWord | undefined {
  if (text.length > LONGEST || /[?？]/u.test(text)) return undefined;
  const plain = normal(text);
  const known = WORDS.get(plain);
  if (known) return known;
  const words = plain.split(' ');
  while (words.length > 1 && POLITE.has(words[0]!)) words.shift();
  while (words.length > 1 && POLITE.has(words.at(-1)!)) words.pop();
  // "stop stop stop"
  const said = words.every((word) => word === words[0]) ? words[0]! : words.join(' ');
  return WORDS.get(said);
}

/** Small letters without accents, marks and repetition: "STOPPP!!" is "stop"; accents of Devanagari and Greek are told alike. */
function normal(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Diacritic}|\u200b|\u200c|\u200d|\ufe0f/gu, '')
    .replace(/\u0901/g, '\u0902')
    .replace(/ς/g, 'σ')
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .replace(/(\p{L})\1{2,}/gu, '$1')
    .trim();
}
