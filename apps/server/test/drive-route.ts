/** One route under any request, and whether the answer is one of its row. */
import assert from 'node:assert/strict';
import {
  COMMON_ERRORS,
  parseJson,
  parseRefusal,
  routeNamed,
  WIRE_ERRORS,
  type RouteName,
} from '@latchkey/protocol/wire';
import type { TestServer } from '../src/testing/index.ts';
import { pass, type TestOwner } from './test-owner.ts';

export interface RouteDriver {
  authorizationFor(name: RouteName): Promise<string>;
  post(name: RouteName, body: string | Uint8Array<ArrayBuffer>, authorization: string): Promise<Response>;
}

const ofAuth = { none: [], session: ['session_invalid', 'account_suspended'], pass: ['pass_invalid'] } as const;

export function routeDriver({ origin }: Pick<TestServer, 'origin'>, owner: TestOwner): RouteDriver {
  return {
    authorizationFor: async (name) =>
      routeNamed(name).auth === 'pass' ? pass(owner) : (owner.wire.authorization ?? ''),
    post: (name, body, authorization) =>
      fetch(origin + routeNamed(name).path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body,
      }),
  };
}

/** Whatever was sent, the answer fits the route's row. @returns the code of a refusal, or null */
export async function checkedAnswer(name: RouteName, response: Response): Promise<string | null> {
  const route = routeNamed(name);
  if (response.ok) {
    if (route.gives === 'stream') {
      await response.body?.cancel();
      return null;
    }
    if (route.gives === 'blob' || route.gives === 'text') {
      await response.arrayBuffer();
      return null;
    }
    const text = await response.text();
    assert.notEqual(parseJson(route.response, text), null, `${name}: ${text.slice(0, 200)}`);
    return null;
  }
  const refusal = parseRefusal(await response.text());
  assert.ok(refusal !== null, `${name}: status ${response.status} without a code`);
  assert.equal(response.status, WIRE_ERRORS[refusal.code]);
  assert.notEqual(refusal.code, 'internal', name);
  const listed: readonly string[] = [...route.errors, ...COMMON_ERRORS, ...ofAuth[route.auth]];
  assert.ok(listed.includes(refusal.code), `${name} answers ${refusal.code}, which its row does not list`);
  return refusal.code;
}
