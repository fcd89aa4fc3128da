import { layout, mermaid, sceneSvg, svgToPng, terminalDrawing } from '../../../render/index.ts';
import { diagnose } from '../../../diagnose/index.ts';
import type { Parsed } from '../../../ip/index.ts';
import type { Network } from '../../../model/index.ts';
import { roundTrip } from '../../../trace/index.ts';
import { worldWith } from '../../../reach/index.ts';
import { questionOf } from '../ask.ts';
import { note, say, type Cli } from '../context.ts';
import { serviceOf, type ServiceFlags } from '../flags.ts';
import { networkOf } from '../load.ts';
import { stopsAt, usageFault } from '../report.ts';

type Format = 'svg' | 'png' | 'mermaid' | 'text';

interface Flags extends ServiceFlags {
  readonly network?: string;
  readonly format?: Format;
  readonly output?: string;
}

/** `waymark draw [FROM TO]`: the picture of the network, and of one way through it there and back. */
export async function draw(this: Cli, flags: Flags, from?: string, to?: string): Promise<void> {
  const format = formatOf(flags);
  const service = serviceOf(flags);
  const faults = [
    ...format.diagnostics,
    ...(service.ok ? [] : [usageFault(service.code, service.message, service.hint)]),
    ...(from !== undefined && to === undefined ? [usageFault('usage', 'FROM without TO', 'name both, or none')] : []),
  ];
  if (stopsAt(this, faults) || !service.ok) return;
  const loaded = await networkOf(this.machine, flags.network);
  if (stopsAt(this, loaded.diagnostics) || !loaded.value) return;
  const way = from === undefined || to === undefined ? null : { from, to };
  // somebody on the internet may ask too
  const network = way ? worldWith(loaded.value, way.from) : loaded.value;
  const question = way && questionOf(network, way.from, way.to, service.value);
  if (question && !question.ok) {
    stopsAt(this, [usageFault(question.code, question.message, question.hint)]);
    return;
  }
  const picture = await pictureOf(this, format.value, network, question?.value ?? null);
  if (picture.value !== null) await put(this, flags.output, picture.value);
  stopsAt(this, picture.diagnostics);
}

type Asked = Parameters<typeof roundTrip>[1];

async function pictureOf(
  cli: Cli,
  format: Format,
  network: Network,
  question: Asked | null,
): Promise<Parsed<string | Uint8Array | null>> {
  const trip = question && roundTrip(network, question);
  const findings = question && trip ? diagnose(network, question, trip) : [];
  if (format === 'mermaid') return { value: mermaid(network, trip), diagnostics: [] };
  if (format === 'text') {
    const options = { width: cli.width, ascii: isAscii(cli) };
    return { value: terminalDrawing(network, trip, findings, options), diagnostics: [] };
  }
  const svg = sceneSvg(layout(network, trip, findings));
  return format === 'svg' ? { value: svg, diagnostics: [] } : svgToPng(svg);
}

const ENDINGS: readonly (readonly [string, Format])[] = [
  ['.svg', 'svg'],
  ['.png', 'png'],
  ['.mmd', 'mermaid'],
  ['.txt', 'text'],
];

/** The format that the flags say. Code: `usage`, also for a file that is no picture by its name: it may be precious. */
function formatOf({ format, output }: Flags): Parsed<Format> {
  const said = format ?? (output === undefined ? 'text' : ENDINGS.find(([e]) => output.endsWith(e))?.[1]);
  if (said === undefined) {
    const hint = `name it *${ENDINGS.map(([e]) => e).join(', *')}, or say --format`;
    return {
      value: 'text',
      diagnostics: [usageFault('usage', `the name ${output ?? ''} does not say what picture it is`, hint)],
    };
  }
  if (said !== 'png' || output !== undefined) return { value: said, diagnostics: [] };
  return { value: said, diagnostics: [usageFault('usage', 'a PNG goes to a file', 'add --output picture.png')] };
}

/** A terminal that is not set to UTF-8 gets plain characters. */
const isAscii = (cli: Cli): boolean => {
  const locale = cli.process.env.LC_ALL ?? cli.process.env.LC_CTYPE ?? cli.process.env.LANG ?? '';
  return locale !== '' && !/utf-?8/i.test(locale);
};

async function put(cli: Cli, file: string | undefined, content: string | Uint8Array): Promise<void> {
  if (file === undefined) {
    say(cli, typeof content === 'string' ? content : '');
    return;
  }
  const written = await cli.machine.writeFile(file, content);
  if (written.ok) note(cli, `wrote ${file}`);
  else stopsAt(cli, [usageFault(written.code, written.message, written.hint)]);
}
