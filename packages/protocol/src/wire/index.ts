/** Door `./wire`: what clients and servers say to each other. */
export { arrivalHash, type HashedArrival } from './arrival-hash.ts';
export { decodeBodyWithItems, encodeBodyWithItems, type BodyWithItems } from './body-with-items.ts';
export { decodeBytes, encodeBytes } from './bytes.ts';
export { COMMON_ERRORS, WIRE_ERRORS, type WireErrorCode } from './error-codes.ts';
export { formatInvitation, parseInvitation, type Invitation } from './invitation.ts';
export { BODY_HASH_HEADER, encodeJson, parseFields, parseJson, parseRefusal, type WireRefusal } from './json.ts';
export * as limits from './limits.ts';
export { isReservedName } from './reserved-names.ts';
export type { Auth, BodyKind, RequestOf, ResponseOf, Route } from './route.ts';
export { decodeShortHeader, encodeShortHeader, isShortHeader } from './short-header.ts';
export { ROUTE_NAMES, ROUTES, routeNamed, type RouteName } from './routes/index.ts';
