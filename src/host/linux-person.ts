import { createInterface } from 'node:readline/promises';

/** See `Machine.askPerson`. */
export async function askPerson(question: string): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } catch {
    // the terminal went away, or the person typed the end of input
    return '';
  } finally {
    lines.close();
  }
}
