import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import PDFDocument from 'pdfkit';
import type { Statement } from '../../domain/statements/statement.js';

const require = createRequire(import.meta.url);
/** Latin, Greek, Cyrillic and Devanagari, and the signs of currencies; only the glyphs that are used are embedded. */
const FONTS = {
  regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
} as const;
type Weight = keyof typeof FONTS;

let fonts: Promise<Record<Weight, Buffer>> | undefined;

function readFonts(): Promise<Record<Weight, Buffer>> {
  fonts ??= Promise.all([readFile(require.resolve(FONTS.regular)), readFile(require.resolve(FONTS.bold))]).then(
    ([regular, bold]) => ({ regular, bold }),
  );
  return fonts;
}

/** Where something stands in a line, in points from the left edge of an A4 page of 595 by 842. */
export interface Column {
  readonly x: number;
  readonly width: number;
  readonly align: 'left' | 'right';
}

export const LEFT = 44;
export const RIGHT = 551;
const BOTTOM = 842 - 52;
const LINE = 12;
const SIZE = 9;
const MOST_LINES_IN_A_CELL = 3;

/** A4 pages that are filled from the top down, line by line. */
export class StatementPaper {
  #y = 0;
  #page = 0;

  private constructor(
    readonly document: PDFKit.PDFDocument,
    private readonly footer: (page: number) => string,
  ) {}

  /** Dates come from the statement, so that the same one is the same bytes. */
  static begin({ drawnUpAt, merchant, locale }: Statement, title: string): PDFKit.PDFDocument {
    return new PDFDocument({
      size: 'A4',
      margin: 0,
      autoFirstPage: false,
      lang: locale,
      info: { Title: title, Author: merchant, CreationDate: drawnUpAt, ModDate: drawnUpAt },
    });
  }

  static async on(document: PDFKit.PDFDocument, footer: (page: number) => string): Promise<StatementPaper> {
    const { regular, bold } = await readFonts();
    document.registerFont('regular', regular).registerFont('bold', bold);
    const paper = new StatementPaper(document, footer);
    paper.turn();
    return paper;
  }

  /** Whether a row of `height` points, and a carried-forward line below it, have room on this page. */
  hasRoomFor(height: number): boolean {
    return this.#y + height + 2 * LINE <= BOTTOM;
  }

  /** A new page. */
  turn(): void {
    this.document.addPage();
    this.#page++;
    this.#y = LEFT;
    this.#put(this.footer(this.#page), { x: LEFT, width: RIGHT - LEFT, align: 'right' }, BOTTOM + 14, 'regular', 8);
  }

  /** Lets others work: a long statement is many pages. */
  async breathe(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  heightOf(text: string, column: Column, weight: Weight = 'regular', size = SIZE): number {
    if (this.#isOneLine(text, column, weight, size)) return LINE;
    return Math.min(this.document.heightOfString(text, { width: column.width }), MOST_LINES_IN_A_CELL * LINE * 1.2);
  }

  /** One row of cells, each in its column. */
  row(cells: readonly (readonly [Column, string])[], weight: Weight = 'regular', size = SIZE): void {
    const height = Math.max(LINE, ...cells.map(([column, text]) => this.heightOf(text, column, weight, size)));
    for (const [column, text] of cells) this.#put(text, column, this.#y, weight, size);
    this.#y += height + 4;
  }

  rule(): void {
    this.document.moveTo(LEFT, this.#y).lineTo(RIGHT, this.#y).lineWidth(0.5).strokeColor('#999999').stroke();
    this.#y += 5;
  }

  space(points: number): void {
    this.#y += points;
  }

  /** Wrapping measures each word again: most cells need none. */
  #put(text: string, column: Column, y: number, weight: Weight, size: number): void {
    if (text === '') return;
    const { x, width, align } = column;
    const isOneLine = this.#isOneLine(text, column, weight, size);
    this.document.fillColor('#111111');
    if (!isOneLine) {
      this.document.text(text, x, y, {
        width,
        align,
        height: this.heightOf(text, column, weight, size) + 1,
        ellipsis: true,
      });
      return;
    }
    const start = align === 'left' ? x : x + width - this.document.widthOfString(text);
    this.document.text(text, start, y, { lineBreak: false });
  }

  #isOneLine(text: string, { width }: Column, weight: Weight, size: number): boolean {
    return this.document.font(weight).fontSize(size).widthOfString(text) <= width;
  }
}
