import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { Config } from '../config/config.js';
import { newId } from '../../kernel/ids.js';
import { toProblem } from './problem.js';

/** Bytes of a request body where a route does not say otherwise. */
export const BODY_LIMIT = 1024 * 1024;

const SANE_REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The HTTP server, before any module is wired to it. */
export function fastifyAdapter(config: Config): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy: trustHops(config.TRUSTED_PROXY_HOPS),
    requestIdHeader: false,
    genReqId: ({ headers }: { headers: IncomingHttpHeaders }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : newId();
    },
    // Of a whole request, also of one that is long by its nature: `endSlowBodies` knows the difference. Headers have Node's minute.
    requestTimeout: 0,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: { maxParamLength: 512 },
    // Raised before any route, hook or filter is known: a path that cannot be decoded, for one.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const problem = { ...toProblem(error), requestId: request.id };
      void reply
        .code(problem.status)
        .header('content-type', 'application/problem+json; charset=utf-8')
        .header('x-request-id', request.id)
        .serializer((payload: unknown) => payload as string)
        .send(JSON.stringify(problem));
    },
  });
}

/**
 * Believes X-Forwarded-For for so many hops, and only from a peer of the own network: a stranger who reaches the port directly
 * cannot choose his address (F61).
 */
function trustHops(hops: number): false | ((address: string, hop: number) => boolean) {
  if (hops === 0) return false;
  return (address, hop) => hop < hops && (hop > 0 || OWN_NETWORK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'));
}

const OWN_NETWORK = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  OWN_NETWORK.addSubnet(network, prefix, 'ipv4');
OWN_NETWORK.addAddress('::1', 'ipv6');
OWN_NETWORK.addSubnet('fc00::', 7, 'ipv6');
OWN_NETWORK.addSubnet('fe80::', 10, 'ipv6');
