import type { NamedDay } from './promised-day.js';

/** What a word does in a sentence about paying. A word that stands nowhere here makes the sentence somebody else's. */
export type Concept =
  /** Says nothing about paying: politeness, pronouns, particles. */
  | 'FILL'
  | 'PLEASE'
  | 'WILL'
  /** To pay, in English; or Hinglish `pay kar ...`. */
  | 'PAY'
  /** What one does with money, and with other things. */
  | 'TRANSFER'
  | 'PAYING'
  | 'PAID'
  | 'HAVE'
  | 'SHOULD'
  | 'DONE'
  | 'SENT'
  | 'SEND'
  | 'GIVE'
  /** `de`, `bhej`: what one does with money. */
  | 'STEM'
  /** `kar`, `ho`: anything; what is done must be named. */
  | 'LIGHT'
  /** `jayega`, `milega`: it comes about, whatever it is. */
  | 'COMES'
  /** `dunga`, `karunga`: it will be. */
  | 'FUTURE'
  | 'PROGRESS'
  | 'PAST'
  | 'AUX'
  | 'DO'
  | 'MONEY'
  | 'CHANNEL'
  | 'HALF'
  | 'REST'
  | 'NOW'
  | 'DAYPART'
  | 'WEEK'
  | 'SOON'
  | 'TIME'
  | 'SOME'
  | 'NEED'
  | 'STATEMENT'
  | 'BALANCE'
  /** Says "due" where something else says that it is asked for. */
  | 'OWED'
  | 'HOW_MUCH'
  | 'WHAT'
  | 'TELL'
  | 'TO_GIVE'
  | 'MINE';

/** English, Hindi in Latin letters as people type it, and Devanagari (without nukta, chandrabindu as anusvara). */
const WORDS: Readonly<Record<Concept, string>> = {
  FILL: `i,we,the,a,it,this,that,be,been,am,to,of,for,on,by,in,within,till,until,upto,before,at,ok,okay,okey,k,yes,yeah,yep,yup,sure,definitely,
    thanks,thank you,thankyou,thanku,thx,sorry,sir,mam,madam,maam,ji,bhai,bhaiya,bro,dear,boss,bhaisahab,all,full,fully,whole,and,so,then,
    main,mai,mein,hum,ham,haan,han,ha,haa,ji haan,theek,thik,theek hai,thik hai,acha,accha,achha,to,toh,ko,tak,se,ka,ki,ke,pakka,zaroor,jarur,zarur,pura,poora,
    already,just,hi,hello,namaste,aapko,apko,aapke,apke,wala,wali,hi hai,bhi,only,once,
    मैं,मै,हम,हां,जी,को,तक,से,का,की,के,पक्का,जरूर,पूरा,ठीक,ठीक है,अच्छा,सर,भाई,तो,आपको,नमस्ते,भी`,
  PLEASE: 'please,pls,plz,plse,plez,pl,kindly,kripya,kripaya,कृपया,प्लीज',
  WILL: 'will,ill,shall,wil,gonna,going to,i can,we can,let me',
  PAY: 'pay,pay you,pay u,make payment,make the payment,do payment,do the payment,complete payment,पे',
  TRANSFER: 'transfer,clear,settle,deposit,remit,ट्रांसफर',
  PAYING: 'paying,transferring,paying you,clearing,making payment,making the payment,doing payment',
  PAID: 'paid,payed,payd,paied,piad,pd,transferred,transfered,deposited,paid you,पेड',
  HAVE: 'have,has,ive,had',
  SHOULD: 'should,must,need to,supposed to',
  DONE: 'done,dne,completed,complete,made,cleared,settled,successful,successfully,success,डन',
  SENT: 'sent,sent you',
  SEND: 'send,send me,bhejo,bhejiye,bhejna,bhej do,bhej dijiye,bhej dijiyega,bhejdo,share,share me,provide,provide me,mail,भेजो,भेजिए,भेजें,भेज दो,भेज दीजिए,भेजना',
  GIVE: 'give,give me,give you,give us,allow me,allow',
  STEM: 'de,bhej,dal,daal,दे,भेज,डाल',
  LIGHT: 'kar,kr,ho,कर,हो,kiya,kia,kiye,किया,किए',
  COMES: 'mil,मिल,milega,milegi,मिलेगा,jayega,jaayega,jaega,jayegi,jayenge,jaayegi,hoga,hogi,जाएगा,जायेगा,जाएगी,होगा',
  FUTURE: `dunga,dungi,doonga,doongi,dungaa,dunge,duga,dugi,denge,dengey,dega,degi,dege,dedege,deta,deti,dete,karunga,karungi,karenge,karonga,krunga,krungi,krenge,karuga,karugi,
    karta,karti,karte,krta,krti,krte,bhejunga,bhejungi,bhejenge,bhejuga,bhejta,bhejti,bhejte,chukaunga,chukaungi,chuka dunga,chuka denge,
    दूंगा,दुंगा,दूंगी,दुंगी,देंगे,देता,देती,देते,करूंगा,करुंगा,करूंगी,करुंगी,करेंगे,करता,करती,करते,भेजूंगा,भेजुंगा,भेजूंगी,भेजेंगे,भेजता,भेजती,चुकाऊंगा`,
  PROGRESS: 'raha,rahi,rahe,rha,rhi,rhe,रहा,रही,रहे',
  PAST: 'chuka,diya,dia,diye,diyaa,di,gaya,gya,gaye,gayi,gai,gyi,chuke,chuki,kiya,kia,kiye,दिया,दिए,दी,गया,गई,चुका,चुके,चुकी,किया,किए',
  AUX: 'hu,hun,hoon,hai,h,hain,tha,thi,is,are,was,हूं,हु,हुं,है,हैं,था,थी',
  DO: 'do,dijiye,dijie,dijiyega,dedo,de do,de dijiye,de dena,दो,दीजिए,दीजिये,दे दो,दे दीजिए',
  MONEY:
    'payment,payments,paymnt,pymt,pymnt,pmt,paymet,paise,paisa,paisae,pesa,paysa,money,amount,amt,rakam,rakm,rupees,पेमेंट,पेमेन्ट,पैसा,पैसे,रकम,भुगतान,राशि',
  CHANNEL:
    'upi,gpay,g pay,google pay,googlepay,phonepe,phone pe,phonpe,paytm,neft,imps,rtgs,bank,cash,online,cheque,check se,through,via,यूपीआई,ऑनलाइन,कैश,नकद',
  HALF: 'half,aadha,adha,aadhaa,aadhe,adhe,आधा,आधे',
  REST: 'rest,remaining,baad,baad mein,baad me,later,baki baad,बाद में,बाकी बाद में,रेस्ट',
  NOW: 'now,right now,abhi,abi,immediately,turant,अभी,तुरंत',
  DAYPART:
    'evening,shaam,sham,shaam ko,morning,subah,subha,afternoon,dopahar,dopehar,night,raat,raat ko,eod,end of day,शाम,सुबह,दोपहर,रात',
  WEEK: 'this week,within this week,in a week,within a week,within week,week,next week,nxt week,coming week,a week,one week,is hafte,iss hafte,is haftey,agle hafte,agle hafta,agley hafte,ek hafte,ek hafte mein,ek hafte me,hafte bhar,hafte me,hafte mein,this weekend,weekend,इस हफ्ते,अगले हफ्ते,एक हफ्ते में,हफ्ते में,अगले सप्ताह,इस सप्ताह',
  SOON: 'soon,asap,shortly,jaldi,jaldi hi,jald,jald hi,very soon,as soon as possible,जल्दी,जल्द,जल्दी ही',
  TIME: 'time,tym,tame,waqt,samay,mohlat,days,din,day time,टाइम,समय,वक्त,मोहलत,दिन',
  SOME: 'some,little,bit,little bit,a little,more,some more,few,few more,thoda,thora,thodi,thode,thoda sa,thoda aur,aur,kuch,extra,थोडा,थोडी,थोडे,और,कुछ',
  NEED: 'need,want,require,chahiye,chahie,chaiye,chaahiye,lagega,lagenge,lagegi,चाहिए,चाहिये,लगेगा',
  STATEMENT:
    'statement,statment,stmt,statemnt,hisab,hisaab,hisab kitab,khata,ledger,account statement,statement of account,स्टेटमेंट,हिसाब,खाता',
  BALANCE:
    'balance,balanc,blance,bal,dues,outstanding,balance amount,due amount,amount due,pending amount,current due,total due,total dues,current balance,बैलेंस,बकाया,bakaya,baqaya',
  OWED: 'bill,emi,installment,instalment,due,baki,baaki,bacha,pending,owe,udhar,udhaar,left,remaining amount,बाकी,उधार,ड्यू,शेष,बिल',
  HOW_MUCH: 'how much,kitna,kitne,kitni,kitana,how mch,hw much,how many rupees,कितना,कितने,कितनी',
  WHAT: 'what,whats,what is,wat,kya,क्या',
  TELL: 'batao,bata,bataye,bataiye,batana,tell,tell me,show,show me,check,confirm,please confirm,dekho,dekh lo,check kar lo,check karo,बताओ,बताइए,बताना',
  TO_GIVE: 'dena,dene,deni,karna,bharna,bharne,देना,देने,देनी',
  MINE: 'my,mera,mere,meri,our,hamara,मेरा,मेरे,मेरी',
};

const DAYS: readonly (readonly [day: NamedDay, words: string])[] = [
  [{ kind: 'in-days', days: 0 }, 'today,tdy,todya,toady,tody,2day,aaj,aj,aaj hi,tonight,this evening,आज,आज ही'],
  [
    { kind: 'in-days', days: 1 },
    'tomorrow,tomorow,tommorow,tommorrow,tomorrw,tmrw,tmr,tmrrw,tmw,tomo,2moro,2mrw,2morrow,kal,kl,kal hi,कल,कल ही',
  ],
  [
    { kind: 'in-days', days: 2 },
    'day after tomorrow,day after tmrw,day after,overmorrow,parso,parson,parsoo,परसों,परसो',
  ],
  [
    { kind: 'month-end' },
    'month end,end of month,end of the month,end of this month,this month end,monthend,mahine ke end,mahine ke ant,mahine ke aakhir,महीने के अंत',
  ],
  ...weekday(1, 'monday,mon,mondy,somvar,somwar,सोमवार'),
  ...weekday(2, 'tuesday,tue,tues,tusday,mangalvar,mangalwar,मंगलवार'),
  ...weekday(3, 'wednesday,wed,wednsday,budhvar,budhwar,बुधवार'),
  ...weekday(4, 'thursday,thu,thur,thurs,thrusday,guruvar,guruwar,brihaspativar,गुरुवार'),
  ...weekday(5, 'friday,fri,frday,firday,fryday,shukravar,shukrawar,शुक्रवार'),
  ...weekday(6, 'saturday,satarday,saterday,shanivar,shaniwar,शनिवार'),
  ...weekday(7, 'sunday,ravivar,raviwar,itwar,itvaar,रविवार,इतवार'),
];

/** Only said of what is over. */
const YESTERDAY = 'yesterday,ystrday,yday,last night,last week';

/** Only beside a number: `may` and `mar` are words of their own. */
export const MONTHS: ReadonlyMap<string, number> = new Map(
  [
    'jan,january,जनवरी',
    'feb,february,फरवरी',
    'mar,march,मार्च',
    'apr,april,अप्रैल',
    'may,मई',
    'jun,june,जून',
    'jul,july,जुलाई',
    'aug,august,अगस्त',
    'sep,sept,september,सितंबर',
    'oct,october,अक्टूबर',
    'nov,november,नवंबर',
    'dec,december,दिसंबर',
  ].flatMap((words, index) => words.split(',').map((word) => [word, index + 1] as const)),
);

export type Lexeme =
  | { readonly concept: Concept }
  | { readonly concept: 'DAY'; readonly day: NamedDay }
  | { readonly concept: 'YESTERDAY' }
  /** So many days, not yet said whether by then or until then. */
  | { readonly concept: 'SPAN'; readonly days: number };

const LEXICON = new Map<string, Lexeme[]>();
for (const [concept, words] of Object.entries(WORDS) as [Concept, string][])
  for (const word of listed(words)) LEXICON.set(word, [...(LEXICON.get(word) ?? []), { concept }]);
for (const [day, words] of DAYS) for (const word of listed(words)) LEXICON.set(word, [{ concept: 'DAY', day }]);
for (const word of listed(YESTERDAY)) LEXICON.set(word, [{ concept: 'YESTERDAY' }]);

/** Words in a row that mean one thing, at most. */
export const LONGEST_ENTRY = Math.max(...[...LEXICON.keys()].map((entry) => entry.split(' ').length));

/** What an entry of one or more words means; undefined: nothing that is known. */
export function lookUp(entry: string): readonly Lexeme[] | undefined {
  return LEXICON.get(entry) ?? glued(entry);
}

/** Long words that are mistyped most; short ones are too near to each other. */
const OFTEN_MISTYPED = listed(
  'tomorrow,payment,statement,balance,monday,tuesday,wednesday,thursday,friday,saturday,sunday,outstanding',
);

/** What a word that is not known was meant to be, if one letter is wrong, missing, too many or changed its place. */
export function mendTypo(word: string): readonly Lexeme[] | undefined {
  if (word.length < 5) return undefined;
  const meant = OFTEN_MISTYPED.filter((known) => isOneEditAway(word, known));
  return meant.length === 1 ? LEXICON.get(meant[0]!) : undefined;
}

/** `kardunga`, `bhejdiya`, `hogaya`: two words typed as one. */
function glued(word: string): readonly Lexeme[] | undefined {
  for (const length of [2, 3, 4]) {
    const [stem, ending] = [LEXICON.get(word.slice(0, length)), LEXICON.get(word.slice(length))];
    if (stem?.some(isStem) && ending?.some(isEnding)) return [...stem, ...ending];
  }
  return undefined;
}

function isStem({ concept }: Lexeme): boolean {
  return concept === 'STEM' || concept === 'LIGHT' || concept === 'COMES';
}

function isEnding({ concept }: Lexeme): boolean {
  return concept === 'FUTURE' || concept === 'PAST' || concept === 'COMES';
}

function weekday(number: number, words: string): (readonly [NamedDay, string])[] {
  const nexts = listed(words).flatMap((word) => [`next ${word}`, `nxt ${word}`, `agle ${word}`, `coming ${word}`]);
  return [
    [{ kind: 'weekday', weekday: number, next: false }, words],
    [{ kind: 'weekday', weekday: number, next: true }, nexts.join(',')],
  ];
}

function listed(words: string): string[] {
  return words.split(',').map((word) => word.trim());
}

function isOneEditAway(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  return (
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}
