import { layout, mermaid, sceneSvg, svgToPng, terminalDrawing } from '../../../render/index.ts';
import { diagnose } from '../../../diagnose/index.ts';
import { askFor } from '../../../reach/index.ts';
import { roundTrip } from '../../../trace/index.ts';
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
  const service = serviceOf(flags);
  if (!service.ok || (from !== undefined && to === undefined)) {
    const fault = service.ok
      ? usageFault('usage', 'FROM without TO', 'name both, or none')
      : usageFault(service.code, service.message, service.hint);
    stopsAt(this, [fault]);
    return;
  }
  const loaded = await networkOf(this.machine, flags.network);
  if (stopsAt(this, loaded.diagnostics) || !loaded.value) return;
  const network = loaded.value;
  const question = from === undefined || to === undefined ? null : askFor(network, from, to, service.value);
  if (question && !question.ok) {
    stopsAt(this, [usageFault(question.code, question.message, question.hint)]);
    return;
  }
  const trip = question ? roundTrip(network, question.value) : null;
  const findings = question && trip ? diagnose(network, question.value, trip) : [];
  const format = flags.format ?? formatOf(flags.output);
  if (format === 'mermaid') return put(this, flags.output, mermaid(network, trip));
  if (format === 'text')
    return put(
      this,
      flags.output,
      terminalDrawing(network, trip, findings, { width: this.width, ascii: isAscii(this) }),
    );
  const svg = sceneSvg(layout(network, trip, findings));
  if (format === 'svg') return put(this, flags.output, svg);
  if (flags.output === undefined) {
    stopsAt(this, [usageFault('usage', 'a PNG goes to a file', 'add --output picture.png')]);
    return;
  }
  const png = await svgToPng(svg);
  if (!png.value) {
    stopsAt(this, png.diagnostics);
    return;
  }
  return put(this, flags.output, png.value);
}

function formatOf(output: string | undefined): Format {
  if (output === undefined) return 'text';
  return output.endsWith('.png')
    ? 'png'
    : output.endsWith('.mmd')
      ? 'mermaid'
      : output.endsWith('.txt')
        ? 'text'
        : 'svg';
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
