import { playDemo } from '../../scripts/demo-story.ts';
import { PLATFORM_KEY } from '../setup/config.js';
import { Rig } from './rig.js';

/** What must be told, in this order; other lines may stand between. */
const STORY = [
  /Asha Traders add a due: Ravi Kumar owes ₹5,000\.00 until /,
  /NoDue plans 3 reminders: /,
  /\+919876543210 {2}writes {4}"hi"/,
  /\+919876543210 {2}read {6}"Welcome to No-Due! Please select an option below:" {2}\[Current Due\]/,
  /\+919876543210 {2}taps {6}"Current Due"/,
  /\+919876543210 {2}read {6}"You owe /,
  /09:00 {2}\+919876543210 {2}read {6}"Hello Ravi Kumar, a gentle reminder: ₹5,000\.00 falls due on /,
  /09:00 {2}\+919876543210 {2}read {6}"Hello Ravi Kumar, a gentle reminder: /,
  /09:00 {2}\+919876543210 {2}read {6}"Hello Ravi Kumar, ₹5,000\.00 is due today, .* {2}\[Pay today\]/,
  /\+919876543210 {2}taps {6}"Pay today"/,
  /\+919876543210 {2}read {6}"Thank you! /,
  /NoDue notes a promise to pay by .*; reminders wait until /,
  /Nothing was paid: the promise is broken/,
  /10:30 {2}\+919876543210 {2}read {6}"Hello Ravi Kumar, ₹5,000\.00 was due on /,
  /Not sent yet: the customer promised to pay by .*; reminders wait until .*, 10:30\./,
  /Handed over to be sent: nothing stood in the way\./,
  /Ravi Kumar pays ₹5,000\.00; the due is settled/,
  /Silence: 4 reminders were sent for this due, and none since it was paid/,
  /Your turn: /,
];

describe('The demo tells the story of a due without anybody doing anything (S0.1, S0.2, S0.5)', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await Rig.start();
  });
  afterAll(() => rig.stop());

  it.each(['first', 'second'])('at its %s start, within a minute', async () => {
    const lines: string[] = [];
    const ends = new AbortController();
    const { apiUrl: api, sandboxUrl: sandbox } = rig;
    await playDemo({ api, sandbox, platformKey: PLATFORM_KEY }, ends.signal, (line) => {
      lines.push(line);
      if (line.startsWith('Your turn')) ends.abort();
    });
    let from = 0;
    for (const told of STORY) {
      const at = lines.findIndex((line, index) => index >= from && told.test(line));
      expect({ told, lines: at < 0 ? lines : [] }).toEqual({ told, lines: [] });
      from = at + 1;
    }
  });

  it('and each reminder left once, as the stand-in for WhatsApp counts', async () => {
    const templates = (await rig.ledger()).filter(({ type }) => type === 'template');
    expect(templates).toHaveLength(8);
  });
});
