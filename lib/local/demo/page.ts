import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** Where the demo is written: plain lines of at most 80 columns, with colour only for a terminal that wants it. */
export interface Page {
  line(text?: string): void;
  /** Wrapped at words; `first` stands before the first line, the others are indented by its width. */
  paragraph(text: string, first?: string): void;
  title(text: string): void;
  paint(style: Style, text: string): string;
}

const width = 80;
export const indent = '   ';

export function createPage(write: (text: string) => void, colors: boolean): Page {
  const page: Page = {
    line: (text = '') => write(`${text.replaceAll('\u00a0', ' ')}\n`),
    paragraph(text, first = indent) {
      const lines = wrap(text, width - first.length);
      lines.forEach((line, i) => {
        page.line(`${i === 0 ? first : ' '.repeat(first.length)}${line}`);
      });
    },
    title(text) {
      page.line();
      page.line(page.paint('bold', text));
    },
    paint: (style, text) => (colors ? styleText(style, text, { validateStream: false }) : text),
  };
  return page;
}

/** Breaks at spaces; a word longer than a line stands on a line of its own. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
