/** The forms the common JSON writers give the same document; none if the text is not JSON. */
export function serializations(text: string): string[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return [];
  }
  const compact = JSON.stringify(document);
  const forms = [
    compact,
    spaced(document),
    JSON.stringify(document, null, 2),
    JSON.stringify(document, null, 4),
  ];
  const escapes = [
    (form: string) => form,
    (form: string) => form.replaceAll('/', '\\/'),
    asciiOnly,
    (form: string) => asciiOnly(form.replaceAll('/', '\\/')),
    (form: string) => form.replace(/[<>&]/g, (char) => unicodeEscape(char)),
  ];
  return forms.flatMap((form) => escapes.map((write) => write(form)));
}

/** Python's default: a space after each colon and comma. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${spaced(item)}`);
  return `{${members.join(', ')}}`;
}

const asciiOnly = (form: string) => form.replace(/[\u0080-\uffff]/g, unicodeEscape);
const unicodeEscape = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
