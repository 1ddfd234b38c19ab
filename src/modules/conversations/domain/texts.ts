/** What the bot says. The first two are given word by word: S0.74, S0.84. */
export const TEXTS = {
  menu: 'Welcome to No-Due! Please select an option below:',
  timedOut: 'Due to inactivity, your session has timed out ⌛. Just type Hi to restart your conversation 👋',
  menuButton: 'View options',
  menuSection: 'Available Options',
  noDues: 'There are no dues on record for you.',
  hint: 'Thank you, we have received your message. Type Hi to see the menu 👋',
  tooFast:
    'You are writing faster than I can answer 🙂 Please wait a minute, then try again. Nothing that you sent is lost.',
  tooBusy:
    'We are receiving very many messages right now. Please try again in a minute. Nothing that you sent is lost.',
  notUsable: 'Sorry, I could not use that answer. Please check it and try again, or type Hi to start over.',
  failed: 'Sorry, something went wrong on our side. We have received your message; please type Hi to start over.',
} as const;

/** Answers to STOP and START, in the language of the word. */
export const CONSENT_TEXTS = {
  stopped: {
    en: 'You will not get reminders from us any more. Write START to get them again.',
    hi: 'अब आपको हमारी ओर से रिमाइंडर नहीं मिलेंगे। फिर से पाने के लिए START लिखें।',
  },
  started: {
    en: 'You will get our reminders again. Write STOP at any time to end them, or Hi to see the menu.',
    hi: 'अब आपको फिर से रिमाइंडर मिलेंगे। बंद करने के लिए कभी भी STOP लिखें, मेनू के लिए Hi।',
  },
} as const;
