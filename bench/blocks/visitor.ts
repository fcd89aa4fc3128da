import { connect, type Socket } from 'node:net';

/**
 * Run in the namespace of the visitors: `visitor.ts SITE SOCKET ROUNDS`. Blocks and lifts addresses through the guard's socket and
 * tries meanwhile, without a pause, to connect from them. Prints JSON: milliseconds from the question to the end of the first
 * attempt that met the page, the site again, and to the reset of a connection that was open.
 */
const [site = '', path = '', rounds = '0'] = process.argv.slice(2);

/** What answers a new connection from there: the site says so; the page answers in HTTP. */
function visit(from: string): Promise<'site' | 'page' | 'nobody'> {
  return new Promise((done) => {
    const socket = connect({ host: site, port: 80, localAddress: from });
    socket.on('error', () => done('nobody')).once('close', () => done('nobody'));
    socket.setTimeout(1000, () => socket.destroy());
    socket.once('connect', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'));
    socket.once('data', (d: Buffer) => {
      done(d.toString().startsWith('site') ? 'site' : 'page');
      socket.destroy();
    });
  });
}

const guard = connect(path);
let heard: (line: string) => void = () => undefined;
let rest = '';
guard.setEncoding('utf8').on('data', (text: string) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop()!;
  for (const line of lines) heard(line);
});

/** Asks the guard; the milliseconds that its answer took. */
function ask(request: unknown): Promise<number> {
  const begin = performance.now();
  guard.write(`${JSON.stringify(request)}\n`);
  return new Promise((done, fail) => {
    heard = (line) => {
      if (line.includes('"diagnostics":[]')) done(performance.now() - begin);
      else fail(new Error(line));
    };
  });
}

const decision = (from: string): unknown => ({
  prefix: `${from}/32`,
  reason: 'Too many failed logins',
  reference: 'K7P-4QD',
  since: Date.now(),
  until: Date.now() + 3_600_000,
  by: 'bench',
  evidence: [],
  rest: 'through',
});

/** Milliseconds until the end of the first attempt that meets it. */
async function until(word: 'site' | 'page', from: string, begin: number): Promise<number> {
  for (;;) {
    if ((await visit(from)) === word) return performance.now() - begin;
    if (performance.now() - begin > 10_000) throw new Error(`${from} does not meet the ${word}`);
  }
}

/** A connection to the site that has answered once; it sends a sign each half millisecond, and `gone` says when it was reset. */
async function held(from: string): Promise<{ gone: Promise<number>; socket: Socket }> {
  const socket = connect({ host: site, port: 80, localAddress: from, noDelay: true });
  const gone = new Promise<number>((done) =>
    socket.on('error', () => undefined).once('close', () => done(performance.now())),
  );
  await new Promise((done) => {
    socket.once('data', done);
    socket.write('x');
  });
  return { gone, socket };
}

const figures = { block: [] as number[], lift: [] as number[], reset: [] as number[], answer: [] as number[] };
for (let i = 0; i < Number(rounds); i++) {
  const from = `10.77.1.${10 + (i % 200)}`;
  if ((await visit(from)) !== 'site') throw new Error(`${from} does not meet the site`);
  const { gone, socket } = await held(from);
  const sending = setInterval(() => socket.write('x'), 1);
  const begin = performance.now();
  const answered = ask({ do: 'block', decision: decision(from) });
  figures.block.push(await until('page', from, begin));
  figures.answer.push(await answered);
  figures.reset.push((await gone) - begin);
  clearInterval(sending);
  const again = performance.now();
  const lifted = ask({ do: 'lift', prefix: `${from}/32`, by: 'bench' });
  figures.lift.push(await until('site', from, again));
  await lifted;
}
console.log(JSON.stringify(figures));
guard.destroy();
