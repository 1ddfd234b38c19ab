/** One word, repeated letters and all, in the spellings that people use. */
const GREETING =
  /^(h+i+|h+e+y+|h+e+l+o+|h+a+l+o+|hola|namaste|namaskar|नमस्ते|नमस्कार|हाय|हैलो|हेलो|start|menu|help|restart)$/u;
const ADDRESSED = new Set([
  'there',
  'all',
  'sir',
  'madam',
  'mam',
  'maam',
  'team',
  'dear',
  'friend',
  'bro',
  'ji',
  'nodue',
  'again',
]);

/** Whether a text asks for the menu: "hi", "Hello!", "hii 👋", "Hi there" (S0.65), and "menu" or "help" (S2.28). */
export function isGreeting(text: string): boolean {
  if (text.length > 40) return false;
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s]/gu, '')
    .split(/\s+/u)
    .filter((word) => word !== '');
  const [first, ...others] = words;
  return (
    first !== undefined &&
    others.length <= 2 &&
    GREETING.test(first) &&
    others.every((word) => ADDRESSED.has(word) || GREETING.test(word))
  );
}
