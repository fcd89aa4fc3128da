/** Calls back with each line, without its end, and where it begins. */
export function eachLine(text: string, found: (line: string, at: number) => void): void {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const next = end < 0 ? text.length : end;
    found(text.slice(at, next > at && text[next - 1] === '\r' ? next - 1 : next), at);
    at = next + 1;
  }
}
