import { io, type Socket } from 'socket.io-client';
import { type Merchant, Rig } from '../journeys/rig.js';
import { until } from '../setup/until.js';

const PATIENCE = 90_000;

interface Told {
  readonly seq: number;
  readonly wamid?: string | null;
  readonly conversationId?: string;
}

/** A client that does what docs/realtime.md says under "Catch up", and nothing more. */
class Client {
  readonly events = new Map<number, Told>();
  readonly losses: string[] = [];
  readonly socket: Socket;
  #catchingUp: Promise<void> = Promise.resolve();
  #hellos = 0;

  constructor(
    private readonly rig: Rig,
    private readonly merchant: Merchant,
  ) {
    this.socket = io(rig.apiUrl, {
      auth: { token: merchant.token },
      transports: ['websocket'],
      reconnectionDelayMax: 500,
    });
    this.socket.onAny((name: string, told: Told) => {
      if (name === 'hello') this.#catchingUp = this.#catchingUp.then(() => this.#hello(told.seq));
      else if (told.seq !== undefined) this.#take(told);
    });
    this.socket.on('disconnect', (reason) => this.losses.push(reason));
  }

  get hellos(): number {
    return this.#hellos;
  }

  /** All numbers that it has been told, in their order. */
  get seqs(): number[] {
    return [...this.events.keys()].sort((a, b) => a - b);
  }

  has(wamid: string): boolean {
    return [...this.events.values()].some((told) => told.wamid === wamid);
  }

  async #hello(seq: number): Promise<void> {
    const last = this.seqs.findLast((known) => known <= seq);
    for (let after: string | null = this.#hellos === 0 ? null : String(last ?? 0); after !== null;) {
      const page: { body: { data: Told[]; nextCursor: string | null } } = await this.rig.call(
        'GET',
        `/v1/events?after=${after}&limit=5`,
        this.merchant.token,
      );
      page.body.data.forEach((told) => this.#take(told));
      after = page.body.nextCursor;
    }
    this.#hellos++;
  }

  #take(told: Told): void {
    if (!this.events.has(told.seq)) this.events.set(told.seq, told);
  }
}

describe('A client is complete though the API goes away and comes back (S1.20, F53)', () => {
  let rig: Rig;
  let merchant: Merchant;
  let client: Client;
  let customers = 0;

  beforeAll(async () => {
    rig = await Rig.start({ workers: 1 });
    merchant = await rig.merchant();
    client = new Client(rig, merchant);
    await until(() => client.hellos === 1, { within: PATIENCE });
  });
  afterAll(async () => {
    client.socket.disconnect();
    await rig.stop();
  });

  async function write(): Promise<string> {
    const waId = `9198765${String(++customers).padStart(5, '0')}`;
    await rig.write(waId, merchant.phoneNumberId, { text: `Message ${customers}` });
    return (await rig.handset(waId)).find(({ direction }) => direction === 'written')!.wamid;
  }

  it.each<['ends' | 'dies', () => Promise<void>]>([
    ['ends', () => rig.end(rig.api)],
    ['dies', () => rig.kill(rig.api)],
  ])(
    'when it %s, and customers write on',
    async (how, goes) => {
      const hellos = client.hellos;
      const before = await write();
      await until(() => client.has(before), { within: PATIENCE });
      const { conversationId } = [...client.events.values()].find(({ wamid }) => wamid === before)!;
      expect(await client.socket.emitWithAck('viewing', { conversationId })).toMatchObject({
        viewers: [{ name: 'Admin' }],
      });

      await goes();
      const meanwhile = [await write(), await write(), await write()];
      if (how === 'ends') expect(await rig.sql('select 1 from thread_viewer')).toEqual([]);
      rig.startApi('api');
      await until(() => client.hellos > hellos, { within: PATIENCE });
      const wamids = [before, ...meanwhile, await write()];
      await until(() => wamids.every((wamid) => client.has(wamid)), { within: PATIENCE });

      // A line that was cut, which Socket.IO mends by itself; not a refusal, which it would take for an answer.
      expect(client.losses.at(-1)).toMatch(/^transport (close|error)$/);
      const first = client.seqs[0]!;
      expect(client.seqs).toEqual(Array.from({ length: client.events.size }, (_, index) => first + index));
    },
    300_000,
  );
});
