import type { FlowGraph, FlowPosition, FlowRule } from './flow-graph.js';
import type { FlowBranch, FlowStep } from './flow-step.js';
import { plainText } from './fold.js';
import { isLoop, withRestart, withStepTaken } from './loop-guard.js';
import type { FlowEdge, FlowInput, Move } from './move.js';
import { atStep, beginning, besides, cleared, isUnderWay } from './position.js';
import { greetingRule, isRestart } from './restart-words.js';
import { isAnswer, ruleFor } from './rule-match.js';

/** Answers are kept so long. */
const ANSWER_LENGTH = 1024;
/** What the guard against loops calls the house's menu; no step has that key. */
const HOUSE_MENU = '';

/** A flow at the moment of an input. */
interface Scene {
  /** The version that answers first, then the other one. */
  readonly versions: readonly FlowGraph[];
  readonly newest: FlowGraph;
  readonly at: FlowPosition;
  readonly now: Date;
}

/**
 * What the flow makes of what a customer wrote or tapped (S2.20, S2.31-S2.33, S2.39): words that begin anew, taps, what a step asked for,
 * rules; nothing else is guessed.
 * @param graph the version of the position; the newest where there is no position
 * @param newest says which steps are there and active: that holds at once, for all (S2.100)
 */
export function take(
  graph: FlowGraph,
  newest: FlowGraph,
  position: FlowPosition | undefined,
  input: FlowInput,
  now: Date,
): Move {
  const scene = sceneOf(graph, newest, position, now);
  if (input.type === 'tap') return tapped(scene, input.id);
  if (isRestart(newest, input.text)) return restarted(scene, input.text);
  if (input.isGreeting) return greeted(scene, input.text);
  const asking = openStep(scene);
  if (asking?.collects) return collected(scene, asking, input.text);
  const rule = ruleFor(scene.versions[0]!, input.text);
  return rule ? ruled(scene, rule) : { type: 'none', position: scene.at };
}

/** What is said when neither the flow nor anybody else recognises what a customer wrote or tapped (S2.33); `none` without a fallback. */
export function fallBack(graph: FlowGraph, newest: FlowGraph, position: FlowPosition | undefined, now: Date): Move {
  return fallen(sceneOf(graph, newest, position, now));
}

/** A conversation goes on with the version that it began with, until it has come to an end there (D16). */
function sceneOf(graph: FlowGraph, newest: FlowGraph, position: FlowPosition | undefined, now: Date): Scene {
  const at = position ?? beginning(newest.version);
  if (isUnderWay(graph, at)) return { versions: [graph, newest], newest, at, now };
  return { versions: [newest, graph], newest, at: { ...at, flowVersion: newest.version }, now };
}

function tapped(scene: Scene, id: string): Move {
  for (const [version, step] of stepsByNearness(scene)) {
    const branch = step.branches.find((candidate) => candidate.id === id);
    if (branch) return branched(scene, version, step, branch);
  }
  return { type: 'none', position: scene.at };
}

/** The step that is open first: ids are the merchant's to give, and may be there twice. */
function* stepsByNearness(scene: Scene): Generator<[FlowGraph, FlowStep]> {
  const open = openStep(scene);
  if (open) yield [scene.versions[0]!, open];
  for (const version of scene.versions) for (const step of version.steps) yield [version, step];
}

function branched(scene: Scene, version: FlowGraph, step: FlowStep, branch: FlowBranch): Move {
  const edge = { version: version.version, fromKey: step.key, edge: branch.id };
  const at = { ...scene.at, flowVersion: version.version, state: branch.nextState ?? scene.at.state };
  if (branch.nextTemplateKey === undefined)
    return { type: 'ended', edge, position: { ...at, lastTemplateKey: undefined, openKey: undefined } };
  return sent(scene, version, branch.nextTemplateKey, edge, at) ?? fallen(scene);
}

/**
 * All is forgotten, and the guard is told: a person who restarts is heard, and two programs are stopped again. Leads by the rule for the word,
 * else as greetings do, else to the house's menu; never to the fallback, which says that it did not understand.
 */
function restarted({ newest, at, now }: Scene, text: string): Move {
  const anew = { versions: [newest], newest, at: withRestart(cleared(at, newest.version), now), now };
  const edge = { version: newest.version, fromKey: '', edge: 'restart' };
  const [own, greeting] = [ruleFor(newest, text), greetingRule(newest)?.action.templateKey];
  const menu = housed(anew, edge);
  const start = greeting === undefined ? menu : (sent(anew, newest, greeting, edge, anew.at, menu) ?? menu);
  if (!own) return start;
  const [key, otherwise] = [own.action.templateKey, own.action.templateKey === greeting ? menu : start];
  return sent(anew, newest, key, { ...edge, edge: own.id }, anew.at, otherwise) ?? otherwise;
}

/** "Hi" asks for the house's menu, unless the merchant's rules want it; either way the conversation begins anew. */
function greeted({ newest, at, now }: Scene, text: string): Move {
  const anew = { versions: [newest], newest, at: cleared(at, newest.version), now };
  const rule = ruleFor(newest, text);
  return rule ? ruled(anew, rule) : { type: 'none', position: anew.at };
}

function collected(scene: Scene, asking: FlowStep, text: string): Move {
  const { as, pattern, nextTemplateKey, nextState, invalidTemplateKey } = asking.collects!;
  const [version, answer] = [scene.versions[0]!, plainText(text)];
  const from = { version: version.version, fromKey: asking.key };
  if (
    answer !== '' &&
    answer.length <= ANSWER_LENGTH &&
    (pattern === undefined || isAnswer(version, pattern, answer))
  ) {
    const answers = { ...scene.at.answers, [as]: answer };
    const at = { ...scene.at, state: nextState ?? scene.at.state, answers };
    return sent(scene, version, nextTemplateKey, { ...from, edge: 'collects' }, at) ?? fallen({ ...scene, at });
  }
  const edge = { ...from, edge: 'invalid' };
  const told = invalidTemplateKey === undefined ? undefined : sent(scene, version, invalidTemplateKey, edge, scene.at);
  return stillOpen(told ?? sent(scene, version, asking.key, edge, scene.at), scene) ?? fallen(scene);
}

/** A step that only says that something was not understood. */
function stillOpen(move: Move | undefined, { versions, at }: Scene): Move | undefined {
  if (move?.type !== 'send') return move;
  return { ...move, position: besides(versions[0]!, at, move.position, move.step) };
}

function ruled(scene: Scene, rule: FlowRule): Move {
  const version = scene.versions[0]!;
  const edge = { version: version.version, fromKey: '', edge: rule.id };
  return sent(scene, version, rule.action.templateKey, edge, scene.at) ?? fallen(scene);
}

function fallen(scene: Scene): Move {
  const nothing: Move = { type: 'none', position: scene.at };
  for (const version of scene.versions) {
    const edge = { version: version.version, fromKey: '', edge: 'fallback' };
    const key = version.fallbackTemplateKey;
    const move = key === undefined ? undefined : stillOpen(sent(scene, version, key, edge, scene.at, nothing), scene);
    if (move) return move;
  }
  return nothing;
}

/** The fallback, unless that is what cannot be said. */
function insteadOf(key: string, scene: Scene): Move {
  const move = fallen(scene);
  return move.type === 'send' && move.step.key === key ? move.otherwise : move;
}

/** Undefined: the step is not there, or the merchant has since removed it or switched it off (S2.100). */
function sent(
  scene: Scene,
  version: FlowGraph,
  key: string,
  edge: FlowEdge,
  at: FlowPosition,
  otherwise = insteadOf(key, scene),
): Move | undefined {
  const { newest, now } = scene;
  const step = version.steps.find((candidate) => candidate.key === key);
  if (!step || !newest.steps.some((current) => current.key === key && current.isActive)) return undefined;
  if (isLoop(at, key, now)) return withheld(scene);
  const position = { ...atStep(at, version.version, key), ...withStepTaken(at, key, now) };
  return { type: 'send', step, edge, position, otherwise };
}

/** The guard counts the house's menu as a step. */
function housed(scene: Scene, edge: FlowEdge): Move {
  const { at, now } = scene;
  if (isLoop(at, HOUSE_MENU, now)) return withheld(scene);
  return { type: 'menu', edge, position: { ...at, ...withStepTaken(at, HOUSE_MENU, now) } };
}

function withheld({ at, now }: Scene): Move {
  return { type: 'withheld', reason: 'loop', position: { ...at, withheldAt: now } };
}

function openStep({ versions, at }: Scene): FlowStep | undefined {
  return isUnderWay(versions[0]!, at) ? versions[0]!.steps.find(({ key }) => key === at.openKey) : undefined;
}
