import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { StatementPrinter } from '../../application/statements/statement-printer.js';
import type { Statement, StatementLine } from '../../domain/statements/statement.js';
import {
  dayIn,
  detailsIn,
  dueDetails,
  periodIn,
  type StatementWords,
  wordsFor,
} from '../../domain/statements/statement-words.js';
import { type Column, LEFT, RIGHT, StatementPaper } from './statement-paper.js';

const WHOLE: Column = { x: LEFT, width: RIGHT - LEFT, align: 'left' };
const DATE: Column = { x: LEFT, width: 66, align: 'left' };
const DETAILS: Column = { x: 114, width: 170, align: 'left' };
const DEBIT: Column = { x: 288, width: 84, align: 'right' };
const CREDIT: Column = { x: 376, width: 84, align: 'right' };
const BALANCE: Column = { x: 464, width: 87, align: 'right' };

/** Statements as PDF: A4, running balance, each page carries its last balance to the next (S0.73). */
@Injectable()
export class PdfStatementPrinter extends StatementPrinter {
  pdf(statement: Statement): Readable {
    const words = wordsFor(statement.locale);
    const document = StatementPaper.begin(statement, words.title);
    write(statement, words, document).then(
      () => document.end(),
      (error: unknown) => document.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    return document;
  }
}

async function write(statement: Statement, words: StatementWords, document: PDFKit.PDFDocument): Promise<void> {
  const { merchant, locale, openingBalance, earlier, lines } = statement;
  const paper = await StatementPaper.on(document, (page) => `${merchant} · ${words.title} · ${words.page} ${page}`);
  writeHead(paper, statement, words);
  writeTableHead(paper, words);
  paper.row([
    [DETAILS, words.openingBalance],
    [BALANCE, openingBalance.format(locale)],
  ]);
  if (earlier)
    paper.row([
      [DETAILS, words.earlier(earlier.count)],
      [DEBIT, earlier.debit.format(locale)],
      [CREDIT, earlier.credit.format(locale)],
      [BALANCE, earlier.balance.format(locale)],
    ]);
  let balance = (earlier?.balance ?? openingBalance).format(locale);
  for (const line of lines) {
    const cells = cellsOf(line, locale, words);
    if (!paper.hasRoomFor(paper.heightOf(cells[1]![1], DETAILS))) {
      await turn(paper, balance, words);
      if (document.destroyed) return;
    }
    paper.row(cells);
    balance = line.balance.format(locale);
  }
  await writeFoot(paper, statement, words);
}

function writeHead(
  paper: StatementPaper,
  { merchant, customer, period, asOf }: Statement,
  words: StatementWords,
): void {
  paper.row([[WHOLE, merchant]], 'bold', 14);
  paper.row([[WHOLE, words.title]], 'regular', 11);
  paper.space(8);
  const who = [customer.name, customer.phone, customer.reference].filter((part) => part !== null && part !== '');
  paper.row([[WHOLE, who.join(' · ')]], 'bold', 10);
  paper.row([[WHOLE, periodIn(words, period, asOf)]]);
  paper.space(8);
}

function writeTableHead(paper: StatementPaper, words: StatementWords): void {
  paper.row(
    [
      [DATE, words.date],
      [DETAILS, words.details],
      [DEBIT, words.debit],
      [CREDIT, words.credit],
      [BALANCE, words.balance],
    ],
    'bold',
  );
  paper.rule();
}

async function turn(paper: StatementPaper, balance: string, words: StatementWords): Promise<void> {
  const row = (text: string): void =>
    paper.row(
      [
        [DETAILS, text],
        [BALANCE, balance],
      ],
      'bold',
    );
  row(words.carriedForward);
  await paper.breathe();
  paper.turn();
  writeTableHead(paper, words);
  row(words.broughtForward);
}

function cellsOf(line: StatementLine, locale: string, words: StatementWords): [Column, string][] {
  return [
    [DATE, dayIn(words, line.date)],
    [DETAILS, detailsIn(words, line)],
    [DEBIT, line.debit?.format(locale) ?? ''],
    [CREDIT, line.credit?.format(locale) ?? ''],
    [BALANCE, line.balance.format(locale)],
  ];
}

async function writeFoot(paper: StatementPaper, statement: Statement, words: StatementWords): Promise<void> {
  const { locale, totalDebit, totalCredit, closingBalance, openDues } = statement;
  if (!paper.hasRoomFor(60)) await turn(paper, closingBalance.format(locale), words);
  paper.rule();
  paper.row([
    [DETAILS, words.total],
    [DEBIT, totalDebit.format(locale)],
    [CREDIT, totalCredit.format(locale)],
  ]);
  paper.row(
    [
      [DETAILS, words.closingBalance],
      [BALANCE, closingBalance.format(locale)],
    ],
    'bold',
    10,
  );
  paper.space(14);
  paper.row([[WHOLE, openDues.length > 0 ? words.openDues : words.nothingOpen]], 'bold', 10);
  for (const due of openDues) {
    const details = [dueDetails(due), words.statuses[due.status]].filter((part) => part !== '').join(', ');
    if (!paper.hasRoomFor(paper.heightOf(details, DETAILS))) {
      await paper.breathe();
      paper.turn();
    }
    paper.row([
      [DATE, dayIn(words, due.dueDate)],
      [DETAILS, details],
      [CREDIT, due.amount.format(locale)],
      [BALANCE, due.outstanding.format(locale)],
    ]);
  }
}
