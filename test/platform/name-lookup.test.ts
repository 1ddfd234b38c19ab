import { createSocket, type Socket } from 'node:dgram';
import { lookup, Resolver } from 'node:dns/promises';
import dnsPacket, { type Answer } from 'dns-packet';
import { NameLookup } from '../../src/platform/media-store/name-lookup.js';

const KNOWN: Readonly<Record<string, readonly Answer[]>> = {
  'both.example': [
    { type: 'A', name: 'both.example', data: '198.51.100.7' },
    { type: 'AAAA', name: 'both.example', data: '2001:db8::7' },
  ],
  'four.example': [{ type: 'A', name: 'four.example', data: '198.51.100.8' }],
};

describe('A stranger’s name (F58, F65)', () => {
  let server: Socket;
  let names: NameLookup;
  let questions: string[];

  beforeAll(async () => {
    server = createSocket('udp4', (message, { port, address }) => {
      const { id = 0, questions: [question] = [] } = dnsPacket.decode(message);
      questions.push(`${question!.type} ${question!.name}`);
      if (question!.name.startsWith('mute')) return;
      const known = KNOWN[question!.name];
      const answers = known?.filter(({ type }) => type === question!.type) ?? [];
      const flags = dnsPacket.RECURSION_AVAILABLE | (known ? 0 : 3);
      server.send(dnsPacket.encode({ type: 'response', id, flags, questions: [question!], answers }), port, address);
    });
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());
  beforeEach(() => {
    questions = [];
    const resolver = new Resolver({ timeout: 1000, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.address().port}`]);
    names = new NameLookup(resolver);
  });

  it('is all the addresses that it has, of both kinds', async () => {
    expect(await names.all('both.example')).toEqual([
      { address: '198.51.100.7', family: 4 },
      { address: '2001:db8::7', family: 6 },
    ]);
    expect(await names.all('four.example')).toEqual([{ address: '198.51.100.8', family: 4 }]);
  });

  it('that nobody knows is an error', () =>
    expect(names.all('gone.example')).rejects.toMatchObject({ code: 'ENOTFOUND' }));

  it('is asked for once, however many ask at a time, and again later', async () => {
    await Promise.all(Array.from({ length: 50 }, () => names.all('four.example')));
    expect(questions).toHaveLength(2);
    await names.all('four.example');
    expect(questions).toHaveLength(4);
  });

  it('whose name servers say nothing holds up nobody else', async () => {
    const mute = Array.from({ length: 100 }, (_, index) => names.all(`mute-${index}.example`));
    let waiting = mute.length;
    const ended = Promise.allSettled(mute.map((asked) => asked.finally(() => waiting--)));
    await lookup('localhost');
    await names.all('four.example');
    expect(waiting).toBe(mute.length);
    for (const { status } of await ended) expect(status).toBe('rejected');
  });
});
