import { showingNewest, type Statement } from './statement.js';
import { dayIn, detailsIn, dueDetails, periodIn, type StatementWords, wordsFor } from './statement-words.js';

/** Meta's limit of a text's body. */
export const TEXT_LIMIT = 4096;
/** More dues than this are a list that nobody reads on a telephone. */
const MOST_DUES = 10;
const LONGEST_NAME = 100;
const LONGEST_DETAILS = 120;

/**
 * The statement as one WhatsApp text (S0.73), at most 4096 characters: the newest lines stay, older ones are summed up. Bold by
 * `*...*`.
 */
export function statementText(statement: Statement): string {
  // Bisection: a text with one line more is never shorter, but where the last hidden line takes the place of its own sum.
  let [fits, tooMany] = [0, statement.lines.length + 1];
  while (tooMany - fits > 1) {
    const count = (fits + tooMany) >> 1;
    if (write(showingNewest(statement, count)).length <= TEXT_LIMIT) fits = count;
    else tooMany = count;
  }
  return write(showingNewest(statement, fits));
}

function write(statement: Statement): string {
  const words = wordsFor(statement.locale);
  const { merchant, customer, period, asOf } = statement;
  return [
    `*${words.title}*`,
    shortened([customer.name, merchant].filter(Boolean).join(' · '), 2 * LONGEST_NAME),
    periodIn(words, period, asOf),
    '',
    ...account(statement, words),
    `*${words.closingBalance}: ${statement.closingBalance.format(statement.locale)}*`,
    '',
    ...openDues(statement, words),
  ].join('\n');
}

function account(
  { locale, period, openingBalance, earlier, lines }: Statement,
  words: StatementWords,
): readonly string[] {
  return [
    ...(period.from === null && openingBalance.isZero
      ? []
      : [`${words.openingBalance}: ${openingBalance.format(locale)}`]),
    ...(earlier ? [`${words.earlier(earlier.count)} = ${earlier.balance.format(locale)}`] : []),
    ...lines.map((line) => {
      const amount = line.debit ? `+${line.debit.format(locale)}` : `−${line.credit?.format(locale) ?? ''}`;
      const details = shortened(detailsIn(words, line), LONGEST_DETAILS);
      return `${dayIn(words, line.date)}  ${details}  ${amount} = ${line.balance.format(locale)}`;
    }),
  ];
}

function openDues({ locale, openDues: dues }: Statement, words: StatementWords): readonly string[] {
  if (dues.length === 0) return [words.nothingOpen];
  return [
    `*${words.openDues}*`,
    ...dues.slice(0, MOST_DUES).map((due) => {
      const details = shortened(dueDetails(due), LONGEST_DETAILS);
      const about = details === '' ? '' : ` (${details})`;
      return `• ${due.outstanding.format(locale)}, ${words.dueOn(dayIn(words, due.dueDate))}${about}: ${words.statuses[due.status]}`;
    }),
    ...(dues.length > MOST_DUES ? [`• ${words.furtherDues(dues.length - MOST_DUES)}`] : []),
  ];
}

/** By whole characters: half of a pair is no text. */
function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
